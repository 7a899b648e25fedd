"""The shipped runs of the plane: whole, small, what their titles say, and made anew by their recipes."""

import subprocess
import sys

import pytest

from gan_edu.core.recording.point_frames import frames_of, unpack
from gan_edu.core.recording.recording import SHIPPED, shipped, shipped_names
from gan_edu.recordings import plane_recipes
from gan_edu.recordings.recipes import RECIPES

NAMES = [name for name in shipped_names() if name.startswith("plane/")]
LEARNS = ["plane/ring", "plane/line", "plane/two_moons", "plane/swiss_roll"]


def test_eight_ship_and_each_has_a_recipe():
    assert len(NAMES) == 8 and set(NAMES) == set(plane_recipes.PLANE) <= set(RECIPES)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_run_is_whole_and_small(name):
    recording = shipped(name)
    frames = frames_of(recording)
    assert recording.meta["name"] == name and len(frames) == len(recording) > 40
    seen = unpack(recording.meta, frames[-1])
    assert seen["sure"].min() >= 0 and seen["sure"].max() <= 1 and abs(seen["fakes"]).max() < 30
    assert sum(path.stat().st_size for path in (SHIPPED / name).iterdir()) < 160_000
    assert recording.meta["provenance"]["settings"]["batch_size"] == 256


@pytest.mark.parametrize("name", LEARNS)
def test_those_that_learn_come_near_the_data(name):
    recording = shipped(name)
    last = sorted(scores["js"] for scores in recording.scores[-10:])
    assert last[5] < 0.15 and recording.scores[0]["js"] > 0.5
    if name == "plane/ring":
        assert recording.scores[-1]["modes"] == 8


def test_those_that_fail_do_what_their_titles_say():
    collapsed = shipped("plane/mode_collapse")
    assert all(scores["modes"] == 1 and scores["quality"] > 0.9 for scores in collapsed.scores[-10:])
    circling = [scores["js"] for scores in shipped("plane/circling").scores[10:]]
    assert min(circling) > 0.05 and sum(js > 0.15 for js in circling) > len(circling) / 2


def test_a_replay_of_the_plane_loads_no_torch():
    code = (
        "import sys; from gan_edu.core.recording.recording import shipped; from gan_edu.widgets import PlaneReplay;"
        "view = PlaneReplay(shipped('plane/ring')); view.to_html(); view.to_png();"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_recipe_makes_the_same_run_again(tmp_path, monkeypatch):
    title, _, settings = plane_recipes.PLANE["plane/ring"]
    monkeypatch.setitem(plane_recipes.PLANE, "plane/ring", (title, 60, settings))
    one, other = (plane_recipes.record_plane("plane/ring", into=str(tmp_path / each)) for each in "ab")
    assert one.atlas == other.atlas and one.steps[-1] == 60
    assert one.meta["provenance"]["settings"]["data"] == "ring of 8"
