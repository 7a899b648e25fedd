"""How long a thread that waits for another stays awake. To be settled before torch is loaded, and needs no torch.

Two threads share a matrix product and wait for each other after it, hundreds of times a step. GNU's OpenMP, which torch
has on Linux, lets the one that waits spin for milliseconds. Where another program needs that core, both
then wait for each other: a step of the textbook GAN took 2 to 4 times as long on two threads as on one. With 1,400
spins, some tens of microseconds, a waiting thread soon sleeps: alone two threads are about as fast as before, and where
a busy neighbour comes while they train, a step takes 1.2 (float32) and 2.0 (bfloat16) times as long as on one thread
(`make bench`, "neighbour").

The number is read when torch is loaded. Elsewhere nothing is set: the OpenMPs of LLVM (macOS) and of Intel (Windows)
have a rule of their own, KMP_BLOCKTIME: 200 ms, or 0 on processors with two kinds of cores. Colab is Linux.
"""

from __future__ import annotations

import os
import sys

SPINS = "1400"  # of the loop in which a thread waits awake
VARIABLE, POLICY = "GOMP_SPINCOUNT", "OMP_WAIT_POLICY"
CURE = f"restart the kernel and run the notebook from its first cell, or start Jupyter with {VARIABLE}={SPINS}"


def wait_briefly() -> None:
    """Let threads that wait sleep soon, unless somebody chose otherwise, or torch is there already."""
    if sys.platform.startswith("linux") and "torch" not in sys.modules and POLICY not in os.environ:
        os.environ.setdefault(VARIABLE, SPINS)


def too_late() -> bool:
    """Whether torch was loaded with nobody having chosen."""
    chosen = {VARIABLE, POLICY} & os.environ.keys()
    return sys.platform.startswith("linux") and "torch" in sys.modules and not chosen
