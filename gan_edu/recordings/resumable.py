"""A recording that may be interrupted: it saves checkpoints and goes on from the last one to the same end.

What it needs is asked for before it trains, and its checkpoint goes when the film lies safe where it belongs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from reprlib import repr as short

import torch
from tqdm import tqdm

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.distributions import Draws
from gan_edu.core.recording.frame_schedule import Listed
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import SHIPPED, Recording
from gan_edu.core.recording.records import Recordable
from gan_edu.core.safety import checked, durable
from gan_edu.core.safety.checked import function, integer, kind, table, text
from gan_edu.core.safety.lock import locked
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training import checkpoint, threads
from gan_edu.core.training.contract import GAN, Part
from gan_edu.core.training.device import describe
from gan_edu.core.training.ranks import Ranks
from gan_edu.core.training.stored_state import WAYS

RUNS = Path("runs")  # checkpoints of unfinished recordings, in the folder the command is called from
PICTURES = 20_000_000  # bytes that the frames of a recording take at most
SHORT = {"generator": "G", "discriminator": "D"}
WEIGHTS = 6  # times the room of the weights: with Adam's two moments, in the old checkpoint and the new


def record(
    recorder: Recorder,
    batches: Batches | Draws,
    train: Callable,
    total: int,
    into: Path,
    every: int,
    quality: int = 80,
    beside: Mapping[Path, Callable[[Path], object]] | None = None,
    here: Ranks | None = None,
) -> Recording:
    """Train the recorder's GAN to step `total`, a checkpoint every `every` steps, and save the recording in `into`.

    quality: of the pictures, 1–100. beside: {folder: what stores more of the run in it}. here: where others train, too,
    and `follow` meanwhile. Interrupted and called again,
    with parts built alike, it ends with the same recording, bit for bit on the same build and thread count.
    Raises before it trains: OSError for a folder that takes no files, InUse where another process makes this
    recording, CheckpointError for a checkpoint of another recipe. Whatever it raises, the checkpoint stays.
    """
    total, every, quality = integer("total", total), integer("every", every, 1), integer("quality", quality, 1, 100)
    name, beside, into = recorder.facts["name"], beside or {}, checked.path("into", into)
    function("train", train)
    path = RUNS / f"{name.replace('/', '_')}_{total}.ckpt"
    for folder in (into, *beside, RUNS):
        durable.ask(folder, _room(recorder.gan))
    with locked(path.with_suffix(".lock"), f"the recording of {name}"):
        _train(recorder, batches, train, total, path, every, here)
        recording = recorder.recording(quality)
        recording.save(into)
        for folder, store in beside.items():
            store(folder)
        path.unlink(missing_ok=True)
    return recording


def trial(name: str, epochs: int | None, into: str | Path | None, usual: int) -> tuple[int, Path]:
    """(the epochs to train, the folder to write to) of the recording `name`; None: as it ships, `usual`."""
    epochs = usual if epochs is None else integer("epochs", epochs, 1)
    return epochs, (SHIPPED if into is None else checked.path("into", into)) / name


def follow(gan: Recordable, batches: Batches, train: Callable, total: int, here: Ranks) -> None:
    """What a process does that is not the first while that one calls `record`: it trains, and keeps nothing."""
    here.alike(gan=gan, batches=batches)
    for _ in train(gan, batches, total - gan.step):
        pass


def _train(
    recorder: Recorder,
    batches: Batches | Draws,
    train: Callable,
    total: int,
    path: Path,
    every: int,
    here: Ranks | None = None,
) -> None:
    gan, size = recorder.gan, batches.batch_size
    recipe = Recipe(recorder, batches)
    parts: dict[str, Part] = {"recipe": recipe, "gan": gan, "batches": batches, "recorder": recorder}
    if path.exists():
        try:
            checkpoint.load(path, **parts)
        except (checkpoint.CheckpointError, OSError) as error:
            raise checkpoint.CheckpointError(
                f"the recording was begun before, and cannot go on: {error}. To begin it anew, remove {path.resolve()}"
            ) from error
        recipe.note(recorder)
    if here is not None:
        here.alike(gan=gan, batches=batches)
    with tqdm(
        total=total * size, initial=gan.step * size, unit="samples", unit_scale=True, desc=recorder.facts["name"]
    ) as bar:
        for _ in recorder.watch(train(gan, batches, total - gan.step)):
            bar.update(size)
            if gan.step % every == 0 or gan.step == total:
                checkpoint.save(path, **parts)


def _room(gan: GAN) -> int:
    """Bytes that a checkpoint and a film may take."""
    weights = [weight for player in gan.players.values() for weight in player.network.parameters()]
    return WEIGHTS * sum(weight.nbytes for weight in weights) + PICTURES


class Recipe:
    """What a recording is made of, as a part of its checkpoint: one that goes on must be the one that began.

    Its state is read when the parts are fresh; what changes while it trains is the other parts' matter.
    """

    def __init__(self, recorder: Recorder, batches: Batches | Draws):
        self.now = json.loads(as_json(_facts(recorder, batches), default=str))
        self.device = recorder.gan.device
        self.began = self.place()

    def place(self) -> str:
        """Where it is made."""
        return f"{describe(self.device)}, torch {torch.__version__}"

    def state_dict(self) -> dict:
        """For a checkpoint, as text."""
        return {"facts": as_json(self.now), "place": self.place(), "threads": torch.get_num_threads()}

    def check_state(self, state: dict) -> None:
        """Raises ValueError that names what differs. Changes nothing."""
        table("the recipe", state, "facts", "place", "threads")
        text("place", state["place"])
        integer("threads", state["threads"], 1, 1024)
        then, now = table("the recipe's facts", json.loads(text("facts", state["facts"]))), self.now
        differ = [
            f"{name} was {short(then.get(name))}, is {short(now.get(name))}"
            for name in {**then, **now}
            if then.get(name) != now.get(name)
        ]
        if differ:
            raise ValueError(f"The recording began with another recipe: {'; '.join(differ)}. Restore what it was")

    def load_state_dict(self, state: dict) -> None:
        """Take the threads it began with, and remember where that was. Raises as `check_state`."""
        self.check_state(state)
        threads.take(state["threads"])
        self.began = state["place"]

    def note(self, recorder: Recorder) -> None:
        """Let the recording tell that it went on elsewhere, where its provenance names the last place only."""
        if self.began != (place := self.place()):
            change = f"went on with {place}; before: {self.began}"
            recorder.log.append({"step": recorder.gan.step, "change": change})


def _facts(recorder: Recorder, batches: Batches | Draws) -> dict:
    """What decides the course of a run, by name."""
    gan, settings = recorder.gan, recorder.facts["settings"]
    return {
        **{f"setting {name!r}": value for name, value in settings.items()},
        "seed": gan.seed,
        "loss": gan.loss.name,
        "precision": gan.precision,
        "hooks": list(map(_hook, gan.hooks)),
        "D's steps a step": gan.d_steps,
        "batch size": batches.batch_size,
        **{f"{SHORT.get(name, name)}'s optimiser": told_optimizer(own) for name, (_, own) in gan.players.items()},
        "frames": sorted(kind("the recorder's steps", recorder.at, Listed).steps),
        "data": getattr(batches, "fingerprint", None),
    }


def told_optimizer(optimizer: torch.optim.Optimizer) -> list:
    groups = [
        {name: value for name, value in group.items() if name not in {"params", *WAYS}}
        for group in optimizer.param_groups
    ]
    return [type(optimizer).__name__, *groups]


def _hook(hook: object) -> list:
    """Its kind and its numbers, and those of the penalty that it wraps."""
    own, wrapped = getattr(hook, "__dict__", {}), getattr(hook, "penalty", None)
    plain = {name: value for name, value in own.items() if isinstance(value, (str, int, float))}
    return [type(hook).__name__, plain, *([] if wrapped is None else _hook(wrapped))]
