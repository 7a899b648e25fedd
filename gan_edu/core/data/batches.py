"""Endless mini-batches of a tensor, alone or with conditions, or of whatever gives a pass over the data when asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from gan_edu.core.data.passes import Order, Passes
from gan_edu.core.data.pixels import scaled
from gan_edu.core.safety.checked import kind, series, table
from gan_edu.core.training import stored_state
from gan_edu.core.training.contract import Batch
from gan_edu.core.training.device import named
from gan_edu.core.training.step_checks import condition_fits
from gan_edu.core.training.tensors import tensor


class Batches(Passes):
    """Shuffled mini-batches without end, from a tensor that stays in memory on its device.

    Pictures given as uint8 come out scaled to [−1, 1], the range of a tanh generator; floating-point data comes out
    as it is. Each pass over the data has a new order, drawn from the object's own random stream; the odd samples
    that do not fill a last batch are left out of that pass (MNIST: 937 batches of 64, 32 images left over).
    With conditions, labels (N,) or pictures (N, …), a batch is (samples, their conditions); these come out as they are.
    """

    def __init__(
        self,
        data: Tensor,
        batch_size: int = 64,
        seed: int = 0,
        device: torch.device | str | None = None,
        conditions: Tensor | None = None,
    ):
        """data: (N, …) uint8 or floating point, finite, N ≥ 2. conditions: (N, …), one for each sample.

        Raises TypeError or ValueError naming what is wrong.
        """
        self.data = _checked(data).to(data.device if device is None else named(device))
        self.conditions = condition_fits(conditions, self.data)  # on the data's device
        super().__init__(Order(len(self.data), seed, self.data.device), batch_size)

    def __next__(self) -> Batch:
        """The next batch, (batch_size, …), floating point; with conditions the pair of both."""
        chosen = self.order.following(self.batch_size)
        self.place = self.order.place
        samples = scaled(self.data.index_select(0, chosen))
        return samples if self.conditions is None else (samples, self.conditions.index_select(0, chosen))

    @cached_property
    def fingerprint(self) -> str:
        """The data in a line, by which a checkpoint knows it. Written when first asked for: what changes in the data
        after that is not seen."""
        of = "" if self.conditions is None else f", conditions {stored_state.fingerprint(self.conditions)}"
        return stored_state.fingerprint(self.data) + of


class Together:
    """Several batches side by side, `(x, y)` from two: unpaired ones, as each has its own order and stream.

    parts: two or more, `Batches` or `Streamed`. Raises TypeError for what cannot be drawn from or saved.
    """

    def __init__(self, *parts: Passes):
        if len(parts) < 2:
            raise ValueError(f"Together takes two batches or more, got {len(parts)}")
        self.parts = [kind("each of the batches", each, Passes) for each in parts]

    def __iter__(self) -> Together:
        return self

    def __next__(self) -> tuple[Batch, ...]:
        """The next batch of each."""
        return tuple(next(each) for each in self.parts)

    def state_dict(self) -> dict:
        """The place in each; goes into a checkpoint."""
        return {"parts": [each.state_dict() for each in self.parts]}

    def check_state(self, state: dict) -> None:
        """Raise ValueError for a state that belongs to other data, or to another number of them."""
        given = series("the state of the batches", table("batches", state, "parts")["parts"], table, len(self.parts))
        for part, each in zip(self.parts, given, strict=True):
            part.check_state(each)

    def load_state_dict(self, state: dict) -> None:
        """Go on where `state` was taken. Raises as `check_state` does."""
        self.check_state(state)
        for part, each in zip(self.parts, state["parts"], strict=True):
            part.load_state_dict(each)


def endless(passes: Iterable) -> Iterator:
    """Batches without end of what gives a pass whenever it is asked for one, such as a DataLoader.

    Each pass is begun anew, so that a loader shuffles anew; nothing is kept in memory, and a checkpoint knows no place
    in them. (itertools.cycle would keep the first pass and repeat it.) With labels and pixels in [0, 1]:
    `(2 * x - 1 for x, label in endless(loader))`. For networks with BatchNorm the loader wants drop_last=True.
    Raises TypeError for what can be gone through only once, ValueError for a pass that is empty.
    """
    if iter(passes) is passes:
        raise TypeError(
            f"{type(passes).__name__} can be gone through only once: hand over what it was made of, as the "
            "DataLoader in place of iter(loader)"
        )
    return _passes(passes)


def _passes(passes: Iterable) -> Iterator:
    while True:
        batch = None
        for batch in passes:
            yield batch
        if batch is None:
            raise ValueError(
                "a pass over these batches is empty: with drop_last=True a DataLoader needs at least one whole batch"
            )


def _checked(data: Tensor) -> Tensor:
    if not isinstance(data, (Tensor, np.ndarray, list, tuple)):
        raise TypeError(
            f"data must be a torch tensor (N, …), got {type(data).__name__}: of a dataset take "
            "torch.stack([x for x, label in dataset]), or where memory does not hold them Streamed(dataset); a "
            "DataLoader needs no Batches but endless(loader)"
        )
    if tensor("data", data).ndim < 2:
        raise ValueError(f"data must have the shape (N, …) with at least two dimensions, got {tuple(data.shape)}")
    if len(data) < 2 or data[0].numel() == 0:
        raise ValueError(f"data must hold at least 2 samples that are not empty, got the shape {tuple(data.shape)}")
    if data.is_floating_point() and not torch.isfinite(data).all():
        bad = (~torch.isfinite(data)).flatten(1).any(1)
        raise ValueError(
            f"data must be finite, but {int(bad.sum())} of {len(data)} samples hold NaN or infinity, "
            f"sample {int(bad.nonzero()[0])} first: drop them, "
            "data = data[data.isfinite().flatten(1).all(1)]"
        )
    return data
