"""Chapter 18: few pictures, weights taken over, layers held still, ADA's p by its formula, copies found."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree
from scipy.stats import chisquare
from torch import nn

from gan_edu.core.data import Batches
from gan_edu.core.training import checkpoint
from gan_edu.core.training.networks import MLPGenerator, parameter_count
from gan_edu.losses import least_squares
from gan_edu.training_loop import GAN, adam, train
from gan_edu.transfer import (
    ADA,
    KINDS,
    ConvDiscriminator,
    copied,
    few,
    flipped,
    freeze,
    memorised,
    nearest,
    pair,
    transferred,
    turned,
)
from gan_edu.tricks import EMA, lazy, r1


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def pictures(count=32, side=28, seed=1):
    return torch.rand(count, 1, side, side, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def small(**options):
    """A GAN of small convolutional networks."""
    torch.manual_seed(0)
    G, D = pair(4, 2, 3)
    rates = {"g_optimizer": adam(G, 1e-2), "d_optimizer": adam(D, 1e-2)}
    return GAN(G, D, 4, **{**rates, **options})


def weights(network):
    return {name: weight.detach().clone() for name, weight in network.named_parameters()}


def trained(gan, steps=3, x=None, seed=0):
    for _ in train(gan, Batches(pictures() if x is None else x, 8, seed), steps):
        pass
    return gan


# ------------------------------------------------------------------ few pictures


def test_few_pictures_are_so_many_of_each_class_and_the_same_each_time():
    labels = torch.arange(400) % 10
    images = torch.arange(400)[:, None].float()
    x, y = few(images, labels, range(5, 10), 4, seed=3)
    assert y.bincount().tolist() == [0] * 5 + [4] * 5 and torch.equal(labels[x[:, 0].long()], y)
    assert len(x.unique()) == 20 and torch.equal(x, few(images, labels, [5, 6, 7, 8, 9], 4, seed=3)[0])
    assert not torch.equal(x, few(images, labels, range(5, 10), 4, seed=4)[0])
    more = few(images, labels, range(5, 10), 12, seed=3)[0]
    assert set(x.flatten().tolist()) <= set(more.flatten().tolist())
    assert few(images, labels, [0], 10, out_of=100)[0].max() < 100
    for classes, each, words in (
        ([3, 3], 1, "classes must be one or more, each once"),
        ([], 1, "classes must be one or more"),
        ([3], 41, "each is 41, and of class 3 of the classes there are 40 pictures"),
        ([11], 1, "of class 11 of the classes there are 0 pictures"),
    ):
        with pytest.raises(ValueError, match=words):
            few(images, labels, classes, each)
    with pytest.raises(ValueError, match=r"labels must be \(400,\)"):
        few(images, labels[:9], [1], 1)


def test_the_pair_is_as_small_as_it_says():
    G, D = pair()
    count = parameter_count(G) + parameter_count(D)
    assert count < 150_000 and f"{round(count, -3):,} weights" in pair.__doc__
    assert D(G(torch.randn(3, 24))).shape == (3, 1)


# ------------------------------------------------------------------ taken over, held still


def test_a_gan_begins_where_another_is_and_leaves_it_there():
    source = trained(small(loss=least_squares, after_step=[EMA(0.5)]))
    z, x = torch.randn(5, 4), pictures(5)
    before = weights(source.generator), weights(source.discriminator)
    gan = transferred(source, g_lr=3e-3, d_lr=2e-3, betas=(0.1, 0.2), seed=7, after_step=[EMA(0.9)])
    with torch.no_grad():
        assert torch.equal(gan.generator.eval()(z), source.generator.eval()(z))  # and not the average
        assert torch.equal(gan.discriminator(x), source.discriminator(x))
    assert not torch.equal(gan.generate(z), source.generate(z)) and gan.step == 0 and gan.seed == 7
    assert gan.loss is source.loss and not gan.g_optimizer.state and not gan.d_optimizer.state
    assert [each.param_groups[0]["lr"] for each in (gan.g_optimizer, gan.d_optimizer)] == [3e-3, 2e-3]
    assert gan.d_optimizer.param_groups[0]["betas"] == (0.1, 0.2)
    gan.generator.train()
    source.generator.train()
    trained(gan)
    for player, old in zip((source.generator, source.discriminator), before, strict=True):
        assert all(torch.equal(now, old[name]) for name, now in weights(player).items())
    for player, old in zip((gan.generator, gan.discriminator), before, strict=True):
        assert not any(torch.equal(now, old[name]) for name, now in weights(player).items())


@pytest.mark.parametrize("frozen", [0, 1, 2, 3])
@pytest.mark.parametrize("penalised", [False, True])
def test_frozen_layers_stay_to_the_last_bit_and_all_others_move(frozen, penalised):
    penalties = [lazy(r1(1.0), 2)] if penalised else []
    gan = transferred(small(), frozen, d_penalties=penalties, after_step=[EMA(0.9)])
    d, g = weights(gan.discriminator), weights(gan.generator)
    trained(gan, 4)
    still = {name for name, now in weights(gan.discriminator).items() if torch.equal(now, d[name])}
    names = ["layers.0", "layers.2", "layers.6"]  # in ConvDiscriminator: two convolutions, a linear layer, the logit
    assert {name.rpartition(".")[0] for name in still} == set(names[:frozen]) and len(still) == 2 * frozen
    assert not any(torch.equal(now, g[name]) for name, now in weights(gan.generator).items())
    assert len(gan.discriminator.layers) == 9


def test_what_is_not_frozen_takes_the_step_that_it_takes_without():
    source = small()
    one, other = (trained(transferred(source, frozen), 1) for frozen in (2, 0))  # D moves first, by the same gradient
    for name in ("layers.6.weight", "layers.8.weight"):
        assert torch.equal(weights(one.discriminator)[name], weights(other.discriminator)[name])
    assert not torch.equal(
        weights(one.discriminator)["layers.2.weight"], weights(other.discriminator)["layers.2.weight"]
    )


def test_norms_between_frozen_layers_stay_and_a_second_transfer_frees_all():
    D = freeze(ConvDiscriminator(width=2, hidden=3, norm="batch"), 2)
    assert [name for name, weight in D.named_parameters() if weight.requires_grad] == [
        *("layers.6.weight", "layers.6.bias", "layers.8.weight", "layers.8.bias")
    ]
    again = transferred(transferred(small(), 3))
    assert all(weight.requires_grad for weight in again.discriminator.parameters())


def test_what_cannot_be_taken_over_or_frozen_is_refused():
    with pytest.raises(ValueError, match="layers must be at most 3, as of 4 the last learns, got 4"):
        transferred(small(), 4)
    with pytest.raises(ValueError, match="has no discriminator"):
        transferred(GAN(MLPGenerator(2, (1, 4, 4), (4,)), None, 2))
    with pytest.raises(TypeError, match="source must be a"):
        transferred(nn.Linear(1, 1))


# ------------------------------------------------------------------ ADA


class Knows(nn.Module):
    """D that is sure, by ±1, whether a picture's mean is above a number."""

    def __init__(self, above=0.0):
        super().__init__()
        self.above, self.scale = above, nn.Parameter(torch.ones(()))

    def forward(self, x):
        return self.scale * (x.flatten(1).mean(1, keepdim=True) - self.above).sign()


