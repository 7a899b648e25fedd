"""convergence: the nine outcomes of 2018, closed-form eigenvalues, and a Gaussian whose eigenvalues tell its end."""

import cmath
import math

import numpy as np
import pytest
import sympy
import torch
from hypothesis import assume, given, settings, strategies as st
from scipy import integrate, linalg, optimize, stats

from gan_edu import convergence as c
from gan_edu.core.games.examples import CURVATURE, SLOPE, F, gauss_hermite
from gan_edu.value_function import dirac as notebook_1


def f64(*numbers):
    """Tensors of full precision: torch.tensor(0.1).double() is 0.1 in float32."""
    found = [torch.tensor(number, dtype=torch.float64) for number in numbers]
    return found if len(found) > 1 else found[0]


ORDERS = (("simultaneous", "G"), ("alternating", "G"), ("alternating", "D"))
NO, SLOWLY, YES = "does not converge", "converges slowly", "converges"


@pytest.fixture(scope="module")
def radii():
    """√(θ² + ψ²) of every method in every order, the sampled noise left out, which has tests of its own."""
    kept = {name: method for name, method in c.methods().items() if "noise" not in name}
    return {(name, *order): c.radius(method.path(*order)) for name, method in kept.items() for order in ORDERS}


# ---------------------------------------------------------------- the nine outcomes

PRINTED = {  # (least, largest) over the last 50, as two or three digits
    ("GAN", "simultaneous", "G"): ("3.1", "3.1"),
    ("GAN", "alternating", "G"): ("1.34", "1.42"),
    ("GAN", "alternating", "D"): ("1.41", "1.49"),
    ("NSGAN", "alternating", "G"): ("0.27", "0.29"),
    ("WGAN, clip 1", "simultaneous", "G"): ("1.00", "1.27"),
    ("WGAN, clip 1", "alternating", "G"): ("0.95", "1.05"),
    ("WGAN-GP, γ 0.7", "simultaneous", "G"): ("1.6", "2.0"),
    ("WGAN-GP, γ 0.7", "alternating", "G"): ("1.1", "1.4"),
}
POWERS = {  # the largest of the last 50, as a power of ten
    ("R1, γ 0.3", "simultaneous"): -5,
    ("R1, γ 0.3", "alternating"): -6,
    ("R1, γ 1 (critical)", "simultaneous"): -19,
    ("R1, γ 1 (critical)", "alternating"): -15,
    ("NSGAN + R1, γ 0.3", "simultaneous"): -5,
    ("NSGAN + R1, γ 0.3", "alternating"): -6,
    ("consensus, γ 1", "simultaneous"): -9,
    ("consensus, γ 1", "alternating"): -10,
}


@pytest.mark.parametrize("case", PRINTED, ids=str)
def test_radii_of_what_does_not_converge(radii, case):
    last = radii[case][-50:]
    for found, printed in zip((last.min(), last.max()), PRINTED[case], strict=True):
        assert f"{found:.{len(printed) - 2}f}" == printed


def test_clipping_keeps_psi_within_1_and_the_path_bounded():
    """Without it both at once ends 25,000 away."""
    method = c.methods()["WGAN, clip 1"]
    for order in ORDERS[:2]:
        path = method.path(*order)
        assert path.psi.abs().max() <= 1 and path.theta.abs().max() < 1.2
    assert c.radius(method._replace(clip=None).path()).max() > 10_000


def test_radius_of_nsgan_in_simultaneous_steps(radii):
    assert f"{radii['NSGAN', 'simultaneous', 'G'][-50:].mean():.2f}" == "0.63"


@pytest.mark.parametrize("case", POWERS, ids=str)
def test_radii_of_what_converges(radii, case):
    assert round(math.log10(radii[(*case, "G")][-50:].max())) == POWERS[case]


def test_consensus_in_simultaneous_steps_ends_at_2e_9(radii):
    assert f"{radii['consensus, γ 1', 'simultaneous', 'G'][-50:].max():.0e}" == "2e-09"


EXPECTED = {
    "GAN": NO,
    "WGAN, clip 1": NO,
    "WGAN-GP, γ 0.7": NO,
    "R1, γ 0.3": YES,
    "R1, γ 1 (critical)": YES,
    "NSGAN + R1, γ 0.3": YES,
    "consensus, γ 1": YES,
}


