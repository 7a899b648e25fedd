"""The decks of `make slides`, opened as files with the network cut off: keys, notes, overview, live controls."""

import re

import nbformat
import pytest
import web_pages
from helpers.lab import eventually
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect
from web_pages import ROOT

from gan_edu.widgets import PhasePortrait

MOMENTUM = "momentum"
FITS = """() => {
    const {scrollHeight, clientHeight} = document.querySelector(".now"); return scrollHeight <= clientHeight + 1; }"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Of a deck: a title, a control, a formula with notes, a part that waits, much text."""
    root = tmp_path_factory.mktemp("course")
    (root / "notebooks").mkdir()
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    data, about = PhasePortrait()._repr_mimebundle_()
    kept = {mime: data[mime] for mime in ("image/png", "text/plain")}
    control = new_code_cell(
        "from gan_edu.widgets import PhasePortrait\nPhasePortrait()",
        outputs=[new_output("display_data", kept, metadata=about)],
    )
    waits = new_markdown_cell("**It waits.**", metadata={"slideshow": {"slide_type": "fragment"}})
    cells = [
        new_markdown_cell("# 00 · One\n\nSee it turn."),
        control,
        new_markdown_cell("## Formula\n\n$$\\min_G \\max_D V$$\n\nShown.\n\nTold by the speaker."),
        waits,
        new_markdown_cell("## Much\n\n" + "- a line of a list\n" * 24),
    ]
    nbformat.write(new_notebook(cells=cells), root / "notebooks" / "00_one.ipynb")
    web_pages.slides(root, root / "slides")
    return (root / "slides" / "00_one.html").as_uri()


@pytest.fixture
def opened(new_page, address):
    def make(hash_="", **context):
        page = new_page(**context)
        page.goto(address + hash_)
        page.locator(".slide.now").wait_for()
        return page

    return make


def at(page, number):
    """Waits for the slide of this number, the only one to be seen."""
    expect(page.locator(".count")).to_have_text(f"{number} / 4")
    expect(page.locator(".slide:visible")).to_have_count(1)
    expect(page.locator(".slide.now")).to_have_attribute("id", f"slide-{number}")


def test_keys_go_forward_and_back_and_the_address_follows(opened):
    page = opened()
    at(page, 1)
    page.keyboard.press("ArrowRight")
    at(page, 2)
    page.keyboard.press("PageDown")
    at(page, 3)
    expect(page.get_by_text("It waits.")).to_be_hidden()
    page.keyboard.press("Space")
    expect(page.get_by_text("It waits.")).to_be_visible()
    page.keyboard.press("ArrowRight")
    at(page, 4)
    page.wait_for_url("**#slide-4")
    page.keyboard.press("ArrowRight")  # there is no more
    page.keyboard.press("ArrowLeft")
    at(page, 3)
    expect(page.get_by_text("It waits.")).to_be_visible()  # what was shown, is
    page.keyboard.press("Home")
    at(page, 1)
    page.get_by_role("button", name="Next slide").click()
    at(page, 2)
    at(opened("#slide-3"), 3)


def test_a_control_keeps_its_keys_until_escape_and_its_setting_is_in_the_address(opened):
    page = opened("#slide-2")
    slider = page.frame_locator("iframe").get_by_role("slider", name=MOMENTUM)
    before = slider.input_value()
    slider.press("ArrowRight")
    expect(slider).not_to_have_value(before)
    page.wait_for_url(re.compile(r"#slide-2;phase_portrait\?momentum=[\d.]+$"))
    at(page, 2)
    page.keyboard.press("Escape")
    eventually(lambda: page.evaluate("document.hasFocus() && document.activeElement === document.body"), True)
    page.keyboard.press("ArrowRight")
    at(page, 3)
    page.wait_for_url(re.compile(r"#slide-3;phase_portrait\?momentum=[\d.]+$"))


def test_a_clicker_goes_on_from_within_a_control(opened):
    page = opened("#slide-2")
    page.frame_locator("iframe").get_by_role("combobox").first.focus()
    page.frame_locator("iframe").locator("section").press("PageDown")
    at(page, 3)


def test_a_link_to_a_control_opens_its_slide(opened):
    page = opened("#phase_portrait?momentum=0.5")
    at(page, 2)
    expect(page.frame_locator("iframe").get_by_role("slider", name=MOMENTUM)).to_have_value("0.5")


def test_notes_are_told_beside_and_the_overview_leads_everywhere(opened):
    page = opened("#slide-3")
    expect(page.get_by_text("Told by the speaker.")).to_be_hidden()
    page.keyboard.press("n")
    expect(page.get_by_text("Told by the speaker.")).to_be_visible()
    page.keyboard.press("o")
    page.get_by_role("dialog", name="Overview").get_by_role("button", name="Much").click()
    at(page, 4)
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width, height", [(1280, 720), (1920, 1080)])
def test_what_is_too_tall_becomes_smaller_until_it_fits(opened, width, height, scheme):
    page = opened("#slide-4", viewport={"width": width, "height": height}, color_scheme=scheme)
    eventually(lambda: page.evaluate(FITS), True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sheet = page.locator(".slide.now .sheet").bounding_box()
    assert sheet["y"] >= 0 and sheet["y"] + sheet["height"] <= height - 40


def test_on_paper_every_slide_is_there(opened):
    page = opened()
    page.emulate_media(media="print")
    expect(page.locator(".slide:visible")).to_have_count(4)
    expect(page.get_by_text("It waits.")).to_be_visible()
    expect(page.locator(".bar")).to_be_hidden()
