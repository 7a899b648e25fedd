"""Running text in two languages, of chapters that are not the same: what notebook 15 deciphers and aligns.

    apt install sword-text-web sword-text-sparv; pip install pysword        needed here only
    python -m benchmarks.running_text                                       writes gan_edu/data/text

English is the World English Bible, Spanish the Reina-Valera of 1909; both modules say that they are in the public
domain. Of the chapters that both have, one goes to English, the next to Spanish, a third to neither, and so on, so that
no verse is there in both. Footnotes and titles go, and so does all but words: lower case, a chapter a line. Thus it is
no longer the World English Bible, a name that is kept for the unchanged text.
"""

from __future__ import annotations

import bz2
import re
import sys
import unicodedata
from pathlib import Path

from gan_edu.core.safety import durable

MODULES = {"en": "engWEB2015eb", "es": "spaRV1909eb"}  # versions 426.0 and 2.60
TEXT = Path(__file__).parents[1] / "gan_edu" / "data" / "text"
EVERY, TURN = 5, {"en": (0, 2), "es": (1, 3)}  # of five chapters the places that a language gets
ASIDE = re.compile(r"<(note|title)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
WITHIN = re.compile(r"</?(?:w|divineName|hi|q|seg|transChange|foreign)\b[^>]*>")  # tags that a word may hold
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def words(marked: str) -> str:
    """The words of marked-up text, lower case, a space between them. A footnote stands between two words."""
    plain = TAG.sub(" ", WITHIN.sub("", ASIDE.sub(" ", marked)))
    plain = unicodedata.normalize("NFC", plain).replace("’", "'").lower()
    return " ".join(WORD.findall(plain))


def chapters(bible) -> dict[tuple[str, int], str]:
    """(book, number of the chapter) → its words."""
    books = [book for part in bible.get_structure().get_books().values() for book in part]
    return {
        (book.name, k): words(bible.get(books=[book.name], chapters=[k], clean=False))
        for book in books
        for k in range(1, book.num_chapters + 1)
    }


def main() -> None:
    """Write both texts, and say how long they are."""
    from pysword.modules import SwordModules

    modules = SwordModules("/usr/share/sword")
    modules.parse_modules()
    found = {name: chapters(modules.get_bible_from_module(module)) for name, module in MODULES.items()}
    shared = [key for key in found["es"] if found["en"].get(key) and found["es"][key]]
    TEXT.mkdir(parents=True, exist_ok=True)
    for name, turns in TURN.items():
        lines = [found[name][key] for place, key in enumerate(shared) if place % EVERY in turns]
        packed = bz2.compress("\n".join(lines).encode(), 9)
        durable.write(TEXT / f"{name}.txt.bz2", packed)
        print(
            f"{name}: {len(lines)} of {len(shared)} chapters, {sum(len(each.split()) for each in lines):,} words",
            end="",
        )
        print(f", {len(packed) / 1e3:.0f} KB")


if __name__ == "__main__":
    sys.exit(main())
