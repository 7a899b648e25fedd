"""Chapter 09's exercises: right answers pass, wrong and open ones do not, and are told what is wrong."""

from itertools import repeat

import pytest
import torch

from gan_edu.core.training import mlp
from gan_edu.exercises import wasserstein as exercises
from gan_edu.training_loop import GAN, adam, d_step
from gan_edu.wasserstein import clipped, estimate, spectral_norm, wasserstein, wgan_gp


def w1(x, y, power=1, sort=True):
    off = (x.sort().values - y.sort().values) if sort else x - y
    return off.abs().pow(power).mean()


def penalty(C, real, fake, a=None, cost=lambda length: (length - 1).relu().square().mean(), **how):
    how = {"graph": True, "norm": lambda g: torch.linalg.vector_norm(g.flatten(1), dim=1), **how}
    a = torch.rand(len(real), *[1] * (real.ndim - 1)) if a is None else a(real)
    x = (a * real + (1 - a) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(C(x).sum(), x, create_graph=how["graph"])
    return cost(how["norm"](gradient))


def variant(**how):
    return lambda C, real, fake: penalty(C, real, fake, **how)


ALWAYS = torch.rand(8, 1, 1, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.own_w1(w1),
        lambda: exercises.own_w1(lambda x, y: w1(x, y).item()),
        lambda: exercises.unfair_pair(3, 4),
        lambda: exercises.unfair_pair(4, 3),
        lambda: exercises.own_penalty(penalty),
        lambda: exercises.whose_word("C", "a ", "B"),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.own_w1(lambda x, y: ...),
        lambda: exercises.unfair_pair(..., ...),
        lambda: exercises.own_penalty(lambda C, real, fake: ...),
        lambda: exercises.whose_word(..., "A", ...),
    ],
)
def test_open_answers_are_called_open(feedback):
    found = feedback()
    assert found.correct is None and "not attempted yet" in repr(found)


def test_one_pair_alone_is_unfair():
    rises = (exercises.PRICES[:, None] - exercises.PRICES).abs()
    unfair = (rises > torch.cdist(exercises.PLACES, exercises.PLACES) + 1e-6).nonzero().tolist()
    assert unfair == [[3, 4], [4, 3]]


def test_the_three_words_are_as_the_last_exercise_has_them():
    """W1 = 3: spectral norm ends there, the penalty above, by d / 2λ, the clipped critic far off."""
    here, said = torch.zeros(8, 2), {}
    for letter in "ABC":
        torch.manual_seed(0)
        G, C = torch.nn.Linear(2, 2), mlp([2, 16, 1], slope=0.2)
        G.load_state_dict({"weight": torch.zeros(2, 2), "bias": torch.tensor([3.0, 0.0])})
        C = spectral_norm(C) if letter == "B" else C
        optimizer = clipped(adam(C, 1e-2, (0.0, 0.9)), 0.45) if letter == "A" else adam(C, 1e-2, (0.0, 0.9))
        penalties = [wgan_gp(10.0)] if letter == "C" else []
        gan = GAN(G, C, 2, wasserstein, d_optimizer=optimizer, d_penalties=penalties)
        for _ in range(400):
            d_step(gan, repeat(here))
        said[letter] = estimate(C, here, G(here).detach())
    assert said["B"] == pytest.approx(3, abs=0.02) and 3.2 < said["C"] < 3.6 and said["A"] > 4


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: exercises.own_w1(lambda x, y: x - y), "(5,)"),
        (lambda: exercises.own_w1(lambda x, y: w1(x, y, sort=False)), "Sort both first"),
        (lambda: exercises.own_w1(lambda x, y: w1(x, y, 2).sqrt()), "W2"),
        (lambda: exercises.own_w1(lambda x, y: w1(x, y, 2)), "not squared"),
        (lambda: exercises.own_w1(lambda x, y: 5 * w1(x, y)), "not the sum"),
        (lambda: exercises.own_w1(lambda x, y: x.mean() - y.mean()), "must not cancel"),
        (lambda: exercises.own_w1(lambda x, y: (x.mean() - y.mean()).abs()), "must not cancel"),
        (
            lambda: exercises.own_w1(lambda x, y: (x.sort(descending=True).values - y.sort().values).abs().mean()),
            "dearest",
        ),
        (lambda: exercises.own_w1(lambda x, y: 7.0), "7.000"),
        (lambda: exercises.unfair_pair(0, 6), "from 0 to 5"),
        (lambda: exercises.unfair_pair(2, 2), "two different"),
        (lambda: exercises.unfair_pair(0, 4), "the way is 1.41 and the price changes by 0.80"),
        (lambda: exercises.own_penalty(lambda C, real, fake: 1.0), "one number"),
        (lambda: exercises.own_penalty(lambda C, real, fake: torch.tensor(0.0)), "ask the critic once"),
        (lambda: exercises.own_penalty(variant(a=lambda x: 2 + torch.rand(len(x), 1, 1))), "do not lie between"),
        (lambda: exercises.own_penalty(variant(a=torch.rand_like)), "within a sample"),
        (lambda: exercises.own_penalty(variant(a=lambda x: torch.rand(1))), "the same a: draw one for each"),
        (lambda: exercises.own_penalty(variant(a=lambda x: ALWAYS)), "draw it anew"),
        (lambda: exercises.own_penalty(variant(cost=lambda length: (length - 1).square().mean())), "two-sided"),
        (
            lambda: exercises.own_penalty(variant(norm=torch.linalg.vector_norm)),
            "one norm over the whole batch",
        ),
        (lambda: exercises.own_penalty(variant(norm=lambda g: g.norm(dim=1))), "all numbers of a sample"),
        (lambda: exercises.own_penalty(variant(cost=lambda length: (length - 1).relu().mean())), "counts squared"),
        (lambda: exercises.own_penalty(variant(cost=lambda length: (length.mean() - 1).relu().square())), "comes last"),
        (lambda: exercises.own_penalty(variant(cost=lambda length: (length - 1).relu().square().sum())), "not the sum"),
        (lambda: exercises.own_penalty(variant(cost=lambda length: 3 * length.mean())), "another than the mean"),
        (lambda: exercises.own_penalty(variant(graph=False)), "create_graph=True"),
        (
            lambda: exercises.own_penalty(variant(norm=lambda g: g.flatten(1).square().sum(1).sqrt())),
            "not a number",
        ),
        (lambda: exercises.whose_word("A", "A", "B"), "once"),
        (lambda: exercises.whose_word("C", "B", "A"), "and not beyond"),
        (lambda: exercises.whose_word("A", "C", "B"), "1 + d / 2λ"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and words in repr(found), found
