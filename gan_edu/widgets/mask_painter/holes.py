"""Holes and pictures of 28 × 28 pixels as text, which a browser sends back; holes.js reads and writes them too."""

from __future__ import annotations

import base64
import re

import torch
from torch import Tensor

SIDE = 28
PIXELS = SIDE * SIDE


def _square(top: int, left: int, height: int = 12, width: int = 12) -> Tensor:
    hole = torch.zeros(SIDE, SIDE, dtype=torch.bool)
    hole[top : top + height, left : left + width] = True
    return hole


PRESETS = {  # squares as a network is trained with, and what it has never seen
    "centre": _square(8, 8),
    "upper": _square(2, 8),
    "lower": _square(14, 8),
    "right": _square(0, 14, SIDE, 14),
    "bottom": _square(14, 0, 14, SIDE),
    "stripes": (torch.arange(SIDE)[:, None] % 4 < 2).expand(SIDE, SIDE).clone(),
}


def hole_of(text: str) -> Tensor:
    """The hole (28, 28), bool: of a stored one its name, else 196 hexadecimal digits, four pixels each, row by row.

    Raises ValueError for another text.
    """
    if text in PRESETS:
        return PRESETS[text].clone()
    if not isinstance(text, str) or not re.fullmatch(f"[0-9a-f]{{{PIXELS // 4}}}", text):
        names = ", ".join(PRESETS)
        raise ValueError(f"hole must be one of {names}, or {PIXELS // 4} hexadecimal digits, got {text!r:.60}")
    bits = torch.tensor([int(digit, 16) >> k & 1 for digit in text for k in (3, 2, 1, 0)])
    return bits.bool().view(SIDE, SIDE)


def text_of(hole: Tensor) -> str:
    """The digits of a hole (28, 28), bool."""
    bits = hole.reshape(-1, 4).long() @ torch.tensor([8, 4, 2, 1])
    return "".join(f"{digit:x}" for digit in bits.tolist())


def picture_of(text: object) -> Tensor | None:
    """A picture (28, 28), uint8, of base64; None of an empty text. Raises ValueError for another."""
    if text == "":
        return None
    try:
        pixels = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        pixels = b""
    if len(pixels) != PIXELS:
        raise ValueError(f"own must be {PIXELS} bytes as base64, or empty, got {text!r:.60}")
    return torch.frombuffer(bytearray(pixels), dtype=torch.uint8).view(SIDE, SIDE)
