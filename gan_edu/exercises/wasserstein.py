"""Checks of notebook 09_wasserstein."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

import torch
from torch import Tensor, nn

from gan_edu.core.training.networks import mlp
from gan_edu.core.training.penalties import slopes_at
from gan_edu.core.training.streams import seeded
from gan_edu.exercises import Feedback, check, correct, not_attempted, sayer, wrong

PLACES = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0], [3.0, 4.0], [1.0, 1.0], [6.0, 0.0]])
PRICES = torch.tensor([0.0, 2.5, 3.5, 4.5, 0.8, 5.0])
WHOSE = ("C", "A", "B")  # the penalty's, the clipped one's, that of spectral norm

say = sayer(__name__)


@check
def own_w1(function: Callable) -> Feedback:
    """A function of two sets of as many numbers → W₁, one number."""
    x, y = torch.tensor([2.0, -1.0, 0.5, 4.0, 0.0]), torch.tensor([1.0, 5.0, 3.5, -2.0, 0.2])
    given = function(x.clone(), y.clone())
    if given is ...:
        return not_attempted()
    given = torch.as_tensor(given)
    if given.shape != ():
        return wrong(say("w1OneNumber", given=tuple(given.shape)))
    off = x.sort().values - y.sort().values
    for other, words in (
        ((x - y).abs().mean(), say("w1Unsorted")),
        (off.square().mean().sqrt(), say("w1Root")),
        (off.square().mean(), say("w1Square")),
        (off.abs().sum(), say("w1Sum")),
        (off.mean(), say("w1Signs")),
        (off.mean().abs(), say("w1Signs")),
        ((x.sort(descending=True).values - y.sort().values).abs().mean(), say("w1Upside")),
    ):
        if torch.isclose(given.double(), other.double(), atol=1e-5):
            return wrong(words)
    if not torch.isclose(given.double(), off.abs().mean().double(), atol=1e-5):
        return wrong(say("w1Other", given=f"{given:.3f}", expected=f"{off.abs().mean():.3f}"))
    return correct(say("w1Right"))


@check
def unfair_pair(one: int, other: int) -> Feedback:
    """Of six places the two between which the price rises by more than the way."""
    one, other = int(one), int(other)
    if not {one, other} <= set(range(len(PLACES))) or one == other:
        return wrong(say("pairNumbers"))
    way, rise = (PLACES[one] - PLACES[other]).norm().item(), abs(PRICES[one] - PRICES[other]).item()
    told = {"one": one, "other": other, "way": f"{way:.2f}", "rise": f"{rise:.2f}"}
    return correct(say("pairRight", **told)) if rise > way else wrong(say("pairFair", **told))


@check
def own_penalty(function: Callable) -> Feedback:
    """A function (C, real, fake) → the mean of max(0, ‖∇f(x̂)‖ − 1)², x̂ between them, with an a for each sample."""
    critic, real, fake = _situation()
    asked = _Asked(critic)
    with seeded(3):
        given = function(asked, real.clone(), fake.clone())
    if given is ...:
        return not_attempted()
    if not isinstance(given, Tensor) or given.shape != ():
        return wrong(say("penaltyOneNumber"))
    if len(asked.places) != 1 or asked.places[0].shape != real.shape:
        return wrong(say("penaltyAsks"))
    at = asked.places[0]
    share = ((at - fake) / (real - fake)).flatten(1)  # (N, F): a, in each of its numbers
    for holds, words in _about_shares(share):
        if not holds:
            return wrong(words)
    for other, words in _other_costs(critic, at):
        if torch.isclose(given, other, rtol=1e-4):
            return wrong(words)
    if not torch.isclose(given, (slopes_at(critic, at) - 1).relu().square().mean(), rtol=1e-4):
        return wrong(say("penaltyOther"))
    if not given.requires_grad:
        return wrong(say("penaltyNoGraph"))
    with seeded(4):
        again = _Asked(critic)
        function(again, real.clone(), fake.clone())
    if torch.equal(again.places[0], at):
        return wrong(say("penaltySameAgain"))
    return (
        correct(say("penaltyRight")) if _finite_where_flat(function, critic, real, fake) else wrong(say("penaltyNan"))
    )


@check
def whose_word(with_penalty: str, with_clipping: str, with_spectral_norm: str) -> Feedback:
    """Of three curves the letters of the critic with the penalty, of the clipped one, of that with spectral norm."""
    letters = [answer.strip().upper() for answer in (with_penalty, with_clipping, with_spectral_norm)]
    if sorted(letters) != ["A", "B", "C"]:
        return wrong(say("whoseLetters"))
    if letters[2] != WHOSE[2]:
        return wrong(say("whoseBound"))
    return correct(say("whoseRight")) if tuple(letters) == WHOSE else wrong(say("whosePrice"))


class _Asked(nn.Module):
    """A critic that remembers where it was asked."""

    def __init__(self, critic: nn.Module):
        super().__init__()
        self.critic = critic
        self.places: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        self.places.append(x.detach().clone())
        return self.critic(x)


def _situation() -> tuple[nn.Module, Tensor, Tensor]:
    """A small critic, steep at some places, and two batches (8, 2, 3) that differ in each number."""
    with seeded(7):
        net, real, fake = mlp([6, 16, 1], slope=0.2), torch.randn(8, 2, 3), torch.randn(8, 2, 3)
        for weight in net.parameters():
            weight.data.mul_(2.6)
    return nn.Sequential(nn.Flatten(), net), real, fake


def _about_shares(share: Tensor) -> Iterator[tuple[bool, str]]:
    """(what must hold of the a, what to say where it does not)."""
    own = share.std(1).max() < 1e-3
    yield bool((share > -1e-3).all() and (share < 1 + 1e-3).all()), say("penaltyOutside")
    yield bool(own), say("penaltyShareEach")
    yield bool(share[:, 0].std() > 1e-3), say("penaltyOneShare")


def _other_costs(critic: nn.Module, at: Tensor) -> Iterator[tuple[Tensor, str]]:
    """(what a usual mistake gives, what to say)."""
    x = at.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x)
    length = gradient.flatten(1).norm(dim=1)
    yield (length - 1).square().mean(), say("penaltyTwoSided")
    yield (gradient.norm() - 1).relu().square(), say("penaltyWholeBatch")
    yield (gradient.norm(dim=1) - 1).relu().square().mean(), say("penaltyOneAxis")
    yield (length.mean() - 1).relu().square(), say("penaltyMeanFirst")
    yield (length - 1).relu().mean(), say("penaltyNoSquare")
    yield (length - 1).relu().square().sum(), say("penaltySum")


def _finite_where_flat(function: Callable, critic: nn.Module, real: Tensor, fake: Tensor) -> bool:
    flat = deepcopy(critic)
    for weight in flat.parameters():
        weight.data.zero_()
    slopes = torch.autograd.grad(function(flat, real, fake), list(flat.parameters()), materialize_grads=True)
    return all(bool(slope.isfinite().all()) for slope in slopes)
