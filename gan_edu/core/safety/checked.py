"""What is handed over, looked at before it is used: numbers in their range, texts, paths, functions, lists, tables.

The doors of the package and the readers of its files ask here, so that one word means one thing at all of them. Each
function returns the value, numpy's numbers as Python's own, or says what was found and what is allowed: ValueError for
a wrong number, text or list, of whatever kind, TypeError for what is no function, path, network or tensor. Needs no
torch; `core.training.checks` looks at networks.
"""

from __future__ import annotations

import math
import os
import reprlib
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from numbers import Integral, Real
from pathlib import Path
from typing import TypeGuard, TypeVar

MOST = 10**12  # of steps, samples and whatever else is counted; of seeds too
MOST_LISTED = 10**6  # values handed over one by one: an iterator may have no end
T = TypeVar("T")


def integer(name: str, value: object, least: int = 0, most: int = MOST) -> int:
    """A whole number from `least` to `most`: no bool, no 3.0."""
    if not _is_whole(value) or not least <= value <= most:
        allowed = (
            f"≥ {least:,}"
            if most == MOST and not (_is_whole(value) and value > most)
            else f"from {least:,} to {most:,}"
        )
        raise ValueError(f"{name} must be a whole number {allowed}, got {short(value)}")
    return int(value)


def real(
    name: str,
    value: object,
    least: float = -math.inf,
    most: float = math.inf,
    *,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """A finite number from `least` to `most`, larger than `above` and smaller than `below`: also a tensor ()."""
    value = value.item() if getattr(value, "ndim", None) == 0 and hasattr(value, "item") else value
    if not _is_number(value) or not math.isfinite(x := _float(value)) or not (least <= x <= most and above < x < below):
        raise ValueError(f"{name} must be a finite number{_allowed(least, most, above, below)}, got {short(value)}")
    return x


def _allowed(least: float, most: float, above: float, below: float) -> str:
    if math.isfinite(least) and math.isfinite(most):
        return f" from {least:g} to {most:g}"
    limits = [
        f"{sign} {limit:g}"
        for sign, limit in zip("≥>≤<", (least, above, most, below), strict=True)
        if math.isfinite(limit)
    ]
    return " " + " and ".join(limits) if limits else ""


def flag(name: str, value: object) -> bool:
    """True or False, numpy's too; no text and no number, which Python would take for True."""
    if type(value).__name__ not in ("bool", "bool_"):
        raise ValueError(f"{name} must be True or False, got {short(value)}")
    return bool(value)


def number(name: str, value: object) -> float | None:
    """A finite number, or None where there is none."""
    return None if value is None else real(name, value)


def measured(name: str, value: object) -> float | None:
    """Any number, NaN and infinity among them: what a run that failed may have measured."""
    if value is not None and not _is_number(value):
        raise ValueError(f"{name} must be a number, got {short(value)}")
    return value


def path(name: str, value: str | os.PathLike) -> Path:
    """A file or folder, there or not; "~" is one's home. TypeError for what is no path."""
    if not isinstance(value, (str, os.PathLike)) or isinstance(os.fspath(value), bytes):
        raise TypeError(f"{name} must be a path, a text or a pathlib.Path, got {short(value)}")
    if not (given := os.fspath(value)) or "\0" in given:
        raise ValueError(f"{name} must be a path, got {given!r}")
    return Path(os.path.expanduser(given))


def file(name: str, value: str | os.PathLike) -> Path:
    """The path of a file, there or not: no folder, and no "films/", which would name one. Raises as `path`."""
    found = path(name, value)
    if os.fspath(value).endswith(("/", os.sep)) or found.name in ("", ".."):
        raise ValueError(f"{name} must be a file, got the folder {os.fspath(value)!r}: add the file's name")
    return found


def function(name: str, value: object, does: str = "") -> Callable:
    """Something that can be called. does: what it is called with and returns, for the message. TypeError for else."""
    if not callable(value):
        raise TypeError(f"{name} must be a function{does and ', '}{does}, got {short(value)}")
    return value


def kind(name: str, value: object, of: type[T]) -> T:
    """A thing of a class: a tensor, a mixture, a recording. TypeError for another."""
    if not isinstance(value, of):
        raise TypeError(f"{name} must be a {of.__module__}.{of.__qualname__}, got {type(value).__name__}")
    return value


def text(name: str, value: object) -> str:
    """A text that can be written to a file."""
    if type(value) is not str:
        raise ValueError(f"{name} must be a text, got {short(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a pair of surrogates
        raise ValueError(f"{name} holds what is no character: {value!a:.80}") from None
    return value


def table(name: str, value: object, *keys: str) -> dict:
    """A dict whose keys are texts, `keys` among them."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ValueError(f"{name} must be a table of named values, got {short(value)}")
    if missing := [key for key in keys if key not in value]:
        raise ValueError(f"{name} lacks {', '.join(missing)}")
    return value


def series(name: str, value: object, each: Callable[[str, object], T], count: int | None = None) -> list[T]:
    """A list, `count` long where that is given, of what `each(name, value)` returns."""
    if type(value) is not list or count not in (None, len(value)):
        got = f"{len(value):,}" if type(value) is list else short(value)
        raise ValueError(f"{name} must be a list" + ("" if count is None else f" of {count:,}") + f", got {got}")
    return [each(f"{name}, place {k}", item) for k, item in enumerate(value)]


def several(name: str, value: object, each: Callable[[str, object], T], count: int | None = None) -> list[T]:
    """As `series`, of anything that can be gone through: a tuple, a range, a set, an array."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise ValueError(f"{name} must be a list or tuple, got {short(value)}")
    listed = list(islice(value, MOST_LISTED + 1))
    if len(listed) > MOST_LISTED:
        raise ValueError(f"{name} must be a list of at most {MOST_LISTED:,}, got {short(value)}")
    return series(name, listed, each, count)


def rising(name: str, value: object, most: int = MOST, count: int | None = None) -> list[int]:
    """A list of whole numbers, none below the one before."""
    steps = series(name, value, lambda name, item: integer(name, item, 0, most), count)
    if any(a > b for a, b in zip(steps, steps[1:], strict=False)):
        raise ValueError(f"{name} must rise, got {short(value)}")
    return steps


def one_of(name: str, value: object, allowed: Iterable[str]) -> str:
    """One of some texts."""
    if type(value) is not str or value not in (allowed := list(allowed)):
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {short(value)}")
    return value


def changes(name: str, value: object, most: int = MOST) -> list[dict]:
    """A run's log: at which step, up to `most`, what was changed, in words."""

    def change(name: str, event: object) -> dict:
        event = table(name, event, "step", "change")
        integer(f"{name}: step", event["step"], 0, most)
        for key in ("change", "label", "before", "now"):
            if key in event:
                text(f"{name}: {key}", event[key])
        return event

    return series(name, value, change)


def short(value: object) -> str:
    """What was given, in a few words."""
    if isinstance(value, str) and len(value) > 200:
        return f"a text of {len(value):,} characters"
    return reprlib.repr(value)


def _is_whole(value: object) -> TypeGuard[int]:  # numpy's too, which works as Python's does
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of more than 308 digits
        return math.inf
