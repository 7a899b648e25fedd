"""A corruption bench of two corruptions, three levels and three scores, whose verdicts are plain to see."""

from types import SimpleNamespace

import torch

from gan_edu.core.measures.score import Score
from gan_edu.widgets import CorruptionBench

BASE = {"distance": [1.0, 0.8, 1.2], "share": [0.9, 0.8, 0.95], "needy": [4.0, 3.0, 5.0]}
FOUND = {  # at level 1 and 2, of 1,000 samples
    "blur": {
        "distance": ([1.1, 0.9, 1.3], [9.0, 8.0, 10.0]),
        "share": ([0.7, 0.6, 0.75], [0.1, 0.05, 0.2]),
        "needy": ([4.0, 2.0, 6.0], [2.0, 1.5, 2.5]),
    },
    "my own": {
        "distance": ([0.5, 0.4, 0.6], [3.0, 2.0, 4.0]),
        "share": ([0.97, 0.96, 0.99], [0.9, 0.8, 0.95]),
        "needy": ([4.5, 4.0, 6.0], [30.0, 20.0, 40.0]),
    },
}
LEVEL2 = {  # what is read off these numbers by hand
    "blur": {"distance": "sees it", "share": "sees it", "needy": "fooled"},
    "my own": {"distance": "sees it", "share": "blind", "needy": "sees it"},
}
SCORES = {
    "distance": SimpleNamespace(better="lower"),
    "share": SimpleNamespace(better="higher"),
    "needy": SimpleNamespace(better="lower"),
}
LEVELS = {"blur": [0, 0.5, 2.0], "my own": [0, 1, 3]}


def table():
    """As benchmarks.corruptions stores one; of 200 samples the last score has no value."""

    def level(found):
        values = [found[name] for name in BASE]
        return [[*values[:2], None], values]

    cells = {
        corruption: [level(BASE), *(level({name: each[k] for name, each in found.items()}) for k in (0, 1))]
        for corruption, found in FOUND.items()
    }
    about = {name: {"levels": levels, "unit": "units"} for name, levels in LEVELS.items()}
    return {"draws": 20, "counts": [200, 1000], "scores": list(BASE), "corruptions": about, "cells": cells}


def draw(count, seed):
    """Pictures (count, 1, 8, 8), each of one shade: the real ones, and those that are spoiled."""
    shades = torch.rand(2, count, 1, 1, 1, generator=torch.Generator().manual_seed(seed)) - 0.75
    real, fake = shades.expand(2, count, 1, 8, 8)
    return SimpleNamespace(real=real, fake=fake)


def spoil(digits, corruption, level):
    """blur: each is lighter by 0.3 a level; my own: half of them are white."""
    if corruption == "blur":
        return digits.fake + 0.3 * level
    return digits.fake.clone().index_fill(0, torch.arange(0, len(digits.fake), 2), 1.0) if level else digits.fake


def brightness():
    """A score of one's own, which sees blur and is called on pictures."""
    return Score("brightness", lambda real, fake: abs((real.mean() - fake.mean()).item()))


def small_bench(**options):
    return CorruptionBench(table(), SCORES, draw, spoil, **options)
