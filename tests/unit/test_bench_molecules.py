"""Chapter 16's benchmark: arms begin alike and differ as they say, no molecule of the data is stored. Needs rdkit."""

import json

import pytest
import torch

pytest.importorskip("rdkit")
pytest.importorskip("selfies")

from benchmarks import molecules as bench  # noqa: E402
from benchmarks.stored_runs import StoredRuns  # noqa: E402
from gan_edu.widgets import MoleculeBoard  # noqa: E402

SMALL = {"width": 8, "maps": 4, "batch": 8, "prior_steps": 2, "d_first": 1, "steps": 5}


@pytest.fixture
def few(monkeypatch, tmp_path):
    """The benchmark with few samples, and its own files."""
    monkeypatch.setattr(bench, "SAMPLES", 20)
    monkeypatch.setattr(bench, "PAIRS", 5)
    monkeypatch.setattr(bench, "ON_THE_WAY", 10)
    some = bench.split(bench.nci()[::20])
    monkeypatch.setattr(bench, "data", lambda test: some)
    monkeypatch.setattr(bench, "known", lambda test: bench.Known(some[0]))
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "molecules.json")
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "runs.json"))
    for name in SMALL:
        monkeypatch.setitem(bench.START, name, SMALL[name])


def test_a_trial_and_a_run_are_scored_on_what_they_do_not_learn():
    (learned, held), (part, rest) = bench.data(True), bench.data(False)
    assert not set(learned) & set(held) and set(part) | set(rest) == set(learned) and not set(part) & set(rest)
    sizes = [len(bench.batches_of(bench.SELFIES, {**bench.START, "seed": seed}, 0).data) for seed in (2, 10)]
    assert sizes == [len(part), len(learned)]


def test_arms_begin_alike_and_organ_s_differ_in_their_reward_alone(few):
    s = {**bench.START, "seed": 10}
    for name, of in bench.ARMS.items():
        one, _ = bench.prior_of(bench.WRITINGS[name], s)
        for arm in of.values():
            other, _ = bench.prior_of(bench.WRITINGS[name], {**s, **arm.settings, "steps": 5})
            assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
            assert arm.seeds in ((10, 11, 12, 13, 14), (10, 11, 12))
            if arm.settings.get("method") == "organ":
                assert {key for key in arm.settings if key not in bench.LATER} <= {"share", "pull", "repeats", "keep"}


def test_who_learns_first():
    s = {**bench.START, "method": "organ", "steps": 12, "d_first": 7}
    assert bench.parts(s)[0] == (True, 7) and sum(count for d, count in bench.parts(s) if not d) == 12
    for other in ({"share": 0.0}, {"method": "longer"}):
        assert not any(d for d, _ in bench.parts({**s, **other}))


def test_the_best_are_of_the_highest_qed(few):
    G, _ = bench.prior_of(bench.SELFIES, {**bench.START, "seed": 0})
    found = bench.best(bench.SELFIES, G, 100, 10)
    others = {each for each in bench.drawn(bench.SELFIES, G, 100, seed=2) if each} - set(found)
    assert len(found) == 10 and min(map(bench.qed, found)) >= max(map(bench.qed, others))


def test_no_molecule_of_the_data_is_stored():
    learned, held = bench.data(True)
    assert bench.shown([learned[0], None, held[0], "FCCCNCCI", "FCCCNCCI", bench.data(False)[1][0]]) == ["FCCCNCCI"]


def test_stand_ins_score_as_they_should(few):
    found = bench.floors()
    assert found["one molecule"]["unique"] == 0.05 and found["one molecule"]["diversity"] == 0
    assert found["training molecules"]["novel"] == 0 and found["training molecules"]["nearest"] == 1
    assert found["held-out molecules"]["novel"] == found["training molecules"]["valid"] == 1
    assert found["random SELFIES"]["valid"] > 0.9 > 0.2 > found["random SMILES"]["valid"]


def test_every_kind_of_run_is_stored_and_shipped(few, monkeypatch, capsys):
    kinds = ("longer", "best", "both", "d_off")
    arms = {"selfies": {name: bench.Arm(name, bench.ARMS["selfies"][name].settings, (10,)) for name in kinds}}
    for arm in arms["selfies"].values():
        monkeypatch.setitem(arm.settings, "steps", 5)
    bench.RUNS.run(bench.measured, arms, ())
    bench.RUNS.merge(lambda found: found.update(floors={"training molecules": {**dict.fromkeys(bench.COLUMNS, 0.5)}}))
    rows = bench.RUNS.read()["runs"]
    assert [row["arm"] for row in rows] == list(kinds) and all(set(bench.COLUMNS) <= set(row["scores"]) for row in rows)
    assert [len(row.get("curve", ())) for row in rows] == [5, 0, 5, 5]
    monkeypatch.setattr(bench, "BOARD", {"d_off": 0, "both": 0.5})
    bench.ship()
    shipped = json.loads(bench.SHIPPED.read_text())
    assert len(shipped["runs"]) == 4 and "made" not in shipped["runs"][0] and "| ORGAN, λ = ½ |" in bench.table()
    assert list(shipped["gamed"]) == ["d_off"] and set(shipped["gamed"]["d_off"]) == set(rows[3]["made"][:5])
    board = MoleculeBoard(shipped["board"])
    assert board.alt and shipped["board"]["shares"] == [0, 0.5] and len(shipped["board"]["grids"][1][4]) == 12


def test_what_is_kept_is_the_best_that_the_objective_was_asked_for(few, monkeypatch):
    asked = []
    monkeypatch.setattr(bench, "drug_like", lambda writing: lambda texts: asked.extend(texts) or [0.5] * len(texts))
    s = {**bench.LATER, "share": 0.0, "keep": True, "steps": 5, "seed": 10}
    found = bench.measured("selfies", s)
    kept = bench.sorted_by_qed(map(bench.SELFIES.molecule_of, asked))
    assert len(asked) == 5 * 8 and found["scores"]["unique"] == 1 and set(found["made"]) <= set(kept)
    assert abs(found["scores"]["qed"] - sum(map(bench.qed, kept)) / len(kept)) < 1e-4


def test_two_benzene_rings_are_two():
    assert bench.two_rings(["c1ccccc1", "c1ccccc1Cc1ccccc1", "CCO", "c1ccc2ccccc2c1"]) == 0.5
