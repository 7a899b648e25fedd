"""A writer that counts which letter follows which, without a network: the rival to beat. Used in notebook 14_text.

    counts = LetterCounts(names, after=2)          how often each letter follows each two
    counts.complete("mc", temperature=0.8)         names, drawn a letter after the other

A Markov chain of letters; Shannon (1948), "A mathematical theory of communication", section 3, drew English so.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from gan_edu.core.safety.checked import integer, real, several, text

MARK = "\n"  # before the first letter, and after the last
COLDEST, HOTTEST = 0.05, 20.0


class LetterCounts:
    """Of texts: how often each letter, or the end, follows the `after` letters before it.

    after: 0 to 10; where those letters never stood together, fewer are asked. Raises ValueError for no texts, or one of
    more than one line.
    """

    def __init__(self, texts: Sequence[str], after: int = 2):
        self.after, found = integer("after", after, 0, 10), several("texts", texts, text)
        self.longest = max(map(len, found), default=0)
        self.follows: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for each in found:
            if MARK in each:
                raise ValueError(f"a text must be one line, got {each!r:.60}")
            padded = MARK * self.after + each + MARK
            for place in range(self.after, len(padded)):
                for k in range(self.after + 1):
                    self.follows[padded[place - k : place]][padded[place]] += 1
        if not found:
            raise ValueError("texts must be one or more, got none")

    def complete(self, beginning: str = "", temperature: float = 1.0, count: int = 10, seed: int = 0) -> list[str]:
        """`count` texts that begin so, none longer than the longest counted; the same seed gives the same.

        temperature: 0.05 to 20, each count is raised to 1 / temperature: below 1 what is frequent becomes more so.
        Raises ValueError for others.
        """
        beginning = text("beginning", beginning).lower()
        power = 1 / real("temperature", temperature, COLDEST, HOTTEST)
        draw = random.Random(integer("seed", seed))

        @cache
        def next_letters(before: str) -> tuple[list[str], list[float]]:
            counts = self._after(before)
            largest = max(counts.values())
            return list(counts), list(accumulate((each / largest) ** power for each in counts.values()))

        def one() -> str:
            made = MARK * self.after + beginning
            while len(made) - self.after < self.longest:
                letters, reached = next_letters(made[len(made) - self.after :])
                letter = letters[bisect(reached, draw.random() * reached[-1], hi=len(letters) - 1)]
                if letter == MARK:
                    break
                made += letter
            return made[self.after :]

        return [one() for _ in range(integer("count", count, 1, 100_000))]

    def _after(self, before: str) -> Counter[str]:
        """What followed these letters; the last fewer of them where they never stood together."""
        starts = range(len(before) + 1)
        return next(found for start in starts if (found := self.follows.get(before[start:])) is not None)
