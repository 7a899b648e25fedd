"""What a name machine asks its networks for, and what it makes of their names: columns, and pairs for the game."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from gan_edu.core.safety.checked import integer, real, several, short, table, text

SHOWN, TAKES = 10, 3  # names of a column; takes that a page without a kernel holds of each
MOST_GENERATORS, MOST_BEGINNINGS, MOST_TEMPERATURES, MOST_ROUNDS = 4, 8, 12, 200
GAME_SEED = 1_000_003  # the game's names are others than those of the columns, whose seeds are 0, 1, …
SPARE = 4  # times as many names are asked for as the game needs: copies of real ones fall out


class Generator(Protocol):
    """A network that completes names, letter after letter."""

    def complete(self, beginning: str, temperature: float, count: int, seed: int) -> list[str]:
        """`count` names that begin so; the same ones for the same seed.

        A row of columns is called the same luck: a seed gives each network the same random numbers, in the same order.
        """


class Asked(NamedTuple):
    """What a column shows: names with this beginning, at this temperature; the seed is the number of the take."""

    beginning: str
    temperature: float
    take: int


class Game(NamedTuple):
    """What rounds are made of: real names, made ones that are not `listed`, and what D (or None) says of them."""

    generators: Mapping[str, Generator]
    real: list[str]
    listed: frozenset[str]  # all that are real: `real`, and others
    judge: Callable | None
    rounds: int


def checked_generators(given: Mapping[str, Generator]) -> dict[str, Generator]:
    """{label: generator}, one to four. Raises ValueError or TypeError."""
    integer("generators: how many there are", len(table("generators", given)), 1, MOST_GENERATORS)
    for label, each in given.items():
        if not text("generators: a label", label).strip():
            raise ValueError(f"generators: a label must have letters, got {label!r}")
        if not callable(getattr(each, "complete", None)):
            raise TypeError(
                f"generators[{label!r}] must have complete(beginning, temperature, count, seed) → names, "
                f"got {short(each)}"
            )
    return dict(given)


def checked_names(name: str, given: Iterable[str], least: int = 1) -> list[str]:
    """Names, each once, in their order. Raises ValueError for blank ones, or fewer than `least`."""
    names = list(dict.fromkeys(several(name, given, text)))
    if any(not each.strip() for each in names):
        raise ValueError(f"{name} must hold names, got {next(each for each in names if not each.strip())!r}")
    if len(names) < least:
        raise ValueError(f"{name} must hold at least {least} different names, got {len(names)}")
    return names


def common_beginnings(names: list[str]) -> list[str]:
    """None, and the three most common beginnings of two letters."""
    return ["", *(each for each, _ in Counter(name[:2] for name in names).most_common(3))]


def fitting(name: str, beginning: object, letters: str, most: int) -> str:
    """A beginning of such letters, not too long. Raises ValueError that names the letter."""
    if odd := [letter for letter in text(name, beginning) if letter not in letters]:
        raise ValueError(f"{name} must be of the letters of the real names, got {beginning!a:.80} with {odd[0]!r}")
    integer(f"{name}: its length", len(beginning), 0, most)  # type: ignore[arg-type]  # text has looked at it
    return str(beginning)


def completed(label: str, generator: Generator, asked: Asked, count: int = SHOWN) -> list[str]:
    """The names that a network gives. Raises ValueError where they are not as many, or do not begin so."""
    made = generator.complete(asked.beginning, asked.temperature, count, asked.take)
    names = several(f"{label}: names", made, text, count)
    if wrong := [each for each in names if not each.startswith(asked.beginning)]:
        raise ValueError(f"{label}: names must begin with {asked.beginning!r}, got {short(wrong[0])}")
    return names


def columns(generators: Mapping[str, Generator], asked: Asked) -> list[list[str]]:
    """The names of each network."""
    return [completed(label, each, asked) for label, each in generators.items()]


def stored(
    generators: Mapping[str, Generator], beginnings: list[str], temperatures: list[float]
) -> list[list[list[list[list[str]]]]]:
    """All that a page without a kernel shows: names by beginning, temperature, take and network."""
    return [
        [[columns(generators, Asked(each, temperature, take)) for take in range(TAKES)] for temperature in temperatures]
        for each in beginnings
    ]


def listed(names: Iterable, known: Collection[str]) -> list[str]:
    """Those of some names that are known, each once. names: columns, or lists of them."""
    return list(dict.fromkeys(each for each in _flat(names) if each in known))


def _flat(names: Iterable) -> Iterator[str]:
    for each in names:
        if isinstance(each, str):
            yield each
        else:
            yield from _flat(each)


def pairs(game: Game, deal: int = 0, shown: Collection[str] = ()) -> list[dict]:
    """The rounds of the game: a real name and a made one in a random order, the networks in turn as far as it goes.

    {"names": [two], "real": the place of the real one, "by": the network, "judged": D's probabilities, or None}. A made
    name that is a real one, or is there already, falls out: with few others there are fewer rounds. deal: another one
    has another seed. shown: names that are taken only where there are no others. Raises ValueError.
    """
    stream, unseen_first = random.Random(GAME_SEED + deal), set(shown).__contains__
    taken, made, need = set(game.listed), [], -(-game.rounds // len(game.generators))
    for label, generator in game.generators.items():
        found = completed(label, generator, Asked("", 1.0, GAME_SEED + deal), SPARE * max(1, need))
        fresh = [each for each in dict.fromkeys(found) if each.strip() and each not in taken]
        chosen = sorted(fresh, key=unseen_first)[:need]
        taken.update(chosen)
        made += [(each, label) for each in chosen]
    stream.shuffle(made)
    real_ones = sorted(stream.sample(game.real, len(game.real)), key=unseen_first)[: game.rounds]
    found_pairs = [_pair(*each, stream) for each in zip(real_ones, made, strict=False)]
    if game.judge is None or not found_pairs:
        return found_pairs
    probabilities = judged(game.judge, [each for pair in found_pairs for each in pair["names"]])
    halves = zip(probabilities[::2], probabilities[1::2], strict=True)
    return [{**pair, "judged": list(both)} for pair, both in zip(found_pairs, halves, strict=True)]


def _pair(true: str, made: tuple[str, str], stream: random.Random) -> dict:
    place = stream.randrange(2)
    return {"names": [made[0], true] if place else [true, made[0]], "real": place, "by": made[1], "judged": None}


def judged(judge: Callable, names: list[str]) -> list[float]:
    """D's probability that each name is real. Raises ValueError for what is none."""
    found = judge(list(names))
    if hasattr(found, "tolist"):  # a tensor, an array
        found = found.tolist()
    try:
        return several("judge(names)", found, lambda name, p: real(name, p, 0, 1), len(names))
    except ValueError as error:
        raise ValueError(f"{error}; a logit becomes a probability by torch.sigmoid") from None
