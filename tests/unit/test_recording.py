"""Recordings: what the recorder keeps, what a file must hold, and that watching costs the run nothing."""

import io
import json
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
import torch
from PIL import Image

from gan_edu.core.data.pixels import to_uint8
from gan_edu.core.recording.curves import LONGEST, Curves
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder, frame_steps
from gan_edu.core.recording.recording import Recording, RecordingError, build, checksum, family, shipped, shipped_names
from gan_edu.core.training.contract import Record
from gan_edu.core.training.loss import LOG2
from gan_edu.mnist_gan import textbook, textbook_batches, trained_textbook
from gan_edu.training_loop import GAN, train


@pytest.fixture(scope="module")
def film():
    gan, batches = textbook(), textbook_batches()
    recorder = Recorder(gan, frame_steps(12, 5), "A <short> run", GridLook(2, 3), steps_per_epoch=937)
    return recorder, recorder.record(train(gan, batches, 12))


def test_frames_come_early_and_then_evenly():
    assert frame_steps(30, 10) == [0, 1, 2, 5, 10, 20, 30]
    assert frame_steps(93_700, 937)[:12] == [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 937, 1874]
    assert len(frame_steps(93_700, 937)) == 110 and frame_steps(0, 5) == [0]
    with pytest.raises(ValueError, match="every must be a whole number ≥ 1"):
        frame_steps(10, 0)


def test_a_recording_holds_what_was_seen(film):
    recorder, recording = film
    assert recording.steps == [0, 1, 2, 5, 10, 12] and len(recording) == 6
    assert recording.meta["curves"]["step"] == list(range(1, 13))
    assert len(recording.meta["frames"]["logits"][0]) == 6
    assert recording.frame(5).size == (84, 56) and recording.tile(5, 4).size == (28, 28)
    assert recording.tiles(5).shape == (6, 1, 28, 28)
    assert recording.tiles(5)[4, 0].tobytes() == recording.tile(5, 4).tobytes()
    pixels = to_uint8(recorder.gan.generate(recorder.look.latents))
    shown = torch.frombuffer(bytearray(recording.tile(5, 4).tobytes()), dtype=torch.uint8).reshape(28, 28)
    assert (shown.float() - pixels[4, 0].float()).abs().mean() < 8  # WebP loses a little, not the picture
    best = {"d_loss": 2 * LOG2, "g_loss": LOG2, "d_real": 0.5, "d_fake": 0.5}
    assert recording.meta["optimum"] == pytest.approx(best, abs=1e-5)
    assert recording.meta["points_are"] == "single steps"


def test_it_is_told_how_many_steps_a_number_of_the_curves_stands_for():
    recorder = Recorder(textbook(), [0], "t")
    recorder.curves.width = 4
    assert recorder.about()["points_are"] == "means over 4 steps"


def test_a_frame_is_sent_in_the_form_in_which_it_is_stored():
    recorder = Recorder(textbook(), [0], "t", GridLook(1, 5))
    recorder.keep()
    stored = recorder.recording().frame(0)
    sent = Image.open(io.BytesIO(recorder.look.sent(recorder.frames["packed"][0])))
    assert sent.size == stored.size == (140, 28)
    difference = np.asarray(sent.convert("L"), dtype=float) - np.asarray(stored, dtype=float)
    assert np.abs(difference).mean() < 8  # each a WebP of its own


def test_a_recording_tells_where_it_comes_from(film):
    told = film[1].meta["provenance"]
    assert told.keys() == {
        *("seed", "settings", "steps", "wall_seconds", "device", "precision", "loss"),
        *("gan_edu", "torch", "python"),
    }
    assert (told["seed"], told["steps"], told["precision"], told["loss"]) == (0, 12, "float32", "non-saturating")
    assert told["torch"] == torch.__version__ and film[0].seconds > 0


def noted(steps):
    """Curves of one value. Beyond LONGEST a number stands for two steps, and the last step may wait for its second."""
    curves = Curves()
    for step in range(1, steps + 1):
        curves.note(Record(step, {"g_loss": torch.tensor(float(step))}))
    return curves


def test_curves_forget_only_what_lies_after_a_step():
    steps = LONGEST + 1
    for step, kept in ((steps, 301), (steps - 1, 300), (steps - 3, 299)):
        curves = noted(steps)
        curves.forget_after(step)
        known = {name: values[:kept] for name, values in noted(steps).so_far().items()}
        assert (curves.step, curves.so_far()) == (step, known)


