"""Notebook 01: wrong answers do not pass their check, and open ones are called open."""
import math
import re

import pytest
import torch

from gan_edu.core.data.distributions import gaussian
from gan_edu.exercises import value_function as exercises
from gan_edu.widgets import DensityPlayer


def test_open_answers_are_called_open():
    checks = {exercises.three_fakes: 1, exercises.what_it_proves: 1, exercises.own_js: 1, exercises.same_mean: 1}
    for check, count in checks.items():
        assert check(*[...] * count).correct is None
    assert exercises.by_hand([..., ..., ...], ...).correct is None and exercises.by_hand([1, ..., 0], 1).correct is None


def bare(p, q):
    """The formula, without a thought for zeros."""
    p, q = torch.tensor(p), torch.tensor(q)
    m = (p + q) / 2
    return ((p * (p / m).log()).sum() + (q * (q / m).log()).sum()) / 2


def test_an_answer_may_change_the_lists_it_is_handed():
    def in_place(p, q):
        halves = 0.0
        while p:
            a, b = p.pop(), q.pop()
            halves += sum(each * math.log(2 * each / (a + b)) for each in (a, b) if each) / 2
        return halves
    assert exercises.own_js(in_place).correct, exercises.own_js(in_place)


@pytest.mark.parametrize("verdict, words", [
    (lambda: exercises.by_hand([1, 0.5], -0.69), "three places, got 2"),
    (lambda: exercises.by_hand([0.5, 0.5, 0], -0.69), "which share"),
    (lambda: exercises.by_hand([1, 0.5, 0], -math.log(4)), "half of the data"),
    (lambda: exercises.by_hand([1, 0.5, 0], 0), "weigh"),
    (lambda: exercises.by_hand(3, 0), "cannot be used"),
    (lambda: exercises.three_fakes(0.75), "three times"),
    (lambda: exercises.three_fakes(0.9), "maximise"),
    (lambda: exercises.what_it_proves(-0.9 + math.log(4)), "mind the 2"),
    (lambda: exercises.what_it_proves(math.log(2)), "the most"),
    (lambda: exercises.what_it_proves(0), "Solve for JS"),
    (lambda: exercises.own_js(0.3), "the function itself"),
    (lambda: exercises.own_js(bare), "0 log 0"),
    (lambda: exercises.own_js(lambda p, q: 2 * bare(p, q)), "halved"),
    (lambda: exercises.own_js(lambda p, q: bare(p, q) / math.log(2)), "bits"),
    (lambda: exercises.own_js(lambda p, q: 1.0), "section 6"),
    (lambda: exercises.own_js(lambda p: p), "cannot be used"),
    (lambda: exercises.same_mean(DensityPlayer()), "means differ"),
    (lambda: exercises.same_mean(DensityPlayer(gaussian(), gaussian())), "too much"),
    (lambda: exercises.same_mean(DensityPlayer(gaussian(0, 3), gaussian(0, 0.1))), "too little"),
    (lambda: exercises.same_mean(4), "cannot be used"),
])
def test_wrong_answers_are_told_what_is_wrong(verdict, words):
    found = verdict()
    assert found.correct is False and re.search(words, found.text), found
