"""The plane, as the kernel sees it: steps, changes, code that reproduces a run, recordings."""

import base64
import io
import math
import re

import pytest
import torch
from PIL import Image

from gan_edu import losses
from gan_edu.core.recording import points_look as points
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.point_frames import frames_of, unpack
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import Recording
from gan_edu.training_loop import GAN, LINES, d_step, g_step, substeps, train, train_step
from gan_edu.tricks import TRICKS
from gan_edu.widgets import Plane, PlaneReplay
from gan_edu.widgets.plane.build import Laboratory
from gan_edu.widgets.plane.settings import DATA, drawing, plane_settings
from gan_edu.widgets.plane.trick_settings import Sets, Trick

LOSSES = {"non-saturating": losses.non_saturating, "minimax": losses.minimax}
SMALL = {"g_width": 16, "d_width": 16, "batch_size": 64}


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def plane(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    made = []

    def make(**settings):
        chosen = {"losses": LOSSES, **SMALL, **settings}
        live = Plane(
            GAN, train, chosen.pop("losses"), d_step=d_step, g_step=g_step, substeps=substeps, lines=LINES, **chosen
        )
        live.sent = []
        live.send = lambda content, buffers=None: live.sent.append((content, buffers or []))
        made.append(live)
        return live

    yield make
    for live in made:
        live.close()


def click(live, do, **more):
    live.on_message(live, {"do": do, "token": "t", **more}, [])
    live.driver.call(lambda: None)


def weights(gan):
    return [*gan.generator.parameters(), *gan.discriminator.parameters()]


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(weights(a), weights(b), strict=True))


def run_code(live):
    space = {}
    exec(live.code, space)  # with no name handed in: it stands on its own
    return space["gan"]


# ---------------------------------------------------------------- the loop's pieces


def test_slow_motion_ends_where_a_step_ends():
    for k, n, loss in [(1, 1, losses.non_saturating), (3, 1, losses.minimax), (1, 3, losses.non_saturating)]:
        lab = Laboratory(GAN, {"l": loss}, {**SMALL, "d_steps": k, "g_steps": n})
        (fast, batches), (slow, others) = lab.build(), lab.build()
        for _ in range(4):
            record = train_step(fast, batches)
            *_, (line, made) = substeps(slow, others)
        assert same(fast, slow) and line == len(LINES) - 1
        assert made["record"].step == record.step == 4 and torch.equal(made["record"].d_loss, record.d_loss)


def test_slow_motion_names_each_line_in_order_and_moves_one_player_at_a_time():
    gan, batches = Laboratory(GAN, LOSSES, SMALL).build()
    lines, moved = [], {}
    before = [weight.clone() for weight in weights(gan)]
    for line, _ in substeps(gan, batches):
        lines.append(line)
        now = [weight.detach().clone() for weight in weights(gan)]
        moved[line] = [not torch.equal(a, b) for a, b in zip(before, now, strict=True)]
        before = now
    assert lines == list(range(8))
    players = len(list(gan.generator.parameters()))
    for line, changes in moved.items():
        assert any(changes[players:]) == (line == 4) and any(changes[:players]) == (line == 7), line


def test_a_step_of_one_player_leaves_the_other_as_it_was():
    gan, batches = Laboratory(GAN, LOSSES, SMALL).build()
    for step, own, other in [(d_step, gan.discriminator, gan.generator), (g_step, gan.generator, gan.discriminator)]:
        before = [[w.clone() for w in net.parameters()] for net in (own, other)]
        record = step(gan, batches)
        assert any(not torch.equal(a, b) for a, b in zip(before[0], own.parameters(), strict=True))
        assert all(torch.equal(a, b) for a, b in zip(before[1], other.parameters(), strict=True))
        assert math.isfinite(record.d_loss) and math.isfinite(record.g_loss) and not record.g_loss.requires_grad
    assert gan.step == 2


