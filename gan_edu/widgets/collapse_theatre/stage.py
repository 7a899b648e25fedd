"""What the collapse theatre is handed: stages, on which a GAN collapses, and cures. It knows no chapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan_edu.core.data.distributions import Mixture
from gan_edu.core.measures.variety import Sign
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.look import Look
from gan_edu.core.recording.points_look import PointsLook
from gan_edu.core.safety.checked import function, integer, real, several, text
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import Penalty, Step, View
from gan_edu.core.training.loss import Loss

FAKES = 200  # points of a frame
SEED = 20_190_214  # of the latents whose pictures are read as modes: the same at each look


@dataclass(frozen=True)
class Stage:
    """Where a GAN collapses. build(seed) → (gan, batches), fresh ones whose run collapses.

    discriminator(count): a fresh D that sees `count` samples at once; optimizer(D): its optimiser. look(): what a frame
    shows; its scores hold the share of samples a mode, as "shares" or "histogram". modes: their names; fair: the share
    that each has in the data. signs(): what the alarm watches. every: steps between two frames.
    """

    title: str
    build: Callable[[int], tuple]
    discriminator: Callable[[int], nn.Module]
    optimizer: Callable[[nn.Module], torch.optim.Optimizer]
    look: Callable[[], Look]
    modes: Sequence[str]
    fair: Sequence[float]
    signs: Callable[[], Mapping[str, Sign]]
    every: int = 20
    watched: int = 1000  # samples that the alarm draws at a look

    def __post_init__(self) -> None:
        text("title", self.title)
        for name in ("build", "discriminator", "optimizer", "look", "signs"):
            function(name, getattr(self, name))
        object.__setattr__(self, "modes", several("modes", self.modes, text))
        fair = several("fair", self.fair, lambda name, share: real(name, share, 0, 1), len(self.modes))
        object.__setattr__(self, "fair", fair)
        object.__setattr__(self, "every", integer("every", self.every, 1))
        object.__setattr__(self, "watched", integer("watched", self.watched, 2))

    def told(self) -> dict:
        """What a view needs to know of it."""
        return {"title": self.title, "modes": list(self.modes), "fair": list(self.fair)}


@dataclass(frozen=True)
class Cure:
    """What a cure puts into a GAN, each part fresh from its maker; what it leaves None stays as it is.

    does: in a sentence. loss, step: in the place of the usual ones. view(), d_penalties(): pieces of the GAN.
    fresh(discriminator): a D in the place of the one there was, which begins anew; discriminator is the stage's.
    within(D): another form of the D that is there, with its weights. Raises ValueError where it puts in nothing.
    """

    title: str
    does: str
    loss: Loss | None = None
    step: Step | None = None
    view: Callable[[], View] | None = None
    d_penalties: Callable[[], Sequence[Penalty]] | None = None
    fresh: Callable[[Callable[[int], nn.Module]], nn.Module] | None = None
    within: Callable[[nn.Module], nn.Module] | None = None

    def __post_init__(self) -> None:
        text("title", self.title)
        text("does", self.does)
        if self.loss is not None:
            pieces.loss("loss", self.loss)
        makers = {name: getattr(self, name) for name in ("step", "view", "d_penalties", "fresh", "within")}
        for name, maker in makers.items():
            if maker is not None:
                function(name, maker)
        if self.loss is None and not any(makers.values()):
            raise ValueError(f"the cure {self.title!r} puts nothing into a GAN: give it a loss, a step, a view …")

    def places(self) -> set[str]:
        """The places of the GAN that it takes for itself alone."""
        there = {"loss": self.loss, "step": self.step, "view": self.view, "discriminator": self.fresh or self.within}
        return {place for place, piece in there.items() if piece is not None}

    def told(self) -> dict:
        """What a view needs to know of it."""
        return {"title": self.title, "does": self.does}


class Points(PointsLook):
    """Samples in the plane and the share of them near each mode, and nothing else: frames of 800 bytes."""

    def __init__(self, data: Mixture):
        super().__init__(data, compact=True, shares=True)
        self.fakes, self.side, self.pulls, self.across, self.along = FAKES, 1, 1, 1, 1
        self.places = torch.zeros(1, 2)


class Pictures(GridLook):
    """A grid of samples, and in every frame what `samples` of them are read as, (N, …) → the share of each mode."""

    def __init__(self, rows: int, columns: int, read: Callable[[Tensor], list[float]], samples: int = 300):
        super().__init__(rows, columns)
        self.read, self.samples = function("read", read), integer("samples", samples, 2)

    def see(self) -> dict:
        """The grid, and the shares."""
        z = self.gan.latents(self.samples, torch.Generator(self.gan.device).manual_seed(SEED))
        return {**super().see(), "scores": {"histogram": self.read(self.gan.generate(z))}}

    def scoring(self) -> dict:
        """How many samples are read."""
        return {"samples": self.samples}
