"""Tables for the score table's tests: a small one made by hand, and a file as the tricks' benchmark stores it."""

import copy
import random

LOWER = {"key": "fid", "title": "FID", "unit": "10,000 samples", "better": "lower", "floor": 0.9, "log": True}
HIGHER = {"key": "modes", "title": "modes", "unit": "of 25", "better": "higher", "floor": None, "log": False}
SMALL = {
    "By hand": {
        "note": "Made by hand; five seeds.",
        "columns": [LOWER, HIGHER],
        "rows": [
            {
                "name": "base",
                "title": "Textbook",
                "group": "",
                "baseline": True,
                "facts": {"steps": 11000},
                "values": {"fid": [50, 60, 55, 70, 65], "modes": [20, 21, 22, 23, 24]},
            },
            {
                "name": "good",
                "title": "R1, γ 2",
                "group": "penalty",
                "facts": {"steps": 7666},
                "values": {"fid": [20, 24, 22, 30, 26.5], "modes": [24, 25, 25, 25, 25]},
            },
            {
                "name": "bad",
                "title": "Five steps",
                "group": "steps",
                "facts": {"steps": 3508},
                "values": {"fid": [90, 110, 95, 120, 200], "modes": [3, 4, 5, 6, 7]},
            },
            {
                "name": "mixed",
                "title": "Noise",
                "group": "input",
                "facts": {"steps": 11182},
                "values": {"fid": [49, 61, 54, 71, 64], "modes": [20, 21, 22, 23, 24]},
            },
            {
                "name": "short",
                "title": "EMA",
                "group": "average",
                "facts": {},
                "values": {"fid": [None, 40, 41, None, 43.5], "modes": [None, 20, 21, None, 23]},
            },
            {
                "name": "two",
                "title": "WGAN-GP",
                "group": "penalty",
                "facts": {"steps": 7865},
                "values": {"fid": [10, 12], "modes": [25, 25]},
            },
        ],
    },
    "Other": {
        "columns": [{"key": "js", "title": "JS", "better": "lower"}],
        "seeds": [7, 8, 9],
        "rows": [
            {"name": "base", "title": "Textbook", "baseline": True, "values": {"js": [0.3, 0.31, 0.32]}},
            {"name": "good", "title": "R1", "group": "penalty", "values": {"js": [0.1, 0.12, 0.35]}},
        ],
    },
}
ARMS = {
    "baseline": ("textbook", "", 11457),
    "k steps": ("5 steps of D for one of G", "schedule", 3508),
    "smoothing": ("one-sided smoothing, 0.9", "loss", 11744),
    "wgan_gp": ("WGAN-GP penalty, λ 10", "penalty", 7865),
    "rates": ("the settings of best without its tricks", "schedule", 7172),
    "r1": ("R1, γ 2", "penalty", 7666),
    "spectral": ("spectral norm of D", "network", 9638),
    "noise": ("instance noise 0.5, fading", "input", 11182),
    "two rates": ("two learning rates, D's 4 ×", "schedule", 11129),
    "ema": ("EMA of G, 0.999", "average", 10677),
    "best": ("relativistic, lazy R1 + R2, EMA", "together", 7000),
}


def small():
    """The table made by hand, to be spoilt."""
    return copy.deepcopy(SMALL)


def stored(seeds=range(5), arms=ARMS, groups=True):
    """What benchmarks/tricks.py stores, with made-up numbers."""
    settings = {"budget_cpu_seconds": {"mnist": 127.0, "grid": 127.0}, "samples": 10000, "torch": "2", "threads": 1}
    found = {"settings": {**settings, "when": "now"}, "arms": {}, "runs": []}
    for data in ("mnist", "grid"):
        found["arms"][data] = {
            name: {
                "label": label,
                **({"group": group} if groups else {}),
                "steps": steps,
                "ms_per_step": round(127000 / steps, 3),
            }
            for name, (label, group, steps) in arms.items()
        }
        found["runs"] += [_run(data, name, seed, k) for seed in seeds for k, name in enumerate(arms)]
    return found


def _run(data, name, seed, k):
    draw = random.Random(f"{data} {name} {seed}").uniform
    size = 0.75**k * draw(0.8, 1.25)
    run = {
        "data": data,
        "arm": name,
        "seed": seed,
        "steps": ARMS[name][2],
        "cpu_seconds": 127.0,
        "slopes": [round(draw(1, 9) * size, 5) for _ in range(10)],
    }
    if data == "mnist":
        return {
            **run,
            "fid": round(500 * size, 2),
            "fid_floor": 0.64,
            "class_kl": round(1.2 * size, 5),
            "confidence": round(1 - 0.2 * size, 4),
            "salt": round(0.01 * size, 5),
        }
    return {
        **run,
        "js": round(0.3 * size, 5),
        "kl": round(2 * size, 5),
        "modes": round(25 - 15 * size),
        "quality": round(1 - 0.3 * size, 5),
        "js_floor": 0.0052,
    }
