"""Five questions a chapter: whole, one right answer each, not to be guessed by its place or its length; marks."""

import json
import re
from collections import Counter
from itertools import chain
from pathlib import Path

import chapter_list
import pytest

from gan_edu.core.notebook import quizzes
from gan_edu.core.notebook.marked import KNOWN, in_signs, parts, plain
from gan_edu.core.notebook.words import languages

ROOT = Path(__file__).parents[2]
ENGLISH = quizzes.FOLDER / "en"
TRANSLATED = sorted(path for path in quizzes.FOLDER.glob("*/*.json") if path.parent != ENGLISH)
HAN = re.compile("[\u4e00-\u9fff]")


def stored(path):
    return json.loads(path.read_text(encoding="utf-8"))


def texts(question):
    return [question["asks"], *chain.from_iterable((each["says"], each["why"]) for each in question["answers"])]


def formulas(said):
    return {part.text for text in said for part in parts(text) if part.kind == "formula"}


def length(text):
    """As a reader sees it."""
    return len(plain(text))


def in_language(name):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_EDU_LANG", name)
        return {(chapter, each["key"]): each for chapter in quizzes.chapters() for each in quizzes.questions(chapter)}


@pytest.fixture(scope="module")
def everything():
    return in_language("en")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("GAN_EDU_LANG", "en")


# ---------------------------------------------------------------- whole


def test_each_chapter_has_a_quiz_and_each_quiz_a_chapter():
    known = {each.number for each in chapter_list.chapters(ROOT)}
    making = {each[:2] for part in chapter_list.parts(ROOT) for each in part.get("making", [])}
    assert known <= set(quizzes.chapters()) <= known | making


def test_a_quiz_is_called_as_its_chapter_is():
    titles = {each.number: each.title for each in chapter_list.chapters(ROOT)}
    assert {number: quizzes.title(number) for number in titles} == titles


@pytest.mark.parametrize("chapter", quizzes.chapters())
def test_there_are_five_questions_of_which_each_answer_has_a_reason(chapter):
    questions = stored(ENGLISH / f"{chapter}.json")["questions"]
    assert len(questions) == 5
    for key, question in questions.items():
        answers = question["answers"]
        assert re.fullmatch(r"[a-z]\w+", key) and 3 <= len(answers) <= 4
        assert [answer.get("right", True) for answer in answers if "right" in answer] == [True], "one right answer"
        assert all(answer.keys() <= {"says", "why", "right"} for answer in answers)
        assert all(len(answer["why"]) > 25 for answer in answers), "a reason that teaches"
        said = [plain(text).casefold() for text in texts(question)]
        assert len(set(said)) == len(said), f"{key} says something twice"


def test_no_question_is_asked_twice(everything):
    assert len({plain(each["asks"]) for each in everything.values()}) == len(everything)


def test_sentences_end_and_answers_do_not(everything):
    for name, question in everything.items():
        assert re.search(r"[?.]”?\)?$", question["asks"]), name
        for answer in question["answers"]:
            assert not answer["says"].endswith("."), (name, answer["says"])
            assert re.search(r"[.!?”]\)?$", answer["why"]), (name, answer["why"])


# ---------------------------------------------------------------- not to be guessed


def test_right_answers_stand_at_every_place_about_as_often(everything):
    places = Counter(each["right"] for each in everything.values() if len(each["answers"]) == 4)
    share = sum(places.values()) / 4
    assert set(places) == set(range(4))
    assert all(abs(count - share) <= 2 * (share * 3 / 4) ** 0.5 for count in places.values())
    for chapter in quizzes.chapters():
        rights = [question["right"] for (own, _), question in everything.items() if own == chapter]
        assert max(Counter(rights).values()) <= 2, f"{chapter}: one place holds more than two right answers"


@pytest.mark.parametrize("name", languages())
@pytest.mark.parametrize("extreme", [max, min])
def test_the_right_answer_is_neither_longest_nor_shortest_more_often_than_chance_has_it(name, extreme):
    """Among k answers of one length that are the extreme, the right one counts a k-th. Two standard deviations."""
    shares, chances = [], []
    for question in in_language(name).values():
        sizes = [length(answer["says"]) for answer in question["answers"]]
        ends = [place for place, size in enumerate(sizes) if size == extreme(sizes)]
        shares.append((question["right"] in ends) / len(ends))
        chances.append(1 / len(sizes))
    slack = 2 * sum(chance * (1 - chance) for chance in chances) ** 0.5
    assert abs(sum(shares) - sum(chances)) <= slack, f"{sum(shares):.1f} of {len(shares)}"


@pytest.mark.parametrize("language", languages())
def test_right_and_wrong_answers_are_about_as_long(language):
    ratios = []
    for name, question in in_language(language).items():
        sizes = [length(answer["says"]) for answer in question["answers"]]
        right = sizes.pop(question["right"])
        ratios.append(right * len(sizes) / sum(sizes))
        assert 0.5 <= ratios[-1] <= 2, (name, right, sizes)
    assert 0.95 < sum(ratios) / len(ratios) < 1.05


