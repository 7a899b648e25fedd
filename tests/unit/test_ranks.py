"""Many processes follow one: two of them over gloo, held against one process with the whole batch.

What they do is in helpers/ranks_run.py. A program takes seconds to load, so all but those of torchrun are copies of one
that has, and a pair of processes does many cases.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import geometric_mean

import pytest
import torch
from helpers import ranks_run
from helpers.small_gan import points, small
from torch import nn
from torch.nn import functional as F

from gan_edu import __main__, losses
from gan_edu.core.training import checkpoint, launched, threads
from gan_edu.core.training.captured import captured
from gan_edu.core.training.drawn_rows import DrawnRows
from gan_edu.core.training.ranks import Ranks, equal_parts, joined
from gan_edu.core.training.shared_step import is_a_mean, shared
from gan_edu.training_loop import train, train_step
from gan_edu.tricks import smooth

pytest.importorskip("accelerate")
REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / "tests" / "helpers" / "ranks_run.py"
TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2")
EXACT, WITHIN = 1e-10, 30  # of weights in float64 after 100 steps; seconds until the others have ended
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")]),
    "OMP_NUM_THREADS": "1",
    "GAN_EDU_DEVICE": "cpu",
}


class Copy:
    """A pair of processes at work, as a subprocess.Popen is one, started by a copy of a program that was loaded."""

    def __init__(self, loaded, heard, arguments):
        os.mkfifo(heard)
        self.loaded = loaded
        loaded.stdin.write(json.dumps([str(heard), *map(str, arguments)]) + "\n")
        loaded.stdin.flush()
        self.pid, self.stdout, self.returncode = int(loaded.stdout.readline()), heard.open(), None

    def communicate(self, timeout):
        late = threading.Timer(timeout, os.kill, (self.pid, signal.SIGKILL))
        late.start()
        with self.stdout:
            said = self.stdout.read()
        self.returncode = int(self.loaded.stdout.readline())
        late.cancel()
        return said, None

    def terminate(self):
        os.kill(self.pid, signal.SIGTERM)


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Starts a pair of processes."""
    pipe, folder = subprocess.PIPE, tmp_path_factory.mktemp("heard")
    command = [sys.executable, SCRIPT, "copies"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdin=pipe, stdout=pipe, text=True) as loaded:
        yield lambda *arguments: Copy(loaded, folder / f"{len(list(folder.iterdir()))}", arguments)
        loaded.stdin.close()


@pytest.fixture(scope="module")
def ended(started):
    """What a pair of processes said until its end."""
    return lambda *arguments: at_its_end(started(*arguments))


def at_its_end(run):
    said, _ = run.communicate(timeout=240)
    assert run.returncode == 0, said
    return said


