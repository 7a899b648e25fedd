"""The linear probe: scikit-learn's minimum, and what no scale of features changes."""

import math

import pytest
import torch
from sklearn.linear_model import LogisticRegression

from gan_edu.core.measures.probe import Probe, named_rightly


def clouds(count=60, features=7, classes=4, seed=0):
    stream = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % classes
    middles = torch.randn(classes, features, generator=torch.Generator().manual_seed(9))
    return middles[labels] + torch.randn(count, features, generator=stream), labels


@pytest.mark.parametrize("penalty", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("classes", [2, 4])
def test_it_is_the_minimum_that_scikit_learn_finds(penalty, classes):
    features, labels = clouds(classes=classes)
    probe = Probe(features, labels, penalty, classes)
    seen = ((features - features.mean(0)) / probe.size).double().numpy()
    theirs = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=5000)
    if classes == 2:  # theirs is then of one row of weights, w₁ − w₂: a price of half as much
        theirs.set_params(C=2 / penalty)
    expected = torch.tensor(theirs.fit(seen, labels.numpy()).predict_proba(seen))
    assert torch.allclose(probe(features).softmax(1), expected, atol=1e-5)


def test_features_of_any_scale_and_place_give_the_same():
    features, labels = clouds()
    moved = 1000 * features - 50
    assert torch.allclose(Probe(features, labels)(features), Probe(moved, labels)(moved), atol=1e-3)
    assert Probe(features, labels).size == pytest.approx((features - features.mean(0)).double().square().mean().sqrt())


def test_classes_that_nobody_has_seen_are_unlikely_and_a_flat_feature_is_no_trouble():
    features, labels = clouds(classes=3)
    features[:, 0] = 5.0
    probe = Probe(features, labels, classes=10)
    assert probe(features).shape == (60, 10) and probe(features).argmax(1).max() < 3
    assert Probe(torch.ones(4, 3), torch.tensor([0, 1, 1, 1]))(torch.ones(1, 3)).softmax(1)[0, 1] == pytest.approx(0.75)


def test_it_learns_within_no_grad_and_leaves_gradients_as_they_were():
    features, labels = clouds()
    with torch.no_grad():
        probe = Probe(features, labels)
    assert named_rightly(probe(features), labels) > 0.8 and not probe.weights.requires_grad
    assert torch.is_grad_enabled()


def test_share_named_rightly():
    logits = torch.tensor([[2.0, 1], [0, 3], [1, 0], [0, 1]])
    assert named_rightly(logits, torch.tensor([0, 1, 1, 1])) == 0.75
    noise = torch.randn(10_000, 10, generator=torch.Generator().manual_seed(0))
    assert named_rightly(noise, torch.arange(10_000) % 10) == pytest.approx(0.1, abs=0.01)
    assert named_rightly(torch.zeros(100, 10), torch.arange(100) % 10) == 0.1, "a constant"
    for wrong in (logits[0], logits[:0]):
        with pytest.raises(ValueError, match="together"):
            named_rightly(wrong, torch.tensor([0]))
    with pytest.raises(ValueError, match="finite"):
        named_rightly(logits * math.nan, torch.tensor([0, 1, 1, 1]))


def test_bad_input_is_told():
    features, labels = clouds()
    for wrong in (labels[:5], labels.double(), labels - 1):
        with pytest.raises(ValueError, match="labels"):
            Probe(features, wrong)
    with pytest.raises(ValueError, match="finite"):
        Probe(features * math.inf, labels)
    with pytest.raises(ValueError, match="penalty"):
        Probe(features, labels, 0)
    with pytest.raises(ValueError, match="classes"):
        Probe(features, labels, classes=3)
    with pytest.raises(TypeError, match="features"):
        Probe(features.int(), labels)
    with pytest.raises(ValueError, match=r"\(N, F\)"):
        Probe(features, labels)(features[0])
