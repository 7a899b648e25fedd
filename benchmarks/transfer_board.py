"""What the control of notebook 18 shows: `python -m benchmarks.transfer_board` writes `gan_edu/data/few_images.json`.

Scores and shares of copies at each look, as bands over the seeds that `benchmarks.transfer` ran; samples of the first
seed, and the training pictures that are nearest to them.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from benchmarks import transfer as bench
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.widgets.few_images.tiles import packed

SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "few_images.json"
Key = tuple[str, int]  # a method, and how many pictures


def board(runs: list[dict], floors: dict) -> dict:
    """The table of a `FewImages`."""
    counts, seed = [int(data) for data in bench.ARMS if data.isdecimal()], runs[0]["seed"]
    of = {
        (name, n): [run for run in runs if (run["arm"], run["data"]) == (name, str(n))]
        for name in bench.OF_AN_ARM
        for n in counts
    }
    first = {key: next(run for run in rows if "tiles" in run) for key, rows in of.items()}
    atlas, at = _atlas({key: _shown(run, key[1]) for key, run in first.items()})
    real = {n: floors[str(n)]["real pictures"] for n in counts}
    return {
        "images": counts,
        "looks": [look["step"] for look in runs[0]["way"]],
        "seeds": sorted({run["seed"] for run in runs}, key=lambda each: (each != seed, each)),
        "methods": [{"key": name, "label": label} for name, (label, _) in bench.OF_AN_ARM.items()],
        "score": {"label": "FID", "lower_is_better": True, "floor": real[counts[0]]["fid"]},
        "copy": {
            "label": "distance in pixels",
            "below": [round(first["scratch", n]["within"], 2) for n in counts],
            "floor": [real[n]["copied"] for n in counts],
        },
        "cells": {f"{name}/{n}": _cell(of[name, n], first[name, n], at[name, n]) for name, n in of},
        "atlas": atlas,
    }


def _cell(rows: list[dict], first: dict, at: list[tuple[list, list]]) -> dict:
    """Bands over the runs of a method; places of samples and of what is nearest, at each look."""
    samples, nearest = zip(*at, strict=True)
    return {
        "score": _bands(rows, "fid"),
        "copied": _bands(rows, "copied"),
        "samples": samples,
        "nearest": nearest,
        "distances": [look["distances"] for look in first["neighbours"]],
    }


def _bands(rows: list[dict], name: str) -> list[list[float]]:
    """[median, least, largest] at each look."""
    looks = zip(*([look[name] for look in row["way"]] for row in rows), strict=True)
    return [[round(each, 4) for each in (median(values), min(values), max(values))] for values in looks]


def _shown(run: dict, n: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """At each look samples and what they are nearest to, uint8 (count, 28, 28) each."""
    learned = bench.learned_from(bench.task(str(n)), run["seed"])[:, 0].numpy()
    return [(_read(tiles), learned[of["places"]]) for tiles, of in zip(run["tiles"], run["neighbours"], strict=True)]


def _read(tiles: str) -> np.ndarray:
    """Pictures in a row, out of a PNG in base64."""
    with Image.open(io.BytesIO(base64.b64decode(tiles))) as row:
        pixels = np.asarray(row.convert("L"))
    return pixels.reshape(28, -1, 28).swapaxes(0, 1)


def _atlas(shown: dict[Key, list]) -> tuple[str, dict[Key, list[tuple[list, list]]]]:
    """All tiles on one picture, and the places of each row of them."""
    rows = [row for looks in shown.values() for both in looks for row in both]
    atlas, places = packed(np.concatenate(rows))
    lying = iter(np.split(np.array(places), np.cumsum([len(row) for row in rows])[:-1]))
    return atlas, {key: [(next(lying).tolist(), next(lying).tolist()) for _ in looks] for key, looks in shown.items()}


def main() -> None:
    """Write it."""
    found = bench.RUNS.read()
    of_digits = [run for run in found["runs"] if run["arm"] in bench.OF_AN_ARM and run["data"].isdecimal()]
    content = as_json(board(of_digits, found["floors"]), separators=(",", ":"), ensure_ascii=False)
    durable.write(SHIPPED, f"{content}\n".encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


if __name__ == "__main__":
    main()
