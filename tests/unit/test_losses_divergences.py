"""Chapter 02's statements about the best D: each formula of the notebook by integrals and by search, in float64."""

import numpy as np
import pytest
import sympy as sp
import torch
from hypothesis import given, settings, strategies as st
from scipy import integrate, optimize, stats

from gan_edu.losses import F_DIVERGENCES, LOSSES, least_squares_with

LOG2 = np.log(2)
# four points with masses, so that expectations are sums: D is a list of four logits
positive = st.lists(st.floats(0.05, 1), min_size=4, max_size=4).map(
    lambda m: torch.tensor(m, dtype=torch.float64) / sum(m)
)
pairs = st.tuples(positive, positive)
several = settings(max_examples=25, deadline=None)


def expected(p, of_points):
    return (p * of_points).sum()


def pointwise(loss, l):
    """(D's real term, D's fake term) at each logit (4,), the fake term's share of d(0, 0) left out."""
    zero = torch.zeros(1, 1, dtype=l.dtype)
    real = torch.stack([loss.d(x.view(1, 1), zero) for x in l])
    fake = torch.stack([loss.d(zero, x.view(1, 1)) for x in l]) - loss.d(zero, zero)
    return real, fake


def d_loss(loss, p, q, l):
    """E_p[real term] + E_q[fake term] for D's logits l (4,)."""
    real, fake = pointwise(loss, l)
    return expected(p, real) + expected(q, fake)


def least(loss, p, q, bounds=(-60, 60)):
    """The smallest L_D, point by point, by scipy's bounded search; it knows no formula of D*."""

    def at(k):
        def of(l):
            real, fake = pointwise(loss, torch.tensor([l], dtype=torch.float64))
            return float(p[k] * real[0] + q[k] * fake[0])

        return optimize.minimize_scalar(of, bounds=bounds, method="bounded", options={"xatol": 1e-9}).fun

    return sum(at(k) for k in range(len(p)))


def kl(p, q):
    return float((p * (p / q).log()).sum())


def js(p, q):
    return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2


@given(pairs)
@several
def test_minimax_at_its_best_d_is_two_js_minus_log_four(pair):
    """−L_D* = 2 JS − log 4, attained at l = log(p_data / p_g)."""
    p, q = pair
    assert float(d_loss(LOSSES["minimax"], p, q, (p / q).log())) == pytest.approx(2 * LOG2 - 2 * js(p, q), abs=1e-9)
    assert least(LOSSES["minimax"], p, q) == pytest.approx(2 * LOG2 - 2 * js(p, q), abs=1e-7)


@given(pairs)
@several
def test_hinge_at_its_best_d_is_two_minus_two_tv(pair):
    """L_D* = 2 − 2 TV at C = sign(p_data − p_g)."""
    p, q = pair
    tv = float((p - q).abs().sum() / 2)
    assert float(d_loss(LOSSES["hinge"], p, q, torch.sign(p - q))) == pytest.approx(2 - 2 * tv, abs=1e-12)
    assert least(LOSSES["hinge"], p, q, (-3, 3)) == pytest.approx(2 - 2 * tv, abs=1e-6)


@given(pairs)
@several
def test_relativistic_at_its_best_d_is_the_js_of_pairs(pair):
    """L_D* = log 2 − JS(p ⊗ q, q ⊗ p) at C = log(p_data / p_g): scipy's own minimum over C is no lower."""
    p, q = pair
    mass = p[:, None] * q  # x real, y fake

    def loss(c):
        c = torch.as_tensor(c, dtype=torch.float64)
        rows = [[LOSSES["relativistic"].d(a.view(1, 1), b.view(1, 1)) for b in c] for a in c]
        return float((mass * torch.tensor(rows, dtype=torch.float64)).sum())

    closed = LOG2 - js(mass.flatten(), mass.T.flatten())
    assert loss((p / q).log()) == pytest.approx(closed, abs=1e-9)
    assert loss((p / q).log() + 5) == pytest.approx(closed, abs=1e-9)  # free up to a constant
    table = mass.numpy()

    def fast(c):
        return float((table * np.logaddexp(0, c[None, :] - c[:, None])).sum())

    assert optimize.minimize(fast, np.zeros(4), method="BFGS").fun == pytest.approx(closed, abs=1e-6)


@pytest.mark.parametrize("name", F_DIVERGENCES)
@given(pair=pairs)
@settings(max_examples=12, deadline=None)
def test_f_gan_at_its_best_d_is_its_divergence(name, pair):
    """−L_D* = D_f(p_data ‖ p_g) = Σ q f(p/q)."""
    p, q = pair
    divergence = float((q * F_DIVERGENCES[name].f(p / q)).sum())
    assert -least(LOSSES[name], p, q) == pytest.approx(divergence, abs=1e-6)


