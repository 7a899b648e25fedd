"""The contract of training, proved on five runs that the loop never heard of: docs/examples, each on one page.

Each learns; each is paused, killed and resumed bit for bit, recorded, driven live and stopped by the guard, by the same
code.
"""

import inspect
import re
import signal
import sys
from functools import cache, partial
from importlib import import_module
from pathlib import Path

import pytest
import torch
from helpers import killed_example
from helpers.fresh import begun
from helpers.numbers_look import NumbersLook
from torch import nn

from gan_edu.core.data.batches import Batches, Together
from gan_edu.core.live.run import Run
from gan_edu.core.recording.frame_schedule import OpenEnded
from gan_edu.core.recording.recorder import Recorder
from gan_edu.core.training import checkpoint, mlp
from gan_edu.core.training.nan_guard import NonFiniteLoss
from gan_edu.core.training.step import learn, one_step
from gan_edu.losses import Loss, non_saturating
from gan_edu.training_loop import GAN, adam, substeps, train, train_step
from gan_edu.tricks import r1

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
STEPS = {
    "conditional": None,
    "inpainting": None,
    "tokens": "reinforce",
    "cycle": "there_and_back",
    "denoiser": "denoise",
}
WHOLE = {"conditional": 1800, "inpainting": 1000, "tokens": 600, "cycle": 800, "denoiser": 2000}  # steps to learn in


@pytest.fixture(autouse=True)
def _examples_on_the_path(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))


def example(name):
    sys.path.insert(0, str(EXAMPLES))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(EXAMPLES))


def trains(name):
    """train(gan, batches, steps) with the example's own step."""
    return partial(train, step=STEPS[name] and getattr(example(name), STEPS[name]))


def conditions(name, gan, batches):
    """What G is asked for at each frame: the first of the data, or nothing."""
    if name == "conditional":
        return torch.arange(10)
    if gan.latent_dim:
        return None
    given = {"cycle": lambda: batches.parts[0].data, "denoiser": lambda: batches.data}.get(
        name, lambda: batches.conditions
    )
    return given()[:10]


def recorder_of(name, gan, batches, at=(0, 3, 6, 9, 12, 15, 18)):
    return Recorder(gan, at, name, NumbersLook(conditions(name, gan, batches)))


def state(gan):
    """All numbers of a GAN, in order."""
    return [each for player in gan.players.values() for each in player.network.state_dict().values()]


def same(one, other):
    return len(one) == len(other) and all(map(torch.equal, one, other))


def run(name, steps, seed=0):
    gan, batches = example(name).build(seed)
    for _ in trains(name)(gan, batches, steps):
        pass
    return gan


@cache
def straight(name):
    """The weights after 20 steps that nobody looked at."""
    return state(run(name, 20))


# ------------------------------------------------------------------ each learns


@cache
def reader_of_small_digits():
    """A classifier of digits of 8 × 8 pixels, trained on real ones alone; right on 95 % of the test digits or more."""
    images, labels = example("conditional").small_digits()
    torch.manual_seed(7)
    network = nn.Sequential(nn.Flatten(), mlp([64, 256, 256, 10]))
    optimizer = adam(network, 2e-3)
    for at in torch.randint(len(images), (1500, 256)):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(images[at]), labels[at]).backward()
        optimizer.step()
    tests, told = example("conditional").small_digits(train=False)
    with torch.no_grad():
        assert (network(tests).argmax(1) == told).float().mean() > 0.95
    return network


def test_a_conditional_gan_draws_the_digit_it_is_asked_for():
    asked = torch.arange(10).repeat_interleave(100)
    read = {}
    for steps in (0, WHOLE["conditional"]):
        gan = run("conditional", steps)
        drawn = gan.generate(gan.latents(1000), asked)
        read[steps] = (reader_of_small_digits()(drawn).argmax(1) == asked).float().mean().item()
        spread = drawn.view(10, 100, -1).std(1).mean().item()
    assert read[0] < 0.3 and read[WHOLE["conditional"]] >= 0.9
    assert spread > 0.1, "one picture a digit is no generator"


