"""The game's picture on a blank page: phases in order, its numbers against the recording, keys, motion, widths."""

import json

import pytest
from helpers.lab import rooted, settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.value_page import nameless, page_with

from gan_edu.core.recording.recording import SHIPPED
from gan_edu.core.training.slow_motion import LINES
from gan_edu.widgets import GamePicture
from gan_edu.widgets.game_picture.still import picture
from gan_edu.widgets.game_picture.widget import TRAITS

pytestmark = pytest.mark.browser
STEPS = json.loads((SHIPPED / "mnist_textbook_steps" / "steps.json").read_text())["steps"]
BORN = {"z": 1, "real": 1, "fake": 2}  # kind → the phase in which its pictures come
CODE = ["", "real = next(batches); z = noise(len(real))", "fake = G(z)", *list(LINES)[2:]]  # of each phase
CALM = {"reduced_motion": "reduce"}


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        return page_with(new_page, control or GamePicture(), (*TRAITS, "tiles", "words"), **{**CALM, **context})

    return make


def phase(page):
    return int(page.locator(".rail [aria-current] b").inner_text())


def percent(share):
    return "<1 %" if share < 0.01 else ">99 %" if share > 0.99 else f"{100 * share:.0f} %"


def shares(logits):
    return [1 / (1 + 2.718281828459045**-each) for each in logits]


def judged(page, kind):
    """What stands under the pictures of a kind."""
    return [text.strip() for text in settle(page).locator(f".part.{kind} .tile b").all_inner_texts()]


def losses(page):
    return settle(page).locator(".loss output").all_inner_texts()


def empty(page, kind):
    return settle(page).locator(f".part.{kind} canvas.empty").count()


def grey(page, kind, k):
    """The grey shades of one picture, row by row, as they are on the page."""
    code = """([kind, k]) => { const c = root().querySelectorAll(`.part.${kind} canvas`)[k];
        const all = [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data];
        return all.filter((_, i) => i % 4 === 0); }"""
    return page.evaluate(code, [kind, k])


@pytest.mark.parametrize("station", [0, 4])
def test_step_goes_through_the_phases_in_order_and_shows_the_recorded_numbers(show, station):
    page, step = show(GamePicture(station=station)), STEPS[station]
    verdicts = [None] * 3 + ["before"] * 2 + ["after"] * 3 + ["last"]
    for now in range(9):
        assert settle(page).evaluate("model.get('phase')") == now
        assert page.locator(".telling code").text_content() == CODE[now]
        assert [empty(page, kind) for kind in BORN] == [0 if now >= born else 6 for born in BORN.values()]
        for kind in ("real", "fake"):
            told = [percent(each) for each in shares(step[verdicts[now]][kind])[:6]] if verdicts[now] else [""] * 6
            assert judged(page, kind) == told, (now, kind)
        d_loss = f"{step['d_loss']:.2f} nat" if now >= 3 else "–"
        assert losses(page) == [d_loss, f"{step['g_loss']:.2f} nat" if now >= 6 else "–"]
        page.get_by_role("button", name="Step", exact=True).click()
    assert [page.evaluate(f"model.get('{name}')") for name in ("station", "phase")] == [(station + 1) % 5, 0]


def test_the_tiles_are_the_recorded_pictures(show):
    page = show(GamePicture(station=4, phase=6))
    tiles = GamePicture().tiles
    for kind in ("real", "fake"):
        for k in (0, 5):
            stored = [255 * (each - 1) / 254 for each in picture(tiles, 4, kind, k).tobytes()]
            assert grey(page, kind, k) == pytest.approx(stored, abs=1)


