"""The condition board on a blank page: which picture stands where, pointing, the way to another class, its look."""

import base64
import io

import numpy as np
import pytest
import torch
from helpers.controls import bars, widest
from helpers.lab import eventually, settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.value_page import drag, nameless, page_with, touch
from PIL import Image
from playwright.sync_api import expect

from gan_edu.widgets import ConditionBoard

pytestmark = pytest.mark.browser
SIDE = 12  # of the bars
TALL = [2, 6, 10]  # rows of a bar, by style


def latents(count=3):
    return torch.tensor([-2.0, 0.0, 2.0]).repeat(8)[:count, None]


def board(count=3, **options):
    return ConditionBoard(bars, latents(count), **options)


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        return page_with(new_page, control or board(), **{"viewport": {"width": 850, "height": 800}, **context})

    return make


def cell(page, row, column):
    return page.get_by_role("row").nth(row + 1).get_by_role("gridcell").nth(column)


def pixels(page, canvas):
    """What a canvas holds, as 12 × 12 numbers from 0 to 255."""
    settle(page)
    url = canvas.evaluate("(node) => node.toDataURL('image/png')")
    picture = Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L")
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX), float)


def seen(page, canvas):
    """Which classes a picture of bars has, by their shares in sixths, and the style that it has."""
    picture = pixels(page, canvas)
    shares = np.round(picture[0] / 255 * 6).astype(int)
    tall = (picture[:, shares.argmax()] > 100 * shares.max() / 6).sum()
    return {k: n for k, n in enumerate(shares.tolist()) if n}, int(np.abs(np.array(TALL) - tall).argmin())


def plain(page, node):
    """The class and the style of a picture of one class in a cell, which is small and not that sharp."""
    shares, style = seen(page, node.locator("canvas"))
    first, *others = sorted(shares, key=shares.get, reverse=True)
    assert shares[first] >= 5 and all(shares[k] <= 1 for k in others)
    return first, style


def large(page):
    return seen(page, page.get_by_role("img"))


def way(page):
    return [seen(page, canvas) for canvas in page.locator(".strip canvas").all()]


def traits(page, *names):
    return page.evaluate("(names) => names.map((name) => model.get(name))", names or ("style", "a", "b", "step"))


def told(page):
    return settle(page).locator(".right .label, .right .words").all_inner_texts()


# ---------------------------------------------------------------- what stands where


def test_each_picture_stands_in_the_row_of_its_style_and_the_column_of_its_class(show):
    page = show()
    assert page.get_by_role("columnheader").all_inner_texts() == ["style", *"0123456789"]
    heads = [node.bounding_box()["x"] for node in page.get_by_role("columnheader").all()[1:]]
    tops = []
    for row in range(3):
        for column in range(10):
            node = cell(page, row, column)
            assert plain(page, node) == (column, row)
            assert abs(node.bounding_box()["x"] - heads[column]) < 3
        tops.append(node.bounding_box()["y"])
        assert cell(page, row, 0).get_attribute("aria-label") == f"label 0, style {row + 1}"
    assert heads == sorted(heads) and tops == sorted(tops)
    assert page.get_by_role("row").count() == 4  # as many as there are


def test_it_opens_where_python_says(show):
    page = show(board(style=1, a=3, b=8, step=2))
    assert large(page) == ({3: 4, 8: 2}, 1)
    assert told(page) == ["label 67 % 3 + 33 % 8", "style 2"]
    assert page.get_by_role("img").get_attribute("aria-label") == "label 67 % 3 + 33 % 8, style 2"
    assert way(page) == [({3: 6 - k, 8: k} if 0 < k < 6 else {3: 6} if k == 0 else {8: 6}, 1) for k in range(7)]
    frames = [classes(node) for node in page.get_by_role("gridcell").all()]
    assert [(k, each) for k, each in enumerate(frames) if each] == [(13, ["from"]), (18, ["to"])]
    heights = [node.bounding_box()["height"] for node in page.locator(".bars i").all()]
    assert heights == pytest.approx([20 if k == 3 else 10 if k == 8 else 0 for k in range(10)], abs=0.6)


def classes(node):
    return [name for name in node.get_attribute("class").split() if name in ("from", "to")]


def test_the_way_back_is_the_way_turned_round(show):
    page = show(board(a=8, b=3))
    assert [shares for shares, _ in way(page)][:3] == [{8: 6}, {8: 5, 3: 1}, {8: 4, 3: 2}]
    page.evaluate("model.set('b', 8)")  # Python may set both alike: then nothing changes on the way
    assert way(page) == [({8: 6}, 0)] * 7


