"""Chapter 13: damages, the restorer and its discriminator, each part of the loss, scores of restored pictures."""

import copy
import hashlib
import io
import json
import math

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from scipy.stats import chisquare, kstest
from torch import nn

from gan_edu import restoration
from gan_edu.__main__ import main
from gan_edu.core.data import Batches
from gan_edu.core.data.damage import in_light
from gan_edu.core.measures.mnist_scores import feature_net
from gan_edu.core.measures.restored import psnr, sharpness, ssim
from gan_edu.restoration import (
    DARK,
    PatchDiscriminator,
    Redrawer,
    Restorer,
    blur,
    conditioned,
    hole,
    light,
    missed,
    mixed,
    noise,
    perceptual,
    rectangle,
    restorers,
    restoring,
    smaller,
    strokes,
)
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import r1


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def stream(seed=0):
    return torch.Generator().manual_seed(seed)


def pictures(count=6, height=28, width=28):
    return torch.rand(count, 1, height, width, generator=stream(1))


def awake(network):
    """The network with no weight at 0, so that its blocks do something."""
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.2 * torch.randn_like(weight))
    return network


# ------------------------------------------------------------------ damages


EACH = {"hole": hole(5), "strokes": strokes(2, 4), "noise": noise(0.3), "blur": blur(1.2), "smaller": smaller(2)}
EACH["mixed"] = mixed(EACH["hole"], EACH["noise"], EACH["smaller"])


@pytest.mark.parametrize("name", EACH)
def test_a_damage_is_a_function_of_pictures_and_stream(name):
    x, before, damage = pictures(), torch.get_rng_state(), EACH[name]
    kept = x.clone()
    (seen, known), again = damage(x, stream(3)), damage(x, stream(3))
    assert torch.equal(seen, again.seen) and torch.equal(known, again.known) and torch.equal(x, kept)
    assert seen.shape == known.shape == x.shape and seen.dtype == known.dtype == x.dtype
    assert seen.min() >= 0 and seen.max() <= 1 and set(known.unique().tolist()) <= {0, 1}
    assert torch.equal(seen * known, x * known), "what is known is as it was"
    assert torch.equal(before, torch.get_rng_state()), "nothing is drawn from torch's own stream"
    if name not in ("blur", "smaller"):
        assert not torch.equal(seen, damage(x, stream(4)).seen)
    double = damage(x.double(), stream(3))
    assert double.seen.dtype == double.known.dtype == torch.float64


@pytest.mark.parametrize("height, width, side", [(28, 28, 12), (6, 9, 6), (8, 8, 1)])
def test_a_hole_is_a_square_and_each_place_is_as_likely(height, width, side):
    x = pictures(2000, height, width)
    seen, known = hole(side)(x, stream())
    lost = known == 0
    assert (lost.sum((1, 2, 3)) == side**2).all() and not seen[lost].any()
    rows, columns = lost.any(3)[:, 0], lost.any(2)[:, 0]
    assert (rows.sum(1) == side).all() and (columns.sum(1) == side).all()
    for line, size in ((rows, height), (columns, width)):
        first = line.int().argmax(1)
        assert (line.int() * torch.arange(size)).amax(1).sub(first).eq(side - 1).all(), "its pixels are side by side"
        counts = torch.bincount(first, minlength=size - side + 1).numpy()
        assert len(counts) == size - side + 1 and (len(counts) == 1 or chisquare(counts).pvalue > 0.001)


def test_a_stroke_is_all_pixels_near_its_segment():
    """Against a search along each segment, whose ends are drawn anew from the same stream."""
    x, count, width = pictures(4, 10, 14), 2, 3.0
    _, known = strokes(count, width)(x, stream(5))
    ends = torch.rand(2, 2, count, 4, 1, 1, generator=stream(5)).double()
    ends = ends.squeeze(-1).squeeze(-1) * torch.tensor([9.0, 13.0]).view(2, 1, 1)
    t = torch.linspace(0, 1, 2001).double()
    for n in range(4):
        for row in range(10):
            for column in range(14):
                away = min(
                    ((1 - t) * ends[0, 0, k, n] + t * ends[1, 0, k, n] - row)
                    .hypot((1 - t) * ends[0, 1, k, n] + t * ends[1, 1, k, n] - column)
                    .min()
                    .item()
                    for k in range(count)
                )
                if abs(away - width / 2) > 0.01:
                    assert (known[n, 0, row, column] == 0) == (away < width / 2)