def test_where_g_is_told_to_draw_lighter_is_yellow_and_darker_is_blue(show):
    page = show(GamePicture(station=4, phase=7))
    assert page.locator(".part.fake .head").inner_text() == "fakes: asked for"
    stored = picture(GamePicture().tiles, 4, "wish", 0).tobytes()
    colours = page.evaluate(
        """() => { const c = root().querySelector('.part.fake canvas');
           return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]; }"""
    )
    for at in (stored.index(max(stored)), stored.index(min(stored))):
        red, _, blue = colours[4 * at : 4 * at + 3]
        assert red > 150 > blue if stored[at] > 128 else blue > red


INKED = """([x, y, w, h]) => { const c = root().querySelector('.flow'), q = c.width / c.clientWidth;
    const all = c.getContext('2d').getImageData((x - w) * q, (y - h) * q, 2 * w * q, 2 * h * q).data;
    return [...all].filter((a, i) => i % 4 === 3 && a > 200).length / (all.length / 4); }"""


def test_d_s_loss_stops_before_g_and_g_s_goes_through_d(show):
    page = show(GamePicture(phase=4))
    assert "rests" in page.locator(".part.G").get_attribute("class")
    assert "detach" in page.locator(".says").inner_text()
    fake, d, flow = (page.locator(each).bounding_box() for each in (".part.fake", ".part.D", ".flow"))
    x = (fake["x"] + fake["width"] + d["x"]) / 2 - flow["x"]
    y = fake["y"] + fake["height"] / 2 - flow["y"]
    sign, back = [x, y, 6, 6], [x, y - 11, 9, 2]
    assert page.evaluate(INKED, sign) > 0.9, "no stop sign on the way from the fakes to D"
    page.evaluate("model.set('phase', 6)")
    assert settle(page).evaluate(INKED, sign) < 0.7 and page.evaluate(INKED, back) == 0
    page.evaluate("model.set('phase', 7)")
    assert settle(page).evaluate(INKED, back) > 0.05, "no way back from D to the fakes"
    assert page.evaluate(INKED, sign) < 0.7
    assert "rests" not in page.locator(".part.G").get_attribute("class")


def test_what_d_learned_is_said_with_its_numbers(show):
    page, step = show(GamePicture(station=1, phase=5)), STEPS[1]
    told = settle(page).locator(".says").inner_text()
    for when in ("before", "after"):
        for kind in ("real", "fake"):
            mean = sum(shares(step[when][kind])) / 64
            assert percent(mean) in told
    moves = page.locator(".part.fake .move").all_inner_texts()
    assert moves == [
        "↓" if a < b - 0.005 else ""
        for a, b in zip(*map(shares, (step["after"]["fake"][:6], step["before"]["fake"][:6])), strict=True)
    ]


def test_nothing_is_left_on_the_scale_of_what_was_there_before(show):
    page = show(GamePicture(station=1, phase=4))
    drawn = "root().querySelector('.field canvas').toDataURL()"
    fresh = settle(page).evaluate(drawn)
    page.evaluate("model.set('station', 4)")
    assert settle(page).evaluate(drawn) != fresh
    page.evaluate("model.set('station', 1)")
    assert settle(page).evaluate(drawn) == fresh


def test_keys_move_it_and_stay_in_it(show):
    page = show()
    stage = page.get_by_role("group", name="drawing of the game")
    for key, now in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), (" ", 2), ("Enter", 3)):
        stage.press(key)
        assert page.evaluate("model.get('phase')") == now, key  # without motion, the space key steps
    slider = page.get_by_role("slider", name="moment of the training")
    slider.press("ArrowLeft")
    assert settle(page).evaluate("[model.get('station'), model.get('phase')]") == [3, 3]
    assert slider.get_attribute("aria-valuetext") == "after 10 epochs"
    page.get_by_role("button", name="phase 8: G learns").press("Enter")
    assert page.evaluate("model.get('phase')") == 8
    page.get_by_role("button", name="Back to start").click()
    assert page.evaluate("[model.get('station'), model.get('phase')]") == [3, 0]
    assert page.evaluate("keys_out") == []


