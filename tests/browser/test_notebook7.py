"""Notebook 7 for real: the replay, its keys, a linked slider. And what a saved notebook shows before it is run, there
and in JupyterLab."""

import json
from html import escape

import pytest
from course import shown
from helpers.lab import eventually, settle, write_notebook
from nbformat.v4 import new_output

from gan_edu.core.recording.recording import shipped
from gan_edu.widgets import Replay
from gan_edu.widgets.kit.control import VIEW

pytestmark = pytest.mark.browser

FILM = """from gan_edu.core.recording.recording import shipped
from gan_edu.widgets import Replay
film = shipped("mnist_textbook")
replay = Replay(film)
replay"""
LINKED = """import ipywidgets as widgets
slider = widgets.IntSlider(max=len(film) - 1, description="frame")
link = widgets.jslink((slider, "value"), (replay, "frame"))
slider"""
TOLD = "print(replay.frame, slider.value)"
LAST = len(shipped("mnist_textbook")) - 1


@pytest.fixture(scope="module")
def played(jupyter):
    """A small notebook in Notebook 7, run: the replay with a linked slider. In JupyterLab: test_jupyterlab.py."""
    with jupyter.open("played", FILM, LINKED, app="notebook") as notebook:
        notebook.run_all()
        yield notebook


@pytest.fixture
def slider(played):
    found = played.page.locator("input[type=range][aria-valuetext]").first
    found.scroll_into_view_if_needed()
    found.press("Home")
    settle(played.page)
    return found


@pytest.fixture
def linked(played):
    found = played.page.locator(".widget-slider [role=slider]").first
    found.scroll_into_view_if_needed()
    found.focus()
    return found


def picture(page):
    return page.locator("canvas").first.screenshot()


def test_dragging_changes_the_picture_and_the_numbers(played, slider):
    page, before, picture_before = played.page, slider.get_attribute("aria-valuetext"), picture(played.page)
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    settle(page)
    assert 0.4 * LAST < int(slider.input_value()) < 0.8 * LAST
    assert slider.get_attribute("aria-valuetext") != before
    assert picture(page) != picture_before


def test_keys_move_the_replay_and_change_no_cell(played, slider):
    cells = played.cells()
    for key, value in (("ArrowRight", 1), ("PageUp", 11), ("ArrowLeft", 10), ("End", LAST), ("Home", 0)):
        slider.press(key)
        assert slider.input_value() == str(value)
    for key in ("a", "b", "x", "d", "d"):  # the host's own: insert above, below, cut, delete
        slider.press(key)
    assert played.cells() == cells


def test_a_hundred_quick_moves_lose_nothing(played, slider, linked):
    """In the browser every one counts; the kernel, asked at the end, knows where they led.

    The linked slider is dragged: Notebook 7 keeps the arrow keys of ipywidgets' own sliders to itself.
    """
    handle, track = linked.bounding_box(), played.page.locator(".widget-slider .noUi-base").first.bounding_box()
    y = handle["y"] + handle["height"] / 2
    played.page.mouse.move(handle["x"] + handle["width"] / 2, y)
    played.page.mouse.down()
    played.page.mouse.move(track["x"] + track["width"] + 40, y, steps=100)
    played.page.mouse.up()
    played.page.wait_for_function(
        "([slider, value]) => slider.value === value", arg=[slider.element_handle(), str(LAST)]
    )
    for _ in range(100):
        slider.press("ArrowLeft", no_wait_after=True)
    assert slider.input_value() == str(LAST - 100)
    played.comes_to_say(TOLD, f"{LAST - 100} {LAST - 100}")


def test_play_and_pause_by_the_space_key(played, slider):
    slider.press("Space")
    eventually(lambda: int(slider.input_value()) >= 2, True)
    slider.press("Space")
    stopped = slider.input_value()
    played.page.wait_for_timeout(400)  # three frames' time
    assert slider.input_value() == stopped


def test_dark_theme(played, slider):
    """The replay's words are light on dark, and dark on light again."""
    for theme, light_words in (("JupyterLab Dark", True), ("JupyterLab Light", False)):
        played.theme(theme)
        colour = slider.evaluate("node => getComputedStyle(node.getRootNode().querySelector('h3, .title')).color")
        red, green, blue = (int(part) for part in colour[4:-1].split(",")[:3])
        assert (min(red, green, blue) > 180) is light_words


# ---------------------------------------------------------------- saved, and opened again


def sees_the_sheet(notebook):
    sheet = notebook.page.locator(".jp-OutputArea-output img").first
    sheet.scroll_into_view_if_needed()
    assert sheet.evaluate("(img) => img.decode().then(() => img.naturalWidth)") > 600
    text = notebook.page.locator(".jp-Notebook").inner_text()
    assert "Loading widget" not in text and "Error displaying widget" not in text


