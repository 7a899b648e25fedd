"""The corruption bench on paper: sixteen samples beside all scores, for where no kernel is."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from gan_edu.core.notebook.figures import DISCRIMINATOR, FAKE, INK, SOFT, plainly, show, subplots
from gan_edu.core.notebook.words import say
from gan_edu.widgets.corruption_bench.arranged import UNTOUCHED, place

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = (DISCRIMINATOR, SOFT, FAKE)  # of MARKS
SIGNS = ("→", "≈", "←")
ARROWS = {"lower": "↓", "higher": "↑"}


def still(table: dict, atlas: bytes, at: tuple[int, int], n: int, alt: str) -> bytes:
    """at: the corruption and the level on show, by their places; n: that of the sample size. A PNG."""
    from PIL import Image

    corruption, level = table["corruptions"][at[0]], at[1]
    figure, (left, right) = subplots(1, 2, figsize=(9.2, 4.6), width_ratios=(1, 1.9))
    sheet = Image.open(io.BytesIO(atlas)).convert("L")
    wide, high = sheet.width // len(corruption["levels"]), sheet.height // len(table["corruptions"])
    greys = sheet.point(lambda shade: shade // 17 * 17)  # few, so that the colours of the marks stay
    left.imshow(
        greys.crop((level * wide, at[0] * high, (level + 1) * wide, (at[0] + 1) * high)), cmap="gray", vmin=0, vmax=255
    )
    left.set_title(f"{plainly(corruption['title'])}: {plainly(corruption['levels'][level])}", fontsize=10)
    left.set_axis_off()
    _rows(right, table, corruption["name"], level, n)
    return show(figure, alt).png


def _rows(axes: Axes, table: dict, corruption: str, level: int, n: int) -> None:
    levels, marks = table["cells"][corruption], table["marks"][corruption][level][n]
    axes.axvline(UNTOUCHED, color=SOFT, linewidth=1, linestyle=":")
    for row, (scale, mark) in enumerate(zip(table["scales"][n], marks, strict=True)):
        if mark is None:
            continue
        before, now = ([place(scale, x) for x in levels[k][n][row]] for k in (0, level))
        colour = COLOURS[mark]
        axes.plot(before[1:], [row, row], color=SOFT, linewidth=7, alpha=0.3, solid_capstyle="butt")
        axes.plot(before[0], row, "o", markerfacecolor="none", color=INK, markersize=7)
        axes.plot(now[1:], [row, row], color=colour, linewidth=2)
        axes.plot(now[0], row, "o", color=colour, markersize=5)
        if level:
            axes.annotate(SIGNS[mark], (1.03, row), color=colour, va="center", annotation_clip=False)
    titles = [f"{plainly(each['name'])} {ARROWS[each['better']]}" for each in table["scores"]]
    axes.set_yticks(range(len(titles)), titles)
    axes.set(xlim=(-0.02, 1.02), ylim=(len(titles) - 0.5, -0.5), xticks=[])
    words = zip(SIGNS, (say("corruption_bench", each) for each in ("sees", "blind", "fooled")), strict=True)
    legend = " · ".join(f"{sign} {word}" for sign, word in words)
    axes.set_xlabel(f"{say('corruption_bench', 'axis')}\n{legend}")
    axes.grid(visible=False)
