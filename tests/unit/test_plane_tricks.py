"""The tricks in the plane: each switched on by one argument, alone and together, and in the code of the run."""

import inspect
import itertools
import re
from pathlib import Path

import pytest
import torch

from gan_edu import losses, tricks
from gan_edu.training_loop import GAN, LINES, d_step, g_step, substeps, train
from gan_edu.tricks import TRICKS
from gan_edu.widgets.plane import build
from gan_edu.widgets.plane.build import Laboratory
from gan_edu.widgets.plane.settings import plane_settings
from gan_edu.widgets.plane.trick_settings import Sets, Trick
from gan_edu.widgets.plane.widget import Plane

LOSSES = {name: losses.LOSSES[name] for name in ("non-saturating", "minimax", "hinge", "relativistic")}
SMALL = {"d_width": 16, "g_width": 16, "batch_size": 16}
ON = {
    "real_target": 0.9,
    "fake_target": 0.1,
    "r1": 1.0,
    "r2": 0.5,
    "wgan_gp": 2.0,
    "one_sided": 5.0,
    "dragan": 0.2,
    "lazy": 4,
    "spectral_norm": "on",
    "noise": 0.2,
    "noise_until": 500,
    "ema": 0.9,
}
TOGETHER = [
    ("real_target", "r1", "r2", "lazy", "spectral_norm", "noise", "ema"),
    ("wgan_gp", "one_sided", "dragan", "ema"),
    ("real_target", "fake_target", "wgan_gp", "noise"),
]


@pytest.fixture
def plane():
    made = []

    def make(**chosen):
        live = Plane(
            GAN,
            train,
            LOSSES,
            f"tricks {len(made)}",
            d_step=d_step,
            g_step=g_step,
            substeps=substeps,
            lines=LINES,
            tricks=TRICKS,
            **{**SMALL, **chosen},
        )
        live.sent = []
        live.send = lambda content, buffers=None: live.sent.append((content, buffers or []))
        made.append(live)
        return live

    yield make
    for live in made:
        live.close()


def weights(gan):
    return [*gan.generator.parameters(), *gan.discriminator.parameters(), *gan.shown.parameters()]


def same(a, b):
    return all(torch.equal(x, y) for x, y in zip(weights(a), weights(b), strict=True))


def run_code(live):
    space = {}
    exec(live.code, space)  # with no name handed in: it stands on its own
    return space["gan"]


def test_every_trick_of_the_chapter_has_a_switch():
    assert set(ON) == set(TRICKS)
    makers = {each.make for each in TRICKS.values()}
    elsewhere = {"CosineDecay", "two_time_scales"}  # the plane has two learning rates, to be moved by hand
    named = {name for name in tricks.__all__ if callable(getattr(tricks, name))} - {"GradientPenalty", "slopes_at"}
    assert {make.__name__ for make in makers} == named - elsewhere
    for make in makers:  # and each number it takes can be set
        numbers = {
            name
            for name, each in inspect.signature(make).parameters.items()
            if name not in ("loss", "discriminator", "penalty", "spread")
        }
        assert {each.argument for each in TRICKS.values() if each.make is make and each.argument} == numbers


@pytest.mark.parametrize("name", ON)
def test_a_trick_from_the_start_and_switched_on_later(plane, name):
    plain, start, later = plane(), plane(**{name: ON[name]}), plane()
    for live in (plain, start):
        live.train_to(8)
    later.train_to(4)
    later.set(**{name: ON[name]})
    later.train_to(8)
    assert later.settings[name] == start.settings[name] == ON[name]
    assert same(start.gan, run_code(start)) and same(later.gan, run_code(later))
    idle = name in ("one_sided", "lazy", "noise_until")  # at first D's slopes are < 1; no penalty, no noise yet
    assert same(plain.gan, start.gan) == idle
    off = TRICKS[name].off
    later.set(**{name: off})
    later.train_to(10)
    assert same(later.gan, run_code(later)) and later.settings[name] == off


@pytest.mark.parametrize("names", TOGETHER)
def test_tricks_together(plane, names):
    live = plane(**{name: ON[name] for name in names})
    live.train_to(6)
    for do in ("d", "g", "slow"):
        live.on_message(live, {"do": do, "token": "t"}, [])
        live.driver.call(lambda: None)
    assert live.notice == {} and live.gan.step == 9 and same(live.gan, run_code(live))


def test_a_trick_that_is_changed_goes_on_from_its_state(plane):
    live = plane(ema=0.9, r1=1.0, lazy=4, noise=0.2, noise_until=500)
    live.train_to(5)
    live.set(ema=0.99, r1=2.0, noise=0.3)
    assert live.gan.after_step[0].updates == 5 and live.gan.d_penalties[0].calls == 5
    assert live.gan.view.share == pytest.approx(1 - 5 / 500)
    live.train_to(9)
    assert "gan.exchange(after_step=[EMA(decay=0.99)])" in live.code and same(live.gan, run_code(live))


