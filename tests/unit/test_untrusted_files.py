"""Files are not trusted: what a checkpoint or a recording says is checked, whatever its checksum says."""

import contextlib
import copy
import hashlib
import io
import json
import random
import zlib

import pytest
import torch
from helpers.mutations import CODE, mutated, same
from PIL import Image

from gan_edu import losses
from gan_edu.core.data.batches import Batches
from gan_edu.core.live.settings import Settings
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.point_frames import frames_of, unpack
from gan_edu.core.recording.points_look import PointsLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording, RecordingError, shipped
from gan_edu.core.training import checkpoint
from gan_edu.core.training.checkpoint import CheckpointError
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator, adam
from gan_edu.training_loop import GAN, LINES, d_step, g_step, substeps, train
from gan_edu.tricks import EMA, TRICKS, CosineDecay, InstanceNoise, lazy, r1, r2
from gan_edu.widgets import Plane, PlaneReplay, Replay
from gan_edu.widgets.plane.build import Laboratory

SMALL = {"g_width": 8, "d_width": 8, "batch_size": 8, "g_depth": 1, "d_depth": 1}
LOSSES = {"non-saturating": losses.non_saturating, "minimax": losses.minimax}


def parts(seed=0, **pieces):
    """A run that has a bit of everything: two kinds of optimisers, a view, a lazy penalty, an average, a decay."""
    torch.manual_seed(seed)
    G, D = MLPGenerator(2, (1, 2, 2), (8,)), MLPDiscriminator((1, 2, 2), (8,))
    everything = {
        "view": InstanceNoise(0.1, until=50),
        "d_penalties": [lazy(r1(1.0), 2)],
        "after_step": [EMA(0.9), CosineDecay(100)],
        "g_optimizer": adam(G),
        "d_optimizer": torch.optim.RMSprop(D.parameters(), 1e-4, momentum=0.5),
    }
    gan = GAN(G, D, 2, seed=seed, **{**everything, **pieces})
    batches = Batches(torch.rand(32, 1, 2, 2, generator=torch.Generator().manual_seed(7)) * 2 - 1, 8, seed)
    return {
        "gan": gan,
        "batches": batches,
        "recorder": Recorder(gan, range(0, 999, 2), "t", GridLook(2, 2)),
        "knobs": Settings(gan, batches),
    }


def trained(run, steps):
    for _ in run["recorder"].watch(train(run["gan"], run["batches"], steps)):
        pass
    return run


def sealed(path, states):
    """A checkpoint that holds these states, with a right checksum."""
    torch.save(states, buffer := io.BytesIO())
    digest = hashlib.sha256(buffer.getvalue()).hexdigest().encode()
    path.write_bytes(checkpoint.MAGIC + digest + b"\n" + buffer.getvalue())
    return path


def states_of(run):
    return {name: copy.deepcopy(part.state_dict()) for name, part in run.items()}


def test_mutated_checkpoints_are_refused_or_are_what_they_say(tmp_path):
    run, other, dice = trained(parts(), 7), trained(parts(seed=1), 3), random.Random(0)
    run["recorder"].log.append({"step": 5, "change": "learning rate of D 1 → 2"})
    honest, refused = checkpoint.read(checkpoint.save(tmp_path / "honest.ckpt", **run)), 0
    before = states_of(other)
    for k in range(140):
        states, told = mutated(honest, dice, tensors=True)
        try:
            checkpoint.load(sealed(tmp_path / "m.ckpt", states), **other)
        except CheckpointError:
            refused += 1
            assert same(states_of(other), before), f"{k}: {told}: refused, and yet something changed"
            continue
        now = states_of(other)
        assert all(same(now[name], states[name]) or same(now[name], honest[name]) for name in now), f"{k}: {told}"
        with contextlib.suppress(FloatingPointError):  # of weights that are finite and far too large
            trained(other, 3)
        other["recorder"].recording()
        checkpoint.load(tmp_path / "honest.ckpt", **other)
        before = states_of(other)
    assert 100 < refused < 140


