"""As many threads as help; those that wait sleep soon, unless somebody chose otherwise; said where it came too late."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from gan_edu.core.notebook import environment
from gan_edu.core.training import device, threads, waiting
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.training_loop import GAN

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
    yield
    threads.best.cache_clear()
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
