"""Checkpoints: everything a run needs to go on as if it had never stopped.

Saved are the weights, the optimisers, the hooks' state (an EMA, say), the random streams, the step, the place in the
data and, where one is given, the recorder. A file takes the old one's place whole (`core.durable`), so that a run that
is killed at any moment leaves a whole one. It is read without unpickling code (torch's `weights_only=True`).
Used from notebook 04 on.
"""
from __future__ import annotations

import copy
import hashlib
import io
from pathlib import Path

import torch

from gan_edu.core import durable

MAGIC = b"gan_edu checkpoint 1\n"                     # then 64 hex digits of SHA-256, a newline, and torch's own bytes
DIGEST = 64


class CheckpointError(ValueError):
    """A file that is no checkpoint, damaged, or of another run; the message says which."""


def save(path: str | Path, **parts) -> Path:
    """Save the state of each part: `save("run.ckpt", gan=gan, batches=batches, recorder=recorder)`.

    parts: objects with a state_dict. The file appears at once and whole, or not at all. Returns its path.
    Raises TypeError for a part without a state_dict, and OSError where the disk is full or the folder takes no files;
    then an older file is as it was.
    """
    return durable.write(path, sealed(**parts))


def sealed(**parts) -> bytes:
    """What `save` writes. Raises TypeError for a part without a state_dict."""
    for name, part in parts.items():
        if not hasattr(part, "state_dict"):
            raise TypeError(f"{name} has no state_dict, so it cannot be saved: got {type(part).__name__}")
    buffer = io.BytesIO()
    torch.save({name: part.state_dict() for name, part in parts.items()}, buffer)
    payload = buffer.getvalue()
    return MAGIC + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload


def load(path: str | Path, **parts) -> None:
    """Put the saved states into parts built as they were for the run: `load("run.ckpt", gan=gan, batches=batches)`.

    Raises FileNotFoundError, or CheckpointError for a file that is foreign, damaged or of other networks; then all
    parts are as they were.
    """
    states = read(path)
    for name in parts:
        if name not in states:
            raise CheckpointError(f"{path} holds no {name!r}, only {', '.join(states)}")
    before = {name: copy.deepcopy(_now(part)) for name, part in parts.items()}
    for name, part in parts.items():
        try:
            part.load_state_dict(states[name])
        except Exception as error:
            for other, state in before.items():
                parts[other].load_state_dict(state)
            raise CheckpointError(f"{path} does not fit this {name}. Build it as it was built for the run. {error}"
                                  ) from error


def _now(part) -> dict:
    try:
        return part.state_dict()
    except FloatingPointError:                        # a failure nobody had read yet: to load is how one goes on
        return part.state_dict()


def read(path: str | Path) -> dict:
    """The saved states, by name, on the CPU. Raises as `load` does."""
    content = Path(path).read_bytes()
    if not content.startswith(MAGIC):
        raise CheckpointError(f"{path} is not a checkpoint of gan_edu (or of another version); "
                              "make one with gan_edu.core.checkpoint.save")
    start = len(MAGIC) + DIGEST + 1
    digest, payload = content[len(MAGIC):start - 1], content[start:]
    if hashlib.sha256(payload).hexdigest().encode() != digest:
        raise CheckpointError(f"{path} is damaged or cut short ({len(content):,} bytes; its checksum differs): "
                              "go back to an earlier one")
    try:
        states = torch.load(io.BytesIO(payload), map_location="cpu", weights_only=True)
    except Exception as error:                        # bytes made to deceive end in an error of nearly any kind
        raise CheckpointError(f"{path} holds something other than tensors and numbers, and was not opened: {error}"
                              ) from None
    if not isinstance(states, dict):
        raise CheckpointError(f"{path} holds a {type(states).__name__} in place of states by name: "
                              "make one with gan_edu.core.checkpoint.save")
    return states
