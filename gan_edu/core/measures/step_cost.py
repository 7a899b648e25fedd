"""What a training step costs: counted products and bytes, and a machine that does so many of them a second.

    work = work_of_mlps((100, 512, 784), (784, 512, 1), batch=64)      2 products' operations, bytes, per step
    machine = fitted(works, seconds)                                   three numbers, from steps that were timed
    machine.seconds(work_of_mlps(…))                                   what another width would take

The model is t = operations / throughput + bytes / bandwidth + overhead: Williams et al. (2009), "Roofline", CACM 52(4),
with a sum where they have the larger of two, as a small network's products and its optimiser take turns.
Belongs to notebook 12_scaling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gan_edu.core.safety.checked import integer, one_of, real, several

SIZE = {"float32": 4, "bfloat16": 2}  # bytes of a number in a product
STORED = 4  # bytes of a weight, its gradient, and each of Adam's two means: these stay float32
READS = {"generator": 2, "discriminator": 4}  # products that read a weight: there and back, D in both turns
OPTIMISER = 1 + 7  # the gradient is written; Adam reads weight, gradient, two means and writes three of them back
TOUCHED = 8  # times a layer's output, or its gradient, goes through memory: product, activation and back
PASSES = {"generator": 1, "discriminator": 3}  # batches through it: D sees real and fake samples, and G's turn


@dataclass(frozen=True)
class Work:
    """What one step does: operations (a multiplication and an addition are two), and bytes to or from memory."""

    operations: float
    bytes: float

    @property
    def intensity(self) -> float:
        """Operations a byte: few, and memory sets the pace; many, and the products do."""
        return self.operations / self.bytes


def work_of_mlps(
    generator: Sequence[int], discriminator: Sequence[int], batch: int = 64, precision: str = "float32"
) -> Work:
    """A step of two MLPs with these sizes, input to output: (100, 512, 784) and (784, 512, 1).

    With P products' weights in a network, P₁ of them in its first layer, a batch B costs 2 B P going forward, 2 B P for
    the weights' gradient, and 2 B (P − P₁) for what flows back. D's turn takes 2 B samples; in G's turn the gradient
    flows through D, but none is made for D's weights. Bytes are those of a machine without caches.
    Raises ValueError for fewer than two sizes, TypeError for sizes that are no whole numbers.
    """
    batch, size = integer("batch", batch, 1), SIZE[one_of("precision", precision, tuple(SIZE))]
    g, d = (_layers(name, sizes) for name, sizes in (("generator", generator), ("discriminator", discriminator)))
    (pg, g1), (pd, d1) = ((sum(a * b for a, b in each), each[0][0] * each[0][1]) for each in (g, d))
    operations = 2 * batch * ((3 * pg - g1) + 2 * (3 * pd - d1) + 2 * pd)
    moved = 0
    for name, layers in (("generator", g), ("discriminator", d)):
        weights, outputs = sum((a + 1) * b for a, b in layers), sum(b for _, b in layers)
        moved += weights * (READS[name] * size + OPTIMISER * STORED)
        moved += weights * READS[name] * STORED if size < STORED else 0  # each is made small anew, before it is used
        moved += batch * outputs * PASSES[name] * TOUCHED * size
    return Work(operations, moved)


def _layers(name: str, sizes: Sequence[int]) -> list[tuple[int, int]]:
    sizes = several(name, sizes, lambda of, size: integer(of, size, 1))
    if len(sizes) < 2:
        raise ValueError(f"{name} must be two sizes or more, the input's and the output's among them, got {sizes}")
    return list(pairwise(sizes))


@dataclass(frozen=True)
class Machine:
    """Operations a second, bytes a second, and the seconds that a step takes whatever its size."""

    throughput: float
    bandwidth: float
    overhead: float = 0.0

    def __post_init__(self) -> None:
        for name in ("throughput", "bandwidth"):
            object.__setattr__(self, name, real(name, getattr(self, name), above=0))
        object.__setattr__(self, "overhead", real("overhead", self.overhead, 0))

    def parts(self, work: Work) -> dict[str, float]:
        """Seconds of a step by what they go to."""
        return {
            "products": work.operations / self.throughput,
            "memory": work.bytes / self.bandwidth,
            "overhead": self.overhead,
        }

    def seconds(self, work: Work) -> float:
        """Of a step."""
        return sum(self.parts(work).values())

    @property
    def ridge(self) -> float:
        """Operations a byte at which products and memory take as long as each other."""
        return self.throughput / self.bandwidth


def fitted(works: Sequence[Work], seconds: Sequence[float]) -> Machine:
    """The machine whose three numbers, none negative, come nearest to what was timed, by relative errors.

    Raises ValueError for fewer than three steps, or where these do not tell throughput from bandwidth, as steps of one
    batch do: both go with the weights.
    """
    from scipy.optimize import nnls

    if len(works) != len(seconds) or len(works) < 3:
        raise ValueError(f"fitting takes three timed steps or more, got {len(works)} and {len(seconds)} times")
    times = np.array([real("seconds", each, above=0) for each in seconds])
    table = np.array([(work.operations, work.bytes, 1.0) for work in works]) / times[:, None]
    scale = table.max(0)
    found, _ = nnls(table / scale, np.ones(len(times)))
    a_second, a_byte, overhead = (found / scale).tolist()
    if not a_second or not a_byte:
        raise ValueError(
            "these steps do not tell products from memory: time wider networks and other batches, while the machine "
            "does nothing else"
        )
    return Machine(1 / a_second, 1 / a_byte, overhead)
