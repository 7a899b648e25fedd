"""What a reader hands on, from a worker or from this process: rows of samples, or why there are none; and the streams
that are random there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import get_worker_info

from gan_edu.core.safety.interrupts import alone


@dataclass
class Rows:
    """Samples (N, …) as they are stored, and their conditions. From a worker they come as plain bytes: torch would lay
    each tensor into shared memory, which takes three times as long for small pictures, and containers have little."""

    samples: Tensor
    conditions: Tensor | None = None

    def __getstate__(self) -> list:
        given = [each for each in (self.samples, self.conditions) if each is not None]
        return [(each.dtype, each.contiguous().view(torch.uint8).numpy()) for each in given]

    def __setstate__(self, state: list) -> None:
        self.samples, *more = (torch.from_numpy(each).view(dtype) for dtype, each in state)
        self.conditions = more[0] if more else None

    def pin_memory(self) -> Rows:
        """The same in memory that a GPU copies from while it computes; the loader asks for it."""
        return Rows(self.samples.pin_memory(), None if self.conditions is None else self.conditions.pin_memory())

    def to(self, device: torch.device) -> Rows:
        """The same on the device; on a GPU they come there when they are needed, and nobody waits."""
        samples = self.samples.to(device, non_blocking=True)
        return Rows(samples, None if self.conditions is None else self.conditions.to(device, non_blocking=True))


@dataclass
class Fault:
    """Why there is no batch."""

    kind: type[Exception]
    told: str


def rows_of(array: Tensor | np.ndarray, indices: np.ndarray) -> Tensor:
    """A copy of these rows, and of no other."""
    if isinstance(array, Tensor):
        return array.index_select(0, torch.from_numpy(indices).to(array.device))
    return torch.from_numpy(np.asarray(array)[indices])


@contextmanager
def begun_at(seed: int) -> Iterator[None]:
    """The global streams of torch, numpy and Python begin at `seed` inside, for transforms that draw from them, and go
    on outside as if nothing had been."""
    with nullcontext() if get_worker_info() else alone():  # in a worker there is no other thread
        before = torch.get_rng_state(), np.random.get_state(), random.getstate()
        try:
            torch.random.default_generator.manual_seed(seed)
            np.random.seed(seed)
            random.seed(seed)
            yield
        finally:
            torch.set_rng_state(before[0])
            np.random.set_state(before[1])
            random.setstate(before[2])
