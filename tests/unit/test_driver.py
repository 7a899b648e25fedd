"""The driver: starting, pausing, stopping by hand, errors, jobs; in a thread and in the cell."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gan_edu.core.live.driver import Driver, chosen, pause_all
from gan_edu.core.safety.interrupts import Paused


class Counter:
    """Something to drive: counts steps, remembers who pulled, may fail at a step."""

    def __init__(self, pause=0.0, fails_at=None):
        self.count, self.pause, self.fails_at, self.threads, self.broken = 0, pause, fails_at, set(), 0

    def records(self, steps):
        for _ in range(steps):
            self.threads.add(threading.current_thread().name)
            self.broken += 1  # a step that is broken off leaves this behind
            time.sleep(self.pause)
            if self.count + 1 == self.fails_at:
                raise RuntimeError("the loss is nan")
            self.count += 1
            self.broken -= 1
            yield self.count


@pytest.fixture(params=["thread", "inline"])
def mode(request, monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", request.param)
    return request.param


@pytest.fixture
def threaded(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")


@pytest.fixture
def inline(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")


def made(counter, **options):
    told = []
    driver = Driver(counter.records, lambda: told.append((counter.count, driver.running)), **options)
    return driver, told


def trainers():
    return [thread for thread in threading.enumerate() if thread.name == "gan_edu trainer"]


def gone():
    """No trainer's thread is left; one that has just told its end may take a moment."""
    for thread in trainers():
        thread.join(120)
    return not trainers()


def until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.002)


def test_a_number_of_steps_is_that_number(mode):
    counter = Counter()
    driver, told = made(counter)
    driver.train_for(7)
    assert counter.count == 7 and not driver.running and told[-1] == (7, False)
    driver.train_for(3)
    assert counter.count == 10
    driver.train_for(0)
    assert counter.count == 10 and gone()
    assert counter.threads == {"gan_edu trainer" if mode == "thread" else "MainThread"}


def test_the_word_chooses_the_driver(monkeypatch):
    monkeypatch.delenv("GAN_EDU_DRIVER", raising=False)
    assert chosen() == "thread"
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert chosen() == "inline"
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    assert chosen() == "thread"
    monkeypatch.setenv("GAN_EDU_DRIVER", "threads")
    with pytest.raises(ValueError, match="one of thread, inline, got 'threads'"):
        chosen()


def test_pause_stops_after_the_step(threaded):
    counter = Counter(pause=0.02)
    driver, told = made(counter)
    driver.start()
    until(lambda: counter.count >= 3)
    driver.halt()
    frozen = counter.count
    assert gone() and counter.count == frozen and counter.broken == 0  # nothing is left that could go on
    assert told[-1] == (frozen, False)


def test_a_second_start_changes_nothing(threaded):
    counter = Counter(pause=0.001)
    driver, _ = made(counter)
    for _ in range(20):
        driver.start()
    assert len(trainers()) == 1
    driver.halt()
    assert gone()


