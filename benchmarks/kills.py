"""100 random SIGKILLs: a run that is killed again and again and resumed, against one that is not. CPU, one thread."""
from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VICTIM = Path(__file__).parent.parent / "tests" / "unit" / "killed_run.py"


def measure(kills: int = 100, steps: int = 2000) -> dict:
    """How many kills struck, and whether the end is the same, bit for bit."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    dice, struck = random.Random(1), 0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(VICTIM), f"{folder}/killed.ckpt", str(steps)]
        for _ in range(kills):
            victim = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
            victim.stdout.readline()                              # it has resumed
            time.sleep(dice.uniform(0, 0.25))
            struck += victim.poll() is None
            victim.send_signal(signal.SIGKILL)
            victim.communicate()
        ends = []
        for path in (command[2], f"{folder}/whole.ckpt"):
            run = subprocess.run([*command[:2], path, str(steps)], env=environment, capture_output=True, check=True)
            ends.append(run.stdout.split()[-1])
    return {"kills": struck, "steps": steps, "identical": ends[0] == ends[1]}
