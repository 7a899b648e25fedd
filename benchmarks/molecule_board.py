"""What notebook 16's board and figures draw, made of stored runs: molecules of each λ at each step, and their numbers.

`benchmarks.molecules` ships it. Molecules of the data are not among the runs' (`benchmarks.molecules.shown`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gan_edu.core.measures.molecule_scores import Known, nearest, properties
from gan_edu.core.notebook.molecule_drawing import drawing

SHOWN = 12  # molecules of a grid
POINT = ("valid", "unique", "qed")
DIGITS = {"qed": 3, "logp": 2, "sa": 2}


def board(runs: Sequence[dict], shares: dict[str, float], known: Known, floor: dict, draws: int) -> dict[str, Any]:
    """As `gan_edu.widgets.MoleculeBoard` takes it. runs: of one seed. shares: λ of each arm, rising."""
    of = {run["arm"]: run for run in runs}
    points = {arm: of[arm]["curve"] for arm in shares}
    grids = [[_grid(each["made"]) for each in points[arm]] for arm in shares]
    return {
        "seed": runs[0]["seed"],
        "draws": draws,
        "shares": list(shares.values()),
        "steps": [each["step"] for each in next(iter(points.values()))],
        "grids": grids,
        "points": [[{key: each[key] for key in POINT} for each in points[arm]] for arm in shares],
        "molecules": drawn([each for of_share in grids for some in of_share for each in some if each], known),
        "data": {"qed": floor["qed"]},
    }


def _grid(made: Sequence[str]) -> list[str | None]:
    """Twelve places, None where fewer molecules came."""
    return [*made[:SHOWN], *[None] * (SHOWN - len(made))]


def drawn(made: Sequence[str], known: Known) -> dict[str, dict[str, Any]]:
    """{SMILES: its drawing and numbers}."""
    return {each: {"svg": drawing(each), **_numbers(each, known)} for each in dict.fromkeys(made)}


def _numbers(smiles: str, known: Known) -> dict[str, float]:
    found = properties(smiles)
    numbers = {name: round(getattr(found, name), digits) for name, digits in DIGITS.items()}
    return {**numbers, "atoms": found.atoms, "nearest": round(nearest(smiles, known).similarity, 3)}
