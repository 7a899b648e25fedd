"""Checks of notebook 03_training_loop."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gan_edu.core.data.distributions import Draws, ring
from gan_edu.exercises import Feedback, check, correct, sayer, wrong
from gan_edu.losses import non_saturating

BUGS = ("no zero_grad", "labels swapped", "D frozen")

say = sayer(__name__)


@check
def weight_changes(changes_of_d: int, changes_of_g: int) -> Feedback:
    """How often 200 rounds with d_steps=3 change D's and G's weights."""
    if (changes_of_d, changes_of_g) == (600, 200):
        return correct(say("changesRight"))
    if (changes_of_d, changes_of_g) == (200, 600):
        return wrong(say("changesSwapped"))
    if changes_of_g != 200:
        return wrong(say("changesOfG"))
    return wrong(say("changesOfD"))


@check
def repair(loop: Callable) -> Feedback:
    """The loop of the chapter with its two bugs repaired, as a function."""
    start, found, expected = compare(loop, non_saturating.d, non_saturating.g)
    if apart(found[0], start[0]) == 0:
        return wrong(say("repairNoChange"))
    if apart(found[0], expected[0]) < 1e-5 and apart(found[1], expected[1]) < 1e-5:
        return correct(say("repairRight"))
    backwards = _trained(start, right_loop(non_saturating.d, lambda fake: non_saturating.g(-fake)))
    if apart(found[0], backwards[0]) < 1e-5:
        return wrong(say("repairBackwards"))
    return wrong(say("repairOther"))


@check
def detective(a: str, b: str, c: str) -> Feedback:
    """Which bug made which run."""
    answers = [each.strip() for each in (a, b, c)]
    if unknown := [each for each in answers if each not in BUGS]:
        return wrong(say("detectiveWords", bugs=", ".join(BUGS), given=repr(unknown[0])))
    right = ["labels swapped", "D frozen", "no zero_grad"]
    if answers == right:
        return correct(say("detectiveRight"))
    letter = "abc"[next(i for i in range(3) if answers[i] != right[i])]
    return wrong(say("detectiveGradient" if letter == "c" else "detectiveLosses", run=letter))


@check
def least_squares(loop: Callable) -> Feedback:
    """A loop written by hand for the least-squares GAN."""
    start, found, expected = compare(loop, least_squares_d, least_squares_g)
    if apart(found[0], start[0]) == 0 and apart(found[1], start[1]) == 0:
        return Feedback(None, say("nothingChanged"))
    if all(apart(found[i], expected[i]) < 1e-5 for i in (0, 1)):
        return correct(say("leastSquaresRight"))
    _, found, expected = compare(loop, least_squares_d, least_squares_g, rounds=1)  # later D sees other fakes
    right_g, right_d = (apart(found[i], expected[i]) < 1e-5 for i in (0, 1))
    if right_d and right_g:
        return wrong(say("leastSquaresLaterRound"))
    if right_d:
        return wrong(say("leastSquaresOfG"))
    return wrong(say("leastSquaresOfD"))


def least_squares_d(real: Tensor, fake: Tensor) -> Tensor:
    return ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2


def least_squares_g(fake: Tensor) -> Tensor:
    return ((fake - 1) ** 2).mean() / 2


def compare(loop: Callable, d_loss: Callable, g_loss: Callable, rounds: int = 20) -> tuple[tuple, tuple, tuple]:
    """The players (G, D) at the start, after `rounds` rounds of `loop`, and after as many of the right loop."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        start = (
            nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2)),
            nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1)),
        )
        found, expected = (_trained(start, each, rounds) for each in (loop, right_loop(d_loss, g_loss)))
    return start, found, expected


def _trained(start: tuple, loop: Callable, rounds: int = 20) -> tuple[nn.Module, nn.Module]:
    G, D = copy.deepcopy(start)
    opt_G, opt_D = (torch.optim.Adam(net.parameters(), lr=2e-3, betas=(0.0, 0.9)) for net in (G, D))
    loop(G, D, opt_G, opt_D, Draws(ring(8), 64, seed=4), torch.Generator().manual_seed(4), rounds)
    return G, D


def right_loop(d_loss: Callable, g_loss: Callable) -> Callable:
    def loop(
        G: nn.Module,
        D: nn.Module,
        opt_G: Optimizer,
        opt_D: Optimizer,
        batches: Iterator[Tensor],
        noise: torch.Generator,
        steps: int,
    ) -> None:
        for _ in range(steps):
            real = next(batches)
            fake = G(torch.randn(len(real), 2, generator=noise, dtype=real.dtype))
            descend(d_loss(D(real), D(fake.detach())), opt_D)
            descend(g_loss(D(fake)), opt_G)

    return loop


def descend(loss: Tensor, optimizer: Optimizer) -> None:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def apart(one: nn.Module, other: nn.Module) -> float:
    """The largest difference of two weights; NaN where one is NaN, which Python's max would pass over."""
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return torch.stack([(a - b).abs().max() for a, b in pairs]).max().item()
