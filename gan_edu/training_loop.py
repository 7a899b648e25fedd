"""The training loop of a GAN, as an iterator. Belongs to notebook 03_training_loop, which writes it by hand first.

One step: draw real samples and noise; D learns to tell real from fake; G learns to make D call the same fakes real.
`train` yields a small record after each step, and to pause is to stop pulling: a progress bar, a recorder, a live
view and a plain `for` loop consume the same thing.
After algorithm 1 of Goodfellow et al. (2014), "Generative adversarial nets", arXiv 1406.2661; but there G's step draws
fresh noise and descends log(1 − D). Here G learns from the fakes that D just saw, and by −log D where no loss is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer
from gan_edu.core.safety.interrupts import heard, held
from gan_edu.core.training import hooks as gan_hooks, step, tensors
from gan_edu.core.training.checks import check, enough
from gan_edu.core.training.loss import Loss, non_saturating
from gan_edu.core.training.nan_guard import LOOK_EVERY, Alarm, NonFiniteLoss
from gan_edu.core.training.networks import adam
from gan_edu.core.training.pieces import network
from gan_edu.core.training.slow_motion import LINES, substeps
from gan_edu.core.training.step import Record
from gan_edu.core.training.step_checks import generated, judged, latents_fit
from gan_edu.core.training.streams import begin_streams, lent_stream, looking
from gan_edu.core.training.tensors import MOST_AT_ONCE

__all__ = [
    "GAN",
    "LINES",
    "NonFiniteLoss",
    "Record",
    "adam",
    "check",
    "d_step",
    "g_step",
    "substeps",
    "train",
    "train_step",
]
HEARD_EVERY = 16  # of D's steps for one of G's: how often a pause is heard


@dataclass(eq=False)
class GAN:
    """Two networks, their optimisers and the pieces of a step. All state of a run is here and in its `Batches`.

    generator: latents (N, latent_dim) → samples (N, …). discriminator: samples → logits (N, 1).
    view is applied to everything D sees, and keeps its shape. Penalties are functions (discriminator, real, fake) →
    scalar, added to the loss of D or of G; real and fake are as D sees them. Each hook of after_step is called with the
    GAN when a step is done. Any of these pieces may have three more things: `fits(gan)`, which raises ValueError where
    it cannot work with the others; `after_step(gan)`; and `state_dict` with `load_state_dict`, for checkpoints (a
    `check_state`, where it has one, raises ValueError for a state that does not fit it). Where a hook has an `average`
    of the generator, that is what `generate` shows. Raises TypeError or ValueError for a piece that cannot be trained:
    each weight that learns is in one of the two optimisers.
    """

    generator: nn.Module
    discriminator: nn.Module
    latent_dim: int
    loss: Loss = non_saturating
    # none given: adam(network), the textbook's, which __post_init__ makes, so that a GAN always has both
    g_optimizer: torch.optim.Optimizer = None  # type: ignore[assignment]
    d_optimizer: torch.optim.Optimizer = None  # type: ignore[assignment]
    d_steps: int = 1  # D's steps in a round
    g_steps: int = 1  # G's steps in a round
    latent: str = "gaussian"  # or "uniform" on [−1, 1]
    view: Callable[[Tensor], Tensor] | None = None
    d_penalties: Sequence[Callable] = ()
    g_penalties: Sequence[Callable] = ()
    after_step: Sequence[Callable] = ()
    precision: str = "float32"  # or "bfloat16": autocast around the networks
    seed: int = 0  # of the random streams; the weights have theirs
    step: int = 0
    d_steps_done: int = 0  # D's steps done of a step that is under way, where it was left

    def __post_init__(self) -> None:
        network("generator", self.generator)
        network("discriminator", self.discriminator)
        gan_hooks.plain_values(self)
        self.g_optimizer = adam(self.generator) if self.g_optimizer is None else self.g_optimizer
        self.d_optimizer = adam(self.discriminator) if self.d_optimizer is None else self.d_optimizer
        self.noise_stream, self.display_stream = torch.Generator(self.device), torch.Generator(self.device)
        self.network_stream: list[Tensor]  # begin_streams makes it, as what is drawn goes on in it
        self.in_a_step = False
        begin_streams(self, self.seed)
        self.alarm = Alarm()
        self.fit()

    def __copy__(self) -> NoReturn:
        raise TypeError("a shallow copy would share the networks and count its own steps: copy.deepcopy(gan)")

    hooks = property(gan_hooks.hooks)  # all of them: view, penalties, after_step
    shown = property(gan_hooks.shown)  # the generator that is looked at: a hook's average, or its own
    fit = gan_hooks.fit  # ValueError where two hooks cannot work together
    state_dict = gan_hooks.state_dict  # everything a checkpoint needs
    check_state = gan_hooks.check_state  # ValueError for a state that does not fit
    load_state_dict = gan_hooks.load_state_dict

    @property
    def device(self) -> torch.device:
        """Where the generator's weights are."""
        return next(self.generator.parameters()).device

    def latents(self, count: int, stream: torch.Generator | None = None) -> Tensor:
        """z (count, latent_dim), drawn from the display stream unless another is given. count: at most 10 million."""
        count, stream = integer("count", count, 1, MOST_AT_ONCE), tensors.stream_or_none("stream", stream)
        weight = next(self.generator.parameters())
        z = torch.empty(count, self.latent_dim, device=weight.device, dtype=weight.dtype)
        stream = stream or self.display_stream
        return z.normal_(generator=stream) if self.latent == "gaussian" else z.uniform_(-1, 1, generator=stream)

    def generate(self, z: Tensor) -> Tensor:
        """Samples (N, …) for latents z (N, latent_dim), in eval mode; disturbs nothing."""
        latents_fit(z, self.latent_dim)
        with looking(self.shown):
            return generated(self.shown, z.to(self.device))

    def judge(self, samples: Tensor) -> Tensor:
        """D's logits (N, 1) for samples (N, …), in eval mode; disturbs nothing."""
        tensors.tensor("samples", samples)
        with looking(self.discriminator):
            return judged(self.discriminator, samples.to(self.device))


