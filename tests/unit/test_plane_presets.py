"""The plane's situations: what was measured of each on five seeds, who is offered which; formulas, speed, folding."""

import json
from pathlib import Path

import pytest

from gan_edu import losses
from gan_edu.core.live.driver import Driver
from gan_edu.losses import Loss
from gan_edu.training_loop import GAN, train
from gan_edu.tricks import TRICKS
from gan_edu.widgets import Plane
from gan_edu.widgets.kit.formulas import formulas
from gan_edu.widgets.plane import presets
from gan_edu.widgets.plane.build import Laboratory

MEASURED = json.loads((Path(__file__).parents[2] / "benchmarks/results/presets.json").read_text(encoding="utf-8"))
LOSSES = {"minimax": losses.minimax, "non-saturating": losses.non_saturating}


@pytest.fixture
def plane(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")
    made = []

    def make(**options):
        live = Plane(GAN, train, LOSSES, **options)
        live.sent = []
        live.send = lambda content, buffers=None: live.sent.append(content)
        made.append(live)
        return live

    yield make
    for live in made:
        live.close()


# ---------------------------------------------------------------- what they do


def test_what_was_measured_is_of_todays_situations():
    """Else run: python -m benchmarks.presets."""
    assert {name: each["settings"] for name, each in MEASURED.items()} == presets.PRESETS
    assert all(sorted(run["seed"] for run in each["runs"]) == list(range(5)) for each in MEASURED.values())


def test_collapse_crowds_at_one_mode_on_each_seed():
    assert all(run["crowded"] > 0.6 and run["emptiest"][0] < 0.01 for run in MEASURED["collapse"]["runs"])


def test_circle_goes_from_mode_to_mode_and_never_covers_all_on_each_seed():
    assert all(
        run["visited"] >= 6 and run["moves"] >= 10 and run["emptiest"][0] < 0.05 for run in MEASURED["circle"]["runs"]
    )


def test_r1_saves_what_circles_on_each_seed():
    assert presets.PRESETS["save"] == {**presets.PRESETS["circle"], "r1": 1.0}
    for saved, lost in zip(MEASURED["save"]["runs"], MEASURED["circle"]["runs"], strict=True):
        assert saved["emptiest"][1] > 0.08 > 0.005 > lost["emptiest"][0]  # 0.125 is fair


# ---------------------------------------------------------------- who is offered which


def test_a_situation_is_offered_where_its_settings_are():
    assert presets.offered(Laboratory(GAN, LOSSES, {}, tricks=TRICKS)) == ["collapse", "circle", "save"]
    assert presets.offered(Laboratory(GAN, LOSSES, {})) == ["collapse", "circle"]
    assert presets.offered(Laboratory(GAN, {"hinge": losses.hinge}, {}, tricks=TRICKS)) == []


def test_a_click_begins_anew_with_all_settings_of_the_situation_and_trains(plane):
    live = plane(data="line", g_width=16, tricks=TRICKS, ema=0.9)
    live.train_to(3)
    live.on_message(live, {"do": "preset", "name": "circle", "token": "t"}, [])
    live.driver.call(lambda: None)
    assert live.driver.running and live.status()["preset"] == "circle"
    live.pause()
    starts = {name: setting.start for name, setting in live.laboratory.choices.items()}
    assert live.settings == {**starts, **presets.PRESETS["circle"]}
    assert live.gan.generator[0].out_features == 128 and live.laboratory.start == live.settings
    live.set(g_steps=1)
    assert live.status()["preset"] is None  # it is another now


def test_attempt_by_code_and_what_is_not_offered(plane):
    live = plane()
    live.attempt("collapse")
    assert live.settings["g_steps"] == 5 and live.gan.step == 0 and not live.driver.running
    with pytest.raises(KeyError, match="there are: collapse, circle"):
        live.attempt("save")
    live.defaults()
    assert live.status()["preset"] is None and live.settings == live.laboratory.defaults


# ---------------------------------------------------------------- formulas


def quarter(real_logits, fake_logits):
    """A loss without a formula in its words."""
    return (real_logits - 1).square().mean() / 4


def two_lines(fake_logits, real_logits=None):
    loss = -fake_logits.mean()
    return loss


def test_a_loss_says_its_formula_or_what_it_returns():
    for loss in (losses.minimax, losses.non_saturating, losses.hinge, losses.wasserstein, losses.relativistic):
        for letter, formula in zip("DG", formulas(loss), strict=True):
            assert formula.startswith(f"L_{letter} = ") and "E[" in formula and formula.count("[") == formula.count("]")
            assert formula.count("(") == formula.count(")") and not formula.endswith((",", ":", "."))
    assert formulas(losses.wasserstein) == ["L_D = −E[C(x)] + E[C(G(z))]", "L_G = −E[C(G(z))]"]
    assert formulas(Loss("mine", quarter, two_lines)) == ["L_D = (real_logits - 1).square().mean() / 4", None]


def test_every_loss_is_told_with_its_formulas(plane):
    told = plane().whole()["formulas"]
    assert told == {name: formulas(loss) for name, loss in LOSSES.items()}


# ---------------------------------------------------------------- speed, folding


def test_at_a_speed_each_step_is_shown_and_a_pause_is_heard_while_it_waits(plane):
    live = plane(g_width=16, d_width=16)
    live.on_message(live, {"do": "pace", "value": 1, "token": "t"}, [])
    live.driver.call(lambda: None)
    assert live.status()["pace"] == 1
    rests = []
    live.driver.rest = rests.append
    live.train_to(4)
    steps = [each["news"]["now"]["step"] for each in live.sent if "now" in each.get("news", {})]
    kept = live.recorder.frames["step"]
    assert {*steps, *kept} >= {1, 2, 3, 4} and len(rests) >= 2 and 0.5 < max(rests) <= 1
    live.on_message(live, {"do": "pace", "value": 7e9, "token": "t"}, [])
    live.driver.call(lambda: None)
    assert live.notice["at"] == "pace" and live.status()["pace"] == 1


def test_a_rest_ends_where_something_is_asked():
    driver = Driver(lambda steps: iter(range(steps)), lambda: driver.rest(3600))
    driver.start()
    assert driver.call(lambda: "heard") == "heard"
    driver.halt()
    assert not driver.running


def test_uses_names_settings(plane):
    live = plane(uses=["data", "g_lr"])
    assert live.whole()["uses"] == ["data", "g_lr"] and plane(title="all").whole()["uses"] == []
    with pytest.raises(ValueError, match="uses must be one of data"):
        plane(uses=["colour"])
