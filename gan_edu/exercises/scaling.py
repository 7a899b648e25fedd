"""Checks of notebook 12_scaling."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor

from gan_edu.exercises import Feedback, check, correct, is_number, not_attempted, sayer, wrong

NETWORKS = (((100, 512, 784), 64), ((784, 96, 32, 1), 20), ((50, 7), 3))  # sizes, batch
COUNTS = (3, 1, 4)  # samples of three processes
STEPS = (  # operations, bytes, throughput, bandwidth
    (2e9, 2e7, 1e12, 5e10),  # 100 operations a byte, the ridge at 20
    (3e8, 6e7, 1e12, 5e10),  # 5, between 1 and the ridge
    (1e7, 2e7, 1e12, 5e10),  # a half
    (2e9, 2e7, 9e14, 3e12),  # the first step where the ridge is at 300
)
RATE, TIMES = 0.001, 80
WEIGHT = (1.0, -1.5, 0.75, 0.1, -0.05, 0.02)  # steps are too small for bfloat16 at the first three
GRADIENT = (0.7, -0.9, -0.6, -0.83, 1.1, -0.57)

say = sayer(__name__)


@check
def own_operations(function: Callable) -> Feedback:
    """A function (sizes, batch) → operations of an MLP's products, forward and for its weights' gradients."""
    given = [function(*network) for network in NETWORKS]
    if any(each is ... for each in given):
        return not_attempted()
    if not all(map(is_number, given)):
        return wrong(say("operationsShape"))
    counts = [_counts(*network) for network in NETWORKS]
    hits = [[_close(each, count) for count, _ in row] for each, row in zip(given, counts, strict=True)]
    right = [hit[0] for hit in hits]
    if all(right):
        return correct(say("operationsRight"))
    for (_, words), *hit in zip(counts[0], *hits, strict=True):
        if all(hit):
            return wrong(say(words))
    if any(right):
        return wrong(say("operationsSome", right=NETWORKS[right.index(True)][0], other=NETWORKS[right.index(False)][0]))
    return wrong(say("operationsWrong"))


def _counts(sizes: Sequence[int], batch: int) -> list[tuple[int, str]]:
    """The right count, then others, each with the name of what is said of it."""
    layers = [a * b for a, b in pairwise(sizes)]
    weights, first, biases = sum(layers), layers[0], sum(sizes[1:])
    right = 2 * batch * (3 * weights - first)
    return [
        (right, "operationsRight"),
        (2 * batch * weights, "operationsForward"),
        (2 * batch * (2 * weights - first), "operationsBackward"),
        (4 * batch * weights, "operationsNoFlow"),
        (right // 2, "operationsHalf"),
        (6 * batch * weights, "operationsInput"),
        (right // batch, "operationsBatch"),
        (2 * batch * (3 * (weights + biases) - first - sizes[1]), "operationsBiases"),
        *((right + times * batch * biases, "operationsBiases") for times in (1, 2, 3, 4, 6)),
    ]


@check
def own_combined(function: Callable) -> Feedback:
    """A function (gradients, counts), lists by process → gradients of the mean over all samples, a list of tensors."""
    gradients, handed = _gradients(), _gradients()
    given = function(handed, list(COUNTS))
    if given is ...:
        return not_attempted()
    if not isinstance(given, list | tuple) or len(given) != len(gradients[0]):
        return wrong(say("combinedShape"))
    if any(not _is_like(each, wanted) for each, wanted in zip(given, gradients[0], strict=True)):
        return wrong(say("combinedShape"))
    for weights, words in _weights():
        if _weighted(given, weights, gradients):
            return wrong(say(words))
    if [[tensor.tolist() for tensor in each] for each in handed] != [[t.tolist() for t in each] for each in gradients]:
        return wrong(say("combinedInPlace"))
    right = _weighted(given, torch.tensor(COUNTS).double() / sum(COUNTS), gradients)
    return correct(say("combinedRight")) if right else wrong(say("combinedWrong"))


def _gradients() -> list[list[Tensor]]:
    """Of two tensors, (2, 3) and (3,), by process."""
    stream = torch.Generator().manual_seed(0)
    return [[torch.randn(*shape, generator=stream).double() for shape in ((2, 3), (3,))] for _ in COUNTS]


def _weights() -> list[tuple[Tensor, str]]:
    """Wrong weights of the processes, each with the name of what is said of it."""
    count, processes = torch.tensor(COUNTS).double(), len(COUNTS)
    return [
        (torch.full_like(count, 1 / processes), "combinedPlain"),
        (torch.ones_like(count), "combinedSum"),
        *((one, "combinedOne") for one in torch.eye(processes).double()),
        (count, "combinedNotDivided"),
        (count / processes, "combinedByProcesses"),
        (torch.full_like(count, 1 / sum(COUNTS)), "combinedNotWeighted"),
    ]


def _weighted(given: Sequence[Tensor], weights: Tensor, gradients: list[list[Tensor]]) -> bool:
    """Whether each tensor is the sum of the processes' ones, so weighted."""
    sums = [torch.tensordot(weights, torch.stack(each), 1) for each in zip(*gradients, strict=True)]
    return all(torch.allclose(one.double(), other) for one, other in zip(given, sums, strict=True))


