"""The plane: views a second, what they cost, how soon a drag is answered, and whether the default settings learn.

`python -m benchmarks.plane` measures all of it, in minutes, and prints JSON; `python -m benchmarks.plane quick` leaves
out the seeds. Times are those of the kernel: in_jupyterlab.py measures what a learner feels.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from contextlib import contextmanager

import numpy as np
import torch

from benchmarks.live import consume, timed
from benchmarks.summary import summary
from gan_edu import losses
from gan_edu.core.measures.mixture_scores import SAMPLES, Coverage
from gan_edu.core.safety.strict_json import as_json
from gan_edu.training_loop import GAN, LINES, d_step, g_step, substeps, train
from gan_edu.widgets import Plane

LOSSES = {"non-saturating": losses.non_saturating, "minimax": losses.minimax}
DRAGS = [
    ("d_lr", [5e-4, 1e-3]),  # none begins with the value that is set: only changes are told
    ("g_lr", [2e-4, 3e-4]),
    ("batch_size", [128, 256]),
    ("d_steps", [2, 1]),
    ("g_steps", [2, 1]),
    ("d_beta1", [0.5, 0.0]),
    ("loss", ["minimax", "non-saturating"]),
    ("data", ["line", "ring of 8"]),
    ("latent", ["uniform", "gaussian"]),
    ("g_optimizer", ["SGD", "Adam"]),
    ("g_width", [64, 128]),
    ("d_depth", [3, 2]),
]
GOOD, EVERY = 0.1, 250  # nat of JS; steps between two measurements


@contextmanager
def opened(title: str = "bench", **settings):
    """A plane whose messages are packed as a kernel packs them, and thrown away; `heard` keeps what was said when."""
    os.environ["GAN_EDU_DRIVER"] = "thread"
    plane = Plane(GAN, train, LOSSES, title, d_step=d_step, g_step=g_step, substeps=substeps, lines=LINES, **settings)
    plane.heard = []

    def send(content, buffers=None):
        size = len(json.dumps(content).encode()) + sum(map(len, buffers or []))
        plane.heard.append((time.perf_counter(), content.get("status"), size))

    plane.send, plane.send_state = send, lambda name: send({"status": plane.status(), "film": plane.whole()["film"]})
    try:
        yield plane
    finally:
        plane.close()


def views(rounds: int = 8, steps: int = 600) -> dict:
    """Views a second while training, and the share of its headless rate that training keeps: blocks by turns."""
    with opened() as plane:
        alone = plane.laboratory.build()
        runs = {"alone": lambda: consume(train(*alone, steps)), "plane": lambda: plane.train_to(plane.gan.step + steps)}
        for run in runs.values():
            run()  # warm up
        shares, rates, paces = [], [], []
        for k in range(rounds):
            plane.heard.clear()
            times = {name: timed(runs[name]) for name in list(runs)[:: 1 if k % 2 else -1]}
            shares.append(times["alone"] / times["plane"])
            rates.append(len([1 for _, status, _ in plane.heard if status]) / times["plane"])
            paces.append(steps / times["alone"])
        sizes = [size for _, status, size in plane.heard if status]
    return {
        "views_a_second": round(statistics.median(rates), 1),
        "share_of_headless_rate": round(statistics.median(shares), 3),
        "headless_steps_a_second": round(statistics.median(paces)),
        "median_message_bytes": int(statistics.median(sizes)),
    }


def drags(rounds: int = 8) -> dict:
    """From the message that a drag sends, to the first that tells the new value, while it trains; in ms."""
    times = []
    with opened() as plane:
        plane.on_message(plane, {"do": "start", "token": "0"}, [])
        for k in range(rounds):
            for name, values in DRAGS:
                value = values[k % 2]
                time.sleep(0.03 + 0.007 * (len(times) % 9))
                plane.heard.clear()
                since = time.perf_counter()
                plane.on_message(plane, {"do": "set", "token": "1", "name": name, "value": value}, [])
                times.append(1000 * (_answered(plane, name, value) - since))
        plane.pause()
    return {"drags": len(times), **summary(times)}


def _answered(plane: Plane, name: str, value) -> float:
    end = time.perf_counter() + 10
    while time.perf_counter() < end:
        for when, status, _ in list(plane.heard):
            if status and status.get("settings", {}).get(name) == value:
                return when
        time.sleep(0.001)
    raise TimeoutError(f"{name} was not answered")


def learns(data: str, seed: int, seconds: float = 60, whole: bool = False) -> dict:
    """Train with the default settings until JS < GOOD, and all modes are covered, or `seconds` have passed.

    whole: go on to the end, and tell the median JS of the second half.
    """
    with opened(data=data, seed=seed) as plane:
        gan, batches = plane.laboratory.build()
    coverage, found, start, reached = Coverage(batches.distribution), [], time.perf_counter(), None
    while time.perf_counter() - start < seconds and (whole or reached is None):
        consume(train(gan, batches, EVERY))
        scores = coverage.measure(gan.generate(gan.latents(SAMPLES)))
        found.append(scores["js"])
        if reached is None and scores["js"] < GOOD and scores.get("modes", 8) == 8:
            reached = {"seconds": round(time.perf_counter() - start, 1), "step": gan.step, "js": round(scores["js"], 3)}
    told = {"seed": seed, "reached": reached, "steps": gan.step, "modes": scores.get("modes")}
    last = round(float(np.median(found[len(found) // 2 :])), 3)  # NaN stays NaN
    return {**told, "median_js_of_the_second_half": last} if whole else told


def measure(seeds: int = 5) -> dict:
    """All of it; ten minutes with the seeds."""
    torch.set_num_threads(1)
    found = {"views": views(), "drag": drags()}
    for data in ("ring of 8", "line") if seeds else ():
        found[data] = [learns(data, seed) for seed in range(seeds)]
    return found


def rows(found: dict) -> list[tuple[str, str, str]]:
    """What was measured beside the bars, for the README's table."""
    each = [run["reached"] for data in ("ring of 8", "line") for run in found[data]]
    slowest = max((run["seconds"] for run in each if run), default=float("inf"))
    return [
        (
            "the plane, views a second while it trains two 2 × 128 MLPs at batch 256",
            f"{found['views']['views_a_second']:.0f}",
            "≥ 20",
        ),
        ("share of its headless rate that training keeps", f"{found['views']['share_of_headless_rate']:.2f}", "≥ 0.70"),
        ("a drag on any of its controls while it trains, p95", f"{found['drag']['p95_ms']:.0f} ms", "≤ 150 ms"),
        (
            "ring (all 8 modes, half its fair share near each) and line reach JS < 0.1 nat, default settings",
            f"{sum(map(bool, each))} of {len(each)} runs, the slowest in {slowest:.0f} s",
            "10 of 10, ≤ 60 s",
        ),
    ]


if __name__ == "__main__":
    print(as_json(measure(0 if "quick" in sys.argv else 5), indent=1))
