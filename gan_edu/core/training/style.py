"""A generator by style, in its smallest form: z becomes w, and w says at each size how the layers weigh their maps.

    w = mapping(z);  x = constant;  at each size  x ← LeakyReLU(convolution of x with weights that w scales)

So one picture may take its coarse layers from one w and its fine ones from another. Karras et al. (2019), "A
style-based generator architecture", arXiv 1812.04948, and (2020), "Analyzing and improving the image quality of
StyleGAN", arXiv 1912.04958. Left out are noise at each pixel, pictures at each size, equalised learning rates, with
their hundredth for the mapping, and path length regularisation; and there is one convolution a size, not two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, interpolate, leaky_relu

from gan_edu.core.safety.checked import flag, integer, real
from gan_edu.core.training.convolutional import PixelNorm
from gan_edu.core.training.networks import MOST_UNITS
from gan_edu.core.training.residual import GAIN, SLOPE, begun, sizes


def modulated(x: Tensor, weight: Tensor, style: Tensor, demodulate: bool = True) -> Tensor:
    """Each sample's own convolution: w′_oik = s_i w_oik, and demodulated w″_oik = w′_oik / √(Σ_ik w′_oik² + 1e-8).

    x: (N, I, H, W), weight: (O, I, k, k), style: (N, I) → (N, O, H, W). Karras et al. (2020), arXiv 1912.04958,
    equations 1 and 3. The style scales the input here, and the sum of squares the output: a convolution is linear.
    """
    y = conv2d(x * style[:, :, None, None], weight, padding=weight.shape[-1] // 2)  # Σ w (s x) = Σ (s w) x
    if not demodulate:
        return y
    squares = style.square() @ weight.square().sum((2, 3)).T  # (N, O): Σ_i s_i² Σ_k w_oik²
    return y * torch.rsqrt(squares + 1e-8)[:, :, None, None]


class StyledConvolution(nn.Module):
    """(x, w) → convolution of x, `modulated` by s = A w + 1, and a bias: (N, inputs, H, W) → (N, outputs, H, W)."""

    def __init__(self, inputs: int, outputs: int, styles: int, kernel: int = 3, demodulate: bool = True):
        super().__init__()
        self.affine = begun(nn.Linear(styles, inputs))
        nn.init.ones_(self.affine.bias)
        self.weight = begun(nn.Conv2d(inputs, outputs, kernel, bias=False)).weight
        self.bias, self.demodulate = nn.Parameter(torch.zeros(outputs)), demodulate

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        return modulated(x, self.weight, self.affine(w), self.demodulate) + self.bias[:, None, None]


class StyleGenerator(nn.Module):
    """G: z (N, latent_dim) → w (N, styles) → pictures (N, channels, side, side).

    `mapping` makes w of z, `synthesise` a picture of w. widths: maps at each size, from the smallest to `side`. depth:
    layers of the mapping. Each size is a place for a w, and the last layer, from maps to channels, one more: `places`.
    mixing: in training, the share of samples whose last places take the w of another sample, so that neighbouring
    places cannot rely on each other. bounded: a tanh ends it, and it begins nearly black, as digits are; otherwise
    numbers may be of any size, as the authors have it. Raises ValueError for a number out of range.
    """

    def __init__(
        self,
        latent_dim: int = 64,
        channels: int = 1,
        widths: Sequence[int] = (64, 32, 16),
        side: int = 28,
        styles: int = 64,
        depth: int = 4,
        mixing: float = 0.9,
        bounded: bool = False,
    ):
        super().__init__()
        widths, small = sizes(widths, side)
        self.latent_dim, styles = integer("latent_dim", latent_dim, 1, MOST_UNITS), integer("styles", styles, 1, 10**5)
        self.places, self.mixing = len(widths) + 1, real("mixing", mixing, 0, 1)
        steps = pairwise([self.latent_dim, *[styles] * integer("depth", depth, 1, 100)])
        layers = (layer for a, b in steps for layer in (begun(nn.Linear(a, b), GAIN), nn.LeakyReLU(SLOPE)))
        self.mapping = nn.Sequential(PixelNorm(), *layers)  # z's length tells nothing
        self.constant = nn.Parameter(torch.randn(widths[0], small, small))
        self.layers = nn.ModuleList(StyledConvolution(a, b, styles) for a, b in pairwise([widths[0], *widths]))
        self.to_picture = StyledConvolution(widths[-1], integer("channels", channels, 1), styles, 1, demodulate=False)
        self.bounded = flag("bounded", bounded)
        if self.bounded:
            with torch.no_grad():
                self.to_picture.weight.mul_(0.1)
                self.to_picture.bias.fill_(-1.0)

    def forward(self, z: Tensor) -> Tensor:
        w = self.mapping(z)  # (N, styles)
        return self.synthesise(self.mixed_at_random(w) if self.training and self.mixing else w)

    def synthesise(self, w: Tensor) -> Tensor:
        """w (N, styles), or one for each place (N, places, styles) → pictures."""
        each = w if w.ndim == 3 else w[:, None].expand(-1, self.places, -1)  # (N, places, styles)
        x = self.constant.expand(len(w), -1, -1, -1)  # (N, widths[0], small, small)
        for place, layer in enumerate(self.layers):
            x = interpolate(x, scale_factor=2, mode="bilinear") if place else x
            x = GAIN * leaky_relu(layer(x, each[:, place]), SLOPE)  # a mean square of 1 stays 1
        picture = self.to_picture(x, each[:, -1])
        return torch.tanh(picture) if self.bounded else picture

    def mixed(self, first: Tensor, second: Tensor, crossover: int) -> Tensor:
        """A w for each place (N, places, styles): `first` at places before `crossover`, `second` from there on.

        first, second: w (N, styles). crossover: from 0, all second, to `places`, all first; ValueError for others.
        """
        at = torch.full((len(first),), integer("crossover", crossover, 0, self.places), device=first.device)
        return self._by_place(first, second, at)

    def _by_place(self, first: Tensor, second: Tensor, crossover: Tensor) -> Tensor:
        place = torch.arange(self.places, device=first.device)
        from_second = place >= crossover[:, None]  # (N, places)
        return torch.where(from_second[:, :, None], second[:, None], first[:, None])

    def mixed_at_random(self, w: Tensor) -> Tensor:
        """Each w, and that of the sample before it from a random place on (Karras et al. 2019, section 3.1)."""
        crossover = torch.randint(1, self.places, (len(w),), device=w.device)
        alone = torch.rand(len(w), device=w.device) >= self.mixing
        return self._by_place(w, w.roll(1, 0), crossover.masked_fill(alone, self.places))
