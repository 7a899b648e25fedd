"""How long Adam remembers squares: short at first, when slopes change fast, longer as the run settles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gan_edu.core.safety.checked import MOST, integer, real
from gan_edu.core.training.contract import GAN
from gan_edu.core.training.cosine_decay import cosine
from gan_edu.core.training.remembers import Remembers


@dataclass(eq=False)
class Beta2(Remembers):
    """β₂ of both players goes from start to end, β_T + (β_0 − β_T) · ½ (1 + cos π t / T). A hook of `GAN.after_step`.

    Adam's mean of squares reaches back about 1 / (1 − β₂) steps: 10 at .9, 100 at .99. Huang et al. (2024), arXiv
    2501.05441, let it rise so. until: T, in steps; t counts from where the hook joins the GAN. start, end: in [0, 1).
    Raises ValueError for others, for a second one, and for an optimiser that has no betas.
    """

    kept = {"began": MOST}
    until: int
    start: float = 0.9
    end: float = 0.99

    def __post_init__(self) -> None:
        self.until, self.began = integer("until", self.until, 1), MOST
        self.start, self.end = real("start", self.start, 0, below=1), real("end", self.end, 0, below=1)

    def fits(self, gan: GAN) -> None:
        """Raise ValueError where another moves β₂, too, or none is there. β₂ of this step, also for another's t."""
        if any(isinstance(hook, Beta2) and hook is not self for hook in gan.after_step):
            raise ValueError("this GAN has two schedules of β₂: keep one")
        if any("betas" not in group for group in _groups(gan)):
            raise ValueError("Beta2 moves Adam's β₂, and one of the optimisers has no betas: take adam(network)")
        if self.of is not None:
            self(gan)

    def on_join(self, gan: GAN) -> None:
        """t = 0."""
        self.began = gan.step
        self(gan)

    def __call__(self, gan: GAN) -> None:
        beta2 = self.end + (self.start - self.end) * cosine(gan.step - self.began, self.until)
        for group in _groups(gan):
            group["betas"] = (group["betas"][0], beta2)


def _groups(gan: GAN) -> Sequence[dict]:
    return [group for player in gan.players.values() for group in player.optimizer.param_groups]
