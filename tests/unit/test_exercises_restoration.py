"""Chapter 13's exercises: right answers pass, wrong and open ones do not, and are told what is wrong."""

import math

import pytest
import torch

from gan_edu.exercises import restoration as exercises


def holed(of=lambda x, known: x * known, mask=lambda lost: 1 - lost, swapped=False):
    def hole(x, top, left, side):
        top, left = (left, top) if swapped else (top, left)
        lost = torch.zeros_like(x)
        lost[:, :, top : top + side, left : left + side] = 1
        return of(x, 1 - lost), mask(lost)

    return hole


def spoiling(x, top, left, side):
    known = torch.ones_like(x)
    known[:, :, top : top + side, left : left + side] = 0
    x[known == 0] = 0
    return x, known


def psnr(of=lambda wrong, known: wrong[known == 0].square().mean(), log=torch.log10, factor=-10):
    return lambda restored, true, known: factor * log(of(restored - true, known))


def direction(constant=True, length=True, sign=1):
    def way(z, values):
        known = torch.cat([z, torch.ones_like(z[:, :1])], 1) if constant else z
        w = sign * torch.linalg.lstsq(known, values[:, None]).solution[: z.shape[1], 0]
        return w / w.norm() if length else w

    return way


def covariance(z, values):
    w = (z - z.mean(0)).T @ (values - values.mean())
    return w / w.norm()


def cycle(one=lambda F, B, x: B(F(x)), other=lambda F, B, y: F(B(y)), of=lambda away: away.abs().mean(), both=(1, 1)):
    return lambda F, B, x, y: both[0] * of(one(F, B, x) - x) + both[1] * of(other(F, B, y) - y)


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.own_hole(holed()),
        lambda: exercises.own_hole(holed(mask=lambda lost: lost == 0)),
        lambda: exercises.own_psnr(psnr()),
        lambda: exercises.own_psnr(lambda *given: psnr()(*given).item()),
        lambda: exercises.own_direction(direction()),
        lambda: exercises.own_cycle(cycle()),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


@pytest.mark.parametrize(
    "check", [exercises.own_hole, exercises.own_psnr, exercises.own_direction, exercises.own_cycle]
)
def test_open_answers_are_called_open(check):
    for answer in (..., lambda *given: ...):
        assert check(answer).correct is None and "not attempted yet" in repr(check(answer))


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: exercises.own_hole(lambda x, *at: x), "two tensors"),
        (lambda: exercises.own_hole(spoiling), "was changed"),
        (lambda: exercises.own_hole(lambda x, *at: (x[:1], x[:1])), "the shape of x"),
        (lambda: exercises.own_hole(holed(mask=lambda lost: lost)), "other way round"),
        (lambda: exercises.own_hole(holed(swapped=True)), "rows and columns are swapped"),
        (lambda: exercises.own_hole(holed(mask=torch.ones_like)), "nothing is lost"),
        (lambda: exercises.own_hole(lambda x, top, left, side: holed()(x, top, left, side + 1)), "in just the rows"),
        (lambda: exercises.own_hole(holed(of=lambda x, known: x)), "would copy it"),
        (lambda: exercises.own_hole(holed(of=lambda x, known: x * known + 1 - known)), "black, 0, in it"),
        (lambda: exercises.own_psnr(lambda *given: "12 dB"), "one number"),
        (lambda: exercises.own_psnr(psnr(factor=10)), "the sign"),
        (lambda: exercises.own_psnr(psnr(lambda wrong, known: wrong.square().mean())), "counts known pixels"),
        (
            lambda: exercises.own_psnr(psnr(lambda wrong, known: (wrong.square() * (1 - known)).mean())),
            "number of all pixels",
        ),
        (lambda: exercises.own_psnr(psnr(lambda wrong, known: wrong[known == 1].square().mean())), "are the known"),
        (lambda: exercises.own_psnr(psnr(log=torch.log)), "decimal"),
        (lambda: exercises.own_psnr(psnr(factor=-20)), "belongs to the root"),
        (
            lambda: exercises.own_psnr(
                lambda restored, true, known: (
                    sum(psnr()(*each) for each in zip(restored, true, known, strict=True)) / len(true)
                )
            ),
            "averaged first",
        ),
        (
            lambda: exercises.own_psnr(psnr(lambda wrong, known: wrong[known == 0].abs().mean(), factor=-20)),
            "error is squared",
        ),
        (lambda: exercises.own_psnr(lambda *given: 3.0), "another number"),
        (lambda: exercises.own_direction(lambda z, values: 1.0), "d numbers"),
        (lambda: exercises.own_direction(direction(sign=-1)), "values fall"),
        (lambda: exercises.own_direction(direction(length=False)), "divide it by its length"),
        (lambda: exercises.own_direction(direction(constant=False)), "need not pass through 0"),
        (lambda: exercises.own_direction(covariance), "covariance of z"),
        (lambda: exercises.own_direction(lambda z, values: z[0]), "another direction"),
        (lambda: exercises.own_direction(lambda z, values: z[0] * math.nan), "another direction"),
        (lambda: exercises.own_cycle(lambda *given: 1.0), "one number, a tensor"),
        (lambda: exercises.own_cycle(cycle(both=(1, 0))), "one of the two ways"),
        (lambda: exercises.own_cycle(cycle(both=(0, 1))), "one of the two ways"),
        (
            lambda: exercises.own_cycle(cycle(lambda F, B, x: F(B(x)), lambda F, B, y: B(F(y)))),
            "first through F",
        ),
        (lambda: exercises.own_cycle(cycle(of=lambda away: away.square().mean())), "not its square"),
        (lambda: exercises.own_cycle(cycle(of=lambda away: away.abs().sum())), "not a sum"),
        (lambda: exercises.own_cycle(cycle(of=torch.mean)), "cancel"),
        (lambda: exercises.own_cycle(cycle(lambda F, B, x: F(x), lambda F, B, y: B(y))), "half the way"),
        (lambda: exercises.own_cycle(cycle(lambda F, B, x: B(x), lambda F, B, y: F(y))), "identity loss"),
        (lambda: exercises.own_cycle(cycle(both=(0.5, 0.5))), "half as much"),
        (lambda: exercises.own_cycle(cycle(both=(3, 1))), "another number"),
        (lambda: exercises.own_cycle(lambda *given: cycle()(*given).detach()), "nothing can learn"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    assert feedback().correct is False and words in repr(feedback()), feedback()
