"""Scores of samples: each against an independent computation, closed forms, what noise gets, bad input."""

import math
import statistics

import numpy as np
import ot
import pytest
import scipy
import torch
from hypothesis import given, settings, strategies as st
from prdc import compute_prdc
from sklearn.metrics.pairwise import polynomial_kernel, rbf_kernel
from sklearn.neighbors import KernelDensity, KNeighborsClassifier
from torch import nn

from gan_edu.core.data.distributions import grid, ring
from gan_edu.core.measures.feature_scores import (
    class_divergence,
    coverage,
    density,
    frechet,
    inception_score,
    kernel_distance,
    maximum_mean_discrepancy,
    path_length,
    precision,
    recall,
    unbiased_frechet,
)
from gan_edu.core.measures.sample_scores import (
    WIDTHS,
    captured_modes,
    covered_modes,
    memorised,
    parzen,
    reverse_divergence,
    sliced_wasserstein,
    two_sample,
    wasserstein,
)
from gan_edu.core.measures.score import Score, Scored, embedded

MEASURES = {
    "FID": frechet,
    "KID": kernel_distance,
    "MMD": maximum_mean_discrepancy,
    "sliced": sliced_wasserstein,
    "W2": wasserstein,
    "precision": precision,
    "recall": recall,
    "density": density,
    "coverage": coverage,
    "two-sample": two_sample,
    "parzen": parzen,
    "classes": class_divergence,
    "IS": inception_score,
}


