"""The market maker on paper: the fan with one path, its returns, their autocorrelation, their histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from gan_edu.core.measures.stylised_facts import autocorrelation
from gan_edu.core.notebook.figures import INK, LINES, SOFT, plainly, show, subplots
from gan_edu.core.notebook.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAGS, BINS = 60, 41


def still(fan: np.ndarray, returns: np.ndarray, scales: np.ndarray | None, label: str, alt: str) -> bytes:
    """A PNG. fan: (5, T + 1) prices. returns: (T,), as shown. scales: σ (T,), where it is known."""
    figure, ((prices, memory), (days, spread)) = subplots(2, 2, figsize=(7.2, 4.4), width_ratios=(1.7, 1))
    _fan(prices, fan, returns, label)
    _days(days, 100 * returns, None if scales is None else 100 * scales)
    _memory(memory, returns)
    reach = 100 * np.abs(returns).max()
    spread.hist(100 * returns, BINS, range=(-reach, reach), color=SOFT)
    spread.set(title=_say("spread"), xlabel=_say("returnAxis"))
    return show(figure, alt).png


def _fan(axes: Axes, fan: np.ndarray, returns: np.ndarray, label: str) -> None:
    days = np.arange(fan.shape[1])
    axes.fill_between(days, fan[0], fan[4], color=LINES, alpha=0.6, linewidth=0)
    axes.fill_between(days, fan[1], fan[3], color=LINES, linewidth=0)
    axes.plot(days, fan[2], "--", color=SOFT, linewidth=1)
    axes.plot(days, np.exp(np.concatenate([[0], returns.cumsum()])), color=INK, linewidth=1.2)
    axes.set(title=plainly(label), ylabel=_say("priceAxis"), xlim=(0, len(days) - 1))


def _days(axes: Axes, returns: np.ndarray, scales: np.ndarray | None) -> None:
    days = np.arange(1, len(returns) + 1)
    if scales is not None:
        axes.fill_between(days, -2 * scales, 2 * scales, color=LINES, linewidth=0)
    axes.vlines(days, 0, returns, color=INK, linewidth=0.6)
    axes.set(xlabel=_say("dayAxis"), ylabel=_say("returnAxis"), xlim=(0, len(returns)))


def _memory(axes: Axes, returns: np.ndarray) -> None:
    lags, noise = range(1, LAGS + 1), 2 / len(returns) ** 0.5
    axes.axhspan(-noise, noise, color=LINES, linewidth=0)
    found = autocorrelation(torch.from_numpy(np.abs(returns)), lags).numpy()
    axes.vlines(lags, 0, found, color=INK, linewidth=1.6)
    axes.set(title=_say("memory"), xlabel=_say("lagAxis"), ylim=(min(-0.2, found.min()), max(0.4, found.max() * 1.05)))


def _say(key: str) -> str:
    return say("market_maker", key)
