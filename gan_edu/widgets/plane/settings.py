"""The settings of the plane one by one: their words, what each may be, and the data that can be chosen or drawn.

Belongs to notebook 03_training_loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from gan_edu.core.data.distributions import (
    Mixture,
    blobs,
    circle,
    drawn,
    grid,
    ring,
    segment,
    spirals,
    swiss_roll,
    two_gaussians,
    two_moons,
)
from gan_edu.core.live.settings import Chosen, Held, Setting, Value, attribute, batch_size, d_steps, rate
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import one_of, real, several
from gan_edu.core.safety.strict_json import plain
from gan_edu.core.training.called import Call, Names, made

Drawing = list[list[float]]  # (K, 2)

THREE = [[-0.7, -0.5], [0.75, -0.35], [0.0, 0.75]]
DATA: dict[str, Call] = {
    "line": Call(segment),
    "two Gaussians": Call(two_gaussians),
    "ring of 8": Call(ring),
    "grid of 25": Call(grid),
    "three blobs": Call(blobs, (THREE, 0.12)),
    "circle": Call(circle),
    "two moons": Call(two_moons),
    "spirals": Call(spirals),
    "swiss roll": Call(swiss_roll),
}
RATES = [0.0, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 3e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1]
SIZES = [8, 16, 32, 64, 128, 256, 512, 1024]
OPTIMIZERS = ["Adam", "RMSprop", "SGD"]
STRENGTHS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
NONE = "none"
MOST_DRAWN = 400  # points of a drawing


def told(setting: Setting) -> dict:
    """A setting, as the views take it."""
    return {name: getattr(setting, name) for name in ("label", "group", "values", "fresh", "more", "off", "sets")}


def kept(name: str) -> Callable[[Any], Value]:
    """Reads a setting that no network or batch tells of: what the plane was asked for."""
    return lambda run: run.settings[name]


# ------------------------------------------------------------ data


def distribution(data: str | Drawing) -> Call:
    """The call that makes the mixture of this name, or that was drawn."""
    return DATA[data] if isinstance(data, str) else Call(drawn, (data,))


def data(given: object) -> str | Drawing:
    """Data that were chosen by name, or drawn. Raises ValueError for others."""
    if isinstance(given, (list, tuple)) or hasattr(given, "tolist"):  # an array or tensor
        return drawing(given)
    if isinstance(given, Mixture):
        raise ValueError("data is chosen by name, or given as points [[x, y], …] that are drawn")
    return one_of("data", given, list(DATA))


def drawing(points: object) -> Drawing:
    """What was drawn, (K, 2) rounded to 1/100 and kept in the picture. Raises ValueError for what is no drawing."""
    try:
        given = several("points", plain(points), lambda name, point: several(name, point, real, 2))
    except ValueError as error:
        raise ValueError(f"a drawing is a list of points [x, y], of finite numbers: {error}") from None
    if not given:
        raise ValueError("draw at least one point")
    every = -(-len(given) // MOST_DRAWN)
    return [[round(min(1.45, max(-1.45, c)), 2) for c in point] for point in given[::every]]


# ------------------------------------------------------------ a player


@dataclass(frozen=True)
class Player:
    """One of the two players: its letter in the names of its settings, its network, the group of its controls."""

    letter: str
    network: str
    rate: float  # to start with
    steps: Callable[[], Setting]

    @property
    def optimizer(self) -> str:
        """What the GAN calls its optimiser."""
        return f"{self.letter}_optimizer"

    def of(self, chosen: Chosen, *names: str) -> list[Value]:
        """What was chosen of its settings."""
        return [chosen[f"{self.letter}_{name}"] for name in names]

    def widths(self, chosen: Chosen, first: int, last: int) -> list[int]:
        """Of its layers, from the `first` numbers that come in to the `last` that go out."""
        width, depth = self.of(chosen, "width", "depth")
        return [first, *[width] * depth, last]

    def descent(self, network: nn.Module, chosen: Chosen) -> torch.optim.Optimizer:
        """Adam in its fused form, RMSprop or SGD over a network's weights; betas are Adam's."""
        kind, lr, *betas = self.of(chosen, "optimizer", "lr", "beta1", "beta2")
        if kind == "Adam":
            return torch.optim.Adam(network.parameters(), lr=lr, betas=tuple(betas), fused=True)
        return getattr(torch.optim, kind)(network.parameters(), lr=lr)

    def descent_code(self, network: str, chosen: Chosen) -> str:
        """The same as code."""
        kind, lr, *betas = self.of(chosen, "optimizer", "lr", "beta1", "beta2")
        more = f", betas={tuple(betas)!r}, fused=True" if kind == "Adam" else ""
        return f"torch.optim.{kind}({network}.parameters(), lr={lr!r}{more})"

    def put_descent(self, run: Held, chosen: Chosen) -> None:
        """Begin with an optimiser that knows nothing yet."""
        setattr(run.gan, self.optimizer, self.descent(getattr(run.gan, self.network), chosen))

    def put_betas(self, run: Held, chosen: Chosen) -> None:
        """Of Adam; the others have none."""
        for group in getattr(run.gan, self.optimizer).param_groups:
            if "betas" in group:
                group["betas"] = tuple(self.of(chosen, "beta1", "beta2"))

    def betas_code(self, chosen: Chosen, names: Names) -> str:
        """The same as code."""
        kind, *betas = self.of(chosen, "optimizer", "beta1", "beta2")
        if kind != "Adam":
            return "# β₁ and β₂ are Adam's"
        return f"gan.{self.optimizer}.param_groups[0]['betas'] = {tuple(betas)!r}"

    def settings(self) -> list[Setting]:
        """All that can be changed of it."""
        d = self.letter
        betas = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999]
        adams: dict[str, Any] = {"write": self.put_betas, "code": self.betas_code, "more": True}
        mine = (
            Setting(f"{d}_depth", say("plane", "layers"), [0, 1, 2, 3, 4, 5], kept(f"{d}_depth"), start=2),
            Setting(f"{d}_width", say("plane", "units"), SIZES[:-2], kept(f"{d}_width"), start=128),
            replace(rate(self.network, d), label=say("plane", "learningRate"), values=RATES, start=self.rate),
            replace(self.steps(), label=say("plane", "stepsATurn"), values=list(range(1, 11)), start=1),
            Setting(
                self.optimizer,
                say("plane", "optimiser"),
                OPTIMIZERS,
                lambda run: type(getattr(run.gan, self.optimizer)).__name__,
                self.put_descent,
                lambda chosen, _: f"gan.{self.optimizer} = {self.descent_code(f'gan.{self.network}', chosen)}",
                start="Adam",
                more=True,
            ),
            Setting(f"{d}_beta1", "β₁", betas[:-2], kept(f"{d}_beta1"), start=0.0, **adams),
            Setting(f"{d}_beta2", "β₂", betas[1:], kept(f"{d}_beta2"), start=0.99, **adams),
        )
        return [replace(each, group=self.network.title(), full=self._full(each.label)) for each in mine]

    def _full(self, label: str) -> str:
        return say("plane", "ofPlayer", label=label, player=self.letter.upper())


def g_steps() -> Setting:
    """How often G learns in a round."""
    return attribute("gan", "g_steps", say("plane", "gSteps"), (1, 1000))


D = Player("d", "discriminator", 1e-3, d_steps)
G = Player("g", "generator", 1e-4, g_steps)


def plane_settings() -> dict[str, Setting]:
    """Those that every plane has, by name, in the order of its controls."""
    noise = attribute("gan", "latent", say("plane", "noise"), ["gaussian", "uniform"])
    all_of_them = (
        _data_setting(),
        replace(batch_size(), values=SIZES, group="Data", start=256),
        *D.settings(),
        *G.settings(),
        Setting(
            "latent_dim", say("plane", "noiseIn"), [1, 2], lambda run: run.gan.latent_dim, group="Generator", start=2
        ),
        replace(noise, group="Generator", start="gaussian"),
    )
    return {setting.name: setting for setting in all_of_them}


def _data_setting() -> Setting:
    return Setting(
        "data",
        say("plane", "data"),
        list(DATA),
        kept("data"),
        lambda run, chosen: setattr(run.batches, "distribution", made(distribution(chosen["data"]))),
        lambda chosen, names: f"batches.distribution = {names.written(distribution(chosen['data']))}",
        group="Data",
        start="ring of 8",
        check=data,
    )
