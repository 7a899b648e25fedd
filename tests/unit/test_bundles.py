"""The controls' bundles: one each, of today's sources, without an address, and small. Nothing here needs node."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

import gan_edu
from gan_edu.widgets.kit.scripts import BUNDLES, bundle

ROOT = Path(gan_edu.__file__).parents[1]
CONTROLS = sorted(path.parent.name for path in (ROOT / "gan_edu" / "widgets").glob("*/entry.js"))
IMPORTED = re.compile(r"""^(?:import|export)\b[^;"']*?(?:from )?["'](\.[^"']+)["']""", re.MULTILINE)
SVG = "http://www.w3.org/2000/svg"
OWN, GZIPPED = {"plane": 80_000}, {"plane": 55_000}  # bytes; of the others 60,000 and 45,000


def sources(entry):
    """All own files that a bundle is made of."""
    seen, waiting = set(), [entry]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            text = path.read_text(encoding="utf-8") if path.suffix == ".js" else ""
            waiting += [(path.parent / each).resolve() for each in IMPORTED.findall(text)]
    return seen


def test_there_is_a_bundle_of_each_control_and_no_other():
    assert len(CONTROLS) >= 10 and sorted(path.stem for path in BUNDLES.glob("*.js")) == CONTROLS


@pytest.mark.parametrize("control", CONTROLS)
def test_a_bundle_is_of_todays_sources(control):
    told, digest = re.search(r"sources ([0-9a-f]{16}) ", bundle(control))[1], hashlib.sha256()
    for name in sorted(path.relative_to(ROOT).as_posix() for path in sources(BUNDLES.parent / control / "entry.js")):
        digest.update(f"{name}\n{(ROOT / name).read_text(encoding='utf-8')}".encode())
    assert told == digest.hexdigest()[:16], "run: make js"


@pytest.mark.parametrize("control", CONTROLS)
def test_a_bundle_asks_for_nothing_and_is_small(control):
    text = bundle(control)
    assert "http" not in text.replace(SVG, "") and "innerHTML" not in text and "</script" not in text
    assert not re.search(r"\bimport\s*[({\"']|\bfetch\(|XMLHttpRequest|\beval\(", text)
    own = int(re.search(r" (\d+) bytes of JavaScript ", text)[1])  # `make js-check` holds that it is so
    assert 1000 < own <= OWN.get(control, 60_000) and len(text.splitlines()) < 40
    assert len(gzip.compress(text.encode(), 9)) <= GZIPPED.get(control, 45_000)


def test_the_lock_file_names_versions_and_no_address():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages, wanted = json.loads(text)["packages"], json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert "://" not in text
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version and packages[f"node_modules/{name}"]["integrity"]