def test_noise_is_gaussian_and_cut():
    grey = torch.full((40, 1, 28, 28), 0.5)
    added = (noise(0.1)(grey, stream()).seen - grey).flatten()
    assert kstest(added.double().numpy() / 0.1, "norm").pvalue > 0.001
    assert torch.equal(noise(0)(grey, stream()).seen, grey)
    strong = noise(2)(grey, stream()).seen
    assert (strong == 0).float().mean() == pytest.approx(0.401, abs=0.01)  # Φ(−0.25)


@pytest.mark.parametrize("sigma", [0.7, 1.5, 3.0])
def test_blur_is_scipys(sigma):
    x = pictures(3).double()
    expected = [gaussian_filter(each.numpy(), sigma, mode="constant", radius=math.ceil(3 * sigma)) for each in x[:, 0]]
    assert np.allclose(blur(sigma)(x, stream()).seen[:, 0].numpy(), expected, atol=1e-12)


@pytest.mark.parametrize("factor", [2, 4])
def test_fewer_pixels_are_means_of_blocks(factor):
    x = pictures(2, 8, 12).double()
    seen, known = smaller(factor)(x, stream())
    for row in range(8):
        for column in range(12):
            top, left = row // factor * factor, column // factor * factor
            block = x[:, 0, top : top + factor, left : left + factor]
            assert torch.allclose(seen[:, 0, row, column], block.mean((1, 2)), atol=1e-15)
    assert not known.any() and torch.allclose(smaller(factor)(seen, stream()).seen, seen, atol=1e-15)


def test_mixed_damages_each_picture_with_one_of_them():
    x = 0.2 + 0.6 * pictures(600)
    seen, known = mixed(hole(5), noise(0), smaller(2))(x, stream())
    holes = known.any(3).any(2)[:, 0]
    small = (seen[:, :, ::2, ::2] == seen[:, :, 1::2, 1::2]).flatten(1).all(1)
    plain = (seen == x).flatten(1).all(1)
    assert (holes.int() + small.int() + plain.int() == 1).all()
    assert chisquare([holes.sum(), small.sum(), plain.sum()]).pvalue > 0.001
    assert (known[holes] == 0).sum((1, 2, 3)).eq(25).all()
    alone = mixed(smaller(4))(x, stream())
    assert torch.equal(alone.seen, smaller(4)(x, stream()).seen)


@pytest.mark.parametrize(
    "call, error, told",
    [
        (lambda: hole(0), ValueError, "side must be a whole number from 1"),
        (lambda: hole(29)(pictures(), stream()), ValueError, r"side 29 does not fit into pictures \(28, 28\)"),
        (lambda: strokes(0), ValueError, "count"),
        (lambda: strokes(1, 0), ValueError, "width must be a finite number > 0"),
        (lambda: noise(-0.1), ValueError, "sigma"),
        (lambda: blur(0), ValueError, "sigma"),
        (lambda: smaller(3), ValueError, "factor must be one of 2, 4, got 3"),
        (lambda: smaller(4)(pictures(2, 6, 6), stream()), ValueError, "must divide the sides"),
        (lambda: mixed(), ValueError, "one damage or more"),
        (lambda: mixed(hole)(pictures(), stream()), TypeError, "positional"),  # hole is what makes damages
        (lambda: mixed("hole"), TypeError, "each damage must be a function"),
        (lambda: hole(3)(pictures() * 2 - 1, stream()), ValueError, r"must lie in \[0, 1\].*\(x \+ 1\) / 2"),
        (lambda: hole(3)(pictures() * math.nan, stream()), ValueError, r"must lie in \[0, 1\], got nan"),
        (lambda: hole(3)(pictures()[0], stream()), ValueError, r"grey pictures \(N, 1, H, W\)"),
        (lambda: hole(3)(pictures().expand(-1, 3, -1, -1), stream()), ValueError, "grey pictures"),
        (lambda: hole(3)((pictures() * 255).byte(), stream()), TypeError, "float32"),
        (lambda: in_light("x", [1]), TypeError, "x must be a tensor"),
    ],
)
def test_what_cannot_be_is_told(call, error, told):
    with pytest.raises(error, match=told):
        call()


