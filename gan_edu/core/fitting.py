"""Whether the pieces of a GAN fit each other, found before training with two samples sent through all of them."""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor


def check(gan, batches: Iterator[Tensor]) -> None:
    """Send two samples through all pieces, changing nothing. Raises ValueError or TypeError that names what misfits."""
    if not hasattr(batches, "__next__"):
        raise TypeError("batches must give batches without end, as core.data.Batches does, "
                        f"got {type(batches).__name__}")
    gan.fit()
    real = getattr(batches, "data", None)
    if real is not None and real.device != gan.device:
        raise ValueError(f"the data is on {real.device}, the generator on {gan.device}: "
                         f"Batches(…, device={str(gan.device)!r})")
    z = torch.zeros(2, gan.latent_dim, device=gan.device, dtype=next(gan.generator.parameters()).dtype)
    fake = _tried(gan.generate, z, f"the generator does not take latents of the shape (N, {gan.latent_dim})")
    if real is not None and fake.shape[1:] != real.shape[1:]:
        raise ValueError(f"the generator makes samples of the shape (N, {_shape(fake)}), the data's is "
                         f"(N, {_shape(real)}): they must be equal")
    logits = _tried(gan.judge, fake, f"the discriminator does not take samples of the shape (N, {_shape(fake)})")
    if logits.shape != (2, 1):
        raise ValueError(f"the discriminator must give one logit a sample, (N, 1); for 2 samples it gave the shape "
                         f"{tuple(logits.shape)}")
    for name, loss in (("d", gan.loss.d(logits, logits)), ("g", gan.loss.g(logits, logits))):
        if not isinstance(loss, Tensor) or loss.ndim:
            got = f"shape {tuple(loss.shape)}" if isinstance(loss, Tensor) else type(loss).__name__
            raise ValueError(f"the loss {gan.loss.name!r}: {name} must return one number (a 0-d tensor), got {got}: "
                             "take the mean over the batch")


def _tried(look: Callable, argument: Tensor, complaint: str) -> Tensor:
    try:
        return look(argument)
    except RuntimeError as error:
        raise ValueError(f"{complaint}: {error}") from error


def _shape(samples: Tensor) -> str:
    return ", ".join(str(size) for size in samples.shape[1:])


def choice(name: str, value: str, allowed: Sequence[str]) -> None:
    """Raise ValueError for a word that is not allowed."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")


def at_least(name: str, value: int, least: int) -> None:
    """Raise ValueError for what is no whole number, or too small a one."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} must be a whole number ≥ {least}, got {value!r}")


def within(name: str, value: float, least: float, most: float) -> None:
    """Raise ValueError for what is no finite number from `least` to `most`."""
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not known or not least <= value <= most:
        limits = f"≥ {least:g}" if most == math.inf else f"from {least:g} to {most:g}"
        raise ValueError(f"{name} must be a number {limits}, got {value!r}")
