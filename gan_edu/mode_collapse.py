"""Mode collapse: how to provoke it, see it, and cure it. Belongs to notebook 08_mode_collapse.

A generator that makes one good sample again and again can fool a D that judges samples one by one. The cures:

    GAN(G, Packed(D, 2), …)                                    D sees two samples at once: are they alike?
    nn.Sequential(body, MinibatchStd(), linear(129, 1))        D is told how varied the batch is
    train(gan, batches, steps, step=unrolled(5))               G learns against the D that its move would call up
    GAN(G, ShowsFeatures(body, head), 100, feature_matching)   G matches D's mean features, and fools nobody
    GAN(G, D, 100, relativistic, d_penalties=calm(1.0, 0.02, steps))   each real against a fake, D kept flat near both

and what chapter 05 has: instance noise, R1, EMA, two rates. `theatre()` shows a collapse, and five of the cures as
switches. The papers stand in the docstrings. The data are those of
the literature: `as_published` has its ring and its grid, `core.data.stacked` its stacked digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from gan_edu.core.data.batches import Batches as Shuffled
from gan_edu.core.data.distributions import Draws, Mixture, as_published, grid, ring
from gan_edu.core.data.small_digits import enlarged, small_digits
from gan_edu.core.data.stacked import Stacked, stacked, unstacked
from gan_edu.core.measures.mixture_scores import with_modes
from gan_edu.core.measures.mnist_scores import feature_net
from gan_edu.core.measures.stacked_scores import StackedScorer, modes_of, stacked_scores
from gan_edu.core.measures.variety import (
    CLASSES,
    class_entropy,
    class_shares,
    covered_share,
    effective_modes,
    feature_variance,
)
from gan_edu.core.notebook.words import say
from gan_edu.core.recording.collapse_alarm import CollapseAlarm
from gan_edu.core.safety.checked import integer, real
from gan_edu.core.training.batch_layers import MinibatchDiscrimination, MinibatchStd, Packed
from gan_edu.core.training.contract import GAN, Batches, Logits, Record
from gan_edu.core.training.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.features import ShowsFeatures, showing_features
from gan_edu.core.training.gan import GAN as Trained
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator, adam, mlp
from gan_edu.core.training.scheduled import Scheduled
from gan_edu.core.training.step import (
    Judged,
    Pair,
    draw,
    fakes,
    learn,
    loss_of_d,
    noise,
    through_view,
    values_of,
)
from gan_edu.core.training.streams import seeded
from gan_edu.losses import Loss, cross_entropy_d, relativistic
from gan_edu.training_loop import one_step, train, train_step
from gan_edu.tricks import InstanceNoise, lazy, r1, r2

if TYPE_CHECKING:
    from gan_edu.widgets import CollapseTheatre
    from gan_edu.widgets.collapse_theatre.stage import Cure, Stage

__all__ = [
    "CollapseAlarm",
    "ConvDiscriminator",
    "ConvGenerator",
    "MinibatchDiscrimination",
    "MinibatchStd",
    "Packed",
    "Scheduled",
    "ShowsFeatures",
    "Stacked",
    "StackedScorer",
    "Watched",
    "as_published",
    "calm",
    "class_entropy",
    "covered_share",
    "effective_modes",
    "feature_matching",
    "feature_variance",
    "modes_of",
    "stacked",
    "stacked_scores",
    "theatre",
    "unrolled",
    "unstacked",
    "watched",
]


# ------------------------------------------------------------------ a G that asks for something else


def _cross_entropy_of_logits(real: Logits, fake: Logits) -> Tensor:
    return cross_entropy_d(real[0], fake[0])


def _mean_features_apart(fake: Logits, real: Logits) -> Tensor:
    """L_G = ‖E f(x) − E f(G(z))‖²."""
    return (real[1].mean(0) - fake[1].mean(0)).square().sum()


# G matches the mean features that D has for real samples (Salimans et al. 2016, section 3.1); D is a ShowsFeatures.
feature_matching = Loss("feature matching", _cross_entropy_of_logits, _mean_features_apart, g_needs_real=True)


def unrolled(k: int = 5, rate: float = 1e-3) -> Callable[[GAN, Batches], Record]:
    """A step for `train(…, step=unrolled(5))`: G descends its loss against the D that is k steps ahead.

    θ_{i+1} = θ_i − η ∇L_D. These k steps of gradient descent on this batch depend on G's samples, and so does the
    gradient that G gets: it feels how D would answer. D itself takes its steps as ever. Metz et al. (2017), "Unrolled
    generative adversarial networks", arXiv 1611.02163, equations 7 to 10. k ≥ 0, with 0 the usual game; rate: η of the
    steps ahead, > 0. The steps ahead leave out D's penalties; there is no condition.
    """
    k, rate = integer("k", k, 0, 1000), real("rate", rate, above=0)

    @one_step
    def step(gan: GAN, batches: Batches) -> dict[str, Tensor]:
        for _ in range(gan.d_steps):
            pair = draw(gan, batches, graph=True)  # (N, …)
            d = loss_of_d(gan, pair._replace(fake=pair.fake.detach()))
            learn(gan, "discriminator", d.loss, *d.logits)
        g = _g_turn(gan, pair, k, rate)
        for _ in range(gan.g_steps - 1):
            g = _g_turn(gan, pair._replace(fake=fakes(gan, noise(gan, pair.real))), k, rate)
        return values_of(d, Judged(g, (), {}))

    return step


def _g_turn(gan: GAN, pair: Pair, k: int, rate: float) -> Tensor:
    real, fake = through_view(gan, pair.real, pair.fake)
    ahead = _ahead(gan, real, fake, k, rate)
    loss = gan.loss.g(_of(gan, ahead, fake), _of(gan, ahead, real) if gan.loss.g_needs_real else None)
    learn(gan, "generator", loss)
    return loss


def _ahead(gan: GAN, real: Tensor, fake: Tensor, k: int, rate: float) -> dict[str, Tensor]:
    """D's weights by name after k steps of gradient descent, as functions of the fakes."""
    weights: dict[str, Tensor] = {name: w for name, w in gan.discriminator.named_parameters() if w.requires_grad}
    for _ in range(k):
        loss = gan.loss.d(_of(gan, weights, real), _of(gan, weights, fake))
        slopes = torch.autograd.grad(loss, list(weights.values()), create_graph=True)
        weights = {name: w - rate * slope for (name, w), slope in zip(weights.items(), slopes, strict=True)}
    return weights


