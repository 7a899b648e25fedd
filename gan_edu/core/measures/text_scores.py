"""How good and how varied texts are: n-grams beside held-out texts, BLEU and self-BLEU, copies, validity.

    ngram_divergence(made, held_out)        0: the same 3-grams as often; 1: none in common
    unique(made), copied(made, learned)     shares: of different ones; of those that were learned from
    bleu(made, held_out), self_bleu(made)   quality; sameness

A text is a str, whose items are its letters, or a list of words. None of these scores means much without what noise, a
constant and the data themselves score on as many texts: a divergence of two samples of one distribution is above 0, and
the more so the fewer they are. Papineni et al. (2002), "BLEU"; Zhu et al. (2018), "Texygen", arXiv 1802.01886
(self-BLEU); Lin (1991) (Jensen–Shannon). Used in notebook 14_text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from gan_edu.core.safety.checked import function, integer

Text = str | Sequence[str]
ENDS = ("\n",)  # before the first item and after the last
FLOOR = 0.1  # matches, where there are none
SHORTEST, LONGEST = 3, 12  # letters of a surname, as they are shipped
THRICE = re.compile(r"(.)\1\1")


def _texts(name: str, texts: Iterable[Text], least: int = 1) -> list[Text]:
    if isinstance(texts, str):
        raise ValueError(f"{name} must be a list of texts, got one text, {texts!r}: put it into a list")
    if len(found := list(texts)) < least:
        raise ValueError(f"{name} must be {least} texts or more, got {len(found)}")
    return found


def _ngrams(text: Text, n: int) -> Counter:
    """How often each n items in a row come, as tuples."""
    return Counter(zip(*(text[k:] for k in range(n)), strict=False))


def ngram_divergence(texts: Iterable[Text], others: Iterable[Text], n: int = 3) -> float:
    """Jensen–Shannon divergence of the n-grams of two sets of texts, in bits: 0 to 1.

    ½ KL(p ‖ m) + ½ KL(q ‖ m) with m = (p + q) / 2. A mark stands before and after each text, so that how texts begin,
    end and how long they are counts, too. n ≥ 1. Raises ValueError for no texts.
    """
    n = integer("n", n, 1, 100)
    p, q = (_shares(_texts(name, each), n) for name, each in (("texts", texts), ("others", others)))
    divergence = 0.0
    for key in p.keys() | q.keys():
        a, b = p.get(key, 0.0), q.get(key, 0.0)
        divergence += sum(x * math.log2(2 * x / (a + b)) for x in (a, b) if x) / 2
    return min(1.0, max(0.0, divergence))


def _shares(texts: list[Text], n: int) -> dict[tuple, float]:
    counts: Counter = Counter()
    for each in texts:
        counts.update(_ngrams((*ENDS, *each, *ENDS), n))
    total = sum(counts.values())
    if not total:
        raise ValueError(f"no text has {n} items in a row: take a smaller n")
    return {key: count / total for key, count in counts.items()}


def unique(texts: Iterable[Text]) -> float:
    """How many different texts there are, as a share. It falls with the count: compare equal counts."""
    found = [tuple(each) for each in _texts("texts", texts)]
    return len(set(found)) / len(found)


def copied(texts: Iterable[Text], learned: Iterable[Text]) -> float:
    """The share of texts that are among those learned from."""
    known, found = {tuple(each) for each in learned}, _texts("texts", texts)
    return sum(tuple(each) in known for each in found) / len(found)


def share(texts: Iterable[Text], valid: Callable[[Text], bool]) -> float:
    """The share of texts that are valid. valid: a text → True or False."""
    function("valid", valid, "a text → True or False")
    found = _texts("texts", texts)
    return sum(bool(valid(each)) for each in found) / len(found)


def valid_name(text: Text) -> bool:
    """3 to 12 letters, a vowel or y among them, and none thrice in a row: a rule, not a reader's judgement."""
    return SHORTEST <= len(text) <= LONGEST and any(c in "aeiouy" for c in text) and not THRICE.search("".join(text))


def of_words(words: Iterable[str]) -> Callable[[Text], bool]:
    """A text → whether it has words, all of them among `words`."""
    known = set(words)
    return lambda text: bool(found := "".join(text).split()) and all(word in known for word in found)


# ------------------------------------------------------------------ BLEU


def bleu(texts: Iterable[Text], references: Iterable[Text], n: int = 4) -> float:
    """The mean of each text's BLEU beside all references, 0 to 1: how much of it stands in one of them.

        BLEU = min(1, exp(1 − r/c)) · (p_1 · … · p_n)^(1/n)

    p_k: the share of its k-grams that are in a reference, each counted as often as one reference has it; c: its length,
    r: that of the reference nearest in length. Where none matches, p_k = 0.1 / count, and where no item does, BLEU = 0;
    a text shorter than n is judged by the k-grams it has. Papineni et al. (2002), sections 2.1–2.3. Raises ValueError
    for no texts, or n below 1.
    """
    table = _Table(_texts("references", references), integer("n", n, 1, 100))
    found = _texts("texts", texts)
    return sum(table.score(each, own=False) for each in found) / len(found)


def self_bleu(texts: Iterable[Text], n: int = 4) -> float:
    """The mean of each text's BLEU beside all others of the same set: 1 where all are the same (Zhu et al. 2018).

    It rises with the count: compare equal counts. Raises ValueError for fewer than two texts.
    """
    table = _Table(found := _texts("texts", texts, 2), integer("n", n, 1, 100))
    return sum(table.score(each, own=True) for each in found) / len(found)


class _Table:
    """Of references: how often one of them has each k-gram at most, by how many, and at most beside those."""

    def __init__(self, references: list[Text], n: int):
        self.n, self.lengths = n, Counter(map(len, references))
        self.most: dict[tuple, tuple[int, int, int]] = {}
        for each in references:
            for k in range(1, n + 1):
                for key, count in _ngrams(each, k).items():
                    top, times, second = self.most.get(key, (0, 0, 0))
                    if count > top:
                        self.most[key] = (count, 1, top)
                    elif count == top:
                        self.most[key] = (top, times + 1, second)
                    else:
                        self.most[key] = (top, times, max(second, count))

    def score(self, text: Text, own: bool) -> float:
        """own: the text itself is one of the references, and is left out once."""
        if not len(text):
            return 0.0
        logs = []
        for k in range(1, min(self.n, len(text)) + 1):
            counts = _ngrams(text, k)
            right = sum(min(count, self._most(key, count if own else 0)) for key, count in counts.items())
            if k == 1 and not right:
                return 0.0
            logs.append(math.log((right or FLOOR) / sum(counts.values())))
        return self._brevity(len(text), own) * math.exp(sum(logs) / len(logs))

    def _most(self, key: tuple, mine: int) -> int:
        top, times, second = self.most.get(key, (0, 0, 0))
        return second if mine == top and times == 1 else top

    def _brevity(self, length: int, own: bool) -> float:
        lengths = self.lengths - Counter([length]) if own else self.lengths
        nearest = min(lengths, key=lambda each: (abs(each - length), each))
        return min(1.0, math.exp(1 - nearest / length))
