"""Texts as a network sees them: surnames and lines of verse, a token a place. Used from notebook 14_text on.

    alphabet = Alphabet()                          letters a to z, 13 places
    x = alphabet.encode(["smith", "jones"])        (2, 13, 27), one-hot; token 0 ends a text and fills what follows
    alphabet.decode(x)                             ["smith", "jones"]
    learned, held_out = split(surnames())          no text is in both

The texts come with the course: see gan_edu/data/text.
"""

from __future__ import annotations

import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import one_hot

import gan_edu
from gan_edu.core.data.mnist_files import unpacked
from gan_edu.core.safety.checked import integer, several, text
from gan_edu.core.training.tensors import tensor

FOLDER = Path(gan_edu.__file__).parent / "data" / "text"
PARTS = 4  # one of so many texts is held out
MOST_PLACES = 1000


def surnames() -> list[str]:
    """20,000 surnames of 3 to 12 letters a–z, the most frequent first. Raises OSError where the file is damaged."""
    return _lines("surnames")


def verse() -> list[str]:
    """5,234 lines of 8 to 40 characters: a–z, space and apostrophe. Raises OSError where the file is damaged."""
    return _lines("verse")


def _lines(name: str) -> list[str]:
    try:
        return unpacked(FOLDER / f"{name}.gz").decode().splitlines()
    except OSError as error:
        raise type(error)(f"{error}: install gan_edu anew (pip install --force-reinstall --no-deps)") from error


def split(texts: Sequence[str], part: int = 0) -> tuple[list[str], list[str]]:
    """(about three quarters, to learn from; about a quarter, held out), in their order, by each text's own checksum.

    A text that comes twice is on one side only. part: which quarter is held out, 0 to 3. Raises ValueError for what
    are no texts.
    """
    part, sides = integer("part", part, 0, PARTS - 1), ([], [])
    for each in several("texts", texts, text):
        sides[zlib.crc32(each.encode()) % PARTS == part].append(each)
    return sides


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
        integer("length", self.length, 2, MOST_PLACES)

    @property
    def tokens(self) -> int:
        """V: the letters, and the end."""
        return len(self.letters) + 1

    def encode(self, texts: Sequence[str], whole: bool = True) -> Tensor:
        """One-hot (N, length, V), float32; after the end comes the end again.

        whole: False for beginnings, whose places after the last letter are all 0. Raises ValueError, naming the text,
        for letters that are not in the alphabet, and for a text that leaves no place for the end.
        """
        rows = [self._places(each, whole) for each in several("texts", texts, text)]
        tokens = torch.tensor(rows, dtype=torch.long).view(-1, self.length)
        return one_hot(tokens + 1, self.tokens + 1)[..., 1:].float()  # of −1, nothing

    def _places(self, each: str, whole: bool) -> list[int]:
        if odd := sorted(set(each) - set(self.letters)):
            raise ValueError(f"{each!r} has {', '.join(map(repr, odd))}: only {self.letters!r} can be written here")
        if len(each) >= self.length:
            raise ValueError(f"{each!r} has {len(each)} letters: at most {self.length - 1} have room")
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


NAMES = Alphabet()
VERSE = Alphabet(string.ascii_lowercase + " '", 41)
