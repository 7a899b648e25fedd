"""Random SIGKILLs: a run that is killed again and again and resumed, against one that is not; and saving, killed at it.

CPU, one thread.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HELPERS = Path(__file__).parent.parent / "tests" / "helpers"
VICTIM, SAVING = HELPERS / "killed_run.py", HELPERS / "killed_save.py"
SAVED = {
    "checkpoint": "a checkpoint",
    "recording": "over a recording",
    "features": "the scoring network",
    "generator": "a generator",
    "live": "a live run",
}


def measure(kills: int = 100, steps: int = 2000) -> dict:
    """How many kills struck, and whether the end is the same, bit for bit."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    dice, struck = random.Random(1), 0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(VICTIM), f"{folder}/killed.ckpt", str(steps)]
        for _ in range(kills):
            victim = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
            victim.stdout.readline()  # it has resumed
            time.sleep(dice.uniform(0, 0.25))
            struck += victim.poll() is None
            victim.send_signal(signal.SIGKILL)
            victim.communicate()
        ends = []
        for path in (command[2], f"{folder}/whole.ckpt"):
            run = subprocess.run([*command[:2], path, str(steps)], env=environment, capture_output=True, check=True)
            ends.append(run.stdout.split()[-1])
    return {"kills": struck, "steps": steps, "identical": ends[0] == ends[1]}


def while_saving(kills: int = 30) -> dict:
    """{what is saved: {"struck", "underway", …}}: after so many kills each, the old or the new one was there, whole.

    underway: the kills that found files half exchanged; the others struck between two saves or while one was made.
    Raises RuntimeError, with the words of what went wrong, where it was not.
    """
    with tempfile.TemporaryDirectory() as folder:
        attacks = [f"{what}:moments={kills}" for what in SAVED]
        done = subprocess.run([sys.executable, str(SAVING), folder, *attacks], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"something saved was lost: {done.stderr[-2000:]}")
    return {attack.partition(":")[0]: found for attack, found in json.loads(done.stdout).items()}
