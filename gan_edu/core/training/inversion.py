"""From a picture to its latent: which z does G make it of? By a search for each picture, or by a network. Notebook 13.

    search = GAN(Latents(G, 100, 16), None, 0)                             the 16 latents are what learns
    train(search, repeat(x), 300, step=inverting())
    search.generator.z

    gan = GAN(G, None, 100, others={"encoder": Player(E, adam(E))})        G stays as it is
    train(gan, batches, 1000, step=encoding())
    E(x)

Zhu et al. (2016), "Generative visual manipulation on the natural image manifold", arXiv 1609.03552: the search, the
network, and the search that begins where the network ends.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer, kind, real
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import GAN, Batches, Record
from gan_edu.core.training.networks import MOST_UNITS, copied
from gan_edu.core.training.step import learn, noise, one_step
from gan_edu.core.training.step_checks import drawn, generated


class Latents(nn.Module):
    """`count` latents z (count, latent_dim) that learn, and a copy of G in eval mode that does not: () → G(z).

    start: where z begins, (count, latent_dim); by default Gaussian, of this seed. Raises ValueError for numbers below
    1, or a start of another shape.
    """

    def __init__(self, generator: nn.Module, latent_dim: int, count: int, seed: int = 0, start: Tensor | None = None):
        super().__init__()
        pieces.network("generator", generator)
        shape = integer("count", count, 1, 10**6), integer("latent_dim", latent_dim, 1, MOST_UNITS)
        self.made_by = copied(generator).requires_grad_(False).eval()
        if start is None:
            start = torch.randn(shape, generator=torch.Generator().manual_seed(integer("seed", seed)))
        if start.shape != shape:
            raise ValueError(f"start must be latents of the shape {shape}, got {tuple(start.shape)}")
        weight = next(generator.parameters())
        self.z = nn.Parameter(start.detach().clone().to(weight))

    def train(self, mode: bool = True) -> Latents:
        """G's copy stays in eval mode, so that each picture is made by itself."""
        super().train(mode)
        self.made_by.eval()
        return self

    def forward(self, condition: Tensor | None = None) -> Tensor:
        return self.made_by(self.z)


def inverting(prior: float = 0.0) -> Callable[[GAN, Batches], Record]:
    """A step for `train`: each z of `Latents` goes downhill in mean (G(z) − x)² + prior · mean z².

    The batches are the same pictures again and again, as many as there are latents: `itertools.repeat(x)`. prior ≥ 0
    holds z where G has learned. The record has both parts. Raises TypeError for another generator, ValueError where the
    pictures are of another shape.
    """
    prior = real("prior", prior, 0)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        latents, (x, _) = kind("the generator", gan.generator, Latents), drawn(batches)
        made = latents()
        if made.shape != x.shape:
            raise ValueError(f"the latents make {tuple(made.shape)}, the pictures are {tuple(x.shape)}: one z for each")
        missed, length = (made - x).square().mean(), latents.z.square().mean()
        loss = missed + prior * length
        learn(gan, "generator", loss)
        return {"g_loss": loss, "missed": missed, "length": length}

    return step


def encoding(pictures: float = 1.0) -> Callable[[GAN, Batches], Record]:
    """A step for `train`: the player "encoder" learns E(G(z)) = z of drawn z, and G(E(x)) = x of real pictures x.

        mean (E(G(z)) − z)² + pictures · mean (G(E(x)) − x)²

    pictures: ≥ 0; with 0 it never sees a real picture. G does not learn. Raises ValueError without an encoder.
    """
    weight = real("pictures", pictures, 0)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        if "encoder" not in gan.others:
            raise ValueError('there is no encoder: GAN(G, None, …, others={"encoder": Player(E, adam(E))})')
        encoder, (x, _) = gan.others["encoder"].network, drawn(batches)
        z = noise(gan, x)
        with torch.no_grad():
            made = generated(gan.generator, z)
        found = encoder(made)
        if found.shape != z.shape:
            raise ValueError(f"the encoder must give latents {tuple(z.shape)}, got {tuple(found.shape)}")
        latents, missed = (found - z).square().mean(), x.new_zeros(())
        if weight:
            missed = (generated(gan.generator, encoder(x)) - x).square().mean()
        loss = latents + weight * missed
        learn(gan, "encoder", loss)
        return {"g_loss": loss, "latents": latents, "missed": missed}

    return step
