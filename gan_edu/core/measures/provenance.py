"""Where a picture came from: a mark that a generator puts into all it makes, and how sure one is to have found it.

    k = key(5)                                   ±1 for each pixel, from a secret seed
    G = Marked(G, k, 0.03)                       its last step: a faint ± 0.03 of the grey scale
    evidence(pictures, k)                        z (N,), about N(0, 1) where the key was not used
    evidence(pictures, k) > threshold(0.01)      true by chance for one key of a hundred

Spread spectrum: Cox et al. (1997), "Secure spread spectrum watermarking for multimedia", IEEE Trans. Image Processing
6(12). What is looked at is how a pixel differs from its neighbours, r, cut at ± a limit, so that strokes do not drown
the rest,

    z = Σ k r / √(Σ r²)

Over keys drawn at random, for a picture made without them, z has mean 0 and variance exactly 1, and as Σ k r is a sum
of many small independent terms, it is nearly normal. That is a statement about keys. Of one key and many pictures it
holds only as far as pictures do not resemble each other. Pictures are (N, 1, H, W) in [0, 1]. Notebook 18_transfer.
"""

from __future__ import annotations

from itertools import product

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, pad

from gan_edu.core.data.damage import in_light, light
from gan_edu.core.data.handling import shifted
from gan_edu.core.safety.checked import integer, real
from gan_edu.core.training import pieces
from gan_edu.core.training.tensors import WHOLE, tensor

LIMIT = 0.02  # of a pixel's difference from its neighbours, for marks of about that strength


def key(seed: int, side: int = 28, grain: int = 1) -> Tensor:
    """±1 for each pixel, (1, side, side), both as likely, alike within blocks of grain × grain pixels.

    A coarse key is easier seen, and outlives what smooths a picture. Raises ValueError where grain does not divide
    side, or for a number below 1 (the seed: below 0).
    """
    side, grain = integer("side", side, 1, 10_000), integer("grain", grain, 1, 10_000)
    if side % grain:
        raise ValueError(f"grain must divide side, {side}, got {grain}")
    stream = torch.Generator().manual_seed(integer("seed", seed))
    signs = 2.0 * torch.randint(2, (1, side // grain, side // grain), generator=stream) - 1
    return signs.repeat_interleave(grain, 1).repeat_interleave(grain, 2)


def marked(pictures: Tensor, key: Tensor, strength: float = 0.03) -> Tensor:
    """x + strength · key, cut to [0, 1]: black stays black where the key is −1, which costs about half of the mark.

    strength: in [0, 1], of the grey scale. Raises ValueError where key and pictures differ in size.
    """
    k = _fitting(key, in_light("pictures", pictures)).to(pictures)
    return (pictures + real("strength", strength, 0, 1) * k).clamp(0, 1)


class Marked(nn.Module):
    """A generator that makes the pictures of another in [−1, 1], with a mark. Who has its code can leave that out."""

    key: Tensor

    def __init__(self, generator: nn.Module, key: Tensor, strength: float = 0.03):
        super().__init__()
        pieces.network("generator", generator)
        self.generator, self.strength = generator, real("strength", strength, 0, 1)
        self.register_buffer("key", tensor("key", key, WHOLE))

    def forward(self, *given: Tensor) -> Tensor:
        return 2 * marked(light(self.generator(*given)), self.key, self.strength) - 1


def evidence(pictures: Tensor, key: Tensor, reach: int = 0, limit: float = LIMIT) -> Tensor:
    """z (N,) of pictures (N, 1, H, W) for a key (1, H, W): `threshold` says which z are more than chance.

    reach: the largest z of all moves by up to so many pixels, for pictures that were cropped; that is
    (2 · reach + 1)² tries. limit: of differences, > 0; with 1 they are not cut. 0 for a picture without differences.
    Raises ValueError where sizes differ.
    """
    k, reach = _fitting(key, in_light("pictures", pictures)), integer("reach", reach, 0, 100)
    grain = grain_of(k)
    signs = k[:, ::grain, ::grain].double().to(pictures.device)  # (1, H/grain, W/grain)
    moves = product(range(-reach, reach + 1), repeat=2)
    found = [_correlated(differences(shifted(pictures, *move), grain, limit), signs) for move in moves]
    return torch.stack(found).amax(0)


def _correlated(r: Tensor, signs: Tensor) -> Tensor:
    """Σ k r / √(Σ r²)."""
    length = r.square().sum((1, 2, 3)).sqrt()
    return (r * signs).sum((1, 2, 3)) / length.clamp(min=1e-12)


def differences(pictures: Tensor, grain: int = 1, limit: float = LIMIT) -> Tensor:
    """Each block's mean less the mean of the 3 × 3 blocks around it, cut at ± limit, (N, 1, H/grain, W/grain), float64.

    Beyond its edges a picture goes on as it ends.
    """
    limit, grain = real("limit", limit, above=0), integer("grain", grain, 1, 10_000)
    x = avg_pool2d(pictures.double(), grain) if grain > 1 else pictures.double()
    return (x - avg_pool2d(pad(x, (1, 1, 1, 1), mode="replicate"), 3, stride=1)).clamp(-limit, limit)


def grain_of(key: Tensor) -> int:
    """The side of the largest blocks that a key is made of."""
    side = key.shape[1]
    for grain in range(side, 1, -1):
        blocks = key[:, ::grain, ::grain].repeat_interleave(grain, 1).repeat_interleave(grain, 2)
        if side % grain == 0 and torch.equal(blocks, key):
            return grain
    return 1


def threshold(false_positives: float = 0.01, tries: int = 1) -> float:
    """The z that N(0, 1) exceeds with this probability, 0 to 1; of several tries in at most so many of all.

    tries: each gets its share (Bonferroni), for `evidence(…, reach)` (2 · reach + 1)².
    """
    from scipy.stats import norm

    share = real("false_positives", false_positives, above=0, below=1) / integer("tries", tries, 1)
    return float(norm.isf(share))


def found_at(real_scores: Tensor, fake_scores: Tensor, false_positives: float = 0.01) -> float:
    """The share of fakes found, (M,) scores, larger for fakes, where at most this share of the real ones, (N,), is.

    The threshold is the lowest of the real scores that so few exceed. Raises ValueError for scores that are not finite,
    none of either, or fewer real ones than show such a share once: N < 1 / false_positives.
    """
    share = real("false_positives", false_positives, above=0, below=1)
    for name, each in (("real", real_scores), ("fake", fake_scores)):
        if tensor(f"{name} scores", each, WHOLE).ndim != 1 or not len(each) or not each.isfinite().all():
            raise ValueError(f"{name} scores must be finite and (N,), got {tuple(each.shape)}")
    if len(real_scores) * share < 1:
        raise ValueError(f"{len(real_scores)} real scores show no share of {share:g}: take {1 / share:.0f} or more")
    least = real_scores.double().sort(descending=True).values[int(share * len(real_scores))]
    return (fake_scores.double() > least).double().mean().item()


def _fitting(key: Tensor, pictures: Tensor) -> Tensor:
    if tensor("key", key, WHOLE).shape != pictures.shape[1:] or key.shape[1] != key.shape[2]:
        raise ValueError(f"a key of {tuple(key.shape)} does not fit pictures of {tuple(pictures.shape[1:])}")
    return key
