"""What a recording must say of itself, so that every view can show it: sizes that agree, lists of one length, numbers.

A recording is a file, and a file may have been made by anybody: its checksum says that it is whole, not that it is
right. `check` raises ValueError that names the place. Needs no torch.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from gan_edu.core.safety.checked import changes, integer, number, one_of, real, rising, series, short, table, text

WEBP_LIMIT = 16_383  # WebP allows no side longer than this, in pixels
MOST_PIXELS = 178_956_970  # of a picture: Pillow opens no larger one
LARGEST = {"fakes": 100_000, "pulls": 100_000, "sheet": 100_000, "field": 1000}  # of a frame of points
SAFE = 2**53  # whole numbers that JavaScript can tell apart
Check = Callable[[str, object], object]  # (name, value), raises ValueError


def check(meta: dict) -> None:
    """Raise ValueError for a recording's JSON that no view could show. meta: as `core.recording.Recording` has it."""
    for name in ("name", "title"):
        text(name, meta[name])
    for name in ("subtitle", "points_are", "steps_of"):
        text(name, meta.get(name, ""))
    kind = one_of("kind", meta.get("kind", "images"), KINDS)
    if meta.get("steps_per_epoch") is not None:
        real("steps_per_epoch", meta["steps_per_epoch"], math.ulp(1.0), SAFE)
    frames = table("frames", meta["frames"], "step", "scores")
    count = integer("the number of frames", len(rising("frames: step", frames["step"], SAFE)), 1)
    _curves(table("curves", meta["curves"]))
    changes("log", meta.get("log", []), SAFE)
    for name, value in table("optimum", meta.get("optimum", {})).items():
        number(f"optimum: {name}", value)
    settings("provenance: settings", table("provenance", meta["provenance"]).get("settings", {}))
    KINDS[kind](meta, frames, count)


def _curves(curves: dict) -> None:
    if not curves:
        return
    steps = rising("curves: step", table("curves", curves, "step")["step"], SAFE)
    for name in set(curves) - {"step"}:
        series(f"curves: {name}", curves[name], number, len(steps))


def settings(name: str, value: object) -> dict:
    """What a run was made with, by name; a cost, where there is one, is a number > 0 (`core.recording.equal_time`)."""
    given = table(name, value)
    if "cost" in given:
        real(f"{name}: cost", given["cost"], math.ulp(0.0), SAFE)
    return given


def _of_pictures(meta: dict, frames: dict, count: int) -> None:
    grid = table("grid", meta["grid"], "rows", "columns", "tile_width", "tile_height", "channels")
    atlas = table("atlas", meta["atlas"], "columns", "rows", "frame_width", "frame_height", "file", "sha256")
    for size in ("rows", "columns", "tile_width", "tile_height"):
        integer(f"grid: {size}", grid[size], 1, WEBP_LIMIT)
    for size in ("columns", "rows", "frame_width", "frame_height"):
        integer(f"atlas: {size}", atlas[size], 1, WEBP_LIMIT)
    if integer("grid: channels", grid["channels"], 1, 3) == 2:
        raise ValueError("grid: channels must be 1 or 3, got 2")
    _files(atlas)
    for side, across in (("width", "columns"), ("height", "rows")):
        if atlas[f"frame_{side}"] != grid[across] * grid[f"tile_{side}"]:
            raise ValueError(
                f"a frame is {atlas[f'frame_{side}']} pixels in {side}, its {grid[across]} samples of "
                f"{grid[f'tile_{side}']} need {grid[across] * grid[f'tile_{side}']}"
            )
        integer(f"the picture's {side}", atlas[across] * atlas[f"frame_{side}"], 1, WEBP_LIMIT)
    if (pixels := math.prod(atlas[each] for each in ("columns", "rows", "frame_width", "frame_height"))) > MOST_PIXELS:
        raise ValueError(f"the picture has {pixels:,} pixels, more than {MOST_PIXELS:,}")
    if count > atlas["columns"] * atlas["rows"]:
        raise ValueError(f"there are {count:,} frames, and the picture has {atlas['columns'] * atlas['rows']:,} places")
    samples = grid["rows"] * grid["columns"]
    if frames.get("logits"):
        series(
            "frames: logits",
            frames["logits"],
            lambda name, each: each is None or series(name, each, number, samples),
            count,
        )
    if frames.get("epoch"):
        series("frames: epoch", frames["epoch"], number, count)
    series("frames: scores", frames["scores"], picture_scores, count)
    scoring = meta.get("scoring") or {}
    for name in {"samples", "fid_floor"} & set(table("scoring", scoring)):
        number(f"scoring: {name}", scoring[name])


