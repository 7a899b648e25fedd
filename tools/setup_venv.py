#!/usr/bin/env python3
"""Makes .venv, or brings it up to date; does nothing when it is. The Makefile calls it before every target.

Whatever goes wrong, an environment that worked before still stands: see venv_place.py. What is installed, and from
where: venv_packages.py.
Standard library only, and no syntax newer than Python 3.7: an old Python must get as far as the advice. So versions are
compared by hand, and lines of requirements are read as text, where `packaging` would know better: it is not there yet.
"""

import argparse
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from copy import copy
from pathlib import Path

import venv_packages as packages
import venv_place as place
from venv_packages import Unchanged, alone
from venv_place import Advice, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / place.VENV
VENV_PYTHON = place.python_of(VENV)

OLDEST = (3, 10)


def version_of(python):
    """(major, minor) of an interpreter, or None where it does not run."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        out = subprocess.run(alone(python, "-c", code), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return None
    return tuple(map(int, out.stdout.split())) if out.returncode == 0 else None


def find_python(asked):
    """This interpreter if it is new enough; else, unless asked for by name, a newer one on the path.

    Never the one in .venv (activated, it is first on the path): it is about to step aside.
    """
    names = [] if asked else [f"python3.{minor}" for minor in range(20, OLDEST[1] - 1, -1)]
    pythons = [sys.executable, getattr(sys, "_base_executable", None)] + [shutil.which(name) for name in names]
    for python in filter(None, pythons):
        if VENV in Path(os.path.realpath(os.path.dirname(python))).parents:
            continue
        version = version_of(python)
        if version and version >= OLDEST:
            return python
    raise Advice(
        f"The course needs Python 3.10 or newer; this is {sys.version.split()[0]}. Install a newer "
        "one, or say where it is: make lab PYTHON=/path/to/python3.12"
    )


def torch_choice():
    """What TORCH was for this .venv ('auto' where it was left out), or None."""
    return "".join(place.stamp(VENV)[1:2]) or None


def wanted_stamp(options):
    """Changes whenever an installation made before would no longer be the one asked for: [hash, choice of torch]."""
    parts = [str(ROOT), str(version_of(VENV_PYTHON))]
    files = ["requirements.txt", "pyproject.toml"] + (["constraints.txt"] if options.pins else [])
    parts += [packages.text_of(ROOT, name) for name in files]
    return [hashlib.sha256(os.fsencode("\n".join(parts))).hexdigest(), options.torch or "auto"]


def is_up_to_date(options):
    return (
        place.stamp(VENV)[:2] == wanted_stamp(options)
        and place.is_whole(VENV)
        and place.is_settled(ROOT)
        and holds_this()
    )  # a stamp may outlive what it speaks of


def succeeds(python, code, *arguments):
    return subprocess.run(alone(python, "-c", code, *arguments), stderr=subprocess.DEVNULL).returncode == 0


def why_anew(options):
    """The reason to make .venv from nothing, or None."""
    if not place.there(VENV) or (VENV.is_dir() and not place.names_in(VENV)):
        return "there is no environment yet"
    if place.state(VENV) in (place.HALF, place.DOUBTFUL):
        return "the last installation was cut off"
    version, this = version_of(VENV_PYTHON), sys.version_info[:2]
    if version is None or version < OLDEST:
        return "its Python does not run or is too old"
    if options.this_python and version != this:
        return "its Python is {}.{}, and {}.{} was asked for".format(*version, *this)
    if torch_choice() not in (None, options.torch or "auto"):
        return f"it was not made with TORCH={options.torch}"
    if not (VENV / "pyvenv.cfg").exists():
        return "it is no virtual environment"
    if not succeeds(VENV_PYTHON, "import pip"):
        return "there is no pip in it"
    return None


def check_venv(python):
    """Raises Advice where this Python can make no environment, or none here: it notes the folder in lines of UTF-8."""
    odd = re.search("[\n\r" + os.pathsep + "\udc80-\udcff]", str(ROOT))
    if odd:
        raise Advice(
            f"Python makes no environment in {str(ROOT)!a}, because of the {odd[0]!a}: rename the folder, "
            "then run the same command again."
        )
    if subprocess.run([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL).returncode:
        raise Advice("This Python cannot make virtual environments. On Debian or Ubuntu: sudo apt install python3-venv")


def make_venv(python):
    if packages.work(ROOT, [python, "-m", "venv", str(VENV)]):
        raise Advice(f"{python} -m venv failed: its message stands above.")


def install(options, build):
    """Install into a .venv that is marked as unfinished, and mark how far it got."""
    torch, pins = options.torch or "auto", ["-c", "constraints.txt"] if options.pins else []
    say(f"installing the packages: some minutes, about {packages.GIGABYTES[build]} GB on disk ...")
    try:
        if build == "cpu":  # --no-deps: that index has few versions of the packages torch needs
            index = packages.CPU_INDEX
            packages.pip(ROOT, "--no-deps", "--index-url", index, *packages.torch_pair(ROOT), *pins)
        packages.pip(ROOT, "-r", "requirements.txt", "-e", ".", *pins)
    except Unchanged as fault:
        if not place.is_ours(ROOT / place.OLD):  # else the one from before comes back, which is worth more
            with place.said(VENV):  # a full disk, perhaps: what pip said comes first
                place.mark(VENV, place.STALE, torch)
        if build == "cpu":
            raise Unchanged(f"{fault} Or take the default build: TORCH=cuda.") from fault
        raise
    packages.check_pair(VENV_PYTHON)
    if hasattr(os, "sync"):
        os.sync()  # the packages must lie on the disk before the stamp says so
    place.mark(VENV, *wanted_stamp(options))
    say("done.")


def make_anew(options, reason):
    """Ask all that can be asked, then make a new .venv; one from before is kept until the new one is whole."""
    place.check_ours(VENV, reason)
    python = find_python(options.this_python)
    check_venv(python)
    build = packages.choose_torch(options.torch)
    packages.check_disk(ROOT, build)
    say(f"making .venv: {reason}.")
    with place.new_one(ROOT, options.torch or "auto"):
        make_venv(python)
        install(options, build)


def holds_this():
    """Whether .venv is an environment with JupyterLab and this folder's package: a copied clone's is another's."""
    code = (
        "import gan_edu, importlib.util, os, sys; sys.exit(not importlib.util.find_spec('jupyterlab') or "
        "not os.path.samefile(gan_edu.__path__[0], sys.argv[1]))"
    )
    return (VENV / "pyvenv.cfg").exists() and succeeds(VENV_PYTHON, code, str(ROOT / "gan_edu"))


