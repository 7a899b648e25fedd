"""Chapter 10's benchmark: its arms train and differ, scores have a floor and a ceiling, and its film is of its arm."""

import json
from statistics import median

import pytest
import torch

from benchmarks import convolutional as bench
from benchmarks.stored_runs import StoredRuns
from gan_edu.core.measures import measured
from gan_edu.core.recording import in_steps_of, shipped
from gan_edu.recordings import convolutional_recipe as recipe
from gan_edu.training_loop import train, train_step

ARMS = [(data, name) for data, arms in bench.ARMS.items() for name in arms]


def settings(data, name, **others):
    return {**bench.START, **bench.ARMS[data][name].settings, "batch": 8, "seed": 10, **others}


@pytest.mark.parametrize("data", bench.ARMS)
def test_every_arm_trains_and_differs_from_the_others(data):
    ends = []
    for name in bench.ARMS[data]:
        s = settings(data, name)
        gan, batches = bench.build(s)
        step = bench.informed(s["code_weight"], s["code_weight"] / 10) if data == "codes" else train_step
        for _ in train(gan, batches, 4, step=step):
            pass
        ends.append(torch.cat([weight.detach().flatten() for weight in gan.shown.parameters()]))
    assert all(end.isfinite().all() for end in ends)
    assert not any(torch.equal(a, b) for k, a in enumerate(ends) for b in ends[:k] if len(a) == len(b))


@pytest.mark.parametrize("data, name", ARMS)
def test_no_seed_that_was_tuned_on_is_reported(data, name):
    assert min(bench.ARMS[data][name].seeds) >= 10
    tried = [trial["settings"].get("seed", 0) for trial in bench.RUNS.read()["trials"]]
    assert tried and max(tried) < 10


def test_of_codes_by_hand(monkeypatch):
    monkeypatch.setattr(bench, "read", lambda net, images: images[:, 0, 0, 0].long())
    category = torch.arange(400) % 10
    digits = (category + 3) % 10
    numbers = torch.rand(400, 2, generator=torch.Generator().manual_seed(0))
    images = numbers[:, :1, None, None].repeat(1, 1, 28, 28)  # the first number is how much ink there is
    images[:, 0, 0, 0] = digits.float()
    found = bench.of_codes(images, category, numbers)
    assert (found["matched"], found["digits"]) == (1, 10) and found["thickness"] > 0.99
    images[:, 0, 0, 0] = torch.where(digits == 9, 4, digits).float()  # two codes draw fours, none a nine
    found = bench.of_codes(images, category, numbers)
    assert found["matched"] == pytest.approx(0.9) and found["digits"] == 9


def test_what_is_shipped_is_what_was_stored_and_the_floors_are_of_real_digits():
    ours, stored = measured("convolutional"), bench.RUNS.read()
    assert ours["runs"] == stored["runs"] and ours["floors"] == stored["floors"]
    assert ours["trials"] == bench.RUNS.trials(bench.ARMS)
    for data, arms in bench.ARMS.items():
        for name, arm in arms.items():
            assert ours["arms"][data][name]["settings"] == {**bench.START, **arm.settings}
            assert sorted(run["seed"] for run in bench.RUNS.rows(data, name)) == list(arm.seeds), (data, name)
    floor = ours["floors"]["labels"]
    assert floor["fid"] == pytest.approx(0.64, abs=0.05) and floor["asked"] > 0.99 and 0.97 < floor["within"] < 1.03


def test_a_run_is_stored_with_its_looks_and_told(tmp_path, monkeypatch, capsys):
    few = {"how": "projection", "width": 2, "d_width": 2, "g_hidden": 4, "d_hidden": 4, "batch": 8, "steps": 4}
    arms = {"few": bench.Arm("few", few, (10,)), "none": bench.Arm("none", {**few, "how": "none"}, (10,))}
    monkeypatch.setattr(bench, "ARMS", {"labels": arms})
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "convolutional.json", unshown=("way",)))
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "shipped.json")
    monkeypatch.setattr(bench, "SAMPLES", 500)
    bench.scorer.cache_clear()
    bench.main()
    bench.main("ship")
    bench.scorer.cache_clear()
    run, untold = json.loads((tmp_path / "shipped.json").read_text())["runs"]
    assert [look["step"] for look in run["way"]] == [2, 4] and run["fid"] == run["way"][-1]["fid"] > 50
    assert "asked" not in untold and "| few |" in capsys.readouterr().out
    assert run["asked"] < 0.3  # nothing learned: read by chance
    with pytest.raises(SystemExit, match="trial, run, table or ship"):
        bench.main("bake")


# ------------------------------------------------------------------ its film


def test_the_film_is_of_the_arm():
    gan, batches = recipe.best_convolutional(10)
    other, others = bench.build(settings("plain", "convolutional", batch=128))
    torch.manual_seed(0)
    for one, two in ((gan.generator, other.generator), (gan.discriminator, other.discriminator)):
        assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    firsts = [next(train(g, b, 1)).values for g, b in ((gan, batches), (other, others))]
    assert all(torch.equal(firsts[0][name], firsts[1][name]) for name in firsts[0])
    assert batches.batch_size == others.batch_size == recipe.BATCH


def test_both_films_end_at_one_time_and_the_cost_is_that_of_the_runs():
    ours = measured("convolutional")
    per_step = {
        arm: median(run["cpu_seconds"] / of["settings"]["steps"] for run in ours["runs"] if run["arm"] == arm)
        for arm, of in ours["arms"]["plain"].items()
    }
    assert recipe.step_cost() / 1.93 == pytest.approx(per_step["convolutional"] / per_step["mlp"], rel=0.03)
    textbook = shipped("mnist_textbook")
    ends = [in_steps_of(textbook, shipped(name)).steps[-1] for name in ("mnist_best", "mnist_convolutional")]
    assert abs(ends[0] - ends[1]) < 0.01 * ends[0]
