"""Where .venv stands: whose it is, how far it got, and how a new one takes an old one's place.

A virtual environment works only at the path where it was made. So the old one steps aside by a rename, the new one is
made in its place, and the old one goes when the new one is whole, or comes back when it is not. A process that is
killed on the way leaves one of these, and `recover` ends what it began:

    .venv        its stamp says how far it got
    .venv.old    waits for the new .venv to be whole
    .venv.gone   is being removed
    .venv.lock   locked by the one process that works here

The stamp is one line, "STATE TORCH" or "STATE TORCH guest". STATE is one of those below, or the hash of what it was
installed from. TORCH is the build that was asked for. A guest was made by a person and only installed into by set-up.
Where something else stands there, it is as if nothing did.
What set-up did not make (a guest, a link, a folder without a mark) it never removes.

Standard library only, and no syntax newer than Python 3.7.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import time

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

VENV, OLD, GONE, LOCK = ".venv", ".venv.old", ".venv.gone", ".venv.lock"
STAMP = "gan_edu.stamp"
CUT_OFF = "gan_edu.unfinished"  # what earlier versions of set-up left where pip was cut off
PART = STAMP + ".part"  # a stamp that is being written: says nothing yet
MARKS = [CUT_OFF, PART, STAMP]  # what set-up writes into an environment

HALF = "half"  # being made: worth nothing yet
DOUBTFUL = "doubtful"  # pip was changing it, and may have been cut off
STALE = "stale"  # in order, but not complete
BEHIND = "behind"  # complete, but not up to date
GUEST = "guest"
STAMPED = f"({HALF}|{DOUBTFUL}|{STALE}|{BEHIND}|[0-9a-f]+) (auto|cpu|cuda)( {GUEST})?"

HELD: list[int] = []  # the lock's file descriptor, for processes that must hold it too


class Advice(Exception):
    """A fault whose message says how to cure it."""


def say(text):
    print(f"setup: {text}", flush=True)


# Whose an environment is, and how far it got


def there(path):
    """Whether something bears that name, a link that leads nowhere included."""
    return os.path.lexists(str(path))


def is_link(path):
    """A symbolic link, or a junction on Windows."""
    parent = os.path.realpath(str(path.parent))
    return os.path.realpath(str(path)) != os.path.join(parent, path.name)


def python_of(venv):
    """The path of an environment's Python."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def names_in(folder):
    return os.listdir(str(folder)) if folder.is_dir() else []


def stamp(folder):
    """The stamp's words; none where there is no stamp, or something else in its place."""
    try:
        text = (folder / STAMP).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return []
    return text.split() if re.fullmatch(STAMPED, text) else []


def state(folder):
    """HALF, DOUBTFUL, STALE, BEHIND, the hash of what it was installed from, or "" where nothing says."""
    if folder.is_dir() and set(names_in(folder)) <= set(MARKS):
        return HALF
    if (folder / CUT_OFF).exists():
        return DOUBTFUL
    return "".join(stamp(folder)[:1])


def is_whole(folder):
    """Whether all was installed, now or for an earlier list of packages."""
    return state(folder) not in ("", HALF, DOUBTFUL, STALE)


def is_guest(folder):
    names = set(names_in(folder)) - {PART}
    return bool(names) and (GUEST in stamp(folder) or not names & {STAMP, CUT_OFF})


def is_ours(folder):
    """Whether set-up made it, and so may remove it."""
    return folder.is_dir() and not is_link(folder) and not is_guest(folder)


def describe(path):
    if is_link(path):
        return f"a link to {os.path.realpath(str(path))}"
    return "a folder that set-up did not make" if path.is_dir() else "a file"


def mark(folder, state, torch):
    """Write the stamp: beside, flushed, then renamed, so that it is the old one or the new one at any moment."""
    words = [state, torch]
    if is_guest(folder):
        words.append(GUEST)
    part = folder / PART
    for path in (part, folder / STAMP):
        if path.is_dir() and not is_link(path):
            path.rmdir()  # one that holds something is somebody's, and is named by the error
    with open(str(part), "w", encoding="utf-8") as file:
        file.write(" ".join(words))
        file.flush()
        os.fsync(file.fileno())
    os.replace(str(part), str(folder / STAMP))


