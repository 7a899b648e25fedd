"""Data: MNIST as it ships, batches that never repeat themselves, and clear words for bad input."""

import gzip
import itertools
import shutil
import urllib.error

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from PIL import Image

from gan_edu.core.data import datasets, mnist_files
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist, mnist_as_torchvision
from gan_edu.core.data.distributions import Draws, grid, ring
from gan_edu.core.data.own_pictures import image_from_file, images_from_folder
from gan_edu.core.data.pixels import as_grid, scaled, to_uint8


def test_mnist_has_its_known_counts():
    for train, count, per_class in (
        (True, 60_000, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]),
        (False, 10_000, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]),
    ):
        images, labels = mnist(train)
        assert images.shape == (count, 1, 28, 28) and images.dtype == torch.uint8 and labels.dtype == torch.int64
        assert torch.bincount(labels).tolist() == per_class


def test_torchvision_reads_the_same(tmp_path):
    from torchvision.datasets import MNIST

    mnist_as_torchvision(tmp_path)
    for train in (True, False):
        theirs, (images, labels) = MNIST(tmp_path, train=train, download=False), mnist(train)
        assert torch.equal(theirs.data, images[:, 0]) and torch.equal(theirs.targets, labels)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-500],
        lambda raw: gzip.compress(b"not MNIST"),
        lambda raw: b"?",
        lambda raw: raw[:40] + b"????????" + raw[48:],
    ],
)  # a damaged block
def test_a_corrupt_file_is_named_with_the_cure(tmp_path, monkeypatch, damage):
    for path in mnist_files.MNIST_FOLDER.glob("t10k*.gz"):
        shutil.copy(path, tmp_path)
    broken = tmp_path / "t10k-labels-idx1-ubyte.gz"
    broken.write_bytes(damage(broken.read_bytes()))
    monkeypatch.setattr(mnist_files, "MNIST_FOLDER", tmp_path)
    with pytest.raises(OSError, match="t10k-labels-idx1-ubyte.gz is corrupt.*git checkout"):
        mnist(train=False)
    broken.unlink()
    with pytest.raises(FileNotFoundError, match="t10k-labels.*missing: install gan_edu anew"):
        mnist(train=False)


@pytest.mark.skipif(
    not mnist_files.FASHION_FOLDER.is_dir(), reason="Debian's package dataset-fashion-mnist is not installed"
)
def test_fashion_mnist_from_debians_package():
    images, labels = datasets.fashion_mnist(train=False)
    assert images.shape == (10_000, 1, 28, 28) and torch.bincount(labels).tolist() == [1000] * 10


def test_fashion_mnist_without_a_source_names_both(tmp_path, monkeypatch):
    import torchvision.datasets.mnist as module

    def unreachable(*args, **kwargs):
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(datasets, "FASHION_FOLDER", tmp_path / "absent")
    monkeypatch.setattr(module, "download_and_extract_archive", unreachable)
    with pytest.raises(OSError, match="apt install dataset-fashion-mnist.*or connect to the network"):
        datasets.fashion_mnist(folder=tmp_path)


def test_an_epoch_shows_each_sample_once_in_a_new_order_and_drops_the_odd_ones():
    numbers = torch.arange(10.0)[:, None]
    batches = Batches(numbers, batch_size=3, seed=1)
    epochs = [torch.cat([next(batches) for _ in range(3)]).flatten().tolist() for _ in range(4)]
    assert batches.steps_per_epoch == 3 and batches.epoch == 3
    assert all(len(set(epoch)) == 9 for epoch in epochs) and len({tuple(epoch) for epoch in epochs}) == 4


def test_uint8_comes_out_in_minus_one_to_one():
    images = torch.tensor([[0, 255], [128, 1]], dtype=torch.uint8)
    batch = next(Batches(images, batch_size=2))
    assert batch.min() == -1 and batch.max() == 1 and batch.dtype == torch.float32
    assert torch.equal(to_uint8(scaled(torch.arange(256, dtype=torch.uint8))), torch.arange(256, dtype=torch.uint8))


@given(n=st.integers(2, 40), size=st.integers(1, 40), taken=st.integers(0, 30), seed=st.integers(0, 5))
def test_batches_resume_at_the_very_next_one(n, size, taken, seed):
    values, size = torch.arange(float(n))[:, None], min(size, n)
    batches, again = Batches(values, size, seed), Batches(values, 1, seed + 1)
    for _ in range(taken):
        next(batches)
    again.load_state_dict(batches.state_dict())
    for ours, theirs in itertools.islice(zip(batches, again, strict=False), 10):
        assert torch.equal(ours, theirs)


