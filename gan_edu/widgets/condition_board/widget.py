"""The condition board: a conditional generator is asked for each class, in several styles. Used in notebook 10.

A row has one latent z, a column one label y: the label says what is drawn, the latent how. From class to class the
label goes in shares, y = (1 − t) e_a + t e_b, as Mirza and Osindero (2014), arXiv 1411.1784, allow: G takes any y. All
pictures are made at once, in Python; pointing, sliding and turning to other styles then stay in the browser (view.js).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import traitlets
from torch import Tensor

from gan_edu.core.data.pixels import to_uint8
from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import function, integer, several, text
from gan_edu.widgets.condition_board.asked import STEPS, asked, place, readings, sheets
from gan_edu.widgets.kit.checked_latents import checked_latents
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import within
from gan_edu.widgets.kit.valid_state import Whole, valid

DIGITS = tuple("0123456789")
MOST_STYLES, MOST_CLASSES, ROWS = 24, 12, 6  # rows: styles that are on show together


class ConditionBoard(Control):
    """`ConditionBoard(gan.generate, gan.latents(12))`: ten digits in twelve styles, six on show at a time.

    generate: (latents (N, d), labels (N, classes)) → pictures (N, 1 or 3, H, W) in [−1, 1]. A label is shares of the
    classes, which add up to 1. latents: (S, d), S from 1 to 24, a style each. classes: the names of 2 to 12.
    reads: function (pictures (N, C, H, W)) → which class each looks like (N,), −1 for none: the board then counts what
    is read as asked. It makes K + 5 K (K − 1)/2 pictures a style, 235 of ten classes: some 50 KB of 28 × 28.
    style: the row that is pointed at, from 0. a, b: the class it stands at, and the one to go to. step: 0 to 6 of the
    way from a to b. Raises TypeError, ValueError or traitlets.TraitError for what cannot be shown.
    """

    folder, _esm, height = "condition_board", bundle("condition_board"), 660
    board = traitlets.Dict().tag(sync=True)  # names of the classes, layout of a sheet, what each picture is read as
    sheets = traitlets.List(traitlets.Bytes()).tag(sync=True)  # one a style
    style, a, b = (Whole(start, min=0).tag(sync=True) for start in (0, 0, 1))
    step = Whole(0, min=0, max=STEPS).tag(sync=True)

    def __init__(
        self,
        generate: Callable,
        latents: Tensor,
        classes: Sequence[str] = DIGITS,
        reads: Callable | None = None,
        **state: object,
    ):
        function("generate", generate, "(latents, labels) → pictures, as gan.generate")
        names = several("classes", classes, text)
        integer("classes: how many there are", len(names), 2, MOST_CLASSES)
        if reads is not None:
            function("reads", reads, "pictures → classes")
        images = asked(generate, checked_latents(latents, 1, MOST_STYLES), len(names))
        made, layout = sheets(images)
        read = reads and readings(reads, images, len(names))
        self._pixels = to_uint8(images.flatten(0, 1)).view(images.shape)  # (S, P, C, H, W)
        board = {**layout, "classes": names, "read": read, "steps": STEPS, "shown": ROWS}
        super().__init__(**{"board": board, "sheets": made, **state})

    @traitlets.validate("style", "a", "b")
    def _there(self, proposal: traitlets.Bunch) -> int:
        name = proposal["trait"].name
        return valid(integer, name, proposal["value"], most=self._last(name))

    def _last(self, name: str) -> int:
        return len(self.sheets if name == "style" else self._names) - 1

    @property
    def _names(self) -> list[str]:
        return self.board["classes"]

    def shared(self) -> dict[str, dict]:
        """What a link may set: which picture is pointed at, and the way to another class."""
        return {**super().shared(), **{name: within(0, self._last(name), whole=True) for name in ("style", "a", "b")}}

    def as_asked(self) -> tuple[int, int] | None:
        """How many pictures of one class the reader takes for that class, and of how many; None without a reader."""
        if self.board["read"] is None:
            return None
        right = [c == read[c] for read in self.board["read"] for c in range(len(self._names))]
        return sum(right), len(right)

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def first(self) -> int:
        """The first of the styles on show."""
        return self.style // ROWS * ROWS

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        at = {"style": self.style + 1, "a": self._names[self.a], "b": self._names[self.b]}
        rows = min(ROWS, len(self.sheets) - self.first)
        told = say("condition_board", "alt", rows=rows, columns=len(self._names), **at)
        if (found := self.as_asked()) is None:
            return told
        right, count = found
        return say(
            "condition_board", "joined", first=told, second=say("condition_board", "asked", right=right, count=count)
        )

    def __repr__(self) -> str:
        at = f"style={self.style}, a={self.a}, b={self.b}, step={self.step}"
        return f"ConditionBoard({len(self.sheets)} styles × {len(self._names)} classes; {at})"

    def picture(self) -> bytes:
        """The styles on show, and the way from a to b, as a PNG."""
        from gan_edu.widgets.condition_board.still import still

        count = len(self._names)
        way = [place(self.a, self.b, k, count) for k in range(STEPS + 1)]
        shown = self._pixels[self.first :][:ROWS, :count]
        fromto = say("condition_board", "wayHead", a=self._names[self.a], b=self._names[self.b], style=self.style + 1)
        return still(shown, self._names, self.first + 1, self._pixels[self.style, way], fromto)
