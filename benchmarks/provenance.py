"""Chapter 18 measured: marks in generated pictures, and networks that tell generated pictures from real ones.

    python -m benchmarks.provenance trial marks fine '{"limit": 0.05}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.provenance run [marks detectors]                all runs that are not stored, seed by seed
    python -m benchmarks.provenance table                                medians and ranges
    python -m benchmarks.provenance ship                                 writes `gan_edu/data/provenance.json`

A mark is put into what the shipped generator of chapter 04 makes, by its last step; or a convolutional GAN learns it,
as all its training pictures have it (Yu et al. 2021, "Artificial fingerprinting for generative models", arXiv
2007.08457). A detector is trained on one generator, and tried on that one and on the other (Wang et al. 2020,
"CNN-generated images are surprisingly easy to spot… for now", arXiv 1912.11035). All pictures are at 256 levels, before
and after what happens to them on the way. Trials look at held-out training pictures, runs at test pictures.
"""

from __future__ import annotations

import statistics
import sys
import time
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, spread
from gan_edu.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.damage import blur, light, noise
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.handling import in_bytes, jpeg, moved, resized
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.mnist_scores import Scorer
from gan_edu.core.measures.provenance import differences, evidence, found_at, key, marked, threshold
from gan_edu.core.measures.restored import psnr
from gan_edu.core.measures.score import embedded
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.few_labels import supervised
from gan_edu.core.training.networks import linear
from gan_edu.mnist_gan import trained_textbook
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import EMA, lazy, r1

RUNS = StoredRuns(RESULTS / "provenance.json")
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "provenance.json"
LEARNED, HELD, COUNT = 4000, 2000, 2000  # real or fake pictures: a detector's, those that set its threshold, tried ones
FALSE = 0.01  # of real pictures
KEYS = 50  # by which the law over keys is checked
WAYS = {
    "as it is": moved(0, 0),
    "JPEG 90": jpeg(90),
    "JPEG 50": jpeg(50),
    "JPEG 20": jpeg(20),
    "28 → 20 → 28": resized(20),
    "28 → 14 → 28": resized(14),
    "noise": noise(0.1),
    "moved": moved(1, 1),
}
HANDLED = (moved(0, 0), jpeg(75), jpeg(30), resized(17), blur(0.7))  # what some detectors learn from, and no test has
START = {
    "strength": 0.03,
    "grain": 1,
    "limit": 0.02,
    "learned": False,  # by G, from marked training pictures; else added to what G makes
    "width": 8,  # the convolutional GAN
    "steps": 1500,
    "d_width": 8,  # a detector
    "d_steps": 600,
    "d_lr": 1e-3,
    "batch": 64,
    "seed": 0,
}

# ------------------------------------------------------------------ pictures


def real(first: int, count: int, test: bool = False) -> Tensor:
    """Real digits (count, 1, 28, 28) in [0, 1]."""
    return light(scaled(digits(test)[first : first + count]))


@cache
def digits(test: bool) -> Tensor:
    """Read once: (N, 1, 28, 28) uint8."""
    return mnist(train=not test)[0]


def tried(s: dict) -> Tensor:
    """Real digits that nothing has learned from."""
    return real(0, COUNT, test=True) if s["seed"] >= min(FIVE) else real(50_000, COUNT)


def made_by(gan: GAN, count: int, seed: int) -> Tensor:
    """Pictures of a generator as a file has them, from latents of a seed."""
    z = gan.latents(count, torch.Generator().manual_seed(seed))
    return in_bytes(torch.cat([light(gan.generate(part)) for part in z.split(500)]))


def convolutional(s: dict, pictures: Tensor) -> GAN:
    """Chapter 10's GAN, smaller and shorter, that has learned from these."""
    torch.manual_seed(s["seed"])
    G, D = (
        ConvGenerator(62, width=s["width"], grow="resize", hidden=128),
        ConvDiscriminator(width=s["width"], hidden=128),
    )
    gan = GAN(
        G,
        D,
        62,
        g_optimizer=adam(G, 2e-3, (0.0, 0.99)),
        d_optimizer=adam(D, 1e-3, (0.0, 0.99)),
        d_penalties=[lazy(r1(2.0), 8)],
        after_step=[EMA(0.998)],
        seed=s["seed"],
    )
    for _ in train(gan, Batches(2 * pictures - 1, s["batch"], s["seed"]), s["steps"]):
        pass
    return gan


def sent(pictures: Tensor, way: str) -> Tensor:
    """As they arrive."""
    return in_bytes(WAYS[way](pictures, torch.Generator().manual_seed(18)).seen)


@cache
def scorer() -> Scorer:
    """Made once: it holds the test set's features."""
    return Scorer(COUNT)


