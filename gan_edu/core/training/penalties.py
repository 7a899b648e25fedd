"""Gradient penalties: what a discriminator pays for its slopes, by one routine for each sample.

A penalty says where it looks (`at`) and what a slope costs (`cost`). Chapter 05 puts the published ones together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from numbers import Real

import torch
from torch import Tensor, nn

from gan_edu.core.safety import checked
from gan_edu.core.safety.checked import MOST, function, integer
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import GAN, Fitting, Named, Sloped
from gan_edu.core.training.networks import has_batch_statistics
from gan_edu.core.training.remembers import Remembers
from gan_edu.core.training.tensors import HALF, WHOLE, tensor

NORMED = "this discriminator has batch statistics (BatchNorm): take LayerNorm, GroupNorm or none"
TOGETHER = "this D judges several samples together (packs, minibatch std): take one that judges each on its own"
DETACHED = (
    "a gradient penalty needs logits that depend on the samples, these have lost them: leave detach(), .data, numpy "
    "and no_grad out of the discriminator's forward"
)


def mixes(discriminator: nn.Module) -> str:
    """How a D with batch statistics mixes samples, and what to take instead: BatchNorm, or layers that see a batch."""
    normed = any(isinstance(layer, nn.modules.batchnorm._BatchNorm) for layer in discriminator.modules())
    return NORMED if normed else TOGETHER


def slopes_at(discriminator: nn.Module, x: Tensor) -> Tensor:
    """‖∇_x D(x)‖₂ of each sample's own logit: (N, …) → (N,), differentiable once more, with gradient 0 at norm 0.

    discriminator: a network or a function. The sum over the batch has each sample's gradient as its own rows, unless D
    mixes samples: ValueError for one that says so (BatchNorm, or a layer with `batch_statistics = True`), and for one
    whose logits do not depend on x. TypeError for x that is no tensor of floating-point numbers.
    """
    function("discriminator", discriminator)
    tensor("x", x, (*WHOLE, *HALF))
    if getattr(discriminator, "training", False) and has_batch_statistics(discriminator):
        raise ValueError(f"a gradient penalty takes each sample's own slope, but {mixes(discriminator)}")
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        total = discriminator(x).sum()
        gradient = total.requires_grad and torch.autograd.grad(total, x, create_graph=True, allow_unused=True)[0]
    if not isinstance(gradient, Tensor):
        raise ValueError(DETACHED)
    return torch.linalg.vector_norm(gradient.flatten(1), dim=1)  # sqrt(sum of squares) would give NaN at 0


def at_real(real: Tensor, fake: Tensor) -> Tensor:
    """x ~ p_data."""
    return real


def at_fake(real: Tensor, fake: Tensor) -> Tensor:
    """G(z) ~ p_g."""
    return fake


def between(real: Tensor, fake: Tensor) -> Tensor:
    """α x + (1 − α) G(z), one α ~ U[0, 1] **for each sample**."""
    alpha = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device, dtype=real.dtype)  # (N, 1, …)
    return alpha * real + (1 - alpha) * fake


def around(spread: float) -> Callable[[Tensor, Tensor], Tensor]:
    """x + δ with δ ~ N(0, spread² I)."""
    spread = checked.real("spread", spread, 0)
    return lambda real, fake: real + spread * torch.randn_like(real)


@dataclass(frozen=True)
class GradientPenalty:
    """weight · E[cost(‖∇_x D(x)‖)] with x taken at `at(real, fake)`; slope: the only norm that costs nothing."""

    name: str
    weight: float
    at: Callable[[Tensor, Tensor], Tensor]
    cost: Callable[[Tensor], Tensor]  # norms (N,) → (N,)
    slope: float | None  # 0; 1 where D is drawn to that slope; None for a bound alone

    def __post_init__(self) -> None:
        weight = checked.real(f"the weight of {self.name}", self.weight, 0)
        object.__setattr__(self, "weight", weight)
        object.__setattr__(self, "slope", None if self.slope is None else checked.real("slope", self.slope, 0))
        function("at", self.at)
        function("cost", self.cost)

    def __call__(self, discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        return self.weight * self.cost(slopes_at(discriminator, self.at(real, fake))).mean()

    def fits(self, gan: GAN) -> None:
        """Raises ValueError for a D with batch statistics, as a penalty on G, beside one that wants another slope."""
        refuse_what_contradicts(self, gan)


def refuse_what_contradicts(penalty: GradientPenalty, gan: GAN) -> None:
    """Raises ValueError where the GAN's other pieces leave the penalty no sense, and says which."""
    if any(penalty in (each, innermost(each)) for each in gan.g_penalties):
        raise ValueError(f"{penalty.name} has no gradient for G, which it takes as given: put it into d_penalties")
    if has_batch_statistics(gan.discriminator):
        why = mixes(gan.discriminator)
        raise ValueError(f"{penalty.name} takes the gradient of each sample's own logit, but {why}")
    others: Sequence[object] = gan.d_penalties
    for other in (each for each in others if isinstance(each, Sloped)):
        if isinstance(other.slope, Real) and penalty.slope not in (None, other.slope):
            raise ValueError(
                f"{penalty.name} draws D's slope to {penalty.slope:g}, {pieces.called(other)} draws it to "
                f"{other.slope:g}: take one of the two"
            )


