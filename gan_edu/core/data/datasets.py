"""Data sets: MNIST, which ships with the course, and Fashion-MNIST.

MNIST: LeCun, Bottou, Bengio, Haffner (1998), "Gradient-based learning applied to document recognition".
Fashion-MNIST: Xiao, Rasul, Vollgraf (2017), "Fashion-MNIST", arXiv 1708.07747.
The file format, IDX, is four bytes of type and rank, one big-endian uint32 a dimension, then the bytes.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan_edu.core.data.mnist_files import FASHION_FOLDER, MNIST_MD5, mnist_bytes, unpacked
from gan_edu.core.safety import checked, durable
from gan_edu.core.safety.checked import flag


def mnist(train: bool = True) -> tuple[Tensor, Tensor]:
    """MNIST from the package's own files: (images uint8 (N, 1, 28, 28), labels int64 (N,)).

    N is 60,000 for training, 10,000 for testing. Raises OSError that names a missing or corrupt file and the cure,
    ValueError for a `train` other than True or False.
    """
    part = "train" if flag("train", train) else "t10k"
    return (
        _idx(mnist_bytes(f"{part}-images-idx3-ubyte")).unsqueeze(1),
        _idx(mnist_bytes(f"{part}-labels-idx1-ubyte")).long(),
    )


def mnist_as_torchvision(folder: str | Path) -> Path:
    """Write MNIST where `torchvision.datasets.MNIST(folder)` looks for it. Returns the folder written to."""
    raw = checked.path("folder", folder) / "MNIST" / "raw"
    return durable.write_together(raw, {name: mnist_bytes(name) for name in MNIST_MD5})


def _idx(content: bytes) -> Tensor:
    rank = content[3]
    shape = struct.unpack(f">{rank}I", content[4 : 4 + 4 * rank])
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
        raise OSError(
            "Fashion-MNIST is not on this machine. Either install Debian's package (sudo apt install "
            "dataset-fashion-mnist), or connect to the network, so that torchvision can download it "
            f"({error})"
        ) from None
    return data.data.unsqueeze(1), data.targets.long()
