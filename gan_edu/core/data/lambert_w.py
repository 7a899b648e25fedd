"""Heavy tails made light, and back: the Lambert W transform. Used in notebook 17_finance.

    way = Gaussianised.of(returns)        δ found by IGMM
    way(returns)                          nearly normal, mean 0, deviation 1
    way.back(x)                           the returns again

A Lipschitz network makes light tails of Gaussian noise: P(|G(z)| > x) falls as fast as that of a Gaussian, and that of
a product of two such, σ ε, as e^−x. QuantGAN learns returns whose tails were taken away, and gives them back to its
samples (Wiese et al. 2020, arXiv 1907.06673):

    y = μ + σ · u · exp(δ u² / 2),      u = sign(z) · √(W(δ z²) / δ),   z = (y − μ) / σ

where W(x) · exp(W(x)) = x. Goerg (2015), "The Lambert way to Gaussianize heavy-tailed data with the inverse of Tukey's
h transformation as a special case", arXiv 1010.2265: δ by IGMM, as the kurtosis says.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gan_edu.core.data.returns import series
from gan_edu.core.safety.checked import real
from gan_edu.core.training.tensors import WHOLE, tensor

LARGEST = 5.0  # δ: from 1 on not even a mean is there
HALVINGS, ROUNDS, NEAR = 30, 100, 1e-6
STEPS = 8  # of Halley's, each of which triples the digits that are right


def lambert_w(x: Tensor) -> Tensor:
    """The w ≥ 0 with w · eʷ = x, for x ≥ 0 (…), float32 or float64, by Halley's method. Raises ValueError below 0.

    Corless et al. (1996), "On the Lambert W function", equation 5.9, from the start log(1 + x).
    """
    if x.numel() and not (tensor("x", x, WHOLE) >= 0).all():
        raise ValueError("the branch that is used here takes x ≥ 0 only")
    w = torch.log1p(x)
    for _ in range(STEPS):
        miss = w - x * (-w).exp()  # f · e⁻ʷ, which does not overflow
        w = w - miss / (w + 1 - (w + 2) * miss / (2 * w + 2))
    return w


def heavy(u: Tensor, delta: float) -> Tensor:
    """u · exp(δ u²/2), Tukey's h: of a normal u moments of order below 1/δ are finite. δ ≥ 0."""
    return u * (real("delta", delta, 0, LARGEST) / 2 * u.square()).exp()


def light(z: Tensor, delta: float) -> Tensor:
    """The way back of `heavy`: sign(z) √(W(δ z²)/δ), z itself for δ = 0."""
    if (delta := real("delta", delta, 0, LARGEST)) < 1e-12:
        return z
    return z.sign() * (lambert_w(delta * z.square()) / delta).sqrt()


def fitted_delta(z: Tensor) -> float:
    """The δ in [0, 5] at which light(z) has the kurtosis 3 of a normal; 0 where z has no heavier tails than that.

    Halving: the kurtosis falls as δ grows. z: (T,).
    """
    if kurtosis(z) <= 3:
        return 0.0
    low, high = 0.0, LARGEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if kurtosis(light(z, middle)) > 3 else (low, middle)
    return (low + high) / 2


def kurtosis(x: Tensor) -> float:
    """E[(x − μ)⁴] / σ⁴, 3 for a normal; of all numbers of x."""
    centred = x - x.mean()
    return (centred.pow(4).mean() / centred.square().mean().square()).item()


@dataclass(frozen=True)
class Gaussianised:
    """One way there and back for each of S series. mu, sigma (S,): of the normal below; delta (S,): how heavy."""

    mu: Tensor
    sigma: Tensor
    delta: tuple[float, ...]

    @classmethod
    def of(cls, returns: Tensor) -> Gaussianised:
        """By IGMM from returns (T,) or (T, S). Raises ValueError for returns that never move."""
        found = [_igmm(each) for each in series("returns", returns).T]
        mu, sigma, delta = zip(*found, strict=True)
        return cls(torch.tensor(mu).double(), torch.tensor(sigma).double(), delta)

    @classmethod
    def scaled(cls, returns: Tensor) -> Gaussianised:
        """Mean and deviation alone, δ = 0: what the transform is compared with."""
        x = series("returns", returns)
        return cls(x.mean(0), x.std(0, unbiased=False), (0.0,) * x.shape[1])

    def __call__(self, returns: Tensor) -> Tensor:
        """(T, S), or (T,) of one series → the same shape, nearly normal with mean 0 and deviation 1."""
        return self._along(returns, lambda x, k: light((x - self.mu[k]) / self.sigma[k], self.delta[k]))

    def back(self, x: Tensor) -> Tensor:
        """The returns again; x: (T, S), (T,), or samples (N, S, L), whose series are the second dimension."""
        return self._along(x, lambda u, k: self.mu[k] + self.sigma[k] * heavy(u, self.delta[k]))

    def _along(self, x: Tensor, each) -> Tensor:  # type: ignore[no-untyped-def]
        count, dim = len(self.delta), 1
        if x.ndim == 1 and count == 1:
            return each(x.double(), 0)
        if x.ndim not in (2, 3) or x.shape[dim] != count:
            raise ValueError(f"of {count} series (T, {count}) or (N, {count}, L) are taken, got {tuple(x.shape)}")
        return torch.stack([each(part, k) for k, part in enumerate(x.double().unbind(dim))], dim)


def _igmm(y: Tensor) -> tuple[float, float, float]:
    """(μ, σ, δ): each found anew from the others, until they stay."""
    mu, sigma, delta = y.median(), y.std(unbiased=False), 0.0
    for _ in range(ROUNDS):
        z = (y - mu) / sigma
        delta = fitted_delta(z)
        x = mu + sigma * light(z, delta)
        before, (mu, sigma) = (mu, sigma), (x.mean(), x.std(unbiased=False))
        if max(abs(mu - before[0]), abs(sigma - before[1])) < NEAR * sigma:
            break
    return mu.item(), sigma.item(), delta
