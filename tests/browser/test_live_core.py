"""live.js on a blank page, fed with what the kernel sends in a real run."""

import copy
import re

import pytest
from helpers.lab import settle
from helpers.live_page import deliver, packed, page_of, record, sent, whole_of
from helpers.look import NARROW, looks
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run():
    """(the film as it opens, the messages of five stretches, the whole film at the end)"""
    opening, messages, live = record()
    whole = whole_of(live)
    live.close()
    return opening, messages, whole


@pytest.fixture
def page(new_page, run):
    return page_of(new_page, run[0])


def changed(film, **status):
    film = copy.deepcopy(film)
    film["status"].update(status)
    return film


def running(film):
    return changed(film, phase="training", rate=212.4)


def steps(page):
    return settle(page).get_by_label("frame of the recording").get_attribute("max")


def text(page, selector):
    return settle(page).locator(selector).first.inner_text()


# ---------------------------------------------------------------- the controls


def test_nothing_is_asked_for_before_a_click(page):
    page.wait_for_timeout(300)
    assert sent(page) == []
    assert "Press Start" in text(page, ".hint")


def test_the_buttons_ask_for_what_they_say(new_page, run):
    page = page_of(new_page, run[2])
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="one step").click()
    page.get_by_role("button", name="one epoch").click()
    assert [each["do"] for each in sent(page)] == ["start", "step", "epoch"]


def test_while_it_trains_it_can_be_paused_but_not_stepped(new_page, run):
    page = page_of(new_page, running(run[2]))
    page.get_by_role("button", name="one step").click(force=True)
    page.get_by_role("button", name="Pause").click()
    assert [each["do"] for each in sent(page)] == ["pause"]
    assert "212 steps/s" in text(page, ".where")


def test_it_says_how_long_until_something_is_usually_seen(new_page, run):
    film = changed(run[2], milestones={"clouds": 60, "digits": 60 + 212 * 90})
    page = page_of(new_page, film)
    assert text(page, ".where .left") == "digits usually from step 19,140 on"
    page = page_of(new_page, changed(film, phase="training", rate=212.0))
    assert text(page, ".where .left") == "digits usually in about 2 min"
    page = page_of(new_page, changed(film, milestones={"clouds": 60}))
    assert page.locator(".where .left").count() == 0


def test_its_picture_is_large_and_its_dials_stand_in_one_row(new_page, run):
    page = page_of(new_page, run[2], viewport={"width": 850, "height": 680})
    picture = page.locator("canvas").bounding_box()
    assert picture["width"] > 0.5 * 850 and picture["y"] + picture["height"] < 680
    assert len({dial.bounding_box()["y"] for dial in page.locator(".dial").all()}) == 1


def test_pausing_is_said_until_it_has(new_page, run):
    page, (still, stopped) = page_of(new_page, running(run[0])), copy.deepcopy(run[1][:2])
    still[0]["status"]["phase"], stopped[0]["status"]["phase"] = "training", "paused"
    page.get_by_role("button", name="Pause").click()
    assert text(page, ".acts .main") == "Pausing"
    deliver(page, still)
    assert text(page, ".acts .main") == "Pausing"
    deliver(page, stopped)
    assert text(page, ".acts .main") == "Start"


def test_a_kernel_that_does_not_answer_is_told_of(page):
    page.evaluate("model.hears = false")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".hint")).to_contain_text("run this cell again")


def test_reset_is_asked_for_twice_once_something_is_trained(new_page, run):
    page = page_of(new_page, run[2])
    page.locator(".reset").click()
    assert sent(page) == []
    page.get_by_role("button", name=re.compile("Really reset")).click()
    assert sent(page) == [{"do": "reset"}]


def test_space_starts_and_keys_move_the_film_and_stay_inside(new_page, run):
    page = page_of(new_page, run[2])
    page.get_by_label("frame of the recording").focus()
    page.keyboard.press("Home")
    page.keyboard.press("b")
    page.locator(".big").click()
    page.keyboard.press("Space")
    assert text(page, ".big") == "step 0"
    assert sent(page) == [{"do": "start"}]
    assert page.evaluate("keys_out") == []


