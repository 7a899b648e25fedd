"""Chapter 18's benchmark: arms differ in what they say, no tuned seed is reported, scores fail for what is no digit."""

import ast
import base64
import io
import json

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks import transfer as bench
from benchmarks.stored_runs import StoredRuns
from gan_edu.core.data.pixels import scaled

SMALL = {"steps": 8, "batch": 8}


def test_an_arm_is_what_it_says():
    assert {name: of for name, (_, of) in bench.OF_AN_ARM.items()} == {
        "scratch": {},
        "scratch+diff": {"view": "diff"},
        "scratch+ada": {"view": "ada"},
        "tuned": {"from": "before"},
        "frozen": {"from": "before", "frozen": bench.OF_AN_ARM["frozen"][1]["frozen"]},
        "tuned+diff": {"from": "before", "view": "diff"},
    }
    for data, arms in bench.ARMS.items():
        for name, arm in arms.items():
            s = {**bench.START, **arm.settings}
            assert s["steps"] == bench.START["steps"] or name.startswith("longer")
            assert ("tuned" in name or name == "frozen") == (s["from"] == "before") or data == "before"
            assert bool(s["frozen"]) == (name == "frozen") and s["batch"] == bench.START["batch"]
            assert s["view"] == {"diff": "diff", "ada": "ada"}.get(name.partition("+")[2], "")
    for name in ("scratch", "scratch+diff"):
        longer = {**bench.ARMS["100"][name.replace("scratch", "longer")].settings}
        assert longer.pop("steps") == bench.START["steps"] + bench.BEFORE["steps"]
        assert longer == bench.ARMS["100"][name].settings
    assert {name: arm.settings for name, arm in bench.ARMS["20"].items()} == {
        name: arm.settings for name, arm in bench.ARMS["500"].items()
    }


def test_each_arm_had_as_many_trials_and_none_on_a_seed_that_is_reported():
    assert {len(bench.listed_for(name)) for name in bench.OF_AN_ARM} == {bench.TRIALS}
    assert min(min(arm.seeds) for arms in bench.ARMS.values() for arm in arms.values()) >= 10
    tried = bench.RUNS.read()["trials"]
    assert tried and max(row["settings"].get("seed", 0) for row in tried) < 10


def test_what_is_learned_scored_and_held_are_other_pictures():
    for data in ("20", "fashion"):
        x = bench.learned_from(bench.task(data), 11)
        assert len(x) == bench.task(data).n
        images, labels = bench.pictures(bench.task(data).data, True)
        known = {
            each.numpy().tobytes(): kind for each, kind in zip(images[: bench.LEARNED], labels.tolist(), strict=False)
        }
        counts = np.bincount([known[each.numpy().tobytes()] for each in x], minlength=10)
        assert set(counts.tolist()) == ({0, 4} if data == "20" else {10})
    old = bench.learned_from(bench.task("before"), 11)
    assert len(old) == int((bench.pictures("mnist", True)[1][: bench.LEARNED] < 5).sum())


@pytest.fixture
def few(monkeypatch, tmp_path):
    """The benchmark with few samples and its own files."""
    for name, count in (("SAMPLES", 150), ("KNOWN", 400), ("SHOWN", 4)):
        monkeypatch.setattr(bench, name, count)
    monkeypatch.setattr(bench, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "shipped.json")
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "runs.json", unshown=("way", "tiles", "neighbours")))
    monkeypatch.setattr(bench, "BEFORE", {**bench.BEFORE, **SMALL})
    monkeypatch.setattr(bench, "START", {**bench.START, **SMALL})
    bench.judges.cache_clear()
    yield
    bench.judges.cache_clear()


def test_scores_know_real_pictures_from_what_stands_in_for_them(few):
    floor = bench.floor("20")
    mean = scaled(bench.judges("20", True).real).mean(0, keepdim=True)
    x = bench.learned_from(bench.task("20"), 10)
    grey = bench.judges("20", True).scores(mean + 0.02 * torch.randn(150, 1, 28, 28), x)
    real, heart, others = (floor[name] for name in ("real pictures", "the n pictures", "n others"))
    assert real["recognised"] > 0.85 and real["coverage"] > 0.85 and real["copied"] < 0.03
    assert 0.3 < real["memorised"] < 0.7 and 0.2 < others["memorised"] < 0.8
    for nothing in (floor["noise"], grey):
        assert nothing["recognised"] == 0 and nothing["coverage"] < 0.05 and nothing["fid"] > 20 * real["fid"]
    assert floor["the GAN before"]["fid"] > real["fid"]
    assert heart["copied"] == 1 and heart["memorised"] == 1 and heart["recognised"] > 0.6
    assert heart["coverage"] < real["coverage"] and others["copied"] < 0.2


