"""The best combination of chapter 05 on the textbook's networks, and how its film is made."""

from __future__ import annotations

from pathlib import Path

import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.measures.stored_scores import cost
from gan_edu.core.recording.recording import Recording
from gan_edu.core.training.device import bfloat16_is_fast
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.recordings.digits_film import beside_textbook
from gan_edu.training_loop import GAN, adam
from gan_edu.tricks import EMA, lazy, r1

BATCH, RATES, BETAS, GAMMA, EVERY, DECAY = 256, (2e-3, 1e-3), (0.0, 0.99), 2.0, 8, 0.998
TRICKS = f"R1 with γ = {GAMMA:g} on every {EVERY}th step; EMA of G, {DECAY:g}"
CHANGED = {
    "batch_size": BATCH,
    "learning_rate": "2e-3 for G, 1e-3 for D",
    "optimiser": "Adam, betas 0 and 0.99",
    "tricks": TRICKS,
}


def tricks() -> dict:
    """The pieces of a GAN that the combination sets, beside its optimisers: fresh ones."""
    return {"d_penalties": [lazy(r1(GAMMA), every=EVERY)], "after_step": [EMA(DECAY)]}


def best_textbook(seed: int = 0, device: torch.device | str = "cpu") -> tuple[GAN, Batches]:
    """(gan, batches): the textbook's networks with lazy R1, an average of G, larger learning rates, Adam without
    momentum, larger batches, and bfloat16 where the processor has it."""
    start, precision = textbook(seed, device), "bfloat16" if bfloat16_is_fast(torch.device(device)) else "float32"
    G, D = start.generator, start.discriminator
    gan = GAN(
        G,
        D,
        100,
        g_optimizer=adam(G, RATES[0], BETAS),
        d_optimizer=adam(D, RATES[1], BETAS),
        seed=seed,
        precision=precision,
        **tricks(),
    )
    return gan, textbook_batches(seed, device, BATCH)


def mnist_best(name: str, epochs: int | None = None, into: str | Path | None = None) -> Recording:
    """As long as `epochs` of the textbook GAN take, with frames where the textbook's film has them."""
    return beside_textbook(
        best_textbook,
        cost("best"),
        "Textbook networks with tricks",
        CHANGED,
        every=500,
        name=name,
        epochs=epochs,
        into=into,
    )
