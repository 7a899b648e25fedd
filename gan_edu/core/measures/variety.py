"""How varied samples are beside the data: three signs of a collapse, each 1 where G is as varied as what it learns.

A sign is made with what it needs and called on samples (N, …): `core.recording.collapse_alarm` watches some while a run
goes on. None of them sees whether the samples are good: noise is varied, too. Used in notebook 08_mode_collapse.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.core.data.distributions import Mixture
from gan_edu.core.measures.mixture_scores import with_modes
from gan_edu.core.measures.mnist_scores import FeatureNet, classes
from gan_edu.core.measures.score import PART, embedded
from gan_edu.core.safety.checked import kind
from gan_edu.core.training.streams import looking
from gan_edu.core.training.tensors import tensor

CLASSES = 10  # of the networks that read digits, or clothes
Sign = Callable[[Tensor], float]  # samples (N, …) → 1: as varied as the data; 0: all one


def covered_share(mixture: Mixture) -> Sign:
    """Of a mixture with modes: how many of them are covered, `Coverage.modes`, as a share."""
    coverage = with_modes(mixture)
    count = len(mixture.weights)
    return lambda samples: coverage.modes(samples.float().cpu())["modes"] / count


def class_shares(net: FeatureNet, pictures: Tensor) -> list[float]:
    """The share of pictures (N, 1, 28, 28) that `net` reads as each of its classes; NaN where one cannot be read."""
    kind("net", net, FeatureNet)
    features = embedded(net, tensor("pictures", pictures))
    with looking(net):
        read = torch.cat([classes(net.classify(part)) for part in features.split(PART)])
    if (read < 0).any():
        return [math.nan] * CLASSES
    return (torch.bincount(read, minlength=CLASSES).double() / len(read)).tolist()


def class_entropy(net: FeatureNet, pictures: Tensor) -> Sign:
    """−Σ p_k log p_k of the classes that `net` reads, beside that of real pictures (M, 1, 28, 28)."""
    kind("net", net, FeatureNet)
    real = _entropy(net, tensor("pictures", pictures))
    if not real > 0:
        raise ValueError("all pictures are read as one class, whose entropy is 0: give some of several classes")
    return lambda samples: _entropy(net, samples) / real


def _entropy(net: FeatureNet, pictures: Tensor) -> float:
    shares = torch.tensor(class_shares(net, pictures), dtype=torch.float64)
    return 0.0 - torch.special.xlogy(shares, shares).sum().item()  # of one class 0, and not −0


def feature_variance(features: Callable[[Tensor], Tensor], real: Tensor) -> Sign:
    """The mean squared distance of features from their mean, beside that of real samples (M, …)."""
    of_real = _variance(embedded(features, tensor("real", real)))
    if not of_real > 0:
        raise ValueError("the real samples' features are all the same: look at the network that makes them")
    return lambda samples: _variance(embedded(features, samples)) / of_real


def _variance(features: Tensor) -> float:
    return features.flatten(1).double().var(0, unbiased=False).sum().item()


def effective_modes(shares: Tensor) -> Tensor:
    """exp(−Σ s_k log s_k) of shares (…, M): M where all modes get as much, 1 where one gets all."""
    return (-torch.special.xlogy(shares, shares).sum(-1)).exp()
