"""The collapse theatre: cures that are put in and taken out, a run that takes them up, and what it tells."""

import json
import os
import subprocess
import sys
import textwrap

import pytest
import torch
from helpers.pixels import FAKE, near, picture_of
from helpers.theatre_page import own, with_step
from torch import nn

from gan_edu.core.data.distributions import Draws, blobs, ring, segment
from gan_edu.core.measures.mixture_scores import Coverage
from gan_edu.core.recording.format import point_scores
from gan_edu.core.recording.points_look import PointsLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.recording.recording import family, shipped
from gan_edu.core.training.checkpoint import CheckpointError
from gan_edu.core.training.networks import has_batch_statistics
from gan_edu.losses import non_saturating, relativistic
from gan_edu.mode_collapse import Packed, ShowsFeatures, cures, feature_matching, stages, theatre
from gan_edu.training_loop import GAN, train, train_step
from gan_edu.widgets import CollapseTheatre
from gan_edu.widgets.collapse_theatre.stage import Cure, Points, Stage
from gan_edu.widgets.collapse_theatre.still import covered_modes, shares_of
from gan_edu.widgets.collapse_theatre.treatment import Treatment


@pytest.fixture(autouse=True)
def in_the_cell(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")


@pytest.fixture
def make():
    made = []

    def one(title="A theatre", **options):
        made.append(own(title, **options))
        return made[-1]

    yield one
    for each in made:
        each.close()


def weights(run):
    gan = run.gan
    return torch.cat([w.detach().flatten() for w in [*gan.generator.parameters(), *gan.discriminator.parameters()]])


def treated(seed=0):
    return Treatment("ring", stages()["ring"], cures(), seed, train_step)


def names(gan):
    return [getattr(each, "name", None) for each in gan.d_penalties]


# ---------------------------------------------------------------- what a cure puts into a GAN


def test_each_cure_is_put_in_and_taken_out():
    run = treated()
    gan, plain, optimizer = run.gan, run.gan.discriminator, run.gan.d_optimizer
    run.switch("pairs", True)
    assert gan.loss is relativistic and names(gan) == ["R1", "R2"]
    run.switch("noise", True)
    assert gan.view is not None and run.names == ["pairs", "noise"]
    run.switch("pairs", False)
    assert gan.loss is non_saturating and gan.d_penalties == [] and gan.view is not None
    run.switch("noise", False)
    assert gan.view is None and gan.discriminator is plain and gan.d_optimizer is optimizer and run.names == []


def test_feature_matching_keeps_the_weights_of_d():
    run = treated()
    plain, x = run.gan.discriminator, torch.randn(5, 2)
    assert run.switch("features", True) is False
    shown = run.gan.discriminator
    logits, features = shown(x)
    assert isinstance(shown, ShowsFeatures) and run.gan.loss is feature_matching
    assert torch.equal(logits, plain(x)) and features.shape == (5, 64)
    run.switch("features", False)
    assert run.gan.discriminator is plain


def test_of_digits_too():
    run = Treatment("digits", stages()["digits"], cures(), 0, train_step)
    x = next(run.batches)
    plain = run.gan.discriminator(x)
    run.switch("features", True)
    assert torch.allclose(run.gan.discriminator(x)[0], plain, atol=1e-6)
    run.switch("features", False)
    run.switch("packs", True)
    assert run.gan.discriminator(x).shape == plain.shape


def test_packs_put_in_a_fresh_d_and_a_fresh_one_when_they_go():
    run = treated()
    plain = run.gan.discriminator
    assert run.switch("packs", True) is True
    packed = run.gan.discriminator
    assert isinstance(packed, Packed) and has_batch_statistics(packed)
    assert {id(w) for g in run.gan.d_optimizer.param_groups for w in g["params"]} == set(map(id, packed.parameters()))
    assert run.switch("packs", False) is True
    again = run.gan.discriminator
    assert again is not plain and not isinstance(again, Packed)
    assert run.gan.d_optimizer.param_groups[0]["lr"] == pytest.approx(5e-4)


def test_a_piece_that_stays_goes_on_when_another_is_switched():
    run = treated()
    run.switch("pairs", True)
    pieces = list(run.gan.d_penalties)
    for _ in train(run.gan, run.batches, 20, step=run.step):
        pass
    weight = pieces[0].weight
    run.switch("noise", True)
    assert run.gan.d_penalties == pieces and pieces[0].weight == weight < 2.0


@pytest.mark.parametrize(
    "first, second, told",
    [
        ("pairs", "features", "both set the loss"),
        ("packs", "features", "both set D"),
        ("pairs", "packs", "several samples together"),
        ("packs", "pairs", "several samples together"),
    ],
)
def test_what_contradicts_is_refused_and_nothing_is_lost(first, second, told):
    run = treated()
    run.switch(first, True)
    gan = run.gan
    before = gan.loss, gan.discriminator, gan.d_optimizer, list(gan.d_penalties), gan.view, run.plain, run.begun
    with pytest.raises(ValueError, match=told):
        run.switch(second, True)
    assert before == (
        gan.loss,
        gan.discriminator,
        gan.d_optimizer,
        list(gan.d_penalties),
        gan.view,
        run.plain,
        run.begun,
    )
    assert run.names == [first]
    gan.fit()
    for _ in train(gan, run.batches, 2, step=run.step):
        pass


def test_all_that_go_together_train():
    run = treated()
    for name in ("pairs", "unrolled", "noise"):
        run.switch(name, True)
    records = list(train(run.gan, run.batches, 3, step=run.step))
    assert {"R1", "R2"} <= set(records[-1].values)


def test_a_cure_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="no cure 'prayer'.*packs"):
        treated().switch("prayer", True)


