"""Exercises that were solved are noted on this machine alone; whatever ails the note, a check answers as ever."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from notebook_files import read

import gan_edu
from gan_edu.core.notebook import solved
from gan_edu.exercises import progress, start_here

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9][0-9]_*.ipynb"))


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """The folder of this user's state, empty."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("GAN_EDU_PACE", raising=False)
    return tmp_path / "state"


def solve():
    feedback = start_here.kinds_of_density("explicit", "implicit")
    assert feedback.correct is True, "the verdict is another"


def count(chapter="00 start here"):
    return {name: done for name, done, _ in gan_edu.progress().rows}[chapter]


def test_what_is_solved_is_counted_once_and_what_is_not_is_not(state):
    assert count() == 0 and not state.exists()
    start_here.kinds_of_density("implicit", "implicit")
    start_here.kinds_of_density(..., ...)
    assert count() == 0 and not state.exists()
    solve()
    solve()
    assert count() == 1 and count("01 value function") == 0
    start_here.unsupervised("bd")
    assert count() == 2
    assert json.loads((state / "gan_edu" / "progress.json").read_bytes())["solved"] == {
        "start_here": ["kinds_of_density", "unsupervised"]
    }


def test_the_table_names_each_chapter_with_as_many_exercises_as_its_notebook_has(state):
    rows = {name.replace(" ", "_"): of for name, _, of in gan_edu.progress().rows}
    assert rows == {path.stem: len(calls(path)) for path in NOTEBOOKS} and list(rows) == sorted(rows)
    solve()
    lines = repr(gan_edu.progress()).splitlines()
    assert lines[0].split("  ")[0] == "00 start here" and lines[0].endswith("1 of 3 solved")
    assert lines[len(rows)].startswith("together ") and lines[len(rows)].endswith(f"1 of {sum(rows.values())} solved")
    assert str(state / "gan_edu" / "progress.json") in lines[-1] and "gan_edu.progress().forget()" in lines[-1]


def calls(path):
    """The different checks that the exercises of a notebook call."""
    cells = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    return {line.partition("(")[0] for cell in cells for line in cell.splitlines() if line.startswith("exercises.")}


DAMAGED = {
    "empty": b"",
    "no JSON": b"{",
    "no text": b"\xff\xfe\x00",
    "a list": b"[]",
    "a number": b'{"solved": 3}',
    "another kind": b'{"solved": {"start_here": 3}}',
    "deep": b'{"solved": ' + b"[" * 100_000,
    "another chapter": b'{"solved": {"gone": ["x"]}}',
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_counts_as_none_and_is_made_anew(state, data):
    path = state / "gan_edu" / "progress.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert count() == 0
    solve()
    assert count() == 1


def test_where_nothing_can_be_written_a_check_answers_as_ever(state, monkeypatch):
    state.write_text("a file in the folder's place")
    solve()
    assert count() == 0 and state.read_text() == "a file in the folder's place"
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/none")
    solve()
    monkeypatch.setenv("GAN_EDU_PACE", "none of the three")
    solve()


def test_a_user_without_a_home_is_told(monkeypatch):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setenv("XDG_STATE_HOME", "relative")  # is to be ignored, says the custom
    monkeypatch.setattr(Path, "home", no_home)
    solve()
    assert gan_edu.progress().kept is None and "Nothing is kept" in repr(gan_edu.progress())
    gan_edu.progress().forget()


@pytest.mark.parametrize(
    "system, variable, beside",
    [
        ("linux", "XDG_STATE_HOME", ".local/state"),
        ("darwin", None, "Library/Application Support"),
        ("win32", "LOCALAPPDATA", "AppData/Local"),
    ],
)
def test_the_file_lies_where_the_system_has_such_files(tmp_path, monkeypatch, system, variable, beside):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert solved.place() == tmp_path / beside / "gan_edu" / "progress.json"
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "own"))
        assert solved.place() == tmp_path / "own" / "gan_edu" / "progress.json"


def test_at_test_pace_nothing_is_written(state, monkeypatch):
    monkeypatch.setenv("GAN_EDU_PACE", "test")
    solve()
    assert not state.exists()


def test_it_can_be_deleted(state):
    solve()
    assert {done for _, done, _ in gan_edu.progress().forget().rows} == {0}
    assert not (state / "gan_edu" / "progress.json").exists()
    gan_edu.progress().forget()  # of what is not there nothing is left


def test_it_is_told_in_the_language_that_was_chosen(state, monkeypatch):
    monkeypatch.setenv("GAN_EDU_LANG", "zh")
    assert "已完成 0/3" in repr(gan_edu.progress())


def test_every_module_of_checks_belongs_to_a_chapter():
    chapters = [chapter.replace(" ", "_") for chapter, _ in progress.chapters().values()]
    assert chapters == [path.stem for path in NOTEBOOKS]


def test_it_is_there_by_its_name_and_costs_nothing_until_it_is_used():
    code = "import gan_edu, sys; assert 'torch' not in sys.modules and 'progress' in dir(gan_edu); gan_edu.progress"
    subprocess.run([sys.executable, "-c", code], check=True)
