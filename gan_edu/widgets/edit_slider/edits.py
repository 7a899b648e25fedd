"""What an edit slider is handed, looked at: the strengths of a direction, pictures at each, what was measured there."""

from __future__ import annotations

import io
from collections.abc import Mapping

import torch
from torch import Tensor

from gan_edu.core.data.pixels import as_grid, as_image, pictures as checked_pictures, to_uint8
from gan_edu.core.safety.checked import integer, real, several, short, table
from gan_edu.core.training.tensors import tensor

MOST_STRENGTHS, MOST_PICTURES, MOST_DIRECTIONS, MOST_SIDE, MOST_PIXELS = 41, 24, 8, 64, 2_400_000


def arranged(edits: Mapping) -> tuple[dict, list[Tensor]]:
    """What the view shows besides pictures, and of each direction these: uint8 (S, N, H, W). Raises as EditSlider."""
    integer("edits: how many directions there are", len(table("edits", edits)), 1, MOST_DIRECTIONS)
    directions, frames = zip(*(_direction(name, given) for name, given in edits.items()), strict=True)
    if len({each.shape[1:] for each in frames}) > 1:
        shapes = ", ".join(str(tuple(each.shape)) for each in frames)
        raise ValueError(f"every direction must show the same pictures, as many and as large, got {shapes}")
    if (pixels := sum(each.numel() for each in frames)) > MOST_PIXELS:
        raise ValueError(f"edits hold {pixels:,} pixels, {MOST_PIXELS:,} at most: take fewer pictures or strengths")
    _, count, height, width = frames[0].shape
    rows = max(map(len, frames))
    layout = {"columns": count, "rows": rows, "frame_width": width, "frame_height": height}
    return {**layout, "directions": list(directions)}, list(frames)


def _direction(name: str, given: object) -> tuple[dict, Tensor]:
    if not isinstance(given, (tuple, list)) or len(given) != 3:
        raise ValueError(f"edits[{name!r}] must be (strengths, frames, measured), got {short(given)}")
    strengths = several(f"edits[{name!r}]: strengths", given[0], real)
    integer(f"edits[{name!r}]: how many strengths there are", len(strengths), 2, MOST_STRENGTHS)
    if any(a >= b for a, b in zip(strengths, strengths[1:], strict=False)):
        raise ValueError(f"edits[{name!r}]: strengths must rise, got {short(strengths)}")
    frames = _frames(f"edits[{name!r}]: frames", given[1], len(strengths))
    measured = _measured(f"edits[{name!r}]: measured", given[2], tuple(frames.shape[:2]))
    mean, low, high = measured.mean(1), measured.amin(1), measured.amax(1)  # (S,) each
    told = {"mean": mean.tolist(), "low": low.tolist(), "high": high.tolist()}
    return {"name": name, "strengths": strengths, **told}, frames


def _frames(name: str, given: Tensor, count: int) -> Tensor:
    shape = tuple(tensor(name, given).shape)
    if (
        len(shape) != 4
        or shape[0] != count
        or not 1 <= shape[1] <= MOST_PICTURES
        or not 1 <= max(shape[2:]) <= MOST_SIDE
    ):
        raise ValueError(
            f"{name} must be a tensor ({count}, N, H, W), N from 1 to {MOST_PICTURES}, H and W up to {MOST_SIDE}, "
            f"got {shape}"
        )
    if not torch.isfinite(given.float()).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    return given.cpu() if given.dtype == torch.uint8 else to_uint8(checked_pictures(name, given))


def _measured(name: str, given: object, shape: tuple[int, ...]) -> Tensor:
    try:
        values = torch.as_tensor(given, dtype=torch.float64).cpu()
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"{name} must be numbers {shape}, a strength a row, got {short(given)}") from None
    if tuple(values.shape) != shape or not values.isfinite().all():
        raise ValueError(f"{name} must be finite numbers {shape}, a strength a row, got {tuple(values.shape)}")
    return values


def sheet(frames: Tensor) -> bytes:
    """Pictures (S, N, H, W), uint8, as one PNG: a strength a row."""
    buffer = io.BytesIO()
    as_image(as_grid(frames.flatten(0, 1)[:, None], frames.shape[1])).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
