"""Checks of notebook 02_losses."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from gan_edu.exercises import Feedback, check, close, correct, wrong


@check
def two_slopes(saturating: float, non_saturating: float) -> Feedback:
    """∂L_G/∂l of both losses where D(G(z)) = 0.2."""
    if close(saturating, -0.2) and close(non_saturating, -0.8):
        return correct("−σ(l) = −0.2 and −(1 − σ(l)) = −0.8: both raise the logit, the second four times as hard.")
    if close(saturating, -0.8) and close(non_saturating, -0.2):
        return wrong("right numbers, at each other's place: which slope vanishes where D is sure of a fake?")
    if saturating > 0 or non_saturating > 0:
        return wrong("both losses fall as the logit rises, so both slopes are negative: G wants D(G(z)) up.")
    return wrong("with σ(l) = 0.2 the slopes are −σ(l) and −(1 − σ(l)).")


@check
def smoothed_judge(value: float) -> Feedback:
    """D* where p_data = 3 p_g, with the targets 0.9 for real and 0 for fake."""
    if close(value, 0.675):
        return correct("0.9 · 3 / (3 + 1) = 0.675: three quarters, on a scale that ends at 0.9.")
    if close(value, 0.75):
        return wrong("0.75 is D* without smoothing.")
    if close(value, 0.7) or close(value, 0.725):
        return wrong("that smooths the fake labels as well: here β = 0.")
    return wrong("D* = α p_data / (p_data + p_g); put in p_data = 3 p_g.")


@check
def repaired(function: Callable[[Tensor], Tensor]) -> Feedback:
    """−E[0.9 log σ(l) + 0.1 log(1 − σ(l))] as a function of logits (N, 1), finite for any."""
    logits = torch.linspace(-12, 12, 49, dtype=torch.float64)[:, None]
    got = function(logits.clone())
    if got is ...:
        return Feedback(None, "replace the ... by your answer and run the cell again")
    expected = -(0.9 * logsigmoid(logits) + 0.1 * logsigmoid(-logits)).mean()
    if not isinstance(got, Tensor) or got.ndim:
        return wrong("it must return a scalar tensor: a mean over the batch.")
    if not torch.allclose(got, expected):
        return wrong(f"for logits from −12 to 12 the mean is {expected:.4f}, yours is {got:.4f}.")
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        for l in (-1e4, -89.0, -18.0, 18.0, 89.0, 1e4):
            if problem := _unsound(function, l, dtype):
                return wrong(problem)
    return correct("0.9 softplus(−l) + 0.1 softplus(l): no probability is formed, so none can round to 0 or 1.")


def _unsound(function: Callable[[Tensor], Tensor], l: float, dtype: torch.dtype) -> str | None:
    at = torch.tensor([[l]], dtype=dtype, requires_grad=True)
    value = function(at.clone())
    (slope,) = torch.autograd.grad(value, at)
    where = f"at the logit {l:g} in {str(dtype).removeprefix('torch.')}"
    if not value.isfinite() or not slope.isfinite():
        return f"{where} the loss is {value.item():g} and its slope {slope.item():g}."
    expected = torch.tensor(l, dtype=torch.float64).sigmoid().item() - 0.9
    if abs(slope.item() - expected) > 0.01:
        return f"{where} the slope is {slope.item():.3f}, it should be {expected:.3f}: a clamp has eaten it."
    return None


@check
def seventh_divergence(activation: Callable[[Tensor], Tensor], conjugate: Callable[[Tensor], Tensor]) -> Feedback:
    """g_f and f* of f(u) = ½ |u − 1|: the supremum of E_p[T] − E_q[f*(T)] must be the total variation."""
    l = torch.linspace(-8, 8, 321, dtype=torch.float64)
    t, far = activation(l.clone()), torch.logspace(1, 6, 6, dtype=torch.float64)
    if t is ... or (values := conjugate(torch.linspace(-0.5, 0.5, 11, dtype=torch.float64))) is ...:
        return Feedback(None, "replace the ... by your answer and run the cell again")
    if not torch.allclose(values, torch.linspace(-0.5, 0.5, 11, dtype=torch.float64)):
        return wrong("f*(t) = sup over u ≥ 0 of u t − ½ |u − 1|: for −½ ≤ t ≤ ½ the highest point is the corner u = 1.")
    if not t.isfinite().all():
        return wrong(f"the activation is not finite for {int((~t.isfinite()).sum())} of {len(t)} logits from −8 to 8.")
    far_t = activation(torch.cat([-far, far]))  # some come near ±½ slowly
    ends = torch.cat([t, far_t[far_t.isfinite()]])
    if ends.abs().max() > 0.5 + 1e-12:
        return wrong(f"the activation reaches {ends.abs().max():.2f}; beyond ±½ the sup is infinite, or no longer t.")
    if (t.diff() < 0).any():
        return wrong("the activation must rise with the logit, so that a larger logit still means more real.")
    if (t[l.abs() < 1.5].diff() == 0).any():  # further out a float may round to ±½
        return wrong("the activation must rise at every logit: where it is flat, neither player has a slope.")
    p, q = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.1, 0.3, 0.6])
    best = sum(
        torch.cat([pi * at - qi * conjugate(at.clone()) for at in (t, ends)]).max().item()
        for pi, qi in zip(p, q, strict=True)
    )
    if not close(best, 0.4):
        return wrong(
            f"for p = (0.5, 0.3, 0.2) and q = (0.1, 0.3, 0.6) the best D reaches {best:.3f}, but the total "
            "variation is 0.4: the activation must come near −½ and ½."
        )
    return correct(
        "f*(t) = t on [−½, ½], and g_f(l) = ½ tanh(l), say: E_p[T] − E_q[T] with |T| ≤ ½ is at most TV. So "
        "the hinge loss is not the only one that measures total variation."
    )