def test_the_outcomes(radii):
    for (name, order, first), found in radii.items():
        expected = EXPECTED.get(name, SLOWLY if order == "alternating" else NO)
        assert c.outcome(found) == expected, (name, order, first)


def test_nsgan_creeps_when_alternating_and_is_caught_in_a_circle_when_not():
    """Alternating: the radius falls as t^(−1/2). Simultaneous: |1 ± ih/2| > 1; from both sides it ends near 0.63."""
    v = c.field(c.dirac("NSGAN"))
    late = c.radius(c.trajectory(v, 1.0, 1.0, c.Rule("alternating", 0.2), 2000))
    assert (late[1951:].mean() / late[451:501].mean()).item() == pytest.approx(0.5, abs=0.02)
    for start in (1.0, 0.1):
        ends = c.radius(c.trajectory(v, start, start, c.Rule("simultaneous", 0.2), 2000))[1951:]
        assert ends.min() > 0.62 and ends.max() < 0.64
    assert c.spectral_radius(c.round_jacobian(v, 0.0, 0.0, c.Rule())) == pytest.approx(abs(1 + 0.1j))


def test_the_table_has_each_method_in_both_orders():
    rows = c.outcomes()
    assert [row.method for row in rows[::2]] == list(c.methods()) and len(rows) == 18
    assert [row.order for row in rows[:2]] == ["simultaneous", "alternating"]
    noise = [row for row in rows if "noise" in row.method]
    assert all(row.outcome == "stays close" and 0 < row.least < row.largest for row in noise)
    assert {row.method: row.outcome for row in rows[1::2] if row not in noise} == EXPECTED | {"NSGAN": SLOWLY}


def slope(t):
    return 1 / (1 + math.exp(t))  # f'(t) of f(t) = −log(1 + e^−t)


def calm(half):
    """Consensus written out; in half = ½ the terms of second order have half their weight, as in the paper's code."""

    def v(t, p):
        s = slope(t * p)
        k = 2 * half * (t * t + p * p) * s * -s * slope(-t * p) / 2
        return -p * s - (t * s * s + 2 * k * p / 2), t * s - (p * s * s + 2 * k * t / 2)

    return v


WRITTEN_OUT = {  # the fields of 2018, by hand
    "GAN": lambda t, p: (-p * slope(t * p), t * slope(t * p)),
    "NSGAN": lambda t, p: (-p * slope(-t * p), t * slope(t * p)),
    "WGAN, clip 1": lambda t, p: (-p, t),
    "WGAN-GP, γ 0.7": lambda t, p: (-p, t - 0.7 * (abs(p) - 1) * math.copysign(1, p)),
    "R1, γ 0.3": lambda t, p: (-p * slope(t * p), t * slope(t * p) - 0.3 * p),
    "R1, γ 1 (critical)": lambda t, p: (-p * slope(t * p), t * slope(t * p) - p),
    "NSGAN + R1, γ 0.3": lambda t, p: (-p * slope(-t * p), t * slope(t * p) - 0.3 * p),
    "consensus, γ 1": calm(1),
}


def walk(v, order, first, clip=math.inf):
    t = p = 1.0
    seen = [math.hypot(t, p)]
    for _ in range(500):
        if order == "simultaneous":
            by_t, by_p = v(t, p)
            t, p = t + 0.2 * by_t, p + 0.2 * by_p
        else:
            for player in "GD" if first == "G" else "DG":
                by_t, by_p = v(t, p)
                t, p = (t + 0.2 * by_t, p) if player == "G" else (t, p + 0.2 * by_p)
                p = min(max(p, -clip), clip)
        p = min(max(p, -clip), clip)
        seen.append(math.hypot(t, p))
    return seen


def test_all_paths_are_those_of_the_fields_written_out(radii):
    for (name, order, first), found in radii.items():
        by_hand = walk(WRITTEN_OUT[name], order, first, 1.0 if "clip" in name else math.inf)
        assert found.tolist() == pytest.approx(by_hand, rel=1e-6, abs=1e-20), (name, order, first)


