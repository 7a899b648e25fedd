"""Whether the pieces of a GAN fit each other: said at the door, or in the first step before a weight has moved.

`check` sends two samples through networks and loss. What a network or a view gives back is looked at wherever it is
used, since some give something else while they train. Not seen are a generator or discriminator whose last operation
hides in a function of one's own (1 / (1 + exp(−x)), a part that is compiled), and data of a wrong scale before a
generator without a last tanh, sigmoid or ReLU, which may learn any.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from numbers import Real

import torch
from torch import Tensor, nn
from torch.utils.data.dataloader import _BaseDataLoaderIter

from gan_edu.core.training.pieces import PLAYERS, type_name
from gan_edu.core.training.remark import from_zero_up, remark
from gan_edu.core.training.streams import kept_stream, looking

MISFITS = (RuntimeError, TypeError, ValueError, LookupError, AttributeError)  # what networks raise for them
RANGES = {"Sigmoid": (0, 1), "Softmax": (0, 1), "Tanh": (-1, 1), "Relu": (0, math.inf)}
SHAPES = {
    "View",
    "UnsafeView",
    "ReshapeAlias",
    "Squeeze",
    "Unsqueeze",
    "Permute",
    "Transpose",
    "T",
    "Slice",
    "Select",
    "Clone",
    "ToCopy",
}  # operations that leave the numbers as they are
BATCH = 64  # samples, where the batches do not say how many
ROOM = 0.1  # how far real samples may lie outside of G's
END = object()
NEVER = "so that nothing would be learned: leave detach(), .data, numpy and no_grad out of"
ENDLESS = "take core.data.Batches(data), or of a DataLoader core.data.endless(loader), which begins it anew"


def check(gan, batches: Iterator[Tensor]) -> None:
    """Send two samples through networks and loss, changing nothing: no weight, statistic, stream or place in the data.

    Where that fails, a whole batch is tried, as a loss may take the best four of it. View and penalties are not called,
    as they may count their calls; the loss is. Raises ValueError or TypeError that names what misfits, and the cure.
    """
    if not hasattr(gan, "fit"):
        raise TypeError(f"what is trained must be a GAN(generator, discriminator, latent_dim), got {type_name(gan)}")
    _can_be_drawn(batches)
    gan.fit()
    for player, name in PLAYERS.items():
        learning(player, getattr(gan, name))
    real = getattr(batches, "data", None)
    if isinstance(real, Tensor) and real.device != gan.device:
        raise ValueError(
            f"the data is on {real.device}, the generator on {gan.device}: Batches(…, device={str(gan.device)!r})"
        )
    try:
        _try(gan, real, 2)
    except (ValueError, TypeError) as error:
        with suppress(ValueError, TypeError):
            return _try(gan, real, getattr(batches, "batch_size", BATCH))
        raise error


def _try(gan, real, count: int) -> None:
    with _trial(gan, count) as (generator, discriminator, z):
        fake = generated(generator, z)
        if isinstance(real, Tensor):
            _one_shape(real, fake, "the data's is")
        logits = judged(discriminator, fake)
        _check_gradient(fake, logits)
        _check_loss(gan.loss, logits)


def _can_be_drawn(batches) -> None:
    if not hasattr(batches, "__next__"):
        raise TypeError(f"batches must give batches without end, got {type_name(batches)}: {ENDLESS}")


def enough(batches: Iterator[Tensor], needed: int) -> None:
    """Raise ValueError for batches of which it is known that they end before `needed` are drawn."""
    tells = isinstance(batches, _BaseDataLoaderIter) or hasattr(type(batches), "__length_hint__")
    if tells and 0 < operator.length_hint(batches) < needed:
        raise ValueError(
            f"these batches come to their end after {operator.length_hint(batches)}, before the training "
            f"does: {ENDLESS}"
        )


@contextmanager
def _trial(gan, count: int) -> Iterator[tuple[nn.Module, nn.Module, Tensor]]:
    """(G, D, latents of `count` samples), to be tried with gradients: in eval mode, and the random streams given back.

    Compiled networks are tried as they were before, and not compiled once more for so few samples.
    """
    players = [getattr(each, "_orig_mod", each) for each in (gan.generator, gan.discriminator)]
    z = torch.zeros(count, gan.latent_dim, device=gan.device, dtype=next(gan.generator.parameters()).dtype)
    with looking(*players), kept_stream(gan.device), torch.enable_grad():
        yield *players, z


def _check_gradient(fake: Tensor, logits: Tensor) -> None:
    """Raise ValueError where G's weights are not behind its samples, or the samples not behind D's logits."""
    if not fake.requires_grad:
        raise ValueError(f"the generator's samples have lost their gradient, {NEVER} its forward")
    if fake.grad_fn is not None and all(node is not fake.grad_fn for node in _behind(logits)):
        raise ValueError(f"the discriminator's logits have no gradient for the samples, {NEVER} its forward")


def _check_loss(loss, logits: Tensor) -> None:
    at = logits.detach().requires_grad_()
    try:
        values = {"d": loss.d(at, at), "g": loss.g(at, at if loss.g_needs_real else None)}
    except MISFITS as error:
        raise ValueError(
            f"the loss {loss.name!r} cannot be computed of logits (2, 1): {error}. It is called as d("
            "real_logits, fake_logits) and g(fake_logits, real_logits); where g reads the real ones, say "
            "Loss(…, g_needs_real=True)"
        ) from error
    for name, value in values.items():
        number(f"the loss {loss.name!r}: {name}", value)
        if not isinstance(value, Tensor) or not value.requires_grad:
            raise ValueError(
                f"the loss {loss.name!r}: {name} does not depend on the logits, so that nothing can be "
                "learned from it: compute it from the logits themselves, without detach() or item()"
            )
    end = made_by(logits)
    if end in RANGES and _pushes_beyond(loss, logits, *RANGES[end]):
        raise ValueError(
            f"the discriminator ends in a {end.lower()}, so that its output lies {_between(end)}, and the "
            f"loss {loss.name!r} needs logits, which may be any number: leave the {end.lower()} out, as "
            "the loss makes of a logit what it needs"
        )


def _pushes_beyond(loss, logits: Tensor, least: float, most: float) -> bool:
    """Whether D's loss still wants higher real logits and lower fake ones where they are at these limits."""
    real, fake = (torch.full_like(logits, limit).requires_grad_() for limit in (min(most, 1e4), least))
    up, down = torch.autograd.grad(loss.d(real, fake), (real, fake), allow_unused=True, materialize_grads=True)
    return bool((up < 0).any() or (down > 0).any())


