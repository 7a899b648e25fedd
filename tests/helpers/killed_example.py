"""An example of the contract that saves a checkpoint after every step, to be killed."""

import sys
from importlib import import_module
from pathlib import Path

import torch

from gan_edu.core.training import checkpoint
from gan_edu.training_loop import train


def run(name: str, step: str | None, path: Path, tell) -> None:
    """Train docs/examples/<name>.py with its own step, for ever; tells each step that is saved."""
    torch.set_num_threads(1)
    sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))
    example = import_module(name)
    gan, batches = example.build()
    for record in train(gan, batches, 10**6, step=step and getattr(example, step)):
        checkpoint.save(path, gan=gan, batches=batches)
        tell.send(record.step)
