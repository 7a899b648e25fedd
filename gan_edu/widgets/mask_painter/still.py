"""The mask painter on paper: real and what is left; beside them what each λ restores, with its error beneath."""

from __future__ import annotations

import io
from collections.abc import Sequence

import torch
from torch import Tensor

from gan_edu.core.data.pixels import as_image
from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.palette import GENERATOR, VERDICT
from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.still import GAP, INK, PAPER, SOFT

TILE, HEAD = 112, 26


def still(real: Tensor, rows: Sequence[tuple[str, Tensor, Tensor]], hole: Tensor | None) -> bytes:
    """A PNG. real: uint8 (28, 28); rows: of each λ its label, what is left, what is restored; hole: bool (28, 28)."""
    from PIL import Image, ImageDraw

    left = real[None].expand(3, -1, -1).clone() if hole is not None else rows[0][1][None].expand(3, -1, -1).clone()
    if hole is not None:
        left[:, hole] = torch.tensor(_rgb(GENERATOR), dtype=torch.uint8)[:, None]
    paper = Image.new("RGB", (GAP + (2 + len(rows)) * (TILE + GAP), 2 * (HEAD + TILE) + GAP), PAPER)
    draw = ImageDraw.Draw(paper)
    columns = [(say("mask_painter", "real"), [real]), (say("mask_painter", "left"), [left])]
    columns += [
        (say("mask_painter", "weightIs", weight=label), [made, error_of(made, real)]) for label, _, made in rows
    ]
    for k, (title, pictures) in enumerate(columns):
        x = GAP + k * (TILE + GAP)
        write(draw, (x, 6), title[:18], 12, INK, bold=True)
        for row, picture in enumerate(pictures):
            y = HEAD + row * (HEAD + TILE)
            tile = as_image(picture if picture.ndim == 3 else picture[None]).convert("RGB")
            paper.paste(tile.resize((TILE, TILE), Image.Resampling.NEAREST), (x, y))
    write(draw, (GAP, 2 * HEAD + TILE + 6), say("mask_painter", "errorKey"), 12, SOFT)
    buffer = io.BytesIO()
    paper.quantize(64, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def error_of(made: Tensor, real: Tensor) -> Tensor:
    """made − real in colours, uint8 (3, 28, 28): from orange, too dark by 1, over white to blue, too bright by 1."""
    ends = [torch.tensor(_rgb(colour), dtype=torch.float32)[:, None, None] for colour in VERDICT]
    error = (made.float() - real.float()) / 255  # (28, 28)
    mixed = torch.where(error < 0, ends[1] + (ends[1] - ends[0]) * error, ends[1] + (ends[2] - ends[1]) * error)
    return mixed.round().to(torch.uint8)


def _rgb(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
