"""Chapter 18's checks: right answers pass, each wrong one that learners write gets its own word."""

import copy
import math
import re
from statistics import NormalDist
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from gan_edu.core.measures.provenance import differences, evidence, key, threshold
from gan_edu.core.training.convolutional import ConvDiscriminator
from gan_edu.exercises import transfer as exercises
from gan_edu.transfer import ADA, freeze

CHECKS = [exercises.own_next_p, exercises.own_held, exercises.own_real, exercises.own_traced]
NAMES = ["next p", "held", "real", "traced"]
WHY = ["r is 1 where D is sure", "an optimiser that gets these", "D's logit is log Z", "over random keys z has"]
LAYER = (nn.Conv2d, nn.Linear)


# ------------------------------------------------------------------ right ways, as learners write them


def next_p(measure=lambda d: d.sign().mean(), move=lambda r, t: torch.sign(r - t), end=None):
    end = end or (lambda p, move, most: torch.clamp(p + move, 0, most))
    return lambda p, judged, target, step, most: end(p, move(measure(judged), target) * step, most)


def by_branches(p, judged, target, step, most):
    r = np.sign(judged.numpy()).mean()
    if r > target:
        return min(p + step, most)
    return max(p - step, 0) if r < target else p


def by_shares(p, judged, target, step, most):
    r = 2 * (judged > 0).float().mean() - 1
    return torch.tensor([p]).double().add(step * (r.item() > target) - step * (r.item() < target)).clamp(0, most)


def held(kinds=LAYER, holds=lambda module: [*module.parameters()], at=lambda seen, layers: seen <= layers):
    def answer(D, layers):
        seen = 0
        for module in D.layers:
            seen += isinstance(module, kinds)
            if at(seen, layers):
                for weight in holds(module):
                    weight.requires_grad_(False)
        return [weight for weight in D.parameters() if weight.requires_grad]

    return answer


def list_alone(D, layers):
    """No slope is switched off: what the optimiser is not given stays, too."""
    places = [k for k, each in enumerate(D.layers) if isinstance(each, LAYER)]
    return [w for module in D.layers[places[layers] :] for w in module.parameters()][::-1]


def real(l):
    return l.logsumexp(1).sigmoid()


def one_class_more(l, pick=lambda p: p[:, :-1].sum(1)):
    return pick(torch.cat([l, torch.zeros(len(l), 1)], 1).softmax(1))


def by_hand(l):
    top = l.amax(1).clamp(min=0)
    z = (l - top[:, None]).exp().sum(1)
    return z / (z + (-top).exp())


def traced(z=lambda r, keys: keys @ r / r.norm(), least=lambda c, m, d: NormalDist().inv_cdf(1 - c / m)):
    return lambda r, keys, chance: (z(r, keys), least(chance, len(keys), len(r)))


def from_scipy(r, keys, chance):
    from scipy.stats import norm

    return (keys * r).sum(1, keepdim=True).float() / r.square().sum().sqrt().float(), norm.isf(chance / len(keys))


def by_lists(r, keys, chance):
    """Šidák's threshold: exact, where Bonferroni's is a little too high."""
    each = 1 - (1 - chance) ** (1 / len(keys))
    z = [sum(k * x for k, x in zip(key, r.tolist(), strict=True)) / math.hypot(*r.tolist()) for key in keys.tolist()]
    return [z, torch.special.ndtri(torch.tensor(1 - each).double())]


