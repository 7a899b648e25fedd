"""A recorder is curves plus a look: another kind of samples is recorded, shown live and resumed without touching it."""

import json
import zlib

import pytest
import torch
from helpers.small_gan import points, small, weights

from gan_edu import losses
from gan_edu.core.data.distributions import Draws, ring
from gan_edu.core.recording import GridLook, PointsLook, Recorder, Recording, format
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.look import Look
from gan_edu.core.recording.recording import sealed
from gan_edu.core.safety.checked import one_of, series, table, text
from gan_edu.core.training import checkpoint
from gan_edu.core.training.networks import mlp
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import GAN, train
from gan_edu.widgets import Live, Plane
from gan_edu.widgets.live.film import Film

# ---------------------------------------------------------------- a look of one's own


class TextLook:
    """Texts of four letters, one for each latent."""

    kind, facts, edition = "texts", ("scores",), 0

    def __init__(self, count=3):
        self.count = count

    def begin(self, gan, at):
        self.gan, self.latents = gan, gan.latents(self.count)
        at.fit(8 * self.count)

    def see(self):
        places = (self.gan.generate(self.latents) * 12 + 12).long()  # (count, 4), 0 to 24
        texts = ["".join(chr(97 + k) for k in each) for each in places.tolist()]
        return {"packed": torch.tensor(list(json.dumps(texts).encode()), dtype=torch.uint8), "scores": None}

    def score(self):
        return {"vowels": sum(each in "aeiou" for each in bytes(self.see()["packed"].tolist()).decode())}

    def about(self):
        return {"subtitle": f"{self.count} texts", "grid": {"rows": self.count}}

    def scoring(self):
        return {"samples": self.count}

    def told(self, name, value):
        return value

    def sent(self, packed):
        return bytes(packed.tolist())

    def build(self, packed, meta, quality):
        frames = json.dumps([json.loads(self.sent(each)) for each in packed]).encode()
        return sealed(meta, {"file": "frames.bin", "frames": len(packed)}, zlib.compress(frames))

    def checks(self):
        return {"packed": self._texts, "scores": lambda name, value: value is None or table(name, value)}

    def _texts(self, name, value):
        series(name, json.loads(self.sent(value)), text, self.count)

    def state_dict(self):
        return {"latents": self.latents}

    def check_state(self, state):
        if state["latents"].shape != self.latents.shape:
            raise ValueError(f"there are {len(state['latents'])} latents, not {self.count}")

    def load_state_dict(self, state):
        self.latents = state["latents"]


def run(at=range(0, 31, 5), count=3):
    gan = small()
    return gan, points(), Recorder(gan, at, "Four letters", TextLook(count), settings={"letters": 4})


def without_clock(value):
    return {**value, "seconds": 0, "provenance": None, "checksum": None}