def test_halving_consensus_terms_of_second_order_changes_the_end_little():
    """The paper's code has ½ of them; its ends are of the same size, and the first of them is 2e-9 too."""
    for order, size in (("simultaneous", 1.96e-9), ("alternating", 1.62e-10)):
        assert max(walk(calm(0.5), order, "G")[-50:]) == pytest.approx(size, rel=0.005)


# ---------------------------------------------------------------- instance noise


@pytest.mark.parametrize("order, most", [("simultaneous", 0.03), ("alternating", 0.024)])
def test_the_expectation_under_instance_noise_converges(order, most):
    path = c.trajectory(c.field(c.dirac(noise=0.7)), 1.0, 1.0, c.Rule(order), 500)
    largest = c.radius(path)[-50:].max()
    assert largest <= most and c.outcome(c.radius(path)) == YES


@pytest.mark.parametrize("order, most", [("simultaneous", 0.03), ("alternating", 0.024)])
def test_with_1000_draws_a_step_it_ends_at_the_floor_that_linear_theory_gives(order, most):
    """Near (0, 0): z ← A z + n, the noise n_D = h (mean ε − mean ε') f'(0) alone; its covariance solves S = A S Aᵀ + Q.

    One run's largest radius is a matter of luck; of 24 runs side by side the middle one is within the printed bound.
    """
    games = c.dirac(noise=0.7, samples=1000, stream=torch.Generator().manual_seed(5))
    start = torch.ones(24, dtype=torch.float64)
    path = c.trajectory(c.field(games), start, start, c.Rule(order), 500)
    radius = torch.hypot(path.theta, path.psi)  # (501, 24)
    assert radius[-50:].amax(0).median() <= most
    assert all(c.outcome(run) == "stays close" for run in radius.T)
    assert radius[-50:].amax(0).max() > 2 * radius[-50:].amax(0).min()  # how close it ends is chance
    A = c.round_jacobian(c.field(c.dirac(noise=0.7)), 0.0, 0.0, c.Rule(order)).numpy()
    Q = np.diag([0, 0.2**2 * 2 * 0.5**2 * 0.7**2 / 1000])
    floor = math.sqrt(np.trace(linalg.solve_discrete_lyapunov(A, Q)))
    assert radius[350:].square().mean().sqrt().item() == pytest.approx(floor, rel=0.15)


@pytest.mark.parametrize("loss", ["GAN", "NSGAN", "WGAN"])
def test_the_losses_under_noise_are_scipys_integrals(loss):
    f = (lambda t: -np.logaddexp(0, -t)) if loss != "WGAN" else (lambda t: t)
    theta, psi, sigma = 0.8, -1.3, 0.7

    def mean(h):
        return integrate.quad(lambda e: h(sigma * e) * stats.norm.pdf(e), -12, 12, epsabs=1e-12)[0]

    game = c.dirac(loss, noise=sigma)
    at = f64(theta, psi)
    sign = -1 if loss == "NSGAN" else 1
    assert game.g(*at).item() == pytest.approx(sign * mean(lambda e: f(sign * psi * (theta + e))), abs=1e-8)
    expected = -mean(lambda e: f(psi * (theta + e))) - mean(lambda e: f(-psi * e))
    assert game.d(*at).item() == pytest.approx(expected, abs=1e-8)


# ---------------------------------------------------------------- closed forms


def test_the_slopes_of_f_are_sympys():
    t = sympy.symbols("t")
    for name, f in (("GAN", -sympy.log(1 + sympy.exp(-t))), ("NSGAN", -sympy.log(1 + sympy.exp(-t))), ("WGAN", t)):
        assert SLOPE[name] == float(sympy.diff(f, t).subs(t, 0))
        assert CURVATURE[name] == float(sympy.diff(f, t, 2).subs(t, 0))
        assert F[name](f64(0.7)).item() == pytest.approx(float(f.subs(t, 0.7)), abs=1e-12)
    assert c.critical_gamma() == c.critical_gamma("NSGAN") == 1 and c.critical_gamma("WGAN") == 2


@pytest.mark.parametrize("loss", ["GAN", "NSGAN", "WGAN"])
def test_without_a_regulariser_the_eigenvalues_are_plus_and_minus_i_times_the_slope(loss):
    found = c.eigenvalues(c.jacobian(c.field(c.dirac(loss)), 0.0, 0.0))
    assert found.tolist() == pytest.approx([SLOPE[loss] * 1j, -SLOPE[loss] * 1j], abs=1e-14)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["GAN", "NSGAN", "WGAN"]), st.sampled_from(["R1", "R2"]), st.floats(0, 4))
