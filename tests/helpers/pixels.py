"""Pictures read as a person reads them: which colour stands where, which way is up, what a chart's ticks say.

A check takes a picture and asserts what is seen in it. `only_so` runs it, and then on the same picture turned upside
down, mirrored, with real and fake swapped, or dark for light: a check that still passes there sees nothing.
"""

import io
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageColor
from scipy import ndimage

REAL = {"light": "#0072B2", "dark": "#56B4E9"}  # as core.notebook.figures, and the controls in the dark
FAKE = {"light": "#D55E00", "dark": "#F0954B"}
BREAKS = {
    "upside down": lambda picture: picture[::-1],
    "mirrored": lambda picture: picture[:, ::-1],
    "real for fake": lambda picture: picture[..., ::-1],  # red for blue: the one's colour is nearly the other's
    "dark for light": lambda picture: 255 - picture,
}


def picture_of(png):
    """The pixels (H, W, 3) of a PNG."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), int)


def only_so(check, seen, *breaks):
    """The check passes on what is seen, and on none of its breaks. seen: a picture, or a `screen.Graph` over one."""
    check(seen)
    for name in breaks:
        broken = (
            BREAKS[name](seen) if isinstance(seen, np.ndarray) else replace(seen, picture=BREAKS[name](seen.picture))
        )
        try:
            check(broken)
        except (AssertionError, ValueError):
            continue
        raise AssertionError(f"the check passes {name}, too: it sees nothing")


def colour_at(picture, right, down):
    """The colour of a small patch; right and down: shares of the picture's sides."""
    y, x = round(down * (len(picture) - 1)), round(right * (picture.shape[1] - 1))
    return np.median(picture[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3].reshape(-1, 3), 0)


def hue(colour):
    """What a colour stands for: "real" (blue), "fake" (orange), or neither."""
    red, _, blue = colour
    return "real" if blue - red > 25 else "fake" if red - blue > 25 else "neither"


def near(picture, colour, within=45):
    """Where the picture has this colour, in each of its channels."""
    return np.abs(picture - np.array(ImageColor.getrgb(colour))).max(-1) <= within


@dataclass
class Spot:
    """A patch of one colour: its middle as shares of the picture's sides, and its shape."""

    right: float
    down: float
    shape: str


def spots(picture, colour, least=25, within=45):
    """The patches of a colour that hold at least so many pixels, the largest first: (all that `Spot` says)."""
    patches, _ = ndimage.label(near(picture, colour, within), np.ones((3, 3)))
    found = []
    for k, place in enumerate(ndimage.find_objects(patches), 1):
        mask = patches[place] == k
        if mask.sum() < least:
            continue
        height, width = picture.shape[:2]
        middle = [(each.start + each.stop) / 2 for each in place]
        found.append((mask.sum(), Spot(middle[1] / width, middle[0] / height, shape_of(mask))))
    return [spot for _, spot in sorted(found, key=lambda each: -each[0])]


def shape_of(mask):
    """ "triangle", on its base, "disc", or "other": by how wide it is near its top, in its middle, near its foot."""
    wide = [np.ptp(np.flatnonzero(row)) + 1 if row.any() else 0 for row in mask]
    top, middle, foot = (wide[round(share * (len(wide) - 1))] / mask.shape[1] for share in (0.2, 0.5, 0.8))
    if top + 0.15 < middle < foot - 0.1:
        return "triangle"
    return "disc" if middle > 0.9 and 0.5 < top < 0.98 and abs(top - foot) < 0.15 else "other"


def curve(picture, colour, within=60):
    """A curve, dashed or not, as (columns, rows) of its pixels: the largest stretch of this colour."""
    mask = near(picture, colour, within)
    joined, _ = ndimage.label(ndimage.binary_dilation(mask, np.ones((9, 9))))
    sizes = np.bincount(joined[mask], minlength=2)
    rows, columns = np.nonzero(mask & (joined == sizes[1:].argmax() + 1))
    return columns, rows


def ink(picture, contrast=40):
    """Where what is drawn on one even ground begins and ends, as shares: left, top, right, bottom; but its rim."""
    drawn, rim = np.abs(picture - colour_at(picture, 0.03, 0.03)).max(-1) > contrast, len(picture) // 40
    down, right = np.nonzero(drawn[rim:-rim, rim:-rim])
    height, width = drawn.shape
    return (
        (right.min() + rim) / width,
        (down.min() + rim) / height,
        (right.max() + rim) / width,
        (down.max() + rim) / height,
    )


def panels(picture, least=60):
    """Boxes (top, bottom, left, right) of what stands apart on white paper and has both sides that long; by rows."""
    patches, _ = ndimage.label((picture < 240).any(-1), np.ones((3, 3)))
    found = [(y.start, y.stop, x.start, x.stop) for y, x in ndimage.find_objects(patches)]
    return sorted(
        (each for each in found if min(each[1] - each[0], each[3] - each[2]) >= least), key=lambda b: (b[0] // 20, b[2])
    )


def cut(picture, box):
    """A part of a picture."""
    top, bottom, left, right = box
    return picture[top:bottom, left:right]
