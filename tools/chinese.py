"""The Chinese edition: notebooks/zh/NN_name.ipynb, made of the English notebook and of notebooks/zh/prose/NN_name.md.

The prose file holds one block for each text cell of the English notebook, under a mark that has the digest of the
English that it was made from: `<!-- cell 3f9a01c2b7 -->`. Code, outputs and pictures are the English notebook's: nobody
can change one edition's code alone. Badges, links to the chapters around, and the map are written here; no block
holds them. A block links as the English cell does, `03_training_loop.ipynb`; here the link is led to the Chinese
notebook, where there is one.
"""

import difflib
import hashlib
import re
from dataclasses import dataclass

import links
from chapter_list import MAP, NEAR, START, chapters, parts
from course_files import chapters as named_files
from nbformat import from_dict
from notebook_files import form, read
from toml_reader import tomllib

from gan_edu.core.safety import durable

FOLDER = "notebooks/zh"
LIST = f"{FOLDER}/course.toml"
MARK = re.compile(r"^<!-- cell ([0-9a-f]{10}) -->\n", re.MULTILINE)
BADGES = re.compile(r"(?:^\[!\[Open in [^\n]*\n?\n*)+", re.MULTILINE)
EMPTY_MAP = "<!-- map -->\n<!-- /map -->"
LINK = re.compile(r"(\]\(\s*<?|\b(?:src|href)=[\"'])([^)\s>\"']+)")
NO_LINK = re.compile(r"(```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$(?:[^$\n]|\n(?!\n))+\$)", re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) +(.+?)\s*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


class Apart(Exception):
    """A prose file and its English notebook do not have the same cells; the message says which, and what to do."""


@dataclass(frozen=True)
class Cell:
    """A text cell of an English notebook. number: its place among all cells, from 1; text: without what is written."""

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


# What there is


def prose_of(root, name):
    return root / FOLDER / "prose" / f"{name}.md"


def there(root):
    """Names of the chapters that have Chinese prose, in the order of the course."""
    return [path.stem for path in named_files(root / FOLDER / "prose", ".md")]


def english(root, name):
    return root / "notebooks" / f"{name}.ipynb"


def own(source):
    """A cell's text without its badges, its links to the chapters around and the rows of the map."""
    return BADGES.sub("", MAP.sub(EMPTY_MAP, NEAR.sub("", source))).strip()


def cells(book):
    """The text cells that are to be translated."""
    found = [Cell(n, own(cell.source)) for n, cell in enumerate(book.cells, 1) if cell.cell_type == "markdown"]
    return [cell for cell in found if cell.text]


def blocks(text):
    """The blocks of a prose file."""
    pieces = MARK.split(text)[1:]
    lines = [text.count("\n", 0, found.start()) + 1 for found in MARK.finditer(text)]
    given = zip(pieces[::2], pieces[1::2], lines, strict=True)
    return [Block(digest, block.strip(), line) for digest, block, line in given]


def prose(pairs):
    """The text of a prose file, of (digest, text)."""
    return "\n\n".join(f"<!-- cell {digest} -->\n{text}" for digest, text in pairs) + "\n"


def stored(root, name):
    return blocks(prose_of(root, name).read_text(encoding="utf-8"))


# One against the other


def aligned(of_english, of_chinese):
    """[(Cell or None, Block or None)] in order: by digest, and where both differ by place."""
    a, b = [cell.digest for cell in of_english], [block.digest for block in of_chinese]
    found = []
    for _, i, i_end, j, j_end in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        most = max(i_end - i, j_end - j)
        left = [*of_english[i:i_end], *[None] * (most - (i_end - i))]
        right = [*of_chinese[j:j_end], *[None] * (most - (j_end - j))]
        found += zip(left, right, strict=True)
    return found


def pairs(root, name):
    """[(Cell, Block)] of a chapter. Raises Apart where one has a cell that the other lacks."""
    found = aligned(cells(read(english(root, name))), stored(root, name))
    lacking = [f"cell {cell.number} has no Chinese" for cell, block in found if block is None]
    surplus = [f"line {block.line} is of no English cell: take the block out" for cell, block in found if cell is None]
    if lacking or surplus:
        hint = f". python tools/course.py zh {name[:2]} --missing lays its English in" if lacking else ""
        raise Apart(f"{name}: {'; '.join([*lacking, *surplus])}{hint}")
    return found


def laid_in(root, name):
    """The prose file's text with the English of each cell that has no Chinese in its place, to be translated."""
    before = stored(root, name) if prose_of(root, name).exists() else []
    found = aligned(cells(read(english(root, name))), before)
    kept = [block or cell for cell, block in found]
    return prose((each.digest, each.text) for each in kept)


def renewed(root, name):
    """(the prose file's text, whose marks have the digests of today's English; [(Cell, Block)] that they change)."""
    found = pairs(root, name)
    changed = [(cell, block) for cell, block in found if cell.digest != block.digest]
    return prose((cell.digest, block.text) for cell, block in found), changed


# Links, the chapters around, and the map


def headings(texts):
    """The headings of texts, as a link names them."""
    return [found[2].replace(" ", "-") for text in texts for found in HEADING.finditer(FENCE.sub("", text))]


