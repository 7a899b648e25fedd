"""Checks of notebook 03_training_loop."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gan_edu.core.data.distributions import Draws, ring
from gan_edu.exercises import Feedback, check, correct, wrong
from gan_edu.losses import non_saturating

BUGS = ("no zero_grad", "labels swapped", "D frozen")


@check
def weight_changes(changes_of_d: int, changes_of_g: int) -> Feedback:
    """How often 200 rounds with d_steps=3 change D's and G's weights."""
    if (changes_of_d, changes_of_g) == (600, 200):
        return correct("each round has three steps of D and one of G: 600 and 200.")
    if (changes_of_d, changes_of_g) == (200, 600):
        return wrong("it is D that has three steps in a round.")
    if changes_of_g != 200:
        return wrong("G learns once in each round.")
    return wrong("G is right; D learns d_steps times in each round.")


@check
def repair(loop: Callable) -> Feedback:
    """The loop of the chapter with its two bugs repaired, as a function."""
    start, found, expected = compare(loop, non_saturating.d, non_saturating.g)
    if apart(found[0], start[0]) == 0:
        return wrong(
            "G's weights did not change at all: is the way from loss_G to G still cut by detach()? "
            "Only D's step needs the fakes cut off."
        )
    if apart(found[0], expected[0]) < 1e-5 and apart(found[1], expected[1]) < 1e-5:
        return correct("G is no longer cut off, and it raises D's logit for its fakes: softplus(−l) = −log D.")
    backwards = _trained(start, right_loop(non_saturating.d, lambda fake: non_saturating.g(-fake)))
    if apart(found[0], backwards[0]) < 1e-5:
        return wrong(
            "G learns now, but in the wrong direction: it makes D call its samples fake. Look at the sign in loss_G."
        )
    return wrong(
        "the weights are not those of the right loop after 20 rounds: D from real and detached fakes, then G "
        "from softplus(-D(fake)), each with zero_grad, backward, step."
    )


@check
def detective(a: str, b: str, c: str) -> Feedback:
    """Which bug made which run."""
    answers = [each.strip() for each in (a, b, c)]
    if unknown := [each for each in answers if each not in BUGS]:
        return wrong(f"answer with one of {', '.join(BUGS)}; {unknown[0]!r} is none of them.")
    right = ["labels swapped", "D frozen", "no zero_grad"]
    if answers == right:
        return correct("two losses at 0 are no fair game; a D that stands still is fooled from one place; sums grow.")
    letter = "abc"[next(i for i in range(3) if answers[i] != right[i])]
    look = "the norm of D's gradient, and how it goes on" if letter == "c" else "both losses together"
    return wrong(f"{letter} is something else: look at {look}.")


@check
def least_squares(loop: Callable) -> Feedback:
    """A loop written by hand for the least-squares GAN."""
    start, found, expected = compare(loop, least_squares_d, least_squares_g)
    if apart(found[0], start[0]) == 0 and apart(found[1], start[1]) == 0:
        return Feedback(None, "the loop changed no weight: write its lines and run the cell again")
    if all(apart(found[i], expected[i]) < 1e-5 for i in (0, 1)):
        return correct("the same loop with other losses: nothing else in it knows which game is played.")
    _, found, expected = compare(loop, least_squares_d, least_squares_g, rounds=1)  # later D sees other fakes
    right_g, right_d = (apart(found[i], expected[i]) < 1e-5 for i in (0, 1))
    if right_d and right_g:
        return wrong("the first round is right, a later one is not: is each gradient cleared, each batch fresh?")
    if right_d:
        return wrong("D is right; G's loss is ½ E[(D(G(z)) − 1)²], judged by the new D on the same fakes.")
    return wrong(
        "D's weights differ: L_D is ½ E[(D(x) − 1)²] + ½ E[D(G(z))²] on the raw output, with the fakes detached."
    )


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
