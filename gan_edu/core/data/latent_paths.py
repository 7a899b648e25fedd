"""Paths between latents: the straight line, the arc, a grid spanned by a few, the neighbourhood of one.

A Gaussian in many dimensions is a shell: of latents z ~ N(0, I) with 100 numbers nearly all have a length near 10.
The straight line between two of them cuts through the inside, where G saw next to nothing; the arc stays in the shell.
White (2016), "Sampling generative networks", arXiv 1609.04468; Shoemake (1985), "Animating rotation with quaternion
curves", for the arc. Used from notebook 04 on.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gan_edu.core.safety.checked import function, integer, kind, real

__all__ = ["latent_grid", "lerp", "neighbours", "slerp"]


def lerp(a: Tensor, b: Tensor, t: Tensor | float) -> Tensor:
    """The straight line z(t) = (1 − t) a + t b, from a at t = 0 to b at t = 1, both exact.

    a, b: (…, d). t: a number, or a tensor that broadcasts against (…): for two latents (d,), t (T,) gives (T, d).
    Halfway between two independent z ~ N(0, I), z is distributed as N(0, I/2): too short by √½.
    """
    a, b, t = _ready(a, b, t)
    return torch.lerp(a, b, t)  # (…, d)


def slerp(a: Tensor, b: Tensor, t: Tensor | float) -> Tensor:
    """The arc: z(t) = r (cos(tω) e₁ + sin(tω) e₂), where ω is the angle from a to b; from a to b, both exact.

    e₁ is a's direction, e₂ the direction at a right angle to it towards b; r = (1 − t)|a| + t|b|. For |a| = |b| this
    is sin((1 − t)ω)/sin ω · a + sin(tω)/sin ω · b (Shoemake 1985; White 2016), without its division by
    sin ω, so that it is stable for nearly parallel latents. a, b: (…, d); t as for `lerp`.
    Raises ValueError for a latent of length 0, and for opposite ones, which no single arc joins.
    """
    a, b, t = _ready(a, b, t)
    (long_a, e1), (long_b, towards) = _polar(a), _polar(b)  # (…, 1), (…, d) each
    apart, sum_ = (towards - e1).norm(dim=-1, keepdim=True), (towards + e1).norm(dim=-1, keepdim=True)
    if (sum_ < max(1e3 * torch.finfo(e1.dtype).eps, 10 * torch.finfo(a.dtype).eps)).any():
        raise ValueError("slerp: a and b are opposite, and all great circles join them: go through a third latent")
    angle = 2 * torch.atan2(apart, sum_)  # exact where acos of the cosine is not, near 0 and π
    e2 = (towards - e1) - ((towards - e1) * e1).sum(-1, keepdim=True) * e1
    e2 = e2 / e2.norm(dim=-1, keepdim=True).clamp_min(torch.finfo(e2.dtype).tiny)  # 0 where a and b are parallel
    z = (long_a + t * (long_b - long_a)) * (torch.cos(t * angle) * e1 + torch.sin(t * angle) * e2)
    return torch.where(t == 0, a, torch.where(t == 1, b, z.to(a.dtype)))


def _polar(z: Tensor) -> tuple[Tensor, Tensor]:
    """Lengths (…, 1) and directions (…, d), in float32 at least: squares of 1e30 have no place there, nor of 1e-30."""
    z = z.to(torch.promote_types(z.dtype, torch.float32))
    largest = z.abs().amax(-1, keepdim=True)
    if (largest == 0).any():
        raise ValueError("slerp needs a direction, and a latent of length 0 has none: use lerp, or another latent")
    scaled = z / largest
    length = scaled.norm(dim=-1, keepdim=True)
    return largest * length, scaled / length


def latent_grid(
    a: Tensor, b: Tensor, c: Tensor, d: Tensor | None = None, rows: int = 7, columns: int = 7, path: Callable = slerp
) -> Tensor:
    """A grid of latents with the corners a (top left), b (top right), c (bottom left), d (bottom right).

    Each is (latent_dim,); path: `slerp` or `lerp`. Returns (rows, columns, latent_dim). Without d the corner is the
    analogy "c is to a as d is to b", d = b + c − a (White 2016), for slerp brought to a's length.
    """
    rows, columns = integer("rows", rows, 2), integer("columns", columns, 2)
    function("path", path, "slerp or lerp")
    if d is None:
        d = b + c - a
        d = d * (a.norm() / d.norm()) if path is slerp else d
    across, down = (torch.linspace(0, 1, n, dtype=a.dtype, device=a.device) for n in (columns, rows))
    top, bottom = path(a, b, across), path(c, d, across)  # (columns, latent_dim) each
    return path(top, bottom, down[:, None])


def neighbours(z: Tensor, strength: Tensor | float, noise: Tensor) -> Tensor:
    """Latents like z: z' = √(1 − s²) z + s ε, with the law of z: for z and ε from N(0, I), z' is from N(0, I) too.

    Their correlation is √(1 − s²). z: (d,); noise: ε (N, d); strength: s from 0 (z itself) to 1 (unrelated), a number,
    which gives (N, d), or (S,), which gives (S, N, d). Raises ValueError for another strength.
    Adding the noise alone, z + s ε, would lengthen z by √(1 + s²). Cotter, Roberts, Stuart, White (2013), "MCMC
    methods for functions", arXiv 1202.0709: the proposal that leaves a Gaussian as it is.
    """
    if kind("z", z, Tensor).shape[-1:] != kind("noise", noise, Tensor).shape[-1:]:
        raise ValueError(f"z and noise must have latents of one size, got {tuple(z.shape)} and {tuple(noise.shape)}")
    s = _number_or_tensor("strength", strength, z)
    if not bool(((s >= 0) & (s <= 1)).all()):
        raise ValueError(f"strength must be from 0 (the latent itself) to 1 (unrelated ones), got {strength}")
    s = s[..., None, None] if s.ndim else s
    return (1 - s * s).sqrt() * z + s * noise  # (N, d) or (S, N, d)


def _ready(a: Tensor, b: Tensor, t: Tensor | float) -> tuple[Tensor, Tensor, Tensor]:
    for name, latents in (("a", a), ("b", b)):
        if not kind(name, latents, Tensor).is_floating_point():
            raise ValueError(f"{name} must be floating-point latents, got {latents.dtype}")
    if not a.shape or not b.shape or a.shape[-1] != b.shape[-1]:
        raise ValueError(f"latents must have one size, got the shapes {tuple(a.shape)} and {tuple(b.shape)}")
    return a, b, _number_or_tensor("t", t, a)[..., None]


def _number_or_tensor(name: str, given: Tensor | float, like: Tensor) -> Tensor:
    given = given if isinstance(given, Tensor) else real(name, given)
    return torch.as_tensor(given, dtype=like.dtype, device=like.device)
