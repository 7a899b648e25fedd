"""The thread count of a run: one or all, whichever takes the passes of its own networks sooner, in its precision.

Which that is depends on how wide they are (`make bench`: "threads by width"). So they are timed before a run's first
step. Runs of the same kind have the same count for as long as the process lives, and a run keeps its own, whatever
others have: each of its steps is lent it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import torch
from torch import Tensor
from torch.nn import Module

from gan_edu.core.training import threads
from gan_edu.core.training.checks import BATCH, trial, wants_a_condition
from gan_edu.core.training.contract import GAN, Batches, InMemory, Sized
from gan_edu.core.training.pieces import first
from gan_edu.core.training.step import autocast
from gan_edu.core.training.step_checks import generated, judged

KNOWN: dict[Hashable, int] = {}  # the count of each kind of run


def choose(gan: GAN, batches: Batches) -> None:
    """Before a run's first step, let `gan.threads` be what suits it; it stays where that is not for us to choose."""
    if gan.step or gan.d_steps_done or gan.threads or gan.device.type != "cpu" or not threads.open_to_choice():
        return
    condition = batches.conditions if isinstance(batches, InMemory) else None
    if condition is None and wants_a_condition(gan):
        return
    count = batches.batch_size if isinstance(batches, Sized) else BATCH
    condition = None if condition is None else condition[:count]
    kind = (repr(gan.generator), repr(gan.discriminator), gan.precision, count)
    if kind not in KNOWN:
        KNOWN[kind] = _timed(gan, count, condition)
    gan.threads = KNOWN[kind]


def _timed(gan: GAN, count: int, condition: Tensor | None) -> int:
    most = torch.get_num_threads()
    try:
        with trial(gan, count) as (generator, discriminator, z):
            passes = _passes(gan, generator, discriminator, z, condition)
            return 1 if threads.speed(1, most, passes) < 1 else most
    except Exception:  # whatever it is, the first step will say it
        return most


def _passes(gan: GAN, generator: Module, discriminator: Module, z: Tensor, condition: Tensor | None) -> Callable:
    """G's turn without its optimiser: forward through both networks, and back to G's weights; nothing is kept."""
    weights = [weight for weight in gan.generator.parameters() if weight.requires_grad]

    def both() -> None:
        with autocast(gan):
            logits = first(judged(discriminator, generated(generator, z, condition), condition))
        torch.autograd.grad(logits.float().sum(), weights, allow_unused=True)

    return both
