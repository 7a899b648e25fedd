"""Letters drawn by counts are as frequent as the counts say, after each beginning."""

from collections import Counter

import pytest

from gan_edu.text import LetterCounts, split, surnames

FEW = ["aab", "ab", "b"]


def shares(texts):
    return {each: count / len(texts) for each, count in Counter(texts).items()}


def test_after_one_letter_texts_are_as_frequent_as_the_product_of_their_counts():
    # at the beginning a 2 of 3; after a: a 1 of 3, b 2 of 3; after b always the end
    exact = {"b": 1 / 3, "ab": 2 / 3 * 2 / 3, "aab": 2 / 3 / 3 * 2 / 3, "aaa": 2 / 3 / 9}
    found = shares(LetterCounts(FEW, 1).complete(count=20_000))
    assert set(found) == set(exact)
    assert all(abs(found[each] - share) < 0.02 for each, share in exact.items())


def test_after_none_each_letter_is_drawn_alone():
    found = shares([text[:1] for text in LetterCounts(FEW, 0).complete(count=20_000)])
    assert all(abs(found[each] - share) < 0.02 for each, share in {"a": 3 / 9, "b": 3 / 9, "": 3 / 9}.items())


def test_after_more_than_all_letters_the_texts_themselves_come():
    found = shares(LetterCounts(FEW, 3).complete(count=3000))
    assert set(found) == set(FEW) and all(abs(share - 1 / 3) < 0.05 for share in found.values())


def test_a_temperature_raises_the_counts():
    cold, plain = (shares(LetterCounts(FEW, 1).complete(temperature=each, count=20_000)) for each in (0.5, 1.0))
    assert abs(cold["b"] - 1 / 5) < 0.02 < plain["b"] - 0.28  # 2² to 1²


def test_a_beginning_is_kept_and_one_that_never_came_goes_on_from_fewer_letters():
    assert all(each.startswith("aa") for each in LetterCounts(FEW, 2).complete("AA", count=20))
    assert set(LetterCounts(["abc", "xbd"], 2).complete("zb", count=50)) == {"zbc", "zbd"}
    assert LetterCounts(FEW, 2).complete("abab") == ["abab"] * 10  # longer than any that was counted


def test_a_seed_gives_the_same_and_another_others():
    counts = LetterCounts(split(surnames())[0])
    assert counts.complete(seed=1) == counts.complete(seed=1) != counts.complete(seed=2)


@pytest.mark.parametrize(
    "texts, complaint", [([], "texts must be one or more"), (["a\nb"], "one line"), ("ab", "texts must be a list")]
)
def test_what_cannot_be_counted_is_refused(texts, complaint):
    with pytest.raises(ValueError, match=complaint):
        LetterCounts(texts)
