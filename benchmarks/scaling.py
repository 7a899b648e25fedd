"""What notebook 12 shows beside the reader's own figures.

    python -m benchmarks.scaling [PART …]   all parts, into benchmarks/results/scaling.json (10 minutes, idle cores)
    python -m benchmarks.scaling ship       writes `gan_edu/data/scaling.json` and `gan_edu/data/machines.json`

model: the cost model, fitted to eleven steps and held against five widths that it has not seen, for one and two threads
and both precisions. layout: convolutions with channels last. compiled: torch.compile against eager. processes: one and
two of them. exits: fifty pairs of processes, how they end. `batch_sizes`, `gpu`, `streamed`, `threads_by_width` and
`neighbour` are benchmarks of their own.
"""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from benchmarks import batch_sizes
from benchmarks.__main__ import processor
from benchmarks.stored_runs import RESULTS
from gan_edu.core.data.batches import Batches
from gan_edu.core.measures.step_cost import fitted, work_of_mlps
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.device import bfloat16_is_fast, keep_freed_memory
from gan_edu.core.training.streams import seeded
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.scaling import FOREVER, layers_of, of_width, timed
from gan_edu.training_loop import GAN, train

STORED, DATA = RESULTS / "scaling.json", Path(__file__).parents[1] / "gan_edu" / "data"
TIMED = [(w, 64) for w in (64, 128, 256, 512, 1024, 2048)] + [(256, 16), (256, 256), (512, 16), (512, 256), (1024, 256)]
HELD = [(width, 64) for width in (96, 192, 384, 768, 1536)]
CPU = torch.device("cpu")


# ------------------------------------------------------------------ parts, each in a process of its own


def model(threads: int) -> dict:
    """Fit and held-out errors, by precision."""
    torch.set_num_threads(threads)
    keep_freed_memory()
    found = {}
    for precision in ("float32", *(["bfloat16"] if bfloat16_is_fast(CPU) else [])):
        arms = {(w, b): of_width(w, b, precision=precision) for w, b in TIMED + HELD}
        seconds = timed({f"{w} {b}": arm for (w, b), arm in arms.items()}, rounds=9, seconds=0.1)
        times = {key: seconds[f"{key[0]} {key[1]}"] for key in arms}
        work = {(w, b): work_of_mlps(*layers_of(w), b, precision) for w, b in arms}
        machine = fitted([work[key] for key in TIMED], [times[key] for key in TIMED])
        errors = {key: machine.seconds(work[key]) / times[key] - 1 for key in HELD}
        found[precision] = {
            "machine": dataclasses.asdict(machine),
            "held": {str(w): round(error, 4) for (w, _), error in errors.items()},
            "held_out_error": round(statistics.median(map(abs, errors.values())), 4),
            "dots": [
                {"width": w, "batch": b, "precision": precision, "ms": round(1e3 * each, 4)}
                for (w, b), each in times.items()
            ],
        }
    return found


def layout() -> dict:
    """Milliseconds a step of chapter 10's networks, by precision and memory format."""
    torch.set_num_threads(1)
    keep_freed_memory()
    arms: dict[str, Callable[[], object]] = {}
    for precision in ("float32", *(["bfloat16"] if bfloat16_is_fast(CPU) else [])):
        for name, form in (("channels first", torch.contiguous_format), ("channels last", torch.channels_last)):
            with seeded(0):
                G, D = (each.to(memory_format=form) for each in (ConvGenerator(), ConvDiscriminator()))
            run = train(GAN(G, D, G.latent_dim, precision=precision), textbook_batches(), FOREVER)
            arms[f"{precision}, {name}"] = lambda run=run: next(run)
    return {name: round(1e3 * each, 3) for name, each in timed(arms, rounds=7, seconds=0.5).items()}


def compiled() -> dict:
    """Milliseconds a step, eager and compiled; seconds to compile; how far apart weights are after a step."""
    torch.set_num_threads(1)
    keep_freed_memory()
    found = {}
    for name, make in {"textbook MLPs": lambda: textbook(), "convolutions": convolutional}.items():
        eager, other = make(), make()
        other.generator.compile()
        other.discriminator.compile()
        runs = {
            "eager": train(eager, textbook_batches(), FOREVER),
            "compiled": train(other, textbook_batches(), FOREVER),
        }
        start = time.perf_counter()
        next(runs["compiled"])
        took = time.perf_counter() - start
        next(runs["eager"])
        apart = max(
            float((a - b).abs().max())
            for a, b in zip(eager.generator.parameters(), other.generator.parameters(), strict=True)
        )
        ms = timed({each: lambda run=run: next(run) for each, run in runs.items()}, rounds=7, seconds=0.4)
        found[name] = {"seconds_to_compile": round(took, 1), "apart_after_a_step": apart} | {
            each: round(1e3 * value, 3) for each, value in ms.items()
        }
    return found


def convolutional() -> GAN:
    """Chapter 10's networks."""
    with seeded(0):
        G, D = ConvGenerator(), ConvDiscriminator()
    return GAN(G, D, G.latent_dim)


