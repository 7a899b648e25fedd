"""Moving earth in Python: its numbers against POT's on sorted places and closed forms; traits, words, picture, page."""

import base64
import io
import math
import re

import numpy as np
import ot
import pytest
import traitlets
from helpers.pixels import FAKE, REAL, near, only_so
from hypothesis import given, settings, strategies as st
from PIL import Image
from scipy.spatial.distance import jensenshannon

from gan_edu.widgets import MovingEarth
from gan_edu.widgets.moving_earth.earth import MIDDLES, cloud, hump, jensen, kullback

GRAINS = st.lists(st.integers(0, 20), min_size=40, max_size=40).filter(any)


def point(k):
    return [20 * (each == k) for each in range(40)]


@settings(max_examples=40, deadline=None)
@given(GRAINS, GRAINS, st.sampled_from([1, 2]))
def test_w_of_any_two_piles_is_that_of_sorted_places(fake, data, power):
    seen = MovingEarth(fake=fake, data=data, p=power).carried()
    q, p = (np.array(grains, float) / sum(grains) for grains in (fake, data))
    metric = {1: "cityblock", 2: "sqeuclidean"}[power]
    assert seen.least == pytest.approx(ot.emd2_1d(MIDDLES, MIDDLES, q, p, metric=metric), abs=1e-9)
    assert seen.w == pytest.approx(max(0, seen.least) ** (1 / power))
    assert seen.js == pytest.approx(jensenshannon(p, q) ** 2, abs=1e-12)
    np.testing.assert_allclose([seen.plan.sum(1), seen.plan.sum(0)][0], q[q > 0], atol=1e-12)


@pytest.mark.parametrize("world", ["line", "plane"])
@pytest.mark.parametrize("power", [1, 2])
def test_the_same_pulled_by_so_much_is_so_far(world, power):
    pile, points = hump(2.5, 12), cloud(-2, 0, 1.2)
    same = {"fake": pile, "data": pile, "fake_points": points, "real_points": points}
    for shift in (0.0, 0.25, 1.5, 3.0):
        seen = MovingEarth(world, p=power, shift=shift, **same).carried()
        assert seen.w == pytest.approx(shift, abs=1e-9)
    assert seen.js == pytest.approx(math.log(2), abs=0.02) and seen.kl == math.inf
    assert MovingEarth("plane", lift=2.0, **same).carried().w == pytest.approx(2)


def test_two_points_apart_js_is_stuck_and_kl_infinite():
    """Example 1 of Arjovsky, Chintala and Bottou (2017): W₁ = |θ|, JS = log 2, KL = ∞, and all 0 at θ = 0."""
    for bins in (1, 5, 12):
        seen = MovingEarth(fake=point(12), data=point(12 + bins)).carried()
        assert (seen.w, seen.js, seen.kl) == (pytest.approx(bins / 4), pytest.approx(math.log(2)), math.inf)
    here = MovingEarth(fake=point(12), data=point(12)).carried()
    assert (here.w, here.js, here.kl) == (0, 0, 0)


def test_entropy_costs_more_and_less_entropy_less():
    costs = [MovingEarth(p=2, epsilon=epsilon).carried().work for epsilon in (0, 0.1, 1, 10)]
    assert costs == sorted(costs) and costs[0] == MovingEarth(p=2).carried().least < costs[-1]
    far = MovingEarth(epsilon=1).carried()  # where all earth lies left of all holes, each plan is as cheap
    assert far.work == pytest.approx(far.least, abs=1e-6)


def test_no_pull_leads_out_of_the_picture():
    left, right = (MovingEarth(shift=shift, fake=hump(2, 8)).carried().xs[:, 0] for shift in (-12, 12))
    assert left.min() == MIDDLES[0] and right.max() == MIDDLES[-1]
    places = MovingEarth("plane", shift=12, lift=-9).carried().xs
    assert places[:, 0].max() == pytest.approx(6) and places[:, 1].min() == pytest.approx(-4.5)


def test_kl_and_js_by_hand():
    p, q = np.array([0.5, 0.5, 0, 0]), np.array([0.25, 0.75, 0, 0])
    assert kullback(p, q) == pytest.approx(0.5 * math.log(2) + 0.5 * math.log(2 / 3))
    assert kullback(np.array([0.5, 0, 0.5, 0]), q) == math.inf and jensen(p, p) == 0


