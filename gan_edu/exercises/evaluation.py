"""Checks of notebook 07_evaluation."""

from __future__ import annotations

from collections.abc import Callable

import torch

from gan_edu.core.safety.checked import short
from gan_edu.evaluation import Score, digit_scores, splits, verdict
from gan_edu.exercises import Feedback, check, close, correct, is_number, not_attempted, sayer, wrong

FLOOR = 5000  # n times FID of n real digits against n others: the notebook's section 3 measures it
ENOUGH = (4000, 7000)  # n · FID as section 3 prints it is 4,150 to 4,900; at 7,000 the floor is measured below 1
MEMORY = list(digit_scores(torch.zeros(2, 96)))[-1]  # the one that is told what G saw

say = sayer(__name__)


@check
def fid_by_hand(value: float) -> Feedback:
    """FID of N(0, I) and N((3, 4), 4 I) in the plane: 25 + 2 (1 − 2)²."""
    if close(value, 27):
        return correct(say("fidRight"))
    for given, reason in ((7, say("fidUnsquared")), (25, say("fidMeansOnly")), (43, say("fidRoots"))):
        if close(value, given):
            return wrong(reason)
    return wrong(say("fidTwoParts"))


@check
def enough_samples(count: float) -> Feedback:
    """From which n on FID of n real digits against n others is below 1, by the rule 5,000 / n.

    Measured on 16 and 8 draws it is 1.2 at 5,000 and 1.04 at 6,000 against test digits, 1.1 and 0.85 against training
    digits: the test set differs a little from the training set.
    """
    least, most = ENOUGH
    if least <= count <= most:
        return correct(say("enoughRight"))
    if count < 1:
        return wrong(say("enoughCount"))
    told = {"count": f"{count:,.0f}", "floor": f"{FLOOR / count:.3g}"}
    return wrong(say("enoughTooFew", **told) if count < least else say("enoughTooMany", **told))


@check
def which_score(half_of_the_classes: str, from_memory: str, unlike_counts: str) -> Feedback:
    """For each of three questions the score that answers it, as the notebook calls it."""
    for given, right, reason in (
        (half_of_the_classes, "recall", say("whichRecall")),
        (from_memory, MEMORY, say("whichMemory")),
        (unlike_counts, "KID", say("whichCounts")),
    ):
        if given.strip().casefold() != right.casefold():
            return wrong(reason)
    return correct(say("whichRight"))


@check
def own_score(function: Callable) -> Feedback:
    """A function (real, fake) of pictures → a number that rises when the fakes are mirrored, and not by chance."""
    digits = splits(200, seed=5)
    given = function(digits.real.double(), digits.fake.double())
    if given is ...:
        return not_attempted()
    if not is_number(given):
        return wrong(say("ownNoNumber", given=short(given)))
    score = Score("yours", function, groups=10)
    mirrored, others = (score.moved(digits.real, digits.fake, x) for x in (torch.flip(digits.fake, [3]), digits.seen))
    said = verdict(score, mirrored)
    if said == "fooled":
        return wrong(say("ownFooled", moved=mirrored))
    if said == "blind":
        return wrong(say("ownBlind", moved=mirrored))
    if verdict(score, others) == "sees it":
        return wrong(say("ownAlways", moved=others))
    return correct(say("ownRight", moved=mirrored, others=others))
