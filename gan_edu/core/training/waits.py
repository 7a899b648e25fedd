"""What waits for the device, and where: said of a step that is to be captured, before it is."""

from __future__ import annotations

import linecache
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from gan_edu.core.training.pieces import called

CURE = (
    "A captured step must not wait for the device: no item(), float(), .cpu(), .tolist() and no `if` on a tensor, and "
    "tensors and random numbers that are made on the device (device=x.device). Change that, or train without captured"
)


@contextmanager
def nothing_waits() -> Iterator[None]:
    """Inside, what waits for the device raises ValueError, which names the line."""
    before = torch.cuda.get_sync_debug_mode()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that this is a prototype
        torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    except Exception as error:
        if "synchronizing CUDA operation" not in str(root(error)):
            raise
        raise ValueError(f"this step cannot be captured: {told_of(error)}. {CURE}") from error
    finally:
        torch.cuda.set_sync_debug_mode(before)


def root(error: BaseException) -> BaseException:
    """What an error began with."""
    while (earlier := error.__cause__ or error.__context__) is not None:
        error = earlier
    return error


def told_of(error: BaseException) -> str:
    """Where an error began, outside of torch, and what it said."""
    first = root(error)
    torchs = str(Path(torch.__file__).parent)
    frames = [each for each in traceback.extract_tb(first.__traceback__) if not each.filename.startswith(torchs)]
    said = str(first).splitlines()[0] if str(first) else called(first)
    if not frames:
        return said
    last = frames[-1]
    line = linecache.getline(last.filename, last.lineno or 0).strip()
    return f"{Path(last.filename).name}, line {last.lineno}, `{line}`: {said}"
