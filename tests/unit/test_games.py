"""core.games: fields, update rules and eigenvalues against numpy, scipy, sympy, differences."""

import copy
import math
from collections import deque

import numpy as np
import pytest
import sympy
import torch
from hypothesis import given, settings, strategies as st
from scipy.linalg import expm
from torch import nn
from torch.func import functional_call, grad, jacrev

from gan_edu import losses
from gan_edu.core.data.pixels import scaled
from gan_edu.core.games import field, update_rules
from gan_edu.core.games.eigenvalues import Linearised, leading_eigenvalues
from gan_edu.core.games.examples import dirac
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.penalties import lazy
from gan_edu.training_loop import GAN

ROTATION = field.Game(lambda theta, psi: theta @ psi, lambda theta, psi: -(theta @ psi))
A, B, C = (torch.randn(3, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)) for seed in (1, 2, 3))


def wavy():
    """A pair of losses that has no symmetry to hide behind: θ (3,), ψ (2,)."""
    return field.Game(
        lambda theta, psi: torch.sin(theta @ A @ psi) + (theta**3).sum() / 5 + (psi**2).sum(),
        lambda theta, psi: torch.cos(theta @ B @ psi) + (psi @ psi) ** 2 / 3 + (theta @ C @ psi) / 2,
    )


THETA, PSI = torch.tensor([0.4, -0.3, 0.9]).double(), torch.tensor([-0.7, 0.2]).double()


def differences(function, at, h=1e-5):
    """∂ function / ∂ at by central differences, (m, n)."""
    columns = [(function(at + h * e) - function(at - h * e)) / (2 * h) for e in torch.eye(len(at)).double()]
    return torch.stack(columns, 1)


def flat(function):
    return lambda z: torch.cat([each.flatten() for each in function(z[:3], z[3:])])


# ---------------------------------------------------------------- the field


def test_the_field_goes_down_each_players_own_loss():
    game = wavy()
    by_g = differences(lambda theta: game.g(theta, PSI)[None], THETA)[0]
    by_d = differences(lambda psi: game.d(THETA, psi)[None], PSI)[0]
    v = field.field(game)(THETA, PSI)
    assert torch.allclose(v[0], -by_g, atol=1e-8) and torch.allclose(v[1], -by_d, atol=1e-8)
    assert not v[0].requires_grad and not v[1].requires_grad


def test_the_jacobian_is_that_of_differences_in_any_shape():
    v = field.field(wavy())
    z = torch.cat([THETA, PSI])
    assert torch.allclose(field.jacobian(v, THETA, PSI), differences(flat(v), z), atol=1e-8)
    shaped = field.field(
        field.Game(
            lambda theta, psi: wavy().g(theta.flatten(), psi.flatten()),
            lambda theta, psi: wavy().d(theta.flatten(), psi.flatten()),
        )
    )
    assert torch.allclose(field.jacobian(shaped, THETA.view(3, 1), PSI.view(1, 2)), field.jacobian(v, THETA, PSI))


@pytest.mark.parametrize("order", ["jacobian", "turn"])
def test_a_loss_that_knows_only_its_own_player_or_none(order):
    v = field.field(field.Game(lambda theta, psi: (psi**2).sum(), lambda theta, psi: (psi**2).sum() / 2))
    expected = torch.diag(torch.tensor([0, 0, 0, -1, -1]).double())
    if order == "jacobian":
        assert torch.equal(field.jacobian(v, THETA, PSI), expected)
        still = field.field(field.Game(lambda theta, psi: torch.tensor(1.0), lambda theta, psi: psi.sum()))
        assert torch.equal(still(THETA, PSI)[0], torch.zeros(3).double())
    else:
        found = update_rules.round_jacobian(v, THETA, PSI, update_rules.Rule("alternating", 0.5))
        assert torch.equal(found, torch.eye(5).double() + 0.5 * expected)


def test_consensus_descends_the_length_of_the_field():
    v = field.field(wavy())
    z = torch.cat([THETA, PSI])
    slope = differences(lambda at: (flat(v)(at) ** 2).sum()[None] / 2, z)[0]
    calm = field.consensus(v, 0.7)
    assert torch.allclose(flat(calm)(z), flat(v)(z) - 0.7 * slope, atol=1e-7)
    assert torch.allclose(field.jacobian(calm, THETA, PSI), differences(flat(calm), z), atol=1e-6)
    assert all(torch.equal(a, b) for a, b in zip(field.consensus(v, 0)(THETA, PSI), v(THETA, PSI), strict=True))


