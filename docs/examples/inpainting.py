"""Half a digit is given, the other half is drawn: G has no noise, and D gives a logit for each patch.

G(condition) makes the whole picture of the half that is there; D looks at picture and condition side by side and ends
in a map of logits, one for each patch that it sees. Beside D's verdict G pays for its distance to the true half: a
penalty on G, since real and fake of a batch have the same condition. After Pathak et al. (2016), "Context encoders",
arXiv 1604.07379, and Isola et al. (2017), "pix2pix", arXiv 1611.07004 (the patches).
"""

import torch
from conditional import small_digits
from torch import nn

from gan_edu.core.data import Batches
from gan_edu.training_loop import GAN, adam, train

HOLE = torch.zeros(1, 8, 8)
HOLE[..., 4:] = 1  # the right half is missing


class Inpainter(nn.Module):
    """G(condition (N, 1, 8, 8)) → (N, 1, 8, 8), what was there unchanged."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 64), nn.Tanh())

    def forward(self, condition):
        return torch.where(HOLE > 0, self.layers(condition).view_as(condition), condition)


class PatchDiscriminator(nn.Module):
    """D(x, condition) → (N, 1, 3, 3), a logit for each of nine patches."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(2, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(32, 1, 2))

    def forward(self, x, condition):
        return self.layers(torch.cat([x, condition], 1))


def masked(images):
    """What is given of pictures (N, 1, 8, 8): black where the hole is."""
    return torch.where(HOLE > 0, -torch.ones_like(images), images)


def to_the_truth(discriminator, real, fake):
    """A penalty on G: 10 · L1, as they have one condition."""
    return 10 * (real - fake).abs().mean()


def build(seed=0):
    """(gan, batches), fresh ones."""
    torch.manual_seed(seed)
    generator, discriminator = Inpainter(), PatchDiscriminator()
    gan = GAN(
        generator,
        discriminator,
        latent_dim=0,
        g_optimizer=adam(generator, 1e-3, (0.5, 0.99)),
        d_optimizer=adam(discriminator, 5e-4, (0.5, 0.99)),
        g_penalties=[to_the_truth],
        seed=seed,
    )
    images, _ = small_digits()
    return gan, Batches(images, 64, seed=seed, conditions=masked(images))


def distances(gan, images):
    """(mean L1 in the hole of G's pictures, of the mean training picture)."""
    hole = HOLE.bool().expand_as(images)
    drawn = gan.generate(gan.latents(len(images)), masked(images))
    mean = small_digits()[0].mean(0, keepdim=True).expand_as(images)
    return tuple((each - images)[hole].abs().mean().item() for each in (drawn, mean))


if __name__ == "__main__":
    gan, batches = build()
    for _ in train(gan, batches, 1500):
        pass
    print("L1 in the hole: drawn {:.3f}, mean picture {:.3f}".format(*distances(gan, small_digits(train=False)[0])))
