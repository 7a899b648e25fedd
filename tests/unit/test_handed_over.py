"""What a learner hands to a control is looked at before it is used, and what is wrong with it is said with the cure."""

import functools
import re
import types

import matplotlib.figure
import numpy as np
import pytest
import torch
from helpers.score_samples import small

from gan_edu import losses
from gan_edu.core.data.batches import Batches
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.training_loop import GAN, d_step, train, train_step
from gan_edu.widgets import LatentExplorer, Live, LossExplorer, Plane, Saddle, ScoreTable
from gan_edu.widgets.phase_portrait import math
from gan_edu.widgets.plane.trick_settings import Sets, Trick

SMALL = {"g_width": 8, "d_width": 8, "batch_size": 8}
DATA = torch.zeros(8, 1, 4, 4) - 1
LOSSES = {"non-saturating": losses.non_saturating}


@pytest.fixture(autouse=True)
def in_the_cell(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")


def build():
    return GAN(MLPGenerator(3, (1, 4, 4), (8,)), MLPDiscriminator((1, 4, 4), (8,)), 3), Batches(DATA, 4)


def live(build_=build, train_=train):
    return Live(build_, train_, "handed over", rows=1, columns=2)


# ---------------------------------------------------------------- build

MADE = build()
STALE = {
    "gan": lambda: (MADE[0], build()[1]),
    "batches": lambda: (build()[0], MADE[1]),
    "generator": lambda: (GAN(MADE[0].generator, build()[0].discriminator, 3), build()[1]),
    "discriminator": lambda: (GAN(build()[0].generator, MADE[0].discriminator, 3), build()[1]),
}


@pytest.mark.parametrize("what", STALE)
def test_a_build_that_hands_out_what_was_trained_already_is_refused_and_the_run_stays(what):
    run = live(STALE[what])
    run.train_to(3)
    with pytest.raises(ValueError, match=rf"build\(\) returned the same .*{what}.* again.* in build"):
        run.reset()
    assert run.gan.step == 3 and run.recorder.frames["step"] == [0, 1, 2, 3], "the run or its film is gone"
    run.train_to(4)
    assert run.gan.step == 4
    run.close()


# ---------------------------------------------------------------- train


def bare(gan, batches, steps):
    for _ in range(steps):
        train_step(gan, batches)
        yield


def numbers(gan, batches, steps):
    for k in range(steps):
        train_step(gan, batches)
        yield k


def early(gan, batches, steps):
    yield from train(gan, batches, min(steps, 3))


def silent(gan, batches, steps):
    for _ in range(steps):
        train_step(gan, batches)


@pytest.mark.parametrize(
    "made, got",
    [
        (lambda *given: list(train(*given)), "list"),
        (silent, "NoneType"),
        (lambda *given: tuple(train(*given)), "tuple"),
        (lambda *given: 3, "int"),
    ],
)
def test_a_train_that_is_no_iterator_is_refused_before_it_trains(made, got):
    with pytest.raises(TypeError, match=rf"iterator of records, got {got}: write it as a generator that yields"):
        live(train_=made)
    with pytest.raises(TypeError, match=f"got {got}"):
        Plane(GAN, made, LOSSES, **SMALL)


@pytest.mark.parametrize("steps", [bare, numbers])
def test_what_is_yielded_must_be_records(steps):
    got = r"a record must be yielded, got (None|0): yield what train_step"
    run, plane = live(train_=steps), Plane(GAN, steps, LOSSES, **SMALL)
    for each in (run, plane):
        with pytest.raises(TypeError, match=got):
            each.train_to(5)
        assert each.status()["phase"] == "failed" and "a record must be yielded" in each.status()["error"]
        each.close()
    gan, batches = build()
    with pytest.raises(TypeError, match=got):
        Recorder(gan, [0], "by hand", GridLook(1, 1)).record(steps(gan, batches, 5))


def test_a_list_of_records_is_no_film():
    """All would be trained before the first look."""
    gan, batches = build()
    with pytest.raises(TypeError, match="iterator of records, got list"):
        Recorder(gan, [0, 3], "by hand", GridLook(1, 1)).record(list(train(gan, batches, 3)))


class Bar:
    """As a progress bar: it can be gone through, and has no next of its own."""

    def __init__(self, records):
        self.records = records

    def __len__(self):
        return 3

    def __iter__(self):
        yield from self.records


def test_records_may_come_through_a_progress_bar():
    gan, batches = build()
    film = Recorder(gan, [0, 3], "by hand", GridLook(1, 1)).record(Bar(train(gan, batches, 3)))
    assert film.steps == [0, 3]
    run = live(train_=lambda *given: Bar(train(*given)))
    run.train_to(4)
    assert run.gan.step == 4
    run.close()


def test_a_train_that_ends_early_says_where():
    run, plane = live(train_=early), Plane(GAN, early, LOSSES, **SMALL)
    for each in (run, plane):
        with pytest.raises(TypeError, match="train ended at step 3 of 20: it must yield"):
            each.train_to(20)
        assert each.gan.step == 3 and each.recorder.frames["step"] == [0, 1, 2, 3], "the last step is not on the film"
        each.train_to(5)  # two more are given
        assert each.gan.step == 5
        with pytest.raises(TypeError, match="train ended at step 3, and was to go on"):
            each.start()
            each.wait()
    assert not [event for event in plane.recorder.log if "failed" in event], "no step failed"
    run.close()
    plane.close()


@pytest.mark.parametrize(
    "at, asked, told",
    [
        (0, 0, r"at step 0 already, .* train_to\(1\) trains 1 step more\n"),
        (2, 0, r"train_to\(3\) trains 1 step more\n"),
        (2, 1, r"train_to\(3\) trains 1 step more\n"),
        (2, 2, r"train_to\(4\) trains 2 steps more\n"),
    ],
)
def test_where_nothing_is_left_to_train_the_advice_trains(at, asked, told, capsys):
    run = live()
    run.train_to(at)
    capsys.readouterr()
    run.train_to(asked)
    assert re.search(told, capsys.readouterr().out)
    run.close()


# ---------------------------------------------------------------- the plane's code


def wrapped(*given):
    return train(*given)


def make_gan(*given, **more):
    return GAN(*given, **more)


UNNAMED = {
    "lambda": lambda of: lambda *given, **more: of(*given, **more),
    "partial": functools.partial,
    "wrapped": lambda of: functools.wraps(of)(lambda *given, **more: of(*given, **more)),
}


@pytest.mark.parametrize("kind", UNNAMED)
def test_no_program_is_written_with_what_has_no_name(kind):
    no_name = UNNAMED[kind]
    for GAN_, train_, alone in (
        (no_name(GAN), train, d_step),
        (GAN, no_name(train), d_step),
        (GAN, train, no_name(d_step)),
    ):
        plane = Plane(GAN_, train_, LOSSES, d_step=alone, **SMALL)
        plane.train_to(1)
        plane.single_step("d")
        with pytest.raises(ValueError, match="no program can be written with .* give it a name"):
            _ = plane.code
        plane.close()


def test_a_trick_without_a_name_is_in_no_program_either():
    tricks = {"mine": Trick("mine", Sets.LOSS, lambda loss, to=1: loss, "to", [0, 1], 0)}
    plane = Plane(GAN, train, LOSSES, tricks=tricks, **SMALL)
    assert "GAN(" in plane.code  # it is off
    plane.set(mine=1)
    with pytest.raises(ValueError, match="no program can be written with"):
        _ = plane.code
    plane.close()


def test_what_a_name_of_the_notebook_stands_for_goes_by_it(monkeypatch):
    import __main__

    monkeypatch.setattr(__main__, "my_gan", functools.partial(GAN, d_steps=1), raising=False)
    plane = Plane(make_gan, wrapped, LOSSES, **SMALL)
    plane.train_to(2)
    assert f"from {__name__} import make_gan, wrapped" in plane.code and "gan = make_gan(G, D" in plane.code
    plane.close()
    plane = Plane(lambda *given, **more: __main__.my_gan(*given, **more), train, LOSSES, **SMALL)
    monkeypatch.setattr(__main__, "mine", plane.laboratory.GAN, raising=False)
    assert "gan = mine(G, D" in plane.code and "import mine" not in plane.code
    plane.close()


# ---------------------------------------------------------------- what an attribute lacks


class Misspelt(Live):
    @property
    def sum_of_steps(self):
        return self.gan.stepp


def test_an_error_within_a_property_is_told_as_it_is():
    run = Misspelt(build, train, "handed over", rows=1, columns=2)
    with pytest.raises(AttributeError, match="'GAN' object has no attribute 'stepp'"):
        _ = run.sum_of_steps
    run.close()
    with pytest.raises(AttributeError, match="this Misspelt is closed; its run is gone"):
        _ = run.alt


# ---------------------------------------------------------------- functions of a learner's own

NEAREST = {
    "None": (lambda samples, count: None, "NoneType"),
    "another size": (lambda samples, count: torch.zeros(1, count, 1, 8, 8), r"\(1, 4, 1, 8, 8\)"),
    "two of four": (lambda samples, count: torch.zeros(1, 2, 1, 4, 4), r"\(1, 2, 1, 4, 4\)"),
    "a row too many": (lambda samples, count: torch.zeros(2, 2, 1, 4, 4), r"\(2, 2, 1, 4, 4\)"),
}


@pytest.mark.parametrize("given", NEAREST)
def test_nearest_must_give_as_many_pictures_as_were_asked_for(given):
    nearest, got = NEAREST[given]
    gan, _ = build()
    with pytest.raises(ValueError, match=rf"the 4 nearest pictures .* a tensor \(1, 4, 1, 4, 4\), got {got}"):
        LatentExplorer(gan.generate, torch.randn(4, 3), nearest)


def test_a_band_goes_up():
    with pytest.raises(ValueError, match="band: its upper end must be a finite number ≥ 5"):
        LatentExplorer(build()[0].generate, torch.randn(4, 3), band=(5, 1))


def in_place(d, g):
    return d.mul_(g)


GAMES = {
    "a constant": lambda d, g: torch.ones_like(d),
    "detach": lambda d, g: (d * g).detach(),
    "int": lambda d, g: (d * g).int(),
    "numpy": lambda d, g: d.numpy() * g.numpy(),
    "a number": lambda d, g: 1.0,
    "an if": lambda d, g: d * g if d > 0 else g,
    "in place": in_place,
    "complex": lambda d, g: d * g * 1j,
    "three": lambda d, g, more: d,
}


@pytest.mark.parametrize("game", GAMES)
def test_what_is_no_game_is_told_with_the_cure(game):
    with pytest.raises(ValueError, match=r"value\(d, g\) (must|cannot) .*Write it with torch's functions"):
        Saddle({"mine": GAMES[game]})


def test_a_game_of_one_player_is_one():
    assert Saddle({"mine": lambda d, g: d * d}).path().isfinite().all()


def test_a_loss_lacks_nothing_that_is_asked_of_it_later():
    loss = types.SimpleNamespace(d=losses.cross_entropy_d, g=losses.non_saturating_g, g_needs_real=False)
    gan, _ = build()
    for make in (
        lambda: Plane(GAN, train, {**LOSSES, "mine": loss}, **SMALL),
        lambda: GAN(gan.generator, gan.discriminator, 3, loss),
    ):
        with pytest.raises(TypeError, match=r"Loss\(name, d, g\) of your own; it lacks name"):
            make()


def test_the_loss_explorer_says_what_a_g_of_both_needs():
    loss = types.SimpleNamespace(d=losses.relativistic_d, g=losses.relativistic_g)
    with pytest.raises(ValueError, match="g_needs_real=True"):
        LossExplorer({"mine": loss})


@pytest.mark.parametrize("points", [np.zeros((3, 2)), torch.zeros(3, 2), np.zeros((3, 2), np.float32), [[0, 0]] * 3])
def test_a_drawing_may_be_an_array(points):
    plane = Plane(GAN, train, LOSSES, **SMALL)
    plane.draw(points)
    assert plane.settings["data"] == [[0.0, 0.0]] * 3
    with pytest.raises(ValueError, match="a drawing is a list of points"):
        plane.draw(np.zeros(3))
    plane.close()


# ---------------------------------------------------------------- tables, names, and a clip of nothing


def test_tables_and_seeds_that_are_named_twice_are_refused():
    name, table = next(iter(small().items()))
    with pytest.raises(ValueError, match="two tables are called '1'"):
        ScoreTable({1: table, "1": table})
    count = len(table["rows"][0]["values"][table["columns"][0]["key"]])
    with pytest.raises(ValueError, match="names the seed 0 twice"):
        ScoreTable({name: {**table, "seeds": [0] * count}})


def test_every_loss_has_its_line_in_the_legend(monkeypatch):
    seen = []
    drawn = matplotlib.figure.Figure.savefig
    monkeypatch.setattr(
        matplotlib.figure.Figure,
        "savefig",
        lambda figure, *given, **more: (seen.append(figure), drawn(figure, *given, **more))[1],
    )
    LossExplorer({"__proto__": losses.minimax, "other": losses.hinge}).picture()
    assert [text.get_text() for text in seen[0].axes[0].get_legend().get_texts()] == ["__proto__", "other"]


def test_all_controls_come_with_a_star():
    space = {}
    exec("from gan_edu.widgets import *", space)
    assert space["Live"] is Live and space["Saddle"] is Saddle


@pytest.mark.parametrize("momentum", [0.0, 0.6, -0.4])
@pytest.mark.parametrize("order", math.ORDERS)
def test_a_clip_of_nothing_leaves_the_generator_where_it_is(momentum, order):
    """ψ is 0 after each round, whatever D did: the round's matrix is that of θ and the two speeds alone."""

    def a_round(state):
        theta, psi, by_g, by_d = state
        new_psi = 0.0 if order == "D first" else psi
        by_g = momentum * by_g - new_psi
        new = theta + 0.2 * by_g
        by_d = momentum * by_d + (new if order == "G first" else theta)
        return np.array([new, 0.0, by_g, by_d])

    wanted = np.linalg.eigvals(np.array([a_round(unit) for unit in np.eye(4)]).T)
    _, found = math.eigenvalues("WGAN", "WGAN clipping", 0.0, 0.2, momentum, order)
    np.testing.assert_allclose(np.sort(abs(wanted))[-len(found) :], np.sort(abs(found)), atol=1e-12)
    way = math.path((1.0, 0.0), 0.2, 50, order, momentum, "WGAN", "WGAN clipping", 0.0)
    assert np.hypot(*way.T).max() == 1.0 and abs(found).max() == 1.0