def _of(gan: GAN, weights: dict[str, Tensor], x: Tensor) -> Tensor:
    return functional_call(gan.discriminator, weights, (x,))


def calm(start: float, end: float, until: int, every: int = 1) -> list[Scheduled]:
    """R1 and R2 for D, whose γ falls from start to end: d_penalties=calm(1.0, 0.02, steps), with the relativistic loss.

    Huang et al. (2024), "The GAN is dead; long live the GAN!", arXiv 2501.05441, section 2. every: on each k-th step.
    """
    return [
        Scheduled(lazy(penalty(1.0), every) if integer("every", every, 1) > 1 else penalty(1.0), start, end, until)
        for penalty in (r1, r2)
    ]


# ------------------------------------------------------------------ a run, and which modes it drew when


@dataclass(frozen=True)
class Watched:
    """What was seen of a run, at looks that are spread evenly over it."""

    steps: list[int]
    shares: Tensor  # (looks, M), of samples, by the mode that is nearest
    covered: list[int]  # modes with half of their fair share within 3σ
    quality: list[float]  # share of samples within 3σ of a mode
    losses: Tensor  # (looks, 2), of D and of G: means since the look before
    samples: Tensor  # (1000, 2), of the last look; all looks have the same latents

    @property
    def effective(self) -> Tensor:
        """`effective_modes` at each look (looks,)."""
        return effective_modes(self.shares)

    @property
    def favourite(self) -> list[int]:
        """The mode with the most samples, at each look."""
        return self.shares.argmax(1).tolist()


