"""The value function V(D, G) of the two-player game, and the theorem about it. Belongs to notebook 01_value_function.

    V(D, G) = E_{x ~ p_data}[log D(x)] + E_{x ~ p_g}[log(1 − D(x))]                                      in nats

For a fixed G the best D is D* = p_data / (p_data + p_g), and V(D*, G) = −log 4 + 2 JS(p_data, p_g).
Goodfellow et al. (2014), "Generative adversarial nets", arXiv 1406.2661, equation 1, proposition 1 and theorem 1.

Distributions come in two kinds: a `core.data.Mixture`, by quadrature on the line and in the plane and by
Monte Carlo in any dimension, or the K probabilities of a discrete one. D is given by its logit l = log(D / (1 − D)):
log D = −softplus(−l) and log(1 − D) = −softplus(l) are exact however sure D is. It is a function x (N, dim) → (N,) or
(N, 1), a network, which is asked in eval mode, or, where x is discrete, K numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gan_edu.core.data.distributions import Mixture
from gan_edu.core.data.quadrature import INSTEAD, log_density_at, nodes
from gan_edu.core.safety.checked import integer, short
from gan_edu.core.training.streams import looking
from gan_edu.core.training.tensors import MOST_AT_ONCE, NUMBERS, stream_or_none, tensor

LOG2 = math.log(2)
Distribution = Mixture | Sequence[float] | Tensor
Logit = Callable[[Tensor], Tensor] | Sequence[float] | Tensor


class Estimate(NamedTuple):
    """A mean over samples, in nats, and the standard error of that mean."""

    value: float
    standard_error: float


# ------------------------------------------------------------------ the game


def value(p_data: Distribution, p_g: Distribution, D: Logit | None = None) -> float:
    """V(D, G) = ∫ p_data log D + ∫ p_g log(1 − D), by quadrature or as a sum, in nats. D: None is D*.

    A D that is sure and wrong where there is mass gives −∞. Raises ValueError or TypeError for what cannot be used.
    """
    seen = _see(p_data, p_g)
    logit = _logit(D, seen)
    return _mean(seen.log_p, _log_d(logit), seen.weight) + _mean(seen.log_q, _log_not_d(logit), seen.weight)


def value_of_samples(real_logits: Tensor, fake_logits: Tensor) -> Estimate:
    """V = (1/N) Σ log D(x_n) + (1/M) Σ log(1 − D(G(z_m))): the two sums a GAN sees, from D's logits (N,) and (M,).

    The standard error is √(s²_real / N + s²_fake / M). Raises ValueError for fewer than two of each.
    """
    terms = _log_d(_numbers(real_logits)), _log_not_d(_numbers(fake_logits))
    counts = [len(term) for term in terms]
    if min(counts) < 2:
        raise ValueError(f"a standard error needs 2 or more logits of each kind, got {counts[0]} and {counts[1]}")
    spread = sum(term.var().item() / len(term) for term in terms)
    return Estimate(sum(term.mean().item() for term in terms), math.sqrt(spread))


def value_by_monte_carlo(
    p_data: Distribution,
    p_g: Distribution,
    D: Logit | None = None,
    count: int = 10_000,
    stream: torch.Generator | None = None,
) -> Estimate:
    """V(D, G) from `count` samples of each distribution, in any dimension. D: None is D*."""
    _check_pair(p_data, p_g)
    count, stream = integer("count", count, 2, MOST_AT_ONCE), stream_or_none("stream", stream)
    both = [_draw(p, count, stream) for p in (p_data, p_g)]
    return value_of_samples(*(_logit(D, _look(p_data, p_g, x, torch.ones(len(x)))) for x in both))


def optimal_logit(p_data: Distribution, p_g: Distribution, x: Tensor | None = None) -> Tensor:
    """l*(x) = log p_data(x) − log p_g(x), the logit of D*, at x (N, dim); of a discrete pair at all K places.

    ±∞ where only one has mass; NaN where neither has: there V does not depend on D. Raises ValueError or TypeError for
    what cannot be used.
    """
    _check_pair(p_data, p_g)
    if isinstance(p_data, Mixture) and isinstance(p_g, Mixture):
        if x is None:
            raise ValueError("say where: optimal_logit(p_data, p_g, x) with x (N, dim)")
        return p_data.log_density(x) - p_g.log_density(x)
    seen = _see(p_data, p_g)
    return (seen.log_p - seen.log_q)[slice(None) if x is None else _places(x, seen.places)]


def optimal_discriminator(p_data: Distribution, p_g: Distribution, x: Tensor | None = None) -> Tensor:
    """D*(x) = p_data(x) / (p_data(x) + p_g(x)) = σ(l*(x)), (N,): proposition 1. NaN where neither has mass."""
    return optimal_logit(p_data, p_g, x).sigmoid()


# ------------------------------------------------------------------ the divergences


def kl(p: Distribution, q: Distribution) -> float:
    """KL(p ‖ q) = E_p[log p − log q] ≥ 0, in nats; ∞ where p has mass and q has none."""
    seen = _see(p, q)
    return _mean(seen.log_p, seen.log_p - seen.log_q, seen.weight)


def js(p: Distribution, q: Distribution) -> float:
    """JS(p, q) = ½ KL(p ‖ m) + ½ KL(q ‖ m) with m = (p + q) / 2, in nats: from 0 to log 2, which it is where p and q
    share no place."""
    seen = _see(p, q)
    ratio = seen.log_p - seen.log_q
    to_m = LOG2 - _softplus(-ratio), LOG2 - _softplus(ratio)  # log p − log m = log 2 − log(1 + q/p), and of q
    return (_mean(seen.log_p, to_m[0], seen.weight) + _mean(seen.log_q, to_m[1], seen.weight)) / 2


def value_at_best(p_data: Distribution, p_g: Distribution) -> float:
    """max_D V(D, G) = −log 4 + 2 JS(p_data, p_g): theorem 1, for a D that may be any function."""
    return -2 * LOG2 + 2 * js(p_data, p_g)


# ------------------------------------------------------------------ two players with one number each


def two_points(d: Tensor, g: Tensor) -> Tensor:
    """V(d, g) of a game on two places: p_data = (½, ½), p_g = (q, 1 − q) with q = σ(g), and D = (σ(d), σ(−d)).

    V = ½ log σ(d) + ½ log σ(−d) + q log σ(−d) + (1 − q) log σ(d). A saddle at (0, 0): in d a maximum; the best d
    for a given g, d = −2 artanh(q − ½), makes V least at g = 0, where it is −log 4.
    """
    q = g.sigmoid()
    return -_softplus(-d) / 2 - _softplus(d) / 2 - q * _softplus(d) - (1 - q) * _softplus(-d)


def dirac(d: Tensor, g: Tensor) -> Tensor:
    """V(d, g) of the Dirac-GAN: all data at 0, all fakes at g, D(x) = σ(d x). V = −log 2 + log σ(−d g).

    Mescheder et al. (2018), "Which training methods for GANs do actually converge?", arXiv 1801.04406. The two
    distributions share no place unless g = 0. (0, 0) is a saddle, and V bends along neither axis through it: gradient
    steps circle round it, drifting out.
    """
    return -LOG2 - _softplus(d * g)


# ------------------------------------------------------------------ how a pair is seen


class _Seen(NamedTuple):
    x: Tensor  # (N, dim); of a discrete pair (K, 1), the places 0 … K − 1
    log_p: Tensor  # (N,)
    log_q: Tensor  # (N,)
    weight: Tensor  # (N,)
    places: int = 0  # K of a discrete pair


def _see(p: Distribution, q: Distribution) -> _Seen:
    """A pair at the nodes of a sum that stands for the integral. Raises ValueError where that sum misses mass."""
    _check_pair(p, q)
    if not isinstance(p, Mixture):
        places = torch.arange(len(p))[:, None]
        return _look(p, q, places, torch.ones(len(p), dtype=torch.float64))
    densities = [each for each in (p, q) if isinstance(each, Mixture)]  # both are
    seen = _look(p, q, *nodes(*densities))
    for log_density, density in zip((seen.log_p, seen.log_q), densities, strict=True):
        if abs((mass := (log_density.exp() * seen.weight).sum().item()) - 1) > 1e-5:
            raise ValueError(f"quadrature sees {mass:.4f} of {density.name!r} in place of 1; {INSTEAD}")
    return seen


def _look(p: Distribution, q: Distribution, x: Tensor, weight: Tensor) -> _Seen:
    return _Seen(x, _log_at(p, x), _log_at(q, x), weight, 0 if isinstance(p, Mixture) else len(p))


def _log_at(p: Distribution, x: Tensor) -> Tensor:
    return log_density_at(p, x) if isinstance(p, Mixture) else _probabilities(p).log()[x[:, 0]]


def _mean(log_p: Tensor, values: Tensor, weight: Tensor) -> float:
    """E_p[values]; where p is 0 the values do not count, though they be infinite or undefined."""
    mass = log_p.exp() * weight
    return (mass * values)[mass > 0].sum().item()


def _draw(p: Distribution, count: int, stream: torch.Generator | None) -> Tensor:
    if isinstance(p, Mixture):
        return p.sample(count, stream).double()
    return torch.multinomial(_probabilities(p), count, replacement=True, generator=stream)[:, None]


def _logit(D: Logit | None, seen: _Seen) -> Tensor:
    if D is None:
        return seen.log_p - seen.log_q
    discrete = not seen.x.is_floating_point()
    if callable(D) == discrete:
        raise TypeError(
            "D is a function of x for densities, and a list of logits, one a place, for discrete "
            f"distributions; got {type(D).__name__}"
        )
    if not callable(D):
        logits, places = _numbers(D), seen.places
        if len(logits) != places:
            raise ValueError(f"D must give one logit for each of the {places} places, got {len(logits)}")
        return logits[seen.x[:, 0]]
    networks = [D] if isinstance(D, nn.Module) else []
    parameter = next((weight for network in networks for weight in network.parameters()), None)
    with looking(*networks):  # in eval mode: no statistic changes, nothing drops out
        logits = _numbers(D(seen.x if parameter is None else seen.x.to(parameter)))
    if len(logits) != len(seen.x):
        raise ValueError(f"D must give one logit for each of the {len(seen.x)} points, got {len(logits)}")
    return logits


def _check_pair(p: Distribution, q: Distribution) -> None:
    if isinstance(p, Mixture) != isinstance(q, Mixture):
        raise TypeError(f"two densities or two lists of probabilities, got {type(p).__name__} and {type(q).__name__}")
    sizes = [each.dim if isinstance(each, Mixture) else len(_probabilities(each)) for each in (p, q)]
    if sizes[0] != sizes[1]:
        what = "dimensions" if isinstance(p, Mixture) else "numbers of places"
        raise ValueError(f"both distributions must live on the same space, got the {what} {sizes[0]} and {sizes[1]}")


def _places(x: Tensor, count: int) -> Tensor:
    """Places of a discrete pair, for indexing."""
    x = _numbers(x)
    if not (x == x.round()).all() or not ((x >= 0) & (x < count)).all():
        raise ValueError(f"x must be places of the pair, whole numbers from 0 to {count - 1}, got {x.tolist()!r:.80}")
    return x.long()


def _probabilities(p: Sequence[float] | Tensor) -> Tensor:
    p = _as_tensor("probabilities", p)
    if p.ndim != 1 or not len(p) or not (p >= 0).all() or abs(p.sum().item() - 1) > 1e-6:
        raise ValueError(f"probabilities must be a list of numbers ≥ 0 with the sum 1, got {p.tolist()!r:.80}")
    return p


def _numbers(logits: Sequence[float] | Tensor) -> Tensor:
    return _as_tensor("logits", logits).detach().flatten()


def _as_tensor(name: str, given: Sequence[float] | Tensor) -> Tensor:
    if isinstance(given, Tensor):
        tensor(name, given, NUMBERS)
    try:
        return torch.as_tensor(given, dtype=torch.float64, device="cpu")
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"{name} must be a list of numbers or a tensor, got {short(given)}") from None


def _softplus(x: Tensor) -> Tensor:
    """log(1 + eˣ), exact for any x; torch's own rounds from 20 on."""
    return torch.logaddexp(x, torch.zeros_like(x))


def _log_d(logit: Tensor) -> Tensor:
    return -_softplus(-logit)  # log σ(l)


def _log_not_d(logit: Tensor) -> Tensor:
    return -_softplus(logit)  # log(1 − σ(l))
