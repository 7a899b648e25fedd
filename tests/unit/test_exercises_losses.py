"""Chapter 02's exercises: wrong answers do not pass their check, open ones are called open."""

import re

import pytest
import torch
from torch.nn.functional import softplus

from gan_edu.exercises import losses


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: losses.two_slopes(..., ...),
        lambda: losses.smoothed_judge(...),
        lambda: losses.repaired(lambda logits: ...),
        lambda: losses.seventh_divergence(lambda l: ..., lambda t: ...),
        lambda: losses.seventh_divergence(lambda l: l, lambda t: ...),
    ],
)
def test_open_answers_are_called_open(feedback):
    found = feedback()
    assert found.correct is None and "not attempted yet" in repr(found)


@pytest.mark.parametrize(
    "activation",
    [
        lambda l: 0.5 * l / (1 + l.abs()),
        lambda l: torch.atan(l) / torch.pi,
        lambda l: l.sigmoid() - 0.5,
        lambda l: torch.erf(l) / 2,
        lambda l: torch.tanh(10 * l) / 2,
        lambda l: 0.5 * l / (1 + l**2).sqrt(),
        lambda l: (l.exp() - 1) / (l.exp() + 1) / 2,
        lambda l: l.tanh_().div_(2),
    ],
)
def test_every_activation_that_rises_to_both_ends_is_right(activation):
    """Some come near ±½ slowly, some round to ±½ soon."""
    feedback = losses.seventh_divergence(activation, lambda t: t)
    assert feedback.correct, feedback


def test_a_loss_may_change_the_logits_it_is_handed():
    def in_place(l):
        down = l.neg_()
        return (0.9 * softplus(down) + 0.1 * softplus(-down)).mean()

    assert losses.repaired(in_place).correct, losses.repaired(in_place)


def textbook(l):
    return -(0.9 * l.sigmoid().log() + 0.1 * (1 - l.sigmoid()).log()).mean()


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: losses.two_slopes(-0.8, -0.2), "each other's place"),
        (lambda: losses.two_slopes(0.2, 0.8), "both slopes are negative"),
        (lambda: losses.two_slopes(-0.16, -0.8), r"−σ\(l\) and"),
        (lambda: losses.smoothed_judge(0.75), "without smoothing"),
        (lambda: losses.smoothed_judge(0.7), "β = 0"),
        (lambda: losses.smoothed_judge(0.3), "put in"),
        (lambda: losses.repaired(textbook), "at the logit -10000 in float16 the loss is"),
        (lambda: losses.repaired(lambda l: textbook(l.clamp(-12, 12))), "a clamp has eaten it|the loss is"),
        (lambda: losses.repaired(lambda l: (0.9 * softplus(-l) + 0.1 * softplus(l)).mean() * 2), "yours is"),
        (lambda: losses.repaired(lambda l: 0.9 * softplus(-l) + 0.1 * softplus(l)), "scalar"),
        (lambda: losses.repaired(lambda l: 3), "scalar"),
        (lambda: losses.seventh_divergence(lambda l: torch.tanh(l), lambda t: t), "reaches 1.00"),
        (lambda: losses.seventh_divergence(lambda l: -torch.tanh(l) / 2, lambda t: t), "must rise"),
        (lambda: losses.seventh_divergence(lambda l: torch.tanh(l) / 2, lambda t: t**2), "the corner u = 1"),
        (lambda: losses.seventh_divergence(lambda l: torch.tanh(l) / 4, lambda t: t), "reaches 0.200"),
        (lambda: losses.seventh_divergence(lambda l: torch.sign(l) / 2, lambda t: t), "where it is flat"),
        (lambda: losses.seventh_divergence(lambda l: l.clamp(-1, 1) / 2, lambda t: t), "where it is flat"),
        (lambda: losses.seventh_divergence(lambda l: torch.tanh(l) / 2.1, lambda t: t), "must come near"),
        (lambda: losses.seventh_divergence(lambda l: l / 20, lambda t: t), "reaches 50000.00"),
        (lambda: losses.seventh_divergence(3, lambda t: t), "the function itself"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and re.search(words, found.text), found
