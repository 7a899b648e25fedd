"""What was asked for and what came; spread within a class; what codes mean."""

import math

import pytest
import torch

from gan_edu.core.data import mnist
from gan_edu.core.measures import feature_net
from gan_edu.core.measures.conditions import follows, matched, read, slant, spread_within, thickness


@pytest.fixture(scope="module")
def digits():
    images, labels = mnist(train=False)
    return images[:2000], labels[:2000]


def test_real_digits_are_read_as_they_are_and_nan_as_nothing(digits):
    images, labels = digits
    assert (read(feature_net(), images) == labels).double().mean() > 0.98
    assert read(feature_net(), torch.full((2, 1, 28, 28), math.nan)).tolist() == [-1, -1]


def test_spread_by_hand():
    real = torch.tensor([0.0, 1.0, 0.0, 0.5]).view(4, 1, 1, 1)
    fake = torch.tensor([0.0, 0.5, 0.2, 0.2]).view(4, 1, 1, 1)
    labels = torch.tensor([0, 0, 1, 1])
    assert spread_within(fake, labels, real, labels).tolist() == pytest.approx([0.5, 0.0])
    assert spread_within(real, labels, real, labels).tolist() == [1, 1]


def test_spread_of_real_digits_is_one_and_of_few_kinds_less(digits):
    images, labels = digits
    halves = [(images[k::2], labels[k::2]) for k in range(2)]
    found = spread_within(*halves[0], *halves[1])
    assert found.shape == (10,) and found.min() > 0.93 and found.max() < 1.07
    one_of_each = torch.stack([images[labels == k][0] for k in range(10)])[halves[0][1]]
    assert spread_within(one_of_each, halves[0][1], *halves[1]).max() == 0


@pytest.mark.parametrize("labels", [torch.zeros(3), torch.zeros(4, 1), torch.tensor([0, 0, 0, 1])])
def test_spread_says_what_it_needs(labels):
    with pytest.raises(ValueError, match="labels must be|2 pictures or more"):
        spread_within(torch.zeros(4, 1, 2, 2), labels, torch.zeros(4, 1, 2, 2), torch.tensor([0, 0, 1, 1]))


def test_codes_are_paired_one_to_one():
    labels = torch.arange(10).repeat(30)
    assert matched((labels + 3) % 10, labels) == (1.0, (7, 8, 9, 0, 1, 2, 3, 4, 5, 6), 10)
    two_alike = torch.where(labels == 4, 5, labels)  # the code 5 stands for two digits, the code 4 for none
    found = matched(two_alike, labels)
    assert found.share == pytest.approx(0.9) and found.found == 9
    drawn = torch.randint(10, (3000,), generator=torch.Generator().manual_seed(0))
    assert 0.1 < matched(drawn, labels.repeat(10)).share < 0.16  # by chance


def test_what_cannot_be_read_agrees_with_no_code():
    assert matched(torch.tensor([0, 1, 1]), torch.tensor([0, 1, -1])).share == pytest.approx(2 / 3)


@pytest.mark.parametrize("codes", [torch.zeros(3), torch.zeros(0), torch.zeros(4, 1)])
def test_codes_and_labels_of_other_shapes_are_told(codes):
    with pytest.raises(ValueError, match=r"must be \(N,\)"):
        matched(codes, torch.zeros(4) if len(codes) else codes)


def test_ink_and_slant_of_strokes():
    stroke = torch.full((1, 1, 28, 28), -1.0)
    stroke[0, 0, 4:24, 13:15] = 1
    leaning = stroke.clone().fill_(-1)
    for row in range(4, 24):
        leaning[0, 0, row, 13 + (14 - row) // 2] = 1  # one to the right for each two rows upwards
    assert slant(stroke).item() == pytest.approx(0) and slant(leaning).item() == pytest.approx(0.5, abs=0.01)
    assert slant(leaning.flip(3)).item() == pytest.approx(-0.5, abs=0.01)
    assert thickness(stroke).item() == pytest.approx(40 / 784) and thickness(-stroke).item() == pytest.approx(744 / 784)
    assert slant(torch.full((1, 1, 28, 28), -1.0)).item() == 0


def test_thicker_digits_have_more_ink(digits):
    images, _ = digits
    thick = torch.nn.functional.max_pool2d(images.float(), 3, stride=1, padding=1).to(torch.uint8)
    assert (thickness(thick) > thickness(images)).all()


def test_follows_within_each_category():
    codes = torch.arange(2).repeat_interleave(50)
    numbers = torch.rand(100, generator=torch.Generator().manual_seed(0))
    assert follows(numbers, numbers.square() + 10 * codes, codes) == pytest.approx(1)
    assert follows(numbers, -numbers + 10 * codes, codes) == pytest.approx(-1)
    assert abs(follows(numbers, torch.rand(100, generator=torch.Generator().manual_seed(1)), codes)) < 0.3
