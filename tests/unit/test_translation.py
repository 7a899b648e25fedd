"""Chapter 15: ciphers, a generator that deciphers, words as vectors, and a translator that is taught in two ways."""

import copy
import itertools
import math

import numpy as np
import ot
import pytest
import torch
from hypothesis import given, settings, strategies as st
from scipy.linalg import orthogonal_procrustes
from scipy.stats import beta, binom, chisquare

from gan_edu import translation
from gan_edu.core.data import number_words
from gan_edu.core.data.ciphers import ALPHABET, PLACE
from gan_edu.core.data.running_text import Words, counted, running_text
from gan_edu.core.measures import lexicons
from gan_edu.core.measures.bleu import bleu, exact
from gan_edu.core.training import translator
from gan_edu.core.training.penalties import slopes_at
from gan_edu.losses import wasserstein
from gan_edu.training_loop import GAN, adam, train
from gan_edu.translation import (
    Critic,
    Decipher,
    Rotation,
    Unconditional,
    by_frequency,
    csls,
    letters,
    new_key,
    precision,
    procrustes,
    read,
    sinkhorn,
    spelled,
    straight_through,
    substituted,
    undone,
    unpaired,
    upright,
    vigenere,
    wilson,
    windows,
)
from gan_edu.tricks import wgan_gp


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def stream(seed=0):
    return torch.Generator().manual_seed(seed)


TEXT = letters("In the beginning God’s Spirit was hovering: über Éxodo, 3 dogs' end")

# ------------------------------------------------------------------ ciphers


def test_letters_are_lower_case_without_accents():
    assert spelled(TEXT) == "in the beginning gods spirit was hovering uber exodo dogs end"
    assert spelled(letters("  A1b2 ")) == "a b" and len(ALPHABET) == 27 == len(set(ALPHABET))
    special = "Straße GROẞ Æsop œuvre Øre Åse þing ðæt Đakovo Łódź ħal ŧ ıssız ſo"
    assert spelled(letters(special)) == "strasse gross aesop oeuvre ore ase thing daet dakovo lodz hal t issiz so"
    for bad in ("", "123 !", "漢"):
        with pytest.raises(ValueError, match="letter"):
            letters(bad)


@given(st.text("abc xyz", min_size=1).filter(str.strip), st.integers(0, 2**32))
@settings(deadline=None, max_examples=40)
def test_a_substitution_puts_the_same_symbol_everywhere(words, seed):
    """Against Python's own translate."""
    key, text = new_key(stream(seed)), letters(words)
    table = str.maketrans(ALPHABET, "".join(ALPHABET[k] for k in key.tolist()))
    hidden = substituted(text, key)
    assert spelled(hidden) == spelled(text).translate(table)
    assert torch.equal(substituted(hidden, undone(key)), text)


def test_each_key_is_as_likely():
    first = torch.stack([new_key(stream(k)) for k in range(2700)])
    for place in (0, 26):
        assert chisquare(torch.bincount(first[:, place], minlength=27).numpy()).pvalue > 0.001


@pytest.mark.parametrize("shifts", [(3,), (0, 25), (1, 2, 26), (5, 0, 7, 11)])
def test_vigenere_shifts_by_place(shifts):
    """Against a loop over places; a shift of one place is a substitution, and the negatives undo it."""
    told = [ALPHABET[(PLACE[each] + shifts[k % len(shifts)]) % 27] for k, each in enumerate(spelled(TEXT))]
    hidden = vigenere(TEXT, shifts)
    assert spelled(hidden) == "".join(told)
    assert torch.equal(vigenere(hidden, [-each % 27 for each in shifts]), TEXT)
    if len(shifts) == 1:
        assert torch.equal(hidden, substituted(TEXT, (torch.arange(27) + shifts[0]) % 27))


def test_frequency_ranks_read_a_text_whose_counts_differ():
    known = torch.cat([torch.full((30 - k,), k) for k in range(27)])
    key = new_key(stream(4))
    assert torch.equal(by_frequency(substituted(known, key), known), undone(key))
    assert sorted(by_frequency(TEXT, known).tolist()) == list(range(27)), "a permutation, with ties too"


