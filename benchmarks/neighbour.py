"""Training beside a busy program, and what it costs to be ready for one: steps and a whole notebook.

Each run is a process of its own, as the waiting of threads is settled when torch is loaded. The arms alternate,
several times over; the medians are compared. `python -m benchmarks.neighbour` prints the result as JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import torch

from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training import threads, waiting
from gan_edu.core.training.device import keep_freed_memory
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import train

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tools"))
from neighbour import neighbour  # noqa: E402

ROUNDS, STEPS, WARM = 3, 150, 60
AS_INSTALLED = "300000"  # GNU OpenMP's own number of spins
# how many threads ("best": as `setup` chooses), how they wait, and when the neighbour comes
ARMS = {
    "one, alone": ("1", waiting.SPINS, "never"),
    "all as installed, alone": ("all", AS_INSTALLED, "never"),
    "chosen, alone": ("best", waiting.SPINS, "never"),
    "one, beside": ("1", waiting.SPINS, "first"),
    "all as installed, beside": ("all", AS_INSTALLED, "first"),
    "chosen, beside": ("best", waiting.SPINS, "first"),
    "chosen, then beside": ("best", waiting.SPINS, "mid-run"),
}


def steps(count: str, comes: str, precision: str) -> dict:
    """In a process of its own: {"threads", "ms_per_step"} of `train` on the textbook GAN."""
    torch.set_num_threads({"1": lambda: 1, "all": threads.allowed, "best": threads.best}[count]())
    keep_freed_memory()
    run = train(textbook(0, precision=precision), textbook_batches(0), WARM + STEPS)
    for _ in range(WARM):
        next(run)
    with neighbour() if comes == "mid-run" else nullcontext():
        start = time.perf_counter()
        for _ in run:
            pass
        return {"threads": torch.get_num_threads(), "ms_per_step": 1e3 * (time.perf_counter() - start) / STEPS}


def arm(name: str, precision: str) -> dict:
    """One run of an arm, its neighbour beside it."""
    count, spins, comes = ARMS[name]
    clean = {key: value for key, value in os.environ.items() if key not in (*threads.OWN, waiting.POLICY)}
    with neighbour() if comes == "first" else nullcontext():
        run = subprocess.run(
            [sys.executable, "-m", "benchmarks.neighbour", count, comes, precision],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**clean, waiting.VARIABLE: spins},
        )
    return json.loads(run.stdout.splitlines()[-1])


def measure(rounds: int = ROUNDS) -> dict:
    """Medians of ms a step, what was chosen, the three ratios, and notebook 04 beside the neighbour."""
    found = {"turns": waiting.SPINS, "rounds": rounds}
    for precision in ("float32", "bfloat16"):
        runs = [{name: arm(name, precision) for name in ARMS} for _ in range(rounds)]
        ms = {name: statistics.median(run[name]["ms_per_step"] for run in runs) for name in ARMS}
        found[precision] = {
            "ms_per_step": {name: round(value, 2) for name, value in ms.items()},
            "threads": {name: [run[name]["threads"] for run in runs] for name in ARMS if name.startswith("chosen")},
            "beside": round(ms["one, beside"] / ms["chosen, beside"], 3),
            "alone": round(ms["all as installed, alone"] / ms["chosen, alone"], 3),
            "comes mid-run": round(ms["one, beside"] / ms["chosen, then beside"], 3),
        }
    return {**found, "notebook 04, minutes": notebook_minutes()}


def notebook_minutes(chapter: str = "04_mnist_gan") -> float:
    """Minutes that a notebook takes at lesson pace beside the neighbour. Raises where one of its claims fails there."""
    clean = {key: value for key, value in os.environ.items() if key not in (*threads.OWN, waiting.POLICY)}
    with tempfile.TemporaryDirectory() as folder, neighbour():
        start = time.perf_counter()
        subprocess.run(
            [
                sys.executable,
                "-m",
                "nbconvert",
                "--execute",
                "--to",
                "notebook",
                "--output-dir",
                folder,
                "--ExecutePreprocessor.timeout=1800",
                str(ROOT / "notebooks" / f"{chapter}.ipynb"),
            ],
            check=True,
            capture_output=True,
            env={**clean, "GAN_EDU_PACE": "lesson", "GAN_EDU_DRIVER": "inline"},
        )
        return round((time.perf_counter() - start) / 60, 2)


def rows(found: dict) -> list[tuple[str, str, str]]:
    """Lines of the README's table."""
    full, half = found["float32"], found["bfloat16"]
    return [
        (
            "`train` beside a program that holds a core, against one thread there (bfloat16)",
            f"{full['beside']:.2f} ({half['beside']:.2f})",
            "≥ 0.85",
        ),
        (
            "the same alone, against torch's two threads as installed (bfloat16)",
            f"{full['alone']:.2f} ({half['alone']:.2f})",
            "≥ 0.90",
        ),
        (
            "the same where that program comes mid-run, against one thread beside it (bfloat16)",
            f"{full['comes mid-run']:.2f} ({half['comes mid-run']:.2f})",
            "≥ 0.60",
        ),
        ("notebook 04 at lesson pace beside that program", f"{found['notebook 04, minutes']:.1f} min", "≤ 8 min"),
    ]


if __name__ == "__main__":
    print(as_json(steps(*sys.argv[1:]) if len(sys.argv) > 1 else measure()))
