"""The contract of training: what batches, pieces, steps and records are. Anything of these shapes goes into one loop.

`train(gan, batches, steps, step=train_step)` pulls a batch, takes a step, yields a record. What a GAN is made of and
what a step calls is written here as Protocols, so that a chapter with labels, patches, tokens, cycles or a lone player
brings a step of its own, and no loop. The page "The contract of training" in the documentation shows each at work.

    a batch      x (N, …), or (x, condition): what G and D are given beside it, labels (N,) or pictures (N, …)
    generator    G(z), G(z, condition), or with latent_dim = 0 G(condition)  →  samples (N, …)
    discriminator  D(x) or D(x, condition)  →  logits (N, 1), (N, 1, H, W) for patches, or a tuple of heads
    a penalty    (D, real, fake) → scalar, added to D's or G's loss; the D it is handed knows the condition
    a step       (gan, batches) → record; `core.training.step.one_step` makes one of a function with named values

`training_loop.GAN` is `core.training.gan.GAN`, which stands above, so none of it is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:  # who asks what batches can do needs no torch
    import torch
    from torch import Tensor, nn

    from gan_edu.core.training.loss import Loss

State = dict[str, Any]  # what a state_dict returns: numbers, texts, tensors, and lists and dicts of these, by name
Batch: TypeAlias = "Tensor | tuple[Tensor, Tensor]"  # samples (N, …), or samples and their condition (N, …)
Batches: TypeAlias = "Iterator[Batch]"  # without end
Logits: TypeAlias = "Tensor | tuple[Tensor, ...]"  # (N, 1, …), or a tuple of heads; the first tells real from fake
View: TypeAlias = "Callable[[Tensor], Tensor]"  # (N, …) → (N, …), differentiable: applied to all samples that D sees
Penalty: TypeAlias = "Callable[[nn.Module, Tensor, Tensor], Tensor]"  # (discriminator, real, fake) → scalar


# ------------------------------------------------------------------ batches


@runtime_checkable
class InMemory(Protocol):
    """Batches whose data lie in one tensor: they are tried out before the first step. conditions: (N, …) or None."""

    data: Tensor
    conditions: Tensor | None


@runtime_checkable
class Sized(Protocol):
    """Batches whose size may be changed between two steps."""

    batch_size: int


@runtime_checkable
class InPasses(Protocol):
    """Batches that go through their data again and again, and know where they are: in which pass, and how far in it."""

    data: Any
    epoch: int
    position: int


@runtime_checkable
class CountsPasses(Protocol):
    """Batches that say how many of them are one pass over the data."""

    @property
    def steps_per_epoch(self) -> int: ...


# ------------------------------------------------------------------ pieces of a GAN, and what they may have beside


class Part(Protocol):
    """What a checkpoint can keep: a network, an optimiser, a GAN, batches, a recorder."""

    def state_dict(self) -> State: ...
    def load_state_dict(self, state: State, /) -> object: ...


@runtime_checkable
class Remembering(Protocol):
    """A piece with a state: it goes into checkpoints. What has no way back is refused when a GAN is made."""

    def state_dict(self) -> State: ...
    def load_state_dict(self, state: State, /) -> object: ...


@runtime_checkable
class ChecksState(Protocol):
    """A piece that looks at a state before anything is changed. Raises ValueError where it does not fit."""

    def check_state(self, state: State) -> None: ...


@runtime_checkable
class Fitting(Protocol):
    """A piece that cannot go together with every other. Raises ValueError where it cannot with these."""

    def fits(self, gan: Any) -> None: ...


@runtime_checkable
class Following(Protocol):
    """A view or penalty that wants to know of each step's end; a hook of `GAN.after_step` is called itself."""

    def after_step(self, gan: Any) -> None: ...


@runtime_checkable
class Moving(Protocol):
    """A view or penalty that names those of its numbers that change between steps and are only reckoned with: where a
    step is captured (`core.training.captured`), they are tensors on the device."""

    def moving(self) -> tuple[str, ...]: ...


