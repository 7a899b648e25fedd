"""What the lens shows, computed by torch's own layers: for its words and its picture, and to hold the browser to."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import conv1d, conv_transpose1d

LONG = 64  # inputs of a row whose middle no border reaches


@dataclass
class Layer:
    """A growing layer; weights: of its kernel, or of a shuffle one for each map, whose kernel is of equal numbers."""

    kind: str
    kernel: int
    stride: int
    padding: int
    weights: list[float]

    def __call__(self, rows: Tensor) -> Tensor:
        """Each row grown: (N, inputs) → (N, outputs); (N, 0) where nothing is left."""
        x = rows[:, None]  # (N, 1, inputs)
        if self.kind == "resize":
            x = x.repeat_interleave(self.stride, 2)
        if self.left(x.shape[2]) < 1:
            return rows[:, :0]
        w = torch.tensor(self.weights, dtype=rows.dtype)
        match self.kind:
            case "transposed":
                return conv_transpose1d(x, w[None, None], stride=self.stride, padding=self.padding)[:, 0]
            case "resize":
                return conv1d(x, w[None, None], padding=self.padding)[:, 0]
            case _:
                kernels = w[:, None, None].expand(-1, 1, self.kernel)  # (maps, 1, kernel)
                return conv1d(x, kernels, padding=self.padding).transpose(1, 2).flatten(1)

    def left(self, wide: int) -> int:
        """How many outputs, or of a shuffle places for its maps, a row of so many has: none below 1."""
        if not wide or self.kind != "transposed":
            return wide and wide + 2 * self.padding - self.kernel + 1
        return (wide - 1) * self.stride - 2 * self.padding + self.kernel


@dataclass
class Written:
    """values: what outputs get of inputs of 1; least, most: inside. ways (inputs, outputs): how often each."""

    values: list[float]
    ways: list[list[int]]
    least: float
    most: float


def written(layer: Layer, inputs: int, layers: int) -> Written:
    """Of a row of so many inputs, through the layer so many times."""

    def grown(rows: Tensor, of: Layer) -> Tensor:
        for _ in range(layers):
            rows = of(rows)
        return rows

    ones = Layer(layer.kind, layer.kernel, layer.stride, layer.padding, [1.0] * len(layer.weights))
    eye, row, long = torch.eye(inputs).double(), torch.ones(1, inputs).double(), torch.ones(1, LONG).double()
    middle = grown(long, layer)[0]
    period = middle[len(middle) // 2 :][: layer.stride**layers]
    least, most = period.min().item(), period.max().item()
    return Written(grown(row, layer)[0].tolist(), grown(eye, ones).long().tolist(), least, most)
