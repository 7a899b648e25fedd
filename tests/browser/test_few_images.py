"""Few images on a blank page: which tiles are drawn, what is marked as a copy, sliders, methods, plots, its look."""

import base64
import io
import re
from itertools import pairwise

import numpy as np
import pytest
from helpers import small_few as small
from helpers.lab import eventually, settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.pixels import near, only_so, picture_of
from helpers.screen import graph, shot
from helpers.value_page import drag, nameless, page_with
from PIL import Image
from playwright.sync_api import expect

from gan_edu.widgets import FewImages

pytestmark = pytest.mark.browser
INK = {"light": "#1B1F24", "dark": "#E8EAED"}
A, B, REAL, FAKE = "#1B1F24", "#8A6100", "#0072B2", "#D55E00"
PERCENT = {"0 %": 0.0, "50 %": 0.5, "100 %": 1.0}
PLOTS = [("score", "looks"), ("score", "images"), ("copied", "looks"), ("copied", "images")]


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        context = {"viewport": {"width": 850, "height": 900}, "color_scheme": "light", **context}
        return page_with(new_page, control or few(), **context)

    return make


def few(**state):
    return FewImages(small.stored(), **state)


def traits(page, *names):
    return page.evaluate("(names) => names.map((name) => model.get(name))", names or ("n", "step", "a", "b"))


def pairs(page, k=0):
    """The pairs of A, or of B."""
    return settle(page).locator(".method").nth(k).locator(".pair")


def pixels(canvas):
    url = canvas.evaluate("(node) => node.toDataURL('image/png')")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L"), int)


def shows(page, k, method, row, column):
    """Panel k has the tiles, distances and marks of a cell."""
    found = pairs(page, k)
    pictures = small.drawn()[f"{method}/{small.IMAGES[row]}"]
    assert found.count() == 8
    for place, pair in enumerate(found.all()):
        for canvas, drawn in zip(pair.locator("canvas").all(), pictures, strict=True):
            assert np.abs(pixels(canvas) - drawn[column, place]).max() <= 9, (place, method)  # 16 greys
        far = small.distance(method, row, column, place)
        copy = far < small.BELOW
        assert pair.locator("small").inner_text() == f"{far:.3f}" + (" copy" if copy else "")
        assert ("copy" in pair.get_attribute("class").split()) == copy
        label = pair.get_attribute("aria-label")
        assert label.startswith(f"sample {place + 1}, above its nearest training picture, {far:.3f} away")
        assert label.endswith(": a copy") == copy


# ---------------------------------------------------------------- tiles and copies


def test_each_sample_stands_above_its_nearest_and_copies_are_marked(show):
    page = show()
    shows(page, 0, "scratch", 0, 3)
    shows(page, 1, "both", 0, 3)
    assert page.locator(".method .badge").all_inner_texts() == ["A", "B"]
    assert page.locator(".method .name").all_inner_texts() == ["from scratch", "fine-tuned + DiffAugment"]


def away(seen, wanted, down, right):
    """How far a picture is from pixels that begin so far within it, where both are; but its round corners."""
    part = seen[down : down + 56, right : right + 56, 0]
    high, wide = part.shape
    return np.abs(part - wanted[:high, :wide])[3 : high - 3, 3 : wide - 3].max()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_pair_is_seen_upright_and_only_a_copy_is_framed(show, theme):
    page = show(color_scheme=theme)
    drawn = small.drawn()["both/20"]
    for place in (0, 1, 2, 7):
        pair = pairs(page, 1).nth(place)
        for canvas, each in zip(pair.locator("canvas").all(), drawn, strict=True):
            wanted = np.repeat(np.repeat(each[3, place].astype(int), 2, 0), 2, 1)

            def stands(seen, wanted=wanted):
                assert min(away(seen, wanted, down, right) for down in range(3) for right in range(3)) <= 10

            only_so(stands, shot(canvas), "upside down", "mirrored", "dark for light")
        framed = near(shot(pair)[20:-20, :4], INK[theme], 12).all(0).any()  # a line down its left side
        assert framed == (small.distance("both", 0, 3, place) < small.BELOW), place


def test_samples_have_the_colour_of_fakes_and_the_nearest_that_of_real(show):
    page = show()
    for kind, colour in (("sample", FAKE), ("nearest", REAL)):
        box = pairs(page, 1).nth(5).locator(f".{kind}").bounding_box()
        clip = {"x": box["x"] - 3, "y": box["y"] + 8, "width": 2, "height": box["height"] - 16}
        assert near(picture_of(page.screenshot(clip=clip)), colour, 30).all()


