"""The skeleton of a control passes the browser tests that it comes with."""

import os
import shutil
import subprocess
import sys

import pytest
import skeleton
from helpers import copied


def test_a_new_control_passes_its_own_tests(tmp_path, chromium):
    if not shutil.which("node") or not (copied.ROOT / "node_modules").is_dir():
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("without node, and what `make js-check` fetches, no bundle can be made")
    root = copied.course(tmp_path)
    skeleton.control(root, "wave_maker")
    (root / "tools").mkdir()
    shutil.copy(copied.ROOT / "tools" / "bundle.mjs", root / "tools")
    (root / "node_modules").symlink_to(copied.ROOT / "node_modules")
    subprocess.run(["node", "tools/bundle.mjs"], cwd=root, check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/browser/test_wave_maker.py"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "10 passed" in done.stdout, done.stdout[-3000:]
