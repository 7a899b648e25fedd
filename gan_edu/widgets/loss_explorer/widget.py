"""The loss explorer: losses and their slopes against the logit, and what gradient steps do to it.

It is handed {name: loss}, a learner's own among them. Python evaluates all of them once, in float32 and in float16;
moving the point stays in the browser. One JavaScript core (view.js) in three wrappers, as for the replay: this widget,
`to_html`, and a PNG that stays in a saved notebook. Used from notebook 02 on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import torch
import traitlets
from torch import Tensor

from gan_edu.core.notebook.palette import LIGHT
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import one_of, real, table
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.formulas import formulas
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of as one_of_these
from gan_edu.widgets.kit.valid_state import Finite

TERMS = {"real": "lossForReal", "fake": "lossForFake", "g": "lossOfG"}  # with their words
TYPES = {"float32": torch.float32, "float16": torch.float16}
REACH = (8, 24, 100)  # how far the axis goes on either side
CLEAR = {"JS": "jensenShannon", "GAN": "gameOf2014"}  # names that say too little, with words that say more
MOST = 5  # losses on show at a time
COLOURS = LIGHT["runs"]
DASHES = ("-", (0, (4.4, 1.9)), (0, (1.3, 1.9)), (0, (5.6, 1.9, 1.3, 1.9)), (0, (0.6, 2.5)))


class Drawable(Protocol):
    """What is shown of a loss: D's and G's, scalars for logits (N, 1)."""

    @property
    def d(self) -> Callable[[Tensor, Tensor], Tensor]: ...
    @property
    def g(self) -> Callable[[Tensor, Tensor | None], Tensor]: ...


def nodes() -> Tensor:
    """The logits (705,) at which losses are evaluated: exact in float16, every ⅛ up to 24 and every ½ up to 104."""
    fine, coarse = torch.arange(-24, 24.0625, 0.125), torch.arange(24.5, 104.25, 0.5)
    return torch.cat([-coarse.flip(0), fine, coarse])


class LossExplorer(Control):
    """`LossExplorer({name: loss})`: pick losses, drag the point, read loss, slope and what steps do.

    losses: each has d(real_logits, fake_logits) and g(fake_logits, real_logits), scalars for logits (N, 1), as
    `gan_edu.losses.Loss`. The logit that is not moved is 0. textbook: {name: loss}, for some of those names the same
    loss written with probabilities, to be seen breaking. picked: up to 5 names. term: "real", "fake" (D's loss against
    the logit of that sample) or "g". logit: −100 to 100. precision: "float32" or "float16". reach: 8, 24 or 100.
    rate: of the gradient steps; steps: 1, 10 or 100 of them. Link `logit` to anything with `ipywidgets.jslink`.
    Raises TypeError, ValueError or traitlets.TraitError for what cannot be shown.
    """

    folder, _esm = "loss_explorer", bundle("loss_explorer")
    spec = traitlets.Dict().tag(sync=True)
    table = traitlets.Bytes().tag(sync=True)  # float32 [type][row][term][value, slope][node]
    picked = traitlets.List(traitlets.Unicode(), maxlen=MOST).tag(sync=True)
    term = traitlets.Enum(tuple(TERMS), "g").tag(sync=True)
    logit = Finite(-4.0, min=-100, max=100).tag(sync=True)
    precision = traitlets.Enum(tuple(TYPES), "float32").tag(sync=True)
    reach = traitlets.Enum(REACH, 8).tag(sync=True)
    rate = Finite(1.0, min=0.001, max=100).tag(sync=True)
    steps = traitlets.Enum((1, 10, 100), 10).tag(sync=True)

    def __init__(self, losses: Mapping[str, Drawable], textbook: Mapping[str, Drawable] | None = None, **state: object):
        self.losses, self.textbook = dict(table("losses", losses)), dict(table("textbook", textbook or {}))
        if not self.losses:
            raise ValueError("there is no loss to show: hand over {name: loss}")
        if unknown := [name for name in self.textbook if name not in self.losses]:
            raise ValueError(f"textbook has forms of {', '.join(unknown)}, which losses lacks")
        rows = [*self.losses.items(), *self.textbook.items()]
        names, at = list(self.losses), nodes()
        self._values = torch.stack(
            [torch.stack([_row(name, loss, at.to(dtype)) for name, loss in rows]) for dtype in TYPES.values()]
        )  # (type, row, term, 2, node)
        spec = {
            "names": names,
            "nodes": at.tolist(),
            "terms": list(TERMS),
            "types": list(TYPES),
            "titles": {name: say("loss_explorer", CLEAR[name]) if name in CLEAR else name for name in names},
            "formulas": {name: formulas(loss) for name, loss in self.losses.items()},
            "textbook": {name: len(names) + k for k, name in enumerate(self.textbook)},
        }
        super().__init__(
            **{
                "spec": spec,
                "table": self._values.numpy().astype("<f4").tobytes(),
                "picked": names[:2],
                **state,
            }
        )

    @traitlets.validate("picked")
    def _known(self, proposal: traitlets.Bunch) -> list[str]:
        unknown = [name for name in proposal["value"] if name not in self.losses]
        if unknown or len(set(proposal["value"])) < len(proposal["value"]):
            raise traitlets.TraitError(
                f"picked must hold different names of losses, got {proposal['value']}; there "
                f"are: {', '.join(self.losses)}"
            )
        return proposal["value"]

    def at(self, name: str, logit: float | None = None) -> tuple[float, float]:
        """(loss, slope) of a loss at a logit of the table, for the term and precision on show."""
        logit = self.logit if logit is None else real("logit", logit)
        one_of("name", name, self.losses)
        place = int((nodes() - logit).abs().argmin())
        row = self._values[list(TYPES).index(self.precision), list(self.losses).index(name)]
        loss, slope = row[list(TERMS).index(self.term), :, place].tolist()
        return loss, slope

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        told = say("kit", "listSeparator").join(map(self._told, self.picked))
        shown = {"term": self._term, "reach": self.reach, "precision": self.precision, "logit": f"{self.logit:g}"}
        return say("loss_explorer", "alt", **shown, told=told)

    @property
    def _term(self) -> str:
        return say("loss_explorer", TERMS[self.term])

    def _told(self, name: str) -> str:
        value, slope = (f"{number:.3g}" for number in self.at(name))
        return say("loss_explorer", "lossAndSlope", name=name, value=value, slope=slope)

    def __repr__(self) -> str:
        return f"LossExplorer({len(self.losses)} losses; {self.alt})"

    def picture(self) -> bytes:
        """Both charts as they stand, as a PNG."""
        from gan_edu.core.notebook.figures import plainly, show, subplots

        figure, panels = subplots(1, 2)
        at, kind = nodes(), list(TYPES).index(self.precision)
        inside = at.abs() <= self.reach
        for k, name in enumerate(self.picked):
            rows = self._values[kind, list(self.losses).index(name), list(TERMS).index(self.term)]
            for axes, values, here in zip(panels, rows, self.at(name), strict=True):
                axes.plot(at[inside], values[inside], color=COLOURS[k], linestyle=DASHES[k], label=plainly(name))
                axes.plot(self.logit, here, "o", color=COLOURS[k], clip_on=True)
        for axes, title, bound in zip(
            panels, (self._term, say("loss_explorer", "itsSlope")), (1.25 * self.reach, 3), strict=True
        ):
            low, high = axes.get_ylim()
            axes.set(title=title, xlabel=say("loss_explorer", "logitAxis"), xlim=(-self.reach, self.reach))
            axes.set_ylim(max(low, -bound), min(high, bound))
        panels[0].legend(fontsize=8)
        return show(figure, self.alt).png

    @property
    def frame_title(self) -> str:
        """What its iframe is called for screen readers."""
        return say("loss_explorer", "named", alt=self.alt)

    def shared(self) -> dict[str, dict]:
        """What a link may set; the losses must be there."""
        return {**super().shared(), "picked": one_of_these(self.losses, MOST)}


# ------------------------------------------------------------------ what Python evaluates, once


def _row(name: str, loss: Drawable, l: Tensor) -> Tensor:
    """Value and slope of one loss (3 terms, 2, len(l)), float32, computed in the type of l (N,)."""
    if not (callable(getattr(loss, "d", None)) and callable(getattr(loss, "g", None))):
        raise TypeError(
            f"the loss {name!r} needs two functions, d(real_logits, fake_logits) and "
            f"g(fake_logits, real_logits); got {type(loss).__name__}"
        )

    def real(x: Tensor) -> Tensor:
        return loss.d(x, torch.zeros_like(x))

    def fake(x: Tensor) -> Tensor:
        return loss.d(torch.zeros_like(x), x)

    def g(x: Tensor) -> Tensor:
        return loss.g(x, torch.zeros_like(x) if getattr(loss, "g_needs_real", False) else None)

    try:
        return torch.stack([_swept(term, l) for term in (real, fake, g)]).float()
    except Exception as problem:  # a learner's own function may raise anything
        told = getattr(loss, "g_needs_real", False)
        raise ValueError(
            f"the loss {name!r} cannot be evaluated for logits (1, 1), {l.dtype}: {problem}"
            + ("" if told else ". Where g reads the real logits, say Loss(…, g_needs_real=True): else it is given None")
        ) from problem


def _swept(term: Callable, l: Tensor) -> Tensor:
    """(2, N): value and slope of a scalar function of logits (1, 1), at each of l."""
    try:
        slope, value = torch.func.vmap(torch.func.grad_and_value(term))(l.view(-1, 1, 1))
        return torch.stack([value, slope.flatten()])
    except RuntimeError:  # it looks at numbers (an if, a float): one by one
        return torch.tensor([_single(term, x) for x in l], dtype=l.dtype).T


def _single(term: Callable, x: Tensor) -> tuple[float, float]:
    x = x.detach().clone().view(1, 1).requires_grad_()
    value = term(x)
    if not isinstance(value, Tensor) or value.ndim:
        raise ValueError("it must return a scalar tensor, a mean over the batch")
    (slope,) = torch.autograd.grad(value, x, allow_unused=True) if value.requires_grad else (None,)
    return value.item(), 0.0 if slope is None else slope.item()
