"""The data that comes with the course, each file against its checksum. Needs no torch.

`gan_edu/data/shipped.txt` is in the form of `sha256sum`: in gan_edu/, `sha256sum --check data/shipped.txt` looks, too.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import gan_edu

PACKAGE = Path(gan_edu.__file__).parent
LIST = PACKAGE / "data" / "shipped.txt"
DATA = {".json", ".gz", ".bz2", ".pt", ".webp", ".bin"}  # what is no program,
TEXTS = ("words", "quizzes")  # and no catalogue of texts


def sums() -> dict[str, str]:
    """{path from the package's folder: SHA-256}, as they are to be."""
    rows = (line.split(maxsplit=1) for line in LIST.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in rows}


def digest(name: str) -> str:
    """SHA-256 of a file as it is. Raises OSError where it cannot be read."""
    return hashlib.sha256((PACKAGE / name).read_bytes()).hexdigest()


def listing() -> str:
    """What the list must say of the files that are there."""
    data = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.*") if path.suffix in DATA)
    paths = sorted(path.as_posix() for path in data if path.parts[0] not in TEXTS)
    return "".join(f"{digest(path)}  {path}\n" for path in paths)
