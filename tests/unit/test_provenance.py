"""Marks: evidence against a plain sum, its law over keys against scipy's normal, PSNR by hand, and the other scores."""

import math

import pytest
import torch
from scipy.stats import binomtest, kstest, norm
from sklearn.metrics import roc_curve

from gan_edu.core.data.damage import light
from gan_edu.core.data.handling import moved
from gan_edu.core.measures import provenance
from gan_edu.core.measures.provenance import (
    LIMIT,
    Marked,
    differences,
    evidence,
    found_at,
    grain_of,
    key,
    marked,
    threshold,
)
from gan_edu.core.measures.restored import psnr
from gan_edu.core.training.networks import MLPGenerator


def pictures(count=40, seed=0):
    """Textured pictures (N, 1, 28, 28) in [0, 1], none alike."""
    stream = torch.Generator().manual_seed(seed)
    return torch.nn.functional.avg_pool2d(torch.rand(count, 1, 30, 30, generator=stream), 3, stride=1)


def test_keys_are_signs_of_their_seed_in_blocks():
    k = key(3)
    assert k.shape == (1, 28, 28) and set(k.unique().tolist()) == {-1.0, 1.0} and abs(k.mean()) < 0.15
    assert torch.equal(k, key(3)) and not torch.equal(k, key(4))
    for grain in (1, 2, 4, 7, 14):
        coarse = key(3, grain=grain)
        assert grain_of(coarse) == grain
        assert torch.equal(coarse[0, :grain, :grain], coarse[0, 0, 0].expand(grain, grain))
    assert grain_of(torch.ones(1, 4, 4)) == 4


def test_differences_are_a_blocks_mean_less_that_of_its_neighbours():
    x = pictures(2).double()
    by_hand = torch.zeros(2, 1, 14, 14, dtype=torch.float64)
    means = x.unflatten(2, (14, 2)).unflatten(4, (14, 2)).mean((3, 5))
    for i in range(14):
        for j in range(14):
            around = [
                means[..., min(max(i + a, 0), 13), min(max(j + b, 0), 13)] for a in (-1, 0, 1) for b in (-1, 0, 1)
            ]
            by_hand[..., i, j] = (means[..., i, j] - torch.stack(around).mean(0)).clamp(-LIMIT, LIMIT)
    assert torch.allclose(differences(x, 2), by_hand, atol=1e-12)
    assert not differences(torch.full((1, 1, 28, 28), 0.3)).any()


def test_evidence_is_a_correlation():
    x, k = pictures(3), key(1)
    r = differences(x)
    for each, z in zip(r, evidence(x, k), strict=True):
        assert z.item() == pytest.approx((each * k).sum().item() / math.sqrt(each.square().sum().item()))
    assert not evidence(torch.zeros(2, 1, 28, 28), k).any(), "a black picture says nothing"


@pytest.mark.parametrize("grain", [1, 2])
def test_over_keys_it_is_a_standard_normal(grain):
    """What `threshold` promises: of pictures without a mark, by keys drawn at random."""
    x = pictures(5)
    z = torch.stack([evidence(x, key(seed, grain=grain)) for seed in range(600)])  # (keys, pictures)
    assert kstest(z[:, 0].numpy(), norm.cdf).pvalue > 0.01
    assert z.mean().item() == pytest.approx(0, abs=0.08) and z.var().item() == pytest.approx(1, abs=0.1)
    for share in (0.1, 0.02):
        above = int((z[:, 0] > threshold(share)).sum())
        assert binomtest(above, 600, share).pvalue > 0.01


def test_thresholds_are_scipys():
    for share in (0.5, 0.01, 1e-6):
        assert threshold(share) == pytest.approx(norm.isf(share))
    assert threshold(0.01, 9) == pytest.approx(norm.isf(0.01 / 9)) and threshold(0.5) == pytest.approx(0)


