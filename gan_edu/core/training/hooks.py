"""The hooks of a GAN together: whether they fit each other, which generator is shown, what a checkpoint keeps.

Methods of `training_loop.GAN`, which works with any hooks: functions, or objects that also fit, follow and remember.
"""

from __future__ import annotations

import zlib

import torch
from torch import nn

from gan_edu.core.safety.checked import integer, one_of, series, table, text
from gan_edu.core.safety.interrupts import alone
from gan_edu.core.training import pieces, stored_state, threads
from gan_edu.core.training.contract import GAN, State
from gan_edu.core.training.nan_guard import Alarm
from gan_edu.core.training.pieces import PLAYERS
from gan_edu.core.training.remark import remark
from gan_edu.core.training.remembers import OfOneGan
from gan_edu.core.training.streams import begin_streams, in_a_step

PARTS = (*PLAYERS, *PLAYERS.values())
STREAMS = ("noise_stream", "display_stream", "network_stream")
IN_A_STATE = (*PARTS, "kinds", "hooks", "weights", "settings", *STREAMS, "seed", "step", "turn", "threads")
LATENTS, PRECISIONS = ("gaussian", "uniform"), ("float32", "bfloat16")


def hooks(gan: GAN) -> list[object]:
    """The view, the penalties on D and on G, and the hooks of after_step, in this order, as far as there are any."""
    view = [] if gan.view is None else [gan.view]
    return [*view, *gan.d_penalties, *gan.g_penalties, *gan.after_step]


def plain_values(gan: GAN) -> None:
    """Raise ValueError for a number or a word that cannot be, also one set by hand since the GAN was made."""
    one_of("latent", gan.latent, LATENTS)
    one_of("precision", gan.precision, PRECISIONS)
    for name, least in (
        ("latent_dim", 1),
        ("d_steps", 1),
        ("g_steps", 1),
        ("seed", 0),
        ("step", 0),
        ("d_steps_done", 0),
    ):
        setattr(gan, name, integer(name, getattr(gan, name), least))


def fit(gan: GAN) -> None:
    """Raise TypeError for a piece of the wrong kind, ValueError where two hooks, or a network and its optimiser, cannot
    work together.

    To be called again where one of them was changed.
    """
    plain_values(gan)
    for player, name in PLAYERS.items():
        pieces.network(player, getattr(gan, player))
        pieces.optimizer(name, getattr(gan, name))
    pieces.each_weight_has_one_owner(gan)
    pieces.functions(gan)
    pieces.one_type_of_numbers(gan)
    of_one_gan = [hook for hook in hooks(gan) if isinstance(hook, OfOneGan)]
    for own in of_one_gan:
        own.is_free_for(gan)
    for hook in hooks(gan):
        if hasattr(hook, "fits"):
            hook.fits(gan)
    for own in of_one_gan:
        own.join(gan)


def shown(gan: GAN) -> nn.Module:
    """The generator whose samples are looked at: a hook's average of the weights, where there is one."""
    averages = (getattr(hook, "average", None) for hook in gan.after_step)
    return next((each for each in averages if isinstance(each, nn.Module)), gan.generator)


def exchange(gan: GAN, **pieces: object) -> None:
    """Put other pieces into view, d_penalties, g_penalties or after_step: `exchange(gan, view=InstanceNoise(0.3))`.

    A piece in the place of one of its kind goes on from that one's state: an average stays the average of the run.
    Raises ValueError where the new ones cannot work with the others; then the old ones stay.
    """
    before = {name: getattr(gan, name) for name in pieces}
    old = hooks(gan)
    try:
        vars(gan).update(pieces)
        fit(gan)
        for piece in (hook for hook in hooks(gan) if all(hook is not each for each in old)):
            alike = next((each for each in old if (type(each), _name(each)) == (type(piece), _name(piece))), None)
            if hasattr(alike, "state_dict") and hasattr(piece, "load_state_dict"):
                piece.load_state_dict(alike.state_dict())
        fit(gan)
    except Exception:
        vars(gan).update(before)
        raise


def _name(hook: object) -> str | None:
    return getattr(hook, "name", None)


def kinds(gan: GAN) -> list[str]:
    """What kind of thing each hook is, and its name where it has one: of the penalties, R1 is one and R2 another."""
    return [f"{type(hook).__name__} {_name(hook) or ''}".strip() for hook in hooks(gan)]


def settings(gan: GAN) -> dict[str, str | int]:
    """What a run must be built with to go on as it began, beside networks, optimisers and hooks."""
    kind = {name: type(getattr(gan, name)).__name__ for name in PLAYERS.values()}
    return {
        "loss": gan.loss.name,
        "latent": gan.latent,
        "latent_dim": gan.latent_dim,
        "precision": gan.precision,
        "d_steps": gan.d_steps,
        "g_steps": gan.g_steps,
        **kind,
    }


