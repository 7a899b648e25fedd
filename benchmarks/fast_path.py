"""How near `train` comes to what the machine can do: against a plain loop, and against a step's limit.

    python -m benchmarks.fast_path [THREADS]      nine rounds, all arms in turns; prints JSON

The limit is the matrix products of a step and one fused Adam over the same weights, and nothing else. The plain loop
does by hand what `train` does, with no check: data in memory, fakes that both players use, D's two batches in one pass,
losses on logits, fused Adam.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator

import torch
from torch.nn.functional import softplus

from benchmarks.steps import BATCH, products
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.device import bfloat16_is_fast, keep_freed_memory
from gan_edu.core.training.nan_guard import total
from gan_edu.core.training.networks import adam
from gan_edu.core.training.step import record_of
from gan_edu.core.training.streams import lent_stream
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import train

ROUNDS, SECONDS, FOREVER = 9, 0.25, 10**9


def plain_loop() -> Iterator[None]:
    """The textbook's GAN in fifteen lines."""
    gan, batches = textbook(), textbook_batches()
    G, D = gan.generator, gan.discriminator
    g_adam, d_adam = adam(G), adam(D)
    while True:
        real = next(batches)
        fake = G(torch.randn(len(real), 100))
        real_logits, fake_logits = D(torch.cat([real, fake.detach()])).chunk(2)
        d_loss = softplus(-real_logits).mean() + softplus(fake_logits).mean()
        d_adam.zero_grad()
        d_loss.backward()
        d_adam.step()
        g_loss = softplus(-D(fake)).mean()
        g_adam.zero_grad()
        g_loss.backward(inputs=list(G.parameters()))
        g_adam.step()
        yield


def optimiser() -> Callable[[], None]:
    """One fused Adam step over the weights of both players."""
    gan = textbook()
    both = [adam(gan.generator), adam(gan.discriminator)]
    for each in both:
        for weight in each.param_groups[0]["params"]:
            weight.grad = torch.full_like(weight, 1e-3)
    return lambda: [each.step() for each in both]


def passes() -> Callable[[], None]:
    """Forward and back without optimisers: products, activations, losses, and what autograd takes."""
    gan, batches = textbook(), textbook_batches()
    G, D, z, real = gan.generator, gan.discriminator, torch.randn(BATCH, 100), next(batches)
    of_d, of_g = list(D.parameters()), list(G.parameters())

    def both() -> None:
        for weight in (*of_d, *of_g):
            weight.grad = None
        fake = G(z)
        real_logits, fake_logits = D(torch.cat([real, fake.detach()])).chunk(2)
        (softplus(-real_logits).mean() + softplus(fake_logits).mean()).backward(inputs=of_d)
        softplus(-D(fake)).mean().backward(inputs=of_g)

    return both


def checks() -> Callable[[], None]:
    """Each gradient is looked at, whether it is finite."""
    gan = textbook()
    gradients = [torch.rand_like(weight) for player in gan.players.values() for weight in player.network.parameters()]
    return lambda: [total(each).item() for each in gradients]


def record() -> Callable[[], None]:
    """The network's stream lent and taken back, and a record made."""
    gan, values = textbook(), {"d_loss": torch.ones(()), "g_loss": torch.ones(()), "real_logits": torch.ones(BATCH, 1)}

    def one() -> None:
        with lent_stream(gan):
            pass
        record_of(gan, values)

    return one


def arms() -> dict[str, Callable[[], object]]:
    """All by name, each called once a step."""
    gan, batches = textbook(), textbook_batches()
    ours, by_hand, alone = train(textbook(), textbook_batches(), FOREVER), plain_loop(), products(torch.device("cpu"))
    own_adam = optimiser()
    found: dict[str, Callable[[], object]] = {
        "plain loop": lambda: next(by_hand),
        "train": lambda: next(ours),
        "limit": lambda: (next(alone), own_adam()),
        "products": lambda: next(alone),
        "optimiser": own_adam,
        "passes": passes(),
        "noise": lambda: gan.latents(BATCH, gan.noise_stream),
        "batch": lambda: next(batches),
        "checks": checks(),
        "record": record(),
    }
    if bfloat16_is_fast(torch.device("cpu")):
        small = train(textbook(precision="bfloat16"), textbook_batches(), FOREVER)
        found["train bfloat16"] = lambda: next(small)
    return found


def measure(threads: int) -> dict:
    """Median milliseconds of each arm, and the medians of ratios, round by round."""
    torch.set_num_threads(threads)
    keep_freed_memory()
    every = arms()
    times: dict[str, list[float]] = {name: [] for name in every}
    for turn in range(ROUNDS + 1):
        for name, arm in every.items():
            start, calls = time.perf_counter(), 0
            while (passed := time.perf_counter() - start) < SECONDS:
                arm()
                calls += 1
            if turn:  # the first round warms up
                times[name].append(1e3 * passed / calls)
    return summary(times, threads)


def summary(times: dict[str, list[float]], threads: int) -> dict:
    def ratio(above: str, below: str) -> float:
        return round(statistics.median(a / b for a, b in zip(times[above], times[below], strict=True)), 3)

    ms = {name: round(statistics.median(each), 3) for name, each in times.items()}
    ms["activations and autograd"] = round(ms.pop("passes") - ms["products"], 3)
    return {
        "threads": threads,
        "rounds": ROUNDS,
        "ms": ms,
        "train, of the plain loop": ratio("plain loop", "train"),
        "train, of the limit": ratio("limit", "train"),
        "plain loop, of the limit": ratio("limit", "plain loop"),
    }


if __name__ == "__main__":
    print(as_json(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2), indent=1))
