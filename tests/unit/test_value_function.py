"""value_function: every formula against an independent computation, for discrete distributions, lines and planes."""

import copy
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from scipy import integrate, special, stats
from scipy.spatial.distance import jensenshannon
from torch import nn

from gan_edu import value_function as v
from gan_edu.core.data import distributions as d
from gan_edu.core.data.quadrature import log_density_at, nodes
from gan_edu.core.games.two_numbers import path, slopes

LOG4 = math.log(4)
PLANE = [
    d.ring(),
    d.grid(),
    d.two_gaussians(),
    d.two_moons(),
    d.swiss_roll(),
    d.spirals(),
    d.drawn(torch.tensor([[0.0, 0.0], [0.5, -0.5]])),
]
TWO = d.on_line("two", [-1, 2], [0.5, 1], [1, 3])
PAIRS = {  # ours, scipy's densities, and where scipy needs to look
    "Gaussians": (d.gaussian(), d.gaussian(1, 2), stats.norm(0, 1).pdf, stats.norm(1, 2).pdf, (-15, 15)),
    "narrow and broad": (
        d.gaussian(0, 0.1),
        d.gaussian(0.3, 2),
        stats.norm(0, 0.1).pdf,
        stats.norm(0.3, 2).pdf,
        (-12, 12),
    ),
    "Laplace and Gaussian": (d.laplace(0.5, 1), d.gaussian(), stats.laplace(0.5, 1).pdf, stats.norm.pdf, (-30, 30)),
    "uniform and uniform": (d.uniform(0, 2), d.uniform(1, 4), stats.uniform(0, 2).pdf, stats.uniform(1, 3).pdf, (0, 4)),
    "mixture and Gaussian": (
        TWO,
        d.gaussian(1, 1),
        lambda x: 0.25 * stats.norm(-1, 0.5).pdf(x) + 0.75 * stats.norm(2, 1).pdf(x),
        stats.norm(1, 1).pdf,
        (-10, 12),
    ),
}
pairs = pytest.mark.parametrize("name", PAIRS)


def integral(f, ends):
    breaks = [x for x in (-1, 0, 0.3, 0.5, 1, 2) if ends[0] < x < ends[1]]
    return integrate.quad(f, *ends, points=breaks, limit=500)[0]


def log_of(x):
    return math.log(x) if x > 0 else 0.0  # where it stands, it is multiplied by 0


# ---------------------------------------------------------------- V, D*, KL, JS on the line, against scipy


@pairs
def test_v_at_the_best_d_is_scipys_integral_of_the_two_integrands(name):
    ours_p, ours_q, p, q, ends = PAIRS[name]

    def best(x):
        return p(x) / (p(x) + q(x)) if p(x) + q(x) else 0.5

    expected = integral(lambda x: p(x) * log_of(best(x)) + q(x) * log_of(1 - best(x)), ends)
    assert v.value(ours_p, ours_q) == pytest.approx(expected, abs=1e-6)


@pairs
def test_theorem_1_v_of_the_best_d_is_minus_log_4_plus_2_js(name):
    ours_p, ours_q, p, q, ends = PAIRS[name]

    def half(f, x):  # f log(f / m), with m the mixture
        return special.rel_entr(f(x), (p(x) + q(x)) / 2)

    js = integral(lambda x: (half(p, x) + half(q, x)) / 2, ends)
    assert v.js(ours_p, ours_q) == pytest.approx(js, abs=1e-6)
    assert v.value(ours_p, ours_q) == pytest.approx(-LOG4 + 2 * js, abs=1e-6)
    assert v.value_at_best(ours_p, ours_q) == pytest.approx(v.value(ours_p, ours_q), abs=1e-9)


@pairs
def test_v_of_any_d_is_scipys_and_below_the_best(name):
    ours_p, ours_q, p, q, ends = PAIRS[name]

    def logit(x):
        return torch.sin(2 * x[:, 0]) - 0.3

    def sure(x):
        return special.expit(np.sin(2 * x) - 0.3)

    expected = integral(lambda x: p(x) * math.log(sure(x)) + q(x) * math.log(1 - sure(x)), ends)
    assert v.value(ours_p, ours_q, logit) == pytest.approx(expected, abs=1e-6)
    assert v.value(ours_p, ours_q, logit) <= v.value_at_best(ours_p, ours_q)


