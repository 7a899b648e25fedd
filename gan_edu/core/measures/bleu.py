"""BLEU, how many short runs of words a translation has in common with a human's, and how many sentences are exact.

Papineni et al. (2002), "BLEU: a method for automatic evaluation of machine translation", ACL, equations of section 2.3;
not smoothed, one reference a sentence, on words as they are handed over. Notebook 15_translation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from gan_edu.core.safety.checked import several, text as a_text

LONGEST = 4  # words in a run


def bleu(said: Sequence[str], right: Sequence[str]) -> float:
    """min(1, e^(1 − r/c)) · (Π_n p_n)^(1/4), in [0, 1]: p_n the share of runs of n words that the reference has, n ≤ 4.

    said, right: as many sentences, words between spaces. c, r: words in all of each. A run counts as often as the
    reference has it, at most. 0 where no run of some length is right. Raises ValueError for lists of two lengths.
    """
    said, right = _as_many(said, right)
    hits, runs, own, other = [0] * LONGEST, [0] * LONGEST, 0, 0
    for one, true in zip(said, right, strict=True):
        words, reference = one.split(), true.split()
        own, other = own + len(words), other + len(reference)
        for n in range(LONGEST):
            found, known = _runs(words, n + 1), _runs(reference, n + 1)
            hits[n] += (found & known).total()
            runs[n] += found.total()
    if not all(hits):
        return 0.0
    precision = sum(math.log(hit / run) for hit, run in zip(hits, runs, strict=True)) / LONGEST
    return math.exp(min(0.0, 1 - other / own) + precision)


def exact(said: Sequence[str], right: Sequence[str]) -> float:
    """The share of sentences that are the reference, to the letter."""
    said, right = _as_many(said, right)
    return sum(one == true for one, true in zip(said, right, strict=True)) / len(said)


def _runs(words: list[str], length: int) -> Counter:
    return Counter(tuple(words[k : k + length]) for k in range(len(words) - length + 1))


def _as_many(said: Sequence[str], right: Sequence[str]) -> tuple[list[str], list[str]]:
    said, right = several("said", said, a_text), several("right", right, a_text)
    if len(said) != len(right) or not said:
        raise ValueError(f"said and right must be as many sentences, got {len(said)} and {len(right)}")
    return said, right
