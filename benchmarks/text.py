"""Surnames by maximum likelihood and by three GANs, at one cost, for notebook 14.

    python -m benchmarks.text trial names ARM '{"g_lr": 0.002}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.text cost                                CPU-ms a step
    python -m benchmarks.text run                                 all runs that are not stored, seed by seed
    python -m benchmarks.text table                               medians and ranges
    python -m benchmarks.text ship                                `gan_edu/data/text.json`, the networks

Each arm but `wgan` begins with the same writer, which has learned the next letter for a short while ("early"), and then
goes on in its own way: likelihood for no more CPU-seconds than the GANs. `wgan` babbles from nothing. In `converged`
SeqGAN begins where likelihood has converged. Of each writer samples are scored at several temperatures, after Caccia et
al. (2020), arXiv 1811.02549. Two may run side by side. What was tuned was tuned on seed 0, the choice then tried on
seeds 0 to 2: learning from a part of the training names, scored on the rest of them. Runs are of seeds 10–14, learn
from all and are scored on held-out ones.
"""

from __future__ import annotations

import hashlib
import io
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path

import torch
from torch import nn

from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, spread
from gan_edu.core.data.batches import Batches
from gan_edu.core.measures.text_scores import bleu, copied, ngram_divergence, self_bleu, share, unique, valid_name
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.streams import looking
from gan_edu.text import (
    JUDGE,
    NAMES,
    SHIPPED as NETWORKS,
    Babbler,
    LetterCounts,
    Reader,
    Writer,
    likelihood,
    policy,
    split,
    straight_through,
    surnames,
    wasserstein,
    wgan_gp,
)
from gan_edu.training_loop import GAN, adam, d_step, train, train_step
from gan_edu.tricks import EMA, CosineDecay, lazy, r1

RUNS = StoredRuns(RESULTS / "text.json")
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "text.json"
KEPT = RESULTS / "writers"  # the networks of the first seed
SAMPLES, BLEU_SAMPLES, POINTS = 4_000, 1_000, 5  # of each writer; of these for BLEU; on the way
TEMPERATURES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4)
START = {
    "method": "early",
    "width": 96,
    "maps": 64,
    "early_steps": 250,
    "early_batch": 64,
    "early_lr": 5e-3,
    "early_floor": 1.0,
    "steps": 0,
    "d_first": 100,  # steps of D alone, before G goes on
    "g_lr": 1e-3,
    "d_lr": 1e-3,
    "d_steps": 1,
    "rollouts": 1,
    "tau": 1.0,
    "gamma": 0.0,
    "floor": 1.0,  # where the rates end, as a share
    "decay": 0.0,  # of an average of G, which is then what is scored
    "g_beta": 0.9,
    "batch": 64,
    "seed": 0,
}


# ------------------------------------------------------------------ a run


@cache
def data(test: bool) -> tuple[list[str], list[str]]:
    """(names to learn from, names to be scored on)."""
    learned, held_out = split(surnames())
    return (learned, held_out) if test else split(learned, 1)


def batches_of(s: dict, seed: int, size: int | None = None) -> Batches:
    """Batches of what a trial or a run learns from."""
    return Batches(NAMES.encode(data(s["seed"] >= min(FIVE))[0]), size or s["batch"], seed=seed)


def early(s: dict) -> Writer:
    """A writer that has learned the next letter for a short while; the same for all arms of a seed."""
    torch.manual_seed(s["seed"])
    G = Writer(NAMES, s["width"])
    hooks = [CosineDecay(s["early_steps"], floor=s["early_floor"])] if s["early_floor"] < 1 else []
    pieces = {"g_optimizer": adam(G, s["early_lr"], (0.9, 0.99)), "after_step": hooks, "seed": s["seed"]}
    gan = GAN(G, None, G.latent_dim, latent="uniform", **pieces)
    for _ in train(gan, batches_of(s, s["seed"], s["early_batch"]), s["early_steps"], step=likelihood()):
        pass
    return G


def later(s: dict, G: Writer) -> tuple[GAN, Callable]:
    """(gan, step) that go on with it, or begin anew."""
    torch.manual_seed(s["seed"] + 1000)
    D, method = Reader(NAMES, s["maps"]), s["method"]
    hooks = [CosineDecay(s["steps"] + s["d_first"], floor=s["floor"])] if s["floor"] < 1 else []
    hooks += [EMA(s["decay"])] if s["decay"] else []
    pieces = {"d_optimizer": adam(D, s["d_lr"], (0.5, 0.99)), "seed": s["seed"] + 1000, "after_step": hooks}
    if method == "wgan":
        B = Babbler(NAMES, 64, s["maps"])
        pieces |= {"g_optimizer": adam(B, s["g_lr"], (0.5, 0.9)), "d_penalties": [wgan_gp(10.0)]}
        return GAN(B, D, 64, wasserstein, d_steps=s["d_steps"], **pieces), train_step
    pieces["g_optimizer"] = adam(G, s["g_lr"], (s["g_beta"], 0.99))
    if method == "mle":
        return GAN(G, None, G.latent_dim, latent="uniform", **{**pieces, "d_optimizer": None}), likelihood()
    calm = [lazy(r1(s["gamma"]), every=8)] if s["gamma"] else []
    gan = GAN(G, D, G.latent_dim, latent="uniform", d_steps=s["d_steps"], d_penalties=calm, **pieces)
    return gan, policy(s["rollouts"]) if method == "seqgan" else straight_through(s["tau"])


