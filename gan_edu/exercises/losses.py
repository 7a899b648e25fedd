"""Checks of notebook 02_losses."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from gan_edu.exercises import Feedback, check, close, correct, not_attempted, sayer, wrong

say = sayer(__name__)


@check
def two_slopes(saturating: float, non_saturating: float) -> Feedback:
    """∂L_G/∂l of both losses where D(G(z)) = 0.2."""
    if close(saturating, -0.2) and close(non_saturating, -0.8):
        return correct(say("slopesRight"))
    if close(saturating, -0.8) and close(non_saturating, -0.2):
        return wrong(say("slopesSwapped"))
    if saturating > 0 or non_saturating > 0:
        return wrong(say("slopesPositive"))
    return wrong(say("slopesFormulas"))


@check
def smoothed_judge(value: float) -> Feedback:
    """D* where p_data = 3 p_g, with the targets 0.9 for real and 0 for fake."""
    if close(value, 0.675):
        return correct(say("smoothedRight"))
    if close(value, 0.75):
        return wrong(say("smoothedWithout"))
    if close(value, 0.7) or close(value, 0.725):
        return wrong(say("smoothedFakesToo"))
    return wrong(say("smoothedFormula"))


@check
def repaired(function: Callable[[Tensor], Tensor]) -> Feedback:
    """−E[0.9 log σ(l) + 0.1 log(1 − σ(l))] as a function of logits (N, 1), finite for any."""
    logits = torch.linspace(-12, 12, 49, dtype=torch.float64)[:, None]
    got = function(logits.clone())
    if got is ...:
        return not_attempted()
    expected = -(0.9 * logsigmoid(logits) + 0.1 * logsigmoid(-logits)).mean()
    if not isinstance(got, Tensor) or got.ndim:
        return wrong(say("repairedNoScalar"))
    if not torch.allclose(got, expected):
        return wrong(say("repairedMean", expected=f"{expected:.4f}", got=f"{got:.4f}"))
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        for l in (-1e4, -89.0, -18.0, 18.0, 89.0, 1e4):
            if problem := _unsound(function, l, dtype):
                return wrong(problem)
    return correct(say("repairedRight"))


def _unsound(function: Callable[[Tensor], Tensor], l: float, dtype: torch.dtype) -> str | None:
    at = torch.tensor([[l]], dtype=dtype, requires_grad=True)
    value = function(at.clone())
    (slope,) = torch.autograd.grad(value, at)
    where = say("atLogit", logit=f"{l:g}", dtype=str(dtype).removeprefix("torch."))
    if not value.isfinite() or not slope.isfinite():
        return say("notFinite", where=where, loss=f"{value.item():g}", slope=f"{slope.item():g}")
    expected = torch.tensor(l, dtype=torch.float64).sigmoid().item() - 0.9
    if abs(slope.item() - expected) > 0.01:
        return say("clampedSlope", where=where, slope=f"{slope.item():.3f}", expected=f"{expected:.3f}")
    return None


@check
def seventh_divergence(activation: Callable[[Tensor], Tensor], conjugate: Callable[[Tensor], Tensor]) -> Feedback:
    """g_f and f* of f(u) = ½ |u − 1|: the supremum of E_p[T] − E_q[f*(T)] must be the total variation."""
    l = torch.linspace(-8, 8, 321, dtype=torch.float64)
    t, far = activation(l.clone()), torch.logspace(1, 6, 6, dtype=torch.float64)
    if t is ... or (values := conjugate(torch.linspace(-0.5, 0.5, 11, dtype=torch.float64))) is ...:
        return not_attempted()
    if not torch.allclose(values, torch.linspace(-0.5, 0.5, 11, dtype=torch.float64)):
        return wrong(say("conjugateWrong"))
    if not t.isfinite().all():
        return wrong(say("activationNotFinite", lost=int((~t.isfinite()).sum()), all=len(t)))
    far_t = activation(torch.cat([-far, far]))  # some come near ±½ slowly
    ends = torch.cat([t, far_t[far_t.isfinite()]])
    if ends.abs().max() > 0.5 + 1e-12:
        return wrong(say("activationTooFar", reach=f"{ends.abs().max():.2f}"))
    if (t.diff() < 0).any():
        return wrong(say("activationFalls"))
    if (t[l.abs() < 1.5].diff() == 0).any():  # further out a float may round to ±½
        return wrong(say("activationFlat"))
    p, q = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.1, 0.3, 0.6])
    best = sum(
        torch.cat([pi * at - qi * conjugate(at.clone()) for at in (t, ends)]).max().item()
        for pi, qi in zip(p, q, strict=True)
    )
    if not close(best, 0.4):
        return wrong(say("supremumTooLow", best=f"{best:.3f}"))
    return correct(say("totalVariationRight"))
