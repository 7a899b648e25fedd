"""The score table on a blank page: order, numbers and comparisons are Python's; clicks, keys, filters, the look."""

import json
import math
import re

import pytest
from helpers.lab import settle
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.score_samples import SMALL, small, stored
from helpers.value_page import page_with

from gan_edu.core.measures.stored_scores import scores
from gan_edu.widgets import ScoreTable

pytestmark = pytest.mark.browser


@pytest.fixture
def show(new_page):
    def make(table=None, **context):
        return page_with(new_page, table or ScoreTable(SMALL, sort="fid"), **context)

    return make


@pytest.fixture(scope="module")
def tricks(tmp_path_factory):
    path = tmp_path_factory.mktemp("scores") / "tricks.json"
    path.write_text(json.dumps(stored()), encoding="utf-8")
    return scores(path)


def order(page):
    return settle(page).locator(".tbody .line").evaluate_all("(all) => all.map((n) => n.dataset.row)")


def same(page, table):
    """The page's traits, set in Python, leave the same rows in the same order."""
    for name in ScoreTable.sent()[1:]:
        setattr(table, name, page.evaluate(f"model.get('{name}')"))
    return order(page) == table.shown()


def heading(page, name):
    return page.get_by_role("columnheader", name=name, exact=True)


def cell(page, row, key):
    return settle(page).locator(f"[data-row='{row}'] [data-key='{key}']").inner_text().split("\n")


def told(page):
    return settle(page).locator(".verdict b").inner_text()


# ---------------------------------------------------------------- sort


def test_rows_stand_as_they_are_listed_until_one_sorts(show):
    page = show(ScoreTable(SMALL))
    assert order(page) == [row["name"] for row in SMALL["By hand"]["rows"]]
    choice = page.get_by_label("sort by", exact=True)
    assert choice.input_value() == "" and page.locator("[aria-sort]").count() == 0
    choice.select_option("FID")
    assert order(page) == ["two", "good", "short", "base", "mixed", "bad"]
    choice.select_option("as listed")
    assert order(page) == [row["name"] for row in SMALL["By hand"]["rows"]]


def test_the_verdict_is_seen_without_scrolling(show, tricks):
    page = show(ScoreTable(tricks, selected="r1"), viewport={"width": 850, "height": 680})
    box = page.locator(".verdict").bounding_box()
    assert box["y"] + box["height"] < 500


@pytest.mark.parametrize(
    "name, key", [("trick", "title"), ("FID", "fid"), ("modes", "modes"), ("steps", "steps"), ("seeds", "seeds")]
)
def test_a_heading_sorts_and_again_reverses(show, name, key):
    table = ScoreTable(SMALL)
    page = show(ScoreTable(SMALL, sort="title" if key == "fid" else "fid"))
    heading(page, name).get_by_role("button").click()
    best_first = "descending" if key == "modes" else "ascending"
    assert settle(page).locator("[aria-sort]").count() == 1
    assert heading(page, name).get_attribute("aria-sort") == best_first
    assert page.evaluate("model.get('sort')") == key and same(page, table)
    before = order(page)
    heading(page, name).get_by_role("button").press("Enter")
    assert settle(page) and heading(page, name).get_attribute("aria-sort") != best_first
    assert same(page, table) and order(page) != before and page.evaluate("keys_out") == []
    assert page.locator(".live").last.inner_text().startswith(f"sorted by {name}, ")


def test_every_order_and_filter_is_pythons(show, tricks):
    page, table = show(ScoreTable(tricks)), ScoreTable(tricks)
    for state in (
        {"sort": "salt", "descending": True},
        {"sort": "class_kl"},
        {"query": "PENALTY  1"},
        {"query": "", "hidden": ["penalty", "schedule"]},
        {"table": "Grid of 25", "column": "kl", "sort": "js"},
        {"sort": "ms a step", "descending": False, "hidden": []},
    ):
        page.evaluate("(all) => Object.entries(all).forEach(([name, value]) => model.set(name, value))", state)
        assert same(page, table), state
        assert len(order(page)) > 1


# ---------------------------------------------------------------- filter


def test_words_filter_rows_and_all_come_back(show):
    page, table = show(), ScoreTable(SMALL)
    field = page.get_by_label("filter rows by words")
    field.fill("PENALTY")
    assert order(page) == ["two", "good"] and page.locator("[role=status]").inner_text() == "2 of 6 rows"
    field.press_sequentially(" r1")
    assert order(page) == ["good"] and same(page, table) and page.evaluate("keys_out") == []
    field.fill("nobody")
    assert order(page) == [] and page.get_by_text("No row matches.").is_visible()
    page.get_by_role("button", name="Show all rows").click()
    assert len(order(page)) == 6 and field.input_value() == "" and not page.get_by_text("No row matches.").is_visible()


