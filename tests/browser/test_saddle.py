"""The saddle on a blank page: its path against the same steps in Python, its keys, its look."""

import math

import numpy as np
import pytest
import torch
from helpers.lab import settle
from helpers.look import CONTRAST, NARROW, looks
from helpers.value_page import drag, number, page_with

from gan_edu.core.games.two_numbers import path, slopes
from gan_edu.value_function import dirac, two_points
from gan_edu.widgets import Saddle

pytestmark = pytest.mark.browser
GAMES = {"two points": two_points, "Dirac-GAN": dirac}


@pytest.fixture
def show(new_page):
    def make(saddle=None, **context):
        return page_with(new_page, saddle or Saddle(GAMES), **context)

    return make


def told(page):
    rows = settle(page).locator(".below tr").all_inner_texts()
    return {words.strip(): value for words, value in (row.split("\t") for row in rows)}


def pair(text):
    return [number(each) for each in text.strip("()").split(", ")]


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("order", ["simultaneous", "alternating"])
def test_the_path_is_that_of_the_real_slopes(show, game, order):
    page = show(Saddle(GAMES, game=game, order=order, step=0.2, d=-1, g=1, count=100))
    end = path(GAMES[game], (-1, 1), 0.2, 100, order)[-1]
    assert pair(told(page)["now (d, g)"]) == pytest.approx(end.tolist(), abs=2e-3)
    v, _, _ = slopes(GAMES[game], *end)
    assert number(told(page)["V now"]) == pytest.approx(v.item(), abs=1e-3)
    assert number(told(page)["distance to (0, 0)"]) == pytest.approx(end.norm().item(), abs=2e-3)


def test_two_points_arrive_and_dirac_does_not(show):
    page = show(Saddle(GAMES, d=-1, g=1, step=0.2, count=500))
    assert number(told(page)["distance to (0, 0)"]) < 0.001
    assert number(told(page)["V now"]) == pytest.approx(-math.log(4), abs=1e-4)
    page.get_by_label("game", exact=True).select_option("Dirac-GAN")
    assert number(told(page)["distance to (0, 0)"]) > 2.5
    page.get_by_label("order of the steps").select_option("alternating")
    assert 1.4 < number(told(page)["distance to (0, 0)"]) < 1.5


def test_drag_the_start(show):
    page = show()
    side = page.locator(".map").bounding_box()["width"]
    drag(page, page.locator(".start"), side / 4, up=side / 8)  # a quarter of 8, an eighth of 8
    assert page.evaluate("[model.get('d'), model.get('g')]") == pytest.approx([0, 3], abs=0.05)
    assert pair(told(page)["start (d, g)"]) == pytest.approx([0, 3], abs=0.05)
    end = path(two_points, page.evaluate("[model.get('d'), model.get('g')]"), 0.3, 60)[-1]
    assert pair(told(page)["now (d, g)"]) == pytest.approx(end.tolist(), abs=2e-3)


def test_a_click_on_the_map_starts_there(show):
    page = show()
    box = page.locator(".map").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25)
    assert page.evaluate("[model.get('d'), model.get('g')]") == pytest.approx([2, 2], abs=0.05)


def test_keys_move_the_start_and_stay_inside(show):
    page = show()
    page.locator(".start").focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowDown", "b"):
        page.keyboard.press(key)
    assert page.evaluate("[model.get('d'), model.get('g')]") == pytest.approx([-1.4, 1.9])
    assert page.evaluate("keys_out") == []
    assert "d = −1.40, g = 1.90" in settle(page).locator(".start").get_attribute("aria-label")


def test_where_a_key_led_is_told(show):
    page = show()
    before = told(page)["now (d, g)"]
    page.locator(".start").press("Shift+ArrowRight")
    now = told(page)["now (d, g)"]
    assert now != before and now in page.locator(".live").text_content()


def test_sliders(show):
    page = show()
    page.get_by_label("step size").fill("0")  # the slider goes by powers of ten
    assert page.evaluate("model.get('step')") == 1
    assert settle(page).get_by_label("step size").get_attribute("aria-valuetext") == "1.00"
    page.get_by_label("rounds", exact=True).fill("7")
    end = path(two_points, (-2, 2), 1, 7)[-1]
    assert pair(told(page)["now (d, g)"]) == pytest.approx(end.tolist(), abs=2e-3)


def test_play_shows_more_and_more_rounds_until_all_are(show):
    page = show(Saddle(GAMES, d=-1, g=1, step=0.2, count=12))
    end = told(page)["now (d, g)"]
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Pause").wait_for()
    assert told(page)["now (d, g)"] != end
    page.get_by_role("button", name="Play", exact=True).wait_for()
    assert told(page)["now (d, g)"] == end


def test_where_nothing_may_move_play_goes_by_steps(show):
    page = show(Saddle(GAMES, d=-1, g=1, step=0.2, count=3), reduced_motion="reduce")
    way, seen = path(two_points, (-1, 1), 0.2, 3).tolist(), []
    for name in ("Play", "Next step", "Next step", "Next step"):
        page.get_by_role("button", name=name, exact=True).click()
        seen.append(pair(told(page)["now (d, g)"]))
    assert np.allclose(seen, way, atol=2e-3)
    page.get_by_role("button", name="Play", exact=True).wait_for()


def colour(page, where, place):
    """What a canvas shows at a place, in pixels of the page: red, green, blue."""
    return settle(page).evaluate(
        """([where, x, y]) => { const canvas = root().querySelector(where), ratio = devicePixelRatio;
            return [...canvas.getContext('2d').getImageData(x * ratio, y * ratio, 1, 1).data].slice(0, 3); }""",
        [where, *place],
    )


