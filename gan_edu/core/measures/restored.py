"""How near restored pictures are to the true ones, and how sharp they are. Notebook 13_restoration.

PSNR counts wrong pixels, SSIM compares means, contrasts and structure of small windows (Wang et al. 2004, "Image
quality assessment: from error visibility to structural similarity"): both want the true picture, and so measure
distortion. Sharpness asks for none, and noise is sharp: beside it belong a score such as FID, and a reader of digits.
All take pictures (N, 1, H, W) in [0, 1].
"""

from __future__ import annotations

import torch
from torch import Tensor

from gan_edu.core.data.damage import in_light


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
