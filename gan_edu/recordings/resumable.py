"""A recording that may be interrupted: it saves checkpoints and goes on from the last one to the same end."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from gan_edu.core import checkpoint
from gan_edu.core.recorder import Recorder
from gan_edu.core.recording import Recording

RUNS = Path("runs")         # checkpoints of unfinished recordings, in the folder the command is called from


def film(recorder: Recorder, batches, train: Callable, total: int, every: int, quality: int = 80) -> Recording:
    """Train the recorder's GAN to step `total`, a checkpoint every `every` steps; its settings name the file.

    quality: of the pictures, 1–100. Interrupted and called again, with parts built alike, it ends with the same
    recording, bit for bit on the same build and thread count. Raises CheckpointError for a file of other parts.
    """
    gan = recorder.gan
    path = RUNS / f"{recorder.facts['name'].replace('/', '_')}_{total}.ckpt"
    parts = {"gan": gan, "batches": batches, "recorder": recorder}
    if path.is_file():
        checkpoint.load(path, **parts)
    with tqdm(total=total * batches.batch_size, initial=gan.step * batches.batch_size, unit="samples", unit_scale=True,
              desc=recorder.facts["name"]) as bar:
        for _ in recorder.watch(train(gan, batches, total - gan.step)):
            bar.update(batches.batch_size)
            if gan.step % every == 0:
                checkpoint.save(path, **parts)
    recording = recorder.recording(quality)
    path.unlink(missing_ok=True)
    return recording
