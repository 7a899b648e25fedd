"""Chapter 18 measured: a discriminator as a classifier of digits, with 10, 50 and 100 labels, and rivals.

    python -m benchmarks.few_labels trial digits semi '{"d_lr": 0.002, "counts": [50]}'   on seed 0, or a "seed" told
    python -m benchmarks.few_labels cost        CPU-ms a step
    python -m benchmarks.few_labels tune [ARM]  the trials of each arm that are not stored, and their means
    python -m benchmarks.few_labels run         all runs that are not stored, seed by seed
    python -m benchmarks.few_labels table       medians and ranges
    python -m benchmarks.few_labels ship        writes `gan_edu/data/few_labels.json`

Digits are at half their size, 14 × 14, of which networks learn in seconds. All networks have one shape, that of D up to
its last hidden layer, and ten logits on top. A run is of one seed, which chooses the labels, as many of each digit; it
has them for all three counts. Trials learn from the first 50,000 training pictures and are asked about others; runs are
asked about all test pictures. Tuned is at 50 labels, on seeds 0–2: `tune` has four trials of each arm, six of networks
from scratch (with moved pictures ten); "semi shifted" has none of its kind of move, and the settings of "semi".
Salimans et al. (2016), arXiv 1606.03498, section 5; Radford et al. (2016), arXiv 1511.06434, section 5.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, pad

from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, listed, spread
from gan_edu.core.data.batches import Batches, Together
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.probe import Probe, named_rightly
from gan_edu.core.measures.score import embedded
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.few_labels import NamesClasses, Noise, semi_supervised, supervised
from gan_edu.core.training.networks import linear
from gan_edu.losses import non_saturating
from gan_edu.mode_collapse import feature_matching
from gan_edu.training_loop import GAN, adam, train

RUNS = StoredRuns(RESULTS / "few_labels.json", unshown=("way",))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "few_labels.json"
LOSSES = {each.name: each for each in (feature_matching, non_saturating)}
SIDE, LATENT = 14, 64
HELD = 50_000  # training pictures up to here are learned from in trials; those after it are asked about
ASKED = 2000  # in a trial
LOOKS = 8  # on the way
START = {
    "way": "semi",  # or "probe", "random", "pixels", "scratch"
    "widths": [256, 128, 128],  # D's hidden layers
    "noise": [0.6, 0.5],  # before the first layer, and before each other one
    "shifts": 0,  # pixels by which what learns sees pictures moved at most
    "loss": "feature matching",  # of the game; the ordinary one is "non-saturating"
    "g_lr": 3e-3,
    "d_lr": 3e-3,
    "weight": 1.0,  # of the labels, beside the game
    "batch": 100,
    "few": 50,  # of pictures with labels in a batch, or all
    "steps": 4000,
    "alone_steps": 800,  # of a classifier that learns from labels alone
    "alone_lr": 1e-3,
    "penalty": 10.0,  # of a linear probe
    "depth": 3,  # hidden layers below it
    "counts": [10, 50, 100],
    "seed": 0,
}
ORDINARY = {"way": "probe", "loss": "non-saturating", "d_lr": 5e-4, "g_lr": 1e-3}


# ------------------------------------------------------------------ pictures and labels


@cache
def halved(test: bool) -> tuple[Tensor, Tensor]:
    """(images (N, 1, 14, 14) in [−1, 1], labels (N,)), read once."""
    images, labels = mnist(train=not test)
    return avg_pool2d(scaled(images), 2), labels


def pictures(test: bool) -> tuple[Tensor, Tensor]:
    """(images, labels) that are asked about."""
    images, labels = halved(test)
    return (images, labels) if test else (images[HELD : HELD + ASKED], labels[HELD : HELD + ASKED])


def known(s: dict) -> tuple[Tensor, Tensor]:
    """(images, labels) that may be learned from."""
    images, labels = halved(False)
    return (images, labels) if is_run(s) else (images[:HELD], labels[:HELD])


def is_run(s: dict) -> bool:
    """Whether it is asked about test pictures."""
    return s["seed"] >= min(FIVE)


def few(s: dict, count: int) -> tuple[Tensor, Tensor]:
    """`count` pictures with labels, as many of each digit, chosen by the seed: of 50 labels 10 are those of 10."""
    images, labels = known(s)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(s["seed"]))
    mine = torch.cat([order[labels[order] == digit][: count // 10] for digit in range(10)])
    return images[mine], labels[mine]


# ------------------------------------------------------------------ networks


def body(s: dict) -> nn.Sequential:
    """Pictures → D's last hidden layer, as in Salimans et al.: noise before each layer."""
    first, other = s["noise"]
    layers: list[nn.Module] = [nn.Flatten(), Noise(first)]
    for inputs, outputs in pairwise([SIDE**2, *s["widths"]]):
        layers += [linear(inputs, outputs), nn.LeakyReLU(0.2), Noise(other)]
    return nn.Sequential(*layers)


