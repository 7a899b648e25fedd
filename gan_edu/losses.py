"""Losses of the two players, as functions of D's logits. Belongs to notebook 02_losses.

With l = logit(D) the sigmoid and the logarithm become one function that is exact for any l:
−log σ(l) = softplus(−l) and −log(1 − σ(l)) = softplus(l). No probability is ever formed.
Goodfellow et al. (2014), "Generative adversarial nets", arXiv 1406.2661.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import softplus


@dataclass(frozen=True)
class Loss:
    """A pair of loss functions, each returning a scalar to be minimised.

    d(real_logits, fake_logits) is D's, g(fake_logits, real_logits) is G's. Logits have the shape (N, 1).
    g_needs_real: whether g reads its second argument; where it does not, it is given None.
    optimum: the values (d, g) at p_g = p_data with the best D, in nats, or None.
    """

    name: str
    d: Callable[[Tensor, Tensor], Tensor]
    g: Callable[[Tensor, Tensor | None], Tensor]
    g_needs_real: bool = False
    optimum: tuple[float, float] | None = None


def cross_entropy_d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """L_D = −E[log D(x)] − E[log(1 − D(G(z)))], in nats: −V(D, G) of the two-player game (2014, equation 1)."""
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


def non_saturating_g(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """L_G = −E[log D(G(z))], in nats: the generator loss that does not vanish where D is sure (2014, section 3)."""
    return softplus(-fake_logits).mean()


def minimax_g(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """L_G = E[log(1 − D(G(z)))], in nats: the game's own loss; its slope −σ(l) vanishes where D is sure."""
    return -softplus(fake_logits).mean()


LOG2 = 0.6931471805599453
non_saturating = Loss("non-saturating", cross_entropy_d, non_saturating_g, optimum=(2 * LOG2, LOG2))
minimax = Loss("minimax", cross_entropy_d, minimax_g, optimum=(2 * LOG2, -LOG2))
