"""What the plane puts on paper: its JavaScript, the page without a kernel, the PNG that stays in a saved notebook."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.words import say
from gan_edu.core.recording.recording import Recording
from gan_edu.widgets.kit.still import GAP, INK, PAPER, SOFT, told

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

SHOWN, SIDE, BYTES = 4, 224, 60_000  # moments on the PNG, pixels a side, what it may weigh
ORANGE, WHITE, BLUE = (213, 94, 0), (255, 255, 255), (0, 114, 178)
GREY = (90, 97, 105)  # chequered with white: where D's probability is no number


def describe_points(recording: Recording) -> str:
    """What a recording of the plane shows, in words: its alt text."""
    meta, scores, data = recording.meta, _scores(recording, -1), recording.meta["reals"][-1]
    known = data["modes"] and scores.get("modes") is not None  # the data may have been changed since that frame
    points = say(
        "plane",
        "points",
        title=meta["title"],
        data=data["name"],
        count=len(recording),
        first=recording.steps[0],
        last=recording.steps[-1],
        js=told(scores["js"], ".3f"),
    )
    if not known:
        return points
    near = told(scores.get("quality"), ".0%")
    return say("plane", "pointsWithModes", points=points, covered=scores["modes"], modes=data["modes"], near=near)


def _scores(recording: Recording, frame: int) -> dict:
    """A frame's scores: of points they are always there."""
    return recording.scores[frame] or {}


def points_sheet(recordings: tuple[Recording, ...]) -> bytes:
    """Some moments of each run, evenly spread over its frames, as a PNG: real are discs, fake are triangles."""
    from PIL import Image

    rows = [_row(recording) for recording in recordings]
    sheet = Image.new("RGB", (max(row.width for row in rows), sum(row.height for row in rows)), PAPER)
    for k, row in enumerate(rows):
        sheet.paste(row, (0, sum(each.height for each in rows[:k])))
    for shades in (60, 24, 12):  # of each ramp: the colours that mean something stay
        buffer = io.BytesIO()
        sheet.quantize(palette=_palette(shades), dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= BYTES * len(recordings):
            break
    return buffer.getvalue()


def _palette(shades: int) -> Picture:
    """A palette of the map's two ramps, of the markers' edges and of the words' greys."""
    from PIL import Image, ImageColor

    ends = [(ORANGE, WHITE), (BLUE, WHITE), (ImageColor.getrgb(INK), WHITE), (ORANGE, BLUE)]
    colours = [
        tuple(round(a + (b - a) * k / (shades - 1)) for a, b in zip(*pair, strict=True))
        for pair in ends
        for k in range(shades)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in colours for value in colour])
    return palette


def _row(recording: Recording) -> Picture:
    from PIL import Image, ImageDraw

    from gan_edu.core.recording.point_frames import frames_of

    count = min(SHOWN, len(recording))
    moments = sorted({round(i * (len(recording) - 1) / max(1, count - 1)) for i in range(count)})
    paper = Image.new("RGB", (GAP + len(moments) * (SIDE + GAP), SIDE + 72), PAPER)
    draw, frames = ImageDraw.Draw(paper), frames_of(recording)
    write(draw, (GAP, 8), recording.meta["title"], 14, INK, bold=True)
    for i, k in enumerate(moments):
        x, scores = GAP + i * (SIDE + GAP), _scores(recording, k)
        paper.paste(_picture(recording.meta, frames[k], recording.steps[k]), (x, 32))
        write(draw, (x, SIDE + 36), say("kit", "stepIs", step=recording.steps[k]), 12, INK, bold=True)
        write(draw, (x, SIDE + 51), _numbers(scores), 12, SOFT)
    return paper


def _numbers(scores: dict) -> str:
    js = say("plane", "jsInNats", js=told(scores["js"], ".3f", "NaN"))
    if "modes" not in scores:
        return js
    modes, near = told(scores["modes"], "d", "NaN"), told(scores.get("quality"), ".0%", "NaN")
    return say("plane", "jsModesNear", js=js, modes=modes, near=near)


def _picture(meta: dict, packed: bytes, step: int) -> Picture:
    """One frame, drawn at twice its size and shrunk, which makes its edges smooth."""
    import numpy as np
    from PIL import Image, ImageDraw

    from gan_edu.core.recording.point_frames import unpack

    seen, edge, big = unpack(meta, packed), meta["grid"]["edge"], 2 * SIDE
    p = seen["sure"][::-1, :, None]
    high, t = np.where(p > 0.5, BLUE, ORANGE), np.abs(p - 0.5) * 1.24
    chequers = np.indices(p.shape[:2]).sum(0)[..., None] % 2 * np.subtract(WHITE, GREY) + GREY
    shades = Image.fromarray(np.where(np.isnan(p), chequers, np.array(WHITE) * (1 - t) + high * t).astype("uint8"))
    picture = shades.resize((big, big), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    real = [each for each in meta["reals"] if each["from"] <= step] or meta["reals"]
    points = np.array(real[-1]["points"]).reshape(-1, 2) / meta["grid"]["unit"]
    for x, y in (points * (1, -1) / edge + 1) * SIDE:
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=BLUE, outline=WHITE)
    fakes = seen["fakes"][np.isfinite(seen["fakes"]).all(1)]
    for x, y in (fakes * (1, -1) / edge + 1) * SIDE:
        draw.polygon(((x, y - 7), (x + 6, y + 5), (x - 6, y + 5)), fill=ORANGE, outline=WHITE)
    draw.rectangle((0, 0, big - 1, big - 1), outline="#D9DEE4")
    return picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
