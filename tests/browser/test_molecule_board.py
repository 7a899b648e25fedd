"""The molecule board on a blank page: which molecules are drawn and how, keys, pointing, filter, curves, its look."""

import re

import numpy as np
import pytest
from helpers import small_molecules as small
from helpers.lab import eventually, settle
from helpers.look import CONTRAST, NARROW, OUTSIDE, follows_the_theme, looks
from helpers.pixels import near, only_so
from helpers.screen import graph, shot
from helpers.value_page import nameless, page_with
from playwright.sync_api import expect

from gan_edu.widgets import MoleculeBoard

pytestmark = pytest.mark.browser
INK, RED = {"light": "#1B1F24", "dark": "#E8EAED"}, {"light": "#C62828", "dark": "#FF8F86"}


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        context = {"viewport": {"width": 850, "height": 900}, "color_scheme": "light", **context}
        return page_with(new_page, control or MoleculeBoard(small.stored()), **context)

    return make


def tiles(page):
    return settle(page).locator(".tile")


def smiles_of(page):
    """The SMILES of the twelve, by their labels."""
    labels = tiles(page).evaluate_all("(all) => all.map((n) => n.getAttribute('aria-label'))")
    found = [re.search(r"C+O", label) for label in labels]
    return [each and each[0] for each in found]


def wanted(row, column):
    kinds = [small.kind(row, column, tile) for tile in range(12)]
    return [k if k is None else small.smiles(k) for k in kinds]


def traits(page, *names):
    return page.evaluate("(names) => names.map((name) => model.get(name))", names or ("share", "step", "tile"))


def beside(page):
    """What stands beside the grid: head, numbers, SMILES."""
    reader = settle(page).locator(".reader")
    return [
        reader.locator("b").inner_text(),
        *reader.locator("td").all_inner_texts(),
        reader.locator("input").input_value(),
    ]


def expected(tile, k):
    n = small.numbers(k)
    logp = f"{n['logp']:.1f}".replace("-", "−")
    return [
        f"Molecule {tile + 1}",
        f"{n['qed']:.2f}",
        logp,
        f"{n['sa']:.1f}",
        f"{n['atoms']}",
        f"{n['nearest']:.2f}",
    ] + [small.smiles(k)]


# ---------------------------------------------------------------- what is drawn


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_molecule_is_drawn_in_its_place_the_right_way_up(show, theme):
    page = show(device_scale_factor=2, color_scheme=theme)
    assert smiles_of(page) == wanted(1, 3)
    for tile in (0, 3, 8, 11):
        k = small.kind(1, 3, tile)

        def stands(picture, k=k):
            down, right = np.nonzero(near(picture, INK[theme], 60))
            assert np.ptp(right) == pytest.approx(2 * 0.95 * (20 + 5 * k), abs=8)
            long = int(np.bincount(down).argmax())
            assert down.min() < long - 30 and down.max() <= long + 4
            assert right[down < long - 10].max() - right.min() <= 6
            _, letter = np.nonzero(near(picture, RED[theme], 60))
            assert len(letter) > 8 and letter.min() > right.max() - 4

        room = tiles(page).nth(tile).locator(".room")
        only_so(stands, shot(room), "upside down", "mirrored", "dark for light")


def test_a_drawing_in_large_stands_beside_its_numbers(show):
    page = show()
    assert beside(page) == expected(0, small.kind(1, 3, 0))
    small_one, large = (page.locator(each).first.bounding_box() for each in (".tile .drawing", ".reader .drawing"))
    assert large["width"] == pytest.approx(small_one["width"] * 1.3 / 0.95, abs=2)


def test_an_empty_tile_says_so(show):
    page = show(MoleculeBoard(small.stored(), share=1, step=0, tile=5))
    assert tiles(page).nth(5).inner_text() == "no other molecule" and tiles(page).locator("svg").count() == 11
    assert beside(page) == ["Molecule 6", *["–"] * 5, "no other molecule"]


def test_no_markup_of_a_table_gets_into_the_page(show):
    table = small.stored()
    name = '<img src=x onerror="window.hit=1">'
    table["molecules"][name] = table["molecules"][small.smiles(0)]
    table["grids"][1][3][0] = name
    page = show(MoleculeBoard(table))
    assert beside(page)[-1] == name and page.locator("img").count() == 0 and page.evaluate("window.hit") is None


# ---------------------------------------------------------------- λ and step


