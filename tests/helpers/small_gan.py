"""A GAN on samples of four numbers, small enough to train in microseconds."""

import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.losses import Loss, non_saturating
from gan_edu.training_loop import GAN, train


def small(seed=0, discriminator=None, **pieces):
    """A GAN on 4-number samples that trains in microseconds."""
    torch.manual_seed(seed)
    return GAN(MLPGenerator(2, (4,), (8,)), discriminator or MLPDiscriminator((4,), (8,)), 2, seed=seed, **pieces)


def points(seed=0, batch_size=8):
    return Batches(torch.randn(64, 4, generator=torch.Generator().manual_seed(7)).tanh(), batch_size, seed)


def trained(gan, batches, steps):
    for _ in train(gan, batches, steps):
        pass


def weights(gan):
    return torch.cat([w.detach().flatten() for w in [*gan.generator.parameters(), *gan.discriminator.parameters()]])


def nan_loss(when, player):
    """non-saturating, but NaN at D's call number `when`."""
    count = {"d": 0, "g": 0}

    def wrong(name, value):
        count[name] += 1
        return value * float("nan") if name == player and count[name] == when + 1 else value  # +1: the door's check

    return Loss("broken", lambda r, f: wrong("d", non_saturating.d(r, f)), lambda f, r: wrong("g", non_saturating.g(f)))
