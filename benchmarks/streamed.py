"""Data streamed from disk against the same in memory: memory, samples a second, milliseconds a step.

    python -m benchmarks.streamed      makes a million pictures, prints a table, writes benchmarks/results/streamed.json

A million pictures of 28 × 28 lie in one .npy, 100,000 of them as PNG files in 100 folders, both in a temporary folder.
They are MNIST's, moved and dimmed at random. Memory is that of a process of its own and its workers; speeds are medians
of rounds in which the arms take turns, on one thread each, the file in the system's cache unless it says "cold".
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from benchmarks.__main__ import processor
from benchmarks.stored_runs import RESULTS
from gan_edu.core.data import Batches, PictureFolder, Streamed, mnist
from gan_edu.core.data.passes import Order, Passes
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.device import keep_freed_memory
from gan_edu.mnist_gan import textbook
from gan_edu.training_loop import train

STORED = RESULTS / "streamed.json"
PICTURES, FILES, A_FOLDER, BLOCK = 1_000_000, 100_000, 1000, 10_000
BATCH, STEPS, ALONE, ROUNDS, WARM = 64, 40, 60, 7, 1
OF_MEMORY = 1500  # steps in which memory is looked at
ARMS = ("memory", ".npy, 0", ".npy, 1", ".npy, 2", "PNG, 0", "PNG, 1", "PNG, 2")  # what is read, by how many workers
MB = 1e6


# ------------------------------------------------------------------ the data


def make(folder: Path) -> dict:
    """Write the pictures. Returns how long that took."""
    began, digits = time.perf_counter(), mnist()[0][:, 0].numpy()
    stream = np.random.default_rng(0)
    pictures = np.lib.format.open_memmap(folder / "pictures.npy", "w+", np.uint8, (PICTURES, 1, 28, 28))
    for first in range(0, PICTURES, BLOCK):
        chosen = digits[stream.integers(len(digits), size=BLOCK)]  # (BLOCK, 28, 28)
        moved = np.roll(chosen, stream.integers(-3, 4, size=2), axis=(1, 2))
        light = stream.integers(128, 257, size=(BLOCK, 1, 1), dtype=np.uint16)  # of 256
        pictures[first : first + BLOCK, 0] = (moved * light) >> 8
    pictures.flush()
    array = time.perf_counter()
    for i in range(FILES):
        place = folder / "files" / f"{i // A_FOLDER:02d}"
        if i % A_FOLDER == 0:
            place.mkdir(parents=True)
        Image.fromarray(pictures[i, 0]).save(place / f"{i:06d}.png")
    end = time.perf_counter()
    return {"make_array_seconds": round(array - began, 1), "make_files_seconds": round(end - array, 1)}


def batches_of(arm: str, folder: Path) -> Passes:
    """The batches of an arm."""
    if arm == "memory":
        return Batches(torch.from_numpy(np.load(folder / "pictures.npy")), BATCH)
    source, workers = arm.split(", ")
    data = folder / "pictures.npy" if source == ".npy" else PictureFolder(folder / "files")
    return Streamed(data, BATCH, workers=int(workers))


# ------------------------------------------------------------------ memory, a process an arm


class Peak(threading.Thread):
    """The most that this process and its workers have taken, ten looks a second; what they share counts once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.first, self.most, self.over = self.now(), {}, threading.Event()

    @staticmethod
    def now() -> dict[str, float]:
        """MB of their own, and MB of files that are mapped, which the system takes back when it needs them."""
        found = {"own": 0.0, "mapped": 0.0}
        for pid in [os.getpid(), *(worker.pid for worker in active_children())]:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Pss_Anon", "Pss_Shmem", "Pss_File")):
                    found["mapped" if "File" in line else "own"] += int(line.split()[1]) * 1024 / MB
        return found

    def run(self) -> None:
        while not self.over.wait(0.1):
            for name, value in self.now().items():
                self.most[name] = max(self.most.get(name, 0.0), value)

    def growth(self) -> dict[str, int]:
        """End, and say by how much more it was than at the beginning."""
        self.over.set()
        self.join()
        return {name: round(self.most[name] - self.first[name]) for name in self.first}


def memory_of(arm: str, folder: Path) -> dict[str, int]:
    """MB by which training on these batches grows."""
    gan = textbook()
    for _ in train(gan, Batches(mnist()[0][:1000], BATCH), 20):
        pass
    peak = Peak()
    peak.start()
    for _ in train(gan, batches_of(arm, folder), OF_MEMORY):
        pass
    return peak.growth()