def test_sliders_go_over_shares_and_steps(show):
    page = show()
    share, step = page.get_by_label("λ, weight of D"), page.get_by_label("step", exact=True)
    share.press("Home")
    expect(share).to_have_attribute("aria-valuetext", "0, objective alone")
    assert traits(page, "share") == [0]
    share.press("End")
    step.press("ArrowLeft")
    assert traits(page) == [1, 200, 0] and smiles_of(page) == wanted(2, 2)
    assert share.get_attribute("aria-valuetext") == "1, D alone"
    assert page.locator(".ends span").all_inner_texts() == ["objective alone", "D alone"]


def test_ends_that_are_not_stored_are_not_named(show):
    page = show(MoleculeBoard(small.stored(shares=[0.1, 0.5, 0.9])))
    assert page.locator(".ends span").count() == 0
    assert page.get_by_label("λ, weight of D").get_attribute("aria-valuetext") == "0.5"


def test_keys_go_over_shares_and_steps_and_stop_at_the_ends(show):
    page = show()
    page.locator(".replay").focus()
    for key, at in (
        *(("ArrowLeft", [0.5, 200]), ("ArrowUp", [1, 200]), ("ArrowUp", [1, 200]), ("ArrowDown", [0.5, 200])),
        *(("ArrowDown", [0, 200]), ("ArrowDown", [0, 200]), ("ArrowRight", [0, 300]), ("ArrowRight", [0, 300])),
    ):
        page.keyboard.press(key)
        assert traits(page, "share", "step") == at, key
    assert smiles_of(page) == wanted(0, 3) and page.evaluate("keys_out") == []


def test_it_plays_from_the_first_step_to_the_last(show):
    page = show()
    page.evaluate("window.seen = []; model.on('change:step', () => seen.push(model.get('step')))")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    eventually(lambda: page.evaluate("seen"), small.STEPS)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert smiles_of(page) == wanted(1, 3)


def test_a_slider_moved_ends_the_play_and_calm_pages_go_by_steps(show):
    page = show()
    page.get_by_role("button", name="Play").click()
    page.get_by_label("step", exact=True).fill("2")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert traits(page, "step") == [200]
    page = show(reduced_motion="reduce")
    page.get_by_role("button", name="Play").click()
    for step in (0, 100, 200, 300):
        assert traits(settle(page), "step") == [step]
        if step < 300:
            page.get_by_role("button", name="Next step").click()


def test_a_slider_moved_before_the_play_is_drawn_stands_where_it_was_put(show):
    page = show()
    button = page.get_by_role("button", name="Play").element_handle()
    page.get_by_label("step", exact=True).evaluate(
        "(step, play) => { play.click(); step.value = 2; step.dispatchEvent(new Event('input')) }", button
    )
    assert traits(settle(page), "step") == [200]
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_key_where_there_is_no_step_before_ends_the_play_and_the_button_says_so(show):
    page = show()
    page.evaluate("window.setTimeout = ((set) => (act, ms) => set(act, ms === 900 ? 1e9 : ms))(window.setTimeout)")
    page.get_by_role("button", name="Play").click()  # and no beat ends
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    settle(page)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert traits(page, "step") == [0]


def test_python_moves_it(show):
    page = show()
    page.evaluate("Object.entries({share: 0, step: 100, tile: 4}).forEach((each) => model.set(...each))")
    assert smiles_of(page) == wanted(0, 1) and beside(page) == expected(4, small.kind(0, 1, 4))


# ---------------------------------------------------------------- molecules


def test_hover_shows_and_leaving_goes_back(show):
    page = show()
    tiles(page).nth(6).hover()
    assert beside(page) == expected(6, small.kind(1, 3, 6)) and traits(page, "tile") == [0]
    page.locator("h3").hover()
    assert beside(page) == expected(0, small.kind(1, 3, 0))


def test_a_key_after_the_mouse_is_answered_until_the_mouse_moves(show):
    page = show()
    tiles(page).nth(2).click()
    page.keyboard.press("ArrowRight")
    assert traits(page, "tile") == [3] and beside(page) == expected(3, small.kind(1, 3, 3))
    box = tiles(page).nth(2).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    assert beside(page) == expected(2, small.kind(1, 3, 2)) and traits(page, "tile") == [3]
    page.keyboard.press("End")
    page.mouse.move(box["x"] + 30, box["y"] + 20)
    page.keyboard.press("ArrowRight")  # no other molecule there, and no new focus
    assert beside(page) == expected(11, small.kind(1, 3, 11))


