"""Residual networks in the frame of chapter 10's: for digits, and quick on two cores. Chapter 11 has them.

    G: z → maps at a quarter of the side → blocks → twice as large → blocks → twice as large → tanh
    D: the same way back                                        blocks: x + f(x), f = 0 at the start

Between blocks all is linear, and nothing is normalised. `core.training.residual` has the blocks, and the networks as
R3GAN's authors build them, which take about ten times as long to a digit that can be read.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer
from gan_edu.core.training.convolutional import quarter
from gan_edu.core.training.networks import MOST_UNITS
from gan_edu.core.training.residual import ResidualBlock, begun


class CompactGenerator(nn.Module):
    """G: z (N, latent_dim) → pictures (N, channels, side, side) in [−1, 1], nearly black at first, as digits are.

    width: maps at half the side; at a quarter twice as many. blocks: at each of these two sizes. expansion, group:
    `ResidualBlock`'s. Raises ValueError as that does, for a number below 1, and for a side other than 28 and 32.
    """

    def __init__(
        self,
        latent_dim: int = 64,
        channels: int = 1,
        width: int = 16,
        side: int = 28,
        blocks: int = 1,
        expansion: int = 1,
        group: int = 0,
    ):
        super().__init__()
        self.latent_dim, channels = integer("latent_dim", latent_dim, 1, MOST_UNITS), integer("channels", channels, 1)
        wide, small = 2 * integer("width", width, 1, MOST_UNITS), quarter(side)
        stage = partial(_stage, integer("blocks", blocks, 0, 100), expansion, group)
        self.layers = nn.Sequential(
            begun(nn.Linear(self.latent_dim, wide * small**2)),
            nn.Unflatten(1, (wide, small, small)),
            *stage(wide),
            nn.Upsample(scale_factor=2),
            begun(nn.Conv2d(wide, width, 3, padding=1)),
            *stage(width),
            nn.Upsample(scale_factor=2),
            begun(nn.Conv2d(width, channels, 3, padding=1, bias=False), 0.1),
        )
        self.background = nn.Parameter(torch.full((channels, 1, 1), -1.0))

    def forward(self, z: Tensor) -> Tensor:
        return torch.tanh(self.layers(z) + self.background)  # (N, channels, side, side)


class CompactDiscriminator(nn.Module):
    """D: pictures (N, channels, side, side) → logits (N, 1), of the same numbers as `CompactGenerator`."""

    def __init__(
        self, channels: int = 1, width: int = 16, side: int = 28, blocks: int = 1, expansion: int = 1, group: int = 0
    ):
        super().__init__()
        channels, wide, small = (
            integer("channels", channels, 1),
            2 * integer("width", width, 1, MOST_UNITS),
            quarter(side),
        )
        stage = partial(_stage, integer("blocks", blocks, 0, 100), expansion, group)
        self.layers = nn.Sequential(
            begun(nn.Conv2d(channels, width, 4, stride=2, padding=1)),  # side → side / 2
            *stage(width),
            begun(nn.Conv2d(width, wide, 4, stride=2, padding=1)),  # → side / 4
            *stage(wide),
            nn.Flatten(),
            begun(nn.Linear(wide * small**2, 1, bias=False)),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)  # (N, channels, side, side) → (N, 1)


def _stage(count: int, expansion: int, group: int, maps: int) -> list[ResidualBlock]:
    """`count` blocks, for a network that has them at two sizes."""
    return [ResidualBlock(maps, expansion, group, 2 * count) for _ in range(count)]
