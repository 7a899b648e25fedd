"""Nodes and weights that make an integral over densities into a sum: ∫ f(x) dx ≈ Σ_n w_n f(x_n).

Used from notebook 01 on.

On the line: Gauss–Legendre panels between places where some bump changes its character (its centre, its edges, a few
of its widths), so that a narrow bump beside a broad one, a jump and a kink are all met at a panel's end. In the plane:
an even grid, which for Gaussians converges faster than any power of its spacing, or the product of two such lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gan_edu.core.data.distributions import Mixture
from gan_edu.core.safety.checked import kind

INSTEAD = "use Monte Carlo, value_by_monte_carlo(p_data, p_g), which for the best D estimates 2 JS − log 4"
ORDER, MOST = 16, 4_000_000  # nodes of a panel; nodes in the plane
REACH = {
    "gaussian": (0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10),
    "laplace": (0, 0.5, 1, 2, 4, 8, 16, 24, 40),
    "uniform": (0, 0.5, 1),
}  # in widths; beyond lies under 1e-17 of a bump


class Nodes(NamedTuple):
    """x (N, D) and weight (N,), both float64: an integral is (weight * f(x)).sum()."""

    x: Tensor
    weight: Tensor


def nodes(*densities: Mixture) -> Nodes:
    """Where to look at one or more densities on the line or in the plane, to integrate what is made of them.

    Raises ValueError in other dimensions, for different ones, or where the plane would need over 4,000,000 nodes.
    """
    dims = {kind("a density", density, Mixture).dim for density in densities}
    if len(dims) != 1 or not dims <= {1, 2}:
        raise ValueError(
            f"quadrature is for densities that all lie on the line or all in the plane, got dimensions "
            f"{sorted(dims)}; {INSTEAD}"
        )
    if dims == {1}:
        x, weight = _panels(densities, 0)
        return Nodes(x[:, None], weight)
    smooth = all(density.kernel == "gaussian" for density in densities)
    (x, a), (y, b) = ((_even if smooth else _panels)(densities, axis) for axis in (0, 1))
    if len(x) * len(y) > MOST:
        raise ValueError(
            f"quadrature would need {len(x)} × {len(y)} nodes, over {MOST:,}: the bumps are too narrow "
            f"for the area they cover; {INSTEAD}"
        )
    return Nodes(torch.cartesian_prod(x, y), (a[:, None] * b).flatten())


def log_density_at(density: Mixture, x: Tensor) -> Tensor:
    """log p(x) (N,) for many x, a block of rows at a time: memory stays small for many bumps."""
    rows = max(1, min(20_000, MOST // len(density.weights)))  # (rows, K, D) numbers at once
    return torch.cat([density.log_density(block) for block in x.split(rows)])


def _bumps(density: Mixture, axis: int) -> tuple[Tensor, Tensor]:
    there = density.weights > 0
    return density.centres[there, axis].double(), density.scales[there, axis].double()


def _panels(densities: Sequence[Mixture], axis: int) -> tuple[Tensor, Tensor]:
    ends = []
    for density in densities:
        centres, scales = _bumps(density, axis)
        reach = torch.tensor(REACH[density.kernel], dtype=torch.float64)
        offsets = scales[:, None] * torch.cat([-reach, reach])
        ends.append((centres[:, None] + offsets).flatten())
    nodes, weights = np.polynomial.legendre.leggauss(ORDER)  # on [−1, 1]
    low, high = torch.tensor(list(pairwise(torch.cat(ends).unique().tolist())), dtype=torch.float64).T
    middle, half = (low + high)[:, None] / 2, (high - low)[:, None] / 2
    return (middle + half * torch.from_numpy(nodes)).flatten(), (half * torch.from_numpy(weights)).flatten()


def _even(densities: Sequence[Mixture], axis: int) -> tuple[Tensor, Tensor]:
    bumps = [_bumps(density, axis) for density in densities]
    low, high = (min((c - 8 * s).min().item() for c, s in bumps), max((c + 8 * s).max().item() for c, s in bumps))
    step = min(s.min().item() for _, s in bumps) / 2  # two nodes a width: a JS is off by 1e-9 to a few 1e-6
    x = torch.arange(low, high + step, step, dtype=torch.float64)
    return x, torch.full_like(x, step)
