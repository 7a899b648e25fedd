"""The molecule board on paper: twelve drawings, each with its QED."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gan_edu.core.notebook.fonts import own_font, write
from gan_edu.core.notebook.palette import LINES
from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.still import GAP, INK, PAPER, SOFT
from gan_edu.widgets.molecule_board.drawn import Drawing

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

COLUMNS, WIDE, HIGH, FOOT, HEAD = 4, 176, 120, 18, 34  # pixels: of a tile without its foot; of what stands above
LARGEST, FINE, LINE = 1.0, 3, 4  # pixels a unit of a drawing, at most; finer by this while it is drawn; so thick then
COLOURS = {"N": "#0B5FB0", "O": "#C62828", "S": "#7A5C00", "P": "#A84A00", "X": "#00705A", "": INK}
FADED = "#CDD3DA"


class Tile(NamedTuple):
    """A molecule, its QED, and whether the filter leaves it."""

    drawing: Drawing
    qed: float
    left: bool


def still(tiles: Sequence[Tile | None], head: str) -> bytes:
    """A PNG of twelve tiles, None for an empty one, below one line of words."""
    from PIL import Image, ImageDraw

    rows = -(-len(tiles) // COLUMNS)
    size = GAP + COLUMNS * (WIDE + GAP), HEAD + rows * (HIGH + FOOT + GAP)
    fine = Image.new("RGB", (size[0] * FINE, size[1] * FINE), PAPER)
    draw = ImageDraw.Draw(fine)
    for place, tile in enumerate(tiles):
        _tile(draw, tile, *_corner(place, FINE))
    paper = fine.resize(size, Image.Resampling.LANCZOS)
    words = ImageDraw.Draw(paper)
    write(words, (GAP, 8), head, 12, INK, bold=True)
    for place, tile in enumerate(tiles):
        x, y = _corner(place)
        told = say("molecule_board", "none") if tile is None else say("molecule_board", "qedIs", qed=f"{tile.qed:.2f}")
        write(words, (x + 6, y + HIGH + 1), told, 11, SOFT if tile is None or tile.left else FADED)
    buffer = io.BytesIO()
    paper.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _corner(place: int, fine: int = 1) -> tuple[int, int]:
    """Where a tile begins."""
    row, column = divmod(place, COLUMNS)
    return (GAP + column * (WIDE + GAP)) * fine, (HEAD + row * (HIGH + FOOT + GAP)) * fine


def _tile(draw: ImageDraw, tile: Tile | None, left: int, top: int) -> None:
    """A frame, and within it a drawing in its middle, as large as it fits."""
    wide, high = WIDE * FINE, HIGH * FINE
    draw.rectangle((left, top, left + wide, top + high + FOOT * FINE), outline=LINES, width=FINE)
    if tile is None:
        return
    x, y, width, height = tile.drawing.box
    scale = min(LARGEST * FINE, (wide - 8 * FINE) / width, (high - 8 * FINE) / height)
    across, down = left + wide / 2 - scale * (x + width / 2), top + high / 2 - scale * (y + height / 2)
    ink = INK if tile.left else FADED
    for a, b, c, d in tile.drawing.lines:
        ends = (across + scale * a, down + scale * b, across + scale * c, down + scale * d)
        draw.line(ends, fill=ink, width=LINE)
    for a, b, size, letter, colour in tile.drawing.letters:
        font = own_font(max(1, round(size * scale)))
        fill = COLOURS[colour] if tile.left else FADED
        draw.text((across + scale * a, down + scale * b), letter, fill=fill, font=font, anchor="ls")
