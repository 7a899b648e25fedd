"""The replay's layout, read from the screen: pictures first, what folds away, one axis of time, a clear verdict."""

import re

import numpy as np
import pytest
from helpers.known_pictures import grey_recording
from helpers.lab import eventually, settle
from helpers.pixels import FAKE, REAL, only_so, picture_of
from helpers.screen import opened, shot
from helpers.synthetic import recording

from gan_edu.core.recording.recording import shipped
from gan_edu.widgets import Replay, compare

pytestmark = pytest.mark.browser
SIZES = [(420, 800), (850, 680), (1100, 800), (1920, 1080)]


@pytest.fixture(scope="module")
def run():
    return recording(count=40, epochs=20)


@pytest.fixture(scope="module")
def seeds():
    return [recording(f"Seed {k}", count=10, epochs=2, seed=k) for k in range(5)]


@pytest.fixture
def page_of(new_page, tmp_path):
    """page_of(control, width, height): its page, drawn."""

    def make(control, width=850, height=680, **context):
        size = {"width": width, "height": height}
        page = opened(new_page, control, tmp_path, **{"device_scale_factor": 1, "viewport": size, **context})
        page.locator(".message").first.wait_for(state="hidden")
        return settle(page)

    return make


def box(page, selector):
    return page.locator(selector).first.bounding_box()


def slider(page):
    return page.get_by_label("frame of the recording")


def more(page):
    return page.locator("button.more")


# ---------------------------------------------------------------- the picture first


@pytest.mark.parametrize("width, height", SIZES)
@pytest.mark.parametrize("numbers", [True, False])
def test_the_picture_takes_the_larger_half_and_is_seen_with_play_and_slider(page_of, run, width, height, numbers):
    page = page_of(Replay(run, numbers=numbers), width, height)
    picture = box(page, "canvas")
    assert picture["width"] > 0.5 * width and picture["height"] == pytest.approx(picture["width"], abs=1)
    for name in ("canvas", ".main", ".time", ".seen"):
        seen = box(page, name)
        assert seen["y"] >= 0 and seen["y"] + seen["height"] <= height, name


@pytest.mark.parametrize("numbers", [True, False])
def test_numbers_and_charts_fold_away_and_come_back(page_of, run, numbers):
    page = page_of(Replay(run, numbers=numbers))
    folds = [
        page.locator(each) for each in ("table", ".balance", ".plots .chart", "button.speed", "button.back", "footer")
    ]
    before = box(page, "canvas")

    def is_(shown):
        assert [each.first.is_visible() for each in folds] == [shown] * len(folds)
        assert more(page).get_attribute("aria-expanded") == str(shown).lower()
        assert more(page).inner_text() == ("Hide numbers" if shown else "Show the numbers")
        assert box(page, "canvas") == before  # what one looks at stays where it is
        assert all(page.locator(each).first.is_visible() for each in (".big", ".seen", ".main", ".time"))

    is_(numbers)
    more(page).press("Enter")
    is_(not numbers)
    settle(page)
    drawn = page.locator(".plots .series").first
    assert numbers or len(drawn.get_attribute("d")) > 100  # charts that come into sight are drawn
    more(page).click()
    is_(numbers)


def test_several_runs_show_pictures_and_fids_first(page_of, seeds):
    page = page_of(compare(*seeds), 1100, 800)
    tops = [each.bounding_box() for each in page.locator("canvas").all()]
    assert len(tops) == 5 and len({each["y"] for each in tops}) == 1  # in one row
    assert [row.inner_text().split()[0] for row in page.locator("tr").all() if row.is_visible()] == ["FID"] * 5
    assert page.locator(".chart:visible .legend > b").all_inner_texts() == ["FID"]
    assert box(page, ".replay")["height"] < 800
    more(page).click()
    assert page.locator(".chart:visible").count() == 5 and page.locator("tr:visible").count() == 5 * 6
    assert page.locator(".entry:visible").count() == 5  # the legend, once


def test_an_axis_that_is_cut_says_so_once(page_of):
    page = page_of(compare(*(shipped(f"mnist_textbook_seeds/{k}") for k in (1, 2, 3)), numbers=True), 420, 800)
    told = [text for text in page.locator(".legend .cut").all_inner_texts() if text]
    assert len(told) <= 1 and all(re.fullmatch(r"cut off at [\d.]+; peak [\d.]+", text) for text in told)