def by_torchrun(*arguments):
    """A pair of processes that torchrun starts."""
    command = [*TORCHRUN, SCRIPT, *map(str, arguments)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def alone(case):
    """What one process ends with."""
    with threads.one():
        return ranks_run.end_of(case, Ranks())


def weights_in(path):
    """The weights in a checkpoint at the end, and of the average."""
    gan, batches = ranks_run.CASES[ranks_run.SAVED][0]()
    checkpoint.load(path, gan=gan, batches=batches)
    assert gan.step == ranks_run.STEPS
    state = [gan.generator.state_dict(), gan.discriminator.state_dict(), gan.shown.state_dict()]
    return torch.cat([each.flatten() for part in state for each in part.values()])


# ------------------------------------------------------------------ the law


@pytest.fixture(scope="module")
def folder(tmp_path_factory, ended):
    """What both processes ended with, of each case, and a checkpoint."""
    folder = tmp_path_factory.mktemp("ranks")
    ended("laws", folder / "laws")
    return folder


@pytest.fixture(scope="module")
def ends(folder):
    return [torch.load(folder / f"laws.{rank}") for rank in (0, 1)]


@pytest.mark.parametrize("case", ranks_run.CASES)
def test_two_processes_follow_one(ends, case):
    one = alone(case)
    for end in (each[case] for each in ends):
        assert float((end["weights"] - one["weights"]).abs().max()) <= EXACT
        assert all(torch.equal(a, b) for a, b in zip(end["streams"], one["streams"], strict=True))
        assert end["place"] == one["place"]
        assert end["records"].keys() == one["records"].keys()  # records are of the whole batch
        for name, values in one["records"].items():
            torch.testing.assert_close(end["records"][name], values, rtol=0, atol=1e-8)
    assert torch.equal(ends[0][case]["weights"], ends[1][case]["weights"])


def test_float32_comes_no_further_apart_than_by_another_order_of_samples(ends):
    """The game makes much of a rounding: as much where one process sums the samples in the other order."""
    apart = {"processes": [], "order": []}
    for seed, two in zip(ranks_run.SEEDS, ends[0]["float32"], strict=True):
        with threads.one():
            one = ranks_run.textbook_end(Ranks(), seed)
            backwards = ranks_run.textbook_end(Ranks(), seed, backwards=True)
        for name, other in (("processes", two), ("order", backwards)):
            apart[name].append(float((other - one).norm() / one.norm()))
    told = {name: geometric_mean(each) for name, each in apart.items()}
    assert 0 < told["processes"] <= 10 * told["order"], told


def test_what_two_processes_saved_one_goes_on_with(folder):
    with threads.one():
        ranks_run.gone_on(folder / "laws.ckpt", Ranks())
    assert float((weights_in(folder / "laws.ckpt") - alone(ranks_run.SAVED)["weights"]).abs().max()) <= EXACT


# ------------------------------------------------------------------ what does not come apart


def test_what_does_not_come_apart_is_refused_with_the_reason(tmp_path, ended):
    ended("faults", tmp_path / "told")
    told, other = (torch.load(f"{tmp_path / 'told'}.{rank}") for rank in (0, 1))
    assert told == other and told.keys() == ranks_run.FAULTS.keys()
    for name, reason in {
        "a loss that is no mean": "'average' does not come apart into parts: d is no mean over samples",
        "a layer that does not say so": "Something couples the samples of a batch",
        "a shuffle": "Something couples the samples of a batch",
        "other batches": "the processes draw different batches",
        "built otherwise": "process 1 cannot go on with what process 0 has: this state was saved with 0 hooks",
        "not divisible": "a batch of 15 comes apart into 1, 3, 5, 15 equal parts: not into 2",
        "drifting apart": "weights have drifted apart",
    }.items():
        assert reason in told[name], name


@pytest.mark.parametrize("loss", [*losses.LOSSES.values(), smooth(losses.non_saturating)], ids=lambda each: each.name)
def test_the_courses_losses_are_means(loss):
    is_a_mean(loss, 3)


def test_a_batch_comes_apart_into_equal_parts():
    assert equal_parts(12, 4) == 3
    with pytest.raises(
        ValueError, match="a batch of 64 comes apart into 1, 2, 4, 8, 16, 32, 64 equal parts: not into 3"
    ):
        equal_parts(64, 3)
    with pytest.raises(ValueError, match="more processes than samples, 100 for 64"):
        equal_parts(64, 100)


def test_a_step_that_was_not_made_with_one_step_is_refused():
    for step in (lambda gan, batches: None, captured(train_step)):
        with pytest.raises(TypeError, match="one_step"):
            shared(step, Ranks())


def test_alone_it_is_the_step_itself():
    gan, other = small(), small()
    with joined() as here:
        a = [record.d_loss for record in train(gan, points(), 20, step=shared(train_step, here))]
    b = [record.d_loss for record in train(other, points(), 20)]
    assert a == b and here.first and here.count == 1


# ------------------------------------------------------------------ random numbers


DRAWS = {
    "noise": lambda x: torch.empty(len(x), 40).normal_(),
    "uniform": lambda x: torch.empty_like(x).uniform_(-1, 1),
    "exponential": lambda x: x.new_empty(len(x), 2).exponential_(),
    "like": torch.randn_like,
    "one for each sample": lambda x: torch.rand(len(x), 1, 1),
    "a shape": lambda x: torch.randn(x.shape),
    "whole numbers": lambda x: torch.randint(0, 9, (len(x),)),
    "a size by name": lambda x: torch.randint(9, size=(len(x), 2)),
    "of a mean": lambda x: torch.normal(0.0, 1.0, (len(x), 3)),
    "coins": lambda x: torch.bernoulli(x[:, 0].sigmoid()),
    "dropout": nn.Dropout(0.3),
    "channels": nn.Dropout1d(0.3),
    "alpha": nn.AlphaDropout(0.3),
    "gumbel": lambda x: F.gumbel_softmax(x[:, 0]),
    "kinds": lambda x: torch.multinomial(x[:, 0].sigmoid(), 2),
    "one for all": lambda x: x + torch.rand(1) + torch.rand(()),
    "none": nn.Dropout(0.3).eval(),
}


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("stacked", [1, 2])
def test_each_process_draws_for_all_and_keeps_its_rows(draw, stacked):
    x = torch.randn(stacked * 12, 5, 7, generator=torch.Generator().manual_seed(1))
    torch.manual_seed(0)
    whole, after = DRAWS[draw](x), torch.get_rng_state()
    for rank in range(3):
        mode = DrawnRows(rank, 3)
        mode.rows = 4
        torch.manual_seed(0)
        with mode:
            part = DRAWS[draw](mode.own(x))
        assert torch.equal(part, mode.own(whole)) and torch.equal(torch.get_rng_state(), after)


# ------------------------------------------------------------------ the end of a process


def lines_until(run, wanted):
    said = []
    for line in run.stdout:
        said.append(line)
        if re.search(wanted, line):
            return "".join(said)
    raise AssertionError(f"{wanted!r} was never said: {''.join(said)}")


@pytest.mark.parametrize("killed", [0, 1])
def test_a_process_that_is_killed_ends_the_others_and_the_run_goes_on(tmp_path, started, ended, killed):
    path = tmp_path / "run.ckpt"
    with threads.one():
        ranks_run.begun(path, Ranks())  # two go on with what one has saved
    run = started("slowly", path, "wait")
    said = lines_until(run, "at step 60")
    assert said.count("from step 40") == 2
    pids = {int(rank): int(pid) for rank, pid in re.findall(r"process (\d) is (\d+)", said)}
    os.kill(pids[killed], signal.SIGKILL)
    since = time.monotonic()
    said, _ = run.communicate(timeout=240)
    assert run.returncode == 1 and time.monotonic() - since <= WITHIN
    assert f"process {killed} of 2 was ended by SIGKILL; the others were ended. The run goes on" in said
    assert not alive(pids[1 - killed])
    if killed:
        assert "from step 60" in ended("slowly", path)  # and it goes on
        assert float((weights_in(path) - alone(ranks_run.SAVED)["weights"]).abs().max()) <= EXACT


def test_processes_end_where_the_program_that_started_them_is_killed(tmp_path):
    run = by_torchrun("slowly", tmp_path / "run.ckpt", "wait")
    said = lines_until(run, "at step 60")
    pids = [int(pid) for pid in re.findall(r"process \d is (\d+)", said)]
    run.kill()
    run.wait()
    deadline = time.monotonic() + WITHIN  # before the run would be at its end
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(pids) == 2 and not any(alive(pid) for pid in pids)


def alive(pid):
    """Whether there is such a process, and it has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_run_that_waits_is_ended_at_once(tmp_path, started):
    run = started("waiting", tmp_path)
    lines_until(run, "both are there")
    lines_until(run, "both are there")
    time.sleep(1.5)  # process 0 waits now, deep in gloo
    run.terminate()
    since = time.monotonic()
    said, _ = run.communicate(timeout=240)
    assert run.returncode == 1 and "the run was ended by SIGTERM" in said
    assert time.monotonic() - since < WITHIN


# ------------------------------------------------------------------ the command


def test_the_command_and_torchrun_make_the_same_run(tmp_path, started):
    made = []
    for name, start, more in (("a", started, ("--processes", "2")), ("b", by_torchrun, ())):
        (folder := tmp_path / name).mkdir()
        said = at_its_end(start("command", folder, "train", "mnist_textbook", "--epochs", "1", *more))
        assert len(re.findall(r"\d frames, ", said)) == 1  # it is stored and told once
        made.append((folder / "runs" / "mnist_textbook_generator" / "generator.pt").read_bytes())
        assert not list((folder / "runs").glob("*.ckpt")) and not list((folder / "runs").glob("*.lock"))
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (["mnist"], "name what is to be trained: mnist_textbook"),
        (["mnist_textbook", "--processes", "3"], "a batch of 64 comes apart into"),
        (["mnist_textbook", "--processes", "100"], "there are more processes than samples, 100 for 64"),
        (["mnist_textbook", "--processes", "-1"], "--processes must be"),
        (["mnist_textbook", "--epochs", "0"], "--epochs must be"),
    ],
)
def test_the_command_says_what_it_takes(capsys, arguments, reason):
    with pytest.raises(SystemExit):
        __main__.main(["train", *arguments])
    assert reason in capsys.readouterr().err


def test_processes_that_are_started_are_not_started_again(monkeypatch, capsys):
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(SystemExit):
        __main__.main(["train", "mnist_textbook", "--processes", "4"])
    assert "2 are started already, as torchrun does" in capsys.readouterr().err


# ------------------------------------------------------------------ what is missing


def test_a_port_in_use_is_named():
    with launched.socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} cannot be had"):
            launched.launch(2, print, port=port)


def test_where_they_meet_is_in_use(monkeypatch):
    with launched.socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for name, value in {"RANK": "0", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("OMP_NUM_THREADS", "1")
        monkeypatch.setenv("GAN_EDU_DEVICE", "cpu")
        with pytest.raises(OSError, match=f"cannot meet at 127.0.0.1:{port}: another program has this port"), joined():
            pass


def test_in_colab_as_many_are_started(tmp_path, ended):
    """accelerate would call the function once there, in one process: the law of many would hold for one alone."""
    ended("in_colab", tmp_path / "told")
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".0", ".1"]


def test_accelerate_is_missing(monkeypatch):
    monkeypatch.setattr(launched, "find_spec", lambda name: None)
    with pytest.raises(OSError, match="pip install accelerate"):
        launched.launch(2, print)


@pytest.mark.parametrize(
    "on_a_gpu, backend, cure", [(True, "nccl", "GAN_EDU_DEVICE=cpu"), (False, "gloo", "one process")]
)
def test_a_backend_is_missing(monkeypatch, on_a_gpu, backend, cure):
    monkeypatch.setattr(launched.distributed, f"is_{backend}_available", lambda: False)
    with pytest.raises(OSError, match=f"has no {backend}.*{cure}"):
        launched.from_accelerate(on_a_gpu)


def test_each_process_needs_a_gpu_of_its_own(monkeypatch):
    monkeypatch.setattr(launched.devices, "pick", lambda: torch.device("cuda"))
    monkeypatch.setattr(launched.torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(launched.distributed, "is_nccl_available", lambda: True)
    with pytest.raises(ValueError, match="2 processes need a GPU each, and this machine has 1"):
        launched.launch(2, print)


def test_different_versions_are_refused(monkeypatch):
    monkeypatch.setattr(launched.distributed, "get_world_size", lambda: 2)

    def gathered(everyone, own):
        everyone[:] = [own, {**own, "torch": "1.0"}]

    monkeypatch.setattr(launched.distributed, "all_gather_object", gathered)
    with pytest.raises(ValueError, match="process 1 has torch 1.0, process 0 "):
        launched.same_versions()
