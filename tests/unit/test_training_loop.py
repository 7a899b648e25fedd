"""The training loop against the loop written by hand, and the promises it makes: law 2, 3 and 4, and the alarm."""

import copy
import itertools
import math
import threading

import numpy as np
import pytest
import torch
from helpers.small_gan import nan_loss, points, small, trained, weights
from torch import nn
from torch.optim.swa_utils import AveragedModel

from gan_edu.core.data.batches import Batches
from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.training import nan_guard
from gan_edu.core.training.nan_guard import Alarm, all_heed_the_flag
from gan_edu.core.training.networks import MLPDiscriminator, MLPGenerator
from gan_edu.losses import Loss, minimax, non_saturating
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import GAN, NonFiniteLoss, adam, d_step, g_step, substeps, train
from gan_edu.tricks import EMA


def by_hand(generator, discriminator, batches, steps):
    """The textbook's loop as chapter 03 writes it: two passes, plain Adam, the same fakes for both players."""
    d_adam, g_adam = (torch.optim.Adam(net.parameters(), 2e-4) for net in (discriminator, generator))
    stream = torch.Generator().manual_seed(0)
    for _ in range(steps):
        real = next(batches)
        z = torch.empty(len(real), 100, dtype=real.dtype).normal_(generator=stream)
        fake = generator(z)
        d_adam.zero_grad()
        non_saturating.d(discriminator(real), discriminator(fake.detach())).backward()
        d_adam.step()
        g_adam.zero_grad()
        non_saturating.g(discriminator(fake), None).backward()
        g_adam.step()


@pytest.mark.parametrize("dtype, steps, bound", [(torch.float32, 50, 1e-5), (torch.float64, 300, 1e-10)])
def test_the_fast_loop_is_the_loop_written_by_hand(dtype, steps, bound):
    data, gan = scaled(mnist(train=False)[0][:2000]).to(dtype), textbook(seed=0)
    if dtype is torch.float64:  # with fewer units, as it is many steps
        torch.manual_seed(0)
        gan = GAN(MLPGenerator(100, hidden=(32, 64)).double(), MLPDiscriminator(hidden=(64, 32)).double(), 100)
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    trained(gan, Batches(data), steps)
    by_hand(generator, discriminator, Batches(data), steps)
    hand = torch.cat([w.detach().flatten() for w in [*generator.parameters(), *discriminator.parameters()]])
    assert (weights(gan) - hand).abs().max() <= bound


def test_training_is_an_iterator_that_goes_on_where_it_stopped():
    whole, parts = small(), small()
    trained(whole, points(), 30)
    batches = points()
    records = train(parts, batches, 30)
    for _ in range(7):
        last = next(records)
    assert last.step == parts.step == 7
    trained(parts, batches, 23)
    assert torch.equal(weights(whole), weights(parts))


@pytest.mark.parametrize("latent, mean_square", [("gaussian", 1), ("uniform", 1 / 3)])
def test_latents_are_of_the_distribution_that_was_chosen(latent, mean_square):
    z = small(latent=latent).latents(100_000)
    assert z.mean().item() == pytest.approx(0, abs=0.02)
    assert z.square().mean().item() == pytest.approx(mean_square, abs=0.02)
    assert latent == "gaussian" or 0.999 < z.abs().max() <= 1


def test_looking_never_disturbs():
    dropout = MLPDiscriminator((4,), (8,))
    dropout.layers.insert(1, nn.Dropout(0.5))
    watched, alone = small(discriminator=dropout), small(discriminator=copy.deepcopy(dropout))
    watched.generator.load_state_dict(alone.generator.state_dict())
    batches = points()
    for record in train(watched, batches, 20):
        watched.judge(watched.generate(watched.latents(5)))
        torch.rand(3)  # a reader of the global stream
        float(record.d_loss)
    torch.manual_seed(99)
    trained(alone, points(), 20)
    assert torch.equal(weights(watched), weights(alone))
    assert watched.discriminator.training and dropout.layers[1].training


def test_looking_from_another_thread_never_disturbs():
    def with_dropout():
        torch.manual_seed(3)
        dropout = MLPDiscriminator((4,), (8,))
        dropout.layers.insert(1, nn.Dropout(0.5))
        return small(discriminator=dropout)

    watched, alone = with_dropout(), with_dropout()
    trainer = threading.Thread(target=trained, args=(watched, points(), 300))
    trainer.start()
    stream, looks = torch.Generator(), 0
    while trainer.is_alive():
        watched.judge(watched.generate(watched.latents(5, stream)))
        looks += 1
    trainer.join()
    trained(alone, points(), 300)
    assert looks and torch.equal(weights(watched), weights(alone)) and watched.generator.training


