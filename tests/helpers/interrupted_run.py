"""A small run that is interrupted from outside, goes on each time, and prints its end.

`interrupted_run.py STEPS PAUSES`; before its last step it looks at its samples until it was interrupted so often.
"""

import hashlib
import signal
import sys

import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.training_loop import GAN, train

steps, pauses, paused = int(sys.argv[1]), int(sys.argv[2]), 0
torch.manual_seed(0)
gan = GAN(MLPGenerator(3, (1, 4, 4), (16,)), MLPDiscriminator((1, 4, 4), (16,)), 3, d_steps=2)
batches = Batches(torch.rand(64, 1, 4, 4) * 2 - 1, 8)
recorder = Recorder(gan, range(0, steps + 1, 10), "interrupted", GridLook(2, 2))
signal.signal(signal.SIGINT, signal.default_int_handler)
while gan.step < steps:
    try:
        print(f"from {gan.step}", flush=True)
        for _ in recorder.watch(train(gan, batches, steps - gan.step - (paused < pauses))):
            pass
        while paused < pauses:
            gan.generate(recorder.look.latents)
    except KeyboardInterrupt:
        paused += 1
        print(f"paused at {gan.step}", flush=True)
weights = [w.detach().numpy().tobytes() for w in [*gan.generator.parameters(), *gan.discriminator.parameters()]]
frames = [frame.numpy().tobytes() for frame in recorder.frames["packed"]]
print(hashlib.sha256(b"".join([*weights, *frames, repr(recorder.curves.so_far()).encode()])).hexdigest())
