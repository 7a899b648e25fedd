"""Chapter 09: distances against POT, scipy and closed forms; both programmes equal; critics held as they promise."""

import math
from itertools import repeat

import numpy as np
import ot
import pytest
import torch
from hypothesis import given, settings, strategies as st
from scipy.stats import norm, wasserstein_distance
from torch import nn
from torch.optim import RMSprop

from gan_edu.core.data import Draws, ring
from gan_edu.core.measures import measured
from gan_edu.core.training import mlp
from gan_edu.training_loop import GAN, adam, train
from gan_edu.wasserstein import (
    area_between,
    at_the_clip,
    blurred_plan,
    cheapest_plan,
    clipped,
    d_step,
    estimate,
    exact_wasserstein,
    fair_price,
    followed,
    layers_bound,
    look,
    on_a_line,
    one_sided,
    sliced_wasserstein,
    spectral_norm,
    steepest,
    wasserstein,
    wgan_gp,
)

NUMBERS = st.floats(-50, 50).map(lambda x: round(x, 3))
LISTS = st.lists(NUMBERS, min_size=1, max_size=9)


def heaps(seed, n=7, m=5, d=None):
    stream = torch.Generator().manual_seed(seed)
    shape = [] if d is None else [d]
    x, y = (torch.randn(k, *shape, generator=stream, dtype=torch.float64) for k in (n, m))
    a, b = (torch.rand(k, generator=stream, dtype=torch.float64) for k in (n, m))
    return x, 2 * y + 1, a / a.sum(), b / b.sum()


# ------------------------------------------------------------------ on a line


