"""When do GANs converge? The smallest game that shows it, and the next one. Belongs to notebook 06_convergence.

The Dirac-GAN: all data at 0, all fakes at θ, D(x) = ψ x. With a rising f, f'(0) > 0, D raises and G lowers

    L(θ, ψ) = E[f(D(G(z)))] + E[f(−D(x))] = f(ψ θ) + f(0)

As in the paper, a large D(x) says *fake*: the logit of the other chapters is −D(x), and notebook 01's d is −ψ.
Mescheder, Geiger and Nowozin (2018), "Which training methods for GANs do actually converge?", arXiv 1801.04406.
The steps are taken by `core.games` and `core.updates`; a real GAN's eigenvalues come from `core.spectrum`.
"""
from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import softplus

from .core.fitting import choice
from .core.games import Field, Game, Path, consensus, field
from .core.updates import Rule, trajectory

F = {"GAN": lambda t: -softplus(-t), "NSGAN": lambda t: -softplus(-t), "WGAN": lambda t: t}      # f(t)
SLOPE = {"GAN": 0.5, "NSGAN": 0.5, "WGAN": 1.0}                                                # f'(0)
CURVATURE = {"GAN": -0.25, "NSGAN": -0.25, "WGAN": 0.0}                                        # f''(0)
REGULARISERS = ("none", "R1", "R2", "WGAN-GP")
NODES = 64                                                # of Gauss–Hermite, for expectations over a Gaussian


# ------------------------------------------------------------------ the Dirac-GAN

def dirac(loss: str = "GAN", regulariser: str = "none", gamma: float = 1.0, target: float = 1.0, noise: float = 0.0,
          samples: int | None = None, stream: torch.Generator | None = None) -> Game:
    """The Dirac-GAN as a `core.games.Game`. θ and ψ of one shape are as many games, played side by side.

    loss: "GAN" (minimax), "NSGAN" (L_G = −f(−ψθ)) or "WGAN". regulariser: "none", "R1", "R2" or "WGAN-GP", with γ ≥ 0;
    target: the slope that WGAN-GP wants, ≥ 0. noise: σ ≥ 0 of instance noise on all that D sees; its expectation is by
    Gauss–Hermite quadrature, or over `samples` fresh draws from `stream`. Raises ValueError for anything else.
    """
    choice("loss", loss, F)
    choice("regulariser", regulariser, REGULARISERS)
    _not_below_0(gamma=gamma, target=target, noise=noise)
    if samples is not None and (isinstance(samples, bool) or not isinstance(samples, int) or samples < 1):
        raise ValueError(f"samples must be a whole number ≥ 1, or None for quadrature, got {samples!r}")
    f, points = F[loss], _noise(noise, samples, stream)

    def fake(theta, psi, sign=1.0):
        """±E[f(±ψ (θ + ε))], summed over the games."""
        x, weight = points(theta)
        return sign * (weight * f(sign * psi * (theta + x))).sum()

    def real(psi):
        """E[f(−ψ ε)]"""
        x, weight = points(psi)
        return (weight * f(-psi * x)).sum()

    def d(theta, psi):
        # L_D = −E f(D(G(z))) − E f(−D(x)) + penalty; ∇_x D = ψ everywhere, so that R1 = R2 = γ/2 ψ²
        return -fake(theta, psi) - real(psi) + _dirac_penalty(psi, regulariser, gamma, target)

    return Game(lambda theta, psi: fake(theta, psi, -1.0 if loss == "NSGAN" else 1.0), d)


def _dirac_penalty(psi: Tensor, regulariser: str, gamma: float, target: float) -> Tensor | float:
    """γ/2 E‖∇_x D‖² of R1 and R2; γ/2 E(‖∇_x D‖ − g₀)² of WGAN-GP."""
    if regulariser == "none":
        return 0.0
    off = psi.abs() - target if regulariser == "WGAN-GP" else psi
    return gamma / 2 * (off * off).sum()


