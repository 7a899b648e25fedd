"""Cures of mode collapse, against what they are by hand; its data and scores, with what noise and a constant get."""

import copy
import math

import pytest
import torch
from helpers.numbers_look import NumbersLook
from helpers.small_gan import points, small, trained, weights
from torch import nn

from gan_edu.core.data import Draws, mnist, ring
from gan_edu.core.data.distributions import two_moons
from gan_edu.core.measures import Coverage, feature_net, measured
from gan_edu.core.recording import PointsLook, Recorder
from gan_edu.core.training import checkpoint, mlp, parameter_count
from gan_edu.core.training.networks import has_batch_statistics
from gan_edu.core.training.penalties import times
from gan_edu.losses import Loss, cross_entropy_d, non_saturating, relativistic, wasserstein_d
from gan_edu.mode_collapse import (
    CollapseAlarm,
    ConvDiscriminator,
    ConvGenerator,
    MinibatchDiscrimination,
    MinibatchStd,
    Packed,
    Scheduled,
    ShowsFeatures,
    Stacked,
    StackedScorer,
    as_published,
    calm,
    class_entropy,
    covered_share,
    effective_modes,
    feature_matching,
    feature_variance,
    modes_of,
    stacked,
    stacked_scores,
    stages,
    unrolled,
    unstacked,
    watched,
)
from gan_edu.training_loop import GAN, adam, train, train_step
from gan_edu.tricks import lazy, r1

# ------------------------------------------------------------------ packs


