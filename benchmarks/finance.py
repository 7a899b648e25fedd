"""Markets simulated, and risk said beforehand, for notebook 17: QuantGAN beside a bootstrap and GARCH.

    python -m benchmarks.finance trial paths gan '{"g_lr": 0.002}'     one trial, on seed 0 unless it says "seed"
    python -m benchmarks.finance tried                                 all trials, by the rule that chooses
    python -m benchmarks.finance cost                                  CPU-ms a step
    python -m benchmarks.finance run                                   all runs that are not stored, seed by seed
    python -m benchmarks.finance table                                 medians and ranges
    python -m benchmarks.market_paths                                  paths for the market maker, first
    python -m benchmarks.finance ship                                  `gan_edu/data/finance.json`, the networks

"paths": models of the S&P 500 without a condition, by the facts of as many simulated days as they learned from, and by
what they say of the risk of all later days alike. "risk": what is said of each day the evening before. "pair": two
indices at once. A trial learns from 1999–2008, its facts are scored on these, its risk on 2009–2012. A run, of seeds
10–14, learns from 1999–2012, and its risk is told of 2013–2018, which nothing was chosen by. It needs arch, whose
series are in none of the files.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import math
import sys
import time
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, spread
from gan_edu.core.data.returns import PAST, Split
from gan_edu.core.measures.stylised_facts import Interval
from gan_edu.core.measures.value_at_risk import independence, quantile_loss, shortfall_missed
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.finance import (
    FACTS,
    SHIPPED as NETWORKS,
    Market,
    Paths,
    Risk,
    WindowCritic,
    at_risk,
    both,
    christoffersen,
    conditional,
    correlation,
    facts,
    garch,
    intervals,
    joint_loss,
    kupiec,
    market,
    risk_each_day,
    simulated,
    split,
    wasserstein,
    wgan_gp,
)
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import EMA, CosineDecay

RUNS = StoredRuns(RESULTS / "finance.json")
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "finance.json"
KEPT = RESULTS / "markets"  # the networks of the first seed
BOARD = RESULTS / "market_paths.json"  # paths for the market maker: benchmarks.market_paths
PATHS, DRAWS, SAMPLES = 20, 200, 100_000  # simulated of each model; of the bootstrap; of a day's return
LEVELS = (0.01, 0.05)
HISTORIES = 10  # of which a model is known to be true
POINTS = 4  # on the way
START = {
    "method": "gan",
    "length": 128,
    "past": 0,
    "width": 24,
    "more_noise": 2,  # numbers a day beside the one of each series
    "maps": 32,
    "transform": True,
    "steps": 0,
    "g_lr": 1e-3,
    "d_lr": 1e-3,
    "d_steps": 2,
    "beta": 0.0,  # both players' first
    "penalty": 10.0,
    "decay": 0.99,  # of an average of G, which is then what is scored
    "floor": 0.1,  # where the rates end, as a share
    "batch": 32,
    "seed": 0,
    "kept": True,  # whether the network of the first seed is
}


# ------------------------------------------------------------------ days


@cache
def years(data: str) -> Split:
    """Log-returns of the index, or of two."""
    return split(both(market("sp500"), market("nasdaq")) if data == "pair" else market("sp500"))


def days(data: str, test: bool) -> tuple[Tensor, Tensor]:
    """Returns (T, S) to learn from, and those that follow, of a trial or of a run."""
    learned, tuned, held_out = (part.values for part in years(data))
    return (torch.cat([learned, tuned]), held_out) if test else (learned, tuned)


# ------------------------------------------------------------------ a run


def begun(data: str, s: dict) -> tuple[GAN, Market]:
    """A GAN that has not learned, and what it learns from."""
    of = Market.of(days(data, s["seed"] >= min(FIVE))[0], s["transform"])
    torch.manual_seed(s["seed"])
    given = {"series": of.returns.shape[1], "length": s["length"], "past": s["past"]}
    G = Paths(**given, width=s["width"], noise=s["more_noise"] + given["series"])
    D = WindowCritic(**given, width=s["maps"])
    hooks = [EMA(s["decay"])] + ([CosineDecay(s["steps"], floor=s["floor"])] if s["floor"] < 1 else [])
    rates = {f"{who}_optimizer": adam(net, s[f"{who}_lr"], (s["beta"], 0.9)) for who, net in (("g", G), ("d", D))}
    pieces = {"d_steps": s["d_steps"], "d_penalties": [wgan_gp(s["penalty"])], "after_step": hooks, "seed": s["seed"]}
    return GAN(G, D, G.latent_dim, wasserstein, **rates, **pieces), of


def measured(data: str, settings: dict) -> dict:
    """Train once and score, or fit and score what is no network."""
    s, started = {**START, **settings}, time.process_time()
    if s["method"] != "gan":
        found = scored(data, s, None, None)
        return {**found, "cpu_seconds": round(time.process_time() - started, 1)}
    gan, of = begun(data, s)
    batches = of.batches(s["length"], s["past"], s["batch"], s["seed"])
    seconds, curve = 0.0, []
    for k in range(POINTS):
        started = time.process_time()
        for _ in train(gan, batches, s["steps"] * (k + 1) // POINTS - s["steps"] * k // POINTS):
            pass
        seconds += time.process_time() - started
        curve.append([gan.step, scored(data, s, gan.shown, of)])
    if s["seed"] == min(FIVE) and s["kept"]:
        keep(gan.shown, of, data if s["transform"] else f"{data}_plain")
    return {**curve[-1][1], "curve": curve[:-1], "cpu_seconds": round(seconds, 1), "steps": s["steps"]}


def scored(data: str, s: dict, network: nn.Module | None, of: Market | None) -> dict:
    """Facts of paths, or a back-test of risk."""
    test = s["seed"] >= min(FIVE)
    learned, after = days(data, test)
    if data == "risk":
        return {f"{level:g}": back_test(said(s, level, learned, after, network, of), after, level) for level in LEVELS}
    paths = simulated(network, of.way, PATHS, len(learned), 1) if network else rival(s["method"], learned, s["seed"])
    found = {name: quartiles(value) for name, value in facts(paths[:, 0]).items()}
    if data == "pair":
        return {"facts": found, "both": quartiles(correlation(paths)), "sizes": quartiles(correlation(paths, True))}
    same = {f"{level:g}": back_test(for_all(at_risk(paths.flatten(), level), after), after, level) for level in LEVELS}
    return {"facts": found, "inside": inside(found, own(test)), "covers": covers(found, own(test)), **same}


def quartiles(values: Tensor) -> list[float]:
    """Median, least and largest over paths."""
    return [round(float(each), 5) for each in (values.median(), values.min(), values.max())]


def inside(found: dict, of_data: dict[str, Interval]) -> int:
    """How many facts have their median in the data's own interval."""
    return sum(low <= found[name][0] <= high for name, (_, low, high) in of_data.items())


