"""Two players who each hold one number: the smallest game there is. Used from notebook 01 on.

D holds d and climbs V(d, g); G holds g and descends it. With V given as a function of tensors, its slopes come from
autograd, and the path of the players is a list of points that one can draw.
"""
from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.core.checked import function, integer, one_of, real, several

ORDERS = ("simultaneous", "alternating")
NEAR = 1e-3                                               # how far a player is moved to see whether V changes with it
Value = Callable[[Tensor, Tensor], Tensor]


def slopes(value: Value, d: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """V, ∂V/∂d and ∂V/∂g at each pair of d and g (any one shape).

    Raises ValueError for a V of another shape, and for one that changes with a player and has no slope for it.
    """
    d, g = (torch.as_tensor(t, dtype=torch.float64).detach().clone().requires_grad_() for t in (d, g))
    v = value(d, g)
    if not isinstance(v, Tensor) or v.shape != d.shape:
        shape = tuple(v.shape) if isinstance(v, Tensor) else type(v).__name__
        raise ValueError(f"value(d, g) must give a number for each pair, {tuple(d.shape)}, got {shape}")
    found = torch.autograd.grad(v.sum(), (d, g), allow_unused=True) if v.requires_grad else (None, None)
    for slope, name, moved in zip(found, "dg", ((d + NEAR, g), (d, g + NEAR)), strict=True):
        if slope is None and ((value(*moved) - v).abs() > 0).any():
            raise ValueError(f"V changes with {name} and has no slope there: compute it with torch's functions alone, "
                             "as torch.log, without math, numpy, item() and detach()")
    return v.detach(), *(torch.zeros_like(d) if slope is None else slope for slope in found)


def path(value: Value, start: tuple[float, float], step: float = 0.2, count: int = 100,
         order: str = "simultaneous") -> Tensor:
    """The points (count + 1, 2) of d and g that rounds of two gradient steps, one a player, lead through.

    simultaneous: both slopes are taken at the same point. alternating: D moves first, G answers where D now stands.
    Raises ValueError for an order that is none of the two, a step ≤ 0 or a count < 1.
    """
    function("value", value, "V(d, g)"), one_of("order", order, ORDERS)
    step, count = real("step", step, above=0), integer("count", count, 1)
    d, g = (torch.tensor(number, dtype=torch.float64) for number in several("start", start, real, 2))
    seen = [(d, g)]
    for _ in range(count):
        _, by_d, by_g = slopes(value, d, g)
        new_d = d + step * by_d                           # D climbs
        if order == "alternating":
            _, _, by_g = slopes(value, new_d, g)
        d, g = new_d, g - step * by_g                     # G descends
        seen.append((d, g))
    return torch.tensor(seen, dtype=torch.float64)
