"""Chapter 14: letters and draws against enumeration, REINFORCE against exact gradients, steps that learn and resume."""

import copy
import math
from itertools import product

import pytest
import torch
from scipy.stats import chisquare

from gan_edu import text
from gan_edu.core.data.batches import Batches
from gan_edu.core.measures.text_scores import ngram_divergence
from gan_edu.core.training.checkpoint import load, save
from gan_edu.text import NAMES, VERSE, Alphabet, Babbler, Reader, Writer
from gan_edu.training_loop import GAN, adam, train, train_step

TINY = Alphabet("ab", 3)
STEPS = {
    "likelihood": text.likelihood,
    "policy": text.policy,
    "straight_through": lambda: text.straight_through(0.7),
}


def all_texts(alphabet=TINY):
    """Every sample that can be drawn, one-hot: nothing but ends after an end."""
    rows = [row for row in product(range(alphabet.tokens), repeat=alphabet.length) if not after_end(row)]
    return torch.nn.functional.one_hot(torch.tensor(rows), alphabet.tokens).float()


def after_end(row):
    return any(a == 0 and b != 0 for a, b in zip(row, row[1:], strict=False))


def tiny(seed=0, width=4, double=False):
    torch.manual_seed(seed)
    G, D = Writer(TINY, width), Reader(TINY, 3)
    with torch.no_grad():  # rewards around a half that differ
        D.layers[-1].weight.mul_(40)
        D.layers[-1].bias.sub_(D(all_texts()).mean())
    return (G.double(), D.double()) if double else (G, D)


def gan_of(G, D, **pieces):
    return GAN(G, D, G.latent_dim, latent="uniform", **pieces)


def small(seed=0, **pieces):
    torch.manual_seed(seed)
    G, D = Writer(NAMES, 8), Reader(NAMES, 4)
    gan = gan_of(G, D, g_optimizer=adam(G, 5e-3), d_optimizer=adam(D, 5e-3), seed=seed, **pieces)
    return gan, Batches(NAMES.encode(text.surnames()[:200]), 16, seed=seed)


# ------------------------------------------------------------------ data and alphabet


def test_texts_are_what_their_page_says():
    names, lines = text.surnames(), text.verse()
    assert len(names) == len(set(names)) == 20_000 and names[:3] == ["smith", "johnson", "williams"]
    assert all(3 <= len(each) <= 12 and set(each) <= set(NAMES.letters) for each in names)
    assert len(lines) == len(set(lines)) == 5234 and all(8 <= len(each) <= 40 for each in lines)
    assert set("".join(lines)) <= set(VERSE.letters) and "nor stand on the path of sinners" in lines


def test_no_word_of_the_verse_is_two_that_were_glued():
    words = {word for line in text.verse() for word in line.split()}
    common = {"yahweh", "yahweh's", "law", "zion", "israel", "selah", "jerusalem"}
    assert not [word for word in words for one in common if word.startswith(one) and word[len(one) :] in common]
    assert "law" in words and "yahweh'slaw" not in words


def test_a_split_has_each_text_once_on_one_side():
    names = text.surnames()
    parts = [set(text.split(names, part)[1]) for part in range(4)]
    assert set.union(*parts) == set(names) and sum(map(len, parts)) == len(names)
    learned, held = text.split(names)
    assert not set(learned) & set(held) and 4800 < len(held) < 5200
    again = text.split(names[:500] * 2)
    assert sorted(again[0] + again[1]) == sorted(names[:500] * 2) and not set(again[0]) & set(again[1])


@pytest.mark.parametrize("alphabet, texts", [(NAMES, text.surnames), (VERSE, text.verse)], ids=["names", "verse"])
def test_what_is_encoded_is_decoded(alphabet, texts):
    x = alphabet.encode(texts()[:300])
    assert x.shape == (300, alphabet.length, alphabet.tokens) and (x.sum(2) == 1).all()
    assert alphabet.decode(x) == texts()[:300]
    assert alphabet.decode(x.softmax(2)) == texts()[:300]
    assert alphabet.encode(["ab"], whole=False).sum((0, 2)).tolist() == [1, 1] + [0] * (alphabet.length - 2)


