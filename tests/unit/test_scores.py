"""Stored scores become the tables of the score table: medians against plain statistics, the cure in every error."""

import json
import re
import statistics
import subprocess
import sys

import numpy as np
import pytest
from helpers.score_samples import ARMS, stored

from benchmarks import tricks
from gan_edu.core.measures import stored_scores
from gan_edu.core.measures.stored_scores import cost, scores, slopes, trials
from gan_edu.widgets import ScoreTable


@pytest.fixture
def write(tmp_path):
    def put(found):
        path = tmp_path / "tricks.json"
        path.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
        return path

    return put


def test_every_run_stands_in_its_row_and_the_medians_are_theirs(write):
    found = stored()
    shown = ScoreTable(scores(write(found))).tables
    for data, name in (("mnist", "MNIST"), ("grid", "Grid of 25")):
        assert [row["name"] for row in shown[name]["rows"]] == list(ARMS)
        for row in shown[name]["rows"]:
            runs = [run for run in found["runs"] if (run["data"], run["arm"]) == (data, row["name"])]
            for key, cell in row["cells"].items():
                values = [run[key] * (10_000 if key == "salt" else 1) for run in runs]  # of 10,000 pixels
                assert cell["values"] == values and cell["median"] == statistics.median(values)
            assert row["title"] == ARMS[row["name"]][0] and row["group"] == ARMS[row["name"]][1]
            assert row["facts"]["steps"] == ARMS[row["name"]][2] and row["baseline"] == (row["name"] == "baseline")


def test_columns_say_which_way_is_better_and_where_the_floor_is(write):
    tables = scores(write(stored()))
    told = {
        name: {each["key"]: (each["better"], each["log"], each["floor"]) for each in table["columns"]}
        for name, table in tables.items()
    }
    assert told["MNIST"] == {
        "fid": ("lower", True, 0.64),
        "class_kl": ("lower", True, None),
        "salt": ("lower", True, None),
    }
    assert told["Grid of 25"] == {
        "js": ("lower", True, 0.0052),
        "kl": ("lower", False, None),
        "quality": ("higher", False, None),
    }
    assert "127 s" in tables["MNIST"]["note"] and "10,000 samples" in tables["MNIST"]["note"]


def test_while_it_is_measured_seeds_are_paired_and_arms_without_a_run_left_out(write):
    found = stored(seeds=[4, 0, 2], groups=False)
    found["runs"] = [
        run
        for run in found["runs"]
        if (run["arm"], run["seed"]) not in {("r1", 2), ("ema", 0)} and run["arm"] != "best" and run["data"] == "mnist"
    ]
    (table,) = scores(write(found)).values()
    values = {row["name"]: row["values"]["fid"] for row in table["rows"]}
    assert table["seeds"] == [0, 2, 4] and "best" not in values and {row["group"] for row in table["rows"]} == {"other"}
    assert [value is None for value in values["r1"]] == [False, True, False] and values["ema"][0] is None
    assert ScoreTable({"MNIST": table}).comparison("r1").startswith("too few seeds: 2 in common")


def test_slopes_are_looks_by_seeds(write):
    found = stored(seeds=[1, 0])
    seen = slopes(write(found))
    assert set(seen) == {"mnist", "grid"} and set(seen["grid"]) == set(ARMS)
    for data, arms in seen.items():
        for name, curve in arms.items():
            runs = {run["seed"]: run["slopes"] for run in found["runs"] if (run["data"], run["arm"]) == (data, name)}
            assert curve.shape == (10, 2) and np.array_equal(curve, np.array([runs[0], runs[1]]).T)
            assert np.median(curve, axis=1)[3] == statistics.median([runs[0][3], runs[1][3]])


def test_a_name_means_a_shipped_file(write, monkeypatch):
    monkeypatch.setattr(stored_scores, "SHIPPED", write(stored(seeds=[0])).parent)
    assert list(scores("tricks")) == list(scores()) == ["MNIST", "Grid of 25"]


def spoilt(change):
    found = stored(seeds=[0])
    change(found)
    return found


@pytest.mark.parametrize(
    "what",
    [
        '{"settings": {}',
        "[]",
        "{}",
        '{"settings": [], "arms": {}, "runs": []}',
        spoilt(lambda found: found["runs"][0].pop("fid")),
        spoilt(lambda found: found["runs"][0].update(fid="low")),
        spoilt(lambda found: found["runs"][0].update(fid=float("nan"))),
        spoilt(lambda found: found["runs"].append(3)),
        spoilt(lambda found: found["arms"].pop("mnist")),
        spoilt(lambda found: found["settings"].pop("samples")),
    ],
)
def test_a_damaged_file_says_so_and_what_to_do(write, what):
    path = write(what)
    with pytest.raises(ValueError, match=re.escape(f"{path} is damaged") + ".*make bench-tricks"):
        scores(path)


def test_a_file_that_is_missing_or_empty_says_what_to_do(write, tmp_path):
    with pytest.raises(FileNotFoundError, match="no scores at .*other.json: .*make bench-tricks"):
        scores(tmp_path / "other.json")
    with pytest.raises(FileNotFoundError, match="nothing_such.json"):
        slopes("nothing_such")
    with pytest.raises(ValueError, match="no runs yet"):
        scores(write(stored(seeds=[])))


def test_slopes_of_different_lengths_are_damage(write):
    found = stored(seeds=[0, 1])
    found["runs"][0]["slopes"].pop()
    with pytest.raises(ValueError, match="is damaged"):
        slopes(write(found))


def test_it_reads_what_the_benchmark_writes(tmp_path, monkeypatch):
    """One arm timed and run for a few steps: the format is that of benchmarks/tricks.py, groups with it."""
    monkeypatch.setattr(tricks, "STORED", tmp_path / "tricks.json")
    monkeypatch.setattr(tricks, "BUDGETS", {"grid": 120.0})
    monkeypatch.setattr(
        tricks,
        "arms",
        lambda data, all=tricks.arms: {name: arm for name, arm in all(data).items() if name in ("baseline", "r1")},
    )
    monkeypatch.setattr(tricks, "milliseconds", lambda data, arm: 6000.0)
    tricks.measure_time()
    tricks.measure_runs([0])
    table = scores(tmp_path / "tricks.json")["Grid of 25"]
    assert [(row["name"], row["group"], row["facts"]["steps"]) for row in table["rows"]] == [
        ("baseline", "", 20),
        ("r1", "penalty", 20),
    ]
    assert slopes(tmp_path / "tricks.json")["grid"]["r1"].shape == (10, 1)
    assert ScoreTable({"grid": table}).shown()


def test_every_arm_of_the_benchmark_has_its_group():
    groups = {name: arm.group for name, arm in tricks.arms("mnist").items()}
    assert groups == {"half and double": "schedule", **{name: group for name, (_, group, _) in ARMS.items()}}


def test_reading_scores_loads_no_torch():
    code = "import sys; from gan_edu.core.measures import scores; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_trials_and_what_a_step_cost(tmp_path):
    found = stored()
    path = tmp_path / "file.json"
    path.write_text(json.dumps({**found, "trials": [{"batch": 64, "fid": 30.0}]}))
    assert trials(path) == [{"batch": 64, "fid": 30.0}]
    assert cost("k steps", source=path) == pytest.approx(11457 / 3508, rel=1e-3) and cost("baseline", source=path) == 1
    path.write_text(json.dumps(found))
    assert trials(path) == []
    with pytest.raises(KeyError, match="has no arm 'magic' on 'grid'"):
        cost("magic", "grid", path)