# ------------------------------------------------------------------ the players


def small(latent_dim=3):
    return awake(Restorer(latent_dim, 4, 5, 2).double())


def test_what_is_known_stays_and_the_rest_is_the_networks():
    x = pictures(5).double()
    seen, known = hole(9)(x, stream())
    G, z, condition = small(), torch.randn(5, 3).double(), torch.cat([seen, known], 1)
    made = G(z, condition)
    assert torch.equal(made[known == 1], x[known == 1]) and made.min() >= 0 and made.max() <= 1
    own = torch.sigmoid(G.body(condition, z) + DARK)
    assert torch.equal(made[known == 0], own[known == 0]) and not torch.allclose(made, x)
    assert not torch.allclose(made, G(z + 1, condition)), "another z is another answer"
    assert torch.allclose(made[:2], G(z[:2], condition[:2])), "each picture by itself"


def test_what_is_seen_of_unknown_pixels_is_not_in_the_answer():
    condition = torch.cat(noise(0.3)(pictures(3).double(), stream()), 1)
    G, z = small(), torch.randn(3, 3).double()
    assert torch.equal(G(z, condition), torch.sigmoid(G.body(condition, z) + DARK))


def test_without_latents_it_takes_the_condition_alone():
    G, condition = small(0), torch.cat(hole(9)(pictures(4).double(), stream()), 1)
    assert torch.equal(G(condition), G(condition))
    gan = GAN(G, None, 0)
    assert torch.equal(gan.generate(gan.latents(4), condition), G(condition))
    assert torch.equal(*G.answers(*condition.split(1, 1), 2).unbind(1))


def test_a_restorer_begins_dark():
    seen, known = noise(0.3)(pictures(8), stream())
    made = Restorer(8)(torch.randn(8, 8), torch.cat([seen, known], 1))
    assert made.mean().item() == pytest.approx(1 / (1 + math.exp(-DARK)), abs=0.06)


def test_each_unknown_pixel_may_depend_on_each_that_is_seen():
    G = small()
    condition = torch.cat(hole(9)(pictures(1).double(), stream()), 1).requires_grad_()
    row, column = (condition[0, 1] == 0).nonzero()[0].tolist()
    (slope,) = torch.autograd.grad(G(torch.randn(1, 3).double(), condition)[0, 0, row, column], condition)
    assert (slope[0, 0] != 0).float().mean() > 0.99 and (slope[0, 1] != 0).float().mean() > 0.99


def test_answers_are_drawn_from_their_seed_and_disturb_nothing():
    G, (seen, known) = Restorer(3, 4, 5, 2).train(), hole(9)(pictures(7), stream())
    awake(G)
    before = torch.get_rng_state()
    made = G.answers(seen, known, 3, seed=4)
    assert made.shape == (7, 3, 1, 28, 28) and torch.equal(made, G.answers(seen, known, 3, seed=4))
    assert not torch.equal(made, G.answers(seen, known, 3, seed=5)) and not torch.equal(made[:, 0], made[:, 1])
    assert torch.equal(before, torch.get_rng_state()) and G.training and not made.requires_grad
    draws = stream(4)
    z = [torch.empty(7, 3).normal_(generator=draws) for _ in range(3)]
    with torch.no_grad():
        assert torch.allclose(made[:, 1], G(z[1], torch.cat([seen, known], 1)), atol=1e-6)
    assert torch.equal(G.answers(seen.double(), known.double(), 3, seed=4), made)
    with pytest.raises(ValueError, match=r"seen and known must both be \(N, 1, 28, 28\)"):
        G.answers(seen, known[:3])
    with pytest.raises(ValueError, match="both be"):
        conditioned(pictures(2, 8, 8), pictures(2, 8, 8))
    with pytest.raises(ValueError, match="seen must lie in"):
        G.answers(seen - 1, known)


