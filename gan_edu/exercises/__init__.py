"""Checks of the exercises, one file a chapter, named as its notebook.

Each check takes a learner's answer and returns a `Verdict`: not attempted yet, not yet (what is wrong), or correct
(and why). `...` is how a notebook leaves the place for an answer open.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import wraps


@dataclass(frozen=True)
class Verdict:
    """What a check says. correct: None where nothing was attempted."""

    correct: bool | None
    text: str

    def __repr__(self) -> str:
        return {None: "○ not attempted yet: ", False: "✗ not yet: ", True: "✓ correct: "}[self.correct] + self.text


def correct(why: str) -> Verdict:
    """The answer is right; `why` gives the reason."""
    return Verdict(True, why)


def wrong(what: str) -> Verdict:
    """The answer is not right; `what` says what is wrong and where to look."""
    return Verdict(False, what)


def check(function):
    """Make a check answer "not attempted yet" for `...`, and say what is wrong where an answer cannot be used."""
    @wraps(function)
    def checked(*answers) -> Verdict:
        if any(answer is ... or answer is None for answer in answers):
            return Verdict(None, "replace the ... by your answer and run the cell again")
        try:
            return function(*answers)
        except (TypeError, ValueError, AttributeError, RuntimeError, ArithmeticError, LookupError) as error:
            return wrong(f"the answer cannot be used ({error})")
    return checked


def close(value: float, expected: float, tolerance: float = 0.005) -> bool:
    """Whether a number agrees to about two decimals; NaN agrees with nothing."""
    return abs(float(value) - expected) <= tolerance