def generator() -> nn.Sequential:
    """z (N, 64) → (N, 1, 14, 14), with batch normalisation."""
    layers: list[nn.Module] = []
    for inputs in (LATENT, 256):
        layers += [linear(inputs, 256), nn.BatchNorm1d(256), nn.ReLU()]
    return nn.Sequential(*layers, linear(256, SIDE**2), nn.Tanh(), nn.Unflatten(1, (1, SIDE, SIDE)))


def game(s: dict, D: nn.Module) -> GAN:
    """A D against a G."""
    G = generator()
    return GAN(
        G,
        D,
        LATENT,
        LOSSES[s["loss"]],
        adam(G, s["g_lr"], (0.5, 0.999)),
        adam(D, s["d_lr"], (0.5, 0.999)),
        view=view(s),
        seed=s["seed"],
    )


def view(s: dict) -> Callable[[Tensor], Tensor] | None:
    """Pictures moved, where that is wanted, each batch as a whole; what comes in is black."""
    most = s["shifts"]

    def a_little_moved(x: Tensor) -> Tensor:
        down, right = torch.randint(0, 2 * most + 1, (2,)).tolist()
        return pad(x, (most,) * 4, value=-1.0)[:, :, down : down + SIDE, right : right + SIDE]

    return a_little_moved if most else None