def test_the_notebooks_own_keys_pass(page):
    page.get_by_label("batch size", exact=True).focus()
    page.keyboard.press("Control+s")
    page.keyboard.press("Shift+Enter")
    assert {"s", "Enter"} <= set(page.evaluate("keys_out"))


# ---------------------------------------------------------------- the settings


@pytest.mark.parametrize(
    "label, typed",
    [
        ("learning rate of D", "1e-3"),
        ("learning rate of G", "0,01"),
        ("batch size", "128"),
        ("D steps per G step", "abc"),
    ],
)
def test_what_is_typed_is_sent_once(page, label, typed):
    field = page.get_by_label(label, exact=True)
    field.fill(typed)
    field.press("Enter")
    page.get_by_label("frame of the recording", exact=True).evaluate("node => node.focus()")
    names = {"learning rate of D": "d_lr", "learning rate of G": "g_lr", "batch size": "batch_size"}
    assert sent(page) == [{"do": "set", "name": names.get(label, "d_steps"), "value": typed}]


@pytest.mark.parametrize(
    "label, key, value",
    [
        ("learning rate of D", "ArrowUp", 0.0005),
        ("learning rate of D", "ArrowDown", 0.0001),
        ("batch size", "ArrowUp", 128),
        ("batch size", "ArrowDown", 32),
        ("D steps per G step", "ArrowUp", 2),
        ("D steps per G step", "ArrowDown", 1),
    ],
)
def test_arrows_and_buttons_go_to_the_next_sensible_value(page, label, key, value):
    page.get_by_label(label, exact=True).press(key)
    button = page.get_by_role("button", name=f"{'raise' if key == 'ArrowUp' else 'lower'} {label}")
    least = (label, key) == ("D steps per G step", "ArrowDown")
    if least:  # nothing is lower, and the button says so and does nothing
        assert button.get_attribute("aria-disabled") == "true" and button.get_attribute("title") == "1 is the least"
    button.click(force=True)
    assert [each["value"] for each in sent(page)] == ([value] if least else [value, value])
    assert page.evaluate("keys_out") == []


def test_typing_is_not_disturbed_by_news(page, run):
    field = page.get_by_label("batch size", exact=True)
    field.select_text()
    field.press_sequentially("128")
    deliver(page, *run[1][:3])
    assert field.input_value() == "128"
    field.press("Escape")
    assert field.input_value() == "64"


def test_a_value_that_is_refused_is_told_beside_its_field(page, run):
    field = page.get_by_label("batch size", exact=True)
    field.fill("0")
    field.press("Enter")
    message = copy.deepcopy(run[1][0])
    message[0]["status"]["notice"] = {"at": "batch_size", "text": "batch_size must be <b>1</b> to 60000, got '0'"}
    deliver(page, message)
    assert text(page, ".dial.batch_size .wrong") == "batch_size must be <b>1</b> to 60000, got '0'"
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-describedby") == page.locator(".dial.batch_size .wrong").get_attribute("id")
    field.evaluate("node => node.blur()")
    deliver(page, *run[1][1:2])
    assert field.input_value() == "64" and field.get_attribute("aria-invalid") == "false"


def test_changes_are_listed_and_marked(new_page, run):
    film = copy.deepcopy(run[2])
    film["meta"]["log"] = [{"step": 20, "change": "batch size 64 → 32"}, {"step": 40, "change": "<i>rate</i> 1 → 2"}]
    page = page_of(new_page, film)
    assert page.locator(".plot .change").count() == 2 * page.locator(".chart").count()
    page.locator("summary").click()
    assert page.locator(".log li").all_inner_texts() == ["step 40: <i>rate</i> 1 → 2", "step 20: batch size 64 → 32"]


# ---------------------------------------------------------------- growing


