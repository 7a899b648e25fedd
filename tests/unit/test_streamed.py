"""Data that is read from disk while a GAN trains: the batches are those of memory, to the last bit, whoever reads."""

import itertools
import json
import os
import pickle
import random
import re
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest
import torch
from helpers.small_gan import small, weights
from hypothesis import given, settings, strategies as st
from PIL import Image
from torch.utils.data import DataLoader, IterableDataset, Subset, TensorDataset, dataloader

from gan_edu.core.data import Batches, PictureFolder, Streamed, images_from_folder, streamed
from gan_edu.core.data.batches import Together
from gan_edu.core.data.sources import reader_of
from gan_edu.core.live.run import rest_of_epoch, steps_per_epoch
from gan_edu.core.live.settings import Settings
from gan_edu.core.training import checkpoint
from gan_edu.core.training.captured import captured
from gan_edu.core.training.contract import CountsPasses, InMemory, InPasses, Sized
from gan_edu.core.training.ranks import Ranks
from gan_edu.core.training.shared_step import shared
from gan_edu.training_loop import train, train_step

PIXELS = torch.randint(0, 256, (50, 1, 4, 4), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
NUMBERS = PIXELS[:, 0, 0].float() / 127.5 - 1  # (50, 4)
LABELS = torch.arange(50) % 10
REPOSITORY = Path(__file__).parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


class OfTable:
    """As a Hugging Face dataset: rows with named columns, several at once."""

    def __init__(self, **columns):
        self.columns, self.asked = columns, []

    def __len__(self):
        return 50

    def __getitem__(self, i):
        return {name: column[i] for name, column in self.columns.items()}

    def __getitems__(self, places):
        self.asked.append(len(places))
        return [self[i] for i in places]


class Of:
    """A dataset of a function."""

    def __init__(self, item, count=50):
        self.item, self.count = item, count

    def __len__(self):
        return self.count

    def __getitem__(self, i):
        return self.item(i)


def as_pictures(i):
    return Image.fromarray(PIXELS[i, 0].numpy())


@pytest.fixture
def file(tmp_path):
    np.save(tmp_path / "pictures.npy", PIXELS.numpy())
    return tmp_path / "pictures.npy"


WAYS = {
    ".npy": lambda file: file,
    "its name": str,
    "a memory map": lambda file: np.load(file, mmap_mode="r"),
    "a tensor": lambda file: PIXELS,
    "tensors": lambda file: Of(lambda i: PIXELS[i]),
    "a list": lambda file: list(PIXELS),
    "arrays": lambda file: Of(lambda i: PIXELS[i].numpy()[:, ::-1][:, ::-1]),
    "pictures and labels": lambda file: Of(lambda i: (as_pictures(i), int(LABELS[i]))),
    "TensorDataset": lambda file: TensorDataset(PIXELS),
    "Subset": lambda file: Subset(TensorDataset(PIXELS, LABELS), range(50)),
    "rows with names": lambda file: OfTable(label=LABELS, image=PIXELS),
    "rows of pictures": lambda file: OfTable(image=[as_pictures(i) for i in range(50)], label=LABELS.tolist()),
}


def batches_of(batches, count):
    return list(itertools.islice(batches, count))


def same(a, b):
    return all(torch.equal(x, y) and x.dtype == y.dtype for x, y in zip(a, b, strict=True))


# ------------------------------------------------------------------ a drop-in for Batches


@pytest.mark.parametrize("way", WAYS)
def test_the_batches_are_those_of_memory(file, way):
    """Over three passes, the odd samples left out, scaled to [−1, 1]."""
    expected = batches_of(Batches(PIXELS, 8, seed=3), 20)
    assert same(batches_of(Streamed(WAYS[way](file), 8, seed=3, workers=0), 20), expected)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("way", [".npy", "pictures and labels"])
def test_workers_change_nothing(file, way, workers):
    assert same(batches_of(Streamed(WAYS[way](file), 8, 3, workers=workers), 20), batches_of(Batches(PIXELS, 8, 3), 20))


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize(
    "source, conditions",
    [
        (TensorDataset(PIXELS, LABELS), True),
        (Of(lambda i: (as_pictures(i), int(LABELS[i]))), True),
        (OfTable(label=LABELS, image=PIXELS), True),
        (OfTable(image=PIXELS, digit=LABELS.numpy()), True),
        (OfTable(id=range(50), image=PIXELS, label=LABELS.tolist()), True),
        (PIXELS.numpy(), LABELS),
        (Of(lambda i: PIXELS[i]), LABELS.numpy()),
    ],
)
def test_conditions_go_with_their_samples(source, conditions, workers):
    expected = batches_of(Batches(PIXELS, 8, 3, conditions=LABELS), 9)
    for ours, theirs in zip(Streamed(source, 8, 3, conditions=conditions, workers=workers), expected, strict=False):
        assert same(ours, theirs)


@pytest.mark.filterwarnings("error:The given NumPy array")
@pytest.mark.parametrize("of_x, of_y", [("float64", "uint8"), ("bfloat16", "bool"), ("float32", "float16")])
def test_floating_point_comes_out_as_it_is_and_conditions_of_any_type_too(of_x, of_y):
    numbers, pixels = NUMBERS.to(getattr(torch, of_x)), PIXELS.to(getattr(torch, of_y))
    x, y = next(Streamed(TensorDataset(numbers, pixels), 8, 3, conditions=True, workers=1))
    assert same((x, y), next(Batches(numbers, 8, 3, conditions=pixels)))
    assert x.add_(1).dtype == numbers.dtype and y.dtype == pixels.dtype


def test_a_folder_of_pictures(tmp_path):
    for i in range(9):
        Image.fromarray(np.full((6, 8), 25 * i, np.uint8)).save(tmp_path / f"{i}.png")
    expected = batches_of(Batches(images_from_folder(tmp_path, 4, colour=True), 4, 1), 6)
    assert same(batches_of(Streamed(PictureFolder(tmp_path, 4, colour=True), 4, 1, workers=1), 6), expected)
    assert next(Streamed(tmp_path, 2, workers=0)).shape == (2, 1, 28, 28)
    assert len(pickle.dumps(PictureFolder(tmp_path))) < 10**4
    (tmp_path / "3.png").write_bytes(b"\x89PNG no more")
    with pytest.raises(OSError, match=r"sample 3 .*3.png' cannot be read as a picture.*: remove it"):
        batches_of(Streamed(tmp_path, 8, workers=1), 3)


def test_datasets_that_give_several_at_once_are_asked_once_a_batch():
    table = OfTable(image=PIXELS, label=LABELS)
    batches = Streamed(table, 8, workers=0)
    table.asked.clear()
    batches_of(batches, 5)
    assert table.asked == [8] * 5


def test_a_dataset_of_torchvision():
    from torchvision.datasets import FakeData
    from torchvision.transforms.functional import pil_to_tensor

    data = FakeData(50, (3, 8, 6))
    images, labels = torch.stack([pil_to_tensor(x) for x, y in data]), torch.tensor([y for x, y in data])
    ours = next(Streamed(data, 16, 2, conditions=True, workers=0))
    assert same(ours, next(Batches(images, 16, 2, conditions=labels)))


# ------------------------------------------------------------------ going on


@settings(max_examples=12, deadline=None)
@given(taken=st.integers(0, 30), size=st.integers(1, 50), seed=st.integers(0, 3), workers=st.sampled_from([0, 0, 0, 1]))
def test_it_resumes_at_the_very_next_batch(taken, size, seed, workers):
    data = TensorDataset(PIXELS)
    batches, again = Streamed(data, size, seed, workers=workers), Streamed(data, 1, seed + 1, workers=0)
    batches_of(batches, taken)
    batches_of(again, 2)
    state = batches.state_dict()
    again.load_state_dict(state)
    assert same(batches_of(batches, 9), batches_of(again, 9))
    batches.load_state_dict(state)  # also what has read ahead goes back
    again.load_state_dict(state)
    assert same(batches_of(batches, 9), batches_of(again, 9))


def test_another_batch_size_takes_hold_at_the_very_next_batch():
    ours, theirs = Streamed(TensorDataset(PIXELS), 4, workers=2), Batches(PIXELS, 4)
    for size in (4, 7, 50, 1):
        ours.batch_size = theirs.batch_size = size
        assert same(batches_of(ours, 5), batches_of(theirs, 5)) and ours.place[:2] == theirs.place[:2]


def noisy(i):
    """An item as transforms make them: from each of the three streams that there are."""
    return torch.rand(3) + torch.tensor([i, np.random.rand(), random.random()]).float()


def test_what_transforms_draw_belongs_to_the_place():
    torch.manual_seed(1)
    first, once = (Streamed(Of(noisy), 8, 3, workers=workers) for workers in (0, 2))
    torch.manual_seed(2)
    seen = batches_of(first, 14)
    assert same(seen, batches_of(once, 14))
    alone = batches_of(Streamed(Of(lambda i: torch.rand(3)), 8, 3, workers=0), 14)
    assert len({tuple(row.tolist()) for batch in alone for row in batch}) == 14 * 8  # anew for each, in each pass
    state = first.state_dict()
    other = Streamed(Of(noisy), 8, 5, workers=1)
    other.load_state_dict(state)
    assert same(batches_of(other, 3), batches_of(first, 3))


@pytest.mark.parametrize("workers", [0, 1])
def test_nothing_is_drawn_from_the_global_streams(workers):
    def streams():
        return torch.get_rng_state().tolist(), np.random.get_state()[1].tolist(), random.getstate()

    before = streams()
    batches = Streamed(Of(noisy), 8, workers=workers)
    batches_of(batches, 3)
    batches.state_dict()
    assert streams() == before


@pytest.mark.parametrize(
    "other",
    [
        255 - PIXELS,
        PIXELS[:49],
        PIXELS.float(),
        PIXELS.view(50, 16),
        torch.cat([PIXELS[:49], PIXELS[:1]]),
        TensorDataset(PIXELS, LABELS),
    ],
)
def test_a_state_of_other_data_is_refused(other):
    state = Streamed(PIXELS, 8).state_dict()
    pairs = isinstance(other, TensorDataset)
    with pytest.raises(ValueError, match=r"other data: 50 samples, of which \(8, 1, 4, 4\) of uint8.*Load the data"):
        Streamed(other, 8, conditions=pairs, workers=0).load_state_dict(state)
    Streamed(list(PIXELS), 8, workers=0).load_state_dict(state)


# ------------------------------------------------------------------ in training


def run(batches, steps=12, **options):
    gan = small()
    for _ in train(gan, batches, steps, **options):
        pass
    return weights(gan)


@pytest.mark.parametrize("step", [train_step, captured(train_step), shared(train_step, Ranks())])
def test_training_ends_with_the_weights_of_memory(step):
    assert torch.equal(
        run(Streamed(NUMBERS, 8, workers=1), step=step), run(Batches(NUMBERS.clone(), 8), step=train_step)
    )


def test_a_run_is_saved_and_goes_on(tmp_path):
    data = Of(lambda i: NUMBERS[i])
    expected = run(Batches(NUMBERS, 8))
    gan, batches = small(), Streamed(data, 8, workers=2)
    for _ in train(gan, batches, 5):
        pass
    checkpoint.save(tmp_path / "run.ckpt", gan=gan, batches=batches)
    gan, batches = small(1), Streamed(data, 8, seed=4, workers=1)
    checkpoint.load(tmp_path / "run.ckpt", gan=gan, batches=batches)
    for _ in train(gan, batches, 7):
        pass
    assert torch.equal(weights(gan), expected)


def test_what_others_ask_of_batches():
    batches, gan = Streamed(NUMBERS, 8), small()
    assert all(isinstance(batches, each) for each in (Sized, InPasses, CountsPasses))
    assert not isinstance(batches, InMemory)  # whose data are one tensor
    next(batches)
    assert steps_per_epoch(gan, batches) == 6 and rest_of_epoch(gan, batches) == 5
    with pytest.raises(ValueError, match="from 1 to 50"):
        Settings(gan, batches).checked("batch_size", 51)
    x, y = next(Together(batches, Batches(PIXELS, 4)))
    assert x.shape == (8, 4) and y.shape == (4, 1, 4, 4)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu():  # pragma: no cover
    cpu = batches_of(Streamed(list(PIXELS), 8, workers=1), 9)
    gpu = batches_of(Streamed(list(PIXELS), 8, workers=1, device="cuda"), 9)
    assert all(each.is_cuda for each in gpu) and same([each.cpu() for each in gpu], cpu)


# ------------------------------------------------------------------ what goes wrong


def odd(i, of):
    """Item 17 is another."""
    return of if i == 17 else NUMBERS[i]


def breaks(i):
    return {}["no such"] if i == 17 else NUMBERS[i]


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize(
    "item, error, words",
    [
        (lambda i: odd(i, torch.zeros(5)), ValueError, r"sample 17 is \(5,\) of .*float32.*sample 0 \(4,\).*transform"),
        (lambda i: odd(i, torch.zeros(4).double()), ValueError, "sample 17 is .*float64, that of sample 0 .*float32"),
        (lambda i: odd(i, NUMBERS[0] / 0), ValueError, "sample 17 holds NaN or infinity: leave it out"),
        (lambda i: odd(i, Image.new("RGBA", (2, 2))), TypeError, r"sample 17 is .*mode 'RGBA': .*convert\(\"RGB\"\)"),
        (lambda i: odd(i, "text"), TypeError, "sample 17 must be a tensor, an array or a picture, got 'text'"),
        (lambda i: odd(i, (1, 2, 3)), TypeError, "sample 17 is a tuple of 3"),
        (breaks, ValueError, "sample 17 cannot be read: KeyError: 'no such'"),
    ],
)
def test_a_sample_that_is_not_as_the_others_is_named(item, error, words, workers):
    batches, before = Streamed(Of(item), 10, workers=workers), []
    with pytest.raises(error, match=words):
        before.extend(iter(batches))  # one by one, until it comes
    place = batches.place
    with pytest.raises(error, match=words):  # it is asked for again, nothing is skipped
        next(batches)
    assert batches.place == place and batches.position == 10 * len(before)


class OnlyThrough(IterableDataset):
    def __iter__(self):
        return iter(PIXELS)


@pytest.mark.parametrize(
    "given, options, error, words",
    [
        (OnlyThrough(), {}, TypeError, "OnlyThrough, which can only be gone through.*endless.DataLoader"),
        ((x for x in PIXELS), {}, TypeError, "generator, which can only be gone through"),
        (DataLoader(PIXELS), {}, TypeError, "give what it loads, loader.dataset, or train from endless"),
        ({"train": PIXELS, "test": PIXELS}, {}, TypeError, "of train, test: take one of them"),
        (3, {}, TypeError, r"samples dataset\[i\], or be a path or an array, got int"),
        (PIXELS.to("meta"), {}, ValueError, r"dataset lies on meta already: take Batches\(data\)"),
        (PIXELS[:0], {}, ValueError, "at least 2 samples, got 0"),
        ([], {}, ValueError, "at least 2 samples, got 0"),
        (PIXELS, {"batch_size": 51}, ValueError, "batch_size must be a whole number from 1 to 50"),
        (LABELS, {}, TypeError, r"samples must be .*int64: samples.to\(torch.uint8\) for pixels"),
        (torch.zeros(50), {}, ValueError, "samples must be tensors .* not empty"),
        (np.array(["a", "b"]), {}, TypeError, "can't convert np.ndarray"),
        (PIXELS, {"conditions": True}, ValueError, "array holds samples alone: conditions=labels"),
        (PIXELS, {"conditions": LABELS[:9]}, ValueError, r"one for each of 50 samples, got \(9,\)"),
        (list(PIXELS), {"conditions": True}, TypeError, "sample 0 is alone: leave it out"),
        (Of(lambda i: (PIXELS[i], "cat")), {"conditions": True}, TypeError, "the condition of sample 0 must be"),
        (OfTable(a=[[1.0]] * 50), {}, TypeError, r'none of the columns a is .*set_format\("torch"\)'),
        (OfTable(a=PIXELS, b=LABELS, c=LABELS), {"conditions": True}, TypeError, r"a, b, c .*select_columns\(\['a', …"),
    ],
)
def test_what_cannot_be_streamed_is_refused_at_the_door(given, options, error, words):
    with pytest.raises(error, match=words):
        Streamed(given, **{"batch_size": 2, "workers": 0, **options})


def test_paths_that_lead_nowhere(tmp_path, file):
    with pytest.raises(FileNotFoundError, match="no pictures in"):
        (tmp_path / "empty").mkdir()
        Streamed(tmp_path / "empty")
    with pytest.raises(ValueError, match="a folder of pictures or a .npy file, got '.*no such"):
        Streamed(tmp_path / "no such")
    with pytest.raises(FileNotFoundError, match="absent.npy"):
        Streamed(tmp_path / "absent.npy")
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(OSError, match=r"pictures.npy' cannot be read as a .npy of numbers .*np.save"):
        Streamed(file)


def test_a_dataset_that_no_fresh_process_could_be_sent(monkeypatch, file):
    monkeypatch.setattr(streamed, "WAY", "spawn")
    with pytest.raises(ValueError, match="cannot be sent there.*no lambdas.*workers=0"):
        Streamed(Of(lambda i: PIXELS[i]), workers=1)
    monkeypatch.setattr(OfTable, "__module__", "__main__")
    monkeypatch.setattr(sys.modules["__main__"], "OfTable", OfTable, raising=False)
    monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)  # as in a notebook
    with pytest.raises(ValueError, match="its class is of this notebook"):
        Streamed(OfTable(image=PIXELS), workers=1)
    with pytest.raises(ValueError, match="all of it would be sent: give the path"):
        Streamed(np.load(file, mmap_mode="r"), workers=1)
    Streamed(Of(lambda i: PIXELS[i]), 8, workers=0)
    sent = pickle.dumps(reader_of(file, False))
    assert PIXELS.numpy().tobytes() not in sent  # the name of the file, and sample 0
    assert torch.equal(pickle.loads(sent)[np.arange(50), 0].samples, PIXELS)


