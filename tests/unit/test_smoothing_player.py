"""The smoothing player's D* and pull against scipy, autograd and the smoothed loss; its traits, picture and page."""

import base64
import io
import re

import numpy as np
import pytest
import torch
import traitlets
from hypothesis import given, settings, strategies as st
from PIL import Image
from scipy.stats import norm

from gan_edu.losses import LOSSES
from gan_edu.tricks import smooth
from gan_edu.widgets import SmoothingPlayer

LINE = np.linspace(-5, 5, 101)
PLAYERS = [
    {},
    {"fake_target": 0.1},
    {"real_target": 1.0, "fake_target": 0.4},
    {"real_target": 1.0},
    {"fake_target": 0.2, "fake_other": -2.0, "fake_width": 0.5},
    {"data_other": 2.0, "fake_target": 0.3},
]


def column(x):
    return torch.tensor(np.atleast_1d(x), dtype=torch.float64)[:, None]


def densities(player):
    """(p_data, p_g) by scipy, as functions of x."""

    def of(mean, other, width):
        means = [mean] if other is None else [mean, other]
        return lambda x: sum(norm.pdf(x, m, width) for m in means) / len(means)

    return (
        of(player.data_mean, player.data_other, player.data_width),
        of(player.fake_mean, player.fake_other, player.fake_width),
    )


@pytest.mark.parametrize("state", PLAYERS, ids=str)
def test_the_best_d_is_the_formula(state):
    player = SmoothingPlayer(**state)
    p, q = (density(LINE) for density in densities(player))
    wanted = (player.real_target * p + player.fake_target * q) / (p + q)
    np.testing.assert_allclose(player.best(column(LINE)), wanted, atol=1e-12)


@pytest.mark.parametrize("state", PLAYERS, ids=str)
def test_the_pull_is_the_slope_of_the_non_saturating_loss(state):
    """Autograd through −log D*, D* written as the two densities give it."""
    player, x = SmoothingPlayer(**state), column(LINE).requires_grad_()
    for alpha, beta, smoothed in ((player.real_target, player.fake_target, True), (1.0, 0.0, False)):
        p, q = player.p_data.density(x), player.p_g.density(x)
        loss = -((alpha * p + beta * q).log() - (p + q).log())
        (slope,) = torch.autograd.grad(loss.sum(), x)
        np.testing.assert_allclose(player.pull(x.detach(), smoothed), -slope[:, 0], atol=1e-9)


@pytest.mark.parametrize("real, fake", [(0.9, 0.0), (0.8, 0.1), (1.0, 0.4)])
def test_no_other_d_has_a_smaller_smoothed_loss(real, fake):
    """The loss of the tricks, at each x weighed by the densities: its slope in D's logit is 0 at D*."""
    player, loss = SmoothingPlayer(real, fake), smooth(LOSSES["non-saturating"], real, fake)
    x = column(np.linspace(-1.5, 1.5, 11))
    p, q = player.p_data.density(x), player.p_g.density(x)
    logits = player.best(x).logit().requires_grad_()
    far = torch.zeros(1, dtype=torch.float64)  # the other part of the loss: a constant
    total = sum(p[k] * loss.d(logits[k : k + 1], far) + q[k] * loss.d(far, logits[k : k + 1]) for k in range(len(x)))
    (slope,) = torch.autograd.grad(total, logits)
    np.testing.assert_allclose(slope, 0, atol=1e-12)


def test_one_sided_smoothing_leaves_the_pull_as_it_was():
    for alpha in (0.5, 0.7, 0.9, 1.0):
        player = SmoothingPlayer(real_target=alpha)
        torch.testing.assert_close(player.pull(column(LINE)), player.pull(column(LINE), smoothed=False))


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5, 1), st.floats(0, 0.4), st.floats(-5, 5), st.floats(-5, 5), st.floats(0.1, 3), st.floats(0.1, 3))
def test_far_out_too_numbers_are_finite_and_the_pull_never_turns(alpha, beta, data, fake, wide, narrow):
    player = SmoothingPlayer(alpha, beta, data_mean=data, fake_mean=fake, data_width=wide, fake_width=narrow)
    x = column(np.linspace(-40, 40, 81))
    best, pull, full = player.best(x), player.pull(x), player.pull(x, smoothed=False)
    assert best.isfinite().all() and pull.isfinite().all() and full.isfinite().all()
    assert (best >= beta - 1e-12).all() and (best <= alpha + 1e-12).all()
    assert (pull * full >= 0).all() and (pull.abs() <= full.abs() * (1 - beta / alpha) + 1e-12).all()


def test_where_only_fakes_are_two_sided_smoothing_takes_the_pull():
    both, x = SmoothingPlayer(fake_target=0.1), column(1.5)
    assert both.pull(x, smoothed=False).item() == pytest.approx(-3 / 0.7**2, rel=2e-4)  # 1 − D is about 1
    assert abs(both.pull(x).item()) < 0.01 and both.best(x).item() == pytest.approx(0.1, abs=1e-3)
    assert SmoothingPlayer(fake_target=0.1, data_mean=1.5).best(x).item() == pytest.approx(0.5)  # (α + β)/2


@pytest.mark.parametrize(
    "state, words",
    [
        ({"real_target": 0.3}, "real_target must be a finite number from 0.5 to 1, got 0.3"),
        ({"fake_target": 0.6}, "from 0 to 0.4, got 0.6"),
        ({"real_target": float("nan")}, "got nan"),
        ({"fake_mean": 7}, "fake_mean must be a finite number from -5 to 5, got 7"),
        ({"fake_other": -9}, "fake_other"),
        ({"data_width": 0}, "from 0.1 to 3"),
        ({"real_target": None}, "real_target"),
        ({"fake_target": "much"}, "fake_target"),
    ],
)
def test_what_lies_outside_is_refused(state, words):
    with pytest.raises(traitlets.TraitError, match=words):
        SmoothingPlayer(**state)
    player = SmoothingPlayer()
    before = repr(player)
    with pytest.raises(traitlets.TraitError, match=words):
        player.set_trait(*next(iter(state.items())))
    assert repr(player) == before


def test_its_words_say_the_targets_the_best_d_and_the_pull():
    one, two = SmoothingPlayer().alt, SmoothingPlayer(fake_target=0.1, fake_other=-2.0).alt
    assert (
        "targets 0.90 for real and 0.00 for fake" in one
        and "-6.122" in one
        and "at every x what it is without smoothing" in one
    )
    assert "0.45 where both densities are equal" in one and "0.50 where both densities are equal" in two
    assert "p_g around 1.5 and -2.0" in two and "dies where only fakes are" in two
    assert "0.000 at the mean" in SmoothingPlayer(data_mean=1.5).alt  # and not −0.000


@pytest.mark.parametrize("state", PLAYERS, ids=str)
def test_a_saved_notebook_keeps_a_small_picture_with_its_words(state):
    player = SmoothingPlayer(**state)
    data, metadata = player._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert Image.open(io.BytesIO(png)).width > 400 and len(png) < 60_000
    assert metadata["image/png"]["alt"] == player.alt and data["text/plain"] == repr(player)


def test_the_page_leads_nowhere(tmp_path):
    shown = SmoothingPlayer(fake_target=0.1, training=True).to_html(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text) and text.count("</script>") == 2
    assert 'sandbox="allow-scripts"' in shown.data and '"fake_target": 0.1' in text and '"training": false' in text
