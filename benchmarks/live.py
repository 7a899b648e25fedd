"""Live training: how fast Pause freezes it, what the view costs, and whether a long run stays flat.

`python -m benchmarks.live` measures all of it in some minutes; `python -m benchmarks.live 28110` soaks 30 epochs.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from contextlib import contextmanager

import psutil
import torch

from benchmarks.summary import summary
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.device import setup
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import train
from gan_edu.widgets import Live


def build():
    """The textbook GAN, on this machine's processor."""
    return textbook(), textbook_batches()


@contextmanager
def opened(title: str = "bench", every: int = 20, build=build):
    """A Live whose messages are packed as a kernel packs them, and thrown away; `heard` keeps when each was sent."""
    os.environ["GAN_EDU_DRIVER"] = "thread"
    live = Live(build, train, title, every=every)
    live.heard = []

    def send(content, buffers=None):
        size = len(json.dumps(content).encode()) + sum(map(len, buffers or []))
        live.heard = [*live.heard[-200:], (time.perf_counter(), content.get("status", {}).get("phase"), size)]

    live.send = send
    try:
        yield live
    finally:
        live.close()


def click(live: Live, do: str) -> None:
    """What the widget does for a click in the browser."""
    live.on_message(live, {"do": do, "token": "bench"}, [])


def pauses(count: int = 60) -> dict:
    """From the click on Pause, as the kernel gets it, to the message that says "paused"; in ms."""
    with opened() as live:
        times = []
        for k in range(count):
            click(live, "start")
            time.sleep(0.05 + 0.013 * (k % 7))
            clicked = time.perf_counter()
            click(live, "pause")
            live.wait(30)
            told = next(when for when, phase, _ in reversed(live.heard) if phase == "paused")
            times.append(1000 * (told - clicked))
    return {"pauses": count, **summary(times)}


def cost(rounds: int = 10, steps: int = 120) -> dict:
    """Time of a step, alone, recorded and live: blocks of steps, by turns. Ratios are medians over the rounds."""
    alone, recorded = build(), build()
    recorder = Recorder(recorded[0], OpenEnded(), "bench")
    with opened() as live:
        runs = {
            "alone": lambda: consume(train(*alone, steps)),
            "recorded": lambda: consume(recorder.watch(train(*recorded, steps))),
            "live": lambda: live.train_to(live.gan.step + steps),
        }
        for run in runs.values():
            run()  # warm up
        times = {name: [] for name in runs}
        for k in range(rounds):
            for name in list(runs)[k % 3 :] + list(runs)[: k % 3]:
                times[name].append(timed(runs[name]))
        sizes = [size for _, phase, size in live.heard if phase]
    by_turns = {
        name: statistics.median(t / a for t, a in zip(times[name], times["alone"], strict=True)) - 1
        for name in ("recorded", "live")
    }
    return {
        "ms_a_step": round(1000 * statistics.median(times["alone"]) / steps, 2),
        "recorder_costs": round(by_turns["recorded"], 3),
        "live_view_costs": round(by_turns["live"], 3),
        "median_message_bytes": int(statistics.median(sizes)),
    }


def consume(records) -> None:
    """Pull all."""
    for _ in records:
        pass


def timed(run) -> float:
    """Seconds a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def soak(steps: int = 3000) -> dict:
    """A long run with recorder and live view: memory after a third of it, when all stores are full, and at the end."""
    with opened(every=max(1, steps // 1500)) as live:
        memory = []
        for part in (1, 2, 3):
            live.train_to(part * steps // 3)
            memory.append(psutil.Process().memory_info().rss / 1e6)
        frames, rate = len(live.recorder.frames["step"]), steps / live.recorder.seconds
    return {
        "steps": steps,
        "warm_mb": round(memory[0]),
        "end_mb": round(memory[-1]),
        "growth_mb": round(memory[-1] - memory[0], 1),
        "frames": frames,
        "steps_per_second": round(rate),
    }


def pair(seconds: float = 4) -> dict:
    """Two live views in one kernel, both training: steps of each, and whether both end as if they had been alone."""
    with opened("one") as one, opened("other") as other:
        for live in (one, other):
            click(live, "start")
        time.sleep(seconds)
        clicked = time.perf_counter()
        for live in (one, other):
            click(live, "pause")
        for live in (one, other):
            live.wait(30)
        frozen, counts = time.perf_counter() - clicked, [one.gan.step, other.gan.step]
        same = min(counts)
        reference = build()
        consume(train(*reference, same))
        slower = one if one.gan.step == same else other
        equal = all(
            torch.equal(a, b)
            for a, b in zip(reference[0].generator.parameters(), slower.gan.generator.parameters(), strict=True)
        )
    return {"steps": counts, "pause_both_ms": round(1000 * frozen), "as_if_alone": equal}


def measure(soak_steps: int = 3000) -> dict:
    """All of it; about two minutes on two cores."""
    setup()
    return {"pause": pauses(), "cost": cost(), "soak": soak(soak_steps), "two_views": pair()}


if __name__ == "__main__":
    print(as_json(measure(*map(int, sys.argv[1:2])), indent=1))
