"""The corruption bench: one spoils digits, more and more, and sees what each score says of it. Used in notebook 07.

It is handed a stored table of scores, digits and what spoils them. A learner's own score is computed once, here, and
stands beside the others. Moving stays in the browser (view.js). A table of score × corruption, filled by hand, is
compared with what the stored one says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import traitlets

from gan_edu.core.measures.score import Score
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import function, integer, kind, one_of, table as checked_table
from gan_edu.widgets.corruption_bench.arranged import MARKS, Directed, arranged, with_own
from gan_edu.widgets.corruption_bench.own import COUNT, DRAWS, SIDE, Draw, Spoil, measured, pictures
from gan_edu.widgets.corruption_bench.told import about, in_a_line
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of as one_of_these, within
from gan_edu.widgets.kit.valid_state import Whole, valid


class CorruptionBench(Control):
    """`CorruptionBench(table, scores, splits, corrupted, own={"mine": Score(…)})`; `evaluation.bench` hands all over.

    table: as `benchmarks.corruptions` stores it. scores: {name: score}, of which each says whether lower is better.
    draw(count, seed): digits, their `real` among them; spoil(digits, corruption, level): pictures (N, 1, H, W).
    own: {name: Score}, called on pictures. corruption: its name. level: from 0, untouched. count: samples a score gets.
    view: "scores" or "table". filled: {corruption: {score: "sees it", "blind" or "fooled"}}, what the reader found;
    checked: what of it stood there when Check was pressed last. With scores of one's own it opens at their count.
    Raises ValueError or traitlets.TraitError for what the table lacks; TypeError where own holds no Score.
    """

    folder, _esm, height = "corruption_bench", bundle("corruption_bench"), 700
    table = traitlets.Dict().tag(sync=True)  # as arranged.arranged makes it, with words
    pictures = traitlets.Bytes().tag(sync=True)
    corruption = traitlets.Unicode().tag(sync=True)
    level = Whole(0, min=0).tag(sync=True)
    count = Whole(1, min=1).tag(sync=True)
    view = traitlets.Enum(("scores", "table"), "scores").tag(sync=True)
    filled = traitlets.Dict().tag(sync=True)
    checked = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        table: Mapping,
        scores: Mapping[str, Directed],
        draw: Draw,
        spoil: Spoil,
        own: Mapping[str, Score] | None = None,
        **state: object,
    ):
        function("draw", draw, "(count, seed) → digits")
        function("spoil", spoil, "(digits, corruption, level) → pictures")
        own = _scores({} if own is None else own, table["scores"])
        levels = {name: each["levels"] for name, each in table["corruptions"].items()}
        found = measured(own, levels, draw, spoil)
        atlas, seen, tile = pictures(levels, draw, spoil)
        sheet = arranged(with_own(table, found, COUNT), {**scores, **own})
        count = COUNT if own and COUNT in sheet["counts"] else sheet["judged"]["count"]
        sheet = {
            **sheet,
            "scores": [{**each, "about": in_a_line(each["name"])} for each in sheet["scores"]],
            "corruptions": about(table["corruptions"], seen),
            "own": {"names": list(own), "draws": DRAWS, "count": COUNT},
            "side": SIDE,
            "tile": tile,
        }
        first = {"corruption": next(iter(levels)), "count": count}
        super().__init__(**{"table": sheet, "pictures": atlas, **first, **state})

    @traitlets.validate("corruption")
    def _corruption_there(self, proposal: traitlets.Bunch) -> str:
        return valid(partial(one_of, allowed=self._corruptions), "corruption", proposal["value"])

    @traitlets.validate("count")
    def _count_there(self, proposal: traitlets.Bunch) -> int:
        return valid(self._measured, "count", proposal["value"])

    @traitlets.validate("level")
    def _level_there(self, proposal: traitlets.Bunch) -> int:
        return valid(integer, "level", proposal["value"], most=self._levels - 1)

    @traitlets.validate("filled", "checked")
    def _marks(self, proposal: traitlets.Bunch) -> dict:
        given = proposal["trait"].name
        for corruption, marks in proposal["value"].items():
            valid(partial(one_of, allowed=self._corruptions), given, corruption)
            for score, mark in marks.items():
                valid(partial(one_of, allowed=self._names), f"{given}[{corruption!r}]", score)
                valid(partial(one_of, allowed=MARKS), f"{given}[{corruption!r}][{score!r}]", mark)
        return proposal["value"]

    def _measured(self, name: str, count: object) -> int:
        """A count that the table has."""
        if integer(name, count) not in (counts := self.table["counts"]):
            raise ValueError(f"{name} must be one of {', '.join(map(str, counts))}, got {count}")
        return integer(name, count)

    @property
    def _corruptions(self) -> list[str]:
        return [each["name"] for each in self.table["corruptions"]]

    @property
    def _names(self) -> list[str]:
        return [each["name"] for each in self.table["scores"]]

    @property
    def _levels(self) -> int:
        return len(self.table["corruptions"][0]["levels"])

    def shared(self) -> dict[str, dict]:
        """What a link may set: what is on show, and nothing that the reader found."""
        names, counts = one_of_these(self._corruptions), one_of_these(self.table["counts"])
        level = within(0, self._levels - 1, whole=True)
        return {**super().shared(), "corruption": names, "count": counts, "level": level}

    # ---------------------------------------------------------------- what the table says, for Python

    def verdicts(self, level: int | None = None, count: int | None = None) -> dict[str, dict[str, str]]:
        """{corruption: {score: "sees it", "blind" or "fooled"}} of a level: by default, where `filled` is judged.

        By the intervals of the draws: blind, where they overlap with those of untouched samples. A score that needs
        more samples is left out. Raises ValueError for what the table lacks.
        """
        judged = self.table["judged"]
        level = judged["level"] if level is None else integer("level", level, 0, self._levels - 1)
        n = self.table["counts"].index(self._measured("count", judged["count"] if count is None else count))
        return {
            corruption: {
                name: MARKS[mark] for name, mark in zip(self._names, levels[level][n], strict=True) if mark is not None
            }
            for corruption, levels in self.table["marks"].items()
        }

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def _shown(self) -> dict[str, str]:
        return self.verdicts(self.level, self.count)[self.corruption]

    @property
    def _about(self) -> dict:
        return next(each for each in self.table["corruptions"] if each["name"] == self.corruption)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        shown = {"corruption": self._about["title"], "level": self._about["levels"][self.level], "count": self.count}
        if self.level == 0:
            return say("corruption_bench", "altUntouched", count=self.count)
        names = [[name for name, mark in self._shown.items() if mark == each] for each in MARKS]
        sees, blind, fooled = (say("kit", "listSeparator").join(each) or "–" for each in names)
        return say("corruption_bench", "alt", **shown, sees=sees, blind=blind, fooled=fooled)

    def __repr__(self) -> str:
        return f"CorruptionBench({self.corruption!r}, level={self.level}, count={self.count})"

    def picture(self) -> bytes:
        """Sixteen samples and all scores as they stand, as a PNG."""
        from gan_edu.widgets.corruption_bench.still import still

        at = self._corruptions.index(self.corruption), self.level
        return still(self.table, self.pictures, at, self.table["counts"].index(self.count), self.alt)


def _scores(own: Mapping[str, Score], known: Sequence[str]) -> dict[str, Score]:
    """A learner's own scores by name. Raises as CorruptionBench."""
    for name, score in checked_table("own", own).items():
        if not isinstance(score, Score) and callable(score):
            called = getattr(score, "__name__", "the function")
            raise TypeError(f"own[{name!r}] is a bare function: write Score({name!r}, {called})")
        kind(f"own[{name!r}]", score, Score)
        if name in known:
            raise ValueError(f"own: {name!r} is a score of the course, give yours another name")
    return dict(own)
