"""One trial of a combination on the textbook's networks: `python -m benchmarks.tuning '{"batch": 256, "r1": 2}'`.

Trials see seed 100 and MNIST's training images alone, FID too; what they found is then measured on other seeds, against
the test images (`benchmarks.tricks`). Each is added to the stored results, under "trials".
"""

from __future__ import annotations

import json
import sys
import time

import torch

from benchmarks.tricks import merge
from gan_edu.core.data.datasets import mnist
from gan_edu.core.measures.mnist_scores import Scorer
from gan_edu.core.measures.score import embedded
from gan_edu.losses import LOSSES
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import EMA, CosineDecay, lazy, r1, r2

START = {
    "loss": "non-saturating",
    "g_lr": 2e-3,
    "d_lr": 1e-3,
    "beta1": 0.0,
    "beta2": 0.99,
    "r1": 2.0,
    "r2": 0.0,
    "every": 8,
    "ema": 0.998,
    "batch": 256,
    "precision": "bfloat16",
    "decay": False,
    "steps": 3600,
    "seed": 100,
}


def combination(s: dict) -> tuple[GAN, object]:
    """(gan, batches) of these settings."""
    start, betas = textbook(s["seed"]), (s["beta1"], s["beta2"])
    penalties = [lazy(penalty(s[name]), s["every"]) for name, penalty in (("r1", r1), ("r2", r2)) if s[name]]
    hooks = []
    if s["ema"]:
        hooks.append(EMA(s["ema"]))
    if s["decay"]:
        hooks.append(CosineDecay(s["steps"]))
    gan = GAN(
        start.generator,
        start.discriminator,
        100,
        LOSSES[s["loss"]],
        adam(start.generator, s["g_lr"], betas),
        adam(start.discriminator, s["d_lr"], betas),
        d_penalties=penalties,
        after_step=hooks,
        precision=s["precision"],
        seed=s["seed"],
    )
    return gan, textbook_batches(s["seed"], batch_size=s["batch"])


class TrainingScorer(Scorer):
    """As `Scorer`, against 10,000 of the training images."""

    reference = "MNIST training set, 10,000 images"

    def __init__(self):
        super().__init__(10_000)
        self.fid.reset_real_features = True
        self.fid.reset()
        self.fid.reset_real_features = False
        images = mnist(train=True)[0]
        chosen = torch.randperm(len(images), generator=torch.Generator().manual_seed(7))[:10_000]
        self.fid.update(embedded(self.net, images[chosen]).double(), real=True)


def trial(changes: dict) -> dict:
    """Train and score once. Raises KeyError for a setting that does not exist."""
    if unknown := set(changes) - set(START):
        raise KeyError(f"there is no setting {', '.join(unknown)}; there are: {', '.join(START)}")
    settings, start = {**START, **changes}, time.process_time()
    gan, batches = combination(settings)
    for _ in train(gan, batches, settings["steps"]):
        pass
    seconds = time.process_time() - start
    found = TrainingScorer().score(gan)
    return {
        **settings,
        "cpu_seconds": round(seconds, 1),
        "fid": round(found["fid"], 2),
        "confidence": round(found["confidence"], 4),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    for text in sys.argv[1:] or ["{}"]:
        run = trial(json.loads(text))
        merge(lambda found, run=run: found.setdefault("trials", []).append(run))
        print(run, flush=True)
