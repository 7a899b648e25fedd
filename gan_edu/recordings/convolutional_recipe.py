"""The convolutional GAN of chapter 10 without labels, and how its film is made: in the time of the best MLP's."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import torch

from gan_edu.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.measures.stored_scores import cost, measured
from gan_edu.core.recording.recording import Recording
from gan_edu.core.training.device import bfloat16_is_fast
from gan_edu.recordings.best_recipe import BETAS, RATES, TRICKS, tricks
from gan_edu.recordings.digits_film import beside_textbook
from gan_edu.training_loop import GAN, adam

BATCH, LATENT, WIDTH, HIDDEN = 128, 62, 16, 256
CHANGED = {
    "batch_size": BATCH,
    "learning_rate": "2e-3 for G, 1e-3 for D",
    "optimiser": "Adam, betas 0 and 0.99",
    "latent_dim": LATENT,
    "generator": "62 → 256 → 32 maps of 7 × 7 → 16 of 14 × 14 → 28 × 28, resize, batch normalisation, ReLU, tanh",
    "discriminator": "28 × 28 → 16 maps of 14 × 14 → 32 of 7 × 7 → 256 → 1, LeakyReLU 0.2",
    "tricks": TRICKS,
}


def best_convolutional(seed: int = 0, device: torch.device | str = "cpu") -> tuple[GAN, Batches]:
    """(gan, batches): the arm "convolutional" of `make bench-convolutional`, with the tricks of chapter 05's best."""
    torch.manual_seed(seed)
    G, D = ConvGenerator(LATENT, width=WIDTH, grow="resize", hidden=HIDDEN), ConvDiscriminator(width=WIDTH)
    gan = GAN(
        G.to(device),
        D.to(device),
        LATENT,
        g_optimizer=adam(G, RATES[0], BETAS),
        d_optimizer=adam(D, RATES[1], BETAS),
        seed=seed,
        precision="bfloat16" if bfloat16_is_fast(torch.device(device)) else "float32",
        **tricks(),
    )
    return gan, Batches(mnist(train=True)[0], BATCH, seed, device=device)


def step_cost() -> float:
    """Steps of the textbook GAN that take as long as one of this: by the stored runs, beside the best MLP's."""
    stored = measured("convolutional")
    seconds = {
        arm: median(run["cpu_seconds"] for run in stored["runs"] if (run["data"], run["arm"]) == ("plain", arm))
        / stored["arms"]["plain"][arm]["settings"]["steps"]
        for arm in ("mlp", "convolutional")
    }
    return cost("best") * seconds["convolutional"] / seconds["mlp"]


def mnist_convolutional(name: str, epochs: int | None = None, into: str | Path | None = None) -> Recording:
    """As long as `epochs` of the textbook GAN take, with frames where the textbook's film has them."""
    return beside_textbook(
        best_convolutional,
        step_cost(),
        "Convolutional networks with tricks",
        CHANGED,
        every=250,
        name=name,
        epochs=epochs,
        into=into,
    )
