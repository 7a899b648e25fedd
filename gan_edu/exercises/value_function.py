"""Checks of notebook 01_value_function."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from gan_edu.exercises import Feedback, check, close, correct, wrong
from gan_edu.value_function import js, value

if TYPE_CHECKING:
    from gan_edu.widgets.density_player.widget import DensityPlayer


@check
def by_hand(best: Sequence[float], v: float) -> Feedback:
    """D* and V(D*, G) for p_data = (½, ½, 0) and p_g = (0, ½, ½)."""
    if any(each is ... for each in best):
        return Feedback(None, "replace the ... by your answer and run the cell again")
    if len(best) != 3:
        return wrong(f"D* has one value for each of the three places, got {len(best)}.")
    if not all(close(ours, right) for ours, right in zip(best, (1, 0.5, 0), strict=True)):
        return wrong("at each place, D* = p_data / (p_data + p_g): which share of what lies there is data?")
    if close(v, -2 * math.log(4)) or close(v, -math.log(4)):
        return wrong("D* is right; but half of the data and half of the fakes lie where D is sure, and log 1 = 0.")
    if not close(v, -math.log(2)):
        return wrong("D* is right; now weigh log D* by p_data and log(1 − D*) by p_g, and add up over the places.")
    return correct("V = ½ log 1 + ½ log ½ + ½ log ½ + ½ log 1 = −log 2, so JS = ½ log 2: half of each is shared.")


@check
def three_fakes(answer: float) -> Feedback:
    """The best D where p_data = 0.3 and p_g = 0.1, with three fakes for each real sample."""
    if close(answer, 0.5):
        return correct(
            "a log y + 3b log(1 − y) is largest at a / (a + 3b) = 0.3 / 0.6: D also learns how often each "
            "kind is shown."
        )
    if close(answer, 0.75):
        return wrong("that is the best D with as many real as fake samples; here each fake counts three times.")
    return wrong("maximise 0.3 log y + 3 · 0.1 log(1 − y) over y.")


@check
def what_it_proves(least: float) -> Feedback:
    """The least JS that V(D, G) = −0.9 allows."""
    if close(least, (-0.9 + math.log(4)) / 2):
        return correct("JS ≥ (V + log 4) / 2 = 0.243 nats: a D can prove that G is bad, never that it is good.")
    if close(least, -0.9 + math.log(4)):
        return wrong("V(D*, G) = −log 4 + 2 JS: mind the 2.")
    if close(least, math.log(2)):
        return wrong("log 2 is the most that JS can be.")
    return wrong("a trained D only bounds the best: −0.9 ≤ −log 4 + 2 JS. Solve for JS.")


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
        told = f"for {p} and {q} it gives {ours:.4f}, and JS is {right:.4f}"
        if math.isnan(ours) or math.isinf(ours):
            return wrong(f"{told}: 0 log 0 counts as 0, and the mixture is 0 only where both are.")
        if right and close(ours, 2 * right, 1e-4):
            return wrong(f"{told}: the two KL are halved.")
        if close(ours, right / math.log(2), 1e-4):
            return wrong(f"{told}: that is in bits; take the natural logarithm.")
        return wrong(f"{told}: compare each with m = (p + q) / 2, as in section 6.")
    return correct("it agrees with `gan_edu.value_function.js` on four pairs, with zeros too.")


@check
def same_mean(player: DensityPlayer) -> Feedback:
    """A density player with equal means and V(D*, G) between −1.0 and −0.9."""
    means = [(density.weights * density.centres[:, 0]).sum().item() for density in (player.p_data, player.p_g)]
    v = value(player.p_data, player.p_g)
    if not close(means[0], means[1], 0.02):
        return wrong(f"the means differ: {means[0]:.2f} for p_data, {means[1]:.2f} for p_g.")
    if not -1.0 <= v <= -0.9:
        return wrong(f"the means agree; V(D*, G) is {v:.3f}: {'too much' if v < -1 else 'too little'} is shared.")
    return correct(f"V(D*, G) = {v:.3f} with equal means: D sees what a straight line would not.")