def test_no_word_gives_the_right_answer_away(everything):
    """ "Always", "never", "only" and their kin stand in right answers about as often as in wrong ones."""
    absolute = re.compile(r"\b(always|never|only|all|every|any|none|nothing)\b", re.IGNORECASE)
    with_word = Counter()
    for question in everything.values():
        for place, answer in enumerate(question["answers"]):
            with_word[place == question["right"]] += bool(absolute.search(plain(answer["says"])))
    expected = sum(with_word.values()) / 4
    assert abs(with_word[True] - expected) < 2.5 * (expected * 3 / 4) ** 0.5, with_word


# ---------------------------------------------------------------- marks


def test_each_mark_is_closed_and_each_formula_known(everything):
    used = set()
    for question in everything.values():
        for part in chain.from_iterable(map(parts, texts(question))):
            if part.kind == "formula":
                assert "\\" not in in_signs(part.text) and part.text.count("{") == part.text.count("}")
                used |= set(re.findall(r"\\([A-Za-z]+|,)", part.text.replace("\\tfrac12", "")))
    assert used == {*KNOWN["signs"], *KNOWN["names"], *KNOWN["alphabets"]}, "what nobody uses goes out of tex.json"


@pytest.mark.parametrize(
    "text, pieces",
    [
        ("no marks", [("plain", "no marks")]),
        ("so $a*b$ and `x*y` *it is*", [("plain", "so "), ("formula", "a*b"), ("plain", " and "), ("code", "x*y"),
                                        ("plain", " "), ("stressed", "it is")]),
        ("$x$", [("formula", "x")]),
    ],
)  # fmt: skip
def test_marks(text, pieces):
    assert parts(text) == pieces


@pytest.mark.parametrize("text", ["a $ b", "a ` b", "2 * 3", "$x$ costs 3 $"])
def test_what_is_opened_is_closed(text):
    with pytest.raises(ValueError, match="is opened and not closed"):
        parts(text)


def test_formulas_in_signs():
    assert in_signs(r"-\log 4 + 2\,\mathrm{JS} \le \tfrac12") == "−log 4 + 2 JS ≤ ½"
    assert in_signs(r"\log(1 + e^{10}) - h^2\lVert v\rVert^2") == "log(1 + e¹⁰) − h²‖v‖²"
    with pytest.raises(ValueError, match=r"\\frac is not in core/notebook/tex.json"):
        in_signs(r"\frac{1}{2}")


# ---------------------------------------------------------------- chapters, languages


@pytest.mark.parametrize("chapter", ["02", "2", 2, "02_losses"])
def test_a_chapter_has_several_names(chapter):
    assert quizzes.number(chapter) == "02"


@pytest.mark.parametrize("chapter", ["99", "two", "", None, True, 2.0, "002"])
def test_a_chapter_without_a_quiz_is_told(chapter):
    with pytest.raises(ValueError, match="chapter must be one of 00, 01"):
        quizzes.number(chapter)


def test_what_a_translation_lacks_is_english(monkeypatch, tmp_path):
    whole = stored(ENGLISH / "02.json")
    first, *rest = whole["questions"]
    turned = {"asks": "问", "answers": [{"says": f"答{k}", "why": f"因{k}"} for k in range(4)]}
    for name, content in {"en": whole, "zh": {"questions": {first: turned}}}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "02.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(quizzes, "FOLDER", tmp_path)
    monkeypatch.setenv("GAN_EDU_LANG", "zh")
    quizzes.stored.cache_clear()
    found, title = quizzes.questions("02"), quizzes.title("02")
    quizzes.stored.cache_clear()
    assert found[0]["asks"] == "问" and found[0]["answers"][3] == {"says": "答3", "why": "因3"}
    assert [each["asks"] for each in found[1:]] == [whole["questions"][key]["asks"] for key in rest]
    assert title == "losses" and found[0]["right"] == next(
        place for place, each in enumerate(whole["questions"][first]["answers"]) if each.get("right")
    )


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_a_translation_fits_its_english(path):
    english, own = stored(ENGLISH / path.name), stored(path)
    assert path.parent.name in languages() and own["title"]
    assert list(own["questions"]) == list(english["questions"])
    for key, question in own["questions"].items():
        assert len(question["answers"]) == len(english["questions"][key]["answers"])
        assert all(answer.keys() == {"says", "why"} for answer in question["answers"]), "right is told in English alone"
        said = texts(question)
        assert len(set(said)) == len(said) and all(HAN.search(text) for text in said if len(plain(text)) > 20)
        assert formulas(said) <= formulas(texts(english["questions"][key])), key
