"""Noise taken away step by step, and the same network as a GAN's generator in one step. Belongs to notebook 11_modern.

    x_t = α x + σ ε,  α = cos(π t/2), σ = sin(π t/2)        from a picture at t = 0 to noise ε at t = 1
    v = α ε − σ x                                           what the network learns to tell of (x_t, t)
    x̂ = α x_t − σ v̂,  ε̂ = σ x_t + α v̂                       as x_t and v are x and ε, turned by an angle

    G = Diffusion(UNet(), steps=20)
    gan = GAN(G, None, 784)
    train(gan, batches, steps, step=denoise)
    G.with_steps(5)(z)                                      the same weights, fewer passes

Ho et al. (2020), "Denoising diffusion probabilistic models", arXiv 2006.11239; α and σ after Nichol and Dhariwal
(2021), arXiv 2102.09672; v after Salimans and Ho (2022), arXiv 2202.00512. G(z) takes the steps of DDIM, which draw
nothing, so that G is a function: Song et al. (2021), "Denoising diffusion implicit models", arXiv 2010.02502. The
network is in `core.rivals.unet`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn

from gan_edu.core.rivals.likelihood import LEVELS, PART, SIDE, bits_a_pixel, in_range, pictures
from gan_edu.core.safety.checked import integer, kind, real
from gan_edu.core.training.contract import Batches, Record
from gan_edu.core.training.gan import GAN
from gan_edu.core.training.networks import copied
from gan_edu.core.training.step import autocast, draw, learn, loss_of_d, loss_of_g, one_step, values_of
from gan_edu.core.training.step_checks import drawn
from gan_edu.core.training.streams import looking

FIRST = math.exp(-6.65)  # σ where the bound's integral begins: a sixth of a grey level
MOST_STEPS = 10_000


def alpha_sigma(t: Tensor) -> tuple[Tensor, Tensor]:
    """(α, σ) at times t (N,), as factors of pictures: (N, 1, 1, 1) each. α² + σ² = 1."""
    angle = t[:, None, None, None] * (math.pi / 2)
    return angle.cos(), angle.sin()


class Diffusion(nn.Module):
    """G: z (N, 784), Gaussian → pictures (N, 1, 28, 28), in `steps` passes of a network (x_t, t) → v̂.

    With 1 step it is a generator like any other. Raises ValueError for steps below 1.
    """

    def __init__(self, network: nn.Module, steps: int = 20):
        super().__init__()
        self.network, self.steps = network, integer("steps", steps, 1, MOST_STEPS)

    def with_steps(self, steps: int) -> Diffusion:
        """The same network, so also its weights, with another number of passes."""
        return Diffusion(self.network, steps)

    def denoised(self, x_t: Tensor, t: Tensor) -> Tensor:
        """x̂ (N, 1, 28, 28) of x_t at times t (N,): what E[x|x_t] is where the network is perfect."""
        alpha, sigma = alpha_sigma(t)
        return alpha * x_t - sigma * self.network(x_t, t)

    def forward(self, z: Tensor) -> Tensor:
        x_t = z.view(-1, 1, SIDE, SIDE)
        times = torch.linspace(1, 0, self.steps + 1, device=z.device, dtype=z.dtype).expand(len(z), -1)
        for now, then in pairwise(times.unbind(1)):
            x = self.denoised(x_t, now)
            if self.steps == 1:
                return x
            x = x.clamp(-1, 1)  # where pixels are
            alpha, sigma = alpha_sigma(now)
            noise = (x_t - alpha * x) / sigma  # ε̂
            alpha, sigma = alpha_sigma(then)
            x_t = alpha * x + sigma * noise
        return x


# ------------------------------------------------------------------ learning


def _times(gan: GAN, count: int) -> Tensor:
    """t (count,) in [0, 1), evenly spread from a start that is drawn: each is uniform, and their mean scatters less."""
    start = torch.rand(1, device=gan.device, generator=gan.noise_stream)
    return (start + torch.arange(count, device=gan.device) / count) % 1


@one_step
def denoise(gan: GAN, batches: Batches) -> dict[str, Tensor]:
    """The step for `train`: L = E‖v̂(x_t, t) − v‖², a mean over pixels, at a time drawn for each picture."""
    generator, x = _generator(gan), pictures(drawn(batches)[0])
    t, noise = _times(gan, len(x)), gan.latents(len(x), gan.noise_stream).view_as(x)
    with autocast(gan):
        loss = _squares(generator.network, x, noise, t).mean()
    learn(gan, "generator", loss)
    return {"g_loss": loss}


def _squares(network: nn.Module, x: Tensor, noise: Tensor, t: Tensor) -> Tensor:
    """‖v̂ − v‖² at each pixel (N, 1, 28, 28), of pictures x and their noise at times t (N,)."""
    alpha, sigma = alpha_sigma(t)
    v = alpha * noise - sigma * x
    return (network(alpha * x + sigma * noise, t).float() - v).square()


def _generator(gan: GAN) -> Diffusion:
    """The generator that is trained. Raises TypeError for another G, ValueError for latents that are not Gaussian."""
    if gan.latent != "gaussian":
        raise ValueError(f"a picture's noise is Gaussian, this GAN's latents are {gan.latent}")
    return kind("the generator", gan.generator, Diffusion)


# ------------------------------------------------------------------ a student in one pass


def distil(teacher: Diffusion, weight: float = 1.0) -> Callable[[GAN, Batches], Record]:
    """The step for `train` that makes a one-pass G of what a diffusion knows: a GAN's, and a teacher beside D.

        L_G = the GAN's + weight · E[α_t ‖x − x̂(x_t, t)‖²],   x = G(z), x_t = α x + σ ε at a t that is drawn

    x̂ is what the teacher takes x for once it is noised; it is a number for G, so G moves its picture towards that. D
    learns as in `train_step`. Sauer et al. (2023), "Adversarial diffusion distillation", arXiv 2311.17042, section 3.3,
    with the weight α_t over time; there G begins at noised pictures, too, here at z alone:

        student = copied(teacher.with_steps(1))
        train(GAN(student, D, 784), batches, steps, step=distil(teacher))

    weight: ≥ 0; the norm is a mean over pixels. The teacher is copied, and stays as it is.
    """
    weight = real("weight", weight, 0)
    told = kind("teacher", copied(kind("teacher", teacher, Diffusion)), Diffusion).eval().requires_grad_(False)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        for k in range(gan.d_steps):
            pair = draw(gan, batches, graph=k == gan.d_steps - 1)
            d = loss_of_d(gan, pair._replace(fake=pair.fake.detach()))
            learn(gan, "discriminator", d.loss, *d.logits)
        g, x, t = loss_of_g(gan, pair), pair.fake, _times(gan, len(pair.fake))
        alpha, sigma = alpha_sigma(t)
        noise = torch.randn(x.shape, device=x.device, generator=gan.noise_stream)
        with torch.no_grad(), autocast(gan):
            meant = told.denoised(alpha * x + sigma * noise, t)  # (N, 1, 28, 28)
        pull = (alpha * (x - meant.float()).square()).mean()
        learn(gan, "generator", g.loss + weight * pull, *g.logits)
        return {**values_of(d, g), "pull": pull}

    return step


# ------------------------------------------------------------------ how likely pictures are


def diffusion_bits(gan: GAN, images: Tensor, seed: int = 0) -> float:
    """A bound of −log₂ p(x) in bits a pixel, at one time and noise for each picture (N, 1, 28, 28) in [−1, 1].

        −log p(x) ≤ −E log p(x|x_0) + ½ ∫ α² E‖v̂ − v‖² dλ,   λ = log α²/σ²     Kingma et al. (2021), arXiv 2107.00630

    For these α and σ, ½ α² dλ = −d log σ: the integral is the mean of ‖v̂ − v‖² over log σ, from log σ_0 to 0, times its
    length. Noise of σ_0 is a sixth of a level; p(x|x_0) of a pixel is N(x_0; α x, σ²), normed over the 256 levels. The
    generator is the one that is shown. Disturbs nothing. Raises ValueError for other pictures.
    """
    _generator(gan)
    network, images = kind("the generator", gan.shown, Diffusion).network, in_range(images).to(gan.device)
    stream, found = torch.Generator(gan.device).manual_seed(integer("seed", seed)), []
    start = torch.rand(1, device=gan.device, generator=stream)
    shares = (start + torch.arange(len(images), device=gan.device) / len(images)) % 1
    with looking(network):
        for x, share in zip(images.split(PART), shares.split(PART), strict=True):
            noise, fresh = torch.randn(2, *x.shape, device=x.device, generator=stream)
            t = torch.asin(FIRST**share) * (2 / math.pi)  # log σ is uniform
            missed = -math.log(FIRST) * _squares(network, x, noise, t)
            found.append(first_step(x, fresh) - missed)
    return bits_a_pixel(torch.cat(found)).item()


def first_step(x: Tensor, noise: Tensor) -> Tensor:
    """log p(x|x_0) at each pixel, in nats, of x_0 = α x + σ · noise: the levels' Gaussians at x_0, by x's share.

    Of the levels those two steps around x: the third is 18 σ away.
    """
    near = torch.arange(-2, 3, device=x.device) * (2 / (LEVELS - 1))
    apart = math.sqrt(1 - FIRST**2) * near / FIRST + noise[..., None]  # (N, 1, 28, 28, 5): (x_0 − α level) / σ
    there = (x[..., None] - near).abs() < 1 + 1 / LEVELS
    return -0.5 * noise.square() - torch.where(there, -0.5 * apart.square(), -math.inf).logsumexp(-1)
