"""A learning rate that falls: the piece of chapter 05 that both players' optimisers share."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gan_edu.core.safety.checked import integer, real
from gan_edu.core.training.learning_rates import Schedule


def cosine(step: int, until: int) -> float:
    """½ (1 + cos π t / T), from 1 at t = 0 to 0 at T, and then 0: how what falls or rises here goes its way."""
    return (1 + math.cos(math.pi * min(1.0, step / until))) / 2


@dataclass
class CosineDecay(Schedule):
    """η_t = η · (f + (1 − f) · ½ (1 + cos π t / T)) for both players, then η · f. A hook of `GAN.after_step`.

    Loshchilov and Hutter (2017), "SGDR", arXiv 1608.03983, equation 5 without restarts. until: T, in steps; floor: f in
    [0, 1]. t counts from where the hook joins the GAN. η is the base rate: the one there, or one that was set since.
    With f = 0 nothing is left of any at the end. Raises ValueError for others, and for a second schedule.
    """

    until: int
    floor: float = 0.02

    def __post_init__(self) -> None:
        self.until, self.floor = integer("until", self.until, 1), real("floor", self.floor, 0, 1)

    def share(self, step: int) -> float:
        """η_t / η, `step` steps after it has joined."""
        return self.floor + (1 - self.floor) * cosine(step, self.until)