@runtime_checkable
class Branching(Protocol):
    """A view or penalty that counts its calls, and says what the next ones will do: steps of different kinds."""

    def path(self, calls: int) -> Hashable: ...


@runtime_checkable
class Named(Protocol):
    """A piece by its name: checkpoints tell R1 from R2 by it, and records call a penalty's value so."""

    @property
    def name(self) -> str | None: ...


@runtime_checkable
class Sloped(Protocol):
    """A penalty that draws D's slope to one norm: 0, or 1. None where it sets a bound alone."""

    @property
    def slope(self) -> float | None: ...


@runtime_checkable
class Occasional(Protocol):
    """A penalty that counts its calls: `expected` is what it is on average, for who looks and must not be counted."""

    @property
    def expected(self) -> Penalty: ...


@runtime_checkable
class Averaging(Protocol):
    """A hook of `GAN.after_step` that keeps an average of the generator, which is then the one that is shown."""

    average: nn.Module


# ------------------------------------------------------------------ the GAN, its steps and their records


class Player(NamedTuple):
    """A network that learns, and what moves it."""

    network: nn.Module
    optimizer: torch.optim.Optimizer


class Alarm(Protocol):
    """What stops training before a loss or a gradient that is not finite has changed a weight (`nan_guard`)."""

    def watch(self, gan: Any, player: str, loss: Tensor, *logits: Tensor) -> None: ...
    def watch_gradient(
        self, gan: Any, player: str, loss: Tensor, weights: Sequence[Tensor], *logits: Tensor
    ) -> None: ...
    def read(self, gan: Any) -> None: ...
    def flag(self, device: torch.device) -> Tensor: ...
    def sound(self) -> Tensor | None: ...


class Averages(Protocol):
    """Other processes that take the same step with other samples (`core.training.ranks`)."""

    def average(self, weights: Sequence[Tensor]) -> None: ...


class GAN(Protocol):
    """Players, the pieces of a step, and where a run stands: what pieces and steps may use of a GAN."""

    generator: nn.Module
    discriminator: nn.Module
    g_optimizer: torch.optim.Optimizer
    d_optimizer: torch.optim.Optimizer
    d_penalties: Sequence[Penalty]
    g_penalties: Sequence[Penalty]
    others: dict[str, Player]
    step: int
    latent_dim: int
    latent: str
    precision: str
    loss: Loss
    view: View | None
    after_step: Sequence[Callable]
    d_steps: int
    g_steps: int
    d_steps_done: int
    seed: int
    noise_stream: torch.Generator
    display_stream: torch.Generator
    network_stream: list[Tensor]
    in_a_step: bool
    ranks: Averages | None
    threads: int | None

    @property
    def alarm(self) -> Alarm: ...
    @property
    def players(self) -> dict[str, Player]: ...
    @property
    def hooks(self) -> list[object]: ...
    @property
    def device(self) -> torch.device: ...
    @property
    def apart(self) -> bool: ...
    def fit(self) -> None: ...
    def exchange(self, **new: object) -> None: ...
    def latents(self, count: int, stream: torch.Generator | None = None) -> Tensor: ...


class Record(NamedTuple):
    """What one step leaves behind, by name and detached. Reading a number waits for the device; keeping it does not.

    Scalars are what curves are drawn of: d_loss, g_loss, each penalty by its name, a reward … Of D's logits,
    real_logits and fake_logits (N, …), the mean probability of "real" is drawn.
    """

    step: int
    values: Mapping[str, Tensor]

    @property
    def d_loss(self) -> Tensor:
        """L_D of this step, penalties in it, a scalar. Raises KeyError where the step had none."""
        return self.values["d_loss"]

    @property
    def g_loss(self) -> Tensor:
        """L_G of this step, a scalar."""
        return self.values["g_loss"]

    @property
    def real_logits(self) -> Tensor:
        """D's logits (N, 1) of the step's batch."""
        return self.values["real_logits"]

    @property
    def fake_logits(self) -> Tensor:
        """D's logits (N, 1) of the step's fakes."""
        return self.values["fake_logits"]


Step: TypeAlias = "Callable[[Any, Batches], Record]"  # one step of training; it counts itself and calls the hooks
