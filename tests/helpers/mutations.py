"""Values changed at random, from a seed: what a file may say that no run has written."""

import copy

import torch
from torch import Tensor

CODE = "0); import os; os.mkdir('broken'); ("
PLAIN = [
    None,
    True,
    False,
    -1,
    0,
    1,
    3,
    7.5,
    -0.5,
    1e308,
    10**18,
    10**400,
    float("nan"),
    float("inf"),
    -float("inf"),
    "",
    "x",
    CODE,
    "\ud800",
    "x" * 5000,
    [],
    {},
    [1],
    [[]],
    {"a": 1},
    [None, None],
    "1",
    "nan",
]
TENSORS = [
    torch.zeros(3),
    torch.zeros(()),
    torch.tensor(float("nan")),
    torch.zeros(2, 2, dtype=torch.float64),
    torch.zeros(0),
    torch.ones(4, dtype=torch.uint8),
    torch.zeros(2, dtype=torch.complex64),
    (1, 2),
    b"x",
    torch.zeros(5056, dtype=torch.uint8),
]


def mutated(value, dice, tensors=False):
    """(a changed copy, what was changed in words). dice: random.Random. tensors: tensors may take a value's place."""
    value, told = copy.deepcopy(value), []
    for _ in range(dice.choice([1, 1, 1, 2])):
        *path, last = dice.choice(list(places(value)))
        holder = value
        for key in path:
            holder = holder[key]
        change = dice.choice(CHANGES)
        told.append(f"{change.__name__} {[*path, last]}")
        change(holder, last, dice, PLAIN + TENSORS if tensors else PLAIN)
    return value, "; ".join(told)


def places(value, path=()):
    """The path of everything in a nested value; of long lists some places only."""
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))[:3] + list(enumerate(value))[-1:] * (len(value) > 3)
    else:
        return
    for key, each in items:
        yield *path, key
        yield from places(each, (*path, key))


def replace(holder, key, dice, values):
    holder[key] = dice.choice(values)


def drop(holder, key, dice, values):
    del holder[key]


def twice(holder, key, dice, values):
    """A list gets an item more, a dict another key."""
    if isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    else:
        holder["another"] = copy.deepcopy(holder[key])


def swap(holder, key, dice, values):
    """Two neighbours change places."""
    other = dice.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    holder[key], holder[other] = holder[other], holder[key]


def wrap(holder, key, dice, values):
    holder[key] = dice.choice([[holder[key]], {"a": holder[key]}])


def bend(holder, key, dice, values):
    """A value of the same kind that is another: of another sign, size, shape, type, length or order."""
    value = holder[key]
    if isinstance(value, Tensor):
        holder[key] = bent(value, dice)
    elif isinstance(value, list):
        holder[key] = dice.choice([value[::-1], value[:-1], value + value, sorted(value, key=repr)])
    elif isinstance(value, dict):
        holder[key] = dict(dice.sample(list(value.items()), len(value) // 2))
    elif isinstance(value, str):
        holder[key] = value + CODE
    elif value is None:
        holder[key] = 1
    else:
        holder[key] = dice.choice([-value, value + 1, value * 1000, value * 1.5, -value - 1, str(value)])


def bent(value, dice):
    if not value.numel():
        return torch.ones(2)
    wrong = value.clone().flatten()
    if value.is_floating_point():
        wrong[0] = dice.choice([float("nan"), float("inf"), -1.0, 1e38])
    else:
        wrong[0] = 255 - wrong[0].long() if value.dtype == torch.uint8 else -wrong[0]
    return dice.choice(
        [
            wrong.reshape(value.shape),
            value.flatten()[:-1],
            torch.cat([value.flatten()] * 2),
            value.double(),
            value.to(torch.int64),
            value[None],
            -value.float(),
            value.t() if value.ndim == 2 else value.flatten(),
        ]
    )


CHANGES = [replace, replace, drop, twice, swap, wrap, bend, bend, bend]


def same(a, b):
    """Whether two nested values are equal, NaN to NaN, tensors in type, shape and bits."""
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        return (
            isinstance(a, Tensor)
            and isinstance(b, Tensor)
            and a.dtype == b.dtype
            and a.shape == b.shape
            and a.detach().contiguous().numpy().tobytes() == b.detach().contiguous().numpy().tobytes()
        )
    if isinstance(a, dict):
        return isinstance(b, dict) and set(a) == set(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return isinstance(b, (list, tuple)) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and (a == b or (a != a and b != b))
