"""Chapter 06's exercises: right answers pass, each against an independent computation; wrong and open ones do not."""

import re

import numpy as np
import pytest
import torch

from gan_edu.convergence import Game, Rule, dirac, eigenvalues, field, flow, gaussian, jacobian, trajectory
from gan_edu.exercises import convergence


def step(v, theta, psi, h):
    by_theta, by_psi = v(theta, psi)
    by_theta, by_psi = v(theta + h * by_theta, psi + h * by_psi)
    return theta + h * by_theta, psi + h * by_psi


def twice(v, theta, psi, h):
    for _ in range(2):
        by_theta, by_psi = v(theta, psi)
        theta, psi = theta + h * by_theta, psi + h * by_psi
    return theta, psi


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: convergence.critical(2),
        lambda: convergence.largest_step(1.2),
        lambda: convergence.who_converges(True, False, True),
        lambda: convergence.own_extra_gradient(step),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: convergence.critical(...),
        lambda: convergence.largest_step(...),
        lambda: convergence.who_converges(True, ..., True),
        lambda: convergence.own_extra_gradient(...),
        lambda: convergence.own_extra_gradient(lambda v, theta, psi, h: ...),
    ],
)
def test_open_answers_are_called_open(feedback):
    found = feedback()
    assert found.correct is None and "not attempted yet" in repr(found)


def test_an_answer_may_change_the_place_it_is_handed():
    def in_place(v, theta, psi, h):
        ahead = [place + h * pull for place, pull in zip((theta, psi), v(theta, psi), strict=True)]
        a, b = v(*ahead)
        theta += h * a
        psi += h * b
        return theta, psi

    assert convergence.own_extra_gradient(in_place).correct


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: convergence.critical(1), "f'\\(0\\) is ½"),
        (lambda: convergence.critical(4), "mind the square"),
        (lambda: convergence.critical(7), "become real"),
        (lambda: convergence.largest_step(0.6), "the 2 stays"),
        (lambda: convergence.largest_step(13.33), "imaginary part"),
        (lambda: convergence.largest_step(1.0), r"largest \|μ\| of a round is 0\.9747"),
        (lambda: convergence.largest_step("x"), "give a number"),
        (lambda: convergence.who_converges(False, False, True), "bends down in ψ"),
        (lambda: convergence.who_converges(True, True, True), "backwards in time"),
        (lambda: convergence.who_converges(True, False, False), "real part"),
        (lambda: convergence.who_converges(1, 0, 1), "True or False"),
        (
            lambda: convergence.own_extra_gradient(
                lambda v, theta, psi, h: (theta + h * v(theta, psi)[0], psi + h * v(theta, psi)[1])
            ),
            "one plain step",
        ),
        (lambda: convergence.own_extra_gradient(twice), "two plain steps"),
        (lambda: convergence.own_extra_gradient(lambda v, theta, psi, h: (theta, psi)), r"ends at \(1.0000, 1.0000\)"),
        (lambda: convergence.own_extra_gradient(lambda v, theta, psi, h: 3), "cannot be used"),
        (lambda: convergence.own_extra_gradient(3), "the function itself"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and re.search(words, found.text), found


# ---------------------------------------------------------------- what the checks take for right, measured


def rotates(gamma):
    """Whether R1's eigenvalues for f'(t) = 1 − t, written out, have an imaginary part."""
    return bool(abs(np.linalg.eigvals(np.array([[0.0, -1.0], [1.0, -gamma]])).imag).max() > 1e-6)


def test_2_is_critical_where_the_slope_is_1():
    assert rotates(1.99) and not rotates(2.01)


@pytest.mark.parametrize("place, expected", [(0.0, [-1, -1]), (1.0, [-2 + 3**0.5, -2 - 3**0.5])])
def test_only_where_the_data_lie_at_0_no_f_2_enters(place, expected):
    """Data and fakes at c: J = [[0, −f'], [f', 2 f'' c² − γ]], with f'' = −1 and γ = 2."""

    def f(t):
        return -((t - 1) ** 2) / 2

    game = Game(
        lambda theta, psi: f(psi * theta) + f(-psi * place),
        lambda theta, psi: -f(psi * theta) - f(-psi * place) + psi**2,
    )
    assert eigenvalues(jacobian(field(game), place, 0.0)).real.tolist() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("h, arrives", [(1.15, True), (1.25, False)])
def test_1_2_is_the_largest_step(h, arrives):
    path = trajectory(field(dirac("GAN", "R1", 0.3)), 1e-3, 1e-3, Rule(step=h), 300)
    assert (torch.hypot(path.theta, path.psi)[-1] < 1e-3).item() == arrives


@pytest.mark.parametrize("loss, arrives", [("GAN", True), ("WGAN", False)])
def test_a_gan_learns_a_gaussian_and_a_wgan_circles_it(loss, arrives):
    path = flow(field(gaussian(loss)), [1.1, 1.1], [0.0, 0.0], 60.0, 240)
    away = torch.cat([path.theta - 1, path.psi], 1).norm(dim=1)[-20:]
    assert away.max() < 1e-3 if arrives else away.min() > 0.1
