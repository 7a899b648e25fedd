"""The collapse theatre on paper: samples, the share of each mode, its history; for where no kernel is."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gan_edu.core.notebook.figures import FAKE, INK, LINES, PAPER, REAL, SOFT, plainly, show, subplots
from gan_edu.core.notebook.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gan_edu.core.recording.recording import Recording

Shares = Sequence[float | None]
FAIR = 0.5  # of its fair share makes a mode covered, as in `core.measures.mixture_scores`


def shares_of(meta: dict, place: int = -1) -> Shares:
    """The share of samples of each mode in a frame of a recording; none where it was not read."""
    scores = meta["frames"]["scores"][place] or {}
    return scores.get("shares", scores.get("histogram", []))


def covered_modes(shares: Shares, fair: Sequence[float]) -> int:
    """How many modes have half of their fair share or more; a share is rounded, by 1e-4 at most."""
    pairs = zip(shares, fair, strict=False)
    return sum(share is not None and share >= FAIR * each - 1e-6 for share, each in pairs)


def end_of(recording: Recording) -> dict:
    """A recording as a live view is told a film; of its pictures the last alone, as that is what a still shows."""
    from gan_edu.core.recording.point_frames import frames_of

    if recording.meta["kind"] == "points":
        return {"meta": recording.meta, "pictures": frames_of(recording)[-1:]}
    buffer = io.BytesIO()
    recording.frame(-1).save(buffer, "PNG")
    return {"meta": recording.meta, "pictures": [buffer.getvalue()]}


def still(film: dict, stage: dict, alt: str) -> bytes:
    """film: as a live view is told it. stage: what is told of its stage. A PNG."""
    meta, picture = film["meta"], film["pictures"][-1]
    figure, (left, middle, right) = subplots(1, 3, figsize=(9.2, 3), width_ratios=(1, 1.3, 1.3))
    (_points if meta["kind"] == "points" else _grid)(left, meta, picture)
    left.set(xticks=[], yticks=[], title=say("kit", "stepIs", step=meta["frames"]["step"][-1]))
    _bars(middle, shares_of(meta), stage)
    _history(right, meta, stage)
    return show(figure, alt).png


def _points(axes: Axes, meta: dict, packed: bytes) -> None:
    import numpy as np

    from gan_edu.core.recording.point_frames import unpack

    real = np.array(meta["reals"][-1]["points"]).reshape(-1, 2) / meta["grid"]["unit"]
    fakes, edge = unpack(meta, packed)["fakes"], meta["grid"]["edge"]
    axes.scatter(real[:, 0], real[:, 1], s=9, c=REAL, alpha=0.3, linewidths=0)
    axes.scatter(fakes[:, 0], fakes[:, 1], s=16, c=FAKE, marker="^", linewidths=0.4, edgecolors=PAPER)
    axes.set(aspect="equal", xlim=(-edge, edge), ylim=(-edge, edge))


def _grid(axes: Axes, meta: dict, packed: bytes) -> None:
    from PIL import Image

    axes.imshow(Image.open(io.BytesIO(packed)).convert("RGB"))


def _bars(axes: Axes, shares: Shares, stage: dict) -> None:
    from matplotlib.ticker import MaxNLocator

    heights = [math.nan if share is None else share for share in shares]
    colours = [FAKE if h >= FAIR * fair - 1e-6 else SOFT for h, fair in zip(heights, stage["fair"], strict=False)]
    axes.bar(range(len(heights)), heights, color=colours)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda place, _: dict(enumerate(stage["modes"])).get(round(place), ""))
    axes.step(range(len(stage["fair"])), stage["fair"], where="mid", color=INK, linewidth=1)
    title = say("collapse_theatre", "covered", covered=covered_modes(shares, stage["fair"]), modes=len(stage["fair"]))
    axes.set(title=plainly(title), xlabel=say("collapse_theatre", "mode"), ylabel=say("collapse_theatre", "share"))


def _history(axes: Axes, meta: dict, stage: dict) -> None:
    steps = meta["frames"]["step"]
    counts = [covered_modes(shares_of(meta, k), stage["fair"]) for k in range(len(steps))]
    axes.step(steps, counts, where="post", color=INK)
    for event in meta["log"]:
        axes.axvline(event["step"], color=REAL if "cure" in event else LINES, linewidth=1)
    axes.set(
        xlabel=say("collapse_theatre", "steps"),
        ylabel=say("collapse_theatre", "modesCovered"),
        ylim=(0, len(stage["fair"])),
    )
