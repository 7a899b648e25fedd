"""The driver: it pulls the steps of a training run, in a thread of its own or in the cell that asks for them.

Training is an iterator, so to pause is to stop pulling. A view's buttons only set flags and queue jobs; steps, looking
and every change of a setting happen in one place, between two steps. A thread is there only while there is work.
Where no callback runs beside a cell (Colab, a notebook without a browser), GAN_EDU_DRIVER=inline trains in the cell:
Ctrl-C or the stop button is held back to the end of the step, and running the cell again goes on from there.
Whoever asks from within a step, from a hook, say, is not made to wait for that very step: it is done right after it.
"""

from __future__ import annotations

import atexit
import math
import os
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from gan_edu.core.safety.checked import function, integer, real
from gan_edu.core.safety.interrupts import Paused, asked_by, held, within

DRIVERS, NAME = ("thread", "inline"), "gan_edu trainer"
ENDLESS, STARTING = 10**12, 0  # steps; a number that no thread has
ALL: weakref.WeakSet[Driver] = weakref.WeakSet()
T = TypeVar("T")


def chosen() -> str:
    """thread or inline: what GAN_EDU_DRIVER says, else inline on Colab. Raises ValueError for another word."""
    name = os.environ.get("GAN_EDU_DRIVER") or ("inline" if "google.colab" in sys.modules else "thread")
    if name not in DRIVERS:
        raise ValueError(f"GAN_EDU_DRIVER must be one of {', '.join(DRIVERS)}, got {name!r}")
    return name


