"""Checkpoints: everything a run needs to go on as if it had never stopped.

Saved are the weights, the optimisers, the hooks' state (an EMA, say), the random streams, the step, the place in the
data and, where one is given, the recorder. A file takes the old one's place whole (`core.safety.durable`), so that a
run that is killed at any moment leaves a whole one. It is read without unpickling code (torch's `weights_only=True`),
and what it says is compared with the parts before any of them is changed: a part may have a `check_state`, which raises
ValueError. What is saved is read again and checked so before it takes an older file's place. A run goes on on another
kind of device, too, with other noise; a warning says so. Used from notebook 04 on.
"""

from __future__ import annotations

import copy
import errno
import hashlib
import io
import re
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gan_edu.core.safety import checked, durable
from gan_edu.core.safety.interrupts import alone
from gan_edu.core.training.contract import Part, State
from gan_edu.core.training.pieces import reloads
from gan_edu.core.training.stored_state import agree

KIND, VERSION = b"gan_edu checkpoint ", 4
MAGIC = KIND + b"%d\n" % VERSION  # then 64 hex digits of SHA-256, a newline, and torch's own bytes
DIGEST = 64
UNFIT = "this {} cannot be saved, as nothing could load it: {}"
MISFIT = "does not fit this {}. Build it as it was built for the run. {}"
PLAIN = (bool, int, float, str, type(None), torch.Tensor, torch.Size, torch.dtype, torch.device)


class CheckpointError(ValueError):
    """A file that is no checkpoint, damaged, or of another run; or a state that no file can hold. It says which."""


def save(path: str | Path, **parts: Part) -> Path:
    """Save the state of each part: `save("run.ckpt", gan=gan, batches=batches, recorder=recorder)`.

    parts: objects with a state_dict. The file appears at once and whole, or not at all. Returns its path.
    Raises TypeError for a part without a state_dict or a load_state_dict, CheckpointError for a state that `load` would
    refuse, as one with weights that are NaN, and OSError where the disk is full or the folder takes no files; then an
    older file is as it was.
    """
    path = checked.file("path", path)
    return durable.write(path, sealed(**parts))


def sealed(**parts: Part) -> bytes:
    """What `save` writes. Raises TypeError for a part without a state_dict or a load_state_dict."""
    for name, part in parts.items():
        if not hasattr(part, "state_dict"):
            raise TypeError(f"{name} has no state_dict, so it cannot be saved: got {type(part).__name__}")
        reloads(name, part)
    content = payload(parts)
    return MAGIC + hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def payload(parts: dict[str, Part]) -> bytes:
    """The states of parts as torch's own bytes. Raises CheckpointError where `load` would refuse them."""
    with alone():  # all of the same step, whoever trains meanwhile
        states = {name: storable(part.state_dict(), name) for name, part in parts.items()}
        torch.save(states, buffer := io.BytesIO())
        _check(unpacked(buffer.getvalue(), "what was to be saved"), parts, UNFIT)
    return buffer.getvalue()


def storable(value: object, where: str) -> object:
    """A state as a file can hold it: numpy's numbers become Python's. Raises CheckpointError for what is none."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, dict):
        items = {storable(key, f"a key of {where}"): storable(each, f"{where}[{key!r}]") for key, each in value.items()}
        if not isinstance(value, OrderedDict):
            return items
        value = copy.copy(value)  # with the versions that torch notes on a network's state
        value.clear()
        value.update(items)
        return value
    if type(value) is list or type(value) is tuple:
        return type(value)(storable(each, f"{where}[{k}]") for k, each in enumerate(value))
    if type(value) not in PLAIN and not isinstance(value, torch.nn.Parameter):
        raise CheckpointError(
            f"{where} is a {type(value).__name__}, which a checkpoint cannot hold: keep numbers, "
            "texts, tensors, and lists and dicts of these (of an array, torch.as_tensor(array))"
        )
    return value


def load(path: str | Path, **parts: Part) -> None:
    """Put the saved states into parts built as they were for the run: `load("run.ckpt", gan=gan, batches=batches)`.

    Raises OSError for a file that is not there or cannot be read, CheckpointError for one that is foreign, damaged or
    of other networks; then all parts are as they were.
    """
    states = read(path)
    for name in parts:
        if name not in states:
            raise CheckpointError(f"{path} holds no {name!r}, only {', '.join(states)}")
    with alone():
        _check(states, parts, MISFIT, f"{path} ")
        before = {name: copy.deepcopy(_now(part)) for name, part in parts.items()}
        for name, part in parts.items():
            try:
                part.load_state_dict(states[name])
            except Exception as error:
                for other, state in before.items():
                    with suppress(Exception):  # what it was before may be a wreck that loads nowhere
                        parts[other].load_state_dict(state)
                raise CheckpointError(f"{path} {MISFIT.format(name, error)}") from error


def _check(states: dict[str, Any], parts: dict[str, Part], complaint: str, start: str = "") -> None:
    """Every part looks at its state, and nothing is changed."""
    for name, part in parts.items():
        try:
            if hasattr(part, "check_state"):
                part.check_state(states[name])
        except Exception as error:  # what a file says may fail in any way
            raise CheckpointError(f"{start}{complaint.format(name, error)}") from error
    try:
        agree(states.values())
    except ValueError as error:
        raise CheckpointError(f"{start}is made up of different runs: {error}") from None


def _now(part: Part) -> State:
    try:
        return part.state_dict()
    except FloatingPointError:  # a failure nobody had read yet: to load is how one goes on
        return part.state_dict()


def read(path: str | Path) -> dict[str, Any]:
    """The saved states, by name, on the CPU. Raises as `load` does."""
    path = checked.path("path", path)
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise OSError(errno.EINVAL, "this is no file, so it holds no checkpoint", str(path))
    content = path.read_bytes()
    if not content.startswith(MAGIC) and (other := re.match(KIND + rb"(\d{1,9})\n", content)):
        raise CheckpointError(
            f"{path} is a checkpoint of another gan_edu (format {int(other[1])}, this one reads "
            f"{VERSION}): go on with the gan_edu that saved it, or begin the run anew"
        )
    if not content.startswith(MAGIC):
        raise CheckpointError(
            f"{path} is not a checkpoint of gan_edu: give the path of one that "
            "gan_edu.core.training.checkpoint.save wrote"
        )
    start = len(MAGIC) + DIGEST + 1
    digest, payload = content[len(MAGIC) : start - 1], content[start:]
    if hashlib.sha256(payload).hexdigest().encode() != digest:
        raise CheckpointError(
            f"{path} is damaged or cut short ({len(content):,} bytes; its checksum differs): "
            "go on from an earlier one, or begin the run anew"
        )
    return unpacked(payload, str(path))


def unpacked(payload: bytes, where: str) -> dict[str, Any]:
    """States by name out of torch's own bytes. where: what an error names. Raises CheckpointError for anything else."""
    try:
        states = torch.load(io.BytesIO(payload), map_location="cpu", weights_only=True)
    except Exception as error:  # bytes made to deceive end in an error of nearly any kind
        raise CheckpointError(
            f"{where} holds something other than tensors and numbers, and was not opened: {error}"
        ) from None
    if not isinstance(states, dict) or not all(isinstance(name, str) for name in states):
        raise CheckpointError(
            f"{where} holds a {type(states).__name__} in place of states by name: "
            "make one with gan_edu.core.training.checkpoint.save"
        )
    return states