def test_a_logit_of_a_patch_sees_its_patch_and_nothing_else():
    D, x = PatchDiscriminator(3).double(), torch.rand(1, 1, 28, 28).double().requires_grad_()
    condition = torch.rand(1, 2, 28, 28).double().requires_grad_()
    logits = D(x, condition)
    assert logits.shape == (1, 1, 7, 7)
    for row, column in ((3, 3), (0, 6)):
        slopes = torch.autograd.grad(logits[0, 0, row, column], (x, condition), retain_graph=True)
        for slope in slopes:
            reached = (slope != 0).any(1)[0].nonzero()
            for at, place in enumerate((row, column)):
                first, last = max(0, 4 * place - 7), min(27, 4 * place + 10)  # 18 pixels, those in the picture
                assert reached[:, at].min() == first and reached[:, at].max() == last


def test_a_discriminator_without_a_condition_sees_the_picture_alone():
    D, x = PatchDiscriminator(3, 0), torch.rand(2, 1, 28, 28)
    assert D(x).shape == (2, 1, 7, 7) and D.layers[0].in_channels == 1


def test_a_redrawer_begins_near_its_picture():
    x = 2 * light(digits(4)) - 1
    made = Redrawer()(x)
    assert made.shape == x.shape and made.abs().max() <= 1
    assert (made - torch.tanh(2 * x)).abs().mean() < 0.1


# ------------------------------------------------------------------ the loss


def test_distances_are_means_over_unknown_pixels():
    made, true = torch.rand(2, 3, 1, 4, 4).double().unbind(0)
    known = (torch.rand(3, 1, 4, 4) < 0.4).double()
    at = known == 0
    p, y = made[at].numpy(), true[at].numpy()
    expected = {
        "bce": -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(),
        "l1": np.abs(p - y).mean(),
        "l2": ((p - y) ** 2).mean(),
    }
    for name, value in expected.items():
        assert missed(name, made[None], true, known)[0].item() == pytest.approx(value, rel=1e-12)
    assert missed("l2", made[None], true, torch.ones_like(known))[0] == 0


def test_of_several_answers_the_nearest_pays():
    made, true = torch.rand(5, 3, 1, 4, 4).double(), torch.rand(3, 1, 4, 4).double()
    known = (torch.rand(3, 1, 4, 4) < 0.4).double()
    found, nearest = missed("l1", made, true, known)
    total = 0.0
    for n in range(3):
        costs = [(made[k, n] - true[n]).abs()[known[n] == 0].sum().item() for k in range(5)]
        total += min(costs)
        assert torch.equal(nearest[n], made[costs.index(min(costs)), n])
    assert found.item() == pytest.approx(total / (known == 0).sum().item(), rel=1e-12)


def test_two_truths_are_covered_where_only_the_nearest_answer_pays():
    """Half of the squares are wide, half are tall, and all is lost: one answer is their mean, two may be both."""
    apart = []
    for count in (1, 4):
        gan, batches = restorer_gan(0, 3), Batches(digits(), 8)
        for _ in train(gan, batches, 80, step=restoring(rectangle(0, 0, 28, 28), distance="l2", answers=count)):
            pass
        seen = torch.zeros(4, 1, 28, 28)
        apart.append(gan.generator.answers(seen, seen, 8).var(1).mean().item())
    both = digits()[:2].div(2).var(0, unbiased=False).mean().item()  # where one answer in two is wide
    assert apart[0] < 0.03 * both < 0.2 * both < apart[1] < 1.5 * both, apart


