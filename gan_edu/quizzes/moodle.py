"""A quiz in Moodle's XML: Question bank → Import → Moodle XML format.

What Moodle reads of a question is in its question/format/xml/format.php, `import_headers` and `import_multichoice`. The
questions come into a category of the chapter's name, and an answer's reason is its feedback.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from gan_edu.core.notebook.quizzes import Question, questions, title
from gan_edu.quizzes.markup import as_html, node, own_name, written

ONE_THIRD = "0.3333333"  # of a point a wrong try costs where one may try again: Moodle's own


def moodle(chapter: str) -> bytes:
    """The file of a chapter, in the language in force."""
    asked = [_question(chapter, place, each) for place, each in enumerate(questions(chapter), 1)]
    return written(node("quiz", _category(f"{chapter} {title(chapter)}"), *asked))


def _category(name: str) -> Element:
    path = f"$course$/top/gan_edu/{name.replace('/', '//')}"  # a single / would open a category in it
    return node("question", node("category", node("text", path)), type="category")


def _question(chapter: str, place: int, question: Question) -> Element:
    answers = [
        node(
            "answer",
            node("text", as_html(answer["says"])),
            _html("feedback", answer["why"]),
            fraction="100" if k == question["right"] else "0",
            format="html",
        )
        for k, answer in enumerate(question["answers"])
    ]
    settings = {
        "defaultgrade": "1",
        "penalty": ONE_THIRD,
        "hidden": "0",
        "idnumber": f"{own_name(chapter)}_{question['key']}",
        "single": "true",
        "shuffleanswers": "true",
        "answernumbering": "ABCD",
        "showstandardinstruction": "0",
    }
    return node(
        "question",
        node("name", node("text", f"{chapter}.{place} {question['key']}")),
        _html("questiontext", question["asks"]),
        *(node(name, value) for name, value in settings.items()),
        *answers,
        type="multichoice",
    )


def _html(name: str, text: str) -> Element:
    return node(name, node("text", as_html(text)), format="html")
