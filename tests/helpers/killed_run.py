"""A run that saves a checkpoint after every step, to be killed; as a command, `killed_run.py PATH STEPS`."""

import hashlib
import sys
from pathlib import Path

import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.training import checkpoint
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.mnist_gan import textbook
from gan_edu.training_loop import train


def run(path: Path, steps: int, tell, **networks) -> None:
    """Go on from where the checkpoint stands; tells that step, and at the end a hash of the weights."""
    torch.set_num_threads(1)
    gan, batches = textbook(seed=3, **networks), Batches(mnist(train=False)[0], seed=3)
    if path.is_file():
        checkpoint.load(path, gan=gan, batches=batches)
    tell.send(gan.step)
    for _ in train(gan, batches, steps - gan.step):
        checkpoint.save(path, gan=gan, batches=batches)
    parameters = [*gan.generator.parameters(), *gan.discriminator.parameters()]
    tell.send(hashlib.sha256(b"".join(w.detach().numpy().tobytes() for w in parameters)).hexdigest())


def quick(path: Path, steps: int, tell) -> None:
    """The same with networks of few units."""
    torch.manual_seed(3)
    run(path, steps, tell, generator=MLPGenerator(hidden=(32,)), discriminator=MLPDiscriminator(hidden=(32,)))


class Aloud:
    """Says what is sent."""

    def send(self, said: object) -> None:
        print(said, flush=True)


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]), Aloud())