def test_five_runs_on_a_narrow_page_are_not_a_long_one(page_of, seeds):
    assert box(page_of(compare(*seeds), 420, 800), ".replay")["height"] < 1500


# ---------------------------------------------------------------- one axis of time

# Where the middle of the thumb and of the cursors stand across, in pixels of the page.
PLACES = """() => {
  const root = document.querySelector("main").firstElementChild.shadowRoot;
  const middle = (node) => { const r = node.getBoundingClientRect(); return (r.left + r.right) / 2; };
  return [".time .at", ".cursor"].map((each) => [...root.querySelectorAll(each)]
    .filter((node) => node.getClientRects().length).map(middle)); }"""


def ends(page):
    """Where the slider's axis begins and ends across the page."""
    left, right = map(float, re.fullmatch(r"M([\d.]+) 12H([\d.]+)", page.locator(".track").get_attribute("d")).groups())
    svg = box(page, ".time svg")["x"]
    return svg + left, svg + right


def thumb_is_at(share):
    """A check of the strip of pixels along the slider's track: the thumb's middle, as a share of the axis."""

    def check(picture):
        dark = np.flatnonzero(picture[5:8].mean((0, 2)) < 90)  # above the track there is the thumb only
        assert dark.size and abs(dark.mean() / picture.shape[1] - share) < 0.01

    return check


