"""Which latents a control of a generator takes."""

from __future__ import annotations

from torch import Tensor


def checked_latents(latents: object, least: int, most: int) -> Tensor:
    """Latents (N, d), finite, N from `least` to `most`, detached and on the CPU. ValueError for anything else."""
    if not isinstance(latents, Tensor) or latents.ndim != 2 or not least <= len(latents) <= most:
        shape = tuple(latents.shape) if isinstance(latents, Tensor) else type(latents).__name__
        raise ValueError(f"latents must be a tensor (N, latent_dim) with N from {least} to {most}, got {shape}")
    if not latents.is_floating_point() or not latents.isfinite().all():
        raise ValueError("latents must be finite floating-point numbers, as gan.latents(24) gives")
    return latents.detach().cpu()
