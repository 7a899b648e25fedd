"""The recipe board on a blank page: a switch changes pictures, curve, score and map; keys, the button, its look."""

import numpy as np
import pytest
from helpers.controls import never
from helpers.lab import eventually, settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.pixels import near
from helpers.screen import graph, shot
from helpers.small_recipes import INGREDIENTS, SEEDS, combinations, fid, recipes, run
from helpers.value_page import nameless, page_with
from playwright.sync_api import expect

from gan_edu.widgets import RecipeBoard

pytestmark = pytest.mark.browser
KEYS = list(INGREDIENTS)
LABELS = [label for label, _ in INGREDIENTS.values()]
CODES = [code for _, code in INGREDIENTS.values()]
PURPLE, GREY = "#A0458A", "#5B6570"  # of now, of before


def board(table=None, train=None, **state):
    return RecipeBoard(table or recipes(), INGREDIENTS, train, **state)


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        return page_with(new_page, control or board(), **{"viewport": {"width": 850, "height": 900}, **context})

    return make


def switch(page, label):
    page.get_by_role("switch", name=label, exact=True).click()
    return settle(page)


def bars(page, which):
    """Which ingredients the samples of "now" or "before" show: a bar each, at pixels; None where none are shown."""
    canvas = settle(page).locator(f".samples .{which} canvas")
    if not canvas.is_visible():
        return None
    picture = shot(canvas)
    high, wide = picture.shape[:2]
    found = []
    for row in range(2):
        for column in range(3):
            x = round((column + 0.5) * wide / 3)
            ys = [round((row * 28 + 3.5 + 5 * k) / 56 * high) for k in range(5)]
            found.append([key for key, y in zip(KEYS, ys, strict=True) if picture[y, x].mean() > 150])
    assert all(each == found[0] for each in found)
    return found[0]


def score(page, which):
    return settle(page).locator(f".score .{which} td").all_inner_texts()


def told(page):
    return settle(page).locator(".change-told, .worth").all_inner_texts()


def traits(page):
    return page.evaluate("[model.get('on'), model.get('before')]")


def curve(page):
    return graph(settle(page).locator(".plot-box.fid svg"), log=(False, True))


def draws(seen, on, colour):
    """Whether every look and the end of all seeds of a recipe stand in a curve in this colour."""
    places = [(look["cpu_seconds"], look["fid"]) for seed in SEEDS for look in run(on, seed)["way"]]
    return all(seen.drawn(x, y, colour) for x, y in places)


# ---------------------------------------------------------------- what a switch changes


def test_it_opens_with_what_python_says_and_nothing_to_compare_with(show):
    page = show(board(on=["penalties"]))
    assert bars(page, "now") == ["penalties"] and bars(page, "before") is None
    assert score(page, "now") == ["32.0", "29.8–34.6", "0.55", "2,100"]
    assert score(page, "before") == ["–", "", "", ""] and score(page, "realData") == ["0.64", "", "", ""]
    assert told(page) == ["", "Switch one ingredient: what was chosen before stays beside it, in grey."]
    assert page.locator(".samples .before").inner_text().startswith("Switch an ingredient")
    pressed = [each.get_attribute("aria-checked") for each in page.get_by_role("switch").all()]
    assert pressed == ["false", "true", "false", "false", "false"]