def test_the_dirac_field_and_its_consensus_are_sympys():
    theta, psi, gamma = sympy.symbols("theta psi gamma", real=True)
    loss = -sympy.log(1 + sympy.exp(-theta * psi))
    v = -sympy.diff(loss, theta), sympy.diff(loss, psi)
    length = (v[0] ** 2 + v[1] ** 2) / 2
    calm = [part - gamma * sympy.diff(length, by) for part, by in zip(v, (theta, psi), strict=True)]
    for at in ((1.0, 1.0), (-0.3, 2.0), (0.0, 0.5)):
        where = dict(zip((theta, psi), at, strict=True)) | {gamma: 0.8}
        ours = field.consensus(field.field(dirac()), 0.8)(*field.as_tensors(*at))
        assert [o.item() for o in ours] == pytest.approx([float(c.subs(where)) for c in calm], abs=1e-12)
        J = sympy.Matrix(calm).jacobian([theta, psi]).subs(where)
        found = field.jacobian(field.consensus(field.field(dirac()), 0.8), *at)
        np.testing.assert_allclose(found, np.array(J, dtype=float), atol=1e-12)


# ---------------------------------------------------------------- eigenvalues and the flow


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=16, max_size=16))
def test_eigenvalues_are_numpys_in_order(numbers):
    matrix = torch.tensor(numbers, dtype=torch.float64).view(4, 4)
    ours = field.eigenvalues(matrix)
    assert sum(ours).real.item() == pytest.approx(matrix.trace().item(), abs=1e-9)
    assert all(a.real >= b.real - 1e-11 for a, b in zip(ours, ours[1:], strict=False))
    assert field.spectral_radius(matrix) == pytest.approx(abs(np.linalg.eigvals(matrix.numpy())).max(), abs=1e-6)


def test_a_conjugate_pair_begins_above():
    assert field.eigenvalues(torch.tensor([[-1.0, 2], [-2, -1]])).tolist() == pytest.approx([-1 + 2j, -1 - 2j])


def test_the_flow_of_a_linear_game_is_the_matrix_exponential():
    game = field.Game(lambda theta, psi: theta @ A @ psi + theta @ theta / 4, lambda theta, psi: -theta @ B @ psi)
    v = field.field(game)
    path = field.flow(v, THETA, PSI, 5.0, 20)
    J = torch.cat([torch.cat([-torch.eye(3) / 2, -A], 1), torch.cat([B.T, torch.zeros(2, 2)], 1)]).double()
    assert torch.allclose(field.jacobian(v, THETA, PSI), J, atol=1e-12)
    for i in (0, 7, 20):
        expected = expm(J.numpy() * path.time[i].item()) @ torch.cat([THETA, PSI]).numpy()
        np.testing.assert_allclose(torch.cat([path.theta[i], path.psi[i]]), expected, rtol=1e-7, atol=1e-8)
    assert path.theta.shape == (21, 3) and path.psi.shape == (21, 2) and path.time[-1] == 5


def test_the_flow_of_the_dirac_gan_circles():
    """d/dt ½(θ² + ψ²) = −θ ψ f' + ψ θ f' = 0: minimax; with R1 it is −γ ψ², never above 0."""
    path = field.flow(field.field(dirac()), 1.0, 1.0, 100.0)
    assert torch.allclose(torch.hypot(path.theta, path.psi), torch.tensor(2.0).double().sqrt(), atol=1e-6)
    assert path.theta.min() < -1
    damped = field.flow(field.field(dirac("GAN", "R1", 1.0)), 1.0, 1.0, 40.0)
    assert (torch.hypot(damped.theta, damped.psi).diff() < 0).all()


def test_the_flow_of_the_non_saturating_dirac_gan_creeps_in_as_the_root_of_8_over_the_time():
    """½ d(r²)/dt = −t tanh(t/2) with t = ψθ: −r⁴/16 on average over a small circle, so that r → √(8/T)."""
    v, stream = field.field(dirac("NSGAN")), torch.Generator().manual_seed(0)
    theta, psi = 3 * torch.randn(2, 100, dtype=torch.float64, generator=stream)
    by_g, by_d = v(theta, psi)
    t = theta * psi
    assert torch.allclose(theta * by_g + psi * by_d, -t * torch.tanh(t / 2), atol=1e-12)
    path = field.flow(v, 1.0, 1.0, 200.0, 2)
    for k, time in ((1, 100), (2, 200)):
        assert math.hypot(path.theta[k], path.psi[k]) == pytest.approx(math.sqrt(8 / time), rel=0.02)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 4))
