"""Checkpoints: a run that is killed and resumed is the run that was not; nothing in a file is ever executed."""
import hashlib
import io
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from test_training_loop import nan_loss, points, run, small, weights
from torch import nn

from gan_edu.core import checkpoint
from gan_edu.core.alarm import Alarm, NonFiniteLoss
from gan_edu.core.checkpoint import CheckpointError
from gan_edu.core.networks import MLPDiscriminator
from gan_edu.core.recorder import Recorder
from gan_edu.training_loop import train
from gan_edu.tricks import EMA, CosineDecay

VICTIM = Path(__file__).with_name("killed_run.py")


def dropout_gan(seed=0):
    """A GAN whose D draws from the global stream."""
    torch.manual_seed(seed)
    net = MLPDiscriminator((4,), (8,))
    net.layers.insert(1, nn.Dropout(0.5))
    return small(seed, discriminator=net)


def test_a_resumed_run_is_bit_identical(tmp_path):
    whole, first, second = dropout_gan(), dropout_gan(), dropout_gan(seed=9)
    run(whole, points(), 40)
    batches = points()
    run(first, batches, 17)
    checkpoint.save(tmp_path / "a.ckpt", gan=first, batches=batches)
    later = points(seed=5)
    checkpoint.load(tmp_path / "a.ckpt", gan=second, batches=later)
    assert second.step == 17
    run(second, later, 23)
    assert torch.equal(weights(second), weights(whole))
    assert torch.equal(second.noise_stream.get_state(), whole.noise_stream.get_state())
    assert torch.equal(second.network_stream[0], whole.network_stream[0])


def test_the_recorder_resumes_too(tmp_path):
    class Square(nn.Module):
        def __init__(self, net):
            super().__init__()
            self.net = net

        def forward(self, x):
            return self.net(x).view(-1, 1, 2, 2) if x.shape[1] == 2 else self.net(x.flatten(1))

    def parts(seed=0):
        gan, batches = small(seed), points(seed)
        gan.generator, gan.discriminator = Square(gan.generator), Square(gan.discriminator)
        batches.data = batches.data.view(-1, 1, 2, 2)
        return gan, batches, Recorder(gan, range(0, 31, 5), "t", rows=2, columns=2)

    gan, batches, recorder = parts()
    whole = recorder.run(train(gan, batches, 30))
    gan, batches, recorder = parts()
    for _ in recorder.watch(train(gan, batches, 12)):
        pass
    checkpoint.save(tmp_path / "r.ckpt", gan=gan, batches=batches, recorder=recorder)
    gan, batches, recorder = parts(seed=3)
    checkpoint.load(tmp_path / "r.ckpt", gan=gan, batches=batches, recorder=recorder)
    resumed = recorder.run(train(gan, batches, 18))
    assert resumed.atlas == whole.atlas and resumed.meta["curves"] == whole.meta["curves"]
    assert resumed.meta["frames"] == whole.meta["frames"]


