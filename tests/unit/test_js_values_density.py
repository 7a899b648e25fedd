"""Densities on a line, quadrature, V, a small D and the smoothing player's best one: Python's side of tests/js."""

import math

import numpy as np
import torch
from helpers.js_values import held
from scipy import stats
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from gan_edu import value_function as v
from gan_edu.core.data.distributions import Mixture, gaussian, laplace, on_line, uniform
from gan_edu.core.data.quadrature import nodes
from gan_edu.widgets import SmoothingPlayer

PAIRS = {
    "Gaussian": (gaussian(-1), gaussian(1)),
    "narrow and broad": (gaussian(0, 0.1), gaussian(0, 3)),
    "Laplace": (laplace(0.5, 0.7), laplace(-0.3, 1.5)),
    "uniform": (uniform(-1, 1), uniform(0, 3)),
    "boxes that share nothing": (uniform(-3, -2), uniform(-1.5, -0.5)),
    "two bumps": (on_line("two", [-2, 2], [0.5, 0.3], [0.3, 0.7]), gaussian(0, 1)),
    "far apart": (gaussian(-5, 0.1), gaussian(5, 0.1)),
}
PLACES = [-6, -2.5, -1, -0.3, 0, 0.77, 2, 5.9]
WIDE = 16  # units of a layer of D
SIZES = [WIDE, WIDE, WIDE * WIDE, WIDE, WIDE, 1]  # its weights and biases
SMOOTHED = [
    {},
    {"fake_target": 0.1},
    {"real_target": 1.0, "fake_target": 0.4},
    {"data_mean": 1.5},
    {"fake_target": 0.2, "fake_mean": 0.4, "fake_other": -2.0, "fake_width": 0.5},
    {"fake_target": 0.1, "data_other": 2.0, "data_width": 1.3, "fake_mean": 0.5},
    {"fake_target": 0.1, "data_mean": -5.0, "fake_mean": 5.0, "data_width": 0.1, "fake_width": 0.1},
    {"fake_target": 0.1, "data_width": 0.1, "fake_width": 3.0},
]


def line(*x: float) -> torch.Tensor:
    """Places (N, 1)."""
    return torch.tensor(x, dtype=torch.float64)[:, None]


def told(density: Mixture) -> dict:
    """A density as JavaScript has it."""
    bumps = zip(density.centres[:, 0].tolist(), density.scales[:, 0].tolist(), density.weights.tolist(), strict=True)
    return {"shape": density.kernel, "bumps": [{"mean": m, "width": s, "weight": w} for m, s, w in bumps]}


def finite(values: list[float]) -> list[float | None]:
    """JSON knows no infinity."""
    return [value if math.isfinite(value) else None for value in values]


def moments(density: Mixture) -> list[float]:
    """E[x] and E[x²]."""
    x, weight = nodes(density)
    mass = density.density(x) * weight
    return [(mass * x[:, 0] ** k).sum().item() for k in (1, 2)]


def shares(density: Mixture) -> list[list[float]]:
    """Places about the first bump, and the probability to lie below each."""
    kernel = {"gaussian": stats.norm, "laplace": stats.laplace, "uniform": stats.uniform(-1, 2)}[density.kernel]
    bumps = list(zip(density.centres[:, 0].tolist(), density.scales[:, 0].tolist(), density.weights, strict=True))
    x = bumps[0][0] + bumps[0][1] * np.arange(-3, 3.1, 0.2)
    return [x.tolist(), sum(w.item() * kernel.cdf((x - m) / s) for m, s, w in bumps).tolist()]