def _noise(sigma: float, samples: int | None, stream) -> Callable[[Tensor], tuple[Tensor | float, Tensor | float]]:
    """Where games (…) see instance noise, x (N, …), and the weights: E[h(ε)] ≈ Σ_n w_n h(x_n)."""
    if not sigma:
        return lambda like: (0.0, 1.0)
    if samples:
        return lambda like: (sigma * torch.randn(samples, *like.shape, dtype=torch.float64, generator=stream),
                             1 / samples)
    x, weight = gauss_hermite()
    return lambda like: (sigma * x.view(-1, *[1] * like.ndim), weight.view(-1, *[1] * like.ndim))


def gauss_hermite() -> tuple[Tensor, Tensor]:
    """Nodes and weights (64,) with E[h(ε)] ≈ Σ_n w_n h(x_n) for ε ~ N(0, 1), exact for polynomials up to degree 127."""
    x, weight = np.polynomial.hermite_e.hermegauss(NODES)
    return torch.from_numpy(x), torch.from_numpy(weight / weight.sum())


def critical_gamma(loss: str = "GAN") -> float:
    """γ = 2 |f'(0)|: with this R1 the Dirac-GAN comes in fastest; with more it no longer turns, and creeps."""
    choice("loss", loss, F)
    return 2 * abs(SLOPE[loss])


def dirac_eigenvalues(loss: str = "GAN", gamma: float = 0.0, noise: float = 0.0) -> tuple[complex, complex]:
    """λ = −r ± √(r² − f'(0)²) at (0, 0), with r = γ/2 − f''(0) σ²: for R1 or R2 and instance noise (2018, section 4).

    Without both: ±i f'(0), a circle. The field's own eigenvalues are the test of it.
    """
    choice("loss", loss, F)
    _not_below_0(gamma=gamma, noise=noise)
    r = gamma / 2 - CURVATURE[loss] * noise ** 2
    root = cmath.sqrt(r ** 2 - SLOPE[loss] ** 2)
    return -r + root, -r - root


# ------------------------------------------------------------------ the nine verdicts

START, STEP, STEPS, LAST = (1.0, 1.0), 0.2, 500, 50       # the paper's; the radius is looked at over the LAST steps
CONVERGED, FLOOR, SLOW = 1e-3, 0.05, 0.9                  # the bands of `verdict`
VERDICTS = ("converges", "converges to its noise floor", "converges slowly", "does not converge")


class Method(NamedTuple):
    """A game of the table, and what its rule and field add: the clipping of ψ, the strength of consensus."""

    game: Game
    clip: float | None = None
    consensus: float = 0.0

    def path(self, order: str = "simultaneous", first: str = "G", count: int = STEPS) -> Path:
        """Its trajectory from START with steps of STEP."""
        v = field(self.game)
        v = consensus(v, self.consensus) if self.consensus else v
        return trajectory(v, *START, Rule(order, STEP, first, clip=self.clip), count)


class Row(NamedTuple):
    """A line of the table: least and largest radius √(θ² + ψ²) over the last 50 of 500 steps, and the verdict."""

    method: str
    order: str
    least: float
    largest: float
    verdict: str


def methods(seed: int = 0) -> dict[str, Method]:
    """The nine at the paper's settings. seed: of the 1000 draws a step of instance noise."""
    stream = torch.Generator().manual_seed(seed)
    return {"GAN": Method(dirac()), "NSGAN": Method(dirac("NSGAN")), "WGAN, clip 1": Method(dirac("WGAN"), clip=1.0),
            "WGAN-GP, γ 0.7": Method(dirac("WGAN", "WGAN-GP", 0.7, target=1.0)),
            "instance noise, σ 0.7": Method(dirac(noise=0.7, samples=1000, stream=stream)),
            "R1, γ 0.3": Method(dirac("GAN", "R1", 0.3)), "R1, γ 1 (critical)": Method(dirac("GAN", "R1", 1.0)),
            "NSGAN + R1, γ 0.3": Method(dirac("NSGAN", "R1", 0.3)), "consensus, γ 1": Method(dirac(), consensus=1.0)}


