"""JS, KL and the modes covered: right where GAN Lab's are wrong, and against scipy."""

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.spatial.distance
import torch
from scipy.stats import binom, laplace, ncx2, norm, uniform

from gan_edu.core.data import distributions
from gan_edu.core.data.distributions import Mixture
from gan_edu.core.measures.mixture_scores import (
    BINS,
    EDGE,
    FAIR,
    QUALITY,
    SAMPLES,
    SKEW,
    Coverage,
    cell_masses,
    jensen_shannon,
    shares,
    skew_divergence,
)
from gan_edu.core.training.called import made
from gan_edu.widgets.plane.settings import DATA, distribution


@pytest.mark.parametrize("name", DATA)
def test_a_perfect_generator_scores_about_zero(name):
    data = made(distribution(name))
    for seed in range(5):
        scores = Coverage(data).measure(data.sample(SAMPLES, torch.Generator().manual_seed(seed)))
        assert 0.003 < scores["js"] < 0.015 and 0.015 < scores["kl"] < 0.1  # the floor, as told
        if data.modes is not None:
            assert scores["modes"] == len(data.modes) and scores["quality"] > 0.97


@pytest.mark.parametrize("name", DATA)
def test_a_collapsed_generator_scores_near_the_most_there_is(name):
    data = made(distribution(name))
    far = torch.full((SAMPLES, 2), 1.44)
    scores = Coverage(data).measure(far)
    assert 0.6 < scores["js"] <= math.log(2) + 1e-9 and 3.5 < scores["kl"] <= -math.log(SKEW) + 1e-9


def test_half_the_modes_of_a_ring_score_what_theory_says():
    data, half = distributions.ring(), distributions.ring()
    half = distributions.blobs(half.modes[:4], 0.04)
    scores = Coverage(data).measure(half.sample(40_000, torch.Generator().manual_seed(0)))
    p, q = torch.tensor([1 / 8] * 8), torch.tensor([1 / 4] * 4 + [0] * 4)
    assert scores["js"] == pytest.approx(scipy.spatial.distance.jensenshannon(p, q) ** 2, abs=2e-3)
    assert scores["modes"] == 4


def test_where_the_fair_share_is_less_than_a_sample_one_is_asked_for():
    data = distributions.ring()
    coverage = Coverage(data)
    assert coverage.modes(data.modes) == {"modes": 8, "quality": 1.0}  # of 8 samples half of an eighth is half a one
    assert coverage.modes(data.modes[:3]) == {"modes": 3, "quality": 1.0}


MIXTURES = {name: made(distribution(name)) for name in DATA if made(distribution(name)).modes is not None}
NOISE = {
    "uniform": lambda stream: 2 * EDGE * torch.rand(SAMPLES, 2, generator=stream) - EDGE,
    "wide": lambda stream: 0.5**0.5 * torch.randn(SAMPLES, 2, generator=stream),
}


def test_the_plane_offers_four_mixtures_with_modes():
    assert set(MIXTURES) == {"ring of 8", "grid of 25", "two Gaussians", "three blobs"}


@pytest.mark.parametrize("name", MIXTURES)
@pytest.mark.parametrize("noise", NOISE)
def test_noise_covers_no_mode(name, noise):
    coverage, stream = Coverage(MIXTURES[name]), torch.Generator().manual_seed(3)
    assert {coverage.modes(NOISE[noise](stream))["modes"] for _ in range(30)} == {0}


@pytest.mark.parametrize("name", MIXTURES)
def test_a_constant_covers_one_mode_at_most(name):
    coverage = Coverage(MIXTURES[name])
    assert [coverage.modes(place.expand(SAMPLES, 2))["modes"] for place in MIXTURES[name].modes[:3]] == [1] * len(
        MIXTURES[name].modes[:3]
    )


@pytest.mark.parametrize("name", MIXTURES)
def test_the_data_cover_all_modes(name):
    data, stream = MIXTURES[name], torch.Generator().manual_seed(4)
    coverage = Coverage(data)
    assert {coverage.modes(data.sample(SAMPLES, stream))["modes"] for _ in range(50)} == {len(data.modes)}


@pytest.mark.parametrize("name", MIXTURES)
def test_noise_and_the_data_are_told_apart_for_certain(name):
    """In 1,000 draws of 2,500, by the binomial: the chance of one mode told wrongly is below a thousandth."""
    data, draws = MIXTURES[name], 1000
    asked = [math.ceil(FAIR * SAMPLES * weight - 1e-3) for weight in data.weights.tolist()]
    near = 1 - math.exp(-(QUALITY**2) / 2)  # a Gaussian's mass within 3σ, were the others far away
    missed = sum(
        binom.cdf(count - 1, SAMPLES, near * weight) for count, weight in zip(asked, data.weights.tolist(), strict=True)
    )
    reach = (QUALITY * data.scales[:, 0].double()) ** 2
    uniform = (math.pi * reach / (2 * EDGE) ** 2).tolist()
    # N(0, ½ I): |x − c|² / ½ is non-central χ² with 2 degrees of freedom
    wide = ncx2.cdf(2 * reach.numpy(), 2, 2 * data.modes.double().square().sum(1).numpy())
    fooled = [
        sum(binom.sf(count - 1, SAMPLES, p) for count, p in zip(asked, masses, strict=True))
        for masses in (uniform, wide)
    ]
    assert draws * max(missed, *fooled) < 1e-3


