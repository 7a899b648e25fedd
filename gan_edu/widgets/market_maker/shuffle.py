"""The same shuffles in Python and in a browser: whole numbers only, so that math.js has each of them to the last bit.

Numbers: Marsaglia (2003), "Xorshift RNGs", Journal of Statistical Software 8(14), shifts 13, 17 and 5. Order: Fisher
and Yates, from the last place to the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gan_edu.core.safety.checked import integer

SPREAD, WARM = 2654435761, 8  # neighbouring seeds begin far apart, and a few numbers later
ALL = 2**32
MOST_ROUNDS = 20
OF_GAME, OF_DEAL, OF_SIDES = 10_000, 20_000, 30_000  # seeds: what the game does has no shuffle's number
MOST_PLACES = 10**6


class Round(NamedTuple):
    """One path and its shuffle, side by side. shuffled: the place of the shuffle, 0 or 1."""

    model: int
    path: int
    shuffled: int


def order(count: int, seed: int) -> list[int]:
    """The numbers 0 … count − 1 in another order, each order as likely as any other; the same seed gives the same."""
    places, numbers = list(range(integer("count", count, 0, MOST_PLACES))), _numbers(integer("seed", seed))
    for k in range(len(places) - 1, 0, -1):
        j = next(numbers) * (k + 1) // ALL
        places[k], places[j] = places[j], places[k]
    return places


def game_order(path: int, days: int) -> list[int]:
    """The order in which the game shuffles the days of the path that stands at this place: for who asks D of it."""
    days, path = integer("days", days, 0, MOST_PLACES), integer("path", path, 0, MOST_PLACES)
    return order(days, OF_GAME + path)


def rounds(models: int, paths: int, deal: int = 0) -> list[Round]:
    """The rounds of a game over all paths of all models, at most 20. deal: another one deals others."""
    models, paths = integer("models", models, 1, 100), integer("paths", paths, 1, 1000)
    deal = integer("deal", deal, 0, 9999)
    sides = _numbers(OF_SIDES + deal)
    places = order(models * paths, OF_DEAL + deal)[:MOST_ROUNDS]
    return [Round(*divmod(place, paths), next(sides) >> 31) for place in places]


def _numbers(seed: int) -> Iterator[int]:
    """Whole numbers from 1 to 2³² − 1, without end."""
    x = (seed + 1) * SPREAD % ALL or 1
    for _ in range(WARM):
        x = _after(x)
    while True:
        x = _after(x)
        yield x


def _after(x: int) -> int:
    """x ← x ⊕ 2¹³x, x ← x ⊕ ⌊x/2¹⁷⌋, x ← x ⊕ 2⁵x, of 32 bits."""
    x ^= x << 13 & 0xFFFFFFFF
    x ^= x >> 17
    return x ^ (x << 5 & 0xFFFFFFFF)
