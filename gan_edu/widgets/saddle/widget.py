"""The saddle: V over two numbers d and g as a map and as a surface, with the path that the two players take.

The functions are the learner's; the kernel sends V and its two slopes on a grid once, and moving stays in the browser.
One JavaScript core (view.js) in three wrappers, as for the replay. Used in notebook 01.
"""

from __future__ import annotations

from collections.abc import Callable

import traitlets
from torch import Tensor

from gan_edu.core.games.two_numbers import ORDERS, path
from gan_edu.core.notebook.figures import plainly, show, subplots
from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of
from gan_edu.widgets.kit.two_numbers import REACH, draw, table
from gan_edu.widgets.kit.valid_state import Finite, Whole, place


class Saddle(Control):
    """`Saddle({"two points": two_points, "Dirac-GAN": dirac})`: games of two scalars, V(d, g) → a tensor of that shape.

    game: which of them is shown. d, g: where the players start, in [−4, 4]. step: the size of their gradient steps.
    count: how many rounds are shown, a step of each player. order: one of "simultaneous" and "alternating" (D first).
    second: (d, g) of a second start, or [] for none. turn: the angle that the surface is seen from, in degrees.
    response: whether D's best answer to each g is drawn, as far as the picture has one.
    All are ordinary traits. Raises TypeError or ValueError for what is no game.
    """

    folder, _esm = "saddle", bundle("saddle")
    tables = traitlets.List(traitlets.Dict()).tag(sync=True)  # {name, side, reach, values}: V and its two slopes
    game = traitlets.Unicode().tag(sync=True)
    d = Finite(-2.0, min=-REACH, max=REACH).tag(sync=True)
    g = Finite(2.0, min=-REACH, max=REACH).tag(sync=True)
    step = Finite(0.3, min=0.01, max=2).tag(sync=True)
    count = Whole(60, min=1, max=500).tag(sync=True)
    order = traitlets.Enum(ORDERS, "simultaneous").tag(sync=True)
    turn = Finite(35.0, min=-180, max=180).tag(sync=True)
    response = traitlets.Bool(False).tag(sync=True)
    second = traitlets.List(traitlets.Any()).tag(sync=True)

    def __init__(self, games: dict[str, Callable], **state: object):
        if not isinstance(games, dict) or not games or not all(callable(game) for game in games.values()):
            raise TypeError(f'games are named functions V(d, g), as {{"mine": lambda d, g: d * g}}; got {games!r:.80}')
        self.games = dict(games)
        super().__init__(**{"tables": [table(*game) for game in games.items()], "game": next(iter(games)), **state})

    @traitlets.validate("second")
    def _in_the_picture(self, proposal: traitlets.Bunch) -> list[float]:
        return place("second", proposal["value"], "dg", REACH)

    @traitlets.validate("game")
    def _game_exists(self, proposal: traitlets.Bunch) -> str:
        if proposal["value"] not in self.games:
            raise traitlets.TraitError(f"game must be one of {', '.join(self.games)}, got {proposal['value']!r}")
        return proposal["value"]

    def path(self) -> Tensor:
        """The players' path (count + 1, 2) of d and g, from the game's own slopes."""
        return path(self.games[self.game], (self.d, self.g), self.step, self.count, self.order)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        way = self.path()
        last = way[-1]
        finite = bool(last.isfinite().all())
        end = say("saddle", "away", distance=f"{last.norm():.2f}") if finite else say("saddle", "ranAway")
        start = {"d": f"{self.d:.1f}", "g": f"{self.g:.1f}", "began": f"{way[0].norm():.2f}"}
        steps = {"order": self._steps, "step": f"{self.step:g}", "rounds": self.count}
        return say("saddle", "alt", game=repr(self.game), **steps, **start, end=end)

    @property
    def _steps(self) -> str:
        return say("saddle", {"simultaneous": "simultaneousSteps", "alternating": "alternatingSteps"}[self.order])

    def __repr__(self) -> str:
        return f"Saddle({', '.join(self.games)}; d={self.d:g}, g={self.g:g}, step={self.step:g}, order={self.order!r})"

    def picture(self) -> bytes:
        """Contours and path, as a PNG."""
        figure, axes = subplots(figsize=(5.6, 4.6))
        filled = draw(axes, self.games[self.game], self.path())
        figure.colorbar(filled, label=say("saddle", "valueAxis"))
        title = say("saddle", "stepsTitle", game=plainly(self.game), order=self._steps, step=f"{self.step:g}")
        axes.set(title=title, xlabel=say("saddle", "dAxis"), ylabel=say("saddle", "gAxis"))
        return show(figure, self.alt).png

    def shared(self) -> dict[str, dict]:
        """What a link may set; a game must be one of these."""
        return {**super().shared(), "game": one_of(self.games)}
