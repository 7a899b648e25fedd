"""What each score says of digits that are spoiled more and more.

    python -m benchmarks.corruptions         measures what is not stored yet; interrupted, it goes on
    python -m benchmarks.corruptions ship    writes `gan_edu/data/corruptions.json`, for notebook 07's corruption bench

Two may run side by side: each takes draws that the other has not begun.

A draw is a fresh choice of digits, real, fake and seen, none twice. Each is spoiled at all levels and scored; a cell of
the table holds the mean over the draws, and the least and largest value. About 60 CPU-minutes.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path

import torch

from gan_edu.core.measures.mnist_scores import feature_net
from gan_edu.core.measures.score import embedded
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.evaluation import CORRUPTIONS, Splits, corrupted, digit_scores, parzen, splits, wasserstein

STORED = Path(__file__).parent / "results" / "corruptions"
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "corruptions.json"
COUNTS = (100, 200, 500, 1000)
DRAWS = 20
DIGITS = 4  # significant, of what is stored


def measured(digits: Splits) -> dict[str, list[dict[str, float]]]:
    """{corruption: a level's scores by name} of one draw."""
    net = feature_net()
    real, fake, seen = (embedded(net, images) for images in (digits.real, digits.fake, digits.seen))
    scores = digit_scores(seen)

    def told(images: torch.Tensor, features: torch.Tensor) -> dict[str, float]:
        found = {
            name: float(score.measure(real.double(), features.double()))
            for name, score in scores.items()
            if score.least <= len(images)
        }
        pixels = ((digits.real.double() + 1) / 2, (images.double() + 1) / 2)  # [0, 1], as in 2014
        return {**found, "W₂, exact": wasserstein(real.double(), features.double()), "Parzen": parzen(*pixels)}

    untouched = told(digits.fake, fake)
    return {
        name: [untouched]
        + [told(images := corrupted(digits, name, level), embedded(net, images)) for level in corruption.levels[1:]]
        for name, corruption in CORRUPTIONS.items()
    }


def run() -> None:
    print(f"about {3 * DRAWS} CPU-minutes in all; what is stored is not measured again", flush=True)
    STORED.mkdir(parents=True, exist_ok=True)
    for draw in range(DRAWS):
        for count in COUNTS:
            place, begun = STORED / f"{count}_{draw}.json", STORED / f"{count}_{draw}.begun"
            if place.exists():
                continue
            try:
                os.close(os.open(begun, os.O_CREAT | os.O_EXCL))
            except FileExistsError:  # the other job has it
                continue
            try:
                started = time.process_time()
                found = measured(splits(count, seed=1000 * draw + count))
                durable.write(place, as_json(found).encode())
                print(f"draw {draw}, {count:,} digits: {time.process_time() - started:.0f} CPU-seconds", flush=True)
            finally:
                begun.unlink()


def ship() -> None:
    names = [*digit_scores(torch.zeros(2, 96)), "W₂, exact", "Parzen"]
    draws = {
        count: [json.loads((STORED / f"{count}_{draw}.json").read_text()) for draw in range(DRAWS)] for count in COUNTS
    }
    cells = {
        corruption: [
            [[_cell(draws[count], corruption, level, name) for name in names] for count in COUNTS]
            for level in range(len(about.levels))
        ]
        for corruption, about in CORRUPTIONS.items()
    }
    about = {name: {"levels": list(c.levels), "unit": c.unit} for name, c in CORRUPTIONS.items()}
    content = {"draws": DRAWS, "counts": list(COUNTS), "scores": names, "corruptions": about, "cells": cells}
    durable.write(SHIPPED, (as_json(content, separators=(",", ":")) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def _cell(draws: list[dict], corruption: str, level: int, name: str) -> list[float] | None:
    """[mean, least, largest] over the draws; None where the count is too small for the score."""
    found = [draw[corruption][level][name] for draw in draws if name in draw[corruption][level]]
    if len(found) < len(draws):
        return None
    return [float(f"{each:.{DIGITS}g}") for each in (statistics.mean(found), min(found), max(found))]


if __name__ == "__main__":
    ship() if sys.argv[1:] == ["ship"] else run()
