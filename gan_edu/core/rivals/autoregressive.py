"""A picture pixel after pixel: each is drawn from what those before it make likely. Belongs to notebook 11_modern.

    p(x) = Π_i p(x_i | x_1 … x_{i−1}),   row by row, in each from left to right

    G = PixelGenerator()
    gan = GAN(G, None, 784, latent="uniform")
    train(gan, batches, steps, step=pixel_after_pixel)

In training all pixels are known and all 784 factors are computed at once; in sampling one waits for the other. A pixel
is the level below which a share (z_i + 1)/2 of its probability lies: so G(z) is a function of uniform z, and each
picture has its z. van den Oord et al. (2016), "Pixel recurrent neural networks", arXiv 1601.06759, whose row LSTM is a
GRU here (Cho et al. 2014, arXiv 1406.1078), and Salimans et al. (2017), "PixelCNN++", arXiv 1701.05517.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from gan_edu.core.rivals.likelihood import NUMBERS, PART, SIDE, Logistics, bits_a_pixel, in_range, pictures
from gan_edu.core.safety.checked import integer, kind
from gan_edu.core.training.contract import Batches
from gan_edu.core.training.gan import GAN
from gan_edu.core.training.networks import MOST_UNITS, linear
from gan_edu.core.training.step import autocast, learn, one_step
from gan_edu.core.training.step_checks import drawn
from gan_edu.core.training.streams import looking

BLACK = -1.0


class PixelGenerator(nn.Module):
    """G: z (N, 784) in [−1, 1] → pictures (N, 1, 28, 28), 784 calls of a small network, one after another.

    What says a pixel's distribution sees two things: of all rows above it what a GRU of `units` keeps, as `context`
    numbers for each of the 28 places; and the pixels near it that are there already, `reach` to each side in its row
    and in the three above. It has two layers of `width` units and says so many `logistics`. Levels have no slope in z,
    so that G(z) has no gradient. Raises ValueError for a number below 1, or a reach beyond the picture.
    """

    above = 3  # rows that are seen pixel by pixel

    def __init__(self, units: int = 192, context: int = 16, reach: int = 6, width: int = 64, logistics: int = 4):
        super().__init__()
        self.reach, self.context = integer("reach", reach, 1, SIDE), integer("context", context, 1, MOST_UNITS)
        self.before = self.above * (2 * self.reach + 1) + self.reach  # pixels of the window, up to the pixel itself
        units, width = integer("units", units, 1, MOST_UNITS), integer("width", width, 1, MOST_UNITS)
        self.rows = nn.GRU(SIDE, units, batch_first=True)
        self.spread = linear(units, SIDE * self.context)
        self.pixel = nn.Sequential(
            linear(self.context + self.before, width),
            nn.SiLU(),
            linear(width, width),
            nn.SiLU(),
            linear(width, NUMBERS * integer("logistics", logistics, 1, 100)),
        )

    def pixels(self, x: Tensor) -> Logistics:
        """p(x_i | those before it) of all pixels of pictures x (N, 1, 28, 28) at once: (N, 1, 28, 28, K)."""
        rows = pad(x[:, 0, :-1], (0, 0, 1, 0), value=BLACK)  # at each row the one above it
        context = self.spread(self.rows(rows)[0]).unflatten(2, (SIDE, self.context))  # (N, 28, 28, context)
        windows = self.canvas(x[:, 0]).unfold(1, self.above + 1, 1).unfold(2, 2 * self.reach + 1, 1)
        near = windows.flatten(3)[..., : self.before]  # (N, 28, 28, before)
        return Logistics(self.pixel(torch.cat([context, near], 3))[:, None])

    def canvas(self, rows: Tensor) -> Tensor:
        """Rows (N, …, 28) with black around them, so that each pixel has a whole window."""
        return pad(rows, (self.reach, self.reach, self.above, 0), value=BLACK)

    @torch.no_grad()
    def forward(self, z: Tensor) -> Tensor:
        shares = (z.unflatten(1, (SIDE, SIDE)) + 1) / 2
        canvas = self.canvas(torch.full_like(shares, BLACK))  # each row and pixel is written where it belongs
        row, state = torch.full_like(shares[:, :1], BLACK), None
        for r in range(SIDE):
            known, state = self.rows(row, state)
            context = self.spread(known).unflatten(2, (SIDE, self.context))  # (N, 1, 28, context)
            for c in range(SIDE):
                window = canvas[:, r : r + self.above + 1, c : c + 2 * self.reach + 1]
                near = window.flatten(1)[:, : self.before]
                found = Logistics(self.pixel(torch.cat([context[:, 0, c], near], 1)))
                canvas[:, self.above + r, self.reach + c] = found.at(shares[:, r, c])
            row = canvas[:, self.above + r, self.reach : self.reach + SIDE][:, None]  # (N, 1, 28)
        return canvas[:, None, self.above :, self.reach : self.reach + SIDE]


@one_step
def pixel_after_pixel(gan: GAN, batches: Batches) -> dict[str, Tensor]:
    """The step for `train`: G learns to lower −log₂ p(x), in bits a pixel, exact and of all pixels at once."""
    generator, x = _generator(gan), pictures(drawn(batches)[0])
    with autocast(gan):
        loss = bits_a_pixel(generator.pixels(x).log_probability(x))
    learn(gan, "generator", loss)
    return {"g_loss": loss}


def _generator(gan: GAN) -> PixelGenerator:
    """The generator that is trained. Raises TypeError for another G, ValueError for latents that are not uniform."""
    if gan.latent != "uniform":
        raise ValueError(f'pixels are drawn at uniform latents: GAN(…, latent="uniform"), this one is {gan.latent}')
    return kind("the generator", gan.generator, PixelGenerator)


def pixel_bits(gan: GAN, images: Tensor) -> float:
    """−log₂ p(x) in bits a pixel, exact, of pictures (N, 1, 28, 28) in [−1, 1]. Disturbs nothing.

    The generator is the one that is shown: an average of the weights, where there is one. Raises ValueError for other
    pictures.
    """
    _generator(gan)
    generator = kind("the generator", gan.shown, PixelGenerator)
    with looking(generator):
        parts = in_range(images).to(gan.device).split(PART)
        return bits_a_pixel(torch.cat([generator.pixels(x).log_probability(x) for x in parts])).item()