def made_by(output: Tensor) -> str:
    """The last operation that made these numbers, in torch's word: Sigmoid, Tanh, Addmm …"""
    return next((name for node in _behind(output) if (name := node.name().partition("Backward")[0]) not in SHAPES), "")


def _behind(output: Tensor) -> Iterator:
    """The nodes of the graph that made a tensor, its last operation first."""
    seen, ahead = set(), [output.grad_fn]
    while ahead:
        node = ahead.pop()
        if node is not None and node not in seen:
            seen.add(node)
            yield node
            ahead += [each for each, _ in reversed(node.next_functions)]


# ------------------------------------------------------------------ what passes through them, at each step


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


def reached(player: str, weights: Sequence[Tensor]) -> None:
    """Raise ValueError where no weight of the player has got a gradient."""
    if all(weight.grad is None for weight in weights):
        raise ValueError(f"no gradient of its loss reaches the {player}'s weights, {NEVER} networks, view and loss")


def drawn(batches: Iterator[Tensor]) -> Tensor:
    """The next real samples. Raises ValueError where there are no more, TypeError for what G could not make."""
    _can_be_drawn(batches)
    if (real := next(batches, END)) is END:
        raise ValueError(f"the batches have come to their end, and training needs them without end: {ENDLESS}")
    if not isinstance(real, Tensor) or not real.is_floating_point():
        got = str(real.dtype) if isinstance(real, Tensor) else type_name(real)
        raise TypeError(
            f"a batch must be one tensor of floating-point samples (N, …), got {got}: leave labels out, as "
            "in (x for x, label in batches), and scale pixels to [−1, 1], as core.data.scaled does with "
            "uint8"
        )
    if not real.ndim or not real.numel():
        raise ValueError(f"a batch holds no samples (N, …), its shape is {tuple(real.shape)}: leave such ones out")
    return real


def alike(gan, real: Tensor, fake: Tensor) -> None:
    """Raise ValueError where real samples and fakes (N, …) differ in shape, type or place: D has to take both.

    At a run's first batch it has a word for data on another scale than G's.
    """
    _one_shape(real, fake, "the batches have")
    if real.dtype != fake.dtype:
        raise ValueError(f"the batches are {real.dtype}, the generator makes {fake.dtype}: {_one_type(real, fake)}")
    if real.device != fake.device:
        raise ValueError(
            f"the batches are on {real.device}, the generator makes samples on {fake.device}: "
            f"batch.to({str(fake.device)!r})"
        )
    if gan.step == gan.d_steps_done == 0:
        _compare_scales(gan, real)


def _one_type(real: Tensor, fake: Tensor) -> str:
    """What to do where the batches are of another type than G's samples."""
    if torch.is_autocast_enabled(fake.device.type):
        return 'train outside of torch.autocast, and say GAN(…, precision="bfloat16") where that is wanted'
    if real.dtype == torch.float32:
        return "make both networks float32 before the GAN is made, generator.float() and discriminator.float()"
    return (
        "convert the data, as data.float() does, or both networks before the GAN is made, as generator.double() "
        "and discriminator.double() do"
    )


