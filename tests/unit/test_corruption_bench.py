"""The corruption bench in Python: its verdicts and scales against hand-made tables, own scores, its traits."""

import io
import math

import pytest
import torch
import traitlets
from helpers.small_bench import BASE, LEVEL2, SCORES, brightness, draw, small_bench, spoil, table
from PIL import Image

from gan_edu import evaluation
from gan_edu.core.measures.score import Score
from gan_edu.widgets import CorruptionBench
from gan_edu.widgets.corruption_bench.arranged import UNTOUCHED, arranged, mark, place
from gan_edu.widgets.corruption_bench.told import TITLES


@pytest.fixture(scope="module")
def bench():
    return small_bench()


# ---------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    "now, sign, said",
    [
        ([5, 4, 6], 1, 0),
        ([5, 4, 6], -1, 2),
        ([0, -1, 0.5], 1, 2),
        ([0, -1, 0.5], -1, 0),
        ([2, 1.2, 3], 1, 1),  # the ends touch
        ([1, 0.9, 1.1], 1, 1),  # one lies within the other
        (None, 1, None),
    ],
)
def test_a_verdict_is_read_off_two_intervals(now, sign, said):
    assert mark([1, 0.8, 1.2], now, sign) == said


def test_the_verdicts_of_a_table_are_those_read_by_hand(bench):
    assert bench.verdicts() == LEVEL2 == bench.verdicts(2, 1000)
    assert bench.verdicts(1)["my own"] == {"distance": "fooled", "share": "fooled", "needy": "blind"}
    assert set(bench.verdicts(count=200)["blur"]) == {"distance", "share"}  # the third needs more
    assert set(bench.verdicts(0)["blur"].values()) == {"blind"}


@pytest.mark.parametrize("options, words", [({"level": 3}, "from 0 to 2"), ({"count": 500}, "one of 200, 1000")])
def test_a_verdict_of_what_the_table_lacks_is_refused(bench, options, words):
    with pytest.raises(ValueError, match=words):
        bench.verdicts(**options)


def test_scores_that_rank_lower_first_are_told_apart():
    turned = {**SCORES, "distance": type(SCORES["distance"])(better="higher")}
    assert CorruptionBench(table(), turned, draw, spoil).verdicts()["blur"]["distance"] == "fooled"


@pytest.mark.parametrize("place", [2, 3])
def test_what_draws_and_what_spoils_are_functions(place):
    given = [table(), SCORES, draw, spoil]
    given[place] = "nothing"
    with pytest.raises(TypeError, match=f"{('draw', 'spoil')[place - 2]} must be a function"):
        CorruptionBench(*given)


# ---------------------------------------------------------------- scales


@pytest.mark.parametrize("name", BASE)
def test_untouched_stands_at_one_place_and_the_worst_or_best_at_an_end(name):
    sheet = arranged(table(), SCORES)
    s = list(BASE).index(name)
    scale = sheet["scales"][1][s]
    values = [end for levels in sheet["cells"].values() for level in levels for end in level[1][s]]
    places = {value: place(scale, value) for value in values}
    assert place(scale, BASE[name][0]) == pytest.approx(UNTOUCHED)
    assert min(places.values()) >= -1e-9 and max(places.values()) <= 1 + 1e-9
    assert min(min(places.values()), 1 - max(places.values())) == pytest.approx(0, abs=1e-9)
    worst = max(values) if SCORES[name].better == "lower" else min(values)
    assert max(places, key=places.get) == worst


def test_a_scale_is_that_of_its_formula():
    scale = arranged(table(), SCORES)["scales"][1][0]  # distance: untouched 1 ± 0.2, the worst 10
    assert place(scale, 5) == pytest.approx(0.3 + 0.7 * math.asinh(4 / 0.2) / math.asinh(9 / 0.2))


def test_a_score_that_never_moves_has_a_scale():
    flat = table()
    for levels in flat["cells"].values():
        for level in levels:
            level[1][0] = [1.0, 1.0, 1.0]
    assert place(arranged(flat, SCORES)["scales"][1][0], 1.0) == UNTOUCHED


# ---------------------------------------------------------------- scores of one's own


def test_an_own_score_is_measured_at_every_level_over_three_draws(capsys):
    bench = small_bench(own={"mine": brightness()})
    assert "mine: measuring it on 200 digits" in capsys.readouterr().out
    draws = [draw(200, seed) for seed in range(3)]
    for level, raised in enumerate((0, 0.5, 2.0)):
        expected = [abs((each.real.mean() - each.fake.mean() - 0.3 * raised).item()) for each in draws]
        found = bench.table["cells"]["blur"][level][0][-1]
        assert found == pytest.approx([sum(expected) / 3, min(expected), max(expected)], abs=1e-6)
    assert bench.table["cells"]["blur"][2][1][-1] is None  # of 1,000 samples it has none
    assert bench.count == 200
    assert bench.verdicts(2, 200)["blur"]["mine"] == "sees it" and "mine" not in bench.verdicts()["blur"]