def test_colours_and_names_of_ones_own(show):
    def painted(z, y):
        return (y[:, :, None, None] * 2 - 1).expand(-1, -1, 6, 9)

    page = show(ConditionBoard(painted, latents(1), classes=["red", "green <b>", "a blue one with a long name"]))
    assert page.get_by_role("columnheader").all_inner_texts()[1:3] == ["red", "green <b>"]
    for k in range(3):
        canvas = cell(page, 0, k).locator("canvas")
        box = canvas.bounding_box()
        assert box["width"] / box["height"] == pytest.approx(1.5, abs=0.05)
        middle = "(n) => [...n.getContext('2d').getImageData(n.width >> 1, n.height >> 1, 1, 1).data]"
        assert int(np.argmax(canvas.evaluate(middle)[:3])) == k
    assert page.evaluate(OUTSIDE) == []


# ---------------------------------------------------------------- what a reader reads


def mistaken(pictures):
    """The brightest column; but a 4 is read as a 9, and the short 7 as nothing."""
    found = widest(pictures)
    found = torch.where(found == 4, 9, found)
    return torch.where((found == 7) & (pictures[:, 0, 4].amax(1) < -0.5), -1, found)


def test_what_is_not_read_as_asked_is_marked_and_counted(show):
    page = show(board(reads=mistaken))
    expect(page.locator(".count")).to_have_text(
        "26 of 30 read as asked. In a corner stands what a picture is read as instead."
    )
    marks = [(k, n.inner_text()) for k, n in enumerate(page.locator(".other").all()) if n.is_visible()]
    assert marks == [(4, "9"), (7, "?"), (14, "9"), (24, "9")]
    assert cell(page, 1, 4).get_attribute("aria-label") == "label 4, style 2, read as 9"
    cell(page, 0, 7).click()
    assert told(page) == ["label 7", "style 1, read as nothing"]
    page.evaluate("Object.entries({style: 2, a: 2, b: 7}).forEach((each) => model.set(...each))")
    assert settle(page).locator(".strip figcaption span").all_inner_texts()[:3] == ["read as 2"] * 3
    assert page.locator(".strip figcaption span").all_inner_texts()[4:] == ["read as 7"] * 3


def test_without_a_reader_nothing_is_counted(show):
    page = show()
    assert page.locator(".count").inner_text() == "" and page.locator(".other:visible").count() == 0
    assert set(page.locator(".strip figcaption span").all_inner_texts()) == {""}
    page = show(board(reads=widest))
    expect(page.locator(".count")).to_have_text("30 of 30 read as asked.")


# ---------------------------------------------------------------- what one does


def test_one_points_at_a_picture(show):
    page = show(board(step=3))
    cell(page, 2, 6).click()
    assert traits(page) == [2, 6, 1, 0] and large(page) == ({6: 6}, 2)
    assert told(page) == ["label 6", "style 3"]
    cell(page, 2, 1).click()  # the class to go to stays another one
    assert traits(page) == [2, 1, 6, 0]


def test_one_drags_to_the_class_to_go_to(show):
    page = show()
    wide = cell(page, 1, 5).bounding_box()["x"] - cell(page, 1, 4).bounding_box()["x"]
    drag(page, cell(page, 1, 4), 3 * wide, up=60)
    assert traits(page) == [1, 4, 7, 0] and way(page)[3] == ({4: 3, 7: 3}, 1)
    drag(page, cell(page, 0, 4), -2000)
    assert traits(page) == [0, 4, 0, 0]


def test_one_drags_with_a_finger(show):
    page = show(has_touch=True)
    touch(page, cell(page, 1, 2), 150)
    page.wait_for_function("model.get('style') === 1 && model.get('b') > 2")
    assert traits(page)[1] == 2


def test_a_class_above_the_strip_is_the_one_to_go_to(show):
    page = show()
    to = page.get_by_role("group", name="to")
    to.get_by_role("button", name="5").click()
    assert traits(page) == [0, 0, 5, 0] and way(page)[6] == ({5: 6}, 0)
    expect(to.get_by_role("button", name="5")).to_have_attribute("aria-pressed", "true")
    stands = to.get_by_role("button", name="0")
    expect(stands).to_have_attribute("aria-disabled", "true")
    stands.click(force=True)
    assert traits(page) == [0, 0, 5, 0]


