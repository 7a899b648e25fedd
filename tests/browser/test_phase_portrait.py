"""The phase portrait on a blank page: its path and eigenvalues against autograd, its drag, its sliders, its look."""

import numpy as np
import pytest
from helpers import dirac_oracle as oracle
from helpers.lab import settle
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.value_page import drag, number, page_with

from gan_edu.widgets import PhasePortrait
from gan_edu.widgets.phase_portrait.widget import EDGE

pytestmark = pytest.mark.browser


@pytest.fixture
def show(new_page):
    def make(portrait=None, **context):
        return page_with(new_page, portrait or PhasePortrait(), **context)

    return make


def told(page):
    facts = settle(page).locator("dl")
    values = [value.replace("\xa0", " ") for value in facts.locator("dd").all_inner_texts()]
    return dict(zip(facts.locator("dt").all_inner_texts(), values, strict=True))


def radii(page):
    """(of the start, largest of the last 50) as the outcome tells them."""
    first, last = settle(page).locator(".verdict span").inner_text().split("radius ")[1].split(",")[0].split(" → ")
    return number(first), number(last)


def word(page):
    return settle(page).locator(".verdict b").inner_text()


def roots(page, kind):
    """Eigenvalues where the complex plane shows them."""
    marks = settle(page).locator(f".plot-box.{kind} .root")
    found = marks.evaluate_all("(all) => all.map((n) => [+n.dataset.re, +n.dataset.im])")
    return np.array(found).reshape(-1, 2) @ [1, 1j]


def same_roots(found, wanted):
    wanted = np.poly(wanted)  # roots at 0 may be left out
    np.testing.assert_allclose(np.poly([*found, *[0] * (len(wanted) - 1 - len(found))]), wanted, atol=1e-6)


def game_of(loss, penalty, order, gamma=0.7, step=0.2, momentum=0.0):
    return {"loss": loss, "penalty": penalty, "gamma": gamma, "step": step, "momentum": momentum, "order": order}


# ---------------------------------------------------------------- what a learner does


def test_drag_the_start_and_read_the_radius(show):
    page = show(PhasePortrait(penalty="R1", gamma=0.3))
    first, last = radii(page)
    wanted = np.hypot(*oracle.path((1, 1), 500, game_of("GAN", "R1", "simultaneous", 0.3)).T)[-50:].max()
    assert first == pytest.approx(2**0.5, abs=1e-3) and last == pytest.approx(wanted, rel=0.05)  # two digits
    side = float(page.locator(".field clipPath rect").get_attribute("width"))
    drag(page, page.locator(".start"), side / 6, up=-side / 3)  # one to the right, two down, of 6
    theta, psi = page.evaluate("model.get('start')")
    assert (theta, psi) == pytest.approx((2, -1), abs=0.04)
    way = oracle.path((theta, psi), 500, game_of("GAN", "R1", "simultaneous", 0.3))
    first, last = radii(page)
    assert first == pytest.approx(np.hypot(theta, psi), abs=1e-3)
    assert last == pytest.approx(np.hypot(*way.T)[-50:].max(), rel=0.05)
    assert page.locator(".live").inner_text().endswith("of 500 steps")


def test_the_start_stands_where_it_is_grasped(show):
    page = show()
    box, mark = page.locator(".field svg").bounding_box(), page.locator(".start").bounding_box()
    x = (mark["x"] + mark["width"] / 2 - box["x"], mark["y"] + mark["height"] / 2 - box["y"])
    page.locator(".field svg").click(position={"x": x[0], "y": x[1]}, force=True)
    assert page.evaluate("model.get('start')") == pytest.approx([1, 1], abs=0.02)


def test_a_touch_on_the_field_starts_there(show):
    page = show(has_touch=True)
    box = page.locator(".field svg").bounding_box()
    centre = page.locator(".field .axis").first.bounding_box()
    page.touchscreen.tap(centre["x"], box["y"] + 40)
    theta, psi = page.evaluate("model.get('start')")
    assert theta == pytest.approx(0, abs=0.03) and psi > 2


def test_keys_move_the_start_and_stay_inside(show):
    page = show()
    page.locator(".start").focus()
    for key in ("ArrowRight", "Shift+ArrowLeft", "ArrowDown", "b"):
        page.keyboard.press(key)
    assert page.evaluate("model.get('start')") == pytest.approx([0.6, 0.9]) and page.evaluate("keys_out") == []
    assert "θ = 0.60, ψ = 0.90" in settle(page).locator(".start").get_attribute("aria-label")
    for _ in range(9):
        page.keyboard.press("Shift+ArrowUp")
    assert page.evaluate("model.get('start')") == pytest.approx([0.6, EDGE])


def end_of(page, k):
    """(θ, ψ) where the mark of the k-th path's end stands."""
    plot = page.locator(".field svg").bounding_box()
    left, top, side = (float(page.locator(".field clipPath rect").get_attribute(name)) for name in ("x", "y", "width"))
    mark = page.locator(".field .end").nth(k).bounding_box()
    right = mark["x"] + mark["width"] / 2 - plot["x"] - left
    down = mark["y"] + mark["height"] / 2 - plot["y"] - top
    return [2 * EDGE * right / side - EDGE, EDGE - 2 * EDGE * down / side]


