"""Ctrl-C and the stop button at any moment: what was interrupted goes on to the end it would have had, bit for bit."""

import copy
import os
import random
import signal
import threading
import time
import traceback
from functools import partial

import pytest
import torch
from helpers import interrupted_run
from helpers.fresh import begun
from torch import nn

from gan_edu.core.data.batches import Batches
from gan_edu.core.live.driver import Driver
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.safety.interrupts import Paused, alone, asked_by, heard, held
from gan_edu.core.training import checkpoint
from gan_edu.core.training.networks import MLPGenerator
from gan_edu.training_loop import GAN, substeps, train
from gan_edu.tricks import EMA
from gan_edu.widgets import Live

STEPS, MOMENTS = 300, 50  # of a run; interrupts a kind of cell, four kinds
ALARM = getattr(signal, "SIGALRM", None)
timers = pytest.mark.skipif(ALARM is None, reason="no timer signals on Windows")


class Scorer:
    """Takes long, with places to leave it."""

    samples, reference, floor = 64, "none", 0.0

    def score(self, gan):
        total = 0.0
        for _ in range(5):
            heard()
            total += gan.generate(gan.latents(8, torch.Generator().manual_seed(1))).double().mean().item()
        return {"fid": total}


def parts(steps=STEPS):
    """(gan, batches, recorder): every piece that keeps a state."""
    torch.manual_seed(0)
    D = nn.Sequential(nn.Flatten(), nn.Linear(16, 16), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(16, 1))
    gan = GAN(MLPGenerator(3, (1, 4, 4), (16,)), D, 3, d_steps=3, after_step=[EMA(0.9)])
    batches = Batches(torch.rand(64, 1, 4, 4, generator=torch.Generator().manual_seed(2)) * 2 - 1, 8)
    return gan, batches, Recorder(gan, range(0, steps + 1, 7), "test", GridLook(2, 2, scorer=Scorer()))


def state(gan, batches, recorder):
    """All that a run is made of, without its clock; batches already drawn and steps half done would show in it."""
    found = {
        name: part.state_dict()
        for name, part in {"gan": gan, "batches": batches, "recorder": recorder}.items()
        if part is not None
    }
    found.get("recorder", {}).pop("seconds", None)
    return found | {"modes": [layer.training for layer in [*gan.generator.modules(), *gan.discriminator.modules()]]}


def same(a, b):
    """Equal bit for bit, through dicts, lists and tensors."""
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


@pytest.fixture
def alarm():
    """Interrupts this process as Ctrl-C does, after so many seconds."""
    before = signal.signal(ALARM, lambda *_: signal.raise_signal(signal.SIGINT))
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(ALARM, before)


def rerun(cell, done, alarm, moments=MOMENTS, seed=0):
    """Run a cell again and again until it is done; it is interrupted at random moments. Returns what was raised."""
    dice, raised, global_stream = random.Random(seed), [], torch.get_rng_state()
    while not done():
        try:
            alarm(dice.uniform(1e-4, 6e-3) if len(raised) < moments else 0)
            cell()
        except KeyboardInterrupt as error:
            raised.append(error)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert torch.equal(torch.get_rng_state(), global_stream)  # a stream that was lent is given back
    alarm(0)
    return raised


