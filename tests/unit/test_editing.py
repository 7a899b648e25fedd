"""Chapter 13's editing: latents found again, directions that do what they say, and a cycle without pairs."""

import copy
import math
from itertools import repeat

import numpy as np
import pytest
import torch
from scipy.ndimage import rotate
from scipy.stats import kstest, linregress
from torch import nn

from gan_edu.core.data import Batches
from gan_edu.core.data.batches import Together
from gan_edu.core.measures.familiar import Familiar
from gan_edu.core.measures.strokes import direction, r_squared, slant, thickness
from gan_edu.core.training.cycle import cycling
from gan_edu.core.training.inversion import Latents, encoding, inverting
from gan_edu.core.training.networks import MLPGenerator, mlp
from gan_edu.losses import least_squares, relativistic
from gan_edu.training_loop import GAN, Player, adam, train
from gan_edu.tricks import r1


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


# ------------------------------------------------------------------ thickness and slant


def bar(width, length=16, side=28, tilt=0.0):
    """An upright stroke, tilted to the right by `tilt` pixels for each pixel up; its edges are soft where they cut a
    pixel."""
    fine = 16
    at = (np.arange(side * fine) + 0.5) / fine
    right, down = np.meshgrid(at, at)
    middle = side / 2
    inside = (np.abs(right - middle - tilt * (middle - down)) < width / 2) & (np.abs(down - middle) < length / 2)
    return torch.from_numpy(inside.reshape(side, fine, side, fine).mean((1, 3)))[None, None]


@pytest.mark.parametrize("width", [2, 3, 4.5, 6])
def test_thickness_is_that_of_a_long_bar(width):
    length = 20
    expected = 2 * width * length / (2 * (length + width))  # ink over edge, the short sides with it
    assert thickness(bar(width, length)).item() == pytest.approx(expected, rel=0.12)


def test_thickness_knows_order_and_no_direction():
    widths = [thickness(bar(width)).item() for width in np.linspace(2, 5, 9)]
    assert np.all(np.diff(widths) > 0)
    x = torch.rand(5, 1, 28, 28).double()
    for dims in ((2,), (3,), (2, 3)):
        assert torch.allclose(thickness(x), thickness(x.flip(dims)))
    assert torch.allclose(thickness(x), thickness(x.transpose(2, 3)))
    assert torch.allclose(thickness(x), thickness(0.5 * x)), "not how bright it is"
    assert thickness(torch.zeros(1, 1, 28, 28)).item() == 0
    turned = torch.from_numpy(np.clip(rotate(bar(3, 20)[0, 0].numpy(), 45, reshape=False, order=1), 0, 1))[None, None]
    assert thickness(turned).item() == pytest.approx(thickness(bar(3, 20)).item(), rel=0.1)


@pytest.mark.parametrize("tilt", [-0.5, 0, 0.2, 0.7])
def test_slant_is_the_tangent_and_numpys_moments(tilt):
    x = bar(3, 14, tilt=tilt)
    assert slant(x).item() == pytest.approx(tilt, abs=0.01)
    noisy = (x + 0.1 * torch.rand(1, 1, 28, 28).double()).clamp(0, 1)
    rows, columns = np.indices((28, 28))
    cov = np.cov(columns.ravel(), -rows.ravel(), aweights=noisy[0, 0].numpy().ravel(), ddof=0)
    assert slant(noisy).item() == pytest.approx(cov[0, 1] / cov[1, 1], rel=1e-9)
    assert slant(x.flip(3)).item() == pytest.approx(-tilt, abs=0.01)


def test_what_has_no_slant_has_none():
    row = torch.zeros(2, 1, 28, 28)
    row[1, :, 5, 3:20] = 1
    assert slant(row).tolist() == [0, 0]
    for measure in (thickness, slant):
        with pytest.raises(ValueError, match=r"\(x \+ 1\) / 2"):
            measure(row - 1)


# ------------------------------------------------------------------ directions


