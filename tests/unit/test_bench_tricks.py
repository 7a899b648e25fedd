"""The trick table's benchmark: equal budgets, resumed and merged results; its arms train."""

import json

import pytest
import torch

from benchmarks import tricks, tuning
from gan_edu.recordings.best_recipe import best_textbook
from gan_edu.training_loop import train


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(tricks, "STORED", tmp_path / "tricks.json")
    return tmp_path / "tricks.json"


@pytest.mark.parametrize("data", ["mnist", "grid"])
def test_every_arm_trains_and_differs_from_the_baseline(data):
    ends = {}
    for name, arm in tricks.arms(data).items():
        gan, batches = tricks.build(data, arm, 0, 100)
        for _ in train(gan, batches, 5):
            pass
        ends[name] = torch.cat([weight.detach().flatten() for weight in gan.shown.parameters()])
        assert gan.step == 5 and torch.isfinite(ends[name]).all()
    same = [name for name, end in ends.items() if name != "baseline" and torch.equal(end, ends["baseline"])]
    assert len(ends) == {"mnist": 12, "grid": 13}[data] and same == []


def test_the_baseline_on_mnist_is_the_textbook_gan():
    from gan_edu.mnist_gan import textbook, textbook_batches

    ours, textbooks = tricks.build("mnist", tricks.arms("mnist")["baseline"], 3, 10), (textbook(3), textbook_batches(3))
    for gan, batches in (ours, textbooks):
        for _ in train(gan, batches, 4):
            pass
    pairs = zip(ours[0].generator.parameters(), textbooks[0].generator.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("data, arm, times", [("mnist", "half and double", 4), ("grid", "half and double", 40)])
def test_how_many_times_gs_rate_ds_is(data, arm, times):
    gan, _ = tricks.build(data, tricks.arms(data)[arm], 0, 100)
    rate_d, rate_g = (player.param_groups[0]["lr"] for player in (gan.d_optimizer, gan.g_optimizer))
    assert rate_d / rate_g == pytest.approx(times)


@pytest.mark.parametrize(
    "data, arm, times",
    [
        ("mnist", "baseline", 1),
        ("mnist", "two rates", 4),
        ("grid", "baseline", 10),
        ("grid", "two rates", 4),
        ("grid", "one rate", 1),
    ],
)
def test_two_rates_changes_the_rate_of_d_alone_and_costs_as_much(data, arm, times, file, monkeypatch):
    """TTUR as TTUR: G's rate is the baseline's, D's is 4 × G's, all else and the number of steps are the baseline's."""
    every = tricks.arms(data)
    ours, baseline = (tricks.settings_of(data, every[name], 10) for name in (arm, "baseline"))
    assert {name for name in ours if ours[name] != baseline[name]} <= {"D optimizer"}
    gan, _ = tricks.build(data, every[arm], 0, 10)
    rates = [each.param_groups[0]["lr"] for each in (gan.g_optimizer, gan.d_optimizer)]
    assert rates[0] == tricks.RATES[data][0] and rates[1] == pytest.approx(times * rates[0])
    monkeypatch.setattr(tricks, "BUDGETS", {data: 120.0})
    monkeypatch.setattr(tricks, "milliseconds", lambda data, arm: 5.0 if arm == every["baseline"] else 7.0)
    monkeypatch.setattr(tricks, "arms", lambda data: {name: every[name] for name in ("baseline", arm, "spectral")})
    tricks.measure_time()
    steps = {name: about["steps"] for name, about in tricks.stored()["arms"][data].items()}
    assert steps[arm] == steps["baseline"] > steps["spectral"]


def test_a_run_that_two_processes_made_is_stored_once(file):
    runs = [{"data": "grid", "arm": "ema", "seed": 0, "js": 0.5}]
    tricks.add(runs, {"data": "grid", "arm": "ema", "seed": 0, "js": 0.5})
    assert len(runs) == 1
    tricks.add(runs, {"data": "grid", "arm": "ema", "seed": 1, "js": 0.4})
    assert [run["seed"] for run in runs] == [0, 1]


def test_the_longer_run_is_made_of_the_same_steps(file, monkeypatch):
    monkeypatch.setattr(tricks, "BUDGETS", {"mnist": 127.0, "mnist long": 250.0})
    monkeypatch.setattr(tricks, "milliseconds", lambda data, arm: 10.0)
    tricks.measure_time()
    arms = tricks.stored()["arms"]
    assert list(arms["mnist long"]) == ["baseline", "best"] and len(arms["mnist"]) == 12
    kept = arms["mnist"]["best"]["settings"]
    assert kept["d_penalties"] == ["R1, weight 2, on every 8th step"] and kept["after_step"] == ["EMA(0.998)"]
    assert "rate 0.002, betas (0.0, 0.99)" in kept["G optimizer"] and kept["batch"] == 256
    assert arms["mnist"]["noise"]["settings"]["view"] == "InstanceNoise(0.5, until=6350)"
    assert {name: about["steps"] for name, about in arms["mnist long"].items()} == {"baseline": 25_000, "best": 25_000}
    gan, batches = tricks.build("mnist long", tricks.arms("mnist long")["best"], 0, 10)
    assert gan.precision == "bfloat16" and batches.batch_size == 256
    gan.precision, (other, same) = "float32", best_textbook(0)
    other.precision = "float32"  # where the processor has no bfloat16
    for each, data in ((gan, batches), (other, same)):
        for _ in train(each, data, 3):
            pass
    assert all(torch.equal(a, b) for a, b in zip(gan.shown.parameters(), other.shown.parameters(), strict=True))


def test_a_budget_becomes_steps_once_and_runs_resume(file, monkeypatch, capsys):
    monkeypatch.setattr(tricks, "BUDGETS", {"grid": 120.0})
    monkeypatch.setattr(
        tricks,
        "arms",
        lambda data, all=tricks.arms: {
            name: arm for name, arm in all(data).items() if name in ("baseline", "spectral")
        },
    )
    monkeypatch.setattr(tricks, "milliseconds", lambda data, arm: 6000.0)
    tricks.measure_time()
    assert {name: about["steps"] for name, about in json.loads(file.read_text())["arms"]["grid"].items()} == {
        "baseline": 20,
        "spectral": 20,
    }
    monkeypatch.setattr(tricks, "milliseconds", lambda data, arm: 1.0)
    tricks.measure_time()
    assert tricks.stored()["arms"]["grid"]["baseline"]["steps"] == 20  # kept
    tricks.measure_runs([0])
    before = tricks.stored()["runs"]
    tricks.measure_runs([0, 1])
    runs = tricks.stored()["runs"]
    assert runs[:2] == before and [(run["arm"], run["seed"]) for run in runs] == [
        ("baseline", 0),
        ("spectral", 0),
        ("baseline", 1),
        ("spectral", 1),
    ]
    assert all(len(run["slopes"]) == 10 and 0 < run["js"] < 0.7 and 0 < run["js_floor"] < 0.02 for run in runs)
    assert "| the plane's settings | 20 |" in tricks.table(tricks.stored()) and "| 2 |" in tricks.table(tricks.stored())


def test_looking_at_slopes_moves_nothing():
    gan, batches = tricks.build("grid", tricks.arms("grid")["spectral"], 0, 10)
    next(train(gan, batches, 1))
    before = [value.clone() for value in gan.discriminator.state_dict().values()]
    tricks.slopes_at(tricks.eager(gan.discriminator), gan.generate(gan.latents(8)))
    assert all(torch.equal(a, b) for a, b in zip(before, gan.discriminator.state_dict().values(), strict=True))
    assert gan.discriminator.training


def test_a_trial_has_its_settings_and_no_others(monkeypatch):
    class Scored:
        def score(self, gan):
            seen.append(gan)
            return {"fid": 12.3, "confidence": 0.9}

    seen = []
    monkeypatch.setattr(tuning, "TrainingScorer", Scored)
    run = tuning.trial({"steps": 2, "batch": 32, "decay": True, "r2": 1.0, "precision": "float32"})
    assert (run["fid"], run["seed"], run["steps"], run["batch"], seen[0].step) == (12.3, 100, 2, 32, 2)
    assert [each.name for each in seen[0].d_penalties] == ["R1", "R2"] and len(seen[0].after_step) == 2
    with pytest.raises(KeyError, match="no setting speed"):
        tuning.trial({"speed": 2})
