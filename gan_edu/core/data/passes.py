"""Pass after pass over samples, each in a new order, and the place in it: what all batches of a fixed set of samples
share, whether these lie in memory (`Batches`) or are read as they are needed (`Streamed`).
"""

from __future__ import annotations

import zlib
from typing import Any, NamedTuple, TypeVar

import torch
from torch import Tensor

from gan_edu.core.safety.checked import integer, table
from gan_edu.core.training import stored_state
from gan_edu.core.training.contract import Batch

Each = TypeVar("Each", bound="Passes")


class Place(NamedTuple):
    """Where one stands in passes without end; enough to draw the same order again."""

    epoch: int  # passes begun before this one
    position: int  # samples taken of this one
    stream: Tensor  # the state of the random stream before the order of this pass was drawn

    @property
    def seed(self) -> int:
        """A number of this place's own, 0 … 2³² − 1, for what is random about its samples."""
        return (zlib.crc32(self.stream.numpy().data) + self.position) % 2**32


class Order:
    """Which samples come next: all `count` of them in a random order, and so on without end.

    A pass's order is drawn when it is first asked for. It holds 4 bytes a sample: of a million samples 4 MB.
    """

    def __init__(self, count: int, seed: int, device: torch.device | str = "cpu"):
        self.count, self.device = count, device
        self.stream = torch.Generator().manual_seed(integer("seed", seed))
        self.place = Place(0, 0, self.stream.get_state())
        self._indices: Tensor | None = None  # of this pass

    def go_to(self, place: Place) -> None:
        """Go on from there."""
        if place.stream is not self.place.stream:
            self._indices = None
        self.place = place

    def following(self, size: int) -> Tensor:
        """The indices (size,) of the next samples, on the device. Those that do not fill a last batch are left out."""
        indices, (epoch, position, stream) = self._drawn(), self.place
        if position + size > self.count:
            epoch, position, stream, self._indices = epoch + 1, 0, self.stream.get_state(), None
            self.place = Place(epoch, position, stream)
            indices = self._drawn()
        self.place = Place(epoch, position + size, stream)
        return indices[position : position + size]

    def _drawn(self) -> Tensor:
        if self._indices is None:
            self.stream.set_state(self.place.stream)
            kind = torch.int32 if self.count < 2**31 else torch.int64  # either holds the same order
            self._indices = torch.randperm(self.count, generator=self.stream, dtype=kind).to(self.device)
        return self._indices


class Passes:
    """Batches without end of samples whose number is known: their size, their order, their state for a checkpoint."""

    data: Any  # has a length

    def __init__(self, order: Order, batch_size: int):
        self.order = order  # may run ahead of what was handed out
        self.place = order.place  # after the batch that was handed out last
        self.batch_size = batch_size

    @property
    def batch_size(self) -> int:
        """Samples a batch; may be changed between two batches."""
        return self._batch_size

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        self._batch_size = integer("batch_size", size, 1, self.order.count)  # the samples there are

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one pass over the data."""
        return self.order.count // self.batch_size

    @property
    def epoch(self) -> int:
        """Passes begun before this one."""
        return self.place.epoch

    @property
    def position(self) -> int:
        """Samples taken of this pass."""
        return self.place.position

    @property
    def fingerprint(self) -> str:
        """The data in a line, by which a checkpoint knows it."""
        raise NotImplementedError

    def __iter__(self: Each) -> Each:
        return self

    def __next__(self) -> Batch:
        """The next batch."""
        raise NotImplementedError

    def state_dict(self) -> dict:
        """All that is needed to go on with the very next batch; goes into a checkpoint."""
        return {
            "samples": self.order.count,
            "data": self.fingerprint,
            "batch_size": self.batch_size,
            **self.place._asdict(),
        }

    def check_state(self, state: dict) -> None:
        """Raise ValueError for a state that belongs to other data, or to none."""
        table("the state of the batches", state, "samples", "data", "batch_size", "epoch", "position", "stream")
        stored_state.data("data", state["data"], self.fingerprint)
        stored_state.equal("samples", state["samples"], self.order.count)
        integer("batch_size", state["batch_size"], 1, self.order.count)
        integer("position", state["position"], 0, self.order.count)
        integer("epoch", state["epoch"])
        stored_state.stream("the stream of the batches", state["stream"])

    def load_state_dict(self, state: dict) -> None:
        """Go on where `state` was taken. Raises ValueError where it belongs to other data."""
        self.check_state(state)
        self.batch_size = state["batch_size"]
        self.place = Place(state["epoch"], state["position"], state["stream"])
        self.order.go_to(self.place)
