"""A training run under way: what drives it, what watches it, and what may be done to it between two steps.

It is handed what builds and what trains, so that it drives any GAN on any batches. A view inherits from it and says
what watches (`recorder_of`) and whom to tell (`on_progress`, `on_new_run`): `widgets.Live` shows grids of pictures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

from torch import Tensor

from gan_edu.core.data.batches import Batches
from gan_edu.core.live.driver import ENDLESS, Driver
from gan_edu.core.live.settings import Settings
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording
from gan_edu.core.recording.records import Recordable, WrongTrain, pulled
from gan_edu.core.safety import durable
from gan_edu.core.safety.checked import function, integer, path
from gan_edu.core.safety.interrupts import alone
from gan_edu.core.training import checkpoint
from gan_edu.core.training.contract import GAN, CountsPasses, Record
from gan_edu.core.training.threads import give_back_threads

CHECKPOINT = "run.ckpt"


class Run:
    """Start, pause, change, save and begin anew. `gan`, `batches` and `recorder` are those of the run."""

    gan: Recordable
    recorder: Recorder

    def begin(self, build: Callable, train: Callable, rate: float, resume: str | Path | None) -> None:
        """build: () → (gan, batches), fresh ones. train: (gan, batches, steps) → an iterator, a record a step.

        rate: how often `on_progress` is called, a second. resume: a folder that `save` wrote, to go on from. Raises
        TypeError for a train that returns something else: it is asked for 0 steps.
        """
        self._build = function("build", build, "build() returns (gan, batches)")
        self._train = function("train", train, "train(gan, batches, steps) yields a record a step")
        resume = None if resume is None else path("resume", resume)
        self.driver = Driver(self._records, self.on_progress, rate)
        self._renew()
        self._try_out()
        if resume is not None:
            self._restore(resume)

    # ------------------------------------------------------------ what a view says

    def recorder_of(self, gan: Recordable, batches: Iterator[Tensor]) -> Recorder:
        """What watches a run."""
        raise NotImplementedError

    def on_progress(self) -> None:
        """Called between two steps, and once it has stopped."""

    def on_new_run(self) -> None:
        """Called when another run has taken this one's place."""

    # ------------------------------------------------------------ what a learner calls

    def start(self, steps: int | None = None) -> None:
        """Train on, for `steps` steps or without end; returns at once (inline: when done)."""
        if not self.driver.inline:
            give_back_threads()  # to the thread that trains
        self.driver.start(steps)

    def pause(self) -> None:
        """Stop after the step it is in; returns when it has stopped. From within a step it asks for that and returns.

        A hook may call this and all that follows; what changes the run is then done right after the step.
        """
        self.driver.halt()

    def wait(self, timeout: float | None = None) -> None:
        """Return when it has stopped. Raises what training raised; Ctrl-C or the stop button pauses."""
        self.driver.wait(timeout)

    def train_to(self, steps: int) -> None:
        """Train until step `steps` of the run, and return. A cell that was stopped goes on when it is run again.

        Where the run is there already nothing is trained, and a line says so.
        """
        steps = integer("steps", steps)
        self.driver.halt()
        if steps <= self.gan.step:
            more = max(1, steps)
            print(
                f"nothing to train: the run is at step {self.gan.step:,} already, and train_to({steps:,}) ends there "
                f"or before; train_to({self.gan.step + more:,}) trains {more:,} step{'s' if more > 1 else ''} more"
            )
        else:
            with self.driver.stopped_by_hand(anew=True):
                self.start(steps - self.gan.step)
                self.driver.wait()

    def set(self, **settings: object) -> None:
        """Change d_lr, g_lr, batch_size or d_steps, all that are given or none of them.

        Raises ValueError or KeyError for what is not allowed.
        """
        self.driver.call(lambda: self._set(settings))

    def reset(self) -> None:
        """Pause, and begin anew with what build() makes. Raises ValueError where that is what was there already."""
        self.driver.call(self._renew)

    def recording(self, quality: int = 80) -> Recording:
        """The film so far, for `Replay` or `save`. quality: of its pictures, 1–100."""
        return self.driver.look(lambda: self.recorder.recording(quality))

    def save(self, folder: str | Path) -> Path:
        """Write the recording and a checkpoint to go on from into `folder`. Returns the folder."""
        folder = path("folder", folder)
        self.driver.call(lambda: self._store(folder))
        return folder

    def load(self, folder: str | Path) -> None:
        """Pause, and go on from what `save` wrote. Raises as `checkpoint.load` does; then all is as it was."""
        folder = path("folder", folder)
        self.driver.call(lambda: self._restore(folder))

    # ------------------------------------------------------------ between two steps, where the run trains

    def _try_out(self) -> None:
        """Raise WrongTrain for a train that makes no iterator, before it trains: a list is there when all is over."""
        try:
            made = self._train(self.gan, self.batches, 0)
        except Exception:  # it says so again when it is to train
            return
        pulled("train(gan, batches, steps)", made)

    def _records(self, steps: int) -> Iterator[Record]:
        return self.recorder.watch(self._to_the_end(steps))

    def _to_the_end(self, steps: int) -> Iterator[Record]:
        """The records of train, which are as many as were asked for."""
        made = 0
        for record in pulled("train(gan, batches, steps)", self._train(self.gan, self.batches, steps)):
            made += 1
            yield record
        if made < steps:
            asked = f"step {made:,} of {steps:,}" if steps < ENDLESS else f"step {made:,}, and was to go on"
            raise WrongTrain(f"train ended at {asked}: it must yield a record after each of its steps")

    def _renew(self) -> None:
        self.driver.pause()
        with alone():  # build() may seed and draw
            made = self._build()
        if not isinstance(made, tuple) or len(made) != 2:
            raise TypeError(f"build() must return (gan, batches), got {type(made).__name__}")
        gan, batches = made
        self._check_fresh(gan, batches)
        recorder = self.recorder_of(gan, batches)
        recorder.keep()
        self.gan, self.batches, self.recorder, self.live_settings = gan, batches, recorder, Settings(gan, batches)
        self.driver.error = None
        self.on_new_run()

    def _check_fresh(self, gan: object, batches: object) -> None:
        """Raise ValueError where build() handed out what was trained already: all would begin where it stands."""
        before, now = trained(vars(self).get("gan"), vars(self).get("batches")), trained(gan, batches)
        if again := [name for name, part in now.items() if part is not None and part is before.get(name)]:
            raise ValueError(
                f"build() returned the same {' and '.join(again)} again, no fresh ones: create them in "
                "build, as in def build(): gan = GAN(…); batches = Batches(…); return gan, batches"
            )

    def _restore(self, folder: Path) -> None:
        self.driver.pause()
        before = self.live_settings.state_dict()
        try:
            self.live_settings.load_state_dict(
                checkpoint.read(folder / CHECKPOINT).get("knobs", {})
            )  # changed meanwhile
            checkpoint.load(folder / CHECKPOINT, **self.parts())
        except Exception as error:
            self.live_settings.load_state_dict(before)
            if isinstance(error, (checkpoint.CheckpointError, OSError)):
                raise
            raise checkpoint.CheckpointError(f"{folder} holds settings that this run cannot have. {error}") from error
        self.driver.error = None
        self.on_new_run()

    def _store(self, folder: Path) -> Path:
        """Checkpoint and recording of one step. A full disk changes neither; after a kill at any moment both can be
        read, and a checkpoint newer than the recording is all that may be left of it."""
        self.recorder.keep()
        film = self.recorder.recording().packed()
        return durable.write_together(folder, {CHECKPOINT: checkpoint.sealed(**self.parts()), **film})

    def parts(self) -> dict:
        return {"gan": self.gan, "batches": self.batches, "recorder": self.recorder, "knobs": self.live_settings}

    def _set(self, settings: dict) -> None:
        self._look_at(settings)
        for name, value in settings.items():
            self._change(name, value)

    def _look_at(self, settings: dict) -> None:
        """Raise for settings that cannot be taken, before any of them is."""
        for name, value in settings.items():
            self.live_settings.checked(name, value)

    def _change(self, name: str, given: object) -> None:
        value, setting = self.live_settings.checked(name, given), self.live_settings.all[name]
        before, now = f"{setting.read(self):g}", f"{value:g}"
        setting.write(self, {name: value})
        if now != before:
            note(self.recorder.log, self.gan.step, setting.full, before, now)
            if name in ("batch_size", "d_steps"):  # from here on an epoch is another number of steps
                self.recorder.steps_per_epoch = None if self.gan.step else steps_per_epoch(self.gan, self.batches)


