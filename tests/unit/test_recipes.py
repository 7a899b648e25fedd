"""How shipped recordings are made: what is interrupted goes on to the same end; a bar says how fast, how long."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from helpers.ruler import Ruler

import gan_edu.training_loop as loop
from gan_edu.__main__ import main
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.measures import mnist_scores
from gan_edu.core.recording.points_look import PointsLook
from gan_edu.core.recording.recorder import Recorder, frame_steps
from gan_edu.core.recording.recording import Recording
from gan_edu.core.safety.lock import InUse
from gan_edu.core.training.checkpoint import CheckpointError
from gan_edu.losses import LOSSES
from gan_edu.mnist_gan import textbook
from gan_edu.recordings import best_recipe, convolutional_recipe, digits_film, recipes, resumable
from gan_edu.training_loop import GAN
from gan_edu.tricks import EMA
from gan_edu.widgets.plane.build import Laboratory


@pytest.fixture
def record(tmp_path, monkeypatch):
    """record(folder): the textbook's recipe on 256 digits, three epochs of four steps."""
    images = mnist(train=False)[0][:256]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recipes, "Scorer", Ruler)
    monkeypatch.setattr(recipes, "textbook_batches", lambda seed, device: Batches(images, 64, seed, device))
    return lambda folder: recipes.mnist_textbook("mnist_textbook", epochs=3, into=folder)


def test_an_interrupted_recording_goes_on_to_the_same_end(record, tmp_path, monkeypatch, capsys):
    record("whole")
    train = recipes.train

    def interrupted(gan, batches, steps):
        for step in train(gan, batches, steps):
            if step.step == 10:
                raise KeyboardInterrupt
            yield step

    monkeypatch.setattr(recipes, "train", interrupted)
    with pytest.raises(KeyboardInterrupt):
        record("resumed")
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["mnist_textbook_12.ckpt"]
    assert not list((tmp_path / "resumed").rglob("*.*"))
    left = []
    monkeypatch.setattr(recipes, "train", lambda gan, batches, steps: left.append(steps) or train(gan, batches, steps))
    record("resumed")
    assert left == [4]  # from the end of the second epoch
    whole, resumed = (Recording.load(tmp_path / each / "mnist_textbook") for each in ("whole", "resumed"))
    assert resumed.atlas == whole.atlas
    assert resumed.meta["frames"] == whole.meta["frames"] and resumed.meta["curves"] == whole.meta["curves"]
    weights = [tmp_path / each / "mnist_textbook_generator" / "generator.pt" for each in ("whole", "resumed")]
    assert weights[0].read_bytes() == weights[1].read_bytes()
    assert not list((tmp_path / "runs").iterdir())
    assert re.search(r"768/768 \[\d\d:\d\d<\d\d:\d\d, .*samples/s\]", capsys.readouterr().err)


@pytest.fixture
def film(tmp_path, monkeypatch):
    """film(train): 60 steps of a small ring; what it is told of it, its pieces and its settings may differ."""
    monkeypatch.chdir(tmp_path)

    def make(train, into="film", batch_size=32, told=None, seed=0, decay=0.5, **settings):
        gan, batches = Laboratory(
            GAN, LOSSES, {"g_width": 16, "d_width": 16, "batch_size": batch_size, **settings}
        ).build()
        gan = dataclasses.replace(gan, seed=seed, after_step=[EMA(decay)])
        look = PointsLook(batches.distribution, compact=True)
        at = frame_steps(60, every=15)
        recorder = Recorder(gan, at, "A ring", look, name="plane/trial", settings=told)
        return resumable.record(recorder, batches, train, 60, tmp_path / into, every=20)

    return make


def interrupted(gan, batches, steps):
    """Training with a stop button pressed in step 50."""
    for record in loop.train(gan, batches, steps):
        if record.step == 50:
            raise KeyboardInterrupt
        yield record


def untouched(*_):
    """Training that must not begin."""
    raise AssertionError("it trains")