@pytest.mark.parametrize("several", [False, True])
def test_slider_and_charts_have_one_axis(page_of, run, seeds, several):
    page = page_of(compare(*seeds[:2]) if several else Replay(run), 1100, 900)
    steps = sorted({*seeds[0].steps, *seeds[1].steps}) if several else run.steps
    for at in (3, len(steps) // 2, len(steps) - 2):
        slider(page).fill(str(at))
        ((thumb,), cursors) = settle(page).evaluate(PLACES)
        assert len(cursors) == (1 if several else 3) and cursors == pytest.approx([thumb] * len(cursors), abs=1)
        left, right = ends(page)
        assert thumb == pytest.approx(left + (right - left) * steps[at] / steps[-1], abs=1)


def test_the_thumb_is_drawn_where_the_step_lies(page_of, run):
    page = page_of(Replay(run), 1100, 900)
    slider(page).fill("25")
    settle(page)
    left, right = ends(page)
    clip = {"x": left, "width": right - left, "y": box(page, ".time svg")["y"], "height": 20}
    picture = picture_of(page.screenshot(clip=clip, animations="disabled"))
    only_so(thumb_is_at(run.steps[25] / run.steps[-1]), picture, "mirrored")


def test_ticks_stand_at_the_frames(page_of):
    run = grey_recording()
    page = page_of(Replay(run))
    ticks = [float(x) for x in re.findall(r"M([\d.]+) ", page.locator(".frames").get_attribute("d"))]
    left, right = ticks[0], ticks[-1]
    shares = [(tick - left) / (right - left) for tick in ticks]
    apart = [step / run.steps[-1] for step in run.steps]
    assert shares == pytest.approx(apart, abs=0.01)


def test_a_click_on_the_slider_goes_to_the_frame_of_that_step(page_of, run):
    page = page_of(Replay(run), 1100, 900)
    left, right = ends(page)
    page.mouse.click(left + 0.25 * (right - left), box(page, ".time svg")["y"] + 12)
    wanted = min(range(40), key=lambda k: abs(run.steps[k] - 0.25 * run.steps[-1]))
    assert slider(page).input_value() == str(wanted)
    page.keyboard.press("ArrowRight")  # the slider has the keys
    assert slider(page).input_value() == str(wanted + 1)


@pytest.mark.parametrize("several", [False, True])
def test_the_slider_sticks_while_one_scrolls(page_of, run, seeds, several):
    page = page_of(compare(*seeds, numbers=True) if several else Replay(run), 420, 600)
    away = box(page, ".time")["y"] + 400
    page.evaluate("(y) => window.scrollTo(0, y)", away)
    eventually(lambda: page.evaluate("window.scrollY") > 300, True)
    time = box(page, ".time")
    assert time["y"] >= 0 and time["y"] + time["height"] < 160
    page.evaluate("window.scrollTo(0, 0)")
    eventually(lambda: page.evaluate("window.scrollY"), 0)
    assert box(page, ".time")["y"] > 100


def test_it_sticks_in_a_box_that_scrolls_although_its_output_is_a_box_too(page_of, seeds):
    """As JupyterLab has it: boxes that could scroll, as high as what is in them, in one that does."""
    page = page_of(compare(*seeds, numbers=True), 850, 680)
    page.evaluate("""() => {
      const main = document.querySelector("main");
      const [pane, head] = ["div", "p"].map((tag) => document.createElement(tag));
      [pane.id, head.textContent] = ["pane", "head"];
      Object.assign(pane.style, {height: "500px", overflow: "auto"});
      main.style.overflow = "auto";
      main.before(head, pane);
      pane.append(main);
    }""")
    pane = box(page, "#pane")
    scroll = "(to) => document.querySelector('#pane').scrollTo(0, to)"
    page.evaluate(scroll, 400)
    eventually(lambda: abs(box(page, ".controls")["y"] - pane["y"]) < 2, True)
    assert box(page, ".replay")["y"] < pane["y"] - 300
    page.evaluate(scroll, 0)
    eventually(lambda: page.locator(".controls").evaluate("(n) => n.style.transform"), "")


# ---------------------------------------------------------------- at a glance


def tints(picture):
    """D is sure of the first sample (real, white) and of the last (fake, black); of the others it knows nothing."""
    high, wide = picture.shape[0] / 2, picture.shape[1] / 3
    middle = {
        (row, column): picture[round((row + 0.5) * high), round((column + 0.5) * wide)].astype(float)
        for row in (0, 1)
        for column in (0, 1, 2)
    }
    for place, colour, other in (((0, 0), REAL, FAKE), ((1, 2), FAKE, REAL)):
        towards = np.array(rgb(colour["dark"])) - np.array(rgb(other["dark"]))
        assert middle[place] @ towards > 4000, place  # a tint inside, not only a border
    for place in middle.keys() - {(0, 0), (1, 2)}:
        assert np.ptp(middle[place]) < 12, place  # grey as it was


def rgb(colour):
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def test_the_verdict_tints_each_sample(page_of):
    page = page_of(Replay(grey_recording()))
    plain = shot(page.locator("canvas"))
    with pytest.raises(AssertionError):
        tints(plain)
    page.get_by_role("switch").click()
    settle(page)
    only_so(tints, shot(page.locator("canvas")), "upside down", "mirrored", "real for fake")


def test_a_bar_that_is_cut_says_how_large_it_is(page_of):
    page = page_of(Replay(shipped("mnist_textbook"), frame=0))  # all samples are taken for one digit
    bars = page.locator(".bars i")
    assert [text for text in bars.all_inner_texts() if text] == ["100 %"]
    (over,) = [bar for bar in bars.all() if bar.inner_text()]
    assert over.bounding_box()["height"] == pytest.approx(box(page, ".bars")["height"], abs=2)
    assert "top: 25 %" in page.locator(".balance figcaption").inner_text()
    slider(page).fill("109")
    assert settle(page).locator(".bars i.over").count() == 0 and not "".join(bars.all_inner_texts())


def test_the_curve_of_fid_uses_its_height(page_of):
    page = page_of(Replay(shipped("mnist_textbook")), 1100, 900)
    chart = page.locator(".chart.fid")
    line, around = chart.locator(".series").bounding_box(), chart.locator(".chart-box").bounding_box()
    assert line["height"] > 0.6 * around["height"]
    assert "floor 0.64 ↓" in chart.locator(".plot text").all_text_contents()


@pytest.mark.parametrize(
    "frame, says",
    [
        (0, "Nothing is learned yet: G draws noise, and D guesses."),
        (12, "Clouds of dots, nearly all alike; D takes 0 of 64 for real."),
        (19, "First shapes show among the dots; D takes"),
        (60, "Many shapes are clear, with dots around them; D takes"),
        (109, "Most shapes are clear, some dots are left; D takes"),
    ],
)
def test_one_sentence_says_what_one_sees(page_of, frame, says):
    film = shipped("mnist_textbook")
    page = page_of(Replay(film, frame=frame, numbers=False))
    told = page.locator(".seen").inner_text()
    assert told.startswith(says)
    if frame:
        real = sum(logit >= 0 for logit in film.meta["frames"]["logits"][frame])
        assert told.endswith(f"D takes {real} of 64 for real.")
