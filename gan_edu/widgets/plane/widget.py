"""The plane: a GAN whose samples are points, trained while you watch and change everything about it.

A second view over the machinery of `Live`: a run that is driven in a thread or in the cell, a recorder that looks
between two steps, a film whose views are told what is new. It is handed what it trains: the class that holds a GAN's
pieces, `train`, the losses by name (a learner's own among them). Used from notebook 03 on.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from IPython.display import HTML
from torch import Tensor

from gan_edu.core.data.distributions import Draws
from gan_edu.core.live.run import CHECKPOINT
from gan_edu.core.notebook.words import say
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.points_look import PointsLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording, shipped
from gan_edu.core.recording.records import Recordable, WrongTrain
from gan_edu.core.safety.checked import function, kind, table
from gan_edu.core.training import checkpoint
from gan_edu.core.training.contract import Record
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.live.widget import Live, take_the_place_of
from gan_edu.widgets.plane.as_program import code
from gan_edu.widgets.plane.build import Laboratory
from gan_edu.widgets.plane.log import note_alone, note_change, note_failure
from gan_edu.widgets.plane.page import describe_points, points_sheet
from gan_edu.widgets.plane.replay import PlaneReplay, shelf
from gan_edu.widgets.plane.settings import told
from gan_edu.widgets.plane.stills import watched
from gan_edu.widgets.replay.widget import checked

OF_A_RUN = ("gan", "batches", "recorder", "live_settings")
RATE = 30  # views a second while it trains
SCORED = 3  # of these views, every third is scored


class Plane(Live):
    """`Plane(GAN, train, losses)`: watch, pause, step and change the training of a GAN in the plane.

    GAN: the class that holds its pieces, as `training_loop.GAN`. train: (gan, batches, steps) → records, one a step.
    losses: {name: loss}; the first is the one it starts with. d_step, g_step: (gan, batches) → record, a step of one
    player alone. substeps: (gan, batches) → (line, what it made), for slow motion, with lines: {code: what it does}.
    penalties: {name: (discriminator, real, fake) → scalar}, to be added to D's loss γ times. tricks: {name:
    `widgets.plane.trick_settings.Trick`}, each a setting of that name.
    data, d_lr, g_width, …: settings to start with (`widgets.plane.settings.plane_settings`). every: steps between
    frames of history. A new Plane with the same title takes an old one's place, so that a cell may run again.
    Raises KeyError or ValueError for settings that do not exist, TypeError for what is no loss or function, and a train
    that gives no iterator.
    """

    folder, _esm, sections = "plane", bundle("plane"), ("replay", "live")

    def __init__(
        self,
        GAN: Callable,
        train: Callable,
        losses: dict,
        title: str | None = None,
        *,
        d_step: Callable | None = None,
        g_step: Callable | None = None,
        substeps: Callable | None = None,
        lines: dict[str, str] | None = None,
        penalties: dict | None = None,
        tricks: dict | None = None,
        seed: int = 0,
        every: int = 50,
        **settings: object,
    ):
        self.laboratory = Laboratory(GAN, losses, settings, seed, penalties or {}, tricks or {})
        self._functions: dict[str, Callable | None] = {
            "train": train,
            "d": d_step and function("d_step", d_step),
            "g": g_step and function("g_step", g_step),
            "substeps": substeps and function("substeps", substeps),
        }
        self._title = title = say("plane", "title") if title is None else title
        self._every, self._lines = every, list(table("lines", lines or {}).items())
        self.notice, self._pace, self._looks = {}, deque(maxlen=RATE), 0
        self._failure: BaseException | None = None
        self.begin(self.laboratory.build, train, RATE, None)
        Control.__init__(self)
        self.on_msg(self.on_message)
        take_the_place_of(title, self)

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

    # ------------------------------------------------------------ what views are told

    def on_progress(self) -> None:
        """Send the views what is new, and what is to be seen now."""
        if not self.driver.running:
            self._pace.clear()
            if self.driver.error is None or isinstance(self.driver.error, WrongTrain):
                self.recorder.keep()
            elif self.driver.error is not self._failure:
                self._failure = self.driver.error
                note_failure(self.recorder.log, self.gan.step, "train")
        self._pace.append((time.monotonic(), self.gan.step))
        message, frames = self.growing_film.update(self.status())
        if self.driver.running and self.recorder.frames["step"][-1] != self.gan.step:
            self._looks += 1
            seen, scores = self.look.now(scored=self._looks % SCORED == 0)
            message["news"]["now"] = {"step": self.gan.step, "scores": scores}
            frames.append(seen)
        self.send(message, buffers=frames)

    def on_new_run(self) -> None:
        """Send the views another film."""
        self.laboratory.start = self.settings
        super().on_new_run()

    def status(self) -> dict:
        """Where the run stands, and its settings."""
        return {**self.standing(), "seed": self.laboratory.seed, "settings": self.settings}

    def whole(self) -> dict:
        can = {name: self._functions[name] is not None for name in ("d", "g", "substeps")}
        return {
            **super().whole(),
            "controls": {name: told(each) for name, each in self.laboratory.choices.items()},
            "defaults": self.laboratory.defaults,
            "can": can,
            "lines": self._lines,
            "shelf": shelf(),
        }

    # ------------------------------------------------------------ what views ask for

    def on_message(self, _: object, content: dict, buffers: list) -> None:
        name = str(content.get("name"))
        match content.get("do"):
            case "set":
                where, job = name, partial(self._change, name, content.get("value"))
            case "d" | "g" as where:
                job = partial(self.single_step, where)
            case "slow" as where:
                job = partial(self.slow_motion)
            case "defaults" as where:
                job = partial(self._to_defaults)
            case "code" as where:
                job = partial(self._send_code)
            case "beside" as where:
                job = partial(self._lay_beside, name)
            case _:
                super().on_message(_, content, buffers)
                return
        self.send({"heard": content.get("token")})
        self.driver.ask(partial(self._try, where, job))

    def _look_at(self, settings: dict) -> None:
        self.laboratory.fits(settings)

    def _change(self, name: str, given: object) -> None:
        """Change a setting; where it asks for fresh networks, begin anew with them."""
        laboratory, step = self.laboratory, self.gan.step
        value, before, setting = laboratory.checked(name, given), laboratory.settings[name], laboratory.choices[name]
        if value == before:
            return
        laboratory.settings[name], anew = value, setting.fresh or not step
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

    def slow_motion(self) -> None:
        """One step, sub-step by sub-step: what each one changed is sent as a still."""
        substeps = self._functions["substeps"]
        if substeps is None:
            raise ValueError("hand over the sub-steps of the loop: Plane(…, substeps=substeps, lines=LINES)")
        self.driver.pause()
        stills: list[dict] = []
        frames: list[bytes] = []
        self._watched("train", watched(substeps, self.batches, self.look, stills, frames))
        self.send({"slow": stills}, buffers=frames)

    def _send_code(self) -> None:
        self.send({"code": self.code})

    def _lay_beside(self, name: str) -> None:
        (recording,) = checked((shipped(name),), "points")
        self.send({"beside": recording.meta}, buffers=[recording.atlas])

    def defaults(self) -> None:
        """Pause, and begin anew with the settings that this plane was made with."""
        self.driver.call(self._to_defaults)

    def _to_defaults(self) -> None:
        self.laboratory.settings = dict(self.laboratory.defaults)
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

    # ------------------------------------------------------------ what a saved notebook keeps

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return describe_points(self.recording())

    def _name(self) -> str:
        return f"{self._title}; {self.settings['data']!r:.40}, step {self.gan.step:,}"

    def picture(self) -> bytes:
        return points_sheet((self.recording(),))

    def to_html(self, path: str | Path | None = None, beside: Recording | None = None) -> HTML:
        """The run so far in an iframe that needs no kernel; beside: another run at the same step.

        path: also writes it as a page of its own. Raises TypeError or ValueError where beside is no run of the plane.
        """
        others = () if beside is None else checked((beside,), "points")
        return PlaneReplay(self.recording(), *others).to_html(path)
