"""Checks of notebook 18_transfer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import product

import torch
from torch import Tensor

from gan_edu.core.training.convolutional import ConvDiscriminator
from gan_edu.exercises import Feedback, check, correct, is_number, not_attempted, sayer, wrong
from gan_edu.exercises.mark_mistakes import accused, exceeded, near, other_least, other_z

say = sayer(__name__)


# ------------------------------------------------------------------ 1: ADA's step of p

STEPS = (  # p, logits of real pictures, target, step, most
    (0.3, [0.2] * 9 + [-40.0], 0.6, 0.01, 0.8),  # r = 0.8: up
    (0.5, [0.7] * 7 + [-0.1] * 3, 0.6, 0.02, 0.8),  # 0.4: down
    (0.2, [3.0] * 9 + [-1.0], 0.85, 0.01, 0.8),  # 0.8: down
    (0.004, [20.0] + [-2.0] * 9, 0.6, 0.01, 0.8),  # −0.8: down to 0
    (0.796, [8.0] * 10, 0.6, 0.01, 0.8),  # 1: up to most
    (0.4, [4.0] * 3 + [-1.0], 0.5, 0.01, 0.8),  # 0.5, the target: stays
    (0.6, [1.6] * 4 + [-1.0] * 6, 0.2, 0.01, 0.8),  # −0.2: down
)
MEASURES: dict[str, Callable[[Tensor], Tensor]] = {  # what r may be taken for; the first is right
    "": lambda d: d.sign().mean(),
    "stepMean": lambda d: d.mean(),
    "stepSignOfMean": lambda d: d.mean().sign(),
    "stepShare": lambda d: (d > 0).double().mean(),
    "stepSigmoid": lambda d: d.sigmoid().mean(),
    "stepSignOfSigmoid": lambda d: d.sigmoid().sign().mean(),
}
MOVES: dict[str, Callable[[float, float], float]] = {  # r, target → how many steps
    "": lambda r, target: (r > target) - (r < target),
    "stepDirection": lambda r, target: (r < target) - (r > target),
    "stepAmount": lambda r, target: r - target,
    "stepTie": lambda r, target: 1 if r >= target else -1,
    "stepTieDown": lambda r, target: 1 if r > target else -1,
    "stepTarget": lambda r, target: (r > 0.6) - (r < 0.6),
    "stepNoTarget": lambda r, target: (r > 0) - (r < 0),
}
ENDS: dict[str, Callable[[float, float, float], float]] = {  # p, its move, most → the next p
    "": lambda p, move, most: min(most, max(0.0, p + move)),
    "stepNoClip": lambda p, move, most: p + move,
    "stepBelow": lambda p, move, most: min(most, p + move),
    "stepAbove": lambda p, move, most: max(0.0, p + move),
    "stepAlone": lambda p, move, most: move,
}


@check
def own_next_p(function: Callable) -> Feedback:
    """A function (p, judged (N, 1), target, step, most) → clip(p + sign(r − target) · step, 0, most), r = E sign D."""
    given = [function(p, torch.tensor(judged)[:, None], *more) for p, judged, *more in STEPS]
    if any(each is ... for each in given):
        return not_attempted()
    if not all(map(is_number, given)):
        return wrong(say("stepShape"))
    found = [float(each) for each in given]
    for mistakes, other in ways():
        if all(map(_same, found, other)):
            return wrong(say(mistakes[0])) if mistakes else correct(say("stepRight"))
    return _first_other(found)


def ways() -> list[tuple[list[str], list[float]]]:
    """Words for the mistakes of each way, and what p becomes in each of `STEPS`; the fewest mistakes first."""
    logits = [torch.tensor(judged).double() for _, judged, *_ in STEPS]
    measured = {name: [measure(each).item() for each in logits] for name, measure in MEASURES.items()}
    found = []
    for way in product(MEASURES, MOVES, ENDS):
        move, end, cases = MOVES[way[1]], ENDS[way[2]], zip(STEPS, measured[way[0]], strict=True)
        ps = [end(p, move(r, target) * step, most) for (p, _, target, step, most), r in cases]
        found.append(([each for each in way if each], ps))
    return sorted(found, key=lambda way: len(way[0]))


def _first_other(found: Sequence[float]) -> Feedback:
    """The first step that ends elsewhere, in numbers."""
    right = ways()[0][1]
    first = next(k for k, each in enumerate(found) if not _same(each, right[k]))
    p, judged, target, step, most = STEPS[first]
    told = {"p": p, "target": target, "step": step, "most": most, "found": found[first], "right": right[first]}
    return wrong(say("stepWrong", r=MEASURES[""](torch.tensor(judged)).item(), **told))


def _same(p: float, other: float) -> bool:
    return math.isclose(p, other, rel_tol=1e-5, abs_tol=1e-7)


# ------------------------------------------------------------------ 2: FreezeD by hand


@check
def own_held(function: Callable) -> Feedback:
    """A function (D, layers) → list of D's parameters that its optimiser gets: all but those of the first `layers`."""
    for layers in (3, 2, 1, 0):
        D = _discriminator()
        before = [w.clone() for w in D.parameters()]
        given = function(D, layers)
        if given is ...:
            return not_attempted()
        found = _own(given)
        if found is None:
            return wrong(say("heldShape"))
        if told := _other_list(D, found, layers) or _hindered(D, found, before):
            return told
    return correct(say("heldRight"))


