"""Chapter 11's exercises: right answers pass, wrong and open ones do not, and are told what is wrong."""

import math

import pytest
import torch

from gan_edu.exercises import modern as exercises


def slopes(C, x, create_graph=True):
    x = x.requires_grad_()
    return torch.autograd.grad(C(x).sum(), x, create_graph=create_graph)[0]


def penalties(first=1, second=1, of=lambda slope: slope.square().sum(1).mean(), **how):
    return lambda C, x, fake, gamma: gamma / 2 * (first * of(slopes(C, x, **how)) + second * of(slopes(C, fake, **how)))


def stepped(x=1, noise=1):
    def step(x_t, v, t, s):
        (a, b), (c, d) = ((math.cos(math.pi * each / 2), math.sin(math.pi * each / 2)) for each in (t, s))
        return x * c * (a * x_t - b * v) + noise * d * (b * x_t + a * v)

    return step


def turned(x_t, v, t, s):
    angle = math.pi / 2 * (t - s)
    return math.cos(angle) * x_t - math.sin(angle) * v


def shared(ties=0.5, of=1):
    def share(before, after):
        pairs = [(b, a) for b in before for a in after]
        return sum((a < b) + ties * (a == b) for b, a in pairs) / (len(pairs) if of else 1)

    return share


def half_way(x_t, v, t, s):
    return x_t * math.cos(math.pi * t / 2) - v * math.sin(math.pi * t / 2)


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.own_truncation(lambda w, mean, psi: mean + psi * (w - mean)),
        lambda: exercises.own_penalties(penalties()),
        lambda: exercises.own_step(stepped()),
        lambda: exercises.own_step(turned),
        lambda: exercises.own_share(shared()),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


@pytest.mark.parametrize(
    "check", [exercises.own_truncation, exercises.own_penalties, exercises.own_step, exercises.own_share]
)
def test_open_answers_are_called_open(check):
    for answer in (..., lambda *given: ...):
        assert check(answer).correct is None and "not attempted yet" in repr(check(answer))


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: exercises.own_truncation(lambda w, mean, psi: mean), "as many styles"),
        (lambda: exercises.own_truncation(lambda w, mean, psi: psi * w), "towards 0"),
        (lambda: exercises.own_truncation(lambda w, mean, psi: w + psi * (mean - w)), "other way round"),
        (lambda: exercises.own_truncation(lambda w, mean, psi: psi * (w - mean)), "the mean is missing"),
        (lambda: exercises.own_truncation(lambda w, mean, psi: w), "has not moved"),
        (lambda: exercises.own_truncation(lambda w, mean, psi: 2 * w), "other numbers"),
        (lambda: exercises.own_penalties(lambda C, x, fake, gamma: x), "one number"),
        (lambda: exercises.own_penalties(penalties(second=0)), "that is R1"),
        (lambda: exercises.own_penalties(penalties(first=0)), "that is R2"),
        (lambda: exercises.own_penalties(penalties(2, 2)), "twice as much"),
        (lambda: exercises.own_penalties(penalties(0.5, 0.5)), "half as much"),
        (lambda: exercises.own_penalties(penalties(of=lambda slope: slope.square().mean())), "is a *sum*"),
        (lambda: exercises.own_penalties(penalties(of=lambda slope: slope.norm(dim=1).mean())), "no root"),
        (lambda: exercises.own_penalties(penalties(of=lambda slope: slope.square().sum())), "not a sum"),
        (lambda: exercises.own_penalties(penalties(1 / 25, 1 / 25)), "slope of the mean"),
        (lambda: exercises.own_penalties(penalties(3, 1)), "other numbers"),
        (lambda: exercises.own_penalties(penalties(create_graph=False)), "create_graph=True"),
        (lambda: exercises.own_share(lambda before, after: "half"), "one number"),
        (lambda: exercises.own_share(lambda before, after: 1 - shared()(before, after)), "*before* is lower"),
        (lambda: exercises.own_share(shared(ties=0)), "half a pair"),
        (lambda: exercises.own_share(shared(ties=1)), "half a pair"),
        (lambda: exercises.own_share(shared(of=0)), "a count"),
        (lambda: exercises.own_share(lambda before, after: 1 / 3), "each with each"),
        (lambda: exercises.own_share(lambda before, after: 0.9), "another number"),
        (lambda: exercises.own_step(lambda x_t, v, t, s: 1.0), "the shape of x_t"),
        (lambda: exercises.own_step(half_way), "the whole way"),
        (lambda: exercises.own_step(lambda x_t, v, t, s: turned(x_t, v, t, 1)), "the noise in x_t"),
        (
            lambda: exercises.own_step(
                lambda x_t, v, t, s: (
                    math.cos(math.pi * s / 2) * half_way(x_t, v, t, s) + math.sin(math.pi * s / 2) * x_t
                )
            ),
            "in place of the noise",
        ),
        (lambda: exercises.own_step(lambda x_t, v, t, s: turned(x_t, v, t, 1 - s)), "swapped"),
        (lambda: exercises.own_step(lambda x_t, v, t, s: x_t), "nothing has moved"),
        (lambda: exercises.own_step(stepped(2)), "other numbers"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and words in repr(found), found
