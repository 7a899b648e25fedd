"""How the films of the collapse theatre are made: `python -m gan_edu record collapse_theatre`.

On each stage one run collapses. It is trained once without a cure, and once for each cure, which is switched on at the
same step: such a film begins there. They train on one thread, so that they come out the same on machines with the same
build; each takes less than two minutes, and begins anew where it is interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gan_edu.core.notebook.words import say
from gan_edu.core.recording.collapse_alarm import CollapseAlarm
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording
from gan_edu.core.safety import durable
from gan_edu.core.safety.lock import locked
from gan_edu.core.training import threads
from gan_edu.core.training.contract import Record
from gan_edu.mode_collapse import cures, stages
from gan_edu.recordings.resumable import RUNS, trial
from gan_edu.training_loop import train, train_step
from gan_edu.widgets.collapse_theatre.films import NONE
from gan_edu.widgets.collapse_theatre.treatment import Treatment
from gan_edu.widgets.collapse_theatre.widget import AFTER

ALL = "collapse_theatre"
SEED, QUALITY = 0, 50
PLAN = {"ring": (1000, 4000), "grid": (1000, 5000), "digits": (600, 3000)}  # the cure's step, the last one
FRAMES = (16, 30)  # before the cure, and after it


def record_theatre(name: str, epochs: int | None = None, into: str | Path | None = None) -> None:
    """Make all films of the theatre and store them. epochs: thousands of steps after the cure, for a trial."""
    thousands, folder = trial(name, epochs, into, 0)
    with threads.one():
        for stage, (switched, last) in PLAN.items():
            last = switched + 1000 * thousands if thousands else last
            for cure in (NONE, *cures()):
                own = folder / stage / cure
                for place in (own, RUNS):
                    durable.ask(place)
                with locked(RUNS / f"{name}_{stage}_{cure}.lock", f"the recording of {stage}/{cure}"):
                    recording = film(stage, cure, switched, last)
                    recording.save(own)
                size = sum(map(len, recording.packed().values()))
                print(f"{own}: {len(recording)} frames, {size / 1e3:.0f} KB", flush=True)


def film(stage: str, cure: str, switched: int, last: int) -> Recording:
    """One run on a stage. cure: its name, switched on at a step, from which the film then begins; or NONE."""
    run = Treatment(stage, stages()[stage], cures(), SEED, train_step)
    at = {*_evenly(0, switched, FRAMES[0]), *_evenly(switched, last, FRAMES[1])}
    alarm = CollapseAlarm(run.stage.signs(), after=AFTER, samples=run.stage.watched)
    about = {"stage": stage, "cure": cure, "switched": switched, "command": f"python -m gan_edu record {ALL}"}
    recorder = Recorder(
        run.gan,
        at,
        run.stage.title,
        run.stage.look(),
        name=f"{ALL}/{stage}/{cure}",
        settings=about,
        alarm=alarm,
    )
    for _ in recorder.watch(_played(run, cure, switched, last, recorder)):
        pass
    return _from(recorder, 0 if cure == NONE else switched)


def _evenly(first: int, last: int, count: int) -> list[int]:
    return [round(first + k * (last - first) / count) for k in range(count + 1)]


def _played(run: Treatment, cure: str, switched: int, last: int, recorder: Recorder) -> Iterator[Record]:
    yield from train(run.gan, run.batches, switched, step=run.step)
    if cure != NONE:
        anew = run.switch(cure, True)
        change = say("collapse_theatre", "switchedOn", cure=run.cures[cure].title)
        change = say("collapse_theatre", "withFreshD", change=change) if anew else change
        recorder.log.append({"step": switched, "change": change, "cure": cure, "on": True})
    yield from train(run.gan, run.batches, last - switched, step=run.step)


def _from(recorder: Recorder, first: int) -> Recording:
    """The film from a step on, without curves and logits, which the theatre does not show."""
    places = [k for k, step in enumerate(recorder.frames["step"]) if step >= first]
    frames = recorder.facts_of(places)
    meta = {
        **recorder.about(),
        "frames": {name: frames[name] for name in ("step", "scores")},
        "curves": {},
        "log": [event for event in recorder.log if event["step"] >= first],
    }
    return recorder.look.build([recorder.frames["packed"][k] for k in places], meta, QUALITY)