def test_a_direction_is_the_regressions():
    z = torch.randn(500, 4).double()
    values = 3 + z @ torch.tensor([1.0, -2.0, 0, 2.0]).double() + 0.5 * torch.randn(500).double()
    found = direction(z, values)
    known = np.c_[z.numpy(), np.ones(500)]
    w = np.linalg.lstsq(known, values.numpy(), rcond=None)[0]
    assert np.allclose(found.unit.numpy(), w[:4] / np.linalg.norm(w[:4]), atol=1e-6)
    assert found.slope == pytest.approx(np.linalg.norm(w[:4])) and found.slope == pytest.approx(3, abs=0.1)
    one = linregress(known @ w, values.numpy())
    assert found.r2 == pytest.approx(one.rvalue**2) and found.unit.norm().item() == pytest.approx(1)
    assert r_squared(values, values.mean().expand(500)) == pytest.approx(0) and r_squared(values, values) == 1


def test_a_direction_of_noise_explains_d_over_n():
    shares = [direction(torch.randn(100, 20), torch.randn(100)).r2 for _ in range(200)]
    assert sum(shares) / 200 == pytest.approx(20 / 99, abs=0.02)


@pytest.mark.parametrize(
    "z, values, told",
    [
        (torch.randn(5, 4), torch.randn(5), "N ≥ d \\+ 2"),
        (torch.randn(9, 2), torch.randn(8), "values"),
        (torch.randn(9, 2), torch.zeros(9), "all the same"),
    ],
)
def test_what_is_no_direction_is_told(z, values, told):
    with pytest.raises(ValueError, match=told):
        direction(z, values)


# ------------------------------------------------------------------ inversion


def generator(latent_dim=3):
    torch.manual_seed(1)
    return MLPGenerator(latent_dim, (1, 4, 4), (16,))


def test_a_search_finds_the_latents_of_its_own_pictures():
    G, z = generator(), torch.randn(6, 3, generator=torch.Generator().manual_seed(2))
    x, before = G(z).detach(), copy.deepcopy(G.state_dict())
    latents = Latents(G, 3, 6)
    search = GAN(latents, None, 0, g_optimizer=adam(latents, 0.1, (0.5, 0.9)))
    *_, last = train(search, repeat(x), 100, step=inverting())
    assert last.values["missed"] < 2e-4 and torch.equal(latents.made_by(latents.z), latents())
    assert all(torch.equal(value, before[name]) for name, value in G.state_dict().items())
    assert all(torch.equal(value, before[name]) for name, value in latents.made_by.state_dict().items())
    assert not latents.made_by.training and latents.training


def test_a_search_is_its_formula():
    G, x = generator(), torch.rand(4, 1, 4, 4)
    start = torch.randn(4, 3)
    latents = Latents(G, 3, 4, start=start)
    gan = GAN(latents, None, 0, g_optimizer=torch.optim.SGD(latents.parameters(), 0.5))
    record = inverting(0.2)(gan, repeat(x))
    z = start.clone().requires_grad_()
    missed, length = (G(z) - x).square().mean(), z.square().mean()
    (slope,) = torch.autograd.grad(missed + 0.2 * length, z)
    assert torch.allclose(latents.z, start - 0.5 * slope, atol=1e-6)
    assert record.values["missed"].item() == pytest.approx(missed.item())
    assert record.values["length"].item() == pytest.approx(length.item())


def test_latents_begin_where_they_are_told():
    G = generator()
    drawn = torch.randn(5, 3, generator=torch.Generator().manual_seed(4))
    assert torch.equal(Latents(G, 3, 5, seed=4).z, drawn)
    with pytest.raises(ValueError, match=r"start must be latents of the shape \(5, 3\), got \(4, 3\)"):
        Latents(G, 3, 5, start=drawn[:4])
    with pytest.raises(ValueError, match="count"):
        Latents(G, 3, 0)
    latents = Latents(G, 3, 5)
    with pytest.raises(ValueError, match="one z for each"):
        inverting()(GAN(latents, None, 0), repeat(torch.rand(4, 1, 4, 4)))
    with pytest.raises(TypeError, match="Latents"):
        inverting()(GAN(G, None, 3), repeat(torch.rand(4, 1, 4, 4)))


