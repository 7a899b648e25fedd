"""What may be wrong with an answer to the fourth exercise on transfer: a mark, and how many keys were tried."""

from __future__ import annotations

import math
from functools import partial
from statistics import NormalDist

import torch
from torch import Tensor

from gan_edu.core.notebook import words as texts
from gan_edu.exercises import Feedback, wrong

say = partial(texts.say, "exercises.transfer")


def other_z(z: Tensor, r: Tensor, keys: Tensor) -> Feedback | None:
    """What is wrong with z, None for the right ones."""
    s, d, c = keys @ r, len(r), r - r.mean()
    right = s / r.norm()
    for other, words in (
        (s, "tracedNotDivided"),
        (s / d, "tracedMean"),
        (s / d**0.5, "tracedCount"),
        (s / r.square().sum(), "tracedNoRoot"),
        (s / r.abs().sum(), "tracedSizes"),
        (s / (r.norm() * d**0.5), "tracedCosine"),
        (s / (r.std() * d**0.5), "tracedSpread"),
        (s / (r.std(unbiased=False) * d**0.5), "tracedSpread"),
        (keys @ c / c.norm(), "tracedSpread"),
        ((s - s.mean()) / s.std(), "tracedAmongKeys"),
        ((s - s.mean()) / s.std(unbiased=False), "tracedAmongKeys"),
        (right.abs(), "tracedAbsolute"),
        (-right, "tracedSign"),
    ):
        if near(z, other):
            return wrong(say(words))
    return None if near(z, right) else wrong(say("tracedWrong", found=z[0].item(), right=right[0].item()))


def other_least(least: float, tries: int, chance: float, d: int) -> Feedback | None:
    """What is wrong with the threshold, None for Bonferroni's and for Šidák's, as z of independent keys are."""
    each = 1 - (1 - chance) ** (1 / tries)  # exactly, of independent ones
    if _alike(least, exceeded(chance / tries)) or _alike(least, exceeded(each)):
        return None
    told = {"accused": accused(least, tries), "allowed": round(1000 * chance), "keys": tries}
    for other, words in (
        (exceeded(chance), "leastAlone"),
        (exceeded(chance / 2), "leastTwoSided"),
        (exceeded(chance / tries / 2), "leastTwoSided"),
        (-exceeded(chance / tries), "leastSign"),
        (-exceeded(chance), "leastSign"),
        (exceeded(chance / d), "leastPixels"),
        (chance / tries, "leastProbability"),
        (chance, "leastProbability"),
        (1 - chance / tries, "leastProbability"),
        (exceeded(chance) * tries, "leastTimes"),
        (exceeded(chance) * tries**0.5, "leastTimes"),
        (exceeded(1 - (1 - chance) ** tries), "leastPower"),
    ):
        if _alike(least, other):
            return wrong(say(words, **told))
    return wrong(say("leastWrong", **told))


def exceeded(share: float) -> float:
    """The z that N(0, 1) exceeds with this probability."""
    return NormalDist().inv_cdf(1 - share)


def accused(least: float, tries: int) -> int:
    """Of 1,000 pictures without a mark, those of which some key's z is above; 1,000 where `least` is no number."""
    return round(1000 * (1 - NormalDist().cdf(least) ** tries)) if least == least else 1000


def near(found: Tensor, right: Tensor) -> bool:
    """Whether these are the same, but for rounding."""
    return torch.allclose(found, right, rtol=1e-4, atol=1e-7)


def _alike(found: float, right: float) -> bool:
    return math.isclose(found, right, rel_tol=1e-4)