@cache
def own(test: bool) -> dict[str, Interval]:
    """The facts of the days that are learned from, with their intervals."""
    return intervals(days("paths", test)[0][:, 0], DRAWS)


def rival(method: str, learned: Tensor, seed: int) -> Tensor:
    """(PATHS, S, T) of what is no network; each series on its own but where days are drawn whole."""
    if method == "bootstrap":
        return garch.bootstrapped(learned, PATHS, len(learned), seed)
    made = []
    for k, r in enumerate(learned.T):
        model = garch.fit(r, "gjr-t" if method == "filtered" else method)
        shocks = garch.residuals(model, r) if method == "filtered" else None
        made.append(garch.paths(model, PATHS, len(r), shocks, 100 * k + seed))
    return torch.stack(made, 1)


# ------------------------------------------------------------------ risk


def back_test(risk: Risk, after: Tensor, level: float) -> dict:
    """How what was said of each of the following days (T, 1) came out."""
    after = after[:, 0]
    beyond = after < -risk.value
    found = {
        "rate": beyond.double().mean().item(),
        "kupiec": kupiec(beyond, level).p,
        "independence": independence(beyond).p,
        "christoffersen": christoffersen(beyond, level).p,
        "missed": shortfall_missed(after, risk, level),
        "quantile_loss": 1e4 * quantile_loss(after, risk.value, level),
        "joint_loss": joint_loss(after, risk, level),
    }
    return {name: round(value, 5) for name, value in found.items()}