def fid(pictures: Tensor) -> float:
    """Against the test set, from COUNT pictures."""
    return round(scorer().score_images(2 * pictures - 1)["fid"], 2)


# ------------------------------------------------------------------ marks


def of_mark(s: dict) -> dict:
    """Whether a mark is found on each way, and how often where there is none."""
    k, limit, untouched = key(s["seed"], grain=s["grain"]), s["limit"], tried(s)
    if s["learned"]:
        gan = convolutional(s, marked(real(0, 50_000), k, s["strength"]))
        found = {"fid": fid(pictures := made_by(gan, COUNT, s["seed"]))}
    else:
        plain = made_by(trained_textbook(), COUNT, s["seed"])
        pictures = in_bytes(marked(plain, k, s["strength"]))
        found = {"psnr": psnr(pictures, plain), "fid before": fid(plain), "fid": fid(pictures)}
    by_key = [
        _share(evidence(untouched, key(1000 * (s["seed"] + 1) + i, grain=s["grain"]), 0, limit)) for i in range(KEYS)
    ]
    found |= {"over keys": statistics.mean(by_key), "worst key": max(by_key), "best key": min(by_key)}
    arrived = {way: (sent(pictures, way), sent(untouched, way)) for way in WAYS}
    for name, reach in (("found", 0), ("looked for", 1)):  # on its place, and moved by up to a pixel
        found[name] = {way: _found(*both, k, reach, limit) for way, both in arrived.items()}
    return {**found, "copied": {str(n): copied(pictures[:n], k, s) for n in (1, 10, 100)}}


def _found(pictures: Tensor, untouched: Tensor, k: Tensor, reach: int, limit: float) -> list[float]:
    """[found by theory's threshold, real ones found by it, found where 1 % of the real ones are]."""
    z, chance = (evidence(each, k, reach, limit) for each in (pictures, untouched))
    tries = (2 * reach + 1) ** 2
    return [_share(z, tries), _share(chance, tries), round(found_at(chance, z, FALSE), 4)]


def _share(z: Tensor, tries: int = 1) -> float:
    return round((z > threshold(FALSE, tries)).double().mean().item(), 4)


def copied(pictures: Tensor, k: Tensor, s: dict) -> dict:
    """What someone without the key makes of marked pictures: its signs guessed, real pictures that pass, marks undone.

    The guess is the sign of the mean difference between neighbours, less that of real training pictures.
    """
    grain, others = s["grain"], real(50_000, 2000)
    mean, usual = (differences(each, grain, s["limit"]).mean(0) for each in (pictures, others))
    signs = torch.where(mean > usual, 1.0, -1.0).float()  # (1, H/grain, W/grain)
    guess = signs.repeat_interleave(grain, 1).repeat_interleave(grain, 2)
    forged = in_bytes(marked(tried(s), guess, s["strength"]))
    undone = in_bytes((pictures - s["strength"] * guess).clamp(0, 1))
    right = (guess == k).double().mean().item()
    return {
        "right": right,
        "forged": _share(evidence(forged, k, 0, s["limit"])),
        "left": _share(evidence(undone, k, 0, s["limit"])),
    }


# ------------------------------------------------------------------ detectors


def of_detectors(s: dict) -> dict:
    """Four detectors, of two generators and two ways to learn: what each finds, of its own generator and the other."""
    gans = {"textbook": trained_textbook(), "convolutional": convolutional(s, real(0, 50_000))}
    fakes = {of: made_by(gan, LEARNED + COUNT, s["seed"]) for of, gan in gans.items()}
    found = {"fid": {of: fid(pictures[-COUNT:]) for of, pictures in fakes.items()}}
    for of in gans:
        for how, damages in (("clean", HANDLED[:1]), ("handled", HANDLED)):
            net = detector(s, real(0, LEARNED), fakes[of][:LEARNED], damages)
            found[f"{of}, {how}"] = asked(net, s, {name: each[-COUNT:] for name, each in fakes.items()})
    return found


def detector(s: dict, genuine: Tensor, fakes: Tensor, damages: tuple) -> nn.Module:
    """A small network, x → logits (N, 2) of real and fake, that has learned from both, damaged in these ways."""
    torch.manual_seed(s["seed"])
    *body, _ = ConvDiscriminator(width=s["d_width"], hidden=64).layers
    net = nn.Sequential(*body, linear(64, 2))
    stream, both = torch.Generator().manual_seed(s["seed"]), torch.cat([genuine, fakes])
    data = torch.cat([2 * in_bytes(damage(both, stream).seen) - 1 for damage in damages])
    is_fake = (torch.arange(len(both)) >= len(genuine)).long().repeat(len(damages))
    gan = GAN(net, None, 0, g_optimizer=adam(net, s["d_lr"], (0.9, 0.999)), seed=s["seed"])
    for _ in train(gan, Batches(data, s["batch"], s["seed"], conditions=is_fake), s["d_steps"], step=supervised):
        pass
    return net