def test_building_a_gan_leaves_the_global_stream_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    textbook(seed=1)
    assert torch.equal(torch.rand(3), expected)


def test_training_leaves_the_global_stream_alone():
    gan, batches = small(), points()
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    trained(gan, batches, 3)
    assert torch.equal(torch.rand(3), expected)


def test_looking_gives_each_layer_back_the_mode_it_had():
    gan = small()
    gan.generator.layers[0].eval()  # a frozen layer, as in transfer learning
    gan.generate(gan.latents(2))
    assert not gan.generator.layers[0].training and gan.generator.layers[1].training


def test_no_gradient_that_nobody_needs():
    gan, seen = small(), []
    gan.after_step = [lambda gan: seen.append([w.grad.clone() for w in gan.discriminator.parameters()])]
    records = train(gan, points(), 1)
    real_d = copy.deepcopy(gan.discriminator)
    batches = points()
    fake = gan.generator(torch.empty(8, 2).normal_(generator=torch.Generator().manual_seed(0))).detach()
    non_saturating.d(real_d(next(batches)), real_d(fake)).backward()
    next(records)
    for found, expected in zip(seen[0], (w.grad for w in real_d.parameters()), strict=True):
        torch.testing.assert_close(found, expected)  # D's gradients are of its own step: G's added nothing


def test_a_shallow_copy_is_refused():
    with pytest.raises(TypeError, match=r"share the networks .* copy.deepcopy\(gan\)"):
        copy.copy(textbook())


def test_one_pass_of_d_for_real_and_fake_together():
    gan, sizes = small(), []
    records = train(gan, points(), 1)
    gan.discriminator.register_forward_hook(lambda _module, inputs, _out: sizes.append(len(inputs[0])))
    next(records)
    assert sizes == [16, 8]  # D's step: 8 real and 8 fake at once; G's: the 8 fake


def test_a_discriminator_with_batch_statistics_sees_real_and_fake_apart():
    net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
    sizes = []
    net[1].register_forward_hook(lambda _m, inputs, _o: sizes.append(len(inputs[0])))
    gan = small(discriminator=net)
    next(train(gan, points(), 1))
    assert sizes[-3:] == [8, 8, 8]


def test_hooks_view_penalties_and_d_steps():
    calls = []
    gan = small(
        view=lambda x: (calls.append("view"), x)[1],
        d_steps=3,
        d_penalties=[lambda d, real, fake: (calls.append("d"), d(real).square().mean())[1]],
        g_penalties=[lambda d, real, fake: (calls.append("g"), fake.square().mean())[1]],
        after_step=[lambda gan: calls.append(gan.step)],
    )
    batches = points()
    trained(gan, batches, 1)
    assert calls == ["view", "d"] * 3 + ["view", "g", 1]
    assert batches.position == 24  # three fresh batches


@pytest.mark.parametrize("player", ["d", "g"])
def test_a_penalty_gets_real_and_fake_as_d_sees_them(player):
    got = []

    def penalty(discriminator, real, fake):
        got.append([real.mean().item(), fake.mean().item()])
        return 0 * fake.mean()

    next(train(small(view=lambda x: x + 100, **{f"{player}_penalties": [penalty]}), points(), 1))
    assert np.shape(got) == (1, 2) and np.min(got) > 50


def test_a_penalty_on_both_players_has_two_names():
    def cost(discriminator, real, fake):
        return discriminator(fake).square().mean()

    both = next(train(small(d_penalties=[cost], g_penalties=[cost]), points(), 1)).values
    assert {"cost", "cost of G"} <= both.keys()
    alone = next(train(small(g_penalties=[cost]), points(), 1)).values
    assert "cost" in alone and "cost of G" not in alone


class Conditional(nn.Module):
    """Either player, with batch statistics where it is asked for them; what it is given as a condition is kept."""

    def __init__(self, outputs, norm):
        super().__init__()
        self.layers, self.given = nn.Sequential(norm, nn.Linear(3, outputs)), []

    def forward(self, x, condition):
        self.given.append(condition.mean().item())
        return self.layers(torch.cat([x, condition], 1))