def test_r1_pulls_psi_alone_and_not_at_the_equilibrium(theta, psi, gamma):
    """What it adds to the field is (0, −γψ): nothing where ψ = 0, inwards elsewhere."""
    at = field.as_tensors(theta, psi)
    (by_g, by_d), (with_g, with_d) = (field.field(each)(*at) for each in (dirac(), dirac("GAN", "R1", gamma)))
    assert with_g.item() == by_g.item() and (with_d - by_d).item() == pytest.approx(-gamma * psi, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.01, 10))
def test_both_at_once_every_step_of_the_minimax_dirac_gan_leads_away(theta, psi, h):
    """Pythagoras, as v is at a right angle to (θ, ψ): r² grows by h² ‖v‖² at every place and learning rate."""
    v = field.field(dirac())
    by_g, by_d = (part.item() for part in v(*field.as_tensors(theta, psi)))
    path = update_rules.trajectory(v, theta, psi, update_rules.Rule(step=h), 1)
    grown = path.theta[1] ** 2 + path.psi[1] ** 2 - theta**2 - psi**2
    assert grown.item() == pytest.approx(h * h * (by_g**2 + by_d**2), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("h", [0.1, 0.2, 0.5])
def test_the_non_saturating_dirac_gan_is_caught_where_flow_and_steps_are_equal(h):
    """Both at once: −r⁴/8 of the flow and h r²/4 of the steps, a unit of time: r = √(2h)."""
    path = update_rules.trajectory(field.field(dirac("NSGAN")), 0.7, 0.7, update_rules.Rule(step=h), 3000)
    late = torch.hypot(path.theta, path.psi)[-200:]
    assert late.mean().item() == pytest.approx(math.sqrt(2 * h), rel=0.03)


def by_turns(theta, psi, h, rounds):
    """Distances after each round of the minimax Dirac-GAN, G first, in plain floats: a million take a second."""
    for _ in range(rounds):
        theta -= h * psi / (1 + math.exp(psi * theta))
        psi += h * theta / (1 + math.exp(psi * theta))
        yield math.hypot(theta, psi)


def swing(distances, last):
    """Least and largest of the last distances."""
    kept = deque(distances, maxlen=last)
    return min(kept), max(kept)


def test_rounds_in_plain_floats_are_those_of_the_rule():
    path = update_rules.trajectory(field.field(dirac()), 1.0, 1.0, update_rules.Rule("alternating", 1.0), 300)
    assert torch.hypot(path.theta, path.psi)[1:].tolist() == pytest.approx(list(by_turns(1.0, 1.0, 1.0, 300)), rel=1e-9)


@pytest.mark.parametrize(
    ("start", "h", "rounds", "least", "largest"),
    [
        (1.0, 0.2, 500, 1.34, 1.43),
        (1.0, 0.2, 100_000, 1.5, 1.62),
        (1.0, 0.2, 1_000_000, 3.5, 4.5),
        (1.0, 1.0, 2000, 1.5, 6),
        (0.5, 1.0, 2000, 0.54, 0.72),
        (0.5, 1.0, 100_000, 2, 7),
    ],
)
def test_by_turns_the_minimax_dirac_gan_creeps_out_the_slower_the_nearer_it_starts(start, h, rounds, least, largest):
    low, high = swing(by_turns(start, start, h, rounds), 500)
    assert least < low <= high < largest


@pytest.mark.parametrize(("start", "early", "late"), [(1.0, 600, 650), (0.5, 68_000, 68_500)])
def test_when_it_is_past_3_does_not_hang_on_the_last_digit_of_the_start(start, early, late):
    for nudge in (-1e-15, 0.0, 1e-15):
        way = by_turns(start + nudge, start, 1.0, late)
        assert early < next(k for k, far in enumerate(way, 1) if far > 3)


def test_where_it_is_long_after_hangs_on_the_last_digit_of_the_start():
    ends = [deque(by_turns(1.0 + k * 2.3e-16, 1.0, 1.0, 2000), maxlen=1)[0] for k in range(40)]
    assert max(ends) - min(ends) > 0.3


def test_by_turns_the_minimax_dirac_gan_creeps_out_from_near_as_well():
    """From (0.3, 0.1) 2,000 rounds of 1 show nothing."""
    early, late = (swing(by_turns(0.3, 0.1, 1.0, rounds), 2000) for rounds in (2000, 2_000_000))
    assert early == pytest.approx((0.2607, 0.3366), abs=1e-4) and late == pytest.approx((0.2632, 0.3398), abs=2e-4)


@given(theta=st.floats(-3, 3), psi=st.floats(-3, 3))
def test_the_minimax_dirac_gan_rests_in_the_middle_alone_and_crawls_where_real_and_fake_are_far(theta, psi):
    """‖v‖ = r f'(ψθ), f'(t) = 1 / (1 + eᵗ) > 0."""
    by_g, by_d = field.field(dirac())(*field.as_tensors(theta, psi))
    assert math.hypot(by_g, by_d) == pytest.approx(math.hypot(theta, psi) / (1 + math.exp(theta * psi)), rel=1e-9)
    if theta * psi > 6:
        assert math.hypot(by_g, by_d) < 0.003 * math.hypot(theta, psi)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 20))
