"""A run that saves a checkpoint after every step, to be killed: `killed_run.py PATH STEPS` prints a hash of the end."""

import hashlib
import sys
from pathlib import Path

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.training import checkpoint
from gan_edu.mnist_gan import textbook
from gan_edu.training_loop import train

path, steps = Path(sys.argv[1]), int(sys.argv[2])
gan, batches = textbook(seed=3), Batches(mnist(train=False)[0], seed=3)
if path.is_file():
    checkpoint.load(path, gan=gan, batches=batches)
print(f"from step {gan.step}", flush=True)
for _ in train(gan, batches, steps - gan.step):
    checkpoint.save(path, gan=gan, batches=batches)
parameters = [*gan.generator.parameters(), *gan.discriminator.parameters()]
print(hashlib.sha256(b"".join(w.detach().numpy().tobytes() for w in parameters)).hexdigest())
