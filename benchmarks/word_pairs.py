"""Chapter 15's words: English vectors laid onto Spanish ones, from words spelled alike or by a GAN, and scored.

`benchmarks.translation` runs this. Of the test lexicon's words each second one is for tuning, on seeds below 10; the
others are asked where runs are reported. No seed changes which.
"""

from __future__ import annotations

import time
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor, nn

from benchmarks.stored_runs import FIVE
from gan_edu.core.measures.lexicons import Found, confidence, refined
from gan_edu.losses import non_saturating
from gan_edu.training_loop import GAN, train
from gan_edu.translation import (
    Rotation,
    Unconditional,
    counted,
    csls,
    embedded_words,
    precision,
    procrustes,
    running_text,
    spelled_alike,
    test_lexicon,
    unpaired,
    upright,
)
from gan_edu.tricks import smooth

WORDS = {
    "to": "es",  # or "rotated": English onto its own rotation; "halves": one half of English onto the other
    "by": "alike",  # or "adversarial"; "dictionary": from the tuning half of the lexicon
    "vocabulary": 5000,
    "size": 50,
    "window": 10,
    "shift": 0.0,
    "power": 1.0,
    "rounds": 20,  # of refining
    "refine": 1000,  # on the commonest
    "common": 3000,  # words that the GAN sees
    "start": "identity",  # or "alike": where the GAN's rotation begins
    "lr": 0.1,
    "units": 512,
    "dropout": 0.1,
    "d_steps": 5,
    "batch": 32,
    "steps": 6000,
    "seed": 0,
}
EMBEDDING = ("vocabulary", "size", "window", "shift", "power")


class Pair(NamedTuple):
    """Vectors of two sets of words, and what is right."""

    x: Tensor
    y: Tensor
    one: tuple[str, ...]
    other: tuple[str, ...]
    truth: dict[str, tuple[str, ...]]

    def found(self, W: Tensor, test: bool) -> dict[str, Found]:
        """P@1 and P@5 of a rotation, by CSLS, on one half of the truth."""
        scores, asked = csls(self.x @ W, self.y), half(self.truth, test)
        return {f"P@{k}": precision(scores, self.one, self.other, asked, k) for k in (1, 5)}


def half(truth: dict[str, tuple[str, ...]], test: bool) -> dict[str, tuple[str, ...]]:
    """Each second word: the first, third, … for tuning, the others for the test."""
    kept = set(list(test_lexicon())[int(test) :: 2])
    return {word: right for word, right in truth.items() if word in kept}


@cache
def pair(to: str, vocabulary: int, size: int, window: int, shift: float, power: float) -> Pair:
    """English and what it is laid onto."""
    chapters, same = running_text("en"), {word: (word,) for word in test_lexicon()}
    embedded = cache(lambda words: embedded_words(words, size, window, shift, power))
    if to == "halves":
        one, other = (counted(chapters[k::2], vocabulary) for k in (0, 1))
        both = {word: right for word, right in same.items() if word in one.words and word in other.words}
        return Pair(embedded(one), embedded(other), one.words, other.words, both)
    one = counted(chapters, vocabulary)
    x = embedded(one)
    if to == "rotated":
        turned = torch.linalg.qr(torch.randn(size, size, generator=torch.Generator().manual_seed(0)))[0]
        turned[:, 0] *= torch.linalg.det(turned).sign()  # a turn, as W begins at one
        return Pair(x, x @ turned, one.words, one.words, same)
    other = counted(running_text("es"), vocabulary)
    return Pair(x, embedded(other), one.words, other.words, test_lexicon())


def aligned(s: dict) -> dict:
    """A rotation, found one way or the other; P@1 and P@5 with their intervals, also refined."""
    begun, p = time.process_time(), pair(s["to"], *(s[name] for name in EMBEDDING))
    told = {}
    test, ends = s["seed"] >= min(FIVE), {}
    if s["by"] == "adversarial":
        W, last, told = adversarially(s, p)
        ends = {"last": last}
    else:
        pairs = spelled_alike(p.one, p.other) if s["by"] == "alike" else told_pairs(p)
        W, told["pairs"] = from_pairs(p, pairs), len(pairs)
    ends["refined"] = W @ refined(p.x @ W, p.y, s["rounds"], s["refine"])
    rows = p.found(W, test)
    for when, each in ends.items():
        rows |= {f"{when} {name}": found for name, found in p.found(each, test).items()}
    told |= {"confidence": round(confidence(csls(p.x @ W, p.y)), 5)}
    shares = {name: [round(value, 5) for value in each] for name, each in rows.items()}
    return {**shares, **told, "cpu_seconds": round(time.process_time() - begun, 1)}


def from_pairs(p: Pair, pairs: Tensor) -> Tensor:
    """Procrustes on places (i, j), (P, 2) → W."""
    return procrustes(p.x[pairs[:, 0]], p.y[pairs[:, 1]])


def told_pairs(p: Pair) -> Tensor:
    """Places (i, j) of the lexicon's tuning half, (P, 2): each word with the first that is right."""
    known = [(word, right[0]) for word, right in half(p.truth, False).items() if word in p.one]
    return torch.tensor([(p.one.index(word), p.other.index(right)) for word, right in known if right in p.other])


def adversarially(s: dict, p: Pair) -> tuple[Tensor, Tensor, dict]:
    """Rotations: the one with the best confidence on the way, and the last; D's share of right verdicts on words it
    learned from and on others: each fifth is held out."""
    torch.manual_seed(s["seed"])
    x, y = p.x[: s["common"]], p.y[: s["common"]]
    held = torch.arange(len(x)) % 5 == 0
    layers = nn.Linear(s["size"], s["units"]), nn.LeakyReLU(0.2), nn.Linear(s["units"], 1)
    G, D = Rotation(s["size"]), Unconditional(nn.Sequential(nn.Dropout(s["dropout"]), *layers))
    if s["start"] == "alike":
        W = from_pairs(p, spelled_alike(p.one, p.other))
        G.load_state_dict({"weight": W @ refined(p.x @ W, p.y, s["rounds"], s["refine"])})
    sgd = [torch.optim.SGD(each.parameters(), s["lr"]) for each in (G, D)]
    pieces = {"d_steps": s["d_steps"], "after_step": [upright(0.01)], "seed": s["seed"]}
    gan = GAN(G, D, 0, smooth(non_saturating, 0.9, 0.1), *sgd, **pieces)
    best, kept = -9.0, G.weight.detach().clone()
    for record in train(gan, unpaired(y[~held], x[~held], s["batch"], s["seed"]), s["steps"]):
        if record.step % max(1, s["steps"] // 20) == 0:
            now = confidence(csls(x @ G.weight.detach(), y))
            if now > best:
                best, kept = now, G.weight.detach().clone()
    last = G.weight.detach()
    with torch.no_grad():
        right = torch.cat([gan.judge(y) > 0, gan.judge(x @ last) < 0], 1).double()  # (V, 2)
    told = {name: round(right[of].mean().item(), 5) for name, of in (("D seen", ~held), ("D held out", held))}
    return kept, last, told
