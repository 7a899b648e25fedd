"""Whether pictures are of the kind that a network has learned: how far their features lie from those of such pictures.

    known = Familiar(features of pictures of the kind, features of others of the kind)
    known.rarity(features)      the share of the kind that lies as far out: 0.5 for a usual one, 0 for one that is none

The distance is Mahalanobis's, d² = (f − μ)ᵀ Σ⁻¹ (f − μ), to the mean of the nearest class: Lee et
al. (2018), "A simple unified framework for detecting out-of-distribution samples", arXiv 1807.03888, with one
covariance for all classes. It is calibrated on pictures that the means were not made of. Notebook 13_restoration.
"""

from __future__ import annotations

import torch
from torch import Tensor

from gan_edu.core.training.tensors import WHOLE, tensor

RIDGE = 1e-3  # of the mean variance, so that Σ can be inverted


class Familiar:
    """How usual features are. features (N, F) with their classes (N,), and held (M, F), others of the same kind.

    Raises ValueError for fewer than 2 of a class or none held, or where the sizes differ.
    """

    def __init__(self, features: Tensor, classes: Tensor, held: Tensor):
        features, held = _rows("features", features), _rows("held", held)
        if features.shape[1] != held.shape[1] or len(classes) != len(features) or not len(held):
            raise ValueError(
                f"features (N, F), classes (N,) and held (M, F) belong together, got {tuple(features.shape)}, "
                f"{tuple(classes.shape)} and {tuple(held.shape)}"
            )
        kinds, counts = classes.unique(return_counts=True)
        if counts.min() < 2:
            raise ValueError(f"each class needs 2 features or more, class {kinds[counts.argmin()]} has {counts.min()}")
        self.means = torch.stack([features[classes == kind].mean(0) for kind in kinds])  # (classes, F)
        away = features - self.means[torch.searchsorted(kinds, classes)]
        covariance = away.T @ away / len(features)
        ridge = RIDGE * covariance.diagonal().mean() * torch.eye(len(covariance), dtype=torch.float64)
        self.root = torch.linalg.inv(torch.linalg.cholesky(covariance + ridge))  # L⁻¹ of Σ = L Lᵀ
        self.held = self.distances(held).sort().values

    def distances(self, features: Tensor) -> Tensor:
        """To the nearest class, (N,), in deviations."""
        within = self.root.T
        return torch.cdist(_rows("features", features) @ within, self.means @ within).amin(1)

    def rarity(self, features: Tensor) -> Tensor:
        """The share of the held ones that lie as far out or farther, (N,): of such pictures evenly from 0 to 1."""
        below = torch.searchsorted(self.held, self.distances(features))
        return 1 - below.double() / len(self.held)


def _rows(name: str, features: Tensor) -> Tensor:
    if tensor(name, features, WHOLE).ndim != 2 or not features.isfinite().all():
        raise ValueError(f"{name} must be finite and (N, F), got {tuple(features.shape)}")
    return features.double().cpu()
