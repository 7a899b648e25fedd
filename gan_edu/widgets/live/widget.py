"""Live training: the replay's view, growing while it trains, with the settings that may change on the way.

Training happens in a thread, or, with GAN_EDU_DRIVER=inline, in the cell that calls `train_to`. The buttons only ask;
what they ask for is done between two steps. A run that is watched, paused and resumed ends with the weights of one that
is not. Views are sent what is new, and all of it when they open. Used from notebook 04 on.
"""

from __future__ import annotations

import sys
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import traitlets
from IPython import get_ipython
from IPython.display import HTML
from torch import Tensor

from gan_edu.core.live.driver import pause_all
from gan_edu.core.live.run import Run, rest_of_epoch, steps_per_epoch
from gan_edu.core.notebook.words import say
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.records import Recordable, Scores, WrongTrain
from gan_edu.core.safety.checked import integer
from gan_edu.core.training.contract import InPasses
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.still import contact_sheet, describe
from gan_edu.widgets.live.film import Film
from gan_edu.widgets.replay.widget import Replay

RATE = 10  # messages a second, at most
LET_GO = (
    "driver",
    "gan",
    "batches",
    "recorder",
    "live_settings",
    "growing_film",
    "_grid",
    "_build",
    "_train",
)  # when it closes
BY_TITLE: weakref.WeakValueDictionary[str, Live] = weakref.WeakValueDictionary()


def take_the_place_of(title: str, live: Live) -> None:
    """Close an older one of this title, now that its successor stands."""
    if old := BY_TITLE.pop(title, None):
        old.close()
    BY_TITLE[title] = live


