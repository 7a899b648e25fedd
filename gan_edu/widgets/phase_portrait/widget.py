"""The phase portrait of the Dirac-GAN: its field, the steps of an update rule in it, and the eigenvalues behind them.

Moving stays in the browser: dirac.js holds the game, spectrum.js its eigenvalues, view.js shows them, in three wrappers
as for the replay. Used in notebook 06. Mescheder, Geiger, Nowozin (2018), "Which training methods for GANs do actually
converge?", arXiv 1801.04406.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import traitlets

from gan_edu.core.games.path_outcome import LAST, OUTCOMES
from gan_edu.core.notebook import words
from gan_edu.core.notebook.figures import GENERATOR, INK, LINES, SOFT, show, subplots
from gan_edu.core.safety.checked import real
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import within
from gan_edu.widgets.kit.valid_state import Finite, Whole, place, valid
from gan_edu.widgets.phase_portrait import math as phase_math
from gan_edu.widgets.phase_portrait.math import LOSSES, ORDERS, PENALTIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

say = partial(words.say, "phase_portrait")
EDGE = 3.0  # the picture shows θ and ψ from −EDGE to EDGE
OUTCOME_WORDS = dict(zip(OUTCOMES, ("converges", "staysClose", "convergesSlowly", "doesNotConverge"), strict=True))
ORDER_WORDS = dict(zip(ORDERS, ("simultaneous", "gFirst", "dFirst"), strict=True))
PENALTY_WORDS = {"instance noise": "noise", "consensus": "consensus", "WGAN clipping": "clipping"}  # others are names


class PhasePortrait(Control):
    """`PhasePortrait(penalty="R1", gamma=0.3)`: drag the start, slide the strength, see path and eigenvalues move.

    loss: "GAN" (minimax), "NSGAN" or "WGAN". penalty: "none", "R1", "R2", "WGAN-GP", "instance noise", "consensus" or
    "WGAN clipping", of the strength gamma in [0, 3]: their γ, the noise's σ, the clip. step: in [0.01, 2]. momentum: in
    [−0.9, 0.95], heavy ball; below 0 it brakes in the alternating orders only, with small steps. order: "simultaneous",
    "G first" or "D first", the last two alternating. start: (θ, ψ), each in [−3, 3]. steps: rounds, 50 to 2000.
    second: (θ, ψ) of a second start, or [] for none.
    All are ordinary traits: Python reads where a learner has dragged. Raises traitlets.TraitError for anything else.
    """

    folder, _esm = "phase_portrait", bundle("phase_portrait")
    loss = traitlets.Enum(LOSSES, "GAN").tag(sync=True)
    penalty = traitlets.Enum(PENALTIES, "none").tag(sync=True)
    gamma = Finite(1.0, min=0, max=3).tag(sync=True)
    step = Finite(0.2, min=0.01, max=2).tag(sync=True)
    momentum = Finite(0.0, min=-0.9, max=0.95).tag(sync=True)
    order = traitlets.Enum(ORDERS, "simultaneous").tag(sync=True)
    start = traitlets.Tuple(traitlets.Any(), traitlets.Any(), default_value=(1.0, 1.0)).tag(sync=True)
    steps = Whole(500, min=LAST, max=2000).tag(sync=True)
    second = traitlets.List(traitlets.Any()).tag(sync=True)

    def __init__(self, loss: str = "GAN", penalty: str = "none", gamma: float = 1.0, **state: object):
        super().__init__(loss=loss, penalty=penalty, gamma=gamma, **state)

    @traitlets.validate("start")
    def _in_the_picture(self, proposal: traitlets.Bunch) -> tuple[float, ...]:
        return tuple(
            valid(real, f"start: {axis}", t, least=-EDGE, most=EDGE)
            for axis, t in zip("θψ", proposal["value"], strict=True)
        )

    @traitlets.validate("second")
    def _second_in_the_picture(self, proposal: traitlets.Bunch) -> list[float]:
        return place("second", proposal["value"], "θψ", EDGE)

    # ---------------------------------------------------------------- what the browser shows, for Python

    def path(self) -> np.ndarray:
        """The points (steps + 1, 2) of θ and ψ, the start first; fewer where the steps run away (radius > 10⁶)."""
        return phase_math.path(
            self.start, self.step, self.steps, self.order, self.momentum, self.loss, self.penalty, self.gamma
        )

    def eigenvalues(self) -> tuple[np.ndarray, np.ndarray] | None:
        """At (0, 0): those of the field, (2,), and of one round, (2,) or with momentum (4,); None for WGAN-GP."""
        return phase_math.eigenvalues(self.loss, self.penalty, self.gamma, self.step, self.momentum, self.order)

    @property
    def outcome(self) -> str:
        """One of `core.games.path_outcome.OUTCOMES`, as the table of notebook 06 has them."""
        return phase_math.outcome(self.path(), self.steps)

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        way, pairs = self.path(), self.eigenvalues()
        radius = np.hypot(*way.T)
        game = self.loss if self.penalty == "none" else say("lossWith", loss=self.loss, **self._brake)
        largest = f"{radius[-LAST:].max():.2g}"
        end = (
            say("largestRadius", radius=largest, last=LAST, steps=self.steps)
            if len(way) > self.steps
            else say("runsAway", step=len(way) - 1)
        )
        spread = say("spectralRadius", radius=f"{abs(pairs[1]).max():.4f}") if pairs else say("kink")
        if border := phase_math.critical(self.loss, self.penalty):
            spread = say("realFrom", spread=spread, strength=f"{border:.3g}")
        numbers = {
            "step": f"{self.step:g}",
            "momentum": f"{self.momentum:g}",
            "radius": f"{math.hypot(*self.start):.2f}",
        }
        start = dict(zip(("theta", "psi"), (f"{at:.2f}" for at in self.start), strict=True))
        told = {"order": self._order, "outcome": say(OUTCOME_WORDS[self.outcome]), "end": end, "spread": spread}
        return say("alt", game=game, **numbers, **start, **told)

    @property
    def _order(self) -> str:
        return say(ORDER_WORDS[self.order])

    @property
    def _brake(self) -> dict[str, str]:
        known = PENALTY_WORDS.get(self.penalty)
        return {"penalty": say(known) if known else self.penalty, "strength": f"{self.gamma:g}"}

    def picture(self) -> bytes:
        """Field with path, and a round's eigenvalues with the unit circle, as a PNG."""
        figure, (portrait, roots) = subplots(1, 2, figsize=(7.2, 3.6))
        self._draw_field(portrait)
        self._draw_roots(roots)
        return show(figure, self.alt).png

    def _draw_field(self, axes: Axes) -> None:
        line = np.linspace(-EDGE, EDGE, 17)
        theta, psi = np.meshgrid(line, line)
        v = np.array(phase_math.field(theta, psi, self.loss, self.penalty, self.gamma))
        speed = np.hypot(*v).clip(1e-12)
        axes.quiver(theta, psi, *(v / speed**0.5), color=SOFT, pivot="middle", width=0.004)
        way = self.path()
        axes.plot(*way.T, "o-", color=GENERATOR, markersize=2, linewidth=0.8)
        axes.plot(*way[0], "s", color=INK)
        axes.plot(0, 0, "X", color=INK)
        brake = say("noPenalty") if self.penalty == "none" else "{penalty}, γ = {strength}".format(**self._brake)
        ends = (-EDGE, EDGE)
        title = words.say("kit", "listComma").join((self.loss, brake))
        axes.set(title=title, xlabel="θ", ylabel="ψ", xlim=ends, ylim=ends, aspect="equal")

    def _draw_roots(self, axes: Axes) -> None:
        angle = np.linspace(0, 2 * np.pi, 181)
        axes.fill(np.cos(angle), np.sin(angle), color=LINES, alpha=0.5)
        if pairs := self.eigenvalues():
            axes.plot(pairs[1].real, pairs[1].imag, "o", color=INK)
        else:
            axes.text(0, 0, say("kinkNote"), ha="center", va="center", color=INK)
        title, ends = say("rootsTitle", order=self._order, step=f"{self.step:g}"), (-1.3, 1.3)
        axes.set(title=title, xlim=ends, ylim=ends, aspect="equal")
        axes.set(xlabel=say("realPart"), ylabel=say("imaginaryPart"))

    def shared(self) -> dict[str, dict]:
        """What a link may set; the start lies in the picture."""
        return {**super().shared(), "start": within(-EDGE, EDGE)}
