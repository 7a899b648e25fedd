"""What happens to pictures: holes, brush strokes, noise, blur, fewer pixels. Chapter 13 has networks undo it.

A damage is a pure function (x (N, 1, H, W) in [0, 1], stream) → (seen, known), both of x's shape: what is left of the
pictures, and 1 where a pixel is left as it was, 0 where it must be made anew. All that is random comes from the stream
that is handed in, so that the same stream damages alike.

    seen, known = hole(12)(x, torch.Generator().manual_seed(0))

`mixed` has one of several for each picture. Pathak et al. (2016), "Context encoders", arXiv 1604.07379 (holes); Vincent
et al. (2008), "Extracting and composing robust features with denoising autoencoders" (noise); Ledig et al. (2017),
arXiv 1609.04802 (fewer pixels).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d

from gan_edu.core.safety.checked import function, integer, real
from gan_edu.core.training.tensors import WHOLE, tensor

FACTORS = (2, 4)  # by which a picture gets smaller


class Damaged(NamedTuple):
    """What is left of pictures, (N, 1, H, W) in [0, 1], and where it is as it was: 1, elsewhere 0."""

    seen: Tensor
    known: Tensor


Damage = Callable[[Tensor, torch.Generator], Damaged]


def in_light(name: str, x: Tensor) -> Tensor:
    """Pictures (N, 1, H, W) in [0, 1], 0 black. Raises ValueError for others, TypeError for what is no tensor."""
    if tensor(name, x, WHOLE).ndim != 4 or x.shape[1] != 1:
        raise ValueError(f"{name} must be grey pictures (N, 1, H, W), got {tuple(x.shape)}")
    least, most = (each.item() for each in x.aminmax()) if x.numel() else (0, 0)
    if not (least >= 0 and most <= 1):  # NaN is neither
        raise ValueError(
            f"{name} must lie in [0, 1], got {least:.3g} to {most:.3g}: (x + 1) / 2 of pictures in [−1, 1]"
        )
    return x


def light(x: Tensor) -> Tensor:
    """Pictures in [−1, 1], as batches are, in [0, 1]: (x + 1) / 2. 0 is black."""
    return ((x + 1) / 2).clamp(0, 1)


def conditioned(seen: Tensor, known: Tensor) -> Tensor:
    """[seen, known], (N, 2, 28, 28). Raises ValueError where they are no pictures of 28 × 28 in [0, 1], as many."""
    if in_light("seen", seen).shape[2:] != (28, 28) or in_light("known", known).shape != seen.shape:
        raise ValueError(
            f"seen and known must both be (N, 1, 28, 28), got {tuple(seen.shape)} and {tuple(known.shape)}"
        )
    return torch.cat([seen, known.to(seen)], 1)


def hole(side: int = 12) -> Damage:
    """A square of side × side pixels is black and unknown, anywhere within the picture, drawn for each. side ≥ 1."""
    side = integer("side", side, 1, 10_000)

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        if side > min(in_light("pictures", x).shape[2:]):
            raise ValueError(f"a hole of side {side} does not fit into pictures {tuple(x.shape[2:])}: take a smaller")
        inside = torch.ones_like(x, dtype=torch.bool)
        for dim in (2, 3):
            first = torch.randint(x.shape[dim] - side + 1, (len(x), 1, 1, 1), generator=stream, device=x.device)
            place = _places(x, dim) - first  # within the hole 0 … side − 1
            inside = inside & (place >= 0) & (place < side)
        return _without(x, inside)

    return damage


def rectangle(left: int, top: int, width: int, height: int) -> Damage:
    """These pixels are black and unknown, in all pictures the same: nothing is drawn. left, top ≥ 0; the others ≥ 1."""
    left, top = integer("left", left, 0, 10_000), integer("top", top, 0, 10_000)
    width, height = integer("width", width, 1, 10_000), integer("height", height, 1, 10_000)

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        down, across = in_light("pictures", x).shape[2:]
        if top + height > down or left + width > across:
            raise ValueError(
                f"a rectangle of {width} × {height} pixels at ({left}, {top}) does not lie within pictures of "
                f"{across} × {down}: move it, or take a smaller"
            )
        inside = torch.zeros_like(x, dtype=torch.bool)
        inside[:, :, top : top + height, left : left + width] = True
        return _without(x, inside)

    return damage


def strokes(count: int = 3, width: float = 5.0) -> Damage:
    """`count` straight brush strokes of a width in pixels, from anywhere to anywhere, are black and unknown.

    A pixel is under a stroke where its middle lies within width/2 of the segment.
    """
    count, width = integer("count", count, 1, 1000), real("width", width, above=0)

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        height, across = in_light("pictures", x).shape[2:]
        ends = torch.rand(2, 2, count, len(x), 1, 1, generator=stream, device=x.device)
        (y0, x0), (y1, x1) = (
            end * torch.tensor([height - 1.0, across - 1.0]).view(2, 1, 1, 1, 1).to(end) for end in ends
        )
        down, right = (_places(x, dim)[:, 0] for dim in (2, 3))  # (1, H, 1), (1, 1, W)
        along = ((down - y0) * (y1 - y0) + (right - x0) * (x1 - x0)) / ((y1 - y0) ** 2 + (x1 - x0) ** 2 + 1e-12)
        along = along.clamp(0, 1)  # where on the segment the nearest point is: (count, N, H, W)
        away = (down - y0 - along * (y1 - y0)) ** 2 + (right - x0 - along * (x1 - x0)) ** 2
        return _without(x, (away <= width**2 / 4).any(0)[:, None])

    return damage


def noise(sigma: float = 0.4) -> Damage:
    """x + σ ε, cut to [0, 1], as a picture file would be; no pixel is known. sigma ≥ 0."""
    sigma = real("sigma", sigma, 0)

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        drawn = torch.empty_like(in_light("pictures", x)).normal_(generator=stream)
        return _unknown((x + sigma * drawn).clamp(0, 1))

    return damage


def blur(sigma: float = 1.5) -> Damage:
    """The convolution with a Gaussian of deviation `sigma` pixels, up to 3 σ away; outside all is black. sigma > 0."""
    sigma = real("sigma", sigma, above=0, most=1000)
    reach = math.ceil(3 * sigma)
    kernel = (-(torch.arange(-reach, reach + 1.0, dtype=torch.float64) ** 2) / (2 * sigma**2)).exp()
    kernel = kernel / kernel.sum()

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        one = kernel.to(in_light("pictures", x))
        seen = conv2d(x, one.view(1, 1, -1, 1), padding=(reach, 0))
        return _unknown(conv2d(seen, one.view(1, 1, 1, -1), padding=(0, reach)).clamp(0, 1))

    return damage


def smaller(factor: int = 4) -> Damage:
    """Each factor × factor pixels become their mean, shown in all their places. factor: 2 or 4, which divides sides."""
    if (factor := integer("factor", factor, 1, 1000)) not in FACTORS:
        raise ValueError(f"factor must be one of {', '.join(map(str, FACTORS))}, got {factor}")

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        if any(side % factor for side in in_light("pictures", x).shape[2:]):
            raise ValueError(f"factor must divide the sides of the pictures, {tuple(x.shape[2:])}, got {factor}")
        few = avg_pool2d(x, factor).clamp(0, 1)  # (N, 1, H/factor, W/factor)
        return _unknown(few.repeat_interleave(factor, 2).repeat_interleave(factor, 3))

    return damage


def mixed(*damages: Damage) -> Damage:
    """Each picture has one of the damages, all as likely. Raises ValueError for none, TypeError for no function."""
    if not damages:
        raise ValueError("mixed takes one damage or more, such as mixed(hole(12), smaller(4))")
    for each in damages:
        function("each damage", each, "(x, stream) → (seen, known)")

    def damage(x: Tensor, stream: torch.Generator) -> Damaged:
        which = torch.randint(len(damages), (len(in_light("pictures", x)),), generator=stream, device=x.device)
        found = Damaged(torch.empty_like(x), torch.empty_like(x))
        for k, each in enumerate(damages):
            if len(at := (which == k).nonzero()[:, 0]):
                found.seen[at], found.known[at] = each(x[at], stream)
        return found

    return damage


def _without(x: Tensor, lost: Tensor) -> Damaged:
    """Pictures without the pixels that are lost, a truth for each."""
    known = (~lost).to(x)
    return Damaged(x * known, known)


def _unknown(seen: Tensor) -> Damaged:
    """No pixel is as it was."""
    return Damaged(seen, torch.zeros_like(seen))


def _places(x: Tensor, dim: int) -> Tensor:
    """0, 1, … along a dimension of x: (1, 1, H, 1) or (1, 1, 1, W)."""
    return torch.arange(x.shape[dim], device=x.device).view([-1 if d == dim else 1 for d in range(4)])
