"""The textbook GAN on MNIST, as a lesson. Belongs to notebook 04_mnist_gan.

Two small MLPs, Adam with a learning rate of 2e-4, batches of 64, 100 epochs: the settings of many tutorials.
It learns digits, it leaves salt noise, and some digits come far too often: at epoch 100 the 1s, in the one film that is
that long; at epoch 20, in five films of six, samples that a network reads as 8s. The recordings hold the counts.
Goodfellow et al. (2014), arXiv 1406.2661; the architecture is that of the document the course grew from.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import torch
from torch import Tensor

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import pictures, scaled
from gan_edu.core.recording.recording import SHIPPED
from gan_edu.core.safety import durable
from gan_edu.core.safety.checked import integer
from gan_edu.core.training.checkpoint import unpacked
from gan_edu.core.training.device import named
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.core.training.streams import seeded
from gan_edu.training_loop import GAN

BATCH_SIZE = 64
SPARE = 8  # of the nearest pictures, whose order products may confuse
FIRST_DIGITS = {"first digits": 10 * 937}  # the step at which three of six shipped films show some: test_mnist_gan
SETTINGS = {
    "batch_size": BATCH_SIZE,
    "learning_rate": 2e-4,
    "optimiser": "Adam, betas 0.9 and 0.999",
    "latent_dim": 100,
    "generator": "100 → 128 → 256 → 512 → 784, ReLU, tanh",
    "discriminator": "784 → 512 → 256 → 1, LeakyReLU 0.2",
    "data": "MNIST training set, 60,000 images",
}


def textbook(seed: int = 0, device: torch.device | str = "cpu", **pieces: Any) -> GAN:
    """The textbook GAN with fresh weights. pieces: any of `GAN`'s to change, `precision="bfloat16"` for one.

    The weights come from a stream of their own, so that the same seed gives the same networks wherever it is called.
    With another latent_dim the generator takes as many numbers.
    """
    device, latent_dim = named(device), pieces.pop("latent_dim", 100)
    with seeded(seed := integer("seed", seed)):
        networks = {"generator": MLPGenerator(latent_dim), "discriminator": MLPDiscriminator()}
    own = {name: network.to(device) for name, network in networks.items()}
    return GAN(**{**own, "latent_dim": latent_dim, "seed": seed, **pieces})


def textbook_batches(seed: int = 0, device: torch.device | str = "cpu", batch_size: int = BATCH_SIZE) -> Batches:
    """All of MNIST's training images in batches of 64, (64, 1, 28, 28) in [−1, 1]; 937 make an epoch."""
    return Batches(_training_images(), batch_size=batch_size, seed=seed, device=device)


@cache
def _training_images() -> Tensor:
    return mnist(train=True)[0]  # once for all runs of a process: nobody writes into it


def trained_textbook(device: torch.device | str = "cpu") -> GAN:
    """The textbook GAN with the generator of the shipped 100-epoch run. Its discriminator is fresh, untrained.

    The first 64 latents it draws are those of the film. Raises OSError where the weights are missing or damaged.
    """
    path = SHIPPED / "mnist_textbook_generator" / "generator.pt"
    about, data = durable.shipped_pair(path, "record mnist_textbook")
    gan = textbook(about["seed"], device)
    gan.generator.load_state_dict(unpacked(data, str(path)))  # float16 → float32
    gan.step = about["step"]
    return gan


def nearest_digits(samples: Tensor, images: Tensor, count: int = 1) -> tuple[Tensor, Tensor]:
    """The `count` training images nearest to each sample, by the Euclidean distance between pixels in [−1, 1].

    samples: (N, 1, 28, 28); images: (M, 1, 28, 28), uint8 or in [−1, 1], of any floating-point type; float32 is
    reckoned with. Returns (distances, indices), each (N, count).
    Raises ValueError for two shapes, or a count outside 1 … M.
    """
    if pictures("samples", samples).shape[1:] != pictures("images", images).shape[1:]:
        raise ValueError(
            f"samples and images must have one shape, got {tuple(samples.shape)} and {tuple(images.shape)}"
        )
    count = integer("count", count, 1, len(images))  # of the images there are
    flat = scaled(samples).float().flatten(1)
    nearest, where = flat.new_empty(len(flat), 0), flat.new_empty(len(flat), 0, dtype=torch.long)
    for start in range(0, len(images), 10_000):  # in parts: all of MNIST is 190 MB as floats
        part = scaled(images[start : start + 10_000]).float().flatten(1).to(flat.device)
        # by products, which is quick and, near 0, a little off: so a few more than are asked for, each then exactly
        indices = torch.cdist(flat, part).topk(min(count + SPARE, len(part)), largest=False).indices
        distances = flat.new_empty(indices.shape)
        for row, sample, near in zip(distances, flat, indices, strict=True):
            row[:] = (part[near] - sample).norm(dim=1)
        nearest, where = torch.cat([nearest, distances], 1), torch.cat([where, indices + start], 1)
    nearest, order = nearest.topk(count, largest=False)
    return nearest, where.gather(1, order)


def salt(images: Tensor) -> float:
    """How much salt noise pictures hold: the share of pixels lighter than all 8 neighbours by > 0.5 (of [−1, 1]'s 2).

    images: (N, 1, H, W), uint8 or in [−1, 1]. Outside the picture counts as black. A single light dot on
    black counts, a stroke does not. Of 10,000 pixels
    MNIST's digits score 0.3, uniform noise 115, pure black 0. The textbook GAN after 100 epochs scores 9 in its last
    frame, 10 in 10,000 samples. The course speaks of salt from ten times the score of real digits on.
    NaN where a pixel is not finite. Raises ValueError for another shape, or for nothing to count in.
    """
    if pictures("images", images).ndim != 4 or images.shape[1] != 1 or not images.numel():
        raise ValueError(f"pictures have the shape (N, 1, H, W) with N ≥ 1, got {tuple(images.shape)}")
    if not images.isfinite().all():  # NaN is not lighter than its neighbours: no salt, the best
        return math.nan
    return sum(_salty(part) for part in images.split(500)) / images.numel()  # in parts: windows take 9 × the room


def _salty(images: Tensor) -> int:
    pixels = torch.nn.functional.pad(scaled(images).float(), (1, 1, 1, 1), value=-1.0)
    windows = pixels.unfold(2, 3, 1).unfold(3, 3, 1).flatten(4)  # (N, 1, H, W, 9)
    centre = windows[..., 4]
    around = torch.cat([windows[..., :4], windows[..., 5:]], -1).amax(-1)
    return int((centre - around > 0.5).sum())
