"""What a critic says, what is true, and what it is worth: `make bench-wasserstein`, for notebook 09.

    python -m benchmarks.wasserstein trial DATA ARM '{"g_lr": 0.001}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.wasserstein run [DATA …]                       all runs that are not stored, seed by seed
    python -m benchmarks.wasserstein table                              medians and ranges, rank correlations
    python -m benchmarks.wasserstein ship                               writes `gan_edu/data/wasserstein.json`

"digits": the textbook's networks on MNIST, a minute of one core an arm: FID, W₁ of pixels, the critic's word, its
slope, at ten looks. "turns": 1, 5 and 20 steps of the critic for one of G, on the ring, at equal cost. Two may run
side by side. What was tuned was tuned in trials on seeds 0 to 2, which the file counts; runs are of other seeds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path

import torch
from scipy.stats import spearmanr
from torch import Tensor, nn
from torch.optim import RMSprop

from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, listed, spread
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.distributions import Draws, ring
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.mixture_scores import Coverage
from gan_edu.core.measures.mnist_scores import Scorer
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.networks import mlp
from gan_edu.losses import LOSSES
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import r1, spectral_norm, wgan_gp
from gan_edu.wasserstein import at_the_clip, clipped, exact_wasserstein, look

RUNS = StoredRuns(RESULTS / "wasserstein.json", unshown=("looks",))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "wasserstein.json"
SAMPLES = {"digits": 1000, "turns": 2000}  # of each side, of which W₁ is taken
SCORED = 5000  # of a FID
LOOKS = 10
START = {  # of a trial; an arm's settings say what differs
    "loss": "Wasserstein",
    "hold": "penalty",  # or "clip", "spectral", "r1", "none"
    "weight": 10.0,  # λ of the penalty, γ of R1
    "clip": 0.01,
    "g_lr": 1e-4,
    "d_lr": 1e-4,
    "betas": [0.0, 0.9],
    "rms": False,  # RMSprop in Adam's place
    "d_steps": 5,
    "batch": 64,
    "steps": 1000,
}


def build(data: str, s: dict) -> tuple[GAN, Iterable]:
    """(gan, batches) of these settings."""
    if data == "digits":
        like = textbook(s["seed"])
        generator, critic, latent_dim = like.generator, like.discriminator, 100
        batches: Iterable = textbook_batches(s["seed"], batch_size=s["batch"])
    else:
        torch.manual_seed(s["seed"])
        generator, critic, latent_dim = mlp([2, 128, 128, 2]), mlp([2, 128, 128, 1], slope=0.2), 2
        batches = Draws(ring(), s["batch"], s["seed"])
    critic = spectral_norm(critic) if s["hold"] == "spectral" else critic
    g_optimizer, d_optimizer = (_optimizer(*each, s) for each in ((generator, s["g_lr"]), (critic, s["d_lr"])))
    penalties = {"penalty": wgan_gp, "r1": r1}
    return GAN(
        generator,
        critic,
        latent_dim,
        LOSSES[s["loss"]],
        g_optimizer,
        clipped(d_optimizer, s["clip"]) if s["hold"] == "clip" else d_optimizer,
        d_penalties=[penalties[s["hold"]](s["weight"])] if s["hold"] in penalties else [],
        d_steps=s["d_steps"],
        seed=s["seed"],
    ), batches


def _optimizer(network: nn.Module, lr: float, s: dict) -> torch.optim.Optimizer:
    return RMSprop(network.parameters(), lr) if s["rms"] else adam(network, lr, s["betas"])


# ------------------------------------------------------------------ what is looked at


def held_out(data: str) -> Tensor:
    """Real samples that no run trains on: test digits, or draws of another seed."""
    if data == "digits":
        return scaled(mnist(train=False)[0][: SAMPLES[data]])
    return ring().sample(SAMPLES[data], torch.Generator().manual_seed(1)).float()


def seen(data: str, gan: GAN, real: Tensor, scorer: Scorer | Coverage, plotted: float) -> dict:
    """One look. plotted: the mean of what the critic said of its batches since the last one: what one plots."""
    told = {**look(gan, real)._asdict(), "plotted": plotted}
    if data == "digits":
        told["fid"] = scorer.score(gan)["fid"]
    else:
        told |= scorer.modes(gan.generate(gan.latents(len(real), torch.Generator().manual_seed(1))))
    return {name: round(value, 5) for name, value in told.items()}


def floor(data: str) -> dict:
    """What as many real samples have, which are none of `held_out`."""
    real, stream = held_out(data), torch.Generator().manual_seed(2)
    if data == "digits":
        others = scaled(mnist(train=True)[0][torch.randperm(60_000, generator=stream)[: len(real)]])
        rest = {"fid": Scorer(SCORED).floor}
    else:
        others, rest = ring().sample(len(real), stream).float(), {}
    distance = exact_wasserstein(real.double(), others.double(), p=1)
    return {name: round(value, 5) for name, value in {"distance": distance, **rest}.items()}


def measured(data: str, settings: dict) -> dict:
    """Train once, and look ten times."""
    s = {**START, **settings}
    gan, batches = build(data, s)
    real, scorer = held_out(data), Scorer(SCORED) if data == "digits" else Coverage(ring())
    every, looks, said, seconds, begun = max(1, s["steps"] // LOOKS), [], [], 0.0, time.process_time()
    for record in train(gan, batches, s["steps"]):
        said.append(float(record.values["real_logits"].mean() - record.values["fake_logits"].mean()))
        if record.step % every == 0:
            seconds += time.process_time() - begun
            looks.append(seen(data, gan, real, scorer, sum(said) / len(said)))
            said, begun = [], time.process_time()
    seconds += time.process_time() - begun
    at_clip = {"at_the_clip": round(at_the_clip(gan.discriminator, s["clip"]), 4)} if s["hold"] == "clip" else {}
    last = {name: value for name, value in looks[-1].items() if name != "step"}
    return {**last, **at_clip, "cpu_seconds": round(seconds, 1), "looks": looks}


# ------------------------------------------------------------------ arms

PLAIN = {"loss": "non-saturating", "d_steps": 1}
LARGE = {"batch": 256, "g_lr": 2e-3, "d_lr": 1e-3, "betas": [0.0, 0.99]}
FAST = {"g_lr": 1e-3, "d_lr": 1e-3}
CLIP = {"hold": "clip", "rms": True, "g_lr": 2e-4, "d_lr": 2e-4}
IN_THE_PLANE = {"hold": "penalty", "weight": 0.1}  # with λ 10 it found no mode, in two trials
ARMS: dict[str, dict[str, Arm]] = {
    "digits": {
        "penalty": Arm("WGAN-GP", {**FAST, "steps": 850}, FIVE),
        "clip": Arm("WGAN, clipped", {**CLIP, "steps": 1400}, FIVE),
        "spectral": Arm("Wasserstein, spectral norm", {**LARGE, "hold": "spectral", "steps": 380}, FIVE),
        "r1": Arm("non-saturating, R1", {**PLAIN, **FAST, "hold": "r1", "weight": 2.0, "steps": 2900}, FIVE),
        "none": Arm("non-saturating", {**PLAIN, **LARGE, "hold": "none", "steps": 1700}, FIVE),
    },
    "turns": {
        "1": Arm("1 step of the critic", {**IN_THE_PLANE, **FAST, "d_steps": 1, "steps": 7000}, FIVE),
        "5": Arm("5 steps", {**IN_THE_PLANE, **FAST, "d_steps": 5, "steps": 1800}, FIVE),
        "20": Arm("20 steps", {**IN_THE_PLANE, "g_lr": 3e-4, "d_lr": 3e-4, "d_steps": 20, "steps": 480}, FIVE),
    },
}


# ------------------------------------------------------------------ tables


def ranked(looks: list[dict], one: str, other: str) -> float:
    """Spearman's rank correlation of two columns of a run's looks."""
    return float(spearmanr(*([each[name] for each in looks] for name in (one, other))).statistic)


def table() -> str:
    """Medians and ranges, as Markdown, with the floor of real samples."""
    lines, floors = [], RUNS.read()["floors"]
    for data, arms in ARMS.items():
        columns = ("distance", "fid") if data == "digits" else ("distance", "modes", "quality")
        lines += [f"\n| {data} | {' | '.join(columns)} | said, plotted: rank with W₁ | CPU-s | seeds |"]
        lines.append("|---" * (len(columns) + 4) + "|")
        if real := floors.get(data):
            lines.append(f"| real samples | {' | '.join(str(real.get(each, '')) for each in columns)} | | | |")
        for name, arm in arms.items():
            if rows := RUNS.rows(data, name):
                cells = [spread([row[each] for row in rows]) for each in columns]
                ranks = [
                    spread([ranked(row["looks"], each, "distance") for row in rows]) for each in ("said", "plotted")
                ]
                cells += ["; ".join(ranks), spread([row["cpu_seconds"] for row in rows])]
                lines.append(f"| {arm.label} | {' | '.join(cells)} | {len(rows)} |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 09 draws: settings, runs with their looks, floors, and how many trials each arm had."""
    found = RUNS.read()
    content = {
        "samples": SAMPLES,
        "scored": SCORED,
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
    listed(RUNS.trial(measured, *given)["looks"])


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(what, given, {"trial": trial, "run": run, "table": table, "ship": ship})


if __name__ == "__main__":
    main(*sys.argv[1:])
