"""Every live control in Notebook 7, the network cut off: train and pause, slide back, walk, drag; a kernel answers."""

import re

import pytest
from helpers.lab import eventually
from helpers.value_page import drag
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LIVE = """import torch
from gan_edu.losses import LOSSES
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import GAN, LINES, d_step, g_step, substeps, train
from gan_edu.value_function import dirac, two_points
from gan_edu.widgets import (DensityPlayer, LatentExplorer, Live, LossExplorer, PhasePortrait, Plane, Saddle,
                             SmoothingPlayer)

torch.set_num_threads(1)
live = Live(lambda: (textbook(), textbook_batches()), train, "In Notebook 7")
live"""
PLANE = """plane = Plane(GAN, train, LOSSES, loss="non-saturating", d_step=d_step, g_step=g_step, substeps=substeps,
              lines=LINES)
plane"""
LATENT = """gan = textbook()
explorer = LatentExplorer(gan.generate, gan.latents(24, torch.Generator().manual_seed(0)))
explorer"""
REST = """player, losses = DensityPlayer(), LossExplorer(LOSSES)
display(player, Saddle({"two points": two_points, "Dirac-GAN": dirac}), losses, SmoothingPlayer())"""
PHASE = """portrait = PhasePortrait(penalty="R1", gamma=0.3)
portrait"""


@pytest.fixture
def page(notebook):
    return notebook.page


@pytest.fixture(scope="module")
def notebook(jupyter):
    cells = LIVE, PLANE, LATENT, REST, PHASE
    with jupyter.open("controls", *cells, app="notebook", width=1300, height=1200) as opened:
        opened.run_all(seconds=480)
        yield opened


def steps(page, view):
    text = page.locator(f"{view} .where").first.inner_text()
    return int(re.search(r"step ([\d,]+)", text)[1].replace(",", ""))


@pytest.mark.parametrize(
    "name, view, go, history, first",
    [
        ("live", ".living", "Start", ".living input[type=range]", 1),
        ("plane", ".plane-view", "Play", ".plane-view .history input", 0),
    ],
)  # "now" is a place of its own
def test_it_trains_is_paused_and_slides_back(notebook, name, view, go, history, first):
    page = notebook.page
    main = page.locator(f"{view} .acts .main").first
    main.scroll_into_view_if_needed()
    main.click()
    expect(main).to_have_text("Pause")
    eventually(lambda: steps(page, view) >= 60, True)
    main.click()
    expect(main).to_have_text(go)  # it stands; its last frame may still be on the way
    frozen, last = notebook.says(f"print({name}.gan.step, len({name}.recorder.frames['step']) - {first})").split()
    frozen, slider = int(frozen), page.locator(history).first
    expect(slider).to_have_attribute("max", last)
    eventually(lambda: steps(page, view), frozen)
    slider.press("Home")
    assert slider.input_value() == "0" and int(last) > 0
    slider.press("End")
    assert slider.input_value() == last and steps(page, view) == frozen


def test_two_samples_and_the_walk_between_them(page):
    sample = page.locator(".latent .tiles button")
    sample.nth(5).click()
    sample.nth(9).click()
    page.locator(".latent .panel.walk:not(.stale)").wait_for()
    slider = page.get_by_label("where on the walk from A to B")
    slider.press("Home")
    for _ in range(16):
        slider.press("ArrowRight")
    expect(page.locator(".latent .t")).to_have_text("t = 0.50")


def test_densities_the_saddle_the_losses_and_the_smoothing_answer(page):
    value = page.locator(".density tr:has(b):has-text('V(D*, G)') td").first
    value.scroll_into_view_if_needed()
    before = value.inner_text()
    drag(page, page.locator(".density [data-name=fake_mean_1] .hold").first, -60)
    expect(value).not_to_have_text(before)
    start = page.locator(".start").first
    start.scroll_into_view_if_needed()
    start.press("ArrowRight")
    logit = page.locator("input[aria-label=logit]").first
    logit.scroll_into_view_if_needed()
    told = logit.get_attribute("aria-valuetext")
    logit.press("ArrowRight")
    expect(logit).not_to_have_attribute("aria-valuetext", told)
    target = page.get_by_label("β, target for fake").first
    target.scroll_into_view_if_needed()
    best = page.locator(".smoothing tr:has(b) td").first
    before = best.inner_text()
    target.press("ArrowRight")
    expect(best).not_to_have_text(before)


def test_the_phase_portrait_answers(page):
    outcome, strength = page.locator(".verdict b").first, page.get_by_label("strength of the regulariser").first
    outcome.scroll_into_view_if_needed()
    expect(outcome).to_have_text("converges")
    strength.fill("0")
    expect(outcome).to_have_text("does not converge")
