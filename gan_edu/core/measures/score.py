"""A score of samples: a number, the interval it may lie in, and from how many samples it was made.

A score compares two sets of samples, real and fake. Drawn again, both sets would be others, and so would the number.
How much it moves is estimated by the jackknife: the samples are dealt into groups, the number is computed without one
group after the other, and these numbers' spread gives a standard error (Efron and Tibshirani 1993, "An introduction to
the bootstrap", chapter 11). The interval is one for the mean of other draws of the same count. Where the two sets are
alike it is too wide: tried on 30 to 100 draws, 1.2 to 2 times for FID, KID and shares in balls, 2.4 times for the
two-sample test. It then held that mean in 95 to 100 % of draws. So a small change may be called chance. It knows
nothing of a bias that the count brings: FID of few samples comes out too high, and its interval with it. Used from
notebook 07_evaluation on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gan_edu.core.data.pixels import scaled
from gan_edu.core.safety.checked import function, integer, one_of, short, text
from gan_edu.core.safety.interrupts import heard
from gan_edu.core.training.remark import from_zero_up
from gan_edu.core.training.streams import looking
from gan_edu.core.training.tensors import tensor

BETTER = ("lower", "higher")
CONFIDENCE = 0.95
PART = 250  # samples a pass of a network
WIDEST = 2.0  # pictures in [−1, 1] may overshoot; beyond ±2 they lie on another scale

Measure = Callable[[Tensor, Tensor], float]
Limits = tuple[float, float]
ANY = (-math.inf, math.inf)


class Scored(NamedTuple):
    """What a score found: its value, the ends of its 95 % interval, and n, the smaller count of samples."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.4g} ({self.low:.4g} to {self.high:.4g}), n = {self.n:,}"


