"""`python -m gan_edu course DIR`: an update never takes what is the learner's, and nothing is half written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import laws
import pytest
from helpers import small_course as course
from helpers.small_course import FIRST, FOURTH, PICTURE, SECOND, THIRD, book, files, lies, ran

import gan_edu
from gan_edu.__main__ import main
from gan_edu.core.notebook import course_folder
from gan_edu.core.notebook.course_record import NAME, fingerprint
from gan_edu.core.safety.lock import InUse, locked

ROOT = Path(__file__).parents[2]
ATTACK = ROOT / "tests" / "helpers" / "killed_course.py"


@pytest.fixture(autouse=True)
def no_power_cut(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def there(tmp_path, monkeypatch):
    """A learner's folder, with version 1 and what they made of it."""
    monkeypatch.setattr(gan_edu, "__version__", gan_edu.__version__)
    monkeypatch.setattr(course_folder, "shipped", course_folder.shipped)
    folder = tmp_path / "mine"
    course.learner(folder)
    return folder


def update(folder, version="2"):
    """{name: (what was done, what lies beside)}"""
    course.becomes(version)
    return {
        step.name: (step.what, step.place.name if step.what == "kept" and step.place else "")
        for step in course_folder.lay(folder)
    }


def test_an_update_keeps_what_is_the_learners_and_brings_the_rest(there):
    before, new = lies(there), files("2")
    assert update(there) == {
        FIRST: ("replaced", ""),
        SECOND: ("kept", "01_b.new-2.ipynb"),
        THIRD: ("kept", "02_c.new-2.ipynb"),
        FOURTH: ("put back", ""),
        PICTURE: ("replaced", ""),
    }
    assert lies(there) == {
        **before,
        **{name: new[name] for name in (FIRST, FOURTH, PICTURE)},
        "01_b.new-2.ipynb": new[SECOND],
        "02_c.new-2.ipynb": new[THIRD],
    }


def test_what_was_laid_beside_once_is_not_laid_again(there):
    update(there)
    (there / "01_b.new-2.ipynb").unlink()
    assert update(there)[SECOND] == ("kept", "") and not (there / "01_b.new-2.ipynb").exists()


def test_the_next_version_takes_the_place_of_one_that_nobody_touched(there):
    update(there)
    worked_on = ran((there / "02_c.new-2.ipynb").read_bytes())
    (there / "02_c.new-2.ipynb").write_bytes(worked_on)
    assert update(there, "3")[SECOND] == ("kept", "01_b.new-3.ipynb")
    assert not (there / "01_b.new-2.ipynb").exists() and (there / "02_c.new-3.ipynb").exists()
    assert (there / "02_c.new-2.ipynb").read_bytes() == worked_on


def test_who_takes_the_new_one_is_up_to_date_again(there):
    update(there)
    (there / SECOND).write_bytes((there / "01_b.new-2.ipynb").read_bytes())
    assert update(there)[SECOND] == ("as it is", "") and not (there / "01_b.new-2.ipynb").exists()
    assert update(there, "3")[SECOND] == ("replaced", "")


def test_a_file_of_the_learners_where_the_new_one_would_lie_stays(there):
    (there / "01_b.new-2.ipynb").write_bytes(b"mine")
    assert update(there)[SECOND] == ("kept", "01_b.new-2-2.ipynb")
    assert (there / "01_b.new-2.ipynb").read_bytes() == b"mine"


def test_an_older_version_takes_nothing_either(there):
    update(there)
    assert update(there, "1")[SECOND] == ("kept", "") and (there / FIRST).read_bytes() == files("1")[FIRST]


def test_opened_and_saved_is_no_edit_and_outputs_are_one():
    data = book("1", FIRST)
    saved = json.loads(data)
    saved["metadata"] = {"language_info": {"name": "python"}}
    saved["cells"][0]["source"] = "".join(saved["cells"][0]["source"])
    saved["cells"][1]["execution_count"] = None
    assert fingerprint(FIRST, json.dumps(saved).encode()) == fingerprint(FIRST, data)
    assert fingerprint(FIRST, ran(data)).whole != fingerprint(FIRST, data).whole
    assert fingerprint(FIRST, ran(data)).text == fingerprint(FIRST, data).text
    for change in ({"source": "1 + 2"}, {"metadata": {"tags": ["mine"]}}, {"attachments": {"a.png": {}}}):
        other = json.loads(data)
        other["cells"][0].update(change)
        assert fingerprint(FIRST, json.dumps(other).encode()).whole != fingerprint(FIRST, data).whole, change
    for damaged in (b"", b"[]", b'{"cells": 5}', b'{"cells": [{}]}', b"\xff", b"[" * 100_000):
        assert fingerprint(FIRST, damaged).text == ""


@pytest.mark.parametrize("record", [None, b"", b"[]", b'{"format": "gan_edu course", "version": 2}', b"\xff"])
def test_without_a_record_all_that_differs_is_the_learners(there, record):
    (there / NAME).unlink()
    if record is not None:
        (there / NAME).write_bytes(record)
    before = lies(there)
    done = update(there)
    assert done[FIRST] == ("kept", "00_a.new-2.ipynb") and (NAME in done) == (record is not None)
    assert before.items() <= lies(there).items()
    assert update(there)[FIRST] == ("kept", "")


def test_a_folder_that_had_files_of_these_names_keeps_them(tmp_path, there):
    other = tmp_path / "other"
    other.mkdir()
    (other / FIRST).write_bytes(b"a thesis")
    assert update(other)[FIRST] == ("kept", "00_a.new-2.ipynb") and (other / FIRST).read_bytes() == b"a thesis"


