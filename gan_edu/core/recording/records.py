"""What a run must hand to who watches it: one record after each step, told of that step's GAN, while it trains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from torch import Tensor

from gan_edu.core.safety.checked import short
from gan_edu.core.training.contract import GAN, Part, Record

TRAINED = "a recorder watches its own GAN while that trains, as in recorder.record(train(gan, batches, steps))"
CURE = "write it as a generator that yields the record of each step: for _ in range(steps): yield train_step(…)"


class Recordable(GAN, Part, Protocol):
    """A GAN that can be recorded: its samples, and D's logits of them, can be looked at, and its state is kept."""

    def generate(self, z: Tensor, condition: Tensor | None = None) -> Tensor: ...
    def judge(self, samples: Tensor, condition: Tensor | None = None) -> Tensor: ...


class WrongTrain(TypeError):
    """What was handed over to train makes no records, or too few of them; no step failed."""


def pulled(name: str, records: Iterable[Record]) -> Iterator[Record]:
    """An iterator of records, not gone through. Raises WrongTrain for a list, which is there when all is over."""
    if isinstance(records, (list, tuple)) or not isinstance(records, Iterable):
        raise WrongTrain(f"{name} must give an iterator of records, got {type(records).__name__}: {CURE}")
    return iter(records)


def of_now(record: Record, gan: Recordable) -> None:
    """Raise WrongTrain for what is no record, ValueError for one that the GAN has not just made."""
    if not isinstance(record, Record):
        raise WrongTrain(
            f"after each step a record must be yielded, got {short(record)}: yield what train_step(…) returns, or "
            'Record(gan.step, {"g_loss": loss})'
        )
    if record.step != gan.step:
        raise ValueError(
            f"{TRAINED}: this record is of step {record.step}, and the recorder's GAN stands at "
            f"{gan.step}. Was the GAN made anew, then make its Recorder anew"
        )


class Scores(Protocol):
    """What scores the frames, as `core.measures.Scorer`. It may have takes(samples), which raises where it cannot."""

    samples: int
    reference: str

    @property
    def floor(self) -> float: ...
    def score(self, gan: Recordable) -> dict: ...
