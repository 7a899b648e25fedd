"""What a piece of a GAN keeps: of one GAN alone, and for checkpoints, where that is a few numbers of its own."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import TYPE_CHECKING

from gan_edu.core.safety.checked import MOST, integer, real, table

if TYPE_CHECKING:
    from torch import nn

    from gan_edu.core.training.contract import GAN, State


class OfOneGan:
    """A piece with a state, which two GANs would spoil for each other: the first that it joins keeps it."""

    of: nn.Module | None = None  # that GAN's generator, which stays where its other pieces change

    def is_free_for(self, gan: GAN) -> None:
        """Raise ValueError where it is another GAN's, or stands in this one twice."""
        if self.of not in (None, gan.generator):
            raise ValueError(
                f"this {type(self).__name__} belongs to another GAN, whose state it keeps: make a fresh "
                "one for each GAN"
            )
        if sum(piece is self for piece in gan.hooks) > 1:
            raise ValueError(f"this {type(self).__name__} stands in the GAN twice: make one for each place")

    def join(self, gan: GAN) -> None:
        """Be this GAN's from now on, once all its pieces fit: a GAN that is refused keeps none."""
        if self.of is None:
            self.of = gan.generator
            self.on_join(gan)

    def on_join(self, gan: GAN) -> None:
        """Called once, when the GAN takes it in: the place to read its rates or weights."""


class Remembers(OfOneGan):
    """state_dict and load_state_dict of the numbers that `kept` names, each from 0 on to the most it may be.

    Whole numbers stay whole.
    """

    kept: dict[str, float] = {}

    def state_dict(self) -> State:
        """The kept numbers by name, for a checkpoint."""
        return {name: getattr(self, name) for name in self.kept}

    def check_state(self, state: State) -> None:
        """Raise ValueError for numbers that are missing or out of their range."""
        table(type(self).__name__, state, *self.kept)
        for name, most in self.kept.items():
            check: Callable[..., float] = integer if isinstance(getattr(self, name), Integral) else real
            check(f"{type(self).__name__}: {name}", state[name], 0, most)

    def load_state_dict(self, state: State) -> None:
        """Take over what `state_dict` gave. Raises as `check_state` does."""
        self.check_state(state)
        vars(self).update({name: state[name] for name in self.kept})


class Timed(Remembers):
    """A piece that counts steps from where it joins its GAN, and sets its numbers in `after_step`."""

    began: int = MOST

    def fits(self, gan: GAN) -> None:
        """What it is at this step, also where another's count was taken over."""
        if self.of is not None:
            self.after_step(gan)

    def on_join(self, gan: GAN) -> None:
        """t = 0."""
        self.began = gan.step
        self.after_step(gan)

    def after_step(self, gan: GAN) -> None:
        """The numbers of the next step."""
        raise NotImplementedError
