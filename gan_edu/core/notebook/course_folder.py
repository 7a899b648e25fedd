"""The notebooks in a folder of a learner's own, and brought up to date there: `python -m gan_edu course DIR`.

Nothing of a learner's is overwritten. A file that is still as the course laid it is exchanged for a newer one. One
that was edited stays, and so does one that was run and saved, for its outputs are the learner's; the newer one is laid
beside it, once, as 04_mnist_gan.new-1.2.ipynb. So it goes with links and files that are read-only, and with files of
these names that were there before. One that was deleted is laid anew: so a chapter is begun again. Other files are not
looked at. Killed at any moment, it leaves whole files, and the same command goes on.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import NamedTuple

import gan_edu
from gan_edu.core.notebook.course_record import NAME, Print, Record, fingerprint
from gan_edu.core.safety import checked, durable
from gan_edu.core.safety.lock import locked

PACKAGE = Path(gan_edu.__file__).parent
LOCK = ".gan_edu_course.lock"
CHAPTERS = "[0-9][0-9]_*.ipynb"
# of notebooks/, what a learner gets; the same list in pyproject.toml says what goes into the wheel
PATTERNS = (CHAPTERS, "glossary.md", "badges/*.png", f"[a-z][a-z]/{CHAPTERS}", "[a-z][a-z]/glossary.md")
NEW, REPLACED, PUT_BACK, SAME, KEPT = "new", "replaced", "put back", "as it is", "kept"
GONE, FORGOTTEN = "gone", "forgotten"


class Step(NamedTuple):
    """What is done for a file. place: where its new content goes, if anywhere; why: of what is kept, the reason."""

    name: str
    what: str
    place: Path | None = None
    why: str = ""


def source() -> Path:
    """The folder of this package's notebooks: in it where it was installed, beside it in a checkout."""
    inside = PACKAGE / "notebooks"
    return inside if inside.is_dir() else PACKAGE.parent / "notebooks"


def shipped(folder: Path | None = None) -> dict[str, bytes]:
    """{name: content} of what a learner gets. Raises FileNotFoundError where the package came without it."""
    folder = folder or source()
    paths = {path for pattern in PATTERNS for path in folder.glob(pattern) if path.is_file()}
    if not paths:
        raise FileNotFoundError(errno.ENOENT, "the notebooks are missing: install gan_edu anew", str(folder))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(paths)}


def lay(folder: str | Path) -> list[Step]:
    """Lay the course into a folder, or bring it up to date there. Returns what was done, file by file.

    Raises before anything is changed: ValueError for a folder of the course itself, OSError where something stands in
    the way or there is no room, InUse while another process does the same. Later an OSError, of a disk that is full
    after all, says how far it came: all files are whole, and called again it goes on.
    """
    files = shipped()
    look_before(folder := checked.path("DIR", folder), files)
    durable.ask(folder)
    with locked(folder / LOCK, f"an update of {folder}"):
        record = Record(folder)
        for name in (*record.begun, *record.offers):
            durable.sweep(folder / name)
        steps = [decide(folder, name, data, record) for name, data in files.items()]
        durable.ask(folder, sum(len(files[step.name]) for step in steps if step.place))
        record.course = gan_edu.__version__
        for step in steps:
            if step.place:
                own, new = step.place.relative_to(folder).as_posix(), fingerprint(step.name, files[step.name])
                record.begin(own, new, step.name)
        record.write()
        done = [Step(NAME, FORGOTTEN)] if record.damaged else []
        done += _laid(folder, files, record)
        done += _gone(folder, files, record)
        record.begun = {}
        record.write()
    return done


def look_before(folder: Path, files: dict[str, bytes]) -> None:
    """Raise for what stands in the way: nothing is changed then."""
    real, own = Path(os.path.realpath(folder)), Path(os.path.realpath(source()))
    if real == own or own in real.parents:
        raise ValueError(f"{folder} lies where the course itself lies, which an update would exchange: choose another")
    for name in {os.path.dirname(name) for name in files} - {""}:
        if os.path.lexists(place := folder / name) and (place.is_symlink() or not place.is_dir()):
            raise NotADirectoryError(errno.ENOTDIR, "a folder of the course belongs here: move this away", str(place))
    for name in (NAME, *files):
        place = folder / name
        if place.is_dir() and not place.is_symlink():
            raise IsADirectoryError(errno.EISDIR, "a file of the course belongs here: move this away", str(place))
    if (folder / NAME).is_symlink():
        raise FileExistsError(errno.EEXIST, "the course notes here what it laid: move this link away", folder / NAME)


