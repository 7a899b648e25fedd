"""Distributions with known densities: what a GAN on a line or in the plane is to learn. Used from notebook 01 on.

All are one thing, a mixture p(x) = Σ_k w_k Π_d κ((x_d − c_kd) / s_kd) / s_kd with a kernel κ: so each can be sampled
exactly and its density is a finite sum. A curve with Gaussian noise across it is a mixture of many narrow Gaussians.
The ring and the grid of Gaussians are the usual tests of mode coverage: Srivastava et al. (2017), "VEEGAN",
arXiv 1705.07761. The plane's data live in about [−1.2, 1.2]².
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_edu.core.safety.checked import integer, kind, one_of, real, several, short, table, text
from gan_edu.core.training.device import named
from gan_edu.core.training.stored_state import equal, stream as saved_stream, tensor as saved_tensor
from gan_edu.core.training.tensors import MOST_AT_ONCE, WHOLE, stream_or_none, tensor

KERNELS = ("gaussian", "laplace", "uniform")
MOST_BUMPS = 100_000  # of a mixture that is made here


@dataclass(frozen=True)
class Mixture:
    """A mixture of K bumps in D dimensions.

    centres: (K, D). scales: (K, D), > 0: of a Gaussian its standard deviation, of a Laplace bump the mean distance
    from its centre, of a uniform one half its width. weights: (K,), ≥ 0, one of them > 0; scaled to the sum 1.
    modes: (M, D), the places that a generator can cover or miss, or None. Raises ValueError for what does not fit,
    TypeError for what are no tensors of float32 or float64.
    """

    name: str
    centres: Tensor
    scales: Tensor
    weights: Tensor
    kernel: str = "gaussian"
    modes: Tensor | None = None

    def __post_init__(self) -> None:
        c, s, w = self.centres, self.scales, self.weights
        text("name", self.name)
        one_of("kernel", self.kernel, KERNELS)
        for name in ("centres", "scales", "weights"):
            tensor(name, getattr(self, name), WHOLE)
        if c.ndim != 2 or not len(c) or s.shape != c.shape or w.shape != c.shape[:1]:
            raise ValueError(
                "centres and scales must be (K, D) and weights (K,) with K ≥ 1, got "
                f"{tuple(c.shape)}, {tuple(s.shape)}, {tuple(w.shape)}"
            )
        if not (torch.isfinite(c).all() and torch.isfinite(s).all() and (s > 0).all()):
            raise ValueError("centres must be finite and scales finite and > 0")
        if not (torch.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
            raise ValueError("weights must be finite and ≥ 0, and one of them > 0")
        m = self.modes
        if m is not None and (tensor("modes", m, WHOLE).shape[1:] != c.shape[1:] or not m.isfinite().all()):
            raise ValueError(f"modes must be (M, {self.dim}), finite, or None, got {tuple(m.shape)}")
        object.__setattr__(self, "weights", w / w.sum())

    @property
    def dim(self) -> int:
        """D, the number of coordinates of a sample."""
        return self.centres.shape[1]

    def sample(self, count: int, stream: torch.Generator | None = None) -> Tensor:
        """x (count, D), drawn from `stream`, or from torch's own. count: at most 10 million."""
        count, stream = integer("count", count, 1, MOST_AT_ONCE), stream_or_none("stream", stream)
        which = torch.multinomial(self.weights, count, replacement=True, generator=stream)
        u = torch.rand(count, self.dim, generator=stream, dtype=self.centres.dtype)
        return self.centres[which] + self.scales[which] * _quantile(self.kernel, u)

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x) (N,) in nats for x (N, D); −∞ outside the support. Raises ValueError for x of another shape."""
        if tensor("x", x, WHOLE).ndim != 2 or x.shape[1] != self.dim:
            raise ValueError(f"x must be (N, {self.dim}), got {tuple(x.shape)}")
        centres, scales, weights = (t.to(x) for t in (self.centres, self.scales, self.weights))
        u = (x[:, None] - centres) / scales  # (N, K, D)
        return (weights.log() + (_log_kernel(self.kernel, u) - scales.log()).sum(2)).logsumexp(1)

    def density(self, x: Tensor) -> Tensor:
        """p(x) (N,) for x (N, D)."""
        return self.log_density(x).exp()


def _log_kernel(kernel: str, u: Tensor) -> Tensor:
    if kernel == "gaussian":
        return -0.5 * u**2 - 0.5 * math.log(2 * math.pi)
    if kernel == "laplace":
        return -u.abs() - math.log(2)
    return torch.where(u.abs() <= 1, u.new_tensor(-math.log(2)), -math.inf).where(~u.isnan(), u)  # NaN stays NaN


def _quantile(kernel: str, u: Tensor) -> Tensor:
    """The kernel's own quantile function: uniform numbers u in [0, 1) → draws."""
    u = u.clamp(torch.finfo(u.dtype).eps / 2, 1 - torch.finfo(u.dtype).eps / 2)
    if kernel == "gaussian":
        return torch.special.ndtri(u)
    if kernel == "laplace":
        return torch.where(u < 0.5, (2 * u).log(), -(2 * (1 - u)).log())
    return 2 * u - 1