def test_eigenvalues_under_r1_and_r2(loss, regulariser, gamma):
    """−γ/2 ± √(γ²/4 − f'(0)²)"""
    found = c.eigenvalues(c.jacobian(c.field(c.dirac(loss, regulariser, gamma)), 0.0, 0.0))
    root = cmath.sqrt(gamma**2 / 4 - SLOPE[loss] ** 2)
    assert found.tolist() == pytest.approx([-gamma / 2 + root, -gamma / 2 - root], abs=1e-6)
    assert found.tolist() == pytest.approx(list(c.dirac_eigenvalues(loss, gamma)), abs=1e-6)
    assert found[0].real <= 1e-12 and (abs(root.imag) < 1e-12) == (gamma >= c.critical_gamma(loss))


@pytest.mark.parametrize("noise", [0.1, 0.7, 2.0])
@pytest.mark.parametrize("loss", ["GAN", "WGAN"])
def test_eigenvalues_under_instance_noise(loss, noise):
    """f''(0) σ² ± √(f''(0)² σ⁴ − f'(0)²): no help for WGAN, whose f'' is 0."""
    found = c.eigenvalues(c.jacobian(c.field(c.dirac(loss, noise=noise)), 0.0, 0.0))
    bent = CURVATURE[loss] * noise**2
    root = cmath.sqrt(bent**2 - SLOPE[loss] ** 2)
    assert found.tolist() == pytest.approx([bent + root, bent - root], abs=1e-10)
    assert found.tolist() == pytest.approx(list(c.dirac_eigenvalues(loss, noise=noise)), abs=1e-10)


def test_eigenvalues_under_consensus():
    """−γ f'(0)² ± i f'(0)"""
    found = c.eigenvalues(c.jacobian(c.consensus(c.field(c.dirac()), 0.6), 0.0, 0.0))
    assert found.tolist() == pytest.approx([-0.15 + 0.5j, -0.15 - 0.5j], abs=1e-12)


@pytest.mark.parametrize("loss", ["GAN", "WGAN"])
def test_the_critical_gamma_is_the_fastest_in_the_long_run_and_near(loss):
    """By the matrix exponential of J: from (1, 1), and for some time, a γ a little smaller is nearer."""

    def left(share):
        J = c.jacobian(c.field(c.dirac(loss, "R1", share * c.critical_gamma(loss))), 0.0, 0.0).numpy()
        return np.linalg.norm(linalg.expm(400 / c.critical_gamma(loss) * J))

    assert all(left(1.0) < left(share) / 10 for share in (0.5, 0.8, 0.9, 0.95, 1.05, 1.1, 1.5))
    slowest = [c.dirac_eigenvalues(gamma=gamma)[0].real for gamma in np.linspace(0, 2, 41)]
    assert np.argmin(slowest) == 20  # γ = 1


@pytest.mark.parametrize("first", ["G", "D"])
@pytest.mark.parametrize("h", [0.05, 0.2, 1.0, 2.5, 3.8])
def test_by_turns_another_gamma_is_the_fastest(h, first):
    """γ = 1 − h/4, where |μ| = |1 − h/2|; both at once it stays 1 as long as the steps are small."""

    def mu(order, gamma):
        v = c.field(c.dirac("GAN", "R1", gamma))
        return c.spectral_radius(c.round_jacobian(v, 0.0, 0.0, c.Rule(order, h, first)))

    best = 1 - h / 4
    assert mu("alternating", best) == pytest.approx(abs(1 - h / 2), abs=1e-6)
    assert all(mu("alternating", best + off) > abs(1 - h / 2) + 1e-4 for off in (-0.04, -0.02, 0.02, 0.04))
    if h < 2:
        assert all(mu("simultaneous", 1.0) < mu("simultaneous", gamma) for gamma in (0.9, 0.98, 1.02, 1.1))


