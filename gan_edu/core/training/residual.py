"""Residual networks without normalisation: a G and a D for pictures, mirror images of each other. Chapter 11 has them.

    x ← x + f(x),  f: 1 × 1 to more maps, 3 × 3 in groups, 1 × 1 back     in place of     x ← norm(convolution(x))

A norm keeps the numbers of a deep network in scale. Here the way it begins does that: f ends in zeros, so that at first
each block hands on what it is given, and a network of 50 blocks makes and judges as one without any. As no block and no
activation does anything yet, the whole network is linear at the start, and no layer blows its numbers up: a logit is
as large as the picture's root mean square once it is shrunk to the smallest size.
Huang et al. (2024), "The GAN is dead; long live the GAN!", arXiv 2501.05441, configuration E, in small; the beginning
after Zhang et al. (2019), "Fixup initialization", arXiv 1901.09321, groups after Xie et al. (2017), "ResNeXt", arXiv
1611.05431. There a low-pass filter halves a map, here a mean of 2 × 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer, several
from gan_edu.core.training.networks import MOST_UNITS

SLOPE = 0.2
GAIN = math.sqrt(2 / (1 + SLOPE**2))  # a LeakyReLU of N(0, 1) has the mean square (1 + slope²) / 2
Weighing = TypeVar("Weighing", nn.Linear, nn.Conv2d)


def begun(layer: Weighing, gain: float = 1.0) -> Weighing:
    """The layer with weights N(0, gain² / fan-in) and no bias: outputs have gain² times the mean square of its inputs.

    He et al. (2015), "Delving deep into rectifiers", arXiv 1502.01852, equation 10, where gain is `GAIN`.
    """
    nn.init.normal_(layer.weight, 0, gain / math.sqrt(layer.weight[0].numel()))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def pointwise(inputs: int, outputs: int) -> nn.Conv2d:
    """A linear map from maps to maps, the same at each pixel."""
    return begun(nn.Conv2d(inputs, outputs, 1, bias=False))


class ResidualBlock(nn.Module):
    """x + f(x), (N, maps, H, W) → the same shape, f of three convolutions; at the start f is 0.

    expansion: f works with so many times more maps. group: maps that a 3 × 3 convolution sees together, which divides
    them; 0: it sees all. blocks: L, how many the network has: weights begin L^(−1/4) times as large, so that a first
    step of gradient descent moves the output of a deep network as far as that of a flat one (Zhang et al. 2019, of
    three layers a block). Raises ValueError for a number below 1, or a group that does not divide the maps.
    """

    def __init__(self, maps: int, expansion: int = 2, group: int = 16, blocks: int = 1):
        super().__init__()
        maps, expansion = integer("maps", maps, 1, MOST_UNITS), integer("expansion", expansion, 1, 100)
        wide, gain = maps * expansion, GAIN * integer("blocks", blocks, 1, 10_000) ** (-1 / 4)
        if integer("group", group) and wide % group:
            raise ValueError(f"group must divide the {wide} maps of a block (maps · expansion), {group} does not")
        groups = wide // group if group else 1
        self.branch = nn.Sequential(
            begun(nn.Conv2d(maps, wide, 1), gain),
            nn.LeakyReLU(SLOPE),
            begun(nn.Conv2d(wide, wide, 3, padding=1, groups=groups), gain),
            nn.LeakyReLU(SLOPE),
            begun(nn.Conv2d(wide, maps, 1, bias=False), 0),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.branch(x)


class ResidualGenerator(nn.Module):
    """G: z (N, latent_dim) → pictures (N, channels, side, side), of any size: no tanh ends it.

    At first each map is a learned picture of the smallest size times one number of z. widths: maps at each size, from
    the smallest to `side`, each of twice the side before. blocks: how many at each size; none told: one.
    expansion, group: `ResidualBlock`'s. Raises ValueError as that does, and for a side that cannot be halved so often.
    """

    def __init__(
        self,
        latent_dim: int = 64,
        channels: int = 1,
        widths: Sequence[int] = (64, 32, 16),
        side: int = 28,
        blocks: Sequence[int] = (),
        expansion: int = 2,
        group: int = 16,
    ):
        super().__init__()
        widths, small = sizes(widths, side)
        first, *others = _stages(widths, blocks, expansion, group)
        self.latent_dim, channels = integer("latent_dim", latent_dim, 1, MOST_UNITS), integer("channels", channels, 1)
        self.basis = nn.Parameter(torch.randn(widths[0], small, small))
        self.project = begun(nn.Linear(self.latent_dim, widths[0], bias=False))
        layers: list[nn.Module] = [*first]
        for (a, b), stage in zip(pairwise(widths), others, strict=True):
            layers += [pointwise(a, b), nn.Upsample(scale_factor=2, mode="bilinear"), *stage]
        self.layers = nn.Sequential(*layers, pointwise(widths[-1], channels))

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(self.basis * self.project(z)[:, :, None, None])  # (N, widths[0], small, small) → pictures


class ResidualDiscriminator(nn.Module):
    """D: pictures (N, channels, side, side) → logits (N, 1): the generator's layers, the other way round.

    Its numbers are those of `ResidualGenerator`; widths again begin with the smallest size.
    """

    def __init__(
        self,
        channels: int = 1,
        widths: Sequence[int] = (64, 32, 16),
        side: int = 28,
        blocks: Sequence[int] = (),
        expansion: int = 2,
        group: int = 16,
    ):
        super().__init__()
        widths, small = sizes(widths, side)
        first, *others = _stages(widths, blocks, expansion, group)
        layers: list[nn.Module] = [pointwise(integer("channels", channels, 1), widths[-1])]
        for (b, a), stage in zip(pairwise(widths[::-1]), others[::-1], strict=True):
            layers += [*stage, nn.AvgPool2d(2), pointwise(b, a)]
        layers += first
        basis = begun(nn.Conv2d(widths[0], widths[0], small, groups=widths[0], bias=False))  # a picture for each map
        self.layers = nn.Sequential(*layers, basis, nn.Flatten(), begun(nn.Linear(widths[0], 1, bias=False)))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)  # (N, 1)


def _stages(widths: Sequence[int], blocks: Sequence[int], expansion: int, group: int) -> list[list[ResidualBlock]]:
    """The blocks of each size, from the smallest on."""
    told = several("blocks", blocks, lambda name, count: integer(name, count, 0, 100))
    counts = told or [1] * len(widths)
    if len(counts) != len(widths):
        raise ValueError(f"blocks must be as many numbers as widths, {len(widths)}, got {len(counts)}")
    return [
        [ResidualBlock(maps, expansion, group, sum(counts)) for _ in range(count)]
        for maps, count in zip(widths, counts, strict=True)
    ]


def sizes(widths: Sequence[int], side: int) -> tuple[list[int], int]:
    """Maps at each size, and the side of the smallest. Raises ValueError for a side that cannot be halved so often."""
    widths = several("widths", widths, lambda name, width: integer(name, width, 1, MOST_UNITS))
    if not 1 <= len(widths) <= 12:
        raise ValueError(f"widths must be 1 to 12, maps at each size from the smallest on, got {len(widths)}")
    times = 2 ** (len(widths) - 1)
    if integer("side", side, 1, 4096) % times:
        raise ValueError(f"side must be a multiple of {times} for {len(widths)} widths, got {side}")
    return widths, side // times
