"""Convolutional and conditional GANs: pictures from maps, and pictures as asked. Belongs to notebook 10_convolutional.

    GAN(ConvGenerator(100), ConvDiscriminator(), 100)                          DCGAN's two networks, without labels
    train(GAN(G, D, 62), Batches(images, 64, conditions=labels), steps)        with labels, where G and D are

    G = Labelled(ConvGenerator(62 + 10))                                       G(z, y): y's one-hot beside z
    D = LabelledD(ConvDiscriminator(1 + 10))                                   D(x, y): y as ten maps beside x
    D = Projection(ConvDiscriminator())                                        D(x) + ⟨e_y, φ(x)⟩
    D = Classifying(ConvDiscriminator()), loss = ac_gan()                      D says real or fake, and which class

    G = Coded(ConvGenerator(62 + 10 + 2)); Q = Reading(ConvDiscriminator())    InfoGAN: G has codes, Q reads them back
    train(GAN(G, D, 62 + 10 + 2, others={"reader": Player(Q, adam(Q))}), batches, steps, step=informed())

After Radford et al. (2016), arXiv 1511.06434; Mirza and Osindero (2014), arXiv 1411.1784; Odena et al. (2017), arXiv
1610.09585; Miyato and Koyama (2018), arXiv 1802.05637; Chen et al. (2016), arXiv 1606.03657. The convolutional networks
are in `core.training.convolutional`, as chapters before and after use them, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

from gan_edu.core.safety.checked import integer, kind, real as number
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import GAN, Batches, Logits, Record
from gan_edu.core.training.convolutional import (
    GROWS,
    NORMS,
    ConvDiscriminator,
    ConvGenerator,
    PixelNorm,
    growing,
    normalising,
)
from gan_edu.core.training.networks import linear
from gan_edu.core.training.step import Pair, fakes, learn, loss_of_d, loss_of_g, noise, values_of
from gan_edu.core.training.step_checks import drawn
from gan_edu.core.training.tensors import tensor
from gan_edu.losses import Loss, non_saturating
from gan_edu.training_loop import Player, one_step

__all__ = [
    "GROWS",
    "NORMS",
    "Classifying",
    "Coded",
    "ConvDiscriminator",
    "ConvGenerator",
    "Labelled",
    "LabelledD",
    "PixelNorm",
    "Player",
    "Projection",
    "Reading",
    "ac_gan",
    "growing",
    "informed",
    "normalising",
    "overlap",
    "checkerboard",
]
CLASSES = 10


# ------------------------------------------------------------------ checkerboards


def overlap(inputs: int, kernel: int, stride: int, padding: int = 0) -> Tensor:
    """How often a transposed convolution along a line writes each of its outputs: (L,), L = (n − 1) s − 2p + k.

    inputs n, kernel k and stride s ≥ 1, padding p ≥ 0; in a picture it is the product of both directions. Where k is no
    multiple of s, neighbours are written differently often: Odena et al. (2016), "Deconvolution and checkerboard
    artifacts", Distill. Raises ValueError where no output is left.
    """
    n, k, s = (integer(*each, 1, 1000) for each in (("inputs", inputs), ("kernel", kernel), ("stride", stride)))
    if (n - 1) * s - 2 * integer("padding", padding, 0, 1000) + k < 1:
        raise ValueError(f"a padding of {padding} leaves no output: take less than {((n - 1) * s + k + 1) // 2}")
    ones = torch.ones(1, 1, n), torch.ones(1, 1, k)
    return torch.nn.functional.conv_transpose1d(*ones, stride=s, padding=padding).flatten().long()


def checkerboard(images: Tensor) -> float:
    """Power of waves of two pixels' length beside those just longer: about 1 or less where there is no such pattern.

    images: (N, C, H, W), of even H and W. Of the mean |FFT|² over pictures and maps it is one row and one column, those
    of the shortest waves, divided by the row and the column beside them. Raises ValueError for others.
    """
    if tensor("images", images).ndim != 4 or images.shape[2] % 2 or images.shape[3] % 2 or min(images.shape[2:]) < 4:
        raise ValueError(f"images must be (N, C, H, W) of even H and W of 4 or more, got {tuple(images.shape)}")
    power = torch.fft.fft2(images.double()).abs().square().mean((0, 1))  # (H, W), the longest waves first
    half = power.shape[0] // 2, power.shape[1] // 2
    shortest = power[half[0]].sum() + power[:, half[1]].sum()
    return (shortest / (power[half[0] - 1].sum() + power[:, half[1] - 1].sum())).item()


# ------------------------------------------------------------------ ask for a class


class Labelled(nn.Module):
    """G(z, y) = generator([z, one-hot of y]): z (N, d), y (N,) → samples, of a generator of d + classes numbers.

    Mirza and Osindero (2014), arXiv 1411.1784. y may be (N, classes), too: shares, to go from class to class.
    """

    def __init__(self, generator: nn.Module, classes: int = CLASSES):
        super().__init__()
        pieces.network("generator", generator)
        self.generator, self.classes = generator, integer("classes", classes, 2, 10_000)

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        return self.generator(torch.cat([z, shares(y, self.classes).to(z)], 1))  # (N, d + classes)


class LabelledD(nn.Module):
    """D(x, y): y's one-hot as `classes` maps beside the picture's own, (N, C + classes, H, W) → (N, 1)."""

    def __init__(self, discriminator: nn.Module, classes: int = CLASSES):
        super().__init__()
        pieces.network("discriminator", discriminator)
        self.discriminator, self.classes = discriminator, integer("classes", classes, 2, 10_000)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        maps = shares(y, self.classes).to(x)[:, :, None, None].expand(-1, -1, *x.shape[2:])  # (N, classes, H, W)
        return self.discriminator(torch.cat([x, maps], 1))


def shares(y: Tensor, classes: int) -> Tensor:
    """Labels (N,) → their one-hot (N, classes); what is (N, classes) already stays."""
    return y if y.ndim == 2 else one_hot(y.long(), classes)


class _OnFeatures(nn.Module):
    """A D cut in two: `body`, x → φ(x) (N, F), and its last layer, φ(x) → logit."""

    features: int

    def __init__(self, discriminator: ConvDiscriminator, classes: int):
        super().__init__()
        *body, self.head = kind("discriminator", discriminator, ConvDiscriminator).layers
        self.body, self.features = nn.Sequential(*body), discriminator.hidden
        self.classes = integer("classes", classes, 2, 10_000)


class Projection(_OnFeatures):
    """D(x, y) = w·φ(x) + ⟨e_y, φ(x)⟩: how real the picture is, and how well it goes with its label.

    Miyato and Koyama (2018), "cGANs with projection discriminator", arXiv 1802.05637, equation 3.
    """

    def __init__(self, discriminator: ConvDiscriminator, classes: int = CLASSES):
        super().__init__(discriminator, classes)
        self.embedding = linear(self.classes, self.features)  # of a one-hot it takes out e_y

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        features = self.body(x)  # (N, F)
        e = self.embedding(shares(y, self.classes).to(features))  # (N, F)
        return self.head(features) + (e * features).sum(1, keepdim=True)  # (N, 1)


class Classifying(_OnFeatures):
    """D(x, y) → (logits (N, 1), log P(y|x) (N, 1)): real or fake, and which class; D itself is not told y.

    Odena et al. (2017), "Conditional image synthesis with auxiliary classifier GANs", arXiv 1610.09585. Its loss is
    `ac_gan`.
    """

    def __init__(self, discriminator: ConvDiscriminator, classes: int = CLASSES):
        super().__init__(discriminator, classes)
        self.classifier = linear(self.features, self.classes)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(x)
        log_p = self.classifier(features).log_softmax(1)  # (N, classes)
        return self.head(features), (log_p * shares(y, self.classes).to(log_p)).sum(1, keepdim=True)


def ac_gan(base: Loss = non_saturating, weight: float = 1.0) -> Loss:
    """AC-GAN's loss of `Classifying`'s heads: L_S as `base` has it, and −weight · E log P(y|x), of real and of fakes.

    L_D takes both, L_G that of the fakes. weight ≥ 0. Raises ValueError for a base that needs real logits for G.
    """
    weight = number("weight", weight, 0)
    if kind("base", base, Loss).g_needs_real:
        raise ValueError(f"ac_gan takes a loss that needs no real logits for G, {base.name} does: take non_saturating")

    def d(of_real: Logits, of_fake: Logits) -> Tensor:
        return base.d(of_real[0], of_fake[0]) - weight * (of_real[1].mean() + of_fake[1].mean())

    def g(of_fake: Logits, of_real: Logits | None = None) -> Tensor:
        return base.g(of_fake[0], None) - weight * of_fake[1].mean()

    return Loss(f"AC-GAN, {base.name}", d, g)


# ------------------------------------------------------------------ find classes by oneself: InfoGAN


class Coded(nn.Module):
    """G whose latent holds codes: the last `categories` of z's numbers, and `numbers` before them, in [−1, 1].

    All of z (N, d) is Gaussian as ever: which of ten Gaussians is the largest is a fair draw of ten, G gets it as a
    one-hot; and erf(z/√2) of one is uniform. `codes(z)` says what they are.
    """

    def __init__(self, generator: nn.Module, categories: int = CLASSES, numbers: int = 2):
        super().__init__()
        pieces.network("generator", generator)
        self.generator = generator
        self.categories, self.numbers = integer("categories", categories, 2, 10_000), integer("numbers", numbers, 0)

    def codes(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """(category (N,), numbers (N, numbers) in [−1, 1]) of latents."""
        own, free = z[:, -self.categories :], z[:, : -self.categories]
        return own.argmax(1), torch.erf(free[:, free.shape[1] - self.numbers :] / math.sqrt(2))

    def forward(self, z: Tensor) -> Tensor:
        category, numbers = self.codes(z)
        rest = z[:, : z.shape[1] - self.categories - self.numbers]
        return self.generator(torch.cat([rest, numbers, one_hot(category, self.categories).to(z)], 1))


class Reading(_OnFeatures):
    """Q: x → (logits of the category (N, categories), means of the numbers (N, numbers)), which read G's codes back."""

    def __init__(self, discriminator: ConvDiscriminator, categories: int = CLASSES, numbers: int = 2):
        super().__init__(discriminator, integer("categories", categories, 2, 10_000))
        self.head = linear(self.features, self.classes + integer("numbers", numbers, 0))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        found = self.head(self.body(x))
        return found[:, : self.classes], found[:, self.classes :]