def test_on_its_own_training_samples_a_d_shows_more_than_the_divergence():
    """Pearson, p = q, so D_f = 0: the best T for 20 samples of each shows more on them, and less in expectation."""
    stream, t_of = torch.Generator().manual_seed(0), F_DIVERGENCES["Pearson χ²"]
    p = torch.full((5,), 0.2, dtype=torch.float64)
    real, fake = (torch.multinomial(p, 20, True, generator=stream).bincount(minlength=5) / 20 for _ in range(2))
    assert (fake > 0).all()
    t = 2 * (real / fake - 1).double()  # f'(u) of the samples' own ratio

    def shown(a, b):
        return float((a * t).sum() - (b * t_of.conjugate(t)).sum())

    assert shown(real, fake) > 0.01 and shown(p, p) < 0


DIRECT = {
    "KL": kl,
    "reverse KL": lambda p, q: kl(q, p),
    "JS": lambda p, q: 2 * js(p, q),
    "Pearson χ²": lambda p, q: float(((p - q) ** 2 / q).sum()),
    "squared Hellinger": lambda p, q: float(((p.sqrt() - q.sqrt()) ** 2).sum()),
    "GAN": lambda p, q: 2 * js(p, q) - 2 * LOG2,
}


@pytest.mark.parametrize("name", DIRECT)
@given(pair=pairs)
@several
def test_generator_function_gives_the_divergence_it_is_named_for(name, pair):
    """Σ q f(p/q) against the divergence's own definition; the member called JS gives 2 JS."""
    p, q = pair
    assert float((q * F_DIVERGENCES[name].f(p / q)).sum()) == pytest.approx(DIRECT[name](p, q), abs=1e-9)


@given(pairs)
@several
def test_least_squares_best_d_is_the_weighted_mean_of_its_targets(pair):
    """C* = (b p_data + a p_g)/(p_data + p_g), for three codings."""
    p, q = pair
    for a, b in ((0, 1), (-1, 1), (2, -3)):
        loss, best = least_squares_with(a, b, 0), (b * p + a * q) / (p + q)
        assert float(d_loss(loss, p, q, best)) == pytest.approx(least(loss, p, q, (-10, 10)), abs=1e-6)


@given(pairs)
@several
def test_least_squares_with_the_real_term_is_pearson_of_the_mixture(pair):
    """E_p[(C* − c)²] + E_q[(C* − c)²] = Σ (p − q)²/(p + q), Pearson's χ² of 2q from p + q; b − c = 1, b − a = 2."""
    p, q = pair
    c = (p - q) / (p + q)
    both = 2 * float(expected(p, c**2 / 2) + expected(q, c**2 / 2))
    of_g = sum(float(qi * least_squares_with(-1, 1, 0).g(ci.view(1, 1))) for qi, ci in zip(q, c, strict=True))
    pearson = float(((p + q) * F_DIVERGENCES["Pearson χ²"].f(2 * q / (p + q))).sum())
    assert both == pytest.approx(pearson, abs=1e-9) and both == pytest.approx(float(((p - q) ** 2 / (p + q)).sum()))
    assert of_g == pytest.approx(both / 2 - float(expected(p, c**2 / 2)), abs=1e-9)  # the real term is not in it


@given(pairs)
@several
def test_least_squares_with_d_held_does_not_descend_the_chi_square(pair):
    """Per unit of p_g, G's held term counts C², Σ (p − q)²/(p + q) counts −2C − C²; the sum is symmetric in p and q."""
    p, q = pair
    moving = q.clone().requires_grad_()
    c = (p - q) / (p + q)
    (held,) = torch.autograd.grad((moving * c**2).sum(), moving)
    (of_chi,) = torch.autograd.grad(((p - moving) ** 2 / (p + moving)).sum(), moving)
    torch.testing.assert_close(held, c**2)
    torch.testing.assert_close(of_chi, -2 * c - c**2)
    f = F_DIVERGENCES["Pearson χ²"].f
    assert float(((p + q) * f(2 * q / (p + q))).sum()) == pytest.approx(float(((p + q) * f(2 * p / (p + q))).sum()))