def asked(net: nn.Module, s: dict, fakes: dict[str, Tensor]) -> dict:
    """{way: {generator: found where 1 % of the real ones are, so damaged}}, and as "false" the share of real pictures
    above the threshold that undamaged ones have set."""

    def score(pictures: Tensor) -> Tensor:
        logits = embedded(net, 2 * pictures - 1).double()
        return logits[:, 1] - logits[:, 0]

    held = score(real(55_000, HELD)).sort(descending=True).values[int(FALSE * HELD)]
    found = {}
    for way in WAYS:
        genuine = score(sent(tried(s), way))
        found[way] = {of: round(found_at(genuine, score(sent(each, way)), FALSE), 4) for of, each in fakes.items()}
        found[way]["false"] = round((genuine > held).double().mean().item(), 4)
    return found


# ------------------------------------------------------------------ arms, tables

ARMS = {
    "marks": {
        "fine": Arm("fine, 0.03", {}, FIVE),
        "strong": Arm("fine, 0.05", {"strength": 0.05}, FIVE),
        "coarse": Arm("blocks of 2 × 2, 0.03", {"grain": 2}, FIVE),
        "coarse strong": Arm("blocks of 2 × 2, 0.05", {"grain": 2, "strength": 0.05}, FIVE),
        "coarsest": Arm("blocks of 4 × 4, 0.05", {"grain": 4, "strength": 0.05}, FIVE),
        "uncut": Arm("fine, 0.03, differences not cut", {"limit": 1.0}, FIVE),
        "learned": Arm("fine, 0.05, learned by G", {"strength": 0.05, "learned": True}, FIVE),
    },
    "detectors": {"four": Arm("four detectors", {}, FIVE)},
}
MEASURES = {"marks": of_mark, "detectors": of_detectors}


def measured(data: str, settings: dict) -> dict:
    """Mark, or train, and score."""
    begun = time.process_time()
    found = MEASURES[data]({**START, **settings})
    return {**found, "cpu_seconds": round(time.process_time() - begun, 1)}


def table() -> str:
    """Medians and ranges, as Markdown."""
    lines = [f"| mark | PSNR | FID | {' | '.join(WAYS)} | seeds |", "|---" * (len(WAYS) + 4) + "|"]
    for arm, about in ARMS["marks"].items():
        if rows := RUNS.rows("marks", arm):
            quality = [spread([row[name] for row in rows if name in row] or [float("nan")]) for name in ("psnr", "fid")]
            for name in ("found", "looked for"):
                for k, what in enumerate(("", ", real", ", at 1 %")):
                    cells = [spread([row[name][way][k] for row in rows]) for way in WAYS]
                    lines.append(f"| {about.label}: {name}{what} | {' | '.join([*quality, *cells])} | {len(rows)} |")
            for n in rows[0]["copied"]:
                cells = [f"{name} {spread([row['copied'][n][name] for row in rows])}" for name in rows[0]["copied"][n]]
                lines.append(f"| {about.label}: key guessed from {n} | {' | '.join(cells)} |")
            keys = [f"{name} {spread([row[name] for row in rows])}" for name in ("over keys", "best key", "worst key")]
            lines.append(f"| {about.label}: real pictures found | {' | '.join(keys)} |")
    rows = RUNS.rows("detectors", "four")
    for which in [name for name in rows[0] if ", " in name] if rows else []:
        lines += [f"\n| trained on {which} | textbook | convolutional | false | seeds |", "|---" * 5 + "|"]
        for way in WAYS:
            cells = [spread([row[which][way][of] for row in rows]) for of in ("textbook", "convolutional", "false")]
            lines.append(f"| {way} | {' | '.join(cells)} | {len(rows)} |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 18 draws of it."""
    content = {
        "settings": START,
        "false positives": FALSE,
        "pictures": COUNT,
        "keys": KEYS,
        "arms": {data: {arm: about.label for arm, about in of.items()} for data, of in ARMS.items()},
        "runs": RUNS.read()["runs"],
        "trials": RUNS.trials(ARMS),
        "torch": torch.__version__,
        "command": "python -m benchmarks.provenance",
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def run(*wanted: str) -> None:
    """All runs that are not stored yet."""
    RUNS.run(measured, ARMS, wanted)


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(what, given, {"trial": partial(RUNS.trial, measured), "run": run, "table": table, "ship": ship})


if __name__ == "__main__":
    main(*sys.argv[1:])