def informed(of_category: float = 1.0, of_numbers: float = 0.1) -> Callable[[GAN, Batches], Record]:
    """InfoGAN's step for `train`: G and the reader together also learn to raise a bound of I(codes; G(z)).

    The bound is E log Q(c|G(z)) + H(c), with H constant (Chen et al. 2016, arXiv 1606.03657, equation 5); of
    numbers Q is a Gaussian of variance ½, so that its part is the squared error. The GAN has a `Coded` generator and a
    player "reader" in others. of_category, of_numbers: the weights λ, ≥ 0.
    """
    of_category, of_numbers = number("of_category", of_category, 0), number("of_numbers", of_numbers, 0)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        generator = kind("the generator", gan.generator, Coded)
        for _ in range(gan.d_steps):
            real, _ = drawn(batches)
            z = noise(gan, real)
            pair = Pair(real, fakes(gan, z), None)
            d = loss_of_d(gan, pair._replace(fake=pair.fake.detach()))
            learn(gan, "discriminator", d.loss, *d.logits)
        g, (category, numbers) = loss_of_g(gan, pair), generator.codes(z)
        logits, means = gan.others["reader"].network(pair.fake)
        unread = of_category * cross_entropy(logits, category)
        if generator.numbers:
            unread = unread + of_numbers * (means - numbers).square().sum(1).mean()
        learn(gan, ("generator", "reader"), g.loss + unread, *g.logits)
        return {**values_of(d, g), "unread": unread}

    return step
