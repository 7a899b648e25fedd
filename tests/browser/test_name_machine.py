"""The name machine on a blank page: typing, a kernel, none, the game, text that looks like HTML, its look."""

import pytest
from helpers.controls import REAL_NAMES, Endings, name_machine
from helpers.lab import settle
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.value_page import nameless, packed, page_with
from playwright.sync_api import expect

from gan_edu.core.notebook.words import set_language
from gan_edu.widgets import NameMachine

pytestmark = pytest.mark.browser
EVIL = "<img src=x onerror=boom()>&amp;\"'*"


class Kernel:
    """A page with a control, and the control as its kernel: it answers when it is told to."""

    def __init__(self, page, control):
        self.page, self.control = page, control
        page.evaluate("() => { window.asked = []; model.send = (wish) => asked.push(structuredClone(wish)); }")

    def answers(self):
        """What was asked, each with its answer given back."""
        settle(self.page)
        asked = self.page.evaluate("asked.splice(0)")
        for wish in asked:
            self.control._handle_custom_msg(wish, [])
            self.page.evaluate("(answer) => model.set('answer', answer)", packed(self.control.answer))
        settle(self.page)
        return [wish["asked"]["beginning"] for wish in asked]

    def waits(self):
        """How many questions are on their way."""
        return settle(self.page).evaluate("asked.length")


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        control = control or name_machine()
        page = page_with(new_page, control, **{"viewport": {"width": 850, "height": 700}, **context})
        return page, Kernel(page, control)

    return make


def names(page):
    settle(page)
    return [each.locator("li").all_text_contents() for each in page.locator(".names").all()]


def note(page):
    return (settle(page).locator(".panel.machine .note").text_content() or "").translate({0x2068: "", 0x2069: ""})


def asked_for(page, control):
    """What Python would show for what stands in the page."""
    for name in ("temperature", "beginning", "take"):
        setattr(control, name, page.evaluate("(name) => model.get(name)", name))
    return list(control.names().values())


# ---------------------------------------------------------------- the machine


def test_it_opens_with_pythons_names_and_asks_for_what_is_set(show):
    control = name_machine(beginning="mi", temperature=0.7)
    page, kernel = show(control)
    field = page.get_by_label("beginning")
    assert names(page) == list(control.names().values()) and kernel.waits() == 0 and note(page) == ""
    assert field.input_value() == "mi" and page.locator(".names b").first.text_content() == "mi"
    page.get_by_label("temperature").press("ArrowRight")
    page.get_by_role("button", name="Again").click()
    assert note(page) == "computing …" and page.locator(".names.stale").count() == 2
    while kernel.answers():
        pass
    assert names(page) == asked_for(page, control) and (control.temperature, control.take) == (0.85, 1)
    assert page.locator(".stale").count() == 0 and note(page) == ""
    page.evaluate("model.set('beginning', 'ste')")  # by Python
    while kernel.answers():
        pass
    assert field.input_value() == "ste" and names(page) == asked_for(page, control)


def test_typing_is_one_question_at_a_time_and_the_newest_is_answered(show):
    page, kernel = show()
    page.get_by_label("beginning").press_sequentially("M")
    assert kernel.waits() == 1
    page.get_by_label("beginning").press_sequentially("artin")
    assert kernel.waits() == 1  # however many letters there are since
    assert kernel.answers() == ["m"] and note(page) == "computing …"
    assert kernel.answers() == ["martin"] and kernel.answers() == []
    assert names(page) == asked_for(page, kernel.control) and names(page)[0][0].startswith("martin")
    assert page.get_by_label("beginning").input_value() == "Martin" and page.evaluate("keys_out") == []
    page.get_by_label("beginning").fill("m")  # known by now
    assert kernel.waits() == 0 and note(page) == "" and names(page) == asked_for(page, kernel.control)