@pytest.mark.parametrize("seed", range(5))
def test_on_a_line_all_ways_find_one_number(seed):
    x, y, a, b = heaps(seed)
    theirs = ot.emd2_1d(x.numpy(), y.numpy(), a.numpy(), b.numpy(), metric="minkowski", p=1)
    scipys = wasserstein_distance(x.numpy(), y.numpy(), a.numpy(), b.numpy())
    ours = on_a_line(x, y, a, b), area_between(x, y, a, b), cheapest_plan(x, y, a, b).cost, fair_price(x, y, a, b).value
    assert ours == pytest.approx([theirs] * 4, abs=1e-9) and scipys == pytest.approx(theirs)
    squared = ot.emd2_1d(x.numpy(), y.numpy(), a.numpy(), b.numpy())
    assert on_a_line(x, y, a, b, p=2) ** 2 == pytest.approx(squared, abs=1e-12)
    assert cheapest_plan(x, y, a, b, p=2).cost == pytest.approx(squared, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(LISTS, LISTS, st.sampled_from([1.0, 1.5, 2.0, 3.0]), NUMBERS)
def test_it_is_a_distance_and_a_move_costs_its_way(x, y, p, shift):
    x, y = (torch.tensor(each, dtype=torch.float64) for each in (x, y))
    far = on_a_line(x, y, p=p)
    assert far == pytest.approx(on_a_line(y, x, p=p), abs=1e-9) and on_a_line(x, x[torch.randperm(len(x))], p=p) < 1e-9
    assert on_a_line(x, x + shift, p=p) == pytest.approx(abs(shift), abs=1e-9)
    assert far >= on_a_line(x, y) - 1e-9  # W_p grows with p
    assert far <= on_a_line(x, x + shift, p=p) + on_a_line(x + shift, y, p=p) + 1e-9
    if len(x) == len(y):
        assert on_a_line(x, y) == pytest.approx((x.sort()[0] - y.sort()[0]).abs().mean().item(), abs=1e-9)


def test_closed_forms():
    assert on_a_line(torch.tensor([0.0]), torch.tensor([3.0]), p=2) == 3  # two points
    u = torch.linspace(0, 1, 20_001, dtype=torch.float64)[1:] - 1 / 40_000
    assert on_a_line(u, 2 * u + 1) == pytest.approx(1.5, abs=1e-9)  # U[0, 1] to U[1, 3]: mean of u + 1
    assert on_a_line(u, 2 * u + 1, p=2) ** 2 == pytest.approx(7 / 3, abs=1e-6)  # ∫ (u + 1)² du
    one, other = (torch.from_numpy(norm.ppf(u.numpy(), *each)) for each in ((0, 1), (2, 3)))
    # Gaussians: √((μ − ν)² + (σ − τ)²), which POT has as the Bures–Wasserstein distance
    theirs = ot.gaussian.bures_wasserstein_distance(np.zeros(1), np.full(1, 2.0), np.eye(1), 9 * np.eye(1))
    assert float(theirs) == pytest.approx(math.sqrt(8)) == pytest.approx(on_a_line(one, other, p=2), rel=1e-3)


@pytest.mark.parametrize(
    "x, shares, words",
    [
        (torch.zeros(0), None, "finite numbers"),
        (torch.tensor([math.nan]), None, "finite"),
        (torch.zeros(2, 2), None, r"\(N,\)"),
        (torch.zeros(2), torch.tensor([0.5, 0.4]), "sum 1"),
        (torch.zeros(2), torch.tensor([1.5, -0.5]), "≥ 0"),
        (torch.zeros(2), torch.tensor([1.0]), "2 numbers"),
    ],
)
def test_a_heap_that_is_none_is_refused(x, shares, words):
    with pytest.raises(ValueError, match=words):
        on_a_line(x, torch.zeros(1), shares)
    with pytest.raises(ValueError, match=words):
        area_between(torch.zeros(1), x, None, shares)


def test_odd_input_is_told():
    with pytest.raises(ValueError, match="as many numbers a point, got 2 and 3"):
        cheapest_plan(torch.zeros(4, 2), torch.zeros(4, 3))
    with pytest.raises(ValueError, match="take exact_wasserstein"):
        fair_price(torch.zeros(200, 2), torch.zeros(200, 2))
    with pytest.raises(ValueError, match="p must be"):
        on_a_line(torch.zeros(2), torch.zeros(2), p=0.5)
    with pytest.raises(TypeError, match="must be a tensor"):
        cheapest_plan([0.0], torch.zeros(1))


# ------------------------------------------------------------------ plans and prices


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("p", [1, 2])
def test_the_plan_is_pots_and_carries_all(seed, p):
    x, y, a, b = heaps(seed, 6, 6, d=2)
    ours = cheapest_plan(x, y, a, b, p)
    cost = torch.cdist(x, y) ** p
    assert ours.cost == pytest.approx(ot.emd2(a.numpy(), b.numpy(), cost.numpy()), abs=1e-9)
    assert (ours.carried * cost).sum().item() == pytest.approx(ours.cost)
    assert torch.allclose(ours.carried.sum(1), a) and torch.allclose(ours.carried.sum(0), b)
    assert (ours.carried >= -1e-12).all()
    assert exact_wasserstein(x, y, p=p) == pytest.approx(cheapest_plan(x, y, p=p).cost ** (1 / p))


@pytest.mark.parametrize("seed", range(4))
def test_price_and_plan_have_one_value_and_the_price_rises_by_the_way_where_earth_is_carried(seed):
    x, y, a, b = heaps(seed, 6, 6, d=2)
    price, plan = fair_price(x, y, a, b), cheapest_plan(x, y, a, b)
    assert price.value == pytest.approx(plan.cost, abs=1e-9) and price.at_x[0] == 0
    assert (a @ price.at_x - b @ price.at_y).item() == pytest.approx(price.value)
    places, f = torch.cat([x, y]), torch.cat([price.at_x, price.at_y])
    assert ((f[:, None] - f[None]).abs() <= torch.cdist(places, places) + 1e-9).all()
    tight = (price.at_x[:, None] - price.at_y[None] - torch.cdist(x, y)).abs()
    assert tight[plan.carried > 1e-9].max() < 1e-8  # complementary slackness


def test_less_blur_costs_less_and_more_spreads_all_over():
    x, y, _, _ = heaps(0, 6, 6, d=2)
    exact, costs = cheapest_plan(x, y).cost, [blurred_plan(x, y, epsilon).cost for epsilon in (0.2, 0.5, 2.0, 100.0)]
    assert exact - 1e-4 <= costs[0] < exact + 0.06 and costs == sorted(costs)
    assert costs[-1] == pytest.approx(torch.cdist(x, y).mean().item(), rel=1e-2)  # each to all alike
    cost = torch.cdist(x, y).numpy()
    theirs = ot.sinkhorn(np.full(6, 1 / 6), np.full(6, 1 / 6), cost, 0.5)  # the plain iteration, with no logarithms
    assert np.abs(blurred_plan(x, y, 0.5).carried.numpy() - theirs).max() < 1e-5
    with pytest.raises(ValueError, match="take a larger one"):
        blurred_plan(*(torch.randn(9, 2, generator=torch.Generator().manual_seed(k)) for k in (0, 1)), 1e-5)
    with pytest.raises(ValueError, match="epsilon"):
        blurred_plan(x, y, 0)


def test_sliced_is_below_the_whole_and_p_is_taken():
    x, y, _, _ = heaps(1, 50, 50, d=2)
    for p in (1, 2):
        assert 0 < sliced_wasserstein(x, y, p=p) < exact_wasserstein(x, y, p=p)
    way = torch.tensor([3.0, 0.0], dtype=torch.float64)
    assert sliced_wasserstein(x, x + way, 5000, p=1) == pytest.approx(3 * 2 / math.pi, rel=0.02)  # E |cos|


# ------------------------------------------------------------------ critics


def critic_gan(hold, seed=0, d=2):
    """A critic on two fixed points: x = (0, 0) against G = (3, 0)."""
    torch.manual_seed(seed)
    C = mlp([d, 16, 1], slope=0.2)

    class Three(nn.Module):
        def __init__(self):
            super().__init__()
            self.at = nn.Parameter(torch.tensor([3.0, 0.0][:d]))

        def forward(self, z):
            return self.at.expand(len(z), d)

    G, pieces = Three(), {}
    if hold == "penalty":
        pieces = {"d_penalties": [wgan_gp(10.0)]}
    C = spectral_norm(C) if hold == "spectral" else C
    optimizer = clipped(RMSprop(C.parameters(), 1e-3), 0.05) if hold == "clip" else adam(C, 1e-2, (0.0, 0.9))
    return GAN(G, C, 1, wasserstein, adam(G, 0.0), optimizer, seed=seed, **pieces)


def zeros(d=2):
    return repeat(torch.zeros(32, d))


def test_each_hold_keeps_its_promise_and_no_hold_runs_away():
    real, fake, found = torch.zeros(8, 2), torch.tensor([[3.0, 0.0]]).repeat(8, 1), {}
    for hold in ("penalty", "clip", "spectral", "none"):
        gan, batches = critic_gan(hold), zeros()
        for _ in range(300):
            d_step(gan, batches)
        found[hold] = estimate(gan.discriminator, real, fake), steepest(gan.discriminator, real, fake)
        if hold == "clip":
            assert max(weight.abs().max() for weight in gan.discriminator.parameters()) <= 0.05
            assert at_the_clip(gan.discriminator, 0.05) > 0.5
        said, slope = found[hold]
        assert abs(said) <= 3 * slope + 1e-4  # estimate ≤ slope · W₁, on a line, where all slopes are seen
    # −3 s + 10 (s − 1)² is least at s = 1 + 3/20: the penalty lets the slope go above 1, the further the points are
    assert found["penalty"][0] == pytest.approx(3 * 1.15, rel=0.05) and found["penalty"][1] == pytest.approx(
        1.15, abs=0.1
    )
    assert found["clip"][1] < 0.1 and found["spectral"][1] <= 1.01 and found["none"][1] > 3


def test_on_a_line_the_penalty_holds_a_critic_that_began_the_wrong_way():
    """C(x) = s x, 0 against 3: 3 s + 10 (|s| − 1)² has a second minimum, at s = 1 − 3/20; one-sided it has none."""
    for penalty, slope in ((wgan_gp, 0.85), (one_sided, -1.15)):
        gan = critic_gan("none", d=1)
        C = nn.Linear(1, 1)
        torch.nn.init.constant_(C.weight, 0.9)
        gan = GAN(
            gan.generator, C, 1, wasserstein, adam(gan.generator, 0.0), adam(C, 1e-2), d_penalties=[penalty(10.0)]
        )
        batches = zeros(1)
        for _ in range(900):
            d_step(gan, batches)
        assert C.weight.item() == pytest.approx(slope, abs=0.02)


def test_the_penaltys_gradient_is_the_one_that_is_derived():
    """C(x) = w·x: ∂/∂w λ(‖w‖ − 1)² = 2λ (1 − 1/‖w‖) w; of two layers by finite differences."""
    C = nn.Linear(3, 1, bias=False).double()
    x, y = torch.randn(2, 4, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).unbind()
    wgan_gp(10.0)(C, x, y).backward()
    w = C.weight.detach()
    assert torch.allclose(C.weight.grad, 20 * (1 - 1 / w.norm()) * w)
    torch.manual_seed(0)
    deep = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 1)).double()

    def cost():
        torch.manual_seed(1)  # the same places between
        return wgan_gp(10.0)(deep, x, y)

    cost().backward()
    weight, step = deep[0].weight, 1e-6
    for place in ((0, 0), (3, 2)):
        ends = []
        for sign in (1, -1):
            with torch.no_grad():
                weight[place] += sign * step
                ends.append(cost().item())
                weight[place] -= sign * step
        assert weight.grad[place].item() == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5)


