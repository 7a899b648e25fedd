"""What a step is made of: noise, fakes, logits, losses with their penalties, gradients; and how a step is made whole.

`training_loop` puts the pieces together; `core.training.slow_motion` does so too, line by line. `gan` is a
`core.training.gan.GAN`. Latents come from `gan.noise_stream`; dropout, views and penalties draw from torch's own
stream, in whose place `gan.network_stream` stands within a step.

For a step of your own, decorate a function (gan, batches) → {name: tensor} with `one_step`:

    gan = GAN(G, D, latent_dim=2, others={"encoder": Player(E, adam(E))})

    @one_step
    def reconstruct(gan, batches):
        x, condition = drawn(batches)
        loss = (gan.generator(gan.others["encoder"].network(x)) - x).square().mean()
        learn(gan, ("generator", "encoder"), loss)
        return {"g_loss": loss}

    for record in train(gan, batches, 1000, step=reconstruct): …
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from itertools import count
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gan_edu.core.training.checks import alike
from gan_edu.core.training.contract import GAN, Batches, Logits, Penalty, Player, Record
from gan_edu.core.training.fused_adam import take_step
from gan_edu.core.training.pieces import called, first, type_name
from gan_edu.core.training.step_checks import (
    KNOWN,
    check_reached,
    check_slope,
    drawn,
    generated,
    heads,
    judged,
    learning,
    named_values,
    number,
    value_of,
    viewed,
)
from gan_edu.core.training.streams import lent_stream

Values = Mapping[str, Tensor]  # of a step, by name: scalars, and D's logits


def one_step(taken: Callable[..., Values]) -> Callable[[Any, Batches], Record]:
    """A step of training, made of a function (gan, batches) → its named values, to be handed to `train(…, step=…)`.

    Around it the networks' random stream is lent. When it has returned, the step is counted and the hooks are called;
    its values are the record, detached. Where the function raises, or returns anything but tensors by name, nothing is
    counted. It works under the same guard against Ctrl-C as `train` (`core.safety.interrupts`).
    """

    @wraps(taken, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
    def whole(gan: GAN, batches: Batches) -> Record:
        with lent_stream(gan):
            values = named_values(taken(gan, batches))
            done(gan)
        return record_of(gan, values)

    del whole.__wrapped__  # whose signature promises values, and not a record
    vars(whole)["taken"] = taken  # for `captured`, which puts other things around it
    return whole


def done(gan: GAN) -> None:
    """Count the step, and call what follows one: methods of views and penalties, then the functions of after_step."""
    gan.step += 1
    for hook in gan.hooks:
        follow = getattr(hook, "after_step", None)  # of a `Following`: to ask isinstance takes 7 µs, in every step
        if follow is not None:
            follow(gan)
    for call in gan.after_step:
        call(gan)


def record_of(gan: GAN, values: Values) -> Record:
    """The record of the step just done."""
    return Record(gan.step, {name: value.detach() for name, value in values.items()})


# ------------------------------------------------------------------ samples


class Pair(NamedTuple):
    """Real samples (N, …), as many fakes, and the condition that both have, (N, …) or None."""

    real: Tensor
    fake: Tensor
    condition: Tensor | None


def noise(gan: GAN, real: Tensor) -> Tensor:
    """Latents (N, latent_dim), as many as there are real samples, from `gan.noise_stream`."""
    return gan.latents(len(real), gan.noise_stream)  # (N, latent_dim)


def fakes(gan: GAN, z: Tensor, condition: Tensor | None = None, graph: bool = True) -> Tensor:
    """G(z) or G(z, condition), (N, …), float32 under autocast. graph: whether G will learn from them."""
    with torch.set_grad_enabled(graph and torch.is_grad_enabled()), autocast(gan):
        fake = generated(gan.generator, z, condition)  # (N, …)
    return fake.float() if gan.precision == "bfloat16" else fake  # what a penalty differentiates is float32


def draw(gan: GAN, batches: Batches, graph: bool) -> Pair:
    """The next real samples, and as many fakes of the same conditions. Raises ValueError where they differ in shape
    or type."""
    real, condition = drawn(batches)  # (N, …)
    fake = fakes(gan, noise(gan, real), condition, graph)
    alike(gan, real, fake, condition)
    return Pair(real, fake, condition)


def through_view(gan: GAN, *samples: Tensor) -> Sequence[Tensor]:
    """The samples (N, …) as D sees them, in the same order: through the view, all in one call.

    A condition does not go through it: where the condition is a picture, a view must not move or flip the samples.
    """
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
    real, fake = through_view(gan, pair.real, pair.fake)
    logits = judge_both(gan, real, fake, pair.condition)
    loss = value_of(gan.loss, gan.loss.d, *logits)
    return _with(gan.d_penalties, gan, loss, logits, Pair(real, fake, pair.condition))


def loss_of_g(gan: GAN, pair: Pair) -> Judged:
    """L_G, with D's logits (N, 1) of the fakes, and of the real samples where the loss needs them."""
    real, fake = pair.real, pair.fake
    if gan.loss.g_needs_real or gan.g_penalties:
        real, fake = through_view(gan, real, fake)
    else:
        (fake,) = through_view(gan, fake)
    if gan.loss.g_needs_real:
        real_logits, fake_logits = judge_both(gan, real, fake, pair.condition)
        logits: tuple[Logits, ...] = (fake_logits, real_logits)
    else:
        real_logits, fake_logits = None, _judge(gan, fake, pair.condition)
        logits = (fake_logits,)
    loss = value_of(gan.loss, gan.loss.g, fake_logits, real_logits)
    return _with(gan.g_penalties, gan, loss, logits, Pair(real, fake, pair.condition))


