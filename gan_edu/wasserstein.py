"""Wasserstein: moving earth, fair prices, and critics. Belongs to notebook 09_wasserstein.

How far is p_g from p_data, if to carry a unit of earth over a distance costs that distance? Two answers, one number:

    cheapest_plan(x, y).cost              the carrier's: of all ways to move one heap onto the other the cheapest
    fair_price(x, y).value                the trader's: of all prices that rise by 1 a metre or less the best

A network that plays the trader is called a critic. What holds it to slope 1 is added to the Wasserstein loss:

    GAN(G, C, 100, wasserstein, d_steps=5, d_penalties=[wgan_gp(10.0)])                     WGAN-GP
    GAN(G, C, 100, wasserstein, d_steps=5, d_optimizer=clipped(RMSprop(C.parameters(), lr=5e-5), 0.01))    WGAN
    GAN(G, spectral_norm(C), 100, wasserstein, d_steps=5)                                   spectral norm

After Villani (2009), "Optimal transport", chapters 5 and 6; Peyré and Cuturi (2019), "Computational optimal transport",
arXiv 1803.00567; Arjovsky et al. (2017), "Wasserstein GAN", arXiv 1701.07875; Gulrajani et al. (2017), "Improved
training of Wasserstein GANs", arXiv 1704.00028.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from gan_edu.core.measures.sample_scores import sliced_wasserstein, wasserstein as exact_wasserstein
from gan_edu.core.safety.checked import integer, kind, real as number
from gan_edu.core.training import pieces
from gan_edu.core.training.contract import GAN, Batches, Record
from gan_edu.core.training.gan import GAN as Trained
from gan_edu.core.training.penalties import slopes_at
from gan_edu.core.training.streams import looking
from gan_edu.core.training.tensors import NUMBERS, tensor
from gan_edu.losses import wasserstein
from gan_edu.training_loop import d_step, train
from gan_edu.tricks import one_sided, spectral_norm, wgan_gp

__all__ = [
    "Look",
    "Plan",
    "Price",
    "area_between",
    "at_the_clip",
    "blurred_plan",
    "cheapest_plan",
    "clipped",
    "d_step",
    "estimate",
    "exact_wasserstein",
    "fair_price",
    "followed",
    "layers_bound",
    "look",
    "on_a_line",
    "one_sided",
    "sliced_wasserstein",
    "spectral_norm",
    "steepest",
    "wasserstein",
    "wgan_gp",
]
MISPLACED = 1e-4  # of the earth, by a blurred plan that counts as found
MOST_PAIRS = 10_000  # of a linear programme, which is for small sets


# ------------------------------------------------------------------ on a line, where sorting is all


def on_a_line(x: Tensor, y: Tensor, a: Tensor | None = None, b: Tensor | None = None, p: float = 1.0) -> float:
    """W_p = (∫₀¹ |F⁻¹(u) − G⁻¹(u)|^p du)^(1/p): the lowest share of x goes to the lowest of y, and so on upwards.

    x: (N,), y: (M,), in the data's units, as is the result; a, b: their shares, ≥ 0 with the sum 1, by default equal.
    Of sets of equal size it is the mean distance of the sorted. p ≥ 1. Raises ValueError for others.
    """
    (x, a), (y, b), p = _heap("x", x, a, 1), _heap("y", y, b, 1), number("p", p, 1, 100)
    (x, of_x), (y, of_y) = x[:, 0].sort(), y[:, 0].sort()
    F, G = a[of_x].cumsum(0), b[of_y].cumsum(0)
    levels = torch.cat([F, G]).sort().values  # (N + M,): at each of them one of the two steps to its next place
    share = levels.diff(prepend=levels.new_zeros(1))
    middle = levels - share / 2
    far = (x[_step(F, middle)] - y[_step(G, middle)]).abs()
    return ((share * far**p).sum() ** (1 / p)).item()


def _step(levels: Tensor, u: Tensor) -> Tensor:
    return torch.searchsorted(levels, u).clamp(max=len(levels) - 1)


def area_between(x: Tensor, y: Tensor, a: Tensor | None = None, b: Tensor | None = None) -> float:
    """W₁ = ∫ |F(t) − G(t)| dt, the area between the two distribution functions; x, y, a, b as `on_a_line` has them.

    F(t) − G(t) is the earth that is to the left of t and has to pass it.
    """
    (x, a), (y, b) = _heap("x", x, a, 1), _heap("y", y, b, 1)
    places, order = torch.cat([x, y])[:, 0].sort()
    passes = torch.cat([a, -b])[order].cumsum(0)[:-1]  # F − G from each place to the next
    return (passes.abs() * places.diff()).sum().item()


# ------------------------------------------------------------------ two linear programmes, and one that is blurred


class Plan(NamedTuple):
    """Who carries what where. carried (N, M): shares of the whole; cost: Σ carried · distance^p, its root not taken."""

    carried: Tensor
    cost: float


class Price(NamedTuple):
    """What a unit of earth is worth. at_x (N,), at_y (M,): 0 at the first of x; value: Σ a f(x) − Σ b f(y)."""

    at_x: Tensor
    at_y: Tensor
    value: float


def cheapest_plan(x: Tensor, y: Tensor, a: Tensor | None = None, b: Tensor | None = None, p: float = 1.0) -> Plan:
    """The primal: min Σ_ij P_ij |x_i − y_j|^p over P ≥ 0 with Σ_j P_ij = a_i and Σ_i P_ij = b_j.

    x: (N, d) or (N,), y: (M, d) or (M,); a, b: shares with the sum 1, by default equal. Solved by scipy as a linear
    programme, so N · M ≤ 10,000: for more take `exact_wasserstein`. Raises ValueError for others.
    """
    from scipy.optimize import linprog
    from scipy.sparse import eye, kron, vstack

    (x, a), (y, b) = _heaps(x, y, a, b)
    n, m, cost = len(x), len(y), torch.cdist(x, y) ** number("p", p, 1, 100)
    leaves, arrives = kron(eye(n), np.ones((1, m))), kron(np.ones((1, n)), eye(m))  # rows that add P up
    found = linprog(cost.flatten().numpy(), A_eq=vstack([leaves, arrives]), b_eq=torch.cat([a, b]).numpy())
    return Plan(torch.from_numpy(found.x).reshape(n, m), float(found.fun))


def fair_price(x: Tensor, y: Tensor, a: Tensor | None = None, b: Tensor | None = None) -> Price:
    """The dual for p = 1: max Σ a_i f(x_i) − Σ b_j f(y_j) over all f with |f(s) − f(t)| ≤ |s − t|, f 1-Lipschitz.

    x, y, a, b and errors as `cheapest_plan` has them; the two values are equal (Kantorovich and Rubinstein 1958;
    Villani 2009, remark 6.5).
    """
    from scipy.optimize import linprog

    (x, a), (y, b) = _heaps(x, y, a, b)
    places, gain = torch.cat([x, y]), torch.cat([a, -b])  # (K, d), (K,) with K = N + M
    one, other = torch.combinations(torch.arange(len(places))).T  # each pair once
    rises = torch.zeros(len(one), len(places), dtype=torch.float64)
    pair = torch.arange(len(one))
    rises[pair, one], rises[pair, other] = 1.0, -1.0  # f(s) − f(t)
    most = (places[one] - places[other]).norm(dim=1).repeat(2)
    bounds = [(0, 0), *[(None, None)] * (len(places) - 1)]  # f + a constant is worth as much
    found = linprog(-gain.numpy(), A_ub=torch.cat([rises, -rises]).numpy(), b_ub=most.numpy(), bounds=bounds)
    f = torch.from_numpy(found.x)
    return Price(f[: len(x)], f[len(x) :], -float(found.fun))


def blurred_plan(x: Tensor, y: Tensor, epsilon: float, p: float = 1.0) -> Plan:
    """Sinkhorn's plan: min Σ P_ij |x_i − y_j|^p + ε Σ P_ij (log P_ij − 1), of equal shares. `cost` leaves ε's part out.

    Cuturi (2013), "Sinkhorn distances", arXiv 1306.0895; POT's iteration in logarithms. epsilon > 0, in units of the
    cost; x, y as `cheapest_plan` has them, N · M ≤ 10⁶. Raises ValueError for others, and where it does not converge.
    """
    import ot

    (x, a), (y, b) = _heaps(x, y, most=10**6)
    cost = torch.cdist(x, y) ** number("p", p, 1, 100)
    with np.errstate(over="ignore"):  # on the way to a plan with a small ε
        found, log = ot.sinkhorn(
            *(a.numpy(), b.numpy(), cost.numpy(), number("epsilon", epsilon, above=0), "sinkhorn_log"),
            **{"numItermax": 10_000, "stopThr": 1e-7, "log": True, "warn": False},
        )
    if not log["err"][-1] < MISPLACED:
        raise ValueError(f"Sinkhorn has not converged with epsilon = {epsilon:g}: take a larger one")
    carried = torch.from_numpy(found)
    return Plan(carried, (carried * cost).sum().item())


# ------------------------------------------------------------------ critics


def clipped(optimizer: torch.optim.Optimizer, clip: float = 0.01) -> torch.optim.Optimizer:
    """The same optimiser, after each of whose steps every weight is cut to [−clip, clip]; clip > 0.

    Arjovsky et al. (2017), arXiv 1701.07875, algorithm 1, with RMSprop. Some bound on the weights bounds the slope: it
    says by how much for no network.
    """
    kind("optimizer", optimizer, torch.optim.Optimizer)
    clip = number("clip", clip, above=0)

    @torch.no_grad()
    def cut(optimizer: torch.optim.Optimizer, *_: object) -> None:
        for group in optimizer.param_groups:
            for weight in group["params"]:
                weight.clamp_(-clip, clip)

    optimizer.register_step_post_hook(cut)
    return optimizer


def at_the_clip(critic: nn.Module, clip: float) -> float:
    """The share of weights, in [0, 1], that lie at ±clip, within a thousandth of it, or beyond."""
    pieces.network("critic", critic)
    weights = torch.cat([weight.detach().flatten() for weight in critic.parameters()])
    return (weights.abs() >= 0.999 * number("clip", clip, above=0)).double().mean().item()


def estimate(critic: nn.Module, real: Tensor, fake: Tensor) -> float:
    """E f(x) − E f(G(z)): what the critic says W₁ is. For a critic with slope L or less it is at most L · W₁."""
    with looking(critic):
        return (critic(real).double().mean() - critic(fake).double().mean()).item()


def steepest(critic: nn.Module, real: Tensor, fake: Tensor, places: int = 4) -> float:
    """The largest ‖∇f‖ that is seen at real samples, at fakes, and at `places` places on the way from one to the other.

    real, fake: (N, …) alike. f's Lipschitz constant is this or more, and `layers_bound` or less.
    """
    share = torch.linspace(0, 1, integer("places", places, 0, 1000) + 2, dtype=real.dtype, device=real.device)
    with looking(critic):
        return max(slopes_at(critic, t * real + (1 - t) * fake).max().item() for t in share)


def layers_bound(critic: nn.Module) -> float:
    """Π_l ‖W_l‖₂, the product of the layers' largest singular values: f's slope is nowhere above it.

    For linear layers with activations of slope 1 or less between them, such as `mlp`'s. Raises ValueError for others.
    """
    pieces.network("critic", critic)
    bound, simple = 1.0, (nn.ReLU, nn.LeakyReLU, nn.Identity, nn.Flatten)
    for name, layer in critic.named_modules():
        if isinstance(layer, nn.Linear):
            bound *= torch.linalg.matrix_norm(layer.weight.detach().double(), 2).item()
        elif "parametrizations" in name.split("."):
            continue  # what makes a linear layer's weight, as in `spectral_norm`
        elif not next(layer.children(), None) and not isinstance(layer, simple):
            raise ValueError(f"layers_bound knows linear layers and ReLUs, not {type(layer).__name__}")
    return bound


# ------------------------------------------------------------------ a run: what its critic says, and what is true


class Look(NamedTuple):
    """distance: W₁ of as many samples as there are real ones. said: the critic's `estimate`. slope: `steepest`."""

    step: int
    distance: float
    said: float
    slope: float


