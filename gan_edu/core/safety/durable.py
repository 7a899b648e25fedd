"""Files that survive: what is written takes the old one's place whole, or the old one stays.

A killed process, a full disk or a power cut leaves the old file or the new one. A new file is written beside the old
one, under a name that holds its checksum, flushed to the disk, and then renamed. Two renames are not one: of files
that belong together the *head* is renamed first, a JSON that holds the checksum of the other; whoever reads them finds
the other by that checksum, under its name or still beside it. All writers of the package write through here.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from gan_edu.core.safety import checked
from gan_edu.core.safety.interrupts import held
from gan_edu.core.safety.lock import locked

LOCK = ".saving.lock"
DIGITS = 16  # of the checksum, in the name of a file that waits
CURES: dict[int | None, str] = {
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EISDIR: "choose another name, or move it away",
    errno.EEXIST: "move that file away, or choose another folder",
    errno.ENOTDIR: "choose another folder",
}


def write(path: str | Path, data: bytes) -> Path:
    """Write one file, whole or not at all; its folder is made. Returns its path. Raises as `write_together`.

    A link is followed: what it points to is written.
    """
    place = Path(os.path.realpath(path := checked.file("path", path)))
    write_together(place.parent, {place.name: data})
    return path


def write_together(folder: str | Path, files: Mapping[str, bytes]) -> Path:
    """Write files that belong together, {name: content}, a head before what it names. Returns the folder.

    All lie flushed on the disk before the first takes its place, so that a full disk changes nothing: then an OSError
    names the folder and what to do. A process killed between two renames leaves the first of them new and the rest
    old; `read_matching` finds what a head names even then.
    """
    folder = checked.path("folder", folder)
    begun: list[Path] = []
    with held(), ExitStack() as until_done:
        try:
            with _in_words(folder):
                _make(folder)
                until_done.enter_context(locked(folder / LOCK))
                parts = _staged(folder, files, begun)
                _flush(folder)  # their names are on the disk, too
                os.replace(*parts[0])
        except BaseException:
            if begun and os.path.exists(begun[0]):  # the first was not renamed: nobody needs the others
                _remove(begun)
            raise
        _flush(folder)
        for part, path in parts[1:]:
            os.replace(part, path)
            _flush(folder)
        for _, path in parts:
            _remove(_left_by_others(path))
    return folder


def read_matching(path: Path, sha256: str) -> bytes | None:
    """The file's content that has this checksum: at `path`, or waiting beside it. None where there is none."""
    if not re.fullmatch("[0-9a-f]{64}", str(sha256)):
        return None
    for place in (path, _beside(path, sha256), path):  # again, as it may be renamed just now
        with suppress(OSError):
            if place.is_file() and hashlib.sha256(data := place.read_bytes()).hexdigest() == sha256:
                return data
    return None


def read_pair(head: Path, path: Path) -> tuple[dict, bytes | None]:
    """(the JSON in `head`, the content of `path` whose checksum it holds as "sha256"); None where that is not there.

    Raises OSError where there is no head.
    """
    while True:
        text = head.read_bytes()
        try:
            about = json.loads(text)
            data = read_matching(path, about["sha256"])
        except (ValueError, KeyError, TypeError):
            about, data = {}, None
        if data is not None or head.read_bytes() == text:  # else both were exchanged between the two looks
            return about, data


def shipped_pair(path: Path, again: str) -> tuple[dict, bytes]:
    """(what the JSON beside `path` says, the content of `path`). Raises OSError where it is missing or damaged.

    again: how else it can be made anew, for the message.
    """
    head, cure = path.with_suffix(".json"), f"install gan_edu anew, or {again}"
    for each in (head, path):
        if not each.is_file():
            raise FileNotFoundError(f"{each} is missing: {cure}")
    about, data = read_pair(head, path)
    if data is None:
        raise OSError(f"{path} is damaged (its checksum differs): {cure}")
    return about, data


def sweep(path: Path) -> None:
    """Remove what writes of this file left that were cut off; its next write does so, too."""
    if path.parent.is_dir():
        _remove(_left_by_others(path))


def ask(folder: Path, room: int = 0) -> None:
    """Before long work: make `folder`, write a file there and remove it, and see that `room` bytes are free.

    Raises OSError that names the folder and says what to do.
    """
    with _in_words(folder):
        _make(folder)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(bytes(4096))
            trial.flush()
        free = shutil.disk_usage(folder).free
    if free < room:
        raise OSError(
            errno.ENOSPC,
            f"{room / 1e6:.0f} MB are needed and {free / 1e6:.1f} MB are free: make room, or choose another folder",
            str(folder),
        )


def _staged(folder: Path, files: Mapping[str, bytes], begun: list[Path]) -> list[tuple[Path, Path]]:
    """(where its new content lies, flushed; its path) of each file. begun: takes those that were written for it."""
    parts = []
    for path, data in ((folder / name, data) for name, data in files.items()):
        if path.exists() and not path.is_file():
            raise IsADirectoryError(errno.EISDIR, f"{path.name} is there and is no file")
        digest = hashlib.sha256(data).hexdigest()
        parts.append((part := _beside(path, digest), path))
        if read_matching(part, digest) is None:  # else it waits since a write that was cut off, and may be needed
            begun.append(part)
            _write(part, data, like=path)
    return parts


def _write(part: Path, data: bytes, like: Path) -> None:
    with open(part, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if like.exists():
        shutil.copymode(like, part)


def _beside(path: Path, digest: str) -> Path:
    return path.with_name(f"{path.name}.{digest[:DIGITS]}.part")


def _left_by_others(path: Path) -> list[Path]:
    """What writes of this file left that were cut off."""
    name = re.compile(re.escape(path.name) + rf"\.[0-9a-f]{{{DIGITS}}}\.part")
    return [each for each in path.parent.iterdir() if name.fullmatch(each.name)]


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink()


def _make(folder: Path) -> None:
    """Make a folder and those above it, on the disk as well."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in made:
        _flush(each.parent)


def _flush(folder: Path) -> None:
    """Let what was made, renamed or removed in a folder reach the disk, where the system can be asked to."""
    with suppress(OSError):  # Windows opens no folder, and some file systems flush none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """An error of the system as one of the same kind that says what is left and what to do."""
    try:
        yield
    except OSError as error:
        cure = CURES.get(error.errno, "make room or make it writable, or choose another folder")
        raise OSError(
            error.errno or errno.EIO,
            f"nothing was written, and what was there is as it was ({error.strerror or error}): {cure}",
            str(folder),
        ) from error