def test_a_press_and_a_tap_choose(show):
    page = show()
    tiles(page).nth(7).click()
    page.locator("h3").hover()
    assert traits(page, "tile") == [7] and beside(page) == expected(7, small.kind(1, 3, 7))
    assert [n for n in range(12) if tiles(page).nth(n).get_attribute("aria-current")] == [7]
    page = show(has_touch=True)
    tiles(page).nth(3).tap()
    assert traits(page, "tile") == [3] and beside(page)[0] == "Molecule 4"


@pytest.mark.parametrize(("width", "columns"), [(1200, 4), (850, 3), (420, 3)])
def test_keys_lead_over_the_molecules(show, width, columns):
    page = show(viewport={"width": width, "height": 900})
    assert tiles(page).evaluate_all("(all) => all.filter((n) => n.tabIndex === 0).length") == 1
    tiles(page).first.focus()
    at = 0
    for key, way in (("ArrowDown", columns), ("ArrowRight", 1), ("ArrowDown", columns), ("ArrowUp", -columns)):
        page.keyboard.press(key)
        at += way
        assert traits(settle(page)) == [0.5, 300, at], key
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert traits(settle(page), "tile") == [11]
    assert page.evaluate("root().activeElement.getAttribute('aria-label')").startswith("12: QED")
    page.keyboard.press("Home")
    assert traits(settle(page), "tile") == [0] and page.evaluate("keys_out") == []


def test_a_label_has_all_numbers_and_a_tile_its_qed(show):
    page = show()
    label = tiles(page).nth(2).get_attribute("aria-label")
    for each in expected(2, small.kind(1, 3, 2))[1:]:
        assert each in label
    shown = [f"QED {small.numbers(small.kind(1, 3, tile))['qed']:.2f}" for tile in range(12)]
    assert tiles(page).locator("small").all_inner_texts() == shown


def test_a_smiles_is_selected_whole_to_be_copied(show):
    page = show()
    field = page.get_by_label("SMILES")
    field.click()
    selected = "(n) => n.value.slice(n.selectionStart, n.selectionEnd)"
    assert field.evaluate(selected) == small.smiles(small.kind(1, 3, 0))
    field.press("ArrowLeft")
    assert traits(page, "share", "step") == [0.5, 300]  # a key of the field's own
    field.press("x")
    assert field.input_value() == small.smiles(small.kind(1, 3, 0))


# ---------------------------------------------------------------- the filter


def faded(page):
    return tiles(page).evaluate_all("(all) => all.map((n) => n.classList.contains('fades'))")


def test_what_is_outside_fades_and_keeps_its_place(show):
    page = show()
    places = [node.bounding_box() for node in tiles(page).all()]
    expect(page.locator(".left-told")).to_have_text("All 12 are left.")
    slider = page.locator(".filter input")
    slider.fill("0.45")
    kept = [small.numbers(small.kind(1, 3, tile))["qed"] >= 0.45 - 1e-9 for tile in range(12)]
    assert faded(page) == [not each for each in kept] and traits(page, "limit") == [0.45]
    expect(page.locator(".left-told")).to_have_text(f"{sum(kept)} of 12 are left.")
    assert [node.bounding_box() for node in tiles(page).all()] == places
    label = tiles(page).nth(kept.index(False)).get_attribute("aria-label")
    assert "outside the filter" in label and "outside" not in tiles(page).nth(kept.index(True)).get_attribute(
        "aria-label"
    )
    pale, plain = (shot(tiles(page).nth(kept.index(each)).locator(".room")) for each in (False, True))
    assert pale.min() > 150 and plain.min() < 90
    slider.press("Home")
    assert traits(page, "limit") == [None] and not any(faded(page))


def test_another_property_and_the_other_side(show):
    page = show()
    page.locator(".filter select").select_option("atoms")
    page.get_by_role("button", name="at most").click()
    slider = page.locator(".filter input")
    assert not any(faded(page)) and float(slider.input_value()) == 16
    slider.fill("6")
    assert traits(page, "by", "side", "limit") == ["atoms", "most", 6]
    assert faded(page) == [small.numbers(small.kind(1, 3, tile))["atoms"] > 6 for tile in range(12)]
    page.locator(".filter select").select_option("logp")
    assert traits(settle(page), "by", "limit") == ["logp", None]
    slider.press("Home")
    assert settle(page).locator(".filter output").inner_text() == "−7.0"
    expect(page.locator(".left-told")).to_have_text("1 of 12 is left.")


