"""Moving earth: two piles or two clouds, the cheapest plan that carries one to the other, its price, and W, JS, KL.

p_g is earth and p_data are holes (Monge 1781). What one pays for the plan is what the fairest prices collect
(Kantorovich 1942; Villani 2009, "Optimal transport: old and new"); why that matters to a GAN: Arjovsky, Chintala and
Bottou (2017), "Wasserstein GAN", arXiv 1701.07875. Entropy: Cuturi (2013), "Sinkhorn distances", arXiv 1306.0895.
Everything is computed in the browser: math.js; the same numbers with POT: earth.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import real
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import within
from gan_edu.widgets.kit.valid_state import Finite, valid
from gan_edu.widgets.moving_earth import earth
from gan_edu.widgets.moving_earth.earth import BINS, COUNT, GRAINS, XS, YS, Carried, cloud, hump


def _numbers(start: list) -> traitlets.List:
    return traitlets.List(traitlets.Any(), start).tag(sync=True)


class MovingEarth(Control):
    """`MovingEarth("plane", p=2)`: drag p_g and p_data; see the plan, its price, and W beside JS and KL.

    world: "line", two piles, or "plane", two clouds. p: 1 or 2; a grain costs wayᵖ. epsilon: entropy of the plan, in
    [0, 10]; 0 is the exact plan. shift: how far p_g is pulled to the right, lift: and up, in the plane; within the
    picture. data, fake: the piles, 40 numbers of grains from 0 to 20 on the line from 0 to 10. real_points,
    fake_points: the clouds, 12 points (x, y) with x in [−6, 6] and y in [−4.5, 4.5], or their 24 numbers in a row.
    All are ordinary traits. Raises traitlets.TraitError for what lies outside.
    """

    folder, _esm, height = "moving_earth", bundle("moving_earth"), 700
    world = traitlets.Enum(("line", "plane"), "line").tag(sync=True)
    p = traitlets.Enum((1, 2), 1).tag(sync=True)
    epsilon = Finite(0.0, min=0, max=10).tag(sync=True)
    shift, lift = Finite(0.0, min=-12, max=12).tag(sync=True), Finite(0.0, min=-9, max=9).tag(sync=True)
    data, fake = _numbers(hump(2.5, 28)), _numbers(hump(2, 8))
    real_points, fake_points = _numbers(cloud(3, 1, 1.4)), _numbers(cloud(-3, -1, 1))

    def __init__(self, world: str = "line", **state: object):
        super().__init__(world=world, **state)

    @traitlets.validate("data", "fake")
    def _grains(self, proposal: traitlets.Bunch) -> list[float]:
        name, grains = proposal["trait"].name, proposal["value"]
        if len(grains) != BINS:
            raise traitlets.TraitError(f"{name} must be {BINS} numbers of grains, got {len(grains)}")
        found = [valid(real, f"{name}[{k}]", each, least=0, most=GRAINS) for k, each in enumerate(grains)]
        if not any(found):
            raise traitlets.TraitError(f"{name} must have a grain somewhere, got none")
        return found

    @traitlets.validate("real_points", "fake_points")
    def _places(self, proposal: traitlets.Bunch) -> list[float]:
        name, flat = proposal["trait"].name, _flat(proposal["value"])
        if len(flat) != 2 * COUNT:
            raise traitlets.TraitError(f"{name} must be {COUNT} points (x, y), got {len(flat)} numbers")
        ends = (XS, YS)
        return [
            valid(real, f"{name}: {'xy'[k % 2]}", t, least=ends[k % 2][0], most=ends[k % 2][1])
            for k, t in enumerate(flat)
        ]

    def carried(self) -> Carried:
        """What is shown, by POT: the plan, its cost and the least, W, JS and KL."""
        if self.world == "line":
            return earth.on_line(self.fake, self.data, self.shift, self.p, self.epsilon)
        fake, data = (np.asarray(each, float).reshape(-1, 2) for each in (self.fake_points, self.real_points))
        by = [(self.shift, XS), (self.lift, YS)]
        pulled = [np.clip(t, low - fake[:, k].min(), high - fake[:, k].max()) for k, (t, (low, high)) in enumerate(by)]
        return earth.in_plane(fake + pulled, data, self.p, self.epsilon)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        seen = self.carried()

        def around(places: np.ndarray, masses: np.ndarray) -> str:
            x, y = masses @ places
            return f"{x:.2f}" if self.world == "line" else f"({x:.2f}, {y:.2f})"

        plan = (
            say("moving_earth", "planIs", epsilon=f"{self.epsilon:g}", work=f"{seen.work:.3f}") if self.epsilon else ""
        )
        kl = f"{seen.kl:.3f}" if np.isfinite(seen.kl) else say("moving_earth", "infinite")
        numbers = {
            "least": f"{seen.least + 0.0:.3f}",
            "w": f"{seen.w:.3f}",
            "js": f"{seen.js:.3f}",
            "kl": kl,
            "p": self.p,
        }
        places = {"fake": around(seen.xs, seen.q), "data": around(seen.ys, seen.p)}
        where = say("moving_earth", "onLine" if self.world == "line" else "inPlane")
        return say("moving_earth", "alt", where=where, plan=plan, **places, **numbers)

    def __repr__(self) -> str:
        settings = f"p={self.p}, epsilon={self.epsilon:g}, shift={self.shift:g}"
        return f"MovingEarth({self.world!r}, {settings}; W{self.p} = {self.carried().w:.3f})"

    def picture(self) -> bytes:
        """The two, and what is carried from where to where, as a PNG."""
        from gan_edu.core.notebook.figures import show
        from gan_edu.widgets.moving_earth.still import drawn

        return show(drawn(self.carried(), self.world == "line"), self.alt).png

    def shared(self) -> dict[str, dict]:
        """What a link may set: the piles and clouds too."""
        points = within(*XS)
        piles = within(0, GRAINS)
        return {**super().shared(), "data": piles, "fake": piles, "real_points": points, "fake_points": points}


def _flat(points: Sequence) -> list:
    """Pairs in a row; what is flat stays."""
    return [t for each in points for t in (each if isinstance(each, (list, tuple, np.ndarray)) else [each])]
