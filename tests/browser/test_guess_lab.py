"""Guess in a real JupyterLab: Run All goes through, the answer is not seen before a guess, and a guess is kept."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ASKS = """from gan_edu.core.notebook import show, subplots
from gan_edu.widgets import Guess, Guesses
figure, axes = subplots()
axes.plot([0, 1], [1, 0])
guess = Guess.number("error", "How many times smaller is the error?", 1, 1000, unit="×", log=True)
with guess:
    print("printed in secret")
guess.answer(10, show(figure, "a line that falls in secret"))"""
AFTER = 'after = "it ran"'
LISTS = "Guesses()"
# Each refresh of the screen, what of the answer can be seen: its static picture, or its words.
WATCH = """() => {
  window.seen = [];
  const look = () => {
    const drawn = [...document.querySelectorAll(".jp-OutputArea img, .jp-OutputArea pre")];
    const words = drawn.filter((node) => node.offsetHeight > 0).map((node) => node.alt ?? node.textContent);
    window.seen.push(...words.filter((text) => text.trim()));
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture
def notebook(jupyter):
    with jupyter.open("guess", ASKS, AFTER, LISTS) as opened:
        yield opened


def test_the_answer_is_seen_after_the_guess_and_a_reload_keeps_it(notebook):
    page = notebook.page
    page.evaluate(WATCH)
    notebook.run_all()
    notebook.comes_to_say("print(after)", "it ran")
    asked, listed = page.locator(".guess").first, page.locator(".guess").last
    expect(asked.locator(".waits")).to_be_visible()
    expect(listed.locator(".told")).to_contain_text("No guess so far")
    expect(asked.locator(".shown")).to_be_hidden()
    expect(page.locator(".gan-edu-spoils").first).to_be_hidden()  # nor read aloud
    assert page.evaluate("window.seen") == []
    asked.get_by_label("your guess, typed").fill("30")
    asked.get_by_role("button", name="Guess", exact=True).click()
    told = "You guessed 30 ×, it is 10 ×. That is a factor of 3 too high."
    expect(asked.locator(".told")).to_have_text(told)
    expect(asked.get_by_text("printed in secret")).to_be_visible()
    expect(asked.get_by_role("img", name="a line that falls in secret")).to_be_visible()
    expect(listed.locator(".told")).to_contain_text("Near: 0 of 1 guess.")
    notebook.comes_to_say("print(guess.guess, guess.reading['verdict'])", "30.0 far")
    notebook.save()
    page.reload()
    expect(page.locator(".guess").first.locator(".told")).to_have_text(told)
    # a kernel that knows nothing of it: the browser does
    page.wait_for_function("() => window.jupyterapp")
    notebook.idle()
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    notebook.idle()
    notebook.run_all()
    expect(page.locator(".guess").first.locator(".told")).to_have_text(told)
    notebook.comes_to_say("print(guess.guess)", "30.0")
    assert notebook.cells() == 3
