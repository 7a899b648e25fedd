"""A control is there whatever its picture does, takes its own settings only, and shows recordings of its own kind."""

import base64
import io

import pytest
import torch
from PIL import Image

from gan_edu import losses, training_loop
from gan_edu.core.data.latent_paths import slerp
from gan_edu.core.notebook.figures import plainly, show, subplots
from gan_edu.core.recording.recording import build, shipped
from gan_edu.widgets import (
    DensityPlayer,
    LatentExplorer,
    LossExplorer,
    PhasePortrait,
    Plane,
    PlaneReplay,
    Replay,
    Saddle,
    ScoreTable,
    SmoothingPlayer,
    compare,
)
from gan_edu.widgets.kit.control import VIEW
from gan_edu.widgets.kit.still import HIGHEST, fitted

EVIL = r"$\frac$"  # matplotlib has no such formula
LOSS = losses.LOSSES["minimax"]


def scores(name=EVIL, values=(1.0, 2.0)):
    column = {"key": "k", "title": name, "unit": name, "better": "lower"}
    row = {"name": "a", "title": name, "baseline": True, "values": {"k": list(values)}}
    return ScoreTable({name: {"columns": [column], "rows": [row]}})


def film(width, height):
    steps = [0, 10, 20]
    frames = [Image.new("L", (width, height), 80 * k) for k in range(3)]
    return build(
        frames,
        {
            "name": "run",
            "title": "Run",
            "subtitle": "",
            "kind": "images",
            "steps_per_epoch": None,
            "grid": {"rows": 1, "columns": 1, "tile_height": height, "tile_width": width, "channels": 1},
            "frames": {"step": steps, "epoch": [], "logits": [[0.0]] * 3, "scores": [None] * 3},
            "curves": {"step": [10], "d_loss": [1.0], "g_loss": [1.0]},
            "scoring": None,
            "optimum": {},
            "log": [],
            "provenance": {},
        },
    )


def explorer(height=8, width=8, z=None, **options):
    z = torch.randn(6, 64, generator=torch.Generator().manual_seed(0)) if z is None else z
    return LatentExplorer(lambda z: z.new_zeros(len(z), 1, height, width), z, **options)


def shown(control):
    """(alt text, picture) of what a saved notebook keeps; the control's view is there."""
    data, metadata = control._repr_mimebundle_()
    assert VIEW in data
    return metadata["image/png"]["alt"], Image.open(io.BytesIO(base64.b64decode(data["image/png"])))


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize(
    "make", [lambda: LossExplorer({EVIL: LOSS}), lambda: Saddle({EVIL: lambda d, g: d * g}), scores]
)
def test_a_learners_names_are_no_formulas(make):
    alt, picture = shown(make())
    assert not alt.startswith("No picture") and picture.width > 400


def test_names_are_drawn_as_they_are():
    figure, axes = subplots()
    axes.plot([0, 1], label=plainly("_mine_ for $5 or $6"))
    words = axes.legend().get_texts()[0]
    show(figure, "a line")  # with this the legend has its last letters
    assert words.get_text().replace(r"\$", "$") == "_mine_ for $5 or $6"
    assert len(plainly("x" * 1000)) == 60


@pytest.mark.parametrize("broken", ["picture", "alt"])
def test_a_control_is_there_though_its_picture_fails(monkeypatch, broken):
    def fail(self):
        raise RuntimeError("no ink")

    monkeypatch.setattr(Saddle, broken, property(fail) if broken == "alt" else fail)
    alt, picture = shown(saddle := Saddle({"mine": lambda d, g: d * g}))
    assert alt == "No picture of this Saddle: RuntimeError: no ink" and picture.width > picture.height
    sent = []
    monkeypatch.setattr("IPython.display.display", lambda data, **options: sent.append(data))
    saddle._ipython_display_()
    assert [next(iter(data)) for data in sent] == [VIEW, "image/png", "text/html"] and "no ink" in sent[2]["text/html"]


def test_values_that_no_axis_holds_leave_the_control():
    assert shown(scores("x", (1e308, -1e308)))[0].startswith("No picture of this ScoreTable")


@pytest.mark.parametrize("width, height", [(800, 1), (1, 800)])
def test_pictures_of_any_shape_have_a_sheet_of_usual_size(width, height):
    for control in (Replay(film(width, height)), explorer(height, width)):
        alt, picture = shown(control)
        assert not alt.startswith("No picture") and picture.width < 1100 and picture.height < 1600


