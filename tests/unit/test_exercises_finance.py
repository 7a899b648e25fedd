"""Chapter 17's checks: right answers pass, each wrong one that learners write gets its own word."""

import math
import re

import numpy as np
import pytest
import torch

from gan_edu.exercises import finance as exercises
from gan_edu.finance import autocorrelation, garch, kupiec


def prices(start, r):
    return start * torch.cat([r.new_zeros(1), r.cumsum(0)]).exp()


def autocorrelated(x, lag):
    c = x - x.mean()
    return (c[:-lag] * c[lag:]).sum() / c.square().sum()


def ratio(hits, days, p):
    rate = hits / days
    up = hits * math.log(rate / p) if hits else 0
    return 2 * (up + (days - hits) * math.log((1 - rate) / (1 - p)))


def variances(e, omega, alpha, beta, first):
    found = [first]
    for each in e:
        found.append(omega + alpha * each**2 + beta * found[-1])
    return torch.tensor(found)


def by_module(hits, days, p):
    return kupiec(torch.arange(days) < hits, p).statistic


def by_filter(e, omega, alpha, beta, first):
    """GARCH's own; its first variance comes from the days, so the difference to `first` fades by β."""
    model = garch.Garch(0.0, omega, alpha, 0.0, beta)
    own = torch.from_numpy(garch.variances(model, e.numpy()))
    return own + (first - own[0]) * beta ** torch.arange(len(e) + 1)


@pytest.mark.parametrize(
    "feedback",
    [
        lambda: exercises.own_prices(prices),
        lambda: exercises.own_prices(
            lambda start, r: torch.tensor([start * math.exp(r[:k].sum()) for k in range(len(r) + 1)])
        ),
        lambda: exercises.own_autocorrelation(autocorrelated),
        lambda: exercises.own_autocorrelation(lambda x, lag: autocorrelation(x, [lag])),
        lambda: exercises.own_kupiec(ratio),
        lambda: exercises.own_kupiec(by_module),
        lambda: exercises.own_variances(variances),
        lambda: exercises.own_variances(by_filter),
    ],
    ids=["prices", "each sum", "autocorrelation", "its module", "kupiec", "its module 2", "variances", "its filter"],
)
def test_right_answers(feedback):
    assert feedback().correct, feedback()


def means(x, lag):
    c = x - x.mean()
    return (c[:-lag] * c[lag:]).mean() / c.square().mean()


def rounded(x, lag):
    c = x - x.mean()
    return (c * c.roll(lag)).sum() / c.square().sum()


def normal(hits, days, p):
    return (hits / days - p) / math.sqrt(p * (1 - p) / days)