class Live(Run, Control):
    """`Live(build, train)`: a view with Start, Pause, Step, Reset, and the settings.

    build: () → (gan, batches), fresh ones; Reset calls it again. train: (gan, batches, steps) → records, one a step.
    rows, columns: of the grid of samples. every: steps between two frames, to begin with. scorer: scores some of the
    frames (`core.measures.Scorer`). milestones: what is usually seen, and from which step
    on, {"digits": 9370}: the view says how long that will take. resume: a folder that `save` wrote, to go on from.
    condition: what each sample is asked for, (rows · columns, …), of a GAN that is given one.
    A new Live with the same title takes an old one's place, so that a cell may run again: the old one is closed.
    Raises TypeError for what is no function, a build that gives no pair, and a train that gives no iterator.
    """

    folder, _esm = "live", bundle("live")
    sections: Sequence[str] = ("replay",)
    film = traitlets.Int(0).tag(sync=True, to_json=lambda _, live: live.whole())  # whole, whenever a view asks

    def __init__(
        self,
        build: Callable,
        train: Callable,
        title: str | None = None,
        *,
        rows: int = 8,
        columns: int = 8,
        every: int = 20,
        scorer: Scores | None = None,
        settings: dict | None = None,
        milestones: dict[str, int] | None = None,
        resume: str | Path | None = None,
        condition: Tensor | None = None,
    ):
        named = (milestones or {}).items()
        self._milestones = {name: integer(f"milestones[{name!r}]", step, 1) for name, step in named}
        self._every = every
        self._title = title = say("live", "title") if title is None else title
        self._settings = settings
        self._grid: dict = {"rows": rows, "columns": columns, "scorer": scorer, "condition": condition}
        self.notice: dict[str, str] = {}
        self._pace: deque[tuple[float, int]] = deque(maxlen=3 * RATE)
        self.begin(build, train, RATE, resume)
        super().__init__()
        self.on_msg(self.on_message)
        take_the_place_of(title, self)

    def to_html(self, path: str | Path | None = None) -> HTML:
        """The run so far as a replay in an iframe that needs no kernel; `path` also writes it as a page of its own."""
        return Replay(self.recording()).to_html(path)

    def close(self) -> None:
        """Pause, take the view away, and let go of the run: networks, data and film. To keep it, `save` it before.

        A notebook remembers what its cells returned: a closed run would stay in memory as long as the kernel.
        """
        if sys.is_finalizing():  # no thread begins any more, that could let go of it between two steps
            return
        if "driver" in vars(self):  # not where it was refused, or is closed
            self.driver.pause()
            self.driver.call(lambda: [self.__dict__.pop(name, None) for name in LET_GO])
        super().close()

    def __getattr__(self, name: str) -> Any:
        """Raises AttributeError, which says so where a closed run was asked for what it has let go of."""
        if name in LET_GO and self.comm is None:
            raise AttributeError(f"this {type(self).__name__} is closed; its run is gone")
        return object.__getattribute__(self, name)  # raises: it is not there, or what its property misses

    def recorder_of(self, gan: Recordable, batches: Iterator[Tensor]) -> Recorder:
        """A recorder of pictures, for a run without a known end."""
        return Recorder(
            gan,
            OpenEnded(self._every),
            self._title,
            GridLook(**self._grid),
            steps_per_epoch=steps_per_epoch(gan, batches),
            settings=self._settings,
        )

    # ------------------------------------------------------------ what views are told

    def on_progress(self) -> None:
        """Send the views what is new."""
        if not self.driver.running:
            self._pace.clear()
            if self.driver.error is None or isinstance(self.driver.error, WrongTrain):
                self.recorder.keep()  # the samples of the very step it stopped at
        self._pace.append((time.monotonic(), self.gan.step))
        message, pictures = self.growing_film.update(self.status())
        self.send(message, buffers=pictures)

    def on_new_run(self) -> None:
        """Send the views another film."""
        self.notice = {}
        self._pace.clear()
        self.growing_film = Film(self.recorder, self.status())
        if self.comm is not None:
            self.send_state("film")

    def whole(self) -> dict:
        """All that a view is told when it opens."""
        return self.growing_film.whole()

    def status(self) -> dict:
        """Where the run stands, and its settings."""
        batches = self.batches
        counted = isinstance(batches, InPasses)
        return {
            **self.standing(),
            "epoch": batches.epoch + batches.position / len(batches.data) if counted else None,
            "milestones": self._milestones,
            "knobs": {
                name: {"label": setting.full, "value": setting.read(self), "whole": setting.whole}
                for name, setting in self.live_settings.all.items()
            },
        }

    def standing(self) -> dict:
        """Where the run stands, as every view of one tells it."""
        error, pace = self.driver.error, list(self._pace)
        phase = "failed" if error else "training" if self.driver.running else "paused" if self.gan.step else "ready"
        rate = (pace[-1][1] - pace[0][1]) / (pace[-1][0] - pace[0][0]) if len(pace) > 1 else None
        return {
            "phase": phase,
            "step": self.gan.step,
            "seconds": round(self.recorder.seconds, 1),
            "rate": rate,
            "inline": self.driver.inline,
            "notice": self.notice,
            "error": f"{type(error).__name__}: {error}" if error else None,
        }

    # ------------------------------------------------------------ what views ask for

    def start(self, steps: int | None = None) -> None:
        """Train on, for `steps` steps or without end; returns at once (inline: when done)."""
        kernel = getattr(get_ipython(), "kernel", None)
        if kernel is not None:  # the stop button shall pause it while no cell runs, too
            kernel.saved_sigint_handler = pause_all
        super().start(steps)

    def on_message(self, _: object, content: dict, buffers: list) -> None:
        """A click, as {"do", "token", …}. The answer to each: heard."""
        self.send({"heard": content.get("token")})
        do = content.get("do")
        if do == "pause":
            self.driver.pause()
        elif do == "all":
            self.send_state("film")
        elif do == "start":
            self.start()
        elif do == "step":
            self.start(1)
        elif do == "epoch":
            self.start(rest_of_epoch(self.gan, self.batches))
        elif do == "reset":
            self.driver.ask(partial(self._try, "reset", self._renew))
        elif do == "set":
            name, value = str(content.get("name")), content.get("value")
            self.driver.ask(partial(self._try, name, partial(self._change, name, value)))

    def _try(self, where: str, job: Callable[[], object]) -> None:
        """Do what a click asked for, and tell of it soon; what is wrong with it is told beside the control."""
        try:
            self.notice = {}
            job()
        except Exception as error:
            self.notice = {"at": where, "text": str(error)}
        self.driver.hasten()

    # ------------------------------------------------------------ what a saved notebook keeps

    @property
    def alt(self) -> str:
        """What the contact sheet shows, in words."""
        return describe((self.growing_film.still(),))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'closed' if self.comm is None else self._name()})"

    def _name(self) -> str:
        return f"{self._title}; step {self.gan.step:,}"

    def picture(self) -> bytes:
        return contact_sheet((self.growing_film.still(),))
