"""Both players, saddle, phase portrait in a real JupyterLab with the network cut off: a drag reaches the kernel."""

import pytest
from helpers.value_page import drag, number

pytestmark = pytest.mark.browser

SOURCE = """from gan_edu.value_function import dirac, two_points, value
from gan_edu.widgets import DensityPlayer, PhasePortrait, Saddle, SmoothingPlayer
import ipywidgets
player, saddle = DensityPlayer(), Saddle({"two points": two_points, "Dirac-GAN": dirac})
slider = ipywidgets.FloatSlider(min=-5, max=5, description="mean")
link = ipywidgets.jslink((slider, "value"), (player, "data_mean_1"))
portrait = PhasePortrait(penalty="R1", gamma=0.3)
smoothing = SmoothingPlayer()
display(player, saddle, portrait, smoothing)"""
NOW = "print(value(player.p_data, player.p_g), *portrait.start, abs(portrait.eigenvalues()[0].imag).max())"


@pytest.fixture(scope="module")
def opened(jupyter):
    with jupyter.open("value", SOURCE) as notebook:
        notebook.run_all(seconds=480)
        notebook.page.locator(".density .handle").first.wait_for()
        yield notebook


def test_drag_the_density_read_v_and_ask_the_kernel(opened):
    notebook, page = opened, opened.page
    drag(page, page.locator("[data-name=fake_mean_1] .hold"), -60)
    page.locator(".saddle .start").scroll_into_view_if_needed()
    page.locator(".saddle .start").press("ArrowRight")
    page.locator(".phase .start").scroll_into_view_if_needed()
    side = float(page.locator(".phase .plot-box.field clipPath rect").get_attribute("width"))
    drag(page, page.locator(".phase .start"), side / 6, up=-side / 3)
    page.get_by_label("strength of the regulariser").press("End")
    notebook.comes_to_say("print(portrait.gamma, saddle.d, saddle.g)", "3.0 -1.9 2.0")
    mean = number(page.locator("[data-name=fake_mean_1][aria-valuenow]").first.get_attribute("aria-valuenow"))
    assert mean < 0.5
    notebook.comes_to_say(f"print(abs(player.fake_mean_1 - {mean}) < 0.01)", "True")
    v, theta, psi, turning = map(float, notebook.says(NOW).split())
    assert (theta, psi, turning) == (pytest.approx(2, abs=0.05), pytest.approx(-1, abs=0.05), 0)
    shown = page.locator(".density tr:has(b):has-text('V(D*, G)') td").first.inner_text()
    assert number(shown) == pytest.approx(v, abs=1e-3)
    assert notebook.cells() == 1


def test_a_plain_slider_moves_the_density(opened):
    notebook = opened
    notebook.says("slider.value = -3.5")
    notebook.page.locator("[data-name=data_mean_1][aria-valuenow='-3.5']").wait_for()


def test_the_smoothing_players_targets_reach_the_kernel_and_back(opened):
    notebook, page = opened, opened.page
    page.get_by_label("β, target for fake").press("End")
    page.locator(".smoothing .line-box.densities").scroll_into_view_if_needed()
    drag(page, page.locator(".smoothing [data-name=fake_mean] .hold"), -60)
    page.locator(".smoothing .acts .main").click()  # it was woken: pause
    notebook.comes_to_say("print(smoothing.fake_target)", "0.4")
    notebook.comes_to_say("print(smoothing.fake_mean < 1.2)", "True")
    notebook.says("slider.value, smoothing.real_target = smoothing.fake_target, 0.6")
    page.locator("[data-name=data_mean_1][aria-valuenow='0.4']").wait_for()
    best = page.locator(".smoothing tr:has-text('where p_g = p_data') td")
    best.filter(has_text="0.5000").wait_for()