def test_kl_of_gaussians_has_a_closed_form():
    """log(s₂/s₁) + (s₁² + (m₁ − m₂)²) / (2 s₂²) − ½"""
    for m1, s1, m2, s2 in ((0, 1, 0, 1), (0, 1, 2, 0.5), (-3, 0.2, 4, 3), (0, 0.05, 8, 0.1)):
        closed = math.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5
        assert v.kl(d.gaussian(m1, s1), d.gaussian(m2, s2)) == pytest.approx(closed, rel=1e-9, abs=1e-12)


def test_the_best_d_is_the_share_of_the_data():
    x = torch.linspace(-4, 4, 33, dtype=torch.float64)[:, None]
    p, q = stats.norm(0, 1).pdf(x[:, 0]), stats.norm(1, 2).pdf(x[:, 0])
    np.testing.assert_allclose(v.optimal_discriminator(d.gaussian(), d.gaussian(1, 2), x), p / (p + q), rtol=1e-12)


def test_the_best_d_is_a_half_exactly_where_both_are_equally_high():
    x = torch.linspace(-4, 4, 33, dtype=torch.float64)[:, None]
    half = v.optimal_discriminator(d.gaussian(), d.gaussian(1), x) == 0.5
    assert x[half, 0].tolist() == [0.5]  # the curves cross there
    places = torch.tensor([[0.5], [1.2], [1.8], [2.5]], dtype=torch.float64)
    assert v.optimal_discriminator(d.uniform(0, 2), d.uniform(1, 3), places).tolist() == [1, 0.5, 0.5, 0]  # a stretch


def test_g_lowers_v_by_going_where_d_is_larger_and_the_mean_of_d_does_not_tell_v():
    values = [v.value([0.5, 0.5], [q, 1 - q], [2.0, -1.0]) for q in (0, 0.3, 0.7, 1)]  # q: where D is large
    assert values == sorted(values, reverse=True) and values[0] > values[-1] + 1
    uneven, even = (sum(math.log(1 - answer) for answer in answers) / 2 for answers in ((0.9, 0.1), (0.6, 0.6)))
    assert uneven < even  # mean D 0.5 against 0.6: the lower one is better for G


def test_the_best_d_is_pointwise_the_maximum():
    """a log y + b log(1 − y) is largest at y = a / (a + b), here by search in place of calculus."""
    y = np.linspace(1e-6, 1 - 1e-6, 200_001)
    for a, b in ((0.3, 0.1), (1, 1), (0.01, 2)):
        assert y[np.argmax(a * np.log(y) + b * np.log(1 - y))] == pytest.approx(a / (a + b), abs=1e-5)
    assert v.optimal_discriminator([0.3, 0.7], [0.1, 0.9]).tolist() == pytest.approx([0.75, 0.4375])


def test_far_away_the_logit_stays_exact_where_the_densities_are_0():
    x = torch.tensor([[60.0]], dtype=torch.float64)
    assert d.gaussian().density(x) == 0
    assert v.optimal_logit(d.gaussian(), d.gaussian(1), x).item() == pytest.approx(0.5 - 60)


# ---------------------------------------------------------------- supports that share nothing


@pytest.mark.parametrize("gap", [0.0, 1e-6, 1, 1000])
def test_js_of_disjoint_supports_is_log_2_exactly_and_kl_infinite(gap):
    p, q = d.uniform(0, 1), d.uniform(1 + gap, 2 + gap)
    assert v.js(p, q) == pytest.approx(math.log(2), abs=1e-14)
    assert v.kl(p, q) == v.kl(q, p) == math.inf
    assert v.value(p, q) == pytest.approx(0, abs=1e-14)


def test_boxes_that_just_touch_have_a_slope_on_one_side():
    touch, nearer, farther = (v.js(d.uniform(0, 1), d.uniform(x, x + 1)) for x in (1, 0.999, 1.001))
    assert (touch - nearer) / 0.001 == pytest.approx(math.log(2), abs=1e-6) and farther == touch


def test_disjoint_discrete_distributions():
    assert v.js([1, 0], [0, 1]) == math.log(2) and v.kl([0.5, 0.5], [1, 0]) == math.inf
    assert v.value([1, 0], [0, 1]) == 0
    assert v.optimal_discriminator([1, 0, 0], [0, 1, 0]).nan_to_num(-1).tolist() == [1, 0, -1]


def test_a_sure_and_wrong_d_costs_everything():
    assert v.value([0.5, 0.5], [0.5, 0.5], [math.inf, 0]) == -math.inf
    assert v.value([0.0, 1.0], [0.0, 1.0], [math.nan, 0]) == pytest.approx(-LOG4)


# ---------------------------------------------------------------- discrete

