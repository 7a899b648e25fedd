"""The tricks that make a GAN train, each a small piece for one of `GAN`'s hooks. Belongs to notebook 05_tricks.

    GAN(G, D, 100, smooth(non_saturating))                      label smoothing: a loss made of a loss
    GAN(G, D, 100, d_penalties=[lazy(r1(5.0), every=4)])        a gradient penalty, here on every fourth step
    GAN(G, D, 100, view=InstanceNoise(0.5, until=5000))         noise on all that D sees
    GAN(G, spectral_norm(D), 100)                               a bounded slope, by the layers themselves
    GAN(G, D, 100, **two_time_scales(G, D, d_lr=4e-4))          two learning rates
    GAN(G, D, 100, after_step=[EMA(0.999), CosineDecay(9000)])  show the average of G; learning rates that fall
    GAN(G, D, 100, d_steps=5)                                   alternating training, k steps of D

They go together, except where they contradict each other: then `smooth` or `GAN` raises ValueError and says why.
The papers stand in the docstrings. In formulas x is real, G(z) is fake, and D(x) is a **logit**.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus
from torch.nn.utils import parametrizations, parametrize

from gan_edu.core.safety import checked
from gan_edu.core.safety.checked import MOST, integer, kind
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import GAN
from gan_edu.core.training.cosine_decay import CosineDecay
from gan_edu.core.training.penalties import GradientPenalty, around, at_fake, at_real, between, lazy, slopes_at
from gan_edu.core.training.remembers import Timed
from gan_edu.core.training.weight_average import Average
from gan_edu.losses import Loss, cross_entropy_d, minimax_g
from gan_edu.training_loop import adam
from gan_edu.widgets.plane.trick_settings import Sets, Trick

__all__ = [
    "EMA",
    "TRICKS",
    "CosineDecay",
    "GradientPenalty",
    "InstanceNoise",
    "dragan",
    "lazy",
    "one_sided",
    "r1",
    "r2",
    "slopes_at",
    "smooth",
    "spectral_norm",
    "two_time_scales",
    "wgan_gp",
]


def smooth(loss: Loss, real: float = 0.9, fake: float = 0.0) -> Loss:
    """L_D = −E[α log D(x) + (1−α) log(1−D(x))] − E[β log D(G(z)) + (1−β) log(1−D(G(z)))], α = real, β = fake.

    fake = 0: one-sided (Salimans et al. 2016, arXiv 1606.03498, section 3.4), the form to use; then D* = α p_data /
    (p_data + p_g). With β > 0 its numerator holds p_g too. G's loss stays. Raises ValueError for targets that are not
    0 ≤ β < α ≤ 1, and for a loss that is not the plain cross-entropy (least squares, hinge, Wasserstein …).
    """
    real, fake = checked.real("real", real, 0, 1), checked.real("fake", fake, 0, 1)
    if real <= fake:
        raise ValueError(f"the target for real must lie above that for fake, got {real} and {fake}")
    if kind("loss", loss, Loss).d is not cross_entropy_d:
        raise ValueError(
            f"smooth softens the targets 1 and 0 of the cross-entropy; {loss.name!r} has no such targets: "
            "take non-saturating or minimax, unsmoothed"
        )

    def d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return _cross_entropy(real_logits, real) + _cross_entropy(fake_logits, fake)

    best = (real + fake) / 2  # D* where p_g = p_data
    d_best = -2 * (best * math.log(best) + (1 - best) * math.log(1 - best))
    g_best = math.log(1 - best) if loss.g is minimax_g else -math.log(best)
    return Loss(f"{loss.name}, targets {real:g} and {fake:g}", d, loss.g, loss.g_needs_real, (d_best, g_best))


def _cross_entropy(logits: Tensor, target: float) -> Tensor:
    return (target * softplus(-logits) + (1 - target) * softplus(logits)).mean()


def r1(gamma: float) -> GradientPenalty:
    """γ/2 E[‖∇D(x)‖²] at real samples (Mescheder et al. 2018, arXiv 1801.04406, equation 9). γ goes with the square of
    the data's scale: data divided by s asks for γ/s²."""
    return GradientPenalty("R1", gamma, at_real, lambda norm: norm.square() / 2, slope=0)


def r2(gamma: float) -> GradientPenalty:
    """γ/2 E[‖∇D(G(z))‖²] at generated samples (the same paper, equation 10)."""
    return GradientPenalty("R2", gamma, at_fake, lambda norm: norm.square() / 2, slope=0)


def wgan_gp(weight: float = 10.0) -> GradientPenalty:
    """λ E[(‖∇D(x̂)‖ − 1)²] between real and fake (Gulrajani et al. 2017, arXiv 1704.00028, equation 3)."""
    return GradientPenalty("WGAN-GP", weight, between, lambda norm: (norm - 1).square(), slope=1)


def one_sided(weight: float = 10.0) -> GradientPenalty:
    """λ E[max(0, ‖∇D(x̂)‖ − 1)²]: a smaller slope costs nothing (Petzka et al. 2018, arXiv 1709.08894)."""
    return GradientPenalty("one-sided WGAN-GP", weight, between, lambda norm: (norm - 1).relu().square(), slope=None)


def dragan(weight: float = 10.0, spread: float = 0.5) -> GradientPenalty:
    """λ E[(‖∇D(x + δ)‖ − 1)²], δ ~ N(0, spread² I) (Kodali et al. 2017, arXiv 1705.07215): near the data alone."""
    return GradientPenalty("DRAGAN", weight, around(spread), lambda norm: (norm - 1).square(), slope=1)


