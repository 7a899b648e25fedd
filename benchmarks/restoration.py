"""Distortion and perception: restorers with more and more of an adversarial loss, for notebook 13.

    python -m benchmarks.restoration trial digits ARM '{"g_lr": 0.002}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.restoration cost                                 CPU-ms a step
    python -m benchmarks.restoration run                                  all runs that are not stored, seed by seed
    python -m benchmarks.restoration table                                medians and ranges
    python -m benchmarks.restoration ship                                 `gan_edu/data/restoration.json`, the networks

One network learns holes, brush strokes, lost pixels and noise at once. An arm is a λ, the weight of the adversarial
loss; all else is the same, the number of steps too. Each run is scored on the same damaged test pictures, twice: holes
of 12 × 12, and pictures of 7 × 7. After Blau and Michaeli (2018), arXiv 1711.06077. Two may run side by side. What was
tuned was tuned on seeds 0–2, on the last 10,000 training pictures, which no run of any seed learns from; runs are of
seeds 10–14 and are scored on test pictures.
"""

from __future__ import annotations

import hashlib
import io
import sys
import time
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.stored_runs import FIVE, RESULTS, THREE, Arm, StoredRuns, command, spread
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.feature_scores import frechet
from gan_edu.core.measures.mnist_scores import feature_net
from gan_edu.core.measures.score import embedded
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.streams import looking
from gan_edu.restoration import (
    SHIPPED as NETWORKS,
    PatchDiscriminator,
    Restorer,
    hole,
    light,
    mixed,
    noise,
    psnr,
    restoring,
    sharpness,
    smaller,
    ssim,
    strokes,
)
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import EMA, CosineDecay, lazy, r1

RUNS = StoredRuns(RESULTS / "restoration.json")
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "restoration.json"
KEPT = RESULTS / "restorers"  # the networks of the first seed
LEARNED, PICTURES, SEVERAL, ANSWERS = 50_000, 5_000, 250, 8
SCORED = {"hole": hole(12), "smaller": smaller(4)}
START = {
    "adversarial": 0.0,
    "perceptual": 0.0,
    "distance": "bce",
    "nearest_of": 1,
    "latent_dim": 8,
    "width": 16,
    "g_lr": 4e-3,
    "d_lr": 2e-3,
    "gamma": 0.0,
    "every": 8,
    "decay": 0.995,
    "batch": 32,
    "steps": 800,
    "seed": 0,
}
WEIGHTS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
TO_SHIP = ("0", "0.03", "0.1", "0.3", "1", "0.1 of 4")


def damages():
    """What a run learns to undo: each picture of a batch has one of five."""
    return mixed(hole(12), strokes(3, 5), smaller(2), smaller(4), noise(0.4))


# ------------------------------------------------------------------ a run


def build(s: dict) -> tuple[GAN, Batches]:
    """(gan, batches) of these settings. With λ = 0 there is no discriminator."""
    torch.manual_seed(s["seed"])
    G, D = Restorer(s["latent_dim"], s["width"]), PatchDiscriminator()
    hooks = [EMA(s["decay"]), CosineDecay(s["steps"], floor=0.1)]
    pieces = {"g_optimizer": adam(G, s["g_lr"], (0.0, 0.99)), "after_step": hooks, "seed": s["seed"]}
    if s["adversarial"]:
        calm = [lazy(r1(s["gamma"]), every=s["every"])] if s["gamma"] else []
        pieces |= {"d_optimizer": adam(D, s["d_lr"], (0.0, 0.99)), "d_penalties": calm}
    gan = GAN(G, D if s["adversarial"] else None, s["latent_dim"], **pieces)
    return gan, Batches(mnist(train=True)[0][:LEARNED], s["batch"], seed=s["seed"])


def measured(data: str, settings: dict) -> dict:
    """Train once and score, on held-out training pictures in a trial, on test pictures in a run."""
    s, begun = {**START, **settings}, time.process_time()
    gan, batches = build(s)
    step = restoring(damages(), s["adversarial"], s["perceptual"], s["distance"], s["nearest_of"])
    for _ in train(gan, batches, s["steps"], step=step):
        pass
    seconds, network = time.process_time() - begun, gan.shown
    found = {name: scores(network, name, test=s["seed"] >= min(FIVE)) for name in SCORED}
    if s["seed"] == min(FIVE) and data != "distances":
        keep(network, name_of(s["adversarial"], s["nearest_of"]))
    return {**found, "cpu_seconds": round(seconds, 1), "steps": s["steps"]}


