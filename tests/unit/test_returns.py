"""Chapter 17's data: prices to log-returns, what no price can be, years and windows, the Lambert W transform."""

import sys

import numpy as np
import pytest
import torch
from scipy.special import lambertw
from scipy.stats import kurtosis, norm

from gan_edu.core.data import returns as data
from gan_edu.core.data.lambert_w import Gaussianised, fitted_delta, heavy, lambert_w, light
from gan_edu.core.data.returns import Returns, both, followed, log_returns, market, split, windows


def normal(count=4000, seed=0):
    return torch.randn(count, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def days(first, count):
    return np.datetime64(first) + np.arange(count)


def returns(first="2007-06-01", count=2600, series=1):
    return Returns(0.01 * normal(count * series).view(count, series), days(first, count))


def test_log_returns_add_up_as_prices_multiply():
    prices = torch.tensor([100.0, 110.0, 99.0, 99.0])
    found = log_returns(prices)
    assert found.tolist() == pytest.approx([np.log(1.1), np.log(0.9), 0.0])
    assert float(found.sum().exp()) == pytest.approx(0.99)
    assert torch.allclose(log_returns(7 * prices), found)


@pytest.mark.parametrize(
    "prices, told",
    [
        ([1.0, float("nan"), 2.0, float("nan")], r"2 of 4 prices are missing, number 1 first: .*isfinite"),
        ([1.0, float("inf"), 2.0], "1 of 3 prices are missing"),
        ([18.3, 18.2, -37.6, 10.0], r"price number 2 is -37\.6, and only what is above 0"),
        ([1.0, 2.0, 0.0], "price number 2 is 0"),
        ([3.0, 3.0, 3.0], "the price is always 3"),
        ([1.0, 2.0], "T ≥ 3"),
        ([[1.0, 2.0, 3.0]], r"must be \(T,\)"),
    ],
)
def test_what_no_price_can_be(prices, told):
    with pytest.raises(ValueError, match=told):
        log_returns(torch.tensor(prices))


@pytest.mark.parametrize(
    "dates, told",
    [
        (["2020-01-01", "2020-01-02", "2020-02-02"], "from 2020-01-02 to 2020-02-02 there is no price"),
        (["2020-01-01", "2020-01-03", "2020-01-02"], "after 2020-01-03 they do not"),
        (["2020-01-01", "2020-01-02"], "3 prices and dates of the shape"),
    ],
)
def test_dates_without_gaps(dates, told):
    prices = torch.tensor([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=told):
        log_returns(prices, np.array(dates, "datetime64[D]"))
    assert len(log_returns(prices, np.array(["2020-01-01", "2020-01-02", "2020-01-12"], "datetime64[D]"))) == 2


def test_years_are_in_one_part_only():
    of = returns()
    parts = split(of)
    assert sum(len(part.values) for part in parts) == 2600
    years = [set(part.dates.astype("datetime64[Y]").astype(int) + 1970) for part in parts]
    assert years == [{2007, 2008}, {2009, 2010, 2011, 2012}, {2013, 2014}]
    assert torch.equal(torch.cat([part.values for part in parts]), of.values)
    with pytest.raises(ValueError, match="up to 2008, up to 2012 and after"):
        split(returns("2009-01-01"))


def test_windows_are_days_in_a_row():
    r = torch.arange(10.0)
    assert windows(r, 4).shape == (7, 1, 4) and windows(r, 4)[2, 0].tolist() == [2, 3, 4, 5]
    samples, condition = followed(r, 2, past=3)
    assert len(samples) == len(condition) == 6
    assert (condition[5, 0].tolist(), samples[5, 0].tolist()) == ([5, 6, 7], [8, 9])
    assert windows(torch.stack([r, -r], 1), 3)[1].tolist() == [[1, 2, 3], [-1, -2, -3]]
    for bad, told in (
        (torch.ones(5), "always 1"),
        (torch.tensor([1.0, float("nan"), 3]), "day 1"),
        (r[None, None], "shape"),
    ):
        with pytest.raises(ValueError, match=told):
            windows(bad, 2)
    with pytest.raises(ValueError, match="length must be"):
        windows(r, 11)


def test_two_markets_of_the_days_that_both_have():
    one, other = returns(count=50), returns(count=50)
    gone = np.r_[0:20, 21:50]
    pair = both(one, Returns(other.values[gone], other.dates[gone]))
    assert pair.values.shape == (49, 2) and one.dates[20] not in pair.dates
    assert torch.equal(pair.values[:, 0], one.values[gone, 0])
    with pytest.raises(ValueError, match="0 days in common"):
        both(one, returns("1990-01-01", 50))


def test_the_series_that_arch_brings():
    pytest.importorskip("arch")
    for name, first, least in (("sp500", "1999-01-05", -0.12), ("wti", "1986-01-03", -0.5)):
        of = market(name)
        assert of.values.shape == (len(of.dates), 1) and of.values.isfinite().all()
        assert str(of.dates[0]) == first and str(of.dates[-1])[:4] == "2018" and of.values.min() > least
        assert [len(part.values) > 1000 for part in split(of)] == [True] * 3
    crash = market("sp500")
    assert str(crash.dates[int(crash.values.argmin())]) == "2008-10-15"
    assert both(crash, market("nasdaq")).values.shape == (5030, 2)
    with pytest.raises(ValueError, match="sp500, nasdaq, wti"):
        market("gold")


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "arch.data.sp500", None)
    with pytest.raises(ImportError, match="pip install arch"):
        market("sp500")


# ------------------------------------------------------------------ Lambert W


def test_lambert_s_w_is_scipy_s():
    x = np.r_[0, np.geomspace(1e-300, 1e300, 2000)]
    assert lambert_w(torch.from_numpy(x)).numpy() == pytest.approx(lambertw(x).real, rel=1e-12, abs=0)


def test_lambert_s_w_refuses_the_other_branch():
    with pytest.raises(ValueError, match="x ≥ 0"):
        lambert_w(torch.tensor([-0.1]))


@pytest.mark.parametrize("delta", [0.0, 1e-13, 0.1, 1.0])
def test_light_is_the_way_back_of_heavy(delta):
    u = torch.linspace(-5, 5, 101, dtype=torch.float64)
    assert torch.allclose(light(heavy(u, delta), delta), u, rtol=1e-10)
    assert (heavy(u, delta).diff() > 0).all()


def test_a_heavy_tail_is_tukey_s_h():
    """P(Y > y) = P(U > light(y)): by counting."""
    y = heavy(normal(200_000), 0.2)
    border = 4.0
    u = float(light(torch.tensor(border, dtype=torch.float64), 0.2))
    assert float((y > border).double().mean()) == pytest.approx(norm.sf(u), rel=0.05)


@pytest.mark.parametrize("delta", [0.05, 0.2, 0.4])
def test_igmm_finds_what_made_the_tails(delta):
    y = 3 + 2 * heavy(normal(20_000), delta)
    way = Gaussianised.of(y)
    assert way.delta[0] == pytest.approx(delta, abs=0.02)
    assert (float(way.mu), float(way.sigma)) == pytest.approx((3, 2), abs=0.06)
    x = way(y)
    assert (float(x.mean()), float(x.std()), kurtosis(x.numpy())) == pytest.approx((0, 1, 0), abs=0.01)
    assert torch.allclose(way.back(x), y, rtol=1e-9)


def test_what_has_no_heavy_tail_keeps_its_own():
    assert fitted_delta(torch.rand(500, generator=torch.Generator().manual_seed(0)).double()) == 0
    r = normal(500)
    way = Gaussianised.scaled(r)
    assert way.delta == (0.0,) and torch.allclose(way(r), (r - r.mean()) / r.std(unbiased=False))


def test_each_series_has_its_own_way():
    r = torch.stack([heavy(normal(3000, 1), 0.3), 5 + normal(3000, 2)], 1)
    way = Gaussianised.of(r)
    assert way.delta[0] > 0.2 > 0.05 > way.delta[1]
    x = way(r)
    assert torch.allclose(way.back(x), r, rtol=1e-9)
    paths = x.T[None].expand(4, -1, -1)  # (N, S, L)
    assert torch.allclose(way.back(paths)[3], r.T, rtol=1e-9)
    with pytest.raises(ValueError, match="of 2 series"):
        way.back(x[:, :1])
    with pytest.raises(ValueError, match="always 1"):
        Gaussianised.of(torch.ones(50))


def test_the_longest_gap_is_the_one_that_is_known():
    assert data.LONGEST == 10 and data.PAST == 64
