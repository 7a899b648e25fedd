"""Checks of notebook 06_convergence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

import torch
from torch import Tensor

from gan_edu.convergence import critical_gamma, dirac, field, jacobian, spectral_radius
from gan_edu.core.games.field import Field, as_tensors
from gan_edu.exercises import Feedback, check, close, correct, not_attempted, sayer, wrong

PLACES = ((1.0, 1.0), (-0.5, 2.0), (0.3, -1.2))  # (θ, ψ)

say = sayer(__name__)


@check
def critical(gamma: float) -> Feedback:
    """The γ of R1 from which on the eigenvalues are real: the Dirac-GAN of the loss −(t − 1)² / 2, with f'(0) = 1."""
    if close(gamma, critical_gamma("WGAN")):
        return correct(say("criticalRight"))
    if close(gamma, critical_gamma("GAN")):
        return wrong(say("criticalOfGan"))
    if close(gamma, 0.5) or close(gamma, 4):
        return wrong(say("criticalMindTheFour"))
    return wrong(say("criticalRootIsZero"))


@check
def largest_step(step: float) -> Feedback:
    """The step below which simultaneous steps come in near (0, 0): GAN + R1 with γ = 0.3."""
    if close(step, 1.2):
        return correct(say("largestStepRight"))
    if close(step, 0.6):
        return wrong(say("largestStepHalf"))
    if close(step, 2 / 0.15, 0.01):
        return wrong(say("largestStepImaginary"))
    v = field(dirac("GAN", "R1", 0.3))
    radius = spectral_radius(torch.eye(2) + float(step) * jacobian(v, 0.0, 0.0))
    return wrong(say("largestStepRadius", step=f"{float(step):g}", radius=f"{radius:.4f}"))


@check
def who_converges(gan: bool, wgan: bool, gan_r1: bool) -> Feedback:
    """Does the flow come in from all starts near the equilibrium? GAN and WGAN on a Gaussian, Dirac-GAN with R1."""
    answers, right = (gan, wgan, gan_r1), (True, False, True)
    if answers == right:
        return correct(say("whoConvergesRight"))
    reasons = (
        say("whoConvergesGan"),
        say("whoConvergesWgan"),
        say("whoConvergesR1"),
    )
    return wrong(next(reason for ours, good, reason in zip(answers, right, reasons, strict=True) if ours != good))


@check
def own_extra_gradient(function: Callable) -> Feedback:
    """A function (v, theta, psi, h) → (theta, psi) that takes one extra-gradient step."""
    v, h = field(dirac()), 0.3
    for place in PLACES:
        theta, psi = as_tensors(*place)
        given = function(v, *deepcopy((theta, psi)), h)
        if given is ...:
            return not_attempted()
        found = torch.stack(as_tensors(*given))
        ahead = _moved(v, (theta, psi), (theta, psi), h)
        if torch.allclose(found, torch.stack(_moved(v, (theta, psi), ahead, h)), atol=1e-9):
            continue
        if torch.allclose(found, torch.stack(ahead), atol=1e-9):
            return wrong(say("extraGradientLookOnly"))
        if torch.allclose(found, torch.stack(_moved(v, ahead, ahead, h)), atol=1e-9):
            return wrong(say("extraGradientTwoSteps"))
        return wrong(say("extraGradientElsewhere", place=place, h=h, theta=f"{found[0]:.4f}", psi=f"{found[1]:.4f}"))
    return correct(say("extraGradientRight"))


def _moved(v: Field, start: Sequence[Tensor], look: Sequence[Tensor], h: float) -> tuple[Tensor, ...]:
    """`start` moved by h times the field at `look`."""
    return tuple(place + h * pull for place, pull in zip(start, v(*look), strict=True))
