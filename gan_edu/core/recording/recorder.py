"""The recorder: it watches a training run pass by and keeps what can be drawn.

`for record in recorder.watch(train(gan, batches, steps))` hands each record on unchanged and, between two steps,
looks. It keeps the curves of the records and the frames of a `Look`: of pictures (`GridLook`), of points in the plane
(`PointsLook`), or of your own. A look draws its latents from the GAN's display stream, so that a run that is recorded
ends with the weights of one that is not.
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

import gan_edu
from gan_edu.core.recording import format
from gan_edu.core.recording.collapse_alarm import CollapseAlarm
from gan_edu.core.recording.curves import Curves
from gan_edu.core.recording.frame_schedule import Listed, Schedule, frame_steps
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.look import Begun, Look
from gan_edu.core.recording.recording import Recording
from gan_edu.core.recording.records import Recordable, of_now, pulled
from gan_edu.core.safety.checked import (
    MOST,
    changes,
    integer,
    kind,
    real,
    rising,
    series,
    several,
    short,
    table,
    text,
)
from gan_edu.core.safety.interrupts import held
from gan_edu.core.safety.strict_json import as_json, kept, rounded
from gan_edu.core.training.contract import Record
from gan_edu.core.training.device import describe

__all__ = ["Recorder", "frame_steps"]


@runtime_checkable
class MakesSamples(Protocol):
    """What a GAN must at least do to be looked at."""

    def latents(self, count: int) -> Tensor: ...
    def generate(self, z: Tensor) -> Tensor: ...


@runtime_checkable
class Solved(Protocol):
    """A loss that knows its values at p_g = p_data with the best D, or None."""

    optimum: tuple[float, float] | None


class Recorder:
    """Keeps curves and frames of one GAN. `recording()` makes the film, at any time.

    at: the steps to keep a frame of (`frame_steps`), or a `core.recording.frame_schedule.OpenEnded` for a run whose end
    is not known. look: what a frame shows, one for each recorder; without one, pictures: `GridLook()`.
    settings: what the film shall tell of the run, by name: texts, numbers, lists and dicts of these; numbers of numpy
    and torch, devices, types and paths are kept as plain numbers and texts. log: what was changed while it ran,
    {"step", "change"}. alarm: looks for a collapse at each frame that is due. Raises TypeError for no GAN or look, and
    ValueError, before anything is trained, for what no film could tell or hold: a title that is no text, settings of
    other kinds, samples that the look cannot show, more or larger frames than a recording can hold, a look or an alarm
    that another recorder has.
    """

    def __init__(
        self,
        gan: Recordable,
        at: Iterable[int] | Schedule,
        title: str,
        look: Look | None = None,
        *,
        name: str = "run",
        steps_per_epoch: float | None = None,
        settings: dict | None = None,
        alarm: CollapseAlarm | None = None,
    ):
        if not isinstance(gan, MakesSamples):
            raise TypeError(f"a GAN that is recorded has latents(count) and generate(z), got {short(gan)}")
        self.gan, self.look = gan, _unused(GridLook() if look is None else look)
        self.at: Schedule = at if isinstance(at, Schedule) else Listed(frozenset(several("at", at, integer)))
        self.steps_per_epoch = None if steps_per_epoch is None else _per_epoch(steps_per_epoch)
        self.facts: dict = {
            "name": text("name", name),
            "title": text("title", title),
            "settings": format.settings("settings", kept("settings", settings or {})),
        }
        self.look.begin(gan, self.at)
        if alarm is not None:
            kind("alarm", alarm, CollapseAlarm).begin(gan)
        self.alarm = alarm
        self.frames: dict[str, list] = {name: [] for name in ("step", *self.look.checks())}
        self.curves, self.seconds = Curves(), 0.0
        self.log: list[dict] = []

    def watch(self, records: Iterable[Record]) -> Iterator[Record]:
        """Hand the records on, and look at the GAN between two of them where a frame is due.

        records: those of `train(gan, …)` with this recorder's GAN, as it trains. Raises ValueError for another's, and
        for those of before; WrongTrain for a list, and for what gives something else than records.
        """
        records = pulled("what is watched", records)
        self.look_if_due()
        since = time.perf_counter()
        while (record := self._next(records)) is not None:
            self.look_if_due()
            self.seconds += time.perf_counter() - since
            yield record
            since = time.perf_counter()

    def _next(self, records: Iterator[Record]) -> Record | None:
        """The next record, None at the end; a step and its note are one, whoever interrupts."""
        with held():
            try:
                record = next(records)
            except StopIteration:
                return None
            except FloatingPointError:
                self._forget()
                raise
            of_now(record, self.gan)
            self.curves.note(record)
            return record

    def _forget(self) -> None:
        """Drop what lies after the GAN's step: a failure that was found late has set it back to before the failure."""
        step, frames = self.gan.step, self.frames
        self.curves.forget_after(step)
        self.frames = {name: values[: sum(each <= step for each in frames["step"])] for name, values in frames.items()}
        self.log = [{**event, "step": min(event["step"], step)} for event in self.log]
        if self.alarm is not None:
            self.alarm.forget_after(step)

    def record(self, records: Iterable[Record]) -> Recording:
        """Consume all records and return the recording. Raises as `watch` does."""
        for _ in self.watch(records):
            pass
        return self.recording()

    def look_if_due(self) -> None:
        """A frame and its scores where they are due; scores that were left are made when the run goes on."""
        if self.gan.step in self.at:
            with held():
                self.keep()
                self._score()
                self._listen()

    def keep(self) -> None:
        """Keep a frame of this very step, due or not; its scores wait until one is due."""
        if self.gan.step in self.frames["step"]:
            return
        with held():
            seen = {"step": self.gan.step, **self.look.see()}
            for name, values in self.frames.items():  # all of it was seen before any of it is kept
                values.append(seen[name])
            if (staying := self.at.thin(self.frames["step"])) is not None:
                self.frames = {name: [values[i] for i in staying] for name, values in self.frames.items()}

    def _score(self) -> None:
        if self.at.scored(self.gan.step) and self.frames["scores"][-1] is None:
            self.frames["scores"][-1] = self.look.score()

    def _listen(self) -> None:
        """What the alarm has to say of this step, once."""
        if self.alarm is not None and self.gan.step not in (each["step"] for each in self.alarm.seen[-1:]):
            self.log += [{"step": self.gan.step, "change": told} for told in self.alarm.look()]

    def recording(self, quality: int = 80) -> Recording:
        """What was seen so far. quality: of pictures, 1–100. Raises RecordingError where nothing was seen."""
        meta = {
            **self.about(),
            "frames": self.facts_of(range(len(self.frames["step"]))),
            "curves": {name: rounded(values, 4) for name, values in self.curves.so_far().items()},
            "log": list(self.log),
        }
        return self.look.build(self.frames["packed"], meta, quality)

    def about(self) -> dict:
        """What a recording says of the run as a whole."""
        return {
            **self.lasting("recorded"),
            "points_are": f"means over {self.curves.width} steps" if self.curves.width > 1 else "single steps",
            "provenance": self._provenance(),
        }

    def lasting(self, seen: str) -> dict:
        """The part of it that stays while `edition` does. seen: "recorded" or "live"."""
        look = self.look.about()
        return {
            "name": self.facts["name"],
            "title": self.facts["title"],
            "kind": self.look.kind,
            "steps_per_epoch": self.steps_per_epoch,
            **look,
            "subtitle": f"{look['subtitle']} · {seen}, seed {self.gan.seed}",
            "scoring": self.look.scoring() if any(self.frames["scores"]) else None,
            "optimum": self._optimum(),
        }

    def edition(self) -> tuple:
        """Another one where `lasting` has something else to say."""
        return self.look.edition, self.steps_per_epoch, any(self.frames["scores"]), self._optimum()

    def facts_of(self, places: Sequence[int]) -> dict[str, list]:
        """What is known of the frames at these places, in lists: step, and the look's facts."""
        return {name: [self._fact(name, i) for i in places] for name in ("step", *self.look.facts)}

    def _fact(self, name: str, place: int) -> object:
        if name == "step":
            return self.frames["step"][place]
        if name == "epoch":
            return round(self.frames["step"][place] / self.steps_per_epoch, 4) if self.steps_per_epoch else None
        return self.look.told(name, self.frames[name][place])

    def _optimum(self) -> dict:
        plays = self.gan.discriminator is not None  # without D the loss is that of a step of one's own
        best = self.gan.loss.optimum if plays and isinstance(self.gan.loss, Solved) else None
        return {"d_loss": best[0], "g_loss": best[1], "d_real": 0.5, "d_fake": 0.5} if best else {}

    def _provenance(self) -> dict:
        return {
            "seed": self.gan.seed,
            "settings": self.facts["settings"],
            "steps": self.gan.step,
            "wall_seconds": round(self.seconds),
            "device": describe(self.gan.device, self.gan.threads),
            "precision": self.gan.precision,
            "loss": None if self.gan.discriminator is None else self.gan.loss.name,
            "gan_edu": gan_edu.__version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
        }

    def state_dict(self) -> dict:
        """What a checkpoint needs to go on recording."""
        return {
            "look": {"kind": self.look.kind, **self.look.state_dict()},
            "frames": self.frames,
            **self.curves.state_dict(),
            "seconds": self.seconds,
            "log": self.log,
            "step": self.gan.step,
            "every": self.at.spacing(),
            "steps_per_epoch": self.steps_per_epoch,
            "settings": as_json(self.facts["settings"]),
            **({} if self.alarm is None else {"alarm": self.alarm.state_dict()}),
        }

    def check_state(self, state: dict) -> None:
        """Raise ValueError for what was recorded otherwise, or cannot have been recorded. Changes nothing."""
        table("the recorder's state", state, *self.state_dict())
        look, step = table("look", state["look"], "kind"), integer("step", state["step"])
        if look["kind"] != self.look.kind:
            raise ValueError(f"it was recorded as {short(look['kind'])}, this recorder keeps {self.look.kind}")
        self.look.check_state(look)
        self._check_frames(state["frames"], step)
        self.curves.check_state(state, step)
        real("seconds", state["seconds"], 0)
        json.dumps(changes("log", state["log"], step), allow_nan=False)  # as the recording will write it
        table("settings", json.loads(text("settings", state["settings"])))
        if state["steps_per_epoch"] is not None:
            _per_epoch(state["steps_per_epoch"])
        self.at.check_spacing(state["every"])
        if self.alarm is not None:
            self.alarm.check_state(state["alarm"])

    def _check_frames(self, frames: object, step: int) -> None:
        stored = table("frames", frames, *self.frames)
        count = len(rising("frames: step", stored["step"], step))
        if len(set(stored["step"])) < count:
            raise ValueError(f"frames: two are of one step, {short(stored['step'])}")
        for name, check in self.look.checks().items():
            series(f"frames: {name}", stored[name], check, count)

    def load_state_dict(self, state: dict) -> None:
        """Go on recording where `state` was taken, with its settings. Raises ValueError where the look is another."""
        self.check_state(state)
        self.look.load_state_dict(state["look"])
        self.frames = {name: list(state["frames"][name]) for name in self.frames}
        self.curves.load_state_dict(state, state["step"], self.gan.device)
        self.seconds, self.log = state["seconds"], list(state["log"])
        self.steps_per_epoch, self.facts["settings"] = state["steps_per_epoch"], json.loads(state["settings"])
        self.at.space(state["every"])
        if self.alarm is not None:
            self.alarm.load_state_dict(state["alarm"])


def _per_epoch(steps: object) -> float:
    return real("steps_per_epoch", steps, 1e-12, MOST)


def _unused(look: Look) -> Look:
    """A look that nobody has yet."""
    if not isinstance(look, Look):
        raise TypeError(f"look must be a core.recording.look.Look, such as GridLook(8, 8), got {short(look)}")
    if isinstance(look, Begun):
        raise ValueError(f"this look belongs to another recorder: make one for each, as {type(look).__name__}(…)")
    return look
