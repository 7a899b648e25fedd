"""How many threads compute: as many as help. On a machine that does other things, too, that may be one.

A second core takes a quarter to a third off a step of the textbook's networks, and where another program holds that
core, a step takes longer than on one (`make bench`: "steps" and "neighbour"). Narrow networks may be faster on one even
on an idle machine, as threads that share a small product wait for each other longer than they compute.
So one and all are timed for a fraction of a second: once for a process, on a step of small networks, and before a run
on its own ones (`core.training.own_threads`). A run's count is stored with it; nothing changes it while it trains, as
sums in another order would make other weights.
"""

from __future__ import annotations

import ctypes
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

import torch
from torch.nn.functional import leaky_relu

MOST = 8  # small networks gain nothing from more, and lose to the waiting for each other
OWN = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")  # what a user may have set
ROUNDS, SECONDS = 7, 0.02  # of the comparison; of each side of a round
LEAST, LONG = 3, 0.5  # rounds of work so long that they take more seconds than this
SIZES = (784, 512, 256, 1)  # of the work: the textbook's D on a batch of 128


@cache
def best() -> int:
    """The count to train with: one or all, whichever is faster just now; a user's own setting wins. Chosen once."""
    most = allowed()
    if most == 1 or of_ones_own():
        return most
    return 1 if speed(1, most) < 1 else most


def open_to_choice() -> bool:
    """Whether `setup` has found that all threads help, and nobody has set another count since."""
    return best.cache_info().currsize > 0 and not of_ones_own() and 1 < best() == torch.get_num_threads()


def of_ones_own() -> bool:
    """Whether a user has set the count for this process."""
    return any(os.environ.get(name) for name in OWN)


def allowed() -> int:
    """As many threads as there are cores, at most 8, and at most what torch has been told."""
    return max(1, min(cores(), MOST, torch.get_num_threads()))


def cores() -> int:
    """Processor cores this process may use. A container's quota counts, which torch does not look at."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(there, int(cpu_quota() or there)))


def speed(few: int, many: int, work: Callable[[], object] | None = None) -> float:
    """How many times as fast `work` is on `many` threads as on `few`: the median of rounds in which they alternate.

    work: called again and again; by default a step of a small network. The thread count is as before afterwards.
    """
    work = work or small_step()
    ratios: list[float] = []
    start = time.perf_counter()
    while len(ratios) < LEAST or len(ratios) < ROUNDS and time.perf_counter() - start < LONG:
        seconds = {}
        for count in (few, many):
            with lent(count):
                work()  # wakes the threads
                seconds[count] = _seconds(work)
        ratios.append(seconds[few] / seconds[many])
    return statistics.median(ratios)


def _seconds(work: Callable[[], object]) -> float:
    """What one call takes, from as many as fit the time."""
    start, calls = time.perf_counter(), 0
    while (passed := time.perf_counter() - start) < SECONDS:
        work()
        calls += 1
    return passed / calls


def small_step() -> Callable[[], None]:
    """A gradient and an update of weights that are thrown away; draws nothing from a random stream."""
    weights = [torch.full((b, a), 0.01, requires_grad=True) for a, b in zip(SIZES, SIZES[1:], strict=False)]
    samples = torch.linspace(-1, 1, 128 * SIZES[0]).reshape(128, -1)  # (128, 784)
    optimizer = torch.optim.Adam(weights, fused=True)

    def step() -> None:
        x = samples
        for weight in weights:
            x = leaky_relu(x @ weight.t(), 0.2)
        optimizer.zero_grad()
        x.square().mean().backward()
        optimizer.step()

    return step


def take(count: int) -> int:
    """Go on with the count that a run was trained with, as far as this process may use as many. Returns it."""
    count = max(1, min(count, cores()))
    torch.set_num_threads(count)
    return count


@contextmanager
def lent(count: int | None) -> Iterator[None]:
    """Compute on so many threads in here, and afterwards on as many as before. None changes nothing."""
    before = torch.get_num_threads()
    if count is None or count == before:
        yield
        return
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def one() -> AbstractContextManager[None]:
    """Compute on one thread in here, and afterwards on as many as before: the same weights on alike machines."""
    return lent(1)


def cpu_quota(path: Path = Path("/sys/fs/cgroup/cpu.max")) -> float | None:
    """Cores a Linux control group allows ("200000 100000" is two), None where there is no limit."""
    try:
        quota, period = path.read_text().split()
        return max(1.0, int(quota) / int(period))
    except (OSError, ValueError):  # not Linux, or "max 100000"
        return None


def give_back_threads() -> None:
    """Let the OpenMP workers of the calling thread go, before another thread computes; they come back when needed.

    GNU's OpenMP keeps workers for each thread that has computed. Where they are more than the cores, each may wait
    awake for 100 spins only (its env.c), and a small step on two cores took 1.4 times as long. Other OpenMPs are left
    alone.
    """
    for pause in _gomp_pauses():
        pause(1)  # softly: settings stay


@cache
def _gomp_pauses() -> list[Callable[[int], int]]:
    """Of each GNU OpenMP in this process: packages bring copies of their own beside torch's."""
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
        paths = {line.split(maxsplit=5)[-1] for line in lines if "libgomp" in line}
        found = [getattr(ctypes.CDLL(path), "omp_pause_resource_all", None) for path in sorted(paths)]
    except OSError:  # not Linux, or a file that was replaced meanwhile
        return []
    return [pause for pause in found if pause]  # before 5.0 there is none
