"""Make the two texts of chapter 14 anew, gan_edu/data/text/*.gz: surnames, and lines of verse.

    pip install names pysword; sudo apt install sword-text-web
    python tools/texts.py

The surnames are the most frequent of the United States' census of 1990, as the package `names` (MIT) brings them. The
verse is that of the World English Bible (public domain), whose module marks where a line begins; footnotes and titles
are left out, and a word on each side of a footnote stays two.
"""

import gzip
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "gan_edu" / "data" / "text"
NAMES, SHORTEST, LONGEST, LINE = 20_000, 3, 12, 40
POETRY = ("psalms", "proverbs", "song of solomon", "lamentations")
LEFT_OUT = re.compile(r"<(note|title)\b.*?</\1>", re.DOTALL)
BREAK, TAG = re.compile(r"<l\b[^>]*>|<lg\b[^>]*>"), re.compile(r"<[^>]*>")


def surnames():
    """The most frequent ones of 3 to 12 letters, the most frequent first."""
    import names

    lines = Path(names.FILES["last"]).read_text().split("\n")
    found = [line.split()[0].lower() for line in lines if line.strip()]
    return [name for name in found if re.fullmatch(f"[a-z]{{{SHORTEST},{LONGEST}}}", name)][:NAMES]


def verse(modules="/usr/share/sword"):
    """Lines of up to 40 characters: small letters, spaces and apostrophes, each once, in their order."""
    from pysword.modules import SwordModules

    shelf = SwordModules(modules)
    bible = shelf.get_bible_from_module(next(name for name in shelf.parse_modules() if name.startswith("engWEB")))
    lines = [line for book in POETRY for line in lines_of(bible.get(books=[book], clean=False))]
    return list(dict.fromkeys(line for line in lines if 8 <= len(line) <= LINE))


def lines_of(marked):
    """The lines of a text with OSIS marks."""
    for part in BREAK.split(LEFT_OUT.sub(" ", marked)):
        bare = TAG.sub("", part).replace("’", "'").replace("—", " ").lower()
        yield " ".join(re.sub(r"[^a-z' ]", " ", bare).split()).strip("' ")


def main():
    """Write both, as the same bytes each time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, lines in (("surnames", surnames()), ("verse", verse())):
        place = FOLDER / f"{name}.gz"
        place.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
        print(f"{place.name}: {len(lines):,} lines, {place.stat().st_size / 1e3:.0f} KB", file=sys.stderr)


if __name__ == "__main__":
    main()
