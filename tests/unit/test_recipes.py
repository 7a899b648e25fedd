"""How shipped recordings are made: what is interrupted goes on to the same end; a bar says how fast, how long."""
import re

import pytest

import gan_edu.training_loop as loop
from gan_edu.core.data import Batches, mnist
from gan_edu.core.laboratory import Laboratory
from gan_edu.core.points import PointsRecorder
from gan_edu.core.recorder import frame_steps
from gan_edu.core.recording import Recording
from gan_edu.losses import LOSSES
from gan_edu.recordings import recipes, resumable
from gan_edu.training_loop import GAN


class Ruler:
    """Scores at once; FID itself is tested elsewhere."""

    samples, reference, floor = 10, "nothing", 0.0

    def __init__(self, *_):
        pass

    def score(self, gan):
        return {"fid": float(gan.step), "confidence": 1.0, "histogram": [0.1] * 10}


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
    assert (tmp_path / "runs" / "mnist_textbook_12.ckpt").is_file() and not (tmp_path / "resumed").exists()
    left = []
    monkeypatch.setattr(recipes, "train", lambda gan, batches, steps: left.append(steps) or train(gan, batches, steps))
    record("resumed")
    assert left == [4]                                     # from the end of the second epoch
    whole, resumed = (Recording.load(tmp_path / each / "mnist_textbook") for each in ("whole", "resumed"))
    assert resumed.atlas == whole.atlas
    assert resumed.meta["frames"] == whole.meta["frames"] and resumed.meta["curves"] == whole.meta["curves"]
    weights = [tmp_path / each / "mnist_textbook_generator" / "generator.pt" for each in ("whole", "resumed")]
    assert weights[0].read_bytes() == weights[1].read_bytes()
    assert not list((tmp_path / "runs").iterdir())
    assert re.search(r"768/768 \[\d\d:\d\d<\d\d:\d\d, .*samples/s\]", capsys.readouterr().err)


def test_a_film_of_points_goes_on_to_the_same_end_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def film(train):
        gan, batches = Laboratory(GAN, LOSSES, {"g_width": 16, "d_width": 16, "batch_size": 32}).build()
        recorder = PointsRecorder(gan, batches.distribution, frame_steps(60, every=15), "A ring", "plane/trial",
                                  compact=True)
        return resumable.film(recorder, batches, train, 60, every=20)

    def interrupted(gan, batches, steps):
        for record in loop.train(gan, batches, steps):
            if record.step == 50:
                raise KeyboardInterrupt
            yield record
    whole = film(loop.train)
    with pytest.raises(KeyboardInterrupt):
        film(interrupted)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["plane_trial_60.ckpt"]
    left = []
    resumed = film(lambda gan, batches, steps: left.append(steps) or loop.train(gan, batches, steps))
    assert left == [20] and resumed.atlas == whole.atlas and resumed.meta["frames"] == whole.meta["frames"]
    assert resumed.meta["curves"] == whole.meta["curves"] and not list((tmp_path / "runs").iterdir())