def test_windows_are_the_text_side_by_side():
    found = windows(TEXT, 7)
    assert found.shape == (len(TEXT) // 7, 27, 7) and found.dtype == torch.float32
    assert torch.equal(found.argmax(1).flatten(), TEXT[: len(TEXT) // 7 * 7])
    assert torch.equal(found.sum(1), torch.ones(len(found), 7))


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: substituted(TEXT, torch.zeros(27).long()), "key must hold each of 0 … 26 once"),
        (lambda: substituted(TEXT.float(), torch.arange(27)), "text must be symbols"),
        (lambda: substituted(TEXT + 1, torch.arange(27)), "0 … 26, got"),
        (lambda: vigenere(TEXT, ()), "shifts must be one or more"),
        (lambda: vigenere(TEXT, (27,)), "from 0 to 26"),
        (lambda: windows(TEXT, 1000), "take a longer text"),
        (lambda: read(Decipher(), TEXT, TEXT[:5]), "must be one text"),
        (lambda: Decipher(way="magic"), "way must be one of gumbel, softmax, sinkhorn"),
        (lambda: Decipher(2)(windows(TEXT, 7)), "L a multiple of 2"),
        (lambda: Decipher()(torch.zeros(2, 26, 4)), "as windows"),
        (lambda: upright()(GAN(Decipher(), Critic(), 0)), "must be a gan_edu.translation.Rotation"),
    ],
)
def test_what_cannot_be_is_refused(call, words):
    with pytest.raises((ValueError, TypeError), match=words):
        call()


# ------------------------------------------------------------------ a matrix of choices


def test_straight_through_chooses_hard_and_learns_soft():
    logits, value = torch.randn(5, 4, dtype=torch.float64, requires_grad=True), torch.randn(4, dtype=torch.float64)
    chosen = straight_through(logits, 0.7)
    assert torch.equal(chosen.argmax(1), logits.argmax(1)) and torch.allclose(chosen.sum(1), torch.ones(5).double())
    assert set(chosen.detach().round(decimals=12).unique().tolist()) == {0.0, 1.0}
    (found,) = torch.autograd.grad((chosen @ value).sum(), logits)
    p = (logits.detach() / 0.7).softmax(1)
    expected = p * (value - (p @ value)[:, None]) / 0.7  # ∂ Σ p v / ∂ l
    assert torch.allclose(found, expected)


def test_gumbel_noise_makes_samples_of_the_softmax():
    """Against the exact probabilities, by a χ² test."""
    logits = torch.tensor([1.0, -1.0, 0.3, 2.0])
    many = logits.expand(20_000, -1)
    counts = torch.bincount((many + translation.gumbel(many)).argmax(1), minlength=4)
    assert chisquare(counts.numpy(), (20_000 * logits.double().softmax(0)).numpy()).pvalue > 0.001


def test_sinkhorn_is_the_plan_that_pot_finds():
    logits = torch.randn(3, 6, 6, dtype=torch.float64)
    found = sinkhorn(logits, 300)
    assert torch.allclose(found.sum(1), torch.ones(3, 6).double()) and torch.allclose(found.sum(2), found.sum(1))
    for each, one in zip(logits, found, strict=True):
        plan = ot.sinkhorn(np.full(6, 1 / 6), np.full(6, 1 / 6), -each.numpy(), 1.0, stopThr=1e-12)
        assert np.allclose(one.numpy(), 6 * plan, atol=1e-8)


