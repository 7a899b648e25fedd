"""Chapter 16's benchmark of graphs: what is learned from, noise and data as they should score. Needs rdkit."""

import json

import pytest
import torch

pytest.importorskip("rdkit")
pytest.importorskip("selfies")

from benchmarks import molecule_graphs as bench  # noqa: E402
from benchmarks.stored_runs import StoredRuns  # noqa: E402


@pytest.fixture
def few(monkeypatch, tmp_path):
    """The benchmark with few samples, and its own files."""
    some = bench.texts.split(bench.nci(most_atoms=12)[::20])
    monkeypatch.setattr(bench.texts, "data", lambda test: some)
    monkeypatch.setattr(bench.texts, "known", lambda test: bench.texts.Known(some[0]))
    monkeypatch.setattr(bench.texts, "PAIRS", 5)
    monkeypatch.setattr(bench, "learned", lambda test: some[0])
    monkeypatch.setattr(bench, "packed", lambda test: bench.graphs(some[0]))
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "graphs.json")
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "runs.json"))
    for name, value in {"SAMPLES": 40, "ON_THE_WAY": 10}.items():
        monkeypatch.setattr(bench, name, value)
    for name, value in {"code": 4, "width": 8, "maps": 4, "batch": 8, "steps": 5, "d_steps": 1}.items():
        monkeypatch.setitem(bench.START, name, value)


def test_no_molecule_is_learned_that_is_held_out_there():
    held = set(bench.texts.data(True)[1])
    small, part = set(bench.learned(True)), set(bench.learned(False))
    assert 1_100 < len(small) < 1_300 and not small & held and part < small


def test_stand_ins_score_as_they_should(few):
    found = bench.floors("graphs")
    assert found["training molecules"]["valid"] == found["held-out molecules"]["valid"] == 1
    assert found["training molecules"]["novel"] == 0 and found["held-out molecules"]["novel"] == 1
    for name in ("frequencies", "frequencies of each place"):
        row = found[name]
        assert row["valid"] < 0.3 and row["valid"] + sum(row[why] for why in bench.WHY) == pytest.approx(1)


def test_random_graphs_have_the_frequencies_of_the_data(few):
    x = bench.packed(True)
    nodes, bonds = bench.FORM.parts(x)
    for placed in (False, True):
        atoms, pairs = bench.FORM.parts(bench.by_frequency(x, placed, 4_000))
        assert torch.equal(pairs, pairs.transpose(1, 2)) and pairs.diagonal(dim1=1, dim2=2)[:, 0].eq(1).all()
        torch.testing.assert_close(atoms.sum(1).mean(0), nodes.sum(1).mean(0), rtol=0.05, atol=0.05)
        if placed:
            torch.testing.assert_close(pairs.mean(0), bonds.mean(0), rtol=0, atol=0.05)
        else:
            there = 1 - atoms[..., 0]
            among = (pairs * (there[:, :, None] * there[:, None])[..., None]).sum((0, 1, 2))[1:] / 4_000
            sizes = (1 - nodes[..., 0]).sum(1)
            expected = bonds.sum((0, 1, 2))[1:] / (sizes * (sizes - 1)).sum() * (sizes * (sizes - 1)).mean()
            torch.testing.assert_close(among, expected, rtol=0.05, atol=0.1)


def test_the_commonest_is_a_share_of_the_molecules():
    assert bench.commonest(["C", "C", None, "CC"]) == pytest.approx(2 / 3, abs=1e-5)
    assert bench.commonest([None]) == 0


def test_runs_are_stored_and_shipped_and_the_same_seed_gives_the_same(few, capsys):
    arms = {
        "graphs": {
            name: bench.Arm(name, {"draws": about.settings["draws"]}, (10,))
            for name, about in bench.ARMS["graphs"].items()
        }
    }
    bench.RUNS.run(bench.measured, arms, (), bench.floors)
    rows = bench.RUNS.read()["runs"]
    assert [row["arm"] for row in rows] == list(arms["graphs"]) and all(
        set(bench.COLUMNS) <= set(row["scores"]) for row in rows
    )
    assert all([point["step"] for point in row["curve"]] == [0, 1, 2, 3, 4, 5] for row in rows)
    again = bench.measured("graphs", {"draws": False, "seed": 10})
    assert again["scores"] == rows[0]["scores"]
    bench.ship()
    assert len(json.loads(bench.SHIPPED.read_text())["runs"]) == 2 and "MolGAN, softmax" in bench.table()
