"""Molecules by likelihood and by ORGAN, with D off, the objective off and both, for notebook 16.

    python -m benchmarks.molecules trial selfies ARM '{"g_lr": 0.001}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.molecules cost                                  CPU-ms a step
    python -m benchmarks.molecules run                                   all runs that are not stored, seed by seed
    python -m benchmarks.molecules table                                 medians and ranges
    python -m benchmarks.molecules ship                                  `gan_edu/data/molecules.json`

All arms of a seed begin with the same writer, which has learned the next symbol ("prior"). From there ORGAN's arms
differ in λ, or in the pull, in who shares, or in what is scored, as they say; `longer` goes on with likelihood. `best`
draws from the prior as many molecules as an ORGAN arm saw, and keeps the different ones of the highest QED: nothing is
learned from QED. `seen` keeps the best of all that D off drew on its way. What was tuned was tuned on seed 0 (three
trials of D off, three of both), learning from a part of the training molecules. Runs are of seeds 10–14. What is stored
of molecules was drawn, and is not among those learned from.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache, partial
from pathlib import Path

import torch

from benchmarks.molecule_board import board, drawn as drawn_of
from benchmarks.stored_runs import FIVE, RESULTS, THREE, Arm, StoredRuns, command, spread
from gan_edu.core.data.batches import Batches
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.molecules import (
    SELFIES,
    SMILES,
    Known,
    Reader,
    Writer,
    Writing,
    alerts,
    canonical,
    copied,
    diversity,
    drug_like,
    likelihood,
    molecule,
    nci,
    nearest,
    novel,
    organ,
    properties,
    qed,
    random_walk,
    scaffold,
    split,
    unique,
    valid,
)
from gan_edu.training_loop import GAN, adam, d_step, train
from gan_edu.tricks import CosineDecay

UNSHOWN = ("curve", "made")
RUNS = StoredRuns(RESULTS / "molecules.json", UNSHOWN)
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "molecules.json"
WRITINGS = {"selfies": SELFIES, "smiles": SMILES}
SAMPLES, SHOWN, POINTS, PAIRS = 2_000, 24, 4, 300  # of each writer; stored of each point; on the way; for diversity
ON_THE_WAY, GAMES = 300, 5  # samples of a point; molecules shown of an arm that games
ORGAN = "organ"
START = {
    "method": "prior",
    "width": 128,
    "maps": 64,
    "prior_steps": 1500,
    "prior_lr": 5e-3,
    "prior_floor": 0.05,
    "steps": 0,
    "d_first": 50,  # steps of D alone, before G goes on
    "share": 0.5,
    "pull": 0.02,
    "keep": False,  # score the best of all that the objective was asked for, not new draws
    "repeats": True,  # whether copies of a molecule share its reward
    "g_lr": 1e-3,
    "d_lr": 1e-3,
    "d_steps": 1,
    "batch": 64,
    "seed": 0,
}


# ------------------------------------------------------------------ a run


@cache
def data(test: bool) -> tuple[list[str], list[str]]:
    """(molecules to learn from, held out), canonical SMILES."""
    learned, held_out = split(nci())
    return (learned, held_out) if test else split(learned, 1)


@cache
def known(test: bool) -> Known:
    """Those learned from, with their fingerprints."""
    return Known(data(test)[0])


def batches_of(writing: Writing, s: dict, seed: int) -> Batches:
    """Batches of what a trial or a run learns from."""
    learned = data(s["seed"] >= min(FIVE))[0]
    return Batches(writing.alphabet.encode([writing.written(each) for each in learned]), s["batch"], seed=seed)


def prior_of(writing: Writing, s: dict) -> tuple[Writer, float]:
    """A writer that has learned the next symbol, the same for all arms of a seed, and the CPU-seconds that it took."""
    named = {name: s[name] for name in ("width", "prior_steps", "prior_lr", "prior_floor", "batch", "seed")}
    G, seconds = _learned(writing.name.lower(), tuple(sorted(named.items())))
    return copied(G).requires_grad_(True), seconds


@lru_cache(2)
def _learned(name: str, named: tuple[tuple[str, float], ...]) -> tuple[Writer, float]:
    """Learned once for all arms of a seed that this process runs."""
    s, writing, begun = dict(named), WRITINGS[name], time.process_time()
    torch.manual_seed(s["seed"])
    G = Writer(writing.alphabet, s["width"])
    hooks = [CosineDecay(s["prior_steps"], floor=s["prior_floor"])]
    gan = GAN(G, None, G.latent_dim, g_optimizer=adam(G, s["prior_lr"], (0.9, 0.99)), **pieces(s["seed"], hooks))
    for _ in train(gan, batches_of(writing, s, s["seed"]), s["prior_steps"], step=likelihood()):
        pass
    return G, time.process_time() - begun


def pieces(seed: int, hooks: list | None = None) -> dict:
    """What every GAN here has."""
    return {"latent": "uniform", "seed": seed, "after_step": hooks or []}


def later(writing: Writing, s: dict, G: Writer, seen: list[str]) -> tuple[GAN, Callable]:
    """(gan, step) that go on with it. seen: gets the texts whose worth the objective was asked for."""
    torch.manual_seed(s["seed"] + 1000)
    about = {**pieces(s["seed"] + 1000), "g_optimizer": adam(G, s["g_lr"], (0.9, 0.99))}
    if s["method"] == "longer":
        return GAN(G, None, G.latent_dim, **about), likelihood()
    D = Reader(writing.alphabet, s["maps"])
    gan = GAN(G, D, G.latent_dim, d_optimizer=adam(D, s["d_lr"], (0.5, 0.99)), d_steps=s["d_steps"], **about)
    same = writing.molecule_of if s["repeats"] else _each_its_own()
    worth = drug_like(writing)

    def objective(texts: list[str]) -> Sequence[float]:
        seen.extend(texts)
        return worth(texts)

    return gan, organ(objective, s["share"], copied(G), s["pull"], same)


def _each_its_own() -> Callable[[str], str]:
    """A new name for each text, so that none is another's copy."""
    names = iter(range(10**12))
    return lambda text: str(next(names))