@pytest.mark.parametrize("way", translation.WAYS)
@pytest.mark.parametrize("period", [1, 3])
def test_a_decipherer_reads_each_place_by_its_matrix(way, period):
    """In eval mode against a loop; in training rows add up to 1, and the whole of a sequence has one sample."""
    G, hidden = Decipher(period, way), TEXT[:60]
    with torch.no_grad():
        G.logits.copy_(torch.randn_like(G.logits))
    given = windows(hidden, 12)
    told = [G.logits[l % period, c].argmax().item() for l, c in enumerate(hidden.tolist())]
    G.eval()
    assert G(given).argmax(1).flatten().tolist() == told
    G.train()
    seen = G(given)
    assert torch.allclose(seen.sum(1), torch.ones(5, 12), atol=1e-5)
    if way == "gumbel":
        read_as = seen.argmax(1)  # (N, 12)
        for n in range(5):
            pairs = {
                (l % period, c): r
                for l, c, r in zip(range(12), given[n].argmax(0).tolist(), read_as[n].tolist(), strict=True)
            }
            again = [pairs[l % period, c] for l, c in enumerate(given[n].argmax(0).tolist())]
            assert again == read_as[n].tolist()
        assert not torch.equal(G(given), seen), "each time anew"
    else:
        assert torch.equal(G(given), seen) and seen.max() < 1


def test_a_reading_is_scored_by_symbols_and_by_kinds():
    """Against a key with two readings swapped, counted by hand."""
    text, key = letters("aab baa cc"), new_key(stream(2))
    G, wrong = Decipher(), undone(key).clone()
    a, b = key[PLACE["a"]], key[PLACE["b"]]
    wrong[a], wrong[b] = wrong[b].item(), wrong[a].item()
    with torch.no_grad():
        G.logits.zero_()
        G.logits[0, torch.arange(27), wrong] = 1
    found = read(G, substituted(text, key), text)
    assert found.tokens == pytest.approx(4 / 10) and found.types == pytest.approx(2 / 4)
    assert torch.equal(G.reading[0], wrong) and torch.allclose(G.sure.sum(-1), torch.ones(1, 27))


def test_the_critic_sees_symbols_in_a_row_and_no_condition():
    """Against a loop over places; a text said twice has the same mean, but for the seam, and √2 of the number."""
    D, x = Critic(8, 3), windows(TEXT, 20)
    assert D(x).shape == (3, 1) and torch.equal(D(x), D(x, x[:, :, :4]))
    told = []
    for text in x.argmax(1).tolist():
        worth = []
        for row in zip(text, text[1:], text[2:], strict=False):
            hidden = D.one.bias + sum(D.one.weight[:, 27 * k + symbol] for k, symbol in enumerate(row))
            worth.append(D.out.weight[0] @ torch.where(hidden > 0, hidden, 0.2 * hidden) + D.out.bias[0])
        told.append(math.sqrt(20) * sum(worth) / 18)
    assert torch.allclose(D(x)[:, 0], torch.stack(told), atol=1e-5)
    one = Critic(8, 1)
    assert torch.allclose(one(x.repeat(1, 1, 2)), math.sqrt(2) * one(x), atol=1e-5)
    assert torch.allclose(slopes_at(one, x.repeat(1, 1, 9)), slopes_at(one, x), rtol=1e-4), "of any length"
    with pytest.raises(ValueError, match="at least reach = 3 symbols, got 2"):
        D(x[:, :, :2])


def test_pairs_are_dealt_anew_and_nothing_is_lost():
    x = torch.arange(10.0).view(10, 1)
    batches = unpaired(x, x, 5, seed=3)
    (a, b), (c, d) = next(batches), next(batches)
    assert torch.equal(torch.cat([a, c]).sort(0).values, x) and torch.equal(torch.cat([b, d]).sort(0).values, x)
    assert not torch.equal(a, b) and len(unpaired(x, x[:4], 2).data) == 4
    assert torch.equal(batches.conditions, unpaired(x, x, 5, seed=3).conditions)


def small_gan(way="gumbel", period=1, **options):
    G, D = Decipher(period, way), Critic(6, 2)
    return GAN(G, D, 0, wasserstein, adam(G, 0.05), adam(D, 1e-3), d_steps=2, d_penalties=[wgan_gp(10.0)], **options)


