"""What the control shows, computed in Python with POT: for its words and its picture, and to hold the browser to.

Everything is of two sets of places with masses that sum to 1: p_g, the earth, and p_data, the holes.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np

BINS, WIDTH, GRAINS = 40, 0.25, 20  # of the line, which goes from 0 to 10; the most grains in a bin
COUNT, XS, YS = 12, (-6.0, 6.0), (-4.5, 4.5)  # points a cloud; the plane, in squares of side 1
MIDDLES = (np.arange(BINS) + 0.5) * WIDTH
PATIENCE = 3000  # iterations of Sinkhorn


def hump(wide: float, *middles: float) -> list[int]:
    """Grains in 40 bins around some of them; wide: in bins."""
    k = np.arange(BINS)
    return [round(max(GRAINS * math.exp(-(((at - middle) / wide) ** 2) / 2) for middle in middles)) for at in k]


def cloud(x: float, y: float, reach: float) -> list[float]:
    """Twelve points spread evenly over a disc, as x0, y0, x1, …"""
    turn = math.pi * (3 - math.sqrt(5))
    far = [reach * math.sqrt((k + 0.5) / COUNT) for k in range(COUNT)]
    places = [(x + r * math.cos(turn * k), y + r * math.sin(turn * k)) for k, r in enumerate(far)]
    return [round(t, 2) for place in places for t in place]


@dataclass
class Carried:
    """A plan (n, m) from places xs (n, 2) of masses q to places ys (m, 2) of masses p, and how JS, KL see the two."""

    xs: np.ndarray
    ys: np.ndarray
    q: np.ndarray
    p: np.ndarray
    power: int
    plan: np.ndarray
    least: float  # cost of the exact plan
    work: float  # and of this one
    js: float  # of their bins, in nats
    kl: float  # KL(p_data ‖ p_g)

    @property
    def w(self) -> float:
        """W_p, the p-th root of the least cost."""
        return max(0.0, self.least) ** (1 / self.power)


def on_line(fake: list[float], data: list[float], shift: float, power: int, epsilon: float) -> Carried:
    """Of two piles of grains in 40 bins; p_g pulled by `shift`, as far as it may."""
    filled = np.flatnonzero(fake)
    bins = int(np.clip(math.floor(shift / WIDTH + 0.5), -filled[0], BINS - 1 - filled[-1]))
    q, p = np.roll(np.asarray(fake, float), bins), np.asarray(data, float)
    q, p = q / q.sum(), p / p.sum()
    xs, ys = (np.stack([MIDDLES[mass > 0], np.zeros((mass > 0).sum())], 1) for mass in (q, p))
    return _carried((xs, q[q > 0]), (ys, p[p > 0]), (q, p), power, epsilon)


def in_plane(fake: np.ndarray, data: np.ndarray, power: int, epsilon: float) -> Carried:
    """Of two clouds (12, 2), of which each point weighs as much."""
    even, bins = np.full(COUNT, 1 / COUNT), (np.arange(XS[0], XS[1] + 1), np.arange(YS[0], YS[1] + 1))
    squares = [np.histogram2d(each[:, 0], each[:, 1], bins)[0].ravel() / COUNT for each in (fake, data)]
    return _carried((fake, even), (data, even), (squares[0], squares[1]), power, epsilon)


def _carried(earth: tuple, holes: tuple, bins: tuple, power: int, epsilon: float) -> Carried:
    import ot

    (xs, q), (ys, p) = earth, holes
    cost = np.linalg.norm(xs[:, None] - ys, axis=-1) ** power
    exact = plan = ot.emd(q, p, cost)
    if epsilon:
        with warnings.catch_warnings():  # a plan that has not settled is good enough for words and a picture
            warnings.simplefilter("ignore")
            plan = ot.sinkhorn(q, p, cost, epsilon, method="sinkhorn_log", numItermax=PATIENCE, stopThr=1e-9)
    shown = {"plan": plan, "least": float((exact * cost).sum()), "work": float((plan * cost).sum())}
    return Carried(xs, ys, q, p, power, **shown, js=jensen(*bins), kl=kullback(bins[1], bins[0]))


def kullback(p: np.ndarray, q: np.ndarray) -> float:
    """KL(p ‖ q) = Σ p log p/q in nats: infinite where p has mass and q has none."""
    if ((p > 0) & (q == 0)).any():
        return math.inf
    there = p > 0
    return float((p[there] * np.log(p[there] / q[there])).sum())


def jensen(p: np.ndarray, q: np.ndarray) -> float:
    """JS(p, q) = ½ KL(p ‖ m) + ½ KL(q ‖ m), m = (p + q)/2, in nats: from 0 to log 2."""
    middle = (p + q) / 2
    return (kullback(p, middle) + kullback(q, middle)) / 2