def test_a_fifth_of_the_fair_share_would_not_do():
    """N(0, ½ I) would cover the grid's middle: why FAIR is what it is."""
    wide = -math.expm1(-((QUALITY * 0.03) ** 2))  # 1 − exp(−r² / 2s²) with s² = ½
    assert wide > 0.2 / 25 and binom.sf(19, SAMPLES, wide) > 0.4


@pytest.mark.parametrize("weights", [[1, 1, 1, 1], [1, 2, 3, 4], [1, 1, 1, 27]])
def test_half_the_fair_share_covers_a_mode_and_one_sample_less_does_not(weights):
    corners = torch.tensor([[-1.0, -1], [-1, 1], [1, -1], [1, 1]])
    data = distributions.Mixture(
        "corners", corners, torch.full_like(corners, 0.05), torch.tensor(weights).float(), modes=corners
    )
    count, coverage = 30_000, Coverage(data)
    for k, weight in enumerate(weights):
        half = math.ceil(count * weight / sum(weights) / 2)
        for near, covered in ((half, 1), (half - 1, 0)):
            samples = torch.full((count, 2), 5.0)
            samples[:near] = corners[k] + torch.tensor([0.15 * 0.999, 0.0])  # within 3σ of mode k, but hardly
            scores = coverage.modes(samples)
            assert scores["modes"] == covered and scores["quality"] == pytest.approx(near / count)
            samples[:near] = corners[k] + torch.tensor([0.15 * 1.001, 0.0])
            assert coverage.modes(samples) == {"modes": 0, "quality": 0}


def test_a_mixture_whose_modes_are_not_its_bumps_is_refused():
    data = distributions.ring()
    object.__setattr__(data, "modes", data.modes[:4])
    with pytest.raises(ValueError, match="8 bumps, 4 modes"):
        Coverage(data)


def test_cell_masses_are_integrals_of_the_density():
    data = distributions.two_gaussians()
    mass, width = cell_masses(data), 2 * EDGE / BINS
    assert mass.sum().item() == pytest.approx(1)
    for row, column in [(15, 9), (14, 10), (12, 20)]:
        x0, y0 = column * width - EDGE, row * width - EDGE
        density = lambda y, x: data.density(torch.tensor([[x, y]], dtype=torch.float64)).item()  # noqa: E731
        integral, _ = scipy.integrate.dblquad(density, x0, x0 + width, y0, y0 + width)
        assert mass[row * BINS + column].item() == pytest.approx(integral, abs=1e-7)


@pytest.mark.parametrize("kernel, law", [("gaussian", norm), ("laplace", laplace), ("uniform", uniform(-1, 2))])
def test_cell_masses_are_those_of_scipy_whatever_the_kernel(kernel, law):
    (x, y), (width, height) = (0.33, -0.41), (0.27, 0.6)
    mass = cell_masses(Mixture("one", torch.tensor([[x, y]]), torch.tensor([[width, height]]), torch.ones(1), kernel))
    edges = np.linspace(-EDGE, EDGE, BINS + 1)
    columns, rows = np.diff(law.cdf((edges - x) / width)), np.diff(law.cdf((edges - y) / height))
    assert mass[:-1].reshape(BINS, BINS).numpy() == pytest.approx(np.outer(rows, columns), abs=1e-6)
    assert mass[-1].item() == pytest.approx(1 - rows.sum() * columns.sum(), abs=1e-6)


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 3), (4, 2, 2), (0, 2)])
def test_samples_are_points_in_the_plane(shape):
    with pytest.raises(ValueError, match=r"samples must be points \(N, 2\) with N ≥ 1"):
        Coverage(distributions.ring()).measure(torch.zeros(shape))


def test_divergences_agree_with_scipy_and_shares_lose_no_sample():
    stream = torch.Generator().manual_seed(1)
    p, q = (torch.rand(50, generator=stream, dtype=torch.float64) for _ in range(2))
    p, q = p / p.sum(), q / q.sum()
    assert jensen_shannon(p, q) == pytest.approx(scipy.spatial.distance.jensenshannon(p, q) ** 2)
    assert skew_divergence(p, q, 0.0) == pytest.approx(scipy.special.rel_entr(p.numpy(), q.numpy()).sum().item())
    mixed = (0.99 * q + 0.01 * p).numpy()
    assert skew_divergence(p, q) == pytest.approx(scipy.special.rel_entr(p.numpy(), mixed).sum().item())
    assert skew_divergence(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])) == pytest.approx(math.log(100))
    wild = torch.tensor([[9.0, 0], [math.nan, 0], [math.inf, -math.inf], [-1.5, -1.5], [1.4999, 0]])
    assert shares(wild).sum().item() == 1 and shares(wild)[-1].item() == pytest.approx(0.6)


def test_coverage_is_measured_in_the_plane_alone():
    with pytest.raises(ValueError, match="in the plane"):
        Coverage(distributions.gaussian())


def test_modes_in_another_order_are_refused():
    centres = torch.tensor([[-0.5, 0.0], [0.5, 0.0]])
    weights = torch.tensor([0.9, 0.1])
    data = distributions.Mixture("two", centres, torch.full((2, 2), 0.1), weights, modes=centres.flip(0))
    with pytest.raises(ValueError, match="must be one, in the same order"):
        Coverage(data)