def test_without_motion_it_waits_and_each_phase_is_there_at_once(show):
    page = show()
    assert page.evaluate("model.get('phase')") == 0
    assert page.get_by_role("button", name="Play").is_hidden()
    page.get_by_role("button", name="Step", exact=True).click()
    page.get_by_role("button", name="Step", exact=True).click()
    assert empty(page, "fake") == 0 and phase(page) == 2
    assert page.locator(".part.G").evaluate("(node) => getComputedStyle(node).animationName") == "none"


def test_it_plays_one_step_when_it_is_seen_and_then_waits(show):
    page = show(reduced_motion="no-preference")
    page.wait_for_function(  # they come one after another
        "model.get('phase') === 2 && root().querySelector('.part.fake canvas.empty')"
    )
    page.wait_for_function("model.get('phase') === 8", timeout=480_000)
    page.wait_for_function("root().querySelector('button.main').title === 'Play'", timeout=240_000)
    assert page.evaluate("[model.get('station'), model.get('phase')]") == [4, 8]


def test_play_goes_on_to_the_next_step_until_it_is_paused(show):
    page = show(GamePicture(station=0, phase=7), reduced_motion="no-preference")
    assert page.evaluate("model.get('phase')") == 7  # it does not begin by itself
    page.locator(".stage").press(" ")
    page.wait_for_function("model.get('station') === 1 && model.get('phase') === 1", timeout=240_000)
    page.locator(".stage").press(" ")
    settle(page)
    assert page.locator("button.main").get_attribute("title") == "Play"
    now = page.evaluate("model.get('phase')")
    page.wait_for_function("root().querySelectorAll('.part.real canvas.empty').length === 0")
    assert page.evaluate("model.get('phase')") == now


def test_a_press_on_the_phase_on_show_holds_it_and_the_button_says_so(show):
    page = show(GamePicture(station=0, phase=3), reduced_motion="no-preference")
    page.evaluate("""() => { const frame = window.requestAnimationFrame;
        window.time = performance.now();                                                // it stands still
        window.requestAnimationFrame = (draw) => frame(() => draw(time)); }""")
    page.locator(".stage").press(" ")
    settle(page).evaluate("() => { time += 1500; }")  # all has flowed, and the next phase is not due
    settle(settle(page))
    assert page.locator("button.main").get_attribute("title") == "Pause" and phase(page) == 4
    page.locator(".rail [aria-current]").click()
    page.wait_for_function("root().querySelector('button.main').title === 'Play'")
    assert page.evaluate("model.get('phase')") == 4


def test_it_fits_has_names_and_can_be_read(show):
    page = show(GamePicture(phase=5), **NARROW)
    for width, scheme in looks(page, (320, 420, 850, 1920)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [] and nameless(page) == [], width
        assert [each for each in page.evaluate(CONTRAST) if each[0] < 4.5] == [], (width, scheme)


def test_it_fits_a_notebook_beside_the_file_browser(show):
    page = show(viewport={"width": 850, "height": 680})
    for now in range(9):
        page.evaluate(f"model.set('phase', {now})")
        assert settle(page).evaluate("document.documentElement.scrollHeight") <= 680, now


def test_on_a_telephone_the_parts_stand_one_below_the_other(show):
    page = show(GamePicture(phase=3), viewport={"width": 420, "height": 900})
    tops = [page.locator(f".part.{part}").bounding_box()["y"] for part in ("z", "G", "fake", "D", "verdict")]
    assert tops == sorted(tops)


def test_it_works_without_a_kernel_and_follows_the_theme(new_page, tmp_path):
    GamePicture(station=0, phase=2).to_html(tmp_path / "page.html")
    page = new_page(**CALM)
    page.goto((tmp_path / "page.html").as_uri())
    rooted(page)
    page.get_by_role("button", name="Step", exact=True).click()
    assert judged(page, "real") == [percent(each) for each in shares(STEPS[0]["before"]["real"])[:6]]
    follows_the_theme(page)


def test_a_view_goes_quietly(show):
    page = show(reduced_motion="no-preference")
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
