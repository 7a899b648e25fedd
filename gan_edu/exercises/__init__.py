"""Checks of the exercises, one file a chapter, named as its notebook.

Each check takes a learner's answer and returns a `Feedback`: not attempted yet, not yet (what is wrong), or correct
(and why). `...` is how a notebook leaves the place for an answer open. A function that was written is called with
copies, as it may change what it is handed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from traceback import walk_tb
from typing import Any

from gan_edu.core.safety.checked import short


@dataclass(frozen=True)
class Feedback:
    """What a check says. correct: None where nothing was attempted."""

    correct: bool | None
    text: str

    def __repr__(self) -> str:
        return {None: "○ not attempted yet: ", False: "✗ not yet: ", True: "✓ correct: "}[self.correct] + self.text


def correct(why: str) -> Feedback:
    """The answer is right; `why` gives the reason."""
    return Feedback(True, why)


def wrong(what: str) -> Feedback:
    """The answer is not right; `what` says what is wrong and where to look."""
    return Feedback(False, what)


def check(function: Callable[..., Feedback]) -> Callable[..., Feedback]:
    """Make a check answer "not attempted yet" for `...`, and say what is wrong where an answer cannot be used.

    What kind of answer each parameter takes is read from its annotation; what is asked, from the docstring.
    """
    takes, asked = signature(function), (function.__doc__ or "").partition("\n")[0]

    @wraps(function)
    def checked(*given: object, **named: object) -> Feedback:
        try:
            answers = takes.bind(*given, **named).args
        except TypeError as error:
            return wrong(f"{function.__name__} takes {', '.join(takes.parameters)} ({error}). What is asked: {asked}")
        if any(answer is ... or answer is None for answer in answers):
            return Feedback(None, "replace the ... by your answer and run the cell again")
        for answer, parameter in zip(answers, takes.parameters.values(), strict=True):
            if problem := of_another_kind(answer, str(parameter.annotation)):
                return wrong(f"{problem}, got {short(answer)}.")
        try:
            return function(*answers)
        except Exception as error:
            if is_from(error, answers):
                return wrong(f"your function stops with {type(error).__name__}: {error}")
            return wrong(f"{short(answers[0])} cannot be used. What is asked: {asked}")

    return checked


def of_another_kind(answer: object, kind: str) -> str | None:
    """What to give instead of an answer that is not of the annotated kind, None for one that is."""
    if kind in ("int", "float") and not is_number(answer):
        return "give a number"
    if kind == "bool" and type(answer).__name__ not in ("bool", "bool_"):  # Python's own or NumPy's
        return "answer with True or False"
    if kind == "str" and not isinstance(answer, str):
        return "give your answer in quotes"
    if kind.startswith("Callable") and not callable(answer):
        return "give the function itself, not a value of it"
    return None


def is_number(answer: Any) -> bool:
    """Python's own, NumPy's or PyTorch's; no truth value, and no text that holds one."""
    try:
        float(answer)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return False
    return not isinstance(answer, (bool, str))


def is_from(error: Exception, answers: tuple) -> bool:
    """Whether a function among the answers was under way when the error came up."""
    own = {getattr(answer, "__code__", None) for answer in answers} - {None}
    return any(frame.f_code in own for frame, _ in walk_tb(error.__traceback__))


def close(value: float, expected: float, tolerance: float = 0.005) -> bool:
    """Whether a number agrees to about two decimals; NaN agrees with nothing."""
    return abs(float(value) - expected) <= tolerance
