"""The phase portrait's closed forms in JavaScript are held to what `core.games` computes by autograd."""

import numpy as np
from helpers.js_values import held

from gan_edu.core.games.path_outcome import outcome
from gan_edu.widgets.phase_portrait import math
from gan_edu.widgets.phase_portrait.math import LOSSES, ORDERS, PENALTIES

GAMMA, START, PLACES = 0.7, (1, -0.5), [(1, -0.5), (-2.5, 0.3), (0.4, 2.9)]
MOMENTA, ROUNDS, LONG = (0.0, 0.5, -0.4), (3, 20), 100


def test_the_dirac_gan():
    """Its field, paths and what they do, eigenvalues of the field and of a round as their polynomials."""
    found = {"gamma": GAMMA, "start": START, "places": PLACES, "rounds": ROUNDS, "long": LONG}
    games = {f"{loss}, {penalty}": seen(loss, penalty) for loss in LOSSES for penalty in PENALTIES}
    away = math.path((1, 1), 2.0, 500, "simultaneous", 0.0, "WGAN", "none", 0.0)
    cut = {f"{beta}": spectrum("WGAN", "WGAN clipping", 0.0, 0.4, beta, "D first") for beta in MOMENTA}
    ends = {f"{share}": outcome(share ** np.arange(101.0)) for share in (0.5, 0.94, 0.95, 0.998, 1.001, 1.0)}
    held("phase_portrait", {**found, "games": games, "away": away.tolist(), "cut": cut, "ends": ends})


def seen(loss, penalty):
    """All of one game."""
    field = [[float(t) for t in math.field(*place, loss, penalty, GAMMA)] for place in PLACES]
    rules = {f"{order}, {beta}": rule(loss, penalty, order, beta) for order in ORDERS for beta in MOMENTA}
    return {"field": field, "critical": math.critical(loss, penalty), "rules": rules}


def rule(loss, penalty, order, momentum):
    """Where a rule leads, and its eigenvalues; of two of them also what it amounts to."""
    game = (order, momentum, loss, penalty, GAMMA)
    path = math.path(START, 0.2, ROUNDS[-1], *game)[list(ROUNDS)].tolist()
    told = {"path": path, "spectrum": spectrum(loss, penalty, GAMMA, 0.4, momentum, order)}
    return (
        told
        if momentum or order == "D first"
        else {**told, "outcome": math.outcome(math.path((1, 1), 0.3, LONG, *game), LONG)}
    )


def spectrum(*game):
    """The coefficients of the polynomials that have the eigenvalues as roots: there a double root is no trouble."""
    roots = math.eigenvalues(*game)
    return roots and [np.poly(each).real.tolist() for each in roots]
