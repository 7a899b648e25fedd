"""Chapter 16's networks on graphs: against sums written out, and whatever the order of atoms."""

import pytest
import torch

from gan_edu.core.training.graphs import GraphForm, GraphReader, GraphWriter, Relational, relational_step
from gan_edu.losses import wasserstein
from gan_edu.training_loop import GAN, train
from gan_edu.tricks import wgan_gp

FORM = GraphForm(atoms=5, kinds=3, bonds=4)


def graphs(count=4, seed=0):
    """One-hot, drawn evenly."""
    stream = torch.Generator().manual_seed(seed)
    nodes = torch.randint(3, (count, 5), generator=stream)
    upper = torch.randint(4, (count, 5, 5), generator=stream).triu(1)
    one_hot = torch.nn.functional.one_hot
    return FORM.packed(one_hot(nodes, 3), one_hot(upper + upper.transpose(1, 2), 4)).double()


def reader():
    torch.manual_seed(1)
    return GraphReader(FORM, 6).double()


def writer(draws=True, **given):
    torch.manual_seed(2)
    return GraphWriter(FORM, draws, code=4, width=8, **given).double()


def latents(G, count=50):
    torch.manual_seed(3)
    return torch.rand(count, G.latent_dim).double() * 2 - 1


# ------------------------------------------------------------------ the form


def test_what_is_packed_is_had_back():
    nodes, bonds = torch.rand(2, 5, 3), torch.rand(2, 5, 5, 4)
    x = FORM.packed(nodes, bonds)
    assert tuple(x.shape[1:]) == FORM.shape == (5, 23) and FORM.pairs == 10
    assert all(torch.equal(a, b) for a, b in zip(FORM.parts(x), (nodes, bonds), strict=True))
    for other in (x[:, :4], x[..., :-1], x[0]):
        with pytest.raises(ValueError, match="packed graphs"):
            FORM.parts(other)


# ------------------------------------------------------------------ D


def explicit(h, bonds, own, by_bond):
    """The same, atom by atom, bond by bond."""
    out = torch.zeros(*h.shape[:2], len(own), dtype=h.dtype)
    for n in range(len(h)):
        for i in range(h.shape[1]):
            out[n, i] = own @ h[n, i]
            for j in range(h.shape[1]):
                for k in range(1, bonds.shape[3]):
                    out[n, i] += bonds[n, i, j, k] * (by_bond[k - 1] @ h[n, j])
    return out


def test_a_step_is_the_sum_over_neighbours():
    torch.manual_seed(0)
    h, bonds = torch.randn(2, 5, 3).double(), torch.rand(2, 5, 5, 4).double()
    own, by_bond = torch.randn(6, 3).double(), torch.randn(3, 6, 3).double()
    torch.testing.assert_close(relational_step(h, bonds, own, by_bond), explicit(h, bonds, own, by_bond))


def test_d_is_its_formula():
    D, x = reader(), graphs()
    h = nodes = FORM.parts(x)[0]
    for layer in D.layers:
        h = explicit(h, FORM.parts(x)[1], layer.own.weight, layer.by_bond) + layer.own.bias
        h = torch.where(h > 0, h, 0.2 * h)
    seen = [[torch.cat([h[n, i], nodes[n, i]]) for i in range(5)] for n in range(4)]
    summed = torch.stack([sum(torch.sigmoid(D.gate(each)) * torch.tanh(D.value(each)) for each in row) for row in seen])
    torch.testing.assert_close(D(x), D.out(summed))
    assert D(x).shape == (4, 1)


def test_d_knows_no_order_of_atoms_but_all_bonds():
    D, x = reader(), graphs(20)
    nodes, bonds = FORM.parts(x)
    order = torch.tensor([3, 0, 4, 1, 2])
    torch.testing.assert_close(D(FORM.packed(nodes[:, order], bonds[:, order][:, :, order])), D(x), rtol=0, atol=1e-12)
    for changed in (FORM.packed(nodes[:, order], bonds), FORM.packed(nodes, bonds.flip(3))):
        assert (D(changed) - D(x)).abs().mean() > 1e-3  # some graphs look alike in both orders