# Making room without loss


@contextlib.contextmanager
def said(folder):
    """A clean-up that fails is said: it must hide neither what went wrong before it nor what works."""
    try:
        yield
    except OSError as error:
        say(f"{folder.name} could not be put in order ({error}). The next run tries again.")


def discard(folder):
    """Remove an environment of ours, at once by name, then by content."""
    gone = folder.with_name(GONE)
    try:
        os.rename(str(folder), str(gone))
    except OSError:
        if state(folder) != HALF:
            raise
        gone = folder  # a mounted volume cannot be renamed
    empty(gone)


def empty(folder):
    """Remove a folder, its marks last: cut off at any moment, it is still known as ours."""
    try:
        for name in sorted(names_in(folder), key=lambda name: (name in MARKS, name)):
            path = folder / name
            if path.is_dir() and not is_link(path):
                shutil.rmtree(str(path))
            else:
                path.unlink()
        with contextlib.suppress(OSError):  # a mounted volume stays, empty
            folder.rmdir()
    except OSError as error:
        say(f"{folder.name} could not be removed ({error}). Nothing needs it: remove it yourself.")


def recover(root):
    """End what a run that was cut off began: half an environment goes, and the one that stepped aside comes back."""
    venv, old, gone = root / VENV, root / OLD, root / GONE
    if there(gone) and is_ours(gone):
        empty(gone)
    if is_ours(venv) and state(venv) == HALF:
        discard(venv)
    if is_ours(old) and not there(venv):
        os.rename(str(old), str(venv))
        say("the new .venv was not finished; the one from before is back in its place.")
    elif is_ours(old) and is_whole(venv):
        with said(old):
            discard(old)


def is_settled(root):
    """Whether `recover` would find nothing to do."""
    return not is_ours(root / OLD) and not is_ours(root / GONE)


def check_ours(venv, reason):
    """Raises Advice where .venv would have to be made anew and set-up did not make what stands there."""
    if there(venv) and not is_ours(venv):
        raise Advice(
            f".venv is {describe(venv)}, and a new one is needed: {reason}. Set-up removes only what it made. "
            "Move it away (mv .venv my-venv) or remove it yourself, then run the same command again."
        )


def check_free(path):
    """Raises Advice where something stands in the way, after `recover`."""
    if there(path):
        raise Advice(
            f"{path.name} is in the way: set-up needs that name for itself. Move it away or remove it "
            "yourself, then run the same command again."
        )


@contextlib.contextmanager
def new_one(root, torch):
    """Inside, .venv is a new folder marked as half, and one from before waits. Whole at the end, it stays; else not."""
    venv, old = root / VENV, root / OLD
    check_free(old)
    check_free(root / GONE)
    try:
        if names_in(venv):
            os.rename(str(venv), str(old))
        venv.mkdir(exist_ok=True)  # an empty folder is as good as none
        mark(venv, HALF, torch)
        yield
    except BaseException:
        with said(venv):
            recover(root)
        raise
    recover(root)


# One at a time


def try_lock(file):
    try:
        if sys.platform == "win32":
            os.lseek(file.fileno(), 1 << 30, os.SEEK_SET)  # a byte that nobody reads: there, locked is unreadable
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks: as if alone
        pass
    return True


def open_lock(root):
    try:
        return open(str(root / LOCK), "a+")
    except OSError as error:
        raise Advice(f"set-up must write in {root}, and cannot: {error}. Nothing was changed.") from error


@contextlib.contextmanager
def lock(root):
    """Work here alone; wait for who does. Raises Advice where the folder cannot be written to.

    The system takes a lock back however its holder ends. What is started with pass_fds=HELD holds it too: pip may
    outlive a set-up that is killed, and goes on changing .venv.
    """
    with open_lock(root) as file:
        if not try_lock(file):
            file.seek(0)
            say(
                f"waiting for another set-up in this folder (process {file.read().strip() or 'unknown'}, or the pip "
                "that it started) ..."
            )
            while not try_lock(file):
                time.sleep(0.2)
        file.truncate(0)
        print(os.getpid(), file=file, flush=True)
        HELD.extend([] if sys.platform == "win32" else [file.fileno()])
        try:
            yield
        finally:
            HELD.clear()
