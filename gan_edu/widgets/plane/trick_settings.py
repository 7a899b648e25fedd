"""Tricks as settings of the plane: each on or off, with one number.

A trick says which piece of the GAN it sets and what makes it; two tricks of one maker (the two targets of
label smoothing, say) set its two arguments. It knows no chapter: the makers are handed in. Used from notebook 05 on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from gan_edu.core.live.settings import Chosen, Held
from gan_edu.core.safety.checked import flag, function
from gan_edu.core.training.called import Call, Names, made


class Sets(Enum):
    """Which piece of the GAN a trick sets, and how its maker puts it in."""

    LOSS = "the loss, make(loss, …)"
    DISCRIMINATOR = "the discriminator, make(network), which needs fresh ones"
    VIEW = "what D sees, make(…)"
    PENALTY = "one of the penalties on D, make(…)"
    EACH_PENALTY = "each of the penalties on D, make(penalty, …)"
    AFTER_STEP = "one of the hooks after a step, make(…)"


@dataclass(frozen=True)
class Trick:
    """One trick: what make(argument=value) makes, or make(loss, …) and the like, becomes the piece that it sets.

    values: what may be chosen, rising; off: the one that means "without". argument: None where it takes none.
    more: stands among the seldom used.
    """

    label: str
    sets: Sets
    make: Callable
    argument: str | None
    values: list
    off: object
    more: bool = False

    def __post_init__(self) -> None:
        function("make", self.make)
        flag("more", self.more)
        if not isinstance(self.sets, Sets) or self.off not in self.values:
            raise ValueError(
                f"a trick sets one of {', '.join(map(str, Sets))} and is off at one of its values, got "
                f"{self.sets!r} and {self.off!r}"
            )


def _on(tricks: Mapping[str, Trick], sets: Sets, chosen: Chosen) -> dict[Callable, dict]:
    """{maker: its arguments} of the tricks of one piece that are on."""
    of = {name: each for name, each in tricks.items() if each.sets is sets}
    makers: dict[Callable, dict] = {each.make: {} for name, each in of.items() if chosen[name] != each.off}
    for name, each in of.items():
        if each.make in makers and each.argument:
            makers[each.make][each.argument] = chosen[name]
    return makers


def around(tricks: Mapping[str, Trick], sets: Sets, inner: Any, chosen: Chosen) -> Any:
    """A loss, a discriminator or a penalty within the tricks of it that are on, as an expression."""
    for make, arguments in _on(tricks, sets, chosen).items():
        inner = Call(make, (inner,), arguments)
    return inner


def pieces(tricks: Mapping[str, Trick], sets: Sets, chosen: Chosen) -> list[Call]:
    """Those of one piece that are on, as expressions."""
    return [Call(make, (), arguments) for make, arguments in _on(tricks, sets, chosen).items()]


@dataclass(frozen=True)
class Hook:
    """A place of the GAN for hooks that settings fill together: `holds` gives its expression, empty where none is on.

    Pieces go on from the state of those whose place they take.
    """

    place: str
    holds: Callable[[Chosen], Any]

    def write(self, run: Held, chosen: Chosen) -> None:
        """Put in what was chosen. Raises ValueError where it does not go together with the rest."""
        run.gan.exchange(**{self.place: made(self.holds(chosen))})

    def code(self, chosen: Chosen, names: Names) -> str:
        """The same as code."""
        return f"gan.exchange({self.place}={names.written(self.holds(chosen))})"
