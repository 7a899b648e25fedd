"""The phase portrait's formulas against autograd and the paper's closed forms; its traits, picture and page."""

import base64
import io
import re
from itertools import product

import numpy as np
import pytest
import traitlets
from helpers import dirac_oracle as oracle
from hypothesis import given, settings, strategies as st
from PIL import Image

from gan_edu import convergence
from gan_edu.widgets import PhasePortrait
from gan_edu.widgets.phase_portrait import math

PLACE, STRENGTH = st.floats(-3, 3), st.floats(0, 3)
GAMES = list(product(oracle.LOSSES, oracle.PENALTIES))


def game_of(loss="GAN", penalty="none", gamma=1.0, step=0.2, momentum=0.0, order="simultaneous"):
    return {"loss": loss, "penalty": penalty, "gamma": gamma, "step": step, "momentum": momentum, "order": order}


def same_roots(found, wanted, tolerance=1e-6):
    """As polynomials, in which the order does not count and a double root is no trouble; roots at 0 may be left out."""
    wanted = np.poly(wanted)
    np.testing.assert_allclose(np.poly([*found, *[0] * (len(wanted) - 1 - len(found))]), wanted, atol=tolerance)


@pytest.mark.parametrize("loss, penalty", GAMES)
@settings(max_examples=15, deadline=None)
@given(theta=PLACE, psi=PLACE, gamma=st.floats(0, 1.3))
def test_the_field_is_the_slope_of_both_objectives(loss, penalty, theta, psi, gamma):
    if penalty == "WGAN-GP" and abs(psi) < 1e-9:
        return  # the kink: 0 here, and what autograd says is a convention
    found = [float(t) for t in math.field(theta, psi, loss, penalty, gamma)]
    close = 1e-5 if penalty == "instance noise" else 1e-7  # the nodes of its mean: 9e-6 off at ψ = 3, σ = 1.3, by quad
    assert found == pytest.approx(oracle.field(theta, psi, loss, penalty, gamma), abs=close)


def test_the_field_takes_lattices():
    theta, psi = np.meshgrid(np.linspace(-3, 3, 5), np.linspace(-3, 3, 4))
    for penalty in oracle.PENALTIES:
        v = np.array(math.field(theta, psi, "NSGAN", penalty, 0.5))
        assert v.shape == (2, 4, 5)
        assert v[:, 1, 3] == pytest.approx(np.array(math.field(theta[1, 3], psi[1, 3], "NSGAN", penalty, 0.5)))


@pytest.mark.parametrize("order", oracle.ORDERS)
@pytest.mark.parametrize(
    "loss, penalty, gamma, momentum",
    [
        ("GAN", "none", 1, 0),
        ("NSGAN", "R1", 0.7, 0.5),
        ("WGAN", "WGAN-GP", 0.7, 0),
        ("WGAN", "WGAN clipping", 0.8, 0.3),
        ("GAN", "instance noise", 0.7, -0.4),
        ("GAN", "consensus", 1, 0.3),
    ],
)
def test_the_path_is_that_of_the_rule(loss, penalty, gamma, momentum, order):
    game = game_of(loss, penalty, gamma, 0.2, momentum, order)
    found = math.path((1, -0.5), steps=60, **game)
    np.testing.assert_allclose(found, oracle.path((1, -0.5), 60, game), atol=1e-7)


@pytest.mark.parametrize("loss, f_slope", [("GAN", 0.5), ("NSGAN", 0.5), ("WGAN", 1.0)])
@given(gamma=STRENGTH)
def test_the_eigenvalues_are_the_papers(loss, f_slope, gamma):
    def flow(penalty):
        return math.eigenvalues(loss, penalty, gamma, 0.2, 0.0, "simultaneous")[0]

    root = np.emath.sqrt(gamma**2 / 4 - f_slope**2)  # R1 and R2: −γ/2 ± √(γ²/4 − f'(0)²)
    for penalty in ("R1", "R2"):
        same_roots(flow(penalty), [-gamma / 2 + root, -gamma / 2 - root], 1e-9)
    for penalty in ("none", "WGAN clipping"):
        same_roots(flow(penalty), [1j * f_slope, -1j * f_slope], 1e-9)
    same_roots(flow("consensus"), [-gamma * f_slope**2 + s * 1j * f_slope for s in (1, -1)], 1e-9)
    bend = 0 if loss == "WGAN" else -0.25  # noise: f''(0) σ² ± √(f''(0)² σ⁴ − f'(0)²)
    root = np.emath.sqrt((bend * gamma**2) ** 2 - f_slope**2)
    same_roots(flow("instance noise"), [bend * gamma**2 + root, bend * gamma**2 - root], 1e-9)
    assert math.eigenvalues(loss, "WGAN-GP", gamma, 0.2, 0.0, "simultaneous") is None


