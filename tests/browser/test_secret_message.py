"""The secret message on a blank page: what it shows against Python, typing, playing, a key of one's own, its look."""

import pytest
from helpers.controls import CIPHER, secret_message, sharpening
from helpers.lab import settle
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.value_page import nameless, packed, page_with
from playwright.sync_api import expect

from gan_edu.core.data.ciphers import keyword_key
from gan_edu.core.notebook.words import set_language
from gan_edu.widgets.secret_message import training

pytestmark = pytest.mark.browser
EVIL = "<img src=x onerror=boom()>&amp;\"'*"
TELL = "(own) => model.set('own', inside('unpacked')(own))"  # as a kernel does
NARROW = {"width": 420, "height": 900}
BARE = {0x2068: "", 0x2069: ""}


@pytest.fixture
def show(new_page, monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    monkeypatch.setattr(training, "RATE", 10**9)

    def make(control=None, **context):
        context = {"viewport": {"width": 850, "height": 800}, **context}
        page = page_with(new_page, control or secret_message(), **context)
        page.evaluate("() => { window.asked = []; model.send = (wish) => asked.push(structuredClone(wish)); }")
        return page

    return make


def row(page, kind):
    return "".join(page.locator(f".sign-column .{kind}").all_text_contents())


def shown(page):
    """(message, enciphered, read, share in percent) on the page."""
    settle(page)
    told = page.locator(".told").text_content()
    return row(page, "plain"), row(page, "sealed").lower().replace("␣", " "), row(page, "read"), told


def in_python(control):
    right = sum(a == b for a, b in zip(control.deciphered(), control.message, strict=True))
    count = len(control.message)
    told = f"Message: {right} of {count} right ({100 * right // count}\N{NO-BREAK SPACE}%). Key: "
    return control.message, control.enciphered(), control.deciphered(), told


def agrees(page, control):
    """What the page shows is what Python computes for what stands in it."""
    for name in ("message", "source", "step"):
        setattr(control, name, page.evaluate("(name) => model.get(name)", name))
    found, wanted = shown(page), in_python(control)
    return found[:3] == wanted[:3] and found[3].startswith(wanted[3])


def key_row(page):
    return settle(page).locator(".key-row .sealed").text_content()


def seen(key):
    """The cipher symbols of a key, that of a first."""
    return "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ␣"[symbol] for symbol in key.tolist())


def note(page):
    return (settle(page).locator(".begins + .note").text_content() or "").translate(BARE)


def state(page):
    return settle(page).locator(".keys + .words").text_content()


def test_what_it_shows_is_what_python_computes_at_every_step(show):
    control = secret_message()
    page = show(control)
    slider = page.get_by_label("training", exact=True)
    for place, step in enumerate((0, 100, 200, 300, None)):
        slider.fill(str(place))
        assert agrees(page, control) and control.step == step
        frame = control.film.frame(place)
        bars = page.locator(".sign-column").evaluate_all("all => all.map((n) => +n.style.getPropertyValue('--p'))")
        hidden = [ord(c) - 97 if c != " " else 26 for c in control.enciphered()]
        assert bars == pytest.approx([float(frame[c].max()) / 255 for c in hidden], abs=1e-3)
    assert slider.get_attribute("aria-valuetext").startswith("step 400, Message: 3")
    page.evaluate("model.set('step', 250)")  # by Python
    assert agrees(page, control) and slider.input_value() == "2" and page.evaluate("keys_out") == []


def test_what_is_wrong_is_marked_and_only_that_and_only_on_demand(show):
    control = secret_message(step=200)
    page = show(control)
    assert page.locator(".sign-column .wrong").count() == 0 and "Wrong" not in page.locator(".signs").get_attribute(
        "aria-label"
    )
    page.get_by_role("switch").click()
    settle(page)
    marked = page.locator(".sign-column .read").evaluate_all("all => all.map((n) => n.classList.contains('wrong'))")
    assert (
        marked == [a != b for a, b in zip(control.deciphered(), control.message, strict=True)] and 0 < sum(marked) < 12
    )
    places = [str(k + 1) for k, each in enumerate(marked) if each]
    assert page.locator(".signs").get_attribute("aria-label").endswith(f"Wrong at the places {', '.join(places)}.")
    box = page.locator(".sign-column .wrong").first.evaluate("n => getComputedStyle(n).boxShadow")
    assert box != "none"  # a frame, beside the colour