def test_what_is_none_tells_its_neighbours_nothing():
    layer = Relational(3, 6, 4).double()
    h, bonds = torch.randn(2, 5, 3).double(), torch.zeros(2, 5, 5, 4).double()
    bonds[..., 0] = 1
    torch.testing.assert_close(layer(h, bonds), layer.own(h))


# ------------------------------------------------------------------ G


@pytest.mark.parametrize("draws", [True, False])
def test_g_s_graphs_are_symmetric_and_each_place_sums_to_one(draws):
    G = writer(draws)
    nodes, bonds = FORM.parts(G(latents(G)))
    assert torch.equal(bonds, bonds.transpose(1, 2)) and bonds.diagonal(dim1=1, dim2=2)[:, 0].eq(1).all()
    for each in (nodes, bonds):
        torch.testing.assert_close(each.sum(-1), torch.ones_like(each[..., 0]))
        assert bool(((each - each.round()).abs() < 1e-12).all()) is draws
    assert G.latent_dim == 4 + (15 + 40 if draws else 0)


def test_each_number_of_the_mlp_has_its_place():
    G = writer(draws=False)
    z = latents(G, 3)
    logits = G.layers(z)
    nodes, bonds = FORM.parts(G(z))
    place = 15
    torch.testing.assert_close(nodes[:, 2], logits[:, 6:9].softmax(1))
    for i in range(5):
        for j in range(i + 1, 5):
            torch.testing.assert_close(bonds[:, j, i], logits[:, place : place + 4].softmax(1))
            place += 4


def test_draws_have_the_frequencies_of_the_shares_and_a_slope():
    G = writer()
    z = latents(G, 20_000)
    z[:, :4] = 0.3
    x, shares = G(z), G.layers(z[:1, :4])[0]
    nodes, bonds = FORM.parts(x)
    torch.testing.assert_close(nodes.mean(0), shares[:15].view(5, 3).softmax(1), rtol=0, atol=0.02)
    torch.testing.assert_close(bonds[:, 0, 1].mean(0), shares[15:19].softmax(0), rtol=0, atol=0.02)
    (x * torch.randn_like(x)).sum().backward()
    assert all(weight.grad.abs().sum() > 0 for weight in G.parameters())


def test_a_low_temperature_makes_shares_hard_and_so_does_a_gain():
    z = latents(writer(False), 5)
    hot, cold = (FORM.parts(writer(False, temperature=t)(z))[0].amax(2).mean() for t in (1.0, 0.01))
    assert cold > 0.95 > hot
    torch.testing.assert_close(writer(False, temperature=0.25)(z), writer(False, gain=4.0)(z))


def test_with_a_gain_draws_are_of_sharper_shares():
    z = latents(writer(), 20_000)
    z[:, :4] = 0.3
    nodes, _ = FORM.parts(writer(gain=3.0)(z))
    shares = (3 * writer().layers(z[:1, :4])[0, :15]).view(5, 3).softmax(1)
    torch.testing.assert_close(nodes.mean(0), shares, rtol=0, atol=0.02)


@pytest.mark.parametrize("draws", [True, False])
def test_they_train_by_wgan_gp_and_the_same_seed_gives_the_same(draws):
    def after():
        G = writer(draws)
        pieces = {"latent": "uniform", "d_steps": 2, "d_penalties": [wgan_gp(10.0)]}
        gan = GAN(G, reader(), G.latent_dim, wasserstein, **pieces)
        records = list(train(gan, iter([graphs(8)] * 20), 3))
        assert all(record.d_loss.isfinite() for record in records)
        return torch.nn.utils.parameters_to_vector(G.parameters())

    first = after()
    assert torch.equal(first, after()) and not torch.equal(
        first, torch.nn.utils.parameters_to_vector(writer(draws).parameters())
    )
