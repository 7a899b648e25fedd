"""The picture of moving earth that stays in a saved notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_edu.core.notebook.figures import FAKE, FAKE_MARKER, INK, LINES, REAL, REAL_MARKER, subplots
from gan_edu.core.notebook.words import say
from gan_edu.widgets.moving_earth.earth import BINS, MIDDLES, WIDTH, XS, YS, Carried

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

THIN = 1e-3  # mass: what is less is not drawn


def drawn(seen: Carried, line: bool) -> Figure:
    """Earth in orange, holes in blue, lines between them as thick as they carry; for piles, their distributions too."""
    title = say("moving_earth", "planTitle", work=f"{seen.work:.3f}")
    if line:
        figure, (above, below) = subplots(2, 1, figsize=(7.2, 4.6), sharex=True, height_ratios=(2, 1))
        _piles(above, seen)
        _shares(below, seen)
    else:
        figure, above = subplots(figsize=(6.4, 4.8))
        _clouds(above, seen)
    above.set(title=title)
    return figure


def _piles(axes: Axes, seen: Carried) -> None:
    highest = max(seen.q.max(), seen.p.max())
    for i, j in zip(*np.nonzero(seen.plan > THIN), strict=True):
        width = 10 * seen.plan[i, j] / highest
        axes.plot([seen.xs[i, 0], seen.ys[j, 0]], [0.4, -0.4], color=LINES, linewidth=width, zorder=1)
    axes.bar(seen.xs[:, 0], seen.q / highest, 0.9 * WIDTH, bottom=0.4, color=FAKE, label="$p_g$")
    axes.bar(seen.ys[:, 0], -seen.p / highest, 0.9 * WIDTH, bottom=-0.4, color=REAL, label="$p_{data}$")
    axes.set(xlim=(0, BINS * WIDTH), yticks=[])
    axes.legend()


def _shares(axes: Axes, seen: Carried) -> None:
    steps = np.array([0, *MIDDLES, BINS * WIDTH])
    earth, holes = (
        np.array([mass[places[:, 0] <= at].sum() for at in steps])
        for places, mass in ((seen.xs, seen.q), (seen.ys, seen.p))
    )
    axes.fill_between(steps, earth, holes, step="post", color=LINES)
    axes.step(steps, earth, where="post", color=FAKE, linestyle="--")
    axes.step(steps, holes, where="post", color=REAL)
    axes.set(title=say("moving_earth", "sharesTitle"), xlabel="x")


def _clouds(axes: Axes, seen: Carried) -> None:
    for i, j in zip(*np.nonzero(seen.plan > THIN), strict=True):
        ends = np.stack([seen.xs[i], seen.ys[j]])
        axes.plot(*ends.T, color=INK, linewidth=18 * seen.plan[i, j], alpha=0.5, zorder=1)
    axes.scatter(*seen.xs.T, marker=FAKE_MARKER, color=FAKE, label="$p_g$", zorder=2)
    axes.scatter(*seen.ys.T, marker=REAL_MARKER, color=REAL, label="$p_{data}$", zorder=2)
    axes.set(xlim=XS, ylim=YS, aspect="equal")
    axes.legend()
