"""What a learner writes, in pictures: each letter in the first font that has it.

The font that matplotlib brings knows Latin, Greek, Cyrillic and more, and no Chinese. What it lacks is looked for in
the fonts that systems come with. What none of them has becomes "…", as a box tells nobody anything; the picture's words
are then to be seen beside it (`core.notebook.stills`).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

# With Chinese, Japanese, Korean, other letters and emoji: those of Linux, of macOS, of Windows, of anywhere.
OTHERS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "uming.ttc",
    "ipag.ttf",
    "NanumGothic.ttf",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "STHeiti Medium.ttc",
    "AppleSDGothicNeo.ttc",
    "msyh.ttc",
    "msjh.ttc",
    "simsun.ttc",
    "YuGothM.ttc",
    "malgun.ttf",
    "segoeui.ttf",
    "seguiemj.ttf",
    "Arial Unicode.ttf",
    "NotoEmoji-Regular.ttf",
)
NO_LETTER, LOST = "\uffff", "…"
SIZE = 12  # at which a font is asked for a letter


def write(
    draw: ImageDraw, at: tuple[int, int], text: str, size: int, fill: str, bold: bool = False, even: bool = False
) -> None:
    """Draw a text on one line of a Pillow picture, its upper left corner at `at`; size in pixels.

    even: its letters are all as wide, so that columns stand below each other.
    """
    own = own_font(size, bold, even)
    x, baseline = float(at[0]), at[1] + own.getmetrics()[0]
    for name, letters in groupby(readable(text), font_of):
        font, piece = (loaded_font(name, size) if name else None) or own, "".join(letters)
        draw.text((x, baseline), piece, fill=fill, font=font, anchor="ls")
        x += font.getlength(piece)


def readable(text: str) -> str:
    """What can be drawn of a text, on one line."""
    line = "".join(" " if letter.isspace() else letter for letter in text)
    if line.isascii() and line.isprintable():
        return line
    shown = "".join(letter for letter in line if unicodedata.category(letter) != "Cf" and letter not in "\ufe0e\ufe0f")
    return "".join(LOST if name is None else "".join(letters) for name, letters in groupby(shown, font_of))


def families(text: str) -> list[str]:
    """The families, as matplotlib calls them, that have what its own font lacks of a text."""
    names = set() if text.isascii() else {font_of(letter) for letter in text}
    return [family(name) for name in OTHERS if name in names]


@cache
def font_of(letter: str) -> str | None:
    """The file of the first font that has a letter, "" for matplotlib's own, None where none has it."""
    if not letter.isprintable():
        return None
    if has_glyph(own_font(SIZE), letter):
        return ""
    return next((name for name in OTHERS if has_glyph(loaded_font(name, SIZE), letter)), None)


def has_glyph(font: FreeTypeFont | None, letter: str) -> bool:
    """Whether a font draws something else for a letter than for what is no letter."""
    if font is None:
        return False
    drawn, box = (font.getmask(each) for each in (letter, NO_LETTER))
    return drawn.size != box.size or bytes(drawn) != bytes(box)


@cache
def loaded_font(name: str, size: int) -> FreeTypeFont | None:
    """A font by its file's name, from wherever this system keeps fonts; None where it has none of that name."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


@cache
def own_font(size: int, bold: bool = False, even: bool = False) -> FreeTypeFont:
    """The font that matplotlib brings, without the time to import it."""
    from PIL import ImageFont

    matplotlib = find_spec("matplotlib")
    if matplotlib is None or matplotlib.origin is None:
        raise ModuleNotFoundError("matplotlib, whose font is needed, is not installed: pip install matplotlib")
    fonts = Path(matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf"
    name = f"DejaVuSans{'Mono' * even}{'-Bold' * bold}.ttf"
    return ImageFont.truetype(str(fonts / name), size)


@cache
def family(name: str) -> str:
    from matplotlib.font_manager import fontManager
    from PIL import ImageFont

    font = ImageFont.truetype(name, SIZE)
    fontManager.addfont(str(font.path))
    return font.getname()[0] or name
