"""Digits that are spoiled, one way at a time: what is done to them, and which scores see it."""

import json
import math
from dataclasses import replace

import pytest
import scipy.ndimage
import torch

from gan_edu.core.data.datasets import mnist
from gan_edu.core.data.pixels import to_uint8
from gan_edu.core.measures.mnist_scores import feature_net
from gan_edu.core.measures.score import Score, Scored, embedded
from gan_edu.evaluation import (
    CORRUPTIONS,
    MEASURED,
    corrupted,
    digit_scores,
    frechet,
    sliced_wasserstein,
    splits,
    verdict,
    wasserstein,
)

COUNT = 500


@pytest.fixture(scope="module")
def digits():
    return splits(COUNT)


def places(images):
    """{a picture's bytes: where it stands}."""
    return {picture.numpy().tobytes(): place for place, picture in enumerate(to_uint8(images))}


# ------------------------------------------------------------------ the digits


def test_the_three_sets_share_no_digit_and_labels_are_theirs(digits):
    real, fake, seen = (set(places(each)) for each in (digits.real, digits.fake, digits.seen))
    assert len(real) == len(fake) == len(seen) == COUNT and len(real | fake | seen) == 3 * COUNT
    (train, labels), test = mnist(train=True), {picture.numpy().tobytes() for picture in mnist(train=False)[0]}
    known = {picture.numpy().tobytes(): int(label) for picture, label in zip(train, labels, strict=True)}
    assert [known[each] for each in places(digits.fake)] == digits.labels.tolist()
    assert real <= test and seen <= set(known)


def test_a_seed_is_a_choice_of_digits():
    one, same, other = splits(50, 3), splits(50, 3), splits(50, 4)
    assert torch.equal(one.fake, same.fake) and torch.equal(one.real, same.real) and torch.equal(one.seen, same.seen)
    assert not set(places(one.real)) & set(places(other.real))


# ------------------------------------------------------------------ what is done to them


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_what_is_spoiled_is_as_many_pictures_on_the_same_scale(name, digits):
    before, stream = digits.fake.clone(), torch.get_rng_state()
    levels = CORRUPTIONS[name].levels
    assert len(levels) == 8 and list(levels) == sorted(set(levels))
    for level in levels:
        found = corrupted(digits, name, level)
        assert found.shape == (COUNT, 1, 28, 28) and found.dtype == torch.float32
        assert found.abs().max() < 1 + 1e-5
        assert torch.equal(found, digits.fake) == (level == levels[0])
        assert torch.equal(found, corrupted(digits, name, level))
    assert torch.equal(digits.fake, before) and torch.equal(torch.get_rng_state(), stream)


@pytest.mark.parametrize("name", ["noise", "dropped classes"])
def test_another_seed_spoils_otherwise(name, digits):
    level = CORRUPTIONS[name].levels[4]
    assert not torch.equal(corrupted(digits, name, level, 0), corrupted(digits, name, level, 1))


@pytest.mark.parametrize("sigma", CORRUPTIONS["blur"].levels[1:])
def test_blur_is_scipys(sigma, digits):
    reach = round(3 * sigma) + 1  # pixels to each side
    expected = scipy.ndimage.gaussian_filter(
        digits.fake[:20].double().numpy(), (0, 0, sigma, sigma), mode="mirror", truncate=reach / sigma
    )
    assert corrupted(digits, "blur", sigma)[:20].numpy() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("sigma", [0.1, 0.5])
def test_noise_of_the_background_is_half_a_gaussian(sigma, digits):
    """At −1 what goes below is cut: the mean of max(0, σε) is σ/√(2π), its mean square σ²/2."""
    noise = (corrupted(digits, "noise", sigma) + 1)[digits.fake == -1].double()
    assert noise.mean().item() == pytest.approx(sigma / math.sqrt(2 * math.pi), rel=0.02)
    assert noise.square().mean().item() == pytest.approx(sigma**2 / 2, rel=0.02)


