"""Checks of notebook 05_tricks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

import torch
from torch import Tensor, nn

from gan_edu.core.measures.stored_scores import scores
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.penalties import slopes_at
from gan_edu.exercises import Feedback, check, close, correct, not_attempted, sayer, wrong

say = sayer(__name__)


@check
def smoothed(best: float) -> Feedback:
    """D* where p_data = 0.2 and p_g = 0.6, with the targets 0.9 and 0.1."""
    if close(best, 0.3):
        return correct(say("smoothedRight"))
    if close(best, 0.225):
        return wrong(say("smoothedOneSided"))
    if close(best, 0.25):
        return wrong(say("smoothedWithout"))
    if close(best, 0.7):
        return wrong(say("smoothedSwapped"))
    return wrong(say("smoothedFormula"))


@check
def rescaled(gamma: float) -> Feedback:
    """The γ of R1 that plays the same game on [0, 1] as γ = 2 on [−1, 1]."""
    if close(gamma, 0.5):
        return correct(say("rescaledRight"))
    if close(gamma, 8):
        return wrong(say("rescaledOtherWay"))
    if close(gamma, 1):
        return wrong(say("rescaledSquares"))
    if close(gamma, 2):
        return wrong(say("rescaledSame"))
    return wrong(say("rescaledFormula"))


@check
def own_penalty(function: Callable) -> Feedback:
    """A function (D, real, fake, alpha) → the mean of (‖∇l(x̂)‖ − 1)², l the logit, with x̂ = α x + (1 − α) G(z)."""
    D, real, fake, alpha = _situation()
    expected = _penalty(D, real, fake, alpha)
    given = function(*deepcopy((D, real, fake, alpha)))
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != ():
        return wrong(say("penaltyOneNumber", given=_shown(given)))
    if not torch.isclose(given, expected, rtol=1e-4):
        return wrong(
            next(
                (words for other, words in _mistakes(D, real, fake, alpha) if torch.isclose(given, other, rtol=1e-4)),
                say("penaltyFormula", given=f"{given:.4f}", expected=f"{expected:.4f}"),
            )
        )
    if not given.requires_grad:
        return wrong(say("penaltyNoGraph"))
    flat = deepcopy(D)
    for weight in flat.parameters():
        weight.data.zero_()
    pull = function(flat, *deepcopy((real, fake, alpha)))
    slopes = torch.autograd.grad(pull, list(flat.parameters()), materialize_grads=True)
    if not all(slope.isfinite().all() for slope in slopes):
        return wrong(say("penaltyNan"))
    return correct(say("penaltyRight"))


@check
def read_the_table(seeds_better: int, ranges_overlap: bool) -> Feedback:
    """Instance noise against the baseline, salt on MNIST: on how many seeds it is better, whether ranges overlap."""
    salt = {row["name"]: row["values"]["salt"] for row in scores("tricks")["MNIST"]["rows"]}
    pairs = [pair for pair in zip(salt["noise"], salt["baseline"], strict=True) if None not in pair]
    noise, plain = zip(*pairs, strict=True)
    if not 0 <= int(seeds_better) <= len(pairs):
        return wrong(say("tableSeedsRange", pairs=len(pairs)))
    if seeds_better != sum(a < b for a, b in pairs):
        return wrong(say("tableSeedBySeed"))
    overlap = max(noise) >= min(plain) and max(plain) >= min(noise)
    if ranges_overlap != overlap:
        return wrong(
            say(
                "tableRanges",
                noiseLeast=f"{min(noise):.0f}",
                noiseMost=f"{max(noise):.0f}",
                plainLeast=f"{min(plain):.0f}",
                plainMost=f"{max(plain):.0f}",
            )
        )
    ranges = "tableRangesOverlap" if overlap else "tableRangesApart"
    return correct(say(ranges, better=seeds_better, pairs=len(pairs)))


def _situation() -> tuple[nn.Module, Tensor, Tensor, Tensor]:
    """A small D and two batches of pictures (6, 2, 3), for which the usual mistakes give other numbers."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        net = mlp([6, 16, 1], slope=0.2)
        real, fake, alpha = torch.randn(6, 2, 3), 2 + torch.randn(6, 2, 3), torch.rand(6, 1, 1)
        for weight in net.parameters():
            weight.data.mul_(2)
    return nn.Sequential(nn.Flatten(), net), real, fake, alpha


def _penalty(D: nn.Module, real: Tensor, fake: Tensor, alpha: Tensor) -> Tensor:
    return (slopes_at(D, alpha * real + (1 - alpha) * fake) - 1).square().mean()


def _mistakes(D: nn.Module, real: Tensor, fake: Tensor, alpha: Tensor) -> Iterator[tuple[Tensor, str]]:
    """(what a usual mistake gives, what to say)."""
    x = (alpha * real + (1 - alpha) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(D(x).sum(), x)
    norms = gradient.flatten(1).norm(dim=1)
    yield (gradient.norm() - 1).square(), say("wholeBatchNorm")
    yield (
        (gradient.norm(dim=1) - 1).square().mean(),
        say("oneAxisNorm"),
    )
    yield (norms.square() - 1).square().mean(), say("squaredNorm")
    yield norms.square().mean(), say("drawnToZero")
    yield (norms - 1).square().sum(), say("sumOverBatch")
    yield _penalty(D, fake, real, alpha), say("swappedAlpha")
    yield _penalty(D, real, fake, alpha[:1]), say("oneAlpha")
    yield _penalty(D, real, real, alpha), say("onlyReal")


def _shown(value: object) -> str:
    return say("tensorOfShape", shape=tuple(value.shape)) if isinstance(value, Tensor) else type(value).__name__
