"""The settings of the plane together: those of each player and the data, the losses, the tricks; a run built from them.

Some count from the next step on (learning rates, losses, data, steps of each player), others need fresh networks.
It knows no chapter: the losses are handed in by name, and so is the class that holds a run's pieces.
Belongs to notebook 03_training_loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from gan_edu.core.data.distributions import Draws
from gan_edu.core.live.settings import Chosen, Code, Held, Setting, Value, Write, needs_fresh_networks
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import changes, function, integer, one_of, table, text
from gan_edu.core.training import pieces as of_a_gan
from gan_edu.core.training.called import Call, Names, made
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.penalties import times
from gan_edu.core.training.streams import seeded
from gan_edu.widgets.plane.settings import NONE, STRENGTHS, D, G, distribution, kept, plane_settings
from gan_edu.widgets.plane.trick_settings import Hook, Sets, around, pieces


@dataclass
class Laboratory:
    """Builds runs and keeps what was chosen. GAN: the class of a run's pieces. losses: {name: loss}.

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
    choices: dict[str, Setting] = field(init=False)
    defaults: dict = field(init=False)  # the settings that it was made with
    start: dict = field(init=False)  # those at step 0 of the run that is on

    def __post_init__(self) -> None:
        for name in ("losses", "penalties", "tricks", "settings"):
            table(name, getattr(self, name))
        if not self.losses:
            raise ValueError("losses must hold at least one loss: {name: loss}")
        function("GAN", self.GAN)
        for name, each in self.losses.items():
            of_a_gan.loss(f"losses: {name}", each)
        self.seed = integer("seed", self.seed)
        self.hooks = [
            Hook("d_penalties", self._penalties),
            Hook("view", lambda chosen: next(iter(pieces(self.tricks, Sets.VIEW, chosen)), None)),
            Hook("after_step", lambda chosen: pieces(self.tricks, Sets.AFTER_STEP, chosen)),
        ]
        own = [*self._of_the_loss(), *self._of_the_penalty(), *self._of_the_tricks()]
        self.choices = plane_settings() | {setting.name: setting for setting in own}
        given, self.settings = self.settings, {name: each.start for name, each in self.choices.items()}
        for name, value in given.items():
            self.settings[name] = self.checked(name, value)
        self.start, self.defaults = dict(self.settings), dict(self.settings)

    # ------------------------------------------------------------ the settings that come of what was handed in

    def _of_the_loss(self) -> list[Setting]:
        names, label, way = list(self.losses), say("plane", "loss"), self._ways()[Sets.LOSS]
        return [Setting("loss", label, names, kept("loss"), *way, group="Loss", start=names[0])]

    def _of_the_penalty(self) -> list[Setting]:
        if not self.penalties:
            return []
        names, way = [NONE, *self.penalties], self._ways()[Sets.PENALTY]
        return [
            Setting("penalty", say("plane", "penaltyOnD"), names, kept("penalty"), *way, group="Loss", start=NONE),
            Setting("gamma", say("plane", "strength"), STRENGTHS, kept("gamma"), *way, group="Loss", start=1.0),
        ]

    def _of_the_tricks(self) -> list[Setting]:
        ways = self._ways()
        return [
            Setting(
                name,
                each.label,
                each.values,
                kept(name),
                *ways[each.sets],
                group="Tricks",
                start=each.off,
                more=each.more,
                off=each.off,
                sets=each.sets.name.lower(),
            )
            for name, each in self.tricks.items()
        ]

    def _ways(self) -> dict[Sets, tuple[Write, Code]]:
        """How a setting of each piece is written, and its line."""
        penalties, view, after_step = ((hook.write, hook.code) for hook in self.hooks)
        return {
            Sets.LOSS: (self._put_loss, self._loss_code),
            Sets.DISCRIMINATOR: (needs_fresh_networks, needs_fresh_networks),
            Sets.VIEW: view,
            Sets.PENALTY: penalties,
            Sets.EACH_PENALTY: penalties,
            Sets.AFTER_STEP: after_step,
        }

    def checked(self, name: str, value: object) -> Value:
        """The value as the setting takes it. Raises KeyError or ValueError that says what is allowed."""
        if name not in self.choices:
            raise KeyError(f"there is no setting {name!r}; there are: {', '.join(self.choices)}")
        return self.choices[name].checked(value)

    # ------------------------------------------------------------ the pieces of a run, as expressions

    def generator(self, chosen: Chosen) -> Call:
        """The call that makes G."""
        return Call(mlp, (G.widths(chosen, chosen["latent_dim"], 2),))

    def discriminator(self, chosen: Chosen) -> Call:
        """The call that makes D, within its tricks."""
        plain = Call(mlp, (D.widths(chosen, 2, 1),), {"slope": 0.2})
        return around(self.tricks, Sets.DISCRIMINATOR, plain, chosen)

    def loss(self, chosen: Chosen) -> Any:
        """The loss, within its tricks."""
        return around(self.tricks, Sets.LOSS, self.losses[chosen["loss"]], chosen)

    def draws(self, chosen: Chosen) -> Call:
        """The call that makes the batches."""
        return Call(Draws, (distribution(chosen["data"]), chosen["batch_size"]), {"seed": self.seed})

    def _penalties(self, chosen: Chosen) -> list:
        penalty = self.penalties.get(chosen.get("penalty", NONE))
        own = [Call(times, (chosen["gamma"], penalty))] if penalty else []
        tricks = pieces(self.tricks, Sets.PENALTY, chosen)
        return [*own, *(around(self.tricks, Sets.EACH_PENALTY, each, chosen) for each in tricks)]

    def _put_loss(self, run: Held, chosen: Chosen) -> None:
        run.gan.loss = made(self.loss(chosen))

    def _loss_code(self, chosen: Chosen, names: Names) -> str:
        return f"gan.loss = {names.written(self.loss(chosen))}"

    # ------------------------------------------------------------ a run

    def build(self) -> tuple:
        """(gan, batches), fresh ones, as the settings say and as `widgets.plane.as_program` writes it."""
        s = self.settings
        with seeded(self.seed):
            generator, discriminator = made(self.generator(s)), made(self.discriminator(s))
        gan = self.GAN(
            generator,
            discriminator,
            s["latent_dim"],
            made(self.loss(s)),
            G.descent(generator, s),
            D.descent(discriminator, s),
            d_steps=s["d_steps"],
            g_steps=s["g_steps"],
            latent=s["latent"],
            seed=self.seed,
        )
        run = SimpleNamespace(gan=gan, batches=made(self.draws(s)))
        for hook in self.filled(s):
            hook.write(run, s)
        return run.gan, run.batches

    def filled(self, chosen: Chosen) -> list[Hook]:
        """The hooks that hold something."""
        return [hook for hook in self.hooks if hook.holds(chosen)]

    def fits(self, settings: dict) -> None:
        """Raise KeyError or ValueError where these settings cannot be, or cannot go together with the others."""
        changed = {**self.settings, **settings}
        Laboratory(self.GAN, self.losses, changed, self.seed, self.penalties, self.tricks).build()

    # ------------------------------------------------------------ a run that was saved

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
                if self.choices[event["name"]].fresh:
                    raise ValueError(f"log, place {k}: {event['name']} needs fresh networks")
            else:
                continue
            found.append({"step": event["step"], **does})
        return found

    def led_to(self, log: list[dict], step: int) -> dict:
        """The settings that a run's log leads to from those at its start. Raises as `events` does."""
        changed = (event for event in self.events(log, step) if "name" in event)
        return {**self.start, **{event["name"]: event["value"] for event in changed}}
