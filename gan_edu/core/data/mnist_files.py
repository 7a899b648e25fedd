"""The files that MNIST and Fashion-MNIST lie in, unpacked and checked. Needs no torch, so that `check` can look too."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path

import gan_edu

MNIST_FOLDER = Path(gan_edu.__file__).parent / "data" / "mnist"
FASHION_FOLDER = Path("/usr/share/datasets/fashion-mnist")  # of Debian's package dataset-fashion-mnist
MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


def unpacked(path: Path) -> bytes:
    """The content of a .gz file. Raises OSError that names it where it is missing or damaged."""
    try:
        return gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise FileNotFoundError(f"{path} is missing") from None
    except (OSError, EOFError, zlib.error) as error:  # a header, the end, or a block between them
        raise OSError(f"{path} is corrupt ({error})") from error


def mnist_bytes(name: str) -> bytes:
    """One of MNIST's four files, whole. Raises OSError that names a missing or corrupt one and the cure."""
    path = MNIST_FOLDER / f"{name}.gz"
    try:
        content = unpacked(path)
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != MNIST_MD5[name]:
            raise OSError(f"{path} is corrupt: its content is not MNIST's")
    except OSError as error:
        raise type(error)(
            f"{error}: install gan_edu anew (pip install --force-reinstall --no-deps), or restore the "
            "file with `git checkout`"
        ) from error
    return content