@check
def own_roof(function: Callable) -> Feedback:
    """A function (operations, bytes, throughput, bandwidth) → (seconds, "products" or "memory"), what sets the pace."""
    given = [function(*step) for step in STEPS]
    if any(each is ... for each in given):
        return not_attempted()
    for each in given:
        if not isinstance(each, tuple | list) or len(each) != 2 or not is_number(each[0]):
            return wrong(say("roofShape"))
        if each[1] not in ("products", "memory"):
            return wrong(say("roofNames"))
    times = [(operations / speed, moved / width) for operations, moved, speed, width in STEPS]
    if words := _wrong_seconds([each[0] for each in given], times):
        return wrong(say(words))
    words = _wrong_names([each[1] == "products" for each in given], [products > memory for products, memory in times])
    return wrong(say(words)) if words else correct(say("roofRight"))


def _wrong_seconds(given: list[float], times: list[tuple[float, float]]) -> str | None:
    """The name of what is said of the seconds, None for the right ones."""
    if all(_close(one, max(both)) for one, both in zip(given, times, strict=True)):
        return None
    for others, words in (
        ([sum(both) for both in times], "roofSum"),
        ([min(both) for both in times], "roofSmaller"),
        ([both[o <= b] for both, (o, b, *_) in zip(times, STEPS, strict=True)], "roofRidge"),
        ([products for products, _ in times], "roofOneTime"),
        ([memory for _, memory in times], "roofOneTime"),
        ([products * memory for products, memory in times], "roofProduct"),
        ([max(o * speed, b * width) for o, b, speed, width in STEPS], "roofMultiplied"),
        ([step[0] / max(both) for step, both in zip(STEPS, times, strict=True)], "roofRate"),
    ):
        if all(_close(one, other) for one, other in zip(given, others, strict=True)):
            return words
    return "roofWrong"


def _wrong_names(given: list[bool], right: list[bool]) -> str | None:
    """The name of what is said of the names, each "products" or not; None for the right ones."""
    if given == right:
        return None
    if len(set(given)) == 1:
        return "roofOneName"
    if given == [not each for each in right]:
        return "roofSwapped"
    return "roofRidge" if given == [o > b for o, b, *_ in STEPS] else "roofWrongName"


@check
def own_learn(function: Callable) -> Feedback:
    """A function (weight, gradient, rate, steps) → bfloat16 weights after so many steps, of which none is lost."""
    weight, gradient = torch.tensor(WEIGHT).bfloat16(), torch.tensor(GRADIENT)
    handed = weight.clone(), gradient.clone()
    given = function(*handed, RATE, TIMES)
    if given is ...:
        return not_attempted()
    if not _is_like(given, weight):
        return wrong(say("learnShape"))
    for other, words in other_ends(weight, gradient):
        if as_near(given, other):
            return wrong(say(words))
    if not as_near(given, weight - TIMES * RATE * gradient):
        return wrong(say("learnWrong"))
    if given.dtype != torch.bfloat16:
        return wrong(say("learnKind", kind=str(given.dtype).removeprefix("torch.")))
    same = torch.equal(handed[0], weight) and torch.equal(handed[1], gradient)
    return correct(say("learnRight")) if same else wrong(say("learnInPlace"))


def other_ends(weight: Tensor, gradient: Tensor) -> list[tuple[Tensor, str]]:
    """Wrong weights, each with the name of what is said of them."""
    way, half = RATE * gradient, gradient.bfloat16()
    return [
        (weight, "learnNothing"),
        (weight - way, "learnOnce"),
        (weight + TIMES * way, "learnSign"),
        (_rounded(weight, lambda w: w - way), "learnRounded"),
        (_rounded(weight, lambda w: w - RATE * half), "learnHalf"),
        (_rounded(weight, lambda w: w - way.bfloat16()), "learnHalf"),
        (_rounded(weight, lambda w: torch.sub(w, half, alpha=RATE)), "learnHalf"),
    ]


def _rounded(weight: Tensor, step: Callable[[Tensor], Tensor]) -> Tensor:
    """What is left after all steps, if each ends in bfloat16."""
    for _ in range(TIMES):
        weight = step(weight).bfloat16()
    return weight


def as_near(one: Tensor, other: Tensor) -> bool:
    """As two bfloat16 numbers are that lie side by side."""
    return torch.allclose(one.float(), other.float(), rtol=2**-7, atol=0)


def _is_like(given: object, wanted: Tensor) -> bool:
    return isinstance(given, Tensor) and given.is_floating_point() and given.shape == wanted.shape


def _close(given: float, value: float) -> bool:
    return math.isclose(float(given), value, rel_tol=1e-5)