def test_an_own_score_is_given_pictures_and_its_features_are_taken():
    seen = []

    def features(images):
        seen.append(tuple(images.shape[1:]))
        return images.flatten(1)[:, :2]

    score = Score("of features", lambda real, fake: (real.mean() - fake.mean()).item() + real.shape[1], features)
    found = small_bench(own={"of features": score}).table["cells"]["blur"][0][0][-1]
    assert set(seen) == {(1, 8, 8)} and found[0] == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize(
    "own, error, words",
    [
        ({"distance": brightness()}, ValueError, "'distance' is a score of the course"),
        ({"mine": 3}, TypeError, "own.'mine'. must be a .*Score"),
        ({"light": brightness().measure}, TypeError, "bare function: write Score\\('light', <lambda>\\)"),
        ({"mine": Score("mine", lambda real, fake: "much")}, TypeError, "mine: its measure must .* got 'much'"),
        ({"mine": Score("mine", lambda real, fake: math.nan)}, ValueError, "mine of blur 0 must be a finite number"),
        ({"mine": Score("mine", lambda real, fake: 0.0, least=300)}, ValueError, "needs 300 real samples or more"),
    ],
)
def test_an_own_score_that_cannot_be_measured_is_refused(own, error, words):
    with pytest.raises(error, match=words):
        small_bench(own=own)


# ---------------------------------------------------------------- pictures


def test_the_pictures_are_of_the_same_places_at_every_level(bench):
    sheet = Image.open(io.BytesIO(bench.pictures)).convert("L")
    assert sheet.size == (3 * 32, 2 * 32)  # a row of levels a corruption, 4 × 4 samples of 8 × 8 each
    first = draw(1000, 0).fake
    chosen = torch.randperm(1000, generator=torch.Generator().manual_seed(0))[:16]
    for level, raised in enumerate((0, 0.5, 2.0)):
        for k, shade in enumerate(first[chosen].flatten(1)[:, 0].tolist()):
            expected = min(255, 127.5 * (shade + 0.3 * raised + 1))
            assert sheet.getpixel((32 * level + 8 * (k % 4) + 4, 8 * (k // 4) + 4)) == pytest.approx(expected, abs=12)
    told = bench.table["corruptions"][1]["seen"]
    white = [k for k, at in enumerate(chosen.tolist()) if at % 2 == 0]
    assert told[0] == {"changed": [], "distinct": 16}
    assert told[2] == {"changed": white, "distinct": 17 - len(white)}


def test_a_saved_notebook_has_its_picture_and_words(bench):
    bench.level, bench.corruption = 2, "blur"
    assert "blur, σ = 2 px, 1,000 samples" in bench.alt and "Fooled: needy" in bench.alt
    assert Image.open(io.BytesIO(bench.picture())).width > 700
    assert small_bench().alt.startswith("Corruption bench: sixteen untouched digits")


# ---------------------------------------------------------------- traits


@pytest.mark.parametrize(
    "state",
    [
        {"level": 3},
        {"count": 500},
        {"corruption": "rain"},
        {"view": "both"},
        {"filled": {"rain": {}}},
        {"filled": {"blur": {"FID": "blind"}}},
        {"filled": {"blur": {"share": "perhaps"}}},
        {"checked": {"blur": {"share": "perhaps"}}},
    ],
)
def test_what_is_not_there_cannot_be_set(state):
    with pytest.raises(traitlets.TraitError):
        small_bench(**state)


def test_a_link_sets_what_is_on_show_and_no_answers(bench):
    assert {"corruption", "level", "count", "view"} <= set(bench.shared()) and "filled" not in bench.shared()
    assert bench.shared()["level"] == {"least": 0, "most": 2, "whole": True, "empty": False}


def test_marks_are_kept():
    marks = {"blur": {"share": "blind"}}
    assert small_bench(filled=marks).filled == marks


def test_the_chapters_bench_has_its_table_its_words_and_all_scores():
    bench = evaluation.bench()
    assert [each["name"] for each in bench.table["corruptions"]] == list(evaluation.CORRUPTIONS) == list(TITLES)
    assert all(each["does"] and "{" not in "".join(each["levels"]) for each in bench.table["corruptions"])
    found = bench.verdicts()
    assert all(len(marks) == len(bench.table["scores"]) == 15 for marks in found.values())
    assert [score for score, said in found["memorised"].items() if said != "blind"] == ["nearer to what G saw"]
    assert bench.count == 1000 and len(bench.pictures) < 150_000
