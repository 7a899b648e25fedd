"""The name machine: networks that write letter after letter make up names, beside each other. Used in notebook 14.

Temperature T takes letters by softmax(logits / T): below 1 the likely ones more often, above 1 the unlikely ones;
Caccia et al. (2020), "Language GANs falling short", arXiv 1811.02549, compare networks over all T. Behind the other tab
the reader is the discriminator of Goodfellow et al. (2014), arXiv 1406.2661: which of two names is real?
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import traitlets

from gan_edu.core.notebook.words import say
from gan_edu.core.safety.checked import function, integer, real, several
from gan_edu.widgets.kit.control import Control
from gan_edu.widgets.kit.scripts import bundle
from gan_edu.widgets.kit.shared import one_of, within
from gan_edu.widgets.kit.valid_state import Finite, Whole, valid
from gan_edu.widgets.name_machine.asked import (
    MOST_BEGINNINGS,
    MOST_ROUNDS,
    MOST_TEMPERATURES,
    TAKES,
    Asked,
    Game,
    Generator,
    checked_generators,
    checked_names,
    columns,
    common_beginnings,
    fitting,
    listed,
    pairs,
    stored,
)

TEMPERATURES = (0.5, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5)
LONGEST = 300  # characters of an error that a view is told
TABS = ("machine", "game")


class NameMachine(Control):
    """`NameMachine({"MLE": likely, "GAN": rewarded}, real=held_out, judge=judge)`: names of networks, and a game.

    generators: {label: one with complete(beginning, temperature, count, seed) → count names}, one to four, a column
    each. real: names, two or more; what one types is of their letters and no longer than the longest. judge: function
    (names) → D's probability that each is real. beginnings: those that a page without a kernel holds, 8 at most; None:
    "" and three common ones. temperatures: those of the slider, above 0, 2 to 12, rising. rounds: of the game, at most
    200; they are made at temperature 1. known: more real names, such as those that the networks learned from. A name of
    `real` or `known` that a network makes is marked in its column, and is none of the made ones of the game.
    tab: "machine" or "game". temperature: one of those. beginning: a text. take: the seed. guesses: of each round
    played, which of the two names the reader took for real, 0 or 1. Ordinary traits. Raises TypeError, ValueError or
    traitlets.TraitError for what cannot be.
    """

    folder, _esm, height = "name_machine", bundle("name_machine"), 480
    board = traitlets.Dict().tag(sync=True)  # labels, temperatures, beginnings, letters; what a view needs
    pairs = traitlets.List(traitlets.Dict()).tag(sync=True)  # the rounds, as `asked.pairs` makes them
    tab = traitlets.Enum(TABS, "machine").tag(sync=True)
    temperature = Finite(1.0).tag(sync=True)
    beginning = traitlets.Unicode("").tag(sync=True)
    take = Whole(0, min=0).tag(sync=True)
    guesses = traitlets.List(Whole(0, min=0, max=1)).tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)  # to what was asked last
    dealt = traitlets.Dict().tag(sync=True)  # number: of the rounds since the first ones; trouble: why there are none

    def __init__(
        self,
        generators: Mapping[str, Generator],
        real: Iterable[str],
        judge: Callable | None = None,
        beginnings: Iterable[str] | None = None,
        temperatures: Iterable[float] = TEMPERATURES,
        rounds: int = 40,
        known: Iterable[str] = (),
        **state: object,
    ):
        self._generators, names = checked_generators(generators), checked_names("real", real, least=2)
        if judge is not None:
            function("judge", judge, "names → D's probability that each is real")
        self._letters, self._most = "".join(sorted(set("".join(names)))), max(map(len, names))
        given = common_beginnings(names) if beginnings is None else several("beginnings", beginnings, self._fits)
        integer("beginnings: how many there are", len(given), 1, MOST_BEGINNINGS)
        steps = _rising(temperatures)
        board = {
            **{"labels": list(self._generators), "temperatures": steps, "beginnings": list(dict.fromkeys(given))},
            **{"letters": self._letters, "most": self._most},
        }
        shown = {"temperature": 1.0 if 1.0 in steps else steps[0], "board": board}
        all_real = frozenset([*names, *checked_names("known", known, least=0)])
        self._game = Game(self._generators, names, all_real, judge, integer("rounds", rounds, 0, MOST_ROUNDS))
        self._seen: set[str] = set()  # the names of the rounds that were dealt before
        super().__init__(**{**shown, "pairs": pairs(self._game), "dealt": {"number": 0, "trouble": ""}, **state})
        self.answer = {**self._told, **self._columns(self._now)}  # a fault is seen at the door
        self.on_msg(self._heard)

    # ---------------------------------------------------------------- what may be set

    def _fits(self, name: str, value: object) -> str:
        return fitting(name, value, self._letters, self._most)

    @traitlets.validate("beginning")
    def _begins(self, proposal: traitlets.Bunch) -> str:
        return valid(self._fits, "beginning", proposal["value"])

    @traitlets.validate("temperature")
    def _there(self, proposal: traitlets.Bunch) -> float:
        value, known = proposal["value"], self.board["temperatures"]
        if value not in known:
            raise traitlets.TraitError(f"temperature must be one of {', '.join(map(str, known))}, got {value}")
        return value

    @traitlets.validate("guesses")
    def _played(self, proposal: traitlets.Bunch) -> list[int]:
        valid(integer, "len(guesses)", len(proposal["value"]), most=len(self.pairs))
        return proposal["value"]

    def shared(self) -> dict[str, dict]:
        """What a link may set: all that a page has names of."""
        held = {"temperature": one_of(self.board["temperatures"]), "beginning": one_of(self._held)}
        return {**super().shared(), **held, "take": within(0, TAKES - 1, whole=True)}

    # ---------------------------------------------------------------- what is answered

    @property
    def _now(self) -> Asked:
        return Asked(self.beginning, self.temperature, self.take)

    @property
    def _told(self) -> dict:
        told = {"to": self._now._asdict(), "names": [], "listed": [], "trouble": ""}
        return {**told, "number": self.answer.get("number", 0) + 1}

    def _columns(self, asked: Asked) -> dict[str, list]:
        """The names of each network, and those of them that are real."""
        found = columns(self._generators, asked)
        return {"names": found, "listed": listed(found, self._game.listed)}

    def _answered(self, asked: dict) -> dict:
        """The answer as a view takes it: what it is to, and the names, or what went wrong."""
        told = {**self._told, "to": asked}
        try:
            now = Asked(
                self._fits("beginning", asked["beginning"]),
                real("temperature", asked["temperature"], above=0),
                integer("take", asked["take"]),
            )
            return {**told, **self._columns(now)}
        except Exception as error:  # said in the control: nobody sees what a message raises
            return {**told, "trouble": _fault(error)}

    def _heard(self, _: object, content: dict, buffers: list) -> None:
        if content.get("do") == "complete":
            self.answer = self._answered(content["asked"])
        elif content.get("do") == "deal":
            self._deal()

    def _deal(self) -> None:
        """Other rounds, of which none is guessed; where there are none the old ones stay, and the view is told why."""
        number = self.dealt["number"] + 1
        self._seen.update(name for pair in self.pairs for name in pair["names"])
        try:
            found = pairs(self._game, number, self._seen)
            trouble = "" if found else say("name_machine", "noRounds")
        except Exception as error:  # as in `_answered`
            found, trouble = [], _fault(error)
        with self.hold_sync():  # one message
            if found:
                self.guesses, self.pairs = [], found
            self.dealt = {"number": number, "trouble": trouble}

    def names(self) -> dict[str, list[str]]:
        """The names on show, by network."""
        return dict(zip(self._generators, columns(self._generators, self._now), strict=True))

    def score(self) -> tuple[int, int]:
        """How many of the reader's guesses are right, and how many there are."""
        right = [guess == pair["real"] for guess, pair in zip(self.guesses, self.pairs, strict=False)]
        return sum(right), len(right)

    # ---------------------------------------------------------------- what stays without a kernel

    @property
    def _head(self) -> str:
        key = "headBegun" if self.beginning else "head"
        return say("name_machine", key, temperature=self.temperature, beginning=self.beginning)

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        comma = say("kit", "listComma")
        shown = self.names()
        told = [say("name_machine", "by", label=each, names=comma.join(some)) for each, some in shown.items()]
        alt = say("name_machine", "alt", head=self._head, told=say("kit", "listSeparator").join(told))
        real_ones = listed(shown.values(), self._game.listed)
        return say("name_machine", "altListed", alt=alt, names=comma.join(real_ones)) if real_ones else alt

    def __repr__(self) -> str:
        at = f"temperature={self.temperature:g}, beginning={self.beginning!r}, take={self.take}"
        return f"NameMachine({', '.join(self._generators)}; {at}; {len(self.pairs)} rounds)"

    def picture(self) -> bytes:
        """The names on show, a column a network, as a PNG."""
        from gan_edu.widgets.name_machine.still import still

        names = self.names()
        return still(self._head, names, listed(names.values(), self._game.listed), say("name_machine", "underlined"))

    @property
    def _held(self) -> list[str]:
        return list(dict.fromkeys([*self.board["beginnings"], self.beginning]))

    def page_state(self) -> dict:
        """What a page without a kernel shows: names for all that can be chosen there."""
        board = {**self.board, "beginnings": self._held}
        held = stored(self._generators, self._held, self.board["temperatures"])
        names = {"stored": held, "listed": listed(held, self._game.listed)}
        return {**super().page_state(), "board": board, "take": self.take % TAKES, "answer": {}, **names}


def _fault(error: Exception) -> str:
    """What went wrong, as a view is told."""
    return f"{type(error).__name__}: {error}"[:LONGEST]


def _rising(given: Iterable[float]) -> list[float]:
    found = several("temperatures", given, lambda name, value: real(name, value, above=0))
    integer("temperatures: how many there are", len(found), 2, MOST_TEMPERATURES)
    if any(a >= b for a, b in zip(found, found[1:], strict=False)):
        raise ValueError(f"temperatures must rise, got {found}")
    return found
