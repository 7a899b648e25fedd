"""A GAN that draws the digit it is asked for: the batch is (samples, labels), and both players are told the label.

After Mirza and Osindero (2014), "Conditional generative adversarial nets", arXiv 1411.1784. The loop, penalties,
averages, slow motion and the recorder are those of a GAN without labels. On digits of 8 × 8 pixels.
"""

import torch
from torch import nn
from torch.nn.functional import adaptive_avg_pool2d, one_hot

from gan_edu.core.data import Batches, mnist
from gan_edu.core.training import mlp
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import EMA, r1


class ToldGenerator(nn.Module):
    """G(z, label) → (N, 1, 8, 8)."""

    def __init__(self):
        super().__init__()
        self.layers = mlp([16 + 10, 128, 128, 64])

    def forward(self, z, label):
        return self.layers(torch.cat([z, one_hot(label, 10)], 1)).tanh().view(-1, 1, 8, 8)


class ToldDiscriminator(nn.Module):
    """D(x, label) → (N, 1): high where x is real *and* is this digit."""

    def __init__(self):
        super().__init__()
        self.layers = mlp([64 + 10, 256, 128, 1], slope=0.2)

    def forward(self, x, label):
        return self.layers(torch.cat([x.flatten(1), one_hot(label, 10)], 1))


def small_digits(train=True):
    """(pictures (N, 1, 8, 8) in [−1, 1], labels (N,)): MNIST, each pixel a mean."""
    images, labels = mnist(train)
    return adaptive_avg_pool2d(images.float() / 127.5 - 1, 8), labels.long()


def build(seed=0):
    """(gan, batches), fresh ones."""
    torch.manual_seed(seed)
    generator, discriminator = ToldGenerator(), ToldDiscriminator()
    gan = GAN(
        generator,
        discriminator,
        latent_dim=16,
        g_optimizer=adam(generator, 2e-3, (0.0, 0.99)),
        d_optimizer=adam(discriminator, 2e-3, (0.0, 0.99)),
        d_penalties=[r1(0.3)],
        after_step=[EMA(0.99)],
        seed=seed,
    )
    images, labels = small_digits()
    return gan, Batches(images, 64, seed=seed, conditions=labels)


def draw(gan, digit, count=10):
    """`count` pictures of one digit."""
    return gan.generate(gan.latents(count), torch.full((count,), digit))


if __name__ == "__main__":
    gan, batches = build()
    for record in train(gan, batches, 1800):
        if record.step % 600 == 0:
            print(record.step, {name: f"{value.item():.3f}" for name, value in record.values.items() if not value.ndim})
