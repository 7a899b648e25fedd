"""Guess on a page: the answer waits, then both are seen; keys, names, what is kept; and the list of all guesses."""

import math

import pytest
import web_pages
from helpers.lab import settle
from helpers.look import follows_the_theme
from helpers.pixels import near as coloured
from helpers.screen import shot
from helpers.value_page import drag, nameless, page_with
from playwright.sync_api import expect

from gan_edu.core.notebook.figures import Picture, show, subplots
from gan_edu.widgets import Guess, Guesses
from gan_edu.widgets.guess.widget import ASKED, TRAITS

pytestmark = pytest.mark.browser
GAPS = [3 * k / 60 for k in range(61)]
SECRET = "ten times smaller, says the secret"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setenv("GAN_EDU_PACE", "lesson")
    ASKED.clear()


def number():
    figure, axes = subplots(figsize=(4, 2))
    axes.set_facecolor("#ff00ff")
    asked = Guess.number("error", "How many times smaller?", 1, 1000, unit="×", log=True, near=2)
    return asked.answer(10, SECRET, show(figure, "a secret figure"))


def choice():
    return Guess.choice("which", "Which is largest?", ["KL", "reverse KL", "JS"]).answer("JS")


def curve():
    asked = Guess.curve("js", "How does JS grow?", (0, 3), (0, 1), labels=("gap", "JS"))
    return asked.answer((GAPS, [math.log(2) * min(1, gap) for gap in GAPS]))


@pytest.fixture
def show_it(new_page):
    def make(control, **context):
        return page_with(new_page, control, (*TRAITS, "words"), **context)

    return make


@pytest.fixture
def page_of(new_page, tmp_path):
    """The page that a control writes for where no kernel is."""

    def make(control, **context):
        control.to_html(tmp_path / "page.html")
        page = new_page(**context)
        page.goto((tmp_path / "page.html").as_uri())
        return settle(page)

    return make


def typed(page, text):
    field = page.get_by_label("your guess, typed")
    field.fill(text)
    field.press("Enter")
    return settle(page)


def made(page):
    return page.evaluate("model.get('guess')")


# ---------------------------------------------------------------- the answer waits, then both are seen


def test_a_figure_and_a_text_wait_for_a_number(page_of):
    page = page_of(number())
    expect(page.locator(".waits")).to_be_visible()
    assert SECRET not in page.locator(".guess").inner_text()
    expect(page.get_by_role("img", name="a secret figure")).to_be_hidden()
    assert not coloured(shot(page.locator(".guess")), "#ff00ff").any()
    typed(page, "30")
    expect(page.locator(".told")).to_have_text("You guessed 30 ×, it is 10 ×. That is a factor of 3 too high.")
    assert page.locator(".side-of").all_inner_texts() == ["your guess\n30 ×", "answer\n10 ×", "off by\na factor of 3"]
    expect(page.get_by_text(SECRET)).to_be_visible()
    picture = page.get_by_role("img", name="a secret figure")
    expect(picture).to_be_visible()
    page.wait_for_function("(node) => node.width === 400", arg=picture.element_handle())
    assert coloured(shot(picture), "#ff00ff").mean() > 0.3


@pytest.mark.parametrize("drawn", [True, False])
def test_a_held_figure_follows_a_dark_theme_and_a_photograph_does_not(page_of, drawn):
    picture = Picture(show(subplots()[0], "a figure").png, "a figure", drawn=drawn)
    asked = Guess.choice("which", "Which is largest?", ["KL", "JS"]).answer("JS", picture)
    page = page_of(asked, color_scheme="dark")
    page.get_by_role("button", name="JS").click()
    figure = page.get_by_role("img", name="a figure")
    expect(figure).to_have_css("filter", "invert(0.9) hue-rotate(180deg)" if drawn else "none")
    page.emulate_media(color_scheme="light")
    expect(figure).to_have_css("filter", "none")


def test_both_marks_stand_where_the_numbers_are(page_of):
    page = typed(page_of(number()), "100")
    track = page.locator(".track").bounding_box()
    for mark, place in (("answer", 1 / 3), ("guess", 2 / 3)):
        box = page.locator(f".{mark}-mark").bounding_box()
        assert box["x"] + box["width"] / 2 == pytest.approx(track["x"] + place * track["width"], abs=1)


def test_a_number_is_slid_by_keys_and_the_middle_is_no_guess(show_it):
    page = show_it(number())
    page.get_by_role("button", name="Guess", exact=True).click(force=True)
    assert made(page) is None
    slider = page.get_by_label("your guess", exact=True)
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "1 ×")
    slider.press("End")
    slider.press("Enter")
    assert made(settle(page)) == 1000
    assert page.evaluate("keys_out") == []


