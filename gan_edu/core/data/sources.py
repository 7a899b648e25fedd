"""What can be streamed: a path, an array, a dataset; whatever else is handed over is refused, with what to take."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from gan_edu.core.data.own_pictures import PictureFolder
from gan_edu.core.data.sample_reader import Array, Items, Reader
from gan_edu.core.safety import checked


def reader_of(dataset: Any, conditions: bool | Tensor | np.ndarray) -> Reader:
    """What reads its batches. conditions: whether the dataset has them, or an array of them (N, …)."""
    pairs, labels = False, None
    if isinstance(conditions, (Tensor, np.ndarray)):
        labels = conditions
    else:
        pairs = checked.flag("conditions", conditions)
    file = None
    if isinstance(dataset, (str, os.PathLike)):
        dataset, file = _opened(checked.path("dataset", dataset))
    _has_samples(dataset)
    if labels is not None and labels.shape[:1] != (len(dataset),):
        raise ValueError(
            f"conditions must be (N, …), one for each of {len(dataset)} samples, got {tuple(labels.shape)}"
        )
    for name, each in (("dataset", dataset), ("conditions", labels)):
        if isinstance(each, Tensor) and each.device.type != "cpu":
            raise ValueError(f"{name} lies on {each.device} already: take Batches(data), or {name}.cpu()")
    if not isinstance(dataset, (Tensor, np.ndarray)):
        return Items(dataset, pairs, labels)
    if pairs:
        raise ValueError("conditions=True is for a dataset of pairs; an array holds samples alone: conditions=labels")
    return Array(dataset, file, labels)


def _opened(place: Path) -> tuple[Any, str | None]:
    """What lies there: (pictures, None), or (an array that is mapped to its file, the file)."""
    if place.is_dir():
        return PictureFolder(place), None
    if place.suffix != ".npy":
        raise ValueError(f"dataset must be a folder of pictures or a .npy file, got {str(place)!r}")
    try:
        return np.load(place, mmap_mode="r"), str(place)
    except ValueError as error:
        raise OSError(f"{str(place)!r} cannot be read as a .npy of numbers ({error}): write it with np.save") from None


def _has_samples(dataset: Any) -> None:
    """Raise TypeError for what has no sample i."""
    name = type(dataset).__name__
    if isinstance(dataset, Mapping):
        raise TypeError(
            f"dataset is a {name} of {', '.join(map(str, dataset))}: take one of them, dataset['train'] say"
        )
    if isinstance(dataset, DataLoader):
        raise TypeError("dataset is a DataLoader: give what it loads, loader.dataset, or train from endless(loader)")
    if hasattr(dataset, "__len__") and hasattr(dataset, "__getitem__") and not isinstance(dataset, IterableDataset):
        return
    if isinstance(dataset, Iterable):
        raise TypeError(
            f"dataset is a {name}, which can only be gone through from its beginning: train from endless(DataLoader("
            "dataset, batch_size=64, drop_last=True)), which a checkpoint knows no place in"
        )
    raise TypeError(f"dataset must have a length and samples dataset[i], or be a path or an array, got {name}")