def test_odd_text_has_a_word_and_nothing_is_lost(show):
    page, kernel = show(name_machine(beginning="ma"))
    field, before = page.get_by_label("beginning"), names(page)
    for typed, wanted in {
        "mä漢": "No real name has ä, 漢, so the networks are not asked for it. Still shown: names that begin with ma.",
        "👩‍👧🏽": "No real name has 👩‍👧🏽, so the networks are not asked for it. Still shown: names",
        "שלום": "No real name has ש, ל, ו, so",
        "m b": "No real name has the space, so",
        EVIL: "No real name has <, g, the space, so",
        "m" * 8: "You typed 8 letters; the longest real name has 7. Still shown: names that begin with ma.",
        "m" * 100_000: "You typed 100,000 letters",
    }.items():
        field.fill(typed)
        assert note(page).startswith(wanted), typed
        assert field.input_value() == typed and names(page) == before
        assert field.get_attribute("aria-invalid") == "true" and page.locator(".names.stale").count() == 2
    assert kernel.waits() == 0 and page.evaluate("model.get('beginning')") == "ma"
    field.fill(" ma ")
    assert note(page) == "" and page.locator(".stale").count() == 0 and field.get_attribute("aria-invalid") is None
    field.fill("")
    assert kernel.answers() == [""] and names(page) == asked_for(page, kernel.control)


class Odd(Endings):
    """Its names look like HTML, are empty, long, or run from right to left."""

    def complete(self, beginning, temperature, count, seed):
        if temperature > 1:
            raise RuntimeError(EVIL)
        return [beginning + each for each in (EVIL, "", "x" * 400, "שלום", "a", "b", "c", "d", "e", "f")][:count] + [
            beginning + "q" * k for k in range(count - 10)
        ]


class Copies:
    """It makes one name, which is real."""

    def complete(self, beginning, temperature, count, seed):
        return ["martin"] * count


def test_names_labels_and_faults_are_text(show):
    control = NameMachine({EVIL: Odd(), "漢字" * 30: Odd()}, [*REAL_NAMES, EVIL], rounds=4)
    page, kernel = show(control, viewport={"width": 420, "height": 700})
    assert names(page)[0][:2] == [EVIL, "(no letter)"] and page.locator("h4").first.text_content() == EVIL
    page.get_by_label("temperature").fill("4")
    kernel.answers()
    assert note(page) == f"No names could be made: RuntimeError: {EVIL}" and names(page)[0][0] == EVIL
    page.get_by_label("beginning").fill("<img src=x onerror=")
    page.get_by_label("temperature").fill("3")
    while kernel.answers():
        pass
    assert names(page)[0][4] == "<img src=x onerror=a"
    page.get_by_role("tab", name="Which name").click()
    page.locator(".asked").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        assert EVIL in settle(page).locator(".playing").text_content()
        page.keyboard.press("Enter")
    assert settle(page).evaluate("root().querySelectorAll('img, script').length") == 0
    assert page.evaluate(OUTSIDE) == [] and page.evaluate("document.documentElement.scrollWidth") <= 420


def test_a_kernel_that_is_silent_is_told_and_what_comes_late_is_shown(show):
    page, kernel = show()
    page.evaluate("window.setTimeout = ((set) => (act, ms) => set(act, ms / 50))(window.setTimeout)")
    page.get_by_role("button", name="Again").click()
    expect(page.locator(".panel.machine .note")).to_contain_text("No answer from the kernel yet")
    kernel.answers()
    assert note(page) == "" and names(page) == asked_for(page, kernel.control)


# ---------------------------------------------------------------- the game


