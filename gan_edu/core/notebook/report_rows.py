"""What the report of the environment is made of: a look at something, and the row that says what was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the report. ok: True; False, which stops the course; None, a remark on something optional."""

    name: str
    value: str
    ok: bool | None = True
    cure: str = ""


def seen(name: str, look: Callable[[], Row | list[Row]]) -> list[Row]:
    """What a look finds; where it fails in a way that nobody thought of, a row that says so."""
    try:
        found = look()
    except (Exception, SystemExit) as error:
        return [Row(name, f"unknown: {fault(error)}", None, "go on, and come back to this line if something fails")]
    return found if isinstance(found, list) else [found]


def fault(error: BaseException) -> str:
    """An error on one line: its kind, and the first line of what it says."""
    return f"{type(error).__name__}: {error}".strip().splitlines()[0]
