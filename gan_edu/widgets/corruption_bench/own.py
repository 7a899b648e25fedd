"""What Python computes when a bench is made: a learner's own score at every level, and sixteen samples of each."""

from __future__ import annotations

import io
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

from gan_edu.core.data.pixels import as_grid, as_image, to_uint8
from gan_edu.core.measures.score import Score
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import real
from gan_edu.core.safety.interrupts import heard
from gan_edu.widgets.corruption_bench.arranged import Cell

COUNT, DRAWS = 200, 3  # of an own score: it is computed while one waits
SIDE = 4  # samples on show: SIDE × SIDE
POOL = 1000  # samples of which those are drawn
QUALITY = 85  # of WebP


class Digits(Protocol):
    """What is spoiled, beside what it is compared with."""

    @property
    def real(self) -> Tensor: ...


Draw = Callable[[int, int], Digits]  # (count, seed): as `gan_edu.evaluation.splits`
Spoil = Callable[[Any, str, float], Tensor]  # (what Draw gave, corruption, level): as `gan_edu.evaluation.corrupted`
Levels = Mapping[str, list[float]]  # of each corruption


def measured(own: Mapping[str, Score], levels: Levels, draw: Draw, spoil: Spoil) -> dict[str, dict[str, list[Cell]]]:
    """{score: {corruption: [mean, least, largest] a level}} over DRAWS draws of COUNT digits each.

    Raises ValueError where a score is no finite number, and whatever else it raises of samples it cannot measure.
    """
    found = {}
    for name, score in own.items():
        print(say("corruption_bench", "measuring", name=name, count=COUNT), flush=True)
        draws = [_of_one_draw(name, score, levels, draw(COUNT, seed), spoil) for seed in range(DRAWS)]
        found[name] = {
            each: [_cell(values) for values in zip(*(of[each] for of in draws), strict=True)] for each in levels
        }
    return found


def _cell(values: Sequence[float]) -> Cell:
    return [statistics.mean(values), min(values), max(values)]


def _of_one_draw(name: str, score: Score, levels: Levels, digits: Digits, spoil: Spoil) -> dict[str, list[float]]:
    against = score.seen("real", digits.real)

    def told(corruption: str, level: float) -> float:
        heard()  # it takes seconds, and may be left
        fake = score.seen("fake", spoil(digits, corruption, level))
        return real(f"{name} of {corruption} {level:g}", score.number(score.measure(against, fake)))

    untouched = told(first := next(iter(levels)), levels[first][0])
    return {each: [untouched, *(told(each, level) for level in levels[each][1:])] for each in levels}


def pictures(levels: Levels, draw: Draw, spoil: Spoil) -> tuple[bytes, dict[str, list[dict]], int]:
    """The same places of POOL samples at each level, a row of frames a corruption, as WebP; what changed; their side.

    Of each frame: `changed`, which of its samples are others than the untouched ones, and `distinct`, how many differ.
    """
    digits = draw(POOL, 0)
    chosen = torch.randperm(POOL, generator=torch.Generator().manual_seed(0))[: SIDE * SIDE]
    frames = {name: [to_uint8(spoil(digits, name, level)[chosen]) for level in all_] for name, all_ in levels.items()}
    told = {name: [_changes(row[0], frame) for frame in row] for name, row in frames.items()}
    rows = [as_grid(frame, SIDE) for row in frames.values() for frame in row]
    sheet, buffer = as_grid(torch.stack(rows), len(next(iter(levels.values())))), io.BytesIO()
    as_image(sheet).save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue(), told, digits.real.shape[-1]


def _changes(before: Tensor, now: Tensor) -> dict:
    differs = (before != now).flatten(1).any(1)
    return {"changed": differs.nonzero().flatten().tolist(), "distinct": len(now.unique(dim=0))}
