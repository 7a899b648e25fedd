"""Training on a key of one's own, in a thread: frames come at most four times a second, and the newest key wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from torch import Tensor

from gan_edu.core.live.driver import Driver
from gan_edu.core.recording.records import WrongTrain
from gan_edu.core.safety.checked import short
from gan_edu.widgets.secret_message.film import checked_frame

RATE, MOST = 4, 64  # frames a second; frames that are kept, beside the newest
LONGEST = 300  # characters of an error that a view is told


class Training:
    """What drives train(key), an iterator of (step, matrix). tell(state): called when there is something new."""

    def __init__(self, train: Callable, tell: Callable[[dict], None]):
        self.train, self._tell = train, tell
        self._number = 0
        self._key: Tensor | None = None
        self._clear()
        self.driver = Driver(self._records, self._progress, RATE)

    def start(self, key: Tensor) -> None:
        """Train on this key, in place of the one before. Returns at once; if a kernel trains in a cell, when done."""
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
        self._seen: tuple[int, bytes] | None = None  # the newest that was told
        self._ended, self._count, self._apart = False, 0, 1  # every how manieth of those told is kept
        self._frames: list[tuple[int, bytes]] = []  # evenly spread, those that are kept

    def _records(self, steps: int) -> Iterator:
        if self._made is None:
            made = self.train(self._key)
            if isinstance(made, (list, tuple)) or not hasattr(made, "__iter__"):
                raise WrongTrain(f"train(key) must yield (step, matrix) while it trains, got {short(made)}")
            self._made = iter(made)
        for each in self._made:
            after = -1 if self._newest is None else self._newest[0]
            self._newest = checked_frame("what train(key) yields", each, after)
            yield each
        self._ended = True

    def _progress(self) -> None:
        if self._newest is not None and self._newest is not self._seen:
            if self._count % self._apart == 0:
                self._frames.append(self._newest)
            self._count, self._seen = self._count + 1, self._newest
        if len(self._frames) > MOST:
            self._frames, self._apart = self._frames[::2], 2 * self._apart
        self._tell(self.state())

    def state(self) -> dict:
        """What a view is told: which training this is, its key, its film so far, how it stands, what went wrong."""
        error = self.driver.error
        shown = [*self._frames, *([self._seen] if self._seen and self._seen not in self._frames[-1:] else [])]
        moving = "training" if self.driver.running else "done" if self._ended else "stopped"
        return {
            "number": self._number,
            "key": [] if self._key is None else self._key.tolist(),
            "steps": [step for step, _ in shown],
            "frames": b"".join(frame for _, frame in shown),
            "phase": "failed" if error else moving,
            "trouble": f"{type(error).__name__}: {error}"[:LONGEST] if error else "",
        }