@pytest.mark.parametrize("text", ["0.5", "1001", "many", "−3", "0", "1e9"])
def test_what_is_no_number_of_the_range_is_told(show_it, text):
    page = show_it(number())
    field = page.get_by_label("your guess, typed")
    field.press("Enter")
    expect(page.get_by_text("Move the slider or type a number first.")).to_be_visible()
    field.fill(text)
    expect(page.get_by_text("A number from 1 to 1000, please.")).to_be_visible()
    field.press("Enter")
    assert made(settle(page)) is None
    expect(page.get_by_text("A number from 1 to 1000, please.")).to_be_visible()


def test_a_choice_is_made_by_a_press(show_it):
    page = show_it(choice())
    assert "answer" not in page.locator(".guess").inner_text().replace("The answer", "").replace("the answer", "")
    page.get_by_role("button", name="reverse KL").press("Enter")
    expect(page.locator(".told")).to_have_text("You chose “reverse KL”; it is “JS”.")
    assert page.locator(".chosen li").all_inner_texts() == ["KL", "reverse KL\nyour guess", "JS\nanswer"]
    assert made(page) == "reverse KL"


def test_a_curve_is_drawn_and_both_stand_in_one_plot(show_it):
    page = show_it(curve())
    box = page.locator(".curve-box").first
    assert page.locator("path.series").count() == 0
    wide = box.bounding_box()["width"]
    drag(page, box, wide / 2 - 30, steps=12)
    page.get_by_role("button", name="Guess", exact=True).click()
    guess = made(settle(page))
    assert len(guess) == 41 and all(0.4 < y < 0.6 for y in guess)
    both = page.locator(".answer path.series")
    assert both.evaluate_all("all => all.map((n) => n.getAttribute('class'))") == [
        "series answer-line",
        "series guess-line",
    ]
    asked = curve()
    asked.guess = guess
    off = round(100 * asked.reading["away"])
    expect(page.locator(".told")).to_contain_text(f"{off} % of the height away")
    ends = both.first.evaluate("(n) => [0, n.getTotalLength()].map((at) => n.getPointAtLength(at).y)")
    assert ends[0] - ends[1] == pytest.approx(math.log(2) * (230 - 28), abs=1)  # 0 to log 2 nats of a plot 202 high


def test_a_curve_is_drawn_by_keys(show_it):
    page = show_it(curve())
    box = page.get_by_role("slider", name="your curve")
    box.focus()
    for key in ("Home", *["ArrowDown"] * 20, "End", *["ArrowUp"] * 20):
        box.press(key)
    expect(box).to_have_attribute("aria-valuetext", "at gap = 3: JS = 0.5")
    box.press("Enter")
    guess = made(settle(page))
    assert guess[0] == 0 and guess[-1] == pytest.approx(0.5) and guess[20] == pytest.approx(0.25)
    assert page.evaluate("keys_out") == []


def test_a_curve_that_was_wiped_away_is_none(show_it):
    page = show_it(curve())
    drag(page, page.locator(".curve-box").first, 60)
    page.get_by_role("button", name="Clear").click()
    page.locator(".curve-box").first.press("Enter")
    assert made(page) is None
    expect(page.get_by_text("Draw a curve first.")).to_be_visible()


# ---------------------------------------------------------------- without a guess, and again


@pytest.mark.parametrize("make", [number, choice, curve])
def test_the_first_key_after_the_question_shows_the_answer_without_a_guess(page_of, make):
    page = page_of(make())
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main div').shadowRoot.activeElement.textContent") == (
        "Show the answer without guessing"
    )
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_have_text("The answer, without a guess.")
    expect(page.get_by_role("group", name="answer")).to_be_focused()
    expect(page.locator(".live")).to_have_text("The answer, without a guess.")
    assert page.locator(".guess-mark, .is-guess, path.guess-line").count() == 0


def test_one_may_guess_again(page_of):
    page = typed(page_of(number()), "30")
    page.get_by_role("button", name="Guess again").click()
    expect(page.locator(".waits")).to_be_visible()
    expect(page.get_by_text(SECRET)).to_be_hidden()
    typed(page, "10")
    expect(page.locator(".told")).to_have_text("You guessed 10 ×, and 10 × it is.")


def test_at_test_pace_nothing_waits(show_it, monkeypatch):
    monkeypatch.setenv("GAN_EDU_PACE", "test")
    page = show_it(number())
    expect(page.get_by_text(SECRET)).to_be_visible()
    expect(page.locator(".waits")).to_be_hidden()


