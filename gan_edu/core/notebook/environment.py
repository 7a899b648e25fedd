"""Whether this machine is ready for the course, and the cure where it is not: `python -m gan_edu check`.

Used by 00_start_here. A report is wanted where something is broken, so nothing here needs what it looks at: no package
is loaded but to try it, and a look that fails becomes a row of the report.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import gan_edu
from gan_edu.core.notebook import shadows, shipped_files
from gan_edu.core.notebook.installed import loaded, packages
from gan_edu.core.notebook.report_rows import Row, seen
from gan_edu.core.training import waiting

HERE = Path(gan_edu.__file__).parent
OLDEST_PYTHON = (3, 10)
GIGA = 1e9


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
        rows += seen(name, look)
        if name in ("this folder", "Python") and rows[-1:] and rows[-1].ok is False:
            break  # all else would have to be looked at in another one
    return rows


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


# The machine


def device() -> Row | list[Row]:
    """What training would run on; nothing where torch does not start."""
    if not loaded("torch"):
        return []
    from gan_edu.core.training.device import describe, pick

    try:
        return Row("device", describe(pick()))
    except ValueError as error:  # GAN_EDU_DEVICE names one that is not there
        return Row("device", str(error), False, "unset GAN_EDU_DEVICE, or choose one of these")


def threads() -> Row | list[Row]:
    """How torch's threads wait for each other, which is settled when it is loaded."""
    if not loaded("torch"):
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
    places: dict[str, Callable[[], str | Path]] = {
        "this folder": Path.cwd,
        "home folder": Path.home,
        "folder for passing files": tempfile.gettempdir,
    }
    rows = [row for name, place in places.items() for row in seen(name, partial(_writable, name, place))]
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
    rows = [row for name, digest in shipped_files.sums().items() for row in seen(name, partial(_whole, name, digest))]
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
