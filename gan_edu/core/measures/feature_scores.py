"""Scores of features: FID, KID, the Inception Score, class KL, precision and recall, density and coverage.

All take (real (N, d), fake (M, d)) in float64 and return a number; `core.measures.score.Score` adds the interval. What
a well-kept library has is taken from it, and written out in notebook 07_evaluation, where they are held equal.

FID: Heusel et al. (2017), arXiv 1706.08500. FID∞: Chong and Forsyth (2020), arXiv 1911.07023. KID: Bińkowski et al.
(2018), arXiv 1801.01401. Inception Score: Salimans et al. (2016), arXiv 1606.03498. Precision and recall: Kynkäänniemi
et al. (2019), arXiv 1904.06991. Density and coverage: Naeem et al. (2020), arXiv 2002.09797.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn

from gan_edu.core.measures.mixture_scores import divergence
from gan_edu.core.safety import checked
from gan_edu.core.safety.checked import function, integer
from gan_edu.core.training.streams import kept_stream

CPU = torch.device("cpu")
PARTS = (1, 2, 4)  # of the fakes, for FID∞: all, halves, quarters


class Given(nn.Module):
    """Features that are computed already, as torchmetrics takes a network: (N, d) → the same.

    Its metrics get sync_on_compute=False: where a GAN trains in many processes, one of them scores, and torchmetrics
    would wait for the others.
    """

    def __init__(self, dimensions: int):
        super().__init__()
        self.num_features = dimensions

    def forward(self, features: Tensor) -> Tensor:
        return features


# ------------------------------------------------------------------ means and covariances


def frechet(real: Tensor, fake: Tensor) -> float:
    """FID = |μ_r − μ_f|² + tr(Σ_r + Σ_f − 2 (Σ_r Σ_f)^½) ≥ 0: W₂² of two Gaussians with these means and covariances."""
    from torchmetrics.image.fid import FrechetInceptionDistance

    fid = FrechetInceptionDistance(feature=Given(real.shape[1]), sync_on_compute=False).set_dtype(torch.float64)
    fid.update(real, real=True)
    fid.update(fake, real=False)
    found = fid.compute().item()
    return 0.0 if found < 0 else found  # rounding may go below; max() would make 0 of NaN


def unbiased_frechet(real: Tensor, fake: Tensor) -> float:
    """FID∞: FID of all fakes, of halves, of quarters, on a line over 1/M, read where 1/M is 0.

    The fakes' count is taken out of FID, not that of the real samples. It may come out below 0.
    """
    inverse = torch.tensor([count / len(fake) for count in PARTS], dtype=torch.float64)
    means = torch.tensor(
        [sum(frechet(real, fake[k::count]) for k in range(count)) / count for count in PARTS], dtype=torch.float64
    )
    away = inverse - inverse.mean()
    slope = (away * means).sum() / (away**2).sum()
    return (means.mean() - slope * inverse.mean()).item()


# ------------------------------------------------------------------ kernels


def kernel_distance(real: Tensor, fake: Tensor) -> float:
    """KID: unbiased MMD² with the kernel (x·y/d + 1)³, of as many samples as the smaller set has; may be below 0."""
    from torchmetrics.image.kid import KernelInceptionDistance

    count = min(len(real), len(fake))
    with warnings.catch_warnings(), kept_stream(CPU):  # it shuffles by torch's own stream
        warnings.simplefilter("ignore")  # that it keeps all features
        kid = KernelInceptionDistance(feature=Given(real.shape[1]), subsets=1, subset_size=count, sync_on_compute=False)
        kid.update(real[:count], real=True)
        kid.update(fake[:count], real=False)
        return kid.compute()[0].item()


def maximum_mean_discrepancy(real: Tensor, fake: Tensor, width: float | None = None) -> float:
    """Unbiased MMD² with the kernel exp(−|x − y|²/(2 width²)); width: by default the median distance of the real.

    That is of the first 1,000 of them. Gretton et al. (2012), "A kernel two-sample test". May be below 0.
    """
    real, fake = real.flatten(1), fake.flatten(1)
    width = torch.pdist(real[:1000]).median().item() if width is None else checked.real("width", width, above=0)

    def mean(a: Tensor, b: Tensor, own: bool) -> float:
        kernel = (-(torch.cdist(a, b) ** 2) / (2 * width**2)).exp()
        return ((kernel.sum() - len(a)) / (len(a) * (len(a) - 1)) if own else kernel.mean()).item()

    return mean(real, real, True) + mean(fake, fake, True) - 2 * mean(real, fake, False)


# ------------------------------------------------------------------ classes


def inception_score(real: Tensor, fake: Tensor) -> float:
    """exp E[KL(p(c | x) ‖ p(c))] of the fakes' logits (M, C), from 1 to C. It never looks at the real ones."""
    from torchmetrics.image.inception import InceptionScore

    with warnings.catch_warnings(), kept_stream(CPU):  # it shuffles by torch's own stream
        warnings.simplefilter("ignore")  # that it keeps all features
        score = InceptionScore(feature=Given(fake.shape[1]), splits=1, sync_on_compute=False)
        score.update(fake)
        return score.compute()[0].item()


