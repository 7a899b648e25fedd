"""core.data.distributions: densities against scipy and quadrature, samples against densities."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from gan_edu.core.data import distributions

PLANE = [
    distributions.ring(),
    distributions.grid(),
    distributions.two_gaussians(),
    distributions.segment(),
    distributions.circle(),
    distributions.spirals(),
    distributions.two_moons(),
    distributions.swiss_roll(),
    distributions.drawn(torch.tensor([[0.0, 0.0], [0.5, -0.5]])),
]
LINE = {
    "gaussian": (distributions.gaussian(0.5, 2), stats.norm(0.5, 2)),
    "laplace": (distributions.laplace(-1, 0.7), stats.laplace(-1, 0.7)),
    "uniform": (distributions.uniform(-2, 3), stats.uniform(-2, 5)),
}
names = pytest.mark.parametrize("p", PLANE, ids=lambda p: p.name)


@pytest.mark.parametrize("ours, oracle", LINE.values(), ids=LINE)
def test_densities_on_the_line_are_scipys(ours, oracle):
    x = torch.linspace(-6, 6, 101, dtype=torch.float64)
    np.testing.assert_allclose(ours.density(x[:, None]), oracle.pdf(x), atol=1e-14)


@pytest.mark.parametrize("ours, oracle", LINE.values(), ids=LINE)
def test_samples_on_the_line_pass_kolmogorov_and_smirnov(ours, oracle):
    for seed in range(3):
        x = ours.sample(20_000, torch.Generator().manual_seed(seed))[:, 0]
        assert stats.kstest(x.numpy(), oracle.cdf).pvalue > 1e-4


def test_a_mixture_is_the_weighted_sum():
    p = distributions.on_line("two", [-1, 2], [0.5, 1], [1, 3])
    x = np.linspace(-4, 6, 50)
    expected = 0.25 * stats.norm(-1, 0.5).pdf(x) + 0.75 * stats.norm(2, 1).pdf(x)
    np.testing.assert_allclose(p.density(torch.from_numpy(x)[:, None]), expected, rtol=1e-12)


@names
def test_densities_of_the_plane_integrate_to_one(p):
    line = torch.linspace(-1.6, 1.6, 321)
    points = torch.cartesian_prod(line, line)
    assert p.density(points).sum().item() * 0.01**2 == pytest.approx(1, abs=2e-3)


@names
def test_samples_of_the_plane_follow_the_density(p):
    """Chi-squared over a coarse grid whose cells' masses come from quadrature of the density."""
    x = p.sample(20_000, torch.Generator().manual_seed(1))
    edges = np.linspace(-1.6, 1.6, 9)
    line = torch.linspace(-1.6 + 0.005, 1.6 - 0.005, 320)
    fine = p.density(torch.cartesian_prod(line, line)).double().reshape(8, 40, 8, 40).sum((1, 3)).numpy() * 1e-4
    counts = np.histogram2d(*x.numpy().T, bins=[edges, edges])[0]
    big = fine * len(x) > 10
    assert stats.chisquare(counts[big], fine[big] / fine[big].sum() * counts[big].sum()).pvalue > 1e-4
    assert counts[big].sum() / len(x) == pytest.approx(fine[big].sum(), abs=0.01)


def test_outside_the_support_the_density_is_zero():
    assert distributions.uniform(0, 1).log_density(torch.tensor([[1.5], [0.5]])).tolist() == [-math.inf, 0]


def test_a_gaussian_far_away_keeps_its_logarithm():
    assert distributions.gaussian().log_density(torch.tensor([[100.0]], dtype=torch.float64)).item() == pytest.approx(
        -5000.919
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"scales": torch.zeros(1, 2)},
        {"weights": torch.tensor([-1.0])},
        {"scales": torch.ones(2, 2)},
        {"kernel": "triangle"},
        {"centres": torch.full((1, 2), math.nan)},
    ],
)
def test_wrong_mixtures_are_refused(wrong):
    fine = {"name": "m", "centres": torch.zeros(1, 2), "scales": torch.ones(1, 2), "weights": torch.ones(1)}
    with pytest.raises(ValueError, match="must be"):
        distributions.Mixture(**{**fine, **wrong})


def test_drawing_nothing_is_refused():
    with pytest.raises(ValueError, match="draw at least one"):
        distributions.drawn(torch.empty(0, 2))
    with pytest.raises(ValueError, match="count"):
        distributions.ring().sample(0)


def test_the_means_agree_with_quadrature():
    p = distributions.on_line("two", [-1, 2], [0.5, 1], [1, 3], kernel="laplace")

    def times(x):
        return x * p.density(torch.tensor([[x]], dtype=torch.float64)).item()

    mean, _ = integrate.quad(times, -30, 30, limit=200, points=(-1, 2))
    assert mean == pytest.approx(1.25, abs=1e-6)


# ---------------------------------------------------------------- endless batches


def test_draws_are_batches_of_fresh_samples():
    batches = distributions.Draws(distributions.ring(), 32, seed=1)
    first, second = next(batches), next(batches)
    assert first.shape == (32, 2) and first.dtype == torch.float32 and not torch.equal(first, second)
    again = distributions.Draws(distributions.ring(), 32, seed=1)
    assert torch.equal(first, next(again))


def test_draws_go_on_from_a_saved_state():
    batches = distributions.Draws(distributions.ring(), 32, seed=1)
    next(batches)
    state, expected = batches.state_dict(), None
    expected = next(batches)
    other = distributions.Draws(distributions.ring(), 8, seed=7)
    other.load_state_dict(state)
    assert torch.equal(next(other), expected)


def test_draws_leave_the_global_stream_alone():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    next(distributions.Draws(distributions.grid(), 16))
    assert torch.equal(torch.rand(2), expected)


def test_a_gan_learns_from_draws():
    from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
    from gan_edu.training_loop import GAN, train

    torch.manual_seed(0)
    gan = GAN(MLPGenerator(2, (2,), (8,)), MLPDiscriminator((2,), (8,)), 2)
    assert [record.step for record in train(gan, distributions.Draws(distributions.ring(), 16), 3)] == [1, 2, 3]


def test_batches_of_no_samples_are_refused():
    with pytest.raises(ValueError, match="batch_size"):
        distributions.Draws(distributions.ring(), 0)
