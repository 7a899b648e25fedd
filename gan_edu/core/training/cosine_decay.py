"""A learning rate that falls: the piece of chapter 05 that both players' optimisers share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gan_edu.core.safety.checked import integer, real
from gan_edu.core.training.learning_rates import begin, scale
from gan_edu.core.training.remembers import OfOneGan

if TYPE_CHECKING:
    from gan_edu.core.training.contract import GAN


@dataclass
class CosineDecay(OfOneGan):
    """η_t = η_0 · (f + (1 − f) · ½ (1 + cos π t / T)) for both players, then η_0 · f. A hook of `GAN.after_step`.

    Loshchilov and Hutter (2017), "SGDR", arXiv 1608.03983, equation 5 without restarts. until: T, in steps; floor: f in
    [0, 1]. t counts from where the hook joins the GAN, and η_0 is the rate there; a rate that is set by hand holds at
    that step and falls on from there, in proportion. Raises ValueError for others, and for a second decay.
    """

    until: int
    floor: float = 0.02

    def __post_init__(self) -> None:
        self.until, self.floor = integer("until", self.until, 1), real("floor", self.floor, 0, 1)

    def fits(self, gan: GAN) -> None:
        """Raises ValueError for a second decay; takes in an optimiser that came later."""
        if any(isinstance(hook, CosineDecay) and hook is not self for hook in gan.after_step):
            raise ValueError("this GAN has two decays of its learning rates: keep one")
        if self.of is not None:
            begin(gan, False, self.share)

    def on_join(self, gan: GAN) -> None:
        """Start from the rates as they are."""
        begin(gan, True, self.share)

    def __call__(self, gan: GAN) -> None:
        scale(gan, self.share)

    def share(self, step: int) -> float:
        """η_t / η_0, `step` steps after it has joined."""
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * min(1.0, step / self.until))) / 2
