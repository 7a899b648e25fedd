"""The game as a still: what a saved notebook keeps of the control, a recorded step with all its arrows, as a PNG."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw

from gan_edu.core.notebook.fonts import write
from gan_edu.core.notebook.palette import DISCRIMINATOR, FAKE, GENERATOR, INK, LINES, PAPER, REAL, SOFT
from gan_edu.core.notebook.words import say

WIDTH, HEIGHT, TILE, GAP = 900, 400, 56, 10
PICTURED, SIDES = 6, {"z": 10, "real": 28, "fake": 28, "wish": 28, "change": 28}  # as they lie in the file
FAKES, REALS = (330, 40), (330, 222)  # upper left corners
G, D, SCALE = (176, 44, 264, 188), (590, 44, 690, 376), (780, 62, 886, 318)  # boxes


def drawn(step: dict, tiles: bytes, station: int) -> bytes:
    """A recorded step: its pictures, what D says of them before it learns, losses, and the way of the gradients."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw, shares = (
        ImageDraw.Draw(sheet),
        {name: [sigmoid(each) for each in step["before"][name]] for name in ("real", "fake")},
    )
    for kind, (left, top), tile in (("z", (14, 78), 36), ("fake", FAKES, TILE), ("real", REALS, TILE)):
        write(
            draw,
            (left, top - 24),
            say("game_picture", {"z": "noise", "fake": "fakes", "real": "reals"}[kind]),
            13,
            INK,
            True,
        )
        for k in range(PICTURED):
            at = left + k % 3 * (tile + GAP), top + k // 3 * (tile + (22 if kind in shares else GAP))
            sheet.paste(picture(tiles, station, kind, k).resize((tile, tile), Image.Resampling.NEAREST), at)
            if kind in shares:
                write(draw, (at[0] + 8, at[1] + tile + 1), f"{shares[kind][k]:.0%}", 12, INK)
    write(draw, (176, 290), say("game_picture", "data"), 13, INK, True)
    write(draw, (176, 306), say("game_picture", "dataNote"), 11, SOFT)
    players(draw)
    scale(draw, shares)
    for row, name in enumerate(("d_loss", "g_loss")):
        label = say("game_picture", "lossOfD" if row == 0 else "lossOfG")
        write(
            draw,
            (SCALE[0] - 36, 336 + 20 * row),
            f"{label}: {step[name]:.2f}",
            13,
            (DISCRIMINATOR, GENERATOR)[row],
            True,
        )
    buffer = io.BytesIO()
    sheet.quantize(64, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def picture(tiles: bytes, station: int, kind: str, k: int) -> Image.Image:
    """One of the recorded pictures."""
    sizes = {name: side * side for name, side in SIDES.items()}
    names, side = list(sizes), SIDES[kind]
    before = sum(sizes[name] for name in names[: names.index(kind)])
    start = PICTURED * (station * sum(sizes.values()) + before) + k * sizes[kind]
    return Image.frombytes("L", (side, side), tiles[start : start + sizes[kind]])


def players(draw: ImageDraw.ImageDraw) -> None:
    """G and D, the ways of samples, and those of the gradients back."""
    for box, name, words, colour in ((G, "G", "generator", GENERATOR), (D, "D", "discriminator", DISCRIMINATOR)):
        middle = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
        draw.rounded_rectangle(box, 12, outline=colour, width=2)
        write(draw, (middle[0] - 9, middle[1] - 24), name, 26, INK, True)
        write(
            draw, (middle[0] - len(say("game_picture", words)) * 3, middle[1] + 8), say("game_picture", words), 11, INK
        )
    right = FAKES[0] + 3 * TILE + 2 * GAP
    for start, end, y in (
        (146, G[0], 116),
        (G[2], FAKES[0], 116),
        (262, REALS[0], 298),
        (right, D[0], 116),
        (right, D[0], 298),
    ):
        arrow(draw, start + 6, end - 6, y, SOFT)
    arrow(draw, D[2] + 6, SCALE[0] - 44, 190, SOFT)
    arrow(draw, SCALE[0] - 44, D[2] + 6, 204, DISCRIMINATOR)
    for start, end, y in ((SCALE[0] - 44, D[2] + 6, 218), (D[0] - 6, right + 6, 130), (FAKES[0] - 6, G[2] + 6, 130)):
        arrow(draw, start, end, y, GENERATOR)


def arrow(draw: ImageDraw.ImageDraw, start: int, end: int, y: int, colour: str) -> None:
    """A level arrow; one that leads back, to the left, is a gradient's, and dashed."""
    way = 1 if end > start else -1
    for x in range(start, end - 8 * way, 5 * way):
        draw.line((x, y, x + (5 if way > 0 else -3), y), colour, 2)
    draw.polygon([(end, y), (end - 9 * way, y - 5), (end - 9 * way, y + 5)], fill=colour)


def scale(draw: ImageDraw.ImageDraw, shares: dict[str, list[float]]) -> None:
    """What D says of the whole batch, from 0 % below to 100 % above."""
    left, top, right, bottom = SCALE
    write(draw, (left - 36, 20), say("game_picture", "verdict"), 13, INK, True)
    draw.rectangle((left, top - 6, right, bottom + 6), outline=LINES)
    for share in (0, 0.5, 1):
        y = round(bottom + share * (top - bottom))
        draw.line((left, y, right, y), LINES)
        write(draw, (left - 42, y - 8), f"{share:.0%}", 11, SOFT)
    for kind, lane in (("fake", 0.72), ("real", 0.28)):
        for k, share in enumerate(shares[kind]):
            x = left + (lane + 0.34 * (k * 0.618 % 1 - 0.5)) * (right - left)
            y = round(bottom + share * (top - bottom))
            if kind == "real":
                draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=REAL, outline=PAPER)
            else:
                draw.polygon([(x, y - 4), (x + 4, y + 3), (x - 4, y + 3)], fill=FAKE, outline=PAPER)
