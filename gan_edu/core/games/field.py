"""Games of two players with any few numbers each: their vector field, its Jacobian, its flow. Used from notebook 06 on.

G holds θ and lowers L_G(θ, ψ); D holds ψ and lowers L_D(θ, ψ). Where the two pull together is the field

    v(θ, ψ) = (−∇_θ L_G, −∇_ψ L_D),     J = ∂v / ∂(θ, ψ)

A point with v = 0 attracts the flow d(θ, ψ)/dt = v near it if all eigenvalues of J have a negative real part.
Mescheder, Nowozin and Geiger (2017), "The numerics of GANs", arXiv 1705.10461; Mescheder, Geiger and Nowozin (2018),
"Which training methods for GANs do actually converge?", arXiv 1801.04406. Everything is float64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from gan_edu.core.safety.checked import function, integer, kind, real

Numbers = Tensor | ArrayLike  # a number, or a list, an array or a tensor of numbers
Loss = Callable[[Tensor, Tensor], Tensor]
Field = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
ACCURACY = {"rtol": 1e-9, "atol": 1e-12}  # of the flow


class Game(NamedTuple):
    """The losses of G and of D, functions of θ and ψ (tensors of any shapes) that return a scalar to be lowered."""

    g: Loss
    d: Loss


class Path(NamedTuple):
    """Where a game went: theta (T, *shape of θ), psi (T, *shape of ψ), and the time, or the number of steps, (T,)."""

    theta: Tensor
    psi: Tensor
    time: Tensor


# ------------------------------------------------------------------ the field


def field(game: Game) -> Field:
    """v(θ, ψ) = (−∇_θ L_G, −∇_ψ L_D), by autograd; differentiable again where θ or ψ asks for gradients.

    The field raises ValueError for a loss that is no scalar tensor. Raises TypeError for what is no Game.
    """
    kind("game", game, Game)

    def v(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
        again = theta.requires_grad or psi.requires_grad
        theta, psi = _afresh(theta), _afresh(psi)
        return -_slope(game.g, (theta, psi), theta, again), -_slope(game.d, (theta, psi), psi, again)

    return v


def consensus(v: Field, strength: float) -> Field:
    """v − γ ∇ ½ ‖v‖²: both players also lower the length of the field (Mescheder et al. 2017).

    strength: γ ≥ 0. Raises ValueError for another.
    """
    function("v", v)
    strength = real("strength", strength, 0)

    def calmer(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
        again = theta.requires_grad or psi.requires_grad
        theta, psi = _afresh(theta), _afresh(psi)
        pull = v(theta, psi)
        half_square = ((pull[0] * pull[0]).sum() + (pull[1] * pull[1]).sum()) / 2
        slopes = torch.autograd.grad(half_square, (theta, psi), create_graph=again, materialize_grads=True)
        by_g, by_d = (part - strength * slope for part, slope in zip(pull, slopes, strict=True))
        return (by_g, by_d) if again else (by_g.detach(), by_d.detach())

    return calmer


def jacobian(v: Field, theta: Numbers, psi: Numbers) -> Tensor:
    """J = ∂v / ∂(θ, ψ) at a point, (n, n): a row for each number of v, a column for each of θ, then of ψ."""
    return flat_jacobian(function("v", v), *as_tensors(theta, psi))


def eigenvalues(matrix: Tensor) -> Tensor:
    """The eigenvalues (n,) of a square matrix, complex128: largest real part first, of a pair the upper one first.

    Raises ValueError for what is no square matrix of finite real numbers.
    """
    if not isinstance(matrix, Tensor) or matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise ValueError(f"eigenvalues are of a square matrix (n, n), n ≥ 1, got {_told(matrix)}")
    if matrix.is_complex() or not matrix.isfinite().all():
        raise ValueError("eigenvalues are of finite real numbers, got a matrix with NaN or ∞, or a complex one")
    found = torch.linalg.eigvals(matrix.double())
    order = sorted(range(len(found)), key=lambda i: (-round(found[i].real.item(), 12), -found[i].imag.item()))
    return found[order]


def spectral_radius(matrix: Tensor) -> float:
    """max |λ| over the eigenvalues: below 1, steps z → A z shrink to 0; above 1, almost all of them grow."""
    return eigenvalues(matrix).abs().max().item()


def flow(v: Field, theta: Numbers, psi: Numbers, time: float, count: int = 200) -> Path:
    """d(θ, ψ)/dt = v from a start on, at `count` + 1 even moments from 0 to `time`: steps without a step size.

    By scipy's solve_ivp (DOP853, relative accuracy 1e-9). Raises ValueError for a start, time or count that cannot be,
    or a field that is not finite at the start, RuntimeError where it has no flow for so long.
    """
    from scipy.integrate import solve_ivp

    function("v", v)
    theta, psi = as_tensors(theta, psi)
    count, time = integer("count", count, 1), real("time", time, above=0)

    def slope(_: float, z: np.ndarray) -> np.ndarray:
        return join(*v(*split(torch.from_numpy(z.copy()), theta, psi))).numpy()

    if not np.isfinite(slope(0, join(theta, psi).numpy())).all():  # scipy would look for a step for ever
        raise ValueError("the field is not finite at the start of the flow")
    moments = np.linspace(0, time, count + 1)
    found = solve_ivp(slope, (0, time), join(theta, psi).numpy(), "DOP853", moments, **ACCURACY)
    if not found.success:
        raise RuntimeError(f"the flow could not be followed to the time {time}: {found.message}")
    states = [split(z, theta, psi) for z in torch.from_numpy(found.y.T.copy())]
    thetas, psis = (torch.stack(part) for part in zip(*states, strict=True))
    return Path(thetas, psis, torch.from_numpy(moments))


# ------------------------------------------------------------------ numbers


def as_tensors(theta: Numbers, psi: Numbers) -> tuple[Tensor, Tensor]:
    """θ and ψ as float64 tensors. Raises ValueError for what is no finite number, list or tensor of such."""
    return _numbers("θ", theta), _numbers("ψ", psi)


def join(*parts: Tensor) -> Tensor:
    """All numbers of some tensors in a row, (n,)."""
    return torch.cat([part.flatten() for part in parts])


def split(z: Tensor, *like: Tensor) -> list[Tensor]:
    """Undo `join`: parts of z (n,) in the shapes of `like`."""
    parts = z.split([each.numel() for each in like])
    return [part.view(each.shape) for part, each in zip(parts, like, strict=True)]


def flat_jacobian(function: Callable, *at: Tensor) -> Tensor:
    """∂ join(function(*at)) / ∂ join(*at), (m, n), by autograd."""
    return torch.autograd.functional.jacobian(lambda z: join(*function(*split(z, *at))), join(*at))


def _afresh(t: Tensor) -> Tensor:
    """The same numbers under a new name: a slope by it is partial, even where θ was made from ψ a moment ago."""
    return t.clone() if t.requires_grad else t.detach().requires_grad_()


def _slope(loss: Loss, at: tuple[Tensor, Tensor], by: Tensor, again: bool) -> Tensor:
    value = loss(*at)
    if not isinstance(value, Tensor) or value.ndim:
        raise ValueError(f"a loss of (θ, ψ) must return one number (a 0-d tensor), got {_told(value)}")
    if not value.requires_grad:
        return torch.zeros_like(by)
    return torch.autograd.grad(value, by, create_graph=again, materialize_grads=True)[0]


def _numbers(name: str, given: Numbers) -> Tensor:
    try:
        numbers = given.detach() if isinstance(given, Tensor) else torch.from_numpy(np.asarray(given))
        real = not numbers.is_complex() and numbers.numel() > 0
        numbers = numbers.to(torch.float64) if real else numbers
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"{name} must be a number, or a list or tensor of numbers, got {given!r}") from error
    if not real or not numbers.isfinite().all():
        raise ValueError(f"{name} must be finite real numbers, at least one, got {given!r}")
    return numbers


def _told(given: object) -> str:
    return f"a tensor of the shape {tuple(given.shape)}" if isinstance(given, Tensor) else type(given).__name__
