"""The overlap lens on a blank page: counts and lines against torch, what is lit, weights, presets, keys, its look."""

import re

import numpy as np
import pytest
from helpers.lab import settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.value_page import drag, nameless, number, page_with
from playwright.sync_api import expect

from gan_edu.widgets import OverlapLens

pytestmark = pytest.mark.browser
LETTERS = "abcd"
UNLIKE = {"weighted": True, "weights": [0.3, 1.0, 0.7, 0.6, 1.0, 1.0, 1.0]}


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        return page_with(new_page, control or OverlapLens(), **{"viewport": {"width": 850, "height": 800}, **context})

    return make


def state(page):
    """The control as Python would have it."""
    names = OverlapLens.sent()
    return OverlapLens(**page.evaluate("(names) => Object.fromEntries(names.map((n) => [n, model.get(n)]))", names))


def row(page, kind):
    """The texts of a row below the outputs."""
    return settle(page).locator(f".fan .{kind}").all_text_contents()


def cells(page):
    """Of each row its cells: [left, middle, right, ink, whether it is lit], from above."""
    found = settle(page).evaluate(
        """() => [...root().querySelectorAll(".fan .cell")].map((node) => {
            const x = +node.getAttribute("x"), wide = +node.getAttribute("width");
            const ink = +node.previousSibling.getAttribute("fill-opacity");
            const lit = node.classList.contains("lit");
            return [+node.getAttribute("y"), x, x + wide / 2, x + wide, ink, lit]; })"""
    )
    rows = {}
    for top, *cell in found:
        rows.setdefault(top, []).append(cell)
    return [rows[top] for top in sorted(rows)]


def lines(page, kind):
    """The lines of a kind from one row to the next, as [from x, from y, to x, to y]."""
    paths = settle(page).locator(f".fan .link.{kind}").evaluate_all("(all) => all.map((n) => n.getAttribute('d'))")
    return np.array([float(t) for d in paths for t in re.findall(r"-?[\d.]+", d)]).reshape(-1, 4)


def table(page):
    return settle(page).locator("td").all_inner_texts()


# ---------------------------------------------------------------- what is shown


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"kernel": 4, "padding": 1},
        {"kernel": 5, "stride": 3, "padding": 2},
        {"kernel": 2, "stride": 3},
        {"layers": 2, "inputs": 4},
        {"kind": "resize", "padding": 1},
        {"kind": "shuffle", "padding": 1},
        {"kernel": 4, "padding": 1, **UNLIKE},
    ],
    ids=str,
)
def test_its_counts_lines_and_numbers_are_those_of_torch(show, setting):
    page = show(OverlapLens(**setting))
    control = state(page)
    seen = control.written()
    assert [number(text) for text in row(page, "got")] == pytest.approx(seen.values, abs=0.006)
    rows = cells(page)
    assert len(rows[0]) == control.inputs and len(rows[-1]) == len(seen.values)
    inks = np.array([cell[3] for cell in rows[-1]])
    assert inks == pytest.approx(0.86 * np.array(seen.values) / max(seen.values), abs=0.002)
    assert all(cell[3] == 0 for cell in rows[0])
    size, least, most, _ = table(page)
    assert size == f"{control.inputs} → {len(seen.values)}"
    for told, x in ((least, seen.least), (most, seen.most)):
        line, picture = re.fullmatch(r"(\S+), in a picture (\S+)", told).groups()
        assert (number(line), number(picture)) == (pytest.approx(x, abs=0.006), pytest.approx(x * x, rel=0.01))
    if len(rows) == 2:
        ends = lines(page, "faint")
        found = np.zeros((control.inputs, len(seen.values)))
        for x, _, end, _ in ends:
            found[nearest(rows[0], x), nearest(rows[1], end)] += 1
        assert found.tolist() == seen.ways


def nearest(cells, x):
    """The cell whose middle is at x."""
    off = [abs(cell[1] - x) for cell in cells]
    assert min(off) < 0.2
    return off.index(min(off))


def test_an_output_is_lit_with_all_that_writes_it(show):
    page = show(OverlapLens(output=4))
    assert [k for k, cell in enumerate(cells(page)[0]) if cell[4]] == [1, 2]
    assert sorted(page.locator(".fan .halo").all_text_contents()) == ["w0", "w2"]
    assert page.locator(".bar.lit:visible b").all_inner_texts() == ["a", "a"]
    assert len(lines(page, "lit")) == 2
    lit = page.locator(".fan .lit[d*=L]").get_attribute("class")
    assert "letter0" in lit.split()
    expect(page.locator(".sentence")).to_contain_text("Output 4 is written 2 times: by input 1, input 2.")
    page.evaluate("model.set('output', 5)")
    expect(page.locator(".sentence")).to_contain_text("Output 5 is written once: by input 2.")
    assert [k for k, cell in enumerate(cells(page)[0]) if cell[4]] == [2]
    assert page.locator(".fan .halo").all_text_contents() == ["w1"]