def test_a_switch_changes_pictures_curve_score_and_map(show):
    page = show()
    assert draws(curve(page), [], PURPLE) and not draws(curve(page), ["average"], PURPLE)
    switch(page, "average of G")
    assert traits(page) == [["average"], []]
    assert (bars(page, "now"), bars(page, "before")) == (["average"], [])
    assert score(page, "now")[:2] == ["40.0", "37.2–43.2"] and score(page, "before")[:2] == ["80.0", "74.4–86.4"]
    seen = curve(page)
    assert draws(seen, ["average"], PURPLE) and seen.drawn(60, 80, GREY) and not seen.drawn(60, 80, PURPLE)
    assert told(page) == [
        "+ average of G",
        "Better: the median FID falls from 80.0 to 40.0, and the ranges of 3 seeds do not overlap. Of equal recipes "
        "one pair in 10 would look so, too.",
    ]
    assert page.locator(".live").inner_text().startswith("+ average of G Better: the median")

    switch(page, "R1 and R2")
    assert (bars(page, "now"), bars(page, "before")) == (["penalties", "average"], ["average"])
    switch(page, "average of G")
    assert (bars(page, "now"), bars(page, "before")) == (["penalties"], ["penalties", "average"])
    assert told(page)[0] == "− average of G" and told(page)[1].startswith(
        "Worse: the median FID rises from 16.0 to 32.0"
    )


def test_a_line_of_code_is_seen_while_its_ingredient_is_on(show):
    page = show()
    assert [each.is_visible() for each in page.locator(".switches code").all()] == [False] * 5
    for k in (1, 3):
        switch(page, LABELS[k])
    lines = page.locator(".switches code").all()
    assert [line.inner_text() for line in lines if line.is_visible()] == [CODES[1], CODES[3]]
    tops = [line.bounding_box()["y"] for line in lines if line.is_visible()]
    rows = [page.get_by_role("switch").nth(k).bounding_box() for k in (1, 3)]
    assert all(abs(top - row["y"]) < row["height"] for top, row in zip(tops, rows, strict=True))


def test_ranges_that_overlap_show_no_difference(show):
    page = show()
    switch(page, "pairs")
    assert told(page) == ["+ pairs", "No difference that 3 seeds show: the ranges overlap."]


def test_several_ingredients_at_once_are_counted(show):
    page = show(board(on=["pairs", "penalties"], before=["average"]))
    assert told(page)[0] == "+ pairs, + R1 and R2, − average of G: 3 at once"


def test_two_seeds_are_too_few(show):
    table = recipes()
    table["runs"] = [each for each in table["runs"] if each["on"] != ["average"] or each["seed"] != 10]
    page = show(board(table))
    switch(page, "average of G")
    assert told(page)[1] == "Too few seeds for a comparison: each side needs 3."


def test_a_recipe_that_is_not_stored_says_so(show):
    table = recipes()
    table["runs"] = [each for each in table["runs"] if each["on"] != ["average"]]
    del table["tiles"]["average"]
    page = show(board(table))
    switch(page, "average of G")
    assert bars(page, "now") is None and bars(page, "before") == []
    assert page.locator(".samples .now").inner_text().startswith("This recipe was not measured.")
    assert score(page, "now") == ["–", "", "", ""]
    assert told(page)[1] == "No comparison: one of the two was not measured."
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "average of G: not measured"
    switch(page, "pairs")  # the next one is there again
    assert bars(page, "now") == ["pairs", "average"] and bars(page, "before") is None
    page.get_by_role("slider").press("End")
    assert traits(page) == [["residual"], ["pairs", "average"]]


def test_a_run_without_a_number_is_no_curve_and_the_worst(show):
    table = recipes()
    for each in table["runs"]:
        if each["on"] == ["average"] and each["seed"] == 12:
            each["fid"], each["way"][-1]["fid"] = None, None
    page = show(board(table, on=["average"], before=[]))
    assert score(page, "now")[:2] == ["40.0", "37.2–not a number"]
    assert told(page)[1].startswith("No difference")
    paths = page.evaluate("[...root().querySelectorAll('path')].map((path) => path.getAttribute('d')).join()")
    assert "NaN" not in paths and "Infinity" not in paths and "undefined" not in paths


def test_curves_that_are_near_each_other_stand_on_a_plain_axis(show):
    table = recipes()
    for each in table["runs"]:
        each["fid"] = 10 + each["fid"] / 40
        each["way"] = [{**look, "fid": each["fid"]} for look in each["way"]]
    page = show(board(table))
    plot = graph(settle(page).locator(".plot-box.fid svg"))
    assert plot.drawn(60, 12, PURPLE) and "real data: 0.64" in page.locator(".plot-box.fid").inner_text()


