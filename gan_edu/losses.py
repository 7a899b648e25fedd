"""Losses of the two players, as functions of D's logits. Belongs to notebook 02_losses.

With l = logit(D) the sigmoid and the logarithm become one function that is right for any l:
−log σ(l) = softplus(−l) and −log(1 − σ(l)) = softplus(l). No probability is ever formed. PyTorch's softplus(l) is
l itself above 20. That is off by less than e^−20 = 2.1e-9: float64 can see it, in float32 it is less than a rounding.
In formulas x is real, G(z) is fake, C is a D whose output is no logit but a free number.
All means are over the batch. Each function's paper stands in its docstring.
Goodfellow et al. (2014), "Generative adversarial nets", arXiv 1406.2661.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from gan_edu.core.safety import checked
from gan_edu.core.safety.checked import function, kind, several
from gan_edu.core.training.loss import LOG2, Loss, cross_entropy_d, non_saturating, non_saturating_g as non_saturating_g

# ------------------------------------------------------------------ the game of 2014, whose other pair is core.s


def minimax_g(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """L_G = E[log(1 − D(G(z)))], in nats: the game's own loss; its slope −σ(l) vanishes where D is sure of a fake."""
    return -softplus(fake_logits).mean()


minimax = Loss("minimax", cross_entropy_d, minimax_g, optimum=(2 * LOG2, -LOG2))


# ------------------------------------------------------------------ other scores for D