# ------------------------------------------------------------------ workers and their ends


def workers():
    return [worker.pid for worker in active_children()]


def gone(pids, within=10):
    end = time.monotonic() + within
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@linux
@pytest.mark.parametrize("leave", [lambda batches: batches.end(), lambda batches: None])
def test_none_stays_when_it_is_dropped(leave):
    batches = Streamed(list(PIXELS), 8, workers=2)
    next(batches)
    pids = workers()
    assert len(pids) == 2
    leave(batches)
    del batches  # nothing else holds on to it
    assert gone(pids)


@linux
def test_a_worker_that_dies_is_told_and_the_batch_comes_all_the_same(monkeypatch):
    waits = dataloader._MultiProcessingDataLoaderIter._try_get_data
    monkeypatch.setattr(waits, "__defaults__", (0.2,))  # seconds between looks whether they live
    handler = signal.getsignal(signal.SIGCHLD)
    batches, expected = Streamed(list(PIXELS), 8, workers=2), batches_of(Batches(PIXELS, 8), 30)
    seen = batches_of(batches, 2)
    pids = workers()
    assert len(pids) == 2
    os.kill(pids[0], signal.SIGKILL)
    time.sleep(0.1)  # nothing breaks in upon what is computed here
    with pytest.raises(ChildProcessError, match="a worker that reads samples has ended.*memory.*workers=0.*Nothing is"):
        seen.extend(batches)
    assert gone(pids) and signal.getsignal(signal.SIGCHLD) is handler
    assert same([*seen, *batches_of(batches, 30 - len(seen))], expected)