@pytest.mark.parametrize("theta", [0.5, 1.0, 2.5])
def test_non_saturating_gradient_at_the_best_d_is_that_of_kl_minus_two_js(theta):
    """d/dθ E_q[−log D*] with D* held fixed, against central differences of KL(q‖p) − 2 JS by scipy's quadrature."""
    p = stats.norm(0, 1)

    def over_the_line(function):
        return integrate.quad(function, -12, 14, limit=200, epsabs=1e-12)[0]

    def held(t, sign):
        best = stats.norm(theta, 1)
        return over_the_line(
            lambda x: stats.norm(t, 1).pdf(x) * sign * np.logaddexp(0, -sign * (p.logpdf(x) - best.logpdf(x)))
        )

    def divergences(t):
        q = stats.norm(t, 1)
        to_p = over_the_line(lambda x: q.pdf(x) * (q.logpdf(x) - p.logpdf(x)))
        halves = [
            over_the_line(lambda x, d=d: d.pdf(x) * (LOG2 + d.logpdf(x) - np.logaddexp(p.logpdf(x), q.logpdf(x))))
            for d in (p, q)
        ]
        return to_p, sum(halves) / 2

    h = 1e-4
    (kl_up, js_up), (kl_down, js_down) = divergences(theta + h), divergences(theta - h)
    d_kl, d_js = (kl_up - kl_down) / (2 * h), (js_up - js_down) / (2 * h)
    assert (held(theta + h, 1) - held(theta - h, 1)) / (2 * h) == pytest.approx(d_kl - 2 * d_js, abs=1e-5)
    assert (held(theta + h, -1) - held(theta - h, -1)) / (2 * h) == pytest.approx(2 * d_js, abs=1e-5)  # saturating


@given(pairs)
@several
def test_what_the_non_saturating_loss_descends_is_twice_kl_of_the_mixture_to_the_data(pair):
    """KL(q ‖ p) − 2 JS = 2 KL(m ‖ p) with m = (p + q)/2: an f-divergence, for its f is convex and 0 at 1."""
    p, q = pair
    both = 2 * kl((p + q) / 2, p)
    assert kl(q, p) - 2 * js(p, q) == pytest.approx(both, abs=1e-12) and both >= -1e-12
    u = sp.symbols("u", positive=True)
    f = (1 + u) * sp.log((1 + u) / (2 * u))  # 2 KL(m ‖ p) = Σ q f(p/q)
    assert (q.numpy() * sp.lambdify(u, f)((p / q).numpy())).sum() == pytest.approx(both, abs=1e-9)
    assert f.subs(u, 1) == 0 and sp.simplify(sp.diff(f, u, 2) - 1 / (u**2 * (1 + u))) == 0


FOUR = {
    "KL": kl,
    "reverse KL": lambda p, q: kl(q, p),
    "2 JS": lambda p, q: 2 * js(p, q),
    "softened": lambda p, q: 2 * kl((p + q) / 2, p),
}


