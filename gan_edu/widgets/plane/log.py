"""What the plane writes into a run's log: settings that were changed, steps of one player alone, steps that failed.

`Laboratory.events` reads it, to check a saved run and to write the run as a program.
"""

from __future__ import annotations

from gan_edu.core.live.run import note
from gan_edu.core.live.settings import Setting, Value
from gan_edu.core.notebook.words import say


def note_change(log: list[dict], step: int, setting: Setting, before: Value, value: Value) -> None:
    """A setting was changed; a number that is moved on between the same two steps is one change."""
    joins = isinstance(value, (int, float)) and setting.off not in (before, value)  # off and on begins anew
    note(log, step, setting.full, in_words(before), in_words(value), joins=joins, name=setting.name, value=value)


def note_alone(log: list[dict], before: int, letter: str) -> None:
    """After step `before` came one of one player alone, "d" or "g"; several in a row are one event."""
    step, count, last = before, 1, log[-1] if log else {}
    if last.get("single") == letter and last["step"] + last["count"] == before:
        step, count = last["step"], log.pop()["count"] + 1
    change = say("plane", "stepsAlone", count=count, player=letter.upper())
    log.append({"step": step, "single": letter, "count": count, "change": change})


def note_failure(log: list[dict], step: int, what: str) -> None:
    """A step failed: of "train", or of one player alone."""
    log.append({"step": step, "failed": what, "change": say("plane", "stepFailed")})


def in_words(value: Value) -> str:
    """The value of a setting, in words."""
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    return value if isinstance(value, str) else say("plane", "aDrawing")
