"""A game of two numbers as a control shows it: V and its slopes as a table for the browser, and as a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gan_edu.core.games.two_numbers import slopes
from gan_edu.core.notebook.figures import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.contour import QuadContourSet

SIDE, REACH = 81, 4.0  # grid points a side; d and g from −REACH to REACH


def table(name: str, value: Callable) -> dict:
    """V and its slopes on the grid, g in rows and d in columns, as kit/table.js reads them.

    Raises ValueError for a V that is not finite there.
    """
    seen = torch.stack(slopes(value, *_grid())).float()  # (3, SIDE, SIDE)
    if not seen.isfinite().all():
        raise ValueError(
            f"the game {name!r} is not finite everywhere for d and g in [−{REACH:g}, {REACH:g}]: write it "
            "with softplus in place of log(sigmoid)"
        )
    return {"name": str(name), "side": SIDE, "reach": REACH, "values": seen.numpy().astype("<f4").tobytes()}


def draw(axes: Axes, value: Callable, way: Tensor) -> QuadContourSet:
    """V's contours with a path (T, 2) of d and g in matplotlib axes, and a cross at (0, 0). Returns what is filled."""
    d, g = _grid()
    v, _, _ = slopes(value, d, g)
    way = way.clamp(-REACH, REACH)
    axes.grid(False)
    filled = axes.contourf(d, g, v, 24)
    axes.contour(d, g, v, 24, colors=INK, linewidths=0.4)
    axes.plot(*way.T, "-", color="white", linewidth=3)
    axes.plot(*way.T, "o-", color=INK, markersize=2.5, linewidth=1)
    axes.plot(*way[0], "s", color=INK, markeredgecolor="white", markersize=9)
    axes.plot(0, 0, "X", color=INK, markeredgecolor="white", markersize=12)
    return filled


def _grid() -> tuple[Tensor, Tensor]:
    line = torch.linspace(-REACH, REACH, SIDE, dtype=torch.float64)
    g, d = torch.meshgrid(line, line, indexing="ij")
    return d, g
