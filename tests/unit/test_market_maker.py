"""The market maker in Python: what is stored, what must not be, shuffles, the game's score, words, picture, page."""

import itertools
import json
import math
from collections import Counter

import numpy as np
import pytest
import traitlets
from helpers import small_market as small
from helpers.pixels import near, only_so, picture_of
from scipy.stats import chisquare

from gan_edu.widgets import MarketMaker
from gan_edu.widgets.market_maker.shuffle import MOST_ROUNDS, game_order, order, rounds
from gan_edu.widgets.market_maker.widget import clustering


def market(**state):
    return MarketMaker(small.stored(), **state)


# ---------------------------------------------------------------- what is stored


def test_it_opens_on_the_first_path_in_order():
    control = market()
    assert (control.model, control.path, control.shuffle, control.guesses) == ("waves", 0, 0, [])
    assert control.returns.tolist() == small.returns(0, 0)


def test_it_takes_what_json_gives_back():
    assert MarketMaker(json.loads(json.dumps(small.stored()))).market == market().market


def changed(**of_first):
    first, *others = small.stored()["models"]
    return small.stored(models=[{**first, **of_first}, *others])


def one_day(value, key="paths"):
    """The first path's third day is another."""
    rows = [list(each) for each in small.stored()["models"][0][key]]
    rows[0][2] = value
    return changed(**{key: rows})


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (None, "stored must be a table"),
        ({}, "stored lacks models, days"),
        (small.stored(days=99), "days must be a whole number from 100 to 2,500, got 99"),
        (small.stored(models=[]), "models must be 1 to 5, got 0"),
        (small.stored(models=[small.stored()["models"][0]] * 2), "models must have keys that differ"),
        (small.stored(days=121), "models, place 0: paths, place 0 must be a list of 121, got 120"),
        (changed(paths=small.stored()["models"][0]["paths"][:1]), "paths must be 2 to 100, got 1"),
        (changed(paths=small.stored()["models"][0]["paths"][:3]), "sigma must be a list of 3, got 5"),
        (changed(paths=small.stored()["models"][0]["paths"][:3], sigma=None, judged=None), "as many paths each"),
        (one_day(math.nan), "place 2 must be a finite number from -1 to 1, got nan"),
        (one_day(1.5), "from -1 to 1, got 1.5"),
        (one_day("0.1"), "must be a finite number"),
        (one_day(0.0, "sigma"), "sigma, place 0, place 2 must be a finite number"),
        (changed(paths=[[0.01, -0.01] * 60] * 5), "paths, place 0 never changes its size"),
        (changed(sigma=[]), "sigma must be a list of 5, got 0"),
        (changed(judged=[0.5] * 5), "judged, place 0 must be a list of 2"),
        (changed(judged=[[0.5, math.inf]] * 5), "judged, place 0, place 1 must be a finite number"),
        (changed(label=" "), "label must be 1 to 40 letters"),
        (changed(key=3), "key must be a text"),
    ],
    ids=range(19),
)
def test_a_table_that_cannot_be_shown_gets_a_word(table, words):
    with pytest.raises(ValueError, match=words):
        MarketMaker(table)


@pytest.mark.parametrize(
    "state",
    [
        *({"model": "x"}, {"path": 5}, {"path": -1}, {"shuffle": 1001}, {"shuffle": 0.5}, {"deal": -1}),
        *({"guesses": [2]}, {"guesses": [True]}, {"guesses": [0] * 11}),
    ],
)
def test_a_setting_that_is_not_there_gets_a_word(state):
    with pytest.raises(traitlets.TraitError, match=next(iter(state))):
        market(**state)


def test_a_link_opens_what_is_stored():
    rules = market().shared()
    assert rules["model"]["of"] == ["waves", "even"] and rules["path"]["most"] == 4 and rules["shuffle"]["most"] == 1000
    assert "guesses" not in rules and "market" not in rules


# ---------------------------------------------------------------- the shuffle


def test_each_order_is_as_likely_as_any_other():
    drawn = Counter(tuple(order(4, seed)) for seed in range(4800))
    assert set(drawn) == set(itertools.permutations(range(4)))
    assert chisquare(list(drawn.values())).pvalue > 1e-3


def test_a_days_place_says_nothing_of_its_new_one():
    places = np.array([order(100, seed) for seed in range(400)])
    assert (np.sort(places, 1) == np.arange(100)).all()
    assert abs(places.mean(0) - 49.5).max() < 4.5 * 28.9 / 20  # the mean of 400 places
    fixed = (places == np.arange(100)).sum(1)
    assert fixed.mean() == pytest.approx(1, abs=0.2)  # whatever the length, one on average stays


