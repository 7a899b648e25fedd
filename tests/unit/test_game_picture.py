"""The recorded steps of the game's picture: the first by hand, the others by what must agree in them; its still."""

import io
import json
import math

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import softplus

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.recording.recording import SHIPPED, shipped
from gan_edu.core.training.slow_motion import LINES
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.recordings import step_recipe
from gan_edu.recordings.step_recipe import KINDS, PICTURED, STATIONS
from gan_edu.training_loop import train
from gan_edu.widgets import GamePicture
from gan_edu.widgets.game_picture.still import picture

FOLDER = SHIPPED / "mnist_textbook_steps"
STEPS = json.loads((FOLDER / "steps.json").read_text())["steps"]
TILES = (FOLDER / "steps.bin").read_bytes()


def tiles(station, kind):
    """The stored pictures of a step, (6, H, W) in [−1, 1]."""
    stored = [np.asarray(picture(TILES, station, kind, k), dtype=float) for k in range(PICTURED)]
    return torch.tensor(np.stack(stored) - 128) / 127


@pytest.fixture(scope="module")
def by_hand():
    """The very first step of the run, written out, with what it makes between its lines."""
    gan, batches = textbook(0), textbook_batches(0)
    G, D = gan.generator, gan.discriminator
    opt_G, opt_D = (torch.optim.Adam(net.parameters(), lr=2e-4) for net in (G, D))
    real = next(batches)
    z = torch.randn(64, 100, generator=gan.noise_stream)
    fake = G(z)
    made = {"z": z / 3, "real": real, "fake": fake.detach(), "before": {"real": D(real), "fake": D(fake.detach())}}
    made["d_loss"] = softplus(-D(real)).mean() + softplus(D(fake.detach())).mean()
    made["d_loss"].backward()
    made["d_gradient"] = length(D)
    opt_D.step()
    made["after"] = {"real": D(real), "fake": D(fake.detach())}
    made["g_loss"] = softplus(-D(fake)).mean()
    fake.retain_grad()
    made["g_loss"].backward()
    made["g_gradient"], made["wish"] = length(G), -fake.grad
    opt_G.step()
    made["change"] = (G(z) - fake).detach()
    made["last"] = {"real": D(real), "fake": D(G(z))}
    return made


def length(network):
    return sum(weight.grad.square().sum() for weight in network.parameters()).sqrt()


def test_the_first_step_is_that_of_the_loop_by_hand(by_hand):
    stored = STEPS[0]
    for when in ("before", "after", "last"):
        for kind in ("real", "fake"):
            assert stored[when][kind] == pytest.approx(by_hand[when][kind].flatten().tolist(), abs=2e-3), (when, kind)
    for name in ("d_loss", "g_loss", "d_gradient", "g_gradient"):
        assert stored[name] == pytest.approx(by_hand[name].item(), rel=5e-3), name


@pytest.mark.parametrize("kind", KINDS)
def test_the_pictures_of_the_first_step_are_those_of_the_loop_by_hand(by_hand, kind):
    made = by_hand[kind][:PICTURED].detach()
    if kind in ("wish", "change"):
        assert STEPS[0]["largest"][kind] == pytest.approx(made.abs().max().item(), rel=0.01)
        made = made / made.abs().max()
    torch.testing.assert_close(tiles(0, kind).flatten(), made.clamp(-1, 1).flatten().double(), atol=0.012, rtol=0)


@pytest.mark.parametrize("station", range(len(STATIONS)))
def test_the_losses_are_those_of_the_verdicts_that_are_shown(station):
    step = STEPS[station]
    assert step["epoch"] == STATIONS[station] and step["step"] == 937 * STATIONS[station]
    before, after = (
        {kind: torch.tensor(step[when][kind]) for kind in ("real", "fake")} for when in ("before", "after")
    )
    assert all(len(each) == 64 for each in (*before.values(), *after.values()))
    d_loss = softplus(-before["real"]).mean() + softplus(before["fake"]).mean()
    assert step["d_loss"] == pytest.approx(d_loss.item(), abs=1e-3)
    assert step["g_loss"] == pytest.approx(softplus(-after["fake"]).mean().item(), abs=1e-3)


