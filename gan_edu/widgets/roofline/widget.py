"""The roofline: one drags a step's width and batch, and sees whether products or memory set its pace. Notebook 12.

Williams, Waterman and Patterson (2009), "Roofline: an insightful visual performance model for multicore architectures",
Communications of the ACM 52(4). The roof is the larger of two times alone; a step takes their sum and an overhead, and
so lies below it. The numbers are those of `core.measures.step_cost`, counted again in the browser: math.js.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import traitlets

from gan_edu.core.measures import step_cost
from gan_edu.core.measures.step_cost import Machine, Work
from gan_edu.core.measures.stored_machines import LATENT, PIXELS, by_precision, step, stored_machines, timed
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import one_of
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of as one_of_these
from gan_edu.widgets.kit.valid_state import Whole, valid
from gan_edu.widgets.roofline.texts import amount, named, percent, three, time_on

COST = {
    **{"size": step_cost.SIZE, "stored": step_cost.STORED, "optimiser": step_cost.OPTIMISER},
    **{"touched": step_cost.TOUCHED, "reads": step_cost.READS, "passes": step_cost.PASSES},
    **{"latent": LATENT, "pixels": PIXELS},
}
PRECISIONS = tuple(step_cost.SIZE)


class Roofline(Control):
    """`Roofline(fitted(works, seconds), width=512, batch=64)`: where your step stands between compute and memory.

    machine: a `Machine`, or one for each precision, {"float32": …, "bfloat16": …}; it is the first to choose from,
    before those that the course measured. width: of the hidden layers, 16 to 4096. batch: 1 to 4096. precision:
    "float32" or "bfloat16". dots: steps that you timed, [{"width", "batch", "precision", "ms"}, …]. source: another
    file of machines, as `core.measures.stored_machines` reads it. chosen: the machine's name; the first that has the
    precision. Raises ValueError for a machine that has it not, or that is none, traitlets.TraitError for what lies
    outside.
    """

    folder, _esm, height = "roofline", bundle("roofline"), 620
    cost = traitlets.Dict(COST).tag(sync=True)  # the counts of step_cost, for the browser
    machines = traitlets.List(traitlets.Dict()).tag(
        sync=True
    )  # {"name", "source", "of": {precision: numbers or None}, "dots"}
    dots = traitlets.List(traitlets.Dict()).tag(sync=True)  # the learner's
    chosen = traitlets.Unicode().tag(sync=True)
    width, batch = (Whole(least, min=low, max=4096).tag(sync=True) for least, low in ((512, 16), (64, 1)))
    precision = traitlets.Enum(PRECISIONS, "float32").tag(sync=True)

    def __init__(
        self,
        machine: Machine | Mapping[str, Machine | None] | None = None,
        width: int = 512,
        batch: int = 64,
        precision: str = "float32",
        dots: Iterable[Mapping] | None = None,
        source: str | Path | None = None,
        **state: Any,
    ):
        machines = [{**asdict(each), "of": _told(each.of)} for each in stored_machines(source)]
        if machine is not None:
            own = {"name": say("roofline", "own"), "source": "measured", "dots": []}
            machines.insert(0, {**own, "of": _told(by_precision("machine", machine))})
        one_of("precision", precision, PRECISIONS)
        able = [each["name"] for each in machines if each["of"][precision]]
        chosen = state.pop("chosen", able[0] if able else machines[0]["name"])
        if chosen in [each["name"] for each in machines] and chosen not in able:
            raise ValueError(f"{precision} was not measured on {chosen}; measured on: {', '.join(able) or 'none'}")
        self._measured = {each["name"]: _machines(each["of"]) for each in machines}  # what is sent may be spoiled
        shown = {"width": width, "batch": batch, "precision": precision, "chosen": chosen}
        super().__init__(machines=machines, dots=timed("dots", () if dots is None else dots), **shown, **state)

    @traitlets.validate("chosen")
    def _there(self, proposal: traitlets.Bunch) -> str:
        return valid(lambda name, value: one_of(name, value, self._names), "chosen", proposal["value"])

    @property
    def _names(self) -> list[str]:
        return [each["name"] for each in self.machines]

    def shared(self) -> dict[str, dict]:
        """What a link may set: the machine, too."""
        return {**super().shared(), "chosen": one_of_these(self._names)}

    # ---------------------------------------------------------------- what is shown

    @property
    def shown(self) -> tuple[str, Machine]:
        """The precision that is shown and its machine: where the chosen one was not measured, the other."""
        of = self._measured[self.chosen]
        precision = self.precision if self.precision in of else next(each for each in PRECISIONS if each in of)
        return precision, of[precision]

    @property
    def _stored(self) -> dict:
        return next(each for each in self.machines if each["name"] == self.chosen)

    @property
    def work(self) -> Work:
        """What the step does."""
        return step(self.width, self.batch, self.shown[0])

    @property
    def seconds(self) -> float:
        """What the step takes, by the model."""
        return self.shown[1].seconds(self.work)

    @property
    def of_the_roof(self) -> float:
        """The share of the roof that the step reaches: the larger of its two times over all that it takes."""
        parts = self.shown[1].parts(self.work)
        return max(parts["products"], parts["memory"]) / self.seconds

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        precision, machine = self.shown
        shares = {name: percent(each / self.seconds) for name, each in machine.parts(self.work).items()}
        told = {"work": amount(self.work.operations), "x": three(self.work.intensity)}
        told["time"] = time_on(self.seconds, self._stored)
        of = {"name": named(self._stored), "precision": precision, "width": str(self.width), "batch": str(self.batch)}
        return say("roofline", "alt", **of, **told, roof=percent(self.of_the_roof), **shares)

    def __repr__(self) -> str:
        return f"Roofline(width={self.width}, batch={self.batch}, precision={self.shown[0]!r}; {self.chosen})"

    def picture(self) -> bytes:
        """Roofs, the step and the steps that were timed, as a PNG."""
        from gan_edu.core.notebook.figures import show
        from gan_edu.widgets.roofline.still import drawn

        precision, place = self.shown[0], (self.work.intensity, self.work.operations / self.seconds)
        others = [each for each in self.machines if each["name"] != self.chosen]
        figure = drawn(self._stored, others, precision, place, self.dots)
        return show(figure, self.alt).png


def _machines(of: Mapping[str, dict | None]) -> dict[str, Machine]:
    return {precision: Machine(**numbers) for precision, numbers in of.items() if numbers}


def _told(of: Mapping[str, Machine | None]) -> dict[str, dict | None]:
    return {precision: asdict(machine) if machine else None for precision, machine in of.items()}
