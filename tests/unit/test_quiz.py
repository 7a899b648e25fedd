"""Quiz in a kernel: which chapters it asks about, what may be given, and what its picture and words do not tell."""

import io

import pytest
import traitlets
from PIL import Image

from gan_edu.core.notebook import quizzes
from gan_edu.core.notebook.marked import plain
from gan_edu.widgets import Quiz
from gan_edu.widgets.quiz import still


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("GAN_EDU_LANG", "en")


@pytest.mark.parametrize("chapter", quizzes.chapters())
def test_each_chapter_is_asked_about(chapter):
    quiz = Quiz(chapter)
    assert quiz.questions == quizzes.questions(chapter) and repr(quiz) == f"Quiz({chapter!r})"
    assert quiz.heading == f"{chapter} · {quizzes.title(chapter)}: 5 questions"
    assert quiz.given == {} and quiz.right_at_once == []


def test_other_names_of_a_chapter():
    assert Quiz(2).chapter == Quiz("02_losses").chapter == "02"
    with pytest.raises(ValueError, match="chapter must be one of 00, 01, .*, got '99'"):
        Quiz("99")


def test_what_was_right_at_the_first_go():
    quiz = Quiz("02")
    first, second, third, *_ = quiz.questions
    wrong = (second["right"] + 1) % 4
    quiz.given = {first["key"]: [first["right"], 0 if first["right"] else 1], second["key"]: [wrong], third["key"]: []}
    assert quiz.right_at_once == [first["key"]]
    assert quiz.page_state()["given"] == {}, "a page is handed on without its maker's answers"


@pytest.mark.parametrize(
    "given, words",
    [
        ({"nothing": [0]}, "given must be one of saturate, label1"),
        ({"saturate": [4]}, "must be a whole number from 0 to 3|4"),
        ({"saturate": [-1]}, "-1"),
        ({"saturate": [0.5]}, "0.5"),
        ({"saturate": [1, 1]}, "must hold each place once"),
        ({"saturate": "0"}, "given"),
    ],
)
def test_what_is_no_answer_is_refused(given, words):
    with pytest.raises(traitlets.TraitError, match=words):
        Quiz("02").given = given


@pytest.mark.parametrize("at", [-1, 5, 1.5, "1", None])
def test_a_question_that_is_none_is_refused(at):
    with pytest.raises(traitlets.TraitError):
        Quiz("02").at = at


def test_a_link_opens_a_question_and_brings_no_answer():
    quiz = Quiz("02")
    quiz.at = 4
    assert quiz.shared() == {
        "at": {"least": 0, "most": 4, "whole": True, "empty": False},
        "whole": {"of": [False, True], "most": None},
    }


def test_its_words_and_its_picture_hold_the_questions_and_no_reason():
    quiz = Quiz("02")
    told = " ".join(text for _, _, text, _, _ in still.laid_out(quiz.heading, quiz.questions))
    for question in quiz.questions:
        assert plain(question["asks"]) in quiz.alt
        for answer in question["answers"]:
            assert plain(answer["says"]) in told and plain(answer["why"]) not in told + quiz.alt
    lines = still.laid_out(quiz.heading, quiz.questions)
    styles = {(colour, bold) for _, _, text, colour, bold in lines if text[1:3] == "  " and text[0] in "ABCD"}
    assert len(styles) == 1, "the right one looks as the others do"


@pytest.mark.parametrize("chapter", quizzes.chapters())
def test_its_picture_holds_all_lines(chapter):
    picture = Image.open(io.BytesIO(Quiz(chapter).picture())).convert("L")
    rows = [picture.crop((0, top, picture.width, top + 1)).getextrema()[0] < 200 for top in range(picture.height)]
    assert picture.width == still.WIDTH and rows.index(True) < 30 and rows[::-1].index(True) < 2 * still.EDGE
    assert picture.crop((still.WIDTH - 4, 0, still.WIDTH, picture.height)).getextrema()[0] > 200, "a line is cut"
