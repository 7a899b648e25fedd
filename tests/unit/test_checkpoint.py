"""Checkpoints: a run that is killed and resumed is the run that was not; nothing in a file is ever executed."""

import hashlib
import io
import os
import pickle
import random
import signal
import struct
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from helpers import killed_run
from helpers.fresh import begun
from helpers.small_gan import nan_loss, points, small, trained, weights
from torch import nn

from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.training import checkpoint
from gan_edu.core.training.checkpoint import CheckpointError
from gan_edu.core.training.nan_guard import Alarm, NonFiniteLoss
from gan_edu.core.training.networks import MLPDiscriminator, adam
from gan_edu.training_loop import GAN, train
from gan_edu.tricks import EMA, CosineDecay, InstanceNoise, lazy, r1, two_time_scales
from gan_edu.widgets.live.film import Film


def dropout_gan(seed=0):
    """A GAN whose D draws from the global stream."""
    torch.manual_seed(seed)
    net = MLPDiscriminator((4,), (8,))
    net.layers.insert(1, nn.Dropout(0.5))
    return small(seed, discriminator=net)


@pytest.mark.parametrize("make", [os.mkdir] if os.name == "nt" else [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_not_waited_for(tmp_path, make):
    make(tmp_path / "a.ckpt")
    with pytest.raises(OSError, match="this is no file, so it holds no checkpoint.*a.ckpt"):
        checkpoint.read(tmp_path / "a.ckpt")


def test_a_resumed_run_is_bit_identical(tmp_path):
    whole, first, second = dropout_gan(), dropout_gan(), dropout_gan(seed=9)
    trained(whole, points(), 40)
    batches = points()
    trained(first, batches, 17)
    checkpoint.save(tmp_path / "a.ckpt", gan=first, batches=batches)
    later = points(seed=5)
    checkpoint.load(tmp_path / "a.ckpt", gan=second, batches=later)
    assert (second.step, second.seed) == (17, 0)
    trained(second, later, 23)
    assert torch.equal(weights(second), weights(whole))
    assert torch.equal(second.noise_stream.get_state(), whole.noise_stream.get_state())
    assert torch.equal(second.network_stream[0], whole.network_stream[0])


class Square(nn.Module):
    """A network of numbers as one of pictures of 2 × 2."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x).view(-1, 1, 2, 2) if x.shape[1] == 2 else self.net(x.flatten(1))


def pictures(seed=0, **pieces):
    gan, batches = small(seed, **pieces), points(seed)
    gan.generator, gan.discriminator = Square(gan.generator), Square(gan.discriminator)
    batches.data = batches.data.view(-1, 1, 2, 2)
    return gan, batches, Recorder(gan, range(0, 31, 5), "t", GridLook(2, 2))


def test_the_recorder_resumes_too(tmp_path):
    gan, batches, recorder = pictures()
    whole = recorder.record(train(gan, batches, 30))
    gan, batches, recorder = pictures()
    for _ in recorder.watch(train(gan, batches, 12)):
        pass
    checkpoint.save(tmp_path / "r.ckpt", gan=gan, batches=batches, recorder=recorder)
    gan, batches, recorder = pictures(seed=3)
    checkpoint.load(tmp_path / "r.ckpt", gan=gan, batches=batches, recorder=recorder)
    resumed = recorder.record(train(gan, batches, 18))
    assert resumed.atlas == whole.atlas and resumed.meta["curves"] == whole.meta["curves"]
    assert resumed.meta["frames"] == whole.meta["frames"]


def test_a_run_killed_at_random_moments_ends_as_if_it_had_not_been(tmp_path):
    """Killed three times, wherever that strikes; the benchmark does it 100 times."""
    dice, starts = random.Random(0), []

    def resumed(name, steps):
        process, hears = begun(killed_run.quick, tmp_path / name, steps)
        starts.append(hears.recv())  # it has begun to train
        return process, hears

    def end_of(name, steps):
        process, hears = resumed(name, steps)
        end = hears.recv()
        process.join()
        return end

    for _ in range(3):
        victim, _ = resumed("k.ckpt", 10**6)
        while not (tmp_path / "k.ckpt").is_file():
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.3))
        victim.kill()
        victim.join()
        assert victim.exitcode == -signal.SIGKILL
    reached = checkpoint.read(tmp_path / "k.ckpt")["gan"]["step"]
    assert end_of("k.ckpt", reached + 5) == end_of("whole.ckpt", reached + 5)
    assert starts[0] == starts[-1] == 0 < starts[-2] == reached  # where it went on from


def test_an_interrupted_write_leaves_the_old_file_whole(tmp_path, monkeypatch):
    gan, path = small(), tmp_path / "a.ckpt"
    checkpoint.save(path, gan=gan)
    before = path.read_bytes()
    monkeypatch.setattr(os, "replace", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
    trained(gan, points(), 2)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.save(path, gan=gan)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda raw: raw[:-100], "damaged or cut short"),
        (lambda raw: raw[:40], "damaged or cut short"),
        (lambda raw: raw[:200] + bytes([raw[200] ^ 1]) + raw[201:], "damaged or cut short"),
        (lambda raw: b"PK\x03\x04 something else", "is not a checkpoint of gan_edu"),
        (lambda raw: b"", "is not a checkpoint of gan_edu"),
    ],
)
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
    one_way = type("OneWay", (), {"state_dict": lambda self: {}})()
    with pytest.raises(TypeError, match="part has a state_dict and no load_state_dict.*write both"):
        checkpoint.save(tmp_path / "c", part=one_way)
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


def test_a_failure_that_was_found_late_leaves_a_film_that_goes_on(tmp_path):
    """The flag of a GPU is read now and then: what was noted after the failure is not part of the run."""
    gan, batches, recorder = pictures(loss=nan_loss(14, "d"))
    gan.alarm = Alarm(flagged=True)
    film = Film(recorder, {})
    with pytest.raises(NonFiniteLoss, match="step 14"):
        for record in recorder.watch(train(gan, batches, 20)):
            if record.step == 17:
                recorder.log.append({"step": 17, "change": "later"})
                film.update({})
    assert gan.step == 13 and recorder.frames["step"] == [0, 5, 10] and recorder.curves["step"] == list(range(1, 14))
    checkpoint.save(tmp_path / "a.ckpt", gan=gan, batches=batches, recorder=recorder)
    film.update({})
    recording = recorder.record(train(gan, batches, 12))
    film.update({})
    assert recording.steps == [0, 5, 10, 15, 20, 25] and recording.meta["curves"]["step"] == list(range(1, 26))
    assert None not in recording.meta["curves"]["d_loss"] and recording.meta["log"][0]["step"] == 13
    assert film.whole()["meta"]["curves"] == recording.meta["curves"]


@pytest.mark.parametrize("hooks", [None, 3, {}])
def test_hooks_that_are_no_list_are_named(hooks):
    gan = small()
    with pytest.raises(ValueError, match="hooks must be a list"):
        gan.check_state({**gan.state_dict(), "hooks": hooks})


def test_a_wreck_is_no_state_to_go_on_from_but_can_be_put_back():
    """Where a load fails halfway, each part gets back what it had, whatever that was."""
    wreck, gan = small(), small()
    with torch.no_grad():
        next(wreck.generator.parameters()).fill_(torch.nan)
    state = wreck.state_dict()
    with pytest.raises(ValueError, match="NaN"):
        gan.check_state(state)
    gan.load_state_dict(state)
    assert next(gan.generator.parameters()).isnan().all()


def test_a_failed_run_may_load_and_go_on(tmp_path):
    path = checkpoint.save(tmp_path / "a.ckpt", gan=small(seed=1, loss=nan_loss(99, "d")))
    gan = small(loss=nan_loss(4, "d"))
    gan.alarm = Alarm(flagged=True)
    records = train(gan, points(), 20)
    for _ in range(9):
        next(records)
    checkpoint.load(path, gan=gan)
    before = weights(gan).clone()
    trained(gan, points(), 5)
    assert gan.step == 5 and not torch.equal(weights(gan), before)


# ---------------------------------------------------------------- what is saved can be loaded


class Own:
    """A hook of one's own that counts with whatever it was given."""

    def __init__(self, count):
        self.count = count

    def __call__(self, gan):
        self.count = self.count + type(self.count)(1)

    def state_dict(self):
        return {"count": self.count, "more": {"of": [self.count]}}

    def load_state_dict(self, state):
        self.count = state["count"]


RATES = np.linspace(1e-4, 4e-4, 2)
NUMPY = {
    "rates": lambda G, D: {"g_optimizer": adam(G, lr=RATES[0]), "d_optimizer": adam(D, lr=np.float32(4e-4))},
    "two rates": lambda G, D: two_time_scales(G, D, *RATES),
    "plain SGD": lambda G, D: {"g_optimizer": torch.optim.SGD(G.parameters(), RATES[0], momentum=np.float64(0.5))},
    "betas": lambda G, D: {"g_optimizer": adam(G, betas=(np.float64(0.5), np.float64(0.9)))},
    "noise": lambda G, D: {"view": InstanceNoise(np.float64(0.2), until=np.int64(50))},
    "decay": lambda G, D: {"after_step": [CosineDecay(np.int64(100), floor=np.float64(0.1))]},
    "average": lambda G, D: {"after_step": [EMA(np.float64(0.9))]},
    "lazy": lambda G, D: {"d_penalties": [lazy(r1(np.float64(1)), np.int64(2))]},
    "own": lambda G, D: {"after_step": [Own(np.int64(3))]},
    "own fractions": lambda G, D: {"after_step": [Own(np.float32(0.5))]},
}


@pytest.mark.parametrize("name", NUMPY)
def test_numbers_of_numpy_are_saved_and_the_run_goes_on_alike(name, tmp_path):
    def parts(seed):
        plain = small(seed)
        return GAN(
            plain.generator, plain.discriminator, 2, seed=seed, **NUMPY[name](plain.generator, plain.discriminator)
        ), points(seed)

    (gan, batches), (again, later) = parts(0), parts(4)
    trained(gan, batches, 5)
    path = checkpoint.save(tmp_path / "a.ckpt", gan=gan, batches=batches)
    checkpoint.load(path, gan=again, batches=later)
    trained(gan, batches, 5)
    trained(again, later, 5)
    assert torch.equal(weights(gan), weights(again))
    if name.startswith("own"):
        assert again.after_step[0].count == gan.after_step[0].count


@pytest.mark.parametrize(
    "kept, words",
    [
        (
            np.zeros(3),
            r"gan\['hooks'\]\[0\]\['count'\] is a ndarray, which a checkpoint cannot hold: .*torch.as_tensor",
        ),
        (Path("a"), "is a .*Path"),
        ({1, 2}, "is a set"),
        (print, "is a builtin_function_or_method"),
        (np.datetime64("2020-01-01"), "is a date"),
        ({"a": [object()]}, r"\['count'\]\['a'\]\[0\] is a object"),
        ({object(): 1}, r"a key of gan.* is a object"),
    ],
)
def test_what_no_file_can_hold_is_refused_when_it_is_saved(kept, words, tmp_path):
    gan = small(after_step=[Own(0)])
    path = checkpoint.save(tmp_path / "a.ckpt", gan=gan)
    before = path.read_bytes()
    gan.after_step[0].count = kept
    with pytest.raises(CheckpointError, match=words):
        checkpoint.save(path, gan=gan)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_weights_that_are_nan_are_not_saved_over_good_ones(tmp_path):
    gan = small()
    path = checkpoint.save(tmp_path / "a.ckpt", gan=gan)
    before = path.read_bytes()
    with torch.no_grad():
        gan.generator.layers[0].weight[0, 0] = float("nan")
    with pytest.raises(CheckpointError, match="this gan cannot be saved, as nothing could load it: .*holds NaN"):
        checkpoint.save(path, gan=gan)
    assert path.read_bytes() == before
    checkpoint.load(path, gan=gan)  # the way out of it
    assert torch.isfinite(weights(gan)).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda G: torch.optim.SGD(G.parameters(), 1e-3),
        lambda G: torch.optim.SGD(G.parameters(), 1e-3, momentum=0.9),
        lambda G: torch.optim.Adam(G.parameters(), torch.tensor(1e-3), amsgrad=True, fused=True),
        lambda G: torch.optim.AdamW(G.parameters(), 1e-3),
        lambda G: torch.optim.Adagrad(G.parameters(), 1e-3),
        lambda G: torch.optim.RMSprop(G.parameters(), 1e-3, centered=True),
        lambda G: torch.optim.Adadelta(G.parameters()),
        lambda G: torch.optim.NAdam(G.parameters()),
        lambda G: torch.optim.Rprop(G.parameters()),
        lambda G: torch.optim.ASGD(G.parameters()),
        lambda G: torch.optim.Adamax(G.parameters()),
        lambda G: torch.optim.Adam([{"params": [w], "lr": 1e-3} for w in G.parameters()], fused=True),
    ],
)
def test_every_optimiser_of_torch_goes_on_alike(make, tmp_path):
    runs = []
    for seed in (0, 5):
        made = small(seed)
        gan = GAN(made.generator, made.discriminator, 2, g_optimizer=make(made.generator), seed=seed)
        runs.append((gan, points(seed)))
    (gan, batches), (again, later) = runs
    trained(gan, batches, 4)
    trained(again, later, 2)  # its optimiser has a state already
    checkpoint.load(checkpoint.save(tmp_path / "a.ckpt", gan=gan, batches=batches), gan=again, batches=later)
    trained(gan, batches, 3)
    trained(again, later, 3)
    assert torch.equal(weights(gan), weights(again))


