"""The recorder: it watches a training run pass by and keeps what can be drawn.

`for record in recorder.watch(train(gan, batches, steps))` hands each record on unchanged and, between two steps,
looks: samples from the same latents every time, D's verdict on each, and, with a `Scorer`, FID and classes. It draws
its latents from the GAN's display stream, so that a run that is recorded ends with the weights of one that is not.
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import torch
from torch import Tensor

import gan_edu
from gan_edu.core.data.pixels import as_grid, as_image, pictures, to_uint8
from gan_edu.core.recording import format
from gan_edu.core.recording.curves import Curves
from gan_edu.core.recording.format import picture_scores
from gan_edu.core.recording.frame_schedule import OpenEnded, frame_steps
from gan_edu.core.recording.recording import Recording, build, layout
from gan_edu.core.recording.records import Recordable, Scores, of_now, pulled
from gan_edu.core.safety.checked import (
    MOST,
    changes,
    function,
    integer,
    measured,
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
from gan_edu.core.training import stored_state
from gan_edu.core.training.contract import Record
from gan_edu.core.training.device import describe

__all__ = ["Recorder", "frame_steps"]
MOST_SAMPLES = 10_000  # in a row or a column of a frame


class Recorder:
    """Keeps frames and curves of one GAN. `recording()` makes the film, at any time.

    rows, columns: of the grid of samples. at: the steps to keep a frame of (`frame_steps`), or a
    `core.recording.frame_schedule.OpenEnded` for a run whose end is not known. scorer: `core.measures.Scorer`, or None.
    settings: what the film shall tell of the run, by name: texts, numbers, lists and dicts of these; numbers of numpy
    and torch, devices, types and paths are kept as plain numbers and texts. log: what was changed while it ran,
    {"step", "change"}. Raises ValueError, before anything is trained, for what no film could tell or hold: a title that
    is no text, settings of other kinds, samples that are no pictures, more or larger frames than one picture can hold.
    """

    def __init__(
        self,
        gan: Recordable,
        at: Iterable[int] | OpenEnded,
        title: str,
        name: str = "run",
        rows: int = 8,
        columns: int = 8,
        steps_per_epoch: float | None = None,
        scorer: Scores | None = None,
        settings: dict | None = None,
    ):
        function("gan.latents", getattr(gan, "latents", None))
        function("gan.generate", getattr(gan, "generate", None))
        if scorer is not None:
            function("scorer.score", getattr(scorer, "score", None))
        self.gan, self.scorer = gan, scorer
        self.at = at if isinstance(at, OpenEnded) else frozenset(several("at", at, integer))
        self.rows, self.columns = integer("rows", rows, 1, MOST_SAMPLES), integer("columns", columns, 1, MOST_SAMPLES)
        self.steps_per_epoch = None if steps_per_epoch is None else _per_epoch(steps_per_epoch)
        self.facts: dict = {
            "name": text("name", name),
            "title": text("title", title),
            "settings": format.settings("settings", kept("settings", settings or {})),
        }
        self.latents = gan.latents(self.rows * self.columns)  # drawn once: the same at every frame
        self._fits(gan.generate(self.latents[:1]))
        self.frames: dict[str, list] = {"step": [], "pixels": [], "logits": [], "scores": []}
        self.curves, self.seconds = Curves(), 0.0
        self.log: list[dict] = []

    def _fits(self, sample: Tensor) -> None:
        """Raise ValueError where what G makes, (1, …), cannot be recorded or scored."""
        if sample.ndim != 4 or sample.shape[1] not in (1, 3):
            raise ValueError(
                "pictures (N, 1 or 3, H, W) can be recorded, the generator makes samples of the shape "
                f"{tuple(sample.shape)}"
            )
        if self.scorer is not None and hasattr(self.scorer, "takes"):
            self.scorer.takes(sample)
        if isinstance(self.at, OpenEnded):
            self.at.fit(self.rows * self.columns * sample.numel())
        count = self.at.most if isinstance(self.at, OpenEnded) else len(self.at)
        layout(max(1, count), self.columns * sample.shape[3], self.rows * sample.shape[2])

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

    def keep(self) -> None:
        """Keep a frame of this very step, due or not; its scores wait until one is due."""
        if self.gan.step in self.frames["step"]:
            return
        with held():
            for name, seen in self._seen().items():  # all of it was seen before any of it is kept
                self.frames[name].append(seen)
            if isinstance(self.at, OpenEnded):
                self._thin(self.at)

    def _seen(self) -> dict:
        """What a frame holds."""
        samples = self.gan.generate(self.latents)  # (rows · columns, C, H, W)
        return {
            "step": self.gan.step,
            "pixels": to_uint8(pictures("samples", samples)),
            "logits": self.gan.judge(samples)[:, 0].float().cpu(),
            "scores": None,
        }

    def _score(self) -> None:
        due = self.at.scored(self.gan.step) if isinstance(self.at, OpenEnded) else True
        if due and self.scorer is not None and self.frames["scores"][-1] is None:
            self.frames["scores"][-1] = self.scorer.score(self.gan)

    def _thin(self, schedule: OpenEnded) -> None:
        schedule.fit(self.frames["pixels"][-1].numel())
        if (kept := schedule.thin(self.frames["step"])) is not None:
            self.frames = {name: [values[i] for i in kept] for name, values in self.frames.items()}

    def recording(self, quality: int = 80) -> Recording:
        """What was seen so far. quality: of the WebP picture, 1–100. Raises RecordingError where nothing was seen."""
        meta = {
            **self.about(),
            "frames": self.facts_of(range(len(self.frames["step"]))),
            "curves": {name: rounded(values, 4) for name, values in self.curves.so_far().items()},
            "log": list(self.log),
        }
        return build([as_image(as_grid(each, self.columns)) for each in self.frames["pixels"]], meta, quality)

    def about(self) -> dict:
        """What a recording says of the run as a whole."""
        pixels = self.frames["pixels"]
        _, channels, height, width = pixels[0].shape if pixels else (0, 0, 0, 0)
        return {
            "name": self.facts["name"],
            "title": self.facts["title"],
            "kind": "images",
            "subtitle": f"the same {self.rows * self.columns} latents at every frame · recorded, seed {self.gan.seed}",
            "steps_per_epoch": self.steps_per_epoch,
            "grid": {
                "rows": self.rows,
                "columns": self.columns,
                "tile_height": height,
                "tile_width": width,
                "channels": channels,
            },
            "points_are": f"means over {self.curves.width} steps" if self.curves.width > 1 else "single steps",
            "scoring": self._scoring(),
            "optimum": self._optimum(),
            "provenance": self._provenance(),
        }

    def facts_of(self, places: Sequence[int]) -> dict[str, list]:
        """What is known of the frames at these places, in lists: step, epoch, logits, scores."""
        per_epoch, steps = self.steps_per_epoch, self.frames["step"]
        return {
            "step": [steps[i] for i in places],
            "epoch": [round(steps[i] / per_epoch, 4) if per_epoch else None for i in places],
            "logits": [rounded(self.frames["logits"][i].tolist(), 2) for i in places],
            "scores": [rounded(self.frames["scores"][i], 4) for i in places],
        }

    def _scoring(self) -> dict | None:
        if self.scorer is None or not any(self.frames["scores"]):
            return None
        return {
            "samples": self.scorer.samples,
            "reference": self.scorer.reference,
            "fid_floor": round(self.scorer.floor, 4),
            "features": "gan_edu.core.measures.mnist_scores",
        }

    def _optimum(self) -> dict:
        best = getattr(self.gan.loss, "optimum", None)
        return {"d_loss": best[0], "g_loss": best[1], "d_real": 0.5, "d_fake": 0.5} if best else {}

    def _provenance(self) -> dict:
        return {
            "seed": self.gan.seed,
            "settings": self.facts["settings"],
            "steps": self.gan.step,
            "wall_seconds": round(self.seconds),
            "device": describe(self.gan.device),
            "precision": self.gan.precision,
            "loss": self.gan.loss.name,
            "gan_edu": gan_edu.__version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
        }

    def state_dict(self) -> dict:
        """What a checkpoint needs to go on recording."""
        return {
            "latents": self.latents,
            "frames": self.frames,
            **self.curves.state_dict(),
            "seconds": self.seconds,
            "log": self.log,
            "step": self.gan.step,
            "every": getattr(self.at, "every", None),
            "steps_per_epoch": self.steps_per_epoch,
            "settings": as_json(self.facts["settings"]),
        }

    def check_state(self, state: dict) -> None:
        """Raise ValueError for what was recorded otherwise, or cannot have been recorded. Changes nothing."""
        table("the recorder's state", state, *Recorder.state_dict(self))
        latents, step = state["latents"], integer("step", state["step"])
        if isinstance(latents, Tensor) and latents.ndim and len(latents) != self.rows * self.columns:
            raise ValueError(
                f"it was recorded with {len(latents)} samples a frame, this recorder has {self.rows} × {self.columns}"
            )
        stored_state.finite("latents", latents, self.latents)
        frames = table("frames", state["frames"], *self.frames)
        count = len(rising("frames: step", frames["step"], step))
        if len(set(frames["step"])) < count:
            raise ValueError(f"frames: two are of one step, {short(frames['step'])}")
        for name, check in self._kinds().items():
            series(f"frames: {name}", frames[name], check, count)
        self.curves.check_state(state, step)
        real("seconds", state["seconds"], 0)
        json.dumps(changes("log", state["log"], step), allow_nan=False)  # as the recording will write it
        table("settings", json.loads(text("settings", state["settings"])))
        if state["steps_per_epoch"] is not None:
            _per_epoch(state["steps_per_epoch"])
        if isinstance(self.at, OpenEnded):
            integer("every", state["every"], 1)
        elif state["every"] is not None:
            raise ValueError("it was recorded without a known end, this recorder knows its steps")

    def _kinds(self) -> dict[str, Callable[[str, object], object]]:
        """What checks one value of each list of frames, (name, value) → raises ValueError."""
        _, channels, height, width = self.gan.generate(self.latents[:1]).shape
        pixels = torch.empty(self.rows * self.columns, channels, height, width, dtype=torch.uint8)
        return {
            "pixels": lambda name, value: stored_state.tensor(name, value, pixels),
            "logits": lambda name, value: stored_state.tensor(name, value, torch.zeros(len(pixels))),
            "scores": lambda name, value: picture_scores(name, value, measured),
        }

    def load_state_dict(self, state: dict) -> None:
        """Go on recording where `state` was taken, with its settings. Raises ValueError where the grid is another."""
        self.check_state(state)
        self.latents = state["latents"].to(self.gan.device)
        self.frames = {name: list(state["frames"][name]) for name in self.frames}
        self.curves.load_state_dict(state, state["step"], self.gan.device)
        self.seconds, self.log = state["seconds"], list(state["log"])
        self.steps_per_epoch, self.facts["settings"] = state["steps_per_epoch"], json.loads(state["settings"])
        if isinstance(self.at, OpenEnded):
            self.at.every = state["every"]


def _per_epoch(steps: object) -> float:
    return real("steps_per_epoch", steps, 1e-12, MOST)
