"""Chapter 17's rivals: the likelihood against a loop and against arch, fits against what made the returns, paths."""

import math

import numpy as np
import pytest
import scipy.stats
import torch

from gan_edu.core.rivals.garch import Garch, bootstrapped, fit, log_likelihood, paths, residuals, scales, shocks

NORMAL = Garch(0.0004, 2e-6, 0.09, 0.0, 0.89)
GJR = Garch(0.0002, 1.5e-6, 0.02, 0.12, 0.9, 7.0)


@pytest.fixture(scope="module")
def returns():
    return paths(GJR, 1, 3000)[0]


def by_hand(model, returns):
    """(σ² of each day and the next, log-likelihood), by a loop and scipy's densities."""
    r = returns.numpy()
    weights = 0.94 ** np.arange(75)
    before = weights @ (r[:75] - r.mean()) ** 2 / weights.sum()
    h, total = model.omega + (model.alpha + model.gamma / 2 + model.beta) * before, 0.0
    all_of_them = [h]
    for x in r:
        e = x - model.mu
        if math.isinf(model.nu):
            total += scipy.stats.norm.logpdf(e, scale=math.sqrt(h))
        else:
            total += scipy.stats.t.logpdf(e, model.nu, scale=math.sqrt(h * (model.nu - 2) / model.nu))
        h = model.omega + (model.alpha + model.gamma * (e < 0)) * e**2 + model.beta * h
        all_of_them.append(h)
    return np.array(all_of_them), total


@pytest.mark.parametrize("model", [NORMAL, GJR], ids=["garch", "gjr-t"])
def test_the_likelihood_by_a_loop(model, returns):
    some = returns[:300]
    h, total = by_hand(model, some)
    assert scales(model, some).numpy() == pytest.approx(np.sqrt(h))
    assert log_likelihood(model, some) == pytest.approx(total)


@pytest.mark.parametrize("of, options", [("garch", {}), ("gjr-t", {"o": 1, "dist": "t"})])
def test_the_fit_is_arch_s(of, options, returns):
    arch = pytest.importorskip("arch")
    true = arch.arch_model(100 * returns.numpy(), mean="Constant", **options).fit(disp="off")
    p = true.params
    theirs = Garch(
        p["mu"] / 100, p["omega"] / 1e4, p["alpha[1]"], p.get("gamma[1]", 0.0), p["beta[1]"], p.get("nu", math.inf)
    )
    shift = len(returns) * math.log(100)  # arch sees percents
    assert log_likelihood(theirs, returns) - shift == pytest.approx(true.loglikelihood, abs=1e-6)
    ours = fit(returns, of)
    assert log_likelihood(ours, returns) - shift == pytest.approx(true.loglikelihood, abs=0.05)
    assert ours[2:] == pytest.approx(theirs[2:], abs=0.02, rel=0.05)
    assert scales(ours, returns)[:-1].numpy() == pytest.approx(true.conditional_volatility / 100, rel=0.02)


def test_a_fit_finds_what_made_the_returns():
    found = fit(paths(NORMAL, 1, 12_000)[0], "garch")
    assert (found.alpha, found.beta) == pytest.approx((0.09, 0.89), abs=0.02) and math.isinf(found.nu)
    found = fit(paths(GJR, 1, 12_000)[0])
    assert found.persistence == pytest.approx(0.98, abs=0.01)
    assert (found.gamma, found.nu) == pytest.approx((0.12, 7), rel=0.25) and found.alpha < 0.05


def test_a_fit_has_no_unit(returns):
    one, other = fit(returns[:1000], "garch"), fit(returns[:1000] / 3, "garch")
    assert other.alpha == pytest.approx(one.alpha, abs=0.01)
    assert other.omega == pytest.approx(one.omega / 9, rel=0.1)


def test_what_is_simulated_has_the_model_s_variance():
    found = paths(NORMAL, 400, 2000)
    assert found.shape == (400, 2000) and found.mean().item() == pytest.approx(0.0004, abs=1e-4)
    assert found.var().item() == pytest.approx(NORMAL.omega / (1 - 0.98), rel=0.05)
    assert torch.equal(paths(GJR, 2, 50, seed=4), paths(GJR, 2, 50, seed=4))


def test_residuals_are_what_was_drawn():
    for model in (NORMAL, GJR):
        found = residuals(model, paths(model, 1, 2000, torch.tensor([-1.5, 0.5]))[0])[800:]
        off = torch.minimum((found + 1.5).abs(), (found - 0.5).abs())
        assert off.max().item() < 0.01 and {x > 0 for x in found.tolist()} == {True, False}


def test_filtered_history_draws_its_shocks_from_history(returns):
    own = torch.tensor([-1.0, 1.0])
    found = paths(GJR._replace(gamma=0.0, alpha=0.0, beta=0.0, mu=0.0), 3, 100, own)
    assert found.abs().flatten().numpy() == pytest.approx(math.sqrt(GJR.omega))
    assert (found > 0).any() and (found < 0).any()


def test_shocks_are_its_quantiles():
    for model in (NORMAL, GJR):
        e = shocks(model)
        assert (e.diff() > 0).all() and e.var().item() == pytest.approx(1, abs=0.01)
    assert shocks(NORMAL, 3).tolist() == pytest.approx(scipy.stats.norm.ppf([1 / 6, 0.5, 5 / 6]))


def test_the_bootstrap_draws_days():
    r = torch.arange(10.0)
    found = bootstrapped(r, 200, 50)
    assert found.shape == (200, 50) and set(found.flatten().tolist()) == set(range(10))
    assert scipy.stats.chisquare(torch.bincount(found.long().flatten()).numpy()).pvalue > 0.001
    pairs = bootstrapped(torch.stack([r, 10 * r], 1), 3, 20)
    assert pairs.shape == (3, 2, 20) and torch.equal(pairs[:, 1], 10 * pairs[:, 0])


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda: fit(torch.zeros(200)), "always 0"),
        (lambda: fit(torch.full((200,), math.nan)), "finite"),
        (lambda: fit(torch.randn(50)), "100 days or more"),
        (lambda: fit(torch.randn(200), "arch"), "garch, gjr-t"),
        (lambda: paths(GJR, 0, 10), "count must be"),
    ],
)
def test_what_cannot_be_fitted(call, told):
    with pytest.raises(ValueError, match=told):
        call()
