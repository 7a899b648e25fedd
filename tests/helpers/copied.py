"""A copy of the course that a test may change: its code, lists and scripts, without data, outputs and pictures."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = (
    "gan_edu",
    "tests",
    "docs/dependencies.md",
    "binder/requirements.txt",
    "notebooks/scripts",
    "notebooks/course.toml",
    "notebooks/glossary.md",
    "README.md",
    "constraints.txt",
    "pyproject.toml",
    "requirements.txt",
)


def course(folder):
    """The copy, in `folder`."""
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=left_out)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def left_out(folder, names):
    """What is no code; core/data is."""
    data = {"data"} if Path(folder).name == "gan_edu" else set()
    return {name for name in names if name in data | {"__pycache__"} or name.endswith((".webp", ".bin", ".pt"))}
