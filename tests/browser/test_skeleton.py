"""The skeleton of a control passes the browser tests that it comes with."""

import os
import subprocess
import sys

import skeleton
from helpers import copied


def test_a_new_control_passes_its_own_tests(tmp_path, chromium):
    root = copied.course(tmp_path)
    skeleton.control(root, "wave_maker")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/browser/test_wave_maker.py"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "9 passed" in done.stdout, done.stdout[-3000:]