def test_a_game_by_keys_is_scored_beside_d_and_luck(show):
    control = name_machine(rounds=10, tab="game")
    page, kernel = show(control)
    pairs, wrong = control.pairs, {2, 5}
    page.locator(".asked").focus()
    for k, pair in enumerate(pairs):
        assert settle(page).locator(".round").text_content() == f"Round {k + 1} of 10: which name is real?"
        assert page.locator(".card bdi").all_text_contents() == pair["names"]
        assert pair["by"] not in page.locator(".cards").text_content()  # not before one has chosen
        place = pair["real"] if k not in wrong else 1 - pair["real"]
        page.keyboard.press(("1", "2")[place] if k % 2 else ("ArrowLeft", "ArrowRight")[place])
        page.keyboard.press("1")  # once chosen is chosen
        told = settle(page).locator(".result").text_content().translate({0x2068: "", 0x2069: ""})
        true, made = pair["names"][pair["real"]], pair["names"][1 - pair["real"]]
        word = "Wrong" if k in wrong else "Right"
        assert told.startswith(f"{word}: {true} is real, {made} was made by {pair['by']}. D is")
        assert page.locator(".is-made .origin").text_content().startswith(f"made by {pair['by']}, D: 0.")
        page.keyboard.press("Enter")
    assert page.evaluate("model.get('guesses')") == [
        pair["real"] if k not in wrong else 1 - pair["real"] for k, pair in enumerate(pairs)
    ]
    d = sum((pair["judged"][1] > pair["judged"][0]) == pair["real"] for pair in pairs)
    rows = [each.locator("td").all_text_contents() for each in page.locator(".score tr").all()[1:]]
    of = {label: [k for k, pair in enumerate(pairs) if pair["by"] == label] for label in ("MLE", "GAN")}
    you = [f"{len(ks) - len(wrong & set(ks))} of {len(ks)}" for ks in (range(10), *of.values())]
    assert rows[0] == you and rows[1][0] == f"{d} of 10" and rows[2] == ["2 to 8", "0 to 5", "0 to 5"]
    assert page.locator(".panel.game .words").text_content() == (
        "You have 8 of 10. By guessing one has 2 to 8 in at least 95 of 100 games. Yours may be luck. "
        "These were all the rounds."
    )
    track, band, at = (page.locator(f".track{each}").bounding_box() for each in ("", " .band", " .at-you"))
    share = lambda x: (x - track["x"] - 1) / (track["width"] - 2)  # noqa: E731
    assert share(band["x"]) == pytest.approx(0.2, abs=0.01) and band["width"] / track["width"] == pytest.approx(
        0.6, 0.02
    )
    assert share(at["x"] + at["width"] / 2) == pytest.approx(0.8, abs=0.01)
    page.get_by_role("button", name="Start again").click()
    assert page.evaluate("model.get('guesses')") == [] and kernel.waits() == 0
    assert settle(page).locator(".round").text_content().startswith("Round 1 of 10")
    assert page.evaluate("keys_out") == []


def test_a_game_goes_on_where_it_stood_and_without_a_judge_has_no_d(show):
    page, _ = show(name_machine(rounds=12, tab="game", judge=None, guesses=[0] * 7))
    assert page.locator(".round").text_content().startswith("Round 8 of 12")
    assert page.locator(".score .d").count() == page.locator(".at-d").count() == 0
    page.locator(".card").nth(1).click()
    assert "D" not in settle(page).locator(".cards").text_content()
    page, _ = show(NameMachine({"A": Copies()}, ["martin", "brotin"], tab="game"))
    assert page.locator(".panel.game .note").text_content().startswith("No network made a name that is not")


# ---------------------------------------------------------------- without a kernel


def test_a_page_holds_names_and_the_game(new_page, tmp_path):
    control = name_machine(beginning="ste")
    control.to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#temperature=0.5&take=1")
    control.temperature, control.take = 0.5, 1
    assert names(page) == list(control.names().values())
    assert page.get_by_role("textbox").count() == 0
    assert note(page) == "With a kernel you type any beginning, and “Again” never repeats itself."
    page.get_by_role("button", name="br", exact=True).click()
    for take in (2, 0):
        page.get_by_role("button", name="Again").click()
        control.beginning, control.take = "br", take
        assert names(page) == list(control.names().values())
    page.get_by_role("tab", name="Name machine").press("ArrowRight")
    page.locator(".card").first.click()
    assert settle(page).locator(".result").text_content()[:5] in ("Right", "Wrong")


# ---------------------------------------------------------------- its look


@pytest.mark.parametrize("width, lang", [(320, "en"), (420, "zh"), (850, "en"), (1400, "zh")])
def test_it_fits_has_names_and_can_be_read(show, width, lang):
    try:
        set_language(lang)
        page, _ = show(name_machine(guesses=[0, 1, 1]), viewport={"width": width, "height": 900})
    finally:
        set_language("en")
    for tab in ("machine", "game"):
        page.evaluate("(tab) => model.set('tab', tab)", tab)
        for theme in ("true", "false"):
            page.evaluate("(theme) => { document.body.dataset.jpThemeLight = theme; }", theme)
            settle(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE) == [] and nameless(page) == []
            assert "{" not in page.evaluate("root().querySelector('.replay').outerHTML")
            assert [each for each in page.evaluate(CONTRAST) if each[0] < 4.5] == []


def test_it_follows_the_theme_and_goes_quietly(show):
    page, _ = show()
    follows_the_theme(page)
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
