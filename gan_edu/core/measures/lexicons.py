"""Words as vectors, two languages laid onto each other, and how many words find their translation.

    v = embedded_words(counted(running_text("en")))     (V, d): a word's row, from what stands near it
    W = procrustes(x, y)                                the rotation that carries pairs x onto y best
    scores = csls(v @ W, w)                             how near each is to each, hubs held down
    precision(scores, truth, 1)                         the share whose best answer is right

Levy and Goldberg (2014), "Neural word embedding as implicit matrix factorization" (PPMI and SVD); Levy, Goldberg and
Dagan (2015), TACL 3, section 3 (smoothed contexts, eigenvalues by halves); Schönemann (1966) (Procrustes); Conneau et
al. (2018), "Word translation without parallel data", arXiv 1710.04087 (CSLS); Wilson (1927) (the interval).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gan_edu.core.data.running_text import TEXT, Words
from gan_edu.core.safety.checked import integer, kind, real
from gan_edu.core.training.tensors import NUMBERS, tensor

SMOOTHED = 0.75  # the power of a context's count


def near(words: Words, window: int = 5) -> Tensor:
    """How often word j stands within `window` places of word i, (V, V) float64, symmetric. Rarer words keep a place.

    window: 1 … 100. No pair reaches over the end of a chapter.
    """
    kind("words", words, Words)
    window, size = integer("window", window, 1, 100), len(words.words)
    counts = torch.zeros(size * size, dtype=torch.float64)
    gap = torch.full((window,), -1)
    text = torch.cat([part for chapter in words.chapters for part in (chapter, gap)])
    for away in range(1, window + 1):
        one, other = text[:-away], text[away:]
        known = (one >= 0) & (other >= 0)
        counts += torch.bincount(one[known] * size + other[known], minlength=size * size)
    return (counts := counts.view(size, size)) + counts.T


def ppmi(counts: Tensor, shift: float = 0.0) -> Tensor:
    """max(0, log P(i, j) / (P(i) P*(j)) − shift), (V, V), with P*(j) ∝ n_j^0.75, which holds rare contexts down.

    counts: (V, V), ≥ 0. shift: 0 … 10. A word that is never near another has a row of zeros. Raises ValueError for
    others.
    """
    shift = real("shift", shift, 0, 10)
    n = tensor("counts", counts, NUMBERS).double()
    if n.ndim != 2 or n.shape[0] != n.shape[1] or not (n >= 0).all() or not n.sum().isfinite() or not n.sum() > 0:
        raise ValueError(f"counts must be (V, V), finite, ≥ 0 and not all 0, got the shape {tuple(n.shape)}")
    context = n.sum(0) ** SMOOTHED
    expected = n.sum(1, keepdim=True) * (context / context.sum())  # n_i P*(j)
    return torch.where(n > 0, n / expected, 1.0).log().sub(shift).clamp(min=0)  # log n_ij / (n_i P*(j)) − shift


def embedded_words(words: Words, size: int = 100, window: int = 5, shift: float = 0.0, power: float = 0.5) -> Tensor:
    """A row of length 1 for each word, (V, size), float32: U Sᵖ of the PPMI's best approximation of rank `size`.

    The mean row is taken off first. size: below the number of words. Raises ValueError where it is not, and as
    `near`, `ppmi` and `factored` do.
    """
    size = integer("size", size, 1, len(kind("words", words, Words).words) - 1)
    return factored(ppmi(near(words, window), shift), size, power)


def factored(matrix: Tensor, size: int, power: float = 0.5) -> Tensor:
    """U Sᵖ of a square matrix (V, V), its rows centred and of length 1: (V, size), float32; V > size.

    power: 0 … 1; ½ shares the singular values out between words and contexts, 0 leaves them out.
    """
    from scipy.sparse.linalg import svds

    power = real("power", power, 0, 1)

    begin = np.random.default_rng(0).standard_normal(len(matrix))
    u, s, _ = svds(matrix.double().numpy(), integer("size", size, 1, len(matrix) - 1), v0=begin)
    u = u * np.where(np.abs(u).max(0) > u.max(0), -1, 1)  # a sign that no solver chooses
    rows = torch.from_numpy((u * s**power)[:, ::-1].copy()).float()
    return unit(rows - rows.mean(0))


def unit(rows: Tensor) -> Tensor:
    """Rows (N, d) of length 1; a row of zeros stays."""
    return torch.nn.functional.normalize(rows, dim=1)


# ------------------------------------------------------------------ one language onto another


def procrustes(x: Tensor, y: Tensor) -> Tensor:
    """W = argmin ‖x W − y‖ over WᵀW = I, (d, d): U Vᵀ where xᵀ y = U S Vᵀ. x, y: (N, d), row k of one meant by row k
    of the other. Raises ValueError for shapes that differ.
    """
    x, y = _rows("x", x), _rows("y", y)
    if x.shape != y.shape:
        raise ValueError(f"x and y must be pairs of rows of one shape, got {tuple(x.shape)} and {tuple(y.shape)}")
    u, _, v = torch.linalg.svd(x.T @ y)
    return u @ v


def cosines(x: Tensor, y: Tensor) -> Tensor:
    """cos(x_i, y_j), (N, M)."""
    return unit(_rows("x", x)) @ unit(_rows("y", y)).T


def csls(x: Tensor, y: Tensor, k: int = 10) -> Tensor:
    """2 cos(x_i, y_j) − r(x_i) − r(y_j), (N, M); r: the mean cosine with the k nearest of the other language.

    A hub, near to everything, has a large r. k: at most N and M. Conneau et al. (2018), arXiv 1710.04087, section 2.3.
    """
    near = cosines(x, y)
    k = integer("k", k, 1, min(near.shape))
    return 2 * near - near.topk(k, 1).values.mean(1, keepdim=True) - near.topk(k, 0).values.mean(0)


def each_others_best(scores: Tensor) -> Tensor:
    """Pairs (i, j) of which each is the other's best, (P, 2). scores: (N, M)."""
    best, back = scores.argmax(1), scores.argmax(0)
    i = torch.arange(len(best))
    i = i[back[best] == i]
    return torch.stack([i, best[i]], 1)