def test_an_inpainter_with_a_logit_a_patch_is_nearer_than_the_mean_picture():
    module = example("inpainting")
    tests, _ = module.small_digits(train=False)
    gan = run("inpainting", WHOLE["inpainting"])
    drawn, mean = module.distances(gan, tests)
    assert drawn < 0.8 * mean and module.distances(run("inpainting", 0), tests)[0] > mean
    left = module.HOLE.expand_as(tests) == 0
    assert torch.equal(gan.generate(gan.latents(len(tests)), module.masked(tests))[left], tests[left])
    assert gan.discriminator(tests[:5], module.masked(tests[:5])).shape == (5, 1, 3, 3)


def test_a_language_is_learned_by_reward_alone():
    module = example("tokens")
    right = {}
    for steps in (0, WHOLE["tokens"]):
        gan = run("tokens", steps)
        right[steps] = module.follows_the_rule(gan.generate(gan.latents(2000))).float().mean().item()
    assert right[0] < 0.2 and right[WHOLE["tokens"]] >= 0.9


def test_reinforce_has_the_gradient_of_all_sentences_counted_out():
    """∇ Σ p(s) R(s) over all 81 against E[R ∇ log p]: exactly in expectation, and within its error over draws."""
    module = example("tokens")
    torch.manual_seed(3)
    speaker, reader, sentences = module.Speaker().double(), module.Reader().double(), module.all_sentences().double()
    reward = reader(sentences).sigmoid()[:, 0].detach()
    weights = list(speaker.parameters())
    p = speaker.log_probability(sentences).exp()
    assert p.sum().item() == pytest.approx(1)
    counted = torch.cat([g.flatten() for g in torch.autograd.grad(-(p * reward).sum(), weights)])
    each = [
        torch.cat([g.flatten() for g in torch.autograd.grad(module.surrogate(speaker, one[None], r[None]), weights)])
        for one, r in zip(sentences, reward, strict=True)
    ]
    expected = (p.detach()[:, None] * torch.stack(each)).sum(0)
    assert torch.allclose(expected, counted, atol=1e-12) and counted.norm() > 1e-4
    u = 2 * torch.rand(20_000, module.LENGTH, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) - 1
    drawn = speaker(u)
    which = (drawn[:, None] == sentences).all((2, 3)).double().argmax(1)
    per_draw = torch.stack(each)[which]
    error = per_draw.std(0) / len(u) ** 0.5
    assert ((per_draw.mean(0) - counted).abs() < 5 * error + 1e-9).all()


def test_a_cycle_ties_two_clouds_without_pairs():
    module = example("cycle")
    gan, batches = module.build()
    cycles = [record.values["cycle"].item() for record in trains("cycle")(gan, batches, WHOLE["cycle"])]
    assert module.right(module.build()[0]) < 0.85 and module.right(gan) >= 0.9
    early, late = max(cycles[:200]), sum(cycles[-100:]) / 100
    assert late < early / 2


def test_a_denoiser_alone_beats_the_best_linear_answer():
    module = example("denoiser")
    gan = run("denoiser", WHOLE["denoiser"])
    ours, noisy, linear = module.errors(gan, module.small_digits(train=False)[0])
    assert ours < 0.95 * linear < noisy / 4


# ------------------------------------------------------------------ each is kept, watched, driven and stopped


@pytest.mark.parametrize("name", STEPS)
def test_it_is_recorded_paused_and_resumed_bit_for_bit(name, tmp_path):
    gan, batches = example(name).build()
    watching = recorder_of(name, gan, batches)
    for _ in watching.watch(trains(name)(gan, batches, 9)):
        pass
    checkpoint.save(tmp_path / "run.ckpt", gan=gan, batches=batches, recorder=watching)
    for _ in watching.watch(trains(name)(gan, batches, 11)):
        pass
    assert same(state(gan), straight(name))
    again, fresh = example(name).build(seed=5)
    resumed = recorder_of(name, again, fresh)
    fresh.load_state_dict(example(name).build()[1].state_dict())  # another seed's order; the file has the run's
    checkpoint.load(tmp_path / "run.ckpt", gan=again, batches=fresh, recorder=resumed)
    for _ in resumed.watch(trains(name)(again, fresh, 11)):
        pass
    assert same(state(again), straight(name)) and again.step == 20
    assert resumed.curves.so_far() == watching.curves.so_far() and len(watching.curves["step"]) == 20
    assert same(resumed.frames["packed"], watching.frames["packed"]) and len(watching.frames["packed"]) == 7
    assert len({each.numpy().tobytes() for each in watching.frames["packed"]}) > 1