def texts_of(network: nn.Module, count: int, temperature: float = 1.0, seed: int = 1) -> list[str]:
    """What a writer writes, or a babbler; only a writer has a temperature."""
    if isinstance(network, Writer):
        return network.complete("", temperature, count, seed)
    z = torch.randn(count, network.latent_dim, generator=torch.Generator().manual_seed(seed))
    with looking(network):
        return NAMES.decode(network(z))


def measured(given: str, settings: dict) -> dict:
    """Train once and score, on training names that it did not see in a trial, on held-out names in a run."""
    s, begun = {**START, **settings}, time.process_time()
    test, method = s["seed"] >= min(FIVE), s["method"]
    network: nn.Module = early(s)
    seconds, curve = time.process_time() - begun, []
    if method != "early":
        gan, step = later(s, network)
        batches = batches_of(s, s["seed"] + 1)
        for part, count in parts(s):
            begun = time.process_time()
            for _ in train(gan, batches, count, step=d_step if part == "d" else step):
                pass
            seconds, network = seconds + time.process_time() - begun, gan.shown
            if part != "d":
                curve.append([round(seconds, 1), gan.step, quality(texts_of(network, SAMPLES), test)])
    if s["seed"] == min(FIVE) and given == "names":
        keep(network, method)
        if method == "seqgan":
            keep(gan.discriminator, JUDGE)
    found = {f"{t:g}": scores(texts_of(network, SAMPLES, t), test) for t in temperatures(network)}
    return {"at": found, "curve": curve, "cpu_seconds": round(seconds, 1), "steps": s["steps"]}


def parts(s: dict) -> Iterator[tuple[str, int]]:
    """Who learns, and for how many steps: D alone first, where there is one to be judged by, then both."""
    if s["method"] in ("seqgan", "gumbel") and s["d_first"]:
        yield "d", s["d_first"]
    for k in range(POINTS):
        yield "both", s["steps"] * (k + 1) // POINTS - s["steps"] * k // POINTS


def temperatures(network: nn.Module) -> tuple[float, ...]:
    """At which samples are drawn."""
    return TEMPERATURES if isinstance(network, Writer) else (1.0,)


def keep(network: nn.Module, name: str) -> None:
    """Store a network in half precision."""
    KEPT.mkdir(parents=True, exist_ok=True)
    torch.save({key: value.half() for key, value in network.state_dict().items()}, buffer := io.BytesIO())
    durable.write(KEPT / f"{name}.pt", buffer.getvalue())


# ------------------------------------------------------------------ scores


def quality(texts: list[str], test: bool) -> float:
    """Jensen–Shannon divergence of their 3-grams to names that were not learned from, in bits."""
    return round(ngram_divergence(texts, data(test)[1]), 5)


def scores(texts: list[str], test: bool) -> dict:
    """All scores of as many texts as there are SAMPLES."""
    learned, held_out = data(test)
    found = {
        "unique": unique(texts),
        "copied": copied(texts, learned),
        "valid": share(texts, valid_name),
        "bleu": bleu(texts[:BLEU_SAMPLES], held_out),
        "self_bleu": self_bleu(texts[:BLEU_SAMPLES]),
    }
    return {"divergence": quality(texts, test), **{name: round(value, 5) for name, value in found.items()}}


def floors() -> dict[str, dict]:
    """What training names score in a sample's place, and what chance, one name and tables of counts do."""
    learned, held_out = data(True)
    draw, letters = random.Random(0), "".join(learned)
    lengths = [len(draw.choice(learned)) for _ in range(SAMPLES)]
    stand_ins: dict[str, Iterable[str]] = {
        "training names": draw.sample(learned, SAMPLES),
        "letters as frequent": ("".join(draw.choice(letters) for _ in range(n)) for n in lengths),
        "any letters": ("".join(draw.choice(NAMES.letters) for _ in range(n)) for n in lengths),
        "one name": [learned[0]] * SAMPLES,
        "counts after two letters": LetterCounts(learned, 2).complete(count=SAMPLES),
        "counts after three": LetterCounts(learned, 3).complete(count=SAMPLES),
    }
    return {name: scores(list(texts), True) for name, texts in stand_ins.items()}