@dataclass(frozen=True)
class Score:
    """`Score("mine", measure)` is called on `(real, fake)` and returns a `Scored`.

    measure: (real (N, …), fake (M, …)), both float64, → a number. features: what turns samples into what is measured,
    as `feature_net()`; None: they are measured as they are. better: "lower" or "higher". least: how many samples of
    each it needs. limits: what the number cannot leave. groups: of the jackknife; the measure is called groups + 1
    times. Samples stand in random order: every k-th is of one group, and some measures split them in halves.
    Raises ValueError, when called, for too few samples, samples that are not finite, that are all the same, that
    differ in shape, or pictures on another scale than [−1, 1]; TypeError for what are no tensors, and for a measure
    that returns no number.
    """

    name: str
    measure: Measure
    features: Callable[[Tensor], Tensor] | None = None
    better: str = "lower"
    least: int = 2
    limits: Limits = ANY
    groups: int = 20

    def __post_init__(self) -> None:
        text("name", self.name)
        function("measure", self.measure, "(real, fake) → a number")
        if self.features is not None:
            function("features", self.features, "samples → features (N, d)")
        one_of("better", self.better, BETTER)
        integer("least", self.least, 1)
        integer("groups", self.groups, 2, 1000)

    def __call__(self, real: Tensor, fake: Tensor) -> Scored:
        real, fake = self.seen("real", real), self.seen("fake", fake)
        if real.shape[1:] != fake.shape[1:]:
            raise ValueError(
                f"{self.name} compares samples of one shape, got real {tuple(real.shape)} and fake {tuple(fake.shape)}"
            )
        return self._scored(self.measure, real, fake, limits=self.limits)

    def moved(self, real: Tensor, before: Tensor, after: Tensor) -> Scored:
        """How far the score moves from fakes `before` to fakes `after`, both against the same real samples.

        Of the same samples with and without something, in the same order, the interval is narrow: what chance does to
        both leaves their difference. Raises as a call.
        """
        real, before, after = self.seen("real", real), self.seen("before", before), self.seen("after", after)
        if len(before) != len(after):
            raise ValueError(f"before and after must be as many, got {len(before):,} and {len(after):,}")

        def difference(real: Tensor, before: Tensor, after: Tensor) -> float:
            return self.number(self.measure(real, after)) - self.number(self.measure(real, before))

        return self._scored(difference, real, before, after)

    def seen(self, name: str, samples: Tensor) -> Tensor:
        """What is measured of samples: their features, or they themselves, float64. Raises as the class says."""
        if len(tensor(name, samples)) < self.least:
            raise ValueError(
                f"{self.name} needs {self.least:,} {name} samples or more, got {len(samples):,}: draw more"
                + (", or take a score that needs no covariance, such as KID" if self.least > 2 else "")
            )
        if samples.ndim == 4:
            on_scale(name, samples)
        found = samples if self.features is None else embedded(self.features, samples)
        found = found.double()
        if not found.isfinite().all():
            raise ValueError(
                f"{self.name}: {name} holds what is not finite (NaN or ∞) in "
                f"{int((~found.flatten(1).isfinite().all(1)).sum()):,} of {len(found):,} samples. A run that made them "
                "has failed: look at its losses"
            )
        if len(found) > 1 and (found == found[0]).all():
            raise ValueError(
                f"{self.name}: all {len(found):,} {name} samples are the same to it. Look at the samples: G gives one "
                "picture, or the network that makes the features is dead"
            )
        return found

    def number(self, given: Any) -> float:
        """What a measure gave, as a float. Raises TypeError, with this score's name, for what is no number."""
        try:
            if not isinstance(given, str):
                return float(given)
        except (TypeError, ValueError, RuntimeError):
            pass
        raise TypeError(f"{self.name}: its measure must return a number, got {short(given)}")

    def _scored(self, measure: Callable[..., float], *sets: Tensor, limits: Limits = ANY) -> Scored:
        """The measure of some sets, and its 95 % interval: each time all sets lack a group."""
        from scipy.stats import t

        value, smallest = self.number(measure(*sets)), min(map(len, sets))
        if (count := min(self.groups, smallest // 2)) < 2:
            return Scored(value, math.nan, math.nan, smallest)
        left = []
        for k in range(count):
            heard()  # it may take seconds, and may be left
            left.append(self.number(measure(*(_without(each, k, count) for each in sets))))
        spread = torch.tensor(left, dtype=torch.float64).std(unbiased=False).item()
        reach = float(t.ppf((1 + CONFIDENCE) / 2, count - 1)) * math.sqrt(count - 1) * spread
        return Scored(value, max(limits[0], value - reach), min(limits[1], value + reach), smallest)


def _without(samples: Tensor, k: int, count: int) -> Tensor:
    """All samples but every count-th, from the k-th on."""
    return samples[torch.arange(len(samples), device=samples.device) % count != k]


def on_scale(name: str, images: Tensor) -> Tensor:
    """Pictures, uint8 or in [−1, 1]. Raises ValueError, with the cure, for those on another scale."""
    if images.is_floating_point() and images.numel():
        if from_zero_up(images):
            raise ValueError(
                f"no pixel of the {name} pictures is below 0: they seem to lie in [0, 1] or 0…255. Scored is [−1, 1], "
                "where 0 is grey. Give 2 * x - 1 where they lie in [0, 1], x / 127.5 - 1 where in 0…255"
            )
        if images.abs().amax() > WIDEST:  # False for NaN, which is told apart
            raise ValueError(
                f"the {name} pictures reach {images.abs().amax().item():.3g}, and [−1, 1] is scored: were they "
                "standardised? Give x * std + mean, then 2 * x - 1"
            )
    return images


def embedded(features: Callable[[Tensor], Tensor], samples: Tensor) -> Tensor:
    """Features (N, d) of samples, a part after the other; a network in eval mode, which is given back as it was."""
    function("features", features, "samples → features (N, d)")
    return torch.cat([_part(features, part) for part in samples.split(PART)])


def _part(features: Callable[[Tensor], Tensor], part: Tensor) -> Tensor:
    heard()
    part = scaled(part)
    if not isinstance(features, nn.Module):
        return features(part)
    where = next(iter([*features.parameters(), *features.buffers()]), part)
    with looking(features):
        return features(part.to(where.device, torch.float32)).cpu()
