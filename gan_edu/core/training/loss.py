"""What a pair of losses is, and the pair that a GAN takes where none is given. Chapter 02 derives it, and has others.

With l = logit(D) the sigmoid and the logarithm become one function that is right for any l:
−log σ(l) = softplus(−l) and −log(1 − σ(l)) = softplus(l). In formulas x is real and G(z) is fake; means are over the
batch. Goodfellow et al. (2014), "Generative adversarial nets", arXiv 1406.2661.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import softplus

from gan_edu.core.safety import checked
from gan_edu.core.safety.checked import function, several, text


@dataclass(frozen=True)
class Loss:
    """A pair of loss functions, each returning a scalar to be minimised.

    d(real_logits, fake_logits) is D's, g(fake_logits, real_logits) is G's. Logits have the shape (N, 1).
    g_needs_real: whether g reads its second argument; where it does not, it is given None.
    optimum: the values (d, g) at p_g = p_data with the best D, or None. Losses made of logarithms are in nats.
    Raises TypeError where d or g is no function, ValueError for a name, a truth value or an optimum that is none.
    """

    name: str
    d: Callable[..., Tensor]  # of logits as D gives them, mostly (N, 1)
    g: Callable[..., Tensor]  # one that does not need the real logits may leave them out
    g_needs_real: bool = False
    optimum: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        text("name", self.name)
        function("d", self.d)
        function("g", self.g)
        object.__setattr__(self, "g_needs_real", checked.flag("g_needs_real", self.g_needs_real))
        if self.optimum is not None:
            object.__setattr__(self, "optimum", tuple(several("optimum", self.optimum, checked.real, 2)))


LOG2 = 0.6931471805599453


def cross_entropy_d(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """L_D = −E[log D(x)] − E[log(1 − D(G(z)))], in nats: −V(D, G) of the two-player game (2014, equation 1)."""
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


def non_saturating_g(fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """L_G = −E[log D(G(z))], in nats: its slope −(1 − σ(l)) stays where D is sure of a fake (2014, section 3)."""
    return softplus(-fake_logits).mean()


non_saturating = Loss("non-saturating", cross_entropy_d, non_saturating_g, optimum=(2 * LOG2, LOG2))
