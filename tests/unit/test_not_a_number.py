"""No wreck scores well: what is not finite stays NaN, becomes null in JSON, and is named in words."""

import html
import io
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch
import traitlets
from helpers.controls import EXAMPLES, grey
from hypothesis import given, strategies as st
from PIL import Image
from torch import nn

import gan_edu
from gan_edu import losses, widgets
from gan_edu.convergence import eigenvalues, flow, jacobian, leading_eigenvalues
from gan_edu.core.data import datasets, distributions
from gan_edu.core.data.pixels import to_uint8
from gan_edu.core.games.path_outcome import OUTCOMES, outcome
from gan_edu.core.games.two_numbers import path
from gan_edu.core.measures.mixture_scores import Coverage
from gan_edu.core.measures.mnist_scores import classes
from gan_edu.core.measures.stored_scores import scores
from gan_edu.core.notebook.figures import pictures
from gan_edu.core.recording import point_frames
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.points_look import PointsLook, pack
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording, build, shipped
from gan_edu.core.safety.strict_json import as_json, plain
from gan_edu.core.training.contract import Record
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.streams import seeded
from gan_edu.mnist_gan import nearest_digits, salt
from gan_edu.training_loop import GAN
from gan_edu.value_function import two_points, value_of_samples
from gan_edu.widgets.kit.still import contact_sheet, describe
from gan_edu.widgets.phase_portrait import math as phase_math
from gan_edu.widgets.plane.page import describe_points, points_sheet
from gan_edu.widgets.plane.replay import PlaneReplay
from gan_edu.widgets.replay.widget import Replay
from gan_edu.widgets.score_table import score_rows

WRECKS = (math.nan, math.inf, -math.inf)
ROOT = Path(gan_edu.__file__).parent


def strictly(text):
    """What JSON says, read as a browser does: NaN and Infinity are no JSON."""

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


# ------------------------------------------------------------------ scores


def test_what_is_not_finite_has_no_class():
    logits = torch.eye(10)
    logits[3, 3], logits[4, 0] = math.nan, -math.inf
    assert classes(logits).tolist() == [0, 1, 2, -1, -1, 5, 6, 7, 8, 9]


@given(st.sampled_from(WRECKS), st.integers(0, 199), st.integers(0, 1), st.sampled_from(["ring", "circle", "uniform"]))
def test_points_that_are_not_finite_cover_nothing(wreck, row, axis, name):
    known = {"ring": distributions.ring(), "circle": distributions.circle(), "uniform": distributions.grid(2)}[name]
    samples = known.sample(200, torch.Generator().manual_seed(0))
    names = set(Coverage(known).measure(samples))
    samples[row, axis] = wreck
    found = Coverage(known).measure(samples)
    assert set(found) == names and all(math.isnan(value) for value in found.values())


@given(st.floats(2, 1e38), st.sampled_from([-1, 1]))
def test_points_far_outside_score_the_worst(far, sign):
    found = Coverage(distributions.ring()).measure(torch.full((100, 2), sign * far))
    assert found["js"] == pytest.approx(math.log(2), abs=1e-3) and found["modes"] == 0 and found["quality"] == 0


@pytest.mark.parametrize("wreck", WRECKS)
def test_salt_and_nearest_digits(wreck):
    images = torch.rand(4, 1, 28, 28) * 2 - 1
    images[2, 0, 3, 3] = wreck
    assert math.isnan(salt(images))
    distances, _ = nearest_digits(images, datasets.mnist(train=False)[0][:50])
    assert not distances[2].isfinite() and distances[[0, 1, 3]].isfinite().all()


def test_the_values_sums_keep_nan():
    assert math.isnan(value_of_samples(torch.tensor([math.nan, 1.0]), torch.zeros(2)).value)


