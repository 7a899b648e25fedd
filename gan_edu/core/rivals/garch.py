"""The classical models of returns, beside which a GAN stands. Used in notebook 17_finance.

    model = fit(returns, "gjr-t")                     a second
    scales(model, returns)                            σ of each day, and of the day that follows
    paths(model, 20, 2500)                            (20, 2500) simulated
    paths(model, 20, 2500, residuals(model, returns)) with the data's own shocks: filtered historical simulation
    bootstrapped(returns, 20, 2500)                   days drawn alone, which have no memory

    r_t = μ + σ_t ε_t,    σ_t² = ω + (α + γ 1{e_(t−1) < 0}) e_(t−1)² + β σ_(t−1)²,    e = r − μ

GARCH(1, 1) has γ = 0 and a normal ε (Bollerslev 1986); GJR has γ, after a loss more than after a gain (Glosten,
Jagannathan and Runkle 1993), and ε here Student's t of ν degrees, scaled to variance 1. Barone-Adesi, Giannopoulos and
Vosper (1999) for filtered historical simulation.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.signal import lfilter
from scipy.special import gammaln
from torch import Tensor

from gan_edu.core.safety.checked import integer, kind, one_of
from gan_edu.core.training.tensors import WHOLE, tensor

KINDS = ("garch", "gjr-t")
PERCENT = 100.0  # returns are fitted in percent, where all numbers are of one size
STARTS = ((0.05, 0.9), (0.1, 0.8), (0.15, 0.7))  # α + γ/2 and β
DAYS_BACK, FADES = 75, 0.94  # of the variance before the first day
BURNED = 500  # days before a simulated path begins
LEAST_DAYS = 100


class Garch(NamedTuple):
    """Numbers of a model, in units of returns. nu: degrees of freedom, ∞ for a normal."""

    mu: float
    omega: float
    alpha: float
    gamma: float
    beta: float
    nu: float = math.inf

    @property
    def persistence(self) -> float:
        """α + γ/2 + β: how much of a day's excess of variance the next day expects; below 1 variance has a mean.

        γ/2, as half of E ε² comes on losses where shocks are symmetric; those of a filtered history may not be.
        """
        return self.alpha + self.gamma / 2 + self.beta


# ------------------------------------------------------------------ likelihood


def variances(model: Garch, returns: np.ndarray) -> np.ndarray:
    """σ² (T + 1,) of the T days and of the next. The day before the first has a variance from the first 75 squares.

    As σ² is linear in its own past, the recursion is a filter.
    """
    squares = (returns - model.mu) ** 2
    fades = FADES ** np.arange(min(DAYS_BACK, len(squares)))
    before = fades @ (returns[: len(fades)] - returns.mean()) ** 2 / fades.sum()
    news = (model.alpha + model.gamma * (returns < model.mu)) * squares
    news = np.concatenate([[(model.alpha + model.gamma / 2) * before], news])
    return lfilter([1.0], [1.0, -model.beta], model.omega + news, zi=[model.beta * before])[0]


def log_likelihood(model: Garch, returns: Tensor) -> float:
    """Σ_t log p(r_t | the days before), in nats. returns: (T,).

    Normal: −½ [log 2πσ² + e²/σ²]. Student's t of variance σ²: log Γ((ν+1)/2) − log Γ(ν/2) − ½ log(π(ν−2)σ²)
    − (ν+1)/2 · log(1 + e²/((ν−2)σ²)).
    """
    return _log_likelihood(model, _series(returns))


def _log_likelihood(model: Garch, r: np.ndarray) -> float:
    h, nu = variances(model, r)[:-1], model.nu
    z = (r - model.mu) ** 2 / h
    if math.isinf(nu):
        return float(-0.5 * (np.log(2 * np.pi * h) + z).sum())
    constant = gammaln((nu + 1) / 2) - gammaln(nu / 2) - 0.5 * math.log(math.pi * (nu - 2))
    return float((constant - 0.5 * np.log(h) - (nu + 1) / 2 * np.log1p(z / (nu - 2))).sum())


def fit(returns: Tensor, of: str = "gjr-t") -> Garch:
    """The most likely model of returns (T,), T ≥ 100: "garch" with normal shocks, or "gjr-t".

    With α, γ, β ≥ 0, α + γ/2 + β < 1 and ν > 2. Raises ValueError where none is found, or for returns that never move.
    """
    of, r = one_of("of", of, KINDS), PERCENT * _series(returns)
    free = ["mu", "omega", "alpha", "beta"] + (["gamma", "nu"] if of == "gjr-t" else [])

    def model(x: np.ndarray) -> Garch:
        return Garch(**{"gamma": 0.0, **dict(zip(free, x.tolist(), strict=True))})

    limits = {"mu": (-10, 10), "omega": (1e-6, 10 * r.var()), "nu": (2.05, 500)}
    bounds = [limits.get(name, (0, 1)) for name in free]
    stays = {"type": "ineq", "fun": lambda x: 0.9999 - model(x).persistence}
    tried = [
        minimize(lambda x: -_log_likelihood(model(x), r), x, method="SLSQP", bounds=bounds, constraints=[stays])
        for x in _starts(r, len(free))
    ]
    best = min((each for each in tried if np.isfinite(each.fun)), key=lambda each: each.fun, default=None)
    if best is None:
        raise ValueError("no model was found: look whether the returns are in units such as 0.01 for one percent")
    found = model(best.x)
    return found._replace(mu=found.mu / PERCENT, omega=found.omega / PERCENT**2)


def _starts(r: np.ndarray, count: int) -> list[np.ndarray]:
    return [np.array([r.mean(), r.var() * (1 - news - beta), news, beta, 0.02, 8.0][:count]) for news, beta in STARTS]


# ------------------------------------------------------------------ what it says of each day


def scales(model: Garch, returns: Tensor) -> Tensor:
    """σ (T + 1,) of each day, known the evening before, and of the day that follows; returns: (T,)."""
    return torch.from_numpy(np.sqrt(variances(kind("model", model, Garch), _series(returns))))


def residuals(model: Garch, returns: Tensor) -> Tensor:
    """ε_t = (r_t − μ)/σ_t (T,): what is left when the clustering is taken out."""
    return (returns.double() - model.mu) / scales(model, returns)[:-1]


def shocks(model: Garch, count: int = 100_000) -> Tensor:
    """Evenly spaced quantiles (count,) of its ε, of variance 1: shares ½/count, 1½/count …"""
    from scipy.stats import norm, t

    share = (np.arange(integer("count", count, 1, 10**7)) + 0.5) / count
    if math.isinf(model.nu):
        return torch.from_numpy(norm.ppf(share))
    return torch.from_numpy(t.ppf(share, model.nu) * math.sqrt((model.nu - 2) / model.nu))


# ------------------------------------------------------------------ paths


def paths(model: Garch, count: int, days: int, of: Tensor | None = None, seed: int = 0) -> Tensor:
    """(count, days) returns, simulated. of: (M,) shocks to draw from, as `residuals`; its own by default."""
    kind("model", model, Garch)
    count, days = integer("count", count, 1, 10**6), integer("days", days, 1, 10**6)
    draw = np.random.default_rng(integer("seed", seed))
    shape = (BURNED + days, count)
    if of is not None:
        drawn = draw.choice(tensor("of", of, WHOLE).double().numpy(), shape)
    elif math.isinf(model.nu):
        drawn = draw.standard_normal(shape)
    else:
        drawn = draw.standard_t(model.nu, shape) * math.sqrt((model.nu - 2) / model.nu)
    return torch.from_numpy(_walked(model, drawn)[BURNED:].T.copy())


def _walked(model: Garch, drawn: np.ndarray) -> np.ndarray:
    h = np.full(drawn.shape[1], model.omega / max(1 - model.persistence, 1e-3))
    moved = np.empty_like(drawn)
    for day, shock in enumerate(drawn):
        moved[day] = e = np.sqrt(h) * shock
        h = model.omega + (model.alpha + model.gamma * (e < 0)) * e**2 + model.beta * h
    return model.mu + moved


def bootstrapped(returns: Tensor, count: int, days: int, seed: int = 0) -> Tensor:
    """(count, days): days of returns (T,) or (T, S) drawn alone, as if each were of a market without memory.

    Of several series (count, S, days), each day's together.
    """
    returns = tensor("returns", returns, WHOLE)
    stream = torch.Generator().manual_seed(integer("seed", seed))
    size = integer("count", count, 1, 10**6), integer("days", days, 1, 10**6)
    drawn = returns[torch.randint(len(returns), size, generator=stream)]  # (count, days) or (count, days, S)
    return drawn if returns.ndim == 1 else drawn.transpose(1, 2)


def _series(returns: Tensor) -> np.ndarray:
    r = tensor("returns", returns, WHOLE).detach().cpu().double()
    if r.ndim != 1 or len(r) < LEAST_DAYS or not r.isfinite().all():
        raise ValueError(f"returns must be (T,), finite, of {LEAST_DAYS} days or more, got {tuple(r.shape)}")
    if (r == r[0]).all():
        raise ValueError(f"the returns are always {r[0]:g}, and have no variance to follow")
    return r.numpy()
