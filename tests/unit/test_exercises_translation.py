"""Chapter 15's exercises: right answers pass, wrong and open ones do not, and are told what is wrong."""

import pytest
import torch
from torch.nn.functional import one_hot

from gan_edu.exercises import translation as exercises


def straight(of=lambda hard, soft: hard + soft - soft.detach(), temperature=1.0):
    def function(logits):
        soft = (logits / temperature).softmax(1)
        return of(torch.zeros_like(soft).scatter_(1, logits.argmax(1, keepdim=True), 1.0), soft)

    return function


def turned(of=lambda u, v: u @ v, swapped=False):
    def function(x, y):
        u, _, v = torch.linalg.svd(y.T @ x if swapped else x.T @ y)
        return of(u, v)

    return function


def scored(twice=2, one=1, other=1, mean=lambda values, axis: values.mean(axis, keepdim=True), all_of=False):
    def function(cos, k):
        row, column = (cos if all_of else cos.topk(k, axis).values for axis in (1, 0))
        return twice * cos - one * mean(row, 1) - other * mean(column, 0)

    return function


CHECKS = [exercises.own_undone, exercises.own_straight_through, exercises.own_procrustes, exercises.own_csls]


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.own_undone(torch.argsort),
        lambda: exercises.own_undone(lambda key: torch.empty_like(key).scatter_(0, key, torch.arange(27))),
        lambda: exercises.own_straight_through(straight()),
        lambda: exercises.own_straight_through(straight(lambda hard, soft: (hard - soft).detach() + soft)),
        lambda: exercises.own_procrustes(turned()),
        lambda: exercises.own_csls(scored()),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


@pytest.mark.parametrize("check", CHECKS)
def test_open_answers_are_called_open(check):
    for answer in (..., lambda *given: ...):
        assert check(answer).correct is None and "not attempted yet" in repr(check(answer))


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: exercises.own_undone(lambda key: key.float()), "27 whole numbers"),
        (lambda: exercises.own_undone(lambda key: key[:3]), "27 whole numbers"),
        (lambda: exercises.own_undone(lambda key: key), "once more"),
        (lambda: exercises.own_undone(lambda key: key.flip(0)), "backwards"),
        (lambda: exercises.own_undone(lambda key: -key % 27), "undoes a shift"),
        (lambda: exercises.own_undone(torch.zeros_like), "cannot stand for one letter"),
        (lambda: exercises.own_undone(lambda key: key.argsort().roll(1)), "but another one"),
        (lambda: exercises.own_straight_through(lambda logits: logits[0]), "shape of the logits"),
        (lambda: exercises.own_straight_through(straight(lambda hard, soft: soft)), "mixtures of letters"),
        (lambda: exercises.own_straight_through(straight(lambda hard, soft: hard + soft)), "off by the softmax"),
        (lambda: exercises.own_straight_through(straight(lambda hard, soft: hard - soft.detach())), "off by the"),
        (lambda: exercises.own_straight_through(straight(lambda hard, soft: hard * 2)), "1 at its largest"),
        (lambda: exercises.own_straight_through(straight(lambda hard, soft: hard)), "nothing can learn"),
        (lambda: exercises.own_straight_through(straight(lambda hard, soft: hard + 0 * soft)), "nothing can learn"),
        (lambda: exercises.own_straight_through(straight(temperature=0.5)), "not the softmax's"),
        (lambda: exercises.own_straight_through(lambda logits: one_hot(logits.argmax(1), 5)), "nothing can learn"),
        (
            lambda: exercises.own_straight_through(
                lambda logits: one_hot(logits.argmax(1), 5) + logits.softmax(0) - logits.softmax(0).detach()
            ),
            "not the softmax's",
        ),
        (lambda: exercises.own_procrustes(lambda x, y: x), "a tensor (d, d)"),
        (lambda: exercises.own_procrustes(turned(swapped=True)), "the other way"),
        (lambda: exercises.own_procrustes(lambda x, y: torch.linalg.lstsq(x, y).solution), "also stretches"),
        (lambda: exercises.own_procrustes(lambda x, y: x.T @ y), "leave the singular values out"),
        (lambda: exercises.own_procrustes(turned(lambda u, v: u @ v.T)), "not to be transposed"),
        (lambda: exercises.own_procrustes(lambda x, y: torch.eye(4)), "another matrix"),
        (lambda: exercises.own_csls(lambda cos, k: cos[0]), "a score for each pair"),
        (lambda: exercises.own_csls(lambda cos, k: cos), "that is the cosine"),
        (lambda: exercises.own_csls(scored(other=0)), "one side alone"),
        (lambda: exercises.own_csls(scored(one=0)), "one side alone"),
        (lambda: exercises.own_csls(scored(twice=1)), "counts twice"),
        (lambda: exercises.own_csls(scored(mean=lambda values, axis: values.sum(axis, keepdim=True))), "not their sum"),
        (lambda: exercises.own_csls(scored(all_of=True)), "whole row or column"),
        (lambda: exercises.own_csls(scored(one=-1, other=-1)), "taken off"),
        (lambda: exercises.own_csls(scored(one=3)), "another score"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    assert feedback().correct is False and words in repr(feedback()), feedback()
