"""The plane in one screen: what a task needs is seen together; tabs, situations, names of what is compared."""

import json
import re

import pytest
from helpers.lab import settle
from helpers.live_page import deliver, sent
from helpers.plane_page import click, page_of, record, tab
from playwright.sync_api import expect

from gan_edu.core.recording.recording import shipped
from gan_edu.tricks import TRICKS
from gan_edu.widgets import PlaneReplay

pytestmark = pytest.mark.browser
SCREEN = {"width": 850, "height": 680}  # what JupyterLab shows at 1280 × 800 beside its file browser
GROUPS = ["Data", "Discriminator", "Generator", "Loss", "Tricks", "Layers"]


@pytest.fixture(scope="module")
def run():
    """A film at step 0 with all tricks; 60 steps, slow motion, R1 to 0.5, 30 steps."""
    opening, parts, live = record(
        60, lambda p: click(p, "slow"), lambda p: click(p, "set", name="r1", value=0.5), 30, tricks=TRICKS
    )
    yield opening, parts, live
    live.close()


@pytest.fixture
def page(new_page, run):
    return page_of(new_page, run[0], viewport=SCREEN)


def inside(page, *nodes):
    """Whether each node is seen whole on the screen."""
    size = page.viewport_size
    for node in nodes:
        box = node.bounding_box()
        assert box, node
        assert box["x"] >= 0 and box["y"] >= 0, (node, box)
        assert box["x"] + box["width"] <= size["width"] and box["y"] + box["height"] <= size["height"], (node, box)


def essentials(page):
    return [
        page.locator(".acts .main"),
        *page.locator("canvas.plane >> visible=true").all(),
        page.locator(".history input"),
        page.locator(".panel >> visible=true"),
    ]


# ---------------------------------------------------------------- seen together


@pytest.mark.parametrize("group", GROUPS)
def test_play_picture_slider_and_the_open_settings_are_seen_together(page, group):
    tab(page, group)
    inside(page, *essentials(page), page.get_by_role("tab", name=group))
    picture = page.locator("canvas.plane").first.bounding_box()
    assert 415 <= picture["width"] <= 450 and abs(picture["width"] - picture["height"]) < 2
    sliders = page.locator(".panel .setting:not(.morph) input >> visible=true")
    assert all(slider.bounding_box()["width"] >= 140 for slider in sliders.all())
    assert page.locator(".panel >> visible=true").count() == 1


@pytest.mark.parametrize("group", GROUPS)
def test_two_runs_and_the_open_settings_are_seen_together(page, group):
    page.locator(".compare").select_option("pin")
    tab(page, group)
    inside(page, *essentials(page))
    assert page.locator("canvas.plane >> visible=true").nth(1).bounding_box()["width"] > 300


def test_in_slow_motion_the_marked_line_stands_beside_the_picture(new_page, run):
    page = page_of(new_page, run[0], viewport=SCREEN, reduced_motion="reduce")
    for part in run[1][:2]:
        deliver(page, *part)
    inside(
        page, page.locator(".loop"), page.locator(".says"), page.get_by_label("next sub-step"), *essentials(page)[:3]
    )
    assert page.locator(".loop .on").count() == 1


@pytest.mark.parametrize("width, most", [(1100, 460), (1490, 640), (1920, 640)])
def test_where_there_is_room_the_charts_stand_beside_a_larger_picture(new_page, run, width, most):
    page = page_of(new_page, run[0], viewport={"width": width, "height": 1000})
    picture, settings, chart = (
        page.locator(each).first.bounding_box() for each in ("canvas.plane", ".groups-shown", ".charts.first")
    )
    assert 425 <= picture["width"] <= most and (width < 1400 or picture["width"] > 580)
    assert picture["x"] + picture["width"] < settings["x"] and settings["x"] + settings["width"] <= chart["x"]
    assert abs(chart["y"] - picture["y"]) < 40
    inside(page, *essentials(page), page.locator(".charts.first"))


# ---------------------------------------------------------------- tabs


