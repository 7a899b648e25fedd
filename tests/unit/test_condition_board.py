"""The condition board in Python: what it asks its generator for, where it puts that, words, picture, page, errors."""

import io
import json
from fractions import Fraction

import numpy as np
import pytest
import torch
import traitlets
from helpers.controls import bars, widest
from helpers.pixels import picture_of
from PIL import Image

from gan_edu.convolutional import ConvGenerator, Labelled
from gan_edu.training_loop import GAN
from gan_edu.widgets import ConditionBoard
from gan_edu.widgets.condition_board.asked import asked, labels, place

Z = torch.tensor([[-2.0], [0.0], [2.0]])  # three styles of bars: short, middling, long


def cut(board, style, k):
    """A picture of a style's sheet, as the view cuts it out."""
    told = board.board
    sheet = np.asarray(Image.open(io.BytesIO(board.sheets[style])).convert("L"), float)
    x, y = k % told["columns"] * told["frame_width"], k // told["columns"] * told["frame_height"]
    return sheet[y : y + told["frame_height"], x : x + told["frame_width"]]


# ---------------------------------------------------------------- labels


@pytest.mark.parametrize("classes", [2, 3, 10, 12])
def test_each_way_from_class_to_class_is_there_in_steps_of_a_sixth(classes):
    y = labels(classes)
    assert len(y) == classes + 5 * classes * (classes - 1) // 2 and len(y.unique(dim=0)) == len(y)
    for a in range(classes):
        for b in range(classes):
            for step in range(7):
                wanted = [Fraction(0)] * classes
                wanted[a] += Fraction(6 - step, 6)
                wanted[b] += Fraction(step, 6)
                found = y[place(a, b, step, classes)].tolist()
                assert found == pytest.approx([float(share) for share in wanted], abs=1e-6)


def test_the_generator_is_asked_for_each_style_with_each_label():
    calls = []

    def generate(z, y):
        calls.append((z, y))
        return bars(z, y)

    images = asked(generate, Z, 3)
    assert images.shape == (3, 3 + 15, 1, 12, 12)
    for z, (given, y) in zip(Z, calls, strict=True):
        assert (given == z).all() and torch.equal(y, labels(3))


def test_a_gan_of_the_chapter_is_taken_and_left_as_it_is():
    gan = GAN(Labelled(ConvGenerator(8 + 3, width=4), 3), None, 8)
    gan.generator.train()
    board = ConditionBoard(gan.generate, gan.latents(2), classes=["a", "b", "c"])
    assert gan.generator.training and board.board["frame_width"] == 28
    z = gan.latents(1)
    same = ConditionBoard(gan.generate, z, classes=["a", "b", "c"])
    wanted = gan.generate(z, torch.tensor([[0.0, 0.5, 0.5]]))[0, 0]
    assert cut(same, 0, place(1, 2, 3, 3)) == pytest.approx(((wanted + 1) * 127.5).numpy(), abs=30)


def test_what_a_generator_does_to_its_input_is_its_own_affair():
    def greedy(z, y):
        made = bars(z, y)
        y.zero_()
        z.zero_()
        return made

    z = Z.clone()
    assert ConditionBoard(greedy, z).sheets == ConditionBoard(bars, Z).sheets and torch.equal(z, Z)


# ---------------------------------------------------------------- where its pictures are


def test_sheets_hold_the_pictures_in_their_places():
    board = ConditionBoard(bars, Z)
    assert len(board.sheets) == 3
    for style, rows in enumerate((2, 6, 10)):
        for c in (0, 3, 9):
            picture = cut(board, style, c)
            assert picture[0].argmax() == c and picture[0, c] > 200
            assert (picture[:, c] > 128).sum() == pytest.approx(rows, abs=1)
        between = cut(board, style, place(7, 2, 2, 10))[0]  # ⅔ of 7, ⅓ of 2
        assert (between[7], between[2]) == (pytest.approx(170, abs=25), pytest.approx(85, abs=25))


def test_pictures_may_have_colours_and_any_shape():
    def painted(z, y):
        return torch.stack([y[:, :1, None].expand(-1, 5, 9), *[torch.zeros(len(y), 5, 9)] * 2], 1) * 2 - 1

    board = ConditionBoard(painted, Z, classes=["red", "black"])
    sheet = np.asarray(Image.open(io.BytesIO(board.sheets[0])), int)
    assert (board.board["frame_width"], board.board["frame_height"]) == (9, 5)
    assert sheet[2, 4, 0] > 200 > 100 > sheet[2, 4, 2] and sheet[2, 13].max() < 150
    assert board.picture()


def test_what_is_read_is_counted():
    def reads(pictures):
        found = widest(pictures)
        return torch.where(found == 4, 9, found)

    board = ConditionBoard(bars, Z, reads=reads)
    assert board.as_asked() == (27, 30) and "27 of 30" in board.alt
    read = board.board["read"]
    assert [len(each) for each in read] == [235] * 3 and read[1][:10] == [0, 1, 2, 3, 9, 5, 6, 7, 8, 9]
    assert (read[2][place(7, 2, 2, 10)], read[2][place(7, 2, 4, 10)]) == (7, 2)
    assert ConditionBoard(bars, Z).as_asked() is None and "reader" not in ConditionBoard(bars, Z).alt


# ---------------------------------------------------------------- traits, words, picture, page