def test_a_weight_that_does_not_learn_is_saved_too(tmp_path):
    gan, again = small(0), small(3)
    for each in (gan, again):
        each.generator.layers[0].requires_grad_(False)
    trained(gan, points(), 3)
    checkpoint.load(checkpoint.save(tmp_path / "a.ckpt", gan=gan), gan=again)
    assert torch.equal(weights(gan), weights(again))


# ---------------------------------------------------------------- within a step


@pytest.mark.parametrize("place", ["after_step", "view", "d_penalties"])
@pytest.mark.parametrize("do", ["save", "load"])
def test_within_a_step_nothing_is_saved_or_loaded(place, do, tmp_path):
    """The stream of dropout is lent, and other hooks of this step are still to come: it would not be the same run."""
    path, parts, tried = tmp_path / "a.ckpt", {}, []
    checkpoint.save(path, gan=dropout_gan(), batches=points())

    def hook(first, *_):
        if parts:
            with pytest.raises(ValueError, match="a step is under way.* save and load between two steps"):
                getattr(checkpoint, do)(path, **parts)
            tried.append(do)
        return first if place == "view" else torch.zeros(())

    gan = dropout_gan()
    setattr(gan, place, hook if place == "view" else [hook])
    parts.update(gan=gan, batches=points())
    before = path.read_bytes()
    trained(gan, parts["batches"], 2)
    assert tried and path.read_bytes() == before


