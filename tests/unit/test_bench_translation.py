"""Chapter 15's benchmark: arms differ in what they say, keys are of seeds, scores know the truth, runs are shipped."""

import json

import pytest
import torch

from benchmarks import ciphers, sentences, translation as bench, word_pairs
from benchmarks.stored_runs import StoredRuns
from gan_edu.core.measures.lexicons import Found


@pytest.fixture
def few(monkeypatch, tmp_path):
    """The benchmark with its own files and little text."""
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "runs.json"))
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "translation.json")
    monkeypatch.setattr(ciphers, "WINDOWS", 40)
    ciphers.halves.cache_clear()
    yield
    ciphers.halves.cache_clear()


def test_arms_change_what_they_say_and_run_on_five_seeds():
    for data, arms in bench.ARMS.items():
        start = bench.MEASURES[data][1]
        for name, arm in arms.items():
            assert set(arm.settings) <= {*start, "film"}, name
            assert len(arm.settings) <= 4 and arm.seeds in (bench.FIVE, (10,), tuple(range(20, 40)))
    for when in ("", " before"):
        cycles = [bench.ARMS["cipher"][f"{name}{when}"].settings for name in ("cycle", "no cycle")]
        assert [each["cycle"] for each in cycles] == [1.0, 0.0]
        assert {**cycles[0], "cycle": None} == {**cycles[1], "cycle": None}


def test_the_two_halves_are_of_different_chapters(few):
    known, secret = ciphers.halves()
    assert len(known) == len(secret) == ciphers.LENGTH * 40 and not torch.equal(known, secret)


@pytest.mark.parametrize("period", [1, 3])
def test_a_seed_is_a_key(few, period):
    _, secret = ciphers.halves()
    one, same, other = (ciphers.enciphered(secret, {"seed": seed, "period": period}) for seed in (10, 10, 11))
    assert torch.equal(one, same) and not torch.equal(one, other)


@pytest.mark.parametrize(
    "settings",
    [
        {"film": 10},
        {"way": "sinkhorn"},
        {"start": "ranks"},
        {"cycle": 1.0},
        {"period": 3},
        {"momentum": None, "g_lr": 0.03},
    ],
)
def test_a_cipher_is_run_and_scored(few, settings):
    found = bench.measured(
        "cipher",
        {**settings, "width": 4, "batch": 8, "d_steps": 1, "steps": 20, "seed": 10},
    )
    assert 0 <= found["tokens"] <= 1 and [step for step, *_ in found["way"]] == list(range(1, 21))
    assert found["way"][-1][1] == found["tokens"] and ("film" in found) == ("film" in settings)
    if settings == {"film": 10}:
        assert all(abs(sum(row) - 255) < 14 for _, look in found["film"] for row in ciphers.matrix(look))
    if settings == {"start": "ranks"}:
        assert found["way"][0][1] == pytest.approx(found["ranks"], abs=0.02), "it begins where the ranks point"


def test_frequency_ranks_are_taken_at_each_place_of_a_key():
    known = torch.cat([torch.full((30 - k,), k) for k in range(27)])
    secret = known.repeat_interleave(2)  # of the same counts at both places
    hidden = ciphers.vigenere(secret, (3, 5))
    assert ciphers.ranked(hidden, known, secret, 2) == 1 and ciphers.ranked(hidden, known, secret, 1) < 0.5
    secret[1::2] = 26 - known  # there the commonest is now the rarest, and only the middle one is read rightly
    found = ciphers.ranked(ciphers.vigenere(secret, (3, 5)), known, secret, 2)
    assert found == pytest.approx((len(known) + 17) / (2 * len(known)))


def small_pair(turned=False):
    x = torch.nn.functional.normalize(torch.randn(60, 8, generator=torch.Generator().manual_seed(0)), dim=1)
    y = x @ torch.linalg.qr(torch.randn(8, 8, generator=torch.Generator().manual_seed(1)))[0]
    known = list(word_pairs.test_lexicon())[:40]
    words = (*(f"w{k}" for k in range(20)), *known)
    other = (*words[:20], *(f"v{k}" for k in range(40)))
    return word_pairs.Pair(x, y, words, other, {word: (other[20 + k],) for k, word in enumerate(known)})