@pytest.mark.parametrize("step", [None, d_step, g_step])
@pytest.mark.parametrize("norm", [nn.BatchNorm1d(3), nn.LayerNorm(3)], ids=["batch", "layer"])
def test_every_call_is_given_the_condition(norm, step):
    D, G = Conditional(1, norm), Conditional(2, nn.LayerNorm(3))
    batches = ((torch.randn(8, 2), torch.full((8, 1), 5.0)) for _ in itertools.count())
    for _ in train(GAN(G, D, 2, g_steps=2), batches, 2, step=step):
        pass
    assert set(D.given) == set(G.given) == {5.0}
    assert step is not None or len(G.given) >= 4  # each of G's steps has fakes of its own


def test_a_penalty_changes_the_loss_by_its_value():
    plain, penalised = small(), small(d_penalties=[lambda d, real, fake: 2.5 + 0 * d(real).sum()])
    a, b = next(train(plain, points(), 1)), next(train(penalised, points(), 1))
    assert float(b.d_loss - a.d_loss) == pytest.approx(2.5)


def test_bfloat16_trains_and_keeps_float32_weights():
    gan = small(precision="bfloat16")
    records = list(train(gan, points(), 5))
    assert records[-1].d_loss.dtype == torch.float32 and torch.isfinite(weights(gan)).all()
    assert weights(gan).dtype == torch.float32


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_both_networks_compute_in_the_precision_that_was_chosen(precision):
    gan, types = small(precision=precision), []
    for network in (gan.generator, gan.discriminator):
        next(each for each in network.modules() if isinstance(each, nn.Linear)).register_forward_hook(
            lambda layer, given, output: types.append(output.dtype)
        )
    trained(gan, points(), 2)
    assert set(types[-3:]) == {getattr(torch, precision)}  # of the second step: at first a GAN is tried


def test_a_player_without_weights_that_learn_is_named():
    gan = small()
    gan.discriminator.requires_grad_(False)
    with pytest.raises(ValueError, match="the discriminator has no weights that learn"):
        trained(gan, points(), 1)


def test_counts_may_be_numpys():
    assert small(d_steps=np.int64(2)).d_steps == 2 and MLPGenerator(np.int64(3), (4,)).latent_dim == 3


def test_frozen_layers_stay():
    gan = small()
    gan.discriminator.layers[0].requires_grad_(False)
    before = gan.discriminator.layers[0].weight.clone()
    trained(gan, points(), 3)
    assert torch.equal(gan.discriminator.layers[0].weight, before)


@pytest.mark.parametrize("player, name", [("d", "discriminator"), ("g", "generator")])
@pytest.mark.parametrize("flagged", [False, True])
def test_a_loss_that_is_not_finite_stops_training_and_changes_no_weight(player, name, flagged):
    gan, twin = small(loss=nan_loss(4, player)), small(loss=nan_loss(4, player))
    gan.alarm = Alarm(flagged)  # the flag works on CPU tensors as on a GPU's
    with pytest.raises(
        NonFiniteLoss,
        match=f"step 4: the {name}'s loss is .*the loss function itself"
        if not flagged
        else f"step 4: the {name}'s loss",
    ):
        trained(gan, points(), 10)
    trained(twin, points(), 3)
    assert gan.step == 3
    whose = "discriminator" if player == "d" else "generator"
    for changed, expected in zip(getattr(gan, whose).parameters(), getattr(twin, whose).parameters(), strict=True):
        assert torch.equal(changed, expected)
    if player == "d" and not flagged:
        assert torch.equal(weights(gan), weights(twin))


def steep_loss(when, player):
    """non-saturating, finite always, but with a slope that is NaN at D's or G's call number `when`."""
    count = {"d": 0, "g": 0}

    def wrong(name, value, logits):
        count[name] += 1
        return value + (logits * 0).sqrt().mean() if name == player and count[name] == when + 1 else value

    return Loss(
        "steep", lambda r, f: wrong("d", non_saturating.d(r, f), r), lambda f, r: wrong("g", non_saturating.g(f), f)
    )


