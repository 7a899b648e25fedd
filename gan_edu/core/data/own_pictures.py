"""A learner's own pictures: any file that Pillow opens becomes grey or coloured pixels of one size.

Nothing is clipped on the way: 16-bit, 32-bit and floating-point pictures keep their range, and what is transparent lies
on a ground that can be seen. Pillow's own `convert` would cut all above 255 and forget the transparency.
"""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gan_edu.core.data.picture_files import pictures_in, readers
from gan_edu.core.safety import checked

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageFile import ImageFile

ORIENTATION = 0x0112  # in Exif: how the camera was held
LUMINANCE = np.array([0.299, 0.587, 0.114])  # of red, green, blue: ITU-R BT.601, as Pillow's
WHITES = (1, 255, 65_535)  # what white may be where a picture's type does not say


def images_from_folder(folder: str | Path, size: int = 28, colour: bool = False, ground: str | None = None) -> Tensor:
    """Your own pictures: every image file below `folder`, cropped to its middle square and resized.

    size: pixels a side. ground: the colour behind what is transparent, as "white" or "#808080"; by default each
    picture gets the one that its drawing stands out from: black where the drawing is light on average, else white.
    8 and 16 bits a channel are taken by their type's range. 32-bit integers and floats do not say what white is: it is
    the least of 1, 255 and 65,535 that no value exceeds; where one does, or is below 0, the picture's own least value
    is black and its largest white. Of an animation the first picture counts. Hidden files and folders (".name") and
    those that systems make ("__MACOSX") are left aside; so are links to folders, and pictures that Pillow has no reader
    for: then a warning says which.
    Returns uint8 (N, 1 or 3, size, size), in the order of the files' names.
    Raises OSError that names a folder without pictures, one that cannot be read, or a file that is no picture, holds
    NaN or infinity, or is no ordinary file; ValueError for a size, colour or ground that cannot be.
    """
    pictures = PictureFolder(folder, size, colour, ground)
    try:
        images = torch.empty(len(pictures), *pictures.shape, dtype=torch.uint8)
    except RuntimeError:
        side = pictures.shape[-1]
        raise ValueError(
            f"{len(pictures):,} pictures of {side:,} × {side:,} pixels do not fit into memory: take a smaller size, or "
            "Streamed(PictureFolder(…)), which reads them as they are needed"
        ) from None
    for i in range(len(pictures)):
        images[i] = pictures[i]
    return images


class PictureFolder:
    """The same pictures, each read when it is asked for: more of them than memory holds can be `Streamed`.

    `folder[i]` is uint8 (1 or 3, size, size). Takes and raises what `images_from_folder` does, for a file that is no
    picture when it is its turn.
    """

    def __init__(self, folder: str | Path, size: int = 28, colour: bool = False, ground: str | None = None):
        folder, size = checked.path("folder", folder), checked.integer("size", size, 1, 10_000)  # pixels
        self.shape = (3 if checked.flag("colour", colour) else 1, size, size)
        self._ground, known = None if ground is None else _colour(ground), readers()
        self._kinds = sorted(set(known.values()))
        # one block of bytes: a million paths in a list would be copied into each worker, as their counters change
        self._paths = np.array([os.fsencode(path) for path in pictures_in(folder, known)])

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, i: int) -> Tensor:
        path, (channels, size, _) = Path(os.fsdecode(self._paths[i])), self.shape
        pixels = _read(path, size, self._ground, self._kinds)  # (size, size, 3), float
        pixels = pixels if channels == 3 else pixels @ LUMINANCE[:, None]
        return _as_bytes(pixels)


def image_from_file(path: str | Path, size: int = 28, ground: str | None = None) -> Tensor:
    """One of your own pictures in grey, read as `images_from_folder` reads each: uint8 (1, size, size).

    Raises OSError for a file that is no picture, TypeError or ValueError for a path, size or ground that cannot be.
    """
    path, size = checked.file("path", path), checked.integer("size", size, 1, 10_000)
    pixels = _read(path, size, None if ground is None else _colour(ground), sorted(set(readers().values())))
    return _as_bytes(pixels @ LUMINANCE[:, None])


def _as_bytes(pixels: np.ndarray) -> Tensor:
    """Pixels (size, size, C), 0 to 255 or a little beyond, as uint8 (C, size, size)."""
    return torch.from_numpy(pixels.round().clip(0, 255).astype(np.uint8)).permute(2, 0, 1)