def said(s: dict, level: float, learned: Tensor, after: Tensor, network: nn.Module | None, of: Market | None) -> Risk:
    """VaR and shortfall of each day that follows, said the evening before."""
    method, known = s["method"], torch.cat([learned, after])
    if network:
        return risk_each_day(network, of.way, known[len(learned) - s["past"] :], level, SAMPLES)
    model = garch.fit(learned[:, 0], "gjr-t" if method == "filtered" else method)
    sigma = garch.scales(model, known[:, 0])[-len(after) - 1 : -1]
    shocks = garch.residuals(model, learned[:, 0]) if method == "filtered" else garch.shocks(model, SAMPLES)
    return conditional(torch.full_like(sigma, model.mu), sigma, shocks, level)


def for_all(risk: Risk, after: Tensor) -> Risk:
    """The same on each day."""
    return Risk(*(each.expand(len(after)) for each in risk))


# ------------------------------------------------------------------ floors


def floors() -> dict:
    """What the data, the years after, noise and a shuffle get in a model's place; of two indices their correlation."""
    learned, after = (each[:, 0] for each in days("paths", True))
    stream = torch.Generator().manual_seed(0)
    noise = torch.randn(PATHS, len(learned), generator=stream, dtype=torch.float64)
    mixed = torch.stack([learned[torch.randperm(len(learned), generator=stream)] for _ in range(PATHS)])
    rows = {"noise": noise, "shuffled": mixed, "the years after": after[None]}
    pair = days("pair", True)[0].T
    return {
        "truth": truth(learned),
        "data": {name: [round(value, 5) for value in each] for name, each in own(True).items()},
        **{name: {fact: quartiles(value) for fact, value in facts(each).items()} for name, each in rows.items()},
        "pair": {"correlation": correlation(pair).item(), "of_sizes": correlation(pair, True).item()},
    }


def covers(found: dict, of_data: dict[str, Interval]) -> int:
    """Of how many facts the data's value lies between the least and the largest of a model's paths.

    Of a right model and 20 paths each does with the probability 19/21. A model that is too wide does, too.
    """
    return sum(found[name][1] <= value <= found[name][2] for name, (value, _, _) in of_data.items())


def truth(learned: Tensor) -> list[list[int]]:
    """What a right model gets: `inside` and `covers` of the model that made a history, for each of ten histories."""
    model = garch.fit(learned)
    histories = garch.paths(model, HISTORIES, len(learned), seed=1)
    found = {name: quartiles(value) for name, value in facts(garch.paths(model, PATHS, len(learned))).items()}
    own_of = [intervals(history, DRAWS) for history in histories]
    return [[inside(found, each), covers(found, each)] for each in own_of]


# ------------------------------------------------------------------ what is chosen, by trials

SURE = ("kurtosis", "tail", "clustering", "clustering_far", "leverage")  # of 1999–2008: their intervals are beyond 0


def off(data: str, look: dict) -> float:
    """Paths: Σ |log(fact of the model / of the data)| over SURE, of a wrong sign 3 each. Risk: joint losses, added."""
    if data == "risk":
        return sum(look[f"{level:g}"]["joint_loss"] for level in LEVELS)
    true = of_learned()
    return sum(abs(math.log(max(look["facts"][name][0] / true[name], 0.05))) for name in SURE)


@cache
def of_learned() -> dict[str, float]:
    """The facts of 1999–2008."""
    return {name: value.item() for name, value in facts(days("paths", False)[0].T, SURE).items()}


def score(trial: dict) -> float:
    """The worse of the last two looks; less is better."""
    return max(off(trial["data"], look) for look in [trial, *(each for _, each in trial.get("curve", [])[-1:])])


def tried() -> str:
    """All trials, a line for each settings, the best last: mean score, and that of each seed."""
    found: dict[str, dict[int, float]] = {}
    for each in RUNS.read()["trials"]:
        settings = {name: value for name, value in each["settings"].items() if name != "seed"}
        row = found.setdefault(f"{each['data']} {each['arm']} {dict(sorted(settings.items()))}", {})
        row[each["settings"].get("seed", 0)] = round(score(each), 3)
    lines = [(key.split(" {")[0], -sum(row.values()) / len(row), key, row) for key, row in found.items()]
    return "\n".join(f"{-mean:7.3f}  {row}  {key}" for _, mean, key, row in sorted(lines, key=lambda each: each[:3]))


