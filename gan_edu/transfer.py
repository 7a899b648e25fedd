"""Few pictures: start from a GAN that has learned others, hold D still in part, or change what D sees. Notebook 18.

    x, labels = few(images, labels, range(5, 10), each=20)        a hundred pictures of five classes
    gan = transferred(source)                                     fine-tuning: the weights of another GAN
    gan = transferred(source, frozen=2)                           FreezeD: D's lower layers stay as they are
    gan = GAN(*pair(), 24, view=ADA(x))                           D sees changed pictures, the more the more it overfits
    copied(gan.generate(z), x, held)                              how many samples copy one of the hundred

Mo, Cho and Shin (2020), "Freeze the discriminator: a simple baseline for fine-tuning GANs", arXiv 2002.10964; Karras et
al. (2020), "Training generative adversarial networks with limited data", arXiv 2006.06676. `DiffAugment` is chapter
11's. Batches say what is learned anew; these networks have no condition, so that other classes need no other weights.
D as a classifier stands in `core.training.few_labels`, marks in `core.measures.provenance`; both are handed on here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from gan_edu.core.data.handling import in_bytes, jpeg, moved, resized
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures.probe import Probe, named_rightly
from gan_edu.core.measures.provenance import Marked, evidence, found_at, key, marked, threshold
from gan_edu.core.measures.sample_scores import memorised
from gan_edu.core.safety.checked import MOST, integer, kind, one_of, real, several
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import GAN
from gan_edu.core.training.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.few_labels import NamesClasses, Noise, semi_supervised, supervised
from gan_edu.core.training.gan import GAN as Trained
from gan_edu.core.training.networks import copied as copy_of
from gan_edu.core.training.remembers import Remembers
from gan_edu.core.training.tensors import NUMBERS, tensor
from gan_edu.modern import KINDS as OF_DIFFAUGMENT, DiffAugment
from gan_edu.tricks import two_time_scales

__all__ = [
    "ADA",
    "KINDS",
    "Copies",
    "DiffAugment",
    "Marked",
    "NamesClasses",
    "Noise",
    "Probe",
    "copied",
    "evidence",
    "few",
    "found_at",
    "freeze",
    "in_bytes",
    "jpeg",
    "key",
    "marked",
    "memorised",
    "moved",
    "named_rightly",
    "nearest",
    "pair",
    "resized",
    "semi_supervised",
    "supervised",
    "threshold",
    "transferred",
]
LATENT = 24


# ------------------------------------------------------------------ few pictures


def few(
    images: Tensor, labels: Tensor, classes: Iterable[int], each: int, seed: int = 0, out_of: int = MOST
) -> tuple[Tensor, Tensor]:
    """`each` pictures of each of these classes, the same for the same seed: (images (n, …), labels (n,)).

    images: (N, …), labels: (N,). out_of: only the first so many pictures are drawn from. Of one seed the fewer are
    among the more, class by class. Raises ValueError where a class has not as many, for no class, or one twice.
    """
    each, out_of = integer("each", each, 1), integer("out_of", out_of, 1)
    wanted = several("classes", classes, integer)
    if not wanted or len({*wanted}) < len(wanted):
        raise ValueError(f"classes must be one or more, each once, got {wanted}")
    if tensor("labels", labels, NUMBERS).shape != tensor("images", images).shape[:1]:
        raise ValueError(f"labels must be ({len(images)},), one a picture, got {tuple(labels.shape)}")
    stream = torch.Generator().manual_seed(integer("seed", seed))
    chosen = []
    for name in wanted:
        places = (labels[:out_of] == name).nonzero().flatten()
        if len(places) < each:
            raise ValueError(f"each is {each}, and of class {name} of the classes there are {len(places)} pictures")
        chosen.append(places[torch.randperm(len(places), generator=stream)[:each]])
    return images[torch.cat(chosen)], labels[torch.cat(chosen)]


def pair(latent_dim: int = LATENT, width: int = 16, hidden: int = 48) -> tuple[ConvGenerator, ConvDiscriminator]:
    """(G, D), small enough for one core: 135,000 weights together. z (N, latent_dim) → (N, 1, 28, 28) → (N, 1)."""
    return ConvGenerator(latent_dim, width=width), ConvDiscriminator(width=width, hidden=hidden)


# ------------------------------------------------------------------ from one GAN to another


def transferred(
    source: Trained,
    frozen: int = 0,
    g_lr: float = 1e-3,
    d_lr: float = 1e-3,
    betas: tuple[float, float] = (0.5, 0.99),
    **more: Any,
) -> Trained:
    """A GAN that starts from the weights of another, G's and D's; its optimisers, streams and step are new.

    G itself is taken over, which D knows, and not its average. frozen: so many of D's lower layers stay, as `freeze`
    says; all other weights learn. more: pieces of `GAN`, as view or after_step; the loss and the latents are the
    source's. The source stays as it is. Raises TypeError for what is no GAN, ValueError where it has no discriminator.
    """
    kind("source", source, Trained)
    if source.discriminator is None:
        raise ValueError("source has no discriminator, whose weights could be taken over: take a GAN that has one")
    G, D = (copy_of(each).requires_grad_(True) for each in (source.generator, source.discriminator))
    freeze(D, frozen)
    own = {"loss": source.loss, "latent": source.latent, **two_time_scales(G, D, g_lr, d_lr, betas)}
    return Trained(G, D, source.latent_dim, **{**own, **more})


def freeze(discriminator: nn.Module, layers: int) -> nn.Module:
    """Hold its first `layers` layers still, linear or convolutional ones, in place, and return it.

    Norms and other weights that come before the next such layer stay, too; the means of a BatchNorm among them go on
    moving. Layers count in the order in which the network has them; 0 holds nothing. The gradient still goes through
    them, to G. Raises ValueError where none would be left to learn.
    """
    pieces.network("discriminator", discriminator)
    layers, modules = integer("layers", layers), list(discriminator.modules())
    places = [k for k, each in enumerate(modules) if isinstance(each, (nn.Linear, nn.modules.conv._ConvNd))]
    if layers >= len(places):
        raise ValueError(f"layers must be at most {len(places) - 1}, as of {len(places)} the last learns, got {layers}")
    for module in modules[: places[layers]] if layers else []:
        for weight in module.parameters(recurse=False):
            weight.requires_grad_(False)
    return discriminator


# ------------------------------------------------------------------ adaptive augmentation


def flipped(x: Tensor, empty: float) -> Tensor:
    """Each picture, or its mirror image, left for right, with ½ each."""
    return torch.where(torch.rand(len(x), 1, 1, 1, device=x.device) < 0.5, x.flip(3), x)


def turned(x: Tensor, empty: float) -> Tensor:
    """Each picture turned by 0, 90, 180 or 270 degrees, with ¼ each. (N, C, H, H)."""
    if x.shape[2] != x.shape[3]:
        raise ValueError(f"what is turned by 90 degrees must be square, got {tuple(x.shape)}: leave out 'turn'")
    quarters, ways = torch.randint(4, (len(x),), device=x.device), [torch.rot90(x, k, (2, 3)) for k in range(4)]
    return torch.stack(ways)[quarters, torch.arange(len(x), device=x.device)]


KINDS = {"flip": flipped, "turn": turned, **OF_DIFFAUGMENT}


@dataclass(eq=False)
class ADA(Remembers):
    """T_p(x), a view for `GAN(…, view=ADA(images))`: each kind of change with probability p, which is steered.

        r = E sign D(T_p(x))  of real x;     p ← clip(p + sign(r − target) · every / rise, 0, most)

    r is 1 where D is sure of all that it learns from, and about 0 where it cannot tell them from fakes: then p falls.
    p begins at 0. images: training pictures (N, C, H, W), uint8 or in [−1, 1], of which `count` are judged at each
    `every`-th step. rise: in so many steps p goes from 0 to 1; the authors take 500,000 pictures. kinds: some of
    `KINDS`, in this order; empty: what lies outside a picture, as for `DiffAugment`. Where T_p has a way back, as a map
    of distributions, G need not make changed pictures: flips and turns have one for p < 1, as their eigenvalues are 1
    and 1 − p. The authors set no upper limit, and find leaks unlikely below 0.8. They judge the batches of the last
    four steps, in place of others. D has no condition. Karras et al. (2020), arXiv 2006.06676. Raises ValueError for
    others.
    """

    kept = {"began": MOST, "p": 1.0}
    images: Tensor
    target: float = 0.6
    rise: int = 1000
    every: int = 4
    kinds: Sequence[str] = ("flip", "turn", "translation", "colour")
    empty: float = 0.0
    count: int = 64
    most: float = 0.8
    p: float = field(default=0.0, init=False)
    sign: float = field(default=float("nan"), init=False)  # r, as it was found last

    def __post_init__(self) -> None:
        self.began = MOST
        if tensor("images", self.images).ndim != 4 or not len(self.images):
            raise ValueError(f"images must be pictures (N, C, H, W), got the shape {tuple(self.images.shape)}")
        self.kinds = tuple(several("kinds", self.kinds, lambda name, each: one_of(name, each, KINDS)))
        self.target, self.empty = real("target", self.target, -1, 1), real("empty", self.empty)
        self.rise, self.every = integer("rise", self.rise, 1), integer("every", self.every, 1)
        self.count, self.most = integer("count", self.count, 1), real("most", self.most, 0, 1)

    @property
    def name(self) -> str:
        """For checkpoints, which tell one choice of kinds from another."""
        return "+".join(self.kinds)

    def moving(self) -> tuple[str, ...]:
        """The numbers that change between steps, for `captured`."""
        return ("p", "sign")

    def on_join(self, gan: GAN) -> None:
        """Steps count from here."""
        self.began = gan.step

    def __call__(self, x: Tensor) -> Tensor:
        if x.ndim != 4:
            raise ValueError(f"ADA takes pictures (N, C, H, W), got the shape {tuple(x.shape)}")
        for each in self.kinds:
            with_it = torch.rand(len(x), 1, 1, 1, device=x.device) < self.p  # never where p = 0
            x = torch.where(with_it, KINDS[each](x, self.empty), x)
        return x

    def after_step(self, gan: Trained) -> None:
        """At each `every`-th step: judge, and move p."""
        if (gan.step - self.began) % self.every == 0:
            chosen = torch.randint(len(self.images), (self.count,))
            x = scaled(self.images[chosen.to(self.images.device)]).to(gan.device)
            self.sign = gan.judge(self(x)).sign().mean().item()
            towards = (self.sign > self.target) - (self.sign < self.target)
            self.p = min(self.most, max(0.0, self.p + towards * self.every / self.rise))


# ------------------------------------------------------------------ memory


def nearest(samples: Tensor, images: Tensor) -> tuple[Tensor, Tensor]:
    """For each of samples (N, …) the distance (N,) to the nearest of images (M, …), and its place (N,).

    √Σ(x − y)² over pixels in [−1, 1]; uint8 are brought there. Raises ValueError for other shapes.
    """
    a, b = (scaled(tensor(*each)).flatten(1).double() for each in (("samples", samples), ("images", images)))
    if samples.shape[1:] != images.shape[1:] or not len(images):
        raise ValueError(
            f"samples and images must be of one shape, got {tuple(samples.shape)} and {tuple(images.shape)}"
        )
    found = torch.cdist(a, b).min(1)
    return found.values, found.indices


class Copies(NamedTuple):
    """What `copied` found of N samples."""

    share: float  # of samples that lie nearer than `within` to what was learned from
    within: float  # nearer than that lies of pictures that nobody has learned from only `rare`
    distances: Tensor  # (N,)
    places: Tensor  # (N,), of the nearest picture


def copied(samples: Tensor, learned: Tensor, held: Tensor, rare: float = 0.01) -> Copies:
    """How many samples lie nearer to a picture that was learned from than all but a share `rare` of held-out ones do.

    samples (N, …), learned (M, …), held (K, …): real pictures of the same kind that nobody has learned from. Of held
    pictures it is `rare`, of those learned from 1. A blurred sample lies near to everything, so it may count as a copy:
    `memorised(learned)(held, samples)`, which asks to which of both sets it is nearer, knows it, and is ½ by chance.
    """
    rare = real("rare", rare, 0, 1)
    within = nearest(held, learned)[0].quantile(rare).item()
    distances, places = nearest(samples, learned)
    return Copies((distances < within).double().mean().item(), within, distances, places)