@pytest.fixture(scope="module", params=["notebook", "lab"])
def opened(request, jupyter):
    """opened(name, *sources): a notebook in place of the one before."""
    with jupyter.desk(request.param) as another:
        yield another


@pytest.fixture
def folder(jupyter):
    return jupyter.folder


def test_a_notebook_of_the_course_shows_its_pictures_before_it_is_run(opened, folder):
    """As `make lessons` leaves it."""
    data, metadata = Replay(shipped("mnist_textbook"))._repr_mimebundle_()
    path = write_notebook(folder / "stored.ipynb", FILM)
    book = json.loads(path.read_text())
    book["cells"][0]["outputs"] = shown(new_output("execute_result", data, metadata=metadata, execution_count=1))
    path.write_text(json.dumps(book))
    sees_the_sheet(opened("stored"))


TWICE = """from gan_edu.widgets import PhasePortrait, PlaneReplay
display(PhasePortrait(), PlaneReplay(shipped("plane/ring")))"""
SEEN = """() => [...document.querySelectorAll(".jp-Notebook .jp-CodeCell")].map((cell) => {
    const there = (node) => node.checkVisibility() && node.getBoundingClientRect().height > 0;
    const all = (selector) => [...cell.querySelectorAll(selector)].filter(there);
    const view = ".jp-OutputArea-output.lm-Panel > *";
    const read = all(".jp-OutputArea-output").map((output) => {
        const words = output.cloneNode(!output.querySelector(`:scope:is(.lm-Panel) > *`));     // of a control: nothing
        words.querySelectorAll("style, .jp-sr-only").forEach((node) => node.remove());
        return words.textContent.trim();
    }).join("");
    const [controls, pictures, heard] = [view, "img", ".gan-edu-still"].map((selector) => all(selector).length);
    return {controls, pictures, heard, read, room: all(".jp-Cell-outputWrapper").length};
})"""


RUN = [{"controls": count, "pictures": 0, "heard": 0, "read": "", "room": 1} for count in (1, 2, 1, 1)]
STILL = [
    {"controls": 0, "pictures": count, "heard": count, "read": "", "room": int(count > 0)} for count in (1, 2, 1, 0)
]


def sees(notebook, wanted):
    """What every cell shows comes to be `wanted`."""
    eventually(lambda: notebook.page.evaluate(SEEN), wanted)


@pytest.fixture(scope="module")
def saved(opened, jupyter):
    """A notebook of several controls, run, saved and then closed, its kernel shut down."""
    notebook = opened("saved", FILM, TWICE, "replay", LINKED)
    notebook.run_all()
    sees(notebook, RUN)
    notebook.save()
    return jupyter.folder / "saved.ipynb"


def test_what_the_reader_saves_shows_its_pictures_and_runs_again(opened, saved):
    """Of each control either the picture is there or the control; plain widgets, whose kernel is gone, are not."""
    again = opened("saved")
    again.page.wait_for_function("""() => [...document.querySelectorAll(".jp-OutputArea-output")]
        .filter((view) => view.textContent.includes("model not found")).length === 5""")
    sees(again, STILL)
    again.run_all()
    sees(again, RUN)
    found = again.page.locator("input[type=range][aria-valuetext]").first
    found.press("End")
    assert found.input_value() == str(LAST)


def test_a_notebook_of_someone_else_shows_each_picture_once(opened, saved):
    """Not trusted: no view is shown there, and no style sheet holds. Of a plain widget its name is left."""
    saved.with_name("foreign.ipynb").write_text(saved.read_text().replace("plane/ring", "plane/ring "))
    notebook = opened("foreign")
    assert notebook.page.locator(".gan-edu-still").count() == 4 and notebook.page.locator(".jp-Cell style").count() == 0
    sees(notebook, [*STILL[:3], {**STILL[3], "read": "IntSlider(value=0, description='frame', max=109)", "room": 1}])


def test_a_saved_notebook_holds_each_picture_once_with_its_words(saved):
    book = json.loads(saved.read_text())
    outputs = [output for cell in book["cells"][:3] for output in cell["outputs"]]
    views, pictures, words = outputs[::3], outputs[1::3], outputs[2::3]
    assert len(pictures) == 4 and "widgets" not in book["metadata"]
    for output, after in zip(pictures, words, strict=True):
        alt = output["metadata"]["image/png"]["alt"]
        assert output["data"]["image/png"] and alt and escape(alt) in "".join(after["data"]["text/html"])
    assert all(list(output["data"]) == [VIEW] for output in views)
    assert len(json.dumps([*views, *words])) < 0.05 * len(json.dumps(pictures))
