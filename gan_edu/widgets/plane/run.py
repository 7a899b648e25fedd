"""A run of the plane: its settings, and what may be done to it between two steps.

Changes, steps of one player alone and situations are written into its log, from which `as_program` makes a program.
Used from notebook 03 on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from torch import Tensor

from gan_edu.core.data.distributions import Draws
from gan_edu.core.live.run import CHECKPOINT
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.points_look import PointsLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.records import Recordable
from gan_edu.core.safety.checked import kind
from gan_edu.core.training import checkpoint
from gan_edu.core.training.contract import Record
from gan_edu.widgets.live.widget import Live
from gan_edu.widgets.plane import presets
from gan_edu.widgets.plane.as_program import code
from gan_edu.widgets.plane.build import Laboratory
from gan_edu.widgets.plane.log import note_alone, note_change, note_failure

OF_A_RUN = ("gan", "batches", "recorder", "live_settings")


class PlaneRun(Live):
    """A GAN in the plane that a laboratory built. `Plane` shows it."""

    laboratory: Laboratory
    preset: str | None  # the situation that it began with
    _functions: dict[str, Callable | None]

    def recorder_of(self, gan: Recordable, batches: Iterator[Tensor]) -> Recorder:
        """A recorder of points, for a run without a known end."""
        look = PointsLook(kind("batches", batches, Draws).distribution)
        at, settings = OpenEnded(self._every, most=600), dict(self.laboratory.settings)
        return Recorder(gan, at, self._title, look, settings=settings)

    @property
    def look(self) -> PointsLook:
        """What is to be seen of the run."""
        return kind("recorder.look", self.recorder.look, PointsLook)

    @property
    def settings(self) -> dict:
        """What each setting is now."""
        return dict(self.laboratory.settings)

    @property
    def code(self) -> str:
        """The run so far as a program that trains the same weights.

        Raises ValueError where GAN, train, or a step or trick it has used has no name that a program could call.
        """
        return code(self.laboratory, self.recorder.log, self.gan.step, self._functions)

    # ------------------------------------------------------------ what is done to it between two steps

    def _look_at(self, settings: dict) -> None:
        self.laboratory.fits(settings)

    def _change(self, name: str, given: object) -> None:
        """Change a setting; where it asks for fresh networks, begin anew with them."""
        laboratory, step = self.laboratory, self.gan.step
        value, before, setting = laboratory.checked(name, given), laboratory.settings[name], laboratory.choices[name]
        if value == before:
            return
        laboratory.settings[name], anew = value, setting.fresh or not step
        self.preset = None
        try:
            if anew:
                self._renew_and_go_on()
                return
            setting.write(self, laboratory.settings)
        except Exception:  # it cannot go together with the others
            laboratory.settings[name] = before
            if not anew:
                setting.write(self, laboratory.settings)
            raise
        note_change(self.recorder.log, step, setting, before, value)
        if name == "data":
            self.look.show(self.batches.distribution)
        elif name == "latent":
            self.look.bend()

    def _renew_and_go_on(self) -> None:
        running = self.driver.running
        try:
            self._renew()
        finally:
            if running:
                self.driver.anew()

    def single_step(self, letter: str) -> None:
        """One step of one player alone."""
        step = self._functions[letter]
        if step is None:
            raise ValueError(f"hand over {letter}_step, a step of {letter.upper()} alone: Plane(…, {letter}_step=…)")
        self.driver.pause()
        before = self.gan.step
        self._watched(letter, (step(self.gan, self.batches) for _ in range(1)))
        note_alone(self.recorder.log, before, letter)

    def _watched(self, what: str, records: Iterable[Record]) -> None:
        try:
            for _ in self.recorder.watch(records):
                pass
        except Exception:
            note_failure(self.recorder.log, self.gan.step, what)
            raise

    def defaults(self) -> None:
        """Pause, and begin anew with the settings that this plane was made with."""
        self.driver.call(self._to_defaults)

    def _to_defaults(self) -> None:
        self._begin_with(dict(self.laboratory.defaults), None)

    def attempt(self, name: str) -> None:
        """Pause, and begin anew with the settings of a situation: "collapse", "circle", or "save", where there is R1.

        Raises KeyError for another.
        """
        self.driver.call(lambda: self._attempt(name))

    def _attempt(self, name: str) -> None:
        self._begin_with(presets.settings(self.laboratory, name), name)

    def _begin_with(self, settings: dict, preset: str | None) -> None:
        self.laboratory.settings, self.preset = settings, preset
        self._renew()

    def draw(self, points: object) -> None:
        """Learn what is drawn: points [[x, y], …] in [−1.5, 1.5]², a list, array or tensor (K, 2)."""
        self.set(data=points)

    def parts(self) -> dict:
        return {"gan": self.gan, "batches": self.batches, "recorder": self.recorder, "laboratory": self.laboratory}

    def _restore(self, folder: Path) -> None:
        """Build what the run was saved with, and take its state over; where that fails, all is as it was."""
        self.driver.pause()
        states = checkpoint.read(folder / CHECKPOINT)
        settings, run = self.laboratory.state_dict(), {name: getattr(self, name) for name in OF_A_RUN}
        failure = self.driver.error
        if missing := [name for name in self.parts() if name not in states]:
            raise checkpoint.CheckpointError(f"{folder} holds no run of the plane: it lacks {', '.join(missing)}")
        try:
            self.laboratory.load_state_dict(states["laboratory"])
            start = dict(self.laboratory.start)
            self._renew()
            super()._restore(folder)
            self.laboratory.start = start
            self._check_story()
        except Exception as error:
            self.laboratory.load_state_dict(settings)
            for name, part in run.items():
                setattr(self, name, part)
            self.on_new_run()
            self.laboratory.start, self.driver.error = settings["start"], failure
            if isinstance(error, (checkpoint.CheckpointError, OSError)):
                raise
            raise checkpoint.CheckpointError(f"{folder} does not fit this plane. {error}") from error

    def _check_story(self) -> None:
        """Raise ValueError for a log that does not lead from the settings at the start to those of now."""
        now = self.laboratory.led_to(self.recorder.log, self.gan.step)
        has = {name: setting.read(self) for name, setting in self.laboratory.choices.items()}
        if different := [name for name, value in self.settings.items() if now[name] != value or has[name] != value]:
            raise ValueError(f"its changes do not lead from how it began to how it is: {', '.join(different)}")
