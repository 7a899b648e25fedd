"""CorruptionBench on a blank page: what it shows against Python, the reader's table, its keys, its names, its look."""

import re

import pytest
from helpers.lab import rooted, settle
from helpers.look import CONTRAST, OUTSIDE, follows_the_theme
from helpers.small_bench import BASE, LEVEL2, brightness, small_bench
from helpers.value_page import nameless, page_with

from gan_edu import evaluation
from gan_edu.widgets.corruption_bench.arranged import place

pytestmark = pytest.mark.browser
SIGNS = {"sees it": "→", "blind": "≈", "fooled": "←"}


@pytest.fixture
def show(new_page):
    def make(control=None, **context):
        return page_with(new_page, control or small_bench(), **context)

    return make


def line(page, score, view=".told"):
    return page.locator(f"{view} .line[data-score='{score}']")


def told(page):
    """{score: verdict} as the rows show it, and its sign."""
    found = {name: line(page, name).locator(".verdict").inner_text() for name in BASE}
    return {name: re.sub(r"\s+", " ", text).strip() for name, text in found.items()}


def field(page, score, corruption):
    return line(page, score, ".mine").get_by_role("button").nth(("blur", "my own").index(corruption))


def left_of(page, score, part):
    """Where a mark of a row stands, as a share of its pane."""
    pane, mark = (line(page, score).locator(each).bounding_box() for each in (".pane", part))
    return (mark["x"] + mark["width"] / 2 - pane["x"]) / pane["width"]


# ---------------------------------------------------------------- scores


@pytest.mark.parametrize("corruption", LEVEL2)
def test_it_says_what_python_says(show, corruption):
    page = show(small_bench(corruption=corruption, level=2))
    assert told(page) == {name: f"{SIGNS[said]} {said}" for name, said in LEVEL2[corruption].items()}
    counts = [list(LEVEL2[corruption].values()).count(said) for said in SIGNS]
    words = page.locator(".headline").inner_text()
    assert [int(x) for x in re.findall(r"\d+", words)] == [counts[0], 3, *counts[1:]]


def test_each_mark_stands_where_python_puts_it(show):
    bench = small_bench(corruption="blur", level=2)
    page = show(bench)
    for s, name in enumerate(BASE):
        scale, cells = bench.table["scales"][1][s], bench.table["cells"]["blur"]
        for part, value in ((".dot", cells[2][1][s][0]), (".was", cells[0][1][s][0])):
            assert left_of(page, name, part) == pytest.approx(place(scale, value), abs=0.01), (name, part)
        for part, level in ((".range", 2), (".band", 0)):
            ends = [place(scale, end) for end in cells[level][1][s][1:]]
            assert left_of(page, name, part) == pytest.approx(sum(ends) / 2, abs=0.015), (name, part)
    assert line(page, "distance").locator(".value").inner_text() == "9"
    aloud = line(page, "distance").get_by_role("img").last.get_attribute("aria-label")
    assert aloud == "distance: 9 (8 to 10); untouched: 1 (0.8 to 1.2)"


def test_untouched_there_is_nothing_to_see(show):
    page = show()
    assert set(told(page).values()) == {"–"} and "nothing to see" in page.locator(".headline").inner_text()


def test_a_size_that_is_too_small_for_a_score_is_told(show):
    page = show(small_bench(level=2))
    page.get_by_role("button", name="200", exact=True).click()
    settle(page)
    assert page.evaluate("model.get('count')") == 200
    assert told(page)["needy"] == "too few" and line(page, "needy").locator(".value").inner_text() == "–"
    assert page.locator(".headline").inner_text().startswith("2 of 2 scores see it")


def test_an_own_score_stands_with_the_others(show):
    page = show(small_bench(own={"mine": brightness()}, level=2, count=200))
    assert "sees it" in line(page, "mine").locator(".verdict").inner_text()
    names = page.locator(".told .line").evaluate_all("all => all.map((n) => n.dataset.score)")
    assert names[1:] == ["mine", *BASE] and "yours" in line(page, "mine").inner_text()
    page.evaluate("model.set('count', 1000)")
    settle(page)
    assert line(page, "mine").locator(".verdict").inner_text() == "only at 200"
    assert line(page, "mine", ".mine").count() == 0  # it is none of those that are judged


