"""A step of training in slow motion: the line of the loop that was just done, and what it made.

Belongs to notebook 03_training_loop, where the plane shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from gan_edu.core.training.checks import alike
from gan_edu.core.training.contract import GAN, Batches
from gan_edu.core.training.step import (
    Pair,
    descend,
    done,
    fakes,
    gradient,
    loss_of_d,
    loss_of_g,
    noise,
    record_of,
    values_of,
)
from gan_edu.core.training.step_checks import drawn
from gan_edu.core.training.streams import lent_stream

T = TypeVar("T")
LINES = {  # the loop in slow motion: the code, and what to watch
    "real = next(batches)": "Draw a batch of real points.",
    "fake = G(noise(len(real)))": "Draw as many latents; G makes a fake of each.",
    "loss_D = loss.d(D(real), D(fake.detach()))": "D judges both. detach keeps this loss away from G.",
    "opt_D.zero_grad(); loss_D.backward()": "The gradient of D’s loss for each weight of D. Nothing moves yet.",
    "opt_D.step()": "D’s weights move, and with them the map.",
    "loss_G = loss.g(D(fake))": "The new D judges the same fakes, now with G’s graph behind them.",
    "opt_G.zero_grad(); loss_G.backward()": "The pull on each fake flows through D back into G’s weights.",
    "opt_G.step()": "G’s weights move: the same latents land elsewhere.",
}


def substeps(gan: GAN, batches: Batches) -> Iterator[tuple[int, dict]]:
    """`training_loop.train_step` in slow motion, with the same end: (the line of LINES just done, what it made).

    Made are, as far as they are there yet: real, z, fake, d_loss, g_loss; last of all a `record`. To be pulled to its
    end: what has begun lives in this iterator alone.
    """
    for k in range(min(gan.d_steps_done, gan.d_steps - 1), gan.d_steps):
        gan.d_steps_done = k
        real, condition = drawn(batches)
        yield 0, (made := {"real": real})
        made["z"] = noise(gan, real)
        fake = _lent(gan, fakes, made["z"], condition, k == gan.d_steps - 1)
        alike(gan, real, fake, condition)
        yield 1, (made := {**made, "fake": fake.detach()})
        d = _lent(gan, loss_of_d, Pair(real, fake.detach(), condition))
        yield 2, (made := {**made, "d_loss": d.loss.detach()})
        _lent(gan, gradient, "discriminator", d.loss, *d.logits)
        yield 3, made
        _lent(gan, descend, "discriminator")
        yield 4, made
    gan.d_steps_done = 0
    for k in range(gan.g_steps):
        if k:
            made["z"] = noise(gan, real)
            fake = _lent(gan, fakes, made["z"], condition)
            yield 1, (made := {**made, "fake": fake.detach()})
        g = _lent(gan, loss_of_g, Pair(real, fake, condition))
        yield 5, (made := {**made, "g_loss": g.loss.detach()})
        _lent(gan, gradient, "generator", g.loss, *g.logits)
        yield 6, made
        _lent(gan, descend, "generator")
        if k < gan.g_steps - 1:
            yield 7, made
    _lent(gan, done)
    gan.alarm.read(gan)
    yield 7, {**made, "record": record_of(gan, values_of(d, g))}


def _lent(gan: GAN, function: Callable[..., T], *arguments: object) -> T:
    with lent_stream(gan):
        return function(gan, *arguments)