def _discriminator() -> ConvDiscriminator:
    """Two convolutions, a norm, two linear layers; ten tensors in all."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return ConvDiscriminator(width=2, hidden=3, norm="batch")


def _own(given: object) -> list[Tensor] | None:
    """Tensors, of anything that goes through some; None of anything else."""
    if not isinstance(given, Iterable) or isinstance(given, Tensor):
        return None
    found = list(given)
    return [each for each in found if isinstance(each, Tensor)] if all(map(torch.is_tensor, found)) else None


def _other_list(D: ConvDiscriminator, found: list[Tensor], layers: int) -> Feedback | None:
    """What is wrong with a list, None for the right one."""
    names = {id(w): name for name, w in D.named_parameters()}
    strange = sum(id(w) not in names for w in found)
    if strange:
        return wrong(say("heldCopies", strange=strange, all=len(found)))
    learns = {names[id(w)] for w in found}
    if len(learns) < len(found):
        return wrong(say("heldTwice", twice=len(found) - len(learns)))
    right = names_of(range(layers, 4))
    if learns == right:
        return None
    if layers == 3:
        for other, words in _others():
            if learns == other:
                return wrong(say(words))
    still, moving = sorted(right - learns), sorted(learns - right)
    told = {"layers": layers, "found": len(learns), "right": len(right)}
    return wrong(say("heldWrong", **told, missing=", ".join(still) or "–", extra=", ".join(moving) or "–"))


PLACES = ((0,), (2, 3), (6,), (8,))  # in D.layers: each layer, with the norm that comes after it


def names_of(layers: Iterable[int], norms: bool = True) -> set[str]:
    """Names of the parameters of these layers, with the norms after them or without."""
    modules = [place for layer in layers for place in PLACES[layer][: None if norms else 1]]
    return {f"layers.{place}.{each}" for place in modules for each in ("weight", "bias")}


def _others() -> list[tuple[set[str], str]]:
    """What else may be returned where three layers are to be held, each with what is said of it."""
    everything, norm = names_of(range(4)), {"layers.3.weight", "layers.3.bias"}
    ordered = [name for name, _ in _discriminator().named_parameters()]
    return [
        (everything, "heldNothing"),
        (set(), "heldAll"),
        (names_of(range(3)), "heldTurned"),
        (names_of(range(3), norms=False), "heldTurned"),
        (names_of(range(1)), "heldLast"),
        (names_of(range(1)) | norm, "heldLast"),
        (names_of([3]) | norm, "heldNorms"),
        (set(ordered[3:]), "heldTensors"),
        (everything - names_of([0, 1], norms=False), "heldModules"),
        (names_of([2, 3]), "heldOneLess"),
        (names_of([0, 1, 3]), "heldOnlyOne"),
        (names_of([3]) | {name for name in ordered if name.endswith("bias")}, "heldBiases"),
    ]


def _hindered(D: ConvDiscriminator, found: list[Tensor], before: list[Tensor]) -> Feedback | None:
    """What keeps the right parameters from learning, or G."""
    if not all(torch.equal(a, b) for a, b in zip(D.parameters(), before, strict=True)):
        return wrong(say("heldChanged"))
    if stiff := sum(not w.requires_grad for w in found):
        return wrong(say("heldNoGrad", stiff=stiff, all=len(found)))
    with torch.enable_grad():
        x = torch.linspace(-1, 1, 2 * 784).reshape(2, 1, 28, 28).requires_grad_()
        judged = D(x).square().sum()
        slopes = torch.autograd.grad(judged, [x, *found], allow_unused=True) if judged.requires_grad else [None]
    through = slopes[0] is not None and bool(slopes[0].any()) and all(each is not None for each in slopes)
    return None if through else wrong(say("heldBlocked"))


# ------------------------------------------------------------------ 3: a D that names classes


@check
def own_real(function: Callable) -> Feedback:
    """A function of class logits (N, K) → P(real|x) = Z / (Z + 1), (N,), where Z = Σ exp l; for ±1,000, too."""
    logits = 2 * torch.randn(5, 4, generator=torch.Generator().manual_seed(0)).double() - 1
    given = function(logits.clone())
    if given is ...:
        return not_attempted()
    found = _numbers(given, 5)
    if found is None:
        return wrong(say("realShape"))
    right = logits.logsumexp(1).sigmoid()
    for other, words in _other_probabilities(logits):
        if near(found, other):
            return wrong(say(words))
    if not near(found, right):
        return wrong(say("realWrong", found=found[0].item(), right=right[0].item(), logits=_row(logits[0])))
    return _far_out(function)


def _other_probabilities(l: Tensor) -> list[tuple[Tensor, str]]:
    """Wrong ones of logits (N, K), each with what is said of it."""
    z, with_fake = l.exp().sum(1), torch.cat([l, l.new_zeros(len(l), 1)], 1).softmax(1)
    shifted = (l - l.amax(1, keepdim=True)).exp().sum(1)
    return [
        (l.sum(1).sigmoid(), "realSum"),
        (l.mean(1).sigmoid(), "realMean"),
        (l.amax(1).sigmoid(), "realLargest"),
        (l.sigmoid().amax(1), "realLargest"),
        (with_fake[:, :-1].amax(1), "realOneClass"),
        (l.softmax(1).amax(1), "realSoftmax"),
        (torch.ones_like(z), "realSoftmax"),
        (l.softmax(1).sum(1).sigmoid(), "realSoftmax"),
        (z.sigmoid(), "realNoLog"),
        (z.log(), "realLogit"),
        (z, "realZ"),
        (1 / (z + 1), "realFake"),
        (z / (z + l.shape[1]), "realCounts"),
        (z / (z + math.e), "realOne"),
        (shifted / (shifted + 1), "realShifted"),
        (z.log1p(), "realLogs"),
        ((z / (z + 1)).log(), "realLogs"),
    ]


def _far_out(function: Callable) -> Feedback:
    """Logits of a sure network."""
    far = torch.tensor([[1000.0, -1000, 3, 0], [-1000] * 4, [1000] * 4, [0, -1000, -1000, -1000], [90, 90, 90, 90]])
    right = far.double().logsumexp(1).sigmoid()
    found = _numbers(function(far.clone()), len(far))
    if found is None:
        return wrong(say("realShape"))
    if lost := int(found.isnan().sum()):
        return wrong(say("realOverflow", lost=lost, all=len(far)))
    away = (found - right).abs()
    if near(found, right):
        return correct(say("realRight"))
    worst = int(away.argmax())
    return wrong(say("realFar", found=found[worst].item(), right=right[worst].item(), logits=_row(far[worst])))


def _row(logits: Tensor) -> str:
    return ", ".join(f"{each:.4g}" for each in logits.tolist())


# ------------------------------------------------------------------ 4: a mark, and how many keys were tried

TRIALS = ((7, 0.01), (20, 0.05))  # keys, chance


@check
def own_traced(function: Callable) -> Feedback:
    """A function (r (d,), keys (M, d) of ±1, chance) → (z (M,), the least z that is more than chance for M keys)."""
    for keys_tried, chance in TRIALS:
        r, keys = _picture(keys_tried)
        given = function(r.clone(), keys.clone(), chance)
        if given is ...:
            return not_attempted()
        if not isinstance(given, tuple | list) or len(given) != 2 or not is_number(given[1]):
            return wrong(say("tracedShape"))
        z = _numbers(given[0], keys_tried)
        if z is None:
            return wrong(say("tracedShape"))
        if told := other_z(z, r, keys) or other_least(float(given[1]), keys_tried, chance, len(r)):
            return told
    return correct(say("tracedRight", accused=accused(exceeded(TRIALS[1][1]), TRIALS[1][0]), keys=TRIALS[1][0]))


def _picture(keys_tried: int) -> tuple[Tensor, Tensor]:
    """Differences (60,), cut, whose mean is not 0, and keys (M, 60)."""
    stream = torch.Generator().manual_seed(keys_tried)
    r = (0.015 * torch.randn(60, generator=stream).double() + 0.004).clamp(-0.02, 0.02)
    return r, 2.0 * torch.randint(2, (keys_tried, 60), generator=stream).double() - 1


# ------------------------------------------------------------------ what they share


def _numbers(given: object, count: int) -> Tensor | None:
    """So many numbers, float64, of a tensor (count,) or (count, 1), an array or a list; None of anything else."""
    try:
        found = torch.as_tensor(given).detach()
    except (TypeError, ValueError, RuntimeError):
        return None
    fits = found.shape in ((count,), (count, 1)) and found.is_floating_point()
    return found.double().flatten() if fits else None
