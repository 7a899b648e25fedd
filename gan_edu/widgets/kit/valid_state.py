"""What controls send to a browser is valid JSON, whatever was computed: NaN in it would leave an empty page."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TypeVar

import anywidget
import traitlets

from gan_edu.core.safety.checked import integer, real
from gan_edu.core.safety.strict_json import plain

Number = TypeVar("Number")


class ValidState(anywidget.AnyWidget):
    """A control whose state and messages hold null in the place of what is not finite; its view draws a gap there.

    state: its settings, by the names of its traits. Raises TypeError for another name.
    """

    def __init__(self, **state: object):
        for name in state:
            if not self.has_trait(name):
                names = [*self.class_own_traits(sync=True), *inspect.signature(type(self).__init__).parameters]
                near = ", ".join(map(repr, get_close_matches(name, names, 1, 0)))
                raise TypeError(f"{type(self).__name__} has no setting {name!r}; the nearest is {near}")
        super().__init__(**state)

    def get_state(self, key: str | Iterable[str] | None = None, drop_defaults: bool = False) -> dict:
        """The traits that are sent, by name. key: some names, or one; None for all."""
        return plain(super().get_state(key, drop_defaults))

    def send(self, content: dict, buffers: list | None = None) -> None:
        """Send a message to the views, with buffers of bytes."""
        super().send(plain(content), buffers)


class Finite(traitlets.Float):
    """A trait for a finite number within its bounds, kept as Python's float. Raises traitlets.TraitError for others."""

    def validate(self, obj: traitlets.HasTraits, value: object) -> float:
        """The number, within the bounds."""
        return _bounded(real, self, value)


class Whole(traitlets.Int):
    """A trait for a whole number within its bounds, kept as Python's int. Raises traitlets.TraitError for others."""

    def validate(self, obj: traitlets.HasTraits, value: object) -> int:
        """The number, within the bounds."""
        return _bounded(integer, self, value)


def _bounded(check: Callable[..., Number], trait: Finite | Whole, value: object) -> Number:
    limits = {word: limit for word, limit in (("least", trait.min), ("most", trait.max)) if limit is not None}
    return valid(check, trait.name, value, **limits)


def valid(check: Callable[..., Number], name: str | None, value: object, **limits: float) -> Number:
    """What a check of `core.safety.checked` returns. Raises traitlets.TraitError in the place of its ValueError."""
    try:
        return check(name, value, **limits)
    except ValueError as error:
        raise traitlets.TraitError(str(error)) from None


def place(name: str, value: Sequence[object], axes: str, reach: float) -> list[float]:
    """A place in a picture that goes from −reach to reach, a number for each of `axes`, or [] for none.

    Raises traitlets.TraitError for anything else.
    """
    if len(value) not in (0, len(axes)):
        raise traitlets.TraitError(f"{name} must be [] or {len(axes)} numbers, got {len(value)}")
    return [valid(real, f"{name}: {axis}", t, least=-reach, most=reach) for axis, t in zip(axes, value, strict=False)]
