"""The edit slider: latents are pushed along a direction, and all pictures change with it. Used in notebook 13.

A direction is one in the latents of G along which something that can be measured grows: the thickness of strokes, their
slant (Shen et al., 2020, arXiv 1907.10786). Beside the pictures stands what was measured in them. All are made before,
in Python; sliding stays in the browser (view.js).
"""

from __future__ import annotations

from collections.abc import Mapping

import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import integer, one_of
from gan_edu.widgets.edit_slider.edits import arranged, sheet
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of as one_of_these, within
from gan_edu.widgets.kit.valid_state import Whole, valid


class EditSlider(Control):
    """`EditSlider({"thickness": (strengths, frames, measured)})`: a slider of strength for each direction.

    edits: {name: (strengths, frames, measured)}, 1 to 8. strengths: 2 to 41 numbers that rise, 0 for pictures as they
    were. frames: (S, N, H, W), uint8 or in [−1, 1]: N pictures at each strength, the same N in all directions, 1 to 24.
    measured: (S, N), finite: what was measured in each, so that its mean and range stand in the plot.
    direction: the name of the one that is shown, at first the first. place: of its strength, from 0; at first that of
    the strength nearest to 0. Ordinary traits. Raises TypeError, ValueError or traitlets.TraitError for what cannot be
    shown.
    """

    folder, _esm, height = "edit_slider", bundle("edit_slider"), 440
    board = traitlets.Dict().tag(sync=True)  # as edits.arranged makes it
    sheets = traitlets.List(traitlets.Bytes()).tag(sync=True)  # a PNG a direction
    direction = traitlets.Unicode().tag(sync=True)
    place = Whole(0, min=0).tag(sync=True)

    def __init__(self, edits: Mapping, **state: object):
        board, self._frames = arranged(edits)
        first = board["directions"][0]["name"]
        chosen = next((each for each in board["directions"] if each["name"] == state.get("direction")), None)
        strengths = (chosen or board["directions"][0])["strengths"]
        zero = min(range(len(strengths)), key=lambda k: abs(strengths[k]))
        sheets = [sheet(frames) for frames in self._frames]
        super().__init__(**{"board": board, "sheets": sheets, "direction": first, "place": zero, **state})

    @traitlets.validate("direction")
    def _known(self, proposal: traitlets.Bunch) -> str:
        return valid(lambda name, value: one_of(name, value, self._names), "direction", proposal["value"])

    @traitlets.validate("place")
    def _there(self, proposal: traitlets.Bunch) -> int:
        return valid(integer, "place", proposal["value"], most=self.board["rows"] - 1)

    @property
    def _names(self) -> list[str]:
        return [each["name"] for each in self.board["directions"]]

    def shared(self) -> dict[str, dict]:
        """What a link may set: the direction and the strength."""
        place = within(0, self.board["rows"] - 1, whole=True)
        return {**super().shared(), "direction": one_of_these(self._names), "place": place}

    def at(self) -> dict[str, float]:
        """{"strength", "mean", "low", "high"} where the slider stands."""
        shown = self.board["directions"][self._names.index(self.direction)]
        place = min(self.place, len(shown["strengths"]) - 1)  # the directions may have fewer and more
        told = {name: shown[name][place] for name in ("mean", "low", "high")}
        return {"strength": shown["strengths"][place], **told}

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        shown = self.board["directions"][self._names.index(self.direction)]
        ends = {"least": shown["strengths"][0], "most": shown["strengths"][-1]}
        means = {"first": f"{shown['mean'][0]:.3g}", "last": f"{shown['mean'][-1]:.3g}"}
        numbers = {name: f"{value:g}" for name, value in ends.items()}
        return say("edit_slider", "alt", name=self.direction, count=self.board["columns"], **numbers, **means)

    def __repr__(self) -> str:
        return f"EditSlider({', '.join(self._names)}; direction={self.direction!r}, place={self.place})"

    def picture(self) -> bytes:
        """Some pictures at the least strength, at that of the slider and at the largest, as a PNG."""
        from gan_edu.widgets.edit_slider.still import still

        number = self._names.index(self.direction)
        return still(self._frames[number], self.board["directions"][number], self.place)
