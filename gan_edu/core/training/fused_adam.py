"""An optimiser's step. Of torch's fused Adam on a CPU it is the kernel alone, without what torch has around it.

There stand a mark for the profiler, hooks, a look for CUDA graphs, and weights sorted by device and type. On a GPU
kernels wait in a queue meanwhile, on a CPU the step does: 20 µs for each player. Where one of these is used, or where a
version of torch has another kernel, `optimizer.step()` is called as ever. Weights and state are the same, bit for bit:

    m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²      w ← w − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)

Kingma and Ba (2015), "Adam: a method for stochastic optimization", arXiv 1412.6980.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.optim import Adam, Optimizer
from torch.optim.optimizer import _global_optimizer_post_hooks, _global_optimizer_pre_hooks

SPECIAL = ("amsgrad", "differentiable", "capturable", "decoupled_weight_decay")  # what is left to torch
EVERYWHERE = (_global_optimizer_pre_hooks, _global_optimizer_post_hooks)  # hooks of all optimisers
STATE = ("exp_avg", "exp_avg_sq", "step")  # m, v, t of a weight


def take_step(optimizer: Optimizer) -> None:
    """One step by the gradients that are there: optimizer.step(), or for a plain fused Adam on a CPU its kernel."""
    groups = optimizer.param_groups
    lists = [found for group in groups if (found := _lists(optimizer, group))] if _is_plain(optimizer) else []
    if len(lists) < len(groups):
        optimizer.step()
        return
    for group, each in zip(groups, lists, strict=True):
        _move(group, *each)


def _is_plain(optimizer: Optimizer) -> bool:
    """Whether it is torch's Adam, and nobody stands around its step: no schedule, no hook, no scaler of gradients."""
    own, hooks = vars(optimizer), (optimizer._optimizer_step_pre_hooks, optimizer._optimizer_step_post_hooks)
    if type(optimizer) is not Adam or "step" in own or any((*hooks, *EVERYWHERE)):
        return False
    return own.get("found_inf") is None and own.get("grad_scale") is None and is_known()


def _lists(optimizer: Optimizer, group: dict[str, Any]) -> list[list[Tensor]] | None:
    """A group's weights, their gradients and state. None for another Adam, before its first step, or on a GPU."""
    weights = [weight for weight in group["params"] if weight.grad is not None]
    states = [optimizer.state[weight] for weight in weights]
    usual = group["fused"] and type(group["lr"]) is float and not any(group.get(name) for name in SPECIAL)
    if not usual or not all(states) or not all(weight.is_cpu and not weight.grad.is_sparse for weight in weights):
        return None
    return [weights, [weight.grad for weight in weights], *([state[name] for state in states] for name in STATE)]


@torch.no_grad()
def _move(group: dict[str, Any], weights: list, gradients: list, means: list, squares: list, counts: list) -> None:
    if not weights:
        return
    beta1, beta2 = group["betas"]
    numbers = {name: group[name] for name in ("lr", "weight_decay", "eps", "maximize")}
    torch._foreach_add_(counts, 1)
    torch._fused_adam_(
        weights, gradients, means, squares, [], counts, beta1=beta1, beta2=beta2, amsgrad=False, **numbers
    )


@cache
def is_known() -> bool:
    """Whether this torch has the kernel that is called here: two weights move alike, by torch's step and by it."""
    made = [Adam([torch.ones(3, requires_grad=True)], 0.1, fused=True) for _ in range(2)]
    weights = [each.param_groups[0]["params"][0] for each in made]
    for weight, each in zip(weights, made, strict=True):
        weight.grad = torch.tensor([1.0, -2.0, 0.1])
        each.step()
    made[0].step()
    try:
        _move(made[1].param_groups[0], *(_lists(made[1], made[1].param_groups[0]) or ()))
    except (AttributeError, TypeError, RuntimeError):
        return False
    return torch.equal(*weights)