def test_arms_run_and_become_the_table_of_a_control(few, monkeypatch, tmp_path):
    from benchmarks import transfer_board
    from gan_edu.widgets import FewImages
    from gan_edu.widgets.few_images.tiles import tile

    arms = {name: bench.Arm(name, of, (10,)) for name, (_, of) in bench.OF_AN_ARM.items()}
    monkeypatch.setattr(bench, "ARMS", {"20": arms, "100": arms})
    monkeypatch.setattr(transfer_board, "SHIPPED", tmp_path / "board.json")
    bench.main("run")
    bench.main("ship")
    transfer_board.main()
    shipped, table = (json.loads(path.read_text()) for path in (bench.SHIPPED, transfer_board.SHIPPED))
    assert len(shipped["runs"]) == 12 and "tiles" not in shipped["runs"][0]
    made = FewImages(table)
    run = next(run for run in shipped["runs"] if (run["arm"], run["data"]) == ("tuned", "100"))
    cell = table["cells"]["tuned/100"]
    assert cell["score"] == [[look["fid"]] * 3 for look in run["way"]] and made.n == 20
    assert table["copy"]["below"][1] == round(run["within"], 2) and table["looks"] == [1, 2, 4, 8]
    x = bench.learned_from(bench.task("100"), 10)
    stored = next(run for run in bench.RUNS.read()["runs"] if (run["arm"], run["data"]) == ("tuned", "100"))
    assert stored["neighbours"][0]["distances"] == cell["distances"][0]
    with Image.open(io.BytesIO(base64.b64decode(table["atlas"]))) as atlas:
        for k, place in enumerate(stored["neighbours"][0]["places"]):
            shown = np.asarray(tile(atlas.convert("L"), cell["nearest"][0][k])).astype(int)
            assert abs(shown - x[place, 0].numpy()).max() <= 9  # one of 16 greys
    with pytest.raises(SystemExit, match="trial, tune, chosen, cost, run, table or ship"):
        bench.main("bake")


def test_a_run_is_looked_at_on_its_way(few):
    found = bench.measured("20", {"seed": 10, **SMALL, "view": "ada", "from": "before", "kinds": ["flip"]})
    assert [look["step"] for look in found["way"]] == [1, 2, 4, 8] and set(bench.COLUMNS) <= set(found)
    assert found["way"][-1]["p"] in np.round([0, 0.01, 0.02], 4) and found["steps"] == 8
    assert [len(each["places"]) for each in found["neighbours"]] == [4] * 4 and len(found["tiles"]) == 4
    again = bench.measured("20", {"seed": 10, **SMALL, "view": "ada", "from": "before", "kinds": ["flip"]})
    assert {name: found[name] for name in bench.COLUMNS} == {name: again[name] for name in bench.COLUMNS}
    assert len(list(bench.KEPT.glob("*.pt"))) == 1
    trial = bench.measured("20", {"seed": 2, **SMALL})
    assert len(trial["way"]) == 1 and "tiles" not in trial


def test_the_rule_tries_each_arm_as_often_and_takes_the_least_mean(few, monkeypatch):
    def measured(data, s):
        of = {**bench.START, **s}
        fid = abs(of["g_lr"] - 1e-3) + 1e-6 * of["seed"] + (0.1 if "beta1" in s else 0)
        return {"fid": fid - (9 if "kinds" in s or s.get("rise") == 100 else 0), "way": [], "cpu_seconds": 0}

    monkeypatch.setattr(bench, "measured", measured)
    bench.main("tune")
    trials = bench.RUNS.trials(bench.ARMS)["100"]
    assert trials == dict.fromkeys(bench.OF_AN_ARM, bench.TRIALS + 2)
    before = len(bench.RUNS.read()["trials"])
    bench.main("tune")
    assert len(bench.RUNS.read()["trials"]) == before
    best = ast.literal_eval("{\n" + bench.chosen() + "\n}")
    assert [*best] == [*bench.OF_AN_ARM] and bench.chosen().count("of 2 on both seeds") == 6
    for name, found in best.items():
        assert found in bench.RATES + bench.OWN[name]
        assert (found == {"g_lr": 1e-3, "d_lr": 5e-4}) == (name in ("scratch", "tuned", "frozen"))
