"""Ctrl-C and a notebook's stop button, heard where nothing is half done.

Python raises KeyboardInterrupt between any two bytecodes: an optimiser may have moved and its step not be counted. A
step, a look and a file that is written are *held*: an interrupt waits for their end and then becomes `Paused`, which a
notebook shows as one line. What takes long says in between where it may be left: `heard`.
Interrupts reach the main thread alone. A thread that trains is asked to pause by its driver, and hears that there too.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

HERE = threading.local()  # of each thread: `held`; `asked`, whether it was asked to stop; `alone`, how many times
INSISTS = 3  # interrupts of one hold
LENT = threading.RLock()  # taken while a step or a look has changed streams or modes that others see


class Paused(KeyboardInterrupt):
    """Ctrl-C or the stop button paused a run. Nothing is lost; a notebook shows one line in place of a traceback."""

    def __init__(self, text: str = "Paused between two steps, nothing is lost. Run the cell again to go on."):
        super().__init__(text)

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@contextmanager
def held(on_interrupt: Callable | None = None) -> Iterator[None]:
    """Inside, an interrupt waits for the end of the block, or for `heard`; a hold within a hold is part of it.

    At the end whoever listened before is told: a handler of somebody's own, or Python's, in whose place Paused is
    raised. on_interrupt: called in their stead, and as soon as the interrupt comes. Who interrupts a third time, as
    where a step never ends, is let out at once, whatever is half done.
    """
    if getattr(HERE, "held", False) or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    if not callable(before):
        yield
        return
    pending: list[tuple[int, FrameType | None]] = []
    came: list[int] = []

    def keep(number: int, frame: FrameType | None) -> None:
        came.append(number)
        on_interrupt() if on_interrupt else pending.append((number, frame))
        if len(came) == INSISTS:
            raise KeyboardInterrupt

    try:
        signal.signal(signal.SIGINT, keep)
        HERE.held = True
        with asked_by(lambda: bool(pending)):
            yield
    finally:
        HERE.held = False
        signal.signal(signal.SIGINT, before)
    if pending:
        if before is signal.default_int_handler:
            raise Paused
        before(*pending[-1])


@contextmanager
def asked_by(should_pause: Callable[[], bool]) -> Iterator[None]:
    """Inside, `heard` listens to should_pause(), too: how a driver tells the thread that trains for it to pause."""
    outer = getattr(HERE, "asked", None)
    HERE.asked = lambda: should_pause() or bool(outer and outer())
    try:
        yield
    finally:
        HERE.asked = outer


@contextmanager
def deaf() -> Iterator[None]:
    """Inside, `heard` hears nothing: for short work that cannot be left and gone on with."""
    outer = getattr(HERE, "asked", None)
    HERE.asked = None
    try:
        yield
    finally:
        HERE.asked = outer


def heard() -> None:
    """A place where long work may be left, all in order: raises Paused where this thread was asked to stop."""
    asked = getattr(HERE, "asked", None)
    if asked is not None and asked():
        raise Paused


@contextmanager
def alone() -> Iterator[None]:
    """A step or a look: no other thread's begins meanwhile, and no interrupt breaks it off."""
    with held():
        while not LENT.acquire(timeout=0.2):
            heard()  # nothing is begun yet
        try:
            HERE.alone = getattr(HERE, "alone", 0) + 1
            yield
        finally:
            HERE.alone -= 1
            LENT.release()


def within() -> bool:
    """Whether this thread is in a step or a look: to wait for another thread here may be to wait for oneself."""
    return getattr(HERE, "alone", 0) > 0