def test_bounds_lie_around_the_steepest_slope():
    torch.manual_seed(0)
    C = mlp([2, 32, 32, 1], slope=0.2)
    x, y = torch.randn(2, 200, 2).unbind()
    below, above = steepest(C, x, y), layers_bound(C)
    assert 0 < below < above
    far = (C(x) - C(y)).abs().squeeze(1) / (x - y).norm(dim=1)
    assert far.max().item() <= above + 1e-6
    product = math.prod(
        np.linalg.svd(layer.weight.detach().numpy())[1][0] for layer in C if isinstance(layer, nn.Linear)
    )
    assert above == pytest.approx(product, rel=1e-5)
    held = spectral_norm(mlp([2, 32, 32, 1], slope=0.2))
    for _ in range(100):
        held(x)  # a power iteration each
    assert layers_bound(held.eval()) == pytest.approx(1, abs=0.02)
    line = nn.Linear(2, 1)
    assert steepest(line, x, y) == pytest.approx(line.weight.norm().item()) == pytest.approx(layers_bound(line))
    with pytest.raises(ValueError, match="not Tanh"):
        layers_bound(nn.Sequential(nn.Linear(2, 2), nn.Tanh()))


def test_clipped_is_the_same_optimiser_and_cuts_after_each_step():
    C = nn.Linear(2, 1)
    optimizer = RMSprop(C.parameters(), 0.5)
    assert clipped(optimizer, 0.01) is optimizer
    C(torch.ones(3, 2)).sum().backward()
    optimizer.step()
    assert max(weight.abs().max().item() for weight in C.parameters()) == pytest.approx(0.01)
    assert at_the_clip(C, 0.01) == 1 and at_the_clip(C, 0.02) == 0
    for wrong in (0, -1, math.nan):
        with pytest.raises(ValueError, match="clip"):
            clipped(optimizer, wrong)
    with pytest.raises(TypeError, match="Optimizer"):
        clipped(C, 0.01)


