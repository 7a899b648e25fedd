"""How good were your guesses: all questions of a notebook with what was guessed, for the end of a chapter. No marks."""

from __future__ import annotations

from functools import partial

import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.widgets.guess import sheet
from gan_edu.widgets.guess.widget import ASKED, Guess, page_spec
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle


class Guesses(Control):
    """`Guesses()` lists the questions that this notebook has asked so far, and goes along as guesses are made."""

    folder, _esm, height, spoils = "guess", bundle("guess"), 300, True
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)  # of each question, the traits that say how far off

    def __init__(self, **state: object):
        self.asked = list(ASKED.values())
        super().__init__(**{"rows": [guess.spec() for guess in self.asked], **state})
        for place, guess in enumerate(self.asked):
            guess.observe(partial(self._heard, place), ["guess", "skipped", "truth"])

    def _heard(self, place: int, change: traitlets.Bunch) -> None:
        self.rows = [change["owner"].spec() if k == place else row for k, row in enumerate(self.rows)]

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return " ".join([say("guess", "summaryAlt", count=len(self.asked)), *map(_line, self.asked)])

    def __repr__(self) -> str:
        return f"Guesses({', '.join(guess.key for guess in self.asked)})"

    def picture(self) -> bytes:
        """The questions with their answers, as a PNG."""
        lines = "\n".join(map(_line, self.asked))
        return sheet.drawn(
            say("guess", "howGood"), say("guess", "summaryAlt", count=len(self.asked)), [{"text": lines}]
        )

    def page_state(self) -> dict:
        """What a page without a kernel shows: the questions, and the guesses that its reader made in it."""
        return {"rows": [page_spec(guess) for guess in self.asked]}


def _line(guess: Guess) -> str:
    return say("guess", "asked", question=guess.question, answer=guess.told)
