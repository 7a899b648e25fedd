"""The name machine on paper: a column of names for each network."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping

from gan_edu.core.notebook.fonts import own_font, write
from gan_edu.core.notebook.palette import GENERATOR
from gan_edu.widgets.kit.still import GAP, INK, PAPER

WIDE, LINE, HEAD, LETTERS = 220, 20, 56, 24  # LETTERS: of a name that stands in a column


def still(head: str, names: Mapping[str, list[str]], listed: Collection[str] = (), foot: str = "") -> bytes:
    """A PNG of names, by network. head: at what temperature, and from which beginning.

    listed: names with dots beneath; foot: what those say, below the names, where there are some.
    """
    from PIL import Image, ImageDraw

    last = max(map(len, names.values()))
    rows = last + (1 if listed else 0)
    paper = Image.new("RGB", (GAP + max(2, len(names)) * WIDE, HEAD + rows * LINE + GAP), PAPER)
    draw = ImageDraw.Draw(paper)
    write(draw, (GAP, 8), head[:70], 14, INK, bold=True)
    for column, (label, some) in enumerate(names.items()):
        x = GAP + column * WIDE
        write(draw, (x, HEAD - 22), label[:LETTERS], 13, GENERATOR, bold=True)
        for row, name in enumerate(some):
            cut = name if len(name) <= LETTERS else name[: LETTERS - 1] + "…"
            write(draw, (x, HEAD + row * LINE), cut, 13, INK)
            if name in listed:
                for dot in range(x, x + round(own_font(13).getlength(cut)), 4):
                    draw.point((dot, HEAD + (row + 1) * LINE - 3), INK)
    if listed:
        write(draw, (GAP, HEAD + last * LINE), foot, 12, INK)
    buffer = io.BytesIO()
    paper.quantize(32, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
