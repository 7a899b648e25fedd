"""Runs a tree's setup_venv.py, to be stopped on the way: `killed_setup.py ROOT SIGNAL MOMENT [OPTION ...]`.

It sends itself SIGNAL before the MOMENT-th change that it makes on the disk or process that it starts; 0: never.
It prints how many there were. Without network: GAN_EDU_INDEX is where it looks for PyTorch's CPU builds. GAN_EDU_ROOM
is how many gigabytes it believes that they take.
"""

import atexit
import os
import sys
from pathlib import Path

root, signal, moment = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
sys.path.insert(0, str(root / "tools"))
import setup_venv  # noqa: E402
import venv_packages  # noqa: E402

venv_packages.CPU_INDEX = os.environ.get("GAN_EDU_INDEX", root.as_uri() + "/none")
venv_packages.GIGABYTES = dict.fromkeys(venv_packages.GIGABYTES, float(os.environ.get("GAN_EDU_ROOM", 0)))
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "subprocess.Popen"}
happened = 0


def watch(event, details):
    global happened
    writes = event == "open" and isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR)
    if event in CHANGES or (writes and str(details[0]).startswith(str(root))):
        happened += 1
        if happened == moment:
            os.kill(os.getpid(), signal)


atexit.register(lambda: print(f"{happened} moments"))
sys.addaudithook(watch)
sys.argv[1:] = sys.argv[4:]
sys.exit(setup_venv.main())