@pytest.mark.parametrize("name", STEPS)
def test_its_values_are_curves(name):
    gan, batches = example(name).build()
    watching = recorder_of(name, gan, batches)
    record = list(watching.watch(trains(name)(gan, batches, 5)))[-1]
    own = {
        "conditional": {"d_loss", "g_loss", "d_real", "d_fake", "R1"},
        "inpainting": {"d_loss", "g_loss", "d_real", "d_fake", "to_the_truth"},
        "tokens": {"d_loss", "g_loss", "d_real", "d_fake", "reward"},
        "cycle": {"d_loss", "g_loss", "d_real", "d_fake", "cycle"},
        "denoiser": {"g_loss"},
    }[name]
    curves = watching.curves.so_far()
    assert set(curves) == {"step", *own} and all(len(values) == 5 for values in curves.values())
    assert curves["g_loss"][-1] == pytest.approx(record.g_loss.item())


class Driven(Run):
    """A live run without a view."""

    def __init__(self, name):
        self.name = name
        self.begin(example(name).build, trains(name), 10, None)

    def recorder_of(self, gan, batches):
        return recorder_of(self.name, gan, batches, OpenEnded(2))


@pytest.mark.parametrize("name", STEPS)
def test_it_is_driven_live(name, tmp_path):
    live = Driven(name)
    live.train_to(7)
    live.save(tmp_path / "live")
    live.start()
    live.pause()
    live.load(tmp_path / "live")
    assert live.gan.step == 7
    live.train_to(20)
    assert same(state(live.gan), straight(name)) and len(live.recording()) > 5
    live.reset()
    assert live.gan.step == 0


@pytest.mark.parametrize("name", STEPS)
def test_it_is_killed_and_goes_on_bit_for_bit(name, tmp_path):
    path = tmp_path / "run.ckpt"
    child, hears = begun(killed_example.run, name, STEPS[name], path)
    while (reached := hears.recv()) < 4:
        pass
    child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    gan, batches = example(name).build(seed=3)
    batches.load_state_dict(example(name).build()[1].state_dict())
    checkpoint.load(path, gan=gan, batches=batches)
    assert reached <= gan.step < 10**6
    target = max(20, gan.step + 3)
    for _ in trains(name)(gan, batches, target - gan.step):
        pass
    assert same(state(gan), straight(name) if target == 20 else state(run(name, target)))


@pytest.mark.parametrize("name", STEPS)
def test_the_guard_stops_it_and_names_the_player(name):
    gan, batches = example(name).build()
    for _ in trains(name)(gan, batches, 2):
        pass
    first = next(gan.generator.parameters())
    with torch.no_grad():
        first[:] = torch.nan
    with pytest.raises(NonFiniteLoss, match="step 3: the (generator|discriminator|back).* held NaN"):
        list(trains(name)(gan, batches, 5))
    assert gan.step == 2


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step is None])
def test_slow_motion_takes_the_same_steps_with_a_condition(name):
    gan, batches = example(name).build()
    for _ in range(4):
        *_, (line, made) = substeps(gan, batches)
    assert line == 7 and made["record"].step == 4 and same(state(gan), state(run(name, 4)))


# ------------------------------------------------------------------ what a step must be, and what its values are called


def small(**pieces):
    torch.manual_seed(0)
    gan = GAN(mlp([2, 8, 2]), mlp([2, 8, 1], slope=0.2), 2, **pieces)
    return gan, Batches(torch.randn(64, 2, generator=torch.Generator().manual_seed(1)), 8)


def price(name, value):
    def penalty(discriminator, real, fake):
        return value * discriminator(fake).square().mean()

    penalty.__name__ = name
    return penalty


