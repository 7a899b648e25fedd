"""The Dirac-GAN with every regulariser of Mescheder et al. (2018): field, steps, eigenvalues, and what they amount to.

All data lies at 0, all fakes at θ, and D(x) = ψ x. G descends L, D climbs it, with f(t) = −log(1 + exp(−t)):
    L(θ, ψ) = f(ψ θ) + f(0),      v(θ, ψ) = (−∂L/∂θ, ∂L/∂ψ) = (−f'(ψ θ) ψ, f'(ψ θ) θ)
math.js computes the same in the browser; this is for the picture of a saved notebook and for whoever asks Python.
Mescheder, Geiger, Nowozin (2018), "Which training methods for GANs do actually converge?", arXiv 1801.04406.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from gan_edu.core.games import path_outcome

Curve = Callable[[np.ndarray], np.ndarray]

LOSSES = ("GAN", "NSGAN", "WGAN")
PENALTIES = ("none", "R1", "R2", "WGAN-GP", "instance noise", "consensus", "WGAN clipping")
ORDERS = ("simultaneous", "G first", "D first")
AT_REST = np.zeros(())  # θψ there
FAR = 1e6  # a path ends beyond this radius
NODES = np.linspace(-6, 6, 49)  # the noise's sum is within 3e-8 for σ|ψ| ≤ 4, 3e-4 for 9
WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()


def _slope(t: np.ndarray) -> np.ndarray:
    """f'(t) = 1 / (1 + exp(t))"""
    return np.exp(-np.logaddexp(0, t))


def _bend(t: np.ndarray) -> np.ndarray:
    """f''(t) = −f'(t) f'(−t)"""
    return -_slope(t) * _slope(-t)


# v = (−g(θψ) ψ, d(θψ) θ) with these g, g', d, d'. NSGAN's G climbs f(−θψ) in place of descending f(θψ); WGAN: f(t) = t
SLOPES: dict[str, tuple[Curve, Curve, Curve, Curve]] = {
    "GAN": (_slope, _bend, _slope, _bend),
    "NSGAN": (lambda t: _slope(-t), lambda t: -_bend(t), _slope, _bend),
    "WGAN": (np.ones_like, np.zeros_like, np.ones_like, np.zeros_like),
}