def test_what_cannot_be_written_is_named():
    for wrong, told in (("o'neil", '"\'"'), ("שלום", "ש"), ("a" * 14, "14 letters"), ("<b>", "'<'")):
        with pytest.raises(ValueError, match=told):
            NAMES.encode([wrong])
    with pytest.raises(ValueError, match="each once"):
        Alphabet("aba")
    with pytest.raises(ValueError, match=r"\(N, 13, 27\)"):
        NAMES.decode(torch.zeros(2, 5, 27))
    assert NAMES.encode([]).shape == (0, 13, 27) and NAMES.decode(NAMES.encode(["", "a" * 13])) == ["", "a" * 13]


# ------------------------------------------------------------------ the writer


def test_probabilities_of_all_texts_sum_to_one():
    G, _ = tiny(double=True)
    x = all_texts().double()
    log_p = G.log_probability(x)
    assert torch.isclose(log_p.sum(1).exp().sum(), torch.tensor(1.0).double())
    ended = x[:, 0, 0] == 1
    assert (log_p[ended, 1:] == 0).all()


def test_draws_are_as_frequent_as_their_probabilities():
    G, _ = tiny()
    x, p = all_texts(), G.log_probability(all_texts()).sum(1).exp().double()
    u = torch.rand(20_000, 3, generator=torch.Generator().manual_seed(1)) * 2 - 1
    relaxed = torch.rand(20_000, 3, 3, generator=torch.Generator().manual_seed(2)) * 2 - 1
    for made in (G(u), G.relaxed(relaxed, 0.5).detach().round()):
        which = (made.flatten(1)[:, None] == x.flatten(1)[None]).all(2).double()
        assert (which.sum(1) == 1).all()
        assert chisquare(which.sum(0).numpy(), (20_000 * p / p.sum()).detach().numpy()).pvalue > 1e-3


def test_the_gumbel_draw_has_the_softmax_as_its_shares_and_a_slope():
    logits = torch.tensor([0.3, -1.0, 1.2], requires_grad=True)
    u = torch.rand(40_000, 3, generator=torch.Generator().manual_seed(0))
    hard = text.gumbel_softmax(logits, u, 0.3)
    counts = hard.detach().sum(0).numpy()
    assert chisquare(counts, 40_000 * logits.softmax(0).detach().numpy()).pvalue > 1e-3
    (slope,) = torch.autograd.grad((hard * torch.tensor([1.0, 2.0, 3.0])).sum(1).mean(), logits)
    soft = text.gumbel_softmax(logits, u, 0.3, hard=False)
    (same,) = torch.autograd.grad((soft * torch.tensor([1.0, 2.0, 3.0])).sum(1).mean(), logits)
    assert torch.allclose(slope, same) and (slope != 0).all()
    assert torch.equal(soft.argmax(1), hard.argmax(1)) and not torch.allclose(soft, hard)


def test_a_draw_is_the_inverse_of_the_cumulated_shares():
    logits = torch.log(torch.tensor([[0.2, 0.5, 0.3]]))
    for u, token in ((0.0, 0), (0.19, 0), (0.21, 1), (0.69, 1), (0.71, 2), (0.999, 2), (1.0, 2)):
        assert text.drawn_token(logits, torch.tensor([[u]])).argmax() == token