@pytest.mark.parametrize("name, best", [("bce", "mean"), ("l2", "mean"), ("l1", "median")])
def test_what_each_distance_asks_for(name, best):
    """The constant that costs least over several true values: their mean, or their median."""
    true = torch.tensor([0.1, 0.2, 0.9]).double().view(3, 1, 1, 1)
    grid = torch.linspace(0.01, 0.99, 981).double()
    unknown = torch.zeros(3, 1, 1, 1).double()
    costs = torch.stack([missed(name, c.expand(1, 3, 1, 1, 1), true, unknown)[0] for c in grid])
    assert grid[costs.argmin()].item() == pytest.approx(true.mean().item() if best == "mean" else 0.2, abs=1e-3)


def test_the_perceptual_loss_is_a_distance_of_frozen_maps():
    x, made = pictures(3), pictures(3).flip(0).requires_grad_()
    net = feature_net()
    maps = [x * 2 - 1, made.detach() * 2 - 1]
    for layer in list(net.body)[:8]:
        maps = [layer(each) for each in maps]
    assert maps[0].shape == (3, 64, 7, 7)
    loss = perceptual(made, x)
    assert loss.item() == pytest.approx((maps[0] - maps[1]).square().mean().item(), rel=1e-5)
    loss.backward()
    assert made.grad.abs().sum() > 0 and not any(weight.requires_grad for weight in net.parameters())
    assert perceptual(x, x) == 0 and not net.training


def restorer_gan(adversarial=0.5, latent_dim=3, **options):
    torch.manual_seed(0)
    G, D = small(latent_dim).float(), PatchDiscriminator(3)
    return GAN(G, D if adversarial else None, latent_dim, g_optimizer=adam(G, 1e-2), **options)


def digits(count=32):
    """Bright squares of two sizes, in [−1, 1]."""
    x = torch.full((count, 1, 28, 28), -1.0)
    x[::2, :, 8:20, 8:20] = 1
    x[1::2, :, 4:24, 10:18] = 1
    return x


def test_the_step_is_its_formula():
    """Each player's gradient against the losses written out, with the same draws."""
    gan, batches = restorer_gan(d_penalties=[r1(0.3)]), Batches(digits(), 4)
    twin = copy.deepcopy(gan)
    x = light(next(copy.deepcopy(batches)))
    seen, known = hole(9)(x, twin.noise_stream)
    z, condition = torch.empty(4, 3).normal_(generator=twin.noise_stream), torch.cat([seen, known], 1)
    fake = twin.generator(z, condition)
    slope_at = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(twin.discriminator(slope_at, condition).sum(), slope_at, create_graph=True)
    d_loss = (
        nn.functional.softplus(-twin.discriminator(x, condition)).mean()
        + nn.functional.softplus(twin.discriminator(fake.detach(), condition)).mean()
        + 0.3 / 2 * slope.square().sum((1, 2, 3)).mean()
    )
    record = restoring(hole(9), 0.5, 0.2, "l2")(gan, batches)
    twin.d_optimizer.zero_grad()
    d_loss.backward()
    twin.d_optimizer.step()
    for a, b in zip(gan.discriminator.parameters(), twin.discriminator.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-6)
    parts = {
        "distance": (fake - x).square()[known == 0].mean(),
        "perceptual": perceptual(fake, x),
        "adversarial": nn.functional.softplus(-twin.discriminator(fake, condition)).mean(),
    }
    g_loss = parts["distance"] + 0.2 * parts["perceptual"] + 0.5 * parts["adversarial"]
    for name, value in {**parts, "g_loss": g_loss, "d_loss": d_loss}.items():
        assert record.values[name].item() == pytest.approx(value.item(), rel=1e-4), name
    twin.g_optimizer.zero_grad()
    g_loss.backward()
    for a, b in zip(gan.generator.parameters(), twin.generator.parameters(), strict=True):
        assert torch.allclose(a.grad, b.grad, rtol=1e-3, atol=1e-6)
    assert record.values["real_logits"].shape == (4, 1, 7, 7) and "R1" in record.values


