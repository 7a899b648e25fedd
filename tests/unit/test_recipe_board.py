"""The recipe board in Python: what it makes of a table, which it refuses, words, picture, page, live training."""

import base64
import io
import json
import math
import statistics

import numpy as np
import pytest
import traitlets
from helpers.controls import small_pictures
from helpers.pixels import cut, panels, picture_of
from helpers.small_recipes import INGREDIENTS, SEEDS, combinations, fid, png, recipes, run, tile
from PIL import Image

from gan_edu.training_loop import train
from gan_edu.widgets import Live, RecipeBoard
from gan_edu.widgets.kit.control import VIEW

KEYS = list(INGREDIENTS)
TWO = {key: INGREDIENTS[key] for key in ("pairs", "average")}


def board(table=None, train=None, ingredients=INGREDIENTS, **state):
    return RecipeBoard(recipes() if table is None else table, ingredients, train, **state)


# ---------------------------------------------------------------- what a table becomes


def test_every_combination_is_there_in_the_order_of_its_median():
    found = board().recipe["recipes"]
    assert len(found) == 32 and {tuple(each["on"]) for each in found} == set(combinations())
    assert [each["median"] for each in found] == sorted(each["median"] for each in found)
    for each in found:
        fids = [fid(each["on"], seed) for seed in SEEDS]
        assert (each["median"], each["low"], each["high"]) == (statistics.median(fids), min(fids), max(fids))
        assert [run["seed"] for run in each["runs"]] == sorted(SEEDS)
        assert (each["recall"], each["steps"]) == (
            pytest.approx(0.5 + 0.05 * len(each["on"])),
            2400 - 300 * len(each["on"]),
        )


def test_each_recipe_has_its_own_picture():
    made = board()
    for each, sent in zip(made.recipe["recipes"], made.tiles, strict=True):
        assert sent == base64.b64decode(tile(each["on"]))
    assert made.recipe["digits"] == 6 and made.recipe["tile"]["frame_width"] == 84


def test_the_order_in_which_runs_and_what_is_on_are_stored_is_no_matter():
    table = recipes()
    turned = [{**each, "on": each["on"][::-1]} for each in table["runs"][::-1]]
    assert board({**table, "runs": turned}).recipe == board(table).recipe


def test_a_run_that_ended_without_a_number_counts_as_the_worst():
    def lost(*seeds):
        runs = [
            {**each, "fid": None} if each["on"] == [] and each["seed"] in seeds else each for each in recipes()["runs"]
        ]
        return board(recipes(runs=runs))

    one, two = lost(10), lost(10, 12)
    assert one.score() == {"median": fid([], 12), "low": fid([], 11), "high": math.inf}
    assert two.score() == {"median": math.inf, "low": fid([], 11), "high": math.inf}
    assert two.recipe["recipes"][-1]["on"] == [] and "median not a number (range 74.4 to not a number)" in two.alt
    assert json.loads(json.dumps(two.get_state()["recipe"]))["recipes"][-1]["median"] is None
    assert two.picture()


def test_a_recipe_that_is_not_stored_has_no_score_and_says_so():
    table = recipes()
    table["runs"] = [each for each in table["runs"] if each["on"] != ["average"]]
    del table["tiles"]["average"]
    made = board(table, on=["average"])
    assert made.score() is None and "not measured" in made.alt and len(made.recipe["recipes"]) == 31
    assert made.score([])["median"] == 80 and made.picture()


def test_fewer_ingredients_have_a_board_too():
    made = board(recipes(("pairs", "average")), ingredients=TWO)
    assert len(made.tiles) == 4 and repr(made) == "RecipeBoard(4 recipes; on=[])"


# ---------------------------------------------------------------- what is chosen


def test_what_was_chosen_before_is_remembered():
    made = board(on=["average"])
    assert (made.on, made.before) == (["average"], ["average"])  # nothing to compare with
    made.on = ["residual", "pairs"]
    assert (made.on, made.before) == (["pairs", "residual"], ["average"])
    made.on = ["penalties"]
    assert made.before == ["pairs", "residual"]
    made.on = ["pairs", "residual"]
    made.set_state({"on": [], "before": ["pairs", "residual"]})  # as a browser says it
    assert (made.on, made.before) == ([], ["pairs", "residual"])
    assert board(on=["average"], before=[]).before == []


@pytest.mark.parametrize("name", ["on", "before"])
@pytest.mark.parametrize("value, words", [(["pears"], "got 'pears'"), (["pairs", "pairs"], "twice")])
def test_what_is_no_ingredient_is_not_chosen(name, value, words):
    made = board()
    for choose in (lambda: setattr(made, name, value), lambda: board(**{name: value})):
        with pytest.raises(traitlets.TraitError, match=words):
            choose()
    with pytest.raises(ValueError, match="pears"):
        made.score(["pears"])


