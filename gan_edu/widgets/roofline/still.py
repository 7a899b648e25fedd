"""The picture of a roofline that stays in a saved notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_edu.core.measures.step_cost import Machine
from gan_edu.core.measures.stored_machines import step
from gan_edu.core.notebook.figures import INK, LINES, SOFT, plainly, subplots
from gan_edu.core.notebook.palette import OTHERS
from gan_edu.core.notebook.words import say
from gan_edu.widgets.roofline.texts import amount, named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOWEST, HIGHEST = 0.1, 1000.0  # operations a byte


def drawn(chosen: dict, others: list[dict], precision: str, place: tuple[float, float], dots: list[dict]) -> Figure:
    """The chosen machine's roof in ink, those of others, the step as a ring at its place, the steps that were timed."""
    from matplotlib.ticker import NullLocator

    figure, axes = subplots(figsize=(7.2, 3.6))
    for each in others:
        _roof(axes, each["of"][precision], LINES, 1.5)
    _roof(axes, chosen["of"][precision], INK, 2.4)
    for timed, colour in ((chosen["dots"], SOFT), (dots, OTHERS[1])):
        works = [(step(d["width"], d["batch"], precision), d["ms"]) for d in timed if d["precision"] == precision]
        speeds = [1000 * work.operations / ms for work, ms in works]
        axes.plot([work.intensity for work, _ in works], speeds, "o", color=colour, markersize=4)
    axes.plot(*place, "o", color=INK, markersize=11, markeredgewidth=3, fillstyle="none", zorder=4)
    axes.set(xscale="log", yscale="log", xlabel=say("roofline", "intensity"), ylabel=say("roofline", "speed"))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, at: amount(value))
        axis.set_minor_locator(NullLocator())
    axes.set_title(say("roofline", "stillTitle", name=plainly(named(chosen)), precision=precision))
    return figure


def _roof(axes: Axes, of: dict | None, color: str, linewidth: float) -> None:
    if of is None:
        return
    machine = Machine(**of)
    xs = (LOWEST, min(HIGHEST, max(LOWEST, machine.ridge)), HIGHEST)
    ys = [min(machine.throughput, machine.bandwidth * x) for x in xs]
    axes.plot(xs, ys, color=color, linewidth=linewidth)
