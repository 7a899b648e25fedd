"""A page's address holds what is set in its controls, and a link to it opens it so; nobody's network is asked."""

import re
from urllib.parse import quote

import nbformat
import pytest
import web_pages
from helpers.controls import EXAMPLES
from helpers.lab import settle
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect
from web_pages import ROOT

from gan_edu.value_function import dirac, two_points
from gan_edu.widgets import PhasePortrait, Saddle

GAMES = {"two points": two_points, "Dirac-GAN": dirac}
SADDLE = """from gan_edu.value_function import dirac, two_points
from gan_edu.widgets import PhasePortrait, Saddle
Saddle({"two points": two_points, "Dirac-GAN": dirac})"""
CLIPBOARD = """Object.defineProperty(navigator, "clipboard", {value: {writeText: async (text) => {
    if (%s) throw Error("no"); window.copied = text; }}})"""


def cell(source, control):
    data, about = control._repr_mimebundle_()
    kept = {mime: data[mime] for mime in ("image/png", "text/plain")}
    return new_code_cell(source, outputs=[new_output("display_data", kept, metadata=about)])


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Of a page with much text, a saddle, and a phase portrait below it."""
    root = tmp_path_factory.mktemp("course")
    (root / "notebooks").mkdir()
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    text = new_markdown_cell("# 00 · One\n\n" + "Much text.\n\n" * 60)
    cells = [text, cell(SADDLE, Saddle(GAMES)), new_markdown_cell("## More"), cell("PhasePortrait()", PhasePortrait())]
    nbformat.write(new_notebook(cells=cells), root / "notebooks" / "00_one.ipynb")
    web_pages.build(root, root / "pages")
    return (root / "pages" / "00_one.html").as_uri()


@pytest.fixture
def opened(new_page, address):
    def make(hash_="", script=None):
        page = new_page()
        if script:
            page.add_init_script(script)
        page.goto(address + hash_)
        for control in ("saddle", "phase_portrait"):
            page.locator(f"#{control} .share button").wait_for()  # it is there, and has heard
        return page

    return make


def inside(page, control):
    return page.frame_locator(f"#{control} iframe")


def slider(page, control, name):
    return inside(page, control).get_by_role("slider", name=name)


def test_a_setting_stands_in_the_address_and_a_link_opens_it(opened, address):
    page = opened()
    assert page.url == address
    slider(page, "saddle", "rounds").press("ArrowRight")
    page.wait_for_url("**#saddle?count=61")
    slider(page, "phase_portrait", "momentum").press("ArrowRight")
    page.wait_for_url(re.compile(r"#phase_portrait\?momentum=[\d.]+;saddle\?count=61$"))
    other = opened("#" + page.url.partition("#")[2])
    expect(other.locator("#phase_portrait")).to_be_in_viewport(ratio=0.5)
    moved = slider(page, "phase_portrait", "momentum").input_value()
    expect(slider(other, "phase_portrait", "momentum")).to_have_value(moved)
    other.locator("#saddle").scroll_into_view_if_needed()  # what is not to be seen draws nothing
    expect(slider(other, "saddle", "rounds")).to_have_value("61")
    slider(page, "saddle", "rounds").press("ArrowLeft")  # back to what the page has: nothing to say of it
    page.wait_for_url(re.compile(r"#saddle;phase_portrait\?momentum=[\d.]+$"))


def test_a_link_scrolls_to_its_control_and_leaves_the_others_alone(opened):
    page = opened("#saddle?d=1.5&g=-1&game=Dirac-GAN")
    expect(page.locator("#saddle")).to_be_in_viewport(ratio=0.5)
    expect(inside(page, "saddle").get_by_text("(1.500, −1.000)").first).to_be_visible()
    expect(inside(page, "saddle").get_by_role("combobox", name="game")).to_have_value("Dirac-GAN")
    page.locator("#phase_portrait").scroll_into_view_if_needed()  # what is not to be seen draws nothing
    expect(slider(page, "phase_portrait", "momentum")).to_have_value("0")


@pytest.mark.parametrize(
    "hash_, shown",
    [
        ("#saddle?d=1e9&g=-Infinity", "(4.000, −4.000)"),
        ("#saddle?d=x&g=NaN&count=&order=constructor&game=no&__proto__=1", "(−2.000, 2.000)"),
        ("#saddle?tables=1&words=2&d=<img src=x onerror=parent.bad=1>", "(−2.000, 2.000)"),
        ("#saddle?d=%zz&g=%22;saddle?d=1;<b>?d=2", "(1.000, 2.000)"),
        ("#%3Cimg%20src=x%20onerror=bad=1%3E;../x?d=1", "(−2.000, 2.000)"),
        ("#saddle?d=1&" + "g=1&" * 500, "(−2.000, 2.000)"),
    ],
)
def test_what_a_hostile_link_holds_is_left_out_or_clamped(opened, hash_, shown):
    page = opened(hash_)
    page.locator("#saddle").scroll_into_view_if_needed()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    expect(inside(page, "saddle").get_by_text(shown).first).to_be_visible()
    assert page.evaluate("window.bad") is None and not errors
    slider(page, "saddle", "rounds").press("ArrowRight")  # it goes on working
    expect(slider(page, "saddle", "rounds")).to_have_value("61")


def test_another_link_on_the_same_page_sets_the_control_anew(opened):
    page = opened("#saddle?count=70")
    expect(slider(page, "saddle", "rounds")).to_have_value("70")
    page.evaluate("location.hash = '#saddle?d=3'")
    expect(slider(page, "saddle", "rounds")).to_have_value("60")  # what a link does not name is as the page has it
    expect(inside(page, "saddle").get_by_text("(3.000, 2.000)").first).to_be_visible()
    page.evaluate("location.hash = '#More'")
    expect(page.locator("#More")).to_be_in_viewport()
    page.locator("#saddle").scroll_into_view_if_needed()
    expect(inside(page, "saddle").get_by_text("(3.000, 2.000)").first).to_be_visible()


@pytest.mark.parametrize("refused", [False, True])
def test_a_button_copies_a_link_to_one_control(opened, address, refused):
    page = opened("#phase_portrait?step=0.5;saddle?count=70", CLIPBOARD % str(refused).lower())
    page.locator("#saddle .share button").press("Enter")
    if refused:
        expect(page.get_by_label("Link to this setting")).to_have_value(f"{address}#saddle?count=70")
    else:
        expect(page.locator("#saddle output")).to_have_text("Copied.")
        assert page.evaluate("copied") == f"{address}#saddle?count=70"


def test_a_control_on_a_page_of_its_own_has_that_pages_address(new_page, tmp_path):
    PhasePortrait().to_html(tmp_path / "own.html")
    address = (tmp_path / "own.html").as_uri()
    page = new_page()
    page.goto(f"{address}#momentum=0.5&start=9,1")
    expect(page.get_by_role("slider", name="momentum")).to_have_value("0.5")
    page.wait_for_url(f"{address}#momentum=0.5&start=3,1")
    page.get_by_role("slider", name="momentum").press("Home")
    page.wait_for_url(re.compile(r"#momentum=-0\.9&start=3,1$"))


def texts(shared):
    """Settings that a link may bring: each at its least, each at its most, and nonsense."""
    for end, bound in ((0, "least"), (-1, "most")):
        ends = {name: rule.get("of", [rule.get(bound)]) for name, rule in shared.items()}
        values = {name: among[end] for name, among in ends.items() if among}
        told = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}
        yield "&".join(f"{name}={quote(value)}" for name, value in told.items())
    yield "&".join(f"{name}=%00x,,1e999" for name in shared)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_setting_that_a_link_may_bring_breaks_a_control(new_page, tmp_path, name):
    path = tmp_path / "own.html"
    EXAMPLES[name]().to_html(path)
    page = new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    shared = page.evaluate("JSON.parse(document.getElementById('gan-edu-state').textContent).shared")
    for text in texts(shared):
        page.goto("about:blank")
        page.goto(f"{path.as_uri()}#{text}")
        page.locator("section").first.wait_for()
        settle(page)
        assert not errors, text