def update(options):
    """Bring the packages of a .venv up to date. Where that fails, one that was complete before goes on as it is."""
    complete, torch = place.is_whole(VENV) and holds_this(), options.torch or "auto"
    try:
        build = packages.choose_torch(options.torch)
        if not packages.has_torch(VENV):
            packages.check_disk(ROOT, build)
        place.mark(VENV, place.DOUBTFUL, torch)
        install(options, build)
    except Unchanged as fault:
        if not complete:
            raise
        packages.check_pair(VENV_PYTHON)
        with place.said(VENV):
            place.mark(VENV, place.BEHIND, torch)
        if options.pins:  # those versions were asked for, and no others
            raise
        say(f"{fault} Until then .venv goes on with the packages it has; the next run tries again.")


def keep_choice(options):
    """A TORCH that was said once holds until another is."""
    if options.torch is None and torch_choice() in ("cpu", "cuda"):
        options.torch = torch_choice()
    return options


def refresh(asked):
    """What main does, less its errors: nothing if .venv is as asked for, else the least that makes it so."""
    if is_up_to_date(keep_choice(copy(asked))):
        return
    with place.lock(ROOT):
        place.recover(ROOT)
        options = keep_choice(copy(asked))
        if is_up_to_date(options):  # by another, while this one waited
            return
        reason = why_anew(options)
        if reason:
            make_anew(options, reason)
        else:
            update(options)


def remove():
    """Remove what set-up made. Of a link only the link goes; what a person made stays."""
    with place.lock(ROOT):
        for path in (VENV, ROOT / place.OLD, ROOT / place.GONE):
            if place.is_ours(path):
                place.discard(path)
            elif path == VENV and place.is_link(path):
                path.unlink()
            elif place.there(path):
                say(f"{path.name} stays: it is {place.describe(path)}. Remove it yourself if nothing needs it.")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--this-python", action="store_true", help="use the Python that runs this, no other")
    parser.add_argument("--torch", choices=["cpu", "cuda"], help="which build; default: what fits the machine")
    parser.add_argument("--pins", action="store_true", help="the exact versions of constraints.txt")
    parser.add_argument("--remove", action="store_true", help="remove .venv instead, if set-up made it")
    options = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a folder's name may hold what a terminal cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if options.remove:
            remove()
        else:
            refresh(options)
    except Advice as advice:
        print(f"setup: {advice}", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"setup: {error}. Nothing that worked before was removed; a .venv.old, if one is there, comes back with "
            "the next run. Once this is mended (room on the disk, rights, a program that still uses .venv), run the "
            "same command again.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\nsetup: interrupted; the next run takes it up.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
