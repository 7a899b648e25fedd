"""The density player and the saddle: their traits, their pictures, what they refuse. The browser tests drive them."""

import base64
import io
import re

import numpy as np
import pytest
import torch
import traitlets
from PIL import Image

from gan_edu import value_function as v
from gan_edu.core.data.distributions import gaussian, on_line, ring, uniform
from gan_edu.core.games.two_numbers import path
from gan_edu.widgets import DensityPlayer, Saddle
from gan_edu.widgets.kit.two_numbers import REACH, SIDE, table

GAMES = {"two points": v.two_points, "Dirac-GAN": v.dirac}


def test_densities_go_in_and_come_out():
    p, q = on_line("two", [-2, 2], [0.5, 0.3], [1, 3]), gaussian(0, 2)
    player = DensityPlayer(p, q)
    x = torch.linspace(-5, 5, 50, dtype=torch.float64)[:, None]
    for shown, given in ((player.p_data, p), (player.p_g, q)):
        torch.testing.assert_close(shown.density(x), given.density(x))
    player.data_share = 1.0
    assert len(player.p_data.weights) == 1 and player.p_data.centres.item() == -2
    assert DensityPlayer(uniform(0, 1)).shape == "uniform" and "half-width 0.5" in DensityPlayer(uniform(0, 1)).alt


def test_the_value_in_its_words_is_the_modules():
    player = DensityPlayer(gaussian(-1), gaussian(1, 0.5))
    assert player.value() == pytest.approx(v.value(player.p_data, player.p_g), abs=1e-9)
    assert f"{v.value(player.p_data, player.p_g):.3f}" in player.alt
    assert "V(D*, G)" not in DensityPlayer(numbers=False).alt


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: DensityPlayer(ring()), "1 or 2 bumps"),
        (lambda: DensityPlayer(on_line("three", [0, 1, 2], [1, 1, 1])), "got 3 bumps"),
        (lambda: DensityPlayer(gaussian(7)), "means in"),
        (lambda: DensityPlayer(gaussian(0, 0.01)), "widths in"),
        (lambda: DensityPlayer(gaussian(), uniform()), "one shape"),
        (lambda: table("broken", lambda d, g: d.log()), "not finite"),
    ],
)
def test_what_cannot_be_shown_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_traits_out_of_range_are_refused():
    with pytest.raises(traitlets.TraitError):
        DensityPlayer(data_mean_1=6)
    with pytest.raises(traitlets.TraitError):
        DensityPlayer().fake_width_1 = 0
    with pytest.raises(traitlets.TraitError, match="two points, Dirac-GAN"):
        Saddle(GAMES, game="chess")
    for games in ({}, {"mine": 3}, v.dirac):
        with pytest.raises(TypeError, match="named functions"):
            Saddle(games)


def test_the_saddles_table_holds_v_and_its_slopes():
    made = table("Dirac-GAN", v.dirac)
    values = np.frombuffer(made["values"], "<f4").reshape(3, SIDE, SIDE)
    line = np.linspace(-REACH, REACH, SIDE)
    d, g = line[20], line[70]
    sure = 1 / (1 + np.exp(-d * g))
    assert values[:, 70, 20] == pytest.approx([-np.log(2) - np.log1p(np.exp(d * g)), -g * sure, -d * sure], abs=1e-5)


def test_the_saddles_path_and_words():
    saddle = Saddle(GAMES, game="Dirac-GAN", d=-1, g=1, step=0.2, count=500)
    torch.testing.assert_close(saddle.path(), path(v.dirac, (-1, 1), 0.2, 500))
    assert f"{saddle.path()[-1].norm():.2f} from the saddle" in saddle.alt


@pytest.mark.parametrize("control", [DensityPlayer, lambda: Saddle(GAMES)], ids=["player", "saddle"])
def test_a_saved_notebook_keeps_a_small_picture_with_its_words(control):
    control = control()
    data, metadata = control._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert Image.open(io.BytesIO(png)).width > 400 and len(png) < 60_000
    assert metadata["image/png"]["alt"] == control.alt and data["text/plain"] == repr(control)


@pytest.mark.parametrize("control", [DensityPlayer, lambda: Saddle({"</script><b>": v.dirac})], ids=["density", "game"])
def test_the_page_leads_nowhere_and_text_stays_text(control, tmp_path):
    shown = control().to_html(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text) and text.count("</script>") == 2
    assert 'sandbox="allow-scripts"' in shown.data
