"""The scoring network and FID, against independent computations."""

import hashlib
import itertools
import json
import math
import statistics
import urllib.error
from typing import NamedTuple

import numpy as np
import pytest
import scipy.linalg
import torch
from PIL import Image
from torch import nn
from torchvision.models import Inception_V3_Weights, inception_v3
from torchvision.transforms import functional as TF

from gan_edu.core.data.datasets import fashion_mnist, mnist
from gan_edu.core.data.mnist_files import FASHION_FOLDER
from gan_edu.core.data.pixels import scaled
from gan_edu.core.measures import mnist_scores
from gan_edu.core.measures.inception import inception_features
from gan_edu.core.measures.mnist_scores import DATA, Scorer, accuracy, feature_net
from gan_edu.core.measures.score import embedded
from gan_edu.core.safety import durable
from gan_edu.core.training.streams import seeded
from gan_edu.evaluation import frechet

fashion_is_here = pytest.mark.skipif(not FASHION_FOLDER.is_dir(), reason="Debian's dataset-fashion-mnist is not here")


@pytest.fixture(scope="module")
def scorer():
    return Scorer(samples=1000)


def test_the_network_reads_digits():
    assert round(100 * accuracy(feature_net(), *mnist(train=False)), 1) == 99.6  # notebook 04 says so
    assert 64 <= feature_net().num_features <= 128 and DATA["mnist"].weights.stat().st_size <= 1_000_000
    assert not any(w.requires_grad for w in feature_net().parameters()) and not feature_net().training


@pytest.mark.slow
def test_test_digits_differ_from_training_digits_by_more_than_chance():
    images, order = mnist(train=True)[0], torch.randperm(60_000, generator=torch.Generator().manual_seed(1))
    asked = embedded(feature_net(), mnist(train=False)[0]).double()
    blocks = embedded(feature_net(), images[order[:30_000]]).double().split(10_000)
    of_test = [frechet(block, asked) for block in blocks]
    among_them = [frechet(x, y) for x, y in itertools.combinations(blocks, 2)]
    assert statistics.mean(of_test) > 1.5 * statistics.mean(among_them)  # of all six 0.73 and 0.42, says notebook 07


@fashion_is_here
def test_the_other_network_reads_clothes_and_no_digits():
    net, (told, _) = feature_net(data="fashion"), durable.shipped_pair(DATA["fashion"].weights, "")
    found, (digits, labels) = accuracy(net, *fashion_mnist(train=False)), mnist(train=False)
    assert found == pytest.approx(told["test_accuracy"], abs=5e-4) and found >= 0.9
    assert accuracy(net, digits[:1000], labels[:1000]) < 0.3 and net is not feature_net()
    assert DATA["fashion"].weights.stat().st_size <= 350_000
    assert {w.dtype for w in net.parameters()} == {torch.float32} and not net.training


@fashion_is_here
def test_clothes_are_scored_against_clothes():
    scorer, images = Scorer(samples=1000, data="fashion"), fashion_mnist(train=True)[0][-1000:]
    assert scorer.reference == "Fashion-MNIST test set, 10,000 images"
    assert scorer.score_images(images)["fid"] == pytest.approx(scorer.floor, rel=0.3)
    assert scorer.score_images(mnist(train=True)[0][:1000])["fid"] > 10 * scorer.floor


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
    for wreck, count in ((math.nan, 1), (math.nan, 300), (math.inf, 1), (-math.inf, 300)):
        spoilt = images.clone()
        spoilt[-count:, :, 5:, 5:] = wreck
        found = scorer.score_images(spoilt)
        assert all(map(math.isnan, [found["fid"], found["confidence"], *found["histogram"]])), (wreck, count, found)
        assert len(found["histogram"]) == 10
    assert scorer.score_images(images) == before and 0 < before["fid"] < 100


def test_pictures_on_another_scale_are_refused_and_a_gans_are_remarked_on(scorer):
    """A GAN's whole run would be lost with a refusal; pictures can be given again."""

    class Given(NamedTuple):  # a GAN that draws these
        digits: torch.Tensor
        device = torch.device("cpu")

        def latents(self, count, stream):
            return self.digits

        def generate(self, z):
            return z

    digits = scaled(mnist(train=True)[0][:300])
    with pytest.raises(ValueError, match="no pixel of the given pictures is below 0"):
        scorer.score_images((digits + 1) / 2)
    with pytest.warns(UserWarning, match="None of the samples is below 0"):
        assert scorer.score(Given((digits + 1) / 2))["fid"] > 100 * scorer.score_images(digits)["fid"]
    with pytest.raises(ValueError, match=r"reach 3e\+38"):
        scorer.score_images(3e38 * digits)
    assert math.isnan(scorer.score(Given(3e38 * digits))["fid"])  # what the network makes of it is not finite


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
    for make in (feature_net, Scorer, mnist_scores.train_features):
        with pytest.raises(ValueError, match="data must be one of mnist, fashion, got 'digits'"):
            make(data="digits")
    shipped = DATA["mnist"].weights
    (tmp_path / "features.pt").write_bytes(shipped.read_bytes()[:-10])
    (tmp_path / "features.json").write_bytes(shipped.with_suffix(".json").read_bytes())
    monkeypatch.setitem(DATA, "mnist", DATA["mnist"]._replace(weights=tmp_path / "features.pt"))
    with pytest.raises(OSError, match="damaged"):
        feature_net()
    digest = hashlib.sha256((tmp_path / "features.pt").read_bytes()).hexdigest()
    (tmp_path / "features.json").write_text(json.dumps({"sha256": digest}))
    with pytest.raises(ValueError, match="features.pt holds something other than tensors"):
        feature_net()
    monkeypatch.setitem(DATA, "mnist", DATA["mnist"]._replace(weights=tmp_path / "absent.pt"))
    with pytest.raises(FileNotFoundError, match="train-features --data mnist"):
        feature_net()


