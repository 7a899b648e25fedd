"""A batch read from where samples lie, in this process or in a worker: rows of an array, or items of a dataset.

What is wrong with a sample is named by its index and handed back as a `Fault`: an error that leaves a worker by itself
arrives as the text of a traceback.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeAlias

import numpy as np
import torch
from PIL.Image import Image
from torch import Tensor
from torch.utils.data import Dataset

from gan_edu.core.data.rows import Fault, Rows, begun_at, rows_of
from gan_edu.core.safety.checked import short
from gan_edu.core.training.tensors import NUMBERS, tensor

Wanted: TypeAlias = "tuple[np.ndarray, int]"  # indices (N,), and the seed of what is random about them
AS_THEY_ARE = ("1", "L", "RGB")  # modes of pictures that are pixels, and nothing else


class Reader(Dataset):
    """`reader[indices, seed]` is a batch of these samples, or the Fault that one of them has."""

    data: Any  # has a length
    labels: Tensor | np.ndarray | None = None  # (N, …), in memory or mapped: conditions that are no part of the data
    first: Rows  # of sample 0: what all others must be like

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, wanted: Wanted) -> Rows | Fault:
        try:
            return self._finite(self.read(*wanted), wanted[0])
        except OSError as error:
            return Fault(OSError, str(error))
        except TypeError as error:
            return Fault(TypeError, str(error))
        except Exception as error:
            return Fault(ValueError, str(error))

    def read(self, indices: np.ndarray, seed: int) -> Rows:
        """The samples at these places, and their conditions."""
        raise NotImplementedError

    def begin(self) -> None:
        """Read sample 0, and raise for what no samples can be."""
        if len(self) < 2:
            raise ValueError(f"a dataset must hold at least 2 samples, got {len(self)}")
        found = self[np.arange(1), 0]
        if isinstance(found, Fault):
            raise found.kind(found.told)
        if tensor("samples", found.samples).ndim < 2 or not found.samples.numel():
            shape = tuple(found.samples.shape[1:])
            raise ValueError(f"samples must be tensors (…) that are not empty, got the shape {shape}")
        if found.conditions is not None:
            tensor("conditions", found.conditions, NUMBERS)
        self.first = found

    def can_be_sent(self) -> None:
        """Raise ValueError where a worker that is a fresh process could not be handed this."""
        try:
            pickle.dumps(self)
            if type(self.data).__module__ == "__main__" and not hasattr(sys.modules["__main__"], "__file__"):
                raise TypeError("its class is of this notebook, which is not there")
        except Exception as error:
            raise ValueError(
                f"a worker is a fresh process on this system, and the dataset cannot be sent there ({error}): define "
                "its class and its transforms, no lambdas, in a file that you import, or take workers=0"
            ) from None

    def _finite(self, rows: Rows, indices: np.ndarray) -> Rows:
        samples = rows.samples
        if samples.is_floating_point() and not bool(samples.isfinite().all()):
            bad = int(indices[int((~samples.isfinite()).flatten(1).any(1).nonzero()[0])])
            raise ValueError(f"sample {bad} holds NaN or infinity: leave it out, or mend it where it is stored")
        return rows


class Array(Reader):
    """Samples that are rows of an array (N, …), most often one that is mapped to a file: a batch is one fancy index.

    file: where it was mapped from, which a fresh process maps anew.
    """

    def __init__(self, data: Any, file: str | None, labels: Any):
        self.data, self.file, self.labels = data, file, labels
        self.begin()

    def read(self, indices: np.ndarray, seed: int) -> Rows:
        return Rows(rows_of(self.data, indices), None if self.labels is None else rows_of(self.labels, indices))

    def __getstate__(self) -> dict:
        if self.file is None and isinstance(self.data, np.memmap):
            raise TypeError("it is mapped to a file, and all of it would be sent: give the path of a .npy instead")
        return {**vars(self), "data": None if self.file else self.data}

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state)
        self.data = np.load(self.file, mmap_mode="r") if self.file else self.data


class Items(Reader):
    """Samples that a dataset gives one by one, or several at once where it has `__getitems__`."""

    def __init__(self, data: Any, conditions: bool, labels: Any):
        self.data, self.conditions, self.labels = data, conditions, labels  # conditions: whether items are pairs
        self.begin()

    def read(self, indices: np.ndarray, seed: int) -> Rows:
        places = indices.tolist()
        with begun_at(seed):
            pairs = [self._pair(i, item) for i, item in zip(places, self._items(places), strict=True)]
        samples, conditions = zip(*pairs, strict=True)
        if self.conditions:
            told: Tensor | None = self._stacked("the condition of sample", conditions, places)
        else:
            told = None if self.labels is None else rows_of(self.labels, indices)
        return Rows(self._stacked("sample", samples, places), told)

    def _items(self, places: list[int]) -> list:
        if callable(many := getattr(self.data, "__getitems__", None)):
            with suppress(Exception):  # the one at fault is found below
                return many(places)
        return [self._item(i) for i in places]

    def _item(self, i: int) -> Any:
        try:
            return self.data[i]
        except Exception as error:
            kind = OSError if isinstance(error, OSError) else ValueError
            raise kind(f"sample {i} cannot be read: {type(error).__name__}: {error}") from None

    def _pair(self, i: int, item: Any) -> tuple[Tensor, Tensor | None]:
        sample, condition = self._of_columns(item) if isinstance(item, Mapping) else _of_tuple(i, item)
        if not self.conditions:
            return _tensor(f"sample {i}", sample), None
        if condition is None:
            raise TypeError(f"conditions=True takes pairs (sample, condition), and sample {i} is alone: leave it out")
        number = isinstance(condition, (int, float, np.number, np.bool_))
        return _tensor(f"sample {i}", sample), (
            torch.as_tensor(condition) if number else _tensor(f"the condition of sample {i}", condition)
        )

    def _of_columns(self, item: Mapping) -> tuple[Any, Any]:
        """Of a row with named columns the one that is a picture or a tensor; and "label", or the only other one."""
        sample = next((name for name, value in item.items() if _is_one(value)), None)
        if sample is None:
            raise TypeError(
                f"none of the columns {', '.join(map(str, item))} is a tensor, an array or a picture: where they are "
                'lists of numbers, dataset.set_format("torch")'
            )
        others = [name for name in item if name != sample]
        condition = next((name for name in ("label", "labels") if name in others), None)
        if condition is None and self.conditions and len(others) != 1:
            raise TypeError(
                f"which of the columns {', '.join(map(str, item))} is the condition is not clear: keep two, "
                f"dataset.select_columns([{sample!r}, …])"
            )
        return item[sample], item[condition or others[0]] if self.conditions else None

    def _stacked(self, what: str, parts: tuple, places: list[int]) -> Tensor:
        if hasattr(self, "first"):
            own = self.first.samples[0] if what == "sample" else self.first.conditions[0]  # type: ignore[index]
            for i, part in zip(places, parts, strict=True):
                if part.shape != own.shape or part.dtype != own.dtype:
                    raise ValueError(
                        f"{what} {i} is {tuple(part.shape)} of {part.dtype}, that of sample 0 {tuple(own.shape)} of "
                        f"{own.dtype}: let a transform make all alike"
                    )
        return torch.stack(parts)


def _of_tuple(i: int, item: Any) -> tuple[Any, Any]:
    """(sample, condition) of a pair; of anything else it is the sample."""
    if not isinstance(item, (tuple, list)):
        return item, None
    if not 1 <= len(item) <= 2:
        raise TypeError(
            f"sample {i} is a {type(item).__name__} of {len(item)}: let the dataset give (sample, condition)"
        )
    return (*item, None) if len(item) == 1 else tuple(item)


def _is_one(value: object) -> bool:
    return isinstance(value, Image) or (isinstance(value, (Tensor, np.ndarray)) and value.ndim > 0)


def _tensor(name: str, value: Any) -> Tensor:
    if isinstance(value, Image):
        if value.mode not in AS_THEY_ARE:
            raise TypeError(
                f"{name} is a picture of the mode {value.mode!r}: let a transform make it one of pixels, "
                'picture.convert("RGB") or "L", or keep the files in a folder and take PictureFolder(folder)'
            )
        pixels = np.array(value.convert("L") if value.mode == "1" else value)  # (H, W) or (H, W, 3)
        return torch.from_numpy(pixels.reshape(*pixels.shape[:2], -1)).permute(2, 0, 1)
    if isinstance(value, np.ndarray):
        return torch.from_numpy(np.ascontiguousarray(value))
    if not isinstance(value, Tensor):
        raise TypeError(f"{name} must be a tensor, an array or a picture, got {short(value)}")
    return value.detach()
