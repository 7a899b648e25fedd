"""The alarm: a loss that is not finite stops training before it has changed a weight.

On a CPU each loss is looked at before its gradient is taken. On a GPU looking would make the processor wait for the
device at each step, so a flag is kept there: once it is up, the fused optimisers skip their updates (the same
`found_inf` that mixed precision uses), and the flag is read every 100 steps.
"""
from __future__ import annotations

import torch
from torch import Tensor

LOOK_EVERY = 100
PLAYERS = ("discriminator", "generator")


class NonFiniteLoss(FloatingPointError):
    """A loss became NaN or infinite. The message names the step, the loss and the likely cause."""


class Alarm:
    """Watches both players' losses. flagged: True the flag on the device, False reads each loss, None what fits."""

    def __init__(self, flagged: bool | None = None):
        self.flagged = flagged
        self.first: Tensor | None = None              # 2 · step + player of the first failure, −1 while all is well

    def watch(self, gan, player: str, loss: Tensor, *logits: Tensor) -> None:
        """Before a backward pass: raise, or raise the flag, where `loss`, computed from `logits`, is not finite."""
        optimizer = gan.d_optimizer if player == "discriminator" else gan.g_optimizer
        if not (both_heed_the_flag(gan) and loss.is_cuda if self.flagged is None else self.flagged):
            if not torch.isfinite(loss):
                raise NonFiniteLoss(_message(gan, player, gan.step + 1, loss, logits))
            return
        if self.first is None or self.first.device != loss.device:
            self.first = torch.full((), -1, device=loss.device)
        now = 2 * (gan.step + 1) + PLAYERS.index(player)
        self.first = torch.where((self.first < 0) & ~torch.isfinite(loss.detach()), now, self.first)
        optimizer.grad_scale, optimizer.found_inf = None, (self.first >= 0).float()

    def read(self, gan) -> None:
        """Read the flag, which waits for the device, and raise where it is up; gan.step goes back to the failure."""
        if self.first is None or (failure := int(self.first)) < 0:
            return
        self.first = None
        step, player = divmod(failure, 2)
        gan.step = step - 1
        raise NonFiniteLoss(_message(gan, PLAYERS[player], step, None, ()))


def both_heed_the_flag(gan) -> bool:
    """Whether both optimisers are fused ones, which skip an update where found_inf is set; else one would train on."""
    return all(getattr(each, "_step_supports_amp_scaling", False) for each in (gan.d_optimizer, gan.g_optimizer))


def _message(gan, player: str, step: int, loss: Tensor | None, logits: tuple[Tensor, ...]) -> str:
    value = "not finite" if loss is None else f"{float(loss.detach())}"
    return (f"step {step}: the {player}'s loss is {value}. Likely cause: {_cause(gan, player, logits)}. "
            "No weight was changed by it; the weights of before are intact.")


def _cause(gan, player: str, logits: tuple[Tensor, ...]) -> str:
    for name in PLAYERS:
        if any(not torch.isfinite(weight).all() for weight in getattr(gan, name).parameters()):
            return (f"the {name}'s weights hold NaN or infinity from an earlier step, as after a gradient that was not "
                    "finite (a square root at 0 in a penalty, for example); start again from a checkpoint")
    rate = max(group["lr"] for each in (gan.d_optimizer, gan.g_optimizer) for group in each.param_groups)
    if not logits or not all((each.abs() < 1e30).all() for each in logits):
        return (f"D's logits overflowed: a learning rate too high (the higher one is {rate:g}), or samples that hold "
                "NaN or lie far outside [−1, 1]")
    if gan.d_penalties and player == "discriminator" or gan.g_penalties and player == "generator":
        return "a penalty, or the loss function itself: D's logits are finite"
    low, high = min(each.min().item() for each in logits), max(each.max().item() for each in logits)
    return (f"the loss function itself, since D's logits are finite ({low:.3g} to {high:.3g}): a logarithm of 0? "
            "Write it with softplus on logits in place of log(sigmoid)")
