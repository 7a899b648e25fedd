"""Processes to be killed, each a copy of a server's that has taken torch in: that takes longer than many a test."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["gan_edu.training_loop", "gan_edu.core.data.datasets"])


def begun(function: Callable, *arguments: object) -> tuple[ForkServerProcess, Connection]:
    """A process that does function(*arguments, tells), and where one hears what it tells."""
    hears, tells = FRESH.Pipe(duplex=False)
    process = FRESH.Process(target=function, args=(*arguments, tells), daemon=True)
    process.start()
    tells.close()
    return process, hears
