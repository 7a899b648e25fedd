"""The overlap lens in Python: held to chapter 10's layers; traits, words, picture, page."""

import io
import json

import numpy as np
import pytest
import torch
import traitlets
from helpers.pixels import only_so
from hypothesis import given, settings, strategies as st
from PIL import Image

from gan_edu.convolutional import growing, overlap
from gan_edu.widgets import OverlapLens


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 7), st.integers(1, 4), st.integers(0, 3), st.integers(3, 8))
def test_its_counts_are_those_of_the_chapter(kernel, stride, padding, inputs):
    seen = OverlapLens(kernel=kernel, stride=stride, padding=padding, inputs=inputs).written()
    if not seen.values:
        with pytest.raises(ValueError, match="leaves no output"):
            overlap(inputs, kernel, stride, padding)
        return
    counts = overlap(inputs, kernel, stride, padding).tolist()
    assert seen.values == pytest.approx(counts)
    assert [sum(column) for column in zip(*seen.ways, strict=True)] == counts
    assert (seen.least, seen.most) == (kernel // stride, -(-kernel // stride))


@pytest.mark.parametrize("kind, kernel", [("transposed", 4), ("resize", 3), ("shuffle", 3)])
def test_its_kinds_are_the_layers_of_the_generators(kind, kernel):
    """Of the chapter's own layer, with all weights 1, a picture of ones becomes the product of both directions."""
    layer = growing(kind, 1, 1, bias=False)
    for weights in layer.parameters():
        torch.nn.init.ones_(weights)
    found = layer(torch.ones(1, 1, 6, 6))[0, 0].detach()
    values = torch.tensor(OverlapLens(kind, kernel=kernel, padding=1).written().values)
    torch.testing.assert_close(found, torch.outer(values, values).float())


def test_what_weights_do_is_a_convolution_written_out():
    weights = [0.5, 1.0, 0.25, 2.0, 1.5, 0.75, 1.25]
    seen = OverlapLens(kernel=5, stride=3, padding=1, inputs=4, weighted=True, weights=weights).written()
    by_hand = np.zeros(12)
    for i in range(4):
        for tap in range(5):
            if 0 <= 3 * i - 1 + tap < 12:
                by_hand[3 * i - 1 + tap] += weights[tap]
    assert seen.values == pytest.approx(by_hand[: len(seen.values)]) and len(seen.values) == 12
    assert (seen.least, seen.most) == (0.25, 2.5)  # w₂ alone; w₁ + w₄


def test_maps_that_weigh_unlike_make_a_pattern_without_overlap():
    seen = OverlapLens("shuffle", padding=1, weighted=True, weights=[0.5, 1.0] + [1.0] * 5).written()
    assert seen.values[2:-2] == pytest.approx([1.5, 3.0] * 4) and (seen.least, seen.most) == (1.5, 3.0)


@pytest.mark.parametrize(
    "state, words",
    [
        ({"kind": "unpool"}, "kind"),
        ({"kernel": 0}, "kernel must be a whole number from 1 to 7, got 0"),
        ({"kernel": 8}, "from 1 to 7, got 8"),
        ({"stride": 5}, "stride must be a whole number from 1 to 4, got 5"),
        ({"stride": 1.5}, "stride must be a whole number"),
        ({"padding": -1}, "padding must be a whole number from 0 to 3, got -1"),
        ({"inputs": 2}, "inputs must be a whole number from 3 to 8, got 2"),
        ({"layers": 4}, "layers must be a whole number from 1 to 3, got 4"),
        ({"output": -1}, "output must be a whole number from 0"),
        ({"weighted": 2}, "weighted"),
        ({"weights": [1.0] * 6}, "weights must be 7 numbers, got 6"),
        ({"weights": [1.0] * 6 + [2.1]}, r"weights\[6\] must be a finite number from 0 to 2, got 2.1"),
        ({"weights": [float("nan")] * 7}, r"weights\[0\]"),
        ({"weights": ["a"] * 7}, r"weights\[0\]"),
        ({"weights": 3}, "weights"),
    ],
    ids=str,
)
def test_what_lies_outside_is_refused(state, words):
    with pytest.raises(traitlets.TraitError, match=words):
        OverlapLens(**state)
    control = OverlapLens()
    before = control.page_state()
    with pytest.raises(traitlets.TraitError, match=words):
        control.set_trait(*next(iter(state.items())))
    assert control.page_state() == before


@pytest.mark.parametrize(
    "state, words",
    [
        ({}, ["6 inputs become 13 outputs", "from 1 to 2", "Output 4 is written 2 times: by input 1, input 2."]),
        ({"output": 3}, ["Output 3 is written once: by input 1."]),
        ({"output": 99}, ["Output 12 is written once: by input 5."]),
        ({"kernel": 1, "output": 3}, ["from 0 to 1", "Output 3 is never written."]),
        (
            {"layers": 2, "output": 6},
            ["2 layers", "from 1 to 3", "3 ways lead to output 6: from input 0, input 1 (2×)."],
        ),
        ({"kind": "resize", "padding": 1}, ["resize", "from 3 to 3", "3 times: by input 1, input 2 (2×)."]),
        ({"kernel": 1, "stride": 1, "padding": 3, "inputs": 3}, ["become 0 outputs", "No output is left"]),
    ],
    ids=str,
)
def test_its_words_say_what_is_seen(state, words):
    told = OverlapLens(**state).alt
    assert [each for each in words if each not in told] == [], told


def test_its_repr_tells_the_layer():
    assert repr(OverlapLens("shuffle", padding=1)) == (
        "OverlapLens('shuffle', kernel=3, stride=2, padding=1, layers=1; 6 → 12)"
    )


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"kind": "resize", "layers": 3},
        {"kernel": 7, "stride": 4, "layers": 3, "inputs": 8},
        {"kernel": 1, "output": 1},
    ],
    ids=str,
)
def test_a_saved_notebook_keeps_a_small_picture(state):
    control = OverlapLens(**state)
    assert len(control.picture()) < 40_000
    data, about = control._repr_mimebundle_()
    assert about["image/png"]["alt"] == control.alt and data["text/plain"] == repr(control)


def test_a_picture_is_there_where_nothing_is_left():
    assert Image.open(io.BytesIO(OverlapLens(kernel=1, stride=1, padding=3, inputs=3).picture())).width > 400


def test_its_picture_is_darker_where_more_is_written():
    """The first weight is strong, the others are weak, none overlap: each square of 4 × 4 is darkest left above."""
    weights = [2.0, 0.5, 0.5, 0.6] + [1.0] * 3
    picture = OverlapLens(kernel=4, stride=4, inputs=3, weighted=True, weights=weights).picture()
    seen = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), int)
    right = seen[:, round(0.7 * seen.shape[1]) :]
    rows, columns = (np.flatnonzero((right[24:].mean(-1) < 254).mean(axis) > 0.5) for axis in (1, 0))
    map_ = right[24 + rows[0] : 25 + rows[-1], columns[0] : columns[-1] + 1]

    def begins_dark(picture):
        for k in range(3):
            at = round((k / 3 + 0.04) * len(picture)), round((k / 3 + 0.04) * picture.shape[1])
            assert picture[at].mean() < 60, k

    only_so(begins_dark, map_, "upside down", "mirrored", "dark for light")


def test_a_page_holds_all_of_it_and_a_link_may_set_it():
    content = OverlapLens(kernel=5).page_content()
    assert json.dumps(content) and content["kernel"] == 5 and content["weights"] == [1.0] * 7
    assert set(content["shared"]) >= set(OverlapLens.sent()) and content["shared"]["weights"]["most"] == 2
