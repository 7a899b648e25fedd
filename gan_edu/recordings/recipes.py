"""How the shipped recordings are made: `python -m gan_edu record NAME`.

A run saves checkpoints and, interrupted, goes on from the last one to the same end, bit for bit.
"""

from __future__ import annotations

import hashlib
import io
from functools import partial
from pathlib import Path

import torch

from gan_edu.core.measures.mnist_scores import Scorer
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder, frame_steps
from gan_edu.core.recording.recording import Recording
from gan_edu.core.safety import checked, durable
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.device import setup
from gan_edu.core.training.ranks import Ranks, joined
from gan_edu.core.training.shared_step import shared
from gan_edu.mnist_gan import BATCH_SIZE, SETTINGS, textbook, textbook_batches
from gan_edu.recordings.best_recipe import mnist_best
from gan_edu.recordings.convolutional_recipe import mnist_convolutional
from gan_edu.recordings.plane_recipes import PLANE, record_plane
from gan_edu.recordings.resumable import follow, record, trial
from gan_edu.recordings.rivals_recipe import record_rivals
from gan_edu.recordings.step_recipe import mnist_textbook_steps
from gan_edu.recordings.theatre_recipes import ALL, record_theatre
from gan_edu.training_loop import GAN, train, train_step
from gan_edu.widgets.kit.still import told


def record_textbook(
    name: str, seed: int, epochs: int, into: Path, title: str, quality: int, here: Ranks | None = None
) -> Recording | None:
    """Train the textbook GAN on all of MNIST for `epochs` epochs and store its recording in `into`.

    here: where other processes train it, too. The first of them stores, the others get None.
    """
    device = setup() if here is None else here.device
    gan, batches = textbook(seed, device), textbook_batches(seed, device)
    epoch, total = batches.steps_per_epoch, epochs * batches.steps_per_epoch
    own = train if here is None else partial(train, step=shared(train_step, here))
    if here is not None and not here.first:
        follow(gan, batches, own, total, here)
        return None
    recorder = Recorder(
        gan,
        frame_steps(total, every=epoch),
        title,
        GridLook(scorer=Scorer(10_000, device)),
        name=name,
        steps_per_epoch=epoch,
        settings={**SETTINGS, "epochs": epochs},
    )
    beside = {into.parent / f"{name}_generator": partial(store_generator, gan)} if name == "mnist_textbook" else {}
    recording = record(recorder, batches, own, total, into, epoch, quality, beside, here)
    fid = (recording.scores[-1] or {}).get("fid")
    print(
        f"{into}: {len(recording)} frames, {len(recording.atlas) / 1e6:.2f} MB, "
        f"FID {told(fid, '.1f')} (floor {recording.meta['scoring']['fid_floor']:.2f})"
    )
    return recording


def store_generator(gan: GAN, folder: Path) -> Path:
    """Write the generator's weights in float16 and where they come from, for `mnist_gan.trained_textbook`."""
    buffer = io.BytesIO()
    torch.save({key: weight.half().cpu() for key, weight in gan.generator.state_dict().items()}, buffer)
    about = {
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "step": gan.step,
        "seed": gan.seed,
        "dtype": "float16",
        "torch": torch.__version__,
        "command": "python -m gan_edu record mnist_textbook",
    }
    return durable.write_together(
        folder, {"generator.json": (as_json(about, indent=1) + "\n").encode(), "generator.pt": buffer.getvalue()}
    )


def mnist_textbook(name: str, epochs: int | None = None, into: str | Path | None = None) -> None:
    """100 epochs, one seed: the main job's film."""
    record_textbook(name, 0, *trial(name, epochs, into, 100), "Textbook GAN on MNIST", quality=75)


def mnist_textbook_seeds(name: str, epochs: int | None = None, into: str | Path | None = None) -> None:
    """20 epochs on each of five other seeds: the normal spread."""
    for seed in range(1, 6):
        own = f"{name}/{seed}"
        record_textbook(own, seed, *trial(own, epochs, into, 20), f"Seed {seed}", quality=60)


def train_textbook(name: str, epochs: int, into: str | Path) -> None:
    """The same run in as many processes as were started, its film into a folder of one's own."""
    with joined() as here:
        alone = None if here.count == 1 else here
        record_textbook(name, 0, epochs, checked.path("into", into) / name, "Textbook GAN on MNIST", 75, alone)


SHARED = {"mnist_textbook": (train_textbook, BATCH_SIZE)}  # what `train` trains, and its batch
RECIPES = {
    "mnist_textbook": mnist_textbook,
    "mnist_textbook_seeds": mnist_textbook_seeds,
    "mnist_textbook_steps": mnist_textbook_steps,
    "mnist_best": mnist_best,
    "mnist_convolutional": mnist_convolutional,
    **dict.fromkeys(PLANE, record_plane),
    ALL: record_theatre,
    "rivals": record_rivals,
}


def poster(recording: Recording, path: str | Path, frames: int = 36, milliseconds: int = 220) -> str:
    """An animated WebP of digits emerging, for the README: at most 1 MB. Returns a line that says what was written."""
    path, last, frames = checked.file("path", path), len(recording) - 1, checked.integer("frames", frames, 2, 1000)
    milliseconds = checked.integer("milliseconds", milliseconds, 1, 60_000)
    chosen = sorted({round(last * (i / (frames - 1))) for i in range(frames)})
    pictures = [recording.frame(i) for i in chosen]
    durations = [milliseconds] * (len(pictures) - 1) + [2000]
    buffer = io.BytesIO()
    pictures[0].save(
        buffer, "WEBP", save_all=True, append_images=pictures[1:], duration=durations, loop=0, quality=50, method=6
    )
    durable.write(path, buffer.getvalue())
    return f"{path}: {len(pictures)} frames, {len(buffer.getvalue()) / 1e6:.2f} MB"
