"""Few pictures: what methods make of 20, 100 or 500 training pictures, and how much they copied. Used in notebook 18.

Methods that learn from few pictures are compared by the same steps: from scratch, with augmentation of what D sees
(DiffAugment: Zhao et al., 2020, arXiv 2006.10738; ADA: Karras et al., 2020, arXiv 2006.06676), on from a trained GAN,
with D's lower layers frozen (FreezeD: Mo et al., 2020, arXiv 2002.10964). A good score may come of copying, so under
each sample stands the training picture that is nearest to it. All is stored: it needs no kernel (view.js).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import one_of, short
from gan_edu.widgets.few_images.stored import arranged, read
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of as one_of_these
from gan_edu.widgets.kit.valid_state import Whole, valid


class FewImages(Control):
    """`FewImages(stored)`: samples of two methods, each above its nearest training picture, scores, shares of copies.

    stored: {"images": [n, …], 2 to 6 that rise; "looks": [step, …], 2 to 12 that rise; "seeds": [seed, …], samples are
    of the first; "methods": [{"key", "label"}, …], 1 to 8; "score": {"label", "lower_is_better", "floor": what unseen
    real pictures get, or None}; "copy": {"label": what a distance is, "below": a sample whose nearest training image is
    nearer is a copy, a number or one an n, "floor": the share of unseen real pictures that are as near, one an n, or
    None}; "cells": {"key/n": {"score" and "copied", a share: [median, lowest, highest] over the seeds, a look;
    "samples", "nearest": their tiles on the atlas, "distances": a list a look of as many, 1 to 12}}; "atlas": a PNG of
    tiles of 28 × 28 as base64, as `few_images.tiles.packed` makes it}, as JSON holds it; or the path of such a file.
    n: of images, at first the fewest. step: of looks, at first the last. a, b: keys of methods, at first the first and
    the last; b may be "", for none. Ordinary traits. Raises ValueError for what `stored` lacks or must not hold,
    TypeError or FileNotFoundError for what is no table and no file, traitlets.TraitError for a setting that is not
    there.
    """

    folder, _esm, height = "few_images", bundle("few_images"), 740
    board = traitlets.Dict().tag(sync=True)  # as stored.arranged makes it
    atlas = traitlets.Bytes().tag(sync=True)  # a PNG
    n, step = Whole(0).tag(sync=True), Whole(0).tag(sync=True)
    a, b = traitlets.Unicode("").tag(sync=True), traitlets.Unicode("").tag(sync=True)

    def __init__(self, stored: Mapping[str, Any] | str | Path, **state: object):
        board, atlas = arranged(read(stored))
        keys = [each["key"] for each in board["methods"]]
        at = {"n": board["images"][0], "step": board["looks"][-1], "a": keys[0], "b": keys[-1] if keys[1:] else ""}
        super().__init__(**{"board": board, "atlas": atlas, **at, **state})

    @traitlets.validate("n", "step")
    def _measured(self, proposal: traitlets.Bunch) -> int:
        name, value = proposal["trait"].name, proposal["value"]
        return valid(
            lambda _, given: _among(name, given, self.board["images" if name == "n" else "looks"]), name, value
        )

    @traitlets.validate("a", "b")
    def _known(self, proposal: traitlets.Bunch) -> str:
        name, value = proposal["trait"].name, proposal["value"]
        allowed = [*self._keys, *([""] if name == "b" else [])]
        return valid(lambda _, given: one_of(name, given, allowed), name, value)

    @property
    def _keys(self) -> list[str]:
        return [each["key"] for each in self.board["methods"]]

    def shared(self) -> dict[str, dict]:
        """What a link may set: the number of images, the step, and both methods."""
        of = {"n": self.board["images"], "step": self.board["looks"], "a": self._keys, "b": [*self._keys, ""]}
        return {**super().shared(), **{name: one_of_these(values) for name, values in of.items()}}

    # ---------------------------------------------------------------- what is shown

    def at(self, method: str) -> dict[str, Any]:
        """Of a method where the sliders stand: {"score", "copied", "samples", "nearest", "distances", "copies"}.

        copies: which of the samples are. Raises ValueError for a key that is not there.
        """
        row, column = self.board["images"].index(self.n), self.board["looks"].index(self.step)
        cell = self.board["cells"][self._keys.index(one_of("method", method, self._keys))][row]
        found = {part: each[column] for part, each in cell.items()}
        below = self.board["copy"]["below"][row]
        return {**found, "copies": [distance < below for distance in found["distances"]]}

    @property
    def shown(self) -> list[str]:
        """The keys of the methods on show: one or two."""
        return [key for key in (self.a, self.b) if key]

    def told(self, method: str) -> str:
        """A method's score and share of copies where the sliders stand, in words."""
        found, board = self.at(method), self.board
        score, copied = ([f"{each:.3g}" for each in values] for values in (found["score"], _percent(found["copied"])))
        label = board["methods"][self._keys.index(method)]["label"]
        words = {"method": label, "score": board["score"]["label"], "count": len(found["copies"])}
        numbers = {"median": score[0], "low": score[1], "high": score[2], "copied": copied[0]}
        ends = {"least": copied[1], "most": copied[2], "copies": sum(found["copies"])}
        return say("few_images", "methodIs", **words, **numbers, **ends)

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def head(self) -> str:
        """Where the sliders stand, and from where on a sample is a copy, in words."""
        copy = self.board["copy"]
        below = f"{copy['below'][self.board['images'].index(self.n)]:.{copy['digits']}f}"
        return say("few_images", "head", n=f"{self.n:,}", step=f"{self.step:,}", below=below, distance=copy["label"])

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return say(
            "few_images", "alt", head=self.head, methods=say("kit", "listSeparator").join(map(self.told, self.shown))
        )

    def __repr__(self) -> str:
        at = f"n={self.n}, step={self.step}, a={self.a!r}, b={self.b!r}"
        return f"FewImages({', '.join(self._keys)}; {at})"

    def picture(self) -> bytes:
        """Of each method on show the samples, and under them the nearest training images, as a PNG."""
        from gan_edu.widgets.few_images.still import still

        rows = [(self.told(key), self.at(key)) for key in self.shown]
        return still(self.atlas, rows, self.head, self.board["copy"]["digits"])


def _percent(shares: list[float]) -> list[float]:
    return [100 * share for share in shares]


def _among(name: str, value: int, allowed: list[int]) -> int:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(str, allowed))}, got {short(value)}")
    return value
