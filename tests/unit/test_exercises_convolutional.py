"""Chapter 10's exercises: right answers pass, wrong and open ones do not, and are told what is wrong."""

import pytest
import torch
from torch.nn.functional import one_hot

from gan_edu.convolutional import checkerboard
from gan_edu.exercises import convolutional as exercises


def fed(z, y):
    return torch.cat([z, one_hot(y, 10).to(z)], 1)


def logit(phi, y, w, b, E, real=1, bias=1, label=1):
    return real * (phi @ w)[:, None] + bias * b + label * (phi * E[y]).sum(1, keepdim=True)


def variant(**how):
    return lambda *given: logit(*given, **how)


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.sizes(17, 31),
        lambda: exercises.own_input(fed),
        lambda: exercises.own_logit(logit),
        lambda: exercises.which_spectrum(" c"),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.sizes(17, ...),
        lambda: exercises.own_input(lambda z, y: ...),
        lambda: exercises.own_logit(lambda *given: ...),
        lambda: exercises.which_spectrum(...),
    ],
)
def test_open_answers_are_called_open(feedback):
    found = feedback()
    assert found.correct is None and "not attempted yet" in repr(found)


def test_the_sizes_are_torchs():
    x = torch.zeros(1, 1, 32)
    down = torch.nn.Conv1d(1, 1, 7, stride=2, padding=4)(x)
    assert down.shape[2] == 17 and torch.nn.ConvTranspose1d(1, 1, 7, stride=2, padding=4)(down).shape[2] == 31


def test_one_of_the_four_sets_alone_has_a_checkerboard():
    found = {letter: checkerboard(x) for letter, x in exercises.four_sets().items()}
    assert found["C"] > 2 and max(value for letter, value in found.items() if letter != "C") < 1.3, found


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: exercises.sizes(17.5, 31), "whole place"),
        (lambda: exercises.sizes(16, 31), "one more"),
        (lambda: exercises.sizes(15, 31), "both ends"),
        (lambda: exercises.sizes(13, 31), "without padding"),
        (lambda: exercises.sizes(32, 31), "down: (n + 2p − k)"),
        (lambda: exercises.sizes(17, 32), "does not get back"),
        (lambda: exercises.sizes(17, 33), "up: (n − 1) s"),
        (lambda: exercises.own_input(lambda z, y: z), "(N, d + 10)"),
        (lambda: exercises.own_input(lambda z, y: 3), "(N, d + 10)"),
        (lambda: exercises.own_input(lambda z, y: torch.cat([z, y[:, None].to(z)], 1)), "as one number"),
        (lambda: exercises.own_input(lambda z, y: torch.cat([z, one_hot(y).to(z)], 1)), "10 classes"),
        (lambda: exercises.own_input(lambda z, y: torch.cat([one_hot(y, 10).to(z), z], 1)), "z first"),
        (lambda: exercises.own_input(lambda z, y: fed(2 * z, y)), "the numbers are not"),
        (lambda: exercises.own_input(lambda z, y: fed(z, 9 - y)), "the numbers are not"),
        (lambda: exercises.own_logit(lambda *given: logit(*given)[:, 0]), "got (4,)"),
        (lambda: exercises.own_logit(lambda *given: 1.0), "got float"),
        (lambda: exercises.own_logit(lambda phi, y, w, b, E: phi @ w + b + phi @ E[y].T), "each other's label"),
        (lambda: exercises.own_logit(variant(bias=0)), "bias b is missing"),
        (lambda: exercises.own_logit(variant(real=0)), "w · φ is missing"),
        (lambda: exercises.own_logit(variant(real=0, bias=0)), "w · φ is missing"),
        (lambda: exercises.own_logit(variant(label=0)), "the label does nothing"),
        (lambda: exercises.own_logit(variant(label=-1)), "is added"),
        (lambda: exercises.own_logit(variant(label=2)), "another number"),
        (lambda: exercises.which_spectrum("E"), "one of the letters"),
        (lambda: exercises.which_spectrum("A"), "blurred digits"),
        (lambda: exercises.which_spectrum("B"), "noise has all waves"),
        (lambda: exercises.which_spectrum("D"), "every seven pixels"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and words in repr(found), found