@pytest.mark.parametrize("order, best", [("simultaneous", 1.0), ("alternating", 0.95)])
def test_in_500_rounds_a_slightly_smaller_gamma_is_nearer(order, best):
    """Nearer than at the γ with the least |μ|, by the largest distance of the last 50 rounds."""

    def left(gamma):
        v = c.field(c.dirac("GAN", "R1", gamma))
        return c.radius(c.trajectory(v, 1.0, 1.0, c.Rule(order, 0.2), 500))[-50:].max()

    assert left(best - 0.05) < left(best) / 3


def test_with_wgan_gp_the_flow_goes_round_below_2_and_stops_beside_the_equilibrium_from_2_on():
    """With steps of 0.02, for the flow: a small step makes no complex eigenvalue real. From three starts at once."""
    for gamma, steps in ((0.7, 2000), (1.5, 2000), (1.9, 2000), (2.0, 2800), (2.1, 2800), (3.0, 2800)):
        v = c.field(c.dirac("WGAN", "WGAN-GP", gamma))
        late = c.trajectory(v, [1.0, -4.0, 0.1], [1.0, 2.0, -0.3], c.Rule(step=0.02), steps).theta[-600:]
        if gamma < 2:
            assert late.amin(0).max() < -1 and late.amax(0).min() > 1
        else:
            assert (late.abs() - gamma).abs().max() < 1e-6


def test_consensus_runs_out_from_afar_where_arrows_are_short():
    """From (1, 1) it comes in, and so does R1 from all these starts."""
    v = c.field(c.dirac())
    assert c.radius(c.flow(c.consensus(v, 1.0), 1.0, 1.0, 100.0))[-1] < 1e-6
    for start in (1.5, 2.0):
        assert c.radius(c.flow(c.consensus(v, 1.0), start, start, 100.0))[-1] > 6
        assert c.radius(c.flow(c.field(c.dirac("GAN", "R1", 0.3)), start, start, 100.0))[-1] < 1e-4
    lengths = [math.hypot(*(part.item() for part in v(*f64(place, place)))) for place in (0.9, 1.5, 2.0, 3.0)]
    assert lengths == sorted(lengths, reverse=True) and lengths[1] < 0.21


def test_wgans_dirac_gan_is_convex_concave_on_the_whole_plane_and_its_steps_do_not_shrink():
    """Its L = ψθ is linear in each number however large it is. A step is 0.1 times the arrow, the last as the first."""
    game, far = c.dirac("WGAN"), f64([-1e6, -3.0, 0.0, 2.0, 1e6])
    for theta in far:
        for psi in far:
            assert game.g(theta, psi) == theta * psi == -game.d(theta, psi)
    v = c.field(game)
    for order in ("simultaneous", "alternating"):
        way = c.trajectory(v, 1.0, 1.0, c.Rule(order, 0.1), 2000)
        assert torch.allclose(way.theta.diff(), -0.1 * way.psi[:-1], rtol=1e-6)
        seen = way.theta[:-1] if order == "simultaneous" else way.theta[1:]
        assert torch.allclose(way.psi.diff(), 0.1 * seen, rtol=1e-6)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.05, 12), st.floats(0, 12))
def test_both_at_once_r1_comes_in_between_two_borders(h, gamma):
    """h/4 < γ < 2/h + h/8, which no γ fulfils for h ≥ 4."""
    inside = h / 4 < gamma < 2 / h + h / 8
    assume(abs(gamma - h / 4) > 1e-3 and abs(gamma - 2 / h - h / 8) > 1e-3)
    v = c.field(c.dirac("GAN", "R1", gamma))
    assert (c.spectral_radius(c.round_jacobian(v, 0.0, 0.0, c.Rule(step=h))) < 1) == inside
    assert not (inside and h >= 4)


def test_at_the_lower_border_the_remainder_decides():
    """|μ| = 1; with steps of 1 it comes in, far more slowly than any |μ| < 1 would have it."""
    v = c.field(c.dirac("GAN", "R1", 0.25))
    assert c.spectral_radius(c.round_jacobian(v, 0.0, 0.0, c.Rule(step=1.0))) == pytest.approx(1, abs=1e-12)
    far = c.radius(c.trajectory(v, 1.0, 1.0, c.Rule(step=1.0), 3000))
    assert 0.05 < far[-50:].max() < 0.1 < far[1000:1050].max() < 0.2


