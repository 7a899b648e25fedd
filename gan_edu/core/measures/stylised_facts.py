"""What returns of nearly all markets have in common, as numbers with intervals. Used in notebook 17_finance.

    facts(paths)                              {"kurtosis": (N,), "clustering": (N,), …} of N paths
    intervals(returns)["clustering"]          the data's own value, and its 95 % by a bootstrap of blocks
    correlation(paths)                        of two series

Cont (2001), "Empirical properties of asset returns: stylized facts and statistical issues", lists them. Each takes
returns (…, T) and keeps what stands before T; independent Gaussian noise has 0 in all but the tail index. Sizes, |r|,
are remembered for months, signs are not: whoever shuffles a path keeps kurtosis, tail and skewness, and loses all else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import torch
from torch import Tensor

from gan_edu.core.safety.checked import flag, integer, kind, one_of, real, several
from gan_edu.core.training.tensors import WHOLE, tensor

SHARE = 0.05  # of days that are the tail
NEAR, FAR = range(1, 21), range(41, 61)  # lags, in days: a month, and two months later
MOVE, WAIT = 5.0, 250  # deviations of a day that a gain or loss has; days that it is waited for
BLOCK = 250  # days, the mean: blocks far longer than the longest lag


# ------------------------------------------------------------------ tails


def excess_kurtosis(r: Tensor) -> Tensor:
    """E[(r − μ)⁴] / σ⁴ − 3 of returns (…, T): 0 for a normal, above it where tails are heavier."""
    r = _centred(r)
    return r.pow(4).mean(-1) / r.square().mean(-1).square() - 3


def skewness(r: Tensor) -> Tensor:
    """E[(r − μ)³] / σ³ of returns (…, T): below 0 where large losses are larger than large gains."""
    r = _centred(r)
    return r.pow(3).mean(-1) / r.square().mean(-1).pow(1.5)


def tail_index(r: Tensor, share: float = SHARE) -> Tensor:
    """Hill's α of sizes |r| (…, T): P(|r| > x) ~ x^−α in the tail; moments of order α and more are infinite.

    1/α = (1/k) Σ log(|r|₍ᵢ₎ / |r|₍ₖ₊₁₎) over the k = share · T largest. Hill (1975). A normal's tail is no power, and
    has nearly 6 here. share: in (0, 0.5]. Raises ValueError where the tail is a single value.
    """
    sizes = _moving(r).abs()
    k = max(1, round(real("share", share, above=0, most=0.5) * sizes.shape[-1]))
    top = sizes.topk(k + 1).values
    if not (top[..., -1] > 0).all():
        raise ValueError("most returns are 0, so that the tail has no size to begin at: take a smaller share")
    inverse = (top[..., :-1] / top[..., -1:]).log().mean(-1)
    return 1 / inverse


# ------------------------------------------------------------------ memory


def autocorrelation(r: Tensor, lags: Iterable[int] = NEAR) -> Tensor:
    """corr(r_t, r_(t+k)) (…, K) of returns (…, T): Σ (r_t − μ)(r_(t+k) − μ) / Σ (r_t − μ)², with one μ for all.

    lags: each in [1, T − 1]. In independent noise of T days each is 0 ± 1/√T.
    """
    r = _centred(r)
    power = torch.fft.rfft(r, 2 * r.shape[-1]).abs().square()  # zeros behind it, so that no day meets an earlier one
    return torch.fft.irfft(power)[..., _lags(lags, r)] / r.square().sum(-1, keepdim=True)


def leverage(r: Tensor, lags: Iterable[int] = NEAR) -> Tensor:
    """corr(r_t, |r_(t+k)|) (…, K): below 0 where losses are followed by larger moves than gains are."""
    r = _moving(r)
    sign, size = _centred(r), _centred(r.abs())
    scale = (sign.square().sum(-1) * size.square().sum(-1)).sqrt()
    return torch.stack([(sign[..., :-k] * size[..., k:]).sum(-1) / scale for k in _lags(lags, r)], -1)


def _lags(lags: Iterable[int], r: Tensor) -> list[int]:
    return several("lags", lags, lambda name, lag: integer(name, lag, 1, r.shape[-1] - 1))


def gain_loss(r: Tensor, move: float = MOVE, wait: int = WAIT) -> Tensor:
    """E log τ₊ − E log τ₋ of returns (…, T), their mean taken away: above 0 where losses come faster than gains.

    τ±: days, from any day on, until prices have risen or fallen by `move` deviations of a day, and `wait` where it
    takes longer. Jensen, Johansen and Simonsen (2003), "Inverse statistics in economics: the gain-loss asymmetry".
    """
    r, wait = _centred(r), integer("wait", wait, 1, _moving(r).shape[-1] - 1)
    border = real("move", move, above=0) * r.square().mean(-1, keepdim=True).sqrt()
    prices = r.cumsum(-1)
    return _log_wait(prices, border, wait) - _log_wait(-prices, border, wait)


def _log_wait(prices: Tensor, border: Tensor, wait: int) -> Tensor:
    """E log τ (…) over the days of (…, T): those that wait are asked again each day, and become fewer."""
    goal, starts = prices + border, prices.shape[-1] - wait
    days = torch.full_like(prices[..., :starts], wait)
    waiting = torch.ones_like(days, dtype=torch.bool).nonzero(as_tuple=True)
    for k in range(1, wait):
        *path, day = waiting
        reached = prices[tuple([*path, day + k])] >= goal[waiting]
        days[tuple(each[reached] for each in waiting)] = k
        waiting = tuple(each[~reached] for each in waiting)
    return days.log().mean(-1)


# ------------------------------------------------------------------ all of one series, and two series

FACTS: dict[str, Callable[[Tensor], Tensor]] = {
    "kurtosis": excess_kurtosis,
    "tail": tail_index,
    "skewness": skewness,
    "memory": lambda r: autocorrelation(r).mean(-1),
    "clustering": lambda r: autocorrelation(r.abs()).mean(-1),
    "clustering_far": lambda r: autocorrelation(r.abs(), FAR).mean(-1),
    "leverage": lambda r: leverage(r).mean(-1),
    "gain_loss": gain_loss,
}


def facts(paths: Tensor, names: Iterable[str] = tuple(FACTS)) -> dict[str, Tensor]:
    """{name: (N,)} of paths (N, T), T > 250: mean over lags where a fact has some. Raises ValueError for a path that
    never moves, for what is not finite, and for other names."""
    if tensor("paths", paths, WHOLE).ndim != 2:
        raise ValueError(f"paths must be (N, T), got the shape {tuple(paths.shape)}")
    return {name: FACTS[one_of("a fact", name, FACTS)](paths.double()) for name in names}


def correlation(paths: Tensor, size: bool = False) -> Tensor:
    """Pearson's correlation (…) of two series (…, 2, T); size: of |r|, which shuffling one series' signs keeps."""
    paths = _moving(paths)
    if paths.ndim < 2 or paths.shape[-2] != 2:
        raise ValueError(f"two series (…, 2, T) are correlated, got the shape {tuple(paths.shape)}")
    one, other = _centred(paths.abs() if flag("size", size) else paths).unbind(-2)
    return (one * other).sum(-1) / (one.square().sum(-1) * other.square().sum(-1)).sqrt()


# ------------------------------------------------------------------ how sure one is of the data's own


class Interval(NamedTuple):
    """The data's value, and between which two the bootstrap's lie."""

    value: float
    low: float
    high: float


def block_bootstrap(days: int, draws: int, block: float = BLOCK, seed: int = 0) -> Tensor:
    """Which days (draws, days) int64: blocks that begin anywhere, go round at the end, and are geometric in length.

    block ≥ 1: their mean length; 1 draws each day alone. Politis and Romano (1994), "The stationary bootstrap". Between
    blocks memory is lost: a correlation of lag k shrinks to about (1 − 1/block)^k of it.
    """
    days, draws = integer("days", days, 1, 10**7), integer("draws", draws, 1, 10**6)
    stream = torch.Generator().manual_seed(integer("seed", seed))
    begins = torch.rand(draws, days, generator=stream) < 1 / real("block", block, 1)
    begins[:, 0] = True
    place = torch.arange(days).expand(draws, -1)
    last = torch.where(begins, place, 0).cummax(1).values  # where the block of each day begins
    start = torch.randint(days, (draws, days), generator=stream).gather(1, last)
    return (start + place - last) % days


def intervals(
    returns: Tensor,
    draws: int = 500,
    block: float = BLOCK,
    level: float = 0.95,
    seed: int = 0,
    names: Iterable[str] = tuple(FACTS),
) -> dict[str, Interval]:
    """{name: Interval} of the facts of returns (T,): quantiles over `draws` resampled series as long as the data."""
    level = real("level", level, above=0, below=1)
    if (r := _moving(returns)).ndim != 1:
        raise ValueError(f"returns must be (T,), got the shape {tuple(r.shape)}")
    own, drawn = facts(r[None], names), block_bootstrap(len(r), draws, block, seed)
    found: dict[str, list[Tensor]] = {name: [] for name in own}
    for part in drawn.split(50):
        for name, value in facts(r[part], own).items():
            found[name].append(value)
    ends = torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=torch.float64)
    quantiles = {name: torch.cat(value).quantile(ends).tolist() for name, value in found.items()}
    return {name: Interval(own[name].item(), *quantiles[name]) for name in own}


def within(values: Tensor, interval: Interval) -> bool:
    """Whether a model's median over paths (N,) lies in the data's own interval."""
    return interval.low <= tensor("values", values, WHOLE).median().item() <= kind("interval", interval, Interval).high


def _moving(r: Tensor) -> Tensor:
    """float64 returns. Raises ValueError for what is empty, not finite, or never moves."""
    x = tensor("returns", r, WHOLE).double()
    if not x.numel() or not x.shape[-1:] or x.shape[-1] < 3:
        raise ValueError(f"returns must be (…, T) with T ≥ 3, got the shape {tuple(x.shape)}")
    if not x.isfinite().all():
        raise ValueError("returns must be finite: leave gaps out before, or look at the model that made them")
    if (x == x[..., :1]).all(-1).any():
        raise ValueError("a series that never moves has no tails and no memory: look at the model that made it")
    return x


def _centred(r: Tensor) -> Tensor:
    x = _moving(r)
    return x - x.mean(-1, keepdim=True)