def test_without_an_adversarial_loss_no_discriminator_is_needed():
    for latent_dim in (0, 3):
        gan, batches = restorer_gan(0, latent_dim), Batches(digits(), 8)
        losses = [record.values["g_loss"].item() for record in train(gan, batches, 60, step=restoring(hole(9)))]
        assert sum(losses[-10:]) < 0.5 * sum(losses[:10])
    assert set(restoring(hole(9))(gan, batches).values) == {"g_loss", "distance"}
    with pytest.raises(ValueError, match="adversarial is 0.1 and the GAN has no discriminator"):
        restoring(hole(9), 0.1)(gan, batches)


def test_a_discriminator_that_is_there_learns_only_where_it_is_asked():
    gan, batches = restorer_gan(), Batches(digits(), 4)
    before = copy.deepcopy(gan.discriminator.state_dict())
    restoring(hole(9))(gan, batches)
    assert all(torch.equal(value, before[name]) for name, value in gan.discriminator.state_dict().items())
    restoring(hole(9), 0.1)(gan, batches)
    assert not all(torch.equal(value, before[name]) for name, value in gan.discriminator.state_dict().items())


def test_a_resumed_run_is_the_same_run():
    damage = mixed(hole(9), strokes(), noise(), smaller(4))
    step = restoring(damage, 0.3, 0.1)

    def made():
        return restorer_gan(), Batches(digits(), 4, seed=3)

    gan, batches = made()
    for _ in train(gan, batches, 6, step=step):
        gan.generate(gan.latents(2), torch.rand(2, 2, 28, 28))  # who looks disturbs nothing
    begun, first = made()
    for _ in train(begun, first, 3, step=step):
        pass
    resumed, rest = made()
    resumed.load_state_dict(copy.deepcopy(begun.state_dict()))
    rest.load_state_dict(first.state_dict())
    for _ in train(resumed, rest, 3, step=step):
        pass
    for name in gan.players:
        ours, theirs = (each.players[name].network.parameters() for each in (gan, resumed))
        assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize(
    "options, error, told",
    [
        ({"adversarial": -1}, ValueError, "adversarial"),
        ({"perceptual": math.nan}, ValueError, "perceptual"),
        ({"distance": "ssim"}, ValueError, "distance must be one of bce, l1, l2"),
        ({"damage": "hole"}, TypeError, "damage must be a function"),
    ],
)
def test_what_a_step_cannot_be_is_told(options, error, told):
    with pytest.raises(error, match=told):
        restoring(**{"damage": hole(3), **options})


def test_several_answers_need_latents():
    gan, batches = restorer_gan(0, 0), Batches(digits(), 4)
    with pytest.raises(ValueError, match="2 answers without latents are all alike"):
        restoring(hole(9), answers=2)(gan, batches)


# ------------------------------------------------------------------ scores


def test_psnr_is_its_formula_and_torchmetrics():
    from torchmetrics.functional.image import peak_signal_noise_ratio

    x, y = pictures(4), pictures(4).flip(0)
    expected = peak_signal_noise_ratio(y, x, data_range=1.0).item()
    assert psnr(y, x) == pytest.approx(expected, rel=1e-5)
    assert psnr(x, x) == math.inf and psnr(0.1 + 0.8 * x, 0.8 * x) == pytest.approx(20, abs=1e-4)
    known = torch.ones_like(x)
    known[:, :, 3:7, 2:9] = 0
    wrong = (x - y)[:, :, 3:7, 2:9].double().square().mean().item()
    assert psnr(y, x, known) == pytest.approx(-10 * math.log10(wrong), rel=1e-6)
    with pytest.raises(ValueError, match="no pixel counts"):
        psnr(y, x, torch.ones_like(x))
    with pytest.raises(ValueError, match="as many of the same size"):
        psnr(y, x[:2])
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\]"):
        psnr(2 * y - 1, x)


