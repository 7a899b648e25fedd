"""A busy program beside ours: one loop that holds a core, at the usual priority and on no core in particular.

Measurements "beside a neighbour" start and end it: `with neighbour(): …`. By hand: `python tools/neighbour.py 60`.
"""

import contextlib
import subprocess
import sys
import time

LOOP = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    for _ in range(1_000_000): pass"
SHARE = 0.9  # of a core that it must hold


@contextlib.contextmanager
def neighbour():
    """Runs inside the block. Raises RuntimeError where it gets less than SHARE of a core while nothing of ours runs."""
    loop = subprocess.Popen([sys.executable, "-c", LOOP])
    try:
        time.sleep(0.3)  # it has started
        start, had = time.perf_counter(), cpu_seconds(loop.pid)
        time.sleep(0.7)
        held = (cpu_seconds(loop.pid) - had) / (time.perf_counter() - start)
        if held < SHARE:
            raise RuntimeError(f"the neighbour holds {held:.0%} of a core, not {SHARE:.0%}: others are busy, too")
        yield
    finally:
        loop.kill()
        loop.wait()


def cpu_seconds(process):
    """Seconds of a core that a process has had."""
    import psutil

    times = psutil.Process(process).cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    with neighbour():
        time.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