def test_g_steps_are_steps_on_fresh_fakes_with_d_at_rest():
    twice, once = (Laboratory(GAN, LOSSES, {**SMALL, "g_steps": n}).build() for n in (2, 1))
    train_step(*twice)
    train_step(*once)
    assert all(
        torch.equal(a, b)
        for a, b in zip(twice[0].discriminator.parameters(), once[0].discriminator.parameters(), strict=True)
    )
    assert not same(twice[0], once[0])
    with pytest.raises(ValueError, match="g_steps"):
        GAN(torch.nn.Linear(1, 1), torch.nn.Linear(1, 1), 1, g_steps=0)


# ---------------------------------------------------------------- changes, and code that makes them again

CHANGES = [
    ("d_lr", 5e-4),
    ("g_lr", 2e-3),
    ("batch_size", 32),
    ("d_steps", 2),
    ("g_steps", 2),
    ("loss", "minimax"),
    ("data", "two moons"),
    ("latent", "uniform"),
    ("d_optimizer", "SGD"),
    ("g_optimizer", "RMSprop"),
    ("d_beta1", 0.5),
    ("g_beta2", 0.999),
    ("data", [[0, 0], [0.5, 0.25], [0.5, -0.25]]),
]


@pytest.mark.parametrize("name, value", CHANGES)
def test_the_code_of_a_run_with_a_change_trains_the_same_weights(plane, name, value):
    live = plane()
    live.train_to(5)
    live.set(**{name: value})
    live.train_to(12)
    assert live.settings[name] == value and live.gan.step == 12
    assert same(live.gan, run_code(live))


def mine(fake_logits, real_logits=None):
    """A loss of a learner's own for G."""
    return (fake_logits - 1).square().mean()


def test_the_code_of_a_long_story_trains_the_same_weights(plane):
    own = losses.Loss("mine", losses.cross_entropy_d, mine)
    live = plane(losses={**LOSSES, "mine": own}, data="line", seed=3)
    live.train_to(4)
    for name, value in CHANGES:
        live.set(**{name: value})
        live.train_to(live.gan.step + 3)
    for do in ("d", "d", "g", "slow", "d"):
        click(live, do)
    live.set(loss="mine")
    live.train_to(live.gan.step + 2)
    code = live.code
    assert (
        code.count("d_step(gan") == 2
        and "range(2): d_step" in code
        and "gan.loss = Loss('mine', cross_entropy_d, mine)" in code
    )
    assert same(live.gan, run_code(live))


@pytest.mark.parametrize("name", losses.LOSSES)
def test_every_loss_of_chapter_02_trains_in_the_plane_and_is_in_the_code(plane, name):
    """Steps, a step of G alone, slow motion, the pull on the fakes; the loss from the start, and chosen later."""
    live = plane(losses=losses.LOSSES, loss=name)
    live.train_to(4)
    for do in ("g", "slow"):
        click(live, do)
    later = plane(losses=losses.LOSSES, loss="JS" if name == "hinge" else "hinge", title="later")
    later.train_to(3)
    later.set(loss=name)
    later.train_to(6)
    for each in (live, later):
        assert each.gan.loss.name == name and each.gan.step == 6 and each.driver.error is None
        assert math.isfinite(each.look.see()["scores"]["pull"]) and same(each.gan, run_code(each))


def flat(discriminator, real, fake):
    """A penalty: the mean squared logit on the fakes."""
    return discriminator(fake).square().mean()


def test_a_penalty_that_is_handed_in_is_part_of_the_code(plane):
    live = plane(penalties={"flat": flat}, penalty="flat", gamma=0.5)
    live.train_to(4)
    live.set(gamma=5)
    live.train_to(8)
    live.set(penalty="none")
    live.train_to(10)
    assert same(live.gan, run_code(live)) and "gan.exchange(d_penalties=[times(5.0, flat)])" in live.code
    plain = plane(title="plain")
    plain.train_to(10)
    assert not same(live.gan, plain.gan) and "penalty" not in plain.settings


