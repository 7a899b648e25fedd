"""What features know: a linear classifier on top of them, learned from a few labels, while the features stay.

    probe = Probe(features, labels)            features (N, F) of a network that is not touched
    probe(others)                              logits (M, K)

Multinomial logistic regression with a price on its weights,

    min over W, b of  Σ −log softmax(W f + b)_y + penalty/2 · ‖W‖²,   f = (features − mean) / size

mean: of each feature, size: one number, the root mean square of all that is left. So a penalty means the same for
features of any scale. Radford et al. (2016), arXiv 1511.06434, section 5, classify by D's features, too. Notebook
18_transfer.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from gan_edu.core.safety.checked import integer, real
from gan_edu.core.training.tensors import WHOLE, tensor

ROUNDS = 200  # of L-BFGS, which is at the minimum before that


class Probe:
    """A linear classifier of features (N, F) with labels (N,), whole numbers from 0. penalty > 0; classes: K, or all
    that the labels name.

    Raises ValueError for features that are not finite, for other shapes or labels, TypeError for other numbers.
    """

    def __init__(self, features: Tensor, labels: Tensor, penalty: float = 1.0, classes: int | None = None):
        features, penalty = _rows(features), real("penalty", penalty, above=0)
        if labels.shape != features.shape[:1] or labels.is_floating_point() or not len(labels) or labels.min() < 0:
            raise ValueError(
                f"labels must be whole numbers from 0, one for each of the {len(features)} rows, got "
                f"{tuple(labels.shape)} of {labels.dtype}"
            )
        count = int(labels.max()) + 1
        count = count if classes is None else integer("classes", classes, count)
        self.mean = features.mean(0)
        self.size = (features - self.mean).square().mean().sqrt().clamp(min=1e-12)
        self.weights = _regressed(self._seen(features), labels.long().cpu(), penalty, count)  # (F + 1, K)

    def __call__(self, features: Tensor) -> Tensor:
        """Logits (M, K), float64, of features (M, F)."""
        return self._seen(_rows(features)) @ self.weights

    def _seen(self, features: Tensor) -> Tensor:
        """As they are regressed on, and a one for the bias: (N, F + 1)."""
        return torch.cat([(features - self.mean) / self.size, features.new_ones(len(features), 1)], 1)


def _regressed(x: Tensor, labels: Tensor, penalty: float, classes: int) -> Tensor:
    weights = x.new_zeros(x.shape[1], classes, requires_grad=True)
    search = torch.optim.LBFGS([weights], max_iter=ROUNDS, tolerance_grad=1e-9, line_search_fn="strong_wolfe")

    def cost() -> Tensor:
        search.zero_grad()
        loss = cross_entropy(x @ weights, labels, reduction="sum") + penalty / 2 * weights[:-1].square().sum()
        loss.backward()
        return loss

    with torch.enable_grad():
        search.step(cost)
    return weights.detach()


def named_rightly(logits: Tensor, labels: Tensor) -> float:
    """The share of logits (N, K) whose largest is that of the label (N,). Raises ValueError where they are not as many,
    or none."""
    if logits.ndim != 2 or labels.shape != logits.shape[:1] or not len(logits):
        raise ValueError(
            f"logits (N, K) and labels (N,) belong together, got {tuple(logits.shape)}, {tuple(labels.shape)}"
        )
    if not logits.isfinite().all():
        raise ValueError("logits must be finite: a network whose numbers are not has failed in training")
    return (logits.argmax(1).cpu() == labels.cpu()).double().mean().item()


def _rows(features: Tensor) -> Tensor:
    if tensor("features", features, WHOLE).ndim != 2 or not features.isfinite().all():
        raise ValueError(f"features must be finite and (N, F), got {tuple(features.shape)}")
    return features.detach().double().cpu()
