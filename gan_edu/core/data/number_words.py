"""Numbers in the words of two languages: a million pairs of sentences, without anybody's copyright.

`num2words` (LGPL) says them; it is needed here alone. "quatre-vingt-dix" is cut at its hyphens, which are symbols too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from gan_edu.core.safety.checked import integer, one_of, several, text as a_text
from gan_edu.core.training.translator import END, PAD

PART = re.compile(r"[^\W\d_]+|-|,")
LARGEST = 999_999


def said(numbers: Iterable[int], language: str = "en") -> list[str]:
    """Numbers 0 … 999,999 in words: [21] → ["twenty-one"], in "fr" ["vingt et un"].

    Raises ImportError, with the cure, where num2words is missing; ValueError for other numbers or languages.
    """
    language = one_of("language", language, ("en", "fr", "es", "de"))
    numbers = several("numbers", numbers, lambda name, each: integer(name, each, 0, LARGEST))
    try:
        from num2words import num2words
    except ImportError as error:
        raise ImportError("numbers in words need the package num2words: pip install num2words") from error
    return [num2words(each, lang=language) for each in numbers]


def parts(sentence: str) -> list[str]:
    """Words, hyphens and commas of a sentence."""
    return PART.findall(a_text("sentence", sentence))


def joined(cut: Sequence[str]) -> str:
    """The way back: no space beside a hyphen, none before a comma."""
    return re.sub(r" ?- ?", "-", " ".join(cut)).replace(" ,", ",")


def vocabulary(sentences: Iterable[str]) -> tuple[str, ...]:
    """All parts by the alphabet, behind the three symbols that stand for no word."""
    return ("·", "<", ">", *sorted({part for each in several("sentences", sentences, a_text) for part in parts(each)}))


def in_symbols(sentences: Iterable[str], words: Sequence[str]) -> Tensor:
    """(N, T) int64: each sentence's places in the vocabulary, the END behind them, then PAD. Raises ValueError for a
    part that is not there."""
    place = {word: k for k, word in enumerate(words)}
    cut = [parts(each) for each in several("sentences", sentences, a_text)]
    if strange := {part for each in cut for part in each} - set(place):
        raise ValueError(f"the vocabulary has no {', '.join(sorted(strange)[:5])}")
    rows = [torch.tensor([*(place[part] for part in each), END]) for each in cut]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)


def in_words(symbols: Tensor, words: Sequence[str]) -> list[str]:
    """The way back, (N, T) → N sentences, each up to its first END."""
    return [joined([words[k] for k in row[: _length(row)] if k > END]) for row in symbols.tolist()]


def _length(row: list[int]) -> int:
    return row.index(END) if END in row else len(row)