def normal(count, dim=6, seed=0, mean=0.0, scale=1.0):
    return mean + scale * torch.randn(count, dim, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.fixture
def sets():
    """Two sets that differ: (40, 6) each."""
    return normal(40, seed=1), normal(40, seed=2, mean=0.5, scale=1.3)


# ------------------------------------------------------------------ each against another computation


def test_fid_by_scipys_root_and_by_pot(sets):
    real, fake = (each.numpy() for each in sets)
    means, covs = [x.mean(0) for x in (real, fake)], [np.cov(x.T) for x in (real, fake)]
    root = scipy.linalg.sqrtm(covs[0] @ covs[1]).real
    by_hand = ((means[0] - means[1]) ** 2).sum() + np.trace(covs[0] + covs[1] - 2 * root)
    assert frechet(*sets) == pytest.approx(by_hand, rel=1e-9)
    bures = ot.gaussian.bures_wasserstein_distance(*means, *covs)
    assert frechet(*sets) == pytest.approx(bures**2, rel=1e-6)


def test_kid_is_the_unbiased_mmd_of_the_cubic_kernel(sets):
    real, fake = (each.numpy() for each in sets)
    n = len(real)
    within = [(k := polynomial_kernel(x, degree=3, coef0=1)).sum() - np.trace(k) for x in (real, fake)]
    between = polynomial_kernel(real, fake, degree=3, coef0=1).mean()
    assert kernel_distance(*sets) == pytest.approx(sum(within) / (n * (n - 1)) - 2 * between, rel=1e-6)


def test_mmd_by_scikit_learns_kernel(sets):
    real, fake = (each.numpy() for each in sets)
    n, gamma = len(real), 1 / (2 * 1.7**2)
    within = [rbf_kernel(x, gamma=gamma).sum() - n for x in (real, fake)]
    between = rbf_kernel(real, fake, gamma=gamma).mean()
    expected = sum(within) / (n * (n - 1)) - 2 * between
    assert maximum_mean_discrepancy(*sets, width=1.7) == pytest.approx(expected, rel=1e-9)


def test_precision_recall_density_coverage_as_their_authors_code(sets):
    expected = compute_prdc(*(each.numpy() for each in sets), nearest_k=5)
    found = {f.__name__: f(*sets) for f in (precision, recall, density, coverage)}
    assert found == pytest.approx(expected, rel=1e-12)


def test_the_exact_distance_is_the_best_assignment(sets):
    cost = scipy.spatial.distance.cdist(*(each.numpy() for each in sets), "sqeuclidean")
    rows, columns = scipy.optimize.linear_sum_assignment(cost)
    assert wasserstein(*sets) == pytest.approx(math.sqrt(cost[rows, columns].mean()), rel=1e-9)


def test_on_a_line_sliced_exact_and_sorted_are_one():
    real, fake = normal(50, 1, 3), normal(50, 1, 4, mean=2.0)
    by_sorting = (real.sort(0).values - fake.sort(0).values).square().mean().sqrt().item()
    assert wasserstein(real, fake) == pytest.approx(by_sorting, rel=1e-9)
    assert sliced_wasserstein(real, fake) == pytest.approx(by_sorting, rel=1e-9)


def test_the_two_sample_test_is_a_nearest_neighbour_classifier(sets):
    asked = [np.concatenate([x[part].numpy() for x in sets]) for part in (slice(20), slice(20, 40))]
    origin = np.repeat([0, 1], 20)
    known = KNeighborsClassifier(5, algorithm="brute").fit(asked[0], origin)
    assert two_sample(*sets) == pytest.approx(known.score(asked[1], origin))


def test_parzen_is_scikit_learns_kernel_density(sets):
    real, fake = (each.numpy() for each in sets)
    fits = [KernelDensity(bandwidth=width).fit(fake) for width in WIDTHS]
    best = max(fits, key=lambda fit: fit.score(real[:20]))
    assert parzen(*sets) == pytest.approx(best.score(real[20:]) / 20, rel=1e-9)


def test_class_divergence_by_scipy():
    real, fake = (nn.functional.one_hot(torch.tensor(c), 3).double() for c in ([0, 0, 1, 2], [0, 1, 1, 1]))
    expected = scipy.stats.entropy([1 / 4, 3 / 4, 1e-300], [1 / 2, 1 / 4, 1 / 4])
    assert class_divergence(real, fake) == pytest.approx(expected)
    assert class_divergence(fake, real) == math.inf  # a class that the real ones lack


# ------------------------------------------------------------------ closed forms


def test_of_gaussians_fid_is_their_wasserstein_distance():
    """N(0, I) and N(2, 9 I) in six dimensions: |μ|² + Σ (1 − 3)² = 6 · 4 + 6 · 4."""
    real, fake = normal(50_000, seed=1), normal(50_000, seed=2, mean=2.0, scale=3.0)
    assert frechet(real, fake) == pytest.approx(48, rel=0.02)


def test_fid_of_few_samples_is_too_high_and_its_extrapolation_less_so():
    found = [
        (frechet(r, f), unbiased_frechet(r, f))
        for r, f in ((normal(4000, 48, s), normal(400, 48, s + 90)) for s in range(8))
    ]
    plain, unbiased = map(statistics.mean, zip(*found, strict=True))
    assert plain > 1.0 and abs(unbiased) < plain / 4


@pytest.mark.parametrize("classes, share, expected", [(10, 1.0, 10), (10, 0.0, 1), (4, 1.0, 4)])
def test_inception_score_of_certain_balanced_classes_is_their_number(classes, share, expected):
    logits = 100 * share * nn.functional.one_hot(torch.arange(400) % classes, classes).double()
    assert inception_score(logits, logits) == pytest.approx(expected, rel=1e-6)


def test_path_length_of_a_linear_generator():
    """G(z) = z A: |(b − a) A|² at every t."""
    matrix, first, second = normal(3, 5, 1), normal(30, 3, 2), normal(30, 3, 3)
    measure = path_length(lambda z: z @ matrix, lambda x: x)
    assert measure(first, second) == pytest.approx(((second - first) @ matrix).square().sum(1).mean().item(), rel=1e-6)


@pytest.mark.parametrize(
    "name, expected", {"FID": 0, "sliced": 0, "W2": 0, "precision": 1, "recall": 1, "coverage": 1}.items()
)
def test_equal_sets(name, expected):
    x = normal(60)
    assert MEASURES[name](x, x.clone()) == pytest.approx(expected, abs=1e-5)


# ------------------------------------------------------------------ what noise, a constant and the data get


def test_modes_of_noise_a_collapse_and_the_data():
    data, stream = grid(), torch.Generator().manual_seed(0)
    noise = 3 * torch.rand(2500, 2, generator=stream, dtype=torch.float64) - 1.5
    one, good = data.modes[:1].double().expand(2500, 2), data.sample(2500, stream).double()
    strict, loose, reverse = covered_modes(data), captured_modes(data), reverse_divergence(data)
    assert [strict(good, x) for x in (good, noise, one)] == [25, 0, 1]
    assert [loose(good, x) for x in (good, noise, one)] == [25, 25, 1]  # the literature's count: noise captures all
    assert reverse(good, one) == pytest.approx(math.log(25), rel=1e-6) and reverse(good, good) < 0.01


def test_memory_is_seen_and_a_fresh_generator_has_none():
    seen, real, fresh = (normal(400, 2, s) for s in (1, 2, 3))
    measure = memorised(seen)
    assert (
        measure(real, seen) == 1 and measure(real, real) == 0 and measure(real, fresh) == pytest.approx(0.5, abs=0.08)
    )


def test_two_sample_tests_of_what_is_alike_and_of_what_is_far():
    assert two_sample(normal(600, seed=1), normal(600, seed=2)) == pytest.approx(0.5, abs=0.07)
    assert two_sample(normal(600, seed=1), normal(600, seed=2, mean=9.0)) == 1


# ------------------------------------------------------------------ symmetry, range, permutation


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(-2, 2), st.floats(0.3, 3))
def test_distances_are_symmetric_and_shares_lie_in_their_range(seed, mean, scale):
    a, b = normal(24, 4, seed), normal(24, 4, seed + 1, mean, scale)
    for name in ("FID", "KID", "sliced", "W2"):
        assert MEASURES[name](a, b) == pytest.approx(MEASURES[name](b, a), rel=1e-6, abs=1e-6), name
    assert frechet(a, b) >= 0 and sliced_wasserstein(a, b) <= wasserstein(a, b) + 1e-9
    assert all(0 <= MEASURES[name](a, b) <= 1 for name in ("precision", "recall", "coverage", "two-sample"))
    assert 1 <= inception_score(a, b) <= 4 + 1e-9