# ---------------------------------------------------------------- the map


def columns(page):
    """Where the columns of the map stand, in pixels of the page, with the median that each shows."""
    seen = page.locator(".plot-box.order").evaluate(
        """(box) => [...box.querySelectorAll("path.spread")].map((path) => path.getAttribute("d")
        .match(/-?[\\d.]+/g).map(Number)[0])"""
    )
    return seen


def places(page, kind):
    """Where dots of a class stand in the map."""
    return page.locator(".plot-box.order").evaluate(
        """(box, kind) => [...box.querySelectorAll(`path[class="${kind}"]`)].flatMap((path) =>
        [...path.getAttribute("d").matchAll(/M(-?[\\d.]+) (-?[\\d.]+)/g)].map((m) => [+m[1], +m[2]]))""",
        kind,
    )


ORDER = sorted(combinations(), key=lambda on: fid(on, 10))


@pytest.mark.parametrize("width", [420, 850])
def test_the_map_has_all_recipes_in_order_and_marks_those_one_switch_away(show, width):
    page = show(board(on=["penalties", "average"]), viewport={"width": width, "height": 900})
    xs = columns(page)
    assert len(xs) == 32 and np.diff(xs).min() > 6  # apart, also on a narrow page
    chosen = ORDER.index(("penalties", "average"))
    near_ = [set(("penalties", "average")) ^ {key} for key in KEYS]
    wanted = sorted(ORDER.index(on) for on in ORDER if set(on) in near_)
    assert [round(x, 1) for x, _ in places(page, "chosen-median")] == [xs[chosen]]
    assert sorted(x for x, _ in places(page, "neighbour")) == pytest.approx([xs[k] for k in wanted], abs=0.2)
    heights = [y for _, y in places(page, "median")]
    assert heights == sorted(heights, reverse=True) and len(heights) == 32  # the best stands lowest, at the left
    rings = {round(x, 1): y for x, y in places(page, "ring")}
    rows = sorted(rings.values())
    for key, on in zip(KEYS, near_, strict=True):  # the ring stands in the row of what is switched
        x = xs[next(k for k, each in enumerate(ORDER) if set(each) == on)]
        assert rings[min(rings, key=lambda at, x=x: abs(at - x))] == rows[KEYS.index(key)]
    on_dots = places(page, "cell-chosen")
    assert sorted(y for _, y in on_dots) == [rows[1], rows[2]]
    labels = page.locator(".order .rows span").all()
    top = page.locator(".plot-box.order").bounding_box()["y"]
    middles = [each.bounding_box()["y"] + each.bounding_box()["height"] / 2 - top for each in labels]
    assert middles == pytest.approx(rows, abs=2)


def test_a_click_on_the_map_chooses(show):
    page = show()
    box, xs = page.locator(".plot-box.order"), columns(page)
    for k in (0, 13, 31):
        before = traits(page)[0]
        box.click(position={"x": xs[k] + 1, "y": 60})
        assert traits(page) == [list(ORDER[k]), before]
    box.click(position={"x": 20, "y": 200})  # on a label nothing
    assert traits(page)[0] == list(ORDER[31])


def test_keys_lead_over_the_map_and_switch(show):
    page = show()
    slider = page.get_by_role("slider")
    at = ORDER.index(())
    slider.press("ArrowLeft")
    assert traits(page) == [list(ORDER[at - 1]), []]
    assert settle(page).get_by_role("slider").get_attribute("aria-valuenow") == str(at)
    slider.press("ArrowRight")
    slider.press("Home")
    assert traits(page) == [list(ORDER[0]), []]
    assert (
        settle(page)
        .get_by_role("slider")
        .get_attribute("aria-valuetext")
        .startswith("place 1 of 32: pairs + R1 and R2")
    )
    slider.press("ArrowLeft")  # there is nothing better
    assert traits(page) == [list(ORDER[0]), []]
    slider.press("End")
    assert traits(page)[0] == list(ORDER[-1])
    slider.press("5")
    assert traits(page)[0] == [] and page.evaluate("keys_out") == []
    page.get_by_role("switch").nth(1).press("Space")
    assert traits(page)[0] == ["penalties"]


