"""Chapter 12's exercises: right answers pass, wrong and open ones do not, and are told what is wrong."""

import json
import math
import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

import gan_edu
from gan_edu.exercises import Feedback, scaling as exercises

CHECKS = [exercises.own_operations, exercises.own_combined, exercises.own_roof, exercises.own_learn]


def operations(forward=1, weights=1, flow=1, first=0, two=2, biases=0, batched=True):
    """2 B (P + P + P − P₁), of which each part may be left out."""

    def count(sizes, batch):
        layers = [(a + biases) * b for a, b in pairwise(sizes)]
        products = (forward + weights) * sum(layers) + flow * sum(layers[1:]) + first * layers[0]
        return two * products * (batch if batched else 1)

    return count


def with_biases(times):
    return lambda sizes, batch: operations()(sizes, batch) + times * batch * sum(sizes[1:])


def two_layers(sizes, batch):
    a, b, c = sizes[0], sizes[1], sizes[-1]
    return 2 * batch * (2 * a * b + 3 * b * c)


def combined(weights=lambda counts: [count / sum(counts) for count in counts], kind=list):
    def put(gradients, counts):
        return kind(
            sum(w * each for w, each in zip(weights(counts), of, strict=True)) for of in zip(*gradients, strict=True)
        )

    return put


def combined_in_place(gradients, counts):
    for process, count in zip(gradients, counts, strict=True):
        for tensor in process:
            tensor.mul_(count / sum(counts))
    return [sum(of) for of in zip(*gradients, strict=True)]


def onto_the_first(gradients, counts):
    for process, count in zip(gradients[1:], counts[1:], strict=True):
        for total, tensor in zip(gradients[0], process, strict=True):
            total += count / sum(counts) * tensor
    return gradients[0]


def roof(seconds=max, name=lambda products, memory: products > memory, words=("memory", "products")):
    def of(operations, bytes, throughput, bandwidth):
        times = operations / throughput, bytes / bandwidth
        return seconds(*times), words[name(*times)]

    return of


def by_one(operations, bytes, throughput, bandwidth):
    """What is named by operations against bytes; the seconds are those of the name."""
    if operations / bytes > 1:
        return operations / throughput, "products"
    return bytes / bandwidth, "memory"


def named_by_one(operations, bytes, throughput, bandwidth):
    return roof()(operations, bytes, throughput, bandwidth)[0], "products" if operations > bytes else "memory"


def multiplied(operations, bytes, throughput, bandwidth):
    return max(operations * throughput, bytes * bandwidth), "products"


def rate(operations, bytes, throughput, bandwidth):
    return min(throughput, operations / bytes * bandwidth), roof()(operations, bytes, throughput, bandwidth)[1]


def learned(sign=-1, copy=torch.Tensor.float, kind=torch.bfloat16, more=0, each=lambda weight: weight):
    def learn(weight, gradient, rate, steps):
        weight = copy(weight)
        for _ in range(steps + more):
            weight = each(weight + sign * rate * gradient)
        return weight.to(kind)

    return learn


def in_half(step):
    def learn(weight, gradient, rate, steps):
        gradient = gradient.bfloat16()
        for _ in range(steps):
            weight = step(weight, gradient, rate)
        return weight

    return learn


def below(weight, gradient, rate, steps):
    """The tensor that was given is what is changed in each step."""
    for _ in range(steps):
        weight -= rate * gradient
    return weight


def written_back(weight, gradient, rate, steps):
    return weight.copy_(learned()(weight, gradient, rate, steps))


def scaled_gradient(weight, gradient, rate, steps):
    return (weight - gradient.mul_(rate) * steps).bfloat16()


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.own_operations(operations()),
        lambda: exercises.own_operations(lambda sizes, batch: float(operations()(sizes, batch))),
        lambda: exercises.own_operations(lambda sizes, batch: torch.tensor(operations()(sizes, batch))),
        lambda: exercises.own_operations(lambda sizes, batch: np.int64(operations()(sizes, batch))),
        lambda: exercises.own_combined(combined()),
        lambda: exercises.own_combined(combined(kind=tuple)),
        lambda: exercises.own_combined(combined(lambda counts: torch.tensor(counts) / sum(counts))),
        lambda: exercises.own_roof(roof()),
        lambda: exercises.own_roof(lambda *step: list(roof()(*step))),
        lambda: exercises.own_learn(learned()),
        lambda: exercises.own_learn(learned(copy=torch.Tensor.double)),
        lambda: exercises.own_learn(learned(copy=torch.Tensor.clone)),  # bfloat16 and float32 together are float32
        lambda: exercises.own_learn(lambda w, gradient, rate, steps: (w - steps * rate * gradient).bfloat16()),
    ],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


