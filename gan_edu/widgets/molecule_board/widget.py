"""The molecule board: what a network of molecules made on the way of its training, drawn. Used in notebook 16.

One chooses λ, the weight of D against an objective (ORGAN: Guimaraes et al., 2017, arXiv 1705.10843), and a step: 12
molecules that were drawn there, their numbers, and what 300 draws are worth. All is stored: it needs no rdkit and no
kernel. Choosing and filtering stay in the browser (view.js).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of, within
from gan_edu.widgets.kit.valid_state import Finite, Whole, valid
from gan_edu.widgets.molecule_board.drawn import Drawing
from gan_edu.widgets.molecule_board.stored import DIGITS, PROPERTIES, SHOWN, arranged

SIDES = ("least", "most")


class MoleculeBoard(Control):
    """`MoleculeBoard(stored)`: 12 molecules of each λ at each step of training.

    stored: {"shares": [λ, …], 2 to 9 that rise, 0 the objective alone and 1 D alone; "steps": [step, …], 2 to 100 that
    rise; "seed"; "grids": a list a share of a list a step of 12 SMILES, the first of the draws that differ and are not
    among the data, None where there are fewer; "points": likewise {"valid", "unique", "qed"}, shares and mean QED of
    "draws" texts (300); "molecules": {SMILES: {"svg": as `core.notebook.molecule_drawing.drawing` writes it, "qed",
    "logp", "sa", "atoms": heavy ones, "nearest": Tanimoto's similarity to the nearest learned molecule}}; "data":
    {"qed": their mean}}, as JSON holds it.
    share: λ, one of those stored, by default the middle one. step: one of those stored, by default the last. tile: the
    molecule whose numbers stand beside the grid, 0 to 11. by: "qed", "logp", "sa", "atoms" or "nearest"; who has less
    of it than `limit`, or more where side is "most", fades; None: nobody. Ordinary traits. Raises ValueError for what
    `stored` lacks or must not hold, traitlets.TraitError for a setting that is not there.
    """

    folder, _esm, height = "molecule_board", bundle("molecule_board"), 690
    board = traitlets.Dict().tag(sync=True)  # as stored.arranged makes it
    share = Finite(0).tag(sync=True)
    step, tile = Whole(0).tag(sync=True), Whole(0, min=0, max=SHOWN - 1).tag(sync=True)
    by = traitlets.Enum(PROPERTIES, "qed").tag(sync=True)
    side = traitlets.Enum(SIDES, "least").tag(sync=True)
    limit = Finite(None, allow_none=True).tag(sync=True)

    def __init__(self, stored: Mapping[str, Any], **state: object):
        board = arranged(stored)
        middle, last = board["shares"][len(board["shares"]) // 2], board["steps"][-1]
        super().__init__(**{"board": board, "share": middle, "step": last, **state})

    @traitlets.validate("share", "step")
    def _there(self, proposal: traitlets.Bunch) -> float:
        name, value = proposal["trait"].name, proposal["value"]
        return valid(lambda _, given: _one_of(name, given, self.board.get(f"{name}s", ())), name, value)

    def shared(self) -> dict[str, dict]:
        """What a link may set: λ and step among those stored, the molecule, and the filter."""
        found = {name: one_of(self.board[f"{name}s"]) for name in ("share", "step")}
        return {**super().shared(), **found, "limit": within(-1000, 1000, empty=True)}

    # ---------------------------------------------------------------- what is shown

    @property
    def molecules(self) -> list[dict | None]:
        """The 12 on show, None where there is none: {"smiles", "qed", "logp", "sa", "atoms", "nearest"}."""
        known = [{key: each[key] for key in ("smiles", *PROPERTIES)} for each in self.board["molecules"]]
        return [None if place < 0 else known[place] for place in self._at("grids")]

    @property
    def point(self) -> dict[str, float]:
        """{"valid", "unique", "qed"} of the draws at this λ and step."""
        return dict(self._at("points"))

    def left(self) -> list[bool]:
        """Which of the 12 the filter leaves: all where there is no limit, else no empty tile."""
        return [self._leaves(each) for each in self.molecules]

    def _leaves(self, each: dict | None) -> bool:
        if self.limit is None or each is None:
            return self.limit is None
        value, limit = each[self.by], round(self.limit, DIGITS[self.by])
        return value >= limit if self.side == "least" else value <= limit

    def _at(self, name: str) -> Any:
        row, column = (_place(self.board[key], value) for key, value in (("shares", self.share), ("steps", self.step)))
        return self.board[name][row][column]

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def head(self) -> str:
        """λ, the step and what its draws are worth, in words."""
        numbers = {key: f"{value:.2f}" for key, value in self.point.items()}
        about = {"share": f"{self.share:g}", "step": f"{self.step:,}", "draws": f"{self.board['draws']:,}"}
        return say("molecule_board", "head", **about, **numbers, data=f"{self.board['data']:.2f}")

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        shown = [each["qed"] for each in self.molecules if each]
        told = {"low": f"{min(shown, default=0):.2f}", "high": f"{max(shown, default=0):.2f}"}
        return say("molecule_board", "alt", count=len(shown), left=sum(self.left()), head=self.head, **told)

    def __repr__(self) -> str:
        at = f"share={self.share:g}, step={self.step}, tile={self.tile}"
        return f"MoleculeBoard({len(self.board['molecules'])} molecules; {at})"

    def picture(self) -> bytes:
        """The grid at this λ and step, as a PNG; what the filter leaves out is pale."""
        from gan_edu.widgets.molecule_board.still import Tile, still

        known = self.board["molecules"]
        drawn = [Drawing(each["box"], each["path"], each["letters"]) for each in known]
        at = zip(self._at("grids"), self.left(), strict=True)
        tiles = [None if k < 0 else Tile(drawn[k], known[k]["qed"], left) for k, left in at]
        return still(tiles, self.head)


def _place(values: list, value: float) -> int:
    """Where a value stands; 0 where the list was spoiled after it was looked at."""
    return values.index(value) if value in values else 0


def _one_of(name: str, value: object, allowed: list) -> Any:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(f'{each:g}' for each in allowed)}, got {value!r}")
    return value