def decide(folder: Path, name: str, data: bytes, record: Record) -> Step:
    """What is to be done for a file, as it is now. Changes nothing."""
    path, new = folder / name, fingerprint(name, data)
    if not os.path.lexists(path):
        return Step(name, PUT_BACK if name in record.laid else NEW, path)
    there = seen(path)
    if there.whole == new.whole:
        return Step(name, SAME)
    if record.is_ours(name, there) and not protected(path):
        return Step(name, REPLACED, path)
    why = "run and saved" if record.only_ran(name, there) else "edited, or your own"
    if protected(path):
        why = "a link" if path.is_symlink() else "read-only"
    return Step(name, KEPT, None if record.was_offered(name, new) else beside(folder, name, new, record), why)


def seen(path: Path) -> Print:
    """The fingerprint of what lies there; of nothing where it cannot be read, which makes it the learner's."""
    try:
        return fingerprint(path.name, path.read_bytes())
    except OSError:
        return Print("", "")


def protected(path: Path) -> bool:
    """Whether somebody made it a link or read-only, and so wants it to stay."""
    return path.is_symlink() or not path.stat().st_mode & 0o222


def beside(folder: Path, name: str, new: Print, record: Record) -> Path:
    """Where the new content of a file that is kept goes: a name of its own that takes nobody's place."""
    path = folder / name
    for n in count(1):
        again = f"-{n}" if n > 1 else ""
        place = path.with_name(f"{path.stem}.new-{gan_edu.__version__}{again}{path.suffix}")
        if not os.path.lexists(place):
            return place
        there = seen(place)
        ours = there.whole == new.whole or record.is_ours(place.relative_to(folder).as_posix(), there)
        if ours and not protected(place):
            return place
    raise AssertionError("count ends never")


def _laid(folder: Path, files: dict[str, bytes], record: Record) -> list[Step]:
    """Lay each file; what is to be done is decided anew just before, as a notebook may have been saved meanwhile."""
    done: list[Step] = []
    for name, data in files.items():
        step, new = decide(folder, name, data, record), fingerprint(name, data)
        try:
            if step.place:
                durable.write(step.place, data)
        except OSError as error:
            far = f"{len(done)} of {len(files)} files were done, and the same command goes on. Of this one"
            raise OSError(error.errno or errno.EIO, f"{far} {error.strerror}", str(step.place)) from error
        if step.what != KEPT or step.place:
            _withdraw(folder, name, step.place, record)
            record.note(name, new)
        done.append(step)
    return done


def _withdraw(folder: Path, name: str, but: Path | None, record: Record) -> None:
    """Take away what was laid beside a file before, where nobody touched it: a newer one lies there, or its own place
    holds it."""
    for own in [own for own, (of, *_) in record.offers.items() if of == name and folder / own != but]:
        old = folder / own
        if record.is_ours(own, seen(old)) and not protected(old):
            with suppress(OSError):
                old.unlink()
        del record.offers[own]


def _gone(folder: Path, files: dict[str, bytes], record: Record) -> list[Step]:
    """Files that the course no longer has: they stay, and are from now on the learner's."""
    names = sorted(set(record.laid) - set(files))
    for name in names:
        del record.laid[name]
    return [Step(name, GONE) for name in names if (folder / name).exists()]


def told(folder: str | Path, done: list[Step]) -> Iterator[str]:
    """What was done, in lines, and how one begins."""
    folder = checked.path("DIR", folder)
    yield f"The course, gan_edu {gan_edu.__version__}, in {folder}"
    words = {
        NEW: "laid",
        REPLACED: "exchanged for this version, as you had not changed them",
        PUT_BACK: "laid anew, as they were deleted",
        SAME: "as they are in this version",
    }
    for what, said in words.items():
        names = [step.name for step in done if step.what == what]
        if names:
            listed = f": {', '.join(names)}" if what in (REPLACED, PUT_BACK) else ""
            yield f"  {len(names)} {said}{listed}"
    for step in done:
        if step.what == KEPT:
            new = f"; this version's lies beside it: {step.place.name}" if step.place else ""
            yield f"  kept {step.name} ({step.why}){new}"
        elif step.what == GONE:
            yield f"  {step.name} is no longer in the course; yours stays"
        elif step.what == FORGOTTEN:
            yield f"  what was laid before, {step.name}, could not be read: all that differs counts as yours"
    if not find_spec("jupyterlab"):
        yield 'JupyterLab is missing: pip install "gan_edu[lab]", unless you open the notebooks in VS Code'
    first = min(step.name for step in done if step.name.endswith(".ipynb"))
    yield f'Begin: python -m jupyterlab "{folder / first}"'
