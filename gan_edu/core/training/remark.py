"""A remark: a warning about what may be meant, shown once at the learner's own line."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def remark(text: str) -> None:
    """Warn at the line outside of gan_edu from which this came, as the cell that trains. Each text once a line."""
    frame, level = inspect.currentframe(), 1
    while frame and frame.f_globals.get("__name__", "").startswith("gan_edu"):
        frame, level = frame.f_back, level + 1
    warnings.warn(text, stacklevel=level)


def from_zero_up(pixels: Tensor) -> bool:
    """Whether they lie as those in [0, 1] or 0…255 do: none below 0, dark ones near it, and light ones from 1 on.

    Not so are the pictures of a fresh generator, which may be all of one grey above 0. pixels: not empty.
    """
    low, high = pixels.min().item(), pixels.max().item()
    return 0 <= low < 0.1 * high and high > 0.9