def test_the_matrix_has_the_colours_of_its_frame_and_a_row_tells_its_letters(show):
    control = secret_message(step=None)
    page = show(control)
    canvas = page.locator(".heat canvas")
    seen = """(canvas, [row, column]) => { const cell = canvas.width / 28.9;
      const [x, y] = [column, row].map((k) => (1.6 + k + 0.5) * cell);
      return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data]; }"""
    film = control.film
    for symbol in (0, 9, 26):
        letter = int(film.key.tolist().index(symbol))
        bright, dark = (canvas.evaluate(seen, [symbol, column]) for column in (letter, (letter + 5) % 27))
        assert bright[0] > 120 and bright[2] < 140, "yellow is sure"
        assert dark[:3] < [20, 50, 255] and dark[2] > 70, "blue is unlikely"
    page.evaluate("model.set('step', 0)")
    ring = [0, film.key.tolist().index(0) - 0.45]  # the left edge of a cell, which is dark at step 0
    settle(page)
    assert canvas.evaluate(seen, ring)[0] < 60
    page.get_by_role("switch").click()
    settle(page)
    assert canvas.evaluate(seen, ring)[0] > 120 and canvas.evaluate(seen, [1, ring[1]])[0] < 60
    page.evaluate("model.set('step', null)")
    canvas.focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    value = control.film.frame(4)[3]
    first = "abcdefghijklmnopqrstuvwxyz␣"[int(value.argmax())]
    told = settle(page).locator(".heat .words").text_content()
    assert told.startswith(f"D may stand for {first} {int(value.max()) / 255:.2f}, ")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * (1.6 + 26.5) / 28.9)
    assert settle(page).locator(".heat .words").text_content().startswith("␣ may stand for ")


def test_typing_is_read_or_it_is_said_why_not_and_it_is_text(show):
    control = secret_message()
    page = show(control)
    field = page.get_by_label("message", exact=True)
    field.fill("Attack, at Dawn!")
    assert note(page) == "" and agrees(page, control) and control.message == "attack at dawn"
    for typed, wanted in {
        "": "Type a message in English. Still shown: attack at dawn",
        "שלום": "There is no letter a–z in it: the cipher knows English letters and the space. Still shown: attack at",
        "12 漢": "There is no letter a–z in it",
    }.items():
        field.fill(typed)
        assert note(page).startswith(wanted), typed[:9]
        assert field.get_attribute("aria-invalid") == "true" and row(page, "plain") == "attack at dawn"
    assert page.evaluate("model.get('message')") == "attack at dawn"
    for typed, left, read in (("go 7 漢 now", "7, 漢", "go now"), (EVIL, "<, =, >", "img src x onerror boom amp")):
        field.fill(typed)
        assert note(page) == f"Left out, as the cipher knows a–z and the space: {left}. Read as: {read}"
        assert agrees(page, control) and control.message == read and field.get_attribute("aria-invalid") is None
    field.fill("y" * 120)
    assert agrees(page, control) and len(control.message) == 120 and note(page) == ""
    for typed, cut in (("y" * 113 + " so it ends here", "ends here"), ("z" * 100_000, "z" * 24 + "…")):
        field.fill(typed)  # its beginning is read
        assert note(page) == f"Only the first 120 letters and spaces are read. Cut off from here on: {cut}"
        assert agrees(page, control) and control.message == typed[:120].strip()
        assert field.input_value() == typed and field.get_attribute("aria-invalid") is None
    field.fill("Große Æsop")
    assert agrees(page, control) and control.message == "grosse aesop" and note(page) == ""
    page.evaluate("model.set('message', 'by python')")
    assert agrees(page, control) and field.input_value() == "by python"
    assert page.evaluate("root().querySelectorAll('img, script').length") == 0


def test_it_plays_to_the_end_and_goes_on_from_where_it_stands(show):
    page = show(secret_message(film=sharpening(steps=range(0, 90, 10)), step=50))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("model.get('step') === null")
    assert "80" in settle(page).locator("output").text_content()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    page.get_by_label("training", exact=True).fill("3")
    settle(page)
    page.get_by_role("button", name="Next step").click()
    settle(page)
    assert page.evaluate("model.get('step')") == 40 and page.get_by_label("training", exact=True).input_value() == "4"


