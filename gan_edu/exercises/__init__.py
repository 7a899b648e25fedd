"""Checks of the exercises, one file a chapter, named as its notebook.

Each check takes a learner's answer and returns a `Feedback`: not attempted yet, not yet (what is wrong), or correct
(and why). `...` is how a notebook leaves the place for an answer open. A function that was written is called with
copies, as it may change what it is handed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from inspect import signature
from traceback import walk_tb
from typing import Any

from gan_edu.core.notebook import solved, words
from gan_edu.core.safety.checked import short

say = partial(words.say, "exercises.all")


@dataclass(frozen=True)
class Feedback:
    """What a check says. correct: None where nothing was attempted."""

    correct: bool | None
    text: str

    def __repr__(self) -> str:
        said = {None: "notAttempted", False: "notYet", True: "correct"}[self.correct]
        return say(said, text=self.text)


def correct(why: str) -> Feedback:
    """The answer is right; `why` gives the reason."""
    return Feedback(True, why)


def wrong(what: str) -> Feedback:
    """The answer is not right; `what` says what is wrong and where to look."""
    return Feedback(False, what)


def not_attempted() -> Feedback:
    """The place for the answer is still open."""
    return Feedback(None, say("replaceTheDots"))


def sayer(module: str) -> Callable[..., str]:
    """What looks up the words of a chapter's checks: say(key, …). module: the __name__ of theirs."""
    return partial(words.say, f"exercises.{module.rpartition('.')[2]}")


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
            told = {"name": function.__name__, "parameters": ", ".join(takes.parameters)}
            return wrong(say("takesOthers", **told, problem=error, asked=asked))
        if any(answer is ... or answer is None for answer in answers):
            return not_attempted()
        for answer, parameter in zip(answers, takes.parameters.values(), strict=True):
            if problem := of_another_kind(answer, str(parameter.annotation)):
                return wrong(say("got", problem=problem, given=short(answer)))
        try:
            verdict = function(*answers)
        except Exception as error:
            if is_from(error, answers):
                return wrong(say("functionStops", problem=f"{type(error).__name__}: {error}"))
            return wrong(say("cannotBeUsed", given=short(answers[0]), asked=asked))
        if verdict.correct:
            solved.note(function.__module__, function.__name__)
        return verdict

    vars(checked)["check_of"] = function.__module__
    return checked


def of_another_kind(answer: object, kind: str) -> str | None:
    """What to give instead of an answer that is not of the annotated kind, None for one that is."""
    if kind in ("int", "float") and not is_number(answer):
        return say("giveNumber")
    if kind == "bool" and type(answer).__name__ not in ("bool", "bool_"):  # Python's own or NumPy's
        return say("giveTruth")
    if kind == "str" and not isinstance(answer, str):
        return say("giveText")
    if kind.startswith("Callable") and not callable(answer):
        return say("giveFunction")
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