def test_play_shows_more_and_more_of_the_path_until_all_is_seen(show):
    page = show(PhasePortrait(penalty="R1", gamma=0.3, steps=50))
    end = told(page)["now (θ, ψ)"]
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Pause").wait_for()
    assert told(page)["now (θ, ψ)"] != end
    page.get_by_role("button", name="Play", exact=True).wait_for()
    assert told(page)["now (θ, ψ)"] == end


def test_where_nothing_may_move_play_goes_by_steps(show):
    page = show(PhasePortrait(step=0.5, steps=50), reduced_motion="reduce")
    way = oracle.path((1, 1), 2, game_of("GAN", "none", "simultaneous", step=0.5))
    for k, name in enumerate(("Play", "Next step", "Next step")):
        page.get_by_role("button", name=name, exact=True).click()
        settle(page)
        assert end_of(page, 0) == pytest.approx(way[k], abs=0.03)


def test_a_second_start_has_a_path_of_its_own(show):
    page = show(PhasePortrait(penalty="R1", gamma=0.3, steps=60))
    page.get_by_role("switch", name="second start").click()
    settle(page)
    way = oracle.path(page.evaluate("model.get('second')"), 60, game_of("GAN", "R1", "simultaneous", 0.3))
    assert end_of(page, 1) == pytest.approx(way[-1], abs=0.03)
    page.locator(".second").press("ArrowRight")
    assert page.evaluate("model.get('second')") == pytest.approx([-1.9, -0.5])
    assert page.evaluate("model.get('start')") == [1, 1]
    assert "θ = −1.90" in settle(page).locator(".second").get_attribute("aria-label")


def test_an_arrow_for_each_player_shows_how_it_moves(show):
    page = show(PhasePortrait(start=(1.5, -1)))
    theta, psi = np.subtract(oracle.path((1.5, -1), 1, game_of("GAN", "none", "simultaneous"))[1], (1.5, -1))
    for player, moved in (("g", [theta, 0]), ("d", [0, psi])):
        path = settle(page).locator(f".field .move-{player}").first.get_attribute("d")
        tail, tip = ([float(part) for part in each.split(" ")] for each in path[1:].split("M")[0].split("L"))
        assert np.sign([tip[0] - tail[0], tail[1] - tip[1]]).tolist() == np.sign(moved).tolist()


def test_the_dials_stand_beside_the_picture_within_one_screen(show):
    page = show(viewport={"width": 850, "height": 680})
    for node in (page.locator(".field svg"), page.get_by_label("momentum"), page.get_by_label("steps", exact=True)):
        box = node.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 680
    assert page.get_by_label("momentum").bounding_box()["x"] > page.locator(".field").bounding_box()["x"] + 200


@pytest.mark.parametrize("loss, border", [("GAN", 1.0), ("WGAN", 2.0)])
def test_over_the_critical_strength_eigenvalues_become_real(show, loss, border):
    page = show(PhasePortrait(loss, "R1", 0.3))
    slider = page.get_by_label("strength of the regulariser")
    for gamma in (border - 0.1, border, border + 0.5):
        slider.fill(f"{gamma:.2f}")
        root = np.emath.sqrt(gamma**2 / 4 - border**2 / 4)
        found = sorted(roots(page, "flow"), key=lambda x: (x.real, x.imag))
        assert found == pytest.approx(sorted([-gamma / 2 + root, -gamma / 2 - root], key=lambda x: (x.real, x.imag)))
        text, said = told(page)["eigenvalues λ of the field"], slider.get_attribute("aria-valuetext")
        assert ("±" in text) == (gamma < border) == ("complex" in said) and said.startswith(f"{gamma:.2f}")
        same_roots(roots(page, "update"), [1 + 0.2 * (-gamma / 2 + root), 1 + 0.2 * (-gamma / 2 - root)])
        radius = max(abs(1 + 0.2 * (-gamma / 2 + root)), abs(1 + 0.2 * (-gamma / 2 - root)))
        assert number(told(page)["spectral radius, max |μ|"].split(" ")[0]) == pytest.approx(radius, abs=1e-4)


@pytest.mark.parametrize(
    "loss, penalty, border, words",
    [
        ("GAN", "R1", 1, "2|f′(0)| = 1"),
        ("WGAN", "R2", 2, "2|f′(0)| = 2"),
        ("GAN", "instance noise", 2**0.5, "√(f′/−f″) = 1.41"),
    ],
)
def test_the_critical_strength_is_marked_under_the_thumb(show, loss, penalty, border, words):
    page = show(PhasePortrait(loss, penalty, border))
    mark = page.locator(".scale .critical")
    assert mark.inner_text() == words
    box, track = mark.bounding_box(), page.get_by_label("strength of the regulariser").bounding_box()
    thumb = track["x"] + 8 + (track["width"] - 16) * border / 3
    assert box["x"] + box["width"] / 2 == pytest.approx(thumb, abs=1.5)
    page.get_by_label("regulariser", exact=True).select_option("consensus")
    assert settle(page).locator(".scale .critical").count() == 0


