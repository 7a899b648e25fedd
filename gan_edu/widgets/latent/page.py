"""What the latent explorer puts on paper: its JavaScript, the PNG of a walk, and the page without a kernel."""

from __future__ import annotations

import base64
import html
import io

from IPython.display import HTML

from gan_edu.core.data.pixels import as_grid, to_uint8
from gan_edu.core.notebook.fonts import write
from gan_edu.widgets.kit.scripts import data, script
from gan_edu.widgets.kit.still import GAP, INK, PAPER, SOFT, fitted
from gan_edu.widgets.replay.widget import FIT, POLICY

SCRIPTS = ("latent/parts", "latent/look", "latent/view")
SHOWN, BYTES = 9, 100_000  # pictures of each path on the PNG; what it may weigh
WIDTH = 96  # of one of them, in pixels


def sheet(images, columns: int) -> dict:
    """Pictures (N, C, H, W) in [−1, 1] as one PNG with its layout, as latent.js takes them."""
    buffer, (_, _, height, width) = io.BytesIO(), images.shape
    _image(as_grid(to_uint8(images), columns)).save(buffer, "PNG", compress_level=1)  # quick, and a tenth larger
    return {
        "png": buffer.getvalue(),
        "columns": columns,
        "rows": -(-len(images) // columns),
        "frame_width": width,
        "frame_height": height,
    }


def _image(grid):
    from PIL import Image

    pixels = grid.permute(1, 2, 0).numpy()  # (H, W, C)
    return Image.fromarray(pixels.squeeze(2) if pixels.shape[2] == 1 else pixels)


def walk_picture(walk: dict, frames: int) -> bytes:
    """Nine pictures of each path with the lengths of their latents, as a PNG: what a saved notebook shows."""
    from PIL import Image, ImageDraw

    atlas = Image.open(io.BytesIO(walk["png"]))
    w, h, columns = (walk[name] for name in ("frame_width", "frame_height", "columns"))
    size = _, height = fitted(WIDTH, w, h)
    head, row = 32, height + 46
    paper = Image.new("RGB", (GAP + SHOWN * (WIDTH + 6), head + 2 * row), PAPER)
    draw = ImageDraw.Draw(paper)
    write(draw, (GAP, 8), f"From sample {walk['of'][0]} (A) to sample {walk['of'][1]} (B)", 14, INK, bold=True)
    for k, name in enumerate(("linear: the straight line", "spherical: the arc")):
        write(draw, (GAP, head + k * row), name, 12, INK, bold=True)
        for i in range(SHOWN):
            at = k * frames + round(i * (frames - 1) / (SHOWN - 1))
            x, y = at % columns * w, at // columns * h
            tile = atlas.crop((x, y, x + w, y + h)).resize(size, Image.Resampling.LANCZOS)
            left = GAP + i * (WIDTH + 6)
            paper.paste(tile, (left, head + k * row + 18))
            words = f"length {walk['norms'][at]:.1f}"
            write(draw, (left, head + k * row + 20 + height), words, 11, SOFT)
    for shades in (64, 32, 16, 8):  # noise compresses badly: give way until it is small
        buffer = io.BytesIO()
        paper.quantize(shades, dither=0).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= BYTES:
            break
    return buffer.getvalue()


def page(state: dict, walks: list[dict]) -> str:
    """A page that shows `state`, lets one choose among `walks`, and holds nothing that leaves it."""
    content = data({"state": _packed(state), "walks": _packed(walks)})
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>Latent explorer</title><style>body {{ margin: 0 }}</style></head>
<body><main id="latent"></main><script type="application/json" id="data">{content}</script>
<script type="module">{script(*SCRIPTS)}
const {{ state, walks }} = JSON.parse(document.getElementById("data").textContent);
const main = document.getElementById("latent");
explore(main, still(state), walks);
const tell = () => parent !== window && parent.postMessage(Math.ceil(main.getBoundingClientRect().height), "*");
new ResizeObserver(tell).observe(main);
addEventListener("load", tell);
</script></body></html>
"""


def frame(text: str, title: str) -> HTML:
    """A page as an iframe that takes the height its content tells."""
    return HTML(
        f'<div><iframe sandbox="allow-scripts" title="{html.escape(title)}" onload="{html.escape(FIT)}" '
        f'srcdoc="{html.escape(text)}" style="width:100%;height:820px;border:0"></iframe></div>'
    )


def _packed(value):
    """Bytes as data URIs, wherever they stand, for JSON."""
    if isinstance(value, dict):
        return {key: _packed(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_packed(each) for each in value]
    return f"data:image/png;base64,{base64.b64encode(value).decode()}" if isinstance(value, bytes) else value
