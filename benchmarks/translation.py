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
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from benchmarks.stored_runs import FIVE, RESULTS, Arm, StoredRuns, spread
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.number_words import in_symbols, in_words, said, vocabulary
from gan_edu.core.measures.bleu import bleu, exact
from gan_edu.core.measures.lexicons import Found, confidence, refined
from gan_edu.core.safety import durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.translator import SentenceCritic, Translator, by_likelihood, by_verdict
from gan_edu.losses import least_squares, non_saturating, wasserstein
from gan_edu.training_loop import GAN, Player, adam, train
from gan_edu.translation import (
    SYMBOLS,
    Critic,
    Decipher,
    Rotation,
    Unconditional,
    by_frequency,
    counted,
    csls,
    cycling,
    embedded_words,
    letters,
    new_key,
    precision,
    procrustes,
    read,
    running_text,
    spelled_alike,
    substituted,
    test_lexicon,
    unpaired,
    upright,
    vigenere,
    windows,
)
from gan_edu.tricks import smooth, spectral_norm, wgan_gp

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


# ------------------------------------------------------------------ words

WORDS = {
    "to": "es",  # or "rotated": English onto its own rotation; "halves": one half of English onto the other
    "by": "alike",  # or "adversarial"
    "size": 100,
    "window": 10,
    "common": 3000,  # words that the GAN sees
    "rounds": 5,  # of refining
    "lr": 0.1,
    "units": 512,
    "d_steps": 5,
    "batch": 32,
    "steps": 6000,
    "seed": 0,
}


class Pair(NamedTuple):
    """Vectors of two sets of words, and what is right."""

    x: Tensor
    y: Tensor
    one: tuple[str, ...]
    other: tuple[str, ...]
    truth: dict[str, tuple[str, ...]]

    def found(self, W: Tensor) -> dict[str, Found]:
        """P@1 and P@5 of a rotation, by CSLS."""
        scores = csls(self.x @ W, self.y)
        return {f"P@{k}": precision(scores, self.one, self.other, self.truth, k) for k in (1, 5)}


@cache
def pair(to: str, size: int, window: int) -> Pair:
    """English and what it is laid onto."""
    chapters, same = running_text("en"), {word: (word,) for word in test_lexicon()}
    if to == "halves":
        one, other = (counted(chapters[k::2]) for k in (0, 1))
        x, y = (embedded_words(each, size, window) for each in (one, other))
        return Pair(x, y, one.words, other.words, {word: right for word, right in same.items() if word in other.words})
    one = counted(chapters)
    x = embedded_words(one, size, window)
    if to == "rotated":
        turned = torch.linalg.qr(torch.randn(size, size, generator=torch.Generator().manual_seed(0)))[0]
        return Pair(x, x @ turned, one.words, one.words, same)
    other = counted(running_text("es"))
    return Pair(x, embedded_words(other, size, window), one.words, other.words, test_lexicon())


def aligned(s: dict) -> dict:
    """A rotation, found one way or the other; P@1 and P@5 with their intervals, also refined."""
    begun, p = time.process_time(), pair(s["to"], s["size"], s["window"])
    told = {}
    if s["by"] == "alike":
        i, j = spelled_alike(p.one, p.other).T
        W = procrustes(p.x[i], p.y[j])
        told["pairs"] = len(i)
    else:
        W, told = adversarially(s, p)
    better = W @ refined(p.x @ W, p.y, s["rounds"])
    rows = {**p.found(W), **{f"refined {name}": each for name, each in p.found(better).items()}}
    told |= {"confidence": round(confidence(csls(p.x @ W, p.y)), 5)}
    shares = {name: [round(value, 5) for value in each] for name, each in rows.items()}
    return {**shares, **told, "cpu_seconds": round(time.process_time() - begun, 1)}


