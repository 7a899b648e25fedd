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