@pytest.mark.parametrize(
    "columns, rows, size",
    [
        (1, 1, (224, 224)),
        (2, 1, (224, 112)),
        (1, HIGHEST, (224, 224 * HIGHEST)),
        (1, 6, (112, 672)),
        (800, 1, (224, 1)),
        (1, 800, (1, 672)),
    ],
)
def test_a_picture_fits_where_it_stands(columns, rows, size):
    assert fitted(224, columns, rows) == size


# ---------------------------------------------------------------- settings

RING = lambda: shipped("plane/ring")  # noqa: E731
DIGITS = lambda: shipped("mnist_textbook")  # noqa: E731


@pytest.mark.parametrize(
    "make, near",
    [
        (lambda: PhasePortrait(gama=0.3), "gamma"),
        (lambda: Replay(DIGITS(), fram=1), "frame"),
        (lambda: Saddle({"mine": lambda d, g: d * g}, stepp=1), "step"),
        (
            lambda: ScoreTable(
                {
                    "x": {
                        "columns": [{"key": "k", "better": "lower"}],
                        "rows": [{"name": "a", "baseline": True, "values": {"k": [1]}}],
                    }
                },
                qury="a",
            ),
            "query",
        ),
        (lambda: LossExplorer({"x": LOSS}, pick=["x"]), "picked"),
        (lambda: explorer(postion=3), "position"),
        (lambda: explorer(sed=3), "seed"),
        (lambda: DensityPlayer(data_mean=1), "data_mean_"),
        (lambda: SmoothingPlayer(realtarget=0.9), "real_target"),
    ],
)
def test_a_name_that_is_no_setting_is_refused_and_the_nearest_named(make, near):
    with pytest.raises(TypeError, match=f"has no setting '.*'; the nearest is '{near}"):
        make()


@pytest.mark.parametrize("band, words", [((5, 1), "upper end must be a finite number ≥ 5, got 1"), ((1, 2, 3), "of 2")])
def test_a_band_goes_upwards(band, words):
    with pytest.raises(ValueError, match=words):
        explorer(band=band)
    assert explorer(band=(1, 5)).band == (1.0, 5.0)


# ---------------------------------------------------------------- recordings


@pytest.fixture(scope="module")
def plane():
    made = Plane(training_loop.GAN, training_loop.train, losses.LOSSES, "of controls that stand")
    yield made
    made.close()


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda plane: Replay(RING()), ValueError, "is a recording of points, .* use PlaneReplay"),
        (lambda plane: compare(DIGITS(), RING()), ValueError, "use PlaneReplay"),
        (lambda plane: Replay(DIGITS()).update(RING()), ValueError, "use PlaneReplay"),
        (lambda plane: PlaneReplay(DIGITS()), ValueError, "is a recording of images, .* use Replay"),
        (lambda plane: plane.to_html(beside=DIGITS()), ValueError, "use Replay"),
        (lambda plane: plane.to_html(beside="plane/ring"), TypeError, "got str; read one with"),
        (lambda plane: plane.to_html(beside=0), TypeError, "got int"),
        (lambda plane: plane.to_html(beside=plane), TypeError, "got Plane"),
    ],
)
def test_a_recording_of_another_kind_is_refused(plane, make, error, words):
    with pytest.raises(error, match=words):
        make(plane)


def test_the_plane_lays_no_pictures_beside_it(plane, monkeypatch):
    sent = []
    monkeypatch.setattr(type(plane), "send", lambda self, content, buffers=None: sent.append(content))
    plane.on_message(None, {"do": "beside", "name": "mnist_textbook"}, [])
    plane.driver.call(lambda: None)
    assert not any("beside" in content for content in sent)
    assert plane.notice["at"] == "beside"
    assert "shows points" in plane.notice["text"]
    plane.on_message(None, {"do": "beside", "name": "plane/ring"}, [])
    plane.driver.call(lambda: None)
    assert any("beside" in content for content in sent)


# ---------------------------------------------------------------- arcs


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_an_arc_joins_latents_of_few_digits(dtype):
    a, b = torch.randn(2, 64, generator=torch.Generator().manual_seed(1)).to(dtype)
    z = slerp(a, b, torch.linspace(0, 1, 5))
    expected = slerp(a.double(), b.double(), torch.linspace(0, 1, 5).double())
    assert z.dtype == dtype and torch.allclose(z.double(), expected, atol=0.05)
    with pytest.raises(ValueError, match="opposite"):
        slerp(a, -a, 0.5)


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_an_arc_has_no_favourite_size(size):
    a, b = torch.randn(2, 64, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(slerp(size * a, size * b, 0.3) / size, slerp(a, b, 0.3), atol=1e-5)
