"""What all unit tests share."""
import signal

import pytest


@pytest.fixture(autouse=True)
def interruptible():
    """Python's own answer to Ctrl-C: a process that was started in the background is born without one."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
