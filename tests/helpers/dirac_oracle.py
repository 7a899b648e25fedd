"""The Dirac-GAN once more, from its two objectives by autograd: what the phase portrait's formulas are held against.

Mescheder et al. (2018), arXiv 1801.04406: L(θ, ψ) = f(ψ θ) + f(0), f(t) = −log(1 + exp(−t)); WGAN: f(t) = t.
"""

import numpy as np
import torch
from torch.autograd import grad

LOSSES, ORDERS = ("GAN", "NSGAN", "WGAN"), ("simultaneous", "G first", "D first")
PENALTIES = ("none", "R1", "R2", "WGAN-GP", "instance noise", "consensus", "WGAN clipping")
NODES, WEIGHTS = (torch.tensor(t) for t in np.polynomial.hermite_e.hermegauss(100))
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def field(theta, psi, loss, penalty="none", gamma=1.0):
    """v = (−∂L_G/∂θ, ∂L_D/∂ψ) as two floats."""
    theta, psi = (torch.tensor(float(t), dtype=torch.float64, requires_grad=True) for t in (theta, psi))
    f = (lambda t: t) if loss == "WGAN" else torch.nn.functional.logsigmoid
    noise, share = (gamma * NODES, WEIGHTS) if penalty == "instance noise" else (torch.zeros(1).double(), torch.ones(1))
    fake, real = (psi * (theta + noise)), psi * noise  # D of fakes and of data
    d_climbs = (share * (f(fake) + f(-real))).sum()
    g_descends = (share * (-f(-fake) if loss == "NSGAN" else f(fake))).sum()
    if penalty in ("R1", "R2"):
        x = (theta if penalty == "R2" else torch.zeros(())).detach().double().requires_grad_()
        d_climbs = d_climbs - gamma / 2 * grad(psi * x, x, create_graph=True)[0] ** 2
    if penalty == "WGAN-GP":
        d_climbs = d_climbs - gamma / 2 * (psi.abs() - 1) ** 2
    v = -grad(g_descends, theta, create_graph=True)[0], grad(d_climbs, psi, create_graph=True)[0]
    if penalty == "consensus":
        length = gamma / 2 * (v[0] ** 2 + v[1] ** 2)
        v = v[0] - grad(length, theta, retain_graph=True)[0], v[1] - grad(length, psi)[0]
    return v[0].item(), v[1].item()


def turn(state, game):
    """One update of (θ, ψ, speed of θ, speed of ψ) with heavy-ball momentum."""
    t, p, u, w = state
    h, beta, rest = game["step"], game["momentum"], (game["loss"], game["penalty"], game["gamma"])

    def g():
        fast = beta * u + field(t, p, *rest)[0]
        return t + h * fast, fast

    def d():
        fast = beta * w + field(t, p, *rest)[1]
        to = p + h * fast
        return (float(np.clip(to, -game["gamma"], game["gamma"])) if game["penalty"] == "WGAN clipping" else to), fast

    if game["order"] == "simultaneous":
        (t, u), (p, w) = g(), d()
    elif game["order"] == "G first":
        t, u = g()
        p, w = d()
    else:
        p, w = d()
        t, u = g()
    return np.array([t, p, u, w])


def path(start, steps, game):
    """The points (steps + 1, 2)."""
    state = np.array([*start, 0, 0], float)
    seen = [state] + [state := turn(state, game) for _ in range(steps)]
    return np.array(seen)[:, :2]


def eigenvalues(game, eps=1e-5):
    """Of the field (2,) and of one update (4,) at (0, 0), from central differences."""
    rest = game["loss"], game["penalty"], game["gamma"]

    def jacobian(of, size):
        return np.array([(np.array(of(e)) - np.array(of(-e))) / (2 * eps) for e in eps * np.eye(size)]).T

    return (
        np.linalg.eigvals(jacobian(lambda at: field(*at, *rest), 2)),
        np.linalg.eigvals(jacobian(lambda state: turn(state, game), 4)),
    )