@pytest.mark.parametrize(
    "state, words",
    [
        ({"world": "sphere"}, "world"),
        ({"p": 3}, "'p'"),
        ({"epsilon": -1}, "epsilon must be a finite number from 0 to 10, got -1"),
        ({"epsilon": float("nan")}, "got nan"),
        ({"shift": 13}, "shift must be a finite number from -12 to 12, got 13"),
        ({"data": [1, 2]}, "data must be 40 numbers of grains, got 2"),
        ({"fake": [0] * 40}, "fake must have a grain somewhere, got none"),
        ({"fake": [-1] + [1] * 39}, r"fake\[0\] must be a finite number from 0 to 20, got -1"),
        ({"data": ["a"] * 40}, r"data\[0\]"),
        ({"data": [True] * 40}, r"data\[0\]"),
        ({"real_points": [(0, 0)] * 11}, r"real_points must be 12 points \(x, y\), got 22 numbers"),
        ({"fake_points": [(0, 5)] * 12}, "fake_points: y must be a finite number from -4.5 to 4.5, got 5"),
        ({"fake_points": "points"}, "fake_points"),
    ],
    ids=str,
)
def test_what_lies_outside_is_refused(state, words):
    with pytest.raises(traitlets.TraitError, match=words):
        MovingEarth(**state)
    control = MovingEarth()
    before = repr(control)
    with pytest.raises(traitlets.TraitError, match=words):
        control.set_trait(*next(iter(state.items())))
    assert repr(control) == before


def test_points_are_pairs_or_numbers_in_a_row():
    pairs = np.array([[k / 4, -k / 4] for k in range(12)])
    control = MovingEarth("plane", real_points=pairs.tolist(), fake_points=list(pairs))
    assert control.real_points == control.fake_points == pairs.ravel().tolist() and control.carried().w == 0


def test_its_words_say_where_both_are_and_what_it_costs():
    far, near_by = MovingEarth().alt, MovingEarth("plane", p=2, epsilon=0.5, fake_points=cloud(3, 1, 1.4)).alt
    assert "on a line: p_g around 2.12, p_data around 7.12" in far and "least cost" in far
    assert "is 5.000, W1 = 5.000; JS is 0.693 and KL(p_data ‖ p_g) infinite nat" in far
    assert (
        "in the plane: p_g around (3.05, 1.05), p_data around (3.05, 1.05)" in near_by
        and "W2 = 0.000; with an entropy of 0.5 the plan costs" in near_by
    )
    assert "JS is 0.000 and KL(p_data ‖ p_g) 0.000 nat" in near_by


@pytest.mark.parametrize(
    "state", [{}, {"epsilon": 1.0, "p": 2}, {"world": "plane"}, {"world": "plane", "epsilon": 2}], ids=str
)
def test_a_saved_notebook_keeps_a_small_picture_with_its_words(state):
    control = MovingEarth(**state)
    data, metadata = control._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert Image.open(io.BytesIO(png)).width > 400 and len(png) < 60_000
    assert metadata["image/png"]["alt"] == control.alt and data["text/plain"] == repr(control)


@pytest.mark.parametrize("world", ["line", "plane"])
def test_the_picture_has_earth_left_and_holes_right(world):
    """On the line the earth stands above its holes, too."""
    control = MovingEarth(world, fake_points=cloud(-3, 1, 1), real_points=cloud(3, -1, 1))

    def check(picture):
        (fy, fx), (ry, rx) = (np.argwhere(near(picture, each["light"], 20)).mean(0) for each in (FAKE, REAL))
        assert fx < rx - 100 and fy < ry - 50

    seen = np.asarray(Image.open(io.BytesIO(control.picture())).convert("RGB"), int)
    upper = len(seen) * (58 if world == "line" else 100) // 100  # below lie the distributions, which have both
    only_so(check, seen[:upper, : round(0.8 * seen.shape[1])], "upside down", "mirrored")  # nor the legend


def test_the_page_leads_nowhere_and_a_link_may_set_the_piles(tmp_path):
    shown = MovingEarth("plane", p=2).to_html(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text) and text.count("</script>") == 2
    assert 'sandbox="allow-scripts"' in shown.data and '"world": "plane"' in text
    rules = MovingEarth().shared()
    assert set(rules) >= {"world", "p", "epsilon", "shift", "lift", "data", "fake", "real_points", "fake_points"}
    assert (rules["data"]["least"], rules["data"]["most"]) == (0, 20)
