"""The loss explorer's JavaScript is held to what Python computes: here is Python's side, in tests/js the other."""

import torch
from helpers.js_values import held

from gan_edu.losses import LOSSES

NAMES, TERMS = ("non-saturating", "hinge"), ("fake", "g")
PLACES = (-3.97, -1.0, -0.01, 0.06, 2.22)
DOUBLE = torch.float64


def both(name, term, l):
    """(value, slope) of a loss by autograd, D's where it gives a fake sample the logit, or G's."""
    x, zero = torch.tensor([[l]], dtype=DOUBLE, requires_grad=True), torch.zeros(1, 1, dtype=DOUBLE)
    value = LOSSES[name].d(zero, x) if term == "fake" else LOSSES[name].g(x, None)
    return value.item(), torch.autograd.grad(value, x)[0].item()


def descent(name, l, rate, steps):
    way = [l]
    for _ in range(steps):
        way.append(way[-1] - rate * both(name, "g", way[-1])[1])
    return way


def test_the_loss_explorers_table():
    """Losses and slopes on a grid of logits, between its points, and along gradient steps on G's loss."""
    nodes = torch.arange(-8, 8.01, 0.25, dtype=DOUBLE).tolist()
    pairs = {(name, term): torch.tensor([both(name, term, l) for l in nodes]).T for name in NAMES for term in TERMS}
    table = torch.stack([torch.stack([pairs[name, term] for term in TERMS]) for name in NAMES])  # name, term, 2, node
    spec = {"names": NAMES, "nodes": nodes, "terms": TERMS, "types": ["float64"], "textbook": {}}
    found = {
        "spec": spec,
        "table": [round(x, 6) for x in table.flatten().tolist()],
        "places": PLACES,
        "at": {name: {term: [both(name, term, l) for l in PLACES] for term in TERMS} for name in NAMES},
        "ways": {name: descent(name, -6.0, 0.3, 20) for name in NAMES},
    }
    held("loss_explorer", found)