def _with(penalties: Sequence[Penalty], gan: GAN, loss: Tensor, logits: tuple[Logits, ...], pair: Pair) -> Judged:
    costs: dict[str, Tensor] = {}
    if penalties:
        discriminator = _condition_bound(gan.discriminator, pair.condition, logits[0])
    for penalty in penalties:
        cost = penalty(discriminator, pair.real, pair.fake)
        number("each penalty", cost)
        check_slope(cost)
        loss = loss + cost
        name = _free_name(called(penalty), {*KNOWN, *costs})
        costs[name] = cost if isinstance(cost, Tensor) else loss.new_tensor(cost)
    return Judged(loss, logits, costs)


def _free_name(name: str, taken: Collection[str]) -> str:
    """The name, with a number where it is taken: R1, R1 2, R1 3."""
    numbered = (f"{name} {k}" for k in count(2))
    return name if name not in taken else next(each for each in numbered if each not in taken)


class ConditionBound(nn.Module):
    """D as a penalty takes it, x → logits (N, 1): the condition given to it already, of several heads the first."""

    def __init__(self, discriminator: nn.Module, condition: Tensor | None):
        super().__init__()
        self.discriminator, self.condition = discriminator, condition
        self.training = discriminator.training

    def forward(self, x: Tensor) -> Tensor:
        return first(self.discriminator(x) if self.condition is None else self.discriminator(x, self.condition))


def _condition_bound(discriminator: nn.Module, condition: Tensor | None, logits: Logits) -> nn.Module:
    bare = condition is None and isinstance(logits, Tensor)
    return discriminator if bare else ConditionBound(discriminator, condition)


def values_of(d: Judged, g: Judged) -> dict[str, Tensor]:
    """The named values of a step: both losses, D's logits of its batch, each penalty's part of a loss by its name."""
    real_logits, fake_logits = d.logits
    values = {"d_loss": d.loss, "g_loss": g.loss, "real_logits": first(real_logits), "fake_logits": first(fake_logits)}
    values |= d.penalties
    for name, cost in g.penalties.items():
        values[_free_name(name if name not in values else f"{name} of G", values)] = cost
    return values


def judge_both(gan: GAN, real: Tensor, fake: Tensor, condition: Tensor | None = None) -> tuple[Logits, Logits]:
    """D's logits (N, 1) for both, in one pass, which is faster; in two where D has batch statistics."""
    if gan.apart:
        return _judge(gan, real, condition), _judge(gan, fake, condition)
    logits = _judge(gan, torch.cat([real, fake]), None if condition is None else torch.cat([condition, condition]))
    if isinstance(logits, Tensor):  # (2N, 1)
        return logits[: len(real)], logits[len(real) :]
    return tuple(each[: len(real)] for each in logits), tuple(each[len(real) :] for each in logits)


def _judge(gan: GAN, samples: Tensor, condition: Tensor | None = None) -> Logits:
    with autocast(gan):
        logits = judged(gan.discriminator, samples, condition)  # (N, …) → (N, 1)
    if gan.precision == "bfloat16":
        return logits.float() if isinstance(logits, Tensor) else tuple(each.float() for each in logits)
    return logits


def autocast(gan: GAN) -> AbstractContextManager:
    """Where a step calls networks by itself: inside they work in the GAN's precision, and may give bfloat16."""
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
    learners, told = _several(gan, players), [each for given in logits for each in heads(given)]
    number("a loss to learn from", loss)
    if not isinstance(loss, Tensor):
        raise ValueError(f"a loss to learn from must be a tensor with a gradient, got {type_name(loss)}")
    gan.alarm.watch(gan, next(iter(learners)), loss, *told)  # on a CPU it raises, on CUDA a flag stops the optimisers
    of = {name: learning(name, each.optimizer) for name, each in learners.items()}
    for each in learners.values():
        _cleared(each.optimizer)
    if loss.requires_grad:
        loss.backward(inputs=[weight for weights in of.values() for weight in weights])
    for name, weights in of.items():
        check_reached(name, weights)
    if gan.ranks is not None:
        gan.ranks.average([weight for weights in of.values() for weight in weights])
    for name, weights in of.items():
        gan.alarm.watch_gradient(gan, name, loss, weights, *told)


def _cleared(optimizer: torch.optim.Optimizer) -> None:
    """No gradient is left in its weights: what zero_grad does, without the profiler's 30 µs around it."""
    for group in optimizer.param_groups:
        for weight in group["params"]:
            weight.grad = None


def descend(gan: GAN, players: str | tuple[str, ...]) -> None:
    """The optimisers' step, by the gradients that are there."""
    for each in _several(gan, players).values():
        take_step(each.optimizer)


def _several(gan: GAN, players: str | tuple[str, ...]) -> dict[str, Player]:
    """Players by name. Raises ValueError for one that this GAN does not have, or none."""
    names, there = (players,) if isinstance(players, str) else tuple(players), gan.players
    if not names or not all(name in there for name in names):
        raise ValueError(f"who learns must be one or more of {', '.join(there)}, got {players!r}")
    return {name: there[name] for name in names}
