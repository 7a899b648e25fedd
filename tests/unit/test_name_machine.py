"""The name machine in Python: what networks are asked, pairs of the game, words, picture, page, errors."""

import html
import json
import math
import re

import numpy as np
import pytest
import torch
import traitlets
from helpers.controls import REAL_NAMES, Endings, by_length, name_machine
from helpers.pixels import picture_of

from gan_edu.widgets import NameMachine
from gan_edu.widgets.name_machine.asked import SHOWN, TAKES


class Watched(Endings):
    """It remembers what it was asked."""

    def __init__(self, *endings):
        super().__init__(*endings)
        self.calls = []

    def complete(self, beginning, temperature, count, seed):
        self.calls.append((beginning, temperature, count, seed))
        return super().complete(beginning, temperature, count, seed)


class Broken:
    """A network that gives what it is told to."""

    def __init__(self, *given):
        self.given = given

    def complete(self, beginning, temperature, count, seed):
        return [self.given[k % len(self.given)] for k in range(count)]


class Failing(Endings):
    def complete(self, beginning, temperature, count, seed):
        if beginning == "mm":
            raise RuntimeError("no <b>m</b> after m")
        return super().complete(beginning, temperature, count, seed)


def asks(control, **change):
    """A view's question, and the answer to it."""
    asked = {**{name: getattr(control, name) for name in ("beginning", "temperature", "take")}, **change}
    control._handle_custom_msg({"do": "complete", "asked": asked}, [])
    assert control.answer["to"] == asked
    return control.answer["trouble"] or control.answer["names"]


# ---------------------------------------------------------------- names


def test_a_question_is_handed_to_each_network_and_the_take_is_the_seed():
    first, second = Watched("tens", "bels"), Watched("ton", "iel", "hart")
    control = NameMachine({"A": first, "B": second}, REAL_NAMES)
    first.calls.clear()
    names = asks(control, beginning="ma", temperature=0.7, take=5)
    assert first.calls == second.calls[-1:] == [("ma", 0.7, SHOWN, 5)]
    assert names == [each.complete("ma", 0.7, SHOWN, 5) for each in (first, second)] and len(names[0]) == 10
    assert asks(control, beginning="ma", temperature=0.7, take=6) != names


def test_it_opens_with_the_names_of_its_settings():
    control = name_machine(beginning="mi", temperature=0.7, take=2)
    assert control.answer["to"] == {"beginning": "mi", "temperature": 0.7, "take": 2}
    assert dict(zip(("MLE", "GAN"), control.answer["names"], strict=True)) == control.names()
    assert name_machine(temperatures=(0.5, 0.9)).temperature == 0.5


def test_what_goes_wrong_is_said_and_the_next_question_answered():
    control = NameMachine({"A": Failing("a", "b")}, REAL_NAMES)
    assert asks(control, beginning="mm") == "RuntimeError: no <b>m</b> after m"
    assert len(asks(control, beginning="ma")[0]) == SHOWN
    assert "letters of the real names" in asks(control, beginning="ä") and "length" in asks(control, beginning="m" * 99)
    assert "temperature" in asks(control, temperature=0) and "take" in asks(control, take=-1)
    assert "a text" in asks(control, beginning=None)
    assert len(asks(NameMachine({"A": Endings("a")}, REAL_NAMES, rounds=0), beginning="m" * 10**6)) <= 300


def test_each_answer_is_new_even_where_it_is_the_same():
    control, heard = name_machine(), []
    control.observe(lambda change: heard.append(change["new"]["number"]), "answer")
    asks(control)
    asks(control)
    assert heard == [2, 3]


# ---------------------------------------------------------------- the game


def test_a_round_has_a_real_name_and_one_that_is_none_and_d_judges_both():
    control = name_machine(rounds=12)
    assert len(control.pairs) == 12
    for pair in control.pairs:
        true, made = pair["names"][pair["real"]], pair["names"][1 - pair["real"]]
        assert true in REAL_NAMES and made not in REAL_NAMES
        ends = {"MLE": ("tens", "bels", "lin", "mosa", "ro"), "GAN": ("ton", "hart", "iel")}[pair["by"]]
        assert made.startswith(ends) and pair["judged"] == by_length(pair["names"])
    assert [[pair["by"] for pair in control.pairs].count(each) for each in ("MLE", "GAN")] == [6, 6]
    names = [name for pair in control.pairs for name in pair["names"]]
    assert len(set(names)) == 24
    assert name_machine(rounds=12).pairs == control.pairs


