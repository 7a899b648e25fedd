"""A small MolGAN on graphs of up to 12 heavy atoms, for notebook 16: what it gets right, what breaks, and when.

    python -m benchmarks.molecule_graphs trial graphs ARM '{"g_lr": 0.001}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.molecule_graphs cost                                 CPU-ms a step
    python -m benchmarks.molecule_graphs run                                  all runs that are not stored
    python -m benchmarks.molecule_graphs table                                medians and ranges, and the curves
    python -m benchmarks.molecule_graphs ship                                 `gan_edu/data/molecule_graphs.json`

All arms are WGAN-GP. They differ in how G's numbers become a graph: "softmax" hands D shares of kinds, and takes the
largest in the end; "gumbel" draws each atom and bond, straight-through. What is learned from are those of the training
molecules of `benchmarks.molecules` that have at most 12 heavy atoms, so that none is held out there. What was tuned was
tuned on seed 0, learning from a part of the training molecules. Runs are of seeds 10–14. What is stored of molecules
was drawn, and is not among the data.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from benchmarks import molecules as texts
from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, listed, spread
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.molecule_graphs import graph_form, graphs, molecules_of, why_broken
from gan_edu.core.data.molecules import nci
from gan_edu.core.measures.molecule_scores import unique, valid
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.graphs import GraphReader, GraphWriter
from gan_edu.losses import wasserstein
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import EMA, CosineDecay, wgan_gp

RUNS = StoredRuns(RESULTS / "molecule_graphs.json", unshown=("curve", "made"))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "molecule_graphs.json"
ATOMS, SAMPLES, ON_THE_WAY, POINTS = 12, 2_000, 500, 5  # samples of each G, and of each of so many points
WHY = ("valence", "pieces", "no atom")
FORM = graph_form(ATOMS)
START = {
    "draws": True,
    "code": 32,
    "width": 128,
    "maps": 64,
    "layers": 2,
    "temperature": 1.0,
    "gain": 1.0,
    "penalty": 10.0,
    "steps": 400,
    "d_steps": 5,
    "g_lr": 1e-3,
    "d_lr": 1e-3,
    "floor": 1.0,  # where the rates end, as a share
    "decay": 0.0,  # of an average of G's weights, which is then what is looked at; 0 for none
    "batch": 32,
    "seed": 0,
}


# ------------------------------------------------------------------ a run


@cache
def learned(test: bool) -> list[str]:
    """Canonical SMILES to learn from."""
    small = set(nci(most_atoms=ATOMS))
    return [each for each in texts.data(test)[0] if each in small]


@cache
def packed(test: bool) -> Tensor:
    """Their graphs."""
    return graphs(learned(test), ATOMS)


def is_test(s: dict) -> bool:
    """Whether this is a run, and no trial."""
    return s["seed"] >= min(FIVE)


def made_of(s: dict) -> tuple[GAN, Batches]:
    """(gan, batches) before the first step."""
    torch.manual_seed(s["seed"])
    G = GraphWriter(FORM, s["draws"], s["code"], s["width"], s["temperature"], s["gain"])
    D = GraphReader(FORM, s["maps"], s["layers"])
    hooks = [CosineDecay(s["steps"], floor=s["floor"])] if s["floor"] < 1 else []
    hooks += [EMA(s["decay"])] if s["decay"] else []
    gan = GAN(
        *(G, D, G.latent_dim, wasserstein),
        g_optimizer=adam(G, s["g_lr"], (0.5, 0.9)),
        d_optimizer=adam(D, s["d_lr"], (0.5, 0.9)),
        d_steps=s["d_steps"],
        d_penalties=[wgan_gp(s["penalty"])],
        latent="uniform",
        after_step=hooks,
        seed=s["seed"],
    )
    return gan, Batches(packed(is_test(s)), s["batch"], seed=s["seed"])


def measured(name: str, settings: dict) -> dict:
    """Train once and score. name: of the data, of which there is one."""
    s, seconds = {**START, **settings}, 0.0
    gan, batches = made_of(s)
    curve = [point(drawn(gan, ON_THE_WAY, 3), 0, seconds)]
    for k in range(POINTS):
        begun = time.process_time()
        for _ in train(gan, batches, s["steps"] * (k + 1) // POINTS - s["steps"] * k // POINTS):
            pass
        seconds += time.process_time() - begun
        curve.append(point(drawn(gan, ON_THE_WAY, 3), gan.step, seconds))
    listed({key: value for key, value in each.items() if key != "made"} for each in curve)
    found = scored(drawn(gan, SAMPLES, 1), is_test(s))
    return {**found, "curve": curve, "cpu_seconds": round(seconds, 1), "steps": s["steps"]}


def drawn(gan: GAN, count: int, seed: int) -> Tensor:
    """Packed graphs (count, A, …) that G gives."""
    return gan.generate(gan.latents(count, torch.Generator().manual_seed(seed)))


# ------------------------------------------------------------------ scores


def point(x: Tensor, step: int, seconds: float) -> dict:
    """On the way: few scores, and molecules to be drawn."""
    made = molecules_of(x)
    return {
        **{"step": step, "cpu_seconds": round(seconds, 1), "valid": valid(made), "unique": round(unique(made), 5)},
        **{"commonest": commonest(made), "different": len({*made} - {None}), "made": texts.shown(made)},
    }


def commonest(made: list[str | None]) -> float:
    """The share of the molecules that is the commonest one; 0 where there is none."""
    counts = Counter(each for each in made if each is not None)
    return round(max(counts.values(), default=0) / max(1, counts.total()), 5)


def scored(x: Tensor, test: bool) -> dict:
    """Scores of `benchmarks.molecules`, and beside them: why graphs are none, different molecules, the commonest."""
    made, why = molecules_of(x), Counter(map(why_broken, x))
    found = texts.scored(made, test)
    extra = {each: round(why[each] / len(x), 5) for each in WHY}
    found["scores"] |= {**extra, "different": len({*made} - {None}), "commonest": commonest(made)}
    return found


def floors(name: str) -> dict[str, dict]:
    """What the data score, and graphs that are drawn with the data's frequencies, each number on its own."""
    x, held = packed(True), {*texts.data(True)[1]} & {*nci(most_atoms=ATOMS)}
    stand_ins = {
        "training molecules": x,
        "held-out molecules": graphs(sorted(held), ATOMS),
        "frequencies": by_frequency(x, False),
        "frequencies of each place": by_frequency(x, True),
    }
    return {each: scored(about, True)["scores"] for each, about in stand_ins.items()}