def at_step(ada, D, steps, kinds=()):
    """p after each of so many steps in which D has not moved."""
    gan = GAN(MLPGenerator(2, (1, 4, 4), (4,)), D, 2, view=ada)
    found = []
    for step in range(1, steps + 1):
        gan.step = step
        ada.after_step(gan)
        found.append(ada.p)
    return found


def by_the_papers_code(signs, batch, interval, kimg, target=0.6):
    """p after each adjustment, as the authors' code has it, from E sign D(real) of each interval."""
    p, found = 0.0, []
    for sign in signs:
        p = max(p + np.sign(sign - target) * (batch * interval) / (kimg * 1000), 0)
        found.append(p)
    return found


def test_p_goes_by_the_papers_formula():
    bright = torch.ones(8, 1, 4, 4)
    ada = ADA(bright, rise=40, every=4, kinds=["flip"], most=1.0)
    ps = at_step(ada, Knows(), 20)
    expected = by_the_papers_code([1.0] * 5, batch=50, interval=4, kimg=2)  # 2,000 pictures are 40 batches of 50
    assert ps[3::4] == pytest.approx(expected) and expected == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert ps[:3] == [0, 0, 0] and ps[4:7] == ps[3:6] and ada.sign == 1
    ada = ADA(bright, rise=8, every=4, kinds=["flip"])
    assert at_step(ada, Knows(), 12) == [0, 0, 0, *[0.5] * 4, *[0.8] * 5]  # no farther than most
    ada = ADA(bright, rise=8, every=4, kinds=["flip"])
    ada.p = 0.8
    falling = at_step(ada, Knows(above=2.0), 8)  # D says that all are fakes
    assert falling[3] == pytest.approx(0.3) and falling[7] == 0 and ada.sign == -1


