"""An average of the generator's weights that is shown in its place: what it needs beside its rule."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import integer, table
from gan_edu.core.training.contract import GAN, State
from gan_edu.core.training.networks import copied
from gan_edu.core.training.remembers import OfOneGan
from gan_edu.core.training.stored_state import network


class Average(OfOneGan):
    """A hook of `after_step` with `average`, a network that `GAN.generate` shows; its call says how that follows G."""

    average: nn.Module  # there once the hook has joined a GAN
    updates = 0

    def fits(self, gan: GAN) -> None:
        """Raises ValueError for a second average."""
        if any(isinstance(hook, Average) and hook is not self for hook in gan.after_step):
            raise ValueError(f"this GAN has two {type(self).__name__}s of its generator: keep one")

    def on_join(self, gan: GAN) -> None:
        """Start from the generator as it is."""
        self.average = copied(gan.generator)
        for weight in self.average.parameters():  # one by one, as TorchScript's networks have it
            weight.requires_grad_(False)

    @torch.no_grad()
    def follow(self, gan: GAN, share: float) -> None:
        """θ̄ ← θ̄ + share · (θ − θ̄); buffers, as those of BatchNorm, are taken over. It stays where an alarm is up."""
        means: list[Tensor] = list(self.average.parameters())
        now: list[Tensor] = list(gan.generator.parameters())
        sound = gan.alarm.sound()  # 1 or 0 on the device, which nobody waits for
        if sound is None:
            torch._foreach_lerp_(means, now, share)
        else:
            ways = torch._foreach_sub(now, means)
            torch._foreach_mul_(ways, sound * share)
            torch._foreach_add_(means, ways)
        for mean, value in zip(self.average.buffers(), gan.generator.buffers(), strict=True):
            mean.copy_(value if sound is None else torch.where(sound > 0, value, mean))

    def state_dict(self) -> State:
        """The average and how many updates it has had, for a checkpoint."""
        return {"average": self.average.state_dict(), "updates": self.updates}

    def check_state(self, state: State) -> None:
        """Raise ValueError for the average of another network."""
        table("the average", state, "average", "updates")
        network("the average", state["average"], self.average)
        integer("the average's updates", state["updates"])

    def load_state_dict(self, state: State) -> None:
        """Take over what `state_dict` gave. Raises as `check_state` does."""
        self.check_state(state)
        self.average.load_state_dict(state["average"])
        self.updates = state["updates"]
