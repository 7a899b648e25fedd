"""Live training: watched, paused, changed and resumed, a run is the run it would have been; views hear what is new."""

import base64
import copy
import gc
import hashlib
import io
import json
import sys
import threading
import time
import weakref
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import nn

from gan_edu.convolutional import Labelled, LabelledD
from gan_edu.core.data.batches import Batches
from gan_edu.core.data.pixels import to_uint8
from gan_edu.core.live.run import note
from gan_edu.core.live.settings import Settings, usual_settings
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording
from gan_edu.core.safety.interrupts import Paused
from gan_edu.core.training import checkpoint
from gan_edu.core.training.convolutional import ConvDiscriminator, ConvGenerator
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.core.training.threads import give_back_threads
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import GAN, train
from gan_edu.widgets import Live


class Dropping(nn.Module):
    """A discriminator that draws from torch's global stream."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            MLPDiscriminator((1, 4, 4), (16,)).layers[0], nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 1)
        )

    def forward(self, x):
        return self.layers(x.flatten(1))


def build(seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        gan = GAN(MLPGenerator(3, (1, 4, 4), (16,)), Dropping(), 3, seed=seed)
        data = torch.rand(64, 1, 4, 4) * 2 - 1
    return gan, Batches(data, 8, seed)


def weights(gan):
    return torch.cat([w.detach().flatten() for w in [*gan.generator.parameters(), *gan.discriminator.parameters()]])


def plain(steps, seed=0):
    gan, batches = build(seed)
    for _ in train(gan, batches, steps):
        pass
    return weights(gan)


@pytest.fixture(autouse=True)
def one_thread():
    count = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(count)


@pytest.fixture(params=["thread", "inline"])
def mode(request, monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", request.param)
    return request.param


@pytest.fixture
def make(monkeypatch):
    """make(title=…, …): a Live of a small GAN, in a thread unless said otherwise; closed at the end."""
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    made = []

    def live(build_=build, train_=train, **options):
        made.append(Live(build_, train_, **{"rows": 2, "columns": 3, "every": 5, **options}))
        made[-1].messages = []
        made[-1].send = lambda content, buffers=None: made[-1].messages.append((content, buffers))
        return made[-1]

    yield live
    for each in made:
        each.close()
    assert not trainers()


def trainers():
    for thread in threading.enumerate():
        if thread.name == "gan_edu trainer":
            thread.join(120)
    return [thread for thread in threading.enumerate() if thread.name == "gan_edu trainer"]


def until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.002)


def click(live, do, **more):
    live.on_message(live, {"do": do, "token": "t", **more}, [])


# ---------------------------------------------------------------- law 4


def test_a_watched_run_is_the_run_that_is_not(mode):
    live = Live(build, train, rows=2, columns=3, every=3)
    live.train_to(60)
    assert torch.equal(weights(live.gan), plain(60))
    live.close()


def test_milestones_are_steps_and_are_told():
    live = Live(build, train, "milestones", rows=1, columns=2, milestones={"digits": 9370})
    assert live.status()["milestones"] == {"digits": 9370}
    assert Live(build, train, "none", rows=1, columns=2).status()["milestones"] == {}
    with pytest.raises(ValueError, match="milestones.*digits"):
        Live(build, train, "wrong", rows=1, columns=2, milestones={"digits": 0})


def test_each_sample_is_asked_for_what_it_was_given(make):
    def told():
        torch.manual_seed(0)
        gan = GAN(Labelled(ConvGenerator(14, width=2)), LabelledD(ConvDiscriminator(11, 2, 4)), 4)
        return gan, Batches(torch.zeros(8, 1, 28, 28), 4, conditions=torch.arange(8))

    live = make(told, title="asked", condition=torch.tensor([0, 1, 2, 0, 1, 2]))
    live.train_to(2)
    look = live.recorder.look
    seen = look.see()["packed"]
    wanted = live.gan.generate(look.latents, torch.tensor([0, 1, 2, 0, 1, 2]))
    assert torch.equal(seen, to_uint8(wanted))
    assert not torch.equal(seen, to_uint8(live.gan.generate(look.latents, torch.tensor([2, 1, 0, 2, 1, 0]))))


def test_a_hundred_pauses_change_nothing_and_leave_no_thread(make):
    live, threads = make(), threading.active_count()
    for _ in range(100):
        click(live, "start")
        target = live.gan.step + 1
        until(lambda target=target: live.gan.step >= target)
        click(live, "pause")
        live.wait(120)
    assert not trainers() and threading.active_count() == threads
    assert torch.equal(weights(live.gan), plain(live.gan.step))
    assert all(each["news"]["version"] for each, _ in live.messages if "news" in each)


def test_steps_of_all_sizes_change_nothing(make):
    live = make()
    for do in ("step", "epoch", "step", "step", "epoch"):
        click(live, do)
        live.wait(120)
    assert live.gan.step == 16 and live.batches.position == 64  # two whole passes of 8 steps each
    assert torch.equal(weights(live.gan), plain(16))
    assert live.recorder.frames["step"] == [0, 1, 2, 5, 8, 9, 10, 15, 16]


def test_looking_saving_and_showing_while_it_trains_change_nothing(make, tmp_path):
    live = make()
    live.start()
    for k in range(8):
        live._repr_mimebundle_()
        live.recording()
        live.get_state()
        live.save(tmp_path / str(k % 2))
        live.driver.call(lambda k=k: torch.manual_seed(k))  # the notebook's own stream, between two steps
    live.pause()
    assert torch.equal(weights(live.gan), plain(live.gan.step))


def test_two_runs_in_one_kernel_stay_apart(make):
    one, other = make(title="one"), make(lambda: build(1), title="other")
    for live in (one, other):
        live.start()
    until(lambda: min(one.gan.step, other.gan.step) > 50)
    for live in (one, other):
        live.pause()
    assert torch.equal(weights(one.gan), plain(one.gan.step))
    assert torch.equal(weights(other.gan), plain(other.gan.step, 1))


def test_threads_given_back_return_when_needed():
    if "libgomp" not in (Path("/proc/self/maps").read_text() if sys.platform.startswith("linux") else ""):
        pytest.skip("only GNU's OpenMP lets them go")

    def alive():
        return len(list(Path("/proc/self/task").iterdir()))

    import sklearn.svm  # noqa: F401  brings an OpenMP of its own

    torch.set_num_threads(2)
    matrix = torch.randn(512, 512)
    expected = matrix @ matrix
    for _ in range(3):
        working = alive()
        give_back_threads()
        until(lambda before=working: alive() < before)  # one that has ended is listed a moment longer
        resting = alive()
        assert torch.get_num_threads() == 2
        assert torch.equal(matrix @ matrix, expected) and alive() > resting


def test_on_two_threads_too_a_watched_run_is_the_run_that_is_not(make):
    torch.set_num_threads(2)
    live = make(lambda: (textbook(), textbook_batches()))
    live.start()
    until(lambda: live.gan.step > 15)
    live.pause()
    gan, batches = textbook(), textbook_batches()
    for _ in train(gan, batches, live.gan.step):
        pass
    assert torch.equal(weights(live.gan), weights(gan))


def test_the_notebooks_random_numbers_are_its_own(make):
    torch.manual_seed(5)
    expected = torch.rand(4)
    torch.manual_seed(5)
    live = make()
    live.train_to(30)
    live.reset()
    assert torch.equal(torch.rand(4), expected)


# ---------------------------------------------------------------- the cell


def test_a_cell_that_was_stopped_goes_on_when_run_again(monkeypatch, capsys):
    import signal

    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")

    def interrupted(gan, batches, steps):
        for record in train(gan, batches, steps):
            if record.step == 20:
                signal.raise_signal(signal.SIGINT)
            yield record

    live = Live(build, interrupted, rows=2, columns=3)
    with pytest.raises(Paused):
        live.train_to(50)
    assert live.gan.step == 20 and live.status()["phase"] == "paused"
    live.train_to(50)
    assert capsys.readouterr().out == ""
    live.train_to(50)  # done already, which a line says
    assert capsys.readouterr().out == (
        "nothing to train: the run is at step 50 already, and train_to(50) ends there or "
        "before; train_to(100) trains 50 steps more\n"
    )
    assert live.gan.step == 50 and torch.equal(weights(live.gan), plain(50))
    assert live.status()["inline"] is True
    live.close()


def test_a_cell_that_runs_again_takes_the_old_ones_place(make):
    old = make(title="mine")
    old.start()
    until(lambda: old.gan.step > 3)
    driver, gan = old.driver, old.gan
    new = make(title="mine")
    frozen = gan.step
    assert not driver.running and old.comm is None and not trainers()
    new.train_to(5)
    assert gan.step == frozen and new.gan.step == 5
    make(title="another")
    assert new.comm is not None


def test_a_closed_run_lets_go_of_all_it_held_and_says_so(mode):
    live = Live(build, train, "held", rows=2, columns=3)
    live.train_to(3)
    held = [weakref.ref(each) for each in (live.gan, live.batches, live.recorder, live.growing_film, live.driver)]
    live.close()
    live.close()  # once more does no harm
    assert not trainers() and repr(live) == "Live(closed)"
    until(lambda: gc.collect() is not None and not [each for each in held if each()])
    for use in (lambda: live.gan, live.start, live.recording, lambda: live.train_to(3), lambda: live.set(d_lr=0.1)):
        with pytest.raises(AttributeError, match="this Live is closed; its run is gone"):
            use()
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = live.colour


def test_a_run_that_is_closed_from_within_a_step_ends_with_it(make):
    live = make()

    def close(gan):
        if gan.step == 2:
            live.close()

    gan, step = live.gan, live.driver
    gan.after_step = [*gan.after_step, close]
    live.start()
    until(lambda: not step.running and step.idle.is_set())
    assert gan.step in (2, 3) and live.comm is None


def test_run_takes_over_from_start(make):
    live = make()
    live.start()
    until(lambda: live.gan.step > 5)
    live.train_to(live.gan.step + 1000)
    assert torch.equal(weights(live.gan), plain(live.gan.step))


# ---------------------------------------------------------------- settings


def test_changes_count_from_the_next_step_and_are_logged(make):
    live = make()
    live.train_to(10)
    live.set(d_lr=0.01, batch_size="16", d_steps=2)
    live.train_to(12)
    live.set(g_lr="1e-3", d_lr=0.01)
    assert [(each["step"], each["change"]) for each in live.recorder.log] == [
        (10, "learning rate of D 0.0002 → 0.01"),
        (10, "batch size 8 → 16"),
        (10, "D steps per G step 1 → 2"),
        (12, "learning rate of G 0.0002 → 0.001"),
    ]
    assert live.recording().meta["log"] == live.recorder.log
    gan, batches = build()
    for _ in train(gan, batches, 10):
        pass
    gan.d_optimizer.param_groups[0]["lr"], batches.batch_size, gan.d_steps = 0.01, 16, 2
    for _ in train(gan, batches, 2):
        pass
    assert torch.equal(weights(live.gan), weights(gan))
    assert live.recording().meta["steps_per_epoch"] is None  # epochs are of two lengths now


def test_changes_of_a_setting_between_two_steps_are_one(make):
    live, told = make(), []
    live.train_to(2)
    live.set(d_lr=0.01, batch_size=4)
    for value in (8, 16, 32):
        live.set(batch_size=value)
    told.append([each["change"] for each in live.whole()["meta"]["log"]])
    live.set(batch_size=8)  # back to what it was
    told.append([each["change"] for each in live.recorder.log])
    assert told == [
        ["learning rate of D 0.0002 → 0.01"] if k else ["learning rate of D 0.0002 → 0.01", "batch size 8 → 32"]
        for k in range(2)
    ]
    live.train_to(3)
    live.set(batch_size=4)
    live.train_to(4)
    live.set(batch_size=2)
    assert [each["step"] for each in live.recorder.log] == [2, 3, 4]


def test_a_change_is_joined_by_its_parts_whatever_its_words_are():
    log = []
    note(log, 3, "loss", "mine → 1", "mine → 2")
    note(log, 3, "loss", "mine → 2", "loss mine → 3")
    joined = {"label": "loss", "before": "mine → 1", "now": "loss mine → 3"}
    assert log == [{"step": 3, "change": "loss mine → 1 → loss mine → 3", **joined}]
    note(log, 4, "loss", "loss mine → 3", "b")
    note(log, 4, "loss mine", "1", "2")
    assert len(log) == 3
    note(log, 4, "loss mine", "2", "1")  # back to what it was
    assert len(log) == 2


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("d_lr", "fast", "learning rate of D must be a finite number from 0 to 1, got 'fast'"),
        ("g_lr", -1, "from 0 to 1"),
        ("d_lr", float("nan"), "from 0 to 1"),
        ("g_lr", "", "from 0 to 1"),
        ("batch_size", 0, "whole number"),
        ("batch_size", 65, "from 1 to 64"),
        ("batch_size", 1.5, "whole number"),
        ("d_steps", 0, "whole number from 1 to 1,000"),
        ("d_steps", True, "whole number from 1 to 1,000"),
        ("d_steps", 10**8, "whole number from 1 to 1,000"),
    ],
)
def test_bad_values_are_told_and_nothing_is_lost(make, name, value, words):
    live = make()
    live.train_to(3)
    before = live.live_settings.values()
    with pytest.raises(ValueError, match=words):
        live.set(**{name: value})
    click(live, "set", name=name, value=value)
    live.wait(120)
    until(lambda: live.notice)
    assert words in live.notice["text"] and live.notice["at"] == name
    assert live.live_settings.values() == before and live.recorder.log == [] and live.gan.step == 3
    click(live, "set", name="d_lr", value="0.5")
    until(lambda: not live.notice and live.recorder.log)
    with pytest.raises(KeyError, match="these can: d_lr"):
        live.set(momentum=1)


def test_a_change_while_it_trains_pauses_nothing(make):
    live = make()
    live.start()
    until(lambda: live.gan.step > 3)
    click(live, "set", name="g_lr", value=0.001)
    until(lambda: live.recorder.log)
    assert live.driver.running
    live.pause()
    assert 3 < live.recorder.log[0]["step"] <= live.gan.step


def test_learning_rates_that_are_tensors_are_written_into():
    gan, batches = build()
    rate = gan.d_optimizer.param_groups[0]["lr"] = torch.tensor(2e-4)
    run, setting = Settings(gan, batches), usual_settings()["d_lr"]
    assert setting.full == "learning rate of D" and setting.read(run) == pytest.approx(2e-4)
    setting.write(run, {"d_lr": 0.5})
    assert rate.item() == setting.read(run) == 0.5 and gan.d_optimizer.param_groups[0]["lr"] is rate


def test_reset_begins_anew(make):
    live = make()
    live.start()
    until(lambda: live.gan.step > 10)
    live.set(d_lr=0.1)
    old = live.growing_film.number
    click(live, "reset")
    until(lambda: live.growing_film.number > old)
    live.wait(120)
    assert live.gan.step == 0 and live.status()["phase"] == "ready" and live.live_settings.values()["d_lr"] == 2e-4
    assert live.recorder.frames["step"] == [0] and live.recorder.log == []
    live.train_to(20)
    assert torch.equal(weights(live.gan), plain(20))


# ---------------------------------------------------------------- errors


def failing(at):
    def broken(gan, batches, steps):
        for record in train(gan, batches, steps):
            if record.step == at:
                raise ValueError("my <b>own</b> loop broke")
            yield record

    return broken


def test_an_error_shows_and_is_raised_by_wait(make):
    live = make(train_=failing(7))
    click(live, "start")
    with pytest.raises(ValueError, match="my <b>own</b> loop broke"):
        live.wait(120)
    status = live.messages[-1][0]["status"]
    assert status["phase"] == "failed" and status["error"] == "ValueError: my <b>own</b> loop broke"
    live.reset()
    assert live.status()["phase"] == "ready" and live.status()["error"] is None
    live.wait(1)


def test_pieces_that_do_not_fit_are_told(make):
    live = make()
    live.gan.latent_dim = 4
    with pytest.raises(ValueError, match="does not take latents"):
        live.train_to(5)
    assert "does not take latents" in live.status()["error"]


def test_a_build_that_fails_on_reset_keeps_the_run(make):
    builds = iter([build])
    live = make(lambda: next(builds)())
    live.train_to(4)
    click(live, "reset")
    until(lambda: live.notice)
    assert live.notice["at"] == "reset" and live.gan.step == 4


@pytest.mark.parametrize("given", [(None, train), (build, 3), (build(), train)])
def test_what_is_no_function_is_refused(given):
    with pytest.raises(TypeError, match="must be a function"):
        Live(*given)


def test_a_build_that_gives_something_else_is_refused():
    with pytest.raises(TypeError, match=r"build\(\) must return \(gan, batches\), got GAN"):
        Live(lambda: build()[0], train)


# ---------------------------------------------------------------- save and resume


def test_tomorrow_it_goes_on_as_if_it_had_never_stopped(make, tmp_path):
    live = make(title="today")
    live.train_to(12)
    live.set(d_steps=2, d_lr=0.003)
    live.train_to(17)
    folder = live.save(tmp_path / "mine")
    film = Recording.load(folder)
    assert film.steps[-1] == 17 and film.meta["log"] == live.recorder.log
    again = make(title="tomorrow", resume=folder)
    assert again.gan.step == 17 and again.live_settings.values() == live.live_settings.values()
    assert again.recording().meta["frames"] == live.recording().meta["frames"]
    for each in (live, again):
        each.train_to(40)
    assert torch.equal(weights(live.gan), weights(again.gan))
    assert again.recording().meta["curves"] == live.recording().meta["curves"]
    other = make(title="other")
    other.train_to(3)
    other.load(folder)
    assert other.gan.step == 17 and other.status()["phase"] == "paused"


def test_a_checkpoint_of_another_run_changes_nothing(make, tmp_path):
    wide = make(title="wide", columns=4)
    wide.train_to(3)
    wide.save(tmp_path / "wide")
    live = make(title="live")
    live.train_to(5)
    before = weights(live.gan).clone()
    with pytest.raises(checkpoint.CheckpointError, match="8 samples a frame, this recorder has 2 × 3"):
        live.load(tmp_path / "wide")
    with pytest.raises(FileNotFoundError):
        live.load(tmp_path / "nothing")
    assert torch.equal(weights(live.gan), before) and live.gan.step == 5


def test_a_load_that_is_refused_leaves_the_settings_as_they_were(make, tmp_path):
    saved = make(title="saved")
    saved.train_to(3)
    saved.set(d_steps=3, batch_size=16)
    saved.train_to(5)
    folder = saved.save(tmp_path / "run")
    live = make(title="live")
    live.train_to(2)
    for name, value in (("d_steps", 10**9), ("batch_size", "16"), ("d_steps", None)):
        states = checkpoint.read(folder / "run.ckpt")
        states["knobs"][name] = value
        torch.save(states, buffer := io.BytesIO())
        digest = hashlib.sha256(buffer.getvalue()).hexdigest().encode()
        (folder / "run.ckpt").write_bytes(checkpoint.MAGIC + digest + b"\n" + buffer.getvalue())
        before = live.live_settings.values()
        with pytest.raises(checkpoint.CheckpointError, match="must be a whole number"):
            live.load(folder)
        assert live.live_settings.values() == before and live.gan.step == 2
        saved.save(folder)
    live.load(folder)
    assert live.live_settings.values() == saved.live_settings.values() and live.gan.d_steps == 3


# ---------------------------------------------------------------- what views are told


def replayed(opening, messages):
    """What a view knows after these messages."""
    known = copy.deepcopy(opening)
    for content, buffers in messages:
        if "news" not in content:
            continue
        news, meta = content["news"], known["meta"]
        assert news["film"] == known["film"] and news["version"] == known["version"] + 1
        known["version"] = news["version"]
        if (kept := news["frames"]["keep"]) is not None:
            meta["frames"] = {name: [values[i] for i in kept] for name, values in meta["frames"].items()}
            known["pictures"] = [known["pictures"][i] for i in kept]
        assert news["frames"]["from"] == len(known["pictures"])
        if "scored" in news["frames"]:
            meta["frames"]["scores"][-1] = news["frames"]["scored"]
        meta["frames"] = {name: values + news["frames"][name] for name, values in meta["frames"].items()}
        start, curves = news["curves"]["from"], {k: v for k, v in news["curves"].items() if k != "from"}
        meta["curves"] = {
            name: meta["curves"].get(name, [None] * start)[:start] + values for name, values in curves.items()
        }
        known["pictures"] = known["pictures"] + list(buffers or [])
        meta.update(news.get("about", {}))
        if "log" in news:
            meta["log"] = news["log"]
        known["status"].update(content["status"])
    return known


def test_the_news_together_are_the_whole(make):
    live = make(every=1)
    live.recorder.at.most = 40  # so that frames are dropped on the way
    opening = copy.deepcopy(live.growing_film.whole())
    for steps in (1, 2, 50, 200, 201, 1500):
        live.train_to(steps)
        live.set(g_lr=0.0001 + steps / 1e6)
    known, whole = replayed(opening, live.messages), live.growing_film.whole()
    assert known == whole and len(whole["pictures"]) <= 40
    assert json.loads(json.dumps(whole["meta"])) == whole["meta"]
    frames = live.recording().meta["frames"]
    assert {name: whole["meta"]["frames"][name] for name in frames} == frames
    assert whole["meta"]["curves"] == live.recording().meta["curves"]


def test_messages_are_small_and_few(make):
    live = make()
    live.start()
    until(lambda: len(live.messages) > 15)
    live.pause()
    sizes = [len(json.dumps(content)) for content, _ in live.messages]
    assert sorted(sizes)[len(sizes) // 2] < 20_000
    sent = [buffer for _, buffers in live.messages for buffer in buffers or []]
    assert len(sent) == len(set(live.recorder.frames["step"])) - 1  # each frame once; the first was in the opening


def test_a_reload_sees_everything(make):
    live = make()
    live.train_to(33)
    film = live.get_state()["film"]
    assert film["meta"]["frames"]["step"] == live.recorder.frames["step"]
    assert all(isinstance(picture, bytes) for picture in film["pictures"])
    assert film["status"]["step"] == 33


def test_a_click_is_answered_and_nonsense_is_not_obeyed(make):
    live = make()
    for content in ({"do": "start it", "token": 1}, {}, {"do": "set", "name": "seed", "value": 1}, {"do": "set"}):
        live.on_message(live, content, [])
    live.wait(120)
    assert [content["heard"] for content, _ in live.messages if "heard" in content] == [1, None, None, None]
    assert live.gan.step == 0 and not live.driver.running


def test_scores_come_with_some_of_the_frames(make):
    class Scorer:
        samples, reference, floor, calls = 10, "nothing", 1.0, 0

        def score(self, gan):
            Scorer.calls += 1
            return {"fid": float(gan.step), "confidence": 0.5, "histogram": [0.1] * 10}

    live = make(scorer=Scorer(), every=1)
    opening = copy.deepcopy(live.growing_film.whole())
    assert Scorer.calls == 0  # nothing is scored before Start
    live.train_to(130)
    scored = [
        step for step, score in zip(live.recorder.frames["step"], live.recorder.frames["scores"], strict=True) if score
    ]
    assert scored == [0, 64, 128]
    known = replayed(opening, live.messages)
    assert known["meta"]["scoring"]["fid_floor"] == 1.0 and known == live.growing_film.whole()


def test_a_saved_notebook_keeps_a_picture_of_it(make):
    live = make(title="My GAN")
    live.train_to(23)
    data, metadata = live._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data and data["text/plain"] == "Live(My GAN; step 23)"
    assert Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).width > 400
    assert (
        metadata["image/png"]["alt"]
        == live.alt
        == ("My GAN: grids of generated samples from 8 recorded frames, step 0 to epoch 2.9.")
    )
    live.close()
    assert getattr(live, "_repr_mimebundle_", None) is None or live._repr_mimebundle_() is None


# ---------------------------------------------------------------- the schedule


def test_frames_of_a_run_without_end_stay_few_and_even():
    at, steps = OpenEnded(every=4, most=60), []
    for step in range(20_000):
        if step in at:
            steps.append(step)
            if (kept := at.thin(steps)) is not None:
                steps = [steps[i] for i in kept]
    late = [step for step in steps if step > 600]
    assert 30 <= len(steps) <= 60 and at.every >= 512
    odd = [b - a for a, b in zip(late, late[1:], strict=False) if b - a != at.every]
    assert len(odd) <= 2  # round the frame that was the newest when they were thinned
    assert {0, 1, 2} <= set(steps)


def test_extra_frames_give_way_first():
    at = OpenEnded(every=10, most=20)
    kept = at.thin([0, 1, 2, 10, *range(11, 20), 20, *range(21, 30), 33])
    assert kept is not None and len(kept) <= 20


def test_large_frames_are_fewer():
    at = OpenEnded()
    at.fit(1_000_000)
    assert at.most == 100
    at.fit(10**9)
    assert at.most == 16


def test_memory_of_a_long_run_is_flat(make):
    live = make(every=1)
    live.train_to(1500)
    numbers = live.recorder.curves.so_far()["step"]
    sizes = len(live.recorder.frames["step"]), len(live.growing_film.pictures), len(numbers)
    assert sizes[0] == sizes[1] <= 300 and sizes[2] <= 601


def test_what_cannot_be_drawn_is_refused():
    gan, batches = build()
    with pytest.raises(ValueError, match="every must be a whole number ≥ 1"):
        OpenEnded(every=0)
    flat = GAN(MLPGenerator(3, (4,), (8,)), MLPDiscriminator((4,), (8,)), 3)
    with pytest.raises(ValueError, match="pictures .* can be recorded"):
        Recorder(flat, OpenEnded(), "t").keep()


def test_cells_that_run_again_and_again_leave_one_live(make):
    lives = [make(title="again") for _ in range(4)]
    assert [each.comm is None for each in lives] == [True, True, True, False]
