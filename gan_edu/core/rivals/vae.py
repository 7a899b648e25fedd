"""The variational autoencoder: a G that learns from pictures' own latents, which an encoder finds. Notebook 11_modern.

    encoder   x → q(z|x) = N(μ, σ²);     decoder   z → p(x|z), for each pixel a mixture of logistics
    log p(x)  ≥  E_q log p(x|z) − KL(q(z|x) ‖ N(0, 1))                     the ELBO, which both learn to raise

    G, E = Decoder(32), Encoder(32)
    gan = GAN(G, None, 32, others={"encoder": Player(E, adam(E))})
    train(gan, batches, steps, step=elbo())

G(z) is the mean of p(x|z), a picture without grain. Kingma and Welling (2014), "Auto-encoding variational Bayes", arXiv
1312.6114; the weight β of the KL is that of Higgins et al. (2017), "beta-VAE". Networks are those of chapter 10.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gan_edu.core.rivals.likelihood import NUMBERS, PART, Logistics, bits_a_pixel, in_range, pictures
from gan_edu.core.safety.checked import integer, kind, real
from gan_edu.core.training.contract import Batches, Record
from gan_edu.core.training.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.gan import GAN
from gan_edu.core.training.networks import MOST_UNITS, linear
from gan_edu.core.training.step import autocast, learn, one_step
from gan_edu.core.training.step_checks import drawn
from gan_edu.core.training.streams import looking


class Decoder(nn.Module):
    """G: z (N, latent_dim) → pictures (N, 1, 28, 28), the mean of what `pixels(z)` says of each pixel.

    width, hidden: as `ConvGenerator`'s, whose layers it has, but for the tanh. logistics: of each pixel. Raises
    ValueError for numbers below 1, hidden below 0.
    """

    def __init__(self, latent_dim: int = 32, width: int = 16, hidden: int = 256, logistics: int = 1):
        super().__init__()
        maps = NUMBERS * integer("logistics", logistics, 1, 100)
        self.layers = ConvGenerator(latent_dim, maps, width, grow="resize", hidden=hidden)
        self.layers.grow[-1] = nn.Identity()  # no tanh: a scale may be any number

    def pixels(self, z: Tensor) -> Logistics:
        """p(x|z), of each pixel: (N, 1, 28, 28, K)."""
        return Logistics(self.layers(z).movedim(1, -1)[:, None])

    def forward(self, z: Tensor) -> Tensor:
        return self.pixels(z).mean()


class Encoder(nn.Module):
    """q(z|x): pictures (N, 1, 28, 28) → (means, log σ), each (N, latent_dim); the layers of `ConvDiscriminator`."""

    def __init__(self, latent_dim: int = 32, width: int = 16, hidden: int = 256):
        super().__init__()
        base = ConvDiscriminator(1, width, hidden)
        self.layers = base.layers
        self.layers[-1] = linear(base.hidden, 2 * integer("latent_dim", latent_dim, 1, MOST_UNITS))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_deviation = self.layers(x).float().chunk(2, 1)
        return mean, log_deviation.clamp(-10, 10)


def divergence(mean: Tensor, log_deviation: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) = Σ ½ (μ² + σ² − 1) − log σ, in nats, (N,) of (N, latent_dim)."""
    return (0.5 * (mean.square() + (2 * log_deviation).exp() - 1) - log_deviation).sum(1)


def _parts(gan: GAN, decoder: Decoder, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """(log p(x|z), KL) of pictures x (N, 1, 28, 28), each (N,), in nats, at one z = μ + σ · noise of each.

    So z has its gradient to the encoder, noise (N, latent_dim) has none to need: the reparametrisation.
    """
    mean, log_deviation = gan.others["encoder"].network(x)
    z = mean + log_deviation.exp() * noise  # (N, latent_dim)
    return decoder.pixels(z).log_probability(x).sum((1, 2, 3)), divergence(mean, log_deviation)


def elbo(beta: float = 1.0) -> Callable[[GAN, Batches], Record]:
    """The step for `train`: decoder and encoder together learn to lower −log p(x|z) + β KL, in bits a pixel.

    beta: ≥ 0; with 1 the loss is a bound of −log p(x), below 1 pictures are sharper where z is one of the encoder's,
    and samples worse, as the encoder's z are less like those of G. The record has both parts, in bits a pixel.
    """
    beta = real("beta", beta, 0)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        decoder, x = _decoder(gan), pictures(drawn(batches)[0])
        with autocast(gan):
            likelihood, kl = _parts(gan, decoder, x, gan.latents(len(x), gan.noise_stream))
        pixels = x[0].numel()
        missed, kl = bits_a_pixel(likelihood / pixels), -bits_a_pixel(kl / pixels)
        loss = missed + beta * kl
        learn(gan, ("generator", "encoder"), loss)
        return {"g_loss": loss, "missed": missed, "kl": kl}

    return step


def _decoder(gan: GAN) -> Decoder:
    """The decoder that is trained. Raises TypeError for another G, ValueError where there is no encoder."""
    if "encoder" not in gan.others:
        raise ValueError('a VAE has an encoder: GAN(Decoder(…), None, …, others={"encoder": Player(E, adam(E))})')
    if gan.latent != "gaussian":
        raise ValueError(f"a VAE's latents are Gaussian, this GAN's are {gan.latent}")
    return kind("the generator", gan.generator, Decoder)


def vae_bits(gan: GAN, images: Tensor, seed: int = 0) -> float:
    """The bound of −log₂ p(x) in bits a pixel, of pictures (N, 1, 28, 28) in [−1, 1], at one z of each.

    The decoder is the one that is shown: an average of the weights, where there is one. Disturbs nothing. Raises
    ValueError for other pictures.
    """
    _decoder(gan)
    decoder, encoder = kind("the generator", gan.shown, Decoder), gan.others["encoder"].network
    stream, found = torch.Generator(gan.device).manual_seed(integer("seed", seed)), []
    with looking(decoder, encoder):
        for x in in_range(images).to(gan.device).split(PART):
            likelihood, kl = _parts(gan, decoder, x, gan.latents(len(x), stream))
            found.append(likelihood - kl)
    return bits_a_pixel(torch.cat(found) / images[0].numel()).item()