@pytest.mark.parametrize("check", CHECKS)
def test_open_answers_are_called_open(check):
    for answer in (..., lambda *given: ...):
        assert check(answer).correct is None and "not attempted yet" in repr(check(answer))


@pytest.mark.parametrize(
    "answer, words",
    [
        (operations(weights=0, flow=0), "forward pass alone"),
        (operations(forward=0), "way back alone"),
        (operations(flow=0), "what flows back"),
        (operations(two=1), "half as much"),
        (operations(first=1), "a product too many"),
        (operations(batched=False), "for one sample"),
        (operations(biases=1), "leave the biases out"),
        *((with_biases(times), "leave the biases out") for times in (1, 2, 3, 4, 6)),
        (two_layers, r"right for the sizes \(100, 512, 784\), another number for \(784, 96, 32, 1\)"),
        (operations(two=3), "another number. Try sizes"),
        (lambda sizes, batch: math.nan, "another number. Try sizes"),
        (lambda sizes, batch: -operations()(sizes, batch), "another number. Try sizes"),
        (lambda sizes, batch: None, "one number"),
        (lambda sizes, batch: "many", "one number"),
        (lambda sizes, batch: [a * b for a, b in pairwise(sizes)], "one number"),
    ],
)
def test_wrong_counts_are_told_what_is_wrong(answer, words):
    refused(exercises.own_operations(answer), words)


@pytest.mark.parametrize(
    "answer, words",
    [
        (combined(lambda counts: [1 / len(counts)] * len(counts)), "the plain mean"),
        (combined(lambda counts: [1] * len(counts)), "that is the sum"),
        (lambda gradients, counts: gradients[0], "one process's gradient"),
        (lambda gradients, counts: gradients[-1], "one process's gradient"),
        (combined(lambda counts: counts), "divide by the sum of the counts"),
        (combined(lambda counts: [count / len(counts) for count in counts]), "not by that of processes"),
        (combined(lambda counts: [1 / sum(counts)] * len(counts)), "multiply it by its count"),
        (combined_in_place, "Make new tensors"),
        (onto_the_first, "Make new tensors"),
        (combined(lambda counts: [1 / count for count in counts]), "other numbers than Σ"),
        (combined(lambda counts: [math.nan for _ in counts]), "other numbers than Σ"),
        (lambda gradients, counts: combined()(gradients, counts)[:1], "must be a list of tensors"),
        (lambda gradients, counts: [each[:1] for each in combined()(gradients, counts)], "must be a list of tensors"),
        (lambda gradients, counts: [each.tolist() for each in combined()(gradients, counts)], "list of tensors"),
        (lambda gradients, counts: combined()(gradients, counts)[0], "must be a list of tensors"),
        (lambda gradients, counts: [each.int() for each in combined()(gradients, counts)], "list of tensors"),
        (lambda gradients, counts: gradients, "must be a list of tensors"),
        (lambda gradients, counts: None, "must be a list of tensors"),
        (lambda gradients, counts: "ab", "must be a list of tensors"),
    ],
)
def test_wrong_gradients_are_told_what_is_wrong(answer, words):
    refused(exercises.own_combined(answer), words)


@pytest.mark.parametrize(
    "answer, words",
    [
        (roof(lambda *times: sum(times)), "that is the sum"),
        (roof(min), "the smaller time"),
        (roof(lambda products, memory: products), "always the same one"),
        (roof(lambda products, memory: memory), "always the same one"),
        (roof(lambda products, memory: products * memory), "two times by each other"),
        (multiplied, r"\*divided\*"),
        (rate, "Seconds are asked for"),
        (roof(words=("products", "memory")), "names are swapped"),
        (by_one, "a ridge of its own"),
        (named_by_one, "a ridge of its own"),
        (roof(words=("memory", "memory")), "the name is always the same"),
        (roof(words=("products", "products")), "the name is always the same"),
        (lambda *step: (roof()(*step)[0], "products" if step[0] / step[1] > 20 else "memory"), "not all names"),
        (roof(lambda *times: 2 * max(times)), "other seconds"),
        (roof(lambda *times: math.nan), "other seconds"),
        (roof(words=("Bytes", "Operations")), 'must be "products" or "memory"'),
        (roof(words=(None, None)), 'must be "products" or "memory"'),
        (lambda *step: roof()(*step)[0], "two things"),
        (lambda *step: roof()(*step)[::-1], "two things"),
        (lambda *step: (*roof()(*step), 0.1), "two things"),
        (lambda *step: ("1.0", "memory"), "two things"),
        (lambda *step: None, "two things"),
        (lambda *step: "memory", "two things"),
    ],
)
def test_wrong_roofs_are_told_what_is_wrong(answer, words):
    refused(exercises.own_roof(answer), words)