def memory(folder: Path) -> dict[str, dict[str, int]]:
    """Of the arms that differ, each in a process of its own."""
    return {
        arm: json.loads(
            subprocess.run(
                [sys.executable, "-m", "benchmarks.streamed", arm, folder], capture_output=True, text=True, check=True
            ).stdout
        )
        for arm in ("memory", ".npy, 0", ".npy, 2")
    }


# ------------------------------------------------------------------ speed


def in_turns(arms: dict[str, Callable[[], object]], count: int) -> dict[str, float]:
    """Median seconds of one call, of `count` in each of the rounds."""
    times: dict[str, list[float]] = {name: [] for name in arms}
    for turn in range(ROUNDS + WARM):
        for name, call in arms.items():
            call()  # what a worker has read ahead while others had their turn
            began = time.perf_counter()
            for _ in range(count):
                call()
            if turn >= WARM:
                times[name].append((time.perf_counter() - began) / count)
    return {name: statistics.median(each) for name, each in times.items()}


def speeds(folder: Path) -> dict[str, dict]:
    """Samples a second of batches alone, and milliseconds a step of the textbook GAN."""
    sources = {arm: batches_of(arm, folder) for arm in ARMS}
    alone = in_turns({arm: each.__next__ for arm, each in sources.items()}, ALONE)
    runs = {arm: train(textbook(), each, 10**9) for arm, each in sources.items()}
    steps = in_turns({arm: each.__next__ for arm, each in runs.items()}, STEPS)
    return {
        "samples_a_second": {arm: round(BATCH / seconds) for arm, seconds in alone.items()},
        "ms_a_step": {arm: round(1e3 * seconds, 2) for arm, seconds in steps.items()},
    }


def cold(folder: Path, batches: int = 100) -> dict[str, int]:
    """Samples a second of the first batches, when nothing of the file is in the system's cache."""
    found = {}
    for arm in (".npy, 0", ".npy, 2"):
        source = batches_of(arm, folder)
        with open(folder / "pictures.npy", "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        began = time.perf_counter()
        for _ in range(batches):
            next(source)
        found[arm] = round(batches * BATCH / (time.perf_counter() - began))
    return found


def orders() -> dict[str, dict[str, float]]:
    """What the order of one pass costs, by the number of samples."""
    found = {}
    for count in (10**6, 10**7, 10**8):
        order, began = Order(count, 0), time.perf_counter()
        order.following(BATCH)
        found[f"{count:,}"] = {"seconds": round(time.perf_counter() - began, 3), "mb": 4 * count / MB}
    return found


def going_on(folder: Path) -> float:
    """Seconds until the first batch of a run that goes on in the middle of a pass, with two workers."""
    state = {**batches_of(".npy, 0", folder).state_dict(), "position": PICTURES // 2}
    began, batches = time.perf_counter(), batches_of(".npy, 2", folder)
    batches.load_state_dict(state)
    next(batches)
    return round(time.perf_counter() - began, 2)


def measure() -> dict:
    """All figures, in a temporary folder that is gone afterwards."""
    torch.set_num_threads(1)
    keep_freed_memory()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make(folder)
        return {
            "date": date.today().isoformat(),
            "cores": os.cpu_count(),
            "processor": processor(),
            "torch": torch.__version__,
            "load": round(os.getloadavg()[1], 1),  # of the five minutes before
            "pictures": PICTURES,
            "files": FILES,
            "array_mb": round((folder / "pictures.npy").stat().st_size / MB),
            **made,
            "cold_samples_a_second": cold(folder),
            "growth_mb": memory(folder),
            **speeds(folder),
            "going_on_seconds": going_on(folder),
            "orders": orders(),
        }


def table(found: dict) -> str:
    """The figures of each arm as Markdown."""
    lines = [
        "| batches from, workers | MB of their own, mapped | samples/s | cold | ms a step |",
        "|---|---|---|---|---|",
    ]
    for arm in ARMS:
        grown, started = found["growth_mb"].get(arm), found["cold_samples_a_second"].get(arm)
        lines.append(
            f"| {arm} | {'{own}, {mapped}'.format(**grown) if grown else ''} | {found['samples_a_second'][arm]:,} "
            f"| {f'{started:,}' if started else ''} | {found['ms_a_step'][arm]} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        torch.set_num_threads(1)
        print(as_json(memory_of(sys.argv[1], Path(sys.argv[2]))))
    else:
        result = measure()
        durable.write(STORED, (as_json(result, indent=1) + "\n").encode())
        print(table(result))
        print(f"an order: {result['orders']}; going on in the middle: {result['going_on_seconds']} s")
