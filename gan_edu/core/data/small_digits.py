"""MNIST at half its size, of which networks learn in seconds."""

from __future__ import annotations

from functools import cache

from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled


@cache
def small_digits() -> Tensor:
    """MNIST's training digits at half their size, (60000, 1, 14, 14) in [−1, 1]: networks of them learn in seconds."""
    return avg_pool2d(scaled(mnist(train=True)[0]), 2)


def enlarged(digits: Tensor) -> Tensor:
    """(N, 1, 14, 14) → (N, 1, 28, 28), for the network that reads digits."""
    return interpolate(digits.float(), scale_factor=2, mode="bilinear", align_corners=False)