@pytest.mark.parametrize("player, name", [("d", "discriminator"), ("g", "generator")])
@pytest.mark.parametrize("flagged", [False, True])
def test_a_gradient_that_is_not_finite_moves_no_weight_and_no_average(player, name, flagged):
    """Its loss is finite, so that the loss alone would not have told; in the last step, too."""
    gan, twin = (small(loss=steep_loss(4, player), after_step=[EMA(0.9)]) for _ in range(2))
    gan.alarm = Alarm(flagged)
    with pytest.raises(
        NonFiniteLoss,
        match=f"step 4: the {name}'s gradient is not finite.*a slope that is not finite.*No weight was changed",
    ):
        trained(gan, points(), 4)
    trained(twin, points(), 3)
    assert gan.step == 3 and torch.isfinite(weights(gan)).all()
    for mine, theirs in zip(getattr(gan, name).parameters(), getattr(twin, name).parameters(), strict=True):
        assert torch.equal(mine, theirs)
    for mine, theirs in zip(gan.shown.parameters(), twin.shown.parameters(), strict=True):
        assert torch.equal(mine, theirs)


@pytest.mark.parametrize("single", [d_step, g_step, lambda gan, batches: list(substeps(gan, batches))])
def test_a_single_step_looks_at_the_gradient_too(single):
    gan = small(
        loss=Loss(
            "steep",
            lambda r, f: non_saturating.d(r, f) + (r * 0).sqrt().mean(),
            lambda f, r: non_saturating.g(f) + (f * 0).sqrt().mean(),
        )
    )
    before = weights(gan)
    with pytest.raises(NonFiniteLoss, match="gradient is not finite"):
        single(gan, points())
    assert torch.equal(weights(gan), before)


def test_an_average_follows_under_the_flag_as_without_it():
    flagged, plain = (small(after_step=[EMA(0.9)]) for _ in range(2))
    flagged.alarm = Alarm(flagged=True)
    trained(flagged, points(), 20)
    trained(plain, points(), 20)
    for mine, theirs in zip(flagged.shown.parameters(), plain.shown.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-7)


def test_the_alarm_never_calls_spoiled_weights_intact():
    gan = small()
    gan.discriminator.layers[0].bias.data.fill_(math.inf)
    with pytest.raises(NonFiniteLoss) as caught:
        trained(gan, points(), 1)
    assert "weights of the discriminator held NaN or infinity" in str(caught.value)
    assert "intact" not in str(caught.value) and "checkpoint" in str(caught.value)


def test_the_flag_is_kept_only_where_both_optimisers_heed_it():
    """Else the other player would train on until the flag is read."""
    gan = small()
    assert all_heed_the_flag(gan)
    gan.g_optimizer = torch.optim.RMSprop(gan.generator.parameters(), 1e-3)
    assert not all_heed_the_flag(gan)


def test_the_flag_freezes_both_players_until_it_is_read():
    gan = small(loss=nan_loss(4, "d"))
    gan.alarm = Alarm(flagged=True)
    records = train(gan, points(), 10)
    for _ in range(4):
        next(records)
    stopped = weights(gan).clone()
    for _ in range(3):
        next(records)
    assert torch.equal(weights(gan), stopped)


@pytest.mark.parametrize("single", [d_step, g_step, lambda gan, batches: list(substeps(gan, batches))])
def test_a_single_step_reads_the_flag_at_once(single):
    gan = small(
        loss=Loss("broken", lambda r, f: non_saturating.d(r, f) * math.nan, lambda f, r: non_saturating.g(f) * math.nan)
    )
    gan.alarm = Alarm(flagged=True)
    before = weights(gan)
    with pytest.raises(NonFiniteLoss, match="step 1: "):
        single(gan, points())
    assert torch.equal(weights(gan), before) and gan.step == 0


def test_the_flag_leaves_a_sound_run_as_it_is():
    flagged, plain = small(), small()
    flagged.alarm = Alarm(flagged=True)
    trained(flagged, points(), 20)
    trained(plain, points(), 20)
    assert torch.equal(weights(flagged), weights(plain))


def exponential(fake_logits, real_logits=None):
    """A generator's loss that holds an exponential, as that of a KL divergence."""
    return -fake_logits.exp().mean()


@pytest.mark.parametrize(
    "break_it, cause",
    [
        (
            lambda gan: (
                setattr(gan, "loss", Loss("exp", non_saturating.d, exponential)),
                gan.discriminator.layers[-1].bias.data.fill_(200.0),
            ),
            r"learning rates too high \(D's 0.0002, G's 0.0002\): D's logits have run away \(\d+ to 2\d\d\)",
        ),
        (
            lambda gan: setattr(gan, "loss", Loss("log", lambda real, fake: (real * 0).log().mean(), non_saturating.g)),
            "the loss function itself, since D's logits are finite.*softplus",
        ),
        (lambda gan: gan.generator.layers[0].weight.data.fill_(float("nan")), "the weights of the generator held NaN"),
        (lambda gan: gan.discriminator.layers[2].weight.data.fill_(3e38), "D's logits overflowed"),
    ],
)
def test_the_alarm_names_the_likely_cause(break_it, cause):
    gan = small()
    break_it(gan)
    with pytest.raises(NonFiniteLoss, match=cause):
        trained(gan, points(), 1)


