"""Batches of data that memory does not hold: read from disk while the GAN trains. Belongs to notebook 12_scaling.

    batches = Streamed("pictures.npy")                                        # one array, mapped to its file
    batches = Streamed(PictureFolder("holiday", 64, colour=True), workers=4)  # files, each read when it is needed
    batches = Streamed(load_dataset("mnist", split="train"), conditions=True) # Hugging Face, torchvision, your own

It takes the place of `Batches`: with the same samples and the same seed it gives the same batches, bit for bit. The
order is drawn here, and workers are told what to read, some batches ahead of the one that is handed out. So a state for
a checkpoint is one random stream and two numbers, and nothing is gone through again on the way back to it:

    order (here) ──indices──▶ workers ──samples as they are stored──▶ pinned memory ──▶ device ──▶ [−1, 1]
                 └─ places, in the order of the batches; the one handed out is where a checkpoint goes on

PyTorch's documentation, "torch.utils.data", has the loader that this is built on.
"""

from __future__ import annotations

import signal
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from gan_edu.core.data.passes import Order, Passes, Place
from gan_edu.core.data.pixels import scaled
from gan_edu.core.data.rows import Fault, Rows
from gan_edu.core.data.sample_reader import Array, Wanted
from gan_edu.core.data.sources import reader_of
from gan_edu.core.safety import checked
from gan_edu.core.training import stored_state
from gan_edu.core.training.contract import Batch
from gan_edu.core.training.device import named
from gan_edu.core.training.threads import cores

MOST_WORKERS, FEW = 64, 8  # processes; samples that a fingerprint is of
WAY = "fork" if sys.platform == "linux" else "spawn"  # in which a worker begins
DIED = (
    "a worker that reads samples has ended ({}). It may have been killed for want of memory, or the dataset's own code "
    "ended it; fewer workers, or workers=0, that reads in this process, show which. Nothing is lost: the next batch is "
    "still the one that was asked for"
)


class Streamed(Passes):
    """Shuffled mini-batches without end of samples that stay where they are, as `Batches` gives them.

    Pictures and uint8 come out in [−1, 1], floating-point samples as they are. A batch is samples alone, or with
    conditions (samples, conditions). What a dataset's transforms draw at random is drawn anew in each pass, from
    streams that belong to the place in it: a run that is resumed sees the same, however many workers there are.
    The order of a pass takes 4 bytes a sample and is drawn at once: of a million samples in 10 ms, of 10⁸ in seconds.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 64,
        seed: int = 0,
        device: torch.device | str | None = None,
        conditions: bool | Tensor | np.ndarray = False,
        workers: int | None = None,
    ):
        """dataset: the path of a .npy or of a folder of pictures (28 × 28, grey, as `PictureFolder(folder)`), an array
        or memory map (N, …), or what has a length and gives sample i as dataset[i]: a tensor, an array, a picture, a
        pair (sample, condition), or a row with named columns. conditions: True for those of the dataset, or (N, …).
        workers: processes that read ahead, two batches each; by default none for an array, else the cores but one, at
        most 4.

        Raises TypeError or ValueError naming what is wrong, OSError for files that cannot be read.
        """
        self._reader = reader_of(dataset, conditions)
        self.data = self._reader.data
        self.device = named("cpu" if device is None else device)
        usual = 0 if isinstance(self._reader, Array) else min(4, cores() - 1)
        self.workers = checked.integer("workers", usual if workers is None else workers, 0, MOST_WORKERS)
        if self.workers and WAY == "spawn":
            self._reader.can_be_sent()
        super().__init__(Order(len(self._reader), seed), batch_size)
        self._ahead = _Ahead(self.order)
        self._loader: DataLoader | None = None
        self._batches: Iterator[Rows | Fault] = iter(())

    def __next__(self) -> Batch:
        """The next batch, (batch_size, …), floating point; with conditions the pair of both.

        Raises OSError, TypeError or ValueError naming a sample that is not as the others, ChildProcessError where a
        worker has died. Then, and after an interrupt, the next call asks for the same batch again.
        """
        try:
            if self._ahead.handed is not self.place or self._ahead.size != self.batch_size:
                self._begin()
            given = next(self._batches)
            if isinstance(given, Fault):
                raise given.kind(given.told)
            rows = given.to(self.device)
            self.place = self._ahead.handed = self._ahead.places.popleft()
        except BaseException as error:
            self.end()
            if isinstance(error, RuntimeError) and "worker" in str(error):
                raise ChildProcessError(DIED.format(str(error).splitlines()[0])) from None
            raise
        samples = scaled(rows.samples)
        return samples if rows.conditions is None else (samples, rows.conditions)

    def _begin(self) -> None:
        """Let the workers read from where these batches stand; what is under way is forgotten."""
        if self._loader is None:
            self._loader = DataLoader(
                self._reader,
                batch_size=None,  # what is read at once is a batch already
                sampler=self._ahead,
                num_workers=self.workers,
                persistent_workers=self.workers > 0,
                pin_memory=self.device.type == "cuda",
                collate_fn=_as_it_is,
                worker_init_fn=_deaf,
                multiprocessing_context=WAY if self.workers else None,
                generator=torch.Generator(),  # the loader draws a number, and not from torch's own stream
            )
        self._ahead.go_to(self.place, self.batch_size)
        with _handlers_kept():
            self._batches = iter(self._loader)

    def end(self) -> None:
        """Let the workers go; they come again with the next batch. Dropping this object does it, too."""
        self._ahead.handed = None
        batches, self._batches, self._loader = self._batches, iter(()), None
        if self.workers:  # the error that is under way may hold on to them
            getattr(batches, "_shutdown_workers", lambda: None)()

    @cached_property
    def fingerprint(self) -> str:
        """The data in a line, by which a checkpoint knows it: their number, and a few of them."""
        few = np.unique(np.linspace(0, self.order.count - 1, FEW).astype(np.int64))
        found = self._reader[few, 0]
        if isinstance(found, Fault):
            raise found.kind(found.told)
        told = [stored_state.fingerprint(each) for each in (found.samples, found.conditions) if each is not None]
        return f"{self.order.count:,} samples, of which {', conditions '.join(told)}"


class _Ahead:
    """What is to be read next, and where the batches stand after each. It knows nothing of the batches, which can so be
    dropped at any time."""

    def __init__(self, order: Order):
        self.order, self.size = order, 0
        self.places: deque[Place] = deque()  # after each batch under way
        self.handed: Place | None = None  # after the batch that was handed out last; None where none is under way

    def go_to(self, place: Place, size: int) -> None:
        self.order.go_to(place)
        self.handed, self.size = place, size
        self.places.clear()

    def __iter__(self) -> Iterator[Wanted]:
        while True:
            chosen = self.order.following(self.size)
            self.places.append(self.order.place)
            yield chosen.numpy(), self.order.place.seed


def _as_it_is(rows: Any) -> Any:
    return rows


def _deaf(worker: int) -> None:
    """Ctrl-C reaches workers, too: a run that it pauses goes on with them, and one that it ends ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _handlers_kept() -> Iterator[None]:
    """torch would have the death of a worker raise amid whatever is computed, a step say: the next batch tells it."""
    number = getattr(signal, "SIGCHLD", None)  # Windows has none
    before = None if number is None else signal.getsignal(number)
    try:
        yield
    finally:
        if number is not None and before is not None and signal.getsignal(number) is not before:
            signal.signal(number, before)
