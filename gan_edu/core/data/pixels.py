"""Pixels: bytes 0…255, or numbers in [−1, 1], the range of a tanh generator; pictures side by side in one."""

from __future__ import annotations

import math

import torch
from PIL import Image
from torch import Tensor

from gan_edu.core.safety.checked import integer, kind
from gan_edu.core.training.remark import from_zero_up, remark
from gan_edu.core.training.tensors import tensor


def scaled(images: Tensor) -> Tensor:
    """uint8 pixels 0…255 to [−1, 1]; anything else unchanged."""
    return images.float().div_(127.5).sub_(1) if images.dtype == torch.uint8 else images


def pictures(name: str, images: Tensor) -> Tensor:
    """Pictures (N, C, H, W), uint8 or in [−1, 1]; a word where they seem to lie in [0, 1] or 0…255.

    Raises TypeError for what is no tensor of pixels.
    """
    if tensor(name, images).is_floating_point() and images.numel() and from_zero_up(images):
        remark(
            f"None of the {name} is below 0, and they are taken for pictures in [−1, 1], where 0 is grey. Give "
            "2 * x - 1 where they lie in [0, 1], x / 127.5 - 1 where in 0…255."
        )
    return images


def to_uint8(images: Tensor) -> Tensor:
    """The way back: [−1, 1] to uint8 pixels (…, H, W), values outside clipped.

    Pixels that are no finite numbers become pieces of a chessboard, which no picture is taken for.
    """
    images = images.detach().float()
    pixels = images.add(1).mul(127.5).round().clamp(0, 255)  # NaN stays NaN
    return torch.where(images.isfinite(), pixels, _chessboard(images)).to(torch.uint8).cpu()


def _chessboard(images: Tensor) -> Tensor:
    """0 and 255 in alternation, four squares on the shorter side: (H, W), or (N,) for a row of pixels."""
    *_, height, width = (1, *images.shape)
    side = max(1, min(height, width) // 4)
    rows, columns = (torch.arange(count, device=images.device) // side for count in (height, width))
    return ((rows[:, None] + columns) % 2 * 255.0).view(images.shape[-2:])


def as_grid(images: Tensor, columns: int | None = None) -> Tensor:
    """Pictures (N, C, H, W) as one, row by row: (C, rows · H, columns · W); empty places are 0."""
    if kind("images", images, Tensor).ndim != 4 or not len(images):
        raise ValueError(f"images must be pictures (N, C, H, W) with N ≥ 1, got {tuple(images.shape)}")
    count, channels, height, width = images.shape
    columns = math.ceil(math.sqrt(count)) if columns is None else integer("columns", columns, 1, 10_000)
    rows = math.ceil(count / columns)
    padded = images.new_zeros(rows * columns, channels, height, width)
    padded[:count] = images
    return (
        padded.reshape(rows, columns, channels, height, width)
        .permute(2, 0, 3, 1, 4)
        .reshape(channels, rows * height, columns * width)
    )


def as_image(pixels: Tensor) -> Image.Image:
    """uint8 pixels (1 or 3, H, W) as a picture in grey or in colour."""
    grid = pixels.permute(1, 2, 0).numpy()  # (H, W, C)
    return Image.fromarray(grid.squeeze(2) if grid.shape[2] == 1 else grid)
