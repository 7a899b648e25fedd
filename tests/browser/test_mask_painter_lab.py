"""The mask painter in a real JupyterLab: a slow network is asked one thing at a time, and the last hole is filled."""

from pathlib import Path

import pytest
from helpers.lab import eventually
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SHOWN = f"""import sys, time
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from helpers.controls import drawings, halves
from gan_edu.widgets import MaskPainter
calls = []
def slow(seen, known):
    time.sleep(0.2 if calls else 0)
    calls.append(784 - int(known.sum()))
    return halves(seen, known)
painter = MaskPainter(drawings(), {{"0": slow}}, hole="0" * 196)
before = len(calls)
painter"""


@pytest.fixture(scope="module")
def notebook(jupyter):
    with jupyter.open("paint", SHOWN) as opened:
        yield opened


def test_a_slow_network_is_asked_one_thing_at_a_time_and_the_last_hole_is_filled(notebook):
    page = notebook.page
    notebook.run_all()
    left = page.locator(".four .left canvas")
    expect(page.locator(".gan-edu-still")).to_be_hidden()
    box = left.bounding_box()
    x, y, wide = box["x"], box["y"], box["width"] / 28
    page.mouse.move(x + 4.5 * wide, y + 10 * wide)
    page.mouse.down()
    for k in range(4, 24):  # a stroke of twenty holes
        page.mouse.move(x + (k + 0.5) * wide, y + 10 * wide)
    page.mouse.up()
    score = page.locator(".four .restored .words")
    expect(score).to_contain_text("PSNR in the hole")
    now = "from gan_edu.widgets.mask_painter.holes import hole_of; count = int(hole_of(painter.hole).sum()); "
    notebook.comes_to_say(f"{now}print(count > 60, calls[-1] == count)", "True True")
    assert int(notebook.says("print(len(calls) - before)")) < 10  # of twenty holes the newest, and no queue
    read = "(node) => [...node.getContext('2d').getImageData(15, 10, 1, 1).data]"
    eventually(lambda: page.locator(".four .restored canvas").evaluate(read), [128, 128, 128, 255])
    notebook.comes_to_say("painter.add(drawings()[2] / 2); print(painter.which)", "3")
    pixel = "(node) => node.getContext('2d').getImageData(19, 22, 1, 1).data[0]"
    expect(page.get_by_role("button", name="your own picture")).to_have_attribute("aria-pressed", "true")
    eventually(lambda: page.locator(".four .real canvas").evaluate(pixel), 128)
