"""A question with its answer as one PNG: what is seen where there is neither a kernel nor a page of the control."""

from __future__ import annotations

import base64
import io
import textwrap
from collections.abc import Sequence

from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.palette import INK, PAPER, SOFT
from gan_edu.core.notebook.words import say

WIDTH, EDGE, LETTERS, LINE, LETTER = 760, 14, 92, 20, 8  # pixels; letters of a line; pixels a line and a printed letter
MOST_LINES = 40


def drawn(question: str, answer: str, shown: Sequence[dict]) -> bytes:
    """A PNG; shown: what waits with the answer, {png, alt} or {text}, one below the other."""
    from PIL import Image, ImageDraw

    asked, told = textwrap.wrap(question, LETTERS) or [""], textwrap.wrap(answer, LETTERS)
    lines = [line for each in shown for line in each.get("text", "").splitlines()[:MOST_LINES]]
    pictures = [Image.open(io.BytesIO(each["png"])).convert("RGB") for each in shown if "png" in each]
    wide = [*(picture.width for picture in pictures), *(LETTER * len(line) for line in lines)]
    width = max([WIDTH, *(each + 2 * EDGE for each in wide)])
    height = (
        2 * EDGE + LINE * (len(asked) + len(told) + len(lines)) + sum(picture.height + EDGE for picture in pictures)
    )
    paper = Image.new("RGB", (width, height), PAPER)
    pen, top = ImageDraw.Draw(paper), EDGE
    for line in [*asked, *told]:
        write(pen, (EDGE, top), line, 14, INK, bold=top < EDGE + LINE * len(asked))
        top += LINE
    for line in lines:  # what was printed, and may be a table
        write(pen, (EDGE, top), line, 13, SOFT, even=True)
        top += LINE
    for picture in pictures:
        paper.paste(picture, (EDGE, top + EDGE))
        top += picture.height + EDGE
    buffer = io.BytesIO()
    paper.quantize(128).save(buffer, "PNG")
    return buffer.getvalue()


def curve(heights: Sequence[float], across: Sequence[float], up: Sequence[float], labels: Sequence[str]) -> dict:
    """The answer's curve over its axes, as what waits. across, up: their ends."""
    from gan_edu.core.notebook.figures import INK, plainly, show, subplots

    figure, axes = subplots()
    (left, right), steps = across, len(heights) - 1
    axes.plot([left + (right - left) * k / steps for k in range(steps + 1)], heights, color=INK)
    x, y = map(plainly, labels)
    axes.set(xlabel=x, ylabel=y, xlim=(left, right), ylim=up)
    alt = say("guess", "curveOf", x=labels[0], y=labels[1])
    return {"png": show(figure, alt).png, "alt": alt}


def on_page(each: dict) -> dict:
    """What waits, as a page holds it: its picture as text."""
    if "png" not in each:
        return each
    return {**each, "png": "data:image/png;base64," + base64.b64encode(each["png"]).decode()}
