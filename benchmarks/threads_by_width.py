"""Whether a run gets the number of threads that suits it: networks of all widths, in both precisions, alone.

    python -m benchmarks.threads_by_width       a process for each width and precision, three times; prints JSON

Each process chooses as a notebook does: `setup()`, then `train`. Then it trains on one thread and on all, in turns.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

import torch

from benchmarks.neighbour import ROOT
from gan_edu.core.data.batches import Batches
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training import threads, waiting
from gan_edu.core.training.device import bfloat16_is_fast, setup
from gan_edu.core.training.networks import mlp
from gan_edu.training_loop import GAN, train

WIDTHS = (64, 128, 256, 512, 1024, 2048)
BATCH, LATENT, PIXELS, DEPTH = 64, 100, 784, 2
REPEATS, ROUNDS, SECONDS = 3, 7, 0.15


def timed(width: int, precision: str) -> dict:
    """In a process of its own: the count that was chosen, and medians of ms a step with one thread and with all."""
    most, inner = threads.allowed(), (width,) * DEPTH
    setup()
    gan = GAN(mlp((LATENT, *inner, PIXELS)), mlp((PIXELS, *inner, 1)), LATENT, precision=precision)
    run = train(gan, Batches(torch.rand(1024, PIXELS) * 2 - 1, BATCH), 10**9)
    chosen = gan.threads or torch.get_num_threads()
    times: dict[int, list[float]] = {count: [] for count in {1, most}}
    for _ in range(ROUNDS):
        for gan.threads, each in times.items():
            next(run)  # wakes the threads
            start, steps = time.perf_counter(), 0
            while (passed := time.perf_counter() - start) < SECONDS:
                next(run)
                steps += 1
            each.append(1e3 * passed / steps)
    return {"chosen": chosen, "ms": {str(count): statistics.median(each) for count, each in times.items()}}


def in_a_process(width: int, precision: str) -> dict:
    """`timed`, where nobody has chosen a count."""
    clean = {key: value for key, value in os.environ.items() if key not in (*threads.OWN, waiting.POLICY)}
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.threads_by_width", str(width), precision],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**clean, waiting.VARIABLE: waiting.SPINS},
    )
    return json.loads(run.stdout.splitlines()[-1])


def summary(runs: list[dict]) -> dict:
    """Of several processes: medians of ms a step, what each chose, and the worst choice's share of the best speed."""
    ms = {count: statistics.median(run["ms"][count] for run in runs) for count in runs[0]["ms"]}
    chosen = [run["chosen"] for run in runs]
    return {
        "ms": {count: round(each, 3) for count, each in ms.items()},
        "chosen": chosen,
        "of the best": round(min(min(ms.values()) / ms[str(count)] for count in chosen), 3),
    }


def measure() -> dict:
    """By precision and width; rounds of all of them, so that a slow minute does not meet one alone."""
    precisions = ["float32", *(["bfloat16"] if bfloat16_is_fast(torch.device("cpu")) else [])]
    kinds = [(precision, width) for precision in precisions for width in WIDTHS]
    runs: dict[tuple[str, int], list[dict]] = {kind: [] for kind in kinds}
    for _ in range(REPEATS):
        for precision, width in kinds:
            runs[precision, width].append(in_a_process(width, precision))
    return {
        each: {str(width): summary(runs[each, width]) for precision, width in kinds if precision == each}
        for each in precisions
    }


def rows(found: dict) -> list[tuple[str, str, str]]:
    """Lines of the README's table."""
    worst = {precision: min(each["of the best"] for each in widths.values()) for precision, widths in found.items()}
    told = "; ".join(f"{precision} {share:.2f}" for precision, share in worst.items())
    return [
        (
            f"`train` on the threads it chose, against the better count, the worst of {WIDTHS[0]} to {WIDTHS[-1]} wide",
            told,
            "≥ 0.95",
        )
    ]


if __name__ == "__main__":
    print(as_json(timed(int(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 1 else measure()))