@pytest.mark.parametrize("station", range(len(STATIONS)))
def test_g_learns_to_raise_d_and_what_it_changes_goes_the_way_that_was_asked_for(station):
    step, wish, change = STEPS[station], tiles(station, "wish"), tiles(station, "change")
    assert np.mean(step["last"]["fake"]) > np.mean(step["after"]["fake"])
    assert (wish * change).sum() > 0, "the change goes against −∂L_G/∂fake"


@pytest.mark.parametrize("station", range(len(STATIONS)))
def test_the_run_is_that_of_the_film(station):
    film = shipped("mnist_textbook")
    shown = film.meta["frames"]["logits"][film.steps.index(STEPS[station]["step"])]
    assert STEPS[station]["filmed"] == pytest.approx(shown, abs=6e-3)


def test_what_was_wished_raises_d_and_looking_changes_nothing():
    images = mnist(train=False)[0][:256]
    runs = [(textbook(3), Batches(images, 64, 3)) for _ in range(2)]
    gan, batches = runs[0]
    fake = gan.generator(torch.randn(4, 100, generator=torch.Generator().manual_seed(0))).detach()
    wish = step_recipe.wished(gan, fake)
    assert (gan.discriminator(fake + wish) > gan.discriminator(fake)).all()
    step_recipe.station(gan, batches, gan.latents(4))
    list(train(*runs[1], 1))
    watched, plain = ([*run.generator.parameters(), *run.discriminator.parameters()] for run, _ in runs)
    assert all(map(torch.equal, watched, plain))


def test_a_trial_records_up_to_its_last_epoch(tmp_path, monkeypatch, capsys):
    images = mnist(train=False)[0][:256]
    monkeypatch.setattr(step_recipe, "textbook_batches", lambda seed, device: Batches(images, 64, seed, device))
    step_recipe.mnist_textbook_steps("mnist_textbook_steps", epochs=1, into=tmp_path)
    about = json.loads((tmp_path / "mnist_textbook_steps" / "steps.json").read_text())
    assert [each["step"] for each in about["steps"]] == [0, 4] and about["seed"] == 0
    assert len((tmp_path / "mnist_textbook_steps" / "steps.bin").read_bytes()) * 5 == len(TILES) * 2
    assert "2 steps" in capsys.readouterr().out


def test_it_says_what_its_still_shows():
    control = GamePicture(station=1)
    assert "number 938" in control.alt and f"{STEPS[1]['d_loss']:.2f} nat" in control.alt
    seen = Image.open(io.BytesIO(control.picture())).convert("L")
    digit = picture(TILES, 1, "real", 0).resize((56, 56), Image.Resampling.NEAREST)
    shown = seen.crop((330, 222, 386, 278))
    assert np.abs(np.asarray(shown, dtype=int) - np.asarray(digit, dtype=int)).mean() < 8
    said = 1 / (1 + math.exp(-np.float64(STEPS[1]["before"]["real"][0])))
    assert 0 < said < 1 and len(control.picture()) < 40_000


def test_the_phases_say_the_lines_of_the_loop():
    source = (SHIPPED.parent / "widgets" / "game_picture" / "phases.js").read_text()
    assert [line for line in list(LINES)[2:] if f'"{line}"' not in source] == []


def test_damaged_steps_are_named(tmp_path, monkeypatch):
    from gan_edu.widgets.game_picture import widget

    folder = tmp_path / "mnist_textbook_steps"
    folder.mkdir()
    (folder / "steps.json").write_bytes((FOLDER / "steps.json").read_bytes())
    (folder / "steps.bin").write_bytes(TILES[:-1])
    monkeypatch.setattr(widget, "SHIPPED", tmp_path)
    with pytest.raises(OSError, match="damaged.*record mnist_textbook_steps"):
        GamePicture()