def test_ones_own_penalty_by_a_factor_contradicts_too(plane):
    live = plane(r1=1.0, penalties={"gp": tricks.wgan_gp(1.0)})
    live.on_message(live, {"do": "set", "name": "penalty", "value": "gp", "token": "t"}, [])
    live.driver.call(lambda: None)
    assert "draws" in live.notice["text"] and live.settings["penalty"] == "none"
    live.set(r1=0.0)
    live.set(penalty="gp", gamma=0.5)
    live.train_to(4)
    assert live.gan.d_penalties[0].name == "WGAN-GP"


def test_lazy_penalties_are_paid_every_k_steps(plane):
    live = plane(r1=1.0, r2=1.0, lazy=4)
    assert [(each.name, each.every) for each in live.gan.d_penalties] == [("R1", 4), ("R2", 4)]
    live.train_to(6)
    live.set(lazy=2)
    live.train_to(11)
    assert "[lazy(r1(gamma=1.0), every=2), lazy(r2(gamma=1.0), every=2)]" in live.code
    assert same(live.gan, run_code(live))


def test_it_is_the_gan_that_train_is_given_by_hand(plane):
    live = plane(real_target=0.9, r1=1.0, noise=0.2, ema=0.9)
    live.train_to(5)
    gan, batches = Laboratory(GAN, LOSSES, SMALL).build()
    gan = GAN(
        gan.generator,
        gan.discriminator,
        2,
        tricks.smooth(losses.non_saturating),
        gan.g_optimizer,
        gan.d_optimizer,
        view=tricks.InstanceNoise(0.2),
        d_penalties=[tricks.r1(1.0)],
        after_step=[tricks.EMA(0.9)],
    )
    for _ in train(gan, batches, 5):
        pass
    assert same(live.gan, gan)


@pytest.mark.parametrize(
    "first, second, says",
    [
        ({"r1": 1.0}, {"wgan_gp": 1.0}, "R1 draws"),
        ({"dragan": 1.0}, {"r2": 1.0}, "draws"),
        ({"real_target": 0.9}, {"loss": "hinge"}, "no such targets"),
        ({"loss": "relativistic"}, {"fake_target": 0.1}, "targets"),
        ({"wgan_gp": 1.0}, {"r2": 0.5}, "draws"),
    ],
)
@pytest.mark.parametrize("steps", [0, 3])
def test_pairs_that_cannot_go_together_are_told_and_change_nothing(plane, first, second, says, steps):
    with pytest.raises(ValueError, match=says):
        plane(**first, **second)
    live, other = plane(**first), plane(**first)
    live.train_to(steps)
    other.train_to(steps + 3)
    before, (name, value) = live.settings, *second.items()
    live.on_message(live, {"do": "set", "name": name, "value": value, "token": "t"}, [])
    live.driver.call(lambda: None)
    assert live.notice["at"] == name and says in live.notice["text"] and live.settings == before
    live.train_to(steps + 3)
    assert same(live.gan, other.gan) and same(live.gan, run_code(live))


def test_pairs_that_can(plane):
    apart = {frozenset(pair) for pair in itertools.product(("r1", "r2"), ("wgan_gp", "dragan"))}
    for pair in itertools.combinations(ON, 2):
        chosen = {name: ON[name] for name in pair}
        if frozenset(pair) in apart:
            with pytest.raises(ValueError, match="draws"):
                Laboratory(GAN, LOSSES, {**SMALL, **chosen}, tricks=TRICKS).build()
        else:
            gan, batches = Laboratory(GAN, LOSSES, {**SMALL, **chosen}, tricks=TRICKS).build()
            next(train(gan, batches, 1))
            assert gan.step == 1


def test_a_saved_run_with_tricks_goes_on(plane, tmp_path):
    live = plane(ema=0.9, noise=0.2)
    live.train_to(3)
    live.set(r1=1.0, spectral_norm="off")
    live.train_to(6)
    live.save(tmp_path)
    other = plane()
    other.load(tmp_path)
    live.train_to(12)
    other.train_to(12)
    assert same(live.gan, other.gan) and other.settings == live.settings


def test_switches_for_what_does_not_exist():
    with pytest.raises(ValueError, match="a trick sets one of"):
        Trick("x", "view", abs, None, [0, 1], 0)
    with pytest.raises(ValueError, match="is off at one of its values"):
        Trick("x", Sets.VIEW, abs, None, [0, 1], 2)
    assert not set(TRICKS) & set(plane_settings())


def test_the_view_has_words_for_every_piece_that_a_trick_sets(plane):
    loop = Path(build.__file__).with_name("loop.js").read_text(encoding="utf-8")
    words = re.search(r"const COMES_IN = .*?\(\{(.*?)\}\);", loop, re.DOTALL)[1]
    assert set(re.findall(r"(\w+): ", words)) == {each.name.lower() for each in Sets}
    told = plane().whole()["controls"]
    assert {told[name]["sets"] for name in TRICKS} <= {each.name.lower() for each in Sets}
    assert not any(each["sets"] for name, each in told.items() if name not in TRICKS)
