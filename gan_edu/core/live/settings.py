"""A setting of a run: its words, what it may be, how it is read and written, and the line of Python that does so.

Live, the plane, its tricks and the program that the plane writes all walk lists of these. What may change while it
trains counts from the next step on; the rest needs fresh networks.
Used from notebook 03 on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import integer, one_of, real, table
from gan_edu.core.training.called import Names
from gan_edu.core.training.contract import InMemory, InPasses, Sized
from gan_edu.core.training.learning_rates import base_rate, set_rate

Value = Any  # of a setting: a number, a text, or points that were drawn
Chosen = Mapping[str, Value]  # settings by name


class Held(Protocol):
    """What settings are read of and written to: a GAN, and the batches it learns from."""

    @property
    def gan(self) -> Any: ...
    @property
    def batches(self) -> Any: ...


Write = Callable[[Held, Chosen], None]
Code = Callable[[Chosen, Names], str]


def needs_fresh_networks(*_: object) -> Any:
    """What stands for `write` and `code` where a setting cannot be changed while it trains."""
    raise ValueError("this setting needs fresh networks")


@dataclass(frozen=True)
class Setting:
    """One setting. values: what may be chosen; of numbers, which rise, the first and the last are the limits.

    read(run): what it is now. write(run, chosen): set it to chosen[name]; what it goes together with stands in `chosen`
    too. code(chosen, names): the line that does what `write` does. The line finds the run in `gan` and `batches`.
    """

    name: str
    label: str
    values: Sequence
    read: Callable[[Held], Value]
    write: Write = needs_fresh_networks
    code: Code = needs_fresh_networks
    group: str = ""
    full: str = ""  # its label where the group is not seen
    start: Value = None
    more: bool = False  # stands among the seldom used
    off: Value = None  # the value that means "without"
    sets: str = ""  # of a trick: the piece of the GAN that it comes in
    check: Callable[[object], Value] | None = None  # in place of `values`

    def __post_init__(self) -> None:
        object.__setattr__(self, "full", self.full or self.label)

    @property
    def fresh(self) -> bool:
        """Whether it needs fresh networks."""
        return self.write is needs_fresh_networks

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return isinstance(self.values[-1], int)

    def checked(self, given: object) -> Value:
        """The value as the setting takes it. Raises ValueError that says what is allowed."""
        if self.check is not None:
            return self.check(given)
        if isinstance(self.values[-1], (int, float)):
            check: Callable[..., float] = integer if self.whole else real
            return check(self.label, given, self.values[0], self.values[-1])
        return one_of(self.label, given, self.values)


def rate(player: str, short: str = "") -> Setting:
    """The learning rate of a player by its name in `gan.players`: the base, which a schedule multiplies. short: its
    letter."""
    name, letters = f"{short or player}_lr", short.upper() or player
    optimizer = f"gan.{short}_optimizer" if short else f"gan.others[{player!r}].optimizer"
    return Setting(
        name,
        say("live", "learningRateOf", player=letters),
        (0.0, 1.0),
        lambda run: base_rate(run.gan, run.gan.players[player].optimizer),
        lambda run, chosen: set_rate(run.gan, run.gan.players[player].optimizer, chosen[name]),
        lambda chosen, names: f"{names(set_rate)}(gan, {optimizer}, {chosen[name]!r})",
    )


def attribute(holder: str, name: str, label: str, values: Sequence) -> Setting:
    """A setting that is a plain attribute of the GAN or the batches: holder, which the program calls so too."""
    return Setting(
        name,
        label,
        values,
        lambda run: getattr(getattr(run, holder), name),
        lambda run, chosen: setattr(getattr(run, holder), name, chosen[name]),
        lambda chosen, _: f"{holder}.{name} = {chosen[name]!r}",
    )


def batch_size() -> Setting:
    """Samples a step."""
    return attribute("batches", "batch_size", say("live", "batchSize"), (1, 1_000_000))


def d_steps() -> Setting:
    """How often D learns in a round."""
    return attribute("gan", "d_steps", say("live", "dSteps"), (1, 1000))


def by_steps() -> tuple[Setting, ...]:
    """What no optimiser remembers."""
    return batch_size(), d_steps()


def usual_settings() -> dict[str, Setting]:
    """Those of a GAN of the usual two, by name."""
    all_of_them = (rate("discriminator", "d"), rate("generator", "g"), *by_steps())
    return {setting.name: setting for setting in all_of_them}


class Settings:
    """The settings of one run that may change while it trains. Checkpoints save them, as a GAN's own state does not
    hold all."""

    def __init__(self, gan: Any, batches: Any):
        self.gan, self.batches = gan, batches

    @property
    def all(self) -> dict[str, Setting]:
        """By name: a rate for each player there is; a size where the batches have one, no larger than their data."""
        there = usual_settings()
        if self.gan.discriminator is None:
            del there["d_lr"], there["d_steps"]
        if not isinstance(self.batches, Sized):
            del there["batch_size"]
        elif isinstance(self.batches, (InMemory, InPasses)):
            there["batch_size"] = replace(there["batch_size"], values=(1, len(self.batches.data)))
        return there | {setting.name: setting for setting in map(rate, self.gan.others)}

    def values(self) -> dict[str, Value]:
        """What each setting is now."""
        return {name: setting.read(self) for name, setting in self.all.items()}

    def checked(self, name: str, given: object) -> Value:
        """The number that was given for a setting. Changes nothing.

        given: a number, or what a learner typed. Raises ValueError or KeyError that says what is allowed.
        """
        if name not in (known := self.all):
            raise KeyError(f"{name} cannot be changed while it trains; these can: {', '.join(known)}")
        if isinstance(given, str):
            with suppress(ValueError):
                number = float(given.strip().replace(",", "."))
                given = int(number) if number.is_integer() else number
        return known[name].checked(given)

    def state_dict(self) -> dict:
        """Each setting by its name, for a checkpoint."""
        return self.values()

    def check_state(self, state: dict) -> None:
        """Raise ValueError for a setting that this run cannot have. Changes nothing."""
        table("the settings", state)
        before, known = self.values(), self.all
        for setting in by_steps():
            if setting.name in state:  # as large as it was built, if it must be
                most = max(known.get(setting.name, setting).values[-1], before.get(setting.name, 1))
                integer(setting.label, state[setting.name], 1, int(most))

    def load_state_dict(self, state: dict) -> None:
        """Set what `state_dict` gave; a rate comes back with its optimiser, whatever it is. Raises as `check_state`."""
        self.check_state(state)
        for setting in by_steps():
            if setting.name in state:
                setting.write(self, state)