def trained(gan: object, batches: object) -> dict[str, object]:
    """What training changes, and a run that begins anew needs fresh, by name."""
    players = {name: player.network for name, player in getattr(gan, "players", {}).items()}
    return {"gan": gan, **players, "batches": batches}


def note(log: list[dict], step: int, label: str, before: str, now: str, joins: bool = True, **more: object) -> None:
    """Write into a run's log that a setting was changed. joins: changes of it between the same two steps are one."""
    last = log[-1] if log else {}
    same = all(last.get(key) == value for key, value in (("step", step), ("label", label), ("name", more.get("name"))))
    if joins and same and "before" in last:
        before = log.pop()["before"]
    if not joins or before != now:
        change = f"{label} {before} → {now}"
        log.append({"step": step, "change": change, "label": label, "before": before, "now": now, **more})


def steps_per_epoch(gan: GAN, batches: object) -> int | float | None:
    """Steps in one pass over the data, None where the batches do not say."""
    count = batches.steps_per_epoch if isinstance(batches, CountsPasses) else 0
    steps = count / gan.d_steps if count else None
    return int(steps) if steps and steps == int(steps) else steps


def rest_of_epoch(gan: GAN, batches: Batches) -> int:
    """Steps left in this pass over the data; a whole pass where it has just ended."""
    left = (len(batches.data) - batches.position) // batches.batch_size
    return math.ceil((left or batches.steps_per_epoch) / gan.d_steps)
