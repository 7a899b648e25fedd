"""Chapter 11: R3GAN's gradients, schedules and step, residual networks at their start, style, DiffAugment by hand."""

import copy
import math
from itertools import product

import pytest
import torch
from scipy.stats import binomtest, chisquare
from torch import nn
from torch.nn.functional import conv2d, interpolate, softplus

from gan_edu.core.data import Batches
from gan_edu.core.training.convolutional import ConvDiscriminator
from gan_edu.core.training.residual import GAIN, begun, pointwise
from gan_edu.core.training.step import Pair, loss_of_d, loss_of_g, through_view
from gan_edu.core.training.style import StyledConvolution, modulated
from gan_edu.losses import relativistic
from gan_edu.modern import (
    Beta2,
    CompactDiscriminator,
    CompactGenerator,
    DiffAugment,
    ResidualBlock,
    ResidualDiscriminator,
    ResidualGenerator,
    StyleGenerator,
    fresh,
    mean_style,
    recipe,
    truncated,
)
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import r1

SMALL = {"widths": (8, 4), "side": 8, "group": 4}


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def awake(network):
    """The network with no weight at 0, so that its blocks do something."""
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    return network


def pictures(count=32, channels=1, side=8):
    return torch.rand(count, channels, side, side, generator=torch.Generator().manual_seed(1)) * 2 - 1


def modern(steps=10, **options):
    """A small GAN of all pieces."""
    torch.manual_seed(0)
    G, D = ResidualGenerator(6, **SMALL), ResidualDiscriminator(**SMALL)
    return GAN(G, D, 6, **{**recipe(G, D, steps, g_lr=2e-3, d_lr=2e-3), **options})


# ------------------------------------------------------------------ the loss of R3GAN, by hand