def lab(title, **more):
    plane = Plane(
        GAN,
        train,
        LOSSES,
        title,
        d_step=d_step,
        g_step=g_step,
        substeps=substeps,
        lines=LINES,
        tricks=TRICKS,
        **{**SMALL, **more},
    )
    plane.send = lambda *_, **__: None
    return plane


@pytest.fixture
def planes(monkeypatch):
    """A plane with a past, and another."""
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")
    old, new = lab("old", noise=0.1, ema=0.9), lab("new", data="line")
    old.train_to(3)
    old.set(d_lr=5e-4, data=[[0, 0], [0.5, 0.25]])
    old.train_to(5)
    old.single_step("d")
    old.set(loss="minimax", d_steps=2)
    old.train_to(9)
    new.train_to(2)
    yield old, new
    old.close()
    new.close()


def test_mutated_checkpoints_of_the_plane_are_refused_or_are_what_they_say(planes, tmp_path):
    old, new = planes
    old.save(tmp_path / "old")
    honest, dice = checkpoint.read(tmp_path / "old" / "run.ckpt"), random.Random(1)
    refused, before = 0, states_of(new.parts())
    for k in range(60):
        states, told = mutated(honest, dice, tensors=True)
        gan, settings, error = new.gan, new.settings, new.driver.error
        sealed(tmp_path / "run.ckpt", states)
        try:
            new.load(tmp_path)
        except CheckpointError:
            refused += 1
            assert new.gan is gan and new.settings == settings and new.driver.error is error, f"{k}: {told}"
            assert same(states_of(new.parts()), before), f"{k}: {told}: refused, and yet something changed"
            continue
        assert "mkdir" not in new.code and compile(new.code, "code", "exec"), f"{k}: {told}"
        now = states_of(new.parts())
        assert all(same(now[name], states[name]) or same(now[name], honest[name]) for name in now), f"{k}: {told}"
        with contextlib.suppress(FloatingPointError):
            new.train_to(new.gan.step + 2)
        assert new.alt and new.recording()
        before = states_of(new.parts())
    assert 30 < refused < 60


# ---------------------------------------------------------------- recordings


def of_pictures():
    run = parts()
    run["recorder"].log.append({"step": 0, "change": "batch size 8 → 16"})
    return trained(run, 7)["recorder"].recording()


def of_points():
    gan, batches = Laboratory(GAN, LOSSES, SMALL).build()
    look = PointsLook(batches.distribution, compact=True)
    recorder = Recorder(gan, [0, 2, 4], "A run", look, settings={"d_lr": 0.1})
    return recorder.record(train(gan, batches, 5))