def test_a_line_says_what_a_method_is_worth(show):
    page = show(few(n=100, step=1000, a="tuned", b="both"))
    told = page.locator(".method .told").all_inner_texts()
    assert told[0] == "KID × 10³ 12.5 (10.0 to 16.3) · copies 24 % (17 to 29 %), 2 of the 8 shown"
    rule = "Nearer than 0.120 (RMS of pixels) is a copy: nearer than 98 of 100 unseen pictures are."
    assert page.locator(".key > span").inner_text() == f"{rule} KID × 10³: lower is better."
    table = small.stored()
    del table["copy"]["floor"]
    rule = show(FewImages(table)).locator(".key > span").inner_text()
    assert rule == "Nearer than 0.120 (RMS of pixels) is a copy. KID × 10³: lower is better."


def test_a_label_of_a_table_is_text(show):
    table = small.stored()
    table["methods"][0]["label"] = "<img src=x onerror=window.hit=1>"
    page = show(FewImages(table))
    assert page.locator("img").count() == 0 and page.evaluate("window.hit") is None
    assert page.get_by_role("option", name="<img src").count() == 2


# ---------------------------------------------------------------- what one moves


def test_sliders_go_over_images_and_steps_by_keys(show):
    page = show()
    images, step = page.get_by_label("training pictures", exact=True), page.get_by_label("step", exact=True)
    images.press("ArrowRight")
    assert traits(page) == [100, 4000, "scratch", "both"]
    shows(page, 0, "scratch", 1, 3)
    step.press("Home")
    images.press("End")
    assert traits(page, "n", "step") == [500, 500]
    shows(page, 0, "scratch", 2, 0)
    shows(page, 1, "both", 2, 0)
    assert images.get_attribute("aria-valuetext").startswith("500, A, from scratch: KID")
    assert step.get_attribute("aria-valuetext").startswith("500, A, from scratch: KID")


def test_sliders_are_dragged(show):
    page = show()
    drag(page, page.get_by_label("step", exact=True), -60)
    assert traits(page, "step") == [1000]
    shows(page, 1, "both", 0, 1)
    drag(page, page.get_by_label("training pictures", exact=True), 200)
    assert traits(page, "n") == [500]
    shows(page, 0, "scratch", 2, 1)


def test_keys_go_over_images_and_steps_and_stop_at_the_ends(show):
    page = show()
    page.locator(".replay").focus()
    for key, at in (
        *(("ArrowRight", [20, 4000]), ("ArrowLeft", [20, 2000]), ("ArrowUp", [100, 2000]), ("ArrowUp", [500, 2000])),
        *(("ArrowUp", [500, 2000]), ("ArrowLeft", [500, 1000]), ("ArrowDown", [100, 1000])),
    ):
        page.keyboard.press(key)
        assert traits(page, "n", "step") == at, key
    shows(page, 0, "scratch", 1, 1)
    assert page.evaluate("keys_out") == []


def test_on_a_slider_or_a_list_the_arrows_move_it_alone(show):
    page = show(few(n=100, step=1000))
    page.get_by_label("training pictures", exact=True).press("ArrowLeft")
    assert traits(page, "n", "step") == [20, 1000]
    page.get_by_label("step", exact=True).press("ArrowUp")
    assert traits(page, "n", "step") == [20, 2000]
    page.get_by_label("method A", exact=True).press("ArrowDown")
    assert traits(page) == [20, 2000, "diff", "both"]
    assert "on a slider or a list: its own value" in page.locator("footer").inner_text()
    page.locator(".score.over-looks .plot").click(position={"x": 60, "y": 60})
    page.keyboard.press("ArrowUp")
    assert traits(page, "n") == [100]


def test_tab_goes_over_what_has_keys_and_no_plot(show):
    page = show()
    page.locator(".replay").focus()
    reached = []
    for _ in range(5):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("root().activeElement?.getAttribute('aria-label') ?? null"))
    assert reached == ["training pictures", "step", "method A", "method B", None]


def choose(page, letter, method):
    page.get_by_label(f"method {letter}", exact=True).select_option(label=method)
    return settle(page)


def chosen(page, letter):
    return page.get_by_label(f"method {letter}", exact=True).evaluate("(n) => n.selectedOptions[0].textContent")


