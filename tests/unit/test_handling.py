"""Pictures on their way: JPEG as Pillow has it, scaling and moving at pixels; what is lost and what stays."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from gan_edu.core.data.handling import in_bytes, jpeg, moved, resized, shifted
from gan_edu.core.measures.restored import psnr

STREAM = torch.Generator()


def digits(count=6):
    """Grey blobs (N, 1, 28, 28) in [0, 1], at 256 levels."""
    y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    centre = torch.linspace(8, 20, count)[:, None, None]
    return in_bytes((-((x - centre) ** 2 + (y - 14) ** 2) / 20).exp()[:, None])


def test_jpeg_is_pillows_and_costs_more_at_lower_quality():
    x = digits()
    seen, known = jpeg(50)(x, STREAM)
    pixels = (x[2, 0] * 255).round().byte().numpy()
    Image.fromarray(pixels).save(buffer := io.BytesIO(), "JPEG", quality=50)
    assert np.array_equal((seen[2, 0] * 255).round().byte().numpy(), np.asarray(Image.open(buffer)))
    assert seen.shape == x.shape and seen.dtype == x.dtype and not known.any()
    near = [psnr(jpeg(quality)(x, STREAM).seen, x) for quality in (10, 50, 95)]
    assert near[0] < near[1] < near[2] and near[2] > 40
    assert jpeg(50)(x[:0], STREAM).seen.shape == (0, 1, 28, 28)


def test_scaling_keeps_what_is_flat_and_blurs_what_is_fine():
    flat = torch.full((1, 1, 28, 28), 51 / 255)
    for side in (14, 20, 28, 40):
        assert torch.allclose(resized(side)(flat, STREAM).seen, flat)
    x = digits()
    assert torch.equal(resized(28)(x, STREAM).seen, x), "not scaled"
    assert 25 < psnr(resized(14)(x, STREAM).seen, x) < psnr(resized(20)(x, STREAM).seen, x)
    board = (torch.arange(28)[:, None] + torch.arange(28)).remainder(2).float()[None, None]
    inner = resized(14)(board, STREAM).seen[..., 4:-4, 4:-4]
    assert (inner - 0.5).abs().max() < 0.1, "a pixel's own shade is gone"


def test_moving_goes_down_and_right():
    x = digits(1)
    seen = moved(2, -3)(x, STREAM).seen
    assert torch.equal(seen[..., 2:, :-3], x[..., :-2, 3:])
    assert not seen[..., :2, :].any() and not seen[..., -3:].any()
    assert torch.equal(moved(0, 0)(x, STREAM).seen, x) and torch.equal(shifted(x, 1, 0), moved(1, 0)(x, STREAM).seen)


def test_bytes_are_256_levels():
    x = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    assert (
        torch.equal((in_bytes(x) * 255).round() / 255, in_bytes(x))
        and (in_bytes(x) - x).abs().max() <= 0.5 / 255 + 1e-6
    )
    assert torch.equal(in_bytes(in_bytes(x)), in_bytes(x))


@pytest.mark.parametrize("damage", [jpeg(), resized(), moved(), lambda x, stream: in_bytes(x)], ids="jrmb")
def test_pictures_on_another_scale_are_refused(damage):
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        damage(2 * digits() - 1, STREAM)
    with pytest.raises(ValueError, match="grey"):
        damage(digits()[0], STREAM)


def test_numbers_out_of_range_are_refused():
    for make, wrong in ((jpeg, 0), (jpeg, 96), (resized, 0), (moved, 1001)):
        with pytest.raises(ValueError):
            make(wrong)