@pytest.mark.parametrize("count", [1, 5, 9])
def test_dropped_classes_are_gone_and_the_others_stay(count, digits):
    found, stays = corrupted(digits, "dropped classes", count), digits.labels >= count
    assert torch.equal(found[stays], digits.fake[stays])
    place = places(digits.fake)
    now = digits.labels[[place[each.numpy().tobytes()] for each in to_uint8(found)]]
    assert set(now.tolist()) == set(range(count, 10))


@pytest.mark.parametrize("times", CORRUPTIONS["copies"].levels)
def test_copies_are_counted(times, digits):
    _, counts = corrupted(digits, "copies", times).flatten(1).unique(dim=0, return_counts=True)
    assert len(counts) == max(2, round(COUNT / times)) and counts.max() - counts.min() <= 1


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_memorised_ones_are_of_those_seen(share, digits):
    found, count = corrupted(digits, "memorised", share), round(share * COUNT)
    seen, fakes = places(digits.seen), places(digits.fake)
    assert sum(each in seen for each in places(found)) == count
    assert sum(each in fakes for each in places(found)) == COUNT - count


# ------------------------------------------------------------------ which scores see it


@pytest.fixture(scope="module")
def measured(digits):
    """measured(corruption): what scores of some names, or all, say of its highest level."""
    net = feature_net()
    real, fake, seen = (embedded(net, images) for images in (digits.real, digits.fake, digits.seen))
    scores = digit_scores(seen)

    def told(corruption, *names):
        after = embedded(net, corrupted(digits, corruption, CORRUPTIONS[corruption].levels[-1]))
        return {name: verdict(scores[name], scores[name].moved(real, fake, after)) for name in names or scores}

    return told


@pytest.mark.parametrize(
    "corruption, seen_by, not_by",
    [
        ("blur", {"FID", "recall", "coverage", "Inception Score"}, set()),
        ("noise", {"FID", "precision", "recall", "coverage"}, {"nearer to what G saw"}),
        ("dropped classes", {"class KL", "recall", "coverage", "FID"}, {"precision", "density"}),
        ("copies", {"coverage", "recall", "FID"}, {"precision", "density", "nearer to what G saw"}),
    ],
)
def test_what_theory_says_is_seen_is_seen(corruption, seen_by, not_by, measured):
    found = measured(corruption, *seen_by, *not_by)
    assert {name for name in found if found[name] == "sees it"} == seen_by, found


def test_memory_is_seen_by_the_score_that_knows_what_g_saw_alone(measured):
    found = measured("memorised")
    assert found.pop("nearer to what G saw") == "sees it" and len(found) == 12
    assert set(found.values()) == {"blind"}, found


def twin(features, kind):
    """As many numbers of another distribution, with the features' own mean and covariance."""
    stream = torch.Generator().manual_seed(0)
    free = torch.rand(features.shape, generator=stream, dtype=torch.float64) ** 6  # far from any Gaussian
    if kind == "gaussian":
        free = torch.randn(features.shape, generator=stream, dtype=torch.float64)
    white = (free - free.mean(0)) @ torch.linalg.inv(torch.linalg.cholesky(free.T.cov())).T
    return features.mean(0) + white @ torch.linalg.cholesky(features.T.cov()).T


@pytest.mark.parametrize("kind", ["gaussian", "skewed"])
def test_transport_sees_more_than_mean_and_covariance(kind, digits):
    net = feature_net()
    real, fake = (embedded(net, images).double() for images in (digits.real, digits.fake))
    assert frechet(real, twin(fake, kind)) == pytest.approx(frechet(real, fake), rel=1e-6)
    for measure in (wasserstein, sliced_wasserstein):
        assert measure(real, twin(fake, kind)) > 1.2 * measure(real, fake), measure.__name__