@pytest.mark.parametrize(
    "name, value", [("g_depth", 3), ("d_depth", 0), ("g_width", 64), ("d_width", 8), ("latent_dim", 1)]
)
def test_what_needs_fresh_networks_begins_anew_and_keeps_the_settings(plane, name, value):
    live = plane(data="spirals")
    live.train_to(3)
    live.set(d_lr=2e-3)
    live.set(**{name: value})
    assert live.gan.step == 0 and live.recorder.log == []
    assert live.settings[name] == value and live.settings["d_lr"] == 2e-3 and live.settings["data"] == "spirals"
    live.train_to(6)
    assert same(live.gan, run_code(live))


def test_fresh_networks_while_it_trains_go_on_training(plane):
    live = plane()
    live.start()
    live.set(g_width=32)
    for _ in range(200):
        if live.gan.step > 5:
            break
        live.driver.idle.wait(0.05)
    assert live.driver.running and live.gan.generator[0].out_features == 32 and live.gan.step > 5
    live.pause()


def test_what_a_drag_passes_is_one_change_and_the_code_still_trains_the_same(plane):
    live = plane()
    live.train_to(3)
    for name, values in [
        ("d_lr", (2e-3, 3e-3, 5e-3)),
        ("d_beta1", (0.3, 0.5)),
        ("g_lr", (1e-3, 1e-4)),
        ("d_optimizer", ("SGD", "Adam")),
    ]:
        for value in values:
            live.set(**{name: value})
    assert [each["change"] for each in live.recorder.log] == [
        "learning rate of D 0.001 → 0.005",
        "β₁ of D 0 → 0.5",
        "optimiser of D Adam → SGD",
        "optimiser of D SGD → Adam",
    ]
    live.train_to(6)
    for _ in range(3):
        click(live, "d")
    assert live.recorder.log[-1] == {"step": 6, "single": "d", "count": 3, "change": "3 steps of D alone"}
    assert live.driver.idle.wait(120) and live.whole()["meta"]["log"] == live.recorder.log
    assert same(live.gan, run_code(live))


def test_defaults_begin_anew_with_the_settings_it_was_made_with(plane):
    live = plane(data="line", d_lr=5e-3)
    made = live.settings
    live.train_to(3)
    live.set(g_lr=3e-4, data="circle")
    live.set(g_width=32)
    live.train_to(2)
    click(live, "defaults")
    assert live.settings == made == live.whole()["defaults"] and live.gan.step == 0
    assert live.gan.generator[0].out_features == 16 and live.look.reals[-1]["name"] == "line"
    live.set(d_lr=1e-4)
    live.defaults()
    live.train_to(4)
    assert live.settings == made and same(live.gan, run_code(live))


def test_reset_keeps_the_settings(plane):
    live = plane()
    live.train_to(3)
    live.set(g_lr=3e-4, data="circle")
    live.reset()
    assert live.gan.step == 0 and live.settings["g_lr"] == 3e-4 and live.settings["data"] == "circle"
    assert live.gan.g_optimizer.param_groups[0]["lr"] == 3e-4 and live.look.reals[-1]["name"] == "circle"


@pytest.mark.parametrize(
    "name, value, says",
    [
        ("d_lr", 7, "from 0 to 0.1"),
        ("d_lr", "x", "from 0 to 0.1, got"),
        ("batch_size", 3.5, "from 8"),
        ("loss", "best", "one of"),
        ("data", "cat", "one of"),
        ("data", [], "at least one point"),
        ("data", [["a"]], "list of points"),
        ("d_steps", True, "from 1 to 10, got True"),
        ("latent_dim", 3, "from 1 to 2"),
    ],
)
def test_what_is_not_allowed_is_told_beside_the_control(plane, name, value, says):
    live = plane()
    before = live.settings
    click(live, "set", name=name, value=value)
    assert live.notice["at"] == name and says in live.notice["text"] and live.settings == before
    with pytest.raises(ValueError, match=re.escape(says)):
        live.set(**{name: value})