# ------------------------------------------------------------------ arms, tables

# Frozen before any run. The rule stood here before the trials that it judges: settings of each network's arm are
# tried on seed 0, and the two best of them on seeds 1 and 2, too. A trial is as good as the worse of its last two
# looks (`off`), so that what is unsteady loses; taken is what has the least mean over seeds 0 to 2. Planned were four
# settings an arm. It became seven for paths, 11 trials each, and nine for risk, 13 trials each, as no arm of risk was
# steady. Before the rule there had been three trials of "plain", one of "gan", four of "given", of which one had
# Lambert W: all on seed 0, and none was taken. The pair takes what "plain" takes. GARCH has nothing to tune: its fit
# has one answer. All trials saw 1999–2012 only. Of 2013–2018 GARCH, GJR-GARCH-t and the filtered history had been
# looked at before; no network had. Tried for risk and left: β₁ = 0.5, half the maps, windows of 1, 16 and 32 days,
# smaller batches, no more noise than ε. Windows of one day made σ → 0 on every day, with and without Lambert W. "same"
# was added after the runs: it differs from "gan" in Lambert W alone.
QUICK = {"g_lr": 3e-3, "d_lr": 3e-3, "penalty": 1.0}
MORE = {"steps": 1200, "batch": 16, "d_steps": 3, "decay": 0.995, **QUICK}
ALONE = {"steps": 1000, "transform": False, **QUICK}
GIVEN = {"past": PAST, "length": 8, "decay": 0.995, "floor": 0.02}
SLOW = {"steps": 900, "transform": False, "d_steps": 4, "g_lr": 1e-3, "d_lr": 2e-3, **GIVEN}
HEAVY = {"steps": 1000, "d_steps": 3, "g_lr": 2e-3, "d_lr": 3e-3, "penalty": 1.0, **GIVEN}
ARMS = {
    "paths": {
        "gan": Arm("QuantGAN", MORE, FIVE),
        "plain": Arm("QuantGAN without Lambert W", ALONE, FIVE),
        "same": Arm("QuantGAN's settings, without Lambert W", {**MORE, "transform": False, "kept": False}, FIVE),
        "bootstrap": Arm("bootstrap of days", {"method": "bootstrap"}, FIVE),
        "garch": Arm("GARCH", {"method": "garch"}, FIVE),
        "gjr": Arm("GJR-GARCH-t", {"method": "gjr-t"}, FIVE),
        "filtered": Arm("filtered history", {"method": "filtered"}, FIVE),
    },
    "risk": {
        "given": Arm("QuantGAN, given 64 returns, without Lambert W", SLOW, FIVE),
        "lambert": Arm("QuantGAN, given 64 returns", HEAVY, FIVE),
        "garch": Arm("GARCH", {"method": "garch"}, FIVE),
        "gjr": Arm("GJR-GARCH-t", {"method": "gjr-t"}, FIVE),
        "filtered": Arm("filtered history", {"method": "filtered"}, FIVE),
    },
    "pair": {
        "gan": Arm("QuantGAN of two, without Lambert W", ALONE, FIVE),
        "bootstrap": Arm("bootstrap of days", {"method": "bootstrap"}, FIVE),
        "gjr": Arm("GJR-GARCH-t, each alone", {"method": "gjr-t"}, FIVE),
    },
}


def cost(steps: int = 20) -> None:
    """Print what a step costs."""
    for data, arms in ARMS.items():
        for arm in arms.values():
            s = {**START, **arm.settings}
            if s["method"] == "gan":
                gan, of = begun(data, s)
                batches, started = of.batches(s["length"], s["past"], s["batch"]), time.process_time()
                for _ in train(gan, batches, steps):
                    pass
                print(f"{data}, {arm.label}: {1e3 * (time.process_time() - started) / steps:.0f} ms a step", flush=True)


