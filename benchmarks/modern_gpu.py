"""The ladder of notebook 11 on a graphics card, on stacked MNIST, at equal time of the card.

    python -m benchmarks.modern_gpu RESULT.json [SECONDS]     writes what it found; SECONDS of the card to each run

Networks and settings are those of `benchmarks.modern`, in float32 (TF32 in convolutions); each step is one CUDA graph.
Only the steps are more. What a step takes is
measured first, on the rung's own networks, and counted in samples a second. Without a card it says so and ends.
"""

from __future__ import annotations

import statistics
import sys
import time
from itertools import islice
from pathlib import Path

import torch

from benchmarks import modern
from benchmarks.stored_runs import THREE
from gan_edu.core.measures.stacked_scores import StackedScorer
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.captured import captured
from gan_edu.training_loop import train

WARM, TIMED, ROUNDS = 40, 60, 3


def seconds_a_step(settings: dict) -> float:
    """Median over rounds, each begun and ended with the card at rest."""
    gan, batches, step = modern.build("stacked", {**settings, "steps": 10_000, "seed": 0}, "cuda", "float32")
    records, found = train(gan, batches, WARM + TIMED * ROUNDS, step=captured(step)), []
    for count in (WARM, *[TIMED] * ROUNDS):
        torch.cuda.synchronize()
        begun = time.perf_counter()
        for _ in islice(records, count):
            pass
        torch.cuda.synchronize()
        found.append((time.perf_counter() - begun) / count)
    return statistics.median(found[1:])


def run(settings: dict, seed: int, steps: int, scorer: StackedScorer) -> dict:
    """Train once and score."""
    gan, batches, step = modern.build("stacked", {**settings, "steps": steps, "seed": seed}, "cuda", "float32")
    begun = time.perf_counter()
    for _ in train(gan, batches, steps, step=captured(step)):
        pass
    torch.cuda.synchronize()
    seconds = time.perf_counter() - begun
    scores = {name: round(value, 5) for name, value in scorer.score(gan).items()}
    return {"seed": seed, "steps": steps, "seconds": round(seconds, 2), **scores}


def main(result: str = "", seconds: str = "10") -> None:
    """The command."""
    if not torch.cuda.is_available():
        raise SystemExit("this needs a graphics card that torch can use (CUDA); the other benchmarks need none")
    if not result:
        raise SystemExit("python -m benchmarks.modern_gpu RESULT.json [SECONDS]")
    scorer = StackedScorer(device="cuda")
    found: dict = {
        "card": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "day": time.strftime("%Y-%m-%d"),
        "seconds": float(seconds),
        "rungs": {},
    }
    rungs = {name: {**modern.START, **arm.settings} for name, arm in modern.ARMS["stacked"].items()}
    for name, settings in rungs.items():
        took = seconds_a_step(settings)
        rung = {"ms a step": round(1e3 * took, 3), "samples a second": round(settings["batch"] / took), "runs": []}
        found["rungs"][name] = rung
        print(name, rung, flush=True)
    for seed in THREE:
        for name, rung in found["rungs"].items():
            steps = max(1, round(1e3 * float(seconds) / rung["ms a step"]))
            rung["runs"].append(run(rungs[name], seed, steps, scorer))
            print(name, rung["runs"][-1], flush=True)
            durable.write(Path(result), (as_json(found, indent=1) + "\n").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