def test_of_few_perfect_fakes_both_transports_are_above_0():
    stored = json.loads(MEASURED.read_text(encoding="utf-8"))
    for name, means in (("W₂, exact", (16.4, 10.2)), ("sliced W₂", (0.64, 0.21))):
        of_counts = [cell[stored["scores"].index(name)] for cell in stored["cells"]["blur"][0]]
        assert min(least for _, least, _ in of_counts) > 0
        assert (of_counts[0][0], of_counts[-1][0]) == pytest.approx(means, rel=0.03)


@pytest.mark.parametrize(
    "better, low, high, words",
    [
        ("lower", 0.5, 1.5, "sees it"),
        ("lower", -1.5, -0.5, "fooled"),
        ("higher", 0.5, 1.5, "fooled"),
        ("higher", -1.5, -0.5, "sees it"),
        ("lower", -0.1, 1.5, "blind"),
        ("higher", 0, 1, "blind"),
        ("lower", math.nan, math.nan, "blind"),
    ],
)
def test_verdicts(better, low, high, words):
    score = Score("mine", lambda real, fake: 0.0, better=better)
    assert verdict(score, Scored((low + high) / 2, low, high, 100)) == words


# ------------------------------------------------------------------ scores of digits


def test_scores_of_pictures_are_those_of_their_features(digits):
    net, scores = feature_net(), digit_scores()
    real, fake = embedded(net, digits.real), embedded(net, digits.fake)
    assert "nearer to what G saw" not in scores and all(name == score.name for name, score in scores.items())
    for name in ("FID", "recall", "class KL"):
        assert replace(scores[name], features=net)(digits.real, digits.fake) == scores[name](real, fake)


def test_digits_against_digits_and_against_noise(digits):
    net, scores = feature_net(), digit_scores()
    noise = 2 * torch.rand(COUNT, 1, 28, 28, generator=torch.Generator().manual_seed(0)) - 1
    real, fake, noise = (embedded(net, each).double() for each in (digits.real, digits.fake, noise))
    for name, score in scores.items():
        good, bad = score.measure(real, fake), score.measure(real, noise)
        assert good < bad if score.better == "lower" else good > bad, name
    assert all(scores[name].measure(real, real) == pytest.approx(0, abs=1e-3) for name in ("FID", "class KL"))


def test_another_network_gives_other_numbers(digits):
    """An untrained one of the same kind: its features are taken as they come, its classes by its own head."""
    net = type(feature_net())().eval().requires_grad_(False)
    real, fake = embedded(net, digits.real), embedded(net, digits.fake)
    found, shipped = digit_scores(net=net), digit_scores()
    assert found["FID"](real, fake).value == shipped["FID"](real, fake).value  # it takes features
    assert found["Inception Score"].measure(real.double(), fake.double()) < 1.1  # it knows no classes
    assert not net.training


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda d: splits(1), ValueError, "count must be a whole number from 2"),
        (lambda d: splits(10_001), ValueError, "count must be"),
        (lambda d: corrupted(d, "shear", 1), ValueError, "name must be one of blur, noise, dropped classes, copies"),
        (lambda d: corrupted(d, "blur", 3.1), ValueError, "level must be"),
        (lambda d: corrupted(d, "copies", 0.5), ValueError, "level must be"),
        (lambda d: corrupted(d.fake, "blur", 1), TypeError, "digits must be a .*Splits, got Tensor"),
        (lambda d: corrupted(d.fake, "blur", 0), TypeError, "digits must be a .*Splits, got Tensor"),
        (
            lambda d: corrupted(replace(d, labels=0 * d.labels), "dropped classes", 3),
            ValueError,
            "no digit of 3 to 9 is among the 500: take more",
        ),
        (lambda d: verdict("FID", Scored(1, 0, 2, 3)), TypeError, "score must be a .*Score, got str"),
        (lambda d: digit_scores()["FID"](d.real.flatten(1)[:90, :96], d.real.flatten(1)), ValueError, "needs 97 real"),
    ],
)
def test_what_cannot_be_is_told(call, error, words, digits):
    with pytest.raises(error, match=words):
        call(digits)
