"""JS, KL and the modes covered: right where GAN Lab's are wrong, and against scipy."""
import math

import pytest
import scipy.integrate
import scipy.spatial.distance
import torch

from gan_edu.core import distributions
from gan_edu.core.controls import DATA, distribution
from gan_edu.core.coverage import (
    BINS,
    EDGE,
    SAMPLES,
    SKEW,
    Coverage,
    cell_masses,
    jensen_shannon,
    shares,
    skew_divergence,
)


@pytest.mark.parametrize("name", DATA)
def test_a_perfect_generator_scores_about_zero(name):
    data = distribution(name)
    for seed in range(5):
        scores = Coverage(data).measure(data.sample(SAMPLES, torch.Generator().manual_seed(seed)))
        assert 0 <= scores["js"] < 0.02 and -0.01 < scores["kl"] < 0.15
        if data.modes is not None:
            assert scores["modes"] == len(data.modes) and scores["quality"] > 0.97


@pytest.mark.parametrize("name", DATA)
def test_a_collapsed_generator_scores_near_the_most_there_is(name):
    data = distribution(name)
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


def test_cell_masses_are_integrals_of_the_density():
    data = distributions.two_gaussians()
    mass, width = cell_masses(data), 2 * EDGE / BINS
    assert mass.sum().item() == pytest.approx(1)
    for row, column in [(15, 9), (14, 10), (12, 20)]:
        x0, y0 = column * width - EDGE, row * width - EDGE
        density = lambda y, x: data.density(torch.tensor([[x, y]], dtype=torch.float64)).item()      # noqa: E731
        integral, _ = scipy.integrate.dblquad(density, x0, x0 + width, y0, y0 + width)
        assert mass[row * BINS + column].item() == pytest.approx(integral, abs=1e-7)


def test_divergences_agree_with_scipy_and_shares_lose_no_sample():
    stream = torch.Generator().manual_seed(1)
    p, q = (torch.rand(50, generator=stream, dtype=torch.float64) for _ in range(2))
    p, q = p / p.sum(), q / q.sum()
    assert jensen_shannon(p, q) == pytest.approx(scipy.spatial.distance.jensenshannon(p, q) ** 2)
    assert skew_divergence(p, q, 0.0) == pytest.approx(scipy.special.rel_entr(p.numpy(), q.numpy()).sum().item())
    wild = torch.tensor([[9.0, 0], [math.nan, 0], [math.inf, -math.inf], [-1.5, -1.5], [1.4999, 0]])
    assert shares(wild).sum().item() == 1 and shares(wild)[-1].item() == pytest.approx(0.6)


def test_coverage_is_measured_in_the_plane_alone():
    with pytest.raises(ValueError, match="in the plane"):
        Coverage(distributions.gaussian())
