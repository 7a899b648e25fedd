"""Machines whose steps were timed, or that a data sheet describes: their numbers and what was measured on them.

gan_edu/data/machines.json holds those that the course ships:

    {"machines": [{
        "name": "two cores of …, 1 thread",              each once
        "from": "measured" or "data sheet",
        "machine": {"float32": {"throughput": operations a second, "bandwidth": bytes a second, "overhead": seconds},
                    "bfloat16": the same, or null: not measured},
        "dots": [{"width": 512, "batch": 64, "precision": "float32", "ms": 23.6}, …]}, …]}

A machine has numbers of its own for each precision, as a fit finds them; a data sheet repeats its bandwidth. A dot is
a step that was timed, of the networks that `step` counts. Other keys may stand beside these. Belongs to notebook
12_scaling.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gan_edu.core.measures.step_cost import SIZE, Machine, Work, work_of_mlps
from gan_edu.core.safety.checked import (
    integer,
    kind,
    one_of,
    path as checked_path,
    real,
    series,
    several,
    short,
    table,
    text,
)

SHIPPED = Path(__file__).parents[2] / "data" / "machines.json"
SOURCES = ("measured", "data sheet")
LATENT, PIXELS = 100, 784


@dataclass(frozen=True)
class StoredMachine:
    """source: "measured" or "data sheet". of: its numbers by precision, None: not measured. dots: steps, timed."""

    name: str
    source: str
    of: dict[str, Machine | None]
    dots: list[dict]


def step(width: int, batch: int, precision: str = "float32") -> Work:
    """What a step of the textbook's networks does: G 100 → width → width → 784, D 784 → width → width → 1."""
    width = integer("width", width, 1)
    return work_of_mlps((LATENT, width, width, PIXELS), (PIXELS, width, width, 1), batch, precision)


def stored_machines(source: str | Path | None = None) -> list[StoredMachine]:
    """The machines of a file, by default of the shipped one. Raises FileNotFoundError or ValueError, with the cure."""
    path = SHIPPED if source is None else checked_path("source", source)
    if not path.is_file():
        raise FileNotFoundError(
            f"there are no machines at {path}: install gan_edu anew, or measure: make bench-scaling"
        )
    try:
        found = table("the file", json.loads(path.read_text(encoding="utf-8")), "machines")["machines"]
        machines = series("machines", found, _machine)
        if not machines:
            raise ValueError("machines holds none: there must be one at least")
        names = [each.name for each in machines]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"machines has two of the name {twice[0]!r}")
    except ValueError as error:  # JSON's own among them
        raise ValueError(f"{path} does not hold machines: {error}") from error
    return machines


def by_precision(name: str, given: Machine | Mapping[str, Machine | None]) -> dict[str, Machine | None]:
    """A machine's numbers for each precision; one alone are float32's. Raises TypeError or ValueError for others."""
    if isinstance(given, Machine):
        given = {"float32": given}
    if not isinstance(given, Mapping) or not set(given) <= set(SIZE):
        raise ValueError(f"{name} must be a Machine, or one for each precision, {', '.join(SIZE)}; got {short(given)}")
    of = {each: given.get(each) for each in SIZE}
    if not any(numbers is not None for numbers in of.values()):
        raise ValueError(f"{name} has numbers for no precision: one at least, of {', '.join(SIZE)}")
    return {each: None if of[each] is None else kind(f"{name}[{each!r}]", of[each], Machine) for each in SIZE}


def timed(name: str, given: object) -> list[dict]:
    """Steps that were timed, [{"width", "batch", "precision", "ms"}, …]. Raises ValueError for others."""
    return several(name, given, _dot)


def _machine(name: str, value: object) -> StoredMachine:
    value = table(name, value, "name", "from", "machine", "dots")
    numbers = table(f"{name}: machine", value["machine"], *SIZE)
    return StoredMachine(
        text(f"{name}: name", value["name"]),
        one_of(f"{name}: from", value["from"], SOURCES),
        by_precision(f"{name}: machine", {each: _numbers(f"{name}: {each}", numbers[each]) for each in SIZE}),
        timed(f"{name}: dots", value["dots"]),
    )


def _numbers(name: str, value: object) -> Machine | None:
    if value is None:
        return None
    value = table(name, value, "throughput", "bandwidth", "overhead")
    try:
        return Machine(value["throughput"], value["bandwidth"], value["overhead"])
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _dot(name: str, value: object) -> dict:
    value = table(name, value, "width", "batch", "precision", "ms")
    return {
        "width": integer(f"{name}: width", value["width"], 1),
        "batch": integer(f"{name}: batch", value["batch"], 1),
        "precision": one_of(f"{name}: precision", value["precision"], SIZE),
        "ms": real(f"{name}: ms", value["ms"], above=0),
    }