@pytest.mark.parametrize("kernel", distributions.KERNELS)
def test_there_is_no_density_where_there_is_no_place(kernel):
    p = distributions.on_line("p", [0.0, 2.0], [1.0, 0.5], kernel=kernel)
    found = p.log_density(torch.tensor([[math.nan], [0.5], [math.inf], [-math.inf]], dtype=torch.float64))
    assert math.isnan(found[0]) and found[1].isfinite() and found[2:].tolist() == [-math.inf, -math.inf]


# ------------------------------------------------------------------ games and outcomes


@given(st.sampled_from(WRECKS), st.integers(0, 199))
def test_a_path_with_a_place_that_is_not_finite_does_not_converge(wreck, at):
    radii = 0.5 ** np.arange(200.0)
    assert outcome(radii) == OUTCOMES[0]
    radii[at] = wreck
    assert outcome(radii) == OUTCOMES[-1]


def test_a_clipped_weight_that_is_nan_stays_nan():
    way = phase_math.path((0.5, math.nan), 0.2, 60, "simultaneous", 0.0, "WGAN", "WGAN clipping", 1.0)
    assert np.isnan(way[-1]).any() and phase_math.outcome(way, 60) == OUTCOMES[-1]
    ahead = phase_math.path((0.5, 1.0), 1e300, 1, "simultaneous", 0.9, "WGAN", "WGAN clipping", 1.0)
    assert abs(ahead[-1, 1]) <= 1  # what is finite is clipped


def test_eigenvalues_of_a_gan_whose_weights_are_lost_are_refused():
    gan = GAN(mlp([2, 8, 2]), mlp([2, 8, 1], slope=0.2), 2)
    gan.discriminator[0].weight.data[0, 0] = math.nan
    with pytest.raises(ValueError, match="field is not finite"):
        leading_eigenvalues(gan, torch.randn(16, 2), torch.randn(16, 2), 2)


def test_eigenvalues_of_a_jacobian_that_is_not_finite_are_refused():
    """x ↦ |x|^(3/2) has a slope at 0, and no second one."""

    class Root(nn.Module):
        def forward(self, x):
            return x.abs().pow(1.5).sum(1, keepdim=True)

    gan = GAN(mlp([2, 8, 2]), nn.Sequential(nn.Linear(2, 2, bias=False), Root()), 2)
    gan.discriminator[0].weight.data.zero_()
    with pytest.raises(ValueError, match="not finite"):
        leading_eigenvalues(gan, torch.randn(16, 2), torch.randn(16, 2), 2)


def test_a_field_that_is_not_finite_has_no_flow_and_no_eigenvalues():
    with pytest.raises(ValueError, match="field is not finite at the start"):
        flow(lambda theta, psi: (theta * math.nan, psi), 1.0, 1.0, 5.0, 10)
    with pytest.raises(RuntimeError, match="could not be followed"):
        flow(lambda theta, psi: (torch.where(theta < 2, theta, math.nan), psi), 1.0, 1.0, 5.0, 10)
    with pytest.raises(ValueError, match="finite real numbers"):
        eigenvalues(jacobian(lambda theta, psi: (theta.abs().sqrt(), psi), 0.0, 0.0))
    with pytest.raises(ValueError, match="step must be a finite number > 0"):
        path(two_points, (1.0, 1.0), math.inf)


# ------------------------------------------------------------------ pictures