def test_time_is_the_colour_of_the_path(show):
    saddle = Saddle(GAMES, d=-3, g=0, step=0.5, count=3)
    way, page = path(two_points, (-3, 0), 0.5, 3), show(saddle)
    side = page.locator(".map").bounding_box()["width"]
    seen = [colour(page, ".map canvas", [side * (4 + d) / 8, side * (4 - g) / 8]) for d, g in way.tolist()]
    assert seen[0] == pytest.approx([255, 255, 255], abs=10)  # white; the line that leaves it runs over its rim
    assert seen[-1] == pytest.approx([211, 24, 107], abs=10)  # crimson
    assert [green for _, green, _ in seen] == sorted((green for _, green, _ in seen), reverse=True)
    assert page.locator(".time-key").inner_text().split() == ["start", "end"]


def players(page):
    """Where the arrows of D and of G lead, in pixels: to the right of D's tail, and up from G's."""

    def led(player):
        path = settle(page).locator(f".map .move-{player}").first.get_attribute("d")
        tail, tip = ([float(part) for part in each.split(" ")] for each in path[1:].split("M")[0].split("L"))
        return tip[0] - tail[0], tail[1] - tip[1]

    return led("d"), led("g")


@pytest.mark.parametrize("d, g", [(-2, 2), (2, 1), (1, -2)])
def test_an_arrow_for_each_player_shows_how_it_moves(show, d, g):
    page = show(Saddle(GAMES, d=d, g=g))
    _, by_d, by_g = slopes(two_points, *torch.tensor([d, g], dtype=torch.float64))
    (right, none), (aside, up) = players(page)
    assert none == aside == 0 and right * by_d > 0 > up * by_g  # D climbs, G descends
    assert abs(right) / abs(up) == pytest.approx(abs(by_d / by_g).item() ** 0.5, rel=0.05)


def test_a_second_start_has_a_path_of_its_own(show):
    page = show()
    assert not page.locator(".second").is_visible()
    page.get_by_role("switch", name="second start").click()
    settle(page)
    assert page.evaluate("model.get('second')") == [2, -2] and page.locator(".map .end:visible").count() == 2
    box, other = page.locator(".map").bounding_box(), page.locator(".second").bounding_box()
    assert other["x"] + other["width"] / 2 == pytest.approx(box["x"] + 0.75 * box["width"], abs=1)
    drag(page, page.locator(".second"), -box["width"] / 8)
    assert page.evaluate("model.get('second')") == pytest.approx([1, -2], abs=0.05)
    assert page.evaluate("[model.get('d'), model.get('g')]") == [-2, 2]
    end = path(two_points, page.evaluate("model.get('second')"), 0.3, 60)[-1]
    mark = page.locator(".map .end").nth(1).bounding_box()
    at = [mark["x"] + mark["width"] / 2 - box["x"], mark["y"] + mark["height"] / 2 - box["y"]]
    d, g = end.tolist()
    assert at == pytest.approx([box["width"] * (4 + d) / 8, box["width"] * (4 - g) / 8], abs=1.5)
    page.locator(".second").press("ArrowUp")
    assert page.evaluate("model.get('second')[1]") == pytest.approx(-1.9, abs=0.05)
    page.get_by_role("switch", name="second start").click()
    settle(page)
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.8)  # there is but one to bring
    assert page.evaluate("model.get('second')") == [] and page.evaluate("model.get('d')") > 0


def test_leaving_the_picture_is_told(show):
    page = show(Saddle({"rolling": lambda d, g: d + 0 * g}, d=3.5, g=0, step=1))
    assert told(page)["now (d, g)"] == "left the picture in round 1" and told(page)["V now"] == "–"


def test_the_surface_turns(show):
    page = show()
    surface = page.locator(".room canvas")
    before = surface.screenshot()
    drag(page, surface, 80)
    assert page.evaluate("model.get('turn')") == 75 and surface.screenshot() != before


def test_a_game_of_ones_own_and_its_name_is_text(show):
    page = show(Saddle({"<b>mine</b>": lambda d, g: d * g}, d=1, g=0, step=0.1, count=5))
    assert page.get_by_label("game", exact=True).locator("option").inner_text() == "<b>mine</b>"
    end = path(lambda d, g: d * g, (1, 0), 0.1, 5)[-1]
    assert pair(told(page)["now (d, g)"]) == pytest.approx(end.tolist(), abs=1e-3)


def test_the_page_without_a_kernel(new_page, tmp_path):
    Saddle(GAMES).to_html(tmp_path / "saddle.html")
    page = new_page()
    page.goto((tmp_path / "saddle.html").as_uri())
    before = told(page)["now (d, g)"]
    page.get_by_label("rounds", exact=True).fill("200")
    assert told(page)["now (d, g)"] != before


def test_it_fits_and_is_read_at_every_width(show):
    page = show(**NARROW)
    for width, scheme in looks(page, (320, 360, 700, 1400)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = page.evaluate(CONTRAST.replace("node.closest('.live')", "node.closest('.live, .centre')"))
        assert len(found) > 15 and min(found)[0] >= 4.5, (width, scheme, sorted(found)[:5])


def test_every_control_has_a_name_and_a_view_goes_quietly(show):
    page = show()
    nameless = page.evaluate("""() => [...root().querySelectorAll("button, input, select, [role=img]")]
        .filter((n) => !(n.getAttribute("aria-label") || n.textContent.trim())).length""")
    assert nameless == 0
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
