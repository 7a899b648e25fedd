"""Settings: each one thing, of few calls, and what things are called in a program."""

import sys
from types import SimpleNamespace

import pytest
import torch

from gan_edu import losses, training_loop
from gan_edu.core.data.batches import Batches
from gan_edu.core.live.settings import needs_fresh_networks, usual_settings
from gan_edu.core.training.called import Call, Names, made
from gan_edu.core.training.cosine_decay import CosineDecay
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.training_loop import GAN, train
from gan_edu.tricks import TRICKS, r1, smooth
from gan_edu.widgets.live.widget import Live
from gan_edu.widgets.plane.build import Laboratory
from gan_edu.widgets.plane.settings import plane_settings
from gan_edu.widgets.plane.trick_settings import Sets, Trick
from gan_edu.widgets.plane.widget import Plane

LOSSES = {"non-saturating": losses.non_saturating, "minimax": losses.minimax}
SMALL = {"g_width": 8, "d_width": 8, "batch_size": 8}
DECAY = {"decay": Trick("decay", Sets.AFTER_STEP, CosineDecay, "until", [0, 20], 0)}


class Noticed(dict):
    """A group of an optimiser that counts the calls between a message and the write of its rate."""

    calls = None

    def __setitem__(self, key, value):
        if key == "lr":
            names, frame = [], sys._getframe(1)
            while frame.f_code.co_name != "on_message":
                names.append(frame.f_code.co_name)
                frame = frame.f_back
            Noticed.calls = names[::-1]
        super().__setitem__(key, value)


def of_pictures():
    gan = GAN(MLPGenerator(2, (1, 2, 2), (8,)), MLPDiscriminator((1, 2, 2), (8,)), 2)
    return gan, Batches(torch.rand(32, 1, 2, 2) * 2 - 1, 8)


@pytest.mark.parametrize("kind", ["plane", "live"])
def test_a_slider_is_few_calls_away_from_the_optimiser(kind, monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")
    if kind == "plane":
        view = Plane(GAN, train, LOSSES, **SMALL)
    else:
        view = Live(of_pictures, train, "settings", rows=1, columns=2)
    view.train_to(1)
    view.gan.d_optimizer.param_groups[0] = Noticed(view.gan.d_optimizer.param_groups[0])
    view.on_message(view, {"do": "set", "name": "d_lr", "value": 5e-3, "token": "t"}, [])
    assert view.gan.d_optimizer.param_groups[0]["lr"] == 5e-3
    assert len(Noticed.calls) <= 8 and Noticed.calls[-1] == "set_rate", Noticed.calls
    view.close()


def test_one_setting_serves_every_view():
    """The plane's rates, batch size and steps are those of Live in other words and limits."""
    for name, own in usual_settings().items():
        theirs = plane_settings()[name]
        gan, batches = Laboratory(GAN, LOSSES, SMALL).build()
        run, value = SimpleNamespace(gan=gan, batches=batches), theirs.values[1]
        theirs.write(run, {name: value})
        assert own.read(run) == theirs.read(run) == value
        assert own.code({name: value}, Names()) == theirs.code({name: value}, Names())


@pytest.mark.parametrize("name", sorted(set(Laboratory(GAN, LOSSES, {}, tricks=TRICKS).choices) - {"data"}))
def test_the_line_of_a_setting_does_what_write_does(name):
    """Read off the run where it can be; else the weights after three more steps say so."""
    ends = []
    for by_code in (False, True):
        lab = Laboratory(GAN, LOSSES, SMALL, tricks=TRICKS)
        setting = lab.choices[name]
        if setting.fresh:
            assert setting.code is needs_fresh_networks
            with pytest.raises(ValueError, match="fresh networks"):
                setting.write(None, {})
            return
        gan, batches = lab.build()
        value = next(each for each in setting.values[::-1] if each != lab.settings[name])
        chosen, names = {**lab.settings, name: value}, Names()
        if by_code:
            line = setting.code(chosen, names)
            exec("\n".join(["import torch", *names.imports(), line]), {"gan": gan, "batches": batches})
        else:
            setting.write(SimpleNamespace(gan=gan, batches=batches), chosen)
        for _ in train(gan, batches, 3):
            pass
        ends.append([*gan.generator.parameters(), *gan.discriminator.parameters()])
    assert all(torch.equal(a, b) for a, b in zip(*ends, strict=True))


def test_a_program_with_a_decay_trains_the_same_weights():
    plane = Plane(GAN, train, LOSSES, "decays", tricks=DECAY, decay=20, **SMALL)
    plane.train_to(5)
    plane.set(d_lr=5e-3)
    plane.train_to(8)
    plane.set(g_lr=0.0, d_optimizer="SGD")
    plane.train_to(12)
    plane.set(g_lr=1e-3)
    plane.train_to(15)
    left = plane.gan.after_step[0].share(15)
    assert plane.gan.g_optimizer.param_groups[0]["lr"] == 1e-3 * left and plane.gan.step == 15
    space = {}
    exec(plane.code, space)
    for a, b in zip(plane.gan.generator.parameters(), space["gan"].generator.parameters(), strict=True):
        assert torch.equal(a, b)
    plane.close()


# ---------------------------------------------------------------- names


def d(real_logits, fake_logits):
    """A loss of one's own."""
    return (fake_logits - real_logits).mean()


LISTED = losses.Loss("listed", d, losses.minimax_g, g_needs_real=True)
TABLE = {"in a table": losses.Loss("tabled", d, d)}


def test_what_things_are_called():
    names = Names()
    assert names(train) == "train" and names(LISTED) == "LISTED" and names(losses.minimax) == "minimax"
    assert names(TABLE["in a table"]) == "TABLE['in a table']" and names(losses.LOSSES["KL"]) == "LOSSES['KL']"
    assert names(losses.Loss("mine", d, losses.minimax_g, True)) == "Loss('mine', d, minimax_g, g_needs_real=True)"
    assert names.written([Call(smooth, (losses.minimax,), {"real": 0.9}), None, (1, "a")]) == (
        "[smooth(minimax, real=0.9), None, (1, 'a')]"
    )
    space = {}
    exec("\n".join(names.imports()), space)
    assert space["LISTED"] is LISTED and space["TABLE"] is TABLE and space["train"] is training_loop.train


def test_what_is_written_is_what_is_made():
    expression = Call(smooth, (losses.minimax,), {"real": 0.75})
    names = Names()
    written = names.written([expression, Call(r1, (2.0,))])
    exec("\n".join(names.imports()), space := {})
    for one, other in zip(made([expression, Call(r1, (2.0,))]), eval(written, space), strict=True):
        assert one.name == other.name


def test_a_loss_of_the_notebook_goes_by_its_name_there(monkeypatch):
    import __main__

    own = losses.Loss("mine", lambda real, fake: fake.mean(), losses.minimax_g)
    with pytest.raises(ValueError, match="no program can be written with .* give it a name, my_name"):
        Names()(own)
    monkeypatch.setattr(__main__, "my_loss", own, raising=False)
    names = Names()
    assert names(own) == "my_loss" and names.imports() == []
    monkeypatch.delattr(__main__, "my_loss")
    monkeypatch.setattr(__main__, "MINE", {"first": own}, raising=False)
    assert Names()(own) == "MINE['first']"
