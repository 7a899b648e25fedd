"""Quiz on a page: an answer opens its reason, keys, names, what is kept, one at a time and all at once, its look."""

import pytest
import web_pages
from helpers.lab import settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.value_page import nameless, page_with
from playwright.sync_api import expect

from gan_edu.core.notebook.marked import plain
from gan_edu.core.notebook.quizzes import questions
from gan_edu.widgets import Quiz

pytestmark = pytest.mark.browser
NAME = "gan_edu.guess/quiz/02/{key}/{asks}"
FIRST = questions("02")[0]
WRONG = next(place for place in range(4) if place != FIRST["right"])


@pytest.fixture
def show(new_page):
    def make(quiz=None, **context):
        return page_with(new_page, quiz or Quiz("02"), **context)

    return make


@pytest.fixture
def page_of(new_page, tmp_path):
    def make(quiz=None, **context):
        (quiz or Quiz("02")).to_html(tmp_path / "page.html")
        page = new_page(**context)
        page.goto((tmp_path / "page.html").as_uri())
        return settle(page)

    return make


def answers(page):
    return page.locator(".card:visible .answers button")


def given(page):
    return page.evaluate("model.get('given')")


# ---------------------------------------------------------------- an answer and its reason


def test_an_answer_says_whether_it_is_right_and_why(show):
    page = show()
    expect(page.locator(".card:visible")).to_have_count(1)
    expect(page.locator(".why:visible")).to_have_count(0)
    answers(page).nth(WRONG).click()
    reason = page.locator(".why:visible")
    expect(reason).to_have_count(1)
    expect(reason).to_contain_text("Not this one.")
    said = plain(FIRST["answers"][WRONG]["why"])
    expect(page.locator(".live")).to_have_text(f"Not this one. {said}")  # formulas in signs
    expect(page.locator(".card:visible .note")).to_have_text("Press another one.")
    expect(answers(page).nth(WRONG)).to_be_focused()
    answers(page).nth(FIRST["right"]).click()
    expect(page.locator("li.right .why")).to_contain_text("Right.")
    expect(page.locator(".card:visible .note")).to_contain_text("Press the others, too")
    assert given(settle(page)) == {FIRST["key"]: [WRONG, FIRST["right"]]}
    expect(page.locator(".told")).to_have_text("Answered: 1 of 5 questions. Right at the first go: 0.")
    expect(page.get_by_role("button", name="question 1, not right at the first go")).to_have_text("1 ✗")


def test_pressed_again_it_stays_and_the_first_counts(show):
    page = show()
    for place in (FIRST["right"], WRONG, FIRST["right"]):
        answers(page).nth(place).click()
    assert given(settle(page)) == {FIRST["key"]: [FIRST["right"], WRONG]}
    expect(page.locator(".told")).to_contain_text("Right at the first go: 1.")
    expect(page.get_by_role("button", name="question 1, right at the first go")).to_have_text("1 ✓")


def test_no_answer_is_marked_before_it_is_pressed(show):
    page = show(Quiz("02", whole=True))
    assert page.locator(".answers li").evaluate_all("all => all.map((n) => n.className)") == 20 * [""]
    seen = "all => all.map((node) => [node.getAttribute('aria-expanded'), node.title])"
    marks = page.locator(".answers button").evaluate_all(seen)
    assert marks == 20 * [["false", ""]]


@pytest.mark.parametrize("chapter", ["01", "06", "14"])  # those with most formulas; tests/js reads all
def test_each_text_is_seen_as_it_is_meant(show, chapter):
    page = show(Quiz(chapter, whole=True))
    for card, question in enumerate(questions(chapter)):
        node = page.locator(".card").nth(card)
        assert spoken(node.locator("h4")) == f"{card + 1}{plain(question['asks'])}"
        for place, answer in enumerate(question["answers"]):
            assert spoken(node.locator(".says").nth(place)) == plain(answer["says"])
    text = page.locator(".quiz").inner_text()
    assert not set("$\\`*{}") & set(text.replace("1e-8", ""))


def spoken(node):
    """A node's text, each formula as its name."""
    return node.evaluate("""(node) => {
      const of = (n) => n.nodeType === 3 ? n.data : n.getAttribute?.("role") === "math"
        ? n.getAttribute("aria-label") : [...n.childNodes].map(of).join("");
      return of(node);
    }""")


# ---------------------------------------------------------------- from one to the next, and keys


