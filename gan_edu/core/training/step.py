"""What a step is made of: noise, fakes, logits, losses with their penalties, gradients; and how a step is made whole.

`training_loop` puts the pieces together; `core.training.slow_motion` does so too, line by line. `gan` is a
`core.training.gan.GAN`. A step of one's own is a function (gan, batches) → its named values under `one_step`:

    @one_step
    def reconstruct(gan, batches):
        x = next(batches)
        loss = (gan.generator(gan.others["encoder"].network(x)) - x).square().mean()
        learn(gan, ("generator", "encoder"), loss)
        return {"g_loss": loss}

    for record in train(gan, batches, 1000, step=reconstruct): …
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gan_edu.core.training.checks import alike
from gan_edu.core.training.contract import GAN, Batches, Following, Logits, Penalty, Record
from gan_edu.core.training.networks import has_batch_statistics
from gan_edu.core.training.pieces import called, first
from gan_edu.core.training.step_checks import (
    drawn,
    generated,
    heads,
    judged,
    learning,
    lost,
    moves,
    named_values,
    number,
    reached,
    viewed,
)
from gan_edu.core.training.streams import lent_stream

Values = Mapping[str, Tensor]  # of a step, by name: scalars, and D's logits


def one_step(taken: Callable[..., Values]) -> Callable[[Any, Batches], Record]:
    """A step of training, made of a function (gan, batches) → its named values, to be handed to `train(…, step=…)`.

    Around it the networks' random stream is lent, after it the step is counted and the hooks are called; then its
    values are the record, detached. Where it raises, nothing is counted.
    """

    @wraps(taken)
    def whole(gan: GAN, batches: Batches) -> Record:
        with lent_stream(gan):
            values = taken(gan, batches)
            done(gan)
        return record_of(gan, values)

    return whole


def done(gan: GAN) -> None:
    """Count the step, and call what follows one."""
    gan.step += 1
    for hook in gan.hooks:
        if isinstance(hook, Following):
            hook.after_step(gan)
    for call in gan.after_step:
        call(gan)


def record_of(gan: GAN, values: Values) -> Record:
    """The record of the step just done. Raises TypeError for values that are no tensors by name."""
    return Record(gan.step, {name: value.detach() for name, value in named_values(values).items()})


# ------------------------------------------------------------------ samples


class Pair(NamedTuple):
    """Real samples (N, …), as many fakes, and what both were made or drawn for, (N, …) or None."""

    real: Tensor
    fake: Tensor
    condition: Tensor | None


def noise(gan: GAN, real: Tensor) -> Tensor:
    """Latents (N, latent_dim), as many as there are real samples, from the stream of training."""
    return gan.latents(len(real), gan.noise_stream)  # (N, latent_dim)


def fakes(gan: GAN, z: Tensor, condition: Tensor | None = None, graph: bool = True) -> Tensor:
    """G(z) or G(z, condition), (N, …), float32 under autocast. graph: whether G will learn from them."""
    with torch.set_grad_enabled(graph), _autocast(gan):
        fake = generated(gan.generator, z, condition)  # (N, …)
    return fake.float() if gan.precision == "bfloat16" else fake  # what a penalty differentiates is float32


def draw(gan: GAN, batches: Batches, graph: bool) -> Pair:
    """The next real samples, and as many fakes of the same conditions. Raises ValueError where they differ in shape
    or type."""
    real, condition = drawn(batches)  # (N, …)
    fake = fakes(gan, noise(gan, real), condition, graph)
    alike(gan, real, fake, condition)
    return Pair(real, fake, condition)


def seen(gan: GAN, *samples: Tensor) -> Sequence[Tensor]:
    """The samples (N, …) as D sees them, in the same order: through the view, all in one call."""
    if gan.view is None:
        return samples
    return viewed(gan.view, torch.cat(samples)).split([len(each) for each in samples])


# ------------------------------------------------------------------ losses


class Judged(NamedTuple):
    """A player's loss with its penalties, a scalar; the logits it was computed of; each penalty by its name."""

    loss: Tensor
    logits: tuple[Logits, ...]
    penalties: dict[str, Tensor]


def loss_of_d(gan: GAN, pair: Pair) -> Judged:
    """L_D, with D's logits (N, 1) of real samples and of fakes."""
    real, fake = seen(gan, pair.real, pair.fake)
    logits = judge_both(gan, real, fake, pair.condition)
    return _with(gan.d_penalties, gan, lost(gan.loss, gan.loss.d, *logits), logits, Pair(real, fake, pair.condition))


def loss_of_g(gan: GAN, pair: Pair) -> Judged:
    """L_G, with D's logits (N, 1) of the fakes last. Real samples are judged where the loss needs it."""
    real, fake = pair.real, pair.fake
    if gan.loss.g_needs_real or gan.g_penalties:
        real, fake = seen(gan, real, fake)
    else:
        (fake,) = seen(gan, fake)
    if gan.loss.g_needs_real:
        real_logits, fake_logits = judge_both(gan, real, fake, pair.condition)
    else:
        real_logits, fake_logits = None, _judge(gan, fake, pair.condition)
    loss = lost(gan.loss, gan.loss.g, fake_logits, real_logits)
    return _with(gan.g_penalties, gan, loss, (fake_logits,), Pair(real, fake, pair.condition))


