"""As many threads as help; those that wait sleep soon, unless somebody chose otherwise; said where it came too late."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from gan_edu.core.data.batches import Batches
from gan_edu.core.notebook import environment
from gan_edu.core.training import device, own_threads, threads, waiting
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.training_loop import GAN, train, train_step

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="GNU's OpenMP is Linux'")


@pytest.fixture
def fresh(monkeypatch):
    """As in a new process on two cores, where nobody has chosen."""
    for name in threads.OWN:
        monkeypatch.delenv(name, raising=False)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    monkeypatch.setattr(threads.os, "sched_getaffinity", lambda process: {0, 1}, raising=False)
    threads.best.cache_clear()
    own_threads.KNOWN.clear()
    yield
    threads.best.cache_clear()
    own_threads.KNOWN.clear()
    torch.set_num_threads(before)


def python(code, **environ):
    """What a new interpreter prints, with nothing chosen but `environ`: (stdout, stderr)."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in (waiting.VARIABLE, waiting.POLICY, *threads.OWN)
    }
    run = subprocess.run(
        [sys.executable, "-c", code], env={**clean, **environ}, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return run.stdout.strip(), run.stderr


# ---------------------------------------------------------------- how many


def test_threads_respect_a_containers_quota(tmp_path, monkeypatch, fresh):
    (tmp_path / "cpu.max").write_text("150000 100000\n")
    assert threads.cpu_quota(tmp_path / "cpu.max") == 1.5
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert threads.cpu_quota(tmp_path / "cpu.max") is None
    assert threads.cpu_quota(tmp_path / "absent") is None
    monkeypatch.setattr(threads, "cpu_quota", lambda: None)
    assert threads.allowed() == 2
    monkeypatch.setattr(threads, "cpu_quota", lambda: 1.5)
    assert threads.allowed() == 1


@pytest.mark.parametrize("ratio, count", [(1.4, 2), (0.6, 1)])
def test_the_faster_count_is_chosen_once(monkeypatch, fresh, capsys, ratio, count):
    monkeypatch.setattr(threads, "cpu_quota", lambda: None)
    monkeypatch.setattr(threads, "speed", lambda few, many: ratio)
    device.setup()
    assert torch.get_num_threads() == count and ("on 2 it would be slower" in capsys.readouterr().out) == (count == 1)
    monkeypatch.setattr(threads, "speed", lambda few, many: 1 / ratio)
    device.setup()
    assert torch.get_num_threads() == count


@pytest.mark.parametrize("name", threads.OWN)
def test_a_users_own_count_wins(monkeypatch, fresh, name):
    monkeypatch.setattr(threads, "cpu_quota", lambda: None)
    monkeypatch.setenv(name, "2")
    monkeypatch.setattr(threads, "speed", lambda few, many: 0.1)
    assert threads.best() == 2


@pytest.mark.parametrize("slow, faster", [(1, True), (2, False)])
def test_speed_compares_the_work_on_both_counts(fresh, slow, faster):
    ratio = threads.speed(1, 2, lambda: time.sleep(0.004 if torch.get_num_threads() == slow else 0.001))
    assert (ratio > 1.5) == faster and (ratio < 0.67) != faster and torch.get_num_threads() == 2


def test_work_that_fails_leaves_the_count_as_it_was(fresh):
    with pytest.raises(ZeroDivisionError):
        threads.speed(1, 2, lambda: 1 / 0)
    assert torch.get_num_threads() == 2


def test_the_comparison_draws_nothing_and_works(fresh):
    before, step = torch.get_rng_state(), threads.small_step()
    step()
    assert torch.equal(torch.get_rng_state(), before)


def test_a_run_goes_on_with_the_count_it_began_with(fresh, monkeypatch):
    """Stored with it, as sums in another order would make other weights; a user's own count wins."""
    gan = GAN(MLPGenerator(2, (4,), (8,)), MLPDiscriminator((4,), (8,)), 2)
    state = gan.state_dict()
    assert state["threads"] == 2
    torch.set_num_threads(1)
    gan.load_state_dict(state)
    assert torch.get_num_threads() == min(2, os.cpu_count())
    torch.set_num_threads(1)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    gan.load_state_dict(state)
    assert torch.get_num_threads() == 1


# ---------------------------------------------------------------- how many, for a run


@pytest.fixture
def idle(monkeypatch, fresh):
    """Two cores on which `setup` has chosen both. Returns what the next run will find faster, and what was timed."""
    monkeypatch.setattr(threads, "cpu_quota", lambda: None)
    monkeypatch.setattr(threads, "speed", lambda few, many, work=None: 1.5)
    device.setup()
    counts, timed = {}, []

    def speed(few, many, work):
        work()
        timed.append(1)
        return 1.5 if counts.get("next", 1) == many else 0.5

    monkeypatch.setattr(threads, "speed", speed)
    return SimpleNamespace(counts=counts, timed=timed)


def small(width=8, seed=0, **pieces):
    torch.manual_seed(seed)
    D = torch.nn.Sequential(torch.nn.Linear(4, width), torch.nn.BatchNorm1d(width), torch.nn.Linear(width, 1))
    gan = GAN(MLPGenerator(2, (4,), (width,)), D, 2, **pieces)
    return gan, Batches(torch.rand(64, 4) * 2 - 1, 8)


def test_a_run_computes_on_the_count_that_suits_its_networks(idle):
    seen = []
    gan, batches = small(after_step=[lambda gan: seen.append(torch.get_num_threads())])
    for _ in train(gan, batches, 2):
        assert torch.get_num_threads() == 2  # outside of its steps
    assert gan.threads == 1 and seen == [1, 1] and gan.state_dict()["threads"] == 1
    gan.generator.register_forward_hook(lambda *given: seen.append(torch.get_num_threads()))
    gan.generate(gan.latents(3))
    assert seen == [1, 1, 1]


def test_runs_side_by_side_keep_their_own(idle):
    seen = {8: [], 16: []}
    runs = []
    for width, count in ((8, 1), (16, 2)):
        idle.counts["next"] = count
        hook = lambda gan, width=width: seen[width].append(torch.get_num_threads())  # noqa: E731
        runs.append(train(*small(width, after_step=[hook]), 3))
    for _ in zip(*runs, strict=True):
        pass
    assert seen == {8: [1, 1, 1], 16: [2, 2, 2]}


def test_runs_of_one_kind_are_timed_once(idle):
    assert [next(train(*small(seed=seed), 1)).step for seed in range(3)] == [1, 1, 1] and len(idle.timed) == 1
    next(train(*small(precision="bfloat16"), 1))
    gan, batches = small()
    batches.batch_size = 16
    next(train(gan, batches, 1))
    assert len(idle.timed) == 3


def test_the_timing_changes_nothing(idle):
    """Weights, statistics, streams and gradients are those of a run that takes its steps without it."""
    idle.counts["next"] = 2
    results = []
    for take in (train, lambda gan, batches, steps: (train_step(gan, batches) for _ in range(steps))):
        gan, batches = small(precision="float32")
        gan.generator.layers.append(torch.nn.Dropout(0.5))
        list(take(gan, batches, 3))
        results.append((gan.threads, gan.state_dict()))
    (chosen, timed), (none, plain) = results
    assert (chosen, none) == (2, None) and len(idle.timed) == 1
    for player in ("generator", "discriminator"):
        assert all(torch.equal(timed[player][name], each) for name, each in plain[player].items())
    assert all(map(torch.equal, timed["network_stream"], plain["network_stream"]))


@pytest.mark.parametrize("reason", ["no setup", "a user's own", "set by hand", "begun"])
def test_what_is_not_for_it_to_choose_stays(idle, monkeypatch, reason):
    gan, batches = small()
    match reason:
        case "no setup":
            threads.best.cache_clear()
        case "a user's own":
            monkeypatch.setenv("OMP_NUM_THREADS", "2")
        case "set by hand":
            torch.set_num_threads(1)
        case "begun":
            train_step(gan, batches)
    next(train(gan, batches, 1))
    assert gan.threads is None and not idle.timed


def test_a_resumed_run_is_not_timed(idle):
    gan, batches = small()
    next(train(gan, batches, 1))
    again, batches = small(seed=1)
    again.load_state_dict(gan.state_dict())
    idle.counts["next"] = 2
    own_threads.KNOWN.clear()
    next(train(again, batches, 1))
    assert again.threads == 1 and len(idle.timed) == 1


def test_networks_that_fail_say_so_in_the_step(idle):
    gan, batches = small()

    def fails(layer, given):
        assert len(given[0]) < 8, "too many"

    gan.discriminator[0].register_forward_pre_hook(fails)
    run = train(gan, batches, 1)
    with pytest.raises(AssertionError, match="too many"):
        next(run)
    assert gan.threads == 2


# ---------------------------------------------------------------- how they wait


@linux
@pytest.mark.parametrize(
    "environ, seen", [({}, waiting.SPINS), ({waiting.VARIABLE: "5"}, "5"), ({waiting.POLICY: "ACTIVE"}, "None")]
)
def test_importing_the_course_settles_it_unless_somebody_chose(environ, seen):
    assert python("import os, gan_edu; print(os.environ.get('GOMP_SPINCOUNT'))", **environ)[0] == seen


@linux
def test_gnus_openmp_has_heard_it():
    _, shown = python("import gan_edu, torch; torch.ones(2)", OMP_DISPLAY_ENV="VERBOSE")
    assert f"GOMP_SPINCOUNT = '{waiting.SPINS}'" in shown or "GOMP_SPINCOUNT" not in shown  # another OpenMP


@linux
def test_too_late_is_said_by_setup_and_check():
    code = (
        "import torch, gan_edu; from gan_edu.core.notebook import environment; "
        "from gan_edu.core.training import device; device.setup(); print(environment.threads())"
    )
    said, _ = python(code, OMP_NUM_THREADS="2")
    assert said.count("torch was loaded before the course") == 2 and said.count("restart the kernel") == 2
    said, _ = python(code.replace("torch, gan_edu", "gan_edu, torch"), OMP_NUM_THREADS="2")
    assert "loaded before" not in said and f"sleep after {waiting.SPINS} spins" in said


def test_elsewhere_nothing_is_set(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delitem(sys.modules, "torch")
    monkeypatch.delenv(waiting.VARIABLE, raising=False)
    monkeypatch.delenv(waiting.POLICY, raising=False)
    waiting.wait_briefly()
    assert waiting.VARIABLE not in os.environ
    monkeypatch.undo()  # the report asks for a torch that is there
    monkeypatch.setattr(environment, "waiting", SimpleNamespace(too_late=lambda: False, VARIABLE="", POLICY=""))
    assert environment.threads().value == "as this system has them"


def test_one_number_in_every_place():
    for place in ("Makefile", "binder/start"):
        assert f"GOMP_SPINCOUNT{' := ' if place == 'Makefile' else '='}{waiting.SPINS}\n" in (ROOT / place).read_text()


@linux
@pytest.mark.parametrize(
    "environ, seen", [({}, waiting.SPINS), ({waiting.VARIABLE: "5"}, "5"), ({waiting.POLICY: "PASSIVE"}, "")]
)
def test_make_hands_it_to_what_it_starts(tmp_path, environ, seen):
    more = '\nshown:\n\t@printf "%s" "$$GOMP_SPINCOUNT"\n'
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text() + more)
    clean = {name: value for name, value in os.environ.items() if name not in (waiting.VARIABLE, waiting.POLICY)}
    run = subprocess.run(
        ["make", "-s", "shown"], cwd=tmp_path, env={**clean, **environ}, capture_output=True, text=True, check=True
    )
    assert run.stdout == seen
