"""Damaged pictures made whole: holes, noise, lost pixels, and what an adversarial loss adds. Belongs to 13_restoration.

    seen, known = hole(12)(x, stream)                       x in [0, 1]; known: 1 where a pixel is left as it was
    G, D = Restorer(8), PatchDiscriminator()                G(z, [seen, known]) → a whole picture; D: a logit a patch
    gan = GAN(G, D, 8)
    train(gan, Batches(images), steps, step=restoring(hole(12), adversarial=0.1))

    L_G = distance(x, G) + μ · perceptual(x, G) + λ · adversarial(D(G))

    train(gan, Together(thin, thick), steps, step=cycling())        one kind to another and back, without pairs
    train(search, repeat(x), steps, step=inverting())                 which z is this picture's?
    G(z + 2 * direction(z, thickness(light(G(z)))).unit)              thicker

A distance alone asks for one answer, for the squared one the mean of all that may be right, which is blurred; a D asks
for a picture that could be real. Where a restorer is at its best, one costs the other: Blau and Michaeli (2018), "The
perception-distortion tradeoff", arXiv 1711.06077. Pathak et al. (2016), "Context encoders", arXiv 1604.07379 (holes,
both losses); Isola et al. (2017), "pix2pix", arXiv 1611.07004 (a logit a patch, a conditional D); Ledig et al. (2017),
arXiv 1609.04802, and Johnson et al. (2016), arXiv 1603.08155 (a distance of features). Damages are in
`core.data.damage`, scores in `core.measures.restored`; editing is in `core.training.cycle` and `inversion`, and in
`core.measures.strokes`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gan_edu.core.data.damage import (
    Damage,
    Damaged,
    blur,
    conditioned,
    hole,
    light,
    mixed,
    noise,
    rectangle,
    smaller,
    strokes,
)
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.own_pictures import images_from_folder
from gan_edu.core.data.picture_files import pictures_in, readers
from gan_edu.core.data.pixels import as_image, scaled, to_uint8
from gan_edu.core.measures.familiar import Familiar
from gan_edu.core.measures.mnist_scores import feature_net
from gan_edu.core.measures.restored import DISTANCES, missed, psnr, sharpness, ssim
from gan_edu.core.measures.score import embedded
from gan_edu.core.measures.strokes import direction, r_squared, slant, thickness
from gan_edu.core.rivals.unet import Hourglass
from gan_edu.core.safety import durable
from gan_edu.core.safety.checked import function, integer, one_of, path, real
from gan_edu.core.training.checkpoint import unpacked
from gan_edu.core.training.contract import GAN, Batches, Logits, Record
from gan_edu.core.training.cycle import cycling
from gan_edu.core.training.inversion import Latents, encoding, inverting
from gan_edu.core.training.networks import MOST_UNITS
from gan_edu.core.training.patches import PatchDiscriminator
from gan_edu.core.training.step import Pair, fakes, learn, loss_of_d, loss_of_g, noise as latents, one_step, values_of
from gan_edu.core.training.step_checks import drawn
from gan_edu.core.training.streams import looking

__all__ = [
    "DISTANCES",
    "Damaged",
    "Latents",
    "PatchDiscriminator",
    "Redrawer",
    "Restorer",
    "SHIPPED",
    "blur",
    "cycling",
    "direction",
    "encoding",
    "hole",
    "inverting",
    "light",
    "mixed",
    "noise",
    "perceptual",
    "psnr",
    "r_squared",
    "rectangle",
    "restore_files",
    "restorers",
    "restoring",
    "sharpness",
    "slant",
    "smaller",
    "ssim",
    "strokes",
    "thickness",
]
SHIPPED = Path(__file__).parent / "data" / "restorers.pt"
SHALLOW = 8  # layers of the feature network up to its second pooling: (N, 64, 7, 7)
RARE = 0.01  # a picture is called unusual that lies farther out than all but this share of digits
DARK = -2.0  # logits of pixels at the start: nearly black, as digits are


# ------------------------------------------------------------------ the two players


class Restorer(nn.Module):
    """G(z, [seen, known]) → pictures (N, 1, 28, 28) in [0, 1]; with latent_dim = 0 G([seen, known]).

    [seen, known]: (N, 2, 28, 28), as `torch.cat([seen, known], 1)`. What is known stays: known · seen + (1 − known) ·
    network. Each number of z (N, latent_dim) shifts the maps of all blocks, as the clock does in `UNet`, so that one
    hole may have several answers. width: maps at both sizes; units, few: those of an `Hourglass`. Raises ValueError for
    numbers below 1, latent_dim below 0.
    """

    def __init__(self, latent_dim: int = 0, width: int = 16, units: int = 40, few: int = 4):
        super().__init__()
        self.latent_dim = integer("latent_dim", latent_dim, 0, MOST_UNITS)
        self.body = Hourglass(2, max(1, latent_dim), width, 1, units, few, wide=width)

    def forward(self, *given: Tensor) -> Tensor:
        *z, condition = given
        told = z[0] if z else condition.new_ones(len(condition), 1)
        seen, known = condition.split(1, 1)
        return known * seen + (1 - known) * torch.sigmoid(self.body(condition, told) + DARK)

    def answers(self, seen: Tensor, known: Tensor, count: int = 1, seed: int = 0) -> Tensor:
        """`count` answers for each damaged picture, (N, count, 1, 28, 28): with other z, or all alike without z.

        seen, known: (N, 1, 28, 28), in [0, 1]. The same seed gives the same. Raises ValueError for pictures of another
        shape or on another scale.
        """
        condition, count = conditioned(seen, known).to(self.body.end.weight), integer("count", count, 1, 10_000)
        stream, made = torch.Generator(condition.device).manual_seed(integer("seed", seed)), []
        with looking(self):
            for _ in range(count):
                z = condition.new_empty(len(seen), self.latent_dim).normal_(generator=stream)
                parts = zip(z.split(500), condition.split(500), strict=True)
                made.append(torch.cat([self(*([zs] if self.latent_dim else []), part) for zs, part in parts]))
        return torch.stack(made, 1)


class Redrawer(nn.Module):
    """A picture → a picture of another kind, (N, 1, 28, 28) in [−1, 1]: tanh(network(x) + near · x).

    For `cycling`, which has one for each way. near: with 2 it begins near x, with 0 grey. width, units, few: those of
    an `Hourglass`, whose last layer begins at a tenth of its size. Raises ValueError for numbers below 1, near below 0.
    """

    def __init__(self, near: float = 2.0, width: int = 16, units: int = 40, few: int = 4):
        super().__init__()
        self.near = real("near", near, 0)
        self.body = Hourglass(1, 1, width, 1, units, few, wide=width)
        with torch.no_grad():
            self.body.end.weight.mul_(0.1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.body(x, x.new_ones(len(x), 1)) + self.near * x)


# ------------------------------------------------------------------ the losses and the step


def perceptual(made: Tensor, true: Tensor) -> Tensor:
    """E|f(made) − f(true)|² of the maps f (64 of 7 × 7) of the network that reads digits, which does not learn.

    Johnson et al. (2016), arXiv 1603.08155, equation 2. FID's features lie four layers further in the same network, so
    a G that learned from this is better judged by something else, too.
    """
    layers = feature_net(str(made.device)).body[:SHALLOW]
    return (layers(2 * made - 1) - layers(2 * true - 1)).square().mean()


def restoring(
    damage: Damage, adversarial: float = 0.0, perceptual: float = 0.0, distance: str = "bce", answers: int = 1
) -> Callable[[GAN, Batches], Record]:
    """A step for `train`: D tells whole pictures from restored ones, then G pays for all three parts of its loss.

    damage: (x, stream) → (seen, known); it draws from the GAN's own noise. adversarial: λ ≥ 0; with 0 there need be no
    discriminator, and one that is there does not learn. perceptual: μ ≥ 0. distance: one of `DISTANCES`. answers: K ≥ 1
    are made for each picture, and only the nearest pays the distance ("min-of-N" of Fan et al. 2017, arXiv 1612.00603);
    D sees the first. Batches are in [−1, 1], as `Batches(images)` are. Records hold each part before its weight. Raises
    ValueError for weights below 0, another distance, λ > 0 without a discriminator, or K > 1 without latents.
    """
    function("damage", damage, "(x, stream) → (seen, known)")
    one_of("distance", distance, DISTANCES)
    share, felt = real("adversarial", adversarial, 0), real("perceptual", perceptual, 0)
    count = integer("answers", answers, 1, 1000)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        if share and gan.discriminator is None:
            raise ValueError(f"adversarial is {share:g} and the GAN has no discriminator: give it one, or take 0")
        if count > 1 and not gan.latent_dim:
            raise ValueError(f"{count} answers without latents are all alike: take latent_dim ≥ 1, or answers=1")
        x = light(drawn(batches)[0])  # (N, 1, 28, 28)
        seen, known = damage(x, gan.noise_stream)
        condition = torch.cat([seen, known], 1)
        several = condition.repeat(count, 1, 1, 1)
        made = fakes(gan, latents(gan, several), several).unflatten(0, (count, -1))  # (K, N, 1, 28, 28)
        pair = Pair(x, made[0], condition)
        loss, nearest = missed(distance, made, x, known)
        values: dict[str, Tensor] = {"distance": loss}
        logits: tuple[Logits, ...] = ()
        if felt:
            values["perceptual"] = _felt(nearest, x)
            loss = loss + felt * values["perceptual"]
        if share:
            d = loss_of_d(gan, pair._replace(fake=pair.fake.detach()))
            learn(gan, "discriminator", d.loss, *d.logits)
            g = loss_of_g(gan, pair)
            loss, logits = loss + share * g.loss, g.logits
            values |= {**values_of(d, g), "adversarial": g.loss}
        learn(gan, "generator", loss, *logits)
        return {**values, "g_loss": loss}

    return step


_felt = perceptual  # by a name that no parameter hides


# ------------------------------------------------------------------ networks that come with the course


def restorers(answers: int = 1, source: str | Path = SHIPPED) -> dict[float, Restorer]:
    """{λ: the trained `Restorer`}, in eval mode, in the order of λ. `make bench-restoration` trains them.

    answers: of how many only the nearest paid the distance, 1 or 4. Raises ValueError for another number, OSError where
    they are missing or damaged.
    """
    about, content = durable.shipped_pair(source := path("source", source), "run python -m benchmarks.restoration ship")
    states, found = unpacked(content, str(source)), {}
    kinds = {name: name.partition(" of ")[::2] for name in states}  # (λ, how many answers, or nothing for one)
    one_of("answers", str(integer("answers", answers, 1)), sorted({count or "1" for _, count in kinds.values()}))
    for name, state in states.items():
        if (kinds[name][1] or "1") != str(answers):
            continue
        network = Restorer(**about["network"]).float()
        network.load_state_dict({key: value.float() for key, value in state.items()})
        found[float(kinds[name][0])] = network.requires_grad_(False).eval()
    return dict(sorted(found.items()))


# ------------------------------------------------------------------ one's own pictures


class OfAFile(NamedTuple):
    """A restored file: what it was and is now, the digit that is read, and which share of digits lie as far out."""

    source: Path
    path: Path
    digit: int
    rarity: float

    @property
    def usual(self) -> bool:
        """Whether the network has learned such pictures."""
        return self.rarity >= RARE


def restore_files(folder: str | Path, damage: Damage, ruined: bool = True, weight: float = 0.1) -> list[OfAFile]:
    """Restore the pictures below `folder` into the folder beside it, "…_restored"; the originals stay as they are.

    damage: what has happened to them. ruined: it has happened already, and nothing is known of a pixel (noise), else
    it is done to them. weight: the λ of the network. Each is PNG, 28 × 28. Raises OSError where the other folder is
    there already or there are no pictures, ValueError for a λ that no network has, or two that would get one name.
    """
    folder, networks = path("folder", folder), restorers()
    into = folder.resolve().with_name(f"{folder.resolve().name}_restored")
    if (weight := real("weight", weight, 0)) not in networks:
        raise ValueError(f"weight must be one of {', '.join(f'{each:g}' for each in networks)}, got {weight:g}")
    if into.exists():
        raise FileExistsError(f"{str(into)!r} is there already, and nothing in it is written over: move it away")
    x = light(scaled(images_from_folder(folder)))
    stream = torch.Generator().manual_seed(0)
    seen, known = Damaged(x, torch.zeros_like(x)) if ruined else damage(x, stream)
    made = networks[weight].answers(seen, known)[:, 0]
    features = embedded(feature_net(), 2 * made - 1)
    read = feature_net().classify(features).argmax(1).tolist()
    rarities = of_digits(networks[weight], damage).rarity(features).tolist()
    sources = pictures_in(folder, readers())
    targets = [into / _as_png(source.relative_to(folder)) for source in sources]
    if twice := {str(each) for each in targets if targets.count(each) > 1}:
        raise ValueError(f"two pictures would become {min(twice)!r}: rename one of them")
    durable.ask(into, room=10_000 * len(made))
    for target, picture in zip(targets, made, strict=True):
        target.parent.mkdir(parents=True, exist_ok=True)
        as_image(to_uint8(2 * picture - 1)).save(buffer := io.BytesIO(), "PNG")
        durable.write(target, buffer.getvalue())
    return [OfAFile(*each) for each in zip(sources, targets, read, rarities, strict=True)]


def _as_png(name: Path) -> Path:
    return name if name.suffix.lower() == ".png" else name.with_name(f"{name.name}.png")


def of_digits(network: Restorer, damage: Damage, count: int = 1000) -> Familiar:
    """How usual restored pictures are: digits, damaged and restored in the same way, `count` for means and to hold.

    Of what the network of λ = 0.3 had made of 7 × 7 pixels it once called unusual 1 % of 5,000 test digits, of those
    that were read as another digit as many, 76 % of clothes of Fashion-MNIST, and 68 % of uniform noise.
    """
    images, labels = (each[: 2 * integer("count", count, 100, 30_000)] for each in mnist(train=True))
    seen, known = damage(light(scaled(images)), torch.Generator().manual_seed(1))
    features = embedded(feature_net(), 2 * network.answers(seen, known)[:, 0] - 1)
    return Familiar(features[:count], labels[:count], features[count:])