def test_the_real_name_stands_at_either_place_and_the_networks_come_in_no_order():
    real = [f"{a}{b}{c}" for a in "bdfghkl" for b in "aeiou" for c in "mnrstz"]
    makers = {label: Endings(*(f"{a}{b}{label}" for a in "bdfghkl" for b in "aeiou")) for label in "vw"}
    pairs = NameMachine(makers, real, rounds=70).pairs
    places, by = [pair["real"] for pair in pairs], [pair["by"] for pair in pairs]
    assert len(pairs) == 70 and 23 <= sum(places) <= 47 and by.count("v") == 35  # 23 … 47: 99.6 % of fair coins
    changes = sum(a != b for a, b in zip(by, by[1:], strict=False))
    assert 23 <= changes <= 47 and all(pair["judged"] is None for pair in pairs)


def test_copies_of_real_names_fall_out():
    copies = Broken(*REAL_NAMES[:3], "", " ", "maron")
    control = NameMachine({"A": copies}, REAL_NAMES, rounds=6)
    assert [sorted(pair["names"])[0] for pair in control.pairs] and len(control.pairs) == 1
    assert "maron" in control.pairs[0]["names"]
    assert NameMachine({"A": Broken(*REAL_NAMES)}, REAL_NAMES, by_length).pairs == []
    assert NameMachine({"A": Endings("a")}, REAL_NAMES, rounds=0).pairs == []


@pytest.mark.parametrize(
    "given",
    [torch.full((8,), 0.25), np.full(8, 0.25), tuple([0.25] * 8), [torch.tensor(0.25)] * 8],
    ids=["tensor", "array", "tuple", "tensors"],
)
def test_a_judge_may_give_any_list_of_probabilities(given):
    control = NameMachine({"A": Endings("ton", "hart", "iel", "ro")}, REAL_NAMES, lambda names: given, rounds=4)
    assert all(pair["judged"] == [0.25, 0.25] for pair in control.pairs)


def test_the_score_counts_what_was_right():
    control = name_machine()
    assert control.score() == (0, 0)
    control.guesses = [pair["real"] for pair in control.pairs[:3]] + [1 - control.pairs[3]["real"]]
    assert control.score() == (3, 4)
    for wrong in ([2], [-1], [0.5], ["1"], [0] * 19):
        with pytest.raises(traitlets.TraitError, match="guesses"):
            control.guesses = wrong
    assert control.score() == (3, 4)


def test_more_real_names_are_never_called_made():
    usual, known = name_machine(), [pair["names"][1 - pair["real"]] for pair in name_machine().pairs[:4]]
    control = name_machine(known=[*known, "äpfel", "m" * 30])
    shown = {name for pair in control.pairs for name in pair["names"]}
    assert not shown & {*known, "äpfel", "m" * 30} and {pair["names"][pair["real"]] for pair in control.pairs} <= {
        *REAL_NAMES
    }
    assert control.board == usual.board and "letters of the real names" in asks(control, beginning="ä")
    assert NameMachine({"A": Broken("maron")}, REAL_NAMES, known=["maron"]).pairs == []


def test_python_tells_which_names_of_the_columns_are_real():
    control = NameMachine({"A": Endings("tin", "lin"), "B": Endings("tin", "ler")}, REAL_NAMES, known=["molin", "tin"])
    assert control.answer["listed"] == ["tin"]
    for beginning, wanted in {"mo": ["molin"], "mar": ["marler", "martin"], "x": [], "ma": []}.items():
        control._handle_custom_msg(
            {"do": "complete", "asked": {"beginning": beginning, "temperature": 1, "take": 0}}, []
        )
        assert sorted(control.answer["listed"]) == wanted
    page = NameMachine({"A": Endings("tin", "li")}, REAL_NAMES, known=["mali"], beginnings=("mar", "ma")).page_state()
    assert sorted(page["listed"]) == ["mali", "martin"]


# ---------------------------------------------------------------- other rounds


class Many(Endings):
    """It makes other names for each seed; at some it fails, or copies."""

    def __init__(self, ends, fails=(), copies=()):
        super().__init__("")
        self.ends, self.fails, self.copies = ends, [1_000_003 + k for k in fails], [1_000_003 + k for k in copies]

    def complete(self, beginning, temperature, count, seed):
        if seed in self.fails:
            raise RuntimeError("no <b>luck</b>")
        if seed in self.copies:
            return ["halson"] * count
        return [beginning + f"o{'abcdefghij'[seed % 10]}{'aeiou'[k % 5]}{k}{self.ends}" for k in range(count)]


def deal(control):
    control._handle_custom_msg({"do": "deal"}, [])
    return control.dealt


def names_of(control):
    return [name for pair in control.pairs for name in pair["names"]]


