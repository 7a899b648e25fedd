"""A learner's own pictures: any file that Pillow opens becomes grey or coloured pixels of one size.

Nothing is clipped on the way: 16-bit, 32-bit and floating-point pictures keep their range, and what is transparent lies
on a ground that can be seen. Pillow's own `convert` would cut all above 255 and forget the transparency.
"""
from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan_edu.core import checked

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
LUMINANCE = np.array([0.299, 0.587, 0.114])           # of red, green, blue: ITU-R BT.601, as Pillow's
WHITES = (1, 255, 65_535)                             # what white may be where a picture's type does not say


def images_from_folder(folder: str | Path, size: int = 28, colour: bool = False, ground: str | None = None) -> Tensor:
    """Your own pictures: every image file below `folder`, cropped to its middle square and resized.

    size: pixels a side. ground: the colour behind what is transparent, as "white" or "#808080"; by default each
    picture gets the one that its drawing stands out from: black where the drawing is light on average, else white.
    8 and 16 bits a channel are taken by their type's range. 32-bit integers and floats do not say what white is: it is
    the least of 1, 255 and 65,535 that no value exceeds; where one does, or is below 0, the picture's own least value
    is black and its largest white. Hidden files and folders (".name") are left aside, links to folders not followed.
    Returns uint8 (N, 1 or 3, size, size), in the order of the files' names.
    Raises OSError that names a folder without pictures, one that cannot be read, or a file that is no picture, holds
    NaN or infinity, or is no ordinary file; ValueError for a size or ground that cannot be.
    """
    folder, size = checked.path("folder", folder), checked.integer("size", size, 1, 10_000)      # pixels
    behind = None if ground is None else _colour(ground)
    paths = _pictures(folder)
    images = torch.empty(len(paths), 3 if colour else 1, size, size, dtype=torch.uint8)
    for i, path in enumerate(paths):
        pixels = _read(path, size, behind)                                      # (size, size, 3), float
        pixels = pixels if colour else pixels @ LUMINANCE[:, None]
        images[i] = torch.from_numpy(pixels.round().clip(0, 255).astype(np.uint8)).permute(2, 0, 1)
    return images


def _pictures(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder: give the folder that holds your pictures")
    paths = []
    for place, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths += [Path(place, name) for name in names
                  if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES]
    if not paths:
        raise FileNotFoundError(f"no pictures in {folder}: looked for {', '.join(sorted(SUFFIXES))}")
    return sorted(paths)


def _unreadable(error: OSError) -> None:
    raise OSError(f"the folder {error.filename} cannot be read ({error.strerror}): give yourself the right to read it, "
                  "or move it away") from error


def _colour(name: str) -> np.ndarray:
    from PIL import ImageColor
    try:
        return np.array(ImageColor.getrgb(name)[:3], dtype=float)
    except (ValueError, AttributeError, TypeError):
        raise ValueError(f'ground must be the name of a colour, as "white" or "#808080", got {name!r}') from None


def _read(path: Path, size: int, ground: np.ndarray | None) -> np.ndarray:
    """One picture (size, size, 3), 0 to 255 or, by interpolation, a little beyond."""
    from PIL import Image
    if not path.is_file():                                # to open a pipe would wait for ever
        raise OSError(f"{path} is no ordinary file, or a link to nothing: remove it, or give it another ending")
    try:
        with Image.open(path) as picture:
            colours, opacity = _fitted(picture, size)
    except Exception as error:                            # damaged files make Pillow raise more than OSError
        raise OSError(f"{path} cannot be read as a picture ({type(error).__name__}: {error}): remove it, or save it "
                      "anew") from None
    if ground is None:                                    # opposite to the drawing's mean luminance
        light = (colours @ LUMINANCE).sum() > 127.5 * opacity.sum()
        ground = np.zeros(3) if light else np.full(3, 255.0)
    return colours + (1 - opacity) * ground


def _fitted(picture, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The middle square: colours times opacity (size, size, 3), 0 to 255, and opacity (size, size, 1), 0 to 1."""
    from PIL import Image, ImageOps

    def fit(part) -> np.ndarray:
        return np.asarray(ImageOps.fit(part, (size, size)), dtype=float)

    kind, clear = picture.format, picture.info.get("transparency")
    if kind == "PNG" and isinstance(clear, int):          # Pillow widens 2 and 4 bits to 8, but not the clear level
        picture.info["transparency"] = clear * {"L;2": 85, "L;4": 17}.get(picture.tile[0][3], 1)
    picture = ImageOps.exif_transpose(picture)
    if picture.mode != "F" and not picture.mode.startswith("I"):
        picture = picture.convert("LA") if picture.mode == "La" else picture                # from there alone to RGBA
        part = fit(picture.convert("RGBA").convert("RGBa"))     # interpolated with colours times opacity, as is right
        return part[..., :3], part[..., 3:] / 255
    values = np.asarray(picture).astype(np.float32)
    black, white = _ends(values, sixteen=kind == "PNG" or picture.mode.startswith("I;16"))
    there = np.ones_like(values) if clear is None else (values != clear).astype(np.float32)
    grey, opacity = (fit(Image.fromarray(part))[..., None]
                     for part in ((values - black) * (255 / (white - black)) * there, there))
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
    return low, high if high > low else low + 1           # of one value: all black
