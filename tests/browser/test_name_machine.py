"""The name machine on a blank page: typing, a kernel, none, the game, text that looks like HTML, its look."""

import pytest
from helpers.controls import REAL_NAMES, Endings, by_length, name_machine
from helpers.lab import rooted, settle
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
            told = ("answer",) if wish["do"] == "complete" else ("guesses", "pairs", "dealt")
            state = packed({name: getattr(self.control, name) for name in told})
            self.page.evaluate("(state) => { for (const name in state) model.set(name, state[name]); }", state)
        settle(self.page)
        return [wish["asked"]["beginning"] if wish["do"] == "complete" else wish["do"] for wish in asked]

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


UNDERLINED = """() => [...root().querySelectorAll(".names bdi")]
    .filter((n) => getComputedStyle(n).textDecorationStyle === "dotted").map((n) => n.textContent)"""


def test_names_that_stand_in_the_list_are_underlined_and_said_to(show, new_page, tmp_path):
    control = name_machine(known=["malin", "maiel", "ro"], beginning="ma")
    page, kernel = show(control)
    assert page.evaluate(UNDERLINED) == ["malin"] * 2 + ["maiel"] * 3
    about = page.locator(".names li", has_text="malin").first
    assert about.get_attribute("aria-description") == "malin: stands in the list"
    assert page.locator(".names li", has_text="matens").first.get_attribute("aria-description") is None
    foot = page.locator(".panel.machine footer span").all_text_contents()
    assert foot[1:] == [
        "temperature T: letters by softmax(logits / T); T below 1: the likely ones more often",
        "one row: the same luck in each column",
        "underlined: a name that stands in the list",
    ]
    page.get_by_label("beginning").fill("")
    kernel.answers()
    assert page.evaluate(UNDERLINED) == ["ro"] * 2
    control.to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page = rooted(page)
    assert settle(page).evaluate(UNDERLINED) == ["malin"] * 2 + ["maiel"] * 3
    page, _ = show(NameMachine({"A": Endings("a")}, REAL_NAMES))
    assert "luck" not in page.locator(".panel.machine footer").text_content()


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
    under = lambda node: page.locator(node).first.bounding_box()["y"]  # noqa: E731
    assert under(".moves") < under(".panel.machine .note") < under(".columns")
    for typed, wanted in {
        "mä漢": "No name in the list has ä, 漢, so the networks are not asked for it. Still shown: names that",
        "👩‍👧🏽": "No name in the list has 👩‍👧🏽, so the networks are not asked for it. Still shown: names",
        "שלום": "No name in the list has ש, ל, ו, so",
        "m b": "No name in the list has the space, so",
        EVIL: "No name in the list has <, g, the space, so",
        "m" * 8: "You typed 8 letters; the longest name in the list has 7. Still shown: names that begin with ma.",
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
    assert names(page)[0][:2] == [EVIL, "(ended at once)"] and page.locator("h4").first.text_content() == EVIL
    page.get_by_label("temperature").fill("4")
    kernel.answers()
    assert note(page) == f"No names could be made: RuntimeError: {EVIL}" and names(page)[0][0] == EVIL
    page.get_by_label("beginning").fill("<img src=x onerror=")
    page.get_by_label("temperature").fill("3")
    while kernel.answers():
        pass
    assert names(page)[0][4] == "<img src=x onerror=a"
    page.get_by_role("tab", name="Which name").click()
    settle(page).locator(".asked").focus()  # what is hidden takes none
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
        assert told.startswith(f"{word}: {true} is real, {made} was made by {pair['by']}. D gives")
        d = pair["judged"][pair["real"]] - pair["judged"][1 - pair["real"]]
        more = "the real name more: right" if d > 0 else "the made name more: wrong" if d < 0 else "both the same: its"
        assert f"D gives {more}" in told
        assert page.locator(".is-made .origin").text_content().startswith(f"made by {pair['by']}, D: 0.")
        page.keyboard.press("Enter")
    assert page.evaluate("model.get('guesses')") == [
        pair["real"] if k not in wrong else 1 - pair["real"] for k, pair in enumerate(pairs)
    ]
    d = sum((pair["judged"][1] > pair["judged"][0]) == pair["real"] for pair in pairs)
    rows = [each.locator("td").all_text_contents() for each in page.locator(".score tr").all()[1:]]
    of = {label: [k for k, pair in enumerate(pairs) if pair["by"] == label] for label in ("MLE", "GAN")}
    you = [f"{len(ks) - len(wrong & set(ks))}/{len(ks)}" for ks in (range(10), *of.values())]
    assert rows[0] == you and rows[1][0] == f"{d}/10" and rows[2] == ["2–8", "0–5", "0–5"]
    assert page.locator(".score .head th").all_text_contents() == ["right, against", "all", "MLE", "GAN"]
    assert page.locator(".verdict").text_content() == (
        "You have 8 of 10. By guessing one has 2 to 8 in at least 95 of 100 games. Yours may be luck. "
        "These were all the rounds."
    )
    track, band, at = (page.locator(f".track{each}").bounding_box() for each in ("", " .band", " .at-you"))
    share = lambda x: (x - track["x"] - 1) / (track["width"] - 2)  # noqa: E731
    assert share(band["x"]) == pytest.approx(0.2, abs=0.01) and band["width"] / track["width"] == pytest.approx(
        0.6, 0.02
    )
    assert share(at["x"] + at["width"] / 2) == pytest.approx(0.8, abs=0.01)
    assert page.evaluate("keys_out") == []


def failing(names):
    raise RuntimeError(EVIL)


def over(page, rounds):
    """A game that is played to its end."""
    for _ in range(rounds):
        page.locator(".asked").focus()
        page.keyboard.press("1")
        settle(page)
        page.keyboard.press("Enter")
        settle(page)
    return page.get_by_role("button", name="Start again")


def test_start_again_asks_for_other_names_and_tells_where_there_are_none(show):
    control = name_machine(rounds=3, tab="game")
    page, kernel = show(control)
    start, before = over(page, 3), page.locator(".card bdi").all_text_contents()
    start.evaluate("(node) => { node.focus(); node.click(); node.click(); }")  # once is enough
    assert settle(page).locator(".fault").text_content() == "computing …"
    start.press("Enter")
    assert kernel.waits() == 1 and page.locator(".round").text_content().startswith("Round 3 of 3")
    control.guesses, whole = [0, 0, 0], control._game
    control._game = whole._replace(judge=failing)
    assert kernel.answers() == ["deal"]
    assert page.locator(".fault").text_content() == (
        f"The rounds stay as they are, as there are no other names: RuntimeError: {EVIL}"
    )
    assert page.locator(".card bdi").all_text_contents() == before and start.is_visible()
    control._game = whole
    start.press("Enter")
    assert kernel.answers() == ["deal"] and page.locator(".fault").text_content() == ""
    assert page.locator(".round").text_content().startswith("Round 1 of 3") and start.is_hidden()
    assert page.locator(".card bdi").all_text_contents() == control.pairs[0]["names"] != before
    assert page.locator(".score .you td").all_text_contents() == ["–"] * 3
    assert page.evaluate("root().activeElement.className") == "asked"  # keys go on
    page.keyboard.press("2")
    told = settle(page).locator(".result").text_content()
    assert ("Right" if control.pairs[0]["real"] == 1 else "Wrong") in told
    assert page.evaluate("model.get('guesses')") == [1]


def test_a_deal_that_the_kernel_does_not_answer_is_told(show):
    page, kernel = show(name_machine(rounds=2, tab="game"))
    start = over(page, 2)
    page.evaluate("window.setTimeout = ((set) => (act, ms) => set(act, ms / 50))(window.setTimeout)")
    start.click()
    expect(page.locator(".fault")).to_contain_text("No answer from the kernel yet")
    kernel.answers()
    assert page.locator(".fault").text_content() == "" and page.locator(".round").text_content().startswith("Round 1")


def test_the_score_does_not_move_while_one_plays(show):
    labels = {"likelihood": Endings("ro"), "early": Endings("lin"), "SeqGAN": Endings("hart"), "four": Endings("q")}
    control = NameMachine(labels, [*REAL_NAMES, "schneider"], by_length, rounds=12, tab="game")
    control.pairs = [{**pair, "names": ["schneider", "zimmermann"]} for pair in control.pairs] * 5
    for width in (420, 850):
        page, _ = show(control, viewport={"width": width, "height": 900})
        places = set()
        for _ in control.pairs[:20]:
            places.add(settle(page).evaluate(PLACES))
            page.locator(".asked").focus()
            page.keyboard.press("1")
            places.add(settle(page).evaluate(PLACES))
            page.keyboard.press("Enter")
        assert len(places) == 1
        assert page.evaluate(LINES) == [1] * len(page.evaluate(LINES))


PLACES = """() => [...root().querySelectorAll(".score th, .score td, .verdict")]
    .map((n) => { const {x, y, right} = n.getBoundingClientRect(); return [x, y, right].map(Math.round); }).join()"""
LINES = """() => [...root().querySelectorAll(".score th, .score td, .card bdi")].map((n) => {
    const words = document.createRange();
    words.selectNodeContents(n);
    return new Set([...words.getClientRects()].map(({y}) => Math.round(y))).size; })"""


def test_a_game_goes_on_where_it_stood_and_without_a_judge_has_no_d(show):
    page, _ = show(name_machine(rounds=12, tab="game", judge=None, guesses=[0] * 7))
    assert page.locator(".round").text_content().startswith("Round 8 of 12")
    assert page.locator(".score .d").count() == page.locator(".at-d").count() == 0
    page.locator(".card").nth(1).click()
    assert "D" not in settle(page).locator(".cards").text_content()
    page, _ = show(name_machine(tab="game", judge=lambda names: [0.5] * len(names)))
    page.locator(".card").first.click()
    assert settle(page).locator(".result").text_content().endswith("D gives both the same: its choice is the first.")
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
    first = page.locator(".card bdi").all_text_contents()
    page.locator(".card").first.click()
    assert settle(page).locator(".result").text_content()[:5] in ("Right", "Wrong")
    over(page, len(control.pairs))
    page.get_by_role("button", name="Start again, with the same names").click()
    assert settle(page).locator(".round").text_content().startswith("Round 1 of")
    assert page.locator(".card bdi").all_text_contents() == first


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


def test_three_columns_stand_beside_each_other_on_a_narrow_page(show):
    three = {label: Endings("tens", "hart") for label in ("likelihood", "early", "SeqGAN")}
    page, _ = show(NameMachine(three, REAL_NAMES), viewport={"width": 420, "height": 700})
    boxes = [each.bounding_box() for each in page.locator(".columns section").all()]
    assert len({box["y"] for box in boxes}) == 1 and len({box["x"] for box in boxes}) == 3
    assert page.locator(".names").first.evaluate("(node) => getComputedStyle(node).fontSize") == "14px"


def test_it_follows_the_theme_and_goes_quietly(show):
    page, _ = show()
    follows_the_theme(page)
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