def test_saving_in_the_loop_with_dropout_and_an_average_resumes_bit_identical(tmp_path):
    def parts(seed=0):
        gan = dropout_gan(seed)
        gan.after_step = [EMA(0.9)]
        gan.fit()
        return gan, points(seed)

    gan, batches = parts()
    for record in train(gan, batches, 9):
        if record.step == 4:
            checkpoint.save(tmp_path / "a.ckpt", gan=gan, batches=batches)
    again, later = parts(seed=2)
    checkpoint.load(tmp_path / "a.ckpt", gan=again, batches=later)
    trained(again, later, 5)
    assert torch.equal(weights(gan), weights(again))
    assert all(map(torch.equal, gan.shown.parameters(), again.shown.parameters()))


def test_another_thread_saves_between_two_steps(tmp_path):
    """A cell may save a run that trains in the background: it waits for the step's end, and the file is of one step."""
    gan, batches, stop = dropout_gan(), points(), threading.Event()

    def work():
        while not stop.is_set():
            trained(gan, batches, 5)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(15):
            path = checkpoint.save(tmp_path / "a.ckpt", gan=gan, batches=batches)
            states = checkpoint.read(path)
            kept = states["batches"]
            taken = kept["epoch"] * kept["samples"] + kept["position"]
            assert taken == states["gan"]["step"] * kept["batch_size"]
    finally:
        stop.set()
        worker.join()


