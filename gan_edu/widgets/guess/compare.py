"""How far a guess is from the answer. compare.js is the same for the browser, held equal by values.

A number's distance is a share of its range, on a logarithmic axis of the range of its logarithms; a curve's is the root
of the mean square of its distances, as a share of the height of its axes; a choice is right or not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

COLUMNS = 41  # places across at which a curve is guessed
FINER = 4  # the answer's curve has so many points for one of the guess
SPOT = 0.01  # a distance that nobody sees


class Reading(TypedDict):
    """What a guess is worth. side: where a number lies, by: how far, in its unit or, on a logarithmic axis, a factor.

    away: the distance as a share, 0 on the spot.
    """

    verdict: Literal["spot", "near", "far"]
    side: Literal["low", "high", ""]
    away: float
    by: float


def reading(asked: Mapping[str, Any]) -> Reading:
    """The reading of a guess that was made, where there is an answer. asked: the traits of a `Guess`, by name."""
    guess, truth, low, high = (asked[name] for name in ("guess", "truth", "low", "high"))
    if asked["kind"] == "choice":
        right = guess == truth
        return {"verdict": "spot" if right else "far", "side": "", "away": 0.0 if right else 1.0, "by": 0.0}
    if asked["kind"] == "curve":
        away = rms(guess, truth[::FINER]) / (high - low)
        return {"verdict": verdict(away, asked["near"]), "side": "", "away": away, "by": away}
    away = abs(place(guess, low, high, asked["log"]) - place(truth, low, high, asked["log"]))
    by = max(guess / truth, truth / guess) if asked["log"] else abs(guess - truth)
    side: Literal["low", "high", ""] = "low" if guess < truth else "high" if guess > truth else ""
    return {"verdict": verdict(away, asked["near"]), "side": side, "away": away, "by": by}


def place(value: float, low: float, high: float, log: bool) -> float:
    """Where a number lies in its range, 0 at its low end and 1 at its high one."""
    return math.log(value / low) / math.log(high / low) if log else (value - low) / (high - low)


def verdict(away: float, near: float) -> Literal["spot", "near", "far"]:
    """near: the largest distance that is still near, as a share."""
    return "spot" if away <= SPOT else "near" if away <= near else "far"


def rms(guess: Sequence[float], truth: Sequence[float]) -> float:
    """√ mean (guess − truth)², of two curves at the same places."""
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(guess, truth, strict=True)) / len(guess))


def resampled(across: Sequence[float], up: Sequence[float], low: float, high: float) -> list[float]:
    """A curve's heights at (COLUMNS − 1) · FINER + 1 even places from low to high: straight lines between its points.

    across: rises. Beyond its ends the curve goes on level.
    """
    import numpy as np

    return np.interp(np.linspace(low, high, (COLUMNS - 1) * FINER + 1), across, up).tolist()


def brief(x: float) -> str:
    """Four digits that count, as the views write numbers."""
    size = abs(x)
    if size and not 1e-3 <= size < 1e5:
        mantissa, power = f"{x:.2e}".split("e")
        text = f"{mantissa}e{int(power)}"
    else:
        text = f"{float(f'{x:.4g}'):.7f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")