def test_of_a_shuffle_the_map_is_lit(show):
    page = show(OverlapLens("shuffle", padding=1, stride=3, output=7))
    assert page.locator(".bar.lit:visible b").all_inner_texts() == ["b"]
    assert sorted(page.locator(".fan .halo").all_text_contents()) == ["b0", "b1", "b2"]
    page.evaluate("model.set('output', 1)")  # at the border its kernel's first number is cut off
    assert sorted(row(page, "halo")) == ["b1", "b2"]
    assert page.locator(".bar.lit:visible b").all_inner_texts() == ["b"]


def test_the_frame_stands_round_its_output(show):
    page = show(OverlapLens(output=9))
    frame, fan = page.locator(".pointed").bounding_box(), page.locator(".fan svg").bounding_box()
    assert frame["x"] + frame["width"] / 2 - fan["x"] == pytest.approx(cells(page)[1][9][1], abs=1)


def test_layers_are_lit_as_a_cone_and_each_way_is_counted(show):
    page = show(OverlapLens(layers=3, inputs=4, output=20))
    ways = [each[20] for each in state(page).written().ways]
    lit = [[k for k, cell in enumerate(cells) if cell[4]] for cells in cells(page)]
    assert lit[0] == [i for i, n in enumerate(ways) if n] and all(lit[:-1]) and len(lit) == 4
    expect(page.locator(".sentence")).to_contain_text(f"{sum(ways)} ways lead to output 20: from input 1 (2×)")


def test_letters_say_which_weights_land_together(show):
    page = show(OverlapLens(kernel=5, stride=3, padding=1))
    assert page.locator(".bar:visible b").all_inner_texts() == list("abcab")
    assert row(page, "letter") == [LETTERS[(j + 1) % 3] for j in range(len(row(page, "got")))]
    strips = page.locator(".fan .strip").evaluate_all("(all) => all.map((node) => node.classList[0])")
    assert strips == [f"letter{LETTERS.index(letter)}" for letter in row(page, "letter")]
    assert page.locator(".sums span").all_inner_texts() == ["a sums to 2.00", "b sums to 2.00", "c sums to 1.00"]
    expect(page.locator(".sentence")).to_contain_text("from 1 to 2, as 5 is no multiple of 3")


def inks(page):
    """The ink of each cell of the picture, as drawn."""
    count = len(state(page).written().values)
    return np.array(
        settle(page).evaluate(
            """(count) => { const c = root().querySelector(".map canvas"), g = c.getContext("2d");
            const at = (k) => Math.floor(((k + 0.5) * c.width) / count);
            return [...Array(count).keys()].map((y) => [...Array(count).keys()].map((x) =>
                g.getImageData(at(x), at(y), 1, 1).data[3] / 255)); }""",
            count,
        )
    )


@pytest.mark.parametrize(
    "setting", [{}, {"kernel": 5, "stride": 3, "padding": 2}, {"kind": "shuffle", "padding": 1, **UNLIKE}], ids=str
)
def test_the_picture_is_the_product_of_both_directions(show, setting):
    page = show(OverlapLens(**setting))
    values = np.array(state(page).written().values)
    wanted = np.outer(values, values) / max(values) ** 2
    assert inks(page) / 0.86 == pytest.approx(wanted, abs=0.02)


def test_of_many_outputs_the_picture_shows_the_middle(show):
    page = show(OverlapLens(kernel=7, stride=4, layers=3, inputs=8))
    expect(page.get_by_text("the middle 64 of 575 a side")).to_be_visible()


def test_where_nothing_is_left_it_says_so(show):
    page = show(OverlapLens(kernel=1, stride=1, padding=3, inputs=3))
    expect(page.locator(".sentence")).to_have_text("No output is left: take more inputs, or another kernel or padding.")
    expect(page.locator(".pointed")).to_be_hidden()
    page.get_by_label("kernel k").fill("7")
    expect(page.locator(".pointed")).to_be_visible()
    assert table(page)[0] == "3 → 3"


# ---------------------------------------------------------------- presets and sentences


