"""Moving earth: plans, prices, JS and KL in JavaScript are held to POT, and to linear programmes of scipy."""

import numpy as np
import ot
import pytest
from helpers.js_values import held
from scipy.optimize import linprog
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from gan_edu.widgets.moving_earth.earth import MIDDLES, cloud, hump

PILES = {
    "apart": (hump(2, 8), hump(2.5, 28)),
    "over": (hump(6, 15), hump(2.5, 18)),
    "splits": (hump(2.5, 19), hump(2, 8, 31)),
    "points": ([20 * (k == 12) for k in range(40)], [20 * (k == 24) for k in range(40)]),
    "same": (hump(2.5, 20), hump(2.5, 20)),
}
CLOUDS = {
    "apart": (cloud(-3, -1, 1), cloud(3, 1, 1.4)),
    "over": (cloud(0.3, 0, 2), cloud(-0.2, 0.4, 1.1)),
}


def dual(cost, q, p):
    """The most that prices collect, max p·sell − q·buy with sell_j − buy_i ≤ c_ij, as a linear programme."""
    n, m = cost.shape
    rows = np.zeros((n * m, n + m))
    rows[np.arange(n * m), np.repeat(np.arange(n), m)] = -1
    rows[np.arange(n * m), n + np.tile(np.arange(m), n)] = 1
    found = linprog(np.r_[q, -p], A_ub=rows, b_ub=cost.ravel(), bounds=[(0, 0), *[(None, None)] * (n + m - 1)])
    return -found.fun


def blurred(cost, q, p, epsilon):
    """The plan with entropy, its cost, and what its prices collect: that cost + ε KL(plan ‖ q ⊗ p)."""
    plan = ot.sinkhorn(q, p, cost, epsilon, method="sinkhorn_log", numItermax=100_000, stopThr=1e-14)
    work = (plan * cost).sum()
    collects = work + epsilon * entropy(plan.ravel(), np.outer(q, p).ravel())
    return {"epsilon": epsilon, "work": work, "collects": collects, "plan": np.round(plan.ravel(), 6).tolist()}


def found(xs, ys, q, p, powers=(1, 2)):
    distance = np.linalg.norm(xs[:, None] - ys, axis=-1)
    costs = {str(power): distance**power for power in powers}
    assert all(ot.emd2(q, p, cost) == pytest.approx(dual(cost, q, p), abs=1e-9) for cost in costs.values())
    return {
        "least": {power: float(ot.emd2(q, p, cost)) for power, cost in costs.items()},
        "plan": np.round(ot.emd(q, p, costs["2"]), 9).ravel().tolist(),  # of way² it is the only one
        "blurred": [blurred(costs[power], q, p, epsilon) for power, epsilon in (("1", 0.5), ("2", 0.5), ("2", 3.0))],
    }


def test_piles():
    """On the line POT's emd2_1d says the same of sorted places."""
    told = {}
    for name, (fake, data) in PILES.items():
        q, p = (np.array(grains, float) / sum(grains) for grains in (fake, data))
        xs, ys = (np.stack([MIDDLES[mass > 0], np.zeros((mass > 0).sum())], 1) for mass in (q, p))
        told[name] = {"fake": fake, "data": data, **found(xs, ys, q[q > 0], p[p > 0])}
        for power, metric in (("1", "cityblock"), ("2", "sqeuclidean")):
            sorted_ways = ot.emd2_1d(MIDDLES, MIDDLES, q, p, metric=metric)
            assert told[name]["least"][power] == pytest.approx(sorted_ways, abs=1e-9)
        told[name]["js"] = float(jensenshannon(p, q) ** 2)
        kl = float(entropy(p, q))
        told[name]["kl"] = kl if np.isfinite(kl) else None
    assert [name for name, each in told.items() if each["kl"] is None] == ["apart", "splits", "points"]
    held("moving_earth_piles", told)


def test_clouds():
    told = {}
    for name, (fake, data) in CLOUDS.items():
        xs, ys = (np.reshape(each, (-1, 2)) for each in (fake, data))
        even = np.full(12, 1 / 12)
        told[name] = {"fake": fake, "data": data, **found(xs, ys, even, even)}
        squares = [np.histogram2d(*each.T, bins=(np.arange(-6, 7), np.arange(-4.5, 5)))[0].ravel() for each in (xs, ys)]
        told[name]["js"] = float(jensenshannon(*squares) ** 2)
    held("moving_earth_clouds", told)
