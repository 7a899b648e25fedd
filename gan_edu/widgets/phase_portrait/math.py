"""The games and rules that the phase portrait offers, as `core.games` plays them: for a saved notebook, and for Python.

dirac.js and spectrum.js have the same in closed form, since the browser draws it anew with each move.
Mescheder, Geiger, Nowozin (2018), "Which training methods for GANs do actually converge?", arXiv 1801.04406.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import ArrayLike

from gan_edu.core.games import path_outcome
from gan_edu.core.games.examples import CURVATURE, REGULARISERS, SLOPE, dirac
from gan_edu.core.games.field import Field, as_tensors, consensus, field as field_of, jacobian
from gan_edu.core.games.update_rules import Rule, one_round, round_jacobian

LOSSES = ("GAN", "NSGAN", "WGAN")
PENALTIES = ("none", "R1", "R2", "WGAN-GP", "instance noise", "consensus", "WGAN clipping")
ORDERS = ("simultaneous", "G first", "D first")
FAR = 1e6  # a path ends beyond this radius
CLIP_AT_0 = np.finfo(float).tiny  # a rule's clip is > 0


def field(
    theta: ArrayLike, psi: ArrayLike, loss: str = "GAN", penalty: str = "none", gamma: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """v(θ, ψ), the direction in which G and D step: arrays of the shape of θ and ψ, (*) each.

    penalty: one of PENALTIES, of the strength gamma: γ of R1, R2, WGAN-GP and consensus, σ of the instance noise.
    Clipping is no part of the field but of the step.
    """
    by_g, by_d = _pull(loss, penalty, gamma)(*as_tensors(theta, psi))
    return by_g.numpy(), by_d.numpy()


@lru_cache(maxsize=8)  # the picture and its words ask for the same
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
    go = one_round(_pull(loss, penalty, gamma), _rule(step, momentum, order, penalty, gamma))
    theta, psi, *speeds = (torch.tensor(float(t), dtype=torch.float64) for t in (*start, 0, 0))
    seen = [(float(theta), float(psi))]
    while len(seen) <= steps and np.hypot(*seen[-1]) < FAR:
        theta, psi, *speeds = go(theta, psi, *speeds)
        seen.append((float(theta), float(psi)))
    way = np.array(seen)
    way.flags.writeable = False  # it may be handed out again
    return way


def eigenvalues(
    loss: str, penalty: str, gamma: float, step: float, momentum: float, order: str
) -> tuple[np.ndarray, np.ndarray] | None:
    """Those of the field at (0, 0), (2,), and of one round there, (2,) or with momentum (4,); complex.

    None for WGAN-GP, whose penalty has a kink there and so no Jacobian.
    """
    if penalty == "WGAN-GP":
        return None
    v, rule = _pull(loss, penalty, gamma), _rule(step, momentum, order, penalty, gamma)
    flow = torch.linalg.eigvals(jacobian(v, 0.0, 0.0)).numpy()
    if penalty == "WGAN clipping" and gamma == 0:  # ψ is cut to 0: θ stays, and only D's momentum is left
        return flow, np.array([1, momentum, momentum, 0] if momentum else [1, 0], complex)
    return flow, torch.linalg.eigvals(round_jacobian(v, 0.0, 0.0, rule)).numpy()


def critical(loss: str, penalty: str) -> float | None:
    """The strength from which on the field's eigenvalues are real: γ = 2 f'(0) for R1, R2; σ² = −f'(0)/f''(0)."""
    if penalty == "instance noise":
        return (-SLOPE[loss] / CURVATURE[loss]) ** 0.5 if CURVATURE[loss] else None
    return 2 * SLOPE[loss] if penalty in ("R1", "R2") else None


def outcome(way: np.ndarray, steps: int) -> str:
    """What a path (T, 2) of up to `steps` steps does, by `core.games.path_outcome`'s bands; one that ran away does
    not."""
    return path_outcome.outcome(np.hypot(*way.T)) if len(way) > steps else path_outcome.OUTCOMES[-1]


def _pull(loss: str, penalty: str, gamma: float) -> Field:
    noise = gamma if penalty == "instance noise" else 0.0
    v = field_of(dirac(loss, penalty if penalty in REGULARISERS else "none", gamma, noise=noise))
    return consensus(v, gamma) if penalty == "consensus" else v


def _rule(step: float, momentum: float, order: str, penalty: str, gamma: float) -> Rule:
    clip = max(gamma, CLIP_AT_0) if penalty == "WGAN clipping" else None
    first = "D" if order == "D first" else "G"
    return Rule("simultaneous" if order == "simultaneous" else "alternating", step, first, momentum, clip)