@pytest.mark.parametrize(
    "on_d, on_g, expected",
    [
        (["a", "a", "a 2"], [], {"a", "a 2", "a 2 2"}),
        (["R1", "R1 of fakes", "R1"], ["R1"], {"R1", "R1 of fakes", "R1 2", "R1 of G"}),
        (["d_loss", "d_real", "real_logits"], ["g_loss"], {"d_loss 2", "d_real 2", "real_logits 2", "g_loss 2"}),
        (["a", "a of G"], ["a"], {"a", "a of G", "a of G 2"}),
    ],
)
def test_each_penalty_has_a_value_of_its_own(on_d, on_g, expected):
    """Of the value it cost, whatever it is called: none is lost, and none takes the place of a loss."""
    pieces = {
        "d_penalties": [price(name, k + 1.0) for k, name in enumerate(on_d)],
        "g_penalties": [price(name, 10.0 * (k + 1)) for k, name in enumerate(on_g)],
    }
    gan, batches = small(**pieces)
    (record,) = train(gan, batches, 1)
    plain = {"d_loss", "g_loss", "real_logits", "fake_logits"}
    assert set(record.values) == plain | expected
    assert all(record.values[name].ndim == 0 and record.values[name] > 0 for name in expected)


def test_a_penaltys_value_is_its_part_of_the_loss():
    gan, batches = small(d_penalties=[r1(2.0), price("own", 3.0)], g_penalties=[price("g", 5.0)])
    (record,) = train(gan, batches, 1)
    values = record.values
    bare = non_saturating.d(record.real_logits, record.fake_logits)
    assert values["d_loss"].item() == pytest.approx((bare + values["R1"] + values["own"]).item())
    assert values["own"].item() == pytest.approx(3 * record.fake_logits.square().mean().item())
    assert values["g_loss"] > values["g"] > 0


def returns(given):
    @one_step
    def step(gan, batches):
        next(batches)
        return given

    return step


@pytest.mark.parametrize(
    "step, error, words",
    [
        (lambda gan, batches: {"g_loss": torch.zeros(())}, TypeError, "must give a Record, got .*decorate .*one_step"),
        (returns({"g_loss": 1.0}), TypeError, "a step must return its values by name.*each a tensor"),
        (returns(torch.zeros(())), TypeError, "a step must return its values by name"),
        (returns({"d_real": torch.zeros(())}), ValueError, "d_real is what curves call"),
        (one_step(lambda gan, batches: learn(gan, "encoder", torch.zeros(()))), ValueError, "generator, discriminator"),
        (one_step(lambda gan, batches: learn(gan, (), torch.zeros(()))), ValueError, "one or more of generator"),
        (one_step(lambda gan, batches: learn(gan, "generator", torch.zeros(3))), ValueError, "must return one number"),
        (one_step(lambda gan, batches: learn(gan, "generator", 0.5)), ValueError, "must be a tensor .* got float"),
        (3, TypeError, r"step must be a function \(gan, batches\)"),
    ],
)
def test_a_step_that_is_none_is_named_and_does_not_count(step, error, words):
    called = []
    gan, batches = small(after_step=[called.append])
    with pytest.raises(error, match=words):
        list(train(gan, batches, 2, step=step))
    assert gan.step == 0 and called == []


def test_a_step_says_what_it_takes_and_gives():
    for step in (train_step, returns({})):
        signature = inspect.signature(step)
        assert list(signature.parameters) == ["gan", "batches"] and "Record" in str(signature.return_annotation)


def test_train_step_handed_over_is_checked_as_if_it_were_not():
    gan = GAN(mlp([2, 8, 2]), None, 2)
    for step in (None, train_step):
        with pytest.raises(ValueError, match="has no discriminator to train with"):
            train(gan, Batches(torch.randn(64, 2), 8), 1, step=step)


class TwoHeads(nn.Module):
    """D with a second opinion: (N, 1) and (N, 1)."""

    def __init__(self):
        super().__init__()
        self.one, self.two = mlp([2, 8, 1], slope=0.2), mlp([2, 8, 1], slope=0.2)

    def forward(self, x):
        return self.one(x), self.two(x)


def both(part):
    return lambda *logits: sum(part(*(None if each is None else each[k] for each in logits)) for k in range(2))


def test_a_loss_of_several_heads_trains_them_all():
    torch.manual_seed(0)
    loss = Loss("both heads", both(non_saturating.d), both(non_saturating.g))
    gan, batches = GAN(mlp([2, 8, 2]), TwoHeads(), 2, loss, d_penalties=[r1(0.1)]), small()[1]
    before = [each.clone() for each in state(gan)]
    records = list(train(gan, batches, 3))
    assert all(not torch.equal(a, b) for a, b in zip(before, state(gan), strict=True))
    assert records[-1].real_logits.shape == (8, 1) and records[-1].values["R1"] > 0
    assert gan.judge(torch.zeros(5, 2)).shape == (5, 1)


