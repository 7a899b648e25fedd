"""Checks of notebook 15_translation."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.core.measures.lexicons import cosines, procrustes
from gan_edu.exercises import Feedback, check, correct, not_attempted, sayer, wrong

say = sayer(__name__)


def _stream() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def _number(given: object, count: int) -> bool:
    return isinstance(given, Tensor) and given.numel() == count


@check
def own_undone(function: Callable) -> Feedback:
    """A function (key (27,)) → the key that undoes it, a permutation (27,)."""
    key = torch.randperm(27, generator=_stream())
    given = function(key.clone())
    if given is ...:
        return not_attempted()
    if not _number(given, 27) or given.is_floating_point():
        return wrong(say("undoneShape"))
    found, symbols = given.flatten().long(), torch.arange(27)
    if torch.equal(found, key):
        return wrong(say("undoneSame"))
    if torch.equal(found, key.flip(0)):
        return wrong(say("undoneFlipped"))
    if torch.equal(found, -key % 27):
        return wrong(say("undoneShift"))
    if not torch.equal(found.sort().values, symbols):
        return wrong(say("undoneTwice"))
    return correct(say("undoneRight")) if torch.equal(found[key], symbols) else wrong(say("undoneWrong"))


@check
def own_straight_through(function: Callable) -> Feedback:
    """A function (logits (N, K)) → one-hot rows of the largest, with the gradient of the softmax."""
    logits = torch.randn(6, 5, generator=_stream()).double().requires_grad_()
    value = torch.randn(6, 5, generator=_stream().manual_seed(1)).double()
    given = function(logits)
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != logits.shape:
        return wrong(say("straightShape"))
    soft = logits.softmax(1)
    hard = torch.zeros_like(soft).scatter_(1, logits.argmax(1, keepdim=True), 1.0)
    seen = given.detach().double()
    if torch.allclose(seen, soft.detach()):
        return wrong(say("straightSoft"))
    if torch.allclose(seen, hard - soft.detach()) or torch.allclose(seen, hard + soft.detach()):
        return wrong(say("straightDetach"))
    if not torch.allclose(seen, hard.detach(), atol=1e-6):
        return wrong(say("straightSeen"))
    if not given.requires_grad:
        return wrong(say("straightNoGraph"))
    (found,) = torch.autograd.grad((given * value).sum(), logits, allow_unused=True, materialize_grads=True)
    (right,) = torch.autograd.grad((soft * value).sum(), logits)
    if not found.any():
        return wrong(say("straightNoGraph"))
    return correct(say("straightRight")) if torch.allclose(found, right) else wrong(say("straightGradient"))


@check
def own_procrustes(function: Callable) -> Feedback:
    """A function (x (N, d), y (N, d)) → the rotation W (d, d) with the least ‖x W − y‖."""
    x, y = torch.randn(2, 40, 4, generator=_stream()).double().unbind(0)
    y = x @ torch.linalg.qr(torch.randn(4, 4, generator=_stream()).double())[0] + 0.3 * y
    given = function(x.clone(), y.clone())
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != (4, 4):
        return wrong(say("procrustesShape"))
    found, right = given.detach().double(), procrustes(x, y)
    u, _, v = torch.linalg.svd(x.T @ y)
    others = {
        "procrustesBack": right.T,
        "procrustesLeast": torch.linalg.lstsq(x, y).solution,
        "procrustesProduct": x.T @ y,
        "procrustesV": u @ v.T,
    }
    for words, other in others.items():
        if torch.allclose(found, other):
            return wrong(say(words))
    return correct(say("procrustesRight")) if torch.allclose(found, right) else wrong(say("procrustesWrong"))


@check
def own_csls(function: Callable) -> Feedback:
    """A function (cos (N, M), k) → 2 cos − r(x) − r(y), (N, M), r the mean of the k largest of a row or column."""
    cos, k = cosines(torch.randn(7, 3, generator=_stream()), torch.randn(5, 3, generator=_stream())).double(), 2
    given = function(cos.clone(), k)
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != cos.shape:
        return wrong(say("cslsShape"))
    found = given.detach().double()
    row, column = cos.topk(k, 1).values.mean(1, keepdim=True), cos.topk(k, 0).values.mean(0, keepdim=True)
    others = {
        "cslsCosine": (cos, 2 * cos),
        "cslsOne": (2 * cos - row, 2 * cos - column, cos - row, cos - column),
        "cslsTwo": (cos - row - column,),
        "cslsSum": (2 * cos - k * row - k * column,),
        "cslsAll": (2 * cos - cos.mean(1, keepdim=True) - cos.mean(0, keepdim=True),),
        "cslsSign": (2 * cos + row + column,),
    }
    for words, known in others.items():
        if any(torch.allclose(found, other) for other in known):
            return wrong(say(words))
    right = 2 * cos - row - column
    return correct(say("cslsRight")) if torch.allclose(found, right) else wrong(say("cslsWrong"))