def name_of(weight: float, nearest_of: int = 1) -> str:
    """Of a network: its λ, and of how many answers only the nearest paid."""
    return f"{weight:g}" if nearest_of == 1 else f"{weight:g} of {nearest_of}"


def keep(network: Restorer, name: str) -> None:
    """Store a network in half precision."""
    KEPT.mkdir(parents=True, exist_ok=True)
    torch.save({name: value.half() for name, value in network.state_dict().items()}, buffer := io.BytesIO())
    durable.write(KEPT / f"{name}.pt", buffer.getvalue())


# ------------------------------------------------------------------ scores


@cache
def truth(test: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Pictures (N, 1, 28, 28) in [0, 1] that no run learns from, their labels, and features of 10,000 such."""
    images, labels = mnist(train=not test)
    images, labels = images[-10_000:], labels[-10_000:]
    return light(scaled(images[:PICTURES])), labels[:PICTURES], embedded(feature_net(), images).double()


@cache
def damaged(name: str, test: bool) -> tuple[Tensor, Tensor]:
    """The same at each call."""
    return SCORED[name](truth(test)[0], torch.Generator().manual_seed(1711))


def scores(network: Restorer, name: str, test: bool) -> dict:
    """Of one answer for each picture, and of several for some."""
    seen, known = damaged(name, test)
    found = scores_of(network.answers(seen, known)[:, 0], known, test)
    x, unknown = truth(test)[0][:SEVERAL], known[:SEVERAL] == 0
    answers = network.answers(seen[:SEVERAL], known[:SEVERAL], ANSWERS, seed=1)  # (N, answers, 1, 28, 28)
    apart = answers.double().var(1).mul(unknown).sum() / unknown.sum()
    read = read_as(answers.flatten(0, 1))[0].view(SEVERAL, ANSWERS)
    several = {
        "psnr of one": psnr(answers[:, 0], x, known[:SEVERAL]),
        "psnr of the mean": psnr(answers.mean(1), x, known[:SEVERAL]),
        "spread": apart.sqrt().item(),
        "read in two ways": (read != read[:, :1]).any(1).double().mean().item(),
    }
    return {name: round(value, 5) for name, value in {**found, **several}.items()}


def scores_of(pictures: Tensor, known: Tensor, test: bool) -> dict:
    """Distortion, sharpness and perception of restored pictures."""
    x, labels, features = truth(test)
    read, own = read_as(pictures)
    return {
        "psnr": psnr(pictures, x, known),
        "ssim": ssim(pictures, x),
        "sharpness": sharpness(pictures) / sharpness(x),
        "accuracy": (read == labels).double().mean().item(),
        "fid": frechet(features, own),
    }


def read_as(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """(digits (N,), features (N, 96)) of pictures in [0, 1]."""
    net = feature_net()
    features = embedded(net, 2 * pictures - 1)
    with looking(net):
        return net.classify(features).argmax(1), features.double()


def floor(name: str) -> dict:
    """What the true pictures score, those that are damaged, and the mean training picture or noise in their place."""
    x, (seen, known) = truth(True)[0], damaged(name, True)
    mean = light(scaled(mnist(train=True)[0][:LEARNED]).mean(0, keepdim=True)).expand_as(x)
    drawn = torch.rand(x.shape, generator=torch.Generator().manual_seed(1711))
    stand_ins = {
        "damaged": seen,
        "mean picture": known * seen + (1 - known) * mean,
        "noise": known * seen + (1 - known) * drawn,
    }
    found = {each: scores_of(pictures, known, True) for each, pictures in stand_ins.items()}
    exact = scores_of(x, known * 0, True)
    found["true"] = {key: exact[key] for key in ("ssim", "sharpness", "accuracy", "fid")}  # PSNR is ∞
    return {each: {key: round(value, 5) for key, value in row.items()} for each, row in found.items()}


# ------------------------------------------------------------------ arms, tables

# START has the rates that trials found. With R1, γ = 0.003 and all else the same, FID was that of λ = 0: there is none.
ARMS = {
    "digits": {f"{weight:g}": Arm(f"λ = {weight:g}", {"adversarial": weight}, FIVE) for weight in WEIGHTS},
    "several": {"0.1": Arm("λ = 0.1, the nearest of 4 pays", {"adversarial": 0.1, "nearest_of": 4}, FIVE)},
    "distances": {  # with λ = 0; nothing was tuned for them
        "l2": Arm("squared", {"distance": "l2"}, THREE),
        "l1": Arm("absolute", {"distance": "l1"}, THREE),
        "features": Arm("BCE and features, μ = 0.1", {"perceptual": 0.1}, THREE),
    },
}
COLUMNS = (
    *("psnr", "ssim", "sharpness", "accuracy", "fid"),
    *("spread", "psnr of one", "psnr of the mean", "read in two ways"),  # of SEVERAL pictures
)


def cost(steps: int = 30) -> None:
    """Print what a step costs."""
    for weight in (0.0, 0.1):
        s = {**START, "adversarial": weight}
        gan, batches = build(s)
        step = restoring(damages(), weight)
        for _ in train(gan, batches, 8, step=step):
            pass
        begun = time.process_time()
        for _ in train(gan, batches, steps, step=step):
            pass
        print(f"λ = {weight:g}: {1e3 * (time.process_time() - begun) / steps:.1f} ms a step", flush=True)


def table() -> str:
    """Medians and ranges, as Markdown, beside what no network scores."""
    lines, floors = [], RUNS.read()["floors"]
    for name in SCORED:
        lines += [f"\n| {name} | {' | '.join(COLUMNS)} | CPU-s | seeds |", "|---" * (len(COLUMNS) + 3) + "|"]
        for each, row in floors.get(name, {}).items():
            lines.append(f"| {each} | {' | '.join(f'{row[key]:.4g}' if key in row else '' for key in COLUMNS)} | | |")
        for data, arm, about in ((data, arm, about) for data, of in ARMS.items() for arm, about in of.items()):
            if rows := RUNS.rows(data, arm):
                cells = [spread([row[name][key] for row in rows]) for key in COLUMNS]
                seconds = spread([row["cpu_seconds"] for row in rows])
                lines.append(f"| {about.label} | {' | '.join(cells)} | {seconds} | {len(rows)} |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 13 draws, and the networks that restore there."""
    found = RUNS.read()
    content = {
        "settings": START,
        "pictures": PICTURES,
        "several": SEVERAL,
        "answers": ANSWERS,
        "arms": {data: {arm: about.label for arm, about in of.items()} for data, of in ARMS.items()},
        "runs": found["runs"],
        "floors": found["floors"],
        "trials": RUNS.trials(ARMS),
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    states = {name: torch.load(KEPT / f"{name}.pt", weights_only=True) for name in TO_SHIP}
    torch.save(states, buffer := io.BytesIO())
    s = START
    about = {
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "network": {"latent_dim": s["latent_dim"], "width": s["width"]},
        "steps": s["steps"],
        "seed": min(FIVE),
        "trained_on": f"the first {LEARNED:,} MNIST training pictures: holes, strokes, 1 of 4 or of 16 pixels, noise",
        "torch": torch.__version__,
        "command": "python -m benchmarks.restoration",
    }
    durable.write_together(
        NETWORKS.parent,
        {
            NETWORKS.with_suffix(".json").name: (as_json(about, indent=1, ensure_ascii=False) + "\n").encode(),
            NETWORKS.name: buffer.getvalue(),
        },
    )
    for path in (SHIPPED, NETWORKS):
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def run(*wanted: str) -> None:
    """The floors, and all runs that are not stored yet."""
    for name in SCORED:
        RUNS.floor(name, floor)
    RUNS.run(measured, ARMS, wanted)


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(
        what, given, {"trial": partial(RUNS.trial, measured), "cost": cost, "run": run, "table": table, "ship": ship}
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
