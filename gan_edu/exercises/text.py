"""Checks of notebook 14_text."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.exercises import Feedback, check, correct, not_attempted, sayer, wrong

say = sayer(__name__)


@check
def own_gradient(function: Callable) -> Feedback:
    """A function (logits (K,), rewards (K,)) → the gradient of a bandit's expected reward by the logits, (K,)."""
    logits, rewards = torch.tensor([0.3, -1.0, 0.8, 0.1]).double(), torch.tensor([1.0, 4.0, -2.0, 0.5]).double()
    given = function(logits.clone(), rewards.clone())
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != logits.shape:
        return wrong(say("gradientShape"))
    p = logits.softmax(0)
    mean = (p * rewards).sum()
    right = p * (rewards - mean)
    for other, words in (
        (p * rewards, "gradientNoMean"),
        (p * (rewards - rewards.mean()), "gradientPlainMean"),
        (rewards - mean, "gradientNoShare"),
        (-right, "gradientSign"),
        (logits * (rewards - (logits * rewards).sum()), "gradientLogits"),
        (rewards, "gradientRewards"),
        (p, "gradientShares"),
    ):
        if torch.allclose(given.double(), other):
            return wrong(say(words))
    return correct(say("gradientRight")) if torch.allclose(given.double(), right) else wrong(say("gradientWrong"))


@check
def own_loss(function: Callable) -> Feedback:
    """A function (log_p, value, on), each (N, T) → the loss whose slope is REINFORCE's, with a baseline a place."""
    stream = torch.Generator().manual_seed(0)
    log_p, value = torch.randn(2, 4, 3, generator=stream).double()
    log_p, value = -log_p.abs(), value.sigmoid()
    on = torch.tensor([[1.0, 1, 1], [1, 1, 0], [1, 0, 0], [1, 1, 0]]).double()
    learned = log_p.clone().requires_grad_()
    given = function(learned, value.clone(), on.clone())
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.numel() != 1:
        return wrong(say("lossShape"))
    base = (value * on).sum(0) / on.sum(0)
    right = -((value - base) * log_p * on).sum() / len(log_p)
    found = given.detach().double().reshape(())
    for other, words in (
        (-right, "lossSign"),
        (-(value * log_p * on).sum() / len(log_p), "lossNoBaseline"),
        (-((value - value.mean(0)) * log_p * on).sum() / len(log_p), "lossBaselineOfAll"),
        (-((value - (value * on).sum() / on.sum()) * log_p * on).sum() / len(log_p), "lossOneBaseline"),
        (-((value - value.mean()) * log_p * on).sum() / len(log_p), "lossOneBaseline"),
        (-((value - base) * log_p).sum() / len(log_p), "lossAfterTheEnd"),
        (-((value - value.mean(0)) * log_p).sum() / len(log_p), "lossAfterTheEnd"),
        (right / log_p.shape[1], "lossMean"),
        (right * len(log_p) / on.sum(), "lossMean"),
        (right * len(log_p), "lossSum"),
        (-((value - base) * log_p.exp() * on).sum() / len(log_p), "lossNoLog"),
    ):
        if torch.isclose(found, other):
            return wrong(say(words))
    if not torch.isclose(found, right):
        return wrong(say("lossWrong"))
    return correct(say("lossRight")) if given.requires_grad else wrong(say("lossNoGraph"))


@check
def own_gumbel(function: Callable) -> Feedback:
    """A function (logits (N, V), u (N, V) uniform in (0, 1), temperature) → a Gumbel-softmax, (N, V)."""
    stream = torch.Generator().manual_seed(0)
    logits, u = torch.randn(5, 4, generator=stream).double(), torch.rand(5, 4, generator=stream).double()
    given = function(logits.clone(), u.clone(), 0.7)
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != logits.shape:
        return wrong(say("gumbelShape"))
    g = -(-u.log()).log()
    for other, words in (
        (((logits + u) / 0.7).softmax(1), "gumbelUniform"),
        (((logits - g) / 0.7).softmax(1), "gumbelSign"),
        ((logits + g).softmax(1), "gumbelNoTemperature"),
        (((logits + g) * 0.7).softmax(1), "gumbelMultiplied"),
        ((logits / 0.7 + g).softmax(1), "gumbelOnlyLogits"),
        ((logits / 0.7).softmax(1), "gumbelNoNoise"),
        ((logits + g) / 0.7, "gumbelNoSoftmax"),
        (((logits.softmax(1) + g) / 0.7).softmax(1), "gumbelShares"),
        (((logits + g) / 0.7).softmax(0), "gumbelDimension"),
    ):
        if torch.allclose(given.double(), other):
            return wrong(say(words))
    right = torch.allclose(given.double(), ((logits + g) / 0.7).softmax(1))
    return correct(say("gumbelRight")) if right else wrong(say("gumbelWrong"))


@check
def own_divergence(function: Callable) -> Feedback:
    """A function (p (K,), q (K,)), shares with the sum 1, → their Jensen–Shannon divergence in bits, one number."""
    p, q = torch.tensor([0.5, 0.25, 0.25, 0, 0]).double(), torch.tensor([0.1, 0.4, 0, 0.5, 0]).double()
    given = function(p.clone(), q.clone())
    if given is ...:
        return not_attempted()
    if isinstance(given, Tensor) and given.numel() == 1:
        given = given.item()
    if not isinstance(given, int | float):
        return wrong(say("divergenceShape"))
    if not math.isfinite(given):
        return wrong(say("divergenceNaN" if math.isnan(given) else "divergenceInfinite"))
    m = ((p + q) / 2).clamp(min=1e-300)
    left, right = (torch.special.xlogy(each, each / m).sum().item() / math.log(2) for each in (p, q))
    true = (left + right) / 2
    for other, words in (
        (true * math.log(2), "divergenceNats"),
        (math.sqrt(true), "divergenceRoot"),
        (left, "divergenceOneSide"),
        (right, "divergenceOneSide"),
        (left + right, "divergenceNoHalf"),
        (-true, "divergenceSign"),
    ):
        if math.isclose(given, other, rel_tol=1e-5):
            return wrong(say(words))
    return correct(say("divergenceRight")) if math.isclose(given, true, rel_tol=1e-5) else wrong(say("divergenceWrong"))
