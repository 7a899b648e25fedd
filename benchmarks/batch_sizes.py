"""What a larger batch does to a GAN, at equal samples and at equal time: for notebook 12.

    python -m benchmarks.batch_sizes run        all runs that are not stored, seed by seed; two may run side by side
    python -m benchmarks.batch_sizes table      medians and ranges

Chapter 11's convolutional GAN with β₁ = 0 on MNIST, with batches of 16 to 1,024, for as many steps as SECONDS of one
idle core allow. A run is scored on its way when it has seen so many samples, and at the end. The learning rates stay,
go with the batch's square root (Malladi et al. 2022, arXiv 2205.10287, for Adam), or with the batch (Goyal et al. 2017,
arXiv 1706.02677, for SGD). Nothing was tuned for another batch than 64: the rules are what is compared.
"""

from __future__ import annotations

import sys
import time

import torch

from benchmarks.stored_runs import RESULTS, THREE, Arm, StoredRuns, spread
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.measures.feature_scores import recall
from gan_edu.core.measures.mnist_scores import Scorer
from gan_edu.core.measures.score import embedded
from gan_edu.core.training.streams import looking
from gan_edu.recordings.of_settings import LADDER, ladder
from gan_edu.training_loop import GAN, train

RUNS = StoredRuns(RESULTS / "batch_sizes.json", unshown=("way",))
SECONDS, SAMPLES, NEIGHBOURS = 40, 5_000, 5_000
AT = (25_000, 50_000, 90_000)  # samples seen, at which a run is scored
USUAL = 64
STEPS = {16: 3430, 64: 1510, 256: 464, 1024: 123}  # in SECONDS, one thread: 11.7, 26.4, 86, 325 ms a step
RULES = {"constant": 0.0, "root": 0.5, "linear": 1.0}  # the rate goes with this power of the batch


def _arms() -> dict[str, Arm]:
    found = {f"{USUAL}": Arm("64", {"batch": USUAL, "rule": "constant"}, THREE)}
    for batch in (16, 256, 1024):
        for rule in RULES if batch < 1024 else ("constant", "root"):
            found[f"{batch} {rule}"] = Arm(f"{batch}, {rule}", {"batch": batch, "rule": rule}, THREE)
    return found


ARMS = {"mnist": _arms()}


def build(s: dict) -> tuple[GAN, Batches]:
    """The GAN with the rates that the rule says, and its batches."""
    times = (s["batch"] / USUAL) ** RULES[s["rule"]]
    rates = {name: times * LADDER[name] for name in ("g_lr", "d_lr")}
    gan, batches, _ = ladder("mnist", {**LADDER, **rates, "seed": s["seed"], "batch": s["batch"]})
    return gan, batches


def looked(gan: GAN, scorer: Scorer, real: torch.Tensor) -> dict:
    """FID and recall of G itself, of the same latents."""
    z = gan.latents(SAMPLES, torch.Generator().manual_seed(20_250_110))
    with looking(gan.generator):
        pictures = torch.cat([gan.generator(part).float() for part in z.split(500)])
    near = recall(real, embedded(scorer.net, pictures[:NEIGHBOURS]).double())
    return {"fid": round(scorer.score_images(pictures)["fid"], 3), "recall": round(near, 4)}


def measured(data: str, settings: dict) -> dict:
    """Train for as many steps as fit SECONDS, scored on the way and at the end."""
    scorer, batch = Scorer(SAMPLES), settings["batch"]
    real = embedded(scorer.net, mnist(train=False)[0][:NEIGHBOURS]).double()
    gan, batches = build(settings)
    looks = sorted({*(-(-at // batch) for at in AT if at // batch < STEPS[batch]), STEPS[batch]})
    way, begun = [], time.process_time()
    for record in train(gan, batches, STEPS[batch]):
        if record.step in looks:
            passed = round(SECONDS * record.step / STEPS[batch], 2)
            way.append({"samples": record.step * batch, "seconds": passed, **looked(gan, scorer, real)})
    return {**way[-1], "steps": gan.step, "cpu_seconds": round(time.process_time() - begun, 1), "way": way}


def table() -> str:
    """Medians and ranges, as Markdown: at AT samples where they were reached, and at the end."""
    heads = [
        "batch, rule",
        *(f"FID at {each:,} samples" for each in AT),
        "FID at the end",
        "recall",
        "samples",
        "steps",
    ]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name, arm in ARMS["mnist"].items():
        if rows := RUNS.rows("mnist", name):
            cells = []
            for at in AT:
                there = [next((look["fid"] for look in row["way"] if look["samples"] >= at), None) for row in rows]
                cells.append("" if None in there else spread(there))
            cells += [spread([row[each] for row in rows]) for each in ("fid", "recall", "samples", "steps")]
            lines.append(f"| {arm.label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def content() -> dict:
    """What notebook 12 draws, for `benchmarks.scaling ship`."""
    return {"seconds": SECONDS, "samples": SAMPLES, "at": AT, "rules": RULES, "runs": RUNS.read()["runs"]}


def main(what: str = "") -> None:
    """The command; without a word, run and table."""
    torch.set_num_threads(1)
    if what not in ("", "run", "table"):
        raise SystemExit(f"run or table, got {what!r}")
    if what in ("", "run"):
        RUNS.run(measured, ARMS, ())
    if what in ("", "table"):
        print(table())


if __name__ == "__main__":
    main(*sys.argv[1:])
