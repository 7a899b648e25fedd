"""Checks of notebook 08_mode_collapse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

import torch
from torch import Tensor, nn

from gan_edu.core.data.distributions import Draws, ring
from gan_edu.core.measures.mixture_scores import SAMPLES, Coverage
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.streams import seeded
from gan_edu.exercises import Feedback, check, correct, not_attempted, sayer, wrong
from gan_edu.mode_collapse import MinibatchStd, Packed, watched
from gan_edu.training_loop import GAN

STEPS, MOST_TURNS = 1500, 12  # of training in the last exercise; D's and G's steps in a round

say = sayer(__name__)


@check
def read_films(fewest_at_the_end: str, fell_back: str) -> Feedback:
    """Of three films the letter of the one with the fewest kinds at its end, and of the one that fell back to one."""
    letters = [answer.strip().upper() for answer in (fewest_at_the_end, fell_back)]
    if not set(letters) <= set("ABC"):
        return wrong(say("filmsLetters"))
    if letters[0] != "C":
        return wrong(say("filmsEnd"))
    if letters[1] != "B":
        return wrong(say("filmsBack"))
    return correct(say("filmsRight"))


@check
def own_pack(function: Callable) -> Feedback:
    """A function (D, x, count) → the logit of each sample's pack: (N, F) → (N, 1), D on (N / count, count · F)."""
    with seeded(8):
        d, x, count = mlp([6, 8, 1]), torch.randn(12, 2), 3
    given, right = function(*deepcopy((d, x)), count), Packed(d, count)(x)
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor):
        return wrong(say("packTensor"))
    if given.shape == (4, 1):
        return wrong(say("packOncePerPack"))
    if given.shape != right.shape:
        return wrong(say("packShape", given=tuple(given.shape)))
    for other, words in _other_packs(d, x, count):
        if torch.allclose(given, other, atol=1e-5):
            return wrong(words)
    if not torch.allclose(given, right, atol=1e-5):
        return wrong(say("packOther"))
    return correct(say("packRight"))


def _other_packs(d: nn.Module, x: Tensor, count: int) -> Iterator[tuple[Tensor, str]]:
    """(what a usual mistake gives, what to say)."""
    packs = x.reshape(-1, count * x.shape[1])
    yield d(packs).repeat(count, 1), say("packWholeTurns")
    alone = x.repeat(1, count)
    yield d(alone), say("packCopies")
    strided = x.reshape(count, -1, x.shape[1]).transpose(0, 1).reshape(packs.shape)
    yield d(strided).repeat_interleave(count, 0), say("packStrided")
    by_feature = x.reshape(-1, count, x.shape[1]).transpose(1, 2).reshape(packs.shape)
    yield d(by_feature).repeat_interleave(count, 0), say("packByFeature")


@check
def own_spread(function: Callable) -> Feedback:
    """A function of features (N, F) → (N, F + 1), the last number the mean of the features' standard deviations."""
    with seeded(9):
        x = torch.randn(5, 3) * torch.tensor([0.5, 1.0, 3.0]) + 1
    given = function(x.clone())
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != (5, 4):
        return wrong(say("spreadShape"))
    if not torch.equal(given[:, :3], x):
        return wrong(say("spreadKeeps"))
    for other, words in (
        (x.std(0).mean(), say("spreadUnbiased")),
        (x.std(0, unbiased=True).mean(), say("spreadUnbiased")),
        (x.var(0, unbiased=False).mean(), say("spreadVariance")),
        (x.var(0, unbiased=False).mean().sqrt(), say("spreadRootLast")),
        (x.std(unbiased=False), say("spreadAll")),
        (x.std(1, unbiased=False).mean(), say("spreadOtherAxis")),
    ):
        if torch.allclose(given[:, 3], other.expand(5), atol=1e-6):
            return wrong(words)
    if not torch.allclose(given, MinibatchStd()(x), atol=1e-5):
        return wrong(say("spreadOther"))
    copies = torch.ones(4, 3, requires_grad=True)
    (slope,) = torch.autograd.grad(function(copies).sum(), copies)
    return correct(say("spreadRight")) if slope.isfinite().all() else wrong(say("spreadNan"))


@check
def own_cure(make: Callable) -> Feedback:
    """A function (G, D) → a GAN that covers all eight modes of the ring after 1,500 steps with batches of 128."""
    with seeded(0):
        g, d = mlp([2, 64, 64, 2]), mlp([2, 64, 64, 1], slope=0.2)
        gan = make(g, d)
    if gan is ...:
        return not_attempted()
    if not isinstance(gan, GAN) or gan.generator is not g:
        return wrong(say("cureGan"))
    if gan.d_steps * gan.g_steps > MOST_TURNS:
        return wrong(say("cureTurns", most=MOST_TURNS))
    data = ring()
    even = watched(gan, Draws(data, 128, 0), STEPS, 1).effective[-1].item()
    found = Coverage(data).modes(gan.generate(gan.latents(SAMPLES, torch.Generator().manual_seed(0))))
    told = {"covered": found["modes"], "even": f"{even:.1f}", "quality": f"{found['quality']:.0%}"}
    if found["modes"] == 8:
        return correct(say("cureRight", **told))
    return wrong(say("cureCollapsed" if even < 7 else "cureBlurred", **told))
