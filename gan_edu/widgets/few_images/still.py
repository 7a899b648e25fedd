"""Few images on paper: a row of samples of each method, and under it the training images that are nearest to them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.palette import FAKE, INK, PAPER, REAL, SOFT
from gan_edu.core.notebook.words import say
from gan_edu.widgets.few_images.tiles import SIDE, tile
from gan_edu.widgets.kit.still import GAP

TILE, SIDE_ROOM, HEAD, WORDS = 2 * SIDE, 96, 34, 24  # pixels: a digit, words at the left, the head, words above a row
BETWEEN, FOOT = 6, 22  # between digits; a distance below them
HIGH = WORDS + 2 * TILE + BETWEEN + FOOT  # a method
WIDEST = 12 * (TILE + BETWEEN) + SIDE_ROOM


def still(atlas: bytes, rows: Sequence[tuple[str, dict]], head: str, digits: int) -> bytes:
    """rows: of each method its words, and what `FewImages.at` tells of it. A PNG."""
    from PIL import Image, ImageDraw

    digits_of = Image.open(io.BytesIO(atlas)).convert("L")
    size = (GAP + WIDEST, HEAD + len(rows) * (HIGH + GAP))
    paper = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(paper)
    write(draw, (GAP, 8), head, 13, INK, bold=True)
    for row, (words, found) in enumerate(rows):
        top = HEAD + row * (HIGH + GAP)
        write(draw, (GAP, top), words, 12, INK)
        for line, (kind, colour) in enumerate((("sample", FAKE), ("nearest", REAL))):
            write(draw, (GAP, top + WORDS + line * (TILE + 2) + TILE // 2 - 8), say("few_images", kind), 11, colour)
        for k, (sample, nearest) in enumerate(zip(found["samples"], found["nearest"], strict=True)):
            left, y = GAP + SIDE_ROOM + k * (TILE + BETWEEN), top + WORDS
            for place, down in ((sample, 0), (nearest, TILE + 2)):
                large = tile(digits_of, place).resize((TILE, TILE), Image.Resampling.NEAREST)
                paper.paste(large.convert("RGB"), (left, y + down))
            below = y + 2 * TILE + 4
            if copy := found["copies"][k]:
                draw.rectangle((left - 3, y - 3, left + TILE + 2, below), outline=INK, width=2)
            told = f"{found['distances'][k]:.{digits}f}" + (f" {say('few_images', 'copy')}" if copy else "")
            write(draw, (left, below + 2), told, 10, INK if copy else SOFT, bold=copy)
    buffer = io.BytesIO()
    paper.quantize(48, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