def network(w: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The logits (N,) of D at x (N, 1): w3 · tanh(w2 tanh(w1 x/2 + b1) + b2) + b3."""
    w1, b1, w2, b2, w3, b3 = w.split(SIZES)
    first = (x * w1 / 2 + b1).tanh()  # (N, 16)
    second = (first @ w2.reshape(WIDE, WIDE).T + b2).tanh()  # (N, 16)
    return second @ w3 + b3


def weights() -> torch.Tensor:
    """Of a D, by a formula that both languages have."""
    return 0.5 * torch.arange(1, sum(SIZES) + 1, dtype=torch.float64).sin()


def test_densities_quadrature_and_v():
    found = {}
    for name, (p, q) in PAIRS.items():
        x, weight = nodes(p, q)
        found[name] = {
            "p": told(p),
            "q": told(q),
            "logP": finite(p.log_density(line(*PLACES)).tolist()),
            "logQ": finite(q.log_density(line(*PLACES)).tolist()),
            "nodes": [len(x), *((weight * x[:, 0] ** k).sum().item() for k in range(3))],
            "moments": [moments(p), moments(q)],
            "shares": shares(p),
            "v": v.value(p, q),
            "vOfALine": v.value(p, q, lambda x: 0.3 - 0.8 * x),  # of a D whose logit is a line
            "divergences": finite([v.kl(p, q), v.kl(q, p), v.js(p, q)]),
        }
    x, weight = nodes(*PAIRS["boxes that share nothing"])
    held("density", {"places": PLACES, "pairs": found, "box": {"x": x[:, 0].tolist(), "weight": weight.tolist()}})


def test_a_small_d():
    """Its logits, the gradient of L_D with targets, and three steps of Adam down that of the same samples."""
    real, fake, alpha, beta = line(0.7, -2.1, 3.0), line(-1.2, 0.4), 0.8, 0.3
    w = weights().requires_grad_()
    adam = torch.optim.Adam([w], lr=0.01, betas=(0.8, 0.99), eps=1e-8)
    logits, gradients = network(w, line(*PLACES)).tolist(), []
    for _ in range(3):
        adam.zero_grad()
        parts = [(real, alpha), (fake, beta)]
        loss = sum(
            binary_cross_entropy_with_logits(logit, torch.full_like(logit, target))
            for logit, target in ((network(w, x), target) for x, target in parts)
        )
        loss.backward()
        gradients.append(w.grad.tolist())
        adam.step()
    samples = {"real": real[:, 0].tolist(), "fake": fake[:, 0].tolist(), "targets": [alpha, beta]}
    ends = {"gradient": gradients[0], "weights": w.tolist()}
    held("small_net", {"places": PLACES, "logits": logits, **samples, **ends})


GENERATORS = {
    "one bump": gaussian(-0.7, 1.3),
    "two bumps": on_line("two", [-2, 2], [0.5, 0.3], [0.3, 0.7]),
    "Laplace": laplace(0.5, 0.7),
    "box": uniform(0, 3),
}
LOSSES_OF_G = {"non-saturating": lambda l: -logsigmoid(l), "minimax": lambda l: logsigmoid(-l)}


def test_how_g_learns():
    """∂logit/∂x, and the pull on means and widths of p_g's bumps from draws u, by autograd through x = m + s u."""
    x = line(*PLACES).requires_grad_()
    slopes = torch.autograd.grad(network(weights(), x).sum(), x)[0]
    us, found = torch.linspace(-1.5, 1.7, 9, dtype=torch.float64), []
    for density in GENERATORS.values():
        for name, loss in LOSSES_OF_G.items():
            means, widths = (each[:, 0].clone().requires_grad_() for each in (density.centres, density.scales))
            fakes = means[:, None] + widths[:, None] * us  # (bumps, 9)
            losses = loss(network(weights(), fakes.reshape(-1, 1))).reshape(fakes.shape)
            whole = (losses.mean(1) * density.weights).sum()
            by_mean, by_width = torch.autograd.grad(whole, (means, widths))
            found.append({"q": told(density), "loss": name, "mean": (-by_mean).tolist(), "width": (-by_width).tolist()})
    held("generator", {"places": PLACES, "slopes": slopes[:, 0].tolist(), "us": us.tolist(), "pulls": found})


def test_the_best_d_for_two_targets():
    """D*, the pull with and without targets, and how far the D of `weights` is from the best one."""
    found, x = [], line(*(k / 2 for k in range(-12, 13)))
    for state in SMOOTHED:
        player = SmoothingPlayer(**state)
        at, weight = nodes(player.p_data, player.p_g)
        far = (network(weights(), at).sigmoid() - player.best(at)).abs() * weight
        found.append(
            {
                "p": told(player.p_data),
                "q": told(player.p_g),
                "targets": [player.real_target, player.fake_target],
                "best": player.best(x).tolist(),
                "pull": player.pull(x).tolist(),
                "full": player.pull(x, smoothed=False).tolist(),
                "gap": sum((p.density(at) * far).sum().item() for p in (player.p_data, player.p_g)) / 2,
            }
        )
    held("smoothing", {"x": x[:, 0].tolist(), "players": found})
