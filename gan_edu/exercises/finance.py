"""Checks of notebook 17_finance."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.exercises import Feedback, check, correct, not_attempted, sayer, wrong

say = sayer(__name__)


@check
def own_prices(function: Callable) -> Feedback:
    """A function (start, returns (T,)) → prices (T + 1,), each evening, the start first; returns: log-returns."""
    start, r = 50.0, torch.tensor([0.02, -0.05, 0.03, 0.01]).double()
    given = function(start, r.clone())
    if given is ...:
        return not_attempted()
    right = start * torch.cat([r.new_zeros(1), r.cumsum(0)]).exp()
    if isinstance(given, Tensor) and given.shape == r.shape and _near(given, right[1:]):
        return wrong(say("pricesNoStart"))
    if not isinstance(given, Tensor) or given.shape != right.shape:
        return wrong(say("pricesShape"))
    steps = torch.cat([r.new_zeros(1), r])
    return _first_that_fits(
        given,
        (start * (1 + steps).cumprod(0), "pricesSimple"),
        (start * (1 + steps.cumsum(0)), "pricesSimple"),
        (start + steps.cumsum(0), "pricesSum"),
        (start * steps.exp(), "pricesEachAlone"),
        (steps.cumsum(0).exp(), "pricesFromOne"),
        (steps.cumsum(0), "pricesLog"),
        (start * (-steps.cumsum(0)).exp(), "pricesSign"),
        right=right,
        words=("pricesRight", "pricesWrong"),
    )


@check
def own_autocorrelation(function: Callable) -> Feedback:
    """A function (x (T,), lag) → Σ (x_t − m)(x_(t+lag) − m) / Σ (x_t − m)², with one mean m of all days."""
    stream = torch.Generator().manual_seed(0)
    x, lag = torch.randn(40, generator=stream).double().cumsum(0).abs() + 1, 3
    given = function(x.clone(), lag)
    if given is ...:
        return not_attempted()
    if (found := _number(given)) is None:
        return wrong(say("autocorrelationShape"))
    c, early, late = x - x.mean(), x[:-lag], x[lag:]
    right = ((c[:-lag] * c[lag:]).sum() / c.square().sum()).item()
    both = torch.stack([early, late])
    for other, words in (
        ((early * late).sum() / x.square().sum(), "autocorrelationMean"),
        ((c[:-lag] * c[lag:]).mean() / c.square().mean(), "autocorrelationMeans"),
        (torch.corrcoef(both)[0, 1], "autocorrelationTwoMeans"),
        ((c[:-lag] * c[lag:]).mean(), "autocorrelationNotDivided"),
        ((c[:-lag] * c[lag:]).sum(), "autocorrelationNotDivided"),
        ((c * c.roll(lag)).sum() / c.square().sum(), "autocorrelationRound"),
        ((c[:-1] * c[1:]).sum() / c.square().sum(), "autocorrelationLagOne"),
    ):
        if math.isclose(found, other.item(), rel_tol=1e-6):
            return wrong(say(words))
    if not math.isclose(found, right, rel_tol=1e-6):
        return wrong(say("autocorrelationWrong"))
    return correct(say("autocorrelationRight"))


@check
def own_kupiec(function: Callable) -> Feedback:
    """A function (hits, days, level) → Kupiec's statistic, 2 [log-likelihood at hits/days − that at level]."""
    hits, days, p = 19, 1000, 0.01
    given = function(hits, days, p)
    if given is ...:
        return not_attempted()
    if (found := _number(given)) is None:
        return wrong(say("kupiecShape"))
    rate = hits / days
    up, down = hits * math.log(rate / p), (days - hits) * math.log((1 - rate) / (1 - p))
    for other, words in (
        (up + down, "kupiecHalf"),
        (2 * up, "kupiecMissesOnly"),
        (2 * down, "kupiecMissesOnly"),
        (-2 * (up + down), "kupiecSign"),
        (2 * (up + down) / math.log(10), "kupiecLog"),
        (2 * (up + down) / days, "kupiecMean"),
        (2 * days * (p * math.log(p / rate) + (1 - p) * math.log((1 - p) / (1 - rate))), "kupiecTurned"),
        ((rate - p) / math.sqrt(p * (1 - p) / days), "kupiecNormal"),
        ((rate - p) ** 2 / (p * (1 - p) / days), "kupiecNormal"),
    ):
        if math.isclose(found, other, rel_tol=1e-6):
            return wrong(say(words))
    if not math.isclose(found, 2 * (up + down), rel_tol=1e-6):
        return wrong(say("kupiecWrong"))
    return _without_hits(function)


def _without_hits(function: Callable) -> Feedback:
    """A calm year has no day beyond VaR at all: 0 · log 0 is 0."""
    try:
        found = _number(function(0, 250, 0.01))
    except (ValueError, ZeroDivisionError):
        found = None
    fits = found is not None and math.isclose(found, -500 * math.log(0.99), rel_tol=1e-5)
    return correct(say("kupiecRight")) if fits else wrong(say("kupiecNone"))


@check
def own_variances(function: Callable) -> Feedback:
    """A function (e (T,), omega, alpha, beta, first) → σ² (T + 1,) of GARCH, beginning with `first`."""
    e = torch.tensor([0.01, -0.03, 0.0, 0.02, -0.01]).double()
    omega, alpha, beta, first = 2e-6, 0.1, 0.85, 1e-4
    given = function(e.clone(), omega, alpha, beta, first)
    if given is ...:
        return not_attempted()
    right = _recursion(e, omega, alpha, beta, first)
    if isinstance(given, Tensor) and given.shape == e.shape and _near(given, right[:-1]):
        return wrong(say("variancesTomorrow"))
    if not isinstance(given, Tensor) or given.shape != right.shape:
        return wrong(say("variancesShape"))
    return _first_that_fits(
        given,
        (right.sqrt(), "variancesRoot"),
        (_recursion(e, omega, beta, alpha, first), "variancesTurned"),
        (_recursion(e, 0.0, alpha, beta, first), "variancesNoOmega"),
        (_recursion(e.abs().sqrt(), omega, alpha, beta, first), "variancesNoSquare"),
        (_recursion(e, omega, alpha, 0.0, first), "variancesNoMemory"),
        (_recursion(e, omega, 0.0, beta, first), "variancesNoNews"),
        (_recursion(e.roll(-1), omega, alpha, beta, first), "variancesAhead"),
        right=right,
        words=("variancesRight", "variancesWrong"),
    )


def _recursion(e: Tensor, omega: float, alpha: float, beta: float, first: float) -> Tensor:
    found = [first]
    for each in e.tolist():
        found.append(omega + alpha * each**2 + beta * found[-1])
    return e.new_tensor(found)


# ------------------------------------------------------------------ what they share


def _near(given: Tensor, right: Tensor) -> bool:
    return torch.allclose(given.detach().double(), right, rtol=1e-5, atol=1e-12)


def _number(given: object) -> float | None:
    """One number, as a number or a tensor of one; None of anything else."""
    if isinstance(given, Tensor) and given.numel() == 1:
        given = given.item()
    return None if isinstance(given, bool) or not isinstance(given, int | float) else float(given)


def _first_that_fits(given: Tensor, *others: tuple[Tensor, str], right: Tensor, words: tuple[str, str]) -> Feedback:
    """Correct, the word of the first wrong answer that this is, or that it is wrong. words: of the first and last."""
    if _near(given, right):
        return correct(say(words[0]))
    return wrong(say(next((told for other, told in others if _near(given, other)), words[1])))
