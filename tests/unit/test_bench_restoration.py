"""Chapter 13's benchmark: an arm is a λ and nothing else, scores know the truth from a stand-in, networks are kept."""

import json
import math

import pytest
import torch

from benchmarks import restoration as bench
from benchmarks.stored_runs import StoredRuns
from gan_edu.restoration import restorers
from gan_edu.training_loop import train

SMALL = {"width": 2, "batch": 4, "steps": 3, "seed": 10}


def test_an_arm_is_a_weight_and_nothing_else():
    for name, arm in bench.ARMS["digits"].items():
        assert arm.settings == {"adversarial": float(name)} and arm.seeds == (10, 11, 12, 13, 14)
    assert {*bench.TO_SHIP} - {bench.name_of(0.1, 4)} <= {*map(bench.name_of, bench.WEIGHTS)} and "0" in bench.TO_SHIP
    (several,) = bench.ARMS["several"].values()
    assert several.settings == {**bench.ARMS["digits"]["0.1"].settings, "nearest_of": 4}


@pytest.mark.parametrize("weight", [0.0, 0.3])
def test_runs_of_all_weights_begin_alike_and_see_the_same(weight):
    gan, batches = bench.build({**bench.START, **SMALL, "adversarial": weight})
    plain, same = bench.build({**bench.START, **SMALL})
    assert (gan.discriminator is None) == (weight == 0) and torch.equal(next(batches), next(same))
    for one, other in zip(gan.generator.parameters(), plain.generator.parameters(), strict=True):
        assert torch.equal(one, other)
    step = bench.restoring(bench.damages(), weight)
    for _ in train(gan, batches, 3, step=step):
        pass
    assert gan.shown is not gan.generator and gan.step == 3
    assert len(batches.data) == bench.LEARNED


@pytest.fixture
def few(monkeypatch, tmp_path):
    """The benchmark on few pictures, with its own files."""
    monkeypatch.setattr(bench, "PICTURES", 60)
    monkeypatch.setattr(bench, "SEVERAL", 20)
    monkeypatch.setattr(bench, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(bench, "NETWORKS", tmp_path / "restorers.pt")
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "restoration.json")
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "runs.json"))
    images, labels = bench.mnist(train=False)
    monkeypatch.setattr(bench, "mnist", lambda train: (images[:400], labels[:400]))
    monkeypatch.setattr(bench, "WEIGHTS", (0.0, 0.3))
    monkeypatch.setattr(bench, "TO_SHIP", ("0", "0.3", "0.3 of 2"))
    for each in (bench.truth, bench.damaged):
        each.cache_clear()
    yield
    for each in (bench.truth, bench.damaged):
        each.cache_clear()


def test_scores_tell_the_truth_from_what_stands_in_for_it(few):
    for name in bench.SCORED:
        found = bench.floor(name)
        assert found["true"]["ssim"] == 1 and found["true"]["sharpness"] == 1 and found["true"]["accuracy"] > 0.95
        for stand_in in ("damaged", "mean picture", "noise"):
            assert found["true"]["fid"] < found[stand_in]["fid"] and found[stand_in]["ssim"] < 1
            assert found[stand_in]["accuracy"] < found["true"]["accuracy"]
        assert found["mean picture"]["sharpness"] < 1 < found["noise"]["sharpness"] and math.isfinite(
            found["damaged"]["psnr"]
        )


def test_a_run_is_stored_its_network_kept_and_shipped(few, capsys):
    for arm, weight in (("0", 0.0), ("0.3", 0.3)):
        found = bench.measured("digits", {**SMALL, "adversarial": weight})
        assert set(found) == {"hole", "smaller", "cpu_seconds", "steps"} and found["steps"] == 3
        for name in bench.SCORED:
            assert set(bench.COLUMNS) <= set(found[name])
            assert all(math.isfinite(value) for value in found[name].values())
            assert found[name]["psnr of the mean"] >= found[name]["psnr of one"] - 0.5
        row = {"data": "digits", "arm": arm, "seed": 10, **found}
        bench.RUNS.merge(lambda stored, row=row: stored["runs"].append(row))
    bench.measured("several", {**SMALL, "adversarial": 0.3, "nearest_of": 2})
    bench.START["width"], before = 2, bench.START["width"]
    try:
        bench.ship()
    finally:
        bench.START["width"] = before
    stored = json.loads(bench.SHIPPED.read_text())
    assert len(stored["runs"]) == 2 and stored["pictures"] == 60
    networks = restorers(source=bench.NETWORKS)
    assert list(networks) == [0, 0.3] and "λ = 0.3" in bench.table()
    assert list(restorers(2, bench.NETWORKS)) == [0.3]
    with pytest.raises(ValueError, match="answers must be one of 1, 2, got '3'"):
        restorers(3, bench.NETWORKS)
    seen, known = bench.damaged("hole", True)
    made = networks[0.3].answers(seen, known)[:, 0]
    assert bench.psnr(made, bench.truth(True)[0], known) == pytest.approx(found["hole"]["psnr"], abs=0.05)  # float16
