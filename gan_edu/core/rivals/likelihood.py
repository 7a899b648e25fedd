"""How likely a pixel is: a mixture of logistics, cut into the 256 grey levels. Belongs to notebook 11_modern.

    X ~ Σ_k π_k Logistic(μ_k, s_k),   the pixel is the level nearest to X, and the first or last one for X beyond them

so that the probability of a level is the area between its two borders, and the 256 add up to 1. Salimans et al. (2017),
"PixelCNN++", arXiv 1701.05517, section 2.1. Pixels are in [−1, 1]: level j of 0 … 255 is 2j/255 − 1.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, softplus

from gan_edu.core.training.tensors import tensor

LEVELS = 256
HALF = 1 / (LEVELS - 1)  # of a level's width
NARROWEST = -7.0  # of log s: a quarter of a level
NUMBERS = 3  # of each logistic: log π before the softmax, μ, log s
SIDE = 28  # of the pictures that this room's models make
PART = 250  # pictures a pass, where bits are measured


class Logistics:
    """Of each pixel its mixture of K logistics: log_weights, means, scales, each (…, K)."""

    def __init__(self, numbers: Tensor):
        """numbers: (…, 3K), what a network says of each pixel. Raises ValueError where they are not 3 for each."""
        tensor("numbers", numbers)
        if not numbers.shape[-1] or numbers.shape[-1] % NUMBERS:
            raise ValueError(f"a mixture has 3 numbers for each logistic, got {numbers.shape[-1]} for a pixel")
        numbers = numbers.float() if numbers.dtype == torch.bfloat16 else numbers
        weights, self.means, log_scales = numbers.chunk(NUMBERS, -1)
        self.log_weights = weights.log_softmax(-1)
        self.scales = log_scales.clamp(NARROWEST, 3).exp()

    def log_probability(self, x: Tensor) -> Tensor:
        """log P(x), in nats, of pixels x (…) that are levels.

        Between borders a > b, in units of s: σ(a) − σ(b) = σ(a) σ(−b) (1 − e^(b − a)), a product, so that its logarithm
        is exact also where all three are tiny. The first level has no lower border, the last no upper one.
        """
        x = x[..., None]  # (…, 1)
        upper, lower = ((x + side - self.means) / self.scales for side in (HALF, -HALF))  # (…, K)
        first, last = x < HALF - 1, x > 1 - HALF
        below = torch.where(last, 0.0, logsigmoid(upper))
        above = torch.where(first, 0.0, logsigmoid(-lower))
        between = torch.where(first | last, 0.0, torch.log(-torch.expm1(-2 * HALF / self.scales)))
        return (self.log_weights + below + above + between).logsumexp(-1)

    def cumulative(self, level: Tensor) -> Tensor:
        """P(pixel ≤ level j), of levels 0 … 255 (…), before the last."""
        border = (2 * level + 1) * HALF - 1
        return (self.log_weights.exp() * torch.sigmoid((border[..., None] - self.means) / self.scales)).sum(-1)

    def at(self, share: Tensor) -> Tensor:
        """The pixel below which this share of the probability lies, in [0, 1]: a sample where that is drawn uniformly.

        The first level j with P(pixel ≤ j) ≥ share, found by halving 256 levels eight times. share: (…).
        """
        low = torch.zeros_like(share)  # the level is at least this
        for half in (128, 64, 32, 16, 8, 4, 2, 1):
            low = torch.where(self.cumulative(low + half - 1) < share, low + half, low)
        return 2 * HALF * low - 1

    def mean(self) -> Tensor:
        """E[X cut to [−1, 1]], which is the mean pixel but for less than half a level, (…).

        E[X] = −1 + ∫ P(X > t) dt from −1 to 1 = −1 + s (softplus((μ + 1)/s) − softplus((μ − 1)/s)) for a logistic.
        """
        above, beyond = (softplus((self.means + side) / self.scales) for side in (1, -1))
        return ((above - beyond) * self.scales * self.log_weights.exp()).sum(-1) - 1


def bits_a_pixel(log_probability: Tensor) -> Tensor:
    """−log₂ P, the mean over pixels: in bits, of log-probabilities in nats (N, …)."""
    return -log_probability.mean() / math.log(2)


def pictures(x: Tensor) -> Tensor:
    """The pictures as they are. Raises ValueError for what is not (N, 1, 28, 28), TypeError for other numbers."""
    if not tensor("pictures", x).is_floating_point():
        raise TypeError(f"pictures must be in [−1, 1], got {x.dtype}: core.data.scaled makes them of uint8")
    if not len(x) or x.shape[1:] != (1, SIDE, SIDE):
        raise ValueError(f"pictures must be (N, 1, {SIDE}, {SIDE}), grey, got the shape {tuple(x.shape)}")
    return x


def in_range(images: Tensor) -> Tensor:
    """The pictures as they are. Raises as `pictures`, and ValueError for pixels outside of [−1, 1]."""
    least, most = pictures(images).aminmax()
    if not -1 <= least <= most <= 1:
        raise ValueError(f"pixels must be in [−1, 1], got {least.item():.4g} to {most.item():.4g}")
    return images