def test_the_arrow_keys_lead_round_the_tabs_and_one_of_them_is_in_the_tab_order(page):
    tabs = page.get_by_role("tab")
    assert [each.inner_text() for each in tabs.all()] == ["Data", "D", "G", "Loss", "Tricks", "Layers"]
    tabs.first.focus()
    for name in [*GROUPS[1:], "Data", "Discriminator"]:
        page.keyboard.press("ArrowRight")
        chosen = page.get_by_role("tab", selected=True)
        expect(chosen).to_have_count(1)
        expect(chosen).to_have_accessible_name(name)
        expect(chosen).to_be_focused()
        assert [each.get_attribute("tabindex") for each in tabs.all()].count("0") == 1
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tabpanel", name="Data")).to_be_visible()
    assert page.evaluate("keys_out") == []


def test_what_a_chapter_does_not_use_is_folded(new_page):
    opening, _, live = record(tricks=TRICKS, title="folded", uses=["r1", "d_lr"])
    live.close()
    page = page_of(new_page, opening, viewport=SCREEN)
    words = page.get_by_role("tablist").locator("button")
    assert words.all_inner_texts() == ["D", "Tricks", "Layers"] or words.all_inner_texts() == ["Tricks", "D", "Layers"]
    expect(page.get_by_role("tabpanel")).to_have_accessible_name("Tricks")  # of the setting that was named first
    assert page.locator(".setting.r1").is_visible() and not page.locator(".setting.r2").is_visible()
    page.get_by_role("tabpanel", name="Tricks").locator("summary").click()
    assert page.locator(".setting.r2").is_visible()
    page.get_by_role("button", name="All settings").click()
    assert len(words.all()) == len(GROUPS) and page.get_by_role("button", name="All settings").is_hidden()
    tab(page, "Generator")
    assert page.locator(".setting.g_lr").is_visible()  # of a group that the task does not need nothing more is folded


# ---------------------------------------------------------------- situations, speed, the loss


def test_situations_ask_where_something_was_trained_and_say_what_to_watch(page, run):
    tries = page.get_by_role("group", name="Try")
    assert tries.locator("button").all_inner_texts() == ["Collapse it", "Let it circle", "Save it with R1"]
    tries.get_by_role("button", name="Collapse it").click()
    assert sent(page)[-1] == {"do": "preset", "name": "collapse"}
    deliver(page, *run[1][0])
    page.evaluate("model.sent.length = 0")
    button = page.locator(".preset").nth(1)
    button.click()
    assert sent(page) == [] and "What was trained is lost" in button.get_attribute("aria-label")
    button.click()
    assert sent(page) == [{"do": "preset", "name": "circle"}]


def test_the_run_of_a_situation_says_which_it_is(new_page, run):
    opening = json.loads(json.dumps(run[0]))
    opening["status"]["preset"] = "save"
    page = page_of(new_page, opening, viewport=SCREEN)
    expect(page.locator(".tells")).to_contain_text("R1 with γ = 1. Watch: the fakes spread")
    inside(page, page.locator(".tells"), *essentials(page))


def test_without_r1_it_is_not_offered_to_save_it_with_r1(new_page):
    opening, _, live = record(title="no tricks")
    live.close()
    page = page_of(new_page, opening, viewport=SCREEN)
    assert page.locator(".preset").all_inner_texts() == ["Collapse it", "Let it circle"]


def test_a_speed_is_asked_for_and_shown(new_page, run):
    page = page_of(new_page, run[0], viewport=SCREEN)
    speed = page.get_by_label("speed")
    assert speed.locator("option").all_inner_texts() == ["full speed", "30 steps/s", "5 steps/s", "1 step/s"]
    speed.select_option("5 steps/s")
    assert sent(page)[-1] == {"do": "pace", "value": 5}
    opening = json.loads(json.dumps(run[0]))
    opening["status"]["pace"] = 30
    assert page_of(new_page, opening).get_by_label("speed").input_value() == "30"