def test_its_words_say_what_is_on_and_what_it_scores():
    made = board(on=["penalties", "average"])
    assert made.alt.startswith("Recipe board, R1 and R2 + average of G:")
    assert "median 16.0 (range 14.9 to 17.3)" in made.alt and "32 recipes" in made.alt
    assert "no ingredient" in board().alt and board().alt != made.alt


def test_its_page_has_all_that_it_shows_and_a_link_may_choose():
    made = board(on=["average"], before=[])
    state = made.page_state()
    assert set(state) == {"recipe", "tiles", "on", "before", "training"}
    assert made.shared()["on"] == {"of": KEYS, "most": 5} == made.shared()["before"]
    assert base64.b64decode(state["tiles"][0]) == made.tiles[0]


def test_its_picture_shows_the_samples_of_what_is_chosen():
    """Bars of the first digit, from the top: as many as there are ingredients on, in their places."""
    seen = []
    for on in ([], ["pairs"], ["residual"], KEYS):
        picture = picture_of(board(on=on).picture())
        box = cut(picture, min(panels(picture), key=lambda each: each[2])).min(-1)  # the one at the left
        digit = box[: len(box) // 2, box.shape[1] // 2]
        seen.append([bool(digit[round((3.5 + 5 * k) / 28 * len(digit))] > 150) for k in range(5)])
    assert seen == [[False] * 5, [True] + [False] * 4, [False] * 4 + [True], [True] * 5]


# ---------------------------------------------------------------- live


def live(on):
    return Live(small_pictures, train, "recipe " + "+".join(on))


@pytest.fixture
def in_the_cell(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")


def test_the_chosen_recipe_is_trained_and_the_next_ends_it(in_the_cell):
    asked = []
    made = board(train=lambda on: asked.append(on) or live(on), on=["pairs", "average"])
    assert made.training == {"offered": True, "number": 0, "on": [], "trouble": ""}
    first = made.train()
    assert asked == [("pairs", "average")] and made.below.children == (first,)
    made.on = []
    made._handle_custom_msg({"do": "train"}, [])
    assert asked[1:] == [()] and made.live is made.below.children[0] is not first
    assert first.comm is None and made.live.comm is not None
    assert made.training == {"offered": True, "number": 1, "on": [], "trouble": ""}
    last = made.live
    made.close()
    assert last.comm is None and made.below.comm is None


def test_one_that_gives_the_same_again_is_not_ended(in_the_cell):
    same = live(["same"])
    made = board(train=lambda on: same)
    assert made.train() is made.train() is same and same.comm is not None
    made.close()


def test_what_goes_wrong_is_told_and_what_trains_stays(in_the_cell):
    given = iter([live(["one"]), None])
    made = board(train=lambda on: next(given))
    first = made.train()
    for told in ("TypeError: what train(on) returns must be a gan_edu", "StopIteration"):
        made._handle_custom_msg({"do": "train"}, [])
        assert made.training["trouble"].startswith(told) and made.live is first and first.comm is not None
    assert made.training["number"] == 2
    made._handle_custom_msg({"do": "something else"}, [])
    assert made.training["number"] == 2
    made.close()


def test_without_a_function_nothing_is_offered():
    made = board()
    assert not made.training["offered"] and made.below is None
    with pytest.raises(ValueError, match="given no train"):
        made.train()
    with pytest.raises(TypeError, match="train must be a function"):
        board(train="R3GAN")
    made.close()


@pytest.mark.parametrize("where", ["Jupyter", "Colab"])
def test_what_trains_has_its_place_below(monkeypatch, where):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **options: shown.append(data))
    monkeypatch.setattr("gan_edu.widgets.kit.control.host", lambda: None if where == "Jupyter" else where)
    made = board(train=live)
    made._ipython_display_()
    assert shown[0][VIEW]["model_id"] == made.model_id and set(shown[-1]) == {VIEW}
    assert shown[-1][VIEW]["model_id"] == made.below.model_id and shown[-1][VIEW]["version_major"] == 2
    assert [set(each) for each in shown[:-1]] == (
        [{VIEW}, {"image/png", "text/plain"}, {"text/html"}]
        if where == "Jupyter"
        else [{VIEW, "image/png", "text/plain"}]
    )


# ---------------------------------------------------------------- damaged tables


def runs_with(**change):
    return [{**run([], 10), **change}]


def without(key):
    return {name: value for name, value in recipes().items() if name != key}


def small_png(size):
    return png(np.zeros(size))


ONE = {"tiles": {"": tile([])}}
LACKS = [
    (without(key), f"table lacks {key}") for key in ("seconds", "samples", "floor", "ingredients", "runs", "tiles")
]
OF_RUN = [
    ({name: value for name, value in run([], 10).items() if name != key}, f"runs, place 0 lacks {key}")
    for key in ("on", "seed", "fid", "recall", "steps", "cpu_seconds", "way")
]


@pytest.mark.parametrize(
    "table, words",
    [
        (None, "table must be a table"),
        *LACKS,
        *((recipes(runs=[each], **ONE), words) for each, words in OF_RUN),
        (recipes(runs=[]), "runs holds no run"),
        (recipes(runs={}), "runs must be a list"),
        (recipes(runs=["pairs"]), "runs, place 0 must be a table"),
        (recipes(runs=runs_with(on=["pears"])), "runs, place 0: on holds ingredients, of pairs, .* got 'pears'"),
        (recipes(runs=runs_with(on=["pairs"] * 2)), "holds an ingredient twice"),
        (recipes(runs=runs_with(on="pairs")), "on must be a list"),
        (recipes(runs=runs_with() * 2), "runs, place 1: seed 10 is there already"),
        (recipes(runs=runs_with(seed=-1)), "seed must be a whole number"),
        (recipes(runs=runs_with(fid=math.nan)), "fid must be a finite number ≥ 0, got nan"),
        (recipes(runs=runs_with(fid=-1.0)), "fid must be a finite number ≥ 0"),
        (recipes(runs=runs_with(recall="high")), "recall must be a finite number"),
        (recipes(runs=runs_with(steps=1.5)), "steps must be a whole number"),
        (recipes(runs=runs_with(way=[{"fid": 1.0}])), "way, place 0 lacks cpu_seconds"),
        (recipes(runs=runs_with(way=[{"fid": 1.0, "cpu_seconds": 2.0}] * 2)), "way must go on in computing seconds"),
        (recipes(samples=0), "samples must be a whole number ≥ 1"),
        (recipes(seconds=0), "seconds must be a finite number > 0"),
        (recipes(floor={"recall": 1.0}), "floor lacks fid"),
        (recipes(ingredients=KEYS[::-1]), "must be those of the table in its order, residual, .* got pairs"),
        (recipes(ingredients=KEYS[:4]), "must be those of the table"),
        (recipes(tiles={}), "tiles lack .*, a recipe of which there are runs"),
        (recipes(tiles={**recipes()["tiles"], "average+pairs": tile([])}), r"tiles have 'average\+pairs'.*no run"),
        (recipes(tiles={**recipes()["tiles"], "pairs": "no base64!"}), r"tiles\['pairs'\] must be a PNG as base64"),
        (recipes(tiles={**recipes()["tiles"], "pairs": "AAAA"}), "must be a PNG as base64"),
        (recipes(tiles={**recipes()["tiles"], "pairs": tile(KEYS)[:120]}), "must be a PNG as base64"),
        (recipes(tiles={**recipes()["tiles"], "pairs": None}), "must be a text"),
        (recipes(tiles={**recipes()["tiles"], "pairs": tile([], 1, 1)}), "pixels as others, got"),
        (recipes(runs=runs_with(), tiles={"": small_png((30, 28))}), "digits of 28 × 28 pixels, got 28 × 30"),
    ],
)
def test_a_damaged_table_is_refused_in_words(table, words):
    with pytest.raises(ValueError, match=words):
        RecipeBoard(table, INGREDIENTS)


@pytest.mark.parametrize(
    "ingredients, words",
    [
        (KEYS, "ingredients must be a table of named values"),
        ({key: "pairs" for key in KEYS}, r"ingredients\['pairs'\] must be a list or tuple"),
        ({key: ("a", "b", "c") for key in KEYS}, "must be a list of 2, got 3"),
        ({key: ("a", 2) for key in KEYS}, r"place 1 must be a text"),
        ({}, "must be those of the table .* got none"),
    ],
)
def test_ingredients_have_a_label_and_a_line_of_code(ingredients, words):
    with pytest.raises(ValueError, match=words):
        board(ingredients=ingredients)


@pytest.mark.parametrize("names", [[], list("abcdef"), ["a+b"], [""]])
def test_which_ingredients_there_can_be(names):
    table = {**recipes(), "ingredients": names, "runs": [run([], 10)], **ONE}
    with pytest.raises(ValueError, match="how many there are|a word without"):
        board(table, ingredients={name: ("label", "code") for name in names})


def test_a_picture_of_another_kind_is_none():
    buffer = io.BytesIO()
    Image.new("L", (28, 28)).save(buffer, "BMP")
    bmp = base64.b64encode(buffer.getvalue()).decode()
    with pytest.raises(ValueError, match="must be a PNG as base64"):
        board(recipes(runs=runs_with(), tiles={"": bmp}))