def look(gan: Trained, real: Tensor) -> Look:
    """The critic's word beside the truth; real: (N, …) samples that are held out, N ≤ 2,000. Disturbs nothing."""
    z = gan.latents(len(real), torch.Generator(gan.device).manual_seed(0))
    fake = gan.generate(z).float()
    distance = exact_wasserstein(real.cpu().double(), fake.cpu().double(), p=1)
    return Look(gan.step, distance, estimate(gan.discriminator, real, fake), steepest(gan.discriminator, real, fake))


def followed(
    gan: Trained,
    batches: Batches,
    steps: int,
    real: Tensor,
    looks: int = 20,
    step: Callable[[GAN, Batches], Record] | None = None,
) -> list[Look]:
    """Train for `steps` steps, and `look` so many times, the first before the first step. step: as of `train`."""
    steps = integer("steps", steps, 1)
    looks = integer("looks", looks, 2, steps + 1)
    due = {k * steps // (looks - 1) for k in range(looks)}
    seen = [look(gan, real)]
    for done, _ in enumerate(train(gan, batches, steps, step=step), 1):
        if done in due:
            seen.append(look(gan, real))
    return seen


# ------------------------------------------------------------------ heaps of earth


def _heaps(
    x: Tensor, y: Tensor, a: Tensor | None = None, b: Tensor | None = None, most: int = MOST_PAIRS
) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    one, other = _heap("x", x, a), _heap("y", y, b)
    if one[0].shape[1] != other[0].shape[1]:
        raise ValueError(f"x and y must have as many numbers a point, got {one[0].shape[1]} and {other[0].shape[1]}")
    if len(one[0]) * len(other[0]) > most:
        raise ValueError(f"of {len(one[0])} · {len(other[0])} pairs there are too many here: take exact_wasserstein")
    return one, other


def _heap(name: str, x: Tensor, shares: Tensor | None, numbers: int | None = None) -> tuple[Tensor, Tensor]:
    """Points (N, d) and their shares (N,), in float64."""
    x = tensor(name, x, NUMBERS).detach().cpu().double()
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or not x.numel() or not x.isfinite().all() or numbers not in (None, x.shape[1]):
        allowed = "(N,)" if numbers else "(N, d) or (N,)"
        raise ValueError(f"{name} must be finite numbers {allowed} with N ≥ 1, got {tuple(x.shape)}")
    if shares is None:
        return x, torch.full((len(x),), 1 / len(x), dtype=torch.float64)
    shares = tensor(f"shares of {name}", shares, NUMBERS).detach().cpu().double()
    if shares.shape != x.shape[:1] or not (shares >= 0).all() or abs(shares.sum().item() - 1) > 1e-6:
        raise ValueError(
            f"the shares of {name} must be {len(x)} numbers ≥ 0 with the sum 1, got {shares.tolist()!r:.80}"
        )
    return x, shares / shares.sum()