@pytest.mark.parametrize(
    "name, module, cost",
    [("mnist_best", best_recipe, "cost"), ("mnist_convolutional", convolutional_recipe, "step_cost")],
)
def test_a_film_takes_the_time_of_the_textbooks(name, module, cost, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(digits_film, "Scorer", Ruler)
    monkeypatch.setattr(module, cost, lambda *arm: 300.0)
    film = recipes.RECIPES[name](name, epochs=2, into=str(tmp_path))
    facts, steps = film.meta["provenance"], round(2 * 937 / 300)
    assert facts["steps"] == film.steps[-1] == steps and facts["settings"]["cost"] == 300
    assert film.steps == [0, 1, 2, 3, 6]  # of the textbook: 0 to 100; 200; 500; an epoch of 937 steps; two
    assert (tmp_path / name / "recording.json").is_file() and f"FID {steps}.0" in capsys.readouterr().out


CHECKPOINT = Path("runs/plane_trial_60.ckpt")


def test_a_film_of_points_goes_on_to_the_same_end_too(film, tmp_path):
    whole = film(loop.train)
    with pytest.raises(KeyboardInterrupt):
        film(interrupted)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["plane_trial_60.ckpt"]
    left = []
    resumed = film(lambda gan, batches, steps: left.append(steps) or loop.train(gan, batches, steps))
    assert left == [20] and resumed.atlas == whole.atlas and resumed.meta["frames"] == whole.meta["frames"]
    assert resumed.meta["curves"] == whole.meta["curves"] and not list((tmp_path / "runs").iterdir())


# Nothing is lost


def test_a_destination_that_takes_no_files_is_refused_before_training(record, tmp_path, monkeypatch):
    monkeypatch.setattr(recipes, "train", untouched)
    (tmp_path / "blocked").touch()
    with pytest.raises(OSError, match="choose another folder.*blocked"):
        record("blocked")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "mnist_textbook_generator").touch()  # where the generator's weights go
    with pytest.raises(OSError, match="choose another folder.*mnist_textbook_generator"):
        record("half")
    monkeypatch.setattr(resumable, "PICTURES", 10**18)
    with pytest.raises(OSError, match="MB are needed.*make room"):
        record("small")


def test_the_command_says_so_in_one_line(record, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(recipes, "train", untouched)
    (tmp_path / "blocked").touch()
    assert main(["record", "mnist_textbook", "--epochs", "1", "--into", "blocked"]) == 1
    assert re.fullmatch("python -m gan_edu: .*choose another folder.*\n", capsys.readouterr().err)


def test_features_ask_for_their_folder_before_training(tmp_path, monkeypatch, capsys):
    (tmp_path / "blocked").touch()
    for data in mnist_scores.DATA:
        blocked = mnist_scores.DATA[data]._replace(load=untouched, weights=tmp_path / "blocked" / "features.pt")
        monkeypatch.setitem(mnist_scores.DATA, data, blocked)
    for asked in ([], ["--data", "fashion"]):
        assert main(["train-features", *asked]) == 1 and "choose another folder" in capsys.readouterr().err
    assert main(["train-features", "--data", "cifar"]) == 1 and "one of mnist, fashion" in capsys.readouterr().err


@pytest.mark.parametrize("breaks", ["the film", "the generator"])
def test_the_checkpoint_stays_until_all_lies_safe(record, tmp_path, monkeypatch, breaks):
    """The destination breaks while it trains: what was trained is stored by the next call, without a step."""
    train, folder = recipes.train, tmp_path / "a" / ("mnist_textbook" + ("_generator" if breaks != "the film" else ""))

    def breaking(gan, batches, steps):
        yield from train(gan, batches, steps)
        folder.rmdir()
        folder.touch()

    monkeypatch.setattr(recipes, "train", breaking)
    with pytest.raises(OSError, match="nothing was written"):
        record("a")
    assert (tmp_path / "runs" / "mnist_textbook_12.ckpt").is_file()
    folder.unlink()
    left = []
    monkeypatch.setattr(recipes, "train", lambda gan, batches, steps: left.append(steps) or train(gan, batches, steps))
    record("a")
    assert left == [0] and not list((tmp_path / "runs").iterdir())
    assert Recording.load(tmp_path / "a" / "mnist_textbook").steps[-1] == 12
    assert (tmp_path / "a" / "mnist_textbook_generator" / "generator.pt").is_file()


def test_two_processes_do_not_make_one_recording(film, tmp_path):
    code = (
        "import pathlib, sys; from gan_edu.core.safety.lock import locked\n"
        "with locked(pathlib.Path('runs/plane_trial_60.lock')): print('held', flush=True); sys.stdin.read()"
    )
    (tmp_path / "runs").mkdir()
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(InUse, match="the recording of plane/trial is already under way in another process"):
            film(untouched)
        other.kill()
    assert film(loop.train).steps[-1] == 60


# What goes on is what began


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"told": {"lr": 2e-3, "data": "ring"}}, r"setting 'lr' was 0.001, is 0.002\."),
        ({"told": {"lr": 1e-3}}, r"setting 'data' was 'ring', is None\."),
        ({"g_lr": 2e-3}, "G's optimiser was .*, is "),
        ({"loss": "non-saturating"}, "loss was 'minimax', is 'non-saturating'"),
        ({"batch_size": 64}, "batch size was 32, is 64"),
        ({"seed": 7}, "seed was 0, is 7"),
        ({"decay": 0.9}, r"hooks was .*0\.5.*, is .*0\.9"),
    ],
)
def test_a_recording_goes_on_only_with_its_own_recipe(film, changed, words):
    as_it_was = {"told": {"lr": 1e-3, "data": "ring"}}
    with pytest.raises(KeyboardInterrupt):
        film(interrupted, **as_it_was)
    before = CHECKPOINT.read_bytes()
    with pytest.raises(CheckpointError, match=f"(?s)plane_trial_60.ckpt.*{words}.*To begin it anew, remove .*ckpt$"):
        film(untouched, **{**as_it_was, **changed})
    assert CHECKPOINT.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"x", b"gan_edu checkpoint 3\nshort", b"gan_edu checkpoint 1\n"])
