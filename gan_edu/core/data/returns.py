"""Prices of a market as daily log-returns, cut by date and into windows. Used in notebook 17_finance.

    prices = market("sp500")                       dates and log-returns of 1999–2018; also "nasdaq", "wti"
    learned, tuned, held_out = split(prices)       by years that were fixed beforehand: YEARS
    windows(learned.values, 128)                   (N, 1, 128), each day's
    followed(learned.values, 16)                   (N, 1, 16) and their condition, the 64 days before

    r_t = log p_t − log p_(t−1)

which add up over days as prices multiply. The series come with `arch` (Sheppard), which a learner installs: its code is
NCSA's, of the series no licence is stated, so none of it is copied here, nor into a page or a recording.
"""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gan_edu.core.safety.checked import integer, kind, one_of
from gan_edu.core.training.tensors import NUMBERS, tensor

COLUMNS = {"sp500": "Adj Close", "nasdaq": "Adj Close", "wti": "DCOILWTICO"}
YEARS = (2008, 2012)  # the last that are learned from, the last that are tuned on; what follows is held out
LONGEST = 10  # days from a price to the next: closed for a week is the longest since 1986
PAST = 64  # returns that a model is given as condition


class Returns(NamedTuple):
    """values: (T, S) float64, the log-returns of S series; dates: (T,) datetime64[D], on which each day ends."""

    values: Tensor
    dates: np.ndarray


class Split(NamedTuple):
    """Years to learn from, to tune on, and held out."""

    learned: Returns
    tuned: Returns
    held_out: Returns


def market(name: str) -> Returns:
    """Daily log-returns (T, 1): the index "sp500" or "nasdaq" of 1999–2018, or the oil "wti" of 1986–2018.

    Days on which oil has no price, which are holidays, are left out. Raises ImportError, with the cure, where the
    package is missing, ValueError for another name.
    """
    name = one_of("name", name, COLUMNS)
    try:
        table = import_module(f"arch.data.{name}").load()[COLUMNS[name]].dropna()
    except ImportError as error:
        raise ImportError("series of markets need the package arch: pip install arch") from error
    dates = table.index.values.astype("datetime64[D]")
    kept = dates < np.datetime64("2019-01-01")
    prices, dates = torch.tensor(table.to_numpy(float)[kept], dtype=torch.float64), dates[kept]
    return Returns(log_returns(prices, dates)[:, None], dates[1:])


def log_returns(prices: Tensor, dates: np.ndarray | None = None) -> Tensor:
    """log p_t − log p_(t−1): prices (T,), T ≥ 3 → (T − 1,) float64, without a unit, 0.01 is about one percent.

    dates: (T,), of which none may be missing for more than ten days. Raises ValueError for a gap, a price that is
    missing, zero or negative, or a series that never moves.
    """
    prices = tensor("prices", prices, NUMBERS).detach().cpu().double()
    if prices.ndim != 1 or len(prices) < 3:
        raise ValueError(f"prices must be (T,) with T ≥ 3, got the shape {tuple(prices.shape)}")
    if not prices.isfinite().all():
        bad = (~prices.isfinite()).nonzero()[:, 0]
        raise ValueError(
            f"{len(bad)} of {len(prices)} prices are missing, number {int(bad[0])} first: leave those days out, "
            "prices[prices.isfinite()], and their dates too"
        )
    if not (prices > 0).all():
        bad = (prices <= 0).nonzero()[:, 0]
        raise ValueError(
            f"price number {int(bad[0])} is {prices[bad[0]]:g}, and only what is above 0 has a logarithm: take other "
            "years, or differences of prices, which are no returns"
        )
    _without_gaps(dates, len(prices))
    if (prices == prices[0]).all():
        raise ValueError(f"the price is always {prices[0]:g}: returns that are all 0 have no size and no tails")
    return prices.log().diff()


def _without_gaps(dates: np.ndarray | None, count: int) -> None:
    if dates is None:
        return
    dates = np.asarray(dates).astype("datetime64[D]")
    if dates.shape != (count,):
        raise ValueError(f"there are {count} prices and dates of the shape {dates.shape}: give one for each")
    days = np.diff(dates).astype(int)
    if count and (days <= 0).any():
        raise ValueError(f"dates must rise, and after {dates[:-1][days <= 0][0]} they do not: sort them")
    if (days > LONGEST).any():
        where = int((days > LONGEST).argmax())
        raise ValueError(
            f"from {dates[where]} to {dates[where + 1]} there is no price: one return would stand for {days[where]} "
            "days. Take the years before or after"
        )


def both(one: Returns, other: Returns) -> Returns:
    """Two markets side by side, (T, S₁ + S₂), of the days that both have. Raises ValueError where those are few.

    A day that one of them lacks is left out of the other, too, with its return.
    """
    kind("one", one, Returns)
    kind("other", other, Returns)
    dates, first, second = np.intersect1d(one.dates, other.dates, return_indices=True)
    if len(dates) < 2:
        raise ValueError(f"the two markets have {len(dates)} days in common: take series of the same years")
    return Returns(torch.cat([one.values[first], other.values[second]], 1), dates)


def split(returns: Returns) -> Split:
    """Years up to 2008 to learn from, 2009–2012 to tune on, 2013 on held out. Raises ValueError where one is empty."""
    years = kind("returns", returns, Returns).dates.astype("datetime64[Y]").astype(int) + 1970
    first, second = np.searchsorted(years, np.array(YEARS) + 1)
    if not 0 < first < second < len(years):
        raise ValueError(f"days must be there up to {YEARS[0]}, up to {YEARS[1]} and after, got {years[[0, -1]]}")
    cuts = zip((0, first, second), (first, second, len(years)), strict=True)
    return Split(*(Returns(returns.values[a:b], returns.dates[a:b]) for a, b in cuts))


def windows(values: Tensor, length: int = 128) -> Tensor:
    """Every `length` days in a row: returns (T,) or (T, S) → (T − length + 1, S, length), float32."""
    values = series("values", values)
    length = integer("length", length, 1, len(values))
    return values.unfold(0, length, 1).float().contiguous()  # (N, S, length)


def followed(values: Tensor, ahead: int = 16, past: int = PAST) -> tuple[Tensor, Tensor]:
    """(what came (N, S, ahead), the days before it (N, S, past)), float32: samples and their condition for `Batches`.

    values: (T,) or (T, S) with T ≥ ahead + past.
    """
    ahead, past = integer("ahead", ahead, 1, 10_000), integer("past", past, 1, 10_000)
    both = windows(values, ahead + past)
    return both[..., past:].contiguous(), both[..., :past].contiguous()


def series(name: str, values: object) -> Tensor:
    """Returns (T,) or (T, S) → (T, S) float64. Raises ValueError for others, what is not finite, never moves, or is
    empty."""
    x = tensor(name, values, NUMBERS).detach().cpu().double()
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or len(x) < 2 or not x.shape[1]:
        raise ValueError(f"{name} must be returns (T,) or (T, S) with T ≥ 2, got the shape {tuple(x.shape)}")
    if not x.isfinite().all():
        where = int((~x.isfinite()).any(1).nonzero()[0])
        raise ValueError(f"{name} must be finite, but day {where} is not: leave gaps out before")
    if (x == x[0]).all(0).any():
        raise ValueError(f"{name} must move, but a series is always {x[0, (x == x[0]).all(0)][0]:g}")
    return x
