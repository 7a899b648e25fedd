"""Chapter 10: shapes, growing by hand, norms, conditions, AC-GAN's sum, InfoGAN's codes and step."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import chisquare, kstest
from torch import nn
from torch.nn.functional import cross_entropy, softplus

from gan_edu.convolutional import (
    GROWS,
    NORMS,
    Classifying,
    Coded,
    ConvDiscriminator,
    ConvGenerator,
    Labelled,
    LabelledD,
    PixelNorm,
    Player,
    Projection,
    Reading,
    ac_gan,
    checkerboard,
    growing,
    informed,
    normalising,
    overlap,
)
from gan_edu.core.data import Batches, mnist, scaled
from gan_edu.losses import non_saturating, relativistic
from gan_edu.training_loop import GAN, adam, train
from gan_edu.tricks import r1


def pictures(count=64, side=28, channels=1):
    return torch.rand(count, channels, side, side, generator=torch.Generator().manual_seed(0)) * 2 - 1


# ------------------------------------------------------------------ networks


@pytest.mark.parametrize("side", [28, 32])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("grow", GROWS)
@pytest.mark.parametrize("norm", NORMS)
def test_networks_make_and_judge_pictures(side, channels, grow, norm):
    G, D = ConvGenerator(8, channels, 4, side, grow, norm), ConvDiscriminator(channels, 4, 16, side, norm)
    x = G(torch.randn(5, 8))
    assert x.shape == (5, channels, side, side) and x.abs().max() <= 1 and D(x).shape == (5, 1)
    x.sum().backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in G.parameters())


@pytest.mark.parametrize("norm", NORMS)
def test_one_more_layer_before_the_maps(norm):
    plain, G = ConvGenerator(8, width=4, norm=norm), ConvGenerator(8, width=4, norm=norm, hidden=5)
    assert G(torch.randn(3, 8)).shape == (3, 1, 28, 28)
    assert [layer.in_features for layer in G.project if isinstance(layer, nn.Linear)] == [8, 5]
    assert [layer.in_features for layer in plain.project if isinstance(layer, nn.Linear)] == [8]
    assert [type(layer) for layer in G.project[3:]] == [type(layer) for layer in plain.project]


@pytest.mark.parametrize("wrong", [{"side": 30}, {"grow": "zoom"}, {"norm": "group"}, {"width": 0}, {"channels": 0}])
def test_what_cannot_be_is_told(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ConvGenerator(8, **wrong)


def test_each_way_to_grow_by_hand():
    x = torch.randn(1, 1, 3, 3, dtype=torch.float64)
    transposed = growing("transposed", 1, 1).double()
    kernel, by_hand = transposed.weight.detach()[0, 0], torch.zeros(8, 8, dtype=torch.float64)
    for i in range(3):
        for j in range(3):
            by_hand[2 * i : 2 * i + 4, 2 * j : 2 * j + 4] += x[0, 0, i, j] * kernel
    assert torch.allclose(transposed(x)[0, 0], by_hand[1:-1, 1:-1] + transposed.bias)
    resize = growing("resize", 1, 1).double()
    doubled = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.allclose(resize(x), resize[1](doubled))
    shuffle = growing("shuffle", 1, 1).double()
    maps, found = shuffle[0](x)[0], shuffle(x)[0, 0]
    for place, (down, right) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
        assert torch.allclose(found[down::2, right::2], maps[place])


def test_norms_by_hand():
    x = torch.randn(6, 4, 5, 5, dtype=torch.float64) * 3 + 1
    batch = normalising("batch", 4).double()(x)
    assert torch.allclose(batch.mean((0, 2, 3)), torch.zeros(4).double(), atol=1e-9)
    layer = normalising("layer", 4).double()(x)
    assert torch.allclose(layer.mean((1, 2, 3)), torch.zeros(6).double(), atol=1e-9)
    pixel = PixelNorm()(x)
    assert torch.allclose(pixel.square().mean(1), torch.ones(6, 5, 5).double(), atol=1e-6)
    assert torch.equal(normalising("none", 4)(x), x)
    one = torch.cat([x[:1], -x[1:]])  # whose output hangs together with the rest of its batch?
    changed = {
        name: not torch.allclose(normalising(name, 4).double()(x)[0], normalising(name, 4).double()(one)[0])
        for name in NORMS
    }
    assert changed == {"batch": True, "layer": False, "pixel": False, "none": False}


def penalised(norm):
    D = ConvDiscriminator(1, 4, 16, norm=norm)
    return GAN(ConvGenerator(8, 1, 4), D, 8, d_penalties=[r1(1.0)])


def test_a_penalty_refuses_batch_statistics_and_takes_the_others():
    for norm in NORMS:
        if norm == "batch":
            with pytest.raises(ValueError, match="batch statistics"):
                penalised(norm)
        else:
            next(train(penalised(norm), Batches(pictures(), 8), 1))


# ------------------------------------------------------------------ checkerboards


@pytest.mark.parametrize("n, k, s, p", [(5, 3, 2, 0), (5, 4, 2, 1), (4, 2, 2, 0), (3, 5, 3, 1), (1, 1, 1, 0)])
def test_overlap_counts_how_often_each_output_is_written(n, k, s, p):
    counted = [0] * ((n - 1) * s + k)
    for i in range(n):
        for j in range(k):
            counted[i * s + j] += 1
    assert overlap(n, k, s, p).tolist() == counted[p : len(counted) - p]


def test_overlap_without_an_output_is_told():
    with pytest.raises(ValueError, match="take less than 2"):
        overlap(1, 3, 2, 2)


def test_a_checkerboard_is_seen_and_noise_and_digits_have_none():
    noise, board = pictures(400), torch.ones(28, 28)
    board[::2] *= -1
    board[:, ::2] *= -1
    assert checkerboard(noise) == pytest.approx(1, abs=0.1)
    assert checkerboard(noise + 0.3 * board) > 3 and checkerboard(noise + 0.3 * board[:, :1]) > 3
    assert checkerboard(scaled(mnist(train=False)[0][:500])) < 1
    for wrong in (torch.zeros(3, 28, 28), torch.zeros(1, 1, 27, 28), torch.zeros(1, 1, 2, 2)):
        with pytest.raises(ValueError, match="even H and W"):
            checkerboard(wrong)


# ------------------------------------------------------------------ conditions


def conditional(name):
    torch.manual_seed(0)
    G = Labelled(ConvGenerator(16 + 10, width=4))
    D, loss = {
        "concatenated": (LabelledD(ConvDiscriminator(1 + 10, 4, 16)), non_saturating),
        "projection": (Projection(ConvDiscriminator(1, 4, 16)), non_saturating),
        "classifying": (Classifying(ConvDiscriminator(1, 4, 16)), ac_gan()),
    }[name]
    return GAN(G, D, 16, loss, adam(G, 1e-3), adam(D, 1e-3))


@pytest.mark.parametrize("name", ["concatenated", "projection", "classifying"])
def test_each_condition_goes_through_train_and_matters_to_both(name):
    gan, labels = conditional(name), torch.arange(64) % 10
    for record in train(gan, Batches(pictures(), 16, conditions=labels), 3):
        assert all(value.isfinite().all() for value in record.values.values())
    z, y = gan.latents(4), torch.tensor([0, 1, 2, 3])
    ours, others = gan.generate(z, y), gan.generate(z, y + 1)
    assert not torch.allclose(ours, others) and torch.equal(ours, gan.generate(z, nn.functional.one_hot(y, 10)))
    heads = [gan.discriminator(ours, each) for each in (y, y + 1)]
    told = 1 if name == "classifying" else None
    a, b = (head if told is None else head[told] for head in heads)
    assert not torch.allclose(a, b)
    if told:
        assert torch.equal(heads[0][0], heads[1][0])  # D itself is not told the label


def test_between_two_classes_lie_their_mixtures():
    gan = conditional("projection")
    z = gan.latents(1).repeat(3, 1)
    half = torch.zeros(3, 10)
    half[0, 2] = half[2, 7] = 1
    half[1, 2] = half[1, 7] = 0.5
    ends, found = gan.generate(z[:2], torch.tensor([2, 7])), gan.generate(z, half)
    assert torch.allclose(found[0], ends[0], atol=1e-6) and torch.allclose(found[2], ends[1], atol=1e-6)
    assert not torch.allclose(found[1], found[0], atol=1e-4) and not torch.allclose(found[1], found[2], atol=1e-4)


def test_projection_is_its_formula():
    D = Projection(ConvDiscriminator(1, 4, 16)).double()
    x, y = pictures(5).double(), torch.tensor([0, 3, 3, 9, 1])
    features = D.body(x)
    e = D.embedding.weight.T[y] + D.embedding.bias
    by_hand = features @ D.head.weight.T + D.head.bias + (e * features).sum(1, keepdim=True)
    assert torch.allclose(D(x, y), by_hand)


def test_ac_gan_is_its_formula():
    D, loss = Classifying(ConvDiscriminator(1, 4, 16)).double(), ac_gan(weight=0.7)
    x, fake, y = pictures(6).double(), pictures(6).flip(3).double() * 0.5, torch.tensor([0, 3, 3, 9, 1, 2])
    (real_logits, _), (fake_logits, _) = D(x, y), D(fake, y)
    wrong = [cross_entropy(D.classifier(D.body(each)), y) for each in (x, fake)]
    d = softplus(-real_logits).mean() + softplus(fake_logits).mean() + 0.7 * (wrong[0] + wrong[1])
    assert torch.allclose(loss.d(D(x, y), D(fake, y)), d)
    assert torch.allclose(loss.g(D(fake, y)), softplus(-fake_logits).mean() + 0.7 * wrong[1])
    with pytest.raises(ValueError, match="take non_saturating"):
        ac_gan(relativistic)


# ------------------------------------------------------------------ InfoGAN


def test_codes_are_fair_draws():
    G = Coded(ConvGenerator(16 + 10 + 2, width=4))
    z = torch.randn(20_000, 28, generator=torch.Generator().manual_seed(0))
    category, numbers = G.codes(z)
    assert chisquare(torch.bincount(category, minlength=10).numpy()).pvalue > 0.001
    for column in numbers.T:
        assert kstest(column.numpy(), "uniform", (-1, 2)).pvalue > 0.001
    assert abs(np.corrcoef(category, numbers[:, 0])[0, 1]) < 0.03


def test_only_codes_and_the_rest_reach_the_generator():
    G = Coded(ConvGenerator(16 + 10 + 2, width=4)).eval()
    z = torch.randn(4, 28, generator=torch.Generator().manual_seed(0))
    louder = z.clone()
    louder[:, -10:] = 3 * louder[:, -10:]  # the largest stays the largest
    assert torch.equal(G(z), G(louder))
    other = z.clone()
    other[:, -10:] = other[:, -10:].roll(1, 1)
    assert not torch.allclose(G(z), G(other))


def test_the_informed_step_lowers_what_is_unread_and_is_the_usual_one_without_weights():
    def made(weights):
        torch.manual_seed(0)
        G, D, Q = (
            Coded(ConvGenerator(6 + 10 + 2, width=4)),
            ConvDiscriminator(1, 4, 16),
            Reading(ConvDiscriminator(1, 4, 16)),
        )
        players = {"reader": Player(Q, adam(Q, 2e-3))}
        return GAN(G, D, 18, g_optimizer=adam(G, 2e-3), d_optimizer=adam(D, 2e-3), others=players), informed(*weights)

    gan, step = made((1.0, 0.1))
    unread = [float(record.values["unread"]) for record in train(gan, Batches(pictures(), 32), 120, step=step)]
    assert unread[0] == pytest.approx(
        math.log(10) + 0.1 * 2 / 3, rel=0.1
    )  # nothing is known: log 10, and Var U[−1, 1] each
    assert np.mean(unread[-10:]) < 0.75 * unread[0]
    (ours, step), (plain, _) = made((0.0, 0.0)), made((0.0, 0.0))
    for _ in train(ours, Batches(pictures(), 8), 3, step=step):
        pass
    for _ in train(plain, Batches(pictures(), 8), 3):
        pass
    for a, b in zip(ours.generator.parameters(), plain.generator.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-7)


def test_the_informed_step_wants_a_coded_generator():
    gan = GAN(ConvGenerator(8, width=4), ConvDiscriminator(1, 4, 16), 8)
    with pytest.raises(TypeError, match="Coded"):
        next(train(gan, Batches(pictures(), 8), 1, step=informed()))
