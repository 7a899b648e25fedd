"""Checks of notebook 16_molecules."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from gan_edu.exercises import Feedback, check, correct, not_attempted, sayer, wrong

say = sayer(__name__)


SHARES = (  # wrong ones of nine texts, seven molecules, three different ones, two of them new; and what is wrong
    ((2 / 9, "sharesValidTurned"), (7.0, "sharesCounts")),
    (
        (4 / 7, "sharesNoneIsOne"),
        (4 / 9, "sharesNoneIsOne"),
        (3 / 9, "sharesUniqueOfAll"),
        (3.0, "sharesCounts"),
        (1 / 7, "sharesOnlyOnce"),
    ),
    (
        (4 / 7, "sharesNovelRepeats"),
        (3 / 4, "sharesNoneIsNew"),
        (1 / 3, "sharesNovelTurned"),
        (2 / 7, "sharesNovelOfValid"),
        (2 / 9, "sharesNovelOfAll"),
    ),
)


@check
def own_shares(function: Callable) -> Feedback:
    """A function (made, learned) → (valid, unique, novel), three shares; made: SMILES, None where a text is none."""
    made = ["CCO", "CCO", None, "CCN", "c1ccccc1", None, "CCN", "CCO", "CCN"]
    learned = ["CCO", "CCC", "CO"]
    given = function(list(made), list(learned))
    if given is ...:
        return not_attempted()
    found = _three(given)
    if found is None:
        return wrong(say("sharesShape"))
    if _near(found, (7 / 9, 3 / 7, 2 / 3)):
        return _on_nothing(function)
    for place, others in enumerate(SHARES):
        for other, words in others:
            if math.isclose(found[place], other):
                return wrong(say(words))
    return wrong(say("sharesWrong"))


def _three(given: object) -> tuple[float, ...] | None:
    """Three numbers; None of anything else."""
    if not isinstance(given, Sequence | Tensor) or isinstance(given, str) or len(given) != 3:
        return None
    try:
        return tuple(float(each) for each in given)
    except (TypeError, ValueError):
        return None


def _near(found: Sequence[float], right: Sequence[float]) -> bool:
    return all(math.isclose(a, b, abs_tol=1e-9) for a, b in zip(found, right, strict=True))


def _on_nothing(function: Callable) -> Feedback:
    """A writer that has just begun may write no molecule at all."""
    try:
        found = _three(function([None, None], ["CCO"]))
    except ZeroDivisionError:
        return wrong(say("sharesNothing"))
    return correct(say("sharesRight")) if found == (0, 0, 0) else wrong(say("sharesNothing"))


@check
def own_tanimoto(function: Callable) -> Feedback:
    """A function (a, b), two fingerprints (K,) of True and False, → their Tanimoto similarity, one number."""
    a = torch.tensor([1, 1, 1, 0, 0, 1, 0, 0]).bool()
    b = torch.tensor([0, 1, 1, 1, 0, 0, 0, 0]).bool()
    given = function(a.clone(), b.clone())
    if given is ...:
        return not_attempted()
    if isinstance(given, Tensor) and given.numel() == 1:
        given = given.item()
    if isinstance(given, bool) or not isinstance(given, int | float):
        return wrong(say("tanimotoShape"))
    both, either = 2, 5
    for other, words in (
        (both, "tanimotoCount"),
        (5 / 8, "tanimotoAbsent"),
        (5 / either, "tanimotoAbsent"),
        (both / 8, "tanimotoOfAll"),
        (2 * both / 7, "tanimotoDice"),
        (both / 7, "tanimotoTwice"),
        (1 - both / either, "tanimotoDistance"),
        (both / math.sqrt(12), "tanimotoCosine"),
        (both / 4, "tanimotoOneSide"),
        (both / 3, "tanimotoOneSide"),
    ):
        if math.isclose(given, other, rel_tol=1e-5):
            return wrong(say(words))
    return (
        correct(say("tanimotoRight"))
        if math.isclose(given, both / either, rel_tol=1e-5)
        else wrong(say("tanimotoWrong"))
    )


@check
def own_shared(function: Callable) -> Feedback:
    """A function (values (N,), molecules: N SMILES or None) → (N,): each value by how often its molecule comes."""
    values = torch.tensor([0.6, 0.9, 0.6, 0.0, 0.6, 0.3, 0.9]).double()
    molecules = ["CCO", "CCN", "CCO", None, "CCO", "CCC", "CCN"]
    given = function(values.clone(), list(molecules))
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != values.shape:
        return wrong(say("sharedShape"))
    counts = Counter(molecules)
    often = values.new_tensor([counts[each] for each in molecules])
    seen: Counter[str | None] = Counter()
    so_far = []
    for each in molecules:
        seen[each] += 1
        so_far.append(seen[each])
    for other, words in (
        (values, "sharedNot"),
        (values * often, "sharedTimes"),
        (values / len(values), "sharedAll"),
        (values / values.new_tensor(so_far), "sharedSoFar"),
        (values * (values.new_tensor(so_far) == 1), "sharedFirst"),
        (values / often.sqrt(), "sharedRoot"),
        (values / len(counts), "sharedKinds"),
    ):
        if torch.allclose(given.double(), other):
            return wrong(say(words))
    right = torch.allclose(given.double(), values / often)
    return correct(say("sharedRight")) if right else wrong(say("sharedWrong"))


@check
def own_to_go(function: Callable) -> Feedback:
    """A function (reward (N,), gap (N, T), pull) → Q (N, T): the reward, less pull times the gaps from there on."""
    stream = torch.Generator().manual_seed(0)
    reward, gap = torch.rand(3, generator=stream).double(), torch.randn(3, 4, generator=stream).double()
    pull = 0.5
    given = function(reward.clone(), gap.clone(), pull)
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != gap.shape:
        return wrong(say("toGoShape"))
    ahead = gap.flip(1).cumsum(1).flip(1)
    base = reward[:, None].expand_as(gap)
    for other, words in (
        (base - pull * gap.cumsum(1), "toGoPast"),
        (base - pull * gap, "toGoOne"),
        (base - pull * gap.sum(1, keepdim=True).expand_as(gap), "toGoAll"),
        (base + pull * ahead, "toGoSign"),
        (base - ahead, "toGoNoPull"),
        (base - pull * (ahead - gap), "toGoWithout"),
        (base, "toGoNoGap"),
        (base - pull * gap.flip(1).cumsum(1), "toGoNotTurned"),
        (base - pull * gap.cumsum(1).flip(1), "toGoTurnedOnce"),
    ):
        if torch.allclose(given.double(), other):
            return wrong(say(words))
    return correct(say("toGoRight")) if torch.allclose(given.double(), base - pull * ahead) else wrong(say("toGoWrong"))