simplex = (
    st.lists(st.floats(0, 1, allow_subnormal=False), min_size=5, max_size=5)
    .filter(lambda w: sum(w) > 0.1)
    .map(lambda w: (np.array(w) / sum(w)).tolist())
)


@settings(max_examples=60, deadline=None)
@given(simplex, simplex)
def test_laws_of_discrete_distributions(p, q):
    assert v.js(p, q) == pytest.approx(jensenshannon(p, q) ** 2, abs=1e-9)  # scipy's is the root
    assert v.kl(p, q) == pytest.approx(stats.entropy(p, q), abs=1e-9)
    assert -1e-12 <= v.js(p, q) <= math.log(2) + 1e-12 and v.js(p, q) == pytest.approx(v.js(q, p), abs=1e-12)
    assert v.value(p, q) == pytest.approx(-LOG4 + 2 * v.js(p, q), abs=1e-9)
    assert v.value(p, p) == pytest.approx(-LOG4) and v.js(p, p) == pytest.approx(0, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(simplex, simplex, st.lists(st.floats(-8, 8), min_size=5, max_size=5))
def test_no_d_beats_the_best(p, q, logits):
    by_hand = sum(
        a * math.log(special.expit(l)) + b * math.log(special.expit(-l)) for a, b, l in zip(p, q, logits, strict=True)
    )
    assert v.value(p, q, logits) == pytest.approx(by_hand, abs=1e-9)
    assert v.value(p, q, logits) <= v.value_at_best(p, q) + 1e-9


# ---------------------------------------------------------------- the plane


@pytest.mark.parametrize("q", PLANE, ids=lambda q: q.name)
def test_in_the_plane_quadrature_and_monte_carlo_agree(q):
    p = d.two_gaussians(1.0)
    quadrature = v.value(p, q)
    estimate = v.value_by_monte_carlo(p, q, count=20_000, stream=torch.Generator().manual_seed(0))
    assert abs(estimate.value - quadrature) < 4 * estimate.standard_error < 0.08
    assert quadrature == pytest.approx(v.value_at_best(p, q), abs=1e-6)


def test_gaussians_in_the_plane_have_the_divergences_of_their_distance():
    """Two round Gaussians differ along one direction only: a problem on the line."""
    p, q = (d.blobs(torch.tensor([[x, 0.3]]), 0.2) for x in (0.0, 0.5))
    assert v.js(p, q) == pytest.approx(v.js(d.gaussian(0, 0.2), d.gaussian(0.5, 0.2)), abs=1e-6)
    assert v.kl(p, q) == pytest.approx(0.5**2 / (2 * 0.2**2), abs=1e-5)


def test_squares_in_the_plane():
    def square(x):
        return d.Mixture("square", torch.tensor([[x, 0.0]]), torch.full((1, 2), 0.5), torch.ones(1), "uniform")

    assert v.js(square(0), square(0.5)) == pytest.approx(math.log(2) / 2, abs=1e-6)  # half of each is shared
    assert v.js(square(0), square(3)) == pytest.approx(math.log(2), abs=1e-6)


# ---------------------------------------------------------------- Monte Carlo


def test_the_standard_error_is_that_of_the_mean():
    """Over 400 repetitions the estimates scatter as their standard errors say, and round the true value."""
    p, q, stream = d.gaussian(), d.gaussian(1, 1.5), torch.Generator().manual_seed(0)
    runs = [v.value_by_monte_carlo(p, q, count=200, stream=stream) for _ in range(400)]
    values, told = np.array([run.value for run in runs]), np.mean([run.standard_error for run in runs])
    assert values.std(ddof=1) == pytest.approx(told, rel=0.12)
    assert abs(values.mean() - v.value(p, q)) < 4 * told / 20


def test_the_two_sums_by_hand():
    estimate = v.value_of_samples(torch.tensor([[0.0], [2.0]]), torch.tensor([-1.0, 0.0, 1.0]))
    real, fake = np.log(special.expit([0, 2])), np.log(special.expit([1, 0, -1]))
    assert estimate.value == pytest.approx(real.mean() + fake.mean())
    assert estimate.standard_error == pytest.approx(math.sqrt(real.var(ddof=1) / 2 + fake.var(ddof=1) / 3))


def test_monte_carlo_of_discrete_distributions_and_of_three_dimensions():
    stream = torch.Generator().manual_seed(1)
    estimate = v.value_by_monte_carlo([0.2, 0.8], [0.6, 0.4], [0.3, -0.2], 20_000, stream)
    assert abs(estimate.value - v.value([0.2, 0.8], [0.6, 0.4], [0.3, -0.2])) < 4 * estimate.standard_error
    p, q = (d.Mixture("cube", torch.full((1, 3), x), torch.ones(1, 3), torch.ones(1)) for x in (0.0, 1.0))
    estimate = v.value_by_monte_carlo(p, q, count=20_000, stream=stream)
    assert abs(estimate.value - v.value(d.gaussian(), d.gaussian(math.sqrt(3)))) < 4 * estimate.standard_error


def test_a_network_may_be_d():
    torch.manual_seed(0)
    net = torch.nn.Linear(1, 1)
    w, c = net.weight.item(), net.bias.item()
    expected = integral(lambda x: stats.norm(0, 1).pdf(x) * special.log_expit(w * x + c), (-12, 12)) + integral(
        lambda x: stats.norm(1, 1).pdf(x) * special.log_expit(-w * x - c), (-12, 12)
    )
    assert v.value(d.gaussian(), d.gaussian(1), net) == pytest.approx(expected, abs=1e-6)


# ---------------------------------------------------------------- the gradient that G sees


def test_with_d_held_at_its_best_the_gradient_for_g_is_that_of_2_js():
    """d/dθ of V(D*_θ₀, θ) at θ₀ = d/dθ of 2 JS at θ₀; both by central differences."""
    p, theta, h = d.gaussian(), 1.3, 1e-4
    held = lambda x: v.optimal_logit(p, d.gaussian(theta), x)  # noqa: E731
    of_v = (v.value(p, d.gaussian(theta + h), held) - v.value(p, d.gaussian(theta - h), held)) / (2 * h)
    of_js = (v.js(p, d.gaussian(theta + h)) - v.js(p, d.gaussian(theta - h))) / h
    assert of_v == pytest.approx(of_js, abs=1e-6) and of_v > 0.1
    assert v.value(p, d.gaussian(3), held) < v.value_at_best(p, d.gaussian(3)) - 0.1  # elsewhere it is no divergence


# ---------------------------------------------------------------- two players


def test_the_two_point_game_is_a_sum_over_two_places():
    for dd, gg in ((0.7, -1.2), (-2.0, 0.3)):
        q = special.expit(gg)
        expected = v.value([0.5, 0.5], [q, 1 - q], [dd, -dd])
        assert v.two_points(torch.tensor(dd), torch.tensor(gg)).item() == pytest.approx(expected, abs=1e-6)


def test_the_best_d_of_the_two_point_game():
    for q in (0.1, 0.5, 0.9):
        g, best = (torch.tensor(x, dtype=torch.float64) for x in (special.logit(q), -2 * math.atanh(q - 0.5)))
        _, slope, _ = slopes(v.two_points, best, g)
        assert slope.item() == pytest.approx(0, abs=1e-9)
        assert v.two_points(best, g).item() >= -LOG4 - 1e-12


def test_the_origin_is_a_saddle_of_both_games():
    zero = torch.zeros((), dtype=torch.float64)
    for game in (v.two_points, v.dirac):
        at, by_d, by_g = slopes(game, zero, zero)
        assert (at.item(), by_d.item(), by_g.item()) == pytest.approx((-LOG4, 0, 0))
        hessian = torch.autograd.functional.hessian(lambda x, game=game: game(x[0], x[1]), zero.expand(2))
        assert torch.linalg.eigvalsh(hessian).sign().tolist() == [-1, 1]


def test_dirac_gans_players_do_not_arrive_and_the_two_point_players_do():
    """Radius over the last 50 of 500 steps of 0.2 from (1, 1): Mescheder et al. (2018), measured with their code."""

    def radius(game, order):
        return path(game, (-1, 1), 0.2, 500, order)[-50:].norm(dim=1)  # their D has the other sign

    assert radius(v.dirac, "simultaneous").mean().item() == pytest.approx(3.1, abs=0.1)
    alternating = radius(v.dirac, "alternating")
    assert alternating.min() > 1.40 and alternating.max() < 1.50
    later = path(v.dirac, (-1, 1), 0.2, 10_000, "alternating")[-500:].norm(dim=1)
    assert 0.01 < later.max() - alternating.max() < 0.03  # it drifts out, very slowly
    bend = torch.autograd.functional.hessian(lambda x: v.dirac(x[0], x[1]), torch.tensor([-1.0, 1.0]))[0, 0]
    assert bend.item() == pytest.approx(-0.197, abs=1e-3)  # off the saddle, V bends down
    for order in ("simultaneous", "alternating"):
        assert radius(v.two_points, order).max() < 1e-3


def test_paths_refuse_what_they_cannot_walk():
    with pytest.raises(ValueError, match="order"):
        path(v.dirac, (1, 1), order="both")
    with pytest.raises(ValueError, match="step"):
        path(v.dirac, (1, 1), 0)
    with pytest.raises(ValueError, match="for each pair"):
        path(lambda d, g: torch.stack([d, g]), (1, 1))


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "ask, error, words",
    [
        (lambda: v.js([0.5, 0.6], [0.5, 0.5]), ValueError, "sum 1"),
        (lambda: v.js([1.5, -0.5], [0.5, 0.5]), ValueError, "≥ 0"),
        (lambda: v.js([[0.5, 0.5]], [[0.5, 0.5]]), ValueError, "list of numbers"),
        (lambda: v.js([0.5, math.nan], [0.5, 0.5]), ValueError, "≥ 0"),
        (lambda: v.js([1.0], [0.5, 0.5]), ValueError, "numbers of places 1 and 2"),
        (lambda: v.js(d.gaussian(), [0.5, 0.5]), TypeError, "Mixture and list"),
        (lambda: v.js(d.gaussian(), d.ring()), ValueError, "dimensions 1 and 2"),
        (lambda: v.value([0.5, 0.5], [0.5, 0.5], [0.0]), ValueError, "2 places, got 1"),
        (lambda: v.value([0.5, 0.5], [0.5, 0.5], lambda x: x), TypeError, "list of logits"),
        (lambda: v.value(d.gaussian(), d.gaussian(), [0.0]), TypeError, "function of x"),
        (lambda: v.value(d.gaussian(), d.gaussian(), lambda x: x[:3]), ValueError, "one logit for each"),
        (lambda: v.value_by_monte_carlo(d.gaussian(), d.gaussian(), count=1), ValueError, "count must be a whole"),
        (lambda: v.value_of_samples(torch.zeros(1), torch.zeros(5)), ValueError, "got 1 and 5"),
        (lambda: v.optimal_logit(d.gaussian(), d.gaussian()), ValueError, "say where"),
        (lambda: v.js(d.ring(std=1e-4), d.grid()), ValueError, "Monte Carlo"),
        (lambda: nodes(d.gaussian(), d.ring()), ValueError, r"dimensions \[1, 2\]"),
        (
            lambda: nodes(d.Mixture("cube", torch.zeros(1, 3), torch.ones(1, 3), torch.ones(1))),
            ValueError,
            "Monte Carlo",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(ask, error, words):
    with pytest.raises(error, match=words):
        ask()


def normed():
    net = nn.Sequential(nn.Linear(1, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1)).double()
    net(torch.randn(20, 1, dtype=torch.float64))
    return net


def test_a_network_is_asked_in_eval_mode_and_left_as_it_was():
    net = normed()
    before = copy.deepcopy(net.state_dict())
    seen = v.value(*PAIRS["Gaussians"][:2], net), v.value(*PAIRS["Gaussians"][:2], net)
    assert net.training and all(torch.equal(before[name], each) for name, each in net.state_dict().items())
    net.eval()
    assert seen == (seen[0], v.value(*PAIRS["Gaussians"][:2], net))


@pytest.mark.parametrize(
    "game", [lambda d, g: math.log(d) * g, lambda d, g: torch.tensor(float(d) ** 2) * g, lambda d, g: d.detach() * g]
)
def test_a_v_that_loses_a_players_slope_is_named(game):
    with pytest.raises(ValueError, match="V changes with d and has no slope there. Write it with torch's"):
        path(game, (2.0, 1.0))


def test_a_v_without_a_player_has_a_slope_of_0():
    assert [each.item() for each in slopes(lambda d, g: g.square(), 1.0, 2.0)] == [4, 0, 4]
    for game in (lambda d, g: torch.ones_like(d), lambda d, g: d.detach() * g.detach()):
        with pytest.raises(ValueError, match="do not depend on them. Write it with torch's"):
            slopes(game, 1.0, 2.0)


def test_many_bumps_take_little_memory(monkeypatch):
    asked, kept = [], d.Mixture.log_density
    monkeypatch.setattr(d.Mixture, "log_density", lambda self, x: asked.append(len(x)) or kept(self, x))
    drawing = d.drawn(torch.rand(5000, 2))
    assert log_density_at(drawing, torch.rand(2000, 2)).shape == (2000,) and max(asked) * 5000 <= 4_000_000
    log_density_at(d.ring(), torch.rand(30_000, 2))
    assert asked[-2:] == [20_000, 10_000]
