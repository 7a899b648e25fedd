"""How far generated points are from a distribution whose density is known: JS, KL and the modes covered.

The plane is cut into BINS × BINS cells over [−1.5, 1.5]², and all that lies outside is one cell more. A mixture's mass
in a cell is known exactly (differences of its distribution function); the generator's is the share of its samples. So
a perfect generator scores only what chance leaves, the floor: for the plane's nine data sets 0.004 to 0.014 nat of JS,
0.02 to 0.1 of KL.
A sample is near a mode within 3σ of it, as in Srivastava et al. (2017), "VEEGAN", arXiv 1705.07761. There one near
sample makes a mode "captured", and so uniform noise captures all. Here a mode of weight w_k is covered when at least
FAIR of its fair share is near it, N·w_k/2 of N samples. Uniform noise over the plane and N(0, ½ I) then cover no mode
of the plane's mixtures, and the data cover all. A fifth in place of the half would not do: N(0, ½ I) puts 0.81 % of its
samples within 3σ of the grid's middle, and a fifth of the fair share is 0.80 %.
Belongs to notebook 03_training_loop.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gan_edu.core.data.distributions import Mixture
from gan_edu.core.safety.checked import kind, real
from gan_edu.core.training.tensors import tensor

BINS, EDGE = 30, 1.5  # cells 0.1 wide: 2.5 standard deviations of a ring's mode
SKEW = 0.01  # of p_data mixed into p_g for KL, which is then ≤ log 100
SAMPLES = 2500  # of the generator, for one measurement
QUALITY = 3.0  # standard deviations from the nearest mode
FAIR = 0.5  # of its fair share of the samples makes a mode covered


class Coverage:
    """What samples of a generator in the plane are measured against. `measure(samples)` gives the numbers."""

    def __init__(self, data: Mixture):
        if kind("data", data, Mixture).dim != 2:
            raise ValueError(f"coverage is measured in the plane, got data with {data.dim} coordinate(s)")
        if data.modes is not None and not torch.equal(data.modes.to(data.centres), data.centres):
            raise ValueError(
                "each bump of a mixture with modes must be one, in the same order: got "
                f"{len(data.centres)} bumps, {len(data.modes)} modes"
            )
        self.data, self.mass = data, cell_masses(data)

    def measure(self, samples: Tensor) -> dict[str, float | int]:
        """js and kl in nats; with modes also `modes`, how many are covered, and `quality`, 0–1. samples: (N, 2).

        All are NaN where a single sample is not finite. Raises ValueError for samples of another shape, or none.
        """
        if tensor("samples", samples).ndim != 2 or samples.shape[1] != 2 or not len(samples):
            raise ValueError(f"samples must be points (N, 2) with N ≥ 1, got {tuple(samples.shape)}")
        if not samples.isfinite().all():
            names = ("js", "kl") if self.data.modes is None else ("js", "kl", "modes", "quality")
            return dict.fromkeys(names, math.nan)
        p, q = self.mass, shares(samples)
        return {"js": jensen_shannon(p, q), "kl": skew_divergence(p, q), **self.modes(samples)}

    def modes(self, samples: Tensor) -> dict[str, float | int]:
        """modes: how many have FAIR · N · w_k of the N samples or more within 3σ. quality: the share so near to one."""
        if self.data.modes is None:
            return {}
        counts = self.near(samples)
        asked = (FAIR * len(samples) * self.data.weights - 1e-3).clamp(min=1)  # (M,), less float32's rounding
        return {"modes": int((counts >= asked).sum()), "quality": (counts.sum() / len(samples)).item()}

    def near(self, samples: Tensor) -> Tensor:
        """How many of samples (N, 2) are within 3σ of each mode (M,). What is not finite is near none.

        Raises ValueError for data without modes.
        """
        if self.data.modes is None:
            raise ValueError(f"{self.data.name} has no modes to be near: take a ring, a grid or blobs")
        away = ((samples[:, None] - self.data.modes) / self.data.scales).norm(dim=2)  # (N, M)
        nearest, which = away.min(1)
        return torch.bincount(which[nearest <= QUALITY], minlength=len(self.data.modes))


def with_modes(data: Mixture) -> Coverage:
    """Coverage of a mixture whose modes can be counted. Raises ValueError for one without."""
    coverage = Coverage(data)
    if data.modes is None:
        raise ValueError(f"{data.name} has no modes to count: take a ring, a grid or blobs")
    return coverage


def cell_masses(data: Mixture) -> Tensor:
    """The probability of each cell (BINS² + 1,), float64; the last is all that lies outside."""
    edges = torch.linspace(-EDGE, EDGE, BINS + 1, dtype=torch.float64)
    u = (edges - data.centres.double()[..., None]) / data.scales.double()[..., None]  # (K, 2, BINS + 1)
    inside = _distribution(data.kernel, u).diff(dim=2)  # (K, 2, BINS)
    weights = data.weights.double() / data.weights.double().sum()
    cells = torch.einsum("k,kx,ky->yx", weights, inside[:, 0], inside[:, 1]).flatten()
    return torch.cat([cells, (1 - cells.sum()).clamp(min=0)[None]])


def shares(samples: Tensor) -> Tensor:
    """The share of samples (N, 2) in each cell, (BINS² + 1,), float64. What is not finite lies outside."""
    x = ((samples.double() + EDGE) * (BINS / (2 * EDGE))).floor().nan_to_num(-1, -1, -1)  # (N, 2) columns, rows
    inside = ((x >= 0) & (x < BINS)).all(1)
    cell = torch.where(inside, x[:, 1] * BINS + x[:, 0], BINS**2).long()
    return torch.bincount(cell, minlength=BINS**2 + 1).double() / len(samples)


def jensen_shannon(p: Tensor, q: Tensor) -> float:
    """JS = ½ KL(p ‖ m) + ½ KL(q ‖ m) with m = (p + q)/2, in nats, from 0 to log 2."""
    m = (p + q) / 2
    return 0.5 * (divergence(p, m) + divergence(q, m))


def skew_divergence(p: Tensor, q: Tensor, skew: float = SKEW) -> float:
    """KL(p ‖ (1 − s) q + s p), in nats, at most log(1/s): finite where q is 0 (Lee 1999, the skew divergence)."""
    skew = real("skew", skew, 0, below=1)
    return divergence(p, (1 - skew) * q + skew * p)


def divergence(p: Tensor, q: Tensor) -> float:
    """KL(p ‖ q) = Σ p log(p/q) of shares (K,), in nats; ∞ where q is 0 and p is not."""
    return (torch.special.xlogy(p, p) - torch.special.xlogy(p, q))[p > 0].sum().item()


def _distribution(kernel: str, u: Tensor) -> Tensor:
    if kernel == "gaussian":
        return torch.special.ndtr(u)
    if kernel == "laplace":
        return torch.where(u < 0, 0.5 * u.exp(), 1 - 0.5 * (-u).exp())
    return ((u + 1) / 2).clamp(0, 1)