@pytest.mark.parametrize("target, rises", [(0.4, True), (0.6, False)])
def test_r_is_the_mean_sign_of_ds_logits_of_real_pictures(target, rises):
    signs = torch.tensor([1.0, 1, 1, -1])[:, None, None, None].expand(4, 1, 4, 4)  # E sign D = ½
    ada = ADA(signs, target, rise=10, every=1, count=4000, most=1.0)
    assert at_step(ada, Knows(), 1) == [0.1 if rises else 0.0]
    assert ada.sign == pytest.approx(0.5, abs=0.06)


def test_at_p_0_it_is_the_identity_and_at_p_1_each_picture_is_changed():
    x = pictures(64, 8)
    ada = ADA(x, kinds=tuple(KINDS), most=1.0)
    assert torch.equal(ada(x), x)
    ada.p = 1.0
    assert (ada(x) != x).flatten(1).any(1).all()
    ada.p, ada.kinds = 0.3, ("colour",)
    changed = torch.stack([(ada(x) != x).flatten(1).any(1) for _ in range(60)]).float().mean().item()
    assert changed == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / 3840))


@pytest.mark.parametrize("kind, forms", [("turn", 4), ("flip", 2)])
def test_changes_leak_nothing_for_p_below_1_and_all_at_1(kind, forms):
    """Four turns of one picture, or its two mirror images: T_p is a matrix on their probabilities, with a way back."""
    first = torch.arange(4.0).view(1, 2, 2)
    ways = [first.rot90(k, (1, 2)) if kind == "turn" else (first, first.flip(2))[k] for k in range(forms)]
    ada = ADA(first[None], kinds=[kind], most=1.0)
    for p in (0.6, 1.0):
        ada.p = p
        told = (1 - p) * np.eye(forms) + p / forms  # P(form j | form i)
        for i, form in enumerate(ways):
            made = ada(form.expand(4000, 1, 2, 2))
            counts = [int((made == each).flatten(1).all(1).sum()) for each in ways]
            assert sum(counts) == 4000 and chisquare(counts, 4000 * told[i]).pvalue > 1e-4
        assert np.linalg.matrix_rank(told) == (forms if p < 1 else 1)
        assert np.linalg.eigvalsh(told) == pytest.approx([1 - p] * (forms - 1) + [1])
    always, evenly = np.eye(forms)[0], np.full(forms, 1 / forms)
    assert np.allclose(always @ told, evenly @ told)  # at p = 1 D cannot tell G's turned pictures from upright data


def test_shifts_have_a_way_back_up_to_most_too():
    """A lit pixel, moved by ±4 of 28 with probability p: on a line without ends that is a convolution."""
    x = torch.full((1, 1, 28, 28), -1.0)
    x[0, 0, 14, 14] = 1.0
    ada = ADA(x, kinds=["translation"], empty=-1)
    ada.p = 0.8
    made = ada(x.expand(6000, 1, 28, 28))
    columns = (made == 1).any(2).double().mean((0, 1))  # where it is now
    assert (columns > 0).nonzero().flatten().tolist() == [*range(10, 19)]
    assert columns[14].item() == pytest.approx(0.2 + 0.8 / 9, abs=0.025)
    waves = np.cos(np.outer(np.linspace(0, np.pi, 1000), np.arange(-4, 5))).mean(1)
    assert (0.2 + 0.8 * waves).min() > 0 > (0.15 + 0.85 * waves).min()


