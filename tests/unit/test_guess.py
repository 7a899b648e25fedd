"""A guess and its answer: what is asked, what waits, what is kept, how far off; and what is no question or answer."""

import ast
import io
import math
from pathlib import Path

import jupytext
import numpy as np
import pytest
import traitlets
from PIL import Image

from gan_edu.core.notebook.figures import show, subplots
from gan_edu.widgets import Guess, Guesses
from gan_edu.widgets.guess import compare
from gan_edu.widgets.guess.widget import ASKED

LINE = [k / 10 for k in range(21)]  # from 0 to 2


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No question was asked before, and results count."""
    monkeypatch.setenv("GAN_EDU_PACE", "lesson")
    ASKED.clear()


def number(**more):
    return Guess.number("modes", "How many modes?", 0, 10, **{"step": 1, "unit": "modes", **more})


def curve(**more):
    return Guess.curve("js", "How does JS grow?", (0, 2), (0, 1), labels=("gap", "JS"), **more)


def figure(alt="a falling line"):
    drawn, axes = subplots()
    axes.plot([0, 1], [1, 0])
    return show(drawn, alt)


# ---------------------------------------------------------------- how far off


@pytest.mark.parametrize(
    "guess, truth, verdict, side, by",
    [(7, 7, "spot", "", 0), (6, 7, "near", "low", 1), (9, 7, "far", "high", 2), (0, 10, "far", "low", 10)],
)
def test_a_number_is_near_within_a_tenth_of_its_range(guess, truth, verdict, side, by):
    asked = number().answer(truth)
    asked.guess = guess
    assert asked.reading == {"verdict": verdict, "side": side, "by": by, "away": pytest.approx(abs(guess - truth) / 10)}


def test_rounding_is_no_error():
    asked = Guess.number("a", "?", 0, 10, near=0.5).answer(math.sqrt(25) + 2e-15)
    asked.guess = 5.0
    assert asked.truth == 5 and asked.reading["by"] == 0


def test_on_a_logarithmic_axis_factors_count():
    asked = Guess.number("error", "How many times smaller?", 1, 1000, log=True, near=2).answer(10)
    for guess, verdict, by in ((19, "near", 1.9), (21, "far", 2.1), (6, "near", 10 / 6), (4, "far", 2.5)):
        asked.guess = guess
        assert (asked.reading["verdict"], asked.reading["by"]) == (verdict, pytest.approx(by))


def test_near_is_what_the_teacher_says():
    asked = number(near=3).answer(7)
    asked.guess = 4
    assert asked.reading["verdict"] == "near"
    asked.guess = 3
    assert asked.reading["verdict"] == "far"


def test_a_curves_distance_is_the_root_of_the_mean_square_as_a_share_of_the_height():
    asked = curve().answer((LINE, [x / 2 for x in LINE]))
    straight = [k / 40 for k in range(compare.COLUMNS)]
    asked.guess = straight
    assert asked.reading["away"] == pytest.approx(0, abs=1e-12)
    asked.guess = [min(1, y + 0.2 * (k < 20)) for k, y in enumerate(straight)]
    assert asked.reading["away"] == pytest.approx(0.2 * math.sqrt(20 / 41))


def test_a_choice_is_right_or_not():
    asked = Guess.choice("which", "Which?", ["KL", "JS"]).answer("JS")
    asked.guess = "JS"
    assert asked.reading["verdict"] == "spot"
    asked.guess = "KL"
    assert asked.reading["verdict"] == "far"


# ---------------------------------------------------------------- what waits, and what is kept


def test_pictures_and_texts_wait_and_so_does_what_is_printed():
    asked = number()
    with asked:
        print("seven of them")
    asked.answer(7, figure(), "counted by a classifier")
    assert [each.get("text") or each["alt"] for each in asked.shown] == [
        "seven of them\n",
        "a falling line",
        "counted by a classifier",
    ]
    assert asked.held and "7 modes" in asked.alt and "seven of them" in asked.alt
    assert asked.answer(7).shown == []  # run again, it holds what this run gave it


def test_what_several_blocks_hold_adds_up():
    asked = number()
    for each in ("five", "six"):
        with asked:
            print(each)
    assert [each["text"] for each in asked.answer(7).shown] == ["five\n", "six\n"]


def test_nothing_is_printed_meanwhile_but_all_of_it_where_the_cell_fails(capsys):
    asked = number()
    with asked:
        print("a secret")
    assert capsys.readouterr().out == ""
    with pytest.raises(ZeroDivisionError), asked:
        print("before it broke")
        1 / 0  # noqa: B018
    assert "before it broke" in capsys.readouterr().out


def test_nothing_waits_at_test_pace_and_a_page_waits_all_the_same(monkeypatch):
    monkeypatch.setenv("GAN_EDU_PACE", "test")
    asked = number().answer(70)
    assert not asked.held and asked.truth == 10 and asked.page_state()["held"]


def test_run_again_a_cell_finds_the_guess():
    asked = number().answer(7)
    asked.guess = 3
    assert number() is asked and number().answer(7).guess == 3
    assert number(step=0.5).guess is None  # another range is another guess


def test_a_page_is_handed_on_without_a_guess():
    asked = number().answer(7, figure())
    asked.guess, asked.skipped = 3, True
    state = asked.page_state()
    assert (state["guess"], state["skipped"], state["truth"]) == (None, False, 7)
    assert state["shown"][0]["png"].startswith("data:image/png;base64,")


def test_all_questions_are_listed_with_what_was_guessed():
    asked, other = number().answer(7), Guess.choice("which", "Which?", ["KL", "JS"])
    listed = Guesses()
    asked.guess = 3
    other.answer("JS").skipped = True
    assert [(row["key"], row["guess"], row["truth"], row["skipped"]) for row in listed.rows] == [
        ("modes", 3, 7, False),
        ("which", None, "JS", True),
    ]
    assert [row["guess"] for row in listed.page_state()["rows"]] == [None, None]
    assert "How many modes? Answer: 7 modes." in listed.alt


@pytest.mark.parametrize(
    "make", [lambda: number().answer(7, figure(), "words"), lambda: curve().answer((LINE, LINE[:21]))]
)
def test_its_picture_holds_the_answer(make, monkeypatch):
    monkeypatch.setenv("GAN_EDU_PACE", "test")  # a line that leaves its axis
    asked = make()
    with_answer = Image.open(io.BytesIO(asked.picture()))
    asked.shown, asked.truth = [], None
    without = Image.open(io.BytesIO(asked.picture()))
    assert with_answer.height > without.height + 200


def test_printed_columns_stand_below_each_other():
    asked = number()
    with asked:
        print("iiiiiiii 12\nWWWWWWWW 12\n" + 100 * "m")
    picture = np.asarray(Image.open(io.BytesIO(asked.answer(7).picture())).convert("L"))
    rows = [picture[top : top + 20] for top in (14 + 2 * 20, 14 + 3 * 20)]
    ends = [int((row.min(0) < 200).nonzero()[0].max()) for row in rows]
    assert ends[0] == ends[1] and ends[0] < picture.shape[1] / 3
    assert picture.shape[1] >= 828, "a long line is cut"


# ---------------------------------------------------------------- what is none


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: number().answer(11), "the answer to 'modes' is 11, and guesses go from 0 to 10: widen the range"),
        (lambda: number().answer("seven"), "must be a finite number, got 'seven'"),
        (lambda: number().answer(math.nan), "must be a finite number, got nan"),
        (lambda: Guess.number("a", "?", 3, 3), "high must be a finite number > 3"),
        (lambda: Guess.number("a", "?", 0, 3, log=True), "low must be a finite number > 0"),
        (lambda: Guess.number("a", "?", 1, 3, log=True, near=1), "near must be a finite number > 1"),
        (lambda: Guess.choice("a", "?", ["one"]), "two texts or more"),
        (lambda: Guess.choice("a", "?", ["one", "one"]), "none twice"),
        (lambda: Guess.choice("a", "?", ["one", "two"]).answer("three"), "must be one of one, two, got 'three'"),
        (lambda: curve().answer(0.5), "must be a curve"),
        (lambda: curve().answer((LINE, LINE[:3])), "must be a list of 21, got 3"),
        (lambda: curve().answer((LINE[::-1], LINE)), "xs must rise"),
        (lambda: curve().answer(([0, 1], [0, 1])), "goes from 0 to 1, and its axis from 0 to 2"),
        (lambda: curve().answer((LINE, LINE)), "reaches from 0 to 2, and its axis from 0 to 1: widen the axis"),
        (lambda: Guess.curve("a", "?", (1, 0), (0, 1)), r"x\[1\] must be a finite number > 1"),
        (lambda: number().answer(7, object()), "what waits is a text or a picture, as show"),
        (lambda: (number(), Guess.number("modes", "How many digits?", 0, 9)), "taken by another question"),
    ],
)
def test_what_is_no_question_or_answer_is_told(make, words):
    with pytest.raises((ValueError, TypeError), match=words):
        make()


@pytest.mark.parametrize(
    "make, guess",
    [(number, 11), (number, "7"), (lambda: Guess.choice("c", "?", ["a", "b"]), "c"), (curve, [0.0]), (curve, 1.0)],
)
def test_what_is_no_guess_is_refused(make, guess):
    with pytest.raises(traitlets.TraitError):
        make().guess = guess


# ------------------------------------------------------------------ in the notebooks

SCRIPTS = sorted((Path(__file__).parents[2] / "notebooks" / "scripts").glob("*.py"))


def answers_of(node):
    """The calls in it that answer a guess."""
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)]
    return [each for each in calls if each.func.attr == "answer" and ast.unparse(each.func.value).startswith("guess")]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_what_a_guess_answers_is_what_its_cell_shows(script):
    """A notebook shows what a cell's last line gives: an answer in another line is seen by nobody."""
    cells = [ast.parse(cell.source) for cell in jupytext.read(script).cells if "guess.answer(" in cell.source]
    for cell in cells:
        *before, last = cell.body
        assert answers_of(last) and isinstance(last, ast.Expr), ast.unparse(last)
        assert not any(answers_of(each) for each in before), ast.unparse(last)
