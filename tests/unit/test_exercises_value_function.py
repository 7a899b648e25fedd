"""Notebook 01: wrong answers do not pass their check, and open ones are called open."""

import math
import re

import pytest
import torch

from gan_edu.core.data.distributions import gaussian
from gan_edu.exercises import value_function
from gan_edu.widgets import DensityPlayer


def test_open_answers_are_called_open():
    checks = {
        value_function.three_fakes: 1,
        value_function.what_it_proves: 1,
        value_function.own_js: 1,
        value_function.same_mean: 1,
    }
    for check, count in checks.items():
        assert check(*[...] * count).correct is None
    assert (
        value_function.by_hand([..., ..., ...], ...).correct is None
        and value_function.by_hand([1, ..., 0], 1).correct is None
    )


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

    assert value_function.own_js(in_place).correct, value_function.own_js(in_place)


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: value_function.by_hand([1, 0.5], -0.69), "three places, got 2"),
        (lambda: value_function.by_hand([0.5, 0.5, 0], -0.69), "which share"),
        (lambda: value_function.by_hand([1, 0.5, 0], -math.log(4)), "half of the data"),
        (lambda: value_function.by_hand([1, 0.5, 0], 0), "weigh"),
        (lambda: value_function.by_hand(3, 0), "cannot be used"),
        (lambda: value_function.three_fakes(0.75), "three times"),
        (lambda: value_function.three_fakes(0.9), "maximise"),
        (lambda: value_function.what_it_proves(-0.9 + math.log(4)), "mind the 2"),
        (lambda: value_function.what_it_proves(math.log(2)), "the most"),
        (lambda: value_function.what_it_proves(0), "Solve for JS"),
        (lambda: value_function.own_js(0.3), "the function itself"),
        (lambda: value_function.own_js(bare), "0 log 0"),
        (lambda: value_function.own_js(lambda p, q: 2 * bare(p, q)), "halved"),
        (lambda: value_function.own_js(lambda p, q: bare(p, q) / math.log(2)), "bits"),
        (lambda: value_function.own_js(lambda p, q: 1.0), "section 6"),
        (lambda: value_function.own_js(lambda p: p), "cannot be used"),
        (lambda: value_function.same_mean(DensityPlayer()), "means differ"),
        (lambda: value_function.same_mean(DensityPlayer(gaussian(), gaussian())), "too much"),
        (lambda: value_function.same_mean(DensityPlayer(gaussian(0, 3), gaussian(0, 0.1))), "too little"),
        (lambda: value_function.same_mean(4), "cannot be used"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and re.search(words, found.text), found
