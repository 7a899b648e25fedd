"""The score table's Python: medians and comparisons against plain statistics, errors, order, picture and page."""

import base64
import html
import io
import json
import re
import statistics

import pytest
import traitlets
from helpers.score_samples import SMALL, small
from hypothesis import given, strategies as st
from PIL import Image

from gan_edu.widgets import ScoreTable
from gan_edu.widgets.score_table.score_rows import arranged, comparison, digest, number, sorts

TABLE = digest(SMALL)["By hand"]
NAMES = [row["name"] for row in SMALL["By hand"]["rows"]]
VALUES = st.lists(st.one_of(st.none(), st.floats(0, 1e6)), min_size=1, max_size=7)


@pytest.fixture(scope="module")
def table():
    return ScoreTable(SMALL)


def test_medians_and_ranges_are_those_of_the_numbers():
    for given_row, row in zip(SMALL["By hand"]["rows"], TABLE["rows"], strict=True):
        for key, values in given_row["values"].items():
            known, cell = [value for value in values if value is not None], row["cells"][key]
            assert (cell["low"], cell["median"], cell["high"]) == (min(known), statistics.median(known), max(known))
            assert cell["n"] == row["n"] == len(known) and len(cell["texts"]) == len(values)


@pytest.mark.parametrize(
    "name, column, kind, words",
    [
        ("base", "fid", "baseline", "the baseline"),
        ("good", "fid", "better", "better on 5 of 5 seeds"),
        ("good", "modes", "spread", "within the spread: better on 5 of 5 seeds, but the ranges overlap"),
        ("bad", "fid", "worse", "worse on 5 of 5 seeds"),
        ("bad", "modes", "worse", "worse on 5 of 5 seeds"),
        ("mixed", "fid", "spread", "within the spread: better on 3 of 5 seeds"),
        ("mixed", "modes", "spread", "within the spread: the same on 5 of 5 seeds"),
        ("short", "fid", "better", "better on 3 of 3 seeds"),
        ("short", "modes", "spread", "within the spread: worse on 3 of 3 seeds, but the ranges overlap"),
        ("two", "fid", "few", "too few seeds: 2 in common with the baseline, a comparison needs 3"),
    ],
)
def test_the_comparison_on_rows_made_by_hand(table, name, column, kind, words):
    assert table.comparison(name, column) == words
    assert next(row for row in TABLE["rows"] if row["name"] == name)["cells"][column]["kind"] == kind


def test_as_many_wins_as_losses_is_no_difference():
    assert comparison([1, 2, 3, 4], [2, 1, 4, 3], "lower") == (
        "spread",
        "within the spread: better on 2 and worse on 2 of 4 seeds",
    )


@given(VALUES, VALUES)
def test_a_clear_comparison_turns_with_the_sides_and_with_the_direction(own, base):
    opposite = {"better": "worse", "worse": "better", "spread": "spread", "few": "few"}
    own, base = own + [5.0] * 3, base + [7.0] * 3  # some number in each
    kind = comparison(own, base, "lower")[0]
    assert comparison(own, base, "higher")[0] == opposite[kind]
    assert comparison(base, own, "lower")[0] == opposite[kind]
    a, b = ([value for value in each if value is not None] for each in (own, base))
    pairs = [(x, y) for x, y in zip(own, base, strict=False) if None not in (x, y)]
    if len(pairs) >= 3:
        assert (kind == "better") == (max(a) < min(b)) and (kind == "worse") == (min(a) > max(b))


@given(
    st.sampled_from(sorts(TABLE)),
    st.booleans(),
    st.sampled_from(["", "r1", "PEN", "e", "penalty wgan", "nobody"]),
    st.sets(st.sampled_from(TABLE["groups"])),
)
def test_to_sort_is_to_permute_and_to_filter_is_to_leave_out(sort, descending, query, hidden):
    rows = arranged(TABLE, sort, descending, query, list(hidden))
    wanted = [
        row["name"]
        for row in SMALL["By hand"]["rows"]
        if row["group"] not in hidden
        and all(word in (row["title"] + " " + row["group"]).lower() for word in query.lower().split())
    ]
    assert sorted(row["name"] for row in rows) == sorted(wanted)
    ranks = [
        row["title"].lower()
        if sort == "title"
        else row["n"]
        if sort == "seeds"
        else row["facts"]["steps"]
        if sort == "steps"
        else row["cells"][sort]["median"]
        for row in rows
    ]
    known = [rank for rank in ranks if rank is not None]
    assert known == sorted(known, reverse=descending) and ranks[: len(known)] == known  # what is missing is last