@pytest.mark.skipif(os.name == "nt", reason="links and modes are Linux's and macOS's")
def test_links_and_files_that_are_read_only_stay(tmp_path, there):
    shared = tmp_path / "shared.ipynb"
    (there / FIRST).rename(shared)
    (there / FIRST).symlink_to(shared)
    (there / FOURTH).symlink_to(tmp_path / "nothing")
    (there / PICTURE).chmod(0o444)
    before = shared.read_bytes()
    done = update(there)
    assert done[FIRST] == ("kept", "00_a.new-2.ipynb") and done[PICTURE] == ("kept", "x.new-2.png")
    assert done[FOURTH] == ("kept", "03_d.new-2.ipynb") and (there / FOURTH).is_symlink()
    assert shared.read_bytes() == before and not (tmp_path / "nothing").exists()


def test_a_file_that_the_course_no_longer_has_stays(there, monkeypatch):
    course.becomes("2")
    monkeypatch.setattr(course_folder, "shipped", lambda: {FIRST: files("2")[FIRST]})
    done = {step.name: step.what for step in course_folder.lay(there)}
    assert done == {FIRST: "replaced", SECOND: "gone", THIRD: "gone", PICTURE: "gone"}
    assert (there / SECOND).exists() and len(course_folder.lay(there)) == 1


# What stands in the way


@pytest.mark.parametrize("folder", ["", None, 5, "a\0b"])
def test_what_is_no_folder_is_refused(folder):
    with pytest.raises((ValueError, TypeError), match="DIR must be a path"):
        course_folder.lay(folder)


def test_what_stands_in_the_way_is_named_and_nothing_is_changed(tmp_path, there):
    before = lies(there)
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(OSError, match="nothing was written.*move that file away, or choose another folder"):
        update(tmp_path / "file")
    (there / FOURTH).mkdir()
    with pytest.raises(IsADirectoryError, match="a file of the course belongs here: move this away.*03_d.ipynb"):
        update(there)
    (there / FOURTH).rmdir()
    with locked(there / course_folder.LOCK), pytest.raises(InUse, match="an update of .*mine is already under way"):
        update(there)
    assert lies(there) == before and (tmp_path / "file").read_bytes() == b"mine"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_a_folder_elsewhere_is_not_written_through(tmp_path, there):
    (there / "badges").rename(tmp_path / "elsewhere")
    (there / "badges").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotADirectoryError, match="a folder of the course belongs here: move this away.*badges"):
        update(there)
    (there / "badges").unlink()
    (there / NAME).rename(tmp_path / "record")
    (there / NAME).symlink_to(tmp_path / "record")
    with pytest.raises(FileExistsError, match="move this link away"):
        update(there)
    assert (tmp_path / "elsewhere" / "x.png").read_bytes() == files("1")[PICTURE]


@pytest.mark.parametrize("name", ["notebooks", "notebooks/mine"])
def test_the_courses_own_folder_is_not_written(name, monkeypatch, capsys):
    before = sorted((ROOT / "notebooks").iterdir())
    monkeypatch.chdir(ROOT)
    assert main(["course", name]) == 1 and "choose another" in capsys.readouterr().err
    assert sorted((ROOT / "notebooks").iterdir()) == before


def attacked(folder, how, before=()):
    done = subprocess.run(
        [*before, sys.executable, str(ATTACK), str(folder), how],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout), done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")
@pytest.mark.parametrize("how, least", [("killed", 30), ("interrupted", 10), ("full", 4)])
def test_an_update_that_is_cut_off_leaves_whole_files_and_goes_on(tmp_path, how, least):
    struck, told = attacked(tmp_path, how)
    assert struck >= least
    if how == "full":
        assert "of 5 files were done, and the same command goes on" in told


def test_a_full_or_read_only_disk_is_said(tmp_path):
    mount = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    mount += ['mount -t tmpfs -o size=512k none "$0" && exec "$@"', str(tmp_path)]
    try:
        allowed = subprocess.run([*mount, "true"], capture_output=True, text=True)
    except OSError as error:
        pytest.skip(f"a small file system cannot be mounted here: {error}")
    if allowed.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {allowed.stderr.strip()}")
    assert attacked(tmp_path, "disk", before=mount)[0] == 1


# The real course


def test_the_command_lays_all_that_notebooks_link_to_and_says_how_to_begin(tmp_path, capsys, monkeypatch):
    assert main(["course", str(tmp_path / "gan")]) == 0
    told = capsys.readouterr().out
    books = sorted(path.name for path in (ROOT / "notebooks").glob(course_folder.CHAPTERS))
    assert sorted(path.name for path in (tmp_path / "gan").glob("*.ipynb")) == books
    assert f'python -m jupyterlab "{tmp_path / "gan" / books[0]}"' in told
    texts = (path for path in (tmp_path / "gan").iterdir() if path.suffix in (".ipynb", ".md"))
    assert [complaint for path in texts for complaint in broken(path)] == []


def broken(path):
    """Relative links of a file that lead nowhere."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.suffix == ".ipynb" else []
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    text = text or path.read_text(encoding="utf-8")
    for match in laws.LINK.finditer(laws.NOT_PROSE.sub("", text)):
        target = (match[1] or match[2]).partition("#")[0]
        if ":" not in target and not (path.parent / target).exists():
            yield f"{path.name} links to {target}"
