"""What the score table's JavaScript does is held to Python: its orders and its axes. The other side is in tests/js."""

import math

from helpers.js_values import held
from helpers.score_samples import SMALL, small

from gan_edu.widgets import ScoreTable
from gan_edu.widgets.score_table.score_rows import arranged, digest

ALL = {"sort": "fid", "descending": False, "query": "", "hidden": []}
WISHES = [
    {},
    {"descending": True},
    {"sort": "title"},
    {"sort": "steps"},
    {"sort": "steps", "descending": True},
    {"sort": "seeds", "descending": True},
    {"sort": "modes", "query": "PENALTY"},
    {"query": " r1  penalty "},
    {"hidden": ["penalty", "input"]},
    {"query": "nobody"},
]


def share(value, values):
    """Where a value stands on a logarithmic axis with 4 % of room at either end."""
    low, high = math.log10(min(values)), math.log10(max(values))
    room = 0.04 * (high - low)
    return (math.log10(value) - low + room) / (high - low + 2 * room)


def turned(sort):
    """What another table takes over of a column, an order and a row."""
    table = ScoreTable(SMALL, column="modes", sort=sort, descending=True, selected="bad")
    table.table = "Other"
    return {name: getattr(table, name) for name in ("column", "sort", "descending", "selected")}


def test_the_score_tables_orders_and_axes():
    made = small()
    made["By hand"]["rows"][4]["title"] = "ema"  # titles are sorted whatever their case
    tables = digest(made)
    wishes = [{**ALL, **wish} for wish in WISHES]
    values = [0.9, 10.0, 24.0, 60.0, 200.0]
    found = {
        "tables": tables,
        "orders": [[wish, [row["name"] for row in arranged(tables["By hand"], **wish)]] for wish in wishes],
        "turned": {sort: turned(sort) for sort in ("modes", "title")},
        "logarithmic": [[value, share(value, values)] for value in values],
    }
    held("score_table", found)
