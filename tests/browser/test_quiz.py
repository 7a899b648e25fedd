"""Quiz on a blank page: what it shows against Python, its keys, its names, its look."""

import pytest
from helpers.lab import settle
from helpers.look import follows_the_theme
from helpers.screen import graph
from helpers.value_page import drag, nameless, number, page_with

from gan_edu.widgets import Quiz

pytestmark = pytest.mark.browser


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        return page_with(new_page, control or Quiz(), **context)

    return make


def told(page):
    return number(settle(page).locator(".words").inner_text().removeprefix("x² = "))


@pytest.mark.parametrize("x", [0, 0.3, 1])
def test_what_it_tells_is_what_python_computes(show, x):  # TODO: each number and each mark that it shows
    page = show(Quiz(x=x))
    assert told(page) == pytest.approx(x**2, abs=5e-4)
    plot, box, point = page.get_by_role("img"), *(page.locator(each).bounding_box() for each in (".plot", ".thumb"))
    stands = point["x"] + point["width"] / 2 - box["x"], point["y"] + point["height"] / 2 - box["y"]
    assert stands == pytest.approx(graph(plot).place(x, x**2), abs=2)


def test_it_is_moved_by_keys_and_python_hears_of_it(show):
    page = show(Quiz(x=0.5))
    page.get_by_label("x", exact=True).press("ArrowRight")
    assert page.evaluate("model.get('x')") == pytest.approx(0.51)
    assert told(page) == pytest.approx(0.51**2, abs=5e-4)
    assert page.evaluate("keys_out") == []  # a key of its own is none of the notebook's


def test_the_point_is_dragged(show):
    page = show(Quiz(x=0.5))
    drag(page, page.locator(".thumb"), page.locator(".plot clipPath rect").bounding_box()["width"] / 4)
    assert page.evaluate("model.get('x')") == pytest.approx(0.75, abs=0.01)


def test_python_moves_it(show):
    page = show()
    page.evaluate("model.set('x', 0.2)")
    assert told(page) == pytest.approx(0.04)


def test_it_works_without_a_kernel(new_page, tmp_path):
    Quiz(x=0.5).to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.get_by_label("x", exact=True).fill("0.2")
    assert told(page) == pytest.approx(0.04)


@pytest.mark.parametrize("width", [320, 1400])
def test_it_fits_has_names_and_follows_the_theme(show, width):
    page = show(viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert nameless(page) == []
    follows_the_theme(page)


def test_a_view_goes_quietly(show):
    page = show()
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
