"""The alarm: a loss or a gradient that is not finite stops training before it has changed a weight.

On a CPU each loss is looked at before its gradient is taken, and each gradient before the optimiser takes it. On a GPU
looking would make the processor wait for the device at each step, so a flag is kept there: once it is up, the fused
optimisers skip their updates (the same `found_inf` that mixed precision uses), averages stay, and the flag is read
every 100 steps. The flag is one number, the time of the first failure, ∞ while there is none:

    flag ← min(flag, now / bad)      with bad = 1 where something is not finite, else 0: now / 0 = ∞
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from gan_edu.core.training.contract import GAN

LOOK_EVERY = 100
EXP_OVERFLOWS = 88  # exp(89) is infinite in float32
MOST_LOOKS = 2**20  # of a step
AT_ONCE = (torch.float32, torch.float64)  # of which torch looks at a whole list in one pass


class NonFiniteLoss(FloatingPointError):
    """A loss or its gradient became NaN or infinite. The message names the step, what it was and the likely cause."""


class Alarm:
    """Watches both players' losses and gradients. flagged: True the flag on the device, False looks, None what fits."""

    def __init__(self, flagged: bool | None = None):
        self.flagged = flagged
        self.first: Tensor | None = None  # when the first failure was: its step, and which look of that; ∞: none
        self.step: Tensor | None = None  # on the device, while a step is captured: gan.step, which goes on in replays
        self.looks: list[tuple[str, str]] = []  # (player, kind) of each look of the step `looked_at`
        self.looked_at = -1

    def watch(self, gan: GAN, player: str, loss: Tensor, *logits: Tensor) -> None:
        """Before a backward pass: raise, or raise the flag, where `loss`, computed from `logits`, is not finite."""
        if not self._flags(gan, loss):
            if not math.isfinite(loss.item()):
                raise NonFiniteLoss(_message(gan, player, gan.step + 1, "loss", loss, logits))
            return
        self._raise(gan, player, "loss", [loss.detach().clone()])

    def watch_gradient(self, gan: GAN, player: str, loss: Tensor, weights: Sequence[Tensor], *logits: Tensor) -> None:
        """Before an optimiser's step: the same for the gradient of `loss` in these weights."""
        gradients = [weight.grad for weight in weights if weight.grad is not None]
        if not self._flags(gan, loss):
            sums = [total(each) for each in gradients]
            if not all(math.isfinite(each.item()) for each in sums):
                for weight in weights:
                    weight.grad = None  # nobody shall take it later
                raise NonFiniteLoss(_message(gan, player, gan.step + 1, "gradient", loss, logits))
            return
        if gradients:
            self._raise(gan, player, "gradient", gradients)
        flag = (self.flag(loss.device) < math.inf).float()
        vars(gan.players[player].optimizer).update(grad_scale=None, found_inf=flag)  # as torch's GradScaler does

    def sound(self) -> Tensor | None:
        """1 on the device while all is well, 0 once the flag is up; None where nothing is flagged."""
        return None if self.first is None else (self.first == math.inf).float()

    def _flags(self, gan: GAN, loss: Tensor) -> bool:
        return loss.is_cuda and all_heed_the_flag(gan) if self.flagged is None else self.flagged

    def flag(self, device: torch.device) -> Tensor:
        """The flag on this device, down where it has not been there yet."""
        if self.first is None or self.first.device != device:
            self.first = torch.full((), math.inf, dtype=torch.float64, device=device)
        return self.first

    def _raise(self, gan: GAN, player: str, what: str, looked_at: Sequence[Tensor]) -> None:
        """Raise the flag where one of these tensors is not finite."""
        if gan.step != self.looked_at:
            self.looks, self.looked_at = [], gan.step
        later = 1 + len(self.looks) / MOST_LOOKS
        self.looks.append((player, what))
        flag = self.flag(looked_at[0].device)
        now = torch.full_like(flag, gan.step + later) if self.step is None else self.step + later
        torch.minimum(flag, now / _bad(looked_at), out=flag)  # in place, as a captured step writes there

    def read(self, gan: GAN) -> None:
        """Read the flag, which waits for the device, and raise where it is up; gan.step goes back to the failure."""
        if self.first is None or (failure := self.first.item()) == math.inf:
            return
        self.first = None
        step = int(failure)
        player, kind = self.looks[round((failure - step) * MOST_LOOKS)]
        gan.step = step - 1
        raise NonFiniteLoss(_message(gan, player, step, kind, None, ()))