def test_wgan_gp_has_no_rest_at_the_equilibrium():
    """It pulls |ψ| to 1, wherever θ is: beside (0, 0) the field does not vanish."""
    v = c.field(c.dirac("WGAN", "WGAN-GP", 0.7))
    by_g, by_d = v(*f64(0.0, 1e-9))
    assert by_d.item() == pytest.approx(0.7) and abs(by_g) < 1e-8


def test_it_is_notebook_1s_game_with_d_turned_round():
    theta, psi = f64(0.6, -0.9)
    assert c.dirac().d(theta, psi).item() == pytest.approx(-notebook_1(-psi, theta).item())
    assert c.dirac().d(theta, psi).item() + 0.5 * 0.3 * 0.81 == pytest.approx(
        c.dirac("GAN", "R1", 0.3).d(theta, psi).item()
    )


def test_games_side_by_side_are_games_alone():
    for game, rule in ((c.dirac("NSGAN", "R1", 0.3), c.Rule("alternating")), (c.dirac(noise=0.5), c.Rule())):
        v, starts = c.consensus(c.field(game), 0.2), f64([[1.0, 1.0], [-0.4, 2.0], [0.0, 0.3]])
        together = c.trajectory(v, starts[:, 0], starts[:, 1], rule, 30)
        for i, (theta, psi) in enumerate(starts):
            assert torch.allclose(together.theta[:, i], c.trajectory(v, theta, psi, rule, 30).theta, atol=1e-12)


# ---------------------------------------------------------------- a Gaussian

M, S = 0.7, 1.3
AT = [S, M], [0.0, 0.0]  # the equilibrium


def theory(loss, regulariser, gamma):
    """J at (a, b) = (s, m), ψ = 0: [[0, −f' Bᵀ], [f' B, 2 f'' E φφᵀ − γ E ∇φ∇φᵀ]], φ = (x, x²), B = ∂E φ(G)/∂(a, b)."""
    second, third, fourth = M**2 + S**2, M**3 + 3 * M * S**2, M**4 + 6 * M**2 * S**2 + 3 * S**4
    B = SLOPE[loss] * np.array([[0, 1], [2 * S, 2 * M]])
    spread = np.array([[second, third], [third, fourth]])
    penalty = gamma * np.array([[1, 2 * M], [2 * M, 4 * second]]) if regulariser != "none" else 0
    return np.block([[np.zeros((2, 2)), -B.T], [B, 2 * CURVATURE[loss] * spread - penalty]])


GAUSSIANS = [
    (loss, regulariser, gamma)
    for loss in ("GAN", "NSGAN", "WGAN")
    for regulariser, gamma in (("none", 1.0), ("R1", 0.5), ("R2", 0.5))
]


@pytest.mark.parametrize("loss, regulariser, gamma", GAUSSIANS)
def test_the_jacobian_at_a_gaussians_equilibrium(loss, regulariser, gamma):
    v = c.field(c.gaussian(loss, regulariser, gamma, M, S))
    assert all(part.abs().max() < 1e-12 for part in v(*f64(*AT)))
    np.testing.assert_allclose(c.jacobian(v, *AT), theory(loss, regulariser, gamma), atol=1e-10)


@pytest.mark.parametrize("loss, turned", [("WGAN", True), ("GAN", False)])
def test_with_psi_changed_in_sign_a_wgans_flow_runs_backwards(loss, turned):
    """So no rest point with ψ = 0 attracts it."""
    v, psi = c.field(c.gaussian(loss, mean=M, deviation=S)), f64([0.4, -0.3])
    (there, up), (back, same) = (v(f64([0.7, -0.2]), each) for each in (psi, -psi))
    assert (torch.allclose(back, -there) and torch.allclose(same, up)) is turned
    start, end = f64([S + 0.2, M]), c.flow(v, [S + 0.2, M], [0.0, 0.0], 5.0, 1)
    way = c.flow(v, end.theta[-1], -end.psi[-1], 5.0, 1)
    assert torch.allclose(way.theta[-1], start, atol=1e-6) is turned


