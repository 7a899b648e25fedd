"""How near `train` comes to what the machine can do: against a plain loop, and against a step's limit.

    python -m benchmarks.fast_path [THREADS]      nine rounds, all arms in turns; prints JSON

The limit is the matrix products of a step and one fused Adam over the same weights, and nothing else. The plain loop
does by hand what `train` does, with no check: data in memory, fakes that both players use, D's two batches in one pass,
losses on logits, torch's fused Adam. With bfloat16 the products are of such numbers, and weights and Adam's state
float32: casts there and back are no part of the limit. Networks of 8 units show what a step takes at any size.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch.nn.functional import softplus

from benchmarks.steps import BATCH, products, textbook_loop
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist_as_torchvision
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.device import bfloat16_is_fast, keep_freed_memory
from gan_edu.core.training.nan_guard import total
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator, adam
from gan_edu.core.training.step import record_of
from gan_edu.core.training.streams import lent_stream
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import GAN, train

ROUNDS, SECONDS, FOREVER = 9, 0.25, 10**9


def plain_loop() -> Iterator[None]:
    """The textbook's GAN in fifteen lines."""
    gan, batches = textbook(), textbook_batches()
    G, D = gan.generator, gan.discriminator
    g_adam, d_adam = (torch.optim.Adam(each.parameters(), 2e-4, fused=True) for each in (G, D))
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


def casts() -> Callable[[], None]:
    """What bfloat16 needs beside: G's weights cast once, D's in both turns, and the gradients back to float32."""
    gan = textbook()
    of_g, of_d = ([w.detach() for w in player.network.parameters()] for player in gan.players.values())
    weights, gradients = [*of_g, *of_d, *of_d], [each.bfloat16() for each in (*of_g, *of_d)]

    def there_and_back() -> None:
        for each in weights:
            each.bfloat16()
        for each in gradients:
            each.float()

    return there_and_back


def small(precision: str) -> Iterator[object]:
    """`train` on networks whose numbers cost nothing: what a step takes at any size."""
    networks = MLPGenerator(100, (1, 2, 2), (8, 8, 8)), MLPDiscriminator((1, 2, 2), (8, 8))
    return train(GAN(*networks, 100, precision=precision), Batches(torch.rand(4096, 1, 2, 2) * 2 - 1, 8), FOREVER)


def arms(folder: str) -> dict[str, Callable[[], object]]:
    """All by name, each called once a step."""
    cpu, batches, own_adam = torch.device("cpu"), textbook_batches(), optimiser()
    endless = {
        "textbook loop": textbook_loop(folder, cpu),
        "plain loop": plain_loop(),
        "train": train(textbook(), textbook_batches(), FOREVER),
        "products": products(cpu),
        "batch": batches,
        "8 units wide": small("float32"),
    }
    if bfloat16_is_fast(cpu):
        endless["train bfloat16"] = train(textbook(precision="bfloat16"), textbook_batches(), FOREVER)
        endless["products bfloat16"] = products(cpu, torch.bfloat16)
        endless["8 units wide bfloat16"] = small("bfloat16")
    found: dict[str, Callable[[], object]] = {name: partial(next, each) for name, each in endless.items()}
    for name in [name for name in found if name.startswith("products")]:
        found[name.replace("products", "limit")] = partial(both, found[name], own_adam)
    noise = textbook()
    return {
        **found,
        "optimiser": own_adam,
        "passes": passes(),
        "noise": lambda: noise.latents(BATCH, noise.noise_stream),
        "checks": checks(),
        "record": record(),
        "casts": casts(),
    }


def both(first: Callable[[], object], second: Callable[[], object]) -> None:
    """One after the other."""
    first()
    second()


def measure(threads: int) -> dict:
    """Median milliseconds of each arm, and the medians of ratios, round by round."""
    torch.set_num_threads(threads)
    keep_freed_memory()
    with tempfile.TemporaryDirectory() as folder:
        mnist_as_torchvision(folder)
        every = arms(folder)
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
    """Medians of all arms, and medians of the ratios: of how much of another's speed an arm has."""

    def ratio(below: str, above: str) -> float:
        return round(statistics.median(a / b for a, b in zip(times[above], times[below], strict=True)), 3)

    ms = {name: round(statistics.median(each), 3) for name, each in times.items()}
    ms["activations and autograd"] = round(ms.pop("passes") - ms["products"], 3)
    found = {
        "threads": threads,
        "rounds": ROUNDS,
        "ms": ms,
        "train, of the plain loop": ratio("train", "plain loop"),
        "train, of the limit": ratio("train", "limit"),
        "plain loop, of the limit": ratio("plain loop", "limit"),
    }
    if "train bfloat16" in times:
        found["bfloat16, of the textbook loop"] = ratio("train bfloat16", "textbook loop")
        found["bfloat16's limit, of the textbook loop"] = ratio("limit bfloat16", "textbook loop")
        found["bfloat16, of its limit"] = ratio("train bfloat16", "limit bfloat16")
    return found


def in_a_process(threads: int) -> dict:
    """`measure` in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.fast_path", str(threads)], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def rows(one: dict, two: dict) -> list[tuple[str, str, str]]:
    """Lines of the README's table, of what was measured on one thread and on two."""

    def pair(name: str, sign: str = "") -> str:
        return "; ".join(f"{found[name]:.2f}{sign}" for found in (two, one))

    lines = [
        (
            "`train`, checks on, against a plain loop of 15 lines, 2 threads; 1 thread",
            "train, of the plain loop",
            "≥ 1.00",
        ),
        ("`train` against its limit, the products and one fused Adam", "train, of the limit", "goal 0.90"),
        ("that plain loop against the same limit", "plain loop, of the limit", ""),
    ]
    found = [(told, pair(name), bar) for told, name, bar in lines]
    if (name := "bfloat16's limit, of the textbook loop") in one:
        found.append(("the limit with bfloat16, against the textbook loop", pair(name, "×"), ""))
        found.append(("`train` with bfloat16 against that limit", pair("bfloat16, of its limit"), ""))
    return found


if __name__ == "__main__":
    print(as_json(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2), indent=1))
