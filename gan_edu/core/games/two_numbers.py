"""Two players who each hold one number: the smallest game there is. Used from notebook 01 on.

D holds d and climbs V(d, g); G holds g and descends it. With V given as a function of tensors, its slopes come from
autograd, and the path of the players is a list of points that one can draw.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.core.games.update_rules import Rule, trajectory
from gan_edu.core.safety.checked import function, one_of, real, several

ORDERS = ("simultaneous", "alternating")
NEAR = 1e-3  # how far a player is moved to see whether V changes with it
AS_A_GAME = (
    "Write it with torch's functions of both tensors as they are: torch.where for an if; no numpy, detach() "
    "or int(), and no operation that changes d or g in place"
)
Value = Callable[[Tensor, Tensor], Tensor]


def slopes(value: Value, d: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """V, ∂V/∂d and ∂V/∂g at each pair of d and g (any one shape).

    Raises ValueError for a V that cannot be computed, has another shape, or does not depend on d and g, and for one
    that changes with a player and has no slope for it.
    """
    d, g = (torch.as_tensor(t, dtype=torch.float64).detach().clone().requires_grad_() for t in (d, g))
    try:
        v = value(d, g)
    except Exception as problem:  # a learner's own function may raise anything
        raise ValueError(
            f"value(d, g) cannot be computed of tensors {tuple(d.shape)}: {problem}. {AS_A_GAME}"
        ) from problem
    if not isinstance(v, Tensor) or v.shape != d.shape:
        shape = tuple(v.shape) if isinstance(v, Tensor) else type(v).__name__
        raise ValueError(f"value(d, g) must give a number for each pair, {tuple(d.shape)}, got {shape}. {AS_A_GAME}")
    if not v.is_floating_point() or not v.requires_grad:
        raise ValueError(
            f"value(d, g) must be real numbers that have slopes by d or g, got {v.dtype}"
            f"{'' if v.requires_grad else ', which do not depend on them'}. {AS_A_GAME}"
        )
    found = torch.autograd.grad(v.sum(), (d, g), allow_unused=True)
    for slope, name, moved in zip(found, "dg", ((d + NEAR, g), (d, g + NEAR)), strict=True):
        if slope is None and ((value(*moved) - v).abs() > 0).any():
            raise ValueError(f"V changes with {name} and has no slope there. {AS_A_GAME}")
    by_d, by_g = (torch.zeros_like(d) if slope is None else slope for slope in found)
    return v.detach(), by_d, by_g


def path(
    value: Value, start: tuple[float, float], step: float = 0.2, count: int = 100, order: str = "simultaneous"
) -> Tensor:
    """The points (count + 1, 2) of d and g that rounds of two gradient steps, one a player, lead through.

    simultaneous: both slopes are taken at the same point. alternating: D moves first, G answers where D now stands.
    Raises ValueError for an order that is none of the two, a step ≤ 0 or a count < 1.
    """
    function("value", value, "V(d, g)")
    one_of("order", order, ORDERS)
    d_0, g_0 = several("start", start, real, 2)

    def v(g: Tensor, d: Tensor) -> tuple[Tensor, Tensor]:
        _, by_d, by_g = slopes(value, d, g)
        return -by_g, by_d  # G descends, D climbs

    way = trajectory(v, g_0, d_0, Rule(order, step, first="D"), count)
    return torch.stack((way.psi, way.theta), dim=1)