def test_a_run_killed_at_random_moments_ends_as_if_it_had_not_been(tmp_path):
    """SIGKILL three times, wherever it strikes; the benchmark does it 100 times."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(VICTIM), str(tmp_path / "k.ckpt"), "60"]
    dice = random.Random(0)
    for _ in range(3):
        victim = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        victim.stdout.readline()                       # it has begun to train
        time.sleep(dice.uniform(0, 0.3))
        victim.send_signal(signal.SIGKILL)
        victim.communicate()
    killed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()[-1]
    command[2] = str(tmp_path / "whole.ckpt")
    whole = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()[-1]
    assert killed == whole


def test_an_interrupted_write_leaves_the_old_file_whole(tmp_path, monkeypatch):
    gan, path = small(), tmp_path / "a.ckpt"
    checkpoint.save(path, gan=gan)
    before = path.read_bytes()
    monkeypatch.setattr(checkpoint.os, "replace", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
    run(gan, points(), 2)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.save(path, gan=gan)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage, words", [
    (lambda raw: raw[:-100], "damaged or cut short"),
    (lambda raw: raw[:40], "damaged or cut short"),
    (lambda raw: raw[:200] + bytes([raw[200] ^ 1]) + raw[201:], "damaged or cut short"),
    (lambda raw: b"PK\x03\x04 something else", "is not a checkpoint of gan_edu"),
    (lambda raw: b"", "is not a checkpoint of gan_edu"),
])
def test_damaged_and_foreign_files_get_clear_errors(tmp_path, damage, words):
    path = checkpoint.save(tmp_path / "a.ckpt", gan=small())
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CheckpointError, match=words):
        checkpoint.load(path, gan=small())


def sealed(path, payload):
    """A file that looks like a checkpoint as far as its head tells."""
    path.write_bytes(checkpoint.MAGIC + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload)
    return path


def test_a_malicious_file_is_never_executed(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "pwned"),)

    for write in (lambda: pickle.dumps(Evil()), lambda: (torch.save(Evil(), b := io.BytesIO()), b.getvalue())[1]):
        sealed(tmp_path / "evil.ckpt", write())
        with pytest.raises(CheckpointError, match="something other than tensors and numbers"):
            checkpoint.load(tmp_path / "evil.ckpt", gan=small())
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("payload", [b"", b"abc", b"PK\3\4abc", b"\x80\2}q\0.", pickle.dumps([1])])
def test_bytes_with_a_right_checksum_are_not_trusted(tmp_path, payload):
    with pytest.raises(CheckpointError, match="something other than tensors and numbers"):
        checkpoint.load(sealed(tmp_path / "a.ckpt", payload), gan=small())


@pytest.mark.parametrize("content", [[1], 5, torch.zeros(3)])
def test_states_without_names_are_refused(tmp_path, content):
    torch.save(content, buffer := io.BytesIO())
    with pytest.raises(CheckpointError, match="in place of states by name"):
        checkpoint.load(sealed(tmp_path / "a.ckpt", buffer.getvalue()), gan=small())


def test_a_checkpoint_of_other_networks_is_refused(tmp_path):
    path = checkpoint.save(tmp_path / "a.ckpt", gan=small())
    with pytest.raises(CheckpointError, match="(?s)does not fit this gan.*size mismatch"):
        checkpoint.load(path, gan=small(discriminator=MLPDiscriminator((4,), (9,))))
    with pytest.raises(CheckpointError, match="holds no 'batches', only gan"):
        checkpoint.load(path, batches=points())
    with pytest.raises(TypeError, match="words has no state_dict"):
        checkpoint.save(path, words="hello")


def test_hooks_of_another_kind_are_refused_and_leave_the_gan_as_it_was(tmp_path):
    path = checkpoint.save(tmp_path / "a.ckpt", gan=small(seed=1, after_step=[EMA()]))
    for hook in (CosineDecay(9), lambda gan: None):
        other = small(seed=4, after_step=[hook])
        before = weights(other).clone()
        with pytest.raises(CheckpointError, match="saved with the hooks EMA, the GAN has"):
            checkpoint.load(path, gan=other)
        assert torch.equal(weights(other), before)


def test_a_failure_that_nobody_has_read_is_not_saved(tmp_path):
    gan = small(loss=nan_loss(4, "d"))
    gan.alarm = Alarm(flagged=True)
    records = train(gan, points(), 20)
    for _ in range(9):
        next(records)
    with pytest.raises(NonFiniteLoss, match="step 4"):
        checkpoint.save(tmp_path / "a.ckpt", gan=gan)
    assert gan.step == 3 and not (tmp_path / "a.ckpt").exists()


def test_a_failed_run_may_load_and_go_on(tmp_path):
    path = checkpoint.save(tmp_path / "a.ckpt", gan=small(seed=1, loss=nan_loss(99, "d")))
    gan = small(loss=nan_loss(4, "d"))
    gan.alarm = Alarm(flagged=True)
    records = train(gan, points(), 20)
    for _ in range(9):
        next(records)
    checkpoint.load(path, gan=gan)
    before = weights(gan).clone()
    run(gan, points(), 5)
    assert gan.step == 5 and not torch.equal(weights(gan), before)


def test_what_misfits_leaves_the_gan_as_it_was(tmp_path):
    path = checkpoint.save(tmp_path / "a.ckpt", gan=small())
    other = small(seed=4, discriminator=MLPDiscriminator((4,), (9,)))
    before = weights(other).clone()
    with pytest.raises(CheckpointError):
        checkpoint.load(path, gan=other)
    assert torch.equal(weights(other), before)
