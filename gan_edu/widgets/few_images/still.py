"""Few images on paper: a row of samples of each method, and under it the training images that are nearest to them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.palette import FAKE, INK, PAPER, REAL, SOFT
from gan_edu.core.notebook.words import say
from gan_edu.widgets.few_images.tiles import SIDE, tile
from gan_edu.widgets.kit.still import GAP

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

TILE, LEFT, HEAD, WORDS = 2 * SIDE, 90, 34, 28  # pixels: a digit, room for words at the left, the head, a row's words
STEP, FOOT, BETWEEN = TILE + 14, 36, 2  # from digit to digit; below them; between a sample and its nearest
HIGH = WORDS + 2 * TILE + BETWEEN + FOOT  # a method
NARROWEST = 780  # for the words


def still(atlas: bytes, rows: Sequence[tuple[str, dict]], head: str, digits: int) -> bytes:
    """rows: of each method its words, and what `FewImages.at` tells of it. digits: of distances. A PNG."""
    from PIL import Image, ImageDraw

    tiles = Image.open(io.BytesIO(atlas)).convert("L")
    width = max(NARROWEST, LEFT + STEP * len(rows[0][1]["samples"]))
    paper = Image.new("RGB", (GAP + width, HEAD + len(rows) * (HIGH + GAP)), PAPER)
    draw = ImageDraw.Draw(paper)
    write(draw, (GAP, 8), head, 13, INK, bold=True)
    for row, (words, found) in enumerate(rows):
        top = HEAD + row * (HIGH + GAP)
        write(draw, (GAP, top), words, 12, INK)
        for line, (kind, colour) in enumerate((("samples", FAKE), ("nearestRow", REAL))):
            down = top + WORDS + line * (TILE + BETWEEN) + TILE // 2 - 8
            write(draw, (GAP, down), f"{'▲●'[line]} {say('few_images', kind)}", 11, colour)
        for k in range(len(found["samples"])):
            pair = [tile(tiles, found[part][k]) for part in ("samples", "nearest")]
            _pair(paper, pair, GAP + LEFT + k * STEP, top + WORDS)
            _foot(draw, found, k, digits, GAP + LEFT + k * STEP, top + WORDS)
    buffer = io.BytesIO()
    paper.quantize(48, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _pair(paper: Image, pair: Sequence[Image], left: int, top: int) -> None:
    """A sample above its nearest, each twice as large."""
    from PIL import Image

    for line, each in enumerate(pair):
        large = each.resize((TILE, TILE), Image.Resampling.NEAREST)
        paper.paste(large.convert("RGB"), (left, top + line * (TILE + BETWEEN)))


def _foot(draw: ImageDraw, found: dict, k: int, digits: int, left: int, top: int) -> None:
    """How far the nearest is; a copy is framed and says so."""
    bottom, copy = top + 2 * TILE + BETWEEN, found["copies"][k]
    write(draw, (left, bottom + 4), f"{found['distances'][k]:.{digits}f}", 11, INK if copy else SOFT, bold=copy)
    if copy:
        draw.rectangle((left - 4, top - 4, left + TILE + 3, bottom + 3), outline=INK, width=2)
        write(draw, (left, bottom + 18), say("few_images", "copy"), 11, INK, bold=True)
