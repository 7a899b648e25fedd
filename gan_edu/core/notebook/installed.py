"""The packages that the course needs: which, whether each one starts, and whether its version is one of those.

Part of `python -m gan_edu check`, which is wanted where a package is missing or broken: none is loaded but to try it.
"""

from __future__ import annotations

import importlib.metadata
import re
import signal
import subprocess
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType

import gan_edu
from gan_edu.core.notebook import shadows
from gan_edu.core.notebook.report_rows import Row, fault, seen

HERE = Path(gan_edu.__file__).parent
PAIR = ("torch", "torchvision")  # they start together only when they come from one build
MODULES = {"pillow": "PIL", "pot": "ot"}  # packages whose module has another name; pip notes POT as pot
BOTH_AGAIN = "install both together again: pip install --force-reinstall torch torchvision"
CURES = {
    "torchvision::nms": f"they are of two different builds; {BOTH_AGAIN}",
    "Numpy is not available": "they are of two different times: pip install --upgrade numpy torch torchvision",
}


def needs() -> dict[str, str]:
    """{package: its versions, as ">=0.9,<2"} that the course asks for, from pyproject.toml or what pip noted of it."""
    project = HERE.parent / "pyproject.toml"
    text = project.read_text(encoding="utf-8") if project.is_file() else ""
    ours = re.search(r"""^name\s*=\s*["']gan_edu["']""", text, re.MULTILINE)
    listed = re.search(r"^dependencies\s*=\s*\[(.*?)\]\s*$", text, re.MULTILINE | re.DOTALL)
    lines = re.findall(r"""["'](.+?)["']""", listed[1]) if ours and listed else _requires("gan_edu")
    return dict(pair for line in lines for pair in re.findall(r"^([\w.-]+)\s*([^;]*)", line))


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
        if amiss := [each for each in _foundations(name, wanted) if not loaded(each)]:
            rows.append(Row(name, f"not tried, because {amiss[0]} does not start", None))
        else:
            rows += seen(name, partial(package, name, wanted[name]))
    return rows


def _module(name: str) -> str:
    """The name by which a package is imported."""
    return MODULES.get(name.lower(), name)


def loaded(name: str) -> ModuleType | None:
    """The module of a package that is loaded; None where it is not."""
    return sys.modules.get(_module(name))


def package(name: str, versions: str = "") -> Row:
    """Whether a package starts, and is of one of these versions."""
    wanted = " ".join(PAIR) if name in PAIR else f'"{name}{versions}"'
    if name == "torch" and not loaded(name) and (end := _ends_python("import torch, torchvision")):
        return Row(
            name,
            f"loading it {end}",
            False,
            f"{BOTH_AGAIN}. If that does not help, this "
            "machine is too old for them: open the course on Colab or Binder",
        )
    try:
        module = import_module(_module(name))
        if name == "torch":
            module.zeros(1).numpy()
    except (Exception, SystemExit) as error:  # a broken build raises nearly anything
        if isinstance(error, ModuleNotFoundError) and error.name == _module(name):
            return Row(name, "not installed", False, f"pip install {wanted}")
        cures = [f"{path}: {shadows.CURE}" for path in shadows.found()]
        cures += [cure for text, cure in CURES.items() if text in str(error)]
        return Row(name, fault(error), False, *cures[:1] or [f"pip install --force-reinstall {wanted}"])
    if not hasattr(module, "__version__"):
        place = getattr(module, "__file__", None) or list(module.__path__)[0]
        return Row(name, f"in its place stands {place}", False, "give that file or folder another name")
    good = _lies_in(module.__version__, versions)
    if good is None:
        return Row(name, f"{module.__version__}, not compared with {versions}: packaging does not start", None)
    return Row(name, module.__version__, good, "" if good else f"pip install {wanted}")


def _lies_in(version: str, versions: str) -> bool | None:
    """Whether a version is one of these; None where packaging does not start, of which its own row tells."""
    try:
        from packaging.specifiers import SpecifierSet
    except (Exception, SystemExit):
        return None
    return SpecifierSet(versions).contains(version, prereleases=True)


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
