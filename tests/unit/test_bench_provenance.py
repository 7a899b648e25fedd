"""Chapter 18's benchmark of marks and detectors: what is added, what is found, who copies it, and rows shipped."""

import json

import pytest
import torch

from benchmarks import provenance as bench
from benchmarks.stored_runs import StoredRuns
from gan_edu.core.measures.provenance import key, marked

SMALL = {"width": 1, "steps": 2, "batch": 8, "d_width": 1, "d_steps": 2}


class Even:
    """A scorer that takes no time."""

    def score_images(self, images):
        return {"fid": images.mean().item()}


@pytest.fixture
def few(monkeypatch, tmp_path):
    """The benchmark with its own files and few pictures."""
    monkeypatch.setattr(bench, "RUNS", StoredRuns(tmp_path / "runs.json"))
    monkeypatch.setattr(bench, "SHIPPED", tmp_path / "provenance.json")
    monkeypatch.setattr(bench, "scorer", Even)
    for name, count in (("LEARNED", 40), ("HELD", 120), ("COUNT", 120), ("KEYS", 3)):
        monkeypatch.setattr(bench, name, count)


def test_arms_say_what_they_change():
    for arms in bench.ARMS.values():
        for name, arm in arms.items():
            assert set(arm.settings) <= {*bench.START} and arm.seeds == bench.FIVE, name


def test_trials_and_runs_look_at_other_pictures():
    trial, run = (bench.tried({**bench.START, "seed": seed}) for seed in (0, 10))
    assert torch.equal(run, bench.real(0, bench.COUNT, test=True)) and not torch.equal(run, trial)
    assert torch.equal(trial, bench.real(50_000, bench.COUNT)) and trial.min() >= 0 and trial.max() <= 1


def test_no_detector_learns_from_what_it_will_be_asked():
    x = bench.real(0, 20)
    learned = [damage(x, torch.Generator().manual_seed(0)).seen for damage in bench.HANDLED[1:]]
    asked = [bench.sent(x, way) for way in bench.WAYS if way != "as it is"]
    assert not any(torch.equal(bench.in_bytes(a), b) for a in learned for b in asked)
    assert torch.equal(bench.sent(x, "as it is"), bench.in_bytes(x))


def test_a_mark_is_found_and_its_absence_too(few):
    found = bench.measured("marks", {"seed": 0})
    as_it_is, noise = found["found"]["as it is"], found["found"]["noise"]
    assert as_it_is[0] > 0.95 > noise[0] and as_it_is[1] < 0.1 and as_it_is[2] > 0.9
    assert found["found"]["moved"][0] < 0.5 < found["looked for"]["moved"][0], "where it is looked for"
    assert 28 < found["psnr"] < 36 and found["fid"] != found["fid before"]
    assert found["best key"] <= found["over keys"] <= found["worst key"] < 0.1
    assert set(found["found"]) == set(found["looked for"]) == set(bench.WAYS)


def test_many_pictures_give_the_key_away(few):
    k, s = key(5), {**bench.START, "seed": 0}
    pictures = bench.in_bytes(marked(bench.real(0, 1000), k, 0.03))
    guesses = [bench.copied(pictures[:n], k, s) for n in (10, 1000)]
    assert guesses[0]["right"] < guesses[1]["right"] and guesses[1]["right"] > 0.9
    assert guesses[1]["forged"] > 0.9 and guesses[1]["left"] < 0.5
    assert 0.4 < bench.copied(bench.real(0, 1000), k, s)["right"] < 0.6, "of pictures without it nothing is learned"


def test_a_generator_learns_from_marked_pictures(few, monkeypatch):
    given = []
    monkeypatch.setattr(bench, "real", lambda first, count, test=False: torch.full((120, 1, 28, 28), 0.5))
    monkeypatch.setattr(bench, "convolutional", lambda s, pictures: given.append(pictures) or bench.trained_textbook())
    found = bench.measured("marks", {"seed": 0, "learned": True, "strength": 0.1})
    assert torch.allclose((given[0] - 0.5) / 0.1, key(0).expand(120, 1, 28, 28), atol=1e-5)
    assert "psnr" not in found and found["found"]["as it is"][0] < 0.2, "this one has not"


def test_detectors_are_trained_and_asked(few):
    found = bench.measured("detectors", {**SMALL, "seed": 10})
    names = {f"{of}, {how}" for of in ("textbook", "convolutional") for how in ("clean", "handled")}
    assert set(found) == {*names, "fid", "cpu_seconds"} and set(found["fid"]) == {"textbook", "convolutional"}
    for name in names:
        assert set(found[name]) == set(bench.WAYS)
        assert all(0 <= share <= 1 for row in found[name].values() for share in row.values())


def test_a_detector_tells_what_can_be_told(few):
    """Noise from digits; and digits from digits by chance alone."""
    s = {**bench.START, **SMALL, "d_width": 4, "d_steps": 60, "seed": 0}
    noise = torch.rand(200, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    net = bench.detector(s, bench.real(0, 80), noise[:80], bench.HANDLED[:1])
    others = {"noise": noise[80:], "digits": bench.real(30_000, 120)}
    found = bench.asked(net, s, others)["as it is"]
    assert found["noise"] == 1 and found["digits"] < 0.1


def test_runs_are_told_and_shipped(few, capsys):
    row = {"data": "marks", "arm": "fine", "seed": 10, **bench.measured("marks", {"seed": 10})}
    ways = {way: {"textbook": 1.0, "convolutional": 0.2, "false": 0.01} for way in bench.WAYS}
    other = {"data": "detectors", "arm": "four", "seed": 10, "fid": {}, "textbook, clean": ways, "cpu_seconds": 1.0}
    bench.RUNS.merge(lambda stored: stored["runs"].extend([row, other]))
    told = bench.table()
    assert "| fine, 0.03: found |" in told and "trained on textbook, clean" in told and "0.2 (0.2 – 0.2)" in told
    bench.main("ship")
    shipped = json.loads(bench.SHIPPED.read_text())
    assert len(shipped["runs"]) == 2 and shipped["false positives"] == 0.01 and "KB" in capsys.readouterr().out