def class_divergence(real: Tensor, fake: Tensor) -> float:
    """KL(fake ‖ real) of the shares of the classes, in nats, from logits (N, C): each sample is of its likeliest class.

    ∞ where the fakes have a class that the real lack.
    """
    real_shares, fake_shares = (
        torch.bincount(logits.argmax(1), minlength=logits.shape[1]).double() / len(logits) for logits in (real, fake)
    )
    return divergence(fake_shares, real_shares)


# ------------------------------------------------------------------ nearest neighbours


def precision(real: Tensor, fake: Tensor, k: int = 5) -> float:
    """The share of fakes in the real samples' balls: each reaches to its k-th nearest real neighbour. 0–1.

    The paper takes k = 3; 5 is that of density and coverage.
    """
    return (torch.cdist(real, fake) < _reach(real, k)[:, None]).any(0).double().mean().item()


def recall(real: Tensor, fake: Tensor, k: int = 5) -> float:
    """The share of real samples in the fakes' balls: precision with the two exchanged. 0–1."""
    return precision(fake, real, k)


def density(real: Tensor, fake: Tensor, k: int = 5) -> float:
    """In how many of the real samples' balls a fake lies, on average, over k: about 1 for fakes that are real, ≥ 0."""
    return ((torch.cdist(real, fake) < _reach(real, k)[:, None]).sum(0).double() / k).mean().item()


def coverage(real: Tensor, fake: Tensor, k: int = 5) -> float:
    """The share of real samples whose ball has a fake in it. 0–1."""
    return (torch.cdist(real, fake).amin(1) < _reach(real, k)).double().mean().item()


def _reach(samples: Tensor, k: int) -> Tensor:
    """The distance (N,) of each to its k-th nearest other."""
    if len(samples) <= integer("k", k, 1):
        raise ValueError(
            f"the {k}-th nearest of {len(samples)} samples does not exist: give more samples or a smaller k"
        )
    return torch.cdist(samples, samples).kthvalue(k + 1, dim=1).values  # the nearest is itself


# ------------------------------------------------------------------ how smoothly G moves


def path_length(
    generate: Callable[[Tensor], Tensor], features: Callable[[Tensor], Tensor], step: float = 1e-4
) -> Callable[[Tensor, Tensor], float]:
    """Perceptual path length as a measure of pairs of latents (N, d), (N, d): E|f(G(z_t)) − f(G(z_{t + step}))|²/step².

    z_t lies on the straight line from the first to the second, t spread evenly over the pairs. Karras et al. (2019),
    "A style-based generator architecture", arXiv 1812.04948, with features in place of LPIPS; between Gaussian latents
    they walk on the arc.
    """
    function("generate", generate, "latents → samples")
    function("features", features, "samples → features")
    step = checked.real("step", step, above=0)

    def measure(first: Tensor, second: Tensor) -> float:
        count = min(len(first), len(second))
        t = ((torch.arange(count, dtype=torch.float64) * (math.sqrt(5) - 1) / 2) % 1)[:, None]  # even, in any order
        at, beyond = (first[:count] + (second[:count] - first[:count]) * each for each in (t, t + step))
        ends = [features(generate(z)).double().flatten(1) for z in (at, beyond)]
        return (((ends[0] - ends[1]) / step) ** 2).sum(1).mean().item()

    return measure
