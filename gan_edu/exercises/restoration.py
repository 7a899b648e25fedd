"""Checks of notebook 13_restoration."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.exercises import Feedback, check, correct, not_attempted, sayer, wrong

say = sayer(__name__)


def _stream() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@check
def own_hole(function: Callable) -> Feedback:
    """A function (x (N, 1, H, W), top, left, side) → (seen, known): a black square, and 0 in known where it is."""
    x = 0.2 + 0.8 * torch.rand(3, 1, 10, 12, generator=_stream())
    given = x.clone()
    found = function(given, 2, 5, 4)
    if found is ...:
        return not_attempted()
    if not isinstance(found, tuple | list) or len(found) != 2 or not all(isinstance(each, Tensor) for each in found):
        return wrong(say("holePair"))
    if not torch.equal(given, x):
        return wrong(say("holeChanged"))
    seen, known = (each.to(x) for each in found)
    if seen.shape != x.shape or known.shape != x.shape:
        return wrong(say("holeShape"))
    right = torch.ones_like(x)
    right[:, :, 2:6, 5:9] = 0
    turned = torch.ones_like(x)
    turned[:, :, 5:9, 2:6] = 0
    for mask, words in ((1 - right, "holeInside"), (turned, "holeTurned"), (torch.ones_like(x), "holeNone")):
        if torch.equal(known, mask):
            return wrong(say(words))
    if not torch.equal(known, right):
        return wrong(say("holeElsewhere"))
    if torch.equal(seen, x):
        return wrong(say("holeTold"))
    return correct(say("holeRight")) if torch.equal(seen, x * right) else wrong(say("holeSeen"))


@check
def own_psnr(function: Callable) -> Feedback:
    """A function (restored, true, known), each (N, 1, H, W) → PSNR in dB over the pixels that are not known."""
    restored, true = torch.rand(2, 3, 1, 6, 6, generator=_stream()).double().unbind(0)
    known = (torch.rand(3, 1, 6, 6, generator=_stream()) < 0.4).double()
    given = function(restored.clone(), true.clone(), known.clone())
    if given is ...:
        return not_attempted()
    if isinstance(given, Tensor) and given.numel() != 1 or not isinstance(given, Tensor | int | float):
        return wrong(say("psnrShape"))
    value, wrongs = float(given), (restored - true).square()
    lost = wrongs[known == 0].mean()
    each = (wrongs * (1 - known)).sum((1, 2, 3)) / (1 - known).sum((1, 2, 3))
    others = {
        "psnrSign": 10 * torch.log10(lost),
        "psnrAll": -10 * torch.log10(wrongs.mean()),
        "psnrSpread": -10 * torch.log10((wrongs * (1 - known)).mean()),
        "psnrKnown": -10 * torch.log10(wrongs[known == 1].mean()),
        "psnrNatural": -10 * lost.log(),
        "psnrRoot": -20 * torch.log10(lost),
        "psnrEach": (-10 * torch.log10(each)).mean(),
        "psnrAbsolute": -20 * torch.log10((restored - true).abs()[known == 0].mean()),
    }
    for words, other in others.items():
        if math.isclose(value, other.item(), rel_tol=1e-5):
            return wrong(say(words))
    right = math.isclose(value, -10 * torch.log10(lost).item(), rel_tol=1e-5)
    return correct(say("psnrRight")) if right else wrong(say("psnrWrong"))


@check
def own_direction(function: Callable) -> Feedback:
    """A function (z (N, d), values (N,)) → the direction (d,), of length 1, along which the values grow."""
    z = (
        torch.randn(60, 3, generator=_stream()).double()
        @ torch.tensor([[1.0, 0.8, 0], [0, 1, 0], [0, 0, 0.5]]).double()
    )
    z = z + 2
    values = 5 + z @ torch.tensor([1.0, -2.0, 2.0]).double() + 0.1 * torch.randn(60, generator=_stream()).double()
    given = function(z.clone(), values.clone())
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.numel() != 3:
        return wrong(say("directionShape"))
    found, away, change = given.detach().double().flatten(), z - z.mean(0), values - values.mean()
    right = torch.linalg.lstsq(away, change[:, None]).solution[:, 0]
    unit = right / right.norm()
    through_zero = torch.linalg.lstsq(z, values[:, None]).solution[:, 0]
    if not torch.isfinite(found).all():
        return wrong(say("directionWrong"))
    for other, words in (
        (-unit, "directionOther"),
        (right, "directionLength"),
        (through_zero / through_zero.norm(), "directionNoConstant"),
        (through_zero, "directionNoConstant"),
        (_unit(away.T @ change), "directionCovariance"),
        (_unit(z.T @ values), "directionCovariance"),
    ):
        if torch.allclose(found, other, rtol=1e-3, atol=1e-4):
            return wrong(say(words))
    return correct(say("directionRight")) if torch.allclose(found, unit, atol=1e-4) else wrong(say("directionWrong"))


def _unit(way: Tensor) -> Tensor:
    return way / way.norm()


@check
def own_cycle(function: Callable) -> Feedback:
    """A function (F, B, x (N, d), y (N, d)) → E|B(F(x)) − x| + E|F(B(y)) − y|, one number."""
    x, y = torch.randn(2, 7, 3, generator=_stream()).double().unbind(0)
    weight = torch.tensor(1.5).double().requires_grad_()

    def forth(given: Tensor) -> Tensor:
        return weight * given + 1

    def back(given: Tensor) -> Tensor:
        return given.square() - 2

    given = function(forth, back, x.clone(), y.clone())
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.numel() != 1:
        return wrong(say("cycleShape"))
    ways = {"x": back(forth(x)) - x, "y": forth(back(y)) - y}
    both = ways["x"].abs().mean() + ways["y"].abs().mean()
    for other, words in (
        (ways["x"].abs().mean(), "cycleOne"),
        (ways["y"].abs().mean(), "cycleOne"),
        ((forth(back(x)) - x).abs().mean() + (back(forth(y)) - y).abs().mean(), "cycleOrder"),
        (ways["x"].square().mean() + ways["y"].square().mean(), "cycleSquare"),
        (ways["x"].abs().sum() + ways["y"].abs().sum(), "cycleSum"),
        (ways["x"].mean() + ways["y"].mean(), "cycleSigned"),
        ((forth(x) - x).abs().mean() + (back(y) - y).abs().mean(), "cycleHalf"),
        ((forth(y) - y).abs().mean() + (back(x) - x).abs().mean(), "cycleIdentity"),
        (both / 2, "cycleMean"),
    ):
        if torch.allclose(given.detach().double().reshape(()), other.detach()):
            return wrong(say(words))
    if not torch.allclose(given.detach().double().reshape(()), both.detach()):
        return wrong(say("cycleWrong"))
    if not given.requires_grad:
        return wrong(say("cycleNoGraph"))
    (slope,), (right,) = (torch.autograd.grad(each.sum(), weight, retain_graph=True) for each in (given, both))
    return correct(say("cycleRight")) if torch.allclose(slope, right) else wrong(say("cycleCut"))
