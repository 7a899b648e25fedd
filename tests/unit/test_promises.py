"""Numbers that the README and docstrings promise, against what they are."""

import json
import math
import pkgutil
import re
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
    """As core/notebook/paces.py and CONTRIBUTING.md say."""
    assert laws.executed in laws.BOOK_LAWS
    book = laws.read(min((ROOT / "notebooks").glob("[0-9]*.ipynb")))
    for minutes, refused in ((5, False), (5.1, True)):
        book.metadata["gan_edu"] = {**book.metadata["gan_edu"], "minutes": minutes}
        assert any("minutes at lesson pace, more than 5" in told for told in laws.executed(book)) == refused


def names_in(text):
    """Names of the package that a text names: `gan_edu.x.name`, and `name(…)` in `gan_edu.x`, as "gan_edu.x:name"."""
    said_in = re.findall(r"`(\w+)(?:\([^`]*\))?`\s+in\s+`(gan_edu[.\w]*)`", text)
    return {*re.findall(r"`(gan_edu(?:\.\w+)+)(?:\([^`]*\))?`", text), *(f"{where}:{name}" for name, where in said_in)}


def gone(text):
    """The names in a text that cannot be imported."""
    for name in names_in(text):
        try:
            pkgutil.resolve_name(name)
        except (ImportError, AttributeError):
            yield name


def test_names_that_the_texts_say_can_be_imported():
    books = [laws.read(path) for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))]
    texts = [cell.source for book in books for cell in book.cells if cell.cell_type == "markdown"]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md")]
    assert len({name for text in texts for name in names_in(text)}) > 5
    assert [name for text in texts for name in gone(text)] == []


def test_a_name_that_is_not_where_a_text_says_is_seen():
    text = '`images_from_folder("x")`\nin `gan_edu.core.data.datasets`, `gan_edu.core.nowhere`, `gan_edu.losses.gone()`'
    assert sorted(gone(text)) == [
        "gan_edu.core.data.datasets:images_from_folder",
        "gan_edu.core.nowhere",
        "gan_edu.losses.gone",
    ]
    assert not [*gone("`adam` in `gan_edu.training_loop`, `gan_edu.core.data.fashion_mnist`, `gan_edu.core`")]