def anchor(root, name, wanted):
    """The Chinese name of a heading of a chapter, by its place; the same name where there is none."""
    english_names = headings(cell.text for cell in cells(read(english(root, name))))
    chinese_names = headings(block.text for block in stored(root, name))
    at = english_names.index(wanted) if wanted in english_names else len(chinese_names)
    return chinese_names[at] if at < len(chinese_names) else wanted


def led(root, name, target, up):
    """A link of the English chapter `name` as the Chinese edition has it. up: the way to notebooks/, "../" from zh/."""
    place, hash_, wanted = target.partition("#")
    if re.match(r"[a-z][a-z0-9+.-]*:", place):
        return target
    chapter = re.fullmatch(r"(\d\d_\w+)\.ipynb", place)
    home = chapter[1] if chapter else name
    if (chapter or not place) and home in there(root):
        return f"{place}{hash_}{anchor(root, home, wanted) if wanted else ''}"
    if place and (root / FOLDER / place).exists() and not chapter:
        return target
    return f"{up}{target}" if place else target


def relinked(root, name, text, up="../"):
    """A text with its links led to the Chinese edition; code and formulas stay as they are."""
    parts_of = NO_LINK.split(text)
    parts_of[::2] = [LINK.sub(lambda at: at[1] + led(root, name, at[2], up), part) for part in parts_of[::2]]
    return "".join(parts_of)


def words(root):
    """notebooks/zh/course.toml: the Chinese names of parts and chapters, and what one plays with."""
    path = root / LIST
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def title(root, row):
    """'02 损失', and that it is English where it is not translated yet."""
    own_title = words(root).get("chapter", {}).get(row.notebook, {}).get("title", row.title)
    return f"{row.number} {own_title}{'' if row.notebook in there(root) else '（英文）'}"


def near(root, name):
    """Links to the chapters before and after, between their marks; "" for a chapter that the list does not hold."""
    rows = [row for row in chapters(root) if row.whole or row.notebook == name]
    at = next((n for n, row in enumerate(rows) if row.notebook == name), None)
    if at is None:
        return ""
    said = [f"← [{title(root, row)}]({row.notebook}.ipynb)" for row in rows[max(at - 1, 0) : at]]
    said += [f"[全部章节]({START}.ipynb#The-map)"] if name != START else []
    said += [f"[{title(root, row)}]({row.notebook}.ipynb) →" for row in rows[at + 1 : at + 2]]
    return f"<!-- near -->\n{' · '.join(said)}\n<!-- /near -->"


def the_map(root, folder=""):
    """The map in Chinese, between its marks. folder: where notebooks/ lies, as seen from the text."""
    said, rows, shown = words(root), [("部分", "章", "可以玩什么", "分钟"), ("---",) * 4], None
    for row in (row for row in chapters(root) if row.whole):
        part = said.get("part", {}).get(row.part, row.part) if row.part != shown else ""
        play = said.get("chapter", {}).get(row.notebook, {}).get("play", row.play)
        shown = row.part
        rows.append((part, f"[{title(root, row)}]({folder}{row.notebook}.ipynb)", play, str(row.minutes)))
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"<!-- map -->\n{table}\n\n{in_the_making(root)}\n<!-- /map -->" if parts(root) else EMPTY_MAP


def in_the_making(root):
    """The line about chapters that are not there yet, or not whole."""
    names = {name for part in parts(root) for name in part.get("making", [])}
    names |= {row.notebook for row in chapters(root) if not row.whole}
    given = words(root).get("chapter", {})
    told = [f"{name[:2]} {given.get(name, {}).get('title', name[3:])}" for name in sorted(names)]
    return f"正在编写：{'、'.join(told)}。" if told else "各章都已完成。"


# The notebook


def made(root, name):
    """The Chinese notebook, of the English one as it is now and of the prose. Raises Apart."""
    book, chinese = read(english(root, name)), {cell.number: block.text for cell, block in pairs(root, name)}
    around = relinked(root, name, near(root, name))
    for n, cell in enumerate(book.cells, 1):
        if cell.cell_type != "markdown":
            continue
        text = relinked(root, name, MAP.sub(lambda _: the_map(root), chinese.get(n, "")))
        if n == 1:
            address = links.repository(root)
            marks = links.badges(address, f"zh/{name}", "../") if address else ""
            text = links.titled(text, "\n\n".join(filter(None, [marks, around])), f"{name}.md")
        elif NEAR.search(f"\n{cell.source}"):
            text = f"{text}\n\n{around}".strip()
        cell.source = text
    book.metadata["gan_edu"] = from_dict({"language": "zh"})
    return book


def store(root, name):
    """Write the Chinese notebook of a chapter that has prose; returns its path where that changed it. Raises Apart."""
    path, text = root / FOLDER / f"{name}.ipynb", form(made(root, name)).encode()
    if path.exists() and path.read_bytes() == text:
        return None
    durable.write(path, text)
    return path


def follow(root, name):
    """After an English notebook was written: its Chinese one takes its code and outputs. What hinders, `check` says."""
    if prose_of(root, name).exists():
        try:
            store(root, name)
        except Apart as reason:
            print(f"notebooks/zh/{name}.ipynb stays as it was: {reason}")
