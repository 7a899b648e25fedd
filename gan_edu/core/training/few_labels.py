"""A discriminator that also names classes: it learns from a few labels, and from many pictures that have none.

    D = NamesClasses(body, 256, 10)                x → (log Z, φ(x), the logits l of 10 classes)
    gan = GAN(G, D, 100, feature_matching)
    train(gan, Together(Batches(images), Batches(few, 50, conditions=labels)), steps, step=semi_supervised())

"Fake" is one class more, whose logit is held at 0. With Z = Σ exp l_k that makes

    P(k|x) = exp l_k / (Z + 1),   P(fake|x) = 1 / (Z + 1),   D(x) = Z / (Z + 1) = σ(log Z)

so that log Z is D's logit, and any loss that reads one can be had. Salimans et al. (2016), "Improved techniques for
training GANs", arXiv 1606.03498, section 5; they let G match features, as chapter 08's `feature_matching` does.
`supervised` is the rival's step: the same classifier, which learns from the labels alone. Notebook 18_transfer.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from gan_edu.core.safety.checked import integer, kind, real as number
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import GAN, Batches, Record
from gan_edu.core.training.networks import MOST_UNITS, linear
from gan_edu.core.training.step import draw, learn, loss_of_d, loss_of_g, one_step, through_view, values_of
from gan_edu.core.training.step_checks import drawn, following, judged

CURE = "this step takes batches (x, (x', y)), y (N,): Together(Batches(images), Batches(few, 50, conditions=labels))"


class NamesClasses(nn.Module):
    """D: x (N, …) → (log Z (N, 1), features φ(x) (N, F), class logits l (N, K)), l = W φ(x) + b.

    body: x → φ(x) (N, F). Raises ValueError for features or classes below 1 or 2, TypeError for a body that is none.
    """

    def __init__(self, body: nn.Module, features: int, classes: int = 10):
        super().__init__()
        pieces.network("body", body)
        self.body, self.classes = body, integer("classes", classes, 2, 10_000)
        self.head = linear(integer("features", features, 1, MOST_UNITS), self.classes)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        features = self.body(x)  # (N, F)
        logits = self.head(features)  # (N, K)
        return logits.logsumexp(1, keepdim=True), features, logits  # log Z: D's logit

    @property
    def classifier(self) -> nn.Sequential:
        """x → l (N, K), of the same weights: what is left when the game is over, and what a rival is made of."""
        return nn.Sequential(self.body, self.head)


class Noise(nn.Module):
    """x + sigma · ε, ε ~ N(0, 1), while it trains; x as it is in eval mode. sigma ≥ 0.

    Before each layer of D it keeps D from learning pictures by heart (Salimans et al. 2016, their code for MNIST).
    """

    def __init__(self, sigma: float = 0.5):
        super().__init__()
        self.sigma = number("sigma", sigma, 0)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.sigma * torch.randn_like(x) if self.training and self.sigma else x


def semi_supervised(weight: float = 1.0) -> Callable[[GAN, Batches], Record]:
    """A step for `train`: D descends L_D + weight · E[−log P(y|x, not fake)], G descends L_G.

    L_D and L_G are the GAN's loss, with its view and penalties: of pictures without labels, and of fakes. The last term
    is the cross-entropy of K classes, of pictures with labels, which go through the view, too. weight ≥ 0. Batches are
    (x, (x', y)), such as `Together`'s; D is `NamesClasses`. Records have `labelled`, before its weight. Raises
    ValueError for other batches, TypeError for another D.
    """
    weight = number("weight", weight, 0)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        kind("the discriminator", gan.discriminator, NamesClasses)
        for _ in range(gan.d_steps):
            unlabelled, labelled, y = _both(batches)
            pair = draw(gan, iter([unlabelled]), graph=True)
            d = loss_of_d(gan, pair._replace(fake=pair.fake.detach()))
            told = cross_entropy(judged(gan.discriminator, through_view(gan, labelled)[0])[2].float(), y)
            learn(gan, "discriminator", d.loss + weight * told, *d.logits)
        g = loss_of_g(gan, pair)
        learn(gan, "generator", g.loss, *g.logits)
        return {**values_of(d, g), "labelled": told}

    return step


def _both(batches: Batches) -> tuple[Tensor, Tensor, Tensor]:
    """Pictures without labels, those with, and their labels."""
    batch = following(batches)
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise ValueError(CURE)
    (unlabelled, told), (labelled, y) = (drawn(iter([each])) for each in batch)
    if told is not None or y is None or y.ndim != 1:
        raise ValueError(CURE)
    return unlabelled, labelled, y.long()


@one_step
def supervised(gan: GAN, batches: Batches) -> dict[str, Tensor]:
    """The rival's step: a classifier alone, `GAN(net, None, 0)`, descends E[−log P(y|x)] of batches (x, y).

    net: x (N, …) → logits (N, K), such as `NamesClasses.classifier`. A view changes the pictures that it learns from.
    """
    x, y = drawn(batches)
    if y is None or y.ndim != 1:
        raise ValueError("this step takes pictures and labels (N,): Batches(few, 50, conditions=labels)")
    loss = cross_entropy(gan.generator(through_view(gan, x)[0]), y.long())
    learn(gan, "generator", loss)
    return {"g_loss": loss}
