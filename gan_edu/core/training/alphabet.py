"""What a text is made of for a network: letters, an end, and so many places. Used in notebook 14_text."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass

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
        if not text("letters", self.letters) or len(set(self.letters)) != len(self.letters):
            raise ValueError(f"letters must be one or more, each once, got {self.letters!r}")
        object.__setattr__(self, "length", integer("length", self.length, 2, MOST_PLACES))

    @property
    def tokens(self) -> int:
        """V: the letters, and the end."""
        return len(self.letters) + 1

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
        if odd := sorted(set(each) - set(self.letters)):
            raise ValueError(f"{each!r} has {', '.join(map(repr, odd))}: only {self.letters!r} can be written here")
        if len(each) > (most := self.length - (not whole)):
            raise ValueError(f"{each!r} has {len(each)} letters: at most {most} have room")
        rest = self.length - len(each)
        return [self.letters.index(letter) + 1 for letter in each] + [0 if whole else -1] * rest

    def decode(self, samples: Tensor) -> list[str]:
        """Texts of samples (N, length, V): the largest number of each place is its token, up to the first end.

        Raises ValueError for another shape.
        """
        if tensor("samples", samples).shape[1:] != (self.length, self.tokens):
            raise ValueError(f"samples must be (N, {self.length}, {self.tokens}), got {tuple(samples.shape)}")
        letters = " " + self.letters
        return [
            "".join(letters[token] for token in row[: row.index(0) if 0 in row else None])
            for row in samples.argmax(2).tolist()
        ]
