"""Which trick helps, by how much, for the same computing time: `make bench-tricks`.

    python -m benchmarks.tricks time             ms a step of each arm, once, beside the baseline → steps that fit
    python -m benchmarks.tricks run [SEEDS]      train what is not stored yet; interrupted, it goes on; results merge
    python -m benchmarks.tricks table            medians and ranges of what is stored

The arms run on MNIST (the textbook's networks) and on the grid of 25 (the plane's), each with the same data and the
same budget on each, in seconds of one core. The budget becomes a number of steps once: runs are counted in steps. "Two
rates" and "one rate" take the baseline's number. The baseline and the best combination run once more on MNIST, for
twice as long. What was tuned was tuned on seed 100: on MNIST against the
training images (`benchmarks.tuning`), on the grid in eight trials that are stored, but which no program here runs
again. The table is made of other seeds, and on MNIST against the test images.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import torch
from torch import nn

from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.distributions import Draws, grid
from gan_edu.core.measures.mixture_scores import Coverage
from gan_edu.core.safety import durable
from gan_edu.core.safety.lock import locked
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.networks import mlp
from gan_edu.losses import non_saturating
from gan_edu.mnist_gan import salt, textbook, textbook_batches
from gan_edu.recordings import best_recipe
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import EMA, InstanceNoise, lazy, r1, slopes_at, smooth, spectral_norm, wgan_gp

STORED = Path(__file__).parent / "results" / "tricks.json"
BUDGETS = {"mnist": 127.0, "grid": 127.0, "mnist long": 250.0}  # seconds of one core; the textbook GAN takes 127
# and 250 for 11,450 and 22,550 steps on MNIST
SEEDS = range(5)
WARM, TIMED, ROUNDS = 30, 60, 7  # steps
SCORED, LOOKS = 10_000, 10  # samples a score; looks at D's slopes over a run
BETAS = {"mnist": (0.9, 0.999), "grid": (0.0, 0.99)}  # Adam's: the textbook's, the plane's
RATES = {"mnist": (2e-4, 2e-4), "grid": (1e-4, 1e-3)}  # G, D: the textbook's, the plane's


@dataclass(frozen=True)
class Arm:
    """One row of the table. pieces(until): the GAN's fields; lr: factors on the learning rates of G and D."""

    label: str
    group: str  # of tricks of one kind, as readers filter them
    pieces: Callable[[int], dict]
    lr: tuple[float, float] = (1.0, 1.0)
    betas: tuple[float, float] | None = None  # Adam's; None: as the baseline has them
    spectral: bool = False
    batch: int = 64  # on MNIST
    precision: str = "float32"