def test_python_gives_the_answer_later(show_it):
    page = show_it(Guess.number("later", "How many?", 0, 10))
    typed(page, "3")
    expect(page.get_by_text("Your guess is kept. The answer comes further down.")).to_be_visible()
    page.evaluate("model.set('truth', 5)")
    expect(page.locator(".told")).to_have_text("You guessed 3, it is 5. That is 2 too low.")


# ---------------------------------------------------------------- kept


def test_the_browser_keeps_a_guess(page_of):
    page = typed(page_of(number()), "30")
    page.reload()
    expect(page.locator(".told")).to_contain_text("You guessed 30 ×")
    page.get_by_role("button", name="Guess again").click()
    page.reload()
    expect(page.locator(".waits")).to_be_visible()


@pytest.mark.parametrize("kept", ['{"guess": 5000, "skipped": false}', "no JSON", '{"guess": "JS", "skipped": false}'])
def test_what_another_question_left_is_no_guess(page_of, kept):
    page = page_of(number())
    page.evaluate("(kept) => localStorage.setItem('gan_edu.guess/error/How many times smaller?', kept)", kept)
    page.reload()
    expect(page.locator(".waits")).to_be_visible()


def test_a_browser_that_keeps_nothing_shows_the_answer_all_the_same(new_page, tmp_path):
    number().to_html(tmp_path / "page.html")
    page = new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page.goto((tmp_path / "page.html").as_uri())
    expect(typed(page, "30").get_by_text(SECRET)).to_be_visible()


# ---------------------------------------------------------------- all guesses


def test_all_guesses_are_listed_with_how_far_off_they_were(new_page):
    asked = [number(), choice(), curve(), Guess.number("open", "How many are open?", 0, 10).answer(4.5)]
    listed = Guesses()
    asked[0].guess, asked[1].guess, asked[2].skipped = 12.0, "KL", True
    page = page_with(new_page, listed, ("rows", "words"))
    expect(page.locator(".told")).to_have_text(
        "Near: 1 of 2 guesses. The ones that surprised you show best what there was to learn."
    )
    lines = page.locator(".all li").all_inner_texts()
    assert lines[0].endswith("near") and lines[1].endswith("far off")
    assert "shown without a guess: from 0 to 0.6931" in lines[2]
    assert "not guessed yet" in lines[3] and "4.5" not in lines[3]
    zone, mark, far = (
        page.locator(each).first.bounding_box() for each in (".zone", ".guess-mark", "li:nth-child(2) .guess-mark")
    )
    assert zone["x"] <= mark["x"] + 7 <= zone["x"] + zone["width"] < far["x"]
    asked[3].guess = 4.5
    page.evaluate("(rows) => model.set('rows', rows)", listed.rows)
    expect(page.locator(".told")).to_contain_text("Near: 2 of 3 guesses.")


# ---------------------------------------------------------------- look


@pytest.mark.parametrize("width", [320, 1400])
@pytest.mark.parametrize("make", [number, choice, curve])
def test_it_fits_has_names_and_follows_the_theme(show_it, make, width):
    asked = make()
    page = show_it(asked, viewport={"width": width, "height": 900})
    for open_ in (False, True):
        if open_:
            page.get_by_role("button", name="Show the answer").click()
            settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert nameless(page) == []
    follows_the_theme(page)


def test_a_view_goes_quietly(show_it):
    page = show_it(number())
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0


def test_on_a_page_of_the_course_the_frames_tell_each_other(new_page, tmp_path):
    asked = number()
    content = "".join(each.to_html().data for each in (asked, choice(), asked, Guesses()))
    (tmp_path / "page.html").write_text(web_pages.page("Guesses", content))
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri())
    first, _, second, listed = (page.frame_locator("iframe").nth(k) for k in range(4))
    expect(listed.locator(".told")).to_contain_text("No guess so far")
    first.get_by_label("your guess, typed").fill("12")
    first.get_by_role("button", name="Guess", exact=True).click()
    for where in (first, second):
        expect(where.locator(".told")).to_contain_text("you guessed 12 ×")
    expect(listed.locator(".told")).to_contain_text("Near: 1 of 1 guess.")
    page.reload()
    expect(first.locator(".told")).to_contain_text("you guessed 12 ×")
    expect(listed.locator(".told")).to_contain_text("Near: 1 of 1 guess.")
    second.get_by_role("button", name="Guess again").click()
    expect(first.locator(".waits")).to_be_visible()
    expect(listed.locator(".told")).to_contain_text("No guess so far")