def watched(
    gan: Trained, batches: Draws, steps: int, looks: int = 50, step: Callable[[GAN, Batches], Record] | None = None
) -> Watched:
    """Train for `steps` steps, and look `looks` times. batches: of a mixture with modes; step: as of `train`.

    Looking disturbs nothing. Raises ValueError for a mixture without modes, and for more looks than steps.
    """
    looks, coverage = integer("looks", looks, 1, integer("steps", steps, 1)), with_modes(batches.distribution)
    modes, z = coverage.data.centres.double(), gan.latents(1000, torch.Generator(gan.device).manual_seed(0))
    due, seen = {(k + 1) * steps // looks for k in range(looks)}, []
    since: list[tuple[float, float]] = []
    for done, record in enumerate(train(gan, batches, steps, step=step), 1):
        since.append((float(record.d_loss), float(record.g_loss)))
        if done in due:
            x = gan.generate(z).float().cpu()
            nearest = torch.cdist(x.double(), modes).argmin(1)
            shares, found = torch.bincount(nearest, minlength=len(modes)).double() / len(x), coverage.modes(x)
            seen.append((gan.step, shares, found["modes"], found["quality"], torch.tensor(since).mean(0), x))
            since = []
    at, of_modes, covered, quality, losses, samples = zip(*seen, strict=True)
    return Watched([*at], torch.stack(of_modes), [*covered], [*quality], torch.stack(losses), samples[-1])


# ------------------------------------------------------------------ a collapse on a stage

RATES, BETAS = (1e-3, 5e-4), (0.5, 0.9)  # G is faster than D, and so it collapses: g_lr, d_lr
OF_DIGITS = (3e-3, 1e-3)
WIDE, SMALL = (64, 64), 14  # units of the plane's networks; pixels of a small digit's side


def stages() -> dict[str, Stage]:
    """What collapses in the theatre: the plane's "ring" of 8 and "grid" of 25, and "digits", of half their size."""
    return {
        "ring": _of_points("ring", ring(std=0.07)),  # wide enough to be found again within seconds
        "grid": _of_points("grid", grid(std=0.05)),
        "digits": _of_digits(),
    }


def _of_points(name: str, data: Mixture) -> Stage:
    from gan_edu.widgets.collapse_theatre.stage import Points, Stage

    def discriminator(count: int) -> nn.Module:
        return mlp((2 * count, *WIDE, 1), slope=0.2)

    def build(seed: int) -> tuple:
        with seeded(seed):
            G, D = mlp((2, *WIDE, 2)), discriminator(1)
        gan = Trained(G, D, 2, g_optimizer=adam(G, RATES[0], BETAS), d_optimizer=adam(D, RATES[1], BETAS), seed=seed)
        return gan, Draws(data, 128, seed)

    return Stage(
        title=say("collapse_theatre", name),
        build=build,
        discriminator=discriminator,
        optimizer=partial(adam, lr=RATES[1], betas=BETAS),
        look=lambda: Points(data),
        modes=[str(k + 1) for k in range(len(data.weights))],
        fair=data.weights.tolist(),
        signs=lambda: {say("collapse_theatre", "modesCovered"): covered_share(data)},
    )


def _of_digits() -> Stage:
    from gan_edu.widgets.collapse_theatre.stage import Pictures, Stage

    net, shape = feature_net(), (1, SMALL, SMALL)
    d_optimizer = partial(adam, lr=OF_DIGITS[1], betas=BETAS)

    def discriminator(count: int) -> nn.Module:
        return MLPDiscriminator((count, SMALL, SMALL), (128,))

    def build(seed: int) -> tuple:
        with seeded(seed):
            G, D = MLPGenerator(16, shape, (128,)), discriminator(1)
        gan = Trained(G, D, 16, g_optimizer=adam(G, OF_DIGITS[0], BETAS), d_optimizer=d_optimizer(D), seed=seed)
        return gan, Shuffled(small_digits(), 64, seed)

    def signs() -> dict:
        sign = class_entropy(net, enlarged(small_digits()[:2000]))
        return {say("collapse_theatre", "entropyOfDigits"): lambda samples: sign(enlarged(samples))}

    return Stage(
        title=say("collapse_theatre", "digits"),
        build=build,
        discriminator=discriminator,
        optimizer=d_optimizer,
        look=lambda: Pictures(5, 5, lambda samples: class_shares(net, enlarged(samples))),
        modes=[str(digit) for digit in range(CLASSES)],
        fair=[1 / CLASSES] * CLASSES,
        signs=signs,
        every=40,
        watched=200,
    )


def cures() -> dict[str, Cure]:
    """What the theatre's switches put into its GAN."""
    from gan_edu.widgets.collapse_theatre.stage import Cure

    def cure(title: str, does: str, **puts: Any) -> Cure:
        return Cure(say("collapse_theatre", title), say("collapse_theatre", does), **puts)

    return {
        "pairs": cure("pairs", "pairsDoes", loss=relativistic, d_penalties=lambda: calm(2.0, 0.2, 3000)),
        "packs": cure("packs", "packsDoes", fresh=lambda discriminator: Packed(discriminator(2), 2)),
        "unrolled": cure("unrolled", "unrolledDoes", step=unrolled(5, 1e-2)),
        "noise": cure("noise", "noiseDoes", view=lambda: InstanceNoise(0.5)),
        "features": cure("features", "featuresDoes", loss=feature_matching, within=showing_features),
    }


def theatre(stage: str = "ring", seed: int = 0) -> CollapseTheatre:
    """The collapse theatre: a GAN that loses its modes on a `stage`, "ring", "grid" or "digits", and cures as switches.

    seed: of the run; the same clicks at the same steps make the same weights. Raises ValueError for another stage.
    """
    from gan_edu.widgets import CollapseTheatre

    return CollapseTheatre(stages(), cures(), train, train_step, stage=stage, seed=seed, films="collapse_theatre")