def field(
    theta: ArrayLike, psi: ArrayLike, loss: str = "GAN", penalty: str = "none", gamma: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """v(θ, ψ), the direction in which G and D step: arrays of the shape of θ and ψ, (*) each.

    penalty: one of PENALTIES, of the strength gamma: γ of R1, R2, WGAN-GP and consensus, σ of the instance noise. R1
    and R2 are one here, since D's gradient ψ is the same everywhere. Clipping is no part of the field but of the step.
    """
    theta, psi = np.asarray(theta, float), np.asarray(psi, float)
    g, g_bend, d, d_bend = SLOPES[loss]
    if penalty == "instance noise":  # E over x̃ ~ N(θ, σ²) and over the data's N(0, σ²)
        fake, real = theta[..., None] + gamma * NODES, gamma * NODES
        t, s = psi[..., None] * fake, -psi[..., None] * real
        return -psi * (g(t) @ WEIGHTS), (d(t) * fake) @ WEIGHTS - (d(s) * real) @ WEIGHTS
    t = theta * psi
    a, b = g(t), d(t)
    by_g, by_d = -a * psi, b * theta
    if penalty in ("R1", "R2"):  # γ/2 |∇ₓD|² = γ/2 ψ²
        by_d = by_d - gamma * psi
    elif penalty == "WGAN-GP":  # γ/2 (|ψ| − 1)²
        by_d = by_d - gamma * (np.abs(psi) - 1) * np.sign(psi)
    elif penalty == "consensus":  # both descend γ/2 |v|² = γ/2 (a² ψ² + b² θ²)
        pull = a * g_bend(t) * psi**2 + b * d_bend(t) * theta**2
        by_g, by_d = by_g - gamma * (psi * pull + b**2 * theta), by_d - gamma * (theta * pull + a**2 * psi)
    return by_g, by_d


def path(
    start: tuple[float, float],
    step: float,
    steps: int,
    order: str,
    momentum: float,
    loss: str,
    penalty: str,
    gamma: float,
) -> np.ndarray:
    """The points (steps + 1, 2) of θ and ψ; fewer where they run away. order: one of ORDERS; momentum: heavy ball."""
    seen, speed = [(float(start[0]), float(start[1]))], [0.0, 0.0]
    players = {"simultaneous": ((0, 1),), "G first": ((0,), (1,)), "D first": ((1,), (0,))}[order]
    while len(seen) <= steps and np.hypot(*seen[-1]) < FAR:
        at = list(seen[-1])
        for moving in players:
            v = field(at[0], at[1], loss, penalty, gamma)  # where the other player now stands
            for k in moving:
                speed[k] = momentum * speed[k] + float(v[k])
                at[k] += step * speed[k]
            if penalty == "WGAN clipping" and 1 in moving:
                at[1] = float(np.clip(at[1], -gamma, gamma))  # which keeps NaN
        seen.append((at[0], at[1]))
    return np.array(seen)


def at_rest(loss: str, penalty: str, gamma: float) -> tuple[float, float, float] | None:
    """(p, q, c) of the field's Jacobian [[p, −c], [c, q]] at (0, 0); None for WGAN-GP, whose penalty has a kink."""
    c, bend = (float(SLOPES[loss][k](AT_REST)) for k in (2, 3))
    p, q = {
        "R1": (0, -gamma),
        "R2": (0, -gamma),
        "instance noise": (0, 2 * bend * gamma**2),
        "consensus": (-gamma * c**2, -gamma * c**2),
    }.get(penalty, (0, 0))
    return None if penalty == "WGAN-GP" else (p, q, c)


def eigenvalues(
    loss: str, penalty: str, gamma: float, step: float, momentum: float, order: str
) -> tuple[np.ndarray, np.ndarray] | None:
    """Those of the field at (0, 0), (2,), and of one round there, (2,) or with momentum (4,); complex.

    A round's μ solve P Q + (h c)² μᵐ = 0, P = μ² − (1 + β + h p) μ + β, Q the same with q; m = 2 simultaneous, 3
    alternating, whoever is first. Clipping changes nothing near 0, unless at 0. None where there is no Jacobian.
    """
    if (jacobian := at_rest(loss, penalty, gamma)) is None:
        return None
    p, q, c = jacobian
    flow = np.linalg.eigvals([[p, -c], [c, q]]).astype(complex)
    players = np.polymul(*([1, -(1 + momentum + step * own), momentum] for own in (p, q)))
    players[2 if order == "simultaneous" else 1] += (step * c) ** 2
    if penalty == "WGAN clipping" and gamma == 0:  # ψ is cut to 0: θ stays, and only D's momentum is left
        return flow, np.array([1, momentum, momentum, 0] if momentum else [1, 0], complex)
    return flow, np.roots(players if momentum else players[:3]).astype(complex)


def critical(loss: str, penalty: str) -> float | None:
    """The strength from which on the field's eigenvalues are real: γ = 2 f'(0) for R1, R2; σ² = −f'(0)/f''(0)."""
    c, bend = (float(SLOPES[loss][k](AT_REST)) for k in (2, 3))
    if penalty == "instance noise":
        return (-c / bend) ** 0.5 if bend else None
    return 2 * c if penalty in ("R1", "R2") else None


def outcome(way: np.ndarray, steps: int) -> str:
    """What a path (T, 2) of up to `steps` steps does, by `core.games.path_outcome`'s bands; one that ran away does
    not."""
    return path_outcome.outcome(np.hypot(*way.T)) if len(way) > steps else path_outcome.OUTCOMES[-1]