def test_batches_draw_nothing_from_the_global_stream():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    batches = Batches(torch.rand(5, 1, generator=torch.Generator()), 2)
    for _ in range(5):
        next(batches)
    assert torch.equal(torch.rand(2), expected)


@pytest.mark.parametrize(
    "bad, error, words",
    [
        (np.zeros((3, 2)), TypeError, "must be a tensor.*ndarray.*torch.as_tensor"),
        (
            torch.zeros(3, 2, dtype=torch.int64),
            TypeError,
            r"data must be .* uint8, .*torch.int64: data.to\(torch.uint8\)",
        ),
        (torch.zeros(0, 2), ValueError, r"at least 2 samples.*\(0, 2\)"),
        (torch.zeros(1, 2), ValueError, "at least 2 samples"),
        (torch.zeros(3, 0), ValueError, "not empty"),
        (torch.zeros(3), ValueError, "at least two dimensions"),
        (
            torch.tensor([[0.0], [float("nan")], [1.0]]),
            ValueError,
            "1 of 3 samples hold NaN or infinity, sample 1 first",
        ),
    ],
)
def test_bad_data_is_named_at_the_door(bad, error, words):
    with pytest.raises(error, match=words):
        Batches(bad, batch_size=1)


@pytest.mark.parametrize("size", [0, -3, 11, 2.0, True])
def test_bad_batch_sizes(size):
    with pytest.raises(ValueError, match="batch_size must be a whole number from 1 to 10"):
        Batches(torch.zeros(10, 1), batch_size=size)


RAMP = torch.arange(100 * 64, dtype=torch.uint8).view(100, 1, 8, 8)


@pytest.mark.parametrize(
    "other", [255 - RAMP, RAMP[:99], RAMP[:, :, 1:], RAMP.float(), RAMP.flip(0), RAMP.view(100, 64), RAMP[:, :, :, :1]]
)
def test_a_state_of_other_data_is_refused(other):
    state = Batches(RAMP, 4).state_dict()
    with pytest.raises(ValueError, match=r"other data: \(100, 1, 8, 8\) of uint8, .* Load the data the run was"):
        Batches(other, 4).load_state_dict(state)
    Batches(RAMP.clone(), 4).load_state_dict(state)


@pytest.mark.parametrize(
    "other, what",
    [(grid(), "size mismatch: centres"), (ring(radius=1.5), "of other centres"), (ring(std=0.3), "of other scales")],
)
def test_a_state_of_draws_from_elsewhere_is_refused(other, what):
    state = Draws(ring(), 4).state_dict()
    with pytest.raises(ValueError, match=what):
        Draws(other, 4).load_state_dict(state)
    Draws(ring(), 4, seed=3).load_state_dict(state)


def test_a_folder_of_pictures_goes_in(tmp_path):
    Image.new("RGB", (40, 20), (255, 0, 0)).save(tmp_path / "b.jpg", quality=100)
    Image.new("L", (8, 8), 255).save(tmp_path / "a.png")
    (tmp_path / "notes.txt").write_text("no picture")
    grey, colour = images_from_folder(tmp_path, 16), images_from_folder(tmp_path, 16, colour=True)
    assert grey.shape == (2, 1, 16, 16) and colour.shape == (2, 3, 16, 16) and grey.dtype == torch.uint8
    assert grey[0].min() == 255 and colour[1, 0].min() > 250 and colour[1, 1].max() < 5
    assert torch.equal(image_from_file(tmp_path / "b.jpg", 16), grey[1])
    with pytest.raises(OSError, match="notes.txt' cannot be read as a picture"):
        image_from_file(tmp_path / "notes.txt")


def test_bad_folders_are_named(tmp_path):
    with pytest.raises(NotADirectoryError, match="absent' is not a folder"):
        images_from_folder(tmp_path / "absent")
    with pytest.raises(FileNotFoundError, match="no pictures in"):
        images_from_folder(tmp_path)
    (tmp_path / "fake.png").write_text("not a picture")
    with pytest.raises(OSError, match="fake.png' cannot be read as a picture"):
        images_from_folder(tmp_path)
    with pytest.raises(ValueError, match="size must be a whole number from 1 to 10,000, got 0"):
        images_from_folder(tmp_path, 0)


@given(count=st.integers(1, 12), columns=st.integers(1, 5), channels=st.sampled_from([1, 3]))
def test_as_grid_puts_each_tile_in_its_place(count, columns, channels):
    tiles = torch.arange(count * channels * 6.0).reshape(count, channels, 2, 3)
    grid = as_grid(tiles, columns)
    for i in range(count):
        row, column = divmod(i, columns)
        assert torch.equal(grid[:, row * 2 : row * 2 + 2, column * 3 : column * 3 + 3], tiles[i])