def test_it_grows_and_follows(page, run):
    deliver(page, *run[1])
    assert steps(page) == str(len(run[2]["meta"]["frames"]["step"]) - 1)
    assert text(page, ".big") == "epoch 0.06" and "step 60" in text(page, ".where")
    assert page.locator(".newest").get_attribute("aria-pressed") == "true"


def test_its_film_in_pieces_is_the_whole_film(new_page, run):
    grown, whole = page_of(new_page, run[0]), page_of(new_page, run[2])
    deliver(grown, *run[1])
    for place in ("End", *["PageDown"] * 2, "Home"):
        for each in (grown, whole):
            each.get_by_label("frame of the recording").press(place)
        for selector in (".big", ".small", "table"):
            assert text(grown, selector) == text(whole, selector)
        assert grown.locator("canvas").screenshot() == whole.locator("canvas").screenshot()
    for k in range(2):
        paths = [each.locator(".plot .series").nth(k).get_attribute("d") for each in (grown, whole)]
        assert paths[0] == paths[1]


def test_who_slid_back_stays_there_while_it_grows(page, run):
    half = len(run[1]) // 2
    deliver(page, *run[1][:half])
    page.get_by_label("frame of the recording").press("Home")
    page.get_by_label("frame of the recording").press("ArrowRight")
    before = text(page, ".big")
    deliver(page, *run[1][half:])
    assert text(page, ".big") == before == "step 1"
    assert page.locator(".newest").get_attribute("aria-pressed") == "false"
    page.get_by_role("button", name="newest frame").click()
    assert text(page, ".big") == "epoch 0.06"


def test_news_that_went_astray_are_asked_for(page, run):
    deliver(page, *run[1][:1], *run[1][2:])
    assert {"do": "all"} in sent(page)
    page.evaluate("(whole) => model.set('film', unpack(whole))", run[2])
    assert steps(page) == str(len(run[2]["meta"]["frames"]["step"]) - 1)


def test_news_told_twice_count_once(page, run):
    deliver(page, *run[1][:2], *run[1][:2])
    assert sent(page) == []


def test_dropped_frames_go(new_page, run):
    page, whole = page_of(new_page, run[2]), run[2]
    kept = list(range(0, len(whole["pictures"]), 2))
    none = {"from": len(kept), "step": [], "epoch": [], "logits": [], "scores": [], "keep": kept}
    curves = {name: [] for name in whole["meta"]["curves"]}
    news = {
        "film": whole["film"],
        "version": whole["version"] + 1,
        "frames": none,
        "curves": {**curves, "from": len(whole["meta"]["curves"]["step"])},
    }
    deliver(page, [{"news": news, "status": whole["status"]}, []])
    assert steps(page) == str(len(kept) - 1)


def test_another_run_takes_its_place(new_page, run):
    page, fresh = page_of(new_page, run[2]), copy.deepcopy(run[0])
    fresh["film"] = run[2]["film"] + 1
    page.get_by_label("frame of the recording").press("Home")
    page.evaluate("(whole) => model.set('film', unpack(whole))", fresh)
    assert text(page, ".big") == "step 0" and "not started" in text(page, ".where")
    late = copy.deepcopy(run[1][-1])
    deliver(page, late)  # of the run that is gone
    assert text(page, ".big") == "step 0"


def test_two_views_of_one_model_show_the_same(page, run):
    deliver(page, *run[1][:2])
    page.evaluate("void view()")  # opened later: it knows what came before
    deliver(page, *run[1][2:])
    for k in range(2):
        assert page.evaluate(f"root({k}).querySelector('.big').innerText") == "epoch 0.06"
    page.evaluate("void cleanup()")
    deliver(page, *run[1][:1])
    assert page.evaluate("document.querySelectorAll('#box > div > div').length") == 1


def test_only_new_pictures_are_decoded(page, run):
    page.evaluate("""() => { window.decoded = 0; const decode = createImageBitmap;
                             window.createImageBitmap = (...a) => { decoded++; return decode(...a); }; }""")
    deliver(page, *run[1])
    new = len(run[2]["pictures"]) - len(run[0]["pictures"])
    page.wait_for_function("(new_) => decoded >= new_", arg=new)
    assert settle(page).evaluate("decoded") == new