@pytest.mark.parametrize("name", [name for name in MEASURES if name not in ("two-sample", "parzen")])  # they split
def test_no_order_matters(name, sets):
    real, fake = sets
    order = torch.randperm(len(fake), generator=torch.Generator().manual_seed(5))
    assert MEASURES[name](real, fake[order]) == pytest.approx(MEASURES[name](real, fake), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", MEASURES)
def test_no_score_draws_from_torchs_own_stream(name, sets):
    before = torch.get_rng_state()
    MEASURES[name](*sets)
    assert torch.equal(torch.get_rng_state(), before)


# ------------------------------------------------------------------ intervals


def test_the_interval_of_a_mean_is_that_of_the_textbook():
    score = Score("mean", lambda real, fake: fake.mean().item(), groups=1000)
    fake = normal(1000, 1)
    found = score(normal(1000, 1, 7), fake)
    error = fake.std().item() / math.sqrt(1000)
    assert found.n == 1000 and found.value == fake.mean().item()
    assert (found.high - found.low) / 2 == pytest.approx(scipy.stats.t.ppf(0.975, 499) * error, rel=0.1)


def test_intervals_of_different_sets_hold_the_mean_of_other_draws():
    score = Score("FID", frechet)
    draws = [score(normal(300, 6, 2 * s), normal(300, 6, 2 * s + 1, 0.5, 1.3)) for s in range(40)]
    middle = statistics.mean(found.value for found in draws)
    assert sum(found.low <= middle <= found.high for found in draws) >= 34
    error = statistics.median((found.high - found.low) / 2 / scipy.stats.t.ppf(0.975, 19) for found in draws)
    assert 0.8 < error / statistics.stdev(found.value for found in draws) < 1.4


def test_a_difference_of_the_same_samples_is_known_better_than_either():
    score = Score("FID", frechet)
    real, fake = normal(500), normal(500, seed=1)
    moved, alone = score.moved(real, fake, fake + 0.3), score(real, fake)
    assert moved.low > 0 and moved.value == pytest.approx(score(real, fake + 0.3).value - alone.value)
    same = score.moved(real, fake, fake.clone())
    assert same == Scored(0, 0, 0, 500)


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    "real, fake, words",
    [
        (normal(5), normal(50), "needs 7 real samples or more, got 5: draw more"),
        (normal(50), normal(1), "needs 7 fake samples or more, got 1"),
        (normal(50), normal(50).fill_(2.0), "all 50 fake samples are the same.*G gives one picture"),
        (normal(50), normal(50, 5), "one shape, got real .50, 6. and fake .50, 5."),
        (normal(50), normal(50).index_fill(0, torch.tensor([3]), math.nan), "NaN or ∞. in 1 of 50"),
    ],
)
def test_what_cannot_be_scored_is_told(real, fake, words):
    with pytest.raises(ValueError, match=words):
        Score("FID", frechet, least=7)(real, fake)


@pytest.mark.parametrize(
    "pictures, words",
    [
        (torch.rand(20, 1, 8, 8), "lie in .0, 1. or 0…255.*2 . x - 1"),
        (255 * torch.rand(20, 1, 8, 8), "x / 127.5 - 1"),
        (torch.randn(20, 1, 8, 8) * 3, "standardised.*x . std . mean"),
    ],
)
def test_pictures_on_another_scale_are_refused(pictures, words):
    good = 2 * torch.rand(20, 1, 8, 8) - 1
    score = Score("mine", lambda real, fake: 0.0)
    with pytest.raises(ValueError, match=words):
        score(good, pictures)


@pytest.mark.parametrize("bad", [[1.0], np.zeros((3, 2)), 5])
def test_no_tensor_is_a_type_error(bad):
    with pytest.raises(TypeError, match="must be a tensor"):
        Score("mine", lambda real, fake: 0.0)(bad, normal(5))


def test_a_networks_features_are_taken_in_eval_mode_and_its_mode_is_given_back():
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 4), nn.Dropout(0.5)).train()
    images = 2 * torch.rand(600, 1, 8, 8) - 1
    found = embedded(net, images)
    assert net.training and torch.equal(found, embedded(net, images)) and found.shape == (600, 4)
    score = Score("FID", frechet, features=net)
    assert score(images, -images).value == pytest.approx(frechet(found.double(), embedded(net, -images).double()))


def test_a_score_of_ones_own_is_a_function_with_a_name():
    brightness = Score("brightness", lambda real, fake: abs((real.mean() - fake.mean()).item()))
    real = 2 * torch.rand(100, 1, 8, 8) - 1
    assert brightness(real, real.clone()).value == 0 and brightness(real, (real + 0.5).clamp(max=1)).low > 0


def test_a_mixture_without_modes_is_refused():
    from gan_edu.core.data.distributions import swiss_roll

    for made in (covered_modes, captured_modes, reverse_divergence):
        with pytest.raises(ValueError, match="no modes to count"):
            made(swiss_roll())
    assert captured_modes(ring())(normal(5, 2), ring().modes.double()) == 8
