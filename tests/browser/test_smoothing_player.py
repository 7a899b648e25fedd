"""The smoothing player on a blank page: targets and p_g are moved, its numbers compared with those of scipy."""

import re

import numpy as np
import pytest
from helpers.lab import settle
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.value_page import drag, nameless, number, page_with, touch
from scipy.stats import norm

from gan_edu.widgets import SmoothingPlayer
from gan_edu.widgets.smoothing_player.widget import NAMES

pytestmark = pytest.mark.browser
SLIDERS = {"real_target": "α, target for real", "fake_target": "β, target for fake", "fake_mean": "▲, mean of p_g"}
ROWS = (
    "D*, no smoothing",
    "D*",
    "D, trained",
    "no smoothing",
    "α alone",
    "α and β",
    "remaining",
    "D* where p_g = p_data: (α + β)/2",
    "mean |D − D*|, trained D",
)


@pytest.fixture
def show(new_page):
    def make(player=None, **context):
        return page_with(new_page, player or SmoothingPlayer(), (*NAMES, "training", "words"), **context)

    return make


def state_of(page):
    return page.evaluate("(names) => Object.fromEntries(names.map((name) => [name, model.get(name)]))", list(NAMES))


def told(page):
    """Every number on show, by the words before it; "remaining" in parts of 1."""
    rows = settle(page).locator(".side tr:has(td)").all_inner_texts()
    found = {words.strip().replace("\xa0", " "): value for words, value in (row.split("\t") for row in rows)}
    assert tuple(found) == ROWS
    left = found.pop("remaining").replace("\xa0%", "")
    return {
        **{words: number(value) for words, value in found.items()},
        "remaining": 0 if left.startswith("<") else number(left) / 100,
    }


def mixture(x, mean, other, width):
    """(p(x), p'(x)) by scipy."""
    means = [m for m in (mean, other) if m is not None]
    parts = [norm.pdf(x, m, width) for m in means]
    return (
        sum(parts) / len(means),
        sum(part * (m - x) / width**2 for part, m in zip(parts, means, strict=True)) / len(means),
    )


def oracle(state, x, alpha=None, beta=None):
    """(D*(x), d/dx log D*(x)) from the two densities, by the quotient rule."""
    alpha, beta = state["real_target"] if alpha is None else alpha, state["fake_target"] if beta is None else beta
    (p, dp), (q, dq) = (
        mixture(x, *(state[f"{side}_{part}"] for part in ("mean", "other", "width"))) for side in ("data", "fake")
    )
    above, under = alpha * p + beta * q, p + q
    return above / under, (alpha * dp + beta * dq) / above - (dp + dq) / under


def agrees(page):
    """The page's numbers are those of the formulas."""
    found, state = told(page), state_of(page)
    x, alpha, beta = state["fake_mean"], state["real_target"], state["fake_target"]
    best, pull = oracle(state, x)
    plain, full = oracle(state, x, 1, 0)
    wanted = {
        "D*, no smoothing": plain,
        "D*": best,
        "no smoothing": full,
        "α alone": oracle(state, x, alpha, 0)[1],
        "α and β": pull,
        "D* where p_g = p_data: (α + β)/2": (alpha + beta) / 2,
    }
    for words, value in wanted.items():
        assert found[words] == pytest.approx(value, abs=6e-5), words
    if abs(full) > 0.01:
        assert found["remaining"] == pytest.approx(pull / full, abs=6e-3)
    return found


def hold(page):
    return page.locator("[data-name=fake_mean] .hold")


def curves(page, trained=False):
    """D* (or the trained D), the pull with smoothing and without, as drawn: of each x, y (361,), and y of a pixel."""
    paths = page.evaluate("""() => Object.fromEntries(["d", "pull"].map((name) => {
        const plot = root().querySelector(`.line-box.${name} .plot`), list = [...plot.querySelectorAll("path")];
        const rules = list.filter((node) => node.classList.contains("rule")).map((node) => node.getAttribute("d"));
        const ticks = [...plot.querySelectorAll("text[text-anchor=end]")].map((node) => node.textContent);
        const lines = list.map((node) => [node.getAttribute("class"), node.getAttribute("d")]);
        return [name, {rules, ticks, lines: Object.fromEntries(lines)}]; }))""")
    ends = np.array(re.findall(r"[-\d.]+", paths["d"]["rules"][0]), float)[[0, 2]]  # left and right, in pixels
    kinds = (("d", "series d" if trained else "series d best"), ("pull", "series both"), ("pull", "series plain"))
    return [drawn(paths[name], kind, ends) for name, kind in kinds]