def forged(folder, meta):
    """The recording in `folder` says this, with a right checksum."""
    content = {key: value for key, value in meta.items() if key != "checksum"}
    packed = json.dumps(content, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(packed.encode()).hexdigest()
    (folder / "recording.json").write_text(json.dumps({**content, "checksum": digest}))


def shown(folder):
    """Everything that a view takes from a recording."""
    recording = Recording.load(folder)
    if recording.meta.get("kind") == "points":
        assert all(unpack(recording.meta, frame) for frame in frames_of(recording))
        view = PlaneReplay(recording)
        view.to_png()
    else:
        assert recording.tiles(0).shape[0] == recording.meta["grid"]["rows"] * recording.meta["grid"]["columns"]
        view = Replay(recording)
        view.to_png(columns=2)
    page = view.to_html(folder / "page.html").data
    data = (
        page
        and (folder / "page.html").read_text(encoding="utf-8").split('id="gan-edu-state">')[1].split("</script>")[0]
    )
    json.loads(data, parse_constant=lambda name: pytest.fail(f"{name} in a page, which no browser reads"))
    assert view.alt and repr(view) and repr(recording)
    view.close()


@pytest.mark.parametrize("made, seed", [(of_pictures, 2), (of_points, 3)])
def test_mutated_recordings_are_refused_or_shown(made, seed, tmp_path):
    recording, dice, refused = made(), random.Random(seed), 0
    recording.save(tmp_path)
    shown(tmp_path)
    for k in range(100):
        meta, told = mutated(recording.meta, dice)
        try:
            forged(tmp_path, meta)
        except (TypeError, ValueError):  # JSON itself cannot say this
            continue
        try:
            shown(tmp_path)
        except RecordingError:
            refused += 1
        except Exception as error:
            raise AssertionError(f"{k}: {told}") from error
    assert 30 < refused < 100


@pytest.mark.parametrize(
    "change, words",
    [
        (
            lambda meta: meta["frames"].update(dict.fromkeys(meta["frames"], [])),
            "number of frames must be .* ≥ 1, got 0",
        ),
        (lambda meta: meta["frames"].update(step=[0, 4, 2, 6]), "frames: step must rise"),
        (lambda meta: meta["frames"].update(step=["0", 2, 4, 6]), "frames: step, place 0 must be a whole number"),
        (lambda meta: meta["frames"]["scores"].pop(), "frames: scores must be a list of 4, got 3"),
        (lambda meta: meta["curves"].update(d_loss=[1.0]), "curves: d_loss must be a list of 7, got 1"),
        (lambda meta: meta["curves"]["d_loss"].__setitem__(0, float("nan")), "holds NaN, infinity"),
        (lambda meta: meta["optimum"].update(d_loss=float("inf")), "holds NaN, infinity"),
        (lambda meta: meta["grid"].update(tile_width=3), "a frame is 4 pixels in width, its 2 samples of 3 need 6"),
        (lambda meta: meta["atlas"].update(columns=1, rows=1), "4 frames, and the picture has 1 places"),
        (lambda meta: meta["atlas"].update(columns=10**9), "atlas: columns must be a whole number from 1 to 16,383"),
        (lambda meta: meta["atlas"].update(sha256="../../x"), "sha256 must be 64 hex digits"),
        (lambda meta: meta.update(title=5), "title must be a text, got 5"),
        (lambda meta: meta.update(title="\ud800"), "title holds what is no character"),
        (lambda meta: meta.update(kind="sounds"), "kind must be one of images, points"),
        (lambda meta: meta.update(log=[{"step": 1}]), "log, place 0 lacks change"),
        (lambda meta: meta.update(steps_per_epoch=-1), "steps_per_epoch must be a finite number"),
        (lambda meta: meta["provenance"].update(settings={"cost": "2"}), "settings: cost must be a finite number"),
    ],
)
def test_what_a_recording_cannot_say(change, words, tmp_path):
    recording = of_pictures()
    meta = copy.deepcopy(recording.meta)
    recording.save(tmp_path)
    change(meta)
    forged(tmp_path, meta)
    with pytest.raises(RecordingError, match=words):
        Recording.load(tmp_path)


def test_bytes_that_are_no_recording(tmp_path):
    for content in (b"[" * 100_000, b"\xff\xfe", b'{"a": ' + b"9" * 5000 + b"}"):
        (tmp_path / "recording.json").write_bytes(content)
        with pytest.raises(RecordingError, match="not readable as JSON"):
            Recording.load(tmp_path)


def picture(width, height, kind="WEBP"):
    Image.new("L", (width, height)).save(buffer := io.BytesIO(), kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "atlas, words",
    [
        (b"RIFF", "cannot be read"),
        (picture(5, 5), "it is 5 × 5 pixels, its frames need 8 × 8"),
        (picture(8, 8, "PNG"), "cannot be read"),
        (picture(8, 8)[:30], "cannot be read"),
    ],
)
def test_pictures_that_are_not_what_the_recording_says(atlas, words, tmp_path):
    recording = of_pictures()
    meta = {**recording.meta, "atlas": {**recording.meta["atlas"], "sha256": hashlib.sha256(atlas).hexdigest()}}
    recording.save(tmp_path)
    (tmp_path / "frames.webp").write_bytes(atlas)
    forged(tmp_path, meta)
    with pytest.raises(RecordingError, match=words):
        Recording.load(tmp_path).frame(0)


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "are not 3 of"),
        (b"no zlib", "no zlib data"),
        (zlib.compress(b"x" * 100), "are not 3 of"),
        (zlib.compress(bytes(10**8)), "are not 3 of"),
    ],
)
def test_frames_that_are_not_what_the_recording_says(data, words):
    recording = of_points()
    with pytest.raises(RecordingError, match=words):
        frames_of(Recording(recording.meta, atlas=data))


