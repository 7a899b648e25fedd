"""The density player on a blank page: drag, read V, and compare with the Python module."""

import math
import re

import pytest
from helpers.lab import settle
from helpers.look import CONTRAST, NARROW, follows_the_theme, looks
from helpers.value_page import drag, nameless, number, page_with, touch

from gan_edu import value_function as v
from gan_edu.core.data.distributions import gaussian, laplace, on_line, uniform
from gan_edu.widgets import DensityPlayer
from gan_edu.widgets.density_player.widget import NAMES

pytestmark = pytest.mark.browser
STATE = (*NAMES, "shape", "integrands", "numbers", "training", "train_g", "g_loss", "d_steps", "words")
ROWS = (
    "V(D*, G)",
    "−log 4 + 2 JS(pdata, pg)",
    "V(D, G)",
    "below V(D*, G) by",
    "E over data of log D*",
    "E over fakes of log(1 − D*)",
    "JS(pdata, pg)",
    "KL(pdata ‖ pg)",
    "KL(pg ‖ pdata)",
)


@pytest.fixture
def show(new_page):
    def make(player=None, **context):
        return page_with(new_page, player or DensityPlayer(), STATE, **context)

    return make


def numbers(page):
    """Every number on show, by the words before it; an index has no line of its own in a text."""
    page.evaluate("root().querySelector('.told details').open = true")
    rows = settle(page).locator(".side tr:has(td)").all_inner_texts()
    found = dict(row.split("\t") for row in rows)
    assert tuple(words.strip() for words in found) == ROWS
    return {words.strip(): number(value) for words, value in found.items()}


def shown(page):
    """The densities that the page shows, as the kernel would see them."""
    state = {name: page.evaluate(f"model.get('{name}')") for name in (*NAMES, "shape")}
    player = DensityPlayer(**state)
    return player.p_data, player.p_g


def agrees(page):
    """The page's numbers are those of the module."""
    found, (p, q) = numbers(page), shown(page)
    expected_of = {
        "V(D*, G)": v.value(p, q),
        "−log 4 + 2 JS(pdata, pg)": v.value_at_best(p, q),
        "JS(pdata, pg)": v.js(p, q),
        "KL(pdata ‖ pg)": v.kl(p, q),
        "KL(pg ‖ pdata)": v.kl(q, p),
    }
    for words, expected in expected_of.items():
        assert found[words] == pytest.approx(expected, abs=1e-3), words
    assert found["V(D*, G)"] == found["−log 4 + 2 JS(pdata, pg)"]
    assert found["V(D, G)"] <= found["V(D*, G)"]
    return found


def handle(page, name):
    return page.locator(f"[data-name={name}] .hold")


# ---------------------------------------------------------------- the numbers


@pytest.mark.parametrize(
    "p, q",
    [
        (gaussian(-1), gaussian(1)),
        (gaussian(0, 0.1), gaussian(0, 3)),
        (laplace(0.5, 0.7), laplace(-0.3, 1.5)),
        (uniform(-1, 1), uniform(0, 3)),
        (on_line("two", [-2, 2], [0.5, 0.3], [0.3, 0.7]), gaussian(0, 1)),
        (gaussian(-5, 0.1), gaussian(5, 0.1)),
    ],
    ids=["Gaussian", "narrow and broad", "Laplace", "uniform", "two", "apart"],
)
def test_its_numbers_are_those_of_the_module(show, p, q):
    agrees(show(DensityPlayer(p, q)))


def test_boxes_that_share_nothing(show):
    found = agrees(show(DensityPlayer(uniform(-3, -2), uniform(-1.5, -0.5))))
    assert found["JS(pdata, pg)"] == pytest.approx(math.log(2), abs=1e-3) and found["V(D*, G)"] == 0
    assert found["KL(pdata ‖ pg)"] == found["KL(pg ‖ pdata)"] == math.inf


