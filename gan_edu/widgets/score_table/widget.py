"""The score table: which row is better than the baseline, by how much, on how many seeds; one sorts and filters.

It is handed plain numbers, every seed of every row. Python makes medians, ranges and comparisons (score_rows.py) once;
sorting, filtering and picking stay in the browser (view.js), in three wrappers as for the replay. Used in
notebook 05 for the trick table: each trick at the same computing time, over several seeds.
"""

from __future__ import annotations

from typing import Any

import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import one_of
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of as one_of_these
from gan_edu.widgets.score_table.score_rows import arranged, digest, sorts


class ScoreTable(Control):
    """`ScoreTable({"MNIST": {"note": …, "columns": [...], "rows": [...]}, …})`: sort, filter, compare with a baseline.

    A column: {"key", "title", "unit", "better": "lower" or "higher", "floor": number or None, "log": True or False}. A
    row: {"name", "title", "group", "baseline": True in exactly one, "facts": {name: number}, "values": {key: [a number
    a seed, None where it is missing]}}. A table's "seeds" names them; by default 0, 1, 2, …
    table, column: what is shown. sort: "" as listed, "title", "seeds", a fact or a column's key; descending. query:
    words that a row's title or group must hold. hidden: groups left out. selected: the name of a row, "" for none.
    All are ordinary traits. Raises ValueError for tables that are not as told, traitlets.TraitError for a trait.
    """

    folder, _esm = "score_table", bundle("score_table")
    tables = traitlets.Dict().tag(sync=True)  # as score_rows.digest makes them
    table = traitlets.Unicode().tag(sync=True)
    column = traitlets.Unicode().tag(sync=True)
    sort = traitlets.Unicode().tag(sync=True)
    descending = traitlets.Bool().tag(sync=True)
    query = traitlets.Unicode().tag(sync=True)
    hidden = traitlets.List(traitlets.Unicode()).tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)

    def __init__(self, tables: dict, **state: Any):
        found = digest(tables)
        start = found.get(state.get("table"), next(iter(found.values())))
        column = state.get("column", start["columns"][0]["key"])
        super().__init__(
            **{
                "tables": found,
                "table": next(iter(found)),
                "column": column,
                "descending": _best_first(start, state.get("sort", "")),
                **state,
            }
        )

    @property
    def _now(self) -> dict:
        return self.tables[self.table]

    @traitlets.validate("table", "column", "sort", "selected")
    def _exists(self, proposal: traitlets.Bunch) -> str:
        name, value = proposal["trait"].name, proposal["value"]
        if self.table not in self.tables:  # several are set at once, and checked in any order
            name, value = "table", self.table
        allowed = list(self.tables) if name == "table" else _allowed(self._now)[name]
        if value not in allowed:
            raise traitlets.TraitError(f"{name} must be one of {', '.join(map(repr, allowed))}; got {value!r}")
        return value

    @traitlets.validate("hidden")
    def _groups_exist(self, proposal: traitlets.Bunch) -> list[str]:
        groups = {group for table in self.tables.values() for group in table["groups"]}
        if unknown := set(proposal["value"]) - groups:
            raise traitlets.TraitError(f"hidden holds groups, of {', '.join(sorted(groups))}; got {sorted(unknown)}")
        return proposal["value"]

    @traitlets.observe("table")
    def _keep_what_fits(self, change: traitlets.Bunch) -> None:
        """Another table has other columns: what it lacks becomes its first column, best first."""
        allowed, first = _allowed(self._now), self._now["columns"][0]["key"]
        with self.hold_trait_notifications():
            if self.column not in allowed["column"]:
                self.column = first
            if self.sort not in allowed["sort"]:
                self.sort, self.descending = self.column, _best_first(self._now, self.column)
            if self.selected not in allowed["selected"]:
                self.selected = ""

    # ---------------------------------------------------------------- what the browser shows, for Python

    def shown(self) -> list[str]:
        """Names of the rows that are shown, in their order."""
        return [row["name"] for row in self._rows()]

    def comparison(self, name: str, column: str | None = None) -> str:
        """A row against the baseline, in words: "better on 5 of 5 seeds", "within the spread: …"."""
        one_of("name", name, [row["name"] for row in self._now["rows"]])
        one_of("column", column := column or self.column, _allowed(self._now)["column"])
        return next(row for row in self._now["rows"] if row["name"] == name)["cells"][column]["words"]

    def _rows(self) -> list[dict]:
        return arranged(self._now, self.sort, self.descending, self.query, self.hidden)

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def alt(self) -> str:
        """What the picture shows, in words: the best row and the baseline by the chosen column."""
        column, rows = _column(self._now, self.column), self._rows()
        base = next(row for row in self._now["rows"] if row["baseline"])
        best = (max if column["better"] == "higher" else min)(
            rows, key=lambda row: row["cells"][self.column]["median"], default=None
        )
        measure, shown = {"lower": "lowerOfRows", "higher": "higherOfRows"}[column["better"]], len(rows)
        told = [say("score_table", measure, measure=column["title"], rows=shown, table=self.table)]
        if best:
            against = "" if best is base else self._words(best)
            told.append(say("score_table", "bestRow", row=_told(best, self.column, against)))
        if best is not base:
            told.append(say("score_table", "baselineRow", row=_told(base, self.column)))
        if column["floor"] is not None:
            told.append(say("score_table", "floorIs", floor=column["floor_text"]))
        return " ".join(told)

    def _words(self, row: dict) -> str:
        cell = row["cells"][self.column]
        if cell["kind"] in ("better", "worse"):
            return say("score_table", "thanBaseline", told=cell["words"])
        return cell["words"]

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}: {len(table['rows'])} rows" for name, table in self.tables.items())
        return f"ScoreTable({counts}; table={self.table!r}, column={self.column!r}, sort={self.sort!r})"

    def picture(self) -> bytes:
        from gan_edu.widgets.score_table.score_picture import picture

        return picture(self._now, _column(self._now, self.column), self._rows(), self.table, self.alt)

    def shared(self) -> dict[str, dict]:
        """What a link may set; what the table on show lacks is left out by the view."""
        allowed = [_allowed(table) for table in self.tables.values()]
        names = {
            name: one_of_these(dict.fromkeys(each for one in allowed for each in one[name])) for name in allowed[0]
        }
        groups = dict.fromkeys(group for table in self.tables.values() for group in table["groups"])
        return {**super().shared(), "table": one_of_these(self.tables), **names, "hidden": one_of_these(groups)}


def _allowed(table: dict) -> dict[str, list[str]]:
    return {
        "column": [column["key"] for column in table["columns"]],
        "sort": ["", *sorts(table)],
        "selected": ["", *(row["name"] for row in table["rows"])],
    }


def _column(table: dict, key: str) -> dict:
    return next(column for column in table["columns"] if column["key"] == key)


def _best_first(table: dict, key: str) -> bool:
    """Whether to sort descending, to have the best first."""
    return any(column["key"] == key and column["better"] == "higher" for column in table["columns"])


def _told(row: dict, key: str, words: str = "") -> str:
    cell = row["cells"][key]
    numbers = {"median": cell["text"], "range": cell["range"], "n": cell["n"]}
    return say("score_table", "rowWithWords" if words else "row", title=row["title"], **numbers, words=words)