def equal(a, b):
    """Whether two states are the same, bit for bit."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(equal, a, b))
    return torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b


def texts_of(recording):
    return json.loads(zlib.decompress(recording.atlas))


@pytest.fixture
def texts(monkeypatch):
    """What a chapter adds beside its look: what a file of this kind must hold."""
    monkeypatch.setitem(
        format.KINDS, "texts", lambda meta, frames, count: one_of("file", meta["atlas"]["file"], ("frames.bin",))
    )


def test_texts_are_recorded_and_read_again(texts, tmp_path):
    gan, batches, recorder = run()
    recording = Recording.load(recorder.record(train(gan, batches, 30)).save(tmp_path / "run"))
    frames = texts_of(recording)
    assert (
        recording.meta["kind"] == "texts" and recording.steps == [0, 5, 10, 15, 20, 25, 30] == recorder.frames["step"]
    )
    assert len(frames) == 7 and all(len(each) == 4 for frame in frames for each in frame) and frames[0] != frames[-1]
    assert recording.scores[-1] == {"vowels": sum(letter in "aeiou" for letter in "".join(frames[-1]))}
    assert recording.meta["subtitle"] == "3 texts · recorded, seed 0" and "epoch" not in recording.meta["frames"]
    assert len(recording.meta["curves"]["d_loss"]) == 30 and recording.meta["scoring"] == {"samples": 3}


@pytest.mark.parametrize("at", [lambda: range(0, 31, 5), lambda: OpenEnded(2, most=6)])
def test_a_run_of_texts_goes_on_bit_for_bit(texts, tmp_path, at):
    whole, batches, straight = run(at())
    told = straight.record(train(whole, batches, 30)).meta
    gan, batches, recorder = run(at())
    list(recorder.watch(train(gan, batches, 13)))
    checkpoint.save(tmp_path / "run.ckpt", gan=gan, batches=batches, recorder=recorder)
    gan, batches, recorder = run(at())
    checkpoint.load(tmp_path / "run.ckpt", gan=gan, batches=batches, recorder=recorder)
    again = recorder.record(train(gan, batches, 17)).meta
    assert torch.equal(weights(gan), weights(whole))
    assert equal(without_clock(recorder.state_dict()), without_clock(straight.state_dict()))
    assert without_clock(again) == without_clock(told)


def test_what_a_look_cannot_have_stored_changes_nothing(texts):
    recorder, other = run()[2], run(count=4)[2]
    recorder.keep()
    with pytest.raises(ValueError, match="there are 3 latents, not 4"):
        other.load_state_dict(recorder.state_dict())
    pictures = Recorder(textbook(), [0], "pictures")
    with pytest.raises(ValueError, match="recorded as 'texts', this recorder keeps images"):
        pictures.load_state_dict(recorder.state_dict())
    state = recorder.state_dict()
    state["frames"] = {**state["frames"], "packed": [torch.tensor(list(b'["a"]'), dtype=torch.uint8)]}
    with pytest.raises(ValueError, match="packed, place 0 must be a list of 3, got 1"):
        recorder.load_state_dict(state)


def test_a_live_view_is_sent_the_texts(texts):
    gan, batches, recorder = run()
    recorder.keep()
    film = Film(recorder, {"step": 0})
    (first,) = film.whole()["pictures"]
    assert all(len(each) == 4 for each in json.loads(first)) and film.whole()["meta"]["subtitle"].endswith(
        "live, seed 0"
    )
    list(recorder.watch(train(gan, batches, 10)))
    message, pictures = film.update({"step": 10})
    assert (
        message["news"]["frames"]["step"] == [5, 10]
        and [*map(json.loads, pictures)] == texts_of(recorder.recording())[1:]
    )


def test_a_look_belongs_to_one_recorder():
    look = GridLook(1, 1)
    assert isinstance(look, Look) and isinstance(PointsLook(ring()), Look) and isinstance(TextLook(), Look)
    Recorder(textbook(), [0], "first", look)
    with pytest.raises(ValueError, match=r"this look belongs to another recorder: make one for each, as GridLook\(…\)"):
        Recorder(textbook(), [0], "second", look)
    with pytest.raises(TypeError, match="look must be a core.recording.look.Look"):
        Recorder(textbook(), [0], "a name", "run")
    with pytest.raises(TypeError, match=r"a GAN that is recorded has latents\(count\) and generate\(z\), got 3"):
        Recorder(3, [0], "no GAN")
    with pytest.raises(TypeError, match=r"a scorer has a method score\(gan\)"):
        GridLook(scorer=3)


def test_looking_with_any_look_leaves_the_training_as_it_is():
    plain, batches = small(), points()
    list(train(plain, batches, 30))
    gan, batches, recorder = run(range(31))
    list(recorder.watch(train(gan, batches, 30)))
    assert torch.equal(weights(gan), weights(plain))
    flat, watched = (GAN(mlp([2, 8, 2]), mlp([2, 8, 1]), 2) for _ in range(2))
    watched.load_state_dict(flat.state_dict())
    list(train(flat, Draws(ring(), 8), 20))
    list(Recorder(watched, range(21), "t", PointsLook(ring())).watch(train(watched, Draws(ring(), 8), 20)))
    assert torch.equal(weights(flat), weights(watched))


# ---------------------------------------------------------------- what does not change is sent once

MOVING = {"phase", "step", "seconds", "rate", "notice", "error"}


@pytest.fixture
def plane(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    live = Plane(GAN, train, {"non-saturating": losses.non_saturating}, "once", g_width=8, d_width=8, every=1000)
    yield listened(live)
    live.close()


@pytest.fixture
def pictures(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    live = Live(lambda: (textbook(), textbook_batches()), train, "once, too", rows=2, columns=2, every=5)
    yield listened(live)
    live.close()


def listened(live):
    """A view whose messages are kept, and which is told after every step."""
    live.messages, live.driver.interval = [], 0
    live.send = lambda content, buffers=None: live.messages.append((content, buffers or []))
    return live


def test_nothing_that_lasts_is_sent_again_while_the_plane_trains(plane, monkeypatch):
    asked = []
    about = PointsLook.about
    monkeypatch.setattr(PointsLook, "about", lambda look: asked.append(look) or about(look))
    plane.train_to(60)
    messages, _ = zip(*plane.messages, strict=True)
    assert len(messages) >= 60 and not asked, "what lasts is built again"
    for content in messages:
        assert content.keys() == {"news", "status"} and content["status"].keys() == MOVING
        assert content["news"].keys() <= {"frames", "curves", "film", "version", "now"}
    assert max(len(json.dumps(content)) for content in messages) < 1200
    opening = plane.whole()
    assert opening["status"]["settings"] == plane.settings and {"grid", "noise", "reals"} <= opening["meta"].keys()


def test_pictures_that_last_are_sent_once(pictures):
    pictures.train_to(20)
    for content, _ in pictures.messages:
        assert content["status"].keys() == MOVING | {"epoch"} and not {"about", "log"} & content["news"].keys()
    assert sum(len(buffers) for _, buffers in pictures.messages) == len(pictures.recorder.frames["step"]) - 1


def told_after(live, change):
    """What of settings and constants was told after a change, and in the steps after it: {where: names}."""
    live.messages.clear()
    change()
    live.train_to(live.gan.step + 5)
    assert live.driver.idle.wait(120)
    return [
        (content["status"].keys() - MOVING - {"epoch"}, content["news"].get("about", {}).keys())
        for content, _ in live.messages
        if content["status"].keys() - MOVING - {"epoch"} or "about" in content["news"]
    ]


def test_what_changes_is_sent_once(plane, pictures):
    plane.train_to(3)
    assert told_after(plane, lambda: plane.set(d_lr=5e-4)) == [({"settings"}, set())]
    assert told_after(plane, lambda: plane.set(data="line")) == [({"settings"}, {"reals"})]
    assert told_after(plane, lambda: plane.set(latent="uniform")) == [({"settings"}, {"noise"})]
    assert plane.whole()["meta"]["noise"]["kind"] == "uniform"
    pictures.train_to(3)
    assert told_after(pictures, lambda: pictures.set(batch_size=32)) == [({"knobs"}, {"steps_per_epoch"})]
    assert told_after(pictures, lambda: None) == []


def test_a_view_that_opens_between_two_messages_ends_with_what_is_so(plane):
    """The status of the whole film is of its version: what is told after that is told again, though it changed back."""
    plane.train_to(3)
    before, rate = plane.growing_film.whole(), plane.settings["d_lr"]
    plane.laboratory.settings["d_lr"] = 0.5
    between = plane.whole()
    plane.laboratory.settings["d_lr"] = rate
    plane.train_to(4)
    assert between["status"] == before["status"] and between["version"] == before["version"]
    assert between["status"]["settings"]["d_lr"] == rate == plane.settings["d_lr"]
