"""What each score sees, and what it is blind to: scores, corruptions of digits, verdicts. Belongs to 07_evaluation.

A score is built with what it needs and then called on `(real, fake)`: `Score(name, measure)` of
`core.measures.score`, whose answer has an interval. The measures stand in `core.measures.feature_scores` and
`core.measures.sample_scores`; their papers are named there. This module hands them on, names those of digits, and
has the corruptions with which a score is put to the test.

A good score gets worse when the samples do. To see whether it does, take fakes that cannot be told from real digits,
since they are real digits, and spoil them in one known way, more and more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.feature_scores import (
    class_divergence,
    coverage,
    density,
    frechet,
    inception_score,
    kernel_distance,
    maximum_mean_discrepancy,
    path_length,
    precision,
    recall,
    unbiased_frechet,
)
from gan_edu.core.measures.mnist_scores import FeatureNet, feature_net
from gan_edu.core.measures.sample_scores import (
    captured_modes,
    covered_modes,
    memorised,
    parzen,
    reverse_divergence,
    sliced_wasserstein,
    two_sample,
    wasserstein,
)
from gan_edu.core.measures.score import Score, Scored, embedded
from gan_edu.core.safety.checked import integer, kind, one_of, real
from gan_edu.core.training.streams import looking

if TYPE_CHECKING:
    from gan_edu.widgets import CorruptionBench

__all__ = [
    "CORRUPTIONS",
    "Corruption",
    "Score",
    "Scored",
    "bench",
    "captured_modes",
    "class_divergence",
    "corrupted",
    "coverage",
    "covered_modes",
    "density",
    "digit_scores",
    "embedded",
    "frechet",
    "inception_score",
    "kernel_distance",
    "maximum_mean_discrepancy",
    "memorised",
    "parzen",
    "path_length",
    "precision",
    "recall",
    "reverse_divergence",
    "sliced_wasserstein",
    "splits",
    "two_sample",
    "unbiased_frechet",
    "verdict",
    "wasserstein",
]

CLASSES = 10
MEASURED = Path(__file__).parent / "data" / "corruptions.json"  # by benchmarks.corruptions


# ------------------------------------------------------------------ digits, and what is done to them


@dataclass(frozen=True)
class Splits:
    """Digits that share none: real (what fakes are compared with), fake (a perfect G's), seen (what G was trained on).

    The real ones are MNIST's test digits, the others its training digits, which the scoring network has learned from.

    Each is (N, 1, 28, 28) in [−1, 1]; labels (N,) of the fakes.
    """

    real: Tensor
    fake: Tensor
    labels: Tensor
    seen: Tensor


def splits(count: int = 1000, seed: int = 0) -> Splits:
    """`count` digits each: real ones of the test set, fakes and seen ones of the training set. count: 2 to 10,000."""
    count = integer("count", count, 2, 10_000)
    stream = torch.Generator().manual_seed(integer("seed", seed))
    (images, labels), (test, _) = mnist(train=True), mnist(train=False)
    chosen = torch.randperm(len(images), generator=stream)[: 2 * count]
    of_test = torch.randperm(len(test), generator=stream)[:count]
    fakes, seen = chosen.split(count)
    return Splits(scaled(test[of_test]), scaled(images[fakes]), labels[fakes], scaled(images[seen]))


@dataclass(frozen=True)
class Corruption:
    """One way to spoil samples. levels: eight, from none on; unit: what they count; spoil(digits, level, stream)."""

    levels: tuple[float, ...]
    unit: str
    spoil: Callable[[Splits, float, torch.Generator], Tensor]


def _blurred(digits: Splits, sigma: float, stream: torch.Generator) -> Tensor:
    from torchvision.transforms.v2.functional import gaussian_blur

    return gaussian_blur(digits.fake, [2 * round(3 * sigma) + 3] * 2, [sigma] * 2)


def _noisy(digits: Splits, sigma: float, stream: torch.Generator) -> Tensor:
    return (digits.fake + sigma * torch.randn(digits.fake.shape, generator=stream)).clamp(-1, 1)


def _dropped(digits: Splits, count: float, stream: torch.Generator) -> Tensor:
    """Digits of the classes below `count` are replaced by others that are there."""
    gone = digits.labels < count
    others = digits.fake[~gone]
    if not len(others):
        raise ValueError(f"no digit of {count:.0f} to {CLASSES - 1} is among the {len(gone)}: take more digits")
    chosen = torch.randint(len(others), (int(gone.sum()),), generator=stream)
    fake = digits.fake.clone()
    fake[gone] = others[chosen]
    return fake


def _copied(digits: Splits, times: float, stream: torch.Generator) -> Tensor:
    """Each that is left stands there so many times, in random order."""
    count = len(digits.fake)
    kept = max(2, round(count / times))
    return digits.fake[torch.randperm(count, generator=stream) % kept]


def _memorised(digits: Splits, share: float, stream: torch.Generator) -> Tensor:
    count = round(share * len(digits.fake))
    return torch.cat([digits.seen[:count], digits.fake[count:]])


CORRUPTIONS: dict[str, Corruption] = {
    "blur": Corruption((0, 0.4, 0.6, 0.8, 1.0, 1.4, 2.0, 3.0), "σ, pixels", _blurred),
    "noise": Corruption((0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0), "σ, of [−1, 1]", _noisy),
    "dropped classes": Corruption((0, 1, 2, 3, 4, 5, 7, 9), "classes of 10", _dropped),
    "copies": Corruption((1, 2, 4, 8, 16, 32, 64, 128), "times each", _copied),
    "memorised": Corruption((0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0), "share", _memorised),
}


def corrupted(digits: Splits, name: str, level: float, seed: int = 0) -> Tensor:
    """The fakes (N, 1, 28, 28) spoiled in one way, the same at each call. level: within the corruption's levels.

    At the least of them the fakes stay as they are. Raises ValueError for another name or level, and where no digit
    is left of the classes that stay; TypeError for digits that are no `splits(…)`.
    """
    corruption, digits = CORRUPTIONS[one_of("name", name, CORRUPTIONS)], kind("digits", digits, Splits)
    least, most = corruption.levels[0], corruption.levels[-1]
    level = real("level", level, least, most)
    stream = torch.Generator().manual_seed(integer("seed", seed))
    return digits.fake if level == least else corruption.spoil(digits, level, stream)


# ------------------------------------------------------------------ scores of digits


def digit_scores(seen: Tensor | None = None, net: FeatureNet | None = None) -> dict[str, Score]:
    """Scores by name, each called on features (N, 96) of `net`; `replace(score, features=net)` takes pictures.

    seen: features of the samples that G was trained on; without them memory is not measured.
    """
    net = feature_net() if net is None else net

    def of_classes(measure: Callable[[Tensor, Tensor], float]) -> Callable[[Tensor, Tensor], float]:
        def told(real: Tensor, fake: Tensor) -> float:
            with looking(net):
                return measure(*(net.classify(each.float()).double() for each in (real, fake)))

        return told

    enough = net.num_features + 1  # for a covariance of full rank
    scores = [
        Score("FID", frechet, least=enough, limits=(0, float("inf"))),
        Score("FID∞", unbiased_frechet, least=4 * enough),
        Score("KID", kernel_distance),
        Score("MMD²", maximum_mean_discrepancy),
        Score("sliced W₂", sliced_wasserstein, limits=(0, float("inf"))),
        Score("Inception Score", of_classes(inception_score), better="higher", limits=(1, CLASSES)),
        Score("class KL", of_classes(class_divergence), limits=(0, float("inf"))),
        Score("precision", precision, better="higher", least=8, limits=(0, 1)),
        Score("recall", recall, better="higher", least=8, limits=(0, 1)),
        Score("density", density, better="higher", least=8, limits=(0, float("inf"))),
        Score("coverage", coverage, better="higher", least=8, limits=(0, 1)),
        Score("two-sample test", two_sample, least=12, limits=(0, 1)),
    ]
    if seen is not None:
        scores.append(Score("nearer to what G saw", memorised(seen), limits=(0, 1)))
    return {score.name: score for score in scores}


def verdict(score: Score, moved: Scored) -> str:
    """What a score says of spoiled samples, from `score.moved(real, before, after)`.

    "sees it": it gets worse. "fooled": it gets better. "blind": its interval holds 0, so that it may be chance. The
    bench has another rule: "blind" where the values of its draws, from least to largest, overlap with those untouched.
    """
    better = kind("score", score, Score).better
    if not (moved.low > 0 or moved.high < 0):
        return "blind"
    return "sees it" if (moved.value > 0) == (better == "lower") else "fooled"


def bench(own: Mapping[str, Score] | None = None, **state: object) -> CorruptionBench:
    """The corruption bench: all scores of spoiled digits, as they were measured, and scores of your own beside them.

    own: {"mine": Score("mine", …)}, called on pictures in [−1, 1], measured now. state: what is on show,
    `view="table"`, say. Raises as `CorruptionBench`.
    """
    from gan_edu.widgets import CorruptionBench

    slow = [Score("W₂, exact", wasserstein), Score("Parzen", parzen, better="higher")]
    scores = {**digit_scores(torch.zeros(2, feature_net().num_features)), **{score.name: score for score in slow}}
    return CorruptionBench(json.loads(MEASURED.read_text(encoding="utf-8")), scores, splits, corrupted, own, **state)
