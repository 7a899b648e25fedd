"""Chapter 15 measured: keys found, words found, and what a GAN does after likelihood.

    python -m benchmarks.translation trial cipher gumbel '{"g_lr": 0.02}'   one trial, on seed 0 unless it says "seed"
    python -m benchmarks.translation cost                                   CPU-ms a step
    python -m benchmarks.translation run [cipher …]                         all runs that are not stored, seed by seed
    python -m benchmarks.translation table                                  medians and ranges
    python -m benchmarks.translation ship                                   what the notebook draws, a deciphering

What was tuned was tuned on seeds 0–2; runs are of seeds 10–14. What is done stands in `benchmarks.ciphers`,
`benchmarks.word_pairs` and `benchmarks.sentences`. Numbers in words need num2words; `cipher` and `words` do not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

from benchmarks import ciphers, sentences
from benchmarks.ciphers import CIPHER, deciphered, matrix
from benchmarks.sentences import BOTH, NUMBERS, taught
from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, command, spread
from benchmarks.word_pairs import WORDS, aligned
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.translation import new_key

RUNS = StoredRuns(RESULTS / "translation.json", unshown=("way", "film"))
SHIPPED = Path(__file__).parents[1] / "gan_edu" / "data" / "translation.json"

# ------------------------------------------------------------------ arms, tables

MEASURES: dict[str, tuple[Callable[[dict], dict], dict]] = {
    "cipher": (deciphered, CIPHER),
    "words": (aligned, WORDS),
    "numbers": (taught, NUMBERS),
}
VERDICT = {"method": "verdict", "g_lr": 5e-5, "d_first": 50}
ARMS = {
    "cipher": {
        "gumbel": Arm("hard draws", {"film": min(FIVE)}, FIVE),
        "more keys": Arm("hard draws, twenty more keys", {}, tuple(range(20, 40))),
        "adam": Arm("hard draws, G by Adam", {"momentum": None, "g_lr": 0.03}, FIVE),
        "softmax": Arm("soft rows", {"way": "softmax", "g_lr": 0.5}, FIVE),
        "sinkhorn": Arm("soft rows and columns", {"way": "sinkhorn", "g_lr": 0.5}, FIVE),
        "ranks first": Arm("hard draws, begun at the ranks", {"start": "ranks", "push": 1.0, "g_lr": 1.0}, FIVE),
        "cycle": Arm("a cycle of two generators", {"cycle": 1.0, "steps": 1000}, FIVE),
        "no cycle": Arm("the same, the cycle's weight 0", {"cycle": 0.0, "steps": 1000}, FIVE),
        # as each was after three trials, with the settings of hard draws
        "softmax before": Arm("soft rows", {"way": "softmax"}, FIVE),
        "sinkhorn before": Arm("soft rows and columns", {"way": "sinkhorn"}, FIVE),
        "ranks first before": Arm("hard draws, begun at the ranks", {"start": "ranks"}, FIVE),
        "cycle before": Arm("a cycle of two generators", {"cycle": 1.0}, FIVE),
        "no cycle before": Arm("the same, the cycle's weight 0", {"cycle": 0.0}, FIVE),
        **{
            f"vigenere {p}": Arm(f"Vigenère, period {p}", {"period": p, "g_lr": 1.25 * p, "steps": 800}, FIVE)
            for p in (2, 3, 4)
        },
    },
    "words": {
        "alike": Arm("from words spelled alike", {}, (10,)),  # nothing is drawn
        "dictionary": Arm("from 183 words of a dictionary", {"by": "dictionary"}, (10,)),
        "adversarial": Arm("a GAN", {"by": "adversarial"}, FIVE),
        "begun there": Arm("a GAN, begun at the refined turn", {"by": "adversarial", "start": "alike"}, FIVE),
        "rotated": Arm("a GAN, English onto its own turn", {"by": "adversarial", "to": "rotated"}, FIVE),
        "halves told": Arm("half of English, from 183 words", {"by": "dictionary", "to": "halves"}, (10,)),
        "halves": Arm("a GAN, half of English onto half", {"by": "adversarial", "to": "halves"}, FIVE),
    },
    "numbers": {
        "likelihood": Arm("likelihood goes on", {}, FIVE),
        "verdict": Arm("D's verdict", VERDICT, FIVE),
        "both": Arm("D's verdict and likelihood", {"method": "verdict", "likelihood": 1.0}, FIVE),
        "as many steps": Arm("likelihood, as many steps as both", {"more": round(NUMBERS["more"] / BOTH)}, FIVE),
        "long verdict": Arm("D's verdict, four times as long", {**VERDICT, "g_lr": 2e-4, "more": 2200}, FIVE),
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
        "film": [[step, matrix(look)] for step, look in (films[0]["film"] if films else [])],
        "torch": torch.__version__,
        "command": "python -m benchmarks.translation",
    }
    durable.write(SHIPPED, (as_json(content, separators=(",", ":"), ensure_ascii=False) + "\n").encode())
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size / 1e3:.0f} KB; now python tools/course.py shipped")


def run(*wanted: str) -> None:
    """All runs that are not stored yet."""
    RUNS.run(measured, ARMS, wanted)


def cost() -> None:
    """Print what steps cost."""
    ciphers.cost()
    sentences.cost()


def main(what: str = "", *given: str) -> None:
    """The command; without a word, run and table."""
    trial = partial(RUNS.trial, measured)
    command(what, given, {"trial": trial, "cost": cost, "run": run, "table": table, "ship": ship})


if __name__ == "__main__":
    main(*sys.argv[1:])