def test_a_limit_stays_when_its_side_is_pressed(show):
    page = show(MoleculeBoard(small.stored(), limit=0.4))
    for side, words in (("least", "at least"), ("most", "at most"), ("most", "at most")):
        page.get_by_role("button", name=words).click()
        assert traits(settle(page), "side", "limit") == [side, 0.4]
        kept = [small.numbers(small.kind(1, 3, tile))["qed"] for tile in range(12)]
        fades = [each < 0.4 - 1e-9 if side == "least" else each > 0.4 + 1e-9 for each in kept]
        assert faded(page) == fades and True in fades
    assert page.locator(".filter output").inner_text() == "0.40"


def test_the_browser_leaves_what_python_leaves(show):
    control = MoleculeBoard(small.stored(), share=1, step=0, by="nearest", limit=0.4)
    page = show(control)
    for side in ("least", "most"):
        control.side = side
        page.evaluate("(side) => model.set('side', side)", side)
        assert faded(page) == [not left for left in control.left()]


# ---------------------------------------------------------------- the curves


def test_a_line_says_what_the_draws_are_worth(show):
    page = show()
    expect(page.locator(".told")).to_have_text(
        "Of 300 draws: 0.90 valid, 0.30 of them different, mean QED 0.65 (data 0.57)."
    )
    page.locator(".replay").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".told")).to_have_text(
        "Of 300 draws: 0.90 valid, 0.50 of them different, mean QED 0.55 (data 0.57)."
    )


def test_each_share_has_its_curve_and_the_chosen_one_is_strong(show):
    page = show(device_scale_factor=2)
    page.locator(".replay").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    chart = graph(settle(page).locator(".curves .plot"))
    for row in range(3):
        for column, step in enumerate(small.STEPS[1:3], 1):
            colour = INK["light"] if row == 2 else "#87919C"
            assert chart.drawn(step, small.point(row, column)["qed"], colour), (row, step)
    box, mark = page.locator(".curves .plot").bounding_box(), page.locator(".mark").bounding_box()
    stands = mark["x"] + mark["width"] / 2 - box["x"], mark["y"] + mark["height"] / 2 - box["y"]
    assert stands == pytest.approx(chart.place(200, small.point(2, 2)["qed"]), abs=1.5)
    assert any(chart.drawn(x, 0.57, INK["light"]) for x in (20, 25, 30, 35))  # dotted
    assert page.locator(".strong").text_content() == "λ 1"


def test_a_press_on_the_curves_goes_to_the_nearest_point(show):
    page = show()
    plot = page.locator(".curves.plot-box")
    x, y = graph(page.locator(".curves .plot")).place(100, small.point(0, 1)["qed"])
    plot.click(position={"x": x + 2, "y": y - 2})
    assert traits(page, "share", "step") == [0, 100] and smiles_of(page) == wanted(0, 1)


# ---------------------------------------------------------------- a page of its own, its look


def test_it_is_alive_without_a_kernel_and_a_link_opens_it(new_page, tmp_path):
    MoleculeBoard(small.stored()).to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#share=1&step=100&tile=3&limit=0.3")
    page.locator(".tile").first.wait_for()
    assert smiles_of(page) == wanted(2, 1) and beside(page) == expected(3, small.kind(2, 1, 3)) and any(faded(page))
    page.get_by_label("step", exact=True).press("End")
    assert smiles_of(page) == wanted(2, 3)
    eventually(lambda: set(page.evaluate("location.hash.slice(1)").split("&")), {"share=1", "tile=3", "limit=0.3"})


@pytest.mark.parametrize("width", [850, 420])
def test_tiles_are_wide_and_the_numbers_in_sight(show, width):
    page = show(viewport={"width": width, "height": 900})
    tile, reader = (page.locator(each).first.bounding_box() for each in (".tile", ".reader"))
    assert tile["width"] > tile["height"]
    beyond = reader["y"] + reader["height"] <= tile["y"], reader["x"] >= tile["x"] + 3 * tile["width"]
    assert beyond == ((True, False) if width == 420 else (False, True))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_and_is_read(show, monkeypatch, lang):
    monkeypatch.setenv("GAN_EDU_LANG", lang)
    page = show(MoleculeBoard(small.stored(), limit=0.4), **NARROW)
    for width, scheme in looks(page, (320, 420, 850, 1400)):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OUTSIDE) == [] and nameless(page) == [], width
        low = [(ratio, text) for ratio, text in page.evaluate(CONTRAST) if ratio < 4.5]
        assert low == [], (width, scheme)
        if width == 850:
            assert page.locator(".replay").bounding_box()["height"] <= 690


def test_it_follows_the_theme(show):
    follows_the_theme(show())


def test_a_view_goes_quietly(show):
    page = show()
    page.get_by_role("button", name="Play").click()
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