def test_beginnings_are_kept_and_the_rest_is_drawn_as_ever():
    gan, _ = small()
    names = gan.generator.complete("mc", count=50)
    assert len(names) == 50 and all(name.startswith("mc") for name in names) and len(set(names)) > 20
    assert names == gan.generator.complete("Mc", count=50) != gan.generator.complete("mc", count=50, seed=1)
    G, _ = tiny()
    u = torch.rand(6000, 3, generator=torch.Generator().manual_seed(1)) * 2 - 1
    made = TINY.decode(G.write(u, TINY.encode(["a"], whole=False).expand(6000, -1, -1)))
    begin = [name for name in TINY.decode(G(u)) if name.startswith("a")]
    for name in ("a", "ab", "aa"):
        assert abs(made.count(name) / len(made) - begin.count(name) / len(begin)) < 0.05


def test_temperature_sharpens():
    gan, batches = small()
    for _ in train(gan, batches, 60, step=text.likelihood()):
        pass
    kinds = [len(set(gan.generator.complete("", t, 200))) for t in (0.05, 0.5, 1.0)]
    assert kinds[0] < kinds[1] <= kinds[2]


@pytest.mark.parametrize(
    "given, told",
    [
        ({"beginning": "ß"}, "only"),
        ({"beginning": "a" * 13}, "at most 12"),
        ({"temperature": 0.0}, "temperature"),
        ({"count": 0}, "count"),
        ({"beginning": 3}, "text"),
    ],
    ids=["letter", "long", "cold", "none", "number"],
)
def test_what_cannot_be_completed_is_said(given, told):
    with pytest.raises(ValueError, match=told):
        small()[0].generator.complete(**given)


def test_a_reader_judges_in_probabilities():
    gan, _ = small()
    x = NAMES.encode(["smith", "xqzt"])
    assert gan.discriminator.judge(["smith", "xqzt"]) == pytest.approx(
        torch.sigmoid(gan.discriminator(x))[:, 0].tolist()
    )
    with pytest.raises(ValueError, match="only"):
        gan.discriminator.judge(["<b>"])


# ------------------------------------------------------------------ the chain rule, and the page of a bandit


def test_a_choice_and_a_draw_have_no_slope_and_their_mean_has():
    logits, pays = torch.tensor([0.3, -0.5, 1.1]).double(), torch.tensor([1.0, 2.0, 5.0]).double()
    assert (text.nudged(lambda x: (text.chosen(x) * pays).sum(), logits) == 0).all()
    us = torch.rand(500, 1, generator=torch.Generator().manual_seed(0)).double()
    none = [
        (text.nudged(lambda x, u=u: (text.drawn_token(x[None], u[None]) * pays).sum(), logits, 1e-9) == 0).all()
        for u in us
    ]
    assert all(none)
    mean = text.nudged(lambda x: (x.softmax(0) * pays).sum(), logits)
    assert torch.allclose(mean, text.bandit_gradient(logits, pays), atol=1e-6)
    assert not text.chosen(logits.requires_grad_()).requires_grad


def test_the_bandit_s_gradient_is_autograd_s_and_reinforce_s_mean_over_all_arms():
    logits, pays = torch.randn(2, 5, generator=torch.Generator().manual_seed(0)).double()
    theta = logits.clone().requires_grad_()
    (exact,) = torch.autograd.grad((theta.softmax(0) * pays).sum(), theta)
    assert torch.allclose(text.bandit_gradient(logits, pays), exact)
    for b in (0.0, 1.7):
        each = text.reinforced(logits, pays, torch.arange(5), b)
        assert torch.allclose((logits.softmax(0)[:, None] * each).sum(0), exact)


def test_a_baseline_leaves_the_mean_and_changes_the_variance_as_reckoned():
    logits, pays = torch.tensor([0.2, -0.3, 0.5]), torch.tensor([10.0, 11.0, 12.0])
    best, mean = text.best_baseline(logits, pays), (logits.softmax(0) * pays).sum().item()
    exact = text.bandit_gradient(logits, pays)
    for b in (0.0, mean, best):
        found = text.estimates(logits, pays, 200_000, b)
        true = text.variance(logits, pays, b)
        assert found.variance == pytest.approx(true, rel=0.03)
        assert (found.mean - exact).norm() < 4 * math.sqrt(true / 200_000)
    around = [text.variance(logits, pays, best + d) for d in (-0.1, 0.0, 0.1)]
    assert around[1] == min(around) and text.variance(logits, pays, mean) < text.variance(logits, pays) / 50
    with pytest.raises(ValueError, match="K ≥ 2"):
        text.variance(logits, pays[:2])