def from_labels_and_pictures(s: dict, count: int) -> dict:
    """The semi-supervised D."""
    torch.manual_seed(s["seed"])
    D, (images, labels) = NamesClasses(body(s), s["widths"][-1]), few(s, count)
    gan = game(s, D)
    labelled = Batches(images, min(count, s["few"]), s["seed"], conditions=labels)
    batches, way = Together(Batches(known(s)[0], s["batch"], s["seed"]), labelled), []
    for record in train(gan, batches, s["steps"], step=semi_supervised(s["weight"])):
        if record.step % (s["steps"] // LOOKS) == 0:
            sure = [record.values[f"{name}_logits"].sigmoid().mean().item() for name in ("real", "fake")]
            way.append([record.step, *(round(each, 3) for each in (*sure, asked(D.classifier, False)))])
    return {"accuracy": asked(D.classifier, is_run(s)), "way": way}


def from_labels(s: dict, count: int) -> dict:
    """The same classifier, of the labels alone."""
    torch.manual_seed(s["seed"])
    net, (images, labels) = NamesClasses(body(s), s["widths"][-1]).classifier, few(s, count)
    gan = GAN(net, None, 0, g_optimizer=adam(net, s["alone_lr"], (0.9, 0.999)), view=view(s), seed=s["seed"])
    batches = Batches(images, min(count, s["few"]), s["seed"], conditions=labels)
    for _ in train(gan, batches, s["alone_steps"], step=supervised):
        pass
    return {"accuracy": asked(net, is_run(s))}


def asked(classifier: nn.Module, test: bool) -> float:
    """The share of the pictures in question that it names rightly."""
    images, labels = pictures(test)
    return named_rightly(embedded(classifier, images), labels)


def features(s: dict) -> nn.Module:
    """What a probe reads: pixels, an untrained D's features, or those of one that has played the ordinary game."""
    if s["way"] == "pixels":
        return nn.Flatten()
    names = ("way", "widths", "noise", "shifts", "loss", "g_lr", "d_lr", "batch", "steps", "seed")
    return played(as_json({name: s[name] for name in names}))[: 2 + 3 * s["depth"]]


@cache
def played(settings: str) -> nn.Sequential:
    """The body of a D of these settings, in JSON: trials of a probe share it."""
    s = json.loads(settings)
    torch.manual_seed(s["seed"])
    inner = body(s)
    if s["way"] == "probe":
        gan, batches = (
            game(s, nn.Sequential(inner, linear(s["widths"][-1], 1))),
            Batches(known(s)[0], s["batch"], s["seed"]),
        )
        for _ in train(gan, batches, s["steps"]):
            pass
    return inner


def probed(s: dict, net: nn.Module, count: int) -> dict:
    """A linear classifier of features, which stay."""
    images, labels = few(s, count)
    probe, (others, truth) = Probe(embedded(net, images), labels, s["penalty"], 10), pictures(is_run(s))
    return {"accuracy": named_rightly(probe(embedded(net, others)), truth)}


def measured(data: str, settings: dict) -> dict:
    """{"accuracy": {count: share named rightly}} of each count of labels, and of a game how it went."""
    s, begun = {**START, **settings}, time.process_time()
    match s["way"]:
        case "semi":
            found = {count: from_labels_and_pictures(s, count) for count in s["counts"]}
        case "scratch":
            found = {count: from_labels(s, count) for count in s["counts"]}
        case _:
            net = features(s)
            found = {count: probed(s, net, count) for count in s["counts"]}
    row = {"accuracy": {str(count): round(each["accuracy"], 4) for count, each in found.items()}}
    if s["way"] == "semi":
        row["way"] = {str(count): each["way"] for count, each in found.items()}
    return {**row, "cpu_seconds": round(time.process_time() - begun, 1)}


def trial(data: str, arm: str, given: str) -> dict:
    """One trial, of an arm's settings where it does not say others."""
    found = RUNS.trial(lambda of, settings: measured(of, {**ARMS[data][arm].settings, **settings}), data, arm, given)
    for count, way in found.get("way", {}).items():
        print(f"{count} labels")
        listed(way)
    return found


# ------------------------------------------------------------------ arms, tables

ARMS = {  # as trials found them; "semi shifted" has the settings of "semi"
    "digits": {
        "pixels": Arm("pixels, a linear classifier", {"way": "pixels"}, FIVE),
        "random": Arm("an untrained D's features", {"way": "random", "depth": 1, "penalty": 1.0}, FIVE),
        "probe": Arm("a GAN's D, its features", {**ORDINARY, "depth": 1}, FIVE),
        "scratch": Arm("the network from scratch", {"way": "scratch"}, FIVE),
        "shifted": Arm("the same, pictures moved", {"way": "scratch", "shifts": 1, "alone_lr": 3e-3}, FIVE),
        "semi": Arm("D names classes", {}, FIVE),
        "semi shifted": Arm("the same, pictures moved", {"shifts": 1}, FIVE),
    },
}
OF_PROBES = [{"depth": depth, "penalty": penalty} for depth in (1, 3) for penalty in (1.0, 10.0)]
ALONE = [
    *({"alone_lr": lr, "alone_steps": steps} for lr in (1e-3, 3e-3) for steps in (200, 800)),
    *({"noise": [0.0, 0.0], "alone_steps": steps} for steps in (200, 800)),
]
GAMES = [{"d_lr": lr, "g_lr": lr, "noise": [first, 0.5]} for lr in (1e-3, 3e-3) for first in (0.6, 1.0)]
TRIALS = {
    "pixels": [{"penalty": penalty} for penalty in (0.1, 1.0, 10.0, 100.0)],
    "random": OF_PROBES,
    "probe": OF_PROBES,
    "scratch": ALONE,
    "shifted": [{**settings, "shifts": 1} for settings in ALONE],
    "semi": GAMES,
    "semi shifted": [{**settings, "shifts": 1} for settings in GAMES],
}
IN_TRIALS = {"counts": [50], "steps": 2000}  # half as long as a run


def tune(*wanted: str) -> str:
    """All trials that are not stored yet; each one's mean accuracy."""
    lines = ["| arm | settings | mean of seeds 0–2 |", "|---|---|---|"]
    for arm in wanted or TRIALS:
        for settings in TRIALS[arm]:
            means = [tried(arm, {**settings, **IN_TRIALS, "seed": seed}) for seed in (0, 1, 2)]
            lines.append(f"| {arm} | {as_json(settings)} | {statistics.mean(means):.4f} |")
    return "\n".join(lines)


def tried(arm: str, settings: dict) -> float:
    """What a trial found, or has found before."""
    for row in RUNS.read()["trials"]:
        if (row["arm"], row["settings"]) == (arm, settings):
            return row["accuracy"]["50"]
    return trial("digits", arm, as_json(settings))["accuracy"]["50"]


def table() -> str:
    """Medians and ranges, as Markdown."""
    counts = [str(each) for each in START["counts"]]
    lines = [f"| digits | {' labels | '.join(counts)} labels | CPU-s | seeds |", "|---" * (len(counts) + 3) + "|"]
    for arm, about in ARMS["digits"].items():
        if rows := RUNS.rows("digits", arm):
            cells = [spread([row["accuracy"][count] for row in rows]) for count in counts]
            seconds = spread([row["cpu_seconds"] for row in rows])
            lines.append(f"| {about.label} | {' | '.join(cells)} | {seconds} | {len(rows)} |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 18 draws of it."""
    found = RUNS.read()
    content = {
        "settings": START,
        "arms": {data: {arm: about.label for arm, about in of.items()} for data, of in ARMS.items()},
        "runs": found["runs"],
        "trials": RUNS.trials(ARMS),
        "torch": torch.__version__,
        "command": "python -m benchmarks.few_labels",
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def run(*wanted: str) -> None:
    """All runs that are not stored yet."""
    RUNS.run(measured, ARMS, wanted)


def cost(steps: int = 20) -> None:
    """Print what steps cost."""
    for way, one in (("semi", from_labels_and_pictures), ("scratch", from_labels)):
        s = {**START, "way": way, "steps": steps, "alone_steps": steps}
        begun = time.process_time()
        one(s, 50)
        print(
            f"{way}: {1e3 * (time.process_time() - begun) / steps:.1f} ms a step, looks at the end with it", flush=True
        )


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(
        what,
        given,
        {
            "trial": lambda *of: print(trial(*of)["accuracy"]),
            "cost": cost,
            "tune": tune,
            "run": run,
            "table": table,
            "ship": ship,
        },
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
