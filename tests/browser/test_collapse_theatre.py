"""The collapse theatre in a browser: fed with what the kernel sends in a real run, and as a page without a kernel."""

import copy

import pytest
from helpers.lab import eventually, rooted, settle
from helpers.live_page import deliver, sent, whole_of
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.pixels import near, picture_of, spots
from helpers.screen import opened
from helpers.theatre_page import page_of, record
from helpers.value_page import nameless
from playwright.sync_api import expect

from gan_edu.mode_collapse import theatre
from gan_edu.widgets.collapse_theatre.still import covered_modes, shares_of

pytestmark = pytest.mark.browser
LEFT, RIGHT, TOP, STEPS = 30, 6, 62, 15  # around the history's rows, in pixels: history.js
FAKE = "#D55E00"


@pytest.fixture(scope="module")
def run():
    """(the film as it opens, the messages after each act, the whole film at the end)"""
    opening, parts, live = record(300, lambda live: live.switch("packs"), 300)
    whole = whole_of(live)
    live.close()
    return opening, parts, whole


@pytest.fixture(scope="module")
def digits():
    _, _, live = record(80, stage="digits")
    whole = whole_of(live)
    live.close()
    return whole


@pytest.fixture
def page(new_page, run):
    return page_of(new_page, run[2])


@pytest.fixture(scope="module")
def control():
    made = theatre()
    yield made
    made.close()


@pytest.fixture
def film(new_page, control, tmp_path):
    """film(**context): the page without a kernel, drawn."""

    def make(**context):
        page = opened(new_page, control, tmp_path, **{"viewport": {"width": 850, "height": 680}, **context})
        rooted(page)
        expect(page.locator(".sentence")).not_to_be_empty()
        return settle(page)

    return make


def slider(page):
    return page.get_by_role("slider", name="step of the history")


def step(page):
    return int(settle(page).get_by_role("slider").get_attribute("aria-valuenow"))


def go(page, frame):
    """Move the slider to a frame by its keys."""
    slider(page).press("Home")
    for _ in range(frame):
        slider(page).press("ArrowRight")
    return settle(page)


def changed(film, **status):
    film = copy.deepcopy(film)
    film["status"].update(status)
    return film


# ---------------------------------------------------------------- what is seen


@pytest.mark.parametrize("frame", [0, 9, -1])
def test_the_bars_stand_as_high_as_the_frame_says(page, run, frame):
    meta = run[2]["meta"]
    frame %= len(meta["frames"]["step"])
    go(page, frame)
    shares = shares_of(meta, frame)
    boxes = page.locator(".room").evaluate_all(
        "(rooms) => rooms.map((room) => room.firstElementChild.getBoundingClientRect().height / room.clientHeight)"
    )
    assert boxes == pytest.approx([min(1, share / (3 / 8)) for share in shares], abs=0.02)
    covered = covered_modes(shares, [1 / 8] * 8)
    assert page.locator(".sentence").inner_text() == f"{covered} of 8 modes covered"
    assert page.locator(".bars > .covered").count() == covered
    assert step(page) == meta["frames"]["step"][frame]


def test_the_line_of_the_fair_share_and_its_half_stand_where_they_should(page):
    at = page.locator(".room").first.evaluate(
        """(room) => ["::before", "::after"].map((part) => parseFloat(getComputedStyle(room, part).bottom)
        / room.clientHeight)"""
    )
    assert at == pytest.approx([1 / 3, 1 / 6], abs=0.01)


def test_the_samples_are_triangles_where_they_are_and_the_data_discs(new_page, run):
    page = page_of(new_page, run[2], device_scale_factor=3)
    picture = picture_of(page.locator(".samples canvas").screenshot())
    fakes = near(picture, FAKE, 60)
    assert fakes.sum() > 500
    assert any(spot.shape == "triangle" for spot in spots(picture, FAKE, 40, 60))
    height, width = fakes.shape
    pale = near(picture, "#B2D4E7", 40)  # the data, faint, at (0.9, 0)
    right = pale[round(0.44 * height) : round(0.56 * height), round(0.8 * width) : round(0.95 * width)]
    middle = pale[round(0.44 * height) : round(0.56 * height), round(0.44 * width) : round(0.56 * width)]
    assert right.mean() > 0.05 and middle.mean() < 0.01


