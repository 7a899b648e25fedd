"""Chapter 15's sentences: numbers in English and French, and what D's verdict adds to likelihood in the same time.

`benchmarks.translation` runs this. It needs num2words.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from benchmarks.stored_runs import FIVE
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.number_words import in_symbols, in_words, said, vocabulary
from gan_edu.core.measures.bleu import bleu, exact
from gan_edu.core.training.translator import SentenceCritic, Translator, by_likelihood, by_verdict
from gan_edu.losses import non_saturating
from gan_edu.training_loop import GAN, adam, train

NUMBERS = {
    "method": "likelihood",  # or "verdict"
    "likelihood": 0.0,  # its weight beside the verdict
    "units": 64,
    "pairs": 10_000,
    "first": 200,  # steps of likelihood that both begin with
    "more": 550,  # of likelihood; of a verdict as many as take the same time
    "lr": 2e-3,
    "g_lr": 2e-3,  # after the first
    "d_lr": 1e-3,
    "d_first": 0,  # of the verdict's steps as many, in which D learns alone
    "batch": 64,
    "seed": 0,
}
A_VERDICT, BOTH = 4.0, 5.0  # steps of likelihood that one with a verdict takes as long as: see `cost`
ASKED = 1000


class Sentences(NamedTuple):
    """Numbers in English and French; the first ASKED are not learned from."""

    source: Tensor
    target: Tensor
    words: tuple[tuple[str, ...], tuple[str, ...]]
    right: list[str]


@cache
def sentences(count: int, test: bool) -> Sentences:
    """Numbers below a million, of another stream for runs than for trials; none is there twice."""
    stream = torch.Generator().manual_seed(1 if test else 0)
    numbers = torch.randperm(1_000_000, generator=stream)[: ASKED + count].tolist()
    both = [said(numbers, language) for language in ("en", "fr")]
    words = [vocabulary(each) for each in both]
    source, target = (in_symbols(each, of) for each, of in zip(both, words, strict=True))
    return Sentences(source, target, (words[0], words[1]), both[1][:ASKED])


def taught(s: dict) -> dict:
    """Likelihood first, then one of the two for as long; exact sentences and BLEU, before and after."""
    data = sentences(s["pairs"], s["seed"] >= min(FIVE))
    torch.manual_seed(s["seed"])
    sizes = [len(each) for each in data.words]
    G, D = Translator(*sizes, s["units"], data.target.shape[1]), SentenceCritic(*sizes, s["units"])
    batches = Batches(data.target[ASKED:].float(), s["batch"], s["seed"], conditions=data.source[ASKED:])
    gan = GAN(G, None, 0, g_optimizer=adam(G, s["lr"], (0.9, 0.999)), seed=s["seed"])
    spent(train(gan, batches, s["first"], step=by_likelihood()))
    before = scored(G, data)
    begun = time.process_time()
    optimizers = adam(G, s["g_lr"], (0.9, 0.999)), adam(D, s["d_lr"], (0.5, 0.999))
    if s["method"] == "likelihood":
        gan = GAN(G, None, 0, g_optimizer=optimizers[0], seed=s["seed"])
        spent(train(gan, batches, s["more"], step=by_likelihood()))
    else:
        gan = GAN(G, D, 0, non_saturating, *optimizers, seed=s["seed"])
        step = by_verdict(s["likelihood"], s["d_first"])
        spent(train(gan, batches, round(s["more"] / takes(s)), step=step))
    seconds = time.process_time() - begun
    return {"before": before, "after": scored(G, data), "cpu_seconds": round(seconds, 2)}


def takes(s: dict) -> float:
    """Steps of likelihood that one step of these settings takes as long as."""
    return 1.0 if s["method"] == "likelihood" else BOTH if s["likelihood"] else A_VERDICT


def spent(records: Iterator) -> None:
    for _ in records:
        pass


def scored(G: Translator, data: Sentences) -> dict[str, float]:
    """On numbers that were not learned from."""
    answers = in_words(G.translated(data.source[:ASKED]), data.words[1])
    return {"exact": exact(answers, data.right), "BLEU": round(bleu(answers, data.right), 5)}


def cost(steps: int = 60) -> None:
    """Print what steps cost, and how many of likelihood one with a verdict takes."""
    begun, per_step = {**NUMBERS, "d_first": 0}, {}
    ways = {"likelihood": {}, "verdict": {"method": "verdict"}, "both": {"method": "verdict", "likelihood": 1.0}}
    for name, way in ways.items():
        s = {**begun, **way}
        per_step[name] = taught({**s, "more": round(steps * takes(s))})["cpu_seconds"] / steps
        ratio = per_step[name] / per_step["likelihood"]
        print(f"{name}: {1e3 * per_step[name]:.1f} CPU-ms a step, {ratio:.2f} steps of likelihood", flush=True)