def test_mu_of_the_minimax_dirac_gan(h):
    """Both at once √(1 + h²/4); by turns 1 up to h = 4, and above 1 from there."""

    def mu(order):
        return field.spectral_radius(
            update_rules.round_jacobian(field.field(dirac()), 0.0, 0.0, update_rules.Rule(order, step=h))
        )

    assert mu("simultaneous") == pytest.approx(math.hypot(1, h / 2)) and mu("simultaneous") > 1
    assert mu("alternating") == pytest.approx(1, abs=1e-6) if h <= 4 else mu("alternating") > 1


@pytest.mark.parametrize(
    ("gamma", "rule"),
    [
        (0.0, update_rules.Rule(step=0.2)),
        (3.0, update_rules.Rule(step=0.7)),
        (0.0, update_rules.Rule("alternating", step=4.1)),
    ],
)
def test_where_one_mu_is_above_1_the_players_leave_the_neighbourhood(gamma, rule):
    """With γ = 3 the other μ is below 1: from nearly every start they still leave."""
    v = field.field(dirac("GAN", "R1", gamma))
    assert field.spectral_radius(update_rules.round_jacobian(v, 0.0, 0.0, rule)) > 1
    starts = 1e-3 * torch.randn(2, 10, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    path = update_rules.trajectory(v, *starts, rule, 2000)
    assert (torch.hypot(path.theta, path.psi).amax(0) > 0.05).all()


def test_a_flow_that_ends_is_told():
    def runaway(theta, psi):
        return theta**2, 0 * psi  # θ = 1 / (1 − t)

    with pytest.raises(RuntimeError, match="could not be followed to the time 2"):
        field.flow(runaway, 1.0, 0.0, 2.0)


# ---------------------------------------------------------------- rounds

RULES = [
    update_rules.Rule(order, 0.1, first, momentum, clip)
    for order in ("simultaneous", "alternating")
    for first in ("G", "D")
    for momentum in (0.0, 0.6, -0.4)
    for clip in (None, 0.5)
] + [update_rules.Rule("extra-gradient", 0.1, clip=clip) for clip in (None, 0.5)]


def by_hand(game, rule, theta, psi, count):
    """The same rounds, written out with the losses' own gradients."""

    def keep(psi):
        return psi if rule.clip is None else psi.clip(-rule.clip, rule.clip)

    def down_g(theta, psi):
        return -rule.step * grad(game.g, 0)(theta, psi)

    def down_d(theta, psi):
        return -rule.step * grad(game.d, 1)(theta, psi)

    m_g, m_d = 0 * theta, 0 * psi
    for _ in range(count):
        if rule.order == "extra-gradient":
            there = theta + down_g(theta, psi), keep(psi + down_d(theta, psi))
            theta, psi = theta + down_g(*there), keep(psi + down_d(*there))
        elif rule.order == "simultaneous":
            m_g, m_d = rule.momentum * m_g + down_g(theta, psi), rule.momentum * m_d + down_d(theta, psi)
            theta, psi = theta + m_g, keep(psi + m_d)
        elif rule.first == "G":
            m_g = rule.momentum * m_g + down_g(theta, psi)
            m_d = rule.momentum * m_d + down_d(theta + m_g, psi)
            theta, psi = theta + m_g, keep(psi + m_d)
        else:
            m_d = rule.momentum * m_d + down_d(theta, psi)
            psi = keep(psi + m_d)
            m_g = rule.momentum * m_g + down_g(theta, psi)
            theta = theta + m_g
    return theta, psi


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_rounds_are_those_written_by_hand(rule):
    path = update_rules.trajectory(field.field(wavy()), THETA, PSI, rule, 12)
    theta, psi = by_hand(wavy(), rule, THETA, PSI, 12)
    assert torch.allclose(path.theta[-1], theta, atol=1e-12) and torch.allclose(path.psi[-1], psi, atol=1e-12)
    assert torch.equal(path.theta[0], THETA) and len(path.psi) == 13 and path.time[-1] == 12


def test_who_goes_first_matters_only_where_they_alternate():
    def end(order, first):
        return update_rules.trajectory(field.field(wavy()), THETA, PSI, update_rules.Rule(order, 0.1, first), 5).theta[
            -1
        ]

    assert torch.equal(end("simultaneous", "G"), end("simultaneous", "D"))
    assert not torch.allclose(end("alternating", "G"), end("alternating", "D"), atol=1e-4)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_rounds_jacobian_is_that_of_differences(rule):
    """With momentum on (θ, ψ, velocities) at rest; ψ away from the clip's edge, where the turn has no slope."""
    go, still = update_rules.one_round(field.field(wavy()), rule), (torch.zeros(3).double(), torch.zeros(2).double())

    def step(z):
        z = torch.cat([z, *still]) if len(z) == 5 else z
        return torch.cat(go(*z.split([3, 2, 3, 2])))

    at = torch.cat([THETA, PSI, *still] if rule.momentum else [THETA, PSI])
    assert torch.allclose(
        update_rules.round_jacobian(field.field(wavy()), THETA, PSI, rule), differences(step, at)[: len(at)], atol=1e-8
    )


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 1.5), st.floats(-0.9, 0.9))
def test_closed_forms_of_the_rounds_of_a_rotation(h, beta):
    """v = (−ψ, θ), λ = ±i. Simultaneous: 1 ± ih. Alternating: area is kept. Extra-gradient: 1 − h² ± ih.
    Momentum: μ² − (1 + β + hλ) μ + β = 0."""

    def radius(**rule):
        return field.spectral_radius(
            update_rules.round_jacobian(field.field(ROTATION), [0.0], [0.0], update_rules.Rule(**rule))
        )

    assert radius(step=h) == pytest.approx(math.hypot(1, h))
    assert radius(order="alternating", step=h) == pytest.approx(1, abs=1e-7)
    assert radius(order="alternating", step=h, first="D") == pytest.approx(1, abs=1e-7)
    assert radius(order="extra-gradient", step=h) == pytest.approx(abs(1 - h * h + 1j * h))
    assert (radius(order="extra-gradient", step=h) < 1) == (h < 1)
    if abs(beta) > 0.01:
        roots = np.roots([1, -(1 + beta + 1j * h), beta])
        assert radius(step=h, momentum=beta) == pytest.approx(abs(roots).max(), rel=1e-6)
        assert radius(step=h, momentum=beta) > 1  # both at once no momentum brakes
        if abs(h - 2 * (1 + beta)) > 0.01:  # where a root is at −1
            assert (radius(order="alternating", step=h, momentum=beta) < 1) == (beta < 0 and h < 2 * (1 + beta))


