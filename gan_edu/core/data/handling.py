"""What happens to pictures on their way to a reader: saved as JPEG, scaled there and back, moved by a pixel.

Each is a damage, as those of `core.data.damage`: (x (N, 1, H, W) in [0, 1], stream) → (seen, known), no pixel known.
What says where a picture came from should outlive them. Pixels that come in by moving are black. Notebook 18_transfer.
"""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate, pad

from gan_edu.core.data.damage import Damage, Damaged, in_light
from gan_edu.core.safety.checked import integer

FARTHEST = 1000  # pixels that a picture is moved by


def in_bytes(x: Tensor) -> Tensor:
    """Pictures (N, 1, H, W) in [0, 1] at the 256 levels of a picture file: as real digits are, and fakes once saved."""
    return (in_light("pictures", x) * 255).round() / 255


def jpeg(quality: int = 50) -> Damage:
    """Each picture saved as a grey JPEG of this quality, 1 to 95, by Pillow, and read again."""
    quality = integer("quality", quality, 1, 95)

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        pixels = (in_bytes(x)[:, 0] * 255).byte().cpu().numpy()  # (N, H, W)
        read = np.stack([_saved(each, quality) for each in pixels]) if len(pixels) else pixels
        return _on_the_way(torch.from_numpy(read)[:, None].to(x) / 255)

    return damage


def _saved(pixels: np.ndarray, quality: int) -> np.ndarray:
    """One picture (H, W), there and back."""
    Image.fromarray(pixels).save(buffer := io.BytesIO(), "JPEG", quality=quality)
    return np.asarray(Image.open(buffer, formats=["JPEG"]))


def resized(side: int = 14) -> Damage:
    """Scaled to side × side pixels and back, each new pixel the mean of what it covers or lies between (antialiased
    bilinear), and at 256 levels. side ≥ 1."""
    side = integer("side", side, 1, 10_000)

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        there = _scaled_to(in_light("pictures", x), (side, side))
        return _on_the_way(in_bytes(_scaled_to(there, x.shape[2:]).clamp(0, 1)))

    return damage


def _scaled_to(x: Tensor, size: tuple[int, ...]) -> Tensor:
    return interpolate(x, size=tuple(size), mode="bilinear", align_corners=False, antialias=True)


def moved(down: int = 0, right: int = 1) -> Damage:
    """Moved by whole pixels, negative for up and left: what leaves on one side is lost."""
    down, right = (integer(name, each, -FARTHEST, FARTHEST) for name, each in (("down", down), ("right", right)))

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        return _on_the_way(shifted(in_light("pictures", x), down, right))

    return damage


def shifted(x: Tensor, down: int, right: int) -> Tensor:
    """x (…, H, W) moved by so many pixels, zeros where nothing came in."""
    return pad(x, (right, -right, down, -down))


def _on_the_way(seen: Tensor) -> Damaged:
    return Damaged(seen, torch.zeros_like(seen))
