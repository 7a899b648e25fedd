"""A learning rate that falls: the piece of chapter 05 that both players' optimisers share."""
from __future__ import annotations

import math
from dataclasses import dataclass, field

from gan_edu.core.checked import integer, real
from gan_edu.core.rates import begin, scale


@dataclass
class CosineDecay:
    """η_t = η_0 · (f + (1 − f) · ½ (1 + cos π t / T)) for both players, then η_0 · f. A hook of `GAN.after_step`.

    Loshchilov and Hutter (2017), "SGDR", arXiv 1608.03983, equation 5 without restarts. until: T, in steps; floor: f in
    [0, 1]. η_0 is the rate when the hook joins the GAN; a rate that is set by hand holds at that step and falls on from
    there, in proportion. Raises ValueError for others, and for a second decay.
    """

    until: int
    floor: float = 0.02
    joined: bool = field(default=False, init=False)

    def __post_init__(self):
        self.until, self.floor = integer("until", self.until, 1), real("floor", self.floor, 0, 1)

    def fits(self, gan) -> None:
        """Start from the rates as they are."""
        if any(isinstance(hook, CosineDecay) and hook is not self for hook in gan.after_step):
            raise ValueError("this GAN has two decays of its learning rates: keep one")
        begin(gan, not self.joined, self.share(gan.step))
        self.joined = True

    def __call__(self, gan) -> None:
        scale(gan, self.share(gan.step))

    def share(self, step: int) -> float:
        """η_t / η_0 at a step."""
        return self.floor + (1 - self.floor) * (1 + math.cos(math.pi * min(1.0, step / self.until))) / 2
