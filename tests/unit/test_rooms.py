"""The rooms of core and the controls: what each hands on, and what is loaded for it."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import code_laws
import pytest

import gan_edu

PACKAGE = Path(gan_edu.__file__).parent
HANDING = sorted(path.parent for path in PACKAGE.rglob("__init__.py") if "handed_on(__name__)" in path.read_text())
NAMES = [".".join(("gan_edu", *folder.relative_to(PACKAGE).parts)) for folder in HANDING]


def names_of(package):
    tree = ast.parse((PACKAGE / "/".join(package.split(".")[1:]) / "__init__.py").read_text(encoding="utf-8"))
    return {
        alias.name: f"{package}.{node.module}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }


def test_every_room_has_its_floor_and_says_in_a_sentence_what_it_is_for():
    rooms = {path.parent.name for path in (PACKAGE / "core").glob("*/__init__.py")}
    assert rooms == {path.name for path in (PACKAGE / "core").iterdir() if any(path.glob("*.py"))}
    assert rooms == set(code_laws.FLOORS)
    for room in rooms:
        assert (import_module(f"gan_edu.core.{room}").__doc__ or "").rstrip().endswith(".")
    assert len(NAMES) == 9


@pytest.mark.parametrize("package", NAMES)
def test_no_name_handed_on_is_a_file_and_each_is_its_homes_own(package):
    module, homes = import_module(package), names_of(package)
    assert homes and sorted(homes) == module.__all__
    files = {path.stem for path in Path(module.__file__).parent.iterdir()}
    assert not files & set(homes)
    for name, home in homes.items():
        assert getattr(module, name) is getattr(import_module(home), name)
    with pytest.raises(AttributeError, match=f"{package} has no 'nothing'; it has .*{next(iter(homes))}"):
        module.nothing  # noqa: B018


def test_a_room_tells_what_it_hands_on_before_it_is_loaded():
    """In a fresh Python: `dir` has the names that the room has not loaded yet."""
    told = "names = set(room.__all__); assert not names & set(vars(room)) and names <= set(dir(room)), room"
    code = "\n".join(f"import {package} as room; {told}" for package in NAMES)
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("order", [("its file first", "the room first"), ("the room first", "its file first")])
def test_each_name_is_the_same_in_both_orders(order):
    """In a fresh Python: a file that is loaded becomes an attribute of its room, and must not hide a name of it."""
    lines = ["from importlib import import_module as get"]
    for package in NAMES:
        for name, home in names_of(package).items():
            ways = {
                "its file first": f"one = getattr(get({home!r}), {name!r})",
                "the room first": f"two = getattr(get({package!r}), {name!r})",
            }
            lines += [*(ways[way] for way in order), f"assert one is two, {name!r}"]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)


@pytest.mark.parametrize(
    "code",
    [
        "import gan_edu.core.recording",
        "import gan_edu.core.recording as room; room.shipped('mnist_textbook').frame(3)",
        "from gan_edu.core.recording import shipped; from gan_edu.widgets import Replay; Replay(shipped('mnist_best'))",
        "from gan_edu.core.measures import scores; scores()",
        "from gan_edu.core.notebook import environment, pace; pace(test=1, lesson=2, full=3)",
        *(f"import {package}" for package in NAMES),
    ],
)
def test_no_torch_is_loaded_for_it(code):
    run = f"import sys; {code}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", run]).returncode == 0


@pytest.mark.parametrize(
    "path, source, complaint",
    [
        ("core/training/a.py", "from gan_edu.core.data import mnist", "room training imports upwards, from data"),
        ("core/safety/a.py", "import gan_edu.core.training.step", "room safety imports upwards, from training"),
        ("core/notebook/a.py", "def f():\n    from ..recording.format import f", "upwards, from recording"),
        ("core/games/a.py", "from gan_edu.core import measures", "room games imports upwards, from measures"),
        ("core/other/a.py", "", "core has no room other"),
        ("widgets/kit/a.py", "from gan_edu.widgets.replay import widget", "the kit knows no control"),
    ],
)
def test_an_import_upwards_is_seen(tmp_path, path, source, complaint):
    file = tmp_path / "gan_edu" / path
    file.parent.mkdir(parents=True)
    file.write_text(source)
    (tmp_path / "notebooks").mkdir()
    assert [text for _, text in code_laws.floors(tmp_path) if complaint in text]


def test_an_import_downwards_is_welcome(tmp_path):
    file = tmp_path / "gan_edu" / "core" / "recording" / "a.py"
    file.parent.mkdir(parents=True)
    rooms = ("data", "games", "handed_on", "measures", "notebook", "recording", "safety", "training")
    file.write_text("".join(f"from gan_edu.core.{room} import x\n" for room in rooms))
    (tmp_path / "notebooks").mkdir()
    assert list(code_laws.floors(tmp_path)) == []
