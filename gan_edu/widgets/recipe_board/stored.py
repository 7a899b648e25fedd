"""What a recipe board is handed: runs of each combination of ingredients, and samples. What is wrong is said here.

A recipe is a combination. Its score is the median over its seeds with their range; a run that ended without a number
counts as the worst. `benchmarks` store such a table.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence

from gan_edu.core.safety.checked import integer, number, real, series, several, short, table as checked_table, text
from gan_edu.widgets.kit.png import png

MOST = 5  # ingredients: the map of all their combinations has 32 columns
SIDE = 28  # pixels of a digit
JOIN = "+"  # between ingredients in the name of a recipe


def arranged(table: Mapping, ingredients: Mapping[str, Sequence[str]]) -> tuple[dict, list[bytes]]:
    """The recipes, the best first, as the view shows them, and a PNG of each. Raises ValueError as RecipeBoard."""
    checked_table("table", table, "seconds", "samples", "floor", "ingredients", "runs", "tiles")
    named = _ingredients(ingredients, table["ingredients"])
    keys = [each["key"] for each in named]
    runs: dict[tuple, dict[int, dict]] = defaultdict(dict)
    for k, each in enumerate(series("runs", table["runs"], lambda name, run: _run(name, run, keys))):
        of_recipe = runs[tuple(each.pop("on"))]
        if (seed := each["seed"]) in of_recipe:
            raise ValueError(f"runs, place {k}: seed {seed} is there already of this recipe: each is another run")
        of_recipe[seed] = each
    if not runs:
        raise ValueError("runs holds no run: a board shows at least one recipe")
    recipes = sorted((_recipe(on, seeds) for on, seeds in runs.items()), key=lambda each: each["median"])
    tiles, size = _tiles(table["tiles"], [JOIN.join(each["on"]) for each in recipes])
    floor = checked_table("floor", table["floor"], "fid")
    told = {
        "ingredients": named,
        "recipes": recipes,
        "seconds": real("seconds", table["seconds"], above=0),
        "samples": integer("samples", table["samples"], 1),
        "floor": {"fid": real("floor: fid", floor["fid"], 0), "recall": number("floor: recall", floor.get("recall"))},
        "tile": {"columns": 1, "rows": 1, "frame_width": size[0], "frame_height": size[1]},
        "digits": size[0] * size[1] // SIDE**2,
    }
    return told, tiles


def _ingredients(given: Mapping[str, Sequence[str]], stored: object) -> list[dict]:
    names = several("the table's ingredients", stored, text)
    integer("ingredients: how many there are", len(names), 1, MOST)
    if list(checked_table("ingredients", given)) != names:
        told = ", ".join(given) or "none"
        raise ValueError(f"ingredients must be those of the table in its order, {', '.join(names)}; got {told}")
    if odd := [name for name in names if not name or JOIN in name]:
        raise ValueError(f"an ingredient's key is a word without {JOIN!r}, got {odd[0]!r}")
    pairs = {name: several(f"ingredients[{name!r}]", pair, text, 2) for name, pair in given.items()}
    return [{"key": name, "label": label, "code": code} for name, (label, code) in pairs.items()]


def chosen(name: str, value: object, keys: Sequence[str]) -> list[str]:
    """Some of the ingredients, in their order. Raises ValueError for one that is not there, or that is there twice."""
    given = several(name, value, text)
    if unknown := [each for each in given if each not in keys]:
        raise ValueError(f"{name} holds ingredients, of {', '.join(keys)}; got {short(unknown[0])}")
    if len(set(given)) < len(given):
        raise ValueError(f"{name} holds an ingredient twice: {', '.join(given)}")
    return [key for key in keys if key in given]


def _run(name: str, run: object, keys: Sequence[str]) -> dict:
    run = checked_table(name, run, "on", "seed", "fid", "recall", "steps", "cpu_seconds", "way")
    way = series(f"{name}: way", run["way"], _look)
    if any(a[0] >= b[0] for a, b in zip(way, way[1:], strict=False)):
        raise ValueError(f"{name}: way must go on in computing seconds, each look later than the one before")
    return {
        "on": chosen(f"{name}: on", run["on"], keys),
        "seed": integer(f"{name}: seed", run["seed"]),
        "fid": _fid(f"{name}: fid", run["fid"]),
        "recall": number(f"{name}: recall", run["recall"]),
        "steps": integer(f"{name}: steps", run["steps"]),
        "seconds": real(f"{name}: cpu_seconds", run["cpu_seconds"], 0),
        "way": way,
    }


def _look(name: str, look: object) -> tuple[float, float | None]:
    look = checked_table(name, look, "cpu_seconds", "fid")
    return real(f"{name}: cpu_seconds", look["cpu_seconds"], 0), _fid(f"{name}: fid", look["fid"])


def _fid(name: str, value: object) -> float | None:
    """None: it was no number, as after a NaN in training."""
    return None if value is None else real(name, value, 0)


def _recipe(on: Sequence[str], seeds: Mapping[int, dict]) -> dict:
    runs = [seeds[seed] for seed in sorted(seeds)]
    fids = [math.inf if run["fid"] is None else run["fid"] for run in runs]
    recalls = [run["recall"] for run in runs if run["recall"] is not None]
    return {
        "on": list(on),
        "runs": runs,
        "median": statistics.median(fids),  # infinite values are sent as null
        "low": min(fids),
        "high": max(fids),
        "recall": statistics.median(recalls) if recalls else None,
        "steps": round(statistics.median(run["steps"] for run in runs)),
    }


def _tiles(tiles: object, names: Sequence[str]) -> tuple[list[bytes], tuple[int, int]]:
    """The pictures of recipes of these names, and the size that all of them have."""
    tiles = checked_table("tiles", tiles)
    if missing := [name for name in names if name not in tiles]:
        raise ValueError(f"tiles lack {short(missing[0])}, a recipe of which there are runs")
    if others := [name for name in tiles if name not in names]:
        raise ValueError(f"tiles have {short(others[0])}, a recipe of which there is no run")
    found = {name: png(f"tiles[{name!r}]", tiles[name]) for name in names}
    size = found[names[0]][1]
    for name, (_, own) in found.items():
        if own[0] % SIDE or own[1] % SIDE:
            raise ValueError(f"tiles[{name!r}] must hold digits of {SIDE} × {SIDE} pixels, got {own[0]} × {own[1]}")
        if own != size:
            raise ValueError(f"tiles[{name!r}] must be {size[0]} × {size[1]} pixels as others, got {own[0]} × {own[1]}")
    return [each for each, _ in found.values()], size
