"""Chapter 16's checks: right answers pass, each wrong one that learners write gets its own word."""

from collections import Counter
from statistics import fmean as mean

import pytest
import torch

from gan_edu.exercises import molecules as exercises


def shares(valid=None, unique=None, novel=None, empty=(0, 0, 0)):
    """The right answer, but for what is given: (found, made), (kinds, found, made) or (new, kinds, …) → a share."""

    def answer(made, learned):
        found = [each for each in made if each is not None]
        if not found:
            return empty
        kinds, known = set(found), set(learned)
        return (
            (valid or (lambda: len(found) / len(made)))(*([found, made] if valid else [])),
            (unique or (lambda: len(kinds) / len(found)))(*([found, made] if unique else [])),
            (novel or (lambda: len(kinds - known) / len(kinds)))(*([found, made, known] if novel else [])),
        )

    return answer


def tanimoto(a, b):
    return (a & b).sum() / (a | b).sum()


def shared(values, molecules):
    counts = Counter(molecules)
    return values / values.new_tensor([counts[each] for each in molecules])


def so_far(molecules):
    return torch.tensor([molecules[: k + 1].count(each) for k, each in enumerate(molecules)])


def to_go(reward, gap, pull):
    return reward[:, None] - pull * gap.flip(1).cumsum(1).flip(1)


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.own_shares(shares()),
        lambda: exercises.own_tanimoto(tanimoto),
        lambda: exercises.own_tanimoto(
            lambda a, b: len(set(ones(a)) & set(ones(b))) / len(set(ones(a)) | set(ones(b)))
        ),
        lambda: exercises.own_shared(shared),
        lambda: exercises.own_to_go(to_go),
    ],
    ids=["shares", "tanimoto", "by sets", "shared", "to go"],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


def ones(bits):
    return set(bits.nonzero()[:, 0].tolist())


CHECKS = [exercises.own_shares, exercises.own_tanimoto, exercises.own_shared, exercises.own_to_go]


@pytest.mark.parametrize("check", CHECKS, ids=["shares", "tanimoto", "shared", "to go"])
def test_open_and_shapeless_answers(check):
    assert check(...).correct is None and check(lambda *_: ...).correct is None
    for answer in (lambda *_: None, lambda *_: torch.zeros(2, 7), lambda *_: "three"):
        assert check(answer).correct is False
    assert check(3).correct is False


WRONG = {
    "shares": (
        exercises.own_shares,
        [
            (shares(valid=lambda found, made: 1 - len(found) / len(made)), "no* molecule"),
            (shares(valid=lambda found, made: len(found)), "counts"),
            (shares(unique=lambda found, made: len(set(found)) / len(made)), "not of all texts"),
            (shares(unique=lambda found, made: len(set(made)) / len(made)), "nor one of those"),
            (shares(unique=lambda found, made: len(set(found))), "counts"),
            (shares(unique=lambda found, made: mean(found.count(e) == 1 for e in found)), "exactly once"),
            (
                shares(novel=lambda found, made, known: mean(e not in known for e in found)),
                "that comes three",
            ),
            (shares(novel=lambda found, made, known: len(set(made) - known) / len(set(made))), "no new one"),
            (shares(novel=lambda found, made, known: len(set(found) & known) / len(set(found))), "were learned from"),
            (shares(novel=lambda found, made, known: len(set(found) - known) / len(found)), "all molecules with"),
            (shares(novel=lambda found, made, known: len(set(found) - known) / len(made)), "of all texts"),
            (shares(valid=lambda found, made: 0.3), "other shares"),
            (shares(empty=(1, 1, 1)), "each of the three is 0"),
            (
                lambda made, learned: tuple(x / len([e for e in made if e]) for x in (49 / 9, 3, 14 / 3)),
                "each of the three is 0",
            ),
        ],
    ),
    "tanimoto": (
        exercises.own_tanimoto,
        [
            (lambda a, b: (a & b).sum(), "how many bits both have"),
            (lambda a, b: (a == b).double().mean(), "says nothing"),
            (lambda a, b: (a == b).sum() / (a | b).sum(), "says nothing"),
            (lambda a, b: (a & b).double().mean(), "not counted below"),
            (lambda a, b: 2 * (a & b).sum() / (a.sum() + b.sum()), "Dice"),
            (lambda a, b: (a & b).sum() / (a.sum() + b.sum()), "counted twice"),
            (lambda a, b: 1 - tanimoto(a, b), "distance"),
            (lambda a, b: torch.cosine_similarity(a.double(), b.double(), dim=0), "cosine"),
            (lambda a, b: (a & b).sum() / a.sum(), "one of them only"),
            (lambda a, b: (a & b).sum() / b.sum(), "one of them only"),
            (lambda a, b: 0.9, "another number"),
        ],
    ),
    "shared": (
        exercises.own_shared,
        [
            (lambda v, m: v, "nothing is shared"),
            (lambda v, m: v * v / shared(v, m).clamp(min=1e-9), "multiply"),
            (lambda v, m: v / len(v), "all by N"),
            (lambda v, m: v / so_far(m), "so far"),
            (lambda v, m: v * (so_far(m) == 1), "first copy"),
            (lambda v, m: v / len(set(m)), "how many kinds"),
            (lambda v, m: (v * shared(v, m)).sqrt(), "by the root"),
            (lambda v, m: v + 1, "other numbers"),
        ],
    ),
    "to go": (
        exercises.own_to_go,
        [
            (lambda r, g, p: r[:, None] - p * g.cumsum(1), "looks ahead"),
            (lambda r, g, p: r[:, None] - p * g, "come after it"),
            (lambda r, g, p: (r - p * g.sum(1))[:, None].expand(-1, 4), "came before"),
            (lambda r, g, p: to_go(r, g, -p), "sign is turned"),
            (lambda r, g, p: to_go(r, g, 1), "weighted by pull"),
            (lambda r, g, p: to_go(r, g, p) + p * g, "begins at s = t"),
            (lambda r, g, p: r[:, None].expand(-1, 4), "reward alone"),
            (lambda r, g, p: r[:, None] - p * g.flip(1).cumsum(1), "turned order"),
            (lambda r, g, p: r[:, None] - p * g.cumsum(1).flip(1), "turn back"),
            (lambda r, g, p: to_go(r, g, p) + 1, "other numbers"),
        ],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_get_their_own_word(name):
    check, answers = WRONG[name]
    for k, (answer, word) in enumerate(answers):
        said = check(answer)
        assert said.correct is False and word in said.text, (k, said)
