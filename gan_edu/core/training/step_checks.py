"""What passes through the pieces of a GAN at each step, looked at where it is used, as some give something else then.

Batches, samples, logits, the numbers of losses and penalties, gradients: ValueError or TypeError names the piece that
gave what does not fit, and the cure. `core.training.checks` tries the pieces before the first step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import short
from gan_edu.core.training.contract import Batches, Logits, Record
from gan_edu.core.training.loss import Loss
from gan_edu.core.training.pieces import first, type_name

MISFITS = (RuntimeError, TypeError, ValueError, LookupError, AttributeError)  # what networks raise for them
END = object()
OF_CURVES = {"step", "d_real", "d_fake"}  # what curves have beside a step's values
KNOWN = {*OF_CURVES, "d_loss", "g_loss", "real_logits", "fake_logits"}  # names that no penalty's value can have
NEVER = "so that nothing would be learned: leave detach(), .data, numpy and no_grad out of"
ENDLESS = "take core.data.Batches(data), or of a DataLoader core.data.endless(loader), which begins it anew"


def learning(player: str, optimizer: torch.optim.Optimizer) -> list[Tensor]:
    """The weights of an optimiser that learn. Raises ValueError where none does, or where gradients are off."""
    weights = [weight for group in optimizer.param_groups for weight in group["params"] if weight.requires_grad]
    if not weights:
        raise ValueError(f"the {player} has no weights that learn: requires_grad_(True) for some of them")
    if not torch.is_grad_enabled():
        raise ValueError(
            "gradients are switched off here, by torch.no_grad() or inference_mode(), and without them "
            "nothing is learned: train outside of it"
        )
    return weights


def check_reached(player: str, weights: Sequence[Tensor]) -> None:
    """Raise ValueError where no weight of the player has got a gradient."""
    if all(weight.grad is None for weight in weights):
        raise ValueError(f"no gradient of its loss reaches the {player}'s weights, {NEVER} networks, view and loss")


def drawn(batches: Batches) -> tuple[Tensor, Tensor | None]:
    """The next real samples, and their condition where there is one. Raises ValueError where there are no more.

    TypeError for what G could not make.
    """
    batch = following(batches)
    real, condition = batch if isinstance(batch, (tuple, list)) and len(batch) == 2 else (batch, None)
    if not isinstance(real, Tensor) or not real.is_floating_point():
        got = str(real.dtype) if isinstance(real, Tensor) else type_name(real)
        raise TypeError(
            f"a batch must be one tensor of floating-point samples (N, …), or (samples, condition), got {got}: leave "
            "out what is more, as in (x for x, label in batches), and scale pixels to [−1, 1], as core.data.scaled "
            "does with uint8"
        )
    if not real.ndim or not real.numel():
        raise ValueError(f"a batch holds no samples (N, …), its shape is {tuple(real.shape)}: leave such ones out")
    return real, condition_fits(condition, real)


def following(batches: Batches) -> object:
    """The next batch, whatever it is. Raises ValueError where there are no more."""
    can_be_drawn(batches)
    if (batch := next(batches, END)) is END:
        raise ValueError(f"the batches have come to their end, and training needs them without end: {ENDLESS}")
    return batch


def condition_fits(condition: object, samples: Tensor) -> Tensor | None:
    """The condition, on the samples' device. Raises TypeError for what is no tensor, ValueError for another number."""
    if condition is None:
        return None
    if not isinstance(condition, Tensor):
        raise TypeError(f"a condition must be a tensor (N, …), one for each sample, got {type_name(condition)}")
    if condition.shape[:1] != samples.shape[:1]:
        raise ValueError(
            f"there are {len(samples)} samples and a condition of the shape {tuple(condition.shape)}: give (N, …), "
            "one for each sample"
        )
    return condition.to(samples.device)


def latents_fit(z: Tensor, latent_dim: int) -> None:
    """Raise ValueError for what is no batch of latents."""
    if not isinstance(z, Tensor) or z.ndim != 2 or z.shape[1] != latent_dim:
        got = str(tuple(z.shape)) if isinstance(z, Tensor) else type(z).__name__
        raise ValueError(f"latents have the shape (N, {latent_dim}), got {got}")


def generated(generator: nn.Module, z: Tensor, condition: Tensor | None = None) -> Tensor:
    """G's samples (N, …), of latents, of these and a condition, or where z is (N, 0) of a condition alone.

    Raises ValueError for latents or conditions that G does not take, and where it gives no sample for each. TypeError
    where it gives anything but one tensor.
    """
    if not z.shape[1] and condition is None:
        raise ValueError("latent_dim is 0 and there is no condition, so that G has nothing to make samples of")
    given = [each for each in (z if z.shape[1] else None, condition) if each is not None]
    fake = _tried(generator, given, lambda: f"the generator does not take {_latents(z)}{_and(condition)}")
    _one_tensor("the generator", "samples (N, …)", fake)
    if fake.shape[:1] != z.shape[:1]:
        raise ValueError(
            f"the generator must make one sample of each latent; of {len(z)} it made the shape "
            f"{tuple(fake.shape)}: let its reshape begin with len(z)"
        )
    return fake


def _latents(z: Tensor) -> str:
    return f"latents of the shape (N, {sizes(z)})" if z.shape[1] else "no latents"


def _and(condition: Tensor | None) -> str:
    """The end of a complaint where a condition was given, too."""
    if condition is None:
        return ""
    of = f"shape (N, {sizes(condition)})" if condition.ndim > 1 else "shape (N,)"
    return (
        f" and a condition of the {of} and the type {condition.dtype} (where the batches' labels are of no use, "
        "leave them out: (x for x, label in batches))"
    )