def adversarially(s: dict, p: Pair) -> tuple[Tensor, dict]:
    """The rotation with the best confidence on the way; D's share of right verdicts on words it learned from and on
    others: each fifth is held out."""
    torch.manual_seed(s["seed"])
    x, y = p.x[: s["common"]], p.y[: s["common"]]
    held = torch.arange(len(x)) % 5 == 0
    D = Unconditional(
        nn.Sequential(nn.Dropout(0.1), nn.Linear(s["size"], s["units"]), nn.LeakyReLU(0.2), nn.Linear(s["units"], 1))
    )
    G = Rotation(s["size"])
    sgd = [torch.optim.SGD(each.parameters(), s["lr"]) for each in (G, D)]
    pieces = {"d_steps": s["d_steps"], "after_step": [upright(0.01)], "seed": s["seed"]}
    gan = GAN(G, D, 0, smooth(non_saturating, 0.9, 0.1), *sgd, **pieces)
    best, kept = -9.0, G.weight.detach().clone()
    for record in train(gan, unpaired(y[~held], x[~held], s["batch"], s["seed"]), s["steps"]):
        if record.step % max(1, s["steps"] // 20) == 0:
            now = confidence(csls(x @ G.weight.detach(), y))
            if now > best:
                best, kept = now, G.weight.detach().clone()
    with torch.no_grad():
        right = torch.cat([gan.judge(y) > 0, gan.judge(x @ G.weight) < 0], 1).double()  # (V, 2)
    return kept, {"D seen": round(right[~held].mean().item(), 5), "D held out": round(right[held].mean().item(), 5)}


# ------------------------------------------------------------------ sentences

NUMBERS = {
    "method": "likelihood",  # or "verdict"
    "likelihood": 0.0,  # its weight beside the verdict
    "units": 64,
    "pairs": 10_000,
    "first": 600,  # steps of likelihood that both begin with
    "more": 600,
    "lr": 2e-3,
    "g_lr": 2e-4,
    "d_lr": 1e-3,
    "batch": 64,
    "seed": 0,
}
A_VERDICT = 4.0  # steps of likelihood that one of a verdict takes as long as: see `cost`
ASKED = 1000


class Sentences(NamedTuple):
    """Numbers in English and French; the first ASKED are not learned from."""

    source: Tensor
    target: Tensor
    words: tuple[tuple[str, ...], tuple[str, ...]]
    right: list[str]


@cache
def sentences(count: int, test: bool) -> Sentences:
    """Numbers below a million, of another stream for runs than for trials; none is there twice."""
    stream = torch.Generator().manual_seed(1 if test else 0)
    numbers = torch.randperm(1_000_000, generator=stream)[: ASKED + count].tolist()
    both = [said(numbers, language) for language in ("en", "fr")]
    words = [vocabulary(each) for each in both]
    source, target = (in_symbols(each, of) for each, of in zip(both, words, strict=True))
    return Sentences(source, target, (words[0], words[1]), both[1][:ASKED])


def taught(s: dict) -> dict:
    """Likelihood first, then one of the two for as long; exact sentences and BLEU, before and after."""
    data = sentences(s["pairs"], s["seed"] >= min(FIVE))
    torch.manual_seed(s["seed"])
    sizes = [len(each) for each in data.words]
    G, D = Translator(*sizes, s["units"]), SentenceCritic(*sizes, s["units"])
    batches = Batches(data.target[ASKED:].float(), s["batch"], s["seed"], conditions=data.source[ASKED:])
    gan = GAN(G, None, 0, g_optimizer=adam(G, s["lr"], (0.9, 0.999)), seed=s["seed"])
    _spent(train(gan, batches, s["first"], step=by_likelihood()))
    before = scored(G, data)
    begun = time.process_time()
    if s["method"] == "likelihood":
        _spent(train(gan, batches, s["more"], step=by_likelihood()))
    else:
        optimizers = adam(G, s["g_lr"], (0.9, 0.999)), adam(D, s["d_lr"], (0.5, 0.999))
        gan = GAN(G, D, 0, non_saturating, *optimizers, seed=s["seed"])
        _spent(train(gan, batches, round(s["more"] / A_VERDICT), step=by_verdict(s["likelihood"])))
    seconds = time.process_time() - begun
    return {"before": before, "after": scored(G, data), "cpu_seconds": round(seconds, 1)}


def _spent(records: Iterator) -> None:
    for _ in records:
        pass


def scored(G: Translator, data: Sentences) -> dict[str, float]:
    """On numbers that were not learned from."""
    answers = in_words(G.translated(data.source[:ASKED]), data.words[1])
    return {"exact": exact(answers, data.right), "BLEU": round(bleu(answers, data.right), 5)}


# ------------------------------------------------------------------ arms, tables

MEASURES: dict[str, tuple[Callable[[dict], dict], dict]] = {
    "cipher": (deciphered, CIPHER),
    "words": (aligned, WORDS),
    "numbers": (taught, NUMBERS),
}
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
        "adversarial": Arm("a GAN", {"by": "adversarial"}, FIVE),
        "rotated": Arm("a GAN, English onto its own rotation", {"by": "adversarial", "to": "rotated"}, FIVE),
        "halves": Arm("a GAN, one half of English onto the other", {"by": "adversarial", "to": "halves"}, FIVE),
    },
    "numbers": {
        "likelihood": Arm("likelihood goes on", {}, FIVE),
        "verdict": Arm("D's verdict", {"method": "verdict"}, FIVE),
        "both": Arm("D's verdict and likelihood", {"method": "verdict", "likelihood": 1.0}, FIVE),
    },
}
COLUMNS = {
    "cipher": {name: (lambda row, name=name: row[name]) for name in ("tokens", "types", "ranks")},
    "words": {name: (lambda row, name=name: row[name][0]) for name in ("P@1", "P@5", "refined P@1", "refined P@5")},
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
        _spent(train(gan, batches, 8, step=step))
        begun = time.process_time()
        _spent(train(gan, batches, steps, step=step))
        print(f"{name}: {1e3 * (time.process_time() - begun) / steps:.1f} CPU-ms a step", flush=True)
    spent = {}
    for method in ("likelihood", "verdict"):
        begun = time.process_time()
        s = {**NUMBERS, "first": 0, "more": steps if method == "likelihood" else A_VERDICT * steps, "method": method}
        spent[method] = taught(s)["cpu_seconds"] / steps
        print(f"{method}: {1e3 * spent[method]:.1f} CPU-ms a step", flush=True)
    print(f"a verdict takes {spent['verdict'] / spent['likelihood']:.2f} steps of likelihood; A_VERDICT = {A_VERDICT}")


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
