"""Checks of notebook 00_start_here."""

from __future__ import annotations

from gan_edu.core.recording.recording import Recording
from gan_edu.exercises import Feedback, check, close, correct, wrong


@check
def unsupervised(letters: str) -> Feedback:
    """Which of the questions a–d need no labels?"""
    answer = set(letters.lower()) - set(" ,;")
    if not answer:
        return wrong('an empty answer names no question: write letters of a, b, c, d, such as "ac".')
    if more := answer - set("abcd"):
        return wrong(f'write letters of a, b, c, d, such as "ac"; {sorted(more)[0]!r} is none of them.')
    if answer == {"b", "d"}:
        return correct("b and d ask about the examples alone, p(x); a and c ask for a label, p(y | x).")
    if "a" in answer or "c" in answer:
        return wrong("a and c ask for a name or a price: somebody must have written those beside each example.")
    return wrong("one more question can be answered from the examples alone.")


@check
def kinds_of_density(gaussian: str, gan: str) -> Feedback:
    """Is each model an explicit or an implicit density model?"""
    answer = gaussian.strip().lower(), gan.strip().lower()
    if set(answer) - {"explicit", "implicit"}:
        return wrong(f"each answer is 'explicit' or 'implicit', got {gaussian!r} and {gan!r}.")
    if answer == ("explicit", "implicit"):
        return correct("the Gaussian has a formula for p(x), and a sampler too; the GAN has a sampler only.")
    return wrong("ask of each: can I put in an x and get the number p(x)?")


@check
def first_digits(step: int, fid: float, film: Recording) -> Feedback:
    """The first recorded step with FID below half of its start, and the FID there."""
    scores = [score["fid"] for score in film.scores if score]
    index = next(i for i, value in enumerate(scores) if value < scores[0] / 2)
    if step not in film.steps:
        return wrong(f"no frame was recorded at step {step}: take one of film.steps.")
    if step != film.steps[index]:
        side = "early" if step < film.steps[index] else "late"
        return wrong(f"step {step} is too {side}: look for the first FID below {scores[0] / 2:.0f}.")
    if not close(fid, scores[index], 0.5):
        return wrong(f"the step is right; film.scores holds the FID of that frame, and it is not {fid}.")
    return correct(f"at step {step:,} FID is {scores[index]:.0f}, down from {scores[0]:.0f} before training.")
