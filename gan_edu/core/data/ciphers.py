"""Ciphers over 27 symbols, the letters a–z and the space: substitution, Vigenère, and what to lay before a network.

A text is a tensor (L,) of whole numbers 0 … 26, `ALPHABET[k]` the symbol; a key is a permutation of these. All are pure
functions: the same text and key give the same cipher text.

    text = letters("Attack at dawn")
    hidden = substituted(text, key)                 each symbol by another, everywhere the same
    substituted(hidden, undone(key)) == text
    vigenere(text, (3, 0, 19))                      place l by shifts[l mod 3]: three alphabets in turn
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from gan_edu.core.safety.checked import integer, kind, several, text as a_text

ALPHABET = "abcdefghijklmnopqrstuvwxyz "
SYMBOLS = len(ALPHABET)
DROPPED = re.compile(r"['’\u0300-\u036f]")  # apostrophes, and accents once they stand alone
# Letters that no accent makes: as one writes them where only a–z are at hand.
WRITTEN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i"}
)
OTHERS = re.compile(r"[^a-z]+")
PLACE = {symbol: k for k, symbol in enumerate(ALPHABET)}


def letters(text: str) -> Tensor:
    """The text's symbols, (L,) int64: lower case, without accents and apostrophes, ß as ss and æ as ae; whatever
    else is there is a space.

    Several spaces become one, those at the ends go. Raises ValueError where no letter is left.
    """
    plain = unicodedata.normalize("NFKD", a_text("text", text)).lower()
    found = OTHERS.sub(" ", DROPPED.sub("", plain).translate(WRITTEN)).strip()
    if not found:
        raise ValueError("text must hold at least one letter a–z")
    codes = torch.tensor(list(found.encode())) - ord("a")
    return torch.where(codes < 0, PLACE[" "], codes)


def spelled(text: Tensor) -> str:
    """The way back, as a str. text: (L,) of 0 … 26."""
    return "".join(ALPHABET[k] for k in _symbols("text", text).tolist())


def new_key(stream: torch.Generator) -> Tensor:
    """A key, (27,): each of the 27! ≈ 10²⁸ permutations is as likely."""
    return torch.randperm(SYMBOLS, generator=kind("stream", stream, torch.Generator))


def keyword_key(word: str) -> Tensor:
    """The key of a word, (27,): its symbols, each once, then the others, in turn from the last of these on.

    "zebra" gives z e b r a c d f …; whoever knows the word knows the key. Raises ValueError where no letter is there.
    """
    first = list(dict.fromkeys(letters(word).tolist()))
    others = ((first[-1] + k) % SYMBOLS for k in range(1, SYMBOLS))
    return torch.tensor(first + [symbol for symbol in others if symbol not in first])


def undone(key: Tensor) -> Tensor:
    """The key (27,) that undoes this one: undone(key)[key[k]] = k. Raises ValueError for what is no permutation."""
    return _key(key).argsort()


def substituted(text: Tensor, key: Tensor) -> Tensor:
    """c_l = key[t_l], (L,). key: (27,), a permutation. Raises ValueError for others."""
    return _key(key)[_symbols("text", text)]


def vigenere(text: Tensor, shifts: Sequence[int]) -> Tensor:
    """c_l = (t_l + shifts[l mod p]) mod 27, (L,), p the number of shifts, each 0 … 26. The shifts' negatives, mod 27,
    undo it. Raises ValueError for none, or others.
    """
    shifts = several("shifts", shifts, lambda name, each: integer(name, each, 0, SYMBOLS - 1))
    if not shifts:
        raise ValueError("shifts must be one or more numbers 0 … 26, one for each place of the key")
    text = _symbols("text", text)
    places = torch.arange(len(text)) % len(shifts)
    return (text + torch.tensor(shifts)[places]) % SYMBOLS


def by_frequency(hidden: Tensor, known: Tensor) -> Tensor:
    """What each cipher symbol stands for, (27,), if the k-th commonest of one text is the k-th commonest of the other.

    hidden: cipher text (L,); known: plain text (M,) of the same kind. Ties go by the alphabet.
    """
    ranks = [
        torch.bincount(_symbols(name, each), minlength=SYMBOLS).argsort(descending=True, stable=True)
        for name, each in (("hidden", hidden), ("known", known))
    ]
    guess = torch.empty(SYMBOLS, dtype=torch.int64)
    guess[ranks[0]] = ranks[1]
    return guess


def windows(text: Tensor, length: int) -> Tensor:
    """The text in pieces side by side, (N, 27, length), float32: 1 where a symbol stands. An odd rest is left out.

    Raises ValueError for a text that is shorter than `length`.
    """
    text, length = _symbols("text", text), integer("length", length, 1)
    count = len(text) // length
    if not count:
        raise ValueError(f"a text of {len(text)} symbols has no window of {length}: take a longer text")
    return one_hot(text[: count * length].view(count, length), SYMBOLS).mT.float()  # (N, 27, L)


def _symbols(name: str, value: Tensor) -> Tensor:
    kind(name, value, Tensor)
    if value.ndim != 1 or value.dtype != torch.int64 or not len(value):
        raise ValueError(
            f"{name} must be symbols (L,), int64, as letters(…) gives them, got {value.dtype} {tuple(value.shape)}"
        )
    if value.min() < 0 or value.max() >= SYMBOLS:
        raise ValueError(f"{name} must hold symbols 0 … 26, got {value.min().item()} … {value.max().item()}")
    return value


def _key(key: Tensor) -> Tensor:
    key = _symbols("key", key)
    if not torch.equal(key.sort().values, torch.arange(SYMBOLS)):
        raise ValueError("key must hold each of 0 … 26 once, as new_key(stream) does")
    return key
