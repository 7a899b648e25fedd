"""The picture of a roofline that stays in a saved notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_edu.core.measures.step_cost import Machine
from gan_edu.core.measures.stored_machines import step
from gan_edu.core.notebook.figures import INK, LINES, SOFT, subplots
from gan_edu.core.notebook.palette import OTHERS
from gan_edu.core.notebook.words import say
from gan_edu.widgets.roofline.texts import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from gan_edu.widgets.roofline.widget import Roofline

LOWEST, HIGHEST = 0.1, 1000.0  # operations a byte


def drawn(control: Roofline) -> Figure:
    """The roofs, the chosen one in ink, the step as a large point below it, and the steps that were timed."""
    from matplotlib.ticker import NullLocator

    figure, axes = subplots(figsize=(7.2, 3.6))
    precision, machine = control.shown
    stored = next(each for each in control.machines if each["name"] == control.chosen)
    for each in control.machines:
        if each is not stored and each["of"][precision]:
            _roof(axes, Machine(**each["of"][precision]), color=LINES, linewidth=1.5)
    _roof(axes, machine, color=INK, linewidth=2.4)
    for dots, colour in ((stored["dots"], SOFT), (control.dots, OTHERS[1])):
        works = [(step(d["width"], d["batch"], precision), d["ms"]) for d in dots if d["precision"] == precision]
        speeds = [1000 * work.operations / ms for work, ms in works]
        axes.plot([work.intensity for work, _ in works], speeds, "o", color=colour, markersize=4)
    work = control.work
    look = {"markersize": 11, "markeredgewidth": 3, "fillstyle": "none", "zorder": 4}
    axes.plot(work.intensity, work.operations / control.seconds, "o", color=INK, **look)
    axes.set(xscale="log", yscale="log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, at: amount(value))
        axis.set_minor_locator(NullLocator())
    axes.set(xlabel=say("roofline", "intensity"), ylabel=say("roofline", "speed"))
    axes.set_title(say("roofline", "stillTitle", name=control.chosen, precision=precision))
    return figure


def _roof(axes: Axes, machine: Machine, color: str, linewidth: float) -> None:
    places = (LOWEST, min(HIGHEST, max(LOWEST, machine.ridge)), HIGHEST)
    axes.plot(places, [min(machine.throughput, machine.bandwidth * x) for x in places], color=color, linewidth=linewidth)