def test_nan_in_the_data_is_a_likely_cause():
    with pytest.raises(NonFiniteLoss, match="step 1: the discriminator's loss is nan.*samples that hold NaN"):
        next(train(small(), itertools.repeat(torch.full((8, 4), math.nan)), 1))


def pair(generator, discriminator, latent_dim=2):
    return GAN(generator, discriminator, latent_dim)


@pytest.mark.parametrize(
    "make, batches, complaint",
    [
        (lambda: small(), [torch.zeros(8, 4)], "batches must give batches without end"),
        (
            lambda: pair(MLPGenerator(2, (5,), (8,)), MLPDiscriminator((5,))),
            None,
            r"makes samples of the shape \(N, 5\)",
        ),
        (
            lambda: pair(MLPGenerator(2, (4,), (8,)), MLPDiscriminator((5,))),
            None,
            "discriminator does not take samples",
        ),
        (lambda: pair(MLPGenerator(3, (4,), (8,)), MLPDiscriminator((4,))), None, r"does not take latents .*\(N, 2\)"),
        (lambda: small(discriminator=nn.Linear(4, 2)), None, r"one logit a sample, \(N, 1\).*\(2, 2\)"),
        (lambda: small(loss=Loss("vector", lambda r, f: r, lambda f, r: f.mean())), None, "d must return one number"),
        (lambda: small(loss=Loss("none", non_saturating.d, lambda f, r: 1.0)), None, "g does not depend on the logits"),
        (
            lambda: small(loss=Loss("deaf", lambda r, f: r.detach().mean(), non_saturating.g)),
            None,
            "the loss 'deaf': d does not depend on the logits",
        ),
        (lambda: small(loss=3), None, "loss must be a losses.Loss, a pair of functions d and g, got int"),
        (lambda: pair(None, MLPDiscriminator((4,))), None, "generator must be a torch.nn.Module, got NoneType"),
        (lambda: pair(MLPGenerator(2, (4,), (8,)), torch.sum), None, "discriminator must be a torch.nn.Module, got "),
        (lambda: small(d_steps=0), None, "d_steps must be a whole number ≥ 1, got 0"),
        (lambda: small(precision="float8"), None, "precision must be one of float32, bfloat16"),
        (
            lambda: GAN(
                *(nets := (MLPGenerator(2, (4,), (8,)), MLPDiscriminator((4,), (8,)))), 2, d_optimizer=adam(nets[0])
            ),
            None,
            "d_optimizer holds weights that are not the discriminator's: make it of discriminator.parameters",
        ),
        (lambda: small(latent="cauchy"), None, "latent must be one of gaussian, uniform"),
        (lambda: MLPGenerator(0), None, "latent_dim must be a whole number from 1 to 10,000,000, got 0"),
    ],
)
def test_misfits_are_named_at_the_door(make, batches, complaint):
    with pytest.raises((ValueError, TypeError), match=complaint):
        train(make(), batches or points(), 1)


@pytest.mark.parametrize(
    "batches, complaint",
    [
        (iter([torch.zeros(8, 4)]), "come to their end.*core.data.endless"),
        (
            itertools.repeat([torch.zeros(8, 4), torch.zeros(8)]),
            r"generator does not take latents.*and a condition of the shape \(N,\).*leave them out",
        ),
        (itertools.repeat(torch.zeros(8, 4, dtype=torch.uint8)), "floating-point samples.*got torch.uint8"),
        (itertools.repeat(torch.zeros(8, 5)), r"makes samples of the shape \(N, 4\), the batches have \(N, 5\)"),
        (itertools.repeat(torch.zeros(8, 4, dtype=torch.float64)), "the batches are torch.float64, .*data.float"),
    ],
)
def test_batches_of_ones_own_that_misfit(batches, complaint):
    with pytest.raises((ValueError, TypeError), match=complaint):
        list(train(small(), batches, 2))


