"""What a molecule board is handed: molecules of each λ at each step, looked at and put in the view's order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

from gan_edu.core.safety.checked import integer, real, rising, series, short, table, text
from gan_edu.widgets.molecule_board.drawn import taken_apart

SHOWN = 12  # molecules of a grid
MOST_SHARES, MOST_STEPS, DRAWS = 9, 100, 300
LONGEST = 2000  # characters of a SMILES
PROPERTIES = ("qed", "logp", "sa", "atoms", "nearest")
RANGES = {"qed": (0, 1), "logp": (-100, 100), "sa": (0, 11), "atoms": (1, 200), "nearest": (0, 1)}
DIGITS = {"qed": 2, "logp": 1, "sa": 1, "atoms": 0, "nearest": 2}  # as they are shown, and compared with a limit
POINT = ("valid", "unique", "qed")


def arranged(stored: object) -> dict[str, Any]:
    """The board as the view reads it: `grids` hold places in `molecules`, or −1. Raises ValueError."""
    given = table("stored", stored, "shares", "steps", "seed", "grids", "points", "molecules", "data")
    shares = _rising("shares", series("shares", given["shares"], partial(real, least=0, most=1)), MOST_SHARES)
    steps = _rising("steps", rising("steps", given["steps"]), MOST_STEPS)
    grid = partial(series, each=_smiles, count=SHOWN)
    grids = _by_point("grids", given["grids"], shares, steps, grid)
    named = table("molecules", given["molecules"])
    used = dict.fromkeys(each for of_share in grids for some in of_share for each in some if each is not None)
    if missing := [each for each in used if each not in named]:
        raise ValueError(f"molecules lack {short(missing[0])}, which a grid shows")
    place = {None: -1, **{each: k for k, each in enumerate(used)}}
    return {
        "shares": shares,
        "steps": steps,
        "seed": integer("seed", given["seed"]),
        "draws": integer("draws", given.get("draws", DRAWS), 1),
        "grids": [[[place[each] for each in some] for some in of_share] for of_share in grids],
        "points": _by_point("points", given["points"], shares, steps, _point),
        "molecules": [_molecule(each, named[each]) for each in used],
        "data": real("data: qed", table("data", given["data"], "qed")["qed"], 0, 1),
        "digits": DIGITS,
    }


def _by_point(name: str, value: object, shares: list, steps: list, each: Callable) -> list:
    """A list a share, each of a value a step."""
    of_share = partial(series, each=each, count=len(steps))
    return series(f"{name}, by share and step", value, of_share, len(shares))


def _rising(name: str, values: list, most: int) -> list:
    if not 2 <= len(values) <= most or any(a >= b for a, b in pairwise(values)):
        raise ValueError(f"{name} must be 2 to {most} numbers, each above the one before, got {short(values)}")
    return values


def _smiles(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not 1 <= len(smiles := text(name, value)) <= LONGEST:
        raise ValueError(f"{name} must be a SMILES of 1 to {LONGEST:,} characters, or None, got {short(value)}")
    return smiles


def _point(name: str, value: object) -> dict[str, float]:
    given = table(name, value, *POINT)
    return {key: real(f"{name}: {key}", given[key], 0, 1) for key in POINT}


def _molecule(smiles: str, value: object) -> dict[str, Any]:
    name = f"molecules[{short(smiles)}]"
    given = table(name, value, "svg", *PROPERTIES)
    numbers = {key: _rounded(key, real(f"{name}: {key}", given[key], *RANGES[key])) for key in PROPERTIES}
    return {"smiles": smiles, **taken_apart(f"{name}: svg", given["svg"])._asdict(), **numbers}


def _rounded(key: str, value: float) -> float:
    return round(value, DIGITS[key]) if DIGITS[key] else round(value)
