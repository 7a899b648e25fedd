"""The cures that are on in one run: how they are put into its GAN between two steps, and taken out again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from torch import nn

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import integer, one_of, series, table, text
from gan_edu.core.training.contract import Batches, Record, Step
from gan_edu.core.training.gan import GAN
from gan_edu.core.training.networks import has_batch_statistics
from gan_edu.core.training.streams import seeded
from gan_edu.widgets.collapse_theatre.stage import Cure, Stage

PLACES = {"loss": "lossPlace", "step": "stepPlace", "view": "viewPlace", "discriminator": "discriminatorPlace"}


class Treatment:
    """One run on a stage, and the cures that are on. `switch(name, on)` puts one in or takes it out.

    names: the stage's and the cures' by which a checkpoint knows them. usual: the step where no cure has another.
    Each D that begins anew is drawn from a seed of its own, so that the same clicks make the same weights.
    """

    def __init__(self, name: str, stage: Stage, cures: Mapping[str, Cure], seed: int, usual: Step):
        self.name, self.stage, self.cures, self.seed, self.usual = name, stage, cures, integer("seed", seed), usual
        self.gan, self.batches = stage.build(self.seed)
        self.own = {place: getattr(self.gan, place) for place in ("loss", "view", "d_penalties")}
        self.plain: nn.Module = self.gan.discriminator  # as it is without a cure that is another form of it
        self.on: dict[str, dict[str, Any]] = {}  # of each cure that is on, what it has put in
        self.begun = 0  # how often D has begun anew

    @property
    def names(self) -> list[str]:
        """The cures that are on, in the order in which they are listed."""
        return [name for name in self.cures if name in self.on]

    def step(self, gan: GAN, batches: Batches) -> Record:
        """One step, as the cures that are on have it."""
        return self._first("step", self.usual)(gan, batches)

    def switch(self, name: str, on: bool) -> bool:
        """Put a cure in, or take it out. Returns whether D has begun anew.

        Raises KeyError for a cure that is not there, ValueError where it contradicts another; then all is as it was.
        """
        if name not in self.cures:
            raise KeyError(f"there is no cure {name!r}; there are: {', '.join(self.cures)}")
        if on == (name in self.on):
            return False
        cure, before = self.cures[name], dict(self.on)
        if on:
            self._refuse_a_clash(cure)
            self.on[name] = {}
        else:
            del self.on[name]
        kept = self.gan.loss, self.gan.discriminator, self.gan.d_optimizer, self.plain, self.begun
        try:
            if on:
                self.on[name] = {
                    place: make() for place in ("view", "d_penalties") if (make := getattr(cure, place)) is not None
                }
            self._put_in(cure)
        except Exception as error:
            why = self._why(error)
            self.on = before
            self.gan.loss, self.gan.discriminator, self.gan.d_optimizer, self.plain, self.begun = kept
            self.gan.fit()
            raise ValueError(say("collapse_theatre", "refused", cure=cure.title, why=why)) from error
        return cure.fresh is not None

    def _refuse_a_clash(self, cure: Cure) -> None:
        for other in self.names:
            for place in sorted(cure.places() & self.cures[other].places()):
                what, title = say("collapse_theatre", PLACES[place]), self.cures[other].title
                raise ValueError(say("collapse_theatre", "clash", cure=cure.title, other=title, place=what))

    def _why(self, error: Exception) -> str:
        """What is wrong, in words for who throws switches: as the GAN has it, or shorter."""
        penalised = any("d_penalties" in pieces for pieces in self.on.values())
        if penalised and has_batch_statistics(self.gan.discriminator):
            return say("collapse_theatre", "mixes")
        return str(error)

    def _put_in(self, changed: Cure) -> None:
        """Fill the GAN's places anew: the stage's own pieces, and those of the cures that are on."""
        gan = self.gan
        gan.loss = self._first("loss", self.own["loss"])
        if changed.fresh is not None:
            self._begin_d_anew()
        within = self._first("within", None)
        gan.discriminator = self.plain if within is None else within(self.plain)
        made = [self.on[name] for name in self.names]
        penalties = [each for pieces in made for each in pieces.get("d_penalties", [])]
        view = next((pieces["view"] for pieces in made if "view" in pieces), self.own["view"])
        gan.exchange(view=view, d_penalties=[*self.own["d_penalties"], *penalties])

    def _begin_d_anew(self) -> None:
        self.begun += 1
        fresh = self._first("fresh", None)
        with seeded(1_000_003 * self.begun + self.seed):
            self.plain = self.stage.discriminator(1) if fresh is None else fresh(self.stage.discriminator)
        self.gan.d_optimizer = self.stage.optimizer(self.plain)

    def _first(self, place: str, usual: Any) -> Any:
        """What the first of the cures that are on has in a place."""
        found = (getattr(self.cures[name], place) for name in self.names)
        return next((each for each in found if each is not None), usual)

    # ------------------------------------------------------------ a run that was saved

    def switched(self, names: Iterable[str]) -> None:
        """Switch on all of these."""
        for name in names:
            self.switch(name, True)

    def state_dict(self) -> dict:
        """What makes the run again, for a checkpoint."""
        return {"stage": self.name, "seed": self.seed, "on": self.names, "begun": self.begun}

    def check_state(self, state: dict) -> None:
        """Raise ValueError for a state with other cures. Changes nothing."""
        table("the theatre's state", state, "stage", "seed", "on", "begun")
        one_of("stage", text("stage", state["stage"]), [self.name])
        series("on", state["on"], lambda name, value: one_of(name, text(name, value), self.cures))
        integer("seed", state["seed"])
        integer("begun", state["begun"])

    def load_state_dict(self, state: dict) -> None:
        """Count on from there; the cures themselves are in, as the GAN was built with them. Raises as `check_state`."""
        self.check_state(state)
        self.seed, self.begun = state["seed"], state["begun"]