def test_turns_and_flips_are_what_they_say():
    x = pictures(200, 6)
    made = turned(x, 0.0)
    ways = torch.stack([torch.rot90(x, k, (2, 3)) for k in range(4)])
    which = (made == ways).flatten(2).all(2)
    assert (which.sum(0) == 1).all() and (which.sum(1) > 25).all()
    mirrored = (flipped(x, 0.0) == x.flip(3)).flatten(1).all(1)
    assert torch.equal(flipped(x[:0], 0.0), x[:0]) and 60 < mirrored.sum() < 140
    with pytest.raises(ValueError, match="must be square"):
        turned(x[:, :, :3], 0.0)


def test_a_run_with_ada_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(tmp_path):
    def fresh():
        x = pictures(12)
        return small(view=ADA(x, target=-1.0, rise=20, every=2, count=4)), Batches(x, 8)

    gan, batches = fresh()
    for _ in train(gan, batches, 6):
        pass
    assert gan.view.p == pytest.approx(0.3)
    checkpoint.save(tmp_path / "run.ckpt", gan=gan, batches=batches)
    other, others = fresh()
    checkpoint.load(tmp_path / "run.ckpt", gan=other, batches=others)
    assert other.view.p == gan.view.p and other.view.began == 0
    gan.view(pictures(3))  # who looks disturbs nothing
    for each, of in ((gan, batches), (other, others)):
        for _ in train(each, of, 5):
            pass
    assert gan.view.p == other.view.p == pytest.approx(0.5)
    for a, b in zip(gan.discriminator.parameters(), other.discriminator.parameters(), strict=True):
        assert torch.equal(a, b)
    with pytest.raises(ValueError, match=r"p must be a finite number from 0 to 1, got 1\.5"):
        gan.view.load_state_dict({"began": 0, "p": 1.5})
    with pytest.raises(ValueError, match="lacks p"):
        gan.view.load_state_dict({"began": 0})
    with pytest.raises(ValueError, match="belongs to another GAN"):
        small(view=gan.view)


def test_g_learns_through_ada_and_bad_input_is_told():
    x = pictures(8).requires_grad_(True)
    ada = ADA(x.detach(), most=1.0)
    ada.p = 0.9
    ada(x).square().sum().backward()
    assert (x.grad.flatten(1).abs().sum(1) > 0).all()
    with pytest.raises(ValueError, match="kinds, place 0 must be one of"):
        ADA(pictures(2), kinds=["blur"])
    with pytest.raises(ValueError, match="images must be pictures"):
        ADA(torch.zeros(3, 4))
    with pytest.raises(ValueError, match=r"ADA takes pictures \(N, C, H, W\), got the shape \(3, 4\)"):
        ada(torch.zeros(3, 4))


# ------------------------------------------------------------------ memory


def test_the_nearest_are_those_of_a_tree():
    a, b = pictures(30, 4, 2), pictures(50, 4, 3)
    distances, places = nearest(a, b)
    found, at = cKDTree(b.flatten(1).double().numpy()).query(a.flatten(1).double().numpy())
    assert np.allclose(distances, found) and places.tolist() == at.tolist()
    bytes_of = torch.tensor([[[[0, 255]]]], dtype=torch.uint8)
    assert nearest(bytes_of, torch.tensor([[[[-1.0, -1.0]]]]))[0].item() == 2
    with pytest.raises(ValueError, match="of one shape"):
        nearest(a, b[:, :, :2])


def test_copies_are_told_from_pictures_that_nobody_learned_from():
    learned, held, others = (pictures(count, 4, seed) for count, seed in ((100, 4), (1000, 5), (4000, 6)))
    assert copied(learned, learned, held).share == 1
    assert copied(held, learned, held, 0.05).share == pytest.approx(0.05, abs=0.001)
    assert copied(others, learned, held, 0.05).share == pytest.approx(0.05, abs=0.035)
    found = copied(learned[:7] + 0.01, learned, held)
    assert found.share == 1 and found.places.tolist() == [*range(7)]
    assert found.distances == pytest.approx([0.04] * 7, rel=1e-4) and found.within > 0.04  # √16 pixels · 0.01
    assert copied(torch.zeros(3, 1, 4, 4), learned, held).distances.shape == (3,)
    score = memorised(learned)
    assert score(held.double(), learned.double()) == 1 and score(held.double(), others.double()) == pytest.approx(
        0.5, abs=0.05
    )