def test_rest_points_of_a_gan_at_which_all_fakes_are_one_are_no_equilibria():
    game = c.gaussian()

    def arrows(at):  # at: b, ψ₁, ψ₂
        return torch.cat(c.field(game)(f64([0.0, at[0]]), f64(list(at[1:])))).numpy()

    for near in ((1.875, 0.672, -0.179), (-0.956, -5.505, -2.879), (-4.962, -2.199, -0.222)):
        b, *psi = found = optimize.fsolve(lambda at: arrows(at)[1:], near, xtol=1e-13)
        assert abs(arrows(found)).max() < 1e-9 and abs(found - near).max() < 1e-2
        assert game.g(*f64([0.1, b], psi)) < game.g(*f64([0.0, b], psi)) - 1e-6


def test_a_wgans_eigenvalues_do_not_tell_and_spread_data_damp_a_gan():
    """WGAN: imaginary. GAN: damped by f'' < 0 already; R1 adds to it, so that what crept before creeps more slowly."""

    def damping(*which):
        found = c.eigenvalues(c.jacobian(c.field(c.gaussian(*which, mean=M, deviation=S)), *AT)).real
        return found[0].item(), found.sum().item()

    assert damping("WGAN", "none", 0.0) == pytest.approx((0, 0), abs=1e-10)
    assert damping("WGAN", "R1", 0.5)[0] < -0.05
    plain, more = damping("GAN", "none", 0.0), damping("GAN", "R1", 0.2)
    assert more[1] < plain[1] < 0 and plain[0] < more[0] < 0


@pytest.mark.parametrize("loss, regulariser", [("GAN", "R1"), ("NSGAN", "R2"), ("WGAN", "none")])
def test_a_gaussians_losses_are_scipys_integrals(loss, regulariser):
    f = (lambda t: -np.logaddexp(0, -t)) if loss != "WGAN" else (lambda t: t)
    (a, b), (p1, p2) = (0.8, -0.4), (0.5, -0.3)

    def over(h, mean, deviation):
        return integrate.quad(
            lambda x: h(x) * stats.norm(mean, deviation).pdf(x),
            mean - 12 * deviation,
            mean + 12 * deviation,
            epsabs=1e-12,
            limit=200,
        )[0]

    def judge(x):
        return p1 * x + p2 * x**2

    game = c.gaussian(loss, regulariser, 0.6, M, S)
    at = f64([a, b], [p1, p2])
    penalty = {
        "R1": 0.3 * over(lambda x: (p1 + 2 * p2 * x) ** 2, M, S),
        "R2": 0.3 * over(lambda x: (p1 + 2 * p2 * x) ** 2, b, a),
        "none": 0,
    }[regulariser]
    expected = -over(lambda x: f(judge(x)), b, a) - over(lambda x: f(-judge(x)), M, S) + penalty
    assert game.d(*at).item() == pytest.approx(expected, abs=1e-7)
    sign = -1 if loss == "NSGAN" else 1
    assert game.g(*at).item() == pytest.approx(sign * over(lambda x: f(sign * judge(x)), b, a), abs=1e-7)


