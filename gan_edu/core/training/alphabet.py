"""What a text is made of for a network: letters, an end, and so many places. Used in notebooks 14 and 16."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from gan_edu.core.safety.checked import flag, integer, several, text
from gan_edu.core.training.tensors import tensor

MOST_PLACES = 1000


@dataclass(frozen=True)
class Alphabet:
    """The tokens: 0 ends a text, 1 … are its letters. letters: each once. length: places, the end's among them.

    Raises ValueError for letters that come twice, none, or a length outside 2 to 1000.
    """

    letters: str = string.ascii_lowercase
    length: int = 13

    def __post_init__(self) -> None:
        text("letters", self.letters)
        if not self.symbols or len(set(self.symbols)) != len(self.symbols):
            raise ValueError(f"letters must be one or more, each once, got {self.letters!r}")
        object.__setattr__(self, "length", integer("length", self.length, 2, MOST_PLACES))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The letters one by one, in their order: token k is symbols[k − 1]."""
        return tuple(self.letters)

    @property
    def tokens(self) -> int:
        """V: the letters, and the end."""
        return len(self.symbols) + 1

    def cut(self, each: str) -> list[str]:
        """The letters of a text, known or not."""
        return list(each)

    def in_case(self, each: str) -> str:
        """A text in small letters, where the alphabet has no capitals."""
        return each.lower() if self.letters == self.letters.lower() else each

    def encode(self, texts: Sequence[str], whole: bool = True) -> Tensor:
        """One-hot (N, length, V), float32; after the end comes the end again.

        whole: False for beginnings, whose places after the last letter are all 0. Raises ValueError, naming the text,
        for letters that are not in the alphabet, a text of more than `length` letters, or a beginning of as many. A
        text of `length` letters has no end: a network that draws may write one.
        """
        whole = flag("whole", whole)
        rows = [self._places(each, whole) for each in several("texts", texts, text)]
        tokens = torch.tensor(rows, dtype=torch.long).view(-1, self.length)
        return one_hot(tokens + 1, self.tokens + 1)[..., 1:].float()  # of −1, nothing

    def _places(self, each: str, whole: bool) -> list[int]:
        letters, place = self.cut(each), {letter: k for k, letter in enumerate(self.symbols, 1)}
        if odd := sorted(set(letters) - set(place)):
            raise ValueError(f"{each!r} has {', '.join(map(repr, odd))}: only {self.letters!r} can be written here")
        if len(letters) > (most := self.length - (not whole)):
            raise ValueError(f"{each!r} has {len(letters)} letters: at most {most} have room")
        return [place[letter] for letter in letters] + [0 if whole else -1] * (self.length - len(letters))

    def decode(self, samples: Tensor) -> list[str]:
        """Texts of samples (N, length, V): the largest number of each place is its token, up to the first end.

        Raises ValueError for another shape.
        """
        if tensor("samples", samples).shape[1:] != (self.length, self.tokens):
            raise ValueError(f"samples must be (N, {self.length}, {self.tokens}), got {tuple(samples.shape)}")
        letters = ("", *self.symbols)
        return [
            "".join(letters[token] for token in row[: row.index(0) if 0 in row else None])
            for row in samples.argmax(2).tolist()
        ]


@cache
def _symbol(letters: str) -> re.Pattern[str]:
    """One of these, the longest first; else what stands in brackets; else a character."""
    longest = sorted(letters.split(), key=len, reverse=True)
    return re.compile(rf"{'|'.join(map(re.escape, longest))}|\[[^\]]*\]|.", re.DOTALL)


@dataclass(frozen=True)
class Symbols(Alphabet):
    """An alphabet whose letters are of several characters: "[=C]", "Cl". letters: all of them, a space between two.

    A text is cut into the longest symbols that it begins with; what stands in brackets is never cut. Raises as
    `Alphabet`.
    """

    letters: str = "C Cl"

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(self.letters.split())

    def cut(self, each: str) -> list[str]:
        return _symbol(self.letters).findall(each)

    def in_case(self, each: str) -> str:
        return each