def test_a_shipped_recording_is_named_within_its_folder():
    for name in ("../recordings/mnist_textbook", "/etc", "mnist_textbook/../mnist_textbook", None, 5):
        with pytest.raises(RecordingError, match="no shipped recording is called"):
            shipped(name)


# ---------------------------------------------------------------- checkpoints, one by one

REBUILT = {
    "an optimiser of another kind": (
        lambda G, D: {"g_optimizer": torch.optim.SGD(G.parameters(), 1e-3)},
        "g_optimizer was 'Adam' when this was saved, now it is 'SGD'",
    ),
    "another loss": (lambda G, D: {"loss": losses.minimax}, "loss was 'non-saturating'.*now it is 'minimax'"),
    "other noise": (lambda G, D: {"latent": "uniform"}, "latent was 'gaussian'"),
    "another precision": (lambda G, D: {"precision": "bfloat16"}, "precision was 'float32'"),
    "more steps of D": (lambda G, D: {"d_steps": 2}, "d_steps was 1 when this was saved, now it is 2"),
    "more steps of G": (lambda G, D: {"g_steps": 3}, "g_steps was 1"),
    "another penalty": (lambda G, D: {"d_penalties": [lazy(r2(1.0), 2)]}, "saved with the hooks .*R1.* has .*R2"),
    "weights in another order": (lambda G, D: {"g_optimizer": adam(Reversed(G))}, "weights in another order"),
    "a part of the weights": (
        lambda G, D: {"g_optimizer": adam((G.layers[0].requires_grad_(False), G.layers[2])[1])},
        "weights in another order, or others",
    ),
    "another amsgrad": (
        lambda G, D: {"g_optimizer": torch.optim.Adam(G.parameters(), 2e-4, amsgrad=True, fused=True)},
        "amsgrad is False in the state, here it is True",
    ),
}


