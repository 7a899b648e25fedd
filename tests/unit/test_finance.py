"""Chapter 17: a generator whose day knows the evening before, a critic of windows, a market and its way back, risk."""

import numpy as np
import pytest
import torch

from gan_edu import finance
from gan_edu.core.measures.stylised_facts import autocorrelation
from gan_edu.core.training.contract import Player
from gan_edu.finance import (
    Gaussianised,
    LookingBack,
    Market,
    Paths,
    WindowCritic,
    at_risk,
    risk_each_day,
    shuffled,
    simulated,
    wasserstein,
    wgan_gp,
)
from gan_edu.training_loop import GAN, adam, train


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def noise(*shape, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def returns(count=400, series=1):
    return 0.01 * noise(count, series).double()


def plain(series=1):
    return Gaussianised.scaled(returns(series=series))


SMALL = {"length": 8, "width": 4}


def depends(network, x):
    """Which columns of x (1, C, T) each of the last outputs depends on, (outputs, T)."""
    x = x.requires_grad_()
    rows = [torch.autograd.grad(each, x, retain_graph=True)[0].abs().sum((0, 1)) > 0 for each in network(x)[0, 0]]
    return torch.stack(rows)


def test_a_place_sees_reach_columns_and_none_after_it():
    network = LookingBack(2, 3, 4, 8)
    assert network(noise(5, 2, 17)).shape == (5, 3, 10)
    for k, row in enumerate(depends(network, noise(1, 2, 17))):
        assert row.nonzero()[:, 0].tolist() == list(range(k, k + 8))


def test_the_layer_is_the_sum_it_says():
    """Column by column, by hand."""
    network, x = LookingBack(1, 1, 2, 4).double(), noise(1, 1, 4).double()
    a, b = network.start.weight[:, :, 0], network.start.bias
    h = [a @ x[0, :, t] + b for t in range(4)]
    told = h[3]
    for k, layer in enumerate(network.layers):
        d, (w, c) = 2**k, (layer.weight, layer.bias)
        h = [h[t] + torch.tanh(w[:, :, 0] @ h[t - d] + w[:, :, 1] @ h[t] + c) for t in range(d, len(h))]
        told = told + h[-1]
    made = network.end.weight[:, :, 0] @ (told / 3) + network.end.bias
    assert torch.allclose(network(x)[0, :, 0], made)


def test_sigma_knows_the_evening_before_and_epsilon_its_day():
    G = Paths(reach=4, **SMALL)
    z = noise(1, G.latent_dim).requires_grad_()
    parts = G.parts(z)
    assert torch.allclose(parts.path, parts.scale * parts.shock + parts.mean) and (parts.scale > 0).all()
    for part, seen in ((parts.scale, range(3, 7)), (parts.mean, range(3, 7)), (parts.shock, [7])):
        slope = torch.autograd.grad(part[0, 0, 3], z, retain_graph=True)[0].view(G.noise, -1).abs().sum(0)
        assert slope.nonzero()[:, 0].tolist() == list(seen)  # of day 3, which is column 4 + 3


def test_given_a_past_the_first_day_knows_all_of_it_and_nothing_else():
    G = Paths(past=16, **SMALL)
    z, condition = noise(2, G.latent_dim).requires_grad_(), noise(2, 1, 16).requires_grad_()
    parts = G.parts(z, condition)
    assert parts.path.shape == (2, 1, 8) and G.latent_dim == 24
    to_z, to_past = torch.autograd.grad(parts.scale[0, 0, 0], (z, condition), retain_graph=True)
    assert (to_z == 0).all() and (to_past[0] != 0).all() and (to_past[1] == 0).all()
    to_z, to_past = torch.autograd.grad(parts.scale[0, 0, 5], (z, condition))
    assert to_z[0].view(3, 8).abs().sum(0).nonzero()[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert to_past[0, 0].nonzero()[:, 0].tolist() == list(range(5, 16))


def test_a_longer_path_goes_on_as_the_shorter_does():
    G, way = Paths(reach=4, **SMALL), plain()
    z = noise(1, G.noise, 4 + 30)
    whole, begun = (G(each.flatten(1)) for each in (z, z[..., :20]))
    assert torch.allclose(whole[..., :16], begun, atol=1e-6)
    made = simulated(G, way, 3, 50)
    assert made.shape == (3, 1, 50) and torch.equal(made, simulated(G, way, 3, 50)) and made.isfinite().all()
    assert not torch.equal(made, simulated(G, way, 3, 50, seed=1)) and not torch.equal(made[0], made[1])


def test_two_series_have_each_their_sigma():
    G, D = Paths(2, **SMALL), WindowCritic(2, 8, width=4)
    x = G(noise(5, G.latent_dim))
    assert x.shape == (5, 2, 8) and D(x).shape == (5, 1)
    assert simulated(G, plain(2), 2, 30).shape == (2, 2, 30)


def test_the_critic_is_shown_sizes():
    seen, blind = WindowCritic(length=32, width=4), WindowCritic(length=32, width=4, size=False)
    assert seen.layers[0].in_channels == 2 and blind.layers[0].in_channels == 1
    D = WindowCritic(length=16, past=16, width=4)
    x, past = noise(3, 1, 16), noise(3, 1, 16)
    assert WindowCritic(length=1, past=16, width=4)(x[..., :1], past).shape == (3, 1)
    assert D(x, past).shape == (3, 1) and not torch.allclose(D(x, past), D(x, -past))


@pytest.mark.parametrize("past", [0, 16])
def test_it_trains_on_the_contract_and_goes_on_where_it_stood(past):
    market = Market.of(returns())

    def begun():
        torch.manual_seed(0)
        G, D = Paths(past=past, reach=16, **SMALL), WindowCritic(length=8, past=past, width=4)
        pieces = {"d_steps": 2, "d_penalties": [wgan_gp(10.0)], "g_optimizer": adam(G, 1e-3, (0.0, 0.9))}
        return GAN(G, D, G.latent_dim, wasserstein, **pieces), market.batches(8, past, 16)

    gan, batches = begun()
    records = list(train(gan, batches, 4))
    assert all(record.d_loss.isfinite() for record in records)
    assert isinstance(gan.players["generator"], Player) and gan.step == 4
    again, others = begun()
    list(train(again, others, 2))
    third, rest = begun()
    third.load_state_dict(again.state_dict())
    rest.load_state_dict(others.state_dict())
    list(train(third, rest, 2))
    for one, other in zip(gan.generator.parameters(), third.generator.parameters(), strict=True):
        assert torch.equal(one, other)


def test_batches_are_the_market_s_windows():
    r = returns(60)
    market = Market.of(r)
    x = market.way(r)[:, 0].float()
    batch = next(market.batches(8, batch_size=4))
    starts = [(x.unfold(0, 8, 1) == row).all(1).nonzero().item() for row in batch[:, 0]]
    assert len(set(starts)) == 4
    samples, condition = next(market.batches(8, 16, 4))
    joined = torch.cat([condition, samples], 2)[:, 0]
    assert all((x.unfold(0, 24, 1) == row).all(1).any() for row in joined)
    assert Market.of(r, transform=False).way.delta == (0.0,)
    with pytest.raises(ValueError, match="transform must be True or False"):
        Market.of(r, transform="no")


def test_risk_of_each_day_is_that_of_many_draws():
    """The short way, one σ and many ε, beside the long one: the first day of whole simulated paths."""
    G, r = Paths(past=16, **SMALL), returns(60)
    way = Gaussianised.of(r.pow(3) * 1e4)
    risk = risk_each_day(G, way, r, 0.05, 20_000)
    assert risk.value.shape == risk.shortfall.shape == (44,)
    for day in (0, 43):
        condition = way(r)[day : day + 16].T[None].float().expand(20_000, -1, -1)
        with torch.no_grad():
            first = way.back(G(noise(20_000, G.latent_dim, seed=7), condition))[:, 0, 0]
        true = at_risk(first, 0.05)
        assert risk.value[day].item() == pytest.approx(true.value.item(), rel=0.08)
        assert risk.shortfall[day].item() == pytest.approx(true.shortfall.item(), rel=0.12)


def test_risk_knows_nothing_of_the_day_itself():
    G, r = Paths(past=16, **SMALL), returns(60)
    other = r.clone()
    other[40:] *= 5
    one, two = (risk_each_day(G, plain(), each, 0.05, 500).value for each in (r, other))
    assert torch.equal(one[: 40 - 16 + 1], two[: 40 - 16 + 1]) and not torch.equal(one, two)


def test_a_shuffle_keeps_the_histogram_and_loses_the_clusters():
    sizes = (1 + torch.arange(1000) // 100 % 2 * 3).double()
    r = sizes * noise(1000).double()
    mixed = shuffled(r)
    assert torch.equal(mixed.sort().values, r.sort().values)
    assert autocorrelation(r.abs()).mean() > 0.2 > 0.05 > autocorrelation(mixed.abs()).mean().abs()


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda: Paths(reach=100), "reach must be a power of 2, .* got 100"),
        (lambda: Paths(past=60), "past must be a power of 2, .* got 60"),
        (lambda: Paths(series=4, noise=3), "noise must be"),
        (lambda: Paths(past=16, **SMALL)(noise(2, 24)), r"a condition \(N, 1, 16\), got None"),
        (lambda: Paths(past=16, **SMALL)(noise(2, 24), noise(2, 1, 8)), r"got \(2, 1, 8\)"),
        (lambda: simulated(Paths(past=16, **SMALL), plain(), 1, 9), "take one without a past"),
        (lambda: risk_each_day(Paths(**SMALL), plain(), returns()), "take one with a past"),
        (lambda: risk_each_day(Paths(past=16, **SMALL), plain(2), returns(series=2)), "risk is told of one series"),
        (lambda: WindowCritic(length=4), "length must be"),
        (lambda: Market.of(torch.zeros(100)), "always 0"),
    ],
)
def test_what_is_refused(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_networks_that_come_with_the_course_cluster():
    """Those of a past say a risk each day that is their own; the others make paths whose sizes remember."""
    networks = finance.markets()
    assert {"paths", "paths_plain", "risk", "risk_plain", "pair_plain"} == set(networks)
    for G, way in networks.values():
        if G.past:
            risk = risk_each_day(G, way, returns(), 0.05, 1000)
            assert risk.value.isfinite().all() and (risk.shortfall >= risk.value).all() and risk.value.std() > 0
            continue
        paths = simulated(G, way, 10, 1500)
        assert paths.isfinite().all() and 0.005 < paths.std() < 0.03
        clusters, none = (autocorrelation(x.abs()).mean() for x in (paths, shuffled(paths)))
        assert clusters > 0.05 > 0.02 > none.abs()


def test_all_names_are_there():
    assert all(hasattr(finance, name) for name in finance.__all__) and np.isclose(
        np.log1p(np.exp(finance.ONE)), 1, atol=1e-4
    )
