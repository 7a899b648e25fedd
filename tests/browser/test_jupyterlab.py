"""The film of notebook 04 in a real JupyterLab, the network cut off: drag, keys, play, the slider that is linked to it.

That all cells of all notebooks run, nbval says (`make nbval`); that none of their outputs asks for anything outside,
`test_heights.py`.
"""

import pytest
from helpers.lab import cells_of, eventually, settle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(jupyter):
    """What the first replay of notebook 04 and its linked slider need, run."""
    cells = cells_of("04_mnist_gan", "replay = Replay(film)", "widgets.jslink((slider")
    with jupyter.open("film", *cells) as notebook:
        notebook.run_all()
        yield notebook


@pytest.fixture
def replay(opened):
    """The first replay of the notebook, back at its first frame."""
    notebook = opened
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


def test_dragging_the_slider_changes_the_picture_and_the_numbers(opened, replay):
    page, (root, slider) = opened.page, replay
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
    notebook, (_, slider) = opened, replay
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
    for key in ("a", "b", "x", "d", "d"):  # JupyterLab's own: insert above, below, cut, delete
        slider.press(key)
    assert notebook.cells() == cells


def test_play_moves_and_space_pauses(opened, replay):
    page, (_, slider) = opened.page, replay
    slider.press("Space")
    eventually(lambda: int(slider.input_value()) >= 2, True)
    slider.press("Space")
    stopped = slider.input_value()
    page.wait_for_timeout(400)  # three frames' time
    assert slider.input_value() == stopped


def test_the_linked_slider_moves_the_film(opened, replay):
    page, (_, slider) = opened.page, replay
    linked = page.locator(".jupyter-widgets.widget-slider [role=slider]").first
    linked.scroll_into_view_if_needed()
    linked.focus()
    for _ in range(5):
        linked.press("ArrowRight")
    page.wait_for_function("slider => slider.value === '5'", arg=slider.element_handle())
    opened.comes_to_say("print(replay.frame, slider.value)", "5 5")


def test_the_linked_play_button_runs_the_film(opened, replay):
    page, (_, slider) = opened.page, replay
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
    """The replay's words are light on dark, and dark on light again."""
    notebook, (root, _) = opened, replay
    for theme, light_words in (("JupyterLab Dark", True), ("JupyterLab Light", False)):
        notebook.theme(theme)
        colour = root.locator("h3, .title").first.evaluate("node => getComputedStyle(node).color")
        assert (min(int(part) for part in colour[4:-1].split(",")[:3]) > 180) is light_words