def test_a_slider_moved_before_the_play_is_drawn_stands_where_it_was_put(show):
    page = show()
    button = page.get_by_role("button", name="Play").element_handle()
    page.locator(".moves input").evaluate(
        "(step, play) => { play.click(); step.value = 1; step.dispatchEvent(new Event('input')) }", button
    )
    settle(page)
    assert page.evaluate("model.get('step')") == page.evaluate("model.get('board').steps[1]")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_key_of_ones_own_trains_grows_stops_and_the_recorded_film_stays(show):
    control = secret_message(step=100)
    page, told = show(control), []
    control.observe(lambda change: told.append(packed(change["new"])), "own")
    page.get_by_role("button", name="Train on this word’s key").click()
    assert state(page).startswith("Type a word with letters a–z") and page.evaluate("asked") == []
    page.get_by_label("key word").fill("Secret!")
    page.get_by_label("key word").press("Enter")
    assert page.get_by_label("key word").input_value() == "Secret!" and settle(page).locator(".key-row").is_hidden()
    assert page.evaluate("asked") == [{"do": "train", "key": keyword_key("secret").tolist()}]
    assert shown(page)[2:] == ("·" * 37, "Nothing is known of this key yet.")
    control._handle_custom_msg(page.evaluate("asked.splice(0)")[0], [])
    control.wait(60)
    for each in told[:3]:
        page.evaluate(TELL, each)
    assert state(page).startswith("It trains on your key.")
    steps = page.evaluate("model.get('own').steps")
    assert settle(page).locator("output").text_content() == f"step {steps[-1]}"  # the newest is followed
    page.get_by_role("button", name="Stop").click()
    assert page.evaluate("asked") == [{"do": "stop"}]
    page.evaluate(TELL, told[-1])
    assert state(page) == "The training on your key has ended." and page.get_by_role("button", name="Stop").count() == 0
    assert agrees(page, control) and control.source == "own"
    page.evaluate(TELL, {**told[0], "phase": "failed", "trouble": EVIL})
    assert state(page) == f"The training failed: {EVIL}" and page.evaluate("root().querySelector('img')") is None
    page.get_by_role("button", name="recorded").click()
    assert agrees(page, control) and control.source == "recorded" and control.step is None
    assert state(page) == "" and key_row(page) == seen(CIPHER)
    page.get_by_role("button", name="Train on a random key").click()
    assert sorted(page.evaluate("asked.at(-1).key")) == list(range(27))
    assert page.get_by_label("key word").input_value() == "" and key_row(page) == seen(keyword_key("secret"))


def test_a_key_of_ones_own_that_is_not_yet_is_said_and_no_other_is_shown(show, new_page, tmp_path):
    control = secret_message(source="own")
    assert control.enciphered() == ""
    page = show(control)
    wanted = ("·" * 37, "·" * 37, "There is no key of your own yet: press a train button.")
    assert shown(page)[1:] == wanted and page.locator(".key-row").is_hidden()
    assert "nciphered" not in page.locator(".signs").get_attribute("aria-label")
    control.to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert shown(page)[1:3] == wanted[:2] and "takes a kernel" in shown(page)[3]


def test_on_a_narrow_page_the_slider_is_wide_and_words_stay_whole(show):
    page = show(secret_message(message="the quick brown fox jumps over the lazy dog again"), viewport=NARROW)
    tops = page.locator(".sign-word").evaluate_all("all => all.map((n) => [...n.children].map((c) => c.offsetTop))")
    assert all(len(set(each)) == 1 for each in tops) and len({each[0] for each in tops}) > 1
    slider, line = (page.locator(each).bounding_box() for each in (".moves input[type=range]", ".moves"))
    assert slider["width"] == pytest.approx(line["width"], abs=1) and line["width"] > 340
    legend = page.locator(".truth-key")
    assert legend.is_hidden()
    page.get_by_role("switch").click()
    assert settle(page).locator(".truth-key").text_content() == "the truth" and legend.is_visible()


def test_a_kernel_that_is_silent_is_told(show):
    page = show()
    page.evaluate("window.setTimeout = ((set) => (act, ms) => set(act, ms / 50))(window.setTimeout)")
    page.get_by_role("button", name="Train on a random key").click()
    expect(page.locator(".keys + .words")).to_contain_text("No answer from the kernel yet")
    page.evaluate("model.set('own', {number: 1, key: [], steps: [], frames: '', phase: 'training', trouble: ''})")
    assert state(page).startswith("It trains")


def test_a_page_without_a_kernel_has_it_all_but_the_training(new_page, tmp_path):
    control = secret_message()
    control.start("other")
    control.wait(60)
    control.source = "recorded"
    control.to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#step=300&wrong=true")
    assert state(page) == "With a kernel it trains on a key of your own."
    assert page.get_by_role("button", name="Train").count() == 0 and page.locator(".sign-column .wrong").count() > 0
    page.get_by_label("message", exact=True).fill("hello there")
    control.message, control.step = "hello there", 300
    assert shown(page)[:3] == in_python(control)[:3]
    page.get_by_role("button", name="your own").click()
    control.source, control.step = "own", None
    assert shown(page)[:3] == in_python(control)[:3]


@pytest.mark.parametrize("width, lang", [(320, "en"), (420, "zh"), (850, "en"), (1400, "zh")])
def test_it_fits_has_names_and_can_be_read(show, width, lang):
    try:
        set_language(lang)
        page = show(secret_message(message="x" * 60, step=200, wrong=True), viewport={"width": width, "height": 900})
    finally:
        set_language("en")
    for theme in ("true", "false"):
        page.evaluate("(theme) => { document.body.dataset.jpThemeLight = theme; }", theme)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [] and nameless(page) == []
        assert "{" not in page.evaluate("root().querySelector('.replay').innerText")
        assert [each for each in page.evaluate(CONTRAST) if each[0] < 4.5] == []


def test_it_follows_the_theme_and_goes_quietly(show):
    page = show()
    follows_the_theme(page)
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