def test_one_method_twice_says_so(show):
    page = choose(show(), "B", "from scratch")
    assert traits(page, "a", "b") == ["scratch", "scratch"]
    assert page.locator(".method .name").all_inner_texts() == ["from scratch", "from scratch, the same method as A"]
    shows(page, 1, "scratch", 0, 3)
    assert page.locator(".score.over-looks .other").count() == 5
    page = choose(page, "B", "ADA")
    assert page.locator(".method .name").all_inner_texts() == ["from scratch", "ADA"]


def test_any_two_methods_stand_beside_each_other_or_one_alone(show):
    page = show()
    choose(page, "A", "FreezeD")
    choose(page, "B", "ADA")
    assert traits(page, "a", "b") == ["freeze", "ada"] and chosen(page, "A") == "FreezeD"
    shows(page, 0, "freeze", 0, 3)
    shows(page, 1, "ada", 0, 3)
    left, right = (each.bounding_box() for each in page.locator(".method").all())
    assert right["x"] >= left["x"] + left["width"] and right["y"] == left["y"]
    choose(page, "B", "none")
    assert traits(page, "b") == [""] and chosen(page, "B") == "none"
    shows(page, 0, "freeze", 0, 3)
    expect(page.locator(".method").nth(1)).to_be_hidden()
    tops = pairs(page).evaluate_all("(all) => all.map((n) => n.offsetTop)")
    assert len(set(tops)) == 1 and page.locator(".mark").count() == 4


def test_python_moves_it(show):
    page = show()
    page.evaluate("Object.entries({n: 500, step: 2000, a: 'ada', b: 'tuned'}).forEach((each) => model.set(...each))")
    shows(page, 0, "ada", 2, 2)
    shows(page, 1, "tuned", 2, 2)
    assert [chosen(page, letter) for letter in "AB"] == ["ADA", "fine-tuned"]


# ---------------------------------------------------------------- plots


def plot_of(page, measure, over):
    return settle(page).locator(f".{measure}.over-{over} .plot")


def chart(page, measure, over):
    log = over == "images", measure == "score"
    words = PERCENT if measure == "copied" else {}
    if log[0]:
        words |= {f"{n}": n for n in small.IMAGES}
    return graph(plot_of(page, measure, over), log, words)


def way(measure, over, method, row, column):
    """[(x, [median, low, high])] of a method."""
    of = small.score if measure == "score" else small.copied
    if over == "looks":
        return [(step, of(method, row, k)) for k, step in enumerate(small.LOOKS)]
    return [(n, of(method, k, column)) for k, n in enumerate(small.IMAGES)]