def test_equal_densities_give_minus_log_4(show):
    page = show()
    page.get_by_label("situation").select_option("equal")
    assert agrees(page)["V(D*, G)"] == pytest.approx(-math.log(4), abs=1e-3)


@pytest.mark.parametrize("situation", ["shifted", "narrow", "missed", "between", "apart"])
def test_situations(show, situation):
    page = show()
    page.get_by_label("situation").select_option(situation)
    agrees(page)
    assert page.get_by_label("situation").input_value() == situation


# ---------------------------------------------------------------- dragging


def test_drag_a_mean_and_read_v(show):
    page = show()
    before = numbers(page)["V(D*, G)"]
    drag(page, handle(page, "fake_mean_1"), -50)
    assert 0 < page.evaluate("model.get('fake_mean_1')") < 0.5
    assert agrees(page)["V(D*, G)"] < before - 0.2  # nearer: D earns less


def test_drag_a_width_and_read_v(show):
    page = show()
    drag(page, handle(page, "data_width_1"), -40)
    assert 0.1 < page.evaluate("model.get('data_width_1')") < 0.5
    agrees(page)


def test_drag_upwards_for_the_weight(show):
    page = show(DensityPlayer(on_line("two", [-2, 2], [0.5, 0.5]), gaussian(0, 1)))
    drag(page, handle(page, "data_mean_1"), 3, up=30)
    assert page.evaluate("model.get('data_share')") == pytest.approx(0.75, abs=0.01)
    assert page.evaluate("model.get('data_mean_1')") == -2
    agrees(page)
    drag(page, handle(page, "data_mean_2"), 0, up=30)  # the other one grows
    assert page.evaluate("model.get('data_share')") == pytest.approx(0.5, abs=0.01)


def test_a_handle_stays_on_the_picture(show):
    page = show(DensityPlayer(gaussian(5, 3), gaussian()))
    box, plot = handle(page, "data_width_1").bounding_box(), page.locator(".line-box.densities").bounding_box()
    assert box["x"] + box["width"] / 2 < plot["x"] + plot["width"]
    drag(page, handle(page, "data_width_1"), 60)  # it stands on the left: inwards is narrower
    assert page.evaluate("model.get('data_width_1')") < 2.5


def test_keys_move_the_handles_and_stay_inside(show):
    page = show()
    slider = page.locator("[data-name=fake_mean_1]")
    slider.focus()
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowRight", "b"):
        page.keyboard.press(key)
    assert page.evaluate("model.get('fake_mean_1')") == pytest.approx(0.81)
    page.keyboard.press("ArrowDown")
    assert page.evaluate("model.get('fake_share')") == pytest.approx(0.95)
    assert settle(page).locator("[data-name=fake_mean_2]").get_attribute("tabindex") == "0"  # a second bump
    page.keyboard.press("End")
    assert page.evaluate("model.get('fake_mean_1')") == 5
    found = agrees(page)
    assert "weight 0.95" in slider.get_attribute("aria-valuetext")
    assert f"JS {found['JS(pdata, pg)']:.3f}" in slider.get_attribute("aria-valuetext")
    assert page.evaluate("keys_out") == []
    page.keyboard.press("Control+s")
    assert "s" in page.evaluate("keys_out")


def test_native_sliders_do_the_same(show):
    page = show()
    page.get_by_text("Sliders for every mean").click()
    slider = page.get_by_label("p_data: width of bump 1")
    slider.fill("0.4")
    page.get_by_label("p_data: weight of bump 1").fill("0.5")
    assert page.evaluate("model.get('data_width_1')") == 0.4 and page.evaluate("model.get('data_share')") == 0.5
    slider.press("ArrowRight")
    assert page.evaluate("model.get('data_width_1')") == pytest.approx(0.41)
    agrees(page)


def test_touch_drags_too(show):
    page = show(has_touch=True)
    touch(page, handle(page, "fake_mean_1"), -50)
    assert settle(page).evaluate("model.get('fake_mean_1')") < 0.5
    agrees(page)


