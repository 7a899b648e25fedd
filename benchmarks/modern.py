"""From DCGAN to a modern GAN, one change at a time, at equal cost: `make bench-modern`, for notebook 11.

    python -m benchmarks.modern trial DATA ARM '{"g_lr": 0.001}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.modern cost [DATA]                        CPU-ms a step, and how many steps SECONDS are
    python -m benchmarks.modern run [DATA …]                       all runs that are not stored, seed by seed
    python -m benchmarks.modern table                              medians and ranges
    python -m benchmarks.modern ship                               writes `gan_edu/data/modern.json`, for notebook 11

The ladder climbs from "dcgan" on MNIST, Fashion-MNIST and stacked MNIST. On MNIST four ingredients are also measured
in all sixteen combinations; a fifth, the average of G, is looked at in each run beside G itself. A run is of
as many steps as its cost allows; two may run side by side. What was tuned was tuned on seed 0; runs are of other seeds.
"""

from __future__ import annotations

import base64
import io
import json
import sys
import time
from functools import cache
from itertools import combinations
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn

from benchmarks.stored_runs import FIVE, RESULTS, THREE, Arm, StoredRuns, command, listed, spread
from gan_edu.core.data.datasets import fashion_mnist, mnist
from gan_edu.core.measures.feature_scores import recall
from gan_edu.core.measures.mnist_scores import Scorer, feature_net
from gan_edu.core.measures.score import embedded
from gan_edu.core.measures.stacked_scores import StackedScorer, modes_of, stacked_scores
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.streams import looking
from gan_edu.recordings.of_settings import LADDER, ladder
from gan_edu.training_loop import GAN, train

RUNS = StoredRuns(RESULTS / "modern.json", unshown=("way", "tiles"))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "modern.json"
CARD = RESULTS / "modern_gpu.json"  # what `benchmarks.modern_gpu` found, where there was a card
SAMPLES, LOOKED_AT, NEIGHBOURS = 10_000, 2_000, 5_000  # of a score at the end, on the way, of recall
SECONDS = {"mnist": 60, "fashion": 60, "stacked": 90}  # of one core
INGREDIENTS = ("pairs", "penalties", "average", "schedules", "residual")
START, build = LADDER, ladder  # of a trial; an arm's settings say what differs


# ------------------------------------------------------------------ scores


@cache
def scorer(data: str, samples: int) -> Scorer:
    """Made once: it holds the test set's features."""
    return Scorer(samples, data=data)


def made(gan: GAN, network: nn.Module, samples: int) -> Tensor:
    """Pictures (N, …) of a network, from latents that are the same at each call."""
    z = gan.latents(samples, torch.Generator().manual_seed(20_250_110))
    with looking(network):
        return torch.cat([network(part).float() for part in z.split(500)])


def scores(data: str, pictures: Tensor, whole: bool = True) -> dict:
    """Of pictures: FID and recall, or modes that are captured. whole: not only on the way."""
    if data == "stacked":
        found = stacked_scores(torch.cat([modes_of(part) for part in pictures.split(500)]))
        return {name: round(value, 5) for name, value in found.items()}
    found = {"fid": scorer(data, len(pictures)).score_images(pictures)["fid"]}
    if whole:
        found["recall"] = recall(features(data, test_pictures(data)), features(data, pictures[:NEIGHBOURS]))
    return {name: round(value, 4) for name, value in found.items()}


def features(data: str, pictures: Tensor) -> Tensor:
    """Of the network that has learned these classes, (N, 96)."""
    return embedded(feature_net(data=data), pictures).double()


@cache
def test_pictures(data: str) -> Tensor:
    """As many as recall takes."""
    return (fashion_mnist if data == "fashion" else mnist)(train=False)[0][:NEIGHBOURS]


def floor(data: str) -> dict:
    """What as many real pictures score."""
    if data == "stacked":
        return {name: round(value, 5) for name, value in StackedScorer().floor().items()}
    images = (fashion_mnist if data == "fashion" else mnist)(train=True)[0]
    chosen = images[torch.randperm(len(images), generator=torch.Generator().manual_seed(0))[:SAMPLES]]
    return scores(data, chosen)