@pytest.mark.parametrize("first", ["G", "D"])
def test_an_alternating_round_is_the_product_of_two(first):
    v, h, eye = field.field(wavy()), 0.3, torch.eye(5).double()
    linear = field.jacobian(v, THETA, PSI)

    def straight(theta, psi):  # a field with this Jacobian everywhere
        pull = linear @ torch.cat([theta, psi])
        return pull[:3], pull[3:]

    g = torch.diag(torch.tensor([1, 1, 1, 0, 0]).double())
    own = {"G": g, "D": eye - g}
    second = "D" if first == "G" else "G"
    expected = (eye + h * own[second] @ linear) @ (eye + h * own[first] @ linear)
    found = update_rules.round_jacobian(straight, THETA, PSI, update_rules.Rule("alternating", h, first))
    assert torch.allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize(
    "rule",
    [
        update_rules.Rule("simultaneous"),
        update_rules.Rule("alternating"),
        update_rules.Rule("simultaneous", momentum=-0.3),
        update_rules.Rule("extra-gradient"),
    ],
    ids=str,
)
def test_near_the_equilibrium_a_round_shrinks_by_the_spectral_radius(rule):
    v = field.field(dirac("GAN", "R1", 0.4))
    path = update_rules.trajectory(v, 1e-3, 1e-3, rule, 400)
    norms = torch.hypot(path.theta, path.psi).log()
    rate = (norms[300:400].mean() - norms[100:200].mean()) / 200
    expected = math.log(field.spectral_radius(update_rules.round_jacobian(v, 0.0, 0.0, rule)))
    assert rate.item() == pytest.approx(expected, rel=0.02) and expected < 0