def _compare_scales(gan, real: Tensor) -> None:
    with _trial(gan, len(real)) as (generator, _, z):
        end = made_by(generated(generator, z))
    if end not in RANGES:
        return
    (least, most), (low, high) = RANGES[end], (real.min().item(), real.max().item())
    if low < least - ROOM or high > most + ROOM:
        cure = (
            "Scale the data: x / 127.5 - 1 for pixels 0…255, 2 * x - 1 for [0, 1]"
            if least < 0
            else "End it in a tanh, for data in [−1, 1]"
        )
        remark(
            f"The real samples lie from {low:.3g} to {high:.3g}, but the generator ends in a {end.lower()} and "
            f"makes only samples {_between(end)}. {cure}; or leave the {end.lower()} out."
        )
    elif least < 0 and from_zero_up(real):
        remark(
            f"The real samples lie from {low:.3g} to {high:.3g}, none below 0, but the generator ends in a "
            f"{end.lower()} and makes samples {_between(end)}; as pictures they are shown and scored so. Scale the "
            "data to [−1, 1]: 2 * x - 1 for [0, 1]."
        )


def _one_shape(real: Tensor, fake: Tensor, has: str) -> None:
    if real.shape[1:] != fake.shape[1:]:
        raise ValueError(
            f"the generator makes samples of the shape (N, {_shape(fake)}), {has} (N, {_shape(real)}): "
            "they must be equal"
        )


def latents_fit(z: Tensor, latent_dim: int) -> None:
    """Raise ValueError for what is no batch of latents."""
    if not isinstance(z, Tensor) or z.ndim != 2 or z.shape[1] != latent_dim:
        got = str(tuple(z.shape)) if isinstance(z, Tensor) else type(z).__name__
        raise ValueError(f"latents have the shape (N, {latent_dim}), got {got}")


def generated(generator: nn.Module, z: Tensor) -> Tensor:
    """G's samples (N, …). Raises ValueError for latents that G does not take, and where it gives no sample for each.

    TypeError where it gives anything but one tensor.
    """
    fake = _tried(generator, z, f"the generator does not take latents of the shape (N, {_shape(z)})")
    _one_tensor("the generator", "samples (N, …)", fake)
    if fake.shape[:1] != z.shape[:1]:
        raise ValueError(
            f"the generator must make one sample of each latent; of {len(z)} it made the shape "
            f"{tuple(fake.shape)}: let its reshape begin with len(z)"
        )
    return fake


def judged(discriminator: nn.Module, samples: Tensor) -> Tensor:
    """D's logits (N, 1). Raises ValueError for samples of a shape or type that D does not take, or logits of another.

    TypeError where it gives anything but one tensor.
    """
    logits = _tried(
        discriminator,
        samples,
        f"the discriminator does not take samples of the shape (N, {_shape(samples)}) and the type {samples.dtype}",
    )
    _one_tensor("the discriminator", "logits (N, 1)", logits)
    if logits.shape != (len(samples), 1):
        raise ValueError(
            f"the discriminator must give one logit a sample, (N, 1); for {len(samples)} samples it gave "
            f"the shape {tuple(logits.shape)}: let its last layer have one output, and return "
            "x.reshape(-1, 1), or of a map of logits x.flatten(1).mean(1, keepdim=True)"
        )
    return logits


def viewed(view: Callable, samples: Tensor) -> Tensor:
    """The samples as D sees them. Raises ValueError or TypeError for a view that keeps not their shape or gradient."""
    gradient, shape = samples.requires_grad, samples.shape  # of before, as a view may work in place
    seen = view(samples)
    _one_tensor("view", "samples (N, …)", seen)
    if seen.shape != shape:
        raise ValueError(
            f"view must keep the shape of the samples, (N, {_shape(samples)}); of {tuple(shape)} it made "
            f"{tuple(seen.shape)}: let generator and data have the shape that D sees"
        )
    if gradient and not seen.requires_grad:
        raise ValueError(f"the view has lost the samples' gradient, {NEVER} it")
    return seen


def number(name: str, value) -> None:
    """Raise ValueError for what is no single number."""
    if not isinstance(value, Real) and not (isinstance(value, Tensor) and value.ndim == 0 and not value.is_complex()):
        got = f"{value.dtype} of shape {tuple(value.shape)}" if isinstance(value, Tensor) else type_name(value)
        raise ValueError(f"{name} must return one number (a 0-d tensor), got {got}: take the mean over the batch")


def moves(cost) -> None:
    """Raise ValueError for a penalty that costs something and has no gradient. On a GPU nobody waits to see that."""
    learns = isinstance(cost, Tensor) and (cost.requires_grad or cost.is_cuda)
    if not learns and cost != 0:
        raise ValueError(f"a penalty of {float(cost):.4g} has no gradient, {NEVER} it")


def _one_tensor(name: str, what: str, given) -> None:
    if not isinstance(given, Tensor) or not given.is_floating_point():
        got = str(given.dtype) if isinstance(given, Tensor) else type_name(given)
        raise TypeError(f"{name} must return one floating-point tensor, the {what}, got {got}: return that alone")


def _tried(look: Callable, argument: Tensor, complaint: str) -> Tensor:
    try:
        return look(argument)
    except (torch.cuda.OutOfMemoryError, RecursionError):  # a hook that takes a step, for one
        raise
    except MISFITS as error:
        raise ValueError(f"{complaint}: {error}") from error


def _between(end: str) -> str:
    least, most = RANGES[end]
    return "≥ 0" if most == math.inf else f"between {least} and {most}".replace("-", "−")


def _shape(samples: Tensor) -> str:
    return ", ".join(str(size) for size in samples.shape[1:])