def _colour(name: str) -> np.ndarray:
    from PIL import ImageColor

    try:
        return np.array(ImageColor.getrgb(name)[:3], dtype=float)
    except (ValueError, AttributeError, TypeError):
        raise ValueError(f'ground must be the name of a colour, as "white" or "#808080", got {name!r}') from None


def _read(path: Path, size: int, ground: np.ndarray | None, kinds: list[str]) -> np.ndarray:
    """One picture (size, size, 3), 0 to 255 or, by interpolation, a little beyond. kinds: what it may be inside."""
    from PIL import Image

    with warnings.catch_warnings(record=True) as remarks:  # Pillow's own name no file
        warnings.simplefilter("always")
        try:
            if not path.is_file():  # to open a pipe would wait for ever
                raise OSError("no ordinary file, or a link to nothing")
            with Image.open(path, formats=kinds) as picture:
                colours, opacity = fitted(picture, size)
        except MemoryError:
            raise ValueError(
                f"{str(path)!r} at {size:,} × {size:,} pixels does not fit into memory: take a smaller "
                "size, or a smaller picture"
            ) from None
        except Exception as error:  # damaged files make Pillow raise more than OSError
            told = "; ".join([f"{type(error).__name__}: {error}", *(str(remark.message) for remark in remarks)])
            raise OSError(
                f"{str(path)!r} cannot be read as a picture ({told}): remove it, or save it anew as an "
                "ordinary PNG or JPEG"
            ) from None
    if ground is None:  # opposite to the drawing's mean luminance
        light = (colours @ LUMINANCE).sum() > 127.5 * opacity.sum()
        ground = np.zeros(3) if light else np.full(3, 255.0)
    return colours + (1 - opacity) * ground


def fitted(picture: ImageFile, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The middle square: colours times opacity (size, size, 3), 0 to 255, and opacity (size, size, 1), 0 to 1."""
    from PIL import Image, ImageOps
    from PIL.TiffImagePlugin import TiffImageFile

    def fit(part: Picture) -> np.ndarray:
        return np.asarray(ImageOps.fit(part, (size, size)), dtype=float)

    kind, clear, orientation = picture.format, picture.info.get("transparency"), None
    # white is 0: Pillow heeds it in 8 bits alone
    negative = isinstance(picture, TiffImageFile) and picture.tag_v2.get(262) == 0
    if kind == "PNG" and isinstance(clear, int):  # Pillow widens 2 and 4 bits to 8, but not the clear level
        picture.info["transparency"] = clear * {"L;2": 85, "L;4": 17}.get(str(picture.tile[0][3]), 1)
    if kind == "PNG" and isinstance(clear, tuple) and picture.tile[0][3] == "RGB;16B":  # it cuts 16 bits to 8
        picture.info["transparency"] = tuple(level >> 8 for level in clear)
    with suppress(Exception):  # Exif that cannot be read rotates nothing
        orientation = picture.getexif().get(ORIENTATION)
    upright = ImageOps.exif_transpose(picture) if orientation in range(2, 9) else picture
    if upright.mode != "F" and not upright.mode.startswith("I"):
        upright = upright.convert("LA") if upright.mode == "La" else upright  # from there alone to RGBA
        part = fit(upright.convert("RGBA").convert("RGBa"))  # interpolated with colours times opacity, as is right
        return part[..., :3], part[..., 3:] / 255
    values = np.asarray(upright).astype(float)  # of 64 bits: the difference of two 32-bit numbers may need it
    black, white = _ends(values, sixteen=kind == "PNG" or upright.mode.startswith("I;16"))
    values = black + white - values if negative else values
    there = np.ones_like(values) if clear is None else (values != clear)
    grey, opacity = (
        fit(Image.fromarray(part.astype(np.float32)))[..., None]
        for part in ((values - black) / (white - black) * 255 * there, there)
    )
    return grey.repeat(3, axis=2), opacity


def _ends(values: np.ndarray, sixteen: bool) -> tuple[float, float]:
    """The values that are black and white. sixteen: of 16-bit integers."""
    if not np.isfinite(values).all():
        raise ValueError("it holds NaN or infinity")
    low, high = float(values.min()), float(values.max())
    if sixteen:
        return 0.0, 65_535.0
    if low >= 0 and high <= WHITES[-1]:
        return 0.0, float(next(white for white in WHITES if high <= white))
    return low, high if high > low else np.nextafter(low, np.inf)  # of one value: all black