def test_a_chart_held_by_the_pointer_survives_growth(page, run):
    half = len(run[1]) - 2
    deliver(page, *run[1][:half])
    box = page.locator(".chart-box").first.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 30)
    page.mouse.down()
    deliver(page, *run[1][half:])
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.move(box["x"] + 37, box["y"] + 30)
    page.mouse.up()
    assert text(page, ".big") == "step 0"


# ---------------------------------------------------------------- trouble and hosts


def test_an_error_is_shown_as_text(new_page, run):
    words = "NonFiniteLoss: step 9: <img src=x onerror=alert(1)> the loss is nan"
    page = page_of(new_page, changed(run[2], phase="failed", error=words))
    assert text(page, ".trouble") == words
    assert page.locator(".trouble").get_attribute("role") == "alert"
    assert "stopped by an error" in text(page, ".where")
    assert page.get_by_role("button", name="Start").is_visible()


def test_where_the_cell_trains_there_is_no_start(new_page, run):
    page = page_of(new_page, changed(run[2], inline=True))
    assert page.locator(".acts .main").is_hidden() and page.locator(".epoch").is_hidden()
    assert "live.train_to(steps)" in text(page, ".hint")
    page.locator(".big").click()
    page.keyboard.press("Space")
    assert sent(page) == []


def test_what_happens_is_told_to_a_screen_reader(page, run):
    deliver(page, *run[1])
    assert re.fullmatch(r"(training|paused at step 60)", page.locator(".live").inner_text())


def test_every_control_has_a_name_and_only_one_is_strong(new_page, run):
    page = page_of(new_page, run[2])
    nameless = page.evaluate("""() => [...root().querySelectorAll("button, input, summary, canvas")].filter((node) =>
        node.offsetParent && !(node.getAttribute("aria-label") || node.textContent.trim())).length""")
    assert nameless == 0
    assert page.evaluate("[...root().querySelectorAll('.main')].filter((n) => n.offsetParent).length") == 1


def test_it_fits_every_width(new_page, run):
    film = changed(run[2], notice={"at": "d_lr", "text": "x" * 80}, error="Error: " + "y" * 200)
    page = page_of(new_page, film, **NARROW)
    for width, scheme in looks(page, (320, 360, 560, 900, 1150)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        cut = page.evaluate("""() => {
            const {right} = root().querySelector(".replay").getBoundingClientRect();
            return [...root().querySelectorAll(".trainer *")]
                .filter((node) => node.offsetParent && node.getBoundingClientRect().right > right).length; }""")
        assert cut == 0, (width, scheme)


CONTRAST = """() => {
  const linear = (v) => (v / 255 <= .03928 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4);
  const light = (c) => { const [r, g, b] = c.map(linear); return .2126 * r + .7152 * g + .0722 * b; };
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number).slice(0, 4);
  const behind = (node) => { for (; node; node = node.parentElement) {
    const c = rgb(getComputedStyle(node).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const all = [...root().querySelectorAll(".trainer *")];
  return all.filter((n) => n.offsetParent && !n.closest("[aria-disabled=true]") && [...n.childNodes]
    .some((c) => c.nodeType === 3 && c.data.trim()) || (n.localName === "input")).map((n) => {
      const [a, b] = [light(rgb(getComputedStyle(n).color).slice(0, 3)), light(behind(n))].sort((x, y) => y - x);
      return [n.className || n.localName, (a + .05) / (b + .05)];
    }).filter(([, ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_contrast(new_page, run, scheme):
    film = changed(run[2], notice={"at": "d_lr", "text": "refused"}, error="Error: no")
    assert page_of(new_page, film, color_scheme=scheme).evaluate(CONTRAST) == []


def test_what_python_packs_the_page_unpacks():
    assert packed([b"\x00\x01"]) == ["AAE="]
