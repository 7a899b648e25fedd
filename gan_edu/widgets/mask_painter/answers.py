"""What a mask painter's functions make of a picture: spoiled, restored, and how far that is from the real one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from gan_edu.core.measures.restored import psnr
from gan_edu.core.safety.checked import function, integer, short, table, text
from gan_edu.core.training.tensors import tensor
from gan_edu.widgets.mask_painter.holes import PRESETS, SIDE, hole_of

SEED = 0  # of the noise: the same at every strength
CLOSE = 1e-3  # so far beyond 0 and 1 a pixel may lie: it is rounding
MOST_PICTURES, MOST_WEIGHTS, MOST_ANSWERS = 12, 9, 1200  # answers: that a page without a kernel holds, 1 KB each

Damages = dict[str, dict[str, Callable]]  # {name: {strength: function}}


class Question(NamedTuple):
    """Which picture is spoiled how, and which function restores it."""

    real: Tensor  # (28, 28), in [0, 1]
    tab: int  # 0: by a hole, else by a damage
    strength: int
    hole: str
    weight: int


def checked_pictures(name: str, given: Tensor) -> Tensor:
    """Pictures (N, 1, 28, 28) as uint8. Raises TypeError or ValueError for what is none, or lies beyond [0, 1]."""
    if tensor(name, given).ndim != 4 or given.shape[1:] != (1, SIDE, SIDE) or not len(given):
        raise ValueError(f"{name} must be a tensor (N, 1, {SIDE}, {SIDE}), N ≥ 1, got {tuple(given.shape)}")
    return given.cpu() if given.dtype == torch.uint8 else as_bytes(name, given)


def as_bytes(name: str, given: Tensor) -> Tensor:
    """Pictures in [0, 1] as uint8. Raises ValueError for what is not finite or lies beyond."""
    least, most = given.min().item(), given.max().item()
    if not (math.isfinite(least + most) and least >= -CLOSE and most <= 1 + CLOSE):
        raise ValueError(
            f"{name} must lie in [0, 1], got {least:.3g} to {most:.3g}: (x + 1) / 2 brings [−1, 1] there, "
            "x.clamp(0, 1) cuts off what lies beyond"
        )
    return given.detach().float().cpu().clamp(0, 1).mul(255).round().to(torch.uint8)


def checked_restore(restore: Mapping) -> dict[str, Callable]:
    """{label: function}, one or more. Raises ValueError or TypeError."""
    integer("restore: how many functions there are", len(table("restore", restore)), 1, MOST_WEIGHTS)
    return {text("restore", label): function(f"restore[{label!r}]", each, RESTORES) for label, each in restore.items()}


RESTORES = "(seen (N, 1, 28, 28), known) → restored"
SPOILS = "(x (N, 1, 28, 28), stream) → (seen, known)"


def checked_damages(damages: Mapping) -> Damages:
    """{name: {strength: function}}; a damage without strengths has one, "". Raises as `checked_restore`."""
    found: Damages = {}
    for name, given in table("damages", damages).items():
        levels = given if isinstance(given, Mapping) else {"": given}
        integer(f"damages[{name!r}]: how many strengths there are", len(levels), 1, MOST_WEIGHTS)
        found[name] = {
            text(f"damages[{name!r}]", k): function(f"damages[{name!r}]", f, SPOILS) for k, f in levels.items()
        }
    return found


def spoiled(question: Question, damages: Damages) -> tuple[Tensor, Tensor]:
    """What is left of a picture, (1, 1, 28, 28), and which of its pixels are known, of the same shape, 0 or 1."""
    x = question.real[None, None].float()
    if question.tab == 0:
        known = (~hole_of(question.hole)).float()[None, None]
        return x * known, known
    name, levels = list(damages.items())[question.tab - 1]
    spoil = list(levels.values())[min(question.strength, len(levels) - 1)]
    made = spoil(x.clone(), torch.Generator().manual_seed(SEED))
    if not isinstance(made, tuple) or len(made) != 2 or any(getattr(each, "shape", 0) != x.shape for each in made):
        raise ValueError(
            f"damages[{name!r}] must give a pair (seen, known) of tensors {tuple(x.shape)}, got {short(made)}"
        )
    return made


def restored(question: Question, damages: Damages, restore: dict[str, Callable]) -> tuple[Tensor, Tensor]:
    """What is left, clipped to [0, 1], and what is restored: uint8 (28, 28) each. Raises ValueError."""
    label, function = list(restore.items())[question.weight]
    with torch.no_grad():
        seen, known = spoiled(question, damages)
        made = function(seen.clone(), known.clone())
    if not isinstance(made, Tensor) or made.shape != seen.shape:
        got = tuple(made.shape) if isinstance(made, Tensor) else type(made).__name__
        raise ValueError(f"restore[{label!r}] must give pictures {tuple(seen.shape)} for such as are seen, got {got}")
    return as_bytes("seen", seen.clamp(0, 1))[0, 0], as_bytes(f"restore[{label!r}]", made)[0, 0]


def stored(reals: Tensor, damages: Damages, restore: dict[str, Callable]) -> tuple[bytes, bytes]:
    """All that a page without a kernel shows, a byte a pixel: what is left (R, L, …) of each damage's each strength,
    and what is restored (R, P + L, W, …) of each hole and of those. reals: uint8 (R, 28, 28)."""
    levels = [(tab, k, "") for tab, each in enumerate(damages.values(), 1) for k in range(len(each))]
    asked = [*((0, 0, hole) for hole in PRESETS), *levels]
    seen, made = [], []
    for real in reals.float() / 255:
        for spoil in asked:
            both = [restored(Question(real, *spoil, weight), damages, restore) for weight in range(len(restore))]
            made += [one for _, one in both]
            seen += [both[0][0]] if spoil[0] else []
    return tuple(torch.stack(each).numpy().tobytes() if each else b"" for each in (seen, made))  # type: ignore[return-value]


def decibels(real: Tensor, other: Tensor, hole: Tensor | None) -> float:
    """The PSNR of one picture in dB, inside the hole, or over all pixels: infinite where all are alike, NaN of no hole.

    real, other: uint8 (28, 28); hole: bool (28, 28).
    """
    if hole is not None and not hole.any():
        return math.nan
    known = None if hole is None else (~hole)[None, None].double()
    return psnr(other[None, None].double() / 255, real[None, None].double() / 255, known)
