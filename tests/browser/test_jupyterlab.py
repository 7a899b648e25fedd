"""Notebook 04 in a real JupyterLab with the network cut off: run it, drag, keys, play, the linked slider."""

import os

import pytest
from helpers.lab import Notebook, copy_notebook, cut_off, eventually, lab, settle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(chromium, tmp_path_factory):
    """Notebook 04, run to its end at test pace."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("course")
    copy_notebook("04_mnist_gan", folder)
    os.environ["GAN_EDU_PACE"] = "test"
    try:
        with lab(folder, home) as address:
            page = chromium.new_page(viewport={"width": 1280, "height": 1000})
            outside = cut_off(page, address)
            notebook = Notebook(page, address, "04_mnist_gan.ipynb")
            notebook.run_all(seconds=180)
            yield notebook, outside
            page.close()
    finally:
        del os.environ["GAN_EDU_PACE"]


@pytest.fixture
def replay(opened):
    """The first replay of the notebook, back at its first frame."""
    notebook, _ = opened
    root = (
        notebook.page.locator("[data-gan-edu], .jp-OutputArea-output")
        .filter(has=notebook.page.locator("input[type=range][aria-valuetext]"))
        .first
    )
    root.scroll_into_view_if_needed()
    slider = root.locator("input[type=range][aria-valuetext]").first
    slider.focus()
    slider.press("Home")
    settle(notebook.page)
    return root, slider


def told(slider):
    return slider.get_attribute("aria-valuetext")


def test_all_cells_ran_and_nothing_left_the_machine(opened):
    notebook, outside = opened
    assert outside == []
    counts = notebook.page.evaluate("""() => [...window.jupyterapp.shell.currentWidget.model.cells]
        .filter((cell) => cell.type === "code").map((cell) => cell.executionCount)""")
    assert len(counts) > 15 and all(counts)


def test_dragging_the_slider_changes_the_picture_and_the_numbers(opened, replay):
    page, (root, slider) = opened[0].page, replay
    before, picture = told(slider), root.locator("canvas").first.screenshot()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    settle(page)
    assert told(slider) != before and "epoch" in told(slider)
    assert 40 < int(slider.input_value()) < 90
    assert root.locator("canvas").first.screenshot() != picture


def test_keys_reach_the_replay_and_not_jupyterlab(opened, replay):
    notebook, (_, slider) = opened[0], replay
    cells = notebook.cells()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    assert slider.input_value() == "2"
    slider.press("PageUp")
    assert slider.input_value() == "12"
    slider.press("End")
    notebook.page.wait_for_function(
        "slider => slider.getAttribute('aria-valuetext').startsWith('epoch 100 of 100')", arg=slider.element_handle()
    )  # the words follow at the next repaint
    for key in ("a", "b", "x"):  # JupyterLab's own: insert above, below, cut
        slider.press(key)
    assert notebook.cells() == cells


def test_play_moves_and_space_pauses(opened, replay):
    page, (_, slider) = opened[0].page, replay
    slider.press("Space")
    eventually(lambda: int(slider.input_value()) >= 2, True)
    slider.press("Space")
    stopped = slider.input_value()
    page.wait_for_timeout(400)  # three frames' time
    assert slider.input_value() == stopped


def test_the_linked_slider_moves_the_film(opened, replay):
    page, (_, slider) = opened[0].page, replay
    linked = page.locator(".jupyter-widgets.widget-slider [role=slider]").first
    linked.scroll_into_view_if_needed()
    linked.focus()
    for _ in range(5):
        linked.press("ArrowRight")
    page.wait_for_function("slider => slider.value === '5'", arg=slider.element_handle())


def test_the_linked_play_button_runs_the_film(opened, replay):
    page, (_, slider) = opened[0].page, replay
    button = page.locator(".jupyter-widgets.widget-play button").first  # starts, and stops again
    button.scroll_into_view_if_needed()
    button.click()
    page.wait_for_function("slider => +slider.value >= 3", arg=slider.element_handle())
    button.click()
    stopped = slider.input_value()
    page.wait_for_timeout(400)  # three frames' time
    assert slider.input_value() == stopped


def test_a_hundred_quick_moves_lose_nothing(opened, replay):
    _, slider = replay
    for _ in range(100):
        slider.press("ArrowRight", no_wait_after=True)
    assert slider.input_value() == "100"


def test_dark_theme(opened, replay):
    notebook, (root, _) = opened[0], replay
    notebook.theme("JupyterLab Dark")
    try:
        heading = root.locator("h3, .title").first
        colour = heading.evaluate("node => getComputedStyle(node).color")
        assert min(int(part) for part in colour[4:-1].split(",")[:3]) > 180
    finally:
        notebook.theme("JupyterLab Light")