def test_the_loop_shows_the_formulas_of_the_chosen_loss(page, run):
    assert page.locator(".formula").all_inner_texts() == [
        "L_D = −E[log D(x)] − E[log(1 − D(G(z)))]",
        "L_G = −E[log D(G(z))]",
    ]
    opening = json.loads(json.dumps(run[0]))
    opening["status"]["settings"]["loss"] = "minimax"
    page.evaluate("(whole) => { document.getElementById('box').replaceChildren(); open_live(whole); }", opening)
    expect(page.locator(".formula.g")).to_have_text("L_G = E[log(1 − D(G(z)))]")


# ---------------------------------------------------------------- drawing


def points(page):
    return int(re.match(r"[\d,]+", page.locator(".drawing [role=status]").inner_text())[0].replace(",", ""))


def stroke(page, y):
    box = page.locator("canvas.plane").first.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + y * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + y * box["height"], steps=4)
    page.mouse.up()
    settle(page)


def test_a_stroke_is_taken_back_and_brought_back(page):
    page.get_by_role("button", name="Draw", exact=True).click()
    stroke(page, 0.4)
    one = points(page)
    stroke(page, 0.6)
    two = points(page)
    assert two > one > 10
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    undo.click()
    assert points(page) == one
    redo.click()
    assert points(page) == two
    page.locator("canvas.plane").first.focus()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert points(page) == 0 and undo.get_attribute("aria-disabled") == "true"
    page.keyboard.press("Control+Shift+z")
    assert points(page) == one
    page.get_by_role("button", name="Clear").click()
    undo.click()
    assert points(page) == one  # what was cleared comes back, too
    assert "z" not in page.evaluate("keys_out")


def test_while_it_is_drawn_the_picture_says_so_and_all_of_it_is_seen(page):
    tab(page, "Generator")
    tab(page, "Data")
    page.get_by_role("button", name="Draw", exact=True).click()
    names = ("Done: learn it", "Undo", "Redo", "Clear", "Back, without it", "heart")
    inside(page, *(page.get_by_role("button", name=name) for name in names), page.locator(".banner"), *essentials(page))
    page.get_by_role("button", name="heart").click()
    page.get_by_role("button", name="Done: learn it").click()
    assert len(sent(page)[-1]["value"]) == 160 and page.locator(".banner").is_hidden()


# ---------------------------------------------------------------- what is compared


def test_what_is_compared_is_named_by_what_differs(page, run):
    deliver(page, *run[1][0])
    page.locator(".compare").select_option("pin")
    expect(page.locator(".differs")).to_have_text(
        "B is pinned at step 60. Compared with A: the same settings, the same seed"
    )
    for part in run[1][1:4]:
        deliver(page, *part)
    expect(page.locator(".differs")).to_have_text("B is pinned at step 60. Compared with A: R1, γ off (A: 0.5)")
    assert page.locator(".compare option").first.inner_text() == "Compared: pinned at step 60"
    page.locator(".compare").select_option("stop comparing")
    expect(page.locator(".differs")).to_be_hidden()


def test_two_recordings_are_named_by_what_differs(new_page):
    page = new_page(viewport=SCREEN)
    page.set_content(PlaneReplay(shipped("plane/ring"), shipped("plane/mode_collapse")).to_html().data)
    told = page.frame_locator("iframe").locator(".differs")
    expect(told).to_contain_text("steps a turn of D 10 (A: 1), β₁ of D 0.5 (A: 0)")
    expect(told).to_contain_text("loss minimax (A: non-saturating)")


def test_a_recording_plays_at_the_chosen_speed(new_page, tmp_path):
    PlaneReplay(shipped("plane/ring")).to_html(tmp_path / "plane.html")
    page = new_page(viewport=SCREEN)
    page.goto(f"file://{tmp_path}/plane.html")
    inside(page, page.locator(".acts .main"), page.locator("canvas.plane").first, page.locator(".history input"))
    expect(page.locator(".moment")).to_have_text("step 0")
    page.get_by_label("speed").select_option("4×")
    page.locator(".main").click()
    page.wait_for_function(
        """() => { const view = document.querySelector("main").firstChild.shadowRoot;
        const input = view.querySelector(".history input"); return input.value === input.max; }"""
    )
    expect(page.locator(".main")).to_have_text("Play")