# ------------------------------------------------------------------ the steps


def test_likelihood_is_the_cross_entropy_of_what_has_not_ended():
    gan, batches = small()
    x = next(copy.deepcopy(batches))
    logits = gan.generator.logits(x)
    tokens, keep = x.argmax(2), text.alive(x).bool()
    mean = torch.nn.functional.cross_entropy(logits[keep], tokens[keep])
    assert keep.sum(1).tolist() == [len(name) + 1 for name in NAMES.decode(x)]
    assert text.likelihood()(gan, batches).g_loss.item() == pytest.approx(mean.item(), rel=1e-5)


def exact_gradient(G, D):
    """∇ Σ p(x) σ(D(x)) over all texts."""
    x = all_texts().to(next(G.parameters()))
    reward = D(x).sigmoid()[:, 0].detach()
    value = (G.log_probability(x).sum(1).exp() * reward).sum()
    return torch.cat([g.flatten() for g in torch.autograd.grad(value, list(G.parameters()))])


def test_rewards_are_the_means_of_all_that_may_follow():
    G, D = tiny(double=True)
    x, p = all_texts().double(), G.log_probability(all_texts().double()).sum(1).exp()
    reward = D(x).sigmoid()[:, 0]
    assert reward.std() > 0.1
    found = text.rewards(gan_of(G, D), x, 1000)
    for k, each in enumerate(x):
        for t in range(3):
            same = (x[:, : t + 1] == each[: t + 1]).all(2).all(1)
            true = (p[same] * reward[same]).sum() / p[same].sum()
            assert found[k, t].item() == pytest.approx(true.item(), abs=0.02)
    assert torch.allclose(found[:, -1], reward)


def test_the_policy_s_gradient_is_that_of_all_texts_counted_out():
    G, D = tiny(3, double=True)
    gan = gan_of(
        G, D, g_optimizer=torch.optim.SGD(G.parameters(), 1.0), d_optimizer=torch.optim.SGD(D.parameters(), 0.0)
    )
    before = torch.nn.utils.parameters_to_vector(G.parameters()).detach().clone()
    true = exact_gradient(G, D)
    text.policy(1)(gan, iter([all_texts().double()[:1].repeat(30_000, 1, 1)]))
    moved = torch.nn.utils.parameters_to_vector(G.parameters()).detach() - before
    assert (moved - true).norm() < 0.1 * true.norm()


@pytest.mark.parametrize("name", STEPS)
def test_a_run_that_is_stopped_goes_on_bit_for_bit(name, tmp_path):
    gan, batches = small()
    for _ in train(gan, batches, 3, step=STEPS[name]()):
        pass
    save(tmp_path / "run.pt", gan=gan, batches=batches)
    end = [record.g_loss for record in train(gan, batches, 3, step=STEPS[name]())]
    other, again = small(seed=1)
    load(tmp_path / "run.pt", gan=other, batches=again)
    torch.manual_seed(99)
    for record in train(other, again, 3, step=STEPS[name]()):
        torch.rand(3)
        other.generator.complete(count=2)
        assert torch.equal(record.g_loss, end[record.step - 4])
    for one, two in zip(gan.generator.parameters(), other.generator.parameters(), strict=True):
        assert torch.equal(one, two)


def test_who_learns_in_which_step():
    for name, make in STEPS.items():
        gan, batches = small()
        G, D = copy.deepcopy(gan.generator.state_dict()), copy.deepcopy(gan.discriminator.state_dict())
        values = make()(gan, batches).values
        assert not torch.equal(G["out.weight"], gan.generator.out.weight)
        assert torch.equal(D["layers.0.weight"], gan.discriminator.layers[0].weight) == (name == "likelihood")
        assert ("d_loss" in values) == (name != "likelihood") and ("reward" in values) == (name == "policy")


