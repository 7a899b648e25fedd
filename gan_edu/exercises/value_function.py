"""Checks of notebook 01_value_function."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from gan_edu.exercises import Feedback, check, close, correct, not_attempted, sayer, wrong
from gan_edu.value_function import js, value

if TYPE_CHECKING:
    from gan_edu.widgets.density_player.widget import DensityPlayer

say = sayer(__name__)


@check
def by_hand(best: Sequence[float], v: float) -> Feedback:
    """D* and V(D*, G) for p_data = (½, ½, 0) and p_g = (0, ½, ½)."""
    if any(each is ... for each in best):
        return not_attempted()
    if len(best) != 3:
        return wrong(say("bestLength", given=len(best)))
    if not all(close(ours, right) for ours, right in zip(best, (1, 0.5, 0), strict=True)):
        return wrong(say("bestShare"))
    if close(v, -2 * math.log(4)) or close(v, -math.log(4)):
        return wrong(say("valueSure"))
    if not close(v, -math.log(2)):
        return wrong(say("valueWeights"))
    return correct(say("byHandRight"))


@check
def three_fakes(answer: float) -> Feedback:
    """The best D where p_data = 0.3 and p_g = 0.1, with three fakes for each real sample."""
    if close(answer, 0.5):
        return correct(say("threeFakesRight"))
    if close(answer, 0.75):
        return wrong(say("threeFakesEqual"))
    return wrong(say("threeFakesFormula"))


@check
def what_it_proves(least: float) -> Feedback:
    """The least JS that V(D, G) = −0.9 allows."""
    if close(least, (-0.9 + math.log(4)) / 2):
        return correct(say("boundRight"))
    if close(least, -0.9 + math.log(4)):
        return wrong(say("boundMindTheTwo"))
    if close(least, math.log(2)):
        return wrong(say("boundMost"))
    return wrong(say("boundFormula"))


@check
def own_js(function: Callable) -> Feedback:
    """A function of two lists of probabilities that gives JS in nats."""
    for p, q in (
        ([0.5, 0.5], [0.5, 0.5]),
        ([0.2, 0.8], [0.6, 0.4]),
        ([0.5, 0.5, 0.0], [0.0, 0.5, 0.5]),
        ([1.0, 0.0], [0.0, 1.0]),
    ):
        ours, right = float(function(*deepcopy((p, q)))), js(p, q)
        if close(ours, right, 1e-4):
            continue
        told = say("jsTold", p=p, q=q, ours=f"{ours:.4f}", right=f"{right:.4f}")
        if math.isnan(ours) or math.isinf(ours):
            return wrong(say("jsZeros", told=told))
        if right and close(ours, 2 * right, 1e-4):
            return wrong(say("jsHalved", told=told))
        if close(ours, right / math.log(2), 1e-4):
            return wrong(say("jsBits", told=told))
        return wrong(say("jsMixture", told=told))
    return correct(say("jsRight"))


@check
def same_mean(player: DensityPlayer) -> Feedback:
    """A density player with equal means and V(D*, G) between −1.0 and −0.9."""
    means = [(density.weights * density.centres[:, 0]).sum().item() for density in (player.p_data, player.p_g)]
    v = value(player.p_data, player.p_g)
    if not close(means[0], means[1], 0.02):
        return wrong(say("meansDiffer", data=f"{means[0]:.2f}", fakes=f"{means[1]:.2f}"))
    if not -1.0 <= v <= -0.9:
        return wrong(say("sharedTooMuch" if v < -1 else "sharedTooLittle", v=f"{v:.3f}"))
    return correct(say("meansRight", v=f"{v:.3f}"))