def test_clipping_stops_the_slope_beyond_its_edge():
    v = field.field(dirac("WGAN"))
    rule = update_rules.Rule(clip=0.1)
    path = update_rules.trajectory(v, 1.0, 1.0, rule, 3)
    assert path.psi.tolist() == [1.0, 0.1, 0.1, 0.1]
    assert update_rules.round_jacobian(v, 1.0, 1.0, rule)[1].tolist() == [0, 0]


# ---------------------------------------------------------------- at the door


@pytest.mark.parametrize(
    "broken, words",
    [
        (
            lambda: update_rules.Rule("random"),
            "order must be one of simultaneous, alternating, extra-gradient, got 'random'",
        ),
        (lambda: update_rules.Rule(first="A"), "first must be one of G, D, got 'A'"),
        (lambda: update_rules.Rule(step=-0.1), "step must be a finite number > 0, got -0.1"),
        (lambda: update_rules.Rule(step=0), "step must be a finite number"),
        (lambda: update_rules.Rule(step=math.nan), "step must be a finite number > 0, got nan"),
        (lambda: update_rules.Rule(momentum=1), "momentum must be a finite number > -1 and < 1, got 1"),
        (lambda: update_rules.Rule(clip=0), "clip must be a finite number > 0, got 0"),
        (lambda: update_rules.Rule("extra-gradient", momentum=0.5), "extra-gradient goes without momentum"),
        (
            lambda: update_rules.trajectory(field.field(dirac()), math.inf, 1.0, update_rules.Rule(), 5),
            "θ must be finite",
        ),
        (
            lambda: update_rules.trajectory(field.field(dirac()), 1.0, [math.nan], update_rules.Rule(), 5),
            "ψ must be finite",
        ),
        (
            lambda: update_rules.trajectory(field.field(dirac()), 1.0, 1.0, update_rules.Rule(), 0),
            "count must be a whole number ≥ 1",
        ),
        (lambda: field.jacobian(field.field(dirac()), "here", 1.0), "θ must be a number"),
        (lambda: field.jacobian(field.field(dirac()), 1j, 1.0), "θ must be finite real"),
        (lambda: field.jacobian(field.field(dirac()), [], 1.0), "at least one"),
        (lambda: field.flow(field.field(dirac()), 1.0, 1.0, -1.0), "time must be a finite number > 0, got -1"),
        (lambda: field.consensus(field.field(dirac()), -1), "strength must be a finite number ≥ 0, got -1"),
        (lambda: field.eigenvalues(torch.zeros(2, 3)), r"\(n, n\), n ≥ 1, got a tensor of the shape \(2, 3\)"),
        (lambda: field.eigenvalues(torch.full((2, 2), math.nan)), "NaN"),
        (
            lambda: field.field(field.Game(lambda t, p: t * p, lambda t, p: p))(THETA[:2], PSI),
            r"got a tensor of .* \(2,\)",
        ),
        (lambda: field.field(field.Game(lambda t, p: 3.0, lambda t, p: p.sum()))(THETA, PSI), "got float"),
    ],
)
def test_bad_input_is_named(broken, words):
    with pytest.raises(ValueError, match=words):
        broken()


# ---------------------------------------------------------------- a real GAN


def penalty(discriminator, real, fake):
    """R1 with γ = 2: E‖∇_x D‖²."""
    x = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return slope.square().sum(1).mean()


def small(loss=losses.non_saturating, **pieces):
    torch.manual_seed(3)
    generator = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 2))
    discriminator = nn.Sequential(nn.Linear(2, 6), nn.Softplus(), nn.Dropout(0.5), nn.Linear(6, 1))
    return GAN(generator, discriminator, 2, loss, **pieces)


def batch():
    stream = torch.Generator().manual_seed(4)
    return torch.randn(24, 2, generator=stream) + 1, torch.randn(24, 2, generator=stream)


