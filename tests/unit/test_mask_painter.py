"""The mask painter in Python: holes as text, what its functions are asked and answer, words, picture, page, errors."""

import base64
import json
import math
import re

import numpy as np
import pytest
import torch
import traitlets
from helpers.controls import blurred, drawings, halves, noisy, painter
from helpers.pixels import picture_of
from PIL import Image
from torchmetrics.functional.image import peak_signal_noise_ratio

from gan_edu.widgets import MaskPainter
from gan_edu.widgets.mask_painter.answers import decibels
from gan_edu.widgets.mask_painter.holes import PRESETS, hole_of, text_of

EMPTY = "0" * 196


def asks(control, **change):
    """A view's question, and the answer to it: (what is left, what is restored), or what went wrong."""
    names = ("which", "own", "tab", "strength", "hole", "weight")
    asked = {**{name: getattr(control, name) for name in names}, **change}
    control._handle_custom_msg({"do": "restore", "asked": asked}, [])
    assert control.answer["to"] == asked
    if control.answer["trouble"]:
        return control.answer["trouble"]
    return np.frombuffer(control.answer["pixels"], np.uint8).reshape(2, 28, 28)


# ---------------------------------------------------------------- holes


def test_a_hole_and_its_digits_are_the_same():
    hole = torch.rand(28, 28, generator=torch.Generator().manual_seed(0)) < 0.3
    assert torch.equal(hole_of(text_of(hole)), hole) and hole_of(EMPTY).sum() == 0
    first = hole_of("8" + EMPTY[1:])
    assert first[0, 0] and first.sum() == 1  # the first digit's highest bit is the pixel at the upper left
    whole = int(text_of(hole), 16)
    assert f"{whole:0784b}" == "".join(str(int(bit)) for bit in hole.flatten())


def test_the_stored_holes_are_what_their_names_say():
    assert {name: int(hole.sum()) for name, hole in PRESETS.items()} == {
        **{"centre": 144, "upper": 144, "lower": 144, "right": 392, "bottom": 392, "stripes": 392}
    }
    assert PRESETS["centre"].nonzero().float().mean(0).tolist() == [13.5, 13.5]
    assert PRESETS["upper"].nonzero()[:, 0].max() < 14 <= PRESETS["lower"].nonzero()[:, 0].min()
    assert PRESETS["right"].nonzero()[:, 1].min() == 14 and PRESETS["bottom"].nonzero()[:, 0].min() == 14
    assert PRESETS["stripes"].sum(1).tolist() == [28, 28, 0, 0] * 7


@pytest.mark.parametrize("value", ["middle", "f" * 195, "g" * 196, "F" * 196, 3])
def test_what_is_no_hole_is_refused(value):
    with pytest.raises((ValueError, traitlets.TraitError), match="hole"):
        painter().hole = value


def test_a_hole_is_painted_in_python():
    control, hole = painter(), torch.eye(28)
    control.paint(hole)
    assert torch.equal(hole_of(control.hole).float(), hole)
    for wrong in (hole * 0.5, torch.eye(27), [1, 0]):
        with pytest.raises(ValueError, match="hole must be a tensor"):
            control.paint(wrong)


# ---------------------------------------------------------------- what is asked and answered


def test_a_question_is_answered_by_the_chosen_function_for_the_hole_that_was_painted():
    control, real = painter(), drawings()
    hole = torch.zeros(28, 28, dtype=torch.bool)
    hole[3:9, 10:20] = True
    for weight, function in enumerate((blurred, halves)):
        left, made = asks(control, which=1, hole=text_of(hole), weight=weight)
        quantised = (real[1:2] * 255).round() / 255
        known = (~hole).float()[None, None]
        wanted = function(quantised * known, known)[0, 0]
        assert (left == (quantised * known * 255).round()[0, 0].numpy()).all()
        assert np.abs(made - wanted.numpy() * 255).max() <= 0.51
        assert (made[~hole.numpy()] == left[~hole.numpy()]).all()


def test_a_function_is_given_what_is_left_and_never_the_real_picture():
    seen = []

    def watch(x, known):
        seen.append((x, known))
        return x

    MaskPainter(torch.ones(1, 1, 28, 28), {"0": watch}, hole="right")
    (x, known), *_ = seen
    assert (x[..., 14:] == 0).all() and (x[..., :14] == 1).all() and torch.equal(x, known)


def test_noise_is_the_same_at_each_strength_and_in_each_answer():
    control = painter()
    real = (drawings()[0, 0] * 255).round().numpy()
    weak, strong = (asks(control, tab=1, strength=k)[0] for k in (0, 1))
    inside = (weak > 0) & (weak < 255) & (strong > 0) & (strong < 255)
    assert inside.sum() > 100
    assert (strong - real)[inside] / 3 == pytest.approx((weak - real)[inside], abs=1)
    assert (asks(control, tab=1, strength=1)[0] == strong).all()
    noise = torch.randn(28, 28, generator=torch.Generator().manual_seed(0)).numpy()
    assert (weak - real)[inside] == pytest.approx(25.5 * noise[inside], abs=0.51)


