"""The molecule board in Python, without rdkit: what is stored, what must not be, filter, words, picture, page."""

import json
import math
import sys

import numpy as np
import pytest
import traitlets
from helpers import small_molecules as small
from helpers.pixels import near, only_so, picture_of

from gan_edu.widgets import MoleculeBoard
from gan_edu.widgets.molecule_board import still
from gan_edu.widgets.molecule_board.drawn import taken_apart

RANGES = {"qed": 2, "logp": 1, "sa": 1, "atoms": 0, "nearest": 2}


def board(**state):
    return MoleculeBoard(small.stored(), **state)


# ---------------------------------------------------------------- what is stored


def test_it_opens_in_the_middle_and_at_the_end():
    assert (board().share, board().step, board().tile, board().limit) == (0.5, 300, 0, None)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, 3), (1, 2), (2, 0), (2, 3)])
def test_the_molecules_are_those_of_the_point(row, column):
    control = board(share=small.SHARES[row], step=small.STEPS[column])
    kinds = [small.kind(row, column, tile) for tile in range(12)]
    found = control.molecules
    assert [each and each["smiles"] for each in found] == [k if k is None else small.smiles(k) for k in kinds]
    for k, each in zip(kinds, found, strict=True):
        if each:
            numbers = {name: each[name] for name in RANGES}
            assert numbers == pytest.approx(small.numbers(k), abs=0.051)
            assert numbers == {name: round(value, RANGES[name]) for name, value in numbers.items()}
    assert control.point == pytest.approx(small.point(row, column))


def test_it_takes_what_json_gives_back_and_only_what_is_shown():
    table = json.loads(json.dumps(small.stored()))
    table["molecules"]["N"] = {"svg": "<script/>"}  # in no grid: not looked at, not shown
    assert MoleculeBoard(table).board == board().board
    assert all(each["smiles"] != "N" for each in MoleculeBoard(table).board["molecules"])


def changed(**of_first):
    """The table with other values of one molecule."""
    table = small.stored()
    table["molecules"][small.smiles(0)] = {**table["molecules"][small.smiles(0)], **of_first}
    return table


def grids(some):
    return small.stored(grids=[[some] * 4] * 3)


def points(one):
    return small.stored(points=[[one] * 4] * 3)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (None, "stored must be a table"),
        ({}, "stored lacks shares, steps, seed, grids, points, molecules, data"),
        (small.stored(shares=[0]), "shares must be 2 to 9 numbers"),
        (small.stored(shares=[0, 1, 0.5]), "each above the one before"),
        (small.stored(shares=[0, 0.5, 1.5]), "shares, place 2 must be a finite number from 0 to 1, got 1.5"),
        (small.stored(steps=[0, 100, 100, 300]), "steps must be 2 to 100 numbers, each above the one before"),
        (small.stored(steps=[0, 1.5]), "steps, place 1 must be a whole number"),
        (small.stored(seed=-1), "seed must be a whole number"),
        (small.stored(draws=0), "draws must be a whole number ≥ 1"),
        (small.stored(grids=small.stored()["grids"][:2]), "grids, by share and step must be a list of 3"),
        (small.stored(grids=[[["C"] * 12] * 2] * 3), "place 0 must be a list of 4, got 2"),
        (grids(["CO"] * 11), "must be a list of 12, got 11"),
        (grids(["N"] * 12), "molecules lack 'N', which a grid shows"),
        (grids([""] * 12), "must be a SMILES of 1 to 2,000 characters"),
        (grids([3] * 12), "must be a text, got 3"),
        (points({"valid": 1, "unique": 1}), "lacks qed"),
        (points({"valid": 1, "unique": 1, "qed": math.nan}), "place 0: qed must be a finite number from 0 to 1"),
        (small.stored(data={}), "data lacks qed"),
        (small.stored(molecules=[]), "molecules must be a table"),
        (changed(qed=1.2), r"molecules\['CO'\]: qed must be a finite number from 0 to 1, got 1.2"),
        (changed(nearest="near"), "nearest must be a finite number"),
        (changed(svg=None), "svg must be a text"),
    ],
    ids=range(22),
)
def test_a_table_that_cannot_be_shown_gets_a_word(table, words):
    with pytest.raises(ValueError, match=words):
        MoleculeBoard(table)


HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
PATH = '<path d="M0 0L1 1"/>'


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "no svg",
        f"{HEAD}",
        f"{HEAD}<script>alert(1)</script></svg>",
        f'{HEAD}<script href="data:,alert(1)"/></svg>',
        f"{HEAD}<g>{PATH}</g></svg>",
        f"{HEAD}<style>path {{}}</style></svg>",
        f'{HEAD}<image href="file.png"/></svg>',
        f'{HEAD}<use href="#a"/></svg>',
        f'{HEAD}<foreignObject><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject></svg>',
        f'{HEAD}<animate attributeName="d" to="M0 0"/></svg>',
        f'{HEAD}<path d="M0 0L1 1" onclick="alert(1)"/></svg>',
        f'{HEAD}<path d="M0 0L1 1" style="fill: red"/></svg>',
        f'{HEAD}<path d="M0 0L1 1" id="a"/></svg>',
        f'{HEAD}<path d="M0 0L1 1" class="thumb"/></svg>',
        f'{HEAD}<path d="M0 0L1 1" fill="url(#a)"/></svg>',
        f'{HEAD}<path d="M0 0L1e9 1"/></svg>',
        f'{HEAD}<path d="M0 0LNaN 1"/></svg>',
        f'{HEAD}<path d="M0 0L٣ 1"/></svg>',
        f'{HEAD}<path d="M0 0C1 1 2 2 3 3"/></svg>',
        f"{HEAD}<path/></svg>",
        f'{HEAD}<text x="1" y="1" font-size="9"><tspan>O</tspan></text></svg>',
        f'{HEAD}<text x="1" y="1" font-size="9">&lt;b&gt;</text></svg>',
        f'{HEAD}<text x="1" y="1" font-size="9">OOOOOO</text></svg>',
        f'{HEAD}<text x="1" y="1" font-size="9" fill="var(--card)">O</text></svg>',
        f'{HEAD}<text x="1" y="1">O</text></svg>',
        f'{HEAD}<x:path xmlns:x="urn:x" d="M0 0L1 1"/></svg>',
        f'{HEAD}<path xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="a" d="M0 0L1 1"/></svg>',
        f"{HEAD}words{PATH}</svg>",
        f"{HEAD}{PATH}words</svg>",
        f"{HEAD}<!-- x -->{PATH}</svg>",
        f"<?xml version='1.0'?>{HEAD}{PATH}</svg>",
        f'<!DOCTYPE svg [<!ENTITY a "aaaa">]>{HEAD}<text x="1" y="1" font-size="9">&a;</text></svg>',
        HEAD.replace("viewBox", "onload") + "</svg>",
        HEAD.replace("0 0 9 9", "0 0 0 9") + "</svg>",
        HEAD.replace("2000/svg", "2000/svgx") + "</svg>",
        f'<html xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{PATH}</html>',
        HEAD + PATH * 3000 + "</svg>",
    ],
    ids=range(38),
)
def test_a_drawing_holds_lines_and_letters_and_nothing_else(svg):
    with pytest.raises(ValueError, match=r"molecules\['CO'\]: svg"):
        MoleculeBoard(changed(svg=svg))


def test_a_drawing_is_taken_apart():
    box, path, letters = drawn = taken_apart("svg", small.svg(2))
    assert box == [0, 0, 50, 40] and drawn.lines == [[4, 30, 34, 30], [4, 30, 4, 6]] and path.startswith("M4 30L34 30M")
    assert letters == [[36, 36, 15, "O", "O"]]
    assert taken_apart("svg", f"{HEAD}</svg>").lines == []


# ---------------------------------------------------------------- the filter


@pytest.mark.parametrize("side", ["least", "most"])
@pytest.mark.parametrize(("by", "limit"), [("qed", 0.45), ("logp", -2), ("sa", 3.5), ("atoms", 9), ("nearest", 0.33)])
def test_the_filter_leaves_who_has_as_much(by, limit, side):
    control = board(by=by, side=side, limit=limit)
    kinds = [small.kind(1, 3, tile) for tile in range(12)]
    values = [round(small.numbers(k)[by] + 1e-9, RANGES[by]) for k in kinds]
    wanted = [value >= limit - 1e-9 if side == "least" else value <= limit + 1e-9 for value in values]
    assert control.left() == wanted and 0 < sum(wanted) < 12


