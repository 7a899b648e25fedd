"""One at a time: a lock file, which the system lets go when its holder ends, however it ends.

`core.safety.durable` holds one while it exchanges files; a long recording holds one while it trains.
"""

from __future__ import annotations

import errno
import os
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from gan_edu.core.safety.interrupts import heard

if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)  # what the systems answer where another holds it
PAUSE = 0.01  # seconds between two tries


class InUse(OSError):
    """Another process, or another thread of this one, is doing the same."""


@contextmanager
def locked(path: Path, doing: str = "") -> Iterator[None]:
    """Hold the lock file `path` against other processes and threads; its folder must exist. It is removed at the end.

    Waits while another holds it. doing: what nobody else may do meanwhile; where it is given, InUse is raised in place
    of a wait. Where the file system knows no locks, it warns and goes on.
    """
    while (file := _held(path)) is None:
        if doing:
            raise InUse(
                f"{doing} is already under way in another process or thread, which holds {path}: let it finish "
                "or end it, then try again"
            )
        heard()  # Ctrl-C, where interrupts are held
        time.sleep(PAUSE)
    try:
        yield
    finally:
        if sys.platform == "win32":
            file.close()  # Windows removes nothing that is open
        with suppress(OSError):
            path.unlink()  # elsewhere while it is held: nobody else's can go
        file.close()


def _held(path: Path) -> BinaryIO | None:
    """The lock file, open and held; None where another holds it."""
    while True:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "a folder is where a lock file belongs: move it away", str(path))
        file = open(path, "ab")  # noqa: SIM115  it stays open while it is held
        try:
            _take(file)
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                return file
        except FileNotFoundError:
            pass  # its holder removed it between opening and locking: try anew
        except OSError as error:
            if error.errno in HELD:
                file.close()
                return None
            warnings.warn(
                f"{path.parent} lies on a file system without locks ({error.strerror}): let one process at a "
                "time write there",
                stacklevel=4,
            )
            return file
        file.close()
