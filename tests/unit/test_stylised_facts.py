"""Chapter 17's facts of markets: against scipy, numpy and hand, and with what noise, a shuffle and the data get."""

import numpy as np
import pytest
import scipy.stats
import torch

from gan_edu.core.data.returns import market
from gan_edu.core.measures import stylised_facts as of
from gan_edu.core.measures.stylised_facts import FACTS, Interval, block_bootstrap, facts, intervals, within
from gan_edu.core.rivals.garch import Garch, paths

GJR = Garch(0.0, 1e-6, 0.02, 0.14, 0.9, 8.0)


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.fixture(scope="module")
def clustered():
    """Six paths that have all facts but an asymmetry of gains."""
    return paths(GJR, 6, 3000)


def test_moments_are_scipy_s():
    r = noise(3, 500).pow(3)
    assert of.excess_kurtosis(r).numpy() == pytest.approx(scipy.stats.kurtosis(r.numpy(), 1))
    assert of.skewness(r).numpy() == pytest.approx(scipy.stats.skew(r.numpy(), 1))


def test_hill_is_the_likeliest_pareto():
    r = torch.from_numpy(scipy.stats.t.rvs(3, size=2000, random_state=0))
    sizes = np.sort(np.abs(r.numpy()))[::-1]
    shape, _, _ = scipy.stats.pareto.fit(sizes[:100], floc=0, fscale=sizes[100])
    assert of.tail_index(r).item() == pytest.approx(shape, rel=1e-3)
    pareto = torch.from_numpy(scipy.stats.pareto.rvs(2.5, size=50_000, random_state=1))
    assert of.tail_index(pareto).item() == pytest.approx(2.5, abs=0.15)
    assert of.tail_index(noise(50_000)).item() > 4.5
    with pytest.raises(ValueError, match="most returns are 0"):
        of.tail_index(torch.tensor([0.0] * 50 + [1.0]).double())


def test_autocorrelation_by_hand():
    r = noise(2, 300)
    x = r.numpy() - r.numpy().mean(1, keepdims=True)
    for k in (1, 7, 299):
        true = (x[:, :-k] * x[:, k:]).sum(1) / (x**2).sum(1)
        assert of.autocorrelation(r, [k])[:, 0].numpy() == pytest.approx(true)
    sines = torch.sin(torch.arange(4000).double() * 2 * np.pi / 8)
    assert of.autocorrelation(sines, [8, 4]).tolist() == pytest.approx([1, -1], abs=0.01)
    with pytest.raises(ValueError, match="lags, place 0 must be"):
        of.autocorrelation(r, [300])


def test_leverage_by_hand():
    r = noise(300)
    x, s = r.numpy() - r.numpy().mean(), np.abs(r.numpy()) - np.abs(r.numpy()).mean()
    true = (x[:-5] * s[5:]).sum() / np.sqrt((x**2).sum() * (s**2).sum())
    assert of.leverage(r, [5]).item() == pytest.approx(true)
    assert of.leverage(torch.cat([r, r]), [5]).item() == pytest.approx(-of.leverage(-torch.cat([r, r]), [5]).item())


def test_waiting_for_gains_and_losses_by_hand():
    r = noise(80)
    x = (r - r.mean()).numpy()
    border, wait = 2 * x.std(), 10
    logs = []
    for sign in (1, -1):
        times = []
        for start in range(80 - wait):
            moved = np.cumsum(sign * x[start + 1 : start + 1 + wait])
            times.append(next((k + 1 for k, m in enumerate(moved) if m >= border), wait))
        logs.append(np.log(times).mean())
    assert of.gain_loss(r, 2.0, wait).item() == pytest.approx(logs[0] - logs[1])
    assert of.gain_loss(-r, 2.0, wait).item() == pytest.approx(logs[1] - logs[0])