def by_frequency(x: Tensor, placed: bool, count: int = SAMPLES) -> Tensor:
    """Graphs (count, A, …), each atom and each pair's bond drawn on its own, with the frequencies of those of x.

    placed: of each place its own, in the order of SMILES; else all places' together, and as many atoms as a graph of x.
    """
    stream, (nodes, bonds) = torch.Generator().manual_seed(0), FORM.parts(x)
    i, j = torch.triu_indices(ATOMS, ATOMS, 1)
    if placed:
        atoms, pairs = _draws(nodes.mean(0), count, stream), _draws(bonds[:, i, j].mean(0), count, stream)
    else:
        there = 1 - nodes[..., 0]  # (N, A)
        sizes = random.Random(0).choices(there.sum(1).int().tolist(), k=count)
        kinds = nodes.sum((0, 1)) * (torch.arange(FORM.kinds) > 0)
        both = (there[:, i] * there[:, j])[..., None] * bonds[:, i, j]  # of pairs of places with an atom
        atoms = _draws((kinds / kinds.sum()).expand(ATOMS, -1), count, stream)
        absent = torch.arange(ATOMS) >= torch.tensor(sizes)[:, None]
        atoms = torch.where(absent[..., None], one_hot(torch.tensor(0), FORM.kinds).float(), atoms)
        pairs = _draws((both.sum((0, 1)) / both.sum()).expand(len(i), -1), count, stream)
    whole = one_hot(torch.zeros(count, ATOMS, ATOMS, dtype=torch.long), FORM.bonds).float()
    whole[:, i, j] = whole[:, j, i] = pairs
    return FORM.packed(atoms, whole)


def _draws(shares: Tensor, count: int, stream: torch.Generator) -> Tensor:
    """(places, kinds) → one-hot (count, places, kinds)."""
    return one_hot(shares.multinomial(count, True, generator=stream).T, shares.shape[1]).float()


# ------------------------------------------------------------------ arms, tables

# Gumbel's had seven trials on seed 0, softmax two. Both arms have the best of the seven, by valid molecules, so that
# they differ in `draws` alone.
CHOSEN = {"gain": 10.0, "maps": 32, "steps": 400}
ARMS = {
    "graphs": {
        "softmax": Arm("MolGAN, softmax", {**CHOSEN, "draws": False}, FIVE),
        "gumbel": Arm("MolGAN, Gumbel", {**CHOSEN, "draws": True}, FIVE),
    },
}
COLUMNS = ("valid", "unique", "different", "commonest", "novel", "qed", "sa", "atoms", "diversity", "nearest", *WHY[:2])


def cost(steps: int = 10) -> None:
    """Print what a step costs."""
    for about in ARMS["graphs"].values():
        gan, batches = made_of({**START, **about.settings})
        begun = time.process_time()
        for _ in train(gan, batches, steps):
            pass
        print(f"{about.label}: {1e3 * (time.process_time() - begun) / steps:.0f} ms a step", flush=True)


def table() -> str:
    """Medians and ranges, as Markdown, beside what no network scores, and the curves' medians."""
    lines = [f"\n| graphs | {' | '.join(COLUMNS)} | CPU-s | seeds |", "|---" * (len(COLUMNS) + 3) + "|"]
    for each, row in RUNS.read()["floors"].get("graphs", {}).items():
        lines.append(f"| {each} | {' | '.join(f'{row[key]:.4g}' for key in COLUMNS)} | | |")
    curves = []
    for arm, about in ARMS["graphs"].items():
        if rows := RUNS.rows("graphs", arm):
            cells = [spread([row["scores"][key] for row in rows]) for key in COLUMNS]
            seconds = spread([row["cpu_seconds"] for row in rows])
            lines.append(f"| {about.label} | {' | '.join(cells)} | {seconds} | {len(rows)} |")
            for points in zip(*(row["curve"] for row in rows), strict=True):
                cells = [spread([each[key] for each in points]) for key in ("valid", "unique", "different")]
                curves.append(f"| {about.label} | {points[0]['step']} | {' | '.join(cells)} |")
    return "\n".join([*lines, "\n| arm | step | valid | unique | different |", "|---|---|---|---|---|", *curves])


def ship() -> None:
    """Write what notebook 16 draws."""
    found = RUNS.read()
    content = {
        "settings": START,
        "samples": {"end": SAMPLES, "point": ON_THE_WAY},
        "learned": len(learned(True)),
        "arms": {name: {arm: about.label for arm, about in of.items()} for name, of in ARMS.items()},
        "runs": found["runs"],
        "floors": found["floors"],
        "trials": RUNS.trials(ARMS),
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def run(*wanted: str) -> None:
    """The floors, and all runs that are not stored yet."""
    RUNS.run(measured, ARMS, wanted, floors)


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(
        what, given, {"trial": partial(RUNS.trial, measured), "cost": cost, "run": run, "table": table, "ship": ship}
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