def test_a_step_wants_a_writer():
    B, D = Babbler(NAMES, 4, 4), Reader(NAMES, 4)
    for make in STEPS.values():
        with pytest.raises(TypeError, match="Writer"):
            make()(GAN(B, D, 4), iter([NAMES.encode(["smith"])]))


def test_the_babbler_trains_under_the_loop_as_it_is():
    torch.manual_seed(0)
    B, D = Babbler(NAMES, 4, 4), Reader(NAMES, 4)
    gan = GAN(B, D, 4, text.wasserstein, d_steps=2, d_penalties=[text.wgan_gp(10.0)])
    for record in train(gan, Batches(NAMES.encode(text.surnames()[:50]), 8), 3, step=train_step):
        assert record.values["WGAN-GP"] > 0
    made = gan.generate(gan.latents(5))
    assert made.shape == (5, 13, 27) and torch.allclose(made.sum(2), torch.ones(5, 13))


@pytest.mark.parametrize("name, steps", [("policy", 15), ("straight_through", 45)])
def test_a_fixed_reader_s_favourite_letter_becomes_more_frequent(name, steps):
    gan, batches = small()
    D = gan.discriminator
    with torch.no_grad():  # D likes "e", and says so by a sum over places
        for weight in D.parameters():
            weight.zero_()
        D.layers[0].weight[0, 5, 1], D.layers[2].weight[0, 0, 1] = 1.0, 1.0
        D.layers[5].weight[0, :13] = 1.0
        D.layers[5].bias[0] = -2.0
    gan.exchange(g_optimizer=adam(gan.generator, 2e-2), d_optimizer=torch.optim.SGD(D.parameters(), 0.0))
    before = "".join(gan.generator.complete(count=300)).count("e")
    for _ in train(gan, batches, steps, step=STEPS[name]()):
        pass
    assert "".join(gan.generator.complete(count=300)).count("e") > 2 * before


# ------------------------------------------------------------------ networks that come with the course


def test_the_writers_that_come_with_the_course_differ_as_they_were_measured():
    networks, judge = text.writers(), text.reader()
    assert list(networks) == ["early", "likelihood", "SeqGAN"]
    _, held = text.split(text.surnames())
    made = {name: network.complete(count=4000) for name, network in networks.items()}
    far = {name: ngram_divergence(texts, held) for name, texts in made.items()}
    assert far["likelihood"] + 0.02 < far["SeqGAN"] < far["early"] < 0.25
    told = {name: sum(judge.judge(texts[:1000])) / 1000 for name, texts in {**made, "real": held}.items()}
    assert told["early"] + 0.1 < told["real"], "the judge takes early names for real ones"
    assert not any(weight.requires_grad for weight in judge.parameters()) and not judge.training


def test_missing_and_damaged_writers_are_named(tmp_path):
    for read in (text.writers, text.reader):
        with pytest.raises(FileNotFoundError, match="benchmarks.text ship"):
            read(tmp_path / "none.pt")
        with pytest.raises(TypeError, match="source must be a path"):
            read(3)
    (tmp_path / "writers.pt").write_bytes(text.SHIPPED.read_bytes()[:-5])
    (tmp_path / "writers.json").write_bytes(text.SHIPPED.with_suffix(".json").read_bytes())
    with pytest.raises(OSError, match="damaged"):
        text.writers(tmp_path / "writers.pt")


def test_a_batch_s_mean_shortens_the_step_by_its_own_part():
    value = torch.rand(64, generator=torch.Generator().manual_seed(0)).double()
    others = (value.sum() - value) / 63
    assert torch.allclose(value - value.mean(), (1 - 1 / 64) * (value - others))
