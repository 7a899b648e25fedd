"""Whether the pieces of a GAN fit each other: said at the door, or in the first step before a weight has moved.

`check` sends two samples through networks and loss; `core.training.step_checks` looks at what they give back wherever
it is used. Not seen are a generator or discriminator whose last operation hides in a function of one's own
(1 / (1 + exp(−x)), a part that is compiled), and data of a wrong scale before a generator without a last tanh, sigmoid
or ReLU, which may learn any.
"""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node
from torch.utils.data.dataloader import _BaseDataLoaderIter

from gan_edu.core.training.contract import GAN, Batches, InMemory, Logits, Sized
from gan_edu.core.training.loss import Loss
from gan_edu.core.training.pieces import first, type_name
from gan_edu.core.training.remark import from_zero_up, remark
from gan_edu.core.training.step_checks import (
    ENDLESS,
    MISFITS,
    NEVER,
    can_be_drawn,
    generated,
    heads,
    judged,
    learning,
    number,
    sizes,
    value_of,
)
from gan_edu.core.training.streams import kept_stream, looking

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
TAKEN = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
BATCH = 64  # samples, where the batches do not say how many
ROOM = 0.1  # how far real samples may lie outside of G's


def check(gan: GAN, batches: Batches) -> None:
    """Send two samples through networks and loss, changing nothing: no weight, statistic, stream or place in the data.

    Where that fails, a whole batch is tried, as a loss may take the best four of it. View and penalties are not called,
    as they may count their calls; the loss is. Batches that do not lie in memory are tried in the first step, where
    the generator takes a condition. Raises ValueError or TypeError that names what misfits, and the cure.
    """
    check_pieces(gan, batches)
    if gan.discriminator is None:
        raise ValueError(
            "this GAN has no discriminator to train with: give it one, or a step of your own that needs none, "
            "train(…, step=…)"
        )
    real, condition = (batches.data, batches.conditions) if isinstance(batches, InMemory) else (None, None)
    if real is not None and real.device != gan.device:
        raise ValueError(
            f"the data is on {real.device}, the generator on {gan.device}: Batches(…, device={str(gan.device)!r})"
        )
    if condition is None and wants_a_condition(gan):
        return
    try:
        _try(gan, real, condition, 2)
    except (ValueError, TypeError) as error:
        with suppress(ValueError, TypeError):
            return _try(gan, real, condition, batches.batch_size if isinstance(batches, Sized) else BATCH)
        raise error


def check_pieces(gan: GAN, batches: Batches) -> None:
    """Whether there is a GAN whose pieces fit, and batches to be drawn: all that is known of a step of any kind."""
    if not hasattr(gan, "fit"):
        raise TypeError(f"what is trained must be a GAN(generator, discriminator, latent_dim), got {type_name(gan)}")
    can_be_drawn(batches)
    gan.fit()
    for name, player in gan.players.items():
        learning(name, player.optimizer)


def wants_a_condition(gan: GAN) -> bool:
    """Whether the generator's forward takes more than the latents, or is given no latents at all."""
    if not gan.latent_dim:
        return True
    try:
        parameters = inspect.signature(gan.generator.forward).parameters.values()
    except (TypeError, ValueError):  # some forwards of C do not say
        return False
    needed = [each for each in parameters if each.kind in TAKEN and each.default is inspect.Parameter.empty]
    return len(needed) > 1


def _try(gan: GAN, real: Tensor | None, condition: Tensor | None, count: int) -> None:
    condition = None if condition is None else condition[:count]
    with trial(gan, count) as (generator, discriminator, z):
        fake = generated(generator, z if condition is None else z[: len(condition)], condition)
        if real is not None:
            _one_shape(real, fake, "the data's is")
        logits = judged(discriminator, fake, condition)
        _check_gradient(fake, first(logits))
        _check_loss(gan.loss, logits)


