"""The plane in a real JupyterLab, the network cut off: it trains, answers drags, steps, explains itself, pauses."""

import re

import pytest
from helpers.lab import eventually
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CELL = """import torch
from gan_edu.losses import Loss, cross_entropy_d, minimax, non_saturating
from gan_edu.training_loop import GAN, LINES, d_step, g_step, substeps, train
from gan_edu.widgets import Plane

torch.set_num_threads(1)

def nearer(fake_logits, real_logits=None):
    return (fake_logits - 1).square().mean()

own = Loss("my own", cross_entropy_d, nearer)
plane = Plane(GAN, train, {"non-saturating": non_saturating, "minimax": minimax, "my own": own},
              d_step=d_step, g_step=g_step, substeps=substeps, lines=LINES)
plane"""
ROOT = """window.plane_root = () => [...document.querySelectorAll("*")]
    .find((n) => n.shadowRoot && n.shadowRoot.querySelector(".plane-view")).shadowRoot"""
DRAG = """([name, place]) => new Promise((done) => {
  const input = plane_root().querySelector(`.${name} input`), setting = input.closest("label");
  const trouble = setTimeout(() => done(false), 8000);
  input.value = place;
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind));
  const wait = () => {
    if (setting.dataset.told !== String(place)) return setTimeout(wait, 1);
    clearTimeout(trouble);
    done(true);
  };
  wait();
})"""


@pytest.fixture(scope="module")
def notebook(jupyter):
    with jupyter.open("plane", CELL, "plane", "print(plane.gan.step)", width=1400, height=1400) as book:
        book.page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')")
        book.page.locator(".plane-view .acts .main").first.wait_for(timeout=240_000)
        book.page.evaluate(ROOT)
        yield book


@pytest.fixture
def page(notebook):
    yield notebook.page
    if main(notebook.page).inner_text() == "Pause":
        main(notebook.page).click()
    expect(main(notebook.page)).to_have_text("Play")


def main(page):
    return page.locator(".plane-view .acts .main").first


def tab(page, name):
    page.locator(".plane-view").first.get_by_role("tab", name=name).click()


def step(page):
    return int(re.search(r"step ([\d,]+)", page.locator(".plane-view .where").first.inner_text())[1].replace(",", ""))


def reaches(page, least):
    eventually(lambda: step(page) >= least, True, seconds=240)


def test_it_trains_shows_views_and_pauses(page, notebook):
    main(page).click()
    reaches(page, 100)
    main(page).click()
    expect(main(page)).to_have_text("Play")  # it stands; its last picture may still be on the way
    running, last = notebook.says("print(plane.driver.running, plane.gan.step)").split()
    assert running == "False" and int(last) >= 100
    eventually(lambda: step(page), int(last))
    assert notebook.says("print(plane.gan.step)") == last


def test_a_drag_is_answered_while_it_trains(page):
    main(page).click()
    reaches(page, step(page) + 20)
    for k in range(3):
        for name, place in [("d_lr", 7), ("g_lr", 6), ("batch_size", 4), ("d_steps", 0), ("g_steps", 0)]:
            assert page.evaluate(DRAG, [name, place + k % 2]), name
    assert main(page).inner_text() == "Pause"


def test_fresh_networks_are_asked_for_and_it_trains_on(page):
    main(page).click()
    reaches(page, 20)
    tab(page, "Generator")
    width = page.locator(".plane-view .g_width input").first
    width.press("ArrowLeft")
    ask = page.locator(".plane-view .question >> visible=true")
    expect(ask).to_contain_text("would be lost")
    ask.get_by_role("button", name="Keep them").click()
    expect(ask).to_have_count(0)
    before = step(page)
    width.press("ArrowLeft")
    reaches(page, before + 1)  # what was asked has changed nothing yet
    ask.get_by_role("button", name="Begin anew").click()
    eventually(
        lambda: page.evaluate("plane_root().querySelector('.g_width input').closest('label').dataset.told"),
        width.input_value(),
    )
    expect(main(page)).to_have_text("Pause")


def test_steps_of_one_player_slow_motion_and_the_code(page):
    before = step(page)
    for words in ("D step", "G step", "Both"):
        page.locator(".plane-view .acts button", has_text=words).first.click()
    reaches(page, before + 3)
    page.locator(".plane-view .acts button", has_text="Slow motion").first.click()
    expect(page.locator(".plane-view .code legend").first).to_have_text(re.compile(r"Sub-step \d+ of \d+"))
    page.get_by_label("let the sub-steps go on by themselves").first.click()
    page.get_by_label("leave slow motion").first.click()
    tab(page, "Loss")
    page.locator(".plane-view .loss select").first.select_option("my own")
    page.locator(".plane-view .acts button", has_text="Both").first.click()
    reaches(page, before + 5)
    page.locator(".plane-view .show-code").first.click()
    expect(page.locator(".plane-view .program").first).to_contain_text("gan.loss = own")
    expect(page.locator(".plane-view .program").first).to_contain_text("d_step(gan, batches)")


def test_a_second_view_shows_the_same_and_keys_stay_inside(page, notebook):
    cells = notebook.cells()
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')")
    expect(page.locator(".plane-view .acts .main")).to_have_count(2)
    notebook.idle()
    where = page.locator(".plane-view .where")
    expect(where.nth(1)).to_have_text(where.first.inner_text(), use_inner_text=True)
    page.locator(".plane-view .history input").first.focus()
    for key in ("Home", "a", "b", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".plane-view .moment").first).to_have_text("step 1")
    assert notebook.cells() == cells


def test_reset_begins_anew_and_keeps_the_settings(page):
    place = page.locator(".plane-view .g_width input").first.input_value()
    if step(page):
        page.locator(".plane-view .reset").first.click()
    page.locator(".plane-view .reset").first.click()
    expect(page.locator(".plane-view .where").first).to_contain_text("step 0")
    assert page.locator(".plane-view .g_width input").first.input_value() == place
    assert page.locator(".plane-view .loss select").first.input_value() == "my own"
