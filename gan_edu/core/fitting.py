"""Whether the pieces of a GAN fit each other, found before training with two samples sent through all of them."""
from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn


def check(gan, batches: Iterator[Tensor]) -> None:
    """Send two samples through networks and loss, changing nothing.

    Raises ValueError or TypeError that names what misfits.
    """
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
    logits = gan.judge(fake)
    if logits.shape != (2, 1):
        raise ValueError(f"the discriminator must give one logit a sample, (N, 1); for 2 samples it gave the shape "
                         f"{tuple(logits.shape)}")
    _check_loss(gan.loss, logits)


def _check_loss(loss, logits: Tensor) -> None:
    if not (hasattr(loss, "d") and hasattr(loss, "g")):
        raise TypeError(f"loss must be a losses.Loss, a pair of functions d and g, got {type(loss).__name__}")
    with torch.enable_grad():
        logits = logits.detach().requires_grad_()
        values = {"d": loss.d(logits, logits), "g": loss.g(logits, logits)}
    for name, value in values.items():
        if not isinstance(value, Tensor) or value.ndim:
            got = f"shape {tuple(value.shape)}" if isinstance(value, Tensor) else type(value).__name__
            raise ValueError(f"the loss {loss.name!r}: {name} must return one number (a 0-d tensor), got {got}: "
                             "take the mean over the batch")
        if not value.requires_grad:
            raise ValueError(f"the loss {loss.name!r}: {name} does not depend on the logits, so that nothing can be "
                             "learned from it: compute it from the logits themselves, without detach() or item()")


def network(name: str, given) -> None:
    """Raise TypeError for what is no network."""
    if not isinstance(given, nn.Module):
        raise TypeError(f"{name} must be a torch.nn.Module, got {type(given).__name__}")


def drawn(batches: Iterator[Tensor]) -> Tensor:
    """The next real samples. Raises ValueError where there are no more, TypeError for what G could not make."""
    real = next(batches, None)
    if real is None:
        raise ValueError("the batches have come to their end, and training needs them without end: "
                         "take core.data.Batches, or wrap your own in itertools.cycle")
    if not isinstance(real, Tensor) or not real.is_floating_point():
        got = str(real.dtype) if isinstance(real, Tensor) else type(real).__name__
        raise TypeError(f"a batch must be one tensor of floating-point samples (N, …), got {got}: leave labels out, "
                        "and scale pixels to [−1, 1] with core.data.scaled")
    return real


def alike(real: Tensor, fake: Tensor) -> None:
    """Raise ValueError where real samples and fakes (N, …) differ in shape or type: D has to take both."""
    if real.shape[1:] != fake.shape[1:]:
        raise ValueError(f"the generator makes samples of the shape (N, {_shape(fake)}), the batches have "
                         f"(N, {_shape(real)}): they must be equal")
    if real.dtype != fake.dtype:
        raise ValueError(f"the batches are {real.dtype}, the generator makes {fake.dtype}: convert one of them, "
                         "as data.float() or generator.double() do")


def latents_fit(z: Tensor, latent_dim: int) -> None:
    """Raise ValueError for what is no batch of latents."""
    if not isinstance(z, Tensor) or z.ndim != 2 or z.shape[1] != latent_dim:
        got = str(tuple(z.shape)) if isinstance(z, Tensor) else type(z).__name__
        raise ValueError(f"latents have the shape (N, {latent_dim}), got {got}")


def judged(discriminator: nn.Module, samples: Tensor) -> Tensor:
    """D's logits. Raises ValueError for samples of a shape or type that D does not take."""
    return _tried(discriminator, samples, "the discriminator does not take samples of the shape (N, "
                  f"{_shape(samples)}) and the type {samples.dtype}")


def _tried(look: Callable, argument: Tensor, complaint: str) -> Tensor:
    try:
        return look(argument)
    except RuntimeError as error:
        raise ValueError(f"{complaint}: {error}") from error


def _shape(samples: Tensor) -> str:
    return ", ".join(str(size) for size in samples.shape[1:])