def test_choices_and_sliders_reach_the_path(show):
    page = show()
    assert page.get_by_label("strength of the regulariser").is_disabled()
    page.get_by_label("loss", exact=True).select_option("NSGAN")
    assert word(page) == "does not converge" and radii(page)[1] == pytest.approx(0.642, abs=1e-3)
    page.get_by_label("order of the steps").select_option("G first")
    assert word(page) == "converges slowly" and 0.28 < radii(page)[1] < 0.3
    page.get_by_label("regulariser", exact=True).select_option("consensus")
    assert word(page) == "converges"
    page.get_by_label("step size").fill("-1")  # the slider goes by powers of ten
    page.get_by_label("momentum").fill("-0.5")
    page.get_by_label("steps", exact=True).fill("100")
    game = page.evaluate("(names) => Object.fromEntries(names.map((n) => [n, model.get(n)]))", PhasePortrait.sent()[:6])
    assert game == game_of("NSGAN", "consensus", "G first", 1, 0.1, -0.5)
    assert radii(page)[1] == pytest.approx(np.hypot(*oracle.path((1, 1), 100, game).T)[-50:].max(), rel=2e-3)
    assert len(roots(page, "update")) == 4


def test_momentum_that_makes_it_diverge_is_told(show):
    page = show(PhasePortrait("WGAN", step=1, momentum=0.9))
    assert word(page) == "does not converge" and "ran away in step" in told(page)["now (θ, ψ)"]
    assert page.locator(".end.outside").count() == 1


def test_wgan_gp_has_no_eigenvalues_and_says_why(show):
    page = show(PhasePortrait("WGAN", "WGAN-GP", 0.7))
    assert told(page)["eigenvalues λ of the field"] == "none: a kink" and len(roots(page, "flow")) == 0
    assert page.locator(".flow text.halo").all_text_contents() == ["a kink at ψ = 0:", "no eigenvalues"]


def test_near_one_shows_the_same_roots_larger(show):
    page = show(PhasePortrait(penalty="R1", gamma=0.3))
    apart = """() => { const [a, b] = [...root().querySelectorAll('.update .root')].map((n) => +n.getAttribute('cy'));
        return Math.abs(a - b); }"""
    before = page.evaluate(apart)
    page.get_by_role("button", name="near 1").click()
    assert settle(page).evaluate(apart) == pytest.approx(before * 2.5 / 0.28, rel=0.02)
    assert page.get_by_role("button", name="near 1").get_attribute("aria-pressed") == "true"


def test_the_kernel_may_set_everything(show):
    page = show()
    game = game_of("WGAN", "R2", "D first", 2.5, 0.1, 0.25)
    page.evaluate(
        "(all) => Object.entries(all).forEach(([name, value]) => model.set(name, value))",
        {**game, "start": [-2, 0.5], "steps": 70},
    )
    assert radii(page)[1] == pytest.approx(np.hypot(*oracle.path((-2, 0.5), 70, game).T)[-50:].max(), rel=2e-3)
    assert page.get_by_label("order of the steps").input_value() == "D first"
    assert page.get_by_label("steps", exact=True).input_value() == "70"


def test_the_page_without_a_kernel(new_page, tmp_path):
    PhasePortrait(penalty="R1", gamma=0.5).to_html(tmp_path / "phase.html")
    page = new_page()
    page.goto((tmp_path / "phase.html").as_uri())
    assert "±" in told(page)["eigenvalues λ of the field"]
    page.get_by_label("strength of the regulariser").fill("1.25")
    assert told(page)["eigenvalues λ of the field"] == "−1.000, −0.250"


# ---------------------------------------------------------------- the look


@pytest.mark.parametrize(
    "options", [{"penalty": "R1"}, {"loss": "WGAN", "order": "D first", "momentum": 0.5}, {"penalty": "WGAN-GP"}]
)
def test_it_fits_and_is_read_at_every_width(show, options):
    for scheme in ("light", "dark"):
        page = show(PhasePortrait(**options), color_scheme=scheme)
        for width in (320, 360, 480, 700, 900, 1400):
            page.set_viewport_size({"width": width, "height": 900})
            outside = settle(settle(page)).evaluate(OUTSIDE.replace("('.live')", "('.live, [clip-path]')"))
            assert outside == [] and page.evaluate("document.documentElement.scrollWidth") <= width, width
        found = page.evaluate(CONTRAST)
        assert len(found) > 40 and min(found)[0] >= 4.5, sorted(found)[:5]


def test_it_follows_the_host_theme(show):
    page = show()
    follows_the_theme(page)


def test_every_control_has_a_name_and_a_view_goes_quietly(show):
    page = show()
    nameless = page.evaluate("""() => [...root().querySelectorAll("button, input, select, svg[role=img]")]
        .filter((n) => !(n.getAttribute("aria-label") || n.textContent.trim())).length""")
    assert nameless == 0
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
    assert page.evaluate("document.querySelectorAll('#box *').length") == 1
