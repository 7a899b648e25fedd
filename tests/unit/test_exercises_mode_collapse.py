"""Chapter 08's exercises: right answers pass, wrong and open ones do not, and are told what is wrong."""

import pytest
import torch

from gan_edu.core.recording import family, shipped
from gan_edu.exercises import mode_collapse as exercises
from gan_edu.losses import relativistic
from gan_edu.mode_collapse import effective_modes
from gan_edu.training_loop import GAN, adam
from gan_edu.tricks import r1, r2

BETAS = (0.5, 0.999)


def packed(D, x, count):
    return D(x.reshape(len(x) // count, -1)).repeat_interleave(count, 0)


def spread(x, power=0.5, **how):
    number = (x.var(0, unbiased=False, **how) + 1e-8).pow(power).mean()
    return with_number(x, number)


def with_number(x, number):
    return torch.cat([x, number.expand(len(x), 1)], 1)


def root_last(x):
    return with_number(x, x.var(0, unbiased=False).mean().sqrt())


def without_a_slope(x):
    return with_number(x, x.var(0, unbiased=False).sqrt().mean())


def rates(G, D, d_lr):
    return {"g_optimizer": adam(G, 1e-3, BETAS), "d_optimizer": adam(D, d_lr, BETAS)}


def calm(G, D):
    return GAN(G, D, 2, relativistic, d_penalties=[r1(0.1), r2(0.1)], **rates(G, D, 1e-3))


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.read_films("C", "b "),
        lambda: exercises.own_pack(packed),
        lambda: exercises.own_spread(spread),
        lambda: exercises.own_cure(calm),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


def test_the_films_are_as_the_first_exercise_has_them():
    """Of epochs 1 to 20: C has the fewest kinds at its end, B alone had three digits and then one."""
    seeds = family("mnist_textbook_seeds")
    films = {"A": shipped("mnist_textbook"), "B": seeds[3], "C": seeds[2]}
    shares = {
        name: [film.scores[film.steps.index(937 * epoch)]["histogram"] for epoch in range(1, 21)]
        for name, film in films.items()
    }
    kinds = {name: [sum(share > 0.05 for share in at) for at in found] for name, found in shares.items()}
    assert kinds["C"][-1] == min(found[-1] for found in kinds.values()) == 2
    fell_back = {
        name
        for name, found in shares.items()
        if any(count >= 3 and max(map(max, found[k:])) > 0.95 for k, count in enumerate(kinds[name]))
    }
    assert fell_back == {"B"}
    last = torch.tensor(films["C"].scores[films["C"].steps.index(937 * 20)]["histogram"])
    assert effective_modes(last) < 2


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.read_films("A", ...),
        lambda: exercises.own_pack(lambda D, x, count: ...),
        lambda: exercises.own_spread(lambda x: ...),
        lambda: exercises.own_cure(lambda G, D: ...),
        lambda: exercises.own_cure(...),
    ],
)
def test_open_answers_are_called_open(feedback):
    found = feedback()
    assert found.correct is None and "not attempted yet" in repr(found)


def by_feature(D, x, count):
    return packed(lambda packs: D(packs.unflatten(1, (count, -1)).transpose(1, 2).flatten(1)), x, count)


def strided(D, x, count):
    return D(torch.cat(x.chunk(count), 1)).repeat_interleave(count, 0)


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: exercises.read_films("D", "B"), "letters"),
        (lambda: exercises.read_films("B", "B"), "the first"),
        (lambda: exercises.read_films("C", "A"), "the second"),
        (lambda: exercises.own_pack(lambda D, x, count: 1.0), "a tensor (N, 1)"),
        (lambda: exercises.own_pack(lambda D, x, count: D(x.reshape(len(x) // count, -1))), "one logit for each pack"),
        (lambda: exercises.own_pack(lambda D, x, count: packed(D, x, count)[:, 0]), "(12, 1) for twelve"),
        (lambda: exercises.own_pack(lambda D, x, count: D(x.reshape(-1, 6)).repeat(count, 1)), "repeat_interleave"),
        (lambda: exercises.own_pack(lambda D, x, count: D(x.repeat(1, count))), "copies of itself"),
        (lambda: exercises.own_pack(strided), "must follow one another"),
        (lambda: exercises.own_pack(by_feature), "not feature by feature"),
        (lambda: exercises.own_pack(lambda D, x, count: packed(D, x, count) + 1), "differ from D"),
        (lambda: exercises.own_spread(lambda x: x), "(5, 3) must become"),
        (lambda: exercises.own_spread(lambda x: spread(2 * x)), "as they were"),
        (lambda: exercises.own_spread(lambda x: with_number(x, x.std(0).mean())), "not by N − 1"),
        (lambda: exercises.own_spread(lambda x: spread(x, 1)), "take its root"),
        (
            lambda: exercises.own_spread(root_last),
            "first the root",
        ),
        (lambda: exercises.own_spread(lambda x: with_number(x, x.std(unbiased=False))), "all numbers at once"),
        (lambda: exercises.own_spread(lambda x: with_number(x, x.std(1, unbiased=False).mean())), "within each sample"),
        (lambda: exercises.own_spread(lambda x: with_number(x, x.mean())), "last number differs"),
        (
            lambda: exercises.own_spread(without_a_slope),
            "not a number",
        ),
        (lambda: exercises.own_cure(lambda G, D: D), "returns a GAN"),
        (lambda: exercises.own_cure(lambda G, D: GAN(G, D, 2, d_steps=20)), "at most 12 steps"),
        (lambda: exercises.own_cure(lambda G, D: GAN(G, D, 2, **rates(G, D, 1e-4))), "it still collapses"),
        (lambda: exercises.own_cure(lambda G, D: D.nothing), "AttributeError"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert found.correct is False and words in repr(found), found


def test_a_cure_that_blurs_is_told_apart(monkeypatch):
    """Modes are visited evenly, and one is not covered: what rounding decides in a run, is set here."""
    monkeypatch.setattr(exercises.Coverage, "modes", lambda self, samples: {"modes": 7, "quality": 0.4})
    found = exercises.own_cure(calm)
    assert found.correct is False and "the collapse is gone" in repr(found), found