class Quadratic(nn.Module):
    """C(x) = a·x + ½ xᵀ B x: ∇C(x) = a + S x with S = (B + Bᵀ) / 2."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Parameter(torch.randn(3).double()), nn.Parameter(torch.randn(3, 3).double())

    def forward(self, x):
        return (x @ self.a + ((x @ self.b) * x).sum(1) / 2)[:, None]


def of_points():
    G, D = nn.Linear(2, 3).double(), Quadratic()
    gan = GAN(G, D, 2, **recipe(G, D, 10, gamma=0.7))
    z, x = torch.randn(5, 2).double(), torch.randn(5, 3).double()
    return gan, z, x


def test_the_gradient_of_d_is_its_formula_to_the_last_digits():
    gan, z, x = of_points()
    D, fake, gamma = gan.discriminator, gan.generator(z).detach(), 0.7
    loss_of_d(gan, Pair(x, fake, None)).loss.backward()
    a, S = D.a.detach(), (D.b.detach() + D.b.detach().T) / 2
    da, db = torch.zeros(3).double(), torch.zeros(3, 3).double()
    for real, made in zip(x, fake, strict=True):
        apart = (D(made[None]) - D(real[None])).item()
        surprise = 1 / (1 + math.exp(-apart))  # σ(C(G(z)) − C(x)), the slope of softplus
        da += surprise * (made - real) / 5
        db += surprise * (torch.outer(made, made) - torch.outer(real, real)) / 2 / 5
        for point in (
            real,
            made,
        ):  # γ/2 ‖a + S x‖²: its slopes are γ(a + S x), and γ times the outer product's even part
            slope = a + S @ point
            da += gamma * slope / 5
            db += gamma * (torch.outer(slope, point) + torch.outer(point, slope)) / 2 / 5
    assert (D.a.grad - da).abs().max() < 1e-12 and (D.b.grad - db).abs().max() < 1e-12


def test_the_gradient_of_g_is_its_formula_to_the_last_digits():
    gan, z, x = of_points()
    D, fake = gan.discriminator, gan.generator(z)
    loss_of_g(gan, Pair(x, fake, None)).loss.backward()
    a, S = D.a.detach(), (D.b.detach() + D.b.detach().T) / 2
    weight, bias = torch.zeros(3, 2).double(), torch.zeros(3).double()
    for latent, real, made in zip(z, x, fake.detach(), strict=True):
        surprise = torch.sigmoid(
            D(real[None]) - D(made[None])
        ).item()  # of a fake that looks less real than its partner
        push = -surprise * (a + S @ made) / 5
        weight += torch.outer(push, latent)
        bias += push
    assert (gan.generator.weight.grad - weight).abs().max() < 1e-12
    assert (gan.generator.bias.grad - bias).abs().max() < 1e-12


def test_deep_networks_have_the_authors_gradients():
    """Their formula, softplus(C(G(z)) − C(x)) + γ/2 (‖∇C(x)‖² + ‖∇C(G(z))‖²), a sample at a time, on real layers."""
    D, x, fake = awake(ResidualDiscriminator(2, **SMALL).double()), pictures(4, 2).double(), pictures(4, 2).double() / 2
    twin, G = copy.deepcopy(D), nn.Linear(1, 1).double()
    gan = GAN(G, D, 1, **recipe(G, D, 10, gamma=0.3))
    judged = loss_of_d(gan, Pair(x, fake, None))
    judged.loss.backward()
    total = torch.zeros(()).double()
    for real, made in zip(x, fake, strict=True):
        points = [each[None].clone().requires_grad_() for each in (real, made)]
        logits = [twin(point) for point in points]
        slopes = [
            torch.autograd.grad(logit, point, create_graph=True)[0] for logit, point in zip(logits, points, strict=True)
        ]
        total = total + softplus(logits[1] - logits[0]).sum() + 0.15 * sum(slope.square().sum() for slope in slopes)
    (total / 4).backward()
    assert judged.loss.item() == pytest.approx(total.item() / 4, rel=1e-13)
    for ours, theirs in zip(D.parameters(), twin.parameters(), strict=True):
        assert (ours.grad - theirs.grad).abs().max() <= 1e-12 * max(1.0, theirs.grad.abs().max().item())


# ------------------------------------------------------------------ what changes on the way, and the step


def test_the_recipe_changes_gamma_rates_and_beta2_by_a_cosine():
    gan, batches = modern(steps=8), Batches(pictures(), 4)
    seen = []

    def look():
        group, other = gan.g_optimizer.param_groups[0], gan.d_optimizer.param_groups[0]
        assert group["lr"] == other["lr"] and group["betas"] == other["betas"]
        assert gan.d_penalties[0].weight == gan.d_penalties[1].weight
        seen.append((gan.d_penalties[0].weight, group["lr"], *group["betas"]))

    look()
    for _ in train(gan, batches, 10, step=fresh):
        look()
    for t, (gamma, rate, beta1, beta2) in enumerate(seen):
        done = 0.5 * (1 - math.cos(math.pi * min(t, 8) / 8))  # 0 → 1
        assert gamma == pytest.approx(1 + done * (0.1 - 1)) and rate == pytest.approx(2e-3 * (1 + done * (0.25 - 1)))
        assert beta2 == pytest.approx(0.9 + done * (0.99 - 0.9)) and beta1 == 0
    assert gan.loss is relativistic and [each.name for each in gan.d_penalties] == ["R1", "R2"]
    assert gan.shown is not gan.generator


def test_adam_takes_the_beta2_of_its_step():
    gan = modern(steps=4)
    weight, squares = gan.d_optimizer.param_groups[0]["params"][0], 0.0
    for t, _ in enumerate(train(gan, Batches(pictures(), 4), 5, step=fresh)):
        beta2 = 0.99 - 0.09 * 0.5 * (1 + math.cos(math.pi * t / 4))
        squares = beta2 * squares + (1 - beta2) * weight.grad.double().square()
        assert torch.allclose(gan.d_optimizer.state[weight]["exp_avg_sq"].double(), squares, rtol=1e-4, atol=1e-20)


def test_a_resumed_run_is_the_same_run():
    def made():
        return modern(steps=6, view=DiffAugment()), Batches(pictures(), 4, seed=3)

    gan, batches = made()
    for _ in train(gan, batches, 6, step=fresh):
        pass
    begun_here, first = made()
    for _ in train(begun_here, first, 3, step=fresh):
        pass
    resumed, rest = made()
    resumed.load_state_dict(copy.deepcopy(begun_here.state_dict()))
    rest.load_state_dict(first.state_dict())
    resumed.fit()  # asked again at each door, it must not begin anew
    for _ in train(resumed, rest, 3, step=fresh):
        pass
    for name in gan.players:
        for a, b in zip(
            gan.players[name].network.parameters(), resumed.players[name].network.parameters(), strict=True
        ):
            assert torch.equal(a, b)
    assert resumed.g_optimizer.param_groups[0]["betas"] == (0.0, 0.99)


def test_another_beta2_in_its_place_goes_on_from_where_the_run_is():
    gan = modern(steps=8)
    for _ in train(gan, Batches(pictures(), 4), 4, step=fresh):
        pass
    assert gan.g_optimizer.param_groups[0]["betas"][1] == pytest.approx(0.945)
    gan.exchange(after_step=[Beta2(16, 0.5, 0.9)])
    expected = 0.9 - 0.4 * 0.5 * (1 + math.cos(math.pi * 4 / 16))
    assert gan.d_optimizer.param_groups[0]["betas"][1] == pytest.approx(expected)


def test_a_beta2_begins_where_it_joins():
    assert modern(after_step=[Beta2(4, 0.5)]).d_optimizer.param_groups[0]["betas"] == (0.0, 0.5)
    gan = modern(after_step=[])
    for _ in train(gan, Batches(pictures(), 4), 3, step=fresh):
        pass
    gan.exchange(after_step=[Beta2(4, 0.5, 0.9)])
    assert gan.g_optimizer.param_groups[0]["betas"] == (0.0, 0.5)
    for _ in train(gan, Batches(pictures(), 4), 2, step=fresh):
        pass
    assert gan.g_optimizer.param_groups[0]["betas"][1] == pytest.approx(0.7)


def test_what_beta2_cannot_do_is_told():
    with pytest.raises(ValueError, match="two schedules of β₂"):
        modern(after_step=[Beta2(5), Beta2(5)])
    G, D = nn.Linear(2, 2), nn.Linear(2, 1)
    plain = torch.optim.SGD(D.parameters(), 0.1)
    with pytest.raises(ValueError, match=r"no betas: take adam\(network\)"):
        GAN(G, D, 2, d_optimizer=plain, after_step=[Beta2(5)])
    hook = Beta2(5)
    GAN(G, D, 2, after_step=[hook])
    with pytest.raises(ValueError, match="belongs to another GAN"):
        GAN(nn.Linear(2, 2), nn.Linear(2, 1), 2, after_step=[hook])


class Counted:
    """Batches that remember what they gave."""

    def __init__(self):
        self.batches, self.given = Batches(pictures().double(), 4), []

    def __iter__(self):
        return self

    def __next__(self):
        self.given.append(next(self.batches))
        return self.given[-1]


@pytest.mark.parametrize("d_steps, g_steps", [(1, 1), (2, 1), (1, 2)])
def test_the_fresh_step_by_hand(d_steps, g_steps):
    """The same weights as a loop that draws real samples and noise for each turn, in float64."""

    def made():
        torch.manual_seed(0)
        G, D = awake(ResidualGenerator(6, **SMALL).double()), awake(ResidualDiscriminator(**SMALL).double())
        optimizers = {"g_optimizer": adam(G, 1e-3, (0.0, 0.9)), "d_optimizer": adam(D, 1e-3, (0.0, 0.9))}
        return GAN(G, D, 6, relativistic, **optimizers, d_penalties=[r1(0.5)], d_steps=d_steps, g_steps=g_steps)

    ours, drawn = made(), Counted()
    for _ in train(ours, drawn, 3, step=fresh):
        pass
    assert len(drawn.given) == 3 * (d_steps + g_steps)
    twin, given = made(), iter(drawn.given)
    G, D = twin.generator, twin.discriminator
    for _ in range(3):
        for _ in range(d_steps):
            x = next(given).requires_grad_()
            fake = G(twin.latents(4, twin.noise_stream)).detach()
            (slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)
            loss = softplus(D(fake) - D(x)).mean() + 0.25 * slope.square().sum((1, 2, 3)).mean()
            twin.d_optimizer.zero_grad()
            loss.backward()
            twin.d_optimizer.step()
        for _ in range(g_steps):
            x, fake = next(given), G(twin.latents(4, twin.noise_stream))
            twin.g_optimizer.zero_grad()
            softplus(D(x) - D(fake)).mean().backward()
            twin.g_optimizer.step()
    for hand, own in ((G, ours.generator), (D, ours.discriminator)):
        for a, b in zip(hand.parameters(), own.parameters(), strict=True):
            assert torch.allclose(a, b, rtol=0, atol=1e-9), (a - b).abs().max()  # Adam divides by small slopes


# ------------------------------------------------------------------ residual networks: how they begin


def test_a_block_begins_as_the_identity_and_does_not_stay_it():
    block, x = ResidualBlock(6, group=4).double(), torch.randn(2, 6, 5, 5).double()
    assert torch.equal(block(x), x)
    block(x).square().sum().backward()
    last = block.branch[-1].weight.grad
    assert last.abs().max() > 0  # it is the last layer that learns first
    assert all(torch.equal(weight.grad, torch.zeros_like(weight)) for weight in list(block.parameters())[:-1])
    assert not torch.equal(awake(block)(x), x)


@pytest.mark.parametrize("blocks", [0, 1, 3])
def test_a_deep_network_begins_as_one_without_blocks(blocks):
    def without(network):
        layers = [layer for layer in network.layers if not isinstance(layer, ResidualBlock)]
        assert len(network.layers) - len(layers) == blocks * 2
        return nn.Sequential(*layers)

    at_each = (blocks, blocks)
    G, D = (
        ResidualGenerator(6, blocks=at_each, **SMALL).double(),
        ResidualDiscriminator(blocks=at_each, **SMALL).double(),
    )
    z, x = torch.randn(3, 6).double(), pictures(3).double()
    assert torch.equal(G(z), without(G)(G.basis * G.project(z)[:, :, None, None])) and torch.equal(D(x), without(D)(x))
    assert torch.allclose(G(2 * z[:1] - 3 * z[1:2]), 2 * G(z[:1]) - 3 * G(z[1:2]))  # linear in z,
    assert torch.allclose(D(2 * x[:1] - 3 * x[1:2]), 2 * D(x[:1]) - 3 * D(x[1:2]))  # and D in x


def test_how_large_a_logit_is_at_the_start():
    """E D(x)² over beginnings = mean square of the picture, shrunk to the smallest size: each layer keeps it."""
    x = pictures(3, 2).double() + torch.tensor([0.0, 0.5, 2.0]).double()[:, None, None, None]
    logits = torch.stack([ResidualDiscriminator(2, (24, 12), 8, group=0).double()(x)[:, 0] for _ in range(800)])
    shrunk = nn.functional.avg_pool2d(x, 2).square().mean((1, 2, 3))
    assert torch.allclose(logits.square().mean(0), shrunk, rtol=0.2)


def test_how_large_a_picture_is_at_the_start():
    """E G(z)² over beginnings and z = what bilinear growing leaves of white noise: Σ of its squared weights."""
    made = torch.cat([ResidualGenerator(6, 2, **SMALL).double()(torch.randn(8, 6).double()) for _ in range(400)])
    grown = torch.zeros(8, 8).double()
    for row, column in product(range(4), range(4)):
        one = torch.zeros(1, 1, 4, 4).double()
        one[0, 0, row, column] = 1
        grown += interpolate(one, scale_factor=2, mode="bilinear")[0, 0].square()
    assert torch.allclose(made.square().mean((0, 1)), grown, rtol=0.25)
    assert made.square().mean().item() == pytest.approx(grown.mean().item(), rel=0.08) and grown.mean() > 0.4


def test_weights_begin_with_the_variance_they_should():
    for layer, fan_in in ((nn.Linear(50, 400), 50), (nn.Conv2d(32, 64, 3, groups=4), 8 * 9), (pointwise(40, 300), 40)):
        begun(layer, 1.5)
        assert layer.weight.std().item() == pytest.approx(1.5 / math.sqrt(fan_in), rel=0.05)
        assert layer.bias is None or torch.equal(layer.bias, torch.zeros_like(layer.bias))
    x = torch.randn(10**6, generator=torch.Generator().manual_seed(0)).double()
    assert (GAIN * nn.functional.leaky_relu(x, 0.2)).square().mean().item() == pytest.approx(1, abs=0.01)
    for blocks in (1, 16):
        first, middle = (ResidualBlock(64, 2, 16, blocks).branch[k].weight for k in (0, 2))
        assert first.std().item() == pytest.approx(GAIN / 8 * blocks**-0.25, rel=0.05)
        assert middle.std().item() == pytest.approx(GAIN / math.sqrt(16 * 9) * blocks**-0.25, rel=0.05)


@pytest.mark.parametrize("network", [ResidualGenerator, ResidualDiscriminator])
def test_a_network_counts_all_its_blocks(network):
    made = network(widths=(64, 64), side=4, blocks=(10, 6))
    blocks = [layer for layer in made.layers if isinstance(layer, ResidualBlock)]
    first, last = (10, 6) if network is ResidualGenerator else (6, 10)  # at 2 × 2 there are ten: G begins there, D ends
    smaller = [isinstance(layer, (nn.Upsample, nn.AvgPool2d)) for layer in made.layers].index(True)
    assert len(blocks) == first + last and sum(layer in blocks for layer in made.layers[:smaller]) == first
    spread = torch.cat([block.branch[0].weight.flatten() for block in blocks]).std().item()
    assert spread == pytest.approx(GAIN / 8 * 16**-0.25, rel=0.03)


def test_a_first_step_moves_a_deep_network_as_far_as_a_flat_one():
    x = torch.randn(16, 8, 6, 6, generator=torch.Generator().manual_seed(0)).double()

    def moved(blocks):
        """First-order change of Σ f by a step of gradient descent, over its rate: the squared slopes of all weights."""
        network = nn.Sequential(*(ResidualBlock(8, 2, 4, blocks) for _ in range(blocks))).double()
        network(x).sum().backward()
        return sum(weight.grad.square().sum().item() for weight in network.parameters())

    flat, deep = (sum(moved(blocks) for _ in range(40)) for blocks in (1, 16))
    assert 0.7 < deep / flat < 1.4  # without L^(−1/4) it would be 16


def test_a_group_sees_its_own_maps_alone():
    block = awake(ResidualBlock(8, 2, 4).double())
    grouped = block.branch[2]
    x = torch.randn(1, 16, 5, 5).double().requires_grad_()
    for out in range(16):
        (slope,) = torch.autograd.grad(grouped(x)[0, out].sum(), x)
        reached = slope[0].abs().amax((1, 2)) > 0
        assert reached.nonzero().flatten().tolist() == [4 * (out // 4) + k for k in range(4)]
    counts = [sum(weight.numel() for weight in ResidualBlock(16, 2, group).parameters()) for group in (0, 16, 8, 1)]
    assert counts == [2 * 16 * 32 + 64 + 32 * seen * 9 for seen in (32, 16, 8, 1)]


@pytest.mark.parametrize(
    "channels, widths, side", [(1, (8, 4, 4), 28), (3, (8, 4, 4, 4), 32), (3, (8,), 5), (2, (4, 4), 6)]
)
def test_residual_networks_make_and_judge_pictures(channels, widths, side):
    options = {"channels": channels, "widths": widths, "side": side, "group": 4}
    G, D, S = (
        ResidualGenerator(6, **options),
        ResidualDiscriminator(**options),
        StyleGenerator(6, channels, widths, side),
    )
    for generator in (G, S):
        x = generator(torch.randn(5, 6))
        assert x.shape == (5, channels, side, side) and D(x).shape == (5, 1)
        D(awake(generator)(torch.randn(5, 6))).sum().backward()
        assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in generator.parameters())
    D, x = awake(D).double(), x.detach().double()
    alone = torch.cat([D(each[None]) for each in x])
    assert torch.allclose(D(x), alone)  # each sample has its own logit: penalties may ask for its slope


@pytest.mark.parametrize("channels, side", [(1, 28), (3, 32)])
def test_compact_networks_begin_dark_and_linear_and_learn_with_all_their_weights(channels, side):
    G = CompactGenerator(6, channels, 4, side, blocks=2).double()
    D = CompactDiscriminator(channels, 4, side, blocks=2).double()
    z = torch.randn(300, 6).double()
    x, before = G(z), G.layers(z)
    assert x.shape == (300, channels, side, side) and (x.mean().item(), -1) == pytest.approx(
        (math.tanh(-1), -1), abs=0.02
    )
    assert torch.allclose(before + G.layers(-z), torch.zeros_like(before), atol=1e-12)  # no bias yet, no activation
    assert before.std().item() == pytest.approx(0.1, rel=0.3)
    logits = D(x)
    assert logits.shape == (300, 1) and torch.allclose(D(2 * x), 2 * logits)
    D(awake(G)(z[:5])).sum().backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in G.parameters())
    D = awake(D)
    assert torch.allclose(D(x[:5].detach()), torch.cat([D(each[None]) for each in x[:5].detach()]))
    firsts = [block.branch[0].weight.std().item() for block in D.layers if isinstance(block, ResidualBlock)]
    assert len(firsts) == 4 and sum(firsts) / 4 == pytest.approx(
        GAIN * 4**-0.25 * (1 / math.sqrt(4) + 1 / math.sqrt(8)) / 2, rel=0.4
    )


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"side": 30}, "multiple of 4 for 3 widths, got 30"),
        ({"widths": ()}, "widths must be 1 to 12"),
        ({"widths": (8, 0)}, "widths, place 1"),
        ({"group": 5}, "group must divide the .* maps"),
        ({"expansion": 0}, "expansion"),
        ({"blocks": (1, -1, 1)}, "blocks, place 1"),
        ({"blocks": (1, 1)}, "as many numbers as widths, 3, got 2"),
        ({"channels": 0}, "channels"),
    ],
)
def test_what_networks_cannot_be_is_told(wrong, told):
    networks = [ResidualGenerator, ResidualDiscriminator]
    if next(iter(wrong)) in ("side", "widths", "channels"):
        networks.append(StyleGenerator)
    for network in networks:
        with pytest.raises(ValueError, match=told):
            network(**wrong)


# ------------------------------------------------------------------ style


@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("demodulate", [True, False])
def test_modulation_against_a_loop_over_samples(kernel, demodulate):
    x, weight = torch.randn(4, 5, 6, 6).double(), torch.randn(3, 5, kernel, kernel).double()
    style = torch.randn(4, 5).double()
    found = modulated(x, weight, style, demodulate)
    for n in range(4):
        own = weight.clone()
        for i in range(5):
            own[:, i] *= style[n, i]
        if demodulate:
            for o in range(3):
                own[o] /= math.sqrt(own[o].square().sum().item() + 1e-8)
        assert (found[n] - conv2d(x[n : n + 1], own, padding=kernel // 2)[0]).abs().max() < 1e-12


def test_demodulation_takes_the_size_of_a_style_away_and_keeps_its_direction():
    x, weight, style = (torch.randn(*shape).double() for shape in ((4, 5, 6, 6), (3, 5, 3, 3), (4, 5)))
    assert torch.allclose(modulated(x, weight, style), modulated(x, weight, 7 * style), rtol=1e-6)
    assert not torch.allclose(modulated(x, weight, style), modulated(x, weight, style.roll(1, 1)))
    noise = torch.randn(200, 5, 9, 9).double()
    inner = modulated(noise, weight, style[:1].expand(200, -1))[:, :, 1:-1, 1:-1]
    assert torch.allclose(inner.var((0, 2, 3)), torch.ones(3).double(), rtol=0.1)  # white maps stay of variance 1


def test_a_style_begins_near_one():
    layer = StyledConvolution(400, 3, 8)
    assert torch.equal(layer.affine(torch.zeros(1, 8)), torch.ones(1, 400))
    assert torch.equal(layer.bias, torch.zeros(3))


def style_generator(**options):
    return awake(StyleGenerator(6, 1, (8, 4), 8, 5, 2, **options).double())


def test_a_bounded_style_generator_begins_dark_and_stays_between_minus_one_and_one():
    torch.manual_seed(0)
    G = StyleGenerator(6, 1, (8, 4), 8, bounded=True)
    z = torch.randn(200, 6, generator=torch.Generator().manual_seed(1))
    begun = G(z).detach()
    assert begun.mean() < -0.6 and begun.std() > 0.01, "nearly black, and not the same everywhere"
    with torch.no_grad():
        G.to_picture.weight.mul_(1e4)
    assert G(z).abs().max() <= 1 < StyleGenerator(6, 1, (8, 4), 8)(z).abs().max(), "tanh ends it, only if asked for"


def test_z_goes_through_its_mapping_and_only_its_direction_matters():
    G, z = style_generator().eval(), torch.randn(3, 6).double()
    w = G.mapping(z)
    assert w.shape == (3, 5) and torch.equal(G(z), G.synthesise(w))
    assert torch.allclose(G(z), G(4 * z), atol=1e-6) and not torch.allclose(G(z), G(-z), atol=1e-3)
    assert torch.equal(G.synthesise(w), G.synthesise(w[:, None].expand(-1, 3, -1)))


def test_synthesis_is_its_formula():
    G, w = style_generator(), torch.randn(2, 3, 5).double()
    first, second = G.layers
    x = G.constant.expand(2, -1, -1, -1)
    for layer, place in ((first, 0), (second, 1)):
        x = interpolate(x, scale_factor=2, mode="bilinear") if place else x
        s = w[:, place] @ layer.affine.weight.T + layer.affine.bias
        x = GAIN * nn.functional.leaky_relu(modulated(x, layer.weight, s) + layer.bias.view(1, -1, 1, 1), 0.2)
    s = w[:, 2] @ G.to_picture.affine.weight.T + G.to_picture.affine.bias
    picture = torch.einsum("nihw,oi,ni->nohw", x, G.to_picture.weight[:, :, 0, 0], s) + G.to_picture.bias.view(
        1, -1, 1, 1
    )
    assert torch.allclose(G.synthesise(w), picture, atol=1e-12)


@pytest.mark.parametrize("crossover", range(4))
def test_mixing_takes_each_w_where_it_should(crossover):
    G, first, second = style_generator().eval(), torch.randn(2, 5).double(), torch.randn(2, 5).double()
    w = G.mixed(first, second, crossover)
    for n, place in product(range(2), range(3)):
        assert torch.equal(w[n, place], (first if place < crossover else second)[n])
    for place in range(3):  # and the picture hears of a w at its own place alone
        other = [first + 1, second] if place < crossover else [first, second + 1]
        assert not torch.allclose(G.synthesise(w), G.synthesise(G.mixed(*other, crossover)))
    ends = {0: second, 3: first}
    if crossover in ends:
        assert torch.allclose(G.synthesise(w), G.synthesise(ends[crossover]), atol=1e-12)
    with pytest.raises(ValueError, match="crossover"):
        G.mixed(first, second, 4)


def test_the_coarse_comes_from_the_first_places():
    """A w that is changed at the last place alone leaves the maps before it as they are."""
    G, w = style_generator().eval(), torch.randn(1, 3, 5).double()
    maps = []
    G.layers[1].register_forward_hook(lambda layer, given, made: maps.append(made))
    other = w.clone()
    other[:, 2] += 1
    assert not torch.allclose(G.synthesise(w), G.synthesise(other)) and torch.equal(*maps)


def test_training_mixes_the_share_it_should_and_looking_does_not():
    G, w = style_generator(mixing=0.6), torch.randn(3000, 5).double()
    mixed = G.mixed_at_random(w)
    own = (mixed == w[:, None]).all(2)  # (N, places)
    neighbour = (mixed == w.roll(1, 0)[:, None]).all(2)
    assert torch.equal(own, ~neighbour) and own[:, 0].all() and (own[:, :-1] | ~own[:, 1:]).all()
    assert binomtest(int((~own[:, -1]).sum()), 3000, 0.6).pvalue > 0.001
    crossovers = own.sum(1)[~own[:, -1]]
    assert chisquare(torch.bincount(crossovers, minlength=3)[1:].numpy()).pvalue > 0.001
    z = torch.randn(4, 6).double()
    assert torch.equal(G.eval()(z), G(z)) and not torch.equal(G.train()(z), G.eval()(z))
    alone = style_generator(mixing=0)
    assert torch.equal(alone.train()(z), alone.eval()(z))


def test_truncation_ends_at_the_mean_and_at_w_itself():
    G, z = style_generator().eval(), torch.randn(7, 6).double()
    mean, w = mean_style(G, 500, seed=4), G.mapping(z)
    latents = torch.randn(500, 6, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    by_hand = torch.stack([G.mapping(each[None])[0] for each in latents]).mean(0, keepdim=True)
    assert mean.shape == (1, 5) and torch.allclose(mean, by_hand, atol=1e-12) and not mean.requires_grad
    assert torch.equal(truncated(w, mean, 0), mean.expand(7, -1)) and torch.equal(truncated(w, mean, 1), w)
    assert torch.allclose(truncated(w, mean, 0.3), mean + 0.3 * (w - mean), atol=1e-14)
    assert torch.allclose(truncated(w, mean, -1), 2 * mean - w, atol=1e-14)
    same = G.synthesise(truncated(w, mean, 0))
    assert torch.allclose(same, G.synthesise(mean).expand_as(same))
    with pytest.raises(TypeError, match="StyleGenerator"):
        mean_style(nn.Linear(2, 2))


# ------------------------------------------------------------------ DiffAugment


def test_colours_by_hand():
    x = pictures(4, 3).double()
    torch.manual_seed(5)
    found = DiffAugment(["colour"])(x)
    torch.manual_seed(5)
    brightness, saturation, contrast = (torch.rand(4, 1, 1, 1, dtype=torch.float64).flatten() for _ in range(3))
    for n in range(4):
        bright = x[n] + (brightness[n] - 0.5)
        grey = (bright[0] + bright[1] + bright[2]) / 3
        coloured = grey + (bright - grey) * 2 * saturation[n]
        assert torch.allclose(
            found[n], coloured.mean() + (coloured - coloured.mean()) * (0.5 + contrast[n]), atol=1e-14
        )


@pytest.mark.parametrize("empty", [0.0, -1.0])
def test_translation_by_hand(empty):
    x = pictures(6, 2, 12).double()
    torch.manual_seed(5)
    found = DiffAugment(["translation"], empty)(x)
    torch.manual_seed(5)
    down, right = (torch.randint(-2, 3, (6, 1, 1, 1)).flatten().tolist() for _ in range(2))  # 12 / 8 rounds to 2
    assert len(set(zip(down, right, strict=True))) > 2
    for n, row, column in product(range(6), range(12), range(12)):
        at = row - down[n], column - right[n]
        inside = all(0 <= place < 12 for place in at)
        expected = x[n, :, at[0], at[1]] if inside else torch.full((2,), empty).double()
        assert torch.equal(found[n, :, row, column], expected)


@pytest.mark.parametrize("side, size, centres", [(8, 4, 9), (7, 4, 8), (6, 3, 6)])  # half, rounded up; how many places
def test_holes_by_hand(side, size, centres):
    x = pictures(40, 2, side).double() + 5
    torch.manual_seed(5)
    found = DiffAugment(["cutout"])(x)
    torch.manual_seed(5)
    down, right = (torch.randint(0, centres, (40, 1, 1, 1)).flatten().tolist() for _ in range(2))
    assert {0, centres - 1} <= {*down, *right}
    for n in range(40):
        expected = x[n].clone()
        for row, column in product(range(side), range(side)):
            up_to = size // 2, size - size // 2  # how far it reaches before its centre, and from there on
            if all(-up_to[0] <= apart < up_to[1] for apart in (row - down[n], column - right[n])):
                expected[:, row, column] = 0
        assert torch.equal(found[n], expected) and (found[n] == 0).any()


def test_shifts_reach_an_eighth_both_ways_evenly():
    x = torch.zeros(4000, 1, 28, 28)
    x[:, :, 14, 14] = 1
    found = DiffAugment(["translation"])(x)
    for dim in (2, 3):
        place = found.sum(5 - dim).flatten(1).argmax(1) - 14
        assert chisquare(torch.bincount(place + 4, minlength=9).numpy()).pvalue > 0.001  # 28 / 8 rounds to 4
    assert torch.equal(found.sum((1, 2, 3)), torch.ones(4000))


@pytest.mark.parametrize("kinds", [["colour"], ["translation"], ["cutout"], ["colour", "translation", "cutout"]])
def test_slopes_flow_through_each_kind(kinds):
    def augmented(x):
        torch.manual_seed(7)
        return DiffAugment(kinds)(x)

    x = pictures(2, 3).double()[:, :, :5, :5].clone().requires_grad_()
    assert torch.autograd.gradcheck(augmented, x) and torch.autograd.gradgradcheck(lambda x: augmented(x).square(), x)
    assert augmented(x).shape == x.shape and not torch.allclose(augmented(x), x)
    assert augmented(x.float()).dtype == torch.float32


def test_data_and_fakes_are_changed_by_one_law_and_each_sample_by_its_own_draw():
    gan, one = modern(view=DiffAugment()), pictures(1)
    real, fake = through_view(gan, one.expand(300, -1, -1, -1), one.expand(300, -1, -1, -1))
    assert len({tuple(each.flatten().tolist()) for each in torch.cat([real, fake])}) > 590
    cuts = [(each == 0).flatten(1).sum(1).float() for each in (real, fake)]
    assert cuts[0].mean().item() == pytest.approx(cuts[1].mean().item(), rel=0.15)
    assert real.mean().item() == pytest.approx(fake.mean().item(), abs=0.06)
    assert real.std().item() == pytest.approx(fake.std().item(), rel=0.1)


def test_d_sees_nothing_unchanged_and_g_learns_through_the_change():
    gan = modern(view=DiffAugment(["cutout"], empty=9.0))
    seen = []
    gan.discriminator.register_forward_pre_hook(lambda layer, given: seen.append(given[0].detach()))
    next(train(gan, Batches(pictures(), 4), 1, step=fresh))
    assert len(seen) == 4 and all((each == 9).flatten(1).any(1).all() for each in seen)  # two losses, R1, R2
    assert max(weight.grad.abs().max().item() for weight in gan.generator.parameters()) > 0


def test_what_diff_augment_cannot_do_is_told():
    with pytest.raises(ValueError, match="one of colour, translation, cutout, got 'color'"):
        DiffAugment(["color"])
    with pytest.raises(ValueError, match="kinds must be a list"):
        DiffAugment("cutout")
    with pytest.raises(ValueError, match=r"pictures \(N, C, H, W\), got the shape \(4, 2\)"):
        DiffAugment()(torch.zeros(4, 2))
    assert torch.equal(DiffAugment([])(pictures()), pictures())
    one, other = modern(view=DiffAugment(["colour"])), modern(view=DiffAugment(["cutout"]))
    with pytest.raises(ValueError):
        other.load_state_dict(one.state_dict())


# ------------------------------------------------------------------ all together


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("kind", ["residual", "style"])
def test_all_pieces_train_together(kind, precision):
    G = ResidualGenerator(6, **SMALL) if kind == "residual" else StyleGenerator(6, 1, (8, 4), 8, 8, 2)
    D, before = ResidualDiscriminator(**SMALL), copy.deepcopy(G)
    gan = GAN(G, D, 6, **recipe(G, D, 6), view=DiffAugment(), precision=precision)
    for record in train(gan, Batches(pictures(), 8), 6, step=fresh):
        assert all(value.isfinite().all() for value in record.values.values())
        assert {"d_loss", "g_loss", "R1", "R2"} <= set(record.values)
    assert gan.step == 6 and gan.generate(gan.latents(3)).shape == (3, 1, 8, 8)
    assert any(not torch.equal(a, b) for a, b in zip(before.parameters(), G.parameters(), strict=True))


def test_it_learns_where_the_data_are():
    """Pictures of one brightness with a little noise: the mean is found, and not blown up, within 150 steps."""
    gan, data = modern(steps=150), 0.5 + 0.1 * torch.randn(256, 1, 8, 8)
    far = (gan.generate(gan.latents(200)) - 0.5).square().mean()
    for _ in train(gan, Batches(data, 32), 150, step=fresh):
        pass
    made = gan.generate(gan.latents(200))
    assert (made - 0.5).square().mean() < 0.3 * far and abs(made.mean().item() - 0.5) < 0.2


def test_it_goes_with_the_other_chapters_networks():
    G, D = ResidualGenerator(6, widths=(8, 4, 4), group=4), ConvDiscriminator(1, 4, 16)
    gan = GAN(nn.Sequential(G, nn.Tanh()), D, 6)
    next(train(gan, Batches(pictures(side=28), 4), 1, step=fresh))
    assert gan.generate(gan.latents(2)).abs().max() <= 1