RIGHT = {
    "clamped": (exercises.own_next_p, next_p()),
    "branches": (exercises.own_next_p, by_branches),
    "shares": (exercises.own_next_p, by_shares),
    "held": (exercises.own_held, held()),
    "the module's": (
        exercises.own_held,
        lambda D, layers: (w for w in freeze(D, layers).parameters() if w.requires_grad),
    ),
    "list alone": (exercises.own_held, list_alone),
    "a set": (exercises.own_held, lambda D, layers: {*list_alone(D, layers)}),
    "parameter list": (exercises.own_held, lambda D, layers: nn.ParameterList(list_alone(D, layers))),
    "logsumexp": (exercises.own_real, real),
    "a column": (exercises.own_real, lambda l: l.float().logsumexp(1, keepdim=True).sigmoid()),
    "one class more": (exercises.own_real, one_class_more),
    "what is not fake": (exercises.own_real, lambda l: 1 - 1 / (1 + l.exp().sum(1))),
    "turned over": (exercises.own_real, lambda l: 1 / (1 + 1 / l.exp().sum(1))),
    "by hand": (exercises.own_real, by_hand),
    "numpy": (exercises.own_real, lambda l: np.exp(-np.logaddexp(0, -np.logaddexp.reduce(l.numpy(), 1)))),
    "a list": (exercises.own_real, lambda l: real(l).tolist()),
    "traced": (exercises.own_traced, traced()),
    "scipy": (exercises.own_traced, from_scipy),
    "lists": (exercises.own_traced, by_lists),
    "its threshold": (exercises.own_traced, traced(least=lambda c, m, d: threshold(c, tries=m))),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers(name):
    check, answer = RIGHT[name]
    found = check(answer)
    assert found.correct and found.text.startswith(WHY[CHECKS.index(check)]), found


# ------------------------------------------------------------------ wrong ones


def bias_free(module):
    return [w for name, w in module.named_parameters() if name == "weight" and isinstance(module, LAYER)]


def last_held(D, layers):
    places = [k for k, each in enumerate(D.layers) if isinstance(each, LAYER)]
    return [w for module in D.layers[: places[4 - layers]] for w in module.parameters()]


def what_is_held(D, layers):
    learns = {id(w) for w in list_alone(D, layers)}
    return [w for w in D.parameters() if id(w) not in learns]


def places_of_the_last(D, layers):
    """Right for one layer or more; for 0 the place −1 is the last layer's."""
    places = [k for k, each in enumerate(D.layers) if isinstance(each, LAYER)]
    stays = {id(w) for k in range(places[layers - 1] + 1) for w in D.layers[k].parameters()}
    stays |= {id(w) for w in D.layers[3].parameters()} if layers > 1 else set()
    return [w for w in D.parameters() if id(w) not in stays]


def zeroed(D, layers):
    with torch.no_grad():
        D.layers[0].weight.zero_()
    return list_alone(D, layers)


def all_still(D, layers):
    return [*map(lambda w: w.requires_grad_(False), list_alone(D, layers))]


def no_way_through(D, layers):
    D.layers[0].register_forward_hook(lambda module, x, y: y.detach())
    return list_alone(D, layers)


def flat(D, layers):
    """A way through that is level: slopes are there, and 0."""
    D.layers[0].register_forward_hook(lambda module, x, y: y * 0)
    return list_alone(D, layers)


def no_slope_at_all(D, layers):
    D.layers[-1].register_forward_hook(lambda module, x, y: y.detach())
    return list_alone(D, layers)


def cut_in_the_middle(D, layers):
    """What learns gets no slope, and the picture one round it."""
    D.register_forward_hook(lambda module, x, y: y.detach() + x[0].mean())
    return list_alone(D, layers)


def sides(least):
    """z right, and another threshold."""
    return traced(least=least)


def inverse(p):
    return NormalDist().inv_cdf(p)


def far(measure):
    """Right where logits are small, and this where they aren't."""
    return lambda l: measure(l) if l.abs().max() > 80 else real(l)


WRONG = {
    "next p": (
        exercises.own_next_p,
        [
            (next_p(lambda d: d.mean()), "mean of D's logits"),
            (next_p(lambda d: d.mean().sign()), "sign of the mean"),
            (next_p(lambda d: (d > 0).float().mean()), "share of logits above 0"),
            (next_p(lambda d: d.sigmoid().mean()), "mean probability"),
            (next_p(lambda d: d.sigmoid().sign().mean()), "all above 0"),
            (next_p(move=lambda r, t: torch.sign(t - r)), "wrong way"),
            (next_p(move=lambda r, t: r - t), "sign of the difference"),
            (next_p(move=lambda r, t: torch.where(r >= t, 1, -1)), "Yours goes up"),
            (next_p(move=lambda r, t: torch.where(r > t, 1, -1)), "Yours goes down"),
            (next_p(move=lambda r, t: torch.sign(r - 0.6)), "need not be 0.6"),
            (next_p(move=lambda r, t: torch.sign(r)), "Compare it with the target"),
            (next_p(end=lambda p, move, most: p + move), "−0.006, and from 0.796 to 0.806"),
            (next_p(end=lambda p, move, most: torch.clamp(p + move, max=most)), "not below 0"),
            (next_p(end=lambda p, move, most: torch.clamp(p + move, 0, 1)), "where most is 0.8"),
            (next_p(end=lambda p, move, most: move), "change of p alone"),
            (next_p(end=lambda p, move, most: p), "from p = 0.3, with r = 0.8, .* becomes 0.31. Yours is 0.3."),
            (next_p(lambda d: d.mean(), lambda r, t: torch.sign(t - r)), "mean of D's logits"),
            (lambda p, judged, *more: next_p()(p, judged, *more) * math.nan, "Yours is nan"),
            (lambda p, judged, *more: judged.sign(), "one number"),
            (lambda *given: None, "one number"),
            (lambda *given: "0.31", "one number"),
            (lambda *given: True, "one number"),
        ],
    ),
    "held": (
        exercises.own_held,
        [
            (lambda D, layers: list(D.parameters()), "all 10 tensors"),
            (lambda D, layers: [], "no parameter at all"),
            (what_is_held, "Return what still learns"),
            (last_held, "hold the last layers"),
            (held(at=lambda seen, layers: seen > 4 - layers), "hold the last layers"),
            (held(holds=lambda module: [*module.parameters()] * isinstance(module, LAYER)), "You return 4: the norm"),
            (lambda D, layers: list(D.parameters())[layers:], "3 layers are 8 tensors"),
            (lambda D, layers: [w for module in D.layers[layers:] for w in module.parameters()], "LeakyReLU is one"),
            (held(at=lambda seen, layers: seen < layers), "asked for 3, you hold 2"),
            (held(at=lambda seen, layers: seen == layers), "the third"),
            (held(holds=lambda module: [w for n, w in module.named_parameters() if n == "weight"]), "biases still"),
            (held(nn.Linear), "no parameter at all"),
            (
                lambda D, layers: [D.layers[0].weight],
                "2 of D's 10 tensors learn. You return 1. Missing: layers.8.bias, ",
            ),
            (places_of_the_last, "0 of 4 layers held, 10 of D's 10 .* Missing: layers.0.bias, .* Too many: –"),
            (held(at=lambda seen, layers: seen <= max(layers, 1)), "0 of 4 layers held, 10 of D's 10"),
            (lambda D, layers: copy.deepcopy(list_alone(D, layers)), "2 of the 2 tensors that you return are not"),
            (lambda D, layers: [w.detach() for w in list_alone(D, layers)], "would move copies"),
            (lambda D, layers: list_alone(D, layers) * 2, "2 of the tensors come more than once"),
            (zeroed, "weights of D were changed"),
            (all_still, "2 of its 2 tensors have requires_grad = False"),
            (no_way_through, "does not get through D"),
            (flat, "does not get through D"),
            (no_slope_at_all, "does not get through D"),
            (cut_in_the_middle, "does not get through D"),
            (lambda D, layers: [name for name, _ in D.named_parameters()], "not names"),
            (lambda D, layers: D.named_parameters(), "not names"),
            (lambda D, layers: [{"params": list_alone(D, layers)}], "not names"),
            (lambda D, layers: dict(D.named_parameters()), "not names"),
            (lambda D, layers: D.layers[6:], "not names"),
            (lambda D, layers: D, "not names"),
            (lambda D, layers: D.layers[8].weight, "not names"),
            (lambda D, layers: None, "not names"),
        ],
    ),
    "real": (
        exercises.own_real,
        [
            (lambda l: l.sum(1).sigmoid(), "σ of the sum of logits"),
            (lambda l: l.mean(1).sigmoid(), "σ of the mean"),
            (lambda l: l.amax(1).sigmoid(), "largest logit. All"),
            (lambda l: one_class_more(l, lambda p: p[:, :-1].amax(1)), "likeliest class"),
            (lambda l: l.softmax(1).amax(1), "no room for"),
            (lambda l: l.softmax(1).sum(1), "no room for"),
            (lambda l: l.softmax(1).sum(1).sigmoid(), "no room for"),
            (lambda l: l.exp().sum(1).sigmoid(), "σ takes a logit"),
            (lambda l: l.logsumexp(1), "log Z, D's logit"),
            (lambda l: l.exp().sum(1), "Divide by Z . 1"),
            (lambda l: 1 - real(l), "that it is fake"),
            (lambda l: l.exp().sum(1) / (l.exp().sum(1) + 4), "Z . 1, not Z . K"),
            (lambda l: torch.cat([l, torch.ones(len(l), 1)], 1).softmax(1)[:, :-1].sum(1), "You added exp 1"),
            (lambda l: real(l - l.amax(1, keepdim=True)), "not from that of"),
            (lambda l: real(l).log(), "is a logarithm"),
            (lambda l: real(l) / 2, "it is 0.312, and yours is 0.156"),
            (lambda l: real(l) * math.nan, "and yours is nan"),
            (lambda l: l.exp().sum(1) / (l.exp().sum(1) + 1), "3 of 5 are nan"),
            (far(lambda l: l.amax(1).sigmoid() / 2), "for logits|but for 1000, -1000, 3, 0 it is 1, and yours is 0.5"),
            (far(lambda l: torch.zeros(4)), "N probabilities"),
            (lambda l: l.logsumexp(0).sigmoid(), "N probabilities"),
            (lambda l: l.logsumexp((0, 1)).sigmoid(), "N probabilities"),
            (lambda l: l.argmax(1), "N probabilities"),
            (lambda l: real(l)[None], "N probabilities"),
            (lambda l: None, "N probabilities"),
            (lambda l: "0.9", "N probabilities"),
            (lambda l: {"real": 1}, "N probabilities"),
        ],
    ),
    "traced": (
        exercises.own_traced,
        [
            (traced(lambda r, keys: keys @ r), "spread grows"),
            (traced(lambda r, keys: (keys * r).mean(1)), "mean of k r"),
            (traced(lambda r, keys: keys @ r / len(r) ** 0.5), "r² has the mean 1"),
            (traced(lambda r, keys: keys @ r / r.square().sum()), "its root"),
            (traced(lambda r, keys: keys @ r / r.abs().sum()), "sizes don't"),
            (traced(lambda r, keys: torch.cosine_similarity(keys, r[None])), "cosine"),
            (traced(lambda r, keys: keys @ r / r.std() / len(r) ** 0.5), "took the mean of r away"),
            (traced(lambda r, keys: keys @ (r - r.mean()) / (r - r.mean()).norm()), "took the mean of r away"),
            (traced(lambda r, keys: (keys @ r - (keys @ r).mean()) / (keys @ r).std()), "with the others"),
            (traced(lambda r, keys: (keys @ r).abs() / r.norm()), "leave the sign"),
            (traced(lambda r, keys: -keys @ r / r.norm()), "sign is turned"),
            (traced(lambda r, keys: keys @ r / r.norm() + 1), "first key's z is .*, and yours is"),
            (traced(lambda r, keys: keys @ r * math.nan), "yours is nan"),
            (sides(lambda c, m, d: inverse(1 - c)), "with 7 of them, .* in 68 of 1,000 .*, and 10 may"),
            (sides(lambda c, m, d: inverse(1 - c / 2 / m)), "halved the chance. With 7 keys 5 of"),
            (sides(lambda c, m, d: inverse(1 - c / 2)), "halved the chance"),
            (sides(lambda c, m, d: inverse(c / m)), "lower end .*: 1,000 of 1,000"),
            (sides(lambda c, m, d: inverse(1 - c / d)), "7 of them, not pixels: 1 of 1,000"),
            (sides(lambda c, m, d: c / m), "That is a probability"),
            (sides(lambda c, m, d: c), "That is a probability"),
            (sides(lambda c, m, d: inverse(1 - c) * m), "divided among 7 keys"),
            (sides(lambda c, m, d: inverse((1 - c) ** m)), "Go the other way"),
            (sides(lambda c, m, d: 2.0), "With this threshold 149 of 1,000 .* 10 may be"),
            (sides(lambda c, m, d: math.nan), "1,000 of 1,000"),
            (sides(lambda c, m, d: math.inf), "threshold 0 of 1,000"),
            (sides(lambda c, m, d: inverse(1 - c / 7)), "of 20 keys, where 50 may be"),
            (lambda r, keys, chance: traced()(r, keys, chance)[::-1], "return two things"),
            (lambda r, keys, chance: keys @ r / r.norm(), "return two things"),
            (lambda r, keys, chance: ((keys @ r / r.norm()).max(), 3.0), "return two things"),
            (lambda r, keys, chance: (keys @ r / r.norm(), True), "return two things"),
            (lambda r, keys, chance: (keys @ r / r.norm(), None), "return two things"),
            (lambda *given: None, "return two things"),
        ],
    ),
}
CASES = [(name, number) for name, (_, answers) in WRONG.items() for number in range(len(answers))]


@pytest.mark.parametrize("name, number", CASES)
def test_wrong_answers_get_their_own_word(name, number):
    check, answers = WRONG[name]
    answer, word = answers[number]
    found = check(answer)
    assert found.correct is False and re.search(word, found.text), found


def test_no_other_way_of_p_is_right_and_none_with_one_mistake_is_like_another():
    mistakes, ends = zip(*exercises.ways(), strict=True)
    assert (
        len(ends) == 6 * 7 * 5
        and mistakes[0] == []
        and ends[0] == (pytest.approx([0.31, 0.48, 0.19, 0, 0.8, 0.4, 0.59]))
    )
    rounded = [tuple(round(p, 6) for p in each) for each in ends]
    assert rounded.count(rounded[0]) == 1 and len({*rounded[:16]}) == 16 and max(map(len, mistakes[:16])) == 1


@pytest.mark.parametrize("check", CHECKS, ids=NAMES)
def test_open_answers_and_odd_ones(check):
    assert check(...).correct is None and check(None).correct is None and check(lambda *given: ...).correct is None
    for answer in (
        lambda *given: math.nan,
        lambda *given: torch.zeros(2, 7),
        lambda *given: [],
        lambda *given: object(),
    ):
        assert check(answer).correct is False
    assert "give the function itself" in check(3).text
    assert "your function stops with ZeroDivisionError" in check(lambda *given: 1 / 0).text
    assert check(lambda: 1).correct is False  # it takes nothing


# ------------------------------------------------------------------ what the checks take for right


def test_p_moves_as_that_of_ada():
    for (p, judged, target, step, most), right in zip(exercises.STEPS, exercises.ways()[0][1], strict=True):
        view = ADA(torch.zeros(1, 1, 4, 4), target, rise=round(1 / step), every=1, kinds=[], most=most)
        view.p = p
        view.after_step(SimpleNamespace(step=1, device="cpu", judge=lambda x, judged=judged: torch.tensor(judged)))
        assert view.p == pytest.approx(right)


def test_z_is_the_evidence_of_the_module():
    pictures = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    keys = torch.stack([key(seed) for seed in range(5)])
    found = traced()(differences(pictures).flatten(), keys.flatten(1).double(), 0.01)[0]
    assert found.tolist() == pytest.approx([evidence(pictures, each).item() for each in keys])


def test_the_names_of_what_learns_are_those_that_freezing_leaves():
    for layers in range(4):
        D = freeze(ConvDiscriminator(width=2, hidden=3, norm="batch"), layers)
        learns = {name for name, weight in D.named_parameters() if weight.requires_grad}
        assert learns == exercises.names_of(range(layers, 4))


def test_a_discriminator_is_made_without_touching_anyones_chance():
    torch.manual_seed(5)
    state = torch.get_rng_state()
    exercises.own_held(held())
    assert torch.equal(torch.get_rng_state(), state)


def test_the_probability_is_that_of_one_class_more():
    l = torch.randn(50, 6, generator=torch.Generator().manual_seed(2)).double() * 3
    fake = np.exp(l.numpy()).sum(1)
    assert real(l).numpy() == pytest.approx(fake / (fake + 1), rel=1e-12)


def test_over_keys_z_has_variance_one_and_so_many_pictures_are_accused_as_is_said():
    stream = torch.Generator().manual_seed(3)
    r = (0.02 * torch.randn(100, generator=stream).double() + 0.005).clamp(-0.02, 0.02)
    keys = 2.0 * torch.randint(2, (40_000, 100), generator=stream).double() - 1
    z = (keys @ r / r.norm()).reshape(2000, 20)
    assert z.mean().item() == pytest.approx(0, abs=0.02) and z.var().item() == pytest.approx(1, abs=0.02)
    for chance, share in ((0.05, 0.05), (1, 1 - 0.95**20)):  # of all, and of each
        least = exercises.exceeded(0.05 / 20 if chance < 1 else 0.05)
        found = (z.amax(1) > least).double().mean().item()
        assert found == pytest.approx(share, abs=0.03)
        assert exercises.accused(least, 20) == pytest.approx(1000 * share, abs=2)
