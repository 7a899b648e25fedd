"""What all unit tests share."""

import signal
import sys
from functools import cache

import pytest
from hypothesis import settings

settings.register_profile("course", deadline=None, derandomize=True)  # the same every time, also on a busy machine
settings.load_profile("course")


@pytest.fixture(autouse=True)
def interruptible():
    """Python's own answer to Ctrl-C: a process that was started in the background is born without one."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True, scope="session")
def unpacked_once():
    """Each shipped file of pictures is unpacked and checked once in a process, not at each of a hundred calls."""
    if not (datasets := sys.modules.get("gan_edu.core.data.datasets")):
        return
    files = sys.modules["gan_edu.core.data.mnist_files"]
    shipped, content, unpacked = files.MNIST_FOLDER, datasets.mnist_bytes, datasets.unpacked
    once, clothes = cache(content), cache(unpacked)
    datasets.mnist_bytes = lambda name: (once if shipped == files.MNIST_FOLDER else content)(name)
    datasets.unpacked = lambda path: (clothes if path.parent == files.FASHION_FOLDER else unpacked)(path)