# ---------------------------------------------------------------- the kernel's side


def test_the_kernel_moves_the_view(show):
    page = show()
    page.evaluate("model.set('data_mean_1', 1); model.set('shape', 'laplace')")
    assert agrees(page)["JS(pdata, pg)"] == pytest.approx(0, abs=1e-3)
    assert page.get_by_label("shape of the bumps").input_value() == "laplace"


def test_a_drag_is_saved_for_the_kernel_and_a_view_goes_quietly(show):
    page = show()
    drag(page, handle(page, "fake_mean_1"), -50)
    assert page.evaluate("model.saved.length") > 0
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
    assert page.locator("#box > div > div").count() == 0


def test_numbers_can_be_hidden_for_a_guess(show):
    page = show(DensityPlayer(numbers=False))
    assert not page.locator(".side table").first.is_visible() and not page.locator(".gauge").is_visible()
    assert "JS" not in page.locator("[data-name=data_mean_1]").get_attribute("aria-valuetext")
    page.get_by_role("switch").click()
    agrees(page)
    assert page.evaluate("model.get('numbers')") is True


# ---------------------------------------------------------------- the trained D


def test_nothing_is_trained_before_a_move(show):
    page = show()
    page.wait_for_timeout(300)
    assert "0 steps" in page.locator(".state").inner_text()


def test_a_drag_wakes_d_and_it_catches_up(show):
    page = show()
    start = numbers(page)["below V(D*, G) by"]
    drag(page, handle(page, "fake_mean_1"), -20)
    page.wait_for_function("parseInt(root().querySelector('.state').textContent.slice(12)) >= 300", timeout=120_000)
    page.get_by_role("button", name="Pause").click()
    assert agrees(page)["below V(D*, G) by"] < 0.03 < start
    told = settle(page).locator(".state").inner_text()
    drag(page, handle(page, "fake_mean_1"), 30)  # paused by hand: a drag does not wake it
    assert settle(page).locator(".state").inner_text() == told


def test_steps_are_reproducible_and_can_be_forgotten(show):
    pages = [show(), show()]
    gaps = []
    for page in pages:
        page.get_by_role("button", name="50 steps").click()
        gaps.append(numbers(page)["V(D, G)"])
    assert gaps[0] == gaps[1] and "50 steps" in pages[0].locator(".state").inner_text()
    pages[0].get_by_role("button", name="Start again").click()
    assert "taken 0 steps" in settle(pages[0]).locator(".state").inner_text()


def test_reduced_motion_trains_only_when_asked(show):
    page = show(reduced_motion="reduce")
    drag(page, handle(page, "fake_mean_1"), -50)
    page.wait_for_timeout(200)
    assert "0 steps" in page.locator(".state").inner_text()
    page.get_by_role("button", name="Train D", exact=True).click()
    page.wait_for_function("parseInt(root().querySelector('.state').textContent.slice(12)) >= 20")


# ---------------------------------------------------------------- D and G learn


def both(page):
    page.get_by_role("button", name="Train D and G").click()


def fakes(page):
    return page.evaluate("[model.get('fake_mean_1'), model.get('fake_width_1')]")


def test_g_moves_its_density_to_the_datas_and_v_falls_to_minus_log_4(show):
    page = show(DensityPlayer(gaussian(-1), gaussian(1, 0.6)))
    before = numbers(page)["V(D*, G)"]
    both(page)
    page.wait_for_function("Math.abs(model.get('fake_mean_1') + 1) < 0.05", timeout=240_000)
    page.wait_for_function("Math.abs(model.get('fake_width_1') - 1) < 0.05", timeout=240_000)
    page.get_by_role("button", name="Pause").click()
    found = agrees(page)
    assert before > -0.8 and found["V(D*, G)"] == pytest.approx(-math.log(4), abs=0.01)
    assert found["JS(pdata, pg)"] < 0.005


