"""The settings of the plane one by one: their words, what each may be, and the data that can be chosen or drawn.

Belongs to notebook 03_training_loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
from gan_edu.core.safety.checked import real, several
from gan_edu.core.safety.strict_json import plain

Drawing = list[list[float]]  # (K, 2)
Value = str | float | Drawing  # of a setting
Made = tuple[Callable[..., Mixture], tuple]  # what makes a distribution: a function, and what it is called with

THREE = [[-0.7, -0.5], [0.75, -0.35], [0.0, 0.75]]
DATA: dict[str, Made] = {
    "line": (segment, ()),
    "two Gaussians": (two_gaussians, ()),
    "ring of 8": (ring, ()),
    "grid of 25": (grid, ()),
    "three blobs": (blobs, (THREE, 0.12)),
    "circle": (circle, ()),
    "two moons": (two_moons, ()),
    "spirals": (spirals, ()),
    "swiss roll": (swiss_roll, ()),
}
RATES = [0.0, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 3e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1]
SIZES = [8, 16, 32, 64, 128, 256, 512, 1024]
OPTIMIZERS = ["Adam", "RMSprop", "SGD"]
STRENGTHS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
NONE = "none"
MOST_DRAWN = 400  # points of a drawing


@dataclass(frozen=True)
class PlaneSetting:
    """One setting: its words, the group it stands in, what it may be, and whether it needs fresh networks."""

    label: str
    group: str
    start: object
    values: list
    fresh: bool = False
    more: bool = False  # stands among the seldom used
    off: object = None  # the value that means "without", for a trick
    sets: str = ""  # the GAN's piece, for a trick


def told(setting: PlaneSetting) -> dict:
    """A setting, as the views take it."""
    return {
        "label": setting.label,
        "group": setting.group,
        "values": setting.values,
        "fresh": setting.fresh,
        "more": setting.more,
        "off": setting.off,
        "sets": setting.sets,
    }


def player(letter: str, rate: float) -> dict[str, PlaneSetting]:
    """The settings of one player."""
    group = {"d": "Discriminator", "g": "Generator"}[letter]
    betas = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999]
    return {
        f"{letter}_depth": PlaneSetting("layers", group, 2, [0, 1, 2, 3, 4, 5], fresh=True),
        f"{letter}_width": PlaneSetting("units", group, 128, SIZES[:-2], fresh=True),
        f"{letter}_lr": PlaneSetting("learning rate", group, rate, RATES),
        f"{letter}_steps": PlaneSetting("steps a turn", group, 1, list(range(1, 11))),
        f"{letter}_optimizer": PlaneSetting("optimiser", group, "Adam", OPTIMIZERS, more=True),
        f"{letter}_beta1": PlaneSetting("β₁", group, 0.0, betas[:-2], more=True),
        f"{letter}_beta2": PlaneSetting("β₂", group, 0.99, betas[1:], more=True),
    }


PLANE_SETTINGS = {
    "data": PlaneSetting("data", "Data", "ring of 8", list(DATA)),
    "batch_size": PlaneSetting("batch size", "Data", 256, SIZES),
    **player("d", 1e-3),
    **player("g", 1e-4),
    "latent_dim": PlaneSetting("noise in", "Generator", 2, [1, 2], fresh=True),
    "latent": PlaneSetting("noise", "Generator", "gaussian", ["gaussian", "uniform"]),
    "loss": PlaneSetting("loss", "Loss", None, []),
}


def made_by(data: str | Drawing) -> Made:
    """What makes the mixture that a setting of `data` names, or that was drawn."""
    return DATA[data] if isinstance(data, str) else (drawn, (data,))


def distribution(data: str | Drawing) -> Mixture:
    """The mixture itself."""
    make, arguments = made_by(data)
    return make(*arguments)


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
