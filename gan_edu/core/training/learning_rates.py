"""An optimiser's learning rate, read and set by whoever may: a live view, the plane's slider, a decay.

A decay says what share of the rate is left at each step. A rate that is set by hand at step t holds there, and is from
then on rate · share(now) / share(t): so it falls on as the decay does, and a rate of 0 can be left again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gan_edu.core.safety.checked import real

if TYPE_CHECKING:
    from torch.optim import Optimizer

    from gan_edu.core.training.contract import GAN

DECAY = "gan_edu_decay"  # of a group: {"rate", "share" when it was set, "now", "began"}


def put(group: dict, rate: float) -> None:
    """Set a group's learning rate, in place where it is a tensor, as captured steps on a GPU need."""
    if hasattr(group["lr"], "fill_"):
        group["lr"].fill_(rate)
    else:
        group["lr"] = rate


def change_rate(optimizer: Optimizer, rate: float) -> None:
    """Set the learning rate of all groups of an optimiser; a decay goes on from it in proportion.

    Raises ValueError for what is no finite number ≥ 0.
    """
    rate = real("rate", rate, 0)
    for group in optimizer.param_groups:
        put(group, rate)
        if DECAY in group:
            group[DECAY].update(rate=rate, share=group[DECAY]["now"])


def begin(gan: GAN, anew: bool, share: Callable[[int], float]) -> None:
    """Remember both players' rates to start from, and when, in the optimisers themselves, so that checkpoints do.

    anew: a decay begins, also where one is remembered already; else an optimiser may have come in that knows nothing of
    it. share: what of a rate is left so many steps after the beginning.
    """
    known = [] if anew else [group[DECAY] for group in _groups(gan) if DECAY in group]
    began = known[0].get("began", 0) if known else gan.step
    for group in _groups(gan):
        if anew or DECAY not in group:
            start = 1.0 if anew else share(gan.step - began)
            group[DECAY] = {"rate": float(group["lr"]), "share": start, "now": start, "began": began}


def scale(gan: GAN, share: Callable[[int], float]) -> None:
    """Set both players' rates to what `share` leaves of them. A rate that was written by hand is taken up first."""
    for group in _groups(gan):
        decay = group[DECAY]
        if not hasattr(group["lr"], "fill_") and group["lr"] != _left(decay):  # a tensor's would be waited for
            decay.update(rate=group["lr"], share=decay["now"])
        decay["now"] = share(gan.step - decay.get("began", 0))  # of older checkpoints: the first step
        put(group, _left(decay))


def _left(decay: dict) -> float:
    """rate · now / share; where a decay has come to 0, a rate set since then stays."""
    return decay["rate"] * (decay["now"] / decay["share"]) if decay["share"] else decay["rate"]


def _groups(gan: GAN) -> list[dict]:
    return [*gan.g_optimizer.param_groups, *gan.d_optimizer.param_groups]
