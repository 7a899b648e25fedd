"""How many modes are found: the ring, the grid and stacked MNIST of the literature, `make bench-modes`.

    python -m benchmarks.modes trial DATA ARM '{"g_lr": 0.002}'   one trial, on seed 0 unless it says "seed"; is stored
    python -m benchmarks.modes run [DATA …]                       all runs that are not stored, seed by seed
    python -m benchmarks.modes table                              medians and ranges, floors, what is published
    python -m benchmarks.modes ship                               writes `gan_edu/data/modes.json`, for notebook 08

Two may run side by side: each takes runs that the other has not begun. What was tuned was tuned on seeds 0 to 2, and
all trials are stored: about as many of the ring's two arms; of the provoked collapse's cures none to three, packs the
most. Then ARMS was frozen, and the runs are of other seeds. Numbers are of 2,500 samples of the mixtures and 26,000 of
stacked MNIST, of the average of G where there is one.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from benchmarks.stored_runs import FIVE, RESULTS, TEN, THREE, Arm, StoredRuns, command, listed, spread
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.distributions import Draws, Mixture, ring
from gan_edu.core.measures.mixture_scores import Coverage
from gan_edu.core.measures.sample_scores import captured_modes, reverse_divergence
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.networks import linear, mlp
from gan_edu.losses import LOSSES
from gan_edu.mode_collapse import (
    ConvDiscriminator,
    ConvGenerator,
    MinibatchStd,
    Packed,
    ShowsFeatures,
    Stacked,
    StackedScorer,
    as_published,
    calm,
    feature_matching,
    unrolled,
)
from gan_edu.training_loop import GAN, adam, train, train_step
from gan_edu.tricks import EMA, CosineDecay, InstanceNoise, lazy, r1

RUNS = StoredRuns(RESULTS / "modes.json", unshown=("way",))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "modes.json"
SAMPLES = 2500  # of a mixture, as in the literature

PLANE, STACKED = ("captured", "covered", "hq", "reverse_kl"), ("captured", "covered", "kl")
PUBLISHED = {  # as the papers print them: the literature's count, and what goes with it
    "ring": {
        "GAN, in VEEGAN's (1705.07761)": {"captured": 1, "hq": 0.993},
        "GAN, in PacGAN's (1712.04086)": {"captured": 6.3, "hq": 0.982, "reverse_kl": 0.45},
        "unrolled, in VEEGAN's": {"captured": 7.6, "hq": 0.356},
        "VEEGAN": {"captured": 8, "hq": 0.529},
        "PacGAN, packs of 2": {"captured": 7.9, "hq": 0.956, "reverse_kl": 0.07},
        "PacGAN, packs of 4": {"captured": 7.8, "hq": 0.959, "reverse_kl": 0.07},
    },
    "grid": {
        "GAN, in VEEGAN's (1705.07761)": {"captured": 3.3, "hq": 0.005},
        "GAN, in PacGAN's (1712.04086)": {"captured": 17.3, "hq": 0.948, "reverse_kl": 0.7},
        "unrolled, in VEEGAN's": {"captured": 23.6, "hq": 0.16},
        "VEEGAN": {"captured": 24.6, "hq": 0.4},
        "PacGAN, packs of 2": {"captured": 23.8, "hq": 0.913, "reverse_kl": 0.13},
        "PacGAN, packs of 4": {"captured": 24.8, "hq": 0.936, "reverse_kl": 0.04},
    },
    "stacked": {
        "DCGAN, in VEEGAN's (1705.07761)": {"captured": 99, "kl": 3.4},
        "unrolled, in VEEGAN's": {"captured": 48.7, "kl": 4.32},
        "VEEGAN": {"captured": 150, "kl": 2.95},
        "DCGAN, in PacGAN's (1712.04086)": {"captured": 78.9, "kl": 4.5},
        "PacDCGAN, packs of 2": {"captured": 1000, "kl": 0.06},
        "R3GAN (2501.05441)": {"captured": 1000, "kl": 0.078},
    },
}
START = {  # of a trial; an arm's settings say what differs
    "loss": "non-saturating",
    "g_lr": 1e-3,
    "d_lr": 1e-3,
    "betas": [0.5, 0.999],
    "batch": 200,
    "latent_dim": 2,
    "g": [256, 256, 256],
    "d": [256, 256, 256],
    "steps": 10_000,
    "decay": False,  # both rates, by a cosine
    "ema": 0.0,
    "calm": None,  # [γ at the start, γ at the end] of R1 and R2
    "every": 1,
    "r1": 0.0,
    "noise": 0.0,
    "pack": 1,
    "d_steps": 1,
    "g_steps": 1,
    "unroll": 0,
    "ahead": 0.1,  # the rate of the steps ahead
    "minibatch": False,
    "features": False,
    "precision": "float32",
}


def build(data: str, s: dict) -> tuple[GAN, object, Callable]:
    """(gan, batches, step) of these settings."""
    torch.manual_seed(s["seed"])
    if data.startswith("stacked"):
        generator, discriminator, batches = _convolutional(s)
    else:
        generator, discriminator, batches = _in_the_plane(data, s)
    gan = GAN(
        generator,
        discriminator,
        s["latent_dim"],
        feature_matching if s["features"] else LOSSES[s["loss"]],
        adam(generator, s["g_lr"], s["betas"]),
        adam(discriminator, s["d_lr"], s["betas"]),
        view=InstanceNoise(s["noise"], s["steps"] // 2) if s["noise"] else None,
        d_penalties=_penalties(s),
        after_step=[*([EMA(s["ema"])] if s["ema"] else []), *([CosineDecay(s["steps"])] if s["decay"] else [])],
        d_steps=s["d_steps"],
        g_steps=s["g_steps"],
        precision=s["precision"],
        seed=s["seed"],
    )
    return gan, batches, unrolled(s["unroll"], s["ahead"]) if s["unroll"] else train_step


def mixture(data: str) -> Mixture:
    """The literature's ring or grid; "provoked" is the plane's ring."""
    return ring() if data == "provoked" else as_published(data)


def _penalties(s: dict) -> list:
    if s["calm"]:
        return calm(*s["calm"], until=s["steps"], every=s["every"])
    return [lazy(r1(s["r1"]), s["every"]) if s["every"] > 1 else r1(s["r1"])] if s["r1"] else []


def _in_the_plane(data: str, s: dict) -> tuple[nn.Module, nn.Module, Draws]:
    generator = mlp([s["latent_dim"], *s["g"], 2])
    if s["minibatch"] or s["features"]:
        body = nn.Sequential(mlp([2 * s["pack"], *s["d"]], slope=0.2), nn.LeakyReLU(0.2))
        told = MinibatchStd() if s["minibatch"] else nn.Identity()
        head = linear(s["d"][-1] + s["minibatch"], 1)
        discriminator = ShowsFeatures(body, head) if s["features"] else nn.Sequential(body, told, head)
    else:
        discriminator = mlp([2 * s["pack"], *s["d"], 1], slope=0.2)
    discriminator = Packed(discriminator, s["pack"]) if s["pack"] > 1 else discriminator
    return generator, discriminator, Draws(mixture(data), s["batch"], s["seed"])


def _convolutional(s: dict) -> tuple[nn.Module, nn.Module, Stacked]:
    generator = ConvGenerator(s["latent_dim"], 3, s["g"])
    discriminator: nn.Module = ConvDiscriminator(3 * s["pack"], s["d"], s.get("hidden", 256))
    discriminator = Packed(discriminator, s["pack"]) if s["pack"] > 1 else discriminator
    return generator, discriminator, Stacked(mnist(train=True)[0], s["batch"], s["seed"])


# ------------------------------------------------------------------ scores


def scores(data: str, gan: GAN) -> dict:
    """Of the generator that is shown."""
    if data.startswith("stacked"):
        return _rounded(StackedScorer().score(gan))
    return of_mixture(data, gan.generate(gan.latents(SAMPLES, torch.Generator().manual_seed(1))))


def of_mixture(data: str, samples: torch.Tensor) -> dict:
    """captured: the literature's count. covered: the strict one. hq: share within 3σ. reverse_kl in nats."""
    known = mixture(data)
    found, samples = Coverage(known).modes(samples), samples.double()
    return _rounded(
        {
            "captured": int(captured_modes(known)(samples, samples)),
            "covered": found["modes"],
            "hq": found["quality"],
            "reverse_kl": reverse_divergence(known)(samples, samples),
        }
    )


