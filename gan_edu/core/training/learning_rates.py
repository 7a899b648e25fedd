"""Learning rates: a base, which a dial, a cell or a learner sets, times what a schedule leaves of it.

    rate = base · share(t)

A group of an optimiser holds its rate, `lr`. Where a schedule runs it also holds the base, the share and the step at
which it began, so that checkpoints keep them. A rate that is written into `lr` by hand holds for one step; then it is
the base. Belongs to notebook 05_tricks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gan_edu.core.safety.checked import real
from gan_edu.core.training.remembers import OfOneGan

if TYPE_CHECKING:
    from torch.optim import Optimizer

    from gan_edu.core.training.contract import GAN

SCHEDULE = "gan_edu_schedule"  # of a group: {"base", "share", "began"}


def base_rate(gan: GAN, optimizer: Optimizer) -> float:
    """The rate of one of its optimisers that a schedule multiplies; where none runs, the rate itself."""
    group = optimizer.param_groups[0]
    return group[SCHEDULE]["base"] if _scheduled(gan, group) and not _by_hand(group) else float(group["lr"])


def set_rate(gan: GAN, optimizer: Optimizer, rate: float) -> None:
    """Set the base rate of one of its optimisers; where a schedule runs, the share that it leaves now is what counts.

    Raises ValueError for what is no finite number ≥ 0.
    """
    rate = real("rate", rate, 0)
    for group in optimizer.param_groups:
        share = group[SCHEDULE]["share"] if _scheduled(gan, group) else 1.0
        if SCHEDULE in group:
            group[SCHEDULE]["base"] = rate
        group["lr"] = _into(group["lr"], rate * share)


def _scheduled(gan: GAN, group: dict) -> bool:
    """Whether a schedule runs that knows this group; one that was taken out leaves its notes behind."""
    return SCHEDULE in group and any(isinstance(hook, Schedule) for hook in gan.after_step)


def _by_hand(group: dict) -> bool:
    """Whether somebody else has written the rate. Of a tensor it is not asked, as the GPU would be waited for."""
    known = group[SCHEDULE]["base"] * group[SCHEDULE]["share"]
    return not hasattr(group["lr"], "fill_") and group["lr"] != known


def _into(lr: object, rate: float) -> object:
    """A rate as the group holds it: in place where it is a tensor, as captured steps on a GPU need."""
    return lr.fill_(rate) if hasattr(lr, "fill_") else rate


class Schedule(OfOneGan):
    """A hook of `GAN.after_step` that multiplies all players' rates by `share(t)`, t steps after it joined the GAN.

    The rates there are the first bases.
    """

    def share(self, step: int) -> float:
        """What is left of a base rate, `step` steps after the schedule has joined: in [0, 1]."""
        raise NotImplementedError

    def fits(self, gan: GAN) -> None:
        """Raises ValueError for a second one; takes in an optimiser that came later, with its own rate as base."""
        if any(isinstance(hook, Schedule) and hook is not self for hook in gan.after_step):
            raise ValueError("this GAN has two decays of its learning rates: keep one")
        if self.of is not None:
            self._take_in(gan)

    def on_join(self, gan: GAN) -> None:
        """Start from the rates as they are."""
        for group in _groups(gan):
            group.pop(SCHEDULE, None)
        self._take_in(gan)

    def __call__(self, gan: GAN) -> None:
        self._take_in(gan)
        for group in _groups(gan):
            schedule = group[SCHEDULE]
            if _by_hand(group):
                schedule["base"] = float(group["lr"])
            schedule["share"] = self.share(gan.step - schedule["began"])
            group["lr"] = _into(group["lr"], schedule["base"] * schedule["share"])

    def _take_in(self, gan: GAN) -> None:
        """Note in each group that has no notes that its rate is its base; the rate itself stays."""
        groups = _groups(gan)
        began = next((group[SCHEDULE]["began"] for group in groups if SCHEDULE in group), gan.step)
        for group in groups:
            if SCHEDULE not in group:
                group[SCHEDULE] = {"base": float(group["lr"]), "share": 1.0, "began": began}


def _groups(gan: GAN) -> Sequence[dict]:
    return [group for player in gan.players.values() for group in player.optimizer.param_groups]