def test_a_pixel_that_is_lost_looks_like_a_chessboard():
    images = torch.linspace(-1, 1, 28 * 28).view(1, 1, 28, 28).repeat(3, 1, 1, 1)
    expected = ((torch.arange(28)[:, None] // 7 + torch.arange(28) // 7) % 2 * 255).to(torch.uint8)
    sound = to_uint8(images)
    images[1] = math.nan
    images[2, :, :14] = math.inf
    found = to_uint8(images)
    assert torch.equal(found[0], sound[0]) and torch.equal(found[1, 0], expected)
    assert torch.equal(found[2, 0, :14], expected[:14]) and torch.equal(found[2, 0, 14:], sound[2, 0, 14:])
    assert torch.equal(to_uint8(torch.tensor([-3.0, -1, 0, 1, 2])), torch.tensor([0, 0, 128, 255, 255]).byte())
    assert set(to_uint8(torch.full((2, 3, 2, 2), math.nan)).flatten().tolist()) == {0, 255}
    assert to_uint8(torch.tensor([math.nan, 1.0])).tolist() == [0, 255]
    assert pictures(torch.full((1, 1, 8, 8), math.nan), "a wreck").png != pictures(torch.zeros(1, 1, 8, 8), "0").png


# ------------------------------------------------------------------ frames of points

META = {"grid": {"fakes": 4, "pulls": 2, "sheet": 1, "field": 2, "edge": 1.5, "unit": 1000}}


def test_a_point_that_is_lost_is_no_point():
    fakes = torch.tensor([[math.nan, 0.5], [0.25, -0.5], [math.inf, 0.0], [1e9, -1e9]])
    pulls, image = torch.tensor([[0.0, math.nan], [1.0, 2.0]]), torch.tensor([[-math.inf, 0.0]])
    packed = pack(fakes, torch.tensor([math.nan, 0.0, 0.5, 1.0]), pulls, image)
    seen = point_frames.unpack({"grid": {**META["grid"], "lost_field": point_frames.LOST_LEVEL}}, packed)
    far = [32.767, -32.767]
    np.testing.assert_allclose(seen["fakes"], [[np.nan] * 2, [0.25, -0.5], [np.nan] * 2, far])
    np.testing.assert_allclose(seen["pulls"], [[np.nan] * 2, [1, 2]])
    assert np.isnan(seen["sheet"]).all()
    np.testing.assert_allclose(seen["sure"], [[np.nan, 0], [0.5, 1]], atol=1 / 254)


def test_older_recordings_are_read_as_before():
    packed = np.zeros(14, "<i2").tobytes() + bytes([255, 254, 128, 0])
    np.testing.assert_allclose(point_frames.unpack(META, packed)["sure"] * 255, [[255, 254], [128, 0]])


def plane_run(lost=0.0, broken=False):
    """A recording of a plane whose G loses that share of its samples, or whose D gives no number."""

    class G(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.tensor(0.4))

        def forward(self, z):
            return torch.where(torch.arange(len(z))[:, None] < lost * len(z), math.nan, self.scale * z)

    with seeded(0):
        D = mlp([2, 8, 1], slope=0.2)
    if broken:
        D[0].weight.data.fill_(math.nan)
    gan = GAN(G(), D, 2)
    recorder = Recorder(gan, [0], "A wreck", PointsLook(distributions.ring()), settings={"rate": math.nan})
    recorder.keep()
    return recorder, recorder.recording()


@pytest.mark.parametrize("lost, broken", [(0.05, False), (1.0, False), (0.0, True)])
def test_a_wreck_in_the_plane_is_recorded_as_one(tmp_path, lost, broken):
    recorder, recording = plane_run(lost, broken)
    meta = strictly((recording.save(tmp_path) / "recording.json").read_text())
    assert meta["provenance"]["settings"]["rate"] is None
    scored = Recording.load(tmp_path).scores[0]
    assert scored["pull"] is None and 0 < scored["most"] < math.inf
    assert (scored["js"] is None) == (lost > 0) == (scored["modes"] is None)
    seen = point_frames.unpack(recording.meta, point_frames.frames_of(recording)[0])
    made = len(recorder.look.latents) + len(recorder.look.noise)
    assert np.isnan(seen["fakes"]).all(1).sum() == min(len(seen["fakes"]), math.ceil(lost * made))
    assert np.isnan(seen["sure"]).all() == broken
    told = describe_points(recording)
    assert ("not a number" in told and "modes covered" not in told) == (lost > 0)
    assert strictly(as_json(PlaneReplay(recording).get_state()["metas"]))[0]["frames"]["scores"][0]["pull"] is None


def colours(png, ink):
    seen = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)[34:-40]
    return (np.abs(seen - ink).sum(2) < 60).sum()


def test_the_picture_of_a_wreck_shows_it():
    """No orange triangle where every sample is lost; grey chequers where D gives no number, and nowhere else."""
    orange, grey = (213, 94, 0), (90, 97, 105)
    sound, lost, broken = (points_sheet((plane_run(*case)[1],)) for case in ((0.0, False), (1.0, False), (0.0, True)))
    assert colours(sound, orange) > 100 > 5 > colours(lost, orange)
    assert colours(broken, grey) > 2000 > 500 > colours(sound, grey)


# ------------------------------------------------------------------ films of pictures


def wrecked_film():
    """A film of a GAN whose samples are lost after the first frame, scored as a Scorer does."""

    class G(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer, self.lost = nn.Linear(3, 64), False

        def forward(self, z):
            x = self.layer(z).tanh().view(-1, 1, 8, 8)
            return x * math.nan if self.lost else x

    class Stub:
        samples, reference, floor = 500, "made up", 0.5

        def score(self, gan):
            if gan.generator.lost:
                return {"fid": math.nan, "confidence": math.nan, "histogram": [math.nan] * 10}
            return {"fid": 40.0, "confidence": 0.9, "histogram": [0.1] * 10}

    with seeded(0):
        gan = GAN(G(), nn.Sequential(nn.Flatten(), nn.Linear(64, 1)), 3)
    recorder = Recorder(gan, [0, 1], "A run that blew up", GridLook(2, 2, scorer=Stub()))
    recorder.look_if_due()
    gan.step, gan.generator.lost = 1, True
    logits = torch.full((4, 1), math.nan)
    recorder.curves.note(
        Record(
            1,
            {
                "d_loss": torch.tensor(math.nan),
                "g_loss": torch.tensor(math.inf),
                "real_logits": logits,
                "fake_logits": logits,
            },
        )
    )
    recorder.look_if_due()
    return recorder.recording()


@pytest.fixture(scope="module")
def wreck():
    return wrecked_film()


def test_a_film_of_a_wreck_is_valid_and_says_so(wreck, tmp_path):
    meta = strictly((wreck.save(tmp_path) / "recording.json").read_text())
    assert meta["frames"]["scores"][1] == {"fid": None, "confidence": None, "histogram": [None] * 10}
    assert meta["frames"]["logits"][1] == [None] * 4 and meta["curves"]["d_loss"] == [None] == meta["curves"]["g_loss"]
    assert describe((Recording.load(tmp_path),)).endswith("final FID not a number.")
    assert contact_sheet((wreck,))[:4] == b"\x89PNG"
    board = wreck.tiles(1).astype(float)  # squares of 2 × 2; WebP rounds
    assert board.std() > 100 and abs(board - to_uint8(torch.full((4, 1, 8, 8), math.nan)).numpy()).mean() < 20


def test_what_the_maker_adds_is_valid_too():
    frame = Image.new("L", (8, 8))
    meta = {
        **shipped("mnist_textbook").meta,
        "provenance": {"lr": math.nan, "list": [(1.0, math.inf)]},
        "grid": {"rows": 1, "columns": 1, "tile_width": 8, "tile_height": 8, "channels": 1},
        "frames": {"step": [0], "scores": [None]},
    }
    assert build([frame], meta).meta["provenance"] == {"lr": None, "list": [[1.0, None]]}


def test_plain_keeps_all_else():
    value = {"a": [1, True, None, "NaN", b"\0", -0.0, {"b": (1.5, math.nan)}], 3: np.float64(math.inf)}
    assert plain(value) == {"a": [1, True, None, "NaN", b"\0", -0.0, {"b": [1.5, None]}], 3: None}


def test_json_is_made_in_one_place():
    """`json.dumps` writes NaN unless it is told not to, and then it raises: all else goes through `strict_json`."""
    found = [
        f"{path.name}: {line.strip()}"
        for folder in (ROOT, ROOT.parent / "benchmarks")
        for path in folder.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "json.dump" in line and "`" not in line and "allow_nan=False" not in line
    ]
    measured = [line for line in found if "len(json.dumps(content)" in line]  # how long a message is
    assert found == measured


# ------------------------------------------------------------------ controls

WRECKED = {
    "Replay": lambda: Replay(wrecked_film()),
    "PlaneReplay": lambda: PlaneReplay(plane_run(1.0)[1]),
    "LossExplorer": lambda: widgets.LossExplorer({"mine": losses.non_saturating}),
    "LatentExplorer": lambda: widgets.LatentExplorer(
        grey, torch.randn(4, 3), lambda x, n: torch.full((1, n, 1, 4, 4), math.nan)
    ),
}
TRAINING = {"Live", "Plane"}  # their numbers are those of a run


@pytest.fixture(scope="module")
def controls():
    return {name: {**EXAMPLES, **WRECKED}[name]() for name in EXAMPLES if name not in TRAINING}


@pytest.mark.parametrize("wreck_", WRECKS)
def test_no_control_takes_a_number_that_is_none(controls, wreck_):
    tried = 0
    for control in controls.values():
        for name, trait in control.traits(sync=True).items():
            if isinstance(trait, traitlets.Float):
                before, tried = getattr(control, name), tried + 1
                with pytest.raises(traitlets.TraitError, match=name):
                    setattr(control, name, wreck_)
                assert getattr(control, name) == before
    assert tried > 20
    with pytest.raises(traitlets.TraitError, match="start"):
        controls["PhasePortrait"].start = (wreck_, 0.0)


def spoil(value):
    """The same with NaN in the place of each fraction, in place."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(each, (dict, list)):
            spoil(each)
        elif isinstance(each, float):
            value[key] = math.nan


def test_pages_and_messages_are_valid_json_whatever_is_in_them(controls):
    for name, control in controls.items():
        for trait in control.trait_names(sync=True):
            if isinstance(value := getattr(control, trait), (dict, list)):
                spoil(value)
        strictly(json.dumps(control.get_state(), default=lambda _: "bytes", allow_nan=False))
        page = control.to_html().data
        content = re.search(r'type="application/json" id="gan-edu-state">(.*?)</script>', html.unescape(page))
        assert strictly(content.group(1)), name


def test_messages_are_valid_json(controls, monkeypatch):
    sent = []
    control = controls["DensityPlayer"]
    monkeypatch.setattr(control, "_send", lambda message, buffers=None: sent.append(message))
    control.send({"d_loss": math.nan, "all": [1.0, math.inf]})
    assert sent == [{"method": "custom", "content": {"d_loss": None, "all": [1.0, None]}}]


# ------------------------------------------------------------------ tables


@pytest.mark.parametrize("wreck_", WRECKS)
def test_a_comparison_of_what_is_no_number_is_refused(wreck_):
    with pytest.raises(ValueError, match="must be a finite number"):
        score_rows.comparison([wreck_] * 3, [1.0, 2.0, 3.0], "lower")
    with pytest.raises(ValueError, match="must be a finite number"):
        score_rows.comparison([1.0, 2.0, 3.0], [1.0, wreck_, 3.0], "lower")


def test_benchmarks_name_what_is_no_number(tmp_path):
    from helpers.score_samples import stored

    from benchmarks.summary import summary
    from benchmarks.tricks import table

    found = stored()
    for run in found["runs"]:
        if (run["arm"], run["data"]) == ("r1", "mnist") and run["seed"] in (1, 3):
            run["fid"] = math.nan
    found = strictly(as_json(found))
    row = next(line for line in table(found).splitlines() if line.startswith("| R1") and "no number" in line)
    assert "no number on 2 of 5 seeds" in row
    (tmp_path / "bad.json").write_text(as_json(found))
    with pytest.raises(ValueError, match="fid of 'r1', seed 1, is None"):
        scores(tmp_path / "bad.json")
    with pytest.raises(ValueError, match="no finite number"):
        summary([1.0, math.nan, 2.0])
