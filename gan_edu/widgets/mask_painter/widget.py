"""The mask painter: one paints a hole in a picture, and sees what a network fills it with. Used in notebook 13.

Beside it: noise, or whatever else spoils pictures, and a slider over networks that were trained with more and more of
an adversarial loss, as context encoders are (Pathak et al., 2016, arXiv 1604.07379). A hole that is painted is restored
in Python, one at a time; a page without a kernel holds the answers to some holes (view.js).
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
import traitlets
from torch import Tensor

from gan_edu.core.data.own_pictures import image_from_file
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import function, integer
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of, within
from gan_edu.widgets.kit.valid_state import Whole, valid
from gan_edu.widgets.mask_painter.answers import (
    MOST_ANSWERS,
    MOST_PICTURES,
    Question,
    checked_damages,
    checked_pictures,
    checked_restore,
    decibels,
    restored,
    stored,
)
from gan_edu.widgets.mask_painter.holes import PRESETS, SIDE, hole_of, picture_of, text_of

ASKED = ("which", "tab", "strength", "hole", "weight")  # what an answer is to, and `own`


class MaskPainter(Control):
    """`MaskPainter(digits, {"0": plain, "0.01": sharp}, {"noise": {"0.2": noise(0.2)}, "×2": smaller(2)})`.

    pictures: (N, 1, 28, 28) in [0, 1] or uint8, N from 1 to 12. restore: {label of λ: function (seen (N, 1, 28, 28),
    known) → restored}, 1 to 9 in the order of the slider, all of them in [0, 1]; known is 1 where a pixel is left and 0
    in the hole. damages: what else spoils a picture, a tab each: {name: function (x, stream) → (seen, known)}, or
    {name: {strength: function}}. real_of: function (what `add` is given) → a picture; by default a file is read.
    which: the number of the picture, from 0; the one after the last is one's own. tab: 0 is the hole. strength: the
    place of a damage's strength. hole: "centre", "upper", "lower", "right", "bottom", "stripes", or what `paint` makes.
    weight: the place of a λ. Ordinary traits. Raises TypeError, ValueError or traitlets.TraitError for what cannot be.
    """

    folder, _esm, height = "mask_painter", bundle("mask_painter"), 560
    board = traitlets.Dict().tag(sync=True)  # tabs, their strengths, the λ, the stored holes
    pictures = traitlets.Bytes().tag(sync=True)
    own = traitlets.Unicode("").tag(sync=True)  # a learner's picture, base64; a browser writes it too
    which, tab, strength, weight = (Whole(0, min=0).tag(sync=True) for _ in range(4))
    hole = traitlets.Unicode("centre").tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)  # to what was asked last

    def __init__(
        self,
        pictures: Tensor,
        restore: Mapping[str, Callable],
        damages: Mapping | None = None,
        real_of: Callable | None = None,
        **state: object,
    ):
        reals = checked_pictures("pictures", pictures)[:, 0]
        integer("pictures: how many there are", len(reals), 1, MOST_PICTURES)
        self._restore, self._damages = checked_restore(restore), checked_damages({} if damages is None else damages)
        self._real_of = (
            image_from_file if real_of is None else function("real_of", real_of, "what is given → a picture")
        )
        self._reals, spoils = reals, len(PRESETS) + sum(map(len, self._damages.values()))
        if (count := (len(reals) + 1) * spoils * len(self._restore)) > MOST_ANSWERS:
            raise ValueError(f"a page would hold {count:,} answers, {MOST_ANSWERS:,} at most: take fewer pictures or λ")
        tabs = [{"name": name, "strengths": list(each)} for name, each in self._damages.items()]
        presets = [{"name": name, "bits": text_of(hole)} for name, hole in PRESETS.items()]
        board = {"tabs": tabs, "weights": list(self._restore), "presets": presets, "count": len(reals)}
        super().__init__(**{"board": board, "pictures": reals.numpy().tobytes(), **state})
        for tab in range(len(tabs) + 1):  # each function is called once, before anyone waits for it
            for weight in range(len(self._restore)):
                self._answer(self._question({**self._now, "tab": tab, "weight": weight}))
        self.answer = self._answered(self._now)
        self.on_msg(self._heard)

    # ---------------------------------------------------------------- what may be set

    @property
    def _most(self) -> dict[str, int]:
        """The largest value of each setting."""
        strengths = max([1, *(len(each) for each in self._damages.values())])
        there = self.board["count"] + bool(self.own)
        return {
            "which": there - 1,
            "tab": len(self._damages),
            "strength": strengths - 1,
            "weight": len(self._restore) - 1,
        }

    @traitlets.validate("which", "tab", "strength", "weight")
    def _there(self, proposal: traitlets.Bunch) -> int:
        name = proposal["trait"].name
        most = self.board["count"] if name == "which" else self._most[name]  # one's own is drawn once it is chosen
        return valid(integer, name, proposal["value"], most=most)

    @traitlets.validate("hole")
    def _is_hole(self, proposal: traitlets.Bunch) -> str:
        valid(lambda _, text: hole_of(text), "hole", proposal["value"])
        return proposal["value"]

    @traitlets.validate("own")
    def _is_picture(self, proposal: traitlets.Bunch) -> str:
        valid(lambda _, text: picture_of(text), "own", proposal["value"])
        return proposal["value"]

    def shared(self) -> dict[str, dict]:
        """What a link may set: all but a hole of one's own."""
        bounds = {name: within(0, most, whole=True) for name, most in self._most.items()}
        return {**super().shared(), **bounds, "hole": one_of(PRESETS)}

    def paint(self, hole: Tensor) -> None:
        """Paint a hole (28, 28): True, or 1, where a pixel is missing. Raises TypeError or ValueError for another."""
        if not isinstance(hole, Tensor) or hole.shape != (SIDE, SIDE) or not ((hole == 0) | (hole == 1)).all():
            raise ValueError(f"hole must be a tensor ({SIDE}, {SIDE}) of 0 and 1, got {getattr(hole, 'shape', hole)}")
        self.hole = text_of(hole.bool())

    def add(self, given: Tensor | str | Path) -> None:
        """Choose a picture of one's own: (28, 28) in [0, 1] or uint8, else what `real_of` makes of it: of a file's path
        the picture in it. Raises TypeError, ValueError or OSError for what is none."""
        made = given if isinstance(given, Tensor) else self._real_of(given)
        real = checked_pictures("given", made.reshape(-1, 1, *made.shape[-2:]))[0, 0]
        self.own = base64.b64encode(real.numpy().tobytes()).decode()
        self.which = self.board["count"]

    # ---------------------------------------------------------------- what is answered

    @property
    def _now(self) -> dict:
        return {**{name: getattr(self, name) for name in ASKED}, "own": self.own}

    def _question(self, asked: dict) -> Question:
        """Raises ValueError for what no view asks."""
        which, *places = (integer(name, asked[name]) for name in ("which", "tab", "strength", "weight"))
        own = picture_of(asked["own"])
        reals = [*self._reals, torch.zeros(SIDE, SIDE) if own is None else own]
        tab, strength, weight = places
        return Question(reals[which] / 255, tab, strength, asked["hole"], weight)

    def _answer(self, question: Question) -> tuple[Tensor, Tensor]:
        return restored(question, self._damages, self._restore)

    def _answered(self, asked: dict) -> dict:
        """The answer as a view takes it: what it is to, and the pixels, or what went wrong."""
        told = {"to": asked, "number": self.answer.get("number", 0) + 1, "trouble": ""}
        try:
            return {**told, "pixels": b"".join(each.numpy().tobytes() for each in self._answer(self._question(asked)))}
        except Exception as error:  # said in the control: nobody sees what a message raises
            return {**told, "trouble": f"{type(error).__name__}: {error}"}

    def _heard(self, _: object, content: dict, buffers: list) -> None:
        if content.get("do") == "restore":
            self.answer = self._answered(content["asked"])

    # ---------------------------------------------------------------- what stays without a kernel

    def restored(self) -> tuple[Tensor, Tensor, Tensor]:
        """What is shown: the real picture, what is left of it and what is restored, uint8 (28, 28) each."""
        question = self._question(self._now)
        return (question.real * 255).round().to(torch.uint8), *self._answer(question)

    def psnr(self) -> float:
        """The PSNR of what is restored, in dB: inside the hole, of another damage over all pixels. NaN of no hole."""
        real, _, made = self.restored()
        return decibels(real, made, hole_of(self.hole) if self.tab == 0 else None)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        psnr = self.psnr()
        told = say("kit", "notANumber") if math.isnan(psnr) else f"{psnr:.1f}".replace("inf", "∞")
        shown = {"weight": self.board["weights"][self.weight], "psnr": told}
        if self.tab == 0:
            return say("mask_painter", "altHole", count=int(hole_of(self.hole).sum()), **shown)
        return say("mask_painter", "altDamage", name=self.board["tabs"][self.tab - 1]["name"], **shown)

    def __repr__(self) -> str:
        hole = self.hole if self.hole in PRESETS else "painted"
        return f"MaskPainter({len(self._reals)} pictures; which={self.which}, tab={self.tab}, hole={hole!r})"

    def picture(self) -> bytes:
        """Real, what is left, restored, error: for each λ, as a PNG."""
        from gan_edu.widgets.mask_painter.still import still

        rows = []
        for weight, label in enumerate(self.board["weights"]):
            rows.append((label, *self._answer(self._question({**self._now, "weight": weight}))))
        return still(self.restored()[0], rows, hole_of(self.hole) if self.tab == 0 else None)

    def page_state(self) -> dict:
        """What a page without a kernel shows: the answers to all that can be chosen there."""
        own = picture_of(self.own)
        reals = self._reals if own is None else torch.cat([self._reals, own[None]])
        seen, made = (base64.b64encode(each).decode() for each in stored(reals, self._damages, self._restore))
        hole = self.hole if self.hole in PRESETS else "centre"
        return {**super().page_state(), "answer": {}, "hole": hole, "stored": {"seen": seen, "restored": made}}
