"""Chapter 15 measured: keys found, words found, and what a GAN does after likelihood.

    python -m benchmarks.translation trial cipher gumbel '{"g_lr": 0.02}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.translation cost                                   CPU-ms a step
    python -m benchmarks.translation run [cipher …]                         all runs that are not stored, seed by seed
    python -m benchmarks.translation table                                  medians and ranges
    python -m benchmarks.translation ship                                   what the notebook draws, a deciphering

What was tuned was tuned on seeds 0–2; runs are of seeds 10–14. Of ciphers a seed is another key, too, and D learns
English from chapters that are not enciphered. Numbers in words need num2words; `cipher` and `words` do not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks import sentences
from benchmarks.sentences import BOTH, NUMBERS, spent, taught
from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, spread
from benchmarks.word_pairs import WORDS, aligned
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.losses import least_squares, wasserstein
from gan_edu.training_loop import GAN, Player, adam, train
from gan_edu.translation import (
    SYMBOLS,
    Critic,
    Decipher,
    by_frequency,
    cycling,
    letters,
    new_key,
    read,
    running_text,
    substituted,
    unpaired,
    vigenere,
    windows,
)
from gan_edu.tricks import spectral_norm, wgan_gp

RUNS = StoredRuns(RESULTS / "translation.json", unshown=("way", "film"))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "translation.json"

# ------------------------------------------------------------------ keys

LENGTH, WINDOWS = 60, 6000  # of the text that D learns from, and as many of another that is enciphered
CIPHER = {
    "way": "gumbel",
    "period": 1,
    "temperature": 1.0,
    "width": 64,
    "reach": 3,
    "g_lr": 0.05,
    "decay": 0.0,  # of G's logits, AdamW's: none grows beyond about 1 / decay
    "d_lr": 0.003,
    "d_steps": 5,
    "batch": 32,
    "steps": 300,
    "attempts": 4,  # beginnings at most
    "apart": 1.2,  # a critic that tells both apart by less takes the key as found
    "cycle": None,  # a weight, of a cycle with two generators
    "start": "anew",  # or "ranks": the logits begin where the frequency ranks point
    "seed": 0,
}
FILM = 60  # looks of a run at its matrix, of the first seed


@cache
def halves() -> tuple[Tensor, Tensor]:
    """English symbols, twice 360,000, of different chapters."""
    text, count = letters(" ".join(running_text("en"))), LENGTH * WINDOWS
    return text[:count], text[-count:]


def enciphered(text: Tensor, s: dict) -> Tensor:
    """By a key, or by as many shifts as the period is, of this seed."""
    stream = torch.Generator().manual_seed(s["seed"])
    if s["period"] == 1:
        return substituted(text, new_key(stream))
    return vigenere(text, torch.randperm(SYMBOLS, generator=stream)[: s["period"]].tolist())


def build(s: dict, known: Tensor, hidden: Tensor):
    """(gan, batches, step) of these settings, for two texts (L,)."""
    torch.manual_seed(s["begin"])
    G, D = Decipher(s["period"], s["way"], s["temperature"]), Critic(s["width"], s["reach"])
    if s["start"] == "ranks":
        with torch.no_grad():
            G.logits[:, torch.arange(SYMBOLS), by_frequency(hidden, known)] += 3.0
    batches = unpaired(windows(known, LENGTH), windows(hidden, LENGTH), s["batch"], s["begin"])
    if s["cycle"] is None:
        pieces = {"d_steps": s["d_steps"], "d_penalties": [wgan_gp(10.0)], "seed": s["begin"]}
        return GAN(G, D, 0, wasserstein, *_optimizers(s, G, D), **pieces), batches, None
    back, back_d = Decipher(s["period"], s["way"], s["temperature"]), Critic(s["width"], s["reach"])
    for each in (D, back_d):
        spectral_norm(each)
    (b, b_d) = _optimizers(s, back, back_d)
    others = {"back": Player(back, b), "back_discriminator": Player(back_d, b_d)}
    gan = GAN(G, D, 0, least_squares, *_optimizers(s, G, D), others=others, seed=s["begin"])
    return gan, ((hidden, known) for known, hidden in batches), cycling(s["cycle"])


def _optimizers(s: dict, G: nn.Module, D: nn.Module) -> tuple[torch.optim.Optimizer, torch.optim.Optimizer]:
    g = torch.optim.AdamW(G.parameters(), s["g_lr"], (0.5, 0.9), weight_decay=s["decay"])
    return g, adam(D, s["d_lr"], (0.5, 0.9))


def deciphered(s: dict) -> dict:
    """Begin up to `attempts` times, until the critic can hardly tell both apart; shares of the text that are right.

    Nothing is asked that a code breaker does not have: which attempt is taken, the critic's own estimate says.
    """
    begun, (known, secret) = time.process_time(), halves()
    hidden, tried = enciphered(secret, s), []
    for attempt in range(s["attempts"] if s["cycle"] is None else 1):
        tried.append(_attempt({**s, "begin": s["seed"] + 1000 * attempt}, known, hidden, secret))
        if tried[-1]["apart"] < s["apart"]:
            break
    ranked = by_frequency(hidden, known)[hidden] == secret
    return {
        **min(tried, key=lambda each: each["apart"]),
        "ranks": round(ranked.double().mean().item(), 5),
        "tried": [[each["apart"], each["tokens"]] for each in tried],
        "cpu_seconds": round(time.process_time() - begun, 1),
    }


def _attempt(s: dict, known: Tensor, hidden: Tensor, secret: Tensor) -> dict:
    """Train once; shares that are right at twenty times, of one arm the matrix, too.

    apart: D(x) − D(G) in the last tenth of the steps, for a Wasserstein critic its estimate.
    """
    gan, batches, step = build(s, known, hidden)
    way, film, apart = [], [], []
    due, looks = ({s["steps"] * k // count for k in range(1, count + 1)} for count in (20, FILM))
    for record in train(gan, batches, s["steps"], step=step):
        if record.step in due:
            way.append([record.step, *(round(each, 5) for each in read(gan.generator, hidden, secret))])
        if s.get("film") and record.step in looks:
            film.append([record.step, (255 * gan.generator.sure[0]).round().int().tolist()])
        if record.step > 0.9 * s["steps"]:
            apart.append((record.real_logits.mean() - record.fake_logits.mean()).item())
    tokens, types = read(gan.generator, hidden, secret)
    scores = {"tokens": tokens, "types": types, "apart": sum(apart) / len(apart)}
    return {**{name: round(value, 5) for name, value in scores.items()}, "way": way, **({"film": film} if film else {})}


# ------------------------------------------------------------------ arms, tables

MEASURES: dict[str, tuple[Callable[[dict], dict], dict]] = {
    "cipher": (deciphered, CIPHER),
    "words": (aligned, WORDS),
    "numbers": (taught, NUMBERS),
}
VERDICT = {"method": "verdict", "g_lr": 5e-5, "d_first": 50}
ARMS = {
    "cipher": {
        "gumbel": Arm("a hard sample of the matrix a sequence", {"film": True}, FIVE),
        "softmax": Arm("soft rows", {"way": "softmax"}, FIVE),
        "sinkhorn": Arm("soft rows and columns", {"way": "sinkhorn"}, FIVE),
        "ranks first": Arm("hard samples, begun at the frequency ranks", {"start": "ranks"}, FIVE),
        "cycle": Arm("two generators and a cycle, spectral norm, least squares", {"cycle": 1.0}, FIVE),
        "no cycle": Arm("the same without the cycle's weight", {"cycle": 0.0}, FIVE),
        **{f"vigenere {p}": Arm(f"Vigenère, period {p}", {"period": p}, FIVE) for p in (2, 3, 4)},
    },
    "words": {
        "alike": Arm("Procrustes from words spelled alike", {}, (10,)),  # nothing is drawn
        "dictionary": Arm("Procrustes from 183 words of a dictionary", {"by": "dictionary"}, (10,)),
        "adversarial": Arm("a GAN", {"by": "adversarial"}, FIVE),
        "begun there": Arm("a GAN, begun at the first row's rotation", {"by": "adversarial", "start": "alike"}, FIVE),
        "rotated": Arm("a GAN, English onto its own rotation", {"by": "adversarial", "to": "rotated"}, FIVE),
        "halves": Arm("a GAN, one half of English onto the other", {"by": "adversarial", "to": "halves"}, FIVE),
    },
    "numbers": {
        "likelihood": Arm("likelihood goes on", {}, FIVE),
        "verdict": Arm("D's verdict", VERDICT, FIVE),
        "both": Arm("D's verdict and likelihood", {"method": "verdict", "likelihood": 1.0}, FIVE),
        "as many steps": Arm("likelihood, as many steps as both", {"more": round(NUMBERS["more"] / BOTH)}, FIVE),
        "late likelihood": Arm("likelihood goes on, from 600 steps", {"first": 600}, FIVE),
        "late verdict": Arm("D's verdict, from 600 steps", {**VERDICT, "first": 600}, FIVE),
    },
}
COLUMNS = {
    "cipher": {name: (lambda row, name=name: row[name]) for name in ("tokens", "types", "ranks")},
    "words": {
        **{name: (lambda row, name=name: row[name][0]) for name in ("P@1", "P@5", "refined P@1", "refined P@5")},
        "refined P@1, 95 % from": lambda row: row["refined P@1"][1],
        "to": lambda row: row["refined P@1"][2],
        "last P@1": lambda row: row.get("last P@1", row["P@1"])[0],
    },
    "numbers": {
        f"{name} {when}": (lambda row, name=name, when=when: row[when][name])
        for name in ("exact", "BLEU")
        for when in ("before", "after")
    },
}


def measured(data: str, settings: dict) -> dict:
    """Train once and score."""
    measure, start = MEASURES[data]
    return measure({**start, **settings})


def cost(steps: int = 40) -> None:
    """Print what steps cost, and how many of likelihood one of a verdict takes."""
    known, secret = halves()
    for name, settings in {"one key": {}, "period 4": {"period": 4}, "cycle": {"cycle": 1.0}}.items():
        gan, batches, step = build({**CIPHER, "begin": 0, **settings}, known, secret)
        spent(train(gan, batches, 8, step=step))
        begun = time.process_time()
        spent(train(gan, batches, steps, step=step))
        print(f"{name}: {1e3 * (time.process_time() - begun) / steps:.1f} CPU-ms a step", flush=True)
    sentences.cost()


def table() -> str:
    """Medians and ranges, as Markdown."""
    lines = []
    for data, arms in ARMS.items():
        columns = COLUMNS[data]
        lines += [f"\n| {data} | {' | '.join(columns)} | CPU-s | seeds |", "|---" * (len(columns) + 3) + "|"]
        for arm, about in arms.items():
            if rows := RUNS.rows(data, arm):
                cells = [spread([column(row) for row in rows]) for column in columns.values()]
                seconds = spread([row["cpu_seconds"] for row in rows])
                lines.append(f"| {about.label} | {' | '.join(cells)} | {seconds} | {len(rows)} |")
    return "\n".join(lines)


def ship() -> None:
    """Write what notebook 15 draws: all runs, and of one how its matrix cleared up."""
    found = RUNS.read()
    films = [row for row in found["runs"] if row.get("film") and row["seed"] == min(FIVE)]
    content = {
        "settings": {data: start for data, (_, start) in MEASURES.items()},
        "arms": {data: {arm: about.label for arm, about in of.items()} for data, of in ARMS.items()},
        "runs": [{name: value for name, value in row.items() if name != "film"} for row in found["runs"]],
        "trials": RUNS.trials(ARMS),
        "key": new_key(torch.Generator().manual_seed(min(FIVE))).tolist(),
        "film": films[0]["film"] if films else [],  # [step, 27 × 27 numbers 0 … 255: how sure it is]
        "torch": torch.__version__,
        "command": "python -m benchmarks.translation",
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    torch.set_num_threads(1)
    if what not in ("", "trial", "cost", "run", "table", "ship"):
        raise SystemExit(f"trial, cost, run, table or ship, got {what!r}")
    if what == "trial":
        RUNS.trial(measured, *given)
    if what == "cost":
        cost()
    if what in ("", "run"):
        RUNS.run(measured, ARMS, given)
    if what in ("", "table"):
        print(table())
    if what == "ship":
        ship()


if __name__ == "__main__":
    main(*sys.argv[1:])
