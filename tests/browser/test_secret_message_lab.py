"""The secret message in a real JupyterLab: it trains on a key of one's own in the background, and is stopped."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SHOWN = f"""import sys, time
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from helpers.controls import secret_message, sharpening
keys = []
def slow(key):
    keys.append(key.tolist())
    for pair in sharpening(key, range(0, 10**6, 10)):
        time.sleep(0.01)
        yield pair
control = secret_message(train=slow)
control"""


@pytest.fixture(scope="module")
def notebook(jupyter):
    with jupyter.open("secret", SHOWN) as opened:
        yield opened


def test_it_trains_beside_the_cells_until_it_is_stopped_and_the_newest_key_wins(notebook):
    page = notebook.page
    notebook.run_all()
    expect(page.locator(".gan-edu-still")).to_be_hidden()
    page.get_by_role("button", name="Train on a random key").click()
    page.get_by_label("key word").fill("secret")
    page.get_by_label("key word").press("Enter")
    expect(page.locator(".told")).to_contain_text("Key: 26 of 27")  # the stand-in's end
    notebook.comes_to_say(
        "from gan_edu.core.data.ciphers import keyword_key; print(keys[-1] == control.own['key'] "
        "== keyword_key('secret').tolist(), control.source)",
        "True own",
    )
    page.get_by_label("message", exact=True).fill("while it trains")
    notebook.comes_to_say("print(control.message, control.own['phase'])", "while it trains training")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".keys + .words")).to_contain_text("Stopped.")
    notebook.comes_to_say("print(control.own['phase'], len(control.own['steps']) > 1)", "stopped True")
    page.get_by_role("button", name="recorded").click()
    expect(page.locator(".told")).to_contain_text("Key: ")
    notebook.comes_to_say("print(control.source, control.film.steps)", "recorded [0, 100, 200, 300, 400]")
