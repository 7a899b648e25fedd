"""A frozen network that has learned MNIST, another that has learned Fashion-MNIST, and the numbers they give samples.

FID (Heusel et al. 2017, arXiv 1706.08500) compares the means and covariances of two sets of features; the usual ones
are Inception's, which knows photographs and no digits. This small convolutional network reads digits, or clothes, so
its features see what tells these apart, and what does not matter to that they may miss. Numbers of two networks must
not be compared: neither with an Inception FID nor between digits and clothes; nor those of two sample counts. The floor
beside it, real training samples against the test set at the same count, says what a perfect generator would score.
Notebook 00 introduces FID. `python -m gan_edu train-features --data mnist` (or `fashion`) trains a network anew.
"""

from __future__ import annotations

import hashlib
import io
import math
import time
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from gan_edu.core.data.datasets import fashion_mnist, mnist
from gan_edu.core.data.pixels import pictures, scaled
from gan_edu.core.measures.feature_scores import Given
from gan_edu.core.measures.score import PART, embedded, on_scale
from gan_edu.core.safety import durable
from gan_edu.core.safety.checked import function, integer, one_of
from gan_edu.core.safety.interrupts import alone, heard
from gan_edu.core.safety.lock import locked
from gan_edu.core.safety.strict_json import as_json
from gan_edu.core.training.checkpoint import unpacked
from gan_edu.core.training.device import describe, named, pick
from gan_edu.core.training.streams import looking
from gan_edu.core.training.tensors import tensor

DIMENSIONS = 96
ROOM = 10_000_000  # bytes to be free before the network is trained anew


class DataSet(NamedTuple):
    """Pictures (N, 1, 28, 28) of 10 classes, and where the network that has learned them lies."""

    name: str
    load: Callable[[bool], tuple[Tensor, Tensor]]  # of training or of testing: images, labels
    weights: Path  # beside it, as .json, how it was trained
    dtype: torch.dtype  # of the weights in the file
    epochs: int


DATA = {
    "mnist": DataSet("MNIST", mnist, Path(__file__).with_name("features.pt"), torch.float32, 8),
    "fashion": DataSet(
        "Fashion-MNIST", fashion_mnist, Path(__file__).with_name("fashion_features.pt"), torch.float16, 16
    ),
}


class FeatureNet(nn.Module):
    """Pictures (N, 1, 28, 28) in [−1, 1] → features (N, 96); `classify` gives logits of the 10 classes."""

    num_features = DIMENSIONS  # torchmetrics asks for it

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_block(1, 32, kernel=5),
            nn.MaxPool2d(2),  # (N, 32, 14, 14)
            *_block(32, 64),
            nn.MaxPool2d(2),  # (N, 64, 7, 7)
            *_block(64, 64),
            nn.MaxPool2d(2, ceil_mode=True),  # (N, 64, 4, 4)
            nn.Flatten(),
            nn.Linear(64 * 16, DIMENSIONS),
        )
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(DIMENSIONS, 10))

    def forward(self, images: Tensor) -> Tensor:
        return self.body(images)

    def classify(self, features: Tensor) -> Tensor:
        """Logits (N, 10) for features (N, 96)."""
        return self.head(features)


