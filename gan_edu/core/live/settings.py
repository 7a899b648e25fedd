"""The settings of a run that may change while it trains: learning rates, batch size, D's steps.

All are plain attributes of the GAN, its optimisers and its batches; a change counts from the next step on.
Used from notebook 04 on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, Protocol

from gan_edu.core.safety.checked import integer, real, table
from gan_edu.core.training.learning_rates import change_rate

if TYPE_CHECKING:
    from gan_edu.core.training.contract import GAN


class HasSize(Protocol):
    """What is set of batches; those that are a plain iterator have none, and are not asked."""

    batch_size: int


class Setting(NamedTuple):
    """One setting: how it is called, read and written, and which numbers it takes."""

    label: str
    read: Callable[[GAN, HasSize], float]
    write: Callable[[GAN, HasSize, float], None]  # may raise ValueError
    kind: type  # int, from 1 on, or float, from 0 on
    most: int = 1


def _rate(player: str) -> Setting:
    def read(gan: GAN, batches: HasSize) -> float:
        return float(getattr(gan, f"{player}_optimizer").param_groups[0]["lr"])

    def write(gan: GAN, batches: HasSize, value: float) -> None:
        change_rate(getattr(gan, f"{player}_optimizer"), value)

    return Setting(f"learning rate of {player.upper()}", read, write, float)


SETTINGS = {
    "d_lr": _rate("d"),
    "g_lr": _rate("g"),
    "batch_size": Setting(
        "batch size",
        lambda gan, batches: batches.batch_size,
        lambda gan, batches, value: setattr(batches, "batch_size", value),
        int,
        1_000_000,
    ),
    "d_steps": Setting(
        "D steps per G step",
        lambda gan, batches: gan.d_steps,
        lambda gan, batches, value: setattr(gan, "d_steps", value),
        int,
        1000,
    ),
}


BY_STEPS = ("batch_size", "d_steps")  # what no optimiser remembers


class Settings:
    """The settings of one run. Checkpoints save them, as a GAN's own state does not hold all."""

    def __init__(self, gan: GAN, batches: HasSize):
        self.gan, self.batches = gan, batches

    def values(self) -> dict[str, float | int]:
        """What each setting is now; batches that are a plain iterator have no size to set."""
        return {
            name: setting.read(self.gan, self.batches)
            for name, setting in SETTINGS.items()
            if name != "batch_size" or hasattr(self.batches, "batch_size")
        }

    def checked(self, name: str, given: object) -> float | int:
        """The number that was given for a setting. Changes nothing.

        given: a number, or what a learner typed. Raises ValueError or KeyError that says what is allowed.
        """
        if name not in (values := self.values()):
            raise KeyError(f"{name} cannot be changed while it trains; these can: {', '.join(values)}")
        if isinstance(given, str):
            with suppress(ValueError):
                number = float(given.strip().replace(",", "."))
                given = int(number) if number.is_integer() else number
        if SETTINGS[name].kind is int:
            return integer(SETTINGS[name].label, given, 1, self._most(name))
        return real(SETTINGS[name].label, given, 0, self._most(name))

    def change(self, name: str, given: object) -> tuple[str, str, str]:
        """Set one; returns in words what it is called, and what it was before and is now. Raises as `checked`."""
        value, before, setting = self.checked(name, given), self.values()[name], SETTINGS[name]
        setting.write(self.gan, self.batches, value)
        return setting.label, f"{before:g}", f"{value:g}"

    def _most(self, name: str) -> int:
        data = getattr(self.batches, "data", None) if name == "batch_size" else None
        return SETTINGS[name].most if data is None else len(data)

    def state_dict(self) -> dict:
        """Each setting by its name, for a checkpoint."""
        return self.values()

    def check_state(self, state: dict) -> None:
        """Raise ValueError for a setting that this run cannot have. Changes nothing."""
        before = self.values()
        for name in set(BY_STEPS) & set(table("the settings", state)):  # as large as it was built, if it must be
            integer(SETTINGS[name].label, state[name], 1, max(self._most(name), int(before.get(name, 1))))

    def load_state_dict(self, state: dict) -> None:
        """Set what `state_dict` gave; a rate comes back with its optimiser, whatever it is. Raises as `check_state`."""
        self.check_state(state)
        for name in BY_STEPS:
            if name in state:
                SETTINGS[name].write(self.gan, self.batches, state[name])
