"""A penalty whose weight changes while the run goes on: strong at first, and weak when the samples are good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor, nn

from gan_edu.core.safety.checked import MOST, function, integer, real, table
from gan_edu.core.training.contract import GAN, Occasional, Remembering, State
from gan_edu.core.training.cosine_decay import cosine
from gan_edu.core.training.penalties import OfAPenalty, times
from gan_edu.core.training.remembers import Remembers, Timed


@dataclass(eq=False)
class Scheduled(OfAPenalty, Timed):
    """γ_t · penalty, with γ_t = γ_T + (γ_0 − γ_T) · ½ (1 + cos π t / T) from step 0 to T, then γ_T.

        Scheduled(r1(1.0), start=1.0, end=0.02, until=20_000)

    R3GAN lowers the γ of R1 and R2 so (Huang et al. 2024, arXiv 2501.05441). penalty: mostly of weight 1, as it is
    multiplied; a lazy one stands within. start, end: γ_0 and γ_T, ≥ 0. until: T, in steps; t counts from where the
    penalty joins its GAN. Raises ValueError for others, and in a second GAN, which would count other steps.
    """

    penalty: Callable
    start: float
    end: float
    until: int
    weight: float = field(init=False)  # γ_t

    def __post_init__(self) -> None:
        function("penalty", self.penalty)
        if isinstance(self.penalty, Scheduled):
            raise ValueError("this penalty is scheduled already: say in one place how its weight goes")
        self.start, self.end = real("start", self.start, 0), real("end", self.end, 0)
        self.until, self.weight = integer("until", self.until, 1), self.start

    def __call__(self, discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        return self.weight * self.penalty(discriminator, real, fake)

    def moving(self) -> tuple[str, ...]:
        """The number that is another in each step, for `captured`."""
        return ("weight",)

    @property
    def expected(self) -> Callable:
        """What it is now, on average over the calls of a lazy one, for who looks and must not count as a call."""
        return times(self.weight, self.penalty.expected if isinstance(self.penalty, Occasional) else self.penalty)

    def fits(self, gan: GAN) -> None:
        """Raise ValueError where the penalty does not fit. γ of this step, also where another's t was taken over."""
        OfAPenalty.fits(self, gan)
        Timed.fits(self, gan)

    def after_step(self, gan: GAN) -> None:
        """γ of the next step."""
        self.weight = self.end + (self.start - self.end) * cosine(gan.step - self.began, self.until)

    def state_dict(self) -> State:
        """Where it began, and what the penalty within keeps, for a checkpoint."""
        inner = self.penalty.state_dict() if isinstance(self.penalty, Remembering) else None
        return {"began": self.began, "weight": self.weight, "penalty": inner}

    def check_state(self, state: State) -> None:
        """Raise ValueError for what such a penalty cannot have kept."""
        table("Scheduled", state, "began", "weight", "penalty")
        integer("Scheduled: began", state["began"], 0, MOST)
        real("Scheduled: weight", state["weight"], 0)
        if isinstance(self.penalty, Remembers):
            self.penalty.check_state(state["penalty"])

    def load_state_dict(self, state: State) -> None:
        """Take over what `state_dict` gave. Raises as `check_state` does."""
        self.check_state(state)
        self.began, self.weight = state["began"], state["weight"]
        if isinstance(self.penalty, Remembering):
            self.penalty.load_state_dict(state["penalty"])
