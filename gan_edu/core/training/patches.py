"""A discriminator that judges each patch of a picture by itself: in chapter 13, whether it is restored or real."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer
from gan_edu.core.training.networks import MOST_UNITS


class PatchDiscriminator(nn.Module):
    """D(x, [seen, known]) → a logit for each of 7 × 7 patches, (N, 1, 7, 7), each of 18 × 18 pixels.

    Isola et al. (2017), arXiv 1611.07004, section 3.2.2, with smaller patches. width: maps at 14 × 14. given: maps of
    the condition; with 0 it is D(x).
    """

    def __init__(self, width: int = 16, given: int = 2):
        super().__init__()
        width, given = integer("width", width, 1, MOST_UNITS), integer("given", given, 0, MOST_UNITS)
        self.layers = nn.Sequential(
            nn.Conv2d(1 + given, width, 4, stride=2, padding=1),  # (N, width, 14, 14)
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # (N, 2 width, 7, 7)
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 1, 3, padding=1),  # (N, 1, 7, 7)
        )

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        return self.layers(x if condition is None else torch.cat([x, condition], 1))
