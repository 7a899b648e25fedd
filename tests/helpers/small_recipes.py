"""A recipe board of invented runs: what each ingredient does to a score, a curve and a tile is plain to see."""

import base64
import io
from itertools import product

import numpy as np
from PIL import Image

INGREDIENTS = {
    "pairs": ("pairs", "loss=relativistic"),
    "penalties": ("R1 and R2", "d_penalties=calm(gamma, gamma / 10, steps)"),
    "average": ("average of G", "after_step=[EMA(0.999)]"),
    "schedules": ("schedules", "after_step=[CosineDecay(steps, floor=0.25), Beta2(steps, 0.9, 0.99)]"),
    "residual": ("no normalisation", "G, D = ResidualGenerator(64), ResidualDiscriminator()"),
}
FACTOR = {"pairs": 0.98, "penalties": 0.4, "average": 0.5, "schedules": 0.85, "residual": 1.5}
SEEDS = {10: 1.0, 11: 0.93, 12: 1.08}  # what each makes of it
PLAIN = 80.0  # FID without an ingredient


def combinations(keys=tuple(INGREDIENTS)):
    """All recipes, each a tuple of what is on."""
    flags = product((False, True), repeat=len(keys))
    return [tuple(key for key, on in zip(keys, each, strict=True) if on) for each in flags]


def fid(on, seed):
    """What such a run ends with."""
    return PLAIN * np.prod([FACTOR[key] for key in on]) * SEEDS[seed]


def run(on, seed):
    """As a benchmark stores one: six looks, each nearer to what it ends with."""
    end = float(fid(on, seed))
    way = [{"cpu_seconds": 10.0 * k, "fid": end * (1 + 300 / PLAIN * (1 - k / 6) ** 3)} for k in range(1, 7)]
    steps = 2400 - 300 * len(on)
    told = {"fid": end, "recall": 0.5 + 0.05 * len(on), "steps": steps, "cpu_seconds": 60.0, "way": way}
    return {"on": list(on), "seed": seed, **told}


def png(picture):
    """A picture (H, W) of 0 to 255 as base64."""
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(picture, np.uint8)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def tile(on, rows=2, columns=3):
    """A grid of black tiles with a bright bar across for each ingredient, from the top, where that is on."""
    digit = np.zeros((28, 28))
    for k, key in enumerate(INGREDIENTS):
        digit[2 + 5 * k : 5 + 5 * k, 3:25] = 255 if key in on else 0
    return png(np.tile(digit, (rows, columns)))


def recipes(keys=tuple(INGREDIENTS), **changes):
    """The table. changes: of its parts."""
    all_ = combinations(keys)
    table = {
        "seconds": 60,
        "samples": 10_000,
        "floor": {"fid": 0.64},
        "ingredients": list(keys),
        "runs": [run(on, seed) for on in all_ for seed in SEEDS],
        "tiles": {"+".join(on): tile(on) for on in all_},
    }
    return {**table, **changes}
