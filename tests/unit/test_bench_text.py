"""Chapter 14's benchmark: arms begin alike, nothing that is scored was learned from, runs are stored and shipped."""

import json
import math

import pytest
import torch

from benchmarks import text as bench
from benchmarks.stored_runs import StoredRuns
from gan_edu.text import reader, writers

SMALL = {"width": 4, "maps": 4, "batch": 8, "early_batch": 8, "early_steps": 2, "steps": 5, "d_first": 1, "seed": 10}


@pytest.fixture
def few(monkeypatch, tmp_path):
    """The benchmark with few samples, and its own files."""
    (learned, held), (part, rest) = bench.data(True), bench.data(False)
    fewer = {True: (learned[:1000], held[:200]), False: (part[:1000], rest[:200])}
    monkeypatch.setattr(bench, "data", fewer.get)  # each score counts the n-grams of all that are held out
    monkeypatch.setattr(bench, "SAMPLES", 60)
    monkeypatch.setattr(bench, "BLEU_SAMPLES", 20)
    monkeypatch.setattr(bench, "TEMPERATURES", (0.5, 1.0))
    monkeypatch.setattr(bench, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(bench, "NETWORKS", tmp_path / "writers.pt")
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "text.json")
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "runs.json"))
    for name in ("width", "maps", "early_steps"):
        monkeypatch.setitem(bench.START, name, SMALL[name])


def test_a_trial_and_a_run_are_scored_on_what_they_do_not_learn():
    (learned, held), (part, rest) = bench.data(True), bench.data(False)
    assert not set(learned) & set(held) and not set(part) & set(rest) and set(part) | set(rest) == set(learned)
    assert not (set(part) | set(rest)) & set(held)
    in_trial = bench.batches_of({**bench.START, "seed": 2}, 0).data
    in_run = bench.batches_of({**bench.START, "seed": 10}, 0).data
    assert (len(in_trial), len(in_run)) == (len(part), len(learned))


def test_all_arms_begin_with_the_same_writer():
    s = {**bench.START, **SMALL}
    one = bench.early(s)
    for arm in bench.ARMS["names"].values():
        other = bench.early({**bench.START, **arm.settings, **{**SMALL, "batch": arm.settings.get("batch", 8)}})
        for a, b in zip(one.parameters(), other.parameters(), strict=True):
            assert torch.equal(a, b)
    gan, _ = bench.later({**s, "method": "wgan"}, one)
    assert not isinstance(gan.generator, type(one))
    assert all(arm.seeds == (10, 11, 12, 13, 14) for arm in bench.ARMS["names"].values())


def test_scores_of_stand_ins(few):
    found = bench.floors()
    divergence = [
        found[name]["divergence"] for name in ("training names", "letters as frequent", "any letters", "one name")
    ]
    assert divergence == sorted(divergence)
    assert found["training names"]["copied"] == 1 and found["one name"]["self_bleu"] == 1


def test_a_run_is_stored_its_networks_kept_and_shipped(few, capsys):
    for name, arm in bench.ARMS["names"].items():
        found = bench.measured("names", {**arm.settings, **SMALL, "d_steps": 1})
        assert set(found["at"]) == ({"1"} if name == "wgan" else {"0.5", "1"})
        assert all(math.isfinite(value) for at in found["at"].values() for value in at.values())
        assert len(found["curve"]) == (0 if name == "early" else bench.POINTS)
        row = {"data": "names", "arm": name, "seed": 10, **found}
        bench.RUNS.merge(lambda stored, row=row: stored["runs"].append(row))
    kept = {place.name: place.read_bytes() for place in bench.KEPT.iterdir()}
    bench.measured("converged", {**bench.ARMS["converged"]["seqgan"].settings, **SMALL, "early_steps": 3})
    assert {place.name: place.read_bytes() for place in bench.KEPT.iterdir()} == kept
    bench.RUNS.merge(lambda stored: stored.update(floors=bench.floors()))
    bench.ship()
    stored = json.loads(bench.SHIPPED.read_text())
    assert len(stored["runs"]) == len(bench.ARMS["names"]) and stored["samples"] == 60
    networks = writers(bench.NETWORKS)
    assert list(networks) == ["early", "likelihood", "SeqGAN"] and "SeqGAN" in bench.table()
    assert all(0 <= each <= 1 for each in reader(bench.NETWORKS).judge(["smith", "xq"]))
    assert len(set(kept.values())) == len(kept)
    for name, network in zip(("early", "mle", "seqgan"), networks.values(), strict=True):
        weights = torch.load(bench.KEPT / f"{name}.pt")
        assert all(torch.equal(value.half(), weights[key]) for key, value in network.state_dict().items())
    made = [bench.quality(network.complete(count=60, seed=1), True) for network in networks.values()]
    runs = {row["arm"]: row["at"]["1"]["divergence"] for row in stored["runs"]}
    assert made == pytest.approx([runs["early"], runs["mle"], runs["seqgan"]], abs=0.05)  # float16


@pytest.mark.parametrize("arm", ["mle", "seqgan", "gumbel", "wgan"])
def test_what_was_chosen_was_tried_on_three_seeds(arm):
    chosen = bench.ARMS["names"][arm].settings
    tried = [each["settings"] for each in bench.RUNS.read()["trials"] if (each["data"], each["arm"]) == ("names", arm)]
    assert all({**chosen, "seed": seed} in tried for seed in range(3))
    assert all(each.get("seed", 0) < 10 for each in tried)