def dense(gan, real, z):
    """v and J of all weights at once, by torch.func."""
    nets = [copy.deepcopy(net).double().eval() for net in (gan.generator, gan.discriminator)]
    names = [list(dict(net.named_parameters())) for net in nets]
    weights = [list(net.parameters()) for net in nets]
    sizes = [w.numel() for group in weights for w in group]

    def unpack(vector):
        parts = [part.view(w.shape) for part, w in zip(vector.split(sizes), sum(weights, []), strict=True)]
        split = len(weights[0])
        return dict(zip(names[0], parts[:split], strict=True)), dict(zip(names[1], parts[split:], strict=True))

    def loss(vector, which):
        theta, psi = unpack(vector)
        fake = functional_call(nets[0], theta, (z.double(),))

        def judge(x):
            return functional_call(nets[1], psi, (x,))

        seen = gan.view or (lambda x: x)
        own = sum(each(None, None, seen(fake)) for each in gan.g_penalties)
        if which == "g":
            return gan.loss.g(judge(seen(fake)), judge(seen(real.double()))) + own
        value = gan.loss.d(judge(seen(real.double())), judge(seen(fake)))
        if gan.d_penalties:
            slopes = torch.func.vmap(grad(lambda x: judge(x[None])[0, 0]))(real.double())
            value = value + slopes.square().sum(1).mean()
        return value

    count = sum(w.numel() for w in weights[0])
    at = torch.cat([w.detach().flatten() for group in weights for w in group])

    def v(vector):
        return -torch.cat([grad(loss)(vector, "g")[:count], grad(loss)(vector, "d")[count:]])

    return v(at), jacrev(v)(at)


@pytest.mark.parametrize(
    "gan",
    [
        small(),
        small(d_penalties=[penalty]),
        small(losses.relativistic),
        small(losses.wasserstein),
        small(view=lambda x: 0.5 * x + 1),
        small(g_penalties=[lambda D, real, fake: fake.square().mean()]),
    ],
    ids=["non-saturating", "with R1", "relativistic", "Wasserstein", "view", "G's own"],
)
def test_products_with_the_jacobian_of_a_gan_are_those_of_the_dense_one(gan):
    real, z = batch()
    v, J = dense(gan, real, z)
    ours, w = Linearised(gan, real, z), torch.randn(len(v), dtype=torch.float64)
    assert torch.allclose(ours.v, v, atol=1e-12)
    assert torch.allclose(ours.times(w), J @ w, atol=1e-10)
    assert torch.allclose(ours.transposed_times(w), J.T @ w, atol=1e-10)
    theta, psi = ours.parts(w)
    assert [p.shape for p in theta] == [p.shape for p in gan.generator.parameters()] and len(psi) == 4


@pytest.mark.parametrize(
    "which, order", [("magnitude", np.abs), ("real", np.real), ("imaginary", lambda e: abs(e.imag))]
)
def test_leading_eigenvalues_are_those_of_the_dense_jacobian(which, order):
    gan, (real, z) = small(d_penalties=[penalty]), batch()
    all_of_them = np.linalg.eigvals(dense(gan, real, z)[1].numpy())
    ours = leading_eigenvalues(gan, real, z, 4, which).numpy()
    np.testing.assert_allclose(order(ours), np.sort(order(all_of_them))[::-1][:4], atol=1e-8)
    assert all(abs(all_of_them - found).min() < 1e-8 for found in ours)


class Point(nn.Module):
    """G of the Dirac-GAN: whatever z is, θ."""

    def __init__(self):
        super().__init__()
        self.theta = nn.Parameter(torch.zeros(1, 1))

    def forward(self, z):
        return self.theta + 0 * z


def test_the_dirac_gan_built_of_networks_has_the_eigenvalues_of_theory():
    line = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(line.weight)
    gan = GAN(Point(), line, 1, losses.minimax, d_penalties=[lambda D, real, fake: penalty(D, real, fake) * 0.15])
    J = Linearised(gan, torch.zeros(4, 1), torch.zeros(4, 1))
    matrix = torch.stack([J.times(e) for e in torch.eye(2).double()], 1)
    assert field.eigenvalues(matrix).tolist() == pytest.approx([-0.15 + 0.4769696j, -0.15 - 0.4769696j], abs=1e-6)


