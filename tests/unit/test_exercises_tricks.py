"""Chapter 05's exercises: right answers pass, each against an independent computation; wrong and open ones do not."""

import re

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar

from gan_edu.exercises import tricks
from gan_edu.tricks import slopes_at


def slopes(D, x, graph=True):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(D(x).sum(), x, create_graph=graph)
    return gradient


def norms(gradient):
    return gradient.flatten(1).norm(dim=1)


def penalty(D, real, fake, alpha):
    gradient = slopes(D, alpha * real + (1 - alpha) * fake)
    return (torch.linalg.vector_norm(gradient.flatten(1), dim=1) - 1).square().mean()


def of_norms(cost, graph=True):
    """A penalty with another cost of the gradient (N, 2, 3) at the right points."""
    return lambda D, real, fake, alpha: cost(slopes(D, alpha * real + (1 - alpha) * fake, graph))


def in_training(D, real, fake, alpha):
    """As a learner may write it: D is a module, and the samples are one's own."""
    D.train()
    for weight in D.parameters():
        weight.requires_grad_(True)
    x = real.mul_(alpha).add_(fake.mul_(1 - alpha)).requires_grad_()
    (gradient,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)
    return (norms(gradient) - 1).square().mean()


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: tricks.smoothed(0.3),
        lambda: tricks.rescaled(0.5),
        lambda: tricks.own_penalty(penalty),
        lambda: tricks.own_penalty(in_training),
        lambda: tricks.own_penalty(lambda D, r, f, a: (slopes_at(D, a * r + (1 - a) * f) - 1).square().mean()),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: tricks.smoothed(...),
        lambda: tricks.rescaled(...),
        lambda: tricks.own_penalty(...),
        lambda: tricks.own_penalty(lambda D, real, fake, alpha: ...),
        lambda: tricks.read_the_table(..., True),
    ],
)
def test_open_answers_are_called_open(feedback):
    found = feedback()
    assert found.correct is None and "not attempted yet" in repr(found)


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: tricks.smoothed(0.225), "one-sided"),
        (lambda: tricks.smoothed(0.25), "without smoothing"),
        (lambda: tricks.smoothed(0.7), "other way round"),
        (lambda: tricks.smoothed(0.5), "α p_data"),
        (lambda: tricks.rescaled(8), "other way"),
        (lambda: tricks.rescaled(1), "their squares"),
        (lambda: tricks.rescaled(2), "per unit"),
        (lambda: tricks.rescaled(3), "compare the slopes"),
        (lambda: tricks.own_penalty(3), "function itself"),
        (lambda: tricks.own_penalty(lambda D, real, fake, alpha: 3.0), "got float"),
        (lambda: tricks.own_penalty(lambda D, real, fake, alpha: real), r"shape \(6, 2, 3\)"),
        (lambda: tricks.own_penalty(of_norms(lambda g: (g.norm() - 1).square())), "whole batch"),
        (lambda: tricks.own_penalty(of_norms(lambda g: (g.norm(dim=1) - 1).square().mean())), "one axis"),
        (lambda: tricks.own_penalty(of_norms(lambda g: (norms(g).square() - 1).square().mean())), "‖∇l‖²"),
        (lambda: tricks.own_penalty(of_norms(lambda g: g.flatten(1).square().sum(1).mean())), "as R1 does"),
        (lambda: tricks.own_penalty(of_norms(lambda g: (norms(g) - 1).square().sum())), "take the mean"),
        (lambda: tricks.own_penalty(lambda D, real, fake, alpha: penalty(D, fake, real, alpha)), "belongs to the real"),
        (lambda: tricks.own_penalty(lambda D, real, fake, alpha: penalty(D, real, fake, alpha[:1])), "one α"),
        (lambda: tricks.own_penalty(lambda D, real, fake, alpha: penalty(D, real, real, alpha)), "real and fake"),
        (lambda: tricks.own_penalty(lambda D, real, fake, alpha: 3 * penalty(D, real, fake, alpha)), "is right"),
        (lambda: tricks.own_penalty(of_norms(lambda g: (norms(g) - 1).square().mean(), False)), "create_graph=True"),
        (
            lambda: tricks.own_penalty(of_norms(lambda g: (g.flatten(1).square().sum(1).sqrt() - 1).square().mean())),
            "becomes NaN",
        ),
        (lambda: tricks.own_penalty(lambda D, real: 0), "cannot be used"),
        (lambda: tricks.read_the_table("many", True), "give a number"),
        (lambda: tricks.read_the_table(7, True), "from 0 to"),
        (lambda: tricks.read_the_table(0, 1), "True or False"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and re.search(words, found.text), found


# ---------------------------------------------------------------- what the checks take for right, measured


def test_03_is_the_best_discriminator_there():
    p, q, alpha, beta = 0.2, 0.6, torch.tensor(0.9), torch.tensor(0.1)

    def loss(d):
        d = torch.tensor(d)
        return -float(
            sum(share * (target * d.log() + (1 - target) * (1 - d).log()) for share, target in ((p, alpha), (q, beta)))
        )

    assert minimize_scalar(loss, bounds=(1e-3, 1 - 1e-3), method="bounded").x == pytest.approx(0.3, abs=1e-3)


def test_half_is_the_gamma_of_the_same_game():
    """R1 of a D on [−1, 1] and of the same judgement on x / 2 + 1/2."""
    torch.manual_seed(0)
    D, x = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)), 2 * torch.rand(50, 3) - 1
    wide = 2.0 / 2 * slopes(D, x).norm(dim=1).square().mean()
    narrow = 0.5 / 2 * slopes(lambda y: D(2 * y - 1), x / 2 + 0.5).norm(dim=1).square().mean()
    assert torch.isclose(wide, narrow, rtol=1e-5)


def test_numpys_truth_is_a_truth():
    assert repr(tricks.read_the_table(0, np.True_)) == repr(tricks.read_the_table(0, True))


def test_the_checks_leave_the_random_stream_alone():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    tricks.own_penalty(penalty)
    assert torch.equal(before, torch.get_rng_state())
