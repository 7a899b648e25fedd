"""How much may be lost in a day, said beforehand and counted afterwards. Used in notebook 17_finance.

    risk = at_risk(samples, 0.01)                     of samples: what 99 of 100 days do not lose, and the mean beyond
    risk = conditional(mean, scale, shocks, 0.01)     one for each day, r = mean + scale · shock
    beyond = returns < -risk.value                    (T,), the days on which more was lost
    kupiec(beyond, 0.01).p                            is that one day in a hundred?
    christoffersen(beyond, 0.01).p                    and does one such day say nothing of the next?
    joint_loss(returns, risk, 0.01)                   which of two models is better; the true one has the least

Losses are positive. Kupiec (1995), "Techniques for verifying the accuracy of risk measurement models"; Christoffersen
(1998), "Evaluating interval forecasts"; Fissler and Ziegel (2016), "Higher order elicitability and Osband's principle",
arXiv 1503.08123, in the form of Patton, Ziegel and Chen (2019), arXiv 1707.05108; Acerbi and Szekely (2014),
"Back-testing expected shortfall". A p-value says how often a right model looks as bad or worse: with few exceedances
many wrong models pass, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from scipy.special import xlogy
from scipy.stats import chi2
from torch import Tensor

from gan_edu.core.safety.checked import function, kind, real
from gan_edu.core.training.tensors import NUMBERS, tensor

LEAST = 10  # samples that lie in a tail


class Risk(NamedTuple):
    """value (…): VaR, the loss that a share `level` of days exceeds; shortfall (…): the mean loss on such days."""

    value: Tensor
    shortfall: Tensor


class Verdict(NamedTuple):
    """statistic: a likelihood ratio, ≥ 0; p: how often a right model has one as large, by χ² for many days."""

    statistic: float
    p: float


# ------------------------------------------------------------------ said beforehand


def at_risk(samples: Tensor, level: float = 0.01) -> Risk:
    """VaR and expected shortfall of samples of a day's return (…, M): of their lowest share, k = level · M of them.

    VaR = −(the k-th lowest), ES = −(mean of the k lowest). Raises ValueError for fewer than 10 in the tail.
    """
    lowest = _tail(samples, level)
    return Risk(-lowest[..., -1], -lowest.mean(-1))


def conditional(
    mean: Tensor, scale: Tensor, shocks: Tensor, level: float = 0.01, back: Callable[[Tensor], Tensor] | None = None
) -> Risk:
    """The same for each of T days: r = back(mean_t + scale_t · shock), (T,), of one set of shocks (M,).

    scale > 0; back: a rising function, (T, k) → (T, k), of nothing by default. As it rises, the lowest stay the lowest.
    """
    mean, scale = _days("mean", mean), _days("scale", scale)
    if mean.shape != scale.shape or not (scale > 0).all():
        raise ValueError(f"mean and scale > 0 must be (T,), got {tuple(mean.shape)} and {tuple(scale.shape)}")
    lowest = mean[:, None] + scale[:, None] * _tail(shocks, level)  # (T, k)
    lowest = lowest if back is None else function("back", back, "(T, k) → (T, k)")(lowest)
    return Risk(-lowest[:, -1], -lowest.mean(1))


def _tail(samples: Tensor, level: float) -> Tensor:
    """The k lowest (…, k), rising."""
    samples, level = tensor("samples", samples, NUMBERS).double(), _level(level)
    if not samples.isfinite().all():
        raise ValueError("samples of returns must be finite: look at the model that made them")
    count = samples.shape[-1] if samples.ndim else 0
    k = round(level * count)
    if k < LEAST:
        raise ValueError(f"of {count} samples {k} lie in the tail of {level:g}: draw {round(LEAST / level)} or more")
    return samples.topk(k, largest=False).values


# ------------------------------------------------------------------ counted afterwards


def kupiec(beyond: Tensor, level: float = 0.01) -> Verdict:
    """Unconditional coverage: 2 [x log(p̂/p) + (T − x) log((1 − p̂)/(1 − p))] ~ χ²(1), p̂ = x/T, p the level.

    beyond: (T,) bool, the x days on which more than VaR was lost.
    """
    beyond, p = _beyond(beyond), _level(level)
    x, days = int(beyond.sum()), len(beyond)
    return _verdict(_log_likelihood(x, days, x / days) - _log_likelihood(x, days, p), 1)


def independence(beyond: Tensor) -> Verdict:
    """Whether a day beyond VaR makes the next likelier: a chain of two states against a coin, ~ χ²(1).

    With n_ij days in j after one in i: 2 [log L(π₀₁, π₁₁) − log L(π)], π_i1 = n_i1/(n_i0 + n_i1).
    """
    (n00, n01), (n10, n11) = _transitions(_beyond(beyond))
    chain = _log_likelihood(n01, n00 + n01) + _log_likelihood(n11, n10 + n11)
    return _verdict(chain - _log_likelihood(n01 + n11, n00 + n01 + n10 + n11), 1)


def christoffersen(beyond: Tensor, level: float = 0.01) -> Verdict:
    """Both at once: Kupiec's statistic of all but the first day, and that of independence, ~ χ²(2)."""
    beyond = _beyond(beyond)
    return _verdict((kupiec(beyond[1:], level).statistic + independence(beyond).statistic) / 2, 2)


