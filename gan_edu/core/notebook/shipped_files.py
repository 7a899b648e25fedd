"""The files that come with the course: which there must be, and whether each is whole. Needs no torch."""

from __future__ import annotations

from pathlib import Path

import gan_edu

PACKAGE = Path(gan_edu.__file__).parent
LIST = PACKAGE / "data" / "shipped.txt"


def names() -> list[str]:
    """What must be there, as paths from the package's folder; of a pair of files the one that names the other."""
    return LIST.read_text(encoding="utf-8").split()


def read_whole(name: str) -> None:
    """Read one of `names()` as the course does. Raises OSError or ValueError, with the cure, where it is not whole."""
    path = PACKAGE / name
    if path.name == "recording.json":
        from gan_edu.core.recording.recording import Recording

        Recording.load(path.parent)
    elif path.suffix == ".pt":
        from gan_edu.core.safety.durable import shipped_pair

        shipped_pair(path, "restore it with git checkout")
    elif path.suffix == ".gz":
        from gan_edu.core.data.mnist_files import mnist_bytes

        mnist_bytes(path.stem)
    else:
        from gan_edu.core.measures.stored_scores import scores

        scores(path)
