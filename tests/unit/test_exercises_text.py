"""Chapter 14's exercises: right answers pass, wrong and open ones do not, and are told what is wrong."""

import pytest
import torch

from gan_edu.exercises import text as exercises


def gradient(mean=lambda p, r: (p * r).sum(), share=lambda p: p, of=lambda logits: logits.softmax(0)):
    def slope(logits, rewards):
        p = of(logits)
        return share(p) * (rewards - mean(p, rewards))

    return slope


def per_place(value, on):
    return (value * on).sum(0) / on.sum(0)


def loss(base=per_place, sign=-1, on_loss=True, over=len, of=lambda log_p: log_p):
    def reinforce(log_p, value, on):
        parts = (value - base(value, on)) * of(log_p) * (on if on_loss else 1)
        return sign * parts.sum() / over(log_p)

    return reinforce


def gumbel(noise=lambda u: -(-u.log()).log(), of=lambda x, g, t: ((x + g) / t).softmax(1)):
    return lambda logits, u, t: of(logits, noise(u), t)


def divergence(of=lambda a, b: (a + b) / 2, log=torch.log2):
    def js(p, q):
        m = (p + q) / 2
        sides = [(x[x > 0] * log(x[x > 0] / m[x > 0])).sum() for x in (p, q)]
        return of(*sides)

    return js


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.own_gradient(gradient()),
        lambda: exercises.own_gradient(lambda x, r: torch.autograd.functional.jacobian(lambda y: y.softmax(0) @ r, x)),
        lambda: exercises.own_loss(loss()),
        lambda: exercises.own_gumbel(gumbel()),
        lambda: exercises.own_divergence(divergence()),
        lambda: exercises.own_divergence(lambda p, q: float(divergence()(p, q))),
    ],
    ids=["gradient", "by autograd", "loss", "gumbel", "divergence", "a float"],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


@pytest.mark.parametrize(
    "check",
    [exercises.own_gradient, exercises.own_loss, exercises.own_gumbel, exercises.own_divergence],
    ids=["gradient", "loss", "gumbel", "divergence"],
)
def test_open_and_shapeless_answers(check):
    assert check(...).correct is None and check(lambda *_: ...).correct is None
    for answer in (lambda *_: None, lambda *_: torch.zeros(2, 7)):
        assert check(answer).correct is False
    assert check(3).correct is False


WRONG = {
    "gradient": (
        exercises.own_gradient,
        [
            (gradient(mean=lambda p, r: 0), "r_k counts beside"),
            (gradient(mean=lambda p, r: r.mean()), "plain mean"),
            (gradient(share=lambda p: 1), "How often"),
            (gradient(share=lambda p: -p), "downhill"),
            (gradient(of=lambda x: x), "no shares"),
            (lambda x, r: r, "themselves"),
            (lambda x, r: x.softmax(0), "shares of the arms"),
            (lambda x, r: x + r, "other numbers"),
        ],
    ),
    "loss": (
        exercises.own_loss,
        [
            (loss(sign=1), "minus"),
            (loss(base=lambda v, on: 0), "baseline is missing"),
            (loss(base=lambda v, on: v.mean(0)), "counts what comes after"),
            (loss(base=lambda v, on: (v * on).sum() / on.sum()), "one baseline"),
            (loss(on_loss=False), "times `on`"),
            (loss(over=lambda log_p: log_p.numel()), "a sum, over texts"),
            (loss(over=lambda log_p: 1), "not a sum"),
            (loss(of=torch.exp), "not p"),
            (lambda *given: loss()(*given).detach(), "leave detach"),
            (loss(base=lambda v, on: v.mean()), "one baseline for all"),
            (loss(base=lambda v, on: 9.0), "another number"),
        ],
    ),
    "gumbel": (
        exercises.own_gumbel,
        [
            (gumbel(noise=lambda u: u), "u itself"),
            (gumbel(noise=lambda u: (-u.log()).log()), "wrong sign"),
            (gumbel(of=lambda x, g, t: (x + g).softmax(1)), "is missing: divide"),
            (gumbel(of=lambda x, g, t: ((x + g) * t).softmax(1)), "sharpen"),
            (gumbel(of=lambda x, g, t: (x / t + g).softmax(1)), "logits alone"),
            (gumbel(of=lambda x, g, t: (x / t).softmax(1)), "nothing is drawn"),
            (gumbel(of=lambda x, g, t: (x + g) / t), "softmax is missing"),
            (gumbel(of=lambda x, g, t: ((x.softmax(1) + g) / t).softmax(1)), "not to their softmax"),
            (gumbel(of=lambda x, g, t: ((x + g) / t).softmax(0)), "over the tokens"),
            (gumbel(of=lambda x, g, t: x), "other numbers"),
        ],
    ),
    "divergence": (
        exercises.own_divergence,
        [
            (divergence(log=torch.log), "nats"),
            (lambda p, q: divergence()(p, q).sqrt(), "root"),
            (divergence(of=lambda a, b: a), "one of the two"),
            (divergence(of=lambda a, b: b), "one of the two"),
            (divergence(of=lambda a, b: a + b), "sum of both"),
            (divergence(of=lambda a, b: -(a + b) / 2), "never below"),
            (lambda p, q: (p * (p / q).log2()).sum(), "not a number"),
            (lambda p, q: (p * (p / q).log2())[p > 0].sum(), "infinite"),
            (lambda p, q: 3.0, "another number"),
        ],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_told_what_is_wrong(name):
    check, answers = WRONG[name]
    for answer, words in answers:
        feedback = check(answer)
        assert feedback.correct is False and words in feedback.text, feedback
