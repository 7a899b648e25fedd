"""Samples that were asked for: are they what was asked, how varied are they within a class, and what codes mean.

Used in notebook 10_convolutional. A classifier says what a picture is; where one was part of training, as in AC-GAN,
take another one here: `core.measures.mnist_scores.feature_net` never saw a generator.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from scipy.optimize import linear_sum_assignment
from scipy.stats import spearmanr
from torch import Tensor

from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.mnist_scores import FeatureNet, classes
from gan_edu.core.measures.score import embedded
from gan_edu.core.safety.checked import kind
from gan_edu.core.training.streams import looking
from gan_edu.core.training.tensors import tensor


def read(net: FeatureNet, images: Tensor) -> Tensor:
    """The class (N,) that `net` reads in each of images (N, 1, 28, 28), −1 where features are not finite."""
    kind("net", net, FeatureNet)
    features = embedded(net, tensor("images", images))
    with looking(net):
        return classes(net.classify(features)).cpu()


def spread_within(images: Tensor, labels: Tensor, real: Tensor, real_labels: Tensor) -> Tensor:
    """How far pictures of a class lie from their mean, beside real ones: 1 each where they are as varied, (classes,).

    It is the root of the mean squared distance in pixels, of images (N, …) and real (M, …), uint8 or in
    [−1, 1]. It sees how varied they are, not whether they are good: noise is varied. Raises ValueError where a class
    of the real ones has fewer than 2 pictures in either.
    """
    found = [_spreads(*_flat(*each)) for each in ((images, labels), (real, real_labels))]
    if len(found[0]) != len(found[1]) or any(spread.isnan().any() for spread in found):
        raise ValueError("each class must have 2 pictures or more, among the real ones and among the others")
    return found[0] / found[1]


def _flat(images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    if labels.shape != tensor("images", images).shape[:1]:
        raise ValueError(f"labels must be ({len(images)},), one a picture, got {tuple(labels.shape)}")
    return scaled(images).flatten(1).double(), labels.long()


def _spreads(x: Tensor, labels: Tensor) -> Tensor:
    """The root of the unbiased variance, summed over pixels, of each class; NaN where there are fewer than 2."""
    return torch.stack([x[labels == each].var(0).sum().sqrt() for each in range(int(labels.max()) + 1)])


# ------------------------------------------------------------------ what codes mean


class Matched(NamedTuple):
    """How well codes and classes go together."""

    share: float  # of samples whose class is that of their code, where each code has one class and each class one code
    classes: tuple[int, ...]  # by code: its class then
    found: int  # how many classes are the most frequent of some code


def matched(codes: Tensor, labels: Tensor) -> Matched:
    """Pair codes with classes one to one so that most samples agree: codes (N,) from 0 on; labels (N,), −1 where
    one could not be read, which agrees with no code.

    Chance gets about 1 / classes and somewhat more, as the pairs are chosen after the fact: `matched` of shuffled
    codes says how much. The pairs are Kuhn and Munkres's assignment, by scipy. Raises ValueError for other shapes.
    """
    if codes.shape != labels.shape or codes.ndim != 1 or not len(codes):
        raise ValueError(f"codes and labels must be (N,) both, got {tuple(codes.shape)} and {tuple(labels.shape)}")
    kept = labels >= 0  # what could not be read agrees with no code
    size = max(int(codes.max()), int(labels.max()), 1) + 1
    table = torch.bincount(codes[kept].long() * size + labels[kept].long(), minlength=size * size).view(size, size)
    rows, columns = linear_sum_assignment(table.numpy(), maximize=True)
    agree = int(table[rows, columns].sum())
    asked = table[table.sum(1) > 0]
    return Matched(agree / len(codes), tuple(columns.tolist()), len(set(asked.argmax(1).tolist())))


def thickness(images: Tensor) -> Tensor:
    """How much ink a picture has: the mean of its pixels, in [0, 1], (N,)."""
    return (scaled(tensor("images", images)).flatten(1).double() + 1).mean(1) / 2


def slant(images: Tensor) -> Tensor:
    """How far a picture leans to the right for each row upwards: −μ₁₁ / μ₀₂ of its ink, (N,); 0 where there is none."""
    ink = (scaled(tensor("images", images)).double().mean(1) + 1) / 2  # (N, H, W)
    down, right = (torch.arange(size, dtype=torch.float64) for size in ink.shape[1:])
    mass = ink.sum((1, 2)).clamp_min(1e-12)
    y = down[None, :, None] - (ink.sum(2) @ down / mass)[:, None, None]
    x = right[None, None, :] - (ink.sum(1) @ right / mass)[:, None, None]
    return -(ink * x * y).sum((1, 2)) / (ink * y * y).sum((1, 2)).clamp_min(1e-12)


def follows(numbers: Tensor, property: Tensor, codes: Tensor) -> float:
    """Spearman's rank correlation of a code (N,) with a property (N,), the mean over the categories `codes` (N,)."""
    ranks = [spearmanr(numbers[codes == each], property[codes == each]).statistic for each in codes.unique()]
    return float(torch.tensor(ranks, dtype=torch.float64).nanmean())
