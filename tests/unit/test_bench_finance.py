"""Chapter 17's benchmark, on a simulated market: what is scored was not learned from, runs are stored and shipped."""

import json

import numpy as np
import pytest
import torch

from benchmarks import finance as bench
from benchmarks.stored_runs import StoredRuns
from gan_edu.core.data.returns import Returns
from gan_edu.core.measures.stylised_facts import Interval
from gan_edu.core.rivals.garch import Garch, paths
from gan_edu.finance import markets, simulated

SMALL = {"width": 2, "maps": 2, "batch": 4, "steps": 4, "length": 8, "d_steps": 1, "seed": 10}
DATES = np.arange("1999-01-05", "2018-12-31", 5, dtype="datetime64[D]")


@pytest.fixture(autouse=True)
def few(monkeypatch, tmp_path):
    """The benchmark with few samples, its own files, and a market that needs no package."""
    made = paths(Garch(0.0003, 2e-6, 0.02, 0.1, 0.9, 7.0), 2, len(DATES))

    def market(name):
        return Returns(made[["sp500", "nasdaq"].index(name)][:, None], DATES)

    monkeypatch.setattr(bench, "market", market)
    for name, value in (("PATHS", 3), ("DRAWS", 4), ("HISTORIES", 2), ("SAMPLES", 2000), ("KEPT", tmp_path / "kept")):
        monkeypatch.setattr(bench, name, value)
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "finance.json")
    monkeypatch.setattr(bench, "NETWORKS", tmp_path / "markets.pt")
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "runs.json"))
    yield
    for cached in (bench.years, bench.own):
        cached.cache_clear()


def test_a_trial_and_a_run_are_scored_on_later_years():
    (part, tuned), (learned, held) = bench.days("paths", False), bench.days("paths", True)
    assert torch.equal(learned, torch.cat([part, tuned])) and len(learned) + len(held) == len(DATES)
    assert len(bench.begun("paths", {**bench.START, **SMALL, "seed": 2})[1].returns) == len(part)
    assert len(bench.begun("paths", {**bench.START, **SMALL})[1].returns) == len(learned)
    assert all(arm.seeds == (10, 11, 12, 13, 14) for of in bench.ARMS.values() for arm in of.values())


def test_risk_is_said_of_each_later_day_from_those_before():
    learned, after = bench.days("risk", True)
    for method in ("garch", "gjr-t", "filtered"):
        risk = bench.said({**bench.START, "method": method}, 0.05, learned, after, None, None)
        worse = after.clone()
        worse[-1] -= 1  # the last day itself says nothing of its own risk
        again = bench.said({**bench.START, "method": method}, 0.05, learned, worse, None, None)
        assert risk.value.shape == (len(after),) and torch.equal(risk.value, again.value)
        worse[-2] -= 1
        again = bench.said({**bench.START, "method": method}, 0.05, learned, worse, None, None)
        assert torch.equal(risk.value[:-1], again.value[:-1]) and again.value[-1] > risk.value[-1]


def test_the_truth_passes_its_back_test_and_noise_does_not():
    learned, after = bench.days("risk", True)
    true = bench.back_test(
        bench.said({**bench.START, "method": "gjr-t"}, 0.05, learned, after, None, None), after, 0.05
    )
    half = bench.said({**bench.START, "method": "gjr-t"}, 0.05, learned, after, None, None)
    halved = bench.back_test(type(half)(half.value / 2, half.shortfall / 2), after, 0.05)
    assert true["kupiec"] > 0.01 > halved["kupiec"] and halved["joint_loss"] > true["joint_loss"]


def test_inside_and_covers_look_both_ways():
    data = {"a": Interval(1.0, 0.5, 1.5), "b": Interval(5.0, 4.0, 6.0)}
    found = {"a": [1.4, 1.1, 2.0], "b": [7.0, 4.5, 9.0]}  # median, least, largest
    assert (bench.inside(found, data), bench.covers(found, data)) == (1, 1)


def test_runs_are_stored_their_networks_kept_and_shipped():
    bench.RUNS.merge(lambda found: found.update(floors=bench.floors()))
    for data, arms in bench.ARMS.items():
        for name, arm in arms.items():
            if data == "paths" and name == "garch":
                continue
            past = {"past": 4} if arm.settings.get("past") else {}
            found = bench.measured(data, {**arm.settings, **SMALL, **past})
            bench.RUNS.merge(
                lambda stored, row={"data": data, "arm": name, "seed": 10, **found}: stored["runs"].append(row)
            )
            assert ("curve" in found) == (arm.settings.get("method", "gan") == "gan")
    told = bench.table()
    assert "QuantGAN of two" in told and "| paths, risk 0.01 |" in told and "filtered history" in told
    bench.ship()
    stored = json.loads(bench.SHIPPED.read_text())
    networks = markets(bench.NETWORKS)
    assert set(networks) == {"paths", "paths_plain", "risk", "risk_plain", "pair_plain"}
    assert {name: (each.generator.past, each.generator.series) for name, each in networks.items()} == {
        "paths": (0, 1),
        "paths_plain": (0, 1),
        "risk": (4, 1),
        "risk_plain": (4, 1),
        "pair_plain": (0, 2),
    }
    assert networks["paths"].way.delta[0] > 0 == networks["paths_plain"].way.delta[0]
    assert simulated(*networks["pair_plain"], 2, 30).shape == (2, 2, 30)
    assert set(stored["floors"]) == {"data", "noise", "shuffled", "the years after", "pair", "truth"}
    assert len(stored["floors"]["truth"]) == 2 and all(0 <= n <= 8 for each in stored["floors"]["truth"] for n in each)


def test_missing_and_damaged_networks_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="benchmarks.finance ship"):
        markets(tmp_path / "none.pt")
    bench.measured("paths", {**bench.ARMS["paths"]["gan"].settings, **SMALL})
    bench.ship()
    bench.NETWORKS.write_bytes(bench.NETWORKS.read_bytes()[:-5])
    with pytest.raises(OSError, match="damaged"):
        markets(bench.NETWORKS)
    with pytest.raises(TypeError, match="source must be a path"):
        markets(3)


def test_a_right_model_covers_nineteen_of_twenty_one():
    values = torch.rand(4000, 21, generator=torch.Generator().manual_seed(0))  # the data's first, 20 paths of its model
    found = [bench.covers({"fact": [0.5, *each[1:].aminmax()]}, {"fact": (each[0], 0, 1)}) for each in values]
    assert sum(found) / len(found) == pytest.approx(19 / 21, abs=0.015)
