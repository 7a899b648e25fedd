"""The condition board on paper: the styles on show, and the way from one class to another."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from torch import Tensor

from gan_edu.core.data.pixels import as_image
from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.still import GAP, INK, PAPER, SOFT, fitted

if TYPE_CHECKING:
    from PIL.Image import Image

TILE, HEAD, SIDE = 56, 26, 64  # width of a picture; what stands above and at the left of them
BYTES = 100_000  # what it may weigh


def still(board: Tensor, classes: Sequence[str], first: int, way: Tensor, title: str) -> bytes:
    """A PNG of pictures (R, K, C, H, W), uint8, whose first style has the number `first`, above those of a way."""
    from PIL import Image, ImageDraw

    rows, columns, _, height, width = board.shape
    tall = fitted(TILE, width, height)[1]
    across = max(columns, len(way))
    size = SIDE + across * (TILE + 4) + GAP, HEAD + (rows + 1) * (tall + 4) + HEAD + GAP
    paper = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(paper)
    for k, name in enumerate(classes):
        write(draw, (SIDE + k * (TILE + 4), 6), name[:8], 13, INK, bold=True)
    for row, pictures in enumerate(board):
        top = HEAD + row * (tall + 4)
        write(draw, (GAP, top + tall // 2 - 8), say("condition_board", "styleIs", style=first + row), 12, SOFT)
        _row(paper, pictures, top)
    below = HEAD + rows * (tall + 4)
    write(draw, (SIDE, below + 6), title, 12, INK, bold=True)
    _row(paper, way, below + HEAD)
    return _small(paper)


def _row(paper: Image, pictures: Tensor, top: int) -> None:
    from PIL.Image import Resampling

    for k, picture in enumerate(pictures):
        tile = as_image(picture)
        size = fitted(TILE, *tile.size)
        way = Resampling.NEAREST if size[0] % tile.width == 0 else Resampling.LANCZOS
        paper.paste(tile.resize(size, way), (SIDE + k * (TILE + 4), top))


def _small(paper: Image) -> bytes:
    from PIL.Image import Dither

    for shades in (64, 32, 16, 8):  # noise compresses badly: give way until it is small
        buffer = io.BytesIO()
        paper.quantize(shades, dither=Dither.NONE).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= BYTES:
            break
    return buffer.getvalue()