def test_start_again_deals_other_names_in_one_message(monkeypatch):
    control = NameMachine({"A": Many("v"), "B": Many("w")}, REAL_NAMES, by_length, rounds=9)
    control.guesses, first, sent = [0, 1], control.pairs, []
    monkeypatch.setattr(control, "send_state", lambda keys: sent.append(set(keys)))
    assert deal(control) == {"number": 1, "trouble": ""} and control.guesses == [] and control.score() == (0, 0)
    assert sent == [{"guesses", "pairs", "dealt"}]
    shown = {name for pair in first for name in pair["names"]}
    assert len(control.pairs) == 9 and not shown & set(names_of(control))  # 18 real ones are there, 9 in each game
    assert all(pair["judged"] == by_length(pair["names"]) for pair in control.pairs)
    second = names_of(control)
    assert deal(control)["number"] == 2 and len(control.pairs) == 9 and names_of(control) != second
    again = NameMachine({"A": Many("v"), "B": Many("w")}, REAL_NAMES, by_length, rounds=9)
    deal(again)
    assert names_of(again) == second


def test_names_come_again_only_where_there_are_no_others():
    control = NameMachine({"A": Broken(*(f"ma{a}{b}" for a in "bdfg" for b in "aeiou"))}, REAL_NAMES, rounds=5)
    games = []
    for _ in range(4):
        games.append({pair["names"][1 - pair["real"]] for pair in control.pairs})
        deal(control)
    assert [len(game) for game in games] == [5] * 4 and len(set.union(*games)) == 20
    assert len(control.pairs) == 5


def test_rounds_that_cannot_be_dealt_are_told_and_the_old_ones_stay():
    control = NameMachine({"A": Many("v", fails=[1], copies=[2])}, REAL_NAMES, rounds=4)
    control.guesses, first = [0, 1], control.pairs
    assert deal(control) == {"number": 1, "trouble": "RuntimeError: no <b>luck</b>"}
    assert deal(control)["trouble"].startswith("No network made a name") and control.dealt["number"] == 2
    assert (control.guesses, control.pairs) == ([0, 1], first)
    assert deal(control) == {"number": 3, "trouble": ""} and control.guesses == [] and control.pairs != first
    judges = [by_length, lambda names: None]
    control = NameMachine({"A": Many("v")}, REAL_NAMES, lambda names: judges.pop(0)(names), rounds=4)
    assert deal(control)["trouble"].startswith("ValueError: judge(names) must be a list") and control.pairs


# ---------------------------------------------------------------- words, picture, page


def test_its_words():
    control = name_machine(beginning="ma")
    assert re.match(
        r"Made-up names at temperature 1 that begin with ma\. MLE: ma\w+(, ma\w+){9}; GAN: ma\w+", control.alt
    )
    assert repr(control) == "NameMachine(MLE, GAN; temperature=1, beginning='ma', take=0; 18 rounds)"
    assert name_machine().alt.startswith("Made-up names at temperature 1. MLE: ")
    assert "stand" not in name_machine().alt
    control = NameMachine({"A": Broken("martin", "x")}, REAL_NAMES, known=["x"])
    assert control.alt.endswith("x. Names that stand in the list: martin, x.")


def test_its_picture_has_a_column_for_each_network():
    seen = picture_of(name_machine().picture())
    assert seen.shape == (56 + 10 * 20 + 12, 12 + 2 * 220, 3)
    dark = (seen.min(-1) < 100).any(1)
    assert all(dark[56 + 20 * row : 76 + 20 * row].any() for row in range(10))
    ink = (seen.min(-1) < 160)[56:].any(0)
    assert ink[12:100].any() and not ink[100:230].any() and ink[232:320].any()
    marked = picture_of(NameMachine({"A": Broken("maro", "martin")}, REAL_NAMES).picture())
    assert marked.shape == (seen.shape[0] + 20, *seen.shape[1:])  # a line says what the dots mean
    dots = [(marked.min(-1) < 160)[56 + 20 * (row + 1) - 3, 12:50].sum() for row in range(10)]
    assert dots == [0, dots[1]] * 5 and dots[1] >= 8 and (marked.min(-1) < 160)[256:, :200].any()
    odd = NameMachine({"漢<b>": Broken("", "x" * 999)}, REAL_NAMES)
    assert picture_of(odd.picture()).shape[1] == 452 and len(odd.alt) > 20


