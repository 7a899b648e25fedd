"""A chapter's questions. One presses an answer, and reads whether it is right, and why; pressing stays in the browser.

The first answer is what counts, and all others may be pressed to read their reasons. A wrong answer is easily kept in
mind as a right one, unless one is told at once (Butler and Roediger, 2008, "Feedback enhances the positive effects and
reduces the negative effects of multiple-choice testing"). No marks are given, and nothing is sent anywhere.
"""

from __future__ import annotations

from functools import partial

import traitlets

from gan_edu.core.notebook import quizzes
from gan_edu.core.notebook.marked import plain
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import integer, one_of, several, short
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of as one_of_these, within
from gan_edu.widgets.kit.valid_state import Whole, valid
from gan_edu.widgets.quiz import still


class Quiz(Control):
    """`Quiz("02")` asks the five questions on chapter 02, in the language in force; in any notebook.

    whole: all questions at once, and not one at a time; at: the one that is shown, from 0. given: by the name of a
    question the places of the answers that were pressed, in their order; the browser keeps them. Ordinary traits.
    Raises ValueError for a chapter without questions, traitlets.TraitError for answers that are none.
    """

    folder, _esm, height = "quiz", bundle("quiz"), 480
    chapter, heading = (traitlets.Unicode().tag(sync=True) for _ in range(2))
    questions = traitlets.List(traitlets.Dict()).tag(sync=True)
    given = traitlets.Dict().tag(sync=True)
    at = Whole(0, min=0).tag(sync=True)
    whole = traitlets.Bool(False).tag(sync=True)

    def __init__(self, chapter: str, **state: object):
        number = quizzes.number(chapter)
        asked = quizzes.questions(number)
        told = {"chapter": number, "title": quizzes.title(number), "count": len(asked)}
        super().__init__(**{"chapter": number, "heading": say("quiz", "heading", **told), "questions": asked, **state})

    @traitlets.validate("given")
    def _given_fits(self, proposal: traitlets.Bunch) -> dict[str, list[int]]:
        counts = {question["key"]: len(question["answers"]) for question in self.questions}
        return {
            valid(partial(one_of, allowed=list(counts)), "given", key): self._places(key, places, counts[key])
            for key, places in proposal["value"].items()
        }

    def _places(self, key: str, places: object, count: int) -> list[int]:
        found = valid(partial(several, each=partial(integer, least=0, most=count - 1)), f"given[{key!r}]", places)
        if len(set(found)) < len(found):
            raise traitlets.TraitError(f"given[{key!r}] must hold each place once, got {short(places)}")
        return found

    @traitlets.validate("at")
    def _at_fits(self, proposal: traitlets.Bunch) -> int:
        return valid(integer, "at", proposal["value"], least=0, most=max(0, len(self.questions) - 1))

    @property
    def right_at_once(self) -> list[str]:
        """The names of the questions whose first answer was right."""
        return [each["key"] for each in self.questions if self.given.get(each["key"], [None])[:1] == [each["right"]]]

    def shared(self) -> dict[str, dict]:
        """A link opens a question, or all; it brings no answers along."""
        return {"at": within(0, len(self.questions) - 1, whole=True), "whole": one_of_these((False, True))}

    def page_state(self) -> dict:
        """What a page without a kernel shows: the questions, whoever has answered them here."""
        return {**super().page_state(), "given": {}}

    @property
    def alt(self) -> str:
        """The questions, in words; which answers are right it does not tell."""
        return f"{self.heading}. {' '.join(plain(question['asks']) for question in self.questions)}"

    def __repr__(self) -> str:
        return f"Quiz({self.chapter!r})"

    def picture(self) -> bytes:
        """The questions and their answers, as a PNG; which ones are right it does not tell."""
        return still.drawn(self.heading, self.questions)