@pytest.mark.parametrize("loss, penalty", [game for game in GAMES if game[1] != "WGAN-GP"])
@pytest.mark.parametrize("order", oracle.ORDERS)
@pytest.mark.parametrize("momentum", [0, 0.6, -0.4])
def test_the_updates_eigenvalues_are_those_of_its_jacobian(loss, penalty, order, momentum):
    game = game_of(loss, penalty, 0.7, 0.4, momentum, order)
    found, wanted = math.eigenvalues(**game), oracle.eigenvalues(game)
    same_roots(found[0], wanted[0])
    same_roots(found[1], wanted[1])


@pytest.mark.parametrize("loss, penalty", GAMES)
def test_from_the_critical_strength_on_eigenvalues_are_real(loss, penalty):
    border = math.critical(loss, penalty)
    wanted = {
        "R1": 2 * (1 if loss == "WGAN" else 0.5),
        "R2": 2 * (1 if loss == "WGAN" else 0.5),
        "instance noise": None if loss == "WGAN" else 2**0.5,
    }.get(penalty)
    assert border == (wanted if wanted is None else pytest.approx(wanted))
    if border:
        for share, real in ((0.999, False), (1.001, True)):
            assert np.isreal(oracle.eigenvalues(game_of(loss, penalty, share * border))[0]).all() == real


# Measured with the paper's own code: mean or range of the radius over the last 50 of 500 steps of 0.2 from (1, 1)
PAPER = [
    ("GAN", "none", 1, (3.0, 3.2), (1.34, 1.49), "does not converge"),
    ("NSGAN", "none", 1, (0.6, 0.66), (0.26, 0.3), "converges slowly"),  # by turns; both at once it stays at 0.63
    ("WGAN", "WGAN clipping", 1, (1, 1.27), (0.94, 1.06), "does not converge"),
    ("WGAN", "WGAN-GP", 0.7, (1.6, 2), (1.1, 1.4), "does not converge"),
    ("GAN", "instance noise", 0.7, (0, 0.03), (0, 0.024), "converges"),
    ("GAN", "R1", 0.3, (1e-6, 2e-5), (1e-7, 2e-6), "converges"),
    ("GAN", "R1", 1, (1e-20, 1e-18), (1e-16, 1e-14), "converges"),
    ("NSGAN", "R1", 0.3, (1e-6, 2e-5), (1e-7, 2e-6), "converges"),
    ("GAN", "consensus", 1, (1e-10, 1e-8), (1e-11, 1e-9), "converges"),
]


@pytest.mark.parametrize("loss, penalty, gamma, simultaneous, alternating, outcome", PAPER)
def test_outcomes_of_the_paper(loss, penalty, gamma, simultaneous, alternating, outcome):
    for order, (low, high) in zip(oracle.ORDERS, (simultaneous, alternating, alternating), strict=True):
        portrait = PhasePortrait(loss, penalty, gamma, order=order)
        radius = np.hypot(*portrait.path().T)[-50:].mean()
        caught = loss == "NSGAN" and penalty == "none" and order == "simultaneous"
        assert low <= radius <= high and portrait.outcome == ("does not converge" if caught else outcome)
        assert f"{np.hypot(*portrait.path().T)[-50:].max():.2g}" in portrait.alt


