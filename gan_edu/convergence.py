"""When do GANs converge? Closed forms, a table and eigenvalues. Belongs to notebook 06_convergence.

The Dirac-GAN (`core.games.examples`): all data at 0, all fakes at θ, D has the logit l(x) = −ψ x. D raises, G lowers

    L(θ, ψ) = E[f(−l(G(z)))] + E[f(l(x))] = f(ψ θ) + f(0),     v = (−ψ f'(ψ θ), θ f'(ψ θ))

Mescheder, Geiger and Nowozin (2018), "Which training methods for GANs do actually converge?", arXiv 1801.04406.
Steps are taken by `core.games.field` and `core.games.update_rules`, whose names this module hands on; the eigenvalues
of a real GAN come from `core.games.eigenvalues`.
"""

from __future__ import annotations

import cmath
from typing import NamedTuple

import torch
from torch import Tensor

from gan_edu.core.games import path_outcome
from gan_edu.core.games.eigenvalues import Linearised, leading_eigenvalues
from gan_edu.core.games.examples import CURVATURE, SLOPE, dirac, gaussian
from gan_edu.core.games.field import Game, Path, consensus, eigenvalues, field, flow, jacobian, spectral_radius
from gan_edu.core.games.path_outcome import CLOSE, CONVERGED, LAST, OUTCOMES, SLOW
from gan_edu.core.games.update_rules import Rule, one_round, round_jacobian, trajectory
from gan_edu.core.safety.checked import integer, kind, one_of, real

__all__ = [
    "CLOSE",
    "CONVERGED",
    "LAST",
    "SLOW",
    "START",
    "STEP",
    "STEPS",
    "OUTCOMES",
    "Game",
    "Linearised",
    "Method",
    "Path",
    "Row",
    "Rule",
    "consensus",
    "critical_gamma",
    "dirac",
    "dirac_eigenvalues",
    "eigenvalues",
    "field",
    "flow",
    "gaussian",
    "jacobian",
    "leading_eigenvalues",
    "methods",
    "radius",
    "spectral_radius",
    "trajectory",
    "one_round",
    "round_jacobian",
    "outcome",
    "outcomes",
]


# ------------------------------------------------------------------ closed forms


def critical_gamma(loss: str = "GAN") -> float:
    """γ = 2 |f'(0)|: from here on the Dirac-GAN's linear flow does not go round; in the long run it is fastest here."""
    return 2 * abs(SLOPE[one_of("loss", loss, SLOPE)])


def dirac_eigenvalues(loss: str = "GAN", gamma: float = 0.0, noise: float = 0.0) -> tuple[complex, complex]:
    """λ = −r ± √(r² − f'(0)²) at (0, 0), with r = γ/2 − f''(0) σ²: for R1 or R2 and instance noise (2018, section 3).

    Without both: ±i f'(0), in the linear part a circle. The field's own eigenvalues are the test of it.
    """
    one_of("loss", loss, SLOPE)
    r = real("gamma", gamma, 0) / 2 - CURVATURE[loss] * real("noise", noise, 0) ** 2
    root = cmath.sqrt(r**2 - SLOPE[loss] ** 2)
    return -r + root, -r - root


# ------------------------------------------------------------------ the nine outcomes

START, STEP, STEPS = (1.0, 1.0), 0.2, 500  # the paper's code's; `core.games.path_outcome` has the bands


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
    """A line of the table: least and largest radius √(θ² + ψ²) over the last 50 of 500 steps, and the outcome."""

    method: str
    order: str
    least: float
    largest: float
    outcome: str


def methods(seed: int = 0) -> dict[str, Method]:
    """The nine at the settings of the paper's code. seed: of the 1000 draws a step of instance noise."""
    stream = torch.Generator().manual_seed(integer("seed", seed))
    return {
        "GAN": Method(dirac()),
        "NSGAN": Method(dirac("NSGAN")),
        "WGAN, clip 1": Method(dirac("WGAN"), clip=1.0),
        "WGAN-GP, γ 0.7": Method(dirac("WGAN", "WGAN-GP", 0.7, target=1.0)),
        "instance noise, σ 0.7": Method(dirac(noise=0.7, samples=1000, stream=stream)),
        "R1, γ 0.3": Method(dirac("GAN", "R1", 0.3)),
        "R1, γ 1 (critical)": Method(dirac("GAN", "R1", 1.0)),
        "NSGAN + R1, γ 0.3": Method(dirac("NSGAN", "R1", 0.3)),
        "consensus, γ 1": Method(dirac(), consensus=1.0),
    }


def radius(path: Path) -> Tensor:
    """√(θ² + ψ²) (T,) along the path of a single Dirac-GAN, whose equilibrium is (0, 0)."""
    kind("path", path, Path)
    if path.theta.ndim != 1 or path.psi.ndim != 1:
        raise ValueError(
            f"a radius is of one game with numbers θ and ψ, got {tuple(path.theta.shape)} and {tuple(path.psi.shape)}"
        )
    return torch.hypot(path.theta, path.psi)


def outcome(radii: Tensor) -> str:
    """What radii (T,), T ≥ 150, of a path say, by `core.games.path_outcome`'s bands. Raises ValueError for fewer."""
    if kind("radii", radii, Tensor).ndim != 1 or len(radii) < 3 * LAST:
        raise ValueError(f"an outcome needs {3 * LAST} radii or more in a row, got the shape {tuple(radii.shape)}")
    return path_outcome.outcome(radii.cpu().numpy())


def outcomes(seed: int = 0) -> list[Row]:
    """Nine methods at the settings of 2018 (some seconds), simultaneous and alternating 1:1 with G first."""
    rows = []
    for name, method in methods(seed).items():
        for order in ("simultaneous", "alternating"):
            radii = radius(method.path(order))
            last = radii[-LAST:]
            rows.append(Row(name, order, last.min().item(), last.max().item(), outcome(radii)))
    return rows
