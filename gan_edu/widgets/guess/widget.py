"""A question whose answer waits: one guesses a number, chooses, or draws a curve, and then sees guess and answer.

A guess made before the result is seen makes the result stick, a wrong one most of all (Kornell, Hays and Bjork, 2009,
"Unsuccessful retrieval attempts enhance subsequent learning"). Guessing stays in the browser: view.js. Nothing waits at
test pace.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import partial
from types import TracebackType
from typing import Any

import traitlets
from IPython.utils.capture import capture_output

from gan_edu.core.notebook import stills
from gan_edu.core.notebook.figures import Picture
from gan_edu.core.notebook.paces import claims
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import flag, one_of, real, several, short, text
from gan_edu.widgets.guess import compare, sheet
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.valid_state import Finite, valid

KINDS = ("number", "choice", "curve")
SPEC = ("key", "question", "kind", "options", "low", "high", "step", "log", "unit", "near", "across", "labels")
TRAITS = (*SPEC, "truth", "shown", "guess", "skipped", "held")  # as in view.js
MOST_SHOWN = 20_000  # letters of a text that waits
ASKED: dict[str, Guess] = {}  # every question of this kernel, by its key


class Guess(Control):
    """`Guess.number("error", "How many times smaller?", 1, 1000, log=True)`, `Guess.choice`, `Guess.curve` ask.

    `guess.answer(100, show(figure, alt))` gives the answer, ends the cell, and holds the figure back with it until a
    guess is made or skipped. In `with guess:` all that is printed and shown is held back, too. Run again, a cell finds
    the guess that was made: the same key is the same question. guess: what was guessed, None so far; skipped: whether
    the answer was shown without one; held: whether it waits at all. Ordinary traits.
    """

    folder, _esm, height, spoils = "guess", bundle("guess"), 300, True
    key, question, unit = (traitlets.Unicode().tag(sync=True) for _ in range(3))
    kind = traitlets.Enum(KINDS, "number").tag(sync=True)
    options, labels = (traitlets.List(traitlets.Unicode()).tag(sync=True) for _ in range(2))
    low, high, step, near = (Finite(default).tag(sync=True) for default in (0.0, 1.0, 0.01, 0.1))
    log = traitlets.Bool(False).tag(sync=True)
    across = traitlets.List(traitlets.Float()).tag(sync=True)  # the ends of a curve's x axis; low and high: of its y
    truth = traitlets.Any(None).tag(sync=True)
    shown = traitlets.List(traitlets.Dict()).tag(sync=True)  # {png, alt, drawn} or {text}
    guess = traitlets.Any(None).tag(sync=True)
    skipped = traitlets.Bool(False).tag(sync=True)
    held = traitlets.Bool(True).tag(sync=True)

    def __init__(self, **state: object):
        self._caught: list[dict] = []
        super().__init__(**{"held": claims(), **state})

    @classmethod
    def number(
        cls,
        key: str,
        question: str,
        low: float,
        high: float,
        *,
        unit: str = "",
        step: float | None = None,
        near: float | None = None,
        log: bool = False,
    ) -> Guess:
        """Ask for a number from `low` to `high`. near: so far from the answer a guess is near, a tenth of the range by
        default; with log, where the axis is logarithmic, a factor. step: of the slider.

        Raises ValueError for a range that holds nothing, or for a key that another question has.
        """
        log = flag("log", log)
        low = real("low", low, **({"above": 0} if log else {}))
        high = real("high", high, above=low)
        if log:
            near = 0.1 if near is None else math.log(real("near", near, above=1)) / math.log(high / low)
        else:
            near = 0.1 if near is None else real("near", near, above=0) / (high - low)
        step = 10.0 ** math.floor(math.log10((high - low) / 50)) if step is None else real("step", step, above=0)
        range_ = {"low": low, "high": high, "step": step, "near": near, "log": log}
        return cls._asked(key, question, kind="number", unit=text("unit", unit), **range_)

    @classmethod
    def choice(cls, key: str, question: str, options: Iterable[str]) -> Guess:
        """Ask for one of some texts. Raises ValueError for fewer than two, or the same twice."""
        options = several("options", options, text)
        if len(set(options)) < max(2, len(options)):
            raise ValueError(f"options must be two texts or more, none twice, got {short(options)}")
        return cls._asked(key, question, kind="choice", options=options)

    @classmethod
    def curve(
        cls,
        key: str,
        question: str,
        x: Sequence[float],
        y: Sequence[float],
        *,
        labels: Sequence[str] = ("x", "y"),
        near: float = 0.1,
    ) -> Guess:
        """Ask for a curve over the axes x = (low, high), y = (low, high). labels: of both. near: the distance that is
        near, as a share of the height. Raises ValueError for axes that hold nothing."""
        across, (low, high) = axis("x", x), axis("y", y)
        spec = {"low": low, "high": high, "near": real("near", near, above=0), "across": across}
        return cls._asked(key, question, kind="curve", labels=several("labels", labels, text, 2), **spec)

    @classmethod
    def _asked(cls, key: str, question: str, **spec: object) -> Guess:
        """The control of a question: the one that is there, where a cell ran again."""
        spec = {"key": text("key", key), "question": text("question", question), **spec}
        before = ASKED.get(key)
        if before is not None and before.comm is not None:
            if before.question != question:
                raise ValueError(
                    f"the key {key!r} is taken by another question, {before.question!r}: give this one a key of its "
                    "own, or restart the kernel if you wrote that question anew"
                )
            if all(getattr(before, name) == value for name, value in spec.items()):
                return before
        ASKED[key] = cls(**spec)
        return ASKED[key]

    def answer(self, truth: Any, *shown: str | Picture) -> Guess:
        """Give the answer, and what else waits with it: pictures that `show` made, and texts. Returns the control.

        truth: a number in the range, one of the options, or a curve: (xs, ys). Raises ValueError or TypeError for
        another; at test pace, whose results mean nothing, a number may lie outside.
        """
        truth = {"number": self._number, "choice": self._choice, "curve": self._curve}[self.kind](truth)
        self.shown, self._caught = [*self._caught, *map(waiting, shown)], []
        self.truth = truth
        return self

    def _number(self, truth: Any) -> float:
        value = real(f"answer({self.key!r})", truth)
        if claims() and not self.low <= value <= self.high:
            raise ValueError(
                f"the answer to {self.key!r} is {value:g}, and guesses go from {self.low:g} to {self.high:g}: "
                "widen the range"
            )
        return min(max(float(f"{value:.12g}"), self.low), self.high)  # or a guess of 5 is off by 2e-15

    def _choice(self, truth: Any) -> str:
        return one_of(f"answer({self.key!r})", truth, self.options)

    def _curve(self, truth: Any) -> list[float]:
        name = f"answer({self.key!r})"
        if not isinstance(truth, (tuple, list)) or len(truth) != 2:
            raise TypeError(f"{name} must be a curve, (xs, ys), got {short(truth)}")
        (left, right), margin = self.across, (self.across[1] - self.across[0]) / (compare.COLUMNS - 1)
        xs = several(f"{name}.xs", truth[0], real)
        ys = several(f"{name}.ys", truth[1], real, len(xs))
        if len(xs) < 2 or any(a >= b for a, b in zip(xs, xs[1:], strict=False)):
            raise ValueError(f"{name}: xs must rise, two or more, got {short(xs)}")
        if abs(xs[0] - left) > margin or abs(xs[-1] - right) > margin:
            raise ValueError(f"{name} goes from {xs[0]:g} to {xs[-1]:g}, and its axis from {left:g} to {right:g}")
        if claims() and not self.low <= min(ys) <= max(ys) <= self.high:
            raise ValueError(
                f"{name} reaches from {min(ys):g} to {max(ys):g}, and its axis from {self.low:g} to {self.high:g}: "
                "widen the axis"
            )
        return compare.resampled(xs, [min(max(y, self.low), self.high) for y in ys], left, right)

    def __enter__(self) -> Guess:
        self._capture = capture_output()
        self._open = self._capture.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._capture.__exit__(kind, problem, trace)
        if problem is not None:  # what was said before it broke may say why
            self._open.show()
            return
        printed = [self._open.stdout] if self._open.stdout else []
        pictures = [
            {
                "png": each._repr_png_(),
                "alt": each.metadata["image/png"]["alt"],
                "drawn": stills.DRAWN.items() <= each.metadata.items(),
            }
            for each in self._open.outputs
            if "image/png" in each.data
        ]
        self._caught += [*map(waiting, printed), *pictures]

    @traitlets.validate("guess")
    def _guess_fits(self, proposal: traitlets.Bunch) -> Any:
        value = proposal["value"]
        if value is None:
            return None
        if self.kind == "choice":
            return valid(partial(one_of, allowed=self.options), "guess", value)
        if self.kind == "curve":
            return valid(partial(several, each=real, count=compare.COLUMNS), "guess", value)
        return valid(real, "guess", value, least=self.low, most=self.high)

    @property
    def reading(self) -> compare.Reading | None:
        """How far the guess is from the answer; None where one of them is not there."""
        return None if self.guess is None or self.truth is None else compare.reading(self.spec())

    def spec(self) -> dict:
        """The question with its answer and the guess, by names of traits."""
        return {name: getattr(self, name) for name in (*SPEC, "truth", "guess", "skipped")}

    @property
    def told(self) -> str:
        """The answer in words."""
        if self.truth is None:
            return say("guess", "noAnswerYet")
        if self.kind == "curve":
            ends = {"first": compare.brief(self.truth[0]), "last": compare.brief(self.truth[-1])}
            return say("guess", "curveAlt", **ends, x=self.labels[0], y=self.labels[1])
        return self.truth if self.kind == "choice" else f"{compare.brief(self.truth)} {self.unit}".strip()

    def shared(self) -> dict[str, dict]:
        """Nothing: a link brings no guess along."""
        return {}

    @property
    def alt(self) -> str:
        """The question, the answer, and what waits with it, in words."""
        held = " ".join(each.get("alt") or each["text"] for each in self.shown)
        return say("guess", "alt", question=self.question, answer=self.told, more=held).strip()

    def __repr__(self) -> str:
        return f"Guess({self.key!r}: {self.question})"

    def picture(self) -> bytes:
        """The question with its answer, for where nothing can be guessed, as a PNG."""
        drawn = self.kind == "curve" and self.truth is not None
        curve = [sheet.curve(self.truth, self.across, (self.low, self.high), self.labels)] if drawn else []
        return sheet.drawn(self.question, say("guess", "answerIs", answer=self.told), [*curve, *self.shown])

    def page_state(self) -> dict:
        """What a page without a kernel shows: the question, whoever has answered it here."""
        return {**page_spec(self), "shown": [sheet.on_page(each) for each in self.shown], "held": True}


def page_spec(guess: Guess) -> dict:
    """A question as the readers of a page find it."""
    return {**guess.spec(), "guess": None, "skipped": False}


def axis(name: str, ends: Sequence[float]) -> list[float]:
    """The two ends of an axis."""
    low, high = several(name, ends, real, 2)
    return [low, real(f"{name}[1]", high, above=low)]


def waiting(thing: str | Picture) -> dict:
    """What waits, as the view gets it. Raises TypeError for what is neither a picture with its words nor a text."""
    if isinstance(thing, Picture):
        return {"png": thing.png, "alt": thing.alt, "drawn": thing.drawn}
    if not isinstance(thing, str):
        raise TypeError(f"what waits is a text or a picture, as show(figure, alt) makes it, got {type(thing).__name__}")
    return {"text": text("what waits", thing)[:MOST_SHOWN]}