def test_psnr_of_a_mark_is_that_of_its_strength():
    """Where nothing is cut it is −20 log₁₀ a."""
    grey = 0.2 + 0.6 * pictures()
    for a in (0.02, 0.1):
        assert psnr(marked(grey, key(0), a), grey) == pytest.approx(-20 * math.log10(a), abs=1e-3)
    black = torch.zeros(1, 1, 28, 28)
    assert torch.equal(marked(black, key(0), 0.1) > 0, key(0)[None] > 0), "half of it is cut on black"


def test_a_mark_is_found_and_another_key_is_not():
    x = pictures()
    m = marked(x, key(7), 0.05)
    assert (evidence(m, key(7)) > threshold(1e-6)).all() and (evidence(m, key(8)).abs() < 4.5).all()
    assert (evidence(x, key(7)).abs() < 4.5).all()
    expected = evidence(torch.full_like(x, 0.5) + 0.05 * key(7), key(7))
    assert expected.min() > 0.9 * 28, "alone it gives nearly the root of the number of pixels"


def test_a_moved_mark_is_found_where_it_is_looked_for():
    m = moved(1, -1)(marked(pictures(), key(7), 0.05), torch.Generator()).seen
    assert (evidence(m, key(7)).abs() < 5).all() and (evidence(m, key(7), reach=1) > threshold(1e-4, 9)).all()
    nine = [evidence(provenance.shifted(m, a, b), key(7)) for a in (-1, 0, 1) for b in (-1, 0, 1)]
    assert torch.equal(evidence(m, key(7), 1), torch.stack(nine).amax(0))


def test_a_marked_generator_adds_its_mark_last():
    torch.manual_seed(0)
    G, k = MLPGenerator(4, hidden=(8,)), key(2)
    z = torch.randn(5, 4)
    made = Marked(G, k, 0.2)(z)
    assert torch.allclose(light(made), (light(G(z)) + 0.2 * k).clamp(0, 1), atol=1e-6) and made.abs().max() <= 1
    assert torch.equal(Marked(G, k, 0.2).state_dict()["key"], k)


def test_found_at_agrees_with_scikit_learn():
    stream = torch.Generator().manual_seed(0)
    real, fake = torch.randn(500, generator=stream), torch.randn(300, generator=stream) + 1.5
    false, true, _ = roc_curve([0] * 500 + [1] * 300, torch.cat([real, fake]).numpy(), drop_intermediate=False)
    for share in (0.01, 0.05, 0.3):
        assert found_at(real, fake, share) == pytest.approx(true[false <= share + 1e-12].max())
    assert found_at(real, real, 0.1) == pytest.approx(0.1), "the same scores: as many as chance"
    assert found_at(torch.zeros(200), torch.zeros(50)) == 0, "a constant finds nothing"
    assert found_at(real, real + 100) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: key(0, 28, 3),
        lambda: key(0, 0),
        lambda: marked(pictures(), key(0, 14)),
        lambda: marked(2 * pictures() - 1, key(0)),
        lambda: marked(pictures(), key(0), 1.5),
        lambda: evidence(pictures(), key(0, 14)),
        lambda: evidence(pictures(), key(0), -1),
        lambda: threshold(0),
        lambda: threshold(0.01, 0),
        lambda: found_at(torch.zeros(50), torch.zeros(5)),
        lambda: found_at(torch.zeros(0), torch.zeros(5)),
        lambda: found_at(torch.full((200,), math.nan), torch.zeros(5)),
    ],
    ids=range(12),
)
def test_bad_input_is_told(wrong):
    with pytest.raises(ValueError):
        wrong()


def test_what_is_no_network_or_tensor_is_told():
    with pytest.raises(TypeError):
        Marked("G", key(0))
    with pytest.raises(TypeError):
        Marked(MLPGenerator(4, hidden=(8,)), 3)
    with pytest.raises(TypeError):
        evidence([0.0], key(0))