def test_what_noise_a_shuffle_and_clusters_get(clustered):
    found = {name: value.median().item() for name, value in facts(noise(6, 3000)).items()}
    assert abs(found.pop("tail") - 5.8) < 0.5 and all(abs(value) < 0.1 for value in found.values())
    rich = {name: value.median().item() for name, value in facts(clustered).items()}
    assert rich["kurtosis"] > 1 and rich["tail"] < 5 and rich["leverage"] < -0.02
    assert rich["clustering"] > rich["clustering_far"] > 0.02 and abs(rich["memory"]) < 0.02
    mixed = clustered[:, torch.randperm(3000, generator=torch.Generator().manual_seed(0))]
    poor = {name: value.median().item() for name, value in facts(mixed).items()}
    for name in ("kurtosis", "tail", "skewness"):
        assert poor[name] == pytest.approx(rich[name])
    assert abs(poor["clustering"]) < 0.02 and abs(poor["leverage"]) < 0.01


def test_facts_have_no_unit_and_no_mean(clustered):
    one, other = facts(clustered[:2]), facts(100 * clustered[:2])
    for name in FACTS:
        assert torch.allclose(one[name], other[name])


def test_correlation_is_numpy_s():
    x = noise(2, 2, 400)
    x[:, 1] += 0.7 * x[:, 0]
    for size in (False, True):
        true = [np.corrcoef(np.abs(pair) if size else pair)[0, 1] for pair in x.numpy()]
        assert of.correlation(x, size).tolist() == pytest.approx(true)
    with pytest.raises(ValueError, match="two series"):
        of.correlation(noise(3, 10))


def test_blocks_are_geometric_and_go_round():
    drawn = block_bootstrap(1000, 300, 20)
    steps = (drawn.diff() % 1000).flatten()
    follows = (steps == 1).double().mean().item()
    assert follows == pytest.approx(1 - (1 / 20) * (1 - 1 / 1000), abs=0.002)
    counts = torch.bincount(drawn.flatten(), minlength=1000).double()
    assert counts.mean() == 300 and counts.std() < 120
    alone = block_bootstrap(1000, 50, 1)
    assert scipy.stats.chisquare(torch.bincount(alone.flatten(), minlength=1000).numpy()).pvalue > 0.001
    assert torch.equal(block_bootstrap(50, 2, 5, seed=3), block_bootstrap(50, 2, 5, seed=3))
    assert not torch.equal(block_bootstrap(50, 2, 5, seed=3), block_bootstrap(50, 2, 5, seed=4))


def test_blocks_keep_memory_and_single_days_lose_it(clustered):
    whole, days = (intervals(clustered[2], 60, block, names=["clustering"]) for block in (250, 1))
    assert whole["clustering"].low < whole["clustering"].value < whole["clustering"].high
    assert days["clustering"].high < whole["clustering"].value
    assert {name: each.value for name, each in whole.items()} == {name: each.value for name, each in days.items()}
    own = facts(clustered, ["clustering"])["clustering"]
    assert within(own, whole["clustering"]) and not within(
        facts(noise(6, 3000), ["clustering"])["clustering"], whole["clustering"]
    )


def test_the_interval_of_a_mean_is_the_textbook_s():
    """Of independent days the skewness has a deviation of √(6/T)."""
    found = intervals(noise(3000), 200, block=1, names=["skewness"])["skewness"]
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.sqrt(6 / 3000), rel=0.2)


def test_within_looks_at_the_median():
    values = torch.tensor([0.0, 1.0, 100.0])
    assert within(values, Interval(0, 0.5, 1.5)) and not within(values, Interval(0, 2, 200))


@pytest.mark.parametrize(
    "paths, told",
    [
        (torch.ones(1, 300), "never moves"),
        (torch.full((1, 300), float("nan")), "finite"),
        (torch.ones(300), r"\(N, T\)"),
        (torch.ones(1, 2), "T ≥ 3"),
    ],
)
def test_what_has_no_facts(paths, told):
    with pytest.raises(ValueError, match=told):
        facts(paths)


def test_the_data_have_what_noise_has_not():
    pytest.importorskip("arch")
    found = {name: value.item() for name, value in facts(market("sp500").values.T).items()}
    assert 6 < found["kurtosis"] < 12 and 2.5 < found["tail"] < 3.5 and abs(found["memory"]) < 0.02
    assert found["clustering"] > found["clustering_far"] > 0.1 and found["leverage"] < -0.05
