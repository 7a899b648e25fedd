"""Data: MNIST (it ships with the course), Fashion-MNIST, a folder of your own images, and endless mini-batches.

MNIST: LeCun, Bottou, Bengio, Haffner (1998), "Gradient-based learning applied to document recognition".
Fashion-MNIST: Xiao, Rasul, Vollgraf (2017), "Fashion-MNIST", arXiv 1708.07747.
The file format, IDX, is four bytes of type and rank, one big-endian uint32 a dimension, then the bytes.
"""
from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan_edu.core.data.mnist_files import FASHION_FOLDER, MNIST_MD5, mnist_bytes, unpacked
from gan_edu.core.data.own_pictures import images_from_folder as images_from_folder  # handed on
from gan_edu.core.safety import checked, durable
from gan_edu.core.safety.checked import flag, integer, kind, table
from gan_edu.core.training import stored_state as saved
from gan_edu.core.training.device import named
from gan_edu.core.training.remark import from_zero_up, remark
from gan_edu.core.training.tensors import tensor


def mnist(train: bool = True) -> tuple[Tensor, Tensor]:
    """MNIST from the package's own files: (images uint8 (N, 1, 28, 28), labels int64 (N,)).

    N is 60,000 for training, 10,000 for testing. Raises OSError that names a missing or corrupt file and the cure,
    ValueError for a `train` other than True or False.
    """
    part = "train" if flag("train", train) else "t10k"
    return (_idx(mnist_bytes(f"{part}-images-idx3-ubyte")).unsqueeze(1),
            _idx(mnist_bytes(f"{part}-labels-idx1-ubyte")).long())


def mnist_as_torchvision(folder: str | Path) -> Path:
    """Write MNIST where `torchvision.datasets.MNIST(folder)` looks for it. Returns the folder written to."""
    raw = checked.path("folder", folder) / "MNIST" / "raw"
    return durable.write_together(raw, {name: mnist_bytes(name) for name in MNIST_MD5})


def _idx(content: bytes) -> Tensor:
    rank = content[3]
    shape = struct.unpack(f">{rank}I", content[4:4 + 4 * rank])
    values = np.frombuffer(content, np.uint8, offset=4 + 4 * rank)
    return torch.from_numpy(values.reshape(shape).copy())


def fashion_mnist(train: bool = True, folder: str | Path = "~/.cache/gan_edu") -> tuple[Tensor, Tensor]:
    """Fashion-MNIST, 28 × 28 clothes in 10 classes: (images uint8 (N, 1, 28, 28), labels int64 (N,)).

    Reads the files of Debian's package dataset-fashion-mnist; without it torchvision downloads once into `folder`.
    Raises OSError that names both ways where neither works, ValueError for a `train` other than True or False.
    """
    folder = checked.path("folder", folder)
    part = "train" if flag("train", train) else "t10k"
    paths = [FASHION_FOLDER / f"{part}-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1")]
    if all(path.is_file() for path in paths):
        images, labels = (_idx(unpacked(path)) for path in paths)
        return images.unsqueeze(1), labels.long()
    try:
        from torchvision.datasets import FashionMNIST
        data = FashionMNIST(folder, train=bool(train), download=True)
    except (OSError, RuntimeError) as error:
        raise OSError("Fashion-MNIST is not on this machine. Either install Debian's package (sudo apt install "
                      "dataset-fashion-mnist), or connect to the network, so that torchvision can download it "
                      f"({error})") from None
    return data.data.unsqueeze(1), data.targets.long()


