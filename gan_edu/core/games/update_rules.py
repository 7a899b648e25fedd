"""Ways in which two players can take their steps along a field, and what one step does near a point. From notebook 06.

With v = (v_G, v_D) of `core.games.field` and a step size h, one round is

    simultaneous      z ← z + h v(z)
    alternating       one player moves, the other answers where the first now stands
    extra-gradient    z ← z + h v(z + h v(z))        (Korpelevich 1976; for GANs Gidel et al. 2019, arXiv 1802.10551)

A round is itself a map z → F(z). Near a fixed point the spectral radius of ∂F/∂z is, in the long run, the factor by
which a round changes distances: below 1 they shrink. The flow's eigenvalues λ become 1 + h λ in the simultaneous case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_edu.core.games.field import Field, Numbers, Path, as_tensors, flat_jacobian
from gan_edu.core.safety.checked import function, integer, kind, one_of, real

ORDERS = ("simultaneous", "alternating", "extra-gradient")
PLAYERS = ("G", "D")
State = tuple[Tensor, Tensor, Tensor, Tensor]  # (θ, ψ, m_G, m_D)
Round = Callable[[Tensor, Tensor, Tensor, Tensor], State]


@dataclass(frozen=True)
class Rule:
    """How a round is played. Raises ValueError for an unknown word, a number out of its range or two that clash.

    step: h > 0, of both players. first: who moves first where they alternate. momentum: β in (−1, 1), heavy ball
    (Polyak 1964; below 0: Gidel et al. 2019, arXiv 1807.04740). clip: c > 0, after each move ψ is clamped to [−c, c]
    (Arjovsky et al. 2017, arXiv 1701.07875); the start is left where it is.
    """

    order: str = "simultaneous"
    step: float = 0.2
    first: str = "G"
    momentum: float = 0.0
    clip: float | None = None

    def __post_init__(self) -> None:
        one_of("order", self.order, ORDERS)
        one_of("first", self.first, PLAYERS)
        object.__setattr__(self, "step", real("step", self.step, above=0))
        object.__setattr__(self, "momentum", real("momentum", self.momentum, above=-1, below=1))
        if self.clip is not None:
            object.__setattr__(self, "clip", real("clip", self.clip, above=0))
        if self.momentum and self.order == "extra-gradient":
            raise ValueError("extra-gradient goes without momentum here: leave momentum at 0")


def one_round(v: Field, rule: Rule) -> Round:
    """One round as a map (θ, ψ, m_G, m_D) → the same after it; m are the players' velocities, 0 at the start."""
    function("v", v)
    kind("rule", rule, Rule)
    return {"simultaneous": _simultaneous, "alternating": _alternating, "extra-gradient": _extra}[rule.order](v, rule)


def trajectory(v: Field, theta: Numbers, psi: Numbers, rule: Rule, count: int) -> Path:
    """The `count` + 1 points from a start on. Raises ValueError for a start that is no finite numbers, or a count < 1.

    A path that runs away is followed to infinity and beyond: what comes after is ∞ or NaN.
    """
    theta, psi = as_tensors(theta, psi)
    count = integer("count", count, 1)
    state, go = (theta, psi, torch.zeros_like(theta), torch.zeros_like(psi)), one_round(v, rule)
    seen = [state[:2]]
    for _ in range(count):
        state = go(*state)
        seen.append(state[:2])
    thetas, psis = (torch.stack(part) for part in zip(*seen, strict=True))
    return Path(thetas, psis, torch.arange(count + 1.0).double())


def round_jacobian(v: Field, theta: Numbers, psi: Numbers, rule: Rule) -> Tensor:
    """∂F/∂z of a round F at a point, by autograd on the round itself, (n, n).

    z is (θ, ψ); with momentum it is (θ, ψ, m_G, m_D), the velocities being 0 at the point.
    """
    theta, psi = as_tensors(theta, psi)
    still = torch.zeros_like(theta), torch.zeros_like(psi)
    go = one_round(v, rule)
    if rule.momentum:
        return flat_jacobian(go, theta, psi, *still)
    return flat_jacobian(lambda theta, psi: go(theta, psi, *still)[:2], theta, psi)


def _clipped(psi: Tensor, rule: Rule) -> Tensor:
    return psi if rule.clip is None else psi.clamp(-rule.clip, rule.clip)


def _simultaneous(v: Field, rule: Rule) -> Round:
    def go(theta: Tensor, psi: Tensor, m_g: Tensor, m_d: Tensor) -> State:
        by_g, by_d = v(theta, psi)
        # m ← β m + h v,  z ← z + m
        m_g, m_d = rule.momentum * m_g + rule.step * by_g, rule.momentum * m_d + rule.step * by_d
        return theta + m_g, _clipped(psi + m_d, rule), m_g, m_d

    return go


def _alternating(v: Field, rule: Rule) -> Round:
    def go(theta: Tensor, psi: Tensor, m_g: Tensor, m_d: Tensor) -> State:
        for player in PLAYERS if rule.first == "G" else reversed(PLAYERS):
            by_g, by_d = v(theta, psi)
            if player == "G":
                m_g = rule.momentum * m_g + rule.step * by_g
                theta = theta + m_g
            else:
                m_d = rule.momentum * m_d + rule.step * by_d
                psi = _clipped(psi + m_d, rule)
        return theta, psi, m_g, m_d

    return go


def _extra(v: Field, rule: Rule) -> Round:
    def go(theta: Tensor, psi: Tensor, m_g: Tensor, m_d: Tensor) -> State:
        by_g, by_d = v(theta, psi)
        ahead = theta + rule.step * by_g, _clipped(psi + rule.step * by_d, rule)  # z + h v(z)
        by_g, by_d = v(*ahead)
        return theta + rule.step * by_g, _clipped(psi + rule.step * by_d, rule), m_g, m_d

    return go