class Draws:
    """Batches without end of fresh samples (N, D), float32: a `core.data.Batches` that never repeats itself.

    Raises TypeError for what is no Mixture, ValueError for a batch_size below 1, a seed or a device that is none.
    """

    def __init__(self, distribution: Mixture, batch_size: int = 256, seed: int = 0, device: str | torch.device = "cpu"):
        self.distribution, self.device = kind("distribution", distribution, Mixture), named(device)
        self.batch_size, self.stream = batch_size, torch.Generator().manual_seed(integer("seed", seed))

    @property
    def batch_size(self) -> int:
        """N; it may be changed between two batches."""
        return self._batch_size

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        self._batch_size = integer("batch_size", size, 1, MOST_AT_ONCE)

    def __iter__(self) -> Draws:
        return self

    def __next__(self) -> Tensor:
        return self.distribution.sample(self.batch_size, self.stream).float().to(self.device)

    def state_dict(self) -> dict:
        """The stream, the size, and the mixture that they are drawn from, for a checkpoint."""
        return {"stream": self.stream.get_state(), "batch_size": self.batch_size, **self._mixture()}

    def _mixture(self) -> dict:
        d = self.distribution
        return {"kernel": d.kernel, "centres": d.centres, "scales": d.scales, "weights": d.weights}

    def check_state(self, state: dict) -> None:
        """Raise ValueError for a state of draws from another distribution, or of none."""
        table("the state of the draws", state, "stream", "batch_size", *self._mixture())
        for name, own in self._mixture().items():
            if name == "kernel":
                equal(name, state[name], own)
            elif not torch.allclose(saved_tensor(name, state[name], own), own):  # machines differ in a last digit
                raise ValueError(f"the run was started with a distribution of other {name}: draw from the one it had")
        integer("batch_size", state["batch_size"], 1, MOST_AT_ONCE)
        saved_stream("the stream of the draws", state["stream"])

    def load_state_dict(self, state: dict) -> None:
        """Go on where `state` was taken. Raises as `check_state` does."""
        self.check_state(state)
        self.stream.set_state(state["stream"])
        self.batch_size = state["batch_size"]


# ------------------------------------------------------------------ on a line


def on_line(
    name: str,
    means: Sequence[float],
    widths: Sequence[float],
    weights: Sequence[float] | None = None,
    kernel: str = "gaussian",
) -> Mixture:
    """A mixture on the line; its dim is 1. Widths are the kernel's scales."""
    given = several("means", means, real), several("widths", widths, real)
    even = [1.0] * len(given[0]) if weights is None else several("weights", weights, real)
    m, s, w = (torch.tensor(each, dtype=torch.float64) for each in (*given, even))
    return Mixture(name, m[:, None], s[:, None], w, kernel, m[:, None] if len(m) > 1 else None)


def gaussian(mean: float = 0.0, std: float = 1.0) -> Mixture:
    """N(mean, std²) on the line."""
    real("mean", mean)
    real("std", std, above=0)
    return on_line("Gaussian", [mean], [std])


def laplace(mean: float = 0.0, scale: float = 1.0) -> Mixture:
    """p(x) = exp(−|x − mean| / scale) / (2 scale)."""
    real("mean", mean)
    real("scale", scale, above=0)
    return on_line("Laplace", [mean], [scale], kernel="laplace")


def uniform(low: float = -1.0, high: float = 1.0) -> Mixture:
    """p(x) = 1 / (high − low) from low to high."""
    low = real("low", low)
    high = real("high", high, above=low)
    return on_line("uniform", [(low + high) / 2], [(high - low) / 2], kernel="uniform")


# ------------------------------------------------------------------ in the plane


