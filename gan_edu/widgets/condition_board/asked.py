"""What a condition board asks its generator for: each class, and steps from each to each other, in each style.

Of a style they stand on one sheet: the classes, then of each two, a < b, the steps between them; frames.js reads it so.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations

import torch
from torch import Tensor

from gan_edu.core.data.pixels import as_grid, as_image, pictures as checked_pictures, scaled, to_uint8

STEPS = 6  # from a class to another: five pictures between the two
COLUMNS, QUALITY = 16, 90  # of a sheet
MOST_PIXELS = 24_000_000  # of all sheets: as many as the view keeps decoded


def labels(classes: int) -> Tensor:
    """The labels (P, classes) of a style's pictures: each class, then shares of two that go from the one to the other.

    y = (1 − t) e_a + t e_b at t = ⅙ … ⅚, for all a < b: P = K + 5 K (K − 1)/2.
    """
    one = torch.eye(classes)
    t = torch.arange(1, STEPS)[:, None] / STEPS  # (5, 1)
    return torch.cat([one, *((1 - t) * one[a] + t * one[b] for a, b in combinations(range(classes), 2))])


def place(a: int, b: int, step: int, classes: int) -> int:
    """Which of a style's pictures lies `step` of 6 steps from class a to class b."""
    if a == b or step in (0, STEPS):
        return b if step == STEPS else a
    low, high, step = (a, b, step) if a < b else (b, a, STEPS - step)
    pair = low * (2 * classes - low - 1) // 2 + high - low - 1  # pairs before this one
    return classes + (STEPS - 1) * pair + step - 1


def asked(generate: Callable, latents: Tensor, classes: int) -> Tensor:
    """The pictures (S, P, C, H, W) of all styles. Raises as ConditionBoard."""
    y = labels(classes)
    with torch.no_grad():
        return torch.stack([_of_style(generate, z.expand(len(y), -1), y.to(z)) for z in latents])


def _of_style(generate: Callable, z: Tensor, y: Tensor) -> Tensor:
    images = generate(z.clone(), y.clone())
    shape = tuple(images.shape) if isinstance(images, Tensor) else type(images).__name__
    if not isinstance(images, Tensor) or images.ndim != 4 or shape[0] != len(z) or shape[1] not in (1, 3):
        raise ValueError(
            f"generate(z, y) must give pictures ({len(z)}, 1 or 3, H, W) for latents {tuple(z.shape)} and labels "
            f"{tuple(y.shape)}, got {shape}"
        )
    return scaled(checked_pictures("pictures", images)).detach().float().cpu()


def sheets(images: Tensor) -> tuple[list[bytes], dict]:
    """A WebP of each style's pictures, and how all are laid out."""
    styles, count, _, height, width = images.shape
    rows = -(-count // COLUMNS)
    if (pixels := styles * COLUMNS * rows * height * width) > MOST_PIXELS:
        raise ValueError(
            f"{styles} styles in pictures of {height} × {width} are {pixels:,} pixels, {MOST_PIXELS:,} can be shown: "
            "take fewer latents, smaller pictures or fewer classes"
        )
    made = []
    for style in to_uint8(images.flatten(0, 1)).view(images.shape):
        buffer = io.BytesIO()
        as_image(as_grid(style, COLUMNS)).save(buffer, "WEBP", quality=QUALITY, method=4)
        made.append(buffer.getvalue())
    return made, {"columns": COLUMNS, "rows": rows, "frame_width": width, "frame_height": height}


def readings(reads: Callable, images: Tensor, classes: int) -> list[list[int]]:
    """Which class a reader takes each picture (S, P, …) for, −1 for none. Raises as ConditionBoard."""
    return [_read(reads, style, classes) for style in images]


def _read(reads: Callable, images: Tensor, classes: int) -> list[int]:
    with torch.no_grad():
        found = reads(images.clone())
    got = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
    if not isinstance(found, Tensor) or found.shape != images.shape[:1] or found.is_complex():
        raise ValueError(f"reads(pictures) must give a class for each picture, a tensor ({len(images)},), got {got}")
    wrong = [each for each in found.tolist() if each not in range(-1, classes)]
    if wrong:
        raise ValueError(f"reads(pictures) must give classes from 0 to {classes - 1}, or −1 for none, got {wrong[0]}")
    return [int(each) for each in found.tolist()]