def judged(discriminator: nn.Module, samples: Tensor, condition: Tensor | None = None) -> Logits:
    """D's logits (N, 1), a map of them (N, 1, H, W), or a tuple of heads of which the first is so.

    Raises ValueError for samples of a shape or type that D does not take, or logits of another shape. TypeError where
    it gives anything but floating-point tensors.
    """
    logits = _tried(
        discriminator,
        [samples] if condition is None else [samples, condition],
        lambda: (
            f"the discriminator does not take samples of the shape (N, {sizes(samples)}) and the type "
            f"{samples.dtype}{_and(condition)}"
        ),
    )
    for each in heads(logits):
        _one_tensor("the discriminator", "logits (N, 1)", each)
        if each.shape[:1] != samples.shape[:1]:
            raise ValueError(_not_logits(samples, each))
    if first(logits).ndim < 2 or first(logits).shape[1] != 1:
        raise ValueError(_not_logits(samples, first(logits)))
    return logits


def _not_logits(samples: Tensor, logits: Tensor) -> str:
    return (
        f"the discriminator must give one logit a sample, (N, 1); for {len(samples)} samples it gave "
        f"the shape {tuple(logits.shape)}: let its last layer have one output, and return "
        "x.reshape(-1, 1); a logit for each patch is (N, 1, H, W), several heads are a tuple whose first tells real "
        "from fake"
    )


def value_of(loss: Loss, part: Callable[..., Tensor], *logits: Logits | None) -> Tensor:
    """d or g of a loss. Raises TypeError where D gives several heads and the loss takes one."""
    if not isinstance(logits[0], tuple):
        return part(*logits)
    try:
        return part(*logits)
    except MISFITS as error:
        raise TypeError(
            f"the discriminator returns a tuple of {len(logits[0])} heads, and the loss {loss.name!r} cannot be "
            f"computed of them: {error}. Return the logits (N, 1) alone, or take a Loss whose d and g read tuples"
        ) from error


def heads(logits: Logits) -> tuple[Tensor, ...]:
    """All heads of D's logits, mostly one."""
    return logits if isinstance(logits, tuple) else (logits,)


def viewed(view: Callable, samples: Tensor) -> Tensor:
    """The samples as D sees them. Raises ValueError or TypeError for a view that keeps not their shape or gradient."""
    gradient, shape = samples.requires_grad, samples.shape  # of before, as a view may work in place
    seen = view(samples)
    _one_tensor("view", "samples (N, …)", seen)
    if seen.shape != shape:
        raise ValueError(
            f"view must keep the shape of the samples, (N, {sizes(samples)}); of {tuple(shape)} it made "
            f"{tuple(seen.shape)}: let generator and data have the shape that D sees"
        )
    if gradient and not seen.requires_grad:
        raise ValueError(f"the view has lost the samples' gradient, {NEVER} it")
    return seen


def number(name: str, value: object) -> None:
    """Raise ValueError for what is no single number."""
    if not isinstance(value, Real) and not (isinstance(value, Tensor) and value.ndim == 0 and not value.is_complex()):
        got = f"{value.dtype} of shape {tuple(value.shape)}" if isinstance(value, Tensor) else type_name(value)
        raise ValueError(f"{name} must return one number (a 0-d tensor), got {got}: take the mean over the batch")


def check_slope(cost: Tensor | float) -> None:
    """Raise ValueError for a penalty that costs something and has no gradient. On a GPU nobody waits to see that."""
    learns = isinstance(cost, Tensor) and (cost.requires_grad or cost.is_cuda)
    if not learns and cost != 0:
        raise ValueError(f"a penalty of {float(cost):.4g} has no gradient, {NEVER} it")


def _one_tensor(name: str, what: str, given: object) -> None:
    if not isinstance(given, Tensor) or not given.is_floating_point():
        got = str(given.dtype) if isinstance(given, Tensor) else type_name(given)
        raise TypeError(f"{name} must return one floating-point tensor, the {what}, got {got}: return that alone")


def whole(record: object) -> Record:
    """The record of a step. Raises TypeError for what a function gives that was not made a step."""
    if not isinstance(record, Record):
        raise TypeError(f"a step must give a Record, got {short(record)}: decorate the function with one_step")
    return record


def named_values(values: object) -> Mapping[str, Tensor]:
    """What a step leaves behind. Raises TypeError for anything but tensors by name, ValueError for a taken name."""
    if not isinstance(values, Mapping) or not all(isinstance(each, Tensor) for each in values.values()):
        raise TypeError(
            f"a step must return its values by name, {{'g_loss': loss}}, each a tensor, got {short(values)}"
        )
    if taken := OF_CURVES & set(values):
        raise ValueError(
            f"{', '.join(sorted(taken))} is what curves call something else: name that value of a step anew"
        )
    return values


def _tried(look: Callable, arguments: Sequence[Tensor], complaint: Callable[[], str]) -> Any:
    try:
        return look(*arguments)
    except (torch.cuda.OutOfMemoryError, RecursionError):  # a hook that takes a step, for one
        raise
    except MISFITS as error:
        raise ValueError(f"{complaint()}: {error}") from error


def can_be_drawn(batches: object) -> None:
    """Raise TypeError for what gives no batches one by one."""
    if not hasattr(batches, "__next__"):
        raise TypeError(f"batches must give batches without end, got {type_name(batches)}: {ENDLESS}")


def sizes(samples: Tensor) -> str:
    """Of samples (N, 1, 28, 28) the text "1, 28, 28"."""
    return ", ".join(str(size) for size in samples.shape[1:])