def test_pause_holds_both_and_d_alone_leaves_the_fakes(show):
    page = show()
    both(page)
    page.wait_for_function("model.get('fake_mean_1') < 0.9")
    page.get_by_role("button", name="Pause").click()
    held = fakes(settle(page))
    steps = page.locator(".state").inner_text()
    page.get_by_role("button", name="Train D", exact=True).click()
    page.wait_for_function("(told) => root().querySelector('.state').textContent !== told", arg=steps)
    page.get_by_role("button", name="Pause").click()
    assert fakes(settle(page)) == held and page.evaluate("model.get('train_g')") is False


def test_rounds_at_once_are_reproducible_and_start_again_brings_the_fakes_back(show):
    ends = []
    for _ in range(2):
        page = show(reduced_motion="reduce")
        both(page)  # nothing moves by itself: ten rounds, and then it stands
        assert settle(page).evaluate("model.get('training')") is False
        assert "50 steps, G 10" in page.locator(".state").inner_text()
        ends.append(fakes(page))
    assert ends[0] == ends[1] and ends[0][0] < 1
    page.get_by_role("button", name="10 rounds").click()
    assert "100 steps, G 20" in settle(page).locator(".state").inner_text()
    page.get_by_role("button", name="Start again").click()
    assert fakes(settle(page)) == [1, 1] and "taken 0 steps" in page.locator(".state").inner_text()


def arrows(page):
    """The arrows on p_g, from left to right: how far each leads, in pixels."""
    path = settle(page).locator("path.pulling").get_attribute("d")
    heads = [
        [float(part) for part in re.findall(r"-?[\d.]+", arrow)] for arrow in re.findall(r"M[^M]*L[^M]*(?=M)", path)
    ]
    return [tip - tail for tail, _, tip, *_ in heads]


@pytest.mark.parametrize("mean, side", [(2, -1), (-4, 1)])
def test_arrows_show_where_gs_gradient_pulls(show, mean, side):
    page = show(DensityPlayer(gaussian(-1), gaussian(mean)))
    assert arrows(page) == []  # D knows nothing yet
    page.get_by_role("button", name="50 steps").click()
    assert len(arrows(page)) >= 3 and all(side * long > 0 for long in arrows(page))


def test_the_minimax_loss_pulls_less_where_d_is_sure(show):
    page = show(DensityPlayer(gaussian(-1.5, 0.7), gaussian(1.5, 0.7)))
    page.get_by_role("button", name="50 steps").click()
    strong = max(map(abs, arrows(page)))
    page.get_by_label("G’s loss").select_option("minimax")
    assert max(map(abs, arrows(page)), default=0) < strong / 2


# ---------------------------------------------------------------- without a kernel, and how it looks


def test_the_page_without_a_kernel(new_page, tmp_path):
    path = tmp_path / "player.html"
    DensityPlayer(gaussian(-1), gaussian(1, 0.5)).to_html(path)
    page = new_page()
    page.goto(path.as_uri())
    value = page.locator("tr:has(b):has-text('V(D*, G)') td").first
    before = number(value.inner_text())
    assert before == pytest.approx(v.value(gaussian(-1), gaussian(1, 0.5)), abs=1e-3)
    drag(page, page.locator("[data-name=fake_mean_1] .hold"), -60)
    assert number(value.inner_text()) < before


def test_it_fits_and_is_read_at_every_width(show):
    page = show(**NARROW)
    page.locator("summary").first.click()
    for width, scheme in looks(page, (320, 360, 700, 1400)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = page.evaluate(CONTRAST)
        assert len(found) > 25 and min(found)[0] >= 4.5, (width, scheme, sorted(found)[:5])


def test_it_follows_the_host_theme(show):
    page = show()
    follows_the_theme(page)


def test_every_control_has_a_name(show):
    page = show()
    assert nameless(page) == []
