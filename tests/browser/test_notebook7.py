"""Notebook 7 for real: the replay, its keys, a linked slider. And what a saved notebook shows before it is run."""
import json

import pytest
from course import shown
from lab import Notebook, lab, settle, write_notebook
from nbformat.v4 import new_output

from gan_edu.core.recording import shipped
from gan_edu.widgets import Replay

pytestmark = pytest.mark.browser

FILM = """from gan_edu.core.recording import shipped
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


@pytest.fixture(scope="module", params=["notebook", "lab"])
def server(request, chromium, tmp_path_factory):
    """(app, folder, open): open(name) is a notebook in a page of its own; no request may leave the machine."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("course")
    pages, outside = [], []
    with lab(folder, home, request.param) as address:
        def opened(name):
            page = chromium.new_page(viewport={"width": 1280, "height": 1000})
            page.set_default_timeout(30_000)
            page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(address)
                       else (outside.append(route.request.url), route.abort()))
            pages.append(page)
            return Notebook(page, address, name, request.param)

        yield request.param, folder, opened
        for page in pages:
            page.close()
    assert outside == []


@pytest.fixture(scope="module")
def played(server):
    """A small notebook, run: the replay with a linked slider."""
    app, folder, opened = server
    write_notebook(folder / "played.ipynb", FILM, LINKED)
    notebook = opened("played.ipynb")
    notebook.run_all()
    return notebook


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
    for key in ("a", "b", "x", "d", "d"):                 # the host's own: insert above, below, cut, delete
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
    played.page.wait_for_function("([slider, value]) => slider.value === value",
                                  arg=[slider.element_handle(), str(LAST)])
    for _ in range(100):
        slider.press("ArrowLeft", no_wait_after=True)
    assert slider.input_value() == str(LAST - 100)
    played.idle()
    for _ in range(20):                                   # the last of a hundred messages may still be on its way
        if said(played, TOLD) == f"{LAST - 100} {LAST - 100}":
            break
        played.page.wait_for_timeout(250)
    assert said(played, TOLD) == f"{LAST - 100} {LAST - 100}"


def said(notebook, source):
    """What the kernel prints for a line of code, asked beside the notebook."""
    return notebook.page.evaluate("""async (code) => {
        const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel, texts = [];
        const future = kernel.requestExecute({code});
        future.onIOPub = (message) => message.header.msg_type === "stream" && texts.push(message.content.text);
        await future.done;
        return texts.join("").trim(); }""", source)


def test_play_and_pause_by_the_space_key(played, slider):
    slider.press("Space")
    played.page.wait_for_timeout(900)
    slider.press("Space")
    stopped = int(slider.input_value())
    assert stopped >= 2
    played.page.wait_for_timeout(400)
    assert int(slider.input_value()) == stopped


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


def test_a_notebook_of_the_course_shows_its_pictures_before_it_is_run(server):
    """As `make lessons` leaves it."""
    app, folder, opened = server
    data, metadata = Replay(shipped("mnist_textbook"))._repr_mimebundle_()
    path = write_notebook(folder / "stored.ipynb", FILM)
    book = json.loads(path.read_text())
    kept = shown(new_output("execute_result", data, metadata=metadata, execution_count=1))
    book["cells"][0]["outputs"] = [kept]
    path.write_text(json.dumps(book))
    sees_the_sheet(opened("stored.ipynb"))


def test_what_the_reader_saves_keeps_its_picture_and_runs_again(server):
    """The host prefers the view, whose kernel is gone, until the cell runs; hosts without widgets show the picture."""
    app, folder, opened = server
    write_notebook(folder / "saved.ipynb", FILM)
    notebook = opened("saved.ipynb")
    notebook.run_all()
    notebook.command("docmanager:save")
    notebook.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    output, = json.loads((folder / "saved.ipynb").read_text())["cells"][0]["outputs"]
    assert output["data"]["image/png"] and output["metadata"]["image/png"]["alt"]
    notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    notebook.page.close()
    again = opened("saved.ipynb")
    again.run_all()
    found = again.page.locator("input[type=range][aria-valuetext]").first
    found.press("End")
    assert found.input_value() == str(LAST)
