"""A D that names classes: its probabilities against a softmax of K + 1, its step by hand, and its rival's."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, softplus

from gan_edu.core.data.batches import Batches, Together
from gan_edu.core.training import checkpoint
from gan_edu.core.training.few_labels import NamesClasses, Noise, semi_supervised, supervised
from gan_edu.core.training.networks import mlp
from gan_edu.mode_collapse import feature_matching
from gan_edu.training_loop import GAN, train


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def data(count=24):
    """Points in three corners, and which."""
    y = torch.arange(count) % 3
    return torch.nn.functional.one_hot(y, 3).double() + 0.1 * torch.randn(count, 3, dtype=torch.float64), y


def game(**options):
    G, D = mlp((2, 8, 3)).double(), NamesClasses(mlp((3, 8, 6), slope=0.2), 6, 3).double()
    sgd = {"g_optimizer": torch.optim.SGD(G.parameters(), 0.1), "d_optimizer": torch.optim.SGD(D.parameters(), 0.1)}
    return GAN(G, D, 2, feature_matching, **{**sgd, **options})


def both(x, y, size=8):
    return Together(Batches(x, size, 1), Batches(x[:6], 6, 2, conditions=y[:6]))


def test_log_z_is_d_of_a_softmax_with_one_class_more():
    D = NamesClasses(mlp((3, 8, 6)), 6, 4)
    log_z, features, logits = D(x := torch.randn(50, 3))
    p = torch.cat([logits, torch.zeros(50, 1)], 1).softmax(1)  # fake is the last, at 0
    assert torch.allclose(log_z.sigmoid()[:, 0], 1 - p[:, -1], atol=1e-6)
    assert torch.allclose(logits.softmax(1), p[:, :-1] / p[:, :-1].sum(1, keepdim=True), atol=1e-6), "given real"
    assert torch.allclose(softplus(log_z)[:, 0], -p[:, -1].log(), atol=1e-5)
    assert features.shape == (50, 6) and log_z.shape == (50, 1)
    assert torch.equal(D.classifier(x), logits) and D.classifier[1] is D.head


@pytest.mark.parametrize("weight", [0.0, 1.0, 2.5])
def test_a_step_is_that_of_the_formula(weight):
    """One of SGD, by hand: E −log D(x) − E log(1 − D(G(z))) and the labels' cross-entropy; then G's."""
    x, y = data()
    gan = game()
    G, D = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    z = torch.randn(8, 2, generator=torch.Generator().manual_seed(gan.seed), dtype=torch.float64)
    real, (labelled, told) = next(both(x, y))
    fake = G(z)

    def p(given):  # of 4 classes, fake the last
        logits = D.head(D.body(given))
        return torch.cat([logits, logits.new_zeros(len(logits), 1)], 1).log_softmax(1)

    def d_of(given):
        return 1 - p(given)[:, 3].exp()

    named = (p(labelled)[range(6), told] - d_of(labelled).log()).mean()  # log P(y | x, not fake)
    loss = -d_of(real).log().mean() - (1 - d_of(fake.detach())).log().mean() - weight * named
    with torch.no_grad():
        for w, slope in zip(D.parameters(), torch.autograd.grad(loss, list(D.parameters())), strict=True):
            w -= 0.1 * slope
    apart = (D.body(real).mean(0) - D.body(fake).mean(0)).square().sum()
    with torch.no_grad():
        for w, slope in zip(G.parameters(), torch.autograd.grad(apart, list(G.parameters())), strict=True):
            w -= 0.1 * slope
    (record,) = train(gan, both(x, y), 1, step=semi_supervised(weight))
    assert float(record.values["labelled"]) == pytest.approx(-named.item())
    assert float(record.d_loss) == pytest.approx(loss.item() + weight * named.item())
    assert float(record.g_loss) == pytest.approx(apart.item())
    for mine, theirs in ((D, gan.discriminator), (G, gan.generator)):
        for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
            assert torch.allclose(a, b, atol=1e-10)


def test_few_labels_and_many_without_name_classes():
    """Three corners, one label of each: pictures without labels do the rest."""
    x, y = data(120)
    gan = game()
    for player in gan.players.values():
        player.optimizer.param_groups[0]["lr"] = 0.2
    batches = Together(Batches(x, 16, 1), Batches(x[:3], 3, 2, conditions=y[:3]))
    records = list(train(gan, batches, 150, step=semi_supervised()))
    assert float(records[-1].values["labelled"]) < 0.6 < 0.8 < float(records[0].values["labelled"])
    with torch.no_grad():
        named = gan.discriminator.classifier(x).argmax(1)
    assert (named == y).double().mean() > 0.95


def test_a_run_goes_on_from_a_checkpoint(tmp_path):
    x, y = data()

    def begun():
        torch.manual_seed(0)
        return game(d_steps=2), both(x, y)

    whole = [float(each.d_loss) for each in train(*begun(), 4, step=semi_supervised())]
    gan, batches = begun()
    first = [float(each.d_loss) for each in train(gan, batches, 2, step=semi_supervised())]
    checkpoint.save(tmp_path / "run.ckpt", gan=gan, batches=batches)
    assert gan.discriminator.head.weight.grad is not None and batches.parts[0].position == 32 % 24
    other, again = game(d_steps=2), both(x, y)
    checkpoint.load(tmp_path / "run.ckpt", gan=other, batches=again)
    then = [float(each.d_loss) for each in train(other, again, 2, step=semi_supervised())]
    assert first + then == whole


def test_the_view_is_put_on_all_that_d_sees():
    x, y = data()
    seen = []
    gan = game(view=lambda given: seen.append(len(given)) or given * 1.0)
    next(train(gan, both(x, y), 1, step=semi_supervised()))
    assert seen[:2] == [16, 6] and sum(seen[2:]) >= 8, "real and fake, those with labels, and G's turn"


def test_noise_is_there_while_it_trains():
    layer, x = Noise(0.5), torch.ones(4000, 5)
    seen = layer(x)
    assert seen.mean().item() == pytest.approx(1, abs=0.02) and seen.std().item() == pytest.approx(0.5, abs=0.02)
    assert torch.equal(layer.eval()(x), x) and torch.equal(Noise(0)(x), x)


def test_the_rival_learns_from_labels_alone():
    x, y = data()
    net = mlp((3, 8, 3)).double()
    before = copy.deepcopy(net)
    loss = cross_entropy(before(x), y)
    gan = GAN(net, None, 0, g_optimizer=torch.optim.SGD(net.parameters(), 0.1))
    (record,) = train(gan, Batches(x, len(x), conditions=y), 1, step=supervised)
    assert float(record.g_loss) == pytest.approx(loss.item())
    slopes = torch.autograd.grad(loss, list(before.parameters()))
    for a, slope, b in zip(before.parameters(), slopes, net.parameters(), strict=True):
        assert torch.allclose(a - 0.1 * slope, b, atol=1e-12)
    viewed = GAN(mlp((3, 8, 3)).double(), None, 0, view=lambda given: 0 * given)
    (blind,) = train(viewed, Batches(x, 8, conditions=y), 1, step=supervised)
    assert float(blind.g_loss) == pytest.approx(1.1, abs=0.3), "it sees nothing: about log 3"


def test_bad_input_is_told():
    x, y = data()
    with pytest.raises(ValueError, match="Together"):
        next(train(game(), Batches(x, 8), 1, step=semi_supervised()))
    for wrong in (Together(Batches(x, 8), Batches(x, 8)), Together(*(Batches(x, 8, conditions=y),) * 2)):
        with pytest.raises(ValueError, match="Together"):
            next(train(game(), wrong, 1, step=semi_supervised()))
    plain = mlp((3, 4, 1)).double()
    with pytest.raises(TypeError, match="NamesClasses"):
        next(train(GAN(mlp((2, 3)).double(), plain, 2), both(x, y), 1, step=semi_supervised()))
    with pytest.raises(ValueError, match="labels"):
        next(train(GAN(mlp((3, 3)).double(), None, 0), Batches(x, 8), 1, step=supervised))
    with pytest.raises(TypeError, match="body"):
        NamesClasses("a body", 3)
    for wrong in ({"features": 0}, {"features": 3, "classes": 1}):
        with pytest.raises(ValueError):
            NamesClasses(nn.Linear(3, 3), **wrong)
