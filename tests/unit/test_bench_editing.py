"""Chapter 13's benchmark of editing: each task runs, small, and its measures tell what moved from what did not."""

import math

import pytest
import torch
from PIL import Image

from benchmarks import editing as bench
from gan_edu.core.measures.strokes import thickness
from gan_edu.restoration import light


@pytest.fixture(autouse=True)
def few(monkeypatch, tmp_path):
    monkeypatch.setattr(bench, "KEPT", tmp_path / "dressed.png")
    images, labels = bench.mnist(train=False)
    monkeypatch.setattr(bench, "mnist", lambda train: (images[:600], labels[:600]))
    monkeypatch.setattr(bench, "PICTURES", 6)
    monkeypatch.setattr(bench, "DRAWN", 300)
    monkeypatch.setattr(bench, "HELD", 60)
    monkeypatch.setattr(bench, "KNOWN", 300)


def test_a_direction_moves_more_than_a_random_one():
    found = bench.directions({"seed": 10})
    for name in bench.MEASURES:
        assert 0 < found[f"{name} r2 held"] < 1 and found[f"{name} slope"] > 3 * abs(found[f"{name} slope random"])
        assert 0 <= found[f"{name} same digit"] <= 1 and found[f"{name} line"] > 0.7


def test_a_search_is_nearer_than_another_sample():
    s = {**bench.INVERSION, "encoder_steps": 5, "search_steps": 30, "long": 40, "lr": 0.1, "seed": 10}
    found = bench.found_again(s)
    assert found["error both"] < found["error encoder"] and found["error search"] < found["error another sample"]
    assert found["accuracy true"] > 0.8 and all(math.isfinite(each) for each in found.values())


def test_thin_and_thick_are_thirds():
    thin, thick = bench.kinds(bench.mnist(train=True)[0])
    of = [thickness(light(bench.scaled(each))) for each in (thin, thick)]
    assert len(thin) == len(thick) == 200 and of[0].max() < of[1].min()


@pytest.mark.parametrize("weight", [0.0, 10.0])
def test_a_cycle_is_measured_both_ways(weight):
    found = bench.cycle({**bench.CYCLE, "cycle": weight, "steps": 2, "seed": 10})
    assert found["thicker before"] == found["thinner aim"] and found["thinner before"] == found["thicker aim"]
    for way in ("thicker", "thinner"):
        near, far = (abs(found[f"{way} after"] - found[f"{way} {end}"]) for end in ("before", "aim"))
        assert near < far and found[f"{way} same digit"] > 0.9, "after two steps it is the picture nearly as it was"
    assert found["cycle"] > 0


def test_digits_are_no_clothes(monkeypatch):
    images = torch.randint(0, 256, (1000, 1, 28, 28), generator=torch.Generator().manual_seed(0)).byte()
    monkeypatch.setattr(bench, "fashion_mnist", lambda train: (images, torch.arange(1000) % 10))
    found = bench.garments({**bench.CYCLE, "steps": 2, "seed": 10})
    assert Image.open(bench.KEPT).size == (2 * 28 * bench.SHOWN, 2 * 28 * 3)
    assert found["usual clothes"] > 0.9 > found["usual digits"] and found["same digit as clothes"] > 0.9
