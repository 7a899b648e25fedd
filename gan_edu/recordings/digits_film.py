"""A film of a GAN on digits that takes the time of the textbook's, its frames where that has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.measures.mnist_scores import Scorer
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording, shipped
from gan_edu.core.training.device import setup
from gan_edu.mnist_gan import SETTINGS, textbook_batches
from gan_edu.recordings.resumable import record, trial
from gan_edu.training_loop import GAN, train
from gan_edu.widgets.kit.still import told

EPOCHS = 24  # of the textbook GAN, whose time it takes


def beside_textbook(
    build: Callable[[int, torch.device], tuple[GAN, Batches]],
    ratio: float,
    title: str,
    changed: dict,
    every: int,
    name: str,
    epochs: int | None,
    into: str | Path | None,
) -> Recording:
    """Train and store what `build(seed, device)` gives, as long as `epochs` of the textbook GAN take.

    ratio: steps of the textbook GAN that take as long as one of this. changed: settings that are not the textbook's.
    every: steps between two checkpoints.
    """
    epochs, folder = trial(name, epochs, into, EPOCHS)
    total = round(epochs * textbook_batches(0).steps_per_epoch / ratio)
    at = {min(total, round(step / ratio)) for step in shipped("mnist_textbook").steps} | {total}
    device = setup()
    gan, batches = build(0, device)
    settings = {**SETTINGS, **changed, "cost": round(ratio, 4)}
    recorder = Recorder(gan, at, title, GridLook(scorer=Scorer(10_000, device)), name=name, settings=settings)
    recording = record(recorder, batches, train, total, folder, every)
    print(summary(recording, folder))
    return recording


def summary(recording: Recording, folder: Path) -> str:
    """What was written, in a line."""
    fid = (recording.scores[-1] or {}).get("fid")
    return f"{folder}: {len(recording)} frames, {len(recording.atlas) / 1e6:.2f} MB, FID {told(fid, '.1f')}"
