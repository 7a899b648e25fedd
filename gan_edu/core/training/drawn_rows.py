"""What is random for each sample, drawn for the whole batch, of which a process keeps its own rows.

One process draws noise, views and penalty points for a batch of B. Where N processes have B/N samples each, every one
of them draws the same B rows from the same stream, and takes those of its samples: so all streams go on alike, and each
sample meets the numbers that it would have met in one process. Told apart by their number of rows, 1 or 2 times (real
and fake, one below the other) those of this process's samples; anything else, as one number for all, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import Tensor
from torch.overrides import TorchFunctionMode

SIZED = ("rand", "randn", "randint", "normal")  # of a size that they are told
LIKE = ("rand_like", "randn_like", "randint_like")
IN_PLACE = ("normal_", "uniform_", "bernoulli_", "exponential_", "random_", "geometric_", "cauchy_", "log_normal_")
OF_ROWS = ("bernoulli", "multinomial", "gumbel_softmax", "alpha_dropout", "feature_alpha_dropout")
DROPOUTS = ("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout")
STACKED = (1, 2)  # times the samples: these alone, or real ones and fakes below each other


class DrawnRows(TorchFunctionMode):
    """Inside, torch's random functions draw for `count` times `rows` samples and keep those of the part `rank`."""

    def __init__(self, rank: int, count: int):
        super().__init__()
        self.rank, self.count = rank, count
        self.rows = 0  # samples of this process's part; 0 while nobody knows
        self.off = False  # where a layer has all of the batch already

    def __torch_function__(
        self, function: Callable, types: Sequence, arguments: Sequence = (), named: Mapping | None = None
    ) -> Any:
        named = named or {}
        way = WAYS.get(getattr(function, "__name__", ""))
        if way is None or self.off or not self.rows:
            return function(*arguments, **named)
        return way(self, function, list(arguments), dict(named))

    def wide(self, shape: Sequence[int]) -> tuple[int, ...] | None:
        """The shape of the whole batch, stacked as this one; None for what has no row for each sample."""
        times, rest = divmod(shape[0], self.rows) if len(shape) else (0, 0)
        return (shape[0] * self.count, *shape[1:]) if times in STACKED and not rest else None

    def own(self, whole: Tensor) -> Tensor:
        """This process's rows: (k · B, …) → (k · B/N, …)."""
        return whole.unflatten(0, (-1, self.count, self.rows))[:, self.rank].flatten(0, 1)

    def within(self, own: Tensor) -> Tensor:
        """The other way, with ones in the rows of others."""
        whole = own.new_ones(len(own) // self.rows, self.count, self.rows, *own.shape[1:])
        whole[:, self.rank] = own.unflatten(0, (-1, self.rows))
        return whole.flatten(0, 2)


def _sized(mode: DrawnRows, function: Callable, arguments: list, named: dict) -> Tensor:
    """rand(8, 2), randn((8, 2)), randint(0, 9, (8,)), normal(0, 1, size=(8,))."""
    place = next((k for k, each in enumerate(arguments) if isinstance(each, (tuple, list))), None)
    plain = place is None and "size" not in named and function.__name__ in ("rand", "randn")
    size = arguments if plain else named.get("size") if place is None else arguments[place]
    wide = mode.wide(size) if size and all(isinstance(each, int) for each in size) else None
    if wide is None:
        return function(*arguments, **named)
    if plain:
        arguments = [wide]
    elif place is None:
        named["size"] = wide
    else:
        arguments[place] = wide
    return mode.own(function(*arguments, **named))


def _like(mode: DrawnRows, function: Callable, arguments: list, named: dict) -> Tensor:
    of = arguments[0]
    wide = mode.wide(of.shape)
    drawn = function(of if wide is None else of.new_empty(wide), *arguments[1:], **named)
    return drawn if wide is None else mode.own(drawn)


def _in_place(mode: DrawnRows, function: Callable, arguments: list, named: dict) -> Tensor:
    of = arguments[0]
    wide = mode.wide(of.shape)
    if wide is None:
        return function(*arguments, **named)
    return of.copy_(mode.own(function(of.new_empty(wide), *arguments[1:], **named)))


def _of_rows(mode: DrawnRows, function: Callable, arguments: list, named: dict) -> Tensor:
    """What is drawn of numbers that each sample has."""
    of = arguments[0] if arguments else named.pop("input")
    if mode.wide(of.shape) is None or not named.get("training", True):
        return function(of, *arguments[1:], **named)
    return mode.own(function(mode.within(of), *arguments[1:], **named))


WAYS: dict[str, Callable[[DrawnRows, Callable, list, dict], Tensor]] = {
    **dict.fromkeys(SIZED, _sized),
    **dict.fromkeys(LIKE, _like),
    **dict.fromkeys(IN_PLACE, _in_place),
    **dict.fromkeys((*OF_ROWS, *DROPOUTS), _of_rows),
}