@pytest.mark.parametrize("by", ["alike", "dictionary"])
def test_pairs_that_are_told_find_a_rotation(few, monkeypatch, by):
    monkeypatch.setattr(word_pairs, "pair", lambda *given: small_pair())
    found = bench.measured("words", {"seed": 10, "by": by})
    assert found["P@1"][0] == 1 and found["refined P@1"][0] == 1 and found["pairs"] == 20
    assert set(Found._fields) == {"share", "low", "high", "words"} and found["P@1"][3] == 20


def test_a_gan_for_words_says_what_its_critic_knows(few, monkeypatch):
    monkeypatch.setattr(word_pairs, "pair", lambda *given: small_pair())
    found = bench.measured("words", {"by": "adversarial", "size": 8, "units": 4, "batch": 8, "steps": 20, "seed": 10})
    assert {"D seen", "D held out", "confidence"} <= set(found) and 0 <= found["D seen"] <= 1


def test_words_are_tuned_on_one_half_and_asked_of_the_other():
    truth = word_pairs.test_lexicon()
    tuning, test = (word_pairs.half(truth, each) for each in (False, True))
    assert len(tuning) == len(test) == 183 and {**tuning, **test} == truth
    assert list(tuning)[:2] == list(truth)[:4:2]
    assert set(word_pairs.half({"god": ("dios",)}, False)) == {"god"} and not word_pairs.half({"god": ("x",)}, True)


def test_what_english_is_laid_onto(monkeypatch):
    """A rotation of itself is found, its own half of other words is not the same, and a translation is the truth's."""
    word_pairs.pair.cache_clear()
    monkeypatch.setattr(word_pairs, "running_text", lambda language: (f"god {language} king bread",) * 6)
    for to in ("es", "rotated", "halves"):
        p = word_pairs.pair(to, 4, 2, 2, 0.0, 1.0)
        assert len(p.one) == len(p.x) == 4 and p.x.shape == p.y.shape
        if to == "rotated":
            assert torch.allclose(p.x @ p.x.T, p.y @ p.y.T, atol=1e-5) and not torch.allclose(p.x, p.y)
        assert p.truth["god"] == (("dios",) if to == "es" else ("god",))
    word_pairs.pair.cache_clear()


def test_all_ways_to_go_on_begin_alike(few, monkeypatch):
    pytest.importorskip("num2words")
    monkeypatch.setattr(sentences, "ASKED", 20)
    sentences.sentences.cache_clear()
    small = {"units": 4, "pairs": 80, "first": 2, "more": 8, "d_first": 1, "batch": 8, "seed": 10}
    ways = ({}, {"method": "verdict"}, {"method": "verdict", "likelihood": 1.0})
    asked, made = [], sentences.by_verdict
    monkeypatch.setattr(sentences, "by_verdict", lambda *given: asked.append(given) or made(*given))
    rows = [bench.measured("numbers", {**small, **way}) for way in ways]
    sentences.sentences.cache_clear()
    assert rows[0]["before"] == rows[1]["before"] == rows[2]["before"]
    assert all(set(row["after"]) == {"exact", "BLEU"} for row in rows) and asked == [(0.0, 1), (1.0, 1)]
    takes = [sentences.takes({**sentences.NUMBERS, **way}) for way in ways]
    assert takes == [1.0, sentences.A_VERDICT, sentences.BOTH]


def test_runs_are_told_and_shipped(few, capsys):
    row = {
        "tokens": 0.99,
        "types": 0.9,
        "ranks": 0.5,
        "way": [[1, 0.5, 0.5]],
        "film": [[0, bytes(range(255, 0, -1)).hex() + "07" * 474]],
        "cpu_seconds": 60.0,
    }
    for seed in (10, 11):
        bench.RUNS.merge(
            lambda stored, seed=seed: stored["runs"].append({"data": "cipher", "arm": "gumbel", "seed": seed, **row})
        )
    assert "| 0.99 (0.99 – 0.99) |" in bench.table()
    bench.ship()
    stored = json.loads(bench.SHIPPED.read_text())
    assert stored["film"][0][0] == 0 and stored["film"][0][1][1] == list(range(228, 201, -1))
    assert [len(row) for row in stored["film"][0][1]] == [27] * 27 and not any(
        "film" in each for each in stored["runs"]
    )
    assert sorted(stored["key"]) == list(range(27))
    with pytest.raises(SystemExit, match="got 'x'"):
        bench.main("x")
