"""Scores of texts: against scipy and sacrebleu, and with what noise, a constant and the data get."""

import random

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.spatial.distance import jensenshannon

from gan_edu.core.data.texts import split, surnames, verse
from gan_edu.core.measures import text_scores as scores

WORDS = st.lists(st.text("abc", min_size=1, max_size=6), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, st.integers(1, 3))
def test_the_divergence_is_scipy_s(texts, others, n):
    bags = [
        [padded[k : k + n] for each in group for padded in [f"\n{each}\n"] for k in range(len(padded) - n + 1)]
        for group in (texts, others)
    ]
    keys = sorted(set(bags[0]) | set(bags[1]))
    p, q = (np.array([bag.count(key) for key in keys], float) for bag in bags)
    found = scores.ngram_divergence(texts, others, n)
    assert found == pytest.approx(jensenshannon(p, q, base=2) ** 2, abs=1e-12) and 0 <= found <= 1
    assert found == pytest.approx(scores.ngram_divergence(others, texts, n))
    assert scores.ngram_divergence(texts, texts, n) == 0


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS)
def test_bleu_is_sacrebleu_s(texts, references):
    metrics = pytest.importorskip("sacrebleu.metrics")
    judge = metrics.BLEU(tokenize="none", effective_order=True, smooth_method="floor", smooth_value=0.1)

    def true(each, others):
        return judge.sentence_score(" ".join(each), [" ".join(other) for other in others]).score / 100

    assert scores.bleu(texts, references) == pytest.approx(np.mean([true(each, references) for each in texts]))
    own = [true(each, texts[:k] + texts[k + 1 :]) for k, each in enumerate(texts)]
    assert scores.self_bleu(texts) == pytest.approx(np.mean(own))


def test_bleu_by_hand():
    # "abab" beside "abc": 3 of 4 letters, as b is there once; 1 of 3 pairs; no triple of 2; no four of 1
    assert scores.bleu(["abab"], ["abc"]) == pytest.approx((2 / 4 * 1 / 3 * 0.1 / 2 * 0.1) ** 0.25)
    assert scores.bleu(["ab"], ["abcd"]) == pytest.approx(np.exp(1 - 4 / 2))
    assert scores.bleu(["", "abc"], ["abc"]) == 0.5
    assert scores.self_bleu(["smith"] * 3) == 1
    assert scores.bleu([["the", "law"]], [["the", "law", "is"]], 2) == pytest.approx(np.exp(1 - 3 / 2))


def test_shares():
    assert scores.unique(["a", "b", "a", "a"]) == 0.5
    assert scores.copied(["a", "b", "a", "c"], ["a", "z"]) == 0.5
    assert scores.share(["smith", "xq", "bcd", "aaab", "y" * 13], scores.valid_name) == 0.2
    known = scores.of_words(["the", "law"])
    assert [known(each) for each in ("the law", "the lawn", "", " ")] == [True, False, False, False]


def test_what_the_data_noise_and_one_name_score():
    learned, held = split(surnames())
    draw = random.Random(0)
    noise = ["".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(6)) for _ in range(2000)]
    some, one = draw.sample(learned, 2000), ["smith"] * 2000
    floor, babble, constant = (scores.ngram_divergence(each, held) for each in (some, noise, one))
    assert 0.05 < floor < 0.15 < 0.6 < babble < constant
    assert [scores.unique(each) for each in (some, one)] == [1, 1 / 2000]
    assert (
        scores.copied(some, learned) == 1 and scores.copied(noise, learned) < 0.02 and scores.copied(held, learned) == 0
    )
    assert scores.share(held, scores.valid_name) > 0.99 > 0.85 > scores.share(noise, scores.valid_name)
    assert scores.bleu(some[:300], held) > 0.75 > 0.35 > scores.bleu(noise[:300], held)
    assert scores.self_bleu(one[:50]) == 1 > scores.self_bleu(some[:300]) > scores.self_bleu(noise[:300])
    lines, others = split(verse())
    known = scores.of_words(word for line in lines for word in line.split())
    assert 0.6 < scores.share(others, known) < 0.95 and scores.share(noise, known) < 0.01


def test_bad_input_is_named():
    for call in (scores.unique, lambda t: scores.ngram_divergence(t, ["a"]), scores.self_bleu):
        with pytest.raises(ValueError, match="got 0"):
            call([])
    with pytest.raises(ValueError, match="one text"):
        scores.unique("smith")
    with pytest.raises(ValueError, match="smaller n"):
        scores.ngram_divergence(["a"], ["b"], 9)
    with pytest.raises(TypeError, match="function"):
        scores.share(["a"], "valid")
    with pytest.raises(ValueError, match="2 texts"):
        scores.self_bleu(["a"])