def test_ssim_is_its_formula():
    """Wang et al. 2004, equation 13, by scipy's Gaussian windows; at the edges the pictures go on as in a mirror."""
    x, y = (each.double() for each in (pictures(2), (pictures(2) + pictures(2).flip(0)) / 2))

    def mean(z):
        return gaussian_filter(z, 1.5, radius=5, mode="mirror")

    for one, other in zip(x, y, strict=True):
        a, b = one[0].numpy(), other[0].numpy()
        (m, n), c1, c2 = (mean(a), mean(b)), 0.01**2, 0.03**2
        variances = mean(a * a) - m * m + mean(b * b) - n * n
        index = (2 * m * n + c1) * (2 * (mean(a * b) - m * n) + c2) / ((m * m + n * n + c1) * (variances + c2))
        assert ssim(other[None], one[None]) == pytest.approx(index.mean(), rel=1e-6)
    assert ssim(x, x) == pytest.approx(1)


def test_sharpness_is_the_mean_slope_and_blur_takes_it():
    ramp = torch.linspace(0, 1, 28).expand(2, 1, 28, 28)
    assert sharpness(ramp) == pytest.approx(1 / 27) and sharpness(ramp.transpose(2, 3)) == pytest.approx(1 / 27)
    both = (torch.linspace(0, 0.5, 28) + torch.linspace(0, 0.5, 28)[:, None]).expand(1, 1, 28, 28)
    assert sharpness(both) == pytest.approx(math.sqrt(2) / 54, rel=1e-5)
    assert sharpness(torch.full((1, 1, 28, 28), 0.3)) == 0
    x = light(digits(2))
    blurred = [sharpness(blur(sigma)(x, stream()).seen) for sigma in (1, 2, 4)]
    assert sharpness(x) > blurred[0] > blurred[1] > blurred[2]
    assert sharpness(noise(0.3)(x, stream()).seen) > sharpness(x), "noise is sharp, too"


def test_light_is_the_way_from_minus_one_to_zero():
    assert light(torch.tensor([-1.0, 0.0, 1.0])).tolist() == [0, 0.5, 1]
    assert light(torch.tensor([-1.0000001, 1.0000001])).tolist() == [0, 1]


# ------------------------------------------------------------------ what ships


def test_the_shipped_networks_restore():
    found = restorers()
    assert list(found) == sorted(found) and 0 in found and len(found) >= 5
    for network in found.values():
        assert not network.training and not any(weight.requires_grad for weight in network.parameters())


def test_damaged_networks_are_told(tmp_path):
    torch.save({"0": Restorer(2, 4, 5, 2).half().state_dict()}, buffer := io.BytesIO())
    about = {
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "network": {"latent_dim": 2, "width": 4, "units": 5, "few": 2},
    }
    path = tmp_path / "nets.pt"
    path.write_bytes(buffer.getvalue())
    path.with_suffix(".json").write_text(json.dumps(about))
    assert list(restorers(source=path)) == [0.0]
    path.write_bytes(buffer.getvalue()[:-9])
    with pytest.raises(OSError, match="damaged.*benchmarks.restoration ship"):
        restorers(source=path)