def floor(data: str) -> dict:
    """What as many samples of the data themselves score."""
    if data.startswith("stacked"):
        return _rounded(StackedScorer().floor())
    return of_mixture(data, mixture(data).sample(SAMPLES, torch.Generator().manual_seed(1)))


def _rounded(found: dict) -> dict:
    return {name: round(value, 5) for name, value in found.items()}


# ------------------------------------------------------------------ runs


def measured(data: str, settings: dict, looks: int = 10) -> dict:
    """Train once and score; on the way `looks` scores, of mixtures alone, which cost nothing."""
    s = {**START, "seed": 0, **settings}
    gan, batches, step = build(data, s)
    way, every, started = [], max(1, s["steps"] // looks), time.process_time()
    for record in train(gan, batches, s["steps"], step=step):
        if record.step % every == 0 and not data.startswith("stacked"):
            way.append({"step": record.step, **scores(data, gan)})
    seconds = time.process_time() - started
    return {**scores(data, gan), "cpu_seconds": round(seconds, 1), "way": way}


SMALL = {"g": [128, 128, 128], "d": [128, 128, 128]}
FALLING = {"loss": "relativistic", "betas": [0.0, 0.99], "decay": True, "ema": 0.9995}
OF_DIGITS = {  # maps of G and D at 14 × 14, and D's units before its logit, are an arm's
    **FALLING,
    "ema": 0.999,
    "latent_dim": 64,
    "batch": 64,
    "precision": "bfloat16",
    "calm": [1.0, 0.1],
    "every": 4,
    "g_lr": 2e-3,
    "d_lr": 1e-3,
    "steps": 8000,
}
# Whatever G does, it does five times before a slow D has answered once.
PROVOKED = {
    "steps": 2000,
    "batch": 256,
    "betas": [0.5, 0.9],
    "d_lr": 1e-4,
    "g_steps": 5,
    "g": [128, 128],
    "d": [128, 128],
}
ARMS: dict[str, dict[str, Arm]] = {
    "provoked": {
        "nothing": Arm("nothing", PROVOKED, FIVE),
        "packs": Arm("packs of 2", {**PROVOKED, "pack": 2}, FIVE),
        "unrolled": Arm("unrolled, 5 steps", {**PROVOKED, "unroll": 5}, FIVE),
        "features": Arm("feature matching", {**PROVOKED, "features": True}, FIVE),
        "turns": Arm("five steps of D, too", {**PROVOKED, "d_steps": 5}, FIVE),
        "rate": Arm("D's rate as G's", {**PROVOKED, "d_lr": 1e-3}, FIVE),
        "minibatch": Arm("minibatch standard deviation", {**PROVOKED, "minibatch": True}, FIVE),
        "calm": Arm("relativistic, R1 + R2", {**PROVOKED, "loss": "relativistic", "calm": [0.02, 0.002]}, FIVE),
        "noise": Arm("instance noise", {**PROVOKED, "noise": 0.05}, FIVE),
    },
    "ring": {
        "textbook": Arm("textbook", {**SMALL, "steps": 24_000, "betas": [0.5, 0.999]}, TEN),
        "ours": Arm(
            "relativistic, R1 + R2", {**SMALL, **FALLING, "steps": 20_000, "calm": [0.1, 0.0003], "every": 4}, TEN
        ),
    },
    "grid": {
        "textbook": Arm("textbook", {"steps": 30_000, "ema": 0.999, "decay": True}, TEN),
        "ours": Arm(
            "relativistic, R1 + R2", {**FALLING, "steps": 20_000, "batch": 256, "calm": [0.5, 0.002], "every": 4}, TEN
        ),
    },
    "stacked": {
        "textbook": Arm(
            "textbook",
            {**OF_DIGITS, "loss": "non-saturating", "calm": None, "every": 1, "g": 32, "d": 32, "steps": 12_000},
            THREE,
        ),
        "ours": Arm("relativistic, R1 + R2", {**OF_DIGITS, "g": 32, "d": 32, "hidden": 256}, THREE),
        "quarter": Arm("D a quarter of G's width", {**OF_DIGITS, "g": 32, "d": 8, "hidden": 64}, THREE),
    },
}


def run(*wanted: str) -> None:
    """The floors, and all runs that are not stored yet."""
    RUNS.run(measured, ARMS, wanted, floor)


def table() -> str:
    """Medians and ranges, as Markdown, with the floor of real samples and what papers report."""
    lines, floors = [], RUNS.read()["floors"]
    for data, arms in ARMS.items():
        columns = STACKED if data.startswith("stacked") else PLANE
        lines += [f"\n| {data} | {' | '.join(columns)} | CPU-s | seeds |", "|---" * (len(columns) + 3) + "|"]
        if real := floors.get(data):
            lines.append(f"| real samples | {' | '.join(str(real[each]) for each in columns)} | | |")
        for name, arm in arms.items():
            if rows := RUNS.rows(data, name):
                cells = [spread([row[each] for row in rows]) for each in (*columns, "cpu_seconds")]
                lines.append(f"| {arm.label} | {' | '.join(cells)} | {len(rows)} |")
        for label, numbers in PUBLISHED.get(data, {}).items():
            lines.append(f"| {label} | {' | '.join(str(numbers.get(each, '')) for each in columns)} | | |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 08 draws: settings, runs, floors, what is published, and how many trials each arm had."""
    found = RUNS.read()
    arms = {
        data: {name: {"label": arm.label, "settings": {**START, **arm.settings}} for name, arm in of.items()}
        for data, of in ARMS.items()
    }
    content = {
        "samples": {data: 26_000 if data.startswith("stacked") else SAMPLES for data in ARMS},
        "arms": arms,
        "runs": [{name: value for name, value in row.items() if name != "way"} for row in found["runs"]],
        "floors": found["floors"],
        "published": PUBLISHED,
        "trials": RUNS.trials(ARMS),
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def trial(*given: str) -> None:
    """One trial, and its looks on the way."""
    listed(RUNS.trial(measured, *given)["way"][4::5])


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(what, given, {"trial": trial, "run": run, "table": table, "ship": ship})


if __name__ == "__main__":
    main(*sys.argv[1:])