def blobs(centres: Tensor, std: float = 0.06, name: str = "blobs") -> Mixture:
    """Gaussians of equal weight around centres (K, D); each is a mode."""
    centres = _places("centres", centres)
    return Mixture(name, centres, _alike(centres, std), torch.ones(len(centres)), modes=centres)


def ring(count: int = 8, radius: float = 0.9, std: float = 0.04) -> Mixture:
    """`count` Gaussians on a circle."""
    count = integer("count", count, 1, MOST_BUMPS)
    angle = 2 * math.pi * torch.arange(count) / count
    return blobs(real("radius", radius, 0) * torch.stack([angle.cos(), angle.sin()], 1), std, f"ring of {count}")


def grid(side: int = 5, spacing: float = 0.45, std: float = 0.03) -> Mixture:
    """side × side Gaussians."""
    side = integer("side", side, 1, math.isqrt(MOST_BUMPS))
    line = real("spacing", spacing) * (torch.arange(side) - (side - 1) / 2)
    return blobs(torch.cartesian_prod(line, line), std, f"grid of {side} × {side}")


def two_gaussians(distance: float = 1.2, std: float = 0.15) -> Mixture:
    """Two round Gaussians side by side."""
    distance = real("distance", distance)
    return blobs(torch.tensor([[-distance / 2, 0.0], [distance / 2, 0.0]]), std, "two Gaussians")


def curve(points: Tensor, std: float, name: str) -> Mixture:
    """Gaussian noise around a curve given by K points, all of one weight: as even as their distances are."""
    points = _places("points", points)
    return Mixture(name, points, _alike(points, std), torch.ones(len(points)))


def _places(name: str, given: object) -> Tensor:
    try:
        return torch.as_tensor(given, dtype=torch.float32)
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"{name} must be numbers (K, D), got {short(given)}") from None


def _alike(centres: Tensor, std: float) -> Tensor:
    return torch.full_like(centres, real("std", std, above=0))


def segment(std: float = 0.04) -> Mixture:
    """A straight line through the middle."""
    t = torch.linspace(-1, 1, 120)
    return curve(torch.stack([t, 0.5 * t], 1), std, "line")


def circle(radius: float = 0.9, std: float = 0.04) -> Mixture:
    """A closed ring."""
    t = 2 * math.pi * torch.arange(160) / 160
    return curve(real("radius", radius, 0) * torch.stack([t.cos(), t.sin()], 1), std, "circle")


def spirals(arms: int = 2, rotations: float = 1.0, std: float = 0.03) -> Mixture:
    """Arms that wind outwards, 0.15 to 1 away from the middle: of `rotations` in all, the last 85 %."""
    arms, rotations = integer("arms", arms, 1, 1000), real("rotations", rotations)
    r = torch.linspace(0.15**2, 1, 100).sqrt()
    angle = 2 * math.pi * rotations * r[None] + 2 * math.pi * torch.arange(arms)[:, None] / arms
    return curve(torch.stack([r * angle.cos(), r * angle.sin()], 2).flatten(0, 1), std, f"{arms} spirals")


def two_moons(std: float = 0.05) -> Mixture:
    """Two half circles, one reaching into the other."""
    t = math.pi * torch.linspace(0, 1, 100)
    upper = torch.stack([t.cos() - 0.5, t.sin() - 0.25], 1)
    return curve(0.7 * torch.cat([upper, -upper]), std, "two moons")


def swiss_roll(std: float = 0.03) -> Mixture:
    """One spiral that goes once round, and 5 % more: 0.3 to 1 away from the middle."""
    r = torch.linspace(0.3**2, 1, 200).sqrt()
    angle = 3 * math.pi * r
    return curve(torch.stack([r * angle.cos(), r * angle.sin()], 1), std, "swiss roll")


def drawn(points: Tensor, std: float = 0.04) -> Mixture:
    """What a learner drew: Gaussian noise around points (K, 2). Raises ValueError without points."""
    points = _places("points", points)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"points must be (K, 2) with K ≥ 1, got {tuple(points.shape)}: draw at least one")
    return curve(points, std, "drawn")


def as_published(name: str) -> Mixture:
    """The literature's "ring", 8 modes of σ = 0.01 on the unit circle, or "grid", 25 of σ = 0.05 at {−4, −2, 0, 2, 4}².

    Srivastava et al. (2017), "VEEGAN", arXiv 1705.07761; Lin et al. (2018), "PacGAN", arXiv 1712.04086.
    """
    return ring(8, 1.0, 0.01) if one_of("name", name, ("ring", "grid")) == "ring" else grid(5, 2.0, 0.05)
