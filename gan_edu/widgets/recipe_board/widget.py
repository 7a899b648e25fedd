"""The recipe board: one switches the ingredients of a recipe on and off, and what was measured answers. Notebook 11.

It is handed runs of each combination, over several seeds (stored.py). Samples, curve, score and a map of all recipes
then stay in the browser (view.js). A button trains what is chosen, live, by a function that is handed in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets
from ipywidgets import VBox

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import function, kind
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of as one_of_these
from gan_edu.widgets.kit.valid_state import valid
from gan_edu.widgets.live.widget import Live
from gan_edu.widgets.recipe_board.stored import arranged, chosen


class RecipeBoard(Control):
    """`RecipeBoard(table, {"pairs": ("pairs", "loss=relativistic"), …}, train)`: what each ingredient does.

    table: {"seconds", "samples", "floor": {"fid"}, "ingredients": [key, …], "runs": [{"on": [key, …], "seed", "fid",
    "recall", "steps", "cpu_seconds", "way": [{"cpu_seconds", "fid"}, …]}, …], "tiles": {"key+key": a PNG of 28 × 28
    digits as base64}}; a FID may be None, where a run ended without a number. ingredients: {key: (label, line of code)}
    in the table's order, 1 to 5. train: function (keys that are on) → a Live, begun; it appears below, and ends the one
    before. on: the keys that are on; before: those that were, by default the same: nothing to compare with.
    Raises ValueError for what a table lacks or cannot hold, traitlets.TraitError for an ingredient that is not there,
    TypeError for a train that is no function.
    """

    folder, _esm, height = "recipe_board", bundle("recipe_board"), 900
    live: Live | None = None  # what trains, or trained last
    recipe = traitlets.Dict().tag(sync=True)  # as stored.arranged makes it
    tiles = traitlets.List(traitlets.Bytes()).tag(sync=True)  # a PNG a recipe
    on, before = (traitlets.List(traitlets.Unicode()).tag(sync=True) for _ in range(2))
    training = traitlets.Dict().tag(
        sync=True
    )  # whether it can, what was trained last, the how manieth, what went wrong

    def __init__(
        self,
        table: Mapping,
        ingredients: Mapping[str, Sequence[str]],
        train: Callable | None = None,
        **state: Any,
    ):
        if train is not None:
            function("train", train, "(ingredients that are on) → a Live")
        recipe, tiles = arranged(table, ingredients)
        self._train, self._opened, self._box = train, False, VBox()
        shown = {"on": [], **state}
        super().__init__(
            **{"recipe": recipe, "tiles": tiles, "training": self._told(0), "before": shown["on"], **shown}
        )
        self._opened = True
        if train is not None:
            self.below = self._box
            self.on_msg(self._heard)

    @traitlets.validate("on", "before")
    def _there(self, proposal: traitlets.Bunch) -> list[str]:
        keys = [each["key"] for each in self.recipe["ingredients"]]
        return valid(lambda name, value: chosen(name, value, keys), proposal["trait"].name, proposal["value"])

    @traitlets.observe("on")
    def _remember(self, change: traitlets.Bunch) -> None:
        if self._opened:
            self.before = change["old"]

    def shared(self) -> dict[str, dict]:
        """What a link may set: what is on, and what was before."""
        keys = [each["key"] for each in self.recipe["ingredients"]]
        return {**super().shared(), "on": one_of_these(keys, len(keys)), "before": one_of_these(keys, len(keys))}

    # ---------------------------------------------------------------- live

    def train(self) -> Live:
        """Train what is chosen; it appears below and ends the one before. Raises ValueError without a `train`."""
        if self._train is None:
            raise ValueError("this board was given no train: RecipeBoard(table, ingredients, train)")
        live, old = kind("what train(on) returns", self._train(tuple(self.on)), Live), self.live
        self.live, self._box.children = live, (live,)
        if old is not None and old is not live:
            old.close()
        return live

    def _heard(self, _: object, content: dict, buffers: list) -> None:
        if content.get("do") != "train":
            return
        trouble = ""
        try:
            self.train()
        except Exception as error:  # said in the control: nobody sees what a message raises
            trouble = f"{type(error).__name__}: {error}"
        self.training = self._told(self.training["number"] + 1, list(self.on), trouble)

    def _told(self, number: int, on: Sequence[str] = (), trouble: str = "") -> dict:
        return {"offered": self._train is not None, "number": number, "on": list(on), "trouble": trouble}

    def close(self) -> None:
        """Take the view away, and what trains below it."""
        for each in (self.live, self.below):
            if each is not None:
                each.close()
        super().close()

    # ---------------------------------------------------------------- what stays without a kernel

    def score(self, on: Sequence[str] | None = None) -> dict | None:
        """{"median", "low", "high"} of the FID of a recipe, by default the chosen one; None where it is not stored."""
        keys = [each["key"] for each in self.recipe["ingredients"]]
        wanted = self.on if on is None else chosen("on", on, keys)
        found = [each for each in self.recipe["recipes"] if each["on"] == wanted]
        return {name: found[0][name] for name in ("median", "low", "high")} if found else None

    @property
    def name(self) -> str:
        """What is on, in words."""
        labels = [each["label"] for each in self.recipe["ingredients"] if each["key"] in self.on]
        return " + ".join(labels) or say("recipe_board", "nothing")

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        if (found := self.score()) is None:
            return say("recipe_board", "altNotStored", name=self.name)
        numbers = {name: _in_words(fid) for name, fid in found.items()}
        return say("recipe_board", "alt", name=self.name, count=len(self.recipe["recipes"]), **numbers)

    def __repr__(self) -> str:
        return f"RecipeBoard({len(self.recipe['recipes'])} recipes; on={self.on})"

    def picture(self) -> bytes:
        """Samples, curve and the map of all recipes, as a PNG."""
        from gan_edu.widgets.recipe_board.still import still

        return still(self.recipe, self.tiles, self.on, self.name, self.alt)


def _in_words(fid: float) -> str:
    if not math.isfinite(fid):
        return say("kit", "notANumber")
    return f"{fid:.{0 if fid >= 100 else 1 if fid >= 10 else 2}f}"
