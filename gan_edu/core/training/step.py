"""What D's turn and G's turn of a step are made of: noise, fakes, logits, losses with their penalties, gradients.

`gan` is a `training_loop.GAN`, whose steps put these together; `core.training.slow_motion` does so too, line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import torch
from torch import Tensor

from gan_edu.core.training.checks import alike
from gan_edu.core.training.contract import GAN
from gan_edu.core.training.networks import has_batch_statistics
from gan_edu.core.training.step_checks import drawn, generated, judged, learning, moves, number, reached, viewed


class Record(NamedTuple):
    """What one step leaves behind, detached. Reading a number waits for the device; keeping the record does not."""

    step: int
    d_loss: Tensor  # scalar
    g_loss: Tensor  # scalar
    real_logits: Tensor  # (N, 1), D's on the batch it just learned from
    fake_logits: Tensor  # (N, 1)


def noise(gan: GAN, real: Tensor) -> Tensor:
    """Latents (N, latent_dim), as many as there are real samples, from the stream of training."""
    return gan.latents(len(real), gan.noise_stream)  # (N, latent_dim)


def fakes(gan: GAN, z: Tensor, graph: bool = True) -> Tensor:
    """G(z) (N, …) of latents z (N, latent_dim), float32 under autocast. graph: whether G will learn from them."""
    with torch.set_grad_enabled(graph), _autocast(gan):
        fake = generated(gan.generator, z)  # (N, …)
    return fake.float() if gan.precision == "bfloat16" else fake  # what a penalty differentiates is float32


def draw(gan: GAN, batches: Iterator[Tensor], graph: bool) -> tuple[Tensor, Tensor]:
    """The next real samples (N, …), and as many fakes. Raises ValueError where they differ in shape or type."""
    real = drawn(batches)  # (N, …)
    fake = fakes(gan, noise(gan, real), graph)
    alike(gan, real, fake)
    return real, fake


def done(gan: GAN) -> None:
    """Count the step, and call what follows one."""
    gan.step += 1
    for hook in gan.hooks:
        if hasattr(hook, "after_step"):
            hook.after_step(gan)
    for hook in gan.after_step:
        hook(gan)


def record_of(gan: GAN, *values: Tensor) -> Record:
    """The record of the step just done; values: as `Record` has them."""
    return Record(gan.step, *(value.detach() for value in values))


def loss_of_d(gan: GAN, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(L_D with D's penalties, a scalar; logits (N, 1) of real samples; of fakes). real, fake: (N, …)."""
    real, fake = seen(gan, real, fake)
    real_logits, fake_logits = judge_both(gan, real, fake)
    loss = gan.loss.d(real_logits, fake_logits)
    return _with(gan.d_penalties, loss, gan, real, fake), real_logits, fake_logits


def loss_of_g(gan: GAN, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """(L_G with G's penalties, a scalar; logits (N, 1) of fakes). Real samples are judged where the loss needs it."""
    if gan.loss.g_needs_real or gan.g_penalties:
        real, fake = seen(gan, real, fake)
    else:
        (fake,) = seen(gan, fake)
    if gan.loss.g_needs_real:
        real_logits, fake_logits = judge_both(gan, real, fake)
    else:
        real_logits, fake_logits = None, _judge(gan, fake)
    loss = gan.loss.g(fake_logits, real_logits)
    return _with(gan.g_penalties, loss, gan, real, fake), fake_logits


def _with(penalties: Sequence[Callable], loss: Tensor, gan: GAN, real: Tensor, fake: Tensor) -> Tensor:
    for penalty in penalties:
        number("each penalty", cost := penalty(gan.discriminator, real, fake))
        moves(cost)
        loss = loss + cost
    return loss


def seen(gan: GAN, *samples: Tensor) -> Sequence[Tensor]:
    """The samples (N, …) as D sees them, in the same order: through the view, all in one call."""
    if gan.view is None:
        return samples
    return viewed(gan.view, torch.cat(samples)).split([len(each) for each in samples])


def gradient(gan: GAN, player: str, loss: Tensor, *logits: Tensor) -> None:
    """The gradient of `loss` for this player's weights, and for no others.

    Raises NonFiniteLoss where it or the loss is not finite, ValueError for a player without weights that learn, or
    that no gradient reaches.
    """
    gan.alarm.watch(gan, player, loss, *logits)
    optimizer = gan.d_optimizer if player == "discriminator" else gan.g_optimizer
    optimizer.zero_grad()
    weights = learning(player, optimizer)
    if loss.requires_grad:
        loss.backward(inputs=weights)
    reached(player, weights)
    gan.alarm.watch_gradient(gan, player, loss, weights, *logits)


def judge_both(gan: GAN, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """D's logits (N, 1) for both. One pass is faster, and the same up to rounding unless D has batch statistics."""
    if has_batch_statistics(gan.discriminator):
        return _judge(gan, real), _judge(gan, fake)
    logits = _judge(gan, torch.cat([real, fake]))  # (2N, 1)
    return logits[: len(real)], logits[len(real) :]


def _judge(gan: GAN, samples: Tensor) -> Tensor:
    with _autocast(gan):
        logits = judged(gan.discriminator, samples)  # (N, …) → (N, 1)
    return logits.float() if gan.precision == "bfloat16" else logits


def _autocast(gan: GAN) -> AbstractContextManager:
    return torch.autocast(gan.device.type, torch.bfloat16) if gan.precision == "bfloat16" else nullcontext()