def test_the_history_is_darkest_where_most_samples_were(page, run):
    frames = run[2]["meta"]["frames"]
    go(page, 0)  # the slider's knob out of the way
    picture = picture_of(page.locator(".history").screenshot())
    height, width = picture.shape[:2]
    end, row = frames["step"][-1], (height - TOP - STEPS) / 8
    shares = [score["shares"] for score in frames["scores"]]
    place, mode = max(
        ((k, m) for k in range(5, len(shares) - 1) for m in range(8)), key=lambda at: shares[at[0]][at[1]]
    )
    least = min(range(8), key=lambda m: shares[place][m])

    def shade(mode):
        middle = (frames["step"][place] + frames["step"][place + 1]) / 2
        x = LEFT + middle / end * (width - LEFT - RIGHT)
        return picture[round(TOP + (mode + 0.5) * row), round(x)]

    strong = shares[place][mode] / (1 / 8) / 1.5
    assert strong > 0.6, "a run that does not collapse shows nothing"
    wanted = 255 + (shade(mode) * 0 + [0xD5, 0x5E, 0x00] - 255) * min(1, strong)
    assert shade(mode) == pytest.approx(wanted, abs=12)
    assert shade(least).min() > 225


def test_the_history_marks_the_cure_and_the_alarm(page, run):
    log = run[2]["meta"]["log"]
    assert [each.get("cure") for each in log] == [None, "packs"]
    picture = picture_of(page.locator(".history").screenshot())
    blue = near(picture, "#0072B2", 70)[:16]
    across = blue.any(0).nonzero()[0]
    end = run[2]["meta"]["frames"]["step"][-1]
    wanted = LEFT + 300 / end * (picture.shape[1] - LEFT - RIGHT)
    assert across.mean() == pytest.approx(wanted, abs=4)
    assert "alarm: modes covered, " in page.locator(".alarm").inner_text()
    go(page, 3)
    assert page.locator(".alarm").inner_text() == ""


def test_digits_are_a_grid_of_pictures_with_ten_bars(new_page, digits):
    page = page_of(new_page, digits)
    assert page.locator(".room").count() == 10
    box = page.locator(".samples canvas").bounding_box()
    grid = digits["meta"]["grid"]
    shape = grid["columns"] * grid["tile_width"] / (grid["rows"] * grid["tile_height"])
    assert box["width"] / box["height"] == pytest.approx(shape, rel=0.02)
    assert picture_of(page.locator(".samples canvas").screenshot()).std() > 15


# ---------------------------------------------------------------- what one does


def test_nothing_is_asked_for_before_a_click(new_page, run):
    page = page_of(new_page, run[0])
    page.wait_for_timeout(300)
    assert sent(page) == [] and "Press Start" in page.locator(".hint").inner_text()


def test_the_buttons_switches_and_the_stage_ask_for_what_they_say(page):
    page.get_by_role("button", name="Start").click()
    page.get_by_role("switch", name="instance noise").click()
    page.get_by_role("switch", name="packs of 2").click()
    page.get_by_label("stage").last.select_option("grid")
    assert sent(page) == [
        {"do": "start"},
        {"do": "switch", "name": "noise", "on": True},
        {"do": "switch", "name": "packs", "on": False},
        {"do": "show", "name": "grid"},
    ]


def test_begin_anew_asks_once_more(page):
    page.get_by_role("button", name="Begin anew").click()
    assert sent(page) == []
    page.locator(".anew").click()
    assert sent(page) == [{"do": "reset"}]


def test_what_was_refused_is_told_and_the_switch_stays(new_page, run):
    page = page_of(new_page, changed(run[2], notice={"at": "features", "text": "both set D"}))
    assert page.get_by_role("alert").inner_text() == "both set D"
    assert page.get_by_role("switch", name="feature matching").get_attribute("aria-checked") == "false"
    assert page.get_by_role("switch", name="packs of 2").get_attribute("aria-checked") == "true"


def test_below_the_history_stand_its_steps(page, run):
    """Numbers at 0 and further on, none in the rows; a small line stands above each, where that step is."""
    picture = picture_of(page.locator(".history").screenshot())
    assert run[2]["meta"]["frames"]["step"][-1] == 600
    height, width = picture.shape[:2]
    lines = (picture[height - STEPS, LEFT:].min(axis=1) < 200).nonzero()[0]
    wanted = [step / 600 * (width - LEFT - RIGHT) for step in range(0, 650, 50)]
    assert all(min(abs(line - at) for at in wanted) < 2 for line in lines) and len(lines) >= 4
    assert (picture[height - STEPS + 3 :, LEFT:].min(axis=(0, 2)) < 200).sum() > 20, "no numbers below"


def test_who_looks_back_is_told_what_was_on_then(page):
    go(page, 0)
    assert page.locator(".told .words").inner_text().endswith("Switched on at that step: no cure.")
    assert page.get_by_role("switch", name="packs of 2").get_attribute("aria-checked") == "true"
    page.locator(".now").click()
    assert "Switched on" not in settle(page).locator(".told").inner_text()


