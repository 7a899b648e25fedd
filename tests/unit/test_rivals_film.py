"""The films of a GAN and its rivals: each of one minute, their frames at the same moments, without what they lack."""

import pytest
import torch
from helpers.ruler import Ruler

from benchmarks import rivals
from gan_edu.core.recording import Recording, in_steps_of
from gan_edu.core.recording.frame_schedule import Listed
from gan_edu.core.recording.grid_look import GridLook
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.training import threads
from gan_edu.core.training.checkpoint import CheckpointError
from gan_edu.recordings import of_settings, recipes, resumable, rivals_recipe as recipe
from gan_edu.widgets import compare

STEPS = {"gan": 6, "vae": 9, "pixels": 8, "diffusion": 7}


def arm(kind, **others):
    """As `benchmarks.rivals` ships one, small."""
    gan = {"kind": "gan", **{name: of_settings.LADDER[name] for name in of_settings.LADDER if name != "fresh"}}
    start = gan if kind == "gan" else {**rivals.START, **rivals.ARMS["mnist"][kind].settings, "passes": 1}
    label = rivals.ARMS["mnist"][kind].label
    return {"label": label, "settings": {**start, "steps": 10 * STEPS[kind], "batch": 4, **others}}


@pytest.fixture
def made(tmp_path, monkeypatch):
    """made(folder): the command, a tenth of a minute of some steps."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recipe, "Scorer", Ruler)
    monkeypatch.setattr(recipe, "FRAMES", 4)
    monkeypatch.setattr(recipe, "SCORED", 2)
    monkeypatch.setattr(recipe, "measured", lambda name: {"arms": {kind: arm(kind) for kind in STEPS}})

    def make(folder):
        recipes.RECIPES["rivals"]("rivals", epochs=6, into=tmp_path / folder)
        return {kind: Recording.load(tmp_path / folder / "rivals" / kind) for kind in STEPS}

    return make


def test_four_films_of_one_time_stand_on_one_slider(made, capsys):
    before = torch.get_num_threads()
    films = made("films")
    assert torch.get_num_threads() == before
    gan, *others = films.values()
    counted = [in_steps_of(gan, film) for film in others]
    assert gan.steps == [0, 1, 3, 6] and all(film.steps == gan.steps for film in counted)
    assert {kind: film.steps[-1] for kind, film in films.items()} == STEPS
    replay = compare(gan, *counted)
    assert replay.steps == gan.steps
    titles = [film.meta["title"] for film in films.values()]
    assert titles == ["GAN", "VAE", "pixel after pixel", "diffusion, 20 passes"]
    assert [film.meta["title"] for film in counted] == [f"{title} · at equal time" for title in titles[1:]]
    for film in films.values():  # from the last one back each second is scored, by `Ruler`
        assert [scores and scores["fid"] for scores in film.scores] == [None, film.steps[1], None, film.steps[3]]
        facts = film.meta["provenance"]
        assert facts["seed"] == 10 and facts["device"] == "cpu, 1 threads" and film.meta["scoring"]["samples"] == 1000
    assert capsys.readouterr().out.count("4 frames") == 4


def test_a_film_tells_what_its_model_has_and_no_more(made):
    films = made("films")
    names = {kind: set(film.meta["curves"]) - {"step"} for kind, film in films.items()}
    assert {"d_loss", "g_loss", "d_real", "d_fake"} <= names.pop("gan")
    assert names == {"vae": {"bits a pixel"}, "pixels": {"bits a pixel"}, "diffusion": {"squared error"}}
    gan = films.pop("gan").meta
    assert gan["optimum"] and gan["provenance"]["loss"] == "non-saturating" and gan["frames"]["logits"][0]
    assert "cost" not in gan["provenance"]["settings"] and "lr" not in gan["provenance"]["settings"]
    for kind, film in films.items():
        assert film.meta["optimum"] == {} and film.meta["provenance"]["loss"] is None
        assert not any(film.meta["frames"]["logits"])
        told = film.meta["provenance"]["settings"]
        assert told["cost"] == pytest.approx(STEPS["gan"] / STEPS[kind], abs=1e-6) and told["kind"] == kind
        assert ("beta" in told) == (kind == "vae") and ("passes" in told) == (kind == "diffusion")
        assert not {"teacher", "begun", "weight"} & set(told)


@pytest.mark.parametrize("kind", ["vae", "pixels", "diffusion"])
def test_the_curve_is_what_is_measured_of_test_digits_too(kind):
    """Bits a pixel of a VAE are its bound, not β times a part of it."""
    s = {**arm(kind, **({"beta": 0.0} if kind == "vae" else {}))["settings"], "seed": 10, "steps": 1}
    gan, batches, step = of_settings.rival(s)
    (told,) = recipe.told(step, recipe.CURVES[kind])(gan, batches, 1)
    gan, batches, step = of_settings.rival(s)
    values = step(gan, batches).values
    of = {"vae": lambda: values["missed"] + values["kl"]}.get(kind, lambda: values["g_loss"])
    assert told.step == 1 and [each.item() for each in told.values.values()] == [of().item()]


@pytest.mark.parametrize(
    "steps",
    [
        {"gan": 2270, "vae": 2450, "pixels": 2420, "diffusion": 2700},
        {"gan": 1580, "vae": 2450, "pixels": 3300, "diffusion": 1720},
        {"gan": 2270, "vae": 1800, "pixels": 1300, "diffusion": 2700},  # steps that are dearer than the GAN's
        {"gan": 1000, "vae": 1000, "pixels": 999, "diffusion": 1001},
    ],
)
def test_all_have_their_frames_at_the_same_moments_closer_at_first(steps):
    costs = {kind: round(steps["gan"] / count, 6) for kind, count in steps.items()}
    moments = recipe.in_common(steps, costs)
    assert moments[0] == 0 and moments[-1] == steps["gan"] and len(moments) >= recipe.FRAMES - 2
    for kind, cost in costs.items():
        own = [round(moment / cost) for moment in moments]
        assert own[-1] == steps[kind] and [round(step * cost) for step in own] == moments
    gaps = [b - a for a, b in zip(moments, moments[1:], strict=False)]
    assert gaps[0] < gaps[len(gaps) // 2] < gaps[-1] < 0.1 * steps["gan"]


def filmed(folder, settings, stops=0):
    """The film of a VAE, interrupted after a step."""
    gan, batches, step = of_settings.rival(settings)
    train = recipe.told(step, recipe.CURVES["vae"])

    def stopping(gan, batches, steps):
        for record in train(gan, batches, steps):
            if record.step == stops:
                raise KeyboardInterrupt
            yield record

    recorder = Recorder(gan, Listed(frozenset([0, 2, 4])), "VAE", GridLook(2, 2), name="rivals/vae")
    return resumable.record(recorder, batches, stopping, 4, folder, every=2)


def test_a_film_of_other_players_goes_on_to_the_same_end_with_their_optimisers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    s = {**arm("vae")["settings"], "seed": 10, "steps": 4}
    whole = filmed(tmp_path / "whole", s)
    with pytest.raises(KeyboardInterrupt):
        filmed(tmp_path / "film", s, stops=3)
    with pytest.raises(CheckpointError, match="encoder's optimiser was"):
        filmed(tmp_path / "film", {**s, "lr": 1e-3})
    film = filmed(tmp_path / "film", s)
    assert film.atlas == whole.atlas and film.meta["curves"] == whole.meta["curves"]


def test_room_is_asked_for_what_all_players_weigh(monkeypatch):
    asked = []
    monkeypatch.setattr(resumable.durable, "ask", lambda folder, room=0: asked.append(room) or 1 / 0)
    gan, batches, step = of_settings.rival({**arm("vae")["settings"], "seed": 10})
    with pytest.raises(ZeroDivisionError):
        resumable.record(Recorder(gan, [0], "t", name="a"), batches, print, 1, "b", every=1)
    weights = [*gan.generator.parameters(), *gan.others["encoder"].network.parameters()]
    assert asked == [resumable.PICTURES + resumable.WEIGHTS * sum(weight.nbytes for weight in weights)]


def test_settings_name_one_of_four_models():
    with pytest.raises(ValueError, match="a rival is .*, got 'flow'"):
        of_settings.rival({**arm("vae")["settings"], "seed": 10, "kind": "flow"})


def test_of_listed_moments_some_may_be_scored():
    some, all_ = Listed(frozenset([0, 5]), frozenset([5])), Listed(frozenset([0, 5]))
    assert [some.scored(step) for step in (0, 5)] == [False, True] and all_.scored(0) and 0 in some


def test_one_thread_is_for_as_long_as_it_is_asked_for():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        with pytest.raises(KeyError), threads.one():
            assert torch.get_num_threads() == 1
            raise KeyError
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