@pytest.mark.parametrize(
    "feedback, words",
    [
        (lambda: exercises.own_prices(lambda start, r: ...), "replace the"),
        (lambda: exercises.own_prices(lambda start, r: prices(start, r)[1:]), "but for the first"),
        (lambda: exercises.own_prices(lambda start, r: prices(start, r).tolist()), "tensor of T . 1"),
        (lambda: exercises.own_prices(lambda start, r: start * torch.cat([torch.ones(1), 1 + r]).cumprod(0)), "simple"),
        (lambda: exercises.own_prices(lambda start, r: start * (prices(1, r).log() + 1)), "simple"),
        (lambda: exercises.own_prices(lambda start, r: start + prices(1, r).log()), "price itself"),
        (lambda: exercises.own_prices(lambda start, r: start * torch.cat([torch.zeros(1), r]).exp()), "begins at the"),
        (lambda: exercises.own_prices(lambda start, r: prices(1, r)), "multiply them by the start"),
        (lambda: exercises.own_prices(lambda start, r: prices(1, r).log()), "logarithms of prices"),
        (lambda: exercises.own_prices(lambda start, r: prices(start, -r)), "mind the sign"),
        (lambda: exercises.own_prices(lambda start, r: prices(start, r) + 1), "log p_t"),
        (lambda: exercises.own_autocorrelation(lambda x, lag: ...), "replace the"),
        (lambda: exercises.own_autocorrelation(lambda x, lag: x), "one number"),
        (lambda: exercises.own_autocorrelation(lambda x, lag: True), "one number"),
        (lambda: exercises.own_autocorrelation(lambda x, lag: (x[:-lag] @ x[lag:]) / (x @ x)), "mean away"),
        (lambda: exercises.own_autocorrelation(means), "T − lag terms"),
        (lambda: exercises.own_autocorrelation(lambda x, lag: np.corrcoef(x[:-lag], x[lag:])[0, 1].item()), "Pearson"),
        (
            lambda: exercises.own_autocorrelation(lambda x, lag: autocorrelated(x, lag) * x.var(unbiased=False) * 40),
            "divide",
        ),
        (lambda: exercises.own_autocorrelation(rounded), "goes round"),
        (lambda: exercises.own_autocorrelation(lambda x, lag: autocorrelated(x, 1)), "lag 1, whatever"),
        (lambda: exercises.own_autocorrelation(lambda x, lag: -autocorrelated(x, lag)), "x − m once"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: ...), "replace the"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: "1"), "one number"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: ratio(hits, days, p) / 2), "twice"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: 2 * hits * math.log(hits / days / p)), "two terms"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: -ratio(hits, days, p)), "sign is wrong"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: ratio(hits, days, p) / math.log(10)), "natural"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: ratio(hits, days, p) / days), "leave it a sum"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: ratio(p * days, days, hits / days)), "wrong way round"),
        (lambda: exercises.own_kupiec(normal), "normal approximation"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: normal(hits, days, p) ** 2), "normal approximation"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: 1 + ratio(hits, days, p)), "log.x/.T p"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: ratio(hits, days, p) + 0 * math.log(hits)), "right, but"),
        (lambda: exercises.own_kupiec(lambda hits, days, p: ratio(max(hits, 1), days, p)), "right, but"),
        (lambda: exercises.own_variances(lambda e, omega, alpha, beta, first: ...), "replace the"),
        (lambda: exercises.own_variances(lambda *given: variances(*given)[:-1]), "last one is missing"),
        (lambda: exercises.own_variances(lambda *given: variances(*given).tolist()), "T . 1 variances"),
        (lambda: exercises.own_variances(lambda *given: variances(*given).sqrt()), "deviations"),
        (lambda: exercises.own_variances(lambda e, o, a, b, first: variances(e, o, b, a, first)), "wrong way round"),
        (lambda: exercises.own_variances(lambda e, o, a, b, first: variances(e, 0, a, b, first)), "ω is missing"),
        (lambda: exercises.own_variances(lambda e, *given: variances(e.abs().sqrt(), *given)), "square of the day"),
        (lambda: exercises.own_variances(lambda e, o, a, b, first: variances(e, o, a, 0, first)), "one day is"),
        (lambda: exercises.own_variances(lambda e, o, a, b, first: variances(e, o, 0, b, first)), "no day matters"),
        (lambda: exercises.own_variances(lambda e, *given: variances(e.roll(-1), *given)), "knew the day itself"),
        (lambda: exercises.own_variances(lambda *given: 2 * variances(*given)), "beginning with first"),
    ],
)
def test_wrong_answers_are_told_what_is_wrong(feedback, words):
    found = feedback()
    assert not found.correct and re.search(words, found.text), found


def test_the_answer_of_kupiec_is_above_the_border_as_it_says():
    from scipy.stats import chi2

    assert ratio(19, 1000, 0.01) > chi2.ppf(0.95, 1) > 3.84 > ratio(16, 1000, 0.01)


def test_noise_has_no_autocorrelation_beyond_its_band():
    x = torch.randn(400, 1000, generator=torch.Generator().manual_seed(1)).double() ** 3  # heavy tails too
    found = torch.stack([autocorrelated(each, 5) for each in x])
    assert found.std().item() == pytest.approx(1000**-0.5, rel=0.1)
