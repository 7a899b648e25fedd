"""The state of a GAN, as a checkpoint keeps it: weights, optimisers, pieces that remember, random streams, the step.

Works on `training_loop.GAN` and on anything with the same attributes.
"""
from __future__ import annotations

PARTS = ("generator", "discriminator", "g_optimizer", "d_optimizer")


def state_of(gan) -> dict:
    """The state, as tensors, numbers and lists; of a hook without a state_dict, None."""
    return {**{name: getattr(gan, name).state_dict() for name in PARTS},
            "hooks": [hook.state_dict() if hasattr(hook, "state_dict") else None for hook in gan.hooks],
            "noise_stream": gan.noise_stream.get_state(), "display_stream": gan.display_stream.get_state(),
            "network_stream": gan.network_stream, "step": gan.step}


def give_state(gan, state: dict) -> None:
    """The way back. Raises ValueError or RuntimeError for a state of other networks or of other pieces."""
    hooks = gan.hooks
    if len(state["hooks"]) != len(hooks):
        raise ValueError(f"this state was saved with {len(state['hooks'])} hooks (view, penalties, after_step), the "
                         f"GAN has {len(hooks)}: build it as it was built for the run")
    for name in PARTS:
        getattr(gan, name).load_state_dict(state[name])
    for hook, saved in zip(hooks, state["hooks"], strict=True):
        if saved is not None:
            hook.load_state_dict(saved)
    gan.noise_stream.set_state(state["noise_stream"])
    gan.display_stream.set_state(state["display_stream"])
    gan.network_stream, gan.step = list(state["network_stream"]), state["step"]
