"""How many of stacked MNIST's 1,000 modes a generator makes, and how evenly.

Each colour of a picture is read by the network that has learned digits (`core.measures.mnist_scores`): three digits
are a number from 0 to 999, its mode. The literature draws 26,000 samples, 26 for each mode, calls a mode captured that
has one of them or more, and takes KL(p_g ‖ uniform) of the shares (Metz et al. 2017, arXiv 1611.02163; Lin et al. 2018,
arXiv 1712.04086). Uniform noise is read as few digits only, but a generator that puts one sample in 26 where it should
captures all, so here a mode is covered that has half of its fair share. Real digits do not score 0: chance leaves
999/(2·26,000) = 0.019 nats, and MNIST, whose ten digits are not equally many, 3 KL(digits ‖ uniform) = 0.004 more.
Used in notebook 08_mode_collapse.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gan_edu.core.data.pixels import scaled
from gan_edu.core.data.stacked import COLOURS, stacked, unstacked
from gan_edu.core.measures.mixture_scores import FAIR, divergence
from gan_edu.core.measures.mnist_scores import DATA, FeatureNet, Generates, classes, feature_net
from gan_edu.core.measures.score import PART
from gan_edu.core.safety.checked import integer
from gan_edu.core.safety.interrupts import heard
from gan_edu.core.training.streams import looking
from gan_edu.core.training.tensors import tensor

MODES = 1000
SAMPLES = 26_000  # as in the literature


def modes_of(pictures: Tensor, net: FeatureNet | None = None) -> Tensor:
    """The mode (N,) of each picture (N, 3, 28, 28), 0 to 999: the digits of its colours; −1 where one is not finite.

    uint8 or in [−1, 1]. Raises ValueError for another shape.
    """
    if tensor("pictures", pictures).shape[1:] != (COLOURS, 28, 28):
        raise ValueError(f"pictures must be (N, {COLOURS}, 28, 28), got {tuple(pictures.shape)}")
    net = feature_net() if net is None else net
    device, digits = next(net.parameters()).device, []
    with looking(net):
        for part in pictures.split(PART):
            heard()
            singles = unstacked(scaled(part)).to(device, torch.float32)  # (3n, 1, 28, 28)
            digits.append(classes(net.classify(net(singles))).cpu().unflatten(0, (-1, COLOURS)))
    each = torch.cat(digits)  # (N, 3)
    modes = each @ torch.tensor([100, 10, 1])
    return torch.where((each < 0).any(1), -1, modes)


def stacked_scores(modes: Tensor) -> dict[str, float]:
    """captured: modes with a sample or more. covered: with half of their fair share. kl: KL(p_g ‖ uniform), nats.

    modes: (N,) as of `modes_of`. All are NaN where one is −1. Raises ValueError for less than a sample.
    """
    if tensor("modes", modes, (torch.int64,)).ndim != 1 or not len(modes) or modes.max() >= MODES:
        raise ValueError(f"modes must be (N,) with N ≥ 1, numbers below {MODES}, as modes_of gives them")
    if (modes < 0).any():
        return dict.fromkeys(("captured", "covered", "kl"), math.nan)
    counts = torch.bincount(modes, minlength=MODES)
    uniform = torch.full((MODES,), 1 / MODES, dtype=torch.float64)
    return {
        "captured": int((counts > 0).sum()),
        "covered": int((counts >= max(1.0, FAIR * len(modes) / MODES)).sum()),
        "kl": divergence(counts.double() / len(modes), uniform),
    }


class StackedScorer:
    """Scores a GAN's pictures in three colours: {"captured", "covered", "kl"}. samples: how many are drawn, ≥ 1,000."""

    def __init__(self, samples: int = SAMPLES, device: torch.device | str = "cpu"):
        self.samples, self.net = integer("samples", samples, MODES, 10**6), feature_net(device)

    def score(self, gan: Generates) -> dict[str, float]:
        """Of a GAN, from latents that are the same at each call."""
        z = gan.latents(self.samples, torch.Generator(gan.device).manual_seed(20_170_611))
        return stacked_scores(torch.cat([modes_of(gan.generate(part).float(), self.net) for part in z.split(PART)]))

    def floor(self, seed: int = 0) -> dict[str, float]:
        """Of as many real pictures, three of MNIST's training digits each, drawn with replacement."""
        images = DATA["mnist"].load(True)[0]
        stream, found = torch.Generator().manual_seed(integer("seed", seed)), []
        for count in torch.full((self.samples // PART,), PART).tolist() + [self.samples % PART]:
            if count:
                chosen = torch.randint(len(images), (COLOURS * count,), generator=stream)
                found.append(modes_of(stacked(images[chosen]), self.net))
        return stacked_scores(torch.cat(found))
