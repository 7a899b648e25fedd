"""Setting up: the choices of tools/setup_venv.py and venv_packages.py; the lists of packages agree with each other."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import laws
import pytest
import setup_venv as setup
import venv_packages as packages

import gan_edu
from gan_edu.core.notebook import course_folder

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli")  # comes with pytest there

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def options(torch=None, this_python=False, pins=False):
    return argparse.Namespace(torch=torch, this_python=this_python, pins=pins)


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """A tree whose .venv holds a Python that runs; pip and the trial import only say that they were called."""
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name, value in {"ROOT": tmp_path, "VENV": tmp_path / ".venv", "VENV_PYTHON": Path(sys.executable)}.items():
        monkeypatch.setattr(setup, name, value)
    calls = []

    def make_venv(python):
        setup.VENV.joinpath("pyvenv.cfg").touch()
        calls.append("venv")

    setup.VENV.mkdir()
    setup.place.mark(setup.VENV, setup.place.STALE, "auto")
    setup.VENV.joinpath("pyvenv.cfg").touch()
    monkeypatch.setattr(packages, "pip", lambda root, *arguments: calls.append(arguments))
    monkeypatch.setattr(setup, "make_venv", make_venv)
    monkeypatch.setattr(packages, "check_pair", lambda python: None)
    monkeypatch.setattr(setup, "holds_this", lambda: True)
    monkeypatch.setattr(packages, "check_disk", lambda root, build: None)
    monkeypatch.setattr(packages, "choose_torch", lambda asked: "default")
    return calls


# Which build of torch


@pytest.mark.parametrize(
    "platform, nvidia, answers, asked, build",
    [
        ("linux", False, True, None, "cpu"),
        ("linux", False, False, None, "default"),
        ("linux", True, True, None, "default"),
        ("linux", True, True, "cpu", "cpu"),
        ("linux", False, True, "cuda", "default"),
        ("darwin", False, True, None, "default"),
        ("darwin", False, True, "cpu", "default"),
        ("win32", False, True, None, "default"),
    ],
)
def test_the_build_of_torch_fits_the_machine(monkeypatch, platform, nvidia, answers, asked, build):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(packages, "has_nvidia", lambda: nvidia)
    monkeypatch.setattr(packages, "reachable", lambda url: answers)
    assert packages.choose_torch(asked) == build


def test_an_index_out_of_reach_is_said_and_when_asked_for_is_a_fault(monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(packages, "has_nvidia", lambda: False)
    monkeypatch.setattr(packages, "CPU_INDEX", "http://127.0.0.1:9")  # nothing listens there
    assert packages.choose_torch(None) == "default"
    assert "does not answer" in capsys.readouterr().out
    with pytest.raises(setup.Advice, match="TORCH=cpu"):
        packages.choose_torch("cpu")


def test_the_small_build_takes_both_packages_from_one_index(venv, monkeypatch):
    monkeypatch.setattr(packages, "choose_torch", lambda asked: "cpu")
    setup.refresh(options())
    index, *lines = venv[0][2:]
    assert venv[0][0] == "--no-deps" and index == packages.CPU_INDEX
    assert [re.match(r"\w+", line)[0] for line in lines] == ["torch", "torchvision"]
    assert venv[1] == ("-r", "requirements.txt", "-e", ".")


# When something is to be done


def test_nothing_is_done_twice(venv):
    setup.refresh(options())
    assert len(venv) == 1
    setup.refresh(options())
    assert len(venv) == 1


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_list_that_is_no_text_is_named_and_nothing_is_begun(venv, name):
    (setup.ROOT / name).write_bytes(b"# \xe9")
    with pytest.raises(setup.Advice, match=f"{name} is not text in UTF-8"):
        setup.refresh(options())
    assert not venv and setup.place.state(setup.VENV) == setup.place.STALE


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_list_is_installed_into_the_same_environment(venv, name):
    setup.refresh(options())
    with open(setup.ROOT / name, "a") as file:
        file.write("# more\n")
    setup.refresh(options())
    assert len(venv) == 2 and "venv" not in venv


def test_a_choice_of_torch_is_kept_until_another_is_made(venv):
    setup.refresh(options(torch="cuda"))
    assert venv[0] == "venv"
    setup.refresh(options())
    assert len(venv) == 2
    setup.refresh(options(torch="cpu"))
    assert venv[2] == "venv"


def test_an_installation_cut_off_starts_over(venv, monkeypatch):
    def cut_off(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(packages, "pip", cut_off)
        setup.refresh(options())
    setup.refresh(options())
    assert venv[0] == "venv" and setup.is_up_to_date(options())


def test_a_python_that_died_or_another_one_asked_for_starts_over(venv, monkeypatch):
    assert setup.why_anew(options(this_python=True)) is None
    monkeypatch.setattr(setup, "version_of", lambda python: (3, 10) if sys.version_info[:2] != (3, 10) else (3, 11))
    assert setup.why_anew(options()) is None
    assert "was asked for" in setup.why_anew(options(this_python=True))
    monkeypatch.setattr(setup, "version_of", lambda python: None)
    assert "does not run" in setup.why_anew(options())


@pytest.mark.parametrize("code, left", [(1, "stale"), (-9, "doubtful")])
def test_pip_that_fails_leaves_order_and_pip_that_is_killed_may_not(venv, monkeypatch, code, left):
    def end(*arguments):
        raise (setup.Unchanged if code > 0 else setup.Advice)

    monkeypatch.setattr(packages, "pip", end)
    with pytest.raises(setup.Advice):
        setup.refresh(options())
    assert setup.place.state(setup.VENV) == left


@pytest.mark.parametrize("code, fault", [(1, setup.Unchanged), (-9, setup.Advice)])
def test_a_pip_that_ended_by_itself_is_known_from_one_that_was_killed(monkeypatch, code, fault):
    monkeypatch.setattr(packages, "work", lambda *_, **__: code)
    monkeypatch.setattr(packages, "pip_environment", lambda python: {})
    with pytest.raises(setup.Advice, match="could not install") as raised:
        packages.pip(ROOT, "x")
    assert raised.type is fault


# The user's own settings


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A real environment with a real pip, and wheels of a package `tiny` that needs another, `tinier`."""
    folder = tmp_path_factory.mktemp("real")
    subprocess.run([sys.executable, "-m", "venv", str(folder / ".venv")], check=True)
    (folder / "wheels").mkdir()
    for name, needs in (("tiny", "Requires-Dist: tinier"), ("tinier", "")):
        with zipfile.ZipFile(folder / "wheels" / f"{name}-1-py3-none-any.whl", "w") as wheel:
            about = f"{name}-1.dist-info"
            wheel.writestr(f"{name}.py", "")
            wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{needs}\n")
            wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{about}/RECORD", "")
    other = folder / "elsewhere" / "tiny-1.dist-info"  # another installation, on somebody's PYTHONPATH
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny\nVersion: 1\n")
    return folder