def test_what_one_begins_with(show):
    page = show()
    choice = page.get_by_label("begin with")
    expect(choice).to_have_value("threeByTwo")  # Python's own beginning is the first of them
    said = {
        "fourByTwo": "each output is written equally often, as 4 is a multiple of 2",
        "fiveByTwo": "counts go from 2 to 3, as 5 is no multiple of 2; in a picture from 4 to 9: a checkerboard",
        "stacked": "the counts drift farther apart: inside the border from 1 to 5, in a picture from 1 to 25",
        "cancels": "Written unevenly, and yet even: each letter sums to 1",
        "unlike": "The letters sum unlike, so inside the border equal inputs give from 1 to 1.6",
        "resized": "each output gets the whole kernel, whatever its weights",
        "shuffles": "none is written more often than another",
        "mapsDiffer": "The letters sum unlike, so inside the border equal inputs give from 1.8 to 4.2",
        "threeByTwo": "counts go from 1 to 2, as 3 is no multiple of 2; in a picture from 1 to 4: a checkerboard",
    }
    assert set(said) == {
        option.get_attribute("value") for option in choice.locator("option").all() if option.get_attribute("value")
    }
    for name, words in said.items():
        choice.select_option(name)
        expect(page.locator(".sentence")).to_contain_text(words)
        expect(choice).to_have_value(name)
        assert [number(text) for text in row(page, "got")] == pytest.approx(state(page).written().values, abs=0.006)
    page.get_by_label("inputs", exact=True).fill("5")
    expect(choice).to_have_value("")


def test_outputs_that_are_never_written(show):
    page = show(OverlapLens(kernel=1, stride=3, output=4))
    expect(page.locator(".sentence")).to_have_text(
        "Output 4 is never written. The kernel is shorter than the stride: of every 3 outputs 2 are never written."
    )
    assert page.get_by_role("button", name="Make the sums alike").get_attribute("aria-disabled") == "true"


# ---------------------------------------------------------------- moved by hand


def test_an_output_is_pointed_at_with_the_mouse(show):
    page = show()
    fan, last = page.locator(".fan svg").bounding_box(), cells(page)[1]
    at = lambda k: fan["x"] + last[k][1]  # noqa: E731
    page.mouse.move(at(8), fan["y"] + fan["height"] - 20)
    settle(page)
    assert page.evaluate("model.get('output')") == 8
    page.mouse.move(at(3), fan["y"] + 60)  # only over the outputs
    settle(page)
    assert page.evaluate("model.get('output')") == 8
    page.mouse.down()
    settle(page)
    assert page.evaluate("model.get('output')") == 3
    page.mouse.move(at(11), fan["y"] + 60)
    page.mouse.up()
    settle(page)
    assert page.evaluate("model.get('output')") == 11
    expect(page.locator(".sentence")).to_contain_text("Output 11 is written")


def test_keys_point_and_stay_inside(show):
    page = show()
    pointed = page.get_by_role("slider", name="the output that is pointed at")
    for key, now in (
        ("ArrowRight", 5),
        ("Shift+ArrowRight", 10),
        ("End", 12),
        ("ArrowRight", 12),
        ("ArrowLeft", 11),
        ("Home", 0),
        ("b", 0),
    ):
        pointed.press(key)
        assert settle(page).evaluate("model.get('output')") == now, key
    assert pointed.get_attribute("aria-valuetext") == "Output 0 is written once: by input 0."
    assert pointed.get_attribute("aria-valuemax") == "12" and page.evaluate("keys_out") == []


def test_a_weight_is_dragged_and_the_kernel_is_no_more_of_equal_numbers(show):
    page = show()
    tracks = page.locator(".track:visible")
    high = tracks.nth(1).bounding_box()["height"]
    drag(page, tracks.nth(1), 0, up=round(0.25 * high))
    assert page.evaluate("model.get('weighted')") is True
    assert page.evaluate("model.get('weights')")[:3] == [1, pytest.approx(1.5, abs=0.06), 1]
    drag(page, tracks.nth(0), 0, up=-high)
    assert page.evaluate("model.get('weights')")[0] == 0
    seen = state(page).written()
    assert [number(text) for text in row(page, "got")] == pytest.approx(seen.values, abs=0.006)
    page.get_by_role("switch", name="weights of its own").click()
    assert row(page, "got") == ["1", "1", "2", *["1", "2"] * 4, "1", "1"]