@pytest.mark.parametrize("data, dtype", [("mnist", torch.float32), ("fashion", torch.float16)])
def test_training_the_network_learns(data, dtype, tmp_path, monkeypatch):
    """A short run of the real routine on few digits; the shipped weights come from all epochs of all pictures."""
    images, labels = mnist(train=True)

    def few(train):
        return (images[:6400], labels[:6400]) if train else (images[-1000:], labels[-1000:])

    monkeypatch.setitem(DATA, data, DATA[data]._replace(load=few, weights=tmp_path / "f.pt"))
    found = mnist_scores.train_features(epochs=1, say=lambda line: None, data=data)
    net = feature_net(data=data)  # the one that was stored just now, not the shipped one
    feature_net.cache_clear()
    assert 0.85 < found < 0.985 and accuracy(net, images[-1000:], labels[-1000:]) == found
    assert torch.load(tmp_path / "f.pt")["body.0.weight"].dtype == dtype
    told = json.loads((tmp_path / "f.json").read_text())
    assert told["test_accuracy"] == found and told["command"].endswith(f"train-features --data {data}")


# ------------------------------------------------------------------ Inception, with stand-ins for ImageNet's weights


@pytest.fixture(scope="module")
def theirs():
    """torchvision's network as it is made for classes, on ImageNet's normalisation, with weights at random."""
    with seeded(0):
        net = inception_v3(weights=None, init_weights=False, transform_input=True).eval()
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.weight.data.fill_(3)  # else each layer makes its numbers smaller, and none is left at the end
    net.fc = nn.Linear(2048, 1000)
    return net


@pytest.fixture
def inception(theirs, monkeypatch):
    monkeypatch.setattr(Inception_V3_Weights, "get_state_dict", lambda self, **_: theirs.state_dict())
    return inception_features()


def test_inceptions_features_are_what_the_classes_are_made_of(inception, theirs):
    """torchvision's own way: [0, 1], Pillow's bilinear filter, ImageNet's mean and deviation, its own normalisation."""
    pixels = torch.randint(0, 256, (2, 3, 400, 320), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    sized = [TF.resize(Image.fromarray(p.permute(1, 2, 0).numpy()), [299, 299]) for p in pixels]
    asked = torch.stack([TF.normalize(TF.to_tensor(p), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]) for p in sized])
    kept = []
    handle = theirs.fc.register_forward_pre_hook(lambda layer, given: kept.append(given[0]))
    with torch.no_grad():
        theirs(asked)
        handle.remove()
        found = inception(pixels)
    assert found.shape == (2, 2048) and not inception.training and found.abs().mean() > 1e-4
    apart = (found[0] - found[1]).abs().mean()
    assert (found - kept[0]).abs().mean() < 0.05 * apart  # Pillow rounds to whole pixels
    assert torch.equal(embedded(inception, pixels), found)


def test_grey_pictures_are_three_equal_channels_and_their_size_is_theirs(inception):
    digits = scaled(mnist(train=False)[0][:3])
    with torch.no_grad():
        grey = inception(digits)
        assert torch.equal(grey, inception(digits.expand(-1, 3, -1, -1))) and torch.equal(
            grey[:1], inception(digits[:1])
        )
    for bad in (torch.zeros(2, 4, 8, 8), torch.zeros(2, 784)):
        with pytest.raises(ValueError, match=r"images must be pictures \(N, 1 or 3, H, W\), got \(2, "):
            inception(bad)
    with pytest.raises(TypeError, match="images must be a tensor"):
        inception([1, 2])


@pytest.mark.parametrize("fault", [urllib.error.URLError("no name"), RuntimeError("invalid hash value")])
def test_without_a_network_inception_says_what_to_do(fault, tmp_path, monkeypatch):
    def fails(*_, **__):
        raise fault

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(torch.hub, "download_url_to_file", fails)
    with pytest.raises(OSError, match="connect to the network.*or fetch https://.*pth elsewhere and put it there"):
        inception_features()
    with pytest.raises(ValueError, match="the device 'gpu' is not on this machine"):
        inception_features("gpu")
