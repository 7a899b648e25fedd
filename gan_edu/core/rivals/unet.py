"""A small network that is told how noisy a picture is, and tells what to take away. Belongs to notebook 11_modern.

    28 × 28 → 14 × 14 ─────────────── beside ──────────────→ 14 × 14 → 28 × 28
                 └→ 7 × 7 → each place sees every other → 7 × 7 ┘

After Ronneberger et al. (2015), "U-Net", arXiv 1505.04597, with the residual blocks and the clock of Ho et al. (2020),
arXiv 2006.11239. That has attention at small sizes; a layer of all places, as here, does for pictures that lie alike.
Its norm is chapter 10's `PixelNorm`. As in `core.training.residual` each block ends in zeros, so that it begins as x.
`Hourglass` is the network without the clock, to which anything may be told: chapter 13 tells it a latent.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, pixel_shuffle, pixel_unshuffle, silu

from gan_edu.core.safety.checked import integer
from gan_edu.core.training.convolutional import PixelNorm
from gan_edu.core.training.networks import MOST_UNITS, linear
from gan_edu.core.training.residual import begun

WAVES = 16  # cosines of t that the network is told
SMALL, FEW = 7, 16  # the smallest side, and as how many maps a layer of all places sees it


class TimedBlock(nn.Module):
    """x + f(x, told), (N, maps, H, W): two convolutions, each map of the first shifted by what is told (N, told)."""

    def __init__(self, maps: int, told: int):
        super().__init__()
        maps, told = integer("maps", maps, 1, MOST_UNITS), integer("told", told, 1, MOST_UNITS)
        self.norm, self.shift = PixelNorm(), linear(told, maps)
        self.first = nn.Conv2d(maps, maps, 3, padding=1)
        self.last = begun(nn.Conv2d(maps, maps, 3, padding=1), 0)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        h = self.first(silu(self.norm(x))) + self.shift(told)[:, :, None, None]
        return x + self.last(silu(self.norm(h)))


class DenseBlock(nn.Module):
    """x + f(x, told), (N, maps, 7, 7): each place sees all others, through `units`, and what is told (N, told).

    few: as how many maps the places are seen.
    """

    def __init__(self, maps: int, told: int, units: int, few: int = FEW):
        super().__init__()
        maps, told = integer("maps", maps, 1, MOST_UNITS), integer("told", told, 1, MOST_UNITS)
        few, units = integer("few", few, 1, MOST_UNITS), integer("units", units, 1, MOST_UNITS)
        places = few * SMALL**2
        self.norm, self.narrow = PixelNorm(), nn.Conv2d(maps, few, 1)
        self.first, self.shift, self.last = linear(places, units), linear(told, units), linear(units, places)
        self.widen = begun(nn.Conv2d(few, maps, 1), 0)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        h = self.narrow(silu(self.norm(x))).flatten(1)  # (N, few · 49)
        h = self.last(silu(self.first(h) + self.shift(told)))
        return x + self.widen(silu(h).unflatten(1, (-1, SMALL, SMALL)))


class Hourglass(nn.Module):
    """(x (N, channels, 28, 28), told (N, told)) → (N, 1, 28, 28), any numbers.

    2 × 2 pixels are 4 maps at the start and at the end, so that nothing is computed at 28 × 28. width: maps at 14 × 14.
    wide: at 7 × 7; 0: twice as many. blocks: at each size, each way. units: of the layer between all places of the
    smallest size, which sees them as `few` maps. Raises ValueError for a number below 1, wide below 0.
    """

    def __init__(
        self,
        channels: int = 1,
        told: int = 1,
        width: int = 24,
        blocks: int = 1,
        units: int = 512,
        few: int = FEW,
        wide: int = 0,
    ):
        super().__init__()
        channels, width = integer("channels", channels, 1, MOST_UNITS), integer("width", width, 1, MOST_UNITS)
        wide, blocks = integer("wide", wide, 0, MOST_UNITS) or 2 * width, integer("blocks", blocks, 1, 100)
        self.begin = nn.Conv2d(4 * channels, width, 3, padding=1)
        self.down = nn.ModuleList(TimedBlock(width, told) for _ in range(blocks))
        self.shrink = nn.Conv2d(width, wide, 3, stride=2, padding=1)
        middle = [TimedBlock(wide, told) for _ in range(2 * blocks)]
        self.middle = nn.ModuleList([*middle[:blocks], DenseBlock(wide, told, units, few), *middle[blocks:]])
        self.beside = nn.Conv2d(width + wide, width, 1)
        self.up = nn.ModuleList(TimedBlock(width, told) for _ in range(blocks))
        self.norm, self.end = PixelNorm(), nn.Conv2d(width, 4, 3, padding=1)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        fine = self.begin(pixel_unshuffle(x, 2))  # (N, width, 14, 14)
        for block in self.down:
            fine = block(fine, told)
        coarse = self.shrink(fine)  # (N, 2 width, 7, 7)
        for block in self.middle:
            coarse = block(coarse, told)
        fine = self.beside(torch.cat([fine, interpolate(coarse, scale_factor=2)], 1))
        for block in self.up:
            fine = block(fine, told)
        return pixel_shuffle(self.end(silu(self.norm(fine))), 2)  # (N, 1, 28, 28)


class UNet(nn.Module):
    """(x_t (N, 1, 28, 28), t (N,)) → v̂ of x_t's shape: an `Hourglass` that is told the time.

    width, blocks, units: the hourglass's. Raises ValueError for a number below 1.
    """

    def __init__(self, width: int = 24, blocks: int = 1, units: int = 512):
        super().__init__()
        told = 2 * integer("width", width, 1, MOST_UNITS)
        self.clock = nn.Sequential(linear(WAVES, told), nn.SiLU(), linear(told, told), nn.SiLU())
        self.body = Hourglass(1, told, width, blocks, units)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        told = self.clock(torch.cos(math.pi * t[:, None] * torch.arange(WAVES, device=t.device)))  # (N, told)
        return self.body(x, told)