def test_settings_that_do_not_exist(plane):
    with pytest.raises(KeyError, match="there are: data"):
        plane(colour="red")
    with pytest.raises(ValueError, match="at least one loss"):
        Laboratory(GAN, {}, {})
    assert {*plane_settings(), "loss"} == set(Laboratory(GAN, LOSSES, {}).settings)


def test_a_drawing_is_thinned_and_kept_in_the_picture():
    assert len(drawing([[k / 1000, 0] for k in range(1001)])) <= 400
    assert drawing([[9, -9]]) == [[1.45, -1.45]]


# ---------------------------------------------------------------- watching changes nothing


def test_a_run_that_is_watched_ends_as_one_that_is_not(plane):
    live = plane()
    live.start(40)
    while not live.driver.idle.is_set():
        click(live, "code")
    gan, batches = Laboratory(GAN, LOSSES, SMALL).build()
    for _ in train(gan, batches, 40):
        pass
    assert same(live.gan, gan)


def test_views_are_told_what_is_new_and_what_is_now(plane):
    live = plane(every=1000)
    live.train_to(120)
    news = [(content["news"], buffers) for content, buffers in live.sent if "news" in content]
    assert all(len(buffers) == len(each["frames"]["step"]) + ("now" in each) for each, buffers in news)
    size = {len(buffer) for _, buffers in news for buffer in buffers}
    assert size == {4 * (points.FAKES + points.PULLS + points.SHEET**2) + points.CELLS**2}
    assert live.growing_film.frames["step"][-1] == 120


def test_slow_motion_sends_a_still_for_each_line(plane):
    live = plane()
    click(live, "slow")
    ((content, frames),) = [each for each in live.sent if "slow" in each[0]]
    assert [still["line"] for still in content["slow"]] == list(range(8)) and len(frames) == 8
    assert live.gan.step == 1 and live.recorder.log == []
    meta = live.recorder.about()
    seen = [unpack(meta, frame) for frame in frames]
    assert (seen[3]["sure"] != seen[4]["sure"]).any() and (seen[2]["sure"] == seen[3]["sure"]).all()
    assert (seen[6]["fakes"] == seen[5]["fakes"]).all() and (seen[7]["fakes"] != seen[6]["fakes"]).any()
    assert content["slow"][2]["d_loss"] == pytest.approx(live.recorder.curves["d_loss"][0])


def test_where_no_callback_runs_it_trains_in_the_cell(plane, monkeypatch):
    live = plane()
    live.train_to(20)
    live.set(d_lr=5e-4)
    live.train_to(30)
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")
    other = Plane(GAN, train, LOSSES, "inline", d_step=d_step, substeps=substeps, lines=LINES, **SMALL)
    other.train_to(20)
    other.set(d_lr=5e-4)
    other.train_to(30)
    assert other.driver.inline and other.status()["inline"] and same(live.gan, other.gan)
    click(other, "d")
    click(other, "slow")
    assert other.gan.step == 32 and same(other.gan, run_code(other))
    other.close()


def no_number(real_logits, fake_logits):
    """A loss for D that is no number."""
    return (fake_logits.sum() - fake_logits.sum()).log().sqrt() * 0 + real_logits.mean() / 0


def test_a_loss_that_is_not_finite_stops_the_run_and_says_why(plane):
    bad = losses.Loss("bad", no_number, losses.non_saturating_g)
    live = plane(losses={**LOSSES, "bad": bad})
    live.train_to(5)
    live.set(loss="bad")
    with pytest.raises(FloatingPointError):
        live.train_to(9)
    assert "the discriminator's loss is" in live.status()["error"] and live.status()["phase"] == "failed"
    live.set(loss="minimax")
    live.train_to(9)
    assert live.gan.step == 9 and live.status()["error"] is None
    click(live, "d")
    live.set(loss="bad")
    click(live, "d")
    click(live, "slow")
    assert "loss is" in live.notice["text"] and live.gan.step == 10
    live.set(loss="non-saturating")
    live.train_to(12)
    assert same(live.gan, run_code(live))