def test_several_players_step_down_one_loss_as_by_hand():
    """Two generators that share a loss: their weights are those of a loop that does it with one Adam each."""
    module = example("cycle")
    gan, batches = module.build()
    hand, own = module.build()
    forth, back = hand.generator, hand.others["back"].network
    optimizers = [hand.g_optimizer, hand.others["back"].optimizer]

    @one_step
    def cycle_only(gan, batches):
        x, _ = next(batches)
        loss = (gan.others["back"].network(gan.generator(x)) - x + 0.1).square().mean()
        learn(gan, ("generator", "back"), loss)
        return {"g_loss": loss}

    for _ in train(gan, batches, 10, step=cycle_only):
        x, _ = next(own)
        for each in optimizers:
            each.zero_grad()
        (back(forth(x)) - x + 0.1).square().mean().backward()
        for each in optimizers:
            each.step()
    assert same(state(gan), state(hand))


def test_the_condition_of_a_batch_is_that_of_its_fakes_and_penalties():
    """G, D and a penalty see one and the same labels, in the same order, also where D judges both in one pass."""
    seen = []

    class G(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 1)

        def forward(self, z, label):
            seen.append(("G", label))
            return self.layer(z)

    class D(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 1)

        def forward(self, x, label):
            seen.append(("D", label))
            return self.layer(torch.cat([x, label[:, None].float()], 1))

    def penalty(discriminator, real, fake):
        return discriminator(real).square().mean()

    data = torch.arange(12.0)[:, None]
    gan = GAN(G(), D(), 2, d_penalties=[penalty])
    batches = Batches(data, 4, conditions=torch.arange(12))
    del seen[:]
    expected = next(Batches(data, 4, conditions=torch.arange(12)))[1]
    list(train(gan, batches, 1))
    of_the_step = [(who, label) for who, label in seen if len(label) in (4, 8)]
    assert {who for who, _ in of_the_step} == {"G", "D"}
    assert all(torch.equal(label[:4], expected) and torch.equal(label[-4:], expected) for _, label in of_the_step[-5:])


def test_batches_side_by_side_are_kept_together():
    pair = Together(Batches(torch.randn(20, 2), 5, seed=1), Batches(torch.randn(30, 3), 5, seed=2))
    next(pair)
    kept, after = pair.state_dict(), next(pair)
    pair.load_state_dict(kept)
    assert all(map(torch.equal, next(pair), after)) and after[0].shape == (5, 2) and after[1].shape == (5, 3)
    with pytest.raises(ValueError):
        pair.load_state_dict({"parts": kept["parts"][:1]})
    with pytest.raises(ValueError, match="two batches or more"):
        Together(pair.parts[0])


PAGE = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")


def test_the_page_of_the_contract_lists_the_examples_and_its_step_runs():
    assert {name for name in STEPS if f"(examples/{name}.py)" in PAGE} == {path.stem for path in EXAMPLES.glob("*.py")}
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.S)
    names = {"one_step": one_step, "learn": learn, "torch": torch}
    exec(code, names)
    gan, batches = example("denoiser").build()
    losses = [record.g_loss.item() for record in train(gan, batches, 200, step=names["denoise"])]
    assert gan.step == 200 and sum(losses[-20:]) < 0.7 * sum(losses[:20])


@pytest.mark.parametrize("name", STEPS)
def test_each_example_is_one_page(name):
    assert len((EXAMPLES / f"{name}.py").read_text(encoding="utf-8").splitlines()) <= 125


def test_what_was_left_in_the_gradients_is_not_learned_from():
    """Also in a weight that was frozen since: an optimiser steps by whatever stands there."""
    (clean, batches), (left, others) = small(), small()
    for gan in (clean, left):
        next(iter(gan.discriminator.parameters())).requires_grad_(False)
    for network in (left.generator, left.discriminator):
        for weight in network.parameters():
            weight.grad = torch.full_like(weight, 1e3)
    list(train(clean, batches, 2))
    list(train(left, others, 2))
    assert same(state(clean), state(left))
