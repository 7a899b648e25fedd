"""Looking without disturbing: random streams that do not mix, and eval mode that is always given back.

Three streams are kept apart: the order of the data (`Batches`), the noise of training and the noise of what is
looked at (`GAN`). Networks that draw from torch's global stream, as dropout does, get a stream of their own lent to
it for the length of a step. While it is lent no other thread's step begins, so that two runs in one kernel stay apart,
and an interrupt waits until it is given back (`core.safety.interrupts`).
A cell that draws from the global stream while a run trains in the background may take numbers meant for dropout: give
such a cell a `torch.Generator` of its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import series
from gan_edu.core.safety.interrupts import alone
from gan_edu.core.training import stored_state, threads
from gan_edu.core.training.contract import GAN, State
from gan_edu.core.training.remark import remark


def global_stream(device: torch.device) -> list[Tensor]:
    """The state of torch's global random streams that code on `device` draws from."""
    states = [torch.random.default_generator.get_state()]
    if device.type == "cuda":
        states.append(torch.cuda.get_rng_state(device))
    elif device.type == "mps":
        states.append(torch.mps.get_rng_state())
    return states


def set_global_stream(device: torch.device, states: list[Tensor]) -> None:
    """Put torch's own stream, on the CPU and on this device, where `global_stream` found it."""
    torch.random.default_generator.set_state(states[0])
    if device.type == "cuda":
        torch.cuda.set_rng_state(states[1], device)
    elif device.type == "mps":
        torch.mps.set_rng_state(states[1])


@contextmanager
def kept_stream(device: torch.device) -> Iterator[None]:
    """The global streams are outside as they were before, whatever is drawn or seeded inside."""
    with alone():
        before = global_stream(device)
        try:
            yield
        finally:
            set_global_stream(device, before)


def fresh_stream(device: torch.device, seed: int) -> list[Tensor]:
    """The state that `torch.manual_seed(seed)` makes, the global streams left as they were, on every device."""
    with kept_stream(device):
        torch.random.default_generator.manual_seed(seed)
        if device.type == "cuda":
            with torch.cuda.device(device):
                torch.cuda.manual_seed(seed)
        elif device.type == "mps":
            torch.mps.manual_seed(seed)
        return global_stream(device)


def begin_streams(gan: GAN, seed: int) -> None:
    """Let the streams of a GAN begin: of the noise it trains with, of what is looked at, and of its networks."""
    gan.noise_stream.manual_seed(seed)
    gan.display_stream.manual_seed(seed + 1_000_003)
    gan.network_stream = fresh_stream(gan.device, seed + 2_000_003)


def check_streams(gan: GAN, state: State) -> None:
    """Raise ValueError for what no streams of a GAN here can have left; of another kind of device anything goes."""
    if stored_state.from_elsewhere(state["noise_stream"], gan.noise_stream):
        return
    stored_state.stream("noise_stream", state["noise_stream"], gan.device)
    stored_state.stream("display_stream", state["display_stream"], gan.device)
    devices: list[torch.device | str] = ["cpu", gan.device]
    series("network_stream", state["network_stream"], lambda name, value: None, len(gan.network_stream))
    for device, each in zip(devices, state["network_stream"], strict=False):
        stored_state.stream("network_stream", each, device)


def take_streams(gan: GAN, state: State) -> None:
    """Go on with saved streams. From another kind of device they cannot be taken: then others begin, and it warns."""
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


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """The CPU's global stream begins at `seed` inside and is as before outside: for weights that are drawn there."""
    with alone(), torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(seed)
        yield


@contextmanager
def lent_stream(gan: GAN) -> Iterator[None]:
    """The global streams continue `gan.network_stream` inside, on the GAN's number of threads, and are as before
    outside."""
    device = gan.device
    with alone(), threads.lent(gan.threads) if gan.threads else nullcontext():
        outside, within = global_stream(device), in_a_step(gan)
        set_global_stream(device, gan.network_stream)
        gan.in_a_step = True
        try:
            yield
        finally:
            gan.in_a_step = within
            gan.network_stream = global_stream(device)
            set_global_stream(device, outside)


def in_a_step(gan: GAN) -> bool:
    """Whether a step of this GAN is under way: its stream is lent, and what it has learned may be half of it."""
    return gan.in_a_step


@contextmanager
def looking(*networks: nn.Module) -> Iterator[None]:
    """Eval mode and no gradients inside; outside, each layer is back in the mode it was in.

    One at a time, and never within a step of another thread's run: who looks from a cell waits for the step to end.
    """
    with alone():
        modes = [(layer, layer.training) for network in networks for layer in network.modules()]
        try:
            for network in networks:
                network.eval()
            with torch.no_grad():
                yield
        finally:
            for layer, mode in modes:
                layer.training = mode
