"""The secret message on paper: what each cipher symbol is taken for at three steps, and the message read so."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from gan_edu.core.data.ciphers import ALPHABET, SYMBOLS, letters, spelled, substituted
from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.palette import GENERATOR, HEAT
from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.still import GAP, INK, PAPER, SOFT
from gan_edu.widgets.secret_message.film import Film, reading

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

CELL, HEAD, LINE, WIDE, STEP = 9, 58, 17, 72, 7  # CELL: pixels; WIDE: letters of a line; STEP: of a step
EDGE, APART = 13, 18  # pixels: at the left of a matrix and above it, for letters; between two matrices


def still(film: Film, step: int | None, message: str) -> bytes:
    """A PNG of the first frame of a film, of the one at a step and of the last."""
    from PIL import Image, ImageDraw

    text, last = letters(message), len(film.steps) - 1
    hidden, places = substituted(text, film.key), sorted({0, film.place(step), last} if film.steps else ())
    side = SYMBOLS * CELL
    lines = HEAD + (EDGE + side + 34 if places else 0)
    paper = Image.new("RGB", (2 * GAP + 3 * (EDGE + side) + 2 * APART, lines + len(places) * LINE + GAP), PAPER)
    draw = ImageDraw.Draw(paper)
    before = " " * (STEP + 2)
    write(draw, (GAP, 10), before + _cut(message), 12, INK, even=True)
    if places:
        write(draw, (GAP, 30), before + _cut(spelled(hidden).upper().replace(" ", "␣")), 12, SOFT, even=True)
    for number, place in enumerate(places):
        frame, x, y = film.frame(place), GAP + EDGE + number * (EDGE + side + APART), HEAD + EDGE
        step_now = f"{film.steps[place]:,}"
        paper.paste(_heat(bytes(frame.flatten().tolist())).resize((side, side), Image.Resampling.NEAREST), (x, y))
        _letters(draw, x, y)
        write(draw, (x, y + side + 6), say("kit", "stepIs", step=step_now), 12, INK, bold=True)
        read = f"{step_now:>{STEP}}  {_cut(spelled(reading(frame)[hidden]))}"
        write(draw, (GAP, lines + number * LINE - 4), read, 12, GENERATOR, even=True)
    buffer = io.BytesIO()
    paper.quantize(64, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _letters(draw: ImageDraw, x: int, y: int) -> None:
    """Beside a matrix at (x, y): the cipher symbol of each row, and above it the letter of each column."""
    for k, letter in enumerate(ALPHABET.replace(" ", "␣")):
        write(draw, (x + k * CELL + 1, y - EDGE), letter, 10, SOFT, even=True)
        write(draw, (x - EDGE + 2, y + k * CELL - 2), letter.upper(), 10, SOFT, even=True)


def _cut(text: str) -> str:
    return text if len(text) <= WIDE else text[: WIDE - 1] + "…"


def _heat(frame: bytes) -> Image:
    """The frame in the colours of the palette's map."""
    from PIL import Image

    image = Image.frombytes("P", (SYMBOLS, SYMBOLS), frame)
    image.putpalette(_colours())
    return image.convert("RGB")


def _colours() -> list[int]:
    """256 colours, those of the map and what lies between: 3 numbers each."""
    stops = np.array([[int(each[k : k + 2], 16) for k in (1, 3, 5)] for each in HEAT])
    known, wanted = np.linspace(0, 255, len(stops)), np.arange(256)
    return np.stack([np.interp(wanted, known, channel) for channel in stops.T], 1).round().astype(int).ravel().tolist()
