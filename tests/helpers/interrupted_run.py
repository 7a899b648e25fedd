"""A small run that is interrupted from outside, goes on each time, and tells its end."""

import hashlib
import signal

import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.training_loop import GAN, train


def run(steps: int, pauses: int, tell) -> None:
    """Before its last step it looks at its samples until it was interrupted so often; tells all three, and a hash."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    gan = GAN(MLPGenerator(3, (1, 4, 4), (16,)), MLPDiscriminator((1, 4, 4), (16,)), 3, d_steps=2)
    batches, paused = Batches(torch.rand(64, 1, 4, 4) * 2 - 1, 8), 0
    recorder = Recorder(gan, range(0, steps + 1, 10), "interrupted", GridLook(2, 2))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    while gan.step < steps:
        try:
            tell.send(f"from {gan.step}")
            for _ in recorder.watch(train(gan, batches, steps - gan.step - (paused < pauses))):
                pass
            while paused < pauses:
                gan.generate(recorder.look.latents)
        except KeyboardInterrupt:
            paused += 1
            tell.send(f"paused at {gan.step}")
    weights = [w.detach().numpy().tobytes() for w in [*gan.generator.parameters(), *gan.discriminator.parameters()]]
    frames = [frame.numpy().tobytes() for frame in recorder.frames["packed"]]
    tell.send(hashlib.sha256(b"".join([*weights, *frames, repr(recorder.curves.so_far()).encode()])).hexdigest())
