"""The contact sheet: some moments of recorded runs as one small PNG. A saved notebook keeps it of a replay."""

from __future__ import annotations

import io
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.palette import INK, PAPER, SOFT
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import integer

if TYPE_CHECKING:
    from PIL.Image import Image

BYTES, WIDTH, GAP = 60_000, 956, 12  # a notebook carries one sheet for each replay
HIGHEST = 3  # of a picture on a sheet, beside the width it may have
GREY = [(1, 16), (1, 8), (1, 6), (1, 4), (1, 3)]  # (scale, shades): fewer shades of grey do little harm,
COLOUR = [(1, 64), (1, 32), (0.7, 64), (0.7, 32), (0.5, 64), (0.5, 32), (0.5, 12)]  # fewer colours do


class Film(Protocol):
    """What a contact sheet asks of a recording, or of a run that is still going on."""

    meta: dict

    @property
    def steps(self) -> list[int]: ...
    @property
    def scores(self) -> list[dict | None]: ...
    def __len__(self) -> int: ...
    def frame(self, place: int, /) -> Image: ...


def contact_sheet(recordings: Sequence[Film], columns: int | None = None) -> bytes:
    """Eight moments of one run in rows of `columns`, or `columns` moments of each of several runs, one row a run.

    Moments are evenly spread over the slider: early frames, being close together, tell the beginning. Raises ValueError
    for columns that are no whole number from 1 to 100.
    """
    from PIL.Image import Dither

    steps = sorted({step for recording in recordings for step in recording.steps})
    several = len(recordings) > 1
    columns = min((6 if several else 4) if columns is None else integer("columns", columns, 1, 100), len(steps))
    count = columns if several else min(len(steps), max(8, 2 * columns))
    moments = [steps[round(i * (len(steps) - 1) / max(1, count - 1))] for i in range(count)]
    rows = [moments[i : i + columns] for i in range(0, count, columns)]
    width = max(120, min((WIDTH - GAP) // columns - GAP, 224))
    colour = any(recording.meta["grid"]["channels"] == 3 for recording in recordings)
    for scale, shades in COLOUR if colour else GREY:  # noise compresses badly: give way until it is small
        buffer = io.BytesIO()
        _sheet(recordings, rows, round(width * scale)).quantize(shades, dither=Dither.NONE).save(buffer, "PNG")
        if buffer.tell() <= BYTES:
            break
    return buffer.getvalue()


def describe(recordings: Sequence[Film]) -> str:
    """What a replay of these recordings shows, in words: its alt text."""
    return sentence([_described(recording) for recording in recordings])


def fitted(width: int, columns: int, rows: int) -> tuple[int, int]:
    """The size of a picture of columns × rows pixels where `width` is free: narrower, where it would get too high."""
    scale = min(width / columns, HIGHEST * width / rows)
    return max(1, round(scale * columns)), max(1, round(scale * rows))


def _described(recording: Film) -> str:
    last, fids = len(recording) - 1, [scores["fid"] for scores in recording.scores if scores and "fid" in scores]
    shown = {"title": recording.meta["title"], "first": _moment(recording, 0), "last": _moment(recording, last)}
    told = say("kit", "grids", count=len(recording), **shown)
    return say("kit", "finalFid", told=told, fid=_fid(fids[-1], say("kit", "notANumber"))) if fids else told


def sentence(parts: Sequence[str]) -> str:
    """Several descriptions as one text."""
    return say("kit", "sentence", text=say("kit", "listSeparator").join(parts))


def _sheet(recordings: Sequence[Film], rows: list[list[int]], width: int) -> Image:
    from PIL import Image

    strips = [_strip(recording, row, width, titled=k == 0) for recording in recordings for k, row in enumerate(rows)]
    sheet = Image.new("RGB", (max(strip.width for strip in strips), sum(strip.height for strip in strips)), PAPER)
    top = 0
    for strip in strips:
        sheet.paste(strip, (0, top))
        top += strip.height
    return sheet


def _strip(recording: Film, moments: list[int], width: int, titled: bool) -> Image:
    """One row of frames with what belongs to each; titled: the run's title stands above it."""
    from PIL import Image, ImageDraw

    layout, head = recording.meta["atlas"], 34 if titled else 6
    size = narrow, height = fitted(width, layout["frame_width"], layout["frame_height"])
    strip = Image.new("RGB", (len(moments) * (width + GAP) + GAP, head + height + 38), PAPER)
    draw = ImageDraw.Draw(strip)
    if titled:
        write(draw, (GAP, 10), recording.meta["title"], 14, INK, bold=True)
    way = Image.Resampling.NEAREST if narrow % layout["frame_width"] == 0 else Image.Resampling.LANCZOS
    for i, step in enumerate(moments):
        x, frame = GAP + i * (width + GAP), bisect_right(recording.steps, step) - 1
        if frame < 0:  # this run starts later
            continue
        strip.paste(recording.frame(frame).resize(size, way), (x, head))
        write(draw, (x, head + height + 3), _moment(recording, frame), 12, INK, bold=True)
        write(draw, (x, head + height + 18), _numbers(recording, frame), 12, SOFT)
    return strip


def _moment(recording: Film, frame: int) -> str:
    step, per_epoch = recording.steps[frame], recording.meta.get("steps_per_epoch")
    epoch = step / per_epoch if per_epoch else 0
    if epoch < 0.01:
        return say("kit", "stepIs", step=step)
    digits = 2 if epoch < 1 else 1 if epoch < 10 and abs(epoch - round(epoch)) > 0.02 else 0
    return say("kit", "epochIs", epoch=f"{epoch:.{digits}f}")


def _numbers(recording: Film, frame: int) -> str:
    curves, step, words = recording.meta["curves"], recording.steps[frame], []
    for label, name in (("D", "d_loss"), ("G", "g_loss")):
        if curves.get(name):
            after = min(bisect_left(curves["step"], step), len(curves["step"]) - 1)
            near = min((max(after - 1, 0), after), key=lambda i: abs(curves["step"][i] - step))
            words.append(f"{label} {told(curves[name][near], '.2f', 'NaN')}")
    scores = recording.scores[frame] or {}
    return "  ".join(words + ([f"FID {_fid(scores['fid'], 'NaN')}"] if "fid" in scores else []))


def told(value: float | None, form: str, none: str | None = None) -> str:
    """A number of a recording, in which None stands for what was not finite."""
    if value is None:
        return say("kit", "notANumber") if none is None else none
    return f"{value:{form}}"


def _fid(value: float | None, none: str) -> str:
    return told(value, ".0f" if value is not None and value >= 100 else ".3g", none)
