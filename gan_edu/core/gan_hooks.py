"""The hooks of a GAN together: whether they fit each other, which generator is shown, what a checkpoint keeps.

Methods of `training_loop.GAN`, which works with any hooks: functions, or objects that also fit, follow and remember.
"""
from __future__ import annotations

from collections.abc import Callable

from torch import nn

from gan_edu.core.alarm import Alarm

PARTS = ("generator", "discriminator", "g_optimizer", "d_optimizer")


def hooks(gan) -> list[Callable]:
    """The view, the penalties on D and on G, and the hooks of after_step, in this order, as far as there are any."""
    view = [] if gan.view is None else [gan.view]
    return [*view, *gan.d_penalties, *gan.g_penalties, *gan.after_step]


def fit(gan) -> None:
    """Raise ValueError where two hooks, or a network and its optimiser, cannot work together.

    To be called again where one of them was changed.
    """
    for player in ("generator", "discriminator"):
        own, name = {id(weight) for weight in getattr(gan, player).parameters()}, f"{player[0]}_optimizer"
        groups = getattr(gan, name).param_groups
        if any(id(weight) not in own for group in groups for weight in group["params"]):
            raise ValueError(f"{name} holds weights that are not the {player}'s: make it of {player}.parameters()")
    for hook in hooks(gan):
        if hasattr(hook, "fits"):
            hook.fits(gan)


def shown(gan) -> nn.Module:
    """The generator whose samples are looked at: a hook's average of the weights, where there is one."""
    return next((hook.average for hook in gan.after_step if hasattr(hook, "average")), gan.generator)


def exchange(gan, **fields) -> None:
    """Put other pieces into view, d_penalties, g_penalties or after_step: `exchange(gan, view=InstanceNoise(0.3))`.

    A piece in the place of one of its kind goes on from that one's state: an average stays the average of the run.
    Raises ValueError where the new ones cannot work with the others; then the old ones stay.
    """
    before = {field: getattr(gan, field) for field in fields}
    old = hooks(gan)
    try:
        vars(gan).update(fields)
        fit(gan)
    except Exception:
        vars(gan).update(before)
        raise
    for piece in (hook for hook in hooks(gan) if all(hook is not each for each in old)):
        alike = [each for each in old if (type(each), _name(each)) == (type(piece), _name(piece))]
        if alike and hasattr(piece, "load_state_dict"):
            piece.load_state_dict(alike[0].state_dict())
    fit(gan)


def _name(hook) -> str | None:
    return getattr(hook, "name", None)


def kinds(gan) -> list[str]:
    """What kind of thing each hook is, by name."""
    return [type(hook).__name__ for hook in hooks(gan)]


def state_dict(gan) -> dict:
    """Everything a checkpoint needs of the GAN: weights, optimisers, hooks, the random streams, the step.

    Raises NonFiniteLoss where training has failed since the flag was last read.
    """
    gan.alarm.read(gan)                                   # what a failure has stopped is no state to go on from
    return {**{name: getattr(gan, name).state_dict() for name in PARTS}, "kinds": kinds(gan),
            "hooks": [hook.state_dict() if hasattr(hook, "state_dict") else None for hook in hooks(gan)],
            "noise_stream": gan.noise_stream.get_state(), "display_stream": gan.display_stream.get_state(),
            "network_stream": gan.network_stream, "step": gan.step, "turn": gan.turn}


def load_state_dict(gan, state: dict) -> None:
    """Take over a state of the same networks and hooks. Raises ValueError or RuntimeError where it does not fit."""
    ours = hooks(gan)
    if len(state["hooks"]) != len(ours):
        raise ValueError(f"this state was saved with {len(state['hooks'])} hooks (view, penalties, after_step), the "
                         f"GAN has {len(ours)}: build it as it was built for the run")
    if (saved := state.get("kinds", kinds(gan))) != kinds(gan):
        raise ValueError(f"this state was saved with the hooks {', '.join(saved)}, the GAN has "
                         f"{', '.join(kinds(gan))}: build it as it was built for the run")
    for name in PARTS:
        getattr(gan, name).load_state_dict(state[name])
    for hook, saved in zip(ours, state["hooks"], strict=True):
        if saved is not None:
            hook.load_state_dict(saved)
    gan.noise_stream.set_state(state["noise_stream"])
    gan.display_stream.set_state(state["display_stream"])
    gan.network_stream, gan.step, gan.turn = list(state["network_stream"]), state["step"], state.get("turn", 0)
    gan.alarm = Alarm(gan.alarm.flagged)
