#!/usr/bin/env python3
"""Makes .venv, or brings it up to date; does nothing when it is. The Makefile calls it before every target.

Standard library only, and no syntax newer than Python 3.7: an old Python must get as far as the advice.
"""
import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "gan_edu.stamp"              # of the last finished installation: hash of its inputs, choice of torch
UNFINISHED = VENV / "gan_edu.unfinished"    # there while pip works: left behind, the installation was cut off
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

OLDEST = (3, 10)
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
GIGABYTES = {"cpu": 2, "default": 7}        # disk that the whole environment takes


class Advice(Exception):
    """A fault whose message says how to cure it."""


def say(text):
    print(f"setup: {text}", flush=True)


def version_of(python):
    """(major, minor) of an interpreter, or None where it does not run."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        out = subprocess.run([str(python), "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return None
    return tuple(map(int, out.stdout.split())) if out.returncode == 0 else None


def find_python(asked):
    """This interpreter if it is new enough; else, unless asked for by name, a newer one on the path."""
    names = [] if asked else [f"python3.{minor}" for minor in range(20, OLDEST[1] - 1, -1)]
    for python in [sys.executable] + [shutil.which(name) for name in names]:
        version = python and version_of(python)
        if version and version >= OLDEST:
            return python
    raise Advice(f"The course needs Python 3.10 or newer; this is {sys.version.split()[0]}. Install a newer "
                 "one, or say where it is: make lab PYTHON=/path/to/python3.12")


def has_nvidia():
    return bool(shutil.which("nvidia-smi") or os.path.exists("/proc/driver/nvidia")
                or os.path.exists("/dev/nvidia0"))


def reachable(url):
    """Whether an address answers within seconds: pip itself would go on trying for minutes."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (OSError, ValueError):           # URLError, time-outs and refused connections are OSErrors
        return False


def choose_torch(asked):
    """'cpu': PyTorch's own index of small builds; 'default': what pip takes by itself."""
    linux = sys.platform.startswith("linux")                # elsewhere the default build is small
    if asked == "cuda" or not linux or (asked is None and has_nvidia()):
        return "default"
    if reachable(CPU_INDEX + "/torch/"):
        return "cpu"
    if asked == "cpu":
        raise Advice(f"TORCH=cpu was asked for, but {CPU_INDEX} does not answer. Try later, or leave TORCH out.")
    say("no NVIDIA GPU here, but PyTorch's index of small CPU builds does not answer: taking the default "
        "build (5 GB; it runs on a CPU too).")
    return "default"


def torch_choice():
    """What TORCH was in the last finished installation ('auto' where it was left out), or None."""
    return STAMP.read_text().split()[-1] if STAMP.exists() else None


def wanted_stamp(options):
    """Changes whenever an installation made before would no longer be the one asked for."""
    parts = [str(ROOT), str(version_of(VENV_PYTHON))]
    files = ["requirements.txt", "pyproject.toml"] + (["constraints.txt"] if options.pins else [])
    parts += [(ROOT / name).read_text(encoding="utf-8") for name in files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest() + " " + (options.torch or "auto")


def why_anew(options):
    """The reason to make .venv from nothing, or None."""
    if not VENV.exists():
        return "there is none yet"
    if UNFINISHED.exists():
        return "the last installation was cut off"
    version, this = version_of(VENV_PYTHON), sys.version_info[:2]
    if version is None or version < OLDEST:
        return "its Python does not run or is too old"
    if options.this_python and version != this:
        return "its Python is {}.{}, and {}.{} was asked for".format(*version, *this)
    if torch_choice() not in (None, options.torch or "auto"):
        return f"it was not made with TORCH={options.torch}"
    return None


def make_venv(python):
    if subprocess.run([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL).returncode:
        raise Advice("This Python cannot make virtual environments. On Debian or Ubuntu: "
                     "sudo apt install python3-venv")
    if subprocess.run([python, "-m", "venv", "--clear", str(VENV)]).returncode:
        raise Advice(f"{python} -m venv failed: its message stands above.")


def check_disk(build):
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < GIGABYTES[build]:
        small = "" if build == "cpu" else ", or take the small build: make lab TORCH=cpu"
        raise Advice(f"The environment takes about {GIGABYTES[build]} GB, and {free:.1f} GB are free here. "
                     f"Make room{small}.")


def pip(*arguments):
    quiet = [] if sys.stdout.isatty() else ["-qq"]          # its progress bars are for people
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *quiet, *arguments]
    code = subprocess.run(command, cwd=str(ROOT), stdin=subprocess.DEVNULL).returncode
    if code > 0:
        UNFINISHED.unlink()                 # it ended by itself, and left what was there before in order
    if code:
        raise Advice("pip could not install the packages: its lines above say which and why. If there was no "
                     "network, connect and run the same command again: it goes on from what is downloaded.")


def torch_pair():
    """The lines of requirements.txt for torch and torchvision, which must come from one index."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("torch>", "torch=", "torchvision"))]


def check_pair():
    """Importing is the only proof that the two builds fit each other."""
    out = subprocess.run([str(VENV_PYTHON), "-c", "import torch, torchvision"], stderr=subprocess.PIPE)
    if b"torchvision::nms does not exist" in out.stderr:
        raise Advice("torch and torchvision come from different builds and must be installed again, both "
                     "together. Run the same command again: it starts from an empty .venv.")
    if out.returncode:
        raise Advice(f"torch does not start: {out.stderr.decode().strip().splitlines()[-1]}")


def install(options):
    build = choose_torch(options.torch)
    if not list(VENV.glob("[Ll]ib/**/torch/version.py")):   # with torch in place, most of it is there
        check_disk(build)
    UNFINISHED.touch()
    if STAMP.exists():
        STAMP.unlink()
    pins = ["-c", "constraints.txt"] if options.pins else []
    say(f"installing the packages: some minutes, about {GIGABYTES[build]} GB on disk ...")
    if build == "cpu":
        try:                                # --no-deps: that index has few versions of the packages torch needs
            pip("--no-deps", "--index-url", CPU_INDEX, *torch_pair(), *pins)
        except Advice as advice:
            raise Advice(f"{advice} Or take the default build: TORCH=cuda.") from advice
    pip("-r", "requirements.txt", "-e", ".", *pins)
    check_pair()
    UNFINISHED.unlink()
    STAMP.write_text(wanted_stamp(options))
    say("done.")


def refresh(options):
    """What main does, less its errors: nothing if .venv is as asked for, else the least that makes it so."""
    if options.torch is None and torch_choice() in ("cpu", "cuda"):
        options.torch = torch_choice()      # said once, kept
    reason = why_anew(options)
    if reason is None and STAMP.exists() and STAMP.read_text() == wanted_stamp(options):
        return
    if reason:
        python = find_python(options.this_python)
        say(f"making .venv: {reason}.")
        make_venv(python)
    install(options)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--this-python", action="store_true", help="use the Python that runs this, no other")
    parser.add_argument("--torch", choices=["cpu", "cuda"], help="which build; default: what fits the machine")
    parser.add_argument("--pins", action="store_true", help="the exact versions of constraints.txt")
    try:
        refresh(parser.parse_args())
    except Advice as advice:
        print(f"setup: {advice}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nsetup: interrupted; the next run starts over.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