def test_plain_descent_moves_a_symbol_by_how_common_it_is_and_adam_all_alike():
    text = windows(TEXT.repeat(20), 12)
    counts, moved = text.sum((0, 2)), {}
    for name in ("descent", "adam"):
        G, D = Decipher(), Critic(6, 2)
        how = adam(G, 0.05) if name == "adam" else torch.optim.SGD(G.parameters(), 1.0)
        gan = GAN(G, D, 0, wasserstein, how, adam(D, 1e-3))
        before = G.logits.detach().clone()
        for _ in train(gan, unpaired(text, text, 64), 1):
            pass
        moved[name] = (G.logits.detach() - before)[0].norm(dim=1)  # (27,)
    there = counts > 0
    assert not any(each[~there].any() for each in moved.values()), "what is not there does not move"
    together = torch.corrcoef(torch.stack([counts, moved["descent"]]))[0, 1]
    assert together > 0.9 and moved["descent"][there].max() > 10 * moved["descent"][there].min()
    assert moved["adam"][there].max() < 1.01 * moved["adam"][there].min()


@pytest.mark.parametrize("way, period", [("gumbel", 1), ("gumbel", 3), ("softmax", 1), ("sinkhorn", 1)])
def test_it_trains_on_the_one_contract_and_goes_on_from_a_state(way, period):
    text = windows(TEXT.repeat(20), 12)
    gan, batches = small_gan(way, period), unpaired(text, text, 8)
    for record in train(gan, batches, 3):
        assert {"d_loss", "g_loss", "WGAN-GP"} <= set(record.values)
    kept, place = copy.deepcopy(gan.state_dict()), batches.state_dict()
    for _ in train(gan, batches, 3):
        pass
    again, other = small_gan(way, period), unpaired(text, text, 8)
    again.load_state_dict(kept)
    other.load_state_dict(place)
    for _ in train(again, other, 3):
        pass
    assert torch.equal(again.generator.logits, gan.generator.logits) and gan.step == 6
    assert gan.generate(torch.zeros(4, 0), text[:4]).shape == text[:4].shape


# ------------------------------------------------------------------ words


WORDS = Words(("a", "b", "c"), (torch.tensor([0, 1, -1, 2]), torch.tensor([1, 1])))


def test_the_texts_are_words_of_other_chapters():
    en, es = running_text("en"), running_text("es")
    assert (len(en), len(es)) == (476, 476) and sum(len(each.split()) for each in en) == 298_032
    assert sum(len(each.split()) for each in es) == 283_527
    assert en[0].startswith("in the beginning god created the heavens"), "no word is glued to the next"
    assert "fueron acabados los cielos" in es[0] and not any("in the beginning" in each[:40] for each in en[1:3])
    text = "".join(running_text("es"))
    assert not set(text) & set("0123456789.,;:¿?") and "ñ" in text


def test_words_are_counted_and_numbered():
    found = counted(["b a a", "c b b a"], 2)
    assert found.words == ("a", "b") and [each.tolist() for each in found.chapters] == [[1, 0, 0], [-1, 1, 1, 0]]
    with pytest.raises(ValueError, match="must hold words"):
        counted([" "])


@pytest.mark.parametrize("window", [1, 2, 5])
def test_near_words_are_counted_by_a_plain_loop(window):
    stand_in = torch.zeros(3, 3)
    for chapter in WORDS.chapters:
        listed = chapter.tolist()
        for i, j in itertools.permutations(range(len(listed)), 2):
            if abs(i - j) <= window and listed[i] >= 0 <= listed[j]:
                stand_in[listed[i], listed[j]] += 1
    assert torch.equal(lexicons.near(WORDS, window), stand_in.double())


def test_ppmi_is_its_formula():
    n = torch.tensor([[0.0, 4, 1], [4, 2, 0], [1, 0, 0]])
    context = [sum(column) ** 0.75 for column in n.T.tolist()]
    for i, j in itertools.product(range(3), range(3)):
        p, own = n[i, j].item() / 12, n[i].sum().item() / 12
        value = max(0.0, math.log(p / (own * context[j] / sum(context)))) if p else 0.0
        assert lexicons.ppmi(n)[i, j].item() == pytest.approx(value)
        assert lexicons.ppmi(n, 0.2)[i, j].item() == pytest.approx(max(0.0, value - 0.2))
    with pytest.raises(ValueError, match="not all 0"):
        lexicons.ppmi(torch.zeros(2, 2))


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_vectors_are_the_best_approximation_of_that_rank(power):
    """By numpy's whole SVD, up to signs; centred, of length 1. With power 1 they lie as the approximation's rows do."""
    matrix = torch.rand(12, 12, generator=stream()).double()
    u, s, v = np.linalg.svd(matrix.numpy())
    rows = (u[:, :4] * s[:4]) @ v[:4] if power == 1 else u[:, :4] * s[:4] ** power
    rows = rows - rows.mean(0)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    found = lexicons.factored(matrix, 4, power).numpy()
    assert np.allclose(found @ found.T, rows @ rows.T, atol=1e-5)
    assert torch.equal(lexicons.factored(matrix, 4), lexicons.factored(matrix.clone(), 4))