def innermost(penalty: Callable) -> Callable:
    """What a penalty is made of in the end: of a lazy R1 the R1."""
    while isinstance(penalty, OfAPenalty):
        penalty = penalty.penalty
    return penalty


class OfAPenalty:
    """A penalty made of another, `penalty`: of its name and kind, and it fits where that one fits."""

    penalty: Callable

    @property
    def name(self) -> str | None:
        """Of the penalty that it is made of, so that a checkpoint tells R1 from R2."""
        return self.penalty.name if isinstance(self.penalty, Named) else None

    @property
    def slope(self) -> float | None:
        """To which the penalty draws D's slope, None where it does not."""
        return self.penalty.slope if isinstance(self.penalty, Sloped) else None

    def fits(self, gan: GAN) -> None:
        """Raise ValueError where the penalty that it is made of does not fit."""
        if isinstance(self.penalty, Fitting):
            self.penalty.fits(gan)


def _stateless(penalty: Callable) -> Callable:
    """The penalty. Raise ValueError for one with a state: nobody would tell it of steps, nor save what it keeps."""
    if isinstance(penalty, Remembers):
        raise ValueError(
            f"{type(penalty).__name__} keeps a state, which is lost within another penalty: lazy stands innermost, "
            "and once, as in Scheduled(lazy(r1(1.0), every=4), start=1.0, end=0.1, until=5000)"
        )
    return function("penalty", penalty)


@dataclass
class lazy(OfAPenalty, Remembers):
    """k · penalty on every k-th call, 0 on the others: in sum the same while D hardly moves, for a k-th of the cost.

    Karras et al. (2020), "StyleGAN2", arXiv 1912.04958, section 3.1 and appendix B, there as a step of its own.
    Checkpoints save the count.
    """

    kept = {"calls": MOST}
    penalty: Callable
    every: int
    calls: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.penalty, self.every = _stateless(self.penalty), integer("every", self.every, 1)

    def __call__(self, discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        (due,) = self.path(1)
        self.calls += 1
        return self.every * self.penalty(discriminator, real, fake) if due else real.new_zeros(())

    def path(self, calls: int) -> tuple[bool, ...]:
        """Whether the penalty is due on each of the next calls: steps of different kinds, for `captured`."""
        return tuple((self.calls + k) % self.every == 0 for k in range(calls))

    @property
    def expected(self) -> Callable:
        """What it is on average over `every` calls, for who looks and must not count as a call."""
        return self.penalty


@dataclass
class times(OfAPenalty):
    """factor · penalty."""

    factor: float
    penalty: Callable

    def __post_init__(self) -> None:
        self.factor = checked.real("factor", self.factor)
        function("penalty", self.penalty)

    def __call__(self, discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        return self.factor * self.penalty(discriminator, real, fake)
