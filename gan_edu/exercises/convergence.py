"""Checks of notebook 06_convergence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

import torch
from torch import Tensor

from gan_edu.convergence import critical_gamma, dirac, field, jacobian, spectral_radius
from gan_edu.core.games.field import Field, as_tensors
from gan_edu.exercises import Feedback, check, close, correct, wrong

PLACES = ((1.0, 1.0), (-0.5, 2.0), (0.3, -1.2))  # (θ, ψ)


@check
def critical(gamma: float) -> Feedback:
    """The γ of R1 from which on the eigenvalues are real: the Dirac-GAN of the loss −(t − 1)² / 2, with f'(0) = 1."""
    if close(gamma, critical_gamma("WGAN")):
        return correct(
            "γ = 2 |f'(0)| = 2: the root √(γ²/4 − f'(0)²) is 0, both eigenvalues are −1. No f'' enters, "
            "because all data lie at 0, where D is 0 whatever ψ is."
        )
    if close(gamma, critical_gamma("GAN")):
        return wrong("1 is critical for the GAN, whose f'(0) is ½; here f'(t) = 1 − t, so f'(0) = 1.")
    if close(gamma, 0.5) or close(gamma, 4):
        return wrong("solve γ²/4 = f'(0)²: mind the square and the 4.")
    return wrong("the eigenvalues −γ/2 ± √(γ²/4 − f'(0)²) become real where the root is 0.")


@check
def largest_step(step: float) -> Feedback:
    """The step below which simultaneous steps come in near (0, 0): GAN + R1 with γ = 0.3."""
    if close(step, 1.2):
        return correct("|1 + hλ|² = 1 + 2h Re λ + h² |λ|² < 1 for h < −2 Re λ / |λ|² = 0.3 / 0.25 = 1.2.")
    if close(step, 0.6):
        return wrong("half of it: |1 + hλ|² = 1 + 2h Re λ + h² |λ|², and the 2 stays.")
    if close(step, 2 / 0.15, 0.01):
        return wrong("that would be right for a real λ = −0.15; this λ has an imaginary part as well.")
    v = field(dirac("GAN", "R1", 0.3))
    radius = spectral_radius(torch.eye(2) + float(step) * jacobian(v, 0.0, 0.0))
    return wrong(
        f"with h = {float(step):g} the largest |μ| of a round is {radius:.4f}; it is to be 1, at the one "
        "step h > 0 where |1 + hλ| = 1."
    )


@check
def who_converges(gan: bool, wgan: bool, gan_r1: bool) -> Feedback:
    """Does the flow come in from all starts near the equilibrium? GAN and WGAN on a Gaussian, Dirac-GAN with R1."""
    answers, right = (gan, wgan, gan_r1), (True, False, True)
    if answers == right:
        return correct(
            "over spread data D feels that f bends (f'' < 0), which brakes; WGAN's flow runs backwards for "
            "−ψ, so that as much goes out as comes in; R1 brakes even where all data lie at 0."
        )
    reasons = (
        "D is not 0 all over the data, so L bends down in ψ, as f''(0) < 0. That brakes D: all λ lie left of 0.",
        "WGAN's L is linear in ψ: with −ψ for ψ its flow runs backwards in time, so that as much goes out as "
        "comes in. (λ alone does not tell: all its real parts are 0.)",
        "look at the eigenvalues −γ/2 ± √(γ²/4 − ¼): where is their real part?",
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
            return Feedback(None, "replace the ... by your answer and run the cell again")
        found = torch.stack(as_tensors(*given))
        ahead = _moved(v, (theta, psi), (theta, psi), h)
        if torch.allclose(found, torch.stack(_moved(v, (theta, psi), ahead, h)), atol=1e-9):
            continue
        if torch.allclose(found, torch.stack(ahead), atol=1e-9):
            return wrong("that is one plain step: it is only the look ahead.")
        if torch.allclose(found, torch.stack(_moved(v, ahead, ahead, h)), atol=1e-9):
            return wrong(
                "that is two plain steps: the second must start where the first did, with the slope from ahead."
            )
        return wrong(
            f"from (θ, ψ) = {place} with h = {h} it ends at ({found[0]:.4f}, {found[1]:.4f}): take v at "
            "z + h v(z), and go h times that from z."
        )
    return correct("z + h v(z + h v(z)): of a circle's λ = ±i it makes |1 − h² ± ih|, below 1 for h < 1.")


def _moved(v: Field, start: Sequence[Tensor], look: Sequence[Tensor], h: float) -> tuple[Tensor, ...]:
    """`start` moved by h times the field at `look`."""
    return tuple(place + h * pull for place, pull in zip(start, v(*look), strict=True))