def drawn(plot, kind, ends):
    """A curve in units of its axes: left and right are −6 and 6, and the rules say where the ticks' numbers are."""
    pixels = np.array(re.findall(r"[-\d.]+", plot["lines"][kind]), float).reshape(-1, 2)
    heights = [float(re.fullmatch(r"M[\d.]+ ([\d.]+)H[\d.]+", rule)[1]) for rule in plot["rules"]]
    values = [0.5 if tick == "½" else number(tick) for tick in plot["ticks"][: len(heights)]]
    slope, start = np.polyfit(heights, values, 1)
    assert np.allclose(start + slope * np.array(heights), values, atol=1e-6)
    return -6 + 12 * (pixels[:, 0] - ends[0]) / (ends[1] - ends[0]), start + slope * pixels[:, 1], abs(slope)


def slide(page, name, value):
    page.get_by_label(SLIDERS[name]).fill(str(value))
    assert page.evaluate(f"model.get('{name}')") == value


def steps(page):
    return int(page.locator(".state").inner_text().split("taken ")[1].split(" ")[0].replace(",", ""))


# ---------------------------------------------------------------- the numbers


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"fake_target": 0.1},
        {"real_target": 1.0, "fake_target": 0.4},
        {"data_mean": 1.5},
        {"fake_target": 0.2, "fake_mean": 0.4, "fake_other": -2.0, "fake_width": 0.5},
        {"fake_target": 0.1, "data_other": 2.0, "data_width": 1.3, "fake_mean": 0.5},
    ],
    ids=str,
)
def test_its_numbers_are_those_of_the_formulas(show, state):
    agrees(show(SmoothingPlayer(**state)))


@pytest.mark.parametrize(
    "apart",
    [
        {"data_mean": -5.0, "fake_mean": 5.0, "data_width": 0.1, "fake_width": 0.1},
        {"data_width": 0.1, "fake_width": 3.0},
    ],
    ids=["narrow", "narrow and broad"],
)
def test_where_both_densities_vanish_nothing_breaks(show, apart):
    for beta in (0.0, 0.1):
        page = show(SmoothingPlayer(0.9, beta, **apart))
        best = curves(page)[0][1]
        assert len(best) == 361 and (best >= beta - 2e-3).all() and (best <= 0.9 + 2e-3).all()
        paths = page.evaluate("[...root().querySelectorAll('.plot path')].map((node) => node.getAttribute('d') || '')")
        assert len(paths) > 20 and not any("NaN" in d or "Infinity" in d for d in paths)


def test_the_curves_are_those_of_the_formulas(show):
    """To the tenth of a pixel that they are drawn to."""
    page = show(SmoothingPlayer(fake_target=0.1))
    x, state = np.linspace(-6, 6, 361), state_of(page)
    (best, pull), (_, full) = oracle(state, x), oracle(state, x, 1, 0)
    for (at, y, pixel), wanted in zip(curves(page), (best, pull, full), strict=True):
        np.testing.assert_allclose(at, x, atol=0.002)
        np.testing.assert_allclose(y, wanted, atol=0.06 * pixel)


def test_one_sided_smoothing_leaves_the_pull_and_two_sided_takes_it(show):
    page = show()
    for alpha in (0.5, 0.75, 1):
        slide(page, "real_target", alpha)
        found = agrees(page)
        assert found["α and β"] == found["no smoothing"] and found["remaining"] == 1
        assert "costs G nothing" in page.locator(".verdict").inner_text()
    slide(page, "fake_target", 0.1)
    found = agrees(page)
    assert abs(found["α and β"]) < 0.01 < 6 < abs(found["α alone"]) and found["remaining"] == 0
    assert "It dies, it never turns" in page.locator(".verdict").inner_text()


