#!/usr/bin/env python3
"""Builds what a release hands out and looks at it: python tools/dist.py [FOLDER], or `make dist`, into dist/.

The archive of sources is made of this tree, and the wheel of that archive, unpacked: so pip does where it has the
archive alone. Both are looked at: what is in the wheel, what it takes, whether version, citation and list of changes
agree. twine and check-wheel-contents look, too, where they are: pip install -e ".[release]".
"""

import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MEGA = 1e6
PARTS = {  # of the wheel: (how their names begin, megabytes that they may take)
    "MNIST": ("gan_edu/data/mnist/", 12),
    "notebooks": ("gan_edu/notebooks/", 20),
    "all else of gan_edu": ("gan_edu/", 30),
    "what pip notes": ("gan_edu-", 1),
}
LOOK_TOO = {"twine": ["-m", "twine", "check", "--strict"], "check_wheel_contents": ["-m", "check_wheel_contents"]}


class Refused(Exception):
    """What was built is not to be handed out; the message says why."""


def build(folder, root=ROOT):
    """(the archive, the wheel), built anew in `folder`. Raises Refused with the builder's words."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("gan_edu-*.whl"), *folder.glob("gan_edu-*.tar.gz")]:
        old.unlink()
    hatch("sdist", root, folder)
    (archive,) = folder.glob("gan_edu-*.tar.gz")
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(archive) as packed:
            packed.extraction_filter = getattr(tarfile, "data_filter", None)  # which Pythons of before 2023 lack
            packed.extractall(place)
        hatch("wheel", Path(place) / archive.name.removesuffix(".tar.gz"), folder)
    (wheel,) = folder.glob("gan_edu-*.whl")
    return archive, wheel


def hatch(target, root, folder):
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder.resolve())]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"the {target} cannot be built: {(done.stderr or done.stdout).strip()[-2000:]}")


def sizes(wheel):
    """{part: megabytes, unpacked}. Raises Refused for a part that is missing, or takes more than it may."""
    taken = dict.fromkeys(PARTS, 0.0)
    for each in zipfile.ZipFile(wheel).infolist():
        part = next((name for name, (start, _) in PARTS.items() if each.filename.startswith(start)), None)
        if part is None:
            raise Refused(f"{wheel.name}: {each.filename} belongs to no part of the package")
        taken[part] += each.file_size / MEGA
    for name, (_, most) in PARTS.items():
        if not 0 < taken[name] <= most:
            raise Refused(f"{wheel.name}: {name} take {taken[name]:.1f} MB; more than 0 and at most {most} are right")
    return taken


def agree(root=ROOT):
    """The version. Raises Refused where the package, the citation and the newest entry of the changes differ."""
    texts = {
        "gan_edu/__init__.py": r'^__version__ = "(.*)"$',
        "CITATION.cff": r"^version: (.*)$",
        "CHANGELOG.md": r"^## (\d\S*) - ",
    }
    told = {}
    for name, pattern in texts.items():
        found = re.search(pattern, (root / name).read_text(encoding="utf-8"), re.MULTILINE)
        told[name] = found[1] if found else "none"
    if len(set(told.values())) > 1:
        raise Refused(f"one version, please: {', '.join(f'{name} has {version}' for name, version in told.items())}")
    return told["CHANGELOG.md"]


def unreleased(root=ROOT):
    """How many changes have no version yet."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8").partition("## Unreleased")[2].partition("\n## ")[0]
    return len(re.findall(r"^- ", text, re.MULTILINE))


def look_too(built):
    """What other tools say of what was built; raises Refused where one finds a fault."""
    for name, command in LOOK_TOO.items():
        if not find_spec(name):
            yield f'{name} is not here, and did not look: pip install -e ".[release]"'
            continue
        paths = [str(path) for path in built if name == "twine" or path.suffix == ".whl"]
        done = subprocess.run([sys.executable, *command, *paths], cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise Refused(f"{name}: {(done.stdout + done.stderr).strip()}")
        yield f"{name} finds nothing amiss"


def main(folder="dist"):
    try:
        version = agree()
        built = build(Path(folder))
        for path in built:
            print(f"{path.stat().st_size / MEGA:6.1f} MB  {path}")
        for name, taken in sizes(built[1]).items():
            print(f"{taken:6.1f} MB  {name}, unpacked; at most {PARTS[name][1]}")
        print(*look_too(built), sep="\n")
        if count := unreleased():
            print(f"{count} changes are Unreleased, not of {version}: to hand them out, give them a number and a date")
    except (Refused, OSError) as reason:
        print(f"make dist: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