def test_a_page_holds_the_names_of_all_that_can_be_chosen_there():
    control = name_machine(beginning="st", take=7, temperatures=(0.5, 1.0))
    state = control.page_state()
    assert state["board"]["beginnings"] == ["", "br", "ma", "mi", "st"] and state["take"] == 7 % TAKES
    held = state["stored"]
    assert np.shape(held) == (5, 2, TAKES, 2, SHOWN)
    for b, beginning in enumerate(state["board"]["beginnings"]):
        for t, temperature in enumerate((0.5, 1.0)):
            for take in range(TAKES):
                assert held[b][t][take] == asks(control, beginning=beginning, temperature=temperature, take=take)
    rules = control.shared()
    assert rules["beginning"]["of"] == state["board"]["beginnings"] and rules["temperature"]["of"] == [0.5, 1.0]
    assert rules["take"]["most"] == TAKES - 1 and rules["tab"]["of"] == ["machine", "game"] and "guesses" not in rules
    assert len(json.dumps(name_machine().page_state())) < 30_000


def test_a_page_holds_names_as_text():
    evil = "<img src=x onerror=alert(1)>&\"'</script>"
    page = NameMachine({evil: Broken(evil)}, [*REAL_NAMES, evil], beginnings=("", "<")).to_html().data
    inner = html.unescape(page.partition('srcdoc="')[2])
    assert "onerror" in inner and "<img" not in inner and "</script>&" not in inner


# ---------------------------------------------------------------- odd input


def test_a_setting_that_is_not_there_is_refused():
    for name, wrong in (
        ("temperature", (0.6, math.nan, "1", -1)),
        ("beginning", ("ä", "m" * 8, "<", "M")),
        ("take", (-1, 0.5)),
        ("tab", ("draw",)),
    ):
        for value in wrong:
            with pytest.raises(traitlets.TraitError, match=name):
                setattr(name_machine(), name, value)
    control = name_machine()
    control.beginning, control.temperature = "martins", 1
    assert (control.beginning, control.temperature) == ("martins", 1.0)


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"generators": Endings("a")}, ValueError, "generators must be a table"),
        ({"generators": {}}, ValueError, "how many there are must be a whole number from 1 to 4"),
        ({"generators": {" ": Endings("a")}}, ValueError, "a label must have letters"),
        (
            {"generators": {"A": "no"}},
            TypeError,
            r"generators\['A'\] must have complete\(beginning, temp",
        ),
        ({"generators": {"A": Broken()}}, ZeroDivisionError, "zero"),
        ({"generators": {"A": Broken(3)}}, ValueError, "A: names, place 0 must be a text, got 3"),
        ({"generators": {"A": Broken("a")}, "beginning": "b"}, ValueError, "A: names must begin with 'b', got 'a'"),
        ({"real": "martin"}, ValueError, "real must be a list"),
        ({"real": ["a", "a"]}, ValueError, "at least 2 different names, got 1"),
        ({"real": ["a", " "]}, ValueError, "real must hold names, got ' '"),
        ({"real": ["a", 3]}, ValueError, "real, place 1 must be a text"),
        ({"known": "martin"}, ValueError, "known must be a list"),
        ({"known": ["a", " "]}, ValueError, "known must hold names, got ' '"),
        ({"known": [3]}, ValueError, "known, place 0 must be a text"),
        ({"judge": 3}, TypeError, "judge must be a function"),
        ({"judge": lambda names: [0.5]}, ValueError, r"judge\(names\) must be a list of 36, got 1"),
        ({"judge": lambda names: [2.0] * len(names)}, ValueError, "from 0 to 1, got 2.0; a logit .* torch.sigmoid"),
        ({"judge": lambda names: torch.full((len(names), 1), 0.5)}, ValueError, "judge"),
        ({"judge": lambda names: None}, ValueError, "judge"),
        ({"beginnings": "ma"}, ValueError, "beginnings must be a list"),
        ({"beginnings": ["ä"]}, ValueError, "beginnings, place 0 must be of the letters .* with 'ä'"),
        ({"beginnings": ["m" * 8]}, ValueError, "beginnings, place 0: its length"),
        ({"beginnings": []}, ValueError, "how many there are"),
        ({"temperatures": (1.0,)}, ValueError, "how many there are"),
        ({"temperatures": (1.0, 1.0)}, ValueError, "must rise"),
        ({"temperatures": (0.0, 1.0)}, ValueError, "> 0"),
        ({"rounds": -1}, ValueError, "rounds"),
        ({"temprature": 1.0}, TypeError, "no setting 'temprature'"),
    ],
)
def test_odd_input_is_refused_in_words(change, error, words):
    given = {"generators": {"A": Endings("ton", "iel")}, "real": REAL_NAMES, **change}
    with pytest.raises(error, match=words):
        NameMachine(**given)
