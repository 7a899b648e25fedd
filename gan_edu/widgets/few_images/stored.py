"""What "few images" is handed: scores, copies and samples of methods, looked at and put in the view's order."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from gan_edu.core.safety.checked import file, flag, integer, real, series, short, table, text
from gan_edu.widgets.few_images.tiles import SIDE
from gan_edu.widgets.kit.png import png

MOST_METHODS, MOST_IMAGES, MOST_LOOKS, MOST_SAMPLES, MOST_SEEDS = 8, 6, 12, 12, 100
LONGEST_ATLAS = 330_000  # characters of base64; the numbers of six methods take 20,000 more
LONGEST = 40  # letters of a label
JOIN = "/"  # between method and number of images in the name of a cell


def read(stored: Mapping[str, Any] | str | Path) -> object:
    """The table itself, or that of a JSON file. Raises TypeError, FileNotFoundError, ValueError for a damaged one."""
    if isinstance(stored, Mapping):
        return stored
    if not isinstance(stored, (str, os.PathLike)):
        raise TypeError(f"stored must be a table of named values, or the path of its JSON file, got {short(stored)}")
    path = file("stored", stored)
    if not path.is_file():
        raise FileNotFoundError(f"there is no table at {path}: look at the path, or measure it again")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is damaged, no JSON ({error}): fetch it again") from error


def arranged(stored: object) -> tuple[dict[str, Any], bytes]:
    """The board as the view reads it, cells by method and number of images, and the atlas. Raises ValueError."""
    given = table("stored", stored, "images", "looks", "seeds", "methods", "score", "copy", "cells", "atlas")
    images = _rising("images", given["images"], MOST_IMAGES)
    looks = _rising("looks", given["looks"], MOST_LOOKS, least=0)
    seeds = _several("seeds", given["seeds"], integer, 1, MOST_SEEDS)
    methods = _several("methods", given["methods"], _method, 1, MOST_METHODS)
    names = [[f"{each['key']}{JOIN}{n}" for n in images] for each in methods]
    if len({each["key"] for each in methods}) < len(methods):
        raise ValueError(f"methods must have keys that differ, got {short([each['key'] for each in methods])}")
    atlas, size = _atlas(given["atlas"])
    places = size[0] * size[1]
    cells = table("cells", given["cells"], *[name for row in names for name in row])
    if others := set(cells) - {name for row in names for name in row}:
        raise ValueError(f"cells have {short(min(others))}, which is no method{JOIN}images of this table")
    cell = partial(_cell, looks=len(looks), places=places)
    board = {
        "images": images,
        "looks": looks,
        "seeds": seeds,
        "methods": methods,
        "score": _score(given["score"]),
        "copy": _copy(given["copy"], len(images)),
        "cells": [[cell(f"cells[{name!r}]", cells[name]) for name in row] for row in names],
        "tile": {"columns": size[0], "rows": size[1], "frame_width": SIDE, "frame_height": SIDE},
    }
    _as_many("cells", [some for row in board["cells"] for each in row for some in each["samples"]])
    return board, atlas


# ---------------------------------------------------------------- parts of it


def _several(name: str, value: object, each: Callable, least: int, most: int) -> list:
    found = series(name, value, each)
    integer(f"{name}: how many there are", len(found), least, most)
    return found


def _rising(name: str, value: object, most: int, least: int = 1) -> list[int]:
    found = _several(name, value, partial(integer, least=least), 2, most)
    if any(a >= b for a, b in pairwise(found)):
        raise ValueError(f"{name} must rise, each above the one before, got {short(found)}")
    return found


def _label(name: str, value: object) -> str:
    if not 1 <= len(words := text(name, value).strip()) <= LONGEST:
        raise ValueError(f"{name} must be a text of 1 to {LONGEST} letters, got {short(value)}")
    return words


def _method(name: str, value: object) -> dict[str, str]:
    given = table(name, value, "key", "label")
    key = _label(f"{name}: key", given["key"])
    if JOIN in key:
        raise ValueError(f"{name}: key must hold no {JOIN!r}, got {key!r}")
    return {"key": key, "label": _label(f"{name}: label", given["label"])}


def _score(value: object) -> dict[str, Any]:
    """floor: what as many unseen real images get, a line in the plots; None for none."""
    given = table("score", value, "label", "lower_is_better")
    floor = given.get("floor")
    return {
        "label": _label("score: label", given["label"]),
        "lower": flag("score: lower_is_better", given["lower_is_better"]),
        "floor": None if floor is None else real("score: floor", floor),
    }


def _copy(value: object, count: int) -> dict[str, Any]:
    """below: a distance, or one for each number of images. floor: the share of unseen real images that lie nearer."""
    given = table("copy", value, "below", "label")
    below = given["below"]
    listed = below if isinstance(below, list) else [below] * count
    limits = series("copy: below", listed, partial(real, above=0), count)
    floor = given.get("floor")
    return {
        "label": _label("copy: label", given["label"]),
        "below": limits,
        "floor": None if floor is None else series("copy: floor", floor, _share, count),
        "digits": min(
            4, max(0, 2 - math.floor(math.log10(min(limits))))
        ),  # of distances: three that count at the limit
    }


def _share(name: str, value: object) -> float:
    return real(name, value, 0, 1)


def _band(name: str, value: object, each: Callable = real) -> list[float]:
    median, low, high = found = series(name, value, each, 3)
    if not low <= median <= high:
        raise ValueError(f"{name} must be [median, lowest, highest], got {short(value)}")
    return found


def _cell(name: str, value: object, looks: int, places: int) -> dict[str, list]:
    """Every part is a list a look; of samples, the tiles that they and their nearest are, and how far these are."""
    given = table(name, value, "score", "copied", "samples", "nearest", "distances")
    place = partial(integer, most=places - 1)

    def by_look(part: str, each: Callable) -> list:
        return series(f"{name}: {part}", given[part], each, looks)

    samples = by_look("samples", partial(_several, each=place, least=1, most=MOST_SAMPLES))
    count = _as_many(name, samples)
    return {
        "score": by_look("score", _band),
        "copied": by_look("copied", partial(_band, each=_share)),
        "samples": samples,
        "nearest": by_look("nearest", partial(series, each=place, count=count)),
        "distances": by_look("distances", partial(series, each=partial(real, least=0), count=count)),
    }


def _as_many(name: str, samples: list[list[int]]) -> int:
    if len(counts := {len(each) for each in samples}) > 1:
        raise ValueError(f"{name} must have as many samples at every look, got {short(sorted(counts))}")
    return len(samples[0])


def _atlas(value: object) -> tuple[bytes, tuple[int, int]]:
    """The PNG, and how many tiles it holds across and down."""
    if len(given := text("atlas", value)) > LONGEST_ATLAS:
        raise ValueError(
            f"atlas has {len(given):,} characters, {LONGEST_ATLAS:,} are allowed: pack 16 greys and no tile twice, "
            "as few_images.tiles.packed does, or fewer samples"
        )
    found, (width, height) = png("atlas", given)
    if width % SIDE or height % SIDE:
        raise ValueError(f"atlas must hold tiles of {SIDE} × {SIDE} pixels, got {width} × {height} pixels")
    return found, (width // SIDE, height // SIDE)
