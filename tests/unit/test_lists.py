"""The lists of chapters, controls and packages: what differs is seen; a new chapter and a new control are whole."""

import os
import re
import subprocess
import sys
from typing import NamedTuple

import chapter_list
import controls
import course
import dependencies
import glossary
import laws
import pytest
import skeleton
from chapter_list import UNWRITTEN
from helpers import copied

LAWS = (
    laws.opens_elsewhere,
    laws.listed,
    glossary.complaints,
    controls.complaints,
    dependencies.complaints,
    laws.written,
)


@pytest.fixture
def root(tmp_path):
    return copied.course(tmp_path)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """One for all tests that leave it as it was."""
    return copied.course(tmp_path_factory.mktemp("course"))


def found(root):
    return {f"{path.relative_to(root)}: {text}" for law in LAWS for path, text in law(root)}


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def edit(path, old, new, count=1):
    text = path.read_text(encoding="utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def run(root, *command):
    environment = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def lint(root, told):
    """The Python files that a command names are in the form that `make lint` wants."""
    made = re.findall(r"^\S+\.py$", told, re.MULTILINE)
    assert len(made) >= 4
    run(root, "-m", "ruff", "check", *made)
    run(root, "-m", "ruff", "format", "--check", *made)


def test_the_course_is_in_its_lists(tree):
    assert found(tree) == set()
    stored = (tree / chapter_list.LIST).read_text(encoding="utf-8")
    assert chapter_list.as_toml(tree, chapter_list.parts(tree)) == stored


LIST, INIT = chapter_list.LIST, "gan_edu/widgets/__init__.py"
FORGOTTEN = {
    "a row": (LIST, '[[part.chapter]]\nnotebook = "05_tricks"', "[part.x]\nnotebook = '05_tricks'", "is in no row of"),
    "a map": ("README.md", "| 45 |", "| 40 |", "its map differs"),
    "a title": (LIST, 'title = "losses"', 'title = "all losses"', "02_losses.py: its title is not the one in"),
    "a number": (LIST, 'notebook = "05_tricks"', 'notebook = "55_tricks"', "without a gap"),
    "words of the glossary": ("notebooks/glossary.md", "| 06 |", "| 05 |", "no term is used first in chapter 06"),
    "where a word is used first": (
        glossary.GLOSSARY,
        "the data | 05 |",
        "the data | 06 |",
        "used first in 05, not 06: … ",
    ),
    "a word that no chapter uses": (glossary.GLOSSARY, "| DRAGAN |", "| DRAGOON |", "'DRAGOON' is used in no chapter"),
    "a cell of the glossary": (glossary.GLOSSARY, "| DRAGAN | DRAGAN |", "| DRAGAN |", "four cells: | DRAGAN | a GAN"),
    "a control that is told of": (
        LIST,
        '["GamePicture", ',
        '["GamePicture", "Saddle", ',
        "00_start_here.py: does not import Saddle",
    ),
    "a control in no chapter": (LIST, '"ScoreTable"', '"Plane"', "ScoreTable is played with in no chapter"),
    "a name": (INIT, "    from .saddle.widget import Saddle as Saddle\n", "", "hands on nothing of saddle"),
    "an example": (controls.EXAMPLES, '    "Saddle": ', '    "Saddles": ', "lacks an example of Saddle"),
    "a picture": ("gan_edu/widgets/saddle/widget.py", "def picture", "def painted", "widgets/saddle: has no picture"),
    "an alt text": ("gan_edu/widgets/saddle/widget.py", "def alt", "def about", "widgets/saddle: has no alt text"),
    "a package": ("pyproject.toml", '    "scipy>=1.10",\n', "", "pyproject.toml: lacks scipy"),
    "its row": ("docs/dependencies.md", "| tqdm | run |", "| tqdmm | run |", "requirements.txt: asks for tqdm"),
    "Binder": ("binder/requirements.txt", "\nscipy\n", "\nscikit-learn\n", "binder/requirements.txt: lacks scipy"),
    "a pin": ("constraints.txt", "\ntqdm==", "\ntqdmm==", "constraints.txt: lacks tqdm"),
    "a kind": ("docs/dependencies.md", "| ruff | test |", "| ruff | style |", "pyproject.toml: lacks ruff"),
    "an import": ("gan_edu/losses.py", "import torch\n", "import torch, polars\n", "losses.py: imports polars"),
    "a sentence": ("tests/claims/06.toml", "# How", f"# {UNWRITTEN}", "06.toml: line 1 is to be written"),
}


@pytest.mark.parametrize("name, old, new, complaint", FORGOTTEN.values(), ids=FORGOTTEN)
def test_what_is_forgotten_is_named(tree, name, old, new, complaint):
    before = (tree / name).read_bytes()
    edit(tree / name, old, new, count=99)
    told = found(tree)
    (tree / name).write_bytes(before)
    assert any(complaint in line for line in told), told


@pytest.mark.parametrize(
    "name, complaint",
    [
        ("gan_edu/tricks.py", "05_tricks has no gan_edu/tricks.py"),
        ("gan_edu/exercises/tricks.py", "05_tricks has no gan_edu/exercises/tricks.py"),
        ("tests/unit/test_tricks.py", "05_tricks has no tests/unit/test_tricks.py"),
        ("tests/claims/05.toml", "05_tricks has no tests/claims/05.toml"),
        ("notebooks/scripts/05_tricks.py", "05_tricks has no notebook"),
        ("tests/browser/test_saddle.py", "has no test in a browser, tests/browser/test_saddle.py"),
        ("gan_edu/widgets/saddle/entry.js", "has no entry.js"),
    ],
)
def test_a_file_that_is_missing_is_named(tree, name, complaint):
    before = (tree / name).read_bytes()
    (tree / name).unlink()
    told = found(tree)
    (tree / name).write_bytes(before)
    assert any(complaint in line for line in told), told


@pytest.mark.parametrize("folder", ["", "notebooks/"])
def test_the_maps_hold_all_chapters_in_order_and_lead_to_them(folder):
    told = chapter_list.the_map(copied.ROOT, folder)
    rows = re.findall(r"^\|[^|]*\| \[?(\d\d) [^|]*\|", told, re.MULTILINE)
    linked = re.findall(rf"\({folder}(\d\d_\w+)\.ipynb\)", told)
    names = [path.stem for path in laws.every(copied.ROOT)]
    assert rows == [name[:2] for name in names] and linked == names[0 if folder else 1 :]
    making = [each for part in chapter_list.parts(copied.ROOT) for each in part.get("making", [])]
    assert told.count("making") == bool(making) and told.count("All chapters are there.") == (not making)


# A new chapter, a new control


@pytest.mark.parametrize("make", [skeleton.chapter, skeleton.control])
@pytest.mark.parametrize(
    "name, words",
    [
        ("", "small letters, as mode_collapse; got ''"),
        ("Waves", "got 'Waves'"),
        ("two words", "got 'two words'"),
        ("../waves", "got '../waves'"),
        ("class", "got 'class'"),
        ("7th", "got '7th'"),
        ("losses", "there is losses.py in gan_edu/ already"),
        ("replay", "already"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(tree, make, name, words):
    before = contents(tree)
    with pytest.raises(ValueError, match=re.escape(words)):
        make(tree, name)
    assert contents(tree) == before


class Planned(NamedTuple):
    """A chapter that nobody has begun."""

    notebook: str

    @property
    def number(self):
        return self.notebook[:2]

    @property
    def name(self):
        return self.notebook[3:]

    @property
    def said(self):
        return self.name.replace("_", " ")


def next_chapter():
    planned = [Planned(each) for part in chapter_list.parts(course.ROOT) for each in part.get("making", [])]
    free = [each for each in planned if not (course.ROOT / "gan_edu" / f"{each.name}.py").exists()]
    last = max(int(each.notebook[:2]) for each in chapter_list.chapters(course.ROOT))
    return free[0] if free else Planned(f"{last + 1:02d}_one_more")


NEXT = next_chapter()


def test_a_new_chapter_has_what_a_chapter_has_and_check_names_the_rest(root, capsys):
    assert course.main(["chapter", NEXT.name], root) == 0
    told = capsys.readouterr().out
    assert f"notebooks/{NEXT.notebook}.ipynb" in told
    course.main(["links"], root)  # README says what is in the making
    complaints = found(root)
    assert {line for line in complaints if "is to be written" not in line} == {
        f"notebooks/glossary.md: no term is used first in chapter {NEXT.number}: add those it brings"
    }
    assert {line.partition(":")[0] for line in complaints if "is to be written" in line} == {
        f"gan_edu/{NEXT.name}.py",
        f"gan_edu/exercises/{NEXT.name}.py",
        "gan_edu/words/en.json",
        "notebooks/course.toml",
        f"notebooks/scripts/{NEXT.notebook}.py",
        f"tests/unit/test_{NEXT.name}.py",
    }
    with pytest.raises(ValueError, match="already"):
        skeleton.chapter(root, NEXT.name)
    run(root, "-m", "pytest", "-q", f"tests/unit/test_{NEXT.name}.py")
    lint(root, told)


def test_a_new_chapters_notebook_runs_and_is_one_of_the_course(root, monkeypatch):
    course.main(["chapter", NEXT.name], root)
    path = root / "notebooks" / f"{NEXT.notebook}.ipynb"
    monkeypatch.setenv("PYTHONPATH", str(root))
    course.lesson(path, "lesson")
    pair = [*laws.pairs(root), *laws.stored(root), *laws.opens_elsewhere(root)]
    assert [text for at, text in pair if at == path] == []
    book = laws.read(path)
    assert [text for law in laws.BOOK_LAWS for text in law(book)] == []
    assert "not attempted yet" in str(book.cells[-3].outputs)


def test_a_row_that_is_written_joins_the_maps(root):
    course.main(["chapter", NEXT.name], root)
    assert f"{NEXT.number} {NEXT.said}" in chapter_list.in_the_making(root)
    edit(root / LIST, f'title = "{UNWRITTEN}"\nplay = "{UNWRITTEN}"', 'title = "as it is called"\nplay = "what moves"')
    edit(root / LIST, f'minutes = "{UNWRITTEN}"', "minutes = 40")
    assert any("README.md" in line and "its map differs" in line for line in found(root))
    assert f"| [{NEXT.number} as it is called]({NEXT.notebook}.ipynb) | what moves | 40 |" in chapter_list.the_map(
        root, ""
    )
    assert NEXT.said not in chapter_list.in_the_making(root)


def test_a_chapter_that_nobody_planned_comes_last(root):
    planned = [name for part in chapter_list.parts(root) for name in part.get("making", [])]
    last = max(int(name[:2]) for name in [*planned, *(row.notebook for row in chapter_list.chapters(root))])
    skeleton.chapter(root, "waves")
    assert (root / "notebooks" / "scripts" / f"{last + 1:02d}_waves.py").exists()
    assert chapter_list.chapters(root)[-1].part == "GANs at work"


def test_a_new_control_has_what_a_control_has_and_check_names_the_rest(root, capsys):
    assert course.main(["control", "wave_maker"], root) == 0
    complaints = found(root)
    assert {line for line in complaints if "is to be written" not in line} == {
        "notebooks/course.toml: WaveMaker is played with in no chapter"
    }
    files = {line.partition(":")[0] for line in complaints if "is to be written" in line}
    assert files == {
        *(f"gan_edu/widgets/wave_maker/{name}" for name in ("__init__.py", "widget.py", "view.js")),
        "gan_edu/words/en.json",
        "tests/browser/test_wave_maker.py",
    }
    lint(root, capsys.readouterr().out)
    see = "from gan_edu.widgets import WaveMaker; print(WaveMaker()._repr_mimebundle_()[1]['image/png']['alt'])"
    assert "the square of 0.50 is 0.250" in run(root, "-c", see)


@pytest.mark.parametrize(
    "words, name", [(["waves"], "waves"), (["two", "words"], "two words"), (["NAME=waves"], "waves"), ([], "")]
)
@pytest.mark.parametrize("kind", ["chapter", "control"])
def test_make_takes_the_name_as_a_second_word(kind, words, name):
    """What the environment calls NAME, as WSL does, is not meant."""
    make = ["make", "--dry-run", "--print-data-base", "-C", str(copied.ROOT), kind, *words]
    told = subprocess.run(make, env={**os.environ, "NAME": "host"}, capture_output=True, text=True, check=True).stdout
    assert f'tools/course.py {kind} "$NAME"' in told
    assert re.findall(r"^NAME :?= ?(.*)$", told, re.MULTILINE) == [name]