# for another purpose than this one, or wrong; {0} is the folder
LEAKS = {
    "user": "1",
    "target": "{0}/elsewhere",
    "prefix": "{0}/elsewhere",
    "root": "{0}/elsewhere",
    "no-deps": "1",
    "dry-run": "1",
    "python": "{0}/none",
    "constraint": "{0}/none",
    "require-hashes": "1",
    "no-binary": ":all:",
    "requirement": "{0}/none",
}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="looks for an environment as POSIX makes it")
@pytest.mark.parametrize("where", ["variables", "a file"])
def test_of_pips_settings_those_hold_that_say_where_packages_come_from(real, monkeypatch, where):
    settings = {
        **{name: value.format(real) for name, value in LEAKS.items()},
        "no-index": "1",
        "find-links": str(real / "wheels"),
    }
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    if where == "a file":
        lines = [f"{name} = {value}" for name, value in settings.items()]
        (real / "pip.conf").write_text("\n".join(["[install]", *lines]))
        monkeypatch.setenv("PIP_CONFIG_FILE", str(real / "pip.conf"))
    else:
        for name, value in settings.items():
            monkeypatch.setenv(packages.variable(name), value)
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE"):
        monkeypatch.setenv(name, str(real / "elsewhere"))
    (real / "pip.py").write_text("raise ImportError('a file of somebody, in the way')")
    monkeypatch.chdir(real)
    packages.pip(real, "tiny", "--force-reinstall")
    there = {path.stem for path in (real / ".venv").glob("lib/*/site-packages/tin*.py")}
    assert there == {"tiny", "tinier"}
    for name in there:
        subprocess.run(
            packages.alone(real / ".venv/bin/python", "-m", "pip", "uninstall", "-qq", "-y", name), check=True, env={}
        )


# Advice


@pytest.mark.parametrize(
    "name, odd", [("two\nlines", r"'\\n'"), (f"a{os.pathsep}b", f"'{os.pathsep}'"), (os.fsdecode(b"caf\xe9"), "udce9")]
)
def test_a_folder_in_which_python_makes_no_environment_is_advised(monkeypatch, name, odd):
    monkeypatch.setattr(setup, "ROOT", Path("/tmp") / name)
    with pytest.raises(setup.Advice, match=f"{odd}.*rename the folder"):
        setup.check_venv(sys.executable)


