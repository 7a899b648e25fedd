"""The stored table of scores as the bench shows it: what each score says of each corruption, and each score's scale.

A table is `gan_edu/data/corruptions.json`: cells[corruption][level][count][score] = [mean, least, largest] over some
draws, or None where the samples are too few. Level 0 is untouched.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Protocol

Cell = list[float] | None  # [mean, least, largest]
MARKS = ("sees it", "blind", "fooled")  # as `gan_edu.evaluation.verdict` says; in marks.js too
UNTOUCHED = 0.3  # where in its row a score stands before anything is done: what lies left of it looks better
JUDGED = 5  # the level at which a reader's table is judged, counted from 0


class Directed(Protocol):
    """What the bench asks of a score: whether "lower" or "higher" is better."""

    @property
    def better(self) -> str: ...


def arranged(table: Mapping, scores: Mapping[str, Directed]) -> dict:
    """A table with, for each cell, the place of its verdict among MARKS, and a scale for each score and count."""
    names, counts = table["scores"], range(len(table["counts"]))
    signs = [1 if scores[name].better == "lower" else -1 for name in names]
    marks = {
        corruption: [
            [[mark(levels[0][n][s], level[n][s], sign) for s, sign in enumerate(signs)] for n in counts]
            for level in levels
        ]
        for corruption, levels in table["cells"].items()
    }
    return {
        **{part: table[part] for part in ("draws", "counts", "cells")},
        "scores": [{"name": name, "better": scores[name].better} for name in names],
        "marks": marks,
        "scales": [[scale(table["cells"], n, s, sign) for s, sign in enumerate(signs)] for n in counts],
        "untouched": UNTOUCHED,
        "judged": {"level": min(JUDGED, len(next(iter(marks.values()))) - 1), "count": max(table["counts"])},
    }


def mark(before: Cell, now: Cell, sign: int) -> int | None:
    """What a score says, by the intervals of its draws: 1 where they overlap, 0 where it got worse, 2 where better.

    sign: 1 where a larger value is worse.
    """
    if before is None or now is None:
        return None
    if now[1] <= before[2] and before[1] <= now[2]:
        return 1
    return 0 if (now[0] - before[0]) * sign > 0 else 2


def scale(cells: Mapping, n: int, s: int, sign: int) -> list[float] | None:
    """[untouched, unit, stretch] of a score's row: linear within what chance does, logarithmic beyond it.

    A value stands at UNTOUCHED + stretch · asinh((value − untouched) / unit), and larger is worse: the unit is what
    chance does to untouched samples, and the right end is the worst that any corruption reaches.
    """
    known = list(_known(cells, n, s))
    if not known:
        return None
    mean, least, largest = next(iter(cells.values()))[0][n][s]
    moves = [sign * (end - mean) for cell in known for end in cell]
    most = max(map(abs, moves)) or 1.0
    unit = max(largest - mean, mean - least, most / 1000)
    worst, best = (math.asinh(max(0.0, each) / unit) for each in (max(moves), -min(moves)))
    rooms = [room / reach for room, reach in ((1 - UNTOUCHED, worst), (UNTOUCHED, best)) if reach]
    return [mean, sign * unit, min(rooms, default=1.0)]


def place(scale: list[float], value: float) -> float:
    """Where in its row a value stands, 0 to 1 from the left; as in cells.js."""
    untouched, unit, stretch = scale
    return UNTOUCHED + stretch * math.asinh((value - untouched) / unit)


def _known(cells: Mapping, n: int, s: int) -> Iterator[list[float]]:
    return (level[n][s] for levels in cells.values() for level in levels if level[n][s] is not None)


def with_own(table: Mapping, own: Mapping[str, dict[str, list[Cell]]], count: int) -> dict:
    """The table with scores of a learner's own behind its own: {name: {corruption: a cell a level}}, of one count."""
    cells = {
        corruption: [
            [
                [*row, *(each[corruption][k] if size == count else None for each in own.values())]
                for size, row in zip(table["counts"], level, strict=True)
            ]
            for k, level in enumerate(levels)
        ]
        for corruption, levels in table["cells"].items()
    }
    return {**table, "scores": [*table["scores"], *own], "cells": cells}