def test_the_control_and_the_table_have_one_rule():
    """Noise is drawn in the table, and taken in expectation in the control: there the outcomes may differ."""
    start, steps, seen = (0.3, 0.3), 200, set()
    games = {
        "GAN": ("GAN", "none", 1),
        "NSGAN": ("NSGAN", "none", 1),
        "WGAN, clip 1": ("WGAN", "WGAN clipping", 1),
        "WGAN-GP, γ 0.7": ("WGAN", "WGAN-GP", 0.7),
        "R1, γ 0.3": ("GAN", "R1", 0.3),
        "NSGAN + R1, γ 0.3": ("NSGAN", "R1", 0.3),
        "consensus, γ 1": ("GAN", "consensus", 1),
    }
    for name, game in games.items():
        for order, first in (("simultaneous", "G"), ("alternating", "G"), ("alternating", "D")):
            method = convergence.methods()[name]
            v = convergence.field(method.game)
            v = convergence.consensus(v, method.consensus) if method.consensus else v
            rule = convergence.Rule(order, 0.2, first, clip=method.clip)
            way = convergence.trajectory(v, *start, rule, steps)
            table = convergence.outcome(convergence.radius(way))
            words = order if order == "simultaneous" else f"{first} first"
            portrait = PhasePortrait(*game, order=words, start=start, steps=steps)
            np.testing.assert_allclose(portrait.path(), np.stack([way.theta, way.psi], 1), atol=1e-9)
            assert portrait.outcome == table, (name, words)
            seen.add(table)
    assert seen == set(convergence.OUTCOMES)


def test_running_away_is_told_and_is_no_convergence():
    portrait = PhasePortrait("WGAN", step=2)
    assert len(portrait.path()) < 500 and portrait.outcome == "does not converge"
    assert "runs away in step" in portrait.alt
    assert "does not converge" in portrait.alt and "kink" in PhasePortrait("WGAN", "WGAN-GP").alt
    assert "real from strength 2 on" in PhasePortrait("WGAN", "R1").alt and "real from" not in portrait.alt


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"loss": "hinge"}, "GAN"),
        ({"penalty": "dropout"}, "R1"),
        ({"order": "both"}, "G first"),
        ({"gamma": -1}, "gamma must be a finite number from 0 to 3"),
        ({"gamma": float("nan")}, "gamma must be"),
        ({"step": 0}, "step must be a finite number from 0.01 to 2"),
        ({"momentum": 1}, "momentum must be"),
        ({"start": (0, 4)}, "from -3 to 3, got"),
        ({"start": (0, float("nan"))}, "from -3 to 3, got"),
        ({"start": (1, 1, 1)}, "start"),
        ({"steps": 10}, "steps must be a whole number from 50 to 2,000, got 10"),
        ({"steps": 1.5}, "steps"),
    ],
)
def test_what_cannot_be_shown_is_refused(bad, words):
    with pytest.raises(traitlets.TraitError, match=words):
        PhasePortrait(**bad)


def test_what_the_browser_sends_is_read_in_python():
    portrait = PhasePortrait()
    portrait.set_state({"start": [0.5, -1.25], "gamma": 0.4, "penalty": "R2"})
    assert portrait.start == (0.5, -1.25) and portrait.penalty == "R2"
    assert portrait.path()[0] == pytest.approx([0.5, -1.25])
    flow, _ = portrait.eigenvalues()
    same_roots(flow, [-0.2 + 1j * 0.21**0.5, -0.2 - 1j * 0.21**0.5], 1e-9)


@pytest.mark.parametrize("options", [{}, {"penalty": "WGAN-GP"}, {"loss": "WGAN", "step": 2}])
def test_a_saved_notebook_keeps_a_small_picture_with_its_words(options):
    portrait = PhasePortrait(**options)
    data, metadata = portrait._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert Image.open(io.BytesIO(png)).width > 400 and len(png) < 60_000
    assert metadata["image/png"]["alt"] == portrait.alt and data["text/plain"] == repr(portrait)


def test_the_page_leads_nowhere(tmp_path):
    shown = PhasePortrait().to_html(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text) and text.count("</script>") == 2
    assert 'sandbox="allow-scripts"' in shown.data
