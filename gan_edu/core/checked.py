"""What a file says, looked at before it is believed: numbers in their range, texts, lists, tables. Needs no torch.

Checkpoints and recordings come from files, and a file may have been made by anybody. Each of these returns the value
as it is, or raises ValueError that says what was found and what is allowed.
"""
from __future__ import annotations

import math
import reprlib
from collections.abc import Callable, Iterable
from numbers import Integral, Real

MOST = 10 ** 12                                       # of steps, samples and whatever else is counted


def integer(name: str, value, least: int = 0, most: int = MOST) -> int:
    """A whole number from `least` to `most`."""
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least:,} to {most:,}, got {short(value)}")
    return value


def real(name: str, value, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number from `least` to `most`."""
    if not _is_number(value) or not math.isfinite(_float(value)) or not least <= value <= most:
        limits = ("" if (least, most) == (-math.inf, math.inf) else f" from {least:g}" if most == math.inf
                  else f" from {least:g} to {most:g}")
        raise ValueError(f"{name} must be a finite number{limits}, got {short(value)}")
    return value


def number(name: str, value) -> float | None:
    """A finite number, or None where there is none."""
    return None if value is None else real(name, value)


def measured(name: str, value) -> float | None:
    """Any number, NaN and infinity among them: what a run that failed may have measured."""
    if value is not None and not _is_number(value):
        raise ValueError(f"{name} must be a number, got {short(value)}")
    return value


def text(name: str, value) -> str:
    """A text that can be written to a file."""
    if type(value) is not str:
        raise ValueError(f"{name} must be a text, got {short(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:                        # half of a pair of surrogates
        raise ValueError(f"{name} holds what is no character: {value!a:.80}") from None
    return value


def table(name: str, value, *keys: str) -> dict:
    """A dict whose keys are texts, `keys` among them."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ValueError(f"{name} must be a table of named values, got {short(value)}")
    if missing := [key for key in keys if key not in value]:
        raise ValueError(f"{name} lacks {', '.join(missing)}")
    return value


def series(name: str, value, each: Callable[[str, object], object], count: int | None = None) -> list:
    """A list, `count` long where that is given, of what `each(name, value)` takes."""
    if type(value) is not list or count not in (None, len(value)):
        got = f"{len(value):,}" if type(value) is list else short(value)
        raise ValueError(f"{name} must be a list" + ("" if count is None else f" of {count:,}") + f", got {got}")
    for k, item in enumerate(value):
        each(f"{name}, place {k}", item)
    return value


def rising(name: str, value, most: int = MOST, count: int | None = None) -> list[int]:
    """A list of whole numbers, none below the one before."""
    series(name, value, lambda name, item: integer(name, item, 0, most), count)
    if any(a > b for a, b in zip(value, value[1:], strict=False)):
        raise ValueError(f"{name} must rise, got {short(value)}")
    return value


def one_of(name: str, value, allowed: Iterable[str]) -> str:
    """One of some texts."""
    if type(value) is not str or value not in (allowed := list(allowed)):
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {short(value)}")
    return value


def changes(name: str, value, most: int = MOST) -> list[dict]:
    """A run's log: at which step, up to `most`, what was changed, in words."""
    def change(name, event):
        table(name, event, "step", "change")
        integer(f"{name}: step", event["step"], 0, most), text(f"{name}: change", event["change"])
    return series(name, value, change)


def short(value) -> str:
    """What was given, in a few words."""
    if isinstance(value, str) and len(value) > 200:
        return f"a text of {len(value):,} characters"
    return reprlib.repr(value)


def _is_number(value) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:                             # a whole number of more than 308 digits
        return math.inf