def table() -> str:
    """Medians and ranges over seeds, as Markdown: facts beside the data's intervals, then back-tests."""
    floor = RUNS.read()["floors"]
    lines = [f"\n| paths | {' | '.join(FACTS)} | inside | covers | CPU-s |", "|---" * (len(FACTS) + 4) + "|"]
    for name in ("data", "noise", "shuffled", "the years after") if floor else ():
        cells = [
            f"{floor[name][fact][0]:.3g} ({floor[name][fact][1]:.3g} – {floor[name][fact][2]:.3g})" for fact in FACTS
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | | | |")
    for data in ("paths", "pair"):
        for arm, about in ARMS[data].items():
            if rows := RUNS.rows(data, arm):
                cells = [spread([row["facts"][name][0] for row in rows]) for name in FACTS]
                last = [spread([row[name] for row in rows]) for name in ("inside", "covers") if name in rows[0]]
                last = last or ["correlation " + spread([row["both"][0] for row in rows]), ""]
                lines.append(f"| {about.label} | {' | '.join(cells)} | {' | '.join(last)} | {seconds(rows)} |")
    return "\n".join([*lines, *risk_table()])


def risk_table() -> list[str]:
    """Lines of the back-tests, a table for each level, without a condition and with it."""
    lines = []
    for data, level in itertools.product(("paths", "risk"), map("{:g}".format, LEVELS)):
        rows = {about.label: RUNS.rows(data, arm) for arm, about in ARMS[data].items()}
        if rows := {label: each for label, each in rows.items() if each}:
            columns = list(next(iter(rows.values()))[0][level])
            lines += [f"\n| {data}, risk {level} | {' | '.join(columns)} | CPU-s |", "|---" * (len(columns) + 2) + "|"]
        for label, each in rows.items():
            cells = [spread([row[level][name] for row in each]) for name in columns]
            lines.append(f"| {label} | {' | '.join(cells)} | {seconds(each)} |")
    return lines


def seconds(rows: list[dict]) -> str:
    """CPU-seconds of an arm's runs."""
    return spread([row["cpu_seconds"] for row in rows])


# ------------------------------------------------------------------ what is kept and shipped


def keep(network: nn.Module, of: Market, name: str) -> None:
    """Store a network of the first seed in half precision, and what else it takes to simulate."""
    KEPT.mkdir(parents=True, exist_ok=True)
    width = network.volatility.start.out_channels
    sizes = {key: getattr(network, key) for key in ("series", "length", "past", "noise", "reach")}
    way = {"mu": of.way.mu.tolist(), "sigma": of.way.sigma.tolist(), "delta": list(of.way.delta)}
    torch.save({key: value.half() for key, value in network.state_dict().items()}, buffer := io.BytesIO())
    durable.write(KEPT / f"{name}.pt", buffer.getvalue())
    durable.write(KEPT / f"{name}.json", as_json({"given": {**sizes, "width": width}, **way}).encode())


def ship() -> None:
    """Write what notebook 17 draws, and the networks that simulate there. No day of a market is in them."""
    found = RUNS.read()
    content = {
        "settings": START,
        "paths": PATHS,
        "arms": {data: {arm: about.label for arm, about in of.items()} for data, of in ARMS.items()},
        "runs": found["runs"],
        "floors": found["floors"],
        "trials": RUNS.trials(ARMS),
        "board": json.loads(BOARD.read_text()),
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    kept = sorted(KEPT.glob("*.pt"))
    torch.save({each.stem: torch.load(each, weights_only=True) for each in kept}, buffer := io.BytesIO())
    about = {
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "networks": {each.stem: json.loads(each.with_suffix(".json").read_text()) for each in kept},
        "seed": min(FIVE),
        "trained_on": "daily log-returns of 1999–2012",
        "torch": torch.__version__,
        "command": "python -m benchmarks.finance",
    }
    written = (as_json(about, indent=1, ensure_ascii=False) + "\n").encode()
    head = NETWORKS.with_suffix(".json").name
    durable.write_together(NETWORKS.parent, {head: written, NETWORKS.name: buffer.getvalue()})
    for each in (SHIPPED, NETWORKS):
        print(f"{each.name}: {each.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def run(*wanted: str) -> None:
    """The floors, and all runs that are not stored yet."""
    if not RUNS.read()["floors"]:
        RUNS.merge(lambda found: found.update(floors=floors()))
    RUNS.run(measured, ARMS, wanted)


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    command(
        what,
        given,
        {
            "trial": partial(RUNS.trial, measured),
            "cost": cost,
            "run": run,
            "table": table,
            "ship": ship,
            "tried": tried,
        },
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
