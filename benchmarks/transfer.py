"""Few pictures of new classes: from scratch or from another GAN, with and without changed pictures, for notebook 18.

    python -m benchmarks.transfer trial 100 ARM '{"g_lr": 0.001}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.transfer tune [DATA]                       all trials that are not stored, by the rule below
    python -m benchmarks.transfer cost                              CPU-ms a step of each arm
    python -m benchmarks.transfer run [DATA …]                      all runs that are not stored, seed by seed
    python -m benchmarks.transfer table                             medians and ranges
    python -m benchmarks.transfer ship                              writes `gan_edu/data/transfer.json`

For each seed one GAN learns the digits 0–4 of the first 50,000 training pictures. Arms then learn from n pictures of
5–9, all for as many steps; "longer" has the steps of that GAN added, so that both cost the same. "fashion" goes from
the same digits to ten kinds of clothes. All is looked at four times on the way. What was tuned was tuned on seeds 0 and
1, against pictures 50,000–60,000 of the training set; runs are of seeds 10–14 and are scored on test pictures.

The rule, written before the first trial that it is about: each arm has the same number of trials, at 100 pictures,
TRIALS of them on seed 0, then the best two of these, by FID at the last step, on seed 1; the least mean over the two
seeds is taken, for all n and for clothes. The same two pairs of rates are tried for all arms; two more trials vary what
only that arm has, or, where it has nothing, β₁ and other rates. Trials before that one, of 1,000 and of 800 steps, are
stored, too: by them the measures and the length of a run were found, and by FID the rates of the first GAN.
"""

from __future__ import annotations

import hashlib
import io
import sys
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import torch
from torch import Tensor

from benchmarks.modern import tile
from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, listed, spread
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import fashion_mnist, mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.familiar import Familiar
from gan_edu.core.measures.feature_scores import coverage, frechet
from gan_edu.core.measures.mnist_scores import feature_net
from gan_edu.core.measures.sample_scores import memorised
from gan_edu.core.measures.score import embedded
from gan_edu.core.safety import durable
from gan_edu.core.safety.lock import locked
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.streams import looking
from gan_edu.training_loop import GAN, train
from gan_edu.transfer import ADA, LATENT, DiffAugment, copied, few, pair, transferred
from gan_edu.tricks import EMA, two_time_scales

RUNS = StoredRuns(RESULTS / "transfer.json", unshown=("way", "tiles", "neighbours"))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "transfer.json"
KEPT = RESULTS / "transferred"  # the GANs of the digits 0–4
OLD, NEW = range(5), range(5, 10)
LEARNED, SAMPLES, KNOWN, SHOWN = 50_000, 1000, 2000, 8
RARE, SURE = 0.01, 0.9  # recognised: read as a new class so surely, and no farther out than all but 1 % of real ones
START = {
    "from": "scratch",  # or "before"
    "view": "",  # or "diff", "ada"
    "frozen": 0,
    "kinds": [],  # of the view; none: its own choice
    "rise": 400,  # of ADA
    "g_lr": 2e-3,
    "d_lr": 1e-3,
    "beta1": 0.0,
    "decay": 0.99,
    "batch": 32,
    "steps": 1200,
    "seed": 0,
}
BEFORE = {**START, "beta1": 0.5, "steps": 1500}  # of the GAN that all begin from
AT = (8, 4, 2, 1)  # a look at 1/8, 1/4, 1/2 and all of the steps


# ------------------------------------------------------------------ a run


class Task(NamedTuple):
    """What is learned: n pictures of some classes."""

    data: str
    classes: range
    n: int  # 0: all


def task(data: str) -> Task:
    """ "20", "100", "500": digits; "fashion": clothes; "before": what the first GAN learns."""
    if data == "before":
        return Task("mnist", OLD, 0)
    return Task("fashion", range(10), 100) if data == "fashion" else Task("mnist", NEW, int(data))


@cache
def pictures(data: str, train: bool) -> tuple[Tensor, Tensor]:
    """(images, labels) of a set."""
    return (fashion_mnist if data == "fashion" else mnist)(train=train)


