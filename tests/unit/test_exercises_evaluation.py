"""Chapter 07's exercises: right answers pass, wrong and open ones do not; a score of one's own sees a mirror."""

import math

import numpy as np
import pytest
import scipy.linalg
import torch

from gan_edu.evaluation import Score, splits, verdict
from gan_edu.exercises import evaluation as exercises


def slant(x):
    """The mean over pictures of the covariance of row and column, weighted by light."""
    light = ((x + 1) / 2).squeeze(1)
    light = light / light.sum((1, 2), keepdim=True)
    place = torch.arange(28, dtype=x.dtype)
    rows, columns = place - (light.sum(2) @ place)[:, None], place - (light.sum(1) @ place)[:, None]
    return (light * rows[:, :, None] * columns[:, None, :]).sum((1, 2)).mean()


def mirrored(real, fake):
    return abs(slant(real) - slant(fake)).item()


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.fid_by_hand(27),
        lambda: exercises.enough_samples(5000),
        lambda: exercises.enough_samples(4600),
        lambda: exercises.enough_samples(6500),
        lambda: exercises.which_score("recall", "nearer to what G saw", "KID"),
        lambda: exercises.own_score(mirrored),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


def test_fid_by_hand_is_the_formula():
    first, second = np.eye(2), 4 * np.eye(2)
    root = scipy.linalg.sqrtm(first @ second)
    assert math.isclose(3**2 + 4**2 + np.trace(first + second - 2 * root), 27)


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.fid_by_hand(...),
        lambda: exercises.enough_samples(...),
        lambda: exercises.which_score("recall", ..., "KID"),
        lambda: exercises.own_score(...),
        lambda: exercises.own_score(lambda real, fake: ...),
    ],
)
def test_open_answers_are_called_open(feedback):
    found = feedback()
    assert found.correct is None and "not attempted yet" in repr(found)


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: exercises.fid_by_hand(7), "squared distance"),
        (lambda: exercises.fid_by_hand(25), "part of the means"),
        (lambda: exercises.fid_by_hand(43), "not the variances"),
        (lambda: exercises.fid_by_hand(1), "two parts"),
        (lambda: exercises.enough_samples(1000), "with 1,000 the floor is still about 5"),
        (lambda: exercises.enough_samples(3900), "with 3,900 the floor is still about 1.28"),
        (lambda: exercises.enough_samples(50_000), "with 50,000 the floor is about 0.1"),
        (lambda: exercises.enough_samples(-3), "count of samples"),
        (lambda: exercises.which_score("precision", "nearer to what G saw", "KID"), "the first"),
        (lambda: exercises.which_score("recall", "FID", "KID"), "the second"),
        (lambda: exercises.which_score("recall", "nearer to what G saw", "FID"), "the third"),
        (lambda: exercises.own_score(lambda real, fake: -mirrored(real, fake)), "turn its sign"),
        (lambda: exercises.own_score(lambda real, fake: 0.0), "the interval holds 0"),
        (lambda: exercises.own_score(lambda real, fake: abs(real.mean() - fake.mean()).item()), "the interval holds 0"),
        (lambda: exercises.own_score(lambda real, fake: real.nothing), "AttributeError"),
        (lambda: exercises.own_score(lambda real, fake: "x"), "it returned 'x', not a number"),
        (lambda: exercises.own_score(lambda real, fake: None), "it returned None, not a number"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and words in repr(found), found


def test_a_score_that_knows_one_set_of_pictures_is_no_score():
    fake = splits(200, seed=5).fake.double()

    def by_heart(real, given):
        return torch.cdist(given.flatten(1), fake.flatten(1)).amin(1).mean().item()

    assert "other real digits are worse" in repr(exercises.own_score(by_heart))


@pytest.mark.parametrize("seed", range(3))
def test_the_slant_sees_a_mirror_of_other_draws_too(seed):
    digits, score = splits(200, seed), Score("slant", mirrored, groups=10)
    assert verdict(score, score.moved(digits.real, digits.fake, digits.fake.flip(3))) == "sees it"
    assert verdict(score, score.moved(digits.real, digits.fake, digits.seen)) != "fooled"