def drawn(writing: Writing, G: Writer, count: int = SAMPLES, seed: int = 1) -> list[str | None]:
    """Canonical SMILES of drawn texts, None where one is no molecule."""
    return [writing.molecule_of(each) for each in G.complete("", count=count, seed=seed)]


def best(writing: Writing, G: Writer, tried: int, count: int = SAMPLES) -> list[str | None]:
    """Of `tried` draws the `count` different molecules of the highest QED."""
    return sorted_by_qed(drawn(writing, G, tried, seed=2), count)


def sorted_by_qed(made: Iterable[str | None], count: int = SAMPLES) -> list[str | None]:
    """The `count` different molecules of the highest QED, the highest first."""
    found = {each for each in made if each is not None}
    return sorted(found, key=lambda each: (-qed(each), each))[:count]


def measured(name: str, settings: dict) -> dict:
    """Train once and score."""
    s = {**START, **settings}
    writing, test = WRITINGS[name], s["seed"] >= min(FIVE)
    G, seconds = prior_of(writing, s)
    curve = [point(writing, G, 0)]
    if s["method"] == "best":
        begun = time.process_time()
        made = best(writing, G, s["steps"] * s["batch"])
        seconds += time.process_time() - begun
        return {**scored(made, test), "cpu_seconds": round(seconds, 1), "steps": s["steps"]}
    seen: list[str] = []
    if s["method"] != "prior":
        gan, step = later(writing, s, G, seen)
        batches = batches_of(writing, s, s["seed"] + 1)
        for d_alone, count in parts(s):
            begun = time.process_time()
            for _ in train(gan, batches, count, step=d_step if d_alone else step):
                pass
            seconds += time.process_time() - begun
            if not d_alone:
                curve.append(point(writing, G, gan.step))
    made = sorted_by_qed(map(writing.molecule_of, dict.fromkeys(seen))) if s["keep"] else drawn(writing, G)
    found = {**scored(made, test), "curve": curve}
    return {**found, "cpu_seconds": round(seconds, 1), "steps": s["steps"]}


