"""Two small convolutional networks for pictures of 28 × 28 or 32 × 32, grey or in colour. Chapter 10 explains them.

After Radford et al. (2016), "Unsupervised representation learning with deep convolutional generative adversarial
networks", arXiv 1511.06434: strides in place of pooling, batch normalisation, LeakyReLU in D. Three things differ:
kernels are smaller; D has a fully connected layer of `hidden` units, as in InfoGAN's D; and D has no normalisation
unless one asks for it, as gradient penalties need each sample's own logit.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer, one_of
from gan_edu.core.training.networks import MOST_UNITS, linear

SIDES = (28, 32)  # of a picture: the smallest map has a quarter of it
GROWS, NORMS = ("transposed", "resize", "shuffle"), ("batch", "layer", "pixel", "none")


class ConvGenerator(nn.Module):
    """G: z (N, latent_dim) → pictures (N, channels, side, side) in [−1, 1].

    width: maps at half the side; at a quarter twice as many. grow: how a map grows, one of `GROWS`; norm: one of
    `NORMS`. hidden: units of one more layer before the maps, as in InfoGAN's G for MNIST; 0: none, as in DCGAN. Raises
    ValueError for other names, and for a number below 1, or hidden below 0.
    """

    def __init__(
        self,
        latent_dim: int = 100,
        channels: int = 1,
        width: int = 32,
        side: int = 28,
        grow: str = "transposed",
        norm: str = "batch",
        hidden: int = 0,
    ):
        super().__init__()
        self.latent_dim, channels = integer("latent_dim", latent_dim, 1, MOST_UNITS), integer("channels", channels, 1)
        self.wide, self.small = 2 * integer("width", width, 1, MOST_UNITS), quarter(side)
        units, hidden = self.wide * self.small**2, integer("hidden", hidden, 0, MOST_UNITS)
        more = (linear(self.latent_dim, hidden), _of_units(norm, hidden), nn.ReLU()) if hidden else ()
        self.project = nn.Sequential(
            *more,  # one layer more, where hidden says so
            linear(hidden or self.latent_dim, units),
            _of_units(norm, units),
            nn.ReLU(),
        )
        self.grow = nn.Sequential(
            growing(grow, self.wide, width, bias=norm != "batch"),  # side / 4 → side / 2
            normalising(norm, width),
            nn.ReLU(),
            growing(grow, width, channels),  # → side
            nn.Tanh(),
        )

    def forward(self, z: Tensor) -> Tensor:
        return self.grow(self.project(z).unflatten(1, (self.wide, self.small, self.small)))  # (N, channels, side, side)


class ConvDiscriminator(nn.Module):
    """D: pictures (N, channels, side, side) → logits (N, 1).

    width: maps at half the side; at a quarter twice as many. hidden: units of the layer before the logit. norm: one of
    `NORMS`, before each LeakyReLU of a map but the first. Raises ValueError for others, and for a number below 1.
    """

    def __init__(self, channels: int = 1, width: int = 32, hidden: int = 256, side: int = 28, norm: str = "none"):
        super().__init__()
        channels, width = integer("channels", channels, 1), integer("width", width, 1, MOST_UNITS)
        small, self.hidden = quarter(side), integer("hidden", hidden, 1, MOST_UNITS)
        self.layers = nn.Sequential(
            nn.Conv2d(channels, width, 4, stride=2, padding=1),  # side → side / 2
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # → side / 4
            normalising(norm, 2 * width),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            linear(2 * width * small**2, self.hidden),
            nn.LeakyReLU(0.2),
            linear(self.hidden, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)  # (N, channels, side, side) → (N, 1)


def growing(kind: str, inputs: int, outputs: int, bias: bool = True) -> nn.Module:
    """(N, inputs, H, W) → (N, outputs, 2H, 2W), one of `GROWS`.

    "transposed": a kernel is written at every second place, 4 × 4, so that each output is written four times. "resize":
    each pixel becomes 2 × 2 alike, then 3 × 3 (Odena et al. 2016, "Deconvolution and checkerboard artifacts").
    "shuffle": 3 × 3 to four times the maps, of which each four become 2 × 2 pixels (Shi et al. 2016, arXiv 1609.05158).
    """
    match one_of("grow", kind, GROWS):
        case "transposed":
            return nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=bias)
        case "resize":
            return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(inputs, outputs, 3, padding=1, bias=bias))
        case _:
            return nn.Sequential(nn.Conv2d(inputs, 4 * outputs, 3, padding=1, bias=bias), nn.PixelShuffle(2))


def normalising(kind: str, channels: int) -> nn.Module:
    """(N, channels, H, W) → the same shape, one of `NORMS`.

    "batch": each map over the batch (Ioffe and Szegedy 2015, arXiv 1502.03167). "layer": each sample over all its maps
    (Ba et al. 2016, arXiv 1607.06450). "pixel": `PixelNorm`. "none": as it is.
    """
    match one_of("norm", kind, NORMS):
        case "batch":
            return nn.BatchNorm2d(channels)
        case "layer":
            return nn.GroupNorm(1, channels)
        case "pixel":
            return PixelNorm()
        case _:
            return nn.Identity()


class PixelNorm(nn.Module):
    """x / √(mean x² over the channels), at each pixel (Karras et al. 2018, arXiv 1710.10196, section 4.2)."""

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)


def quarter(side: int) -> int:
    """The side of the smallest map."""
    if (side := integer("side", side)) not in SIDES:
        raise ValueError(f"side must be 28 or 32, got {side}: scale the pictures to one of them")
    return side // 4


def _of_units(kind: str, units: int) -> nn.Module:
    """The same for (N, units), before they become maps."""
    match kind:
        case "batch":
            return nn.BatchNorm1d(units)
        case "layer":
            return nn.LayerNorm(units)
        case _:
            return normalising(kind, units)
