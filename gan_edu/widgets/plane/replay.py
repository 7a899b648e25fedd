"""Recorded runs of the plane: slide through one, or through two side by side at the same step. Needs no torch.

The plane's own view, on recordings of kind "points": this widget while a kernel is there, `to_html` without one, and a
PNG of some moments that stays in a saved notebook. Used from notebook 03 on.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import traitlets
from IPython.display import HTML

from gan_edu.core.recording.recording import Recording, shipped, shipped_names
from gan_edu.widgets.kit.pictured import Pictured
from gan_edu.widgets.kit.scripts import script
from gan_edu.widgets.kit.still import sentence
from gan_edu.widgets.plane.page import PARTS, describe_points, frame, points_sheet
from gan_edu.widgets.replay.widget import checked


class PlaneReplay(Pictured):
    """`PlaneReplay(shipped("plane/ring"))`, or of two recordings to see both at the same step.

    Raises TypeError for what is no recording, ValueError for one of another kind, or for more than two.
    """

    _esm = script(*PARTS)
    metas = traitlets.List(traitlets.Dict()).tag(sync=True)
    atlases = traitlets.List(traitlets.Bytes()).tag(sync=True)

    def __init__(self, *recordings: Recording):
        self.recordings = checked(recordings, "points", 2)
        super().__init__(metas=[each.meta for each in recordings], atlases=[each.atlas for each in recordings])

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return sentence([*map(describe_points, self.recordings)])

    def __repr__(self) -> str:
        return f"PlaneReplay({', '.join(each.meta['title'] for each in self.recordings)})"

    def picture(self) -> bytes:
        return self.to_png()

    def to_png(self) -> bytes:
        """Some moments of each run, one row a run."""
        return points_sheet(self.recordings)

    def to_html(self, path: str | Path | None = None) -> HTML:
        """The same in an iframe that needs no kernel; path: also writes it as a page of its own."""
        return frame(self.recordings, path)


@cache
def shelf() -> list[tuple[str, str]]:
    """(name, title) of the shipped runs of the plane."""
    return [(name, shipped(name).meta["title"]) for name in shipped_names() if name.startswith("plane/")]