# ------------------------------------------------------------------ one's own pictures


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two digits, one of them in a folder within, and something else; the calibration is of few digits."""
    from PIL import Image

    from gan_edu.core.data.datasets import mnist

    images, place = mnist(train=False)[0], tmp_path / "digits"
    (place / "more").mkdir(parents=True)
    for name, pixels in (("a.png", images[0, 0]), ("more/b.bmp", images[1, 0]), ("c.png", 255 - images[2, 0])):
        Image.fromarray(pixels.numpy()).save(place / name)
    usual = restoration.of_digits
    monkeypatch.setattr(restoration, "of_digits", lambda network, damage: usual(network, damage, 150))
    return place


def pixels(path):
    from PIL import Image

    return np.asarray(Image.open(path))


def test_files_are_restored_beside_and_stay_as_they_are(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    found = restoration.restore_files(folder, restoration.rectangle(10, 8, 6, 12), ruined=False, weight=0.0)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before
    into = folder.with_name("digits_restored")
    assert [each.path for each in found] == [into / name for name in ("a.png", "c.png", "more/b.bmp.png")]
    assert sorted(path for path in into.rglob("*.*")) == [each.path for each in found]
    for each in found:
        made, was = pixels(each.path), pixels(each.source)
        known = np.ones((28, 28), bool)
        known[8:20, 10:16] = False
        assert made.shape == (28, 28) and (made[known] == was[known]).all() and (made[~known] != was[~known]).any()
    assert [each.usual for each in found] == [True, False, True], "white ground is not what it has learned"
    with pytest.raises(FileExistsError, match="is there already, and nothing in it is written over"):
        restoration.restore_files(folder, restoration.noise())


def test_two_files_do_not_become_one(folder):
    (folder / "more" / "b.bmp.png").write_bytes((folder / "a.png").read_bytes())
    with pytest.raises(ValueError, match=r"two pictures would become '.*b.bmp.png'"):
        restoration.restore_files(folder, restoration.noise())
    assert not folder.with_name("digits_restored").exists()


def test_a_weight_is_one_that_a_network_has(folder):
    with pytest.raises(ValueError, match="weight must be one of 0, 0.03, 0.1, 0.3, 1, got 0.2"):
        restoration.restore_files(folder, restoration.noise(), weight=0.2)
    with pytest.raises(NotADirectoryError, match="is not a folder"):
        restoration.restore_files(folder / "none", restoration.noise())
    assert not folder.with_name("digits_restored").exists() and not folder.with_name("none_restored").exists()
    with pytest.raises(TypeError, match="folder must be a path"):
        restoration.restore_files(3, restoration.noise())
    with pytest.raises(TypeError, match="source must be a path"):
        restorers(source=3)


@pytest.mark.parametrize("factor", [2, 4])
def test_the_command_restores_what_it_was_told(factor, folder, monkeypatch):
    asked = []
    monkeypatch.setattr(restoration, "smaller", lambda by: asked.append(by) or hole(3))
    assert main(["restore", str(folder), "--factor", str(factor)]) == 0 and asked == [factor]


def test_the_command_restores_and_says_what_it_did_not_learn(folder, capsys):
    assert main(["restore", str(folder), "--factor", "4"]) == 0
    told = capsys.readouterr().out
    assert told.count("reads as") == 2 and "c.png: NOT what the network was trained on" in told and "1 of 3" in told
    assert main(["restore", str(folder), "--noise"]) == 1 and "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments, told",
    [
        ([], "one of the arguments --hole --noise --factor is required"),
        (["--noise", "--factor", "4"], "not allowed with"),
        (["--hole", "1,2,3"], "--hole takes four whole numbers X,Y,W,H, such as 8,8,12,12, got '1,2,3'"),
        (["--hole", "1,2,0,4"], "width must be a whole number"),
        (["--factor", "3"], "--factor must be 2 or 4"),
    ],
)
def test_the_command_refuses(arguments, told, folder, capsys):
    with pytest.raises(SystemExit):
        main(["restore", str(folder), *arguments])
    assert told in capsys.readouterr().err


def test_a_rectangle_is_where_it_is_told():
    x = 0.1 + 0.8 * pictures(3, 8, 10)
    seen, known = restoration.rectangle(2, 1, 3, 4)(x, stream())
    assert (known == 0).nonzero()[:, 2:].amin(0).tolist() == [1, 2] and (known == 0)[0].sum() == 12
    assert (known == 0).nonzero()[:, 2:].amax(0).tolist() == [4, 4] and torch.equal(seen, x * known)
    with pytest.raises(ValueError, match=r"3 × 4 pixels at \(8, 1\) does not lie within pictures of 10 × 8"):
        restoration.rectangle(8, 1, 3, 4)(x, stream())
