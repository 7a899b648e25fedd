"""Recorded runs of the plane: slide through one, or through two side by side at the same step. Needs no torch.

The plane's own view, on recordings of kind "points": this widget while a kernel is there, `to_html` without one, and a
PNG of some moments that stays in a saved notebook. Used from notebook 03 on.
"""

from __future__ import annotations

from functools import cache

import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.core.recording.recording import Recording, shipped, shipped_names
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.still import sentence
from gan_edu.widgets.plane.page import describe_points, points_sheet
from gan_edu.widgets.replay.widget import checked, packed


class PlaneReplay(Control):
    """`PlaneReplay(shipped("plane/ring"))`, or of two recordings to see both at the same step.

    Raises TypeError for what is no recording, ValueError for one of another kind, or for more than two.
    """

    folder, _esm, sections, height = "plane", bundle("plane"), ("replay", "live"), 760
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

    @property
    def page_title(self) -> str:
        """The recordings' titles."""
        return " · ".join(each.meta["title"] for each in self.recordings)

    @property
    def frame_title(self) -> str:
        """What its iframe is called for screen readers."""
        return say("kit", "listSeparator").join(map(describe_points, self.recordings))

    def page_state(self) -> dict:
        """What a page without a kernel shows."""
        return {"recordings": [packed(each, "application/zlib") for each in self.recordings]}


@cache
def shelf() -> list[tuple[str, str]]:
    """(name, title) of the shipped runs of the plane."""
    return [(name, shipped(name).meta["title"]) for name in shipped_names() if name.startswith("plane/")]