def train(gan: GAN, batches: Iterator[Tensor], steps: int) -> Iterator[Record]:
    """Train for `steps` steps, a Record after each; what is trained lives in `gan`, so a new call goes on from there.

    batches: real samples (N, …) on gan.device, without end (`core.data.Batches`, or `core.data.endless(loader)`).
    Ctrl-C and the stop button are heard between two steps, and within one of more than 16 steps of D: then it raises
    `Paused`, and a new call goes on as if nothing had been. Raises ValueError or TypeError at once for pieces that do
    not fit each other, in the first step for a view or penalty that cannot be used; NonFiniteLoss while training. At
    step 0 it warns of data on another scale than the generator's.
    """
    steps = integer("steps", steps)
    check(gan, batches)
    enough(batches, steps * gan.d_steps)
    return _records(gan, batches, steps)


def _records(gan: GAN, batches: Iterator[Tensor], steps: int) -> Iterator[Record]:
    for remaining in reversed(range(steps)):
        with held():
            record = train_step(gan, batches)
            if gan.step % LOOK_EVERY == 0 or remaining == 0:
                gan.alarm.read(gan)
        yield record


def train_step(gan: GAN, batches: Iterator[Tensor]) -> Record:
    """One step: D learns d_steps times, then G, on the fakes that D saw last (and g_steps − 1 times on fresh ones)."""
    integer("d_steps", gan.d_steps, 1)  # as a hook may have set it
    integer("g_steps", gan.g_steps, 1)
    with lent_stream(gan):
        begun = min(gan.d_steps_done, gan.d_steps - 1)
        for k in range(begun, gan.d_steps):
            gan.d_steps_done = k
            if k > begun and k % HEARD_EVERY == 0:
                heard()  # left here, it goes on here
            last = k == gan.d_steps - 1  # only G's own turn needs G's graph
            real, fake = step.draw(gan, batches, graph=last)
            d_loss, real_logits, fake_logits = _d_turn(gan, real, fake.detach())
        gan.d_steps_done = 0
        g_loss = _g_turn(gan, real, fake)
        for _ in range(gan.g_steps - 1):
            g_loss = _g_turn(gan, real, step.fakes(gan, step.noise(gan, real)))
        step.done(gan)
    return step.record_of(gan, d_loss, g_loss, real_logits, fake_logits)


def d_step(gan: GAN, batches: Iterator[Tensor]) -> Record:
    """A step in which D alone learns, once; it counts as one step.

    G's weights stay. G's loss is measured with the logits of D as it was before this step.
    """
    with lent_stream(gan):
        real, fake = step.draw(gan, batches, graph=False)
        d_loss, real_logits, fake_logits = _d_turn(gan, real, fake)
        g_loss = gan.loss.g(fake_logits.detach(), real_logits.detach())
        step.done(gan)
    gan.alarm.read(gan)
    return step.record_of(gan, d_loss, g_loss, real_logits, fake_logits)


def g_step(gan: GAN, batches: Iterator[Tensor]) -> Record:
    """A step in which G alone learns, once; D's loss is measured, its weights stay. It counts as one step."""
    with lent_stream(gan):
        real, fake = step.draw(gan, batches, graph=True)
        with torch.no_grad():
            real_logits, fake_logits = step.judge_both(gan, *step.seen(gan, real, fake))
            d_loss = gan.loss.d(real_logits, fake_logits)
        g_loss = _g_turn(gan, real, fake)
        step.done(gan)
    gan.alarm.read(gan)
    return step.record_of(gan, d_loss, g_loss, real_logits, fake_logits)


def _d_turn(gan: GAN, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    loss, real_logits, fake_logits = step.loss_of_d(gan, real, fake)
    step.gradient(gan, "discriminator", loss, real_logits, fake_logits)
    gan.d_optimizer.step()
    return loss, real_logits, fake_logits


def _g_turn(gan: GAN, real: Tensor, fake: Tensor) -> Tensor:
    loss, fake_logits = step.loss_of_g(gan, real, fake)
    step.gradient(gan, "generator", loss, fake_logits)
    gan.g_optimizer.step()
    return loss
