"""The settings of the plane together: what a choice does to a run, and how a run is built from them.

Some count from the next step on (learning rates, losses, data, steps of each player), others need fresh networks.
It knows no chapter: the losses are handed in by name, and so is the class that holds a run's pieces.
Belongs to notebook 03_training_loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import nn

from gan_edu.core.data.distributions import Draws, Mixture
from gan_edu.core.safety.checked import changes, function, integer, one_of, real, table, text
from gan_edu.core.training import contract, pieces
from gan_edu.core.training.learning_rates import change_rate
from gan_edu.core.training.loss import Loss
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.penalties import times
from gan_edu.core.training.streams import seeded
from gan_edu.widgets.plane.settings import NONE, PLANE_SETTINGS, STRENGTHS, PlaneSetting, Value, distribution, drawing
from gan_edu.widgets.plane.trick_settings import EACH, Tricks


@dataclass
class Laboratory:
    """Builds runs and changes their settings. GAN: the class of a run's pieces. losses: {name: loss}.

    penalties: {name: function (discriminator, real, fake) → scalar}, to be added to D's loss, γ times.
    tricks: {name: widgets.plane.trick_settings.Trick}, each a setting of that name.
    settings: what differs from how each starts. Raises KeyError or ValueError for what does not exist.
    """

    GAN: Callable
    losses: dict
    settings: dict
    seed: int = 0
    penalties: dict = field(default_factory=dict)
    tricks: dict = field(default_factory=dict)
    choices: dict[str, PlaneSetting] = field(init=False)
    defaults: dict = field(init=False)  # the settings that it was made with
    start: dict = field(init=False)  # those at step 0 of the run that is on

    def __post_init__(self) -> None:
        for name in ("losses", "penalties", "tricks", "settings"):
            table(name, getattr(self, name))
        if not self.losses:
            raise ValueError("losses must hold at least one loss: {name: loss}")
        function("GAN", self.GAN)
        for name, each in self.losses.items():
            pieces.loss(f"losses: {name}", each)
        self.seed, names = integer("seed", self.seed), list(self.losses)
        self.choices = {**PLANE_SETTINGS, "loss": PlaneSetting("loss", "Loss", names[0], names)}
        if self.penalties:
            self.choices |= {
                "penalty": PlaneSetting("penalty on D", "Loss", NONE, [NONE, *self.penalties]),
                "gamma": PlaneSetting("its strength γ", "Loss", 1.0, STRENGTHS),
            }
        self.choices |= {
            name: PlaneSetting(
                each.label,
                "Tricks",
                each.off,
                each.values,
                each.sets == "discriminator",
                each.more,
                each.off,
                each.sets,
            )
            for name, each in self.tricks.items()
        }
        self.all_tricks = Tricks(self.tricks)
        given, self.settings = self.settings, {name: each.start for name, each in self.choices.items()}
        for name, value in given.items():
            self.settings[name] = self.checked(name, value)
        self.start, self.defaults = dict(self.settings), dict(self.settings)

    def checked(self, name: str, value: object) -> Value:
        """The value as the setting takes it. Raises KeyError or ValueError that says what is allowed."""
        if name not in self.choices:
            raise KeyError(f"there is no setting {name!r}; there are: {', '.join(self.choices)}")
        setting = self.choices[name]
        if name == "data" and (isinstance(value, (list, tuple)) or hasattr(value, "tolist")):  # an array or tensor
            return drawing(value)
        if name == "data" and isinstance(value, Mixture):
            raise ValueError("data is chosen by name, or given as points [[x, y], …] that are drawn")
        checks: dict[type, Callable[..., float]] = {int: integer, float: real}
        check = checks.get(type(setting.values[-1]))
        if check is None:
            return one_of(setting.label, value, setting.values)
        return check(setting.label, value, setting.values[0], setting.values[-1])

    # ------------------------------------------------------------ a run

    def build(self) -> tuple:
        """(gan, batches), fresh ones, as the settings say and as `widgets.plane.as_program` writes it."""
        s = self.settings
        with seeded(self.seed):
            generator = mlp([s["latent_dim"], *[s["g_width"]] * s["g_depth"], 2])
            discriminator = mlp([2, *[s["d_width"]] * s["d_depth"], 1], slope=0.2)
            discriminator = self.all_tricks.around("discriminator", discriminator, s)
        gan = self.GAN(
            generator,
            discriminator,
            s["latent_dim"],
            self.loss(s),
            optimizer(generator, *self._descent("g")),
            optimizer(discriminator, *self._descent("d")),
            d_steps=s["d_steps"],
            g_steps=s["g_steps"],
            latent=s["latent"],
            d_penalties=self._penalties(),
            seed=self.seed,
        )
        for hook in ("view", "after_step"):
            self.all_tricks.put(gan, hook, s)
        return gan, Draws(distribution(s["data"]), s["batch_size"], self.seed)

    def fits(self, settings: dict) -> None:
        """Raise KeyError or ValueError where these settings cannot be, or cannot go together with the others."""
        changed = {**self.settings, **settings}
        Laboratory(self.GAN, self.losses, changed, self.seed, self.penalties, self.tricks).build()

    def loss(self, settings: dict) -> Loss:
        """The loss that these settings choose, with its tricks. Raises ValueError where they do not go together."""
        return self.all_tricks.around("loss", self.losses[settings["loss"]], settings)

    def _descent(self, letter: str) -> tuple:
        s = self.settings
        return s[f"{letter}_optimizer"], s[f"{letter}_lr"], (s[f"{letter}_beta1"], s[f"{letter}_beta2"])

    def _penalties(self) -> list:
        penalty = self.penalties.get(self.settings.get("penalty", NONE))
        own = [times(self.settings["gamma"], penalty)] if penalty else []
        return [*own, *self.all_tricks.made("d_penalties", self.settings)]

    def change(self, gan: contract.GAN, batches: Draws, name: str, value: Value) -> None:
        """Set one that needs no fresh networks; counts from the next step on.

        Raises ValueError for one that cannot go together with the others, and what a maker raises; then all is as it
        was.
        """
        before, self.settings[name] = self.settings[name], value
        try:
            self._change(gan, batches, name)
        except Exception:
            self.settings[name] = before
            self._change(gan, batches, name)
            raise

    def _change(self, gan: contract.GAN, batches: Draws, name: str) -> None:
        sets = self.tricks[name].sets.removeprefix(EACH) if name in self.tricks else name
        if name == "data":
            batches.distribution = distribution(self.settings[name])
        elif name == "batch_size":
            batches.batch_size = self.settings[name]
        elif sets == "loss":
            gan.loss = self.loss(self.settings)
        elif sets in ("penalty", "gamma", "d_penalties"):
            gan.exchange(d_penalties=self._penalties())
        elif name in self.tricks:
            self.all_tricks.put(gan, sets, self.settings)
        elif name in ("d_steps", "g_steps", "latent"):
            setattr(gan, name, self.settings[name])
        else:
            self._change_player(gan, *name.split("_", 1))

    def state_dict(self) -> dict:
        """What `build` needs to make the run again, now and as it began, for a checkpoint."""
        return {"settings": dict(self.settings), "start": dict(self.start), "seed": self.seed}

    def _taken(self, state: dict) -> tuple[dict, dict, int]:
        table("the laboratory's state", state, "settings", "start", "seed")
        without = {name: setting.start for name, setting in self.choices.items()}  # tricks that it was saved without
        settings, start = (
            {**without, **{name: self.checked(name, value) for name, value in each.items()}}
            for each in (table(which, state[which]) for which in ("settings", "start"))
        )
        return settings, start, integer("seed", state["seed"])

    def check_state(self, state: dict) -> None:
        """Raise ValueError or KeyError for a saved run with a loss or trick that was not handed in. Changes nothing."""
        self._taken(state)

    def load_state_dict(self, state: dict) -> None:
        """Take over the settings and the seed of a saved run. Raises as `check_state` does."""
        self.settings, self.start, self.seed = self._taken(state)

    def events(self, log: list[dict], step: int) -> list[dict]:
        """What a run's log says was done up to `step`, each value checked: a setting, a lone step, a step that failed.

        Raises ValueError or KeyError for what no run of these settings has written.
        """
        found = []
        for k, event in enumerate(changes("log", log, step)):
            if "failed" in event:
                does: dict[str, Value] = {
                    "failed": one_of(f"log, place {k}: failed", event["failed"], ("train", "d", "g"))
                }
            elif "single" in event:
                does = {
                    "single": one_of(f"log, place {k}: single", event["single"], ("d", "g")),
                    "count": integer(f"log, place {k}: count", event.get("count"), 1, step - event["step"]),
                }
            elif "name" in event:
                does = {
                    "name": text(f"log, place {k}: name", event["name"]),
                    "value": self.checked(event["name"], event.get("value")),
                }
            else:
                continue
            found.append({"step": event["step"], **does})
        return found

    def led_to(self, log: list[dict], step: int) -> dict:
        """The settings that a run's log leads to from those at its start. Raises as `events` does."""
        changed = (event for event in self.events(log, step) if "name" in event)
        return {**self.start, **{event["name"]: event["value"] for event in changed}}

    def _change_player(self, gan: contract.GAN, letter: str, name: str) -> None:
        network = gan.generator if letter == "g" else gan.discriminator
        kind, lr, betas = self._descent(letter)
        if name == "optimizer":
            setattr(gan, f"{letter}_optimizer", optimizer(network, kind, lr, betas))
            return
        if name == "lr":
            change_rate(getattr(gan, f"{letter}_optimizer"), lr)
        for group in getattr(gan, f"{letter}_optimizer").param_groups:
            if "betas" in group:
                group["betas"] = betas


def optimizer(network: nn.Module, kind: str, lr: float, betas: tuple[float, float]) -> torch.optim.Optimizer:
    """Adam in its fused form, RMSprop or SGD over a network's weights; betas are Adam's."""
    if kind == "Adam":
        return torch.optim.Adam(network.parameters(), lr=lr, betas=betas, fused=True)
    return getattr(torch.optim, kind)(network.parameters(), lr=lr)