def test_a_pack_is_its_samples_side_by_side_and_all_of_them_get_its_logit():
    torch.manual_seed(0)
    inner, x = mlp([6, 5, 1]), torch.randn(9, 2)
    found = Packed(inner, 3)(x)
    for i in range(9):
        pack = torch.cat([x[3 * (i // 3) + k] for k in range(3)])
        assert torch.allclose(found[i], inner(pack)), "a sample's logit is not that of its pack"
    alone = mlp([2, 4, 1])
    assert torch.equal(Packed(alone, 1)(x), alone(x))


def test_packs_of_pictures_lie_in_the_channels():
    net, x = ConvDiscriminator(6, 4, 8), torch.rand(4, 3, 28, 28)
    assert torch.allclose(Packed(net, 2)(x)[2:], net(torch.cat([x[2], x[3]])[None]).expand(2, 1), atol=1e-6)


def test_the_last_pack_is_filled_with_the_first_samples():
    inner, x = mlp([8, 1]), torch.randn(5, 2)
    assert torch.allclose(Packed(inner, 4)(x)[4], inner(torch.cat([x[4], x[0], x[1], x[2]])))
    one = torch.randn(1, 2)
    assert torch.allclose(Packed(inner, 4)(one), inner(one.repeat(1, 4)))  # a lone sample is a pack of its copies


def test_the_loss_of_packs_is_the_mean_over_packs():
    inner, x, y = mlp([4, 8, 1]), torch.randn(8, 2), torch.randn(8, 2)
    of_packs = cross_entropy_d(inner(x.reshape(4, 4)), inner(y.reshape(4, 4)))
    assert torch.allclose(cross_entropy_d(Packed(inner, 2)(x), Packed(inner, 2)(y)), of_packs)


def test_real_and_fake_never_share_a_pack_and_penalties_are_refused():
    packed = Packed(mlp([8, 8, 1]), 2)
    assert has_batch_statistics(packed)
    gan = small(discriminator=nn.Sequential(nn.Flatten(), packed))
    trained(gan, points(), 3)
    with pytest.raises(ValueError, match="judges several samples together"):
        small(discriminator=nn.Sequential(nn.Flatten(), Packed(mlp([8, 8, 1]), 2)), d_penalties=[r1(1.0)])


# ------------------------------------------------------------------ layers that see the batch


def test_minibatch_std_is_the_mean_of_standard_deviations():
    x = torch.randn(7, 3, 4, 5, dtype=torch.float64)
    found = MinibatchStd()(x)
    by_hand = x.numpy().std(0).mean()
    assert found.shape == (7, 4, 4, 5) and torch.equal(found[:, :3], x)
    assert torch.allclose(found[:, 3], torch.full((7, 4, 5), float(by_hand), dtype=torch.float64), atol=1e-6)


def test_minibatch_std_of_copies_is_nearly_nothing_and_has_a_slope():
    x = torch.ones(6, 4, requires_grad=True)
    found = MinibatchStd()(x)
    assert found[:, 4].max() <= 1e-4 + 1e-9
    found.sum().backward()
    assert x.grad.isfinite().all()


def test_minibatch_discrimination_is_the_papers_sum():
    torch.manual_seed(1)
    layer, x = MinibatchDiscrimination(5, kernels=3, width=2).double(), torch.randn(6, 5, dtype=torch.float64)
    found = layer(x)
    m = (x @ layer.table.weight.T).reshape(6, 3, 2)
    for i in range(6):
        for b in range(3):
            by_hand = sum(math.exp(-(m[i, b] - m[j, b]).abs().sum().item()) for j in range(6))
            assert math.isclose(found[i, 5 + b].item(), by_hand, rel_tol=1e-12)
    assert torch.allclose(layer(x[:1].expand(6, 5))[:, 5:], torch.full((6, 3), 6.0, dtype=torch.float64))  # all alike


# ------------------------------------------------------------------ what G asks for


def test_feature_matching_has_the_slope_of_its_formula():
    torch.manual_seed(2)
    body, head = mlp([2, 4]).double(), mlp([4, 1]).double()
    d = ShowsFeatures(body, head)
    x, fake = torch.randn(6, 2, dtype=torch.float64), torch.randn(6, 2, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(feature_matching.g(d(fake), d(x)), fake)
    away = body(fake).mean(0) - body(x).mean(0)
    assert torch.allclose(slope, (2 / 6 * away @ body[0].weight).expand(6, 2))  # the body is linear
    assert feature_matching.g(d(x), d(x.flip(0))).item() < 1e-30
    assert torch.equal(feature_matching.d(d(x), d(fake)), cross_entropy_d(head(body(x)), head(body(fake))))


def test_feature_matching_trains_with_r1_on_the_first_head():
    gan = small(discriminator=ShowsFeatures(mlp([4, 8]), mlp([8, 1])), loss=feature_matching, d_penalties=[r1(1.0)])
    before = weights(gan)
    trained(gan, points(), 2)
    assert not torch.equal(before, weights(gan))


# ------------------------------------------------------------------ the unrolled step


def after(step, count=3, **pieces):
    gan = small(**pieces)
    for _ in train(gan, points(), count, step=step):
        pass
    return weights(gan)


@pytest.mark.parametrize("more", [{}, {"g_steps": 3}, {"d_steps": 2}])
@pytest.mark.parametrize("loss", [non_saturating, relativistic])
def test_unrolled_by_no_step_is_the_usual_game(loss, more):
    pieces = {"loss": loss, **more}
    assert torch.allclose(after(unrolled(0), **pieces), after(train_step, **pieces), atol=1e-6)
    assert not torch.allclose(after(unrolled(4, 0.5), **pieces), after(train_step, **pieces), atol=1e-6)


class Weight(nn.Module):
    """D(x) = ψ x, or G(z) = θ + 0 · z."""

    def __init__(self, value, adds=False):
        super().__init__()
        self.value, self.adds = nn.Parameter(torch.tensor([[value]], dtype=torch.float64)), adds

    def forward(self, x):
        return self.value + 0 * x if self.adds else self.value * x


@pytest.mark.parametrize("k", [1, 2, 7])
def test_unrolled_dirac_gan_has_the_slope_of_the_closed_form(k):
    """L_D = ψθ − ψx with x = 1. Ahead ψ_k = ψ − kη(θ − 1), so dL_G/dθ = d(−ψ_k θ)/dθ = −ψ_k + kηθ."""
    eta, theta, psi = 0.1, 0.4, 0.7
    loss = Loss("Wasserstein", wasserstein_d, lambda fake, real=None: -fake.mean())
    g, d = Weight(theta, adds=True), Weight(psi)
    rates = {"g_optimizer": torch.optim.SGD(g.parameters(), 1.0), "d_optimizer": torch.optim.SGD(d.parameters(), 0.0)}
    gan = GAN(g, d, 1, loss, **rates)
    gan.latents = lambda count, stream=None: torch.zeros(count, 1, dtype=torch.float64)
    next(train(gan, iter(lambda: torch.ones(4, 1, dtype=torch.float64), None), 1, step=unrolled(k, eta)))
    ahead = psi - k * eta * (theta - 1)
    assert math.isclose(theta - g.value.item(), -ahead + k * eta * theta, rel_tol=1e-12)


def test_the_unrolled_slope_agrees_with_finite_differences():
    torch.manual_seed(3)
    g, d = mlp([2, 2]).double(), mlp([2, 6, 1], slope=0.2).double()
    gan, x, z, k, eta = GAN(g, d, 2), torch.randn(16, 2).double(), torch.randn(16, 2).double(), 3, 0.3

    def ahead(bias):
        """L_G against the D of k plain steps on, by a loop that knows nothing of unrolling."""
        own, fake = copy.deepcopy(d), (z @ g[0].weight.T + bias).detach()
        for _ in range(k):
            slopes = torch.autograd.grad(non_saturating.d(own(x), own(fake)), own.parameters())
            with torch.no_grad():
                for weight, slope in zip(own.parameters(), slopes, strict=True):
                    weight -= eta * slope
        return non_saturating.g(own(fake)).item()

    bias, h = g[0].bias.detach().clone(), 1e-6
    by_hand = [(ahead(bias + h * e) - ahead(bias - h * e)) / (2 * h) for e in torch.eye(2).double()]
    gan.d_optimizer, gan.latents = torch.optim.SGD(d.parameters(), 0.0), lambda count, stream=None: z
    gan.g_optimizer = torch.optim.SGD(g.parameters(), 1.0)
    next(train(gan, iter(lambda: x, None), 1, step=unrolled(k, eta)))
    assert torch.allclose(bias - g[0].bias.detach(), torch.tensor(by_hand, dtype=torch.float64), rtol=1e-5)


def test_a_bad_number_of_steps_ahead_is_told():
    with pytest.raises(ValueError, match="k must be a whole number"):
        unrolled(-1)
    with pytest.raises(ValueError, match="rate must be"):
        unrolled(2, 0.0)


# ------------------------------------------------------------------ a penalty on a schedule


def test_the_weight_falls_by_a_cosine():
    penalty = Scheduled(r1(1.0), start=2.0, end=0.5, until=4)
    gan, seen = small(d_penalties=[penalty]), []
    for _ in train(gan, points(), 6):
        seen.append(penalty.weight)
    by_hand = [0.5 + 1.5 * (1 + math.cos(math.pi * t / 4)) / 2 for t in (1, 2, 3, 4)] + [0.5, 0.5]
    assert all(math.isclose(a, b) for a, b in zip(seen, by_hand, strict=True))


def test_it_is_the_penalty_times_the_weight():
    d, real, fake = mlp([4, 8, 1]), torch.randn(8, 4), torch.randn(8, 4)
    assert torch.equal(Scheduled(r1(1.0), 0.3, 0.1, 9)(d, real, fake), times(0.3, r1(1.0))(d, real, fake))
    lazily = Scheduled(lazy(r1(1.0), 4), 0.3, 0.1, 9)
    assert torch.allclose(lazily.expected(d, real, fake), 0.3 * r1(1.0)(d, real, fake))  # and no call is counted
    assert lazily(d, real, fake) > 0 and lazily(d, real, fake) == 0


def test_a_run_that_is_resumed_goes_on_with_its_weight_and_its_lazy_count(tmp_path):
    def run(first, then):
        gan, batches = small(d_penalties=calm(1.0, 0.1, 12, every=3), loss=relativistic), points()
        trained(gan, batches, first)
        checkpoint.save(tmp_path / "run.ckpt", gan=gan, batches=batches)
        gan, batches = small(d_penalties=calm(1.0, 0.1, 12, every=3), loss=relativistic), points()
        checkpoint.load(tmp_path / "run.ckpt", gan=gan, batches=batches)
        trained(gan, batches, then)
        return weights(gan)

    gan = small(d_penalties=calm(1.0, 0.1, 12, every=3), loss=relativistic)
    trained(gan, points(), 10)
    assert torch.equal(run(5, 5), weights(gan)) and torch.equal(run(4, 6), weights(gan))


def test_what_cannot_be_scheduled():
    with pytest.raises(ValueError, match="scheduled already"):
        Scheduled(Scheduled(r1(1.0), 1.0, 0.1, 5), 1.0, 0.1, 5)
    with pytest.raises(ValueError, match="Scheduled keeps a state"):
        lazy(Scheduled(r1(1.0), 1.0, 0.1, 5), 4)
    with pytest.raises(ValueError, match="no gradient for G"):
        small(g_penalties=[Scheduled(lazy(r1(1.0), 4), 1.0, 0.1, 5)])
    mine = Scheduled(r1(1.0), 1.0, 0.1, 5)
    small(d_penalties=[mine])
    with pytest.raises(ValueError, match="another GAN"):
        small(d_penalties=[mine])
    with pytest.raises(ValueError, match="until must be"):
        Scheduled(r1(1.0), 1.0, 0.1, 0)


# ------------------------------------------------------------------ networks


def test_the_convolutional_networks_make_and_judge_pictures():
    g, d = ConvGenerator(10, channels=3, width=8), ConvDiscriminator(3, width=8, hidden=16)
    pictures = g(torch.randn(4, 10))
    assert pictures.shape == (4, 3, 28, 28) and pictures.abs().max() <= 1
    assert d(pictures).shape == (4, 1) and not has_batch_statistics(d) and has_batch_statistics(g)
    maps = 16 * 7 * 7
    assert parameter_count(g) == 10 * maps + maps + 2 * maps + 16 * 8 * 16 + 2 * 8 + 8 * 3 * 16 + 3
    assert parameter_count(d) == 3 * 8 * 16 + 8 + 8 * 16 * 16 + 16 + maps * 16 + 16 + 16 + 1
    with pytest.raises(ValueError, match="width must be"):
        ConvGenerator(width=0)


# ------------------------------------------------------------------ stacked digits


def test_stacked_pictures_are_three_of_the_digits_and_each_is_used_once_a_pass():
    images = torch.arange(30, dtype=torch.uint8)[:, None, None, None].expand(30, 1, 2, 2)
    batches = Stacked(images, 5)
    assert batches.steps_per_epoch == 2
    seen = torch.cat([next(batches), next(batches)])  # (10, 3, 2, 2)
    assert sorted(((seen[:, :, 0, 0] + 1) * 127.5).round().flatten().tolist()) == list(range(30))
    assert torch.equal(stacked(unstacked(seen)), seen)


def test_stacked_batches_go_on_from_a_checkpoint():
    images = torch.randint(0, 256, (40, 1, 3, 3), dtype=torch.uint8)
    first, second = Stacked(images, 4, seed=1), Stacked(images, 4, seed=2)
    next(first)
    second.load_state_dict(first.state_dict())
    assert all(torch.equal(next(first), next(second)) for _ in range(6))
    with pytest.raises(ValueError, match="grey pictures"):
        Stacked(torch.zeros(40, 3, 4, 4, dtype=torch.uint8), 4)
    with pytest.raises(ValueError, match="batch_size must be"):
        Stacked(images, 0)


def test_the_mode_of_a_picture_is_the_number_that_its_digits_spell():
    images, labels = mnist(train=False)
    pictures, spelt = stacked(images[:900]), labels[:900].reshape(300, 3) @ torch.tensor([100, 10, 1])
    assert (modes_of(pictures) == spelt).double().mean() > 0.96  # the network misreads 1 digit in 200
    broken = torch.rand(2, 3, 28, 28)
    broken[1, 2, 0, 0] = math.nan
    assert modes_of(broken)[1] == -1
    with pytest.raises(ValueError, match=r"pictures must be \(N, 3, 28, 28\)"):
        modes_of(images[:3])


def test_the_scores_of_known_modes():
    every = torch.arange(1000).repeat(26)
    assert stacked_scores(every) == {"captured": 1000, "covered": 1000, "kl": pytest.approx(0, abs=1e-12)}
    one = torch.full((500,), 7)
    assert stacked_scores(one) == {"captured": 1, "covered": 1, "kl": pytest.approx(math.log(1000))}
    half = torch.arange(500).repeat(52)
    assert stacked_scores(half) == {"captured": 500, "covered": 500, "kl": pytest.approx(math.log(2))}
    rare = torch.cat([torch.arange(500).repeat(51), torch.arange(500, 1000)])  # one of 26: captured, and not covered
    assert (stacked_scores(rare)["captured"], stacked_scores(rare)["covered"]) == (1000, 500)
    assert all(math.isnan(value) for value in stacked_scores(torch.tensor([3, -1])).values())
    for bad in (torch.zeros(0, dtype=torch.long), torch.tensor([1000]), torch.zeros(2, 2, dtype=torch.long)):
        with pytest.raises(ValueError, match="numbers below 1000"):
            stacked_scores(bad)


def test_what_noise_a_constant_and_real_digits_score():
    stream = torch.Generator().manual_seed(0)
    noise = 2 * torch.rand(300, 3, 28, 28, generator=stream) - 1
    assert stacked_scores(modes_of(noise))["captured"] <= 30
    assert stacked_scores(modes_of(torch.zeros(300, 3, 28, 28)))["captured"] == 1
    images, labels = mnist(train=True)
    real = stacked_scores(modes_of(stacked(images[torch.randint(60_000, (3 * 2000,), generator=stream)])))
    spelt = labels[torch.randint(60_000, (20, 2000, 3), generator=stream)] @ torch.tensor([100, 10, 1])
    chance = [stacked_scores(each) for each in spelt]  # of labels alone: nothing is read
    for name, room in (("captured", 15), ("covered", 15), ("kl", 0.015)):
        assert abs(real[name] - sum(each[name] for each in chance) / 20) < room


def test_the_floor_of_kl_is_chance_and_digits_that_are_not_equally_many():
    """Of labels alone, so nothing is misread: in nats, and all 1,000 are captured of the literature's 26,000."""
    labels = mnist(train=True)[1]
    shares = torch.bincount(labels, minlength=10).double() / len(labels)
    uneven = 3 * (shares * (10 * shares).log()).sum().item()
    assert uneven == pytest.approx(0.0043, abs=1e-4)
    stream = torch.Generator().manual_seed(0)
    for count, known in ((2600, 0.218), (26_000, 0.0238)):
        drawn = [labels[torch.randint(60_000, (count, 3), generator=stream)] for _ in range(20)]
        found = [stacked_scores(each @ torch.tensor([100, 10, 1])) for each in drawn]
        assert sum(each["kl"] for each in found) / 20 == pytest.approx(known, rel=0.05)
    assert {each["captured"] for each in found} == {1000} and known == pytest.approx(999 / 52_000 + uneven, rel=0.02)


def test_a_scorer_draws_the_same_samples_at_each_call():
    torch.manual_seed(0)
    gan = GAN(ConvGenerator(8, 3, 4), ConvDiscriminator(3, 4, 8), 8)
    scorer = StackedScorer(1000)
    assert scorer.score(gan) == scorer.score(gan)
    with pytest.raises(ValueError, match="samples must be"):
        StackedScorer(999)


def test_the_published_mixtures():
    places = as_published("ring").centres
    assert torch.allclose(places.norm(dim=1), torch.ones(8)) and as_published(
        "ring"
    ).scales.max().item() == pytest.approx(0.01)
    assert len(places.round(decimals=4).unique(dim=0)) == 8  # a peer's linspace makes 7 of them
    lattice = {tuple(place) for place in as_published("grid").centres.tolist()}
    assert lattice == {(float(x), float(y)) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    with pytest.raises(ValueError, match="ring, grid"):
        as_published("circle")


# ------------------------------------------------------------------ signs, and the alarm


def test_the_share_of_modes():
    data, stream = ring(), torch.Generator().manual_seed(0)
    sign = covered_share(data)
    assert sign(data.sample(1000, stream)) == 1
    assert sign(data.centres[:3].repeat(300, 1)) == 3 / 8
    assert sign(torch.zeros(1000, 2)) == 0 and sign(2.4 * torch.rand(1000, 2, generator=stream) - 1.2) == 0
    with pytest.raises(ValueError, match="no modes to count"):
        covered_share(two_moons())


def test_the_entropy_of_classes():
    images, labels = mnist(train=False)
    net = feature_net()
    sign = class_entropy(net, images[:1000])
    assert sign(images[1000:2000]) == pytest.approx(1, abs=0.02)
    ones, twos = images[labels == 1][:200], images[labels == 2][:200]
    assert sign(ones) < 0.1 and sign(torch.cat([ones, twos])) == pytest.approx(math.log(2) / math.log(10), abs=0.05)
    with pytest.raises(ValueError, match="read as one class"):
        class_entropy(net, torch.zeros(20, 1, 28, 28))
    assert math.isnan(sign(torch.full((2, 1, 28, 28), math.nan)))


def test_the_variance_of_features():
    real = torch.randn(4000, 3, generator=torch.Generator().manual_seed(0))
    sign = feature_variance(lambda x: x, real)
    assert sign(real * 0.5) == pytest.approx(0.25) and sign(real + 7) == pytest.approx(1)
    assert sign(torch.ones(10, 3)) == 0
    with pytest.raises(ValueError, match="all the same"):
        feature_variance(lambda x: 0 * x, real)


def told_of(values, **kinds):
    """What an alarm says of a run with these shares, a look each step from 0 on."""
    gan, told = small(), iter(values)
    recorder = Recorder(
        gan, range(len(values)), "run", NumbersLook(), alarm=CollapseAlarm({"s": lambda _: next(told)}, **kinds)
    )
    for _ in recorder.watch(train(gan, points(), len(values) - 1)):
        pass
    return [event["step"] for event in recorder.log], recorder


@pytest.mark.parametrize(
    "values, steps",
    [
        ([1, 0.4, 1, 0.4, 0.4, 0.4, 0.4], [4]),  # the second look in a row, and once
        ([0.4, 0.4, 0.4, 0.6, 0.4, 0.4], [1, 5]),  # it was above again
        ([1, math.nan, math.nan, 1], [2]),  # no number is no variety
        ([1, 0.5, 0.5, 0.5], []),
    ],
)
def test_the_alarm_is_raised_at_the_second_low_look_and_told_once(values, steps):
    assert told_of(values, after=0)[0] == steps


def test_the_alarm_waits_for_the_step_that_it_was_told():
    assert told_of([0.1] * 8, after=5)[0] == [6]


def test_what_the_alarm_says_stands_in_the_log():
    log = told_of([0.25, 0.25], after=0)[1].log
    assert log == [{"step": 1, "change": "alarm: s, 0.25 of the data's"}]


def collapsing(alarm):
    """The plane's game with a slow D and a G that moves five times a turn: (gan, recorder), 300 steps on."""
    torch.manual_seed(0)
    g, d = mlp([2, 64, 64, 2]), mlp([2, 64, 64, 1], slope=0.2)
    rates = {"g_optimizer": adam(g, 1e-3, (0.5, 0.9)), "d_optimizer": adam(d, 1e-4, (0.5, 0.9))}
    gan = GAN(g, d, 2, g_steps=5, **rates)
    recorder = Recorder(gan, range(0, 301, 50), "run", PointsLook(ring(), compact=True), alarm=alarm)
    recorder.record(train(gan, Draws(ring(), 128), 300))
    return gan, recorder


def test_a_collapse_is_heard_and_a_run_that_is_watched_for_it_ends_with_the_same_weights():
    gan, recorder = collapsing(CollapseAlarm({"modes": covered_share(ring())}, after=150))
    assert [event["change"][:12] for event in recorder.log] == ["alarm: modes"]
    alone, other = collapsing(None)
    assert torch.equal(weights(gan), weights(alone)) and not other.log


def test_an_alarm_goes_on_from_a_checkpoint(tmp_path):
    signs = {"modes": covered_share(ring())}

    def fresh():
        torch.manual_seed(0)
        gan = GAN(mlp([2, 8, 2]), mlp([2, 8, 1]), 2)
        look = PointsLook(ring(), compact=True)
        return gan, Draws(ring(), 16), Recorder(gan, range(0, 90, 10), "run", look, alarm=CollapseAlarm(signs, after=0))

    gan, batches, recorder = fresh()
    recorder.record(train(gan, batches, 5))
    checkpoint.save(tmp_path / "run.ckpt", gan=gan, batches=batches, recorder=recorder)
    again, rest, resumed = fresh()
    checkpoint.load(tmp_path / "run.ckpt", gan=again, batches=rest, recorder=resumed)
    recorder.record(train(gan, batches, 25))
    resumed.record(train(again, rest, 25))
    assert resumed.log == recorder.log and resumed.alarm.seen == recorder.alarm.seen
    assert [each["step"] for each in resumed.alarm.seen] == [0, 10, 20, 30]
    with pytest.raises(ValueError, match="low lacks other"):
        other = Recorder(small(), [0], "run", NumbersLook(), alarm=CollapseAlarm({"other": signs["modes"]}))
        other.alarm.check_state(recorder.alarm.state_dict())


def test_what_is_no_alarm():
    with pytest.raises(ValueError, match="needs a sign"):
        CollapseAlarm({})
    with pytest.raises(ValueError, match="below must be"):
        CollapseAlarm({"a": lambda x: 1.0}, below=1.5)
    gan, mine = small(), CollapseAlarm({"a": lambda x: 1.0})
    Recorder(gan, [0], "run", NumbersLook(), alarm=mine)
    with pytest.raises(ValueError, match="watches another run"):
        Recorder(small(), [0], "run", NumbersLook(), alarm=mine)
    with pytest.raises((TypeError, ValueError), match="alarm must be"):
        Recorder(gan, [0], "run", NumbersLook(), alarm="loud")


# ------------------------------------------------------------------ a run, watched


def test_effective_modes_of_even_and_of_single_shares():
    shares = torch.tensor([[0.25] * 4, [1.0, 0, 0, 0], [0.5, 0.5, 0, 0], [0.7, 0.1, 0.1, 0.1]], dtype=torch.float64)
    by_hand = [4, 1, 2, math.exp(-(0.7 * math.log(0.7) + 0.3 * math.log(0.1)))]
    assert torch.allclose(effective_modes(shares), torch.tensor(by_hand, dtype=torch.float64))


def on_the_ring(seed=0):
    torch.manual_seed(seed)
    return GAN(mlp([2, 8, 2]), mlp([2, 8, 1], slope=0.2), 2, seed=seed), Draws(ring(), 32, seed)


def test_what_is_watched_is_what_the_generator_draws():
    gan, batches = on_the_ring()
    gan.generator[-1].weight.data.zero_()
    gan.generator[-1].bias.data = ring().modes[3].float()
    for group in gan.g_optimizer.param_groups:
        group["lr"] = 0.0
    seen = watched(gan, batches, 7, looks=3)
    assert seen.steps == [2, 4, 7] and seen.favourite == [3, 3, 3] and seen.quality == [1.0, 1.0, 1.0]
    assert torch.equal(seen.shares, torch.eye(8, dtype=torch.float64)[[3, 3, 3]]) and seen.covered == [1, 1, 1]
    assert torch.allclose(seen.effective, torch.ones(3, dtype=torch.float64)) and seen.samples.shape == (1000, 2)


def test_watching_disturbs_nothing_and_losses_are_means_between_looks():
    gan, batches = on_the_ring()
    losses = [(record.d_loss.item(), record.g_loss.item()) for record in train(gan, batches, 6)]
    other, others = on_the_ring()
    seen = watched(other, others, 6, looks=2)
    assert torch.equal(weights(gan), weights(other))
    assert torch.allclose(seen.losses, torch.tensor(losses).view(2, 3, 2).mean(1))
    once = watched(*on_the_ring(), 3, looks=1, step=unrolled(2))
    assert once.steps == [3] and not torch.equal(once.samples, watched(*on_the_ring(), 3, looks=1).samples)


def test_what_cannot_be_watched():
    with pytest.raises(ValueError, match="looks must be"):
        watched(*on_the_ring(), 3, looks=4)
    gan, _ = on_the_ring()
    with pytest.raises(ValueError, match="no modes to count"):
        watched(gan, Draws(two_moons(), 8), 3, looks=1)


def test_what_was_measured_has_all_that_the_notebook_draws(tmp_path, monkeypatch):
    found = measured("modes")
    for run in found["runs"]:
        assert run["arm"] in found["arms"][run["data"]]
        names = ("kl",) if run["data"] == "stacked" else ("hq", "reverse_kl")
        assert all(math.isfinite(run[name]) for name in ("captured", "covered", *names, "cpu_seconds"))
    assert {run["data"] for run in found["runs"]} <= set(found["floors"]) <= set(found["samples"])
    monkeypatch.setattr("gan_edu.core.measures.stored_scores.SHIPPED", tmp_path)
    with pytest.raises(FileNotFoundError, match="make bench-modes"):
        measured("modes")


@pytest.mark.slow
def test_the_theatres_ring_is_collapsed_for_long_and_heals():
    gan, batches = stages()["ring"].build(0)
    coverage, latents, covered = Coverage(ring(std=0.07)), gan.latents(1000), []
    for step, _ in enumerate(train(gan, batches, 25_000), 1):
        if step % 100 == 0:
            covered.append(coverage.modes(gan.generate(latents))["modes"])
        if covered and covered[-1] == 8:
            break
    assert len(covered) > 50 and max(covered[10:50]) < 4 and covered[-1] == 8
