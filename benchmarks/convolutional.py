"""Convolutional, conditional and informed GANs on digits, at equal cost: `make bench-convolutional`, for notebook 10.

    python -m benchmarks.convolutional trial DATA ARM '{"g_lr": 0.001}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.convolutional run [DATA …]                       all runs that are not stored, seed by seed
    python -m benchmarks.convolutional table                              medians and ranges
    python -m benchmarks.convolutional ship                               writes `gan_edu/data/convolutional.json`

"plain": pictures as they come, at the two costs of the best MLP of chapter 05. "labels": three ways to say which digit,
and none. "codes": InfoGAN, and the same without its bound. A run is of as many steps as its cost allows, which trials
told; two may run side by side. What was tuned was tuned in trials on seed 0; runs are of other seeds.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, listed, spread
from gan_edu.convolutional import (
    Classifying,
    Coded,
    ConvDiscriminator,
    ConvGenerator,
    Labelled,
    LabelledD,
    Player,
    Projection,
    Reading,
    ac_gan,
    informed,
)
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.measures.conditions import follows, matched, read, slant, spread_within, thickness
from gan_edu.core.measures.mnist_scores import Scorer, feature_net
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.contract import Penalty
from gan_edu.losses import LOSSES
from gan_edu.mnist_gan import textbook
from gan_edu.training_loop import GAN, adam, train, train_step
from gan_edu.tricks import EMA, CosineDecay, lazy, r1

RUNS = StoredRuns(RESULTS / "convolutional.json", unshown=("way",))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "convolutional.json"
SAMPLES = 10_000  # of a score
START = {  # of a trial; an arm's settings say what differs
    "form": "convolutional",  # networks: "convolutional", or "mlp" as chapter 04's
    "how": "none",  # labels: "concatenated", "projection", "classifier", "none"
    "code_weight": -1.0,  # InfoGAN's λ; below 0: no codes
    "loss": "non-saturating",
    "latent_dim": 62,
    "g_hidden": 256,  # units of one more layer before G's first maps; 0: none
    "width": 16,
    "d_width": 16,
    "d_hidden": 256,
    "grow": "resize",
    "norm": "batch",
    "batch": 64,
    "g_lr": 2e-3,
    "d_lr": 1e-3,
    "betas": [0.0, 0.99],
    "r1": 0.5,
    "every": 8,
    "ema": 0.998,
    "decay": True,  # both rates, by a cosine
    "precision": "bfloat16",
    "steps": 3300,
}


def build(s: dict) -> tuple[GAN, Batches]:
    """(gan, batches) of these settings."""
    torch.manual_seed(s["seed"])
    told, coded = s["how"] != "none", s["code_weight"] >= 0
    latent_dim = s["latent_dim"] + 12 * coded
    generator, discriminator = _networks(s, latent_dim + 10 * told, 1 + 10 * (s["how"] == "concatenated"))
    loss = LOSSES[s["loss"]]
    if told:
        generator = Labelled(generator)
        wrap = {"concatenated": LabelledD, "projection": Projection, "classifier": Classifying}[s["how"]]
        discriminator = wrap(discriminator)  # type: ignore[operator]
        loss = ac_gan(loss) if s["how"] == "classifier" else loss
    reader = Reading(ConvDiscriminator(1, s["d_width"], s["d_hidden"])) if coded else None
    generator = Coded(generator) if coded else generator
    penalties: list[Penalty] = [lazy(r1(s["r1"]), s["every"]) if s["every"] > 1 else r1(s["r1"])] if s["r1"] else []
    after = [EMA(s["ema"])] if s["ema"] else []
    images, labels = mnist(train=True)
    return GAN(
        generator,
        discriminator,
        latent_dim,
        loss,
        adam(generator, s["g_lr"], s["betas"]),
        adam(discriminator, s["d_lr"], s["betas"]),
        d_penalties=penalties,
        after_step=[*after, *([CosineDecay(s["steps"])] if s["decay"] else [])],
        others={"reader": Player(reader, adam(reader, s["g_lr"], s["betas"]))} if reader else {},
        precision=s["precision"],
        seed=s["seed"],
    ), Batches(images, s["batch"], s["seed"], conditions=labels if told else None)


def _networks(s: dict, inputs: int, channels: int) -> tuple[nn.Module, nn.Module]:
    """(G of `inputs` numbers, D of `channels` maps) before either is told anything."""
    if s["form"] == "mlp":
        networks = textbook(s["seed"])
        return networks.generator, networks.discriminator
    generator = ConvGenerator(inputs, 1, s["width"], grow=s["grow"], norm=s["norm"], hidden=s["g_hidden"])
    return generator, ConvDiscriminator(channels, s["d_width"], s["d_hidden"])


# ------------------------------------------------------------------ scores


@cache
def scorer() -> Scorer:
    """Made once: it holds the test set's features."""
    return Scorer(SAMPLES)


def scores(gan: GAN, s: dict) -> dict:
    """FID, and by what was told: how many are read as asked and how varied a class is, or what codes mean."""
    z, given = drawn(gan, s)
    images = torch.cat([gan.generate(*each) for each in zip(z.split(500), _parts(given), strict=True)]).float()
    found = {"fid": scorer().score_images(images)["fid"]}
    if given is not None:
        within = spread_within(images, given, *mnist(train=False))
        asked = (read(feature_net(), images) == given).double().mean().item()
        found |= {"asked": asked, "within": within.median().item(), "narrowest": within.min().item()}
    if isinstance(gan.generator, Coded):
        found |= of_codes(images, *gan.generator.codes(z))
    return {name: round(value, 4) for name, value in found.items()}


