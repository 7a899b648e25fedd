"""Two small convolutional networks for pictures of 28 × 28, grey or in colour. Chapter 10 explains them.

After Radford et al. (2016), "Unsupervised representation learning with deep convolutional generative adversarial
networks", arXiv 1511.06434: strides in place of pooling, batch normalisation in G, LeakyReLU in D. D has no
normalisation, so that gradient penalties, which need each sample's own logit, can be taken.
"""

from __future__ import annotations

from torch import Tensor, nn

from gan_edu.core.safety.checked import integer
from gan_edu.core.training.networks import MOST_UNITS, linear

SIDE = 7  # of the smallest map: 7 · 2 · 2 = 28


class ConvGenerator(nn.Module):
    """G: z (N, latent_dim) → pictures (N, channels, 28, 28) in [−1, 1].

    width: maps of 14 × 14; of 7 × 7 twice as many. Raises ValueError for a number below 1.
    """

    def __init__(self, latent_dim: int = 100, channels: int = 1, width: int = 32):
        super().__init__()
        self.latent_dim, channels = integer("latent_dim", latent_dim, 1, MOST_UNITS), integer("channels", channels, 1)
        self.wide = 2 * integer("width", width, 1, MOST_UNITS)
        self.project = nn.Sequential(
            linear(self.latent_dim, self.wide * SIDE**2), nn.BatchNorm1d(self.wide * SIDE**2), nn.ReLU()
        )
        self.grow = nn.Sequential(
            nn.ConvTranspose2d(self.wide, width, 4, stride=2, padding=1, bias=False),  # 7 → 14
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1),  # 14 → 28
            nn.Tanh(),
        )

    def forward(self, z: Tensor) -> Tensor:
        return self.grow(self.project(z).unflatten(1, (self.wide, SIDE, SIDE)))  # (N, channels, 28, 28)


class ConvDiscriminator(nn.Module):
    """D: pictures (N, channels, 28, 28) → logits (N, 1).

    width: maps of 14 × 14; of 7 × 7 twice as many. hidden: units of the layer before the logit.
    Raises ValueError for a number below 1.
    """

    def __init__(self, channels: int = 1, width: int = 32, hidden: int = 256):
        super().__init__()
        channels, width = integer("channels", channels, 1), integer("width", width, 1, MOST_UNITS)
        self.layers = nn.Sequential(
            nn.Conv2d(channels, width, 4, stride=2, padding=1),  # 28 → 14
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),  # 14 → 7
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            linear(2 * width * SIDE**2, integer("hidden", hidden, 1, MOST_UNITS)),
            nn.LeakyReLU(0.2),
            linear(hidden, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)  # (N, channels, 28, 28) → (N, 1)
