"""Live training in a real JupyterLab, the network cut off: start, grow, pause, slide back, change, reload, reset."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CELL = """import torch
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import train
from gan_edu.widgets import Live

torch.set_num_threads(1)
live = Live(lambda: (textbook(), textbook_batches()), train, "My live GAN")
live"""


@pytest.fixture(scope="module")
def notebook(jupyter):
    with jupyter.open("live", CELL, "live", "print(len(live.recorder.log), live.gan.step)", height=1400) as book:
        book.page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')")
        book.page.locator(".living .acts .main").first.wait_for(timeout=240_000)
        yield book


@pytest.fixture
def page(notebook):
    yield notebook.page
    if main(notebook.page).inner_text() == "Pause":
        main(notebook.page).click()
    expect(main(notebook.page)).to_have_text("Start")


def main(page):
    return page.locator(".living .acts .main").first


def frames(page):
    return int(page.locator(".living input[type=range]").first.get_attribute("max"))


def grows(page, more=3):
    before = frames(page)
    page.wait_for_function(
        """(count) => {
        const host = [...document.querySelectorAll("*")].find((n) => n.shadowRoot?.querySelector(".living"));
        return +host.shadowRoot.querySelector("input[type=range]").max >= count; }""",
        arg=before + more,
        timeout=240_000,
    )


def where(page):
    return page.locator(".living .where").first


def test_start_grows_and_pause_freezes(page, notebook):
    assert where(page).inner_text().startswith("not started")
    for _ in range(5):
        main(page).click()
        expect(main(page)).to_have_text("Pause")
        grows(page, 1)
        main(page).click()
        expect(main(page)).to_have_text("Start")
    running, last = notebook.says("print(live.driver.running, live.gan.step)").split()
    assert running == "False"
    expect(where(page)).to_contain_text(re.compile(f"^paused.*step {int(last):,}[^,0-9]"))
    assert notebook.says("print(live.gan.step)") == last


def test_slide_back_while_it_trains(page):
    main(page).click()
    grows(page)
    slider = page.locator(".living input[type=range]").first
    slider.press("Home")
    slider.press("ArrowRight")
    big = page.locator(".living .big").first
    expect(big).to_have_text("step 1")
    grows(page)
    expect(big).to_have_text("step 1")
    page.locator(".living .newest").first.click()
    grows(page, 1)
    expect(big).not_to_have_text("step 1")


def test_a_learning_rate_changes_while_it_trains_and_keys_stay_inside(page, notebook):
    cells = notebook.cells()
    main(page).click()
    grows(page, 1)
    field = page.get_by_label("learning rate of D", exact=True).first
    field.fill("0.001")
    field.press("Enter")
    expect(page.locator(".living .log summary").first).to_have_text("1 change")
    field.press_sequentially("abj")
    field.press("Enter")
    expect(page.locator(".living .dial.d_lr .wrong").first).to_contain_text("from 0 to 1")
    field.fill("0.001")  # the value in force: right again
    field.press("Enter")
    expect(page.locator(".living .dial.d_lr .wrong").first).to_have_text("")
    assert main(page).inner_text() == "Pause" and notebook.cells() == cells


def test_a_second_view_and_a_reload_see_everything(page, notebook):
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')")
    expect(page.locator(".living .acts .main")).to_have_count(2)
    notebook.idle()
    main(page).click()
    grows(page)
    main(page).click()
    expect(main(page)).to_have_text("Start")
    count = str(int(notebook.says("print(len(live.recorder.frames['step']))")) - 1)
    for each in page.locator(".living input[type=range]").all():
        expect(each).to_have_attribute("max", count)
    before = where(page).inner_text()
    notebook.save()
    page.reload()
    slider = page.locator(".living input[type=range]").first
    expect(slider).to_have_attribute("max", count, timeout=240_000)
    expect(where(page)).to_have_text(before, use_inner_text=True)


def test_reset_begins_anew(page):
    main(page).click()
    grows(page, 1)
    page.locator(".living .reset").first.click()
    page.locator(".living .reset").first.click()
    expect(where(page)).to_contain_text("not started")
    expect(page.locator(".living .big").first).to_have_text("step 0")


def test_a_kernel_that_is_restarted_while_it_trains(page, notebook):
    """The cell, run again, begins anew."""
    main(page).click()
    grows(page, 1)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    notebook.idle()
    notebook.run_all()
    expect(where(page)).to_contain_text("not started")
    main(page).click()
    grows(page, 1)