def test_what_was_not_handed_over_is_said(plane):
    live = Plane(GAN, train, LOSSES, **SMALL)
    click(live, "d")
    assert "d_step" in live.notice["text"]
    click(live, "slow")
    assert "substeps" in live.notice["text"]
    live.close()


# ---------------------------------------------------------------- recordings


def test_a_recording_of_points_keeps_what_was_seen(plane, tmp_path):
    live = plane()
    live.train_to(100)
    live.set(data="line")
    live.train_to(160)
    recording = Recording.load(live.recording().save(tmp_path / "run"))
    assert recording.meta["kind"] == "points" and recording.steps[-1] == 160 and len(recording.meta["reals"]) == 2
    seen = unpack(recording.meta, frames_of(recording)[-1])
    gan, latents = live.gan, live.look.latents
    assert torch.tensor(seen["fakes"]).allclose(gan.generate(latents)[: points.FAKES].double(), atol=6e-4)
    assert torch.tensor(seen["sheet"]).allclose(gan.generate(live.look.noise).double(), atol=6e-4)
    field = gan.judge(live.look.places).sigmoid().reshape(points.CELLS, points.CELLS)
    assert torch.tensor(seen["sure"]).allclose(field.double(), atol=0.003)
    (tmp_path / "run" / "frames.bin").write_bytes(b"x")
    with pytest.raises(ValueError, match="damaged"):
        frames_of(Recording.load(tmp_path / "run"))


def test_pulls_lower_the_generators_loss_sample_by_sample(plane):
    live = plane(loss="minimax")
    live.train_to(30)
    look, gan = live.look, live.gan
    samples = gan.generate(look.latents[:16])
    pull, eps = look.pull_on(samples), 1e-6
    loss = lambda x: -torch.nn.functional.softplus(gan.discriminator.double()(x))[:, 0].detach()  # noqa: E731
    x = samples.double()
    for axis in range(2):
        step = torch.zeros(2, dtype=torch.float64)
        step[axis] = eps
        slope = (loss(x + step) - loss(x - step)) / (2 * eps)
        assert torch.allclose(-slope, pull[:, axis].double(), atol=2e-3)


def test_a_run_goes_on_where_it_was_saved(plane, tmp_path):
    live = plane(data="circle", g_width=32)
    live.train_to(20)
    live.set(d_lr=5e-4)
    live.train_to(30)
    live.save(tmp_path / "run")
    live.train_to(50)
    other = plane(data="line", title="another")
    other.load(tmp_path / "run")
    assert other.gan.step == 30 and other.settings["d_lr"] == 5e-4
    other.train_to(50)
    assert same(live.gan, other.gan) and same(other.gan, run_code(other))


def test_a_run_that_cannot_be_loaded_leaves_the_plane_as_it_was(plane, tmp_path):
    saved = plane(title="of another loss", losses={**LOSSES, "mine": losses.least_squares}, loss="mine")
    saved.train_to(10)
    saved.save(tmp_path / "run")
    live = plane(data="line")
    live.train_to(20)
    gan, before, settings = live.gan, [w.clone() for w in weights(live.gan)], live.settings
    with pytest.raises(ValueError, match="loss must be one of"):
        live.load(tmp_path / "run")
    assert live.gan is gan and live.gan.step == 20 and live.settings == settings
    assert all(torch.equal(a, b) for a, b in zip(weights(gan), before, strict=True))
    live.train_to(30)
    assert same(live.gan, run_code(live))