def _block(inputs: int, outputs: int, kernel: int = 3) -> tuple[nn.Module, ...]:
    return (
        nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


@cache
def feature_net(device: torch.device | str = "cpu", data: str = "mnist") -> FeatureNet:
    """The shipped network that has learned "mnist" or "fashion", in eval mode.

    Raises OSError where its weights are missing or damaged, ValueError for other data.
    """
    weights = DATA[one_of("data", data, DATA)].weights
    _, content = durable.shipped_pair(weights, f"run {_command(data)}")
    net = _with(unpacked(content, str(weights))).to(device)
    if named(device).type == "cpu":
        net.to(memory_format=torch.channels_last)  # of the same numbers, in little more than half the time
    return net


def _command(data: str) -> str:
    return f"python -m gan_edu train-features --data {data}"


def _with(states: dict[str, Tensor]) -> FeatureNet:
    net = FeatureNet().float()  # whatever torch's default is just now
    net.load_state_dict(states)
    return net.requires_grad_(False).eval()


class Generates(Protocol):
    """What is scored: a GAN."""

    @property
    def device(self) -> torch.device: ...
    def latents(self, count: int, stream: torch.Generator) -> Tensor: ...
    def generate(self, z: Tensor) -> Tensor: ...


class Scorer:
    """Scores a GAN's samples against the test set of "mnist" or "fashion": FID, mean confidence, class histogram.

    samples: how many are drawn for one score. Of the same generator FID falls, on average, as they grow: from few
    samples it comes out too high. So the count belongs to the number. Raises ValueError for fewer than 2, as a
    covariance needs two, or more than the 60,000 pictures that the floor is made of, and for other data.
    """

    def __init__(self, samples: int = 10_000, device: torch.device | str = "cpu", data: str = "mnist"):
        samples, self.data = integer("samples", samples, 2, 60_000), DATA[one_of("data", data, DATA)]
        from torchmetrics.image.fid import FrechetInceptionDistance

        device = torch.device("cpu") if (device := named(device)).type == "mps" else device  # MPS has no float64
        self.samples, self.device, self.net = samples, device, feature_net(device, data)
        self.reference = f"{self.data.name} test set, 10,000 images"
        self.fid = FrechetInceptionDistance(
            feature=Given(DIMENSIONS), reset_real_features=False, sync_on_compute=False
        ).to(device)
        self.fid.set_dtype(torch.float64)
        self.fid.update(_test_features(self.data, self.net, device), real=True)

    @cached_property
    def floor(self) -> float:
        """FID of `samples` real training pictures against the test set: what a perfect generator would score."""
        images = self.data.load(True)[0]
        chosen = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))[: self.samples]
        return self.score_images(images[chosen])["fid"]

    def score(self, gan: Generates) -> dict:
        """Scores of a GAN, from latents that are the same at each call: {"fid", "confidence", "histogram"}."""
        if not hasattr(gan, "latents"):
            raise TypeError(f"what is scored must be a GAN, got {type(gan).__name__}: of pictures, score_images")
        z, parts = gan.latents(self.samples, torch.Generator(gan.device).manual_seed(20_140_610)), []
        for part in z.split(PART):
            heard()  # it takes seconds, and may be left
            parts.append(gan.generate(part).float())
        return self._scores(pictures("samples", torch.cat(parts)))  # a word at most: a run is not lost by its scale

    def score_images(self, images: Tensor) -> dict:
        """Scores of images (N, 1, 28, 28), uint8 or in [−1, 1]; histogram: the shares of the classes 0–9.

        All are NaN where a single image, or what the network makes of it, is not finite. Raises ValueError for another
        shape or images on another scale, TypeError for what is no tensor of pixels.
        """
        if tensor("images", images).isfinite().all():
            on_scale("given", images)
        return self._scores(images)

    def _scores(self, images: Tensor) -> dict:
        self.takes(images)
        if len(images) < 2:
            raise ValueError(f"at least 2 images of the shape (N, 1, 28, 28) are scored, got {tuple(images.shape)}")
        features = embedded(self.net, images).to(self.device)
        with looking(self.net):
            logits = torch.cat([self.net.classify(part) for part in features.split(PART)])  # (N, 10)
        if not (features.isfinite().all() and logits.isfinite().all()):
            return {"fid": math.nan, "confidence": math.nan, "histogram": [math.nan] * 10}
        with alone():  # two runs may share a scorer
            self.fid.reset()
            self.fid.update(features.double(), real=False)
            fid = self.fid.compute().item()
        shares = torch.bincount(classes(logits), minlength=10) / len(logits)
        return {
            "fid": 0.0 if fid < 0 else fid,  # rounding may go below; max() would make 0 of NaN
            "confidence": logits.softmax(1).amax(1).mean().item(),
            "histogram": shares.tolist(),
        }

    def takes(self, images: Tensor) -> None:
        """Raise ValueError for what are no images that can be scored."""
        if images.ndim != 4 or images.shape[1:] != (1, 28, 28):
            raise ValueError(f"images of the shape (N, 1, 28, 28) are scored, got {tuple(images.shape)}")


