"""What goes into .venv and from where: which build of torch, the room that it takes, and pip with a user's settings.

Standard library only, and no syntax newer than Python 3.7, as for setup_venv.py, which calls this.
"""

import ast
import os
import re
import shutil
import subprocess
import sys

import venv_place as place
from venv_place import Advice, say

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
GIGABYTES = {"cpu": 2, "default": 7}  # disk that the whole environment takes

# pip's settings of a user that hold here too: where packages come from, and how the network is reached. All others
# (user, target, no-deps, constraint, python ...) are made for another purpose and would install elsewhere, or less.
KEPT = {
    "index-url",
    "extra-index-url",
    "find-links",
    "no-index",
    "trusted-host",
    "proxy",
    "cert",
    "client-cert",
    "keyring-provider",
    "use-feature",
    "timeout",
    "default-timeout",
    "retries",
    "cache-dir",
    "no-cache-dir",
}


class Unchanged(Advice):
    """Nothing could be installed, and what was there before is in order."""


def alone(python, *arguments):
    """A command line: that Python without what stands in this folder, in PYTHONPATH or in the user's own packages."""
    return [str(python), "-I"] + list(arguments)


# Which build, and the room for it


def has_nvidia():
    return bool(shutil.which("nvidia-smi") or os.path.exists("/proc/driver/nvidia") or os.path.exists("/dev/nvidia0"))


def reachable(url):
    """Whether an address answers within seconds: pip itself would go on trying for minutes."""
    import urllib.request  # here, for it is slow and seldom needed

    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (OSError, ValueError):  # URLError, time-outs and refused connections are OSErrors
        return False


def choose_torch(asked):
    """'cpu': PyTorch's own index of small builds; 'default': what pip takes by itself."""
    linux = sys.platform.startswith("linux")  # elsewhere the default build is small
    if asked == "cuda" or not linux or (asked is None and has_nvidia()):
        return "default"
    if reachable(CPU_INDEX + "/torch/"):
        return "cpu"
    if asked == "cpu":
        raise Unchanged(f"TORCH=cpu was asked for, but {CPU_INDEX} does not answer. Try later, or leave TORCH out.")
    say(
        "no NVIDIA GPU here, but PyTorch's index of small CPU builds does not answer: taking the default "
        "build (5 GB; it runs on a CPU too)."
    )
    return "default"


def has_torch(venv):
    """Whether most of what takes room is in .venv."""
    return any(venv.glob("[Ll]ib/**/torch/version.py"))


def check_disk(root, build):
    """Raises Advice where this build and all the rest have no room."""
    free = shutil.disk_usage(str(root)).free / 1e9
    if free < GIGABYTES[build]:
        small = "" if build == "cpu" else ", or take the small build: make lab TORCH=cpu"
        kept = " .venv stays until a new one is whole; to do without it: make clean."
        before = kept if has_torch(root / place.VENV) else ""
        raise Advice(
            f"The environment takes about {GIGABYTES[build]} GB, and {free:.1f} GB are free here. "
            f"Make room{small}.{before}"
        )


# pip


def work(root, command, **more):
    """Run a command that changes .venv: it holds the lock as long as it lives. Returns its exit code."""
    return subprocess.run(command, cwd=str(root), stdin=subprocess.DEVNULL, pass_fds=place.HELD, **more).returncode


def variable(setting):
    """How pip calls one of its settings as a variable of the environment."""
    return "PIP_" + setting.upper().replace("-", "_")


def pip_environment(python):
    """The environment for pip: of the user's settings, in files and variables, those that are KEPT."""
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PYTHON")) or name == "PIP_CONFIG_FILE"
    }
    listed = subprocess.run(alone(python, "-m", "pip", "config", "list"), env=others, stdout=subprocess.PIPE)
    said: dict[str, str] = {}
    for section in ("global", "install"):  # the second wins, and variables win over both
        found = re.findall(rf"^{section}\.([\w-]+)=(.*?)\r?$", listed.stdout.decode(errors="replace"), re.MULTILINE)
        said.update((variable(name), ast.literal_eval(value)) for name, value in found)
    said.update(os.environ)
    kept = {name: said[name] for name in map(variable, KEPT) if name in said}
    return dict(others, PIP_CONFIG_FILE=os.devnull, **kept)


def pip(root, *arguments):
    """Install into .venv what these arguments say. Raises Unchanged where pip gave up, Advice where it was killed."""
    python = place.python_of(root / place.VENV)
    quiet = [] if sys.stdout.isatty() else ["-qq"]  # its progress bars are for people
    command = alone(python, "-m", "pip", "install", "--disable-pip-version-check", *quiet, *arguments)
    code = work(root, command, env=pip_environment(python))
    if code:
        raise (Unchanged if code > 0 else Advice)(
            "pip could not install the packages: its lines above say which and why. If there was no "
            "network, connect and run the same command again: it goes on from what is downloaded."
        )


# What the project asks for, and whether it fits


def text_of(root, name):
    """What one of the project's files says. Raises Advice for what is no text."""
    try:
        return (root / name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Advice(
            f"{name} is not text in UTF-8: save it as such, or take it from git again: git checkout {name}"
        ) from error


def torch_pair(root):
    """The lines of requirements.txt for torch and torchvision, which must come from one index."""
    lines = text_of(root, "requirements.txt").splitlines()
    return [line for line in lines if line.startswith(("torch>", "torch=", "torchvision"))]


def check_pair(python):
    """Importing is the only proof that the two builds fit each other."""
    out = subprocess.run(alone(python, "-c", "import torch, torchvision"), stderr=subprocess.PIPE)
    if b"torchvision::nms does not exist" in out.stderr:
        raise Advice(
            "torch and torchvision come from different builds and must be installed again, both "
            "together. Run the same command again: it makes a new .venv."
        )
    if out.returncode:
        said = out.stderr.decode(errors="replace").strip().splitlines() or [f"it ended with code {out.returncode}"]
        raise Advice(f"torch does not start: {said[-1]}")