def _with(penalties: Sequence[Penalty], gan: GAN, loss: Tensor, logits: tuple[Logits, ...], pair: Pair) -> Judged:
    costs: dict[str, Tensor] = {}
    if penalties:
        discriminator = _of_samples_alone(gan.discriminator, pair.condition, logits[0])
    for penalty in penalties:
        number("each penalty", cost := penalty(discriminator, pair.real, pair.fake))
        moves(cost)
        loss = loss + cost
        costs[_free(costs, penalty)] = cost if isinstance(cost, Tensor) else loss.new_tensor(cost)
    return Judged(loss, logits, costs)


def _free(costs: dict[str, Tensor], penalty: Penalty) -> str:
    """A penalty's name, with a number where another of it stands there already."""
    name = called(penalty)
    return name if name not in costs else f"{name} {sum(each.startswith(name) for each in costs) + 1}"


class OfSamplesAlone(nn.Module):
    """D as a penalty takes it, x → logits (N, 1): the condition given to it already, of several heads the first."""

    def __init__(self, discriminator: nn.Module, condition: Tensor | None):
        super().__init__()
        self.discriminator, self.condition = discriminator, condition
        self.training = discriminator.training

    def forward(self, x: Tensor) -> Tensor:
        return first(self.discriminator(x) if self.condition is None else self.discriminator(x, self.condition))


def _of_samples_alone(discriminator: nn.Module, condition: Tensor | None, logits: Logits) -> nn.Module:
    bare = condition is None and isinstance(logits, Tensor)
    return discriminator if bare else OfSamplesAlone(discriminator, condition)


def values_of(d: Judged, g: Judged) -> dict[str, Tensor]:
    """The named values of a step: both losses, each penalty's part of them, and the logits that D learned from."""
    real_logits, fake_logits = d.logits
    costs = dict(d.penalties)
    for name, cost in g.penalties.items():
        costs[name if name not in costs else f"{name} of G"] = cost
    losses = {"d_loss": d.loss, "g_loss": g.loss}
    return {**losses, "real_logits": first(real_logits), "fake_logits": first(fake_logits), **costs}


def judge_both(gan: GAN, real: Tensor, fake: Tensor, condition: Tensor | None = None) -> tuple[Logits, Logits]:
    """D's logits (N, 1) for both. One pass is faster, and the same up to rounding unless D has batch statistics."""
    if has_batch_statistics(gan.discriminator):
        return _judge(gan, real, condition), _judge(gan, fake, condition)
    logits = _judge(gan, torch.cat([real, fake]), None if condition is None else torch.cat([condition, condition]))
    if isinstance(logits, Tensor):  # (2N, 1)
        return logits[: len(real)], logits[len(real) :]
    return tuple(each[: len(real)] for each in logits), tuple(each[len(real) :] for each in logits)


def _judge(gan: GAN, samples: Tensor, condition: Tensor | None = None) -> Logits:
    with _autocast(gan):
        logits = judged(gan.discriminator, samples, condition)  # (N, …) → (N, 1)
    if gan.precision == "bfloat16":
        return logits.float() if isinstance(logits, Tensor) else tuple(each.float() for each in logits)
    return logits


def _autocast(gan: GAN) -> AbstractContextManager:
    return torch.autocast(gan.device.type, torch.bfloat16) if gan.precision == "bfloat16" else nullcontext()


# ------------------------------------------------------------------ learning


def learn(gan: GAN, players: str | tuple[str, ...], loss: Tensor, *logits: Logits) -> None:
    """One step down `loss` for one player's weights, or those of several that share it, and for no others.

    logits: what it was computed of, so that a failure can name its cause. Raises as `gradient` does.
    """
    gradient(gan, players, loss, *logits)
    descend(gan, players)


def gradient(gan: GAN, players: str | tuple[str, ...], loss: Tensor, *logits: Logits) -> None:
    """The gradient of `loss` for the weights of these players, and for no others.

    Raises NonFiniteLoss where it or the loss is not finite, ValueError for a player without weights that learn, or
    that no gradient reaches.
    """
    names, told = _several(players), [each for given in logits for each in heads(given)]
    gan.alarm.watch(gan, names[0], loss, *told)
    of = {name: learning(name, gan.players[name].optimizer) for name in names}
    for name in names:
        gan.players[name].optimizer.zero_grad()
    if loss.requires_grad:
        loss.backward(inputs=[weight for weights in of.values() for weight in weights])
    for name, weights in of.items():
        reached(name, weights)
    for name, weights in of.items():
        gan.alarm.watch_gradient(gan, name, loss, weights, *told)


def descend(gan: GAN, players: str | tuple[str, ...]) -> None:
    """The optimisers' step, by the gradients that are there."""
    for name in _several(players):
        gan.players[name].optimizer.step()


def _several(players: str | tuple[str, ...]) -> tuple[str, ...]:
    return (players,) if isinstance(players, str) else players