def test_curves_go_on_where_they_were_saved():
    steps, later = LONGEST + 1, Curves()
    later.check_state(state := noted(steps).state_dict(), steps)
    later.load_state_dict(state, steps, torch.device("cpu"))
    later.note(Record(steps + 1, {"g_loss": torch.tensor(float(steps + 1))}))
    assert later.so_far() == noted(steps + 1).so_far()


def test_every_frame_shows_the_same_latents():
    gan = trained_textbook()  # a generator that has learned: other latents would be other pictures
    first, before = trained_textbook().latents(6), trained_textbook()
    steps = [gan.step, gan.step + 2, gan.step + 3]
    recording = Recorder(gan, steps, "A short run", GridLook(2, 3)).record(train(gan, textbook_batches(), 3))
    for frame, generate in ((0, before.generate), (2, gan.generate)):
        shown, expected = torch.from_numpy(recording.tiles(frame)).float(), to_uint8(generate(first)).float()
        assert (shown - expected).abs().mean() < 8 < 20 < (shown - expected.roll(1, 0)).abs().mean()
    middle = torch.from_numpy(recording.tiles(1)).float() - torch.from_numpy(recording.tiles(0)).float()
    assert middle.abs().mean() < 8


def test_the_curves_are_the_records(film):
    gan, batches = textbook(), textbook_batches()
    records = list(train(gan, batches, 12))
    assert film[1].meta["curves"]["d_loss"] == [round(float(r.d_loss), 4) for r in records]
    assert film[1].meta["curves"]["d_fake"] == [round(float(r.fake_logits.sigmoid().mean()), 4) for r in records]


def test_a_recorded_run_ends_with_the_weights_of_one_that_is_not(film):
    gan = textbook()
    for _ in train(gan, textbook_batches(), 12):
        pass
    pairs = zip(gan.generator.parameters(), film[0].gan.generator.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert gan.generator.training


def test_long_curves_are_thinned_to_what_can_be_drawn():
    class Stub:
        loss = type("L", (), {"name": "stub", "optimum": None})
        step = 0

        def latents(self, count):
            return torch.zeros(count, 1)

        def generate(self, z, condition=None):
            return z.view(1, 1, 1, 1)

    recorder, steps = Recorder(Stub(), [], "t", GridLook(1, 1)), 3 * LONGEST + 7
    for step in range(1, steps + 1):
        recorder.gan.step = step
        value = torch.tensor(float(step))
        recorder.curves.note(
            Record(
                step,
                {
                    "d_loss": value,
                    "g_loss": -value,
                    "real_logits": torch.zeros(1, 1),
                    "fake_logits": torch.zeros(1, 1),
                },
            )
        )
    curves = recorder.curves.so_far()
    assert LONGEST / 2 <= len(curves["step"]) <= LONGEST and curves["step"][-1] == steps
    width = recorder.curves.width
    assert curves["d_loss"][0] == pytest.approx((width + 1) / 2)  # the mean of 1 … width
    assert curves["d_loss"][-2] == pytest.approx(curves["step"][-2] - (width - 1) / 2)
    assert curves["d_real"][5] == 0.5


def test_save_and_load_give_the_same(film, tmp_path):
    recording = film[1]
    recording.save(tmp_path / "r")
    again = Recording.load(tmp_path / "r")
    assert again.meta == recording.meta and again.atlas == recording.atlas
    assert again.frame(3).tobytes() == recording.frame(3).tobytes()


def spoil(folder, change):
    path = folder / "recording.json"
    meta = json.loads(path.read_text())
    change(meta)
    path.write_text(json.dumps(meta))


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda f: (f / "recording.json").unlink(), "no recording in"),
        (lambda f: (f / "recording.json").write_text("{"), "not readable as JSON"),
        (lambda f: (f / "recording.json").write_text("[]"), "not a recording of gan_edu"),
        (lambda f: (f / "recording.json").write_text('{"format": "other"}'), "format is 'other'"),
        (lambda f: spoil(f, lambda m: m.update(version=99)), "another version"),
        (lambda f: spoil(f, lambda m: m.pop("curves")), "lacks curves"),
        (lambda f: spoil(f, lambda m: m.update(title="edited")), "damaged or was edited"),
        (lambda f: (f / "frames.webp").write_bytes(b"RIFF"), "frames.webp is damaged"),
        (lambda f: (f / "frames.webp").unlink(), "frames.webp is missing"),
    ],
)
def test_what_is_wrong_with_a_recording_is_said(film, tmp_path, damage, words):
    folder = film[1].save(tmp_path / "r")
    damage(folder)
    with pytest.raises(RecordingError, match=words):
        Recording.load(folder).frame(0)


