"""Chapter 16: symbols and molecules against RDKit's own, ORGAN's gradient against all texts counted out."""

import copy
import math
import sys
from itertools import product

import pytest
import torch

from gan_edu import molecules
from gan_edu.core.data.batches import Batches
from gan_edu.core.training.alphabet import Symbols
from gan_edu.core.training.checkpoint import load, save
from gan_edu.molecules import Reader, Writer, copied, divided, organ
from gan_edu.text import Babbler
from gan_edu.training_loop import GAN, train

TINY = Symbols("C [O]", 3)
WORTH = {"C": 0.9, "[O]": 0.2, "CC": 0.5, "": 0.1}


def worth(texts):
    return [WORTH.get(each, 0.3) for each in texts]


def all_texts():
    rows = [
        row for row in product(range(3), repeat=3) if not any(a == 0 and b for a, b in zip(row, row[1:], strict=False))
    ]
    return torch.nn.functional.one_hot(torch.tensor(rows), 3).double()


def tiny(seed=0, d=True, **pieces):
    torch.manual_seed(seed)
    G, D = Writer(TINY, 4).double(), Reader(TINY, 3).double()
    with torch.no_grad():
        D.layers[-1].weight.mul_(40)
        D.layers[-1].bias.sub_(D(all_texts()).mean())
    pieces = {"g_optimizer": torch.optim.SGD(G.parameters(), 1.0), **pieces}
    pieces |= {"d_optimizer": torch.optim.SGD(D.parameters(), 0.0)} if d else {}
    return GAN(G, D if d else None, G.latent_dim, latent="uniform", **pieces)


def other(seed=7):
    torch.manual_seed(seed)
    return copied(Writer(TINY, 4).double())


def vector(G):
    return torch.nn.utils.parameters_to_vector(G.parameters()).detach().clone()


# ------------------------------------------------------------------ symbols


def test_a_text_is_cut_into_its_longest_symbols():
    assert Symbols("C Cl l [=C] [C]", 5).cut("ClC[=C][C]l") == ["Cl", "C", "[=C]", "[C]", "l"]
    x = Symbols("C Cl [=C]", 4).encode(["ClC[=C]", "C"])
    assert x.argmax(2).tolist() == [[2, 1, 3, 0], [1, 0, 0, 0]] and x.shape == (2, 4, 4)
    assert Symbols("C Cl [=C]", 4).decode(x) == ["ClC[=C]", "C"]


def test_what_has_no_symbol_is_named_whole():
    for given, told in (("[Xx]C", r"has '\[Xx\]'"), ("CCCC", "4 letters"), ("c", "has 'c'"), ("C\n", r"\\n")):
        with pytest.raises(ValueError, match=told):
            TINY.encode([given])
    for letters in ("C C", "", "  "):
        with pytest.raises(ValueError, match="each once"):
            Symbols(letters, 3)
    assert Symbols("C l", 3) != Symbols("Cl", 3)


def test_a_beginning_keeps_its_capitals():
    G = tiny().generator
    assert all(each.startswith("C") for each in G.complete("C", count=20))
    assert all(each.startswith("[O]") for each in G.complete("[O]", count=20))


# ------------------------------------------------------------------ ORGAN


def test_a_repeated_text_earns_once():
    values = torch.tensor([0.6, 0.6, 0.6, 0.4])
    assert divided(values, ["a", "a", "a", "b"]).tolist() == pytest.approx([0.2, 0.2, 0.2, 0.4])
    assert divided(values, list("abcd"), {"a": "x", "b": "x"}.get).tolist() == pytest.approx([0.3, 0.3, 0.6, 0.4])
    with pytest.raises(ValueError, match="one a text"):
        divided(values, ["a"])


def exact(gan, share, prior, pull):
    """∇ of Σ p(x) R(x) − β Σ p(x) log(p(x)/p₀(x)) over all texts, by autograd; no repeats."""
    G, x = gan.generator, all_texts()
    reward = (1 - share) * torch.tensor(worth(TINY.decode(x))).double()
    if share:
        reward = reward + share * gan.discriminator(x).sigmoid()[:, 0].detach()
    log_p = G.log_probability(x).sum(1)
    log_p0 = prior.log_probability(x).sum(1)
    value = (log_p.exp() * (reward - pull * (log_p - log_p0))).sum()
    return torch.cat([g.flatten() for g in torch.autograd.grad(value, list(G.parameters()))])


