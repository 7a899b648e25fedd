"""Scores of samples as they are: Wasserstein distances, two-sample tests, Parzen windows, memorisation, modes.

All take (real (N, …), fake (M, …)) in float64 and return a number, or are made by a function that is told what they
need; `core.measures.score.Score` adds the interval. Used in notebook 07_evaluation.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.core.data.distributions import Mixture
from gan_edu.core.measures.mixture_scores import QUALITY, divergence, with_modes
from gan_edu.core.safety.checked import integer, real as number
from gan_edu.core.training.tensors import tensor

WIDTHS = tuple(torch.logspace(-1, 0, 10, dtype=torch.float64).tolist())  # of Parzen's windows, as in 2014


# ------------------------------------------------------------------ transport


def wasserstein(real: Tensor, fake: Tensor, p: float = 2.0) -> float:
    """W_p, exact: the p-th root of the least mean |x − y|^p of all ways to move one set onto the other, p ≥ 1.

    By POT's network simplex. Slow beyond 2,000 samples.
    """
    import ot

    p = number("p", p, 1, 100)
    cost = torch.cdist(real.flatten(1), fake.flatten(1)) ** p
    return float(ot.emd2([], [], cost.numpy(), numItermax=10**7)) ** (1 / p)


def sliced_wasserstein(real: Tensor, fake: Tensor, directions: int = 200, p: float = 2.0) -> float:
    """Sliced W_p: the p-th root of the mean W_p^p of what is seen along `directions` random lines, each time the same.

    p ≥ 1. Bonneel et al. (2015), "Sliced and Radon Wasserstein barycenters of measures".
    """
    import ot

    count, p = integer("directions", directions, 1), number("p", p, 1, 100)
    return float(
        ot.sliced_wasserstein_distance(
            real.flatten(1).numpy(), fake.flatten(1).numpy(), n_projections=count, p=p, seed=0
        )
    )


# ------------------------------------------------------------------ who can tell them apart?


def two_sample(real: Tensor, fake: Tensor, k: int = 5) -> float:
    """A classifier's two-sample test: how often the k nearest name a sample's origin rightly. ½: it cannot tell.

    The first half is its training set, the second is asked. Lopez-Paz and Oquab (2017), arXiv 1610.06545.
    """
    half = min(len(real), len(fake)) // 2
    ours, theirs = real.flatten(1), fake.flatten(1)
    known, asked = (torch.cat([ours[part], theirs[part]]) for part in (slice(half), slice(half, 2 * half)))
    origin = torch.arange(2).repeat_interleave(half)  # 0: real, 1: fake
    said = origin[_nearest(asked, known, k)].double().mean(1) > 0.5
    return (said == origin).double().mean().item()


def _nearest(samples: Tensor, among: Tensor, k: int) -> Tensor:
    """Places (N, k) of the k nearest."""
    if len(among) < integer("k", k, 1):
        raise ValueError(f"there are no {k} nearest of {len(among)} samples: give more samples or a smaller k")
    return torch.cdist(samples, among).topk(k, dim=1, largest=False).indices


def memorised(train: Tensor) -> Callable[[Tensor, Tensor], float]:
    """For a G trained on `train` (N, …): how often a fake is nearer to it than to as many real samples held out.

    ½: no sign of memory, as of samples that nobody copied. 1: each fake is nearer to what G has seen. After Meehan et
    al. (2020), "A non-parametric test to detect data-copying in generative models", arXiv 2004.05675; their test ranks
    distances to the training set, of fakes and of held-out samples.
    """
    seen = tensor("train", train).flatten(1).double()

    def measure(real: Tensor, fake: Tensor) -> float:
        count = min(len(seen), len(real))
        near, far = (torch.cdist(fake.flatten(1), each[:count].flatten(1)).amin(1) for each in (seen, real))
        return ((near < far).double() + (near == far).double() / 2).mean().item()

    return measure


def parzen(real: Tensor, fake: Tensor) -> float:
    """Mean log-likelihood, in nats, of real samples under a Gaussian window around each fake. Higher counts as better.

    The width is the best of WIDTHS on the first half of the real samples; the second is scored. Goodfellow et al.
    (2014), section 5. Why it misleads: Theis et al. (2016), "A note on the evaluation of generative models", arXiv
    1511.01844.
    """
    real, fake = real.flatten(1), fake.flatten(1)
    chosen_by, scored = real.tensor_split(2)
    width = max(WIDTHS, key=lambda width: _log_likelihood(chosen_by, fake, width))
    return _log_likelihood(scored, fake, width)


def _log_likelihood(samples: Tensor, centres: Tensor, width: float) -> float:
    exponent = -(torch.cdist(samples, centres) ** 2) / (2 * width**2)
    norm = math.log(len(centres)) + samples.shape[1] / 2 * math.log(2 * math.pi * width**2)
    return (exponent.logsumexp(1) - norm).mean().item()


# ------------------------------------------------------------------ mixtures whose modes are known


def covered_modes(mixture: Mixture) -> Callable[[Tensor, Tensor], float]:
    """Modes with half of their fair share of the fakes, or more, within 3σ: the course's count, `Coverage.modes`."""
    coverage = with_modes(mixture)
    return lambda real, fake: float(coverage.modes(fake)["modes"])


def captured_modes(mixture: Mixture) -> Callable[[Tensor, Tensor], float]:
    """Modes with one fake or more within 3σ, the literature's count: uniform noise captures all."""
    modes, scales = _places(mixture)

    def measure(real: Tensor, fake: Tensor) -> float:
        away, which = ((fake[:, None] - modes) / scales).norm(dim=2).min(1)
        return float(len(which[away <= QUALITY].unique()))

    return measure


def reverse_divergence(mixture: Mixture) -> Callable[[Tensor, Tensor], float]:
    """KL(p_g ‖ p_data) over the modes, in nats: each fake counts for the mode it is nearest to, however far.

    Lin et al. (2018), "PacGAN", arXiv 1712.04086, count otherwise: their published code leaves out what lies beyond 3σ.
    """
    modes, scales = _places(mixture)
    weights = mixture.weights.double()

    def measure(real: Tensor, fake: Tensor) -> float:
        which = ((fake[:, None] - modes) / scales).norm(dim=2).argmin(1)
        return divergence(torch.bincount(which, minlength=len(modes)).double() / len(fake), weights)

    return measure


def _places(mixture: Mixture) -> tuple[Tensor, Tensor]:
    data = with_modes(mixture).data
    return data.centres.double(), data.scales.double()
