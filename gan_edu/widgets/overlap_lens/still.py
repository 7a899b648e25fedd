"""The picture of the lens that stays in a saved notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_edu.core.notebook.figures import INK, LINES, subplots
from gan_edu.core.notebook.words import say
from gan_edu.widgets.overlap_lens.written import Written

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WINDOW = 64  # outputs a side that the picture shows: of more the middle ones


def drawn(seen: Written, output: int) -> Figure:
    """Left the rows, inputs above, with lines to the outputs that they write; right what outputs get, in a picture."""
    figure, (left, right) = subplots(1, 2, figsize=(8.4, 3.0), width_ratios=(2, 1))
    ways, values = np.array(seen.ways), np.array(seen.values)
    inputs, outputs = ways.shape
    at = np.linspace(0, outputs - 1, 2 * inputs + 1)[1::2] if outputs else np.arange(inputs)
    for i, j in zip(*np.nonzero(ways), strict=True):
        lit = j == output
        left.plot([at[i], j], [1, 0], color=INK if lit else LINES, linewidth=2 if lit else 0.8, zorder=1 + lit)
    left.scatter(at, np.ones(inputs), marker="s", color=INK, zorder=3)
    left.bar(range(outputs), -values / max(1, values.max(initial=0)), 0.8, bottom=-0.05, color=INK)
    left.set(title=say("overlap_lens", "stillRows"), xlabel=say("overlap_lens", "numberRow"), yticks=[])
    left.grid(visible=False)
    middle = values[max(0, (outputs - WINDOW) // 2) :][:WINDOW]
    if outputs:
        right.imshow(np.outer(middle, middle), cmap="Greys", vmin=0)
    right.set(title=say("overlap_lens", "mapHead"), xticks=[], yticks=[])
    right.grid(visible=False)
    return figure