def test_a_damage_without_strengths_has_one():
    left, _ = asks(painter(), tab=2, strength=1)
    assert np.abs(left - (drawings()[0, 0] * 255).numpy() / 2).max() <= 1


def test_what_goes_wrong_is_said_and_the_next_question_answered():
    def moody(seen, known):
        if known.sum() < 100:
            raise RuntimeError("too much is missing")
        return seen

    control = MaskPainter(drawings(), {"0": moody})
    assert asks(control, hole="f" * 196) == "RuntimeError: too much is missing"
    assert asks(control, hole="centre").shape == (2, 28, 28)
    assert asks(control, which=9).startswith("IndexError") and asks(control, weight=7).startswith("IndexError")
    assert "hole must be" in asks(control, hole="no") and "own must be" in asks(control, which=3, own="no")


def test_each_answer_is_new_even_where_it_is_the_same():
    control, heard = painter(), []
    control.observe(lambda change: heard.append(change["new"]["number"]), "answer")
    asks(control)
    asks(control)
    assert heard == [2, 3]


def test_a_setting_that_is_not_there_is_refused():
    for name, most in (("which", 3), ("tab", 2), ("strength", 1), ("weight", 1)):
        for value in (most + 1, -1, 0.5, "1"):
            with pytest.raises(traitlets.TraitError, match=name):
                setattr(painter(), name, value)
        assert getattr(painter(**{name: most}), name) == most


# ---------------------------------------------------------------- a picture of one's own


def test_ones_own_picture_is_added_from_a_tensor_or_a_file(tmp_path):
    control, own = painter(), torch.linspace(0, 1, 784).view(28, 28)
    for given in (own, own[None], (own * 255).round().to(torch.uint8)):
        control.add(given)
        assert control.which == 3 and (control.restored()[0] == (own * 255).round()).all()
    big = np.kron((own * 255).round().numpy().astype(np.uint8), np.ones((2, 2), np.uint8))
    Image.fromarray(big).save(tmp_path / "own.png")
    control.add(tmp_path / "own.png")
    assert np.abs(control.restored()[0].numpy() - (own * 255).numpy()).max() <= 2
    assert asks(control)[0][0, 5] == control.restored()[0][0, 5]
    with pytest.raises(OSError, match="cannot be read"):
        control.add(tmp_path / "none.png")
    with pytest.raises(ValueError, match=r"\(N, 1, 28, 28\)"):
        control.add(torch.zeros(27, 28))
    with pytest.raises(TypeError, match="path must be a path"):
        control.add(3)
    control = painter(real_of=lambda text: torch.full((28, 28), len(text) / 10))
    control.add("three")
    assert (control.restored()[0] == 128).all()


def test_before_anything_is_drawn_ones_own_picture_is_black():
    assert asks(painter(), which=3)[0].max() == 0


def test_own_is_a_picture_or_nothing():
    for value in ("x", "AAAA", base64.b64encode(bytes(785)).decode()):
        with pytest.raises(traitlets.TraitError, match="own must be 784 bytes"):
            painter().own = value


# ---------------------------------------------------------------- scores, words, picture


def test_psnr_is_torchmetrics():
    stream = torch.Generator().manual_seed(1)
    a, b = torch.randint(0, 256, (2, 28, 28), generator=stream).to(torch.uint8)
    for name in ("centre", "stripes"):
        hole = PRESETS[name]
        wanted = peak_signal_noise_ratio(a[hole] / 255, b[hole] / 255, data_range=1.0)
        assert decibels(a, b, hole) == pytest.approx(wanted.item(), abs=1e-4)
    assert decibels(a, a, PRESETS["centre"]) == math.inf and math.isnan(decibels(a, b, hole_of(EMPTY)))


def test_its_score_counts_inside_the_hole_only():
    control = MaskPainter(torch.full((1, 1, 28, 28), 0.6), {"0": halves})
    assert control.psnr() == pytest.approx(-20 * math.log10((153 - 128) / 255))
    control.hole = "stripes"
    assert control.psnr() == pytest.approx(-20 * math.log10((153 - 128) / 255))


def test_its_words():
    control = painter(weight=1)
    assert re.match(r"A .* with a hole of 144 pixels, .* λ = 0\.1: PSNR \d+\.\d dB in the hole", control.alt)
    control.tab = 1
    assert "spoiled by noise" in control.alt
    assert repr(control) == "MaskPainter(3 pictures; which=0, tab=1, hole='centre')"
    control.tab, control.hole = 0, EMPTY
    assert "hole of 0 pixels" in control.alt and "not a number" in control.alt and "painted" in repr(control)