def test_python_chooses(show):
    page = show()
    page.evaluate("model.set('on', ['penalties']); model.set('before', ['average'])")
    assert bars(page, "now") == ["penalties"] and told(page)[0].endswith(": 2 at once")


# ---------------------------------------------------------------- live


SENT = "() => { window.sent = []; model.send = (wish) => sent.push(wish); }"


def test_the_button_asks_the_kernel_and_tells_what_came_of_it(show):
    page = show(board(train=never, on=["pairs"]))
    page.evaluate(SENT)
    press, note = page.get_by_role("button", name="Train this recipe"), page.get_by_role("status")
    expect(note).to_have_text("Live, in the kernel: it appears below.")
    press.click()
    assert page.evaluate("sent") == [{"do": "train"}]
    expect(note).to_have_text("The kernel is asked …")
    press.click(force=True)  # it is asked already
    assert page.evaluate("sent.length") == 1
    expect(note).to_contain_text("No answer from the kernel yet.")
    page.evaluate("model.set('training', {offered: true, number: 1, on: ['pairs', 'average'], trouble: ''})")
    expect(note).to_have_text("Below: pairs + average of G. A new press takes its place.")
    press.click()
    page.evaluate("model.set('training', {offered: true, number: 2, on: [], trouble: 'ValueError: no <b>'})")
    expect(note).to_have_text("That could not be trained. ValueError: no <b>")
    expect(press).to_have_attribute("aria-disabled", "false")
    assert page.evaluate("sent.length") == 2


def test_without_a_function_there_is_no_button(show):
    expect(show().get_by_role("button", name="Train this recipe")).to_be_hidden()


def test_without_a_kernel_what_is_stored_lives_on(new_page, tmp_path):
    board(train=never).to_html(tmp_path / "page.html")
    page = new_page(viewport={"width": 850, "height": 900})
    page.goto((tmp_path / "page.html").as_uri() + "#on=penalties,average&before=average")
    expect(page.locator(".change-told")).to_have_text("+ R1 and R2")
    assert (bars(page, "now"), bars(page, "before")) == (["penalties", "average"], ["average"])
    expect(page.get_by_role("status")).to_have_text("This needs a kernel: in the notebook, run the cell again.")
    expect(page.get_by_role("button", name="Train this recipe")).to_have_attribute("aria-disabled", "true")
    switch(page, "schedules")
    wanted = {"on=penalties,average,schedules", "before=penalties,average"}
    eventually(lambda: set(page.evaluate("location.hash.slice(1)").split("&")), wanted)


# ---------------------------------------------------------------- its look


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_and_is_read(show, monkeypatch, lang):
    monkeypatch.setenv("GAN_EDU_LANG", lang)
    page = show(board(train=never, on=KEYS, before=[]), **NARROW)
    for width, scheme in looks(page, (320, 420, 850, 1400)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [] and nameless(page) == [], width
        assert [(ratio, text) for ratio, text in page.evaluate(CONTRAST) if ratio < 4.5] == [], (width, scheme)
        if width == 850:
            assert page.locator(".replay").bounding_box()["height"] <= 900


def test_digits_are_as_light_in_the_dark(show):
    page = show(board(on=["pairs"]))
    before = shot(page.locator(".samples .now canvas"))
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_function("root().querySelector('.replay').dataset.theme === 'dark'")
    after = shot(settle(page).locator(".samples .now canvas"))
    inside = (slice(6, -6), slice(6, -6))
    assert (before[inside] == after[inside]).all() and near(after, "#FFFFFF").any()


def test_it_follows_the_theme(show):
    follows_the_theme(show())


def test_a_view_goes_quietly(show):
    page = show()
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