def test_words_are_embedded_by_their_counts():
    """Each step by hand; shift and power are handed on."""
    for shift, power in ((0.0, 0.5), (0.1, 1.0)):
        by_hand = lexicons.factored(lexicons.ppmi(lexicons.near(WORDS, 2), shift), 2, power)
        assert torch.equal(lexicons.embedded_words(WORDS, 2, 2, shift, power), by_hand)


def test_procrustes_is_scipys_and_finds_a_rotation():
    x, y = torch.randn(2, 30, 5, dtype=torch.float64).unbind(0)
    assert np.allclose(procrustes(x, y).numpy(), orthogonal_procrustes(x.numpy(), y.numpy())[0])
    turned = torch.linalg.qr(torch.randn(5, 5, dtype=torch.float64))[0]
    assert torch.allclose(procrustes(x, x @ turned), turned)
    with pytest.raises(ValueError, match="of one shape"):
        procrustes(x, y[:3])


def test_csls_is_a_naive_loop():
    x, y, k = torch.randn(7, 3), torch.randn(9, 3), 3
    cos = [[torch.cosine_similarity(a, b, dim=0).item() for b in y] for a in x]
    r_x = [sum(sorted(row)[-k:]) / k for row in cos]
    r_y = [sum(sorted(row[j] for row in cos)[-k:]) / k for j in range(9)]
    naive = [[2 * cos[i][j] - r_x[i] - r_y[j] for j in range(9)] for i in range(7)]
    assert torch.allclose(csls(x, y, k), torch.tensor(naive), atol=1e-5)
    with pytest.raises(ValueError, match="k must be"):
        csls(x, y, 8)


def test_csls_holds_a_hub_down():
    """A word that is near to all is the nearest of many, and by CSLS of fewer."""
    y, x = torch.randn(60, 20, generator=stream(1)), torch.randn(60, 20, generator=stream(2)) + 0.7
    y[0] = 1.0
    nearest, held = ((each.argmax(1) == 0).sum() for each in (lexicons.cosines(x, y), csls(x, y)))
    assert nearest > held


def test_each_others_best_are_found_by_enumeration():
    scores = torch.randn(6, 5, generator=stream(3))
    both = [
        [i, j]
        for i in range(6)
        for j in range(5)
        if scores[i, j] == scores[i].max() and scores[i, j] == scores[:, j].max()
    ]
    assert lexicons.each_others_best(scores).tolist() == both
    assert lexicons.spelled_alike(["a", "x", "b"], ["b", "c", "a"]).tolist() == [[0, 2], [2, 0]]
    assert lexicons.spelled_alike(["a"], ["b"]).shape == (0, 2)


def test_accents_do_not_count_but_the_same_word_comes_first():
    one, other = ["jesus", "a", "vision", "si"], ["á", "visión", "a", "jesús", "sí", "sì"]
    assert lexicons.spelled_alike(one, other).tolist() == [[0, 3], [1, 2], [2, 1], [3, 4]]
    assert lexicons.bare("ñandú") == "nandu"


