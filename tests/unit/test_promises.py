"""Numbers that the README and docstrings promise, against what they are."""

import json
import math
from pathlib import Path

import laws
import numpy as np
import pytest
import venv_packages

from benchmarks.__main__ import STORED
from gan_edu.core.data.distributions import spirals, swiss_roll
from gan_edu.core.measures.stored_scores import scores
from gan_edu.core.recording.recording import SHIPPED
from gan_edu.core.training import waiting
from gan_edu.losses import LOSSES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_room_that_an_environment_takes():
    small, large = (venv_packages.GIGABYTES[build] for build in ("cpu", "default"))
    assert f"about {small} GB of disk\nin place of {large}." in README


def test_the_counts_of_the_map():
    words = {11: "eleven", 12: "twelve"}
    assert f"{words[len(LOSSES)]} losses" in README
    assert f"a table of {words[len(scores()['MNIST']['rows'])]} arms" in README


def test_all_shipped_recordings_together():
    assert "under 20 MB" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.suffix != ".py") < 20e6


def test_what_a_busy_neighbour_costs():
    found = json.loads(STORED.read_text())["neighbour"]
    late = {kind: 1 / found[kind]["comes mid-run"] for kind in ("float32", "bfloat16")}
    assert f"{late['float32']:.1f} (float32) and {late['bfloat16']:.1f} (bfloat16)" in " ".join(waiting.__doc__.split())
    for kind in late:  # "2 to 4 times as long on two threads as on one"
        steps = found[kind]["ms_per_step"]
        assert 2 <= steps["all as installed, beside"] / steps["one, beside"] <= 4


def test_what_a_second_core_brings():
    found = json.loads(STORED.read_text())
    two, one = found["steps, 2 threads"]["ms_per_step"], found["steps, 1 thread"]["ms_per_step"]
    for arm in ("train float32", "train bfloat16"):  # "a quarter to a third off"
        assert 0.24 < 1 - two[arm] / one[arm] < 0.36


def winding(points):
    """How often a curve goes round the middle."""
    x, y = points.double().numpy().T
    return abs(np.unwrap(np.arctan2(y, x))[[0, -1]] @ [-1, 1]) / (2 * math.pi)


def test_how_often_the_spirals_go_round():
    roll, arm = swiss_roll().centres, spirals(arms=1).centres
    assert winding(roll) == pytest.approx(1.05, abs=0.01) and winding(arm) == pytest.approx(0.85, abs=0.01)
    for points, least in ((roll, 0.3), (arm, 0.15)):
        assert points.norm(dim=1).min().item() == pytest.approx(least) and points.norm(dim=1).max() <= 1.000001


def test_a_notebook_at_lesson_pace_takes_at_most_five_minutes():
    assert laws.LONGEST == 5 and laws.executed in laws.BOOK_LAWS  # core/notebook/paces.py and CONTRIBUTING.md say
