"""What a kind of samples must say of itself so that it can be recorded, shown live, and saved.

A `Recorder` keeps curves and frames; what a frame is, its look says: `grid_look` shows pictures, `points_look` points
in the plane. Another kind of samples is another look, in a file of its own, and its check in
`core.recording.format.KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from torch import Tensor

from gan_edu.core.recording.frame_schedule import Schedule
from gan_edu.core.recording.recording import Recording
from gan_edu.core.recording.records import Recordable
from gan_edu.core.training.contract import State


@runtime_checkable
class Look(Protocol):
    """Sees one GAN, at latents that it draws once from the GAN's display stream: looking disturbs nothing."""

    @property
    def kind(self) -> str:
        """Of the recordings: a key of `core.recording.format.KINDS`."""

    @property
    def facts(self) -> tuple[str, ...]:
        """What a recording tells of each frame beside its step: "epoch", "scores", …"""

    @property
    def edition(self) -> int:
        """A number that grows whenever `about` has something else to say."""

    def begin(self, gan: Recordable, at: Schedule) -> None:
        """Look at this GAN from now on, as `self.gan`: draw the latents, tell the schedule how large a frame is.

        Raises ValueError for samples that it cannot show, or more frames than a recording can hold.
        """

    def see(self) -> dict[str, Any]:
        """A frame of the GAN as it stands: "packed", the uint8 tensor that is kept of it, packed here and never again;
        "scores", a dict or None; and what else belongs to it."""

    def score(self) -> dict | None:
        """Scores that take too long for every frame, where `see` gave None; None where there are none."""

    def about(self) -> dict:
        """What a recording says of all its frames: "subtitle", "grid" and what else its views need."""

    def scoring(self) -> dict | None:
        """How the scores were made; asked once there are some."""

    def told(self, name: str, value: Any) -> object:
        """One of a frame's `facts`, as JSON holds it."""

    def sent(self, packed: Tensor) -> bytes:
        """What a live view is sent of a frame."""

    def build(self, packed: list[Tensor], meta: dict, quality: int) -> Recording:
        """The recording of these frames. quality: of pictures, 1–100. Raises RecordingError where there are none."""

    def checks(self) -> dict[str, Callable[[str, object], object]]:
        """By name all that `see` gives, and what raises ValueError for a stored one, called with its name and value."""

    def state_dict(self) -> State:
        """What it needs beside the frames to go on from a checkpoint: its latents."""

    def check_state(self, state: State) -> None:
        """Raise ValueError for what such a look cannot have stored. Changes nothing."""

    def load_state_dict(self, state: State) -> None:
        """Go on with it, after `check_state`."""


@runtime_checkable
class Begun(Protocol):
    """A look that has a GAN."""

    gan: Recordable