def corners(path):
    """The points of a line, in pixels from its plot's corner."""
    numbers = [float(each) for each in re.findall(r"-?[0-9.]+", path.get_attribute("d"))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@pytest.mark.parametrize(("measure", "over"), PLOTS)
def test_medians_are_drawn_at_their_place_within_their_band(show, measure, over):
    page = show(few(n=100, step=1000), device_scale_factor=2)
    seen, box = chart(page, measure, over), plot_of(page, measure, over)
    for k, (method, colour) in enumerate((("scratch", A), ("both", B))):
        stands = way(measure, over, method, 1, 1)
        medians, lows, highs = ([seen.place(x, numbers[part]) for x, numbers in stands] for part in range(3))
        line, band = (corners(box.locator(f".{kind}.run{k}")) for kind in ("chosen", "band"))
        assert np.array(line) == pytest.approx(np.array(medians), abs=0.6)
        assert np.array(band) == pytest.approx(np.array([*highs, *lows[::-1]]), abs=0.6)
        assert seen.drawn(stands[0][0], stands[0][1][0], colour), method
        assert box.locator(f".chosen.run{k}").evaluate("(n) => getComputedStyle(n).strokeDasharray !== 'none'") == k


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_band_is_pale_ink(show, theme):
    page = show(few(n=100, step=1000, b=""), device_scale_factor=2, color_scheme=theme)
    seen = chart(page, "copied", "looks")
    (_, _, over), (_, _, after) = (small.copied("scratch", 1, column) for column in (1, 2))
    median = 0.5 * (small.share("scratch", 1, 1) + small.share("scratch", 1, 2))
    right, down = (round(2 * t) for t in seen.place(1500, 0.5 * (median + 0.5 * (over + after))))
    tone = abs(int(seen.picture[down, right, 0]) - int(seen.picture[2, -2, 0]))  # beside the plot's bare corner
    assert 15 < tone < 60


def place(mark, box):
    at, ground = mark.bounding_box(), box.bounding_box()
    return at["x"] + at["width"] / 2 - ground["x"], at["y"] + at["height"] / 2 - ground["y"]


@pytest.mark.parametrize(("measure", "over"), PLOTS)
def test_the_place_where_one_stands_is_marked(show, measure, over):
    page = show()
    page.locator(".replay").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    seen, box = chart(page, measure, over), plot_of(page, measure, over)
    for k, method in enumerate(("scratch", "both")):
        x, numbers = way(measure, over, method, 1, 2)[2 if over == "looks" else 1]
        wanted = seen.place(x, numbers[0])
        assert place(box.locator(f".mark.run{k}"), box) == pytest.approx(wanted, abs=1.5)
        assert place(box.locator(".cursor"), box)[0] == pytest.approx(wanted[0], abs=1.5)
    assert box.locator(".letter").all_text_contents() == ["A", "B"]


def test_unseen_real_pictures_are_dotted_where_an_axis_reaches_them_and_other_methods_thin(show):
    page = show(few(n=500), device_scale_factor=2)
    seen = chart(page, "copied", "looks")
    assert any(seen.drawn(x, 0.05, REAL, 1) for x in (2500, 2550, 2600))
    assert references(page) == [False, False, True, True]  # scores begin at 1.68, their floor is 0.9
    assert seen.drawn(2000, small.share("ada", 2, 2), "#B7BDC4", 2) and page.locator(".other").count() == 16
    assert "unseen pictures: dotted, KID × 10³ 0.900" in page.locator("footer").inner_text()
    table = small.stored()
    table["score"]["floor"] = 20
    page = show(FewImages(table), device_scale_factor=2)
    assert references(page) == [True] * 4
    assert any(chart(page, "score", "looks").drawn(x, 20, REAL, 1) for x in (1200, 1250, 1300))
    del table["score"]["floor"], table["copy"]["floor"]
    page = show(FewImages(table))
    assert "unseen" not in page.locator(".replay").inner_text() and references(page) == [False] * 4


def references(page):
    """Of which plots a dotted line is drawn."""
    return [bool(each.get_attribute("d")) for each in page.locator(".reference").all()]


@pytest.mark.parametrize("measure", ["score", "copied"])
def test_curves_fill_their_axis(show, measure):
    page = show()
    box = plot_of(page, measure, "looks")
    of = small.score if measure == "score" else small.copied
    reach = [of(method, row, column) for method in small.METHODS for row in range(3) for column in range(4)]
    low, high = min(each[1] for each in reach), max(each[2] for each in reach)
    seen = chart(page, measure, "looks")
    bottom, top = (seen.place(500, each)[1] for each in (0 if measure == "copied" else low, high))
    room = box.locator("clipPath rect").evaluate("(n) => [n.y, n.height].map((each) => each.baseVal.value)")
    assert room[1] >= 110 and bottom - top > 0.85 * room[1]
    assert room[0] < top and bottom < room[0] + room[1]


def test_a_thin_line_that_is_pointed_at_says_its_name(show):
    page = show()
    for measure, over in PLOTS:
        seen, box = chart(page, measure, over), plot_of(page, measure, over).bounding_box()
        x, numbers = way(measure, over, "ada", 0, 3)[0]
        right, down = seen.place(x, numbers[0])
        page.mouse.move(box["x"] + right + 0.5, box["y"] + down)
        assert settle(page).locator("text.pointed").all_text_contents() == ["ADA"] * 4, (measure, over)
        assert page.locator(".other.pointed").count() == 4
        page.mouse.move(box["x"] + 3, box["y"] + 3)
        assert settle(page).locator(".pointed").count() == 0
    letters = page.locator("svg .letter")
    page.mouse.move(box["x"] + right + 0.5, box["y"] + down)
    name = settle(page).locator("text.pointed").first
    assert not any(overlap(name.bounding_box(), each.bounding_box()) for each in letters.all())


def overlap(a, b):
    return all(a[at] < b[at] + b[by] and b[at] < a[at] + a[by] for at, by in (("x", "width"), ("y", "height")))


def test_a_long_name_stays_in_its_plot(show):
    table = small.stored()
    table["methods"][2]["label"] = "W" * 40
    page = show(FewImages(table))
    seen, box = chart(page, "score", "looks"), plot_of(page, "score", "looks").bounding_box()
    right, down = seen.place(500, small.score("ada", 0, 0)[0])
    page.mouse.move(box["x"] + right + 0.5, box["y"] + down)
    name = settle(page).locator("text.pointed").first.bounding_box()
    assert name["x"] >= box["x"] and name["x"] + name["width"] <= box["x"] + box["width"]


@pytest.mark.parametrize("b", ["scratch", "ada", "diff"])
@pytest.mark.parametrize("step", [500, 4000])
def test_letters_lie_on_no_other_letter(show, b, step):
    page = show(few(step=step, n=500, b=b))
    for measure, over in PLOTS:
        first, second = (each.bounding_box() for each in plot_of(page, measure, over).locator(".letter").all())
        middles = [each["y"] + each["height"] / 2 for each in (first, second)]
        assert abs(middles[0] - middles[1]) >= 12.9, (measure, over)


def test_numbers_across_stand_apart_in_a_narrow_column(show):
    table = small.stored(looks=[150, 300, 600, 1200])
    page = show(FewImages(table), viewport={"width": 420, "height": 900})
    for box in page.locator(".charts-row .plot").all():
        foot = [each.bounding_box() for each in box.locator("text:not(.name, .letter)").all()]
        lowest = max(each["y"] for each in foot)
        across = sorted((each["x"], each["x"] + each["width"]) for each in foot if lowest - each["y"] < 5)
        assert len(across) >= 3
        assert all(left[1] + 8 <= right[0] for left, right in pairwise(across))


def test_a_plot_is_dragged(show):
    page = show()
    for measure, over, x, y, trait, value in (
        ("score", "looks", 1000, 30, "step", 1000),
        ("copied", "looks", 2000, 0.5, "step", 2000),
        ("score", "images", 100, 30, "n", 100),
        ("copied", "images", 500, 0.5, "n", 500),
    ):
        box = plot_of(page, measure, over).bounding_box()
        right, down = chart(page, measure, over).place(x, y)
        page.mouse.move(box["x"] + 60, box["y"] + 50)
        page.mouse.down()
        page.mouse.move(box["x"] + right + 4, box["y"] + down, steps=3)
        page.mouse.up()
        assert traits(settle(page), trait) == [value], (measure, over)
    shows(page, 0, "scratch", 2, 2)


def test_plots_have_words(show):
    page = show(few(b=""))
    words = [each.get_attribute("aria-label") for each in page.locator(".charts-row .plot").all()]
    told = "A, from scratch: KID × 10³ 42.0 (33.6 to 54.6), copies 100 % (70 to 100 %), 8 of the 8 shown."
    thin = "DiffAugment 21.0, ADA 23.6, fine-tuned 13.1, FreezeD 10.5, fine-tuned + DiffAugment 6.30"
    assert words[0] == f"KID × 10³, 20 pictures, over: step. {told} Thin lines: {thin}."
    thin = "DiffAugment 50 %, ADA 45 %, fine-tuned 80 %, FreezeD 60 %, fine-tuned + DiffAugment 20 %"
    assert words[3] == f"copies, step 4,000, over: training pictures. {told} Thin lines: {thin}."


# ---------------------------------------------------------------- a page of its own, its look


def test_it_is_alive_without_a_kernel_and_a_link_opens_it(new_page, tmp_path):
    few().to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#n=100&step=2000&a=ada&b=freeze")
    page.locator(".pair").first.wait_for()
    eventually(lambda: pixels(pairs(page).first.locator("canvas").first).any(), True)
    shows(page, 0, "ada", 1, 2)
    shows(page, 1, "freeze", 1, 2)
    page.get_by_label("step", exact=True).press("End")
    shows(page, 0, "ada", 1, 3)
    eventually(lambda: set(page.evaluate("location.hash.slice(1)").split("&")), {"n=100", "a=ada", "b=freeze"})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_and_is_read(show, monkeypatch, lang):
    monkeypatch.setenv("GAN_EDU_LANG", lang)
    page = show(few(n=100, step=1000), **NARROW)
    for width, scheme in looks(page, (320, 420, 810, 1400)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [] and nameless(page) == [], width
        low = [(ratio, text) for ratio, text in page.evaluate(CONTRAST) if ratio < 4.5]
        assert low == [], (width, scheme)
        columns = pairs(page).evaluate_all("(all) => all.filter((n) => n.offsetTop === all[0].offsetTop).length")
        assert columns == 4
        if width == 810:
            assert page.locator(".replay").bounding_box()["height"] <= 740


def test_it_follows_the_theme(show):
    follows_the_theme(show())


def test_a_view_goes_quietly(show):
    page = show()
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