def test_an_old_python_is_replaced_by_a_newer_one_or_advised(monkeypatch):
    versions = {sys.executable: (3, 9), "/bin/python3.12": (3, 12)}
    monkeypatch.setattr(setup, "version_of", versions.get)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/bin/{name}" if name == "python3.12" else None)
    assert setup.find_python(asked=False) == "/bin/python3.12"
    with pytest.raises(setup.Advice, match="PYTHON="):
        setup.find_python(asked=True)


@pytest.mark.parametrize(
    "said, advice",
    [
        (b"RuntimeError: operator torchvision::nms does not exist", "different builds"),
        (b"OSError: libcudart.so not found", "libcudart"),
        (b"", "it ended with code 1"),
    ],
)
def test_a_torch_that_does_not_start_is_explained(monkeypatch, said, advice):
    monkeypatch.setattr(packages.subprocess, "run", lambda *_, **__: argparse.Namespace(returncode=1, stderr=said))
    with pytest.raises(setup.Advice, match=advice):
        packages.check_pair(sys.executable)


def test_a_python_without_venv_and_a_full_disk_are_advised(monkeypatch):
    monkeypatch.setattr(setup.subprocess, "run", lambda *_, **__: argparse.Namespace(returncode=1))
    with pytest.raises(setup.Advice, match="apt install python3-venv"):
        setup.check_venv("python3")
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda path: argparse.Namespace(free=3e9))
    packages.check_disk(ROOT, "cpu")
    with pytest.raises(setup.Advice, match="TORCH=cpu"):
        packages.check_disk(ROOT, "default")


def test_advice_is_one_line_and_exit_code_1(monkeypatch, capsys):
    def advise(options):
        raise setup.Advice("do this")

    monkeypatch.setattr(setup, "refresh", advise)
    monkeypatch.setattr(sys, "argv", ["setup_venv.py"])
    assert setup.main() == 1
    assert capsys.readouterr().err == "setup: do this\n"


# The lists of packages


def listed(name):
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [Requirement(line) for line in lines if line]


def test_requirements_are_the_packages_own_and_its_tests():
    wide = {r.name: r.specifier for r in listed("requirements.txt")}
    for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]:
        requirement = Requirement(line)
        assert wide[requirement.name] == requirement.specifier, line


def test_every_requirement_is_pinned_inside_its_range_and_without_an_address():
    pins = listed("constraints.txt")
    assert not re.search(r"://|file:|@ |^-", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    for wide in listed("requirements.txt"):
        exact = [pin for pin in pins if canonicalize_name(pin.name) == canonicalize_name(wide.name)]
        assert exact, f"{wide.name} has no pin"
        for pin in exact:
            (version,) = (s.version for s in pin.specifier if s.operator == "==")
            assert wide.specifier.contains(version), f"{pin} is outside {wide}"


def test_colab_keeps_its_ipywidgets():
    wide = {r.name: r.specifier for r in map(Requirement, PROJECT["dependencies"])}
    assert wide["ipywidgets"].contains("7.7.1") and not wide["ipywidgets"].contains("9.0.0")


@pytest.mark.slow
def test_the_wheel_carries_everything_the_course_shows(tmp_path):
    """A wheel is what Colab and Binder install: what is missing in it is missing only there."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("gan_edu-*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("gan_edu/")}
    there = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "gan_edu").rglob("*")
        if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts)
    }
    there |= {f"gan_edu/notebooks/{name}" for name in course_folder.shipped(ROOT / "notebooks")}
    assert inside == there and {"gan_edu/py.typed", "gan_edu/notebooks/04_mnist_gan.ipynb"} <= inside
    assert wheel.name.startswith(f"gan_edu-{gan_edu.__version__}-")


@pytest.mark.slow
def test_the_archive_of_sources_carries_what_its_tests_read(tmp_path):
    """All that git does not ignore: who builds or tests from it has no other place to take files from."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (archive,) = tmp_path.glob("gan_edu-*.tar.gz")
    with tarfile.open(archive) as packed:
        inside = {name.partition("/")[2] for name in packed.getnames()}
    there = {path.relative_to(ROOT).as_posix() for path in laws.files(ROOT)} - {".git"}  # a file in a linked work tree
    assert there <= inside and not any(name.startswith(".venv") for name in inside)
    assert {".gitignore", ".gitattributes", ".editorconfig", "docs/architecture.svg", "binder/start"} <= inside


# The commands

make = pytest.mark.skipif(not shutil.which("make"), reason="there is no make here")


@make
def test_the_default_target_lists_every_command():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: help (.*)$", makefile, re.MULTILINE)[1].split()
    shown = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
    assert all(f"make {target} " in shown for target in targets)


@make
def test_a_python_that_is_not_there_is_advised():
    result = subprocess.run(["make", "-C", str(ROOT), "venv", "PYTHON=no-such-python"], capture_output=True, text=True)
    assert result.returncode and "Install Python 3.10 or newer" in result.stdout + result.stderr