def test_it_is_marsaglias_with_numpys_arithmetic():
    """The same numbers by another way: uint32, whose shifts fall over the edge by themselves."""

    def step(x):
        for by in (np.left_shift, 13), (np.right_shift, 17), (np.left_shift, 5):
            x = x ^ by[0](x, np.uint32(by[1]))
        return x

    for seed in (0, 1, 77):
        x = np.uint32((seed + 1) * 2654435761 % 2**32)
        for _ in range(8):
            x = step(x)
        places = list(range(30))
        for k in range(29, 0, -1):
            x = step(x)
            j = math.floor(int(x) / 2**32 * (k + 1))
            places[k], places[j] = places[j], places[k]
        assert order(30, seed) == places


def test_a_shuffle_keeps_the_days_and_the_end_and_destroys_the_memory():
    plain = market()
    assert plain.clustering > 0.1
    left = []
    for shuffle in range(1, 41):
        control = market(shuffle=shuffle)
        assert sorted(control.returns) == sorted(plain.returns) and control.returns.sum() == pytest.approx(
            plain.returns.sum(), abs=1e-12
        )
        left.append(control.clustering)
    assert abs(np.mean(left)) < 0.03


# ---------------------------------------------------------------- the game


def test_a_game_has_each_path_once_and_both_sides():
    for deal in range(20):
        dealt = rounds(3, 6, deal)
        assert sorted((each.model, each.path) for each in dealt) == list(itertools.product(range(3), range(6)))
    sides = [each.shuffled for deal in range(50) for each in rounds(2, 10, deal)]
    assert set(sides) == {0, 1} and 0.45 < np.mean(sides) < 0.55
    assert len(rounds(5, 100)) == MOST_ROUNDS and rounds(2, 5, 0) != rounds(2, 5, 1)


def test_a_score_counts_reader_judge_and_d():
    dealt = rounds(2, 5)
    right = [each.shuffled for each in dealt]
    control = market(guesses=right[:7])
    known = [each for each in dealt[:7] if each.model == 0]
    judge = 0
    for each in dealt[:7]:
        path = np.array(small.returns(each.model, each.path))
        judge += clustering(path[game_order(each.path, small.DAYS)]) < clustering(path)
    d = sum(0.5 + 0.1 * each.path > 0.7 + 1e-9 for each in known)
    d += sum(each.path == 2 and each.shuffled == 0 for each in known)  # alike: it takes the first
    assert control.score == {"played": 7, "you": 7, "judge": judge, "d": d, "judged": len(known)}
    control.guesses = [1 - each for each in right]
    assert control.score["you"] == 0 and control.score["played"] == 10


# ---------------------------------------------------------------- words, picture, page


def test_its_words_have_its_numbers():
    control = market(path=2, shuffle=4)
    paths = np.array([small.returns(0, k) for k in range(5)]).sum(1)
    low, high = np.quantile(np.exp(paths), (0.05, 0.95))
    assert f"between {low:.2f} and {high:.2f}" in control.alt and "5 price paths simulated by Waves" in control.alt
    assert f"Path 3, its days shuffled, ends at {np.exp(paths[2]):.2f}" in control.alt
    assert "no forecast" in control.alt and "path 1" not in control.alt
    assert repr(control) == "MarketMaker(2 models of 5 paths; model='waves', path=2, shuffle=4)"
    assert "in order" in market().alt


def test_the_picture_has_the_path_from_the_left_to_where_it_ends():
    def stands(picture):
        ink = near(picture[40:210, 60 : int(0.6 * picture.shape[1])], "#1B1F24", 60)
        columns = np.flatnonzero(ink.any(0))
        assert len(columns) > 0.9 * np.ptp(columns) > 250  # all the way, without a gap
        assert ink.sum(0)[columns].mean() < 15  # a line
        first, last = (ink[:, some].nonzero()[0].mean() for some in (columns[:4], columns[-4:]))
        assert last < first - 15  # this one rises, from 1 to 1.12

    control = market(path=1)
    only_so(stands, picture_of(control.picture()), "upside down", "mirrored", "dark for light")
    assert len(control.picture()) < 60_000


def test_what_is_drawn_follows_the_shuffle():
    plain, shuffled = (picture_of(market(shuffle=each).picture()) for each in (0, 5))
    assert (plain != shuffled).any(-1).mean() > 0.01


def test_its_page_holds_its_state(tmp_path):
    control = market(path=3)
    control.to_html(tmp_path / "page.html")
    assert control.page_state()["market"] == control.market and (tmp_path / "page.html").exists()