def state_dict(gan: GAN) -> State:
    """Everything a checkpoint needs of the GAN: weights, optimisers, hooks, the random streams, the step.

    Raises NonFiniteLoss where training has failed since the flag was last read, ValueError within a step.
    """
    with alone():  # another thread's step is waited for
        _between_steps(gan)
        gan.alarm.read(gan)  # what a failure has stopped is no state to go on from
        return {
            **{name: getattr(gan, name).state_dict() for name in PARTS},
            "kinds": kinds(gan),
            "hooks": [hook.state_dict() if hasattr(hook, "state_dict") else None for hook in hooks(gan)],
            "weights": _weights(gan),
            "settings": settings(gan),
            "noise_stream": gan.noise_stream.get_state(),
            "display_stream": gan.display_stream.get_state(),
            "network_stream": list(gan.network_stream),
            "seed": gan.seed,
            "step": gan.step,
            "turn": gan.d_steps_done,
            "threads": torch.get_num_threads(),
        }


def _between_steps(gan: GAN) -> None:
    """Within a step a player has moved and the other not yet, or hooks are still to come that belong to the step."""
    if in_a_step(gan):
        raise ValueError(
            "a step is under way, so that the GAN's state is half old and half new: save and load between "
            "two steps, as in `for record in train(gan, batches, steps): …`, and not in a hook "
            "(a hook may call a Live's save, which waits for the step's end)"
        )


def _weights(gan: GAN) -> dict[str, list[list[str]]]:
    return {
        name: stored_state.weight_names(getattr(gan, name), getattr(gan, player)) for player, name in PLAYERS.items()
    }


def check_state(gan: GAN, state: State, finite: bool = True) -> None:
    """Raise ValueError for a state of other networks, optimisers, hooks or settings. Changes nothing.

    finite: also for one with weights that are NaN or infinite.
    """
    with alone():
        _between_steps(gan)
    table("the state", state, *IN_A_STATE)
    _check_kinds(gan, state)
    own = settings(gan)
    for name, value in table("settings", state["settings"], *own).items():
        if name in own:
            stored_state.equal(name, value, own[name])
    if state["weights"] != _weights(gan):
        raise ValueError("the optimisers had the weights in another order, or others: build them as for the run")
    for player, name in PLAYERS.items():
        stored_state.network(player, state[player], getattr(gan, player), finite)
        stored_state.optimizer(name, state[name], getattr(gan, name))
    for kind, hook, kept in zip(kinds(gan), hooks(gan), state["hooks"], strict=True):
        stored_state.hook(kind, kept, hook)
    if not stored_state.from_elsewhere(state["noise_stream"], gan.noise_stream):
        _check_streams(gan, state)
    integer("seed", state["seed"])
    integer("step", state["step"])
    integer("turn", state["turn"])
    integer("threads", state["threads"], 1)


def _check_kinds(gan: GAN, state: State) -> None:
    """Raise ValueError where the hooks are not as many, or of other kinds."""
    ours = hooks(gan)
    series("hooks", state["hooks"], lambda name, value: None)
    if len(state["hooks"]) != len(ours):
        raise ValueError(
            f"this state was saved with {len(state['hooks'])} hooks (view, penalties, after_step), the "
            f"GAN has {len(ours)}: build it as it was built for the run"
        )
    if series("kinds", state["kinds"], text) != kinds(gan):
        raise ValueError(
            f"this state was saved with the hooks {', '.join(state['kinds'])}, the GAN has "
            f"{', '.join(kinds(gan))}: build it as it was built for the run"
        )


def _check_streams(gan: GAN, state: State) -> None:
    stored_state.stream("noise_stream", state["noise_stream"], gan.device)
    stored_state.stream("display_stream", state["display_stream"], gan.device)
    devices: list[torch.device | str] = ["cpu", gan.device]
    series("network_stream", state["network_stream"], lambda name, value: None, len(gan.network_stream))
    for device, each in zip(devices, state["network_stream"], strict=False):
        stored_state.stream("network_stream", each, device)


def load_state_dict(gan: GAN, state: State) -> None:
    """Take over a state of the same networks and hooks, from this kind of device or another.

    Raises ValueError where it does not fit. Warns where it comes from another kind of device: what was random on a GPU
    cannot go on on a CPU, nor the other way.
    """
    check_state(gan, state, finite=False)
    for player, name in PLAYERS.items():
        getattr(gan, player).load_state_dict(state[player])
        getattr(gan, name).load_state_dict(stored_state.in_the_way_of(getattr(gan, name), state[name]))
    for hook, kept in zip(hooks(gan), state["hooks"], strict=True):
        if kept is not None and hasattr(hook, "load_state_dict"):
            hook.load_state_dict(kept)
    _take_streams(gan, state)
    gan.seed, gan.step, gan.d_steps_done = state["seed"], state["step"], state["turn"]
    gan.alarm = Alarm(gan.alarm.flagged)
    if not threads.of_ones_own():  # sums in another order would make another run of it
        threads.take(state["threads"])


def _take_streams(gan: GAN, state: State) -> None:
    noise = state["noise_stream"]
    if there := stored_state.from_elsewhere(noise, gan.noise_stream):
        remark(
            f"this run was saved on {there}, now it is on {gan.device}: it goes on from there, with other "
            "noise than it would have met, the same each time it is loaded here"
        )
        begin_streams(gan, zlib.crc32(bytes(noise.tolist())))
        return
    gan.noise_stream.set_state(noise)
    gan.display_stream.set_state(state["display_stream"])
    gan.network_stream = list(state["network_stream"])