def enough(batches: Batches, needed: int) -> None:
    """Raise ValueError for batches of which it is known that they end before `needed` are drawn."""
    tells = isinstance(batches, _BaseDataLoaderIter) or hasattr(type(batches), "__length_hint__")
    if tells and 0 < operator.length_hint(batches) < needed:
        raise ValueError(
            f"these batches come to their end after {operator.length_hint(batches)}, before the training "
            f"does: {ENDLESS}"
        )


@contextmanager
def trial(gan: GAN, count: int) -> Iterator[tuple[nn.Module, nn.Module, Tensor]]:
    """(G, D, latents of `count` samples), to be tried with gradients: in eval mode, and the random streams given back.

    Compiled networks are tried as they were before, and not compiled once more for so few samples.
    """
    generator, discriminator = (getattr(each, "_orig_mod", each) for each in (gan.generator, gan.discriminator))
    z = torch.zeros(count, gan.latent_dim, device=gan.device, dtype=next(gan.generator.parameters()).dtype)
    with looking(generator, discriminator), kept_stream(gan.device), torch.enable_grad():
        yield generator, discriminator, z


def _check_gradient(fake: Tensor, logits: Tensor) -> None:
    """Raise ValueError where G's weights are not behind its samples, or the samples not behind D's logits."""
    if not fake.requires_grad:
        raise ValueError(f"the generator's samples have lost their gradient, {NEVER} its forward")
    if fake.grad_fn is not None and all(node is not fake.grad_fn for node in _behind(logits)):
        raise ValueError(f"the discriminator's logits have no gradient for the samples, {NEVER} its forward")


def _check_loss(loss: Loss, logits: Logits) -> None:
    leaves = tuple(each.detach().requires_grad_() for each in heads(logits))
    at: Logits = leaves if isinstance(logits, tuple) else leaves[0]
    try:
        values = {
            "d": value_of(loss, loss.d, at, at),
            "g": value_of(loss, loss.g, at, at if loss.g_needs_real else None),
        }
    except MISFITS as error:
        if isinstance(logits, tuple):
            raise
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
    end = made_by(logits) if isinstance(logits, Tensor) else ""
    if isinstance(logits, Tensor) and end in RANGES and _pushes_beyond(loss, logits, *RANGES[end]):
        raise ValueError(
            f"the discriminator ends in a {end.lower()}, so that its output lies {_between(end)}, and the "
            f"loss {loss.name!r} needs logits, which may be any number: leave the {end.lower()} out, as "
            "the loss makes of a logit what it needs"
        )


def _pushes_beyond(loss: Loss, logits: Tensor, least: float, most: float) -> bool:
    """Whether D's loss still wants higher real logits and lower fake ones where they are at these limits."""
    real, fake = (torch.full_like(logits, limit).requires_grad_() for limit in (min(most, 1e4), least))
    up, down = torch.autograd.grad(loss.d(real, fake), (real, fake), allow_unused=True, materialize_grads=True)
    return bool((up < 0).any() or (down > 0).any())


def made_by(output: Tensor) -> str:
    """The last operation that made these numbers, in torch's word: Sigmoid, Tanh, Addmm …"""
    return next((name for node in _behind(output) if (name := node.name().partition("Backward")[0]) not in SHAPES), "")


def _behind(output: Tensor) -> Iterator[Node]:
    """The nodes of the graph that made a tensor, its last operation first."""
    seen, ahead = set(), [output.grad_fn]
    while ahead:
        node = ahead.pop()
        if node is not None and node not in seen:
            seen.add(node)
            yield node
            ahead += [each for each, _ in reversed(node.next_functions)]


def alike(gan: GAN, real: Tensor, fake: Tensor, condition: Tensor | None = None) -> None:
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
        _compare_scales(gan, real, condition)


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


def _compare_scales(gan: GAN, real: Tensor, condition: Tensor | None) -> None:
    with trial(gan, len(real)) as (generator, _, z):
        end = made_by(generated(generator, z, condition))
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
            f"the generator makes samples of the shape (N, {sizes(fake)}), {has} (N, {sizes(real)}): they must be equal"
        )


def _between(end: str) -> str:
    least, most = RANGES[end]
    return "≥ 0" if most == math.inf else f"between {least} and {most}".replace("-", "−")
