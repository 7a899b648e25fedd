"""What a score table knows of its rows: what is allowed, medians, ranges, the comparison with the baseline, the order.

Seeds are paired: a value's place in its list is its seed, in all rows alike. A difference is called clear only where
the two ranges do not overlap; then it has one direction on every seed, too. Used by `ScoreTable`, in notebook 05.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import real

FEWEST = 3  # seeds in common, for a comparison
BETTER = ("lower", "higher")
OWN = ("title", "seeds")  # what one sorts by, beside facts and columns


def digest(tables: dict) -> dict:
    """Tables as the browser shows them: every median, range, comparison and text. ValueError for what is wrong."""
    if not isinstance(tables, dict) or not tables:
        raise ValueError(f'tables are {{name: {{"columns": [...], "rows": [...]}}}}, one or more; got {tables!r:.80}')
    if (double := _doubles([*map(str, tables)])) is not None:
        raise ValueError(f"two tables are called {double!r}: their names must differ as texts")
    return {str(name): _table(str(name), table) for name, table in tables.items()}


def _table(name: str, table: dict) -> dict:
    try:
        columns, rows = list(table["columns"]), list(table["rows"])
        keys, names = [column["key"] for column in columns], [row["name"] for row in rows]
        base = [row for row in rows if row.get("baseline")]
        _check(name, columns, rows, base)
        facts = list(dict.fromkeys(fact for row in rows for fact in row.get("facts", {})))
        count = max(len(row["values"][keys[0]]) for row in rows)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f'the table {name!r} is not laid out as a table: "columns" with "key", "title", "better", and '
            f'"rows" with "name", "title", "values" ({type(error).__name__}: {error})'
        ) from error
    seeds = list(table.get("seeds", range(count)))
    if len(seeds) < count:
        raise ValueError(f"the table {name!r} names {len(seeds)} seeds, and a row has values of {count}")
    if (double := _doubles([*map(str, seeds)])) is not None:
        raise ValueError(f"the table {name!r} names the seed {double} twice: each is another run")
    if double := _doubles([*names]) or _doubles([*OWN, *facts, *keys]):
        raise ValueError(
            f"the table {name!r} has {double!r} twice: rows, and columns with facts, need different "
            f"names, and {' and '.join(OWN)} are taken"
        )
    return {
        "note": str(table.get("note", "")),
        "columns": [_column(column) for column in columns],
        "facts": facts,
        "seeds": [str(seed) for seed in seeds],
        "baseline": base[0]["name"],
        "groups": [group for group in dict.fromkeys(row.get("group", "") for row in rows) if group],
        "rows": [_row(row, base[0], columns, rows, facts) for row in rows],
    }


def _check(name: str, columns: list, rows: list, base: list) -> None:
    if not columns or not rows:
        raise ValueError(f"the table {name!r} has no {'rows' if columns else 'columns'}: one at least is needed")
    if len(base) != 1:
        raise ValueError(f'the table {name!r} needs exactly one row with "baseline": True, got {len(base)}')
    for column in columns:
        if column.get("better") not in BETTER:
            raise ValueError(f'"better" is "lower" or "higher", got {column.get("better")!r} in {column["key"]!r}')
        _check_number(column.get("floor"), bool(column.get("log")), f"the floor of {column['key']!r}")
    for row in rows:
        values = row["values"]
        if not all(isinstance(row.get(what, ""), str) for what in ("name", "title", "group")):
            raise ValueError(f"a row's name, title and group are texts, got {row!r:.80}")
        if set(values) != {column["key"] for column in columns}:
            raise ValueError(
                f"the row {row['name']!r} of {name!r} has values of {', '.join(values) or 'nothing'}; the "
                f"columns are {', '.join(column['key'] for column in columns)}"
            )
        if len({tuple(value is None for value in each) for each in values.values()}) > 1:
            raise ValueError(
                f"the row {row['name']!r} of {name!r} is ragged: a seed has a number in every column, or "
                "None in every column"
            )
        if all(value is None for each in values.values() for value in each):
            raise ValueError(f"the row {row['name']!r} of {name!r} has no number: leave the row out")
        for column in columns:
            for value in values[column["key"]]:
                _check_number(value, bool(column.get("log")), f"{column['key']!r} of the row {row['name']!r}")
        for fact, value in row.get("facts", {}).items():
            _check_number(value, False, f"the fact {fact!r} of the row {row['name']!r}")


def _check_number(value: object, log: bool, what: str) -> None:
    if value is not None:  # it is missing
        real(what, value, 0 if log else -math.inf)  # a logarithmic axis has none below 0


def _doubles(names: list[str]) -> str | None:
    return next((name for k, name in enumerate(names) if name in names[:k]), None)


def _column(column: dict) -> dict:
    floor = column.get("floor")
    return {
        "key": column["key"],
        "title": str(column.get("title", column["key"])),
        "unit": str(column.get("unit", "")),
        "better": column["better"],
        "log": bool(column.get("log")),
        "floor": floor,
        "floor_text": "" if floor is None else number(floor),
    }


def _row(row: dict, base: dict, columns: list, rows: list, facts: list) -> dict:
    """One row with a cell for each column; seeds without a number are None."""
    cells = {}
    for key, better in ((column["key"], column["better"]) for column in columns):
        whole = all(float(value).is_integer() for each in rows for value in each["values"][key] if value is not None)
        cells[key] = _cell(row["values"][key], whole)
        kind, words = (
            ("baseline", say("score_table", "theBaseline"))
            if row is base
            else comparison(row["values"][key], base["values"][key], better)
        )
        cells[key].update(kind=kind, words=words)
    found = row.get("facts", {})
    return {
        "name": row["name"],
        "title": str(row.get("title", row["name"])),
        "group": row.get("group", ""),
        "baseline": row is base,
        "n": cells[columns[0]["key"]]["n"],
        "cells": cells,
        "facts": {fact: found.get(fact) for fact in facts},
        "fact_texts": {
            fact: number(found[fact], float(found[fact]).is_integer()) if found.get(fact) is not None else "–"
            for fact in facts
        },
    }


def _cell(values: Sequence, whole: bool) -> dict:
    values = [value if value is None else float(value) for value in values]
    known = [value for value in values if value is not None]
    low, middle, high = min(known), statistics.median(known), max(known)
    return {
        "values": values,
        "texts": ["–" if value is None else number(value, whole) for value in values],
        "n": len(known),
        "low": low,
        "median": middle,
        "high": high,
        "text": number(middle, whole),
        "range": f"{number(low, whole)}–{number(high, whole)}" if len(known) > 1 else say("score_table", "oneSeed"),
    }


def number(value: float, whole: bool = False) -> str:
    """Three digits as a reader likes them: 0.0123, 1.23, 123, 12,346. whole: of a column without fractions."""
    size = abs(value)
    if whole or size >= 1000:
        text = f"{value:,.0f}" if float(value).is_integer() or size >= 1000 else f"{value:,g}"
    elif size < 1e-4:
        text = f"{value:.2g}"
    else:
        text = f"{value:.{2 - math.floor(math.log10(size))}f}" if size < 100 else f"{value:.0f}"
    return text.replace("-", "−")


def comparison(own: Sequence, base: Sequence, better: str) -> tuple[str, str]:
    """(kind, words) of a row's values against the baseline's. kind: "better", "worse", "spread" or "few".

    Raises ValueError for a value that is no finite number, nor None.
    """
    for value in (*own, *base):
        _check_number(value, False, "a value")  # NaN is neither above nor below: "the same"
    sign = 1 if better == "higher" else -1
    gains = [sign * (a - b) for a, b in zip(own, base, strict=False) if a is not None and b is not None]
    wins, losses, n = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains), len(gains)
    if n < FEWEST:
        return "few", say("score_table", "tooFewSeeds", seeds=n, needed=FEWEST)
    if wins == losses:
        told = say("score_table", "betterAndWorse" if wins else "theSame", wins=wins, losses=losses, seeds=n)
        return "spread", say("score_table", "withinSpread", told=told)
    kind, count = ("better", wins) if wins > losses else ("worse", losses)
    told = say("score_table", {"better": "betterOn", "worse": "worseOn"}[kind], wins=count, seeds=n)
    if count < n:
        return "spread", say("score_table", "withinSpread", told=told)
    own, base = ([value for value in each if value is not None] for each in (own, base))
    if min(own) <= max(base) and min(base) <= max(own):
        return "spread", say("score_table", "rangesOverlap", told=told)
    return kind, told


def arranged(table: dict, sort: str, descending: bool = False, query: str = "", hidden: Sequence = ()) -> list[dict]:
    """The rows of a digested table that are shown, in their order; what has no value to sort by comes last.

    sort: "" as they are listed, "title", "seeds", a fact or a column's key (by the median). query: words, each in the
    title or the group.
    """
    words = query.lower().split()
    rows = [
        row
        for row in table["rows"]
        if row["group"] not in hidden and all(word in f"{row['title']} {row['group']}".lower() for word in words)
    ]
    if not sort:
        return rows
    ranks = {row["name"]: rank for row in rows if (rank := _rank(row, sort)) is not None}
    known = [row for row in rows if row["name"] in ranks]
    return sorted(known, key=lambda row: ranks[row["name"]], reverse=descending) + [
        row for row in rows if row not in known
    ]


def _rank(row: dict, sort: str) -> str | float | None:
    if sort == "title":
        return row["title"].lower()
    return row["n"] if sort == "seeds" else row["cells"][sort]["median"] if sort in row["cells"] else row["facts"][sort]


def sorts(table: dict) -> list[str]:
    """What a digested table can be sorted by."""
    return [*OWN, *table["facts"], *(column["key"] for column in table["columns"])]