def _bad(tensors: Sequence[Tensor]) -> Tensor:
    """1 where one of them is not finite, else 0, on the device: what torch's GradScaler looks with, in one pass."""
    bad = torch.zeros((), device=tensors[0].device)
    if all(each.dtype in AT_ONCE for each in tensors):
        torch._amp_foreach_non_finite_check_and_unscale_(list(tensors), bad, torch.ones_like(bad))  # · 1: as they are
        return bad
    return (~torch.stack([torch.isfinite(total(each)) for each in tensors]).all()).float()


def all_heed_the_flag(gan: GAN) -> bool:
    """Whether all optimisers are fused ones, which skip an update where found_inf is set; else one would train on."""
    return all(getattr(each.optimizer, "_step_supports_amp_scaling", False) for each in gan.players.values())


def _message(gan: GAN, player: str, step: int, what: str, loss: Tensor | None, logits: tuple[Tensor, ...]) -> str:
    value = "not finite" if loss is None or what == "gradient" else f"{float(loss.detach())}"
    if spoiled := [name for name, each in gan.players.items() if not finite(each.network.parameters())]:
        return (
            f"step {step}: the {player}'s {what} is {value}, since the weights of the {' and the '.join(spoiled)} "
            "held NaN or infinity already. Start again from a checkpoint, or with fresh networks."
        )
    cause = _cause_of_loss(gan, player, logits) if what == "loss" else _cause_of_gradient(gan, player)
    told = f"step {step}: the {player}'s {what} is {value}. Likely cause: {cause}. No weight was changed by it; "
    if all(finite(each.network.buffers()) for each in gan.players.values()):
        return told + "the weights of before are intact."
    return told + "but running statistics, as of BatchNorm, hold NaN or infinity: start again from a checkpoint."


def finite(tensors: Iterable[Tensor]) -> bool:
    """Whether all numbers in them are."""
    return all(bool(torch.isfinite(each).all()) for each in tensors)


def total(gradient: Tensor) -> Tensor:
    """Its sum, which NaN and infinity survive; not in float16, in which that of finite numbers overflows."""
    return gradient.sum(dtype=torch.float32 if gradient.dtype == torch.float16 else None)


def _rates(gan: GAN) -> str:
    letters = {"generator": "G's", "discriminator": "D's"}
    told = (
        f"{letters.get(name, f'the {name}’s')} {float(max(group['lr'] for group in each.optimizer.param_groups)):g}"
        for name, each in sorted(gan.players.items())
    )
    return f"learning rates too high ({', '.join(told)})"


def _cause_of_gradient(gan: GAN, player: str) -> str:
    penalty = gan.d_penalties if player == "discriminator" else gan.g_penalties
    return (
        "a square root at 0 in a penalty, whose loss is finite and whose slope is not"
        if penalty
        else "a network or a loss with a slope that is not finite, such as a square root or a norm at 0; or "
        f"{_rates(gan)}"
    )


def _cause_of_loss(gan: GAN, player: str, logits: tuple[Tensor, ...]) -> str:
    if not logits:
        return f"the {player}'s output has run away: {_rates(gan)}, or samples that hold NaN or infinity"
    if not all((each.abs() < 1e30).all() for each in logits):
        return f"D's logits overflowed: {_rates(gan)}, or samples that hold NaN or lie far outside [−1, 1]"
    if gan.d_penalties and player == "discriminator" or gan.g_penalties and player == "generator":
        return "a penalty, or the loss function itself: D's logits are finite"
    low, high = min(each.min().item() for each in logits), max(each.max().item() for each in logits)
    if max(-low, high) > EXP_OVERFLOWS:
        return (
            f"{_rates(gan)}: D's logits have run away ({low:.3g} to {high:.3g}), and beyond ±{EXP_OVERFLOWS} an "
            "exponential in the loss is no number any more. Begin anew with lower rates, 0.001 say"
        )
    return (
        f"the loss function itself, since D's logits are finite ({low:.3g} to {high:.3g}): a logarithm of 0? "
        "Write it with softplus on logits in place of log(sigmoid)"
    )
