"""The game in one picture: a recorded step of the textbook GAN, phase by phase, at five moments of its run.

Noise z → G → fakes → D ← real digits; then the gradients on their way back. All numbers and pictures are those of real
steps (`recordings.step_recipe`). No torch here. Used in notebook 00. Goodfellow et al. (2014), arXiv 1406.2661.
"""

from __future__ import annotations

import base64
import math

import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.core.recording.recording import SHIPPED
from gan_edu.core.safety import durable
from gan_edu.widgets.game_picture.still import drawn
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.valid_state import Whole

RECORDED = "mnist_textbook_steps"
TRAITS = ("steps", "station", "phase")  # as in view.js, beside the tiles


class GamePicture(Control):
    """`GamePicture()`: plays one step when it is first seen, then waits. `GamePicture(phase=4)` waits in phase 4.

    station: which of the five recorded steps, 0 (the first of the run) to 4. phase: of that step, 0 (before it) to 8.
    Both are ordinary traits. Raises OSError where the recorded steps are missing or damaged.
    """

    folder, _esm, height = "game_picture", bundle("game_picture"), 640
    steps = traitlets.List(traitlets.Dict()).tag(sync=True)  # the numbers of each step: those of the recording
    tiles = traitlets.Bytes().tag(sync=True)  # its pictures
    station = Whole(4, min=0, max=4).tag(sync=True)
    phase = Whole(0, min=0, max=8).tag(sync=True)

    def __init__(self, **state: object):
        about, tiles = durable.shipped_pair(SHIPPED / RECORDED / "steps.bin", f"record {RECORDED}")
        super().__init__(**{"steps": about["steps"], "tiles": tiles, **state})

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        step = self.steps[self.station]
        losses = {name: f"{step[name]:.2f}" for name in ("d_loss", "g_loss")}
        said = {name: f"{mean(step['before'][name]):.0%}" for name in ("real", "fake")}
        return say(
            "game_picture",
            "alt",
            step=f"{step['step'] + 1:,}",
            **losses,
            **said,
            last=f"{mean(step['last']['fake']):.0%}",
        )

    def __repr__(self) -> str:
        return f"GamePicture(station={self.station}, phase={self.phase})"

    def picture(self) -> bytes:
        """The whole step, as a PNG."""
        return drawn(self.steps[self.station], self.tiles, self.station)

    def page_state(self) -> dict:
        """What a page without a kernel shows."""
        return {"tiles": base64.b64encode(self.tiles).decode(), **{name: getattr(self, name) for name in TRAITS}}


def mean(logits: list[float]) -> float:
    """How sure D is of samples with these logits, on average."""
    return sum(1 / (1 + math.exp(-each)) for each in logits) / len(logits)
