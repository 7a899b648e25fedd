"""An optimiser's learning rate, read and set by whoever may: a learner's knob, the plane's slider, a decay."""
from __future__ import annotations

START = "gan_edu_start"                               # where a group keeps the rate that a decay starts from


def put(group: dict, rate: float) -> None:
    """Set a group's learning rate, in place where it is a tensor, as captured steps on a GPU need."""
    if hasattr(group["lr"], "fill_"):
        group["lr"].fill_(rate)
    else:
        group["lr"] = rate


def change_rate(optimizer, rate: float) -> None:
    """Set the learning rate of all groups of an optimiser; a decay goes on from it in proportion."""
    for group in optimizer.param_groups:
        now = float(group["lr"])
        if START in group and now:
            group[START] *= rate / now
        put(group, rate)


def begin(gan, anew: bool) -> None:
    """Remember both players' rates to start from, in the optimisers themselves, so that checkpoints keep them.

    anew: also where one is remembered already.
    """
    for group in _groups(gan):
        if anew or START not in group:
            group[START] = float(group["lr"])


def scale(gan, factor: float) -> None:
    """Set both players' rates to `factor` times what they started from."""
    for group in _groups(gan):
        put(group, group[START] * factor)


def _groups(gan) -> list[dict]:
    return [*gan.g_optimizer.param_groups, *gan.d_optimizer.param_groups]
