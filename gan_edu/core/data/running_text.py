"""Running text in English and Spanish, of chapters that are not the same; words, counted.

The World English Bible and the Reina-Valera of 1909, both in the public domain; `benchmarks.running_text` has made the
files. English has two of five chapters, Spanish two others, so that no verse is there in both. But what is told twice
may be: the Gospels, or Kings and Chronicles.
"""

from __future__ import annotations

import bz2
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from gan_edu.core.safety.checked import integer, one_of, several, text as a_text

TEXT = Path(__file__).parents[2] / "data" / "text"
LANGUAGES = ("en", "es")


@cache
def running_text(language: str) -> tuple[str, ...]:
    """Chapters of words in lower case with a space between two; "en" has 476 of 298,032 words, "es" 476 of 283,527."""
    language = one_of("language", language, LANGUAGES)
    return tuple(bz2.decompress((TEXT / f"{language}.txt.bz2").read_bytes()).decode().split("\n"))


class Words(NamedTuple):
    """words: the commonest, commonest first. chapters: each (L,) int64, a word's place among them, −1 for a rarer."""

    words: tuple[str, ...]
    chapters: tuple[Tensor, ...]


def counted(chapters: Sequence[str], most: int = 3000) -> Words:
    """The `most` commonest words of the chapters, ties by the alphabet, and the chapters in their numbers."""
    chapters, most = several("chapters", chapters, a_text), integer("most", most, 1)
    counts = Counter(word for each in chapters for word in each.split())
    if not counts:
        raise ValueError("chapters must hold words, and they hold none")
    words = tuple(sorted(counts, key=lambda word: (-counts[word], word))[:most])
    place = {word: k for k, word in enumerate(words)}
    return Words(words, tuple(torch.tensor([place.get(w, -1) for w in each.split()]).long() for each in chapters))