@pytest.mark.parametrize(
    "answer, words",
    [
        (in_half(lambda w, gradient, rate: w - rate * gradient), "all is done in bfloat16"),
        (in_half(lambda w, gradient, rate: torch.sub(w, gradient, alpha=rate)), "all is done in bfloat16"),
        (learned(each=torch.Tensor.bfloat16), "you round after each step"),
        (below, "you round after each step"),
        (learned(1), "it climbs"),
        (learned(1, kind=torch.float32), "it climbs"),
        (lambda w, gradient, rate, steps: learned()(w, gradient, rate, 1), "that is one step"),
        (lambda w, gradient, rate, steps: w - rate * gradient, "that is one step"),
        (lambda w, gradient, rate, steps: w, "nothing has moved"),
        (learned(kind=torch.float32), "they are float32"),
        (learned(kind=torch.float16), "they are float16"),
        (written_back, "Work on a copy"),
        (scaled_gradient, "Work on a copy"),
        (learned(more=-1), "other numbers than weight"),
        (learned(more=1), "other numbers than weight"),
        (learned(each=lambda w: w * math.nan), "other numbers than weight"),
        (lambda *given: learned()(*given)[:2], "the shape of the weights"),
        (lambda *given: learned()(*given).tolist(), "the shape of the weights"),
        (lambda *given: learned(kind=torch.int32)(*given), "the shape of the weights"),
        (lambda *given: None, "the shape of the weights"),
        (lambda *given: "bfloat16", "the shape of the weights"),
    ],
)
def test_wrong_steps_are_told_what_is_wrong(answer, words):
    refused(exercises.own_learn(answer), words)


def refused(found, words):
    assert isinstance(found, Feedback) and found.correct is False and re.search(words, found.text), found


@pytest.mark.parametrize("check", CHECKS)
def test_what_cannot_be_used_is_told_so(check):
    refused(check("text"), "the function itself")
    refused(check(math.nan), "the function itself")
    refused(check(lambda *given: 1 / 0), "your function stops with ZeroDivisionError")
    refused(check(lambda: 1), "cannot be used|your function stops")
    assert check(None).correct is None


def test_the_count_is_what_torch_counts():
    """One forward pass and the gradients of the weights, for each network that the check asks for."""
    from torch.utils.flop_counter import FlopCounterMode

    for sizes, batch in exercises.NETWORKS:
        layers = torch.nn.Sequential(*(torch.nn.Linear(a, b) for a, b in pairwise(sizes)))
        with FlopCounterMode(display=False) as counter:
            layers(torch.randn(batch, sizes[0])).sum().backward()
        assert counter.get_total_flops() == operations()(sizes, batch)


def test_the_weighted_gradient_is_that_of_all_samples():
    """Which the plain mean is not, as counts differ."""
    torch.manual_seed(0)
    D, x = torch.nn.Linear(3, 1).double(), torch.randn(sum(exercises.COUNTS), 3).double()

    def gradient(samples):
        return torch.autograd.grad(torch.nn.functional.softplus(D(samples)).mean(), list(D.parameters()))

    parts = [list(gradient(part)) for part in x.split(exercises.COUNTS)]
    found = combined()(parts, exercises.COUNTS)
    assert all(torch.allclose(one, whole) for one, whole in zip(found, gradient(x), strict=True))
    assert not torch.allclose(combined(lambda counts: [1 / 3] * 3)(parts, exercises.COUNTS)[0], gradient(x)[0])


def test_steps_are_lost_where_the_check_says_so():
    """By a half of the gap to the neighbours; what is right is far from what is wrong, and from a tie."""
    weight, gradient = torch.tensor(exercises.WEIGHT).bfloat16(), torch.tensor(exercises.GRADIENT)
    step = exercises.RATE * gradient
    assert ((weight - step).bfloat16() == weight).tolist() == [True] * 3 + [False] * 3
    right = weight.double() - exercises.TIMES * exercises.RATE * gradient.double()
    assert torch.equal(right.bfloat16(), learned()(weight, gradient, exercises.RATE, exercises.TIMES))
    others = exercises.other_ends(weight, gradient)
    assert not any(exercises.as_near(right, other) for other, _ in others)
    for (one, words), (other, others_words) in combinations(others, 2):
        assert words == others_words or not exercises.as_near(one, other), (words, others_words)


def test_both_languages_have_all_its_words():
    english, chinese = (
        json.loads((Path(gan_edu.__file__).parent / "words" / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("en", "zh")
    )
    assert english["exercises"]["scaling"].keys() == chinese["exercises"]["scaling"].keys()