class Driver:
    """Starts, pauses and ends a run that anything may watch.

    records(steps): a new iterator that goes on where training stands. on_progress(): called at most `rate` times a
    second while it runs, and once when it has stopped. Both are called between two steps, by whoever trains.
    """

    def __init__(self, records: Callable[[int], Iterator], on_progress: Callable[[], None], rate: float = 10):
        self.inline = chosen() == "inline"
        self.error: BaseException | None = None
        self.records, self._on_progress = function("records", records), function("on_progress", on_progress)
        self.interval, self._told = 1 / real("rate", rate, above=0), -math.inf
        self._lock, self._go, self.idle = threading.Lock(), threading.Event(), threading.Event()
        self._jobs: deque[tuple[Callable[[], object], Future]] = deque()
        self._left, self._stopped_by_hand, self._replaced = 0, False, False
        self._worker: int | None = None  # the thread that trains
        self._listening = False  # whether a cell waits for it, and hears Ctrl-C
        self._between = False  # steps: whether a job may be done at once
        self.idle.set()
        ALL.add(self)

    @property
    def running(self) -> bool:
        """Whether it trains, with nobody asking it to pause."""
        return self._go.is_set()

    def start(self, steps: int | None = None) -> None:
        """Go on, for `steps` steps or without end. Does nothing where it runs already. Inline: returns when done."""
        steps = None if steps is None else integer("steps", steps)
        with self._lock:
            if self._go.is_set() and self._worker is not None or steps == 0:
                return
            if self._stopped_by_hand and self._listening:  # before it had begun
                return
            under_way = self._worker == threading.get_ident() and not self._between  # a step that is not told yet
            self._left, self.error, self._stopped_by_hand = (steps or ENDLESS) + under_way, None, False
            self._go.set()
        self._wake()

    def pause(self) -> None:
        """Ask it to stop after the step it is in. Returns at once; `wait` waits for the end of that step."""
        self._go.clear()

    def anew(self) -> None:
        """For a job: what is trained was replaced by another, and training goes on with that."""
        self._replaced = True
        self._go.set()

    def hasten(self) -> None:
        """Tell of the step it is in, however short ago it did."""
        self._told = -math.inf

    def halt(self) -> None:
        """Pause, and return when it has stopped, whatever it stopped for; within a step, return at once."""
        self.pause()
        while not self._waits_for_itself() and not self.idle.wait(0.2):  # with a limit, as Windows holds Ctrl-C back
            pass

    def rest(self, seconds: float) -> None:
        """Between two steps: wait so long, or until it is asked to pause or to do something else."""
        end = time.monotonic() + real("seconds", seconds, 0)
        while self._go.is_set() and not self._jobs and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.02))

    def ask(self, job: Callable[[], T]) -> Future[T]:
        """Call job() between two steps; returns at once what will hold its result."""
        future: Future[T] = Future()
        self._jobs.append((job, future))
        self._wake()
        return future

    def call(self, job: Callable[[], T]) -> T | None:
        """Call job() between two steps and return its result, or raise what it raised.

        From within a step it is done after it, and what it raises stops the run; then None is returned.
        """
        if self._worker == threading.get_ident() and self._between:
            return job()
        if self._waits_for_itself():
            self.ask(lambda: self._stopping(job))
            return None
        return self._answer(job)

    def look(self, job: Callable[[], T]) -> T:
        """As `call`, for what changes nothing: from within a step of this run it is done at once.

        Raises RuntimeError within a step of another run, for which this one may be waiting.
        """
        if self._worker == threading.get_ident():
            return job()
        if within():
            raise RuntimeError("this cannot be answered from within a step of another run: ask between two steps")
        return self._answer(job)

    def _answer(self, job: Callable[[], T]) -> T:
        future = self.ask(job)
        while not futures.wait([future], 0.2).done:
            pass
        return future.result()

    def _stopping(self, job: Callable[[], object]) -> None:
        try:
            job()
        except Exception as error:  # nobody waits for it who could be told
            self.error = error
            self._go.clear()

    def _waits_for_itself(self) -> bool:
        """Whether this thread trains, or holds up whoever does: to wait here would be to wait for ever."""
        return self._worker == threading.get_ident() or within()

    def train_for(self, steps: int) -> None:
        """Train for `steps` steps and return. Raises as `wait` does."""
        steps = integer("steps", steps)
        with self.stopped_by_hand(anew=True):
            self.start(steps)
            self.wait()

    @contextmanager
    def stopped_by_hand(self, anew: bool = False) -> Iterator[None]:
        """Inside, Ctrl-C or the stop button asks for a pause. A second one breaks off the waiting for a thread; where
        the cell itself trains, a third breaks off the step.

        anew: what was stopped by hand before, with nobody waiting, is forgotten.
        """
        if anew:
            self._stopped_by_hand = False
        outer, self._listening = self._listening, True
        try:
            with held(self._by_hand):
                yield
        finally:
            self._listening = outer

    def wait(self, timeout: float | None = None) -> None:
        """Return when it has stopped. Raises what training raised, TimeoutError, or Paused for Ctrl-C.

        Within a step it returns at once.
        """
        if self._waits_for_itself():
            return
        end = time.monotonic() + (math.inf if timeout is None else real("timeout", timeout, 0))
        with self.stopped_by_hand():
            while not self.idle.wait(min(0.2, max(0.0, end - time.monotonic()))):
                if time.monotonic() > end:
                    raise TimeoutError(f"still training after {timeout:g} s; pause() stops it")
        by_hand, self._stopped_by_hand = self._stopped_by_hand, False
        if self.error is not None:
            raise self.error
        if by_hand:
            raise Paused("Paused at the end of a step, nothing is lost. Run the cell again to go on.")

    # ------------------------------------------------------------ in the trainer's thread

    def _wake(self) -> None:
        with self.stopped_by_hand() if self.inline else held():
            with self._lock:
                if self._worker is not None:  # who works already will find it
                    return
                self._worker = STARTING
                self.idle.clear()
            try:
                (self._work if self.inline else threading.Thread(target=self._work, name=NAME, daemon=True).start)()
            except BaseException:  # no thread could be started, or a view broke off
                self._go.clear()
                self._worker = None
                self.idle.set()
                raise

    def _by_hand(self) -> None:
        if self._stopped_by_hand and not self.inline:
            raise KeyboardInterrupt
        self._stopped_by_hand = True
        self.pause()

    def _work(self) -> None:
        self._worker, self._between = threading.get_ident(), True
        while True:
            self._do_jobs()
            if self._go.is_set():
                self._train()
            self._tell()
            with self._lock:
                if not self._jobs and not self._go.is_set():
                    self._worker = None
                    self.idle.set()
                    return

    def _train(self) -> None:
        self._replaced = False
        try:
            for _ in self._steps():
                self._do_jobs()  # one of them may replace what is trained, and pauses it then
                if self._replaced or not self._another():
                    return  # paused: a new start may have come already, so nothing is cleared
                if time.monotonic() - self._told >= self.interval:
                    self._tell()
        except Paused:  # heard within a long step
            return
        except BaseException as error:  # of any kind: it is raised again by wait()
            self.error = error
        self._go.clear()

    def _steps(self) -> Iterator:
        """The records of the run; who asks for more from within a step gets them, too."""
        made = asked = 0
        while made == asked and self._left > 0:
            made, asked, records = 0, self._left, self.records(self._left)
            while (record := self._next(records)) is not None:
                made += 1
                yield record

    def _next(self, records: Iterator) -> object:
        self._between = False
        try:
            with asked_by(lambda: not self._go.is_set()):
                return next(records, None)
        finally:
            self._between = True

    def _another(self) -> bool:
        with self._lock:
            self._left -= 1
            if self._left <= 0:
                self._go.clear()
            return self._go.is_set()

    def _do_jobs(self) -> None:
        while self._jobs:
            job, future = self._jobs.popleft()
            try:
                future.set_result(job())
            except BaseException as error:
                future.set_exception(error)

    def _tell(self) -> None:
        try:
            self._on_progress()
        except Exception as error:  # a view that fails stops the run
            self.error = self.error or error
            self._go.clear()
        self._told = time.monotonic()


def pause_all(*_: object) -> None:
    """Pause every run of this process; may serve as a signal's handler."""
    for driver in list(ALL):
        driver.pause()


@atexit.register
def _end() -> None:
    pause_all()
    for driver in list(ALL):
        driver.idle.wait(5)