def learned_from(of: Task, seed: int) -> Tensor:
    """The n pictures of a seed, or all of these classes where n is 0."""
    images, labels = pictures(of.data, True)
    if of.n:
        return few(images, labels, of.classes, of.n // len(of.classes), seed, LEARNED)[0]
    return images[:LEARNED][_among(labels[:LEARNED], of.classes)]


def _among(labels: Tensor, classes: range) -> Tensor:
    return torch.isin(labels, torch.tensor([*classes]))


def build(data: str, s: dict) -> tuple[GAN, Batches, Tensor]:
    """(gan, batches, what it learns from) of these settings."""
    x = learned_from(task(data), s["seed"])
    rates = {"g_lr": s["g_lr"], "d_lr": s["d_lr"], "betas": (s["beta1"], 0.99)}
    more = {"view": view_of(s, x), "after_step": [EMA(s["decay"])], "seed": s["seed"]}
    if s["from"] == "before":
        gan = transferred(before(s["seed"]), s["frozen"], **rates, **more)
    else:
        torch.manual_seed(s["seed"])
        G, D = pair()
        gan = GAN(G, D, LATENT, **two_time_scales(G, D, **rates), **more)
    return gan, Batches(x, min(s["batch"], len(x)), seed=s["seed"]), x


def view_of(s: dict, x: Tensor) -> DiffAugment | ADA | None:
    """Outside of a picture it is black."""
    kinds = {"kinds": s["kinds"]} if s["kinds"] else {}
    match s["view"]:
        case "diff":
            return DiffAugment(empty=-1, **kinds)
        case "ada":
            return ADA(x, rise=s["rise"], empty=-1, **kinds)
        case _:
            return None


def before(seed: int) -> GAN:
    """The GAN of this seed that has learned the digits 0–4; where none is kept, it is trained."""
    s = {**BEFORE, "seed": seed}
    KEPT.mkdir(parents=True, exist_ok=True)
    with locked(_kept(s).with_suffix(".lock")):
        if not _kept(s).is_file():
            gan, batches, _ = build("before", s)
            for _ in train(gan, batches, s["steps"]):
                pass
            keep(gan, s)
    G, D = pair()
    for network, state in zip((G, D), torch.load(_kept(s), weights_only=True), strict=True):
        network.load_state_dict(state)
    return GAN(G, D, LATENT)


def keep(gan: GAN, s: dict) -> None:
    """Store its weights under their settings."""
    KEPT.mkdir(parents=True, exist_ok=True)
    torch.save([gan.generator.state_dict(), gan.discriminator.state_dict()], buffer := io.BytesIO())
    durable.write(_kept(s), buffer.getvalue())


def _kept(s: dict) -> Path:
    return KEPT / f"{hashlib.sha256(as_json(s, sort_keys=True).encode()).hexdigest()[:12]}.pt"


def measured(data: str, settings: dict) -> dict:
    """Train once and look four times: against held-out training pictures in a trial, test pictures in a run."""
    s, seconds = {**(BEFORE if data == "before" else START), **settings}, 0.0
    gan, batches, x = build(data, s)
    judge, way, shown = judges(data, s["seed"] >= min(FIVE)), [], {}
    at = AT if s["seed"] >= min(FIVE) or data == "before" else (1,)  # of a trial the end is stored
    due, begun = [s["steps"] // part for part in at], time.process_time()
    for record in train(gan, batches, s["steps"]):
        if record.step in due:
            seconds += time.process_time() - begun
            made = samples(gan)
            found = judge.scores(made, x if len(x) <= SAMPLES else x[:SAMPLES])
            changed = {"p": round(gan.view.p, 4)} if isinstance(gan.view, ADA) else {}
            way.append({"step": record.step, "cpu_seconds": round(seconds, 1), **found, **changed})
            if s["seed"] == min(FIVE) and data != "before":
                shown = _add(shown, made[:SHOWN], x)
            begun = time.process_time()
    if data == "before":
        keep(gan, s)
    last = {name: value for name, value in way[-1].items() if name not in ("step", "cpu_seconds")}
    return {**last, "cpu_seconds": way[-1]["cpu_seconds"], "steps": s["steps"], "way": way, **shown}


def samples(gan: GAN) -> Tensor:
    """Pictures (N, 1, 28, 28) of the average of G, from latents that are the same at each call."""
    z = gan.latents(SAMPLES, torch.Generator().manual_seed(20_200_224))
    with looking(gan.shown):
        return torch.cat([gan.shown(part) for part in z.split(250)])


def _add(shown: dict, made: Tensor, x: Tensor) -> dict:
    """Samples of one more look, as a picture, and what lies nearest: its place in x, and how far."""
    found = copied(made, x, made)
    of = {"places": found.places.tolist(), "distances": [round(each, 2) for each in found.distances.tolist()]}
    return {"tiles": [*shown.get("tiles", []), tile(made, SHOWN)], "neighbours": [*shown.get("neighbours", []), of]}


# ------------------------------------------------------------------ scores


class Judges:
    """Real pictures that nobody learns from: half to be compared with, half to stand for what is not memorised."""

    def __init__(self, data: str, test: bool):
        of = task(data)
        self.net = feature_net(data=of.data)
        images, labels = pictures(of.data, not test)
        images, labels = (images, labels) if test else (images[LEARNED:], labels[LEARNED:])
        images = images[_among(labels, of.classes)]
        self.real, self.held = images[:SAMPLES], scaled(images[SAMPLES : 2 * SAMPLES])
        self.features = self.seen(self.real)
        known, kinds = pictures(of.data, True)
        mine = _among(kinds[:LEARNED], of.classes)
        known, kinds = known[:LEARNED][mine], kinds[:LEARNED][mine]
        self.familiar = Familiar(self.seen(known[:KNOWN]), kinds[:KNOWN], self.seen(self.held))
        self.classes = of.classes

    def seen(self, images: Tensor) -> Tensor:
        """Features (N, 96)."""
        return embedded(self.net, images).double()

    def scores(self, made: Tensor, learned: Tensor) -> dict:
        """Of samples: how near to real ones, how many are of the kind, how varied they are, how many are copies."""
        features = self.seen(made)
        with looking(self.net):
            sure, read = self.net.classify(features.float()).softmax(1).max(1)
        usual = self.familiar.rarity(features) >= RARE
        copies = copied(made, learned, self.held, RARE)
        found = {
            "fid": frechet(self.features, features),
            "recognised": (usual & (sure >= SURE) & _among(read, self.classes)).double().mean().item(),
            "coverage": coverage(self.features, features),
            "memorised": memorised(scaled(learned))(self.held.double(), made.double()),
            "copied": copies.share,
            "within": copies.within,
        }
        return {name: round(value, 4) for name, value in found.items()}


@cache
def judges(data: str, test: bool) -> Judges:
    """Made once: it holds features."""
    return Judges(data, test)


def floor(data: str) -> dict:
    """What no training scores: real pictures, noise, the GAN before, by heart the n (of five seeds) and n others."""
    of, judge = task(data), judges(data, True)
    x = learned_from(of, min(FIVE))
    shown = x[:SAMPLES] if data == "before" else x
    held = judge.held
    noise = torch.rand(held.shape, generator=torch.Generator().manual_seed(1)) * 2 - 1
    found = {"real pictures": held, "noise": noise}
    if data != "before":
        found["n others"] = by_heart(scaled(learned_from(of, 99)))
        found["the GAN before"] = samples(before(min(FIVE)))
    scores = {name: judge.scores(each, shown) for name, each in found.items()}
    if data != "before":
        learned = [learned_from(of, seed) for seed in FIVE]
        hearts = [judge.scores(by_heart(scaled(each)), each) for each in learned]
        scores["the n pictures"] = {**hearts[0], "fids": [each["fid"] for each in hearts]}
    return scores


def by_heart(x: Tensor) -> Tensor:
    """SAMPLES draws, each one of x."""
    return x[torch.randint(len(x), (SAMPLES,), generator=torch.Generator().manual_seed(2))]


# ------------------------------------------------------------------ arms

OF_AN_ARM: dict[str, tuple[str, dict]] = {  # what it is called, and what makes it that arm
    "scratch": ("from scratch", {}),
    "scratch+diff": ("from scratch, DiffAugment", {"view": "diff"}),
    "scratch+ada": ("from scratch, ADA", {"view": "ada"}),
    "tuned": ("fine-tuned", {"from": "before"}),
    "frozen": ("FreezeD", {"from": "before", "frozen": 2}),
    "tuned+diff": ("fine-tuned, DiffAugment", {"from": "before", "view": "diff"}),
}
RATES = [{"g_lr": g, "d_lr": d} for g, d in ((2e-3, 1e-3), (1e-3, 5e-4))]
CHANGED = [{"kinds": ["translation"]}, {"kinds": ["translation", "cutout"]}]
OWN: dict[str, list[dict]] = {  # two that only this arm has
    "scratch": [{"beta1": 0.5}, {"g_lr": 4e-3, "d_lr": 2e-3}],
    "scratch+diff": CHANGED,
    "scratch+ada": [{"kinds": ["translation", "cutout"]}, {"rise": 100}],
    "tuned": [{"beta1": 0.5}, {"g_lr": 5e-4, "d_lr": 5e-4}],
    "frozen": [{"frozen": 1}, {"frozen": 3}],
    "tuned+diff": CHANGED,
}
TRIALS = len(RATES) + 2
FOUND: dict[str, dict] = {  # what `chosen` says, of FID at 100 pictures
    "scratch": {"beta1": 0.5},  # FID 194.2, of 2 on both seeds
    "scratch+diff": {"kinds": ["translation"]},  # FID 132.8, of 2 on both seeds
    "scratch+ada": {"rise": 100},  # FID 188.2, of 2 on both seeds
    "tuned": {"g_lr": 0.001, "d_lr": 0.0005},  # FID 179.4, of 2 on both seeds
    "frozen": {"g_lr": 0.001, "d_lr": 0.0005},  # FID 174.4, of 2 on both seeds
    "tuned+diff": {"kinds": ["translation"]},  # FID 82.3, of 2 on both seeds
}


def _arm(name: str, **more: object) -> Arm:
    label, of = OF_AN_ARM[name]
    return Arm(label, {**of, **FOUND[name], **more}, FIVE)


BOTH = START["steps"] + BEFORE["steps"]  # of both trainings together
ARMS: dict[str, dict[str, Arm]] = {
    "before": {"digits": Arm("digits 0–4, all pictures", {}, FIVE)},
    **{str(n): {name: _arm(name) for name in OF_AN_ARM} for n in (20, 100, 500)},
    "fashion": {name: _arm(name) for name in ("scratch", "tuned", "frozen", "scratch+diff", "tuned+diff")},
}
for _name, _of in (("longer", "scratch"), ("longer+diff", "scratch+diff")):
    _shorter = _arm(_of)
    ARMS["100"][_name] = Arm(f"{_shorter.label}, longer", {**_shorter.settings, "steps": BOTH}, FIVE)


def tune(data: str = "100") -> None:
    """All trials that the rule asks for and that are not stored, one of each arm after the other."""
    for trials in zip(*(listed_for(name) for name in OF_AN_ARM), strict=True):
        _try(data, trials)
    for place in range(2):
        best = [sorted(listed_for(name), key=lambda s, name=name: _fid(data, name, s, 0))[place] for name in OF_AN_ARM]
        _try(data, best, 1)


def listed_for(name: str) -> list[dict]:
    """The settings that an arm is tried with."""
    return [{**OF_AN_ARM[name][1], **each} for each in (*RATES, *OWN[name])]


def _try(data: str, trials: Iterable[dict], seed: int = 0) -> None:
    for name, settings in zip(OF_AN_ARM, trials, strict=True):
        if _fid(data, name, settings, seed) is None:
            RUNS.trial(measured, data, name, as_json({**settings, "seed": seed}))


def _fid(data: str, name: str, settings: dict, seed: int) -> float | None:
    asked = (data, name, {**settings, "seed": seed})
    rows = (row for row in RUNS.read()["trials"] if (row["data"], row["arm"], row["settings"]) == asked)
    return next((row["fid"] for row in rows), None)


def chosen(data: str = "100") -> str:
    """What the rule takes of each arm, of trials on both seeds, as FOUND has it."""
    lines = []
    for name, (_, base) in OF_AN_ARM.items():
        fids = {k: [_fid(data, name, each, seed) for seed in (0, 1)] for k, each in enumerate(listed_for(name))}
        tried = {k: fmean(each) for k, each in fids.items() if None not in each}
        if tried:
            best = min(tried, key=tried.__getitem__)
            settings = {key: value for key, value in listed_for(name)[best].items() if base.get(key) != value}
            lines.append(f'    "{name}": {as_json(settings)},  # FID {tried[best]:.1f}, of {len(tried)} on both seeds')
    return "\n".join(lines)


# ------------------------------------------------------------------ tables

COLUMNS = ("fid", "recognised", "coverage", "memorised", "copied")


def cost(steps: int = 40) -> None:
    """Print what a step of each arm costs."""
    for name, arm in ARMS["100"].items():
        gan, batches, _ = build("100", {**START, **arm.settings})
        for _ in train(gan, batches, 8):
            pass
        begun = time.process_time()
        for _ in train(gan, batches, steps):
            pass
        print(f"{name}: {1e3 * (time.process_time() - begun) / steps:.1f} ms a step", flush=True)


def table() -> str:
    """Medians and ranges, as Markdown, with what no training scores."""
    lines, floors = [], RUNS.read()["floors"]
    for data, arms in ARMS.items():
        lines += [f"\n| {data} | {' | '.join(COLUMNS)} | CPU-s | seeds |", "|---" * (len(COLUMNS) + 3) + "|"]
        for name, row in floors.get(data, {}).items():
            lines.append(f"| {name} | {' | '.join(f'{row[each]:.4g}' for each in COLUMNS)} | | |")
        for name, arm in arms.items():
            if rows := RUNS.rows(data, name):
                cells = [spread([row[each] for row in rows]) for each in (*COLUMNS, "cpu_seconds")]
                lines.append(f"| {arm.label} | {' | '.join(cells)} | {len(rows)} |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 18 draws: settings, runs with their looks, floors, and how many trials each arm had."""
    found = RUNS.read()
    content = {
        "samples": SAMPLES,
        "rare": RARE,
        "settings": START,
        "before": BEFORE,
        "arms": {
            data: {name: {"label": arm.label, "settings": arm.settings} for name, arm in of.items()}
            for data, of in ARMS.items()
        },
        "runs": [
            {name: value for name, value in run.items() if name not in ("tiles", "neighbours")} for run in found["runs"]
        ],
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
    command(
        what,
        given,
        {"trial": trial, "tune": tune, "chosen": chosen, "cost": cost, "run": run, "table": table, "ship": ship},
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