def threads_there():
    """Of this process, as its system counts them, or as Python does."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else threading.active_count()


def test_a_hundred_pauses_leave_no_thread(threaded):
    counter = Counter()
    driver, _ = made(counter)
    before = threads_there()
    for _ in range(100):
        driver.start()
        driver.pause()
        driver.start()
        driver.halt()
    assert gone() and counter.broken == 0
    until(lambda: threads_there() <= before + 1)  # the system takes a moment to forget one that has ended


def test_it_is_told_often_but_not_too_often(threaded):
    counter = Counter()
    driver, told = made(counter, rate=20)
    begun = time.monotonic()
    driver.start()
    until(lambda: len(told) >= 10)
    driver.halt()
    assert len(told) <= 20 * (time.monotonic() - begun) + 3 and counter.count > 10 * len(told)


def test_an_error_pauses_and_is_raised_by_wait(mode):
    counter = Counter(fails_at=4)
    driver, told = made(counter)
    with pytest.raises(RuntimeError, match="the loss is nan"):
        driver.train_for(10)
    assert counter.count == 3 and not driver.running and told[-1] == (3, False)
    with pytest.raises(RuntimeError):
        driver.wait()
    counter.fails_at = None
    driver.train_for(2)  # started again it goes on, and the error is forgotten
    assert counter.count == 5 and driver.error is None and gone()


def test_a_view_that_fails_stops_the_run_and_says_so(mode):
    counter = Counter()

    def publish():
        raise OSError("the view broke")

    driver = Driver(counter.records, publish)
    with pytest.raises(OSError, match="the view broke"):
        driver.train_for(10)
    assert counter.broken == 0 and not driver.running and gone()


def test_records_that_end_early_end_the_run(mode):
    driver = Driver(lambda steps: iter([1, 2]), lambda: None)
    driver.train_for(10)
    assert not driver.running


def test_wait_gives_up_after_its_time(threaded):
    counter = Counter(pause=0.01)
    driver, _ = made(counter)
    driver.start()
    with pytest.raises(TimeoutError, match="still training after 0.05 s"):
        driver.wait(0.05)
    assert driver.running
    driver.halt()


# ---------------------------------------------------------------- jobs


def test_jobs_are_done_between_two_steps_where_it_trains(threaded):
    counter, seen = Counter(pause=0.005), []
    driver, _ = made(counter)
    driver.start()
    for _ in range(20):
        driver.ask(lambda: seen.append((counter.broken, threading.current_thread().name)))
    assert driver.call(lambda: "done") == "done"
    driver.halt()
    assert seen == [(0, "gan_edu trainer")] * 20


def test_jobs_are_done_while_it_is_paused(mode):
    driver, _ = made(Counter())
    assert driver.call(lambda: driver.call(lambda: 5)) == 5
    with pytest.raises(KeyError):
        driver.call(lambda: {}["x"])
    assert gone()
    driver.wait(1)  # a job's error is the caller's, not the run's


def test_a_job_may_pause_the_run(threaded):
    counter = Counter(pause=0.001)
    driver, _ = made(counter)
    driver.start()
    driver.call(driver.pause)
    driver.wait(120)
    assert not driver.running and counter.broken == 0


# ---------------------------------------------------------------- stopped by hand


def test_ctrl_c_in_a_step_waits_for_its_end(inline):
    counter = Counter()
    driver, told = made(counter)

    def records(steps):
        for record in counter.records(steps):
            if record == 3:
                signal.raise_signal(signal.SIGINT)  # as if in the middle of step 4: before it is over
            yield record

    driver.records = records
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt, match="nothing is lost"):
        driver.train_for(10)
    assert counter.count == 3 and counter.broken == 0 and told[-1] == (3, False)
    assert signal.getsignal(signal.SIGINT) is before
    driver.records = counter.records
    driver.train_for(7)  # the cell is run again
    assert counter.count == 10
    driver.wait()  # and nobody is told of the old stop


def test_ctrl_c_while_waiting_for_the_thread_pauses(threaded):
    counter = Counter(pause=0.01)
    driver, _ = made(counter)
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(Paused) as caught:
        driver.train_for(3000)  # half a minute, were it not for the signal
    assert caught.value._render_traceback_() == [str(caught.value)]
    assert not driver.running and counter.broken == 0 and counter.count > 3 and gone()
    frozen = counter.count
    driver.train_for(5)
    assert counter.count == frozen + 5


def test_all_runs_of_a_process_can_be_paused(threaded):
    pair = [made(Counter(pause=0.001))[0] for _ in range(2)]
    for driver in pair:
        driver.start()
    pause_all(signal.SIGINT, None)
    for driver in pair:
        driver.wait(120)
    assert gone()


def test_a_process_that_ends_while_it_trains_ends():
    code = """
import time
from gan_edu.core.live import Driver
def records(steps):
    for step in range(steps):
        time.sleep(0.01)
        yield step
Driver(records, lambda: None).start()
driver = Driver(records, lambda: None)
driver.start()
time.sleep(0.1)
print("the end")
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "GAN_EDU_DRIVER": "thread"},
    )
    assert run.stdout == "the end\n" and run.stderr == "" and run.returncode == 0


def test_it_needs_neither_torch_nor_widgets():
    code = (
        "import sys, gan_edu.core.live.driver, gan_edu.core.live.settings, gan_edu.core.recording.frame_schedule\n"
        "assert not {'torch', 'ipywidgets', 'IPython'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
