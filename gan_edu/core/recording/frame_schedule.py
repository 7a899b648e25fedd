"""When to look at a run: often at first, where most changes, then less.

`frame_steps` lists the moments of a run whose length is known (`Listed`). `OpenEnded` is for one whose end is not:
frames stand at 0, 1, 2, 5, 10, … and then every `every` steps; once there are too many, every second one is dropped and
the distance doubles. So history stays whole, evenly spaced but for the first few, and of a bounded size however long
the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gan_edu.core.safety.checked import integer

MOST_FRAMES, LEAST_FRAMES = 300, 16
MOST_BYTES = 100_000_000  # of pixels kept in memory
EARLY = frozenset({0, 1, 2, 5, 10, 20, 50, 100, 200, 500})


def frame_steps(total: int, every: int) -> list[int]:
    """When to look: at 0, 1, 2, 5, 10, 20, 50, … up to `every`, where most changes, then each `every` steps."""
    total, every = integer("total", total), integer("every", every, 1)
    early = (digit * 10**power for power in range(9) for digit in (1, 2, 5))
    return sorted({0, total, *range(every, total + 1, every), *(step for step in early if step < min(every, total))})


@runtime_checkable
class Schedule(Protocol):
    """When a recorder looks: `step in schedule` says whether a frame is due."""

    @property
    def most(self) -> int:
        """Frames that may be kept."""

    def __contains__(self, step: int) -> bool: ...
    def scored(self, step: int) -> bool: ...
    def fit(self, frame_bytes: int) -> None: ...
    def thin(self, steps: Iterable[int]) -> list[int] | None: ...
    def spacing(self) -> int | None:
        """Steps between two frames now, for a checkpoint; None where they are listed."""

    def check_spacing(self, spacing: object) -> None:
        """Raise ValueError for what `spacing` of such a schedule cannot have said."""

    def space(self, spacing: int | None) -> None:
        """Go on as the schedule that said so."""


@dataclass(frozen=True)
class Listed:
    """The steps of a run whose length is known; all of them are kept. judged: those that are scored; None: all."""

    steps: frozenset[int]
    judged: frozenset[int] | None = None

    @property
    def most(self) -> int:
        """Frames there will be."""
        return len(self.steps)

    def __contains__(self, step: int) -> bool:
        return step in self.steps

    def __iter__(self) -> Iterator[int]:
        return iter(self.steps)

    def scored(self, step: int) -> bool:
        """Whether the frame of this step is scored."""
        return self.judged is None or step in self.judged

    def fit(self, frame_bytes: int) -> None:
        """They stay as many as they are."""

    def thin(self, steps: Iterable[int]) -> None:
        """None is dropped."""

    def spacing(self) -> None:
        """They are listed."""

    def check_spacing(self, spacing: object) -> None:
        """Raise ValueError where the end was not known."""
        if spacing is not None:
            raise ValueError("it was recorded without a known end, this recorder knows its steps")

    def space(self, spacing: int | None) -> None:
        """They stay where they are."""


@dataclass
class OpenEnded:
    """The steps to keep a frame of, for `Recorder(gan, at=OpenEnded())`. `step in schedule` says whether one is due.

    every: steps between frames, to begin with. score_every: as many frames apart are those that are scored.
    Raises ValueError for a number below 1.
    """

    every: int = 20
    score_every: int = 64
    most: int = MOST_FRAMES

    def __post_init__(self) -> None:
        for name in ("every", "score_every", "most"):
            setattr(self, name, integer(name, getattr(self, name), 1))
        self._scored = self.every * self.score_every

    def __contains__(self, step: int) -> bool:
        return step % self.every == 0 or (step in EARLY and step < self.every)

    def scored(self, step: int) -> bool:
        """Whether the frame of this step is scored, which takes far longer than to draw it."""
        return step % max(self._scored, self.every) == 0

    def fit(self, frame_bytes: int) -> None:
        """Keep fewer frames where they are large. frame_bytes: of one, at least 1."""
        self.most = max(LEAST_FRAMES, min(self.most, MOST_BYTES // frame_bytes))

    def thin(self, steps: Iterable[int]) -> list[int] | None:
        """Where there are too many frames: the places of those to keep, the last among them; else None."""
        steps = list(steps)
        if len(steps) <= self.most:
            return None
        keep = list(range(len(steps)))
        while len(keep) > self.most * 2 // 3:
            self.every *= 2
            fewer = [i for i in keep if steps[i] % self.every == 0 or steps[i] in EARLY or i == len(steps) - 1]
            if len(fewer) == len(keep) and self.every > steps[-1]:  # nothing left but early frames
                break
            keep = fewer
        return keep

    def spacing(self) -> int:
        """Steps between two frames now, for a checkpoint."""
        return self.every

    def check_spacing(self, spacing: object) -> None:
        """Raise ValueError for no number of steps."""
        integer("every", spacing, 1)

    def space(self, spacing: int | None) -> None:
        """Go on with so many steps between two frames."""
        self.every = integer("every", spacing, 1)
