"""Where a run computes: the device, the precision, the number of threads.

`setup()` is the first line of a notebook that trains. GAN_EDU_DEVICE=cpu|cuda|mps decides by hand.
"""
from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path

import torch

MOST_THREADS = 8            # small networks gain nothing from more, and lose to the waiting for each other


def setup() -> torch.device:
    """Choose the device, set a sensible thread count, keep freed memory for the next step. Returns the device."""
    torch.set_num_threads(threads())
    keep_freed_memory()
    return pick()


def keep_freed_memory() -> bool:
    """Tell Linux' allocator not to hand freed memory back to the system; returns whether it took the advice.

    A training step frees its gradients and asks for as much again. glibc may return those megabytes in between, and
    each page costs a fault when it is touched anew: up to 2,000 faults a step were seen.
    """
    trim_threshold, mmap_threshold = -1, -3           # names of mallopt's options in malloc.h
    try:
        mallopt = ctypes.CDLL(None).mallopt
        return bool(mallopt(mmap_threshold, 32 << 20) and mallopt(trim_threshold, 256 << 20))
    except (AttributeError, OSError, TypeError):      # macOS, Windows, musl
        return False


def pick() -> torch.device:
    """cuda where there is one, else mps, else cpu. Raises ValueError for a GAN_EDU_DEVICE that is not there."""
    there = ["cpu"] + ["mps"] * torch.backends.mps.is_available() + ["cuda"] * torch.cuda.is_available()
    wanted = os.environ.get("GAN_EDU_DEVICE") or there[-1]
    if wanted not in there:
        raise ValueError(f"GAN_EDU_DEVICE={wanted!r} is not on this machine; there is: {', '.join(there)}")
    return torch.device(wanted)


def threads() -> int:
    """Processor cores this process may use, at most 8. A container's quota counts, which torch does not look at."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, int(_quota() or cores), MOST_THREADS, torch.get_num_threads()))


def _quota(path: Path = Path("/sys/fs/cgroup/cpu.max")) -> float | None:
    """Cores a Linux control group allows ("200000 100000" is two), None where there is no limit."""
    try:
        quota, period = path.read_text().split()
        return max(1.0, int(quota) / int(period))
    except (OSError, ValueError):                     # not Linux, or "max 100000"
        return None


def give_back_threads() -> None:
    """Let the OpenMP workers of the calling thread go, before another thread computes; they come back when needed.

    GNU's OpenMP keeps workers for each thread that has computed. Where they are more than the cores, none may wait
    awake any more, and a small step on two cores takes 1.4 times as long. Other OpenMPs are left alone.
    """
    if (pause := _gomp_pause()) is not None:
        pause(1)                                      # softly: settings stay


@cache
def _gomp_pause():
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
        path = next(line.split(maxsplit=5)[-1] for line in lines if "libgomp" in line)
        return ctypes.CDLL(path).omp_pause_resource_all
    except (OSError, StopIteration, AttributeError):  # not Linux, another OpenMP, or one before 5.0
        return None


def bfloat16_is_fast(device: torch.device) -> bool:
    """Whether the processor has bfloat16 instructions; without them bfloat16 is slower than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "cpu":
        return _cpu_flag("avx512_bf16", "amx_bf16", "bf16")
    return False


def _cpu_flag(*names: str) -> bool:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return False
    flags = next((set(line.split(":")[1].split()) for line in lines if line.startswith(("flags", "Features"))), set())
    return bool(flags & set(names))


def describe(device: torch.device) -> str:
    """The device in words, for a recording's provenance and a plot's caption."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{device.type}, {torch.get_num_threads()} threads"