@pytest.mark.parametrize("share, pull", [(0.0, 0.0), (1.0, 0.0), (0.4, 0.5)])
def test_the_gradient_is_that_of_all_texts_counted_out(share, pull, monkeypatch):
    monkeypatch.setattr(molecules, "divided", lambda values, texts, same: values)  # which is no function of one text
    gan, prior = tiny(3), other()
    before, true = vector(gan.generator), exact(gan, share, prior, pull)
    organ(worth, share, prior, pull)(gan, iter([all_texts()[:1].repeat(40_000, 1, 1)]))
    assert (vector(gan.generator) - before - true).norm() < 0.1 * true.norm()


def test_where_all_texts_are_worth_alike_nothing_is_learned(monkeypatch):
    """The baseline is the whole reward then: without it, or with its sign turned, every draw would move G."""
    monkeypatch.setattr(molecules, "divided", lambda values, texts, same: values)
    gan = tiny(3)
    before = vector(gan.generator)
    organ(lambda texts: [0.5] * len(texts), 0.0)(gan, iter([all_texts()]))
    assert (vector(gan.generator) - before).abs().max() < 1e-12
    organ(worth, 0.0)(gan, iter([all_texts()]))
    assert (vector(gan.generator) - before).abs().max() > 1e-4


def test_the_record_s_kl_is_that_of_all_texts():
    gan, prior, x = tiny(3), other(), all_texts()
    log_p = gan.generator.log_probability(x).sum(1)
    true = (log_p.exp() * (log_p - prior.log_probability(x).sum(1))).sum().item()
    assert organ(worth, 0.0, prior)(gan, iter([x[:1].repeat(40_000, 1, 1)])).values["kl"].item() == pytest.approx(
        true, rel=0.05
    )


def test_the_reward_is_mixed_and_divided():
    gan = tiny(1)
    gan.noise_stream.manual_seed(5)
    drawn = gan.generator(gan.latents(50, torch.Generator().manual_seed(5)))
    texts = TINY.decode(drawn)
    judged = gan.discriminator(drawn).sigmoid()[:, 0].tolist()
    mixed = [(0.3 * a + 0.7 * b) / texts.count(t) for a, b, t in zip(judged, worth(texts), texts, strict=True)]
    found = molecules.mixed_rewards(gan, drawn, worth, 0.3, None)
    assert found["reward"].tolist() == pytest.approx(mixed)
    assert found["judged"].tolist() == pytest.approx(judged) and found["objective"].tolist() == worth(texts)


def test_d_off_asks_no_d_and_teaches_none():
    gan = tiny(1, d_steps=3)
    gan.discriminator.forward = None  # would raise
    D = vector(gan.discriminator)
    values = organ(worth, 0.0)(gan, iter([all_texts()])).values
    assert "d_loss" not in values and "judged" not in values and torch.equal(D, vector(gan.discriminator))
    assert set(organ(worth, 0.0)(tiny(1, d=False), iter([all_texts()])).values) == {"g_loss", "reward", "objective"}


def test_objective_off_asks_no_objective():
    def never(texts):
        raise AssertionError

    for objective in (never, None):
        values = organ(objective, 1.0)(tiny(1), iter([all_texts()])).values
        assert "d_loss" in values and "judged" in values and "objective" not in values


def test_an_objective_is_met():
    """With D off G learns to write what is worth most; a pull to the prior keeps it nearer."""
    ends = []
    for pull in (0.0, 1.0):
        gan = tiny(0, d=False, g_optimizer=None)
        gan.players["generator"].optimizer.param_groups[0]["lr"] = 0.03
        prior = copied(gan.generator)
        batches = Batches(all_texts().repeat(8, 1, 1), 64)
        steps = organ(lambda texts: [float(each == "CC[O]") for each in texts], 0.0, prior, pull, same=lambda t: None)
        *_, last = train(gan, batches, 60, step=steps)
        ends.append(last.values["objective"].item())
    assert ends[0] > ends[1]


