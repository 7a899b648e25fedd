"""The recipe board on paper: samples of the chosen recipe, its FID over computing time, and all recipes in order."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gan_edu.core.notebook.figures import GENERATOR, INK, LINES, SOFT, plainly, show, subplots
from gan_edu.core.notebook.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def still(recipe: dict, tiles: Sequence[bytes], on: Sequence[str], name: str, alt: str) -> bytes:
    """recipe, tiles: as stored.arranged makes them. on: the chosen ingredients, `name` in words. A PNG."""
    place = next((k for k, each in enumerate(recipe["recipes"]) if each["on"] == on), None)
    figure, (left, middle, right) = subplots(1, 3, figsize=(10.4, 3.4), width_ratios=(1, 1.2, 1.6))
    figure.suptitle(plainly(name, 100), x=0.01, ha="left", weight="bold")
    if place is None:
        left.text(0.5, 0.5, say("recipe_board", "notStored"), ha="center", va="center", color=SOFT, wrap=True)
    else:
        _samples(left, tiles[place])
        _curve(middle, recipe["recipes"][place])
    left.axis("off")
    middle.set(xlabel=say("recipe_board", "axisSeconds"), title=say("recipe_board", "curveTitle"))
    _powers(middle)
    _map(right, recipe, place)
    return show(figure, alt, drawn=False).png


def _samples(axes: Axes, tile: bytes) -> None:
    from PIL import Image

    axes.imshow(Image.open(io.BytesIO(tile)).convert("L"), cmap="gray", vmin=0, vmax=255)


def _curve(axes: Axes, chosen: dict) -> None:
    for run in chosen["runs"]:
        xs, ys = zip(*run["way"], strict=True) if run["way"] else ((), ())
        axes.plot(xs, [math.nan if y is None else y for y in ys], color=GENERATOR, linewidth=1.4)
        if run["fid"] is not None:
            axes.plot(run["seconds"], run["fid"], "o", color=GENERATOR, markersize=5)


def _map(axes: Axes, recipe: dict, place: int | None) -> None:
    """A column a recipe, the best at the left: median and range, and below them a dot for each ingredient."""
    for x, each in enumerate(recipe["recipes"]):
        colour = GENERATOR if x == place else INK
        if math.isfinite(each["median"]):
            highest = max(run["fid"] for run in each["runs"] if run["fid"] is not None)
            axes.plot([x, x], [each["low"], highest], color=SOFT, linewidth=1)
            axes.plot(x, each["median"], "o", color=colour, markersize=6 if x == place else 3.5)
    axes.set_xlabel("\n" * len(recipe["ingredients"]))  # room for the rows of dots
    axes.set(xticks=[], xlim=(-0.7, len(recipe["recipes"]) - 0.3), title=say("recipe_board", "orderTitle"))
    _powers(axes)
    under = axes.get_xaxis_transform()  # across by recipes, down by the height of the axes
    for row, ingredient in enumerate(recipe["ingredients"], start=1):
        axes.text(-1.2, -0.08 * row, plainly(ingredient["label"], 18), transform=under, ha="right", va="center", size=8)
        for x, each in enumerate(recipe["recipes"]):
            colour = LINES if ingredient["key"] not in each["on"] else GENERATOR if x == place else INK
            axes.plot(x, -0.08 * row, "o", color=colour, markersize=3.2, transform=under, clip_on=False)


def _powers(axes: Axes) -> None:
    """A logarithmic axis of FIDs with plain numbers at 1, 2, 5, 10, …"""
    from matplotlib.ticker import LogLocator, NullLocator

    axes.set(ylabel="FID", yscale="log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
