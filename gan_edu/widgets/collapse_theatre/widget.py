"""The collapse theatre: a GAN that loses its modes while one watches, and cures as switches. Used in notebook 08.

It is handed stages, on which a GAN collapses, and cures; it knows no chapter. Live it is a view over the machinery of
`Live`: a run that is driven in a thread or in the cell, a recorder with a `CollapseAlarm`, a film whose views are told
what is new. Without a kernel it plays films: of each stage one without a cure, and one for each cure that is switched
on at some step of the same run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from IPython.display import HTML
from torch import Tensor

from gan_edu.core.live.run import CHECKPOINT
from gan_edu.core.notebook.words import say
from gan_edu.core.recording.collapse_alarm import CollapseAlarm
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording
from gan_edu.core.recording.records import Recordable
from gan_edu.core.safety.checked import flag, function, integer, kind, one_of, table, text
from gan_edu.core.training import checkpoint
from gan_edu.core.training.contract import Batches, Record, Step
from gan_edu.core.training.gan import GAN
from gan_edu.widgets.collapse_theatre.films import films_of, without_a_cure
from gan_edu.widgets.collapse_theatre.stage import Cure, Stage
from gan_edu.widgets.collapse_theatre.still import covered_modes, end_of, shares_of, still
from gan_edu.widgets.collapse_theatre.treatment import Treatment
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of as one_of_these
from gan_edu.widgets.live.widget import RATE, Live, take_the_place_of

OF_A_RUN = ("gan", "batches", "recorder", "live_settings", "treatment")
MOST_FRAMES = 400  # of history
AFTER = 200  # steps before the alarm counts: at first every G is poor


class CollapseTheatre(Live):
    """`CollapseTheatre(stages, cures, train, step)`: watch a collapse, and switch cures on and off while it runs.

    stages: {name: Stage}; cures: {name: Cure}. train: (gan, batches, steps, step) → records, one a step. step: the
    usual step, (gan, batches) → record. stage: the name of the one it opens with; each goes on where it was left when
    one comes back to it. films: the name of shipped recordings, which a page without a kernel plays; without, it plays
    this run. A new theatre with the same title takes an old one's place. Raises ValueError for a stage that is not
    there, or none; TypeError for what is no Stage, Cure or function.
    """

    folder, _esm, sections, height = "collapse_theatre", bundle("collapse_theatre"), ("live",), 680

    def __init__(
        self,
        stages: Mapping[str, Stage],
        cures: Mapping[str, Cure],
        train: Callable,
        step: Step,
        title: str | None = None,
        *,
        stage: str | None = None,
        seed: int = 0,
        films: str | None = None,
        resume: str | Path | None = None,
    ):
        self.stages = {text("a stage", name): kind(name, each, Stage) for name, each in table("stages", stages).items()}
        self.cures = {text("a cure", name): kind(name, each, Cure) for name, each in table("cures", cures).items()}
        if not self.stages:
            raise ValueError("stages must hold at least one stage: {name: Stage(…)}")
        self.stage = next(iter(self.stages)) if stage is None else one_of("stage", stage, self.stages)
        self.seed, self._usual = integer("seed", seed), function("step", step, "step(gan, batches) returns a record")
        self._trains = function("train", train, "train(gan, batches, steps, step) yields a record a step")
        self.films = None if films is None else text("films", films)
        self._title = title = say("collapse_theatre", "title") if title is None else text("title", title)
        self.notice, self._pace = {}, deque(maxlen=3 * RATE)
        self._left: dict[str, dict] = {}  # the runs of the other stages, as they were left
        self.begin(self._built, self._train_on, RATE, resume)
        Control.__init__(self)
        self.on_msg(self.on_message)
        take_the_place_of(title, self)

    # ------------------------------------------------------------ a run

    def _built(self) -> tuple:
        self.treatment = Treatment(self.stage, self.stages[self.stage], self.cures, self.seed, self._usual)
        return self.treatment.gan, self.treatment.batches

    def _train_on(self, gan: Recordable, batches: Batches, steps: int) -> Iterator[Record]:
        return self._trains(gan, batches, steps, self._step)

    def _step(self, gan: GAN, batches: Batches) -> Record:
        """A step of the run, by the cures that are on now: what is switched takes hold with the next one."""
        return self.treatment.step(gan, batches)

    def recorder_of(self, gan: Recordable, batches: Iterator[Tensor]) -> Recorder:
        """A recorder of what the stage shows, with an alarm."""
        stage = self.stages[self.stage]
        alarm = CollapseAlarm(stage.signs(), after=AFTER, samples=stage.watched)
        at = OpenEnded(stage.every, score_every=1, most=MOST_FRAMES)
        return Recorder(gan, at, stage.title, stage.look(), settings={"stage": self.stage}, alarm=alarm)

    @property
    def on(self) -> list[str]:
        """The names of the cures that are on."""
        return self.treatment.names

    def switch(self, cure: str, on: bool = True) -> None:
        """Switch a cure on or off: it takes hold with the next step.

        Raises KeyError for a cure that is not there, ValueError where it contradicts one that is on.
        """
        on = flag("on", on)
        self.driver.call(lambda: self._switch(cure, on))

    def _switch(self, name: str, on: bool) -> None:
        if on == (name in self.on):
            return
        anew, step, log = self.treatment.switch(name, on), self.gan.step, self.recorder.log
        if step == 0:
            return  # nothing was trained without it
        change = say("collapse_theatre", "switchedOn" if on else "switchedOff", cure=self.cures[name].title)
        change = say("collapse_theatre", "withFreshD", change=change) if anew else change
        if log and (log[-1]["step"], log[-1].get("cure")) == (step, name):
            log.pop()  # back and forth between two steps
        else:
            log.append({"step": step, "change": change, "cure": name, "on": on})

    def show(self, stage: str) -> None:
        """Pause, and go on to another stage, where its run was left. Raises ValueError for one that is not there."""
        self.driver.call(lambda: self._show(stage))

    def _show(self, name: str) -> None:
        stage = one_of("stage", name, self.stages)
        if stage == self.stage:
            return
        self.driver.pause()
        before, self._left[self.stage] = self.stage, self._now()
        self.stage = stage
        try:
            if (left := self._left.pop(stage, None)) is None:
                self._renew()
            else:
                self._take(left)
        except Exception:
            self.stage = before
            self._take(self._left.pop(before))
            raise

    def _now(self) -> dict:
        return {name: getattr(self, name) for name in OF_A_RUN}

    def _take(self, run: dict) -> None:
        for name, part in run.items():
            setattr(self, name, part)
        self.on_new_run()

    def parts(self) -> dict:
        return {**super().parts(), "theatre": self.treatment}

    def _restore(self, folder: Path) -> None:
        """Build what the run was saved with, its cures in it, and take its state over; or all is as it was."""
        self.driver.pause()
        saved = checkpoint.read(folder / CHECKPOINT).get("theatre")
        before, run, failure = (self.stage, self.seed), self._now(), self.driver.error
        try:
            saved = table("the theatre", saved, "stage", "seed", "on")
            self.stage = one_of("stage", text("stage", saved["stage"]), self.stages)
            self.seed = integer("seed", saved["seed"])
            self._renew()
            self.treatment.check_state(saved)
            self.treatment.switched(saved["on"])
            super()._restore(folder)
        except Exception as error:
            self.stage, self.seed = before
            self._take(run)
            self.driver.error = failure
            if isinstance(error, (checkpoint.CheckpointError, OSError)):
                raise
            raise checkpoint.CheckpointError(f"{folder} does not fit this theatre. {error}") from error
        self._left.pop(self.stage, None)

    # ------------------------------------------------------------ what views are told and ask for

    def status(self) -> dict:
        """Where the run stands, its stage, and the cures that are on."""
        return {**self.standing(), "stage": self.stage, "on": self.on, "seed": self.seed}

    def whole(self) -> dict:
        return {**super().whole(), **self._told()}

    def _told(self) -> dict:
        return {
            "stages": {name: each.told() for name, each in self.stages.items()},
            "cures": {name: each.told() for name, each in self.cures.items()},
        }

    def on_message(self, _: object, content: dict, buffers: list) -> None:
        name = str(content.get("name"))
        match content.get("do"):
            case "switch":
                job = partial(self._switch, name, bool(content.get("on")))
            case "show":
                job = partial(self._show, name)
            case _:
                super().on_message(_, content, buffers)
                return
        self.send({"heard": content.get("token")})
        self.driver.ask(partial(self._try, name, job))

    # ------------------------------------------------------------ without a kernel

    def page_state(self) -> dict:
        """Films of all stages, where there are some; else of this run."""
        own = self.driver.look(self.recorder.recording) if self.films is None else None
        return {**self._told(), **films_of(self.stages, self.cures, self.films, self.stage, own), "cure": "none"}

    def shared(self) -> dict[str, dict]:
        """What a link may set: the film on show."""
        return {"stage": one_of_these(self.stages), "cure": one_of_these(("none", *self.cures))}

    def to_html(self, path: str | Path | None = None) -> HTML:
        """The theatre in an iframe that needs no kernel and no network; `path` also writes it as a page of its own."""
        return Control.to_html(self, path)

    @property
    def page_title(self) -> str:
        return self._title

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        recorded, stage = self._recorded(), self.stages[self.stage]
        meta = recorded.meta if recorded else self.growing_film.whole()["meta"]
        cures = say("kit", "listSeparator").join(self.cures[name].title for name in self.on) or "–"
        told = {"stage": stage.title, "step": meta["frames"]["step"][-1], "modes": len(stage.fair), "cures": cures}
        told["covered"] = covered_modes(shares_of(meta), stage.fair)
        return say("collapse_theatre", "altRecorded" if recorded else "alt", **told)

    def picture(self) -> bytes:
        """The newest samples, the share of each mode, and its history, as a PNG."""
        recorded = self._recorded()
        film = end_of(recorded) if recorded else self.growing_film.whole()
        return still(film, self.stages[self.stage].told(), self.alt)

    def _recorded(self) -> Recording | None:
        """What the picture shows before the first step: the stage's film without a cure, where one is shipped."""
        return None if self.gan.step or self.on else without_a_cure(self.films, self.stage)
