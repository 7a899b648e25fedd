"""Whether the plane's situations do what their buttons say, each trained on five seeds as the button trains it.

`python -m benchmarks.presets` takes about a quarter of an hour on one idle core, prints JSON and stores it in
results/presets.json; tests/unit/test_plane_presets.py reads that, and asks for it anew where a situation has changed.
"""

from __future__ import annotations

from pathlib import Path

import torch

from gan_edu.core.measures.mixture_scores import SAMPLES, Coverage
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.losses import LOSSES
from gan_edu.training_loop import GAN, train
from gan_edu.tricks import TRICKS
from gan_edu.widgets.plane import presets
from gan_edu.widgets.plane.build import Laboratory

RESULTS = Path(__file__).parent / "results" / "presets.json"
STEPS = {"collapse": 500, "circle": 600, "save": 700}
FROM, EVERY, SEEDS = 200, 20, 5  # looked at from this step on, every so many steps


def look(gan: GAN, coverage: Coverage, modes: torch.Tensor) -> dict:
    """The shares of the samples that have each mode as their nearest, and JS."""
    samples = gan.generate(gan.latents(SAMPLES))
    nearest = torch.cdist(samples, modes).argmin(1)
    shares = torch.bincount(nearest, minlength=len(modes)) / len(samples)
    return {"shares": shares.tolist(), "js": coverage.measure(samples)["js"]}


def run(name: str, seed: int) -> dict:
    """One situation on one seed, in numbers of its looks.

    crowded: the share of looks at which more than nine of ten samples are nearest to one mode. emptiest: the share of
    the emptiest mode, at most and at least. visited, moves: how many modes were once the fullest, and how often another
    one became so. js: at the end.
    """
    laboratory = Laboratory(GAN, LOSSES, {}, seed, tricks=TRICKS)
    laboratory.settings = presets.settings(laboratory, name)
    gan, batches = laboratory.build()
    coverage, modes = Coverage(batches.distribution), batches.distribution.modes.float()
    looks = [
        look(gan, coverage, modes)
        for record in train(gan, batches, STEPS[name])
        if record.step >= FROM and record.step % EVERY == 0
    ]
    fullest = [each["shares"].index(max(each["shares"])) for each in looks]
    emptiest = [min(each["shares"]) for each in looks]
    return {
        "seed": seed,
        "crowded": round(sum(max(each["shares"]) > 0.9 for each in looks) / len(looks), 2),
        "emptiest": [round(max(emptiest), 3), round(min(emptiest), 3)],
        "visited": len(set(fullest)),
        "moves": sum(a != b for a, b in zip(fullest, fullest[1:], strict=False)),
        "js": round(looks[-1]["js"], 3),
    }


def measure() -> dict:
    """All situations: {name: {"settings", "steps", "runs"}}."""
    torch.set_num_threads(1)
    return {
        name: {"settings": settings, "steps": STEPS[name], "runs": [run(name, seed) for seed in range(SEEDS)]}
        for name, settings in presets.PRESETS.items()
    }


if __name__ == "__main__":
    found = as_json(measure(), indent=1)
    durable.write(RESULTS, (found + "\n").encode())
    print(found)
