"""Questions with their answers as one PNG: what is seen where nothing can be pressed."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.marked import plain
from gan_edu.core.notebook.palette import INK, PAPER, SOFT

WIDTH, EDGE, LINE, GAP = 760, 14, 19, 9  # pixels
LETTERS, COLUMNS = "ABCDEFGH", 96


def drawn(heading: str, questions: Sequence[Mapping]) -> bytes:
    """A PNG. questions: as `core.notebook.quizzes` gives them."""
    from PIL import Image, ImageDraw

    lines = list(laid_out(heading, questions))
    paper = Image.new("RGB", (WIDTH, lines[-1][1] + LINE + EDGE), PAPER)
    pen = ImageDraw.Draw(paper)
    for left, top, text, colour, bold in lines:
        write(pen, (left, top), text, 13, colour, bold=bold)
    buffer = io.BytesIO()
    paper.quantize(16).save(buffer, "PNG")
    return buffer.getvalue()


def laid_out(heading: str, questions: Sequence[Mapping]) -> Iterator[tuple[int, int, str, str, bool]]:
    """(left, top, text, colour, bold) of each line, from above."""
    yield EDGE, EDGE, heading, INK, True
    top = EDGE + LINE
    for number, question in enumerate(questions, 1):
        top += GAP
        texts = [(f"{number}  {plain(question['asks'])}", 0, INK, True)]
        answers = zip(LETTERS, question["answers"], strict=False)
        texts += [(f"{letter}  {plain(answer['says'])}", 22, SOFT, False) for letter, answer in answers]
        for text, left, colour, bold in texts:
            for line in wrapped(text):
                yield EDGE + left, top, line, colour, bold
                top += LINE


def wrapped(text: str) -> list[str]:
    """The lines of a text; a Chinese sign is as wide as two letters, and a line may end after each."""
    wide = sum(ord(sign) > 0x2E80 for sign in text)
    return textwrap.wrap(text, COLUMNS if wide < len(text) / 4 else COLUMNS // 2)