def confidence(scores: Tensor, most: int = 1000) -> float:
    """The mean of the best scores of the `most` commonest words: how good an alignment is, without a dictionary.

    scores: (N, M), as of `csls`, words by how common they are. Conneau et al. (2018), arXiv 1710.04087, section 3.5.
    """
    best = _rows("scores", scores)[: integer("most", most, 1)].max(1).values
    return best.double().mean().item()


def refined(x: Tensor, y: Tensor, rounds: int = 5, most: int = 1000) -> Tensor:
    """Procrustes on pairs that are each other's best by CSLS among the `most` commonest, again and again: W (d, d).

    x, y: rows that lie near each other already, x carried over. It may lead away: see `confidence`.
    """
    most, W = integer("most", most, 10), torch.eye(_rows("x", x).shape[1], dtype=x.dtype)
    for _ in range(integer("rounds", rounds, 1, 1000)):
        pairs = each_others_best(csls(x[:most] @ W, y[:most]))
        W = procrustes(x[pairs[:, 0]], y[pairs[:, 1]])
    return W


def spelled_alike(one: Sequence[str], other: Sequence[str]) -> Tensor:
    """Places (i, j) of words that both languages write alike but for accents, (P, 2): names, mostly, and false friends.

    A word goes with the same word before one that has other accents, and with the first of several: of a vocabulary,
    with the commonest.
    """
    place = {bare(word): j for j, word in reversed(list(enumerate(other)))}
    place |= {word: j for j, word in enumerate(other) if word == bare(word)}
    return torch.tensor([(i, place[bare(word)]) for i, word in enumerate(one) if bare(word) in place]).view(-1, 2)


def bare(word: str) -> str:
    """A word without its accents: "ángel" → "angel"."""
    return "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))


# ------------------------------------------------------------------ how many words are right


@cache
def test_lexicon() -> dict[str, tuple[str, ...]]:
    """English words and the Spanish ones that count as right: 366, made for this course, none spelled alike."""
    lines = (TEXT / "lexicon_en_es.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {word: tuple(right) for word, *right in rows}


class Found(NamedTuple):
    """share: of words whose translation is among the best k. low, high: Wilson's interval. words: asked."""

    share: float
    low: float
    high: float
    words: int


def precision(
    scores: Tensor, one: Sequence[str], other: Sequence[str], truth: dict[str, tuple[str, ...]], k: int = 1
) -> Found:
    """P@k: of the truth's words the share that has a right one among its k best, with an interval of 95 %.

    scores: (N, M) for the N words of `one` and the M of `other`. Words that are not in `one` are not asked. Raises
    ValueError where none is.
    """
    k, place = integer("k", k, 1, len(other)), {word: i for i, word in enumerate(one)}
    if scores.shape != (len(one), len(other)):
        raise ValueError(f"scores must be ({len(one)}, {len(other)}), a row for each word, got {tuple(scores.shape)}")
    asked = [word for word in truth if word in place]
    if not asked:
        raise ValueError("none of the truth's words is among those that have scores")
    best = scores[[place[word] for word in asked]].topk(k, 1).indices.tolist()
    hits = sum(any(other[j] in truth[word] for j in row) for word, row in zip(asked, best, strict=True))
    return Found(hits / len(asked), *wilson(hits, len(asked)), len(asked))


def wilson(hits: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), p = hits / n: an interval for a share that stays in [0, 1].

    z: 1.96 for 95 %. Raises ValueError for hits that are not 0 … count, or a count of 0.
    """
    n = integer("count", count, 1)
    p, z = integer("hits", hits, 0, n) / n, real("z", z, above=0)
    middle, half = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2)
    low, high = (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)
    return max(0.0, min(low, p)), min(1.0, max(high, p))  # as rounding may put p outside


def _rows(name: str, rows: Tensor) -> Tensor:
    rows = tensor(name, rows, NUMBERS)
    if rows.ndim != 2 or not rows.numel() or not rows.isfinite().all():
        raise ValueError(f"{name} must be finite rows (N, d), got {tuple(rows.shape)}")
    return rows
