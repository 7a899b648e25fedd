"""Checks of notebook 00_start_here."""

from __future__ import annotations

from gan_edu.core.recording.recording import Recording
from gan_edu.exercises import Feedback, check, close, correct, sayer, wrong

say = sayer(__name__)


@check
def unsupervised(letters: str) -> Feedback:
    """Which of the questions a–d need no labels?"""
    answer = set(letters.lower()) - set(" ,;")
    if not answer:
        return wrong(say("lettersMissing"))
    if more := answer - set("abcd"):
        return wrong(say("lettersUnknown", letter=repr(sorted(more)[0])))
    if answer == {"b", "d"}:
        return correct(say("lettersRight"))
    if "a" in answer or "c" in answer:
        return wrong(say("lettersNeedLabels"))
    return wrong(say("lettersOneMore"))


@check
def kinds_of_density(gaussian: str, gan: str) -> Feedback:
    """Is each model an explicit or an implicit density model?"""
    answer = gaussian.strip().lower(), gan.strip().lower()
    if set(answer) - {"explicit", "implicit"}:
        return wrong(say("densityWords", gaussian=repr(gaussian), gan=repr(gan)))
    if answer == ("explicit", "implicit"):
        return correct(say("densityRight"))
    return wrong(say("densityAsk"))


@check
def first_digits(step: int, fid: float, film: Recording) -> Feedback:
    """The first recorded step with FID below half of its start, and the FID there."""
    scores = [score["fid"] for score in film.scores if score]
    index = next(i for i, value in enumerate(scores) if value < scores[0] / 2)
    if step not in film.steps:
        return wrong(say("noFrame", step=step))
    if step != film.steps[index]:
        side = "stepTooEarly" if step < film.steps[index] else "stepTooLate"
        return wrong(say(side, step=step, half=f"{scores[0] / 2:.0f}"))
    if not close(fid, scores[index], 0.5):
        return wrong(say("fidWrong", fid=f"{fid}"))
    return correct(say("fidRight", step=step, fid=f"{scores[index]:.0f}", before=f"{scores[0]:.0f}"))