def _log_likelihood(hits: int, days: int, p: float | None = None) -> float:
    """Of a coin that shows `hits` of `days`; p: the best there is by default. 0 log 0 = 0."""
    p = (hits / days if days else 0.0) if p is None else p
    return float(xlogy(hits, p) + xlogy(days - hits, 1 - p))


def _transitions(beyond: Tensor) -> list[list[int]]:
    states = 2 * beyond[:-1].long() + beyond[1:].long()
    return torch.bincount(states, minlength=4).view(2, 2).tolist()


def _verdict(difference: float, freedom: int) -> Verdict:
    statistic = max(0.0, 2 * difference)
    return Verdict(statistic, float(chi2.sf(statistic, freedom)))


# ------------------------------------------------------------------ which model is better


def quantile_loss(returns: Tensor, value: Tensor, level: float = 0.01) -> float:
    """E[(level − 1{r < q}) (r − q)] with q = −VaR: the true quantile has the least. In units of returns."""
    r, q = _days("returns", returns), -_days("VaR", value)
    return ((_level(level) - (r < q).double()) * (r - q)).mean().item()


def joint_loss(returns: Tensor, risk: Risk, level: float = 0.01) -> float:
    """E[1{r < q} (q − r) / (level · s) + q/(−s) + log s − 1], q = −VaR, s = ES > 0: the true pair has the least.

    "FZ0" of Patton, Ziegel and Chen (2019). Of two models the lower; its number alone says nothing. Raises
    ValueError where s ≤ 0, as when a model sees no losses.
    """
    r, q = _days("returns", returns), -_days("VaR", kind("risk", risk, Risk).value)
    s = _days("shortfall", risk.shortfall)
    if not (s > 0).all():
        raise ValueError("an expected shortfall of 0 or less is a gain: this loss takes losses only")
    return ((r < q) * (q - r) / (_level(level) * s) - q / s + s.log() - 1).mean().item()


def shortfall_missed(returns: Tensor, risk: Risk, level: float = 0.01) -> float:
    """Z₂ = 1 + Σ r 1{r < −VaR} / (T · level · ES): 0 where it is right, below 0 where more was lost than said.

    Acerbi and Szekely (2014). It sees both: too many days beyond VaR, and too much lost on them.
    """
    r, value, s = (_days("days", each) for each in (returns, risk.value, risk.shortfall))
    return (1 + (r * (r < -value) / s).mean() / _level(level)).item()


def _level(level: float) -> float:
    return real("level", level, above=0, below=0.5)


def _days(name: str, x: Tensor) -> Tensor:
    x = tensor(name, x, NUMBERS).double()
    if x.ndim != 1 or not len(x) or not x.isfinite().all():
        raise ValueError(f"{name} must be (T,) finite numbers, one for each day, got the shape {tuple(x.shape)}")
    return x


def _beyond(beyond: Tensor) -> Tensor:
    x = tensor("beyond", beyond, (torch.bool,))
    if x.ndim != 1 or len(x) < 3:
        raise ValueError(f"beyond must be (T,) of T ≥ 3 days, got the shape {tuple(x.shape)}")
    return x