def interrupted(cell, done, alarm, steps=STEPS, least=MOMENTS // 2):
    """Runs that end as an undisturbed one does, until `least` interrupts came: (the last run, what was raised).

    A busy machine sleeps through many an interrupt of one run.
    """
    twin, raised = parts(steps), []
    cell(*twin)
    while len(raised) < least:
        mine = parts(steps)
        raised += rerun(partial(cell, *mine), partial(done, *mine), alarm, seed=len(raised))
        assert same(state(*mine), state(*twin))
    return mine, raised


@timers
def test_a_plain_loop_over_train(alarm):
    def cell(gan, batches, recorder):
        for _ in train(gan, batches, STEPS - gan.step):
            pass

    _, raised = interrupted(cell, lambda gan, *others: gan.step == STEPS, alarm)
    outside = [error for error in raised if not isinstance(error, Paused)]  # at the door, where train looks at pieces
    within = [frame.name for error in outside for frame in traceback.extract_tb(error.__traceback__)]
    assert not {"train_step", "whole"} & set(within) and len(outside) < len(raised) / 2


@timers
def test_a_run_that_is_recorded_and_scored(alarm):
    def cell(gan, batches, recorder):
        recorder.record(train(gan, batches, STEPS - gan.step))

    def done(gan, batches, recorder):
        return gan.step == STEPS and None not in recorder.frames["scores"]

    (*_, recorder), _ = interrupted(cell, done, alarm)
    assert [len(kept) for kept in recorder.frames.values()] == [STEPS // 7 + 1] * 4


@timers
def test_a_run_that_is_saved_after_every_step(alarm, tmp_path):
    path = tmp_path / "run.ckpt"
    names = ("gan", "batches", "recorder")

    def cell(gan, batches, recorder):
        for _ in recorder.watch(train(gan, batches, 60 - gan.step)):
            checkpoint.save(path, **dict(zip(names, (gan, batches, recorder), strict=True)))

    mine, _ = interrupted(cell, lambda gan, *others: gan.step == 60, alarm, steps=60)
    read = parts(60)
    checkpoint.load(path, **dict(zip(names, read, strict=True)))  # the last one that was whole
    assert read[0].step in (59, 60) and [each.name for each in tmp_path.iterdir()] == [path.name]
    cell(*read)
    assert same(state(*read), state(*mine))


@timers
@pytest.mark.parametrize("driver", ["thread", "inline"])
def test_a_live_run(alarm, monkeypatch, driver):
    monkeypatch.setenv("GAN_EDU_DRIVER", driver)
    twin = parts()[:2]
    twin[0].latents(4)  # as the view does
    for _ in train(*twin, STEPS):
        pass
    raised = []
    while len(raised) < MOMENTS // 4:
        live = Live(lambda: parts()[:2], train, f"interrupted, {driver}", rows=2, columns=2, every=7)
        run = partial(live.train_to, STEPS)
        raised += rerun(run, lambda gan=live.gan: gan.step == STEPS, alarm, MOMENTS // 2, len(raised))
        live.wait(120)
        assert same(state(live.gan, live.batches, None), state(*twin, None))
        assert len({len(kept) for kept in live.recorder.frames.values()}) == 1 and live.driver.error is None
        live.close()


@pytest.mark.parametrize("driver", ["thread", "inline"])
def test_an_interrupt_before_the_first_step_is_heard(monkeypatch, driver):
    monkeypatch.setenv("GAN_EDU_DRIVER", driver)
    live = Live(lambda: parts()[:2], train, "early", rows=2, columns=2)
    begin, live.start = live.start, lambda steps: (signal.raise_signal(signal.SIGINT), begin(steps))
    with pytest.raises(Paused):
        live.train_to(5)
    assert live.gan.step == 0
    live.start = begin
    live.train_to(5)
    assert live.gan.step == 5
    live.close()


def test_a_start_that_was_stopped_with_nobody_waiting_is_no_reason_to_stop_the_next_run(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")
    gan, batches, _ = parts()
    gan.after_step = [*gan.after_step, lambda gan: gan.step == 3 and signal.raise_signal(signal.SIGINT)]
    live = Live(lambda: (gan, batches), train, "started", rows=2, columns=2)
    live.start(10)
    assert live.gan.step == 3
    live.train_to(6)
    assert live.gan.step == 6
    live.close()


def test_a_process_of_its_own():
    dice = random.Random(0)

    def ran(pauses):
        run, hears = begun(interrupted_run.run, 300, pauses)
        lines = []
        for _ in range(pauses):
            lines.append(hears.recv())
            time.sleep(dice.uniform(0, 0.03))  # anywhere in the run
            os.kill(run.pid, signal.SIGINT)
            lines.append(hears.recv())
        lines += [hears.recv(), hears.recv()]
        run.join()
        return lines

    whole, broken = ran(0), ran(3)
    assert [line.split()[0] for line in broken[:-1]] == ["from", "paused"] * 3 + ["from"] and broken[-1] == whole[-1]


# ---------------------------------------------------------------- holding, in itself


def test_an_interrupt_waits_for_the_end_of_the_outermost_hold():
    done = []
    with pytest.raises(Paused, match="Run the cell again") as caught, held():
        with held():
            signal.raise_signal(signal.SIGINT)
            done.append("inner")
        done.append("outer")
    assert done == ["inner", "outer"] and caught.value._render_traceback_() == [str(caught.value)]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_ones_own_is_told_at_the_end():
    told = []
    before = signal.signal(signal.SIGINT, lambda *what: told.append(what[0]))
    try:
        with held():
            signal.raise_signal(signal.SIGINT)
            assert not told
        assert told == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)


def test_long_work_may_be_left_where_it_says_so():
    with pytest.raises(Paused), held():
        heard()
        signal.raise_signal(signal.SIGINT)
        heard()
        pytest.fail("it was not heard")
    heard()  # and is forgotten then
    with asked_by(lambda: True), pytest.raises(Paused):
        heard()


def test_an_error_inside_is_not_hidden_by_an_interrupt():
    with pytest.raises(ZeroDivisionError), held():
        signal.raise_signal(signal.SIGINT)
        1 / 0  # noqa: B018
    with held():
        pass


def test_other_threads_hold_nothing():
    seen = []
    with held():
        ours = signal.getsignal(signal.SIGINT)
        thread = threading.Thread(
            target=lambda: [seen.append(signal.getsignal(signal.SIGINT)) for _ in [1] if held().__enter__() is None]
        )
        thread.start()
        thread.join()
    assert seen == [ours]


# ---------------------------------------------------------------- nothing waits for itself


@pytest.fixture(params=["thread", "inline"])
def driver(request, monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", request.param)
    return request.param


def live_with(hook):
    """A Live whose GAN calls hook(live) after its 5th step, from within the step."""
    here = []

    def after(gan):
        if gan.step == 5:
            hook(here[0])

    def build():
        gan, batches, _ = parts()
        gan.after_step = [*gan.after_step, after]
        return gan, batches

    here.append(Live(build, train, "from within", rows=2, columns=2))
    return here[0]


def finish(live, steps=10):
    """live.train_to in a thread of its own, so that a deadlock fails the test in place of hanging it."""
    errors = []

    def work():
        try:
            live.train_to(steps)
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(120)
    assert not thread.is_alive(), "it waits for itself"
    return errors


def test_a_hook_may_pause(driver):
    live = live_with(lambda live: live.pause())
    assert finish(live) == [] and live.gan.step == 5
    assert finish(live) == [] and live.gan.step == 10


def test_a_hook_may_ask_for_more(driver):
    live = live_with(lambda live: live.train_to(12))
    assert finish(live, 8) == [] and live.gan.step == 12


def test_a_hook_may_wait(driver):
    assert finish(live_with(lambda live: live.wait())) == []


def test_a_hook_may_change_a_setting(driver):
    live = live_with(lambda live: live.set(d_lr=0.5))
    assert finish(live) == [] and live.live_settings.values()["d_lr"] == 0.5 and live.recorder.log[0]["step"] == 5


def test_what_a_hook_sets_wrongly_stops_the_run(driver):
    live = live_with(lambda live: live.set(d_lr=-1))
    assert "from 0 to 1" in str(finish(live)[0]) and live.gan.step == 5


def test_a_hook_may_save_and_what_it_saves_is_whole(driver, tmp_path):
    live = live_with(lambda live: live.save(tmp_path / "run"))
    assert finish(live) == []
    found = Live(lambda: parts()[:2], train, "again", rows=2, columns=2)
    live.gan.after_step = live.gan.after_step[:1]
    assert checkpoint.read(tmp_path / "run" / "run.ckpt")["gan"]["step"] == 5
    found.close()


def test_a_hook_may_ask_for_the_film(driver):
    films = []
    assert finish(live_with(lambda live: films.append(live.recording()))) == [] and len(films[0]) >= 2


def test_a_hook_may_reset(driver):
    live = live_with(lambda live: live.reset())
    assert finish(live) == [] and live.gan.step == 0


def test_a_hook_may_pause_another_run(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    other = Live(lambda: parts()[:2], train, "the other", rows=2, columns=2)
    other.start()
    live = live_with(lambda live: other.pause())
    assert finish(live) == [] and live.gan.step == 10
    other.wait(120)
    assert not other.driver.running
    live = live_with(lambda live: other.recording())
    assert "within a step of another run" in str(finish(live)[0])
    other.close()


def test_pause_is_heard_between_steps_of_d(driver):
    """A step of a hundred million steps of D can be left, and goes on where it was."""
    gan, batches, _ = parts()
    gan.d_steps, seen = 10**8, []
    gan.d_penalties = [lambda D, real, fake: seen.append(1) or real.sum() * 0]
    live = Live(lambda: (gan, batches), train, "endless", rows=2, columns=2)
    if driver == "inline":
        gan.d_penalties = [lambda D, real, fake: (seen.append(1), len(seen) == 50 and live.pause()) and real.sum() * 0]
    live.start()
    while len(seen) < 50:
        time.sleep(0.001)
    live.pause()
    assert gan.step == 0 and 0 < gan.d_steps_done <= len(seen) and live.driver.error is None
    gan.d_steps = gan.d_steps_done + 1  # the step may be ended with one step of D more
    live.train_to(1)
    assert (gan.step, gan.d_steps_done) == (1, 0)
    live.close()


def test_a_step_that_was_left_is_the_step_it_would_have_been():
    mine, twin = parts(), parts()
    for each in (mine, twin):
        each[0].d_steps = 40
    done = []
    while mine[0].step == 0:  # heard after 16 steps of D and after 32
        try:
            with asked_by(lambda: True):
                next(train(*mine[:2], 1))
        except Paused:
            done.append(mine[0].d_steps_done)
    assert done == [16, 32] and mine[0].d_steps_done == 0
    next(train(*twin[:2], 1))
    assert same(state(*mine[:2], None), state(*twin[:2], None))


def left_at_16(d_steps=40):
    """A run that was paused after 16 steps of D."""
    mine = parts()
    mine[0].d_steps = d_steps
    with asked_by(lambda: True), pytest.raises(Paused):
        next(train(*mine[:2], 1))
    return mine


def test_a_step_that_was_left_is_saved_with_fewer_steps_of_d_too(tmp_path):
    gan, batches, recorder = left_at_16()
    gan.d_steps = 3
    checkpoint.save(tmp_path / "run.ckpt", gan=gan, batches=batches)
    again, fresh, _ = parts()
    checkpoint.load(tmp_path / "run.ckpt", gan=again, batches=fresh)
    assert again.d_steps_done == 16
    next(train(again, fresh, 1))
    assert (again.step, again.d_steps_done) == (1, 0)


def test_slow_motion_ends_a_step_that_was_left():
    mine, twin = left_at_16(), parts()
    twin[0].d_steps = 40
    lines = [line for line, _ in substeps(*mine[:2])]
    next(train(*twin[:2], 1))
    assert lines.count(4) == 24 and same(state(*mine[:2], None), state(*twin[:2], None))


def test_a_step_of_a_few_steps_of_d_is_never_left():
    """So that a setting counts from the next step on, and the plane's code is the run's."""
    gan, batches, _ = parts()
    gan.d_steps = 16
    with asked_by(lambda: True):
        next(train(gan, batches, 1))
    assert (gan.step, gan.d_steps_done) == (1, 0)


def test_who_insists_is_let_out():
    with pytest.raises(KeyboardInterrupt) as caught, held():
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)
        pytest.fail("the third was not heard")
    assert not isinstance(caught.value, Paused)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_who_insists_is_let_out_of_a_step_in_the_cell_too(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")

    def records(_):
        with alone():  # a step without end
            for _ in range(3):
                signal.raise_signal(signal.SIGINT)
            pytest.fail("the third was not heard")
        yield

    with pytest.raises(KeyboardInterrupt) as caught:
        Driver(records, lambda: None).train_for(1)
    assert not isinstance(caught.value, Paused)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_waiting_for_another_threads_step_may_be_left():
    inside, leave = threading.Event(), threading.Event()

    def work():
        with alone():
            inside.set()
            leave.wait(120)

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait(120)
    timer = threading.Timer(0.1, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(Paused), alone():
        pytest.fail("another thread is in its step")
    leave.set()
    thread.join()
    with alone():  # nothing stayed locked
        pass


def test_a_thread_that_cannot_be_started_leaves_nobody_waiting(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    live = Live(lambda: parts()[:2], train, "no thread", rows=2, columns=2)

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="start new thread"):
            live.train_to(3)
    live.train_to(3)
    assert live.gan.step == 3
    live.close()


def test_an_old_live_stays_until_its_successor_stands():
    live = Live(lambda: parts()[:2], train, "twice", rows=2, columns=2)
    with pytest.raises(TypeError, match="build"):
        Live(lambda: None, train, "twice", rows=2, columns=2)
    assert live.comm is not None
    new = Live(lambda: parts()[:2], train, "twice", rows=2, columns=2)
    assert live.comm is None and new.comm is not None
    new.close()


def test_thinning_keeps_the_lists_of_frames_equal():
    gan, batches, _ = parts()
    recorder = Recorder(gan, OpenEnded(1, most=20), "thin", GridLook(2, 2))
    recorder.record(train(gan, batches, 100))
    assert len({len(kept) for kept in recorder.frames.values()}) == 1

    def broken(samples, condition):
        raise RuntimeError("no answer")

    gan.judge = broken
    before = copy.deepcopy(recorder.frames)
    gan.step += 1
    with pytest.raises(RuntimeError, match="no answer"):
        recorder.keep()
    assert same(recorder.frames, before)


def test_a_look_is_alone():
    order = []
    with alone():
        thread = threading.Thread(target=lambda: [order.append("other") for _ in [1] if alone().__enter__() is None])
        thread.start()
        thread.join(0.05)
        order.append("mine")
    assert order[0] == "mine"
