"""Whether this machine is ready for the course, and the cure where it is not: `python -m gan_edu check`.

Used by 00_start_here. A report is wanted where something is broken, so nothing here needs what it looks at: no package
is loaded but to try it, and a look that fails becomes a row of the report.
"""

from __future__ import annotations

import importlib.metadata
import operator
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import gan_edu
from gan_edu.core.notebook import shadows, shipped_files
from gan_edu.core.training import waiting

OLDEST_PYTHON = (3, 10)
GIGA = 1e9
HERE = Path(gan_edu.__file__).parent
PAIR = ("torch", "torchvision")  # they start together only when they come from one build
MODULES = {"pillow": "PIL"}  # packages whose module has another name
BOTH_AGAIN = "install both together again: pip install --force-reinstall torch torchvision"
CURES = {
    "torchvision::nms": f"they are of two different builds; {BOTH_AGAIN}",
    "Numpy is not available": "they are of two different times: pip install --upgrade numpy torch torchvision",
}
BETWEEN = {">=": operator.ge, "<": operator.lt}


class Row(NamedTuple):
    """One line of the report. ok: True; False, which stops the course; None, a remark on something optional."""

    name: str
    value: str
    ok: bool | None = True
    cure: str = ""


def report() -> list[Row]:
    """Python, packages, device, memory, folders, files, front end: each with its cure where something is amiss."""
    looks = {
        "this folder": here,
        "gan_edu": itself,
        "Python": python,
        "names": names,
        "packages": packages,
        "device": device,
        "threads": threads,
        "memory": memory,
        "disk": disk,
        "folders": folders,
        "files": files,
        "Fashion-MNIST": fashion_mnist,
        "front end": front_end,
    }
    rows = []
    for name, look in looks.items():
        rows += _seen(name, look)
        if name in ("this folder", "Python") and rows[-1:] and rows[-1].ok is False:
            break  # all else would have to be looked at in another one
    return rows


def _seen(name: str, look: Callable[[], Row | list[Row]]) -> list[Row]:
    """What a look finds; where it fails in a way that nobody thought of, a row that says so."""
    try:
        found = look()
    except (Exception, SystemExit) as error:
        return [Row(name, f"unknown: {_words(error)}", None, "go on, and come back to this line if something fails")]
    return found if isinstance(found, list) else [found]


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip().splitlines()[0]


def main() -> int:
    """Print the report. Returns the exit code: 1 if something stops the course, else 0."""
    rows = report()
    width = max(len(row.name) for row in rows)
    for row in rows:
        mark = {True: "ok  ", None: "note", False: "FAIL"}[row.ok]
        print(f"{mark}  {row.name:<{width}}  {row.value}")
        if row.cure:
            print(f"{'':{width + 8}}→ {row.cure}")
    return int(any(row.ok is False for row in rows))


def here() -> Row | list[Row]:
    """Whether this folder is there: a shell stays in one that was removed, and torch does not start in it."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return Row("this folder", "was removed or renamed", False, "cd into it again, or into another one")
    return []


def itself() -> Row:
    """The package's version and folder, and whether another one could be taken for it."""
    folders = [Path(place or ".").resolve() / "gan_edu" for place in sys.path]
    others = {str(folder) for folder in folders if (folder / "__init__.py").is_file()} - {str(HERE.resolve())}
    return Row(
        "gan_edu",
        f"{gan_edu.__version__} in {HERE}",
        None if others else True,
        f"there is another in {', '.join(sorted(others))}: remove the one you do not mean" if others else "",
    )


def python() -> Row:
    new = sys.version_info >= OLDEST_PYTHON
    return Row(
        "Python",
        f"{platform.python_version()}, {platform.machine()}",
        new,
        "" if new else "make the environment anew with Python 3.10 or newer",
    )


def names() -> list[Row]:
    """Files that Python takes for its own modules; some do no harm."""
    return [Row("names", path, None, shadows.CURE) for path in shadows.found()]


# Packages


def needs() -> dict[str, str]:
    """{package: its versions, as ">=0.9,<2"} that the course asks for, from pyproject.toml or what pip noted of it."""
    project = HERE.parent / "pyproject.toml"
    text = project.read_text(encoding="utf-8") if project.is_file() else ""
    ours = re.search(r"""^name\s*=\s*["']gan_edu["']""", text, re.MULTILINE)
    listed = re.search(r"^dependencies\s*=\s*\[(.*?)\]\s*$", text, re.MULTILINE | re.DOTALL)
    lines = re.findall(r"""["'](.+?)["']""", listed[1]) if ours and listed else _requires("gan_edu")
    return dict(re.match(r"([\w.-]+)\s*([^;]*)", line).groups() for line in lines)