@pytest.mark.parametrize("name", FOUR)
@given(pairs)
@several
def test_each_divergence_falls_on_the_straight_way_to_the_data(name, pair):
    """From any G to the data each divergence falls all the way: where G can make the data, that is lowest."""
    p, q = pair
    values = [FOUR[name](p, (1 - share) * q + share * p) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert all(a >= b - 1e-12 for a, b in zip(values, values[1:], strict=False))
    assert values[-1] == pytest.approx(0, abs=1e-12)


def test_where_both_modes_need_a_bridge_the_reverse_divergences_may_leave_out_a_mode():
    """Two modes and a place between with a thousandth of the data; G's choice: both with a share there, or one mode."""
    p, one = torch.tensor([0.4995, 0.001, 0.4995]).double(), torch.tensor([1 - 2e-15, 1e-15, 1e-15]).double()
    for share, leave in ((0.02, set()), (0.1, {"softened"}), (0.2, {"softened", "reverse KL"})):
        both = torch.tensor([(1 - share) / 2, share, (1 - share) / 2]).double()
        assert {name for name, of in FOUR.items() if of(p, one) < of(p, both)} == leave


def test_a_mode_left_out_is_cheap_for_the_softened_reverse_kl_and_a_sample_out_of_place_is_not():
    """One of two equal modes: softened 2 [¾ log 1½ + ¼ log ½] = 0.26 nats, 2 JS 0.43, reverse KL log 2, KL no end."""
    p, q = torch.tensor([0.5, 0.5], dtype=torch.float64), torch.tensor([1 - 1e-15, 1e-15], dtype=torch.float64)
    cost = {name: of(p, q) for name, of in FOUR.items()}
    by_hand = 2 * (0.75 * np.log(1.5) + 0.25 * np.log(0.5))
    assert cost["softened"] == pytest.approx(by_hand) and by_hand == pytest.approx(0.2616, abs=1e-4)
    assert cost["2 JS"] == pytest.approx(0.4315, abs=1e-4) and cost["reverse KL"] == pytest.approx(LOG2)
    assert cost["KL"] > 15
    assert FOUR["softened"](q, p) > 10 * cost["softened"]  # half of G's samples where no data is
    assert FOUR["reverse KL"](q, p) > 20 * cost["reverse KL"]


def test_wasserstein_has_no_best_value_at_a_point_and_its_distance_under_a_slope():
    """L_D is linear in C, so unbounded; with slopes ≤ 1 its best is W1, here scipy's and the sorted difference."""
    loss, l = LOSSES["Wasserstein"], torch.tensor([[5.0]], dtype=torch.float64)
    zero = torch.zeros_like(l)
    assert float(loss.d(1e6 * l, zero)) == -5e6 and float(loss.d(zero, -1e6 * l)) == -5e6
    rng = np.random.default_rng(0)
    x, y = np.sort(rng.normal(0, 1, 400)), np.sort(rng.normal(1, 1.5, 400))
    at = np.sort(np.concatenate([x, y]))
    climb = np.sign(np.searchsorted(y, at[:-1], "right") - np.searchsorted(x, at[:-1], "right")) * np.diff(at)
    critic = dict(zip(at, np.concatenate([[0], climb.cumsum()]), strict=True))
    real, fake = (torch.tensor([critic[v] for v in values])[:, None] for values in (x, y))
    assert -float(loss.d(real, fake)) == pytest.approx(stats.wasserstein_distance(x, y))
    assert np.abs(x - y).mean() == pytest.approx(stats.wasserstein_distance(x, y))


def test_best_d_under_label_smoothing():
    """D* = (α p_data + β p_g)/(p_data + p_g), by sympy and by search on smoothed cross entropies."""
    d, p, q, a, b = sp.symbols("d p q a b", positive=True)
    value = p * (a * sp.log(d) + (1 - a) * sp.log(1 - d)) + q * (b * sp.log(d) + (1 - b) * sp.log(1 - d))
    assert sp.simplify(sp.solve(sp.diff(value, d), d)[0] - (a * p + b * q) / (p + q)) == 0
    for alpha, beta, x, y in ((0.9, 0.0, 3, 1), (0.9, 0.1, 0.2, 0.7)):

        def of(l, alpha=alpha, beta=beta, x=x, y=y):
            return x * (np.logaddexp(0, l) - alpha * l) + y * (np.logaddexp(0, l) - beta * l)

        found = optimize.minimize_scalar(of, bounds=(-20, 20), method="bounded", options={"xatol": 1e-9}).x
        assert 1 / (1 + np.exp(-found)) == pytest.approx((alpha * x + beta * y) / (x + y), abs=1e-6)


def test_empirical_d_loss_is_minus_v_and_cross_entropy_with_logits():
    """L_D = BCE(real, 1) + BCE(fake, 0) = −V over a batch; L_G of the game is V's second term."""
    from torch.nn.functional import binary_cross_entropy_with_logits as bce

    r, f = torch.randn(64, 1, dtype=torch.float64), torch.randn(64, 1, dtype=torch.float64)
    v = r.sigmoid().log().mean() + (1 - f.sigmoid()).log().mean()
    assert float(LOSSES["minimax"].d(r, f)) == pytest.approx(-float(v))
    assert float(bce(r, torch.ones_like(r)) + bce(f, torch.zeros_like(f))) == pytest.approx(-float(v))
    assert float(LOSSES["minimax"].g(f)) == pytest.approx(float((1 - f.sigmoid()).log().mean()))


def test_the_real_term_of_v_has_no_gradient_for_g():
    """V's gradient for G, through D(G(z)) with D's weights held, is that of its second term alone."""
    theta, z, x = torch.tensor(0.3, requires_grad=True), torch.randn(9, 1), torch.randn(9, 1)

    def logits(at):
        return 0.8 * at - 0.2

    first = logits(x).sigmoid().log().mean()
    whole = first + (1 - logits(theta + z).sigmoid()).log().mean()
    assert not first.requires_grad
    (of_v,) = torch.autograd.grad(whole, theta)
    (of_g,) = torch.autograd.grad(LOSSES["minimax"].g(logits(theta + z)), theta)
    assert float(of_v) == pytest.approx(float(of_g), rel=1e-5)


def test_saturating_and_non_saturating_share_direction_and_fixed_point_but_not_weight():
    """Slopes −σ(l) and −(1 − σ(l)): equal at l = 0 alone, and both negative everywhere."""
    l = torch.linspace(-20, 20, 81, dtype=torch.float64)[:, None].requires_grad_()
    a, b = (torch.autograd.grad(LOSSES[name].g(l) * len(l), l)[0] for name in ("minimax", "non-saturating"))
    torch.testing.assert_close(a, -l.sigmoid().detach())
    torch.testing.assert_close(b, l.sigmoid().detach() - 1, rtol=1e-7, atol=1e-8)
    assert (a < 0).all() and (b <= 0).all() and ((a - b).abs() < 1e-12).sum() == 1
