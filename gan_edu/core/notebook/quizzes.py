"""The questions of a chapter's quiz, in the language in force: gan_edu/quizzes/en/02.json. Needs no torch.

A file holds a title and questions by name; each question asks, and each of its answers says something and has a reason.
One answer is right, which the English file tells. A translation is a file of the same names, its answers in the same
order; what it lacks is English.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TypedDict

import gan_edu
from gan_edu.core.notebook.words import ENGLISH, language
from gan_edu.core.safety.checked import one_of

FOLDER = Path(gan_edu.__file__).parent / "quizzes"


class Answer(TypedDict):
    """What an answer says, and why it is right or wrong."""

    says: str
    why: str


class Question(TypedDict):
    """A question of some answers. key: its name in the chapter; right: the place of the one that is right."""

    key: str
    asks: str
    answers: list[Answer]
    right: int


def chapters() -> list[str]:
    """The numbers of the chapters that have a quiz, as 02."""
    return sorted(path.stem for path in (FOLDER / ENGLISH).glob("*.json"))


def number(chapter: object) -> str:
    """A chapter as it is named: of "02", "2", 2 or "02_losses". Raises ValueError that names those with a quiz."""
    whole = isinstance(chapter, int) and not isinstance(chapter, bool)
    told = re.fullmatch(r"(\d{1,2})(_\w+)?", str(chapter)) if whole or isinstance(chapter, str) else None
    return one_of("chapter", told[1].zfill(2) if told else chapter, chapters())


def title(chapter: str) -> str:
    """What a chapter is about, in the language in force."""
    return stored(language(), chapter).get("title") or stored(ENGLISH, chapter)["title"]


def questions(chapter: str) -> list[Question]:
    """The questions of a chapter, in the language in force. Texts have marks: `core.notebook.marked`."""
    own = stored(language(), chapter).get("questions", {})
    english = stored(ENGLISH, chapter)["questions"]
    return [_question(key, each, own.get(key, each)) for key, each in english.items()]


def _question(key: str, english: dict, own: dict) -> Question:
    (right,) = (place for place, answer in enumerate(english["answers"]) if answer.get("right"))
    answers: list[Answer] = [{"says": answer["says"], "why": answer["why"]} for answer in own["answers"]]
    return {"key": key, "asks": own["asks"], "answers": answers, "right": right}


@cache
def stored(name: str, chapter: str) -> dict:
    """The file of a chapter in a language, empty where there is none."""
    path = FOLDER / name / f"{chapter}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