def test_what_misfits_leaves_the_gan_as_it_was(tmp_path):
    path = checkpoint.save(tmp_path / "a.ckpt", gan=small())
    other = small(seed=4, discriminator=MLPDiscriminator((4,), (9,)))
    before = weights(other).clone()
    with pytest.raises(CheckpointError):
        checkpoint.load(path, gan=other)
    assert torch.equal(weights(other), before)


def test_two_gans_in_one_file_need_not_be_of_one_step(tmp_path):
    a, b = small(), small(1)
    a.step = 7
    checkpoint.save(tmp_path / "both.ckpt", a=a, b=b)
    checkpoint.load(tmp_path / "both.ckpt", a=b, b=a)
    assert (a.step, b.step) == (0, 7)


# ------------------------------------------------------------------ from one kind of device to another

ON_CUDA = torch.frombuffer(bytearray(struct.pack("<Qq", 7, 120)), dtype=torch.uint8)  # a seed, and how far it is
ON_MPS = torch.arange(36, dtype=torch.uint8)


def travelled(path, stream=None, **ways):
    """The checkpoint as another device had written it: its random streams, and how its optimisers computed."""
    states = checkpoint.read(path)
    gan = states["gan"]
    if stream is not None:
        gan.update(noise_stream=stream, display_stream=stream, network_stream=[torch.get_rng_state(), stream])
    for name in ("g_optimizer", "d_optimizer"):
        for group in gan[name]["param_groups"]:
            group.update(ways)
    torch.save(states, buffer := io.BytesIO())
    return sealed(path, buffer.getvalue())