def test_a_checkpoint_that_cannot_be_read_is_told_how_to_begin_anew(film, content):
    CHECKPOINT.parent.mkdir(exist_ok=True)
    CHECKPOINT.write_bytes(content)
    with pytest.raises(CheckpointError, match="cannot go on: .*To begin it anew, remove .*plane_trial_60.ckpt$"):
        film(untouched)
    assert CHECKPOINT.read_bytes() == content


def test_a_recording_goes_on_only_with_its_own_data():
    gan, images = textbook(), torch.randint(0, 256, (64, 1, 28, 28), dtype=torch.uint8)
    recorder = Recorder(gan, [0], "t")
    state = resumable.Recipe(recorder, Batches(images, 32)).state_dict()
    resumable.Recipe(recorder, Batches(images.clone(), 32)).load_state_dict(state)
    images[3, 0, 5, 5] += 1
    with pytest.raises(ValueError, match=r"data was '\(64, .*[0-9a-f]{13}', is '\(64, .*[0-9a-f]{13}'"):
        resumable.Recipe(recorder, Batches(images, 32)).load_state_dict(state)


def test_a_recording_tells_where_it_went_on(film, monkeypatch):
    with pytest.raises(KeyboardInterrupt):
        film(interrupted)
    monkeypatch.setattr(resumable, "describe", lambda device: "another machine")
    log = film(loop.train).meta["log"]
    assert [each["step"] for each in log] == [40]
    assert re.fullmatch("went on with another machine, torch .*; before: cpu, .* threads, torch .*", log[0]["change"])
    assert json.dumps(log)


def test_a_recording_goes_on_with_the_threads_it_began_with(film, monkeypatch):
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        with pytest.raises(KeyboardInterrupt):
            film(interrupted)
        torch.set_num_threads(1)
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
        recording = film(loop.train)
        assert torch.get_num_threads() == 2 and recording.meta["log"] == []
    finally:
        torch.set_num_threads(before)


def test_a_recipe_is_the_same_however_its_optimisers_compute():
    """A recording that began on one kind of device goes on on another."""
    weight = [torch.nn.Parameter(torch.zeros(2))]
    fused, plain, faster = (
        torch.optim.Adam(weight, lr=lr, fused=way) for lr, way in ((1e-3, True), (1e-3, False), (2e-3, True))
    )
    assert resumable.told_optimizer(fused) == resumable.told_optimizer(plain) != resumable.told_optimizer(faster)
