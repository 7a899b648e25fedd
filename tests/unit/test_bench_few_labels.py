"""Chapter 18's benchmark of few labels: who learns from what, that labels are balanced, and that rows are shipped."""

import json

import pytest
import torch

from benchmarks import few_labels as bench
from benchmarks.stored_runs import StoredRuns

SMALL = {"widths": [8, 4, 4], "batch": 8, "few": 8, "steps": 8, "alone_steps": 3, "counts": [10, 20]}


@pytest.fixture
def few(monkeypatch, tmp_path):
    """The benchmark with its own files, of few pictures."""
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "runs.json"))
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "few_labels.json")
    images, labels = bench.halved(False)
    held = images[bench.HELD : bench.HELD + 40], labels[bench.HELD : bench.HELD + 40]
    monkeypatch.setattr(bench, "pictures", lambda test: held)
    learned = images[:400], labels[:400]
    monkeypatch.setattr(bench, "known", lambda s: learned)


def test_arms_say_what_they_change_and_run_on_five_seeds():
    for name, arm in bench.ARMS["digits"].items():
        assert set(arm.settings) <= {*bench.START} and len(arm.settings) <= 6 and arm.seeds == bench.FIVE, name
    semi, moved = (bench.ARMS["digits"][name].settings for name in ("semi", "semi shifted"))
    assert {**semi, "shifts": 1} == {**moved, "shifts": 1}


def test_labels_are_as_many_of_each_digit_and_grow():
    s = {**bench.START, "seed": 3}
    images, labels = bench.few(s, 50)
    assert torch.bincount(labels).tolist() == [5] * 10
    ten = bench.few(s, 10)[0]
    assert all((images == each).flatten(1).all(1).any() for each in ten), "those of 10 are among them"
    assert not torch.equal(bench.few({**s, "seed": 4}, 50)[0], images)


def test_trials_and_runs_are_asked_about_other_pictures():
    trial, run = ({**bench.START, "seed": seed} for seed in (0, 10))
    assert len(bench.known(trial)[0]) == bench.HELD and len(bench.known(run)[0]) == 60_000
    asked, training = bench.pictures(False)[0], bench.halved(False)[0]
    assert torch.equal(asked, training[bench.HELD : bench.HELD + bench.ASKED])
    images, labels = bench.pictures(True)
    digits, truth = bench.mnist(train=False)
    assert images.shape == (10_000, 1, 14, 14) and torch.equal(labels, truth)
    corner = digits[7, 0, 12:14, 8:10].float().mean() / 127.5 - 1
    assert images[7, 0, 6, 4].item() == pytest.approx(corner.item(), abs=1e-6), "means of 2 × 2"


@pytest.mark.parametrize("arm", [*bench.ARMS["digits"]])
def test_every_arm_is_run_and_scored(few, arm):
    found = bench.measured("digits", {**bench.ARMS["digits"][arm].settings, **SMALL, "seed": 10})
    assert set(found["accuracy"]) == {"10", "20"} and all(0 <= each <= 1 for each in found["accuracy"].values())
    assert ("way" in found) == arm.startswith("semi")
    if "way" in found:
        assert [step for step, *_ in found["way"]["20"]] == list(range(1, 9))
        assert found["way"]["20"][-1][3] == pytest.approx(found["accuracy"]["20"], abs=1e-3)


def test_a_game_moves_the_features_and_an_untrained_d_keeps_its():
    s = {**bench.START, **SMALL, "seed": 0}
    nets = [bench.features({**s, "way": way}) for way in ("random", "random", "probe")]
    one, same, other = (next(net.parameters()) for net in nets)
    assert torch.equal(one, same) and not torch.equal(one, other)
    assert bench.features({**s, "way": "pixels"})(torch.zeros(2, 1, 14, 14)).shape == (2, 196)
    assert nets[0](torch.zeros(2, 1, 14, 14)).shape == (2, 4)
    assert bench.features({**s, "way": "random", "depth": 1})(torch.zeros(2, 1, 14, 14)).shape == (2, 8)


def test_runs_are_told_and_shipped(few, capsys):
    bench.trial("digits", "pixels", '{"counts": [10]}')
    row = {"data": "digits", "arm": "semi", "accuracy": {"10": 0.5, "50": 0.7, "100": 0.8}, "cpu_seconds": 9.0}
    bench.RUNS.merge(lambda stored: stored["runs"].extend({**row, "seed": seed} for seed in (10, 11)))
    assert "| D names classes | 0.5 (0.5 – 0.5) | 0.7 (0.7 – 0.7) | 0.8 (0.8 – 0.8) | 9 (9 – 9) | 2 |" in bench.table()
    bench.main("ship")
    shipped = json.loads(bench.SHIPPED.read_text())
    assert shipped["trials"] == {"digits": {"pixels": 1}} and len(shipped["runs"]) == 2
    assert shipped["arms"]["digits"]["semi"] == "D names classes" and "KB" in capsys.readouterr().out


def test_pictures_are_moved_by_a_pixel_and_black_comes_in():
    x = torch.rand(3, 1, 14, 14) + 2
    torch.manual_seed(0)
    seen = [bench.view({**bench.START, "shifts": 1})(x) for _ in range(60)]
    whole = torch.nn.functional.pad(x, (1, 1, 1, 1), value=-1.0)
    ways = [whole[:, :, a : a + 14, b : b + 14] for a in range(3) for b in range(3)]
    found = [next(k for k, way in enumerate(ways) if torch.equal(way, each)) for each in seen]
    assert set(found) == set(range(9)) and bench.view(bench.START) is None


def test_each_arm_has_its_trials_and_each_is_done_once(few, monkeypatch):
    assert set(bench.TRIALS) == set(bench.ARMS["digits"]) and {
        name: len(each) for name, each in bench.TRIALS.items() if len(each) != 4
    } == {"scratch": 6, "shifted": 6}
    calls, found = [], {"accuracy": {"50": 0.5}, "cpu_seconds": 1.0}
    monkeypatch.setattr(bench, "measured", lambda data, settings: calls.append(settings) or found)
    told = bench.tune("probe", "scratch")
    assert len(calls) == (4 + 6) * 3 and {each["seed"] for each in calls} == {0, 1, 2}
    assert told.count("0.5000") == 10 and bench.tune("probe") in told and len(calls) == 30, "stored"
    assert calls[0]["way"] == "probe" and calls[0]["loss"] == "non-saturating"


def test_costs_are_printed(few, capsys):
    bench.cost(8)
    assert "semi" in capsys.readouterr().out