def encoded(weight=1.0, **options):
    G, E = generator(), nn.Sequential(nn.Flatten(), mlp([16, 16, 3]))
    return GAN(G, None, 3, others={"encoder": Player(E, adam(E, 1e-2))}, **options), encoding(weight)


def test_an_encoder_learns_and_g_does_not():
    gan, step = encoded()
    x = gan.generator(torch.randn(64, 3)).detach()
    before, losses = copy.deepcopy(gan.generator.state_dict()), []
    for record in train(gan, Batches(x, 32), 60, step=step):
        losses.append(record.values["g_loss"].item())
    assert losses[-1] < 0.6 * losses[0]
    assert all(torch.equal(value, before[name]) for name, value in gan.generator.state_dict().items())


def test_an_encoders_loss_is_its_formula():
    gan, step = encoded(0.7)
    x = torch.rand(8, 1, 4, 4)
    twin = copy.deepcopy(gan)
    E, G = twin.others["encoder"].network, twin.generator
    z = torch.empty(4, 3).normal_(generator=twin.noise_stream)
    first = next(Batches(x, 4))
    latents, missed = (E(G(z)) - z).square().mean(), (G(E(first)) - first).square().mean()
    record = step(gan, Batches(x, 4))
    for name, value in {"latents": latents, "missed": missed, "g_loss": latents + 0.7 * missed}.items():
        assert record.values[name].item() == pytest.approx(value.item(), rel=1e-5)
    gan, step = encoded(0)
    assert step(gan, Batches(x, 4)).values["missed"] == 0
    with pytest.raises(ValueError, match="there is no encoder"):
        step(GAN(generator(), None, 3), Batches(x, 4))
    gan.others["encoder"].network[1] = mlp([16, 2])
    with pytest.raises(ValueError, match=r"must give latents \(4, 3\), got \(4, 2\)"):
        step(gan, Batches(x, 4))


# ------------------------------------------------------------------ the cycle


def player(sizes, **options):
    network = mlp(sizes, **options)
    return Player(network, adam(network, 1e-3, (0.5, 0.9)))


def two_way(**options):
    torch.manual_seed(0)
    forth, d = player([2, 8, 2]), player([2, 8, 1], slope=0.2)
    others = {"back": player([2, 8, 2]), "back_discriminator": player([2, 8, 1], slope=0.2)}
    pieces = {"loss": least_squares, "g_optimizer": forth.optimizer, "d_optimizer": d.optimizer, "others": others}
    return GAN(forth.network, d.network, 0, **{**pieces, **options})


def clouds():
    stream = torch.Generator().manual_seed(3)
    x, y = torch.randn(2, 40, 2, generator=stream).unbind(0)
    return Together(Batches(x, 8), Batches(y + 2, 8, seed=1))


def test_a_cycle_is_its_formula():
    gan, batches = two_way(), clouds()
    twin, (x, y) = copy.deepcopy(gan), next(copy.deepcopy(batches))
    record = cycling(10, 5)(gan, batches)
    F, B = twin.generator, twin.others["back"].network
    D_y, D_x = twin.discriminator, twin.others["back_discriminator"].network
    d_losses = 0
    for D, real, fake, optimizer in (
        (D_y, y, F(x), twin.d_optimizer),
        (D_x, x, B(y), twin.others["back_discriminator"].optimizer),
    ):
        loss = gan.loss.d(D(real), D(fake.detach()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        d_losses += loss.item()
    verdict = gan.loss.g(D_y(F(x)), None) + gan.loss.g(D_x(B(y)), None)
    cycle = (B(F(x)) - x).abs().mean() + (F(B(y)) - y).abs().mean()
    identity = (F(y) - y).abs().mean() + (B(x) - x).abs().mean()
    loss = verdict + 10 * cycle + 5 * identity
    expected = {"adversarial": verdict, "cycle": cycle, "identity": identity, "g_loss": loss}
    for name, value in expected.items():
        assert record.values[name].item() == pytest.approx(value.item(), rel=1e-5), name
    assert record.values["d_loss"].item() == pytest.approx(d_losses, rel=1e-5)
    for network in (F, B):
        network.zero_grad()
    loss.backward()
    for ours, theirs in ((gan.generator, F), (gan.others["back"].network, B)):
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.allclose(a.grad, b.grad, rtol=1e-4, atol=1e-6)
    for ours, theirs in ((gan.discriminator, D_y), (gan.others["back_discriminator"].network, D_x)):
        assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))