def test_frames_and_tiles_out_of_range(film):
    recording = film[1]
    assert recording.frame(-1).tobytes() == recording.frame(5).tobytes()
    with pytest.raises(IndexError, match="frame must be between 0 and 5, got 6"):
        recording.frame(6)
    with pytest.raises(TypeError, match="frame must be a whole number between 0 and 5, got 1.5"):
        recording.frame(1.5)
    with pytest.raises(IndexError, match="tile must be between 0 and 5, got 6"):
        recording.tile(0, 6)


ANOTHER = "a recorder watches its own GAN .*this record is of step {}, and .* GAN stands at {}.*Recorder anew"


def test_a_recorder_watches_no_other_gan():
    old, new, batches = textbook(), textbook(), textbook_batches()
    recorder = Recorder(old, [0, 2, 4], "t", GridLook(1, 1))
    list(recorder.watch(train(old, batches, 2)))
    before = (recorder.frames["step"], recorder.curves["step"])
    with pytest.raises(ValueError, match=ANOTHER.format(1, 2)):
        recorder.record(train(new, batches, 4))
    assert (recorder.frames["step"], recorder.curves["step"]) == before == ([0, 2], [1, 2])
    with pytest.raises(ValueError, match=ANOTHER.format(3, 4)):  # records of before
        recorder.record(iter(list(train(old, batches, 2))))


def test_nothing_recorded_is_said():
    gan = textbook()
    with pytest.raises(RecordingError, match=r"at least one frame: .*recorder.keep\(\)"):
        Recorder(gan, [5], "t").recording()
    with pytest.raises(ValueError, match="rows must be a whole number from 1"):
        Recorder(gan, [0], "t", GridLook(rows=0))
    with pytest.raises(RecordingError, match="at least one frame"):
        build([], {})


def test_without_a_look_a_frame_is_eight_by_eight_pictures():
    look = Recorder(textbook(), [0], "t").look
    assert (look.rows, look.columns) == (8, 8) and look.scoring() is None


def test_a_row_that_no_picture_can_hold_is_refused_before_anything_is_trained():
    with pytest.raises(RecordingError, match="1 frames of 28,000 × 28 pixels do not fit one picture"):
        Recorder(textbook(), [0], "t", GridLook(1, 1000))
    with pytest.raises(RecordingError, match="1 frames of 28 × 28,000 pixels do not fit one picture"):
        Recorder(textbook(), [0], "t", GridLook(1000, 1))


def test_a_generator_alone_is_recorded_without_logits():
    trained = textbook()
    recorder = Recorder(GAN(trained.generator, None, trained.latent_dim), [0], "t", GridLook(2, 2))
    recorder.keep()
    meta = recorder.recording().meta
    assert meta["frames"]["logits"] == [None] and meta["optimum"] == {} and meta["provenance"]["loss"] is None


def test_scores_name_what_computed_them():
    class Scorer:
        samples, reference, floor = 10, "nothing", 1.23456

        def score(self, gan):
            return {}

    told = GridLook(scorer=Scorer()).scoring()
    assert find_spec(told.pop("features")) is not None
    assert told == {"samples": 10, "reference": "nothing", "fid_floor": 1.2346}


def test_numbers_that_are_not_finite_become_null(film):
    recorder, _ = film
    recorder.frames["scores"][-1] = {"fid": float("nan"), "confidence": float("inf"), "histogram": [0.1]}
    meta = recorder.recording().meta
    assert meta["frames"]["scores"][-1] == {"fid": None, "confidence": None, "histogram": [0.1]}
    assert checksum(meta) == meta["checksum"]


def forged(recording, **atlas):
    """The recording with another word about its picture, and a right checksum."""
    meta = {**recording.meta, "atlas": {**recording.meta["atlas"], **atlas}}
    return {**meta, "checksum": checksum(meta)}


