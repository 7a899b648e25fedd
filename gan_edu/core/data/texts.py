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
from pathlib import Path

import gan_edu
from gan_edu.core.data.mnist_files import unpacked
from gan_edu.core.safety.checked import integer, several, text
from gan_edu.core.training.alphabet import Alphabet

FOLDER = Path(gan_edu.__file__).parent / "data" / "text"
PARTS = 4  # one of so many texts is held out


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
    part = integer("part", part, 0, PARTS - 1)
    sides: tuple[list[str], list[str]] = ([], [])
    for each in several("texts", texts, text):
        sides[zlib.crc32(each.encode()) % PARTS == part].append(each)
    return sides


NAMES = Alphabet()
VERSE = Alphabet(string.ascii_lowercase + " '", 41)
