"""`make bench`: every measurement, a table on the screen, JSON in benchmarks/results.

python -m benchmarks ["steps, 2 threads" …]      only these; the others stay as they are stored, with their dates
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

from gan_edu.core.measures.stored_scores import scores
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json

STORED = Path(__file__).parent / "results" / "foundation.json"
README = Path(__file__).parent.parent / "README.md"
MARKS = "<!-- bench -->", "<!-- /bench -->"


def steps(threads: int, processes: int = 5) -> dict:
    """`benchmarks.steps` in processes of their own; of them the one in the middle, with the range of all."""
    runs = sorted(
        (
            json.loads(
                subprocess.run(
                    [sys.executable, "-m", "benchmarks.steps", str(threads)], capture_output=True, text=True, check=True
                ).stdout
            )
            for _ in range(processes)
        ),
        key=lambda run: run["speed-up float32"],
    )
    return {**runs[processes // 2], "range": [runs[0]["speed-up float32"], runs[-1]["speed-up float32"]]}


def live(epochs: int = 30) -> dict:
    """`benchmarks.live` in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.live", str(epochs * 937)], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def measure(only: list[str]) -> dict:
    """All figures, or only some and the stored rest; each is said while it is measured."""
    import torch

    from benchmarks import (
        fast_path,
        in_jupyterlab,
        kernels,
        kills,
        latent_frames,
        memory,
        neighbour,
        phase_portrait,
        plane,
        replay_frames,
        start,
        threads_by_width,
    )

    now = {
        "cores": os.cpu_count(),
        "processor": processor(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }
    stored = json.loads(STORED.read_text()) if only else {}
    found = {**stored, **now, "dates": stored.get("dates", {})}
    every = {
        "steps, 2 threads": lambda: steps(2),
        "steps, 1 thread": lambda: steps(1),
        "fast path, 2 threads": lambda: fast_path.in_a_process(2),
        "fast path, 1 thread": lambda: fast_path.in_a_process(1),
        "import_seconds": start.import_seconds,
        "kernel_to_replay_sent_seconds": start.kernel_seconds,
        "browser_first_frame_seconds": start.browser_seconds,
        "frame_change": replay_frames.measure,
        "latent_walk": latent_frames.measure,
        "kernels": kernels.measure,
        "kills": kills.measure,
        "kills_while_saving": kills.while_saving,
        "live": live,
        "notebook_memory": memory.measure,
        "plane": plane.measure,
        "phase_portrait": phase_portrait.measure,
        "neighbour": neighbour.measure,
        "threads by width": threads_by_width.measure,
        "in_jupyterlab": in_jupyterlab.measure,
    }
    if unknown := set(only) - set(every):
        raise SystemExit(f"there is no measurement {', '.join(unknown)}; there are: {', '.join(every)}")
    for name in only or every:
        print(f"measuring {name} …", flush=True)
        found[name] = every[name]()
        found["dates"][name] = datetime.now(timezone.utc).isoformat(timespec="minutes")
    return found


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def table(found: dict) -> str:
    """The figures beside the bars they are held to, as Markdown."""
    two, one, live, soak = found["steps, 2 threads"], found["steps, 1 thread"], found["live"], found["live"]["soak"]
    bf16 = (
        f"{two['speed-up bfloat16']:.2f}×; {one['speed-up bfloat16']:.2f}×"
        if "speed-up bfloat16" in two
        else "no bfloat16 instructions here"
    )
    first = found["kernel_to_replay_sent_seconds"] + found["browser_first_frame_seconds"]
    rows = [
        (
            "`train`, float32, against the textbook loop, 2 threads: the middle of 5 processes (range)",
            speed_up(two),
            "≥ 2.0×",
        ),
        ("the same, both with 1 thread", speed_up(one), "≥ 2.0×"),
        ("the same with bfloat16 autocast in `train`, 2 threads; 1 thread", bf16, "≥ 3.5×"),
        (
            "share of a step spent in the matrix products it needs, 2 threads",
            f"{two['share of products']:.2f}",
            "≥ 0.80",
        ),
        ("the same share, 1 thread", f"{one['share of products']:.2f}", "≥ 0.88"),
        ("kernel start to the replay's first frame", f"{first:.1f} s", "≤ 3 s"),
        ("one change of frame in the replay", speed(found["frame_change"]), "≤ 17 ms, ≤ 50 ms"),
        ("one move on the latent walk", speed(found["latent_walk"]), "≤ 17 ms"),
        ("one change of frame, 8 kernels and 8 replays open", speed(found["kernels"]), "p95 ≤ 50 ms"),
        ("Pause while training live, in the kernel", f"p95 {live['pause']['p95_ms']} ms", "≤ 500 ms"),
        ("what the live view costs training", f"{live['cost']['live_view_costs']:.1%}", "≤ 10 %"),
        ("memory after 30 live epochs, against after 10", f"{soak['growth_mb'] / soak['warm_mb']:+.1%}", "≤ 2 %"),
        ("`import gan_edu`", f"{found['import_seconds']:.3f} s", "≤ 0.1 s"),
        ("peak memory while training, textbook loop and `train` in one process", f"{two['peak_memory_mb']} MB", ""),
        (
            f"killed {found['kills']['kills']} times and resumed",
            "identical bit for bit" if found["kills"]["identical"] else "DIFFERS",
            "identical",
        ),
    ]
    if "kills_while_saving" in found:
        from benchmarks.kills import SAVED

        saved = found["kills_while_saving"]
        struck, underway = (sum(each[name] for each in saved.values()) for name in ("struck", "underway"))
        rows.append(
            (
                f"killed {struck} times while saving {', '.join(SAVED[what] for what in saved)}, {underway} of "
                "them amid exchanging files",
                "the old or the new one, whole",
                "whole",
            )
        )
    if "notebook_memory" in found:
        kernel = found["notebook_memory"]
        rows.append(
            (
                f"notebook 04 run to its end at {kernel['pace']} pace: memory of its kernel at most",
                f"{kernel['kernel_rss_mb']} MB, torch {kernel['torch']}",
                "≤ 1,000 MB with torch for CPUs",
            )
        )
    if (cost := "a look at each gradient costs") in two:
        rows.append(
            (
                "what looking at each gradient costs a step, 2 threads and 1",
                f"{two[cost]:.1%}, {one[cost]:.1%}",
                "≤ 2 %",
            )
        )
    if "fast path, 1 thread" in found:
        from benchmarks.fast_path import rows as of_the_limit

        rows += of_the_limit(found["fast path, 1 thread"], found["fast path, 2 threads"])
    rows += best_mlp()
    if "plane" in found:
        from benchmarks.plane import rows as of_the_plane

        rows += of_the_plane(found["plane"])
    if "phase_portrait" in found:
        slowest = max(found["phase_portrait"].values(), key=lambda moves: moves["p95_ms"])
        rows.append(("one change in the phase portrait, in the slower of two cases", speed(slowest), "≤ 50 ms"))
    if "neighbour" in found:
        from benchmarks.neighbour import rows as beside

        rows += beside(found["neighbour"])
    if "threads by width" in found:
        from benchmarks.threads_by_width import rows as by_width

        rows += by_width(found["threads by width"])
    if "in_jupyterlab" in found:
        from benchmarks.in_jupyterlab import rows as in_jupyterlab

        rows += in_jupyterlab(found["in_jupyterlab"])
    return "\n".join(["| what | measured | bar |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)])


def speed_up(steps: dict) -> str:
    """The process in the middle, and the range of all of them."""
    return f"{steps['speed-up float32']:.2f}× ({steps['range'][0]:.2f} – {steps['range'][1]:.2f})"


def best_mlp() -> list[tuple[str, str, str]]:
    """What is left of the textbook GAN's excess FID, for the same computing time (`make bench-tricks`)."""
    rows = []
    for name in ("MNIST", "MNIST, twice the time"):
        found = scores()[name]
        steps = next(row["facts"]["steps"] for row in found["rows"] if row["baseline"])
        fids = {row["name"]: [fid for fid in row["values"]["fid"] if fid is not None] for row in found["rows"]}
        best, textbook = (statistics.median(fids[arm]) - found["columns"][0]["floor"] for arm in ("best", "baseline"))
        rows.append(
            (
                f"the best textbook MLP's excess FID, in the time of {steps:,} steps of the textbook's "
                f"({len(fids['best'])} seeds)",
                f"{best:.1f} of {textbook:.0f}: {best / textbook:.1%}",
                "≤ 4 %",
            )
        )
    return rows


def speed(moves: dict) -> str:
    """Median and p95 of moves in the browser."""
    return f"median {moves['median_ms']} ms, p95 {moves['p95_ms']} ms"


def quote(text: str, found: dict) -> str:
    """The README with the table between its two marks."""
    before, rest = text.split(MARKS[0])
    return f"{before}{MARKS[0]}\n{table(found)}\n{MARKS[1]}{rest.split(MARKS[1])[1]}"


if __name__ == "__main__":
    result = measure(sys.argv[1:])
    durable.write(STORED, (as_json(result, indent=1) + "\n").encode())
    durable.write(README, quote(README.read_text(encoding="utf-8"), result).encode())
    print(table(result))
