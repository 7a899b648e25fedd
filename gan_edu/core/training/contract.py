"""What the pieces of a step ask of a GAN. `training_loop.GAN` is one, which stands above and cannot be imported here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

from gan_edu.core.training.loss import Loss
from gan_edu.core.training.nan_guard import Alarm, Watched

State = dict[str, Any]  # what a state_dict returns: numbers, texts, tensors, and lists and dicts of these, by name


class Part(Protocol):
    """What a checkpoint can keep: a network, an optimiser, a GAN, batches, a recorder."""

    def state_dict(self) -> State: ...
    def load_state_dict(self, state: State, /) -> object: ...


class GAN(Watched, Protocol):
    """Networks, optimisers, the pieces of a step, and where a run stands."""

    latent_dim: int
    latent: str
    precision: str
    loss: Loss
    view: Callable[[Tensor], Tensor] | None
    after_step: Sequence[Callable]
    d_steps: int
    g_steps: int
    d_steps_done: int
    seed: int
    alarm: Alarm
    noise_stream: torch.Generator
    display_stream: torch.Generator
    network_stream: list[Tensor]
    in_a_step: bool

    @property
    def hooks(self) -> list[object]: ...
    @property
    def device(self) -> torch.device: ...
    def fit(self) -> None: ...
    def latents(self, count: int, stream: torch.Generator | None = None) -> Tensor: ...
