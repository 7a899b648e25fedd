"""What a GAN looks like today: R3GAN's loss and networks, style, and few pictures. Belongs to notebook 11_modern.

    G, D = ResidualGenerator(64), ResidualDiscriminator()      no normalisation: blocks x + f(x) that begin as x
    gan = GAN(G, D, 64, **recipe(G, D, steps))                 pairs, R1 and R2, and what changes on the way
    train(gan, batches, steps, step=fresh)                     G against real samples that D has not just seen

    G = StyleGenerator(64)                                     z → w → picture
    G.synthesise(truncated(G.mapping(z), mean_style(G), 0.7))  typical pictures, fewer kinds of them
    G.synthesise(G.mixed(w, v, 1))                             the coarse of w, the fine of v

    GAN(G, D, 64, view=DiffAugment())                          few pictures: D sees each shifted, cut, recoloured

Huang et al. (2024), "The GAN is dead; long live the GAN! A modern baseline GAN", arXiv 2501.05441; Karras et al. (2019,
2020), arXiv 1812.04948 and 1912.04958; Zhao et al. (2020), "Differentiable augmentation for data-efficient GAN
training", arXiv 2006.10738. Networks are in `core.training.residual` and `style`; R1, R2 and EMA in chapter 05.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer, kind, one_of, real, several
from gan_edu.core.training.beta2 import Beta2
from gan_edu.core.training.compact import CompactDiscriminator, CompactGenerator
from gan_edu.core.training.contract import GAN, Batches
from gan_edu.core.training.residual import ResidualBlock, ResidualDiscriminator, ResidualGenerator
from gan_edu.core.training.step import draw, learn, loss_of_d, loss_of_g, values_of
from gan_edu.core.training.style import StyleGenerator
from gan_edu.core.training.tensors import MOST_AT_ONCE
from gan_edu.losses import relativistic
from gan_edu.mode_collapse import calm
from gan_edu.training_loop import one_step
from gan_edu.tricks import EMA, CosineDecay, two_time_scales

__all__ = [
    "Beta2",
    "CompactDiscriminator",
    "CompactGenerator",
    "DiffAugment",
    "ResidualBlock",
    "ResidualDiscriminator",
    "ResidualGenerator",
    "StyleGenerator",
    "calm",
    "fresh",
    "mean_style",
    "recipe",
    "relativistic",
    "truncated",
]

# ------------------------------------------------------------------ the loss, and what changes while it falls


def recipe(
    generator: nn.Module,
    discriminator: nn.Module,
    steps: int,
    gamma: float = 1.0,
    g_lr: float = 2e-4,
    d_lr: float = 2e-4,
    decay: float = 0.999,
) -> dict[str, Any]:
    """The pieces of R3GAN for `GAN(G, D, latent_dim, **recipe(G, D, steps))`; trained by the step `fresh`.

        L_D = E softplus(C(G(z)) − C(x)) + γ/2 E‖∇C(x)‖² + γ/2 E‖∇C(G(z))‖²,   L_G = E softplus(C(x) − C(G(z)))

    each real with one fake. Over `steps`, by a cosine each: γ falls to a tenth, both rates to a quarter, β₂ rises from
    .9 to .99; β₁ is 0. The authors are through with such changes after 8 to 20 % of a run; their first γ is .05 to 150,
    by the data, and their average reaches back further, too. Raises ValueError for numbers out of range.
    """
    gamma = real("gamma", gamma, 0)
    return {
        "loss": relativistic,
        **two_time_scales(generator, discriminator, g_lr, d_lr, (0.0, 0.9)),
        "d_penalties": calm(gamma, gamma / 10, integer("steps", steps, 1)),
        "after_step": [CosineDecay(steps, floor=0.25), Beta2(steps, 0.9, 0.99), EMA(decay)],
    }


@one_step
def fresh(gan: GAN, batches: Batches) -> dict[str, Tensor]:
    """A step for `train(…, step=fresh)`: each turn, G's too, draws its own real samples and its own noise.

    `train_step` hands G the pairs that D has just learned to tell apart. The code of R3GAN's authors draws anew, at the
    cost of one more batch, and of one more pass of G.
    """
    for _ in range(gan.d_steps):
        d = loss_of_d(gan, draw(gan, batches, graph=False))
        learn(gan, "discriminator", d.loss, *d.logits)
    for _ in range(gan.g_steps):
        g = loss_of_g(gan, draw(gan, batches, graph=True))
        learn(gan, "generator", g.loss, *g.logits)
    return values_of(d, g)


# ------------------------------------------------------------------ style: what is typical


@torch.no_grad()
def mean_style(generator: StyleGenerator, count: int = 10_000, seed: int = 0) -> Tensor:
    """w̄ = E[mapping(z)], (1, styles), over `count` Gaussian latents of this seed."""
    device = next(kind("generator", generator, StyleGenerator).parameters()).device
    stream = torch.Generator(device).manual_seed(integer("seed", seed))
    shape = integer("count", count, 1, MOST_AT_ONCE), generator.latent_dim
    z = torch.randn(shape, generator=stream, device=device, dtype=generator.constant.dtype)
    return generator.mapping(z).mean(0, keepdim=True)


def truncated(w: Tensor, mean: Tensor, psi: float = 0.7) -> Tensor:
    """w̄ + ψ (w − w̄): nearer to what is typical, so that pictures are better and less varied.

    w: (N, styles), mean: (1, styles). ψ = 0: the mean, 1: w as it is (Karras et al. 2019, appendix B).
    """
    return torch.lerp(mean, w, real("psi", psi))


# ------------------------------------------------------------------ few pictures


@dataclass(frozen=True)
class DiffAugment:
    """T(x), drawn anew for each sample: what D sees, real or fake, so that it cannot learn few pictures by heart.

        L_D = E f(−D(T(x))) + E f(D(T(G(z)))),   L_G = E f(−D(T(G(z)))):     GAN(…, view=DiffAugment())

    T is differentiable, so that G learns through it, and as fakes are changed like the data, G need not make changed
    pictures. kinds: some of `KINDS`, in this order. empty: what lies outside a picture and in a hole; the authors take
    0, and −1 is black for pictures in [−1, 1]. R1 and R2 are slopes at T(x) here, at x in the authors' code. Zhao et
    al. (2020), arXiv 2006.10738. Raises ValueError for another kind, or for samples that are no (N, C, H, W).
    """

    kinds: Sequence[str] = ("colour", "translation", "cutout")
    empty: float = 0.0

    def __post_init__(self) -> None:
        kinds = several("kinds", self.kinds, lambda name, each: one_of(name, each, KINDS))
        object.__setattr__(self, "kinds", tuple(kinds))
        object.__setattr__(self, "empty", real("empty", self.empty))

    @property
    def name(self) -> str:
        """For checkpoints, which tell one choice of kinds from another."""
        return "+".join(self.kinds)

    def __call__(self, x: Tensor) -> Tensor:
        if x.ndim != 4:
            raise ValueError(f"DiffAugment takes pictures (N, C, H, W), got the shape {tuple(x.shape)}")
        for each in self.kinds:
            x = KINDS[each](x, self.empty)
        return x


def recoloured(x: Tensor, empty: float) -> Tensor:
    """Brightness ± ½, saturation × [0, 2], contrast × [½, 1½]. A grey picture has no saturation to change."""
    x = x + _each(x, -0.5, 0.5)
    grey = x.mean(1, keepdim=True)  # (N, 1, H, W)
    x = grey + (x - grey) * _each(x, 0, 2)
    mean = x.mean((1, 2, 3), keepdim=True)  # (N, 1, 1, 1)
    return mean + (x - mean) * _each(x, 0.5, 1.5)


def translated(x: Tensor, empty: float) -> Tensor:
    """Moved by whole pixels, up to an eighth of a side each way."""
    for dim in (2, 3):
        side = x.shape[dim]
        most = int(side / 8 + 0.5)
        source = _places(x, dim) - torch.randint(-most, most + 1, (len(x), 1, 1, 1), device=x.device)
        moved = x.gather(dim, source.clamp(0, side - 1).expand_as(x))
        x = torch.where((source >= 0) & (source < side), moved, empty)
    return x


def cut_out(x: Tensor, empty: float) -> Tensor:
    """A hole of half the sides, its centre anywhere in the picture."""
    hole = torch.ones((), dtype=torch.bool, device=x.device)
    for dim in (2, 3):
        size = int(x.shape[dim] / 2 + 0.5)
        centre = torch.randint(0, x.shape[dim] + 1 - size % 2, (len(x), 1, 1, 1), device=x.device)
        place = _places(x, dim) - (centre - size // 2)  # within the hole's side
        hole = hole & (place >= 0) & (place < size)
    return torch.where(hole, empty, x)


def _each(x: Tensor, low: float, high: float) -> Tensor:
    """A number for each sample, uniform from low to high: (N, 1, 1, 1)."""
    return low + (high - low) * torch.rand(len(x), 1, 1, 1, device=x.device, dtype=x.dtype)


def _places(x: Tensor, dim: int) -> Tensor:
    """0, 1, … along a dimension of x: (1, 1, H, 1) or (1, 1, 1, W)."""
    return torch.arange(x.shape[dim], device=x.device).view([-1 if d == dim else 1 for d in range(4)])


KINDS = {"colour": recoloured, "translation": translated, "cutout": cut_out}
