"""Whether this machine is ready for the course, and the cure where it is not: `python -m gan_edu check`.

Used by 00_start_here. Nothing here needs torch to work: to say what is wrong with it is half the purpose.
"""
from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from gan_edu.core import waiting

OLDEST_PYTHON = (3, 10)
GIGA = 1e9
BOTH_AGAIN = "install both together again: pip install --force-reinstall torch torchvision"


class Row(NamedTuple):
    """One line of the report. ok: True; False, which stops the course; None, a remark on something optional."""

    name: str
    value: str
    ok: bool | None = True
    cure: str = ""


def report() -> list[Row]:
    """Python, torch, device, memory, disk, data, front end: each with its cure where something is amiss."""
    pair = torch_pair()
    return [python(), pair, *([device(), threads()] if pair.ok else []), memory(), disk(), mnist(), fashion_mnist(),
            front_end(), *map(widgets, ("ipywidgets", "anywidget"), ((7, 7), (0, 9)), ((9,), (1,)))]


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


def python() -> Row:
    new = sys.version_info >= OLDEST_PYTHON
    return Row("Python", platform.python_version(), new,
               "" if new else "make the environment anew with Python 3.10 or newer")


def torch_pair() -> Row:
    """torch and torchvision start together only when they come from one build."""
    try:
        import torch
        import torchvision
    except Exception as error:              # a broken build raises nearly anything: OSError, RuntimeError, …
        text = f"{type(error).__name__}: {error}".splitlines()[0]
        return Row("torch, torchvision", text, False, _torch_cure(error))
    return Row("torch, torchvision", f"{torch.__version__}, {torchvision.__version__}")


def _torch_cure(error: Exception) -> str:
    if "torchvision::nms" in str(error):
        return f"they are of two different builds; {BOTH_AGAIN}"
    if isinstance(error, ModuleNotFoundError):
        return "install what is missing: pip install torch torchvision"
    return BOTH_AGAIN


def device() -> Row:
    """What training would run on. Called only where torch starts."""
    from . import device as devices
    try:
        return Row("device", devices.describe(devices.pick()))
    except ValueError as error:             # GAN_EDU_DEVICE names one that is not there
        return Row("device", str(error), False, "unset GAN_EDU_DEVICE, or choose one of these")


def threads() -> Row:
    """How torch's threads wait for each other, which is settled when it is loaded."""
    if waiting.too_late():
        return Row("threads", "torch was loaded before the course: a busy program beside it slows training down", None,
                   waiting.CURE)
    turns = os.environ.get(waiting.VARIABLE) or os.environ.get(waiting.POLICY)
    return Row("threads", f"waiting ones sleep after {turns} turns" if turns else "as this system has them")


def memory(needed: float = 0.7) -> Row:
    """Gigabytes this process may use; a container (Binder: 1 to 2) may allow less than the machine has."""
    try:
        import psutil
    except ImportError:
        return Row("memory", "unknown (psutil is not installed)", None)
    total = min(psutil.virtual_memory().total, _container_limit()) / GIGA
    free = min(psutil.virtual_memory().available / GIGA, total)
    enough = free >= needed
    return Row("memory", f"{free:.1f} GB free of {total:.1f}", enough or None,
               "" if enough else "close other notebooks and programs; train with small batches")


def _container_limit() -> float:
    """Bytes that a Linux control group allows, infinite where there is no limit."""
    try:
        return float(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):           # not Linux, or "max"
        return float("inf")


def disk(needed: float = 0.5) -> Row:
    """Gigabytes free where the notebooks would write a run."""
    free = shutil.disk_usage(".").free / GIGA
    return Row("disk", f"{free:.1f} GB free", free >= needed or None,
               "" if free >= needed else "make room before you record a run of your own")


def mnist() -> Row:
    """Reads all of MNIST, which compares its checksums."""
    try:
        from .data import mnist as load
        count = len(load(train=True)[0]) + len(load(train=False)[0])
    except ImportError:
        return Row("MNIST", "not checked, because torch does not start", None)
    except OSError as error:
        return Row("MNIST", "missing or corrupt", False, str(error))
    return Row("MNIST", f"{count:,} images, checksums right")


def fashion_mnist() -> Row:
    """Optional: only what compares data sets uses it."""
    try:
        from .data import FASHION_FOLDER
    except ImportError:
        return Row("Fashion-MNIST", "not checked, because torch does not start", None)
    if any(path.is_dir() for path in (FASHION_FOLDER, Path("~/.cache/gan_edu/FashionMNIST").expanduser())):
        return Row("Fashion-MNIST", "here")
    return Row("Fashion-MNIST", "not here (optional)", None,
               "Debian, Ubuntu: sudo apt install dataset-fashion-mnist; elsewhere it is downloaded on first use")


def host() -> str | None:
    """"Colab", "Binder", "VS Code" or None: where the notebook is shown, as far as the kernel sees.

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
    return Row("front end", "no JupyterLab or Notebook here", None,
               "pip install jupyterlab, unless you open the notebooks in VS Code or Colab")


def widgets(name: str, lowest: tuple[int, ...], below: tuple[int, ...]) -> Row:
    """An installed widget package whose version lies in [lowest, below)."""
    wanted = f'"{name}>={".".join(map(str, lowest))},<{".".join(map(str, below))}"'
    version = _version(name)
    if version is None:
        return Row(name, "not installed", False, f"pip install {wanted}")
    good = lowest <= tuple(map(int, re.findall(r"\d+", version)[:2])) < below
    return Row(name, version, good, "" if good else f"pip install {wanted}")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
