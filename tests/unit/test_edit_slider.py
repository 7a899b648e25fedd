"""The edit slider in Python: what was measured, its sheets of pictures, words, picture, page, errors."""

import io
import json

import numpy as np
import pytest
import torch
import traitlets
from helpers.controls import editor, edits
from helpers.pixels import picture_of
from PIL import Image

from gan_edu.widgets import EditSlider


def test_each_picture_stands_in_the_row_of_its_strength():
    control = editor()
    for sheet, (strengths, frames, _) in zip(control.sheets, edits().values(), strict=True):
        pixels = np.asarray(Image.open(io.BytesIO(sheet)))
        assert pixels.shape == (28 * len(strengths), 28 * 3)
        cut = pixels.reshape(len(strengths), 28, 3, 28).swapaxes(1, 2)
        assert (cut == (frames.numpy() > 0) * 255).all()


def test_pictures_of_any_kind_become_the_same_pixels():
    shades = torch.linspace(-1, 1, 2 * 784).view(2, 1, 28, 28)
    measured = torch.zeros(2, 1)
    sheets = [
        EditSlider({"a": ([0, 1], frames, measured)}).sheets
        for frames in (shades, shades.double(), ((shades + 1) * 127.5).round().to(torch.uint8))
    ]
    assert sheets[0] == sheets[1] == sheets[2]


def test_mean_and_range_are_those_of_the_measured():
    control = editor(place=4)
    first = control.board["directions"][0]
    measured = edits()["width"][2].numpy().astype(float)
    assert first["mean"] == pytest.approx(measured.mean(1).tolist())
    assert (first["low"], first["high"]) == (measured.min(1).tolist(), measured.max(1).tolist())
    assert control.at() == {"strength": 2.0, "mean": pytest.approx(measured[4].mean()), "low": 10.0, "high": 12.0}
    control.direction = "place"  # which has three strengths
    assert control.at()["strength"] == 0.5


def test_it_opens_where_nothing_is_changed():
    assert editor().place == 2 and editor(direction="place").place == 1
    frames, measured = torch.zeros(3, 1, 28, 28), torch.zeros(3, 1)
    assert EditSlider({"a": ([0, 1, 2], frames, measured)}).place == 0
    assert EditSlider({"a": ([-2, -1.5, 4], frames, measured)}).place == 1


def test_its_words_and_its_page():
    control = editor()
    assert control.alt.startswith("3 pictures pushed along width, at the strengths from -2 to 2.")
    assert "goes from 3 to 11" in control.alt
    assert repr(control) == "EditSlider(width, place; direction='width', place=2)"
    assert control.shared()["direction"]["of"] == ["width", "place"] and control.shared()["place"]["most"] == 4
    assert json.dumps(control.page_state()) and control.frame_title == control.alt


def test_its_picture_has_a_row_of_the_least_the_chosen_and_the_largest():
    seen = picture_of(editor(place=1).picture())
    rows = [seen[30 + k * 88 : 114 + k * 88, 150:234] for k in range(3)]
    wide = [(row[42] > 128).all(-1).sum() / 3 for row in rows]
    assert wide == [2, 4, 10]
    assert picture_of(editor(place=0).picture()).shape[0] < seen.shape[0]


@pytest.mark.parametrize("name, value", [("place", 5), ("place", -1), ("place", 0.5), ("direction", "slant")])
def test_what_is_not_there_is_not_shown(name, value):
    for set_it in (lambda: setattr(editor(), name, value), lambda: editor(**{name: value})):
        with pytest.raises(traitlets.TraitError, match=name):
            set_it()


FRAMES, MEASURED = torch.zeros(2, 3, 28, 28), torch.zeros(2, 3)


@pytest.mark.parametrize(
    "given, error, words",
    [
        ([1], ValueError, "edits must be a table"),
        ({}, ValueError, "how many directions there are"),
        ({"a": 3}, ValueError, r"edits\['a'\] must be \(strengths, frames, measured\)"),
        ({"a": ([0, 1], FRAMES)}, ValueError, "must be .strengths, frames, measured."),
        ({"a": ([0], FRAMES[:1], MEASURED[:1])}, ValueError, "from 2 to 41"),
        ({"a": ([0, torch.nan], FRAMES, MEASURED)}, ValueError, r"edits\['a'\]: strengths, place 1"),
        ({"a": ([1, 0], FRAMES, MEASURED)}, ValueError, "strengths must rise"),
        ({"a": ([0, 1], FRAMES[:1], MEASURED)}, ValueError, r"frames must be a tensor \(2, N, H, W\)"),
        ({"a": ([0, 1], FRAMES[:, :, None], MEASURED)}, ValueError, r"got \(2, 3, 1, 28, 28\)"),
        ({"a": ([0, 1], FRAMES[:, :0], MEASURED[:, :0])}, ValueError, "N from 1 to 24"),
        ({"a": ([0, 1], torch.zeros(2, 1, 65, 4), MEASURED[:, :1])}, ValueError, "H and W up to 64"),
        ({"a": ([0, 1], FRAMES / 0, MEASURED)}, ValueError, "frames must be finite"),
        ({"a": ([0, 1], FRAMES.long(), MEASURED)}, TypeError, "frames must be a tensor of the type"),
        ({"a": ([0, 1], FRAMES, MEASURED[:, :2])}, ValueError, r"measured must be finite numbers \(2, 3\)"),
        ({"a": ([0, 1], FRAMES, MEASURED / 0)}, ValueError, "measured must be finite"),
        ({"a": ([0, 1], FRAMES, "much")}, ValueError, "measured must be numbers"),
        (
            {"a": ([0, 1], FRAMES, MEASURED), "b": ([0, 1], FRAMES[:, :1], MEASURED[:, :1])},
            ValueError,
            "every direction must show the same pictures",
        ),
        (
            {"a": (range(41), torch.zeros(41, 24, 64, 64), torch.zeros(41, 24))},
            ValueError,
            "take fewer pictures or strengths",
        ),
    ],
)
def test_odd_input_is_refused_in_words(given, error, words):
    with pytest.raises(error, match=words):
        EditSlider(given)
