"""What all unit tests share."""

import signal

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
