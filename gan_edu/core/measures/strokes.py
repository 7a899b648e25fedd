"""How thick and how slanted a drawing is, by its moments, and which way in the latents moves that. Notebook 13.

    thickness   2 · ink / edge: a stroke of width w and length L has ink w · L and an edge of about 2 · L
    slant       cov(x, y) / var(y): by how many pixels it moves to the right for each pixel up

    way = direction(z, thickness(light(G(z))))          least squares: value ≈ a + w · z
    G(z + 2 * way.unit)                                 thicker by about 2 * way.slope

The slant is the moment by which digits are straightened; both are among the measures of Castro et al. (2019),
"Morpho-MNIST", JMLR 20. Directions by a linear model: Shen et al. (2020), "Interpreting the latent space of GANs",
arXiv 1907.10786. Pictures are (N, 1, H, W) in [0, 1].
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from gan_edu.core.data.damage import in_light
from gan_edu.core.training.tensors import WHOLE, tensor


def thickness(pictures: Tensor) -> Tensor:
    """2 Σ x / Σ |∇x| of each picture, in pixels, (N,); 0 where it is black.

    How bright a stroke is does not count, so that below two pixels a thin one and a faint one are the same to it. |∇x|
    is the mean of its four ways of taking neighbours, so that a picture and its mirror have the same.
    """
    x = torch.nn.functional.pad(in_light("pictures", pictures).double(), (1, 1, 1, 1))
    edge = torch.stack([_slope(x.flip(dims)) for dims in ((), (2,), (3,), (2, 3))]).mean(0)
    return 2 * x.sum((1, 2, 3)) / edge.clamp(min=1e-12)


def _slope(x: Tensor) -> Tensor:
    """Σ |∇x| by differences to the next row and column, (N,)."""
    down, right = x[:, :, 1:, :-1] - x[:, :, :-1, :-1], x[:, :, :-1, 1:] - x[:, :, :-1, :-1]
    return (down.square() + right.square()).sqrt().sum((1, 2, 3))


def slant(pictures: Tensor) -> Tensor:
    """cov(x, y) / var(y) of the ink, y upwards, (N,): the tangent of a stroke's angle to the vertical, right is > 0.

    0 where there is no ink, or all in one row.
    """
    ink = in_light("pictures", pictures)[:, 0].double()  # (N, H, W)
    total = ink.sum((1, 2)).clamp(min=1e-12)
    up = -torch.arange(ink.shape[1], dtype=torch.float64, device=ink.device)
    right = torch.arange(ink.shape[2], dtype=torch.float64, device=ink.device)
    by_row, by_column = ink.sum(2), ink.sum(1)
    mean_up, mean_right = (by_row @ up) / total, (by_column @ right) / total
    together = torch.einsum("nhw,h,w->n", ink, up, right) / total - mean_up * mean_right
    height = (by_row @ up.square()) / total - mean_up.square()
    return torch.where(height > 1e-9, together / height.clamp(min=1e-9), 0.0)


class Direction(NamedTuple):
    """A way in the latents: `unit` (d,) of length 1, how much a value grows along it, and R² of the linear fit."""

    unit: Tensor
    slope: float
    r2: float


def direction(z: Tensor, values: Tensor) -> Direction:
    """The least squares fit values ≈ a + w · z: w's direction, its length, and the share of variance it explains.

    z: (N, d), values: (N,), N > d + 1, else ValueError. R² is of these samples, and higher than of others: about
    (d / N) of it is chance.
    """
    z, values = tensor("z", z, WHOLE).double(), tensor("values", values, WHOLE).double()
    if z.ndim != 2 or values.shape != z.shape[:1] or len(z) < z.shape[1] + 2:
        raise ValueError(
            f"z must be (N, d) and values (N,) with N ≥ d + 2, got {tuple(z.shape)} and {tuple(values.shape)}"
        )
    known = torch.cat([z, torch.ones_like(z[:, :1])], 1)  # (N, d + 1)
    w = torch.linalg.lstsq(known, values[:, None], driver="gelsd").solution[:, 0]
    length = w[:-1].norm().item()
    if length == 0:
        raise ValueError("the values are all the same, so that no direction changes them")
    return Direction((w[:-1] / length).float(), length, r_squared(values, known @ w))


def r_squared(values: Tensor, fitted: Tensor) -> float:
    """1 − Σ (value − fitted)² / Σ (value − mean)²: 1 where all is explained, 0 where the mean does as well."""
    if values.shape != fitted.shape or values.ndim != 1 or len(values) < 2:
        raise ValueError(f"values and fitted must both be (N,), got {tuple(values.shape)}, {tuple(fitted.shape)}")
    away = (values - values.mean()).double().square().sum()
    return 1 - ((values - fitted).double().square().sum() / away.clamp(min=1e-300)).item()
