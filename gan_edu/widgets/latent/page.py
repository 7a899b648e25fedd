"""What the latent explorer puts on paper: its JavaScript, the PNG of a walk, and the page without a kernel."""

from __future__ import annotations

import base64
import io

from torch import Tensor

from gan_edu.core.data.pixels import as_grid, as_image, to_uint8
from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.words import say
from gan_edu.widgets.kit.still import GAP, INK, PAPER, SOFT, fitted

SHOWN, BYTES = 9, 100_000  # pictures of each path on the PNG; what it may weigh
WIDTH = 96  # of one of them, in pixels


def sheet(images: Tensor, columns: int) -> dict:
    """Pictures (N, C, H, W) in [−1, 1] as one PNG with its layout, as view.js takes them."""
    buffer, (_, _, height, width) = io.BytesIO(), images.shape
    as_image(as_grid(to_uint8(images), columns)).save(buffer, "PNG", compress_level=1)  # quick, and a tenth larger
    return {
        "png": buffer.getvalue(),
        "columns": columns,
        "rows": -(-len(images) // columns),
        "frame_width": width,
        "frame_height": height,
    }


def walk_picture(walk: dict, frames: int) -> bytes:
    """Nine pictures of each path with the lengths of their latents, as a PNG: what a saved notebook shows."""
    from PIL import Image, ImageDraw

    atlas = Image.open(io.BytesIO(walk["png"]))
    w, h, columns = (walk[name] for name in ("frame_width", "frame_height", "columns"))
    size = _, height = fitted(WIDTH, w, h)
    head, row = 32, height + 46
    paper = Image.new("RGB", (GAP + SHOWN * (WIDTH + 6), head + 2 * row), PAPER)
    draw = ImageDraw.Draw(paper)
    title = say("latent", "fromTo", a=walk["of"][0], b=walk["of"][1])
    write(draw, (GAP, 8), title, 14, INK, bold=True)
    for k, name in enumerate((say("latent", "straightLine"), say("latent", "arc"))):
        write(draw, (GAP, head + k * row), name, 12, INK, bold=True)
        for i in range(SHOWN):
            at = k * frames + round(i * (frames - 1) / (SHOWN - 1))
            x, y = at % columns * w, at // columns * h
            tile = atlas.crop((x, y, x + w, y + h)).resize(size, Image.Resampling.LANCZOS)
            left = GAP + i * (WIDTH + 6)
            paper.paste(tile, (left, head + k * row + 18))
            words = say("latent", "length", norm=f"{walk['norms'][at]:.1f}")
            write(draw, (left, head + k * row + 20 + height), words, 11, SOFT)
    for shades in (64, 32, 16, 8):  # noise compresses badly: give way until it is small
        buffer = io.BytesIO()
        paper.quantize(shades, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= BYTES:
            break
    return buffer.getvalue()


def page_state(state: dict, walks: list[dict]) -> dict:
    """A page that shows `state`, and lets one choose among `walks`."""
    return {"shown": _packed(state), "walks": _packed(walks)}


def _packed(value: object) -> object:
    """Bytes as data URIs, wherever they stand, for JSON."""
    if isinstance(value, dict):
        return {key: _packed(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_packed(each) for each in value]
    return f"data:image/png;base64,{base64.b64encode(value).decode()}" if isinstance(value, bytes) else value
