"""The scoring network and FID, against independent computations."""

import hashlib
import json
import math

import numpy as np
import pytest
import scipy.linalg
import torch

from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures import mnist_scores
from gan_edu.core.measures.mnist_scores import Scorer, accuracy, feature_net


@pytest.fixture(scope="module")
def scorer():
    return Scorer(samples=1000)


def test_the_network_reads_digits():
    assert round(100 * accuracy(feature_net(), *mnist(train=False)), 1) == 99.6  # notebook 04 says so
    assert 64 <= feature_net().num_features <= 128 and mnist_scores.WEIGHTS.stat().st_size <= 1_000_000
    assert not any(w.requires_grad for w in feature_net().parameters()) and not feature_net().training


def test_fid_is_the_frechet_distance_of_the_features(scorer):
    """||μ₁ − μ₂||² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½), by numpy and scipy."""
    images = mnist(train=True)[0][:1000]
    with torch.no_grad():
        ours = feature_net()(images.float() / 127.5 - 1).double().numpy()
        test = torch.cat([feature_net()(part.float() / 127.5 - 1) for part in mnist(train=False)[0].split(2000)])
        test = test.double().numpy()
    s1, s2 = np.cov(ours, rowvar=False), np.cov(test, rowvar=False)
    root = scipy.linalg.sqrtm(s1 @ s2).real
    expected = np.sum((ours.mean(0) - test.mean(0)) ** 2) + np.trace(s1 + s2 - 2 * root)
    assert scorer.score_images(images)["fid"] == pytest.approx(expected, rel=1e-3)


def test_scores_of_known_sets(scorer):
    images, labels = mnist(train=True)
    real = scorer.score_images(images[:1000])
    ones = scorer.score_images(images[labels == 1][:1000])
    noise = scorer.score_images(torch.randint(0, 256, (1000, 1, 28, 28), dtype=torch.uint8))
    assert real["fid"] < 5 < 100 < ones["fid"] < noise["fid"]
    assert ones["histogram"][1] > 0.98 and sum(real["histogram"]) == pytest.approx(1)
    assert real["confidence"] > 0.9  # noise gets as much: it says nothing of quality
    assert scorer.score_images(mnist(train=False)[0])["fid"] == pytest.approx(0, abs=1e-2)  # identical sets


def test_what_is_not_finite_has_no_score(scorer):
    """One picture is enough; and the next score is as sound as ever."""
    images = scaled(mnist(train=True)[0][:300])
    before = scorer.score_images(images)
    for wreck, count in ((math.nan, 1), (math.nan, 300), (math.inf, 1), (-math.inf, 300), (3e38, 1)):
        spoilt = images.clone()
        spoilt[-count:, :, 5:, 5:] = wreck
        found = scorer.score_images(spoilt)
        assert all(map(math.isnan, [found["fid"], found["confidence"], *found["histogram"]])), (wreck, count, found)
        assert len(found["histogram"]) == 10
    assert scorer.score_images(images) == before and 0 < before["fid"] < 100


def test_scoring_is_repeatable_and_more_samples_lower_the_floor(scorer):
    images = mnist(train=True)[0]
    assert scorer.score_images(images[:1000]) == scorer.score_images(images[:1000])
    assert Scorer(samples=4000).floor < scorer.floor


def test_scoring_disturbs_neither_the_gan_nor_the_global_stream(scorer):
    from gan_edu.mnist_gan import textbook

    gan = textbook()
    states = gan.noise_stream.get_state(), gan.display_stream.get_state(), torch.get_rng_state()
    assert scorer.score(gan) == scorer.score(gan)
    after = gan.noise_stream.get_state(), gan.display_stream.get_state(), torch.get_rng_state()
    assert all(torch.equal(a, b) for a, b in zip(states, after, strict=True)) and gan.generator.training


def test_bad_input_is_named(scorer, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"\(N, 1, 28, 28\) are scored, got \(5, 3, 28, 28\)"):
        scorer.score_images(torch.zeros(5, 3, 28, 28))
    with pytest.raises(ValueError, match="samples must be a whole number from 2"):
        Scorer(samples=1)
    feature_net.cache_clear()
    (tmp_path / "features.pt").write_bytes(mnist_scores.WEIGHTS.read_bytes()[:-10])
    (tmp_path / "features.json").write_bytes(mnist_scores.PROVENANCE.read_bytes())
    monkeypatch.setattr(mnist_scores, "WEIGHTS", tmp_path / "features.pt")
    with pytest.raises(OSError, match="damaged"):
        feature_net()
    digest = hashlib.sha256((tmp_path / "features.pt").read_bytes()).hexdigest()
    (tmp_path / "features.json").write_text(json.dumps({"sha256": digest}))
    with pytest.raises(ValueError, match="features.pt holds something other than tensors"):
        feature_net()
    monkeypatch.setattr(mnist_scores, "WEIGHTS", tmp_path / "absent.pt")
    with pytest.raises(FileNotFoundError, match="train-features"):
        feature_net()


def test_training_the_network_learns(tmp_path, monkeypatch):
    """One short run of the real routine on little data; the shipped weights come from eight epochs of all of it."""
    images, labels = mnist(train=True)
    monkeypatch.setattr(
        mnist_scores,
        "mnist",
        lambda train: (images[:6400], labels[:6400]) if train else (images[-1000:], labels[-1000:]),
    )
    monkeypatch.setattr(mnist_scores, "WEIGHTS", tmp_path / "f.pt")
    monkeypatch.setattr(mnist_scores, "PROVENANCE", tmp_path / "f.json")
    assert mnist_scores.train_features(epochs=1, say=lambda line: None) > 0.85
    net = feature_net()  # the one that was stored just now, not the shipped one
    feature_net.cache_clear()
    assert 0.85 < accuracy(net, images[-1000:], labels[-1000:]) < 0.985
