"""The score table on paper: a strip plot of one column, every seed a mark, for where no kernel is."""

from __future__ import annotations

from gan_edu.core.notebook.figures import GENERATOR, INK, SOFT, plainly, show, subplots
from gan_edu.core.notebook.words import say

WIDEST = 34  # letters of a row's title
BETTER_IS = {"lower": "lowerIsBetter", "higher": "higherIsBetter"}


def picture(table: dict, column: dict, rows: list[dict], name: str, alt: str) -> bytes:
    """Rows from top to bottom with marks, median and range; the baseline's median and the floor as lines. A PNG."""
    key, count = column["key"], len(table["seeds"])
    figure, axes = subplots(figsize=(7.2, 1.3 + 0.3 * max(1, len(rows))))
    base = next(row for row in table["rows"] if row["baseline"])
    axes.axvline(
        base["cells"][key]["median"],
        color=INK,
        linewidth=1.2,
        linestyle="--",
        label=say("score_table", "baselinesMedian"),
    )
    if column["floor"] is not None:
        axes.axvline(column["floor"], color=SOFT, linewidth=1.4, linestyle=":", label=say("score_table", "floor"))
    for at, row in enumerate(rows):
        cell, colour = row["cells"][key], INK if row["baseline"] else GENERATOR
        axes.plot([cell["low"], cell["high"]], [at, at], color=SOFT, linewidth=0.8)
        for seed, value in enumerate(cell["values"]):
            if value is not None:
                axes.plot(value, at + 0.25 * (2 * seed / max(1, count - 1) - 1), "o", color=colour, markersize=4)
        axes.plot([cell["median"]] * 2, [at - 0.36, at + 0.36], color=colour, linewidth=2)
    if column["log"]:
        known = [value for row in rows for value in row["cells"][key]["values"] if value is not None]
        least = min((value for value in known if value > 0), default=1)
        axes.set_xscale("symlog", linthresh=least) if min(known, default=1) == 0 else axes.set_xscale("log")
    unit = f", {plainly(column['unit'])}" if column["unit"] else ""
    axes.set_title(plainly(name), loc="left", weight="bold")
    better = say("score_table", BETTER_IS[column["better"]], measure=f"{plainly(column['title'])}{unit}")
    axes.set(xlabel=better, ylim=(len(rows) - 0.4, -0.6))
    axes.set_yticks(range(len(rows)), [plainly(row["title"], WIDEST) for row in rows])
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}".replace("-", "−"))
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, fontsize=9, frameon=False, borderaxespad=0.2)
    return show(figure, alt).png
