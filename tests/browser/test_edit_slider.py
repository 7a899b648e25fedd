"""The edit slider on a blank page: which pictures and numbers stand at a strength, what one does, its look."""

import base64
import io
import re

import numpy as np
import pytest
from helpers.controls import editor, edits
from helpers.lab import settle
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.screen import graph
from helpers.value_page import nameless, page_with
from PIL import Image
from playwright.sync_api import expect

from gan_edu.core.notebook.words import set_language

pytestmark = pytest.mark.browser


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        return page_with(new_page, control or editor(), **{"viewport": {"width": 850, "height": 600}, **context})

    return make


def pixels(canvas):
    url = canvas.evaluate("(node) => node.toDataURL('image/png')")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L"), int)


def shows(page, name, place):
    """All pictures, the words and the plot are those of a strength."""
    strengths, frames, measured = edits()[name]
    settle(page)
    for n, canvas in enumerate(page.locator(".pictures canvas").all()):
        assert (pixels(canvas) == (frames[place, n].numpy() > 0) * 255).all(), n
    values = measured[place].double()
    told = page.locator(".side .words").inner_text().replace("−", "-")
    numbers = [float(each) for each in re.findall(r"-?[\d.]+", told.partition(":")[2])]
    assert numbers == pytest.approx([each.item() for each in (values.mean(), values.min(), values.max())], abs=1e-3)
    assert told.startswith(f"{name} at strength")
    plot = graph(page.locator(".measured svg"))
    x, y = plot.place(strengths[place], values.mean().item())
    drawn = re.findall(r"-?[\d.]+", page.locator(".measured .now").get_attribute("d"))
    assert [float(drawn[0]), float(drawn[1])] == pytest.approx([x, y], abs=1)
    mean, high, low = (each.tolist() for each in (measured.double().mean(1), measured.amax(1), measured.amin(1)))
    there, back = list(strengths), list(reversed(strengths))
    for kind, xs, ys in (("series", there, mean), ("range", there + back, high + low[::-1])):
        path = page.locator(f".measured .{kind}").get_attribute("d")
        ends = np.array(re.findall(r"-?[\d.]+", path), float).reshape(-1, 2)
        assert ends == pytest.approx(np.array([plot.place(*each) for each in zip(xs, ys, strict=True)]), abs=1)


def test_it_opens_at_no_change_and_the_slider_moves_all_pictures(show):
    page = show()
    shows(page, "width", 2)
    slider = page.get_by_label("strength", exact=True)
    slider.press("ArrowRight")
    shows(page, "width", 3)
    assert page.evaluate("model.get('place')") == 3
    slider.press("End")
    shows(page, "width", 4)
    assert slider.get_attribute("aria-valuetext").startswith("2, width at strength 2: mean 11")
    slider.press("Home")
    shows(page, "width", 0)
    assert page.locator("output").inner_text() == "−2" and page.evaluate("keys_out") == []
    label = page.locator(".pictures").get_attribute("aria-label")
    assert label == "3 pictures pushed along width with strength −2"


def test_another_direction_stands_at_the_nearest_strength(show):
    page = show(editor(place=3))
    page.get_by_role("button", name="place").click()
    assert page.evaluate("[model.get('direction'), model.get('place')]") == ["place", 2]
    shows(page, "place", 2)
    assert page.locator("output").inner_text() == "0.5"
    page.get_by_label("strength", exact=True).press("ArrowRight")  # it has three strengths
    shows(page, "place", 2)
    page.evaluate("model.set('place', 4)")  # from Python
    shows(page, "place", 2)


def test_one_drags_in_the_plot(show):
    page = show()
    box = page.locator(".measured svg").bounding_box()
    plot = graph(settle(page).locator(".measured svg"))
    for strength, place in ((-1.1, 1), (1.9, 4)):
        page.mouse.move(box["x"] + plot.place(0, 7)[0], box["y"] + 100)
        page.mouse.down()
        page.mouse.move(box["x"] + plot.place(strength, 7)[0], box["y"] + 90, steps=3)
        page.mouse.up()
        shows(page, "width", place)


def test_it_is_alive_without_a_kernel_and_a_link_opens_it(new_page, tmp_path):
    editor().to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#direction=place&place=0")
    page.locator(".side .words", has_text="place").wait_for()
    shows(page, "place", 0)
    page.get_by_role("button", name="width").click()
    settle(page).get_by_label("strength", exact=True).press("End")
    shows(page, "width", 4)
    page.wait_for_url(re.compile("place=4"))


@pytest.mark.parametrize("width, lang", [(320, "zh"), (420, "en"), (850, "zh"), (1400, "en")])
def test_it_fits_has_names_and_can_be_read(show, width, lang):
    try:
        set_language(lang)
        page = show(viewport={"width": width, "height": 900})
    finally:
        set_language("en")
    for theme in ("true", "false"):
        page.evaluate("(theme) => { document.body.dataset.jpThemeLight = theme; }", theme)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [] and nameless(page) == []
        assert [each for each in page.evaluate(CONTRAST) if each[0] < 4.5] == []
    expect(page.locator(".pictures canvas").last).to_be_visible()


def test_it_follows_the_theme_and_goes_quietly(show):
    page = show()
    follows_the_theme(page)
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
