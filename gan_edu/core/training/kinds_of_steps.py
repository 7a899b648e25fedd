"""What kind a step is, of which numbers and things, asked without taking it: for steps that are captured.

A captured step is replayed without Python. So Python is asked before each: whether the next step is of a kind that has
been captured, whether all is still there that was captured with it, and which numbers have moved. `captured` explains.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any

from torch import Tensor

from gan_edu.core.training.contract import GAN, Batches
from gan_edu.core.training.step_checks import following

Place = tuple[MutableMapping[str, Any], str]  # where a number stands: a table, and the name in it
UNEVEN = "a captured step must draw as many batches each time"


def kind_of(gan: GAN, calls: int) -> Hashable:
    """What kind the next step is of, where each piece is called so often: steps of one kind are of the same kernels."""
    return tuple((piece.path(calls) if hasattr(piece, "path") else (), moving_of(piece)) for piece in pieces_of(gan))


def fixed_of(gan: GAN) -> tuple[Hashable, list]:
    """What graphs are made of, and the things in it that are known by their id: where another network, optimiser,
    state, piece or setting is there, all are made anew."""
    pieces, players, groups = pieces_of(gan), list(gan.players.values()), groups_of(gan)
    held = [*pieces, *players, *(each.optimizer.state for each in players), gan.alarm.flag(gan.device)]
    things = (*pieces, *(each for player in players for each in player), *held[-1 - len(players) :])
    numbers = tuple(plain(vars(piece), moving_of(piece)) for piece in pieces if hasattr(piece, "__dict__"))
    rates = tuple(plain(group, ("lr",)) for group in groups)
    weights = tuple((weight.data_ptr(), weight.requires_grad) for group in groups for weight in group["params"])
    settings = (gan.precision, gan.latent, gan.latent_dim, gan.d_steps, gan.g_steps)
    modes = tuple(each.network.training for each in players)
    return (settings, modes, numbers, rates, weights, tuple(map(id, things))), held


def pieces_of(gan: GAN) -> list[Any]:
    """The loss, the view, the penalties, and what these are made of."""
    outer: list[Any] = [gan.loss, *([gan.view] if gan.view else []), *gan.d_penalties, *gan.g_penalties]
    return [each for piece in outer for each in _within(piece)]


def _within(piece: Any) -> Iterator[Any]:
    while piece is not None:
        yield piece
        piece = getattr(piece, "penalty", None)


def moving_of(piece: Any) -> tuple[str, ...]:
    """Names of its numbers that change between steps."""
    return tuple(piece.moving()) if hasattr(piece, "moving") else ()


def groups_of(gan: GAN) -> list[dict[str, Any]]:
    """The groups of all optimisers."""
    return [group for player in gan.players.values() for group in player.optimizer.param_groups]


def betas_of(gan: GAN) -> list[float]:
    """All of Adam's β, which its fused form takes as numbers only."""
    return [float(beta) for group in groups_of(gan) for beta in group.get("betas", ())]


def alike(betas: Sequence[float], others: Sequence[float], near: float) -> bool:
    """Whether each 1 − β is that of the others, but for this share of it."""
    return all(abs(a - b) <= near * (1 - a) for a, b in zip(betas, others, strict=True))


def plain(table: Mapping[str, Any], but: Sequence[str] = ()) -> Hashable:
    """The numbers and texts in it, except these, and except what counts: `path` says what a count means."""
    return tuple((k, v) for k, v in table.items() if isinstance(v, (int, float, str)) and k not in (*but, "calls"))


def counts_of(gan: GAN) -> list[tuple[Place, Any]]:
    """The numbers of each piece; also those that a dataclass has by default, and writes down once they change."""
    found: list[tuple[Place, Any]] = []
    for piece in (piece for piece in pieces_of(gan) if hasattr(piece, "__dict__")):
        names = {**vars(piece), **getattr(piece, "__dataclass_fields__", {})}
        values = ((name, getattr(piece, name, None)) for name in names)
        found += [((vars(piece), name), value) for name, value in values if isinstance(value, (int, float))]
    return found


def moved(before: list[tuple[Place, Any]], after: list[tuple[Place, Any]]) -> list[tuple[MutableMapping, str, int]]:
    """What a step has counted: (table, name, by). Raises ValueError for one of no known meaning."""
    changes = [(place, new - old) for (place, old), (_, new) in zip(before, after, strict=True) if new != old]
    for (_, name), _by in changes:
        if name != "calls":
            raise ValueError(
                f"the number {name!r} of a view or a penalty changes within a step, and a graph would not know: call "
                "it `calls`, and say in a method path(calls) what the next calls do, as `lazy` does"
            )
    return [(table, name, by) for (table, name), by in changes]


def parts(batch: Any) -> tuple[Tensor, ...]:
    """Samples, or samples and their condition."""
    return tuple(batch) if isinstance(batch, (tuple, list)) else (batch,)


class Drawn:
    """Batches as a step draws them: those at hand first. Raises ValueError where these are too few and no more come."""

    def __init__(self, given: Sequence, batches: Batches | None = None):
        self.given, self.batches, self.count = given, batches, 0

    def __iter__(self) -> Drawn:
        return self

    def __next__(self) -> Any:
        self.count += 1
        if self.count <= len(self.given):
            return self.given[self.count - 1]
        if self.batches is None:
            raise ValueError(UNEVEN)
        return following(self.batches)

    def all_of(self, count: int) -> None:
        """Raise ValueError where a step has drawn another number of batches."""
        if self.count != count:
            raise ValueError(UNEVEN)


def moving_places(gan: GAN) -> list[Place]:
    """Learning rates, except those that are tensors already, and the moving numbers of pieces."""
    rates: list[Place] = [(group, "lr") for group in groups_of(gan) if not isinstance(group["lr"], Tensor)]
    return rates + [(vars(piece), name) for piece in pieces_of(gan) for name in moving_of(piece)]
