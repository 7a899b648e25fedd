"""Checks of notebook 11_modern."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from gan_edu.exercises import Feedback, check, correct, not_attempted, sayer, wrong

say = sayer(__name__)


@check
def own_truncation(function: Callable) -> Feedback:
    """A function (w (N, styles), mean (1, styles), psi) → styles nearer to the mean."""
    w, mean = torch.tensor([[1.0, 5.0], [3.0, -1.0]]), torch.tensor([[2.0, 1.0]])
    given = function(w.clone(), mean.clone(), 0.7)
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != w.shape:
        return wrong(say("truncationShape"))
    for other, words in (
        (0.7 * w, "truncationZero"),
        (w + 0.7 * (mean - w), "truncationOther"),
        (0.7 * (w - mean), "truncationNoMean"),
        (w, "truncationNothing"),
    ):
        if torch.allclose(given, other):
            return wrong(say(words))
    right = torch.allclose(given, mean + 0.7 * (w - mean))
    return correct(say("truncationRight")) if right else wrong(say("truncationWrong"))


class _Bowl(nn.Module):
    """C(x) = a/2 Σ x² + Σ b x, so that ∇C = a x + b."""

    def __init__(self, a: float = 1.5):
        super().__init__()
        self.a, self.b = nn.Parameter(torch.tensor(a).double()), torch.tensor([1.0, -2.0, 0.5]).double()

    def forward(self, x: Tensor) -> Tensor:
        return (self.a / 2 * x.square() + self.b * x).sum(1, keepdim=True)


@check
def own_penalties(function: Callable) -> Feedback:
    """A function (C, x (N, F), fake (N, F), gamma) → R1 + R2, a scalar that C can learn from."""
    stream = torch.Generator().manual_seed(0)
    C, gamma = _Bowl(), 0.4
    x, fake = torch.randn(2, 5, 3, generator=stream).double()
    given = function(C, x.clone(), fake.clone(), gamma)
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.numel() != 1:
        return wrong(say("penaltiesShape"))
    slopes = [(C.a * each + C.b).detach() for each in (x, fake)]
    first, second = (gamma / 2 * slope.square().sum(1).mean() for slope in slopes)
    value = given.detach().double().reshape(())
    for other, words in (
        (first, "penaltiesR1Alone"),
        (second, "penaltiesR2Alone"),
        (2 * (first + second), "penaltiesNoHalf"),
        ((first + second) / 2, "penaltiesMean"),
        (sum(gamma / 2 * slope.square().mean() for slope in slopes), "penaltiesPixels"),
        (sum(gamma / 2 * slope.square().sum(1).sqrt().mean() for slope in slopes), "penaltiesRoot"),
        (sum(gamma / 2 * slope.square().sum() for slope in slopes), "penaltiesSum"),
        ((first + second) / len(x) ** 2, "penaltiesOfMean"),
    ):
        if torch.allclose(value, torch.as_tensor(other)):
            return wrong(say(words))
    if not torch.allclose(value, first + second):
        return wrong(say("penaltiesWrong"))
    if not given.requires_grad:
        return wrong(say("penaltiesNoGraph"))
    return correct(say("penaltiesRight"))


@check
def own_step(function: Callable) -> Feedback:
    """A function (x_t (N, F), v (N, F), t, s) → x_s: one step of a diffusion from time t to s, with nothing drawn."""
    stream = torch.Generator().manual_seed(0)
    x, noise = torch.randn(2, 4, 3, generator=stream).double()
    (a, b), (c, d) = ((math.cos(math.pi * t / 2), math.sin(math.pi * t / 2)) for t in (0.8, 0.3))
    x_t, v = a * x + b * noise, a * noise - b * x
    given = function(x_t.clone(), v.clone(), 0.8, 0.3)
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != x.shape:
        return wrong(say("stepShape"))
    for other, words in (
        (x, "stepPicture"),
        (noise, "stepNoise"),
        (c * x + d * x_t, "stepOldNoise"),
        (d * x + c * noise, "stepSwapped"),
        (x_t, "stepStays"),
    ):
        if torch.allclose(given.double(), other):
            return wrong(say(words))
    right = torch.allclose(given.double(), c * x + d * noise)
    return correct(say("stepRight")) if right else wrong(say("stepWrong"))


@check
def own_share(function: Callable) -> Feedback:
    """A function (before, after), FIDs of two rungs by seed → the share of pairs of seeds in which after is lower."""
    before, after = [30.0, 20.0, 25.0, 40.0], [25.0, 22.0, 41.0]
    given = function(list(before), list(after))
    if given is ...:
        return not_attempted()
    if not isinstance(given, int | float) or not math.isfinite(given):
        return wrong(say("shareShape"))
    below, same = sum(a < b for b in before for a in after), sum(a == b for b in before for a in after)
    pairs = len(before) * len(after)
    for other, words in (
        ((pairs - below - same / 2) / pairs, "shareOther"),
        (below / pairs, "shareTies"),
        ((below + same) / pairs, "shareTies"),
        (below + same / 2, "shareCount"),
        (sum(a < b for b, a in zip(before, after, strict=False)) / len(after), "shareMatched"),
    ):
        if math.isclose(given, other):
            return wrong(say(words))
    right = math.isclose(given, (below + same / 2) / pairs)
    return correct(say("shareRight")) if right else wrong(say("shareWrong"))