def test_precision_counts_words_that_are_asked():
    scores = torch.tensor([[3.0, 2, 1], [1, 3, 2], [2, 1, 3]])
    truth = {"a": ("y", "z"), "b": ("y",), "d": ("x",)}
    one, other = ("a", "b", "c"), ("x", "y", "z")
    first, second = (precision(scores, one, other, truth, k) for k in (1, 2))
    assert (first.share, first.words) == (0.5, 2) and second.share == 1
    assert (first.low, first.high) == wilson(1, 2)
    for call, words in (
        (lambda: precision(scores[:2], one, other, truth), "a row for each word"),
        (lambda: precision(scores, one, other, {"q": ("x",)}), "none of the truth's words"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


@pytest.mark.parametrize("hits, count", [(0, 7), (3, 10), (90, 366), (366, 366)])
def test_wilsons_interval_inverts_its_test(hits, count):
    """Its ends are the p at which |hits/n − p| is z standard deviations of p; beside the exact one it is near."""
    low, high = wilson(hits, count)
    for end in (low, high):
        if 0 < end < 1:
            assert abs(hits / count - end) == pytest.approx(1.959964 * math.sqrt(end * (1 - end) / count), abs=1e-6)
    assert 0 <= low <= hits / count <= high <= 1
    exact = beta.ppf(0.025, hits, count - hits + 1) if hits else 0.0
    assert abs(low - exact) < 0.06
    covered = sum(binom.pmf(k, 50, 0.3) for k in range(51) if wilson(k, 50)[0] <= 0.3 <= wilson(k, 50)[1])
    assert 0.93 < covered < 0.97


def test_the_test_lexicon_is_of_words_that_both_texts_have():
    en, es, truth = counted(running_text("en")), counted(running_text("es")), lexicons.test_lexicon()
    assert len(truth) == 366 and truth["bread"] == ("pan",)
    bare = {lexicons.bare(word) for word in es.words}
    for word, right in truth.items():
        assert word in en.words and set(right) <= set(es.words) and word not in bare and right


def test_a_rotation_begins_as_the_identity_and_is_held_upright():
    G, x = Rotation(4), torch.randn(6, 4)
    assert torch.equal(G(x), x)
    with torch.no_grad():
        G.weight.add_(0.2 * torch.randn(4, 4))
    gan = GAN(G, Unconditional(torch.nn.Linear(4, 1)), 0)
    W, off = G.weight.detach().double().clone(), []
    upright(0.1)(gan)
    assert torch.allclose(G.weight.double(), 1.1 * W - 0.1 * W @ W.T @ W, atol=1e-5)
    for _ in range(60):
        upright(0.1)(gan)
        off.append((torch.linalg.svdvals(G.weight.detach()) - 1).abs().max().item())
    assert off[-1] < 1e-3 and off[-1] <= off[0]


def test_words_are_aligned_under_train():
    x, y = torch.randn(2, 40, 4).unbind(0)
    D = Unconditional(torch.nn.Linear(4, 1))
    gan = GAN(Rotation(4), D, 0, after_step=[upright()])
    before = gan.generator.weight.detach().clone()
    for _ in train(gan, unpaired(y, x, 8), 3):
        pass
    assert not torch.equal(before, gan.generator.weight) and torch.equal(D(x), D(x, y))


# ------------------------------------------------------------------ a translator of sentences


WORDS_EN, WORDS_FR = ("·", "<", ">", "a", "b"), ("·", "<", ">", "un", "deux", "-")


def test_sentences_go_there_and_back():
    sentences = ["vingt et un", "quatre-vingt-dix", "a, b-c"]
    words = number_words.vocabulary(sentences)
    symbols = number_words.in_symbols(sentences, words)
    assert words[:3] == ("·", "<", ">") and number_words.in_words(symbols, words) == sentences
    assert symbols.shape == (3, 6) and (symbols[0, 3:].tolist()) == [number_words.END, 0, 0]
    with pytest.raises(ValueError, match="the vocabulary has no zwei"):
        number_words.in_symbols(["zwei"], words)


def test_numbers_are_said():
    pytest.importorskip("num2words")
    assert number_words.said([21, 90], "fr") == ["vingt et un", "quatre-vingt-dix"]
    numbers = [*range(200), 999_999]
    for language in ("en", "fr"):
        told = number_words.said(numbers, language)
        words = number_words.vocabulary(told)
        assert len(set(told)) == len(numbers)
        assert number_words.in_words(number_words.in_symbols(told, words), words) == told


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "num2words", None)
    with pytest.raises(ImportError, match="pip install num2words"):
        number_words.said([1])


def small_translator():
    return translator.Translator(5, 6, 7, most=5)


SOURCE = torch.tensor([[3, 4, 2], [4, 2, 0]])
TARGET = torch.tensor([[3, 5, 4, 2], [4, 2, 0, 0]])


def test_the_likelihood_is_the_product_of_the_words_that_are_said():
    """Against the probabilities that word-after-word sampling uses; and over all short sentences they add up to 1."""
    G = small_translator()
    with torch.no_grad():
        total = translator.log_likelihood(G, SOURCE, TARGET)
        for n, length in ((0, 4), (1, 2)):
            value = 0.0
            for t in range(length):
                logits = G.logits(SOURCE[n : n + 1], TARGET[n : n + 1, : t + 1])[0, t]
                value += logits.log_softmax(0)[TARGET[n, t]].item()
            assert total[n].item() == pytest.approx(value, abs=1e-5)
        first = G.logits(SOURCE, TARGET)
        other = TARGET.clone()
        other[:, 3] = 5
        assert torch.equal(first, G.logits(SOURCE, other)), "a word is not seen before it is said"
        padded = torch.cat([SOURCE, torch.zeros(2, 2).long()], 1)
        assert torch.allclose(G.logits(SOURCE[:1], TARGET[:1]), G.logits(SOURCE, TARGET)[:1], atol=1e-6)
        del padded


def test_sampled_sentences_have_the_probabilities_that_are_told():
    G = small_translator()
    many = SOURCE[:1].expand(4000, -1)
    with torch.no_grad():
        first = G.sampled(many)[:, 0]
        p = G.logits(SOURCE[:1], TARGET[:1])[0, 0].softmax(0).double()
    assert chisquare(torch.bincount(first, minlength=6).numpy(), (4000 * p / p.sum()).numpy()).pvalue > 0.001
    said = G.translated(SOURCE)
    assert said.shape == (2, 5) and torch.equal(said, G.translated(SOURCE))
    with torch.no_grad():
        G.say.bias[number_words.END] = 99
    assert G.translated(SOURCE).tolist() == [[number_words.END]] * 2, "nothing is said behind the end of all"
    with torch.no_grad():
        G.say.bias[number_words.END] = 0
    for row in G.sampled(many[:50]).tolist():
        if number_words.END in row:
            assert not any(row[row.index(number_words.END) + 1 :])


def test_likelihood_teaches_and_a_verdict_moves_only_who_learns():
    batches = lambda: itertools.repeat((TARGET.float(), SOURCE))  # noqa: E731
    G, D = small_translator(), translator.SentenceCritic(5, 6, 4)
    gan = GAN(G, D, 0, g_optimizer=adam(G, 0.02))
    losses = [record.g_loss.item() for record in train(gan, batches(), 60, step=translator.by_likelihood())]
    assert losses[-1] < 0.3 * losses[0]
    assert torch.equal(G.translated(SOURCE)[:, :4], TARGET)
    record = next(iter(train(gan, batches(), 1, step=translator.by_verdict(0.5))))
    assert {"reward", "likelihood", "d_loss"} <= set(record.values) and 0 < record.values["reward"] < 1
    alone, weights = GAN(G, D, 0), copy.deepcopy((G.state_dict(), D.state_dict()))
    first, second = train(alone, batches(), 2, step=translator.by_verdict(first=1))
    assert "g_loss" not in first.values and "g_loss" in second.values
    alone = GAN(G, D, 0)
    G.load_state_dict(weights[0])
    next(iter(train(alone, batches(), 1, step=translator.by_verdict(first=1))))
    assert all(torch.equal(each, weights[0][name]) for name, each in G.state_dict().items()), "D learns alone"
    assert any(not torch.equal(each, weights[1][name]) for name, each in D.state_dict().items())
    with pytest.raises(TypeError, match="the generator must be"):
        next(iter(train(GAN(D, None, 0), batches(), 1, step=translator.by_likelihood())))
    with pytest.raises(ValueError, match="a verdict needs a discriminator"):
        next(iter(train(GAN(small_translator(), None, 0), batches(), 1, step=translator.by_verdict())))


def test_the_verdicts_gradient_is_that_of_the_expected_reward():
    """E over all sentences of one word, exactly, against the mean of many samples' gradients."""
    torch.manual_seed(3)
    logits = torch.randn(4, dtype=torch.float64, requires_grad=True)
    reward = torch.tensor([0.1, 0.9, 0.4, 0.6], dtype=torch.float64)
    (exact,) = torch.autograd.grad((logits.softmax(0) * reward).sum(), logits)
    words = logits.detach().softmax(0).multinomial(200_000, replacement=True)
    got = reward[words]
    (found,) = torch.autograd.grad((((got - got.mean()) * logits.log_softmax(0)[words]).mean()), logits)
    assert torch.allclose(exact, found, atol=3e-3)


def test_a_sentence_without_its_source_is_refused():
    gan = GAN(small_translator(), None, 0)
    with pytest.raises(ValueError, match=r"batches must be \(target"):
        next(iter(train(gan, itertools.repeat(TARGET.float()), 1, step=translator.by_likelihood())))


# ------------------------------------------------------------------ scores of sentences


SAID = ["a b c d e", "a a a a a a", "the cat sat on the mat today", "x"]
RIGHT = ["a b c d f e", "a a a a b a", "the cat sat on a mat", "x y"]


def test_bleu_is_sacrebleus():
    sacrebleu = pytest.importorskip("sacrebleu")
    stream = np.random.default_rng(0)
    sets = [(SAID, RIGHT), (RIGHT, RIGHT), (SAID[:1], RIGHT[:1])]
    for _ in range(10):
        said, right = ([" ".join(stream.choice(list("abc"), size=k)) for k in stream.integers(4, 12, 6)] for _ in "12")
        sets.append((said, right))
    for said, right in sets:
        whole = sacrebleu.corpus_bleu(said, [right], tokenize="none", smooth_method="none", force=True).score / 100
        assert bleu(said, right) == pytest.approx(whole, abs=1e-9)


def test_bleu_is_its_formula_by_hand():
    """4, 3, 2, 1 runs of "a b c d" are all right; one word is missing: e^(1 − 5/4)."""
    assert bleu(["a b c d"], ["a b c d e"]) == pytest.approx(math.exp(-0.25))
    assert bleu(RIGHT, RIGHT) == 1 and bleu(["a b c"], ["c b a"]) == 0
    assert exact(["a", "b c"], ["a", "b  c"]) == 0.5
    for call in (lambda: bleu([], []), lambda: exact(["a"], ["a", "b"])):
        with pytest.raises(ValueError, match="as many sentences"):
            call()


def test_confidence_is_the_mean_of_the_best_and_refining_finds_a_rotation():
    scores = torch.tensor([[1.0, 3], [4, 2], [9, 9]])
    assert lexicons.confidence(scores, 2) == 3.5
    y = lexicons.unit(torch.randn(80, 6))
    near = torch.linalg.qr(torch.eye(6) + 0.15 * torch.randn(6, 6))[0]
    near = near * near.diagonal().sign()
    assert torch.allclose(near @ lexicons.refined(y @ near, y, 10), torch.eye(6), atol=1e-4)


def test_a_key_is_broken_step_by_step(monkeypatch):
    """As the benchmark does it, on a small part of the text."""
    monkeypatch.setattr(translation, "PART", 6000)
    key = new_key(torch.Generator().manual_seed(1))
    looks = list(translation.broken(key, 120))
    assert [step for step, _ in looks][:3] == [0, 2, 4] and looks[-1][0] == 120
    assert all(sure.shape == (27, 27) and torch.allclose(sure.sum(1), torch.ones(27)) for _, sure in looks)
    space = key[26]  # the commonest symbol is read first
    assert looks[-1][1][space].argmax() == 26 and looks[-1][1][space, 26] > 0.6 > 0.1 > looks[0][1][space, 26]
    with pytest.raises(ValueError, match="each of 0 … 26 once"):
        next(translation.broken(torch.zeros(27, dtype=torch.long)))
