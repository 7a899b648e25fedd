"""Training on a key of one's own, in a thread: frames come at most four times a second, and the newest key wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from torch import Tensor

from gan_edu.core.live.driver import Driver
from gan_edu.core.recording.records import WrongTrain
from gan_edu.core.safety.checked import short
from gan_edu.widgets.secret_message.film import checked_frame

RATE, MOST = 4, 64  # frames a second; frames that are kept: of more, every other one goes
LONGEST = 300  # characters of an error that a view is told


class Training:
    """What drives train(key), an iterator of (step, matrix). tell(state): called when there is something new to show."""

    def __init__(self, train: Callable, tell: Callable[[dict], None]):
        self._train, self._tell = train, tell
        self._number, self._key = 0, None
        self._clear()
        self.driver = Driver(self._records, self._progress, RATE)

    def start(self, key: Tensor) -> None:
        """Train on this key, in place of the one before. Returns at once; where the kernel trains in a cell, when done."""
        self.driver.ask(lambda: self._begin(key))

    def _begin(self, key: Tensor) -> None:
        self._number, self._key = self._number + 1, key
        self._clear()
        self.driver.pause()
        self.driver.start()
        self.driver.anew()
        self._tell(self.state())

    def _clear(self) -> None:
        self._made: Iterator | None = None
        self._newest: tuple[int, bytes] | None = None
        self._ended = False
        self._frames: list[tuple[int, bytes]] = []

    def _records(self, steps: int) -> Iterator:
        if self._made is None:
            made = self._train(self._key)
            if isinstance(made, (list, tuple)) or not hasattr(made, "__iter__"):
                raise WrongTrain(f"train(key) must yield (step, matrix) while it trains, got {short(made)}")
            self._made = iter(made)
        for each in self._made:
            after = -1 if self._newest is None else self._newest[0]
            self._newest = checked_frame("what train(key) yields", each, after)
            yield each
        self._ended = True

    def _progress(self) -> None:
        if self._newest is not None and self._newest not in self._frames[-1:]:
            self._frames.append(self._newest)
        if len(self._frames) > MOST:  # the first stays, and the newest
            self._frames = self._frames[::2] if len(self._frames) % 2 else [*self._frames[::2], self._frames[-1]]
        self._tell(self.state())

    def state(self) -> dict:
        """What a view is told: which training this is, its key, its film so far, how it stands, what went wrong."""
        error = self.driver.error
        moving = "training" if self.driver.running else "done" if self._ended else "stopped"
        return {
            "number": self._number,
            "key": [] if self._key is None else self._key.tolist(),
            "steps": [step for step, _ in self._frames],
            "frames": b"".join(frame for _, frame in self._frames),
            "phase": "failed" if error else moving,
            "trouble": f"{type(error).__name__}: {error}"[:LONGEST] if error else "",
        }
