"""What controls send to a browser is valid JSON, whatever was computed: NaN in it would leave an empty page."""
from __future__ import annotations

import math

import anywidget
import traitlets

from ..core.as_json import plain


class ValidState(anywidget.AnyWidget):
    """A control whose state and messages hold null in the place of what is not finite; its view draws a gap there."""

    def get_state(self, key=None, drop_defaults: bool = False) -> dict:
        """The traits that are sent, by name. key: some names, or one; None for all."""
        return plain(super().get_state(key, drop_defaults))

    def send(self, content: dict, buffers: list | None = None) -> None:
        """Send a message to the views, with buffers of bytes."""
        super().send(plain(content), buffers)


class Finite(traitlets.Float):
    """A trait for a finite number: bounds alone let NaN pass. Raises traitlets.TraitError that names it."""

    def validate(self, obj, value) -> float:
        """The number, within the bounds."""
        number = super().validate(obj, value)
        if not math.isfinite(number):
            raise traitlets.TraitError(f"{self.name} must be a finite number, got {number:g}")
        return number
