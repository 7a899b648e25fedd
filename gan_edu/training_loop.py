"""The training loop of a GAN, as an iterator. Belongs to notebook 03_training_loop, which writes it by hand first.

One step: draw real samples and noise; D learns to tell real from fake; G learns to make D call the same fakes real.
`train` yields a small record after each step, and to pause is to stop pulling: a progress bar, a recorder, a live
view and a plain `for` loop consume the same thing.
After algorithm 1 of Goodfellow et al. (2014), "Generative adversarial nets", arXiv 1406.2661; but there G's step draws
fresh noise and descends log(1 − D). Here G learns from the fakes that D just saw, and by −log D where no loss is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gan_edu.core.safety.checked import integer
from gan_edu.core.safety.interrupts import heard, held
from gan_edu.core.training import own_threads
from gan_edu.core.training.checks import check, check_pieces, enough
from gan_edu.core.training.contract import Batches, Player, Record
from gan_edu.core.training.gan import GAN
from gan_edu.core.training.nan_guard import LOOK_EVERY, NonFiniteLoss
from gan_edu.core.training.networks import adam
from gan_edu.core.training.pieces import callable_with, detached
from gan_edu.core.training.slow_motion import LINES, substeps
from gan_edu.core.training.step import (
    Judged,
    Pair,
    draw,
    fakes,
    judge_both,
    learn,
    loss_of_d,
    loss_of_g,
    noise,
    one_step,
    through_view,
    values_of,
)
from gan_edu.core.training.step_checks import value_of, whole

__all__ = [
    "GAN",
    "LINES",
    "NonFiniteLoss",
    "Player",
    "Record",
    "adam",
    "check",
    "d_step",
    "g_step",
    "learn",
    "one_step",
    "substeps",
    "train",
    "train_step",
]
HEARD_EVERY = 16  # of D's steps for one of G's: how often a pause is heard


def train(
    gan: GAN, batches: Batches, steps: int, step: Callable[[GAN, Batches], Record] | None = None
) -> Iterator[Record]:
    """Train for `steps` steps, a Record after each; what is trained lives in `gan`, so a new call goes on from there.

    batches: real samples (N, …) on gan.device, or (samples, condition), without end (`core.data.Batches`, or
    `core.data.endless(loader)`). step: (gan, batches) → record, made with `one_step`: another way to take a step;
    `train_step` if None. Ctrl-C and the stop button raise `Paused`, a KeyboardInterrupt, when the step is done, or
    after 16 steps of D; that step's record is not seen, and a new call trains on as if nothing had been. Raises
    ValueError or TypeError at once for pieces that do not fit each other, in the first step for a view or penalty that
    cannot be used; NonFiniteLoss while training. At step 0 `train_step` warns of data on another scale than G's.
    """
    steps, step = integer("steps", steps), train_step if step is None else step
    if getattr(step, "step", step) is train_step:  # also where it is captured
        check(gan, batches)
        enough(batches, steps * gan.d_steps)
        own_threads.choose(gan, batches)
    else:
        callable_with("step", step, "gan", "batches")
        check_pieces(gan, batches)
    return _records(gan, batches, steps, step)


def _records(gan: GAN, batches: Batches, steps: int, step: Callable[[GAN, Batches], Record]) -> Iterator[Record]:
    for remaining in reversed(range(steps)):
        with held():  # Ctrl-C waits for the end of the step
            record = whole(step(gan, batches))
            if gan.step % LOOK_EVERY == 0 or remaining == 0:
                gan.alarm.read(gan)  # on CUDA, where a failure has raised a flag and no weight has moved since
        yield record


@one_step
def train_step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
    """One step: D learns d_steps times, then G, on the fakes that D saw last (and g_steps − 1 times on fresh ones)."""
    integer("d_steps", gan.d_steps, 1)  # as a hook may have set it
    integer("g_steps", gan.g_steps, 1)
    begun = min(gan.d_steps_done, gan.d_steps - 1)
    for k in range(begun, gan.d_steps):
        gan.d_steps_done = k  # a step that is left or fails here is gone on with here
        if k > begun and k % HEARD_EVERY == 0:
            heard()  # left here, it goes on here
        last = k == gan.d_steps - 1  # only G's own turn needs G's graph
        pair = draw(gan, batches, graph=last)  # real and fake (N, …), of the same condition
        d = _d_turn(gan, pair._replace(fake=pair.fake.detach()))
    gan.d_steps_done = 0
    g = _g_turn(gan, pair)
    for _ in range(gan.g_steps - 1):
        g = _g_turn(gan, pair._replace(fake=fakes(gan, noise(gan, pair.real), pair.condition)))
    return values_of(d, g)


@one_step
def _d_alone(gan: GAN, batches: Batches) -> dict[str, Tensor]:
    pair = draw(gan, batches, graph=False)
    d = _d_turn(gan, pair)
    real_logits, fake_logits = (detached(each) for each in d.logits)
    return values_of(d, Judged(value_of(gan.loss, gan.loss.g, fake_logits, real_logits), (fake_logits,), {}))


def d_step(gan: GAN, batches: Batches) -> Record:
    """A step in which D alone learns, once; it counts as one step.

    G's weights stay. G's loss is measured, without its penalties, with the logits of D as it was before this step.
    """
    record = _d_alone(gan, batches)
    gan.alarm.read(gan)
    return record


@one_step
def _g_alone(gan: GAN, batches: Batches) -> dict[str, Tensor]:
    pair = draw(gan, batches, graph=True)
    with torch.no_grad():
        real, fake = through_view(gan, pair.real, pair.fake)
        real_logits, fake_logits = judge_both(gan, real, fake, pair.condition)
        d = Judged(value_of(gan.loss, gan.loss.d, real_logits, fake_logits), (real_logits, fake_logits), {})
    return values_of(d, _g_turn(gan, pair))


def g_step(gan: GAN, batches: Batches) -> Record:
    """A step in which G alone learns, once; it counts as one step.

    D's weights stay, and its loss is measured without its penalties.
    """
    record = _g_alone(gan, batches)
    gan.alarm.read(gan)
    return record


def _d_turn(gan: GAN, pair: Pair) -> Judged:
    d = loss_of_d(gan, pair)
    learn(gan, "discriminator", d.loss, *d.logits)
    return d


def _g_turn(gan: GAN, pair: Pair) -> Judged:
    g = loss_of_g(gan, pair)
    learn(gan, "generator", g.loss, *g.logits)
    return g