def radius(path: Path) -> Tensor:
    """√(θ² + ψ²) (T,) along the path of a single Dirac-GAN, whose equilibrium is (0, 0)."""
    if path.theta.ndim != 1 or path.psi.ndim != 1:
        raise ValueError(f"a radius is of one game with numbers θ and ψ, got {tuple(path.theta.shape)} and "
                         f"{tuple(path.psi.shape)}")
    return torch.hypot(path.theta, path.psi)


def verdict(radii: Tensor) -> str:
    """What radii (T,), T ≥ 150, say: the largest of the last 50, R, decides.

    R ≤ 0.001: converges. R ≤ 0.05: to its noise floor. R ≤ 0.9 of the largest of the 50 up to the middle of the run:
    slowly. Else it does not. Raises ValueError for fewer radii.
    """
    if radii.ndim != 1 or len(radii) < 3 * LAST:
        raise ValueError(f"a verdict needs {3 * LAST} radii or more in a row, got the shape {tuple(radii.shape)}")
    largest, before = radii[-LAST:].max(), radii[:len(radii) // 2 + 1][-LAST:].max()
    bands = largest <= CONVERGED, largest <= FLOOR, largest <= SLOW * before, True
    return VERDICTS[bands.index(True)]


def verdicts(seed: int = 0) -> list[Row]:
    """The table of 2018, section 3 and 4: nine methods, simultaneous and alternating 1:1 with G first. Some seconds."""
    rows = []
    for name, method in methods(seed).items():
        for order in ("simultaneous", "alternating"):
            radii = radius(method.path(order))
            last = radii[-LAST:]
            rows.append(Row(name, order, last.min().item(), last.max().item(), verdict(radii)))
    return rows


# ------------------------------------------------------------------ a Gaussian, a linear G, a quadratic D

def gaussian(loss: str = "GAN", regulariser: str = "none", gamma: float = 1.0, mean: float = 1.0,
             deviation: float = 1.0) -> Game:
    """p_data = N(m, s²), G(z) = a z + b with z ~ N(0, 1), D(x) = ψ₁ x + ψ₂ x²: θ = (a, b), ψ = (ψ₁, ψ₂).

    Expectations by Gauss–Hermite quadrature with 64 nodes (exact for "WGAN", whose integrands are polynomials).
    Equilibria: a = ±s, b = m, ψ = 0. Raises ValueError for an unknown word, WGAN-GP, γ < 0 or a deviation ≤ 0.
    """
    choice("loss", loss, F)
    choice("regulariser", regulariser, ("none", "R1", "R2"))
    _not_below_0(gamma=gamma)
    if not (math.isfinite(mean) and 0 < deviation < math.inf):
        raise ValueError(f"mean must be finite and deviation finite and > 0, got {mean} and {deviation}")
    f, (z, weight) = F[loss], gauss_hermite()
    x = mean + deviation * z                                               # (64,) the data

    def judge(psi, at):
        return psi[0] * at + psi[1] * at * at

    def g(theta, psi):
        score = judge(psi, theta[0] * z + theta[1])
        return -(weight * f(-score)).sum() if loss == "NSGAN" else (weight * f(score)).sum()

    def d(theta, psi):
        fake = theta[0] * z + theta[1]                                     # (64,)
        seen = {"R1": x, "R2": fake}.get(regulariser)
        # γ/2 E‖∇_x D‖², ∇_x D = ψ₁ + 2 ψ₂ x
        penalty = 0 if seen is None else gamma / 2 * (weight * (psi[0] + 2 * psi[1] * seen) ** 2).sum()
        return penalty - (weight * (f(judge(psi, fake)) + f(-judge(psi, x)))).sum()

    return Game(g, d)


def _not_below_0(**numbers: float) -> None:
    for name, number in numbers.items():
        if not 0 <= number < math.inf:
            raise ValueError(f"{name} must be finite and ≥ 0, got {number}")