@pytest.mark.parametrize("theta, psi", [(0.6, -0.9), (0.6, 0.9), (-1.3, 0.4)])
def test_the_dirac_gan_of_networks_has_its_fakes_at_theta_and_the_logit_minus_psi_x(theta, psi):
    """The value is the same for (g, d) = (θ, −ψ) and (−ψ, θ); where the fakes lie and who moves where is not."""
    point, line = Point(), nn.Linear(1, 1, bias=False)
    nn.init.constant_(point.theta, theta)
    nn.init.constant_(line.weight, -psi)  # D of the course: large for real
    gan = GAN(point, line, 1, losses.minimax)
    assert gan.generate(torch.zeros(3, 1)).unique().item() == pytest.approx(theta)
    x = torch.tensor([[0.7]])
    assert 1 - line(x).sigmoid().item() == pytest.approx(1 / (1 + math.exp(-psi * 0.7)))  # σ(ψx) is that of fake
    by_theta, by_d = Linearised(gan, torch.zeros(4, 1), torch.zeros(4, 1)).v.tolist()
    by_hand = [part.item() for part in field.field(dirac())(*field.as_tensors(theta, psi))]
    assert [by_theta, -by_d] == pytest.approx(by_hand, abs=1e-6)


def test_a_lazy_penalty_is_looked_at_as_it_is_on_average_and_not_counted():
    piece = lazy(penalty, every=4)
    gan, (real, z) = small(d_penalties=[piece]), batch()
    for calls in range(4):
        piece.calls = calls
        assert torch.equal(Linearised(gan, real, z).v, Linearised(small(d_penalties=[penalty]), real, z).v)
        assert piece.calls == calls


def test_looking_at_eigenvalues_disturbs_nothing():
    gan, (real, z) = small(view=lambda x: x + 0.1 * torch.randn_like(x)), batch()
    before = copy.deepcopy(gan.state_dict()), torch.get_rng_state()
    first = leading_eigenvalues(gan, real, z, 3)
    assert torch.equal(first, leading_eigenvalues(gan, real, z, 3))
    assert torch.equal(before[1], torch.get_rng_state()) and gan.discriminator.training
    assert all(torch.equal(a, b) for a, b in zip(before[0]["network_stream"], gan.network_stream, strict=True))
    assert all(torch.equal(w, gan.state_dict()["generator"][name]) for name, w in before[0]["generator"].items())
    assert all(w.grad is None and w.dtype == torch.float32 for w in gan.discriminator.parameters())


def test_pixels_are_scaled_as_everywhere():
    gan, pixels = small(), torch.tensor([[0, 255], [128, 7], [250, 30]], dtype=torch.uint8)
    z = batch()[1]
    assert torch.equal(leading_eigenvalues(gan, pixels, z), leading_eigenvalues(gan, scaled(pixels), z))


def test_eigenvalues_need_no_gradients_outside():
    gan, (real, z) = small(), batch()
    expected = leading_eigenvalues(gan, real, z)
    with torch.no_grad():
        assert torch.equal(leading_eigenvalues(gan, real, z), expected)


class Remembers(nn.Sequential):
    def forward(self, x):
        self.seen = super().forward(x)
        return self.seen


def test_eigenvalues_of_a_network_that_keeps_its_output():
    gan, (real, z) = small(), batch()
    expected = leading_eigenvalues(gan, real, z)
    gan.discriminator = Remembers(*gan.discriminator)
    gan.discriminator(real)
    kept = gan.discriminator.seen
    assert torch.equal(leading_eigenvalues(gan, real, z), expected) and gan.discriminator.seen is kept


@pytest.mark.parametrize(
    "broken, words",
    [
        (lambda: leading_eigenvalues(small(), *batch(), which="smallest"), "which must be one of real, imaginary"),
        (lambda: leading_eigenvalues(small(), *batch(), count=0), "count must be a whole number ≥ 1"),
        (lambda: leading_eigenvalues(small(), *batch(), count=51), "at most 50 can be asked for|of 52"),
        (lambda: Linearised(small(), torch.zeros(4, 3), torch.zeros(4, 2)), r"real \(4, 3\) and z \(4, 2\) do not fit"),
        (lambda: Linearised(small(), torch.zeros(4, 2), torch.zeros(4, 5)), "do not fit this GAN"),
        (
            lambda: Linearised(small(), torch.full((4, 2), math.nan), torch.zeros(4, 2)),
            "real must be a batch of finite",
        ),
        (lambda: Linearised(small(), torch.zeros(4, 2), torch.zeros(0, 2)), "z must be a batch"),
        (lambda: Linearised(small(), *batch()).times(torch.zeros(3)), r"w must be a tensor \(52,\)"),
        (
            lambda: Linearised(GAN(mlp([2, 2]), mlp([2, 1]).requires_grad_(False), 2), *batch()),
            "the discriminator has no weights that learn",
        ),
    ],
)
def test_what_does_not_fit_a_gan_is_named(broken, words):
    with pytest.raises(ValueError, match=words):
        broken()
