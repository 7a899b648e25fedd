"""Tricks as settings of the plane: each on or off, with one number.

A trick says which piece of the GAN it sets and what makes it; two tricks of one maker (the two targets of
label smoothing, say) set its two arguments. It knows no chapter: the makers are handed in. Used from notebook 05 on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from gan_edu.core.safety.checked import flag, function
from gan_edu.core.training.called import name_of
from gan_edu.core.training.contract import GAN

Piece = TypeVar("Piece")  # a loss, a discriminator, a penalty
EACH = "each of "  # the penalties, each wrapped: `each of d_penalties`
PIECES = ("loss", "discriminator", "view", "d_penalties", EACH + "d_penalties", "after_step")


@dataclass(frozen=True)
class Trick:
    """One trick: make(argument=value), or make(loss, …) and make(network), becomes the GAN's `sets`, or part of it.

    values: what may be chosen, rising; off: the one that means "without". argument: None where it takes none.
    more: stands among the seldom used.
    """

    label: str
    sets: str
    make: Callable
    argument: str | None
    values: list
    off: object
    more: bool = False

    def __post_init__(self) -> None:
        function("make", self.make)
        flag("more", self.more)
        if self.sets not in PIECES or self.off not in self.values:
            raise ValueError(
                f"a trick sets one of {', '.join(PIECES)} and is off at one of its values, got "
                f"{self.sets!r} and {self.off!r}"
            )


class Tricks:
    """All tricks of a plane, {name: Trick}. settings: {name: value}, as `widgets.plane.build` keeps them."""

    def __init__(self, tricks: dict[str, Trick]):
        self.all = dict(tricks)

    def on(self, sets: str, settings: dict) -> dict[Callable, dict]:
        """{maker: its arguments} of the tricks of one piece that are on."""
        of = {name: each for name, each in self.all.items() if each.sets == sets}
        makers: dict[Callable, dict] = {each.make: {} for name, each in of.items() if settings[name] != each.off}
        for name, each in of.items():
            if each.make in makers and each.argument:
                makers[each.make][each.argument] = settings[name]
        return makers

    def around(self, sets: str, inner: Piece, settings: dict) -> Piece:
        """A loss, discriminator or piece, wrapped in its tricks. Raises ValueError where they do not go together."""
        for make, arguments in self.on(sets, settings).items():
            inner = make(inner, **arguments)
        return inner

    def made(self, sets: str, settings: dict) -> list:
        """Those of one piece that are on, fresh ones, each in its wrapping."""
        pieces = [make(**arguments) for make, arguments in self.on(sets, settings).items()]
        return [self.around(EACH + sets, piece, settings) for piece in pieces]

    def put(self, gan: GAN, sets: str, settings: dict) -> None:
        """Set the GAN's view or after_step anew; pieces go on from the state of those whose place they take."""
        made = self.made(sets, settings)
        gan.exchange(**{sets: made if sets == "after_step" else made[0] if made else None})

    # ------------------------------------------------------------ the same as code

    def around_text(self, sets: str, inner: str, settings: dict) -> str:
        """`smooth(minimax, real=0.9, fake=0.0)`."""
        for make, arguments in self.on(sets, settings).items():
            inner = call(make, arguments, inner)
        return inner

    def made_text(self, sets: str, settings: dict) -> list[str]:
        """`["r1(gamma=2.0)"]`."""
        pieces = [call(make, arguments) for make, arguments in self.on(sets, settings).items()]
        return [self.around_text(EACH + sets, piece, settings) for piece in pieces]

    def put_text(self, sets: str, settings: dict) -> str:
        """`InstanceNoise(std=0.3)`, what `put` puts there."""
        made = self.made_text(sets, settings)
        return f"[{', '.join(made)}]" if sets == "after_step" else made[0] if made else "None"


def call(make: Callable, arguments: dict, *first: str) -> str:
    """A call as code: `make(first, argument=value)`."""
    return f"{name_of(make)}({', '.join([*first, *(f'{name}={value!r}' for name, value in arguments.items())])})"