@pytest.fixture(scope="module", autouse=True)
def programs():
    """Two that stream, each ending in its own way, while the other tests run."""
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")])
    started = {
        ending: subprocess.Popen(
            [sys.executable, REPOSITORY / "tests" / "helpers" / "streaming.py", ending],
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for ending in (["interrupted", "killed"] if sys.platform == "linux" else [])
    }
    yield started
    for each in started.values():
        each.kill()
        each.communicate()


@linux
@pytest.mark.parametrize("ending, status", [("interrupted", 3), ("killed", -signal.SIGKILL)])
def test_none_stays_when_the_program_ends(programs, ending, status):
    """After Ctrl-C, which its workers hear, too, the same batches come."""
    said, errors = programs[ending].communicate(timeout=240)
    pids, *lines = said.splitlines()
    assert programs[ending].returncode == status and gone(pids.split()), errors
    assert len(pids.split()) == 2 and not re.search("Traceback|Exception ignored", errors), errors
    if ending == "interrupted":
        paused, interrupted, after, alone = lines
        assert paused == "Paused, and the workers live" and interrupted == "KeyboardInterrupt" and after == alone


# ------------------------------------------------------------------ what was measured


def test_the_benchmark_reads_what_it_made(tmp_path, monkeypatch):
    from benchmarks import streamed as bench

    for name, value in {"PICTURES": 200, "FILES": 40, "A_FOLDER": 20, "BLOCK": 100, "BATCH": 8}.items():
        monkeypatch.setattr(bench, name, value)
    bench.make(tmp_path)
    memory, array, files = (bench.batches_of(arm, tmp_path) for arm in ("memory", ".npy, 0", "PNG, 0"))
    assert same(batches_of(memory, 30), batches_of(array, 30)) and files.order.count == 40
    stored = memory.data[:40]
    assert same(batches_of(files, 9), batches_of(Batches(stored, 8), 9)) and len(stored.unique()) > 50


def test_memory_grew_by_a_tenth_at_most_and_all_of_it_is_told():
    from benchmarks import streamed as bench

    found = json.loads(bench.STORED.read_text())
    grown = {arm: each["own"] for arm, each in found["growth_mb"].items()}
    assert found["pictures"] == 10**6 and max(grown[".npy, 0"], grown[".npy, 2"]) < grown["memory"] / 10
    assert len(bench.table(found).splitlines()) == 2 + len(bench.ARMS)