class Batches:
    """Shuffled mini-batches without end, from a tensor that stays in memory on its device.

    Pictures given as uint8 come out scaled to [−1, 1], the range of a tanh generator; floating-point data comes out
    as it is. Each pass over the data has a new order, drawn from the object's own random stream; the odd samples
    that do not fill a last batch are left out of that pass (MNIST: 937 batches of 64, 32 images left over).
    """

    def __init__(self, data: Tensor, batch_size: int = 64, seed: int = 0, device: torch.device | str | None = None):
        """data: (N, …) uint8 or floating point, finite, N ≥ 2. Raises TypeError or ValueError naming what is wrong."""
        self.data = _checked(data).to(data.device if device is None else named(device))
        self.batch_size = batch_size
        self.stream = torch.Generator().manual_seed(integer("seed", seed))
        self.epoch, self.position = 0, 0              # passes begun before this one; samples taken of this one
        self._shuffle()

    @property
    def batch_size(self) -> int:
        """Samples a batch; may be changed between two batches."""
        return self._batch_size

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        self._batch_size = integer("batch_size", size, 1, len(self.data))          # the samples there are

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one pass over the data."""
        return len(self.data) // self.batch_size

    def _shuffle(self) -> None:
        self._state = self.stream.get_state()         # enough to draw the same order again
        self._order = torch.randperm(len(self.data), generator=self.stream).to(self.data.device)

    def __iter__(self) -> Batches:
        return self

    def __next__(self) -> Tensor:
        """The next batch, (batch_size, …), floating point."""
        if self.position + self.batch_size > len(self.data):
            self.epoch, self.position = self.epoch + 1, 0
            self._shuffle()
        chosen = self._order[self.position:self.position + self.batch_size]
        self.position += self.batch_size
        return scaled(self.data.index_select(0, chosen))

    @cached_property
    def fingerprint(self) -> str:
        """The data in a line, by which a checkpoint knows it. Written when first asked for: what changes in the data
        after that is not seen."""
        return saved.fingerprint(self.data)

    def state_dict(self) -> dict:
        """All that is needed to go on with the very next batch; goes into a checkpoint."""
        return {"samples": len(self.data), "data": self.fingerprint, "batch_size": self.batch_size, "epoch": self.epoch,
                "position": self.position, "stream": self._state}

    def check_state(self, state: dict) -> None:
        """Raise ValueError for a state that belongs to other data, or to none."""
        table("the state of the batches", state, "samples", "data", "batch_size", "epoch", "position", "stream")
        saved.data("data", state["data"], self.fingerprint)
        saved.equal("samples", state["samples"], len(self.data))
        integer("batch_size", state["batch_size"], 1, len(self.data))
        integer("position", state["position"], 0, len(self.data))
        integer("epoch", state["epoch"])
        saved.stream("the stream of the batches", state["stream"])

    def load_state_dict(self, state: dict) -> None:
        """Go on where `state` was taken. Raises ValueError where it belongs to other data."""
        self.check_state(state)
        self.stream.set_state(state["stream"])
        self._shuffle()
        self.batch_size, self.epoch, self.position = state["batch_size"], state["epoch"], state["position"]


def endless(passes: Iterable) -> Iterator:
    """Batches without end of what gives a pass whenever it is asked for one, such as a DataLoader.

    Each pass is begun anew, so that a loader shuffles anew; nothing is kept in memory, and a checkpoint knows no place
    in them. (itertools.cycle would keep the first pass and repeat it.) With labels and pixels in [0, 1]:
    `(2 * x - 1 for x, label in endless(loader))`. For networks with BatchNorm the loader wants drop_last=True.
    Raises TypeError for what can be gone through only once, ValueError for a pass that is empty.
    """
    if iter(passes) is passes:
        raise TypeError(f"{type(passes).__name__} can be gone through only once: hand over what it was made of, as the "
                        "DataLoader in place of iter(loader)")
    return _passes(passes)


def _passes(passes: Iterable) -> Iterator:
    while True:
        batch = None
        for batch in passes:
            yield batch
        if batch is None:
            raise ValueError("a pass over these batches is empty: with drop_last=True a DataLoader needs at least one "
                             "whole batch")


def scaled(images: Tensor) -> Tensor:
    """uint8 pixels 0…255 to [−1, 1]; anything else unchanged."""
    return images.float().div_(127.5).sub_(1) if images.dtype == torch.uint8 else images


def pictures(name: str, images: Tensor) -> Tensor:
    """Pictures (N, C, H, W), uint8 or in [−1, 1]; a word where they seem to lie in [0, 1] or 0…255.

    Raises TypeError for what is no tensor of pixels.
    """
    if tensor(name, images).is_floating_point() and images.numel() and from_zero_up(images):
        remark(f"None of the {name} is below 0, and they are taken for pictures in [−1, 1], where 0 is grey. Give "
               "2 * x - 1 where they lie in [0, 1], x / 127.5 - 1 where in 0…255.")
    return images


def to_uint8(images: Tensor) -> Tensor:
    """The way back: [−1, 1] to uint8 pixels (…, H, W), values outside clipped.

    Pixels that are no finite numbers become pieces of a chessboard, which no picture is taken for.
    """
    images = images.detach().float()
    pixels = images.add(1).mul(127.5).round().clamp(0, 255)                 # NaN stays NaN
    return torch.where(images.isfinite(), pixels, _chessboard(images)).to(torch.uint8).cpu()


def _chessboard(images: Tensor) -> Tensor:
    """0 and 255 by turns, four squares on the shorter side: (H, W), or (N,) for a row of pixels."""
    *_, height, width = (1, *images.shape)
    side = max(1, min(height, width) // 4)
    rows, columns = (torch.arange(count, device=images.device) // side for count in (height, width))
    return ((rows[:, None] + columns) % 2 * 255.0).view(images.shape[-2:])


def as_grid(images: Tensor, columns: int | None = None) -> Tensor:
    """Pictures (N, C, H, W) as one, row by row: (C, rows · H, columns · W); empty places are 0."""
    if kind("images", images, Tensor).ndim != 4 or not len(images):
        raise ValueError(f"images must be pictures (N, C, H, W) with N ≥ 1, got {tuple(images.shape)}")
    count, channels, height, width = images.shape
    columns = math.ceil(math.sqrt(count)) if columns is None else integer("columns", columns, 1, 10_000)
    rows = math.ceil(count / columns)
    padded = images.new_zeros(rows * columns, channels, height, width)
    padded[:count] = images
    return (padded.reshape(rows, columns, channels, height, width)
            .permute(2, 0, 3, 1, 4).reshape(channels, rows * height, columns * width))


def _checked(data: Tensor) -> Tensor:
    if not isinstance(data, (Tensor, np.ndarray, list, tuple)):
        raise TypeError(f"data must be a torch tensor (N, …), got {type(data).__name__}: of a dataset take "
                        "torch.stack([x for x, label in dataset]); a DataLoader needs no Batches but endless(loader)")
    if tensor("data", data).ndim < 2:
        raise ValueError(f"data must have the shape (N, …) with at least two dimensions, got {tuple(data.shape)}")
    if len(data) < 2 or data[0].numel() == 0:
        raise ValueError(f"data must hold at least 2 samples that are not empty, got the shape {tuple(data.shape)}")
    if data.is_floating_point() and not torch.isfinite(data).all():
        bad = (~torch.isfinite(data)).flatten(1).any(1)
        raise ValueError(f"data must be finite, but {int(bad.sum())} of {len(data)} samples hold NaN or infinity, "
                         f"sample {int(bad.nonzero()[0])} first: drop them, "
                         "data = data[data.isfinite().flatten(1).all(1)]")
    return data
