"""How near restored pictures are to the true ones, and how sharp they are. Notebook 13_restoration.

PSNR counts wrong pixels, SSIM compares means, contrasts and structure of small windows (Wang et al. 2004, "Image
quality assessment: from error visibility to structural similarity"): both want the true picture, and so measure
distortion. Sharpness asks for none, and noise is sharp: beside it belong a score such as FID, and a reader of digits.
All take pictures (N, 1, H, W) in [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy

from gan_edu.core.data.damage import in_light

# of pixels made and true, both in [0, 1]
DISTANCES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "bce": lambda made, true: binary_cross_entropy(made, true, reduction="none"),
    "l1": lambda made, true: (made - true).abs(),
    "l2": lambda made, true: (made - true).square(),
}


def missed(name: str, made: Tensor, true: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
    """The mean of a distance over the pixels that are not known, a scalar, 0 where all are; and what was nearest.

    made: (K, N, 1, H, W), K answers for each of N pictures. Of these only the nearest counts, (N, 1, H, W).
    """
    unknown = 1 - known
    apart = (DISTANCES[name](made, true.expand_as(made)) * unknown).sum((2, 3, 4))  # (K, N)
    least, which = apart.min(0)
    return least.sum() / unknown.sum().clamp(min=1), made[which, torch.arange(len(true), device=made.device)]


def psnr(restored: Tensor, true: Tensor, known: Tensor | None = None) -> float:
    """10 log₁₀ (1 / E[(restored − true)²]) in dB, ∞ where they are equal.

    The mean is over all pixels of all pictures, before the logarithm. known: 1 where a pixel was not lost; it does not
    count. Raises ValueError for other shapes, pictures that are not in [0, 1], or where no pixel counts.
    """
    wrong = (_alike(restored, true)[0] - true).double().square()
    if known is not None:
        wrong = wrong[_alike(known, true)[0] == 0]
    if not wrong.numel():
        raise ValueError("no pixel counts: known must be 0 somewhere, and there must be pictures")
    return -10 * torch.log10(wrong.mean()).item()


def ssim(restored: Tensor, true: Tensor) -> float:
    """Mean structural similarity, −1 to 1, in Gaussian windows of σ = 1.5 pixels, 11 × 11.

    At its edges a picture goes on as in a mirror. Raises as `psnr`.
    """
    from torchmetrics.functional.image import structural_similarity_index_measure

    index = structural_similarity_index_measure(*_alike(restored, true), data_range=1.0)
    return torch.as_tensor(index).mean().item()


def sharpness(pictures: Tensor) -> float:
    """E|∇x| over pixels, by differences to the right and below: a picture that is blurred has less of it.

    Divide by that of real pictures, which then have 1.
    """
    x = in_light("pictures", pictures)
    down, right = x[:, :, 1:, :-1] - x[:, :, :-1, :-1], x[:, :, :-1, 1:] - x[:, :, :-1, :-1]
    return (down.square() + right.square()).sqrt().mean().item()


def _alike(restored: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
    if in_light("pictures", restored).shape != in_light("true pictures", true).shape:
        raise ValueError(f"as many of the same size are compared, got {tuple(restored.shape)} and {tuple(true.shape)}")
    return restored, true