def processes() -> dict:
    """Milliseconds a step of one process on one and two threads, and of two processes, by width and batch."""
    found = {}
    for width, batch in ((256, 64), (256, 512), (2048, 64), (2048, 512)):
        row = {}
        for name, count, threads in (
            ("1 process, 1 thread", 1, 1),
            ("1 process, 2 threads", 1, 2),
            ("2 processes", 2, 1),
        ):
            command = [sys.executable, "-m", "benchmarks.scaling", "lesson", *map(str, (count, threads, width, batch))]
            said = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
            row[name] = float(said.stdout.split()[-1])
        found[f"width {width}, batch {batch}"] = row
    return found


def lesson(count: str, threads: str, width: str, batch: str) -> None:
    """Print the median milliseconds of a step in so many processes."""
    from gan_edu.core.training.launched import launch

    os.environ["OMP_NUM_THREADS"] = threads
    torch.set_num_threads(int(threads))
    launch(int(count), _steps, int(width), int(batch))


def _steps(width: int, batch: int) -> None:
    from gan_edu.core.training.ranks import joined
    from gan_edu.core.training.shared_step import shared
    from gan_edu.training_loop import train_step

    keep_freed_memory()
    with joined() as here:
        from gan_edu.core.training.networks import mlp

        with seeded(0):
            G, D = (mlp(sizes) for sizes in layers_of(width))
            data = torch.rand(1024, 784) * 2 - 1
        step = train_step if here.count == 1 else shared(train_step, here)
        run, times = train(GAN(G, D, 100), Batches(data, batch), FOREVER, step=step), []
        begun = time.perf_counter()
        while time.perf_counter() - begun < 6 or len(times) < 8:
            start = time.perf_counter()
            next(run)
            times.append(time.perf_counter() - start)
            if here.count > 1 and len(times) >= 40:
                break
        if here.first:
            print(round(1e3 * statistics.median(times[3:]), 3), flush=True)


def exits(times: int = 50) -> dict:
    """How many of so many pairs of processes, each with a short run, end with status 0."""
    command = [sys.executable, "-m", "benchmarks.scaling", "lesson", "2", "1", "16", "64"]
    ended = [subprocess.run(command, capture_output=True, check=False).returncode for _ in range(times)]
    return {"pairs": times, "clean": ended.count(0), "others": [each for each in ended if each]}


PARTS: Mapping[str, Callable[[], dict]] = {
    "model": lambda: {f"{threads} threads": model(threads) for threads in (1, 2)},
    "layout": layout,
    "compiled": compiled,
    "processes": processes,
    "exits": exits,
}

# ------------------------------------------------------------------ storing


def measure(names: tuple[str, ...]) -> None:
    """The parts, each stored as soon as it is there."""
    for name in names or PARTS:
        print(f"measuring {name} …", flush=True)
        found = PARTS[name]()
        stored = json.loads(STORED.read_text()) if STORED.is_file() else {}
        stored |= {"processor": processor(), "torch": torch.__version__, name: found}
        durable.write(STORED, (as_json(stored, indent=1) + "\n").encode())
        print(as_json(found, indent=1), flush=True)


CARD = {  # NVIDIA's data sheet of the H100 SXM: float32 67 TFLOP/s, bfloat16 989 (dense), 3.35 TB/s
    "float32": {"throughput": 6.7e13, "bandwidth": 3.35e12, "overhead": 0.0},
    "bfloat16": {"throughput": 9.89e14, "bandwidth": 3.35e12, "overhead": 0.0},
}


def ship() -> None:
    """Write what the notebook draws."""
    found = json.loads(STORED.read_text())
    others = {
        name: json.loads(path.read_text())
        for name in ("gpu", "streamed", "threads_by_width", "fast_path")
        if (path := RESULTS / f"{name}.json").is_file()
    }
    beside = json.loads((RESULTS / "foundation.json").read_text())["neighbour"]
    content = {**found, "batches": batch_sizes.content(), "neighbour": beside, **others}
    _write("scaling.json", content)
    machines = [
        {
            "name": f"{found['processor']}, {threads}",
            "from": "measured",
            "machine": {each: of[each]["machine"] if each in of else None for each in ("float32", "bfloat16")},
            "dots": [dot for each in of.values() for dot in each["dots"]],
        }
        for threads, of in found["model"].items()
    ]
    machines.append({"name": "NVIDIA H100 SXM", "from": "data sheet", "machine": CARD, "dots": []})
    _write("machines.json", {"machines": machines})


def _write(name: str, content: dict) -> None:
    durable.write(DATA / name, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{name}: {(DATA / name).stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def main(*what: str) -> None:
    """The command."""
    if what[:1] == ("lesson",):
        lesson(*what[1:])
    elif what == ("ship",):
        ship()
    elif unknown := set(what) - set(PARTS):
        raise SystemExit(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}, and ship")
    else:
        measure(what)


if __name__ == "__main__":
    main(*sys.argv[1:])
