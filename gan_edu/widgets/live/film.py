"""The film of a run that is still going on: what a recorder has seen, in the pieces that a live view sends.

A view gets the whole film once, when it opens, and then only what is new: frames, the ends of the curves, changes of a
setting. Each frame is encoded once, by the recorder's look, and what lasts is sent once.
"""

from __future__ import annotations

import io
import threading
from itertools import count
from typing import TYPE_CHECKING

from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.safety.strict_json import rounded

if TYPE_CHECKING:
    from PIL import Image

NUMBERS = count(1)  # each film has its own: a view sees when another one begins
MOVING = ("phase", "step", "epoch", "seconds", "rate", "notice", "error")  # of the status: in every message


class Film:
    """What the views of one run were told so far. `update` is called where the run trains, the rest anywhere."""

    def __init__(self, recorder: Recorder, status: dict):
        self.recorder, self.number, self.version, self.width = recorder, next(NUMBERS), 0, 0
        self.status, self.edition, self.about = status, recorder.edition(), recorder.lasting("live")
        self.frames: dict[str, list] = {name: [] for name in recorder.facts_of([])}
        self.pictures: list[bytes] = []
        self.curves: dict[str, list] = {name: [] for name in ("step",)}
        self.log: list[dict] = []
        self._lock = threading.Lock()
        self.update(status)

    def update(self, status: dict) -> tuple[dict, list[bytes]]:
        """Take over what is new. Returns the message for views that know all before it, and the new frames' pictures.

        status: where the run stands. What of it does not move is told where it changed, and so is what lasts.
        """
        with self._lock:
            news: dict = {"frames": self._new_frames(), "curves": self._new_of_curves()}
            if self.log != self.recorder.log:
                news["log"] = self.log = list(self.recorder.log)
            if (edition := self.recorder.edition()) != self.edition:
                about, self.edition = self.recorder.lasting("live"), edition
                news["about"], self.about = differing(about, self.about), about
            told = {**{name: status[name] for name in MOVING if name in status}, **differing(status, self.status)}
            self.status, self.version = status, self.version + 1
            news |= {"film": self.number, "version": self.version}
            return {"news": news, "status": told}, self.pictures[news["frames"]["from"] :]

    def whole(self) -> dict:
        """All that a view needs that knows nothing."""
        with self._lock:
            meta = {
                **self.about,
                "log": self.log,
                "frames": {name: list(all_) for name, all_ in self.frames.items()},
                "curves": {name: list(all_) for name, all_ in self.curves.items()},
            }
            return {
                "film": self.number,
                "version": self.version,
                "meta": meta,
                "pictures": list(self.pictures),
                "status": self.status,
            }

    def still(self) -> Still:
        """The film as it stands, for a contact sheet."""
        return Still(self.whole())

    def _new_frames(self) -> dict:
        """{"keep": places of the frames that stay, or None for all, "from": how many are known, and the new ones}."""
        recorder = self.recorder
        news: dict = {"keep": None}
        steps, known = recorder.frames["step"], self.frames["step"]
        if steps[: len(known)] != known:
            there = set(steps)
            news["keep"] = kept = [i for i, step in enumerate(known) if step in there]
            self.pictures = [self.pictures[i] for i in kept]
            self.frames = {name: [all_[i] for i in kept] for name, all_ in self.frames.items()}
        news["from"] = start = len(self.frames["step"])
        if start and self.frames["scores"][-1] is None and recorder.frames["scores"][start - 1] is not None:
            self.frames["scores"][-1] = news["scored"] = recorder.facts_of([start - 1])["scores"][0]
        facts = recorder.facts_of(range(start, len(steps)))
        for name, values in facts.items():
            self.frames[name] += values
        self.pictures += [recorder.look.sent(packed) for packed in recorder.frames["packed"][start:]]
        return {**news, **facts}

    def _new_of_curves(self) -> dict:
        """{"from": how many numbers stay as they are, and those after them}: the last one known may have changed."""
        curves = self.recorder.curves
        numbers = curves.so_far()
        same = self.width == curves.width and self.curves.keys() == numbers.keys()
        start = max(0, min(len(self.curves["step"]), len(numbers["step"])) - 1) if same else 0
        self.width = curves.width
        news = {name: rounded(numbers[name][start:], 4) for name in numbers}
        for name, values in news.items():
            self.curves[name] = [*self.curves.get(name, [])[:start], *values]
        return {"from": start, **news}


def differing(now: dict, before: dict) -> dict:
    """What is not as it was, by name."""
    return {name: value for name, value in now.items() if name not in before or value != before[name]}


class Still:
    """A film of pictures at one moment, with what `contact_sheet` asks of a recording."""

    def __init__(self, whole: dict):
        grid, self.pictures = whole["meta"]["grid"], whole["pictures"]
        size = {"frame_width": grid["columns"] * grid["tile_width"], "frame_height": grid["rows"] * grid["tile_height"]}
        self.meta = {**whole["meta"], "atlas": size}
        self.steps, self.scores = self.meta["frames"]["step"], self.meta["frames"]["scores"]

    def __len__(self) -> int:
        return len(self.steps)

    def frame(self, place: int) -> Image.Image:
        """One frame as a PIL image."""
        from PIL import Image

        mode = "RGB" if self.meta["grid"]["channels"] == 3 else "L"
        return Image.open(io.BytesIO(self.pictures[place])).convert(mode)
