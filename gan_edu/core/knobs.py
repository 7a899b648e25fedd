"""The settings of a run that may change while it trains: learning rates, batch size, D's steps.

All are plain attributes of the GAN, its optimisers and its batches; a change counts from the next step on.
Used from notebook 04 on.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from gan_edu.core.checked import integer, table
from gan_edu.core.rates import change_rate


class Knob(NamedTuple):
    """One setting: how it is called, read and written, and which numbers it takes."""

    label: str
    read: Callable                                    # (gan, batches) → value
    write: Callable                                   # (gan, batches, value); may raise ValueError
    kind: type                                        # int, from 1 on, or float, from 0 on
    most: float = 1


def _rate(player: str) -> Knob:
    def read(gan, batches) -> float:
        return float(getattr(gan, f"{player}_optimizer").param_groups[0]["lr"])

    def write(gan, batches, value: float) -> None:
        change_rate(getattr(gan, f"{player}_optimizer"), value)
    return Knob(f"learning rate of {player.upper()}", read, write, float)


KNOBS = {
    "d_lr": _rate("d"), "g_lr": _rate("g"),
    "batch_size": Knob("batch size", lambda gan, batches: batches.batch_size,
                       lambda gan, batches, value: setattr(batches, "batch_size", value), int, 1_000_000),
    "d_steps": Knob("D steps per G step", lambda gan, batches: gan.d_steps,
                    lambda gan, batches, value: setattr(gan, "d_steps", value), int, 1000),
}


BY_STEPS = ("batch_size", "d_steps")                  # what no optimiser remembers


class Knobs:
    """The settings of one run. Checkpoints save them, as a GAN's own state does not hold all."""

    def __init__(self, gan, batches):
        self.gan, self.batches = gan, batches

    def values(self) -> dict[str, float | int]:
        """What each setting is now; batches that are a plain iterator have no size to set."""
        return {name: knob.read(self.gan, self.batches) for name, knob in KNOBS.items()
                if name != "batch_size" or hasattr(self.batches, "batch_size")}

    def turn(self, name: str, given) -> tuple[str, str, str]:
        """Set one; returns in words what it is called, and what it was before and is now.

        given: a number, or what a learner typed. Raises ValueError or KeyError that says what is allowed.
        """
        values = self.values()
        if name not in values:
            raise KeyError(f"{name} cannot be changed while it trains; these can: {', '.join(values)}")
        knob, before = KNOBS[name], values[name]
        knob.write(self.gan, self.batches, value := parsed(knob, given))
        return knob.label, f"{before:g}", f"{value:g}"

    def state_dict(self) -> dict:
        """For a checkpoint."""
        return self.values()

    def check_state(self, state: dict) -> None:
        """Raise ValueError for a setting that this run cannot have. Changes nothing."""
        before = self.values()
        try:
            self.load_state_dict(state)
        finally:
            self._put(before)

    def load_state_dict(self, state: dict) -> None:
        """The way back; a rate comes back with its optimiser, whatever a learner may type.

        Raises ValueError for what this run cannot have; then all is as it was.
        """
        table("the settings", state)
        before = self.values()
        for name in set(BY_STEPS) & set(state):
            integer(KNOBS[name].label, state[name], 1, max(KNOBS[name].most, before.get(name, 1)))
        try:
            self._put(state)
        except Exception:
            self._put(before)
            raise

    def _put(self, values: dict) -> None:
        for name in BY_STEPS:
            if name in values:
                KNOBS[name].write(self.gan, self.batches, values[name])


def parsed(knob: Knob, given) -> float | int:
    """The number that was given for a knob. Raises ValueError that names what is allowed."""
    allowed = f"a whole number from 1 to {knob.most:,}" if knob.kind is int else f"a number from 0 to {knob.most:g}"
    complaint = f"{knob.label} must be {allowed}, got {given!r}"
    try:
        value = float(str(given).strip().replace(",", "."))
    except ValueError:
        raise ValueError(complaint) from None
    fits = value >= 1 and value == math.floor(value) if knob.kind is int else value >= 0
    if isinstance(given, bool) or not math.isfinite(value) or not fits or value > knob.most:
        raise ValueError(complaint)
    return knob.kind(value)