@pytest.mark.parametrize("situation", ["apart", "overlapping", "equal", "spurious", "missing"])
def test_situations_keep_the_targets(show, situation):
    page = show(SmoothingPlayer(0.8, 0.1))
    page.get_by_label("situation").select_option(situation)
    found = agrees(page)
    assert page.get_by_label("situation").input_value() == situation
    assert (state_of(page)["real_target"], state_of(page)["fake_target"]) == (0.8, 0.1)
    if situation == "equal":
        assert found["D*"] == found["D* where p_g = p_data: (α + β)/2"] == 0.45 and found["α and β"] == 0


# ---------------------------------------------------------------- what a learner does


def test_drag_p_g_and_read_d(show):
    page = show(SmoothingPlayer(fake_target=0.1))
    drag(page, hold(page), -100)
    assert -1.5 < page.evaluate("model.get('fake_mean')") < 0
    agrees(page)
    assert "there D* is" in page.locator(".live").inner_text()
    drag(page, hold(page), 900)
    assert page.evaluate("model.get('fake_mean')") == 5
    agrees(page)


def test_touch_drags_too(show):
    page = show(has_touch=True)
    touch(page, hold(page), -50)
    assert settle(page).evaluate("model.get('fake_mean')") < 1
    agrees(page)


def test_keys_move_p_g_and_the_targets_and_stay_inside(show):
    page = show()
    handle = page.locator("[data-name=fake_mean]")
    handle.focus()
    for key in ("ArrowLeft", "ArrowDown", "Shift+ArrowRight", "b"):
        page.keyboard.press(key)
    assert page.evaluate("model.get('fake_mean')") == pytest.approx(1.31)
    found = agrees(page)
    assert handle.get_attribute("aria-valuetext").startswith(f"1.31; there D* is {found['D*']:.3f}, the pull −")
    for key, end in (("Home", -5), ("End", 5)):
        page.keyboard.press(key)
        assert page.evaluate("model.get('fake_mean')") == end
    alpha = page.get_by_label(SLIDERS["real_target"])
    alpha.press("ArrowRight")
    assert page.evaluate("model.get('real_target')") == pytest.approx(0.91)
    alpha.press("Home")
    page.get_by_label(SLIDERS["fake_target"]).press("End")
    assert page.evaluate("[model.get('real_target'), model.get('fake_target')]") == [0.5, 0.4]
    agrees(page)
    assert page.evaluate("keys_out") == []
    page.keyboard.press("Control+s")
    assert "s" in page.evaluate("keys_out")


def test_targets_that_cross_are_kept_apart_and_it_says_so(show):
    """A slider that is linked in the browser asks no kernel: it can tell the page anything."""
    page = show(SmoothingPlayer(fake_target=0.3))
    note = page.locator(".kept")
    assert not note.is_visible()
    page.evaluate("model.set('real_target', 0.2)")
    assert "α, target for real, is kept at 0.50" in settle(page).locator(".kept").inner_text()
    assert "so that α stays above β" in note.inner_text()
    assert told(page)["D* where p_g = p_data: (α + β)/2"] == pytest.approx(0.4)
    page.evaluate("model.set('fake_target', 2)")
    assert "β, target for fake, is kept at 0.40" in settle(page).locator(".kept").inner_text()
    page.evaluate("model.set('real_target', 0.8); model.set('fake_target', 0.1)")
    assert not settle(page).locator(".kept").is_visible()
    agrees(page)


def test_the_kernel_moves_the_view_and_hears_of_a_drag(show):
    page = show()
    page.evaluate("model.set('fake_target', 0.2); model.set('fake_other', -3); model.set('data_width', 1.2)")
    agrees(page)
    assert page.get_by_label(SLIDERS["fake_target"]).input_value() == "0.2"
    drag(page, hold(page), -50)
    assert page.evaluate("model.saved.length") > 0


# ---------------------------------------------------------------- the trained D