def least_squares_with(a: float, b: float, c: float) -> Loss:
    """L_D = ½ E[(C(x) − b)²] + ½ E[(C(G(z)) − a)²],  L_G = ½ E[(C(G(z)) − c)²].

    a and b: D's targets for fake and real; c: what G wants D to say. Mao et al. (2017), "Least squares generative
    adversarial networks", arXiv 1611.04076, equation 2. Overflows where a sample's own term, or the sum of the terms,
    does not fit the type. Raises ValueError for a target that is no finite number.
    """
    a, b, c = (checked.real(name, target) for name, target in (("a", a), ("b", b), ("c", c)))

    def half_square(logits: Tensor, target: float) -> Tensor:
        return (0.5 * (logits - target) * (logits - target)).mean()  # halved first: the square may not fit

    def d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return half_square(real_logits, b) + half_square(fake_logits, a)

    def g(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        return half_square(fake_logits, c)

    def told(output: str, target: float) -> str:
        return f"½ E[({output} {'−' if target >= 0 else '+'} {abs(target):g})²]" if target else f"½ E[{output}²]"

    d.__doc__ = f"L_D = {told('C(x)', b)} + {told('C(G(z))', a)}"
    g.__doc__ = f"L_G = {told('C(G(z))', c)}"
    middle = (a + b) / 2  # the best D where p_g = p_data
    return Loss("least squares", d, g, optimum=((b - a) ** 2 / 4, (middle - c) ** 2 / 2))


def hinge_d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """L_D = E[max(0, 1 − C(x))] + E[max(0, 1 + C(G(z)))]: no slope beyond the margin (Lim and Ye 2017, 1705.02894)."""
    return relu(1 - real_logits).mean() + relu(1 + fake_logits).mean()


def wasserstein_d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """L_D = −E[C(x)] + E[C(G(z))], for a critic: a C of slopes ≤ 1 (Arjovsky et al. 2017, 1701.07875, equation 2)."""
    return fake_logits.mean() - real_logits.mean()


def score_g(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """L_G = −E[C(G(z))]: raise the score; the same push for every sample (with hinge and Wasserstein)."""
    return -fake_logits.mean()


def relativistic_d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """L_D = −E[log σ(C(x) − C(G(z)))], in nats: each real against one fake (Jolicoeur-Martineau 2018, 1807.00734)."""
    return softplus(fake_logits - real_logits).mean()


def relativistic_g(fake_logits: Tensor, real_logits: Tensor) -> Tensor:
    """L_G = −E[log σ(C(G(z)) − C(x))], in nats: the same pairs, the other way round (the paper's RSGAN)."""
    return softplus(real_logits - fake_logits).mean()


least_squares = least_squares_with(a=0, b=1, c=1)
hinge = Loss("hinge", hinge_d, score_g)  # at p_g = p_data any C in [−1, 1] is best: L_G is open
wasserstein = Loss("Wasserstein", wasserstein_d, score_g)  # at p_g = p_data every C is best: L_G is open
relativistic = Loss("relativistic", relativistic_d, relativistic_g, g_needs_real=True, optimum=(LOG2, LOG2))


# ------------------------------------------------------------------ the f-GAN family


@dataclass(frozen=True)
class FDivergence:
    """D_f(p ‖ q) = ∫ q f(p/q) dx = sup_T E_p[T] − E_q[f*(T)], with T = g_f(l) of a logit l, and f(1) = 0 or not.

    f: generator function of the ratio u = p_data/p_g > 0, convex. conjugate: f*(t) = sup_u (u t − f(u))
    where f is defined: Pearson's for u < 0 too, so for t < −2, where no best T lies, it is above the sup over u > 0.
    activation: g_f(l), which maps any l into the domain of f* and rises with l. composed: f*(g_f(l)) simplified by
    hand, exact where the two steps one after the other are not. at_one: (f(1), f'(1)). told: activation and composed
    as formulas of l, for controls to show; "" where they are not told.
    Nowozin et al. (2016), "f-GAN", arXiv 1606.00709, tables 1, 2 and 6.
    """

    name: str
    f: Callable[[Tensor], Tensor]
    conjugate: Callable[[Tensor], Tensor]
    activation: Callable[[Tensor], Tensor]
    composed: Callable[[Tensor], Tensor]
    at_one: tuple[float, float]
    told: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        for name in ("f", "conjugate", "activation", "composed"):
            function(name, getattr(self, name))
        object.__setattr__(self, "at_one", tuple(several("at_one", self.at_one, checked.real, 2)))


def f_gan(divergence: FDivergence) -> Loss:
    """L_D = −E[g_f(l(x))] + E[f*(g_f(l(G(z))))],  L_G = −E[f*(g_f(l(G(z))))]: the game's own loss for G.

    At the best D, L_D = −D_f(p_data ‖ p_g). Where p_g = p_data: T = f'(1) and f*(f'(1)) = f'(1) − f(1).
    """
    f_one, slope_one = kind("divergence", divergence, FDivergence).at_one

    def d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return divergence.composed(fake_logits).mean() - divergence.activation(real_logits).mean()

    def g(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
        return -divergence.composed(fake_logits).mean()

    if all(divergence.told):
        on_real, on_fake = divergence.told
        sign, mean = _mean(on_fake, "l(G(z))")
        sign_of_real, mean_of_real = _mean(on_real, "l(x)")
        d.__doc__ = f"L_D = {OTHER[sign_of_real]}{mean_of_real} {sign or '+'} {mean}"
        g.__doc__ = f"L_G = {OTHER[sign]}{mean}"
    return Loss(divergence.name, d, g, optimum=(-f_one, f_one - slope_one))


OTHER = {"": "−", "−": ""}  # the other sign


def _mean(formula: str, logit: str) -> tuple[str, str]:
    """The sign of one term, and its mean over samples of that logit."""
    sign = "−" if formula.startswith("−") else ""
    told = re.sub(r"\bl\b", logit, formula.removeprefix(sign))
    return sign, f"E[{told}]"


kl = FDivergence(
    "KL",
    f=lambda u: u * u.log(),
    conjugate=lambda t: (t - 1).exp(),
    activation=lambda l: l,
    composed=lambda l: (l - 1).exp(),
    at_one=(0.0, 1.0),
    told=("l", "exp(l − 1)"),
)

reverse_kl = FDivergence(
    "reverse KL",
    f=lambda u: -u.log(),
    conjugate=lambda t: -1 - (-t).log(),  # t < 0
    activation=lambda l: -(-l).exp(),
    composed=lambda l: l - 1,
    at_one=(0.0, -1.0),
    told=("−exp(−l)", "l − 1"),
)  # −1 − log e^(−l)

pearson = FDivergence(
    "Pearson χ²",
    f=lambda u: (u - 1) ** 2,
    conjugate=lambda t: t * (t / 4 + 1),  # t²/4 + t; never overflows on the way to it
    activation=lambda l: l,
    composed=lambda l: l * (l / 4 + 1),
    at_one=(0.0, 0.0),
    told=("l", "(l/2 + 1)² − 1"),
)

squared_hellinger = FDivergence(
    "squared Hellinger",
    f=lambda u: (u.sqrt() - 1) ** 2,
    conjugate=lambda t: t / (1 - t),  # t < 1
    activation=lambda l: 1 - (-l).exp(),
    composed=lambda l: l.exp() - 1,
    at_one=(0.0, 0.0),
    told=("1 − exp(−l)", "exp(l) − 1"),
)  # not expm1, whose gradient rounds to 0

jensen_shannon = FDivergence(  # this f gives 2·JS
    "JS",
    f=lambda u: u * u.log() - (u + 1) * ((u + 1) / 2).log(),
    conjugate=lambda t: -(2 - t.exp()).log(),  # t < log 2
    activation=lambda l: LOG2 - softplus(-l),  # log 2σ(l)
    composed=lambda l: softplus(l) - LOG2,
    at_one=(0.0, 0.0),
    told=("log(2σ(l))", "−log(2 − 2σ(l))"),
)  # −log(2 − 2σ(l))

gan = FDivergence(  # 2·JS − log 4: the game of 2014
    "GAN",
    f=lambda u: u * u.log() - (u + 1) * (u + 1).log(),
    conjugate=lambda t: -(-torch.expm1(t)).log(),  # −log(1 − e^t), t < 0
    activation=lambda l: -softplus(-l),  # log σ(l)
    composed=softplus,
    at_one=(-2 * LOG2, -LOG2),
    told=("log σ(l)", "−log(1 − σ(l))"),
)  # −log(1 − σ(l))

F_DIVERGENCES = {each.name: each for each in (kl, reverse_kl, pearson, squared_hellinger, jensen_shannon, gan)}
LOSSES = {
    loss.name: loss
    for loss in (
        minimax,
        non_saturating,
        least_squares,
        hinge,
        wasserstein,
        relativistic,
        *map(f_gan, F_DIVERGENCES.values()),
    )
}