def game(seed=0):
    torch.manual_seed(seed)
    G, C = mlp([2, 16, 2]), mlp([2, 16, 1], slope=0.2)
    made = GAN(G, C, 2, wasserstein, adam(G, 1e-3), adam(C, 1e-3), d_penalties=[wgan_gp(10.0)], d_steps=2, seed=seed)
    return made, Draws(ring(), 32, seed)


def test_to_follow_a_run_changes_nothing_and_says_what_is_there():
    real = ring().sample(100, torch.Generator().manual_seed(1)).float()
    (watched, batches), (plain, others) = game(), game()
    looks = followed(watched, batches, 12, real, looks=4)
    for _ in train(plain, others, 12):
        pass
    ours, theirs = (torch.cat([w.flatten() for w in each.discriminator.parameters()]) for each in (watched, plain))
    assert torch.equal(ours, theirs) and [each.step for each in looks] == [0, 4, 8, 12]
    fake = plain.generate(plain.latents(100, torch.Generator().manual_seed(0)))
    assert looks[-1] == look(plain, real)
    assert looks[-1].distance == pytest.approx(exact_wasserstein(real.double(), fake.double(), p=1))
    said = (plain.discriminator(real).mean() - plain.discriminator(fake).mean()).item()
    assert looks[-1].said == pytest.approx(said, abs=1e-6)
    with pytest.raises(ValueError, match="looks"):
        followed(watched, batches, 3, real, looks=9)


def test_what_was_measured_has_all_that_the_notebook_draws():
    found = measured("wasserstein")
    for run in found["runs"]:
        assert run["arm"] in found["arms"][run["data"]] and len(run["looks"]) == 10
        assert all(math.isfinite(value) for each in run["looks"] for value in each.values())
        assert run["distance"] > found["floors"][run["data"]]["distance"]