def test_nothing_is_trained_before_a_move(show):
    page = show()
    page.wait_for_timeout(300)
    assert steps(page) == 0


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"fake_target": 0.2},
        {"real_target": 0.7, "fake_target": 0.3, "fake_mean": 0.0},
        {"real_target": 0.8, "fake_target": 0.1, "data_mean": -2.0, "fake_mean": 2.0, "fake_other": -2.0},
    ],
    ids=str,
)
def test_a_trained_d_comes_near_the_best_one(show, state):
    page = show(SmoothingPlayer(**state))
    start = told(page)["mean |D − D*|, trained D"]
    for _ in range(4):
        page.get_by_role("button", name="500 steps").click()
    found = agrees(page)
    assert steps(page) == 2000 and found["mean |D − D*|, trained D"] < 0.08 < start
    state = state_of(page)
    assert found["D, trained"] == pytest.approx(oracle(state, state["fake_mean"])[0], abs=0.1)
    page.get_by_role("button", name="Start again").click()
    assert told(page)["mean |D − D*|, trained D"] == start and steps(page) == 0


def test_the_distance_of_the_trained_d_is_that_of_its_curve(show):
    """The same mean from the curve of D that is drawn, on an even grid."""
    page = show(SmoothingPlayer(fake_target=0.1, data_mean=-1.0, fake_mean=1.0))
    curve, state = curves(page, trained=True)[0][1], state_of(page)
    x = np.linspace(-6, 6, 361)
    weight = sum(mixture(x, state[f"{side}_mean"], None, 0.7)[0] for side in ("data", "fake")) / 2
    wanted = (weight * abs(curve - oracle(state, x)[0])).sum() * (x[1] - x[0])
    assert told(page)["mean |D − D*|, trained D"] == pytest.approx(wanted, abs=6e-4)


def test_a_move_of_a_target_wakes_d_and_pause_stops_it(show):
    page = show()
    slide(page, "fake_target", 0.2)
    page.wait_for_function("parseInt(root().querySelector('.state').textContent.slice(12)) >= 40", timeout=120_000)
    page.get_by_role("button", name="Pause").click()
    before = steps(settle(page))
    slide(page, "fake_target", 0.1)  # paused by hand: a move does not wake it
    page.wait_for_timeout(200)
    assert steps(page) == before


def test_reduced_motion_trains_only_when_asked(show):
    page = show(reduced_motion="reduce")
    slide(page, "fake_target", 0.2)
    page.wait_for_timeout(200)
    assert steps(page) == 0
    page.get_by_role("button", name="Train D").click()
    page.wait_for_function("parseInt(root().querySelector('.state').textContent.slice(12)) >= 20")


# ---------------------------------------------------------------- without a kernel, and how it looks


def test_the_page_without_a_kernel(new_page, tmp_path):
    SmoothingPlayer(fake_target=0.1).to_html(tmp_path / "smoothing.html")
    page = new_page()
    page.goto((tmp_path / "smoothing.html").as_uri())
    assert told(page)["D*"] == pytest.approx(0.1001, abs=1e-4)
    page.get_by_label(SLIDERS["fake_target"]).fill("0")
    before = told(page)
    assert before["remaining"] == 1
    drag(page, hold(page), -60)
    assert told(page)["D*"] > before["D*"] + 0.01


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_is_read_at_every_width(show, scheme):
    page = show(SmoothingPlayer(fake_target=0.1), color_scheme=scheme)
    page.evaluate("model.set('real_target', 0.2)")  # with the note
    page.locator("summary").click()
    for width in (320, 360, 480, 700, 900, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert settle(settle(page)).evaluate(OUTSIDE) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = page.evaluate(CONTRAST)
        assert len(found) > 25 and min(found)[0] >= 4.5, sorted(found)[:5]


def test_it_follows_the_host_theme(show):
    page = show()
    follows_the_theme(page)


def test_every_control_has_a_name_and_a_view_goes_quietly(show):
    page = show()
    assert nameless(page) == []
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
    assert page.evaluate("document.querySelectorAll('#box *').length") == 1