def test_it_goes_from_one_question_to_the_next(show):
    page = show()
    back, further = (page.get_by_role("button", name=name, exact=True) for name in ("Back", "Next"))
    expect(back).to_have_attribute("aria-disabled", "true")
    further.click()
    expect(page.locator(".card:visible h4")).to_be_focused()
    assert page.evaluate("model.get('at')") == 1
    for _ in range(5):
        further.click(force=True)
    assert page.evaluate("model.get('at')") == 4
    expect(further).to_have_attribute("aria-disabled", "true")
    page.locator(".numbers button").nth(2).click()
    expect(page.locator(".card:visible .number")).to_have_text("3")
    page.get_by_role("button", name="All at once").click()
    expect(page.locator(".card:visible")).to_have_count(5)
    expect(page.locator(".numbers")).to_be_hidden()
    expect(further).to_be_hidden()


def test_keys_do_it_all_and_stay_in_it(show):
    page = show()
    page.locator(".numbers button").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".card:visible .number")).to_have_text("2")
    page.keyboard.press("ArrowLeft")
    answers(page).first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    expect(answers(page).nth(3)).to_be_focused()
    assert given(page) == {}, "an arrow presses nothing"
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert given(settle(page)) == {FIRST["key"]: [3, 0]}
    assert page.evaluate("keys_out") == []


def test_python_gives_and_takes(show):
    page = show()
    page.evaluate("(given) => model.set('given', given)", {FIRST["key"]: [WRONG]})
    expect(page.locator("li.wrong .why")).to_be_visible()
    page.evaluate("model.set('at', 3)")
    expect(page.locator(".card:visible .number")).to_have_text("4")


# ---------------------------------------------------------------- kept


def test_the_browser_keeps_answers_until_one_begins_again(page_of):
    page = page_of()
    answers(page).nth(WRONG).click()
    page.get_by_role("button", name="Next", exact=True).click()
    answers(page).nth(0).click()
    page.reload()
    expect(page.locator(".told")).to_contain_text("Answered: 2 of 5")
    expect(page.locator("li.wrong .why").first).to_be_visible()
    page.get_by_role("button", name="Begin again").click()
    expect(page.locator(".told")).to_have_text("5 questions, none answered yet.")
    expect(page.locator(".why:visible")).to_have_count(0)
    expect(page.get_by_role("button", name="Begin again")).to_be_hidden()
    page.reload()
    expect(page.locator(".told")).to_have_text("5 questions, none answered yet.")


@pytest.mark.parametrize("kept", ['{"places": [7]}', "no JSON", '{"guess": "JS", "skipped": false}', "null", "[]"])
def test_what_is_no_answer_is_not_taken(page_of, kept):
    page = page_of()
    name = NAME.format(key=FIRST["key"], asks=FIRST["asks"])
    page.evaluate("([name, kept]) => localStorage.setItem(name, kept)", [name, kept])
    page.reload()
    expect(page.locator(".told")).to_have_text("5 questions, none answered yet.")
    answers(page).nth(WRONG).click()
    expect(page.locator("li.wrong .why")).to_be_visible()


def test_a_browser_that_keeps_nothing_shows_reasons_all_the_same(new_page, tmp_path):
    Quiz("02").to_html(tmp_path / "page.html")
    page = new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page.goto((tmp_path / "page.html").as_uri())
    answers(page).nth(WRONG).click()
    expect(page.locator("li.wrong .why")).to_be_visible()


def test_on_a_page_of_the_course_frames_tell_each_other_and_a_reload_keeps_it(new_page, tmp_path):
    content = 2 * Quiz("02").to_html().data + Quiz("03").to_html().data
    (tmp_path / "page.html").write_text(web_pages.page("Quizzes", content))
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri())
    first, second, other = (page.frame_locator("iframe").nth(k) for k in range(3))
    first.locator(".card:visible .answers button").nth(WRONG).click()
    expect(second.locator(".told")).to_contain_text("Answered: 1 of 5")
    page.reload()
    for where in (first, second):
        expect(where.locator("li.wrong .why")).to_be_visible()
    expect(other.locator(".told")).to_have_text("5 questions, none answered yet.")


def test_a_link_opens_a_question(new_page, tmp_path):
    Quiz("02").to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#at=2")
    expect(page.locator(".card:visible .number")).to_have_text("3")


# ---------------------------------------------------------------- look


def test_it_fits_can_be_read_and_has_names(show):
    page = show(Quiz("01", whole=True), **NARROW)  # its formulas are the longest
    for place in range(4):
        page.locator(".card").nth(0).locator(".answers button").nth(place).click()
    for width, _ in looks(page, (320, 420, 1400)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == []
        assert min(page.evaluate(CONTRAST))[0] >= 4.5
    assert nameless(page) == []
    follows_the_theme(page)


def test_a_view_goes_quietly(show):
    page = show()
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