def test_a_cycle_is_resumed_bit_for_bit():
    gan, batches = two_way(), clouds()
    for _ in train(gan, batches, 6, step=cycling()):
        pass
    begun, first, resumed, rest = two_way(), clouds(), two_way(), clouds()
    for _ in train(begun, first, 3, step=cycling()):
        pass
    resumed.load_state_dict(copy.deepcopy(begun.state_dict()))
    rest.load_state_dict(first.state_dict())
    for _ in train(resumed, rest, 3, step=cycling()):
        pass
    for name in gan.players:
        ours, theirs = (each.players[name].network.parameters() for each in (gan, resumed))
        assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))
    assert "identity" not in cycling()(gan, batches).values


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"others": {}}, "back and back_discriminator must be among others"),
        ({"loss": relativistic}, "needs no real logits"),
        ({"discriminator": None}, "needs a discriminator"),
        ({"d_penalties": [r1(1)]}, "no view and no penalties"),
        ({"view": torch.tanh}, "no view and no penalties"),
    ],
)
def test_what_cannot_cycle_is_told(wrong, told):
    gan = two_way(**{name: value for name, value in wrong.items() if name != "discriminator"})
    if "discriminator" in wrong:
        gan.discriminator = None
    with pytest.raises(ValueError, match=told):
        cycling()(gan, clouds())


def test_batches_of_one_kind_do_not_cycle():
    with pytest.raises(ValueError, match=r"batches \(x, y\)"):
        cycling()(two_way(), Batches(torch.randn(9, 2), 4))
    for wrong in ({"cycle": -1}, {"identity": math.inf}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            cycling(**wrong)


# ------------------------------------------------------------------ what is familiar


def crowd(count, seed, width=1.0):
    """Two classes of stretched clouds in eight dimensions."""
    stream = torch.Generator().manual_seed(seed)
    classes = torch.arange(count) % 2
    stretched = torch.randn(count, 8, generator=stream) * torch.linspace(0.5, 3, 8) * width
    return stretched + 6.0 * classes[:, None], classes


def test_distances_are_mahalanobis_and_rarities_are_even():
    features, classes = crowd(600, 0)
    known = Familiar(features, classes, crowd(500, 1)[0])
    fresh = crowd(300, 2)[0].double()
    means = torch.stack([features[classes == k].double().mean(0) for k in (0, 1)])
    away = features.double() - means[classes]
    inverse = np.linalg.inv(np.cov(away.numpy().T, ddof=0))
    expected = [min(math.sqrt((f - m) @ inverse @ (f - m)) for m in means.numpy()) for f in fresh.numpy()]
    assert np.allclose(known.distances(fresh).numpy(), expected, rtol=0.06)  # but for the ridge
    assert kstest(known.rarity(fresh).numpy(), "uniform").pvalue > 0.001
    assert (known.rarity(crowd(300, 3, width=4)[0]) < 0.01).float().mean() > 0.8


def test_what_cannot_be_known_is_told():
    features, classes = crowd(20, 0)
    for wrong in (
        (features, classes, features[:, :3]),
        (features, classes[:3], features),
        (features, classes, features[:0]),
    ):
        with pytest.raises(ValueError, match="belong together"):
            Familiar(*wrong)
    with pytest.raises(ValueError, match="needs 2 features or more, class 5 has 1"):
        Familiar(features, torch.tensor([5, *[0] * 19]), features)
    with pytest.raises(ValueError, match="finite"):
        Familiar(features * math.nan, classes, features)