def of_codes(images: Tensor, category: Tensor, numbers: Tensor) -> dict:
    """How well categories are digits, how many digits are some code's, and what the two numbers move most."""
    found = matched(category, read(feature_net(), images))
    moved = {
        f"{name}": max(abs(follows(numbers[:, k], of(images), category)) for k in range(numbers.shape[1]))
        for name, of in (("thickness", thickness), ("slant", slant))
    }
    return {"matched": found.share, "digits": found.found, **moved}


def drawn(gan: GAN, s: dict) -> tuple[Tensor, Tensor | None]:
    """Latents, and labels where there are any: as many of each digit."""
    z = gan.latents(SAMPLES, torch.Generator().manual_seed(20_140_610))
    return z, torch.arange(SAMPLES) % 10 if s["how"] != "none" else None


def _parts(given: Tensor | None) -> tuple:
    return (None,) * (SAMPLES // 500) if given is None else given.split(500)


def floor(data: str) -> dict:
    """Of as many real training digits."""
    images, labels = (
        each[torch.randperm(60_000, generator=torch.Generator().manual_seed(0))][:SAMPLES] for each in mnist(train=True)
    )
    found = {"fid": scorer().floor}
    if data == "labels":
        within = spread_within(images, labels, *mnist(train=False))
        asked = (read(feature_net(), images) == labels).double().mean().item()
        found |= {"asked": asked, "within": within.median().item(), "narrowest": within.min().item()}
    return {name: round(value, 4) for name, value in found.items()}


def measured(data: str, settings: dict, looks: int = 2) -> dict:
    """Train once and score; on the way, half-way through, too."""
    s = {**START, "seed": 0, **settings}
    gan, batches = build(s)
    step = informed(s["code_weight"], s["code_weight"] / 10) if s["code_weight"] >= 0 else train_step
    way, every, seconds, begun = [], max(1, s["steps"] // looks), 0.0, time.process_time()
    for record in train(gan, batches, s["steps"], step=step):
        if record.step % every == 0:
            seconds += time.process_time() - begun
            way.append({"step": record.step, "cpu_seconds": round(seconds, 1), **scores(gan, s)})
            begun = time.process_time()
    return {**{name: value for name, value in way[-1].items() if name != "step"}, "way": way}


# ------------------------------------------------------------------ arms

MLP = {"form": "mlp", "latent_dim": 100, "batch": 256, "r1": 2.0, "decay": False}  # chapter 05's best
CALM = {"batch": 128, "r1": 2.0, "decay": False}
ARMS: dict[str, dict[str, Arm]] = {
    "plain": {
        "mlp": Arm("MLP", {**MLP, "steps": 10_900}, FIVE),
        "convolutional": Arm("convolutional", {**CALM, "steps": 5140}, FIVE),
        "shallow": Arm("without layer", {**CALM, "g_hidden": 0, "steps": 5560}, FIVE),
    },
    "labels": {
        "concatenated": Arm("concatenation", {"how": "concatenated", "steps": 2800}, FIVE),
        "projection": Arm("projection", {"how": "projection", "steps": 3300}, FIVE),
        "classifier": Arm("AC-GAN", {"how": "classifier", "steps": 3400}, FIVE),
        "none": Arm("no labels", {"steps": 3400}, FIVE),
    },
    "codes": {
        "informed": Arm("InfoGAN", {"code_weight": 1.0, "steps": 3600}, FIVE),
        "control": Arm("without bound", {"code_weight": 0.0, "steps": 3600}, FIVE),
    },
}
COLUMNS = {
    "plain": ("fid",),
    "labels": ("fid", "asked", "within", "narrowest"),
    "codes": ("fid", "matched", "digits", "thickness", "slant"),
}


def table() -> str:
    """Medians and ranges, as Markdown, with the floor of real digits."""
    lines, floors = [], RUNS.read()["floors"]
    for data, arms in ARMS.items():
        columns = COLUMNS[data]
        lines += [f"\n| {data} | {' | '.join(columns)} | CPU-s | seeds |", "|---" * (len(columns) + 3) + "|"]
        if real := floors.get(data):
            lines.append(f"| real digits | {' | '.join(str(real.get(each, '')) for each in columns)} | | |")
        for name, arm in arms.items():
            if rows := RUNS.rows(data, name):
                found = [[row[each] for row in rows if each in row] for each in (*columns, "cpu_seconds")]
                cells = [spread(values) if values else "" for values in found]
                lines.append(f"| {arm.label} | {' | '.join(cells)} | {len(rows)} |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 10 draws: settings, runs with their looks, floors, and how many trials each arm had."""
    found = RUNS.read()
    content = {
        "samples": SAMPLES,
        "arms": {
            data: {name: {"label": arm.label, "settings": {**START, **arm.settings}} for name, arm in of.items()}
            for data, of in ARMS.items()
        },
        "runs": found["runs"],
        "floors": found["floors"],
        "trials": RUNS.trials(ARMS),
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def run(*wanted: str) -> None:
    """The floors, and all runs that are not stored yet."""
    RUNS.run(measured, ARMS, wanted, floor)


def trial(*given: str) -> None:
    """One trial, and its looks on the way."""
    listed(RUNS.trial(measured, *given)["way"])


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(what, given, {"trial": trial, "run": run, "table": table, "ship": ship})


if __name__ == "__main__":
    main(*sys.argv[1:])
