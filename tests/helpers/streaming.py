"""A process that streams: `streaming.py ENDING` tells the numbers of its two workers, and then ends so."""

import os
import signal
import sys
import time
from multiprocessing import active_children

import torch

from gan_edu.core.data.streamed import Streamed
from gan_edu.core.safety.interrupts import Paused, held


class Slow:
    """Numbers, each of which takes a moment."""

    def __len__(self):
        return 100

    def __getitem__(self, i):
        time.sleep(0.005)
        return torch.tensor([float(i)])


def paused(batches):
    """Ctrl-C, which reaches the workers, too, within a step: the next ones go on with them."""
    before = active_children()
    try:
        with held():
            os.killpg(0, signal.SIGINT)
            time.sleep(0.1)
    except Paused:
        print("Paused,", end=" ")
    for _ in range(9):
        next(batches)
    print("and the workers live" if active_children() == before else "and others work")


def interrupted(batches):
    """Ctrl-C, which reaches the workers, too, while a batch is waited for; what comes then, and what should."""
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(0, signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    taken = 10
    try:
        for _ in batches:
            taken += 1
    except KeyboardInterrupt:
        print("KeyboardInterrupt")
    print(*next(batches).flatten().tolist())
    alone = Streamed(Slow(), 8, workers=0)
    for _ in range(taken):
        next(alone)
    print(*next(alone).flatten().tolist(), flush=True)


def main(ending):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background job is started without
    batches = Streamed(Slow(), 8, workers=2)
    next(batches)
    print(*(worker.pid for worker in active_children()), flush=True)
    if ending == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    paused(batches)
    interrupted(batches)
    raise SystemExit(3)


if __name__ == "__main__":
    main(sys.argv[1])