class Reversed(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.list = torch.nn.ParameterList(list(net.parameters())[::-1])


@pytest.mark.parametrize("case", REBUILT)
def test_a_run_that_was_built_otherwise_is_refused_and_stays_as_it_was(case, tmp_path):
    pieces, words = REBUILT[case]
    path = checkpoint.save(tmp_path / "a.ckpt", **trained(parts(), 4))
    gan = parts(seed=2)["gan"]
    other = parts(seed=2)
    built = pieces(gan.generator, gan.discriminator)
    gan = GAN(
        gan.generator,
        gan.discriminator,
        2,
        **{
            "view": InstanceNoise(0.1, until=50),
            "d_penalties": [lazy(r1(1.0), 2)],
            "after_step": [EMA(0.9), CosineDecay(100)],
            "g_optimizer": adam(gan.generator),
            "d_optimizer": torch.optim.RMSprop(gan.discriminator.parameters(), 1e-4, momentum=0.5),
            **built,
        },
    )
    before = copy.deepcopy(gan.state_dict())
    with pytest.raises(CheckpointError, match=f"(?s)does not fit this gan.*{words}"):
        checkpoint.load(path, gan=gan, batches=other["batches"])
    assert same(gan.state_dict(), before)


def swapped(state):
    """Adam's state as if the weights had been in another order; their names say nothing of it."""
    state["g_optimizer"]["state"] = dict(
        zip(state["g_optimizer"]["state"], list(state["g_optimizer"]["state"].values())[::-1], strict=True)
    )


@pytest.mark.parametrize(
    "change, words",
    [
        (swapped, "size mismatch: g_optimizer, weight 0: exp_avg is"),
        (lambda gan: gan["g_optimizer"]["state"][0].update(exp_avg=torch.zeros(10**6)), "size mismatch"),
        (lambda gan: gan["g_optimizer"]["state"][0].pop("exp_avg"), "weight 0, a Adam so set keeps"),
        (
            lambda gan: gan["g_optimizer"]["state"][0]["step"].fill_(-1),
            "step holds NaN, infinity or what is not from 0",
        ),
        (lambda gan: gan["g_optimizer"]["state"][0]["exp_avg_sq"].fill_(-1), "exp_avg_sq holds"),
        (lambda gan: gan["g_optimizer"]["param_groups"][0].update(lr=float("nan")), "lr must be a finite number"),
        (lambda gan: gan["g_optimizer"]["param_groups"][0].update(lr=-1.0), "lr must be a finite number ≥ 0"),
        (lambda gan: gan["g_optimizer"]["param_groups"][0].update(betas=(0.9, 1.0)), "betas must be a finite number"),
        (lambda gan: gan["g_optimizer"]["param_groups"].clear(), "groups must be a list of 1, got 0"),
        (lambda gan: gan["generator"]["layers.0.weight"].fill_(float("nan")), "layers.0.weight holds NaN"),
        (
            lambda gan: gan["generator"].update({"layers.0.weight": torch.zeros(8, 2).double()}),
            "size mismatch.*float64",
        ),
        (lambda gan: gan["hooks"][0].update(share=float("inf")), "share must be a finite number from 0 to 1"),
        (lambda gan: gan["hooks"][2].update(updates=1.5), "updates must be a whole number"),
        (lambda gan: gan["hooks"].__setitem__(1, None), "keeps a state, and this file holds None"),
        (lambda gan: gan["noise_stream"].fill_(7), "noise_stream is no state of a random stream"),
        (lambda gan: gan.update(step=-1), "step must be a whole number ≥ 0"),
        (lambda gan: gan.update(step=8), "is made up of different runs: its parts differ in step: 4, 8"),
        (lambda gan: gan.pop("settings"), "the state lacks settings"),
    ],
)
def test_a_checkpoint_that_no_run_has_written_changes_nothing(change, words, tmp_path):
    states = checkpoint.read(checkpoint.save(tmp_path / "a.ckpt", **trained(parts(), 4)))
    change(states["gan"])
    run = trained(parts(seed=2), 2)
    before = states_of(run)
    with pytest.raises(CheckpointError, match=words):
        checkpoint.load(sealed(tmp_path / "a.ckpt", states), **run)
    assert same(states_of(run), before)
    trained(run, 2)


@pytest.mark.parametrize(
    "part, change, words",
    [
        ("batches", {"position": 33}, "position must be a whole number from 0 to 32, got 33"),
        ("batches", {"batch_size": 64}, "batch_size must be a whole number from 1 to 32"),
        ("batches", {"epoch": "1"}, "epoch must be a whole number"),
        ("knobs", {"batch_size": 64}, "batch size must be a whole number from 1 to 32"),
        ("knobs", {"d_steps": "3"}, "D steps per G step must be a whole number"),
        ("knobs", {"d_steps": 3}, "its parts differ in d_steps: 1, 3"),
        ("recorder", {"curves": {"step": [], **{f"c{k}": [] for k in range(100)}}}, "the number of curves must be"),
        ("recorder", {"width": 0}, "width must be a whole number ≥ 1"),
        ("recorder", {"seconds": float("nan")}, "seconds must be a finite number"),
        (
            "recorder",
            {"log": [{"step": 9, "change": "later"}]},
            "log, place 0: step must be a whole number from 0 to 4",
        ),
        ("recorder", {"pending": [torch.zeros(3)]}, "pending, place 0 must be names and their values"),
        ("recorder", {"every": 20}, "this recorder knows its steps"),
        ("recorder", {"look": {"kind": "images", "latents": torch.full((4, 2), float("nan"))}}, "latents holds NaN"),
        ("recorder", {"look": {"kind": "points"}}, "recorded as 'points', this recorder keeps images"),
        ("recorder", {"look": {"kind": "images"}}, "the look's state lacks latents"),
    ],
)
def test_other_parts_that_no_run_has_written_change_nothing(part, change, words, tmp_path):
    states = checkpoint.read(checkpoint.save(tmp_path / "a.ckpt", **trained(parts(), 4)))
    states[part].update(change)
    run = trained(parts(seed=2), 2)
    before = states_of(run)
    with pytest.raises(CheckpointError, match=words):
        checkpoint.load(sealed(tmp_path / "a.ckpt", states), **run)
    assert same(states_of(run), before)


def test_what_the_state_of_a_recorder_lacks_is_named(tmp_path):
    states = checkpoint.read(checkpoint.save(tmp_path / "a.ckpt", **trained(parts(), 4)))
    del states["recorder"]["every"]
    with pytest.raises(CheckpointError, match="the recorder's state lacks every"):
        checkpoint.load(sealed(tmp_path / "a.ckpt", states), **parts())


def test_a_checkpoint_of_another_version_is_named(tmp_path):
    path = checkpoint.save(tmp_path / "a.ckpt", gan=parts()["gan"])
    content = path.read_bytes()[len(checkpoint.MAGIC) :]
    path.write_bytes(b"gan_edu checkpoint " + b"9" * 5000 + b"\n" + content)
    with pytest.raises(CheckpointError, match="is not a checkpoint of gan_edu"):
        checkpoint.read(path)
    path.write_bytes(b"gan_edu checkpoint 1\n" + content)
    with pytest.raises(CheckpointError, match="format 1, this one reads 4.*begin the run anew"):
        checkpoint.load(path, gan=parts()["gan"])


# ---------------------------------------------------------------- what becomes code


@pytest.mark.parametrize(
    "change",
    [
        lambda states: states["recorder"]["log"][0].update(value=CODE),
        lambda states: states["recorder"]["log"][0].update(name=CODE),
        lambda states: states["recorder"]["log"][1].update(value=[[CODE, 0]]),
        lambda states: states["recorder"]["log"][2].update(count=CODE),
        lambda states: states["recorder"]["log"][2].update(single=CODE),
        lambda states: states["recorder"]["log"].append({"step": 9, "change": "", "failed": CODE}),
        lambda states: states["recorder"]["log"].append({"step": CODE, "change": ""}),
        lambda states: states["recorder"]["log"].append({"step": 9, "change": "", "name": "d_lr", "value": 0.02}),
        lambda states: states["laboratory"].update(seed=CODE),
        lambda states: states["laboratory"]["start"].update(data=CODE),
        lambda states: states["laboratory"]["start"].update(latent_dim=CODE),
        lambda states: states["laboratory"]["settings"].update(d_lr=CODE),
    ],
)
def test_text_in_a_checkpoint_does_not_become_code(planes, change, tmp_path):
    old, new = planes
    old.save(tmp_path)
    states = checkpoint.read(tmp_path / "run.ckpt")
    of_a_setting = ["before", "change", "label", "name", "now", "step", "value"]
    assert [sorted(event) for event in states["recorder"]["log"][:3]] == [
        of_a_setting,
        of_a_setting,
        ["change", "count", "single", "step"],
    ]
    change(states)
    sealed(tmp_path / "run.ckpt", states)
    code = new.code
    with pytest.raises(CheckpointError):
        new.load(tmp_path)
    assert new.code == code


def test_code_is_made_of_known_settings_alone(planes):
    old, _ = planes
    old.recorder.log[0]["value"] = CODE
    with pytest.raises(ValueError, match="learning rate must be a finite number from 0 to 0.1"):
        print(old.code)


def test_numbers_of_numpy_are_settings_and_code(planes):
    import numpy as np

    old, _ = planes
    old.set(d_lr=np.float32(0.002), batch_size=np.int64(16))
    assert type(old.settings["d_lr"]) is float and type(old.settings["batch_size"]) is int
    assert "np." not in old.code