@pytest.mark.parametrize(
    "value, whole, text",
    [
        (0.0005104, False, "0.000510"),
        (0.0123, False, "0.0123"),
        (1.2345, False, "1.23"),
        (29.94, False, "29.9"),
        (146.4, False, "146"),
        (12345.6, False, "12,346"),
        (0.0, False, "0"),
        (-0.5, False, "−0.500"),
        (25.0, True, "25"),
        (24.5, True, "24.5"),
        (11457, True, "11,457"),
        (0.00001, False, "1e−05"),
    ],
)
def test_numbers_have_three_digits(value, whole, text):
    assert number(value, whole) == text


# ---------------------------------------------------------------- what cannot be shown


def spoilt(change):
    tables = small()
    change(tables["By hand"])
    return tables


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda t: t.update(rows=[]), "has no rows"),
        (lambda t: t.update(columns=[]), "has no columns"),
        (lambda t: t.pop("rows"), "not laid out as a table"),
        (lambda t: t["columns"][0].pop("key"), "not laid out as a table"),
        (lambda t: t["columns"][0].update(better="up"), '"lower" or "higher", got \'up\''),
        (lambda t: t["columns"].append({**t["columns"][0]}), "'fid' twice"),
        (lambda t: t["columns"][0].update(floor=float("nan")), "floor of 'fid' must be a finite number"),
        (lambda t: t["rows"][1]["values"]["fid"].__setitem__(2, float("nan")), "'good' must be a finite number"),
        (lambda t: t["rows"][1]["values"]["fid"].__setitem__(2, -1), "must be a finite number ≥ 0, got -1"),
        (lambda t: t["rows"][1]["values"]["fid"].__setitem__(2, "3"), "must be a finite number"),
        (lambda t: t["rows"][1]["values"]["fid"].pop(), "'good' of 'By hand' is ragged"),
        (lambda t: t["rows"][1]["values"]["fid"].__setitem__(2, None), "is ragged"),
        (lambda t: t["rows"][1]["values"].pop("fid"), "the columns are fid, modes"),
        (lambda t: t["rows"][5]["values"].update(fid=[None], modes=[None]), "has no number: leave the row out"),
        (lambda t: t["rows"][1].update(baseline=True), 'exactly one row with "baseline": True, got 2'),
        (lambda t: t["rows"][0].update(baseline=False), "got 0"),
        (lambda t: t["rows"][1].update(name="base"), "'base' twice"),
        (lambda t: t["rows"][1].update(title=3), "name, title and group are texts"),
        (lambda t: t["rows"][1]["facts"].update(seeds=3), "'seeds' twice"),
        (lambda t: t["rows"][1]["facts"].update(steps=float("inf")), "the fact 'steps'"),
        (lambda t: t.update(seeds=[1, 2]), "names 2 seeds"),
    ],
)
def test_tables_that_are_not_tables_are_refused(change, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        ScoreTable(spoilt(change))


@pytest.mark.parametrize("tables", [{}, [], None, {"x": 3}, {"x": {"columns": 3, "rows": 4}}])
def test_what_is_no_dict_of_tables_is_refused(tables):
    with pytest.raises(ValueError, match="table"):
        ScoreTable(tables)


@pytest.mark.parametrize(
    "state, words",
    [
        ({"table": "nothing"}, "table must be one of 'By hand', 'Other'; got 'nothing'"),
        ({"column": "js"}, "column must be one of 'fid'"),
        ({"sort": "js"}, "sort must be one of '', 'title', 'seeds', 'steps', 'fid', 'modes'"),
        ({"selected": "nobody"}, "selected must be one of '', 'base'"),
        ({"hidden": ["losses"]}, "hidden holds groups, of"),
        ({"descending": 3}, "descending"),
        ({"query": None}, "query"),
    ],
)
def test_a_trait_that_is_not_there_is_refused(state, words):
    with pytest.raises(traitlets.TraitError, match=words):
        ScoreTable(SMALL, **state)


# ---------------------------------------------------------------- traits


def test_the_best_come_first_and_a_trait_changes_the_order():
    table = ScoreTable(SMALL)
    assert (table.table, table.column, table.sort, table.descending) == ("By hand", "fid", "", False)
    assert table.shown() == [row["name"] for row in SMALL["By hand"]["rows"]]  # as listed, until one sorts
    table.sort = "fid"
    assert table.shown() == ["two", "good", "short", "base", "mixed", "bad"]
    table.sort, table.descending = "steps", True
    assert table.shown() == ["mixed", "base", "two", "good", "bad", "short"]
    table.hidden, table.query = ["steps"], "e"
    assert table.shown() == ["mixed", "base", "two", "good", "short"]
    assert ScoreTable(SMALL, column="modes", sort="modes").shown()[0] == "good"


def test_another_table_keeps_what_fits():
    table = ScoreTable(SMALL, column="modes", sort="modes", selected="good", hidden=["penalty"])
    table.table = "Other"
    assert (table.column, table.sort, table.descending, table.selected) == ("js", "js", False, "good")
    assert table.shown() == ["base"]
    table = ScoreTable(SMALL, selected="bad", sort="title")
    table.table = "Other"
    assert (table.sort, table.selected) == ("title", "")
    assert ScoreTable(SMALL, table="Other").column == "js"


def test_the_browser_may_set_a_table_and_its_column_at_once():
    table = ScoreTable(SMALL)
    table.set_state({"table": "Other", "column": "js", "sort": "js", "descending": True, "selected": "good"})
    assert (table.table, table.column, table.descending, table.selected) == ("Other", "js", True, "good")
    assert table.comparison("good") == "within the spread: better on 2 of 3 seeds"


# ---------------------------------------------------------------- what stays without a kernel


@pytest.mark.parametrize("state", [{}, {"table": "Other"}, {"query": "nobody"}, {"column": "modes"}])
def test_a_notebook_keeps_a_picture_with_its_words(state):
    table = ScoreTable(SMALL, **state)
    data, metadata = table._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert Image.open(io.BytesIO(png)).width > 400 and len(png) < 60_000
    assert metadata["image/png"]["alt"] == table.alt and data["text/plain"] == repr(table)


def test_the_words_name_the_best_the_baseline_and_the_floor():
    told = ScoreTable(SMALL, hidden=["penalty"]).alt
    assert "Best: EMA, median 41.0 (40.0–43.5, n 3), better on 3 of 3 seeds than the baseline." in told
    assert "Baseline: Textbook, median 60.0 (50.0–70.0, n 5)." in told and "Floor: 0.900." in told
    assert "lower is better" in told and "FID of 4 rows of By hand" in told
    assert "Best: Textbook" in ScoreTable(SMALL, query="textbook").alt


def test_zeros_and_dollars_are_drawn():
    tables = small()
    tables["By hand"]["rows"][1].update(title="costs $5 and $6")
    tables["By hand"]["rows"][1]["values"]["fid"] = [0, 0, 0, 1, 2]
    assert ScoreTable(tables)._repr_mimebundle_()[0]["image/png"]


def test_names_cannot_end_the_pages_script(tmp_path):
    evil = "</script><img src=x onerror=alert(1)>"
    tables = {evil: small()["By hand"]}
    tables[evil]["note"] = tables[evil]["rows"][1]["title"] = evil
    text = ScoreTable(tables).to_html(tmp_path / "page.html").data
    page = html.unescape(re.search(r'srcdoc="(.*?)"', text, re.S)[1])
    assert page.count("</script>") == 2 and "<img" not in page + text
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page


def test_the_page_holds_the_state_and_leads_nowhere(tmp_path):
    ScoreTable(SMALL, selected="good", descending=True, query="r").to_html(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    state = json.loads(re.search(r'id="gan-edu-state">(.*?)</script>', text, re.S)[1])
    assert (state["selected"], state["descending"], state["query"]) == ("good", True, "r")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