@cache
def _test_features(data: DataSet, net: FeatureNet, device: torch.device) -> Tensor:
    """Those of the test set (10000, 96) in float64, computed once in a session: it takes seconds."""
    return embedded(net, data.load(False)[0]).double().to(device)


def classes(logits: Tensor) -> Tensor:
    """The class (N,) with the largest of the logits (N, 10); −1 where one is not finite, for which argmax names one."""
    return torch.where(logits.isfinite().all(1), logits.argmax(1), -1)


def accuracy(net: FeatureNet, images: Tensor, labels: Tensor) -> float:
    """Share of images (N, 1, 28, 28) whose class the network names rightly."""
    with looking(net):
        right = sum(
            int((classes(net.classify(net(scaled(part)))) == label).sum())
            for part, label in zip(images.split(PART), labels.split(PART), strict=True)
        )
    return right / len(images)


def train_features(
    epochs: int | None = None, seed: int = 0, say: Callable[[str], object] = print, data: str = "mnist"
) -> float:
    """Train the network on "mnist" or "fashion" and store weights and provenance. Returns the test accuracy.

    epochs: by default 8 of MNIST, 16 of Fashion-MNIST, as those that are shipped. It trains where `core.training.setup`
    would; what it draws is the same on any device.
    Raises, before it trains, ValueError for epochs below 1 or other data, OSError where they could not be stored, and
    InUse where another process trains it.
    """
    about = DATA[one_of("data", data, DATA)]
    epochs = about.epochs if epochs is None else integer("epochs", epochs, 1)
    seed, say = integer("seed", seed), function("say", say)
    durable.ask(about.weights.parent, ROOM)
    with locked(about.weights.with_suffix(".lock"), "the scoring network's training"):
        started, device = time.time(), pick()
        states = trained(about, epochs, seed, say, device).cpu().state_dict()
        states = {name: w.to(about.dtype) if w.is_floating_point() else w for name, w in states.items()}
        torch.save(states, buffer := io.BytesIO())
        result = accuracy(_with(states), *about.load(False))  # as it is stored
        facts = {
            "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
            "test_accuracy": result,
            "epochs": epochs,
            "seed": seed,
            "features": DIMENSIONS,
            "trained_on": f"{about.name} training set, 60,000 images, shifted by ≤ 2 pixels",
            "seconds": round(time.time() - started),
            "torch": torch.__version__,
            "device": describe(device),
            "command": _command(data),
        }
        told = about.weights.with_suffix(".json").name
        durable.write_together(
            about.weights.parent,
            {told: (as_json(facts, indent=1) + "\n").encode(), about.weights.name: buffer.getvalue()},
        )
    feature_net.cache_clear()
    return result


def trained(data: DataSet, epochs: int, seed: int, say: Callable[[str], object], device: torch.device) -> FeatureNet:
    torch.manual_seed(seed)
    images, labels, *test = (each.to(device) for each in (*data.load(True), *data.load(False)))
    net, steps = FeatureNet().to(device), len(images) // 128
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=epochs * steps)
    for epoch in range(1, epochs + 1):
        for chosen in torch.randperm(len(images))[: steps * 128].to(device).split(128):  # drawn on the CPU
            logits = net.classify(net(_shifted(scaled(images[chosen]))))  # (128, 10)
            loss = cross_entropy(logits, labels[chosen], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        say(f"epoch {epoch} of {epochs}: test accuracy {accuracy(net, *test):.4f}")
    return net


def _shifted(images: Tensor, most: int = 2) -> Tensor:
    """Each batch moved by up to `most` pixels, the edge filled with background: (N, 1, 28, 28) → the same."""
    down, right = torch.randint(0, 2 * most + 1, (2,)).tolist()
    padded = nn.functional.pad(images, (most, most, most, most), value=-1.0)
    return padded[:, :, down : down + images.shape[2], right : right + images.shape[3]]