def measured(data: str, settings: dict, looks: int = 4) -> dict:
    """Train once and score, G itself and its average: at the end whole, on the way FID of fewer samples."""
    s = {**START, "seed": 0, **settings}
    gan, batches, step = build(data, s)
    way, every, seconds, begun = [], max(1, s["steps"] // looks), 0.0, time.process_time()
    for record in train(gan, batches, s["steps"], step=step):
        if record.step % every == 0 and data != "stacked":
            seconds += time.process_time() - begun
            looked = {name: scores(data, made(gan, network, LOOKED_AT), False) for name, network in _both(gan)}
            way.append({"step": record.step, "cpu_seconds": round(seconds, 1), **_flat(looked)})
            begun = time.process_time()
    seconds += time.process_time() - begun
    shown = _both(gan)[:1] if data == "stacked" else _both(gan)  # three readings of 26,000 are long enough
    pictures = {name: made(gan, network, 26_000 if data == "stacked" else SAMPLES) for name, network in shown}
    found = {name: scores(data, each) for name, each in pictures.items()}
    tiles = {"tiles": {name: tile(each[:30]) for name, each in pictures.items()}} if s["seed"] == 10 else {}
    return {**_flat(found), "cpu_seconds": round(seconds, 1), "steps": s["steps"], "way": way, **tiles}


def _both(gan: GAN) -> list[tuple[str, nn.Module]]:
    return [("average", gan.shown), ("itself", gan.generator)]


def _flat(found: dict[str, dict]) -> dict:
    """{"fid": of the average, "fid itself": of G}."""
    return {_of(which, name): value for which, of in found.items() for name, value in of.items()}


def _of(which: str, name: str) -> str:
    return name if which == "average" else f"{name} {which}"


def tile(pictures: Tensor, columns: int = 10) -> str:
    """Rows of pictures (N, C, 28, 28) as a PNG of 16 greys, or in colour, in base64."""
    rows = torch.cat([torch.cat([*row], 2) for row in pictures.split(columns)], 1)  # (C, H, W)
    pixels = ((rows.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    buffer = io.BytesIO()
    if pixels.shape[2] == 1:
        Image.fromarray(pixels[..., 0]).quantize(16).save(buffer, "PNG", optimize=True, bits=4)
    else:
        Image.fromarray(pixels).quantize(64).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


# ------------------------------------------------------------------ arms

CALM = {"calm": 1.0}
FAST = {"g_lr": 8e-3, "d_lr": 4e-3}  # where penalties hold and rates fall: otherwise these end in black pictures
TUNED: dict[str, dict] = {  # by networks, as trials found them
    "dcgan": {"g_lr": 1e-3, "d_lr": 1e-3},
    "convolutional": {"g_lr": 2e-3, "d_lr": 1e-3},
    "residual": {"g_lr": 4e-3, "d_lr": 2e-3},
}
OF_A_MINUTE = {  # steps, as `cost` says
    "convolutional batch non-saturating": 2150,
    "convolutional none non-saturating": 2270,
    "convolutional none relativistic": 1980,
    "convolutional none relativistic calm": 1580,
    "convolutional none non-saturating calm": 1780,
    "residual none non-saturating": 1500,
    "residual none relativistic": 1300,
    "residual none non-saturating calm": 1140,
    "residual none relativistic calm": 1040,
    "grouped none relativistic calm": 720,
    "grouped none relativistic calm fresh": 680,
}
OF_STACKED = {  # in a minute and a half
    "convolutional batch non-saturating": 3170,
    "convolutional none non-saturating": 3250,
    "convolutional none relativistic": 2700,
    "convolutional none relativistic calm": 2230,
    "residual none relativistic calm": 1510,
    "grouped none relativistic calm": 1040,
    "grouped none relativistic calm fresh": 1030,
}
STEPS = {"mnist": OF_A_MINUTE, "fashion": OF_A_MINUTE, "stacked": OF_STACKED}


def settings(on: tuple[str, ...], **more: object) -> dict:
    """Of some ingredients; the average is there in each run."""
    network = "residual" if "residual" in on else "convolutional"
    return {
        "network": network,
        "loss": "relativistic" if "pairs" in on else "non-saturating",
        "schedules": "schedules" in on,
        **(CALM if "penalties" in on else {}),
        **(FAST if {"penalties", "schedules", "residual"} <= set(on) else TUNED[network]),
        **more,
    }


def recipes() -> dict[str, dict]:
    """By name, the sixteen combinations of what changes a run."""
    names = [each for each in INGREDIENTS if each != "average"]
    chosen = [on for count in range(len(names) + 1) for on in combinations(names, count)]
    return {"+".join(on) or "nothing": settings(on) for on in chosen}


ALL = tuple(INGREDIENTS)
RUNGS = {  # of the ladder, each with the rung before it: what changes
    "dcgan": {"d_norm": "batch", "betas": [0.5, 0.999], **TUNED["dcgan"]},
    "free": {"betas": [0.5, 0.999], **TUNED["convolutional"]},
    "nothing": settings(()),
    "pairs": settings(("pairs",)),
    "pairs+penalties": settings(("pairs", "penalties")),
    "pairs+penalties+schedules": settings(("pairs", "penalties", "schedules")),
    "pairs+penalties+schedules+residual": settings(ALL),
    "grouped": settings(ALL, network="grouped"),
    "fresh": settings(ALL, network="grouped", fresh=True),
}
LABELS = {
    "dcgan": "DCGAN",
    "free": "D without normalisation",
    "nothing": "Adam without β₁",
    "grouped": "groups, wide inside",
}


def kind_of_step(s: dict) -> str:
    """What a step costs by: networks, D's normalisation, pairs, penalties, fresh samples."""
    s = {**START, **s}
    parts = (s["network"], s["d_norm"], s["loss"], "calm" if s["calm"] else "", "fresh" if s["fresh"] else "")
    return " ".join(part for part in parts if part)


def _arms(data: str) -> dict[str, Arm]:
    of = RUNGS if data != "mnist" else {**RUNGS, **recipes()}
    steps = {name: STEPS[data].get(kind_of_step(s), START["steps"]) for name, s in of.items()}
    return {
        name: Arm(LABELS.get(name, name), {**s, "steps": steps[name]}, FIVE if name in RUNGS else THREE)
        for name, s in of.items()
    }


ARMS = {data: _arms(data) for data in SECONDS}


def cost(data: str, steps: int = 24) -> None:
    """Print how many steps of each kind take SECONDS."""
    kinds: dict[str, dict] = {kind_of_step(arm.settings): arm.settings for arm in ARMS[data].values()}
    for kind, s in kinds.items():
        gan, batches, step = build(data, {**START, "seed": 0, **s})
        for _ in train(gan, batches, 8, step=step):
            pass
        begun = time.process_time()
        for _ in train(gan, batches, steps, step=step):
            pass
        each = (time.process_time() - begun) / steps
        print(f'"{kind}": {round(SECONDS[data] / each, -1):.0f},  # {1e3 * each:.1f} ms', flush=True)


# ------------------------------------------------------------------ tables

COLUMNS = {
    "mnist": ("fid", "fid itself", "recall"),
    "fashion": ("fid", "fid itself", "recall"),
    "stacked": ("captured", "covered", "kl"),
}


def table() -> str:
    """Medians and ranges, as Markdown, with the floor of real pictures."""
    lines, floors = [], RUNS.read()["floors"]
    for data, arms in ARMS.items():
        columns = COLUMNS[data]
        lines += [f"\n| {data} | {' | '.join(columns)} | CPU-s | seeds |", "|---" * (len(columns) + 3) + "|"]
        if real := floors.get(data):
            lines.append(f"| real pictures | {' | '.join(str(real.get(each, '')) for each in columns)} | | |")
        for name, arm in arms.items():
            if rows := RUNS.rows(data, name):
                cells = [spread([row[each] for row in rows]) for each in (*columns, "cpu_seconds")]
                lines.append(f"| {arm.label} | {' | '.join(cells)} | {len(rows)} |")
    return "\n".join(lines)


def recipe(runs: list[dict], floors: dict) -> dict:
    """The table of a `RecipeBoard`: each run twice, by G itself, and by its average as one ingredient more."""
    rows, tiles = [], {}
    kinds = recipes()
    for run in (each for each in runs if each["data"] == "mnist" and each["arm"] in kinds):
        for which, average in (("itself", []), ("average", ["average"])):
            on = [name for name in INGREDIENTS if name in (*run["arm"].split("+"), *average)]
            fid, near = (_of(which, name) for name in ("fid", "recall"))
            way = [{"cpu_seconds": look["cpu_seconds"], "fid": look[fid]} for look in run["way"]]
            told = {name: run[name] for name in ("seed", "steps", "cpu_seconds")}
            rows.append({"on": on, **told, "fid": run[fid], "recall": run[near], "way": way})
            if "tiles" in run:
                tiles["+".join(on)] = run["tiles"][which]
    return {
        "seconds": SECONDS["mnist"],
        "samples": SAMPLES,
        "floor": floors["mnist"],
        "ingredients": INGREDIENTS,
        "runs": rows,
        "tiles": tiles,
    }


def ship() -> None:
    """Write what notebook 11 draws: settings, runs, floors, how many trials each arm had, and the board's table."""
    found = RUNS.read()
    content = {
        "samples": SAMPLES,
        "looked_at": LOOKED_AT,
        "seconds": SECONDS,
        "arms": {
            data: {name: {"label": arm.label, "settings": {**START, **arm.settings}} for name, arm in of.items()}
            for data, of in ARMS.items()
        },
        "runs": [{name: v for name, v in run.items() if name not in ("tiles", "way")} for run in found["runs"]],
        "floors": found["floors"],
        "trials": RUNS.trials(ARMS),
        "recipe": recipe(found["runs"], found["floors"]),
        "card": json.loads(CARD.read_text()) if CARD.is_file() else None,
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def costs(*wanted: str) -> None:
    """Print what a step of each kind costs."""
    for data in wanted or ARMS:
        print(data)
        cost(data)


def run(*wanted: str) -> None:
    """The floors, and all runs that are not stored yet."""
    RUNS.run(measured, ARMS, wanted, floor)


def trial(*given: str) -> None:
    """One trial, and its looks on the way."""
    listed(RUNS.trial(measured, *given)["way"])


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(what, given, {"trial": trial, "cost": costs, "run": run, "table": table, "ship": ship})


if __name__ == "__main__":
    main(*sys.argv[1:])