def test_without_a_limit_all_are_left_and_with_one_no_empty_tile_is():
    control = board(share=1, step=0)
    assert control.left() == [True] * 12
    control.limit = -1
    assert [k for k, left in enumerate(control.left()) if not left] == [5]


def test_a_number_is_compared_as_it_is_shown():
    control = MoleculeBoard(changed(qed=0.5981), share=0, step=0, limit=0.6)
    assert control.molecules[0]["qed"] == 0.6 and control.left()[0]


@pytest.mark.parametrize(
    "state",
    [{"share": 0.3}, {"step": 50}, {"tile": 12}, {"tile": -1}, {"by": "weight"}, {"side": "x"}, {"limit": math.inf}],
)
def test_a_setting_that_is_not_there_gets_a_word(state):
    with pytest.raises(traitlets.TraitError, match=next(iter(state))):
        board(**state)


def test_a_link_opens_what_is_stored():
    rules = board().shared()
    assert rules["share"]["of"] == small.SHARES and rules["step"]["of"] == small.STEPS
    assert rules["limit"]["empty"] and rules["tile"]["most"] == 11 and set(rules["by"]["of"]) == set(RANGES)


# ---------------------------------------------------------------- words, picture, page


def test_its_words_have_its_numbers():
    control = board(limit=0.45)
    assert control.head == "λ = 0.5, step 300: of 300 draws valid 0.90, unique 0.30, mean QED 0.65 (data 0.57)"
    qeds = [small.numbers(small.kind(1, 3, tile))["qed"] for tile in range(12)]
    assert f"from {min(qeds):.2f} to {max(qeds):.2f}; {sum(control.left())} of 12" in control.alt
    assert repr(control) == "MoleculeBoard(15 molecules; share=0.5, step=300, tile=0)"
    none = MoleculeBoard(small.stored(grids=[[[None] * 12] * 4] * 3))
    assert none.alt.startswith("0 molecules") and none.picture()


def tile_of(picture, place):
    """The inside of a tile."""
    row, column = divmod(place, still.COLUMNS)
    x, y = still.GAP + column * (still.WIDE + still.GAP), still.HEAD + row * (still.HIGH + still.FOOT + still.GAP)
    return picture[y + 3 : y + still.HIGH, x + 3 : x + still.WIDE - 3]


def test_the_picture_has_each_molecule_in_its_place_the_right_way_up():
    picture = picture_of(board().picture())
    for place in range(12):
        k = small.kind(1, 3, place)

        def stands(tile, k=k):
            down, right = np.nonzero(near(tile, "#1B1F24", 90))  # lines, in ink
            rows = np.bincount(down, minlength=len(tile))
            long = int(rows.argmax())
            assert np.ptp(right) == pytest.approx(20 + 5 * k, abs=3)  # as long as this one's
            assert down.min() < long - 18 and down.max() <= long + 2  # the short line goes up
            assert right[down < long - 6].max() - right.min() <= 2  # at the left end
            _, letter = np.nonzero(near(tile, "#C62828", 60))
            assert len(letter) and letter.min() > right.max() - 2  # the red letter at the right

        only_so(stands, tile_of(picture, place), "upside down", "mirrored", "dark for light")


def test_what_the_filter_leaves_out_is_pale_and_keeps_its_place():
    control = board(limit=0.45)
    full, some = (picture_of(each.picture()) for each in (board(), control))
    for place, left in enumerate(control.left()):
        before, now = tile_of(full, place), tile_of(some, place)
        assert np.array_equal(before.min(-1) < 235, now.min(-1) < 235) or not left
        assert (now.min() < 90) == left and now.min() < 225


def test_where_there_is_no_molecule_the_tile_is_empty():
    assert tile_of(picture_of(board(share=1, step=0).picture()), 5).min() > 250


def test_it_needs_no_rdkit_and_its_page_holds_no_markup(monkeypatch, tmp_path):
    for name in [each for each in sys.modules if each.split(".")[0] in ("rdkit", "selfies")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rdkit", None)
    control = board()
    assert control.picture() and control.to_html(tmp_path / "page.html")
    state = json.dumps(control.page_state()["board"])
    assert "<" not in state and "xmlns" not in state
    assert len(control.picture()) < 60_000