def test_groups_are_hidden_and_shown(show):
    page, table = show(), ScoreTable(SMALL)
    box = page.get_by_role("checkbox", name="penalty")
    box.uncheck()
    assert page.evaluate("model.get('hidden')") == ["penalty"] and same(page, table) and len(order(page)) == 4
    page.get_by_role("checkbox", name="steps").press("Space")
    assert order(page) == ["short", "base", "mixed"] and same(page, table)
    box.check()
    assert page.evaluate("model.get('hidden')") == ["steps"] and len(order(page)) == 5


# ---------------------------------------------------------------- numbers and marks


def test_the_numbers_are_those_of_python(show, tricks):
    page = show(ScoreTable(tricks), viewport={"width": 1150, "height": 900})
    for row in ScoreTable(tricks).tables["MNIST"]["rows"]:
        for key, each in row["cells"].items():
            assert cell(page, row["name"], key) == [each["text"], each["range"]]
        assert cell(page, row["name"], "steps") == [f"{row['facts']['steps']:,.0f}"]
        assert cell(page, row["name"], "seeds") == ["5"]


def places(page, row, kind):
    return (
        settle(page)
        .locator(f"[data-row='{row}'] .lane > .{kind}")
        .evaluate_all("(all) => all.map((n) => parseFloat(n.style.left))")
    )


def test_marks_stand_where_their_numbers_are(show):
    """On a logarithmic axis equal ratios are equal distances; the baseline's line is at its median in every row."""
    page = show()
    dots = places(page, "good", "dot")
    base, floor = places(page, "good", "base")[0], places(page, "good", "floor")[0]
    decade = (base - floor) / log_ratio(60, 0.9)
    for value, at in zip([20, 24, 22, 30, 26.5], dots, strict=True):
        assert at == pytest.approx(floor + decade * log_ratio(value, 0.9), abs=0.01)
    assert places(page, "good", "middle")[0] == pytest.approx(dots[1], abs=0.01)  # the median is seed 1's
    assert {places(page, name, "base")[0] for name in order(page)} == {base} and max(dots) < base
    assert len(places(page, "short", "dot")) == 3
    page.get_by_label("shown column").select_option("modes")
    dots, line = places(page, "bad", "dot"), places(page, "bad", "base")[0]
    step = (line - dots[0]) / (22 - 3)
    assert dots == pytest.approx([line + step * (value - 22) for value in [3, 4, 5, 6, 7]], abs=0.01)
    assert page.evaluate("model.get('sort')") == "modes" and order(page)[0] == "good"


def log_ratio(a, b):
    return math.log10(a / b)


def test_zero_has_a_place_on_a_logarithmic_axis(show):
    tables = small()
    tables["By hand"]["rows"][1]["values"]["fid"] = [0, 1, 2, 3, 4]
    page = show(ScoreTable(tables))
    dots = places(page, "good", "dot")
    assert dots[0] == pytest.approx(2) and dots == sorted(dots)
    assert page.locator(".thead .lane span").first.inner_text() == "0"


def test_a_mark_tells_its_seed_and_value_and_shows_the_seed_in_all_rows(show):
    page = show()
    dot = page.locator("[data-row=bad] .dot").nth(4)
    dot.hover()
    assert settle(page).locator(".tip").inner_text() == "seed 4: 200" and page.locator(".dot.same").count() == 5
    assert dot.get_attribute("aria-label") == "Five steps, FID, seed 4: 200"
    page.mouse.move(2, 2)
    assert settle(page).locator(".tip, .dot.same").count() == 0
    page.get_by_role("button", name="Other").click()
    assert [dot.get_attribute("data-told") for dot in settle(page).locator("[data-row=good] .dot").all()] == [
        "seed 7: 0.100",
        "seed 8: 0.120",
        "seed 9: 0.350",
    ]


def test_keys_go_through_rows_and_marks(show):
    page = show()
    page.locator("[data-row=two] .name").focus()
    assert page.locator(".tbody [tabindex='0']").count() == 1
    page.keyboard.press("ArrowDown")
    assert page.evaluate("model.get('selected')") == "good" and told(page).startswith("R1, γ 2, FID: better on 5 of 5")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert settle(page).locator(".tip").inner_text() == "seed 2: 22.0"  # the second smallest
    page.keyboard.press("ArrowDown")  # the same seed of the next row
    assert settle(page).locator(".tip").inner_text() == "seed 2: 41.0"
    page.keyboard.press("End")
    assert page.evaluate("model.get('selected')") == "bad"
    assert settle(page).locator(".tip").inner_text() == "seed 2: 95.0"
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft", "Home", "ArrowUp", "b", "Space"):
        page.keyboard.press(key)
    assert page.evaluate("root().activeElement.className") == "name" and page.evaluate("keys_out") == []
    assert page.evaluate("model.get('selected')") == ""  # a pressed row let go
    assert settle(page).locator(".tip").count() == 0


