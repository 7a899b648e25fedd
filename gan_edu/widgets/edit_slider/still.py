"""The edit slider on paper: pictures at the least strength, at the chosen one, at the largest."""

from __future__ import annotations

import io

from torch import Tensor

from gan_edu.core.data.pixels import as_image
from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.still import GAP, INK, PAPER, SOFT, fitted

TILE, SIDE, HEAD, SHOWN = 84, 150, 30, 8  # SIDE: for words at the left; SHOWN: pictures of a row


def still(frames: Tensor, direction: dict, place: int) -> bytes:
    """A PNG of pictures (S, N, H, W), uint8, of a direction as `edits.arranged` tells it."""
    from PIL import Image, ImageDraw

    last, shown = len(frames) - 1, min(SHOWN, frames.shape[1])
    size = _, tall = fitted(TILE, frames.shape[3], frames.shape[2])
    rows = sorted({0, min(place, last), last})
    paper = Image.new("RGB", (SIDE + shown * (TILE + 4) + GAP, HEAD + len(rows) * (tall + 4) + GAP), PAPER)
    draw = ImageDraw.Draw(paper)
    write(draw, (GAP, 8), direction["name"][:60], 14, INK, bold=True)
    for row, strength in enumerate(rows):
        top = HEAD + row * (tall + 4)
        told = f"{direction['strengths'][strength]:g}", f"{direction['mean'][strength]:.3g}"
        write(draw, (GAP, top + tall // 2 - 16), say("edit_slider", "strengthIs", strength=told[0]), 12, INK, bold=True)
        write(draw, (GAP, top + tall // 2 + 2), say("edit_slider", "meanIs", mean=told[1]), 12, SOFT)
        for k in range(shown):
            tile = as_image(frames[strength, k][None])
            way = Image.Resampling.NEAREST if size[0] % tile.width == 0 else Image.Resampling.LANCZOS
            paper.paste(tile.resize(size, way), (SIDE + k * (TILE + 4), top))
    buffer = io.BytesIO()
    paper.quantize(32, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