@pytest.mark.parametrize(
    "name",
    [
        "../outside.webp",
        "/nowhere/frames.webp",
        "a/b.webp",
        "a\\b.webp",
        "C:a.webp",
        "..",
        "",
        None,
        5,
        "recording.json",
        "run.ckpt",
        "frames.webp\n",
        "frames.webp\0",
    ],
)
def test_a_picture_lies_beside_its_recording_and_nowhere_else(film, tmp_path, name):
    recording, outside = film[1], tmp_path / "outside.webp"
    outside.write_bytes(recording.atlas)
    folder = recording.save(tmp_path / "r")
    (folder / "recording.json").write_text(json.dumps(forged(recording, file=name)))
    with pytest.raises(RecordingError, match="must be a file beside it, such as frames.webp, got"):
        Recording.load(folder)
    with pytest.raises(RecordingError, match="must be a file beside it"):
        Recording(forged(recording, file=name), atlas=b"evil").save(folder)
    assert outside.read_bytes() == recording.atlas and len(list(tmp_path.rglob("*"))) == 4


def test_a_run_that_goes_on_tells_the_settings_it_began_with():
    began, later = (Recorder(textbook(), [0], "t", GridLook(1, 1), settings={"rate": rate}) for rate in (1e-3, 1e-4))
    later.load_state_dict(began.state_dict())
    later.keep()
    assert later.recording().meta["provenance"]["settings"] == {"rate": 1e-3}


@pytest.mark.parametrize(
    "spoiled, words",
    [
        (lambda r: r.meta["provenance"]["settings"].update(lr=float("nan")), "NaN.*finite numbers"),
        (lambda r: r.meta.update(title="edited"), "damaged or was edited"),
        (lambda r: Recording(r.meta, atlas=r.atlas[:-1]), "its picture is not the one it was built with"),
    ],
)
def test_what_could_not_be_read_again_is_not_written_over_what_can(film, tmp_path, spoiled, words):
    film[1].save(tmp_path / "r")
    copy = Recording(json.loads(json.dumps(film[1].meta)), atlas=film[1].atlas)
    changed = spoiled(copy)
    with pytest.raises(RecordingError, match=words):
        (changed or copy).save(tmp_path / "r")
    assert Recording.load(tmp_path / "r").meta == film[1].meta


def test_a_recording_with_settings_that_json_does_not_know_leaves_the_old_one(film, tmp_path):
    folder, recorder = film[1].save(tmp_path / "r"), film[0]
    recorder.facts["settings"] = {"lr": object()}  # NaN becomes null, and is saved
    try:
        with pytest.raises((TypeError, ValueError), match="JSON"):
            recorder.recording().save(folder)
    finally:
        recorder.facts["settings"] = {}
    assert Recording.load(folder).atlas == film[1].atlas


def test_a_recording_that_was_opened_stays_whole_when_another_takes_its_place(film, tmp_path):
    folder = film[1].save(tmp_path / "r")
    opened = Recording.load(folder)
    build([film[1].frame(k) for k in range(6)], {**opened.meta, "title": "another"}, quality=10).save(folder)
    assert opened.frame(3).tobytes() == film[1].frame(3).tobytes()
    assert Recording.load(folder).meta["title"] == "another"


@pytest.mark.parametrize(
    "name", [name for name in shipped_names() if not name.startswith(("plane/", "collapse_theatre/"))]
)
def test_shipped_recordings_are_whole(name):
    recording = shipped(name)
    assert recording.frame(-1).size[0] > 0 and recording.meta["name"] == name
    assert recording.scores[-1]["fid"] > recording.meta["scoring"]["fid_floor"] > 0
    assert sum(recording.scores[-1]["histogram"]) == pytest.approx(1, abs=1e-3)


def test_the_textbook_recording_is_what_the_course_promises():
    recording = shipped("mnist_textbook")
    assert len(recording) >= 60 and recording.steps[-1] == 100 * 937
    assert (recording.meta["grid"]["rows"], recording.meta["grid"]["columns"]) == (8, 8)
    assert len(recording.atlas) + len(json.dumps(recording.meta)) <= 2_000_000
    settings = recording.meta["provenance"]["settings"]
    assert settings["batch_size"] == 64 and settings["learning_rate"] == 2e-4
    seeds = family("mnist_textbook_seeds")
    assert len(seeds) == 5 and {r.steps[-1] for r in seeds} == {20 * 937}


def test_unknown_names_list_what_there_is():
    with pytest.raises(RecordingError, match="no shipped recording is called 'absent'; there are: .*mnist_textbook"):
        shipped("absent")


def test_opening_a_recording_loads_no_torch():
    code = (
        "import sys, gan_edu; from gan_edu.core.recording import shipped; shipped('mnist_textbook').frame(3);"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