def test_the_slider_and_the_strip_go_the_way(show):
    page = show(board(a=2, b=9))
    slider = page.get_by_label("t, how far")
    slider.press("ArrowRight")
    assert traits(page, "step") == [1] and large(page) == ({2: 5, 9: 1}, 0)
    assert slider.get_attribute("aria-valuetext") == "⅙, 83 % 2 + 17 % 9"
    slider.press("End")
    assert large(page) == ({9: 6}, 0) and told(page)[0] == "label 9"
    page.locator(".strip canvas").nth(3).click()
    assert traits(page, "step") == [3] and large(page) == ({2: 3, 9: 3}, 0)
    here = [k for k, n in enumerate(page.locator(".strip canvas").all()) if "here" in (n.get_attribute("class") or "")]
    assert here == [3]
    thumbs = []
    for step in (0, 3, 6):  # it stands under its picture
        slider.fill(str(step))
        box, picture = slider.bounding_box(), page.locator(".strip canvas").nth(step).bounding_box()
        thumb = box["x"] + 8 + (box["width"] - 16) * step / 6
        thumbs.append(thumb - picture["x"] - picture["width"] / 2)
    assert np.abs(thumbs).max() < 4


def test_keys_lead_over_the_board(show):
    page = show()
    assert page.get_by_role("gridcell").evaluate_all("(all) => all.filter((n) => n.tabIndex === 0).length") == 1
    cell(page, 0, 0).press("ArrowRight")
    assert traits(page) == [0, 1, 0, 0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert traits(page)[:2] == [1, 9]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert traits(page)[:2] == [2, 9] and large(page) == ({9: 6}, 2)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert traits(page)[:2] == [1, 0]
    focused = page.evaluate("root().activeElement.getAttribute('aria-label')")
    assert focused == "label 0, style 2" and page.evaluate("keys_out") == []


def test_shift_and_the_arrow_keys_choose_the_class_to_go_to(show):
    page = show(board(a=3, b=1))
    node = cell(page, 0, 3)
    for key, b in (("ArrowRight", 2), ("ArrowRight", 4), ("ArrowLeft", 2), ("ArrowLeft", 1), ("ArrowLeft", 0)):
        node.press(f"Shift+{key}")  # never to where one stands
        assert traits(page) == [0, 3, b, 0]
    node.press("Shift+ArrowLeft")
    assert traits(page) == [0, 3, 0, 0]


def test_other_styles_come_by_sixes_and_come_round(show):
    page = show(board(8))
    button = page.get_by_role("button", name="Next styles")
    expect(button).to_have_text("Next styles (now 1–6 of 8)")
    button.click()
    assert traits(page, "style") == [6]
    expect(button).to_have_text("Next styles (now 7–8 of 8)")
    assert page.get_by_role("rowheader").all_inner_texts()[:2] == ["7", "8"]
    assert plain(page, cell(page, 1, 4)) == (4, 1)  # the eighth is of the middle kind
    assert page.get_by_role("row").count() == 3
    cell(page, 0, 2).press("ArrowDown")
    cell(page, 1, 2).press("ArrowDown")
    assert traits(page, "style") == [7]
    cell(page, 0, 3).click()
    assert traits(page)[:2] == [6, 3]
    button.click()
    assert traits(page, "style") == [0]
    expect(page.get_by_role("row")).to_have_count(7)
    expect(show(board(6)).get_by_role("button", name="Next styles")).to_be_hidden()


def test_python_points(show):
    page = show(board(8))
    page.evaluate("Object.entries({style: 7, a: 5, step: 6}).forEach((each) => model.set(...each))")
    assert large(page) == ({1: 6}, 1)
    assert cell(page, 1, 5).get_attribute("aria-selected") == "true"


def test_it_is_alive_without_a_kernel_and_a_link_opens_it(new_page, tmp_path):
    board(reads=widest).to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#style=2&a=4&b=6&step=3")
    page.locator(".label", has_text="50 % 4 + 50 % 6").wait_for()
    assert large(page) == ({4: 3, 6: 3}, 2)
    cell(page, 1, 8).click()
    page.get_by_label("t, how far").press("End")
    assert large(page) == ({6: 6}, 1)
    eventually(lambda: set(page.evaluate("location.hash.slice(1)").split("&")), {"style=1", "a=8", "b=6", "step=6"})


# ---------------------------------------------------------------- its look


def test_pictures_are_no_darker_and_no_lighter_in_the_dark(show):
    page = show()
    before = pixels(page, page.get_by_role("img"))
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_function("root().querySelector('.replay').dataset.theme === 'dark'")
    assert (pixels(page, page.get_by_role("img")) == before).all() and before.max() > 200


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_and_is_read(show, monkeypatch, lang):
    monkeypatch.setenv("GAN_EDU_LANG", lang)
    page = show(board(8, reads=mistaken, step=2), **NARROW)
    for width, scheme in looks(page, (320, 420, 850, 1400)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [] and nameless(page) == [], width
        low = [(ratio, text) for ratio, text in page.evaluate(CONTRAST) if ratio < 4.5]
        assert low == [], (width, scheme)
    if width == 850:
        assert page.locator(".replay").bounding_box()["height"] <= 680


def test_it_follows_the_theme(show):
    follows_the_theme(show())


def test_a_view_goes_quietly(show):
    page = show()
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
