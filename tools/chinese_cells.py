"""What there is to translate, and what is translated: the English cells, and the Chinese blocks beside them.

A prose file, notebooks/zh/prose/02_losses.md, holds a block of Markdown for each text cell of the English notebook,
under a mark that has the digest of the English that it was made from: `<!-- cell 3f9a01c2b7 -->`. Two texts are
translated in the same way: README.md, whose cells are its sections, and the glossary, whose cells are its meanings.
"""

import difflib
import hashlib
import re
from dataclasses import dataclass

import glossary
from chapter_list import MAP, NEAR
from course_files import chapters as named_files
from notebook_files import read

FOLDER = "notebooks/zh"
TEXTS = {"README": ("README.md", "README.zh.md"), "glossary": (glossary.GLOSSARY, f"{FOLDER}/glossary.md")}
MARK = re.compile(r"^<!-- cell ([0-9a-f]{10}) -->\n", re.MULTILINE)
BADGES = re.compile(r"(?:^\[!\[[^\n]*\n?\n*)+", re.MULTILINE)
SECTION = re.compile(r"^(?=## )", re.MULTILINE)
WRITTEN = re.compile(r"<!-- (map|bench|gpu) -->\n.*?<!-- /\1 -->", re.DOTALL)  # what other tools put there
EMPTY_MAP = "<!-- map -->\n<!-- /map -->"


class Apart(Exception):
    """A prose file and its English do not have the same cells; the message says which, and what to do."""


@dataclass(frozen=True)
class Cell:
    """A piece of English. number: its place, in a notebook among all cells, from 1; text: without what tools write."""

    number: int
    text: str

    @property
    def digest(self):
        return hashlib.sha256(self.text.encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Block:
    """A cell in Chinese. digest: of the English it was made from; line: of its mark in the prose file."""

    digest: str
    text: str
    line: int


def prose_of(root, name):
    return root / FOLDER / "prose" / f"{name}.md"


def english(root, name):
    return root / (TEXTS[name][0] if name in TEXTS else f"notebooks/{name}.ipynb")


def chinese(root, name):
    return root / (TEXTS[name][1] if name in TEXTS else f"{FOLDER}/{name}.ipynb")


def there(root):
    """Names of the chapters that have Chinese prose, in the order of the course."""
    return [path.stem for path in named_files(root / FOLDER / "prose", ".md")]


def begun(root):
    """Names of all that has Chinese prose."""
    return [*there(root), *(name for name in TEXTS if prose_of(root, name).exists())]


# English


def cells(root, name):
    """What is to be translated under this name."""
    if name == "glossary":
        parts = [row.meaning for row in glossary.stored(root).rows]
    elif name == "README":
        parts = [own(part) for part in SECTION.split(english(root, name).read_text(encoding="utf-8"))]
    else:
        parts = [own(cell.source) if cell.cell_type == "markdown" else "" for cell in read(english(root, name)).cells]
    return [Cell(n, text) for n, text in enumerate(parts, 1) if text]


def own(source):
    """A text without its badges, its links to the chapters around, the rows of the map and what was measured."""
    bare = MAP.sub(EMPTY_MAP, NEAR.sub("", f"\n{source}"))
    return BADGES.sub("", WRITTEN.sub(lambda at: f"<!-- {at[1]} -->\n<!-- /{at[1]} -->", bare)).strip()


# Chinese


def blocks(text):
    """The blocks of a prose file."""
    pieces = MARK.split(text)[1:]
    lines = [text.count("\n", 0, found.start()) + 1 for found in MARK.finditer(text)]
    given = zip(pieces[::2], pieces[1::2], lines, strict=True)
    return [Block(digest, block.strip(), line) for digest, block, line in given]


def stored(root, name):
    return blocks(prose_of(root, name).read_text(encoding="utf-8"))


def prose(given):
    """The text of a prose file, of (digest, text)."""
    return "\n\n".join(f"<!-- cell {digest} -->\n{text}" for digest, text in given) + "\n"


# One against the other


def aligned(of_english, of_chinese):
    """[(Cell or None, Block or None)] in order: by digest, and where both differ by place."""
    a, b = [cell.digest for cell in of_english], [block.digest for block in of_chinese]
    found: list = []
    for _, i, i_end, j, j_end in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        most = max(i_end - i, j_end - j)
        left = [*of_english[i:i_end], *[None] * (most - (i_end - i))]
        right = [*of_chinese[j:j_end], *[None] * (most - (j_end - j))]
        found += zip(left, right, strict=True)
    return found


def pairs(root, name):
    """[(Cell, Block)] of what has this name. Raises Apart where one has a cell that the other lacks."""
    found = aligned(cells(root, name), stored(root, name))
    lacking = [f"cell {cell.number} has no Chinese" for cell, block in found if block is None]
    surplus = [f"line {block.line} is of no English cell: take the block out" for cell, block in found if cell is None]
    if lacking or surplus:
        hint = f". python tools/course.py zh {name} --missing lays its English in" if lacking else ""
        raise Apart(f"{name}: {'; '.join([*lacking, *surplus])}{hint}")
    return found


def laid_in(root, name):
    """(the prose file's text with the English of each cell that has no Chinese in its place; none that it changes)."""
    before = stored(root, name) if prose_of(root, name).exists() else []
    kept = [block or cell for cell, block in aligned(cells(root, name), before)]
    return prose((each.digest, each.text) for each in kept), []


def renewed(root, name):
    """(the prose file's text, whose marks have the digests of today's English; [(Cell, Block)] that they change)."""
    found = pairs(root, name)
    changed = [(cell, block) for cell, block in found if cell.digest != block.digest]
    return prose((cell.digest, block.text) for cell, block in found), changed