def parts(s: dict) -> list[tuple[bool, int]]:
    """(whether D alone learns, for how many steps)."""
    alone = [(True, s["d_first"])] if s["method"] == ORGAN and s["share"] and s["d_first"] else []
    return alone + [(False, s["steps"] * (k + 1) // POINTS - s["steps"] * k // POINTS) for k in range(POINTS)]


# ------------------------------------------------------------------ scores


def point(writing: Writing, G: Writer, step: int) -> dict:
    """On the way: few scores, and molecules to be drawn."""
    made = drawn(writing, G, ON_THE_WAY, seed=3)
    return {"step": step, "valid": valid(made), "unique": unique(made), "qed": _mean(made), "made": shown(made)}


def shown(made: list[str | None]) -> list[str]:
    """The first molecules that are not among the data, held-out ones neither: none of those is stored."""
    theirs = set(nci())
    return [each for each in dict.fromkeys(made) if each is not None and each not in theirs][:SHOWN]


def _mean(made: list[str | None]) -> float:
    return round(statistics.fmean(map(qed, molecules)), 4) if (molecules := [each for each in made if each]) else 0.0


def scored(made: list[str | None], test: bool) -> dict:
    """All scores; means are of the molecules among `made`, repeats and all, similarity and diversity of the first."""
    found = [each for each in made if each is not None]
    shares = {"valid": valid(made), "unique": unique(made), "novel": novel(made, data(test)[0])}
    rows = [properties(each) for each in found]
    means = {key: statistics.fmean(getattr(row, key) for row in rows) if rows else 0.0 for key in ("qed", "logp", "sa")}
    first = found[:PAIRS]
    others = {
        "top_qed": statistics.fmean(sorted((row.qed for row in rows), reverse=True)[:100]) if rows else 0.0,
        "atoms": statistics.fmean(row.atoms for row in rows) if rows else 0.0,
        "scaffolds": len({scaffold(each) for each in found}) / max(1, len(found)),
        "alerts": statistics.fmean(bool(alerts(each)) for each in first) if first else 0.0,
        "diversity": diversity(first) if len(first) > 1 else 0.0,
        "nearest": statistics.fmean(nearest(each, known(test)).similarity for each in first) if first else 0.0,
    }
    numbers = {name: round(float(value), 5) for name, value in {**shares, **means, **others}.items()}
    return {"scores": numbers, "made": shown(made)}


def floors() -> dict[str, dict]:
    """What molecules score that no network wrote: the data, a random walk, one molecule."""
    (learned, held_out), draw = data(True), random.Random(0)
    lengths = [len(SELFIES.alphabet.cut(SELFIES.written(each))) for each in draw.choices(learned, k=SAMPLES)]
    walked = random_walk(SELFIES.alphabet, lengths)
    stand_ins: dict[str, list[str | None]] = {
        "training molecules": [*draw.sample(learned, SAMPLES)],
        "held-out molecules": [*held_out],
        "random SELFIES": [SELFIES.molecule_of(each) for each in walked],
        "random SMILES": [canonical(each) for each in random_walk(SMILES.alphabet, lengths)],
        "one molecule": [max(learned, key=qed)] * SAMPLES,
    }
    return {name: scored(made, True)["scores"] for name, made in stand_ins.items()}


# ------------------------------------------------------------------ arms, tables

# Rates and pull were tried on seed 0, with D off and with both; START has what was chosen. As many steps for all.
LATER = {"method": ORGAN, "steps": 300}
ARMS = {
    "selfies": {
        "prior": Arm("likelihood", {}, FIVE),
        "longer": Arm("likelihood, longer", {"method": "longer", "steps": 300, "g_lr": 5e-4}, FIVE),
        "best": Arm("the best of as many draws", {"method": "best", "steps": 300}, FIVE),
        "both": Arm("ORGAN, λ = ½", {**LATER}, FIVE),
        "d_off": Arm("D off, λ = 0", {**LATER, "share": 0.0}, FIVE),
        "half": Arm("D off, twice the pull", {**LATER, "share": 0.0, "pull": 0.04}, THREE),
        "seen": Arm("the best of what D off saw", {**LATER, "share": 0.0, "keep": True}, THREE),
        "objective_off": Arm("the objective off, λ = 1", {**LATER, "share": 1.0}, FIVE),
        "quarter": Arm("ORGAN, λ = ¼", {**LATER, "share": 0.25}, THREE),
        "three": Arm("ORGAN, λ = ¾", {**LATER, "share": 0.75}, THREE),
        "no_pull": Arm("D off, no pull to the prior", {**LATER, "share": 0.0, "pull": 0.0}, THREE),
        "repeats": Arm(
            "D off, no pull, copies earn all", {**LATER, "share": 0.0, "pull": 0.0, "repeats": False}, THREE
        ),
    },
    "smiles": {
        "prior": Arm("SMILES: likelihood", {}, FIVE),
        "both": Arm("SMILES: ORGAN, λ = ½", {**LATER}, FIVE),
    },
}
COLUMNS = ("valid", "unique", "novel", "qed", "top_qed", "sa", "alerts", "diversity", "nearest", "scaffolds")


def cost(steps: int = 10) -> None:
    """Print what a step costs, of a writer that has learned little."""
    for name, of in ARMS.items():
        for arm in of.values():
            s = {**START, **arm.settings, "prior_steps": 20}
            if s["method"] in ("longer", ORGAN):
                gan, step = later(WRITINGS[name], s, prior_of(WRITINGS[name], s)[0], [])
                batches, begun = batches_of(WRITINGS[name], s, 0), time.process_time()
                for _ in train(gan, batches, steps, step=step):
                    pass
                print(f"{arm.label}: {1e3 * (time.process_time() - begun) / steps:.0f} ms a step", flush=True)


def table() -> str:
    """Medians and ranges, as Markdown, beside what no network scores."""
    lines = [f"\n| molecules | {' | '.join(COLUMNS)} | CPU-s | seeds |", "|---" * (len(COLUMNS) + 3) + "|"]
    for each, row in RUNS.read()["floors"].items():
        lines.append(f"| {each} | {' | '.join(f'{row[key]:.4g}' for key in COLUMNS)} | | |")
    for name, arm, about in ((name, arm, about) for name, of in ARMS.items() for arm, about in of.items()):
        if rows := RUNS.rows(name, arm):
            cells = [spread([row["scores"][key] for row in rows]) for key in COLUMNS]
            seconds = spread([row["cpu_seconds"] for row in rows])
            lines.append(f"| {about.label} | {' | '.join(cells)} | {seconds} | {len(rows)} |")
    return "\n".join(lines)


BOARD = {"d_off": 0, "quarter": 0.25, "both": 0.5, "three": 0.75, "objective_off": 1}  # λ of each arm
GAMED = ("d_off", "no_pull", "repeats")


def ship() -> None:
    """Write what notebook 16 draws: runs, and molecules of the first seed with their drawings."""
    found = RUNS.read()
    first = [run for run in found["runs"] if (run["data"], run["seed"]) == ("selfies", min(FIVE))]
    gamed = {run["arm"]: run["made"][:GAMES] for run in first if run["arm"] in GAMED}
    content = {
        "settings": START,
        "samples": SAMPLES,
        "board": board(first, BOARD, known(True), found["floors"]["training molecules"], ON_THE_WAY),
        "gamed": {arm: drawn_of(made, known(True)) for arm, made in gamed.items()},
        "arms": {name: {arm: about.label for arm, about in of.items()} for name, of in ARMS.items()},
        "runs": [shippable(run) for run in found["runs"]],
        "two_rings": {"training molecules": two_rings(data(True)[0])},
        "floors": found["floors"],
        "trials": RUNS.trials(ARMS),
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def shippable(run: dict) -> dict:
    """A run without its molecules, but with the share of them that have two benzene rings."""
    shown = {name: each for name, each in run.items() if name not in UNSHOWN}
    return {**shown, "two_rings": two_rings(run["made"])}


def two_rings(made: Sequence[str]) -> float:
    """The share of molecules with two benzene rings or more."""
    benzene = molecule("c1ccccc1")
    return round(statistics.fmean(len(molecule(each).GetSubstructMatches(benzene)) > 1 for each in made), 4)


def run(*wanted: str) -> None:
    """The floors, and all runs that are not stored yet."""
    if not RUNS.read()["floors"]:
        found = floors()
        RUNS.merge(lambda stored: stored.update(floors=found))
    RUNS.run(measured, ARMS, wanted)


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(
        what, given, {"trial": partial(RUNS.trial, measured), "cost": cost, "run": run, "table": table, "ship": ship}
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
