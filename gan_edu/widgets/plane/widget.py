"""The plane: a GAN whose samples are points, trained while you watch and change everything about it.

A second view over the machinery of `Live`: a run that is driven in a thread or in the cell, a recorder that looks
between two steps, a film whose views are told what is new. It is handed what it trains: the class that holds a GAN's
pieces, `train`, the losses by name (a learner's own among them). Used from notebook 03 on.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from IPython.display import HTML

from gan_edu.core.notebook.words import say
from gan_edu.core.recording.recording import Recording, shipped
from gan_edu.core.recording.records import WrongTrain
from gan_edu.core.safety.checked import function, integer, one_of, table
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.formulas import formulas
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.live.widget import take_the_place_of
from gan_edu.widgets.plane.build import Laboratory
from gan_edu.widgets.plane.log import note_failure
from gan_edu.widgets.plane.page import describe_points, points_sheet
from gan_edu.widgets.plane.presets import offered
from gan_edu.widgets.plane.replay import PlaneReplay, shelf
from gan_edu.widgets.plane.run import PlaneRun
from gan_edu.widgets.plane.settings import told
from gan_edu.widgets.plane.stills import watched
from gan_edu.widgets.replay.widget import checked

RATE = 30  # views a second while it trains
SCORED = 3  # of these views, every third is scored
PACES = [0, 30, 5, 1]  # steps a second, 0: as many as it can


class Plane(PlaneRun):
    """`Plane(GAN, train, losses)`: watch, pause, step and change the training of a GAN in the plane.

    GAN: the class that holds its pieces, as `training_loop.GAN`. train: (gan, batches, steps) → records, one a step.
    losses: {name: loss}; the first is the one it starts with. d_step, g_step: (gan, batches) → record, a step of one
    player alone. substeps: (gan, batches) → (line, what it made), for slow motion, with lines: {code: what it does}.
    penalties: {name: (discriminator, real, fake) → scalar}, to be added to D's loss γ times. tricks: {name:
    `widgets.plane.trick_settings.Trick`}, each a setting of that name.
    data, d_lr, g_width, …: settings to start with (`widgets.plane.settings.plane_settings`). every: steps between
    frames of history. uses: names of the settings that a task needs: the others are folded away, and the group of the
    first is open. A new Plane with the same title takes an old one's place, so that a cell may run again.
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
        uses: Iterable[str] = (),
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
        self.uses = [one_of("uses", name, list(self.laboratory.choices)) for name in uses]
        self.preset, self.pace, self._due = None, 0, 0.0
        self._every, self._lines = every, list(table("lines", lines or {}).items())
        self.notice, self._pace, self._looks = {}, deque(maxlen=RATE), 0
        self._failure: BaseException | None = None
        self.begin(self.laboratory.build, train, RATE, None)
        Control.__init__(self)
        self.on_msg(self.on_message)
        take_the_place_of(title, self)

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
        self._keep_pace()

    def _keep_pace(self) -> None:
        if self.pace and self.driver.running:
            now, apart = time.monotonic(), 1 / self.pace
            self._due = min(max(now, self._due + apart), now + apart)
            self.driver.rest(self._due - now)

    def on_new_run(self) -> None:
        """Send the views another film."""
        self.laboratory.start = self.settings
        super().on_new_run()

    def status(self) -> dict:
        """Where the run stands, and its settings."""
        more = {"seed": self.laboratory.seed, "settings": self.settings, "preset": self.preset, "pace": self.pace}
        return {**self.standing(), **more}

    def whole(self) -> dict:
        can = {name: self._functions[name] is not None for name in ("d", "g", "substeps")}
        return {
            **super().whole(),
            "controls": {name: told(each) for name, each in self.laboratory.choices.items()},
            "defaults": self.laboratory.defaults,
            "can": can,
            "lines": self._lines,
            "formulas": {name: formulas(loss) for name, loss in self.laboratory.losses.items()},
            "uses": self.uses,
            "presets": offered(self.laboratory),
            "paces": PACES,
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
            case "preset" as where:
                job = partial(self._attempt_and_train, name)
            case "pace" as where:
                job = partial(self._set_pace, content.get("value"))
            case "code" as where:
                job = partial(self._send_code)
            case "beside" as where:
                job = partial(self._lay_beside, name)
            case _:
                super().on_message(_, content, buffers)
                return
        self.send({"heard": content.get("token")})
        self.driver.ask(partial(self._try, where, job))

    def _attempt_and_train(self, name: str) -> None:
        self._attempt(name)
        if not self.driver.inline:
            self.start()

    def _set_pace(self, steps: object) -> None:
        """At most so many steps a second, each of them shown; 0: as many as it can, some of them shown."""
        self.pace, self._due = integer("steps a second", steps, 0, RATE), 0.0
        self.driver.interval = 0 if steps else 1 / RATE

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