def test_who_moves_a_weight_of_equal_numbers_begins_with_those(show):
    page = show(OverlapLens(**{**UNLIKE, "weighted": False}))
    page.get_by_role("slider", name=re.compile("^weight 0")).press("ArrowDown")
    assert settle(page).evaluate("model.get('weights')") == [0.95, *[1] * 6]


def test_keys_move_weights_until_the_checkerboard_is_gone(show):
    page = show()
    bars = page.get_by_role("slider", name=re.compile("^weight"))
    for k in (0, 2):
        for _ in range(2):
            bars.nth(k).press("Shift+ArrowDown")
            settle(page)
    assert page.evaluate("model.get('weights')")[:3] == [0.5, 1, 0.5]
    expect(page.locator(".sentence")).to_contain_text("Written unevenly, and yet even: each letter sums to 1.")
    assert inks(page)[1:-1, 1:-1] == pytest.approx(0.86, abs=0.01)
    bars.nth(1).press("End")
    settle(page)
    bars.nth(1).press("ArrowDown")
    settle(page)
    assert page.evaluate("model.get('weights')")[1] == 1.95 and page.evaluate("keys_out") == []
    assert bars.nth(1).get_attribute("aria-label") == "weight 1, on outputs of letter b"
    assert bars.nth(1).get_attribute("aria-valuetext") == "1.95"


def test_the_sums_are_made_alike(show):
    page = show(OverlapLens(kernel=5, padding=2, layers=2, **UNLIKE))
    expect(page.locator(".sentence")).to_contain_text("The letters sum unlike")
    button = page.get_by_role("button", name="Make the sums alike")
    button.click()
    expect(page.locator(".sentence")).to_contain_text("Written unevenly, and yet even")
    a, b = page.locator(".sums span").all_inner_texts()
    assert a.removeprefix("a") == b.removeprefix("b")
    expect(button).to_have_attribute("aria-disabled", "true")
    seen = state(page).written()
    assert seen.most - seen.least < 2e-3


def test_sliders_and_choices_are_heard_of(show):
    page = show()
    for label, name, value in (
        ("kernel k", "kernel", 6),
        ("stride s", "stride", 3),
        ("padding p", "padding", 2),
        ("inputs", "inputs", 7),
        ("layers", "layers", 2),
    ):
        page.get_by_label(label, exact=True).fill(str(value))
        assert settle(page).evaluate(f"model.get('{name}')") == value
    assert table(page)[3] == "6 ÷ 3 = 2"
    page.get_by_role("button", name="shuffle").click()
    assert settle(page).evaluate("model.get('kind')") == "shuffle"
    expect(page.locator(".subtitle")).to_contain_text("s kernels of k numbers make s maps")
    assert page.locator(".bar:visible").count() == 3 and table(page)[3] == "–"
    assert page.get_by_role("slider", name="weight of map c").count() == 1


# ---------------------------------------------------------------- its look


def test_it_fits_has_names_and_can_be_read(show):
    page = show(OverlapLens(kernel=7, stride=4), **NARROW)
    for kind in ("transposed", "resize", "shuffle"):
        page.evaluate(f"model.set('kind', '{kind}')")
        for width, scheme in looks(page, (320, 420, 850, 1400)):
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE) == [] and nameless(page) == [], width
            assert [each for each in page.evaluate(CONTRAST) if each[0] < 4.5] == [], (width, scheme)


@pytest.mark.parametrize("layers", [1, 3])
def test_it_fits_a_notebook_beside_the_file_browser(show, layers):
    page = show(viewport={"width": 850, "height": 680})
    for name in ("threeByTwo", "cancels", "unlike", "resized", "mapsDiffer"):
        page.get_by_label("begin with").select_option(name)
        page.get_by_label("layers", exact=True).fill(str(layers))
        assert settle(page).evaluate("document.documentElement.scrollHeight") <= 680, name
        assert page.evaluate(OUTSIDE) == []


def test_it_works_without_a_kernel_and_a_link_sets_it(new_page, tmp_path):
    OverlapLens().to_html(tmp_path / "page.html")
    page = new_page()
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#kernel=5&padding=2&output=3&weights=2,1,1,1,1,1,9&stride=77")
    expect(page.get_by_label("kernel k")).to_have_value("5")
    expect(page.get_by_label("stride s")).to_have_value("4")
    page.get_by_label("begin with").select_option("fiveByTwo")
    expect(page.locator(".sentence")).to_contain_text("counts go from 2 to 3")
    page.wait_for_url(re.compile("#kernel=5&output=3&padding=2$"))


def test_it_follows_the_theme_and_goes_quietly(show):
    page = show()
    follows_the_theme(page)
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