def own_with_average(seed=0, precision="float32"):
    torch.manual_seed(seed)
    generator = small(seed).generator
    return GAN(generator, dropout_gan(seed).discriminator, 2, precision=precision, after_step=[EMA(0.9)], seed=seed)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize(
    "stream, words, ways",
    [
        (ON_CUDA, "saved on CUDA, now it is on cpu", {"fused": False, "capturable": True}),
        (ON_MPS, "saved on MPS, now it is on cpu", {"fused": False, "foreach": True}),
    ],
)
def test_a_checkpoint_of_another_kind_of_device_goes_on(tmp_path, stream, words, ways, precision):
    gan, batches = own_with_average(0, precision), points()
    trained(gan, batches, 7)
    path = travelled(checkpoint.save(tmp_path / "a.ckpt", gan=gan, batches=batches), stream, **ways)
    ends = []
    for seed in (3, 4):
        again, later = own_with_average(seed, precision), points(seed)
        with pytest.warns(UserWarning, match=f"{words}: it goes on .* with other noise") as told:
            checkpoint.load(path, gan=again, batches=later)
        assert len(told) == 1 and again.step == 7 and torch.equal(weights(again), weights(gan))
        average, moments = again.after_step[0].average, again.g_optimizer.state_dict()["state"][0]["exp_avg"]
        assert torch.equal(next(average.parameters()), next(gan.after_step[0].average.parameters()))
        assert torch.equal(moments, gan.g_optimizer.state_dict()["state"][0]["exp_avg"])
        assert {key: again.g_optimizer.param_groups[0][key] for key in ("fused", "foreach", "capturable")} == {
            "fused": True,
            "foreach": None,
            "capturable": False,
        }
        trained(again, later, 5)
        ends.append(weights(again))
    assert torch.equal(*ends)  # the same whenever it is loaded here
    fresh = small().noise_stream.get_state()
    assert not torch.equal(again.noise_stream.get_state(), fresh)
    checkpoint.save(path, gan=again, batches=later)  # from here on it is a run of this device


class OfAnotherDevice:
    """A random stream whose state has the size of CUDA's."""

    def __init__(self):
        self.seed = 0

    def get_state(self):
        return torch.frombuffer(bytearray(struct.pack("<Qq", self.seed, 0)), dtype=torch.uint8)

    def manual_seed(self, seed):
        self.seed = seed


def test_a_checkpoint_of_a_cpu_goes_on_on_another_device(tmp_path):
    """As far as it can be tried without one: its own streams are of the other size."""
    gan, again = small(), small(3)
    trained(gan, points(), 3)
    checkpoint.save(tmp_path / "a.ckpt", gan=gan)
    again.noise_stream, again.display_stream = OfAnotherDevice(), OfAnotherDevice()
    with pytest.warns(UserWarning, match="saved on a CPU"):
        checkpoint.load(tmp_path / "a.ckpt", gan=again)
    assert torch.equal(weights(again), weights(gan)) and again.noise_stream.seed > 0


@pytest.mark.parametrize(
    "stream",
    [
        ON_CUDA[:15],
        torch.zeros(5_055, dtype=torch.uint8),
        ON_CUDA.float(),
        ON_CUDA[None],
        [1, 2],
        torch.empty(0, dtype=torch.uint8),
    ],
)
def test_what_is_no_random_stream_of_any_device_is_refused(tmp_path, stream):
    path = travelled(checkpoint.save(tmp_path / "a.ckpt", gan=small()), stream)
    with pytest.raises(CheckpointError, match="noise_stream"):
        checkpoint.load(path, gan=small(1))


@pytest.mark.parametrize(
    "kind", ["Adam", "AdamW", "NAdam", "RAdam", "RMSprop", "Adadelta", "Adagrad", "SGD", "ASGD", "Adamax", "Rprop"]
)
@pytest.mark.parametrize("ways", [{"foreach": True}, {"fused": True}, {"capturable": True}])
def test_how_an_optimiser_computed_is_left_behind(tmp_path, kind, ways):
    def made(seed):
        gan = small(seed)
        return GAN(
            gan.generator,
            gan.discriminator,
            2,
            g_optimizer=getattr(torch.optim, kind)(gan.generator.parameters(), lr=1e-3),
            seed=seed,
        )

    gan, again = made(0), made(3)
    trained(gan, points(), 3)
    own = {way: again.g_optimizer.param_groups[0].get(way) for way in ways}
    checkpoint.load(travelled(checkpoint.save(tmp_path / "a.ckpt", gan=gan), **ways), gan=again)
    assert {way: again.g_optimizer.param_groups[0].get(way) for way in ways} == own
    trained(again, points(1), 2)
    assert torch.isfinite(weights(again)).all()
