"""Two recordings on one slider at equal computing time, though their steps cost differently. Of notebook 05_tricks.

A recording made for this says in its settings, as `cost`, how many steps of the other run take as long as one of its
own.
"""
from __future__ import annotations

import math
from collections.abc import Callable

from gan_edu.core.checked import integer, kind
from gan_edu.core.recording import Recording, checksum


def in_steps_of(other: Recording, recording: Recording) -> Recording:
    """`recording` with its steps counted in steps of `other` that take the same time; the pictures are the same.

    Raises ValueError where it does not say what a step cost, is counted so already, or costs so little that all its
    frames fall on one step.
    """
    kind("other", other, Recording), kind("recording", recording, Recording)
    cost = recording.meta["provenance"]["settings"].get("cost", 0)
    if not cost or not 0 < cost < math.inf:               # None: it was no finite number
        raise ValueError(f"the recording {recording.meta['title']!r} does not say what a step cost: record it with "
                         "settings={'cost': steps of the other run that take as long as one}")
    if "steps_of" in recording.meta:
        raise ValueError(f"the recording {recording.meta['title']!r} is counted in steps of "
                         f"{recording.meta['steps_of']!r} already: hand over the one that it was made of")
    frames, curves, epoch = recording.meta["frames"], recording.meta["curves"], other.meta["steps_per_epoch"]
    steps = [round(step * cost) for step in frames["step"]]
    if steps[0] == steps[-1] and len(steps) > 1:
        raise ValueError(f"at a cost of {cost:g} all frames of {recording.meta['title']!r} fall on step {steps[0]} of "
                         "the other run: cost is how many of its steps take as long as one")
    meta = {**recording.meta, **_events(recording, lambda step: round(step * cost)),
            "title": f"{recording.meta['title']} · at equal time", "steps_per_epoch": epoch,
            "steps_of": other.meta["title"],
            "frames": {**frames, "step": steps, "epoch": [round(step / epoch, 4) if epoch else None for step in steps]},
            "curves": {**curves, "step": [round(step * cost) for step in curves["step"]]}}
    return Recording({**meta, "checksum": checksum(meta)}, atlas=recording.atlas)


def until(recording: Recording, step: int) -> Recording:
    """`recording` up to `step`: frames, curves, log and data end there; the picture is the same.

    Raises ValueError where no frame is left.
    """
    kind("recording", recording, Recording)
    step = integer("step", step)
    frames, curves = recording.meta["frames"], recording.meta["curves"]
    count, points = (sum(each <= step for each in part["step"]) for part in (frames, curves))
    if not count:
        raise ValueError(f"the recording {recording.meta['title']!r} begins at step {recording.steps[0]}, after {step}")
    meta = {**recording.meta, **_events(recording, lambda each: each if each <= step else None),
            "frames": {name: values[:count] for name, values in frames.items()},
            "curves": {name: values[:points] for name, values in curves.items()}}
    return Recording({**meta, "checksum": checksum(meta)}, atlas=recording.atlas)


def _events(recording: Recording, at: Callable[[int], int | None]) -> dict:
    """What was changed and which data was shown from when, with step `at(step)`; None: it is left out."""
    kept = {}
    for name, when in (("log", "step"), ("reals", "from")):
        if name in recording.meta:
            kept[name] = [{**each, when: at(each[when])} for each in recording.meta[name] if at(each[when]) is not None]
    return kept