def test_a_run_that_is_damaged_leaves_the_plane_as_it_was(plane, tmp_path, monkeypatch):
    saved = plane(title="another", g_width=32)
    saved.train_to(10)
    saved.save(tmp_path / "run")
    live = plane(data="line")
    live.train_to(20)
    gan, settings = live.gan, live.settings
    whole, states = Recorder.load_state_dict, []

    def half(recorder, state):
        states.append(state)
        return whole(recorder, state) if len(states) > 1 else {}["half of it"]

    monkeypatch.setattr(Recorder, "load_state_dict", half)
    with pytest.raises(ValueError, match="does not fit this recorder"):
        live.load(tmp_path / "run")
    assert (
        live.gan is gan and live.gan.step == 20 and live.settings == settings and live.growing_film.recorder.gan is gan
    )


def test_a_run_saved_without_tricks_loads_into_a_plane_that_has_them(plane, tmp_path):
    saved = plane(title="without")
    saved.train_to(10)
    saved.save(tmp_path / "run")
    live = plane(tricks=TRICKS, r1=1.0)
    live.load(tmp_path / "run")
    live.train_to(20)
    saved.train_to(20)
    assert live.settings["r1"] == 0 and same(live.gan, saved.gan)


def test_data_that_was_changed_after_the_last_frame_can_be_told(plane):
    live = plane(data="line")
    live.train_to(5)
    live.set(data="ring of 8")
    assert "learning ring of 8" in live.alt and "modes covered" not in live.alt
    live.train_to(8)
    assert re.search(r"of 8 modes covered, \d+% of the samples near one$", live.alt)


def test_a_setting_that_fails_in_its_own_way_is_not_kept(plane):
    def broken(strength):
        raise TypeError("half-written")

    live = plane(tricks={"mine": Trick("mine", Sets.PENALTY, broken, "strength", [0.0, 1.0], 0.0)})
    live.train_to(5)
    with pytest.raises(TypeError, match="half-written"):
        live.set(mine=1.0)
    assert live.settings["mine"] == 0.0
    live.train_to(10)
    assert same(live.gan, run_code(live))


def test_making_a_plane_leaves_the_global_stream_alone(plane):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    plane()
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("points", [[[float("nan"), 0]], [[float("inf"), 0]], [[1, 2, 3]], ["ab"], [3], 5])
def test_drawings_that_are_none(points):
    with pytest.raises(ValueError, match=r"a drawing is a list of points \[x, y\], of finite numbers"):
        drawing(points)


def test_the_page_without_a_kernel_holds_nothing_that_leaves_it(plane, tmp_path):
    live = plane(title="A <b>run</b>")
    live.train_to(30)
    live.to_html(tmp_path / "plane.html")
    text = (tmp_path / "plane.html").read_text()
    assert "<b>run</b>" not in text and not re.search(r"(src|href)=|https?://(?!www\.w3\.org)", text)
    data, metadata = live._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG") and "JS" in metadata["image/png"]["alt"]
    assert len(base64.b64decode(data["image/png"])) < 60_000
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")
    assert {(0, 114, 178), (213, 94, 0)} <= {colour for _, colour in picture.getcolors(99_999)}  # real and fake
    both = PlaneReplay(live.recording(), live.recording())
    assert "step 0 to 30" in both.alt
    with pytest.raises(ValueError, match="1 to 2 recordings, got 0"):
        PlaneReplay()
    with pytest.raises(TypeError, match="Recording objects, got int"):
        PlaneReplay(3)


def test_a_generator_of_pictures_is_refused():
    gan, batches = Laboratory(GAN, LOSSES, SMALL).build()
    gan.generator = torch.nn.Linear(2, 3)
    with pytest.raises(ValueError, match="points"):
        Recorder(gan, OpenEnded(), "x", points.PointsLook(batches.distribution))


def test_every_kind_of_data_can_be_chosen(plane):
    for name in DATA:
        live = plane(data=name, title=name)
        live.train_to(2)
        assert live.recorder.frames["scores"][-1]["js"] > 0