def _logits(count: int) -> Check:
    """Of a frame: as many as it has samples, or None where there was no discriminator."""
    return lambda name, value: None if value is None else series(name, value, number, count)


def _of_points(meta: dict, frames: dict, count: int) -> None:
    grid = table("grid", meta["grid"], *LARGEST, "edge", "unit")
    for name, most in LARGEST.items():
        integer(f"grid: {name}", grid[name], 1, most)
    if grid.get("lost_field") is not None:
        integer("grid: lost_field", grid["lost_field"], 0, 255)
    for name in ("edge", "unit"):
        real(f"grid: {name}", grid[name], 1e-3, 1e6)
    atlas = table("atlas", meta["atlas"], "frame_bytes", "frames", "file", "sha256")
    _files(atlas)
    integer("the number of frames", count, 1)
    for name, value in (("frames", count), ("frame_bytes", frame_bytes(grid))):
        if integer(f"atlas: {name}", atlas[name]) != value:
            raise ValueError(f"atlas: {name} must be {value:,}, got {atlas[name]:,}")
    series("frames: scores", frames["scores"], point_scores, count)
    noise = table("noise", meta.get("noise"), "dim", "kind", "points")
    text("noise: kind", noise["kind"])
    series("noise: points", noise["points"], _place, grid["sheet"] * integer("noise: dim", noise["dim"], 1, 1000))
    data_on_show("reals", meta.get("reals"))
    scoring = table("scoring", meta.get("scoring"), "samples", "bins")
    for name in ("samples", "bins"):
        integer(f"scoring: {name}", scoring[name], 1)
    if scoring.get("fair") is not None:
        number("scoring: fair", scoring["fair"])


def frame_bytes(grid: dict) -> int:
    """Of one packed frame: int16 fakes, pulls and sheet, then D's probability, a byte a cell (`point_frames`)."""
    return 4 * (grid["fakes"] + grid["pulls"] + grid["sheet"]) + grid["field"] ** 2


def _files(atlas: dict) -> None:
    text("atlas: file", atlas["file"])
    if not re.fullmatch("[0-9a-f]{64}", text("atlas: sha256", atlas["sha256"])):
        raise ValueError(f"atlas: sha256 must be 64 hex digits, got {short(atlas['sha256'])}")


def _place(name: str, value: object) -> None:
    integer(name, value, -32_768, 32_767)


def picture_scores(name: str, value: object, check: Check = number) -> None:
    """A frame's scores, or None: fid, confidence and histogram are numbers, as far as they are there."""
    if value is None:
        return
    scores = table(name, value)
    for score in {"fid", "confidence"} & set(scores):
        check(f"{name}: {score}", scores[score])
    series(f"{name}: histogram", scores.get("histogram", []), check)


def point_scores(name: str, value: object, check: Check = number) -> None:
    """A frame's scores: js is always there; all are numbers or None, and shares is a list of such."""
    scores = table(name, value, "js")
    for score, each in scores.items():
        if score == "shares":
            series(f"{name}: shares", each, check)
        else:
            check(f"{name}: {score}", each)
    if scores.get("modes") is not None:
        integer(f"{name}: modes", scores["modes"])


def data_on_show(name: str, value: object) -> None:
    """All that was to be learned, one after the other: at least one."""
    if not series(name, value, _data):
        raise ValueError(f"{name} must hold the data of at least one step, got none")


def _data(name: str, value: object) -> None:
    """Data points and what is known of them, from a step on: {"from", "name", "points", "floor", "modes"}."""
    data = table(name, value, "from", "name", "points", "floor", "modes")
    integer(f"{name}: from", data["from"], 0, SAFE)
    text(f"{name}: name", data["name"])
    series(f"{name}: points", data["points"], _place)
    if len(data["points"]) % 2 or not data["points"]:
        raise ValueError(f"{name}: points must be pairs, at least one, got {len(data['points'])} numbers")
    for distance in ("js", "kl"):
        number(f"{name}: floor: {distance}", table(f"{name}: floor", data["floor"], distance)[distance])
    if data["modes"] is not None:
        integer(f"{name}: modes", data["modes"], 1)


KINDS: dict[str, Callable[[dict, dict, int], None]] = {"images": _of_pictures, "points": _of_points}
