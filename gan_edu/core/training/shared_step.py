"""A step that many processes share: each takes it with its part of the batch. Belongs to notebook 12_scaling.

    train(gan, batches, steps, step=shared(train_step, here))

Before the first step it is made sure that it comes apart into parts at all: the loss is asked whether it is a mean over
samples, and the step is taken with a few samples, whole and in parts, whose gradients are compared, and put back.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from gan_edu.core.training.contract import Batches, Record, Step
from gan_edu.core.training.gan import GAN
from gan_edu.core.training.kinds_of_steps import Drawn, groups_of
from gan_edu.core.training.loss import Loss
from gan_edu.core.training.nan_guard import LOOK_EVERY
from gan_edu.core.training.ranks import Ranks, equal_parts, samples_of
from gan_edu.core.training.step import Values, done, record_of
from gan_edu.core.training.step_checks import MISFITS, following, named_values
from gan_edu.core.training.stored_state import fingerprint
from gan_edu.core.training.streams import lent_stream

TRIED = 8  # samples of a process, with which a step is tried
NEAR = {torch.float64: 1e-9, torch.float32: 2e-5, torch.bfloat16: 0.01}  # how far gradients may be apart by rounding
UNEQUAL = (
    "this step does not come apart into parts: of {} samples, the {}'s gradient differs by {:.2g} of its length in one "
    "process and in {}. Something couples the samples of a batch: a loss or penalty that is no mean over samples, a "
    "layer that sees the batch and does not say so (batch_statistics = True), random numbers that are not torch's, or "
    "a shuffle within the batch"
)


@dataclass(eq=False)
class shared:
    """A step for `train(…, step=shared(train_step, here))`: this process's part of it. Records are of the whole batch.

    step: one made with `one_step`. Before a GAN's first step all take over the state of process 0, so that it alone
    loads a checkpoint; then the step is tried with a few samples, whole and in parts. Raises ValueError where it does
    not come apart, Ended where another process has ended.
    """

    step: Step
    here: Ranks

    def __post_init__(self) -> None:
        if not callable(taken := getattr(self.step, "taken", None)):
            raise TypeError("shared takes a step made with one_step, as train_step: shared(train_step, here)")
        self._taken: Callable[..., Values] = taken
        self._known: WeakKeyDictionary[GAN, bool] = WeakKeyDictionary()

    def __call__(self, gan: GAN, batches: Batches) -> Record:
        if self.here.count == 1:
            return self.step(gan, batches)
        given = [] if gan in self._known else [self._first(gan, batches)]
        with lent_stream(gan):
            values = self._in_parts(gan, Drawn(given, batches))
            done(gan)
        if gan.step % LOOK_EVERY == 0:
            self.here.agree(gan)
        return record_of(gan, self.here.whole(values))

    def _in_parts(self, gan: GAN, source: Iterator) -> Mapping[str, Tensor]:
        """This process's part of a step: the values of its samples."""
        rows = self.here.rows
        try:
            gan.ranks = self.here
            with rows:
                return named_values(self._taken(gan, _Parts(source, self.here)))
        finally:
            gan.ranks, rows.rows, rows.off = None, 0, False

    def _first(self, gan: GAN, batches: Any) -> Any:
        """The first batch, drawn when all processes are alike. Raises ValueError where they cannot train together."""
        remembers = hasattr(batches, "state_dict") and hasattr(batches, "load_state_dict")
        self.here.alike(gan=gan, **({"batches": batches} if remembers else {}))
        if gan.discriminator is not None:
            is_a_mean(gan.loss, self.here.count)
        self.here.gathers(gan)
        batch = following(batches)
        equal_parts(len(samples_of(batch)), self.here.count)
        if len(set(self.here.told(fingerprint(samples_of(batch).detach())))) > 1:
            raise ValueError(
                "the processes draw different batches: let each draw the same ones, of which it takes its part, as "
                "Batches(data, seed=0) does"
            )
        self._try(gan, batch)
        self._known[gan] = True
        return batch

    def _try(self, gan: GAN, batch: Any) -> None:
        """Take the step with a few samples, whole and in parts, and put all back. ValueError where they differ."""
        few = _few(batch, self.here.count * min(TRIED, len(samples_of(batch)) // self.here.count))
        before, turn = copy.deepcopy(gan.state_dict()), gan.d_steps_done
        found: list[dict[str, Tensor]] = []
        for take in (self._taken, self._in_parts):
            gan.d_steps_done = 0
            for group in groups_of(gan):
                group["lr"] = 0.0  # a weight that moved would make much of a rounding: Adam divides by its size
            with lent_stream(gan):
                named_values(take(gan, _Again(few)))
            weights = {
                name: [w for g in p.optimizer.param_groups for w in g["params"]] for name, p in gan.players.items()
            }
            got = {name: [w.grad.reshape(-1) for w in each if w.grad is not None] for name, each in weights.items()}
            found.append({name: torch.cat(each).double() for name, each in got.items() if each})
            for weight in (weight for each in weights.values() for weight in each):
                weight.grad = None
            gan.load_state_dict(copy.deepcopy(before))  # optimisers keep the very tensors
        gan.d_steps_done = turn
        of = torch.bfloat16 if gan.precision == "bfloat16" else next(gan.generator.parameters()).dtype
        for name, alone in sorted(found[0].items()):  # the discriminator's first, which learns first
            apart = float((alone - found[1][name]).norm() / alone.norm().clamp_min(1e-30))
            if not apart <= NEAR.get(of, NEAR[torch.bfloat16]):
                raise ValueError(UNEQUAL.format(len(samples_of(few)), name, apart, self.here.count))


def is_a_mean(loss: Loss, count: int) -> None:
    """Raise ValueError for a loss that is no mean over samples: fresh networks, whose logits are alike, hide that."""
    places = torch.arange(2.0 * count, dtype=torch.float64)[:, None]
    real, fake = 3 * places.sin(), 3 * (2 * places).cos()  # (2N, 1)
    for name, logits in (("d", (real, fake)), ("g", (fake, real))):
        try:
            whole = getattr(loss, name)(*logits)
            parts = [getattr(loss, name)(*part) for part in zip(*(each.chunk(count) for each in logits), strict=True)]
        except MISFITS:  # of several heads, say: the step is tried
            continue
        if not torch.isclose(whole, torch.stack(parts).mean(), rtol=1e-6, atol=1e-9):
            raise ValueError(
                f"the loss {loss.name!r} does not come apart into parts: {name} is no mean over samples, so that those "
                "of other processes would be missed. Take one that is, as all of gan_edu.losses are"
            )


class _Parts:
    """Of each batch that a step draws, this process's part."""

    def __init__(self, batches: Iterator, here: Ranks):
        self.batches, self.here = batches, here

    def __iter__(self) -> _Parts:
        return self

    def __next__(self) -> Any:
        part = self.here.part(next(self.batches))
        self.here.rows.rows = len(samples_of(part))
        return part


class _Again:
    """One batch, again and again."""

    def __init__(self, batch: Any):
        self.batch = batch

    def __iter__(self) -> _Again:
        return self

    def __next__(self) -> Any:
        return self.batch


def _few(batch: Any, count: int) -> Any:
    return tuple(_few(each, count) for each in batch) if isinstance(batch, (tuple, list)) else batch[:count]
