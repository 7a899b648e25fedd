"""Two recordings on one slider at equal computing time, though their steps cost differently. Of notebook 05_tricks.

A recording made for this says in its settings, as `cost`, how many steps of the other run take as long as one of its
own.
"""

from __future__ import annotations

import math

from gan_edu.core.recording.point_frames import build, frames_of
from gan_edu.core.recording.recording import Recording, checksum
from gan_edu.core.safety.checked import integer, kind

DATED = {"log": "step", "reals": "from"}  # what else a recording dates: its changes, and the data on show


def in_steps_of(other: Recording, recording: Recording) -> Recording:
    """`recording` with its steps counted in steps of `other` that take the same time; the pictures are the same.

    Raises ValueError where it does not say what a step cost, is counted so already, or has steps so cheap that two
    frames would fall on one.
    """
    kind("other", other, Recording)
    kind("recording", recording, Recording)
    cost = recording.meta["provenance"]["settings"].get("cost", 0)
    if not cost or not 0 < cost < math.inf:  # None: it was no finite number
        raise ValueError(
            f"the recording {recording.meta['title']!r} does not say what a step cost: record it with "
            "settings={'cost': steps of the other run that take as long as one}"
        )
    if "steps_of" in recording.meta:
        raise ValueError(
            f"the recording {recording.meta['title']!r} is counted in steps of "
            f"{recording.meta['steps_of']!r} already: take the one that it was made of"
        )
    frames, curves, epoch = recording.meta["frames"], recording.meta["curves"], other.meta["steps_per_epoch"]
    steps = [round(step * cost) for step in frames["step"]]
    if len(set(steps)) < len(steps):
        raise ValueError(
            f"a step of {recording.meta['title']!r} costs {cost:g}, so that two of its frames would fall "
            "on one step: record frames farther apart"
        )
    meta = {
        **recording.meta,
        "title": f"{recording.meta['title']} · at equal time",
        "steps_per_epoch": epoch,
        "steps_of": other.meta["title"],
        "frames": {**frames, "step": steps, "epoch": [round(step / epoch, 4) if epoch else None for step in steps]},
        "curves": {**curves, "step": [round(step * cost) for step in curves["step"]]},
        **{
            place: [{**each, key: round(each[key] * cost)} for each in recording.meta[place]]
            for place, key in DATED.items()
            if place in recording.meta
        },
    }
    return Recording({**meta, "checksum": checksum(meta)}, atlas=recording.atlas)


def until(recording: Recording, step: int) -> Recording:
    """`recording` up to `step`: frames, curves and what was changed end there; the pictures are the same.

    Raises ValueError where no frame is left.
    """
    kind("recording", recording, Recording)
    step = integer("step", step)
    frames, curves = recording.meta["frames"], recording.meta["curves"]
    count, length = (sum(each <= step for each in part["step"]) for part in (frames, curves))
    if not count:
        raise ValueError(f"the recording {recording.meta['title']!r} begins at step {recording.steps[0]}, after {step}")
    meta = {
        **recording.meta,
        "frames": {name: values[:count] for name, values in frames.items()},
        "curves": {name: values[:length] for name, values in curves.items()},
        **{
            place: [each for each in recording.meta[place] if each[key] <= step]
            for place, key in DATED.items()
            if place in recording.meta
        },
    }
    if meta.get("kind") == "points":  # whose file holds these frames and no others
        return build(frames_of(recording)[:count], meta)
    return Recording({**meta, "checksum": checksum(meta)}, atlas=recording.atlas)
