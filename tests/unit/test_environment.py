"""The environment's report names a fault and its cure, whatever is broken: it needs nothing of what it looks at."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from gan_edu.core.notebook import environment, installed, shipped_files
from gan_edu.core.notebook.report_rows import Row

ROOT = Path(__file__).parents[2]


def test_this_machine_is_ready(capsys):
    assert environment.main() == 0
    shown = capsys.readouterr().out
    assert all(
        name in shown
        for name in (
            "Python",
            *installed.needs(),
            "device",
            "memory",
            "disk",
            "folders",
            "files",
            "Fashion-MNIST",
            "front end",
        )
    )


def test_a_fault_is_marked_cured_and_ends_with_1(monkeypatch, capsys):
    monkeypatch.setattr(environment, "report", lambda: [Row("a", "1"), Row("bcd", "broken", False, "mend it")])
    assert environment.main() == 1
    assert capsys.readouterr().out == "ok    a    1\nFAIL  bcd  broken\n           → mend it\n"


# Sick machines. Light fakes stand in place of the packages that take seconds to load; numpy and Pillow are real.

HEALTHY = {
    "torch": """
__version__ = "2.9"
import sys
from types import SimpleNamespace as S
sys.modules.update({"torch.nn": S(), "torch.nn.functional": S(leaky_relu=None)})
backends, cuda = S(mps=S(is_available=bool)), S(is_available=bool)
zeros, get_num_threads, device = lambda count: S(numpy=int), int, lambda name: S(type=name)
""",
    "ot": (OT := "__version__ = '0.9.5'"),  # the true one needs a scipy that starts
    **{name: "__version__ = '9.9'" for name in ("matplotlib", "scipy", "torchmetrics", "torchvision", "tqdm")},
}
REMARKS = {"gan_edu", "memory", "disk", "Fashion-MNIST", "front end"}  # as this machine is


def absent(name):
    return f"raise ModuleNotFoundError('No module named {name}', name='{name}')"


def garbled(data):
    return data[:40] + b"????????" + data[48:]


@pytest.fixture
def check(tmp_path):
    """check(packages, files, more): a copy of the course with these packages, files changed or gone, in this
    environment. Returns (exit code, {row that is not ok: its mark, value and cure}, those about files, all)."""

    def run(packages=None, files=None, **more):
        shutil.copytree(
            ROOT / "gan_edu",
            tmp_path / "gan_edu",
            copy_function=os.symlink,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        shutil.copy(ROOT / "pyproject.toml", tmp_path)
        for name, text in {**HEALTHY, **(packages or {})}.items():
            (tmp_path / f"{name}.py").write_text(text)
        for name, change in (files or {}).items():
            path = tmp_path / "gan_edu" / name
            data = path.read_bytes()
            path.unlink()
            if change:
                path.write_bytes(change(data))
        wanted = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", **more}
        done = subprocess.run(
            [sys.executable, "-m", "gan_edu", "check"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={k: v for k, v in wanted.items() if v is not None},
        )
        shown = done.stdout.decode("utf-8", "replace")
        rows = re.findall(r"^(ok  |note|FAIL)  (\S.*?)  +(.*(?:\n +.*)*)", shown, re.MULTILINE)
        assert len(rows) > 12 and "Traceback" not in shown, shown
        found = {name: f"{mark} {value}" for mark, name, value in rows if mark != "ok  " and name != "files"}
        damaged = [value for _, name, value in rows if name == "files" and "\n" in value]
        return done.returncode, found, damaged, shown

    return run


SICK = {
    "nothing": ({}, {}),
    "a library is missing": (
        {"torch": "raise OSError('libcudart.so.12: cannot open shared object file')"},
        {"torch": "FAIL OSError: libcudart.so.12.*--force-reinstall torch torchvision"},
    ),
    "torch gives up": ({"torch": "raise SystemExit('no')"}, {"torch": "FAIL SystemExit: no"}),
    "torch ends the process": (
        {"torch": "import os, signal; os.kill(os.getpid(), signal.SIGILL)"},
        {"torch": "FAIL loading it ends Python by SIGILL.*Colab or Binder"},
    ),
    "torch leaves": (
        {"torch": "import os, sys; print('MKL ERROR', file=sys.stderr, flush=True); os._exit(0)"},
        {"torch": "FAIL loading it ends Python by 0x0: MKL ERROR"},
    ),
    "torch is not there": ({"torch": absent("torch")}, {"torch": "FAIL not installed.*pip install torch torchvision"}),
    "torch of numpy's other age": (
        {"torch": HEALTHY["torch"] + "def zeros(count): raise RuntimeError('Numpy is not available')"},
        {"torch": "FAIL RuntimeError: Numpy is not available.*--upgrade numpy torch"},
    ),
    "a file named as Python's own": (
        {"torch": "import turtle; turtle.Turtle", "turtle": ""},
        {"names": "note .*turtle.py\n.*another name", "torch": "FAIL AttributeError: .*turtle.py: give it another"},
    ),
    "two builds": (
        {"torchvision": "raise RuntimeError('operator torchvision::nms does not exist')"},
        {"torchvision": "FAIL RuntimeError: operator torchvision::nms.*two different builds"},
    ),
}


@pytest.mark.skipif(os.name == "nt", reason="makes links and sends signals as POSIX does")
@pytest.mark.parametrize("packages, rows", SICK.values(), ids=SICK)
def test_torch_that_does_not_start_is_one_fault_with_its_cure(check, packages, rows):
    code, found, damaged, shown = check(packages)
    assert code == bool(rows) and not damaged
    assert re.search("device +cpu", shown) or "torch" in rows
    for name in ("torchvision", "torchmetrics"):
        if name in found and name not in rows:
            assert re.match("note not tried, because torch does not start", found.pop(name))
    assert set(found) - REMARKS == set(rows)
    for name, words in rows.items():
        assert re.match(words, found[name], re.DOTALL), found[name]


@pytest.mark.skipif(os.name == "nt", reason="makes links as POSIX does")
@pytest.mark.parametrize(
    "text, words",
    [
        (absent("packaging"), r'FAIL not installed\n +→ pip install "packaging>='),
        ("raise OSError('half of it')", "FAIL OSError: half of it.*--force-reinstall"),
        ("", "FAIL in its place stands .*packaging.py"),
    ],
    ids=["missing", "broken", "another's"],
)
def test_without_packaging_all_else_is_told(check, text, words):
    """Versions are shown and not compared; what is built on packaging is not tried."""
    code, found, damaged, shown = check({"packaging": text})
    assert code == 1 and not damaged
    assert re.match(words, found.pop("packaging"), re.DOTALL), shown
    versions = installed.needs()
    for name in set(versions) & set(found):
        compared = re.escape(f", not compared with {versions[name]}: packaging does not start")
        assert re.fullmatch(rf"note (\d\S*{compared}|not tried, because packaging does not start)", found.pop(name)), (
            shown
        )
    assert set(found) <= REMARKS and "device" in shown and "front end" in shown


@pytest.mark.skipif(os.name == "nt", reason="makes links as POSIX does")
def test_all_faults_of_a_machine_are_told_at_once(check, tmp_path):
    """No home for this user, a terminal without arrows, a damaged or missing file of each kind, spoiled packages."""
    patched = "import os; os.getuid = lambda: 54321"  # a number that no list of users holds
    faults = {
        "matplotlib": (absent("matplotlib"), r'FAIL not installed\n +-> pip install "matplotlib>='),
        "scipy": ("__version__ = '1.2.3'", r'FAIL 1.2.3\n +-> pip install "scipy>='),
        "tqdm": ("", "FAIL in its place stands .*tqdm.py.*another name"),
        "ipywidgets": ("raise ImportError('DLL load failed')", "FAIL ImportError: DLL load failed.*--force-reinstall"),
    }
    files = {
        "data/mnist/train-images-idx3-ubyte.gz": garbled,
        "data/mnist/t10k-labels-idx1-ubyte.gz": None,
        "core/measures/features.pt": garbled,
        "recordings/mnist_textbook_generator/generator.pt": None,
        "data/tricks.json": garbled,
        "recordings/mnist_textbook/recording.json": garbled,
        "recordings/plane/ring/recording.json": None,
        "recordings/mnist_best/frames.webp": garbled,
        "recordings/plane/grid/frames.bin": None,
    }
    (tmp_path / "other" / "gan_edu").mkdir(parents=True)
    (tmp_path / "other" / "gan_edu" / "__init__.py").touch()
    packages = {**{name: text for name, (text, _) in faults.items()}, "sitecustomize": patched, "ot": OT}
    code, found, damaged, shown = check(
        packages,
        files,
        HOME=None,
        PYTHONIOENCODING="ascii",
        GAN_EDU_DEVICE="abacus",
        PYTHONPATH=os.pathsep.join([str(tmp_path), str(tmp_path / "other")]),
    )
    assert code == 1 and shown.isascii()
    for name, (_, words) in faults.items():
        assert re.match(words, found.pop(name), re.DOTALL), shown
    assert len(damaged) == len(files)
    for name in files:  # its folder is named in any case
        assert any(str(Path(name).parent) in row and "git checkout" in row for row in damaged), shown
    assert found.pop("anywidget") == "note not tried, because ipywidgets does not start"
    assert "abacus" in found.pop("device") and "unknown: RuntimeError" in found.pop("home folder")
    assert set(found) <= REMARKS and str(tmp_path / "other" / "gan_edu") in found["gan_edu"]


@pytest.mark.parametrize("encoding, arrow", [("cp1252", b"->"), ("ascii", b"->"), ("utf-8", "→".encode())])
def test_what_a_terminal_lacks_is_printed_in_ascii(encoding, arrow):
    code = (
        "import sys; from gan_edu import __main__; from gan_edu.core.notebook import environment as e\n"
        "e.report = lambda: [e.Row('a', '漢', False, 'cure')]; sys.exit(__main__.main(['check']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True
    )
    assert done.returncode == 1 and arrow in done.stdout and not done.stderr
    assert ("漢".encode() if encoding == "utf-8" else b"?") in done.stdout


def test_a_file_that_lets_nothing_start_is_named(tmp_path):
    (tmp_path / "random.py").touch()
    done = subprocess.run(
        [sys.executable, "-m", "gan_edu", "check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 1 and re.match("FAIL.*\n.*random.py: give it another name", done.stdout), done
    assert not done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows removes no folder that is in use")
def test_a_folder_that_is_gone_is_named_and_nothing_else_is_looked_at(tmp_path):
    gone = f"import os; os.rmdir({str(tmp_path)!r}); "
    code = gone + "from gan_edu.core.notebook import environment; environment.main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert re.fullmatch("FAIL  this folder  was removed.*\n.*cd into it again.*\n", done.stdout), done


def test_a_look_that_fails_is_a_row_and_stops_no_other(monkeypatch):
    def fail():
        raise KeyError("thing\nand more")

    for name in (
        "here",
        "itself",
        "names",
        "packages",
        "device",
        "threads",
        "memory",
        "disk",
        "folders",
        "files",
        "fashion_mnist",
        "front_end",
    ):
        monkeypatch.setattr(environment, name, fail)
    rows = environment.report()
    assert len(rows) == 13 and [row.ok for row in rows].count(None) == 12
    assert rows[1][:3] == ("gan_edu", r"unknown: KeyError: 'thing\nand more'", None) and rows[1].cure


def test_of_a_python_too_old_nothing_else_is_said(monkeypatch):
    monkeypatch.setattr(environment, "OLDEST_PYTHON", (9, 0))
    assert [row.name for row in environment.report()] == ["gan_edu", "Python"]
    assert environment.report()[-1].ok is False


@pytest.mark.parametrize(
    "text",
    [
        'dependencies=["numpy>=1","x[y]>=2",]\nz = []',
        "dependencies = [\n  'numpy>=1', 'x>=2'\n  ]",
        'dependencies = [\n  "numpy>=1",\n  "x[y]>=2",\n]\n[z]\n',
    ],
)
def test_the_needs_are_read_however_they_are_written(monkeypatch, tmp_path, text):
    monkeypatch.setattr(installed, "HERE", tmp_path / "gan_edu")
    (tmp_path / "pyproject.toml").write_text(f"[project]\nname='gan_edu'\n{text}")
    assert installed.needs()["numpy"] == ">=1" and set(installed.needs()) == {"numpy", "x"}


def test_where_no_list_is_found_pips_own_serves(monkeypatch, tmp_path):
    monkeypatch.setattr(installed, "HERE", tmp_path / "gan_edu")
    monkeypatch.setattr(installed.importlib.metadata, "requires", lambda package: ["scipy>=1.10"])
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "gan_edu"\ndynamic = ["dependencies"]\n')
    assert installed.needs() == {"scipy": ">=1.10"}


@pytest.mark.parametrize("name", ["shipped.txt", "no list"])
def test_the_needs_are_read_where_they_stand(monkeypatch, tmp_path, name):
    """In a checkout from pyproject.toml, elsewhere from what pip noted."""
    monkeypatch.setattr(
        installed.importlib.metadata,
        "requires",
        lambda package: ["pillow>=9", "rdkit ; extra == 'work'", "scipy<2,>=1.10; python_version > '3'"],
    )
    assert installed.needs()["ipywidgets"] == ">=7.7,<9"
    monkeypatch.setattr(installed, "HERE", tmp_path / "gan_edu")
    if name == "shipped.txt":
        (tmp_path / "pyproject.toml").write_text('[project]\nname = "another"\n')
    assert installed.needs() == {"pillow": ">=9", "scipy": "<2,>=1.10"}


@pytest.mark.parametrize("name", ["POT", "pot", "Pillow", "numpy"])
def test_a_package_is_found_however_pip_writes_its_name(name):
    """A wheel has names in lower case."""
    assert installed.package(name, ">=0.1").ok


def test_what_is_read_of_each_need_is_its_range():
    assert installed.needs()
    for name, versions in installed.needs().items():
        assert Requirement(name + versions).specifier == SpecifierSet(versions) and str(SpecifierSet(versions))


@pytest.mark.parametrize(
    "version, ok",
    [
        ("7.7.1", True),
        ("8.1.9", True),
        ("8.2rc1", True),
        ("7.7rc1", False),
        ("7.6", False),
        ("9.0.0", False),
        ("10.0+cpu", False),
    ],
)
def test_ipywidgets_must_lie_in_the_range(monkeypatch, version, ok):
    import ipywidgets

    monkeypatch.setattr(ipywidgets, "__version__", version)
    row = installed.package("ipywidgets", ">=7.7,<9")
    assert row.ok is ok and (ok or row.cure == 'pip install "ipywidgets>=7.7,<9"')


def test_the_list_of_shipped_files_is_what_is_there():
    assert shipped_files.LIST.read_text(encoding="utf-8") == shipped_files.listing(), "python tools/course.py shipped"
    assert len(shipped_files.sums()) > 20


def test_a_folder_that_takes_no_files_is_a_remark(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "file"))
    (row,) = environment.folders()
    assert row.name == "home folder" and row.ok is None and "takes no files" in row.value and row.cure


def test_too_little_memory_or_disk_is_a_remark():
    assert environment.memory(needed=1e6).ok is None and environment.memory(needed=1e6).cure
    assert environment.disk(needed=1e9).ok is None and environment.disk(needed=1e9).cure


def test_the_report_loads_torch_only_when_asked_for():
    code = "import sys; from gan_edu.core.notebook import environment; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
