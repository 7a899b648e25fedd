"""Where a run computes: the device and the precision; `core.training.threads` says on how many threads.

A notebook calls `setup()` before it trains. GAN_EDU_DEVICE=cpu|cuda|mps decides by hand.
"""

from __future__ import annotations

import ctypes
import os

import torch

from gan_edu.core.training import threads, waiting


def setup() -> torch.device:
    """Choose the device and the thread count, keep freed memory for the next step. Returns the device.

    Says so where other programs hold the cores, or where torch was loaded too early to get on well with any.
    """
    keep_freed_memory()
    most, best = threads.allowed(), threads.best()
    torch.set_num_threads(best)
    if best < most:
        print(f"training on {best} thread: on {most} it would be slower just now, as other programs use the cores")
    elif waiting.too_late():
        print(f"note: torch was loaded before the course, so a busy program beside it slows it down: {waiting.CURE}")
    return pick()


def keep_freed_memory() -> bool:
    """Tell Linux' allocator not to hand freed memory back to the system; returns whether it took the advice.

    A training step frees its gradients and asks for as much again. glibc may return those megabytes in between, and
    each piece of it costs a fault when it is touched anew. How often depends on the versions of both: none was seen,
    and up to 2,000 faults a step.
    """
    trim_threshold, mmap_threshold = -1, -3  # names of mallopt's options in malloc.h
    try:
        mallopt = ctypes.CDLL(None).mallopt
        return bool(mallopt(mmap_threshold, 32 << 20) and mallopt(trim_threshold, 256 << 20))
    except (AttributeError, OSError, TypeError):  # macOS, Windows, musl
        return False


def pick() -> torch.device:
    """cuda where there is one, else mps, else cpu. Raises ValueError for a GAN_EDU_DEVICE that is not there."""
    there = ["cpu"]
    if torch.backends.mps.is_available():
        there.append("mps")
    if torch.cuda.is_available():
        there.append("cuda")
    wanted = os.environ.get("GAN_EDU_DEVICE") or there[-1]
    if wanted not in there:
        raise ValueError(f"GAN_EDU_DEVICE={wanted!r} is not on this machine; there is: {', '.join(there)}")
    return torch.device(wanted)


def named(device: torch.device | str) -> torch.device:
    """The device of this name. Raises ValueError for one that is not on this machine."""
    try:
        return torch.empty(0, device=device).device
    except (RuntimeError, TypeError, AssertionError) as error:  # the last where torch was built without it
        reason = str(error).splitlines()[0]
        raise ValueError(f"the device {device!r} is not on this machine: {reason:.200}") from None


def bfloat16_is_fast(device: torch.device) -> bool:
    """Whether the processor has bfloat16 instructions; without them bfloat16 is slower than float32.

    Of a CPU a torch too old to tell says no.
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "cpu":
        has: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
        return any(has.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return False


def describe(device: torch.device, count: int | None = None) -> str:
    """The device in words, for a recording's provenance and a plot's caption. count: of a run's own threads."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{device.type}, {count or torch.get_num_threads()} threads"
