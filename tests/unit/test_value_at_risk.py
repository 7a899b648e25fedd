"""Chapter 17's risk: against closed forms, scipy and simulation; what is better has the lower loss."""

import math

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from scipy.stats import binom, chi2, norm

from gan_edu.core.measures import value_at_risk as of
from gan_edu.core.measures.value_at_risk import Risk, at_risk, christoffersen, conditional, independence, kupiec

Z = -norm.ppf(0.01), norm.pdf(norm.ppf(0.01)) / 0.01  # VaR and ES of a standard normal at 1 %


def noise(count, seed=0):
    return torch.randn(count, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def hits(*places, days=100):
    beyond = torch.zeros(days, dtype=torch.bool)
    beyond[list(places)] = True
    return beyond


def said(value, shortfall, days):
    return Risk(*(torch.full((days,), each, dtype=torch.float64) for each in (value, shortfall)))


def test_of_a_normal_it_is_the_closed_form():
    found = at_risk(noise(1_000_000))
    assert (found.value.item(), found.shortfall.item()) == pytest.approx(Z, rel=0.01)
    rows = at_risk(torch.stack([noise(1000), 2 * noise(1000)]), 0.05)
    assert torch.allclose(rows.value[1], 2 * rows.value[0]) and rows.value.shape == (2,)


def test_the_share_beyond_is_the_level():
    x = noise(1000)
    risk = at_risk(x, 0.05)
    assert (x < -risk.value).sum() == 49  # the 50th is VaR itself
    assert risk.shortfall.item() == pytest.approx(-np.sort(x.numpy())[:50].mean())


def test_each_day_has_its_own():
    mean, scale, shocks = torch.tensor([0.0, 1.0]).double(), torch.tensor([1.0, 3.0]).double(), noise(5000)
    found, one = conditional(mean, scale, shocks), at_risk(shocks)
    assert found.value.tolist() == pytest.approx([one.value.item(), 3 * one.value.item() - 1])
    assert found.shortfall.tolist() == pytest.approx([one.shortfall.item(), 3 * one.shortfall.item() - 1])
    bent = conditional(mean, scale, shocks, back=lambda x: x**3)
    assert bent.value[0].item() == pytest.approx(one.value.item() ** 3)
    every = at_risk((mean[:, None] + scale[:, None] * shocks) ** 3)  # the long way
    assert torch.allclose(bent.shortfall, every.shortfall)


# ------------------------------------------------------------------ tests of forecasts


@pytest.mark.parametrize("x, days, p", [(5, 250, 0.01), (0, 250, 0.01), (12, 250, 0.05), (40, 1000, 0.025)])
def test_kupiec_s_closed_form(x, days, p):
    rate = x / days
    true = -2 * math.log((1 - p) ** (days - x) * p**x) + 2 * math.log((1 - rate) ** (days - x) * rate**x)
    found = kupiec(hits(*range(x), days=days), p)
    assert found.statistic == pytest.approx(true) and found.p == pytest.approx(chi2.sf(true, 1))


def test_kupiec_where_it_is_right_and_wrong():
    assert kupiec(hits(*range(5), days=500)).statistic == 0  # exactly one in a hundred
    assert kupiec(hits(*range(20), days=500)).p < 1e-5 and kupiec(hits(days=1500)).p < 1e-5
    right = sum(binom.pmf(x, 1000, 0.05) for x in range(1001) if kupiec(hits(*range(x), days=1000), 0.05).p < 0.05)
    assert right == pytest.approx(0.05, abs=0.015)  # of right models


def test_independence_by_hand():
    beyond = hits(10, 11, 12, 50, 51)
    n00, n01, n10, n11 = 92, 2, 2, 3
    p01, p11, p = n01 / (n00 + n01), n11 / (n10 + n11), (n01 + n11) / 99
    apart = n00 * math.log(1 - p01) + n01 * math.log(p01) + n10 * math.log(1 - p11) + n11 * math.log(p11)
    true = 2 * (apart - (n00 + n10) * math.log(1 - p) - (n01 + n11) * math.log(p))
    assert independence(beyond).statistic == pytest.approx(true)
    assert independence(beyond).p < 1e-3 < 0.4 < independence(hits(10, 30, 50, 70, 90)).p
    assert independence(hits()).statistic == 0


def test_christoffersen_is_the_whole_chain():
    """Both together: the chain's likelihood against a coin's of the level."""
    beyond, p = hits(10, 11, 12, 50, 51, 80), 0.05
    pairs = [(int(a), int(b)) for a, b in zip(beyond[:-1], beyond[1:], strict=True)]
    n = {pair: pairs.count(pair) for pair in set(pairs)}
    share = {i: n[i, 1] / (n[i, 0] + n[i, 1]) for i in (0, 1)}
    chain = sum(count * math.log(share[i] if j else 1 - share[i]) for (i, j), count in n.items())
    coin = sum(count * math.log(p if j else 1 - p) for (i, j), count in n.items())
    found = christoffersen(beyond, p)
    assert found.statistic == pytest.approx(2 * (chain - coin)) and found.p == pytest.approx(
        chi2.sf(2 * (chain - coin), 2)
    )


def test_right_models_are_refused_as_often_as_said():
    draw = torch.Generator().manual_seed(0)
    ps = [christoffersen(torch.rand(1500, generator=draw) < 0.05, 0.05).p for _ in range(300)]
    assert np.mean(np.array(ps) < 0.05) == pytest.approx(0.06, abs=0.04)


# ------------------------------------------------------------------ losses that the truth has least of


def test_the_true_quantile_has_the_least_loss():
    r = noise(20_000)
    best = minimize(lambda v: of.quantile_loss(r, torch.full_like(r, v[0]), 0.05), [1.0], method="Nelder-Mead").x[0]
    assert best == pytest.approx(at_risk(r, 0.05).value.item(), abs=0.02)


def test_the_true_pair_has_the_least_loss():
    r = noise(20_000)
    found = minimize(lambda v: of.joint_loss(r, said(*v.tolist(), len(r)), 0.05), [1.0, 1.5], method="Nelder-Mead")
    true = at_risk(r, 0.05)
    assert found.x == pytest.approx([true.value.item(), true.shortfall.item()], abs=0.03)


def test_who_knows_each_day_s_size_is_better():
    scale = (0.5 * noise(5000, 1)).exp()
    r = scale * noise(5000)
    whole = at_risk(r)
    knows = Risk(scale * Z[0], scale * Z[1])
    other = Risk(*(each.expand(5000) for each in whole))
    assert of.joint_loss(r, knows) < of.joint_loss(r, other)
    assert of.quantile_loss(r, knows.value) < of.quantile_loss(r, other.value)


def test_what_a_shortfall_missed():
    r = noise(200_000)
    assert of.shortfall_missed(r, said(*Z, len(r))) == pytest.approx(0, abs=0.05)
    assert of.shortfall_missed(2 * r, said(*Z, len(r))) < -1 < 0.5 < of.shortfall_missed(r / 2, said(*Z, len(r)))


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda: at_risk(noise(500)), "of 500 samples 5 lie in the tail of 0.01: draw 1000 or more"),
        (lambda: at_risk(torch.full((2000,), math.nan)), "finite"),
        (lambda: at_risk(noise(2000), 0.6), "level must be"),
        (lambda: kupiec(hits(days=2)), "T ≥ 3"),
        (lambda: conditional(noise(3), torch.zeros(3), noise(2000)), "scale > 0"),
        (lambda: of.joint_loss(noise(9), said(1.0, 0.0, 9)), "is a gain"),
        (lambda: of.quantile_loss(noise(9)[None], noise(9)), r"must be \(T,\)"),
    ],
)
def test_what_has_no_risk(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_days_are_counted_as_true_or_false():
    with pytest.raises(TypeError, match="beyond must be a tensor of the type bool"):
        kupiec(torch.zeros(100))