# ---------------------------------------------------------------- the comparison


def test_comparisons_are_those_of_python(show, tricks):
    for tables in (SMALL, tricks):
        page, table = show(ScoreTable(tables)), ScoreTable(tables)
        assert told(page) == "Pick a row to compare it with the baseline"
        for name in table.shown():
            page.locator(f"[data-row='{name}'] .name").click()
            title = next(row["title"] for row in table.tables[table.table]["rows"] if row["name"] == name)
            assert told(page) == f"{title}, FID: {table.comparison(name)}"
            assert told(page) in page.locator(".live").last.inner_text()
            for column in [each for each in table.tables[table.table]["columns"] if each["key"] != table.column]:
                words = page.locator("dl div", has_text=re.compile(f"^{column['title']}")).locator("dd").inner_text()
                assert name == "baseline" or name == "base" or table.comparison(name, column["key"]) in words


def test_a_row_is_picked_by_a_click_and_stays_over_tables(show):
    page = show()
    page.locator("[data-row=good] [data-key=modes]").click()
    assert page.evaluate("model.get('selected')") == "good"
    assert page.locator("[data-row=good] .name").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Other").click()
    assert told(page) == "R1, JS: within the spread: better on 2 of 3 seeds"
    assert page.evaluate("['table', 'column', 'sort', 'descending'].map((n) => model.get(n))") == [
        "Other",
        "js",
        "js",
        False,
    ]
    assert page.locator(".floor:visible").count() == 0


def test_the_kernel_may_set_everything(show):
    page = show()
    page.evaluate(
        "(all) => Object.entries(all).forEach(([name, value]) => model.set(name, value))",
        {
            "table": "Other",
            "column": "js",
            "sort": "title",
            "descending": True,
            "selected": "base",
            "query": "t",
            "hidden": ["penalty"],
        },
    )
    assert order(page) == ["base"] and told(page) == "Textbook, JS: the baseline"
    assert page.get_by_label("filter rows by words").input_value() == "t"


def test_texts_stay_texts(show):
    evil, tables = "<img src=x onerror=alert(1)>", small()
    tables["By hand"].update(note=evil)
    tables["By hand"]["columns"][0].update(title=evil, unit=evil)
    tables["By hand"]["rows"][1].update(title=evil, group=evil, facts={evil: 3})
    page = show(ScoreTable({evil: tables["By hand"], "b": tables["Other"]}, selected="good"))
    assert page.evaluate("root().querySelectorAll('img').length") == 0 and evil in told(page)


def test_the_page_without_a_kernel(new_page, tmp_path):
    ScoreTable(SMALL, sort="fid").to_html(tmp_path / "scores.html")
    page = new_page()
    page.goto((tmp_path / "scores.html").as_uri())
    heading(page, "FID").get_by_role("button").click()
    assert order(page) == ["bad", "mixed", "base", "short", "good", "two"]
    page.locator("[data-row=bad] .name").click()
    assert told(page) == "Five steps, FID: worse on 5 of 5 seeds"
    page.get_by_role("button", name="Other").click()
    assert order(page) == ["good", "base"]


# ---------------------------------------------------------------- the look


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_is_read_at_every_width(show, tricks, scheme):
    page = show(ScoreTable(tricks, selected="r1"), color_scheme=scheme)
    for width in (320, 360, 480, 700, 761, 900, 990, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert settle(settle(page)).evaluate(OUTSIDE) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        scroll = page.locator(".scroll").evaluate("(n) => [n.scrollWidth, n.clientWidth]")
        assert scroll[0] <= scroll[1], width
        ends = page.locator(".thead .lane span").evaluate_all(
            "(all) => all.map((n) => n.getBoundingClientRect()).map((r) => [r.left, r.right])"
        )
        assert len(ends) > 2 and all(a[1] < b[0] for a, b in zip(ends, ends[1:], strict=False)), width
    found = page.evaluate(CONTRAST)
    assert len(found) > 60 and min(found)[0] >= 4.5, sorted(found)[:5]


def test_it_follows_the_host_theme(show):
    page = show()
    follows_the_theme(page)


def test_it_is_a_table_to_a_screen_reader_and_goes_quietly(show):
    page = show()
    assert page.get_by_role("table", name="By hand: 6 rows").get_by_role("row").count() == 7
    assert page.get_by_role("rowheader").count() == 6
    assert {line.locator("[role=cell]").count() for line in page.locator(".tbody .line").all()} == {5}
    assert page.get_by_role("columnheader").count() == 6
    nameless = page.evaluate("""() => [...root().querySelectorAll("button, input, select")]
        .filter((n) => !(n.getAttribute("aria-label") || n.textContent.trim() || n.closest("label"))).length""")
    assert nameless == 0
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0
    assert page.evaluate("document.querySelectorAll('#box *').length") == 1