def _requires(name: str) -> list[str]:
    return [line for line in importlib.metadata.requires(name) or () if "extra ==" not in line]


def _foundations(name: str, wanted: dict[str, str]) -> list[str]:
    """Which of the wanted packages this one is built on."""
    try:
        lines = _requires(name)
    except (importlib.metadata.PackageNotFoundError, OSError):  # OSError: half of it was removed
        return []
    return [each for each in wanted if any(re.match(rf"{each}\b(?!-)", line, re.IGNORECASE) for line in lines)]


def packages() -> list[Row]:
    """Each package the course needs is loaded; those built on one that does not start are not tried."""
    wanted, rows = needs(), []
    for name in sorted(wanted, key=lambda name: len(_foundations(name, wanted))):
        if amiss := [each for each in _foundations(name, wanted) if not _module(each)]:
            rows.append(Row(name, f"not tried, because {amiss[0]} does not start", None))
        else:
            rows += _seen(name, partial(package, name, wanted[name]))
    return rows


def _module(name: str):
    return sys.modules.get(MODULES.get(name, name))


def package(name: str, versions: str = "") -> Row:
    """Whether a package starts, and is of one of these versions."""
    wanted = " ".join(PAIR) if name in PAIR else f'"{name}{versions}"'
    if name == "torch" and not _module(name) and (end := _ends_python("import torch, torchvision")):
        return Row(
            name,
            f"loading it {end}",
            False,
            f"{BOTH_AGAIN}. If that does not help, this "
            "machine is too old for them: open the course on Colab or Binder",
        )
    try:
        module = import_module(MODULES.get(name, name))
        if name == "torch":
            module.zeros(1).numpy()
    except (Exception, SystemExit) as error:  # a broken build raises nearly anything
        if isinstance(error, ModuleNotFoundError) and error.name == MODULES.get(name, name):
            return Row(name, "not installed", False, f"pip install {wanted}")
        cures = [f"{path}: {shadows.CURE}" for path in shadows.found()]
        cures += [cure for text, cure in CURES.items() if text in str(error)]
        return Row(name, _words(error), False, *cures[:1] or [f"pip install --force-reinstall {wanted}"])
    if not hasattr(module, "__version__"):
        place = getattr(module, "__file__", None) or list(module.__path__)[0]
        return Row(name, f"in its place stands {place}", False, "give that file or folder another name")
    good = all(
        BETWEEN[sign](_numbers(module.__version__), _numbers(limit))
        for sign, limit in re.findall(r"(>=|<)\s*([\d.]+)", versions)
    )
    return Row(name, module.__version__, good, "" if good else f"pip install {wanted}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.match(r"[\d.]*\d", version)[0].split(".")))


def _ends_python(code: str) -> str:
    """How another Python ends that runs this code and does not come to its end, in words; "" where it comes to it."""
    lines = (
        "import sys; sys.path[:] = sys.argv[1:]",
        "try:",
        f"  {code}",
        "except BaseException: pass",
        "print('alive', flush=True)",
    )
    try:
        done = subprocess.run([sys.executable, "-c", "\n".join(lines), *sys.path], capture_output=True, timeout=300)
    except subprocess.TimeoutExpired:
        return "takes more than 5 minutes"
    if done.stdout.strip().endswith(b"alive"):
        return ""
    end, said = done.returncode, done.stderr.decode(errors="replace").strip().splitlines()
    by = signal.Signals(-end).name if end < 0 else hex(end)
    return ": ".join([f"ends Python by {by}", *said[-1:]])


# The machine


def device() -> Row | list[Row]:
    """What training would run on; nothing where torch does not start."""
    if not _module("torch"):
        return []
    from gan_edu.core.training.device import describe, pick

    try:
        return Row("device", describe(pick()))
    except ValueError as error:  # GAN_EDU_DEVICE names one that is not there
        return Row("device", str(error), False, "unset GAN_EDU_DEVICE, or choose one of these")


def threads() -> Row | list[Row]:
    """How torch's threads wait for each other, which is settled when it is loaded."""
    if not _module("torch"):
        return []
    if waiting.too_late():
        return Row(
            "threads",
            "torch was loaded before the course: a busy program beside it slows training down",
            None,
            waiting.CURE,
        )
    spins = os.environ.get(waiting.VARIABLE) or os.environ.get(waiting.POLICY)
    return Row("threads", f"waiting ones sleep after {spins} spins" if spins else "as this system has them")


def memory(needed: float = 0.7) -> Row:
    """Gigabytes this process may use; a container (Binder: 1 to 2) may allow less than the machine has."""
    try:
        import psutil
    except ImportError:
        return Row("memory", "unknown (psutil is not installed)", None)
    total = min(psutil.virtual_memory().total, _container_limit()) / GIGA
    free = min(psutil.virtual_memory().available / GIGA, total)
    enough = free >= needed
    return Row(
        "memory",
        f"{free:.1f} GB free of {total:.1f}",
        enough or None,
        "" if enough else "close other notebooks and programs; train with small batches",
    )


def _container_limit() -> float:
    """Bytes that a Linux control group allows, infinite where there is no limit."""
    try:
        return float(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # not Linux, or "max"
        return float("inf")


def disk(needed: float = 0.5) -> Row:
    """Gigabytes free where the notebooks would write a run."""
    free = shutil.disk_usage(".").free / GIGA
    return Row(
        "disk",
        f"{free:.1f} GB free",
        free >= needed or None,
        "" if free >= needed else "make room before you record a run of your own",
    )


# Folders and files


def folders() -> list[Row]:
    """Whether there can be written where notebooks, Jupyter and passing files lie."""
    places = {"this folder": Path.cwd, "home folder": Path.home, "folder for passing files": tempfile.gettempdir}
    rows = [row for name, place in places.items() for row in _seen(name, partial(_writable, name, place))]
    return [row for row in rows if not row.ok] or [
        Row("folders", "this one, home and the one for passing files take new files")
    ]


def _writable(name: str, place: Callable[[], str | Path]) -> Row:
    folder = place()
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(bytes(4096))
    except OSError as error:
        return Row(
            name,
            f"{folder} takes no files ({error.strerror})",
            None,
            "make room or make it writable, or start from another one: nothing can be saved there",
        )
    return Row(name, str(folder))


def files() -> list[Row]:
    """The files that come with the course, each against its checksum."""
    rows = [row for name, digest in shipped_files.sums().items() for row in _seen(name, partial(_whole, name, digest))]
    return [row for row in rows if not row.ok] or [
        Row("files", f"MNIST, recordings, networks, scores: all {len(rows)} are whole")
    ]


CURE = "restore it with git checkout, or install gan_edu anew; if you made it anew: python tools/course.py shipped"


def _whole(name: str, digest: str) -> Row:
    try:
        fault = "" if shipped_files.digest(name) == digest else "is damaged, or was changed"
    except OSError as error:
        fault = f"cannot be read ({error.strerror})"
    return Row("files", f"{name} {fault}", not fault, CURE)


def fashion_mnist() -> Row:
    """Optional: only what compares data sets uses it."""
    from gan_edu.core.data.mnist_files import FASHION_FOLDER

    if any(path.is_dir() for path in (FASHION_FOLDER, Path(os.path.expanduser("~/.cache/gan_edu/FashionMNIST")))):
        return Row("Fashion-MNIST", "here")
    return Row(
        "Fashion-MNIST",
        "not here (optional)",
        None,
        "Debian, Ubuntu: sudo apt install dataset-fashion-mnist; elsewhere it is downloaded on first use",
    )


# The front end


def host() -> str | None:
    """ "Colab", "Binder", "VS Code" or None: where the notebook is shown, as far as the kernel sees.

    A kernel cannot ask; it sees what its host leaves in the environment.
    """
    if "google.colab" in sys.modules:
        return "Colab"
    if "BINDER_SERVICE_HOST" in os.environ:
        return "Binder"
    if {"VSCODE_PID", "VSCODE_CWD"} & os.environ.keys() and "ipykernel" in sys.modules:
        return "VS Code"
    return None


def front_end() -> Row:
    """Where the notebook is shown."""
    if where := host():
        return Row("front end", where)
    installed = {name: _version(name) for name in ("jupyterlab", "notebook") if _version(name)}
    if installed:
        return Row("front end", ", ".join(f"{name} {version}" for name, version in installed.items()))
    return Row(
        "front end",
        "no JupyterLab or Notebook here",
        None,
        "pip install jupyterlab, unless you open the notebooks in VS Code or Colab",
    )


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
