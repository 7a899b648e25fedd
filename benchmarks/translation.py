"""Chapter 15 measured: keys found, words found, and what a GAN does after likelihood.

    python -m benchmarks.translation trial cipher gumbel '{"g_lr": 0.02}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.translation run [cipher …]                         all runs that are not stored, seed by seed
    python -m benchmarks.translation table                                  medians and ranges
    python -m benchmarks.translation ship                                   `gan_edu/data/translation.json`, a deciphering

What was tuned was tuned on seeds 0–2; runs are of seeds 10–14. Of ciphers a seed is another key, too; G never sees the
half of the text that D learns English from.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, spread
from gan_edu.core.training.cycle import cycling
from gan_edu.losses import least_squares, wasserstein
from gan_edu.training_loop import GAN, Player, adam, train
from gan_edu.translation import (
    SYMBOLS,
    Critic,
    Decipher,
    by_frequency,
    letters,
    new_key,
    read,
    running_text,
    substituted,
    undone,
    unpaired,
    vigenere,
    windows,
)
from gan_edu.tricks import spectral_norm, wgan_gp

RUNS = StoredRuns(RESULTS / "translation.json")
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "translation.json"
LENGTH, WINDOWS = 60, 6000  # of the text that D learns from, and as many of another that is enciphered
START = {
    "way": "gumbel",
    "period": 1,
    "temperature": 1.0,
    "width": 64,
    "reach": 3,
    "g_lr": 0.05,
    "d_lr": 0.003,
    "d_steps": 5,
    "batch": 32,
    "steps": 500,
    "cycle": None,  # a weight, of a cycle with two generators
    "seed": 0,
}


@cache
def halves() -> tuple[Tensor, Tensor]:
    """English symbols, twice 360,000, of different chapters."""
    text, count = letters(" ".join(running_text("en"))), LENGTH * WINDOWS
    return text[:count], text[-count:]


def enciphered(text: Tensor, s: dict) -> Tensor:
    """By a key, or by as many shifts as the period is, of this seed."""
    stream = torch.Generator().manual_seed(s["seed"])
    if s["period"] == 1:
        return substituted(text, new_key(stream))
    return vigenere(text, torch.randperm(SYMBOLS, generator=stream)[: s["period"]].tolist())


def build(s: dict, plain: Tensor, hidden: Tensor):
    """(gan, batches, step) of these settings, for windows of both."""
    torch.manual_seed(s["seed"])
    G, D = Decipher(s["period"], s["way"], s["temperature"]), Critic(s["width"], s["reach"])
    batches = unpaired(plain, hidden, s["batch"], s["seed"])
    if s["cycle"] is None:
        optimizers = adam(G, s["g_lr"], (0.5, 0.9)), adam(D, s["d_lr"], (0.5, 0.9))
        pieces = {"d_steps": s["d_steps"], "d_penalties": [wgan_gp(10.0)], "seed": s["seed"]}
        return GAN(G, D, 0, wasserstein, *optimizers, **pieces), batches, None
    B, back = Decipher(s["period"], s["way"], s["temperature"]), spectral_norm(Critic(s["width"], s["reach"]))
    spectral_norm(D)
    others = {
        "back": Player(B, adam(B, s["g_lr"], (0.5, 0.9))),
        "back_discriminator": Player(back, adam(back, s["d_lr"], (0.5, 0.9))),
    }
    optimizers = adam(G, s["g_lr"], (0.5, 0.9)), adam(D, s["d_lr"], (0.5, 0.9))
    gan = GAN(G, D, 0, least_squares, *optimizers, others=others, seed=s["seed"])
    return gan, ((y, x) for x, y in batches), cycling(s["cycle"])


def deciphered(s: dict) -> dict:
    """Train once; shares that are right on the cipher text, at ten times."""
    begun, (known, secret) = time.process_time(), halves()
    hidden = enciphered(secret, s)
    gan, batches, step = build(s, windows(known, LENGTH), windows(hidden, LENGTH))
    way, due = [], {s["steps"] * k // 10 for k in range(1, 11)}
    for record in train(gan, batches, s["steps"], step=step):
        if record.step in due:
            way.append([record.step, round(read(gan.generator, hidden, secret).tokens, 5)])
    right = read(gan.generator, hidden, secret)
    ranked = by_frequency(hidden, known)[hidden] == secret
    return {
        "tokens": round(right.tokens, 5),
        "types": round(right.types, 5),
        "ranks": round(ranked.double().mean().item(), 5),
        "way": way,
        "cpu_seconds": round(time.process_time() - begun, 1),
    }


def measured(data: str, settings: dict) -> dict:
    """Train once and score."""
    return MEASURES[data]({**STARTS[data], **settings})


MEASURES = {"cipher": deciphered}
STARTS = {"cipher": START}


def main(what: str = "", *given: str) -> None:
    """The command."""
    torch.set_num_threads(1)
    if what == "trial":
        RUNS.trial(measured, *given)


if __name__ == "__main__":
    main(*sys.argv[1:])