def test_its_page_has_all_that_it_shows():
    board = ConditionBoard(bars, Z, style=2, a=3, b=8, step=4, reads=widest)
    state = board.page_state()
    assert set(state) == {"board", "sheets", "style", "a", "b", "step"} and len(json.dumps(state)) < 200_000
    shared = board.shared()
    bounds = {name: (shared[name]["least"], shared[name]["most"]) for name in ("style", "a", "b", "step")}
    assert bounds == {"style": (0, 2), "a": (0, 9), "b": (0, 9), "step": (0, 6)}
    assert repr(board) == "ConditionBoard(3 styles × 10 classes; style=2, a=3, b=8, step=4)"
    assert "3 styles" in board.alt and "from 3 to 8 in style 3" in board.alt


def test_its_picture_shows_the_board_and_the_way():
    """Columns are classes, from left to right; rows styles, from above; the way leads from a to b."""
    seen = picture_of(ConditionBoard(bars, Z, style=2, a=1, b=9).picture()).min(-1)

    def tile(row, column, extra=0):
        top, left = 26 + row * 60 + extra, 64 + column * 60
        return seen[top : top + 56, left : left + 56].reshape(56, 56)

    for row, bright in enumerate((2, 6, 10)):
        for column in (0, 4, 9):
            picture = tile(row, column)
            assert round((np.nonzero(picture[2] > 128)[0].mean() - 2) / (56 / 12)) == column
            assert (picture[:, round((column + 0.5) * 56 / 12)] > 128).sum() * 12 / 56 == pytest.approx(bright, abs=1)
    first, last = (tile(3, k, 26)[2] for k in (0, 6))
    assert [round((each > 128).nonzero()[0].mean() / (56 / 12) - 0.5) for each in (first, last)] == [1, 9]


def test_of_many_styles_those_round_the_one_pointed_at_are_on_paper():
    board = ConditionBoard(bars, torch.linspace(-2, 2, 14)[:, None], style=13)
    assert board.first == 12 and "2 styles" in board.alt
    few, many = (Image.open(io.BytesIO(board.picture())).height for board.style in (13, 0))
    assert many - few == 4 * 60


def test_a_picture_of_noise_stays_small():
    noise = torch.Generator().manual_seed(0)
    board = ConditionBoard(lambda z, y: torch.rand(len(z), 3, 28, 28, generator=noise) * 2 - 1, torch.zeros(6, 2))
    assert len(board.picture()) <= 200_000


@pytest.mark.parametrize("name, value", [("style", 3), ("a", 10), ("b", -1), ("step", 7), ("a", 1.5)])
def test_what_is_not_there_is_not_pointed_at(name, value):
    board = ConditionBoard(bars, Z)
    for set_it in (lambda: setattr(board, name, value), lambda: ConditionBoard(bars, Z, **{name: value})):
        with pytest.raises(traitlets.TraitError, match=name):
            set_it()


# ---------------------------------------------------------------- odd input


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"generate": None}, TypeError, "generate must be a function"),
        ({"generate": lambda z: z}, TypeError, "positional argument"),
        ({"generate": lambda z, y: None}, ValueError, "pictures .235, 1 or 3, H, W. .* got NoneType"),
        ({"generate": lambda z, y: torch.zeros(1, 1, 4, 4)}, ValueError, r"got \(1, 1, 4, 4\)"),
        ({"generate": lambda z, y: torch.zeros(len(z), 2, 4, 4)}, ValueError, r"got \(235, 2, 4, 4\)"),
        ({"generate": lambda z, y: torch.zeros(len(z), 784)}, ValueError, r"got \(235, 784\)"),
        ({"generate": lambda z, y: torch.zeros(len(z), 1, 256, 256)}, ValueError, "take fewer latents"),
        ({"latents": [1.0]}, ValueError, r"latents must be a tensor \(N, latent_dim\) with N from 1 to 24, got list"),
        ({"latents": torch.zeros(25, 2)}, ValueError, "N from 1 to 24"),
        ({"latents": torch.zeros(2, 2, dtype=torch.long)}, ValueError, "finite floating-point"),
        ({"latents": torch.full((2, 2), torch.nan)}, ValueError, "finite floating-point"),
        ({"classes": "0123"}, ValueError, "classes must be a list or tuple"),
        ({"classes": 10}, ValueError, "classes must be a list or tuple"),
        ({"classes": [0, 1]}, ValueError, "classes, place 0 must be a text"),
        ({"classes": ["one"]}, ValueError, "how many there are must be a whole number from 2 to 12, got 1"),
        ({"reads": 3}, TypeError, "reads must be a function"),
        ({"reads": lambda x: x}, ValueError, r"a tensor \(235,\), got \(235, 1, 12, 12\)"),
        ({"reads": lambda x: torch.full((len(x),), 10)}, ValueError, "classes from 0 to 9, or −1 for none, got 10"),
        ({"reads": lambda x: torch.full((len(x),), torch.nan)}, ValueError, "got nan"),
        ({"styles": 6}, TypeError, "no setting 'styles'"),
    ],
)
def test_odd_input_is_refused_in_words(change, error, words):
    given = {"generate": bars, "latents": Z, **change}
    with pytest.raises(error, match=words):
        ConditionBoard(**given)


def test_pixels_that_are_no_numbers_are_seen():
    board = ConditionBoard(lambda z, y: bars(z, y) * torch.nan, Z)
    picture = cut(board, 0, 0)
    assert picture.min() < 60 and picture.max() > 200  # pieces of a chessboard
