"""Two games small enough to see through, for `core.games.field`. Used from notebook 06 on.

f rises, f'(0) > 0, and D raises what G lowers (Mescheder et al. 2018, arXiv 1801.04406, equation 1):

    L(θ, ψ) = E[f(D(G(z)))] + E[f(−D(x))]

As in that paper, a large D(x) says *fake*: the logit of the other chapters is −D(x), and notebook 01's d is −ψ.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from gan_edu.core.games.field import Game
from gan_edu.core.safety import checked
from gan_edu.core.safety.checked import integer, one_of

F: dict[str, Callable[[Tensor], Tensor]] = {"GAN": logsigmoid, "NSGAN": logsigmoid, "WGAN": lambda t: t}  # f(t)
SLOPE = {"GAN": 0.5, "NSGAN": 0.5, "WGAN": 1.0}  # f'(0)
CURVATURE = {"GAN": -0.25, "NSGAN": -0.25, "WGAN": 0.0}  # f''(0)
REGULARISERS = ("none", "R1", "R2", "WGAN-GP")
NODES = 64  # of Gauss–Hermite, for expectations over a Gaussian


# ------------------------------------------------------------------ the Dirac-GAN


def dirac(
    loss: str = "GAN",
    regulariser: str = "none",
    gamma: float = 1.0,
    target: float = 1.0,
    noise: float = 0.0,
    samples: int | None = None,
    stream: torch.Generator | None = None,
) -> Game:
    """The Dirac-GAN as a `core.games.Game`. θ and ψ of one shape are as many games, played side by side.

    loss: "GAN" (minimax), "NSGAN" (L_G = −f(−ψθ)) or "WGAN". regulariser: "none", "R1", "R2" or "WGAN-GP", with γ ≥ 0;
    target: the slope that WGAN-GP wants, ≥ 0. noise: σ ≥ 0 of instance noise on all that D sees; its expectation is by
    Gauss–Hermite quadrature, or over `samples` fresh draws from `stream`. Raises ValueError for anything else.
    """
    one_of("loss", loss, F)
    one_of("regulariser", regulariser, REGULARISERS)
    gamma, target, noise = (
        checked.real(name, value, 0) for name, value in (("gamma", gamma), ("target", target), ("noise", noise))
    )
    samples = None if samples is None else integer("samples", samples, 1)  # None: quadrature
    f, nodes = F[loss], _noise(noise, samples, stream)

    def fake(theta: Tensor, psi: Tensor, sign: float = 1.0) -> Tensor:
        """±E[f(±ψ (θ + ε))], summed over the games."""
        if theta.shape != psi.shape:
            raise ValueError(
                f"θ and ψ of Dirac-GANs must have one shape, got {tuple(theta.shape)} and {tuple(psi.shape)}"
            )
        x, weight = nodes(theta)
        return sign * (weight * f(sign * psi * (theta + x))).sum()

    def real(psi: Tensor) -> Tensor:
        """E[f(−ψ ε)]"""
        x, weight = nodes(psi)
        return (weight * f(-psi * x)).sum()

    def d(theta: Tensor, psi: Tensor) -> Tensor:
        # L_D = −E f(D(G(z))) − E f(−D(x)) + penalty; ∇_x D = ψ everywhere, so that R1 = R2 = γ/2 ψ²
        return -fake(theta, psi) - real(psi) + _dirac_penalty(psi, regulariser, gamma, target)

    return Game(lambda theta, psi: fake(theta, psi, -1.0 if loss == "NSGAN" else 1.0), d)


def _dirac_penalty(psi: Tensor, regulariser: str, gamma: float, target: float) -> Tensor | float:
    """γ/2 E‖∇_x D‖² of R1 and R2; γ/2 E(‖∇_x D‖ − g₀)² of WGAN-GP."""
    if regulariser == "none":
        return 0.0
    off = psi.abs() - target if regulariser == "WGAN-GP" else psi
    return gamma / 2 * (off * off).sum()


def _noise(
    sigma: float, samples: int | None, stream: torch.Generator | None
) -> Callable[[Tensor], tuple[Tensor | float, Tensor | float]]:
    """Where games (…) see instance noise, x (N, …), and the weights: E[h(ε)] ≈ Σ_n w_n h(x_n)."""
    if not sigma:
        return lambda like: (0.0, 1.0)
    if samples:
        return lambda like: (
            sigma * torch.randn(samples, *like.shape, dtype=torch.float64, generator=stream),
            1 / samples,
        )
    x, weight = gauss_hermite()
    return lambda like: (sigma * x.view(-1, *[1] * like.ndim), weight.view(-1, *[1] * like.ndim))


def gauss_hermite() -> tuple[Tensor, Tensor]:
    """Nodes and weights (64,) with E[h(ε)] ≈ Σ_n w_n h(x_n) for ε ~ N(0, 1), exact for polynomials up to degree 127."""
    x, weight = np.polynomial.hermite_e.hermegauss(NODES)
    return torch.from_numpy(x), torch.from_numpy(weight / weight.sum())


# ------------------------------------------------------------------ a Gaussian, a linear G, a quadratic D


def gaussian(
    loss: str = "GAN", regulariser: str = "none", gamma: float = 1.0, mean: float = 1.0, deviation: float = 1.0
) -> Game:
    """p_data = N(m, s²), G(z) = a z + b with z ~ N(0, 1), D(x) = ψ₁ x + ψ₂ x²: θ = (a, b), ψ = (ψ₁, ψ₂).

    Expectations by Gauss–Hermite quadrature with 64 nodes (exact for "WGAN", whose integrands are polynomials).
    Equilibria: a = ±s, b = m, ψ = 0. GAN and NSGAN also have rest points with a = 0 that are none: G gains by leaving.
    Raises ValueError for an unknown word, WGAN-GP, γ < 0 or a deviation ≤ 0.
    """
    one_of("loss", loss, F)
    one_of("regulariser", regulariser, ("none", "R1", "R2"))
    gamma, mean = checked.real("gamma", gamma, 0), checked.real("mean", mean)
    deviation = checked.real("deviation", deviation, above=0)
    f, (z, weight) = F[loss], gauss_hermite()
    x = mean + deviation * z  # (64,) the data

    def judge(psi: Tensor, at: Tensor) -> Tensor:
        return psi[0] * at + psi[1] * at * at

    def g(theta: Tensor, psi: Tensor) -> Tensor:
        if theta.shape != (2,) or psi.shape != (2,):
            raise ValueError(
                "θ must have the shape (2,), for a and b, and ψ too, for ψ₁ and ψ₂; got "
                f"{tuple(theta.shape)} and {tuple(psi.shape)}"
            )
        score = judge(psi, theta[0] * z + theta[1])
        return -(weight * f(-score)).sum() if loss == "NSGAN" else (weight * f(score)).sum()

    def d(theta: Tensor, psi: Tensor) -> Tensor:
        fake = theta[0] * z + theta[1]  # (64,)
        seen = {"R1": x, "R2": fake}.get(regulariser)
        # γ/2 E‖∇_x D‖², ∇_x D = ψ₁ + 2 ψ₂ x
        penalty = 0 if seen is None else gamma / 2 * (weight * (psi[0] + 2 * psi[1] * seen) ** 2).sum()
        return penalty - (weight * (f(judge(psi, fake)) + f(-judge(psi, x)))).sum()

    return Game(g, d)
