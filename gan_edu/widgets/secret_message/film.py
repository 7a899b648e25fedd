"""What a secret message is shown: films of a matrix that learns a key, and what each of their frames makes of a text.

A frame is 27 × 27 bytes: row c says what cipher symbol c may stand for, 255 for what it surely does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor

from gan_edu.core.data.ciphers import SYMBOLS, keyword_key, undone
from gan_edu.core.safety.checked import integer, several, short

MOST_FRAMES, LAST_STEP, CELLS = 400, 10**9, SYMBOLS * SYMBOLS


class Film(NamedTuple):
    """A deciphering. key: the cipher symbol of each letter, (27,). steps: rising. frames: 729 bytes a step."""

    key: Tensor
    steps: list[int]
    frames: bytes

    def place(self, step: int | None) -> int:
        """The number of the frame that is newest at a step: the first before it, the last for None, −1 of none."""
        last = len(self.steps) - 1
        return last if step is None else min(last, max(0, bisect_right(self.steps, step) - 1))

    def frame(self, place: int) -> Tensor:
        """The matrix (27, 27), uint8."""
        at = place * CELLS
        return torch.frombuffer(bytearray(self.frames[at : at + CELLS]), dtype=torch.uint8).view(SYMBOLS, SYMBOLS)


def checked_film(given: Iterable, key: object) -> Film:
    """A film of (step, matrix), 1 to 400 frames with steps that rise. Raises ValueError for what is none."""
    found: list[tuple[int, bytes]] = []

    def frame(name: str, each: object) -> None:
        found.append(checked_frame(name, each, found[-1][0] if found else -1))

    several("film", given, frame)
    integer("film: how many frames there are", len(found), 1, MOST_FRAMES)
    return Film(checked_key(key), [step for step, _ in found], b"".join(bytes_ for _, bytes_ in found))


def checked_frame(name: str, given: object, after: int = -1) -> tuple[int, bytes]:
    """(step, matrix) with the matrix as bytes. after: the step before. Raises ValueError for what is none."""
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise ValueError(f"{name} must be (step, matrix), got {short(given)}")
    step, matrix = given
    return integer(f"{name}: the step", step, after + 1, LAST_STEP), _bytes_of(name, matrix)


def _bytes_of(name: str, matrix: object) -> bytes:
    try:
        found = torch.as_tensor(matrix).detach().cpu()
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"{name}: the matrix must be {SYMBOLS} × {SYMBOLS} numbers, got {short(matrix)}") from None
    if found.shape != (SYMBOLS, SYMBOLS) or found.is_complex() or found.dtype == torch.bool:
        raise ValueError(
            f"{name}: the matrix must be {SYMBOLS} × {SYMBOLS} numbers, got {found.dtype} {tuple(found.shape)}"
        )
    most = 1 if found.is_floating_point() else 255
    if not bool(((found >= 0) & (found <= most)).all()):  # NaN is neither
        raise ValueError(f"{name}: the matrix must hold fractions 0 … 1 or whole numbers 0 … 255, got others")
    return bytes((found * (255 // most)).round().to(torch.uint8).numpy().tobytes())


def checked_key(key: object) -> Tensor:
    """A key (27,): of a word, or the cipher symbol of each letter. Raises ValueError for what is none."""
    if isinstance(key, str):
        return keyword_key(key)
    found = several("key", key, lambda name, each: integer(name, _plain(each), 0, SYMBOLS - 1))
    numbers = torch.tensor(found, dtype=torch.int64)
    undone(numbers)  # looks at it
    return numbers


def _plain(value: object) -> object:
    return value.item() if isinstance(value, Tensor) and value.ndim == 0 else value


def reading(frame: Tensor) -> Tensor:
    """What each cipher symbol stands for in a frame (27, 27), the first of those that are as likely: (27,)."""
    return torch.from_numpy(frame.numpy().argmax(1))  # torch's argmax may take any of these


def right(film: Film, place: int, hidden: Tensor, text: Tensor) -> float:
    """The share of a text's symbols that a frame reads rightly. hidden, text: (L,)."""
    return (reading(film.frame(place))[hidden] == text).double().mean().item()