# ------------------------------------------------------------------ arms, tables

# As trials on seed 0 found them, then tried on seeds 0 to 2. On seed 0 likelihood had 4 trials and 36 points of its
# curve at three rates, not stored; SeqGAN 10, Gumbel-softmax 5, WGAN-GP 4. `converged` has SeqGAN's, a lower rate,
# untried.
SEQGAN = {"method": "seqgan", "steps": 600, "g_lr": 1e-3, "d_lr": 3e-3, "d_first": 200, "d_steps": 3}
SEQGAN |= {"decay": 0.99, "floor": 0.1}
GUMBEL = {"method": "gumbel", "steps": 1300, "g_lr": 5e-4, "d_lr": 3e-3, "d_first": 200, "gamma": 0.1}
GUMBEL |= {"decay": 0.99, "floor": 0.1}
LIKELIHOOD = {"method": "mle", "steps": 4000, "g_lr": 5e-3, "decay": 0.99, "floor": 0.02}
WGAN = {"method": "wgan", "steps": 450, "g_lr": 3e-3, "d_lr": 3e-3, "d_steps": 5, "d_first": 0, "decay": 0.98}
CONVERGED = {"early_steps": 3000, "early_floor": 0.02}
ARMS = {
    "names": {
        "early": Arm("early", {}, FIVE),
        "mle": Arm("likelihood", LIKELIHOOD, FIVE),
        "seqgan": Arm("SeqGAN", SEQGAN, FIVE),
        "gumbel": Arm("Gumbel-softmax", GUMBEL, FIVE),
        "wgan": Arm("WGAN-GP from nothing", WGAN, FIVE),
    },
    "converged": {
        "start": Arm("likelihood, 3,000 steps", CONVERGED, FIVE),
        "seqgan": Arm("SeqGAN after it", {**SEQGAN, **CONVERGED, "g_lr": 5e-4}, FIVE),
    },
}
COLUMNS = ("divergence", "unique", "copied", "valid", "bleu", "self_bleu")
TO_SHIP = {"early": "early", "mle": "likelihood", "seqgan": "SeqGAN", JUDGE: JUDGE}


def cost(steps: int = 20) -> None:
    """Print what a step costs."""
    for name, arm in ARMS["names"].items():
        s = {**START, **arm.settings, "early_steps": 5, "steps": max(1, arm.settings.get("steps", 0))}
        if name != "early":
            gan, step = later(s, early(s))
            batches, begun = batches_of(s, 0), time.process_time()
            for _ in train(gan, batches, steps, step=step):
                pass
            print(f"{arm.label}: {1e3 * (time.process_time() - begun) / steps:.1f} ms a step", flush=True)


def table() -> str:
    """Medians and ranges at temperature 1, as Markdown, beside what no network scores."""
    lines = [f"\n| names | {' | '.join(COLUMNS)} | CPU-s | seeds |", "|---" * (len(COLUMNS) + 3) + "|"]
    for each, row in RUNS.read()["floors"].items():
        lines.append(f"| {each} | {' | '.join(f'{row[key]:.4g}' for key in COLUMNS)} | | |")
    for data, arm, about in ((data, arm, about) for data, of in ARMS.items() for arm, about in of.items()):
        if rows := RUNS.rows(data, arm):
            cells = [spread([row["at"]["1"][key] for row in rows]) for key in COLUMNS]
            seconds = spread([row["cpu_seconds"] for row in rows])
            lines.append(f"| {about.label} | {' | '.join(cells)} | {seconds} | {len(rows)} |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 14 draws, and the networks that write there."""
    found = RUNS.read()
    content = {
        "settings": START,
        "samples": SAMPLES,
        "bleu_samples": BLEU_SAMPLES,
        "arms": {data: {arm: about.label for arm, about in of.items()} for data, of in ARMS.items()},
        "runs": found["runs"],
        "floors": found["floors"],
        "trials": RUNS.trials(ARMS),
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    states = {label: torch.load(KEPT / f"{name}.pt", weights_only=True) for name, label in TO_SHIP.items()}
    torch.save(states, buffer := io.BytesIO())
    about = {
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "network": {"width": START["width"], "maps": START["maps"]},
        "seed": min(FIVE),
        "trained_on": f"{len(data(True)[0]):,} surnames",
        "torch": torch.__version__,
        "command": "python -m benchmarks.text",
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
    RUNS.merge(lambda found: found.update(floors=floors()))
    RUNS.run(measured, ARMS, wanted)


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(
        what, given, {"trial": partial(RUNS.trial, measured), "cost": cost, "run": run, "table": table, "ship": ship}
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