def arms(data: str) -> dict[str, Arm]:
    """{name: arm}. γ goes with the square of the data's scale and size: MNIST has 784 numbers, the plane has 2."""
    gamma, weight, std = {"mnist": (2.0, 10.0, 0.5), "grid": (0.1, 0.1, 0.1)}[data.split()[0]]
    every = {
        "baseline": Arm({"mnist": "textbook", "grid": "the plane's settings"}[data.split()[0]], "", lambda until: {}),
        "k steps": Arm("5 steps of D for one of G", "schedule", lambda until: {"d_steps": 5}),
        "smoothing": Arm("one-sided smoothing, 0.9", "loss", lambda until: {"loss": smooth(non_saturating)}),
        "wgan_gp": Arm(f"WGAN-GP penalty, λ {weight:g}", "penalty", lambda until: {"d_penalties": [wgan_gp(weight)]}),
        "r1": Arm(f"R1, γ {gamma:g}", "penalty", lambda until: {"d_penalties": [r1(gamma)]}),
        "spectral": Arm("spectral norm of D", "network", lambda until: {}, spectral=True),
        "noise": Arm(
            f"instance noise {std:g}, fading", "input", lambda until: {"view": InstanceNoise(std, max(1, until // 2))}
        ),
        "two rates": Arm("two rates (TTUR): D's is 4 × G's", "schedule", lambda until: {}, ttur(data.split()[0], 4)),
        "half and double": Arm("G's rate halved, D's doubled", "schedule", lambda until: {}, lr=(0.5, 2.0)),
        "ema": Arm("EMA of G, 0.999", "average", lambda until: {"after_step": [EMA(0.999)]}),
        **together(data.split()[0]),
    }
    if data == "grid":
        every["one rate"] = Arm("one rate: D's is G's", "schedule", lambda until: {}, ttur(data, 1))
    return {name: every[name] for name in ("baseline", "best")} if data == "mnist long" else every


def ttur(data: str, times: float) -> tuple[float, float]:
    """Factors on the baseline's rates with which G's stays and D's is `times` G's: Heusel et al. (2017), 1706.08500."""
    of_g, of_d = RATES[data]
    return 1.0, times * of_g / of_d


def together(data: str) -> dict[str, Arm]:
    """The best combination found, and the same without its tricks."""
    if data == "mnist":
        lr = [new / old for new, old in zip(best_recipe.RATES, RATES["mnist"], strict=True)]
        settings = {"lr": lr, "betas": best_recipe.BETAS, "batch": best_recipe.BATCH, "precision": "bfloat16"}
        return {
            "rates": Arm("best's rates, β, batch, bfloat16; no trick", "schedule", lambda until: {}, **settings),
            "best": Arm("best: lazy R1, EMA, batch 256", "together", lambda _: best_recipe.tricks(), **settings),
        }
    return {
        "rates": Arm("fast G: its rate 5 ×, no trick", "schedule", lambda until: {}, (5.0, 1.0)),
        "best": Arm(
            "best: lazy R1, EMA, fast G",
            "together",
            lambda until: {"d_penalties": [lazy(r1(0.02), 4)], "after_step": [EMA(0.999)]},
            (5.0, 1.0),
        ),
    }


def build(data: str, arm: Arm, seed: int, until: int) -> tuple[GAN, object]:
    """(gan, batches) of one run of `until` steps."""
    if data.startswith("mnist"):
        networks, batches = textbook(seed), textbook_batches(seed, batch_size=arm.batch)
        generator, discriminator, latent_dim = networks.generator, networks.discriminator, 100
    else:
        torch.manual_seed(seed)
        generator, discriminator, latent_dim = mlp([2, 128, 128, 2]), mlp([2, 128, 128, 1], slope=0.2), 2
        batches = Draws(grid(), 256, seed)
    discriminator = spectral_norm(discriminator) if arm.spectral else discriminator
    betas = arm.betas or BETAS[data.split()[0]]
    rates = [rate * factor for rate, factor in zip(RATES[data.split()[0]], arm.lr, strict=True)]
    gan = GAN(
        generator,
        discriminator,
        latent_dim,
        g_optimizer=adam(generator, rates[0], betas),
        d_optimizer=adam(discriminator, rates[1], betas),
        seed=seed,
        precision=arm.precision,
        **arm.pieces(until),
    )
    return gan, batches


# ------------------------------------------------------------------ time, once and alone


def stretches(data: str, arm: Arm):
    """ms of one core a step, over one stretch of steps after another, without end."""
    gan, batches = build(data, arm, 0, 1_000_000)
    for _ in train(gan, batches, WARM):
        pass
    while True:
        start = time.process_time()
        for _ in train(gan, batches, TIMED):
            pass
        yield (time.process_time() - start) / TIMED * 1000


def milliseconds(data: str, arm: Arm) -> float:
    """ms of one core a step: what the baseline takes, times the median ratio to it over stretches that take turns."""
    pairs = zip(stretches(data, arm), stretches(data, arms(data)["baseline"]), range(ROUNDS), strict=False)
    times = [(ours, baseline) for ours, baseline, _ in pairs]
    known = stored()["arms"].get(data, {}).get("baseline", {}).get("ms_per_step")
    return statistics.median(ours / other for ours, other in times) * (known or statistics.median(t for _, t in times))


def measure_time() -> None:
    """Turn the budget into steps. Kept for good: a second call times only what is new."""
    for data, budget in BUDGETS.items():
        for name, arm in arms(data).items():
            if name not in stored()["arms"].get(data, {}):
                timed = stored()["arms"].get(data.split()[0], {}).get("baseline" if rates_alone(data, arm) else name)
                took = timed["ms_per_step"] if timed else milliseconds(data, arm)
                about = {
                    "label": arm.label,
                    "group": arm.group,
                    "ms_per_step": round(took, 3),
                    "steps": int(budget * 1000 / took),
                }
                merge(
                    lambda found, data=data, name=name, about=about: (
                        found["arms"].setdefault(data, {}).setdefault(name, about)
                    )
                )
                print(data, name, about, flush=True)
            settings = settings_of(data, arm, stored()["arms"][data][name]["steps"])
            merge(
                lambda found, data=data, name=name, settings=settings: found["arms"][data][name].update(
                    settings=settings
                )
            )


def rates_alone(data: str, arm: Arm) -> bool:
    """Whether an arm is the baseline but for its learning rates: its steps cost the same, so it takes as many."""
    baseline, ours = (settings_of(data, each, 1) for each in (arms(data)["baseline"], arm))
    rates = {"G optimizer", "D optimizer"}
    return (
        arm.lr != (1.0, 1.0) and arm.betas is None and all(ours[name] == baseline[name] for name in ours.keys() - rates)
    )


def settings_of(data: str, arm: Arm, steps: int) -> dict:
    """What one arm is made of, as it is built for a run of `steps` steps."""
    gan, batches = build(data, arm, 0, steps)
    optimizers = {f"{player} optimizer": getattr(gan, f"{player.lower()}_optimizer") for player in "GD"}
    layers = {
        name: [tuple(weight.shape) for weight in network.parameters() if weight.ndim > 1]
        for name, network in (("G weights", gan.generator), ("D weights", gan.discriminator))
    }
    return {
        "loss": gan.loss.name,
        "batch": batches.batch_size,
        "latent_dim": gan.latent_dim,
        "precision": gan.precision,
        "d_steps": gan.d_steps,
        "spectral_norm": arm.spectral,
        **{
            name: f"Adam, rate {each.param_groups[0]['lr']:g}, betas {each.param_groups[0]['betas']}"
            for name, each in optimizers.items()
        },
        "view": gan.view and f"InstanceNoise({gan.view.std:g}, until={gan.view.until})",
        "d_penalties": [_penalty_in_words(each) for each in gan.d_penalties],
        "after_step": [f"EMA({each.decay:g})" for each in gan.after_step],
        **layers,
    }


def _penalty_in_words(penalty) -> str:
    if isinstance(penalty, lazy):
        return f"{_penalty_in_words(penalty.penalty)}, on every {penalty.every}th step"
    return f"{penalty.name}, weight {penalty.weight:g}"


# ------------------------------------------------------------------ runs


def measure_run(data: str, name: str, seed: int) -> dict:
    """Train one arm with one seed for its number of steps, and score it."""
    steps, start = stored()["arms"][data][name]["steps"], time.process_time()
    gan, batches = build(data, arms(data)[name], seed, steps)
    slopes, every = [], max(1, steps // LOOKS)
    for record in train(gan, batches, steps):
        if record.step % every == 0:
            fakes = gan.generator(gan.latents(256)).detach()
            slopes.append(round(float(slopes_at(eager(gan.discriminator), fakes).mean().detach()), 5))
    seconds = time.process_time() - start
    return {
        "data": data,
        "arm": name,
        "seed": seed,
        "steps": steps,
        "cpu_seconds": round(seconds, 1),
        "slopes": slopes,
        **SCORES[data.split()[0]](gan),
    }


def eager(discriminator: nn.Module) -> Callable:
    """D as a function that moves no power iteration: in eval mode while it is looked at."""

    class Look(nn.Module):
        def forward(self, x):
            mode = discriminator.training
            discriminator.eval()
            try:
                return discriminator(x)
            finally:
                discriminator.train(mode)

    return Look()


def mnist_scores(gan: GAN) -> dict:
    """FID against the test set with its floor, class KL from the training frequencies, salt; SCORED samples."""
    from gan_edu.core.measures.mnist_scores import Scorer

    scorer = Scorer(SCORED)
    found, frequencies = scorer.score(gan), torch.bincount(mnist(train=True)[1], minlength=10).double()
    shares = torch.tensor(found["histogram"], dtype=torch.float64)
    kl = torch.special.xlogy(shares, shares / (frequencies / frequencies.sum())).sum()
    return {
        "fid": round(found["fid"], 2),
        "fid_floor": round(scorer.floor, 2),
        "class_kl": round(float(kl), 5),
        "confidence": round(found["confidence"], 4),
        "salt": round(salt(gan.generate(gan.latents(SCORED, torch.Generator().manual_seed(1)))), 5),
    }


def grid_scores(gan: GAN) -> dict:
    """JS and KL in nats, share near a mode, beside the floor of SCORED samples of the data itself."""
    coverage, stream = Coverage(grid()), torch.Generator().manual_seed(1)
    found = coverage.measure(gan.generate(gan.latents(SCORED, stream)))
    floor = coverage.measure(next(Draws(grid(), SCORED, seed=1)))
    return {**{name: round(found[name], 5) for name in ("js", "kl", "quality")}, "js_floor": round(floor["js"], 5)}


SCORES = {"mnist": mnist_scores, "grid": grid_scores}


def measure_runs(seeds) -> None:
    """All runs that are not stored, seed by seed, so that an early end leaves whole tables of fewer seeds."""
    for seed in seeds:
        for data in BUDGETS:
            for name in arms(data):
                done = {(run["data"], run["arm"], run["seed"]) for run in stored()["runs"]}
                if (data, name, seed) not in done:
                    run = measure_run(data, name, seed)
                    merge(lambda found, run=run: add(found["runs"], run))
                    print(run, flush=True)


def add(runs: list[dict], run: dict) -> None:
    """A run that another process stored meanwhile is not stored twice."""
    key = ("data", "arm", "seed")
    if [run[name] for name in key] not in [[each[name] for name in key] for each in runs]:
        runs.append(run)


# ------------------------------------------------------------------ what is stored


def stored() -> dict:
    """What was measured so far."""
    if STORED.is_file():
        return json.loads(STORED.read_text())
    return {
        "settings": {
            "budget_cpu_seconds": BUDGETS,
            "samples": SCORED,
            "torch": torch.__version__,
            "threads": 1,
            "when": datetime.now(timezone.utc).isoformat(timespec="minutes"),
        },
        "arms": {},
        "runs": [],
    }


def merge(change: Callable[[dict], object]) -> None:
    """Apply a change to what is stored, one process at a time; the file is replaced whole."""
    STORED.parent.mkdir(exist_ok=True)
    with locked(STORED.with_suffix(".lock")):
        found = stored()
        change(found)
        durable.write(STORED, (as_json(found, indent=1, ensure_ascii=False) + "\n").encode())


def table(found: dict) -> str:
    """Medians and ranges, as Markdown; arms in the order of their median."""
    lines = []
    for data, (score, *more) in {"mnist": ("fid", "class_kl", "salt"), "grid": ("js", "kl", "quality")}.items():
        lines += [f"\n| {data} | steps | {' | '.join([score, *more])} | seeds |", "|---" * (len(more) + 4) + "|"]
        rows = []
        for name, about in found["arms"].get(data, {}).items():
            runs = [run for run in found["runs"] if (run["data"], run["arm"]) == (data, name)]
            if runs:
                cells = [_spread([run[each] for run in runs]) for each in (score, *more)]
                rows.append(
                    (
                        statistics.median(_last(run[score]) for run in runs),
                        f"| {about['label']} | {about['steps']:,} | {' | '.join(cells)} | {len(runs)} |",
                    )
                )
        lines += [row for _, row in sorted(rows)]
    return "\n".join(lines)


def _spread(values: list[float | None]) -> str:
    if lost := values.count(None):
        return f"no number on {lost} of {len(values)} seeds"
    return f"{statistics.median(values):.4g} ({min(values):.4g} – {max(values):.4g})"


def _last(value: float | None) -> float:
    return math.inf if value is None else value


def main(what: str = "", *seeds: str) -> None:
    """The command; without a word, all three."""
    torch.set_num_threads(1)
    if what not in ("", "time", "run", "table"):
        raise SystemExit(f"time, run or table, got {what!r}")
    if what in ("", "time"):
        measure_time()
    if what in ("", "run"):
        measure_runs([int(seed) for seed in seeds] or SEEDS)
    if what in ("", "table"):
        print(table(stored()))


if __name__ == "__main__":
    main(*sys.argv[1:])
