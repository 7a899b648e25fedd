"""A minute of one core to each of four models, for one slider of notebook 11: `python -m gan_edu record rivals`.

Settings are those that notebook 11's scores are of, and so is the seed, the first of them. A film tells as its `cost`
how many steps of the GAN take as long as one of its own; counted so, all four have their frames at the same steps. They
train on one thread, as what a minute is worth was measured on one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from torch import Tensor

from gan_edu.core.measures.mnist_scores import Scorer
from gan_edu.core.measures.stored_scores import measured
from gan_edu.core.recording.frame_schedule import Listed
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording
from gan_edu.core.training import threads
from gan_edu.core.training.contract import Batches, Record, Step
from gan_edu.recordings.digits_film import summary
from gan_edu.recordings.of_settings import LADDER, rival
from gan_edu.recordings.resumable import record, trial
from gan_edu.training_loop import GAN, train

SECONDS, SEED = 60, 10
FRAMES, SCORED = 24, 6  # from the last one back each sixth is scored
SAMPLES = 1000  # of a score: of one core a diffusion takes 10 seconds for them
QUALITY = 60
LEARNING = ("kind", "lr", "betas", "batch", "ema", "steps")
TOLD = {  # of the settings, those that a model has
    "gan": ("kind", *LADDER),
    "vae": (*LEARNING, "latent_dim", "beta"),
    "pixels": LEARNING,
    "diffusion": (*LEARNING, "width", "passes"),
}
Values = Mapping[str, Tensor]
CURVES: dict[str, Callable[[Values], Values]] = {  # losses of other units than a GAN's, by names of their own
    "gan": lambda values: values,
    "vae": lambda values: {"bits a pixel": values["missed"] + values["kl"]},  # the bound, whatever the weight of the KL
    "pixels": lambda values: {"bits a pixel": values["g_loss"]},
    "diffusion": lambda values: {"squared error": values["g_loss"]},
}


def record_rivals(name: str, epochs: int | None = None, into: str | Path | None = None) -> None:
    """Make the four films and store them. epochs: seconds in place of the minute, for a trial."""
    seconds, folder = trial(name, epochs, into, SECONDS)
    arms = measured("rivals")["arms"]
    settings = {kind: {**arms[kind]["settings"], "seed": SEED} for kind in TOLD}
    for each in settings.values():
        each["steps"] = max(1, round(each["steps"] * seconds / SECONDS))
    costs = {kind: round(settings["gan"]["steps"] / each["steps"], 6) for kind, each in settings.items()}
    moments = in_common({kind: each["steps"] for kind, each in settings.items()}, costs)
    with threads.one():
        for kind, s in settings.items():
            about = {each: s[each] for each in TOLD[kind] if each in s}
            about |= {} if kind == "gan" else {"cost": costs[kind]}
            at = [round(moment / costs[kind]) for moment in moments]
            recording = film(f"{name}/{kind}", arms[kind]["label"], s, about, at, folder / kind)
            print(summary(recording, folder / kind), flush=True)


def in_common(steps: Mapping[str, int], costs: Mapping[str, float]) -> list[int]:
    """Steps of the GAN at which all have a frame, closer at first: near k² for k = 0 … FRAMES − 1.

    Each is what some step of every model is counted as, so that frames of one moment come up together. steps: of the
    whole minute.
    """
    reached = [{round(step * costs[kind]) for step in range(count + 1)} for kind, count in steps.items()]
    there, end = set.intersection(*reached), steps["gan"]
    wanted = [end * (k / (FRAMES - 1)) ** 2 for k in range(FRAMES)]
    return sorted({min(there, key=lambda step: (abs(step - moment), step)) for moment in wanted})


def film(name: str, title: str, s: dict, about: dict, at: list[int], folder: Path) -> Recording:
    """Train one of them and store its film. about: what it tells of its settings; at: the steps of its frames."""
    gan, batches, step = rival(s)
    look, moments = GridLook(scorer=Scorer(SAMPLES)), Listed(frozenset(at), frozenset(at[::-SCORED]))
    recorder = Recorder(gan, moments, title, look, name=name, settings=about)
    way = told(step, CURVES[s["kind"]])
    return record(recorder, batches, way, s["steps"], folder, every=500, quality=QUALITY)


def told(step: Step, curves: Callable[[Values], Values]) -> Callable[[GAN, Batches, int], Iterator[Record]]:
    """`train` with this step, whose records have these values."""

    def trained(gan: GAN, batches: Batches, steps: int) -> Iterator[Record]:
        for each in train(gan, batches, steps, step=step):
            yield Record(each.step, curves(each.values))

    return trained