def test_the_slider_goes_through_history_and_now_returns(page, run):
    frames = run[2]["meta"]["frames"]["step"]
    assert step(page) == 600
    slider(page).press("ArrowLeft")
    assert step(page) == frames[-2]
    slider(page).press("Home")
    assert step(page) == 0 and page.locator(".now").get_attribute("aria-pressed") == "false"
    page.locator(".now").click()
    assert step(page) == 600
    box = page.locator(".history").bounding_box()
    page.mouse.click(box["x"] + LEFT + (box["width"] - LEFT - RIGHT) / 2, box["y"] + 100)
    assert step(page) == 300
    assert page.evaluate("keys_out") == []


def test_who_looks_back_stays_there_while_it_grows_and_who_does_not_follows(new_page, run):
    page = page_of(new_page, run[0])
    deliver(page, *run[1][0])
    assert step(page) == 300
    slider(page).press("Home")
    deliver(page, *run[1][1], *run[1][2])
    assert step(page) == 0
    page.locator(".now").click()
    assert step(page) == 600


def test_space_starts_and_pauses_from_anywhere_but_a_button(new_page, run):
    page = page_of(new_page, changed(run[2], phase="training", rate=512.3))
    assert "512 steps/s" in page.locator(".where").inner_text()
    slider(page).press("Space")
    assert sent(page) == [{"do": "pause"}]


def test_a_kernel_that_does_not_answer_is_told_of(page):
    page.evaluate("model.hears = false")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".hint")).to_contain_text("No answer from the kernel")


# ---------------------------------------------------------------- without a kernel


def test_a_page_plays_recordings_and_switches_choose_among_them(film, control):
    films = control.page_state()["films"]["ring"]
    page = film()
    end = films["none"]["meta"]["frames"]["step"][-1]
    assert (
        step(page) == 0
        and f"at step {films['packs']['meta']['frames']['step'][0]:,}" in page.locator("header").inner_text()
    )
    slider(page).press("End")
    assert step(page) == end
    without = page.locator(".sentence").inner_text()
    page.get_by_role("switch", name="packs of 2").click()
    expect(page.get_by_role("switch", name="packs of 2")).to_have_attribute("aria-checked", "true")
    covered = covered_modes(shares_of(films["packs"]["meta"]), [1 / 8] * 8)
    expect(page.locator(".sentence")).to_have_text(f"{covered} of 8 modes covered")
    assert step(page) == end and without != f"{covered} of 8 modes covered"
    page.get_by_role("switch", name="unrolled").click()
    expect(page.get_by_role("switch", name="packs of 2")).to_have_attribute("aria-checked", "false")
    page.get_by_label("stage").last.select_option("digits")
    expect(page.locator(".room")).to_have_count(10)
    assert step(page) == 0
    assert picture_of(settle(page).locator(".samples canvas").screenshot()).std() > 15


def test_nothing_moves_until_it_is_played(film):
    page = film()
    page.wait_for_timeout(400)
    assert step(page) == 0
    page.get_by_role("button", name="Play").click()
    eventually(lambda: step(page) > 100, True)
    page.get_by_role("button", name="Pause").click()
    at = step(page)
    page.wait_for_timeout(300)
    assert step(page) == at


def test_where_nothing_may_move_it_goes_by_steps(film):
    page = film(reduced_motion="reduce")
    page.get_by_role("button", name="Next step").click()
    first = step(page)
    page.wait_for_timeout(300)
    assert step(page) == first > 0


# ---------------------------------------------------------------- its look


def test_it_fits(new_page, run, film):
    narrow = {"viewport": {"width": 420, "height": 680}}
    for page in (page_of(new_page, run[2], **narrow), film(**narrow)):
        for width in (420, 850, 1100):
            page.set_viewport_size({"width": width, "height": 680})
            assert settle(settle(page)).evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE) == [], width
            if width == 850:
                assert page.evaluate("document.documentElement.scrollHeight") <= 680


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_words_can_be_read(new_page, run, scheme):
    page = page_of(new_page, run[2], color_scheme=scheme)
    assert [each for each in page.evaluate(CONTRAST) if each[0] < 4.5] == []


def test_it_has_names_and_follows_the_theme(page):
    assert nameless(page) == []
    follows_the_theme(page)


def test_a_view_goes_quietly(page):
    page.evaluate("cleanup()")
    assert page.evaluate("document.querySelectorAll('#box > div > *').length") == 0
