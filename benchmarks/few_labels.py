"""Chapter 18 measured: a discriminator as a classifier of digits, with 10, 50 and 100 labels, beside what it must beat.

    python -m benchmarks.few_labels trial digits semi '{"d_lr": 0.002, "counts": [50]}'   on seed 0 unless it says "seed"
    python -m benchmarks.few_labels cost                                                 CPU-ms a step
    python -m benchmarks.few_labels run                                                  all runs that are not stored
    python -m benchmarks.few_labels table                                                medians and ranges
    python -m benchmarks.few_labels ship                                                 writes `gan_edu/data/few_labels.json`

All networks have one shape, the convolutional D of chapter 10 up to its last hidden layer, and ten logits on top. A run
is of one seed, which chooses the labels, as many of each digit; it has them for all three counts. Trials learn from the
first 50,000 training pictures and are asked about others; runs are asked about all test pictures. What was tuned was
tuned at 50 labels, on seeds 0–2, each arm with as many trials. Salimans et al. (2016), arXiv 1606.03498, section 5;
Radford et al. (2016), arXiv 1511.06434, section 5.
"""

from __future__ import annotations

import sys
import time
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, listed, spread
from gan_edu.core.data.batches import Batches, Together
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.probe import Probe, named_rightly
from gan_edu.core.measures.score import embedded
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.few_labels import NamesClasses, semi_supervised, supervised
from gan_edu.core.training.networks import linear
from gan_edu.losses import non_saturating
from gan_edu.mode_collapse import feature_matching
from gan_edu.modern import DiffAugment
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import lazy, r1

RUNS = StoredRuns(RESULTS / "few_labels.json", unshown=("way",))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "few_labels.json"
HELD = 50_000  # training pictures up to here are learned from in trials; those after it are asked about
ASKED = 2000  # in a trial
LOOKS = 6  # on the way
START = {
    "way": "semi",  # or "probe", "random", "pixels", "scratch"
    "width": 8,  # D's maps at half the side, and its last hidden layer
    "hidden": 128,
    "shifts": False,  # whether what learns sees pictures moved by up to 4 pixels
    "g_lr": 2e-3,
    "d_lr": 1e-3,
    "betas": [0.5, 0.99],
    "r1": 1.0,
    "every": 4,
    "weight": 1.0,  # of the labels, beside the game
    "batch": 64,
    "few": 32,  # of pictures with labels in a batch, or all
    "steps": 1200,
    "alone_steps": 300,  # of a classifier that learns from labels alone
    "alone_lr": 1e-3,
    "penalty": 1.0,  # of a linear probe
    "counts": [10, 50, 100],
    "seed": 0,
}


# ------------------------------------------------------------------ pictures and labels


@cache
def pictures(test: bool) -> tuple[Tensor, Tensor]:
    """(images, labels) that are asked about."""
    return mnist(train=False) if test else tuple(each[HELD : HELD + ASKED] for each in mnist(train=True))


def known(s: dict) -> tuple[Tensor, Tensor]:
    """(images, labels) that may be learned from."""
    return mnist(train=True) if is_run(s) else tuple(each[:HELD] for each in mnist(train=True))


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


def body(s: dict) -> nn.Module:
    """Pictures → D's last hidden layer (N, hidden)."""
    return nn.Sequential(*ConvDiscriminator(width=s["width"], hidden=s["hidden"]).layers[:-1])


def game(s: dict, D: nn.Module, loss) -> GAN:
    """A D against chapter 10's G."""
    G = ConvGenerator(62, width=s["width"], grow="resize", hidden=128)
    return GAN(
        G,
        D,
        62,
        loss,
        adam(G, s["g_lr"], s["betas"]),
        adam(D, s["d_lr"], s["betas"]),
        d_penalties=[lazy(r1(s["r1"]), s["every"])] if s["r1"] else [],
        view=view(s),
        seed=s["seed"],
    )


def view(s: dict) -> DiffAugment | None:
    """Pictures moved, where that is wanted; what comes in is black."""
    return DiffAugment(("translation",), empty=-1.0) if s["shifts"] else None


def from_labels_and_pictures(s: dict, count: int) -> dict:
    """The semi-supervised D."""
    torch.manual_seed(s["seed"])
    D, (images, labels) = NamesClasses(body(s), s["hidden"]), few(s, count)
    gan = game(s, D, feature_matching)
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
    net, (images, labels) = NamesClasses(body(s), s["hidden"]).classifier, few(s, count)
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
    torch.manual_seed(s["seed"])
    if s["way"] == "pixels":
        return nn.Flatten()
    D = nn.Sequential(*(inner := body(s)), linear(s["hidden"], 1))
    if s["way"] == "probe":
        for _ in train(game(s, D, non_saturating), Batches(known(s)[0], s["batch"], s["seed"]), s["steps"]):
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


def trial(data: str, arm: str, given: str) -> None:
    """One trial, of an arm's settings where it does not say others."""
    found = RUNS.trial(lambda of, settings: measured(of, {**ARMS[data][arm].settings, **settings}), data, arm, given)
    for count, way in found.get("way", {}).items():
        print(f"{count} labels")
        listed(way)


# ------------------------------------------------------------------ arms, tables

ARMS = {
    "digits": {
        "pixels": Arm("pixels, a linear classifier", {"way": "pixels"}, FIVE),
        "random": Arm("an untrained D's features", {"way": "random"}, FIVE),
        "probe": Arm("a GAN's D, its features", {"way": "probe"}, FIVE),
        "scratch": Arm("the network from scratch", {"way": "scratch"}, FIVE),
        "shifted": Arm("the same, pictures moved", {"way": "scratch", "shifts": True}, FIVE),
        "semi": Arm("D names classes", {}, FIVE),
        "semi shifted": Arm("the same, pictures moved", {"shifts": True}, FIVE),
    },
}


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
    command(what, given, {"trial": trial, "cost": cost, "run": run, "table": table, "ship": ship})


if __name__ == "__main__":
    main(*sys.argv[1:])
