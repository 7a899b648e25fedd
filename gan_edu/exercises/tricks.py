"""Checks of notebook 05_tricks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

import torch
from torch import Tensor, nn

from gan_edu.core.measures.stored_scores import scores
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.penalties import slopes_at
from gan_edu.exercises import Feedback, check, close, correct, wrong


@check
def smoothed(best: float) -> Feedback:
    """D* where p_data = 0.2 and p_g = 0.6, with the targets 0.9 and 0.1."""
    if close(best, 0.3):
        return correct("(0.9 · 0.2 + 0.1 · 0.6) / (0.2 + 0.6) = 0.3: p_g lifts D where the fakes are.")
    if close(best, 0.225):
        return wrong("that is one-sided smoothing: with β = 0.1 the numerator holds p_g too.")
    if close(best, 0.25):
        return wrong("that is D* without smoothing, p_data / (p_data + p_g).")
    if close(best, 0.7):
        return wrong("α belongs to p_data and β to p_g: you have them the other way round.")
    return wrong("D* = (α p_data + β p_g) / (p_data + p_g), with α = 0.9 and β = 0.1.")


@check
def rescaled(gamma: float) -> Feedback:
    """The γ of R1 that plays the same game on [0, 1] as γ = 2 on [−1, 1]."""
    if close(gamma, 0.5):
        return correct("the data is divided by s = 2, so slopes double and their squares are 4 times as large: γ / 4.")
    if close(gamma, 8):
        return wrong("the other way: on narrower data the same D is steeper, so each unit of γ costs more.")
    if close(gamma, 1):
        return wrong("slopes change by a factor of 2, but R1 pays for their squares.")
    if close(gamma, 2):
        return wrong("R1 pays for slopes, and a slope is per unit of x: on [0, 1] the same D is steeper.")
    return wrong("D(x) = D'(x / 2 + 1/2) for the same judgement: compare the slopes of D and D', then their squares.")


@check
def own_penalty(function: Callable) -> Feedback:
    """A function (D, real, fake, alpha) → the mean of (‖∇D(x̂)‖ − 1)² with x̂ = α x + (1 − α) G(z)."""
    D, real, fake, alpha = _situation()
    expected = _penalty(D, real, fake, alpha)
    given = function(*deepcopy((D, real, fake, alpha)))
    if given is ...:
        return Feedback(None, "replace the ... by your answer and run the cell again")
    if not isinstance(given, Tensor) or given.shape != ():
        return wrong(f"return one number, a tensor of the shape (), got {_shown(given)}.")
    if not torch.isclose(given, expected, rtol=1e-4):
        return wrong(
            next(
                (words for other, words in _mistakes(D, real, fake, alpha) if torch.isclose(given, other, rtol=1e-4)),
                f"it gives {given:.4f} where {expected:.4f} is right: x̂ = α x + (1 − α) G(z), the norm of "
                "each sample's own gradient, minus 1, squared, and then the mean.",
            )
        )
    if not given.requires_grad:
        return wrong("the number is right, but D cannot learn from it: autograd.grad needs create_graph=True.")
    flat = deepcopy(D)
    for weight in flat.parameters():
        weight.data.zero_()
    pull = function(flat, *deepcopy((real, fake, alpha)))
    slopes = torch.autograd.grad(pull, list(flat.parameters()), materialize_grads=True)
    if not all(slope.isfinite().all() for slope in slopes):
        return wrong(
            "where D is flat its gradient becomes NaN: the square root of a sum has no slope at 0. "
            "torch.linalg.vector_norm has 0 there."
        )
    return correct("each sample has its own α and its own norm, and where D is flat nothing breaks.")


@check
def read_the_table(seeds_better: int, ranges_overlap: bool) -> Feedback:
    """Instance noise against the baseline, salt on MNIST: on how many seeds it is better, whether ranges overlap."""
    salt = {row["name"]: row["values"]["salt"] for row in scores("tricks")["MNIST"]["rows"]}
    pairs = [pair for pair in zip(salt["noise"], salt["baseline"], strict=True) if None not in pair]
    noise, plain = zip(*pairs, strict=True)
    if not 0 <= int(seeds_better) <= len(pairs):
        return wrong(f"there are {len(pairs)} pairs of seeds: the first answer is from 0 to {len(pairs)}.")
    if seeds_better != sum(a < b for a, b in pairs):
        return wrong("compare seed by seed: the same seed in both rows, and less salt is better.")
    overlap = max(noise) >= min(plain) and max(plain) >= min(noise)
    if ranges_overlap != overlap:
        return wrong(
            f"with noise salt goes from {min(noise):.0f} to {max(noise):.0f} pixels in 10,000, without from "
            f"{min(plain):.0f} to {max(plain):.0f}."
        )
    return correct(
        f"better on {seeds_better} of {len(pairs)} seeds, and the ranges {'' if overlap else 'do not '}"
        "overlap. Only where they do not the table calls a difference clear."
    )


def _situation() -> tuple[nn.Module, Tensor, Tensor, Tensor]:
    """A small D and two batches of pictures (6, 2, 3), for which the usual mistakes give other numbers."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        net = mlp([6, 16, 1], slope=0.2)
        real, fake, alpha = torch.randn(6, 2, 3), 2 + torch.randn(6, 2, 3), torch.rand(6, 1, 1)
        for weight in net.parameters():
            weight.data.mul_(2)
    return nn.Sequential(nn.Flatten(), net), real, fake, alpha


def _penalty(D: nn.Module, real: Tensor, fake: Tensor, alpha: Tensor) -> Tensor:
    return (slopes_at(D, alpha * real + (1 - alpha) * fake) - 1).square().mean()


def _mistakes(D: nn.Module, real: Tensor, fake: Tensor, alpha: Tensor) -> Iterator[tuple[Tensor, str]]:
    """(what a usual mistake gives, what to say)."""
    x = (alpha * real + (1 - alpha) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(D(x).sum(), x)
    norms = gradient.flatten(1).norm(dim=1)
    yield (gradient.norm() - 1).square(), "that is one norm over the whole batch: each sample has its own."
    yield (
        (gradient.norm(dim=1) - 1).square().mean(),
        ("the norm runs over one axis of the picture only: flatten(1) first."),
    )
    yield (norms.square() - 1).square().mean(), "that squares the norm before it subtracts 1: ‖∇D‖, not ‖∇D‖²."
    yield norms.square().mean(), "that draws the slope to 0, as R1 does; here it is drawn to 1."
    yield (norms - 1).square().sum(), "that is the sum over the batch: take the mean."
    yield _penalty(D, fake, real, alpha), "α belongs to the real sample, 1 − α to the fake one."
    yield _penalty(D, real, fake, alpha[:1]), "one α for the whole batch: each sample has its own."
    yield _penalty(D, real, real, alpha), "it looks at real samples: x̂ lies between real and fake."


def _shown(value: object) -> str:
    return f"a tensor of the shape {tuple(value.shape)}" if isinstance(value, Tensor) else type(value).__name__