def test_the_slider_is_moved_by_keys_and_python_hears_of_it(show):
    page = show(small_bench(corruption="blur"))
    slider = page.get_by_role("slider")
    slider.press("ArrowRight")
    settle(page)
    assert page.evaluate("model.get('level')") == 1 and slider.get_attribute("aria-valuetext") == "σ = 0.5 px · 2 of 3"
    slider.press("End")
    settle(page)
    assert page.evaluate("model.get('level')") == 2 and told(page)["needy"] == "← fooled"
    slider.press("Home")
    assert page.evaluate("model.get('level')") == 0
    assert page.evaluate("keys_out") == []


def test_a_large_button_chooses_the_corruption_and_arrows_lead_to_the_next(show):
    page = show(small_bench(level=2))
    way = page.locator(".ways").get_by_role("button", name="my own")
    assert way.bounding_box()["height"] >= 38
    way.click()
    settle(page)
    assert told(page)["share"] == "≈ blind"
    way.press("ArrowLeft")
    assert page.evaluate("model.get('corruption')") == "blur"


# ---------------------------------------------------------------- pictures

SHADE = """([canvas, x, y]) => { const node = root().querySelector(canvas + " canvas");
  const {width, height} = node;
  return node.getContext("2d").getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data[0]; }"""


def test_the_samples_are_those_of_the_level_with_the_untouched_ones_beside(show):
    page = show(small_bench(corruption="blur", level=2))
    for k in (0, 5, 15):
        at = [(k % 4 + 0.5) / 4, (k // 4 + 0.5) / 4]
        now, before = (page.evaluate(SHADE, [canvas, *at]) for canvas in (".large", ".small"))
        assert min(255, before + 0.6 * 127.5) == pytest.approx(now, abs=14)
    assert "16 samples, blur: σ = 2 px" in page.locator(".large canvas").get_attribute("aria-label")


def test_what_was_replaced_has_a_frame_and_is_counted(show):
    bench = small_bench(corruption="my own", level=2)
    page = show(bench)
    changed = bench.table["corruptions"][1]["seen"][2]["changed"]
    words = page.locator(".changed").inner_text()
    assert words.startswith(f"{len(changed)} of these 16 were replaced.")
    for k in range(16):  # the frame's orange has more red than blue, shades have as much
        pixel = page.evaluate(
            """([x, y]) => { const node = root().querySelector(".large canvas");
            return [...node.getContext("2d").getImageData(x * node.width, y * node.height, 1, 1).data]; }""",
            [(k % 4 + 0.5) / 4, (k // 4) / 4 + 0.004],
        )
        assert (pixel[0] - pixel[2] > 60) == (k in changed), k


def test_where_all_are_replaced_all_have_a_frame(show):
    page = show(evaluation.bench(corruption="memorised", level=7))
    assert page.locator(".changed").inner_text().startswith("16 of these 16 were replaced.")
    orange = """(() => { const node = root().querySelector(".large canvas");
        const [r, , b] = node.getContext("2d").getImageData(node.width / 8, 1, 1, 1).data; return r - b; })()"""
    assert page.evaluate(orange) > 60
    page.locator(".ways").get_by_role("button", name="blur").click()
    settle(page)
    assert page.evaluate(orange) < 20 and page.locator(".changed").inner_text() == ""


# ---------------------------------------------------------------- the reader's table


def test_a_click_leads_through_the_marks_and_python_has_them(show):
    page = show(small_bench(view="table"))
    cell = field(page, "share", "my own")
    for said in ("sees it", "blind", "fooled"):
        cell.click()
        settle(page)
        assert page.evaluate("model.get('filled')") == {"my own": {"share": said}}
        assert SIGNS[said] in cell.inner_text() and cell.get_attribute("aria-label") == f"share, my own: {said}"
    cell.click()
    assert page.evaluate("model.get('filled')") == {"my own": {}}


def test_keys_lead_from_cell_to_cell_and_mark_it(show):
    page = show(small_bench(view="table"))
    field(page, "distance", "blur").focus()
    for key in ("1", "ArrowRight", "2", "ArrowDown", "3", "End", "ArrowLeft", "1", "Home", "Delete"):
        page.keyboard.press(key)
    found = page.evaluate("model.get('filled')")
    assert found == {"blur": {"needy": "sees it"}, "my own": {"distance": "blind", "share": "fooled"}}
    assert page.evaluate("keys_out") == []


def test_check_counts_what_is_right_and_tells_answers_only_when_asked(show):
    page = show(small_bench(view="table", filled={"blur": {"distance": "sees it", "needy": "blind"}}))
    answers = page.get_by_role("button", name="Show answers")
    assert answers.get_attribute("aria-disabled") == "true"
    page.get_by_role("button", name="Check").click()
    settle(page)
    assert page.locator(".result").inner_text() == "1 of 2 marked cells right, 4 empty."
    right, wrong = field(page, "distance", "blur"), field(page, "needy", "blur")
    assert page.evaluate("model.get('checked')") == {"blur": {"distance": "sees it", "needy": "blind"}}
    assert "✓" in right.inner_text() and "✗" in wrong.inner_text() and "fooled" not in wrong.inner_text()
    answers.click()
    settle(page)
    assert re.sub(r"\s+", " ", wrong.inner_text()) == "≈ ← fooled" and wrong.locator("s").inner_text() == "≈"
    assert wrong.get_attribute("aria-label") == "needy, blur: blind, wrong, it is: fooled"
    assert field(page, "share", "my own").get_attribute("aria-label") == "share, my own: empty, it is: blind"
    wrong.click()  # another mark is not judged yet
    settle(page)
    assert "✗" not in wrong.inner_text()
    assert page.locator(".result").inner_text().endswith("Changed since: press Check.")
    page.get_by_role("button", name="Check").click()
    assert settle(page).locator(".result").inner_text() == "2 of 2 marked cells right, 4 empty."


@pytest.mark.parametrize("width", [760, 880, 1120])
@pytest.mark.parametrize("font", ["DejaVu Sans", "sans-serif"])
def test_a_checked_cell_holds_its_mark_and_its_answer(show, width, font):
    filled = {way: {score: "blind" for score in BASE} for way in LEVEL2}
    page = show(small_bench(view="table", filled=filled), viewport={"width": width, "height": 700})
    page.evaluate("font => document.documentElement.style.setProperty('--jp-ui-font-family', font)", font)
    outside = """[...root().querySelectorAll('.field *')].filter((n) => { const r = n.getBoundingClientRect(),
        b = n.closest('.field').getBoundingClientRect();
        return r.left < b.left || r.right > b.right || r.top < b.top - 1 || r.bottom > b.bottom + 1; }).length"""
    for name in ("Check", "Show answers"):
        page.get_by_role("button", name=name).click()
        assert settle(page).locator(".field.wrong").count() == 5 and page.evaluate(outside) == 0


def test_nothing_marked_is_told(show):
    page = show(small_bench(view="table"))
    page.get_by_role("button", name="Check").click()
    assert settle(page).locator(".result").inner_text() == "Nothing is marked yet."


def test_verdicts_wait_where_the_table_is_judged_until_that_way_is_checked(show):
    page = show(small_bench(corruption="blur", level=2, filled={"blur": {"distance": "blind"}}))
    assert set(told(page).values()) == {"?"} and "Your turn" in page.locator(".headline").inner_text()
    assert page.evaluate("[...root().querySelectorAll('.told .pane')].map((n) => n.dataset.kind)") == ["none"] * 3
    page.get_by_role("slider").press("ArrowLeft")
    assert "?" not in told(settle(page)).values()  # it is judged elsewhere
    page.get_by_role("slider").press("ArrowRight")
    page.get_by_role("tab", name="my table").click()
    page.get_by_role("button", name="Check").click()
    page.get_by_role("tab", name="scores").click()
    assert told(settle(page))["distance"] == "→ sees it"
    page.locator(".ways").get_by_role("button", name="my own").click()
    assert set(told(settle(page)).values()) == {"?"}


def test_the_whole_table_of_the_chapter_fits_a_small_window(show):
    page = show(evaluation.bench(view="table", level=5), viewport={"width": 880, "height": 680})
    assert page.locator(".replay").bounding_box()["height"] <= 680
    assert line(page, "FID", ".mine").locator(".pane").bounding_box()["width"] > 120
    assert page.locator(".mine .axis").inner_text().split() == ["←", "better", "worse", "→"]
    for way in evaluation.CORRUPTIONS:
        page.locator(".ways").get_by_role("button", name=way).click()
        for key in ("Home", *["ArrowRight"] * 7):
            page.get_by_role("slider").press(key)
            label = settle(page).locator(".ranged output")
            assert label.evaluate("(n) => n.scrollWidth <= n.clientWidth + 1 && n.clientHeight < 26"), (way, key)


def test_a_name_says_what_its_score_asks(show):
    page = show(evaluation.bench())
    titles = page.locator(".told .score > span:first-child").evaluate_all("all => all.map((n) => n.title)")
    assert len(titles) == 15 and all(title.endswith((".", "best.")) for title in titles)


def test_a_table_that_is_right_is_found_so(show):
    page = show(small_bench(view="table", filled=LEVEL2))
    page.get_by_role("button", name="Check").click()
    assert settle(page).locator(".result").inner_text() == "6 of 6 marked cells right, 0 empty."


def test_where_it_is_judged_can_be_set(show):
    page = show(small_bench(view="table", count=200))
    page.get_by_role("button", name="set this").click()
    assert page.evaluate("[model.get('level'), model.get('count')]") == [2, 1000]


def test_lanes_of_the_table_tell_no_verdict(show):
    page = show(small_bench(view="table", level=2))
    kinds = page.evaluate("[...root().querySelectorAll('.mine .pane')].map((n) => n.dataset.kind)")
    assert kinds == ["none"] * 3


# ---------------------------------------------------------------- a page, its look


def test_it_works_without_a_kernel_and_keeps_the_table(new_page, tmp_path):
    small_bench(corruption="blur").to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri() + "#view=table&level=2")
    rooted(page)
    field(page, "distance", "blur").click()
    page.get_by_role("tab", name="scores").click()
    settle(page)
    assert told(page)["distance"] == "?"  # the table is begun
    page.reload()
    page.get_by_role("tab", name="my table").click()
    settle(page)
    assert "sees it" in field(page, "distance", "blur").inner_text()
    page.get_by_role("button", name="Clear").click()
    settle(page)
    assert "sees it" not in field(page, "distance", "blur").inner_text()


def test_marks_of_another_table_are_left_out(new_page, tmp_path):
    small_bench().to_html(tmp_path / "page.html")
    page = new_page()
    page.goto((tmp_path / "page.html").as_uri())
    filled = {"rain": {"share": "blind"}, "blur": {"gone": "blind", "share": "maybe", "needy": "blind"}}
    kept = {"filled": filled}
    page.evaluate("kept => localStorage.setItem('gan_edu.guess/corruption_bench/table', JSON.stringify(kept))", kept)
    page.reload()
    page.get_by_role("tab", name="my table").click()
    page.get_by_role("button", name="Check").click()
    assert settle(page).locator(".result").inner_text() == "0 of 1 marked cells right, 5 empty."


@pytest.mark.parametrize("width", [320, 420, 1400])
@pytest.mark.parametrize("view", ["scores", "table"])
def test_it_fits_has_names_and_follows_the_theme(show, width, view):
    bench = small_bench(view=view, level=2, filled=LEVEL2)
    page = show(bench, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width and page.evaluate(OUTSIDE) == []
    assert nameless(page) == []
    follows_the_theme(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["scores", "table"])
def test_its_texts_can_be_read(show, scheme, view):
    page = show(small_bench(view=view, level=2, filled=LEVEL2), color_scheme=scheme)
    low = [(round(ratio, 1), text) for ratio, text in page.evaluate(CONTRAST) if ratio < 4.5]
    assert [each for each in low if each[1] not in SIGNS.values()] == []
    assert all(ratio >= 3 for ratio, _ in low)  # signs are marks


def test_a_view_goes_quietly(show):
    page = show()
    page.evaluate("cleanup()")
    assert page.evaluate("Object.values(model.listeners).flat().length") == 0


def test_the_slider_stays_in_sight_on_a_small_screen(show):
    page = show(viewport={"width": 420, "height": 400})
    samples, rows = (page.locator(each).bounding_box() for each in (".samples", ".told"))
    assert samples["y"] + samples["height"] <= rows["y"]  # rows below the samples
    page.evaluate("scrollTo(0, document.querySelector('#box').scrollHeight - 450)")
    assert 0 <= settle(page).get_by_role("slider").bounding_box()["y"] < 40