@pytest.mark.parametrize(
    "given, told",
    [
        ({"objective": None}, "objective"),
        ({"objective": worth, "share": 1.5}, "share"),
        ({"objective": worth, "pull": -1.0}, "pull"),
        ({"objective": worth, "pull": 0.1}, "copied"),
        ({"objective": worth, "prior": 3}, "Writer"),
        ({"objective": worth, "same": "x"}, "stands for"),
    ],
    ids=["none", "share", "pull", "no prior", "prior", "same"],
)
def test_what_is_no_step_is_said(given, told):
    with pytest.raises((ValueError, TypeError), match=told):
        organ(**given)


@pytest.mark.parametrize(
    "returns", [[0.1], ["x"] * 15, [math.nan] * 15, [1.5] * 15, None], ids=["few", "text", "nan", "large", "none"]
)
def test_an_objective_that_is_none_is_said(returns):
    with pytest.raises((ValueError, TypeError), match="objective"):
        organ(lambda texts: returns, 0.0)(tiny(), iter([all_texts()]))


def test_a_prior_is_another_writer_of_the_same_symbols():
    gan = tiny()
    with pytest.raises(ValueError, match="copied"):
        organ(worth, 0.0, gan.generator)(gan, iter([all_texts()]))
    with pytest.raises(ValueError, match="alphabet"):
        organ(worth, 0.0, Writer(Symbols("C N", 3), 4))(gan, iter([all_texts()]))
    with pytest.raises(TypeError, match="Writer"):
        organ(worth, 0.0)(GAN(Babbler(TINY, 4, 4), Reader(TINY, 4), 4), iter([all_texts().float()]))
    with pytest.raises(TypeError):
        copied(3)


def test_a_run_that_is_stopped_goes_on_bit_for_bit(tmp_path):
    def begun(seed):
        gan = tiny(seed)
        return gan, Batches(all_texts(), 8, seed=seed)

    prior, (gan, batches) = other(), begun(0)
    step = organ(worth, 0.5, prior, 0.1)
    for _ in train(gan, batches, 3, step=step):
        pass
    save(tmp_path / "run.pt", gan=gan, batches=batches)
    end = [copy.deepcopy(record.values) for record in train(gan, batches, 3, step=step)]
    again, others = begun(1)
    load(tmp_path / "run.pt", gan=again, batches=others)
    torch.manual_seed(99)
    for record, first in zip(train(again, others, 3, step=step), end, strict=True):
        assert all(torch.equal(record.values[name], value) for name, value in first.items())
    assert torch.equal(vector(gan.generator), vector(again.generator))


def test_a_copy_does_not_learn():
    gan = tiny()
    prior = copied(gan.generator)
    before = vector(prior)
    organ(worth, 0.5, prior, 0.1)(gan, iter([all_texts()]))
    assert torch.equal(before, vector(prior)) and not torch.equal(before, vector(gan.generator))


def test_a_random_walk_draws_all_symbols_evenly():
    found = molecules.random_walk(TINY, [3] * 2000)
    joined = "".join(found)
    assert all(len(TINY.cut(each)) == 3 for each in found)
    assert abs(joined.count("C") - 3000) < 200 and joined.count("C") + joined.count("[O]") == 6000
    assert found == molecules.random_walk(TINY, [3] * 2000) != molecules.random_walk(TINY, [3] * 2000, seed=1)
    with pytest.raises(ValueError, match="lengths"):
        molecules.random_walk(TINY, [4])


# ------------------------------------------------------------------ without the packages


@pytest.mark.parametrize("missing", ["rdkit", "selfies"])
def test_what_is_missing_is_said_with_its_cure(missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    calls = {
        "rdkit": [molecules.nci, lambda: molecules.canonical("C"), lambda: molecules.molecule("C")],
        "selfies": [lambda: molecules.SELFIES.written("C"), lambda: molecules.SELFIES.read("[C]")],
    }
    for call in calls[missing]:
        with pytest.raises(ImportError, match="pip install rdkit selfies"):
            call()
