"""Digits that lie side by side on one picture: how a benchmark packs them, so that a stored table stays small."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 28  # pixels of a digit
COLUMNS = 32  # digits beside each other
GREYS = 16  # of 256: no eye misses the others, and noise takes half the room


def packed(tiles: np.ndarray) -> tuple[str, list[int]]:
    """Digits (N, 28, 28) of 0 to 255 as one PNG of 16 greys in base64, and where each lies on it, in rows from above.

    Digits that are alike in 16 greys lie in one place. Raises ValueError for anything but such an array of uint8.
    """
    from PIL import Image

    if (
        not isinstance(tiles, np.ndarray)
        or tiles.dtype != np.uint8
        or tiles.shape[1:] != (SIDE, SIDE)
        or not len(tiles)
    ):
        got = f"{tiles.dtype} {tiles.shape}" if isinstance(tiles, np.ndarray) else type(tiles).__name__
        raise ValueError(f"tiles must be a numpy array (N, {SIDE}, {SIDE}) of uint8, N ≥ 1, got {got}")
    coarse = np.rint(np.rint(tiles / 255 * (GREYS - 1)) * (255 / (GREYS - 1))).astype(np.uint8)
    places: dict[bytes, int] = {}
    found = [places.setdefault(each.tobytes(), len(places)) for each in coarse]
    columns = min(COLUMNS, len(places))
    rows = -(-len(places) // columns)
    sheet = np.zeros((rows * columns, SIDE, SIDE), np.uint8)
    sheet[: len(places)] = np.stack([np.frombuffer(each, np.uint8).reshape(SIDE, SIDE) for each in places])
    grid = sheet.reshape(rows, columns, SIDE, SIDE).transpose(0, 2, 1, 3).reshape(rows * SIDE, columns * SIDE)
    buffer = io.BytesIO()
    Image.fromarray(grid).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode(), found


def tile(atlas: Image, place: int) -> Image:
    """The digit in a place of such a picture."""
    columns = atlas.width // SIDE
    left, top = place % columns * SIDE, place // columns * SIDE
    return atlas.crop((left, top, left + SIDE, top + SIDE))
