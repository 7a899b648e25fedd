"""What a run must hand to who watches it: one record after each step, told of that step's GAN, while it trains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gan_edu.core.safety.checked import short

TRAINED = "a recorder watches its own GAN while that trains, as in recorder.record(train(gan, batches, steps))"
OF_A_RECORD = ("step", "d_loss", "g_loss", "real_logits", "fake_logits")
CURE = "write it as a generator that yields the record of each step: for _ in range(steps): yield train_step(…)"


class WrongTrain(TypeError):
    """What was handed over to train makes no records, or too few of them; no step failed."""


def pulled(name: str, records) -> Iterator:
    """An iterator of records, not gone through. Raises WrongTrain for a list, which is there when all is over."""
    if isinstance(records, (list, tuple)) or not isinstance(records, Iterable):
        raise WrongTrain(f"{name} must give an iterator of records, got {type(records).__name__}: {CURE}")
    return iter(records)


def of_now(record, gan) -> None:
    """Raise WrongTrain for what is no record, ValueError for one that the GAN has not just made."""
    if missing := [name for name in OF_A_RECORD if not hasattr(record, name)]:
        raise WrongTrain(
            f"after each step a record must be yielded, got {short(record)}, which has no "
            f"{' and no '.join(missing)}: yield what train_step(…) returns"
        )
    if record.step != gan.step:
        raise ValueError(
            f"{TRAINED}: this record is of step {record.step}, and the recorder's GAN stands at "
            f"{gan.step}. Was the GAN made anew, then make its Recorder anew"
        )