@pytest.mark.parametrize(
    "rule",
    [
        c.Rule(step=0.02),
        c.Rule(step=0.1),
        c.Rule("alternating", 0.1),
        c.Rule(step=0.5),
        c.Rule(step=0.05, momentum=0.5),
        c.Rule("extra-gradient", 0.1),
    ],
    ids=str,
)
@pytest.mark.parametrize("loss, regulariser", [("GAN", "none"), ("GAN", "R1"), ("WGAN", "none"), ("WGAN", "R1")])
def test_the_spectral_radius_tells_what_the_trajectory_does(loss, regulariser, rule):
    """From 1e-6 off the equilibrium: below 1 the path comes nearer, above 1 it leaves, at the rate foretold."""
    v = c.field(c.gaussian(loss, regulariser, 0.5, 0.0, 1.0))
    rho = c.spectral_radius(c.round_jacobian(v, [1.0, 0.0], [0.0, 0.0], rule))
    path = c.trajectory(v, [1 + 1e-6, 1e-6], [1e-6, 1e-6], rule, 240)
    away = torch.cat([path.theta - f64([1.0, 0.0]), path.psi], 1).norm(dim=1)
    if abs(rho - 1) < 1e-9:  # WGAN, alternating: λ does not tell, nothing is seen
        assert away[-50:].min() > 0.3e-6 and away[-50:].max() < 5e-6
        return
    far = next((t for t, d in enumerate(away) if d > 1e-3), 240)  # where it is no longer linear
    near = next((t for t, d in enumerate(away) if d < 1e-12), far)
    t = min(far, near)
    assert (away[t] < away[0]).item() == (rho < 1), rho
    rate = (away[t] / away[t // 2]).item() ** (1 / (t - t // 2))
    assert rate == pytest.approx(rho, abs=max(0.02, 0.2 * abs(1 - rho)))


@pytest.mark.parametrize(
    "loss, regulariser, arrives",
    [("GAN", "R1", True), ("NSGAN", "R1", True), ("WGAN", "R1", True), ("WGAN", "none", False)],
)
def test_from_afar_a_gaussian_is_learned_or_circled(loss, regulariser, arrives):
    v = c.field(c.gaussian(loss, regulariser, 0.5, 1.0, 0.6))
    path = c.trajectory(v, [1.0, 0.0], [0.0, 0.0], c.Rule("alternating", 0.2), 1000)
    away = (path.theta[-50:] - f64([0.6, 1.0])).norm(dim=1)
    assert away.max() < 1e-3 if arrives else away.max() > 0.3


def test_gauss_hermite_has_the_moments_of_a_gaussian():
    x, weight = gauss_hermite()
    assert [(weight * x**n).sum().item() for n in range(9)] == pytest.approx([1, 0, 1, 0, 3, 0, 15, 0, 105], abs=1e-9)


# ---------------------------------------------------------------- at the door


@pytest.mark.parametrize(
    "broken, words",
    [
        (lambda: c.dirac("LSGAN"), "loss must be one of GAN, NSGAN, WGAN, got 'LSGAN'"),
        (lambda: c.dirac(regulariser="R3"), "regulariser must be one of none, R1, R2, WGAN-GP, got 'R3'"),
        (lambda: c.dirac("GAN", "R1", -0.1), "gamma must be a finite number ≥ 0, got -0.1"),
        (lambda: c.dirac("WGAN", "WGAN-GP", 1.0, math.nan), "target must be a finite number"),
        (lambda: c.dirac(noise=-1), "noise must be a finite number ≥ 0, got -1"),
        (lambda: c.dirac(noise=1, samples=0), "samples must be a whole number ≥ 1, got 0"),
        (lambda: c.critical_gamma("x"), "loss must be one of"),
        (lambda: c.dirac_eigenvalues(gamma=math.inf), "gamma must"),
        (lambda: c.gaussian(regulariser="WGAN-GP"), "regulariser must be one of none, R1, R2, got 'WGAN-GP'"),
        (lambda: c.gaussian(deviation=0), "deviation must be a finite number > 0, got 0"),
        (lambda: c.gaussian(mean=math.inf), "mean must"),
        (lambda: c.outcome(torch.ones(100)), "needs 150 radii or more"),
        (lambda: c.radius(c.trajectory(c.field(c.gaussian()), [1.0, 0], [0.0, 0], c.Rule(), 2)), "of one game"),
        (lambda: c.trajectory(c.field(c.gaussian()), [1.0], [0.0, 0], c.Rule(), 2), "θ must have the shape"),
        (lambda: c.trajectory(c.field(c.dirac()), [1.0, 2.0], 0.0, c.Rule(), 2), "one shape"),
    ],
)
def test_bad_input_is_named(broken, words):
    with pytest.raises(ValueError, match=words):
        broken()


def test_a_path_that_runs_away_does_not_converge():
    assert c.outcome(torch.cat([torch.ones(300), torch.full((200,), math.nan)])) == NO
    assert c.outcome(torch.cat([torch.ones(300), torch.full((200,), math.inf)])) == NO


@pytest.mark.parametrize(
    "end, expected",
    [
        (0.0009, "converges"),
        (0.0011, "stays close"),
        (0.049, "stays close"),
        (0.051, "converges slowly"),
        (0.89, "converges slowly"),
        (0.91, "does not converge"),
        (1.0, "does not converge"),
    ],
)
def test_the_bands_of_the_outcomes(end, expected):
    """0.1 %, 5 % of the start, nine tenths of the middle, by the largest of the last 50 of 501 distances."""
    radii = torch.ones(501)
    radii[451:] = end / 2
    radii[460] = end
    assert c.outcome(radii) == expected
    radii[450] = 9.0  # the one before them does not count, nor does what came after the middle
    assert c.outcome(radii) == expected
