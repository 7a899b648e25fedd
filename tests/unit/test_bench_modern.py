"""Chapter 11's benchmarks: a rung changes what it says, a board shows the runs, rivals train and are scored."""

import base64
import io
import json
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks import modern as bench, rivals
from benchmarks.stored_runs import StoredRuns
from gan_edu.training_loop import train

RECIPES = bench.recipes()


def settings(data, name, **others):
    return {**bench.START, **bench.ARMS[data][name].settings, "batch": 8, "seed": 10, **others}


def test_every_rung_trains_and_differs_from_the_others():
    ends = []
    for name in bench.RUNGS:
        gan, batches, step = bench.build("mnist", settings("mnist", name))
        for _ in train(gan, batches, 2, step=step):  # Adam's first is as long whatever β₁ is
            pass
        ends.append(torch.cat([weight.detach().flatten() for weight in gan.shown.parameters()]))
    assert all(end.isfinite().all() for end in ends)
    assert not any(torch.equal(a, b) for k, a in enumerate(ends) for b in ends[:k] if len(a) == len(b))


def test_a_rung_changes_what_it_says_and_the_rates_of_its_kind():
    changes = [
        {name for name in {**a, **b} if {**bench.START, **a}[name] != {**bench.START, **b}[name]} - {"g_lr", "d_lr"}
        for a, b in pairwise(bench.RUNGS.values())
    ]
    assert changes == [
        {"d_norm"},
        {"betas"},
        {"loss"},
        {"calm"},
        {"schedules"},
        {"network"},
        {"network"},
        {"fresh"},
    ]


def test_sixteen_combinations_each_of_what_its_name_says():
    assert len(RECIPES) == 16 and RECIPES["nothing"] == bench.settings(())
    for name, s in RECIPES.items():
        on = set(name.split("+"))
        assert (s["loss"] == "relativistic") == ("pairs" in on) and s["schedules"] == ("schedules" in on)
        assert bool(s.get("calm")) == ("penalties" in on) and (s["network"] == "residual") == ("residual" in on)


def test_schedules_fall_and_rise_only_where_they_are_on():
    for on in (False, True):
        gan, _, _ = bench.build("mnist", settings("mnist", "schedules" if on else "nothing"))
        assert gan.g_optimizer.param_groups[0]["betas"] == (0.0, 0.9 if on else 0.99)


@pytest.mark.parametrize("data", bench.ARMS)
def test_no_seed_that_was_tuned_on_is_reported(data):
    assert min(min(arm.seeds) for arm in bench.ARMS[data].values()) >= 10
    tried = [trial["settings"].get("seed", 0) for trial in bench.RUNS.read()["trials"]]
    assert tried and max(tried) < 10


def test_each_kind_of_step_has_a_number_of_its_own():
    kinds = {bench.kind_of_step(arm.settings) for arm in bench.ARMS["mnist"].values()}
    assert kinds == set(bench.OF_A_MINUTE)


def test_a_tile_is_read_back():
    pictures = torch.full((20, 1, 28, 28), -1.0)
    pictures[13] = 1.0  # the second row's fourth
    with Image.open(io.BytesIO(base64.b64decode(bench.tile(pictures)))) as read:
        pixels = np.asarray(read.convert("L"))
    assert pixels.shape == (56, 280)
    assert pixels[28:, 84:112].min() > 240 and pixels[:28].max() < 15 and pixels[28:, 112:].max() < 15


def test_runs_become_the_table_of_a_board(tmp_path, monkeypatch):
    from gan_edu.widgets import RecipeBoard

    arms = {
        name: bench.Arm(name, {**bench.settings(tuple(name.split("+"))), "batch": 16, "steps": 60}, (10,))
        for name in ("nothing", "pairs+schedules")
    }
    monkeypatch.setattr(bench, "ARMS", {"mnist": arms})
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "modern.json", unshown=("way", "tiles")))
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "shipped.json")
    for name in ("SAMPLES", "LOOKED_AT", "NEIGHBOURS"):
        monkeypatch.setattr(bench, name, 150)
    for name in ("scorer", "test_pictures"):
        getattr(bench, name).cache_clear()
    bench.main("run")
    bench.main("ship")
    for name in ("scorer", "test_pictures"):
        getattr(bench, name).cache_clear()
    shipped = json.loads((tmp_path / "shipped.json").read_text())
    table = shipped["recipe"]
    board = RecipeBoard(table, {name: (name, name) for name in bench.INGREDIENTS}, on=["pairs", "schedules"])
    runs = {"+".join(run["on"]): run for run in table["runs"]}
    assert set(runs) == {"", "average", "pairs+schedules", "pairs+average+schedules"} == set(table["tiles"])
    stored = next(run for run in shipped["runs"] if run["arm"] == "pairs+schedules")
    assert runs["pairs+schedules"]["fid"] == stored["fid itself"] == board.score()["median"]
    assert runs["pairs+average+schedules"]["fid"] == stored["fid"] != stored["fid itself"]
    with pytest.raises(SystemExit, match="trial, cost, run, table or ship"):
        bench.main("bake")


@pytest.mark.parametrize("name", rivals.ARMS["mnist"])
def test_each_rival_trains_and_is_scored(name, monkeypatch):
    for count in ("SAMPLES", "FEWER"):
        monkeypatch.setattr(rivals, count, 150)
    monkeypatch.setattr(rivals, "LIKELY", 4)
    monkeypatch.setattr(rivals, "PASSES", (1, 2))
    rivals.taught.cache_clear()
    s = {**rivals.ARMS["mnist"][name].settings, "steps": 3, "teacher": 3, "batch": 8, "seed": 11}
    found = rivals.measured("mnist", s)
    bench.scorer.cache_clear()
    assert found["fid"] > 20 and 0 <= found["recall"] <= 1 and found["ms"] > 0
    assert (found["bits"] is not None) == (name in ("vae", "pixels", "diffusion"))
    assert ("passes" in found) == (name == "diffusion")
