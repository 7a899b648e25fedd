"""Steps a second: the textbook loop against `train`, and against the matrix products that a step needs.

All arms take turns in one process, a few dozen steps each, many times over; the medians are compared, because the
machine is noisy. `python -m benchmarks.steps THREADS` prints the result as JSON.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time

import torch
from torch import nn
from torchvision import datasets, transforms

from gan_edu.core.data.datasets import mnist_as_torchvision
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.device import bfloat16_is_fast, keep_freed_memory, pick
from gan_edu.core.training.nan_guard import Alarm
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import train

BATCH, STEPS, ROUNDS = 64, 30, 25
G_SIZES, D_SIZES = (100, 128, 256, 512, 784), (784, 512, 256, 1)


def textbook_loop(folder, device):
    """The loop of countless tutorials: pictures decoded one by one, probabilities and logarithms, plain Adam."""
    scale = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    loader = torch.utils.data.DataLoader(
        datasets.MNIST(folder, transform=scale), batch_size=BATCH, shuffle=True, drop_last=True
    )
    G, D = MLPGenerator().to(device), nn.Sequential(MLPDiscriminator(), nn.Sigmoid()).to(device)
    g_adam, d_adam = (torch.optim.Adam(net.parameters(), lr=2e-4) for net in (G, D))
    while True:
        for real, _ in loader:
            real = real.to(device)
            d_adam.zero_grad()
            fake = G(torch.randn(BATCH, 100).to(device))
            (-torch.mean(torch.log(D(real)) + torch.log(1 - D(fake.detach())))).backward()
            d_adam.step()
            g_adam.zero_grad()
            (-torch.mean(torch.log(D(fake)))).backward()
            g_adam.step()
            yield


def products(device, dtype=torch.float32):
    """The matrix products of one step and nothing else, operands laid out as autograd has them.

    Left out are the gradients with respect to what each player's first layer is fed: nothing needs them.
    """

    def operands(sizes, rows, weight_gradients, first_input_gradient):
        for number, (a, b) in enumerate(zip(sizes, sizes[1:], strict=False)):
            x, w, dy = (torch.randn(s, device=device).to(dtype) for s in ((rows, a), (b, a), (rows, b)))
            yield x, w.t()  # forward
            if weight_gradients:
                yield dy.t(), x
            if number or first_input_gradient:
                yield dy, w

    pairs = [
        *operands(G_SIZES, BATCH, True, False),  # G: its pass and its gradients
        *operands(D_SIZES, 2 * BATCH, True, False),  # D's turn, on real and fake
        *operands(D_SIZES, BATCH, False, True),
    ]  # G's turn, through D
    places = [torch.empty(a.shape[0], b.shape[1], device=device, dtype=dtype) for a, b in pairs]
    while True:
        for (a, b), place in zip(pairs, places, strict=True):
            torch.mm(a, b, out=place)
        yield


class LossOnly(Alarm):
    """Looks at the losses alone: against it stands what looking at each gradient costs."""

    def watch_gradient(self, *_) -> None:
        pass


def unlooked(device):
    """The textbook GAN with an alarm that looks at no gradient."""
    gan = textbook(0, device)
    gan.alarm = LossOnly()
    return gan


def measure(threads: int) -> dict:
    """Median milliseconds a step of every arm, and what follows from them."""
    torch.set_num_threads(threads)
    keep_freed_memory()  # as `core.training.setup` does, for all arms
    device = pick()
    with tempfile.TemporaryDirectory() as folder:
        mnist_as_torchvision(folder)
        arms = {
            "textbook": textbook_loop(folder, device),
            "products": products(device),
            "train float32": train(textbook(0, device), textbook_batches(0, device), 10**9),
            "no gradient looked at": train(unlooked(device), textbook_batches(0, device), 10**9),
        }
        if bfloat16_is_fast(device):
            gan = textbook(0, device, precision="bfloat16")
            arms["train bfloat16"] = train(gan, textbook_batches(0, device), 10**9)
        times = {name: [] for name in arms}
        for turn in range(ROUNDS + 3):
            for name, arm in arms.items():
                start = time.perf_counter()
                for _ in range(STEPS):
                    next(arm)
                if device.type == "cuda":
                    torch.cuda.synchronize()
                if turn >= 3:  # the first rounds warm up
                    times[name].append(1e3 * (time.perf_counter() - start) / STEPS)
    return summary(times, threads, device)


def summary(times: dict, threads: int, device) -> dict:
    """Medians, and the medians of the ratios round by round: a slow moment slows both sides of a ratio."""

    def ratio(above, below):
        return round(statistics.median(a / b for a, b in zip(times[above], times[below], strict=True)), 3)

    found = {
        "threads": threads,
        "device": str(device),
        "rounds": ROUNDS,
        "steps_a_round": STEPS,
        "ms_per_step": {name: round(statistics.median(values), 2) for name, values in times.items()},
        "fastest_ms_per_step": {name: round(min(values), 2) for name, values in times.items()},
        "speed-up float32": ratio("textbook", "train float32"),
        "share of products": ratio("products", "train float32"),
        "a look at each gradient costs": round(ratio("train float32", "no gradient looked at") - 1, 4),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    if "train bfloat16" in times:
        found["speed-up bfloat16"] = ratio("textbook", "train bfloat16")
    return found


if __name__ == "__main__":
    print(as_json(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2)))
