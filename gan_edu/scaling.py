"""What a step costs, what sets its pace, and how it gets faster: from two cores to many GPUs. Belongs to 12_scaling.

    where_time_goes(gan, batches)                        milliseconds of a step: products, optimiser, Python …
    machine = fitted(works, timed(arms).values())        three numbers of your machine
    machine.seconds(work_of_mlps(G, D, batch))           what a step that nobody timed would take

    train(gan, batches, steps, step=captured(train_step))         the whole step as a CUDA graph
    launch(2, lesson); train(…, step=shared(train_step, here))    many processes, one GAN
    Streamed(folder)                                              pictures that memory does not hold

Williams et al. (2009), "Roofline", CACM 52(4); Micikevicius et al. (2018), "Mixed precision training", arXiv
1710.03740; Goyal et al. (2017), "Accurate, large minibatch SGD", arXiv 1706.02677; Li et al. (2020), "PyTorch
distributed", arXiv 2006.15704. Counting is in `core.measures.step_cost`, the rest in `core.training`.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import torch
from torch import Tensor

from gan_edu.core.data.batches import Batches
from gan_edu.core.measures.step_cost import Machine, Work, fitted, work_of_mlps
from gan_edu.core.safety.checked import function, integer, real
from gan_edu.core.training.captured import captured
from gan_edu.core.training.contract import GAN, Batches as Drawable
from gan_edu.core.training.launched import launch
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.ranks import joined
from gan_edu.core.training.shared_step import shared
from gan_edu.core.training.streams import seeded
from gan_edu.training_loop import GAN as TheGAN, train, train_step

__all__ = [
    "Machine",
    "Work",
    "captured",
    "fitted",
    "joined",
    "launch",
    "layers_of",
    "of_width",
    "operations",
    "shared",
    "timed",
    "where_time_goes",
    "work_of_mlps",
]

Key = TypeVar("Key")
LATENT, PIXELS = 100, 784
FOREVER = 10**9
GROUPS = {  # of what torch's profiler tells, the first that a name begins with
    "products": ("aten::mm", "aten::addmm", "aten::bmm", "aten::mkldnn_", "aten::convolution_backward", "aten::cudnn_"),
    "optimiser": ("aten::_fused_adam", "aten::_foreach"),
    "casts and copies": ("aten::copy_", "aten::cat", "aten::index_select"),
    "noise": ("aten::normal_", "aten::randperm", "aten::uniform_", "aten::bernoulli_"),
}
REST, PYTHON = "activations and losses", "Python"

# ------------------------------------------------------------------ steps to time


def layers_of(width: int, depth: int = 2) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The sizes of G and D: 100 → width, `depth` times, → 784, and 784 → the same → 1."""
    inner = (integer("width", width, 1),) * integer("depth", depth, 1)
    return (LATENT, *inner, PIXELS), (PIXELS, *inner, 1)


def of_width(
    width: int,
    batch: int = 64,
    depth: int = 2,
    precision: str = "float32",
    device: torch.device | str = "cpu",
    data: Tensor | None = None,
) -> Callable[[], object]:
    """A function that takes one step each time it is called, of two MLPs so wide.

    data: (N, 784) in [−1, 1], random numbers where none is given: a step takes as long with them.
    """
    batch = integer("batch", batch, 1)
    with seeded(0):
        G, D = (mlp(sizes).to(device) for sizes in layers_of(width, depth))
        data = torch.rand(max(1024, 2 * batch), PIXELS) * 2 - 1 if data is None else data
    gan = TheGAN(G, D, LATENT, precision=precision)
    gan.threads = torch.get_num_threads()  # for all widths the same, and not what suits each
    run = train(gan, Batches(data, batch, device=device), FOREVER)
    return lambda: next(run)


def operations(gan: GAN, batches: Drawable) -> int:
    """Multiplications and additions of a step's products, as torch's FlopCounterMode counts them. It takes two steps:
    a run's first one looks at G's samples once more."""
    from torch.utils.flop_counter import FlopCounterMode

    train_step(gan, batches)
    with FlopCounterMode(display=False) as counter:
        train_step(gan, batches)
    return counter.get_total_flops()


# ------------------------------------------------------------------ timing


def timed(arms: Mapping[Key, Callable[[], object]], rounds: int = 7, seconds: float = 0.1) -> dict[Key, float]:
    """Seconds a call of each: the median of rounds in which all take turns, so that a slow moment meets all alike.

    arms: functions by name, or by any key. seconds: of each turn, in which it is called as often as fits. The first
    round of all warms up. On a GPU each turn waits for the device.
    """
    for name, arm in dict(arms).items():
        function(f"arms[{name!r}]", arm)
    rounds, seconds = integer("rounds", rounds, 1), real("seconds", seconds, above=0)
    found: dict[Key, list[float]] = {name: [] for name in arms}
    for turn in range(rounds + 1):
        for name, arm in arms.items():
            start, calls = time.perf_counter(), 0
            while time.perf_counter() - start < seconds:
                arm()
                calls += 1
            wait()
            if turn:
                found[name].append((time.perf_counter() - start) / calls)
    return {name: statistics.median(each) for name, each in found.items()}


def wait() -> None:
    """For what a GPU has still to do."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    elif torch.backends.mps.is_available():
        torch.mps.synchronize()


def where_time_goes(gan: TheGAN, batches: Drawable, steps: int = 10, step: Callable | None = None) -> dict[str, float]:
    """Milliseconds of a step by what they go to, as torch's profiler tells, and what is left of the clock's: Python.

    Names: products, optimiser, casts and copies, noise, activations and losses, Python. Medians of five rounds, in each
    `steps` that are timed and as many that are profiled. On a GPU the device's time is told, and "Python" is when it
    waits.
    """
    steps = integer("steps", steps, 1)
    run, rounds = train(gan, batches, 10 * steps + 2, step=step), []
    _seconds(run, 2)  # which warms up
    for _ in range(5):
        whole = 1e3 * _seconds(run, steps) / steps
        rounds.append({**_profiled(run, steps, gan.device.type == "cuda"), PYTHON: whole})
    found = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    found[PYTHON] = max(0.0, found[PYTHON] - sum(ms for name, ms in found.items() if name != PYTHON))
    return found


def _profiled(run: Iterator, steps: int, on_a_gpu: bool) -> dict[str, float]:
    """Milliseconds a step in torch's operations, by their group."""
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # the profiler's own messages
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if on_a_gpu else [])]) as seen:
        _seconds(run, steps)
    found = dict.fromkeys((*GROUPS, REST), 0.0)
    for event in seen.key_averages():
        if event.key.startswith("aten::"):
            micro = event.self_device_time_total if on_a_gpu else event.self_cpu_time_total
            found[_group(event.key)] += micro / 1e3 / steps
    return found


def _group(name: str) -> str:
    return next((group for group, starts in GROUPS.items() if name.startswith(starts)), REST)


def _seconds(run: Iterator, steps: int) -> float:
    wait()
    start = time.perf_counter()
    for _ in range(steps):
        next(run)
    wait()
    return time.perf_counter() - start
