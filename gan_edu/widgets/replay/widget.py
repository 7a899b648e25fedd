"""The replay: slide through a recorded training run, or through several side by side.

Each frame shows the same latents, so that one watches the same samples take shape while the losses, D's means and the
scores move beside them. One JavaScript core (view.js) in three wrappers: this widget while a kernel is there,
`to_html` without one, and `to_png`, a contact sheet that stays in a saved notebook. Used from notebook 00 on.
"""

from __future__ import annotations

import base64
from pathlib import Path

import traitlets
from IPython.display import HTML, Image

from gan_edu.core.notebook.words import say
from gan_edu.core.recording.recording import Recording
from gan_edu.core.safety.checked import integer
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.page import framed, html_page
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.still import contact_sheet, describe
from gan_edu.widgets.kit.valid_state import Whole

SPEEDS = (0.5, 1, 2, 4)
CONTROLS = {"images": "Replay", "points": "PlaneReplay"}  # that show recordings of each kind


class Replay(Control):
    """`Replay(recording)`, or `Replay(a, b, …)` to see several runs at the same step.

    frame: where the slider stands; for several runs an index into the union of their steps. Link it to another
    widget with `ipywidgets.jslink`; the kernel is not asked. playing, loop, verdict: on or off. speed: one of SPEEDS.
    numbers: whether numbers and charts are unfolded; False, as for several runs, is the beginner's view.
    Raises TypeError for what is no Recording, ValueError for one of points, traitlets.TraitError for a frame that does
    not exist.
    """

    folder, _esm = "replay", bundle("replay")
    metas = traitlets.List(traitlets.Dict()).tag(sync=True)
    atlases = traitlets.List(traitlets.Bytes()).tag(sync=True)
    frame = Whole(0).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    speed = traitlets.Enum(SPEEDS, 1).tag(sync=True)
    loop = traitlets.Bool(False).tag(sync=True)
    verdict = traitlets.Bool(False).tag(sync=True)
    numbers = traitlets.Bool(True).tag(sync=True)

    def __init__(self, *recordings: Recording, **state: object):
        self.recordings = checked(recordings)
        shown = {"metas": [r.meta for r in recordings], "atlases": [r.atlas for r in recordings]}
        super().__init__(**{**shown, "numbers": len(recordings) == 1, **state})

    def update(self, *recordings: Recording) -> None:
        """Show these in place of what is shown: the same runs, grown. Who looks at the newest frame follows."""
        self.recordings = checked(recordings)
        with self.hold_sync():
            self.metas, self.atlases = [r.meta for r in recordings], [r.atlas for r in recordings]
            self.frame = min(self.frame, len(self.steps) - 1)

    @property
    def steps(self) -> list[int]:
        """The training step of each position of the slider."""
        return sorted({step for recording in self.recordings for step in recording.steps})

    @traitlets.validate("frame")
    def _frame_exists(self, proposal: traitlets.Bunch) -> int:
        last = len(self.steps) - 1
        if not 0 <= proposal["value"] <= last:
            raise traitlets.TraitError(f"frame must be between 0 and {last}, got {proposal['value']}")
        return proposal["value"]

    @property
    def alt(self) -> str:
        """What the contact sheet shows, in words."""
        return describe(self.recordings)

    def __repr__(self) -> str:
        return f"Replay({', '.join(r.meta['title'] for r in self.recordings)}; {len(self.steps)} frames)"

    def picture(self) -> bytes:
        return contact_sheet(self.recordings)

    def to_png(self, columns: int | None = None) -> Image:
        """A contact sheet: eight moments of one run, or one row for each of several runs. `.data` is the PNG."""
        return Image(data=contact_sheet(self.recordings, columns), format="png", alt=self.alt)

    def to_html(self, path: str | Path | None = None, height: int | None = None) -> HTML:
        """The replay as an iframe that needs neither kernel nor network; `path` also writes it as a page of its own.

        height: of the iframe, in pixels. By default the page tells its own height, which changes with its width, and
        the iframe takes it; where the host allows no script outside the frame, it stays at what a notebook needs.
        """
        height = None if height is None else integer("height", height, 1, 100_000)
        usual = 860 if len(self.recordings) == 1 else 1250
        text = html_page(self.folder, self.page_title, self.page_state())
        return framed(text, self.frame_title, path, height or usual, fixed=height is not None)

    @property
    def page_title(self) -> str:
        """The recordings' titles."""
        return " · ".join(each.meta["title"] for each in self.recordings)

    @property
    def frame_title(self) -> str:
        """What its iframe is called for screen readers."""
        return say("replay", "named", alt=self.alt)

    def page_state(self) -> dict:
        """What a page without a kernel shows."""
        options = {name: getattr(self, name) for name in ("frame", "speed", "loop", "verdict", "numbers")}
        atlases = [packed(each, "image/webp")["atlas"] for each in self.recordings]
        return {"metas": self.metas, "atlases": atlases, **options}


def compare(*recordings: Recording, **state: object) -> Replay:
    """Several runs on one slider, aligned by training step: each shows its newest frame at or before that step."""
    if len(recordings) < 2:
        raise ValueError(f"compare needs at least 2 recordings, got {len(recordings)}; for one, use Replay(recording)")
    return Replay(*recordings, **state)


def checked(recordings: tuple[Recording, ...], kind: str = "images", most: int = 5) -> tuple[Recording, ...]:
    """One to `most` recordings of a kind: "images" or "points". TypeError for what is none, ValueError for others."""
    control = CONTROLS[kind]
    if not 1 <= len(recordings) <= most:
        raise ValueError(f"a {control} shows 1 to {most} recordings, got {len(recordings)}")
    for recording in recordings:
        if not isinstance(recording, Recording):
            raise TypeError(
                f"a {control} shows gan_edu.core.recording.Recording objects, got "
                f"{type(recording).__name__}; read one with Recording.load(folder) or shipped(name)"
            )
        if (found := recording.meta.get("kind", "images")) != kind:
            raise ValueError(
                f"{recording.meta['title']!r} is a recording of {found}, and a {control} shows {kind}: "
                f"use {CONTROLS[found]} for {found}"
            )
        if not len(recording):
            raise ValueError(f"the recording {recording.meta['title']!r} has no frames: record at least one")
    return recordings


def packed(recording: Recording, kind: str) -> dict:
    """A recording as a page holds it. kind: the MIME type of its atlas."""
    return {"meta": recording.meta, "atlas": f"data:{kind};base64,{base64.b64encode(recording.atlas).decode()}"}
