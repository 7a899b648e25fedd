"""The benchmark of modes: its arms train and differ, runs are resumed and merged, the tables hold what was measured."""

import json

import pytest
import torch

from benchmarks import modes
from benchmarks.stored_runs import StoredRuns
from gan_edu.training_loop import train

ARMS = [(data, name) for data, arms in modes.ARMS.items() for name in arms]


@pytest.fixture
def stored(tmp_path, monkeypatch):
    monkeypatch.setattr(modes, "SHIPPED", tmp_path / "shipped.json")
    monkeypatch.setattr(modes, "RUNS", StoredRuns(tmp_path / "modes.json", unshown=("way",)))
    few = {"g": [8], "d": [8], "steps": 6, "batch": 8}
    arms = {name: modes.Arm(name, {**few, "pack": pack}, (10, 11)) for name, pack in (("one", 1), ("two", 2))}
    monkeypatch.setattr(modes, "ARMS", {"provoked": arms})
    return tmp_path


@pytest.mark.parametrize("data", [data for data, arms in modes.ARMS.items() if arms])
def test_every_arm_trains_and_differs_from_the_others(data):
    ends = []
    for arm in modes.ARMS[data].values():
        gan, batches, step = modes.build(data, {**modes.START, **arm.settings, "batch": 8, "seed": 0})
        for _ in train(gan, batches, 4, step=step):
            pass
        ends.append(torch.cat([weight.detach().flatten() for weight in gan.shown.parameters()]))
    assert all(end.isfinite().all() for end in ends)
    assert not any(torch.equal(a, b) for k, a in enumerate(ends) for b in ends[:k])


@pytest.mark.parametrize("data, name", ARMS)
def test_no_seed_that_was_tuned_on_is_reported(data, name):
    assert min(modes.ARMS[data][name].seeds) >= 10


def test_the_floors_are_those_of_real_samples():
    ring, grid = modes.floor("ring"), modes.floor("grid")
    assert (ring["captured"], ring["covered"], grid["captured"], grid["covered"]) == (8, 8, 25, 25)
    for found in (ring, grid):
        assert found["hq"] == pytest.approx(0.9889, abs=0.006)  # 1 − exp(−9/2), the share of a Gaussian within 3σ
    assert ring["reverse_kl"] == pytest.approx(7 / 5000, abs=0.0015)  # (K − 1) / 2N
    assert grid["reverse_kl"] == pytest.approx(24 / 5000, abs=0.002)


def test_what_noise_and_a_point_score():
    noise = 2.4 * torch.rand(2500, 2, generator=torch.Generator().manual_seed(0)) - 1.2
    found = modes.of_mixture("provoked", noise)
    assert found["captured"] == 8 and found["covered"] == 0 and found["hq"] < 0.15
    point = modes.of_mixture("provoked", modes.mixture("provoked").centres[:1].repeat(50, 1))
    assert (point["captured"], point["hq"]) == (1, 1) and point["reverse_kl"] == pytest.approx(2.0794, abs=1e-4)


def test_runs_are_made_once_seed_by_seed_and_what_another_has_begun_is_left(stored, capsys):
    modes.main("run", "provoked")
    found = json.loads((stored / "modes.json").read_text())
    assert [(row["arm"], row["seed"]) for row in found["runs"]] == [("one", 10), ("two", 10), ("one", 11), ("two", 11)]
    assert set(found["floors"]) == {"provoked"} and not list((stored / "modes").iterdir())
    modes.main("run")
    assert json.loads((stored / "modes.json").read_text()) == found and "0 runs are left" in capsys.readouterr().out
    found["runs"] = found["runs"][:2]
    (stored / "modes.json").write_text(json.dumps(found))
    (stored / "modes" / "provoked_one_11.begun").touch()
    modes.main("run")
    again = json.loads((stored / "modes.json").read_text())
    assert [(row["arm"], row["seed"]) for row in again["runs"]] == [("one", 10), ("two", 10), ("two", 11)]


def test_a_run_is_the_same_again(stored):
    settings = {**modes.ARMS["provoked"]["two"].settings, "seed": 10}
    first, second = (modes.measured("provoked", settings) for _ in range(2))
    assert {**first, "cpu_seconds": 0} == {**second, "cpu_seconds": 0} and len(first["way"]) == 6


def test_a_trial_is_stored_with_its_settings(stored, capsys):
    modes.main("trial", "provoked", "one", '{"g": [8], "d": [8], "steps": 4, "batch": 8}')
    (trial,) = json.loads((stored / "modes.json").read_text())["trials"]
    assert trial["settings"]["steps"] == 4 and trial["arm"] == "one" and "hq" in trial


def test_the_table_and_what_is_shipped_hold_each_arm(stored, capsys):
    modes.main("run")
    modes.main("table")
    told = capsys.readouterr().out
    assert "| one |" in told and "| two |" in told and "| real samples |" in told
    modes.main("ship")
    shipped = json.loads(modes.SHIPPED.read_text())
    assert {row["arm"] for row in shipped["runs"]} == {"one", "two"} and "way" not in shipped["runs"][0]
    assert shipped["arms"]["provoked"]["two"]["settings"]["pack"] == 2 and shipped["samples"] == {"provoked": 2500}
    with pytest.raises(SystemExit, match="trial, run, table or ship"):
        modes.main("dance")