def test_its_picture_shows_the_hole_and_what_each_function_makes_of_it():
    control = painter(hole="right", which=2)  # the column stands at 18…22, in the hole
    seen = picture_of(control.picture())
    assert seen.shape == (2 * (26 + 112) + 12, 12 + 4 * (112 + 12), 3)
    real, left, first, second = (seen[26:138, 12 + k * 124 : 124 + k * 124] for k in range(4))
    at = 56, 80  # row 14, column 20
    assert real[at].min() > 230 and abs(left[at] - np.array([0xA0, 0x45, 0x8A])).max() < 24
    assert abs(second[at] - 128).max() < 16 and first[at].max() < 100
    error = seen[26 + 138 : 26 + 250, 12 + 3 * 124 :][at]
    assert error[0] > error[2] + 20 and error[2] < 200  # orange: too dark
    ground = seen[26 + 138 : 26 + 250, 12 + 3 * 124 :][56, 104]  # column 26: the ground, 0.2
    assert ground[2] > ground[0] + 20 and 200 < ground[0] < 245  # blue: too bright


# ---------------------------------------------------------------- the page


def test_a_page_holds_the_answers_to_all_that_can_be_chosen_there():
    control = painter()
    control.paint(torch.eye(28))
    state = control.page_state()
    assert state["hole"] == "centre" and state["answer"] == {}
    made = np.frombuffer(base64.b64decode(state["stored"]["restored"]), np.uint8).reshape(3, 9, 2, 28, 28)
    seen = np.frombuffer(base64.b64decode(state["stored"]["seen"]), np.uint8).reshape(3, 3, 28, 28)
    places = [*((0, 0, hole) for hole in PRESETS), (1, 0, "centre"), (1, 1, "centre"), (2, 0, "centre")]
    for which in range(3):
        for place, (tab, strength, hole) in enumerate(places):
            for weight in range(2):
                left, restored = asks(control, which=which, tab=tab, strength=strength, hole=hole, weight=weight)
                assert (made[which, place, weight] == restored).all()
                assert tab == 0 or (seen[which, place - 6] == left).all()
    control.add(torch.ones(28, 28))
    assert len(base64.b64decode(control.page_state()["stored"]["restored"])) == 4 * 9 * 2 * 784
    assert json.dumps(state) and "Infinity" not in json.dumps(state)


# ---------------------------------------------------------------- odd input


def with_noise(**damages):
    return {"damages": damages}


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"pictures": torch.zeros(2, 28, 28)}, ValueError, r"pictures must be a tensor \(N, 1, 28, 28\)"),
        ({"pictures": [1.0]}, TypeError, "pictures must be a tensor"),
        ({"pictures": torch.zeros(0, 1, 28, 28)}, ValueError, "N ≥ 1"),
        ({"pictures": torch.zeros(13, 1, 28, 28)}, ValueError, "from 1 to 12"),
        ({"pictures": torch.full((1, 1, 28, 28), -1.0)}, ValueError, r"\(x \+ 1\) / 2"),
        ({"pictures": torch.full((1, 1, 28, 28), torch.nan)}, ValueError, r"pictures must lie in \[0, 1\]"),
        ({"restore": blurred}, ValueError, "restore must be a table"),
        ({"restore": {}}, ValueError, "how many functions there are"),
        ({"restore": {"0": 3}}, TypeError, r"restore\['0'\] must be a function"),
        ({"restore": {"0": lambda seen: seen}}, TypeError, "positional argument"),
        (
            {"restore": {"0": lambda seen, known: None}},
            ValueError,
            r"restore\['0'\] must give pictures .* got NoneType",
        ),
        ({"restore": {"0": blurred, "1": lambda seen, known: seen[0]}}, ValueError, r"restore\['1'\] .*\(1, 28, 28\)"),
        ({"restore": {"0": lambda seen, known: seen * 2 - 1}}, ValueError, r"restore\['0'\] must lie in"),
        ({"restore": {"0": lambda seen, known: seen / 0}}, ValueError, "must lie in"),
        ({"damages": [noisy(1)]}, ValueError, "damages must be a table"),
        (with_noise(noise=3), TypeError, r"damages\['noise'\] must be a function"),
        (with_noise(noise={}), ValueError, "how many strengths there are"),
        (with_noise(noise={1: noisy(1)}), ValueError, r"damages\['noise'\] must be a text"),
        (with_noise(noise=lambda x, stream: x), ValueError, "must give a pair"),
        (with_noise(noise=lambda x, stream: (x, x[0])), ValueError, "must give a pair"),
        ({"real_of": 3}, TypeError, "real_of must be a function"),
        ({"weights": 3}, TypeError, "no setting 'weights'"),
    ],
)
def test_odd_input_is_refused_in_words(change, error, words):
    with pytest.raises(error, match=words):
        MaskPainter(**{"pictures": drawings(), "restore": {"0": blurred}, **change})


def test_a_page_too_large_is_refused_before_it_is_made():
    many = {str(k): blurred for k in range(9)}
    with pytest.raises(ValueError, match="take fewer pictures or λ"):
        MaskPainter(drawings(12), many, {"noise": {str(k): noisy(k) for k in range(8)}})