# ---------------------------------------------------------------- while it runs


def test_a_cure_takes_hold_at_the_next_step(make):
    cured, plain = make(), make("Another")
    cured.train_to(30)
    plain.train_to(30)
    assert torch.equal(weights(cured), weights(plain))
    cured.switch("unrolled")
    cured.train_to(31)
    plain.train_to(31)
    assert not torch.equal(weights(cured), weights(plain))


def test_a_click_in_the_midst_takes_hold_and_is_in_the_log(make, monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    live, seen = make(), []
    live.send = lambda content, buffers=None: seen.append(content)
    live.start()
    while live.gan.step < 5:
        pass
    live.on_message(live, {"do": "switch", "name": "pairs", "on": True, "token": "t"}, [])
    live.driver.call(lambda: None)
    step = live.recorder.log[-1]["step"]
    while live.gan.step < step + 5:
        pass
    live.pause()
    live.wait()
    assert live.gan.loss is relativistic and live.gan.step >= step + 5
    (event,) = [each for each in live.recorder.log if "cure" in each]
    assert event == {"step": step, "change": "relativistic pairs: on", "cure": "pairs", "on": True}
    assert {"heard": "t"} in seen and live.status()["on"] == ["pairs"]


def clicked(live):
    live.train_to(20)
    live.switch("packs")
    live.train_to(40)
    live.switch("packs", False)
    live.switch("noise")
    live.train_to(60)
    return live


def test_the_same_clicks_make_the_same_weights(make):
    assert torch.equal(weights(clicked(make())), weights(clicked(make("Another"))))
    assert not torch.equal(weights(clicked(make())), weights(clicked(make("Another", seed=1))))


@pytest.mark.parametrize("on", [["pairs"], ["packs"], ["unrolled", "noise"], ["features"], []])
def test_saved_and_resumed_it_goes_on_as_if_it_had_not_stopped(make, tmp_path, on):
    live = clicked(make())
    live.switch("noise", False)
    for name in on:
        live.switch(name)
    live.train_to(80)
    live.save(tmp_path)
    other = make("Another", stage="grid", seed=5)
    other.load(tmp_path)
    assert (other.stage, other.on, other.gan.step) == ("ring", on, 80)
    assert other.recorder.log == live.recorder.log
    for each in (live, other):
        each.switch("packs", "packs" not in on) if on != ["pairs"] and on != ["features"] else None
        each.train_to(100)
    assert torch.equal(weights(other), weights(live))


def test_what_does_not_fit_leaves_all_as_it_was(make, tmp_path):
    live = make()
    live.switch("packs")
    live.train_to(10)
    live.save(tmp_path)
    fewer = {name: each for name, each in cures().items() if name != "packs"}
    other = CollapseTheatre(stages(), fewer, with_step, train_step, "Another")
    other.train_to(7)
    before = weights(other)
    with pytest.raises(CheckpointError, match="does not fit this theatre.*packs"):
        other.load(tmp_path)
    assert torch.equal(weights(other), before) and (other.gan.step, other.on, other.stage) == (7, [], "ring")
    other.train_to(9)
    other.close()


def test_another_stage_waits_where_it_was_left(make):
    live = make()
    live.train_to(10)
    live.switch("packs")
    kept = live.gan
    live.show("grid")
    assert (live.stage, live.gan.step, live.on) == ("grid", 0, [])
    live.train_to(5)
    live.show("ring")
    assert live.gan is kept and live.gan.step == 10 and live.on == ["packs"]
    live.reset()
    assert live.gan.step == 0 and live.on == []
    with pytest.raises(ValueError, match="stage must be one of"):
        live.show("moon")


def test_a_refused_click_is_told_and_no_other_way_is(make):
    live = make()
    live.switch("pairs")
    live.on_message(live, {"do": "switch", "name": "features", "on": True, "token": "t"}, [])
    assert "both set the loss" in live.status()["notice"]["text"] and live.on == ["pairs"]
    live.on_message(live, {"do": "show", "name": "moon", "token": "t"}, [])
    assert "moon" in live.status()["notice"]["text"] and live.stage == "ring"
    live.on_message(live, {"do": "switch", "name": "noise", "on": True, "token": "t"}, [])
    assert live.status()["notice"] == {} and live.on == ["pairs", "noise"]


def test_back_and_forth_between_two_steps_is_no_change(make):
    live = make()
    live.train_to(10)
    live.switch("noise")
    live.switch("noise", False)
    assert [each for each in live.recorder.log if "cure" in each] == []


def test_its_alarm_rings(make):
    live = make()
    live.train_to(300)
    assert any("alarm: modes covered" in each["change"] for each in live.recorder.log)


# ---------------------------------------------------------------- what a frame holds


def test_a_frame_of_points_has_the_share_of_each_mode():
    data = blobs([[-1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], 0.1)
    samples = torch.tensor([[-1.0, 0.0]] * 5 + [[1.0, 0.1]] * 3 + [[0.0, 0.0]] * 2)
    assert Coverage(data).near(samples).tolist() == [5, 3, 0]
    look = PointsLook(data, shares=True)
    look.coverage = Coverage(data)
    assert look.measured(samples)["shares"] == pytest.approx([0.5, 0.3, 0])
    lost = look.measured(samples.index_fill(0, torch.tensor([0]), torch.nan))["shares"]
    assert all(share != share for share in lost) and len(lost) == 3


def test_a_plane_says_no_shares_and_what_is_stored_is_checked():
    gan, batches = stages()["ring"].build(0)
    plain = Recorder(gan, [0], "t", PointsLook(batches.distribution, compact=True))
    plain.keep()
    assert "shares" not in plain.frames["scores"][0]
    assert point_scores("scores", {"js": 0.1, "shares": [0.5, None]}) is None
    for wrong in ("much", 0.5, ["a"]):
        with pytest.raises(ValueError, match="shares"):
            point_scores("scores", {"js": 0.1, "shares": wrong})


def test_half_a_fair_share_covers():
    assert covered_modes([0.0625, 0.0624, None, 0.5], [0.125] * 4) == 2


def test_its_picture_and_words(make):
    live = make()
    live.train_to(20)
    assert (
        live.picture().startswith(b"\x89PNG")
        and "ring of 8, step 20" in live.alt
        and "Cures that are on: –" in live.alt
    )
    live.show("digits")
    assert live.picture().startswith(b"\x89PNG") and "10 modes" in live.alt


def bars_of(png):
    """How many pixels of the middle plot are as orange as G's samples."""
    picture = picture_of(png)
    width = picture.shape[1]
    return int(near(picture[:, round(0.3 * width) : round(0.62 * width)], FAKE["light"]).sum())


@pytest.mark.parametrize("stage, step, covered", [("ring", "4,000", "1 of 8"), ("digits", "3,000", "2 of 10")])
def test_before_the_first_step_its_picture_is_the_end_of_the_film_without_a_cure(make, stage, step, covered):
    live, own_run = theatre(stage), make(stage=stage)
    assert f"a recorded run on the {live.stages[stage].title} without a cure, step {step}: {covered} modes" in live.alt
    assert bars_of(live.picture()) > 1000 and live.picture() != own_run.picture() and "step 0" in own_run.alt
    live.switch("noise")
    assert "step 0" in live.alt and "recorded" not in live.alt  # the film is of a run without a cure
    live.switch("noise", on=False)
    live.train_to(3)
    assert "step 3:" in live.alt and "recorded" not in live.alt
    live.close()


# ---------------------------------------------------------------- without a kernel


def test_a_page_plays_films_of_each_stage_and_cure():
    live = theatre()
    state = live.page_state()
    assert set(state["films"]) == set(stages())
    for stage, films in state["films"].items():
        assert set(films) == {"none", *cures()}
        begun = {name: film["meta"]["frames"]["step"][0] for name, film in films.items()}
        assert begun.pop("none") == 0 and len(set(begun.values())) == 1
        steps, at = films["none"]["meta"]["frames"]["step"], begun["packs"]
        assert at in steps and steps[-1] == films["packs"]["meta"]["frames"]["step"][-1]
        for name, film in films.items():
            switched = [each["cure"] for each in film["meta"]["log"] if "cure" in each]
            assert switched == ([] if name == "none" else [name]), stage
    assert live.shared()["cure"]["of"] == ["none", *cures()]
    assert len(json.dumps(state)) < 1_300_000
    live.close()


@pytest.mark.parametrize("stage", ["ring", "grid", "digits"])
def test_films_are_whole_and_of_one_run_up_to_the_cure(stage):
    films = {each.meta["name"].rpartition("/")[2]: each for each in family(f"collapse_theatre/{stage}")}
    fair, none = stages()[stage].fair, films.pop("none").meta
    for name, film in films.items():
        about = film.meta["provenance"]
        assert about["seed"] == 0 and about["settings"]["cure"] == name and film.meta["curves"] == {}
        begins = none["frames"]["step"].index(film.steps[0])
        assert film.scores[0] == none["frames"]["scores"][begins]  # not cured yet
        assert film.steps == none["frames"]["step"][begins:]
        assert all(sum(shares_of(film.meta, k)) < 1.001 for k in range(len(film)))
        assert all(len(shares_of(film.meta, k)) == len(fair) for k in range(len(film)))


def test_the_cures_that_are_said_to_help_do_in_the_films():
    """Modes covered at the end, on average over ten frames, without and with."""

    def covered(stage, cure):
        meta = shipped(f"collapse_theatre/{stage}/{cure}").meta
        return sum(covered_modes(shares_of(meta, -k), stages()[stage].fair) for k in range(1, 11)) / 10

    for stage, helping in {
        "ring": ("pairs", "packs", "unrolled", "features"),
        "grid": ("pairs", "packs", "unrolled"),
        "digits": ("pairs", "unrolled", "features"),
    }.items():
        alone = covered(stage, "none")
        assert all(covered(stage, cure) > alone + 2 for cure in helping), stage
    assert covered("ring", "none") < 1.5 and covered("ring", "noise") < 3


def test_one_without_films_shows_its_own_run(make):
    live = make()
    live.train_to(20)
    films = live.page_state()["films"]
    assert list(films) == ["ring"] and list(films["ring"]) == ["none"]
    assert films["ring"]["none"]["meta"]["frames"]["step"][-1] == 20


# ---------------------------------------------------------------- odd input


def test_odd_input_is_refused():
    good = stages()
    with pytest.raises(ValueError, match="at least one stage"):
        CollapseTheatre({}, cures(), with_step, train_step)
    with pytest.raises(ValueError, match="stage must be one of"):
        theatre("moon")
    with pytest.raises(TypeError, match="Stage"):
        CollapseTheatre({"ring": 3}, cures(), with_step, train_step)
    with pytest.raises(TypeError, match="Cure"):
        CollapseTheatre(good, {"hope": None}, with_step, train_step)
    with pytest.raises(ValueError, match="puts nothing"):
        Cure("hope", "nothing at all")
    with pytest.raises(TypeError, match="view"):
        Cure("hope", "nothing at all", view="blur")
    with pytest.raises(ValueError, match="fair"):
        small = good["ring"]
        Stage("t", small.build, small.discriminator, small.optimizer, small.look, ["1"], [0.5, 0.5], small.signs)
    with pytest.raises(ValueError, match="has no modes to be near"):
        Coverage(segment()).near(torch.zeros(3, 2))


def test_a_cure_of_ones_own_of_networks_of_ones_own():
    data = ring(3, std=0.1)

    def discriminator(count):
        return nn.Sequential(nn.Linear(2 * count, 8), nn.ReLU(), nn.Linear(8, 1))

    def build(seed):
        return GAN(nn.Linear(2, 2), discriminator(1), 2, seed=seed), Draws(data, 16, seed)

    stage = Stage(
        "three",
        build,
        discriminator,
        lambda network: torch.optim.SGD(network.parameters(), 0.01),
        lambda: Points(data),
        ["a", "b", "c"],
        [1 / 3] * 3,
        lambda: {"half": lambda samples: 1.0},
    )
    live = CollapseTheatre(
        {"three": stage}, {"flip": Cure("flip", "x to −x", view=lambda: torch.neg)}, with_step, train_step
    )
    live.switch("flip")
    live.train_to(3)
    assert live.gan.view is torch.neg and live.alt
    live.close()


def test_a_script_that_leaves_a_run_open_ends():
    script = """
    from gan_edu.mode_collapse import theatre
    theatre().train_to(3)
    """
    environment = {"GAN_EDU_DRIVER": "thread", "OMP_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], timeout=400, check=True, env={**os.environ, **environment}
    )
