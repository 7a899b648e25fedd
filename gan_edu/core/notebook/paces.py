"""Three paces: `steps = pace(test=20, lesson=2_000, full=93_700)`.

lesson, the default, is what a class does: at most five minutes a notebook on two idle cores, which `make check` holds;
full is the whole run; test only shows that every cell runs. The environment variable GAN_EDU_PACE chooses.
"""

from __future__ import annotations

import os
from typing import TypeVar

PACES = ("test", "lesson", "full")
Value = TypeVar("Value")


def current() -> str:
    """The pace in force. Raises ValueError for a GAN_EDU_PACE that is none of the three."""
    chosen = os.environ.get("GAN_EDU_PACE") or "lesson"
    if chosen not in PACES:
        raise ValueError(f"GAN_EDU_PACE must be one of {', '.join(PACES)}, got {chosen!r}")
    return chosen


def pace(*, test: Value, lesson: Value, full: Value) -> Value:
    """The value that belongs to the pace in force; at test pace it says that results mean nothing."""
    chosen = current()
    if chosen == "test":
        print("test pace: this only shows that the cell runs; its results mean nothing")
    return {"test": test, "lesson": lesson, "full": full}[chosen]


def claims() -> bool:
    """Whether results may be judged: everywhere but at test pace."""
    return current() != "test"