def spectral_norm(discriminator: nn.Module) -> nn.Module:
    """W / σ(W) in each linear and convolutional layer, σ the largest singular value (Miyato et al. 2018, 1802.05957).

    Of a convolution W is the kernel, laid out as a matrix; the layer itself may stretch by more than 1. torch's own
    parametrisation with one power iteration a training pass. Changes the network in place, before its optimiser is
    made, and returns it. Raises ValueError for a network without such layers, or with the norm already.
    """
    pieces.network("discriminator", discriminator)
    layers = [layer for layer in discriminator.modules() if isinstance(layer, (nn.Linear, nn.modules.conv._ConvNd))]
    if not layers or any(parametrize.is_parametrized(layer, "weight") for layer in layers):
        raise ValueError(
            "spectral_norm needs a network with linear or convolutional layers, "
            + ("some of these have a parametrised weight already" if layers else "this has none")
        )
    for layer in layers:
        parametrizations.spectral_norm(layer)
    return discriminator


@dataclass(eq=False)
class InstanceNoise(Timed):
    """x + ε with ε ~ N(0, σ_t² I), σ_t = std · max(0, 1 − t / until): on all D sees, real and fake, faded out.

    Two distributions that do not overlap do so once both are blurred (Sønderby et al. 2017, arXiv 1610.04490; Arjovsky
    and Bottou 2017, 1701.04862). std: in the data's units. until: T in steps, t counted from where the noise joins its
    GAN; 0: it stays. Raises ValueError in a second GAN, which would count other steps.
    """

    kept = {"began": MOST, "share": 1.0}
    std: float
    until: int = 0
    share: float = field(default=1.0, init=False)  # σ_t / std

    def __post_init__(self) -> None:
        self.std, self.until = checked.real("std", self.std, 0), integer("until", self.until)

    def __call__(self, x: Tensor) -> Tensor:
        return x + self.share * self.std * torch.randn_like(x) if self.moving() else x

    def moving(self) -> tuple[str, ...]:
        """The number that is another in each step, for `captured`; none where there is no noise."""
        captured = isinstance(self.share, Tensor)  # it stands on the device then, and is not asked
        return ("share",) if captured or self.share * self.std else ()

    def after_step(self, gan: GAN) -> None:
        """σ of the next step."""
        self.share = max(0.0, 1 - (gan.step - self.began) / self.until) if self.until else 1.0


def two_time_scales(
    generator: nn.Module,
    discriminator: nn.Module,
    g_lr: float = 1e-4,
    d_lr: float = 4e-4,
    betas: tuple[float, float] = (0.9, 0.999),
) -> dict[str, torch.optim.Adam]:
    """The pieces g_optimizer and d_optimizer of a GAN with a learning rate for each player (TTUR, Heusel et al. 2017,
    arXiv 1706.08500). By default D's is the larger."""
    g_lr, d_lr = checked.real("g_lr", g_lr, 0, 1), checked.real("d_lr", d_lr, 0, 1)
    return {"g_optimizer": adam(generator, g_lr, betas), "d_optimizer": adam(discriminator, d_lr, betas)}


class EMA(Average):
    """θ̄ ← d θ̄ + (1 − d) θ after each step: `average` is the generator with θ̄, and what `GAN.generate` shows.

    d = min(decay, (1 + t) / (10 + t)) for the t-th update, so that the start is forgotten soon. Training never uses
    the average (Yazıcı et al. 2019, arXiv 1806.04498). decay: in [0, 1). Raises ValueError for others.
    """

    def __init__(self, decay: float = 0.999):
        self.decay = checked.real("decay", decay, 0, below=1)

    def __call__(self, gan: GAN) -> None:
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        self.follow(gan, 1 - decay)  # θ̄ + (1 − d)(θ − θ̄)


# ------------------------------------------------------------------ for the plane: Plane(…, tricks=TRICKS, r1=1.0)

_WEIGHTS = [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]
TRICKS = {
    "real_target": Trick("target for real", Sets.LOSS, smooth, "real", [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0], 1.0),
    "fake_target": Trick("target for fake", Sets.LOSS, smooth, "fake", [0.0, 0.05, 0.1, 0.2, 0.3, 0.4], 0.0),
    "r1": Trick("R1, γ", Sets.PENALTY, r1, "gamma", _WEIGHTS, 0.0),
    "r2": Trick("R2, γ", Sets.PENALTY, r2, "gamma", _WEIGHTS, 0.0),
    "wgan_gp": Trick("WGAN-GP, λ", Sets.PENALTY, wgan_gp, "weight", _WEIGHTS, 0.0),
    "one_sided": Trick("one-sided WGAN-GP, λ", Sets.PENALTY, one_sided, "weight", _WEIGHTS, 0.0, more=True),
    "dragan": Trick("DRAGAN, λ", Sets.PENALTY, dragan, "weight", _WEIGHTS, 0.0, more=True),
    "lazy": Trick("penalties every k steps", Sets.EACH_PENALTY, lazy, "every", [1, 2, 4, 8, 16], 1, more=True),
    "spectral_norm": Trick("spectral norm", Sets.DISCRIMINATOR, spectral_norm, None, ["off", "on"], "off"),
    "noise": Trick("instance noise", Sets.VIEW, InstanceNoise, "std", [0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0], 0.0),
    "noise_until": Trick(
        "noise fades over, steps",
        Sets.VIEW,
        InstanceNoise,
        "until",
        [0, 500, 1000, 2000, 5000, 10_000, 20_000],
        0,
        more=True,
    ),
    "ema": Trick("EMA of G", Sets.AFTER_STEP, EMA, "decay", [0.0, 0.9, 0.99, 0.995, 0.999, 0.9995], 0.0),
}