@pytest.mark.parametrize(
    "look, complaint",
    [
        (lambda gan: gan.latents(-1), "count must be a whole number from 1 to 10,000,000, got -1"),
        (lambda gan: gan.generate(torch.zeros(3, 7)), r"latents have the shape \(N, 2\), got \(3, 7\)"),
        (lambda gan: gan.judge(torch.zeros(3, 5)), r"does not take samples of the shape \(N, 5\)"),
        (lambda gan: gan.judge(torch.zeros(3, 4, dtype=torch.uint8)), "and the type torch.uint8"),
    ],
)
def test_what_cannot_be_looked_at_is_named(look, complaint):
    with pytest.raises(ValueError, match=complaint):
        look(small())


@pytest.mark.parametrize("steps", [-1, 1.5, True])
def test_steps_must_be_a_whole_number(steps):
    with pytest.raises(ValueError, match="steps must be a whole number ≥ 0"):
        train(small(), points(), steps)


def test_the_door_check_changes_nothing():
    gan, batches = small(), points()
    before, position = weights(gan), batches.position
    train(gan, batches, 5)
    assert torch.equal(weights(gan), before) and batches.position == position and gan.step == 0


@pytest.mark.parametrize("logit", [-1e4, -50.0, 0.0, 3.0, 1e4])
def test_losses_are_exact_for_any_logit(logit):
    """softplus against the logarithms of the formula, in 60-digit arithmetic."""
    import mpmath

    mpmath.mp.dps = 60
    sigma = 1 / (1 + mpmath.exp(-mpmath.mpf(logit)))
    real, fake = -mpmath.log(sigma), -mpmath.log1p(-sigma) if logit < 100 else mpmath.mpf(logit)
    one = torch.tensor([[logit]], dtype=torch.float64)
    zero = torch.zeros(1, 1, dtype=torch.float64)
    assert float(non_saturating.g(one)) == pytest.approx(float(real), rel=1e-12)
    assert float(minimax.g(one)) == pytest.approx(-float(fake), rel=1e-12)
    assert float(non_saturating.d(zero, one)) == pytest.approx(float(fake) + 0.6931471805599453, rel=1e-12)
    assert float(non_saturating.d(one, zero)) == pytest.approx(float(real) + 0.6931471805599453, rel=1e-12)


def test_optima_are_those_of_a_coin_toss():
    half = torch.zeros(4, 1)
    for loss in (non_saturating, minimax):
        assert (float(loss.d(half, half)), float(loss.g(half))) == pytest.approx(loss.optimum)


def test_an_average_of_the_weights_is_a_hook_with_a_state():
    gan = small()
    average = AveragedModel(gan.generator)
    hook = type(
        "Ema",
        (),
        {
            "__call__": lambda self, gan: average.update_parameters(gan.generator),
            "state_dict": average.state_dict,
            "load_state_dict": average.load_state_dict,
        },
    )()
    gan.after_step = [hook]
    trained(gan, points(), 3)
    assert int(gan.state_dict()["hooks"][0]["n_averaged"]) == 3


def test_adam_is_fused_where_it_can_be():
    assert adam(MLPGenerator(2, (4,), (8,))).defaults["fused"]


def test_the_textbook_gan_has_the_textbook_sizes():
    gan = textbook()
    sizes = [tuple(w.shape) for w in gan.generator.parameters() if w.ndim == 2]
    assert sizes == [(128, 100), (256, 128), (512, 256), (784, 512)]
    sizes = [tuple(w.shape) for w in gan.discriminator.parameters() if w.ndim == 2]
    assert sizes == [(512, 784), (256, 512), (1, 256)]
    assert gan.g_optimizer.param_groups[0]["lr"] == 2e-4 and textbook_batches().steps_per_epoch == 937


def test_the_loop_knows_no_picture_and_no_widget():
    """Law 3: training imports no plotting and no widget."""
    import subprocess
    import sys

    code = (
        "import sys, gan_edu.training_loop, gan_edu.core.recording.recorder, gan_edu.core.training.checkpoint;"
        "print([m for m in ('matplotlib', 'ipywidgets', 'anywidget', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_sum_of_half_precision_numbers_raises_no_false_alarm():
    """Their sum lies above 65,504, where float16 ends."""
    assert torch.isfinite(nan_guard.total(torch.full((100_000,), 10.0, dtype=torch.float16)))
    assert not torch.isfinite(nan_guard.total(torch.tensor([1.0, math.nan])))
    assert not torch.isfinite(nan_guard.total(torch.tensor([math.inf, -math.inf])))
